//! Writes the site of an invented office into a folder, for looking at pages and for the checks of
//! `reporter/`.
//!
//! `write_site <script> <words folder> <out> <root hex> <mailbox hex> [doorstep address]`

#![allow(
    clippy::unwrap_used,
    reason = "an example stops at the first thing that is wrong"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "an example is no pure room: it reads and writes files"
)]

use std::path::Path;

use envelope::MailboxId;
use envelope::keys::RootKey;
use pages::reporter::{OfficePage, Own, OwnQuestion, Script, doorstep_done, doorstep_form};
use record::FormLanguage;

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    std::array::from_fn(|i| u8::from_str_radix(hex.get(2 * i..2 * i + 2).unwrap(), 16).unwrap())
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [script, words, out, root, mailbox, rest @ ..] = arguments.as_slice() else {
        panic!("write_site <script> <words folder> <out> <root hex> <mailbox hex> [doorstep]");
    };
    let office = OfficePage {
        name: "Sample Office".to_owned(),
        languages: FormLanguage::ALL.to_vec(),
        mailbox: MailboxId(bytes(mailbox)),
        root: RootKey(bytes(root)),
        doorstep: rest.first().cloned(),
        exit: Some("/left".to_owned()),
        figures: None,
        // Something of each, so that the checks meet it.
        own: Own {
            greeting: vec![
                (
                    FormLanguage::English,
                    "Sample: we read every letter.".to_owned(),
                ),
                (
                    FormLanguage::French,
                    "Exemple\u{a0}: nous lisons chaque lettre.".to_owned(),
                ),
            ],
            left_out: vec!["kinds".to_owned()],
            questions: vec![OwnQuestion {
                id: "vehicle".to_owned(),
                text: vec![(FormLanguage::English, "Was there a vehicle?".to_owned())],
            }],
            files_mb: 3,
            ..Own::default()
        },
    };
    let lists = ["en", "es", "fr", "zh"].map(|name| {
        (
            name,
            std::fs::read(Path::new(words).join(format!("{name}.txt"))).unwrap(),
        )
    });
    let lists = lists
        .each_ref()
        .map(|(name, list)| (*name, list.as_slice()));
    let files = std::fs::read(Path::new(script).with_file_name("files.js")).unwrap();
    let pure = std::fs::read(Path::new(script).with_file_name("pure.js")).unwrap();
    let new_words = std::fs::read(Path::new(script).with_file_name("new-words.js")).unwrap();
    let script = std::fs::read(script).unwrap();
    let script = Script::of(&script)
        .with_files(&files)
        .with_new_words(&new_words)
        .with_pure(&pure);
    let mut site = pages::site(&office, &script, &lists, Vec::new()).files;
    for language in office.languages.iter().copied() {
        let folder = language.tag();
        site.push((
            format!("{folder}/doorstep.html"),
            doorstep_form(language, &office),
        ));
        let words = [
            "acid", "acorn", "acre", "acts", "afar", "affix", "aged", "agent", "agile",
        ];
        let done = doorstep_done(language, &office, Some((&words, "motor utter")));
        site.push((format!("{folder}/doorstep-done.html"), done));
    }
    for (path, bytes) in site {
        let file = Path::new(out).join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
