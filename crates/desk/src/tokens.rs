//! Posting tokens of this office: a list drawn when a period begins and put to the relay before
//! anybody is given one; then one goes with each answer, and some on paper as introduction codes.
//! (protocol §8.1, decision 0029)
//!
//! What was given out is forgotten here: nothing on this desk ties a token to a conversation.

use envelope::token::{TOKEN_BYTES, TOKENS_PER_LIST};
use envelope::{Day, Period, Token, TokenList};
use rand_core::CryptoRng;
use vault::{Failed, Reading, Writing};
use zeroize::Zeroizing;

use crate::desk::{CannotDecide, Desk};
use crate::settings::OfficeSettings;

/// The setting of the vault.
const NAME: &str = "tokens";
/// Codes on one sheet at most.
pub(crate) const MOST_CODES: u16 = 100;

/// The list in use, without what was given out.
struct Pool {
    /// The list's number at the relay: the day on which it was drawn, or a little more.
    number: u32,
    /// The period for which it was drawn.
    period: u32,
    /// Whether the relay has it. Nothing is given out before.
    taken: bool,
    left: Zeroizing<Vec<[u8; TOKEN_BYTES]>>,
}

impl Pool {
    fn draw(number: u32, period: u32, rng: &mut impl CryptoRng) -> Self {
        let mut left = Zeroizing::new(vec![[0; TOKEN_BYTES]; TOKENS_PER_LIST]);
        for token in left.iter_mut() {
            rng.fill_bytes(token);
        }
        Self {
            number,
            period,
            taken: false,
            left,
        }
    }

    fn read(r: &Reading<'_>) -> Result<Option<Self>, Failed> {
        let Some(bytes) = r.setting(NAME)?.map(Zeroizing::new) else {
            return Ok(None);
        };
        let pool = || {
            let (number, rest) = bytes.split_first_chunk::<4>()?;
            let (period, rest) = rest.split_first_chunk::<4>()?;
            let ([taken], tokens) = rest.split_first_chunk::<1>()?;
            let (tokens, rest) = tokens.as_chunks::<TOKEN_BYTES>();
            rest.is_empty().then(|| Self {
                number: u32::from_be_bytes(*number),
                period: u32::from_be_bytes(*period),
                taken: *taken == 1,
                left: Zeroizing::new(tokens.to_vec()),
            })
        };
        pool().map(Some).ok_or(Failed::Damaged)
    }

    fn keep(&self, w: &Writing<'_>) -> Result<(), Failed> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(9 + self.left.len() * TOKEN_BYTES));
        bytes.extend_from_slice(&self.number.to_be_bytes());
        bytes.extend_from_slice(&self.period.to_be_bytes());
        bytes.push(u8::from(self.taken));
        for token in self.left.iter() {
            bytes.extend_from_slice(token);
        }
        w.set(NAME, &bytes)
    }

    /// Tokens were drawn by chance, so the next one is any one.
    fn give(&mut self) -> Option<Token> {
        if self.taken {
            self.left.pop().map(Token)
        } else {
            None
        }
    }
}

/// Draws a list if a period has begun or the last one is used up.
pub(crate) fn draw_ahead(
    w: &Writing<'_>,
    settings: &OfficeSettings,
    today: Day,
    rng: &mut impl CryptoRng,
) -> Result<(), Failed> {
    let period = Period::of(today, settings.period_days).number();
    let number = match Pool::read(w)? {
        Some(pool) if pool.period == period && !pool.left.is_empty() => return Ok(()),
        Some(pool) => today.0.max(pool.number.saturating_add(1)),
        None => today.0,
    };
    Pool::draw(number, period, rng).keep(w)
}

/// A token for an answer; none while the relay has not taken the list.
pub(crate) fn give(w: &Writing<'_>) -> Result<Option<Token>, Failed> {
    let Some(mut pool) = Pool::read(w)? else {
        return Ok(None);
    };
    let token = pool.give();
    if token.is_some() {
        pool.keep(w)?;
    }
    Ok(token)
}

/// The token that [`give`] takes next.
pub(crate) fn next(r: &Reading<'_>) -> Result<Option<Token>, Failed> {
    Ok(Pool::read(r)?.and_then(|mut pool| pool.give()))
}

/// What is to be put to the relay, if it does not have it yet.
pub(crate) fn to_put(r: &Reading<'_>) -> Result<Option<Vec<u8>>, Failed> {
    let Some(pool) = Pool::read(r)?.filter(|pool| !pool.taken) else {
        return Ok(None);
    };
    let tokens: Vec<Token> = pool.left.iter().copied().map(Token).collect();
    let list = TokenList::of(&tokens).map_err(|_| Failed::Damaged)?;
    Ok(Some(
        [&pool.number.to_be_bytes()[..], &list.to_bytes()].concat(),
    ))
}

/// The relay has taken the list.
pub(crate) fn was_taken(w: &Writing<'_>) -> Result<(), Failed> {
    match Pool::read(w)? {
        Some(mut pool) => {
            pool.taken = true;
            pool.keep(w)
        }
        None => Ok(()),
    }
}

/// The relay knows a list of this or a higher number: this vault was restored from a backup.
pub(crate) fn number_was_known(w: &Writing<'_>) -> Result<(), Failed> {
    match Pool::read(w)? {
        Some(mut pool) => {
            pool.number = pool.number.saturating_add(1);
            pool.keep(w)
        }
        None => Ok(()),
    }
}

impl Desk {
    /// Introduction codes, to be handed out on paper. They are shown this once.
    ///
    /// # Errors
    /// [`CannotDecide`], if the relay has no list yet or fewer than that many are left of it.
    pub fn introduction_codes(&mut self, count: u16) -> Result<Vec<String>, CannotDecide> {
        let count = usize::from(count.clamp(1, MOST_CODES));
        let pool = Pool::read(&self.vault().read())?;
        if pool.is_none_or(|pool| !pool.taken || pool.left.len() < count) {
            return Err(NO_CODES);
        }
        self.change(|_, w| {
            let mut codes = Vec::with_capacity(count);
            for _ in 0..count {
                codes.extend(give(w)?.map(|token| token.code()));
            }
            Ok(codes)
        })
        .map_err(CannotDecide::from)
    }
}

const NO_CODES: CannotDecide = CannotDecide::Refused {
    en: "there are no codes to give out yet: let the desk visit the relay once, or wait for next week’s",
    fr: "il n’y a pas encore de codes à distribuer : laissez le poste visiter le relais une fois, ou attendez ceux de la semaine prochaine",
};
