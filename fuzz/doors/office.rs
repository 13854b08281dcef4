//! Doors of the office's machine and of the doorstep: settings, forms, what lies under a passphrase.

use desk::settings::OfficeSettings;
use doorstep::form::Typed;

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

/// A secret under a passphrase: its head says what it costs to open it.
pub fn header(bytes: &[u8]) {
    let opened = vault::unseal_under(&vault::Passphrase::new("a guess"), bytes);
    assert!(opened.is_err(), "nobody locked this");
}

/// The sheet of a backup, as a person types it.
pub fn sheet(bytes: &[u8]) {
    let _read = vault::Sheet::read(&String::from_utf8_lossy(bytes));
}
