//! What all pages share: the head with its policy, the one style, the way out.
//!
//! The policy (a `Content-Security-Policy` in the page itself, so that it holds on any static host,
//! mirror or stick) allows the page's own style by its hash and, where a page has one, the script
//! of its own origin. Everything else is forbidden.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

/// The style of every page. Calm: one column, system fonts, two colour schemes, no motion.
const STYLE: &str = include_str!("shell.css");

/// Without script nothing is shown that only script can serve.
const STYLE_WITHOUT_SCRIPT: &str = ".scripted{display:none}";

/// What a page is allowed to do beyond being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing.
    Read,
    /// Run the script of its own origin and fetch from there.
    Script,
    /// Send a form to its own origin.
    Form,
}

/// The head of a page.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The BCP 47 tag of the page's language.
    pub lang: &'a str,
    /// `ltr` or `rtl`.
    pub direction: &'a str,
    /// What the tab and the history show. Says nothing that could harm.
    pub title: &'a str,
    /// What the page may do.
    pub reach: Reach,
    /// Whether a search engine may list it.
    pub indexed: bool,
    /// Scripts of the same origin, run in this order: address, and SHA-256 of the bytes.
    pub scripts: &'a [(&'a str, [u8; 32])],
    /// More rules for this page alone, appended to the style.
    pub style: &'a str,
}

/// A whole page.
#[must_use]
pub fn page(head: &Head<'_>, body: &Markup) -> Vec<u8> {
    let style = [STYLE, head.style].concat();
    let markup = html! {
        (DOCTYPE)
        // Browsers offer to translate by sending the page away: not this one.
        html lang=(head.lang) dir=(head.direction) translate=[(!head.indexed).then_some("no")] {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(head, &style));
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                meta name="format-detection" content="telephone=no,date=no,address=no,email=no";
                @if !head.indexed { meta name="robots" content="noindex,nofollow,noarchive,nosnippet,notranslate"; }
                title { (head.title) }
                // An empty picture: otherwise browsers ask the server for one on their own.
                link rel="icon" href="data:,";
                style { (PreEscaped(&style)) }
                @if !head.scripts.is_empty() {
                    noscript { style { (PreEscaped(STYLE_WITHOUT_SCRIPT)) } }
                    @for (address, hash) in head.scripts {
                        script src=(address) defer integrity={ "sha256-" (base64(hash)) } {}
                    }
                }
            }
            (body)
        }
    };
    markup.into_string().into_bytes()
}

/// A whole page in one file that asks for nothing: its script stands in it, and its policy lets no
/// request of any kind out, not even to the place it came from.
#[must_use]
pub fn alone(head: &Head<'_>, data: &Markup, body: &Markup, script: &str) -> Vec<u8> {
    let style = [STYLE, head.style].concat();
    let hash_of = |text: &str| base64(&Sha256::digest(text).into());
    let policy = format!(
        "default-src 'none';img-src data:;base-uri 'none';form-action 'none';style-src 'sha256-{}';script-src 'sha256-{}'",
        hash_of(&style),
        hash_of(script)
    );
    let markup = html! {
        (DOCTYPE)
        html lang=(head.lang) dir=(head.direction) translate="no" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                meta name="format-detection" content="telephone=no,date=no,address=no,email=no";
                meta name="robots" content="noindex,nofollow,noarchive,nosnippet,notranslate";
                title { (head.title) }
                link rel="icon" href="data:,";
                style { (PreEscaped(&style)) }
                (data)
            }
            body { (body) script { (PreEscaped(script)) } }
        }
    };
    markup.into_string().into_bytes()
}

fn policy(head: &Head<'_>, style: &str) -> String {
    let hash_of = |text: &str| base64(&Sha256::digest(text).into());
    let own = hash_of(style);
    let base = format!("default-src 'none';img-src data:;base-uri 'none';style-src 'sha256-{own}'");
    match head.reach {
        Reach::Read => format!("{base};form-action 'none'"),
        Reach::Form => format!("{base};form-action 'self'"),
        Reach::Script => {
            let without = hash_of(STYLE_WITHOUT_SCRIPT);
            format!(
                "{base} 'sha256-{without}';script-src 'self';connect-src 'self';media-src blob:;form-action 'none'"
            )
        }
    }
}

/// Base64 with padding (RFC 4648 §4), for hashes in policies.
pub(crate) fn base64(bytes: &[u8; 32]) -> String {
    base64_of(bytes)
}

/// Base64 with padding (RFC 4648 §4).
pub(crate) fn base64_of(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests may")]
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let bytes: [u8; 32] = std::array::from_fn(|i| u8::try_from(i * 8).unwrap());
        assert_eq!(
            base64(&bytes),
            "AAgQGCAoMDhASFBYYGhweICIkJigqLC4wMjQ2ODo8Pg="
        );
        assert_eq!(
            base64(&[0xff; 32]),
            "//////////////////////////////////////////8="
        );
    }

    #[test]
    fn a_page_allows_itself_nothing_it_does_not_need() {
        let head = Head {
            lang: "en",
            direction: "ltr",
            title: "Form",
            reach: Reach::Read,
            indexed: false,
            scripts: &[],
            style: "",
        };
        let page = String::from_utf8(page(&head, &html! { body {} })).unwrap();
        assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
        for word in [
            "script-src",
            "connect-src",
            "unsafe",
            "http://",
            "https://",
            "<script",
        ] {
            assert!(!page.contains(word), "{word}");
        }
        assert!(page.contains("noindex") && page.contains("no-referrer"));
    }
}
