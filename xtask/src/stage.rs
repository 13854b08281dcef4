//! The whole house on loopback: a new office, its relay, its desk, its doorstep if wanted, and the
//! public's page. Made by the real commands an operator would type, in a folder that vanishes.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::broken::{Try, While, stop};
use crate::child::{self, Child, Shown};
use crate::hand::Hand;
use crate::place::{self, Folder, Profile};
use crate::proxy::Proxy;
use crate::wire;

/// What a stage is for.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    /// Seconds of an epoch: how long a letter waits to be listed, and an answer to be read.
    pub(crate) epoch_seconds: u32,
    /// A doorstep beside the relay.
    pub(crate) doorstep: bool,
    /// A recorder between everyone and the relay.
    pub(crate) recorded: bool,
    /// Invented sample cases, six of them worked through.
    pub(crate) samples: bool,
    /// Their figures published, beside the office's pages.
    pub(crate) figures: bool,
    /// Optimised binaries or not.
    pub(crate) profile: Profile,
}

/// Declared in the order in which its parts end: programs first, the folder last.
pub(crate) struct Stage {
    pub(crate) desk: Child,
    pub(crate) relay: Child,
    pub(crate) doorstep: Option<Child>,
    pub(crate) proxy: Option<Proxy>,
    /// Where a reporter writes.
    pub(crate) reporter: String,
    /// Where a caseworker works, its one-time link included.
    pub(crate) desk_link: String,
    /// Where the public reads.
    pub(crate) public: String,
    /// Where a reporter without script writes, if there is a doorstep.
    pub(crate) doorstep_url: Option<String>,
    pub(crate) epoch_seconds: u32,
    house: House,
    folder: Folder,
}

const BINARIES: [&str; 4] = ["relay", "temoin", "temoin-report", "doorstep"];
/// Invented letters, one a line. Each says of itself that it is a sample.
const SAMPLES: &str = include_str!("../samples/letters.jsonl");
const PASSPHRASE: &str = "sample passphrase of a demo that vanishes";
const PATIENCE: Duration = Duration::from_secs(60);

impl Stage {
    /// Builds what is needed and puts everything up.
    pub(crate) fn set(wanted: Wanted) -> Try<Self> {
        place::build(&BINARIES, wanted.profile)?;
        let script = place::script()?;
        let folder = Folder::temporary("demo")?;
        write(&folder.join("passphrase"), PASSPHRASE)?;
        let doorstep_at: SocketAddr = ([127, 0, 0, 1], wire::free_port()?).into();
        let mut house = House {
            base: folder.path().to_owned(),
            profile: wanted.profile,
            script,
            doorstep: wanted.doorstep.then(|| format!("http://{doorstep_at}/")),
            root: String::new(),
        };

        let init = child::must(
            "temoin-relay init",
            place::command("temoin-relay", wanted.profile)
                .arg("init")
                .arg("--folder")
                .arg(folder.join("relay")),
            Shown::No,
        )?;
        let relay_key = init.line_after("relay key")?;
        let listen: SocketAddr = ([127, 0, 0, 1], wire::free_port()?).into();
        let proxy = if wanted.recorded {
            Some(Proxy::before(listen)?)
        } else {
            None
        };
        let seen_as = proxy.as_ref().map_or(listen, |proxy| proxy.address);
        let settings = folder.join("office.toml");
        write(
            &settings,
            &office_settings(seen_as, &relay_key, wanted.epoch_seconds),
        )?;
        let mut founding = house.temoin(&["office", "create"]);
        founding.arg("--settings").arg(&settings);
        let founded = child::must("temoin office create", &mut founding, Shown::No)?;
        house.root = founded.line_after("office root")?;

        let relay = house.relay(listen)?;
        // The kit carries a published notice: it stands in the pages that are written after one.
        house.publish_site(None)?;
        house.publish_site(None)?;
        let doorstep = if wanted.doorstep {
            Some(doorstep(
                &folder,
                wanted.profile,
                doorstep_at,
                seen_as,
                &house.root,
            )?)
        } else {
            None
        };
        let (mut desk, mut desk_link) = house.desk()?;
        if wanted.samples {
            house.send_samples(&format!("http://{seen_as}"))?;
            house.work_samples(&desk_link)?;
            // The link has been used, and only one program at a time opens the vault.
            drop(desk);
            if wanted.figures {
                house.publish_figures()?;
            }
            (desk, desk_link) = house.desk()?;
        }
        Ok(Self {
            desk,
            relay,
            doorstep,
            proxy,
            reporter: format!("http://{seen_as}/"),
            desk_link,
            public: format!("http://{seen_as}/figures/"),
            doorstep_url: house.doorstep.clone(),
            epoch_seconds: wanted.epoch_seconds,
            house,
            folder,
        })
    }

    /// Whether none of the programs has ended by itself.
    pub(crate) fn all_run(&mut self) -> bool {
        let doorstep = self.doorstep.as_mut().is_none_or(Child::runs);
        self.desk.runs() && self.relay.runs() && doorstep
    }

    /// Opens the desk again: its link works once, and a browser that was closed forgot its way in.
    pub(crate) fn reopen_desk(&mut self) -> Try<()> {
        self.desk.end();
        (self.desk, self.desk_link) = self.house.desk()?;
        Ok(())
    }

    /// Everything the relay keeps.
    pub(crate) fn relay_folder(&self) -> PathBuf {
        self.folder.join("relay")
    }

    /// Where the desk is told to put its figures.
    pub(crate) fn figures_folder(&self) -> PathBuf {
        self.house.figures()
    }

    /// What the kit's journey needs: the kit itself, the office's root and notice, and folders that
    /// stand for two sticks and a drop point.
    pub(crate) fn kit(&self) -> Try<Value> {
        let at = |name: &str| self.house.base.join(name);
        for folder in ["stick", "drop", "copy"] {
            std::fs::create_dir_all(at(folder)).doing(|| format!("making the folder {folder}"))?;
        }
        Ok(serde_json::json!({
            "kit": at("site").join("kit.html"),
            "root": self.house.root,
            "notice": at("notice"),
            "stick": at("stick"),
            "drop": at("drop"),
            "copy": at("copy"),
            "programs": place::programs(self.house.profile),
        }))
    }

    /// With the native program, through a Tor at `socks`: a letter is sent and signed for, and the
    /// board is copied and holds.
    pub(crate) fn native_over(&self, onion: &str, socks: SocketAddr) -> Try<()> {
        let socks = socks.to_string();
        let file = self.house.base.join("through-tor.jsonl");
        let line = SAMPLES.lines().next().unwrap_or_default();
        write(&file, &format!("{line}\n"))?;
        let to = [
            "--relay",
            onion,
            "--root",
            &self.house.root,
            "--socks",
            &socks,
        ];
        let mut sending = place::command("temoin-report", self.house.profile);
        sending.arg("send").arg(&file).args(to);
        sending.args(["--words", "en"]);
        child::must("temoin-report send through Tor", &mut sending, Shown::No)?;
        let mut copying = place::command("temoin-report", self.house.profile);
        copying.arg("board").args(to);
        copying
            .args(["--days", "1", "--to"])
            .arg(self.house.base.join("board-by-tor"));
        child::must("temoin-report board through Tor", &mut copying, Shown::No)?;
        Ok(())
    }

    /// The passphrase of the desk.
    pub(crate) fn passphrase() -> &'static str {
        PASSPHRASE
    }

    /// Puts the figures the desk has written beside the office's pages. The desk must be locked,
    /// since one program at a time opens the vault.
    pub(crate) fn publish_figures(&self) -> Try<()> {
        self.house.publish_site(Some(&self.house.figures()))
    }
}

/// What the commands of an operator need to know.
struct House {
    base: PathBuf,
    profile: Profile,
    script: PathBuf,
    doorstep: Option<String>,
    root: String,
}

impl House {
    fn figures(&self) -> PathBuf {
        self.base.join("figures")
    }

    /// The office's command line, its passphrase read from a file.
    fn temoin(&self, arguments: &[&str]) -> Command {
        let mut command = place::command("temoin", self.profile);
        command
            .args(arguments)
            .arg("--folder")
            .arg(self.base.join("office"))
            .env("TEMOIN_PASSPHRASE_FILE", self.base.join("passphrase"));
        command
    }

    fn relay(&self, listen: SocketAddr) -> Try<Child> {
        let settings = self.base.join("relay.toml");
        let mut text = format!(
            "listen = \"{listen}\"\nfolder = \"{}\"\noffice_root = \"{}\"\nsite = \"{}\"\n",
            self.base.join("relay").display(),
            self.root,
            self.base.join("site").display()
        );
        if let Some(doorstep) = &self.doorstep {
            text.push_str(&format!(
                "doorstep = \"{}\"\n",
                doorstep.trim_end_matches('/')
            ));
        }
        write(&settings, &text)?;
        let mut serving = place::command("temoin-relay", self.profile);
        serving.arg("serve").arg("--settings").arg(&settings);
        let mut relay = Child::start("temoin-relay", &mut serving)?;
        relay.line_after("listening on", PATIENCE)?;
        Ok(relay)
    }

    /// Writes the pages, and publishes a notice that vouches for them.
    fn publish_site(&self, figures: Option<&Path>) -> Try<()> {
        let site = self.base.join("site");
        if site.exists() {
            std::fs::remove_dir_all(&site).doing(|| format!("removing {}", site.display()))?;
        }
        let mut making = self.temoin(&["site"]);
        making
            .arg("--script")
            .arg(&self.script)
            .arg("--to")
            .arg(&site);
        if let Some(doorstep) = &self.doorstep {
            making.arg("--doorstep").arg(doorstep);
        }
        if let Some(figures) = figures {
            making.arg("--figures").arg(figures);
        }
        child::must("temoin site", &mut making, Shown::No)?;
        let mut publishing = self.temoin(&["office", "publish"]);
        publishing
            .arg("--site")
            .arg(&site)
            .arg("--to")
            .arg(self.base.join("notice"));
        child::must("temoin office publish", &mut publishing, Shown::No)?;
        Ok(())
    }

    fn desk(&self) -> Try<(Child, String)> {
        let mut opening = self.temoin(&["desk"]);
        opening.args(["--listen", "127.0.0.1:0"]);
        let mut desk = Child::start("temoin desk", &mut opening)?;
        let link = desk.line_after("open", PATIENCE)?;
        Ok((desk, link))
    }

    /// Each sample is a letter of its own, under words nobody keeps.
    fn send_samples(&self, relay: &str) -> Try<()> {
        for (number, line) in SAMPLES.lines().enumerate() {
            let file = self.base.join(format!("sample-{number}.jsonl"));
            write(&file, &format!("{line}\n"))?;
            let mut sending = place::command("temoin-report", self.profile);
            sending
                .arg("send")
                .arg(&file)
                .args(["--relay", relay, "--root", &self.root, "--words", "en"]);
            child::must("temoin-report send", &mut sending, Shown::No)?;
        }
        Ok(())
    }

    /// Waits until the desk has collected them, and works through those with a day.
    fn work_samples(&self, link: &str) -> Try<()> {
        let hand = Hand::enter(link)?;
        let samples: Vec<Value> = SAMPLES
            .lines()
            .map(|line| serde_json::from_str(line).doing(|| "reading a sample".to_owned()))
            .collect::<Try<_>>()?;
        let mut cases = Vec::new();
        wire::until(
            "the desk has collected the sample letters",
            PATIENCE,
            || {
                cases = hand.cases()?;
                Ok(cases.len() >= samples.len())
            },
        )?;
        for (number, title) in cases {
            let told = samples.iter().find(|sample| {
                let narrative = sample["narrative"].as_str().unwrap_or_default();
                // The queue shows the beginning; what HTML escapes stands later in each.
                let beginning: String = narrative.chars().skip(60).take(20).collect();
                title.contains(&beginning)
            });
            let Some(told) = told else {
                return stop("a case at the desk is none of the samples");
            };
            if told["when"].get("first").is_some() {
                hand.work(number, told)?;
            }
        }
        Ok(())
    }

    /// Figures of the worked cases, beside the office's pages.
    fn publish_figures(&self) -> Try<()> {
        let mut counting = self.temoin(&["figures"]);
        counting.arg("--to").arg(self.figures()).args([
            "--release",
            "sample",
            "--period",
            "quarter",
        ]);
        child::must("temoin figures", &mut counting, Shown::No)?;
        self.publish_site(Some(&self.figures()))
    }
}

fn write(file: &Path, text: &str) -> Try<()> {
    std::fs::write(file, text).doing(|| format!("writing {}", file.display()))
}

/// The sample of `temoin sample`, with what a demo needs: short epochs, and figures at once.
fn office_settings(relay: SocketAddr, relay_key: &str, epoch_seconds: u32) -> String {
    format!(
        "name = \"Sample Office\"\nlanguages = [\"en\", \"fr\", \"es\", \"ar\", \"ru\", \"zh\"]\nzone = \"UTC\"\n\
         relays = [\"http://{relay}\"]\nrelay_key = \"{relay_key}\"\n\
         epoch_seconds = {epoch_seconds}\nleaves_per_epoch = 32\ncells_per_epoch = 16\n\
         collect_seconds = {}\npublication_delay_days = 0\nsmallest_cell = 2\n\
         exit = \"http://{relay}/\"\n\
         [greeting]\nen = \"Sample: we read every letter.\"\nfr = \"Exemple\u{a0}: nous lisons chaque lettre.\"\n\
         [[questions]]\nid = \"vehicle\"\ntext = {{ en = \"Was there a vehicle?\", fr = \"Y avait-il un véhicule\u{a0}?\" }}\n\
         [[regions]]\ncountry = \"AQ\"\nnumber = 1\nnames = [\"North Sample\"]\n\
         [[regions]]\ncountry = \"AQ\"\nnumber = 2\nnames = [\"South Sample\"]\n",
        epoch_seconds.clamp(1, 5)
    )
}

fn doorstep(
    folder: &Folder,
    profile: Profile,
    at: SocketAddr,
    relay: SocketAddr,
    root: &str,
) -> Try<Child> {
    let settings = folder.join("doorstep.toml");
    let text = format!(
        "listen = \"{at}\"\nrelay = \"http://{relay}\"\noffice_root = \"{root}\"\n\
         exit = \"http://{relay}/\"\n"
    );
    write(&settings, &text)?;
    let mut serving = place::command("temoin-doorstep", profile);
    serving.arg("--settings").arg(&settings);
    let mut child = Child::start("temoin-doorstep", &mut serving)?;
    child.line_after("listening on", PATIENCE)?;
    Ok(child)
}
