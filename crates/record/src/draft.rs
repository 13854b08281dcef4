//! Drafts: a report as one JSON object, written by people and by the programs of other data sets.
//!
//! A file of drafts is JSON Lines, one object a line. Every key is a plain word:
//!
//! ```json
//! {"language": "en", "narrative": "…", "when": {"told": "last week", "first": "2024-03-02"},
//!  "where": {"country": "CD", "admin1": "…"}, "acts": ["arbitrary-arrest"],
//!  "victims": [{"told": "a journalist", "groups": ["journalist"], "best": 1}],
//!  "perpetrators": {"told": "two officers", "codes": ["state-police"]}, "relation": "witness",
//!  "helping": "yes", "consents": [{"purpose": "statistics", "answer": "yes", "identity": "none"}],
//!  "safety": "…", "contact": "…", "urgency": "past",
//!  "sources": [{"type": "media", "found": "…"}], "labels": ["…"], "channel": "import",
//!  "origin": {"set": "…", "id": "…"}, "asked": [{"question": "…", "told": "…"}]}
//! ```
//!
//! Everything may be left out. A value of another kind is read where its meaning is plain and kept
//! where it is not; a key we do not know is kept; both become remarks. Only what is no JSON object
//! at all is refused ([`NotADraft`]). [`write()`] gives back all that [`read`] took, and the other
//! way round; parts that JSON cannot tell stand, in hexadecimal, under the key `kept`.
//!
//! Absent: files. The caller reads lines, and decides what a remark is worth.

use std::fmt;

use serde_json::{Map, Value};

use crate::cbor::{self, Item, MAX_DEPTH, MAX_ENTRIES};
use crate::part::Kept;
use crate::remark::{Remark, Seen};
use crate::report::{
    AnswerAsTold, ConsentAsTold, Helping, Origin, PerpetratorsAsTold, Report, SourceAsTold,
    VictimAsTold, When, Where,
};
use crate::vocabulary::{List, Term};

/// The longest line that is read, in bytes: the largest report with every character escaped.
pub const LONGEST_LINE: usize = 6 * cbor::MAX_LEN;

/// The key under which parts stand that JSON cannot tell.
const KEPT: &str = "kept";

/// Why a line is not a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotADraft {
    /// Longer than [`LONGEST_LINE`]; divide it.
    TooLong,
    /// Not JSON; correct it at the column named.
    NotJson {
        /// What is wrong, in the reader's own words and none of the line's.
        what: String,
        /// Where, counted from 1.
        column: usize,
    },
    /// JSON, but not an object; write one object a line.
    NotAnObject,
}

impl fmt::Display for NotADraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => {
                write!(
                    f,
                    "the line is longer than {LONGEST_LINE} bytes; divide the report"
                )
            }
            Self::NotJson { what, column } => {
                write!(f, "not JSON, at column {column}: {what}; correct it there")
            }
            Self::NotAnObject => {
                f.write_str("this is JSON but not an object; write one report a line, in { }")
            }
        }
    }
}

impl std::error::Error for NotADraft {}

/// Reads one draft. What could not be understood becomes a remark, beside those of the report.
pub fn read(line: impl AsRef<[u8]>) -> Result<(Report, Vec<Remark>), NotADraft> {
    let line = line.as_ref();
    if line.len() > LONGEST_LINE {
        return Err(NotADraft::TooLong);
    }
    // Some programs begin a file with this mark.
    let line = line.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(line);
    let value: Value = serde_json::from_slice(line).map_err(|error| NotADraft::NotJson {
        what: error
            .to_string()
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned(),
        column: error.column(),
    })?;
    let Value::Object(object) = value else {
        return Err(NotADraft::NotAnObject);
    };
    let mut reader = Reader {
        remarks: Vec::new(),
    };
    let report = reader.report(object);
    // Once through its bytes, so that what is read here is what a letter would bring.
    let report = Report::decode(&report.encode()).unwrap_or(report);
    let mut remarks = reader.remarks;
    remarks.extend(report.remarks());
    Ok((report, remarks))
}

/// Reads a file of drafts: each line that is not blank, with its number counted from 1.
pub fn read_lines(
    file: &[u8],
) -> impl Iterator<Item = (usize, Result<(Report, Vec<Remark>), NotADraft>)> {
    file.split(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(number, line)| (number.saturating_add(1), read(line)))
}

/// Writes a report as one line of JSON, without the line end.
pub fn write(report: &Report) -> String {
    Value::Object(report_object(report)).to_string()
}

/// Reads each part in turn, and notes where it had to read something otherwise.
struct Reader {
    remarks: Vec<Remark>,
}

impl Reader {
    fn report(&mut self, object: Map<String, Value>) -> Report {
        let mut report = Report::default();
        let kept = &mut report.kept;
        for (key, value) in object {
            let part = key.as_str();
            match part {
                "language" => report.language = self.text(value, part, kept, 1),
                "narrative" => report.narrative = self.text(value, part, kept, 1),
                "when" => report.when = self.when(value, part),
                "where" => report.place = self.place(value, part),
                "acts" => report.acts = self.terms(value, part, kept, 1),
                "victims" => report.victims = self.list(value, part, Self::victim),
                "perpetrators" => report.perpetrators = self.perpetrators(value, part),
                "relation" => report.relation = self.term(value, part, kept, 1),
                "helping" => report.helping = self.helping(value, part),
                "consents" => report.consents = self.list(value, part, Self::consent),
                "safety" => report.safety = self.text(value, part, kept, 1),
                "contact" => report.contact = self.text(value, part, kept, 1),
                "urgency" => report.urgency = self.term(value, part, kept, 1),
                "sources" => report.sources = self.list(value, part, Self::source),
                "labels" => report.labels = self.texts(value, part, kept, 1),
                "channel" => report.channel = self.term(value, part, kept, 1),
                "origin" => report.origin = self.origin(value, part),
                "age" => report.age = self.term(value, part, kept, 1),
                "code" => report.code = self.text(value, part, kept, 1),
                "words" => report.words = self.term(value, part, kept, 1),
                "asked" => report.asked = self.list(value, part, Self::answer),
                _ => keep(kept, &key, value, 1),
            }
        }
        report
    }

    fn when(&mut self, value: Value, part: &str) -> When {
        let mut when = When::default();
        let kept = &mut when.kept;
        for (key, value) in self.object(value, part, "told") {
            let part = format!("{part}.{key}");
            match key.as_str() {
                "told" => when.told = self.text(value, &part, kept, 2),
                "first" => when.first = self.text(value, &part, kept, 2),
                "last" => when.last = self.text(value, &part, kept, 2),
                "precision" => when.precision = self.term(value, &part, kept, 2),
                _ => keep(kept, &key, value, 2),
            }
        }
        when
    }

    fn place(&mut self, value: Value, part: &str) -> Where {
        let mut place = Where::default();
        let kept = &mut place.kept;
        for (key, value) in self.object(value, part, "told") {
            let part = format!("{part}.{key}");
            match key.as_str() {
                "told" => place.told = self.text(value, &part, kept, 2),
                "country" => place.country = self.text(value, &part, kept, 2),
                "admin1" => place.admin1 = self.text(value, &part, kept, 2),
                "admin2" => place.admin2 = self.text(value, &part, kept, 2),
                _ => keep(kept, &key, value, 2),
            }
        }
        place
    }

    fn victim(&mut self, value: Value, part: &str) -> VictimAsTold {
        let mut victim = VictimAsTold::default();
        let kept = &mut victim.kept;
        for (key, value) in self.object(value, part, "told") {
            let part = format!("{part}.{key}");
            match key.as_str() {
                "told" => victim.told = self.text(value, &part, kept, 3),
                "groups" => victim.groups = self.terms(value, &part, kept, 3),
                "least" => victim.least = self.count(value, &part, kept),
                "best" => victim.best = self.count(value, &part, kept),
                "most" => victim.most = self.count(value, &part, kept),
                "speaks" => victim.speaks = self.text(value, &part, kept, 3),
                _ => keep(kept, &key, value, 3),
            }
        }
        victim
    }

    fn perpetrators(&mut self, value: Value, part: &str) -> PerpetratorsAsTold {
        let mut perpetrators = PerpetratorsAsTold::default();
        let kept = &mut perpetrators.kept;
        let alone = if value.is_array() { "codes" } else { "told" };
        for (key, value) in self.object(value, part, alone) {
            let part = format!("{part}.{key}");
            match key.as_str() {
                "told" => perpetrators.told = self.text(value, &part, kept, 2),
                "codes" => perpetrators.codes = self.terms(value, &part, kept, 2),
                _ => keep(kept, &key, value, 2),
            }
        }
        perpetrators
    }

    /// A plain answer is the usual form here, so it is nothing to remark.
    fn helping(&mut self, value: Value, part: &str) -> Helping {
        let mut helping = Helping::default();
        let kept = &mut helping.kept;
        let object = match value {
            Value::Object(object) => object,
            Value::Null => Map::new(),
            value => Map::from_iter([("knows".to_owned(), value)]),
        };
        for (key, value) in object {
            match (key.as_str(), value) {
                ("knows", Value::Bool(knows)) => {
                    self.see(Seen::ReadOtherwise, part);
                    helping.knows = Term::told(if knows { "yes" } else { "no" });
                }
                ("knows", value) => helping.knows = self.term(value, part, kept, 2),
                (_, value) => keep(kept, &key, value, 2),
            }
        }
        helping
    }

    fn consent(&mut self, value: Value, part: &str) -> ConsentAsTold {
        let mut consent = ConsentAsTold::default();
        let kept = &mut consent.kept;
        // A purpose alone is no answer: it stays a purpose without one.
        for (key, value) in self.object(value, part, "purpose") {
            let part = format!("{part}.{key}");
            match key.as_str() {
                "purpose" => consent.purpose = self.term(value, &part, kept, 3),
                "answer" => consent.answer = self.term(value, &part, kept, 3),
                "identity" => consent.identity = self.term(value, &part, kept, 3),
                _ => keep(kept, &key, value, 3),
            }
        }
        consent
    }

    fn source(&mut self, value: Value, part: &str) -> SourceAsTold {
        let mut source = SourceAsTold::default();
        let kept = &mut source.kept;
        for (key, value) in self.object(value, part, "found") {
            let part = format!("{part}.{key}");
            match key.as_str() {
                "type" => source.kind = self.term(value, &part, kept, 3),
                "found" => source.found = self.text(value, &part, kept, 3),
                _ => keep(kept, &key, value, 3),
            }
        }
        source
    }

    fn answer(&mut self, value: Value, part: &str) -> AnswerAsTold {
        let mut answer = AnswerAsTold::default();
        let kept = &mut answer.kept;
        for (key, value) in self.object(value, part, "told") {
            let part = format!("{part}.{key}");
            match key.as_str() {
                "question" => answer.question = self.text(value, &part, kept, 3),
                "told" => answer.told = self.text(value, &part, kept, 3),
                _ => keep(kept, &key, value, 3),
            }
        }
        answer
    }

    fn origin(&mut self, value: Value, part: &str) -> Origin {
        let mut origin = Origin::default();
        let kept = &mut origin.kept;
        for (key, value) in self.object(value, part, "set") {
            let part = format!("{part}.{key}");
            match key.as_str() {
                "set" => origin.set = self.text(value, &part, kept, 2),
                "id" => origin.id = self.text(value, &part, kept, 2),
                _ => keep(kept, &key, value, 2),
            }
        }
        origin
    }

    /// An object; anything else is read as one with that value under the key `alone`.
    fn object(&mut self, value: Value, part: &str, alone: &str) -> Map<String, Value> {
        match value {
            Value::Object(object) => object,
            Value::Null => Map::new(),
            value => {
                self.see(Seen::ReadOtherwise, part);
                Map::from_iter([(alone.to_owned(), value)])
            }
        }
    }

    /// A list of parts; anything else is read as a list of one.
    fn list<T>(
        &mut self,
        value: Value,
        part: &str,
        mut one: impl FnMut(&mut Self, Value, &str) -> T,
    ) -> Vec<T> {
        let values = match value {
            Value::Array(values) => values,
            Value::Null => return Vec::new(),
            value => {
                self.see(Seen::ReadOtherwise, part);
                vec![value]
            }
        };
        let numbered = values.into_iter().enumerate();
        numbered
            .map(|(number, value)| one(self, value, &format!("{part}[{number}]")))
            .collect()
    }

    /// A text. Numbers and answers are read as the text they are written with; the rest is kept.
    fn text(&mut self, value: Value, part: &str, kept: &mut Kept, depth: usize) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            Value::Number(_) | Value::Bool(_) => {
                self.see(Seen::ReadOtherwise, part);
                value.to_string()
            }
            Value::Array(_) | Value::Object(_) => {
                keep(kept, last_step(part), value, depth);
                String::new()
            }
        }
    }

    fn term<L: List>(
        &mut self,
        value: Value,
        part: &str,
        kept: &mut Kept,
        depth: usize,
    ) -> Term<L> {
        Term::told(self.text(value, part, kept, depth))
    }

    /// A list of texts. If one entry cannot be read as a text, the list is kept whole.
    fn texts(&mut self, value: Value, part: &str, kept: &mut Kept, depth: usize) -> Vec<String> {
        let is_text = |value: &Value| !value.is_array() && !value.is_object() && !value.is_null();
        if value.is_object()
            || value
                .as_array()
                .is_some_and(|values| !values.iter().all(is_text))
        {
            keep(kept, last_step(part), value, depth);
            return Vec::new();
        }
        self.list(value, part, |reader, value, part| {
            reader.text(value, part, kept, depth)
        })
    }

    fn terms<L: List>(
        &mut self,
        value: Value,
        part: &str,
        kept: &mut Kept,
        depth: usize,
    ) -> Vec<Term<L>> {
        self.texts(value, part, kept, depth)
            .into_iter()
            .map(Term::told)
            .collect()
    }

    /// A count. Digits in a text are read; the rest is kept.
    fn count(&mut self, value: Value, part: &str, kept: &mut Kept) -> Option<u32> {
        let (count, plain) = match &value {
            Value::Null => return None,
            Value::Number(number) => (
                number.as_u64().and_then(|count| count.try_into().ok()),
                true,
            ),
            Value::String(text) => (text.trim().parse().ok(), false),
            _ => (None, true),
        };
        match count {
            Some(_) if plain => {}
            Some(_) => self.see(Seen::ReadOtherwise, part),
            None => keep(kept, last_step(part), value, 3),
        }
        count
    }

    fn see(&mut self, seen: Seen, part: &str) {
        self.remarks.push(Remark {
            seen,
            part: part.to_owned(),
        });
    }
}

/// The last key of a part's path, without its number in a list.
fn last_step(part: &str) -> &str {
    let step = part.rsplit('.').next().unwrap_or(part);
    step.split('[').next().unwrap_or(step)
}

/// Keeps a value under its own name, for the report's own remarks to name it. `depth` is how many
/// lists and maps it stands within.
fn keep(kept: &mut Kept, key: &str, value: Value, depth: usize) {
    if key == KEPT
        && let Some(entries) = told_in_hex(&value, depth)
    {
        kept.0.extend(entries);
        return;
    }
    let written = cbor_of(&value, MAX_DEPTH.saturating_sub(depth))
        // Too deep or too long for a record: its text says the same.
        .unwrap_or_else(|| cbor::text(&value.to_string()));
    kept.0.insert(cbor::text(key), written);
}

/// The entries that [`write()`] could not tell in JSON.
fn told_in_hex(value: &Value, depth: usize) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let inside = MAX_DEPTH.saturating_sub(depth);
    let entry = |(key, value): (&String, &Value)| {
        let (key, value) = (unhex(key)?, unhex(value.as_str()?)?);
        let sound = |bytes: &[u8]| Item::parse_within(bytes, inside).is_ok();
        // Key 0 of a report is its version and is never kept.
        (sound(&key) && sound(&value) && key != cbor::uint(0)).then_some((key, value))
    };
    value.as_object()?.iter().map(entry).collect()
}

/// The same value as a record's item, unless it is deeper or longer than a record may be.
fn cbor_of(value: &Value, depth: usize) -> Option<Vec<u8>> {
    Some(match value {
        Value::Null => cbor::null(),
        Value::Bool(value) => cbor::bool(*value),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => cbor::uint(number),
            (_, Some(number)) => cbor::int(number),
            _ => cbor::text(&number.to_string()),
        },
        Value::String(text) => cbor::text(text),
        Value::Array(values) if values.len() <= MAX_ENTRIES => {
            let inside = depth.checked_sub(1)?;
            let items: Option<Vec<_>> = values.iter().map(|value| cbor_of(value, inside)).collect();
            cbor::list(&items?)
        }
        Value::Object(object) if object.len() <= MAX_ENTRIES => {
            let inside = depth.checked_sub(1)?;
            let entry =
                |(key, value): (&String, &Value)| Some((cbor::text(key), cbor_of(value, inside)?));
            let entries: Option<_> = object.iter().map(entry).collect();
            cbor::map(&entries?)
        }
        Value::Array(_) | Value::Object(_) => return None,
    })
}

/// The same item as JSON, unless JSON cannot tell it.
fn json_of(item: Item<'_>) -> Option<Value> {
    if item.is_null() {
        return Some(Value::Null);
    }
    if let Some(value) = item.bool() {
        return Some(value.into());
    }
    if let Some(value) = item.uint() {
        return Some(value.into());
    }
    if let Some(value) = item.int() {
        return Some(value.into());
    }
    if let Some(value) = item.text() {
        return Some(value.into());
    }
    if let Some(items) = item.list() {
        return items
            .map(json_of)
            .collect::<Option<Vec<_>>>()
            .map(Value::Array);
    }
    let mut object = Map::new();
    for (key, value) in item.map()? {
        object.insert(key.text()?.to_owned(), json_of(value)?);
    }
    Some(Value::Object(object))
}

fn report_object(report: &Report) -> Map<String, Value> {
    let mut out = Object(Map::new());
    out.text("language", &report.language);
    out.text("narrative", &report.narrative);
    out.object("when", {
        let mut when = Object(Map::new());
        when.text("told", &report.when.told);
        when.text("first", &report.when.first);
        when.text("last", &report.when.last);
        when.text("precision", report.when.precision.as_str());
        when.kept(&report.when.kept, &["told", "first", "last", "precision"])
    });
    out.object("where", {
        let mut place = Object(Map::new());
        place.text("told", &report.place.told);
        place.text("country", &report.place.country);
        place.text("admin1", &report.place.admin1);
        place.text("admin2", &report.place.admin2);
        place.kept(&report.place.kept, &["told", "country", "admin1", "admin2"])
    });
    out.terms("acts", &report.acts);
    out.list("victims", &report.victims, |victim| {
        let mut out = Object(Map::new());
        out.text("told", &victim.told);
        out.terms("groups", &victim.groups);
        out.count("least", victim.least);
        out.count("best", victim.best);
        out.count("most", victim.most);
        out.text("speaks", &victim.speaks);
        Value::Object(out.kept(
            &victim.kept,
            &["told", "groups", "least", "best", "most", "speaks"],
        ))
    });
    out.object("perpetrators", {
        let mut perpetrators = Object(Map::new());
        perpetrators.text("told", &report.perpetrators.told);
        perpetrators.terms("codes", &report.perpetrators.codes);
        perpetrators.kept(&report.perpetrators.kept, &["told", "codes"])
    });
    out.text("relation", report.relation.as_str());
    if report.helping.kept.is_empty() {
        out.text("helping", report.helping.knows.as_str());
    } else {
        out.object("helping", {
            let mut helping = Object(Map::new());
            helping.text("knows", report.helping.knows.as_str());
            helping.kept(&report.helping.kept, &["knows"])
        });
    }
    out.list("consents", &report.consents, |consent| {
        let mut out = Object(Map::new());
        out.text("purpose", consent.purpose.as_str());
        out.text("answer", consent.answer.as_str());
        out.text("identity", consent.identity.as_str());
        Value::Object(out.kept(&consent.kept, &["purpose", "answer", "identity"]))
    });
    out.text("safety", &report.safety);
    out.text("contact", &report.contact);
    out.text("urgency", report.urgency.as_str());
    out.list("sources", &report.sources, |source| {
        let mut out = Object(Map::new());
        out.text("type", source.kind.as_str());
        out.text("found", &source.found);
        Value::Object(out.kept(&source.kept, &["type", "found"]))
    });
    out.list("labels", &report.labels, |label| label.as_str().into());
    out.text("channel", report.channel.as_str());
    out.object("origin", {
        let mut origin = Object(Map::new());
        origin.text("set", &report.origin.set);
        origin.text("id", &report.origin.id);
        origin.kept(&report.origin.kept, &["set", "id"])
    });
    out.text("age", report.age.as_str());
    out.text("code", &report.code);
    out.text("words", report.words.as_str());
    out.list("asked", &report.asked, |answer| {
        let mut out = Object(Map::new());
        out.text("question", &answer.question);
        out.text("told", &answer.told);
        Value::Object(out.kept(&answer.kept, &["question", "told"]))
    });
    out.kept(&report.kept, &crate::remark::REPORT_KEYS)
}

/// An object in the making; what is empty is left out.
struct Object(Map<String, Value>);

impl Object {
    fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.0.insert(key.to_owned(), text.into());
        }
    }

    fn count(&mut self, key: &str, count: Option<u32>) {
        if let Some(count) = count {
            self.0.insert(key.to_owned(), count.into());
        }
    }

    fn terms<L: List>(&mut self, key: &str, terms: &[Term<L>]) {
        self.list(key, terms, |term| term.as_str().into());
    }

    fn list<T>(&mut self, key: &str, list: &[T], one: impl Fn(&T) -> Value) {
        if !list.is_empty() {
            self.0
                .insert(key.to_owned(), list.iter().map(one).collect());
        }
    }

    fn object(&mut self, key: &str, object: Map<String, Value>) {
        if !object.is_empty() {
            self.0.insert(key.to_owned(), Value::Object(object));
        }
    }

    /// Adds what was kept: under its own name where that would be read back as the same.
    fn kept(mut self, kept: &Kept, known: &[&str]) -> Map<String, Value> {
        let mut in_hex = Map::new();
        for (key, value) in &kept.0 {
            let name = Item::parse(key).ok().and_then(Item::text);
            let name = name.filter(|name| *name != KEPT && !known.contains(name));
            let told = Item::parse(value).ok().and_then(json_of);
            match (name, told) {
                (Some(name), Some(told)) => {
                    self.0.insert(name.to_owned(), told);
                }
                _ => {
                    in_hex.insert(hex(key), hex(value).into());
                }
            }
        }
        self.object(KEPT, in_hex);
        self.0
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |pair: &[u8]| {
        let digit = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        }
    };
    text.as_bytes().chunks(2).map(pair).collect()
}
