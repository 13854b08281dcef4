//! Doors of the office's machine and of the doorstep: settings, forms, what lies under a passphrase.

use desk::settings::OfficeSettings;
use doorstep::form::Typed;
use rand_core::SeedableRng;

/// The sheet of a key that is all zeros, as printed.
const SHEET: &str = "00000 00000 00000 00000 00000 00000 00000 00000 00000 00000 04FCR";

/// A form as a browser without script sends it.
pub fn form(bytes: &[u8]) {
    let typed = Typed::read(bytes);
    let _wanted = typed.wants_words();
    let told = typed.report();
    let _remarks = told.report().remarks();
}

/// `office.toml`.
pub fn settings(bytes: &[u8]) {
    let _read = OfficeSettings::read(&String::from_utf8_lossy(bytes));
}

/// `doorstep.toml`.
pub fn doorstep_settings(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _read = doorstep::settings::Settings::parse(&text, "doorstep.toml");
}

/// A secret under a passphrase, behind a head that asks for little work: with any other head, or
/// with none, the vault works for a second before it says no, and a fuzzer that waits finds nothing.
/// What such heads may ask for is a claim of the vault's own tests.
pub fn header(bytes: &[u8]) {
    const SALT_NUMBER_AND_NONCE: usize = 32 + 8 + 12;
    if bytes.len() < SALT_NUMBER_AND_NONCE {
        return;
    }
    let [version, kib, passes, lanes]: [&[u8]; 4] =
        [&[0, 1], &[0, 0, 0, 64], &[0, 0, 0, 1], &[0, 0, 0, 1]];
    let file = [b"temoin apart\0\0\0\0", version, kib, passes, lanes, bytes].concat();
    let opened = vault::unseal_under(&vault::Passphrase::new("a guess"), &file);
    assert!(opened.is_err(), "nobody locked this");
}

/// A backup of a vault, restored into an empty folder by a sheet it was not made for.
pub fn backup(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let (file, into) = (folder.path().join("backup"), folder.path().join("vault"));
    let Ok(sheet) = vault::Sheet::read(SHEET) else {
        panic!("the sheet of this door is a sheet");
    };
    if std::fs::write(&file, bytes).is_err() {
        return;
    }
    let restored = vault::restore(
        &file,
        &sheet,
        &into,
        &vault::Passphrase::new("a guess"),
        vault::Cost::REHEARSAL,
        20_780,
        &mut rand_chacha::ChaCha20Rng::from_seed([7; 32]),
    );
    assert!(restored.is_err(), "nobody made this");
}

/// The sheet of a backup, as a person types it.
pub fn sheet(bytes: &[u8]) {
    let _read = vault::Sheet::read(&String::from_utf8_lossy(bytes));
}
