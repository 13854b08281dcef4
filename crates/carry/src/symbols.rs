//! From a screen to a camera: a letter as a stream of small pictures, of which any few more than
//! needed are enough, whichever were missed. (protocol §11.2)
//!
//! The code is dense: after the letter's own symbols come random sums of all of them, and whoever
//! filmed enough of either solves for the letter by Gaussian elimination. Sums are over a field of 256
//! numbers: over two, one showing in eight needs more than three frames too many. (decision 0022) [`Frames`] makes what a picture
//! holds, [`Gathering`] puts it together again; neither draws a picture nor reads one.

use data_encoding::BASE32_NOPAD;
use envelope::{NONCE_BYTES, SizeClass, hash};

/// Bytes of the letter in one frame, at most: a frame then fits a QR code of version 11-M.
pub const SYMBOL_BYTES: usize = 200;
/// Bytes of a frame besides its symbol: session, numbers, check.
pub const AROUND_BYTES: usize = 4 + 2 + 4 + 4 + 4;
/// No posting is longer.
const MOST_BYTES: usize = SizeClass::TwoHundredFiftySixKiB.bytes() + NONCE_BYTES;
/// Letters put together at the same time, at most, where nothing else is said.
const MOST_SESSIONS: usize = 8;
/// And the bytes they may hold together.
const MOST_HELD: usize = 32 << 20;
/// Frames beyond those a letter needs that are kept to find one that is not its.
const SPARE: usize = 8;
/// A letter of more symbols begins afresh when it was put together wrongly: to find the frame that is
/// not its would take minutes.
const MOST_SEARCHED: usize = 100;

/// Nothing, or more than a posting may have: there is nothing to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotShowable;

/// A letter as frames.
#[derive(Clone, Debug)]
pub struct Frames {
    session: [u8; 4],
    total: u32,
    symbols: Vec<Vec<u8>>,
}

impl Frames {
    /// Divides bytes into as few equal symbols as a frame's size allows.
    ///
    /// # Errors
    /// [`NotShowable`] for nothing, and for more than a posting.
    pub fn of(bytes: &[u8]) -> Result<Self, NotShowable> {
        if bytes.is_empty() || bytes.len() > MOST_BYTES {
            return Err(NotShowable);
        }
        let size = bytes.len().div_ceil(bytes.len().div_ceil(SYMBOL_BYTES));
        let padded = |part: &[u8]| {
            let mut symbol = part.to_vec();
            symbol.resize(size, 0);
            symbol
        };
        Ok(Self {
            session: session_of(bytes),
            total: u32::try_from(bytes.len()).map_err(|_| NotShowable)?,
            symbols: bytes.chunks(size).map(padded).collect(),
        })
    }

    /// How many frames hold the letter itself: those with the seeds from 0 on.
    #[must_use]
    pub fn count(&self) -> u16 {
        // A posting has at most 1,311 symbols.
        u16::try_from(self.symbols.len()).unwrap_or(u16::MAX)
    }

    /// The frame of a seed, as a QR code of letters and digits holds it.
    #[must_use]
    pub fn frame(&self, seed: u32) -> String {
        let mut sum = vec![0; self.symbols.first().map_or(0, Vec::len)];
        for (symbol, share) in self.symbols.iter().zip(shares(seed, self.symbols.len())) {
            add(&mut sum, share, symbol);
        }
        let mut frame = [
            &self.session[..],
            &self.count().to_be_bytes(),
            &self.total.to_be_bytes(),
            &seed.to_be_bytes(),
            &sum,
        ]
        .concat();
        let check = crc32fast::hash(&frame);
        frame.extend_from_slice(&check.to_be_bytes());
        BASE32_NOPAD.encode(&frame)
    }
}

/// Names what is shown, so that two letters filmed one after the other are not mixed, and vouches
/// for the whole once it is put together.
pub(crate) fn session_of(bytes: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = hash(bytes);
    [a, b, c, d]
}

/// How often each of the letter's symbols stands in a frame: a number of the field a symbol, from the
/// seed alone. (protocol §11.2)
fn shares(seed: u32, count: usize) -> Vec<u8> {
    let mut shares = vec![0; count];
    let alone = usize::try_from(seed).unwrap_or(usize::MAX);
    if let Some(share) = shares.get_mut(alone) {
        *share = 1;
        return shares;
    }
    let mut state = seed;
    for four in shares.chunks_mut(4) {
        for (share, byte) in four.iter_mut().zip(next(&mut state).to_be_bytes()) {
            *share = byte;
        }
    }
    // A sum of nothing would be a frame for nothing.
    if shares.iter().all(|share| *share == 0)
        && let Some(share) = shares.get_mut(alone % count.max(1))
    {
        *share = 1;
    }
    shares
}

/// The field of 256 numbers that QR codes themselves use for their correction: addition is XOR,
/// multiplication that of polynomials modulo `x⁸ + x⁴ + x³ + x² + 1`. (ISO/IEC 18004)
mod field {
    /// The powers of 2, and for each number which power it is.
    const TABLES: ([u8; 255], [u8; 256]) = tables();

    #[allow(
        clippy::indexing_slicing,
        clippy::cast_possible_truncation,
        reason = "evaluated by the compiler, which refuses what goes wrong"
    )]
    const fn tables() -> ([u8; 255], [u8; 256]) {
        let (mut power_of, mut exponent_of) = ([0; 255], [0; 256]);
        let (mut number, mut exponent) = (1_u16, 0_usize);
        while exponent < 255 {
            power_of[exponent] = number as u8;
            exponent_of[number as usize] = exponent as u8;
            number <<= 1;
            if number > 255 {
                number ^= 0x11d;
            }
            exponent += 1;
        }
        (power_of, exponent_of)
    }

    fn exponent(number: u8) -> usize {
        usize::from(TABLES.1.get(usize::from(number)).copied().unwrap_or(0))
    }

    fn power(exponent: usize) -> u8 {
        TABLES.0.get(exponent % 255).copied().unwrap_or(0)
    }

    pub(super) fn product(a: u8, b: u8) -> u8 {
        if a == 0 || b == 0 {
            0
        } else {
            power(exponent(a) + exponent(b))
        }
    }

    /// What a number other than 0 has to be multiplied by to give 1.
    pub(super) fn inverse(number: u8) -> u8 {
        power(255 - exponent(number))
    }

    /// All products of one number: a row of bytes is multiplied by looking each one up.
    pub(super) fn row_of(factor: u8) -> [u8; 256] {
        let mut row = [0; 256];
        for (number, to) in (0..=u8::MAX).zip(&mut row) {
            *to = product(factor, number);
        }
        row
    }
}

/// Adds `factor` times a row to a sum.
fn add(sum: &mut [u8], factor: u8, row: &[u8]) {
    if factor == 0 {
        return;
    }
    let times = field::row_of(factor);
    for (to, from) in sum.iter_mut().zip(row) {
        *to ^= times.get(usize::from(*from)).copied().unwrap_or(0);
    }
}

/// SplitMix32: the next number of a seed's row. (protocol §11.2)
fn next(state: &mut u32) -> u32 {
    *state = state.wrapping_add(0x9e37_79b9);
    let mut z = *state;
    z = (z ^ (z >> 16)).wrapping_mul(0x85eb_ca6b);
    z = (z ^ (z >> 13)).wrapping_mul(0xc2b2_ae35);
    z ^ (z >> 16)
}

/// Why a picture's text brought nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAFrame {
    /// Not a frame at all, or one that was misread.
    Malformed,
    /// The letter was put together and is not the one its frames named: one of them is not its. More
    /// of its frames tell which; what comes from now on is gathered afresh besides.
    Spoiled,
}

/// What a frame did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gathered {
    /// So many more frames are needed, at least.
    Missing(usize),
    /// The letter, whole.
    Whole(Vec<u8>),
    /// Its letter was whole already: the camera may turn to the next.
    Already,
}

struct Frame<'a> {
    session: [u8; 4],
    count: usize,
    total: usize,
    seed: u32,
    symbol: &'a [u8],
}

impl<'a> Frame<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (frame, check) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(frame) != u32::from_be_bytes(*check) {
            return None;
        }
        let (session, rest) = frame.split_first_chunk::<4>()?;
        let (count, rest) = rest.split_first_chunk::<2>()?;
        let (total, rest) = rest.split_first_chunk::<4>()?;
        let (seed, symbol) = rest.split_first_chunk::<4>()?;
        let count = usize::from(u16::from_be_bytes(*count));
        let total = usize::try_from(u32::from_be_bytes(*total)).ok()?;
        let whole = (1..=MOST_BYTES).contains(&total)
            && count == total.div_ceil(SYMBOL_BYTES)
            && symbol.len() == total.div_ceil(count);
        whole.then_some(Self {
            session: *session,
            count,
            total,
            seed: u32::from_be_bytes(*seed),
            symbol,
        })
    }
}

/// The equations of a letter's symbols, as far as frames gave them.
#[derive(Clone, Debug)]
struct Equations {
    /// For each symbol, the row that begins with it: its shares, and their sum.
    rows: Vec<Option<(Vec<u8>, Vec<u8>)>>,
    held: usize,
}

impl Equations {
    fn none(count: usize) -> Self {
        Self {
            rows: vec![None; count],
            held: 0,
        }
    }

    fn missing(&self) -> usize {
        self.rows.len() - self.held
    }

    fn take(&mut self, seed: u32, symbol: &[u8]) {
        let mut shares = shares(seed, self.rows.len());
        let mut symbol = symbol.to_vec();
        for index in 0..self.rows.len() {
            let Some(share) = shares.get(index).copied().filter(|share| *share != 0) else {
                continue;
            };
            match self.rows.get_mut(index) {
                Some(Some((known, sum))) => {
                    add(&mut shares, share, known);
                    add(&mut symbol, share, sum);
                }
                Some(empty) => {
                    // The first share of a row is 1, so that later rows are freed of it in one step.
                    let once = field::inverse(share);
                    let times = |row: &[u8]| {
                        let mut product = vec![0; row.len()];
                        add(&mut product, once, row);
                        product
                    };
                    *empty = Some((times(&shares), times(&symbol)));
                    self.held += 1;
                    break;
                }
                None => break,
            }
        }
    }

    /// The letter, if every symbol is known and it is the one that was named. From the last symbol to
    /// the first, each row is freed of the symbols already known.
    fn solved(&self, session: [u8; 4], total: usize) -> Option<Vec<u8>> {
        let mut symbols: Vec<Vec<u8>> = vec![Vec::new(); self.rows.len()];
        for (index, row) in self.rows.iter().enumerate().rev() {
            let (shares, sum) = row.as_ref()?;
            let mut symbol = sum.clone();
            for (share, known) in shares.iter().zip(&symbols).skip(index + 1) {
                add(&mut symbol, *share, known);
            }
            if let Some(place) = symbols.get_mut(index) {
                *place = symbol;
            }
        }
        let mut bytes = symbols.concat();
        bytes.truncate(total);
        (session_of(&bytes) == session).then_some(bytes)
    }
}

/// A frame's seed and symbol.
type Caught = (u32, Vec<u8>);

/// One letter being put together from what a camera caught. Its memory is bounded by the longest
/// posting, whatever is shown to it.
#[derive(Clone, Debug)]
struct Gathering {
    session: [u8; 4],
    total: usize,
    equations: Equations,
    /// The frames behind the equations, and a few more; none of a letter too long to be searched.
    caught: Vec<Caught>,
    /// Frames that made a wrong letter, and those that came since: all of them but one may make it.
    doubted: Vec<Caught>,
    spoiled: bool,
}

impl Gathering {
    fn begun_by(frame: &Frame<'_>) -> Self {
        Self {
            session: frame.session,
            total: frame.total,
            equations: Equations::none(frame.count),
            caught: Vec::new(),
            doubted: Vec::new(),
            spoiled: false,
        }
    }

    fn count(&self) -> usize {
        self.equations.rows.len()
    }

    fn take(&mut self, frame: &Frame<'_>) -> Result<Gathered, NotAFrame> {
        self.equations.take(frame.seed, frame.symbol);
        let caught = (frame.seed, frame.symbol.to_vec());
        if self.count() <= MOST_SEARCHED
            && self.caught.len() < self.count() + SPARE
            && !self.caught.contains(&caught)
        {
            self.caught.push(caught.clone());
        }
        if self.equations.missing() == 0 {
            let solved = self.equations.solved(self.session, self.total);
            return match solved.or_else(|| self.spoil()) {
                Some(letter) => Ok(Gathered::Whole(letter)),
                None => Err(NotAFrame::Spoiled),
            };
        }
        let room = self.doubted.len() < self.count() + SPARE;
        if !self.doubted.is_empty() && room && !self.doubted.contains(&caught) {
            self.doubted.push(caught);
            if let Some(letter) = self.without_one() {
                return Ok(Gathered::Whole(letter));
            }
        }
        Ok(Gathered::Missing(self.equations.missing()))
    }

    /// One of the frames is not this letter's: they are put aside, and what comes is gathered afresh.
    fn spoil(&mut self) -> Option<Vec<u8>> {
        self.spoiled = true;
        self.equations = Equations::none(self.count());
        let newer = std::mem::take(&mut self.caught);
        self.doubted.retain(|one| !newer.contains(one));
        self.doubted.extend(newer);
        let over = self.doubted.len().saturating_sub(self.count() + SPARE);
        self.doubted.drain(..over);
        self.without_one()
    }

    /// The letter that all doubted frames but one make, if they do: the four bytes that name it tell.
    fn without_one(&self) -> Option<Vec<u8>> {
        (0..self.doubted.len()).find_map(|left_out| {
            let mut equations = Equations::none(self.count());
            for (at, (seed, symbol)) in self.doubted.iter().enumerate() {
                if at != left_out {
                    equations.take(*seed, symbol);
                }
            }
            equations.solved(self.session, self.total)
        })
    }

    /// About how much memory it takes.
    fn bytes(&self) -> usize {
        const ROW: usize = size_of::<Option<(Vec<u8>, Vec<u8>)>>();
        let symbol = self.total.div_ceil(self.count().max(1));
        let frames = self.caught.len() + self.doubted.len();
        self.count() * ROW
            + self.equations.held * (self.count() + symbol)
            + frames * (size_of::<Caught>() + symbol)
    }
}

/// The letters that a camera is being shown, each by its session and its length.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The one that was added to last stands last.
    begun: Vec<Gathering>,
    /// The last letters that became whole: their screens go on for a while.
    whole: Vec<[u8; 4]>,
    most_letters: usize,
    most_bytes: usize,
    let_go: usize,
}

impl Default for Shown {
    fn default() -> Self {
        Self::with_room(MOST_SESSIONS, MOST_HELD)
    }
}

impl Shown {
    /// For so many letters at once, which together hold so many bytes: where more are begun, the one
    /// that was not added to for longest is let go.
    #[must_use]
    pub fn with_room(letters: usize, bytes: usize) -> Self {
        Self {
            begun: Vec::new(),
            whole: Vec::new(),
            most_letters: letters,
            most_bytes: bytes,
            let_go: 0,
        }
    }

    /// Takes the text of one picture.
    ///
    /// # Errors
    /// [`NotAFrame`]; what was gathered until then stays, but a spoiled letter begins again.
    pub fn take(&mut self, text: &str) -> Result<Gathered, NotAFrame> {
        let bytes = BASE32_NOPAD
            .decode(text.trim().to_ascii_uppercase().as_bytes())
            .map_err(|_| NotAFrame::Malformed)?;
        let frame = Frame::read(&bytes).ok_or(NotAFrame::Malformed)?;
        if self.whole.contains(&frame.session) {
            return Ok(Gathered::Already);
        }
        let known = self
            .begun
            .iter()
            .position(|g| (g.session, g.total) == (frame.session, frame.total));
        let mut gathering = match known {
            Some(at) => self.begun.remove(at),
            None => Gathering::begun_by(&frame),
        };
        let taken = gathering.take(&frame);
        if matches!(taken, Ok(Gathered::Whole(_))) {
            // Whatever else was shown under its name was not it.
            self.begun.retain(|other| other.session != frame.session);
            if self.whole.len() >= self.most_letters && !self.whole.is_empty() {
                self.whole.remove(0);
            }
            self.whole.push(frame.session);
        } else {
            self.begun.push(gathering);
            self.make_room();
        }
        taken
    }

    fn make_room(&mut self) {
        let mut held: usize = self.begun.iter().map(Gathering::bytes).sum();
        while self.begun.len() > 1
            && (self.begun.len() > self.most_letters || held > self.most_bytes)
        {
            held -= self.begun.remove(0).bytes();
            self.let_go += 1;
        }
    }

    /// How many letters were let go unfinished since this was last asked.
    pub fn let_go(&mut self) -> usize {
        std::mem::take(&mut self.let_go)
    }

    /// A letter that became whole got lost afterwards: its frames are taken anew.
    pub fn forget(&mut self, letter: &[u8]) {
        let lost = session_of(letter);
        self.whole.retain(|session| *session != lost);
    }

    /// For each letter begun, not whole and not spoiled, how many more frames it needs, at least.
    pub fn missing(&self) -> impl Iterator<Item = usize> {
        let begun = self.begun.iter().filter(|g| !g.spoiled);
        begun.map(|g| g.equations.missing())
    }

    /// Letters of which a frame that was shown is not theirs, and no other frames have told yet which.
    #[must_use]
    pub fn spoiled(&self) -> usize {
        self.begun.iter().filter(|g| g.spoiled).count()
    }

    /// Letters begun and not whole.
    #[must_use]
    pub fn unfinished(&self) -> usize {
        self.begun.len()
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;
    use rand_core::{Rng, SeedableRng};

    fn rng(seed: u64) -> rand_chacha::ChaCha20Rng {
        rand_chacha::ChaCha20Rng::seed_from_u64(seed)
    }

    fn bytes(len: usize, seed: u64) -> Vec<u8> {
        let mut bytes = vec![0; len];
        rng(seed).fill_bytes(&mut bytes);
        bytes
    }

    /// Shows frames in order, of which a share is lost; how many were caught until it was whole.
    fn caught(frames: &Frames, lost_in_256: u8, seed: u64) -> (usize, u32, Vec<u8>) {
        let (mut shown, mut rng) = (Shown::default(), rng(seed));
        let mut caught = 0;
        for seed in 0.. {
            let mut drawn = [0];
            rng.fill_bytes(&mut drawn);
            if drawn[0] < lost_in_256 {
                continue;
            }
            caught += 1;
            if let Gathered::Whole(bytes) = shown.take(&frames.frame(seed)).unwrap() {
                return (caught, seed + 1, bytes);
            }
        }
        unreachable!("seeds ended")
    }

    #[test]
    fn a_letter_comes_back_from_its_own_frames_alone() {
        for class in SizeClass::ALL {
            let letter = bytes(class.bytes() + NONCE_BYTES, 1);
            let frames = Frames::of(&letter).unwrap();
            let (needed, _, back) = caught(&frames, 0, 1);
            assert_eq!(
                (needed, back == letter),
                (usize::from(frames.count()), true)
            );
        }
    }

    #[test]
    fn in_99_of_100_showings_three_frames_more_than_the_letter_has_are_enough() {
        let letter = bytes(SizeClass::FourKiB.bytes() + NONCE_BYTES, 2);
        let frames = Frames::of(&letter).unwrap();
        let needed = usize::from(frames.count());
        let over = (0..1_000)
            .filter(|seed| {
                let (caught, _, back) = caught(&frames, 128, *seed);
                assert!(back == letter);
                caught > needed + 3
            })
            .count();
        assert!(over <= 10, "{over} of 1,000 needed more than three extra");
    }

    #[test]
    fn sixteen_kilobytes_with_half_the_frames_lost_take_less_than_a_minute_at_three_a_second() {
        let letter = bytes(SizeClass::SixteenKiB.bytes() + NONCE_BYTES, 9);
        let frames = Frames::of(&letter).unwrap();
        let mut shown: Vec<u32> = (0..100).map(|seed| caught(&frames, 128, seed).1).collect();
        shown.sort_unstable();
        // Frames shown, at three a second: the median, and what 95 of 100 stay below.
        assert!(shown[50] <= 180, "median {}", shown[50]);
        assert!(shown[95] <= 200, "95 of 100 within {}", shown[95]);
    }

    #[test]
    fn in_the_field_every_number_but_zero_has_an_inverse_and_products_do_not_depend_on_order() {
        for a in 1..=u8::MAX {
            assert_eq!(field::product(a, field::inverse(a)), 1);
            for b in 0..=u8::MAX {
                assert_eq!(field::product(a, b), field::product(b, a));
            }
        }
        // 2 · 128 = x⁸, which is x⁴ + x³ + x² + 1 here.
        assert_eq!(field::product(2, 128), 0x1d);
    }

    #[test]
    fn a_frame_fits_the_code_it_is_drawn_as() {
        let letter = bytes(SizeClass::TwoHundredFiftySixKiB.bytes() + NONCE_BYTES, 3);
        let frame = Frames::of(&letter).unwrap().frame(4_000);
        // Version 11 with correction level M holds 366 letters and digits (ISO/IEC 18004).
        assert!(frame.len() <= 366, "{}", frame.len());
        assert!(
            frame
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        );
    }

    /// The script shows what this room gathers: `reporter/check/claims.ts` names the same digest.
    #[test]
    fn frames_and_lines_are_those_the_script_shows() {
        let letter: Vec<u8> = (0..4_112)
            .map(|n| u8::try_from(n * 7 % 251).unwrap())
            .collect();
        let frames = Frames::of(&letter).unwrap();
        let seeds = [0, 20, 21, 1_000, u32::MAX];
        let shown: String = seeds.map(|seed| frames.frame(seed)).concat();
        let lines = crate::blocks::lines(&letter).join("\n");
        let digest = hash(format!("{shown}\n{lines}").as_bytes());
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            digest,
            "634bfe50d001b6a5131979e44cbd4b3299921761c23749216bb4dd9f1f72632f"
        );
    }

    #[test]
    fn a_misread_frame_is_never_taken() {
        let frames = Frames::of(&bytes(4_112, 4)).unwrap();
        let good = frames.frame(30);
        for at in 0..good.len() {
            let mut bent = good.clone().into_bytes();
            bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
            let bent = String::from_utf8(bent).unwrap();
            assert_eq!(Shown::default().take(&bent), Err(NotAFrame::Malformed));
            assert!(Shown::default().take(&good[..at]).is_err());
        }
        assert!(Shown::default().take("https://example.org").is_err());
    }

    #[test]
    fn two_letters_filmed_together_both_arrive_and_are_not_mixed() {
        let letters = [bytes(4_112, 5), bytes(16_400, 6)];
        let frames = letters.each_ref().map(|l| Frames::of(l).unwrap());
        let mut shown = Shown::default();
        let mut whole = Vec::new();
        for seed in 0..200 {
            for frames in &frames {
                if let Ok(Gathered::Whole(bytes)) = shown.take(&frames.frame(seed)) {
                    whole.push(bytes);
                }
            }
        }
        assert!(whole == letters);
    }

    /// Frames of another letter that call themselves by this one's name, as somebody makes them who saw
    /// one of its codes.
    fn forged(name: &Frames, seed: u64) -> Frames {
        let mut other = Frames::of(&bytes(usize::try_from(name.total).unwrap(), seed)).unwrap();
        other.session = name.session;
        other
    }

    #[test]
    fn a_frame_that_lies_spoils_its_letter_is_told_and_one_frame_more_finds_it_out() {
        let letter = bytes(1_000, 7);
        let frames = Frames::of(&letter).unwrap();
        let mut shown = Shown::default();
        shown.take(&forged(&frames, 8).frame(0)).unwrap();
        let last = (1..5).map(|seed| shown.take(&frames.frame(seed))).last();
        assert_eq!(last, Some(Err(NotAFrame::Spoiled)));
        assert_eq!((shown.spoiled(), shown.missing().count()), (1, 0));
        // The same frames tell nothing new; the one that was forged, or any other, does.
        assert_eq!(shown.take(&frames.frame(1)), Ok(Gathered::Missing(4)));
        for told in [0, 9] {
            let whole = shown.clone().take(&frames.frame(told));
            assert_eq!(whole, Ok(Gathered::Whole(letter.clone())));
        }
    }

    #[test]
    fn a_frame_that_lies_costs_nothing_where_one_too_many_was_there_before_it() {
        let letter = bytes(1_000, 7);
        let frames = Frames::of(&letter).unwrap();
        let mut shown = Shown::default();
        shown.take(&forged(&frames, 8).frame(0)).unwrap();
        // A true frame of the same seed says nothing new while the forged one is believed.
        shown.take(&frames.frame(0)).unwrap();
        let last = (1..5).map(|seed| shown.take(&frames.frame(seed))).last();
        assert_eq!(last, Some(Ok(Gathered::Whole(letter))));
    }

    #[test]
    fn a_letter_shown_again_from_its_beginning_comes_whole_however_many_frames_lied() {
        for (length, lies) in [(1_000, 3), (30_000, 1)] {
            let letter = bytes(length, 7);
            let frames = Frames::of(&letter).unwrap();
            let mut shown = Shown::default();
            for seed in 0..lies {
                shown.take(&forged(&frames, 8).frame(seed)).unwrap();
            }
            let once = |shown: &mut Shown| {
                let caught =
                    (0..u32::from(frames.count())).map(|seed| shown.take(&frames.frame(seed)));
                caught
                    .filter(|taken| matches!(taken, Ok(Gathered::Whole(_))))
                    .count()
            };
            assert_eq!((once(&mut shown), shown.spoiled()), (0, 1));
            // From here on none lies; of what is begun afresh, a part was seen in the first showing.
            assert_eq!(once(&mut shown) + once(&mut shown), 1, "{length}");
            assert_eq!(shown.unfinished(), 0);
        }
    }

    #[test]
    fn a_frame_that_lies_about_the_length_keeps_no_true_one_out() {
        let letter = bytes(1_000, 7);
        let frames = Frames::of(&letter).unwrap();
        let mut other = Frames::of(&bytes(900, 8)).unwrap();
        other.session = frames.session;
        let mut shown = Shown::default();
        shown.take(&other.frame(0)).unwrap();
        let last = (0..5).map(|seed| shown.take(&frames.frame(seed))).last();
        assert_eq!(last, Some(Ok(Gathered::Whole(letter))));
        assert_eq!(shown.unfinished(), 0);
    }

    #[test]
    fn more_letters_than_there_is_room_for_are_let_go_the_longest_untouched_first_and_counted() {
        let frames: Vec<Frames> = (0..4)
            .map(|n| Frames::of(&bytes(4_112, n)).unwrap())
            .collect();
        let mut shown = Shown::with_room(3, MOST_HELD);
        for one in &frames[..3] {
            shown.take(&one.frame(0)).unwrap();
        }
        // The first is added to, so the second is the one that makes room for the fourth.
        shown.take(&frames[0].frame(1)).unwrap();
        shown.take(&frames[3].frame(0)).unwrap();
        assert_eq!(shown.let_go(), 1);
        assert_eq!(shown.let_go(), 0);
        assert_eq!(shown.missing().collect::<Vec<_>>(), [20, 19, 20]);
    }

    #[test]
    fn what_is_begun_holds_no_more_bytes_than_there_is_room_for() {
        let room = 100_000;
        let mut shown = Shown::with_room(1_000, room);
        for n in 0..40 {
            let frames = Frames::of(&bytes(SizeClass::SixteenKiB.bytes(), n)).unwrap();
            for seed in 0..12 {
                shown.take(&frames.frame(seed)).unwrap();
                let held: usize = shown.begun.iter().map(Gathering::bytes).sum();
                assert!(held <= room, "{held}");
            }
        }
        assert_eq!(shown.unfinished() + shown.let_go(), 40);
    }

    #[test]
    fn a_letter_that_got_lost_afterwards_is_gathered_anew_and_until_then_it_is_not() {
        let letter = bytes(500, 10);
        let frames = Frames::of(&letter).unwrap();
        let mut shown = Shown::default();
        let whole = |shown: &mut Shown| {
            let taken = (0..3).map(|seed| shown.take(&frames.frame(seed)).unwrap());
            taken.last().unwrap() == Gathered::Whole(letter.clone())
        };
        shown.take(&frames.frame(0)).unwrap();
        assert_eq!(shown.missing().collect::<Vec<_>>(), [2]);
        assert!(whole(&mut shown));
        assert_eq!(shown.missing().count(), 0);
        assert!(!whole(&mut shown));
        shown.forget(&letter);
        assert!(whole(&mut shown));
    }

    #[test]
    fn noise_takes_no_more_memory_than_eight_letters() {
        let mut shown = Shown::default();
        for n in 0..500 {
            shown
                .take(&Frames::of(&bytes(4_112, n)).unwrap().frame(0))
                .unwrap();
        }
        assert_eq!(shown.unfinished(), MOST_SESSIONS);
    }
}
