//! A real relay in a folder, with the office of a seed on it: started, killed, started again.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use envelope::board::SignedManifest;
use envelope::keys::RelayKey;
use envelope::{Epoch, Leaf, Receipt};

use crate::broken::{Try, While, stop};
use crate::child::{self, Child, Shown};
use crate::link::End;
use crate::office::{Epochs, Office};
use crate::place::{self, Profile};
use crate::wire;

/// The relay of one run.
pub(crate) struct Served<'a> {
    office: &'a Office,
    profile: Profile,
    folder: &'a Path,
    pub(crate) key: RelayKey,
    pub(crate) address: SocketAddr,
    running: Option<Child>,
}

impl<'a> Served<'a> {
    /// A new relay in an empty folder, its notice and key published.
    pub(crate) fn new(
        office: &'a Office,
        profile: Profile,
        folder: &'a Path,
        epochs: Epochs,
    ) -> Try<Self> {
        let address: SocketAddr = ([127, 0, 0, 1], wire::free_port()?).into();
        let mut served = Self::founded(office, profile, folder, address, None)?;
        served.start()?;
        let notice = office.notice(served.key, &format!("http://{address}"), epochs);
        served.put("/office/notice", &notice)?;
        let path = format!("/office/keys/{}", office.period.number());
        served.put(&path, &office.intake_public())?;
        Ok(served)
    }

    /// An empty store and the settings beside it; nothing runs yet.
    pub(crate) fn founded(
        office: &'a Office,
        profile: Profile,
        folder: &'a Path,
        address: SocketAddr,
        site: Option<&Path>,
    ) -> Try<Self> {
        let store = folder.join("relay");
        let init = child::must(
            "temoin-relay init",
            place::command("temoin-relay", profile)
                .arg("init")
                .arg("--folder")
                .arg(&store),
            Shown::No,
        )?;
        let key = place::from_hex(&init.line_after("relay key")?)
            .and_then(|bytes| bytes.try_into().ok())
            .map(RelayKey);
        let Some(key) = key else {
            return stop("temoin-relay init printed no relay key");
        };
        let site = site.map_or_else(String::new, |site| {
            format!("site = \"{}\"\n", site.display())
        });
        let settings = format!(
            "listen = \"{address}\"\nfolder = \"{}\"\noffice_root = \"{}\"\n{site}\
             [limits]\nletters_per_epoch = 16000000\nmebibytes_per_epoch = 80000\npuzzle_bits = 0\n",
            store.display(),
            office.root_hex(),
        );
        let file = folder.join("relay.toml");
        std::fs::write(&file, settings).doing(|| format!("writing {}", file.display()))?;
        Ok(Self {
            office,
            profile,
            folder,
            key,
            address,
            running: None,
        })
    }

    fn put(&self, path: &str, body: &[u8]) -> Try<()> {
        let answer =
            wire::ask(self.address, "PUT", path, &[], body).doing(|| format!("putting {path}"))?;
        if answer.status == 204 {
            Ok(())
        } else {
            stop(format!(
                "the relay answered {} to PUT {path}",
                answer.status
            ))
        }
    }

    /// Starts it, on what an earlier run left in the folder.
    pub(crate) fn start(&mut self) -> Try<()> {
        let child = started(&mut serving(self.profile, self.folder))?;
        self.running = Some(child);
        Ok(())
    }

    /// The relay of a folder that [`Served::founded`] made, at one end of a link.
    pub(crate) fn left_in(profile: Profile, folder: &Path, end: &End) -> Try<Child> {
        started(&mut end.within(&serving(profile, folder)))
    }

    /// Everything it keeps.
    pub(crate) fn store(&self) -> PathBuf {
        self.folder.join("relay")
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        if let Some(child) = self.running.take() {
            child.kill();
        }
    }

    /// Takes the process out, for who kills it from another thread.
    pub(crate) fn take(&mut self) -> Option<Child> {
        self.running.take()
    }

    /// Its process number.
    pub(crate) fn id(&self) -> Option<u32> {
        self.running.as_ref().map(Child::id)
    }

    /// The epoch a receipt promises, if this relay signed it for this letter.
    pub(crate) fn promised(&self, receipt: &[u8], leaf: Leaf) -> Option<Epoch> {
        Receipt::verify(receipt, leaf, &self.office.mailbox, &self.key)
            .ok()
            .map(|receipt| receipt.epoch())
    }

    /// The newest closed epoch, none before the first.
    pub(crate) fn newest(&self) -> Try<Option<Epoch>> {
        let answer = wire::ask(self.address, "GET", "/board/newest", &[], &[])
            .doing(|| "asking for the board".to_owned())?;
        match answer.status {
            404 => Ok(None),
            200 => Ok(Some(self.manifest(&answer.body)?.manifest().epoch)),
            other => stop(format!("the relay answered {other} to /board/newest")),
        }
    }

    fn manifest(&self, file: &[u8]) -> Try<SignedManifest> {
        match SignedManifest::verify(file, &self.office.mailbox, &self.key) {
            Ok(manifest) => Ok(manifest),
            Err(why) => stop(format!("a manifest does not hold: {why:?}")),
        }
    }

    /// Waits until an epoch is closed.
    pub(crate) fn until_closed(&self, epoch: Epoch, within: Duration) -> Try<()> {
        wire::until(&format!("epoch {} closed", epoch.0), within, || {
            Ok(self.newest()?.is_some_and(|newest| newest >= epoch))
        })
    }

    /// The leaves an epoch lists, its manifest checked: number, order and chain.
    pub(crate) fn listed(&self, epoch: Epoch) -> Try<(Vec<Leaf>, SignedManifest)> {
        let file = self.file(&format!("/board/{}/manifest", epoch.0))?;
        let manifest = self.manifest(&file)?;
        let bytes = self.file(&format!("/board/{}/leaves", epoch.0))?;
        let leaves: Vec<Leaf> = bytes
            .as_chunks::<32>()
            .0
            .iter()
            .copied()
            .map(Leaf)
            .collect();
        if manifest.manifest().epoch != epoch || manifest.manifest().leaves != leaves.len() as u64 {
            return stop(format!("epoch {} is not what its manifest says", epoch.0));
        }
        Ok((leaves, manifest))
    }

    fn file(&self, path: &str) -> Try<Vec<u8>> {
        let answer =
            wire::ask(self.address, "GET", path, &[], &[]).doing(|| format!("fetching {path}"))?;
        if answer.status == 200 {
            Ok(answer.body)
        } else {
            stop(format!("the relay answered {} to {path}", answer.status))
        }
    }

    /// A request of the office, signed.
    pub(crate) fn ask_as_office(&self, method: &str, path: &str) -> Try<wire::Answer> {
        let signed = self.office.signed(method, path, &[]);
        wire::ask(
            self.address,
            method,
            path,
            &[(envelope::office_request::HEADER, &signed)],
            &[],
        )
        .doing(|| format!("asking {path} as the office"))
    }
}

fn serving(profile: Profile, folder: &Path) -> Command {
    let mut command: Command = place::command("temoin-relay", profile);
    command
        .arg("serve")
        .arg("--settings")
        .arg(folder.join("relay.toml"));
    command
}

fn started(command: &mut Command) -> Try<Child> {
    let mut child = Child::start("temoin-relay", command)?;
    child.line_after("listening on", Duration::from_secs(60))?;
    Ok(child)
}
