//! What a relay with a million stored letters takes of a machine's memory, and how soon it is there.
//!
//! The letters are kept by the relay's own store and listed by its own closings, with the clock handed
//! in: posting them would take minutes and show nothing more. They are one sealed letter under a
//! million nonces, which are a million letters to a relay (protocol §4.2).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use envelope::Leaf;
use envelope::keys::RelaySecret;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use relay::store::{Incoming, Kept, Quota, Shelf, Terms};
use relay::{FolderShelf, Limits, Relay};

use crate::broken::{Try, While, stop};
use crate::office::{Epochs, Office, Postings, SEED, Writer, now};
use crate::place::{self, Folder, Profile};
use crate::served::Served;
use crate::{interrupt, machine, wire};

/// Letters an epoch takes here: a fifth of what a relay takes in one unless told otherwise.
const AN_EPOCH: usize = 20_000;
/// So that the last epochs' end still lies in the past.
const EPOCHS: Epochs = Epochs {
    seconds: 3_600,
    leaves: 1_024,
    cells: 32,
};
/// Letters handed to the store before the first has to be on the disk.
const IN_FLIGHT: usize = 4_096;
/// Letters of which it is asked whether they are still known.
const ASKED: usize = 200;

/// What was seen.
pub(crate) struct Seen {
    /// Letters stored when the relay started.
    pub(crate) letters: usize,
    /// Binary megabytes, proportional, ten seconds after the start.
    pub(crate) mb: f64,
    /// The most it ever held, starting included.
    pub(crate) peak_mb: f64,
    /// From its start until it listens.
    pub(crate) start_s: f64,
}

/// Fills a store, starts the relay on it and looks.
pub(crate) fn stored(letters: usize, idle: Duration, profile: Profile) -> Try<Seen> {
    place::build(&["relay"], profile)?;
    let folder = Folder::on_disk("million")?;
    machine::store_fs(folder.path())?;
    let office = Office::of_seed(SEED).founded(60);
    let address: SocketAddr = ([127, 0, 0, 1], wire::free_port()?).into();
    let mut served = Served::founded(&office, profile, folder.path(), address, None)?;
    eprintln!("storing {letters} letters");
    let postings = fill(&served, &office, letters)?;

    let begin = Instant::now();
    served.start()?;
    let start_s = begin.elapsed().as_secs_f64();
    let Some(id) = served.id() else {
        return stop("the relay is not running");
    };
    std::thread::sleep(idle);
    let seen = Seen {
        letters,
        mb: machine::pss_mb(id)?,
        peak_mb: machine::peak_mb(id)?,
        start_s,
    };
    // A figure of a relay that has forgotten its letters would be worth nothing.
    for number in (0..letters).step_by((letters / ASKED).max(1)) {
        known(&served, &postings, number)?;
    }
    Ok(seen)
}

/// Closed epochs with so many letters, all of the past.
fn fill(served: &Served<'_>, office: &Office, letters: usize) -> Try<Postings> {
    let doing = || "filling a store".to_owned();
    let store = served.store();
    let seed = std::fs::read(store.join("relay.key")).doing(doing)?;
    let Ok(seed) = <[u8; 32]>::try_from(seed.as_slice()) else {
        return stop("the relay's seed is not 32 bytes");
    };
    let shelf: Arc<dyn Shelf> = Arc::new(FolderShelf::open(&store).doing(doing)?);
    let relay = Relay::open(
        Arc::clone(&shelf),
        RelaySecret::from_seed(&seed),
        office.root_key(),
        Limits::default(),
        now(),
    )
    .doing(doing)?;
    let notice = office.notice(served.key, &format!("http://{}", served.address), EPOCHS);
    let key = office.intake_public();
    let period = office.period.number();
    for status in [
        relay.put_notice(&notice, now()).status,
        relay.put_key(period, &key).status,
    ] {
        if status != 204 {
            return stop(format!("the relay of the past answered {status}"));
        }
    }
    let writer = Writer::of(office, office.intake_key(&notice)?);
    let postings = Postings::sealed(&writer, 1)?;
    let mut rng = ChaCha20Rng::seed_from_u64(SEED);
    let epochs = letters.div_ceil(AN_EPOCH);
    let seconds = u64::from(EPOCHS.seconds);
    let first_end = now() / seconds * seconds - epochs as u64 * seconds;
    for (end, from) in (0..letters)
        .step_by(AN_EPOCH)
        .enumerate()
        .map(|(n, from)| (first_end + n as u64 * seconds, from))
    {
        if interrupt::asked() {
            return stop("asked to end");
        }
        keep(&*shelf, &postings, from..(from + AN_EPOCH).min(letters))?;
        relay.close_epoch(end, &mut rng).doing(doing)?;
    }
    Ok(postings)
}

fn keep(shelf: &dyn Shelf, postings: &Postings, numbers: std::ops::Range<usize>) -> Try<()> {
    let room = Quota {
        letters: u64::MAX,
        bytes: u64::MAX,
    };
    let new = Arc::new(AtomicUsize::new(0));
    let (came, comes) = std::sync::mpsc::channel();
    let expected = numbers.len();
    for (handed, number) in numbers.enumerate() {
        let Some(bytes) = postings.posting(number) else {
            return stop("no letter was sealed");
        };
        let Ok((letter, _)) = Incoming::of(bytes) else {
            return stop("a bench letter is no posting");
        };
        let (new, came) = (Arc::clone(&new), came.clone());
        let done = move |kept, _: Option<&_>| {
            new.fetch_add(usize::from(matches!(kept, Kept::New(_))), Ordering::Relaxed);
            came.send(()).ok();
        };
        shelf.keep(letter, Terms::open(room), Box::new(done));
        if handed >= IN_FLIGHT {
            comes.recv().doing(|| "storing letters".to_owned())?;
        }
    }
    drop(came);
    for () in comes {}
    match new.load(Ordering::Relaxed) == expected {
        true => Ok(()),
        false => stop("the store did not keep a letter"),
    }
}

/// Posts a letter again: it has to be known, in the epoch that lists it.
fn known(served: &Served<'_>, postings: &Postings, number: usize) -> Try<()> {
    let (Some(posting), Some(leaf)) = (postings.posting(number), postings.leaf(number)) else {
        return stop("no letter was sealed");
    };
    let answer = wire::ask(served.address, "POST", "/letters", &[], &posting)
        .doing(|| "posting a letter again".to_owned())?;
    let epoch = served.promised(&answer.body, leaf).map(|epoch| epoch.0);
    if answer.status == 200 && epoch == Some((number / AN_EPOCH) as u64) {
        return Ok(());
    }
    let Leaf(leaf) = leaf;
    stop(format!(
        "letter {number} ({}) was not known: {}",
        place::hex(&leaf),
        answer.status
    ))
}
