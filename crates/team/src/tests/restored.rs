//! Vaults restored from a backup, desks admitted anew, queues in which something cannot go.
use std::collections::BTreeSet;

use super::stage::{self, CASE, Desk, TODAY, admit, case, circle, office, person, week};
use crate::{CannotSeal, CaseId, CaseKey, CircleId, Refused, Role, Scope, SealingSecret, What};

fn two() -> (Desk, Desk, stage::Relay) {
    let (mut amal, mut relay) = office();
    let bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Intake]);
    (amal, bo, relay)
}

#[test]
fn what_waited_in_a_vault_that_was_restored_is_written_once_and_takes_effect() {
    let (mut amal, mut bo, mut relay) = two();
    bo.say(Scope::Team, "waited in the backup");
    let mut restored = stage::copy(&bo);
    // The desk went on, and had seen more when it was lost.
    bo.take_back();
    for text in ["one", "two"] {
        amal.say(Scope::Team, text);
        amal.sync(&mut relay).unwrap();
        bo.say(Scope::Team, "later");
        bo.sync(&mut relay).unwrap();
    }
    restored.sync(&mut relay).unwrap();
    amal.read(&relay).unwrap();
    assert_eq!(amal.refused, []);
    assert_eq!(amal.texts().last().unwrap(), "waited in the backup");
    assert_eq!(restored.outbox.drafts().count(), 0);
}

#[test]
fn a_draft_that_had_no_effect_is_parked_for_a_person_and_not_sealed_again() {
    let (mut amal, mut bo, mut relay) = two();
    bo.write(What::RemovePerson(person("amal")));
    let forged = bo.seal_anyway();
    assert!(relay.append(forged.position, &forged.item));
    bo.sync(&mut relay).unwrap();
    assert_eq!(bo.refused, [Refused::NoRight]);
    assert_eq!(bo.outbox.drafts().count(), 0);
    let parked: Vec<_> = bo.outbox.parked().cloned().collect();
    assert_eq!(parked.len(), 1);
    let mut rng = bo.rng.clone();
    let id = bo.outbox.again(parked[0].id, &mut rng).unwrap();
    assert_ne!(id, parked[0].id, "its old name stands in the log");
    assert_eq!(bo.outbox.drafts().next().unwrap().what, parked[0].what);
    assert!(bo.outbox.take_back(id).is_some());
    amal.read(&relay).unwrap();
    assert_eq!(amal.log.head(), bo.log.head());
}

/// bo's desk a week after it gave a key for the thirteenth week, and as its backup has it.
fn restored() -> (Desk, Desk, stage::Relay, u32) {
    let (mut amal, mut bo, mut relay) = two();
    let mut restored = stage::copy(&bo);
    let last = week(TODAY) + 12;
    let mut rng = bo.rng.clone();
    bo.ring.add_sealing(SealingSecret::draw(last, &mut rng));
    let keys = bo.sealing();
    bo.write(What::GiveSealing(keys));
    bo.sync(&mut relay).unwrap();
    amal.sync(&mut relay).unwrap();
    restored.read(&relay).unwrap();
    assert_eq!(restored.ring.lost_sealing(restored.log.roster()), [last]);
    (amal, restored, relay, last)
}

/// Weeks go by until one; both write in each.
fn until(amal: &mut Desk, bo: &mut Desk, relay: &mut stage::Relay, last: u32) -> CannotOrDone {
    while week(bo.today) < last {
        let day = bo.today.plus(7);
        amal.pass_day(day);
        bo.pass_day(day);
        let ahead = week(day) + 11;
        let mut rng = amal.rng.clone();
        amal.ring.add_sealing(SealingSecret::draw(ahead, &mut rng));
        amal.rng = rng;
        let keys = amal.sealing();
        amal.write(What::GiveSealing(keys));
        bo.say(Scope::Team, "here");
        bo.sync(relay)?;
        amal.sync(relay)?;
    }
    Ok(())
}
type CannotOrDone = Result<(), stage::Stopped>;

#[test]
fn a_restored_desk_gives_its_keys_of_coming_periods_again_and_is_not_locked_out_when_they_come() {
    let (mut amal, mut bo, mut relay, last) = restored();
    let mut rng = stage::copy(&bo).rng;
    bo.ring.add_sealing(SealingSecret::draw(last, &mut rng));
    let keys = bo.sealing();
    bo.write(What::GiveSealing(keys));
    bo.sync(&mut relay).unwrap();
    assert!(bo.ring.lost_sealing(bo.log.roster()).is_empty());
    assert_eq!(until(&mut amal, &mut bo, &mut relay, last), Ok(()));
}

#[test]
fn a_desk_that_lost_a_secret_seals_no_renewal_that_it_could_not_open() {
    let (mut amal, mut bo, mut relay, last) = restored();
    let lost = stage::Stopped::Cannot(CannotSeal::SecretLost);
    assert_eq!(until(&mut amal, &mut bo, &mut relay, last), Err(lost));
}

#[test]
fn a_key_of_the_period_that_runs_is_not_replaced() {
    let (mut amal, mut bo, mut relay) = two();
    let given: Vec<_> = bo.log.roster().sealing_keys(&bo.key()).cloned().collect();
    let mut rng = bo.rng.clone();
    let (now, next) = (week(TODAY), week(TODAY) + 1);
    for period in [now, next] {
        bo.ring.add_sealing(SealingSecret::draw(period, &mut rng));
    }
    let keys = bo.sealing();
    bo.write(What::GiveSealing(keys));
    bo.sync(&mut relay).unwrap();
    let held: Vec<_> = bo.log.roster().sealing_keys(&bo.key()).cloned().collect();
    assert_eq!(held[0], given[0]);
    assert_ne!(held[1], given[1]);
    // What is wrapped to the first one still opens.
    amal.read(&relay).unwrap();
    amal.write(What::RenewTeam);
    amal.say(Scope::Team, "still");
    amal.sync(&mut relay).unwrap();
    bo.read(&relay).unwrap();
    assert_eq!(bo.texts(), ["still"]);
}

#[test]
fn keys_of_periods_that_are_over_are_not_given_again() {
    let (mut amal, mut relay) = office();
    let mut rng = amal.rng.clone();
    let now = week(TODAY);
    for period in now - 70..now {
        amal.ring.add_sealing(SealingSecret::draw(period, &mut rng));
    }
    let periods: Vec<u32> = amal.sealing().iter().map(|key| key.period).collect();
    assert_eq!(periods, (now..now + 12).collect::<Vec<_>>());
    let keys = amal.sealing();
    amal.write(What::GiveSealing(keys));
    amal.sync(&mut relay).unwrap();
    assert_eq!(amal.refused, []);
}

#[test]
fn an_entry_whose_answer_was_lost_is_not_written_again_by_the_next_desk_of_its_author() {
    let (mut amal, mut bo, mut relay) = two();
    bo.say(Scope::Team, "once");
    let sealed = bo.seal().unwrap().unwrap();
    assert!(relay.append(sealed.position, &sealed.item));
    // bo's desk dies; its queue comes to the next one.
    amal.read(&relay).unwrap();
    amal.write(What::RemoveDesk(bo.key()));
    amal.sync(&mut relay).unwrap();
    let mut next = Desk::new(22, "bo", amal.log.roster().team(), TODAY);
    next.outbox = bo.outbox.clone();
    amal.write(What::Admit {
        person: person("bo"),
        roles: vec![Role::Intake],
        desk: next.key(),
        sealing: next.sealing(),
        vouch: None,
    });
    amal.sync(&mut relay).unwrap();
    next.take_copy(&amal).unwrap();
    next.sync(&mut relay).unwrap();
    amal.read(&relay).unwrap();
    assert_eq!(amal.texts(), ["once"]);
}

#[test]
fn thousands_of_case_keys_are_handed_over_in_as_many_entries_as_they_need() {
    let (mut amal, mut relay) = office();
    let intake = circle(&amal, Role::Intake);
    amal.write(What::RenewCircle(intake));
    amal.sync(&mut relay).unwrap();
    for n in 0..4_200_u32 {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&n.to_be_bytes());
        let mut key = [1; 32];
        key[..4].copy_from_slice(&n.to_be_bytes());
        amal.ring
            .add_case(intake, CaseId(id), 1, CaseKey::from_bytes(&key));
    }
    let mut bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Intake]);
    let mut rng = amal.rng.clone();
    amal.outbox
        .give_case_keys(&amal.log, &amal.ring, intake, &mut rng);
    amal.rng = rng;
    assert_eq!(amal.outbox.drafts().count(), 2);
    amal.sync(&mut relay).unwrap();
    bo.sync(&mut relay).unwrap();
    assert_eq!(bo.ring.cases().count(), 4_200);
}

#[test]
fn a_draft_that_cannot_go_holds_up_its_own_circle_and_no_other() {
    let (mut amal, mut bo, mut relay) = two();
    let closed = CircleId([5; 16]);
    amal.write(What::Circle(closed, vec![person("amal")]));
    amal.sync(&mut relay).unwrap();
    bo.read(&relay).unwrap();
    for text in ["first", "second"] {
        bo.say(Scope::Case(closed, CASE), text);
    }
    bo.say(Scope::Team, &"x".repeat(400_000));
    bo.say(case(&bo, Role::Intake), "this goes");
    let stopped = stage::Stopped::Cannot(CannotSeal::NotInCircle);
    assert_eq!(bo.sync(&mut relay), Err(stopped));
    amal.read(&relay).unwrap();
    assert_eq!(amal.texts(), ["this goes"]);
    assert_eq!(bo.outbox.drafts().count(), 3);
    let mut rng = bo.rng.clone();
    let why = bo.outbox.held_up(&bo.log, &bo.hand(), &mut rng);
    let why: BTreeSet<String> = why.iter().map(|(_, why)| format!("{why:?}")).collect();
    let expected = ["NotInCircle", "TooLong"].map(str::to_owned);
    assert_eq!(why, BTreeSet::from(expected));
    // Let in, it goes on in order.
    amal.write(What::Circle(closed, vec![person("amal"), person("bo")]));
    amal.sync(&mut relay).unwrap();
    let stopped = stage::Stopped::Cannot(CannotSeal::TooLong);
    assert_eq!(bo.sync(&mut relay), Err(stopped));
    amal.read(&relay).unwrap();
    assert_eq!(amal.texts()[1..], ["first", "second"]);
}
