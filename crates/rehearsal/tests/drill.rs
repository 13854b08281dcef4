//! A relay's machine is lost and yesterday is restored on an empty one: what the office is told,
//! what its operator has to do, and that no letter is lost whose sender sends it again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use desk::Alarm;
use envelope::Epoch;
use envelope::keys::RelaySecret;
use record::Language;
use record::Report;
use rehearsal::stage::{Stage, an_arrest_in};
use relay::{FolderShelf, Limits, Relay};

/// The seed of the relay that the rehearsal's office names.
const SEED: [u8; 32] = [7; 32];

/// Relays of one office, one after another on the folders of this scene.
struct Machines(tempfile::TempDir);

impl Machines {
    fn place(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Moves the stage's relay onto an empty disk.
    fn set_up(&self, stage: &mut Stage, name: &str) {
        let folder = self.place(name);
        let init = ["temoin-relay", "init", "--folder"].map(Into::into);
        let ended = relay::run(init.into_iter().chain([folder.clone().into_os_string()]));
        assert_eq!(ended, relay::Ending::Done);
        std::fs::write(folder.join("relay.key"), SEED).unwrap();
        self.start(stage, &folder);
        stage.the_office_publishes_its_notice();
    }

    fn start(&self, stage: &mut Stage, folder: &Path) {
        let shelf = Arc::new(FolderShelf::open(folder).unwrap());
        let secret = RelaySecret::from_seed(&SEED);
        let root = stage.root();
        stage.relay = Relay::open(shelf, secret, root, Limits::default(), stage.now).unwrap();
    }

    /// The machine is gone, and an empty one has yesterday's backup.
    fn lose_and_restore(&self, stage: &mut Stage, lost: &str, from: &Path) {
        // A relay elsewhere, so that nothing holds the lost folder any more.
        stage.relay = Stage::with_an_office(1).relay;
        std::fs::remove_dir_all(self.place(lost)).unwrap();
        let folder = self.place("restored");
        relay::backup::restore(from, &folder, None, stage.now).unwrap();
        self.start(stage, &folder);
    }
}

/// An office whose relay closed one epoch and was then backed up, to the file that comes last.
fn an_office_with_a_backup(seed: u64) -> (Stage, Machines, PathBuf) {
    let mut stage = Stage::with_an_office(seed);
    let machines = Machines(tempfile::tempdir().unwrap());
    machines.set_up(&mut stage, "first");
    stage.an_epoch_passes();
    let yesterday = machines.place("yesterday");
    relay::backup::write(&machines.place("first"), &yesterday).unwrap();
    (stage, machines, yesterday)
}

#[test]
fn yesterday_is_restored_on_an_empty_machine_and_no_letter_is_lost_that_is_sent_again() {
    let mut stage = Stage::with_an_office(40);
    let machines = Machines(tempfile::tempdir().unwrap());
    machines.set_up(&mut stage, "first");

    let [mut a, mut b, mut c, mut d] = [(); 4].map(|()| stage.a_reporter());
    a.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    let yesterday = machines.place("yesterday");
    relay::backup::write(&machines.place("first"), &yesterday).unwrap();

    // After the backup: one letter is collected, two are only promised.
    b.reports(&an_arrest_in("Lomami"), &mut stage);
    stage.an_epoch_passes();
    stage.an_epoch_passes();
    stage.an_epoch_passes();
    assert_eq!(stage.the_desk_collects().new_cases, 1);
    let promised = c.seals(&an_arrest_in("Sankuru"), &mut stage);
    assert_eq!(stage.posts(&promised).0, 201);
    let listed = d.seals(&an_arrest_in("Tshopo"), &mut stage);
    assert_eq!(stage.posts(&listed).0, 201);

    machines.lose_and_restore(&mut stage, "first", &yesterday);

    // The board of yesterday is there; no letter is taken before the office has spoken.
    assert!(stage.board("0/manifest").is_some() && stage.board("1/manifest").is_none());
    assert_eq!(stage.posts(&promised).0, 503);
    stage.the_desk_collects();
    let told = stage.alarms();
    let went_back = Alarm::WentBack { epoch: Epoch(0) };
    assert!(told.contains(&went_back), "{told:?}");
    let restored_at = stage.now;
    stage.now += 60;
    stage.the_office_publishes_its_notice();
    // The board goes on at once, under a number nobody was shown, and says so.
    let newest = stage.newest();
    assert_eq!(newest.manifest().epoch, Epoch(restored_at));
    let restarts = newest.manifest().restarts.as_slice().to_vec();
    assert_eq!(restarts.len(), 1);
    assert_eq!(restarts[0].after, Epoch(0));
    assert!(stage.board("1/manifest").is_none(), "and nothing between");
    // Their senders hold receipts of the lost machine and send the same bytes again.
    for letter in [&promised, &listed] {
        let (status, receipt) = stage.posts(letter);
        assert_eq!((status, receipt.is_some()), (201, true));
    }
    stage.an_epoch_passes();
    assert_eq!(
        stage.the_desk_collects().new_cases,
        2,
        "also though their places were others' before the loss"
    );
    assert_eq!(stage.desk.cases().count(), 4);
    let restarted = Alarm::Restarted {
        after: Epoch(0),
        epoch: Epoch(restored_at),
    };
    let told = stage.alarms();
    assert!(told.contains(&restarted), "{told:?}");
    assert!(!told.iter().any(is_a_cry), "{told:?}");
    for (language, word) in [(Language::English, "opened"), (Language::French, "ouvert")] {
        for alarm in [went_back, restarted] {
            let says = [alarm.what(language), alarm.advice(language).into()].concat();
            assert!(says.contains(word), "{says}");
        }
    }
    // The chain goes on from yesterday, signed by the same key, and the desk follows it.
    stage.desk.seen(went_back).unwrap();
    stage.desk.seen(restarted).unwrap();
    stage.an_epoch_passes();
    assert_eq!(stage.the_desk_collects().epochs_checked, 1);
    assert_eq!(stage.alarms(), []);
}

/// What a desk says of a relay that shows two boards or hides something.
fn is_a_cry(alarm: &Alarm) -> bool {
    matches!(
        alarm,
        Alarm::Fork { .. }
            | Alarm::Gap { .. }
            | Alarm::LostLetter { .. }
            | Alarm::TwoBoards { .. }
            | Alarm::AnswerDropped { .. }
            | Alarm::AlteredDay { .. }
    )
}

#[test]
fn a_relay_that_went_past_the_lost_epochs_before_the_desk_came_loses_no_letter_either() {
    let mut stage = Stage::with_an_office(41);
    let machines = Machines(tempfile::tempdir().unwrap());
    machines.set_up(&mut stage, "first");
    let yesterday = machines.place("yesterday");
    stage.an_epoch_passes();
    relay::backup::write(&machines.place("first"), &yesterday).unwrap();
    let mut a = stage.a_reporter();
    a.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.an_epoch_passes();
    stage.the_desk_collects();

    machines.lose_and_restore(&mut stage, "first", &yesterday);
    stage.the_office_publishes_its_notice();
    let mut b = stage.a_reporter();
    b.reports(&an_arrest_in("Lomami"), &mut stage);
    for _ in 0..3 {
        stage.an_epoch_passes();
    }
    stage.the_desk_collects();
    let told = stage.alarms();
    assert!(
        matches!(
            told[..],
            [Alarm::Restarted {
                after: Epoch(0),
                ..
            }]
        ),
        "told as what it is, and nothing else: {told:?}"
    );
    stage.the_desk_collects();
    assert_eq!(stage.desk.cases().count(), 2);
}

#[test]
fn answers_of_the_lost_epochs_are_posted_again_and_found_but_not_to_who_is_told_nothing_more() {
    let mut stage = Stage::with_an_office(42);
    let machines = Machines(tempfile::tempdir().unwrap());
    machines.set_up(&mut stage, "first");
    let [mut amina, mut bao, mut chen, mut chens_new] = [(); 4].map(|()| stage.a_reporter());
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    bao.reports(&an_arrest_in("Lomami"), &mut stage);
    chen.reports(&an_arrest_in("Kivu"), &mut stage);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.an_epoch_passes();
    let yesterday = machines.place("yesterday");
    relay::backup::write(&machines.place("first"), &yesterday).unwrap();
    for case in [1, 2, 3] {
        stage.the_caseworker_replies(case, "We have read it.");
    }
    stage.the_desk_collects();
    stage.an_epoch_passes();
    stage.the_desk_collects();
    assert_eq!(amina.is_told(&stage), ["We have read it."]);
    assert_eq!(bao.is_told(&stage), ["We have read it."]);
    let exposed = "their words may be in other hands";
    stage.desk.stop_answers(2, exposed, stage.now).unwrap();
    // And these words were given up.
    assert_eq!(chen.is_told(&stage), ["We have read it."]);
    let change = chen.changes_words(&mut chens_new, &Report::default(), &mut stage);
    assert_eq!(stage.posts(&change).0, 201);
    // This epoch has its cells from the visit before.
    for _ in 0..2 {
        stage.the_desk_collects();
        stage.an_epoch_passes();
    }
    stage.the_desk_collects();
    assert_eq!(chens_new.is_told(&stage), ["We have read it."]);

    machines.lose_and_restore(&mut stage, "first", &yesterday);
    assert!(amina.is_told(&stage).is_empty());
    stage.now += 60;
    stage.the_office_publishes_its_notice();
    for _ in 0..3 {
        stage.the_desk_collects();
        stage.an_epoch_passes();
    }
    stage.the_desk_collects();
    assert_eq!(amina.is_told(&stage), ["We have read it."]);
    assert!(bao.is_told(&stage).is_empty());
    assert_eq!(chens_new.is_told(&stage), ["We have read it."]);
    assert!(chen.is_told(&stage).is_empty());
    let told = stage.alarms();
    assert!(!told.iter().any(is_a_cry), "{told:?}");
}

#[test]
fn an_answer_that_was_on_its_way_when_the_machine_was_lost_is_posted_again_without_a_cry() {
    let mut stage = Stage::with_an_office(48);
    let machines = Machines(tempfile::tempdir().unwrap());
    machines.set_up(&mut stage, "first");
    let mut amina = stage.a_reporter();
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.an_epoch_passes();
    stage.the_desk_collects();
    let yesterday = machines.place("yesterday");
    relay::backup::write(&machines.place("first"), &yesterday).unwrap();
    stage.an_epoch_passes();
    stage.the_caseworker_replies(1, "We have read it.");
    stage.the_desk_collects();
    machines.lose_and_restore(&mut stage, "first", &yesterday);
    stage.now += 60;
    stage.the_office_publishes_its_notice();
    for _ in 0..3 {
        stage.the_desk_collects();
        stage.an_epoch_passes();
    }
    stage.the_desk_collects();
    assert_eq!(amina.is_told(&stage), ["We have read it."]);
    let told = stage.alarms();
    assert!(matches!(told[..], [Alarm::Restarted { .. }]), "{told:?}");
}

#[test]
fn a_restart_that_only_one_reader_is_shown_is_told_by_the_letter_of_another() {
    let (mut stage, machines, yesterday) = an_office_with_a_backup(43);
    stage.the_desk_collects();
    machines.lose_and_restore(&mut stage, "first", &yesterday);
    // The relay signs a restart for the desk alone and goes on for Amina as if nothing had been.
    let mut other = Stage::with_an_office(44);
    other.now = stage.now;
    other.an_epoch_passes();
    let theirs = other.an_epoch_passes().hash();
    stage.the_office_publishes_its_notice();
    stage.the_desk_collects();
    let told = stage.alarms();
    assert!(matches!(told[..], [Alarm::Restarted { .. }]), "{told:?}");
    stage.desk.seen(told[0]).unwrap();
    let mut amina = stage.a_reporter();
    amina.saw = Some(theirs);
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.the_desk_collects();
    stage.an_epoch_passes();
    stage.the_desk_collects();
    let told = stage.alarms();
    assert!(matches!(told[..], [Alarm::TwoBoards { .. }]), "{told:?}");
}

#[test]
fn a_restart_from_a_board_the_desk_was_never_shown_is_a_fork_and_one_taken_back_too() {
    let (mut stage, machines, yesterday) = an_office_with_a_backup(45);
    machines.lose_and_restore(&mut stage, "first", &yesterday);
    stage.the_office_publishes_its_notice();

    // Another desk of the same office, which was shown two epochs of another past.
    let mut desk = Stage::with_an_office(46);
    desk.now = stage.now;
    desk.an_epoch_passes();
    desk.an_epoch_passes();
    desk.the_desk_collects();
    desk.relay = stage.relay;
    desk.now += 600;
    desk.the_desk_collects();
    let told = desk.alarms();
    assert!(
        told.iter().any(|alarm| matches!(alarm, Alarm::Fork { .. })),
        "{told:?}"
    );

    // The relay takes the restart back, and shows the board without it.
    for alarm in told {
        desk.desk.seen(alarm).unwrap();
    }
    let mut without = Stage::with_an_office(47);
    without.now = desk.now;
    without.an_epoch_passes();
    without.an_epoch_passes();
    desk.relay = without.relay;
    desk.the_desk_collects();
    let told = desk.alarms();
    assert!(
        told.iter().any(|a| matches!(a, Alarm::WentBack { .. })),
        "{told:?}"
    );
}

#[test]
fn a_restored_store_that_is_moved_before_the_office_has_spoken_still_goes_on_beyond_what_was_lost()
{
    let (mut stage, machines, yesterday) = an_office_with_a_backup(49);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    machines.lose_and_restore(&mut stage, "first", &yesterday);
    let restarted = Epoch(stage.now);

    // To a third machine, with what the move says of the newest epoch.
    let file = machines.place("file");
    relay::backup::write(&machines.place("restored"), &file).unwrap();
    stage.now += 60;
    let moved = machines.place("moved");
    relay::backup::restore(&file, &moved, Some(Epoch(0)), stage.now).unwrap();
    machines.start(&mut stage, &moved);
    stage.the_office_publishes_its_notice();
    assert_eq!(stage.newest().manifest().epoch, restarted);
    let letter = stage.seals_without_words(&an_arrest_in("Kasai"));
    let (status, receipt) = stage.posts(&letter);
    assert_eq!((status, receipt.unwrap().epoch()), (201, restarted.next()));
    assert_eq!(
        stage.an_epoch_passes().manifest().epoch,
        restarted.next(),
        "no lost number is published again"
    );
    let leaves = stage.board(&format!("{}/leaves", restarted.next().0));
    let listed = leaves.unwrap();
    let mut listed = listed.chunks(32);
    assert!(listed.any(|leaf| leaf == letter.leaf().0), "as promised");
    stage.the_desk_collects();
    let told = stage.alarms();
    assert!(matches!(told[..], [Alarm::Restarted { .. }]), "{told:?}");
}

#[test]
fn a_restart_shown_at_the_end_of_a_visit_and_then_taken_back_is_told() {
    let (mut stage, machines, yesterday) = an_office_with_a_backup(50);
    let mut shown = Some(stage.an_epoch_passes().to_file());
    stage.the_desk_collects();
    assert_eq!(stage.alarms(), []);
    machines.lose_and_restore(&mut stage, "first", &yesterday);
    let restarted = Alarm::Restarted {
        after: Epoch(0),
        epoch: Epoch(stage.now),
    };
    stage.now += 60;
    stage.the_office_publishes_its_notice();
    stage.the_desk_collects_through(Box::new(move |request, mut response| {
        if request.path == "/board/newest"
            && let Some(old) = shown.take()
        {
            response.body = old;
        }
        response
    }));
    assert_eq!(stage.alarms(), [restarted]);

    // Without the restart, epoch 1 written anew fits what it goes back to.
    let anew = machines.place("anew");
    relay::backup::restore(&yesterday, &anew, Some(Epoch(0)), stage.now).unwrap();
    machines.start(&mut stage, &anew);
    stage.the_office_publishes_its_notice();
    stage.an_epoch_passes();
    assert_eq!(stage.the_desk_collects().epochs_checked, 1);
    assert_eq!(stage.alarms(), [restarted]);
}
