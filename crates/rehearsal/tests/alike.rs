//! What a seized relay holds looks alike: letters of a class, cells, and the dummies among them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use envelope::{CELL_BYTES, Cell, Day, MailboxId, Period};
use open::{Correspondent, IntakeSecret, VoiceSecret};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use seal::{ConversationKey, ReplyKey};

const MANY: usize = 400;

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn real_cells() -> Vec<Cell> {
    let rng = &mut rng(1);
    let voice = VoiceSecret::draw(rng);
    let reply_key = ReplyKey(IntakeSecret::draw(Period::Week(0), rng).public());
    let key = ConversationKey::from_letter([8; 32], Period::Week(2_968));
    let mailbox = MailboxId([1; 16]);
    let to = Correspondent {
        mailbox: &mailbox,
        period_days: 7,
        reply_key: &reply_key,
        conversation_key: &key,
        voice: &voice,
    };
    (0..MANY)
        .map(|n| {
            let day = Day(20_779 + u32::try_from(n).unwrap() / 16);
            let slot = u16::try_from(n % 16).unwrap();
            let text = "The same words, again and again. ".repeat(n % 80);
            open::answer(&to, 0, &text, None, (day, slot), rng)
                .unwrap()
                .remove(0)
        })
        .collect()
}

fn dummies() -> Vec<Cell> {
    let rng = &mut rng(2);
    (0..MANY).map(|_| envelope::dummy::cell(rng)).collect()
}

/// Two-sample chi-square over the values of bytes `from..to` of two piles.
fn difference(a: &[Cell], b: &[Cell], from: usize, to: usize) -> f64 {
    let count = |cells: &[Cell]| {
        let mut seen = [0f64; 256];
        for cell in cells {
            for byte in &cell.bytes()[from..to] {
                seen[usize::from(*byte)] += 1.0;
            }
        }
        seen
    };
    let (a, b) = (count(a), count(b));
    a.iter()
        .zip(b)
        .filter(|(x, y)| **x + y > 0.0)
        .map(|(x, y)| (x - y).powi(2) / (x + y))
        .sum()
}

/// Of 255 degrees of freedom, chi-square passes 355 once in about 30,000 tries.
const BOUND: f64 = 355.0;

#[test]
fn dummies_cannot_be_told_from_answers_by_their_bytes() {
    let (real, dummy) = (real_cells(), dummies());
    for (part, from, to) in [
        ("tag", 1, 17),
        ("first half of the encapsulation", 17, 577),
        ("second half of the encapsulation", 577, 1_137),
        ("body", 1_137, 4_080),
        ("end of the body", 4_080, CELL_BYTES),
    ] {
        let found = difference(&real, &dummy, from, to);
        assert!(found < BOUND, "{part}: {found}");
    }
}

#[test]
fn the_test_itself_would_find_a_pile_of_zeros_or_a_fixed_byte() {
    let bent = |cell: &Cell| {
        let mut bytes = *cell.bytes();
        bytes[2_000] = 0;
        Cell::parse(&bytes).unwrap()
    };
    let bent: Vec<Cell> = dummies().iter().map(bent).collect();
    assert!(difference(&real_cells(), &bent, 1_990, 2_010) > BOUND);
}

#[test]
fn no_byte_but_the_version_is_constant_over_cells() {
    for cells in [real_cells(), dummies()] {
        for at in 1..CELL_BYTES {
            let first = cells[0].bytes()[at];
            assert!(
                cells.iter().any(|c| c.bytes()[at] != first),
                "byte {at} never changes"
            );
        }
    }
}
