//! Sending one letter until the relay has signed for it, or until it is clear that it will not.
//!
//! The decision alone: the line to the relay and the waiting are handed in. The same bytes are
//! posted every time, so that a letter whose answer was lost is never doubled.

use std::time::Duration;

use carry::http::{CannotPost, PostAnswer, Trouble};
use envelope::keys::RelayKey;
use envelope::{Epoch, Leaf, MailboxId, Receipt};

/// How often the same bytes are posted before a person is asked to try later.
pub const MOST_TRIES: u32 = 8;
/// No single wait is longer. A relay that asks for more is left, and the person is told.
pub const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// Why a letter does not count as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// What the relay answered, the last time.
    Answer(CannotPost),
    /// Something answered that is not this office's relay, or promised an epoch far away.
    FalseReceipt,
}

impl NotSent {
    /// Whether the relay was not reached or could not take it, so that later may be better.
    #[must_use]
    pub fn later_may_help(self) -> bool {
        match self {
            Self::Answer(
                CannotPost::Full { .. } | CannotPost::NotNow { .. } | CannotPost::Trouble(_),
            ) => true,
            Self::Answer(_) | Self::FalseReceipt => false,
        }
    }
}

/// Who must have signed a receipt, and where the board stands.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    /// The relay key of the notice.
    pub relay: &'a RelayKey,
    /// The office.
    pub mailbox: &'a MailboxId,
    /// The newest epoch, as it was when the office was met.
    pub newest: Option<Epoch>,
    /// Asks for the newest epoch again; `None` if nobody answers.
    pub ask_newest: &'a dyn Fn() -> Option<Epoch>,
}

impl Signer<'_> {
    /// A promise far beyond the newest epoch delays a letter for ever, with a good signature.
    fn far(&self, receipt: &Receipt) -> bool {
        receipt.too_far(self.newest) && receipt.too_far((self.ask_newest)())
    }
}

/// Posts a letter until it is receipted. Only a receipt for its leaf that verifies counts as sent.
///
/// # Errors
/// [`NotSent`]; the same letter may then be sent again later without being doubled.
pub fn deliver(
    posting: &[u8],
    leaf: Leaf,
    signer: Signer<'_>,
    post: &mut impl FnMut(&[u8]) -> Result<PostAnswer, CannotPost>,
    wait: &mut impl FnMut(Duration),
) -> Result<Receipt, NotSent> {
    let mut why = NotSent::FalseReceipt;
    for tried in 0..MOST_TRIES {
        let refused = match post(posting) {
            Ok(answer) => {
                match Receipt::verify(&answer.receipt, leaf, signer.mailbox, signer.relay) {
                    Ok(receipt) if !signer.far(&receipt) => return Ok(receipt),
                    _ => None,
                }
            }
            Err(refused) => Some(refused),
        };
        why = refused.map_or(NotSent::FalseReceipt, NotSent::Answer);
        let doubling = Duration::from_secs(1 << tried.min(6));
        let pause = match refused {
            None => Some(doubling),
            Some(refused) => pause_after(refused).map(|asked| asked.max(doubling)),
        };
        match pause.filter(|pause| *pause <= LONGEST_WAIT) {
            Some(pause) if tried + 1 < MOST_TRIES => wait(pause),
            _ => break,
        }
    }
    Err(why)
}

/// What the relay asks to wait before the same bytes may fare better; `None` if they never will.
fn pause_after(refused: CannotPost) -> Option<Duration> {
    match refused {
        CannotPost::Full { seconds } | CannotPost::NotNow { seconds } => {
            Some(Duration::from_secs(seconds))
        }
        CannotPost::Trouble(
            Trouble::Unreachable | Trouble::UnreachableByTor | Trouble::TooSlow,
        ) => Some(Duration::ZERO),
        // A gateway before the relay that has lost it for a moment.
        CannotPost::Trouble(Trouble::Strange(500..=599)) => Some(Duration::ZERO),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use envelope::keys::RelaySecret;
    use rand_core::SeedableRng;

    const LEAF: Leaf = Leaf([5; 32]);
    const MAILBOX: MailboxId = MailboxId([6; 16]);

    type Answer = Result<PostAnswer, CannotPost>;

    const LOST: Answer = Err(CannotPost::Trouble(Trouble::Unreachable));

    fn receipt(leaf: Leaf, seed: u8) -> Answer {
        let relay = RelaySecret::from_seed(&[seed; 32]);
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        let receipt = Receipt::sign(leaf, Epoch(2), &MAILBOX, &relay, &mut rng);
        Ok(PostAnswer {
            receipt: receipt.to_bytes().to_vec(),
            repeat: false,
        })
    }

    /// Sends over a line that gives these answers in order, the last one for ever.
    fn sending(answers: &[Answer]) -> (Result<Receipt, NotSent>, Vec<Vec<u8>>, Vec<u64>) {
        sending_while(answers, None, None)
    }

    /// The same, with the newest epoch as it was met and as it is when asked again.
    fn sending_while(
        answers: &[Answer],
        newest: Option<Epoch>,
        later: Option<Epoch>,
    ) -> (Result<Receipt, NotSent>, Vec<Vec<u8>>, Vec<u64>) {
        let relay = RelaySecret::from_seed(&[1; 32]).public();
        let signer = Signer {
            relay: &relay,
            mailbox: &MAILBOX,
            newest,
            ask_newest: &|| later,
        };
        let (mut posted, mut waited) = (Vec::new(), Vec::new());
        let mut post = |bytes: &[u8]| {
            posted.push(bytes.to_vec());
            answers
                .get(posted.len() - 1)
                .or(answers.last())
                .unwrap()
                .clone()
        };
        let mut wait = |time: Duration| waited.push(time.as_secs());
        let sent = deliver(b"the bytes", LEAF, signer, &mut post, &mut wait);
        (sent, posted, waited)
    }

    #[test]
    fn after_a_lost_answer_and_a_busy_relay_the_same_bytes_are_posted_again() {
        let busy = Err(CannotPost::NotNow { seconds: 7 });
        let (sent, posted, waited) = sending(&[LOST, busy, receipt(LEAF, 1)]);
        assert_eq!(sent.unwrap().epoch(), Epoch(2));
        assert_eq!(posted, vec![b"the bytes".to_vec(); 3]);
        assert_eq!(waited, [1, 7]);
    }

    #[test]
    fn a_receipt_for_another_letter_or_by_another_key_does_not_count_as_sent() {
        let bytes = |receipt: &[u8]| {
            Ok(PostAnswer {
                receipt: receipt.to_vec(),
                repeat: true,
            })
        };
        for answer in [
            receipt(Leaf([4; 32]), 1),
            receipt(LEAF, 2),
            bytes(&[1; envelope::RECEIPT_BYTES]),
            bytes(b""),
        ] {
            let (sent, posted, _) = sending(&[answer]);
            assert_eq!(sent, Err(NotSent::FalseReceipt));
            assert_eq!(posted.len(), MOST_TRIES as usize);
        }
    }

    #[test]
    fn a_receipt_for_an_epoch_far_ahead_does_not_count_unless_the_board_has_come_there() {
        let relay = RelaySecret::from_seed(&[1; 32]);
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        let far = Receipt::sign(LEAF, Epoch(1_000), &MAILBOX, &relay, &mut rng);
        let far = Ok(PostAnswer {
            receipt: far.to_bytes().to_vec(),
            repeat: false,
        });
        let met = Some(Epoch(5));
        for (later, sent) in [(None, false), (met, false), (Some(Epoch(997)), true)] {
            let (heard, _, _) = sending_while(std::slice::from_ref(&far), met, later);
            assert_eq!(heard.is_ok(), sent, "the board at {later:?}");
        }
        let (heard, _, _) = sending_while(&[far], None, None);
        assert_eq!(heard, Err(NotSent::FalseReceipt));
    }

    #[test]
    fn what_posting_again_cannot_change_is_posted_once() {
        for why in [
            CannotPost::SealAgain,
            CannotPost::NotALetter,
            CannotPost::OtherVersion,
            CannotPost::Trouble(Trouble::Certificate),
            CannotPost::Trouble(Trouble::Strange(302)),
            CannotPost::Full { seconds: 21_600 },
        ] {
            let (sent, posted, waited) = sending(&[Err(why)]);
            assert_eq!(
                (sent, posted.len(), waited.len()),
                (Err(NotSent::Answer(why)), 1, 0)
            );
        }
    }

    #[test]
    fn a_relay_that_never_answers_is_left_in_peace_after_some_tries() {
        let (sent, posted, waited) = sending(&[LOST]);
        assert_eq!(sent.map(drop), LOST.map(drop).map_err(NotSent::Answer));
        assert_eq!(posted.len(), MOST_TRIES as usize);
        assert_eq!(waited, [1, 2, 4, 8, 16, 32, 64]);
    }
}
