//! What reading a draft promises: everything told is in the report, and what was odd is remarked.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use proptest::prelude::*;
use record::draft::{LONGEST_LINE, NotADraft, read, read_lines, write};
use record::{Report, Seen};

/// A draft, what is remarked of it, and how it is written back.
fn check(line: &str, remarks: &[(&str, &str)], back: &str) {
    let (report, said) = read(line).unwrap();
    let said: Vec<_> = said
        .iter()
        .map(|remark| (remark.seen.code(), remark.part.as_str()))
        .collect();
    let told = |said: &&(&str, &str)| **said != ("nothing-told", "narrative");
    assert_eq!(
        said.iter().filter(told).collect::<Vec<_>>(),
        remarks.iter().collect::<Vec<_>>(),
        "{line}"
    );
    assert_eq!(write(&report), back, "{line}");
    assert_eq!(read(write(&report)).unwrap().0, report, "{line}");
}

#[test]
fn a_whole_draft_is_read_without_a_remark_and_written_back_the_same() {
    let line = concat!(
        r#"{"language":"fr","narrative":"Ils l’ont emmenée.","when":{"told":"hier","first":"2024-03-02","last":"2024-03-02","precision":"day"},"#,
        r#""where":{"told":"au marché","country":"CD","admin1":"Nord-Kivu","admin2":"Goma"},"acts":["arbitrary-arrest","beating"],"#,
        r#""victims":[{"told":"une journaliste","groups":["journalist"],"least":1,"best":1,"most":2,"speaks":"sa sœur"}],"#,
        r#""perpetrators":{"told":"deux policiers","codes":["state-police"]},"relation":"witness","helping":"yes","#,
        r#""consents":[{"purpose":"statistics","answer":"yes","identity":"none"}],"safety":"ne pas appeler","contact":"par les mots","#,
        r#""urgency":"past","sources":[{"type":"media","found":"Le Quotidien"}],"labels":["arrest"],"channel":"import","origin":{"set":"sample","id":"7"},"age":"18-24","code":"palmier","words":"exposed","asked":[{"question":"vehicle","told":"a white van"}]}"#,
    );
    let (report, remarks) = read(line).unwrap();
    assert_eq!(remarks, []);
    assert_eq!(write(&report), line);
}

#[test]
fn an_empty_object_is_an_empty_report_that_says_so() {
    let (report, remarks) = read("{}").unwrap();
    assert_eq!(report, Report::default());
    assert_eq!(
        remarks.iter().map(|remark| remark.seen).collect::<Vec<_>>(),
        [Seen::NothingTold]
    );
    assert_eq!(write(&report), "{}");
}

#[test]
fn a_value_of_another_kind_is_read_where_its_meaning_is_plain() {
    check(
        r#"{"narrative":5}"#,
        &[("read-otherwise", "narrative")],
        r#"{"narrative":"5"}"#,
    );
    check(
        r#"{"acts":"beating"}"#,
        &[("read-otherwise", "acts")],
        r#"{"acts":["beating"]}"#,
    );
    check(
        r#"{"when":"in May"}"#,
        &[("read-otherwise", "when")],
        r#"{"when":{"told":"in May"}}"#,
    );
    check(
        r#"{"where":"Goma"}"#,
        &[("read-otherwise", "where")],
        r#"{"where":{"told":"Goma"}}"#,
    );
    check(
        r#"{"victims":["two men"]}"#,
        &[("read-otherwise", "victims[0]")],
        r#"{"victims":[{"told":"two men"}]}"#,
    );
    check(
        r#"{"victims":[{"best":" 12 "}]}"#,
        &[("read-otherwise", "victims[0].best")],
        r#"{"victims":[{"best":12}]}"#,
    );
    check(
        r#"{"perpetrators":["state-police"]}"#,
        &[("read-otherwise", "perpetrators")],
        r#"{"perpetrators":{"codes":["state-police"]}}"#,
    );
    check(
        r#"{"helping":false}"#,
        &[("read-otherwise", "helping")],
        r#"{"helping":"no"}"#,
    );
    check(
        r#"{"labels":["a",7]}"#,
        &[("read-otherwise", "labels[1]")],
        r#"{"labels":["a","7"]}"#,
    );
    check(r#"{"safety":null,"victims":null,"when":null}"#, &[], "{}");
}

#[test]
fn a_value_that_cannot_be_read_is_kept_and_remarked() {
    check(
        r#"{"victims":[{"best":"many","least":-1}]}"#,
        &[
            ("unread-part", "victims[0].best"),
            ("unread-part", "victims[0].least"),
        ],
        r#"{"victims":[{"kept":{"6462657374":"646d616e79","656c65617374":"20"}}]}"#,
    );
    check(
        r#"{"narrative":["a","b"]}"#,
        &[("unread-part", "narrative")],
        r#"{"kept":{"696e6172726174697665":"8261616162"}}"#,
    );
}

#[test]
fn an_unknown_key_is_kept_with_all_it_holds() {
    let line = r#"{"weather":{"sky":["grey",-3,1.5,true,null]}}"#;
    let back = r#"{"weather":{"sky":["grey",-3,"1.5",true,null]}}"#;
    check(line, &[("unknown-part", "weather")], back);
    check(
        r#"{"when":{"moon":"full"}}"#,
        &[("unknown-part", "when.moon")],
        r#"{"when":{"moon":"full"}}"#,
    );
    check(
        "{\"a\\u202e.b\":1}",
        &[("unknown-part", "a⟦U+202E⟧·b")],
        "{\"a\u{202E}.b\":1}",
    );
}

#[test]
fn an_unknown_value_too_deep_for_a_record_is_kept_as_its_text() {
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let (report, _) = read(format!(r#"{{"deep":{deep}}}"#)).unwrap();
    assert_eq!(write(&report), format!(r#"{{"deep":"{deep}"}}"#));
    assert!(Report::decode(&report.encode()).is_ok());
}

#[test]
fn what_json_cannot_tell_stands_in_hexadecimal_and_only_if_it_is_sound() {
    check(
        r#"{"kept":{"17":"43010203"}}"#,
        &[("unknown-part", "23")],
        r#"{"kept":{"17":"43010203"}}"#,
    );
    // Not sound: kept as it came, under its own name.
    let (report, remarks) = read(r#"{"kept":{"17":"43"}}"#).unwrap();
    assert_eq!(
        remarks.last().map(|remark| remark.part.as_str()),
        Some("kept")
    );
    assert_eq!(read(write(&report)).unwrap().0, report);
    // The version is nobody's to change.
    let (report, _) = read(r#"{"kept":{"00":"02"}}"#).unwrap();
    assert!(Report::decode(&report.encode()).is_ok());
}

#[test]
fn what_is_not_json_is_refused_with_the_place_and_the_reason() {
    let refused = |line: &str| read(line).map(|_| ()).unwrap_err();
    assert_eq!(
        refused(r#"{"narrative": "secret" "x"}"#),
        NotADraft::NotJson {
            what: "expected `,` or `}`".into(),
            column: 24
        }
    );
    assert_eq!(
        refused("").to_string(),
        "not JSON, at column 0: EOF while parsing a value; correct it there"
    );
    assert_eq!(refused("[]"), NotADraft::NotAnObject);
    assert_eq!(refused("\"secret\""), NotADraft::NotAnObject);
    assert_eq!(refused(&" ".repeat(LONGEST_LINE + 1)), NotADraft::TooLong);
    for line in [
        r#"{"secret"}"#,
        r#"{"a":secret}"#,
        r#"{"a":"\ud800"}"#,
        "{\"a\":\"secret\u{1}\"}",
    ] {
        assert!(!refused(line).to_string().contains("secret"), "{line}");
    }
    assert!(matches!(
        read(b"{\"narrative\":\"\xff\"}"),
        Err(NotADraft::NotJson { .. })
    ));
}

#[test]
fn a_file_is_read_line_by_line_and_a_bad_line_costs_no_other() {
    let file = "\u{FEFF}{\"narrative\":\"one\"}\r\n\n  \n{oops}\n{\"narrative\":\"two\"}";
    let read: Vec<_> = read_lines(file.as_bytes())
        .map(|(number, read)| (number, read.ok().map(|(report, _)| report.narrative)))
        .collect();
    assert_eq!(
        read,
        [
            (1, Some("one".to_owned())),
            (4, None),
            (5, Some("two".to_owned()))
        ]
    );
}

#[test]
fn more_entries_than_a_letter_takes_are_kept_and_said() {
    let line = format!(
        r#"{{"narrative":"x","labels":[{}"z"]}}"#,
        "\"a\",".repeat(1_000)
    );
    let (report, remarks) = read(line).unwrap();
    assert_eq!(report.labels.len(), 1_001);
    assert_eq!(
        remarks.iter().map(|remark| remark.seen).collect::<Vec<_>>(),
        [Seen::TooMany]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, rng_seed: proptest::test_runner::RngSeed::Fixed(43), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_line_makes_the_reader_stumble(line in "\\PC{0,80}") {
        if let Ok((report, _)) = read(line) {
            report.remarks();
        }
    }

    #[test]
    fn any_value_under_any_key_is_taken_and_nothing_is_lost_when_written_back(
        key in proptest::sample::select(vec!["language", "narrative", "when", "where", "acts", "victims", "perpetrators", "relation", "helping", "consents", "sources", "asked", "labels", "origin", "kept", "else"]),
        inner in proptest::sample::select(vec!["told", "first", "country", "groups", "best", "codes", "knows", "purpose", "type", "set", "kept", "else"]),
        value in proptest::sample::select(vec![r#""x""#, "7", "-7", "1.5", "true", "null", "[]", "{}", r#"["x",[]]"#, r#"[{"best":[]}]"#, r#"{"a":{"b":1}}"#, r#"{"01":"02"}"#]),
        shape in 0..4,
    ) {
        let line = match shape {
            0 => format!(r#"{{"{key}":{value}}}"#),
            1 => format!(r#"{{"{key}":{{"{inner}":{value}}}}}"#),
            2 => format!(r#"{{"{key}":[{value}]}}"#),
            _ => format!(r#"{{"{key}":[{{"{inner}":{value}}}]}}"#),
        };
        let (report, _) = read(&line).unwrap();
        prop_assert!(Report::decode(&report.encode()).unwrap() == report);
        prop_assert!(read(write(&report)).unwrap().0 == report, "{}", line);
    }
}
