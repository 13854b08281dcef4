//! A letter from the relay becomes an entry of the log: a case, a letter of a case, or "could not
//! be read". Nothing is lost on the way: what does not open keeps its bytes.

use casework::{Arrival, Came, CannotTakeIn, Case, CaseId, Conversation, Slot, Unreadable};
use envelope::{Day, Leaf, LetterHash, Posting};
use open::{CannotOpen, Correspondent, HandedOver, IntakeSecret, Opened, OpenedLetter, Reporter};
use rand_core::CryptoRng;
use record::{Ground, Report, Source, SourceAsTold};
use seal::{ReplyKeyRef, SealedBy};
use vault::{Failed, LetterState, StoredLetter, Writing};

use crate::alarm::Alarm;
use crate::desk::{Desk, Ledger, raise};
use crate::office_keys;

/// A letter as the relay hands it over (protocol §8).
pub(crate) struct Handed<'a> {
    pub(crate) position: u64,
    pub(crate) leaf: Leaf,
    pub(crate) nonce: &'a [u8; 16],
    pub(crate) letter: &'a [u8],
}

/// What a letter is known by, and where the relay has it.
#[derive(Clone, Copy)]
struct Place {
    leaf: Leaf,
    /// Hash of the sealed bytes, the same under every leaf.
    sealed: [u8; 32],
    position: u64,
}

impl Place {
    fn of(leaf: [u8; 32], letter: &[u8], position: u64) -> Self {
        let (leaf, sealed) = (Leaf(leaf), envelope::hash(letter));
        Self {
            leaf,
            sealed,
            position,
        }
    }
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// A case of its own.
    NewCase,
    /// Another letter of a case that is there.
    LetterOfACase,
    /// A piece of a file: it is kept, and shown when its file is complete.
    Piece,
    /// It does not open; its bytes are kept.
    Unreadable,
    /// It was here before, by whatever way it came.
    KnownBefore,
    /// Whoever handed it over calls it something else than it is.
    NotItsLeaf,
}

/// Reads the records of one answer; `None` if it is cut.
pub(crate) fn handed(mut bytes: &[u8]) -> Option<Vec<Handed<'_>>> {
    let mut letters = Vec::new();
    while !bytes.is_empty() {
        let (position, rest) = bytes.split_first_chunk::<8>()?;
        let (leaf, rest) = rest.split_first_chunk::<32>()?;
        let (nonce, rest) = rest.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (letter, rest) = rest.split_at_checked(length)?;
        letters.push(Handed {
            position: u64::from_be_bytes(*position),
            leaf: Leaf(*leaf),
            nonce,
            letter,
        });
        bytes = rest;
    }
    Some(letters)
}

impl Desk {
    /// Takes in a batch of letters: all of them, or none.
    pub(crate) fn take_letters(
        &mut self,
        letters: &[Handed<'_>],
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<Became>, Failed> {
        let keys = office_keys::intake(&self.vault.read())?;
        self.change(|ledger, w| {
            let mut became = Vec::with_capacity(letters.len());
            for letter in letters {
                became.push(ledger.take_letter(w, letter, &keys, now, rng)?);
            }
            if let Some(last) = letters.last() {
                w.set("position", &last.position.to_be_bytes())?;
            }
            Ok(became)
        })
    }

    /// Takes in a letter that did not come through the relay: from pictures of its codes, or from a
    /// courier's hand. Should the relay hand it over too, it is known. The posting's nonce and
    /// letter give its leaf, as at the relay.
    ///
    /// # Errors
    /// [`Failed`]: nothing was taken in.
    pub fn take_by_hand(
        &mut self,
        posting: &Posting<'_>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Became, Failed> {
        let keys = office_keys::intake(&self.vault.read())?;
        // It arrived after everything the relay has handed over until now.
        let position = office_keys::counter(&self.vault.read(), "position")?.unwrap_or(0);
        let handed = Handed {
            position,
            leaf: posting.leaf(),
            nonce: posting.nonce(),
            letter: posting.letter(),
        };
        self.change(|ledger, w| ledger.take_letter(w, &handed, &keys, now, rng))
    }

    /// Tries once more to open what could not be read: after an update, or with keys of a backup.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn try_unreadable_again(
        &mut self,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<usize, Failed> {
        let kept = self.vault.read().letters(LetterState::Unreadable)?;
        let keys = office_keys::intake(&self.vault.read())?;
        self.change(|ledger, w| {
            let mut opened = 0;
            for letter in kept {
                let Some(bytes) = &letter.bytes else { continue };
                if let Ok(read) = open::posted(bytes, &ledger.identity.mailbox, &keys) {
                    let place = Place::of(letter.leaf, bytes, letter.position);
                    match read {
                        Opened::Letter(read) => ledger.take_opened(w, place, &read, now, rng)?,
                        Opened::Piece(read) => {
                            let today = Day::of_unix_seconds(now);
                            ledger.take_piece(w, place.leaf, place.position, &read, today)?
                        }
                    };
                    opened += 1;
                }
            }
            Ok(opened)
        })
    }

    /// Takes in reports of a file. What was imported before is left alone. When they are public
    /// already, that is recorded as the ground for documenting and counting them, wherever a
    /// report says where it can be found: never a consent that nobody gave.
    /// Returns how many became cases, and how many were known.
    ///
    /// # Errors
    /// [`Failed`]: nothing was imported.
    pub fn import(
        &mut self,
        reports: Vec<Report>,
        public: bool,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(usize, usize), Failed> {
        self.change(|ledger, w| {
            let (mut new, mut known) = (0, 0);
            for report in reports {
                let mut name = [0; 16];
                rng.fill_bytes(&mut name);
                let came = Came::Imported { case: CaseId(name) };
                let arrival = Arrival { report, came };
                match casework::intake(&ledger.office, arrival, ledger.stamp(now)) {
                    Ok(entry) => {
                        ledger.enter(w, entry)?;
                        if public {
                            ledger.call_public(w, CaseId(name), now)?;
                        }
                        new += 1;
                    }
                    Err(_) => known += 1,
                }
            }
            Ok((new, known))
        })
    }
}

impl Ledger {
    /// Records the sources a public report names, and that it is public.
    fn call_public(&mut self, w: &Writing<'_>, id: CaseId, now: u64) -> Result<(), Failed> {
        let told: Vec<SourceAsTold> = self
            .office
            .case(id)
            .and_then(|case| case.letters().first()?.report.as_ref().ok())
            .map(|report| report.sources.clone())
            .unwrap_or_default();
        let mut found = None;
        for told in told.iter().filter(|told| !told.found.trim().is_empty()) {
            let Some(case) = self.office.case(id) else {
                break;
            };
            let source = Source {
                id: case.next_source(),
                kind: told.kind.clone(),
                found: told.found.clone(),
                ..Source::default()
            };
            let number = source.id;
            if let Ok(entry) = casework::record_source(case, source, self.stamp(now)) {
                self.enter(w, entry)?;
                found.get_or_insert(number);
            }
        }
        let (Some(source), Some(case)) = (found, self.office.case(id)) else {
            return Ok(());
        };
        let ground = Ground {
            kind: "public-source".into(),
            purposes: vec!["documentation-internal".into(), "statistics".into()],
            reason: "Published before it was imported; the source names where.".to_owned(),
            source: Some(source),
            ..Ground::default()
        };
        if let Ok(entry) = casework::record_ground(case, ground, self.stamp(now)) {
            self.enter(w, entry)?;
        }
        Ok(())
    }

    fn take_letter(
        &mut self,
        w: &Writing<'_>,
        handed: &Handed<'_>,
        keys: &[IntakeSecret],
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Became, Failed> {
        let today = Day::of_unix_seconds(now);
        let leaf = Leaf::of(LetterHash(envelope::hash(handed.letter)), handed.nonce);
        if leaf != handed.leaf {
            raise(w, Alarm::AlteredLetter { day: today })?;
            return Ok(Became::NotItsLeaf);
        }
        let known = w.letter(&leaf.0)?;
        if known.is_some_and(|known| known.state != LetterState::Lost) {
            return Ok(Became::KnownBefore);
        }
        let at = handed.position;
        let why = match open::posted(handed.letter, &self.identity.mailbox, keys) {
            Ok(Opened::Letter(opened)) => {
                let place = Place::of(leaf.0, handed.letter, at);
                let became = self.take_opened(w, place, &opened, now, rng)?;
                if became != Became::Unreadable {
                    return Ok(became);
                }
                // It opens, and no case can hold it: it is kept as it came, like any other.
                Unreadable::Malformed
            }
            Ok(Opened::Piece(piece)) => return self.take_piece(w, leaf, at, &piece, today),
            Err(CannotOpen::NoKey { .. }) => Unreadable::NoKey,
            Err(CannotOpen::Forged) => Unreadable::Forged,
            Err(CannotOpen::TooNew) => Unreadable::TooNew,
            Err(CannotOpen::Malformed) => Unreadable::Malformed,
            Err(_) => Unreadable::Damaged,
        };
        w.put_letter(&StoredLetter {
            leaf: leaf.0,
            position: handed.position,
            day: today.0,
            state: LetterState::Unreadable,
            reason: why.code().to_owned(),
            bytes: Some(handed.letter.to_vec()),
        })?;
        let stamp = self.stamp(now);
        if let Ok(entry) = casework::unreadable(&self.office, casework::Leaf(leaf.0), why, stamp) {
            self.enter(w, entry)?;
        }
        Ok(Became::Unreadable)
    }

    fn take_opened(
        &mut self,
        w: &Writing<'_>,
        place: Place,
        opened: &OpenedLetter,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Became, Failed> {
        let today = Day::of_unix_seconds(now);
        let Place {
            leaf,
            sealed,
            position,
        } = place;
        let taken_in = StoredLetter {
            leaf: leaf.0,
            position,
            day: today.0,
            state: LetterState::Opened,
            reason: String::new(),
            bytes: None,
        };
        // A relay can hand a letter over once more under another leaf: that is no other letter, and
        // no use of words that were given up. Nothing is lost: its bytes are those that were read.
        if w.was_opened(&sealed)? {
            w.put_letter(&taken_in)?;
            return Ok(Became::KnownBefore);
        }
        let conversation = self.conversation_of(w, opened, position, today)?;
        let saw_epoch = match opened.manifest_seen() {
            Some(seen) => self.compare_boards(w, &seen.0)?,
            None => None,
        };
        let arrival = Arrival {
            report: opened.report().clone(),
            came: Came::Sealed {
                leaf: casework::Leaf(leaf.0),
                sealed_by: match opened.sealed_by() {
                    SealedBy::Page | SealedBy::Other(_) => casework::SealedBy::Page,
                    SealedBy::Native => casework::SealedBy::Native,
                    SealedBy::Doorstep => casework::SealedBy::Doorstep,
                    SealedBy::Kit => casework::SealedBy::Kit,
                },
                conversation,
                acknowledges: opened.acknowledges().map(|day| day.0),
                saw_epoch,
                hands_over: opened
                    .handover()
                    .filter(|_| conversation.is_some())
                    .map(|new| Conversation(new.to_pin().signing_key.0)),
            },
        };
        let before = self.office.cases().len();
        match casework::intake(&self.office, arrival, self.stamp(now)) {
            Ok(entry) => {
                let case = entry.case();
                self.enter(w, entry)?;
                w.put_opened(&taken_in, &sealed)?;
                self.announce(w, leaf, opened.attachments())?;
                if let (Some(case), Some(new)) =
                    (case.filter(|_| conversation.is_some()), opened.handover())
                {
                    self.change_words(w, case, leaf, new, position, now)?;
                }
                let stops = |id: &CaseId| {
                    let case = self.office.case(*id);
                    case.is_some_and(|case| case.letters().last().is_some_and(|l| case.stops_by(l)))
                };
                if let Some(case) = case.filter(stops) {
                    self.stop_as_told(w, case, now)?;
                }
                if let Some(case) = case.filter(|_| conversation.is_some()) {
                    self.tell_opened(w, case, now, rng)?;
                }
                Ok(if self.office.cases().len() > before {
                    Became::NewCase
                } else {
                    Became::LetterOfACase
                })
            }
            Err(CannotTakeIn::TooLong) => Ok(Became::Unreadable),
            Err(_) => Ok(Became::KnownBefore),
        }
    }

    /// Pins the keys that a change of words names, and follows it, if casework does: what waits for
    /// the old ones is not posted any more; what was not read is sealed to the new ones in places
    /// of its own, like anything that is posted again.
    fn change_words(
        &mut self,
        w: &Writing<'_>,
        case: CaseId,
        leaf: Leaf,
        new: &HandedOver,
        arrival: u64,
        now: u64,
    ) -> Result<(), Failed> {
        let (signing_key, reply_key) = (&new.to_pin().signing_key, &new.to_pin().reply_key);
        let known = w.conversation_of(&signing_key.0)?;
        let pinned = match known {
            Some(number) => office_keys::reply_key(w, number)?,
            None => None,
        };
        // Followed or not: both words signed, and only this letter brings the whole reply key of the
        // new ones. Without it nobody could ever answer a letter under them.
        let number = match known {
            None => w.pin(&signing_key.0, reply_key.0.as_ref())?,
            Some(number) => {
                w.complete_pin(number, reply_key.0.as_ref())?;
                number
            }
        };
        if office_keys::newest_key(w, number)?.is_none() {
            let (key, terms) = (new.conversation_key(), office_keys::terms(&self.settings));
            office_keys::keep_conversation_key(w, number, key, 0, arrival, &terms)?;
        }
        let (to, stamp) = (Conversation(signing_key.0), self.stamp(now));
        // Their own first letter brought a key: they speak elsewhere, and are not joined silently.
        let speaks = self.office.case_of_conversation(to).is_some();
        if pinned.is_some_and(|pinned| speaks || pinned.hash() != reply_key.hash()) {
            return self.stop_if_led_on(w, case, to, now);
        }
        let id = case;
        let leaf = casework::Leaf(leaf.0);
        let changed = |ledger: &Self, stamp| {
            let case = ledger.office.case(id)?;
            casework::change_words(&ledger.office, case, leaf, to, stamp).ok()
        };
        let joined = self.office.case_of_conversation(to);
        let joined = joined.filter(|joined| joined.id() != id);
        if joined.is_some_and(|joined| joined.stopped().is_some()) && changed(self, stamp).is_some()
        {
            // By an entry of its own: the case that is joined may be erased, and its stop with it.
            self.stop_as_told(w, id, now)?;
        }
        let Some(entry) = changed(self, self.stamp(now)) else {
            return self.stop_if_led_on(w, id, to, now);
        };
        let Some(case) = self.office.case(id) else {
            return Ok(());
        };
        if let Some(old) = case.conversation()
            && let Some(number) = w.conversation_of(&old.0)?
        {
            w.withdraw_cells(number, Day::of_unix_seconds(now).0)?;
        }
        self.enter(w, entry)?;
        Ok(())
    }

    /// Words that a letter gives up for some that were given up elsewhere in their turn: whoever
    /// writes has others by now. Until a person has looked at both cases, nothing goes to the old
    /// ones.
    fn stop_if_led_on(
        &mut self,
        w: &Writing<'_>,
        id: CaseId,
        to: Conversation,
        now: u64,
    ) -> Result<(), Failed> {
        let signed = self.office.case(id).and_then(|case| case.letters().last());
        let signed = signed.is_some_and(|letter| letter.signed);
        let other = self.office.case_of_conversation(to);
        let led_on = other.filter(|other| other.id() != id).is_some_and(|other| {
            let mut former = other.former_words().iter();
            former.any(|former| former.conversation == to)
        });
        if signed && led_on {
            self.stop_as_told(w, id, now)?;
        }
        Ok(())
    }

    /// The epoch of the manifest a letter names. One that was not shown here is remembered: it may
    /// be of an epoch that is still to be looked at, or of a board that only others are shown.
    fn compare_boards(&self, w: &Writing<'_>, seen: &[u8; 32]) -> Result<Option<u64>, Failed> {
        let epoch = w.epoch_of_manifest(seen)?;
        if epoch.is_none() {
            let newest = office_keys::counter(w, "newest-shown")?.unwrap_or(0);
            w.name_manifest(seen, newest)?;
        }
        Ok(epoch)
    }

    /// The conversation a letter belongs to, its keys pinned or compared with what was pinned.
    /// `None`: no words were taken, or the letter does not fit what its words pinned before.
    fn conversation_of(
        &self,
        w: &Writing<'_>,
        opened: &OpenedLetter,
        arrival: u64,
        today: Day,
    ) -> Result<Option<Conversation>, Failed> {
        let Reporter::Words {
            signing_key,
            reply_key,
            conversation_key,
            generation,
        } = opened.reporter()
        else {
            return Ok(None);
        };
        let whole: &[u8] = match reply_key {
            ReplyKeyRef::Whole(key) => key.0.as_ref(),
            // Its first letter has not arrived yet: no answer is possible before it does.
            ReplyKeyRef::Hash(_) => &[],
        };
        let number = match w.conversation_of(&signing_key.0)? {
            None => w.pin(&signing_key.0, whole)?,
            Some(number) => {
                match office_keys::reply_key(w, number)? {
                    None => w.complete_pin(number, whole)?,
                    Some(pinned) if pinned.hash() == reply_key.hash() => {}
                    Some(_) => {
                        raise(w, Alarm::OtherReplyKey { day: today })?;
                        return Ok(None);
                    }
                }
                number
            }
        };
        let terms = office_keys::terms(&self.settings);
        office_keys::keep_conversation_key(
            w,
            number,
            conversation_key,
            *generation,
            arrival,
            &terms,
        )?;
        Ok(Some(Conversation(signing_key.0)))
    }

    /// Seals an "opened" cell for every letter of a case that has none yet, as far as today's
    /// places and the office's voice allow; the rest is told at a later visit.
    pub(crate) fn tell_opened(
        &mut self,
        w: &Writing<'_>,
        case: CaseId,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Failed> {
        let today = Day::of_unix_seconds(now);
        loop {
            let Some(found) = self.office.case(case) else {
                return Ok(());
            };
            if !untold(found) {
                return Ok(());
            }
            let Some(to) = Addressee::of(w, self, found, today)? else {
                return Ok(());
            };
            let Some(slot) = to.free_slots(w, self, found, today)?.first().copied() else {
                return Ok(());
            };
            let number = u32::try_from(found.acknowledged().len() + 1).unwrap_or(u32::MAX);
            let place = Slot { day: today.0, slot };
            let Ok(entry) = casework::acknowledge(found, place, self.stamp(now)) else {
                return Ok(());
            };
            let (terms, mailbox) = (office_keys::terms(&self.settings), self.identity.mailbox);
            let correspondent = Correspondent {
                mailbox: &mailbox,
                period_days: terms.period_days,
                reply_key: &to.reply_key,
                conversation_key: &to.line.key,
                voice: &to.voice,
            };
            let Ok(cell) = open::opened(&correspondent, number, today, slot, rng) else {
                return Ok(());
            };
            w.queue_cell(&cell.tag(), to.number, cell.bytes())?;
            self.enter(w, entry)?;
        }
    }
}

/// Whether a letter of the case waits to be told opened.
pub(crate) fn untold(case: &Case) -> bool {
    let signed = case.letters().iter().filter(|letter| letter.signed).count();
    case.conversation().is_some() && case.stopped().is_none() && case.acknowledged().len() < signed
}

/// What it takes to seal an answer to the reporter of a case.
pub(crate) struct Addressee {
    pub(crate) number: u64,
    pub(crate) reply_key: seal::ReplyKey,
    pub(crate) line: office_keys::Line,
    pub(crate) voice: open::VoiceSecret,
}

impl Addressee {
    /// `None` while something of it is missing: the first letter, or a voice that is in the notice.
    pub(crate) fn of(
        r: &vault::Reading<'_>,
        ledger: &Ledger,
        case: &Case,
        today: Day,
    ) -> Result<Option<Self>, Failed> {
        let Some(conversation) = case.conversation() else {
            return Ok(None);
        };
        let Some(number) = r.conversation_of(&conversation.0)? else {
            return Ok(None);
        };
        let parts = (
            office_keys::reply_key(r, number)?,
            office_keys::newest_key(r, number)?,
            office_keys::voice(r, ledger.notice.as_ref(), today)?,
        );
        Ok(match parts {
            (Some(reply_key), Some(line), Some(voice)) => Some(Self {
                number,
                reply_key,
                line,
                voice,
            }),
            _ => None,
        })
    }

    /// The places of today in which something can still be sealed to them. Writers choose their
    /// conversation keys: whoever brings one twice brings two conversations whose places have the
    /// same tags, and no tag is used twice. What one of them took, the other goes without.
    pub(crate) fn free_slots(
        &self,
        r: &vault::Reading<'_>,
        ledger: &Ledger,
        case: &Case,
        today: Day,
    ) -> Result<Vec<u16>, Failed> {
        let period_days = ledger.settings.period_days;
        let free = case.free_slots(today.0);
        let Ok(key) = open::key_of_day(&self.line.key, period_days, today) else {
            // Nothing can be sealed today, wherever it would lie; the seal says so.
            return Ok(free.collect());
        };
        let mut left = Vec::new();
        for slot in free {
            if !r.has_cell(&key.tag(today, slot))? {
                left.push(slot);
            }
        }
        Ok(left)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::desk::Founded;
    use crate::settings::OfficeSettings;
    use envelope::notice::{IntakeKey, Notice};
    use rand_core::SeedableRng;
    use seal::words::{WordList, Words};
    use seal::{Master, SealedLetter, WordsUse};
    use vault::{Cost, Passphrase};

    const NOON: u64 = 20_779 * 86_400 + 43_200;

    pub(crate) struct Scene {
        pub(crate) founded: Founded,
        pub(crate) key: IntakeKey,
        first_period: u32,
        pub(crate) rng: rand_chacha::ChaCha20Rng,
        _folder: tempfile::TempDir,
    }

    impl Scene {
        pub(crate) fn new() -> Self {
            let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(2);
            let text = format!(
                "name = \"A test\"\nlanguages = [\"en\"]\nrelays = [\"http://127.0.0.1:1\"]\nrelay_key = \"{}\"\n",
                "ab".repeat(32)
            );
            let folder = tempfile::tempdir().unwrap();
            let settings = OfficeSettings::read(&text).unwrap();
            let at = folder.path().join("office");
            let passphrase = Passphrase::new("p");
            let founded = Desk::create(
                &at,
                &text,
                settings,
                &passphrase,
                Cost::REHEARSAL,
                NOON,
                &mut rng,
            )
            .unwrap();
            let desk = &founded.desk;
            let today = Day::of_unix_seconds(NOON);
            let signed = office_keys::sign_notice(
                &desk.vault().read(),
                desk.settings(),
                desk.identity(),
                1,
                [0; 32],
                &founded.root,
                today,
            )
            .unwrap();
            let notice = Notice::verify(&signed.file, &founded.root.public(), today).unwrap();
            let period = notice.period_for(today).unwrap();
            let (_, bytes) = signed.keys.iter().find(|(p, _)| *p == period).unwrap();
            Self {
                key: notice.intake_key(period, bytes).unwrap(),
                first_period: notice.body().first_period,
                founded,
                rng,
                _folder: folder,
            }
        }

        fn sealed(&mut self, master: &Master, first: bool) -> SealedLetter {
            let how = WordsUse {
                first,
                generation: 0,
                first_period: self.first_period,
                acknowledges: None,
            };
            let report = Report {
                narrative: "told".to_owned(),
                ..Report::default()
            };
            let by = SealedBy::Page;
            seal::letter(
                &report,
                Some((master, how)),
                None,
                by,
                &self.key,
                &mut self.rng,
            )
            .unwrap()
        }

        /// The letter that changes the words.
        fn changing(&mut self, old: &Master, new: &Master) -> SealedLetter {
            let how = WordsUse {
                first: false,
                generation: 0,
                first_period: self.first_period,
                acknowledges: None,
            };
            let (report, by) = (Report::default(), SealedBy::Page);
            let (key, rng) = (&self.key, &mut self.rng);
            seal::handover_letter(&report, (old, how), new, None, by, key, rng).unwrap()
        }

        /// A later letter that says nothing and brings a voice.
        fn voice_under(&mut self, master: &Master, content: u8) -> SealedLetter {
            let how = WordsUse {
                first: false,
                generation: 0,
                first_period: self.first_period,
                acknowledges: None,
            };
            let mut hash = seal::ContentHash::new();
            hash.take(&[content; 40]);
            let kind = Some(record::MediaKind::Jpeg);
            let file = seal::Attachment::of(hash, seal::FileId([content; 16]), kind).unwrap();
            let (words, by) = (Some((master, how)), SealedBy::Page);
            let (key, rng) = (&self.key, &mut self.rng);
            seal::letter_with_files(&Report::default(), &[file], words, None, by, key, rng).unwrap()
        }

        /// A letter with words, sealed to this office.
        pub(crate) fn with_words(&mut self) -> SealedLetter {
            let words = Words::draw(WordList::English, &mut self.rng);
            let master = Master::of(&words, &self.founded.desk.identity().mailbox);
            self.sealed(&master, true)
        }

        /// The desk, and the folder it lives in.
        pub(crate) fn into_desk(self) -> (Desk, tempfile::TempDir) {
            (self.founded.desk, self._folder)
        }

        /// A report without words that announces files.
        pub(crate) fn with_files(&mut self, files: &[seal::Attachment]) -> SealedLetter {
            let (report, by) = (Report::default(), SealedBy::Page);
            let (key, rng) = (&self.key, &mut self.rng);
            seal::letter_with_files(&report, files, None, None, by, key, rng).unwrap()
        }

        pub(crate) fn takes(&mut self, letter: &SealedLetter, position: u64) -> Became {
            let posting = letter.posting();
            let (nonce, bytes) = posting.split_first_chunk::<16>().unwrap();
            let handed = Handed {
                position,
                leaf: letter.leaf(),
                nonce,
                letter: bytes,
            };
            let desk = &mut self.founded.desk;
            let became = desk.take_letters(&[handed], NOON, &mut self.rng).unwrap();
            *became.first().unwrap()
        }
    }

    #[test]
    fn known_words_with_another_reply_key_get_a_case_of_their_own_and_a_warning() {
        let mut scene = Scene::new();
        let words = Words::draw(WordList::English, &mut scene.rng);
        let master = Master::of(&words, &scene.founded.desk.identity().mailbox);
        // Somebody pinned these words with another reply key before.
        let key = master.signing_secret().public().0;
        let pinned = scene.founded.desk.change(|_, w| w.pin(&key, &[7; 1_216]));
        pinned.unwrap();
        let letter = scene.sealed(&master, true);
        assert_eq!(scene.takes(&letter, 1), Became::NewCase);
        let desk = &scene.founded.desk;
        let case = desk.case(1).unwrap();
        assert!(
            case.conversation().is_none(),
            "no answer, and no consent counts"
        );
        assert!(!case.letters().iter().any(|letter| letter.signed));
        let day = Day::of_unix_seconds(NOON);
        let alarms = desk.alarms(NOON).unwrap();
        assert!(alarms.contains(&Alarm::OtherReplyKey { day }), "{alarms:?}");
    }

    #[test]
    fn a_change_to_words_whose_reply_key_is_pinned_already_is_not_followed() {
        let mut scene = Scene::new();
        let master = |scene: &mut Scene| {
            let words = Words::draw(WordList::English, &mut scene.rng);
            Master::of(&words, &scene.founded.desk.identity().mailbox)
        };
        let (old, new) = (master(&mut scene), master(&mut scene));
        let first = scene.sealed(&old, true);
        scene.takes(&first, 1);
        let pinned = new.signing_secret().public().0;
        let desk = &mut scene.founded.desk;
        desk.change(|_, w| w.pin(&pinned, &[7; 1_216])).unwrap();
        let change = scene.changing(&old, &new);
        assert_eq!(scene.takes(&change, 2), Became::LetterOfACase);
        let case = scene.founded.desk.case(1).unwrap();
        assert!(case.former_words().is_empty());
        assert!(case.asks_in_vain(case.letters().last().unwrap()));
    }

    /// The same sealed letter, as a relay hands it over under a leaf of its own making.
    fn under_another_leaf(scene: &mut Scene, letter: &SealedLetter, position: u64) -> Became {
        let hash = LetterHash(envelope::hash(letter.letter()));
        let handed = Handed {
            position,
            leaf: Leaf::of(hash, &[9; 16]),
            nonce: &[9; 16],
            letter: letter.letter(),
        };
        let desk = &mut scene.founded.desk;
        let became = desk.take_letters(&[handed], NOON, &mut scene.rng).unwrap();
        *became.first().unwrap()
    }

    #[test]
    fn a_letter_under_another_leaf_is_known_and_one_that_says_the_same_is_not() {
        let mut scene = Scene::new();
        let words = Words::draw(WordList::English, &mut scene.rng);
        let master = Master::of(&words, &scene.founded.desk.identity().mailbox);
        let next = Words::draw(WordList::English, &mut scene.rng);
        let next = Master::of(&next, &scene.founded.desk.identity().mailbox);
        let first = scene.sealed(&master, true);
        scene.takes(&first, 1);
        assert_eq!(
            under_another_leaf(&mut scene, &first, 2),
            Became::KnownBefore
        );
        let change = scene.changing(&master, &next);
        scene.takes(&change, 3);
        assert_eq!(
            under_another_leaf(&mut scene, &change, 4),
            Became::KnownBefore
        );
        assert_eq!(
            under_another_leaf(&mut scene, &first, 5),
            Became::KnownBefore
        );
        assert_eq!(scene.founded.desk.case(1).unwrap().letters().len(), 2);
        // Two voices under words that were given up: neither has a text, and they are two.
        for position in 6..8 {
            let letter = scene.voice_under(&master, u8::try_from(position).unwrap());
            assert_eq!(scene.takes(&letter, position), Became::LetterOfACase);
        }
        assert_eq!(scene.founded.desk.case(1).unwrap().letters().len(), 4);
        assert_eq!(scene.founded.desk.evidence(1).unwrap().len(), 2);
    }

    #[test]
    fn a_letter_that_came_by_hand_and_through_the_relay_is_one_case() {
        let mut scene = Scene::new();
        let letter = scene.with_words();
        let bytes = letter.posting();
        let posting = Posting::parse(bytes).unwrap();
        let desk = &mut scene.founded.desk;
        let by_hand = desk.take_by_hand(&posting, NOON, &mut scene.rng);
        assert_eq!(by_hand.unwrap(), Became::NewCase);
        assert_eq!(scene.takes(&letter, 1), Became::KnownBefore);
        let desk = &mut scene.founded.desk;
        let again = desk.take_by_hand(&posting, NOON, &mut scene.rng);
        assert_eq!(again.unwrap(), Became::KnownBefore);
        assert_eq!(desk.cases().count(), 1);
    }

    #[test]
    fn a_letter_taken_in_by_hand_stands_behind_all_the_relay_handed_over_and_is_nothing_it_owes() {
        let mut scene = Scene::new();
        let first = scene.with_words();
        assert_eq!(scene.takes(&first, 41), Became::NewCase);
        let letter = scene.with_words();
        let posting = Posting::parse(letter.posting()).unwrap();
        let desk = &mut scene.founded.desk;
        let before = desk.alarms(NOON).unwrap();
        desk.take_by_hand(&posting, NOON, &mut scene.rng).unwrap();
        assert_eq!(desk.alarms(NOON).unwrap(), before);
        let vault = desk.vault().read();
        let kept = vault.letter(&posting.leaf().0).unwrap().unwrap();
        assert_eq!(
            (kept.position, kept.day),
            (41, Day::of_unix_seconds(NOON).0)
        );
        // What the relay hands over next is still asked for from where it was.
        assert_eq!(office_keys::counter(&vault, "position").unwrap(), Some(41));
    }

    #[test]
    fn no_answer_is_sealed_before_a_notice_names_the_voice() {
        let mut scene = Scene::new();
        let words = Words::draw(WordList::English, &mut scene.rng);
        let master = Master::of(&words, &scene.founded.desk.identity().mailbox);
        let letter = scene.sealed(&master, true);
        assert_eq!(scene.takes(&letter, 1), Became::NewCase);
        let desk = &mut scene.founded.desk;
        assert_eq!(desk.way_back(1, NOON).unwrap(), crate::WayBack::NoVoice);
        assert!(desk.case(1).unwrap().acknowledged().is_empty());
        assert!(desk.vault().read().unlisted_cells().unwrap().is_empty());
        assert!(desk.reply(1, "too early", NOON, &mut scene.rng).is_err());
        assert!(
            desk.case(1).unwrap().replies().is_empty(),
            "nothing half-sent"
        );
    }

    #[test]
    fn the_index_is_built_again_from_the_log_alone() {
        let mut scene = Scene::new();
        let words = Words::draw(WordList::English, &mut scene.rng);
        let master = Master::of(&words, &scene.founded.desk.identity().mailbox);
        let letter = scene.sealed(&master, true);
        scene.takes(&letter, 1);
        let desk = &mut scene.founded.desk;
        desk.decide(1, NOON, |case, stamp| {
            casework::note(case, "Zanzibar", stamp)
        })
        .unwrap();
        desk.change(|_, w| w.forget_index()).unwrap();
        assert!(desk.search("zanzibar").unwrap().is_empty());
        desk.index_again().unwrap();
        assert_eq!(desk.search("zanzi").unwrap(), [1]);
        assert_eq!(desk.search("told").unwrap(), [1]);
    }

    #[test]
    fn an_answer_that_is_cut_gives_no_letters() {
        let mut scene = Scene::new();
        let words = Words::draw(WordList::English, &mut scene.rng);
        let master = Master::of(&words, &scene.founded.desk.identity().mailbox);
        let letter = scene.sealed(&master, true);
        let length = u32::try_from(letter.letter().len()).unwrap().to_be_bytes();
        let record = [
            &[0; 8][..],
            &letter.leaf().0,
            &[0; 16],
            &length,
            letter.letter(),
        ]
        .concat();
        assert_eq!(handed(&record).map(|l| l.len()), Some(1));
        for cut in [1, 8, 40, 59, 61, record.len() - 1] {
            assert!(handed(record.get(..cut).unwrap()).is_none(), "{cut}");
        }
        assert!(handed(&[&record[..], &[1]].concat()).is_none());
    }
}
