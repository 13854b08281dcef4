//! A relay's machine is lost and yesterday is restored on an empty one: what the office is told,
//! what its operator has to do, and that no letter is lost whose sender sends it again.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use desk::Alarm;
use envelope::Epoch;
use envelope::keys::RelaySecret;
use record::Language;
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
        relay::backup::restore(from, &folder, None).unwrap();
        self.start(stage, &folder);
    }
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
    for (language, word) in [(Language::English, "opened"), (Language::French, "ouvert")] {
        let says = [went_back.what(language), went_back.advice(language).into()].concat();
        assert!(says.contains(word), "{says}");
    }

    stage.now += 60;
    stage.the_office_publishes_its_notice();
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
    // The chain goes on from yesterday, signed by the same key, and the desk follows it.
    stage.an_epoch_passes();
    assert_eq!(stage.the_desk_collects().epochs_checked, 1);
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
        told.iter().any(|alarm| matches!(alarm, Alarm::Fork { .. })),
        "{told:?}"
    );
    stage.the_desk_collects();
    assert_eq!(stage.desk.cases().count(), 2);
}
