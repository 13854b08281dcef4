//! Founding an office, publishing its notice and its pages, collecting, backups.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use desk::settings::OfficeSettings;
use desk::{Collected, Desk, HttpPost, Serving, hex};
use open::RootSecret;
use pages::reporter::{OfficePage, Script};
use record::Language;
use vault::{Cost, Passphrase};
use zeroize::Zeroizing;

use crate::cli::say;
use crate::ending::Unfinished;
use crate::files;

const ROOT_FILE: &str = "root.temoin";
const NEXT_ROOT_FILE: &str = "next-root.temoin";
/// How much work a try of the passphrase is, for the demonstration and the tests of commands:
/// `TEMOIN_REHEARSAL=1` makes vaults that protect nothing, and says so.
const REHEARSAL: &str = "TEMOIN_REHEARSAL";

/// The system's randomness, as the trait wants it.
pub(crate) fn randomness() -> rand_core::UnwrapErr<getrandom::SysRng> {
    rand_core::UnwrapErr(getrandom::SysRng)
}

/// Seconds since 1970, by the system's clock.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

fn cost() -> Cost {
    if std::env::var_os(REHEARSAL).is_some_and(|v| v == "1") {
        Cost::REHEARSAL
    } else {
        Cost::STRONG
    }
}

fn read_settings(path: &Path) -> Result<(String, OfficeSettings), Unfinished> {
    let text = files::read_text(path)?;
    let settings = OfficeSettings::read(&text).map_err(|refused| {
        let why = refused.why.trim_end_matches('.');
        Unfinished::refused(format!(
            "{}, line {}: {why}; mend that line, or see `temoin sample`",
            path.display(),
            refused.line,
        ))
    })?;
    Ok((text, settings))
}

/// `temoin check`
pub(crate) fn check(path: &Path) -> Result<String, Unfinished> {
    let (_, settings) = read_settings(path)?;
    Ok(format!(
        "{}: in order, for {}",
        path.display(),
        settings.name
    ))
}

/// `temoin office create`
pub(crate) fn create(
    folder: &Path,
    settings: &Path,
    passphrase: &Passphrase,
) -> Result<String, Unfinished> {
    let (text, settings) = read_settings(settings)?;
    let rng = &mut randomness();
    for name in [ROOT_FILE, NEXT_ROOT_FILE] {
        if folder.join(name).exists() {
            return Err(Unfinished::refused(format!(
                "{} holds a root already; choose another folder",
                folder.display()
            )));
        }
    }
    let founded = Desk::create(folder, &text, settings, passphrase, cost(), now(), rng)?;
    for (name, root) in [
        (ROOT_FILE, &founded.root),
        (NEXT_ROOT_FILE, &founded.next_root),
    ] {
        let sealed = vault::seal_under(passphrase, cost(), root.seed().as_ref(), rng);
        files::write_secret(&folder.join(name), &sealed)?;
    }
    let identity = founded.desk.identity();
    let mut out = format!(
        "office root {}\nmailbox {}\nfingerprint {}\n",
        hex::show(&identity.root.0),
        hex::show(&identity.mailbox.0),
        founded.desk.fingerprint(),
    );
    out.push_str(&format!(
        "Now put {ROOT_FILE} and {NEXT_ROOT_FILE} on two sticks, lock them away in two places, and bring {ROOT_FILE} back only to publish."
    ));
    out.push_str(warning());
    Ok(out)
}

/// Said wherever a vault was made that protects nothing.
fn warning() -> &'static str {
    if cost() == Cost::STRONG {
        ""
    } else {
        "\nTEMOIN_REHEARSAL is set: this passphrase protects NOTHING. Unset it for a real office."
    }
}

fn root(
    folder: &Path,
    root: Option<&Path>,
    passphrase: &Passphrase,
) -> Result<RootSecret, Unfinished> {
    let path = root.map_or_else(|| folder.join(ROOT_FILE), Path::to_owned);
    if !path.exists() {
        return Err(Unfinished::refused(format!(
            "{} is not there; put the stick with the root in, or name the file with --root",
            path.display()
        )));
    }
    let seed = vault::unseal_under(passphrase, &files::read(&path)?).map_err(|_| {
        Unfinished::refused(format!(
            "{} does not open with this passphrase, or is damaged: a root opens with the passphrase of the day the office was founded, whatever the vault's is now; if that was another, write it into a file and name it with --root-passphrase-file",
            path.display()
        ))
    })?;
    let seed: &[u8; 32] = seed
        .as_slice()
        .try_into()
        .map_err(|_| Unfinished::refused("this file holds no root"))?;
    Ok(RootSecret::from_seed(seed))
}

/// Which relay an office's desk asks: the first of its settings.
pub(crate) fn post(desk: &Desk) -> Result<HttpPost, Unfinished> {
    HttpPost::of(desk.settings()).map_err(Unfinished::refused)
}

/// What `temoin office publish` was asked.
pub(crate) struct Publishing {
    pub(crate) folder: PathBuf,
    pub(crate) site: Option<PathBuf>,
    pub(crate) root: Option<PathBuf>,
    pub(crate) new_voice: bool,
    pub(crate) to: Option<PathBuf>,
}

/// `temoin office publish`
pub(crate) fn publish(
    asked: &Publishing,
    passphrase: &Passphrase,
    root_passphrase: Option<&Passphrase>,
) -> Result<String, Unfinished> {
    let mut desk = Desk::unlock(&asked.folder, passphrase)?;
    let root = root(
        &asked.folder,
        asked.root.as_deref(),
        root_passphrase.unwrap_or(passphrase),
    )?;
    let site = match &asked.site {
        Some(site) => {
            let manifest = files::read(&site.join("site-manifest.cbor"))?;
            Some(envelope::hash(&manifest))
        }
        None => None,
    };
    let mut post = post(&desk)?;
    let rng = &mut randomness();
    let published = desk.publish(&root, site, asked.new_voice, now(), &mut post, rng)?;
    if let Some(to) = &asked.to {
        files::write_public(to, &published.notice)?;
    }
    // The digest to give out on paper, of the kit that stands in these pages.
    let kit = match asked
        .site
        .as_ref()
        .map(|site| fs::read(site.join("kit.html")))
    {
        Some(Ok(kit)) => format!(
            "; kit.html has SHA-256 {}",
            hex::show(&envelope::hash(&kit))
        ),
        _ => String::new(),
    };
    // The relay shows no page whose manifest the notice does not name.
    let pages = if asked.site.is_none() {
        "; no --site was named: pages that were made since the last notice are not signed by this one, and the relay does not show them"
    } else {
        ""
    };
    Ok(format!(
        "notice {} holds to {}; {} keys are with the relay{kit}{pages}",
        published.sequence, published.last_day, published.keys
    ))
}

/// `temoin office settings`
pub(crate) fn change_settings(
    folder: &Path,
    path: &Path,
    passphrase: &Passphrase,
) -> Result<String, Unfinished> {
    let (text, settings) = read_settings(path)?;
    let mut desk = Desk::unlock(folder, passphrase)?;
    let old = desk.settings();
    if (
        settings.period_days,
        settings.grace_days,
        settings.carry_grace_days,
        settings.hold_days,
    ) != (
        old.period_days,
        old.grace_days,
        old.carry_grace_days,
        old.hold_days,
    ) {
        return Err(Unfinished::refused(
            "period_days, grace_days, carry_grace_days and hold_days stay as the office was founded: keys and people's words hang on them",
        ));
    }
    desk.change_settings(&text, settings)?;
    Ok("the settings are taken over; publish a notice so that others see them".to_owned())
}

/// What `temoin site` was asked.
pub(crate) struct SiteAsked {
    pub(crate) folder: PathBuf,
    pub(crate) script: PathBuf,
    pub(crate) to: PathBuf,
    pub(crate) doorstep: Option<String>,
    pub(crate) figures: Option<PathBuf>,
}

/// `temoin site`
pub(crate) fn site(asked: &SiteAsked, passphrase: &Passphrase) -> Result<String, Unfinished> {
    let desk = Desk::unlock(&asked.folder, passphrase)?;
    let (settings, identity) = (desk.settings(), desk.identity());
    let page = page_script(&asked.script)?;
    let script = files::read(&page)?;
    let [for_files, new_words, pure] =
        [FOR_FILES, NEW_WORDS, PURE].map(|name| files::read(&page.with_file_name(name)));
    let (for_files, new_words, pure) = (for_files?, new_words?, pure?);
    let script = Script::of(&script)
        .with_files(&for_files)
        .with_new_words(&new_words)
        .with_pure(&pure);
    let mut more = Vec::new();
    if let Some(figures) = &asked.figures {
        collect_files(figures, "figures", &mut more)?;
    }
    let office = OfficePage {
        name: settings.name.clone(),
        languages: settings.form_languages(),
        mailbox: identity.mailbox,
        root: identity.root,
        doorstep: asked.doorstep.clone(),
        exit: settings.exit.clone(),
        figures: asked
            .figures
            .as_ref()
            .map(|_| "figures/index.html".to_owned()),
        own: settings.own(),
    };
    let lists: Vec<(&str, Vec<u8>)> = seal::words::WordList::ALL
        .into_iter()
        .filter_map(|list| {
            let words: Vec<&str> = list.words().collect();
            Some((list.file()?, words.join("\n").into_bytes()))
        })
        .collect();
    let words: Vec<(&str, &[u8])> = lists.iter().map(|(n, l)| (*n, l.as_slice())).collect();
    let kit = kit(&desk, &office, &asked.script, &words)?;
    let digest = kit.as_deref().map(envelope::hash);
    if let (Some(bytes), Some(digest)) = (kit, &digest) {
        more.push(("kit.html".to_owned(), bytes));
        more.push((
            "kit.sha256".to_owned(),
            format!("{}  kit.html\n", hex::show(digest)).into_bytes(),
        ));
        for language in &office.languages {
            let sheet = pages::reporter::sheet(*language, &office, digest);
            more.push((format!("{}/kit-sheet.html", language.tag()), sheet));
        }
    }
    let kit = match digest {
        Some(digest) => format!("; kit.html has SHA-256 {}", hex::show(&digest)),
        None => "; without a kit: publish a notice first and write the pages again, with kit.js beside the script".to_owned(),
    };
    let site = pages::site(&office, &script, &words, more);
    if let Some((page, bytes)) = site.too_heavy() {
        return Err(Unfinished::refused(format!(
            "{page} would weigh {bytes} bytes compressed, more than a slow line bears: shorten the greeting or your questions in office.toml, or leave questions out; nothing was written"
        )));
    }
    for (path, bytes) in &site.files {
        files::write_public(&asked.to.join(path), bytes)?;
    }
    files::write_public(&asked.to.join("site-manifest.cbor"), &site.manifest)?;
    Ok(format!(
        "site {} in {} files; publish it with `temoin office publish --site {}`{kit}",
        hex::show(&site.hash),
        site.files.len() + 1,
        asked.to.display()
    ))
}

/// The kit, if a notice was published and the kit's script was built.
fn kit(
    desk: &Desk,
    office: &OfficePage,
    script: &Path,
    words: &[(&str, &[u8])],
) -> Result<Option<Vec<u8>>, Unfinished> {
    let beside = if script.is_dir() {
        script.join("kit.js")
    } else {
        script.with_file_name("kit.js")
    };
    let Some(carried) = desk.carried(now())? else {
        return Ok(None);
    };
    if !beside.is_file() {
        return Ok(None);
    }
    let script = files::read(&beside)?;
    let script = std::str::from_utf8(&script)
        .map_err(|_| Unfinished::refused("kit.js is no script: build it again"))?;
    let keys: Vec<(u32, &[u8])> = carried
        .keys
        .iter()
        .map(|(period, key)| (period.number(), key.as_slice()))
        .collect();
    // The lists that have a file come first, in the order of their numbers (protocol §3).
    let words: Vec<(u8, &[u8])> = (1..).zip(words.iter().map(|(_, list)| *list)).collect();
    let bytes = pages::reporter::kit(
        office,
        &pages::reporter::Kit {
            script,
            notice: &carried.notice,
            keys: &keys,
            until: &carried.until.to_string(),
            words: &words,
        },
    );
    Ok(Some(bytes))
}

/// The script that those fetch who add files to a letter; it lies beside the page's.
const FOR_FILES: &str = "files.js";
/// The script that those fetch who change their words; it lies there too.
const NEW_WORDS: &str = "new-words.js";
/// The script that brings cryptography to browsers without any; it lies there too.
const PURE: &str = "pure.js";

/// The page's script: the file that was named, or the one script in the folder that was named.
fn page_script(path: &Path) -> Result<PathBuf, Unfinished> {
    if path.is_file() {
        return Ok(path.to_owned());
    }
    let missing = || {
        Unfinished::refused(format!(
            "{} holds no script of the reporter's page; name `/usr/share/temoin/reporter`, where the package puts it, or in a checkout `target/reporter` after `cd reporter && npm ci && npm run build`",
            path.display()
        ))
    };
    for name in ["page.js", "reporter.js"] {
        let page = path.join(name);
        if page.is_file() {
            return Ok(page);
        }
    }
    let scripts: Vec<PathBuf> = fs::read_dir(path)
        .map_err(|_| missing())?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "js"))
        .filter(|path| !path.ends_with(FOR_FILES) && !path.ends_with(PURE))
        .collect();
    match scripts.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(missing()),
    }
}

fn collect_files(
    folder: &Path,
    name: &str,
    into: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), Unfinished> {
    let entries = fs::read_dir(folder).map_err(|e| {
        Unfinished::refused(format!("{} cannot be read: {}", folder.display(), e.kind()))
    })?;
    for entry in entries.flatten() {
        let path = entry.path();
        let Some(file) = entry.file_name().to_str().map(str::to_owned) else {
            continue;
        };
        let name = format!("{name}/{file}");
        if path.is_dir() {
            collect_files(&path, &name, into)?;
        } else {
            into.push((name, files::read(&path)?));
        }
    }
    Ok(())
}

/// `temoin desk`: until it is told to stop. Every line that is typed draws a new link.
pub(crate) fn open_desk(
    folder: &Path,
    listen: SocketAddr,
    collects: bool,
    passphrase: &Passphrase,
) -> Result<String, Unfinished> {
    let desk = Desk::unlock(folder, passphrase)?;
    let serving = Serving {
        listen,
        collects,
        reads_pictures: desk::Apart::itself().ok(),
    };
    desk::serve(desk, serving, |link, house| {
        say(&format!("open {link}"));
        std::thread::spawn(move || {
            for line in std::io::stdin().lines() {
                if line.is_err() {
                    break;
                }
                say(&format!("open {}", house.new_link()));
            }
        });
    })?;
    Ok(String::new())
}

/// `temoin collect`
pub(crate) fn collect(folder: &Path, passphrase: &Passphrase) -> Result<String, Unfinished> {
    let mut desk = Desk::unlock(folder, passphrase)?;
    let mut post = post(&desk)?;
    let now = now();
    let collected = desk.collect(now, &mut post, &mut randomness())?;
    let mut out = told(&collected);
    for alarm in desk.alarms(now)? {
        let (what, advice) = (
            alarm.what(Language::English),
            alarm.advice(Language::English),
        );
        out.push_str(&format!("\nalarm: {what} {advice}"));
    }
    Ok(out)
}

fn told(collected: &Collected) -> String {
    format!(
        "{} new cases, {} letters joined a case, {} could not be read, {} answers posted, {} public lists checked",
        collected.new_cases,
        collected.joined,
        collected.unreadable,
        collected.cells_posted,
        collected.epochs_checked,
    )
}

/// `temoin codes`
pub(crate) fn introduction_codes(
    folder: &Path,
    count: u16,
    passphrase: &Passphrase,
) -> Result<String, Unfinished> {
    let mut desk = Desk::unlock(folder, passphrase)?;
    let codes = desk
        .introduction_codes(count)
        .map_err(Unfinished::refused)?;
    Ok(codes.join("\n"))
}

/// `temoin backup`
pub(crate) fn back_up(
    folder: &Path,
    to: &Path,
    passphrase: &Passphrase,
) -> Result<Zeroizing<String>, Unfinished> {
    let desk = Desk::unlock(folder, passphrase)?;
    let sealed = desk.back_up(to, now(), &mut randomness())?;
    let until = match sealed.destroy_by {
        Some(day) => format!(
            "Destroy this sheet and the file by {}: a key in it is destroyed then.",
            envelope::Day(day)
        ),
        None => "Nothing in this vault has an end.".to_owned(),
    };
    Ok(Zeroizing::new(format!(
        "sheet {}\nWrite it on paper, apart from the file; it stands nowhere else. {until}",
        sealed.sheet.groups().as_str()
    )))
}

/// `temoin restore`: what was erased since the backup is erased again before anybody reads it.
pub(crate) fn restore(
    from: &Path,
    folder: &Path,
    sheet: &vault::Sheet,
    passphrase: &Passphrase,
    erased: &[u64],
) -> Result<String, Unfinished> {
    let today = envelope::Day::of_unix_seconds(now()).0;
    let rng = &mut randomness();
    let restored = vault::restore(from, sheet, folder, passphrase, cost(), today, rng)?;
    let mut desk = Desk::over(restored)?;
    let (mut again, mut refused) = (String::new(), String::new());
    for number in erased {
        again.push_str(&match desk.is_erased(*number) {
            // It was opened after the backup was made.
            None => format!("\ncase {number} is not in this backup"),
            // It went with another that its words had opened.
            Some(true) => format!("\ncase {number} is erased"),
            Some(false) => match desk.erase(*number, "erased again after a restore", now(), rng) {
                Ok(()) => format!("\ncase {number} is erased again"),
                Err(why) => {
                    refused.push_str(&format!("\ncase {number} is NOT erased in it: {why}"));
                    continue;
                }
            },
        });
    }
    if !refused.is_empty() {
        return Err(Unfinished::refused(format!(
            "the backup is restored; erase at the desk, before anybody reads it, what is named here.{refused}{again}"
        )));
    }
    Ok(format!(
        "restored {}, cases: {}; what was due is destroyed. Bring {ROOT_FILE} back to publish.{again}{}",
        desk.settings().name,
        desk.office().cases().len(),
        warning()
    ))
}
