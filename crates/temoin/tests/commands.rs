//! The office's commands as an operator types them: what they print, how they end, what they leave.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may stop at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Place(tempfile::TempDir);

struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::write(place.at("passphrase"), "seven words drawn with dice\n").unwrap();
        let sample = place.temoin(&["sample"]).out;
        let settings = sample
            .replace(&"0".repeat(64), &"ab".repeat(32))
            .replace("https://relay.example.org", "http://127.0.0.1:1");
        fs::write(place.at("office.toml"), settings).unwrap();
        place
    }

    /// A place where an office was founded.
    fn with_an_office() -> Self {
        let place = Self::new();
        let created = place.temoin(&[
            "office",
            "create",
            "--folder",
            "office",
            "--settings",
            "office.toml",
        ]);
        assert_eq!(created.code, 0, "{}", created.err);
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn temoin(&self, arguments: &[&str]) -> Ended {
        self.with_passphrase(arguments, "passphrase")
    }

    fn with_passphrase(&self, arguments: &[&str], passphrase: &str) -> Ended {
        let ended = Command::new(env!("CARGO_BIN_EXE_temoin"))
            .args(arguments)
            .current_dir(self.0.path())
            .env("TEMOIN_PASSPHRASE_FILE", passphrase)
            .env("TEMOIN_REHEARSAL", "1")
            .output()
            .unwrap();
        Ended {
            code: ended.status.code().unwrap(),
            out: String::from_utf8(ended.stdout).unwrap(),
            err: String::from_utf8(ended.stderr).unwrap(),
        }
    }
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn settings_that_are_wrong_are_refused_with_their_line_and_nothing_is_made() {
    let place = Place::new();
    assert_eq!(place.temoin(&["check", "office.toml"]).code, 0);
    let text = fs::read_to_string(place.at("office.toml")).unwrap();
    let line = text
        .lines()
        .position(|l| l.starts_with("languages"))
        .unwrap()
        + 1;
    let wrong = text.replace("languages = [\"en\", \"fr\"]", "languages = [\"xx\"]");
    fs::write(place.at("office.toml"), wrong).unwrap();
    for arguments in [
        &["check", "office.toml"][..],
        &[
            "office",
            "create",
            "--folder",
            "office",
            "--settings",
            "office.toml",
        ],
    ] {
        let refused = place.temoin(arguments);
        assert_eq!(refused.code, 3);
        assert!(
            refused.err.contains(&format!("line {line}:")),
            "{}",
            refused.err
        );
        assert!(refused.err.contains("\"ru\" and \"es\""));
    }
    assert!(!place.at("office").exists());
}

#[test]
fn each_way_to_end_has_its_number() {
    let place = Place::with_an_office();
    fs::write(place.at("other"), "not the passphrase\n").unwrap();
    let collect = &["collect", "--folder", "office"];
    assert_eq!(place.temoin(&["--version"]).code, 0);
    assert_eq!(place.temoin(&["nonsense"]).code, 2);
    assert_eq!(
        place.with_passphrase(collect, "other").code,
        3,
        "wrong passphrase"
    );
    assert_eq!(place.with_passphrase(collect, "not-there").code, 3);
    assert_eq!(place.temoin(&["collect", "--folder", "not-there"]).code, 3);
    let publish = place.temoin(&["office", "publish", "--folder", "office"]);
    assert_eq!(publish.code, 4, "nothing listens there: {}", publish.err);
    assert!(publish.err.contains("cannot be reached"), "{}", publish.err);
}

#[test]
fn codes_are_refused_in_words_until_the_relay_has_their_list() {
    let place = Place::with_an_office();
    let codes = place.temoin(&["codes", "--folder", "office"]);
    assert_eq!((codes.code, codes.out.as_str()), (3, ""));
    assert!(codes.err.contains("visit the relay once"), "{}", codes.err);
    for count in ["0", "101"] {
        let codes = place.temoin(&["codes", "--folder", "office", "--count", count]);
        assert_eq!(codes.code, 2, "{count}");
    }
}

#[test]
fn a_vault_in_a_folder_that_a_sync_program_copies_is_refused_unless_that_is_known() {
    let place = Place::new();
    std::fs::create_dir(place.at("Dropbox")).unwrap();
    let create = [
        "office",
        "create",
        "--folder",
        "Dropbox/office",
        "--settings",
        "office.toml",
    ];
    let refused = place.temoin(&create);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("Dropbox"), "{}", refused.err);
    assert!(refused.err.contains("--in-synced-folder"));
    assert!(!place.at("Dropbox/office").exists());
    let known: Vec<&str> = create.into_iter().chain(["--in-synced-folder"]).collect();
    assert_eq!(place.temoin(&known).code, 0);
    let count = ["count", "--folder", "Dropbox/office"];
    assert_eq!(place.temoin(&count).code, 3);
    // Through a link, and where nothing is yet.
    std::os::unix::fs::symlink(place.at("Dropbox"), place.at("papers")).unwrap();
    let mut linked = create;
    linked[3] = "papers/new/office";
    assert_eq!(place.temoin(&linked).code, 3);
    assert!(!place.at("Dropbox/new").exists());
}

#[test]
fn founding_prints_what_people_pin_and_never_writes_over_an_office() {
    let place = Place::new();
    let create = &[
        "office",
        "create",
        "--folder",
        "office",
        "--settings",
        "office.toml",
    ];
    let created = place.temoin(create);
    let line = |name: &str| {
        let found = created.out.lines().find_map(|l| l.strip_prefix(name));
        found.unwrap().trim().to_owned()
    };
    assert_eq!(line("office root").len(), 64);
    assert_eq!(line("mailbox").len(), 32);
    assert_eq!(line("fingerprint").split(' ').count(), 10);
    let before = files(&place.at("office"));
    assert_eq!(place.temoin(create).code, 3);
    assert_eq!(files(&place.at("office")), before);
}

#[test]
fn a_wrong_passphrase_and_a_damaged_vault_get_the_same_words() {
    let place = Place::with_an_office();
    fs::write(place.at("other"), "not the passphrase\n").unwrap();
    let count = &["count", "--folder", "office"];
    let wrong = place.with_passphrase(count, "other");
    let header = place.at("office/vault.temoin");
    let mut bytes = fs::read(&header).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&header, bytes).unwrap();
    let damaged = place.temoin(count);
    assert_eq!((wrong.code, damaged.code), (3, 3));
    assert_eq!(wrong.err, damaged.err);
    assert!(
        !wrong.err.contains("not the passphrase"),
        "nothing typed is repeated"
    );
}

#[test]
fn a_vault_of_a_newer_release_is_refused_in_words_and_not_touched() {
    let place = Place::with_an_office();
    let header = place.at("office/vault.temoin");
    let mut bytes = fs::read(&header).unwrap();
    bytes[17] = 9;
    fs::write(&header, bytes).unwrap();
    let before = files(&place.at("office"));
    let refused = place.temoin(&["count", "--folder", "office"]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("newer release"), "{}", refused.err);
    assert_eq!(files(&place.at("office")), before);
}

#[test]
fn reports_of_a_file_are_taken_in_once_and_counted_alike() {
    let place = Place::with_an_office();
    let line = |id: u32, place: &str| {
        format!(
            "{{\"narrative\":\"Invented sample {id}.\",\"where\":{{\"country\":\"SN\",\"admin1\":\"{place}\"}},\"labels\":[\"a, b\"],\"origin\":{{\"set\":\"test\",\"id\":\"{id}\"}}}}\n"
        )
    };
    let text: String = [line(1, "Dakar"), line(2, "Dakar"), line(3, "Thies")].concat();
    fs::write(place.at("reports.jsonl"), text).unwrap();
    let import = &["import", "reports.jsonl", "--folder", "office"];
    assert!(place.temoin(import).out.starts_with("3 new cases"));
    assert!(
        place
            .temoin(import)
            .out
            .starts_with("0 new cases, 3 were imported before")
    );
    let direct = place.temoin(&["count", "reports.jsonl"]);
    let counted = place.temoin(&["count", "--folder", "office"]);
    assert_eq!(direct.out, counted.out);
    assert_eq!(
        direct.out,
        "label,admin1,reports\n\"a, b\",Dakar,2\n\"a, b\",Thies,1\n"
    );
}

#[test]
fn a_passphrase_of_less_than_twenty_signs_makes_no_office() {
    let place = Place::new();
    fs::write(place.at("short"), "éééé nineteen signs\n").unwrap();
    let create = &[
        "office",
        "create",
        "--folder",
        "office",
        "--settings",
        "office.toml",
    ];
    let refused = place.with_passphrase(create, "short");
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(refused.err.contains("shorter than 20"), "{}", refused.err);
    assert!(!refused.err.contains("nineteen") && !place.at("office").exists());
}

#[test]
fn a_backup_and_its_sheet_bring_an_office_back_under_a_new_passphrase() {
    let place = Place::with_an_office();
    fs::write(
        place.at("reports.jsonl"),
        "{\"narrative\":\"Invented sample.\"}\n",
    )
    .unwrap();
    place.temoin(&["import", "reports.jsonl", "--folder", "office"]);
    let sealed = place.temoin(&["backup", "--folder", "office", "--to", "copy"]);
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    let sheet = sealed
        .out
        .lines()
        .find_map(|l| l.strip_prefix("sheet "))
        .unwrap();
    assert!(sealed.out.contains("Destroy this sheet"));
    fs::write(place.at("sheet"), sheet.to_lowercase()).unwrap();
    fs::write(place.at("new"), "seven other words drawn with dice\n").unwrap();
    let restore = &[
        "restore",
        "--from",
        "copy",
        "--folder",
        "restored",
        "--sheet-file",
        "sheet",
    ];
    let restored = place.with_passphrase(restore, "new");
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert!(restored.out.contains("cases: 1"), "{}", restored.out);
    assert!(
        restored.out.contains("protects NOTHING"),
        "{}",
        restored.out
    );
    assert_eq!(
        place.with_passphrase(restore, "new").code,
        3,
        "never over a vault"
    );
    let count = &["count", "--folder", "restored"];
    assert_eq!(place.with_passphrase(count, "new").code, 0);
    // What was erased since is erased again, and a number the backup does not know is said.
    let mut anew = restore.to_vec();
    anew[4] = "anew";
    anew.extend(["--erased", "1,7"]);
    let anew = place.with_passphrase(&anew, "new");
    assert_eq!(anew.code, 0, "{}", anew.err);
    assert!(anew.out.contains("case 1 is erased again"), "{}", anew.out);
    assert!(anew.out.contains("case 7 is not in"), "{}", anew.out);
    let new = desk::Passphrase::new("seven other words drawn with dice");
    let erased = |folder| {
        desk::Desk::unlock(&place.at(folder), &new)
            .unwrap()
            .is_erased(1)
    };
    assert_eq!(erased("restored"), Some(false));
    assert_eq!(erased("anew"), Some(true));
    assert_eq!(
        place.temoin(count).code,
        3,
        "the old passphrase opens it no longer"
    );
    fs::write(place.at("sheet"), sheet.replacen(' ', " 0", 1)).unwrap();
    let mistyped = &[
        "restore",
        "--from",
        "copy",
        "--folder",
        "third",
        "--sheet-file",
        "sheet",
    ];
    assert_eq!(place.temoin(mistyped).code, 3);
    assert!(!place.at("third").exists());
}

#[test]
fn the_office_pages_are_written_with_the_list_of_their_hashes() {
    let place = Place::with_an_office();
    fs::create_dir(place.at("script")).unwrap();
    fs::write(place.at("script/page.js"), "export {};\n").unwrap();
    fs::write(place.at("script/files.js"), "export {};\n").unwrap();
    fs::write(place.at("script/new-words.js"), "export {};\n").unwrap();
    fs::write(place.at("script/pure.js"), "export {};\n").unwrap();
    let site = &[
        "site", "--folder", "office", "--script", "script", "--to", "site",
    ];
    let written = place.temoin(site);
    assert_eq!(written.code, 0, "{}", written.err);
    for file in [
        "index.html",
        "en/form.html",
        "fr/form.html",
        "words/en.txt",
        "site-manifest.cbor",
    ] {
        assert!(place.at("site").join(file).is_file(), "{file}");
    }
    let again = place.temoin(site);
    assert_eq!(again.out, written.out, "the same pages, the same hash");
}

#[cfg(unix)]
#[test]
fn what_is_secret_is_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_an_office();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&place.at("office")), 0o700);
    for (name, _) in files(&place.at("office")) {
        assert_eq!(mode(&place.at("office").join(&name)), 0o600, "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_process_that_reads_a_picture_is_refused_more_than_a_gibibyte_of_memory() {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_temoin"))
        .arg(desk::apart::VERB)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // More than a pipe holds: once it is written, the process has begun to read, which it does bounded.
    let mut to = child.stdin.take().unwrap();
    to.write_all(&vec![7; 4 << 20]).unwrap();
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    drop(to);
    child.wait().unwrap();
    let line = limits.lines().find(|l| l.starts_with("Max address space"));
    let words: Vec<&str> = line.unwrap().split_whitespace().collect();
    let most = desk::apart::MOST_MEMORY.to_string();
    assert_eq!(words[3..5], [most.as_str(), most.as_str()]);
}

#[test]
fn photographs_of_codes_say_what_is_missing_and_then_become_a_parcel() {
    let place = Place::new();
    // A posting of the smallest class: nonce, version, and bytes nobody opens here.
    let mut posting: Vec<u8> = (0..16 + 4_096).map(|n| (n % 251) as u8).collect();
    posting[16] = 1;
    let frames = carry::symbols::Frames::of(&posting).unwrap();
    fs::create_dir(place.at("photos")).unwrap();
    let photograph = |seed: u32| {
        let code = fast_qr::QRBuilder::new(frames.frame(seed)).build().unwrap();
        let side = (code.size + 8) * 4;
        let pixels: Vec<u8> = (0..side * side)
            .map(|at| {
                let (x, y) = (at % side / 4, at / side / 4);
                let within = |n: usize| (4..4 + code.size).contains(&n);
                let dark = within(x) && within(y) && code.data[(y - 4) * code.size + x - 4].value();
                if dark { 30 } else { 220 }
            })
            .collect();
        let file = fs::File::create(place.at(&format!("photos/{seed:03}.png"))).unwrap();
        let mut encoder = png::Encoder::new(file, side as u32, side as u32);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixels).unwrap();
    };
    let count = u32::from(frames.count());
    (2..count).for_each(photograph);
    fs::write(place.at("photos/notes.txt"), "not a picture").unwrap();
    let ask = &["pictures", "photos", "--to", "letters"];
    let unfinished = place.temoin(ask);
    assert_eq!(unfinished.code, 1);
    assert!(unfinished.err.contains("2 codes still missing"));
    assert!(unfinished.err.contains("neither a PNG nor a JPEG"));
    assert!(!place.at("letters").exists());
    // Sums of all symbols stand in for the two that were missed.
    (count..count + 4).for_each(photograph);
    let whole = place.temoin(ask);
    assert_eq!(whole.code, 0, "{}", whole.err);
    let written = files(&place.at("letters"));
    assert_eq!(written.len(), 1);
    assert!(written[0].1 == posting && written[0].0.ends_with(".BIN"));
}
