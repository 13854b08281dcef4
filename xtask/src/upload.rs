//! What a large file costs: a hundred megabytes in pieces, sealed by the sender and posted over a few
//! lines at once as `temoin-report` does it, until the last receipt was checked.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use envelope::keys::RelayKey;
use envelope::notice::IntakeKey;
use envelope::{MailboxId, Receipt};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use seal::{Attachment, CHUNK_BYTES, ContentHash, FileId};

use crate::broken::{Try, While, stop};
use crate::machine;
use crate::office::{Epochs, Office, SEED};
use crate::place::Profile;
use crate::served::Served;
use crate::wire;

/// Lines at once, as `temoin-report` has them.
const LINES: u64 = 4;

/// What one round saw.
pub(crate) struct Sent {
    /// Binary megabytes of the file a second, reading, sealing and the last receipt included.
    pub(crate) mb_per_s: f64,
    /// What the relay's memory grew to above what it was.
    pub(crate) growth_mb: f64,
    /// Binary megabytes a second of writing the same file and syncing it once.
    pub(crate) disk_mb_per_s: f64,
    /// CPU of the relay, milliseconds a megabyte.
    pub(crate) cpu_ms_per_mb: f64,
}

/// One file of so many bytes to a fresh relay.
pub(crate) fn round(
    office: &Office,
    profile: Profile,
    folder: &Path,
    epochs: Epochs,
    bytes: u64,
    number: u64,
) -> Try<Sent> {
    let file = folder.join("file");
    let disk_mb_per_s = written(&file, bytes, SEED ^ number)?;
    let mut served = Served::new(office, profile, folder, epochs)?;
    let Some(id) = served.id() else {
        return stop("the relay is not running");
    };
    let notice = wire::ask(served.address, "GET", "/office/notice", &[], &[])
        .doing(|| "asking for the notice".to_owned())?;
    let key = office.intake_key(&notice.body)?;
    // As after a start, and nothing of it counts as growth.
    std::thread::sleep(Duration::from_millis(500));
    machine::forget_peak(id)?;
    let before = machine::peak_mb(id)?;
    let cpu = machine::cpu_seconds(id)?;

    let begin = Instant::now();
    let announced = announced(&file, number)?;
    let next = AtomicU32::new(0);
    let sending = Sending {
        relay: served.address,
        relay_key: served.key,
        file: &file,
        announced: &announced,
        key: &key,
        mailbox: office.mailbox,
        next: &next,
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..LINES)
            .map(|line| {
                let sending = &sending;
                scope.spawn(move || sending.one_line(SEED ^ (number << 8) ^ line))
            })
            .collect();
        running
            .into_iter()
            .try_for_each(|one| one.join().unwrap_or_else(|_| stop("a line stopped")))
    })?;
    let took = begin.elapsed().as_secs_f64();
    let mb = bytes as f64 / f64::from(1 << 20);
    let sent = Sent {
        mb_per_s: mb / took,
        growth_mb: machine::peak_mb(id)? - before,
        disk_mb_per_s,
        cpu_ms_per_mb: (machine::cpu_seconds(id)? - cpu) * 1e3 / mb,
    };
    served.kill();
    Ok(sent)
}

/// Writes a file of random bytes and syncs it: what the disk can do alone.
fn written(path: &Path, bytes: u64, seed: u64) -> Try<f64> {
    let doing = || "writing the file to send".to_owned();
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let mut all = vec![0; usize::try_from(bytes).unwrap_or(usize::MAX)];
    rng.fill_bytes(&mut all);
    let begin = Instant::now();
    let mut file = File::create(path).doing(doing)?;
    for piece in all.chunks(256 * 1_024) {
        file.write_all(piece).doing(doing)?;
    }
    file.sync_data().doing(doing)?;
    Ok(bytes as f64 / f64::from(1 << 20) / begin.elapsed().as_secs_f64())
}

/// What the report would announce: the file is read once for its hash.
fn announced(path: &Path, number: u64) -> Try<Attachment> {
    let doing = || "reading the file to send".to_owned();
    let mut file = File::open(path).doing(doing)?;
    let mut hash = ContentHash::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let read = file.read(&mut chunk).doing(doing)?;
        if read == 0 {
            break;
        }
        hash.take(chunk.get(..read).unwrap_or_default());
    }
    let mut rng = ChaCha20Rng::seed_from_u64(number);
    match Attachment::of(hash, FileId::draw(&mut rng), None) {
        Ok(announced) => Ok(announced),
        Err(why) => stop(format!("the file cannot be announced: {why:?}")),
    }
}

struct Sending<'a> {
    relay: SocketAddr,
    relay_key: RelayKey,
    file: &'a Path,
    announced: &'a Attachment,
    key: &'a IntakeKey,
    mailbox: MailboxId,
    /// The next piece nobody has taken.
    next: &'a AtomicU32,
}

impl Sending<'_> {
    /// Seals and posts pieces until none is left.
    fn one_line(&self, seed: u64) -> Try<()> {
        use std::os::unix::fs::FileExt;
        let doing = || "sending pieces".to_owned();
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let file = File::open(self.file).doing(doing)?;
        let mut line = TcpStream::connect(self.relay).doing(doing)?;
        line.set_nodelay(true).doing(doing)?;
        let mut room = vec![0; CHUNK_BYTES];
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.announced.pieces {
                return Ok(());
            }
            let chunk = room
                .get_mut(..self.announced.chunk_bytes(number))
                .unwrap_or_default();
            let at = u64::from(number) * CHUNK_BYTES as u64;
            file.read_exact_at(chunk, at).doing(doing)?;
            let Ok(letter) = seal::piece(self.announced, number, chunk, self.key, &mut rng) else {
                return stop("a piece could not be sealed");
            };
            let posting = letter.posting();
            line.write_all(&wire::head(
                self.relay,
                "POST",
                "/letters",
                &[("content-type", "application/octet-stream")],
                posting,
            ))
            .doing(doing)?;
            line.write_all(posting).doing(doing)?;
            let answer = wire::read_answer(&mut line).doing(doing)?;
            let key = &self.relay_key;
            let receipt = Receipt::verify(&answer.body, letter.leaf(), &self.mailbox, key);
            if answer.status != 201 || receipt.is_err() {
                return stop(format!("a piece was answered with {}", answer.status));
            }
        }
    }
}
