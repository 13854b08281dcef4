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

/// A picture with codes, as somebody brings it to the desk; what its codes say is taken for frames.
///
/// The search for codes is other people's, and is known to stop a program: the desk runs it in a
/// process of its own. Here only that search may stop, and this door goes on to the next picture;
/// whatever else stops is found.
pub fn picture(bytes: &[u8]) {
    // A picture of many pixels out of few bytes teaches nothing new and takes seconds.
    if pixels_said(bytes) > 1 << 20 {
        return;
    }
    let Some(texts) = apart_from_the_search(|| desk::pictures::codes_in(bytes)) else {
        return;
    };
    if let Ok(texts) = texts {
        let mut pictures = desk::pictures::Pictures::default();
        let seen = pictures.take(&texts);
        assert!(
            seen.codes + seen.others <= texts.len(),
            "more than was read"
        );
        for letter in &seen.letters {
            assert!(
                envelope::Posting::parse(letter).is_ok(),
                "this is no letter"
            );
            pictures.forget(letter);
        }
        assert!(pictures.missing().iter().all(|codes| *codes > 0));
    }
}

/// How many pixels a PNG or a JPEG says that it has, as far as one look at its head tells.
fn pixels_said(bytes: &[u8]) -> u32 {
    if let [0x89, b'P', b'N', b'G', ..] = bytes {
        let side = |at: usize| {
            let four = bytes.get(at..).and_then(|side| side.first_chunk::<4>());
            four.map_or(0, |side| u32::from_be_bytes(*side))
        };
        return side(16).saturating_mul(side(20));
    }
    // Every start of a frame: the mark, two bytes of length, one of depth, height and width.
    let frames = bytes.windows(9).filter(|head| {
        matches!(head, [0xff, 0xc0..=0xcf, ..]) && !matches!(head, [_, 0xc4 | 0xc8 | 0xcc, ..])
    });
    let pixels = frames.map(|head| match head {
        [.., a, b, c, d] => {
            u32::from(u16::from_be_bytes([*a, *b])) * u32::from(u16::from_be_bytes([*c, *d]))
        }
        _ => 0,
    });
    pixels.max().unwrap_or(0)
}

/// What the work gives, or nothing if the search for codes stopped it.
fn apart_from_the_search<T>(work: impl FnOnce() -> T + std::panic::UnwindSafe) -> Option<T> {
    use std::cell::Cell;
    use std::panic;
    use std::sync::Once;
    thread_local! {
        static IN_THE_SEARCH: Cell<bool> = const { Cell::new(false) };
    }
    static WATCHED: Once = Once::new();
    // libFuzzer ends the process at a panic, before anybody can catch it; so it is not told of these.
    WATCHED.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |stopped| {
            let within = stopped.location().is_some_and(|place| {
                IN_OTHER_HANDS
                    .iter()
                    .any(|name| place.file().contains(name))
            });
            IN_THE_SEARCH.set(within);
            if !within {
                told(stopped);
            }
        }));
    });
    IN_THE_SEARCH.set(false);
    match panic::catch_unwind(work) {
        Ok(given) => Some(given),
        Err(_) if IN_THE_SEARCH.get() => None,
        Err(stopped) => panic::resume_unwind(stopped),
    }
}

/// Folders of the sources of the search for codes.
const IN_OTHER_HANDS: [&str; 2] = ["/rqrr-", "/g2p-"];
