//! Desks that work apart and come together again: the same on each, nothing lost, nothing twice.

use std::collections::BTreeMap;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::stage::{Desk, admit, case, office};
use crate::{Role, Scope, concurrent, saw};

/// Desks write by chance, online or off, and meet by chance; at the end all are online.
fn apart(seed: u64, colleagues: u64, edits: usize) {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let (mut amal, mut relay) = office();
    let mut desks: Vec<Desk> = (0..colleagues)
        .map(|n| {
            let code = format!("p{n}");
            admit(
                &mut amal,
                &mut relay,
                100 + n,
                &code,
                &[Role::Intake, Role::Verifier],
            )
        })
        .collect();
    desks.push(amal);
    for desk in &mut desks {
        desk.sync(&mut relay).unwrap();
    }
    let many = u32::try_from(desks.len()).unwrap();
    // For each text: its author, and what its author had on the screen when writing it.
    let mut wrote: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    let mut own: Vec<Vec<String>> = vec![vec![]; desks.len()];
    let mut online: Vec<bool> = vec![true; desks.len()];
    for n in 0..edits {
        let at = usize::try_from(rng.next_u32() % many).unwrap();
        if rng.next_u32().is_multiple_of(16) {
            let who = usize::try_from(rng.next_u32() % many).unwrap();
            online[who] = !online[who];
        }
        let text = format!("edit {n} of desk {at}");
        let scope = match rng.next_u32() % 4 {
            0 => Scope::Team,
            1 => case(&desks[at], Role::Verifier),
            _ => case(&desks[at], Role::Intake),
        };
        let mut knew = desks[at].texts();
        knew.extend(own[at].iter().cloned());
        // Every eighth is looked at closely; the others only counted.
        if n.is_multiple_of(8) {
            wrote.insert(text.clone(), (at, knew));
        } else {
            wrote.insert(text.clone(), (at, vec![]));
        }
        own[at].push(text.clone());
        desks[at].say(scope, &text);
        if online[at] {
            desks[at].sync(&mut relay).unwrap();
        } else if rng.next_u32().is_multiple_of(5) {
            // It reads without writing, or writes and never hears of it.
            desks[at].read(&relay).unwrap();
            if let Some(sealed) = desks[at].seal().unwrap() {
                relay.append(sealed.position, &sealed.item);
            }
        }
    }
    for desk in &mut desks {
        desk.sync(&mut relay).unwrap();
    }
    for desk in &mut desks {
        desk.sync(&mut relay).unwrap();
        assert_eq!(desk.outbox.drafts().count(), 0);
        assert_eq!(desk.refused, []);
    }
    let first = &desks[0];
    let mut texts = first.texts();
    for desk in &desks {
        assert_eq!(desk.log.head(), first.log.head(), "seed {seed}");
        assert_eq!(desk.lines, first.lines, "seed {seed}");
    }
    // What an author knew is what the log says of it.
    let lines: Vec<_> = first.lines.iter().zip(texts.clone()).collect();
    for (line, text) in &lines {
        let (_, knew) = &wrote[text];
        if knew.is_empty() {
            continue;
        }
        for (other, told) in &lines {
            let seen = saw(&line.place, &other.place);
            assert_eq!(seen, knew.contains(told), "{text} and {told}, seed {seed}");
            let blind = text != told && !seen && !saw(&other.place, &line.place);
            assert_eq!(concurrent(&line.place, &other.place), blind);
        }
    }
    // Each desk's own words stand in the order in which they were written.
    for (at, own) in own.iter().enumerate() {
        let of = |text: &&String| wrote[*text].0 == at;
        assert!(texts.iter().filter(of).eq(own), "seed {seed}");
    }
    texts.sort();
    let all: Vec<String> = wrote.into_keys().collect();
    assert_eq!(texts, all, "seed {seed}: lost or doubled");
}

#[test]
fn two_desks_with_thousands_of_concurrent_edits_end_with_the_same_and_lose_nothing() {
    apart(1, 1, 3_000);
}

#[test]
fn three_desks_over_many_random_partitions_end_with_the_same_and_lose_nothing() {
    for seed in 10..30 {
        apart(seed, 2, 120);
    }
}
