//! What a member's changed program, or one person alone, cannot do to the others.
use super::stage::{self, CASE, Desk, GRACE, TODAY, admit, case, circle, office, person, week};
use crate::body::Content;
use crate::{Act, Alarm, CannotSeal, CircleId, Compared, Effect, Refused, Role, Scope};
use crate::{SealingKey, Vouch, What};

fn three() -> (Desk, Desk, Desk, stage::Relay) {
    let (mut amal, mut relay) = office();
    let mut bo = admit(&mut amal, &mut relay, 2, "bo", &[Role::Intake]);
    let cy = admit(&mut amal, &mut relay, 3, "cy", &[Role::Intake]);
    bo.sync(&mut relay).unwrap();
    (amal, bo, cy, relay)
}

/// A further desk of a person who is there.
fn next_desk(person: &Desk, vouch: Option<Vouch>) -> (Desk, What) {
    let team = person.log.roster().team();
    let desk = Desk::new(70, person.person.code(), team, TODAY);
    let what = What::Admit {
        person: person.person.clone(),
        roles: vec![Role::Intake],
        desk: desk.key(),
        sealing: desk.sealing(),
        vouch,
    };
    (desk, what)
}

#[test]
fn an_administrator_gives_nobody_a_further_desk_that_they_did_not_vouch_for() {
    let (mut amal, mut bo, _, mut relay) = three();
    let team = amal.log.roster().team();
    let (mut next, ghost) = next_desk(&bo, None);
    let own = Vouch::sign(&team, &next.key(), &next.sealing(), &amal.secret);
    let other_keys = Vouch::sign(&team, &next.key(), &amal.sealing(), &bo.secret);
    let other_desk = Vouch::sign(&team, &amal.key(), &next.sealing(), &bo.secret);
    for vouch in [None, Some(own), Some(other_keys), Some(other_desk)] {
        let (_, what) = next_desk(&bo, vouch);
        amal.write(what);
        let refused = CannotSeal::Refused(Refused::NotVouched);
        assert_eq!(amal.seal(), Err(refused));
        amal.take_back();
    }
    // Nor with a changed program: it admits a stranger, and writes bo's name over theirs.
    let What::Admit { desk, sealing, .. } = ghost else {
        panic!("an admission");
    };
    let (person, roles) = (person("zed"), vec![Role::Intake]);
    amal.write(What::Admit {
        person,
        roles,
        desk,
        sealing,
        vouch: None,
    });
    let mut told = relay.clone();
    let bo_is_meant = |content: &mut Content| {
        let Content::Act(act) = content else {
            panic!("an act")
        };
        let Act::Admit { person, .. } = act.as_mut() else {
            panic!("an admission")
        };
        *person = stage::person("bo");
    };
    amal.append_changed(&mut told, bo_is_meant, |_| ());
    let mut heard = stage::copy(&bo);
    heard.read(&told).unwrap();
    assert_eq!(heard.refused, [Refused::NotVouched]);
    amal.take_back();
    // With bo's own desk vouching it goes, and the next desk reads what bo reads.
    let vouch = Vouch::sign(&team, &next.key(), &next.sealing(), &bo.secret);
    amal.write(next_desk(&bo, Some(vouch)).1);
    amal.say(case(&amal, Role::Intake), "for bo");
    amal.sync(&mut relay).unwrap();
    next.take_copy(&amal).unwrap();
    assert_eq!(next.texts(), ["for bo"]);
    bo.sync(&mut relay).unwrap();
    assert_eq!(bo.log.head(), next.log.head());
}

#[test]
fn an_administrator_admits_a_further_desk_of_their_own_without_anybody() {
    let (mut amal, mut relay) = office();
    amal.write(next_desk(&amal, None).1);
    amal.sync(&mut relay).unwrap();
    assert_eq!(amal.log.roster().desks().count(), 2);
}

#[test]
fn what_somebody_proposed_before_they_went_is_not_there_for_their_namesake() {
    let (mut amal, mut bo, mut cy, mut relay) = three();
    bo.write(What::Propose(person("cy")));
    bo.sync(&mut relay).unwrap();
    let Some(Effect::Proposed(at)) = bo.effects.last().cloned() else {
        panic!("no proposal");
    };
    amal.read(&relay).unwrap();
    amal.write(What::RemovePerson(person("bo")));
    amal.sync(&mut relay).unwrap();
    let _namesake = admit(&mut amal, &mut relay, 22, "bo", &[Role::Intake]);
    cy.read(&relay).unwrap();
    cy.write(What::Agree(at));
    assert_eq!(cy.seal(), Err(CannotSeal::Refused(Refused::Unknown)));
}

#[test]
fn sealing_keys_that_are_no_keys_are_not_taken_in() {
    let (mut amal, mut bo, _, mut relay) = three();
    let key = Box::new([0xff; envelope::keys::SEALING_KEY_BYTES]);
    let period = week(TODAY) + 1;
    let none = SealingKey { period, key };
    bo.write(What::GiveSealing(vec![none.clone()]));
    assert_eq!(bo.seal(), Err(CannotSeal::Refused(Refused::NotAKey)));
    let mut told = relay.clone();
    bo.append_changed(&mut told, |_| (), |_| ());
    let mut heard = stage::copy(&amal);
    heard.read(&told).unwrap();
    assert_eq!(heard.refused, [Refused::NotAKey]);
    assert!(heard.log.roster().without_key_of(period).is_empty());
    bo.take_back();
    let eve = Desk::new(9, "eve", bo.log.roster().team(), TODAY);
    amal.write(What::Admit {
        person: person("eve"),
        roles: vec![Role::Intake],
        desk: eve.key(),
        sealing: vec![none],
        vouch: None,
    });
    assert_eq!(amal.seal(), Err(CannotSeal::Refused(Refused::NotAKey)));
    amal.take_back();
    amal.sync(&mut relay).unwrap();
}

#[test]
fn an_auditor_renews_no_key_and_still_writes() {
    let (mut amal, mut relay) = office();
    let mut di = admit(&mut amal, &mut relay, 4, "di", &[Role::Auditor]);
    di.today = TODAY.plus(7);
    assert_eq!(di.seal(), Ok(None), "due, and not theirs to renew");
    di.write(What::RenewTeam);
    assert_eq!(di.seal(), Err(CannotSeal::Refused(Refused::NoRight)));
    let forged = di.seal_anyway();
    let mut told = relay.clone();
    assert!(told.append(forged.position, &forged.item));
    let mut heard = stage::copy(&amal);
    heard.read(&told).unwrap();
    assert_eq!(heard.refused, [Refused::NoRight]);
    di.take_back();
    di.say(Scope::Team, "seen");
    di.sync(&mut relay).unwrap();
    amal.read(&relay).unwrap();
    assert_eq!(amal.texts(), ["seen"]);
}

#[test]
fn an_entry_of_another_log_names_the_desk_that_signed_it_and_nobody_it_was_not_signed_by() {
    let (mut amal, mut bo, mut cy, mut relay) = three();
    bo.say(Scope::Team, "forked");
    let (amal_key, other) = (amal.key(), [3; 32]);
    // In amal's name, unsigned: refused, and nothing stops.
    bo.append_changed(
        &mut relay,
        |_| (),
        |body| {
            body.after = other;
            body.desk = amal_key;
        },
    );
    for desk in [&mut amal, &mut bo, &mut cy] {
        desk.read(&relay).unwrap();
        assert_eq!(desk.refused, [Refused::Unsigned]);
    }
    // In bo's own: everybody is told whose, and goes on once heads were compared.
    bo.append_changed(&mut relay, |_| (), |body| body.after = other);
    bo.take_back();
    for desk in [&mut amal, &mut bo, &mut cy] {
        let forked = Alarm::Forked {
            desk: stage::Desk::new(2, "bo", desk.log.roster().team(), TODAY).key(),
        };
        assert_eq!(desk.read(&relay), Err(forked));
        desk.pass_over(&relay).unwrap();
    }
    amal.say(Scope::Team, "goes on");
    for desk in [&mut amal, &mut bo, &mut cy] {
        desk.sync(&mut relay).unwrap();
        assert_eq!(desk.texts(), ["goes on"]);
    }
}

/// The content of an act, put together by hand.
fn act(with: impl FnOnce(&mut minicbor::Encoder<Vec<u8>>)) -> Vec<u8> {
    let mut to = minicbor::Encoder::new(vec![]);
    with(&mut to);
    to.into_writer()
}

#[test]
fn an_act_of_a_newer_release_stops_the_desk_if_an_administrator_signed_it_and_else_changes_nothing()
{
    let (amal, bo, cy, relay) = three();
    let unknown_act = act(|to| {
        to.map(2).unwrap().u8(0).unwrap().u8(7).unwrap();
        to.u8(1).unwrap().u8(3).unwrap();
    });
    let unknown_key = act(|to| {
        to.map(3).unwrap().u8(0).unwrap().u8(5).unwrap();
        to.u8(1).unwrap().str("bo").unwrap();
        to.u8(10).unwrap().u8(0).unwrap();
    });
    let unknown_role = act(|to| {
        to.map(3).unwrap().u8(0).unwrap().u8(3).unwrap();
        to.u8(1).unwrap().str("bo").unwrap();
        to.u8(2).unwrap().array(1).unwrap().u8(6).unwrap();
    });
    for newer in [unknown_act, unknown_key, unknown_role] {
        for (author, administrator) in [(&amal, true), (&bo, false)] {
            let (mut author, mut told) = (stage::copy(author), relay.clone());
            author.say(Scope::Team, "");
            author.append_changed(
                &mut told,
                |_| (),
                |body| {
                    body.kind = 4;
                    body.content = newer.clone();
                },
            );
            let mut heard = stage::copy(&cy);
            let before = heard.log.head();
            let read = heard.read(&told);
            if administrator {
                assert_eq!(read, Err(Alarm::TooNew));
                assert_eq!(heard.log.head(), before, "nothing was taken in");
                assert!(heard.pass_over(&told).is_err());
            } else {
                assert_eq!((read, heard.refused), (Ok(()), vec![Refused::NoRight]));
            }
        }
    }
    let malformed = act(|to| {
        to.map(2).unwrap().u8(0).unwrap().u8(5).unwrap();
        to.u8(1).unwrap().u8(3).unwrap();
    });
    let (mut author, mut told) = (stage::copy(&amal), relay.clone());
    author.say(Scope::Team, "");
    author.append_changed(
        &mut told,
        |_| (),
        |body| {
            body.kind = 4;
            body.content = malformed;
        },
    );
    let mut heard = stage::copy(&cy);
    heard.read(&told).unwrap();
    assert_eq!(heard.refused, [Refused::Malformed]);
}

#[test]
fn a_case_goes_when_a_second_person_agrees_and_not_before() {
    let (mut amal, mut bo, _, mut relay) = three();
    let intake = circle(&amal, Role::Intake);
    amal.say(case(&amal, Role::Intake), "kept until then");
    amal.sync(&mut relay).unwrap();
    for _ in 0..2 {
        // One person twice is one person.
        amal.write(What::Erase(intake, CASE));
        amal.sync(&mut relay).unwrap();
        assert_eq!(
            amal.effects.last(),
            Some(&Effect::ErasureAsked(intake, CASE))
        );
        assert!(!amal.ring.is_erased(intake, CASE));
    }
    assert_eq!(amal.log.roster().erasures_asked().count(), 1);
    bo.sync(&mut relay).unwrap();
    assert_eq!(bo.texts(), ["kept until then"]);
    bo.write(What::Erase(intake, CASE));
    bo.sync(&mut relay).unwrap();
    amal.read(&relay).unwrap();
    for desk in [&amal, &bo] {
        assert!(desk.ring.is_erased(intake, CASE));
        assert_eq!(desk.ring.cases().count(), 0);
        assert_eq!(desk.log.roster().erasures_asked().count(), 0);
    }
}

#[test]
fn who_asked_for_an_erasure_and_left_the_circle_does_not_count() {
    let (mut amal, mut bo, mut cy, mut relay) = three();
    let intake = circle(&amal, Role::Intake);
    bo.write(What::Erase(intake, CASE));
    bo.sync(&mut relay).unwrap();
    amal.read(&relay).unwrap();
    amal.write(What::Roles(person("bo"), vec![Role::Figures]));
    amal.sync(&mut relay).unwrap();
    cy.read(&relay).unwrap();
    cy.write(What::Erase(intake, CASE));
    cy.sync(&mut relay).unwrap();
    assert!(!cy.ring.is_erased(intake, CASE));
}

#[test]
fn a_stranger_counts_for_an_erasure_when_somebody_else_has_seen_them_come() {
    let (mut amal, mut bo, _, mut relay) = three();
    let intake = circle(&amal, Role::Intake);
    let mut new = stage::admit(&mut amal, &mut relay, 8, "new", &[Role::Intake]);
    // Whom nobody else has seen come makes nobody known.
    let mut newer = stage::admit(&mut amal, &mut relay, 9, "newer", &[Role::Intake]);
    new.say(Scope::Team, "both are one person's");
    new.sync(&mut relay).unwrap();
    for desk in [&mut amal, &mut new, &mut newer] {
        desk.write(What::Erase(intake, CASE));
        desk.sync(&mut relay).unwrap();
        assert!(!desk.ring.is_erased(intake, CASE));
    }
    bo.read(&relay).unwrap();
    bo.say(Scope::Team, "good day to both");
    bo.sync(&mut relay).unwrap();
    assert!(!bo.ring.is_erased(intake, CASE), "bo did not ask for it");
    new.write(What::Erase(intake, CASE));
    new.sync(&mut relay).unwrap();
    bo.read(&relay).unwrap();
    assert!(bo.ring.is_erased(intake, CASE));
}

#[test]
fn a_team_of_one_person_erases_alone() {
    let (mut amal, mut relay) = office();
    let intake = circle(&amal, Role::Intake);
    amal.write(What::Erase(intake, CASE));
    amal.sync(&mut relay).unwrap();
    assert!(amal.ring.is_erased(intake, CASE));
}

#[test]
fn who_left_a_circle_keeps_its_case_keys_for_a_grace_and_then_no_more() {
    let (mut amal, mut bo, _, mut relay) = three();
    amal.say(case(&amal, Role::Intake), "known to bo");
    amal.sync(&mut relay).unwrap();
    bo.sync(&mut relay).unwrap();
    let held = (circle(&bo, Role::Intake), CASE);
    let give = |amal: &mut Desk, bo: &mut Desk, relay: &mut stage::Relay, role| {
        amal.write(What::Roles(person("bo"), vec![role]));
        amal.sync(relay).unwrap();
        bo.read(relay).unwrap();
    };
    // A mistake that is mended in time costs nothing.
    give(&mut amal, &mut bo, &mut relay, Role::Figures);
    bo.pass_day(TODAY.plus(7));
    give(&mut amal, &mut bo, &mut relay, Role::Intake);
    let mut back = stage::copy(&bo);
    back.pass_day(TODAY.plus(7 * 7));
    assert!(back.ring.cases().any(|case| case == held));
    // The grace begins on this desk's own day, whatever day the entry names.
    give(&mut amal, &mut bo, &mut relay, Role::Figures);
    bo.pass_day(TODAY.plus(2 * 7));
    bo.pass_day(TODAY.plus(2 * 7 + GRACE));
    assert!(bo.ring.cases().any(|case| case == held));
    bo.pass_day(TODAY.plus(2 * 7 + GRACE + 7));
    assert_eq!(bo.ring.cases().count(), 0);
}

#[test]
fn no_circle_is_named_by_zeros() {
    let (mut amal, mut relay) = office();
    amal.write(What::Circle(CircleId([0; 16]), vec![person("amal")]));
    assert_eq!(amal.seal(), Err(CannotSeal::Refused(Refused::Malformed)));
    amal.take_back();
    amal.sync(&mut relay).unwrap();
}

#[test]
fn roles_persons_and_keys_are_sealed_in_the_order_that_reads() {
    let (mut amal, mut bo, _, mut relay) = three();
    amal.write(What::Roles(
        person("bo"),
        vec![Role::Figures, Role::Intake, Role::Figures],
    ));
    amal.write(What::Circle(
        CircleId([5; 16]),
        vec![person("bo"), person("amal")],
    ));
    let mut keys = amal.sealing();
    keys.reverse();
    amal.write(What::GiveSealing(keys));
    amal.sync(&mut relay).unwrap();
    bo.read(&relay).unwrap();
    assert_eq!(bo.refused, []);
    assert!(bo.log.roster().has_role(&person("bo"), Role::Figures));
    assert!(bo.log.roster().is_in(&person("bo"), CircleId([5; 16])));
}

#[test]
fn no_draft_prints_what_it_says() {
    let (mut amal, _) = office();
    amal.say(Scope::Team, "she was stopped");
    amal.write(What::Propose(person("amal")));
    let printed = format!("{:?}", amal.outbox);
    let bytes = format!("{:?}", "she was stopped".as_bytes());
    for word in ["she was stopped", bytes.trim_matches(['[', ']']), "amal"] {
        assert!(!printed.contains(word), "{printed}");
    }
    assert!(printed.contains("Words"));
}

#[test]
fn neither_own_entries_nor_days_far_ahead_make_a_log_look_alive() {
    let (mut amal, mut bo, _, mut relay) = three();
    // bo dates an entry years ahead, and is heard no more.
    bo.say(Scope::Team, "in 2099");
    bo.append_changed(&mut relay, |_| (), |body| body.day = 47_000);
    bo.read(&relay).unwrap();
    amal.read(&relay).unwrap();
    for day in 1..=7 {
        amal.today = TODAY.plus(day);
        amal.say(Scope::Team, "here");
        amal.sync(&mut relay).unwrap();
    }
    amal.today = TODAY.plus(8);
    amal.say(Scope::Team, "alone with the relay");
    assert_eq!(amal.seal(), Err(CannotSeal::HeadTooOld));
    // A comparison counts for a period, own entries since or not; a colleague's entry ends it.
    amal.compared = Some(Compared {
        head: amal.log.head(),
        day: amal.today,
    });
    amal.sync(&mut relay).unwrap();
    amal.today = TODAY.plus(15);
    amal.say(Scope::Team, "compared");
    amal.sync(&mut relay).unwrap();
    amal.today = TODAY.plus(16);
    amal.say(Scope::Team, "once more");
    assert_eq!(amal.seal(), Err(CannotSeal::HeadTooOld));
}

#[test]
fn a_team_key_that_is_not_the_same_for_all_is_noticed_by_all_and_passed_over() {
    let (mut amal, mut bo, mut cy, mut relay) = three();
    bo.write(What::RenewTeam);
    let amal_key = amal.key();
    let team = |content: &mut Content, change: &dyn Fn(&mut crate::Renewal)| {
        let Content::Renewal(renewal) = content else {
            panic!("a renewal")
        };
        change(renewal);
    };
    let at = |renewal: &crate::Renewal| {
        let mut wraps = renewal.wraps.iter();
        wraps.position(|wrap| wrap.desk == amal_key).unwrap()
    };
    // A wrap that opens to nothing, one that is made by other chance, another commitment.
    let bent = |renewal: &mut crate::Renewal| {
        let at = at(renewal);
        renewal.wraps[at].bytes[1_130] ^= 1;
    };
    let committed = |renewal: &mut crate::Renewal| renewal.commitment[0] ^= 1;
    let changes: [&dyn Fn(&mut crate::Renewal); 2] = [&bent, &committed];
    let wrong = Alarm::WrongKey { desk: bo.key() };
    for change in changes {
        bo.append_changed(&mut relay, |content| team(content, change), |_| ());
        for desk in [&mut amal, &mut bo, &mut cy] {
            assert_eq!(desk.read(&relay), Err(wrong));
            desk.pass_over(&relay).unwrap();
        }
    }
    bo.take_back();
    amal.write(What::RemovePerson(person("bo")));
    amal.sync(&mut relay).unwrap();
    // Who comes later reads that they were passed over.
    let di = admit(&mut amal, &mut relay, 4, "di", &[Role::Intake]);
    cy.read(&relay).unwrap();
    assert_eq!(cy.log.head(), amal.log.head());
    assert_eq!(di.log.head(), amal.log.head());
}

#[test]
fn a_circle_key_that_is_not_the_same_for_all_is_told_and_renewed() {
    let (mut amal, mut bo, mut cy, mut relay) = three();
    let intake = circle(&bo, Role::Intake);
    let amal_key = amal.key();
    bo.write(What::RenewCircle(intake));
    bo.append_changed(
        &mut relay,
        |content| {
            let Content::Renewal(renewal) = content else {
                panic!("a renewal")
            };
            let mut wraps = renewal.wraps.iter_mut();
            let wrap = wraps.find(|wrap| wrap.desk == amal_key).unwrap();
            wrap.bytes[1_130] ^= 1;
        },
        |_| (),
    );
    bo.take_back();
    for desk in [&mut amal, &mut cy] {
        desk.read(&relay).unwrap();
        assert_eq!(desk.effects.last(), Some(&Effect::WrongCircleKey(intake)));
    }
    amal.say(case(&amal, Role::Intake), "under the next key");
    for desk in [&mut amal, &mut bo, &mut cy] {
        desk.sync(&mut relay).unwrap();
        assert_eq!(desk.texts(), ["under the next key"]);
    }
}
