//! What a person waits on a slow line: the landing page, a report with its receipt, an answer. A real
//! browser at one end of the link, a real relay with ninety days behind it at the other.

use std::net::SocketAddr;
use std::time::Duration;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use seal::Master;
use seal::words::{WordList, Words};
use serde_json::json;

use crate::broken::{Try, While, stop};
use crate::child::Child;
use crate::line::Line;
use crate::link::{self, FAR, Link};
use crate::office::{Epochs, Office, SEED};
use crate::place::{self, Folder, Profile};
use crate::served::Served;
use crate::{journeys, past};

/// What a reader's window is.
const DAYS: u32 = 90;
/// A small office's board: an epoch every six hours, sixteen cells in each. (protocol §6)
const EPOCHS: Epochs = Epochs {
    seconds: 21_600,
    leaves: 64,
    cells: 16,
};
const PORT: u16 = 8_080;
/// One thing on the slowest line, browser start included.
const PATIENCE: Duration = Duration::from_secs(300);

/// What was waited, a figure a round.
#[derive(Default)]
pub(crate) struct Waits {
    /// Seconds.
    pub(crate) took: Vec<f64>,
    /// Bytes on the link in both directions, headers of IP included.
    pub(crate) bytes: Vec<f64>,
}

/// What a person does.
#[derive(Clone, Copy)]
pub(crate) enum Errand {
    /// The first page, until its links can be followed.
    Landing,
    /// From the form's address until the receipt was checked, typed at a machine's speed.
    Report,
    /// From the form's address, with words in hand, until the answer is on the screen.
    Answer,
}

impl Errand {
    fn name(self) -> &'static str {
        match self {
            Self::Landing => "landing",
            Self::Report => "report",
            Self::Answer => "answer",
        }
    }
}

/// An office to be visited over bad lines.
pub(crate) struct Slow {
    words: String,
    folder: Folder,
    profile: Profile,
}

impl Slow {
    /// The office and its pages, ninety days of its board, and somebody whom an answer waits for.
    pub(crate) fn office(profile: Profile) -> Try<Self> {
        link::possible()?;
        journeys::browsers()?;
        place::build(&["relay"], profile)?;
        let folder = Folder::on_disk("slow")?;
        let mut office = Office::of_seed(SEED).founded(2 * DAYS);
        let site = past::site(&mut office, folder.path())?;
        let mut rng = ChaCha20Rng::seed_from_u64(SEED);
        let words = Words::draw(WordList::English, &mut rng);
        let to = Master::of(&words, &office.mailbox);
        let cells = office.answer(&to, office.today, "Sample answer: read. Are you safe?")?;
        eprintln!("a board of {DAYS} days");
        let address: SocketAddr = format!("{FAR}:{PORT}")
            .parse()
            .doing(|| "naming the far end".to_owned())?;
        let served = Served::founded(&office, profile, folder.path(), address, Some(&site))?;
        past::board(&served, &office, EPOCHS, DAYS, &cells)?;
        let shown: Vec<&str> = words.shown().collect();
        Ok(Self {
            words: shown.join(" "),
            folder,
            profile,
        })
    }

    /// One errand over one line, each time in a browser that knows nothing.
    pub(crate) fn walk(&self, errand: Errand, line: Line, rounds: usize) -> Try<Waits> {
        let link = Link::over(line, SEED, &[])?;
        // Declared after the link, so that it ends before its namespace does.
        let _relay = Served::left_in(self.profile, self.folder.path(), &link.far)?;
        let known = json!({
            "reporter": format!("http://{FAR}:{PORT}/"),
            "errand": errand.name(),
            "rounds": rounds,
            "words": self.words,
        });
        let mut walking = place::node()?;
        walking
            .arg("journeys/slow.mjs")
            .current_dir(place::reporter())
            .env("TEMOIN_STAGE", known.to_string());
        let mut walking = Child::start("slow.mjs", &mut link.near.within(&walking))?;
        let mut waits = Waits::default();
        for round in 0..rounds {
            walking.line_after("begins", PATIENCE)?;
            let before = link.up() + link.down();
            let took = walking.line_after("took", PATIENCE)?;
            waits.bytes.push((link.up() + link.down() - before) as f64);
            let seconds: f64 = took.parse().doing(|| "reading a time".to_owned())?;
            eprintln!(
                "{}, {} of 1,000 lost, round {} of {rounds}: {seconds:.2} s; the relay sent {} segments again so far",
                errand.name(),
                line.lost_of_1000,
                round + 1,
                link.far
                    .sent_again()
                    .map_or("?".to_owned(), |n| n.to_string()),
            );
            waits.took.push(seconds);
        }
        if waits.took.is_empty() {
            return stop("no round was walked");
        }
        Ok(waits)
    }
}
