//! A desk and a relay of the test's own making, which does what it likes: what the desk takes in,
//! what it refuses to believe, and that nothing is lost or doubled on the way.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use std::collections::BTreeSet;

use desk::settings::OfficeSettings;
use desk::{
    Alarm, CannotCollect, CannotPublish, Collected, Cost, Desk, Passphrase, Post, Request,
    Response, Unreachable, WayBack,
};
use envelope::board::{
    Accepted, ClosedEpoch, Closing, DaysHash, EpochShape, ManifestHash, Restart, Restarts,
    close_epoch,
};
use envelope::keys::RelaySecret;
use envelope::notice::{IntakeKey, Notice};
use envelope::{CELL_BYTES, Cell, Day, Epoch, Leaf, LetterHash, Period, Token, TokenList};
use open::RootSecret;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use record::Report;
use seal::words::{WordList, Words};
use seal::{Master, SealedBy, SealedLetter, WordsUse};

const NOON: u64 = 20_779 * 86_400 + 43_200;
const DAY: u64 = 86_400;

/// A relay that keeps everything, and lies on demand.
struct LyingRelay {
    secret: RelaySecret,
    notice: Vec<u8>,
    keys: Vec<(u32, Vec<u8>)>,
    letters: Vec<(u64, Leaf, [u8; 16], Vec<u8>)>,
    /// Letters that are listed and never handed over.
    hidden: Vec<Leaf>,
    pending: Vec<Accepted>,
    cells: Vec<Cell>,
    epochs: Vec<ClosedEpoch>,
    now: u64,
    /// Questions after which the line is dead.
    dies_after: Option<u32>,
    batches: Vec<Vec<u8>>,
    drop_cells: bool,
    /// It takes the next batch, and the answer is lost on the way.
    loses_an_answer: bool,
    /// An epoch closes just before it takes the next batch.
    closes_before_cells: bool,
    /// It answers the office's own requests like anybody's.
    knows_nobody: bool,
    collected: u64,
    /// Lists of tokens it was put, and what it answers.
    tokens: Vec<Vec<u8>>,
    takes_tokens: u16,
    /// From which epoch on it says that it keeps its board; what came before it does not show.
    kept_from: usize,
    /// What it says of restarts.
    restarts: Restarts,
    /// Epochs that it leaves out of the lists of their days, and signs these.
    leaves_out: Vec<u64>,
    /// Epochs whose tags it overwrites in the lists of their days, and signs these.
    bends: Vec<u64>,
    /// It answers as if days after this one had no lists.
    knows_days_up_to: Option<Day>,
    /// What it answers to cells.
    takes_cells: u16,
    /// What it was asked for, in order.
    asked: Vec<String>,
}

impl LyingRelay {
    fn new() -> Self {
        Self {
            secret: RelaySecret::from_seed(&[7; 32]),
            notice: Vec::new(),
            keys: Vec::new(),
            letters: Vec::new(),
            hidden: Vec::new(),
            pending: Vec::new(),
            cells: Vec::new(),
            epochs: Vec::new(),
            now: NOON,
            dies_after: None,
            batches: Vec::new(),
            drop_cells: false,
            loses_an_answer: false,
            closes_before_cells: false,
            knows_nobody: false,
            collected: 0,
            tokens: Vec::new(),
            takes_tokens: 204,
            kept_from: 0,
            restarts: Restarts::default(),
            leaves_out: Vec::new(),
            bends: Vec::new(),
            knows_days_up_to: None,
            takes_cells: 204,
            asked: Vec::new(),
        }
    }

    /// Whether the lists of the last days have this very cell: such a one it does not list again.
    fn has_listed(&self, cell: &Cell) -> bool {
        let today = Day::of_unix_seconds(self.now);
        let looked_through = self.epochs.iter().filter(|epoch| {
            let day = epoch.manifest.manifest().day;
            today.minus(7) <= day && day <= today
        });
        looked_through
            .flat_map(|epoch| &epoch.pages)
            .any(|page| page.as_chunks::<CELL_BYTES>().0.contains(cell.bytes()))
    }

    fn takes(&mut self, letter: &SealedLetter) {
        let posting = letter.posting();
        let (nonce, bytes) = posting.split_first_chunk::<16>().unwrap();
        self.takes_bytes(*nonce, bytes);
    }

    fn takes_bytes(&mut self, nonce: [u8; 16], bytes: &[u8]) {
        let hash = LetterHash(envelope::hash(bytes));
        let position = self.letters.len() as u64 + 1;
        self.letters
            .push((position, Leaf::of(hash, &nonce), nonce, bytes.to_vec()));
        self.pending.push(Accepted {
            letter: hash,
            nonce,
        });
    }

    fn closes(&mut self) {
        let mut rng = ChaCha20Rng::seed_from_u64(self.epochs.len() as u64);
        let today = Day::of_unix_seconds(self.now);
        let manifests = self.epochs.iter().map(|e| e.manifest.manifest());
        let days: BTreeSet<Day> = manifests.map(|m| m.day).filter(|d| *d < today).collect();
        let files = days.iter().map(|day| (*day, self.day_file(*day)));
        let before = files
            .filter(|(_, file)| !file.is_empty())
            .fold(DaysHash::NONE, |days, (day, file)| days.then(day, &file));
        let day_file = self.day_file(today);
        let closing = Closing {
            mailbox: Notice::verify_any_day(&self.notice, &root().public())
                .unwrap()
                .body()
                .mailbox,
            epoch: Epoch(self.epochs.len() as u64),
            now: self.now,
            previous: match self.restarts.beginning(Epoch(self.epochs.len() as u64)) {
                Some(restart) => restart.hash,
                None => self
                    .epochs
                    .last()
                    .map_or(ManifestHash::NONE, |e| e.manifest.hash()),
            },
            days_before: before,
            restarts: &self.restarts,
            kept_from: Epoch(self.kept_from as u64),
            day_file: &day_file,
        };
        let shape = EpochShape {
            leaves: 8,
            cells: 8,
        };
        let cells = if self.drop_cells {
            Vec::new()
        } else {
            std::mem::take(&mut self.cells)
        };
        let accepted = std::mem::take(&mut self.pending);
        let closed = close_epoch(&closing, shape, &accepted, &cells, &self.secret, &mut rng);
        self.epochs.push(closed);
        self.cells.clear();
    }

    fn day_file(&self, day: Day) -> Vec<u8> {
        let of_day = |e: &&ClosedEpoch| {
            let listed = e.manifest.manifest();
            listed.day == day && !self.leaves_out.contains(&listed.epoch.0)
        };
        let entries = self.epochs.iter().filter(of_day);
        let listed = |e: &ClosedEpoch| {
            let mut entry = e.day_entry.clone();
            if self.bends.contains(&e.manifest.manifest().epoch.0) {
                entry[12..].fill(7);
            }
            entry
        };
        entries.flat_map(listed).collect()
    }

    fn board(&self, path: &str) -> Option<Vec<u8>> {
        if path == "newest" {
            return Some(self.epochs.last()?.manifest.to_file());
        }
        if let Some(day) = path.strip_prefix("days/") {
            let day = Day(day.parse().ok()?);
            let known = self.knows_days_up_to.is_none_or(|last| day <= last);
            return known.then(|| self.day_file(day));
        }
        let (epoch, file) = path.split_once('/')?;
        let closed = self.epochs.get(epoch.parse::<usize>().ok()?)?;
        let gone = epoch.parse::<usize>().ok()? < self.kept_from;
        match file {
            _ if gone && file != "manifest" => None,
            "manifest" => Some(closed.manifest.to_file()),
            "leaves" => Some(closed.leaves.clone()),
            "tags" => Some(closed.tags.clone()),
            page => closed
                .pages
                .get(page.strip_prefix("cells-")?.parse::<usize>().ok()?)
                .cloned(),
        }
    }

    fn answer(&mut self, request: &Request) -> Option<Response> {
        let done = |status| {
            Some(Response {
                status,
                body: Vec::new(),
            })
        };
        let file = |body: Option<Vec<u8>>| {
            Some(match body {
                Some(body) => Response { status: 200, body },
                None => Response {
                    status: 404,
                    body: Vec::new(),
                },
            })
        };
        let path = request.path.as_str();
        match (request.method, path) {
            ("PUT", "/office/notice") => {
                self.notice.clone_from(&request.body);
                done(204)
            }
            ("PUT", "/office/tokens") => {
                assert!(request.signed.is_some());
                self.tokens.push(request.body.clone());
                done(self.takes_tokens)
            }
            ("PUT", path) => {
                let period = path.strip_prefix("/office/keys/")?.parse().ok()?;
                self.keys.push((period, request.body.clone()));
                done(204)
            }
            ("GET", "/office/notice") => file(Some(self.notice.clone())),
            ("POST", "/office/cells") => {
                assert!(request.signed.is_some());
                if self.takes_cells != 204 {
                    return done(self.takes_cells);
                }
                let (cells, _) = request.body.as_chunks::<CELL_BYTES>();
                self.batches.push(request.body.clone());
                for cell in cells {
                    let cell = Cell::parse(cell).unwrap();
                    if !self.cells.contains(&cell) && !self.has_listed(&cell) {
                        self.cells.push(cell);
                    }
                }
                done(204)
            }
            ("POST", path) => {
                self.collected = path.strip_prefix("/office/collected?upto=")?.parse().ok()?;
                done(204)
            }
            ("GET", path) => {
                if let Some(path) = path.strip_prefix("/board/") {
                    return file(self.board(path));
                }
                assert!(request.signed.is_some(), "only the office may ask {path}");
                if let Some(epoch) = path.strip_prefix("/office/openings/") {
                    let closed = self.epochs.get(epoch.parse::<usize>().ok()?)?;
                    return file(Some(closed.openings.clone()));
                }
                let after: u64 = path.strip_prefix("/office/letters?after=")?.parse().ok()?;
                let mut body = Vec::new();
                for (position, leaf, nonce, letter) in &self.letters {
                    if *position > after && !self.hidden.contains(leaf) {
                        body.extend_from_slice(&position.to_be_bytes());
                        body.extend_from_slice(&leaf.0);
                        body.extend_from_slice(nonce);
                        body.extend_from_slice(&u32::try_from(letter.len()).unwrap().to_be_bytes());
                        body.extend_from_slice(letter);
                    }
                }
                file(Some(body))
            }
            _ => None,
        }
    }
}

impl Post for LyingRelay {
    fn ask(&mut self, request: &Request) -> Result<Response, Unreachable> {
        if let Some(left) = &mut self.dies_after {
            if *left == 0 {
                return Err(Unreachable);
            }
            *left -= 1;
        }
        self.asked.push(request.path.clone());
        if request.signed.is_some() && self.knows_nobody {
            return Ok(Response {
                status: 404,
                body: Vec::new(),
            });
        }
        if request.path == "/office/cells" && std::mem::take(&mut self.closes_before_cells) {
            self.closes();
        }
        let answer = self.answer(request).unwrap_or_else(|| {
            panic!("{} {} is not of the protocol", request.method, request.path)
        });
        if request.path == "/office/cells" && std::mem::take(&mut self.loses_an_answer) {
            return Err(Unreachable);
        }
        Ok(answer)
    }
}

fn root() -> RootSecret {
    RootSecret::from_seed(&ROOT.with(|seed| *seed.borrow()))
}

thread_local! {
    static ROOT: std::cell::RefCell<[u8; 32]> = const { std::cell::RefCell::new([0; 32]) };
}

struct Scene {
    desk: Desk,
    relay: LyingRelay,
    rng: ChaCha20Rng,
    now: u64,
    folder: tempfile::TempDir,
    /// The settings' text.
    text: String,
}

impl Scene {
    fn new() -> Self {
        Self::with("")
    }

    /// An office that posts only when it has something to say.
    fn without_cover() -> Self {
        Self::with("cover = false\n")
    }

    /// An office whose settings say this, too.
    fn with(more: &str) -> Self {
        let mut relay = LyingRelay::new();
        let mut rng = ChaCha20Rng::seed_from_u64(11);
        let text = format!(
            "name = \"A test\"\nlanguages = [\"en\"]\nrelays = [\"http://127.0.0.1:1\"]\n\
             relay_key = \"{}\"\nleaves_per_epoch = 8\ncells_per_epoch = 8\n{more}",
            desk::hex::show(&relay.secret.public().0)
        );
        let folder = tempfile::tempdir().unwrap();
        let founded = Desk::create(
            &folder.path().join("office"),
            &text,
            OfficeSettings::read(&text).unwrap(),
            &Passphrase::new("p"),
            Cost::REHEARSAL,
            NOON,
            &mut rng,
        )
        .unwrap();
        ROOT.with(|seed| *seed.borrow_mut() = *founded.root.seed());
        let mut desk = founded.desk;
        desk.publish(&founded.root, None, false, NOON, &mut relay, &mut rng)
            .unwrap();
        Self {
            desk,
            relay,
            rng,
            now: NOON,
            folder,
            text,
        }
    }

    fn collects(&mut self) -> Collected {
        self.tries().unwrap()
    }

    fn tries(&mut self) -> Result<Collected, CannotCollect> {
        self.relay.now = self.now;
        self.desk.collect(self.now, &mut self.relay, &mut self.rng)
    }

    /// The key letters are sealed to today, and the office's first period.
    fn intake_key(&self) -> (IntakeKey, u32) {
        let today = Day::of_unix_seconds(self.now);
        let notice = Notice::verify(&self.relay.notice, &root().public(), today).unwrap();
        let period = notice.period_for(today).unwrap();
        let key = self
            .relay
            .keys
            .iter()
            .rev()
            .find(|(p, _)| *p == period.number())
            .unwrap();
        let first_period = notice.body().first_period;
        (notice.intake_key(period, &key.1).unwrap(), first_period)
    }

    fn seals(&mut self, text: &str, words: Option<(&Master, bool)>) -> SealedLetter {
        let (key, first_period) = self.intake_key();
        let report = Report {
            narrative: text.to_owned(),
            ..Report::default()
        };
        let how = words.map(|(master, first)| {
            let how = WordsUse {
                first,
                generation: 0,
                first_period,
                acknowledges: None,
            };
            (master, how)
        });
        seal::letter(&report, how, None, SealedBy::Page, &key, &mut self.rng).unwrap()
    }

    /// The letter that changes the words.
    fn changes(&mut self, old: &Master, new: &Master) -> SealedLetter {
        let (key, first_period) = self.intake_key();
        let how = WordsUse {
            first: false,
            generation: 0,
            first_period,
            acknowledges: None,
        };
        let (report, by) = (Report::default(), SealedBy::Page);
        seal::handover_letter(&report, (old, how), new, None, by, &key, &mut self.rng).unwrap()
    }

    fn words(&mut self) -> Master {
        let words = Words::draw(WordList::English, &mut self.rng);
        Master::of(&words, &self.desk.identity().mailbox)
    }

    fn alarms(&self) -> Vec<Alarm> {
        self.desk.alarms(self.now).unwrap()
    }

    /// Closes the desk and opens it again, as after a kill.
    fn reopens(mut self) -> Self {
        let at = self.folder.path().join("office");
        let Self {
            desk,
            relay,
            rng,
            now,
            folder,
            text,
        } = self;
        drop(desk);
        self = Self {
            desk: Desk::unlock(&at, &Passphrase::new("p")).unwrap(),
            relay,
            rng,
            now,
            folder,
            text,
        };
        self
    }
}

#[test]
fn a_letter_handed_over_twice_makes_one_case() {
    let mut scene = Scene::new();
    let letter = scene.seals("once", None);
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().new_cases, 1);
    // The relay hands the same letter over again, under a new position.
    scene.relay.takes(&letter);
    let again = scene.collects();
    assert_eq!((again.new_cases, again.joined, again.unreadable), (0, 0, 0));
    let mut scene = scene.reopens();
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().new_cases, 0);
    assert_eq!(scene.desk.office().cases().len(), 1);
}

#[test]
fn a_letter_of_the_same_words_joins_the_case_in_either_order() {
    let mut scene = Scene::new();
    let words = scene.words();
    let first = scene.seals("first", Some((&words, true)));
    let second = scene.seals("second", Some((&words, false)));
    scene.relay.takes(&second);
    assert_eq!(scene.collects().new_cases, 1);
    assert_eq!(
        scene.desk.way_back(1, scene.now).unwrap(),
        WayBack::FirstLetterMissing
    );
    scene.relay.takes(&first);
    let collected = scene.collects();
    assert_eq!((collected.new_cases, collected.joined), (0, 1));
    assert!(matches!(
        scene.desk.way_back(1, scene.now).unwrap(),
        WayBack::Open { .. }
    ));
    assert_eq!(scene.desk.case(1).unwrap().acknowledged().len(), 2);
    assert_eq!(scene.alarms(), []);
}

#[test]
fn what_cannot_be_opened_is_recorded_and_its_bytes_are_kept() {
    let mut scene = Scene::new();
    let mut bent = scene.seals("bent", None).letter().to_vec();
    let last = bent.len() - 1;
    bent[last] ^= 1;
    scene.relay.takes_bytes([1; 16], &bent);
    let mut no_key = scene.seals("no key", None).letter().to_vec();
    no_key[1..5].copy_from_slice(&Period::Week(1).number().to_be_bytes());
    scene.relay.takes_bytes([2; 16], &no_key);
    let mut newer = scene.seals("newer", None).letter().to_vec();
    newer[0] = 2;
    scene.relay.takes_bytes([3; 16], &newer);
    scene.relay.takes_bytes([4; 16], &[9; 4_096]);
    let good = scene.seals("good", None);
    scene.relay.takes(&good);

    let collected = scene.collects();
    assert_eq!((collected.new_cases, collected.unreadable), (1, 4));
    assert_eq!(scene.desk.office().unread().len(), 4);
    let scene = scene.reopens();
    let kept = scene
        .desk
        .vault()
        .read()
        .letters(vault::LetterState::Unreadable)
        .unwrap();
    assert_eq!(kept.len(), 4);
    assert!(kept.iter().all(|letter| letter.bytes.is_some()));
    assert_eq!(scene.relay.collected, 5, "the relay may forget them");
}

#[test]
fn that_the_last_letter_was_collected_is_said_again_once_its_epoch_is_closed() {
    let mut scene = Scene::new();
    let letter = scene.seals("the last for a long time", None);
    scene.relay.takes(&letter);
    scene.collects();
    assert_eq!(std::mem::take(&mut scene.relay.collected), 1);
    let mut told = Vec::new();
    for _ in 0..4 {
        scene.relay.closes();
        scene.collects();
        told.push(std::mem::take(&mut scene.relay.collected));
    }
    assert_eq!(told, [0, 1, 0, 0], "it was still open the first time");
    assert_eq!(scene.alarms(), []);
}

#[test]
fn a_letter_whose_bytes_are_not_its_leaf_is_not_taken_in() {
    let mut scene = Scene::new();
    let (one, other) = (scene.seals("one", None), scene.seals("other", None));
    scene.relay.takes(&one);
    scene.relay.letters[0].3 = other.letter().to_vec();
    assert_eq!(scene.collects().new_cases, 0);
    let today = Day::of_unix_seconds(NOON);
    assert_eq!(scene.alarms(), [Alarm::AlteredLetter { day: today }]);
}

#[test]
fn a_letter_listed_and_never_handed_over_is_said_aloud_until_it_was_seen_to() {
    let mut scene = Scene::new();
    let letter = scene.seals("kept back", None);
    scene.relay.takes(&letter);
    scene.relay.hidden.push(letter.leaf());
    scene.relay.closes();
    scene.collects();
    let lost = Alarm::LostLetter { epoch: Epoch(0) };
    assert_eq!(scene.alarms(), [lost]);
    let mut scene = scene.reopens();
    assert_eq!(scene.alarms(), [lost], "kept over a restart");
    scene.relay.hidden.clear();
    assert_eq!(scene.collects().new_cases, 1, "it arrives after all");
    scene.desk.seen(lost).unwrap();
    assert_eq!(scene.alarms(), []);
}

#[test]
fn a_board_that_is_rewritten_cut_or_signed_by_another_is_said_aloud() {
    let told = |change: fn(&mut LyingRelay)| {
        let mut scene = Scene::new();
        for _ in 0..3 {
            scene.relay.closes();
        }
        scene.collects();
        assert_eq!(scene.alarms(), []);
        change(&mut scene.relay);
        scene.collects();
        scene.alarms()
    };
    let rewritten = told(|relay| {
        relay.epochs.truncate(2);
        relay.now += 60;
        relay.closes();
        relay.closes();
    });
    assert_eq!(rewritten, [Alarm::Fork { epoch: Epoch(3) }]);
    let replaced = told(|relay| {
        relay.epochs.truncate(2);
        relay.now += 60;
        relay.closes();
    });
    assert_eq!(replaced, [Alarm::Fork { epoch: Epoch(2) }]);
    let went_back = told(|relay| relay.epochs.truncate(1));
    assert_eq!(went_back, [Alarm::WentBack { epoch: Epoch(0) }]);
    let other_key = told(|relay| {
        relay.secret = RelaySecret::from_seed(&[8; 32]);
        relay.closes();
    });
    let day = Day::of_unix_seconds(NOON);
    assert_eq!(other_key, [Alarm::Unsigned { day }]);
    let leaves = told(|relay| {
        relay.closes();
        relay.epochs[3].leaves[0] ^= 1;
    });
    assert_eq!(leaves, [Alarm::LeavesAltered { epoch: Epoch(3) }]);
}

/// Three epochs of which the desk saw some, and 402 days later one that gives up the first of them.
fn after_402_days(collected: usize, kept_from: usize) -> Scene {
    let mut scene = Scene::new();
    for epoch in 0..3 {
        scene.relay.closes();
        if epoch < collected {
            scene.collects();
        }
    }
    scene.now += 402 * DAY;
    let (root, now) = (root(), scene.now);
    scene
        .desk
        .publish(&root, None, false, now, &mut scene.relay, &mut scene.rng)
        .unwrap();
    scene.relay.now = now;
    scene.relay.kept_from = kept_from;
    scene.relay.closes();
    scene
}

#[test]
fn a_board_that_gives_up_what_is_old_and_was_looked_at_is_no_alarm_and_a_new_desk_begins_on_it() {
    for collected in [3, 0] {
        let mut scene = after_402_days(collected, 2);
        let checked = scene.collects().epochs_checked;
        assert_eq!(checked, if collected == 0 { 4 } else { 1 });
        assert_eq!(scene.alarms(), [], "{collected}");
        scene.relay.closes();
        assert_eq!(scene.collects().epochs_checked, 1);
        assert_eq!(scene.alarms(), []);
    }
}

#[test]
fn a_board_that_gives_up_too_soon_or_unseen_or_takes_it_back_is_said_aloud() {
    let mut young = Scene::new();
    for _ in 0..3 {
        young.relay.closes();
    }
    young.collects();
    young.relay.kept_from = 2;
    young.relay.closes();
    young.collects();
    assert_eq!(young.alarms(), [Alarm::GaveUp { epoch: Epoch(1) }]);

    let mut unseen = after_402_days(1, 3);
    unseen.collects();
    assert_eq!(unseen.alarms(), [Alarm::GaveUp { epoch: Epoch(1) }]);

    let mut falls = after_402_days(3, 2);
    falls.collects();
    falls.relay.kept_from = 1;
    falls.relay.closes();
    falls.collects();
    assert_eq!(falls.alarms(), [Alarm::Fork { epoch: Epoch(4) }]);
}

#[test]
fn a_board_that_tells_another_list_of_restarts_at_a_later_visit_is_said_aloud() {
    let mut scene = Scene::new();
    for _ in 0..3 {
        scene.relay.closes();
    }
    scene.collects();
    let restart = Restart {
        epoch: Epoch(2),
        after: Epoch(1),
        hash: scene.relay.epochs[1].manifest.hash(),
    };
    scene.relay.restarts = Restarts::of(vec![restart]).unwrap();
    scene.relay.closes();
    scene.collects();
    assert_eq!(scene.alarms(), [Alarm::Fork { epoch: Epoch(3) }]);
}

/// A board whose epochs close on these days from now, a second after one another; the desk visits
/// after each of them, and once more at the end of the last day.
fn closes_on(scene: &mut Scene, days: &[i64]) {
    for day in days {
        scene.now += 1;
        scene.relay.now = scene.now.saturating_add_signed(day * 86_400);
        scene.relay.closes();
    }
    scene.now += 3 * 86_400;
    scene.collects();
}

#[test]
fn whatever_days_a_clock_went_through_lists_that_hold_every_epoch_are_no_alarm() {
    for days in [
        &[2, 1, 2][..],
        &[2, 1, 3],
        &[3, 2, 1, 3],
        &[1, 3, 2, 3],
        &[0, 3, 1, 2, 0, 3],
    ] {
        let mut scene = Scene::new();
        closes_on(&mut scene, days);
        let alarms = scene.alarms();
        let altered = |alarm: &Alarm| matches!(alarm, Alarm::AlteredDay { .. });
        assert!(!alarms.iter().any(altered), "{days:?}: {alarms:?}");
        assert_eq!(scene.relay.epochs.len(), days.len());
    }
}

#[test]
fn lists_that_begin_anew_from_an_epoch_dated_back_are_said_to_hide_what_came_before_it() {
    // What an epoch of day 2 or of the days before listed is left out once one of day 0 was closed.
    for (hidden, days) in [(1, &[0, 2, 0, 2][..]), (1, &[0, 1, 0, 2])] {
        let mut scene = Scene::new();
        let (shown, rest) = days.split_at(3);
        closes_on(&mut scene, shown);
        scene.now -= 3 * 86_400;
        scene.relay.leaves_out.push(hidden);
        closes_on(&mut scene, rest);
        let day = Day::of_unix_seconds(NOON).plus(2);
        let alarms = scene.alarms();
        assert!(
            alarms.contains(&Alarm::AlteredDay { day }),
            "{days:?}: {alarms:?}"
        );
    }
}

#[test]
fn tags_that_a_later_epoch_of_the_day_bends_in_the_lists_of_earlier_ones_are_said_aloud_once() {
    // The bent epoch is of the same day, or of a day that an epoch dated back lies behind.
    for (bent, days) in [(0, &[0, 0, 0][..]), (1, &[0, 2, 1, 3])] {
        let mut scene = Scene::new();
        for (number, day) in days.iter().enumerate() {
            scene.now += 1;
            scene.relay.now = scene.now + day * DAY;
            if number == 2 {
                assert!(!told_of_a_list(&scene));
            }
            if number == days.len() - 1 {
                scene.relay.bends.push(bent);
                scene.now += 3 * DAY;
            }
            scene.relay.closes();
            scene.collects();
        }
        assert!(told_of_a_list(&scene), "{days:?}");
        let day = scene.relay.epochs.last().unwrap().manifest.manifest().day;
        scene.desk.seen(Alarm::AlteredDay { day }).unwrap();
        scene.relay.now += 1;
        scene.relay.closes();
        scene.collects();
        assert!(!told_of_a_list(&scene), "{days:?}");
    }
}

fn told_of_a_list(scene: &Scene) -> bool {
    let told = |alarm: &Alarm| matches!(alarm, Alarm::AlteredDay { .. });
    scene.alarms().iter().any(told)
}

#[test]
fn a_restart_begins_the_list_of_its_day_anew_and_is_no_alarm_about_lists() {
    let mut scene = Scene::new();
    for _ in 0..4 {
        scene.relay.closes();
    }
    scene.collects();
    // The last two are lost, and their numbers are not given again.
    let restart = Restart {
        epoch: Epoch(4),
        after: Epoch(1),
        hash: scene.relay.epochs[1].manifest.hash(),
    };
    scene.relay.restarts = Restarts::of(vec![restart]).unwrap();
    scene.relay.leaves_out.extend([2, 3]);
    for _ in 0..2 {
        scene.relay.closes();
        scene.collects();
        assert!(!told_of_a_list(&scene), "{:?}", scene.alarms());
    }
    scene.relay.bends.push(4);
    scene.relay.closes();
    scene.collects();
    assert!(told_of_a_list(&scene), "the new list stands too");
}

#[test]
fn a_list_of_a_day_to_come_that_a_mended_relay_does_not_show_yet_is_no_alarm() {
    let mut scene = Scene::new();
    scene.relay.now = NOON + 5 * 86_400;
    scene.relay.closes();
    scene.relay.knows_days_up_to = Some(Day::of_unix_seconds(NOON));
    scene.collects();
    let relay = Day::of_unix_seconds(NOON).plus(5);
    assert_eq!(scene.alarms(), [Alarm::Clocks { relay }]);
    // Of a day that has come it is one.
    scene.now += 5 * 86_400;
    scene.relay.now = scene.now;
    scene.relay.closes();
    scene.collects();
    assert!(scene.alarms().contains(&Alarm::AlteredDay { day: relay }));
}

#[test]
fn a_list_of_tomorrow_that_is_not_shown_is_said_aloud_because_its_cells_count_as_listed() {
    let mut scene = Scene::new();
    scene.relay.now = NOON + 86_400;
    scene.relay.closes();
    scene.relay.knows_days_up_to = Some(Day::of_unix_seconds(NOON));
    scene.collects();
    let day = Day::of_unix_seconds(NOON).plus(1);
    assert_eq!(scene.alarms(), [Alarm::AlteredDay { day }]);
}

#[test]
fn settings_that_an_earlier_release_took_open_the_desk_and_are_told_to_be_changed() {
    let mut scene = Scene::new();
    let good = scene.text.clone();
    // 8,640 epochs of a day, of 1,024 cells each.
    let long =
        good.replace("cells_per_epoch = 8", "cells_per_epoch = 1024") + "epoch_seconds = 10\n";
    let refused = OfficeSettings::read(&long).unwrap_err();
    assert!(refused.why.contains("16 MiB"), "{refused}");
    let settings = OfficeSettings::read(&good).unwrap();
    scene.desk.change_settings(&long, settings.clone()).unwrap();
    let mut scene = scene.reopens();
    let (seconds, cells) = (10, 1_024);
    assert_eq!(scene.alarms(), [Alarm::DayTooLong { seconds, cells }]);
    let asked = scene.relay.asked.len();
    let root = root();
    let Scene {
        desk, relay, rng, ..
    } = &mut scene;
    let refused = desk.publish(&root, None, false, NOON, relay, rng);
    assert_eq!(refused, Err(CannotPublish::DayTooLong));
    assert_eq!(relay.asked.len(), asked);
    desk.change_settings(&good, settings).unwrap();
    desk.publish(&root, None, false, NOON, relay, rng).unwrap();
    assert_eq!(scene.reopens().alarms(), []);
}

#[test]
fn an_old_notice_and_a_foreign_one_are_said_aloud() {
    let mut scene = Scene::new();
    let old = scene.relay.notice.clone();
    let (root, now) = (root(), scene.now);
    scene
        .desk
        .publish(&root, None, false, now, &mut scene.relay, &mut scene.rng)
        .unwrap();
    scene.relay.notice = old;
    scene.collects();
    assert_eq!(scene.alarms(), [Alarm::OldNotice { sequence: 1 }]);
    scene.desk.seen(Alarm::OldNotice { sequence: 1 }).unwrap();
    scene.relay.notice = vec![1, 2, 3];
    scene.collects();
    let day = Day::of_unix_seconds(scene.now);
    assert_eq!(scene.alarms(), [Alarm::ForeignNotice { day }]);
}

#[test]
fn every_epoch_gets_the_same_number_of_cells_whatever_there_is_to_say() {
    let mut scene = Scene::new();
    let words = scene.words();
    scene.collects();
    scene.collects();
    assert_eq!(scene.relay.batches.len(), 1, "once an epoch");
    scene.relay.closes();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.closes();
    let long = "An answer of many words. ".repeat(400);
    // Looking at it once more sends nothing, and shows it as it would go.
    let seen = scene.desk.look_over(1, &format!(" {long}\r\n."), scene.now);
    assert_eq!(seen.unwrap(), format!("{long}\n."));
    assert!(scene.desk.look_over(1, " \n", scene.now).is_err());
    assert_eq!(scene.desk.case(1).unwrap().replies().len(), 0);
    scene
        .desk
        .reply(1, &long, scene.now, &mut scene.rng)
        .unwrap();
    assert_eq!(scene.collects().cells_posted, 4);
    let sizes: Vec<usize> = scene.relay.batches.iter().map(Vec::len).collect();
    assert_eq!(sizes, [8 * CELL_BYTES; 3], "nothing, one, and four");
    for batch in &scene.relay.batches {
        let (cells, _) = batch.as_chunks::<CELL_BYTES>();
        assert!(cells.is_sorted(), "their order tells nothing");
    }
}

/// Whether a list that was put names a token.
fn lists(list: &[u8], token: &Token) -> bool {
    let hashes = TokenList::parse(&list[4..]).unwrap();
    hashes.place(&token.hash()).is_some()
}

#[test]
fn one_full_list_of_tokens_is_put_each_period_before_anybody_is_given_one() {
    let mut scene = Scene::new();
    assert!(scene.desk.introduction_codes(1).is_err(), "not put yet");
    scene.relay.takes_tokens = 503;
    scene.collects();
    assert!(scene.desk.introduction_codes(1).is_err(), "not taken yet");
    scene.relay.takes_tokens = 204;
    scene.collects();
    assert_eq!(
        scene.relay.tokens[0], scene.relay.tokens[1],
        "the same again"
    );
    let codes = scene.desk.introduction_codes(20).unwrap();
    let mut scene = scene.reopens();
    let more = scene.desk.introduction_codes(20).unwrap();
    let mut all: Vec<&String> = codes.iter().chain(&more).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 40, "each code is given once");
    let list = scene.relay.tokens[0].clone();
    for code in all {
        assert!(lists(&list, &Token::of_code(code).unwrap()), "{code}");
    }
    // What is put does not hang on what was given.
    for week in 1..=3 {
        scene.now = NOON + week * 7 * DAY;
        scene.desk.keep_house(scene.now, &mut scene.rng).unwrap();
        scene.collects();
    }
    assert_eq!(scene.relay.tokens.len(), 2 + 3);
    let numbers = scene.relay.tokens.iter().skip(1).map(|list| &list[..4]);
    assert!(numbers.is_sorted_by(|a, b| a < b));
    assert!(
        scene
            .relay
            .tokens
            .iter()
            .all(|list| list.len() == 4 + 1_024 * 32)
    );
    // Used up, and another is drawn.
    for _ in 0..10 {
        scene.desk.introduction_codes(100).unwrap();
    }
    assert!(scene.desk.introduction_codes(100).is_err());
    scene.desk.introduction_codes(24).unwrap();
    assert!(scene.desk.introduction_codes(1).is_err());
    scene.now += DAY;
    scene.collects();
    assert!(scene.desk.introduction_codes(1).is_ok());
}

#[test]
fn a_relay_that_knows_the_number_of_a_list_is_put_it_under_another() {
    let mut scene = Scene::new();
    scene.relay.takes_tokens = 409;
    scene.collects();
    scene.relay.takes_tokens = 204;
    scene.collects();
    let number = |n: usize| u32::from_be_bytes(*scene.relay.tokens[n].first_chunk().unwrap());
    assert_eq!(number(1), number(0) + 1);
    assert_eq!(scene.relay.tokens[0][4..], scene.relay.tokens[1][4..]);
    assert!(scene.desk.introduction_codes(1).is_ok());
}

#[test]
fn a_batch_whose_answer_was_lost_is_posted_again_with_the_same_bytes() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    scene.relay.loses_an_answer = true;
    assert_eq!(scene.tries(), Err(CannotCollect::Unreachable));
    let since = scene.now;
    assert_eq!(scene.alarms(), [Alarm::Unreachable { since }]);
    let mut scene = scene.reopens();
    assert_eq!(scene.collects().cells_posted, 1);
    assert_eq!(scene.relay.batches.len(), 2);
    assert_eq!(scene.relay.batches[0], scene.relay.batches[1]);
    scene.relay.closes();
    scene.collects();
    let cells = scene.desk.vault().read().cells_of(1).unwrap();
    assert_eq!(cells[0].listed, Some(0));
    assert_eq!(scene.alarms(), []);
}

#[test]
fn a_visit_that_dies_anywhere_loses_nothing_and_doubles_nothing() {
    for dies_after in 0..13 {
        let mut scene = Scene::new();
        let words = scene.words();
        scene.relay.closes();
        for (text, first) in [("one", true), ("two", false)] {
            let letter = scene.seals(text, Some((&words, first)));
            scene.relay.takes(&letter);
        }
        scene.relay.dies_after = Some(dies_after);
        let died = scene.tries().is_err();
        scene.relay.dies_after = None;
        let mut scene = scene.reopens();
        scene.collects();
        scene.relay.closes();
        scene.collects();
        assert_eq!(scene.desk.office().cases().len(), 1, "after {dies_after}");
        assert_eq!(scene.desk.case(1).unwrap().letters().len(), 2);
        let cells = scene.desk.vault().read().cells_of(1).unwrap();
        assert_eq!(cells.len(), 2, "one note for each letter");
        assert!(cells.iter().all(|cell| cell.listed.is_some()));
        assert_eq!(scene.alarms(), []);
        assert!(died || dies_after > 8, "{dies_after} is past the end");
    }
}

#[test]
fn an_answer_the_relay_took_and_did_not_list_is_posted_again_and_said_aloud() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.drop_cells = true;
    scene.relay.closes();
    scene.relay.closes();
    assert_eq!(scene.collects().cells_posted, 0);
    assert_eq!(scene.alarms(), [], "cells may be an epoch late");
    scene.relay.closes();
    scene.relay.drop_cells = false;
    assert_eq!(scene.collects().cells_posted, 1);
    assert_eq!(scene.alarms(), [Alarm::AnswerDropped { epoch: Epoch(2) }]);
    scene.relay.closes();
    scene.collects();
    let cells = scene.desk.vault().read().cells_of(1).unwrap();
    assert_eq!(cells[0].listed, Some(3));
}

#[test]
fn an_answer_the_relay_took_and_did_not_list_is_not_posted_again_to_words_that_were_given_up() {
    let mut scene = Scene::new();
    let (old, new) = (scene.words(), scene.words());
    let letter = scene.seals("a letter", Some((&old, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.drop_cells = true;
    scene.relay.closes();
    let change = scene.changes(&old, &new);
    scene.relay.takes(&change);
    scene.relay.closes();
    scene.relay.closes();
    scene.collects();
    let r = scene.desk.vault().read();
    let number = r.conversation_of(&old.signing_secret().public().0).unwrap();
    assert_eq!(r.cells_of(number.unwrap()).unwrap().len(), 0);
    let number = r.conversation_of(&new.signing_secret().public().0).unwrap();
    assert_eq!(r.cells_of(number.unwrap()).unwrap().len(), 1);
}

#[test]
fn an_answer_the_relay_took_and_did_not_list_is_not_posted_again_once_answers_are_stopped() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.drop_cells = true;
    for _ in 0..3 {
        scene.relay.closes();
    }
    scene
        .desk
        .stop_answers(1, "She called.", scene.now)
        .unwrap();
    assert_eq!(scene.collects().cells_posted, 0);
    assert!(scene.desk.vault().read().cells_of(1).unwrap().is_empty());
}

/// Whether the answer of the first case counts as listed, and in which epoch.
fn listed(scene: &Scene) -> Option<u64> {
    let cells = scene.desk.vault().read().cells_of(1).unwrap();
    cells[0].listed
}

fn told_of_a_dropped_answer(scene: &Scene) -> bool {
    let told = |alarm: &Alarm| matches!(alarm, Alarm::AnswerDropped { .. });
    scene.alarms().iter().any(told)
}

#[test]
fn what_was_listed_while_the_desks_own_clock_was_behind_stays_listed_when_it_is_set() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    // The relay is three days on, and right; it lists a cell once.
    for epoch in 0..4 {
        scene.relay.now = NOON + 3 * DAY + epoch;
        scene.relay.closes();
        assert_eq!(scene.collects().cells_posted, 0, "it is on the board");
    }
    scene.now = NOON + 3 * DAY + 10;
    for _ in 0..4 {
        scene.collects();
        scene.relay.closes();
    }
    assert!(!told_of_a_dropped_answer(&scene), "{:?}", scene.alarms());
    assert_eq!(listed(&scene), Some(0));
}

#[test]
fn what_was_listed_while_the_relays_clock_was_ahead_is_posted_again_once_that_is_set() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.now = NOON + 3 * DAY;
    scene.relay.closes();
    // Whose clock is wrong cannot be told as long as nothing else was shown.
    assert_eq!(scene.collects().cells_posted, 0);
    scene.relay.closes();
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.closes();
    for _ in 0..3 {
        assert_eq!(scene.collects().cells_posted, 0);
        scene.relay.closes();
    }
    assert_eq!(listed(&scene), Some(2));
    assert!(!told_of_a_dropped_answer(&scene));
}

#[test]
fn what_was_listed_on_a_day_that_has_come_before_it_could_be_posted_again_is_no_alarm() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.now = NOON + 3 * DAY;
    scene.relay.closes();
    scene.collects();
    scene.relay.closes();
    // Its clock is set again, and on the last visit of that week it takes no cell.
    scene.relay.takes_cells = 503;
    assert_eq!(scene.tries(), Err(CannotCollect::NotNow));
    scene.relay.takes_cells = 204;
    scene.now = NOON + 3 * DAY + 10;
    for _ in 0..4 {
        scene.collects();
        scene.relay.closes();
    }
    assert!(!told_of_a_dropped_answer(&scene), "{:?}", scene.alarms());
    assert_eq!(listed(&scene), Some(0));
}

#[test]
fn what_was_listed_on_a_day_that_has_come_before_a_full_epoch_took_it_again_is_no_alarm() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.now = NOON + 3 * DAY;
    scene.relay.closes();
    scene.collects();
    scene.relay.closes();
    // The epoch of the last visit before that day has all its cells.
    scene.relay.takes_cells = 429;
    scene.collects();
    scene.relay.takes_cells = 204;
    scene.now = NOON + 3 * DAY + 10;
    for _ in 0..5 {
        scene.collects();
        scene.relay.closes();
    }
    assert!(!told_of_a_dropped_answer(&scene), "{:?}", scene.alarms());
    assert_eq!(listed(&scene), Some(0));
}

#[test]
fn an_answer_that_is_on_its_way_once_more_is_not_posted_once_answers_are_stopped() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.now = NOON + 3 * DAY;
    scene.relay.closes();
    scene.collects();
    scene.relay.closes();
    scene.relay.takes_cells = 503;
    assert_eq!(scene.tries(), Err(CannotCollect::NotNow));
    let before = scene.relay.batches.len();
    let number = scene.desk.vault().read().cells_of(1).unwrap()[0]
        .bytes
        .clone();
    scene
        .desk
        .stop_answers(1, "She called.", scene.now)
        .unwrap();
    scene.relay.takes_cells = 204;
    scene.collects();
    let posted = &scene.relay.batches[before..];
    let mut cells = posted.iter().flat_map(|batch| batch.chunks(CELL_BYTES));
    assert!(cells.all(|cell| cell != number.as_slice()));
}

/// Two conversations, and a letter of each that the relay handed over.
fn two_conversations(scene: &mut Scene) -> [Master; 2] {
    let words = [scene.words(), scene.words()];
    for words in &words {
        let letter = scene.seals("a letter", Some((words, true)));
        scene.relay.takes(&letter);
    }
    words
}

/// The one cell of a conversation.
fn cell_of(scene: &Scene, conversation: u64) -> Vec<u8> {
    let cells = scene.desk.vault().read().cells_of(conversation).unwrap();
    cells[0].bytes.clone()
}

#[test]
fn what_a_stop_leaves_of_a_batch_whose_answer_was_lost_is_posted_again_with_the_same_bytes() {
    let mut scene = Scene::new();
    two_conversations(&mut scene);
    scene.relay.loses_an_answer = true;
    assert_eq!(scene.tries(), Err(CannotCollect::Unreachable));
    let stopped = cell_of(&scene, 1);
    let now = scene.now;
    scene.desk.stop_answers(1, "She called.", now).unwrap();
    let mut scene = scene.reopens();
    assert_eq!(scene.collects().cells_posted, 1);
    let [before, after] = [0, 1].map(|at: usize| {
        let (cells, _) = scene.relay.batches[at].as_chunks::<CELL_BYTES>();
        cells
            .iter()
            .map(|cell| cell.to_vec())
            .collect::<BTreeSet<_>>()
    });
    assert_eq!((before.len(), after.len()), (8, 8));
    let gone: Vec<_> = before.difference(&after).collect();
    assert_eq!(gone, [&stopped], "nothing else tells ours from filling");
}

#[test]
fn a_batch_whose_answer_was_lost_keeps_its_length_when_the_cells_of_an_epoch_are_changed() {
    for (cells_per_epoch, is_stopped) in [(16, false), (16, true), (4, false), (4, true)] {
        let mut scene = Scene::new();
        two_conversations(&mut scene);
        scene.relay.loses_an_answer = true;
        assert_eq!(scene.tries(), Err(CannotCollect::Unreachable));
        let stopped = cell_of(&scene, 1);
        let now = scene.now;
        if is_stopped {
            scene.desk.stop_answers(1, "She called.", now).unwrap();
        }
        let changed = format!("cells_per_epoch = {cells_per_epoch}");
        let text = scene.text.replace("cells_per_epoch = 8", &changed);
        let settings = OfficeSettings::read(&text).unwrap();
        scene.desk.change_settings(&text, settings).unwrap();
        let posted = scene.collects().cells_posted;
        assert_eq!(posted, 2 - u32::from(is_stopped));
        let [before, after] = [0, 1].map(|at: usize| {
            let (cells, _) = scene.relay.batches[at].as_chunks::<CELL_BYTES>();
            cells
                .iter()
                .map(|cell| cell.to_vec())
                .collect::<BTreeSet<_>>()
        });
        assert_eq!((before.len(), after.len()), (8, 8), "{cells_per_epoch}");
        let gone: Vec<_> = before.difference(&after).collect();
        let expected: &[&Vec<u8>] = if is_stopped { &[&stopped] } else { &[] };
        assert_eq!(gone, expected, "{cells_per_epoch}");
    }
}

#[test]
fn without_cover_what_a_stop_leaves_of_a_batch_is_posted_only_for_others() {
    for others in [false, true] {
        let mut scene = Scene::without_cover();
        if others {
            two_conversations(&mut scene);
        } else {
            let words = scene.words();
            let letter = scene.seals("a letter", Some((&words, true)));
            scene.relay.takes(&letter);
        }
        scene.relay.loses_an_answer = true;
        assert_eq!(scene.tries(), Err(CannotCollect::Unreachable));
        let now = scene.now;
        scene.desk.stop_answers(1, "She called.", now).unwrap();
        assert_eq!(scene.collects().cells_posted, u32::from(others));
        assert_eq!(scene.relay.batches.len(), 1 + usize::from(others));
    }
}

#[test]
fn what_a_relay_took_before_it_refused_the_batch_is_found_where_it_is_listed() {
    for mut scene in [Scene::new(), Scene::without_cover()] {
        two_conversations(&mut scene);
        assert_eq!(scene.collects().cells_posted, 2);
        // An epoch dated ahead lists both; they are posted again, and the answer is lost.
        scene.relay.now = NOON + 3 * DAY;
        scene.relay.closes();
        scene.collects();
        scene.relay.closes();
        scene.relay.loses_an_answer = true;
        assert_eq!(scene.tries(), Err(CannotCollect::Unreachable));
        let now = scene.now;
        scene.desk.stop_answers(1, "She called.", now).unwrap();
        // The relay has all cells of this epoch, and takes no other.
        scene.relay.takes_cells = 429;
        scene.collects();
        scene.relay.takes_cells = 204;
        for _ in 0..4 {
            scene.relay.closes();
            scene.collects();
        }
        assert!(!told_of_a_dropped_answer(&scene), "{:?}", scene.alarms());
        let cells = scene.desk.vault().read().cells_of(2).unwrap();
        assert_eq!(cells[0].listed, Some(2));
    }
}

#[test]
fn of_two_days_ahead_that_list_a_cell_the_first_to_come_counts() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.now = NOON + 3 * DAY;
    scene.relay.closes();
    scene.collects();
    scene.relay.closes();
    scene.relay.loses_an_answer = true;
    assert_eq!(scene.tries(), Err(CannotCollect::Unreachable));
    scene.relay.now = NOON + 5 * DAY;
    scene.relay.closes();
    scene.relay.now = scene.now;
    scene.relay.closes();
    scene.relay.takes_cells = 429;
    scene.collects();
    scene.relay.takes_cells = 204;
    assert_eq!(listed(&scene), Some(0));
    scene.now = NOON + 3 * DAY + 10;
    for _ in 0..5 {
        scene.collects();
        scene.relay.closes();
    }
    assert!(!told_of_a_dropped_answer(&scene), "{:?}", scene.alarms());
}

#[test]
fn a_tag_of_an_answer_that_was_stopped_and_then_erased_is_not_used_again() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    scene.relay.loses_an_answer = true;
    assert_eq!(scene.tries(), Err(CannotCollect::Unreachable));
    let now = scene.now;
    scene.desk.stop_answers(1, "She called.", now).unwrap();
    let Scene { desk, rng, .. } = &mut scene;
    desk.erase(1, "She asked.", now, rng).unwrap();
    // The same words write on the same day: they are answered in another place.
    let letter = scene.seals("a letter once more", Some((&words, true)));
    scene.relay.takes(&letter);
    scene.collects();
    scene.relay.closes();
    assert_eq!(scene.collects().cells_posted, 1);
    let posted = scene.relay.batches.iter();
    let posted = posted.flat_map(|batch| batch.as_chunks::<CELL_BYTES>().0);
    let cells: BTreeSet<_> = posted.collect();
    let tags: BTreeSet<_> = cells.iter().map(|cell| &cell[1..17]).collect();
    assert_eq!(tags.len(), cells.len(), "two cells of one tag");
}

#[test]
fn by_what_a_desk_asks_for_a_relay_cannot_tell_answers_from_filling() {
    let asked = |answers: bool| {
        let mut scene = Scene::new();
        let words = scene.words();
        let letter = scene.seals("a letter", answers.then_some((&words, true)));
        scene.relay.takes(&letter);
        for _ in 0..3 {
            scene.collects();
            scene.relay.closes();
        }
        assert_eq!(scene.desk.case(1).unwrap().letters().len(), 1);
        assert_eq!(listed_cells(&scene) > 0, answers);
        scene.relay.asked
    };
    assert_eq!(asked(true), asked(false));
}

/// Cells of ours that an epoch lists.
fn listed_cells(scene: &Scene) -> usize {
    let cells = scene.desk.vault().read().cells_listed(0, u64::MAX >> 1);
    cells.unwrap().len()
}

#[test]
fn a_batch_that_was_listed_before_its_lost_answer_was_asked_for_again_is_no_alarm() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    scene.relay.loses_an_answer = true;
    assert_eq!(scene.tries(), Err(CannotCollect::Unreachable));
    for _ in 0..4 {
        scene.relay.closes();
        scene.collects();
    }
    assert!(!told_of_a_dropped_answer(&scene), "{:?}", scene.alarms());
    assert_eq!(listed(&scene), Some(0));
}

#[test]
fn an_answer_in_an_epoch_dated_ahead_whose_list_is_withheld_is_posted_again_at_once() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.now = NOON + 2 * DAY;
    scene.relay.closes();
    scene.relay.knows_days_up_to = Some(Day::of_unix_seconds(NOON));
    assert_eq!(scene.collects().cells_posted, 1);
    // Once its day is tomorrow nothing would have been posted any more.
    scene.now += DAY;
    scene.relay.now = scene.now;
    scene.relay.closes();
    scene.collects();
    assert_eq!(listed(&scene), Some(1));
    assert!(!told_of_a_dropped_answer(&scene), "{:?}", scene.alarms());
}

#[test]
fn an_epoch_that_closes_while_cells_are_on_their_way_is_no_alarm() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    scene.relay.closes_before_cells = true;
    assert_eq!(scene.collects().cells_posted, 1);
    scene.relay.closes();
    for _ in 0..3 {
        scene.collects();
        scene.relay.closes();
    }
    scene.collects();
    assert_eq!(scene.alarms(), []);
    let cells = scene.desk.vault().read().cells_of(1).unwrap();
    assert_eq!(
        cells[0].listed,
        Some(1),
        "posted for epoch 0, listed in the next"
    );
}

#[test]
fn a_relay_that_does_not_know_the_office_is_said_aloud_until_it_does() {
    let mut scene = Scene::new();
    scene.relay.knows_nobody = true;
    assert_eq!(scene.tries(), Err(CannotCollect::NotKnownThere));
    assert_eq!(scene.alarms(), [Alarm::NotTaken]);
    scene.relay.knows_nobody = false;
    scene.collects();
    assert_eq!(scene.alarms(), []);
}

#[test]
fn due_keys_are_destroyed_and_their_letters_stay_shut_for_ever() {
    let mut scene = Scene::new();
    let words = scene.words();
    let early = scene.seals("early", None);
    let late = scene.seals("late", None);
    let letter = scene.seals("in time", Some((&words, true)));
    scene.relay.takes(&letter);
    scene.collects();
    let held = |scene: &Scene| {
        let secrets = scene.desk.vault().read().secrets(vault::Role::Intake, 0);
        secrets
            .unwrap()
            .iter()
            .map(|s| s.number)
            .collect::<Vec<_>>()
    };
    let first = held(&scene)[0];
    // The office publishes and visits all along; then the key's day passes without a visit.
    let last = scene
        .desk
        .terms()
        .last_day_of_key(Period::from_number(first));
    scene.now = u64::from(last.0) * DAY - 13 * DAY;
    let (root, now) = (root(), scene.now);
    scene
        .desk
        .publish(&root, None, false, now, &mut scene.relay, &mut scene.rng)
        .unwrap();
    scene.collects();
    scene.now = u64::from(last.0) * DAY + DAY + 60;
    scene
        .desk
        .publish(
            &root,
            None,
            false,
            scene.now,
            &mut scene.relay,
            &mut scene.rng,
        )
        .unwrap();
    assert!(held(&scene).contains(&first), "a letter may wait for it");
    assert!(!scene.relay.keys.iter().rev().take(16).any(|k| k.0 == first));
    assert_eq!(scene.alarms(), [Alarm::KeyDue { days: 14 }]);
    scene.relay.takes(&early);
    assert_eq!(scene.collects().new_cases, 1);
    assert!(!held(&scene).contains(&first), "nothing waits any more");
    assert_eq!(scene.alarms(), []);
    scene.relay.takes(&late);
    let collected = scene.collects();
    assert_eq!((collected.new_cases, collected.unreadable), (0, 1));
    // The conversation was moved on before its first key was destroyed: an answer still goes.
    assert!(matches!(
        scene.desk.way_back(1, scene.now).unwrap(),
        WayBack::Open { .. }
    ));
    let r = scene.desk.vault().read();
    let lines = r.secrets(vault::Role::Conversation, 1).unwrap();
    let today = Day::of_unix_seconds(scene.now).0;
    assert!(!lines.is_empty() && lines.iter().all(|line| line.last_day >= today));
    // What the vault would be backed up under is due no later than the first key in it.
    let periods: Vec<Period> = held(&scene).into_iter().map(Period::from_number).collect();
    let by_terms = scene
        .desk
        .terms()
        .last_day_of_vault_key(Day(today), &periods);
    assert!(r.first_last_day().unwrap().unwrap() <= by_terms.0);
}

#[test]
fn a_backup_restores_the_office_and_its_conversations() {
    let mut scene = Scene::new();
    let words = scene.words();
    let letter = scene.seals("a letter", Some((&words, true)));
    scene.relay.takes(&letter);
    scene.collects();
    let file = scene.folder.path().join("backup");
    let sealed = scene
        .desk
        .back_up(&file, scene.now, &mut scene.rng)
        .unwrap();
    let today = Day::of_unix_seconds(scene.now).0;
    let restored = vault::restore(
        &file,
        &sealed.sheet,
        &scene.folder.path().join("elsewhere"),
        &Passphrase::new("another"),
        Cost::REHEARSAL,
        today,
        &mut scene.rng,
    )
    .unwrap();
    scene.desk = Desk::over(restored).unwrap();
    assert_eq!(scene.desk.office().cases().len(), 1);
    assert_eq!(scene.desk.search("letter").unwrap(), [1]);
    scene
        .desk
        .reply(1, "from the restored desk", scene.now, &mut scene.rng)
        .unwrap();
    let collected = scene.collects();
    assert_eq!(collected.new_cases, 0, "nothing is taken in twice");
}
