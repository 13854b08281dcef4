//! Answering a reporter: the places are reserved in the log, the cells sealed and queued, in one
//! change. What is queued is posted with the same bytes at every try.

use std::collections::BTreeSet;

use casework::{CannotReply, Case, CaseId, Entry, Slot};
use envelope::Day;
use open::{CannotAnswer, Correspondent};
use rand_core::CryptoRng;
use record::Language;
use seal::{CELL_TEXT_BYTES, SLOTS_PER_DAY};
use vault::{Failed, Reading, Writing};

use crate::desk::{CannotDecide, Desk, Ledger};
use crate::intake::Addressee;
use crate::office_keys;
use crate::tokens;

/// Days after which an answer that no letter says was read is posted once more: it then leaves the
/// 90 days that readers look at only a month later, so that a desk may be away that long.
const REPOST_AFTER_DAYS: u32 = 60;

/// Words that should give a caseworker pause: an answer is read on a phone that others may hold,
/// and stays readable for ever to whoever has the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Somebody else is named.
    NamesSomeone,
    /// An address, a number, a link.
    LeadsSomewhere,
    /// A promise.
    Promises,
}

impl Consequence {
    /// What to think of before sending.
    #[must_use]
    pub fn sentence(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::NamesSomeone, Language::English) => {
                "It names a person of this case. Whoever has the words reads this for ever: can you say it without the name?"
            }
            (Self::NamesSomeone, Language::French) => {
                "Elle nomme une personne de ce dossier. Qui possède les mots la lira toujours : pouvez-vous le dire sans le nom ?"
            }
            (Self::LeadsSomewhere, Language::English) => {
                "It holds a link, an address or a number. Following it can give the person away."
            }
            (Self::LeadsSomewhere, Language::French) => {
                "Elle contient un lien, une adresse ou un numéro. Les utiliser peut trahir la personne."
            }
            (Self::Promises, Language::English) => {
                "It sounds like a promise. Promise only what you hold in your own hands."
            }
            (Self::Promises, Language::French) => {
                "Elle ressemble à une promesse. Ne promettez que ce qui dépend de vous."
            }
        }
    }
}

impl Desk {
    /// What of an answer should be looked at once more.
    #[must_use]
    pub fn consequences(&self, number: u64, text: &str) -> Vec<Consequence> {
        let mut found = Vec::new();
        let lower = text.to_lowercase();
        let named = self.case(number).is_some_and(|case| {
            case.people()
                .flat_map(|person| &person.names)
                .filter(|name| name.trim().chars().count() >= 3)
                .any(|name| lower.contains(&name.trim().to_lowercase()))
                || tells_of(case, text)
        });
        if named {
            found.push(Consequence::NamesSomeone);
        }
        let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count() >= 6;
        let leads = lower.split_whitespace().any(|word| {
            word.contains("://") || word.contains('@') || word.starts_with("www.") || digits(word)
        });
        if leads {
            found.push(Consequence::LeadsSomewhere);
        }
        let promises = [
            "we promise",
            "guarantee",
            "nous promettons",
            "garanti",
            "you will be safe",
            "vous serez en sécurité",
        ];
        if promises.iter().any(|promise| lower.contains(promise)) {
            found.push(Consequence::Promises);
        }
        found
    }

    /// An answer as it would go out, to be looked at once more: nothing is written down or sealed.
    ///
    /// # Errors
    /// [`CannotDecide`] as [`Desk::reply`] would.
    pub fn look_over(&self, number: u64, text: &str, now: u64) -> Result<String, CannotDecide> {
        let text = as_sent(text);
        self.prepared(number, &text, now)?;
        Ok(text)
    }

    /// What an answer takes: its entry of the log, the first of its places, whom it goes to.
    fn prepared(
        &self,
        number: u64,
        text: &str,
        now: u64,
    ) -> Result<(Entry, u16, Addressee), CannotDecide> {
        let today = Day::of_unix_seconds(now);
        let case = self.ledger.case(number).ok_or(CannotDecide::NoSuchCase)?;
        let needed = cells_for(text);
        let r = self.vault.read();
        let to = Addressee::of(&r, &self.ledger, case, today)?;
        // An answer lies in places that follow each other, after all that are taken.
        let free = match &to {
            Some(to) => to.free_slots(&r, &self.ledger, case, today)?,
            None => case.free_slots(today.0).collect(),
        };
        let first = first_of_the_last_free(free);
        let slots: Vec<Slot> = (first..SLOTS_PER_DAY)
            .take(needed)
            .map(|slot| Slot { day: today.0, slot })
            .collect();
        if slots.len() < needed {
            return Err(CannotReply::NoSlot.into());
        }
        let entry = casework::reply(case, text, slots, self.ledger.stamp(now))?;
        Ok((entry, first, to.ok_or(NO_WAY_BACK)?))
    }

    /// Sends an answer: written down, sealed and queued, or nothing of it.
    ///
    /// # Errors
    /// [`CannotDecide`] says what to do first.
    pub fn reply(
        &mut self,
        number: u64,
        text: &str,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), CannotDecide> {
        let today = Day::of_unix_seconds(now);
        let text = &as_sent(text);
        let (entry, first, to) = self.prepared(number, text, now)?;
        let case = self.ledger.case(number).ok_or(CannotDecide::NoSuchCase)?;
        let answer = u32::try_from(case.replies().len() + 1).unwrap_or(u32::MAX);
        let (period_days, mailbox) = (
            self.ledger.settings.period_days,
            self.ledger.identity.mailbox,
        );
        let correspondent = Correspondent {
            mailbox: &mailbox,
            period_days,
            reply_key: &to.reply_key,
            conversation_key: &to.line.key,
            voice: &to.voice,
        };
        // Taken from the pool with the change below; until then it is any one of it.
        let token = tokens::next(&self.vault.read())?;
        let place = (today, first);
        let cells = open::answer(&correspondent, answer, text, token.as_ref(), place, rng)
            .map_err(|e| -> CannotDecide {
                match e {
                    CannotAnswer::NotEnoughSlots { .. } => CannotReply::NoSlot.into(),
                    _ => NO_WAY_BACK,
                }
            })?;
        self.change(|ledger, w| {
            tokens::give(w)?;
            ledger.enter(w, entry)?;
            for cell in &cells {
                w.queue_cell(&cell.tag(), to.number, cell.bytes())?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Stops everything that goes back to the reporter of a case: the words may be in other hands.
    /// What waits in the outbox is taken out of it; what the relay has stays there.
    ///
    /// # Errors
    /// [`CannotDecide`].
    pub fn stop_answers(
        &mut self,
        number: u64,
        reason: &str,
        now: u64,
    ) -> Result<(), CannotDecide> {
        let case = self.ledger.case(number).ok_or(CannotDecide::NoSuchCase)?;
        let entry = casework::stop_answers(case, reason, self.ledger.stamp(now))?;
        let conversation = case.conversation();
        let today = Day::of_unix_seconds(now);
        self.change(|ledger, w| {
            ledger.enter(w, entry)?;
            if let Some(conversation) = conversation
                && let Some(pinned) = w.conversation_of(&conversation.0)?
            {
                w.withdraw_cells(pinned, today.0)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Whether an answer can go out today, and if not, why.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn way_back(&self, number: u64, now: u64) -> Result<WayBack, Failed> {
        let today = Day::of_unix_seconds(now);
        let Some(case) = self.case(number) else {
            return Ok(WayBack::NoWords);
        };
        if case.moved_to().is_some() {
            return Ok(WayBack::InAnotherCase);
        }
        let Some(conversation) = case.conversation() else {
            return Ok(WayBack::NoWords);
        };
        if case.stopped().is_some() {
            return Ok(WayBack::Stopped);
        }
        let r = self.vault.read();
        let Some(pinned) = r.conversation_of(&conversation.0)? else {
            return Ok(WayBack::FirstLetterMissing);
        };
        if office_keys::reply_key(&r, pinned)?.is_none() {
            return Ok(WayBack::FirstLetterMissing);
        }
        if office_keys::newest_key(&r, pinned)?.is_none() {
            return Ok(WayBack::KeyDestroyed);
        }
        let Some(to) = Addressee::of(&r, &self.ledger, case, today)? else {
            return Ok(WayBack::NoVoice);
        };
        let first = first_of_the_last_free(to.free_slots(&r, &self.ledger, case, today)?);
        Ok(WayBack::Open {
            cells_left: SLOTS_PER_DAY.saturating_sub(first),
        })
    }
}

/// An answer without what its way through a form added: a browser sends line ends in pairs, and a
/// cell has no room to waste.
fn as_sent(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// Why answers stopped by themselves; kept in the log, so in both languages.
const TOLD_SO: &str = "A signed letter says so. / Une lettre signée le dit.";

impl Ledger {
    /// Stops what goes back, because a signed letter says that the words may be in other hands.
    /// Whoever else has the words can do so too: a caseworker takes answers up again.
    pub(crate) fn stop_as_told(
        &mut self,
        w: &Writing<'_>,
        id: CaseId,
        now: u64,
    ) -> Result<(), Failed> {
        let Some(case) = self.office.case(id) else {
            return Ok(());
        };
        let conversation = case.conversation();
        // Without words there is nothing to stop, and what is stopped stays so.
        let Ok(entry) = casework::stop_answers(case, TOLD_SO, self.stamp(now)) else {
            return Ok(());
        };
        self.enter(w, entry)?;
        if let Some(conversation) = conversation
            && let Some(pinned) = w.conversation_of(&conversation.0)?
        {
            w.withdraw_cells(pinned, Day::of_unix_seconds(now).0)?;
        }
        Ok(())
    }

    /// Numbers of the conversations in which nothing more is told: answers were stopped, or the words
    /// given up.
    pub(crate) fn told_no_more(&self, r: &Reading<'_>) -> Result<BTreeSet<u64>, Failed> {
        let stopped = self.office.cases().filter(|case| case.stopped().is_some());
        let given_up = self.office.cases().flat_map(Case::former_words);
        let given_up = given_up.map(|former| former.conversation);
        let mut numbers = BTreeSet::new();
        for conversation in stopped.filter_map(Case::conversation).chain(given_up) {
            numbers.extend(r.conversation_of(&conversation.0)?);
        }
        Ok(numbers)
    }

    /// Takes back what waits for people who are told nothing more, and for words that were given up:
    /// after a restart of the relay, what it had listed for them and lost is not said a second time.
    pub(crate) fn withdraw_what_was_stopped(
        &mut self,
        w: &Writing<'_>,
        today: Day,
    ) -> Result<(), Failed> {
        for conversation in self.told_no_more(w)? {
            w.withdraw_cells(conversation, today.0)?;
        }
        Ok(())
    }

    /// Posts answers again that no letter says were read: before readers stop finding them, of open
    /// cases; and when the words were changed, of any. Only into places that would be filled with dummies otherwise. (protocol §5)
    pub(crate) fn repost_due(
        &mut self,
        w: &Writing<'_>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Failed> {
        let today = Day::of_unix_seconds(now);
        let due: Vec<(CaseId, u32)> = self
            .office
            .cases()
            .filter(|case| case.conversation().is_some() && case.stopped().is_none())
            .flat_map(|case| {
                let ended = case.state().is_ended();
                case.replies()
                    .iter()
                    .filter(move |reply| {
                        let old = today.0 >= reply.last_day().saturating_add(REPOST_AFTER_DAYS);
                        // Under new words nothing is found of what was said to the old ones.
                        ((old && !ended) || case.lies_under_old_words(reply))
                            && !case.is_read(reply)
                    })
                    .map(|reply| (case.id(), reply.number))
            })
            .collect();
        if due.is_empty() {
            return Ok(());
        }
        let room = usize::try_from(self.settings.cells_per_epoch).unwrap_or(0);
        let cells = w.unlisted_cells()?;
        let mut waiting = cells.iter().filter(|cell| cell.posted.is_none()).count();
        for (id, answer) in due {
            let Some(case) = self.office.case(id) else {
                continue;
            };
            let Some(reply) = case.replies().iter().find(|r| r.number == answer) else {
                continue;
            };
            let needed = cells_for(reply.text.as_str());
            if waiting > 0 && waiting + needed > room {
                return Ok(());
            }
            // Tomorrow has places again, and a voice may be published by then.
            let Some(to) = Addressee::of(w, self, case, today)? else {
                continue;
            };
            let first = first_of_the_last_free(to.free_slots(w, self, case, today)?);
            let slots: Vec<Slot> = (first..SLOTS_PER_DAY)
                .take(needed)
                .map(|slot| Slot { day: today.0, slot })
                .collect();
            if slots.len() < needed {
                continue;
            }
            let Ok(entry) = casework::repost(case, answer, slots, self.stamp(now)) else {
                continue;
            };
            let (period_days, mailbox) = (self.settings.period_days, self.identity.mailbox);
            let correspondent = Correspondent {
                mailbox: &mailbox,
                period_days,
                reply_key: &to.reply_key,
                conversation_key: &to.line.key,
                voice: &to.voice,
            };
            let text = reply.text.as_str();
            // A token leaves the pool with what was sealed: not every key can be sealed to.
            let (token, place) = (tokens::next(w)?, (today, first));
            let Ok(cells) = open::answer(&correspondent, answer, text, token.as_ref(), place, rng)
            else {
                continue;
            };
            tokens::give(w)?;
            for cell in &cells {
                w.queue_cell(&cell.tag(), to.number, cell.bytes())?;
            }
            waiting += cells.len();
            self.enter(w, entry)?;
        }
        Ok(())
    }
}

/// Words that begin with a capital letter because a sentence begins with them.
const OPENERS: [&str; 30] = [
    "the",
    "they",
    "them",
    "this",
    "that",
    "she",
    "his",
    "her",
    "our",
    "your",
    "you",
    "one",
    "two",
    "about",
    "some",
    "many",
    "les",
    "des",
    "une",
    "elle",
    "elles",
    "ils",
    "nous",
    "vous",
    "mon",
    "notre",
    "votre",
    "deux",
    "plusieurs",
    "environ",
];

/// Whether an answer holds a word that looks like a name and stands in what was told of victims or
/// of those responsible.
fn tells_of(case: &Case, text: &str) -> bool {
    let names = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() >= 3)
            .filter(|word| word.chars().next().is_some_and(|c| !c.is_lowercase()))
            .filter(|word| word.chars().any(char::is_alphabetic))
            .map(str::to_lowercase)
            .filter(|word| !OPENERS.contains(&word.as_str()))
            .collect()
    };
    let said = names(text);
    case.letters()
        .iter()
        .filter_map(|letter| letter.report.as_ref().ok())
        .any(|report| {
            let victims = report.victims.iter().map(|victim| victim.told.as_str());
            victims
                .chain([report.perpetrators.told.as_str()])
                .any(|told| !names(told).is_disjoint(&said))
        })
}

/// Whether an answer can go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayBack {
    /// It can.
    Open {
        /// Cells left today.
        cells_left: u16,
    },
    /// No words were taken.
    NoWords,
    /// The words speak in another case since they were changed there.
    InAnotherCase,
    /// The letter that brought the reply key has not arrived.
    FirstLetterMissing,
    /// The conversation's key was destroyed: only a new letter opens the way again.
    KeyDestroyed,
    /// No published notice names a voice for today.
    NoVoice,
    /// The words may be in other hands.
    Stopped,
}

const NO_WAY_BACK: CannotDecide = CannotDecide::Refused {
    en: "no answer can be sealed today: publish a notice, or wait for the reporter's next letter",
    fr: "aucune réponse ne peut être scellée aujourd’hui : publiez un avis, ou attendez la prochaine lettre de la personne",
};

/// How many cells a text takes, cut as the seal cuts it.
#[must_use]
pub fn cells_for(text: &str) -> usize {
    let (mut cells, mut rest) = (1, text);
    while rest.len() > CELL_TEXT_BYTES {
        let at = rest.floor_char_boundary(CELL_TEXT_BYTES);
        rest = rest.get(at..).unwrap_or_default();
        cells += 1;
    }
    cells
}

/// The first place from which on every place of the day is free.
fn first_of_the_last_free(free: Vec<u16>) -> u16 {
    let mut first = SLOTS_PER_DAY;
    for slot in free.into_iter().rev() {
        if slot.saturating_add(1) != first {
            break;
        }
        first = slot;
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_lies_after_everything_that_is_taken() {
        let check = |free: &[u16], first| {
            assert_eq!(first_of_the_last_free(free.to_vec()), first, "{free:?}");
        };
        check(&[], 16);
        check(&[15], 15);
        check(&(0..16).collect::<Vec<_>>(), 0);
        check(&[0, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 5);
        check(&[0, 1, 2], 16);
    }

    #[test]
    fn cells_are_counted_as_they_are_cut() {
        assert_eq!(cells_for(""), 1);
        assert_eq!(cells_for(&"a".repeat(CELL_TEXT_BYTES)), 1);
        assert_eq!(cells_for(&"a".repeat(CELL_TEXT_BYTES + 1)), 2);
        // A character of three bytes does not fit the end of a cell of 2,800.
        assert_eq!(cells_for(&"字".repeat(934)), 2);
    }
}
