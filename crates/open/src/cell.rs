//! Sealing what the office says back: an "opened" note, or an answer in as many cells as it takes.
//! (protocol §5)

use envelope::dummy::CELL_PLAIN_BYTES;
use envelope::{CELL_BYTES, Cell, Day, LETTER_VERSION, MailboxId, Period, Token, labels};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeS, PskBundle, Serializable};
use rand_core::CryptoRng;
use seal::{CELL_TEXT_BYTES, CellBody, CellKind, ConversationKey, ReplyKey, SLOTS_PER_DAY};
use zeroize::Zeroizing;

use crate::VoiceSecret;

/// Whom an answer is for, and with which keys.
pub struct Correspondent<'a> {
    /// The office.
    pub mailbox: &'a MailboxId,
    /// Days of a week period, from the notice.
    pub period_days: u32,
    /// Pinned at the first letter.
    pub reply_key: &'a ReplyKey,
    /// From the newest letter.
    pub conversation_key: &'a ConversationKey,
    /// The office's voice today.
    pub voice: &'a VoiceSecret,
}

/// Why an answer could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotAnswer {
    /// It needs more cells than are left today: shorten it, or send the rest tomorrow.
    NotEnoughSlots {
        /// Cells it needs.
        needed: usize,
        /// Slots left today.
        left: usize,
    },
    /// The letter is of a later period than this day: its reporter would look under another key
    /// and never find the answer. Send it from the day named on.
    TooEarly {
        /// First day on which it will be found.
        from: Day,
    },
    /// The reporter's reply key is no key: no answer is possible.
    BadKey,
}

/// Tells the reporter that the letter was opened.
///
/// # Errors
/// [`CannotAnswer`].
pub fn opened(
    to: &Correspondent<'_>,
    number: u32,
    day: Day,
    slot: u16,
    rng: &mut impl CryptoRng,
) -> Result<Cell, CannotAnswer> {
    let body = CellBody {
        kind: CellKind::Opened,
        part: 0,
        parts: 1,
        answer: number,
        text: String::new(),
        token: None,
    };
    one_cell(to, &body, day, slot, rng)
}

/// Seals an answer, from `first_slot` of `day` on. The slots must have been reserved in the case
/// before: a tag is used once. A token goes with the first part.
///
/// # Errors
/// [`CannotAnswer`].
pub fn answer(
    to: &Correspondent<'_>,
    number: u32,
    text: &str,
    token: Option<&Token>,
    (day, first_slot): (Day, u16),
    rng: &mut impl CryptoRng,
) -> Result<Vec<Cell>, CannotAnswer> {
    let texts = cut(text);
    let left = usize::from(SLOTS_PER_DAY.saturating_sub(first_slot));
    if texts.len() > left {
        return Err(CannotAnswer::NotEnoughSlots {
            needed: texts.len(),
            left,
        });
    }
    let parts = u16::try_from(texts.len()).unwrap_or(u16::MAX);
    (0..parts)
        .zip(texts)
        .map(|(part, text)| {
            let text = text.to_owned();
            let body = CellBody {
                kind: CellKind::Answer,
                part,
                parts,
                answer: number,
                text,
                token: token.filter(|_| part == 0).cloned(),
            };
            one_cell(to, &body, day, first_slot.saturating_add(part), rng)
        })
        .collect()
}

/// The conversation key of a day: it gives the tags of its places. Its writer chose it, so two
/// conversations may have the same one, and then the same tags.
///
/// # Errors
/// [`CannotAnswer::TooEarly`].
pub fn key_of_day(
    newest: &ConversationKey,
    period_days: u32,
    day: Day,
) -> Result<ConversationKey, CannotAnswer> {
    match (Period::of(day, period_days), newest.period()) {
        // The keys of earlier periods are not known here, and only under those would it be found.
        (Period::Week(p), own @ Period::Week(q)) if p < q => {
            let from = own.first_day(period_days);
            Err(CannotAnswer::TooEarly { from })
        }
        (Period::Week(p), _) => Ok(newest.at(p)),
        (Period::Carry(_), _) => Ok(newest.clone()),
    }
}

/// Cuts a text into parts that fit a cell, between characters; of nothing, one empty part.
fn cut(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let at = rest.floor_char_boundary(CELL_TEXT_BYTES);
        let (part, after) = rest.split_at(at);
        parts.push(part);
        if after.is_empty() {
            return parts;
        }
        rest = after;
    }
}

fn one_cell(
    to: &Correspondent<'_>,
    body: &CellBody,
    day: Day,
    slot: u16,
    rng: &mut impl CryptoRng,
) -> Result<Cell, CannotAnswer> {
    if slot >= SLOTS_PER_DAY {
        return Err(CannotAnswer::NotEnoughSlots { needed: 1, left: 0 });
    }
    let key = key_of_day(to.conversation_key, to.period_days, day)?;
    let message = seal::cell_signed_bytes(to.mailbox, &to.reply_key.hash(), day, slot, body);
    let cbor = Zeroizing::new(body.encode(&to.voice.sign(&message)));
    let mut plain = Zeroizing::new(Vec::with_capacity(CELL_PLAIN_BYTES));
    plain.extend_from_slice(&u32::try_from(cbor.len()).unwrap_or(u32::MAX).to_be_bytes());
    plain.extend_from_slice(&cbor);
    plain.resize(CELL_PLAIN_BYTES, 0);

    let public = <XWing as Kem>::PublicKey::from_bytes(to.reply_key.0.as_ref())
        .map_err(|_| CannotAnswer::BadKey)?;
    let tag = key.tag(day, slot);
    let psk = key.psk();
    let psk = PskBundle::new(psk.as_ref(), labels::CELL_PSK.as_bytes())
        .map_err(|_| CannotAnswer::BadKey)?;
    let (encapsulation, ciphertext) =
        hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, XWing>(
            &OpModeS::Psk(psk),
            &public,
            &seal::cell_info(to.mailbox, day, slot),
            &plain,
            &tag,
            rng,
        )
        .map_err(|_| CannotAnswer::BadKey)?;
    let mut bytes = Vec::with_capacity(CELL_BYTES);
    bytes.push(LETTER_VERSION);
    bytes.extend_from_slice(&tag);
    bytes.extend_from_slice(&encapsulation.to_bytes());
    bytes.extend_from_slice(&ciphertext);
    Cell::parse(&bytes).map_err(|_| CannotAnswer::BadKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_nothing_is_lost() {
        for text in ["", "short", &"é".repeat(5_000), &"字".repeat(1_868)] {
            let parts = cut(text);
            assert!(parts.iter().all(|p| p.len() <= CELL_TEXT_BYTES));
            assert_eq!(parts.concat(), text);
        }
    }
}
