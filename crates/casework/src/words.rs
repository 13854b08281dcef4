//! Changing the words of a conversation: who speaks in it from now on, and what comes under words
//! that are no longer in force. (protocol §4.4, decision 0043)
//!
//! Absent: whether old and new words signed. The desk asks only with a handover that they did.

use crate::case::{Case, LetterIn, Line};
use crate::entry::{CaseId, Conversation, Entry, Kind, Leaf, Moment, Stamp, WordsChanged};
use crate::field::refusals;
use crate::office::Office;
use crate::state::State;

/// Words that were in force in a case, until a letter changed them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerWords {
    /// They.
    pub conversation: Conversation,
    /// The letter that changed them.
    pub letter: Leaf,
    /// When that was taken in.
    pub at: Moment,
    /// The case that the new words had opened, because their letters came before this one.
    pub joined: Option<CaseId>,
}

refusals! {
    /// Why a change of words is not followed.
    CannotChangeWords {
        /// The letter is not signed by words that are in force here.
        NotInForce
            "this letter is not signed by the words that are in force, so it changes nothing"
            "cette lettre n’est pas signée par les mots en vigueur ; elle ne change donc rien",
        /// The new words speak in another case.
        PinnedElsewhere
            "the new words speak in another case already; read both, then decide"
            "les nouveaux mots parlent déjà dans un autre dossier ; lisez les deux, puis décidez",
        /// The new words were in force here before.
        InForceBefore
            "these words were in force here before; words that were given up do not come back"
            "ces mots ont déjà été en vigueur ici ; des mots abandonnés ne reviennent pas",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
        /// Too long.
        TooLong
            "this is too long to be stored"
            "ceci est trop long pour être enregistré",
    }
}

/// Records that a letter of a case changed its words: whoever has the new ones speaks in it from
/// now on, and answers go to them. Letters that these words sent before are joined with the case,
/// if nothing was ever sealed to them. Where they were changed in their turn by a letter that came
/// first, the words that are in force there now speak in this case, unless they were answered.
///
/// It shows that one program had old and new words, never who used it.
pub fn change_words(
    office: &Office,
    case: &Case,
    letter: Leaf,
    to: Conversation,
    stamp: Stamp,
) -> Result<Entry, CannotChangeWords> {
    let speaks = office.case_of_conversation(to);
    let speaks = speaks.filter(|other| other.id() != case.id());
    let led_on = speaks.filter(|other| other.began_by_changing(to));
    let changed = WordsChanged {
        letter,
        to: led_on.and_then(Case::conversation).unwrap_or(to),
        joins: speaks.map(Case::id),
        between: speaks.map_or_else(Vec::new, |joined| {
            let former = joined.former.iter().map(|former| former.conversation);
            former.collect()
        }),
    };
    may_change(office, case, &changed)?;
    Entry::written(stamp, Some(case.id()), changed.into()).map_err(|_| CannotChangeWords::TooLong)
}

pub(crate) fn may_change(
    office: &Office,
    case: &Case,
    changed: &WordsChanged,
) -> Result<(), CannotChangeWords> {
    if case.state() == State::Erased {
        return Err(CannotChangeWords::CaseErased);
    }
    let by = case
        .letters()
        .iter()
        .find(|letter| letter.leaf == Some(changed.letter));
    let hands_over = by.and_then(|letter| letter.hands_over);
    if !by.is_some_and(|letter| {
        letter.signed && letter.conversation == case.conversation() && letter.conversation.is_some()
    }) {
        return Err(CannotChangeWords::NotInForce);
    }
    if case.conversation() == Some(changed.to) || case.had_words(changed.to) {
        return Err(CannotChangeWords::InForceBefore);
    }
    if changed.between.contains(&changed.to) {
        return Err(CannotChangeWords::InForceBefore);
    }
    match office.case_of_conversation(changed.to) {
        Some(other) if changed.joins != Some(other.id()) => Err(CannotChangeWords::PinnedElsewhere),
        Some(other) if other.only_told() => Ok(()),
        Some(other)
            if hands_over.is_some_and(|words| other.began_by_changing(words))
                && other.replies().is_empty() =>
        {
            Ok(())
        }
        Some(_) => Err(CannotChangeWords::PinnedElsewhere),
        None => Ok(()),
    }
}

/// The words that were given up between those of a case and those that are in force now: by letters
/// of the case that is joined. Of one that is erased, the change itself still names them.
pub(crate) fn between(
    changed: &WordsChanged,
    joined: Option<&Case>,
    hands_over: Option<Conversation>,
    at: Moment,
) -> Vec<FormerWords> {
    let given_up = |conversation| FormerWords {
        conversation,
        letter: changed.letter,
        at,
        joined: None,
    };
    match joined.map(|joined| joined.former.as_slice()) {
        Some(former) if !former.is_empty() => former.to_vec(),
        _ if !changed.between.is_empty() => changed.between.iter().copied().map(given_up).collect(),
        // A change that was written down before these words were named there: its letter names the
        // first of them.
        _ => {
            let first = hands_over.filter(|words| changed.joins.is_some() && *words != changed.to);
            first.into_iter().map(given_up).collect()
        }
    }
}

impl Office {
    /// The cases whose words speak in this one now, and those whose words spoke in them before: who
    /// asks to be forgotten means what is in them too, and without this one nothing would say that
    /// their words were given up.
    pub fn joined_with(&self, case: CaseId) -> Vec<CaseId> {
        let mut joined = vec![case];
        let mut at = 0;
        while let Some(into) = joined.get(at).copied() {
            let moved = self.cases().filter(|case| case.moved_to == Some(into));
            let new = moved.map(Case::id).filter(|id| !joined.contains(id));
            joined.extend(new.collect::<Vec<_>>());
            at += 1;
        }
        joined.split_off(1)
    }
}

impl Case {
    /// The words that were in force before, oldest first.
    pub fn former_words(&self) -> &[FormerWords] {
        &self.former
    }

    /// The case in which the words of this one speak now: its letters came before the letter that
    /// changed the words of the other.
    pub fn moved_to(&self) -> Option<CaseId> {
        self.moved_to
    }

    /// The change of words that a letter brought about.
    pub fn changed_by(&self, letter: &LetterIn) -> Option<&FormerWords> {
        self.former
            .iter()
            .find(|former| letter.leaf == Some(former.letter))
    }

    /// Whether a letter came under words that had been given up, and does not merely say once more
    /// to which they were changed: the paper is in other hands, the change was not the reporter's,
    /// or the letter was long on its way.
    pub fn came_under_old_words(&self, letter: &LetterIn) -> bool {
        let followed = |to: Conversation| self.conversation == Some(to) || self.had_words(to);
        letter.former && !letter.hands_over.is_some_and(followed)
    }

    /// Whether a letter that says its words may be in other hands stops answers by itself. Under
    /// words that were given up it does so once after each change, and never after a person looked
    /// at answers since: whoever holds the old paper could silence the new conversation for good.
    pub fn stops_by(&self, letter: &LetterIn) -> bool {
        let said_so = letter.report.as_ref();
        if !said_so.is_ok_and(|report| report.words.is("exposed")) {
            return false;
        }
        if !letter.former {
            // Where the letter gives these very words up, nothing more goes to them anyway.
            return self.changed_by(letter).is_none();
        }
        let since = self.history.iter().rev();
        let mut since = since.take_while(|line| line.kind != Kind::WordsChanged);
        let looked_at =
            |line: &Line| matches!(line.kind, Kind::AnswersStopped | Kind::AnswersResumed);
        self.came_under_old_words(letter) && !since.any(looked_at)
    }

    /// Whether a letter asks for a change of words that was not followed: the new ones were known
    /// here from elsewhere.
    pub fn asks_in_vain(&self, letter: &LetterIn) -> bool {
        letter.hands_over.is_some() && !letter.former && self.changed_by(letter).is_none()
    }

    /// Whether the old words were unknown before the letter that changed them: earlier letters are
    /// still on their way, or were lost.
    pub fn began_with_a_change(&self) -> bool {
        let first = self.letters().first();
        first.is_some_and(|first| self.changed_by(first).is_some())
    }

    /// Whether these words were given up by the letter that opened the case: nobody here knew them.
    fn began_by_changing(&self, words: Conversation) -> bool {
        let first = self.former.first();
        self.began_with_a_change() && first.is_some_and(|former| former.conversation == words)
    }

    pub(crate) fn had_words(&self, words: Conversation) -> bool {
        self.former
            .iter()
            .any(|former| former.conversation == words)
    }

    /// Whether nothing was ever sealed to whoever wrote.
    fn only_told(&self) -> bool {
        self.replies().is_empty() && self.acknowledged().is_empty() && self.former.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_was_written_before_it_named_the_words_between_gives_up_the_first_of_them() {
        let (at, first) = (Moment { day: 1, second: 2 }, Conversation([2; 32]));
        let mut changed = WordsChanged {
            letter: Leaf([1; 32]),
            to: Conversation([3; 32]),
            joins: Some(CaseId([4; 16])),
            between: Vec::new(),
        };
        let given_up = |changed: &WordsChanged, handed| {
            let all = between(changed, None, handed, at);
            all.iter().map(|f| f.conversation).collect::<Vec<_>>()
        };
        assert_eq!(given_up(&changed, Some(first)), [first]);
        assert!(given_up(&changed, Some(changed.to)).is_empty());
        changed.joins = None;
        assert!(given_up(&changed, Some(first)).is_empty());
    }
}
