//! A relay that reorders, drops, replays, forks, hides: each is noticed and told in words, and what
//! was read stays as it was.

use super::stage::{self, Desk, Relay, Stopped, TODAY, admit, case, office};
use crate::{
    Alarm, CannotSeal, Challenge, Compared, Head, ItemSize, Refused, Role, Scope, SnapshotRefused,
};
use crate::{Snapshot, What};

/// Two desks that have read the same, and a log with a few entries.
fn two() -> (Desk, Desk, Relay) {
    let (mut amal, mut relay) = office();
    let bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Intake]);
    (amal, bo, relay)
}

/// What one desk wrote, which the other has not read.
fn said(amal: &mut Desk, relay: &mut Relay, texts: &[&str]) {
    for text in texts {
        amal.say(Scope::Team, text);
        amal.sync(relay).unwrap();
    }
}

/// Reads from a relay that lies: the alarm, and that nothing was taken in beyond the good items.
fn alarm(desk: &Desk, relay: &Relay, good: usize) -> Alarm {
    let mut desk = stage::copy(desk);
    let before = desk.lines.len();
    let alarm = desk.read(relay).unwrap_err();
    assert_eq!(desk.lines.len(), before + good);
    alarm
}

#[test]
fn items_dropped_reordered_or_replayed_are_told_and_not_taken_in() {
    let (mut amal, bo, mut relay) = two();
    let from = relay.0.len();
    said(&mut amal, &mut relay, &["one", "two", "three"]);
    let at = u64::try_from(from).unwrap();
    let lie = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut lying = relay.clone();
        change(&mut lying.0);
        lying
    };
    let dropped = lie(&|items| drop(items.remove(from)));
    assert_eq!(alarm(&bo, &dropped, 0), Alarm::Moved { belongs: at + 1 });
    let reordered = lie(&|items| items.swap(from + 1, from + 2));
    assert_eq!(alarm(&bo, &reordered, 1), Alarm::Moved { belongs: at + 2 });
    let replayed = lie(&|items| items.insert(from + 1, items[from].clone()));
    assert_eq!(alarm(&bo, &replayed, 1), Alarm::Moved { belongs: at });
    let garbage = lie(&|items| items.insert(from, vec![1; ItemSize::Tiny.bytes()]));
    assert_eq!(alarm(&bo, &garbage, 0), Alarm::Foreign);
    let of_no_size = lie(&|items| items.insert(from, vec![1; 1_000]));
    assert_eq!(alarm(&bo, &of_no_size, 0), Alarm::NotAnItem);
    let newer = lie(&|items| items.insert(from, vec![2; ItemSize::Tiny.bytes()]));
    assert_eq!(alarm(&bo, &newer, 0), Alarm::NotAnItem);
    for bit in [0, 40 * 8, 1_000 * 8] {
        let bent = lie(&|items| items[from][bit / 8] ^= 1 << (bit % 8));
        alarm(&bo, &bent, 0);
    }
    // The honest log is read after all of that.
    let mut bo = bo;
    bo.read(&relay).unwrap();
    assert_eq!(bo.texts(), ["one", "two", "three"]);
}

#[test]
fn a_log_that_is_cut_back_or_changed_where_it_was_read_is_told() {
    let (mut amal, mut bo, mut relay) = two();
    said(&mut amal, &mut relay, &["one", "two"]);
    bo.read(&relay).unwrap();
    let mut shorter = relay.clone();
    shorter.0.pop();
    assert_eq!(bo.read(&shorter), Err(Alarm::CutBack));
    let last = u64::try_from(shorter.0.len()).unwrap();
    assert_eq!(
        bo.log.recheck(&bo.ring, last, &relay.0[shorter.0.len()]),
        Ok(())
    );
    assert_eq!(
        bo.log.recheck(&bo.ring, last, &relay.0[0]),
        Err(Alarm::CutBack)
    );
    assert_eq!(
        bo.log.recheck(&bo.ring, last + 1, &relay.0[0]),
        Err(Alarm::CutBack)
    );
}

#[test]
fn two_desks_that_were_shown_two_logs_hear_of_it_from_the_first_entry_of_the_other() {
    let (mut amal, mut bo, mut relay) = two();
    // The relay takes an entry of each for the same position and shows each its own.
    let mut for_bo = relay.clone();
    said(&mut amal, &mut relay, &["for amal's eyes"]);
    let (mut twin, mut aware) = (stage::copy(&bo), for_bo.clone());
    said(&mut twin, &mut aware, &["for bo's eyes", "more"]);
    bo.say(Scope::Team, "for bo's eyes");
    bo.say(Scope::Team, "written before bo read on");
    bo.sync(&mut for_bo).unwrap();
    let words: Vec<String> = (0..2_048).map(|n| format!("w{n}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let team = amal.log.roster().team();
    let said = Challenge::draw(&words, &mut amal.rng).unwrap();
    let heard = |desk: &Desk| desk.log.head().words(&said, &team, &words).unwrap();
    assert_ne!(heard(&amal), heard(&bo), "the four words by voice");
    // And later mixes them: an entry that names the head of the other log as seen.
    let mut mixed = relay.clone();
    mixed.0.push(aware.0.last().unwrap().clone());
    assert_eq!(alarm(&amal, &mixed, 0), Alarm::Forked { desk: bo.key() });
    // Or one that was written before the logs parted.
    relay.0.push(for_bo.0.last().unwrap().clone());
    let forked = Alarm::Forked { desk: bo.key() };
    assert_eq!(amal.read(&relay), Err(forked));
}

#[test]
fn nothing_is_sealed_to_a_head_older_than_a_period_until_a_person_compared_it() {
    let (mut amal, mut bo, mut relay) = two();
    said(&mut amal, &mut relay, &["one"]);
    bo.read(&relay).unwrap();
    bo.pass_day(TODAY.plus(8));
    bo.say(Scope::Team, "on a frozen log");
    assert_eq!(bo.seal(), Err(CannotSeal::HeadTooOld));
    bo.compared = Some(Compared {
        head: Head::NOTHING,
        day: bo.today,
    });
    assert_eq!(bo.seal(), Err(CannotSeal::HeadTooOld), "another head");
    bo.compared = Some(Compared {
        head: bo.log.head(),
        day: bo.today.minus(8),
    });
    assert_eq!(bo.seal(), Err(CannotSeal::HeadTooOld), "long ago");
    bo.compared = Some(Compared {
        head: bo.log.head(),
        day: bo.today,
    });
    bo.sync(&mut relay).unwrap();
    amal.pass_day(bo.today);
    amal.read(&relay).unwrap();
    assert_eq!(amal.texts(), ["one", "on a frozen log"]);
}

#[test]
fn a_foreign_item_is_passed_over_by_a_person_and_every_desk_goes_on_alike() {
    let (mut amal, mut bo, mut relay) = two();
    relay.0.push(vec![1; ItemSize::Tiny.bytes()]);
    for desk in [&mut amal, &mut bo] {
        assert_eq!(desk.read(&relay), Err(Alarm::Foreign));
        desk.pass_over(&relay).unwrap();
        desk.read(&relay).unwrap();
    }
    said(&mut amal, &mut relay, &["after"]);
    bo.read(&relay).unwrap();
    assert_eq!((bo.texts(), bo.log.head()), (amal.texts(), amal.log.head()));
}

#[test]
fn an_answer_that_is_lost_neither_loses_nor_doubles_an_entry() {
    let (mut amal, mut bo, mut relay) = two();
    bo.say(Scope::Team, "once");
    let sealed = bo.seal().unwrap().unwrap();
    assert!(relay.append(sealed.position, &sealed.item));
    // bo never hears of it, is restarted with what its vault has, and tries again.
    let mut bo = stage::copy(&bo);
    bo.sync(&mut relay).unwrap();
    amal.read(&relay).unwrap();
    assert_eq!(
        (amal.texts(), bo.texts()),
        (vec!["once".into()], vec!["once".into()])
    );
    assert_eq!(bo.outbox.drafts().count(), 0);
}

#[test]
fn an_entry_in_anothers_name_has_no_effect_on_any_desk() {
    let (mut amal, mut bo, mut relay) = two();
    // bo's program signs as bo and writes amal's name.
    bo.say(Scope::Team, "in amal's name");
    let forged = crate::outbox::seal_as(&bo.outbox, &bo.log, &bo.hand(), amal.key()).unwrap();
    assert!(relay.append(forged.position, &forged.item));
    bo.outbox = crate::Outbox::default();
    for desk in [&mut amal, &mut bo] {
        desk.read(&relay).unwrap();
        assert_eq!(desk.refused, [Refused::Unsigned]);
    }
    said(&mut amal, &mut relay, &["goes on"]);
    bo.read(&relay).unwrap();
    assert_eq!((bo.texts(), bo.log.head()), (amal.texts(), amal.log.head()));
}

#[test]
fn all_the_relay_learns_of_an_entry_is_its_position_and_one_of_five_sizes() {
    let (mut amal, mut relay) = office();
    for length in [0, 1, 300, 5_000, 60_000, 266_240] {
        amal.say(case(&amal, Role::Intake), &"x".repeat(length));
        amal.sync(&mut relay).unwrap();
    }
    let sizes: Vec<_> = relay
        .0
        .iter()
        .map(|item| ItemSize::of(item.len()))
        .collect();
    assert!(sizes.iter().all(Option::is_some));
    let tail = &sizes[sizes.len() - 6..];
    assert_eq!(tail[0], tail[2], "a word and a sentence are of one size");
    // No run of sixteen bytes stands in two items: no name, no key, no counter in clear.
    let mut seen = std::collections::BTreeSet::new();
    for item in &relay.0 {
        for run in item[1..].chunks_exact(16) {
            assert!(seen.insert(run.to_vec()));
        }
    }
    amal.say(Scope::Team, &"x".repeat(400_000));
    assert_eq!(
        amal.sync(&mut relay),
        Err(Stopped::Cannot(CannotSeal::TooLong))
    );
}

#[test]
fn a_snapshot_counts_with_desks_of_two_persons_and_no_fewer() {
    let (amal, bo, _) = two();
    let (team, head) = (amal.log.roster().team(), amal.log.head());
    let statement = Snapshot::statement(&team, head, &[3; 32]);
    let (a, b) = (
        Snapshot::sign(&statement, &amal.secret),
        Snapshot::sign(&statement, &bo.secret),
    );
    let vouched = [
        (amal.key(), amal.person.clone()),
        (bo.key(), bo.person.clone()),
    ];
    let read = |signatures: &[_], vouched: &[_]| {
        Snapshot::verify(&Snapshot::to_file(&statement, signatures), &team, vouched)
    };
    let good = read(&[a, b], &vouched).unwrap();
    assert_eq!((good.head(), good.content()), (head, &[3; 32]));
    assert_eq!(read(&[a], &vouched), Err(SnapshotRefused::OnePerson));
    assert_eq!(read(&[a, a], &vouched), Err(SnapshotRefused::OnePerson));
    // Two desks of one person are one person.
    let both = [a.0, b.0].map(|desk| (desk, amal.person.clone()));
    assert_eq!(read(&[a, b], &both), Err(SnapshotRefused::OnePerson));
    assert_eq!(read(&[a, b], &vouched[..1]), Err(SnapshotRefused::Unsigned));
    let crossed = [(a.0, b.1), b];
    assert_eq!(read(&crossed, &vouched), Err(SnapshotRefused::Unsigned));
    let file = Snapshot::to_file(&statement, &[a, b]);
    let other = crate::TeamId([0; 32]);
    let of_other = Snapshot::verify(&file, &other, &vouched);
    assert_eq!(of_other, Err(SnapshotRefused::OtherTeam));
    let cut = Snapshot::verify(&file[..file.len() - 1], &team, &vouched);
    assert_eq!(cut, Err(SnapshotRefused::Malformed));
}

#[test]
fn a_new_key_that_goes_to_somebody_else_or_leaves_somebody_out_is_not_used() {
    let (mut amal, mut bo, mut relay) = two();
    bo.write(What::RenewTeam);
    for forged in crate::outbox::wrong_renewals(&bo.outbox, &bo.log, &bo.hand()) {
        let mut told = relay.clone();
        assert!(told.append(forged.position, &forged.item));
        let mut other = stage::copy(&amal);
        other.read(&told).unwrap();
        assert_eq!(other.refused, [Refused::WrongRenewal]);
        assert_eq!(other.log.roster().team_key(), amal.log.roster().team_key());
    }
    bo.sync(&mut relay).unwrap();
    amal.read(&relay).unwrap();
    assert_eq!(amal.log.roster().team_key().0, 3);
}

#[test]
fn a_genuine_entry_is_not_passed_over_and_two_desks_of_one_head_have_read_the_same() {
    let (mut amal, mut bo, mut relay) = two();
    said(&mut amal, &mut relay, &["genuine"]);
    let mut bent = relay.clone();
    bent.0.last_mut().unwrap()[500] ^= 1;
    assert_eq!(bo.pass_over(&relay), Err(crate::CannotPassOver));
    // What a relay bent is passed over, and the heads say so.
    bo.pass_over(&bent).unwrap();
    assert_eq!(bo.log.head().count, amal.log.head().count);
    assert_ne!(bo.log.head(), amal.log.head());
    assert!(bo.texts().is_empty());
}

#[test]
fn a_colleagues_copy_that_bends_an_entry_or_says_it_was_passed_over_is_told() {
    let (mut amal, bo, mut relay) = two();
    said(&mut amal, &mut relay, &["one", "two"]);
    let at = amal.kept.len() - 2;
    let mut longer = amal.kept[at].clone().unwrap();
    longer.push(0);
    for lie in [None, Some(longer)] {
        let mut lying = stage::copy(&amal);
        lying.kept[at] = lie;
        let mut reader = Desk::new(2, "bo", amal.log.roster().team(), TODAY);
        reader.ring = bo.ring.clone();
        let forked = reader.take_copy(&lying);
        assert!(matches!(forked, Err(Alarm::Forked { .. })));
    }
}

#[test]
fn what_a_restored_relay_lost_is_put_back_and_every_desk_goes_on() {
    let (mut amal, mut bo, mut relay) = two();
    let backup = relay.clone();
    said(&mut amal, &mut relay, &["one", "two"]);
    let lost = relay.0.clone();
    let mut relay = backup;
    assert_eq!(amal.read(&relay), Err(Alarm::CutBack));
    for (at, was) in lost.iter().enumerate().skip(relay.0.len()) {
        let inside = amal.kept[at].clone().unwrap();
        let position = u64::try_from(at).unwrap();
        let put = amal
            .log
            .put_back(&amal.ring, position, &inside, &mut amal.rng);
        let put = put.unwrap();
        assert_ne!(put.item, *was, "sealed anew");
        assert_eq!(amal.log.recheck(&amal.ring, position, &put.item), Ok(()));
        let other = amal
            .log
            .put_back(&amal.ring, position - 1, &inside, &mut amal.rng);
        assert_eq!(other, None);
        assert!(relay.append(put.position, &put.item));
    }
    bo.read(&relay).unwrap();
    amal.say(Scope::Team, "three");
    amal.sync(&mut relay).unwrap();
    bo.read(&relay).unwrap();
    assert_eq!(bo.texts(), ["one", "two", "three"]);
    assert_eq!(bo.log.head(), amal.log.head());
}

#[test]
fn an_office_that_was_quiet_until_its_key_was_destroyed_renews_it_and_goes_on() {
    let (mut amal, mut bo, mut relay) = two();
    said(&mut amal, &mut relay, &["before"]);
    bo.read(&relay).unwrap();
    for desk in [&mut amal, &mut bo] {
        desk.pass_day(TODAY.plus(6 * 7));
        let (generation, _) = desk.log.roster().team_key();
        assert!(desk.ring.team(generation).is_none(), "destroyed");
        desk.compared = Some(Compared {
            head: desk.log.head(),
            day: desk.today,
        });
    }
    // Nothing an earlier item holds opens with what is left.
    let last = amal.log.head().count - 1;
    let item = relay.0.last().unwrap();
    assert_eq!(
        amal.log.recheck(&amal.ring, last, item),
        Err(Alarm::KeyMissing)
    );
    // The date is far from all that was signed: it is asked about once. And a call goes before:
    // own entries do not make the log look alive.
    assert_eq!(amal.seal(), Err(CannotSeal::Refused(Refused::FarAhead)));
    let keys = amal.sealing();
    amal.write(What::GiveSealing(keys));
    amal.sync(&mut relay).unwrap();
    bo.sync(&mut relay).unwrap();
    said(&mut amal, &mut relay, &["after"]);
    bo.sync(&mut relay).unwrap();
    assert_eq!(bo.texts(), ["before", "after"]);
    assert_eq!(bo.log.head(), amal.log.head());
}

#[test]
fn an_item_that_nobody_can_read_any_more_does_not_end_the_log_of_a_quiet_office() {
    let (mut amal, mut bo, mut relay) = two();
    let genuine = relay.0.len();
    said(&mut amal, &mut relay, &["bo has not read this"]);
    // While the key is held nothing genuine is passed over, and to a stranger's desk nothing is.
    assert_eq!(bo.pass_over(&relay), Err(crate::CannotPassOver));
    let mut stranger = Desk::new(9, "eve", amal.log.roster().team(), TODAY);
    stranger.log = bo.log.clone();
    assert_eq!(stranger.pass_over(&relay), Err(crate::CannotPassOver));
    relay.0.truncate(genuine);
    relay.0.push(vec![1; ItemSize::Tiny.bytes()]);
    let mut colleague = stage::copy(&bo);
    for desk in [&mut colleague, &mut bo] {
        desk.pass_day(TODAY.plus(6 * 7));
        assert_eq!(desk.read(&relay), Err(Alarm::KeyMissing));
        desk.pass_over(&relay).unwrap();
        assert_eq!(desk.read(&relay), Ok(()));
    }
    bo.compared = Some(Compared {
        head: colleague.log.head(),
        day: bo.today,
    });
    let keys = bo.sealing();
    bo.write(What::GiveSealing(keys));
    bo.sync(&mut relay).unwrap();
    assert_eq!(bo.log.roster().team_key().1, stage::week(bo.today));
}

#[test]
fn nothing_but_a_new_team_key_is_taken_in_under_what_is_left_of_a_destroyed_one() {
    let (mut amal, mut bo, mut relay) = two();
    bo.pass_day(TODAY.plus(6 * 7));
    bo.say(Scope::Team, "under the bridge");
    let inside = bo.seal_inside();
    let (generation, _) = bo.log.roster().team_key();
    let bridge = bo.ring.bridge(generation).unwrap();
    let (team, at) = (bo.log.roster().team(), bo.log.head().count);
    let item = crate::item::seal(&team, at, &bridge, &inside, &mut bo.rng).unwrap();
    assert!(relay.append(at, &item));
    for desk in [&mut amal, &mut bo] {
        assert_eq!(desk.read(&relay), Err(Alarm::FormerKey));
        desk.pass_over(&relay).unwrap();
    }
    assert_eq!(bo.log.head(), amal.log.head());
}

#[test]
fn a_desk_renews_the_key_of_a_new_period_though_it_has_nothing_to_write() {
    let (mut amal, mut bo, mut relay) = two();
    amal.pass_day(TODAY.plus(7));
    bo.pass_day(TODAY.plus(7));
    amal.sync(&mut relay).unwrap();
    let before = relay.0.len();
    bo.sync(&mut relay).unwrap();
    assert_eq!(relay.0.len(), before, "once is enough");
    assert_eq!(bo.log.roster().team_key().1, stage::week(bo.today));
}

#[test]
fn a_clock_that_jumped_destroys_nothing_before_a_person_confirmed_the_date() {
    let (mut amal, _bo, _relay) = two();
    let terms = open::lifetimes::Terms {
        period_days: stage::DAYS,
        grace_days: stage::GRACE,
        carry_grace_days: 0,
        hold_days: 0,
    };
    let ring = &mut amal.ring;
    let (generation, _) = amal.log.roster().team_key();
    assert_eq!(ring.destroy_due(TODAY, &terms, false), Ok(()));
    let jumped = TODAY.plus(10 * 7);
    assert_eq!(
        ring.destroy_due(jumped, &terms, false),
        Err(crate::DateJumped)
    );
    assert!(ring.team(generation).is_some());
    assert_eq!(ring.destroy_due(TODAY.plus(7), &terms, false), Ok(()));
    assert_eq!(ring.destroy_due(jumped, &terms, true), Ok(()));
    assert!(ring.team(generation).is_none());
}

#[test]
fn a_key_dated_ahead_is_refused_or_replaced_and_blocks_no_removal() {
    let (mut amal, mut bo, mut relay) = two();
    let week = stage::week(TODAY);
    for ahead in [2, 3] {
        bo.today = TODAY.plus(ahead * 7);
        bo.compared = Some(Compared {
            head: bo.log.head(),
            day: bo.today,
        });
        assert_eq!(bo.seal(), Err(CannotSeal::Refused(Refused::FarAhead)));
    }
    // One period ahead it goes; the next desk with another date replaces it.
    bo.today = TODAY.plus(7);
    bo.sync(&mut relay).unwrap();
    assert_eq!(bo.log.roster().team_key().1, week + 1);
    amal.read(&relay).unwrap();
    amal.say(Scope::Circle(stage::circle(&amal, Role::Intake)), "today");
    amal.sync(&mut relay).unwrap();
    let intake = stage::circle(&amal, Role::Intake);
    assert_eq!(amal.log.roster().team_key().1, week);
    assert_eq!(amal.log.roster().circle_key(intake).unwrap().1, week);
    amal.write(What::RemovePerson(stage::person("bo")));
    amal.sync(&mut relay).unwrap();
    assert_eq!(amal.log.roster().desks().count(), 1);
}

#[test]
fn keys_given_for_years_ahead_are_not_kept_and_nobody_elses_date_makes_keys_forgotten() {
    let (mut amal, mut bo, mut relay) = two();
    let week = stage::week(TODAY);
    let mut far = bo.sealing();
    far.push(crate::SealingSecret::from_seed(week + 500, &[4; 32]).public());
    bo.write(What::GiveSealing(far));
    bo.today = TODAY.plus(7);
    bo.sync(&mut relay).unwrap();
    amal.sync(&mut relay).unwrap();
    let roster = amal.log.roster();
    assert_eq!(roster.without_key_of(week + 500).len(), 2);
    assert!(!roster.without_key_of(week).contains(&amal.key()));
}
