//! Making a stranger's text safe to show.
//!
//! A text may hold characters that nobody sees and that change what everybody sees: control
//! characters, marks that turn the reading direction, characters of no width. They are never
//! removed from what is stored, because a testimony is evidence; they are made visible where it
//! is shown. Escaping for HTML is the page's own work and is not done here.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What in a text could deceive or disturb its reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deceptions {
    /// Control characters other than line end and tabulator.
    pub control: bool,
    /// Marks that force or isolate a reading direction.
    pub direction: bool,
    /// Characters that are not seen at all.
    pub invisible: bool,
}

impl Deceptions {
    /// Looks through a text.
    pub fn within(text: &str) -> Self {
        let mut found = Self::default();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            // Forms on the web end a line with these two.
            let ends_line = character == '\r' && characters.peek() == Some(&'\n');
            found.control |= is_control(character) && !ends_line;
            found.direction |= turns_direction(character);
            found.invisible |= is_unseen(character);
        }
        found
    }

    /// Whether there was any.
    pub fn any(self) -> bool {
        self.control || self.direction || self.invisible
    }
}

/// The text with every deceiving character replaced by its visible name, such as `⟦U+202E⟧`.
///
/// Line ends and tabulators stay. Arabic, Hebrew and
/// Persian need none of the replaced marks to be read rightly: the page isolates the text instead.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !Deceptions::within(text).any() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let ends_line = character == '\r' && characters.peek() == Some(&'\n');
        if (is_control(character) && !ends_line)
            || turns_direction(character)
            || is_unseen(character)
        {
            // Writing into a string does not fail.
            if write!(out, "⟦U+{:04X}⟧", u32::from(character)).is_err() {
                out.push('\u{FFFD}');
            }
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// The text on a single line, safe to show and at most `longest` characters, `…` ending a cut one.
///
/// For lists and headings only: the whole text stays where it is kept.
pub fn line(text: &str, longest: usize) -> String {
    let shown = shown(text);
    let mut words = shown.split_whitespace();
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        out.push(' ');
        out.push_str(word);
    }
    if let Some((cut, _)) = out.char_indices().nth(longest) {
        let keep = out
            .char_indices()
            .nth(longest.saturating_sub(1))
            .map_or(cut, |(at, _)| at);
        out.truncate(keep);
        out.push('…');
    }
    out
}

fn is_control(character: char) -> bool {
    character.is_control() && character != '\n' && character != '\t'
}

fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

// The joiners U+200C and U+200D are needed to spell Persian and Indic words; U+200E, U+200F and
// U+061C are harmless marks that keyboards insert.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(told: &str, seen: &str) {
        assert_eq!(shown(told), seen);
    }

    #[test]
    fn ordinary_writing_in_any_script_is_shown_as_it_is() {
        check(
            "Elle a été arrêtée à Goma.\nPuis relâchée.",
            "Elle a été arrêtée à Goma.\nPuis relâchée.",
        );
        check("اعتقلوه في المساء", "اعتقلوه في المساء");
        check("می\u{200C}خواهم", "می\u{200C}خواهم");
    }

    #[test]
    fn a_turned_reading_direction_is_made_visible() {
        check("report\u{202E}gpj.exe", "report⟦U+202E⟧gpj.exe");
        check("\u{2067}x\u{2069}", "⟦U+2067⟧x⟦U+2069⟧");
    }

    #[test]
    fn control_characters_are_made_visible_and_line_ends_stay() {
        check("a\u{0}b\u{1b}[2Jc", "a⟦U+0000⟧b⟦U+001B⟧[2Jc");
        check("one\r\ntwo\tthree", "one\r\ntwo\tthree");
        check("\0one\r\n", "⟦U+0000⟧one\r\n");
        check("a\rb", "a⟦U+000D⟧b");
    }

    #[test]
    fn characters_nobody_sees_are_made_visible() {
        check("pass\u{200B}word\u{E0041}", "pass⟦U+200B⟧word⟦U+E0041⟧");
    }

    #[test]
    fn a_line_is_cut_with_a_sign_that_it_is() {
        assert_eq!(line("one\n two   three", 40), "one two three");
        assert_eq!(line("abcdef", 6), "abcdef");
        assert_eq!(line("abcdefg", 6), "abcde…");
        assert_eq!(line("", 6), "");
    }
}
