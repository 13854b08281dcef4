//! An office made of fixed seeds, for benches and for the kill test: keys, notice, letters. It is
//! the office's real code; only its randomness is published.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use envelope::board::EpochShape;
use envelope::keys::{CredentialKey, RelayKey};
use envelope::notice::{IntakeKey, KeyList, Notice, NoticeBody, VoiceSpan};
use envelope::{Cell, Day, Leaf, LetterHash, MailboxId, NONCE_BYTES, Period, hash};
use open::{CredentialSecret, DeskSecret, IntakeSecret, RootSecret, VoiceSecret};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use record::Report;
use seal::words::{WordList, Words};
use seal::{Master, SealedBy, WordsUse};

use crate::broken::{Try, stop};

/// Every office and every letter of the benches is drawn from this.
pub(crate) const SEED: u64 = 20_261_122;

const PERIOD_DAYS: u32 = 7;

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// What the office wants of its relay's epochs.
#[derive(Clone, Copy)]
pub(crate) struct Epochs {
    pub(crate) seconds: u32,
    pub(crate) leaves: u32,
    pub(crate) cells: u32,
}

/// The office.
pub(crate) struct Office {
    pub(crate) mailbox: MailboxId,
    pub(crate) period: Period,
    root: RootSecret,
    desk: DeskSecret,
    voice: VoiceSecret,
    credential: CredentialSecret,
    pub(crate) intake: [IntakeSecret; 1],
    pub(crate) today: Day,
    first_period: u32,
    /// Hash of the site's manifest, zeros without a site.
    pub(crate) site: [u8; 32],
}

impl Office {
    /// The office of a seed, today.
    pub(crate) fn of_seed(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let today = Day::of_unix_seconds(now());
        let period = Period::of(today, PERIOD_DAYS);
        let mailbox = hash(format!("bench office {seed}").as_bytes());
        Self {
            mailbox: MailboxId(mailbox.first_chunk().copied().unwrap_or_default()),
            period,
            root: RootSecret::draw(&mut rng),
            desk: DeskSecret::draw(&mut rng),
            voice: VoiceSecret::draw(&mut rng),
            credential: CredentialSecret::draw(&mut rng),
            intake: [IntakeSecret::draw(period, &mut rng)],
            today,
            first_period: period.number(),
            site: [0; 32],
        }
    }

    /// The same office, had it been founded so many days ago.
    pub(crate) fn founded(mut self, days_ago: u32) -> Self {
        self.first_period = Period::of(self.today.minus(days_ago), PERIOD_DAYS).number();
        self
    }

    /// Its root key.
    pub(crate) fn root_key(&self) -> envelope::keys::RootKey {
        self.root.public()
    }

    /// Seals an answer to the owner of these words, for the first slots of a day.
    pub(crate) fn answer(&self, to: &Master, day: Day, text: &str) -> Try<Vec<Cell>> {
        let mut rng = ChaCha20Rng::seed_from_u64(SEED);
        let key = to.conversation_key(Period::of(day, PERIOD_DAYS), 0, self.first_period);
        let correspondent = open::Correspondent {
            mailbox: &self.mailbox,
            period_days: PERIOD_DAYS,
            reply_key: &to.reply_secret().public(),
            conversation_key: &key,
            voice: &self.voice,
        };
        match open::answer(&correspondent, 1, text, None, (day, 0), &mut rng) {
            Ok(cells) => Ok(cells),
            Err(_) => stop("the bench office cannot seal its answer"),
        }
    }

    /// Its root, as the relay's settings pin it.
    pub(crate) fn root_hex(&self) -> String {
        crate::place::hex(&self.root.public().0)
    }

    /// The public half of its one intake key.
    pub(crate) fn intake_public(&self) -> Vec<u8> {
        let [key] = &self.intake;
        key.public().to_vec()
    }

    /// A notice for this relay.
    pub(crate) fn notice(&self, relay: RelayKey, address: &str, epochs: Epochs) -> Vec<u8> {
        let body = NoticeBody {
            sequence: 1,
            mailbox: self.mailbox,
            name: "Bench".to_owned(),
            languages: vec!["en".to_owned()],
            relays: vec![address.to_owned()],
            root: self.root.public(),
            next_root: [0; 32],
            first_day: self.today,
            last_day: self.today.plus(30),
            first_period: self.first_period,
            period_days: PERIOD_DAYS,
            grace_days: 28,
            relay_key: relay,
            epoch_seconds: epochs.seconds,
            shape: EpochShape {
                leaves: epochs.leaves,
                cells: epochs.cells,
            },
            keys: self.keys(),
            site: self.site,
        };
        open::sign_notice(&body, &self.root, &[&self.desk])
    }

    fn keys(&self) -> KeyList {
        // A run that crosses midnight on a period's last day still asks with a known credential.
        let credentials: Vec<(Period, CredentialKey)> =
            [self.period.number(), self.period.number() + 1]
                .into_iter()
                .map(|number| (Period::from_number(number), self.credential.public()))
                .collect();
        KeyList {
            intake: vec![(self.period, hash(&self.intake_public()))],
            voice: vec![VoiceSpan {
                key: self.voice.public(),
                first_day: self.today,
                last_day: self.today.plus(30),
            }],
            desks: vec![self.desk.public()],
            credentials,
        }
    }

    /// The key letters are sealed to, through the same check a reporter makes.
    pub(crate) fn intake_key(&self, notice: &[u8]) -> Try<IntakeKey> {
        let Ok(notice) = Notice::verify(notice, &self.root.public(), self.today) else {
            return stop("the bench office's own notice does not hold");
        };
        match notice.intake_key(self.period, &self.intake_public()) {
            Ok(key) => Ok(key),
            Err(_) => stop("the bench office's own key is not in its notice"),
        }
    }

    /// The header of a request only the office may make.
    pub(crate) fn signed(&self, method: &str, path: &str, body: &[u8]) -> String {
        self.signed_at(now(), method, path, body)
    }

    /// The same, signed at another time.
    pub(crate) fn signed_at(&self, seconds: u64, method: &str, path: &str, body: &[u8]) -> String {
        open::signed_request(
            &self.credential,
            self.period,
            &self.mailbox,
            seconds,
            method,
            path,
            body,
        )
    }
}

/// Who writes the letters of a bench.
pub(crate) struct Writer {
    key: IntakeKey,
    master: Master,
    how: WordsUse,
}

impl Writer {
    /// One writer with words of her own.
    pub(crate) fn of(office: &Office, key: IntakeKey) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(SEED);
        let words = Words::draw(WordList::English, &mut rng);
        Self {
            key,
            master: Master::of(&words, &office.mailbox),
            how: WordsUse {
                first: true,
                generation: 0,
                first_period: office.first_period,
                acknowledges: None,
            },
        }
    }

    /// The letter of a number: the report tells the number, so no two are alike inside either.
    pub(crate) fn letter(&self, number: u64) -> Try<seal::SealedLetter> {
        self.letter_of(&report(number), number)
    }

    /// A report sealed with the words.
    pub(crate) fn letter_of(&self, report: &Report, number: u64) -> Try<seal::SealedLetter> {
        let mut rng = ChaCha20Rng::seed_from_u64(SEED ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let words = Some((&self.master, self.how));
        match seal::letter(report, words, None, SealedBy::Native, &self.key, &mut rng) {
            Ok(letter) => Ok(letter),
            Err(_) => stop("a bench letter could not be sealed"),
        }
    }
}

/// An invented report of everyday length.
pub(crate) fn report(number: u64) -> Report {
    let mut report = Report::default();
    report.language.push_str("en");
    report.narrative = format!(
        "Sample: invented for a measurement, number {number}. Three people in plain clothes came \
         to the office in the morning, showed no paper, asked who had written the statement, took \
         two telephones and a camera and told everyone to stay silent. A neighbour saw the car."
    );
    report
}

/// Letters ready for the wire, one after another in one piece of memory.
///
/// Their numbers do not end: beyond the last one sealed the same letters come again, each time under
/// another nonce. The nonce lies outside the seal (protocol §4.2), so that a relay is given another
/// leaf and another letter, and whoever measures need not know beforehand how many a fast one takes.
pub(crate) struct Postings {
    bytes: Vec<u8>,
    stride: usize,
    /// Bytes of a request before its nonce.
    head: usize,
    letters: Vec<Named>,
}

/// A letter's hash, and its leaf when it is posted first.
type Named = (LetterHash, Leaf);

impl Postings {
    /// Seals `count` distinct letters with all cores, each as the bytes of a whole request.
    pub(crate) fn sealed(writer: &Writer, count: usize) -> Try<Self> {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let share = count.div_ceil(workers).max(1);
        let parts: Vec<Try<(Vec<u8>, Vec<Named>)>> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..count)
                .step_by(share)
                .map(|from| {
                    scope.spawn(move || {
                        let mut bytes = Vec::new();
                        let mut letters = Vec::new();
                        for number in from..(from + share).min(count) {
                            let letter = writer.letter(number as u64)?;
                            bytes.extend_from_slice(&as_request(letter.posting()));
                            letters.push((LetterHash(hash(letter.letter())), letter.leaf()));
                        }
                        Ok((bytes, letters))
                    })
                })
                .collect();
            running
                .into_iter()
                .map(|one| one.join().unwrap_or_else(|_| stop("sealing stopped")))
                .collect()
        });
        let mut bytes = Vec::new();
        let mut letters = Vec::new();
        for part in parts {
            let (mut more, names) = part?;
            bytes.append(&mut more);
            letters.extend(names);
        }
        let stride = bytes.len().checked_div(letters.len()).unwrap_or(0);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        Ok(Self {
            bytes,
            stride,
            head: end.map_or(0, |end| end + 4),
            letters,
        })
    }

    /// How many were sealed.
    pub(crate) fn len(&self) -> usize {
        self.letters.len()
    }

    /// The request that posts the letter of a number; none if not one was sealed.
    pub(crate) fn request(&self, number: usize) -> Option<Cow<'_, [u8]>> {
        let at = number.checked_rem(self.len())?;
        let request = self.bytes.get(at * self.stride..(at + 1) * self.stride)?;
        if number == at {
            return Some(Cow::Borrowed(request));
        }
        let mut again = request.to_vec();
        let nonce = again.get_mut(self.head..self.head + NONCE_BYTES)?;
        nonce.copy_from_slice(&nonce_of(number));
        Some(Cow::Owned(again))
    }

    /// What the request carries: nonce and letter.
    pub(crate) fn posting(&self, number: usize) -> Option<Vec<u8>> {
        Some(self.request(number)?.get(self.head..)?.to_vec())
    }

    /// Its leaf.
    pub(crate) fn leaf(&self, number: usize) -> Option<Leaf> {
        let at = number.checked_rem(self.len())?;
        let (letter, leaf) = self.letters.get(at)?;
        Some(match number == at {
            true => *leaf,
            false => Leaf::of(*letter, &nonce_of(number)),
        })
    }

    /// Over the leaves of all that were sealed, in order: whoever seals the same seed has the same
    /// inputs.
    pub(crate) fn checksum(&self) -> String {
        let all: Vec<u8> = self.letters.iter().flat_map(|(_, leaf)| leaf.0).collect();
        crate::place::hex(&hash(&all))
    }
}

/// The nonce under which a letter is posted again.
fn nonce_of(number: usize) -> [u8; NONCE_BYTES] {
    let drawn = hash(format!("{SEED} posted as number {number}").as_bytes());
    drawn.first_chunk().copied().unwrap_or_default()
}

/// Made once and posted to many relays in turn, so the host names none of them.
fn as_request(posting: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /letters HTTP/1.1\r\nhost: relay\r\ncontent-type: application/octet-stream\r\n\
         content-length: {}\r\n\r\n",
        posting.len()
    );
    [head.as_bytes(), posting].concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use envelope::Posting;
    use std::collections::BTreeSet;

    #[test]
    fn a_letter_that_comes_again_is_the_same_seal_under_another_leaf_and_opens() {
        let office = Office::of_seed(SEED);
        let relay = envelope::keys::RelaySecret::from_seed(&[7; 32]).public();
        let epochs = Epochs {
            seconds: 60,
            leaves: 64,
            cells: 2,
        };
        let notice = office.notice(relay, "http://127.0.0.1", epochs);
        let writer = Writer::of(&office, office.intake_key(&notice).unwrap());
        let postings = Postings::sealed(&writer, 3).unwrap();
        let mut leaves = BTreeSet::new();
        let sealed = |number| {
            let request = postings.request(number).unwrap();
            let (_, posting) = request.split_at(postings.head);
            let read = Posting::parse(posting).unwrap();
            let leaf = Leaf::of(read.letter_hash(), read.nonce());
            (leaf, posting.split_at(NONCE_BYTES).1.to_vec())
        };
        for number in 0..9 {
            let (leaf, letter) = sealed(number);
            assert_eq!(postings.leaf(number), Some(leaf));
            assert_eq!(letter, sealed(number % 3).1);
            assert!(open::letter(&letter, &office.mailbox, &office.intake).is_ok());
            leaves.insert(leaf);
        }
        assert_eq!(leaves.len(), 9);
        let none = Postings::sealed(&writer, 0).unwrap();
        assert!(none.request(0).is_none() && none.leaf(0).is_none());
    }
}
