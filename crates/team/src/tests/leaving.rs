//! Somebody leaves by the list, and nothing is lost.
use std::collections::BTreeMap;

use super::stage::{self, CASE, Desk, admit, case, circle, office, person};
use crate::{Alarm, CannotLeave, CircleId, Role, Scope, ToDo, What, leaving};

/// Takes every step of the list that is one of this room's, on the desk of whoever takes it.
fn follow(desks: &mut BTreeMap<String, Desk>, relay: &mut stage::Relay, who: &str, to: &str) {
    let (who, to) = (person(who), person(to));
    let roster = desks[who.code()].log.roster().clone();
    for step in leaving(&roster, &who, &to).unwrap() {
        let desk = desks.get_mut(step.by.code()).unwrap();
        desk.read(relay).unwrap();
        match step.what {
            ToDo::Write(what) => desk.write(what),
            ToDo::GiveCaseKeys(circle) => {
                let mut rng = desk.rng.clone();
                desk.outbox
                    .give_case_keys(&desk.log, &desk.ring, circle, &mut rng);
                desk.rng = rng;
            }
            _ => {}
        }
        desk.sync(relay).unwrap();
        assert_eq!(desk.refused, []);
    }
}

#[test]
fn the_only_administrator_and_the_only_reader_of_a_circle_leaves_and_no_case_is_lost() {
    let (mut amal, mut relay) = office();
    let closed = CircleId([5; 16]);
    amal.write(What::Circle(closed, vec![person("amal")]));
    amal.say(Scope::Case(closed, CASE), "closed to all others");
    amal.say(case(&amal, Role::Verifier), "verified");
    amal.sync(&mut relay).unwrap();
    let bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Intake]);
    let cy = admit(&mut amal, &mut relay, 3, "cy", &[Role::Figures]);
    let desks = [amal, bo, cy].map(|desk| (desk.person.code().to_owned(), desk));
    let mut desks = BTreeMap::from(desks);
    follow(&mut desks, &mut relay, "amal", "bo");
    let (mut amal, mut bo) = (desks.remove("amal").unwrap(), desks.remove("bo").unwrap());
    bo.read(&relay).unwrap();
    let roster = bo.log.roster().clone();
    assert!(roster.has_role(&person("bo"), Role::Administrator));
    assert!(roster.persons().all(|(who, _)| who.code() != "amal"));
    // What amal alone could read bo reads from its beginning, and goes on with.
    let mut anew = Desk::new(2, "bo", roster.team(), bo.today);
    anew.ring = bo.ring.clone();
    anew.take_copy(&bo).unwrap();
    assert_eq!(anew.texts(), ["closed to all others", "verified"]);
    bo.say(Scope::Case(closed, CASE), "after amal");
    let before = relay.0.len();
    bo.sync(&mut relay).unwrap();
    assert_eq!(
        relay.0.len(),
        before + 1,
        "the circle's key was renewed already"
    );
    // And amal reads nothing newer.
    assert_eq!(amal.read(&relay), Err(Alarm::KeyMissing));
    let intake = circle(&bo, Role::Intake);
    assert!(
        bo.ring
            .circle(intake, roster.circle_key(intake).unwrap().0)
            .is_some()
    );
}

#[test]
fn who_is_not_alone_in_anything_leaves_without_a_change_of_roles() {
    let (mut amal, mut relay) = office();
    let roles = [Role::Intake, Role::Figures];
    let bo = admit(&mut amal, &mut relay, 2, "bo", &roles);
    let cy = admit(&mut amal, &mut relay, 3, "cy", &[Role::Figures]);
    let steps = leaving(amal.log.roster(), &bo.person, &amal.person).unwrap();
    let changes = steps
        .iter()
        .any(|step| matches!(step.what, ToDo::Write(What::Roles(..) | What::Circle(..))));
    assert!(!changes);
    let desks = [amal, bo, cy].map(|desk| (desk.person.code().to_owned(), desk));
    let mut desks = BTreeMap::from(desks);
    follow(&mut desks, &mut relay, "bo", "amal");
    assert_eq!(desks["amal"].log.roster().desks().count(), 2);
}

#[test]
fn nobody_leaves_to_themselves_to_an_auditor_or_to_a_stranger() {
    let (mut amal, mut relay) = office();
    let di = admit(&mut amal, &mut relay, 4, "di", &[Role::Auditor]);
    let roster = amal.log.roster();
    for to in [&amal.person, &di.person, &person("zed")] {
        let cannot = leaving(roster, &amal.person, to);
        assert_eq!(cannot, Err(CannotLeave::NoSuccessor));
    }
    let stranger = leaving(roster, &person("zed"), &amal.person);
    assert_eq!(stranger, Err(CannotLeave::NotAMember));
}
