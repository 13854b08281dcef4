//! Claims about e-mails and mailboxes that somebody brings.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use papers::brought::{self, Brought, CannotRead, MOST_BROUGHT, Noticed};
use papers::mail;
use record::{Date, Language};

fn message(head: &str, body: &[u8]) -> Brought {
    let mut file = format!("From: A <a@example.org>\r\n{head}\r\n\r\n").into_bytes();
    file.extend_from_slice(body);
    mail::message(&file).unwrap()
}

fn told(head: &str, body: &[u8]) -> String {
    message(head, body).report.narrative
}

#[test]
fn an_e_mail_becomes_a_report_with_its_channel_day_and_sender_and_decides_nothing() {
    let file = b"Received: by mail.example.org; Thu, 7 Mar 2024 00:10:00 +0000\r\n\
        From: =?UTF-8?B?RnJhbsOnb2lz?= <f@example.org>\r\n\
        Reply-To: other@example.org\r\n\
        Date: Wed, 6 Mar 2024 23:58:12 -0500\r\n\
        Subject: =?iso-8859-1?Q?Arr=EAt=E9e?=\r\n\
        \r\n\
        They took her at the\r\nmarket.\r\n";
    let one = mail::message(file).unwrap();
    assert_eq!(
        one.report.narrative,
        "Arrêtée\n\nThey took her at the\nmarket."
    );
    assert_eq!(
        one.report.contact,
        "From: François <f@example.org>\nReply-To: other@example.org"
    );
    assert_eq!(one.report.channel.as_str(), "email");
    assert_eq!(one.told_on.unwrap().to_string(), "2024-03-06");
    assert_eq!(one.original, 0..file.len());
    let noticed = [Noticed::AnswersElsewhere, Noticed::SenderClaimed];
    assert!(one.noticed.iter().eq(&noticed), "{:?}", one.noticed);
    // What happened, when and to whom is for a person to say.
    let report = one.report;
    assert!(report.when.first.is_empty() && report.acts.is_empty() && report.language.is_empty());
}

#[test]
fn letters_of_old_encodings_read_as_they_were_written() {
    let cases: [(&str, &[u8], &str); 6] = [
        ("iso-8859-1", b"Arr\xeat\xe9e", "Arrêtée"),
        ("windows-1251", b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"),
        ("koi8-r", b"\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"),
        ("windows-1256", b"\xe3\xd1\xcd\xc8\xc7", "مرحبا"),
        ("gb2312", b"\xc4\xe3\xba\xc3", "你好"),
        ("UTF-8", "مرحبا".as_bytes(), "مرحبا"),
    ];
    for (charset, body, read) in cases {
        let head = format!("Content-Type: text/plain; charset=\"{charset}\"");
        let one = message(&head, body);
        assert_eq!(one.report.narrative, read, "{charset}");
        assert!(
            one.noticed.iter().eq([&Noticed::SenderClaimed]),
            "{charset}"
        );
    }
}

#[test]
fn a_wrong_or_unknown_encoding_is_noticed_and_costs_nobody_the_message() {
    let wrong = message(
        "Content-Type: text/plain; charset=utf-8",
        b"\xcf\xf0\xe8 came",
    );
    assert!(wrong.noticed.contains(&Noticed::NotItsCharset));
    assert!(wrong.report.narrative.ends_with("came"));
    let unknown = message("Content-Type: text/plain; charset=klingon", b"They came");
    assert_eq!(unknown.report.narrative, "They came");
    assert!(unknown.noticed.contains(&Noticed::UnknownCharset));
    let broken = message("Content-Transfer-Encoding: base64", b"They *came*");
    assert_eq!(broken.report.narrative, "They *came*");
    assert!(broken.noticed.contains(&Noticed::BrokenEncoding));
}

#[test]
fn a_name_that_turns_the_reading_direction_is_kept_and_remarked() {
    let file =
        "From: =?UTF-8?Q?=E2=80=AEgpj=2Eexe_=D8=A3=D8=AD=D9=85=D8=AF?= <a@example.org>\r\n\r\nx";
    let one = mail::message(file.as_bytes()).unwrap();
    let contact = "From: \u{202e}gpj.exe أحمد <a@example.org>";
    assert_eq!(one.report.contact, contact);
    assert!(!one.report.remarks().is_empty());
}

#[test]
fn of_one_thing_said_in_two_ways_the_plain_one_is_read() {
    let body = b"--b\r\nContent-Type: text/html\r\n\r\n<b>They</b> came<br>\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\nThey came\r\n--b--\r\n";
    let head = "Content-Type: multipart/alternative; boundary=b";
    assert_eq!(told(head, body), "They came");
    let only = message(
        "Content-Type: text/html; charset=utf-8",
        "<style>p{}</style><p>Ils sont <b>venus</b> &amp; partis</p>".as_bytes(),
    );
    assert_eq!(only.report.narrative, "Ils sont venus & partis");
    assert!(only.noticed.contains(&Noticed::OnlyMarkup));
}

#[test]
fn files_inside_keep_their_bytes_and_media_type_and_lose_their_names() {
    let body = b"before\r\n--b\r\n\r\nSee the picture.\r\n\
        --b\r\nContent-Type: image/jpeg; name=\"juma.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Disposition: attachment; filename=juma.jpg\r\n\r\n/9j/4AAQ\r\n\
        --b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nlist\r\n--b--\r\nafter";
    let one = message("Content-Type: multipart/mixed; boundary=\"b\"", body);
    assert_eq!(one.report.narrative, "See the picture.");
    let files: Vec<_> = one
        .enclosed
        .iter()
        .map(|file| (file.media_type.as_str(), file.bytes.as_slice()))
        .collect();
    assert_eq!(
        files,
        [
            ("image/jpeg", &b"\xff\xd8\xff\xe0\x00\x10"[..]),
            ("text/plain", b"list")
        ]
    );
}

#[test]
fn what_a_message_passes_on_is_read_with_who_wrote_it() {
    let body = b"--b\r\n\r\nPlease help.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
        From: Juma <j@example.org>\r\nSubject: At night\r\nDate: Wed, 6 Mar 2024 10:00:00 +0000\r\n\r\nThey came.\r\n--b--";
    let one = message("Content-Type: multipart/mixed; boundary=b", body);
    assert_eq!(
        one.report.narrative,
        "Please help.\n\nFrom: Juma <j@example.org>\nAt night\n\nThey came."
    );
    assert!(
        one.report.contact.starts_with("From: A <"),
        "whoever sent it"
    );
}

#[test]
fn a_message_that_breaks_off_is_read_as_far_as_it_goes() {
    let body = b"--b\r\n\r\nThe first part.\r\n--b\r\n\r\nThe second br";
    let head = "Content-Type: multipart/mixed; boundary=b";
    assert_eq!(told(head, body), "The first part.\n\nThe second br");
    for head in [
        "Content-Type: multipart/mixed",
        "Content-Type: multipart/mixed; boundary=\"\"",
    ] {
        assert_eq!(told(head, b"They came."), "They came.", "{head}");
    }
}

#[test]
fn messages_within_messages_end_at_a_depth_and_nothing_is_lost() {
    let mut inner = b"The innermost".to_vec();
    for level in 0..40 {
        let around = format!(
            "From: x@example.org\r\nContent-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\nContent-Type: message/rfc822\r\n\r\n"
        );
        inner = [
            around.as_bytes(),
            &inner,
            format!("\r\n--b{level}--\r\n").as_bytes(),
        ]
        .concat();
    }
    let one = mail::message(&inner).unwrap();
    assert!(one.noticed.contains(&Noticed::TooDeep));
    let kept = one
        .enclosed
        .iter()
        .any(|file| String::from_utf8_lossy(&file.bytes).contains("The innermost"));
    assert!(kept, "what is not read is enclosed as it came");
}

#[test]
fn a_bomb_of_nested_parts_costs_no_stack_and_a_bomb_of_many_parts_ends() {
    // Each level is a message, as deep as the bytes go: a reader that follows them ends its program.
    let deep = b"From: x\r\nContent-Type: message/rfc822\r\n\r\n".repeat(200_000);
    let one = mail::message(&deep).unwrap();
    assert!(one.noticed.contains(&Noticed::TooDeep));
    let many = b"--b\r\n\r\nx\r\n".repeat(100_000);
    let one = message("Content-Type: multipart/mixed; boundary=b", &many);
    assert!(one.noticed.contains(&Noticed::TooManyParts));
    assert!(one.report.narrative.len() < 2_000);
}

#[test]
fn a_long_message_is_cut_with_a_sign_and_fits_into_a_letter() {
    let one = message("Subject: é", "é".repeat(400_000).as_bytes());
    assert!(one.noticed.contains(&Noticed::Cut));
    assert!(one.report.narrative.ends_with('…'));
    assert!(one.report.encode().len() < record::MAX_LEN);
    let names = "=?utf-8?Q?=C3=A9?= ".repeat(3_000);
    let file = format!("From: {names} <a@example.org>\r\n\r\nx");
    let one = mail::message(file.as_bytes()).unwrap();
    assert!(one.report.encode().len() < 16_384);
}

#[test]
fn a_mailbox_gives_each_message_with_its_own_bytes() {
    let file = b"From a@example.org Wed Mar  6 10:00:00 2024\nFrom: a@example.org\n\nOne\n>From the hills\n>>From x\n\n\
        From b@example.org Wed Mar  6 11:00:00 2024\nFrom: b@example.org\n\nTwo\nFrom here on\n";
    let all = mail::mailbox(file).unwrap();
    let texts: Vec<_> = all
        .iter()
        .map(|one| one.report.narrative.as_str())
        .collect();
    assert_eq!(texts, ["One\nFrom the hills\n>From x", "Two\nFrom here on"]);
    assert_eq!(all[0].original.end, all[1].original.start);
    assert!(file[all[1].original.clone()].starts_with(b"From b@example.org"));
    let joined: Vec<u8> = all
        .iter()
        .flat_map(|one| file[one.original.clone()].to_vec())
        .collect();
    assert_eq!(joined, file, "every byte belongs to one of them");
    let many =
        b"From x Wed Mar  6 10:00:00 2024\nFrom: a@example.org\n\nx\n\n".repeat(MOST_BROUGHT + 1);
    assert_eq!(mail::mailbox(&many).unwrap_err(), CannotRead::TooMany);
}

#[test]
fn what_is_no_e_mail_is_refused_in_both_languages_without_a_word_of_it() {
    let strangers: [(&[u8], CannotRead); 5] = [
        (b"", CannotRead::Empty),
        (b"PK\x03\x04rest", CannotRead::Archive),
        (b"Zanzibar told me", CannotRead::NotRecognised),
        (b"Zanzibar: came\nat night", CannotRead::NotRecognised),
        (&[0xff; 64], CannotRead::NotRecognised),
    ];
    for (file, why) in strangers {
        let refused = brought::read(file, None, Date::new(2026, 12, 1).unwrap()).unwrap_err();
        assert_eq!(refused, why);
        let (en, fr) = (
            refused.sentence(Language::English),
            refused.sentence(Language::French),
        );
        assert_ne!(en, fr);
        assert!(!en.contains("Zanzibar") && !fr.contains("Zanzibar"));
    }
    assert_eq!(
        mail::message(b"Zanzibar told me").unwrap_err(),
        CannotRead::NotAMessage
    );
    assert_eq!(
        mail::mailbox(b"From: a@example.org\n\nx").unwrap_err(),
        CannotRead::NotAMailbox
    );
    let secret = message(
        "Content-Type: multipart/mixed; boundary=b",
        b"--b\r\n\r\nZanzibar\r\n--b--",
    );
    assert!(
        !format!("{secret:?}").contains("Zanzibar"),
        "nor does a log"
    );
}

#[test]
fn each_thing_noticed_has_a_sentence_of_its_own_in_both_languages() {
    let mut said = std::collections::BTreeSet::new();
    for noticed in Noticed::ALL {
        for language in [Language::English, Language::French] {
            assert!(said.insert(noticed.sentence(language)));
        }
    }
    assert_eq!(said.len(), 2 * Noticed::ALL.len());
}

#[test]
fn a_paragraph_that_begins_like_a_new_message_is_somebodys_words() {
    let file = "From a@example.org Wed Mar  6 10:00:00 2024\nFrom: a@example.org\n\nOne.\n\nFrom the hills they came at 10:00 in 2024.\nNobody spoke.\n\nFrom b@example.org Wed Mar  6 11:00:00 2024\nFrom: b@example.org\n\nTwo.\n";
    let all = brought::read(file.as_bytes(), None, Date::new(2026, 12, 1).unwrap()).unwrap();
    assert_eq!(all.len(), 2);
    assert!(all[0].report.narrative.contains("From the hills they came"));
    assert!(all[0].report.narrative.contains("Nobody spoke."));
    assert_eq!(all[1].report.narrative, "Two.");
}

#[test]
fn the_sender_of_an_e_mail_is_told_as_what_it_says_of_itself_whatever_servers_wrote() {
    let proved = "Authentication-Results: mx.example.org; dkim=pass; spf=pass; dmarc=pass";
    for head in ["Subject: x", proved, "Received-SPF: pass"] {
        let one = message(head, b"x");
        assert_eq!(one.report.contact, "From: A <a@example.org>");
        assert!(one.noticed.contains(&Noticed::SenderClaimed), "{head}");
        assert!(!one.noticed.contains(&Noticed::AnswersElsewhere));
    }
    let same = message("Reply-To: Someone <A@Example.org>", b"x");
    assert!(!same.noticed.contains(&Noticed::AnswersElsewhere));
    // A name that holds a line end makes no line of the head.
    let file = b"From: =?utf-8?Q?A=0AReply-To:_b@example.org?= <a@example.org>\r\n\r\nx";
    let one = mail::message(file).unwrap();
    assert_eq!(one.report.contact.lines().count(), 1);
}

#[test]
fn a_version_that_says_something_else_than_the_one_that_is_read_is_told() {
    let head = "Content-Type: multipart/alternative; boundary=b";
    let versions = |plain: &str, markup: &str| {
        let body = format!(
            "--b\r\nContent-Type: text/plain\r\n\r\n{plain}\r\n--b\r\nContent-Type: text/html\r\n\r\n{markup}\r\n--b--\r\n"
        );
        message(head, body.as_bytes())
    };
    let same = versions("They came at night.", "<p>They <b>came</b>, at night!</p>");
    assert!(!same.noticed.contains(&Noticed::OtherVersion));
    let other = versions("See the other version.", "<p>They came at night.</p>");
    assert_eq!(other.report.narrative, "See the other version.");
    assert!(other.noticed.contains(&Noticed::OtherVersion));
    for (plain, markup) in [
        ("They did not come.", "They did come."),
        ("They came not I.", "I came not they."),
    ] {
        assert!(
            versions(plain, markup)
                .noticed
                .contains(&Noticed::OtherVersion)
        );
    }
    let long = "<i></i>".repeat(400_000) + "more";
    let long = versions("They came.", &long);
    assert!(long.noticed.contains(&Noticed::OtherVersion));
}

#[test]
fn a_message_is_the_same_by_itself_and_out_of_any_mailbox() {
    let alone: &[u8] =
        b"From: a@example.org\r\nSubject: x\r\n\r\nOne\r\nFrom the hills\r\n>From x\r\n";
    let boxes: [&[u8]; 3] = [
        b"From a@example.org Wed Mar  6 10:00:00 2024\nFrom: a@example.org\nStatus: RO\nSubject: x\n\nOne\n>From the hills\n>From x\n\n",
        b"From - Thu Mar  7 10:00:00 2024\nX-Mozilla-Keys: a\n b\nX-Gmail-Labels: c,\n\td\nFrom: a@example.org\nSubject: x\n\nOne\n>From the hills\n>>From x\n",
        b"From - Thu Mar  7 10:00:00 2024\nFrom: a@example.org\nSubject: x\n\nOne\nFrom the hills\n>From x\n\n\n",
    ];
    for kept in boxes {
        assert_eq!(mail::mailbox(kept).unwrap().len(), 1);
        let (kept, alone) = (mail::unkept(kept), mail::unkept(alone));
        assert_eq!(
            String::from_utf8(kept).unwrap(),
            String::from_utf8(alone).unwrap()
        );
    }
    // Another word, sender or name of the message is another message.
    for (from, to) in [("One", "Two"), ("a@", "b@"), ("Subject: x", "Subject: y")] {
        let other = std::str::from_utf8(alone).unwrap().replace(from, to);
        assert_ne!(mail::unkept(alone), mail::unkept(other.as_bytes()), "{to}");
    }
    // A line of the body that looks like a note of a program is somebody's words.
    let told = b"From: a@example.org\n\nStatus: arrested";
    assert_eq!(mail::unkept(told), told);
}

#[test]
fn a_day_to_come_costs_its_message_the_day_and_the_mailbox_nothing() {
    let file = "From a Wed Mar  6 10:00:00 2024\nFrom: a@example.org\nDate: Wed, 6 Mar 2024 10:00:00 +0000\n\nOne\n\n\
        From b Wed Mar  6 11:00:00 2024\nFrom: b@example.org\nDate: Wed, 6 Mar 2097 10:00:00 +0000\n\nTwo\n";
    let all = brought::read(file.as_bytes(), None, Date::new(2026, 12, 1).unwrap()).unwrap();
    let days: Vec<_> = all.iter().map(|one| one.told_on).collect();
    assert_eq!(days, [Date::new(2024, 3, 6), None]);
    let told: Vec<_> = all
        .iter()
        .map(|one| one.noticed.contains(&Noticed::DayToCome))
        .collect();
    assert_eq!(told, [false, true]);
}
