//! Sending one letter until the relay has signed for it, or until it is clear that it will not.
//!
//! The decision alone: the line to the relay and the waiting are handed in. The same bytes are
//! posted every time, so that a letter whose answer was lost is never doubled.

use std::time::Duration;

use envelope::keys::RelayKey;
use envelope::{Leaf, MailboxId, Receipt};

/// How often the same bytes are posted before a person is asked to try later.
pub const MOST_TRIES: u32 = 8;
/// No single wait is longer, whatever the relay asks for.
pub const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// What came back for a posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Bytes that claim to be a receipt.
    Receipt(Vec<u8>),
    /// The period's key is gone or unknown there: seal again with the newest notice.
    SealAgain,
    /// Full, or unable to store now; nothing was kept.
    Later {
        /// Seconds the relay asks for.
        after: Option<u64>,
    },
    /// A version the relay does not speak.
    NotSpoken,
    /// Refused, and posting again would change nothing.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// No answer: the letter may have arrived or not.
    Lost,
}

/// The line to a relay.
pub trait Line {
    /// Posts bytes once.
    fn post(&mut self, posting: &[u8]) -> Answer;
}

/// Why a letter does not count as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotSent {
    /// Seal it again, to a key of the newest notice.
    SealAgain,
    /// This program, or the relay, is too old.
    NotSpoken,
    /// The relay refuses it.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The relay could not take it, several times: try later.
    Busy,
    /// No answer, several times: check the line, then send again.
    Unreachable,
    /// Something answered that is not this office's relay.
    FalseReceipt,
}

/// Who must have signed a receipt.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The relay key of the notice.
    pub relay: &'a RelayKey,
    /// The office.
    pub mailbox: &'a MailboxId,
}

/// Posts a letter until it is receipted. Only a receipt for its leaf that verifies counts as sent.
///
/// # Errors
/// [`NotSent`]; the same letter may then be sent again later without being doubled.
pub fn deliver(
    posting: &[u8],
    leaf: Leaf,
    signer: Signer<'_>,
    line: &mut impl Line,
    wait: &mut impl FnMut(Duration),
) -> Result<Receipt, NotSent> {
    let mut why = NotSent::Unreachable;
    for tried in 0..MOST_TRIES {
        let pause = match line.post(posting) {
            Answer::Receipt(bytes) => {
                match Receipt::verify(&bytes, leaf, signer.mailbox, signer.relay) {
                    Ok(receipt) => return Ok(receipt),
                    Err(_) => why = NotSent::FalseReceipt,
                }
                None
            }
            Answer::SealAgain => return Err(NotSent::SealAgain),
            Answer::NotSpoken => return Err(NotSent::NotSpoken),
            Answer::Refused { status } => return Err(NotSent::Refused { status }),
            Answer::Later { after } => {
                why = NotSent::Busy;
                after
            }
            Answer::Lost => {
                why = NotSent::Unreachable;
                None
            }
        };
        if tried + 1 < MOST_TRIES {
            let doubling = Duration::from_secs(1 << tried.min(6));
            let asked = pause.map_or(doubling, |s| Duration::from_secs(s).max(doubling));
            wait(asked.min(LONGEST_WAIT));
        }
    }
    Err(why)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use envelope::Epoch;
    use envelope::keys::RelaySecret;

    const LEAF: Leaf = Leaf([5; 32]);
    const MAILBOX: MailboxId = MailboxId([6; 16]);

    /// Gives prepared answers in order, the last one for ever, and keeps what was posted.
    struct Prepared {
        answers: Vec<Answer>,
        posted: Vec<Vec<u8>>,
    }

    impl Line for Prepared {
        fn post(&mut self, posting: &[u8]) -> Answer {
            self.posted.push(posting.to_vec());
            let at = (self.posted.len() - 1).min(self.answers.len() - 1);
            self.answers.get(at).unwrap().clone()
        }
    }

    fn receipt(leaf: Leaf, seed: u8) -> Answer {
        let relay = RelaySecret::from_seed(&[seed; 32]);
        Answer::Receipt(
            Receipt::sign(leaf, Epoch(3), &MAILBOX, &relay)
                .to_bytes()
                .to_vec(),
        )
    }

    fn sending(answers: Vec<Answer>) -> (Result<Receipt, NotSent>, Vec<Vec<u8>>, Vec<u64>) {
        let relay = RelaySecret::from_seed(&[1; 32]).public();
        let signer = Signer {
            relay: &relay,
            mailbox: &MAILBOX,
        };
        let mut line = Prepared {
            answers,
            posted: Vec::new(),
        };
        let mut waited = Vec::new();
        let sent = deliver(b"the bytes", LEAF, signer, &mut line, &mut |d| {
            waited.push(d.as_secs())
        });
        (sent, line.posted, waited)
    }

    #[test]
    fn after_a_lost_answer_and_a_busy_relay_the_same_bytes_are_posted_again() {
        let (sent, posted, waited) = sending(vec![
            Answer::Lost,
            Answer::Later { after: Some(7) },
            receipt(LEAF, 1),
        ]);
        assert_eq!(sent.unwrap().epoch(), Epoch(3));
        assert_eq!(posted, vec![b"the bytes".to_vec(); 3]);
        assert_eq!(waited, [1, 7]);
    }

    #[test]
    fn a_receipt_for_another_letter_or_by_another_key_does_not_count_as_sent() {
        for answer in [
            receipt(Leaf([4; 32]), 1),
            receipt(LEAF, 2),
            Answer::Receipt(vec![1; 105]),
            Answer::Receipt(vec![]),
        ] {
            let (sent, posted, _) = sending(vec![answer]);
            assert_eq!(sent, Err(NotSent::FalseReceipt));
            assert_eq!(posted.len(), MOST_TRIES as usize);
        }
    }

    #[test]
    fn what_posting_again_cannot_change_is_posted_once() {
        for (answer, why) in [
            (Answer::SealAgain, NotSent::SealAgain),
            (Answer::NotSpoken, NotSent::NotSpoken),
            (
                Answer::Refused { status: 400 },
                NotSent::Refused { status: 400 },
            ),
        ] {
            let (sent, posted, waited) = sending(vec![answer]);
            assert_eq!((sent, posted.len(), waited.len()), (Err(why), 1, 0));
        }
    }

    #[test]
    fn a_relay_that_never_answers_is_left_in_peace_after_some_tries() {
        let (sent, posted, waited) = sending(vec![Answer::Lost]);
        assert_eq!(
            (sent, posted.len()),
            (Err(NotSent::Unreachable), MOST_TRIES as usize)
        );
        assert_eq!(waited, [1, 2, 4, 8, 16, 32, 64]);
        let (sent, _, waited) = sending(vec![Answer::Later {
            after: Some(1 << 40),
        }]);
        assert_eq!(sent, Err(NotSent::Busy));
        assert!(waited.iter().all(|s| *s <= LONGEST_WAIT.as_secs()));
    }
}
