//! Every decoder that meets bytes from outside, fed with bytes nobody wrote: random ones, and good
//! ones with a few bytes bent, cut or doubled. None may panic, and none may take what is not its.
//!
//! A coverage-guided fuzzer finds more; this finds what a seeded walk of minutes finds, on every
//! machine, with nothing to install.

use std::time::Instant;

use envelope::board::SignedManifest;
use envelope::keys::{RelayKey, RootKey};
use envelope::notice::Notice;
use envelope::office_request::Claimed;
use envelope::{Cell, Leaf, MailboxId, Period, Posting, Receipt};
use open::IntakeSecret;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use record::Report;
use seal::LetterBody;

use crate::broken::{Try, stop};
use crate::office::{Epochs, Office, SEED, Writer, report};

/// Takes whatever it is given; whether it was taken as good is what comes back.
type Decoder = fn(&[u8]) -> bool;

const DECODERS: [(&str, Decoder); 8] = [
    ("report", |bytes| Report::decode(bytes).is_ok()),
    ("letter body", |bytes| {
        LetterBody::decode(bytes, Period::Week(2_900)).is_ok()
    }),
    ("inside of a letter", |bytes| {
        seal::split_inside(bytes).is_ok()
    }),
    ("posting", |bytes| Posting::parse(bytes).is_ok()),
    ("cell", |bytes| Cell::parse(bytes).is_ok()),
    ("notice", |bytes| {
        Notice::verify_any_day(bytes, &RootKey([3; 32])).is_ok()
    }),
    ("manifest", |bytes| {
        SignedManifest::verify(bytes, &MailboxId([1; 16]), &RelayKey([2; 32])).is_ok()
    }),
    ("receipt", |bytes| {
        Receipt::verify(
            bytes,
            Leaf([1; 32]),
            &MailboxId([1; 16]),
            &RelayKey([2; 32]),
        )
        .is_ok()
    }),
];

/// So many inputs in all.
pub(crate) fn long(inputs: u64) -> Try<String> {
    let begin = Instant::now();
    let mut random = ChaCha20Rng::seed_from_u64(SEED);
    let seeds = seeds()?;
    let mut accepted = 0_u64;
    let mut signed = 0_u64;
    for number in 0..inputs {
        let input = invented(&mut random, &seeds);
        let at = usize::try_from(number % (DECODERS.len() as u64 + 1)).unwrap_or(0);
        if let Some((name, decode)) = DECODERS.get(at) {
            let taken = decode(&input);
            accepted += u64::from(taken);
            // What needs a signature is never taken: the keys here signed nothing.
            if taken && ["notice", "manifest", "receipt"].contains(name) {
                signed += 1;
            }
        } else {
            let text = String::from_utf8_lossy(&input);
            accepted += u64::from(Claimed::parse(&text).is_some());
            let keys = [IntakeSecret::from_seed(Period::Week(1), &[5; 32])];
            if open::letter(&input, &MailboxId([1; 16]), &keys).is_ok() {
                signed += 1;
            }
        }
    }
    if signed > 0 {
        return stop(format!(
            "{signed} inputs were taken though nobody signed or sealed them"
        ));
    }
    Ok(format!(
        "{inputs} inputs into {} decoders, no panic; {accepted} were well-formed; nothing unsigned was believed. {:.0} s.",
        DECODERS.len() + 1,
        begin.elapsed().as_secs_f64()
    ))
}

/// Good bytes to bend.
fn seeds() -> Try<Vec<Vec<u8>>> {
    let office = Office::of_seed(SEED);
    let relay = envelope::keys::RelaySecret::from_seed(&[7; 32]).public();
    let epochs = Epochs {
        seconds: 60,
        leaves: 8,
        cells: 8,
    };
    let notice = office.notice(relay, "http://127.0.0.1", epochs);
    let letter = Writer::of(&office, office.intake_key(&notice)?).letter(1)?;
    let mut inside = Vec::new();
    let report = report(1).encode();
    inside.extend_from_slice(&u32::try_from(report.len()).unwrap_or(0).to_be_bytes());
    inside.extend_from_slice(&report);
    Ok(vec![
        report,
        inside,
        letter.posting().to_vec(),
        letter.letter().to_vec(),
        notice,
        office
            .signed("GET", "/office/letters?after=0", &[])
            .into_bytes(),
    ])
}

fn invented(random: &mut ChaCha20Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut below = |n: usize| usize::try_from(random.next_u32()).unwrap_or(0) % n.max(1);
    let which = below(seeds.len() + 1);
    let Some(seed) = seeds.get(which) else {
        let length = below(300);
        return (0..length)
            .map(|_| u8::try_from(below(256)).unwrap_or(0))
            .collect();
    };
    let mut bytes = seed.clone();
    for _ in 0..=below(4) {
        let at = below(bytes.len());
        match below(6) {
            0 => bytes.truncate(at),
            1 => {
                let more = bytes.get(at..).unwrap_or_default().to_vec();
                bytes.extend(more.into_iter().take(64));
            }
            // Heads of CBOR that promise much: long texts, deep nesting, endless lists.
            2 => {
                const HEADS: [u8; 8] = [0x7b, 0x9b, 0xbb, 0x9f, 0xbf, 0x81, 0xff, 0x1b];
                if let (Some(byte), Some(head)) = (bytes.get_mut(at), HEADS.get(below(8))) {
                    *byte = *head;
                }
            }
            3 => {
                let head = u8::try_from(below(256)).unwrap_or(0);
                bytes.insert(at.min(bytes.len()), head);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << below(8);
                }
            }
        }
    }
    bytes
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    #[test]
    fn no_decoder_panics_or_believes_what_nobody_signed() {
        super::long(4_000).unwrap();
    }
}
