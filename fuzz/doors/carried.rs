//! Doors of what travels by hand: pictures, lines of text, files on a stick.

/// Frames of an animated code, one a line, as a camera reads them.
pub fn frames(bytes: &[u8]) {
    let mut shown = carry::symbols::Shown::default();
    for line in String::from_utf8_lossy(bytes).lines() {
        let _taken = shown.take(line);
    }
    let _left = shown.unfinished();
}

/// Blocks of text with a check a line.
pub fn blocks(bytes: &[u8]) {
    let _found = carry::blocks::read(&String::from_utf8_lossy(bytes));
}

/// A file on a courier's stick, named like a parcel: what is taken is what lay there, and a letter.
pub fn parcel(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    if std::fs::write(folder.path().join("K7Q2M5XA.BIN"), bytes).is_err() {
        return;
    }
    let Ok(found) = carry::folder::read_letters(folder.path()) else {
        panic!("a folder that is there is read");
    };
    for found in found.flatten() {
        assert_eq!(found.posting, bytes, "other bytes than lay there");
        assert!(envelope::Posting::parse(bytes).is_ok(), "this is no letter");
    }
}
