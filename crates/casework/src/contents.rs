//! What a letter or a package may show of its case, and nothing else.
//!
//! Whoever writes a document reads it from here. Where no full names may be shown, no field that
//! somebody filled in freely is handed out, for it may name anybody: what is coded stays, and
//! whatever was left out says that it was. (decisions 0054, 0061)

use std::collections::BTreeSet;

use record::vocabulary::{
    ConsentGivers, Corroborations, CountingUnits, Credibilities, Grounds, IdentityLevels, Purposes,
    Standards, Victims,
};
use record::{
    Act, ActId, ActLink, Code, Cooperation, Date, Event, Involvement, Item, Kept, Legality, Person,
    PersonId, Restriction, Source, Step, TechnologyUse, Term, When,
};

use crate::case::{Case, RecordedConsent};
use crate::cover::Covered;

/// What is covered of a case. Only a letter or a package hands it out.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'c, 'a> {
    covered: &'c Covered<'a>,
}

/// A person as they may be shown: never more than was allowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a> {
    /// The number in the case.
    pub id: PersonId,
    person: &'a Person,
    identity: Code<IdentityLevels>,
}

// A name must not reach a log.
impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shown({})", self.id.0)
    }
}

impl<'a> Shown<'a> {
    /// What the person is called: nothing, a number, initials, or the names.
    pub fn called(&self) -> Vec<String> {
        match self.identity.as_str() {
            "pseudonym" => vec![format!("P{}", self.id.0)],
            "initials" => self
                .person
                .names
                .first()
                .map(|name| initials(name))
                .into_iter()
                .collect(),
            "full-name" | "full-name-and-contact" => self.person.names.clone(),
            _ => Vec::new(),
        }
    }

    /// How the person may be reached, where that was allowed too.
    pub fn contact(&self) -> Option<&'a str> {
        (self.identity.as_str() == "full-name-and-contact").then_some(self.person.contact.as_str())
    }

    /// What kind of defender, relative or group.
    pub fn groups(&self) -> &'a [Term<Victims>] {
        &self.person.groups
    }

    /// What one entry stands for: one person, a family, an organisation.
    pub fn unit(&self) -> &'a Term<CountingUnits> {
        &self.person.unit
    }

    /// At least, about and at most how many people, for a group.
    pub fn counts(&self) -> [Option<u32>; 3] {
        [self.person.least, self.person.best, self.person.most]
    }
}

fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .map(|first| format!("{}.", first.to_uppercase()))
        .collect()
}

/// How sure the office is of one act, and what it did not verify: this goes wherever the act goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Grading<'a> {
    /// The act.
    pub act: ActId,
    /// The standard of proof that was reached; none before anybody assessed it.
    pub standard: Option<Code<Standards>>,
    /// How well it is corroborated: reviewed, and no better than its sources bear.
    pub corroboration: Option<Code<Corroborations>>,
    /// How credible the information is, taken together.
    pub credibility: Option<Code<Credibilities>>,
    /// The sources it rests on.
    pub sources: usize,
    /// How many of them are independent of each other.
    pub independent: usize,
    /// Whether the act was verified.
    pub verified: bool,
    /// Whether no second person looked.
    pub alone: bool,
    /// What was not verified; none where that may not be shown. Empty when nothing was written.
    /// Why the office is sure, and what contradicts it, tells of its sources and never leaves.
    pub gaps: Option<&'a str>,
}

// What an office wrote down must not reach a log.
impl std::fmt::Debug for Grading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Grading of act {}", self.act.0)
    }
}

/// One answer that a use rests on, as far as the recipient is told of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Agreement<'a> {
    /// Who gave it.
    pub giver: Option<Code<ConsentGivers>>,
    /// Whether the person could not be asked.
    pub stands_in: bool,
    /// The day the risk was last looked at together.
    pub risk_reviewed: Option<Date>,
    /// Whether conditions were set.
    pub conditional: bool,
    /// The conditions, where they may be shown.
    pub conditions: Option<&'a str>,
}

impl std::fmt::Debug for Agreement<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Agreement")
    }
}

impl<'c, 'a> Contents<'c, 'a> {
    pub(crate) fn of(covered: &'c Covered<'a>) -> Self {
        Self { covered }
    }

    /// For what it is covered.
    pub fn purpose(&self) -> Code<Purposes> {
        self.covered.purpose()
    }

    /// How much of the identity it shows.
    pub fn identity(&self) -> Code<IdentityLevels> {
        self.covered.identity()
    }

    /// Whether full names may be shown, and with them what was written freely.
    pub fn shows_names(&self) -> bool {
        shows_names(self.covered)
    }

    /// The day on which it is covered.
    pub fn day(&self) -> Date {
        self.covered.day()
    }

    /// The acts in it. Where no names may be shown, whoever is said to have done them has none, and
    /// what was written freely about an act is left out: it may name anybody.
    pub fn acts(&self) -> impl Iterator<Item = Act> + use<'c, 'a> {
        let covered = self.covered;
        covered
            .case()
            .acts()
            .filter(move |act| covered.has(&Item::Act(act.id)))
            .map(move |act| {
                let mut act = as_covered(covered, act);
                // That there is another act must not be seen by what it is tied to.
                act.chain.retain(|link| covered.has(&Item::Act(link.act)));
                act
            })
    }

    /// The events its acts belong to. Where no names may be shown, a place is told no closer than
    /// the province. The short name an office gives an event stays in the office.
    pub fn events(&self) -> impl Iterator<Item = Event> + use<'c, 'a> {
        let covered = self.covered;
        let held: BTreeSet<_> = self.acts().map(|act| act.event).collect();
        let events = covered.case().events();
        events
            .filter(move |event| held.contains(&event.id))
            .map(move |event| {
                let mut event = event_as_covered(covered, event);
                // What was written of an event tells of all its acts, also of one kept back.
                let of_it = |act: &&Act| act.event == event.id;
                let mut acts = covered.case().acts().filter(of_it);
                if !acts.all(|act| covered.has(&Item::Act(act.id))) {
                    event.narrative.clear();
                }
                event
            })
    }

    /// The people in it whom an answer speaks of, each as they may be shown. Where no identity may
    /// be shown there are none.
    pub fn people(&self) -> impl Iterator<Item = Shown<'a>> + use<'c, 'a> {
        let covered = self.covered;
        let identity = covered.identity();
        covered
            .case()
            .people()
            .filter(move |_| identity.as_str() != "none")
            .filter(move |person| covered.speaks_of(person.id))
            .map(move |person| Shown {
                id: person.id,
                person,
                identity,
            })
    }

    /// What was told in the person's own words, where that is in it: it names whoever it names, so
    /// where no names may be shown it must have been asked for by itself. Only what came sealed: what
    /// a colleague took down may be somebody else's testimony.
    pub fn narratives(&self) -> impl Iterator<Item = &'a str> + use<'c, 'a> {
        let covered = self.covered;
        let letters = covered.case().letters().iter();
        letters
            // What a colleague took down may be another person's words than the one who agreed.
            .filter(|letter| letter.leaf.is_some() && letter.taken.is_none())
            .filter(move |_| shows_names(covered) || covered.items().contains(&Item::Narrative))
            .filter(move |_| covered.has(&Item::Narrative))
            .filter_map(|letter| letter.report.as_ref().ok())
            .map(|report| report.narrative.as_str())
            .filter(|told| !told.trim().is_empty())
    }

    /// Whether an attachment is in it, by its content hash.
    pub fn has_attachment(&self, content: [u8; 32]) -> bool {
        self.covered.has(&Item::Attachment(content))
    }

    /// How sure the office is of each act in it.
    pub fn gradings(&self) -> impl Iterator<Item = Grading<'a>> + use<'c, 'a> {
        let covered = self.covered;
        let acts: Vec<ActId> = self.acts().map(|act| act.id).collect();
        acts.into_iter().map(move |act| grading(covered, act))
    }

    /// Steps towards those responsible that concern an act in it, or the case as a whole. By whom
    /// and with what outcome is told where names may be shown.
    pub fn steps(&self) -> impl Iterator<Item = Step> + use<'c, 'a> {
        let covered = self.covered;
        let is_in_it = move |act: &ActId| covered.has(&Item::Act(*act));
        let whole = covered.items().is_empty() && covered.ground().is_none();
        let steps = covered.case().steps();
        steps
            .filter(move |step| match step.acts.is_empty() {
                true => whole,
                false => step.acts.iter().any(is_in_it),
            })
            .map(move |step| {
                let mut step = step.clone();
                let all = step.acts.len();
                step.acts.retain(is_in_it);
                step.kept = Kept::default();
                // Its words tell of all the acts it concerns.
                if !shows_names(covered) || step.acts.len() < all {
                    step.by.clear();
                    step.outcome.clear();
                    step.grounds.clear();
                }
                step
            })
    }

    /// The answers it rests on; none where the recipient is accused, or is everybody.
    pub fn agreements(&self) -> impl Iterator<Item = Agreement<'a>> + use<'c, 'a> {
        let covered = self.covered;
        let case: &'a Case = covered.case();
        // Whoever is accused, and whoever reads the press, does not learn that somebody agreed, nor
        // when the office spoke with them.
        let told = !matches!(
            covered.purpose().as_str(),
            "state-transmission"
                | "company-transmission"
                | "media"
                | "public-anonymous"
                | "public-named"
                | "un-public-report"
        );
        let recorded = covered.consents().iter().filter(move |_| told);
        recorded
            .filter_map(move |number| case.consent(*number))
            .map(move |recorded: &'a RecordedConsent| {
                let consent = &recorded.consent;
                let conditions = consent.conditions.trim();
                Agreement {
                    giver: consent.giver.code(),
                    stands_in: consent.answer.is("cannot-ask"),
                    risk_reviewed: consent.forewarning.risk_reviewed,
                    conditional: !conditions.is_empty(),
                    conditions: shows_names(covered).then_some(conditions),
                }
            })
    }

    /// The ground it rests on, where that is no consent.
    pub fn ground(&self) -> Option<Code<Grounds>> {
        let number = self.covered.ground()?;
        let grounds = self.covered.case().grounds().iter();
        let mut grounds = grounds.filter(|recorded| recorded.number == number);
        grounds.next()?.ground.kind.code()
    }

    /// How much of the identity may be shown for another purpose, of the same things, by way of the
    /// same recipient: the name in a letter to the authorities, the name in a public
    /// report. None: it was not allowed.
    pub fn identity_for(&self, purpose: Code<Purposes>) -> Option<Code<IdentityLevels>> {
        let covered = self.covered;
        let levels = record::vocabulary::identity_levels().iter().rev();
        levels
            .filter_map(|level| Code::of(level.code))
            .find(|level| {
                // A general answer counts here too, unless a narrower one names the recipient.
                let asked = covered.case().covers_items(
                    purpose,
                    covered.recipient(),
                    covered.items(),
                    *level,
                    covered.day(),
                );
                asked.is_ok()
            })
    }

    /// Names and ways to reach people that may not stand in it, for whoever checks free text before
    /// it leaves. Never to be shown.
    ///
    /// Of those who are said to have done an act in it the names are not among them where names may
    /// be shown.
    pub fn kept_back(&self) -> Vec<&'a str> {
        let covered = self.covered;
        let case: &'a Case = covered.case();
        let names = shows_names(covered);
        let accused: BTreeSet<PersonId> = self
            .acts()
            .flat_map(|act| act.involvements)
            .filter_map(|part| part.person)
            .collect();
        let told = |person: &Person| {
            names && (covered.speaks_of(person.id) || accused.contains(&person.id))
        };
        let contact = covered.identity().as_str() == "full-name-and-contact";
        let of_people = case.people().flat_map(|person| {
            let names = person.names.iter().filter(|_| !told(person));
            let contact = (!(contact && covered.speaks_of(person.id))).then_some(&person.contact);
            names.chain(contact)
        });
        let of_sources = case.sources().filter(|source| is_a_person(source));
        let of_accused = case
            .acts()
            .filter(|act| !(names && covered.has(&Item::Act(act.id))))
            .flat_map(|act| act.involvements.iter().map(|part| &part.name));
        of_people
            .chain(of_sources.flat_map(|source| [&source.name, &source.found]))
            .chain(of_accused)
            .map(String::as_str)
            .filter(|word| !word.trim().is_empty())
            .collect()
    }
}

/// Whether a source is somebody who could be hurt for having spoken. A newspaper, a court or a
/// State may be named.
fn is_a_person(source: &Source) -> bool {
    !matches!(
        source.kind.as_str(),
        "media"
            | "open-source-online"
            | "official-document"
            | "court-record"
            | "network-measurement"
            | "satellite"
            | "un-body"
            | "company-notice"
            | "state-statement"
    )
}

fn grading<'a>(covered: &Covered<'a>, act: ActId) -> Grading<'a> {
    let case: &'a Case = covered.case();
    let finding = case.finding_about(act);
    let found = finding.map(|finding| &finding.assessment);
    let verification = case.verification(act);
    let reviewed = finding
        .and_then(|finding| finding.reviews.last())
        .is_some_and(|review| review.agrees);
    let sure = |finding: &&record::Assessment| {
        // What nobody reviewed, or what a reviewer disagreed with, is no finding of the office.
        reviewed && (verification.is_some() || !finding.standard.is_verified())
    };
    let sure = found.filter(sure);
    // What an office wrote about its sources names them to whoever knows the place: it stays.
    // What was not verified goes to the United Nations, where names may be shown and it was
    // written about this act alone.
    let to_the_un = covered.purpose().as_str().starts_with("un-")
        || covered.purpose().as_str() == "reprisals-sg-report";
    let of_this = found.filter(|found| found.act == Some(act));
    let gaps = (shows_names(covered) && to_the_un)
        .then_some(of_this)
        .flatten()
        .map(|found| found.gaps.trim());
    let sources = found.map_or(&[][..], |found| &found.sources);
    Grading {
        act,
        standard: sure.and_then(|found| found.standard.code()),
        corroboration: case.grade_of(act),
        credibility: sure.and_then(|found| found.credibility.code()),
        sources: sources.len(),
        independent: case.independent(sources),
        verified: verification.is_some(),
        alone: verification.is_some_and(|verified| verified.one_person_office),
        gaps,
    }
}

/// An act as it may be shown: with the names in it only where full names are covered.
pub(crate) fn as_covered(covered: &Covered<'_>, act: &Act) -> Act {
    if shows_names(covered) {
        act.clone()
    } else {
        without_names(act)
    }
}

fn event_as_covered(covered: &Covered<'_>, event: &Event) -> Event {
    let mut event = Event {
        title: String::new(),
        kept: Kept::default(),
        follows: Vec::new(),
        chain: Vec::new(),
        ..event.clone()
    };
    if !shows_names(covered) {
        event.narrative.clear();
        event.when = without_words(&event.when);
        event.place.told.clear();
        if record::Country::read(&event.place.country).is_none() {
            event.place.country.clear();
        }
        event.place.admin2.clear();
        event.place.kept = Kept::default();
        event.restriction = Restriction {
            kind: event.restriction.kind,
            scope: event.restriction.scope,
            people: event.restriction.people,
            ..Restriction::default()
        };
    }
    event
}

/// Whether full names may be shown.
fn shows_names(covered: &Covered<'_>) -> bool {
    matches!(
        covered.identity().as_str(),
        "full-name" | "full-name-and-contact"
    )
}

/// An act without anybody's name and without whatever was written freely, which may hold one.
fn without_names(act: &Act) -> Act {
    let involvements = act.involvements.iter().map(|part| Involvement {
        name: String::new(),
        unit: String::new(),
        grounds: String::new(),
        person: None,
        kept: Kept::default(),
        ..part.clone()
    });
    let technologies = act.technologies.iter().map(|used| TechnologyUse {
        product: String::new(),
        vendor: String::new(),
        operator: String::new(),
        kept: Kept::default(),
        ..used.clone()
    });
    let chain = act.chain.iter().map(|link| ActLink {
        grounds: String::new(),
        kept: Kept::default(),
        ..link.clone()
    });
    let cooperation = act.cooperation.iter().map(|one| Cooperation {
        mechanism: String::new(),
        paragraph: String::new(),
        grounds: String::new(),
        kept: Kept::default(),
        ..one.clone()
    });
    Act {
        involvements: involvements.collect(),
        technologies: technologies.collect(),
        chain: chain.collect(),
        cooperation: cooperation.collect(),
        when: without_words(&act.when),
        legality: Legality {
            reasons: String::new(),
            kept: Kept::default(),
            ..act.legality.clone()
        },
        note: String::new(),
        kept: Kept::default(),
        ..act.clone()
    }
}

/// When it was, without a word of anybody's: a day that cannot be read is one.
fn without_words(when: &When) -> When {
    let readable = |day: &str| Date::read(day).map_or_else(String::new, |day| day.to_string());
    When {
        told: String::new(),
        first: readable(&when.first),
        last: readable(&when.last),
        precision: when.precision.clone(),
        kept: Kept::default(),
    }
}
