//! The whole house on loopback: a new office, its relay, its desk, its doorstep if wanted, and the
//! public's page. Made by the real commands an operator would type, in a folder that vanishes.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::broken::{Try, While};
use crate::child::{self, Child, Shown};
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
    /// Optimised binaries.
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
    folder: Folder,
}

const BINARIES: [&str; 4] = ["relay", "temoin", "temoin-report", "doorstep"];
const PASSPHRASE: &str = "sample passphrase of a demo that vanishes";
const PATIENCE: Duration = Duration::from_secs(60);

impl Stage {
    /// Builds what is needed and puts everything up.
    pub(crate) fn set(wanted: Wanted) -> Try<Self> {
        place::build(&BINARIES, wanted.profile)?;
        let script = place::script()?;
        let folder = Folder::temporary("demo")?;
        let office = folder.join("office");
        let site = folder.join("site");
        let passphrase = folder.join("passphrase");
        write(&passphrase, PASSPHRASE)?;
        let temoin = |arguments: &[&str]| {
            let mut command = place::command("temoin", wanted.profile);
            command
                .args(arguments)
                .arg("--folder")
                .arg(&office)
                .env("TEMOIN_PASSPHRASE_FILE", &passphrase);
            command
        };

        let store = folder.join("relay");
        let init = child::must(
            "temoin-relay init",
            place::command("temoin-relay", wanted.profile)
                .arg("init")
                .arg("--folder")
                .arg(&store),
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
        let doorstep_at: SocketAddr = ([127, 0, 0, 1], wire::free_port()?).into();
        let settings = folder.join("office.toml");
        write(
            &settings,
            &office_settings(seen_as, &relay_key, wanted.epoch_seconds),
        )?;
        let created = child::must(
            "temoin office create",
            temoin(&["office", "create"])
                .arg("--settings")
                .arg(&settings),
            Shown::No,
        )?;
        let root = created.line_after("office root")?;

        let mut making = temoin(&["site"]);
        making.arg("--script").arg(&script).arg("--to").arg(&site);
        if wanted.doorstep {
            making
                .arg("--doorstep")
                .arg(format!("http://{doorstep_at}/"));
        }
        child::must("temoin site", &mut making, Shown::No)?;

        let relay_settings = folder.join("relay.toml");
        let mut text = format!(
            "listen = \"{listen}\"\nfolder = \"{}\"\noffice_root = \"{root}\"\nsite = \"{}\"\n",
            store.display(),
            site.display()
        );
        if wanted.doorstep {
            text.push_str(&format!("doorstep = \"http://{doorstep_at}\"\n"));
        }
        write(&relay_settings, &text)?;
        let mut serving = place::command("temoin-relay", wanted.profile);
        serving.arg("serve").arg("--settings").arg(&relay_settings);
        let mut relay = Child::start("temoin-relay", &mut serving)?;
        relay.line_after("listening on", PATIENCE)?;

        child::must(
            "temoin office publish",
            temoin(&["office", "publish"]).arg("--site").arg(&site),
            Shown::No,
        )?;

        let doorstep = if wanted.doorstep {
            Some(doorstep(
                &folder,
                wanted.profile,
                doorstep_at,
                seen_as,
                &root,
            )?)
        } else {
            None
        };

        let mut desk = Child::start(
            "temoin desk",
            temoin(&["desk"]).args(["--listen", "127.0.0.1:0"]),
        )?;
        let desk_link = desk.line_after("open", PATIENCE)?;
        Ok(Self {
            desk,
            relay,
            doorstep,
            proxy,
            reporter: format!("http://{seen_as}/"),
            desk_link,
            public: String::new(),
            doorstep_url: wanted.doorstep.then(|| format!("http://{doorstep_at}/")),
            epoch_seconds: wanted.epoch_seconds,
            folder,
        })
    }

    /// Whether none of the programs has ended by itself.
    pub(crate) fn all_run(&mut self) -> bool {
        let doorstep = self.doorstep.as_mut().is_none_or(Child::runs);
        self.desk.runs() && self.relay.runs() && doorstep
    }

    /// Everything the relay keeps.
    pub(crate) fn relay_folder(&self) -> PathBuf {
        self.folder.join("relay")
    }
}

fn write(file: &Path, text: &str) -> Try<()> {
    std::fs::write(file, text).doing(|| format!("writing {}", file.display()))
}

/// The sample of `temoin sample`, with what a demo needs: short epochs, and figures at once.
fn office_settings(relay: SocketAddr, relay_key: &str, epoch_seconds: u32) -> String {
    format!(
        "name = \"Sample Office\"\nlanguages = [\"en\", \"fr\"]\nzone = \"UTC\"\n\
         relays = [\"http://{relay}\"]\nrelay_key = \"{relay_key}\"\n\
         epoch_seconds = {epoch_seconds}\nleaves_per_epoch = 32\ncells_per_epoch = 16\n\
         collect_seconds = {}\npublication_delay_days = 0\nsmallest_cell = 3\n\
         exit = \"http://{relay}/\"\n",
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
