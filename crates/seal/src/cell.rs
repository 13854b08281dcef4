//! A cell of the reply board, as its reader opens it. (protocol §5)

use std::fmt;

use envelope::keys::{SIGNATURE_BYTES, VoiceKey};
use envelope::{Cell, Day, ENCAPSULATION_BYTES, LETTER_VERSION, MailboxId, Token, hash, labels};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeR, PskBundle};
use minicbor::Decoder;
use zeroize::Zeroizing;

use crate::letter::{bounded, fixed, in_memory};
use crate::{ConversationKey, ReplyKey, ReplySecret};

/// Text one cell holds; a longer answer takes several.
pub const CELL_TEXT_BYTES: usize = 2_800;

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// The office has opened the letter.
    Opened,
    /// The office answers.
    Answer,
    /// Something newer than this release.
    Other(u8),
}

impl CellKind {
    fn number(self) -> u8 {
        match self {
            Self::Opened => 0,
            Self::Answer => 1,
            Self::Other(n) => n,
        }
    }

    fn from_number(n: u8) -> Self {
        match n {
            0 => Self::Opened,
            1 => Self::Answer,
            n => Self::Other(n),
        }
    }
}

/// One part of what the office says. Printed for debugging without its words.
#[derive(Clone, PartialEq, Eq)]
pub struct CellBody {
    /// What it is.
    pub kind: CellKind,
    /// Which part, from 0.
    pub part: u16,
    /// Of how many.
    pub parts: u16,
    /// Which answer of this conversation the parts belong to.
    pub answer: u32,
    /// The words of this part.
    pub text: String,
    /// What lets one letter past a flood, in the first part of an answer. (protocol §8.1)
    pub token: Option<Token>,
}

impl fmt::Debug for CellBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CellBody")
            .field("kind", &self.kind)
            .field("part", &self.part)
            .field("parts", &self.parts)
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}

/// Why a cell under one's own tag is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotRead {
    /// Sealed to another key, or bent on the way: another cell under an equal tag.
    NotForUs,
    /// Opened, but not as the protocol says.
    Malformed,
    /// Not signed by the voice the office had that day. Do not show it.
    NotTheOffice,
}

/// The HPKE `info` of a cell.
#[must_use]
pub fn cell_info(mailbox: &MailboxId, day: Day, slot: u16) -> Vec<u8> {
    [
        labels::CELL.as_bytes(),
        &[LETTER_VERSION],
        &mailbox.0,
        &day.0.to_be_bytes(),
        &slot.to_be_bytes(),
    ]
    .concat()
}

/// What the office's voice signs in a cell.
#[must_use]
pub fn cell_signed_bytes(
    mailbox: &MailboxId,
    reply_key_hash: &[u8; 32],
    day: Day,
    slot: u16,
    body: &CellBody,
) -> Vec<u8> {
    let said = [
        &[body.kind.number()][..],
        &body.part.to_be_bytes(),
        &body.parts.to_be_bytes(),
        &body.answer.to_be_bytes(),
        body.text.as_bytes(),
    ]
    .concat();
    [
        labels::CELL_SIGNATURE.as_bytes(),
        &mailbox.0,
        reply_key_hash,
        &day.0.to_be_bytes(),
        &slot.to_be_bytes(),
        &hash(&said),
        body.token.as_ref().map_or(&[], |token| &token.0),
    ]
    .concat()
}

impl CellBody {
    /// The CBOR inside a cell, signature included.
    #[must_use]
    pub fn encode(&self, signature: &[u8; SIGNATURE_BYTES]) -> Vec<u8> {
        in_memory(|e| {
            e.map(if self.token.is_some() { 7 } else { 6 })?
                .u8(0)?
                .u8(self.kind.number())?
                .u8(1)?
                .u16(self.part)?;
            e.u8(2)?.u16(self.parts)?.u8(3)?.str(&self.text)?;
            e.u8(4)?.bytes(signature)?.u8(5)?.u32(self.answer)?;
            if let Some(token) = &self.token {
                e.u8(6)?.bytes(&token.0)?;
            }
            Ok(())
        })
    }

    fn decode(plain: &[u8]) -> Option<(Self, [u8; SIGNATURE_BYTES])> {
        let (length, rest) = plain.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (cbor, padding) = rest.split_at_checked(length)?;
        if padding.iter().any(|b| *b != 0) || !envelope::is_deterministic(cbor) {
            return None;
        }
        let mut d = Decoder::new(cbor);
        let (mut kind, mut part, mut parts, mut text) = (None, None, None, None);
        let (mut signature, mut answer, mut token) = (None, None, None);
        let mut read = || -> Result<(), minicbor::decode::Error> {
            for _ in 0..bounded(d.map()?)? {
                match d.u64()? {
                    0 => kind = Some(CellKind::from_number(d.u8()?)),
                    1 => part = Some(d.u16()?),
                    2 => parts = Some(d.u16()?),
                    3 => text = Some(d.str()?.to_owned()),
                    4 => signature = Some(fixed(d.bytes()?)?),
                    5 => answer = Some(d.u32()?),
                    6 => token = Some(Token(fixed(d.bytes()?)?)),
                    _ => d.skip()?,
                }
            }
            Ok(())
        };
        read().ok()?;
        let body = Self {
            kind: kind?,
            part: part?,
            parts: parts?,
            answer: answer?,
            text: text?,
            token,
        };
        (body.part < body.parts).then_some((body, signature?))
    }
}

/// Opens a cell found under one's own tag, and believes it only under the office's voice.
///
/// # Errors
/// [`CannotRead`]; with [`CannotRead::NotForUs`] the next cell under the same tag is tried.
#[allow(
    clippy::too_many_arguments,
    reason = "each of these is bound into the cell"
)]
pub fn open_cell(
    cell: &Cell,
    mailbox: &MailboxId,
    day: Day,
    slot: u16,
    key: &ConversationKey,
    reply: &ReplySecret,
    reply_public: &ReplyKey,
    voice: Option<VoiceKey>,
) -> Result<CellBody, CannotRead> {
    let (head, ciphertext) = cell
        .bytes()
        .split_at_checked(17 + ENCAPSULATION_BYTES)
        .ok_or(CannotRead::NotForUs)?;
    // The lists show half a tag; the other half must be ours too.
    if cell.tag() != key.tag(day, slot) {
        return Err(CannotRead::NotForUs);
    }
    let encapsulation = head.get(17..).ok_or(CannotRead::NotForUs)?;
    let encapsulation =
        <XWing as Kem>::EncappedKey::from_bytes(encapsulation).map_err(|_| CannotRead::NotForUs)?;
    let private = reply.private().ok_or(CannotRead::NotForUs)?;
    let psk = key.psk();
    let psk = PskBundle::new(psk.as_ref(), labels::CELL_PSK.as_bytes())
        .map_err(|_| CannotRead::NotForUs)?;
    let plain = Zeroizing::new(
        hpke::single_shot_open::<AesGcm256, HkdfSha256, XWing>(
            &OpModeR::Psk(psk),
            &private,
            &encapsulation,
            &cell_info(mailbox, day, slot),
            ciphertext,
            &cell.tag(),
        )
        .map_err(|_| CannotRead::NotForUs)?,
    );
    let (body, signature) = CellBody::decode(&plain).ok_or(CannotRead::Malformed)?;
    let message = cell_signed_bytes(mailbox, &reply_public.hash(), day, slot, &body);
    let voice = voice.ok_or(CannotRead::NotTheOffice)?;
    voice
        .verify(&message, &signature)
        .map_err(|_| CannotRead::NotTheOffice)?;
    Ok(body)
}
