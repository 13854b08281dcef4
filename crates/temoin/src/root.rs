//! The office's root, kept in a file apart from the vault: `root.temoin`, locked under the
//! passphrase. It holds the root and the one that is announced to follow it.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use open::RootSecret;
use vault::{Cost, Passphrase};
use zeroize::Zeroizing;

use crate::ending::Stopped;

/// The file's name in the office's folder.
pub(crate) const FILE: &str = "root.temoin";

/// Writes a new root file, and nothing over an old one.
pub(crate) fn keep(
    folder: &Path,
    root: &RootSecret,
    next: &RootSecret,
    passphrase: &Passphrase,
) -> Result<(), Stopped> {
    let mut both = Zeroizing::new(Vec::with_capacity(64));
    both.extend_from_slice(root.seed().as_ref());
    both.extend_from_slice(next.seed().as_ref());
    let sealed = vault::seal_under(
        passphrase,
        Cost::STRONG,
        &both,
        &mut crate::system_randomness(),
    );
    let write = || -> std::io::Result<()> {
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .open(folder.join(FILE))?;
        file.write_all(&sealed)?;
        file.sync_all()
    };
    write().map_err(|_| {
        Stopped::failed("the root could not be written; check the folder and the disk, remove the folder, and begin again")
    })
}

/// Opens the root file.
pub(crate) fn read(folder: &Path, passphrase: &Passphrase) -> Result<RootSecret, Stopped> {
    let sealed = fs::read(folder.join(FILE)).map_err(|_| {
        Stopped::refused("root.temoin is not in the office's folder; bring it back from its safe place to sign a notice")
    })?;
    let both = vault::unseal_under(passphrase, &sealed).map_err(|_| {
        Stopped::refused("the root does not open: the passphrase is wrong, or the file is damaged")
    })?;
    let seed = both
        .first_chunk::<32>()
        .ok_or_else(|| Stopped::refused("root.temoin is damaged; take its copy"))?;
    Ok(RootSecret::from_seed(seed))
}
