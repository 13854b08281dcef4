//! Changing the words, end to end: what old and new ones read, and what a desk believes.
//! (protocol §4.4, decision 0043)
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use desk::WayBack;
use ed25519_dalek::{Signer, SigningKey};
use envelope::keys::ReporterKey;
use record::Report;
use rehearsal::stage::{Reporter, Stage, an_arrest_in};
use seal::SealedLetter;

/// A reporter whose letter was taken in, and another set of words.
fn a_conversation(seed: u64) -> (Stage, Reporter, Reporter) {
    let mut stage = Stage::with_an_office(seed);
    let (mut old, new) = (stage.a_reporter(), stage.a_reporter());
    old.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.the_desk_collects();
    stage.an_epoch_passes();
    (stage, old, new)
}

fn is_taken_in(stage: &mut Stage, letter: &SealedLetter) {
    assert_eq!(stage.posts(letter).0, 201);
    stage.the_desk_collects();
    stage.an_epoch_passes();
}

fn is_answered(stage: &mut Stage, text: &str) {
    stage.the_caseworker_replies(1, text);
    stage.the_desk_collects();
    stage.an_epoch_passes();
}

fn told(text: &str) -> Report {
    Report {
        narrative: text.to_owned(),
        ..Report::default()
    }
}

#[test]
fn after_a_change_answers_are_read_with_the_new_words_and_not_with_the_old() {
    let (mut stage, mut old, mut new) = a_conversation(40);
    is_answered(&mut stage, "We have read it.");
    assert_eq!(old.is_told(&stage), ["We have read it."]);
    old.acknowledges = Some(stage.today());
    stage.days_pass(1);
    let letter = old.changes_words(&mut new, &Report::default(), &mut stage);
    assert_eq!(letter.letter().len(), 4_096, "like any short letter");
    is_taken_in(&mut stage, &letter);
    assert_eq!(stage.desk.cases().count(), 1);
    assert!(new.knows_it_was_opened(&stage), "the change was taken in");

    is_answered(&mut stage, "Come to the other door.");
    assert_eq!(new.is_told(&stage), ["Come to the other door."]);
    assert_eq!(
        old.is_told(&stage),
        ["We have read it."],
        "what was sealed before stays readable, and nothing after it is"
    );

    // And the conversation goes on in the same case, from a desk that was closed meanwhile.
    new.reports(&told("I am there."), &mut stage);
    let mut stage = stage.the_desk_is_opened_anew();
    assert_eq!(stage.the_desk_collects().joined, 1);
    let case = stage.desk.case(1).unwrap();
    assert!(case.letters().iter().all(|letter| letter.signed));
    assert_eq!(stage.alarms(), []);
}

#[test]
fn an_answer_that_nobody_said_was_read_is_found_with_the_new_words() {
    let (mut stage, mut old, mut new) = a_conversation(41);
    is_answered(&mut stage, "Is she still held?");
    // Written, and still on this desk when the change comes.
    stage.the_caseworker_replies(1, "Do not go home.");
    let letter = old.changes_words(&mut new, &told("Seen."), &mut stage);
    is_taken_in(&mut stage, &letter);
    assert_eq!(
        new.is_told(&stage),
        ["Is she still held?", "Do not go home."]
    );
    assert_eq!(
        old.is_told(&stage),
        ["Is she still held?"],
        "what waited was not sent to the old words"
    );
    // Once is enough.
    let cells = |stage: &Stage| stage.desk.vault().read().unlisted_cells().unwrap().len();
    stage.days_pass(2);
    stage.the_desk_collects();
    stage.an_epoch_passes();
    assert_eq!(new.is_told(&stage).len(), 2);
    assert_eq!(cells(&stage), 0);
}

#[test]
fn answers_of_a_case_that_ended_follow_the_words_too() {
    let (mut stage, mut old, mut new) = a_conversation(42);
    is_answered(&mut stage, "It is with the court.");
    let now = stage.now;
    let close = |case: &casework::Case, stamp| {
        casework::change_state(case, casework::State::Closed, "Done.", None, stamp)
    };
    stage.desk.decide(1, now, close).unwrap();
    let letter = old.changes_words(&mut new, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &letter);
    assert_eq!(new.is_told(&stage), ["It is with the court."]);
}

#[test]
fn answers_that_were_stopped_stay_stopped_until_a_person_takes_them_up() {
    let (mut stage, mut old, mut new) = a_conversation(43);
    is_answered(&mut stage, "Is she still held?");
    stage
        .desk
        .stop_answers(1, "She called.", stage.now)
        .unwrap();
    let letter = old.changes_words(&mut new, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &letter);
    assert_eq!(stage.desk.way_back(1, stage.now).unwrap(), WayBack::Stopped);
    assert!(new.reads(&stage).is_empty());
    let now = stage.now;
    let resume =
        |case: &casework::Case, stamp| casework::resume_answers(case, "She came by.", stamp);
    stage.desk.decide(1, now, resume).unwrap();
    stage.the_desk_collects();
    stage.an_epoch_passes();
    assert_eq!(new.is_told(&stage), ["Is she still held?"]);
}

#[test]
fn a_letter_that_gives_its_words_up_because_they_were_seen_stops_nothing() {
    let (mut stage, mut old, mut new) = a_conversation(44);
    let seen = Report {
        words: "exposed".into(),
        ..Report::default()
    };
    let letter = old.changes_words(&mut new, &seen, &mut stage);
    is_taken_in(&mut stage, &letter);
    assert!(matches!(
        stage.desk.way_back(1, stage.now).unwrap(),
        WayBack::Open { .. }
    ));
    // Under the old words, after the change, the same sentence stops answers: nobody knows who
    // of the two has taken the conversation from the other.
    let seen_again = Report {
        narrative: "I changed nothing.".to_owned(),
        ..seen
    };
    let letter = old.seals(&seen_again, &mut stage);
    is_taken_in(&mut stage, &letter);
    assert_eq!(stage.desk.way_back(1, stage.now).unwrap(), WayBack::Stopped);
    // Once a person has looked, whoever holds the old paper silences nobody any more.
    let now = stage.now;
    let resume = |case: &casework::Case, stamp| casework::resume_answers(case, "I met her.", stamp);
    stage.desk.decide(1, now, resume).unwrap();
    let letter = old.seals(&seen_again, &mut stage);
    is_taken_in(&mut stage, &letter);
    assert!(matches!(
        stage.desk.way_back(1, stage.now).unwrap(),
        WayBack::Open { .. }
    ));
    let case = stage.desk.case(1).unwrap();
    assert!(case.came_under_old_words(case.letters().last().unwrap()));
}

#[test]
fn old_words_used_after_a_change_are_told_and_nothing_goes_to_them() {
    let (mut stage, mut old, mut new) = a_conversation(45);
    let letter = old.changes_words(&mut new, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &letter);
    let before = old.reads(&stage).len();
    // The thief of the old paper writes, and would have the conversation go to a third one.
    let mut third = stage.a_reporter();
    let letter = old.changes_words(&mut third, &told("Write to me here."), &mut stage);
    is_taken_in(&mut stage, &letter);
    let case = stage.desk.case(1).unwrap();
    let late = case.letters().last().unwrap();
    assert!(case.came_under_old_words(late) && !late.signed);
    is_answered(&mut stage, "Who are you?");
    assert_eq!(new.is_told(&stage), ["Who are you?"]);
    assert!(third.reads(&stage).is_empty());
    assert_eq!(old.reads(&stage).len(), before);
}

#[test]
fn words_can_be_changed_again_and_the_same_change_twice_is_one() {
    let (mut stage, mut old, mut new) = a_conversation(46);
    let first = old.changes_words(&mut new, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &first);
    let again = old.changes_words(&mut new, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &again);
    let case = stage.desk.case(1).unwrap();
    assert!(!case.came_under_old_words(&case.letters()[2]), "no warning");
    assert_eq!(case.former_words().len(), 1);
    let mut third = stage.a_reporter();
    let second = new.changes_words(&mut third, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &second);
    is_answered(&mut stage, "Third time.");
    assert_eq!(third.is_told(&stage), ["Third time."]);
    assert!(new.is_told(&stage).is_empty() && old.is_told(&stage).is_empty());
    assert!(stage.desk.office().unread().is_empty());
    assert_eq!(stage.alarms(), [], "a repeated letter was not lost");
}

#[test]
fn letters_under_new_words_that_overtake_the_change_are_kept_and_joined() {
    let (mut stage, mut old, mut new) = a_conversation(47);
    let change = old.changes_words(&mut new, &Report::default(), &mut stage);
    let overtakes = new.seals(&told("With my new words."), &mut stage);
    is_taken_in(&mut stage, &overtakes);
    assert_eq!(stage.desk.cases().count(), 2);
    is_taken_in(&mut stage, &change);
    let case = stage.desk.case(1).unwrap();
    let other = stage.desk.case(2).unwrap();
    assert_eq!(other.moved_to(), Some(case.id()));
    assert_eq!(other.letters().len(), 1);
    assert_eq!(
        stage.desk.way_back(2, stage.now).unwrap(),
        WayBack::InAnotherCase
    );
    is_answered(&mut stage, "We have both.");
    assert_eq!(new.is_told(&stage), ["We have both."]);
    let next = new.seals(&told("Good."), &mut stage);
    is_taken_in(&mut stage, &next);
    assert_eq!(stage.desk.case(1).unwrap().letters().len(), 3);
    assert_eq!(stage.desk.cases().count(), 2);
}

#[test]
fn a_stop_that_came_with_joined_words_outlives_the_case_it_came_from() {
    let (mut stage, mut old, mut new) = a_conversation(59);
    let change = old.changes_words(&mut new, &Report::default(), &mut stage);
    let overtakes = new.seals(&told("With my new words."), &mut stage);
    is_taken_in(&mut stage, &overtakes);
    stage
        .desk
        .stop_answers(2, "She was seen writing.", stage.now)
        .unwrap();
    is_taken_in(&mut stage, &change);
    assert_eq!(stage.desk.way_back(1, stage.now).unwrap(), WayBack::Stopped);
    stage.the_caseworker_erases(2, "She asked for it.");
    stage = stage.the_desk_is_opened_anew();
    assert_eq!(stage.desk.way_back(1, stage.now).unwrap(), WayBack::Stopped);
    assert_eq!(stage.alarms(), []);
}

#[test]
fn words_with_a_first_letter_of_their_own_are_not_joined_with_another_case() {
    let (mut stage, mut old, mut new) = a_conversation(48);
    new.reports(&told("Another matter."), &mut stage);
    stage.the_desk_collects();
    stage.an_epoch_passes();
    let letter = old.changes_words(&mut new, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &letter);
    let case = stage.desk.case(1).unwrap();
    assert!(case.former_words().is_empty());
    assert!(case.asks_in_vain(case.letters().last().unwrap()));
    is_answered(&mut stage, "Which is it?");
    assert_eq!(old.is_told(&stage), ["Which is it?"], "as before");
    assert!(new.is_told(&stage).is_empty());
}

#[test]
fn a_change_whose_old_words_are_unknown_can_be_answered_under_the_new_ones() {
    let mut stage = Stage::with_an_office(49);
    let (mut old, mut new) = (stage.a_reporter(), stage.a_reporter());
    let first = old.seals(&an_arrest_in("Kasai"), &mut stage);
    let change = old.changes_words(&mut new, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &change);
    assert!(stage.desk.case(1).unwrap().began_with_a_change());
    is_answered(&mut stage, "Tell us again.");
    assert_eq!(new.is_told(&stage), ["Tell us again."]);
    // The first letter comes after all: it is read, and told apart.
    is_taken_in(&mut stage, &first);
    assert_eq!(stage.desk.cases().count(), 1);
    let case = stage.desk.case(1).unwrap();
    assert!(case.came_under_old_words(case.letters().last().unwrap()));
    assert!(old.reads(&stage).is_empty(), "no answer ever went there");
}

#[test]
fn erasing_a_case_forgets_the_words_that_were_given_up_as_well() {
    let (mut stage, mut old, mut new) = a_conversation(50);
    let letter = old.changes_words(&mut new, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &letter);
    assert_eq!(stage.desk.vault().read().conversations().unwrap().len(), 2);
    stage.the_caseworker_erases(1, "She asked.");
    assert!(
        stage
            .desk
            .vault()
            .read()
            .conversations()
            .unwrap()
            .is_empty()
    );
    let stage = stage.the_desk_is_opened_anew();
    assert_eq!(stage.desk.case(1).unwrap().state(), casework::State::Erased);
    assert!(stage.desk.office().misfits().is_empty());
}

/// The body of a first letter under words whose signing key is at hand, with the reply key of
/// `whose` and the conversation key of whomever the writer likes.
fn a_first_letter(
    stage: &Stage,
    signer: &SigningKey,
    whose: &Reporter,
    key: &seal::ConversationKey,
) -> seal::LetterBody {
    seal::LetterBody {
        report: told(&format!("It is {}.", stage.now)).encode(),
        conversation: Some(seal::Conversation {
            signing_key: ReporterKey(signer.verifying_key().to_bytes()),
            reply_key: seal::ReplyKeyRef::Whole(whose.master.reply_secret().public()),
            key: key.clone(),
            generation: 0,
        }),
        manifest_seen: None,
        attachments: Vec::new(),
        sealed_by: seal::SealedBy::Native,
        acknowledges: None,
        handover: None,
    }
}

fn conversation_key(stage: &Stage, of: &Reporter) -> seal::ConversationKey {
    let notice = stage.notice().unwrap();
    let period = notice.period_for(stage.today()).unwrap();
    of.master
        .conversation_key(period, 0, notice.body().first_period)
}

#[test]
fn letters_that_bring_one_conversation_key_stop_neither_the_desk_nor_each_other() {
    let mut stage = Stage::with_an_office(51);
    let (mut honest, stranger) = (stage.a_reporter(), stage.a_reporter());
    let key = conversation_key(&stage, &stranger);
    // More of them than a day has places, and each opens a case of its own.
    for n in 1..=18 {
        let signer = SigningKey::from_bytes(&[n; 32]);
        let body = a_first_letter(&stage, &signer, &stranger, &key);
        stage.is_sent_what_no_program_of_ours_seals(&signer, &body);
    }
    honest.reports(&an_arrest_in("Kasai"), &mut stage);
    assert_eq!(stage.the_desk_collects().new_cases, 19);
    let told = |stage: &Stage, n| stage.desk.case(n).unwrap().acknowledged().len();
    assert_eq!((1..=18).map(|n| told(&stage, n)).sum::<usize>(), 16);
    assert_eq!(told(&stage, 19), 1);
    for n in 1..=18 {
        assert!(stage.desk.look_over(n, "Who?", stage.now).is_err());
    }
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.an_epoch_passes();
    assert!(honest.knows_it_was_opened(&stage));
    // The next day has places again; each is used once.
    stage.days_pass(1);
    stage.the_desk_collects();
    assert_eq!(told(&stage, 17) + told(&stage, 18), 2);
    stage.the_caseworker_replies(1, "Who are you?");
    stage.the_caseworker_replies(2, "And you?");
    stage.the_desk_collects();
    stage.an_epoch_passes();
    // What nobody reads is posted again, in places that are free by then.
    stage.days_pass(60);
    stage.the_office_publishes_its_notice();
    stage.the_desk_collects();
    assert!(stage.desk.case(1).unwrap().replies()[0].reposted.len() == 1);
    assert!(stage.desk.case(2).unwrap().replies()[0].reposted.len() == 1);
}

#[test]
fn a_change_to_words_with_the_conversation_key_of_others_stops_nothing() {
    let mut stage = Stage::with_an_office(52);
    let (one, other) = (stage.a_reporter(), stage.a_reporter());
    let key = conversation_key(&stage, &one);
    let (signer, follower) = (
        SigningKey::from_bytes(&[1; 32]),
        SigningKey::from_bytes(&[2; 32]),
    );
    let third = SigningKey::from_bytes(&[3; 32]);
    for signer in [&signer, &third] {
        let body = a_first_letter(&stage, signer, &one, &key);
        stage.is_sent_what_no_program_of_ours_seals(signer, &body);
    }
    let mut body = a_first_letter(&stage, &signer, &one, &key);
    let talk = body.conversation.as_mut().unwrap();
    talk.reply_key = seal::ReplyKeyRef::Hash(talk.reply_key.hash());
    let mut handover = seal::Handover {
        signing_key: ReporterKey(follower.verifying_key().to_bytes()),
        reply_key: other.master.reply_secret().public(),
        key,
        signature: [0; 64],
    };
    let (mailbox, period) = (stage.desk.identity().mailbox, talk.key.period());
    let message = handover.signed_bytes(&mailbox, period, talk);
    handover.signature = follower.sign(&message).to_bytes();
    body.handover = Some(handover);
    stage.is_sent_what_no_program_of_ours_seals(&signer, &body);
    stage.the_desk_collects();
    let case = stage.desk.case(1).unwrap();
    assert_eq!(case.former_words().len(), 1);
    assert_eq!(case.acknowledged().len(), 2);
    assert_eq!(stage.desk.case(2).unwrap().acknowledged().len(), 1);
}

#[test]
fn whoever_was_handed_a_conversation_in_vain_is_answered_in_a_case_of_their_own() {
    let (mut stage, mut old, mut new) = a_conversation(53);
    let letter = old.changes_words(&mut new, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &letter);
    let mut third = stage.a_reporter();
    let letter = old.changes_words(
        &mut third,
        &told("The first change was not mine."),
        &mut stage,
    );
    is_taken_in(&mut stage, &letter);
    // Their first letter was that one: nothing else brings the whole reply key.
    let letter = third.seals(&told("Do you hear me?"), &mut stage);
    is_taken_in(&mut stage, &letter);
    assert!(third.knows_it_was_opened(&stage));
    stage.the_caseworker_replies(2, "Who are you?");
    stage.the_desk_collects();
    stage.an_epoch_passes();
    assert_eq!(third.is_told(&stage), ["Who are you?"]);
    assert!(new.is_told(&stage).is_empty());
    // Erased with the cases that know of them, and with no other.
    stage.the_caseworker_erases(1, "She asked.");
    assert_eq!(stage.desk.vault().read().conversations().unwrap().len(), 1);
    stage.the_caseworker_erases(2, "They asked.");
    assert!(
        stage
            .desk
            .vault()
            .read()
            .conversations()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn words_that_a_letter_named_in_vain_can_be_handed_over_to_and_are_erased_with_its_case() {
    let (mut stage, mut old, mut new) = a_conversation(54);
    let letter = old.changes_words(&mut new, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &letter);
    let (mut third, mut fourth) = (stage.a_reporter(), stage.a_reporter());
    for named in [&mut third, &mut fourth] {
        let letter = old.changes_words(named, &told("To these."), &mut stage);
        is_taken_in(&mut stage, &letter);
    }
    let letter = new.changes_words(&mut third, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &letter);
    is_answered(&mut stage, "So these it is.");
    assert_eq!(third.is_told(&stage), ["So these it is."]);
    stage.the_caseworker_erases(1, "She asked.");
    assert!(
        stage
            .desk
            .vault()
            .read()
            .conversations()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_handover_to_a_reply_key_that_is_none_is_not_read() {
    let mut stage = Stage::with_an_office(55);
    let one = stage.a_reporter();
    let key = conversation_key(&stage, &one);
    let signer = SigningKey::from_bytes(&[1; 32]);
    let follower = SigningKey::from_bytes(&[2; 32]);
    let mut body = a_first_letter(&stage, &signer, &one, &key);
    let talk = body.conversation.as_mut().unwrap();
    talk.reply_key = seal::ReplyKeyRef::Hash(talk.reply_key.hash());
    let mut handover = seal::Handover {
        signing_key: ReporterKey(follower.verifying_key().to_bytes()),
        reply_key: seal::ReplyKey(Box::new([0xff; 1_216])),
        key,
        signature: [0; 64],
    };
    let (mailbox, period) = (stage.desk.identity().mailbox, talk.key.period());
    let message = handover.signed_bytes(&mailbox, period, talk);
    handover.signature = follower.sign(&message).to_bytes();
    body.handover = Some(handover);
    stage.is_sent_what_no_program_of_ours_seals(&signer, &body);
    assert_eq!(stage.the_desk_collects().unreadable, 1);
}

#[test]
fn no_token_is_spent_on_an_answer_that_cannot_be_sealed() {
    let (mut stage, mut reporter, _) = a_conversation(56);
    is_answered(&mut stage, "Is she still held?");
    stage.days_pass(60);
    stage.the_office_publishes_its_notice();
    // A letter of a clock that is ahead: until its week begins, nobody would find an answer.
    let week = 7 * 86_400;
    stage.now += week;
    let letter = reporter.seals(&told("Yes."), &mut stage);
    stage.now -= week;
    stage.posts(&letter);
    stage.the_desk_collects();
    let pool = |stage: &Stage| stage.desk.vault().read().setting("tokens").unwrap();
    let before = pool(&stage);
    assert!(before.is_some());
    stage.the_desk_collects();
    assert!(pool(&stage) == before);
    assert!(stage.desk.case(1).unwrap().replies()[0].reposted.is_empty());
}

/// Two changes, of which the second comes first; between them, answers to the words it opened.
fn two_changes_turned_around(seed: u64, answered: bool) -> (Stage, [Reporter; 3]) {
    let (mut stage, mut old, mut new) = a_conversation(seed);
    let mut third = stage.a_reporter();
    is_answered(&mut stage, "Is she still held?");
    let first = old.changes_words(&mut new, &Report::default(), &mut stage);
    let second = new.changes_words(&mut third, &Report::default(), &mut stage);
    is_taken_in(&mut stage, &second);
    if answered {
        stage.the_caseworker_replies(2, "Who are you?");
    }
    is_taken_in(&mut stage, &first);
    stage.the_desk_collects();
    stage.an_epoch_passes();
    (stage, [old, new, third])
}

#[test]
fn two_changes_that_come_turned_around_lead_to_the_last_words() {
    let (mut stage, [mut old, new, mut third]) = two_changes_turned_around(57, false);
    let case = stage.desk.case(1).unwrap();
    assert_eq!(case.former_words().len(), 2);
    assert_eq!(stage.desk.case(2).unwrap().moved_to(), Some(case.id()));
    assert_eq!(third.is_told(&stage), ["Is she still held?"]);
    assert!(new.is_told(&stage).is_empty());
    is_answered(&mut stage, "Hello.");
    assert_eq!(third.is_told(&stage).len(), 2);
    assert_eq!(old.is_told(&stage).len(), 1, "what was sealed before");
    for (reporter, signed) in [(&mut third, true), (&mut old, false)] {
        let letter = reporter.seals(&told("Me."), &mut stage);
        is_taken_in(&mut stage, &letter);
        let case = stage.desk.case(1).unwrap();
        assert_eq!(case.letters().last().unwrap().signed, signed);
    }
    assert_eq!(stage.desk.cases().count(), 2);
    // The case between may go: the words stay those that the last change named.
    stage.the_caseworker_erases(2, "Nothing is in it.");
    let mut stage = stage.the_desk_is_opened_anew();
    assert!(stage.desk.office().misfits().is_empty());
    is_answered(&mut stage, "And now?");
    assert_eq!(third.is_told(&stage).len(), 3);
}

#[test]
fn erasing_a_case_erases_those_whose_words_speak_in_it_and_no_words_come_back_into_force() {
    let (mut stage, [mut old, mut new, mut third]) = two_changes_turned_around(61, false);
    stage.the_caseworker_erases(1, "She asked.");
    let mut stage = stage.the_desk_is_opened_anew();
    for case in [1, 2] {
        let erased = stage.desk.case(case).unwrap();
        assert_eq!(erased.state(), casework::State::Erased, "{case}");
    }
    let r = stage.desk.vault().read();
    assert!(r.conversations().unwrap().is_empty());
    // Whoever writes on is a stranger, whatever words they have.
    for (number, reporter) in (3..).zip([&mut third, &mut new, &mut old]) {
        let letter = reporter.seals(&told("Me."), &mut stage);
        is_taken_in(&mut stage, &letter);
        assert_eq!(stage.desk.cases().count(), number);
    }
    assert!(stage.desk.office().misfits().is_empty());
}

#[test]
fn a_change_to_words_that_were_changed_and_answered_elsewhere_stops_what_goes_to_the_old_ones() {
    let (stage, [_, _, third]) = two_changes_turned_around(58, true);
    assert_eq!(stage.desk.way_back(1, stage.now).unwrap(), WayBack::Stopped);
    let case = stage.desk.case(1).unwrap();
    assert!(case.asks_in_vain(case.letters().last().unwrap()));
    assert_eq!(third.is_told(&stage), ["Who are you?"]);
}
