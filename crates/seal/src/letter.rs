//! Sealing a letter to an office. (protocol §4)

use envelope::board::ManifestHash;
use envelope::keys::{ReporterKey, SEALING_KEY_BYTES, SIGNATURE_BYTES};
use envelope::notice::IntakeKey;
use envelope::{Day, LETTER_VERSION, Leaf, LetterHash, MailboxId, NONCE_BYTES, Period, SizeClass};
use envelope::{hash, labels};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeS, Serializable};
use minicbor::{Decoder, Encoder};
use rand_core::CryptoRng;
use record::Report;
use zeroize::{Zeroize, Zeroizing};

use crate::piece::MOST_ATTACHMENTS;
use crate::{Attachment, ConversationKey, Master, ReplyKey};

/// What sealed a letter; a desk shows it, because a doorstep could have read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SealedBy {
    /// The page's script, on the reporter's device.
    #[default]
    Page,
    /// The native program.
    Native,
    /// A server's memory, for a reporter without script.
    Doorstep,
    /// The kit.
    Kit,
    /// Something newer than this release.
    Other(u64),
}

impl SealedBy {
    fn number(self) -> u64 {
        match self {
            Self::Page => 0,
            Self::Native => 1,
            Self::Doorstep => 2,
            Self::Kit => 3,
            Self::Other(n) => n,
        }
    }

    fn from_number(n: u64) -> Self {
        match n {
            0 => Self::Page,
            1 => Self::Native,
            2 => Self::Doorstep,
            3 => Self::Kit,
            n => Self::Other(n),
        }
    }
}

/// The reply key: whole in the first letter, by its hash afterwards.
#[derive(Clone, PartialEq, Eq)]
pub enum ReplyKeyRef {
    /// First letter.
    Whole(ReplyKey),
    /// Later letters.
    Hash([u8; 32]),
}

impl ReplyKeyRef {
    /// The hash, either way.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        match self {
            Self::Whole(key) => key.hash(),
            Self::Hash(hash) => *hash,
        }
    }
}

/// What lets the office answer, and know the same words again.
#[derive(Clone)]
pub struct Conversation {
    /// Signs this letter.
    pub signing_key: ReporterKey,
    /// Answers are sealed to it.
    pub reply_key: ReplyKeyRef,
    /// Of the letter's own period.
    pub key: ConversationKey,
    /// Which line of conversation keys it is of.
    pub generation: u8,
}

/// What a letter that changes the words says of the new ones. (protocol §4.4)
#[derive(Clone)]
pub struct Handover {
    /// Signs letters from now on.
    pub signing_key: ReporterKey,
    /// Answers are sealed to it from now on.
    pub reply_key: ReplyKey,
    /// Of the letter's own period.
    pub key: ConversationKey,
    /// By the new signing key: the new words agree to follow the old ones.
    pub signature: [u8; SIGNATURE_BYTES],
}

/// The inside of a letter.
#[derive(Clone)]
pub struct LetterBody {
    /// The CBOR of a report; `open` reads it.
    pub report: Vec<u8>,
    /// Absent when the reporter took no words.
    pub conversation: Option<Conversation>,
    /// Newest manifest the writer saw.
    pub manifest_seen: Option<ManifestHash>,
    /// Attachments that follow as pieces.
    pub attachments: Vec<Attachment>,
    /// What sealed it.
    pub sealed_by: SealedBy,
    /// Day of the last answer that was read.
    pub acknowledges: Option<Day>,
    /// The words that follow those of `conversation`; only beside the hash of a reply key.
    pub handover: Option<Handover>,
}

/// Why a letter could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotSeal {
    /// Longer than the largest class: shorten the text, or send parts of it as files.
    TooLong {
        /// Bytes too many.
        by: usize,
    },
    /// The office's key is no key; fetch the notice again.
    BadKey,
    /// More files than a report may announce: send the others with a second report.
    TooManyFiles,
    /// Not the chunk that the announced file has in that place: the file changed meanwhile, or
    /// was read wrongly.
    OtherChunk,
    /// The new words are the old ones: draw others.
    SameWords,
}

/// A letter ready to be posted, with its nonce: posting the same value twice is harmless.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedLetter {
    /// Nonce, then letter.
    posting: Vec<u8>,
}

impl SealedLetter {
    /// What is posted: nonce, then letter.
    #[must_use]
    pub fn posting(&self) -> &[u8] {
        &self.posting
    }

    /// The sealed bytes alone.
    #[must_use]
    pub fn letter(&self) -> &[u8] {
        self.posting.get(NONCE_BYTES..).unwrap_or_default()
    }

    /// What its receipt must name.
    #[must_use]
    pub fn leaf(&self) -> Leaf {
        let nonce = self.posting.first_chunk().copied().unwrap_or_default();
        Leaf::of(LetterHash(hash(self.letter())), &nonce)
    }
}

/// Seals a report to an office, signed by the words if there are any.
///
/// `first` says whether the office has the reply key already. What was sealed cannot be opened
/// here again.
///
/// # Errors
/// [`CannotSeal`]; nothing left this function then.
pub fn letter(
    report: &Report,
    words: Option<(&Master, WordsUse)>,
    manifest_seen: Option<ManifestHash>,
    sealed_by: SealedBy,
    key: &IntakeKey,
    rng: &mut impl CryptoRng,
) -> Result<SealedLetter, CannotSeal> {
    letter_with_files(report, &[], words, manifest_seen, sealed_by, key, rng)
}

/// Seals a report that announces files, as [`letter`] does one without. Their pieces follow
/// through [`piece`](crate::piece()), once this letter has its receipt.
///
/// # Errors
/// [`CannotSeal`]; nothing left this function then.
pub fn letter_with_files(
    report: &Report,
    files: &[Attachment],
    words: Option<(&Master, WordsUse)>,
    manifest_seen: Option<ManifestHash>,
    sealed_by: SealedBy,
    key: &IntakeKey,
    rng: &mut impl CryptoRng,
) -> Result<SealedLetter, CannotSeal> {
    if files.len() > MOST_ATTACHMENTS {
        return Err(CannotSeal::TooManyFiles);
    }
    let mut body = LetterBody {
        report: report.encode(),
        conversation: words.map(|(master, how)| Conversation::of(master, how, key.period())),
        manifest_seen,
        attachments: files.to_vec(),
        sealed_by,
        acknowledges: words.and_then(|(_, how)| how.acknowledges),
        handover: None,
    };
    let sealed = seal_signed(&body, words.map(|(master, _)| master), key, rng);
    body.report.zeroize();
    sealed
}

/// Seals the letter that changes the words of a running conversation: signed by the old ones, and
/// inside by the new ones. The report may be empty. (protocol §4.4)
///
/// Whoever has the old words still reads what was sealed to them. It is a later letter whatever
/// `old` says of the first one: a conversation that has no letter yet has nothing to hand over.
///
/// # Errors
/// [`CannotSeal`], [`CannotSeal::SameWords`] among them; nothing left this function then.
pub fn handover_letter(
    report: &Report,
    old: (&Master, WordsUse),
    new: &Master,
    manifest_seen: Option<ManifestHash>,
    sealed_by: SealedBy,
    key: &IntakeKey,
    rng: &mut impl CryptoRng,
) -> Result<SealedLetter, CannotSeal> {
    let (master, how) = (
        old.0,
        WordsUse {
            first: false,
            ..old.1
        },
    );
    let conversation = Conversation::of(master, how, key.period());
    let handover = Handover::of(&conversation, new, how.first_period, key);
    if !handover.leads_on_from(&conversation) {
        return Err(CannotSeal::SameWords);
    }
    let mut body = LetterBody {
        report: report.encode(),
        conversation: Some(conversation),
        manifest_seen,
        attachments: Vec::new(),
        sealed_by,
        acknowledges: how.acknowledges,
        handover: Some(handover),
    };
    let sealed = seal_signed(&body, Some(master), key, rng);
    body.report.zeroize();
    sealed
}

fn seal_signed(
    body: &LetterBody,
    by: Option<&Master>,
    key: &IntakeKey,
    rng: &mut impl CryptoRng,
) -> Result<SealedLetter, CannotSeal> {
    let bytes = Zeroizing::new(body.encode());
    let signature = by.map(|master| {
        let message = letter_signed_bytes(key.mailbox(), key.period(), &bytes);
        master.signing_secret().sign(&message)
    });
    seal_body(&[&bytes], signature.as_ref(), SizeClass::FourKiB, key, rng)
}

impl Conversation {
    fn of(master: &Master, how: WordsUse, period: Period) -> Self {
        let reply = master.reply_secret().public();
        Self {
            signing_key: master.signing_secret().public(),
            reply_key: if how.first {
                ReplyKeyRef::Whole(reply)
            } else {
                ReplyKeyRef::Hash(reply.hash())
            },
            key: master.conversation_key(period, how.generation, how.first_period),
            generation: how.generation,
        }
    }
}

impl Handover {
    fn of(old: &Conversation, new: &Master, first_period: u32, key: &IntakeKey) -> Self {
        let mut handover = Self {
            signing_key: new.signing_secret().public(),
            reply_key: new.reply_secret().public(),
            key: new.conversation_key(key.period(), 0, first_period),
            signature: [0; SIGNATURE_BYTES],
        };
        let message = Zeroizing::new(handover.signed_bytes(key.mailbox(), key.period(), old));
        handover.signature = new.signing_secret().sign(&message);
        handover
    }

    /// Whether both keys are others than the conversation has.
    fn leads_on_from(&self, old: &Conversation) -> bool {
        self.signing_key != old.signing_key && self.reply_key.hash() != old.reply_key.hash()
    }

    /// What the new words' key signs.
    #[must_use]
    pub fn signed_bytes(&self, mailbox: &MailboxId, period: Period, old: &Conversation) -> Vec<u8> {
        let former = [&old.signing_key.0[..], &old.reply_key.hash()].concat();
        [
            labels::HANDOVER.as_bytes(),
            &mailbox.0,
            &period.number().to_be_bytes(),
            &hash(&former),
            &self.reply_key.hash(),
            self.key.bytes(),
        ]
        .concat()
    }
}

/// How the words take part in a letter.
#[derive(Clone, Copy, Debug)]
pub struct WordsUse {
    /// First letter of the conversation: it brings the reply key.
    pub first: bool,
    /// Line of conversation keys; 0 unless the office asked for a new one.
    pub generation: u8,
    /// The office's first period, from the notice.
    pub first_period: u32,
    /// Day of the last answer that was read.
    pub acknowledges: Option<Day>,
}

/// Seals an encoded body, given in parts, and its signature into the smallest class that holds it,
/// from `least` on.
///
/// All happens in the one buffer that is posted: what was told is written there and sealed where it
/// stands, so that no copy of it is left behind and a piece of 256 KiB asks for no second buffer.
pub(crate) fn seal_body(
    body: &[&[u8]],
    signature: Option<&[u8; SIGNATURE_BYTES]>,
    least: SizeClass,
    key: &IntakeKey,
    rng: &mut impl CryptoRng,
) -> Result<SealedLetter, CannotSeal> {
    let body_bytes: usize = body.iter().map(|part| part.len()).sum();
    let before = in_memory(|e| e.array(2)?.bytes_len(body_bytes as u64).map(drop));
    let after = in_memory(|e| match signature {
        Some(signature) => e.bytes(signature).map(drop),
        None => e.null().map(drop),
    });
    let length = before.len() + body_bytes + after.len();
    let largest = SizeClass::TwoHundredFiftySixKiB.capacity();
    let class = SizeClass::holding(length).ok_or(CannotSeal::TooLong {
        by: length.saturating_sub(largest),
    })?;
    let class = class.max(least);

    let public =
        <XWing as Kem>::PublicKey::from_bytes(key.bytes()).map_err(|_| CannotSeal::BadKey)?;
    let (encapsulation, mut context) = hpke::setup_sender_with_rng::<AesGcm256, HkdfSha256, XWing>(
        &OpModeS::Base,
        &public,
        &letter_info(key.mailbox(), key.period()),
        rng,
    )
    .map_err(|_| CannotSeal::BadKey)?;
    let mut nonce = [0; NONCE_BYTES];
    rng.fill_bytes(&mut nonce);

    // Holds what was told until it is sealed, and is emptied should that fail.
    let mut posting = Zeroizing::new(Vec::with_capacity(NONCE_BYTES + class.bytes()));
    posting.extend_from_slice(&nonce);
    posting.push(LETTER_VERSION);
    posting.extend_from_slice(&key.period().number().to_be_bytes());
    posting.extend_from_slice(&encapsulation.to_bytes());
    let told = posting.len();
    posting.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    posting.extend_from_slice(&before);
    for part in body {
        posting.extend_from_slice(part);
    }
    posting.extend_from_slice(&after);
    // Protocol §4: pad before sealing, so that length tells only the size class.
    posting.resize(told + 4 + class.capacity(), 0);
    let plain = posting.get_mut(told..).unwrap_or_default();
    let tag = context
        .seal_inout_detached(plain.into(), &[])
        .map_err(|_| CannotSeal::BadKey)?;
    posting.extend_from_slice(&tag.to_bytes());
    Ok(SealedLetter {
        posting: std::mem::take(&mut *posting),
    })
}

/// The HPKE `info` of a letter.
#[must_use]
pub fn letter_info(mailbox: &MailboxId, period: Period) -> Vec<u8> {
    let period = period.number().to_be_bytes();
    [
        labels::LETTER.as_bytes(),
        &[LETTER_VERSION],
        &mailbox.0,
        &period,
    ]
    .concat()
}

/// What the words' key signs in a letter.
#[must_use]
pub fn letter_signed_bytes(mailbox: &MailboxId, period: Period, body: &[u8]) -> Vec<u8> {
    let period = period.number().to_be_bytes();
    [
        labels::LETTER_SIGNATURE.as_bytes(),
        &mailbox.0,
        &period,
        &hash(body),
    ]
    .concat()
}

/// The inside of a letter is not as the protocol says; keep the bytes and tell the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedLetter;

/// Takes an opened plaintext apart: body, and signature if there is one.
///
/// # Errors
/// [`MalformedLetter`] for a wrong length, padding that is not zeros, or anything else inside.
pub fn split_inside(
    plain: &[u8],
) -> Result<(&[u8], Option<[u8; SIGNATURE_BYTES]>), MalformedLetter> {
    let (length, rest) = plain.split_first_chunk::<4>().ok_or(MalformedLetter)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| MalformedLetter)?;
    let (cbor, padding) = rest.split_at_checked(length).ok_or(MalformedLetter)?;
    if padding.iter().any(|b| *b != 0) {
        return Err(MalformedLetter);
    }
    if !envelope::is_deterministic(cbor) {
        return Err(MalformedLetter);
    }
    let mut d = Decoder::new(cbor);
    let mut read = || -> Result<_, minicbor::decode::Error> {
        if d.array()? != Some(2) {
            return Err(minicbor::decode::Error::message("two parts"));
        }
        let body = d.bytes()?;
        let signature = if d.datatype()? == minicbor::data::Type::Null {
            d.null()?;
            None
        } else {
            Some(fixed(d.bytes()?)?)
        };
        Ok((body, signature))
    };
    read().map_err(|_| MalformedLetter)
}

/// What the body of a letter says it is: 0 a report, 1 a piece; `None` if it does not say.
/// Nothing else of it is looked at. (protocol §4)
#[must_use]
pub fn body_kind(body: &[u8]) -> Option<u64> {
    let mut d = Decoder::new(body);
    // Keys ascend: the kind comes first.
    d.map().ok()??;
    (d.u64().ok()? == 0).then(|| d.u64().ok())?
}

impl LetterBody {
    /// The bytes that are signed and sealed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let keys = 2
            + u64::from(self.conversation.is_some())
            + u64::from(self.manifest_seen.is_some())
            + u64::from(!self.attachments.is_empty())
            + u64::from(self.sealed_by != SealedBy::Page)
            + u64::from(self.acknowledges.is_some())
            + u64::from(self.handover.is_some());
        in_memory_of(self.room(), |e| {
            e.map(keys)?.u8(0)?.u8(0)?.u8(1)?.bytes(&self.report)?;
            if let Some(c) = &self.conversation {
                e.u8(2)?.map(4)?.u8(0)?.bytes(&c.signing_key.0)?;
                match &c.reply_key {
                    ReplyKeyRef::Whole(key) => e.u8(1)?.bytes(key.0.as_ref())?,
                    ReplyKeyRef::Hash(hash) => e.u8(2)?.bytes(hash)?,
                };
                e.u8(3)?.bytes(c.key.bytes())?.u8(4)?.u8(c.generation)?;
            }
            if let Some(manifest) = &self.manifest_seen {
                e.u8(3)?.bytes(&manifest.0)?;
            }
            if !self.attachments.is_empty() {
                e.u8(4)?.array(self.attachments.len() as u64)?;
                for a in &self.attachments {
                    e.writer_mut().extend_from_slice(&a.encode());
                }
            }
            if self.sealed_by != SealedBy::Page {
                e.u8(5)?.u64(self.sealed_by.number())?;
            }
            if let Some(day) = self.acknowledges {
                e.u8(6)?.u32(day.0)?;
            }
            if let Some(new) = &self.handover {
                e.u8(7)?.map(4)?.u8(0)?.bytes(&new.signing_key.0)?;
                e.u8(1)?.bytes(new.reply_key.0.as_ref())?;
                e.u8(2)?.bytes(new.key.bytes())?;
                e.u8(3)?.bytes(&new.signature)?;
            }
            Ok(())
        })
    }

    /// At least as many bytes as it takes: a buffer that grows leaves keys behind where it was.
    fn room(&self) -> usize {
        let keys_and_heads = 4_096;
        self.report.len() + self.attachments.len() * 256 + keys_and_heads
    }

    /// Reads a body. Unknown keys are passed over: a newer page may say more.
    ///
    /// # Errors
    /// [`MalformedLetter`].
    pub fn decode(bytes: &[u8], period: Period) -> Result<Self, MalformedLetter> {
        if !envelope::is_deterministic(bytes) {
            return Err(MalformedLetter);
        }
        let mut d = Decoder::new(bytes);
        let mut kind = None;
        let mut report = None;
        let mut body = Self {
            report: Vec::new(),
            conversation: None,
            manifest_seen: None,
            attachments: Vec::new(),
            sealed_by: SealedBy::Page,
            acknowledges: None,
            handover: None,
        };
        let mut read = || -> Result<(), minicbor::decode::Error> {
            for _ in 0..bounded(d.map()?)? {
                match d.u64()? {
                    0 => kind = Some(d.u64()?),
                    1 => report = Some(d.bytes()?.to_vec()),
                    2 => body.conversation = Some(read_conversation(&mut d, period)?),
                    3 => body.manifest_seen = Some(ManifestHash(fixed(d.bytes()?)?)),
                    4 => {
                        let files = d.array()?.filter(|n| *n <= MOST_ATTACHMENTS as u64);
                        for _ in 0..bounded(files)? {
                            body.attachments.push(Attachment::read(&mut d)?);
                        }
                    }
                    5 => body.sealed_by = SealedBy::from_number(d.u64()?),
                    6 => body.acknowledges = Some(Day(d.u32()?)),
                    7 => body.handover = Some(read_handover(&mut d, period)?),
                    _ => d.skip()?,
                }
            }
            Ok(())
        };
        read().map_err(|_| MalformedLetter)?;
        if kind != Some(0) {
            return Err(MalformedLetter);
        }
        body.report = report.ok_or(MalformedLetter)?;
        match (&body.conversation, &body.handover) {
            (_, None) => Ok(body),
            (Some(old), Some(new))
                if matches!(old.reply_key, ReplyKeyRef::Hash(_)) && new.leads_on_from(old) =>
            {
                Ok(body)
            }
            // Nothing to hand over, or nothing handed over.
            _ => Err(MalformedLetter),
        }
    }
}

pub(crate) type ReadResult<T> = Result<T, minicbor::decode::Error>;

fn read_conversation(d: &mut Decoder<'_>, period: Period) -> ReadResult<Conversation> {
    let (mut signing_key, mut reply_key, mut key, mut generation) = (None, None, None, None);
    for _ in 0..bounded(d.map()?)? {
        match d.u64()? {
            0 => signing_key = Some(ReporterKey(fixed(d.bytes()?)?)),
            1 => {
                let whole = fixed::<SEALING_KEY_BYTES>(d.bytes()?)?;
                reply_key = Some(ReplyKeyRef::Whole(ReplyKey(Box::new(whole))));
            }
            // Keys ascend: a whole key would stand here already.
            2 if reply_key.is_some() => {
                return Err(minicbor::decode::Error::message(
                    "the reply key or its hash, never both",
                ));
            }
            2 => reply_key = Some(ReplyKeyRef::Hash(fixed(d.bytes()?)?)),
            3 => key = Some(ConversationKey::from_letter(fixed(d.bytes()?)?, period)),
            4 => generation = Some(d.u8()?),
            _ => d.skip()?,
        }
    }
    match (signing_key, reply_key, key, generation) {
        (Some(signing_key), Some(reply_key), Some(key), Some(generation)) => Ok(Conversation {
            signing_key,
            reply_key,
            key,
            generation,
        }),
        _ => Err(minicbor::decode::Error::message(
            "a conversation has four parts",
        )),
    }
}

fn read_handover(d: &mut Decoder<'_>, period: Period) -> ReadResult<Handover> {
    let (mut signing_key, mut reply_key, mut key, mut signature) = (None, None, None, None);
    for _ in 0..bounded(d.map()?)? {
        match d.u64()? {
            0 => signing_key = Some(ReporterKey(fixed(d.bytes()?)?)),
            1 => reply_key = Some(ReplyKey(Box::new(fixed(d.bytes()?)?))),
            2 => key = Some(ConversationKey::from_letter(fixed(d.bytes()?)?, period)),
            3 => signature = Some(fixed(d.bytes()?)?),
            _ => d.skip()?,
        }
    }
    match (signing_key, reply_key, key, signature) {
        (Some(signing_key), Some(reply_key), Some(key), Some(signature)) => Ok(Handover {
            signing_key,
            reply_key,
            key,
            signature,
        }),
        _ => Err(minicbor::decode::Error::message(
            "a handover has four parts",
        )),
    }
}

/// A definite count of at most 1,000; nothing is allocated from a count alone.
pub(crate) fn bounded(count: Option<u64>) -> ReadResult<u64> {
    count
        .filter(|n| *n <= 1_000)
        .ok_or_else(|| minicbor::decode::Error::message("a definite, bounded list"))
}

pub(crate) fn fixed<const N: usize>(bytes: &[u8]) -> ReadResult<[u8; N]> {
    bytes
        .try_into()
        .map_err(|_| minicbor::decode::Error::message("another length"))
}

type WriteResult = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

/// Encodes into memory, which cannot fail.
pub(crate) fn in_memory(with: impl FnOnce(&mut Encoder<Vec<u8>>) -> WriteResult) -> Vec<u8> {
    in_memory_of(0, with)
}

/// The same into room that is asked for once.
fn in_memory_of(room: usize, with: impl FnOnce(&mut Encoder<Vec<u8>>) -> WriteResult) -> Vec<u8> {
    let mut e = Encoder::new(Vec::with_capacity(room));
    match with(&mut e) {
        Ok(()) => e.into_writer(),
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_body_with_keys_is_written_into_room_that_never_grows() {
        let period = Period::from_number(3);
        let reply_key = || ReplyKey(Box::new([1; 1_216]));
        let key = || ConversationKey::from_letter([2; 32], period);
        let mut hash = crate::ContentHash::new();
        hash.take(&[3; 40]);
        let file = Attachment::of(hash, crate::FileId([4; 16]), None).unwrap();
        let body = LetterBody {
            report: vec![5; 70_000],
            conversation: Some(Conversation {
                signing_key: ReporterKey([6; 32]),
                reply_key: ReplyKeyRef::Whole(reply_key()),
                key: key(),
                generation: 255,
            }),
            manifest_seen: Some(ManifestHash([7; 32])),
            attachments: vec![file; MOST_ATTACHMENTS],
            sealed_by: SealedBy::Kit,
            acknowledges: Some(Day(u32::MAX)),
            handover: Some(Handover {
                signing_key: ReporterKey([8; 32]),
                reply_key: reply_key(),
                key: key(),
                signature: [9; SIGNATURE_BYTES],
            }),
        };
        assert_eq!(body.encode().capacity(), body.room());
    }
}
