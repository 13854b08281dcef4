//! A hand at the desk: fills in the desk's own pages as a caseworker's browser would, to give a
//! demo some worked cases. It has no other way in than the one-time link.

use std::net::SocketAddr;

use serde_json::Value;

use crate::broken::{Try, While, stop};
use crate::wire::{self, Answer};

/// A browser that came in.
pub(crate) struct Hand {
    address: SocketAddr,
    cookie: String,
}

impl Hand {
    /// Opens the one-time link; it works for nobody afterwards.
    pub(crate) fn enter(link: &str) -> Try<Self> {
        let address = wire::address_of(link)?;
        let path = link
            .split_once("//")
            .and_then(|(_, rest)| rest.split_once('/'))
            .map_or_else(|| "/".to_owned(), |(_, path)| format!("/{path}"));
        let answer = wire::ask(address, "GET", &path, &[], &[]).doing(entering)?;
        let cookie = answer
            .header("set-cookie")
            .and_then(|cookie| cookie.split(';').next())
            .map(str::to_owned);
        match cookie {
            Some(cookie) => Ok(Self { address, cookie }),
            None => stop(format!("the desk's link let nobody in ({})", answer.status)),
        }
    }

    /// A page, as text.
    pub(crate) fn look(&self, path: &str) -> Try<String> {
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        let answer = wire::ask(self.address, "GET", path, &headers, &[]).doing(entering)?;
        if answer.status == 200 {
            Ok(String::from_utf8_lossy(&answer.body).into_owned())
        } else {
            stop(format!("the desk answered {} to {path}", answer.status))
        }
    }

    /// Fills in a form of a page and sends it. A form that comes back is a sentence of the desk's.
    pub(crate) fn fill(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Try<()> {
        let shown = self.look(page)?;
        let Some(token) = between(&shown, "name=\"token\" value=\"", "\"") else {
            return stop(format!("{page} has no form"));
        };
        let mut body = format!("token={}", encoded(token));
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encoded(value)));
        }
        let origin = format!("http://{}", self.address);
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("origin", origin.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let answer: Answer =
            wire::ask(self.address, "POST", action, &headers, body.as_bytes()).doing(entering)?;
        if answer.status == 303 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let why = between(&text, "role=\"alert\"", "</p>").unwrap_or_default();
        stop(format!(
            "the desk answered {} to {action}: {why}",
            answer.status
        ))
    }

    /// The cases that are there, by number, with the beginning of what was told.
    pub(crate) fn cases(&self) -> Try<Vec<(u64, String)>> {
        let page = self.look("/?show=open")?;
        let mut found = Vec::new();
        for part in page.split("<a href=\"/case/").skip(1) {
            // The title stands apart from the number, in a direction of its own.
            let title = between(part, "<bdi>", "</bdi>");
            let (Some((number, _)), Some(title)) = (part.split_once('"'), title) else {
                continue;
            };
            if let Ok(number) = number.parse()
                && !found.iter().any(|(known, _)| *known == number)
            {
                found.push((number, title.to_owned()));
            }
        }
        Ok(found)
    }

    /// Works a case through from what its letter told: a source, the consent of the letter or a
    /// ground, the act, an assessment, its review, and the act marked verified.
    pub(crate) fn work(&self, number: u64, told: &Value) -> Try<()> {
        let page = format!("/case/{number}");
        let to = |verb: &str| format!("/case/{number}/{verb}");
        let text = |path: &[&str]| {
            path.iter()
                .try_fold(told, |value, key| match key.parse::<usize>() {
                    Ok(at) => value.get(at),
                    Err(_) => value.get(*key),
                })
                .map(|value| match value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                })
                .unwrap_or_default()
        };
        let fill = |verb: &str, fields: &[(&str, &str)]| self.fill(&page, &to(verb), fields);
        fill(
            "triage",
            &[
                ("urgency", &text(&["urgency"])),
                ("reason", "Sample: as told."),
            ],
        )?;
        fill(
            "source",
            &[
                ("kind", "witness"),
                ("reliability", "b"),
                ("name", "Sample witness"),
                ("found", "Sample: note of a conversation"),
                ("says", "Sample: saw it and tells the same."),
                ("independence_group", ""),
            ],
        )?;
        fill(
            "source",
            &[
                ("kind", "colleague"),
                ("reliability", "b"),
                ("name", "Sample: who wrote the letter"),
                ("found", "Sample: the letter of this case"),
                ("says", "Sample: as told in the letter."),
                ("independence_group", ""),
            ],
        )?;
        fill(
            "consent",
            &[
                ("purpose", "statistics"),
                ("answer", "yes"),
                ("identity", "none"),
                ("subject", "0"),
                ("giver", "self"),
                ("form", "oral-noted"),
            ],
        )?;
        fill(
            "code",
            &[
                ("kind", &text(&["acts", "0"])),
                ("first", &text(&["when", "first"])),
                ("last", &text(&["when", "last"])),
                ("country", &text(&["where", "country"])),
                ("admin1", &text(&["where", "admin1"])),
                ("place", &text(&["where", "told"])),
                ("group", &text(&["victims", "0", "groups", "0"])),
                ("best", &text(&["victims", "0", "best"])),
                ("stage", "completed"),
                ("sphere", "offline"),
                (
                    "narrative",
                    "Sample: as told in the letter, in the office’s words.",
                ),
            ],
        )?;
        fill(
            "assess",
            &[
                ("act", "1"),
                ("standard", "grounds-to-believe"),
                ("corroboration", "c2"),
                ("credibility", "2"),
                ("sources", "1"),
                ("sources", "2"),
                (
                    "reasons",
                    "Sample: the letter and a witness who does not know its writer agree.",
                ),
            ],
        )?;
        fill("review", &[("assessment", "1"), ("agrees", "yes")])?;
        fill("verify", &[("act", "1"), ("assessment", "1")])
    }
}

fn entering() -> String {
    "speaking with the desk".to_owned()
}

/// What stands between two marks, the first time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(inside, _)| inside)
}

/// As a form encodes it.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
