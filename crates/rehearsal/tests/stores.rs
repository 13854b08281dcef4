//! What was ever stored is read for ever: every store below `tests/data/stores` opens in today's
//! programs with all that was in it. They were made by `examples/stores.rs` and are never made anew.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use desk::{Desk, Passphrase};
use envelope::Epoch;
use envelope::keys::{RelaySecret, RootKey};
use relay::store::{Position, Shelf};
use relay::{FolderShelf, Limits, Relay};

/// Every stored version, copied to where it may be changed.
fn stores() -> Vec<(String, tempfile::TempDir)> {
    let below = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/stores");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let to = tempfile::tempdir().unwrap();
            copy(&path, to.path());
            found.push((name, to));
        }
    }
    assert!(!found.is_empty());
    found
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, to).unwrap();
        }
    }
}

/// Folders that hold nothing are not kept with the sources; a store has them.
fn with_its_folders(relay: &Path) {
    for name in ["letters", "openings", "board/days", "keys"] {
        std::fs::create_dir_all(relay.join(name)).unwrap();
    }
}

#[test]
fn a_relays_store_of_every_version_opens_and_has_every_letter_and_every_epoch() {
    for (version, store) in stores() {
        let folder = store.path().join("relay");
        with_its_folders(&folder);
        let digits = std::fs::read_to_string(store.path().join("office-root")).unwrap();
        let mut root = [0; 32];
        for (to, pair) in root.iter_mut().zip(digits.as_bytes().chunks(2)) {
            *to = u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        }
        let now = std::fs::read_to_string(store.path().join("now")).unwrap();
        let shelf = Arc::new(FolderShelf::open(&folder).unwrap());
        assert_eq!(shelf.newest_closed(), Some(Epoch(1)), "version {version}");
        let letters = shelf.letters_after(Position(0), 1 << 30).unwrap();
        assert_eq!(letters.len(), 2, "version {version}");
        let seed = std::fs::read(folder.join("relay.key")).unwrap();
        let secret = RelaySecret::from_seed(&seed.try_into().unwrap());
        let limits = Limits::default();
        let now = now.parse().unwrap();
        let relay = Relay::open(shelf, secret, RootKey(root), limits, now).unwrap();
        for file in ["newest", "0/manifest", "1/leaves", "1/tags"] {
            let answer = relay.answer("GET", &format!("/board/{file}"), None, &[], now);
            assert_eq!(answer.status, 200, "version {version}: {file}");
        }
    }
}

#[test]
fn an_offices_vault_of_every_version_opens_with_its_passphrase_and_has_its_case() {
    for (version, store) in stores() {
        let passphrase = Passphrase::new("a rehearsal");
        let desk = Desk::unlock(&store.path().join("office"), &passphrase).unwrap();
        assert_eq!(desk.cases().count(), 1, "version {version}");
    }
}
