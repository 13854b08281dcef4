//! What a browser asked, and what it is answered: values, so that every rule at the door is tried
//! without a socket.

use maud::Markup;

use crate::evidence::HandOut;

/// The most fields a form may have; ours have far fewer.
const MOST_FIELDS: usize = 400;

/// A request, as far as the desk looks at it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// `GET` or `POST`; nothing else is answered.
    pub method: String,
    /// The path.
    pub path: String,
    /// What stands after `?`.
    pub query: String,
    /// The header `Host`.
    pub host: Option<String>,
    /// The header `Origin`.
    pub origin: Option<String>,
    /// The header `Sec-Fetch-Site`.
    pub fetch_site: Option<String>,
    /// The header `Cookie`.
    pub cookie: Option<String>,
    /// The body; of a form with files, its fields alone.
    pub body: Vec<u8>,
    /// The files of a form that brings some.
    pub files: Vec<Vec<u8>>,
    /// The form brought more than is taken at once, or its bytes are no form: no file was read.
    pub cut: bool,
}

impl Asked {
    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookie.as_deref()?.split(';').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        })
    }
}

/// An answer. Every one gets the same headers of protection when it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// `text/html`, `text/css` or `text/plain`.
    pub kind: &'static str,
    /// Where to look instead.
    pub location: Option<String>,
    /// Cookies to set.
    pub cookies: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
    /// A file that is sent instead of the body, piece by piece.
    pub file: Option<HandOut>,
    /// The name under which the body is to be saved, when it is not to be shown.
    pub save_as: Option<&'static str>,
}

impl Answered {
    /// A file to be saved: never shown, never opened, under the desk's name for it.
    pub(crate) fn file(file: HandOut) -> Self {
        Self {
            status: 200,
            kind: "application/octet-stream",
            file: Some(file),
            ..Self::nothing_here()
        }
    }

    /// A document to be saved under a name of the desk's own.
    pub(crate) fn saved(body: Vec<u8>, kind: &'static str, name: &'static str) -> Self {
        Self {
            status: 200,
            kind,
            body,
            save_as: Some(name),
            ..Self::nothing_here()
        }
    }

    /// The one answer to whoever has no business here: says nothing, not even that this is a desk.
    pub(crate) fn nothing_here() -> Self {
        Self {
            status: 404,
            kind: "text/plain; charset=utf-8",
            location: None,
            cookies: Vec::new(),
            body: Vec::new(),
            file: None,
            save_as: None,
        }
    }

    pub(crate) fn page(status: u16, page: Markup) -> Self {
        Self {
            status,
            kind: "text/html; charset=utf-8",
            location: None,
            cookies: Vec::new(),
            body: page.into_string().into_bytes(),
            file: None,
            save_as: None,
        }
    }

    pub(crate) fn see(path: impl Into<String>) -> Self {
        Self {
            status: 303,
            kind: "text/plain; charset=utf-8",
            location: Some(path.into()),
            cookies: Vec::new(),
            body: Vec::new(),
            file: None,
            save_as: None,
        }
    }

    pub(crate) fn with_cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }
}

/// The fields of a form, in their order.
#[derive(Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`. What is malformed is read as far as it goes.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let fields = bytes
            .split(|b| *b == b'&')
            .filter(|pair| !pair.is_empty())
            .take(MOST_FIELDS)
            .map(|pair| {
                let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
                let (key, value) = pair.split_at(at);
                (decode(key), decode(value.get(1..).unwrap_or_default()))
            })
            .collect();
        Self(fields)
    }

    /// The first value of a name; empty if there is none. Line ends as one character.
    pub(crate) fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// Every value of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Whether a value is among those of a name.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|v| v == value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All fields but those of a name.
    pub(crate) fn without(&self, name: &str) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(key, _)| key != name)
                .cloned()
                .collect(),
        )
    }

    /// The same fields, with this value for a name and no other.
    pub(crate) fn with(&self, name: &str, value: String) -> Self {
        let mut fields = self.without(name);
        fields.0.push((name.to_owned(), value));
        fields
    }

    /// The fields of these names that hold something, as a browser would send them: one line.
    pub(crate) fn encoded(&self, names: &[&str]) -> String {
        let kept = self
            .iter()
            .filter(|(key, value)| names.contains(key) && !value.is_empty());
        let pairs: Vec<String> = kept
            .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
            .collect();
        pairs.join("&")
    }

    /// The fields whose names begin with a prefix, without it.
    pub(crate) fn below(&self, prefix: &str) -> Self {
        Self(
            self.0
                .iter()
                .filter_map(|(key, value)| {
                    Some((key.strip_prefix(prefix)?.to_owned(), value.clone()))
                })
                .collect(),
        )
    }
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

fn decode(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => out.push(b' '),
            b'%' => match after.split_first_chunk::<2>() {
                Some(([high, low], after))
                    if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
                {
                    let digit = |d: &u8| char::from(*d).to_digit(16).unwrap_or(0);
                    out.push(u8::try_from(digit(high) * 16 + digit(low)).unwrap_or(0));
                    rest = after;
                }
                _ => out.push(b'%'),
            },
            other => out.push(*other),
        }
    }
    String::from_utf8_lossy(&out).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_as_it_was_typed() {
        let fields = Fields::read(b"text=Un+caf%C3%A9%0D%0A100%25&tick=on&s=1&s=2&empty=&odd");
        assert_eq!(fields.text("text"), "Un café\n100%");
        assert!(fields.ticked("tick") && !fields.ticked("other"));
        assert_eq!(fields.all("s").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.text("empty"), "");
        assert!(fields.ticked("odd"));
        assert_eq!(Fields::read(b"a=%zz%f%").text("a"), "%zz%f%");
        assert_eq!(Fields::read(&[b'&'; 100_000]).iter().count(), 0);
    }

    #[test]
    fn a_form_that_is_kept_reads_again_as_it_was_and_is_one_line() {
        let typed =
            Fields::read("body=Un+caf%C3%A9%0A100%25+%26+plus&to=&items=a&items=b".as_bytes());
        let kept = typed.encoded(&["body", "to", "items"]);
        assert!(!kept.contains('\n') && !kept.contains("to="));
        let again = Fields::read(kept.as_bytes());
        assert_eq!(again.text("body"), "Un café\n100% & plus");
        assert_eq!(again.all("items").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(typed.encoded(&["to"]), "");
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let asked = Asked {
            cookie: Some("a=1; desk=xyz;b=".to_owned()),
            ..Asked::default()
        };
        assert_eq!(asked.cookie("desk"), Some("xyz"));
        assert_eq!(asked.cookie("b"), Some(""));
        assert_eq!(asked.cookie("esk"), None);
    }
}
