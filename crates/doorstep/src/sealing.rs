//! From what was typed to a receipt: the office is met, the letter sealed and posted, and all of
//! it forgotten. Blocks; the server runs it on one of its few workers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use carry::http::{CannotPost, PostAnswer, Relay, Trouble};
use envelope::board::{ManifestHash, SignedManifest};
use envelope::keys::RootKey;
use envelope::notice::{IntakeKey, Notice};
use envelope::{Day, Epoch, Receipt};
use getrandom::SysRng;
use rand_core::UnwrapErr;
use record::FormLanguage;
use seal::words::{WordList, Words};
use seal::{CannotSeal, Master, SealedBy, SealedLetter, WordsUse};

use crate::form::Typed;

/// How long the office is known before it is asked for again.
const FRESH: Duration = Duration::from_secs(60);
/// How long nobody asks again after the relay did not answer.
const STALE: Duration = Duration::from_secs(5);
/// How often the same bytes are posted: a person waits.
const TRIES: u32 = 3;

/// The office, as its relay shows it and its root vouches for it.
#[derive(Clone)]
pub struct Office {
    /// Its notice.
    pub notice: Notice,
    key: IntakeKey,
    newest: Option<ManifestHash>,
    newest_epoch: Option<Epoch>,
}

/// What became of a letter.
pub enum Outcome {
    /// Stored, and the relay signed for it.
    Sent {
        /// The words, if some were wanted: to be shown once.
        words: Option<Shown>,
    },
    /// Nothing was told.
    Empty,
    /// More than a letter holds.
    TooLarge,
    /// The relay takes no letters just now.
    Busy,
    /// The relay was not reached, or what it said does not hold.
    Unsent,
}

/// Words and the name of their mailbox, on their way to one page.
pub struct Shown {
    /// The words, in order.
    pub words: Vec<&'static str>,
    /// The name of the mailbox.
    pub mailbox: String,
}

/// Seals for whoever comes, one office's letters alone.
pub struct Sealing {
    relay: Relay,
    root: RootKey,
    seen: Mutex<Seen>,
}

/// What is known of the office, and since when.
#[derive(Default)]
struct Seen {
    office: Option<Arc<Office>>,
    asked: Option<Instant>,
}

impl Sealing {
    /// For the office of this root, at this relay.
    #[must_use]
    pub fn new(relay: Relay, root: RootKey) -> Self {
        Self {
            relay,
            root,
            seen: Mutex::default(),
        }
    }

    /// The office, at most a minute old; `None` while its relay does not answer as it should.
    pub fn office(&self) -> Option<Arc<Office>> {
        // Whoever comes while the relay is being asked waits here and has the same answer.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let age = seen.asked.map(|asked| asked.elapsed());
        let keep = if seen.office.is_some() { FRESH } else { STALE };
        if age.is_none_or(|age| age > keep) {
            seen.office = self.meet().map(Arc::new);
            seen.asked = Some(Instant::now());
        }
        seen.office.clone()
    }

    /// What is known of the office without asking anybody.
    pub fn known_office(&self) -> Option<Arc<Office>> {
        let seen = self.seen.try_lock().ok()?;
        seen.office.clone()
    }

    fn office_anew(&self) -> Option<Arc<Office>> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .asked = None;
        self.office()
    }

    fn meet(&self) -> Option<Office> {
        let file = self.relay.notice().ok()??;
        let unseen = Notice::verify_any_day(&file, &self.root).ok()?;
        let body = unseen.body();
        let newest = match self.relay.board_file("newest").ok()? {
            Some(file) => Some(SignedManifest::verify(&file, &body.mailbox, &body.relay_key).ok()?),
            None => None,
        };
        // As the page does: the day of the newest manifest, so that letters of all ways look alike.
        let clock = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |t| t.as_secs());
        let day = newest
            .as_ref()
            .map_or(Day::of_unix_seconds(clock), |m| m.manifest().day);
        let notice = Notice::verify(&file, &self.root, day).ok()?;
        let period = notice.period_for(day)?;
        let key = notice
            .intake_key(period, &self.relay.intake_key(period).ok()??)
            .ok()?;
        Some(Office {
            notice,
            key,
            newest_epoch: newest.as_ref().map(|m| m.manifest().epoch),
            newest: newest.map(|m| m.hash()),
        })
    }

    /// Seals what was typed and posts it; says "sent" only after a receipt that verifies.
    pub fn send(&self, typed: &Typed, language: FormLanguage) -> Outcome {
        let mut told = typed.report();
        if told.is_empty() {
            return Outcome::Empty;
        }
        told.came_in(language);
        let Some(mut office) = self.office() else {
            return Outcome::Unsent;
        };
        let words = typed.wants_words().then(|| {
            let list = WordList::of_language(language.tag());
            Words::draw(list, &mut UnwrapErr(SysRng))
        });
        let master = words
            .as_ref()
            .map(|w| Master::of(w, &office.notice.body().mailbox));
        let mut sealed_again = false;
        loop {
            let how = WordsUse {
                first: true,
                generation: 0,
                first_period: office.notice.body().first_period,
                acknowledges: None,
            };
            let sealed = seal::letter(
                told.report(),
                master.as_ref().map(|master| (master, how)),
                office.newest,
                SealedBy::Doorstep,
                &office.key,
                &mut UnwrapErr(SysRng),
            );
            let letter = match sealed {
                Ok(letter) => letter,
                Err(CannotSeal::TooLong { .. }) => return Outcome::TooLarge,
                Err(_) => return Outcome::Unsent,
            };
            match self.deliver(&letter, &office) {
                Ok(()) => break,
                Err(CannotPost::SealAgain) if !sealed_again => {
                    sealed_again = true;
                    match self.office_anew() {
                        Some(newer) => office = newer,
                        None => return Outcome::Unsent,
                    }
                }
                Err(CannotPost::Full { .. } | CannotPost::NotNow { .. }) => return Outcome::Busy,
                Err(_) => return Outcome::Unsent,
            }
        }
        let words = words.zip(master).map(|(words, master)| {
            let name = master.mailbox_name();
            Shown {
                words: words.shown().collect(),
                mailbox: format!("{} {}", name.0, name.1),
            }
        });
        Outcome::Sent { words }
    }

    /// Posts the same bytes until they are receipted, or it is clear that they will not be.
    fn deliver(&self, letter: &SealedLetter, office: &Office) -> Result<(), CannotPost> {
        let body = office.notice.body();
        let posting = letter.posting();
        // This machine works for people whose own cannot; how long, nobody here has to be told.
        let post = || {
            let quietly = &mut |_| {};
            self.relay
                .post_through_a_crowd(posting, &body.mailbox, None, quietly)
        };
        let mut answer = post();
        for tried in 1..TRIES {
            match answer {
                Err(CannotPost::Trouble(
                    Trouble::Unreachable | Trouble::UnreachableByTor | Trouble::TooSlow,
                )) => {
                    std::thread::sleep(Duration::from_secs(u64::from(tried)));
                    answer = post();
                }
                _ => break,
            }
        }
        let PostAnswer { receipt, .. } = answer?;
        // Without a receipt of the office's own relay nothing was sent, whatever was answered.
        let unsent = CannotPost::Trouble(Trouble::Unreachable);
        let receipt = Receipt::verify(&receipt, letter.leaf(), &body.mailbox, &body.relay_key)
            .map_err(|_| unsent)?;
        let far = |epoch| receipt.too_far(epoch);
        if far(office.newest_epoch) && far(self.office_anew().and_then(|o| o.newest_epoch)) {
            return Err(unsent);
        }
        Ok(())
    }
}
