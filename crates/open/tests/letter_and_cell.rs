//! A letter and its answer between a reporter's words and an office's keys, with nothing between.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod office;

use envelope::keys::VoiceKey;
use envelope::notice::{Notice, NoticeBody, NoticeRefused};
use envelope::{Cell, Day, MailboxId, Period};
use office::{MAILBOX, Office, TODAY};
use open::{CannotOpen, Correspondent, DeskSecret, Pinned, Reporter, RootSecret, VoiceSecret};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use record::Report;
use seal::words::{WordList, Words};
use seal::{
    CannotRead, CellKind, ConversationKey, Master, Reading, SealedBy, SealedLetter, WordsUse,
};

fn words() -> Master {
    let words = Words::draw(WordList::English, &mut ChaCha20Rng::seed_from_u64(2));
    Master::of(&words, &MAILBOX)
}

fn report(text: &str) -> Report {
    Report {
        narrative: text.to_owned(),
        ..Report::default()
    }
}

fn seal(
    office: &Office,
    words: Option<(&Master, bool)>,
    period: usize,
    text: &str,
) -> SealedLetter {
    let key = &office.intake[period];
    let key = office
        .notice()
        .intake_key(key.period(), key.public().as_ref())
        .unwrap();
    let words = words.map(|(master, first)| {
        let how = WordsUse {
            first,
            generation: 0,
            first_period: 2_960,
            acknowledges: None,
        };
        (master, how)
    });
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    seal::letter(&report(text), words, None, SealedBy::Page, &key, &mut rng).unwrap()
}

fn conversation(opened: &open::OpenedLetter) -> (Pinned, ConversationKey) {
    let Reporter::Words {
        conversation_key, ..
    } = opened.reporter()
    else {
        panic!("no words")
    };
    (opened.to_pin().unwrap(), conversation_key.clone())
}

#[test]
fn a_letter_opens_with_its_words_known_again() {
    let (office, master) = (Office::new(), words());
    let first = office
        .open(seal(&office, Some((&master, true)), 0, "They came at six.").letter())
        .unwrap();
    assert_eq!(first.report().narrative, "They came at six.");
    let pinned = first.to_pin().unwrap();
    let later = office
        .open(seal(&office, Some((&master, false)), 0, "They came again.").letter())
        .unwrap();
    assert!(pinned.continues(later.reporter()));
    assert!(
        later.to_pin().is_none(),
        "a later letter does not bring the key again"
    );

    let other = Words::draw(WordList::French, &mut ChaCha20Rng::seed_from_u64(9));
    let other = Master::of(&other, &MAILBOX);
    let stranger = office
        .open(seal(&office, Some((&other, true)), 0, "I am she.").letter())
        .unwrap();
    assert!(!pinned.continues(stranger.reporter()));
    let silent = office
        .open(seal(&office, None, 0, "No answer, please.").letter())
        .unwrap();
    assert!(matches!(silent.reporter(), Reporter::NoWords));
    assert!(!pinned.continues(silent.reporter()));
}

#[test]
fn a_letter_bent_anywhere_stays_closed_and_says_why() {
    let office = Office::new();
    let letter = seal(&office, Some((&words(), true)), 0, "text")
        .letter()
        .to_vec();
    for at in (0..letter.len())
        .step_by(61)
        .chain([0, 1, 4, 5, 1_124, 1_125, 4_095])
    {
        let mut bent = letter.clone();
        bent[at] ^= 1;
        let refused = office.open(&bent).err().unwrap();
        let expected = matches!(
            (at, &refused),
            (1..=4, CannotOpen::NoKey { .. }) | (_, CannotOpen::Damaged)
        );
        assert!(expected, "byte {at}: {refused:?}");
    }
    let mut newer = letter.clone();
    newer[0] = 2;
    assert_eq!(office.open(&newer).err(), Some(CannotOpen::TooNew));
    for length in [0, 1, 4_095, 4_097, 300_000] {
        assert_eq!(
            office.open(&vec![1; length]).err(),
            Some(CannotOpen::Damaged)
        );
    }
    let elsewhere = open::letter(&letter, &MailboxId([8; 16]), &office.intake);
    assert_eq!(elsewhere.err(), Some(CannotOpen::Damaged));
    assert!(matches!(
        open::letter(&letter, &MAILBOX, &[]),
        Err(CannotOpen::NoKey { .. })
    ));
}

#[test]
fn letters_of_a_class_have_one_length_whatever_they_say() {
    let office = Office::new();
    for (text, length) in [
        (0, 4_096),
        (1_400, 4_096),
        (3_000, 16_384),
        (60_000, 65_536),
        (200_000, 262_144),
    ] {
        let sealed = seal(&office, Some((&words(), true)), 0, &"a".repeat(text));
        assert_eq!(sealed.letter().len(), length, "{text}");
        assert_eq!(sealed.posting().len(), length + 16);
    }
}

#[test]
fn a_carried_letter_never_gives_the_key_of_a_week() {
    let (office, master) = (Office::new(), words());
    let carried = office
        .open(seal(&office, Some((&master, true)), 1, "by stick").letter())
        .unwrap();
    let (_, by_carry) = conversation(&carried);
    let weekly = master.conversation_key(Period::of(TODAY, 7), 0, 2_960);
    assert_ne!(by_carry.bytes(), weekly.bytes());
    assert_ne!(by_carry.at(2_968).bytes(), weekly.at(2_968).bytes());
}

#[test]
fn an_answer_is_found_by_its_words_and_by_nobody_else() {
    let (office, master) = (Office::new(), words());
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    for period in [0, 1] {
        let opened = office
            .open(seal(&office, Some((&master, true)), period, "text").letter())
            .unwrap();
        let (pinned, key) = conversation(&opened);
        let to = Correspondent {
            mailbox: &MAILBOX,
            period_days: 7,
            reply_key: &pinned.reply_key,
            conversation_key: &key,
            voice: &office.voice,
        };
        let day = TODAY.plus(10);
        let said = "We have read it. ".repeat(400);
        let mut cells = vec![open::opened(&to, 0, day, 0, &mut rng).unwrap()];
        cells.extend(open::answer(&to, 0, &said, None, (day, 1), &mut rng).unwrap());
        assert_eq!(cells.len(), 4);
        cells.insert(1, envelope::dummy::cell(&mut rng));
        cells.reverse();

        let notice = office.notice();
        let read = |master: &Master, voice: Option<VoiceKey>| {
            let reading = Reading::of(master, notice.body(), TODAY, TODAY.plus(20));
            let (reply, public) = (master.reply_secret(), master.reply_secret().public());
            let open_one = |cell: &Cell| {
                let places = reading.hit(&cell.short_tag());
                places
                    .iter()
                    .map(|p| {
                        (
                            p.day,
                            seal::open_cell(
                                cell, &MAILBOX, p.day, p.slot, &p.key, &reply, &public, voice,
                            ),
                        )
                    })
                    .collect::<Vec<_>>()
            };
            cells.iter().flat_map(open_one).collect::<Vec<_>>()
        };
        let mine = read(&master, notice.voice_on(day));
        let parts: Vec<_> = mine
            .into_iter()
            .map(|(day, body)| (day, body.unwrap()))
            .collect();
        let answers = seal::assemble(&parts);
        assert_eq!(answers.len(), 2);
        assert_eq!(answers[0].kind, CellKind::Opened);
        assert_eq!(answers[1].text.as_deref(), Some(said.as_str()));

        let stranger = Words::draw(WordList::English, &mut ChaCha20Rng::seed_from_u64(44));
        assert!(read(&Master::of(&stranger, &MAILBOX), notice.voice_on(day)).is_empty());
        let former = VoiceSecret::draw(&mut ChaCha20Rng::seed_from_u64(6)).public();
        for voice in [Some(former), None] {
            assert!(
                read(&master, voice)
                    .iter()
                    .all(|(_, r)| *r == Err(CannotRead::NotTheOffice))
            );
        }
    }
}

#[test]
fn an_answer_with_a_missing_part_is_not_shown_as_whole() {
    let body = |part| seal::CellBody {
        kind: CellKind::Answer,
        part,
        parts: 3,
        answer: 0,
        text: part.to_string(),
        token: None,
    };
    let whole = [
        (TODAY, body(2)),
        (TODAY, body(0)),
        (TODAY, body(1)),
        (TODAY, body(1)),
    ];
    assert_eq!(seal::assemble(&whole)[0].text.as_deref(), Some("012"));
    assert_eq!(seal::assemble(&whole[..2])[0].text, None);
}

#[test]
fn a_notice_holds_only_whole_vouched_pinned_and_today() {
    let office = Office::new();
    let pinned = office.root.public();
    let on = |file: &[u8], day| Notice::verify(file, &pinned, day).err();
    let file = office.file();
    assert_eq!(on(&file, TODAY), None);
    assert_eq!(
        on(&file, TODAY.plus(35)),
        Some(NoticeRefused::Expired {
            last_day: TODAY.plus(34)
        })
    );
    assert_eq!(
        on(&file, TODAY.minus(1)),
        Some(NoticeRefused::NotYet { first_day: TODAY })
    );
    let mut rng = ChaCha20Rng::seed_from_u64(8);
    let (stranger, strange_desk) = (RootSecret::draw(&mut rng), DeskSecret::draw(&mut rng));
    assert_eq!(
        Notice::verify(&file, &stranger.public(), TODAY).err(),
        Some(NoticeRefused::OtherRoot)
    );
    let unsigned = open::sign_notice(&office.body, &stranger, &[&office.desk]);
    assert_eq!(on(&unsigned, TODAY), Some(NoticeRefused::Unsigned));
    for desks in [&[][..], &[&strange_desk]] {
        let file = open::sign_notice(&office.body, &office.root, desks);
        assert_eq!(on(&file, TODAY), Some(NoticeRefused::KeysNotVouched));
    }
    let mut two = office.body.clone();
    two.keys.desks.push(strange_desk.public());
    let once = open::sign_notice(&two, &office.root, &[&office.desk, &office.desk]);
    assert_eq!(
        on(&once, TODAY),
        Some(NoticeRefused::KeysNotVouched),
        "one desk signing twice is one"
    );
    let both = open::sign_notice(&two, &office.root, &[&office.desk, &strange_desk]);
    assert_eq!(on(&both, TODAY), None);
    let long = NoticeBody {
        last_day: TODAY.plus(35),
        ..office.body.clone()
    };
    let long = open::sign_notice(&long, &office.root, &[&office.desk]);
    assert_eq!(on(&long, TODAY), Some(NoticeRefused::WrongSpan));
    for at in 0..file.len() {
        let mut bent = file.clone();
        bent[at] ^= 2;
        assert!(on(&bent, TODAY).is_some(), "byte {at}");
    }
    let notice = office.notice();
    assert!(
        notice
            .intake_key(Period::of(TODAY, 7), &[0; 1_216])
            .is_err()
    );
    assert!(
        notice
            .intake_key(Period::Week(1), office.intake[0].public().as_ref())
            .is_err()
    );
    assert_eq!(notice.period_for(TODAY), Some(Period::of(TODAY, 7)));
    assert_eq!(
        notice.period_for(TODAY.plus(7)),
        Some(Period::carry_of(TODAY)),
        "no week in force"
    );
}

#[test]
fn an_answer_that_would_never_be_found_is_not_sealed() {
    let (office, master) = (Office::new(), words());
    let opened = office
        .open(seal(&office, Some((&master, true)), 0, "text").letter())
        .unwrap();
    let (pinned, key) = conversation(&opened);
    let to = Correspondent {
        mailbox: &MAILBOX,
        period_days: 7,
        reply_key: &pinned.reply_key,
        conversation_key: &key,
        voice: &office.voice,
    };
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let first_day = Period::of(TODAY, 7).first_day(7);
    assert!(open::opened(&to, 0, first_day, 15, &mut rng).is_ok());
    assert_eq!(
        open::opened(&to, 0, first_day.minus(1), 0, &mut rng).err(),
        Some(open::CannotAnswer::TooEarly { from: first_day })
    );
    assert_eq!(
        open::opened(&to, 0, first_day, 16, &mut rng).err(),
        Some(open::CannotAnswer::NotEnoughSlots { needed: 1, left: 0 })
    );
}

#[test]
fn an_answer_to_a_letter_by_any_carry_key_is_found_in_the_longest_window() {
    let (office, master) = (Office::new(), words());
    let notice = office.notice();
    let body = notice.body();
    let founded = Period::Week(body.first_period).first_day(7);
    let reading = Reading::of(&master, body, TODAY.minus(seal::MOST_WINDOW_DAYS), TODAY);
    let is_found = |quarter: Period, day: Day| {
        let tag = master
            .conversation_key(quarter, 0, body.first_period)
            .tag(day, 3);
        !reading.hit(tag.first_chunk().unwrap()).is_empty()
    };
    assert!(is_found(Period::carry_of(TODAY), TODAY));
    assert!(is_found(Period::carry_of(founded), TODAY.minus(300)));
    let mut ahead = body.clone();
    let to_come = Period::carry_of(TODAY.plus(270));
    ahead.keys.intake.push((to_come, [0; 32]));
    let reading = Reading::of(&master, &ahead, TODAY, TODAY);
    let tag = master.conversation_key(to_come, 0, 0).tag(TODAY, 0);
    assert_eq!(
        reading.hit(tag.first_chunk().unwrap()).len(),
        1,
        "a kit may seal to a quarter that is to come, if the notice lists it"
    );
}

#[test]
fn a_relay_that_says_today_is_the_end_of_time_costs_a_reader_nothing() {
    let (office, master) = (Office::new(), words());
    let notice = office.notice();
    let reading = Reading::of(&master, notice.body(), Day(0), Day(u32::MAX));
    let tag = master
        .conversation_key(Period::of(TODAY, 7), 0, 2_960)
        .tag(TODAY, 0);
    assert_eq!(reading.hit(tag.first_chunk().unwrap()).len(), 1);
}

#[test]
fn what_the_office_said_is_not_printed_for_debugging() {
    let body = seal::CellBody {
        kind: CellKind::Answer,
        part: 0,
        parts: 1,
        answer: 0,
        text: "do not print".to_owned(),
        token: None,
    };
    assert!(!format!("{body:?}").contains("print"));
    let answers = seal::assemble(&[(TODAY, body)]);
    assert!(!format!("{answers:?}").contains("print"));
}

#[test]
fn a_notice_by_whose_numbers_nobody_can_work_is_refused() {
    let office = Office::new();
    let refused = |change: &dyn Fn(&mut NoticeBody)| {
        let mut body = office.body.clone();
        change(&mut body);
        let file = open::sign_notice(&body, &office.root, &[&office.desk]);
        Notice::verify(&file, &office.root.public(), TODAY).err()
    };
    assert_eq!(refused(&|_| ()), None);
    let changes: [&dyn Fn(&mut NoticeBody); 8] = [
        &|b| b.period_days = 0,
        &|b| b.period_days = 367,
        &|b| b.first_period = Period::of(b.last_day, 7).number() + 1,
        &|b| b.epoch_seconds = 0,
        &|b| b.shape.leaves = 0,
        &|b| b.shape.leaves = (1 << 20) + 1,
        &|b| b.shape.cells = 0,
        &|b| b.shape.cells = u32::MAX,
    ];
    for (at, change) in changes.iter().enumerate() {
        assert_eq!(refused(change), Some(NoticeRefused::Malformed), "{at}");
    }
    let twice = office.desk.public();
    assert_eq!(
        refused(&|b| b.keys.desks.push(twice)),
        None,
        "a desk named twice is one desk"
    );
}
