//! A file over a line that loses a tenth of what it is given and breaks twenty times: whether it
//! arrives, and how much of it was sent again.
//!
//! What TCP sends again is the line's doing. Counted is what `temoin-report` gave to the relay's end
//! of its connections beyond what the same errand takes over a good line.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use crate::broken::{Try, While};
use crate::child::{self, Child, Shown};
use crate::line::{self, Line};
use crate::link::{self, FAR, Link};
use crate::office::{Epochs, Office, SEED};
use crate::past;
use crate::place::{self, Folder, Profile, ThisProgram};
use crate::served::Served;

/// Breaks of the line, each for a second, within this time of its beginning.
const BREAKS: usize = 20;
const WITHIN: Duration = Duration::from_secs(30);
const BROKEN: Duration = Duration::from_secs(1);
/// 500 kbit/s, 200 ms there and back: a middling mobile line.
const MOBILE: Line = Line {
    kbit_s: 500,
    one_way: Duration::from_millis(100),
    ..Line::SLOW
};
/// What a megabyte is here.
const BYTES: usize = 1_000_000;
const EPOCHS: Epochs = Epochs {
    seconds: 3_600,
    leaves: 64,
    cells: 16,
};
/// The relay listens here, and the counter before it one higher.
const PORT: u16 = 8_080;

/// What was seen.
pub(crate) struct Seen {
    /// Share of the bytes that were sent again.
    pub(crate) resent: f64,
    /// Seconds until every piece had its receipt.
    pub(crate) took_s: f64,
    /// Breaks that began while it was under way.
    pub(crate) breaks: usize,
}

/// An office, and a file for it.
pub(crate) struct Errand {
    folder: Folder,
    office: Office,
    profile: Profile,
    /// Bytes the errand takes where nothing is lost.
    needed: u64,
}

impl Errand {
    /// Founds the office and sends the file over a good line once.
    pub(crate) fn prepared(profile: Profile) -> Try<Self> {
        link::possible()?;
        place::build(&["relay", "temoin-report"], profile)?;
        let folder = Folder::on_disk("broken-line")?;
        let office = Office::of_seed(SEED).founded(14);
        let address: SocketAddr = format!("{FAR}:{PORT}")
            .parse()
            .doing(|| "naming the far end".to_owned())?;
        let served = Served::founded(&office, profile, folder.path(), address, None)?;
        past::board(&served, &office, EPOCHS, 1, &[])?;
        let mut rng = ChaCha20Rng::seed_from_u64(SEED);
        let mut bytes = vec![0; BYTES];
        rng.fill_bytes(&mut bytes);
        write(&folder.join("file.bin"), &bytes)?;
        let report = "{\"narrative\":\"Sample: invented for a measurement.\"}\n";
        write(&folder.join("report.jsonl"), report.as_bytes())?;
        let mut errand = Self {
            folder,
            office,
            profile,
            needed: 0,
        };
        let good = Line {
            kbit_s: 100_000,
            one_way: Duration::from_millis(1),
            ..Line::SLOW
        };
        errand.needed = errand.walk(&Link::over(good, SEED, &[])?)?.0;
        Ok(errand)
    }

    /// The file over the bad line, losing other packets and breaking at other moments each round.
    pub(crate) fn round(&self, number: u64) -> Try<Seen> {
        let cuts = line::cuts(SEED ^ number, BREAKS, WITHIN, BROKEN);
        let begin = Instant::now();
        let link = Link::over(MOBILE.losing(100, 1), SEED ^ number, &cuts)?;
        let (sent, took) = self.walk(&link)?;
        let end = begin.elapsed();
        Ok(Seen {
            resent: sent as f64 / self.needed as f64 - 1.0,
            took_s: took.as_secs_f64(),
            breaks: cuts.iter().filter(|(from, _)| *from < end).count(),
        })
    }

    /// Sends report and file with the real program; bytes that reached the far end, and the time.
    fn walk(&self, link: &Link) -> Try<(u64, Duration)> {
        let _relay = Served::left_in(self.profile, self.folder.path(), &link.far)?;
        let program = ThisProgram::copied()?;
        let counted = self.folder.join("counted");
        let mut counter = link.far.command(program.path());
        counter
            .args(["far-counter", &format!("{FAR}:{}", PORT + 1)])
            .arg(format!("{FAR}:{PORT}"))
            .arg(&counted);
        let mut counter = Child::start("the counter", &mut counter)?;
        counter.line_after("listening on", Duration::from_secs(10))?;
        let mut sending = place::command("temoin-report", self.profile);
        sending
            .arg("send")
            .arg(self.folder.join("report.jsonl"))
            .args(["--relay", &format!("http://{FAR}:{}", PORT + 1)])
            .args(["--root", &self.office.root_hex()])
            .arg("--attach")
            .arg(self.folder.join("file.bin"));
        let begin = Instant::now();
        child::must(
            "temoin-report send",
            &mut link.near.within(&sending),
            Shown::No,
        )?;
        let took = begin.elapsed();
        let bytes = std::fs::read_to_string(&counted)
            .doing(|| "reading what was counted".to_owned())?
            .trim()
            .parse()
            .doing(|| "reading what was counted".to_owned())?;
        Ok((bytes, took))
    }
}

fn write(path: &Path, bytes: &[u8]) -> Try<()> {
    std::fs::write(path, bytes).doing(|| format!("writing {}", path.display()))
}

/// Passes connections on and keeps in a file how many bytes came from their beginning end, until it
/// is killed. Not for people.
pub(crate) fn counter(address: &str, target: &str, file: &str) -> Try<()> {
    let doing = || "counting at the far end".to_owned();
    let target: SocketAddr = target.parse().doing(doing)?;
    let listener = TcpListener::bind(address).doing(doing)?;
    println!("listening on {address}");
    let (count, file) = (Arc::new(Mutex::new(0_u64)), Arc::new(file.to_owned()));
    for near in listener.incoming() {
        let near = near.doing(doing)?;
        let far = TcpStream::connect(target).doing(doing)?;
        let ends = || Ok::<_, std::io::Error>((near.try_clone()?, far.try_clone()?));
        let (near_reads, far_reads) = ends().doing(doing)?;
        let (count, file) = (Arc::clone(&count), Arc::clone(&file));
        std::thread::spawn(move || {
            pass(near_reads, far, |bytes| {
                let mut all = count.lock().unwrap_or_else(PoisonError::into_inner);
                *all += bytes as u64;
                // What is missing in the file is noticed by who reads it.
                std::fs::write(file.as_str(), all.to_string()).ok();
            });
        });
        std::thread::spawn(move || pass(far_reads, near, |_| {}));
    }
    Ok(())
}

fn pass(mut from: TcpStream, mut to: TcpStream, passed: impl Fn(usize)) {
    let mut chunk = vec![0; 64 * 1_024];
    while let Ok(read) = from.read(&mut chunk) {
        passed(read);
        let bytes = chunk.get(..read).unwrap_or_default();
        if bytes.is_empty() || to.write_all(bytes).is_err() {
            break;
        }
    }
    // Either end may be gone already.
    let _closed = (to.shutdown(Shutdown::Write), from.shutdown(Shutdown::Read));
}
