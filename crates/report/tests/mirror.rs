//! A copy of the board: what is good comes over, whatever was bent on the way does not.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod scene;

use std::cell::Cell as Counter;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use envelope::board::{
    Closing, DaysHash, Manifest, ManifestHash, Restart, Restarts, SignedManifest, close_epoch,
};
use envelope::keys::RelaySecret;
use envelope::{Day, Epoch};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use scene::{MAILBOX, Scene};
use temoin_report::mirror::{CannotMirror, Copied, mirror};
use temoin_report::office::{DayFrom, Office, Pin};
use temoin_report::reading::{Board, BoardUnreachable, CopyOfBoard};

const TODAY: Day = Day(20_000);
const EPOCHS: u64 = 6;

fn scene() -> Scene {
    Scene::on(TODAY, RelaySecret::from_seed(&[8; 32]))
}

/// Two epochs a day up to today, as a relay serves them, leaves and all.
fn write_board(folder: &Path, scene: &Scene, epochs: u64, seed: u64) {
    write_board_restarted(folder, scene, epochs, seed, u64::MAX);
}

/// The same of a relay that was restored: what would be this epoch is number 900.
fn write_board_restarted(folder: &Path, scene: &Scene, epochs: u64, seed: u64, lost: u64) {
    write_board_bent(folder, scene, epochs, seed, lost, &|_, _, _| ());
}

/// What a relay does to a manifest and to the file of its day before it signs; it is told what the
/// days before come to.
type Bend<'a> = &'a dyn Fn(&mut Manifest, DaysHash, &mut Vec<u8>);

fn write_board_bent(
    folder: &Path,
    scene: &Scene,
    epochs: u64,
    seed: u64,
    lost: u64,
    bend: Bend<'_>,
) {
    let mut restarts = Restarts::default();
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let mut previous = ManifestHash::NONE;
    let (mut days, mut days_before) = (DaysHash::NONE, DaysHash::NONE);
    let board = folder.join("board");
    fs::create_dir_all(board.join("days")).unwrap();
    let mut day_file = Vec::new();
    for epoch in 0..epochs {
        let back = u32::try_from((EPOCHS - 1 - epoch) / 2).unwrap();
        let day = TODAY.minus(back);
        if epoch % 2 == 0 {
            day_file.clear();
            days_before = days;
        }
        let number = if epoch < lost {
            epoch
        } else {
            900 + epoch - lost
        };
        if epoch == lost {
            let restart = Restart {
                epoch: Epoch(number),
                after: Epoch(epoch - 1),
                hash: previous,
            };
            restarts = Restarts::of(vec![restart]).unwrap();
        }
        let closing = Closing {
            mailbox: MAILBOX,
            epoch: Epoch(number),
            now: day.first_second() + 3_600 * (1 + epoch % 2),
            previous,
            days_before,
            restarts: &restarts,
            kept_from: Epoch(0),
            day_file: &day_file,
        };
        let closed = close_epoch(&closing, scene.body.shape, &[], &[], &scene.relay, &mut rng);
        day_file.extend_from_slice(&closed.day_entry);
        let mut manifest = closed.manifest.manifest().clone();
        bend(&mut manifest, days_before, &mut day_file);
        let signed = SignedManifest::sign(manifest, &scene.relay);
        previous = signed.hash();
        days = signed.manifest().days;
        let at = board.join(number.to_string());
        fs::create_dir(&at).unwrap();
        let put = |name: &str, bytes: &[u8]| fs::write(at.join(name), bytes).unwrap();
        put("manifest", &signed.to_file());
        put("leaves", &closed.leaves);
        put("tags", &closed.tags);
        for (k, page) in closed.pages.iter().enumerate() {
            put(&format!("cells-{k}"), page);
        }
        fs::write(board.join("days").join(day.0.to_string()), &day_file).unwrap();
        fs::write(board.join("newest"), signed.to_file()).unwrap();
    }
}

fn office(scene: &Scene, from: &impl Board) -> Office {
    let newest = from.file("newest").unwrap();
    let pin = Pin::Root(scene.root.public());
    Office::meet(
        &scene.notice,
        newest.as_deref(),
        &pin,
        TODAY.first_second(),
        Some(DayFrom::Board),
    )
    .unwrap()
}

fn copy(scene: &Scene, from: &impl Board, to: &Path, days: u32) -> Result<Copied, CannotMirror> {
    let keys: Vec<_> = scene
        .intake
        .iter()
        .map(|key| (key.period(), key.public().as_ref().to_vec()))
        .chain([(scene.intake[0].period(), vec![0; 1_216])])
        .collect();
    mirror(&office(scene, from), &scene.notice, &keys, from, to, days)
}

/// Counts what is fetched.
struct Line<'a>(CopyOfBoard, &'a Counter<usize>);

impl Board for Line<'_> {
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, BoardUnreachable> {
        self.1.set(self.1.get() + 1);
        self.0.file(path)
    }
}

#[test]
fn a_copy_is_byte_for_byte_the_board_and_the_next_try_fetches_nothing_twice() {
    let (scene, there, here) = (
        scene(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    write_board(there.path(), &scene, EPOCHS, 5);
    let fetched = Counter::new(0);
    let line = Line(CopyOfBoard::in_folder(there.path()), &fetched);
    let copied = copy(&scene, &line, here.path(), 90).unwrap();
    assert_eq!(
        (copied.epochs, copied.newest),
        (6, TODAY.first_second() + 7_200)
    );
    let mut files = 0;
    for folder in ["0", "1", "2", "3", "4", "5", "days", ""] {
        for entry in fs::read_dir(there.path().join("board").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let same = here.path().join(path.strip_prefix(there.path()).unwrap());
                assert!(
                    fs::read(&same).unwrap() == fs::read(&path).unwrap(),
                    "{}",
                    path.display()
                );
                files += 1;
            }
        }
    }
    assert_eq!(files, 6 * 4 + 3 + 1);
    assert!(fs::read(here.path().join("office/notice")).unwrap() == scene.notice);
    let quarter = scene.intake[1].period().number().to_string();
    let key = fs::read(here.path().join("office/keys").join(quarter)).unwrap();
    assert!(key == scene.intake[1].public().as_ref());
    fetched.set(0);
    assert_eq!(copy(&scene, &line, here.path(), 90).unwrap().fetched, 0);
    // One question what is the newest: that is all an up-to-date copy costs.
    assert_eq!(fetched.get(), 1);
}

#[test]
fn a_newest_manifest_that_gives_up_young_epochs_makes_no_copy_lose_them() {
    let (scene, there, here) = (
        scene(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    write_board(there.path(), &scene, EPOCHS - 1, 5);
    let from = CopyOfBoard::in_folder(there.path());
    copy(&scene, &from, here.path(), 90).unwrap();
    let there = tempfile::tempdir().unwrap();
    write_board_bent(
        there.path(),
        &scene,
        EPOCHS,
        5,
        u64::MAX,
        &|manifest, _, _| {
            if manifest.epoch == Epoch(EPOCHS - 1) {
                manifest.kept_from = Epoch(2);
            }
        },
    );
    let from = CopyOfBoard::in_folder(there.path());
    // A window that holds none of them says nothing of them.
    let refused = copy(&scene, &from, here.path(), 1);
    let path = "newest".to_owned();
    assert_eq!(refused, Err(CannotMirror::NotTheSigned { path }));
    for epoch in 0..2 {
        for name in ["leaves", "tags", "cells-0"] {
            let file = here.path().join(format!("board/{epoch}/{name}"));
            assert!(file.exists(), "{epoch} {name}");
        }
    }
}

/// A board whose epochs close so many days before today, by a clock that goes as it likes.
/// The last one gives up what is before an epoch.
fn write_board_of(folder: &Path, scene: &Scene, days: &[u32], kept_from: u64) {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let mut previous = ManifestHash::NONE;
    let mut files: BTreeMap<Day, Vec<u8>> = BTreeMap::new();
    let board = folder.join("board");
    fs::create_dir_all(board.join("days")).unwrap();
    for (number, back) in (0..).zip(days) {
        let day = TODAY.minus(*back);
        let before = files.iter().filter(|(before, _)| **before < day);
        let closing = Closing {
            mailbox: MAILBOX,
            epoch: Epoch(number),
            now: day.first_second() + number,
            previous,
            days_before: before.fold(DaysHash::NONE, |days, (day, file)| days.then(*day, file)),
            restarts: &Restarts::default(),
            kept_from: Epoch(if number + 1 == days.len() as u64 {
                kept_from
            } else {
                0
            }),
            day_file: files.get(&day).map_or(&[], Vec::as_slice),
        };
        let closed = close_epoch(&closing, scene.body.shape, &[], &[], &scene.relay, &mut rng);
        previous = closed.manifest.hash();
        let at = board.join(number.to_string());
        fs::create_dir(&at).unwrap();
        let put = |name: &str, bytes: &[u8]| fs::write(at.join(name), bytes).unwrap();
        put("manifest", &closed.manifest.to_file());
        put("leaves", &closed.leaves);
        for (k, page) in closed.pages.iter().enumerate() {
            put(&format!("cells-{k}"), page);
        }
        let file = files.entry(day).or_default();
        file.extend_from_slice(&closed.day_entry);
        fs::write(board.join("days").join(day.0.to_string()), file).unwrap();
        fs::write(board.join("newest"), closed.manifest.to_file()).unwrap();
    }
}

#[test]
fn an_epoch_that_closed_by_a_clock_ahead_is_copied_when_its_day_has_come() {
    let scene = scene();
    let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_board_of(there.path(), &scene, &[6, 0, 1, 5, 4, 3, 2, 1, 0], 0);
    let from = CopyOfBoard::in_folder(there.path());
    for (days, epochs) in [(2, 4), (1, 2), (5, 7), (90, 9)] {
        let copied = copy(&scene, &from, here.path(), days);
        assert_eq!(copied.map(|copied| copied.epochs), Ok(epochs), "{days}");
    }
    // What the lists there hide is missed, also by who looks further back, and so is an epoch that
    // they invent.
    let there = tempfile::tempdir().unwrap();
    write_board_of(there.path(), &scene, &[90, 0, 80, 1, 0], 0);
    let from = CopyOfBoard::in_folder(there.path());
    let other = tempfile::tempdir().unwrap();
    let copied = copy(&scene, &from, other.path(), 1);
    assert_eq!(copied.map(|copied| copied.epochs), Ok(2));
    let today = there.path().join(format!("board/days/{}", TODAY.0));
    let here = tempfile::tempdir().unwrap();
    let good = fs::read(&today).unwrap();
    fs::write(&today, &good[good.len() / 2..]).unwrap();
    let path = format!("days/{}", TODAY.0);
    let hidden = copy(&scene, &from, here.path(), 1);
    assert_eq!(hidden, Err(CannotMirror::NotTheSigned { path }));
    let invented = [&[0; 7][..], &[2], &[0; 4], &good].concat();
    fs::write(&today, invented).unwrap();
    let path = "2/manifest".to_owned();
    let invented = copy(&scene, &from, here.path(), 1);
    assert_eq!(
        invented,
        Err(CannotMirror::NotTheSigned { path }),
        "of another day"
    );
    assert!(!here.path().join("board/newest").exists());
}

#[test]
fn a_window_that_begins_just_after_days_a_clock_went_back_over_is_copied_from_earlier_on() {
    let scene = scene();
    let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_board_of(there.path(), &scene, &[50, 10, 4, 6, 0], 0);
    let from = CopyOfBoard::in_folder(there.path());
    let copied = copy(&scene, &from, here.path(), 4);
    assert_eq!(copied.map(|copied| copied.epochs), Ok(4));
    let day = |back| here.path().join(format!("board/days/{}", TODAY.0 - back));
    assert!(day(10).exists() && day(0).exists() && !day(50).exists());
}

#[test]
fn a_window_takes_its_days_and_one_manifest_more() {
    let (scene, there, here) = (
        scene(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    write_board(there.path(), &scene, EPOCHS, 5);
    let from = CopyOfBoard::in_folder(there.path());
    assert_eq!(copy(&scene, &from, here.path(), 2).unwrap().epochs, 4);
    let at = |path: &str| here.path().join("board").join(path).exists();
    assert!(at("2/cells-0") && at("1/manifest") && !at("1/cells-0") && !at("0/manifest"));
    assert!(
        at(&format!("days/{}", TODAY.minus(1).0)) && !at(&format!("days/{}", TODAY.minus(2).0))
    );
}

#[test]
fn a_bent_file_is_named_and_nothing_of_it_is_kept() {
    let scene = scene();
    for bent in ["3/manifest", "2/leaves", "4/cells-0"] {
        let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write_board(there.path(), &scene, EPOCHS, 5);
        let file = there.path().join("board").join(bent);
        let mut bytes = fs::read(&file).unwrap();
        bytes[200] ^= 1;
        fs::write(&file, &bytes).unwrap();
        let from = CopyOfBoard::in_folder(there.path());
        let Err(CannotMirror::NotTheSigned { path }) = copy(&scene, &from, here.path(), 90) else {
            panic!("{bent} was believed");
        };
        assert!(bent.starts_with(&path), "{path}");
        assert!(!here.path().join("board").join(bent).exists());
        assert!(!here.path().join("board/newest").exists());
        fs::remove_file(&file).unwrap();
        let lacking = copy(&scene, &from, here.path(), 90);
        assert!(
            matches!(lacking, Err(CannotMirror::Missing { .. })),
            "{lacking:?}"
        );
    }
}

#[test]
fn a_list_of_a_day_is_made_from_the_cells_and_never_taken_over() {
    let (scene, there, here) = (
        scene(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    write_board(there.path(), &scene, EPOCHS, 5);
    let day = format!("board/days/{}", TODAY.0);
    let good = fs::read(there.path().join(&day)).unwrap();
    fs::write(there.path().join(&day), b"").unwrap();
    copy(
        &scene,
        &CopyOfBoard::in_folder(there.path()),
        here.path(),
        90,
    )
    .unwrap();
    assert!(fs::read(here.path().join(&day)).unwrap() == good);
}

#[test]
fn a_place_that_serves_yesterday_is_told_and_the_newer_copy_stays() {
    let (scene, here) = (scene(), tempfile::tempdir().unwrap());
    let (today, yesterday) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_board(today.path(), &scene, EPOCHS, 5);
    write_board(yesterday.path(), &scene, EPOCHS - 2, 5);
    copy(
        &scene,
        &CopyOfBoard::in_folder(today.path()),
        here.path(),
        90,
    )
    .unwrap();
    let newest = fs::read(here.path().join("board/newest")).unwrap();
    let told = copy(
        &scene,
        &CopyOfBoard::in_folder(yesterday.path()),
        here.path(),
        90,
    );
    let older = CannotMirror::Older {
        there: TODAY.minus(1),
        here: TODAY,
    };
    assert_eq!(told, Err(older));
    assert!(fs::read(here.path().join("board/newest")).unwrap() == newest);
}

#[test]
fn a_place_that_shows_another_past_is_told() {
    let (scene, here) = (scene(), tempfile::tempdir().unwrap());
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_board(one.path(), &scene, EPOCHS - 1, 5);
    write_board(other.path(), &scene, EPOCHS, 6);
    copy(&scene, &CopyOfBoard::in_folder(one.path()), here.path(), 90).unwrap();
    let told = copy(
        &scene,
        &CopyOfBoard::in_folder(other.path()),
        here.path(),
        90,
    );
    assert_eq!(told, Err(CannotMirror::Forked { epoch: EPOCHS - 2 }));
}

#[test]
fn a_restored_board_is_copied_on_and_told_and_one_from_another_past_is_two_boards() {
    let scene = scene();
    let [before, restored, other, here] = [(); 4].map(|()| tempfile::tempdir().unwrap());
    write_board(before.path(), &scene, 5, 5);
    write_board_restarted(restored.path(), &scene, EPOCHS, 5, 3);
    write_board_restarted(other.path(), &scene, EPOCHS, 6, 3);
    let from = |folder: &tempfile::TempDir| CopyOfBoard::in_folder(folder.path());
    let first = copy(&scene, &from(&before), here.path(), 90).unwrap();
    assert_eq!(first.restarted, None);
    assert_eq!(
        copy(&scene, &from(&other), here.path(), 90),
        Err(CannotMirror::Forked { epoch: 2 })
    );
    let on = copy(&scene, &from(&restored), here.path(), 90).unwrap();
    assert_eq!((on.epochs, on.restarted), (6, Some(TODAY)));
    let again = copy(&scene, &from(&restored), here.path(), 90).unwrap();
    assert_eq!((again.fetched, again.restarted), (0, None), "told once");
    assert!(matches!(
        copy(&scene, &from(&before), here.path(), 90),
        Err(CannotMirror::Older { .. })
    ));
}

#[test]
fn a_relay_that_signs_lists_without_one_of_its_epochs_is_not_copied() {
    let scene = scene();
    for hidden in 0..EPOCHS {
        let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let hide: Bend<'_> = &|manifest, before, file| {
            if manifest.epoch.0 == hidden {
                file.truncate(file.len() - 12 - 8 * usize::try_from(manifest.cells).unwrap());
                manifest.days = match file.is_empty() {
                    true => before,
                    false => before.then(manifest.day, file),
                };
            }
        };
        write_board_bent(there.path(), &scene, EPOCHS, 5, u64::MAX, hide);
        let from = CopyOfBoard::in_folder(there.path());
        let told = copy(&scene, &from, here.path(), 90);
        let path = format!("days/{}", TODAY.0);
        assert_eq!(told, Err(CannotMirror::NotTheSigned { path }), "{hidden}");
        assert!(!here.path().join("board/newest").exists());
    }
}

#[test]
fn a_manifest_that_tells_other_restarts_than_the_newest_is_not_copied() {
    let (scene, there, here) = (
        scene(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let bend: Bend<'_> = &|manifest, _, _| {
        if manifest.epoch == Epoch(3) {
            let restart = Restart {
                epoch: Epoch(2),
                after: Epoch(0),
                hash: ManifestHash([7; 32]),
            };
            manifest.restarts = Restarts::of(vec![restart]).unwrap();
        }
    };
    write_board_bent(there.path(), &scene, EPOCHS, 5, u64::MAX, bend);
    let from = CopyOfBoard::in_folder(there.path());
    let path = "3/manifest".to_owned();
    assert_eq!(
        copy(&scene, &from, here.path(), 90),
        Err(CannotMirror::NotTheSigned { path })
    );
}

#[test]
fn what_the_board_gave_up_goes_from_the_copy_and_manifests_and_lists_stay() {
    let scene = scene();
    let [before, there, here] = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let days = [402, 402, 401, 1, 1, 0];
    write_board_of(before.path(), &scene, &days[..5], 0);
    let from = CopyOfBoard::in_folder(before.path());
    copy(&scene, &from, here.path(), 500).unwrap();
    let at = |path: &str| here.path().join("board").join(path).exists();
    let stays = [
        "0/manifest".to_owned(),
        "1/manifest".to_owned(),
        "2/leaves".to_owned(),
        "2/tags".to_owned(),
        "2/cells-0".to_owned(),
        format!("days/{}", TODAY.minus(402).0),
    ];
    let goes = ["0/leaves", "0/tags", "0/cells-0", "1/leaves", "1/cells-0"];
    assert!(goes.iter().all(|path| at(path)));
    write_board_of(there.path(), &scene, &days, 2);
    let from = CopyOfBoard::in_folder(there.path());
    copy(&scene, &from, here.path(), 1).unwrap();
    assert!(!goes.iter().any(|path| at(path)));
    assert!(stays.iter().all(|path| at(path)));
}
