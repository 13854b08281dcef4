//! `temoin-relay doctor`: what an operator can get wrong, said with what to do about it.
//!
//! Looking and judging are apart: [`look`] reads the machine into a [`Seen`], [`findings`] is a pure
//! function of it. Nothing is changed, and nothing that is printed names an address, a path, a
//! number of the board or of the office: the output may be shown to whoever helps.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use envelope::board::SignedManifest;
use envelope::notice::Notice;
use envelope::{Day, Period};

use crate::cli::Ending;
use crate::plain_files;
use crate::segments::{self, CannotOpenShelf};
use crate::settings::Settings;
use crate::setup::UNIT;
use crate::site::{Site, SiteRefused};
use crate::store::Item;

/// Less than this and letters will soon be turned away, bytes.
const SCARCE: u64 = 1 << 30;
/// How long a relay has for its word of health.
const PATIENCE: Duration = Duration::from_secs(3);
/// What a configuration of another program may weigh here.
const MOST_CONFIGURATION: u64 = 1 << 20;

/// How a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// As it should be.
    Good,
    /// Not wrong, and worth a look.
    Look,
    /// Wrong: letters or people are at risk until it is mended.
    Mend,
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) weight: Weight,
    /// What is so and, unless it is good, what to do.
    pub(crate) says: String,
}

/// What a folder's disk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    /// A disk of this machine.
    Disk,
    /// Memory: gone at the next start.
    Memory,
    /// Another machine's disk, or one behind a program.
    Elsewhere,
    /// The top layer of a container.
    Layer,
}

/// Where memory goes when there is too little of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Swap {
    /// Nowhere, or into compressed memory.
    None,
    /// Onto an encrypted device.
    Encrypted,
    /// Onto a disk, perhaps in the clear.
    Clear,
}

/// What stands in a store's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// A store this program reads.
    Whole,
    /// Something else; the words say what to do.
    Not(String),
    /// It may not be looked at by this account.
    Locked,
}

/// What the notice in the store says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoticeSeen {
    /// None yet.
    None,
    /// Of another root than the settings pin.
    Foreign,
    /// Of the pinned root.
    Of {
        first_day: Day,
        last_day: Day,
        epoch_seconds: u32,
        /// Whether the public key for letters of today lies beside it.
        key_here: bool,
    },
}

/// What a second folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecondSeen {
    /// None is named.
    None,
    /// A store with the same key, on another disk.
    Copy,
    /// A store with the same key, on the same disk.
    SameDisk,
    /// Something else, or nothing: its disk may not be mounted.
    NoCopy,
}

/// How the relay answers on its own port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// As a relay does.
    Answers,
    /// Nobody listens.
    Silent,
    /// Something listens that is no relay.
    Stranger,
    /// The port is drawn at the start: there is nowhere to ask.
    Unknown,
}

/// Something in the way of a web server or of tor, in the words for it.
pub(crate) type Remark = (Weight, &'static str);

/// The unit that starts the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// There is none on this machine.
    None,
    /// Lines of the sandbox it lacks or contradicts.
    Lacks(Vec<String>),
}

/// What was seen on this machine.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) now: u64,
    pub(crate) listen: SocketAddr,
    /// Bytes of letters one epoch may take.
    pub(crate) epoch_bytes: u64,
    pub(crate) onion: bool,
    pub(crate) settings_mode: u32,
    pub(crate) store: Store,
    pub(crate) folder_mode: u32,
    pub(crate) key_mode: u32,
    /// Whether folder, key and what else lies in the folder belong to one account.
    pub(crate) one_owner: bool,
    pub(crate) owned_by_root: bool,
    /// Whether the store's folder is a link to another.
    pub(crate) is_link: bool,
    /// Why no backup is written, if something in the store leads elsewhere.
    pub(crate) planted: Option<String>,
    pub(crate) free_bytes: u64,
    pub(crate) medium: Medium,
    pub(crate) second: SecondSeen,
    pub(crate) swap: Swap,
    /// Whether this program's own memory can be dumped.
    pub(crate) dumps: bool,
    pub(crate) notice: NoticeSeen,
    /// Second in which the newest epoch was closed.
    pub(crate) newest: Option<u64>,
    pub(crate) restored: bool,
    pub(crate) health: Health,
    pub(crate) site: Option<SiteRefused>,
    /// Whether the account of the store may read every page: the doctor may more than it.
    pub(crate) site_open: bool,
    pub(crate) unit: Unit,
    pub(crate) front: Vec<Remark>,
    /// Whether anything in front of the relay was found.
    pub(crate) has_front: bool,
}

/// Looks, judges and prints. The ending says whether something has to be mended.
pub(crate) fn run(settings: &Path) -> Ending {
    let read = match Settings::read(settings) {
        Ok(read) => read,
        Err(error) => return crate::cli::tell(Ending::Refused, &error),
    };
    let seen = look(&read, settings, Path::new("/"), crate::serve::now());
    let found = findings(&seen);
    let said = crate::cli::say(&in_words(&found));
    if said == Ending::Done && found.iter().any(|f| f.weight == Weight::Mend) {
        return Ending::Failed;
    }
    said
}

/// A line for each finding and one for all.
fn in_words(found: &[Finding]) -> String {
    let mut text = String::new();
    for Finding { weight, says } in found {
        let mark = match weight {
            Weight::Good => "good",
            Weight::Look => "look",
            Weight::Mend => "MEND",
        };
        // Writing to a `String` cannot fail.
        writeln!(text, "{mark}  {says}").ok();
    }
    let count = |weight| found.iter().filter(|f| f.weight == weight).count();
    write!(
        text,
        "{} to mend, {} to look at, {} good",
        count(Weight::Mend),
        count(Weight::Look),
        count(Weight::Good)
    )
    .ok();
    text
}

/// Judges what was seen.
pub(crate) fn findings(seen: &Seen) -> Vec<Finding> {
    let mut found = vec![good("the settings read")];
    match &seen.store {
        Store::Whole => {
            found.push(good("the store is one this program reads"));
            rights(seen, &mut found);
        }
        Store::Not(why) => found.push(mend(why)),
        Store::Locked => found.push(mend(
            "the store may not be looked at by this account: run the doctor as root or as the relay's own account",
        )),
    }
    disk(seen, &mut found);
    memory(seen, &mut found);
    if seen.store == Store::Whole {
        office(seen, &mut found);
    }
    found.push(match seen.health {
        Health::Answers => good("the relay answers on its port"),
        Health::Silent => mend(
            "no relay answers on its port: start it (`systemctl start temoin-relay`) and read what it says (`journalctl -u temoin-relay`)",
        ),
        Health::Stranger => mend(
            "something else answers on the relay's port: stop it, or give the relay another port in `listen`",
        ),
        Health::Unknown => look_at("`listen` names no port of its own, so the relay cannot be asked"),
    });
    if let Some(refused) = &seen.site {
        found.push(mend(match refused {
            SiteRefused::NotTheSigned => "the office's pages are not served: they are not those of the notice; copy the folder that belongs to the notice, or ask the office to publish again",
            SiteRefused::Altered { .. } => "the office's pages are not served: a file is not the one the office signed; copy the whole folder again, and find out who changed it",
            SiteRefused::Unreadable { .. } => "the office's pages are not served: their folder cannot be read; copy it again and let the relay's account read it",
            SiteRefused::TooLarge => "the office's pages are not served: they weigh more than 64 MiB; take large files out",
        }));
    }
    if seen.site.is_none() && !seen.site_open {
        found.push(mend(
            "the office's pages are not served: the relay's account may not read them all; `chmod -R a+rX` their folder, and let others pass through the folders above it",
        ));
    }
    way_in(seen, &mut found);
    sandbox(seen, &mut found);
    found
}

fn good(says: &str) -> Finding {
    weighed(Weight::Good, says)
}

fn look_at(says: &str) -> Finding {
    weighed(Weight::Look, says)
}

fn mend(says: &str) -> Finding {
    weighed(Weight::Mend, says)
}

fn weighed(weight: Weight, says: &str) -> Finding {
    Finding {
        weight,
        says: says.to_owned(),
    }
}

fn rights(seen: &Seen, found: &mut Vec<Finding>) {
    let before = found.len();
    if seen.key_mode & 0o077 != 0 {
        found.push(mend(
            "other accounts may read the relay's key: `chmod 600` the file relay.key of the store; whoever may have read it can sign in the relay's name, so ask the office whether to begin with a new relay",
        ));
    }
    if seen.folder_mode & 0o077 != 0 {
        found.push(mend(
            "other accounts may look into the store's folder: `chmod 700` it",
        ));
    }
    if !seen.one_owner {
        found.push(mend(
            "folder and files of the store belong to different accounts, so the relay may not start: `chown -R temoin-relay:` the store's folder",
        ));
    }
    if seen.owned_by_root {
        found.push(look_at(
            "the store belongs to root: give it to an account that owns nothing else (`chown -R temoin-relay:` its folder) and run the relay as that account",
        ));
    }
    if seen.is_link {
        found.push(look_at(
            "`folder` in the settings is a link: whoever may change it gives the relay another store. Name the folder that it leads to, or mount that disk in its place (`mount --bind`)",
        ));
    }
    if let Some(planted) = &seen.planted {
        found.push(mend(&format!(
            "no backup and no second copy is made of this store: {planted}"
        )));
    }
    if seen.settings_mode & 0o022 != 0 {
        found.push(mend(
            "other accounts may write the settings: `chmod 644` the file, and check `office_root` in it",
        ));
    }
    if found.len() == before {
        found.push(good("key, store and settings are kept from other accounts"));
    }
}

fn disk(seen: &Seen, found: &mut Vec<Finding>) {
    match seen.medium {
        Medium::Disk => {}
        Medium::Memory => found.push(mend(
            "the store lies in memory (tmpfs): every letter is lost at the next start; move it to a disk",
        )),
        Medium::Elsewhere => found.push(look_at(
            "the store lies on a network or behind a program (NFS, SMB, FUSE): what is synced there may not be on a disk; use a disk of this machine",
        )),
        Medium::Layer => found.push(mend(
            "the store lies in the top layer of a container and goes with it: mount a volume of the machine there",
        )),
    }
    match seen.second {
        SecondSeen::None => {}
        SecondSeen::Copy => found.push(good("every letter is kept on two disks")),
        SecondSeen::SameDisk => found.push(look_at(
            "`second_folder` lies on the same disk as `folder`: both go with it; name a folder of another disk",
        )),
        SecondSeen::NoCopy => found.push(mend(
            "`second_folder` is no copy of the store, and no letter is taken: mount its disk, or make a copy with `temoin-relay second`",
        )),
    }
    if seen.free_bytes < SCARCE {
        found.push(mend(
            "less than 1 GiB is free where the store lies: make room now; a full disk turns letters away and loses none",
        ));
    } else if seen.free_bytes < seen.epoch_bytes {
        found.push(look_at(
            "the disk has less room than one epoch may take: make room, or lower `mebibytes_per_epoch`",
        ));
    } else {
        found.push(good("there is room on the disk"));
    }
}

fn memory(seen: &Seen, found: &mut Vec<Finding>) {
    found.push(if seen.dumps {
        mend("a crash could write this program's memory to disk: the system refuses to switch core dumps off; put `LimitCORE=0` into the unit")
    } else {
        good("core dumps are off")
    });
    let kept = matches!(&seen.unit, Unit::Lacks(lines) if !lines.iter().any(|l| l.starts_with("MemorySwapMax")));
    found.push(match seen.swap {
        Swap::None => good("there is no swap on a disk"),
        Swap::Encrypted => good("swap is encrypted"),
        Swap::Clear if kept => good("swap may be in the clear; the unit keeps the relay out of it"),
        Swap::Clear => look_at(
            "swap may write the relay's memory to disk in the clear: encrypt it, or switch it off (`swapoff -a`, and its line out of /etc/fstab), or run the relay under its unit, which keeps it out",
        ),
    });
}

/// Notice, clock and board: all that depends on the office.
fn office(seen: &Seen, found: &mut Vec<Finding>) {
    if seen.restored {
        found.push(look_at(
            "this store was restored: it serves the board and takes letters again once the office has published a newer notice; ask the office to publish",
        ));
    }
    let today = Day::of_unix_seconds(seen.now);
    let (first_day, last_day, epoch_seconds, key_here) = match seen.notice {
        NoticeSeen::None => {
            found.push(mend(
                "the office has not published a notice here yet, so no letter can come: give the office the relay's key and address, and ask it to run `temoin office publish`",
            ));
            return;
        }
        NoticeSeen::Foreign => {
            found.push(mend(
                "the notice in the store is not signed by `office_root`: copy the root key that the office printed into the settings",
            ));
            return;
        }
        NoticeSeen::Of {
            first_day,
            last_day,
            epoch_seconds,
            key_here,
        } => (first_day, last_day, epoch_seconds, key_here),
    };
    if today < first_day {
        found.push(mend(
            "by this machine's clock the notice has not begun: the clock is behind; set it (`timedatectl set-ntp true`)",
        ));
    } else if today > last_day {
        found.push(mend(
            "the notice is over, and pages refuse to seal: ask the office to run `temoin office publish`; if it has just done so, this machine's clock is ahead",
        ));
    } else {
        let left = last_day.0 - today.0;
        found.push(match left {
            0..=7 => weighed(
                Weight::Look,
                &format!("the notice holds for {left} more days: remind the office to run `temoin office publish` every week"),
            ),
            _ => good("the notice holds, and the clock agrees with it"),
        });
        if !key_here {
            found.push(mend(
                "the public key for letters of today is not in the store, so nobody can seal: ask the office to run `temoin office publish` once more",
            ));
        }
    }
    let epoch = u64::from(epoch_seconds.max(1));
    match seen.newest {
        Some(closed) if closed > seen.now.saturating_add(epoch) => found.push(mend(
            "the newest epoch was closed in the future of this machine's clock: the clock went back; set it (`timedatectl set-ntp true`)",
        )),
        Some(closed) if seen.now - closed.min(seen.now) > 2 * epoch && !seen.restored => {
            found.push(mend(
                "the newest epoch is late: nothing was listed for more than two epochs; see that the relay runs and what it says (`journalctl -u temoin-relay`)",
            ));
        }
        Some(_) => found.push(good("epochs are listed on time")),
        None => found.push(look_at("no epoch has been closed yet: the first one comes when its time is full")),
    }
}

fn way_in(seen: &Seen, found: &mut Vec<Finding>) {
    found.push(if seen.listen.ip().is_loopback() {
        good("the relay listens on this machine alone")
    } else {
        mend(
            "the relay listens to the network without TLS: everyone on the line sees who posts; set `listen` to 127.0.0.1 and put a web server with TLS or an onion service in front. Only a drop point on a network of its own listens so on purpose",
        )
    });
    for (weight, says) in &seen.front {
        found.push(weighed(*weight, says));
    }
    if seen.has_front {
        if !seen.front.iter().any(|(weight, _)| *weight == Weight::Mend) {
            found.push(good(
                "what stands in front of the relay keeps no log of visits and hands on no address, as far as its files tell",
            ));
        }
    } else {
        found.push(look_at(
            "no nginx, Caddy or tor of this machine leads to the relay, as far as their files tell: if another server does, see that its logs are off and that it hands on no address",
        ));
    }
    if seen.front.contains(&TOR_LEADS_HERE) && !seen.onion {
        found.push(look_at(
            "tor leads to the relay and the settings do not say so: put the onion's name into `onion`, so that the page offers it",
        ));
    }
}

fn sandbox(seen: &Seen, found: &mut Vec<Finding>) {
    found.push(match &seen.unit {
        Unit::None => look_at(
            "no unit temoin-relay.service on this machine: `temoin-relay setup --dry-run` shows one; whatever else starts the relay should shut it in as firmly",
        ),
        Unit::Lacks(lines) if lines.is_empty() => good("systemd shuts the relay in"),
        Unit::Lacks(lines) => mend(&format!(
            "the unit temoin-relay.service lacks {}: take the unit of `temoin-relay setup --dry-run`, or say so in `systemctl edit temoin-relay`",
            lines.join(", ")
        )),
    });
}

// ── Looking ────────────────────────────────────────────────────────────────────────────────────

/// Reads the machine. `system` is its root folder; tests have one of their own.
pub(crate) fn look(settings: &Settings, file: &Path, system: &Path, now: u64) -> Seen {
    let folder = settings.folder.as_path();
    let (of_folder, of_key) = (
        fs::metadata(folder).ok(),
        fs::metadata(folder.join("relay.key")).ok(),
    );
    let mode = |data: &Option<fs::Metadata>| data.as_ref().map_or(0, |d| d.mode() & 0o7777);
    let owner = |data: &Option<fs::Metadata>| data.as_ref().map(MetadataExt::uid);
    let notice = fs::read(folder.join(Item::Notice.path()))
        .ok()
        .map(|bytes| Notice::verify_any_day(&bytes, &settings.office_root));
    let (seen_notice, newest, signed) = match &notice {
        None => (NoticeSeen::None, None, None),
        Some(Err(_)) => (NoticeSeen::Foreign, None, None),
        Some(Ok(notice)) => {
            let body = notice.body();
            let today = Day::of_unix_seconds(now);
            let key = |period: Period| folder.join(Item::Key(period.number()).path()).is_file();
            let seen = NoticeSeen::Of {
                first_day: body.first_day,
                last_day: body.last_day,
                epoch_seconds: body.epoch_seconds,
                key_here: notice.period_for(today).is_some_and(key),
            };
            let newest = fs::read(folder.join(Item::Newest.path())).ok();
            let newest = newest.and_then(|file| {
                SignedManifest::verify(&file, &body.mailbox, &body.relay_key).ok()
            });
            let closed = newest.map(|signed| {
                signed.manifest().day.first_second() + u64::from(signed.manifest().second)
            });
            let signed = (body.site != [0; 32]).then_some(body.site);
            (seen, closed, signed)
        }
    };
    let (front, has_front) = in_front(system, settings.listen.port());
    Seen {
        now,
        listen: settings.listen,
        epoch_bytes: settings.limits.quota.bytes,
        onion: settings.onion.is_some(),
        settings_mode: mode(&fs::metadata(file).ok()),
        store: store(folder),
        folder_mode: mode(&of_folder),
        key_mode: mode(&of_key),
        one_owner: one_owner(&folder.canonicalize().unwrap_or_else(|_| folder.to_owned())),
        is_link: fs::symlink_metadata(folder).is_ok_and(|seen| seen.is_symlink()),
        planted: planted(folder),
        owned_by_root: owner(&of_folder) == Some(0),
        free_bytes: free(folder),
        medium: medium(folder),
        second: second(folder, settings.second_folder.as_deref()),
        swap: swap(system),
        dumps: dumps(),
        notice: seen_notice,
        newest,
        restored: folder.join(Item::Restored.path()).exists(),
        health: health(settings.listen),
        site: Site::new(settings.site.clone()).check(signed),
        site_open: match (&settings.site, &of_folder) {
            (Some(site), Some(relay)) => open_to(site, (relay.uid(), relay.gid())),
            _ => true,
        },
        unit: unit(system),
        front,
        has_front,
    }
}

/// What is told of a link in the store, or of a file that has a name elsewhere too, by its name below
/// the store: nothing here says where that lies.
fn planted(folder: &Path) -> Option<String> {
    let Err(CannotOpenShelf::Planted { file }) = plain_files::refuse_planted(folder) else {
        return None;
    };
    let store = folder.display().to_string().escape_debug().to_string();
    let file = file
        .strip_prefix(&store)?
        .trim_start_matches('/')
        .to_owned();
    Some(CannotOpenShelf::Planted { file }.to_string())
}

fn store(folder: &Path) -> Store {
    match segments::check_version(folder) {
        Ok(()) if folder.join(segments::MOVED).exists() => {
            Store::Not(CannotOpenShelf::Moved.to_string())
        }
        Ok(()) => Store::Whole,
        Err(CannotOpenShelf::Disk {
            kind: std::io::ErrorKind::PermissionDenied,
            ..
        }) => Store::Locked,
        // These name the file, which the operator chose; what to do is said without it.
        Err(CannotOpenShelf::Disk { .. } | CannotOpenShelf::Damaged { .. }) => Store::Not(
            "the store cannot be read: check its disk, or restore it from a backup with `temoin-relay restore`".to_owned(),
        ),
        Err(other) => Store::Not(other.to_string()),
    }
}

fn second(folder: &Path, second: Option<&Path>) -> SecondSeen {
    let Some(second) = second else {
        return SecondSeen::None;
    };
    let alike = match (segments::seed(folder), segments::seed(second)) {
        (Ok(one), Ok(other)) => *one == *other,
        _ => false,
    };
    let device = |path: &Path| fs::metadata(path).map(|data| data.dev()).ok();
    if !alike || segments::check_version(second).is_err() {
        SecondSeen::NoCopy
    } else if device(folder) == device(second) {
        SecondSeen::SameDisk
    } else {
        SecondSeen::Copy
    }
}

/// The folder, or the nearest one above it that is there.
fn nearest(folder: &Path) -> &Path {
    folder
        .ancestors()
        .find(|path| path.exists())
        .unwrap_or(Path::new("/"))
}

fn free(folder: &Path) -> u64 {
    rustix::fs::statvfs(nearest(folder)).map_or(0, |disk| disk.f_bavail * disk.f_frsize)
}

fn medium(folder: &Path) -> Medium {
    let Ok(disk) = rustix::fs::statfs(nearest(folder)) else {
        return Medium::Disk;
    };
    // Numbers of statfs(2).
    match disk.f_type {
        0x0102_1994 | 0x8584_58f6 => Medium::Memory,
        0x6969 | 0x517b | 0xff53_4d42 | 0xfe53_4d42 | 0x6573_5546 | 0x0102_1997 => {
            Medium::Elsewhere
        }
        0x794c_7630 => Medium::Layer,
        _ => Medium::Disk,
    }
}

/// Reads a small file of the system.
fn text_of(path: &Path) -> Option<String> {
    let mut text = String::new();
    let file = fs::File::open(path).ok()?;
    file.take(MOST_CONFIGURATION)
        .read_to_string(&mut text)
        .ok()?;
    Some(text)
}

fn swap(system: &Path) -> Swap {
    let listed = text_of(&system.join("proc/swaps")).unwrap_or_default();
    let mut swap = Swap::None;
    for line in listed.lines().skip(1) {
        let device = line.split_whitespace().next().unwrap_or_default();
        let name = fs::canonicalize(device).unwrap_or_else(|_| PathBuf::from(device));
        let name = name
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name.starts_with("zram") {
            continue;
        }
        let uuid = text_of(&system.join("sys/block").join(&name).join("dm/uuid"));
        if uuid.is_some_and(|uuid| uuid.starts_with("CRYPT-")) {
            swap = Swap::Encrypted;
        } else {
            return Swap::Clear;
        }
    }
    swap
}

fn dumps() -> bool {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
    let limited = getrlimit(Resource::Core).current == Some(0);
    let not_dumpable = dumpable_behavior().is_ok_and(|b| b == DumpableBehavior::NotDumpable);
    !limited || !not_dumpable
}

fn health(listen: SocketAddr) -> Health {
    if listen.port() == 0 {
        return Health::Unknown;
    }
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let Ok(mut line) = TcpStream::connect_timeout(&SocketAddr::new(ip, listen.port()), PATIENCE)
    else {
        return Health::Silent;
    };
    let asked = (|| {
        line.set_read_timeout(Some(PATIENCE))?;
        line.set_write_timeout(Some(PATIENCE))?;
        line.write_all(b"GET /health HTTP/1.1\r\nhost: relay\r\nconnection: close\r\n\r\n")?;
        let mut first = [0; 12];
        line.read_exact(&mut first)?;
        Ok::<_, std::io::Error>(first)
    })();
    match asked {
        Ok(first) if first == *b"HTTP/1.1 204" => Health::Answers,
        _ => Health::Stranger,
    }
}

/// Names under which the unit may stand, the one that wins first.
const UNITS: [&str; 4] = [
    "etc/systemd/system",
    "run/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
];

fn unit(system: &Path) -> Unit {
    let name = "temoin-relay.service";
    let Some(mut text) = UNITS
        .iter()
        .find_map(|place| text_of(&system.join(place).join(name)))
    else {
        return Unit::None;
    };
    for place in UNITS {
        let beside = system.join(place).join(format!("{name}.d"));
        for part in files_in(&beside) {
            text.push('\n');
            text.push_str(&text_of(&part).unwrap_or_default());
        }
    }
    Unit::Lacks(lacks(&text))
}

/// Which lines of our own unit's sandbox a unit does not have, or takes back.
fn lacks(text: &str) -> Vec<String> {
    let said = |key: &str| -> Vec<&str> {
        let lines = text.lines().filter_map(|line| line.trim().split_once('='));
        lines
            .filter(|(k, _)| *k == key)
            .map(|(_, value)| value.trim())
            .collect()
    };
    // What starts it is the operator's own; what shuts it in is not.
    let own = [
        "Description",
        "Documentation",
        "After",
        "ConditionPathExists",
        "Type",
        "User",
        "Group",
        "ExecStart",
        "Restart",
        "RestartSec",
        "TimeoutStopSec",
        "StateDirectory",
        "StateDirectoryMode",
        "LimitNOFILE",
        "WantedBy",
    ];
    UNIT.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some((line, line.split_once('=')?)))
        .filter(|(_, (key, _))| !own.contains(key))
        .filter(|(_, (key, value))| {
            let values = said(key);
            // A list is said in several lines; of anything else the last line counts.
            let holds = if *key == "SystemCallFilter" {
                values.contains(value)
            } else {
                values.last() == Some(value)
            };
            !holds
        })
        .map(|(line, _)| line.to_owned())
        .collect()
}

/// Whether all of a store belongs to the account that its folder belongs to. A command given as root,
/// or a relay that root once started by hand, leaves files of root's.
fn one_owner(folder: &Path) -> bool {
    let owner = |path: &Path| fs::symlink_metadata(path).ok().map(|seen| seen.uid());
    let due = owner(folder);
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        let has = owner(&path);
        // A disk's own folder is root's.
        if has == Some(0) && path.ends_with("lost+found") {
            continue;
        }
        if has != due {
            return false;
        }
        // A link may lead round, and two that do to more names than anybody can look at.
        if !fs::symlink_metadata(&path).is_ok_and(|seen| seen.is_dir()) {
            continue;
        }
        let within = fs::read_dir(&path);
        open.extend(within.into_iter().flatten().flatten().map(|one| one.path()));
    }
    true
}

/// Whether an account may reach a folder, and read all that is in it, by the rights of each. Lists of
/// further accounts (`setfacl`) are not looked at, so such a folder is called shut.
fn open_to(folder: &Path, (user, group): (u32, u32)) -> bool {
    const READ: u32 = 0o4;
    const PASS: u32 = 0o1;
    let may = |path: &Path, what: u32| {
        fs::metadata(path).is_ok_and(|seen| {
            let own = match () {
                () if seen.uid() == user => seen.mode() >> 6,
                () if seen.gid() == group => seen.mode() >> 3,
                () => seen.mode(),
            };
            own & what == what
        })
    };
    // Root may everything, and a relay that runs as root is told of elsewhere.
    if user == 0 {
        return true;
    }
    let Ok(folder) = folder.canonicalize() else {
        return true;
    };
    if !folder.ancestors().skip(1).all(|above| may(above, PASS)) {
        return false;
    }
    let mut open = vec![folder];
    while let Some(path) = open.pop() {
        // What a link leads to is looked at, and not what lies in it: it may lead round.
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|seen| seen.is_dir());
        if !may(&path, if is_folder { READ | PASS } else { READ }) {
            return false;
        }
        if is_folder && let Ok(entries) = fs::read_dir(&path) {
            open.extend(entries.flatten().map(|entry| entry.path()));
        }
    }
    true
}

/// Plain files of a folder, in order; none if it cannot be read.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

/// Not a fault: says that an onion service is there.
const TOR_LEADS_HERE: Remark = (Weight::Good, "an onion service leads to the relay");

/// Reads what nginx, Caddy and tor of this machine are told about the relay's port.
fn in_front(system: &Path, port: u16) -> (Vec<Remark>, bool) {
    let mut remarks = Vec::new();
    let mut any = false;
    let (mut by_nginx, mut others_log) = (false, false);
    let etc = system.join("etc");
    for (folders, judge) in [
        (
            &["nginx", "nginx/conf.d", "nginx/sites-enabled"][..],
            nginx as fn(&str) -> Vec<Remark>,
        ),
        (&["caddy", "caddy/conf.d"][..], caddy),
        (&["tor", "tor/torrc.d"][..], tor),
    ] {
        for file in folders
            .iter()
            .flat_map(|folder| files_in(&etc.join(folder)))
        {
            let text = without_comments(&text_of(&file).unwrap_or_default());
            let is_nginx = file.starts_with(etc.join("nginx"));
            if is_nginx && !leads_to(&text, port) {
                others_log |= serves(&text) && !keeps_no_visits(&text);
            }
            if leads_to(&text, port) {
                any = true;
                by_nginx |= is_nginx;
                for remark in judge(&text) {
                    if !remarks.contains(&remark) {
                        remarks.push(remark);
                    }
                }
            }
        }
    }
    if by_nginx && others_log {
        remarks.push(OTHER_SITES_LOG);
    }
    (remarks, any)
}

/// Whoever asks this machine by its number, or by a name of before, is answered by another site of
/// the same nginx, and stands in that one's log.
const OTHER_SITES_LOG: Remark = (
    Weight::Look,
    "another site of this nginx writes down who came: people who reach this machine by its number are answered there. Take Debian's own away (`rm /etc/nginx/sites-enabled/default`), or say `access_log off;` in it too, then delete the old logs",
);

/// Whether a configuration of nginx has a site in it.
fn serves(text: &str) -> bool {
    text.lines().any(|line| {
        let mut words = line.split_whitespace();
        words.next() == Some("server") && words.next().is_none_or(|next| next == "{")
            || line.starts_with("server{")
    })
}

/// Whether each log of visits that a configuration of nginx names is off, and one is named.
fn keeps_no_visits(text: &str) -> bool {
    let logs = text.lines().filter(|line| line.starts_with("access_log"));
    let mut off = logs.map(|line| line.starts_with("access_log off"));
    off.next().is_some_and(|first| first) && off.all(|other| other)
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|l| !l.starts_with('#'));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Whether a configuration sends something to this port of this machine.
fn leads_to(text: &str, port: u16) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|host| {
        let target = format!("{host}:{port}");
        text.match_indices(&target).any(|(at, _)| {
            let after = text.get(at + target.len()..).unwrap_or_default();
            !after.starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

/// Whether a line begins with these words.
fn says(text: &str, words: &[&str]) -> bool {
    text.lines().any(|line| {
        let mut found = line.trim_end_matches(';').split_whitespace();
        words.iter().all(|word| found.next() == Some(word))
    })
}

fn nginx(text: &str) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if !keeps_no_visits(text) {
        remarks.push((
            Weight::Mend,
            "nginx writes down who came: `access_log off;` in each server of the relay, then delete the old logs",
        ));
    }
    if !says(text, &["error_log", "/dev/null"]) {
        remarks.push((
            Weight::Look,
            "nginx's log of errors names addresses: `error_log /dev/null crit;` in each server of the relay",
        ));
    }
    let hands_on = |line: &str| {
        let mut words = line.trim_end_matches(';').split_whitespace();
        words.next() == Some("proxy_set_header")
            && words.next().is_some_and(|name| {
                ["x-forwarded-for", "x-real-ip", "forwarded"]
                    .contains(&name.to_lowercase().as_str())
            })
            && words.next() != Some("\"\"")
    };
    if text.lines().any(hands_on) || text.contains("proxy_params") {
        remarks.push((
            Weight::Mend,
            "nginx hands on the visitor's address: set X-Forwarded-For, X-Real-IP and Forwarded to \"\" and leave proxy_params out",
        ));
    }
    remarks
}

fn caddy(text: &str) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let keeps = says(text, &["log"]) || says(text, &["log", "{"]);
    if keeps && !text.contains("output discard") && !text.contains("exclude http.log.access") {
        remarks.push((
            Weight::Mend,
            "Caddy writes down who came: take `log` out of the relay's site, then delete the old logs",
        ));
    }
    if !text.to_lowercase().contains("header_up -x-forwarded-for") {
        remarks.push((
            Weight::Mend,
            "Caddy hands on the visitor's address: `header_up -X-Forwarded-For` in its reverse_proxy",
        ));
    }
    remarks
}

fn tor(text: &str) -> Vec<Remark> {
    let mut remarks = vec![TOR_LEADS_HERE];
    if says(text, &["SafeLogging", "0"]) {
        remarks.push((
            Weight::Mend,
            "tor writes addresses into its log: take `SafeLogging 0` out of torrc",
        ));
    }
    if says(text, &["HiddenServiceNonAnonymousMode", "1"]) {
        remarks.push((
            Weight::Mend,
            "tor runs the onion service without hiding this machine: take `HiddenServiceNonAnonymousMode` and `HiddenServiceSingleHopMode` out of torrc",
        ));
    }
    if !says(text, &["HiddenServicePoWDefensesEnabled", "1"]) {
        remarks.push((
            Weight::Look,
            "the onion service has no defence against floods: `HiddenServicePoWDefensesEnabled 1` in torrc (tor 0.4.8 or newer)",
        ));
    }
    remarks
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::plain_files::To;
    use crate::sample;
    use std::os::unix::fs::PermissionsExt;

    /// A machine on which all is well.
    fn well() -> Seen {
        let today = Day::of_unix_seconds(sample::NOW);
        Seen {
            now: sample::NOW,
            listen: SocketAddr::from(([127, 0, 0, 1], 8_080)),
            epoch_bytes: 8 << 30,
            onion: true,
            settings_mode: 0o644,
            store: Store::Whole,
            folder_mode: 0o700,
            key_mode: 0o600,
            one_owner: true,
            is_link: false,
            planted: None,
            owned_by_root: false,
            free_bytes: 100 << 30,
            medium: Medium::Disk,
            second: SecondSeen::None,
            swap: Swap::None,
            dumps: false,
            notice: NoticeSeen::Of {
                first_day: today.minus(1),
                last_day: today.plus(20),
                epoch_seconds: 100,
                key_here: true,
            },
            newest: Some(sample::NOW - 50),
            restored: false,
            health: Health::Answers,
            site: None,
            site_open: true,
            unit: Unit::Lacks(Vec::new()),
            front: vec![TOR_LEADS_HERE],
            has_front: true,
        }
    }

    /// What the doctor says beyond "good" about a machine that differs in one thing.
    fn told(change: impl FnOnce(&mut Seen)) -> Vec<(Weight, String)> {
        let mut seen = well();
        change(&mut seen);
        let found = findings(&seen).into_iter();
        found
            .filter(|finding| finding.weight != Weight::Good)
            .map(|finding| (finding.weight, finding.says))
            .collect()
    }

    fn tells(weight: Weight, word: &str, change: impl FnOnce(&mut Seen)) {
        let told = told(change);
        assert!(
            matches!(told.as_slice(), [(w, says)] if *w == weight && says.contains(word)),
            "{word}: {told:?}"
        );
    }

    #[test]
    fn a_machine_on_which_all_is_well_has_nothing_to_mend() {
        assert_eq!(told(|_| {}), []);
    }

    #[test]
    fn a_file_that_root_left_in_the_relays_store_is_seen_wherever_the_relay_opens_it() {
        let store = tempfile::tempdir().unwrap();
        let folder = store.path();
        fs::create_dir_all(folder.join("board/3")).unwrap();
        for file in ["relay.key", "lock", "board/3/leaves"] {
            fs::write(folder.join(file), b"").unwrap();
        }
        // A disk that is mounted there has a folder of root's.
        fs::create_dir(folder.join("lost+found")).unwrap();
        assert!(one_owner(folder));
        // Root alone can make files of somebody else's.
        if rustix::process::getuid().is_root() {
            for file in ["relay.key", "lock", "board/3/leaves"] {
                std::os::unix::fs::chown(folder.join(file), Some(4_242), None).unwrap();
                assert!(!one_owner(folder), "{file}");
                std::os::unix::fs::chown(folder.join(file), Some(0), None).unwrap();
            }
            plain_files::give(folder, To::Account(4_242, 4_243)).unwrap();
            std::os::unix::fs::chown(folder.join("lost+found"), Some(0), None).unwrap();
            assert!(one_owner(folder));
        }
    }

    #[test]
    fn no_link_is_followed_from_a_store_or_from_the_pages() {
        use std::os::unix::fs::{lchown, symlink};
        let house = tempfile::tempdir().unwrap();
        let (store, others) = (house.path().join("store"), house.path().join("others"));
        let set = |place: &Path, mode| {
            fs::set_permissions(place, fs::Permissions::from_mode(mode)).unwrap();
        };
        fs::create_dir(&store).unwrap();
        fs::create_dir(&others).unwrap();
        fs::write(others.join("shut"), b"").unwrap();
        set(&others.join("shut"), 0o600);
        for open in [house.path(), &store, &others] {
            set(open, 0o755);
        }
        // Two links that lead round are 2^40 names to whoever follows them.
        for (name, leads_to) in [("a", &others), ("b", &PathBuf::from("/etc"))] {
            symlink(leads_to, store.join(name)).unwrap();
        }
        if rustix::process::getuid().is_root() {
            for place in [store.clone(), store.join("a"), store.join("b")] {
                lchown(place, Some(4_242), None).unwrap();
            }
        }
        assert!(one_owner(&store));
        assert!(open_to(&store, (4_243, 4_243)));
    }

    #[test]
    fn pages_that_the_relays_account_may_not_read_are_told_though_the_doctor_may() {
        // Shared folders of a machine let everybody pass through; what is made here need not.
        let site = tempfile::tempdir().unwrap();
        let folder = site.path().join("site");
        fs::create_dir_all(folder.join("en")).unwrap();
        fs::write(folder.join("en/index.html"), b"").unwrap();
        let set = |place: &Path, mode| {
            fs::set_permissions(place, fs::Permissions::from_mode(mode)).unwrap();
        };
        let stranger = (4_242, 4_242);
        set(site.path(), 0o755);
        set(&folder, 0o755);
        set(&folder.join("en"), 0o755);
        set(&folder.join("en/index.html"), 0o644);
        assert!(open_to(&folder, stranger));
        for (place, shut, open) in [
            (site.path().to_owned(), 0o700, 0o755),
            (folder.clone(), 0o700, 0o755),
            (folder.join("en"), 0o744, 0o755),
            (folder.join("en/index.html"), 0o600, 0o644),
        ] {
            set(&place, shut);
            assert!(!open_to(&folder, stranger), "{}", place.display());
            set(&place, open);
        }
        // Root alone can give a file to a group it is not of. What the group may counts for its own,
        // and not what everybody may.
        if rustix::process::getuid().is_root() {
            let page = folder.join("en/index.html");
            std::os::unix::fs::chown(&page, None, Some(4_242)).unwrap();
            for (mode, is_open) in [(0o640, true), (0o604, false)] {
                set(&page, mode);
                assert_eq!(open_to(&folder, stranger), is_open, "{mode:o}");
            }
        }
    }

    #[test]
    fn each_thing_that_is_wrong_is_told_once_with_what_to_do() {
        use Weight::{Look, Mend};
        let today = Day::of_unix_seconds(sample::NOW);
        let notice = |first_day, last_day, key_here| NoticeSeen::Of {
            first_day,
            last_day,
            epoch_seconds: 100,
            key_here,
        };
        tells(Mend, "chmod 600", |s| s.key_mode = 0o640);
        tells(Mend, "chmod 700", |s| s.folder_mode = 0o711);
        tells(Mend, "chown", |s| s.one_owner = false);
        tells(Look, "is a link", |s| s.is_link = true);
        tells(Mend, "no backup", |s| s.planted = Some("a link".to_owned()));
        tells(Look, "belongs to root", |s| s.owned_by_root = true);
        tells(Mend, "chmod 644", |s| s.settings_mode = 0o666);
        tells(Mend, "1 GiB", |s| s.free_bytes = SCARCE - 1);
        tells(Look, "mebibytes_per_epoch", |s| s.free_bytes = SCARCE);
        tells(Mend, "tmpfs", |s| s.medium = Medium::Memory);
        tells(Look, "NFS", |s| s.medium = Medium::Elsewhere);
        tells(Look, "same disk", |s| s.second = SecondSeen::SameDisk);
        tells(Mend, "temoin-relay second", |s| {
            s.second = SecondSeen::NoCopy
        });
        tells(Mend, "container", |s| s.medium = Medium::Layer);
        tells(Mend, "LimitCORE", |s| s.dumps = true);
        tells(Look, "no unit", |s| s.unit = Unit::None);
        tells(Mend, "PrivateUsers=yes", |s| {
            s.unit = Unit::Lacks(vec!["PrivateUsers=yes".to_owned()]);
        });
        tells(Mend, "publish", |s| s.notice = NoticeSeen::None);
        tells(Mend, "office_root", |s| s.notice = NoticeSeen::Foreign);
        tells(Mend, "clock is behind", |s| {
            s.notice = notice(today.plus(1), today.plus(20), true);
        });
        tells(Mend, "notice is over", |s| {
            s.notice = notice(today.minus(20), today.minus(1), true);
        });
        tells(Look, "7 more days", |s| {
            s.notice = notice(today.minus(1), today.plus(7), true);
        });
        tells(Mend, "nobody can seal", |s| {
            s.notice = notice(today.minus(1), today.plus(20), false);
        });
        tells(Mend, "clock went back", |s| s.newest = Some(s.now + 101));
        tells(Mend, "late", |s| s.newest = Some(s.now - 201));
        tells(Look, "no epoch", |s| s.newest = None);
        tells(Look, "restored", |s| {
            s.restored = true;
            s.newest = Some(s.now - 1_000);
        });
        tells(Mend, "systemctl start", |s| s.health = Health::Silent);
        tells(Mend, "something else", |s| s.health = Health::Stranger);
        tells(Mend, "signed", |s| {
            s.site = Some(SiteRefused::Altered { file: "a".into() });
        });
        tells(Mend, "a+rX", |s| s.site_open = false);
        tells(Mend, "without TLS", |s| {
            s.listen = SocketAddr::from(([0, 0, 0, 0], 8_080));
        });
        tells(Look, "no nginx", |s| {
            s.front.clear();
            s.has_front = false;
        });
        tells(Look, "`onion`", |s| s.onion = false);
        tells(Mend, "run the doctor as root", |s| s.store = Store::Locked);
    }

    #[test]
    fn swap_in_the_clear_is_told_unless_the_unit_keeps_the_relay_out_of_it() {
        assert_eq!(told(|s| s.swap = Swap::Clear), []);
        assert_eq!(told(|s| s.swap = Swap::Encrypted), []);
        let both = told(|s| {
            s.swap = Swap::Clear;
            s.unit = Unit::None;
        });
        assert!(both.iter().any(|(_, says)| says.contains("swapoff")));
        let system = tempfile::tempdir().unwrap();
        let put = |file: &str, text: &str| {
            let path = system.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        assert_eq!(swap(system.path()), Swap::None);
        put(
            "proc/swaps",
            "Filename Type Size Used Priority\n/dev/zram0 partition 1 0 100\n",
        );
        assert_eq!(swap(system.path()), Swap::None);
        put("proc/swaps", "Filename\n/dev/dm-77 partition 1 0 -2\n");
        assert_eq!(swap(system.path()), Swap::Clear);
        put("sys/block/dm-77/dm/uuid", "CRYPT-PLAIN-swap\n");
        assert_eq!(swap(system.path()), Swap::Encrypted);
        put(
            "proc/swaps",
            "Filename\n/dev/dm-77 partition 1 0 -2\n/swap.img file 1 0 -3\n",
        );
        assert_eq!(swap(system.path()), Swap::Clear);
    }

    #[test]
    fn our_own_unit_lacks_nothing_and_one_without_a_sandbox_lacks_every_line_of_it() {
        assert_eq!(lacks(UNIT), Vec::<String>::new());
        let bare = lacks("[Service]\nExecStart=/usr/bin/temoin-relay serve\n");
        assert!(bare.len() > 25, "{bare:?}");
        let undone = format!("{UNIT}\n[Service]\nPrivateDevices=no\n");
        assert_eq!(lacks(&undone), ["PrivateDevices=yes"]);
    }

    #[test]
    fn our_own_samples_of_nginx_caddy_and_tor_give_nothing_to_mend() {
        let system = tempfile::tempdir().unwrap();
        for (place, sample) in [
            ("etc/nginx/sites-enabled/temoin", crate::setup::NGINX),
            ("etc/caddy/Caddyfile", crate::setup::CADDY),
            ("etc/tor/torrc", crate::setup::TORRC),
        ] {
            let path = system.path().join(place);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, sample).unwrap();
        }
        assert_eq!(in_front(system.path(), 8_080), (vec![TOR_LEADS_HERE], true));
        // Another port's configuration is not ours to judge.
        assert_eq!(in_front(system.path(), 808), (vec![], false));
        assert_eq!(in_front(system.path(), 8_081), (vec![], false));
        // Debian's own site beside ours, which writes down who came without a word of it.
        let other = system.path().join("etc/nginx/sites-enabled/default");
        fs::write(&other, "server {\n\tlisten 80 default_server;\n}\n").unwrap();
        let told = vec![TOR_LEADS_HERE, OTHER_SITES_LOG];
        assert_eq!(in_front(system.path(), 8_080), (told, true));
        assert_eq!(in_front(system.path(), 8_081), (vec![], false));
        let off = "server {\n\tlisten 80 default_server;\n\taccess_log off;\n}\n";
        fs::write(&other, off).unwrap();
        assert_eq!(in_front(system.path(), 8_080), (vec![TOR_LEADS_HERE], true));
    }

    #[test]
    fn a_front_that_writes_down_or_hands_on_who_came_is_told() {
        let mends = |remarks: Vec<Remark>| {
            let wrong = remarks.iter().filter(|(weight, _)| *weight == Weight::Mend);
            wrong.count()
        };
        let nginx_of = |from: &str, to: &str| {
            mends(nginx(&without_comments(
                &crate::setup::NGINX.replace(from, to),
            )))
        };
        assert_eq!(nginx_of("", ""), 0);
        assert_eq!(nginx_of("access_log off;", ""), 1);
        assert_eq!(nginx_of("access_log off;", "# access_log off;"), 1);
        assert_eq!(nginx_of("server_tokens off;", "access_log /var/log/a;"), 1);
        assert_eq!(nginx_of("X-Real-IP \"\"", "X-Real-IP $remote_addr"), 1);
        assert_eq!(nginx_of("server_tokens off;", "include proxy_params;"), 1);
        let caddy_of = |from: &str, to: &str| {
            mends(caddy(&without_comments(
                &crate::setup::CADDY.replace(from, to),
            )))
        };
        assert_eq!(caddy_of("", ""), 0);
        assert_eq!(caddy_of("header_up -X-Forwarded-For", ""), 1);
        assert_eq!(
            caddy_of(
                "exclude http.log.access http.log.error",
                "output file a.log"
            ),
            1
        );
        let tor_of = |more: &str| {
            mends(tor(&format!(
                "{}\n{more}",
                without_comments(crate::setup::TORRC)
            )))
        };
        assert_eq!(tor_of(""), 0);
        assert_eq!(tor_of("SafeLogging 0"), 1);
        assert_eq!(tor_of("HiddenServiceNonAnonymousMode 1"), 1);
    }

    #[test]
    fn a_store_is_looked_at_and_nothing_printed_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        segments::found(&store, &sample::RELAY_SEED).unwrap();
        fs::set_permissions(&store, fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(store.join("relay.key"), fs::Permissions::from_mode(0o600)).unwrap();
        let text = format!(
            "listen = \"127.0.0.1:0\"\nfolder = \"store\"\noffice_root = \"{}\"\n",
            crate::relay::hex(&sample::root().0)
        );
        let file = folder.path().join("relay.toml");
        fs::write(&file, &text).unwrap();
        let settings = Settings::read(&file).unwrap();
        let looked = || look(&settings, &file, folder.path(), sample::NOW);
        let seen = looked();
        assert_eq!(seen.store, Store::Whole);
        assert_eq!((seen.folder_mode, seen.key_mode), (0o755, 0o600));
        assert!(seen.one_owner && seen.free_bytes > 0 && !seen.restored);
        assert!(!seen.is_link && seen.planted.is_none());
        let planted = store.join("letters/12");
        std::os::unix::fs::symlink(&file, &planted).unwrap();
        assert!(looked().planted.unwrap().starts_with("`letters/12` is"));
        fs::remove_file(&planted).unwrap();
        // What a link leads to is looked at as well, and that it is one is said.
        let elsewhere = folder.path().join("elsewhere");
        fs::rename(&store, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &store).unwrap();
        let linked = looked();
        assert!(linked.is_link && linked.one_owner);
        if rustix::process::getuid().is_root() {
            let key = elsewhere.join("relay.key");
            std::os::unix::fs::chown(&key, Some(4_242), None).unwrap();
            assert!(!looked().one_owner);
            std::os::unix::fs::chown(&key, Some(0), None).unwrap();
        }
        fs::remove_file(&store).unwrap();
        fs::rename(&elsewhere, &store).unwrap();
        let copy = folder.path().join("copy");
        assert_eq!(second(&store, Some(&copy)), SecondSeen::NoCopy);
        crate::twin::make(&store, &copy).unwrap();
        assert_eq!(second(&store, Some(&copy)), SecondSeen::SameDisk);
        assert_eq!((seen.notice, seen.newest), (NoticeSeen::None, None));
        assert_eq!(
            (seen.health, seen.unit.clone()),
            (Health::Unknown, Unit::None)
        );
        fs::write(store.join("notice"), sample::sign(&sample::body(7))).unwrap();
        let keyless = looked().notice;
        assert!(matches!(
            keyless,
            NoticeSeen::Of {
                key_here: false,
                ..
            }
        ));
        let key = store.join(Item::Key(sample::week().number()).path());
        fs::write(key, sample::intake_key()).unwrap();
        assert!(matches!(
            looked().notice,
            NoticeSeen::Of { key_here: true, .. }
        ));
        fs::write(store.join("version"), "temoin relay store 99\n").unwrap();
        let newer = looked();
        assert!(matches!(&newer.store, Store::Not(why) if why.contains("update")));
        for seen in [seen, newer] {
            let printed = in_words(&findings(&seen));
            let path = folder.path().display().to_string();
            assert!(!printed.contains(&path), "{printed}");
            assert!(!printed.contains(&crate::relay::hex(&sample::root().0)));
        }
    }
}
