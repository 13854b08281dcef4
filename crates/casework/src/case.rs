//! A case, as the log tells it.

use std::collections::{BTreeMap, BTreeSet};

use record::vocabulary::{Channels, Purposes, Standards, Urgencies};
use record::{
    Act, ActId, Assessment, Code, Consent, Event, EventId, Ground, NotAReport, Person, PersonId,
    Report, Source, SourceId, Term,
};

use crate::duty::Duty;
use crate::entry::{
    AfterWithdrawal, Author, CaseId, Communicated, Conversation, Kind, Leaf, Letter, Moment,
    PackageSent, SealedBy, Slot, Stamp,
};
use crate::follow::After;
use crate::sending::Sending;
use crate::state::State;
use crate::taken::Taken;
use crate::text::Text;
use crate::translation::Translation;
use crate::words::FormerWords;

/// Days an answer waits for the reporter before the case waits for the office again.
const REPORTERS_DAYS: u32 = 14;

/// A case: what came in, what the office made of it, and who decided what.
///
/// Made by folding the log and in no other way. It cannot be copied, so that a use that was covered
/// by an older copy cannot outlive a withdrawal.
#[derive(Debug, PartialEq, Eq)]
pub struct Case {
    pub(crate) id: CaseId,
    pub(crate) first: u64,
    pub(crate) opened: Moment,
    pub(crate) letters: Vec<LetterIn>,
    pub(crate) conversation: Option<Conversation>,
    pub(crate) former: Vec<FormerWords>,
    pub(crate) moved_to: Option<CaseId>,
    pub(crate) acknowledged: Vec<(Moment, Slot)>,
    pub(crate) replies: Vec<Reply>,
    pub(crate) urgency: Term<Urgencies>,
    pub(crate) state: State,
    pub(crate) duplicate_of: Option<CaseId>,
    pub(crate) people: BTreeMap<PersonId, Person>,
    pub(crate) events: BTreeMap<EventId, Event>,
    pub(crate) acts: BTreeMap<ActId, (u64, Act)>,
    pub(crate) sources: BTreeMap<SourceId, Source>,
    pub(crate) consents: Vec<RecordedConsent>,
    pub(crate) grounds: Vec<RecordedGround>,
    pub(crate) reached: BTreeMap<PersonId, u32>,
    pub(crate) resolved: Vec<Resolved>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) verified: BTreeMap<ActId, Verification>,
    pub(crate) notes: Vec<Note>,
    pub(crate) outgoing: Vec<Outgoing>,
    pub(crate) packages: Vec<PackageOut>,
    pub(crate) stopped: Option<Stopped>,
    pub(crate) translations: Vec<Translation>,
    pub(crate) duty: Duty,
    pub(crate) after: After,
    pub(crate) sending: Sending,
    pub(crate) history: Vec<Line>,
}

/// A report as it came.
#[derive(Debug, PartialEq, Eq)]
pub struct LetterIn {
    /// When it was taken in.
    pub at: Moment,
    /// By whom.
    pub by: Author,
    /// Its leaf, when it came sealed.
    pub leaf: Option<Leaf>,
    /// What it says; a report of a newer release waits for an update.
    pub report: Result<Report, NotAReport>,
    /// How it came.
    pub channel: Term<Channels>,
    /// What sealed it.
    pub sealed_by: Option<SealedBy>,
    /// Whether the reporter's words, in force when it came, signed it. Only then can it carry a
    /// consent.
    pub signed: bool,
    /// The words that signed it, in force or not.
    pub conversation: Option<Conversation>,
    /// Whether its words had been given up when it came.
    pub former: bool,
    /// The words it hands over to, if it changes them; whether that was followed says
    /// [`Case::changed_by`].
    pub hands_over: Option<Conversation>,
    /// The day of the last answer its writer had read.
    pub acknowledges: Option<u32>,
    /// The epoch of the newest manifest its writer had seen, if this desk knew it.
    pub saw_epoch: Option<u64>,
    /// How it was taken down, when somebody of the office did.
    pub taken: Option<Taken>,
}

/// Which of two letters of a case was written first, as far as anything that a relay cannot bend
/// says so. (protocol §4)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// In the order in which they came.
    AsTheyCame,
    /// The later one came first: the relay, or the way, turned them around.
    TurnedAround,
    /// Nothing says: whoever decides by them reads both.
    NotKnown,
}

impl LetterIn {
    /// The name under which the files that came with it are kept: its leaf, or a name of their own
    /// where somebody took it down.
    pub fn files_under(&self) -> Option<Leaf> {
        let taken = || self.taken.as_ref()?.originals;
        self.leaf.or_else(taken)
    }

    pub(crate) fn of(letter: Letter, former: bool, stamp: &Stamp) -> Self {
        Self {
            at: stamp.at,
            by: stamp.by.clone(),
            leaf: letter.leaf,
            report: letter.report.report(),
            channel: letter.channel,
            sealed_by: letter.sealed_by,
            signed: letter.conversation.is_some() && letter.leaf.is_some() && !former,
            conversation: letter.conversation,
            former,
            hands_over: letter.hands_over,
            acknowledges: letter.acknowledges,
            saw_epoch: letter.saw_epoch,
            taken: None,
        }
    }
}

/// An answer to the reporter.
#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its number, from 1.
    pub number: u32,
    /// What it says.
    pub text: Text,
    /// Where its parts are found.
    pub slots: Vec<Slot>,
    /// When it was sealed.
    pub at: Moment,
    /// By whom.
    pub by: Author,
    /// When it was sealed once more, and where its parts are found then.
    pub reposted: Vec<(Moment, Vec<Slot>)>,
    /// Each time it was sealed, the first and the last.
    pub(crate) sealed: Vec<Sealed>,
}

/// One time an answer was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    /// How often the words had been changed by then: only those in force can read it.
    pub(crate) changes: usize,
    /// The day it was sealed.
    pub(crate) at: u32,
    /// The first day on which it can be found there.
    pub(crate) first: u32,
}

impl Sealed {
    pub(crate) fn of(changes: usize, at: u32, slots: &[Slot]) -> Self {
        let first = slots.first().map_or(at, |slot| slot.day);
        Self { changes, at, first }
    }
}

impl Reply {
    /// The first day on which it can be found.
    pub fn first_day(&self) -> u32 {
        self.slots.first().map_or(self.at.day, |slot| slot.day)
    }

    /// The newest day on which it lies: readers who look back further than that find nothing.
    pub fn last_day(&self) -> u32 {
        let again = self.reposted.iter().flat_map(|(_, slots)| slots);
        let days = self.slots.iter().chain(again).map(|slot| slot.day);
        days.max().unwrap_or(self.at.day)
    }
}

/// Why nothing goes back to the reporter.
#[derive(Debug, PartialEq, Eq)]
pub struct Stopped {
    /// How it is known that the words may be in other hands.
    pub reason: Text,
    /// When that was recorded.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// An answer about consent, as recorded.
#[derive(Debug, PartialEq, Eq)]
pub struct RecordedConsent {
    /// Its number, from 1.
    pub number: u32,
    /// The answer.
    pub consent: Consent,
    /// The signed letter that gave it.
    pub letter: Option<Leaf>,
    /// When it was recorded.
    pub at: Moment,
    /// By whom.
    pub by: Author,
    /// When it was withdrawn, and what was said.
    pub withdrawn: Option<(Moment, Text)>,
    /// What the person wants to become of the material after the withdrawal.
    pub chosen: Option<(Moment, AfterWithdrawal)>,
    /// Who stands by it as a second person, where it was given for someone who cannot be asked.
    pub seconded: Option<(Moment, Author)>,
    /// Since when it counts no more, because whoever gave it is an alleged perpetrator of an act of
    /// the case. It does not come back when that is corrected: who gave it is asked again.
    pub ended: Option<Moment>,
}

/// That those who answer for someone did not agree, and which answer stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Resolved {
    /// For whom they answer.
    pub subject: PersonId,
    /// About what.
    pub purpose: Term<Purposes>,
    /// The number of the answer that stands.
    pub stands: u32,
    /// Why.
    pub reason: Text,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// A ground other than consent, as recorded.
#[derive(Debug, PartialEq, Eq)]
pub struct RecordedGround {
    /// Its number, from 1.
    pub number: u32,
    /// The ground.
    pub ground: Ground,
    /// When it was recorded.
    pub at: Moment,
}

/// A finding, with its reviews.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its number, from 1.
    pub number: u32,
    /// What was found.
    pub assessment: Assessment,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
    /// Its place in the log.
    pub position: u64,
    /// Reviews, in their order.
    pub reviews: Vec<Review>,
}

impl Finding {
    /// Whether it speaks of an act.
    pub fn is_about(&self, act: ActId) -> bool {
        self.assessment.act.is_none_or(|about| about == act)
    }
}

/// A second look at a finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Review {
    /// Whether the reviewer agrees.
    pub agrees: bool,
    /// Why.
    pub reasons: Text,
    /// Whether the assessor reviewed alone, in an office of one person. To be shown wherever the
    /// finding is.
    pub one_person_office: bool,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// That an act was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The finding it rests on.
    pub finding: u32,
    /// The standard that was reached.
    pub standard: Code<Standards>,
    /// Whether no second person looked. To be shown wherever "verified" is.
    pub one_person_office: bool,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// A note for the office alone.
#[derive(Debug, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub text: Text,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// Something that went outside.
#[derive(Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its number in the case, from 1.
    pub number: u32,
    /// What went.
    pub sent: Communicated,
    /// The exception by which it went below the grade the office asks for. To be shown wherever
    /// the letter is.
    pub below_grade: Option<u32>,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// Material of the case that went outside.
#[derive(Debug, PartialEq, Eq)]
pub struct PackageOut {
    /// What went.
    pub package: PackageSent,
    /// The exception by which it went though the case is below the office's grade.
    pub below_grade: Option<u32>,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// One line of the history: that something was decided, not what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The entry's place in the log.
    pub position: u64,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
    /// What kind of decision.
    pub kind: Kind,
}

/// Proof that an act was verified. Only [`Case::verified_acts`] hands one out.
#[derive(Clone, Copy, Debug)]
pub struct VerifiedAct<'a> {
    pub(crate) case: &'a Case,
    pub(crate) act: &'a Act,
    pub(crate) verification: &'a Verification,
}

impl<'a> VerifiedAct<'a> {
    /// The act.
    pub fn act(&self) -> &'a Act {
        self.act
    }

    /// How and by whom it was verified.
    pub fn verification(&self) -> &'a Verification {
        self.verification
    }
}

impl Case {
    pub(crate) fn opened(id: CaseId, letter: LetterIn, stamp: &Stamp) -> Self {
        Self {
            id,
            first: stamp.position,
            opened: stamp.at,
            conversation: letter.conversation,
            former: Vec::new(),
            moved_to: None,
            letters: vec![letter],
            acknowledged: Vec::new(),
            replies: Vec::new(),
            urgency: Term::default(),
            state: State::Received,
            duplicate_of: None,
            people: BTreeMap::new(),
            events: BTreeMap::new(),
            acts: BTreeMap::new(),
            sources: BTreeMap::new(),
            consents: Vec::new(),
            grounds: Vec::new(),
            reached: BTreeMap::new(),
            resolved: Vec::new(),
            findings: Vec::new(),
            verified: BTreeMap::new(),
            notes: Vec::new(),
            outgoing: Vec::new(),
            packages: Vec::new(),
            stopped: None,
            translations: Vec::new(),
            duty: Duty::default(),
            after: After::default(),
            sending: Sending::default(),
            history: Vec::new(),
        }
    }

    /// What is left when the content is erased: the name, and that there was something.
    pub(crate) fn erased(id: CaseId, first: u64, opened: Moment, history: Vec<Line>) -> Self {
        Self {
            id,
            first,
            opened,
            conversation: None,
            former: Vec::new(),
            moved_to: None,
            letters: Vec::new(),
            acknowledged: Vec::new(),
            replies: Vec::new(),
            urgency: Term::default(),
            state: State::Erased,
            duplicate_of: None,
            people: BTreeMap::new(),
            events: BTreeMap::new(),
            acts: BTreeMap::new(),
            sources: BTreeMap::new(),
            consents: Vec::new(),
            grounds: Vec::new(),
            reached: BTreeMap::new(),
            resolved: Vec::new(),
            findings: Vec::new(),
            verified: BTreeMap::new(),
            notes: Vec::new(),
            outgoing: Vec::new(),
            packages: Vec::new(),
            stopped: None,
            translations: Vec::new(),
            duty: Duty::default(),
            after: After::default(),
            sending: Sending::default(),
            history,
        }
    }

    /// Its name.
    pub fn id(&self) -> CaseId {
        self.id
    }

    /// The place in the log where it began, kept when its content is erased: cases are counted by
    /// it, and none changes its number because another is gone.
    pub fn first_place(&self) -> u64 {
        self.first
    }

    /// A short name to say aloud: the year it was opened, and the first digits of its name.
    pub fn reference(&self) -> String {
        let year = self.opened.date().map_or(0, |date| date.year());
        let name = self.id.to_string();
        format!("{year:04}-{}", name.get(..6).unwrap_or_default())
    }

    /// When it was opened.
    pub fn opened_at(&self) -> Moment {
        self.opened
    }

    /// The reports it holds, in the order they came.
    pub fn letters(&self) -> &[LetterIn] {
        &self.letters
    }

    /// The conversation an answer goes to; none if no words were taken, and then none is possible.
    pub fn conversation(&self) -> Option<Conversation> {
        self.conversation
    }

    /// When the reporter was told that a letter was opened, and where that is found.
    pub fn acknowledged(&self) -> &[(Moment, Slot)] {
        &self.acknowledged
    }

    /// The answers, in their order.
    pub fn replies(&self) -> &[Reply] {
        &self.replies
    }

    /// Whether a letter says that an answer was read: one that its words signed and that came on a
    /// later day, naming the first day on which the answer lay under these very words, or a later
    /// one. A letter of the same day may have been written before the answer was found, and new
    /// words find nothing of what was sealed to old ones.
    pub fn is_read(&self, reply: &Reply) -> bool {
        let mut signed = self.letters.iter().filter(|letter| letter.signed);
        signed.any(|letter| {
            let under = |former: &FormerWords| Some(former.conversation) == letter.conversation;
            let changes = self.former.iter().position(under);
            let changes = changes.unwrap_or(self.former.len());
            reply.sealed.iter().any(|sealed| {
                sealed.changes == changes
                    && letter.at.day > sealed.at
                    && letter.acknowledges >= Some(sealed.first)
            })
        })
    }

    /// Whether an answer was last sealed to words that were given up since: whoever has the new
    /// ones does not find it.
    pub fn lies_under_old_words(&self, reply: &Reply) -> bool {
        let last = reply.sealed.last();
        last.is_some_and(|sealed| sealed.changes < self.former.len())
    }

    /// When the office last answered, if no letter came after that, answers are not stopped and the
    /// case has not ended: it is the reporter's turn.
    pub fn answered(&self) -> Option<Moment> {
        if self.state.is_ended() || self.stopped.is_some() {
            return None;
        }
        let said = self.replies.last()?.at;
        let came = self.letters.last().map(|letter| letter.at);
        (came < Some(said)).then_some(said)
    }

    /// Whether it is the reporter's turn, and not for so long that the office should look again:
    /// nobody is forgotten because they could not come back.
    pub fn waits_for_the_reporter(&self, today: u32) -> bool {
        self.answered()
            .is_some_and(|said| today < said.day.saturating_add(REPORTERS_DAYS))
    }

    /// In which order two letters were written, by their places in [`Case::letters`], `first` the
    /// one that came first: both signed, and the boards their writers saw differ. A writer who saw
    /// a later board wrote later, because a manifest names all before it.
    pub fn written(&self, first: usize, second: usize) -> Written {
        let saw = |n: usize| self.letters.get(n).filter(|l| l.signed)?.saw_epoch;
        match (saw(first), saw(second)) {
            (Some(one), Some(other)) if one < other => Written::AsTheyCame,
            (Some(one), Some(other)) if one > other => Written::TurnedAround,
            _ => Written::NotKnown,
        }
    }

    /// Why nothing goes back to the reporter, while that is so.
    pub fn stopped(&self) -> Option<&Stopped> {
        self.stopped.as_ref()
    }

    /// How urgent a person judged it; empty before anyone did.
    pub fn urgency(&self) -> &Term<Urgencies> {
        &self.urgency
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// The case it doubles.
    pub fn duplicate_of(&self) -> Option<CaseId> {
        self.duplicate_of
    }

    /// Whether a report came after everything the office did: something waits for a person.
    pub fn has_news(&self) -> bool {
        let came = self.letters.last().map(|letter| letter.at);
        let done = self
            .history
            .iter()
            .rev()
            .find(|line| !line.kind.is_automatic())
            .map(|line| line.at);
        came > done
    }

    /// People and groups.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// A person or group by number.
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// Events.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.values()
    }

    /// An event by number.
    pub fn event(&self, id: EventId) -> Option<&Event> {
        self.events.get(&id)
    }

    /// Acts.
    pub fn acts(&self) -> impl Iterator<Item = &Act> {
        self.acts.values().map(|(_, act)| act)
    }

    /// An act by number.
    pub fn act(&self, id: ActId) -> Option<&Act> {
        self.acts.get(&id).map(|(_, act)| act)
    }

    /// Sources.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    /// A source by number.
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(&id)
    }

    /// Answers about consent, in the order they were recorded.
    pub fn consents(&self) -> &[RecordedConsent] {
        &self.consents
    }

    /// Grounds other than consent.
    pub fn grounds(&self) -> &[RecordedGround] {
        &self.grounds
    }

    /// Findings, in their order; the last one about an act rules.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The finding that rules about an act: the newest that speaks of it.
    pub fn finding_about(&self, act: ActId) -> Option<&Finding> {
        self.findings
            .iter()
            .rev()
            .find(|finding| finding.is_about(act))
    }

    /// How an act was verified, if it is.
    pub fn verification(&self, act: ActId) -> Option<&Verification> {
        self.verified.get(&act)
    }

    /// The acts that are verified.
    pub fn verified_acts(&self) -> impl Iterator<Item = VerifiedAct<'_>> {
        self.verified.iter().filter_map(|(id, verification)| {
            Some(VerifiedAct {
                case: self,
                act: self.act(*id)?,
                verification,
            })
        })
    }

    /// Notes.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// What went outside, in its order: what a withdrawal can no longer take back.
    pub fn outgoing(&self) -> &[Outgoing] {
        &self.outgoing
    }

    /// Material that was handed to someone outside, in its order.
    pub fn packages(&self) -> &[PackageOut] {
        &self.packages
    }

    /// Which answer stands where those who answer for someone did not agree. An answer that came or
    /// was withdrawn since then leaves nothing resolved.
    pub fn resolved(&self) -> &[Resolved] {
        &self.resolved
    }

    /// Who decided what, in the order of the log.
    pub fn history(&self) -> &[Line] {
        &self.history
    }

    /// The leaves of its letters, and the names under which what was brought is kept.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = Leaf> {
        self.letters.iter().filter_map(LetterIn::files_under)
    }

    /// The places of a day where no answer lies, in order.
    pub fn free_slots(&self, day: u32) -> impl Iterator<Item = u16> {
        let taken: BTreeSet<u16> = self
            .replies
            .iter()
            .flat_map(|reply| {
                let again = reply.reposted.iter().flat_map(|(_, slots)| slots);
                reply.slots.iter().chain(again)
            })
            .chain(self.acknowledged.iter().map(|(_, slot)| slot))
            .filter(|slot| slot.day == day)
            .map(|slot| slot.slot)
            .collect();
        (0..crate::reply::SLOTS_A_DAY).filter(move |slot| !taken.contains(slot))
    }

    /// The next numbers for a new person, event, act or source.
    pub fn next_person(&self) -> PersonId {
        PersonId(
            self.people
                .keys()
                .last()
                .map_or(1, |id| id.0.saturating_add(1)),
        )
    }

    /// The number for a new event.
    pub fn next_event(&self) -> EventId {
        EventId(
            self.events
                .keys()
                .last()
                .map_or(1, |id| id.0.saturating_add(1)),
        )
    }

    /// The number for a new act.
    pub fn next_act(&self) -> ActId {
        ActId(
            self.acts
                .keys()
                .last()
                .map_or(1, |id| id.0.saturating_add(1)),
        )
    }

    /// The number for a new source.
    pub fn next_source(&self) -> SourceId {
        SourceId(
            self.sources
                .keys()
                .last()
                .map_or(1, |id| id.0.saturating_add(1)),
        )
    }
}
