//! From what is covered to the lines of a document.

use casework::{Contents, Grading};
use record::text::shown;
use record::vocabulary::Communications;
use record::vocabulary::spanish::InSpanish;
use record::{
    Act, ActId, Code, Cooperation, Date, Event, Involvement, Legality, Step, TechnologyUse, Term,
    When, Where,
};

use super::order::{Section, is_confidential, order};
use super::texts::{DocumentLanguage, Texts, filled};
use super::{CannotDocument, Chapter, Document, Row, Submission, title};
use crate::redaction::Passage;

/// What a document is made of.
pub(super) struct Draft<'c, 'a> {
    pub(super) contents: Contents<'c, 'a>,
    pub(super) kind: Option<Code<Communications>>,
    pub(super) to: &'c str,
    pub(super) day: Date,
    /// What the office wrote to this recipient.
    pub(super) body: &'c str,
}

impl Draft<'_, '_> {
    pub(super) fn written(&self, submission: &Submission<'_>) -> Result<Document, CannotDocument> {
        if submission.offices.is_empty()
            || submission
                .offices
                .iter()
                .any(|office| office.name.trim().is_empty())
        {
            return Err(CannotDocument::NobodySubmits);
        }
        let called: Vec<String> = match self.contents.shows_names() {
            true => {
                let people = self.contents.people();
                people.flat_map(|person| person.called()).collect()
            }
            false => Vec::new(),
        };
        let desk = Lines {
            draft: self,
            submission,
            language: submission.language,
            texts: submission.language.texts(),
            kept_back: self.contents.kept_back(),
            called,
            acts: self.contents.acts().collect(),
        };
        let mut chapters = vec![desk.opening()];
        for section in order(self.kind) {
            let mut rows = desk.rows(*section);
            if rows.is_empty() {
                if section.may_be_missing(self.kind) {
                    continue;
                }
                rows.push(Row::Paragraph(desk.texts.not_recorded.into()));
            }
            chapters.push(Chapter {
                section: Some(*section),
                heading: desk.heading(*section),
                rows,
            });
        }
        let document = Document {
            language: submission.language,
            title: title(submission.language, self.kind),
            chapters,
        };
        Ok(document.with_legend())
    }
}

/// Writes lines.
struct Lines<'l> {
    draft: &'l Draft<'l, 'l>,
    submission: &'l Submission<'l>,
    language: DocumentLanguage,
    texts: &'static Texts,
    kept_back: Vec<&'l str>,
    called: Vec<String>,
    acts: Vec<Act>,
}

impl Lines<'_> {
    fn heading(&self, section: Section) -> &'static str {
        match section {
            Section::Submitter => self.texts.h_submitter,
            Section::Victims => self.texts.h_victims,
            Section::Consent => self.texts.h_consent,
            Section::Perpetrators => self.texts.h_perpetrators,
            Section::Facts => self.texts.h_facts,
            Section::Circumstances => self.texts.h_circumstances,
            Section::Account => self.texts.h_account,
            Section::Cooperation => self.texts.h_cooperation,
            Section::Technology => self.texts.h_technology,
            Section::Law => self.texts.h_law,
            Section::Remedies => self.texts.h_remedies,
            Section::Verification => self.texts.h_verification,
            Section::Attachments => self.texts.h_attachments,
        }
    }

    fn rows(&self, section: Section) -> Vec<Row> {
        let mut rows = Rows {
            lines: self,
            rows: Vec::new(),
        };
        match section {
            Section::Submitter => self.submitter(&mut rows),
            Section::Victims => self.victims(&mut rows),
            Section::Consent => self.consent(&mut rows),
            Section::Perpetrators => self.perpetrators(&mut rows),
            Section::Facts => self.facts(&mut rows),
            Section::Circumstances => rows.paragraphs(self.draft.body),
            Section::Account => self.account(&mut rows),
            Section::Cooperation => self.cooperation(&mut rows),
            Section::Technology => self.technology(&mut rows),
            Section::Law => self.law(&mut rows),
            Section::Remedies => self.remedies(&mut rows),
            Section::Verification => self.verification(&mut rows),
            Section::Attachments => self.attachments(&mut rows),
        }
        rows.rows
    }

    fn opening(&self) -> Chapter {
        let mut rows = Rows {
            lines: self,
            rows: Vec::new(),
        };
        rows.answer(self.texts.recipient, &shown(self.draft.to));
        rows.answer(self.texts.date, &self.language.day(self.draft.day));
        let purpose = self.language.code(self.draft.contents.purpose());
        rows.answer(self.texts.purpose, &purpose);
        Chapter {
            section: None,
            heading: "",
            rows: rows.rows,
        }
    }

    fn submitter(&self, rows: &mut Rows<'_>) {
        let offices = self.submission.offices;
        if offices.len() > 1 {
            let number = offices.len().to_string();
            rows.paragraph(&filled(self.texts.jointly, "{n}", &number));
        }
        for office in offices {
            rows.answer(self.texts.office, &shown(&office.name));
            rows.answer(self.texts.address, &shown(&office.address));
            rows.answer(self.texts.contact, &shown(&office.contact));
        }
        if is_confidential(self.draft.kind) {
            rows.paragraph(self.texts.confidential_submitter);
        }
    }

    fn victims(&self, rows: &mut Rows<'_>) {
        let contents = self.draft.contents;
        let identity = self.language.code(contents.identity());
        rows.answer(self.texts.identity, &identity);
        let mut nobody = true;
        for person in contents.people() {
            nobody = false;
            let called = person.called().join(" / ");
            rows.answer(self.texts.name, &shown(&called));
            if !person.unit().is_empty() {
                rows.word(self.texts.unit, person.unit());
            }
            rows.words(self.texts.who, person.groups());
            let counted = [self.texts.least, self.texts.best, self.texts.most];
            let counted = counted.into_iter().zip(person.counts());
            let counted: Vec<String> = counted
                .filter_map(|(text, number)| Some(filled(text, "{n}", &number?.to_string())))
                .collect();
            rows.answer(self.texts.people, &counted.join(", "));
            rows.answer(
                self.texts.reach,
                &shown(person.contact().unwrap_or_default()),
            );
        }
        if nobody {
            rows.paragraph(self.texts.no_identity);
        }
        for act in &self.acts {
            self.act_heading(rows, act.id, act);
            for victim in &act.victims {
                rows.words(self.texts.who, &victim.groups);
                rows.word(self.texts.age, &victim.age);
                rows.word(self.texts.after, &victim.after);
            }
            rows.without_empty_heading();
        }
    }

    fn consent(&self, rows: &mut Rows<'_>) {
        let contents = self.draft.contents;
        let mut agreed = false;
        for agreement in contents.agreements() {
            let giver = agreement
                .giver
                .map_or_else(String::new, |giver| self.language.code(giver));
            let text = match agreement.stands_in {
                true => self.texts.stood_in,
                false => self.texts.agreed_by,
            };
            rows.answer(self.texts.agreed, &filled(text, "{who}", &giver));
            if let Some(day) = agreement.risk_reviewed {
                let day = self.language.day(day);
                let said = filled(self.texts.risk_reviewed, "{day}", &day);
                rows.answer(self.texts.forewarned, &said);
            }
            match agreement.conditions {
                Some(conditions) => rows.told(self.texts.conditions, conditions),
                None if agreement.conditional => {
                    rows.answer(self.texts.conditions, self.texts.conditions_kept);
                }
                None => {}
            }
            agreed = true;
        }
        if let Some(ground) = contents.ground().filter(|_| !agreed) {
            let ground = self.language.code(ground);
            rows.answer(
                self.texts.agreed,
                &filled(self.texts.on_ground, "{what}", &ground),
            );
        }
        if is_confidential(self.draft.kind) {
            let asked = [
                (self.texts.authorities, "state-transmission"),
                (self.texts.public_report, "un-public-report"),
            ];
            for (question, purpose) in asked {
                let allowed = Code::of(purpose).and_then(|use_| contents.identity_for(use_));
                let allowed = allowed.map(|level| self.language.code(level));
                rows.answer(
                    question,
                    allowed.as_deref().unwrap_or(self.texts.not_agreed),
                );
            }
        }
    }

    fn perpetrators(&self, rows: &mut Rows<'_>) {
        for act in &self.acts {
            self.act_heading(rows, act.id, act);
            for part in &act.involvements {
                self.perpetrator(rows, part);
            }
            rows.without_empty_heading();
        }
    }

    fn perpetrator(&self, rows: &mut Rows<'_>, part: &Involvement) {
        rows.word(self.texts.actor, &part.kind);
        rows.told(self.texts.actor_name, &part.name);
        rows.told(self.texts.actor_unit, &part.unit);
        rows.word(self.texts.attribution, &part.attribution);
        rows.word(self.texts.degree, &part.degree);
        rows.word(self.texts.company_link, &part.company_link);
        rows.told(self.texts.grounds, &part.grounds);
    }

    fn facts(&self, rows: &mut Rows<'_>) {
        for (number, event) in (1..).zip(self.draft.contents.events()) {
            let heading = filled(self.texts.event_no, "{n}", &number_of(number));
            rows.rows.push(Row::Subheading(heading));
            self.event(rows, &event);
            for act in self.acts.iter().filter(|act| act.event == event.id) {
                self.act_heading(rows, act.id, act);
                self.act(rows, act);
            }
        }
    }

    fn event(&self, rows: &mut Rows<'_>, event: &Event) {
        self.when(rows, &event.when);
        self.place(rows, &event.place);
        rows.word(self.texts.sphere, &event.sphere);
        rows.words(self.texts.context, &event.contexts);
        rows.told(self.texts.narrative, &event.narrative);
        if !event.restriction.kind.is_empty() {
            let kind = self.word(&event.restriction.kind);
            let scope = self.word(&event.restriction.scope);
            let said = [kind, scope].into_iter().filter(|word| !word.is_empty());
            let said: Vec<String> = said.collect();
            rows.answer(self.texts.restriction, &said.join(" · "));
        }
    }

    fn act(&self, rows: &mut Rows<'_>, act: &Act) {
        rows.word(self.texts.act, &act.kind);
        self.when(rows, &act.when);
        rows.word(self.texts.stage, &act.stage);
        rows.word(self.texts.sphere, &act.sphere);
        rows.word(self.texts.scale, &act.scale);
        rows.words(self.texts.reasons, &act.reasons);
        if act.extraterritorial.is_some() {
            rows.answer(
                self.texts.across_border,
                self.yes_or_no(act.extraterritorial),
            );
        }
        for link in &act.chain {
            let before = filled(
                self.texts.act_no,
                "{n}",
                &number_of(self.place_of(link.act)),
            );
            let said = format!("{before}: {}", self.word(&link.how));
            rows.answer(self.texts.before, &said);
            rows.told(self.texts.grounds, &link.grounds);
        }
        rows.told(self.texts.note, &act.note);
    }

    fn when(&self, rows: &mut Rows<'_>, when: &When) {
        let day = |text: &str| match Date::read(text) {
            Some(day) => self.language.day(day),
            None => text.to_owned(),
        };
        let (first, last) = (day(&when.first), day(&when.last));
        let said = match (first.trim().is_empty(), last.trim().is_empty()) {
            (false, false) if first != last => {
                let span = filled(self.texts.when_span, "{first}", &first);
                filled(&span, "{last}", &last)
            }
            (true, _) => last,
            _ => first,
        };
        rows.told(self.texts.when, &said);
        rows.told(self.texts.when, &when.told);
    }

    fn place(&self, rows: &mut Rows<'_>, place: &Where) {
        let country = match place.country.trim() {
            "" => String::new(),
            letters => self.language.country(letters),
        };
        let tiers = [&place.told, &place.admin2, &place.admin1, &country];
        let tiers = tiers.into_iter().map(|tier| tier.trim());
        let tiers: Vec<&str> = tiers.filter(|tier| !tier.is_empty()).collect();
        rows.told(self.texts.where_, &tiers.join(", "));
    }

    fn account(&self, rows: &mut Rows<'_>) {
        for narrative in self.draft.contents.narratives() {
            rows.paragraphs(narrative);
        }
    }

    fn cooperation(&self, rows: &mut Rows<'_>) {
        for act in &self.acts {
            self.act_heading(rows, act.id, act);
            for with in &act.cooperation {
                self.cooperated(rows, with);
            }
            rows.without_empty_heading();
        }
    }

    fn cooperated(&self, rows: &mut Rows<'_>, with: &Cooperation) {
        rows.word(self.texts.body, &with.body);
        rows.told(self.texts.mechanism, &with.mechanism);
        rows.word(self.texts.cooperation, &with.kind);
        rows.word(self.texts.phase, &with.phase);
        rows.word(self.texts.sphere, &with.sphere);
        if let Some(day) = with.day {
            rows.answer(self.texts.when, &self.language.day(day));
        }
        rows.word(self.texts.link, &with.strength);
        rows.told(self.texts.grounds, &with.grounds);
        rows.told(self.texts.paragraph, &with.paragraph);
    }

    fn technology(&self, rows: &mut Rows<'_>) {
        for act in &self.acts {
            self.act_heading(rows, act.id, act);
            for used in &act.technologies {
                self.used(rows, used);
            }
            rows.without_empty_heading();
        }
    }

    fn used(&self, rows: &mut Rows<'_>, used: &TechnologyUse) {
        rows.word(self.texts.technology, &used.technology);
        rows.told(self.texts.product, &used.product);
        rows.told(self.texts.vendor, &used.vendor);
        rows.told(self.texts.operator, &used.operator);
        rows.word(self.texts.detection, &used.detection);
        rows.word(self.texts.credibility, &used.confidence);
    }

    fn law(&self, rows: &mut Rows<'_>) {
        for act in &self.acts {
            if !act.legality.is_empty() {
                self.act_heading(rows, act.id, act);
                self.lawful(rows, &act.legality);
            }
        }
    }

    fn lawful(&self, rows: &mut Rows<'_>, legality: &Legality) {
        let asked = [
            (self.texts.legal_basis, legality.legal_basis),
            (self.texts.necessary, legality.necessary),
            (self.texts.proportionate, legality.proportionate),
            (self.texts.alike, legality.non_discriminatory),
        ];
        for (question, answer) in asked {
            rows.answer(question, self.yes_or_no(answer));
        }
        rows.told(self.texts.grounds, &legality.reasons);
    }

    fn remedies(&self, rows: &mut Rows<'_>) {
        for step in self.draft.contents.steps() {
            self.step(rows, &step);
        }
    }

    fn step(&self, rows: &mut Rows<'_>, step: &Step) {
        let kind = self.word(&step.kind);
        let day = step.day.map(|day| self.language.day(day));
        let said = [Some(kind), day].into_iter().flatten();
        let said: Vec<String> = said.filter(|word| !word.is_empty()).collect();
        rows.answer(self.texts.step, &said.join(" · "));
        rows.told(self.texts.step_by, &step.by);
        let asked = [
            (self.texts.prompt, step.prompt),
            (self.texts.impartial, step.impartial),
            (self.texts.independent, step.independent),
        ];
        for (question, answer) in asked.into_iter().filter(|(_, answer)| answer.is_some()) {
            rows.answer(question, self.yes_or_no(answer));
        }
        rows.told(self.texts.grounds, &step.grounds);
        rows.told(self.texts.outcome, &step.outcome);
    }

    fn verification(&self, rows: &mut Rows<'_>) {
        let gradings: Vec<Grading<'_>> = self.draft.contents.gradings().collect();
        for (act, grading) in self.acts.iter().zip(gradings) {
            self.act_heading(rows, act.id, act);
            self.grading(rows, &grading);
        }
    }

    fn grading(&self, rows: &mut Rows<'_>, grading: &Grading<'_>) {
        let verified = match (grading.verified, grading.alone) {
            (true, true) => self.texts.verified_alone,
            (true, false) => self.texts.yes,
            (false, _) => self.texts.no,
        };
        rows.answer(self.texts.verified, verified);
        let Some(standard) = grading.standard else {
            rows.paragraph(self.texts.not_assessed);
            return;
        };
        rows.answer(self.texts.standard, &self.language.code(standard));
        let corroboration = grading.corroboration.map(|grade| self.language.code(grade));
        let corroboration = corroboration.as_deref().unwrap_or(self.texts.not_recorded);
        rows.answer(self.texts.corroboration, corroboration);
        if let Some(credibility) = grading.credibility {
            rows.answer(self.texts.credibility, &self.language.code(credibility));
        }
        let sources = filled(self.texts.sources_n, "{n}", &grading.sources.to_string());
        let sources = filled(&sources, "{m}", &grading.independent.to_string());
        rows.answer(self.texts.sources, &sources);
        let written = [
            (self.texts.why_sure, None),
            (self.texts.contradictions, None),
            (self.texts.gaps, grading.gaps),
        ];
        for (question, answer) in written {
            match answer {
                None => rows.answer(question, self.texts.kept_by_office),
                Some("") => rows.answer(question, self.texts.nothing_written),
                Some(answer) => rows.told(question, answer),
            }
        }
    }

    fn attachments(&self, rows: &mut Rows<'_>) {
        let contents = self.draft.contents;
        let covered = self.submission.enclosures.iter();
        let covered = covered.filter(|enclosure| contents.has_attachment(enclosure.content));
        for (number, enclosure) in (1..).zip(covered) {
            let name = filled(self.texts.attachment, "{n}", &number_of(number));
            let title = rows.passage(&format!("{name}: {}", enclosure.title));
            rows.rows.push(Row::Paragraph(title));
        }
        if rows.rows.is_empty() {
            rows.paragraph(self.texts.no_attachments);
        }
    }

    /// The number an act has in the document, which says nothing of how many the case holds.
    fn place_of(&self, id: ActId) -> usize {
        let place = self.acts.iter().position(|act| act.id == id);
        place.map_or(0, |place| place + 1)
    }

    fn act_heading(&self, rows: &mut Rows<'_>, id: ActId, act: &Act) {
        let number = filled(self.texts.act_no, "{n}", &number_of(self.place_of(id)));
        let kind = self.word(&act.kind);
        rows.rows
            .push(Row::Subheading(format!("{number} · {kind}")));
    }

    /// A word of a list. One that is in no list was typed by somebody: it may name a person, and is
    /// gone through as all such words are, or held back where no names may be shown.
    fn word<L: InSpanish>(&self, term: &Term<L>) -> String {
        let word = self.language.word(term);
        if term.is_empty() || term.entry().is_some() {
            return word;
        }
        let passage = match self.draft.contents.shows_names() {
            true => self.passage(&word),
            false => Passage::held_back(),
        };
        passage.reading(self.language)
    }

    /// What somebody wrote freely, without names that may not be shown.
    fn passage(&self, text: &str) -> Passage {
        let called: Vec<&str> = self.called.iter().map(String::as_str).collect();
        Passage::told(text, &self.kept_back, &called)
    }

    fn yes_or_no(&self, answer: Option<bool>) -> &'static str {
        match answer {
            Some(true) => self.texts.yes,
            Some(false) => self.texts.no,
            None => self.texts.not_answered,
        }
    }
}

fn number_of(number: usize) -> String {
    number.to_string()
}

/// The lines of one chapter.
struct Rows<'l> {
    lines: &'l Lines<'l>,
    rows: Vec<Row>,
}

impl Rows<'_> {
    /// An answer of the house's own words; none where there is nothing to say.
    fn answer(&mut self, question: &'static str, answer: &str) {
        if !answer.trim().is_empty() {
            let answer = answer.into();
            self.rows.push(Row::Answer { question, answer });
        }
    }

    fn word<L: InSpanish>(&mut self, question: &'static str, term: &Term<L>) {
        self.answer(question, &self.lines.word(term));
    }

    fn words<L: InSpanish>(&mut self, question: &'static str, terms: &[Term<L>]) {
        let words = terms.iter().map(|term| self.lines.word(term));
        let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
        self.answer(question, &words.join(", "));
    }

    /// An answer that somebody wrote freely.
    fn told(&mut self, question: &'static str, answer: &str) {
        if !answer.trim().is_empty() {
            let answer = self.passage(answer.trim());
            self.rows.push(Row::Answer { question, answer });
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.rows.push(Row::Paragraph(text.into()));
    }

    /// A text that somebody wrote freely, a paragraph for each that it has.
    fn paragraphs(&mut self, text: &str) {
        let paragraphs = text.split("\n\n").map(str::trim);
        for paragraph in paragraphs.filter(|paragraph| !paragraph.is_empty()) {
            let paragraph = self.passage(paragraph);
            self.rows.push(Row::Paragraph(paragraph));
        }
    }

    fn passage(&self, text: &str) -> Passage {
        self.lines.passage(text)
    }

    /// Takes back a heading under which nothing was written.
    fn without_empty_heading(&mut self) {
        if matches!(self.rows.last(), Some(Row::Subheading(_))) {
            self.rows.pop();
        }
    }
}
