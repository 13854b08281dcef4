//! A Tor network of its own on loopback: three authorities, three relays, a service with the sample
//! `packaging/torrc`, and a client. Over it a testimony goes all the way, in a browser that trusts
//! an onion as Tor Browser does, and with the native program. Nothing leaves this machine.
//!
//! It shows that the pages, the limits in time and the sample settings hold over Tor. It does not
//! show that Tor hides anybody: that is Tor's own claim, and a network of eight on one machine hides
//! nobody.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::broken::{Try, While, stop};
use crate::child::{self, Child, Shown};
use crate::place::{self, Folder, Profile};
use crate::stage::{Stage, Wanted};
use crate::{interrupt, journeys, wire};

const AUTHORITIES: usize = 3;
const RELAYS: usize = 3;
/// The first consensus takes about 20 s, the service's descriptor as long again.
const PATIENCE: Duration = Duration::from_secs(300);

/// Ended when dropped, its folder after its programs.
pub(crate) struct Network {
    nodes: Vec<Child>,
    /// Where the client takes connections.
    pub(crate) socks: SocketAddr,
    /// The service, as people write it.
    pub(crate) onion: String,
    folder: Folder,
}

impl Network {
    /// A network with an onion service in front of `target`. Its parts have begun; nothing is
    /// reached yet.
    fn before(target: SocketAddr) -> Try<Self> {
        installed()?;
        let folder = Folder::on_disk("tor")?;
        let mut ports = Vec::new();
        let mut port = || -> Try<u16> {
            loop {
                let port = wire::free_port()?;
                if !ports.contains(&port) {
                    ports.push(port);
                    return Ok(port);
                }
            }
        };
        let mut authorities = Vec::new();
        for number in 0..AUTHORITIES {
            authorities.push(Node::new(
                &folder,
                &format!("authority{number}"),
                port()?,
                port()?,
            )?);
        }
        let mut lines = String::new();
        for authority in &authorities {
            lines.push_str(&authority.line()?);
        }
        let mut nodes = Vec::new();
        for authority in &authorities {
            let more = format!(
                "OrPort 127.0.0.1:{}\nDirPort 127.0.0.1:{}\n{AUTHORITY}",
                authority.or_port, authority.dir_port
            );
            nodes.push(authority.start(&lines, &more)?);
        }
        for number in 0..RELAYS {
            let relay = Node::new(&folder, &format!("relay{number}"), port()?, 0)?;
            let more = format!("OrPort 127.0.0.1:{}\nExitRelay 0\n", relay.or_port);
            nodes.push(relay.start(&lines, &more)?);
        }
        let service = Node::new(&folder, "service", 0, 0)?;
        let hidden = folder.join("hidden");
        nodes.push(service.start(&lines, &sample(&hidden, target)?)?);
        let socks: SocketAddr = ([127, 0, 0, 1], port()?).into();
        let client = Node::new(&folder, "client", 0, 0)?;
        nodes.push(client.start(&lines, &format!("SocksPort {socks}\n"))?);
        let name = hidden.join("hostname");
        wire::until("the service has a name", Duration::from_secs(60), || {
            Ok(name.exists())
        })?;
        let name =
            std::fs::read_to_string(&name).doing(|| "reading the onion's name".to_owned())?;
        Ok(Self {
            nodes,
            socks,
            onion: format!("http://{}", name.trim()),
            folder,
        })
    }

    /// Waits until the relay's health is heard through it; how long that took since `begin`.
    fn heard(&mut self, begin: Instant) -> Try<Duration> {
        let relay = carry::http::Relay::through(&self.onion, self.socks)
            .map_err(|_| crate::broken::Broken("Tor gave no good name".to_owned()))?;
        while begin.elapsed() < PATIENCE {
            if interrupt::asked() {
                return stop("asked to end");
            }
            if !self.nodes.iter_mut().all(Child::runs) {
                return stop(format!("a node ended by itself:\n{}", self.complaints()));
            }
            if matches!(relay.notice(), Ok(Some(_))) {
                return Ok(begin.elapsed());
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        stop(format!(
            "the service was not reached in {} s:\n{}",
            PATIENCE.as_secs(),
            self.complaints()
        ))
    }

    /// The last warnings of every node.
    fn complaints(&self) -> String {
        let mut all = String::new();
        for log in place::files_below(self.folder.path()).unwrap_or_default() {
            if log.extension().is_some_and(|kind| kind == "log") {
                let text = std::fs::read_to_string(&log).unwrap_or_default();
                let last: Vec<&str> = text.lines().rev().take(4).collect();
                all.push_str(&format!("{}:\n{}\n", log.display(), last.join("\n")));
            }
        }
        all
    }
}

/// One Tor.
struct Node {
    name: String,
    folder: PathBuf,
    or_port: u16,
    dir_port: u16,
}

/// Consensus every twenty seconds, and every relay good for everything.
const AUTHORITY: &str = "AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ExitRelay 0
TestingV3AuthInitialVotingInterval 20
TestingV3AuthInitialVoteDelay 4
TestingV3AuthInitialDistDelay 4
V3AuthVotingInterval 20
V3AuthVoteDelay 4
V3AuthDistDelay 4
TestingDirAuthVoteExit *
TestingDirAuthVoteHSDir *
TestingDirAuthVoteGuard *
TestingMinExitFlagThreshold 0
MinUptimeHidServDirectoryV2 0
";

impl Node {
    fn new(base: &Folder, name: &str, or_port: u16, dir_port: u16) -> Try<Self> {
        let folder = base.join(name);
        std::fs::create_dir_all(folder.join("keys")).doing(|| format!("making {name}"))?;
        private(&folder)?;
        private(&folder.join("keys"))?;
        Ok(Self {
            name: name.to_owned(),
            folder,
            or_port,
            dir_port,
        })
    }

    /// The line by which others know this authority. Makes its keys.
    fn line(&self) -> Try<String> {
        let mut making = Command::new("tor-gencert");
        making
            .args([
                "--create-identity-key",
                "-m",
                "12",
                "--passphrase-fd",
                "0",
                "-a",
            ])
            .arg(format!("127.0.0.1:{}", self.dir_port))
            .current_dir(self.folder.join("keys"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut making = making.spawn().doing(|| "starting tor-gencert".to_owned())?;
        if let Some(mut pipe) = making.stdin.take() {
            // The identity key is that of a network which ends in minutes.
            pipe.write_all(b"a network on loopback\n")
                .doing(|| "speaking to tor-gencert".to_owned())?;
        }
        let made = making
            .wait()
            .doing(|| "waiting for tor-gencert".to_owned())?;
        if !made.success() {
            return stop("tor-gencert made no key");
        }
        let certificate = self.folder.join("keys/authority_certificate");
        let certificate = std::fs::read_to_string(certificate)
            .doing(|| "reading an authority's certificate".to_owned())?;
        let Some(identity) = certificate
            .lines()
            .find_map(|line| line.strip_prefix("fingerprint "))
        else {
            return stop("an authority's certificate names no identity");
        };
        // Tor makes its relay's keys when asked for their fingerprint, and wants to know some
        // authority before it does.
        let told = child::must(
            "tor --list-fingerprint",
            Command::new("tor")
                .args([
                    "--list-fingerprint",
                    "--quiet",
                    "--ignore-missing-torrc",
                    "-f",
                ])
                .arg(self.folder.join("no-torrc"))
                .args(["--TestingTorNetwork", "1", "--DirAuthority"])
                .arg(format!(
                    "other orport=1 v3ident={identity} 127.0.0.1:2 {identity}"
                ))
                .arg("--DataDirectory")
                .arg(&self.folder)
                .args(["--Nickname", &self.name, "--OrPort"])
                .arg(self.or_port.to_string()),
            Shown::No,
        )?;
        let beginning = format!("{} ", self.name);
        let Some(fingerprint) = told
            .said
            .lines()
            .find_map(|line| line.strip_prefix(beginning.as_str()))
        else {
            return stop("tor told no fingerprint");
        };
        Ok(format!(
            "DirAuthority {} orport={} no-v2 v3ident={identity} 127.0.0.1:{} {fingerprint}\n",
            self.name, self.or_port, self.dir_port
        ))
    }

    fn start(&self, authorities: &str, more: &str) -> Try<Child> {
        let torrc = self.folder.join("torrc");
        let socks = if more.contains("SocksPort") {
            ""
        } else {
            "SocksPort 0\n"
        };
        let text = format!(
            "TestingTorNetwork 1\nNickname {}\nDataDirectory {}\nAssumeReachable 1\n\
             PathsNeededToBuildCircuits 0.67\nShutdownWaitLength 0\nAddress 127.0.0.1\n\
             Log notice file {}\n{socks}{authorities}{more}",
            self.name,
            self.folder.display(),
            self.folder.join("tor.log").display(),
        );
        std::fs::write(&torrc, text).doing(|| format!("writing {}", torrc.display()))?;
        let mut command = Command::new("tor");
        command
            .args(["--quiet", "--defaults-torrc"])
            .arg(self.folder.join("no-torrc"))
            .arg("-f")
            .arg(&torrc);
        Child::start(&self.name, &mut command)
    }
}

/// The lines of `packaging/torrc` as they stand, but for the folder and the port.
fn sample(hidden: &Path, target: SocketAddr) -> Try<String> {
    let file = place::root().join("packaging/torrc");
    let text = std::fs::read_to_string(file).doing(|| "reading packaging/torrc".to_owned())?;
    let folder = "HiddenServiceDir /var/lib/tor/temoin/";
    let port = "HiddenServicePort 80 127.0.0.1:8080";
    if !text.contains(folder) || !text.contains(port) {
        return stop("packaging/torrc names another folder or port than this run knows");
    }
    Ok(text
        .replace(folder, &format!("HiddenServiceDir {}", hidden.display()))
        .replace(port, &format!("HiddenServicePort 80 {target}")))
}

/// Tor refuses a folder that others may read.
fn private(folder: &Path) -> Try<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
        .doing(|| format!("closing {} to others", folder.display()))
}

fn installed() -> Try<()> {
    for program in ["tor", "tor-gencert"] {
        let there = Command::new(program)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if there.is_err() {
            return stop(format!(
                "{program} is not here; on Debian: apt-get install tor"
            ));
        }
    }
    Ok(())
}

/// `cargo xtask soak tor`.
pub(crate) fn journey() -> Try<String> {
    installed()?;
    let stage = Stage::set(Wanted {
        epoch_seconds: 10,
        doorstep: false,
        recorded: false,
        samples: true,
        figures: false,
        profile: Profile::Dev,
    })?;
    let begin = Instant::now();
    let mut network = Network::before(wire::address_of(&stage.reporter)?)?;
    let first = network.heard(begin)?;
    println!("heard after {:.1} s", first.as_secs_f64());
    stage.native_over(&network.onion, network.socks)?;
    let walked = journeys::over_tor(&stage, &network.onion, network.socks)?;
    if walked.failed > 0 {
        return stop(walked.told);
    }
    Ok(format!(
        "A network of {AUTHORITIES} authorities, {RELAYS} relays, a service with packaging/torrc \
         and a client, on loopback: the relay was heard {:.1} s after the first of them started; a \
         letter by temoin-report and its board were carried; in Firefox ESR, onion trusted as Tor \
         Browser does: {}",
        first.as_secs_f64(),
        walked.told.lines().next().unwrap_or_default()
    ))
}
