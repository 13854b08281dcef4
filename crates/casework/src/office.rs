//! An office, as its log tells it: every case, and what became of every letter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use record::Origin;

use crate::assess;
use crate::case::{
    Case, Finding, LetterIn, Line, Note, Outgoing, PackageOut, RecordedConsent, RecordedGround,
    Reply, Resolved, Review, Sealed, Stopped, Verification,
};
use crate::consent;
use crate::cover;
use crate::describe;
use crate::duty::{self, STANDS_BACK};
use crate::entry::{
    Author, CaseId, Conversation, Entry, Erased, Kind, Leaf, Moment, Stamp, Unreadable, What,
};
use crate::follow;
use crate::grade::{self, Exception, Grade};
use crate::package;
use crate::progress::{self, CannotMove};
use crate::public::{self, PublishedPage};
use crate::reply;
use crate::sending::{self, Foresight};
use crate::stand_in;
use crate::state::State;
use crate::taken;
use crate::translation;
use crate::words::{self, FormerWords};

/// Every case of an office.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Office {
    cases: BTreeMap<CaseId, Case>,
    leaves: BTreeSet<Leaf>,
    conversations: BTreeMap<Conversation, CaseId>,
    origins: BTreeMap<(String, String), CaseId>,
    unread: Vec<Unread>,
    misfits: Vec<Misfit>,
    unknown: Vec<Line>,
    erased: BTreeSet<u64>,
    /// Whose each place of the log is, as far as its entry is still there.
    whose: BTreeMap<u64, Option<CaseId>>,
    grade: Grade,
    colleagues: Arc<BTreeSet<String>>,
    next: u64,
}

/// A letter that became no case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The letter.
    pub leaf: Leaf,
    /// Why.
    pub why: Unreadable,
    /// When that was found.
    pub at: Moment,
}

/// An entry that decides nothing, because it breaks a rule or speaks of a case that is not there.
/// Shown to the office: someone's program did not ask before it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The entry.
    pub line: Line,
    /// The rule, in words.
    pub why: &'static str,
}

impl Office {
    /// Reads the log from its beginning. The same entries give the same office, always.
    pub fn fold(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut office = Self::default();
        for entry in entries {
            office.apply(entry);
        }
        office
    }

    /// Takes one more entry of the log.
    pub fn apply(&mut self, entry: Entry) {
        let (stamp, case, what) = entry.into_parts();
        let line = Line {
            position: stamp.position,
            at: stamp.at,
            by: stamp.by.clone(),
            kind: what.kind(),
        };
        self.next = self.next.max(stamp.position.saturating_add(1));
        self.meet(&stamp.by);
        self.whose.entry(stamp.position).or_insert(case);
        if let Err(why) = self.take(&stamp, case, what, &line) {
            self.misfits.push(Misfit { line, why });
        }
    }

    /// The stamp of the next entry.
    pub fn stamp(&self, at: Moment, by: Author) -> Stamp {
        Stamp {
            position: self.next,
            at,
            by,
        }
    }

    /// The cases, in the order of their names.
    pub fn cases(&self) -> impl ExactSizeIterator<Item = &Case> {
        self.cases.values()
    }

    /// A case by its name.
    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.get(&id)
    }

    /// The case whose reporter speaks in this conversation.
    pub fn case_of_conversation(&self, conversation: Conversation) -> Option<&Case> {
        self.cases.get(self.conversations.get(&conversation)?)
    }

    /// The case of a report that was taken from a data set.
    pub fn case_of_origin(&self, origin: &Origin) -> Option<&Case> {
        self.cases
            .get(self.origins.get(&(origin.set.clone(), origin.id.clone()))?)
    }

    /// Whether a letter was already looked at, readable or not.
    pub fn knows(&self, leaf: Leaf) -> bool {
        self.leaves.contains(&leaf)
    }

    /// Letters that became no case.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// Entries that decide nothing, and why.
    pub fn misfits(&self) -> &[Misfit] {
        &self.misfits
    }

    /// Whether the content of an entry was erased with its case. A place where nothing is left and
    /// that no erasing names was tampered with.
    pub fn was_erased(&self, place: u64) -> bool {
        self.erased.contains(&place)
    }

    /// The grade below which nothing goes to the UN or a State.
    pub fn grade(&self) -> &Grade {
        &self.grade
    }

    /// Whether nobody but this person ever wrote into the log. Only then may they decide alone what
    /// needs two: an entry that says the office has one person is not believed.
    pub(crate) fn is_alone(&self, by: &Author) -> bool {
        self.colleagues.iter().all(|person| person == by.person())
    }

    /// The short codes of everyone who ever wrote into the log, in their order.
    pub fn colleagues(&self) -> impl Iterator<Item = &str> {
        self.colleagues.iter().map(String::as_str)
    }

    /// Takes note of who writes, for every case.
    fn meet(&mut self, by: &Author) {
        if self.colleagues.contains(by.person()) {
            return;
        }
        Arc::make_mut(&mut self.colleagues).insert(by.person().to_owned());
        for case in self.cases.values_mut() {
            case.duty.colleagues = Arc::clone(&self.colleagues);
        }
    }

    /// Entries this release does not understand. They are kept in the log.
    pub fn unknown(&self) -> &[Line] {
        &self.unknown
    }

    fn take(
        &mut self,
        stamp: &Stamp,
        case: Option<CaseId>,
        what: What,
        line: &Line,
    ) -> Result<(), &'static str> {
        match (what, case) {
            (What::CaseOpened(opened), Some(id)) => {
                if self.cases.contains_key(&id) {
                    return Err("a case of this name is already there");
                }
                self.take_leaf(opened.letter.leaf)?;
                if let Some(conversation) = opened.letter.conversation {
                    self.conversations.entry(conversation).or_insert(id);
                }
                let letter = LetterIn::of(opened.letter, false, stamp);
                self.open_case(id, letter, stamp, line);
                Ok(())
            }
            (What::TakenDown(taken), Some(id)) => {
                taken::may_take_down(self, self.cases.get(&id), &taken, stamp)
                    .map_err(|refused| refused.sentence(record::Language::English))?;
                self.take_leaf(taken.originals)?;
                let letter = taken.into_letter(stamp);
                if self.cases.contains_key(&id) {
                    self.note_origin(id, &letter);
                    let case = self.cases.get_mut(&id).ok_or(NO_CASE)?;
                    case.letters.push(letter);
                    case.history.push(line.clone());
                } else {
                    self.open_case(id, letter, stamp, line);
                }
                Ok(())
            }
            (What::LetterUnreadable(unreadable), _) => {
                if self.leaves.insert(unreadable.leaf) {
                    self.unread.push(Unread {
                        leaf: unreadable.leaf,
                        why: unreadable.why,
                        at: stamp.at,
                    });
                    Ok(())
                } else {
                    Err("this letter was already looked at")
                }
            }
            (What::GradeSet(mut set), None) => {
                set.one_person_office &= self.is_alone(&stamp.by);
                grade::may_set_grade(&self.grade, &set, stamp)
                    .map_err(|refused| refused.sentence(record::Language::English))?;
                self.grade.set(&set, &stamp.by);
                for case in self.cases.values_mut() {
                    case.duty.required = self.grade.required;
                }
                Ok(())
            }
            (What::Erased(erased), Some(id)) => {
                self.may_go(id, &erased, stamp)?;
                let old = self.cases.get(&id);
                if old.is_some_and(|case| !case.may_decide(line.kind, &stamp.by)) {
                    return Err(STANDS_BACK);
                }
                let old = self.cases.remove(&id);
                // A link is kept from both sides, or from neither.
                if let Some(original) = old.as_ref().and_then(|case| case.duplicate_of) {
                    self.unlink(original, id);
                }
                let doubled_by = self.doubles_of(id);
                let first = erased.places.iter().min().copied();
                let (first, opened, mut history) = old.map_or(
                    (first.unwrap_or(stamp.position), stamp.at, Vec::new()),
                    |case| (case.first, case.opened, case.history),
                );
                history.push(line.clone());
                self.leaves.extend(erased.leaves);
                self.erased.extend(erased.places);
                self.conversations.retain(|_, of| *of != id);
                let mut case = Case::erased(id, first, opened, history);
                case.duty.duplicates = doubled_by;
                case.duty.colleagues = Arc::clone(&self.colleagues);
                self.cases.insert(id, case);
                Ok(())
            }
            (What::Unknown { .. }, _) => {
                self.unknown.push(line.clone());
                if let Some(case) = case.and_then(|id| self.cases.get_mut(&id)) {
                    case.history.push(line.clone());
                }
                Ok(())
            }
            (What::LetterAdded(added), Some(id)) => {
                let case = self.cases.get(&id).ok_or(NO_CASE)?;
                if case.state == State::Erased {
                    return Err(ERASED);
                }
                // Only the words of a case add to it: those in force, and, told apart, those that
                // were given up.
                let words = added.letter.conversation;
                let former = words.is_some_and(|words| case.had_words(words));
                if !former && (words.is_none() || case.conversation != words) {
                    return Err("another conversation's letter does not join this case");
                }
                self.take_leaf(added.letter.leaf)?;
                let case = self.cases.get_mut(&id).ok_or(NO_CASE)?;
                case.letters.push(LetterIn::of(added.letter, former, stamp));
                case.history.push(line.clone());
                Ok(())
            }
            (What::WordsChanged(changed), Some(id)) => {
                let case = self.cases.get(&id).ok_or(NO_CASE)?;
                words::may_change(self, case, &changed)
                    .map_err(|refused| refused.sentence(record::Language::English))?;
                let by = |letter: &&LetterIn| letter.leaf == Some(changed.letter);
                let hands_over = case.letters.iter().find(by).and_then(|by| by.hands_over);
                let joined = changed.joins.and_then(|id| self.cases.get(&id));
                let between = words::between(&changed, joined, hands_over, stamp.at);
                // What is known of these words goes with them: that others may read them too.
                let mut stopped = None;
                if let Some(joined) = changed.joins.and_then(|id| self.cases.get_mut(&id)) {
                    joined.conversation = None;
                    joined.moved_to = Some(id);
                    stopped = joined.stopped.take();
                }
                self.conversations.insert(changed.to, id);
                for former in &between {
                    self.conversations.insert(former.conversation, id);
                }
                let case = self.cases.get_mut(&id).ok_or(NO_CASE)?;
                case.stopped = case.stopped.take().or(stopped);
                if let Some(conversation) = case.conversation.replace(changed.to) {
                    case.former.push(FormerWords {
                        conversation,
                        letter: changed.letter,
                        at: stamp.at,
                        joined: changed.joins,
                    });
                    case.former.extend(between);
                }
                case.history.push(line.clone());
                Ok(())
            }
            (what, Some(id)) => {
                let case = self.cases.get(&id).ok_or(NO_CASE)?;
                if case.state == State::Erased {
                    return Err(ERASED);
                }
                if !case.may_decide(line.kind, &stamp.by) {
                    return Err(STANDS_BACK);
                }
                let before = case.duplicate_of;
                if let What::StateChanged(changed) = &what
                    && changed.to == State::Duplicate
                    && let Some(original) = changed.duplicate_of
                {
                    // Nothing may be left of the original: it was erased since, with the entries
                    // that said that it was there.
                    match progress::may_double(self, case, original) {
                        Ok(()) | Err(CannotMove::NoSuchOriginal) => {}
                        Err(refused) => return Err(refused.sentence(record::Language::English)),
                    }
                }
                let case = self.cases.get_mut(&id).ok_or(NO_CASE)?;
                decide(case, what, stamp)?;
                case.history.push(line.clone());
                let after = case.duplicate_of;
                if before != after {
                    if let Some(original) = before {
                        self.unlink(original, id);
                    }
                    if let Some(original) = after.and_then(|of| self.cases.get_mut(&of)) {
                        original.duty.duplicates.insert(id);
                    }
                }
                Ok(())
            }
            (_, None) => Err("it names no case"),
        }
    }
}

impl Office {
    fn open_case(&mut self, id: CaseId, letter: LetterIn, stamp: &Stamp, line: &Line) {
        self.note_origin(id, &letter);
        let mut case = Case::opened(id, letter, stamp);
        case.history.push(line.clone());
        case.duty.required = self.grade.required;
        case.duty.duplicates = self.doubles_of(id);
        case.duty.colleagues = Arc::clone(&self.colleagues);
        self.cases.insert(id, case);
    }

    /// Takes note of where a report was taken from, so that nothing is taken from there twice.
    fn note_origin(&mut self, id: CaseId, letter: &LetterIn) {
        if let Ok(report) = &letter.report
            && !report.origin.is_empty()
        {
            let origin = (report.origin.set.clone(), report.origin.id.clone());
            self.origins.entry(origin).or_insert(id);
        }
    }

    /// Whether an erasing takes what is its case's and nothing else. When the log is read anew the
    /// entries it names are gone: then it may name no place of another case that is still there, and
    /// no letter of one.
    fn may_go(&self, id: CaseId, erased: &Erased, stamp: &Stamp) -> Result<(), &'static str> {
        if erased.reason.is_blank() {
            return Err(CannotMove::NoReason.sentence(record::Language::English));
        }
        let mut places = erased.places.iter();
        let others = |place: &u64| {
            let whose = self.whose.get(place);
            *place >= stamp.position || whose.is_some_and(|of| *of != Some(id))
        };
        let held_elsewhere = |leaf: &Leaf| {
            let mut elsewhere = self.cases.values().filter(|case| case.id != id);
            elsewhere.any(|case| case.leaves().any(|held| held == *leaf))
                || self.unread.iter().any(|unread| unread.leaf == *leaf)
        };
        if places.any(others) || erased.leaves.iter().any(held_elsewhere) {
            return Err(NOT_ITS_OWN);
        }
        match self.cases.get(&id) {
            // Nothing is left of it, or it never was.
            None if erased
                .places
                .iter()
                .all(|place| self.whose.contains_key(place)) =>
            {
                Err(NO_CASE)
            }
            Some(case) if case.state != State::Erased => {
                let held: BTreeSet<Leaf> = case.leaves().collect();
                match erased.leaves.iter().all(|leaf| held.contains(leaf)) {
                    true => Ok(()),
                    false => Err(NOT_ITS_OWN),
                }
            }
            _ => Ok(()),
        }
    }

    /// The cases that say they double another: their word is kept when nothing is left of it.
    fn doubles_of(&self, original: CaseId) -> BTreeSet<CaseId> {
        let doubles = self.cases.values();
        doubles
            .filter(|case| case.duplicate_of == Some(original))
            .map(|case| case.id)
            .collect()
    }

    /// Takes away a duplicate's link from the case it doubled.
    fn unlink(&mut self, original: CaseId, duplicate: CaseId) {
        if let Some(original) = self.cases.get_mut(&original) {
            original.duty.duplicates.remove(&duplicate);
        }
    }

    /// Takes note of a letter's leaf, once. A letter that could not be read may be read later, by a
    /// desk that has the key.
    fn take_leaf(&mut self, leaf: Option<Leaf>) -> Result<(), &'static str> {
        let Some(leaf) = leaf else { return Ok(()) };
        let unread = self.unread.iter().any(|unread| unread.leaf == leaf);
        if self.leaves.contains(&leaf) && !unread {
            return Err("this letter is already in a case");
        }
        self.leaves.insert(leaf);
        self.unread.retain(|unread| unread.leaf != leaf);
        Ok(())
    }
}

const NO_CASE: &str = "there is no such case";
const NOT_ITS_OWN: &str = "it would erase what is not this case's";
const ERASED: &str = "the case is erased";

/// Asks of an entry what the function that makes it asks, and then takes it into the case.
fn decide(case: &mut Case, what: What, stamp: &Stamp) -> Result<(), &'static str> {
    let english = record::Language::English;
    macro_rules! ask {
        ($question:expr) => {
            $question.map_err(|refused| refused.sentence(english))?
        };
    }
    match what {
        What::Acknowledged(acknowledged) => {
            ask!(reply::may_acknowledge(case, &acknowledged));
            case.acknowledged.push((stamp.at, acknowledged.slot));
            case.state = case.state.forward(State::Acknowledged);
        }
        What::Replied(replied) => {
            ask!(reply::may_reply(case, &replied));
            let sealed = Sealed::of(case.former.len(), stamp.at.day, &replied.slots);
            case.replies.push(Reply {
                number: replied.number,
                text: replied.text,
                slots: replied.slots,
                at: stamp.at,
                by: stamp.by.clone(),
                reposted: Vec::new(),
                sealed: vec![sealed],
            });
        }
        What::Reposted(reposted) => {
            ask!(reply::may_repost(case, &reposted));
            let sealed = Sealed::of(case.former.len(), stamp.at.day, &reposted.slots);
            if let Some(reply) = case
                .replies
                .iter_mut()
                .find(|reply| reply.number == reposted.number)
            {
                reply.reposted.push((stamp.at, reposted.slots));
                reply.sealed.push(sealed);
            }
        }
        What::AnswersStopped(stopped) => {
            ask!(reply::may_stop(case, &stopped));
            case.stopped = Some(Stopped {
                reason: stopped.reason,
                at: stamp.at,
                by: stamp.by.clone(),
            });
        }
        What::AnswersResumed(resumed) => {
            ask!(reply::may_resume(case, &resumed));
            case.stopped = None;
        }
        What::Triaged(triaged) => {
            ask!(progress::may_triage(&triaged));
            case.urgency = triaged.urgency;
            case.state = case.state.forward(State::Triaged);
        }
        What::PersonRecorded(recorded) => {
            ask!(describe::may_record_person(case, &recorded.person));
            case.people.insert(recorded.person.id, recorded.person);
            case.end_what_the_accused_gave(stamp);
        }
        What::EventCoded(coded) => {
            ask!(describe::may_code_event(case, &coded.event));
            // Time and place of an act stand in its event: acts of it must be looked at anew.
            let acts: Vec<_> = case
                .acts()
                .filter(|act| act.event == coded.event.id)
                .map(|act| act.id)
                .collect();
            for act in acts {
                changed(case, act, stamp);
            }
            case.events.insert(coded.event.id, *coded.event);
            case.state = case.state.forward(State::Documenting);
        }
        What::ActCoded(coded) => {
            ask!(describe::may_code_act(case, &coded.act));
            let act = coded.act.id;
            case.acts.insert(act, (stamp.position, *coded.act));
            changed(case, act, stamp);
            case.end_what_the_accused_gave(stamp);
            case.state = case.state.forward(State::Documenting);
        }
        What::SourceRecorded(recorded) => {
            ask!(assess::may_record_source(case, &recorded.source));
            case.sources.insert(recorded.source.id, recorded.source);
            case.state = case.state.forward(State::Documenting);
        }
        What::ConsentRecorded(recorded) => {
            ask!(consent::may_record_consent(case, &recorded, stamp));
            let number = consent::number_of(case, &recorded);
            case.consents.push(RecordedConsent {
                number,
                consent: *recorded.consent,
                letter: recorded.letter,
                at: stamp.at,
                by: stamp.by.clone(),
                withdrawn: None,
                chosen: None,
                seconded: None,
                ended: None,
            });
            case.answered_anew(number);
        }
        What::GroundRecorded(recorded) => {
            ask!(consent::may_record_ground(case, &recorded, stamp));
            case.grounds.push(RecordedGround {
                number: recorded.number,
                ground: recorded.ground,
                at: stamp.at,
            });
        }
        What::ConsentWithdrawn(withdrawn) => {
            ask!(consent::may_withdraw(case, &withdrawn));
            if let Some(recorded) = case
                .consents
                .iter_mut()
                .find(|recorded| recorded.number == withdrawn.consent)
            {
                recorded.consent.withdrawn = stamp.at.date();
                recorded.withdrawn = Some((stamp.at, withdrawn.reason));
            }
            case.answered_anew(withdrawn.consent);
        }
        What::ConsentSeconded(seconded) => {
            ask!(stand_in::may_second(case, &seconded, stamp));
            let mut consents = case.consents.iter_mut();
            if let Some(recorded) = consents.find(|one| one.number == seconded.consent) {
                recorded.seconded = Some((stamp.at, stamp.by.clone()));
            }
        }
        What::PersonReached(reached) => {
            ask!(stand_in::may_reach(case, &reached));
            case.note_reached(reached.subject);
        }
        What::DisagreementResolved(resolved) => {
            ask!(stand_in::may_resolve(case, &resolved));
            if let Some(stands) = case.consent(resolved.stands) {
                let (subject, purpose) = (stands.consent.subject, stands.consent.purpose.clone());
                case.resolved
                    .retain(|one| one.subject != subject || one.purpose != purpose);
                case.resolved.push(Resolved {
                    subject,
                    purpose,
                    stands: resolved.stands,
                    reason: resolved.reason,
                    at: stamp.at,
                    by: stamp.by.clone(),
                });
            }
        }
        What::ErasureChosen(chosen) => {
            ask!(consent::may_choose(case, &chosen));
            let mut consents = case.consents.iter_mut();
            if let Some(recorded) = consents.find(|one| one.number == chosen.consent) {
                recorded.chosen = Some((stamp.at, chosen.choice));
            }
        }
        What::PackageSent(mut handed) => {
            // What it rests on is looked up, never believed: a withdrawal lists it by that.
            let now = ask!(package::may_send_package(case, &handed, stamp));
            (handed.consents, handed.ground) = (now.consents().to_vec(), now.ground());
            let below_grade = match handed.leaving(stamp) {
                Some(leaving) => ask!(case.may_leave(leaving)),
                None => None,
            };
            let mut exceptions = case.duty.exceptions.iter_mut();
            if let Some(exception) = exceptions.find(|one| Some(one.number) == below_grade) {
                exception.used = true;
            }
            case.packages.push(PackageOut {
                below_grade,
                package: handed,
                at: stamp.at,
                by: stamp.by.clone(),
            });
        }
        What::Assessed(assessed) => {
            ask!(assess::may_assess(case, &assessed, stamp));
            let finding = Finding {
                number: assessed.number,
                assessment: assessed.assessment,
                at: stamp.at,
                by: stamp.by.clone(),
                position: stamp.position,
                reviews: Vec::new(),
            };
            // The newest finding rules: what an older one carried must be verified again.
            case.verified.retain(|act, _| !finding.is_about(*act));
            case.findings.push(finding);
            case.state = case.state.forward(State::Assessed);
        }
        What::Reviewed(reviewed) => {
            ask!(assess::may_review(case, &reviewed, stamp));
            if let Some(finding) = case
                .findings
                .iter_mut()
                .find(|finding| finding.number == reviewed.assessment)
            {
                finding.reviews.push(Review {
                    agrees: reviewed.agrees,
                    reasons: reviewed.reasons,
                    one_person_office: reviewed.one_person_office,
                    at: stamp.at,
                    by: stamp.by.clone(),
                });
            }
            if !reviewed.agrees {
                case.verified
                    .retain(|_, verification| verification.finding != reviewed.assessment);
            }
        }
        What::Verified(verified) => {
            let (standard, one_person_office) = ask!(assess::may_verify(case, &verified));
            case.verified.insert(
                verified.act,
                Verification {
                    finding: verified.assessment,
                    standard,
                    one_person_office,
                    at: stamp.at,
                    by: stamp.by.clone(),
                },
            );
            case.state = case.state.forward(State::Decision);
        }
        What::NoteAdded(noted) => {
            ask!(progress::may_note(&noted));
            case.notes.push(Note {
                text: noted.text,
                at: stamp.at,
                by: stamp.by.clone(),
            });
        }
        What::StateChanged(changed) => {
            ask!(progress::may_change_state(case, &changed));
            case.state = changed.to;
            let doubles = changed.to == State::Duplicate;
            case.duplicate_of = changed.duplicate_of.filter(|_| doubles);
            let referred = changed.to == State::OutOfMandate;
            case.duty.referred_to = changed.referred_to.filter(|_| referred);
        }
        What::Reopened(reopened) => {
            ask!(progress::may_reopen(case, &reopened));
            case.state = State::Documenting;
            case.duplicate_of = None;
            case.duty.referred_to = None;
        }
        What::Communicated(mut sent) => {
            let now = ask!(cover::may_communicate(case, &sent, stamp));
            (sent.consents, sent.ground) = (now.consents().to_vec(), now.ground());
            let below_grade = match sent.leaving(stamp) {
                Some(leaving) => ask!(case.may_leave(leaving)),
                None => None,
            };
            let mut exceptions = case.duty.exceptions.iter_mut();
            if let Some(exception) = exceptions.find(|one| Some(one.number) == below_grade) {
                exception.used = true;
            }
            let number = case
                .outgoing
                .last()
                .map_or(1, |last| last.number.saturating_add(1));
            case.outgoing.push(Outgoing {
                number,
                below_grade,
                sent,
                at: stamp.at,
                by: stamp.by.clone(),
            });
            case.state = case.state.forward(State::Transmitted);
        }
        What::Assigned(assigned) => {
            ask!(duty::may_assign(case, &assigned, stamp));
            case.duty.lead = assigned.to;
        }
        What::HandedOver(handed) => {
            ask!(duty::may_hand_over(case, &handed, stamp));
            case.duty.hand_over(handed, stamp.at);
        }
        What::Recused(recused) => {
            ask!(duty::may_recuse(case, &recused, stamp));
            let recusal = duty::Recusal {
                reason: recused.reason,
                at: stamp.at,
                by: stamp.by.clone(),
            };
            case.duty.recused.insert(recused.who, recusal);
        }
        What::RecusalEnded(ended) => {
            ask!(duty::may_end_recusal(case, &ended, stamp));
            let over = duty::RecusalOver {
                nobody_left: case.nobody_is_left(),
                who: ended.who,
                reason: ended.reason,
                at: stamp.at,
                by: stamp.by.clone(),
            };
            case.duty.recused.remove(&over.who);
            case.duty.recusals_over.push(over);
        }
        What::TaskSet(set) => {
            ask!(duty::may_set_task(case, &set));
            case.duty.set_task(set);
        }
        What::TaskDone(done) => {
            ask!(duty::may_finish_task(case, &done));
            if let Some(task) = case.duty.tasks.get_mut(&done.number) {
                task.done = Some((stamp.at, stamp.by.clone(), done.how));
            }
        }
        What::ExceptionProposed(proposed) => {
            ask!(grade::may_propose(case, &proposed));
            case.duty.exceptions.push(Exception {
                number: proposed.number,
                to: proposed.to,
                purpose: proposed.purpose,
                kind: proposed.kind,
                reason: proposed.reason,
                proposed: (stamp.at, stamp.by.clone()),
                agreed: None,
                used: false,
            });
        }
        What::ExceptionAgreed(agreed) => {
            ask!(grade::may_agree(case, &agreed, stamp));
            let mut exceptions = case.duty.exceptions.iter_mut();
            if let Some(exception) = exceptions.find(|one| one.number == agreed.number) {
                exception.agreed = Some((stamp.at, stamp.by.clone(), agreed.reason));
            }
        }
        What::ResponseRecorded(recorded) => {
            ask!(follow::may_record_response(case, &recorded, stamp));
            case.take_response(recorded, stamp);
        }
        What::StepRecorded(recorded) => {
            ask!(follow::may_record_step(case, &recorded.step));
            case.after.steps.insert(recorded.step.id, recorded.step);
            followed(case);
        }
        What::RemedyRecorded(recorded) => {
            ask!(follow::may_record_remedy(case, &recorded.remedy));
            let remedy = recorded.remedy;
            case.after.remedies.insert(remedy.id, remedy);
            followed(case);
        }
        What::HelpRecorded(recorded) => {
            ask!(follow::may_record_help(case, &recorded.help));
            case.after.help.insert(recorded.help.id, recorded.help);
        }
        What::CommitmentRecorded(recorded) => {
            ask!(follow::may_record_commitment(case, &recorded.commitment));
            let commitment = recorded.commitment;
            case.after.commitments.insert(commitment.id, commitment);
            followed(case);
        }
        What::LawRecorded(recorded) => {
            ask!(follow::may_record_law(case, &recorded.law));
            case.after.laws.insert(recorded.law.id, recorded.law);
        }
        What::CheckedIn(checked) => {
            ask!(follow::may_check_in(case, &checked, stamp));
            case.take_check_in(checked, stamp);
        }
        What::DeadlineSet(set) => {
            ask!(follow::may_set_deadline(case, &set));
            let deadline = case.after.deadlines.entry(set.letter).or_default();
            deadline.reply = set.reply.or(deadline.reply);
            deadline.confidential = set.confidential.or(deadline.confidential);
        }
        What::NotTransmitted(kept) => {
            ask!(follow::may_keep(case, &kept));
            case.after.not_transmitted = Some((stamp.at, stamp.by.clone(), kept.reason));
        }
        What::FollowedUp(found) => {
            ask!(follow::may_follow_up(case, &found));
            let at = (stamp.at, stamp.by.clone(), found.found);
            case.after.followed_up.push(at);
        }
        What::ReceiptNoted(noted) => {
            ask!(sending::may_note_receipt(case, &noted));
            case.sending.receipts.push((noted.letter, noted.receipt));
        }
        What::Foreseen(foreseen) => {
            ask!(sending::may_foresee(case, &foreseen));
            case.sending.foreseen.push(Foresight {
                foreseen,
                at: stamp.at,
                by: stamp.by.clone(),
            });
        }
        What::Published(mut published) => {
            let now = ask!(public::may_publish(case, &published, stamp));
            // What it rests on is what covers it, whatever the entry says.
            (published.consents, published.ground) = (now.consents().to_vec(), now.ground());
            case.after.published.push(PublishedPage {
                published,
                at: stamp.at,
                by: stamp.by.clone(),
            });
        }
        What::Translated(translated) => {
            ask!(translation::may_translate(case, &translated));
            case.take_translation(translated, stamp);
        }
        What::TranslationReviewed(reviewed) => {
            ask!(translation::may_review_translation(case, &reviewed, stamp));
            case.take_translation_review(reviewed, stamp);
        }
        // The whole office's, and no case's.
        What::GradeSet(_) => return Err("a grade is set for the office, not for one case"),
        // Taken before a case is looked up.
        What::CaseOpened(_)
        | What::LetterAdded(_)
        | What::TakenDown(_)
        | What::WordsChanged(_)
        | What::LetterUnreadable(_)
        | What::Erased(_)
        | What::Unknown { .. } => {}
    }
    Ok(())
}

/// What was sent has an effect outside: the case is in its follow-up.
fn followed(case: &mut Case) {
    if !case.outgoing.is_empty() {
        case.state = case.state.forward(State::FollowUp);
    }
}

/// An act is no longer what was verified.
fn changed(case: &mut Case, act: record::ActId, stamp: &Stamp) {
    if let Some((position, _)) = case.acts.get_mut(&act) {
        *position = stamp.position;
    }
    case.verified.remove(&act);
}

impl Kind {
    /// Whether it is something that came in or went back by itself, rather than a decision.
    pub const fn is_automatic(self) -> bool {
        matches!(
            self,
            Self::CaseOpened
                | Self::LetterAdded
                | Self::TakenDown
                | Self::LetterUnreadable
                | Self::Acknowledged
                | Self::Reposted
                | Self::AnswersStopped
                | Self::WordsChanged
        )
    }
}
