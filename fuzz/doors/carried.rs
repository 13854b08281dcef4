//! Doors of what travels by hand: pictures, lines of text.

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
