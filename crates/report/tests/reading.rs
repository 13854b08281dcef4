//! Coming back with the words to a copy of the board, and what somebody who watches the files
//! could tell.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod scene;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use envelope::board::{Closing, DaysHash, ManifestHash, Restarts, close_epoch};
use envelope::keys::RelaySecret;
use envelope::{Cell, Day, Epoch, Period};
use open::{Correspondent, VoiceSecret};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use scene::{MAILBOX, Scene, temoin_report, temoin_report_in};
use seal::words::{WordList, Words};
use seal::{Master, ReplyKey};
use temoin_report::office::{CannotMeet, DayFrom, Office, Pin};
use temoin_report::reading::{self, Board, BoardUnreachable, CopyOfBoard, Pages};

const TODAY: Day = Day(20_000);

fn scene() -> Scene {
    Scene::on(TODAY, RelaySecret::from_seed(&[8; 32]))
}

fn words() -> Words {
    Words::from_indices(
        WordList::English,
        vec![10, 200, 300, 400, 500, 600, 700, 800, 900],
    )
    .unwrap()
}

/// The office's half of a conversation.
struct Talk<'a> {
    scene: &'a Scene,
    master: Master,
    reply: ReplyKey,
}

impl<'a> Talk<'a> {
    fn of(scene: &'a Scene) -> Self {
        let master = Master::of(&words(), &MAILBOX);
        let reply = master.reply_secret().public();
        Self {
            scene,
            master,
            reply,
        }
    }

    fn answer(&self, number: u32, text: &str, day: Day, voice: &VoiceSecret) -> Vec<Cell> {
        let key = self.master.conversation_key(
            Period::of(day.minus(7), 7),
            0,
            self.scene.body.first_period,
        );
        let to = Correspondent {
            mailbox: &MAILBOX,
            period_days: 7,
            reply_key: &self.reply,
            conversation_key: &key,
            voice,
        };
        let mut rng = ChaCha20Rng::seed_from_u64(u64::from(number));
        let mut cells = vec![open::opened(&to, number, day, 0, &mut rng).unwrap()];
        cells.extend(open::answer(&to, number, text, None, (day, 1), &mut rng).unwrap());
        cells
    }
}

/// Closes an epoch a day up to today, and writes the board a mirror would hold.
fn write_board(folder: &Path, scene: &Scene, days: &[(Day, Vec<Cell>)]) {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let mut previous = ManifestHash::NONE;
    let mut files = BTreeMap::new();
    let board = folder.join("board");
    fs::create_dir_all(board.join("days")).unwrap();
    for (epoch, (day, cells)) in (0..).map(Epoch).zip(days) {
        let before = files.iter().filter(|(before, _)| *before < day);
        let closing = Closing {
            mailbox: MAILBOX,
            epoch,
            now: day.first_second() + 3_600,
            previous,
            days_before: before.fold(DaysHash::NONE, |days, (day, file): (&Day, &Vec<u8>)| {
                days.then(*day, file)
            }),
            restarts: &Restarts::default(),
            kept_from: Epoch(0),
            day_file: &[],
        };
        let closed = close_epoch(
            &closing,
            scene.body.shape,
            &[],
            cells,
            &scene.relay,
            &mut rng,
        );
        previous = closed.manifest.hash();
        files.insert(*day, closed.day_entry.clone());
        let at = board.join(epoch.0.to_string());
        fs::create_dir(&at).unwrap();
        fs::write(at.join("manifest"), closed.manifest.to_file()).unwrap();
        for (k, page) in closed.pages.iter().enumerate() {
            fs::write(at.join(format!("cells-{k}")), page).unwrap();
        }
        fs::write(
            board.join("days").join(day.0.to_string()),
            &closed.day_entry,
        )
        .unwrap();
        fs::write(board.join("newest"), closed.manifest.to_file()).unwrap();
    }
}

/// A month of epochs, with an answer in two parts on one of its days.
fn month(folder: &Path, scene: &Scene, text: &str, voice: &VoiceSecret) {
    let talk = Talk::of(scene);
    let answered = TODAY.minus(9);
    let days: Vec<(Day, Vec<Cell>)> = (0..30)
        .map(|back| TODAY.minus(29 - back))
        .map(|day| {
            let cells = if day == answered {
                talk.answer(1, text, day, voice)
            } else {
                vec![]
            };
            (day, cells)
        })
        .collect();
    write_board(folder, scene, &days);
}

fn read(folder: &Path, scene: &Scene, typed: &str, more: &[&str]) -> (i32, String, String) {
    fs::write(folder.join("notice"), &scene.notice).unwrap();
    fs::write(folder.join("words"), typed).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (notice, words, root) = (path("notice"), path("words"), scene.root_hex());
    let base = [
        "read",
        "--root",
        &root,
        "--notice",
        &notice,
        "--words-file",
        &words,
        "--board",
        folder.to_str().unwrap(),
        "--day-from",
        "board",
    ];
    temoin_report(base.into_iter().chain(more.iter().copied()))
}

fn typed() -> String {
    words().shown().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_words_find_the_answer_in_all_its_parts_and_nothing_in_it_moves_the_terminal() {
    let (scene, folder) = (scene(), tempfile::tempdir().unwrap());
    let text = format!("We have read it.\u{1b}[2J {}", "é".repeat(3_000));
    month(folder.path(), &scene, &text, &scene.voice);
    let (code, out, err) = read(folder.path(), &scene, &typed(), &[]);
    assert_eq!(code, 0, "{err}");
    let name = Master::of(&words(), &MAILBOX).mailbox_name();
    assert!(
        out.starts_with(&format!("mailbox: {} {} ", name.0, name.1)),
        "{out}"
    );
    assert!(
        out.contains(&format!(
            "{}: the office’s machine has opened your letter.",
            TODAY.minus(9)
        )),
        "{out}"
    );
    assert!(out.contains("We have read it.⟦U+001B⟧[2J"), "{out}");
    assert!(
        out.contains(&"é".repeat(3_000)) && !out.contains('\u{1b}'),
        "{out}"
    );
    let everything = read(folder.path(), &scene, &typed(), &["--every-page"]);
    assert_eq!(everything.1, out);
}

#[test]
fn an_answer_is_found_whatever_day_a_window_begins_on_after_a_clock_went_back() {
    let (scene, folder) = (scene(), tempfile::tempdir().unwrap());
    let talk = Talk::of(&scene);
    let quiet = |back: u32| (TODAY.minus(back), vec![]);
    let answer = talk.answer(1, "We have read it.", TODAY.minus(2), &scene.voice);
    let days = [
        quiet(12),
        quiet(10),
        quiet(14),
        (TODAY.minus(2), answer),
        quiet(0),
    ];
    write_board(folder.path(), &scene, &days);
    for days in 3..20 {
        let (code, out, err) = read(
            folder.path(),
            &scene,
            &typed(),
            &["--days", &days.to_string()],
        );
        assert_eq!(code, 0, "{days}: {err}");
        assert!(out.contains("We have read it."), "{days}: {out}");
    }
}

#[test]
fn an_empty_box_says_which_period_was_searched_and_other_words_have_another_name() {
    let (scene, folder) = (scene(), tempfile::tempdir().unwrap());
    month(folder.path(), &scene, "For somebody.", &scene.voice);
    let mut other: Vec<&str> = words().shown().collect();
    other.swap(0, 1);
    let (code, out, err) = read(folder.path(), &scene, &other.join(" "), &[]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains(&format!(
            "Nothing was found from {} to {TODAY}",
            TODAY.minus(89)
        )),
        "{out}"
    );
    assert!(out.contains("60 daily lists"), "{out}");
    let name = Master::of(&words(), &MAILBOX).mailbox_name();
    assert!(!out.contains(&format!("{} {} ", name.0, name.1)), "{out}");
    let (_, out, _) = read(folder.path(), &scene, &other.join(" "), &["--days", "10"]);
    assert!(
        out.contains(&format!(
            "Nothing was found from {} to {TODAY}",
            TODAY.minus(9)
        )),
        "{out}"
    );
}

#[test]
fn what_another_voice_signed_is_counted_and_not_shown() {
    let (scene, folder) = (scene(), tempfile::tempdir().unwrap());
    let former = VoiceSecret::from_seed(&[77; 32]);
    month(folder.path(), &scene, "Come to the bridge.", &former);
    let (code, out, _) = read(folder.path(), &scene, &typed(), &[]);
    assert_eq!(code, 0);
    assert!(!out.contains("bridge"), "{out}");
    assert!(
        out.contains("2 messages under your words were not signed by the office"),
        "{out}"
    );
}

#[test]
fn a_word_that_is_not_in_the_list_is_refused_with_its_neighbours() {
    let (scene, folder) = (scene(), tempfile::tempdir().unwrap());
    month(folder.path(), &scene, "", &scene.voice);
    let wrong = "acid acorn acrx acts afar affix aged agent agile";
    let (code, out, err) = read(folder.path(), &scene, wrong, &[]);
    assert_eq!((code, out.as_str()), (3, ""));
    assert!(
        err.contains("word 3 is not in the list") && err.contains("acre"),
        "{err}"
    );
    for wrong in ["", "acid acorn", &"x".repeat(10_000_000)] {
        assert_eq!(read(folder.path(), &scene, wrong, &[]).0, 3);
    }
    assert_eq!(read(folder.path(), &scene, wrong, &["--list", "fr"]).0, 3);
}

#[test]
fn an_old_board_is_asked_about_in_the_persons_language() {
    let (scene, folder) = (scene(), tempfile::tempdir().unwrap());
    month(folder.path(), &scene, "", &scene.voice);
    read(folder.path(), &scene, &typed(), &[]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (notice, words, root) = (path("notice"), path("words"), scene.root_hex());
    let (code, _, err) = temoin_report_in(
        "fr_CD.UTF-8",
        [
            "read",
            "--root",
            &root,
            "--notice",
            &notice,
            "--words-file",
            &words,
            "--board",
            folder.path().to_str().unwrap(),
        ],
    );
    assert_eq!(code, 3);
    assert!(err.contains("le tableau du bureau dit 2024-10-04"), "{err}");
}

#[test]
fn clocks_a_day_and_an_epoch_apart_agree_and_beyond_that_a_person_decides() {
    let (scene, folder) = (scene(), tempfile::tempdir().unwrap());
    write_board(folder.path(), &scene, &[(TODAY, vec![])]);
    let newest = fs::read(folder.path().join("board/newest")).unwrap();
    let closed = TODAY.first_second() + 3_600;
    let pin = Pin::Root(scene.root.public());
    let meet = |now: u64, whose| Office::meet(&scene.notice, Some(&newest), &pin, now, whose);
    let most = 86_400 + u64::from(scene.body.epoch_seconds);
    for now in [closed, closed + most, closed - most] {
        assert_eq!(meet(now, None).unwrap().day(), TODAY);
    }
    for now in [closed + most + 1, closed - most - 1] {
        assert!(matches!(
            meet(now, None),
            Err(CannotMeet::ClocksApart { .. })
        ));
        assert_eq!(meet(now, Some(DayFrom::Board)).unwrap().day(), TODAY);
    }
    let later = meet(closed + 5 * 86_400, Some(DayFrom::Clock)).unwrap();
    assert_eq!(later.day(), TODAY.plus(5));
}

#[test]
fn lists_of_somebodys_own_making_are_refused_in_words_and_no_page_is_fetched() {
    let (scene, folder) = (scene(), tempfile::tempdir().unwrap());
    month(folder.path(), &scene, "short", &scene.voice);
    // A relay that would learn which half of a day's tags is somebody's.
    let list = folder
        .path()
        .join("board/days")
        .join(TODAY.minus(9).0.to_string());
    let whole = fs::read(&list).unwrap();
    let mut half = whole.clone();
    let from = 12 + (whole.len() - 12) / 2;
    half[from..].fill(7);
    // Good as far as the newest manifest reaches, and longer than any list.
    let later = [[0x7f; 8].as_slice(), &[0, 32, 0, 0], &vec![0; 8 << 21]].concat();
    let long = [whole.clone(), later].concat();
    for made in [half, Vec::new(), whole[..whole.len() - 1].to_vec(), long] {
        fs::write(&list, &made).unwrap();
        let (code, out, err) = read(folder.path(), &scene, &typed(), &[]);
        assert_eq!(code, 3, "{out}{err}");
        assert!(err.contains("do not lead to what the office’s relay signed"));
        assert!(!out.contains("short") && !err.contains("Pages fetched"));
    }
    fs::write(&list, &whole).unwrap();
    assert_eq!(read(folder.path(), &scene, &typed(), &[]).0, 0);
}

/// A board that remembers what was asked of it.
struct Watched {
    board: CopyOfBoard,
    asked: RefCell<Vec<String>>,
}

impl Board for Watched {
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, BoardUnreachable> {
        self.asked.borrow_mut().push(path.to_owned());
        self.board.file(path)
    }
}

#[test]
fn found_or_not_every_reader_takes_the_same_lists_and_one_page() {
    let (scene, folder) = (scene(), tempfile::tempdir().unwrap());
    month(folder.path(), &scene, "short", &scene.voice);
    let newest = fs::read(folder.path().join("board/newest")).unwrap();
    let pin = Pin::Root(scene.root.public());
    let office = Office::meet(&scene.notice, Some(&newest), &pin, 0, Some(DayFrom::Board)).unwrap();
    let mut other: Vec<&str> = words().shown().collect();
    other.swap(2, 3);
    let other = Words::read(WordList::English, &other.join(" ")).unwrap();
    let asked = |words: &Words| {
        let board = CopyOfBoard::in_folder(folder.path());
        let watched = Watched {
            board,
            asked: RefCell::default(),
        };
        let master = Master::of(words, &MAILBOX);
        let found =
            reading::search(&master, &office, reading::WINDOW, Pages::OfHits, &watched).unwrap();
        assert_eq!(found.pages, 1);
        (found.answers.len(), watched.asked.into_inner())
    };
    let ((hits, with), (none, without)) = (asked(&words()), asked(&other));
    assert_eq!((hits, none), (2, 0));
    assert_eq!(with.len(), without.len());
    let lists = |asked: &[String]| asked[..90].to_vec();
    assert_eq!(lists(&with), lists(&without));
    assert!(with[90].ends_with("/cells-0") && without[90].ends_with("/cells-0"));
    assert_eq!(
        asked(&other).1,
        without,
        "the same words ask for the same page"
    );
}
