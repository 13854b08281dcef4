//! Opening a letter. (protocol §4)

use envelope::board::ManifestHash;
use envelope::keys::{ReporterKey, SIGNATURE_BYTES};
use envelope::{Day, ENCAPSULATION_BYTES, LETTER_VERSION, MailboxId, Period, SizeClass};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeR};
use record::{NotAReport, Report};
use seal::{Attachment, ConversationKey, LetterBody, ReplyKey, ReplyKeyRef, SealedBy};
use zeroize::Zeroizing;

use crate::IntakeSecret;
use crate::piece::{self, OpenedPiece};

/// Why a letter stays closed. Each is a thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotOpen {
    /// The key of its period is not here: destroyed, or held by another desk. Ask the desks of
    /// the intake role; if it is destroyed the letter is gone for ever.
    NoKey {
        /// The period it names.
        period: Period,
    },
    /// Sealed to another office, or altered or cut on the way. Record it as unreadable.
    Damaged,
    /// Its signature is not by the key it brings, or a handover in it not by the words it names.
    /// Record it as unreadable; trust nothing in it.
    Forged,
    /// Opened, but the inside is not a letter of this version. Update the desk, then try again.
    TooNew,
    /// Opened, but the inside is no letter or no report. Record it as unreadable.
    Malformed,
}

/// Who wrote, as far as the words tell.
#[derive(Clone)]
pub enum Reporter {
    /// No words were taken: no answer is possible, and no consent counts.
    NoWords,
    /// Signed by the key the words bring back.
    Words {
        /// Known again by this key.
        signing_key: ReporterKey,
        /// Whole in a first letter only.
        reply_key: ReplyKeyRef,
        /// Tags and psk of answers, from this letter's period on.
        conversation_key: ConversationKey,
        /// Line of conversation keys.
        generation: u8,
    },
}

/// What a desk pinned at the first letter of a conversation.
#[derive(Clone)]
pub struct Pinned {
    /// The words' signing key.
    pub signing_key: ReporterKey,
    /// The whole reply key.
    pub reply_key: ReplyKey,
}

impl Pinned {
    /// Whether a letter speaks with the same words. A letter that does not opens a new
    /// conversation, with a warning.
    #[must_use]
    pub fn continues(&self, reporter: &Reporter) -> bool {
        match reporter {
            Reporter::NoWords => false,
            Reporter::Words {
                signing_key,
                reply_key,
                ..
            } => *signing_key == self.signing_key && reply_key.hash() == self.reply_key.hash(),
        }
    }
}

/// A change of words that both the old and the new ones signed. Only [`letter`] makes it.
///
/// It shows that one program had both, not who used it: whoever has read the old words can make
/// one too.
#[derive(Clone)]
pub struct HandedOver {
    to_pin: Pinned,
    conversation_key: ConversationKey,
}

impl HandedOver {
    /// The keys of the new words, to be pinned in place of those that signed the letter.
    #[must_use]
    pub fn to_pin(&self) -> &Pinned {
        &self.to_pin
    }

    /// Tags and psk of answers to the new words, from the letter's period on.
    #[must_use]
    pub fn conversation_key(&self) -> &ConversationKey {
        &self.conversation_key
    }
}

/// A letter that was opened, whose signature, if it has one, was checked. Only [`letter`] makes it.
pub struct OpenedLetter {
    report: Report,
    reporter: Reporter,
    period: Period,
    manifest_seen: Option<ManifestHash>,
    attachments: Vec<Attachment>,
    sealed_by: SealedBy,
    acknowledges: Option<Day>,
    handover: Option<HandedOver>,
}

impl OpenedLetter {
    /// What was told.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Who told it, as far as the words tell.
    #[must_use]
    pub fn reporter(&self) -> &Reporter {
        &self.reporter
    }

    /// What a desk pins when this letter begins a conversation; `None` without words, or when the
    /// letter brings only the hash of its reply key.
    #[must_use]
    pub fn to_pin(&self) -> Option<Pinned> {
        match &self.reporter {
            Reporter::Words {
                signing_key,
                reply_key: ReplyKeyRef::Whole(reply_key),
                ..
            } => Some(Pinned {
                signing_key: *signing_key,
                reply_key: reply_key.clone(),
            }),
            _ => None,
        }
    }

    /// The period it was sealed to.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// The newest manifest its writer saw: evidence of what the relay showed then.
    #[must_use]
    pub fn manifest_seen(&self) -> Option<ManifestHash> {
        self.manifest_seen
    }

    /// Attachments it announces.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }

    /// What sealed it; a doorstep could have read it.
    #[must_use]
    pub fn sealed_by(&self) -> SealedBy {
        self.sealed_by
    }

    /// Day of the last answer its writer had read.
    #[must_use]
    pub fn acknowledges(&self) -> Option<Day> {
        self.acknowledges
    }

    /// The words that are to follow those of [`reporter`](Self::reporter), if it changes them.
    /// Whether they do is for the case to say: only words in force can be changed. (protocol §4.4)
    #[must_use]
    pub fn handover(&self) -> Option<&HandedOver> {
        self.handover.as_ref()
    }
}

/// What a posted letter turned out to be.
pub enum Opened {
    /// A report.
    Letter(Box<OpenedLetter>),
    /// A piece of a file that a report announces.
    Piece(OpenedPiece),
}

/// Opens a posted letter with the keys at hand, whether it is a report or a piece of a file.
///
/// # Errors
/// [`CannotOpen`] says what to do with the bytes. No input makes it panic.
pub fn posted(
    bytes: &[u8],
    mailbox: &MailboxId,
    keys: &[IntakeSecret],
) -> Result<Opened, CannotOpen> {
    let (class, period, plain) = inside(bytes, mailbox, keys)?;
    let (body, signature) = seal::split_inside(&plain).map_err(|_| CannotOpen::Malformed)?;
    match seal::body_kind(body) {
        Some(1) => piece::read(class, body, signature).map(Opened::Piece),
        _ => read(body, signature, mailbox, period).map(|letter| Opened::Letter(Box::new(letter))),
    }
}

/// Opens a letter that must be a report.
///
/// # Errors
/// [`CannotOpen`]; a piece is [`CannotOpen::Malformed`] here.
pub fn letter(
    bytes: &[u8],
    mailbox: &MailboxId,
    keys: &[IntakeSecret],
) -> Result<OpenedLetter, CannotOpen> {
    match posted(bytes, mailbox, keys)? {
        Opened::Letter(letter) => Ok(*letter),
        Opened::Piece(_) => Err(CannotOpen::Malformed),
    }
}

/// The padded plaintext, with the class and period it came in.
fn inside(
    bytes: &[u8],
    mailbox: &MailboxId,
    keys: &[IntakeSecret],
) -> Result<(SizeClass, Period, Zeroizing<Vec<u8>>), CannotOpen> {
    let class = SizeClass::of_letter_len(bytes.len()).ok_or(CannotOpen::Damaged)?;
    let (head, rest) = bytes.split_first_chunk::<5>().ok_or(CannotOpen::Damaged)?;
    let [version, p0, p1, p2, p3] = *head;
    if version != LETTER_VERSION {
        return Err(if version > LETTER_VERSION {
            CannotOpen::TooNew
        } else {
            CannotOpen::Damaged
        });
    }
    let period = Period::from_number(u32::from_be_bytes([p0, p1, p2, p3]));
    let key = keys
        .iter()
        .find(|k| k.period() == period)
        .ok_or(CannotOpen::NoKey { period })?;
    let (encapsulation, ciphertext) = rest
        .split_at_checked(ENCAPSULATION_BYTES)
        .ok_or(CannotOpen::Damaged)?;
    let encapsulation =
        <XWing as Kem>::EncappedKey::from_bytes(encapsulation).map_err(|_| CannotOpen::Damaged)?;
    let private = key.private().ok_or(CannotOpen::NoKey { period })?;
    let plain = Zeroizing::new(
        hpke::single_shot_open::<AesGcm256, HkdfSha256, XWing>(
            &OpModeR::Base,
            &private,
            &encapsulation,
            &seal::letter_info(mailbox, period),
            ciphertext,
            &[],
        )
        .map_err(|_| CannotOpen::Damaged)?,
    );
    Ok((class, period, plain))
}

fn read(
    body_bytes: &[u8],
    signature: Option<[u8; SIGNATURE_BYTES]>,
    mailbox: &MailboxId,
    period: Period,
) -> Result<OpenedLetter, CannotOpen> {
    let body = LetterBody::decode(body_bytes, period).map_err(|_| CannotOpen::Malformed)?;
    let mut handover = None;
    let reporter = match (body.conversation, signature) {
        (None, None) => Reporter::NoWords,
        (Some(c), Some(signature)) => {
            let message = seal::letter_signed_bytes(mailbox, period, body_bytes);
            c.signing_key
                .verify(&message, &signature)
                .map_err(|_| CannotOpen::Forged)?;
            if let Some(new) = body.handover {
                let message = new.signed_bytes(mailbox, period, &c);
                new.signing_key
                    .verify(&message, &new.signature)
                    .map_err(|_| CannotOpen::Forged)?;
                // Nothing can be sealed to what is no key, and the old words would be given up.
                <XWing as Kem>::PublicKey::from_bytes(new.reply_key.0.as_ref())
                    .map_err(|_| CannotOpen::Malformed)?;
                handover = Some(HandedOver {
                    to_pin: Pinned {
                        signing_key: new.signing_key,
                        reply_key: new.reply_key,
                    },
                    conversation_key: new.key,
                });
            }
            Reporter::Words {
                signing_key: c.signing_key,
                reply_key: c.reply_key,
                conversation_key: c.key,
                generation: c.generation,
            }
        }
        // Words without a signature, or a signature without the key that made it.
        _ => return Err(CannotOpen::Forged),
    };
    let report = Report::decode(&body.report).map_err(|refused| match refused {
        NotAReport::TooNew { .. } => CannotOpen::TooNew,
        _ => CannotOpen::Malformed,
    })?;
    Ok(OpenedLetter {
        report,
        reporter,
        period,
        manifest_seen: body.manifest_seen,
        attachments: body.attachments,
        sealed_by: body.sealed_by,
        acknowledges: body.acknowledges,
        handover,
    })
}
