//! Makes `tests/data/stores`: a relay's store and an office's vault as today's programs write them,
//! with invented reports inside. `cargo run -p rehearsal --example stores` when a stored format got
//! a new version: the folder takes the version's name, and the older ones stay, for
//! `crates/rehearsal/tests/stores.rs` to open them for ever.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use envelope::keys::RelaySecret;
use rehearsal::stage::{Stage, an_arrest_in};
use relay::{FolderShelf, Limits, Relay};

fn main() -> ExitCode {
    let below = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/stores");
    let name = std::env::args().nth(1);
    let folder = below.join(name.unwrap_or_else(|| "1".to_owned()));
    if folder.exists() {
        // What was once written is what is to be read: it is never made anew over itself.
        return ExitCode::from(3);
    }
    match write(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Two letters, of which the desk has one; an answer on the board; a letter in the open epoch.
fn write(folder: &Path) -> std::io::Result<()> {
    let relay = folder.join("relay");
    let init = ["temoin-relay", "init", "--folder"].map(Into::into);
    let made = relay::run(init.into_iter().chain([relay.clone().into_os_string()]));
    if made != relay::Ending::Done {
        return Err(std::io::ErrorKind::Other.into());
    }
    // The rehearsal's office names the relay of this seed.
    std::fs::write(relay.join("relay.key"), [7; 32])?;
    let mut stage = Stage::with_an_office(1);
    let root = stage.root();
    let shelf = FolderShelf::open(&relay).map_err(|_| std::io::ErrorKind::Other)?;
    let secret = RelaySecret::from_seed(&[7; 32]);
    stage.relay = Relay::open(Arc::new(shelf), secret, root, Limits::default(), stage.now)
        .map_err(|_| std::io::ErrorKind::Other)?;
    stage.the_office_publishes_its_notice();
    stage
        .a_reporter()
        .reports(&an_arrest_in("Kasai"), &mut stage);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.an_epoch_passes();
    stage
        .a_reporter()
        .reports(&an_arrest_in("Lomami"), &mut stage);
    let digits: String = root.0.iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(folder.join("office-root"), digits)?;
    std::fs::write(folder.join("now"), stage.now.to_string())?;
    copy(&stage.folder().join("office"), &folder.join("office"))?;
    // Held by nobody any more, and made at every start.
    std::fs::remove_file(relay.join("lock"))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path: PathBuf = entry?.path();
        let to = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &to)?;
        } else {
            std::fs::copy(&path, to)?;
        }
    }
    Ok(())
}
