//! Remarks: what a reader should know about a report that is not quite as expected.
//!
//! A remark never refuses anything and never changes anything. It says in which part of the report
//! it was seen and what it means, in a sentence for the person who reads or writes the report.

use std::borrow::Cow;

use crate::cbor::{self, Item, Malformed};
use crate::country::Country;
use crate::part::{Kept, Name};
use crate::report::{
    AnswerAsTold, ConsentAsTold, Helping, Origin, PerpetratorsAsTold, Report, SourceAsTold,
    VictimAsTold, When, Where,
};
use crate::text::{self, Deceptions};
use crate::vocabulary::{Language, List, Term};

/// A text of more characters than this is called very long. It is shown whole all the same.
const VERY_LONG: usize = 20_000;

/// Something seen in one part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What was seen.
    pub seen: Seen,
    /// In which part: the keys of a draft, such as `victims[1].least`; empty for the whole report.
    /// Safe to show.
    pub part: String,
}

/// What can be remarked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Seen {
    /// Nothing was told in words.
    NothingTold,
    /// A code that is in no list of this release.
    UnknownWord,
    /// Not a language tag.
    UnknownLanguage,
    /// Not the code of a country.
    UnknownCountry,
    /// Not a day of the calendar, as `YYYY-MM-DD`.
    NotADay,
    /// The last day is before the first.
    LastBeforeFirst,
    /// The counts are not in order: least, best, most.
    CountsOutOfOrder,
    /// Control characters stand in the text.
    ControlCharacters,
    /// Marks in the text turn its reading direction.
    TurnedDirection,
    /// Characters stand in the text that nobody sees.
    UnseenCharacters,
    /// The text is very long; nothing is cut.
    VeryLong,
    /// A list has more entries than any reader takes.
    TooMany,
    /// The report is larger than the largest letter.
    TooLarge,
    /// A part this release does not know; kept as it came.
    UnknownPart,
    /// A value of another kind than expected; kept as it came.
    UnreadPart,
    /// A draft gave another kind of value, and it could be read all the same.
    ReadOtherwise,
}

impl Seen {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::NothingTold,
        Self::UnknownWord,
        Self::UnknownLanguage,
        Self::UnknownCountry,
        Self::NotADay,
        Self::LastBeforeFirst,
        Self::CountsOutOfOrder,
        Self::ControlCharacters,
        Self::TurnedDirection,
        Self::UnseenCharacters,
        Self::VeryLong,
        Self::TooMany,
        Self::TooLarge,
        Self::UnknownPart,
        Self::UnreadPart,
        Self::ReadOtherwise,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NothingTold => "nothing-told",
            Self::UnknownWord => "unknown-word",
            Self::UnknownLanguage => "unknown-language",
            Self::UnknownCountry => "unknown-country",
            Self::NotADay => "not-a-day",
            Self::LastBeforeFirst => "last-before-first",
            Self::CountsOutOfOrder => "counts-out-of-order",
            Self::ControlCharacters => "control-characters",
            Self::TurnedDirection => "turned-direction",
            Self::UnseenCharacters => "unseen-characters",
            Self::VeryLong => "very-long",
            Self::TooMany => "too-many",
            Self::TooLarge => "too-large",
            Self::UnknownPart => "unknown-part",
            Self::UnreadPart => "unread-part",
            Self::ReadOtherwise => "read-otherwise",
        }
    }

    /// The sentence, without naming the part.
    pub const fn sentence(self, language: Language) -> &'static str {
        let (en, fr) = match self {
            Self::NothingTold => (
                "Nothing is told in words.",
                "Rien n’est raconté avec des mots.",
            ),
            Self::UnknownWord => (
                "This word is in none of our lists; it is kept as it came.",
                "Ce mot ne figure dans aucune de nos listes ; il est conservé tel quel.",
            ),
            Self::UnknownLanguage => (
                "This is not the name of a language as we know it; it is kept as it came.",
                "Ce nom de langue nous est inconnu ; il est conservé tel quel.",
            ),
            Self::UnknownCountry => (
                "This is not the two-letter code of a country; it is kept as it came.",
                "Ce n’est pas le code à deux lettres d’un pays ; il est conservé tel quel.",
            ),
            Self::NotADay => (
                "This is not a day of the calendar, written year-month-day; it is kept as it came.",
                "Ce n’est pas un jour du calendrier, écrit année-mois-jour ; il est conservé tel quel.",
            ),
            Self::LastBeforeFirst => (
                "The last day is before the first.",
                "Le dernier jour précède le premier.",
            ),
            Self::CountsOutOfOrder => (
                "The numbers do not fit together: at least, probably, at most.",
                "Les nombres ne concordent pas : au moins, probablement, au plus.",
            ),
            Self::ControlCharacters => (
                "The text holds control characters; they are shown by their number.",
                "Le texte contient des caractères de contrôle ; ils sont affichés par leur numéro.",
            ),
            Self::TurnedDirection => (
                "The text holds marks that turn the reading direction; they are shown by their number.",
                "Le texte contient des marques qui inversent le sens de lecture ; elles sont affichées par leur numéro.",
            ),
            Self::UnseenCharacters => (
                "The text holds characters that cannot be seen; they are shown by their number.",
                "Le texte contient des caractères invisibles ; ils sont affichés par leur numéro.",
            ),
            Self::VeryLong => (
                "The text is very long; nothing was cut.",
                "Le texte est très long ; rien n’a été coupé.",
            ),
            Self::TooMany => (
                "There are more than 1,000 entries; please send them in several letters.",
                "Il y a plus de 1 000 entrées ; envoyez-les en plusieurs lettres.",
            ),
            Self::TooLarge => (
                "The report is larger than the largest letter; please send it in several letters.",
                "Le signalement dépasse la plus grande lettre possible ; envoyez-le en plusieurs lettres.",
            ),
            Self::UnknownPart => (
                "This release does not know this part; it is kept as it came.",
                "Cette version ne connaît pas cette partie ; elle est conservée telle quelle.",
            ),
            Self::UnreadPart => (
                "This part could not be read; it is kept as it came.",
                "Cette partie n’a pas pu être lue ; elle est conservée telle quelle.",
            ),
            Self::ReadOtherwise => (
                "Another kind of value was expected here; it was read all the same.",
                "Une autre sorte de valeur était attendue ici ; elle a tout de même été lue.",
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }
}

impl Remark {
    /// The sentence with the part it is about, safe to show.
    pub fn sentence(&self, language: Language) -> String {
        let sentence = self.seen.sentence(language);
        if self.part.is_empty() {
            return sentence.to_owned();
        }
        let mut out = String::new();
        for step in self.part.split('.') {
            if !out.is_empty() {
                out.push_str(" › ");
            }
            out.push_str(&step_label(step, language));
        }
        out.push_str(match language {
            Language::English => ": ",
            Language::French => "\u{a0}: ",
        });
        out.push_str(sentence);
        out
    }
}

/// One step of a part's path in words: `victims[1]` is "people attacked 2".
fn step_label(step: &str, language: Language) -> Cow<'_, str> {
    let (key, number) = match step.split_once('[') {
        Some((key, rest)) => (
            key,
            rest.strip_suffix(']')
                .and_then(|rest| rest.parse::<usize>().ok()),
        ),
        None => (step, None),
    };
    let Some((_, en, fr)) = STEPS.iter().find(|(known, ..)| *known == key) else {
        return Cow::Borrowed(step);
    };
    let label = match language {
        Language::English => *en,
        Language::French => *fr,
    };
    match number {
        Some(number) => Cow::Owned(format!("{label} {}", number.saturating_add(1))),
        None => Cow::Borrowed(label),
    }
}

#[rustfmt::skip]
const STEPS: &[(&str, &str, &str)] = &[
    ("language", "language", "langue"),
    ("narrative", "what happened", "ce qui s’est passé"),
    ("when", "when", "quand"),
    ("where", "where", "où"),
    ("acts", "what was done", "ce qui a été fait"),
    ("victims", "people attacked", "personnes visées"),
    ("perpetrators", "alleged perpetrators", "auteurs présumés"),
    ("relation", "who is writing", "qui écrit"),
    ("helping", "does the person know", "la personne est-elle au courant"),
    ("consents", "what may be done", "usages acceptés"),
    ("safety", "safety", "sécurité"),
    ("contact", "contact", "contact"),
    ("urgency", "urgency", "urgence"),
    ("sources", "where more can be found", "où en savoir plus"),
    ("labels", "labels", "étiquettes"),
    ("channel", "channel", "voie d’arrivée"),
    ("origin", "origin", "origine"),
    ("age", "age", "âge"),
    ("code", "code of the office", "code du bureau"),
    ("words", "words", "mots"),
    ("asked", "questions of the office", "questions du bureau"),
    ("question", "which question", "quelle question"),
    ("told", "as told", "tel que raconté"),
    ("first", "first day", "premier jour"),
    ("last", "last day", "dernier jour"),
    ("precision", "precision", "précision"),
    ("country", "country", "pays"),
    ("admin1", "province or region", "province ou région"),
    ("admin2", "district or town", "district ou ville"),
    ("groups", "groups", "groupes"),
    ("least", "at least", "au moins"),
    ("best", "probably", "probablement"),
    ("most", "at most", "au plus"),
    ("speaks", "who may speak for them", "qui peut parler en leur nom"),
    ("codes", "chosen from the list", "choix dans la liste"),
    ("purpose", "purpose", "usage"),
    ("answer", "answer", "réponse"),
    ("identity", "identity", "identité"),
    ("type", "type", "type"),
    ("found", "where found", "où la trouver"),
    ("set", "data set", "jeu de données"),
    ("id", "identifier", "identifiant"),
];

impl Report {
    /// What a reader should know: everything that is not quite as expected, in the report's order.
    pub fn remarks(&self) -> Vec<Remark> {
        let mut eye = Eye {
            remarks: Vec::new(),
        };
        eye.report(self);
        eye.remarks
    }
}

/// Looks at each part in turn.
struct Eye {
    remarks: Vec<Remark>,
}

impl Eye {
    fn report(&mut self, report: &Report) {
        if report.narrative.trim().is_empty() {
            self.see(Seen::NothingTold, "narrative");
        }
        if !report.language.is_empty() && !is_language_tag(&report.language) {
            self.see(Seen::UnknownLanguage, "language");
        }
        self.text(&report.narrative, "narrative");
        self.when(&report.when);
        self.place(&report.place);
        self.terms(&report.acts, "acts");
        self.each(&report.victims, "victims", Self::victim);
        self.perpetrators(&report.perpetrators);
        self.term(&report.relation, "relation");
        self.helping(&report.helping);
        self.each(&report.consents, "consents", Self::consent);
        self.text(&report.safety, "safety");
        self.text(&report.contact, "contact");
        self.term(&report.urgency, "urgency");
        self.each(&report.sources, "sources", Self::source);
        self.each(&report.labels, "labels", |eye, label, part| {
            eye.text(label, part)
        });
        self.term(&report.channel, "channel");
        self.origin(&report.origin);
        self.term(&report.age, "age");
        self.text(&report.code, "code");
        self.term(&report.words, "words");
        self.each(&report.asked, "asked", Self::answer);
        self.kept(&report.kept, "", &REPORT_KEYS);
        // Last, whether any reader would take it at all.
        match Item::parse(&report.encode()) {
            Err(Malformed::TooLong) => self.see(Seen::TooLarge, ""),
            Err(_)
                if !self
                    .remarks
                    .iter()
                    .any(|remark| remark.seen == Seen::TooMany) =>
            {
                self.see(Seen::TooMany, "");
            }
            Ok(_) | Err(_) => {}
        }
    }

    fn when(&mut self, when: &When) {
        self.text(&when.told, "when.told");
        for (told, read, part) in [
            (&when.first, when.first_day(), "when.first"),
            (&when.last, when.last_day(), "when.last"),
        ] {
            if !told.is_empty() && read.is_none() {
                self.see(Seen::NotADay, part);
            }
        }
        if let (Some(first), Some(last)) = (when.first_day(), when.last_day())
            && last < first
        {
            self.see(Seen::LastBeforeFirst, "when");
        }
        self.term(&when.precision, "when.precision");
        self.kept(&when.kept, "when.", &["told", "first", "last", "precision"]);
    }

    fn place(&mut self, place: &Where) {
        self.text(&place.told, "where.told");
        if !place.country.is_empty() && Country::read(&place.country).is_none() {
            self.see(Seen::UnknownCountry, "where.country");
        }
        self.text(&place.admin1, "where.admin1");
        self.text(&place.admin2, "where.admin2");
        self.kept(
            &place.kept,
            "where.",
            &["told", "country", "admin1", "admin2"],
        );
    }

    fn victim(&mut self, victim: &VictimAsTold, part: &str) {
        self.text(&victim.told, &format!("{part}.told"));
        self.terms(&victim.groups, &format!("{part}.groups"));
        self.text(&victim.speaks, &format!("{part}.speaks"));
        let counts: Vec<u32> = [victim.least, victim.best, victim.most]
            .into_iter()
            .flatten()
            .collect();
        if !counts.is_sorted() {
            self.see(Seen::CountsOutOfOrder, part);
        }
        self.kept(
            &victim.kept,
            &format!("{part}."),
            &["told", "groups", "least", "best", "most", "speaks"],
        );
    }

    fn perpetrators(&mut self, perpetrators: &PerpetratorsAsTold) {
        self.text(&perpetrators.told, "perpetrators.told");
        self.terms(&perpetrators.codes, "perpetrators.codes");
        self.kept(&perpetrators.kept, "perpetrators.", &["told", "codes"]);
    }

    fn helping(&mut self, helping: &Helping) {
        self.term(&helping.knows, "helping");
        self.kept(&helping.kept, "helping.", &["knows"]);
    }

    fn consent(&mut self, consent: &ConsentAsTold, part: &str) {
        self.term(&consent.purpose, &format!("{part}.purpose"));
        self.term(&consent.answer, &format!("{part}.answer"));
        self.term(&consent.identity, &format!("{part}.identity"));
        self.kept(
            &consent.kept,
            &format!("{part}."),
            &["purpose", "answer", "identity"],
        );
    }

    fn source(&mut self, source: &SourceAsTold, part: &str) {
        self.term(&source.kind, &format!("{part}.type"));
        self.text(&source.found, &format!("{part}.found"));
        self.kept(&source.kept, &format!("{part}."), &["type", "found"]);
    }

    fn answer(&mut self, answer: &AnswerAsTold, part: &str) {
        self.text(&answer.question, &format!("{part}.question"));
        self.text(&answer.told, &format!("{part}.told"));
        self.kept(&answer.kept, &format!("{part}."), &["question", "told"]);
    }

    fn origin(&mut self, origin: &Origin) {
        self.text(&origin.set, "origin.set");
        self.text(&origin.id, "origin.id");
        self.kept(&origin.kept, "origin.", &["set", "id"]);
    }

    fn text(&mut self, told: &str, part: &str) {
        let found = Deceptions::within(told);
        if found.control {
            self.see(Seen::ControlCharacters, part);
        }
        if found.direction {
            self.see(Seen::TurnedDirection, part);
        }
        if found.invisible {
            self.see(Seen::UnseenCharacters, part);
        }
        if told.chars().nth(VERY_LONG).is_some() {
            self.see(Seen::VeryLong, part);
        }
    }

    fn term<L: List>(&mut self, term: &Term<L>, part: &str) {
        if !term.is_empty() && term.entry().is_none() {
            self.see(Seen::UnknownWord, part);
        }
    }

    fn terms<L: List>(&mut self, terms: &[Term<L>], part: &str) {
        self.each(terms, part, |eye, term, part| {
            if term.entry().is_none() {
                eye.see(Seen::UnknownWord, part);
            }
        });
    }

    fn each<T>(&mut self, list: &[T], part: &str, look: impl Fn(&mut Self, &T, &str)) {
        if list.len() > cbor::MAX_ENTRIES {
            self.see(Seen::TooMany, part);
        }
        for (number, entry) in list.iter().enumerate() {
            look(self, entry, &format!("{part}[{number}]"));
        }
    }

    /// `known` are the names of the keys from the lowest number on.
    fn kept(&mut self, kept: &Kept, within: &str, known: &[&str]) {
        for name in kept.names() {
            let found = match &name {
                Name::Number(number) => usize::try_from(*number)
                    .ok()
                    .and_then(|number| known.get(number)),
                Name::Text(text) => known.iter().find(|known| *known == text),
                Name::Other => None,
            };
            match (found, name) {
                (Some(known), _) => self.see(Seen::UnreadPart, &format!("{within}{known}")),
                (None, Name::Number(number)) => {
                    self.see(Seen::UnknownPart, &format!("{within}{number}"))
                }
                // A stranger's key: one short line, and no step of its own.
                (None, Name::Text(text)) => self.see(
                    Seen::UnknownPart,
                    &format!("{within}{}", text::line(&text, 40).replace('.', "·")),
                ),
                (None, Name::Other) => self.see(Seen::UnknownPart, within.trim_end_matches('.')),
            }
        }
    }

    fn see(&mut self, seen: Seen, part: &str) {
        self.remarks.push(Remark {
            seen,
            part: part.to_owned(),
        });
    }
}

/// The keys of a report by their numbers; number 0 is the version, which is never kept.
pub(crate) const REPORT_KEYS: [&str; 22] = [
    "version",
    "language",
    "narrative",
    "when",
    "where",
    "acts",
    "victims",
    "perpetrators",
    "relation",
    "helping",
    "consents",
    "safety",
    "contact",
    "urgency",
    "sources",
    "labels",
    "channel",
    "origin",
    "age",
    "code",
    "words",
    "asked",
];

/// Whether a text has the shape of a BCP 47 tag: subtags of one to eight letters and digits, the
/// first of two to eight letters.
fn is_language_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let first = subtags.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags.all(|subtag| {
            (1..=8).contains(&subtag.len())
                && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}
