//! Claims about chats that somebody brings.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use papers::brought::{self, Brought, CannotRead, Noticed};
use papers::chat::{self, DayOrder};
use record::Date;

fn today() -> Date {
    Date::new(2026, 12, 1).unwrap()
}

fn lines(file: &str) -> Brought {
    chat::lines(file.as_bytes(), None, today()).unwrap()
}

fn told(file: &str) -> String {
    lines(file).report.narrative
}

#[test]
fn a_date_reads_in_the_format_of_each_language() {
    // Each as a phone of that language writes it; the last lines show the order of its dates.
    let formats = [
        (
            "English, UK",
            "06/03/2024, 14:05 - Juma: came\n13/03/2024, 14:05 - Juma: x",
        ),
        (
            "English, US",
            "3/6/24, 2:05\u{202f}PM - Juma: came\n3/13/24, 2:05\u{202f}PM - Juma: x",
        ),
        (
            "English, iPhone",
            "\u{200e}[06/03/2024, 14:05:12] Juma: came\n[13/03/2024, 14:05:12] Juma: x",
        ),
        (
            "English, US iPhone",
            "[3/6/24, 2:05:12 PM] Juma: came\n[3/13/24, 2:05:12 PM] Juma: x",
        ),
        (
            "French",
            "06/03/2024 à 14:05 - Juma: came\n13/03/2024 à 14:05 - Juma: x",
        ),
        (
            "French, Canada",
            "2024-03-06 14 h 05 - Juma: x\n2024-03-06, 14:05 - Juma: came",
        ),
        (
            "Spanish",
            "6/3/24, 14:05 - Juma: came\n13/3/24, 14:05 - Juma: x",
        ),
        (
            "Spanish, twelve hours",
            "6/3/24 2:05 p. m. - Juma: came\n13/3/24 2:05 p. m. - Juma: x",
        ),
        (
            "Portuguese",
            "06/03/2024 14:05 - Juma: came\n13/03/2024 14:05 - Juma: x",
        ),
        ("Russian", "06.03.2024, 14:05 - Juma: came"),
        ("German", "06.03.24, 14:05 - Juma: came"),
        ("German, iPhone", "[06.03.24, 14:05:12] Juma: came"),
        (
            "Arabic",
            "٦\u{200f}/٣\u{200f}/٢٠٢٤، ٢:٠٥ م - Juma: came\n١٣\u{200f}/٣\u{200f}/٢٠٢٤، ٢:٠٥ م - Juma: x",
        ),
        (
            "Arabic, iPhone",
            "[٦\u{200f}/٣\u{200f}/٢٠٢٤, ٢:٠٥:١٢ م] Juma: came\n[١٣\u{200f}/٣\u{200f}/٢٠٢٤, ٢:٠٥:١٢ م] Juma: x",
        ),
        ("Chinese", "2024/3/6 下午2:05 - Juma: came"),
        ("Chinese, iPhone", "[2024/3/6 下午2:05:12] Juma: came"),
        ("Chinese, words", "2024年3月6日 14:05 - Juma: came"),
        ("Korean", "2024. 3. 6. 오후 2:05 - Juma: came"),
        ("Hungarian", "2024. 03. 06. 14:05 - Juma: came"),
        ("Swedish", "2024-03-06 14:05 - Juma: came"),
        (
            "Hindi",
            "०६/०३/२०२४, १४:०५ - Juma: came\n१३/०३/२०२४, १४:०५ - Juma: x",
        ),
    ];
    for (of, file) in formats {
        let one = lines(file);
        let read = &one.report.narrative;
        assert!(read.contains("2024-03-06 14:05 Juma: came"), "{of}: {read}");
        assert!(!one.noticed.contains(&Noticed::DaysNotSure), "{of}");
        assert_eq!(one.report.channel.as_str(), "chat");
    }
}

#[test]
fn a_day_that_could_be_two_days_stays_as_it_is_written_until_a_person_says() {
    let file = "3/4/24, 14:05 - Juma: came\n5/6/24, 14:05 - Juma: left";
    let one = lines(file);
    assert!(one.noticed.contains(&Noticed::DaysNotSure));
    assert_eq!(one.told_on, None);
    assert_eq!(
        one.report.narrative,
        "3/4/24, 14:05 Juma: came\n5/6/24, 14:05 Juma: left"
    );
    for (order, day) in [
        (DayOrder::DayFirst, "2024-06-05"),
        (DayOrder::MonthFirst, "2024-05-06"),
    ] {
        let one = chat::lines(file.as_bytes(), Some(order), today()).unwrap();
        assert_eq!(one.told_on.unwrap().to_string(), day);
        assert!(!one.noticed.contains(&Noticed::DaysNotSure));
    }
    // Where the file shows another order than somebody says, neither wins, and it is told: a line
    // inside a message that looks like one would turn all days of the file.
    let typed_in = "3/4/24, 14:05 - Juma: a\n3/13/24, 10:00 - x\n4/4/24, 14:05 - Juma: b";
    let one = chat::lines(typed_in.as_bytes(), Some(DayOrder::DayFirst), today()).unwrap();
    assert!(one.noticed.contains(&Noticed::DaysNotSure));
    assert_eq!(one.told_on, None);
    assert!(one.report.narrative.contains("3/4/24, 14:05 Juma: a"));
    // As somebody says, or where nobody does, the file is followed.
    let shown = "3/4/24, 14:05 - Juma: a\n13/4/24, 14:05 - Juma: b";
    for order in [None, Some(DayOrder::DayFirst)] {
        let one = chat::lines(shown.as_bytes(), order, today()).unwrap();
        assert_eq!(one.told_on.unwrap().to_string(), "2024-04-13");
    }
    // Dates that contradict each other decide nothing.
    let both = lines("13/4/24, 14:05 - Juma: a\n4/13/24, 14:05 - Juma: b");
    assert!(both.noticed.contains(&Noticed::DaysNotSure));
    assert_eq!(both.told_on, None);
}

#[test]
fn a_year_of_another_calendar_is_not_taken_for_ours() {
    for file in [
        "16/12/1402, 14:05 - Juma: came",
        "6/3/2567, 14:05 - Juma: came",
        "1445/8/25, 14:05 - Juma: came",
        "30/02/2024, 14:05 - Juma: came",
    ] {
        let one = lines(file);
        assert_eq!(one.told_on, None, "{file}");
        assert!(one.noticed.contains(&Noticed::DaysNotSure), "{file}");
        assert!(one.report.narrative.starts_with(&file[..8]), "{file}");
    }
}

#[test]
fn a_message_of_several_lines_stays_one_and_a_name_keeps_its_direction() {
    let file = "Messages are encrypted.\n06.03.2024, 14:05 - أحمد الخوري: They came.\nThree of them.\n\n12:30 - was the time: yes\n06.03.2024, 14:07 - \u{202e}amuJ: left";
    assert_eq!(
        told(file),
        "2024-03-06 14:05 أحمد الخوري: They came.\n  Three of them.\n\n  12:30 - was the time: yes\n2024-03-06 14:07 amuJ: left"
            .replace("amuJ", "\u{202e}amuJ")
    );
}

#[test]
fn what_the_program_says_has_no_name_and_files_that_are_elsewhere_are_noticed() {
    let one = lines("06.03.2024, 14:05 - Juma joined\n06.03.2024, 14:06 - Juma: <Médias omis>");
    assert!(
        one.report
            .narrative
            .starts_with("2024-03-06 14:05: Juma joined")
    );
    assert!(one.noticed.contains(&Noticed::FilesElsewhere));
}

#[test]
fn an_export_in_two_byte_letters_reads_alike() {
    let text = "06.03.2024, 14:05 - Жума: пришли";
    let mut little = vec![0xff, 0xfe];
    let mut big = vec![0xfe, 0xff];
    for unit in text.encode_utf16() {
        little.extend(unit.to_le_bytes());
        big.extend(unit.to_be_bytes());
    }
    for file in [little, big] {
        let one = brought::read(&file, None, today()).unwrap().remove(0);
        assert_eq!(one.report.narrative, "2024-03-06 14:05 Жума: пришли");
    }
}

const TELEGRAM: &str = r#"{"name":"Juma","type":"personal_chat","id":7,"messages":[
    {"id":1,"type":"service","date":"2024-03-05T09:00:00","actor":"Juma","action":"create_group","text":""},
    {"id":2,"type":"message","date":"2024-03-06T14:05:12","from":"Juma","text":["They ",{"type":"bold","text":"came"},"."]},
    {"id":3,"type":"message","date":"2024-03-06T14:06:12","from":null,"photo":"photos/1.jpg","text":""}]}"#;

#[test]
fn a_telegram_export_reads_with_its_pieces_of_text_and_names_what_is_missing() {
    let one = brought::read(TELEGRAM.as_bytes(), None, today())
        .unwrap()
        .remove(0);
    assert_eq!(
        one.report.narrative,
        "2024-03-05 09:00 Juma: create_group\n2024-03-06 14:05 Juma: They came.\n2024-03-06 14:06: "
    );
    assert_eq!(one.told_on.unwrap().to_string(), "2024-03-06");
    assert!(one.noticed.contains(&Noticed::FilesElsewhere));
    let all =
        format!(r#"{{"about":"x","chats":{{"list":[{TELEGRAM},{TELEGRAM},{{"messages":[]}}]}}}}"#);
    let refused = brought::read(all.as_bytes(), None, today()).unwrap_err();
    assert_eq!(refused, CannotRead::SeveralChats);
    let alone = format!(r#"{{"about":"x","chats":{{"list":[{TELEGRAM},{{"messages":[]}}]}}}}"#);
    assert_eq!(
        brought::read(alone.as_bytes(), None, today())
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn what_several_people_wrote_to_one_account_is_not_made_one_testimony() {
    let line = |from: &str, group: &str| {
        format!(
            r#"{{"envelope":{{"source":"{from}","timestamp":1709733912345,"dataMessage":{{"message":"x"{group}}}}}}}"#
        )
    };
    let group = r#","groupInfo":{"groupId":"g"}"#;
    let read = |lines: [String; 2]| brought::read(lines.join("\n").as_bytes(), None, today());
    assert_eq!(read([line("+1", ""), line("+1", "")]).unwrap().len(), 1);
    assert_eq!(
        read([line("+1", group), line("+2", group)]).unwrap().len(),
        1
    );
    for two in [
        [line("+1", ""), line("+2", "")],
        [line("+1", ""), line("+1", group)],
    ] {
        assert_eq!(read(two).unwrap_err(), CannotRead::SeveralChats);
    }
}

#[test]
fn a_signal_export_reads_in_the_forms_of_its_two_programs() {
    let sigtop = r#"[{"id":"a","type":"incoming","source":"+254700000000","sent_at":1709733912345,"body":"They came."},
        {"type":"outgoing","sent_at":1709733972345,"body":"Where?","attachments":[{"fileName":"x.jpg"}]},{"type":"keychange"}]"#;
    let one = brought::read(sigtop.as_bytes(), None, today())
        .unwrap()
        .remove(0);
    assert_eq!(
        one.report.narrative,
        "2024-03-06 14:05 UTC +254700000000: They came.\n2024-03-06 14:06 UTC outgoing: Where?"
    );
    assert!(one.noticed.contains(&Noticed::FilesElsewhere));
    let cli = r#"{"envelope":{"source":"+254700000000","sourceName":"Juma","timestamp":1709733912345,"dataMessage":{"message":"They came."}},"account":"+1"}
        {"account":"+1","envelope":{"source":"+254700000000","timestamp":1709733972345,"receiptMessage":{}}}"#;
    let one = brought::read(cli.as_bytes(), None, today())
        .unwrap()
        .remove(0);
    assert_eq!(
        one.report.narrative,
        "2024-03-06 14:05 UTC Juma: They came."
    );
}

#[test]
fn an_export_that_breaks_off_names_the_place_and_no_word_of_it() {
    let cut = TELEGRAM.find("photo").unwrap();
    let refused = brought::read(&TELEGRAM.as_bytes()[..cut], None, today()).unwrap_err();
    assert!(
        matches!(refused, CannotRead::NotJson { line: 4, .. }),
        "{refused:?}"
    );
    assert!(!refused.to_string().contains("Juma"));
    for nothing in ["[]", "{}", "{\"messages\":[]}", "[{}]"] {
        assert_eq!(
            brought::read(nothing.as_bytes(), None, today()).unwrap_err(),
            CannotRead::NotAChat,
            "{nothing}"
        );
    }
    let deep = "[{\"body\":".to_owned() + &"[".repeat(100_000);
    assert!(matches!(
        brought::read(deep.as_bytes(), None, today()).unwrap_err(),
        CannotRead::NotJson { .. }
    ));
}

#[test]
fn text_that_only_looks_like_a_chat_is_refused() {
    for file in [
        "They came at 14:05 - Juma: yes",
        "1/2/3/4, 14:05 - Juma: x",
        "06/03/2024 Juma: x",
        "06/03/2024, 25:05 - Juma: x",
        "06-03/2024, 14:05 - Juma: x",
        "12345/03/2024, 14:05 - Juma: x",
        "[06/03/2024, 14:05 Juma: x",
        "//, : - ",
    ] {
        assert_eq!(
            brought::read(file.as_bytes(), None, today()).unwrap_err(),
            CannotRead::NotRecognised,
            "{file}"
        );
    }
}

#[test]
fn a_chat_of_years_is_cut_with_a_sign_and_fits_into_a_letter() {
    let file = "06.03.2024, 14:05 - Juma: They came again.\n".repeat(20_000);
    let one = lines(&file);
    assert!(one.noticed.contains(&Noticed::Cut));
    assert!(one.report.encode().len() < record::MAX_LEN);
    assert_eq!(one.original, 0..file.len());
}

#[test]
fn a_year_of_two_digits_in_front_is_no_day() {
    for (of, file) in [
        (
            "beyond a day",
            "26/3/6, 14:05 - Juma: came\n26/3/13, 14:05 - Juma: x\n32/3/6, 14:05 - Juma: never",
        ),
        ("Korean", "26. 3. 6. 오후 2:05 - Juma: came"),
    ] {
        let one = lines(file);
        let read = &one.report.narrative;
        assert!(!read.contains("2006-"), "{of}: {read}");
    }
    // 26/3/24 can be the 24th of March 2026 or the 26th of March 2024: a person says which.
    let file = "26/3/24, 14:05 - Juma: came";
    assert!(lines(file).noticed.contains(&Noticed::DaysNotSure));
    for (order, day) in [
        (DayOrder::YearFirst, "2026-03-24"),
        (DayOrder::DayFirst, "2024-03-26"),
    ] {
        let one = chat::lines(file.as_bytes(), Some(order), today()).unwrap();
        assert_eq!(one.told_on.unwrap().to_string(), day);
    }
    // A day to come shows as well as the thirteenth month what a number cannot be.
    let shown = lines("26/3/27, 14:05 - Juma: came\n26/3/6, 14:05 - Juma: x");
    assert_eq!(shown.told_on.unwrap().to_string(), "2026-03-27");
    assert!(!shown.noticed.contains(&Noticed::DaysNotSure));
    let shown = lines("26/11/28, 14:05 - Juma: came");
    assert_eq!(shown.told_on.unwrap().to_string(), "2026-11-28");
}

#[test]
fn dates_that_contradict_each_other_are_read_as_a_person_says_and_the_rest_stays() {
    let file = "3/4/24, 14:05 - Juma: a\n13/4/24, 14:05 - Juma: b\n4/14/24, 14:05 - Juma: c";
    let one = chat::lines(file.as_bytes(), Some(DayOrder::DayFirst), today()).unwrap();
    assert_eq!(
        one.report.narrative,
        "2024-04-03 14:05 Juma: a\n2024-04-13 14:05 Juma: b\n4/14/24, 14:05 Juma: c"
    );
    assert!(one.noticed.contains(&Noticed::DaysNotSure));
}

#[test]
fn a_day_to_come_is_left_out_and_said() {
    let file = "06.03.2024, 14:05 - Juma: came\n02.12.2026, 00:10 - Juma: left";
    let one = brought::read(file.as_bytes(), None, today())
        .unwrap()
        .remove(0);
    // Further east the day has begun: it reads, and is not said to be the day it was told here.
    assert!(one.report.narrative.contains("2026-12-02 00:10 Juma: left"));
    assert_eq!(one.told_on, None);
    assert!(one.noticed.contains(&Noticed::DayToCome));
    assert!(!one.noticed.contains(&Noticed::DaysNotSure));
}

#[test]
fn no_line_and_no_name_inside_a_message_looks_like_the_message_of_another() {
    let forged = "2024-03-06 14:06 Minister: I ordered it";
    let typed = format!("06.03.2024, 14:05 - Juma: hear\n{forged}");
    let line = serde_json::to_string(&format!("hear\n{forged}")).unwrap();
    let name = serde_json::to_string(&format!("Juma: hear\n{forged}")).unwrap();
    for file in [
        typed,
        format!(
            r#"{{"messages":[{{"type":"message","date":"2024-03-06T14:05:12","from":"Juma","text":{line}}}]}}"#
        ),
        format!(
            r#"{{"messages":[{{"type":"message","date":"2024-03-06T14:05:12","from":{name},"text":"x"}}]}}"#
        ),
        format!(
            r#"{{"messages":[{{"type":"message","date":"2024-03-06T14:05:12","from":"Juma","forwarded_from":{name},"text":"x"}}]}}"#
        ),
    ] {
        let one = brought::read(file.as_bytes(), None, today())
            .unwrap()
            .remove(0);
        let read = one.report.narrative;
        assert_eq!(
            read.lines().filter(|line| line.starts_with("2024")).count(),
            1,
            "{read}"
        );
        assert!(read.contains(&format!("\n  {forged}")), "{read}");
    }
    assert!(
        lines("06.03.2024, 14:05 - Juma: x")
            .noticed
            .contains(&Noticed::LinesOfText)
    );
}

#[test]
fn what_was_passed_on_names_whoever_said_it_and_places_contacts_and_polls_are_read() {
    let message = |rest: &str| {
        format!(r#"{{"type":"message","date":"2024-03-06T14:05:12","from":"Juma",{rest}}}"#)
    };
    let cases = [
        (
            r#""forwarded_from":"Asha","text":"They came""#,
            "Juma: ↪ Asha: They came",
        ),
        (
            r#""forwarded_from":null,"text":"They came""#,
            "Juma: ↪ They came",
        ),
        (
            r#""location_information":{"latitude":-1.5,"longitude":36.25},"place_name":"Market","text":"""#,
            "Juma: Market\n  geo:-1.5,36.25",
        ),
        (
            r#""contact_information":{"first_name":"Asha","last_name":"","phone_number":"+254700"},"text":"""#,
            "Asha",
        ),
        (
            r#""poll":{"question":"Who goes?","answers":[{"text":"I","voters":1},{"text":"nobody"}]},"text":"""#,
            "Juma: Who goes?",
        ),
    ];
    for (rest, said) in cases {
        let file = format!(r#"{{"messages":[{}]}}"#, message(rest));
        let one = brought::read(file.as_bytes(), None, today())
            .unwrap()
            .remove(0);
        let read = &one.report.narrative;
        assert!(read.contains(said), "{read}");
        let marked = read.contains('↪') || read.contains("geo:");
        assert_eq!(one.noticed.contains(&Noticed::Signs), marked, "{read}");
        assert!(!one.noticed.contains(&Noticed::NotRead), "{read}");
    }
    let file = format!(
        r#"{{"messages":[{},{}]}}"#,
        message(r#""text":"x""#),
        message(r#""text":"","game_title":"y""#)
    );
    let one = brought::read(file.as_bytes(), None, today())
        .unwrap()
        .remove(0);
    assert!(one.noticed.contains(&Noticed::NotRead));
}

#[test]
fn what_an_account_wrote_elsewhere_and_what_it_changed_is_read_with_its_sign() {
    let line = |rest: &str| {
        format!(
            r#"{{"envelope":{{"source":"+1","sourceName":"Juma","timestamp":1709733912345,{rest}}}}}"#
        )
    };
    let file = [
        line(r#""editMessage":{"targetSentTimestamp":1,"dataMessage":{"message":"Two came"}}"#),
        line(r#""callMessage":{"offerMessage":{}}"#),
    ];
    let one = brought::read(file.join("\n").as_bytes(), None, today())
        .unwrap()
        .remove(0);
    assert_eq!(
        one.report.narrative,
        "2024-03-06 14:05 UTC Juma: ✎ Two came"
    );
    assert!(one.noticed.contains(&Noticed::Signs) && one.noticed.contains(&Noticed::NotRead));
    // What the account wrote belongs to the chat it was sent to.
    let sent = |to: &str| {
        line(&format!(
            r#""syncMessage":{{"sentMessage":{{"destination":"{to}","timestamp":1,"message":"Where?"}}}}"#
        ))
    };
    let two = [sent("+2"), sent("+3")].join("\n");
    assert_eq!(
        brought::read(two.as_bytes(), None, today()).unwrap_err(),
        CannotRead::SeveralChats
    );
    let one = brought::read(sent("+2").as_bytes(), None, today()).unwrap();
    assert_eq!(one[0].report.narrative, "2024-03-06 14:05 UTC Juma: Where?");
}
