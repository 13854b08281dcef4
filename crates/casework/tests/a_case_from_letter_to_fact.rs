//! One case all the way: a letter comes in, the office decides, a fact is counted.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::{Code, Country};
use scene::*;

#[test]
fn a_letter_becomes_a_case_and_a_verified_act_becomes_a_fact() {
    let mut scene = Scene::with_a_letter().verified().consents("statistics");
    scene.does("amina", |case, stamp| {
        acknowledge(
            case,
            Slot {
                day: TODAY,
                slot: 0,
            },
            stamp,
        )
    });
    scene.does("amina", |case, stamp| {
        reply(
            case,
            "We have read it.",
            vec![Slot {
                day: TODAY,
                slot: 1,
            }],
            stamp,
        )
    });

    let case = scene.the_case();
    assert_eq!(case.state(), State::Decision);
    assert_eq!(case.letters().len(), 1);
    assert_eq!(case.replies()[0].number, 1);
    assert_eq!(case.free_slots(TODAY).next(), Some(2));

    let mut places = Places::default();
    places.add(
        Country::read("CD").unwrap(),
        4.try_into().unwrap(),
        ["Nord-Kivu", "North Kivu"],
    );
    let covered = case
        .covers(purpose("statistics"), "", level("none"), today())
        .unwrap();
    let facts = countable(case, &covered, &places).unwrap();
    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0].act(), Code::of("arbitrary-arrest").unwrap());
    assert_eq!(facts[0].victim(), Code::of("journalist").unwrap());
    assert_eq!(facts[0].period().to_string(), "2024-03");
    assert_eq!(facts[0].place().admin1(), 4.try_into().ok());
    assert!(facts[0].standard().is_verified());
}
