//! The four walks of the house, each as its sentence says. (ARCHITECTURE.md)
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use casework::countable;
use envelope::Token;
use figures::{PeriodSize, PlaceNames, PlaceSize, ReleaseId, Terms, count, protect};
use record::vocabulary::{IdentityLevels, Purposes};
use record::{Code, Date, Fact};
use rehearsal::stage::{Stage, an_arrest_in};
use relay::Limits;
use relay::store::Quota;

#[test]
fn a_letter_arrives() {
    let mut stage = Stage::with_an_office(1);
    let mut amina = stage.a_reporter();

    let receipt = amina.reports(&an_arrest_in("Kasai"), &mut stage);
    let listed = stage.an_epoch_passes();
    assert_eq!(listed.manifest().epoch, receipt.epoch());
    let leaves = stage
        .board(&format!("{}/leaves", receipt.epoch().0))
        .unwrap();
    assert!(leaves.as_chunks::<32>().0.contains(&receipt.leaf().0));
    assert_eq!(leaves.len(), 64 * 32, "one letter among sixty-four leaves");

    assert_eq!(stage.the_desk_collects().new_cases, 1);
    let case = stage.desk.case(1).unwrap();
    let told = case.letters()[0].report.clone().unwrap();
    assert_eq!(
        told.narrative,
        "Rehearsal: they took her at the market in Kasai."
    );
    assert!(case.letters()[0].signed);
    assert_eq!(stage.alarms(), []);
}

#[test]
fn a_reply_goes_back() {
    let mut stage = Stage::with_an_office(2);
    let mut amina = stage.a_reporter();
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.the_desk_collects();
    stage.an_epoch_passes();
    assert!(
        amina.knows_it_was_opened(&stage),
        "the office says so by itself"
    );
    assert!(amina.is_told(&stage).is_empty());

    stage.the_caseworker_replies(1, "We have read it. Is she still held?");
    stage.the_desk_collects();
    stage.an_epoch_passes();
    assert_eq!(
        amina.is_told(&stage),
        ["We have read it. Is she still held?"]
    );

    amina.reports(&an_arrest_in("Kasai again"), &mut stage);
    let collected = stage.the_desk_collects();
    assert_eq!(
        (collected.new_cases, collected.joined),
        (0, 1),
        "the same words, the same case"
    );
    let listed = stage.an_epoch_passes();
    assert_eq!(listed.manifest().cells, 16, "as many cells as ever");
}

#[test]
fn in_a_flood_whoever_was_answered_gets_through_once_and_whoever_has_a_code_too() {
    let limits = Limits {
        quota: Quota {
            letters: 5,
            bytes: u64::MAX,
        },
        puzzle_bits: 0,
        ..Limits::default()
    };
    let mut stage = Stage::with_limits(8, limits);
    let mut amina = stage.a_reporter();
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.the_desk_collects();
    stage.an_epoch_passes();
    stage.the_caseworker_replies(1, &"We have read it. Is she still held? ".repeat(200));
    stage.the_desk_collects();
    stage.an_epoch_passes();
    let answers = amina.reads(&stage);
    let tokens: Vec<Token> = answers.iter().filter_map(|a| a.token.clone()).collect();
    assert_eq!(tokens.len(), 1, "one answer of several cells, one token");
    let opened = answers.iter().find(|a| a.kind == seal::CellKind::Opened);
    assert!(
        opened.unwrap().token.is_none(),
        "nobody is known by a first letter alone"
    );
    let code = stage.desk.introduction_codes(1).unwrap().remove(0);

    // Strangers fill the epoch.
    let stranger = |stage: &mut Stage, n: u32| {
        let letter = stage.seals_without_words(&an_arrest_in(&format!("nowhere {n}")));
        stage.posts(&letter).0
    };
    for n in 0..5 {
        assert_eq!(stranger(&mut stage, n), 201);
    }
    assert_eq!(stranger(&mut stage, 5), 429);
    let again = stage.seals_without_words(&an_arrest_in("Kasai again"));
    assert_eq!(stage.posts(&again).0, 429);
    assert_eq!(stage.posts_with(&again, &tokens[0]), 201);
    let more = stage.seals_without_words(&an_arrest_in("Kasai once more"));
    assert_eq!(
        stage.posts_with(&more, &tokens[0]),
        429,
        "a token serves one letter"
    );
    let typed = code.to_lowercase().replace('-', " ");
    assert_eq!(
        stage.posts_with(&more, &Token::of_code(&typed).unwrap()),
        201
    );
    assert_eq!(stage.the_desk_collects().new_cases, 7);
}

#[test]
fn a_figure_is_published() {
    let mut stage = Stage::with_an_office(3);
    for n in 0..7 {
        let letter = stage.seals_without_words(&an_arrest_in(&format!("Kasai {n}")));
        assert_eq!(stage.posts(&letter).0, 201);
    }
    stage.the_desk_collects();
    for case in 1..=7 {
        stage.the_caseworker_describes_an_arrest(case, "Kasaï");
        stage.the_caseworker_verifies(case);
    }
    let statistics = Code::<Purposes>::of("statistics").unwrap();
    let nothing = Code::<IdentityLevels>::of("none").unwrap();
    let facts_of = |stage: &Stage| -> Vec<Fact> {
        let today = Date::of_day_number(stage.today().0).unwrap();
        let places = stage.desk.settings().places();
        let cases = stage.desk.cases();
        cases
            .filter_map(|(_, case)| {
                let covered = case.covers(statistics, "", nothing, today).ok()?;
                countable(case, &covered, &places).ok()
            })
            .flatten()
            .collect()
    };
    assert!(
        facts_of(&stage).is_empty(),
        "verified, but no consent and no other ground"
    );
    for case in 1..=6 {
        stage.the_caseworker_records_a_public_source(case);
    }
    let facts = facts_of(&stage);
    assert_eq!(facts.len(), 6, "six covered, one not");

    let release = |day: u64| {
        let terms = Terms {
            release: ReleaseId::new("rehearsal-1").unwrap(),
            today: Date::of_day_number(u32::try_from(day).unwrap()).unwrap(),
            delay_days: 30,
            threshold: 5,
            period: PeriodSize::Quarter,
            place: PlaceSize::FirstTier,
        };
        protect(count(&facts, &terms, &PlaceNames::default()), None)
    };
    let early = u64::from(stage.today().0);
    assert!(
        release(early).is_err(),
        "a period rests before it is counted"
    );
    let published = release(early + 90).unwrap();
    assert_eq!(published.total(), 6);
    assert!(
        !published.to_json().contains("market"),
        "no word of what was told"
    );
}

#[test]
fn an_authority_answers() {
    let mut stage = Stage::with_an_office(4);
    let mut amina = stage.a_reporter();
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.the_desk_collects();
    let company = "Invented Telecom";
    let write = |stage: &mut Stage| {
        stage.the_office_writes_to(1, "company-transmission", "company-letter", company)
    };
    assert!(write(&mut stage).is_err(), "nothing leaves without consent");
    stage.the_caseworker_records_consent(1, "company-transmission", company);
    write(&mut stage).unwrap();
    assert!(
        stage
            .the_office_writes_to(
                1,
                "company-transmission",
                "company-letter",
                "Another Telecom"
            )
            .is_err(),
        "consent towards one company is none towards another"
    );
    let case = stage.desk.case(1).unwrap();
    assert_eq!(case.outgoing().len(), 1);
    // What the authority answers is recorded on the case, unedited, beside the finding.
    let now = stage.now;
    let answer = "The company answers: an inquiry was opened.";
    stage
        .desk
        .decide(1, now, |c, s| casework::note(c, answer, s))
        .unwrap();
    let case = stage.desk.case(1).unwrap();
    assert!(case.notes().iter().any(|note| note.text.as_str() == answer));
}
