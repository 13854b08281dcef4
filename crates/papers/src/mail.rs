//! An e-mail as it was saved (RFC 5322, MIME), and a mailbox of many (MBOX, RFC 4155).
//!
//! A stranger made these bytes. The walk over the parts is our own, because its bounds are: no deeper
//! than [`DEEPEST`], no more than [`MOST_PARTS`], nothing by recursion that the bytes could lead
//! further. What lies in one head or one body is read by a library: addresses, dates, encoded words,
//! letters of old encodings.

use std::borrow::Cow;
use std::collections::BTreeSet;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::html::html_to_text;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Address, HeaderName, Message, MessageParser};
use record::{Date, Report};

use crate::brought::{
    Brought, CannotRead, Enclosed, LONGEST_MAIL, MOST_BROUGHT, Noticed, check_size, narrative,
    short,
};

/// Parts within parts are read this deep.
pub const DEEPEST: usize = 8;
/// So many parts of one message are read.
pub const MOST_PARTS: usize = 200;
/// No head is read further.
const LONGEST_HEAD: usize = 64 << 10;
/// Markup is turned into text up to this length.
const LONGEST_MARKUP: usize = 2 << 20;

/// Whether a file begins as an e-mail does: a line `Name: value` of a head, and a sender or a date
/// among the first.
pub(crate) fn is_message(file: &[u8]) -> bool {
    let (head, _) = head_and_body(file);
    let mut known = false;
    for line in head.split(|byte| *byte == b'\n').take(200) {
        if line
            .first()
            .is_none_or(|first| matches!(first, b' ' | b'\t' | b'\r'))
        {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return false;
        };
        let name = line.get(..colon).unwrap_or_default();
        if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_graphic()) {
            return false;
        }
        known |= [
            &b"from"[..],
            b"date",
            b"received",
            b"message-id",
            b"return-path",
        ]
        .iter()
        .any(|one| name.eq_ignore_ascii_case(one));
    }
    known
}

/// Reads one e-mail.
///
/// # Errors
/// [`CannotRead`].
pub fn message(file: &[u8]) -> Result<Brought, CannotRead> {
    check_size(file, LONGEST_MAIL)?;
    if !is_message(file) {
        return Err(CannotRead::NotAMessage);
    }
    let mut one = read(file);
    one.original = 0..file.len();
    Ok(one)
}

/// Reads a mailbox: each message becomes a report of its own.
///
/// # Errors
/// [`CannotRead`].
pub fn mailbox(file: &[u8]) -> Result<Vec<Brought>, CannotRead> {
    check_size(file, LONGEST_MAIL)?;
    if !file.starts_with(b"From ") {
        return Err(CannotRead::NotAMailbox);
    }
    let mut begins = Vec::new();
    let (mut at, mut after_blank) = (0, true);
    for line in file.split_inclusive(|byte| *byte == b'\n') {
        let rest = file.get(at + line.len()..).unwrap_or_default();
        if at == 0 || (after_blank && parts_messages(line, rest)) {
            if begins.len() == MOST_BROUGHT {
                return Err(CannotRead::TooMany);
            }
            begins.push(at);
        }
        after_blank = matches!(line, b"\n" | b"\r\n");
        at += line.len();
    }
    let ends = begins.iter().skip(1).copied().chain([file.len()]);
    let all = (1..).zip(begins.iter().copied().zip(ends));
    Ok(all
        .map(|(number, (begin, end))| {
            let whole = file.get(begin..end).unwrap_or_default();
            let line = whole.iter().position(|byte| *byte == b'\n');
            let inside = whole.get(line.map_or(whole.len(), |at| at + 1)..);
            let mut one = read(&unquoted(inside.unwrap_or_default()));
            one.number = number;
            one.original = begin..end;
            one
        })
        .collect())
}

/// Whether a line parts two messages: it begins with `From `, tells a time and a year, and a head
/// follows. A paragraph that begins so, in a mailbox that does not quote, is somebody's words.
fn parts_messages(line: &[u8], rest: &[u8]) -> bool {
    let Some(line) = line.strip_prefix(b"From ") else {
        return false;
    };
    let mut words = line.split(|byte| byte.is_ascii_whitespace());
    let (mut time, mut year) = (false, false);
    for word in words.by_ref() {
        let colons = word.iter().filter(|byte| **byte == b':').count();
        let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
        time |= colons >= 1 && digits + colons == word.len() && digits >= 3;
        year |= digits == 4 && word.len() == 4;
    }
    let head = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let name = head.iter().position(|byte| *byte == b':').unwrap_or(0);
    let name = head.get(..name).unwrap_or_default();
    time && year && !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
}

/// A mailbox writes `>From ` where a line of a message began with `From `, and so on.
fn unquoted(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let quotes = line.iter().take_while(|byte| **byte == b'>').count();
        let is_from = quotes > 0 && line.get(quotes..).is_some_and(|l| l.starts_with(b"From "));
        out.extend_from_slice(line.get(usize::from(is_from)..).unwrap_or_default());
    }
    out
}

/// What a message is, whichever program kept it: the same bytes for a message that was saved by
/// itself and for the same one out of any mailbox. Left out are the line that parts a mailbox, the
/// signs by which mailboxes quote, the kind of line ends, and what programs note in a head about how
/// they keep it.
#[must_use]
pub fn unkept(original: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(original.len());
    let (mut in_head, mut leaves_out) = (true, false);
    for (place, line) in original.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if place == 0 && line.starts_with(b"From ") {
            continue;
        }
        if in_head {
            in_head = !line.is_empty();
            let goes_on = matches!(line.first(), Some(b' ' | b'\t'));
            leaves_out = in_head && (kept_with(line) || (goes_on && leaves_out));
            if leaves_out {
                continue;
            }
        }
        let quotes = line.iter().take_while(|byte| **byte == b'>').count();
        let after = line.get(quotes..).unwrap_or_default();
        out.extend_from_slice(if after.starts_with(b"From ") {
            after
        } else {
            line
        });
        out.push(b'\n');
    }
    while out.last() == Some(&b'\n') {
        out.pop();
    }
    out
}

/// Whether a line of a head was written by a program that keeps messages, not by who sent it.
fn kept_with(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let whole: [&[u8]; 7] = [
        b"status",
        b"x-status",
        b"x-keywords",
        b"x-uid",
        b"x-gm-thrid",
        b"x-gmail-labels",
        b"content-length",
    ];
    whole.contains(&name.as_slice()) || name.starts_with(b"x-mozilla-")
}

fn read(bytes: &[u8]) -> Brought {
    let mut walk = Walk::default();
    let (head, body) = head_and_body(bytes);
    let head = Head::of(head);
    let words = walk.part(&head, body, 0);
    let mut noticed = walk.noticed;
    let text = joined(words, &mut noticed);
    let subject = head.subject();
    let told = match (subject.trim(), text.trim()) {
        ("", text) => text.to_owned(),
        (subject, "") => subject.to_owned(),
        (subject, text) => format!("{subject}\n\n{text}"),
    };
    let senders = head.senders();
    if !senders.is_empty() {
        noticed.insert(Noticed::SenderClaimed);
    }
    if head.answers_go_elsewhere() {
        noticed.insert(Noticed::AnswersElsewhere);
    }
    let report = Report {
        narrative: narrative(told, &mut noticed),
        contact: short(senders, &mut noticed),
        channel: "email".into(),
        ..Report::default()
    };
    Brought {
        number: 1,
        report,
        original: 0..0,
        told_on: head.day(),
        enclosed: walk.enclosed,
        is_mail: true,
        noticed,
    }
}

/// The first empty line parts a head from what it is the head of.
fn head_and_body(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            let body = bytes.get(at + line.len()..).unwrap_or_default();
            return (bytes.get(..at).unwrap_or_default(), body);
        }
        at += line.len();
    }
    (bytes, &[])
}

/// The head of a message or of a part.
struct Head<'a>(Option<Message<'a>>);

impl<'a> Head<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let bytes = bytes.get(..LONGEST_HEAD).unwrap_or(bytes);
        let parser = MessageParser::new()
            .header_content_type(HeaderName::ContentType)
            .header_content_type(HeaderName::ContentDisposition)
            .header_text(HeaderName::ContentTransferEncoding)
            .header_text(HeaderName::Subject)
            .header_address(HeaderName::From)
            .header_address(HeaderName::ReplyTo)
            .header_date(HeaderName::Date)
            .default_header_ignore();
        Self(parser.parse_headers(bytes))
    }

    /// The media type in small letters, and one of its attributes.
    fn media_type(&self) -> String {
        let kind = self.content(HeaderName::ContentType);
        kind.map_or_else(
            || "text/plain".to_owned(),
            |kind| match kind.subtype() {
                Some(sub) => format!("{}/{sub}", kind.ctype()).to_ascii_lowercase(),
                None => "application/octet-stream".to_owned(),
            },
        )
    }

    fn content(&self, name: HeaderName<'a>) -> Option<&mail_parser::ContentType<'a>> {
        self.0.as_ref()?.header(name)?.as_content_type()
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.content(HeaderName::ContentType)?.attribute(name)
    }

    fn is_attached(&self) -> bool {
        self.content(HeaderName::ContentDisposition)
            .is_some_and(mail_parser::ContentType::is_attachment)
    }

    fn transfer(&self) -> String {
        let message = self.0.as_ref();
        let named = message.and_then(|m| m.header(HeaderName::ContentTransferEncoding)?.as_text());
        named.unwrap_or_default().trim().to_ascii_lowercase()
    }

    fn subject(&self) -> String {
        let subject = self.0.as_ref().and_then(Message::subject);
        subject.unwrap_or_default().to_owned()
    }

    /// Those it says it is from and those to whom answers would go, as its head writes them and
    /// under the head's own words: it is a claim, and nothing that came with the message proves it.
    fn senders(&self) -> String {
        let Some(message) = &self.0 else {
            return String::new();
        };
        let told = [("From", message.from()), ("Reply-To", message.reply_to())];
        let told = told.into_iter().filter_map(|(name, addresses)| {
            let named: Vec<String> = addresses?
                .iter()
                .take(8)
                .filter_map(|one| match (one.name(), one.address()) {
                    (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
                    (Some(only), None) | (None, Some(only)) => Some(only.to_owned()),
                    (None, None) => None,
                })
                .collect();
            // No name makes a line of its own, as if the head had said it.
            let named = named.join(", ").replace(['\r', '\n'], " ");
            (!named.is_empty()).then(|| format!("{name}: {named}"))
        });
        told.collect::<Vec<_>>().join("\n")
    }

    /// Whether answers would go to somebody whom it does not name as its sender.
    fn answers_go_elsewhere(&self) -> bool {
        let addresses = |of: Option<&Address<'_>>| -> BTreeSet<String> {
            let all = of.into_iter().flat_map(Address::iter);
            all.filter_map(|one| one.address())
                .map(str::to_lowercase)
                .collect()
        };
        self.0.as_ref().is_some_and(|message| {
            let from = addresses(message.from());
            !addresses(message.reply_to()).is_subset(&from)
        })
    }

    /// The day by the sender's own clock, as it is written.
    fn day(&self) -> Option<Date> {
        let date = self.0.as_ref()?.date()?;
        Date::new(date.year, date.month, date.day)
    }
}

/// A text among the parts.
struct Words {
    markup: bool,
    text: String,
}

/// A message's texts one after the other, markup as the words it shows.
fn joined(words: Vec<Words>, noticed: &mut BTreeSet<Noticed>) -> String {
    let mut out = String::new();
    for one in words {
        let text = if one.markup {
            noticed.insert(Noticed::OnlyMarkup);
            let cut = one.text.floor_char_boundary(LONGEST_MARKUP);
            html_to_text(one.text.get(..cut).unwrap_or_default())
        } else {
            one.text
        };
        if !out.is_empty() && !text.trim().is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(text.trim());
    }
    out
}

/// Whether a version that is left aside says another thing than what is read: other words, more, fewer
/// or in another order. Signs and spaces do not count: a program that writes both versions sets them
/// as it likes.
fn says_otherwise(aside: &[Words], read: &[Words]) -> bool {
    let words_of = |text: &str| -> Vec<String> {
        text.split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let known: Vec<String> = read.iter().flat_map(|one| words_of(&one.text)).collect();
    aside.iter().any(|one| {
        // What lies beyond the cut was not compared, and may say anything.
        let cut = one.text.floor_char_boundary(LONGEST_MARKUP);
        let shown = match one.markup {
            true => html_to_text(one.text.get(..cut).unwrap_or_default()),
            false => one.text.clone(),
        };
        let words = words_of(&shown);
        (one.markup && cut < one.text.len()) || (!words.is_empty() && words != known)
    })
}

#[derive(Default)]
struct Walk {
    parts: usize,
    enclosed: Vec<Enclosed>,
    noticed: BTreeSet<Noticed>,
}

impl Walk {
    fn part(&mut self, head: &Head<'_>, body: &[u8], depth: usize) -> Vec<Words> {
        self.parts += 1;
        let kind = head.media_type();
        let family = kind.split('/').next().unwrap_or_default();
        if family == "multipart" {
            if kind == "multipart/encrypted" {
                self.noticed.insert(Noticed::Encrypted);
            }
            if depth < DEEPEST
                && let Some(boundary) = head.attribute("boundary").filter(|b| !b.is_empty())
            {
                return self.parts_of(body, boundary.as_bytes(), &kind, depth);
            }
            if depth >= DEEPEST {
                self.noticed.insert(Noticed::TooDeep);
                self.enclose(&kind, body.to_vec());
                return Vec::new();
            }
        }
        let content = self.transferred(head, body);
        match (family, kind.as_str()) {
            (_, "message/rfc822" | "message/global") => {
                // A message that was passed on: what it says was told as well.
                if depth >= DEEPEST {
                    self.noticed.insert(Noticed::TooDeep);
                } else if is_message(&content) {
                    let (inner, body) = head_and_body(&content);
                    let inner = Head::of(inner);
                    let mut words = self.part(&inner, body, depth + 1);
                    let from = [inner.senders(), inner.subject()].join("\n");
                    if let Some(first) = words.first_mut().filter(|_| !from.trim().is_empty()) {
                        first.text = format!("{}\n\n{}", from.trim(), first.text);
                    }
                    return words;
                }
                self.enclose(&kind, content.into_owned());
                Vec::new()
            }
            // A part of several without the line that parts them is read as text.
            ("text" | "multipart", _) if !head.is_attached() => {
                let text = self.letters(&content, head.attribute("charset"));
                let markup = kind == "text/html";
                vec![Words { markup, text }]
            }
            _ => {
                if kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime" {
                    self.noticed.insert(Noticed::Encrypted);
                }
                self.enclose(&kind, content.into_owned());
                Vec::new()
            }
        }
    }

    fn parts_of(&mut self, body: &[u8], boundary: &[u8], kind: &str, depth: usize) -> Vec<Words> {
        let mut words = Vec::new();
        for section in Sections::of(body, boundary) {
            if self.parts >= MOST_PARTS {
                self.noticed.insert(Noticed::TooManyParts);
                break;
            }
            let (head, body) = head_and_body(section);
            words.extend(self.part(&Head::of(head), body, depth + 1));
        }
        if kind == "multipart/alternative" {
            // One thing said in several ways: the plainest of them, and only that.
            let plain = |one: &Words| !one.markup && !one.text.trim().is_empty();
            if words.iter().any(plain) {
                let (read, aside): (Vec<Words>, Vec<Words>) = words.into_iter().partition(plain);
                if says_otherwise(&aside, &read) {
                    self.noticed.insert(Noticed::OtherVersion);
                }
                words = read;
            }
        }
        words
    }

    fn enclose(&mut self, kind: &str, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            let media_type = kind.to_owned();
            self.enclosed.push(Enclosed { media_type, bytes });
        }
    }

    /// What a body was before it was wrapped for its way.
    fn transferred<'b>(&mut self, head: &Head<'_>, body: &'b [u8]) -> Cow<'b, [u8]> {
        let read = match head.transfer().as_str() {
            "base64" => base64_decode(body),
            "quoted-printable" => quoted_printable_decode(body),
            _ => return Cow::Borrowed(body),
        };
        read.map_or_else(
            || {
                self.noticed.insert(Noticed::BrokenEncoding);
                Cow::Borrowed(body)
            },
            Cow::Owned,
        )
    }

    fn letters(&mut self, bytes: &[u8], charset: Option<&str>) -> String {
        let name = charset.unwrap_or_default().trim().to_ascii_lowercase();
        let plain = ["", "utf-8", "utf8", "us-ascii", "ascii"].contains(&name.as_str());
        let decoder = if plain {
            None
        } else {
            charset_decoder(name.as_bytes())
        };
        if !plain && decoder.is_none() {
            self.noticed.insert(Noticed::UnknownCharset);
        }
        let text = match decoder {
            Some(decode) => decode(bytes),
            None => String::from_utf8_lossy(bytes).into_owned(),
        };
        // A file may hold this sign itself; then it is noticed for nothing, and nothing is lost.
        if text.contains('\u{FFFD}') {
            self.noticed.insert(Noticed::NotItsCharset);
        }
        text.replace("\r\n", "\n")
    }
}

/// The sections between the lines that part them; what stands before the first and after the last is
/// no part.
struct Sections<'a> {
    rest: &'a [u8],
    boundary: &'a [u8],
    begun: bool,
}

impl<'a> Sections<'a> {
    fn of(rest: &'a [u8], boundary: &'a [u8]) -> Self {
        Self {
            rest,
            boundary,
            begun: false,
        }
    }

    /// Whether a line parts sections, and whether it is the last that does.
    fn parts(&self, line: &[u8]) -> Option<bool> {
        let after = line.strip_prefix(b"--")?.strip_prefix(self.boundary)?;
        let after = after.trim_ascii_end();
        match after {
            b"" => Some(false),
            b"--" => Some(true),
            _ => None,
        }
    }
}

impl<'a> Iterator for Sections<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (mut at, mut from) = (0, 0);
        for line in self.rest.split_inclusive(|byte| *byte == b'\n') {
            if let Some(last) = self.parts(line) {
                let section = self.rest.get(from..at).unwrap_or_default();
                let was_begun = std::mem::replace(&mut self.begun, true);
                from = at + line.len();
                if was_begun {
                    self.rest = if last {
                        &[]
                    } else {
                        self.rest.get(from..).unwrap_or_default()
                    };
                    self.begun = !last;
                    // The line end before the parting line belongs to it.
                    let section = section.strip_suffix(b"\n").unwrap_or(section);
                    return Some(section.strip_suffix(b"\r").unwrap_or(section));
                }
                if last {
                    break;
                }
            }
            at += line.len();
        }
        let left = std::mem::take(&mut self.rest);
        // Cut on its way: what came of the last part is read.
        let open = std::mem::take(&mut self.begun);
        let left = left.get(from..).unwrap_or_default();
        (open && !left.is_empty()).then_some(left)
    }
}
