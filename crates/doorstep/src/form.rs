//! What a browser sends from the doorstep's form, and the report it becomes. Pure: bytes in,
//! values out. Nothing is refused for what it says; what is no form at all is an empty one.

use pages::reporter::field;
use record::FormLanguage;
use record::{ConsentAsTold, Helping, PerpetratorsAsTold, Report, Term, VictimAsTold, When, Where};
use zeroize::{Zeroize, Zeroizing};

/// A longer body is not read.
pub const MOST_BYTES: usize = 64 * 1_024;
/// More fields than the form has, all lists ticked.
const MOST_FIELDS: usize = 1_000;

/// The fields of a form as they came; gone from memory when dropped.
#[derive(Default)]
pub struct Typed(Vec<(Zeroizing<String>, Zeroizing<String>)>);

impl Typed {
    /// Reads `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        let pairs = body
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty());
        Self(
            pairs
                .take(MOST_FIELDS)
                .map(|pair| {
                    let mut parts = pair.splitn(2, |byte| *byte == b'=');
                    let mut next = || decoded(parts.next().unwrap_or_default());
                    (next(), next())
                })
                .collect(),
        )
    }

    /// Name and value of each field, in order.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// Whether words are wanted.
    #[must_use]
    pub fn wants_words(&self) -> bool {
        self.first(field::WORDS) == "yes"
    }

    /// The report it tells, without what the doorstep itself adds; empty if nothing was told.
    #[must_use]
    pub fn report(&self) -> Told {
        let (when, day) = (self.text(field::WHEN), self.first(field::DAY).trim());
        let known = record::Date::read(day).is_some();
        let victim = VictimAsTold {
            told: self.text(field::VICTIMS),
            groups: self.all(field::GROUPS).map(Term::told).collect(),
            speaks: self.text(field::SPEAKS),
            best: self.first(field::COUNT).trim().parse().ok(),
            ..VictimAsTold::default()
        };
        Told(Report {
            narrative: self.text(field::NARRATIVE),
            when: When {
                // A day the calendar does not have is still something told.
                told: if known || day.is_empty() {
                    when
                } else {
                    format!("{when} {day}").trim().to_owned()
                },
                first: if known { day.to_owned() } else { String::new() },
                last: if known { day.to_owned() } else { String::new() },
                precision: Term::told(if known { "day" } else { "" }),
                ..When::default()
            },
            place: Where {
                told: self.text(field::WHERE),
                country: self.first(field::COUNTRY).to_owned(),
                ..Where::default()
            },
            acts: self.all(field::ACTS).map(Term::told).collect(),
            victims: if victim.is_empty() {
                vec![]
            } else {
                vec![victim]
            },
            perpetrators: PerpetratorsAsTold {
                told: self.text(field::PERPETRATORS),
                codes: self.all(field::KINDS).map(Term::told).collect(),
                ..PerpetratorsAsTold::default()
            },
            relation: Term::told(self.first(field::RELATION)),
            helping: Helping {
                knows: Term::told(self.first(field::KNOWS)),
                ..Helping::default()
            },
            consents: self.consents(),
            safety: self.text(field::SAFETY),
            contact: self.text(field::CONTACT),
            urgency: Term::told(self.first(field::URGENCY)),
            age: Term::told(self.first(field::AGE)),
            code: self.text(field::CODE),
            ..Report::default()
        })
    }

    fn consents(&self) -> Vec<ConsentAsTold> {
        let answered = self.0.iter().filter_map(|(name, answer)| {
            let purpose = name.strip_prefix(field::CONSENT_PREFIX)?;
            (!answer.is_empty()).then_some((purpose, answer))
        });
        answered
            .map(|(purpose, answer)| ConsentAsTold {
                purpose: Term::told(purpose),
                answer: Term::told(answer.as_str()),
                identity: Term::told(self.first(&format!("{}{purpose}", field::IDENTITY_PREFIX))),
                ..ConsentAsTold::default()
            })
            .collect()
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        let named = self
            .0
            .iter()
            .filter(move |(field, _)| field.as_str() == name);
        named
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn first(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(field, _)| field.as_str() == name)
            .map_or("", |(_, value)| value)
    }

    /// A text as its writer meant it: forms end lines in two characters.
    fn text(&self, name: &str) -> String {
        self.first(name).trim().replace("\r\n", "\n")
    }
}

/// The report that was told; its texts leave memory when dropped.
pub struct Told(Report);

impl Told {
    /// Whether anything was told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the page's language and the way it came.
    pub fn came_in(&mut self, language: FormLanguage) {
        self.0.language = language.lang().to_owned();
        self.0.channel = Term::told("doorstep");
    }

    /// The report.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.0
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        let r = &mut self.0;
        for text in [
            &mut r.narrative,
            &mut r.when.told,
            &mut r.when.first,
            &mut r.when.last,
            &mut r.place.told,
            &mut r.perpetrators.told,
            &mut r.safety,
            &mut r.contact,
            &mut r.code,
        ] {
            text.zeroize();
        }
        for victim in &mut r.victims {
            victim.told.zeroize();
            victim.speaks.zeroize();
        }
    }
}

/// Plus signs and percent signs undone; what is not UTF-8 is kept as far as it is.
fn decoded(bytes: &[u8]) -> Zeroizing<String> {
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| {
            let digit = char::from(*after.get(at)?).to_digit(16)?;
            u8::try_from(digit).ok()
        };
        rest = after;
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                rest = after.get(2..).unwrap_or_default();
            }
            (b'+', ..) => out.push(b' '),
            (other, ..) => out.push(*other),
        }
    }
    Zeroizing::new(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;

    fn told(body: &str) -> Report {
        Typed::read(body.as_bytes()).report().report().clone()
    }

    #[test]
    fn each_field_of_the_form_stands_in_the_report() {
        let report = told(
            "narrative=They+came.%0D%0AAt+night&when=Sunday&day=2024-03-03&where=near+Goma&country=CD\
             &acts=threat&acts=arbitrary-arrest&victims=a+teacher&count=2&groups=teacher&perpetrators=two+men\
             &kinds=state-police&relation=witness&knows=yes&urgency=past&safety=no+calls&contact=none\
             &consent.statistics=yes&identity.statistics=none&consent.media=&words=no",
        );
        assert_eq!(report.narrative, "They came.\nAt night");
        assert_eq!(
            (report.when.first.as_str(), report.when.precision.as_str()),
            ("2024-03-03", "day")
        );
        assert_eq!(
            (report.place.told.as_str(), report.place.country.as_str()),
            ("near Goma", "CD")
        );
        let acts: Vec<&str> = report.acts.iter().map(Term::as_str).collect();
        assert_eq!(acts, ["threat", "arbitrary-arrest"]);
        assert_eq!(
            (report.victims[0].best, report.victims[0].groups[0].as_str()),
            (Some(2), "teacher")
        );
        assert_eq!(report.perpetrators.codes[0].as_str(), "state-police");
        assert_eq!(
            (report.relation.as_str(), report.helping.knows.as_str()),
            ("witness", "yes")
        );
        assert_eq!(
            (report.urgency.as_str(), report.safety.as_str()),
            ("past", "no calls")
        );
        assert_eq!(report.consents.len(), 1);
        assert_eq!(report.consents[0].identity.as_str(), "none");
        // What this list may not know is kept and only remarked.
        let kept: Vec<_> = report
            .remarks()
            .into_iter()
            .filter(|r| r.part.starts_with("when"))
            .collect();
        assert!(kept.is_empty(), "{kept:?}");
    }

    #[test]
    fn a_day_the_calendar_does_not_have_stays_as_it_was_told() {
        let report = told("when=Carnival&day=2023-02-31");
        assert_eq!(report.when.told, "Carnival 2023-02-31");
        assert_eq!(report.when.first, "");
    }

    #[test]
    fn nothing_told_is_known_as_nothing() {
        for body in [
            "",
            "&&&",
            "words=yes",
            "narrative=+++&when=%20&count=&consent.media=",
            "x=y",
            "%%%",
        ] {
            assert!(Typed::read(body.as_bytes()).report().is_empty(), "{body}");
        }
        for body in ["narrative=a", "acts=threat", "count=0", "contact=%C3%A9"] {
            assert!(!Typed::read(body.as_bytes()).report().is_empty(), "{body}");
        }
    }

    #[test]
    fn every_script_and_every_damage_is_read_as_far_as_it_goes() {
        let arabic = "narrative=%D8%A7%D8%B9%D8%AA%D9%82%D9%84%D9%88%D9%87";
        assert_eq!(told(arabic).narrative, "اعتقلوه");
        assert_eq!(told("narrative=100%").narrative, "100%");
        assert_eq!(told("narrative=%4").narrative, "%4");
        assert_eq!(told("narrative=%zz%41").narrative, "%zzA");
        assert_eq!(told("narrative=%ff%fe").narrative, "\u{FFFD}\u{FFFD}");
        assert_eq!(told("narrative=a%00%E2%80%AEb").narrative, "a\0\u{202E}b");
        let noise: Vec<u8> = (0..=255).cycle().take(MOST_BYTES).collect();
        assert!(Typed::read(&noise).pairs().len() <= MOST_FIELDS);
    }

    #[test]
    fn words_are_drawn_only_for_who_wants_them() {
        assert!(Typed::read(b"words=yes").wants_words());
        for body in ["", "words=no", "words=", "words=YES&words=yes"] {
            assert!(!Typed::read(body.as_bytes()).wants_words(), "{body}");
        }
    }
}
