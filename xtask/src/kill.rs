//! The relay killed with `kill -9` at random points under load, started again on what is left, and
//! in the end asked what it lists: every acknowledged letter once, in the epoch its receipt names.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use envelope::board::{ManifestHash, OPENING_BYTES};
use envelope::{Epoch, Leaf, LetterHash, Posting};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use crate::broken::{Try, stop};
use crate::load::{self, Todo};
use crate::office::{Epochs, Office, Postings, SEED, Writer};
use crate::place::{Folder, Profile};
use crate::served::Served;

/// Letters a life may take before it is killed.
const LETTERS_A_LIFE: usize = 160;
const CONNECTIONS: usize = 16;

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) kills: usize,
    pub(crate) acknowledged: usize,
    /// Kills that hit at least one letter whose sender was still waiting.
    pub(crate) in_flight: usize,
    pub(crate) epochs: u64,
    /// Acknowledged and not listed in the promised epoch.
    pub(crate) lost: usize,
    /// Listed, opened or handed out more than once.
    pub(crate) doubled: usize,
}

impl Seen {
    /// The sentence of the gate.
    pub(crate) fn told(&self) -> String {
        format!(
            "{} kills ({} with letters in flight), {} letters acknowledged, {} epochs: {} lost, {} doubled",
            self.kills, self.in_flight, self.acknowledged, self.epochs, self.lost, self.doubled
        )
    }

    /// None lost, none doubled, and the kills did hit something.
    pub(crate) fn holds(&self) -> Try<()> {
        if self.lost > 0 || self.doubled > 0 {
            return stop(self.told());
        }
        if self.acknowledged < self.kills || self.in_flight * 4 < self.kills {
            return stop(format!("the kills hit nothing: {}", self.told()));
        }
        Ok(())
    }
}

/// Kills a relay this many times.
pub(crate) fn relay(kills: usize, profile: Profile) -> Try<Seen> {
    let folder = Folder::on_disk("kill")?;
    let office = Office::of_seed(SEED);
    let epochs = Epochs {
        seconds: 1,
        leaves: 64,
        cells: 2,
    };
    let mut served = Served::new(&office, profile, folder.path(), epochs)?;
    let notice = crate::wire::ask(served.address, "GET", "/office/notice", &[], &[])
        .map(|answer| answer.body)
        .unwrap_or_default();
    let writer = Writer::of(&office, office.intake_key(&notice)?);
    let postings = Postings::sealed(&writer, kills * LETTERS_A_LIFE)?;

    let mut random = ChaCha20Rng::seed_from_u64(SEED);
    let mut todo = Todo::default();
    let mut promises: HashMap<usize, Epoch> = HashMap::new();
    let mut seen = Seen::default();
    for _ in 0..kills {
        todo.more(LETTERS_A_LIFE);
        life(
            &mut served,
            &postings,
            &mut todo,
            &mut promises,
            &mut random,
            &mut seen,
        )?;
        served.start()?;
    }

    // What nobody knows of yet is posted again: the same bytes, and no second copy.
    let (mut broken, address) = (None, served.address);
    load::pump(
        address,
        CONNECTIONS,
        &postings,
        &mut todo,
        || true,
        |answer| note(&served, &postings, &answer, &mut promises, &mut broken),
    )?;
    if let Some(why) = broken {
        return stop(why);
    }
    let last = promises.values().max().copied().unwrap_or(Epoch(0));
    served.until_closed(last, Duration::from_secs(60))?;
    seen.acknowledged = promises.len();
    audit(&served, &postings, &promises, &mut seen)?;
    Ok(seen)
}

/// One life of the relay: letters, and a kill somewhere among them or while an epoch closes.
fn life(
    served: &mut Served<'_>,
    postings: &Postings,
    todo: &mut Todo,
    promises: &mut HashMap<usize, Epoch>,
    random: &mut ChaCha20Rng,
    seen: &mut Seen,
) -> Try<()> {
    let Some(child) = served.take() else {
        return stop("the relay is not running");
    };
    let moments = u32::try_from(LETTERS_A_LIFE).unwrap_or(u32::MAX);
    // Three lives in four end after some letters; one ends at any moment of more than an epoch, so
    // that closings are hit too, with letters kept back to be in flight then.
    let after_letters = (!random.next_u32().is_multiple_of(4)).then(|| random.next_u32() % moments);
    let jitter = Duration::from_micros(u64::from(random.next_u32() % 3_000));
    let at_moment = Duration::from_millis(u64::from(random.next_u32() % 1_300));

    let (address, mut broken) = (served.address, None);
    let mut answers = 0;
    let mut child = Some(child);
    let begin = Instant::now();
    std::thread::scope(|scope| {
        let (reached, is_reached) = std::sync::mpsc::channel::<()>();
        let killer = child.take();
        scope.spawn(move || {
            if after_letters.is_some() {
                // A life whose letters gave out is killed idle.
                let _reached = is_reached.recv_timeout(Duration::from_secs(5));
                std::thread::sleep(jitter);
            } else {
                std::thread::sleep(at_moment);
            }
            if let Some(child) = killer {
                child.kill();
            }
        });
        let slow = after_letters.is_none();
        let ended = load::pump(
            address,
            CONNECTIONS,
            postings,
            todo,
            || true,
            |answer| {
                answers += 1;
                if after_letters.is_some_and(|n| answers >= n) {
                    // Told more than once is told once.
                    let _told = reached.send(());
                }
                note(served, postings, &answer, promises, &mut broken);
                if slow && answers > 32 {
                    std::thread::sleep(Duration::from_millis(8));
                }
            },
        );
        let _told = reached.send(());
        ended
    })?;
    seen.kills += 1;
    seen.in_flight += usize::from(!todo.is_empty());
    if let Some(why) = broken {
        return stop(why);
    }
    if begin.elapsed() > Duration::from_secs(60) {
        return stop("a life of the relay took longer than a minute");
    }
    Ok(())
}

/// Keeps a promise to be checked; anything but a promise ends the run.
fn note(
    served: &Served<'_>,
    postings: &Postings,
    answer: &load::Answered<'_>,
    promises: &mut HashMap<usize, Epoch>,
    broken: &mut Option<String>,
) {
    let promised = postings
        .leaf(answer.at)
        .and_then(|leaf| served.promised(answer.body, leaf));
    let told = match (answer.status, promised) {
        (200 | 201, Some(epoch)) => match promises.insert(answer.at, epoch) {
            Some(before) if before != epoch => {
                format!(
                    "one letter was promised for epoch {} and for {}",
                    before.0, epoch.0
                )
            }
            _ => return,
        },
        (200 | 201, None) => "a receipt does not hold".to_owned(),
        (status, _) => format!("a good letter was answered with {status}"),
    };
    broken.get_or_insert(told);
}

/// Walks the board and the office's own requests, and counts.
fn audit(
    served: &Served<'_>,
    postings: &Postings,
    promises: &HashMap<usize, Epoch>,
    seen: &mut Seen,
) -> Try<()> {
    let ours: HashMap<Leaf, usize> = (0..postings.len())
        .filter_map(|at| Some((postings.leaf(at)?, at)))
        .collect();
    let newest = served.newest()?.unwrap_or(Epoch(0));
    seen.epochs = newest.0 + 1;
    let mut listed: HashMap<usize, Vec<Epoch>> = HashMap::new();
    let mut opened: BTreeMap<usize, usize> = BTreeMap::new();
    let mut before = ManifestHash::NONE;
    for number in 0..=newest.0 {
        let (leaves, manifest) = served.listed(Epoch(number))?;
        if manifest.manifest().previous != before {
            return stop(format!("the chain breaks at epoch {number}"));
        }
        before = manifest.hash();
        for at in leaves.iter().filter_map(|leaf| ours.get(leaf)) {
            listed.entry(*at).or_default().push(Epoch(number));
        }
        for leaf in openings(served, number, leaves.len())? {
            match ours.get(&leaf) {
                Some(at) => *opened.entry(*at).or_default() += 1,
                None => return stop(format!("epoch {number} opens to a letter nobody posted")),
            }
        }
    }
    let handed = handed_out(served, postings, &ours)?;
    for (at, promised) in promises {
        let kept = listed
            .get(at)
            .is_some_and(|epochs| epochs.contains(promised))
            && opened.contains_key(at)
            && handed.contains_key(at);
        seen.lost += usize::from(!kept);
    }
    seen.doubled = listed.values().filter(|epochs| epochs.len() > 1).count()
        + opened.values().filter(|times| **times > 1).count()
        + handed.values().filter(|times| **times > 1).count();
    Ok(())
}

/// The leaves of real letters an epoch opens to.
fn openings(served: &Served<'_>, epoch: u64, leaves: usize) -> Try<Vec<Leaf>> {
    let answer = served.ask_as_office("GET", &format!("/office/openings/{epoch}"))?;
    if answer.status != 200 || answer.body.len() != leaves * OPENING_BYTES {
        return stop(format!(
            "openings of epoch {epoch}: status {}, {} bytes for {leaves} leaves",
            answer.status,
            answer.body.len()
        ));
    }
    let mut found = Vec::new();
    for opening in answer.body.as_chunks::<OPENING_BYTES>().0 {
        let (kind, rest) = opening.split_first().unwrap_or((&1, &[]));
        if let (0, Some((hash, nonce))) = (kind, rest.split_first_chunk::<32>())
            && let Some(nonce) = nonce.first_chunk()
        {
            found.push(Leaf::of(LetterHash(*hash), nonce));
        }
    }
    Ok(found)
}

/// How often each letter is handed to the office, its bytes compared with what was posted.
fn handed_out(
    served: &Served<'_>,
    postings: &Postings,
    ours: &HashMap<Leaf, usize>,
) -> Try<BTreeMap<usize, usize>> {
    let mut handed = BTreeMap::new();
    let mut after: u64 = 0;
    loop {
        let answer = served.ask_as_office("GET", &format!("/office/letters?after={after}"))?;
        if answer.status != 200 {
            return stop(format!(
                "the relay answered {} to its office",
                answer.status
            ));
        }
        let mut rest = answer.body.as_slice();
        if rest.is_empty() {
            return Ok(handed);
        }
        while !rest.is_empty() {
            let Some((record, more)) = Record::parse(rest) else {
                return stop("the relay hands out a record that is cut");
            };
            rest = more;
            after = after.max(record.position);
            let posted = ours.get(&record.leaf).copied().and_then(|at| {
                let request = postings.request(at)?;
                request.ends_with(&record.posting).then_some(at)
            });
            match posted {
                Some(at) if Posting::parse(&record.posting).is_ok() => {
                    *handed.entry(at).or_default() += 1;
                }
                _ => return stop("the relay hands out bytes nobody posted"),
            }
        }
    }
}

/// One letter as the relay hands it to its office. (protocol §8)
struct Record {
    position: u64,
    leaf: Leaf,
    /// Nonce and letter, joined as they were posted.
    posting: Vec<u8>,
}

impl Record {
    fn parse(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (position, rest) = bytes.split_first_chunk::<8>()?;
        let (leaf, rest) = rest.split_first_chunk::<32>()?;
        let (nonce, rest) = rest.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (letter, rest) = rest.split_at_checked(length)?;
        let record = Self {
            position: u64::from_be_bytes(*position),
            leaf: Leaf(*leaf),
            posting: [nonce, letter].concat(),
        };
        Some((record, rest))
    }
}
