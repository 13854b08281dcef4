//! Need-to-know is a matter of keys: who belongs, who reads what, who may do what.
use super::stage::{
    self, CASE, Desk, GRACE, Stopped, TODAY, admit, case, circle, office, person, week,
};
use crate::{Alarm, CannotSeal, CircleId, Effect, Refused, Role, Scope, SealingSecret, What};

#[test]
fn a_case_is_read_inside_its_circle_and_by_no_other_member() {
    let (mut amal, mut relay) = office();
    let mut bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Intake]);
    let mut cy = admit(&mut amal, &mut relay, 3, "cy", &[Role::Figures]);
    let mut di = admit(&mut amal, &mut relay, 4, "di", &[Role::Auditor]);
    amal.say(case(&amal, Role::Intake), "she was stopped at the bridge");
    amal.sync(&mut relay).unwrap();
    for desk in [&mut bo, &mut cy, &mut di] {
        desk.sync(&mut relay).unwrap();
    }
    assert_eq!(bo.texts(), ["she was stopped at the bridge"]);
    for outside in [&cy, &di] {
        assert_eq!(outside.lines.len(), 1, "the shape of the log is seen");
        assert_eq!(outside.lines[0].text, None);
        assert_eq!(outside.ring.cases().count(), 0);
        assert_eq!(outside.log.head(), bo.log.head());
    }
    // And it cannot write there either.
    cy.say(case(&cy, Role::Intake), "forged");
    assert_eq!(cy.seal(), Err(CannotSeal::NotInCircle));
}

#[test]
fn a_case_handed_to_a_newcomer_of_the_circle_is_read_from_its_beginning() {
    let (mut amal, mut relay) = office();
    amal.say(case(&amal, Role::Verifier), "first");
    amal.sync(&mut relay).unwrap();
    // Admitted to the team, then to the circle; keys of cases follow.
    let mut bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Verifier]);
    assert_eq!(bo.texts(), [""; 0]);
    let verifiers = circle(&amal, Role::Verifier);
    let mut rng = amal.rng.clone();
    amal.outbox
        .give_case_keys(&amal.log, &amal.ring, verifiers, &mut rng);
    amal.rng = rng;
    amal.say(case(&amal, Role::Verifier), "second");
    amal.sync(&mut relay).unwrap();
    bo.sync(&mut relay).unwrap();
    assert_eq!(bo.texts(), ["second"]);
    let mut again = Desk::new(2, "bo", bo.log.roster().team(), TODAY);
    again.ring = bo.ring.clone();
    again.take_copy(&bo).unwrap();
    assert_eq!(again.texts(), ["first", "second"]);
}

#[test]
fn a_removed_member_with_all_of_the_relays_data_opens_nothing_newer_and_is_refused() {
    let (mut amal, mut relay) = office();
    let mut bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Intake]);
    amal.say(case(&amal, Role::Intake), "before");
    amal.sync(&mut relay).unwrap();
    bo.sync(&mut relay).unwrap();
    bo.say(case(&bo, Role::Intake), "what bo was about to say");
    let late = bo.seal().unwrap().unwrap();
    amal.write(What::RemovePerson(person("bo")));
    amal.say(case(&amal, Role::Intake), "after");
    amal.sync(&mut relay).unwrap();
    // Everything the relay has, and everything the old vault has.
    assert_eq!(bo.read(&relay), Err(Alarm::KeyMissing));
    assert_eq!(bo.texts(), ["before"]);
    let removal = bo.effects.last().unwrap();
    assert_eq!(*removal, Effect::Removed(vec![bo.key()]));
    assert_eq!(bo.seal(), Err(CannotSeal::NotAMember));
    // What was sealed before does not fit any more, wherever the relay puts it.
    let mut pushed = relay.clone();
    assert!(!pushed.append(late.position, &late.item));
    pushed.0.push(late.item);
    assert!(matches!(amal.read(&pushed), Err(Alarm::Moved { .. })));
    // With an accomplice who gives away the new team key, the signature is refused.
    let (generation, period) = amal.log.roster().team_key();
    let key = amal.ring.team(generation).unwrap().clone();
    let mut accomplice = relay.clone();
    let mut forger = stage::Desk::new(2, "bo", amal.log.roster().team(), TODAY);
    forger.take_copy(&amal).unwrap();
    forger.ring.add_team(generation, period, key);
    forger.say(Scope::Team, "in the office's name");
    assert_eq!(forger.seal(), Err(CannotSeal::NotAMember));
    let forged = forger.seal_anyway();
    assert!(accomplice.append(forged.position, &forged.item));
    amal.read(&accomplice).unwrap();
    assert_eq!(amal.refused, [Refused::NotAMember]);
    assert_eq!(amal.texts(), ["before", "after"]);
}

#[test]
fn who_leaves_a_circle_but_not_the_team_reads_nothing_newer_of_its_cases() {
    let (mut amal, mut relay) = office();
    let mut bo = admit(
        &mut amal,
        &mut relay,
        2,
        "bo",
        &[Role::Intake, Role::Figures],
    );
    amal.say(case(&amal, Role::Intake), "before");
    amal.sync(&mut relay).unwrap();
    bo.sync(&mut relay).unwrap();
    amal.write(What::Roles(person("bo"), vec![Role::Figures]));
    amal.say(case(&amal, Role::Intake), "after");
    amal.sync(&mut relay).unwrap();
    bo.sync(&mut relay).unwrap();
    assert_eq!(bo.texts(), ["before"]);
    assert_eq!(bo.lines.len(), 2);
    assert_eq!(bo.lines[1].text, None);
}

#[test]
fn only_an_administrator_admits_removes_and_gives_roles() {
    let (mut amal, mut relay) = office();
    let mut bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Verifier]);
    let spare = Desk::new(9, "eve", bo.log.roster().team(), TODAY);
    for what in [
        What::RemovePerson(person("amal")),
        What::RemoveDesk(amal.key()),
        What::Roles(person("bo"), vec![Role::Administrator]),
        What::Admit {
            person: person("eve"),
            roles: vec![Role::Intake],
            desk: spare.key(),
            sealing: spare.sealing(),
            vouch: None,
        },
    ] {
        bo.write(what);
        assert_eq!(bo.seal(), Err(CannotSeal::Refused(Refused::NoRight)));
        // The log does not let it take effect either, whatever a changed program seals.
        let before = bo.log.roster().clone();
        let forged = bo.seal_anyway();
        let mut told = relay.clone();
        assert!(told.append(forged.position, &forged.item));
        let mut other = stage::copy(&amal);
        other.read(&told).unwrap();
        assert_eq!(other.refused, [Refused::NoRight]);
        assert_eq!(
            other.log.roster().persons().collect::<Vec<_>>(),
            before.persons().collect::<Vec<_>>()
        );
        let id = bo.outbox.drafts().next().unwrap().id;
        bo.outbox.take_back(id).unwrap();
    }
    amal.write(What::RemovePerson(person("amal")));
    assert_eq!(
        amal.seal(),
        Err(CannotSeal::Refused(Refused::NobodyLeft)),
        "nobody would be left who may admit"
    );
}

#[test]
fn a_vanished_administrator_is_replaced_by_as_many_persons_as_the_founding_says() {
    let (mut amal, mut relay) = office();
    let mut bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Verifier]);
    let mut cy = admit(&mut amal, &mut relay, 3, "cy", &[Role::Intake]);
    bo.write(What::Propose(person("bo")));
    bo.sync(&mut relay).unwrap();
    let Some(Effect::Proposed(at)) = bo.effects.last().cloned() else {
        panic!("no proposal");
    };
    // One person twice is one person.
    bo.write(What::Agree(at));
    bo.sync(&mut relay).unwrap();
    assert!(!bo.log.roster().has_role(&person("bo"), Role::Administrator));
    cy.read(&relay).unwrap();
    cy.write(What::Agree(at));
    cy.sync(&mut relay).unwrap();
    assert_eq!(cy.effects.last(), Some(&Effect::Agreed { done: true }));
    bo.read(&relay).unwrap();
    bo.write(What::RemovePerson(person("amal")));
    bo.sync(&mut relay).unwrap();
    cy.read(&relay).unwrap();
    let here: Vec<_> = cy.log.roster().persons().map(|(p, _)| p.code()).collect();
    assert_eq!(here, ["bo", "cy"]);
    assert_eq!(amal.read(&relay), Ok(()));
    assert_eq!(amal.seal(), Ok(None));
    amal.say(Scope::Team, "too late");
    assert_eq!(amal.seal(), Err(CannotSeal::NotAMember));
}

#[test]
fn a_circle_takes_no_auditor_and_no_role_beside_it() {
    let (mut amal, mut relay) = office();
    let _di = admit(&mut amal, &mut relay, 4, "di", &[Role::Auditor]);
    let ours = CircleId([5; 16]);
    for (what, why) in [
        (
            What::Circle(ours, vec![person("amal"), person("di")]),
            Refused::Auditor,
        ),
        (
            What::Roles(person("di"), vec![Role::Intake, Role::Auditor]),
            Refused::Auditor,
        ),
        (
            What::Circle(circle(&amal, Role::Intake), vec![person("amal")]),
            Refused::NoRight,
        ),
    ] {
        amal.write(what);
        assert_eq!(amal.seal(), Err(CannotSeal::Refused(why)));
        let id = amal.outbox.drafts().next().unwrap().id;
        amal.outbox.take_back(id).unwrap();
    }
    amal.write(What::Circle(ours, vec![person("amal")]));
    amal.say(Scope::Case(ours, CASE), "closed to all others");
    amal.sync(&mut relay).unwrap();
    assert_eq!(amal.texts(), ["closed to all others"]);
}

#[test]
fn a_desk_taken_later_opens_no_item_of_a_period_whose_keys_are_destroyed() {
    let (mut amal, mut relay) = office();
    let mut bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Intake]);
    bo.say(
        Scope::Circle(circle(&bo, Role::Intake)),
        "a key of this week",
    );
    bo.sync(&mut relay).unwrap();
    let everything = relay.clone();
    let later = TODAY.plus(7 + GRACE);
    for day in TODAY.0..=later.0 {
        for desk in [&mut amal, &mut bo] {
            desk.pass_day(envelope::Day(day));
            desk.say(Scope::Team, "here");
            desk.sync(&mut relay).unwrap();
        }
    }
    // The founder's desk once held every key there was.
    let mut seized = stage::copy(&amal);
    seized.log = crate::Log::of(amal.log.roster().team());
    seized.lines.clear();
    assert_eq!(seized.read(&everything), Err(Alarm::KeyMissing));
    // The copy its vault kept says the shape once more, and the key of that week no more.
    seized.take_copy(&amal).unwrap();
    assert_eq!(seized.lines[0].text, None);
    assert_eq!(seized.log.head(), amal.log.head());
}

#[test]
fn an_erased_case_stays_erased_and_lists_the_desks_that_have_not_confirmed() {
    let (mut amal, mut relay) = office();
    let mut cy = admit(&mut amal, &mut relay, 3, "cy", &[Role::Intake]);
    let mut bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Intake]);
    let intake = circle(&amal, Role::Intake);
    amal.say(case(&amal, Role::Intake), "to be erased");
    amal.sync(&mut relay).unwrap();
    bo.sync(&mut relay).unwrap();
    let old = bo.ring.clone();
    // Written without knowing of the erasure.
    bo.say(case(&bo, Role::Intake), "one more word");
    for desk in [&mut amal, &mut cy] {
        desk.write(What::Erase(intake, CASE));
        desk.sync(&mut relay).unwrap();
    }
    amal.read(&relay).unwrap();
    assert!(amal.ring.is_erased(intake, CASE));
    let roster = amal.log.roster();
    assert_eq!(
        roster.unconfirmed(intake, CASE),
        Some(vec![amal.key(), bo.key(), cy.key()].sorted())
    );
    assert_eq!(
        bo.sync(&mut relay),
        Err(Stopped::Cannot(CannotSeal::Refused(Refused::Erased)))
    );
    assert_eq!(bo.ring.cases().count(), 0);
    let id = bo.outbox.drafts().next().unwrap().id;
    assert!(bo.outbox.take_back(id).is_some(), "the draft was kept");
    for desk in [&mut bo, &mut cy, &mut amal] {
        desk.say(Scope::Team, "seen");
        desk.sync(&mut relay).unwrap();
    }
    assert_eq!(amal.log.roster().unconfirmed(intake, CASE), Some(vec![]));
    // Handed out again by whoever kept it, its key is not taken.
    let (held, spare) = (
        amal.ring.cases().count(),
        crate::CaseKey::from_bytes(&[8; 32]),
    );
    amal.ring.add_case(intake, CASE, 9, spare);
    assert_eq!(amal.ring.cases().count(), held);
    // A backup brings the key back until the log is read again.
    let mut restored = Desk::new(2, "bo", amal.log.roster().team(), TODAY);
    restored.ring = old;
    assert_eq!(restored.ring.cases().count(), 1);
    restored.take_copy(&amal).unwrap();
    assert_eq!(restored.ring.cases().count(), 0);
}

#[test]
fn an_insider_erases_no_case_of_a_circle_that_is_not_theirs() {
    let (mut amal, mut relay) = office();
    let mut cy = admit(&mut amal, &mut relay, 3, "cy", &[Role::Figures]);
    amal.say(case(&amal, Role::Intake), "kept");
    amal.sync(&mut relay).unwrap();
    cy.read(&relay).unwrap();
    cy.write(What::Erase(circle(&cy, Role::Intake), CASE));
    assert_eq!(cy.seal(), Err(CannotSeal::Refused(Refused::NoRight)));
    let id = cy.outbox.drafts().next().unwrap().id;
    cy.outbox.take_back(id).unwrap();
    // Naming a circle of one's own names another case.
    for desk in [&mut cy, &mut amal] {
        desk.read(&relay).unwrap();
        desk.write(What::Erase(circle(desk, Role::Figures), CASE));
        desk.sync(&mut relay).unwrap();
    }
    assert!(amal.ring.is_erased(circle(&amal, Role::Figures), CASE));
    assert!(!amal.ring.is_erased(circle(&amal, Role::Intake), CASE));
    assert_eq!(amal.ring.cases().count(), 1);
}

#[test]
fn a_desk_that_gave_no_key_of_the_period_gets_none_and_comes_back_by_admission() {
    let (mut amal, mut relay) = office();
    let mut bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Intake]);
    // Thirteen weeks: bo gave keys for twelve.
    for day in (TODAY.0..TODAY.0 + 13 * 7).step_by(7).map(envelope::Day) {
        amal.pass_day(day);
        let ahead = week(day) + 4;
        amal.ring
            .add_sealing(SealingSecret::draw(ahead, &mut amal.rng));
        let keys = amal.sealing();
        amal.write(What::GiveSealing(keys));
        amal.say(Scope::Team, "here");
        amal.compared = Some(crate::Compared {
            head: amal.log.head(),
            day,
        });
        amal.sync(&mut relay).unwrap();
    }
    assert_eq!(
        amal.log.roster().without_key_of(week(amal.today)),
        [bo.key()]
    );
    bo.pass_day(amal.today);
    assert_eq!(bo.read(&relay), Err(Alarm::KeyMissing));
    amal.write(What::RemoveDesk(bo.key()));
    amal.sync(&mut relay).unwrap();
    let mut anew = admit(&mut amal, &mut relay, 22, "bo", &[Role::Intake]);
    anew.say(Scope::Team, "back");
    anew.sync(&mut relay).unwrap();
    amal.read(&relay).unwrap();
    assert_eq!(amal.texts().last().unwrap(), "back");
}

trait Sorted {
    fn sorted(self) -> Self;
}

impl<T: Ord> Sorted for Vec<T> {
    fn sorted(mut self) -> Self {
        self.sort();
        self
    }
}
