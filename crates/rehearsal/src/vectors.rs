//! Makes the files in `vectors/rust`: one claim each, from fixed seeds. (vectors/README.md)

use std::collections::BTreeMap;
use std::fmt::Write;

use ed25519_dalek::{Signer, SigningKey};
use envelope::board::{
    Closing, DaysHash, EpochShape, Manifest, ManifestHash, Restart, Restarts, SignedManifest,
    close_epoch,
};
use envelope::keys::{RelaySecret, VoiceKey};
use envelope::notice::{KeyList, NoticeBody, VoiceSpan, next_root_hash};
use envelope::puzzle;
use envelope::{
    CELL_BYTES, Cell, Day, Epoch, Leaf, LetterHash, MailboxId, Period, Receipt, Token, hash, labels,
};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeS, PskBundle, Serializable};
use open::{Correspondent, DeskSecret, IntakeSecret, RootSecret, VoiceSecret};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use record::{MediaKind, Report};
use seal::words::{NotTheWords, WordList, Words};
use seal::{
    Attachment, ContentHash, ConversationKey, FileId, Master, ReplyKey, SealedBy, WordsUse,
};

/// One file: its path below `vectors/rust`, and its text.
pub type VectorFile = (String, String);

const TODAY: Day = Day(20_779);
const FIRST_PERIOD: u32 = 2_960;
/// The mailbox of the vectors' office.
pub const MAILBOX: MailboxId = MailboxId(*b"sixteen bytes id");

/// Hex of bytes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        write!(out, "{b:02x}").unwrap();
        out
    })
}

/// All files, always the same.
#[must_use]
pub fn all() -> Vec<VectorFile> {
    let mut out = Vec::new();
    words(&mut out);
    typed(&mut out);
    tags(&mut out);
    leaves(&mut out);
    tokens(&mut out);
    puzzles(&mut out);
    letters(&mut out);
    handovers(&mut out);
    pieces(&mut out);
    attachments(&mut out);
    cells(&mut out);
    receipts(&mut out);
    days(&mut out);
    days_signed_all_the_same(&mut out);
    days_of_a_clock_that_went_back(&mut out);
    days_after_a_restart(&mut out);
    manifests(&mut out);
    notices(&mut out);
    reports(&mut out);
    crate::team_vectors::logs(&mut out);
    crate::team_vectors::words(&mut out);
    crate::team_vectors::snapshots(&mut out);
    out
}

/// Writes one file from its lines.
pub(crate) fn file(
    out: &mut Vec<VectorFile>,
    kind: &str,
    name: &str,
    expect: &str,
    note: &str,
    lines: &[(&str, String)],
) {
    let mut text = format!("expect: {expect}\nkind: {kind}\nnote: {note}\n");
    for (key, value) in lines {
        writeln!(text, "{key}: {value}").unwrap();
    }
    out.push((format!("{kind}/{name}.txt"), text));
}

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn english() -> (Words, Vec<u16>) {
    let indices = vec![0, 1_295, 1, 777, 777, 300, 65, 2, 64];
    (
        Words::from_indices(WordList::English, indices.clone()).unwrap(),
        indices,
    )
}

fn words(out: &mut Vec<VectorFile>) {
    let french: Vec<u16> = vec![0, 2_047, 1_024, 5, 6, 7, 8, 9, 10];
    let cases = [
        (
            "english_first_generation",
            "nine English words give these keys",
            WordList::English,
            english().1,
            Period::of(TODAY, 7),
            0,
        ),
        (
            "french_second_generation",
            "nine French words, second generation",
            WordList::French,
            french.clone(),
            Period::Week(FIRST_PERIOD + 40),
            1,
        ),
        (
            "first_period_itself",
            "in the first period the key has not advanced",
            WordList::English,
            english().1,
            Period::Week(FIRST_PERIOD),
            0,
        ),
        (
            "carry_quarter",
            "a carry quarter has a conversation key of its own",
            WordList::French,
            french.clone(),
            Period::carry_of(TODAY),
            0,
        ),
        (
            "spanish",
            "nine Spanish words give these keys",
            WordList::Spanish,
            french.clone(),
            Period::of(TODAY, 7),
            0,
        ),
        (
            "chinese",
            "nine Chinese characters give these keys",
            WordList::Chinese,
            french,
            Period::of(TODAY, 7),
            0,
        ),
        (
            "digits",
            "seven groups of digits give these keys",
            WordList::Digits,
            vec![0, 9_999, 794, 4_242, 4_242, 300, 65],
            Period::of(TODAY, 7),
            0,
        ),
    ];
    for (name, note, list, indices, period, generation) in cases {
        let words = Words::from_indices(list, indices.clone()).unwrap();
        let master = Master::of(&words, &MAILBOX);
        let name_of = master.mailbox_name();
        let bytes: Vec<u8> = indices.iter().flat_map(|i| i.to_be_bytes()).collect();
        file(
            out,
            "words",
            name,
            "derives",
            note,
            &[
                ("list", list.number().to_string()),
                ("indices", hex(&bytes)),
                ("mailbox", hex(&MAILBOX.0)),
                ("period", period.number().to_string()),
                ("generation", generation.to_string()),
                ("first-period", FIRST_PERIOD.to_string()),
                ("signing-key", hex(&master.signing_secret().public().0)),
                (
                    "reply-key-hash",
                    hex(&master.reply_secret().public().hash()),
                ),
                (
                    "conversation-key",
                    hex(master
                        .conversation_key(period, generation, FIRST_PERIOD)
                        .bytes()),
                ),
                ("mailbox-name", format!("{} {}", name_of.0, name_of.1)),
            ],
        );
    }
}

fn typed(out: &mut Vec<VectorFile>) {
    let cases = [
        (
            "upper_case_and_no_accents",
            "case, accents and line ends change no word",
            WordList::French,
            "ACADEMIE Déborder de\u{301}tester\n émission ABSENCE absence académie deborder Emission",
        ),
        (
            "spanish_without_its_signs",
            "an ñ typed as an n is the same word",
            WordList::Spanish,
            "ARANA anadir Ábaco ano bano engano mama Animo parrafo",
        ),
        (
            "characters_without_spaces",
            "Chinese characters need no spaces",
            WordList::Chinese,
            "的一是在不了有和人",
        ),
        (
            "characters_with_marks_between",
            "commas of the script part as well",
            WordList::Chinese,
            "的，一、是 在 不 了 有 和 人",
        ),
        (
            "digits_in_one_row",
            "digits may be grouped in any way",
            WordList::Digits,
            "000050794599996-00005 079459 9996 00005",
        ),
        (
            "arabic_indic_digits",
            "digits of other scripts are the same digits",
            WordList::Digits,
            "٠٠٠٠٥ ٠٧٩٤٥ ۹۹۹۹۶ ００００５ 00005 00005 00005",
        ),
        (
            "a_wrong_digit",
            "one wrong digit is named by its group",
            WordList::Digits,
            "00005 07945 99996 00005 07955 00005 00005",
        ),
        (
            "a_word_not_in_the_list",
            "a word that is not in the list is named by its place",
            WordList::English,
            "acid acorn acrx acts afar affix aged agent agile",
        ),
        (
            "a_word_too_few",
            "another number of words is told",
            WordList::English,
            "acid acorn acre",
        ),
    ];
    for (name, note, list, typed) in cases {
        let read = Words::read(list, typed);
        let (expect, more) = match &read {
            Ok(words) => (
                "reads",
                (
                    "words-utf8",
                    hex(words.shown().collect::<Vec<_>>().join(" ").as_bytes()),
                ),
            ),
            Err(NotTheWords::Unknown { position, .. }) => {
                ("not-in-list", ("place", position.to_string()))
            }
            Err(_) => ("other-count", ("expected", list.drawn().to_string())),
        };
        let given = [
            ("list", list.number().to_string()),
            ("typed-utf8", hex(typed.as_bytes())),
            more,
        ];
        file(out, "typed", name, expect, note, &given);
    }
}

fn tags(out: &mut Vec<VectorFile>) {
    let key = ConversationKey::from_letter([0x5a; 32], Period::of(TODAY, 7));
    for (name, note, day, slot) in [
        (
            "first_slot",
            "tag and psk of the first slot of a day",
            TODAY,
            0,
        ),
        (
            "last_slot",
            "the last slot of a day has another tag and the same psk",
            TODAY,
            15,
        ),
        ("next_day", "the next day has another tag", TODAY.plus(1), 0),
    ] {
        file(
            out,
            "tag",
            name,
            "derives",
            note,
            &[
                ("conversation-key", hex(key.bytes())),
                ("day", day.0.to_string()),
                ("slot", slot.to_string()),
                ("tag", hex(&key.tag(day, slot))),
                ("psk", hex(key.psk().as_ref())),
            ],
        );
    }
}

fn leaves(out: &mut Vec<VectorFile>) {
    let (letter, nonce) = (LetterHash([0xab; 32]), [0xcd; 16]);
    file(
        out,
        "leaf",
        "letter_and_dummy",
        "derives",
        "a letter's leaf and a dummy's differ under one nonce",
        &[
            ("letter-hash", hex(&letter.0)),
            ("nonce", hex(&nonce)),
            ("leaf", hex(&Leaf::of(letter, &nonce).0)),
            ("dummy", hex(&Leaf::dummy(&nonce).0)),
        ],
    );
}

fn tokens(out: &mut Vec<VectorFile>) {
    let token = Token([0x3c; 16]);
    let code = token.code();
    let mut code_is = |name: &str, expect: &str, note: &str, typed: &str| {
        let mut lines = vec![("typed-utf8", hex(typed.as_bytes()))];
        if expect == "reads" {
            lines.extend([
                ("token", hex(&token.0)),
                ("token-hash", hex(&token.hash().0)),
            ]);
        }
        file(out, "token", name, expect, note, &lines);
    };
    code_is("code", "reads", "a code as it is printed", &code);
    code_is(
        "code_typed",
        "reads",
        "in small letters, without what parts the groups",
        &code.to_lowercase().replace('-', " "),
    );
    let digits = code.replace('O', "0").replace('I', "1").replace('B', "8");
    code_is(
        "code_digits",
        "reads",
        "digits that look like letters",
        &digits,
    );
    let slip = code.replacen(&code[..1], if code.starts_with('A') { "C" } else { "A" }, 1);
    code_is("slip", "refused", "one letter is another", &slip);
    code_is(
        "short",
        "refused",
        "the last letter is missing",
        &code[..code.len() - 1],
    );
    code_is("long", "refused", "one letter more", &format!("{code}A"));
    code_is(
        "another_script",
        "refused",
        "letters of another script",
        &"я".repeat(28),
    );
    code_is("empty", "refused", "nothing", "");
}

fn puzzles(out: &mut Vec<VectorFile>) {
    let leaf = Leaf([0x5d; 32]);
    let mut one = |name: &str, expect: &str, note: &str, demand: &str| {
        let mut lines = vec![
            ("mailbox", hex(&MAILBOX.0)),
            ("leaf", hex(&leaf.0)),
            ("demand", demand.to_owned()),
        ];
        if expect == "solved" {
            let bits = puzzle::bits_of_header(demand).unwrap();
            let answer = puzzle::solve(&MAILBOX, &leaf, bits).unwrap();
            lines.push(("answer", answer.header_value()));
        }
        file(out, "puzzle", name, expect, note, &lines);
    };
    one("one_bit", "solved", "the least that is asked", "1");
    one("twelve_bits", "solved", "some thousand hashes", "12");
    one("no_bits", "refused", "nothing is not asked", "0");
    one("too_many", "refused", "more than anybody works for", "23");
    one("no_number", "refused", "not a number", "12x");
    one("other_form", "refused", "a number in another form", "012");
}

struct Office {
    root: RootSecret,
    desk: DeskSecret,
    other_desk: DeskSecret,
    voice: VoiceSecret,
    intake: Vec<IntakeSecret>,
    body: NoticeBody,
}

fn office() -> Office {
    let rng = &mut rng(1);
    let (root, desk, other_desk) = (
        RootSecret::draw(rng),
        DeskSecret::draw(rng),
        DeskSecret::draw(rng),
    );
    let voice = VoiceSecret::draw(rng);
    let intake = vec![
        IntakeSecret::draw(Period::of(TODAY, 7), rng),
        IntakeSecret::draw(Period::carry_of(TODAY), rng),
    ];
    let body = NoticeBody {
        sequence: 3,
        mailbox: MAILBOX,
        name: "Bureau d’essai".to_owned(),
        languages: vec!["fr".to_owned(), "en".to_owned()],
        relays: vec!["http://127.0.0.1:1/".to_owned()],
        root: root.public(),
        next_root: next_root_hash(&RootSecret::draw(rng).public()),
        first_day: TODAY.minus(3),
        last_day: TODAY.plus(31),
        first_period: FIRST_PERIOD,
        period_days: 7,
        grace_days: 28,
        relay_key: relay().public(),
        epoch_seconds: 21_600,
        shape: EpochShape {
            leaves: 64,
            cells: 16,
        },
        keys: KeyList {
            intake: intake
                .iter()
                .map(|k| (k.period(), hash(k.public().as_ref())))
                .collect(),
            voice: vec![VoiceSpan {
                key: voice.public(),
                first_day: TODAY.minus(7),
                last_day: TODAY.plus(35),
            }],
            desks: vec![desk.public()],
            credentials: vec![],
        },
        site: [0; 32],
    };
    Office {
        root,
        desk,
        other_desk,
        voice,
        intake,
        body,
    }
}

fn relay() -> RelaySecret {
    RelaySecret::from_seed(&[0x11; 32])
}

fn report(text: &str) -> Report {
    Report {
        narrative: text.to_owned(),
        language: "en".to_owned(),
        ..Report::default()
    }
}

/// A letter of the office [`MAILBOX`] whose inside is given: for insides no reporter would seal.
pub fn sealed_inside(plain_cbor: &[u8], period: Period, key: &IntakeSecret) -> Vec<u8> {
    let class = envelope::SizeClass::holding(plain_cbor.len()).unwrap();
    let mut plain = u32::try_from(plain_cbor.len())
        .unwrap()
        .to_be_bytes()
        .to_vec();
    plain.extend_from_slice(plain_cbor);
    plain.resize(class.capacity() + 4, 0);
    sealed_plain(&plain, period, key)
}

fn sealed_plain(plain: &[u8], period: Period, key: &IntakeSecret) -> Vec<u8> {
    let public = <XWing as Kem>::PublicKey::from_bytes(key.public().as_ref()).unwrap();
    let (enc, ciphertext) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, XWing>(
        &OpModeS::Base,
        &public,
        &seal::letter_info(&MAILBOX, period),
        plain,
        &[],
        &mut rng(9),
    )
    .unwrap();
    [
        &[1][..],
        &period.number().to_be_bytes(),
        &enc.to_bytes(),
        &ciphertext,
    ]
    .concat()
}

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

/// CBOR that no honest writer makes.
fn written(with: impl FnOnce(&mut minicbor::Encoder<Vec<u8>>) -> Written) -> Vec<u8> {
    let mut e = minicbor::Encoder::new(Vec::new());
    with(&mut e).unwrap();
    e.into_writer()
}

/// `[body, signature]` as the protocol has it.
fn inside(body: &[u8], signature: Option<&[u8]>) -> Vec<u8> {
    let mut e = minicbor::Encoder::new(Vec::new());
    e.array(2).unwrap().bytes(body).unwrap();
    match signature {
        Some(s) => e.bytes(s).unwrap(),
        None => e.null().unwrap(),
    };
    e.into_writer()
}

fn letters(out: &mut Vec<VectorFile>) {
    let office = office();
    let notice = envelope::notice::Notice::verify(
        &open::sign_notice(&office.body, &office.root, &[&office.desk]),
        &office.root.public(),
        TODAY,
    )
    .unwrap();
    let master = Master::of(&english().0, &MAILBOX);
    let keys: Vec<String> = office
        .intake
        .iter()
        .map(|k| format!("{}:{}", k.period().number(), hex(k.seed())))
        .collect();
    let keys = keys.join(",");
    let seal_one = |text: &str, words: Option<bool>, which: usize, by: SealedBy| {
        let key = &office.intake[which];
        let key = notice
            .intake_key(key.period(), key.public().as_ref())
            .unwrap();
        let words = words.map(|first| {
            let how = WordsUse {
                first,
                generation: 0,
                first_period: FIRST_PERIOD,
                acknowledges: (!first).then_some(TODAY.minus(2)),
            };
            (&master, how)
        });
        let seen = Some(ManifestHash([0x77; 32]));
        seal::letter(&report(text), words, seen, by, &key, &mut rng(5))
            .unwrap()
            .letter()
            .to_vec()
    };
    let given = |letter: &[u8]| {
        vec![
            ("mailbox", hex(&MAILBOX.0)),
            ("keys", keys.clone()),
            ("letter", hex(letter)),
        ]
    };
    let mut opens = |name: &str, note: &str, letter: &[u8]| {
        let opened = open::letter(letter, &MAILBOX, &office.intake).unwrap();
        let (signing, reply, conversation) = match opened.reporter() {
            open::Reporter::NoWords => Default::default(),
            open::Reporter::Words {
                signing_key,
                reply_key,
                conversation_key,
                ..
            } => (
                hex(&signing_key.0),
                hex(&reply_key.hash()),
                hex(conversation_key.bytes()),
            ),
        };
        let by = match opened.sealed_by() {
            SealedBy::Page => 0,
            SealedBy::Native => 1,
            SealedBy::Doorstep => 2,
            SealedBy::Kit => 3,
            SealedBy::Other(n) => n,
        };
        let mut lines = given(letter);
        lines.extend([
            ("report", hex(&opened.report().encode())),
            ("sealed-by", by.to_string()),
            ("signing-key", signing),
            ("reply-key-hash", reply),
            ("conversation-key", conversation),
        ]);
        file(out, "letter", name, "opens", note, &lines);
    };
    let first = seal_one("They came at six.", Some(true), 0, SealedBy::Page);
    opens(
        "first_letter",
        "a first letter brings the whole reply key",
        &first,
    );
    opens(
        "later_letter",
        "a later letter brings the hash of the reply key",
        &seal_one("Again.", Some(false), 0, SealedBy::Page),
    );
    opens(
        "without_words",
        "without words there is no signature and no key",
        &seal_one("No answer, please.", None, 0, SealedBy::Native),
    );
    opens(
        "by_doorstep",
        "a doorstep marks what it sealed",
        &seal_one("typed", None, 0, SealedBy::Doorstep),
    );
    opens(
        "by_carry_key",
        "a carry key opens a letter of its quarter",
        &seal_one("by stick", Some(true), 1, SealedBy::Kit),
    );
    opens(
        "second_class",
        "a text too long for 4 KiB takes 16",
        &seal_one(&"word ".repeat(700), None, 0, SealedBy::Page),
    );
    opens(
        "six_languages",
        "any script goes through unchanged",
        &seal_one(
            "شاهد 证人 témoin свидетель testigo \u{202e}x",
            None,
            0,
            SealedBy::Page,
        ),
    );

    let mut refused = |name: &str, expect: &str, note: &str, letter: &[u8]| {
        file(out, "letter", name, expect, note, &given(letter));
    };
    let bent = |at: usize| {
        let mut letter = first.clone();
        letter[at] ^= 1;
        letter
    };
    refused(
        "bit_in_encapsulation",
        "damaged",
        "one bit of the encapsulation changed",
        &bent(900),
    );
    refused(
        "bit_in_ciphertext",
        "damaged",
        "one bit of the ciphertext changed",
        &bent(3_000),
    );
    refused(
        "bit_in_tag",
        "damaged",
        "one bit of the last byte changed",
        &bent(4_095),
    );
    refused(
        "cut_by_one",
        "damaged",
        "the last byte is missing",
        &first[..4_095],
    );
    refused("cut_to_nothing", "damaged", "nothing is left", &[]);
    refused(
        "one_byte_more",
        "damaged",
        "a byte was added",
        &[&first[..], &[0]].concat(),
    );
    refused(
        "period_unknown",
        "no-key",
        "the period names a key that is not here",
        &bent(4),
    );
    let mut other_period = first.clone();
    other_period[1..5].copy_from_slice(&Period::carry_of(TODAY).number().to_be_bytes());
    refused(
        "period_swapped",
        "damaged",
        "the period was changed to another whose key is here",
        &other_period,
    );
    let mut newer = first.clone();
    newer[0] = 2;
    refused("version_2", "too-new", "a version of the future", &newer);
    let mut older = first.clone();
    older[0] = 0;
    refused("version_0", "damaged", "a version that never was", &older);

    let wrong_key = IntakeSecret::draw(Period::of(TODAY, 7), &mut rng(77));
    let body = seal::LetterBody {
        report: report("x").encode(),
        conversation: None,
        manifest_seen: None,
        attachments: vec![],
        sealed_by: SealedBy::Page,
        acknowledges: None,
        handover: None,
    };
    let period = Period::of(TODAY, 7);
    let whole = inside(&body.encode(), None);
    refused(
        "sealed_to_another_key",
        "damaged",
        "sealed to a key of the same period in another office",
        &sealed_inside(&whole, period, &wrong_key),
    );

    let key = &office.intake[0];
    let with_words = seal::LetterBody {
        conversation: Some(seal::Conversation {
            signing_key: master.signing_secret().public(),
            reply_key: seal::ReplyKeyRef::Hash([3; 32]),
            key: master.conversation_key(period, 0, FIRST_PERIOD),
            generation: 0,
        }),
        ..body.clone()
    };
    let forger = SigningKey::from_bytes(&[0x66; 32]);
    let message = seal::letter_signed_bytes(&MAILBOX, period, &with_words.encode());
    let forged = forger.sign(&message).to_bytes();
    refused(
        "forged_signature",
        "forged",
        "signed by another key than the letter brings",
        &sealed_inside(&inside(&with_words.encode(), Some(&forged)), period, key),
    );
    refused(
        "words_without_signature",
        "forged",
        "keys of words, but nobody signed",
        &sealed_inside(&inside(&with_words.encode(), None), period, key),
    );
    refused(
        "signature_without_words",
        "forged",
        "a signature, but no key it could be by",
        &sealed_inside(&inside(&body.encode(), Some(&forged)), period, key),
    );
    let signer = SigningKey::from_bytes(&[0x67; 32]);
    let mut mine = with_words.clone();
    if let Some(c) = &mut mine.conversation {
        c.signing_key = envelope::keys::ReporterKey(signer.verifying_key().to_bytes());
    }
    let elsewhere = signer
        .sign(&seal::letter_signed_bytes(
            &MailboxId([0; 16]),
            period,
            &mine.encode(),
        ))
        .to_bytes();
    refused(
        "signature_for_another_office",
        "forged",
        "signed for another mailbox",
        &sealed_inside(&inside(&mine.encode(), Some(&elsewhere)), period, key),
    );
    let last_week = signer
        .sign(&seal::letter_signed_bytes(
            &MAILBOX,
            Period::Week(1),
            &mine.encode(),
        ))
        .to_bytes();
    refused(
        "signature_for_another_period",
        "forged",
        "signed for another period",
        &sealed_inside(&inside(&mine.encode(), Some(&last_week)), period, key),
    );

    refused(
        "inside_is_no_cbor",
        "malformed",
        "the inside is not CBOR",
        &sealed_inside(&[0xff; 40], period, key),
    );
    refused(
        "inside_has_a_third_part",
        "malformed",
        "three parts where two belong",
        &sealed_inside(&[0x83, 0x40, 0xf6, 0x00], period, key),
    );
    refused(
        "body_without_kind",
        "malformed",
        "a body that does not say what it is",
        &sealed_inside(&inside(&[0xa1, 0x01, 0x41, 0xa0], None), period, key),
    );
    let report_x = body.report.clone();
    let unsorted = written(|e| e.map(2)?.u8(1)?.bytes(&report_x)?.u8(0)?.u8(0)?.ok());
    refused(
        "body_keys_unsorted",
        "malformed",
        "the same body with its keys in another order",
        &sealed_inside(&inside(&unsorted, None), period, key),
    );
    let twice = written(|e| {
        e.map(3)?.u8(0)?.u8(0)?.u8(1)?.bytes(&[0])?;
        e.u8(1)?.bytes(&report_x)?.ok()
    });
    refused(
        "body_key_twice",
        "malformed",
        "two reports under one key",
        &sealed_inside(&inside(&twice, None), period, key),
    );
    let long = [&[0x98, 0x02][..], &whole[1..]].concat();
    refused(
        "inside_written_longer",
        "malformed",
        "two parts, their number written in two bytes",
        &sealed_inside(&long, period, key),
    );
    let both = written(|e| {
        e.map(3)?.u8(0)?.u8(0)?.u8(1)?.bytes(&report_x)?;
        e.u8(2)?.map(5)?;
        e.u8(0)?.bytes(&signer.verifying_key().to_bytes())?;
        e.u8(1)?.bytes(master.reply_secret().public().0.as_ref())?;
        e.u8(2)?.bytes(&[3; 32])?;
        e.u8(3)?.bytes(&[4; 32])?.u8(4)?.u8(0)?.ok()
    });
    let signed = signer
        .sign(&seal::letter_signed_bytes(&MAILBOX, period, &both))
        .to_bytes();
    refused(
        "reply_key_and_a_hash",
        "malformed",
        "a reply key, and the hash of another",
        &sealed_inside(&inside(&both, Some(&signed)), period, key),
    );

    let mut padded = vec![0; envelope::SizeClass::FourKiB.capacity() + 4];
    padded[..4].copy_from_slice(&u32::try_from(whole.len()).unwrap().to_be_bytes());
    padded[4..4 + whole.len()].copy_from_slice(&whole);
    *padded.last_mut().unwrap() = 1;
    refused(
        "padding_not_zeros",
        "malformed",
        "something hides in the padding",
        &sealed_plain(&padded, period, key),
    );
    padded[..4].copy_from_slice(&u32::MAX.to_be_bytes());
    refused(
        "length_beyond_the_end",
        "malformed",
        "the length field points beyond the letter",
        &sealed_plain(&padded, period, key),
    );
    let deep = seal::LetterBody {
        report: [&[0xa1, 0x02][..], &[0x81; 2_000], &[0x00]].concat(),
        ..body.clone()
    };
    refused(
        "report_nested_2000_deep",
        "malformed",
        "a report nested two thousand deep",
        &sealed_inside(&inside(&deep.encode(), None), period, key),
    );
    let future = seal::LetterBody {
        report: vec![0xa1, 0x00, 0x02],
        ..body
    };
    refused(
        "report_version_2",
        "too-new",
        "a report of the future inside a letter of today",
        &sealed_inside(&inside(&future.encode(), None), period, key),
    );
}

/// Letters that change the words. (protocol §4.4)
fn handovers(out: &mut Vec<VectorFile>) {
    let office = office();
    let bytes = open::sign_notice(&office.body, &office.root, &[&office.desk]);
    let notice = envelope::notice::Notice::verify(&bytes, &office.root.public(), TODAY).unwrap();
    let old_list = (WordList::English, english().1);
    let new_list = (WordList::French, vec![0, 2_047, 1_024, 5, 6, 7, 8, 9, 10]);
    let master = |(list, indices): &(WordList, Vec<u16>)| {
        Master::of(
            &Words::from_indices(*list, indices.clone()).unwrap(),
            &MAILBOX,
        )
    };
    let (old, new) = (master(&old_list), master(&new_list));
    let words = |(list, indices): &(WordList, Vec<u16>)| {
        let indices: Vec<String> = indices.iter().map(u16::to_string).collect();
        format!("{}:{}", list.number(), indices.join(":"))
    };
    let key_line = |key: &IntakeSecret| format!("{}:{}", key.period().number(), hex(key.seed()));
    let given = |letter: &[u8], key: &IntakeSecret| {
        vec![
            ("mailbox", hex(&MAILBOX.0)),
            ("keys", key_line(key)),
            ("letter", hex(letter)),
        ]
    };
    let how = WordsUse {
        first: false,
        generation: 1,
        first_period: FIRST_PERIOD,
        acknowledges: Some(TODAY.minus(2)),
    };

    let mut opens = |name: &str,
                     note: &str,
                     text: &str,
                     from: &Master,
                     to: &Master,
                     which: usize,
                     words: (String, String)| {
        let secret = &office.intake[which];
        let key = notice
            .intake_key(secret.period(), secret.public().as_ref())
            .unwrap();
        let seen = Some(ManifestHash([0x77; 32]));
        let by = if which == 0 {
            SealedBy::Page
        } else {
            SealedBy::Kit
        };
        let sealed =
            seal::handover_letter(&report(text), (from, how), to, seen, by, &key, &mut rng(6))
                .unwrap();
        let opened = open::letter(sealed.letter(), &MAILBOX, &office.intake).unwrap();
        let handed = opened.handover().unwrap();
        let open::Reporter::Words {
            signing_key,
            reply_key,
            conversation_key,
            generation,
        } = opened.reporter()
        else {
            panic!("no words");
        };
        let signed = seal::Handover {
            signing_key: handed.to_pin().signing_key,
            reply_key: handed.to_pin().reply_key.clone(),
            key: handed.conversation_key().clone(),
            signature: [0; 64],
        }
        .signed_bytes(
            &MAILBOX,
            secret.period(),
            &seal::Conversation {
                signing_key: *signing_key,
                reply_key: reply_key.clone(),
                key: conversation_key.clone(),
                generation: *generation,
            },
        );
        let mut lines = given(sealed.letter(), secret);
        lines.extend([
            ("old-words", words.0),
            ("new-words", words.1),
            ("first-period", FIRST_PERIOD.to_string()),
            ("report", hex(&opened.report().encode())),
            ("signing-key", hex(&signing_key.0)),
            ("reply-key-hash", hex(&reply_key.hash())),
            ("conversation-key", hex(conversation_key.bytes())),
            ("generation", generation.to_string()),
            ("new-signing-key", hex(&handed.to_pin().signing_key.0)),
            ("new-reply-key-hash", hex(&handed.to_pin().reply_key.hash())),
            (
                "new-conversation-key",
                hex(handed.conversation_key().bytes()),
            ),
            ("signed-by-the-new", hex(&signed)),
            ("letter-bytes", sealed.letter().len().to_string()),
        ]);
        file(out, "handover", name, "opens", note, &lines);
    };
    let to_new = || (words(&old_list), words(&new_list));
    opens(
        "without_text",
        "a change of words that tells nothing else is a letter of 4 KiB",
        "",
        &old,
        &new,
        0,
        to_new(),
    );
    opens(
        "with_text",
        "a change of words may tell something as well",
        "Someone has seen my paper.",
        &old,
        &new,
        0,
        to_new(),
    );
    opens(
        "by_carry_key",
        "by hand, the new conversation key is the one of the quarter",
        "",
        &old,
        &new,
        1,
        to_new(),
    );
    opens(
        "back_again",
        "from any list to any other",
        "",
        &new,
        &old,
        0,
        (words(&new_list), words(&old_list)),
    );
    let long = "word ".repeat(300);
    opens(
        "second_class",
        "with a longer text it takes 16 KiB",
        &long,
        &old,
        &new,
        0,
        to_new(),
    );

    // What no honest program seals: signed by old words whose signing key is at hand.
    let (secret, period) = (&office.intake[0], Period::of(TODAY, 7));
    let (signer, follower) = (
        SigningKey::from_bytes(&[0x67; 32]),
        SigningKey::from_bytes(&[0x68; 32]),
    );
    let public = |key: &SigningKey| envelope::keys::ReporterKey(key.verifying_key().to_bytes());
    let talk = seal::Conversation {
        signing_key: public(&signer),
        reply_key: seal::ReplyKeyRef::Hash(old.reply_secret().public().hash()),
        key: old.conversation_key(period, 0, FIRST_PERIOD),
        generation: 0,
    };
    let unsigned = seal::Handover {
        signing_key: public(&follower),
        reply_key: new.reply_secret().public(),
        key: new.conversation_key(period, 0, FIRST_PERIOD),
        signature: [0; 64],
    };
    let body = |conversation: Option<&seal::Conversation>, handover: &seal::Handover| {
        seal::LetterBody {
            report: report("").encode(),
            conversation: conversation.cloned(),
            manifest_seen: None,
            attachments: vec![],
            sealed_by: SealedBy::Page,
            acknowledges: None,
            handover: Some(handover.clone()),
        }
        .encode()
    };
    let signed_by_old = |body: &[u8]| {
        let message = seal::letter_signed_bytes(&MAILBOX, period, body);
        let signature = signer.sign(&message).to_bytes();
        sealed_inside(&inside(body, Some(&signature)), period, secret)
    };
    let follows = |new: &seal::Handover, mailbox: &MailboxId, period, old: &seal::Conversation| {
        seal::Handover {
            signature: follower
                .sign(&new.signed_bytes(mailbox, period, old))
                .to_bytes(),
            ..new.clone()
        }
    };
    let good = follows(&unsigned, &MAILBOX, period, &talk);
    assert!(
        open::letter(
            &signed_by_old(&body(Some(&talk), &good)),
            &MAILBOX,
            &office.intake
        )
        .is_ok(),
        "the letter that the refused ones are bent from"
    );
    let mut refused = |name: &str, expect: &str, note: &str, letter: &[u8]| {
        file(out, "handover", name, expect, note, &given(letter, secret));
    };
    let with = |handover: &seal::Handover| signed_by_old(&body(Some(&talk), handover));
    refused(
        "new_words_do_not_sign",
        "forged",
        "the old words name new ones that have not agreed",
        &with(&unsigned),
    );
    let by_old = seal::Handover {
        signature: signer
            .sign(&unsigned.signed_bytes(&MAILBOX, period, &talk))
            .to_bytes(),
        ..unsigned.clone()
    };
    refused(
        "old_words_sign_for_the_new",
        "forged",
        "the old words signed in the place of the new ones",
        &with(&by_old),
    );
    refused(
        "of_another_office",
        "forged",
        "the new words agreed in another office",
        &with(&follows(&unsigned, &MailboxId([0; 16]), period, &talk)),
    );
    refused(
        "of_another_period",
        "forged",
        "the new words agreed in another period",
        &with(&follows(&unsigned, &MAILBOX, Period::Week(1), &talk)),
    );
    let others = seal::Conversation {
        signing_key: envelope::keys::ReporterKey([7; 32]),
        ..talk.clone()
    };
    refused(
        "after_other_words",
        "forged",
        "the new words agreed to follow others than these",
        &with(&follows(&unsigned, &MAILBOX, period, &others)),
    );
    let other_answers = seal::Conversation {
        reply_key: seal::ReplyKeyRef::Hash([7; 32]),
        ..talk.clone()
    };
    refused(
        "after_another_reply_key",
        "forged",
        "the new words agreed to follow words with another reply key",
        &with(&follows(&unsigned, &MAILBOX, period, &other_answers)),
    );
    refused(
        "reply_key_exchanged",
        "forged",
        "another reply key than the one the new words signed",
        &with(&seal::Handover {
            reply_key: ReplyKey(Box::new([9; 1_216])),
            ..good.clone()
        }),
    );
    refused(
        "conversation_key_exchanged",
        "forged",
        "another conversation key than the one the new words signed",
        &with(&seal::Handover {
            key: ConversationKey::from_letter([9; 32], period),
            ..good.clone()
        }),
    );
    let stranger = SigningKey::from_bytes(&[0x66; 32]);
    let whole = body(Some(&talk), &good);
    let message = seal::letter_signed_bytes(&MAILBOX, period, &whole);
    refused(
        "old_words_do_not_sign",
        "forged",
        "only the new words signed: the letter is not by the old ones",
        &sealed_inside(
            &inside(&whole, Some(&stranger.sign(&message).to_bytes())),
            period,
            secret,
        ),
    );
    refused(
        "without_words",
        "malformed",
        "nobody hands over",
        &sealed_inside(&inside(&body(None, &good), None), period, secret),
    );
    let first = seal::Conversation {
        reply_key: seal::ReplyKeyRef::Whole(old.reply_secret().public()),
        ..talk.clone()
    };
    refused(
        "in_a_first_letter",
        "malformed",
        "a first letter has nothing to hand over",
        &signed_by_old(&body(Some(&first), &good)),
    );
    let same_signer = seal::Handover {
        signing_key: public(&signer),
        ..unsigned.clone()
    };
    let same_signer = seal::Handover {
        signature: signer
            .sign(&same_signer.signed_bytes(&MAILBOX, period, &talk))
            .to_bytes(),
        ..same_signer
    };
    refused(
        "to_the_same_signing_key",
        "malformed",
        "the signing key stays the one it was",
        &with(&same_signer),
    );
    let same_reply = seal::Handover {
        reply_key: old.reply_secret().public(),
        ..unsigned.clone()
    };
    refused(
        "to_the_same_reply_key",
        "malformed",
        "the reply key stays the one it was",
        &with(&follows(&same_reply, &MAILBOX, period, &talk)),
    );
    let three_parts = written(|e| {
        e.map(4)?.u8(0)?.u8(0)?.u8(1)?.bytes(&report("").encode())?;
        e.u8(2)?.map(4)?.u8(0)?.bytes(&talk.signing_key.0)?;
        e.u8(2)?.bytes(&talk.reply_key.hash())?;
        e.u8(3)?.bytes(talk.key.bytes())?.u8(4)?.u8(0)?;
        e.u8(7)?.map(3)?.u8(0)?.bytes(&good.signing_key.0)?;
        e.u8(1)?.bytes(good.reply_key.0.as_ref())?;
        e.u8(2)?.bytes(good.key.bytes())?.ok()
    });
    refused(
        "without_its_signature",
        "malformed",
        "three parts where four belong",
        &signed_by_old(&three_parts),
    );
}

fn pieces(out: &mut Vec<VectorFile>) {
    let office = office();
    let notice = envelope::notice::Notice::verify(
        &open::sign_notice(&office.body, &office.root, &[&office.desk]),
        &office.root.public(),
        TODAY,
    )
    .unwrap();
    let secret = &office.intake[0];
    let key = notice
        .intake_key(secret.period(), secret.public().as_ref())
        .unwrap();
    let chunk = b"what a camera saw";
    let announced = announced(chunk, FileId([0x31; 16]));
    let letter = seal::piece(&announced, 0, chunk, &key, &mut rng(6)).unwrap();
    let given = |letter: &[u8]| {
        vec![
            ("mailbox", hex(&MAILBOX.0)),
            (
                "keys",
                format!("{}:{}", secret.period().number(), hex(secret.seed())),
            ),
            ("letter", hex(letter)),
        ]
    };
    let mut lines = given(letter.letter());
    lines.extend([
        ("file", hex(&announced.file.0)),
        ("number", "0".to_owned()),
        ("count", "1".to_owned()),
        ("chunk-hash", hex(&hash(chunk))),
    ]);
    let note = "a piece fills a letter of the largest class, however little it carries";
    file(out, "piece", "one_small_chunk", "opens", note, &lines);

    let body = |chunk: &[u8], id: &[u8], number: u32, count: u32| {
        written(|e| {
            e.map(5)?.u8(0)?.u8(1)?.u8(1)?.bytes(chunk)?;
            e.u8(7)?.bytes(id)?.u8(8)?.u32(number)?.u8(9)?.u32(count)?;
            e.ok()
        })
    };
    let id = [0x31; 16];
    let small = sealed_inside(
        &inside(&body(chunk, &id, 0, 1), None),
        secret.period(),
        secret,
    );
    let note = "a piece in a letter of 4 KiB would tell how long its chunk is";
    file(
        out,
        "piece",
        "in_a_small_letter",
        "malformed",
        note,
        &given(&small),
    );

    let mut reads = |name: &str, note: &str, expect: &str, body: &[u8], more: &[(&str, String)]| {
        let mut lines = vec![("body", hex(body))];
        lines.extend_from_slice(more);
        file(out, "piece-body", name, expect, note, &lines);
    };
    let told = |number: u32, count: u32, chunk: &[u8]| {
        [
            ("file", hex(&id)),
            ("number", number.to_string()),
            ("count", count.to_string()),
            ("chunk-hash", hex(&hash(chunk))),
        ]
    };
    reads(
        "last_of_three",
        "the last piece of three",
        "reads",
        &body(chunk, &id, 2, 3),
        &told(2, 3, chunk),
    );
    reads(
        "padding",
        "a piece of padding carries an empty chunk",
        "reads",
        &body(b"", &id, 9, 10),
        &told(9, 10, b""),
    );
    let wider = written(|e| {
        e.map(6)?.u8(0)?.u8(1)?.u8(1)?.bytes(chunk)?;
        e.u8(7)?.bytes(&id)?.u8(8)?.u32(0)?.u8(9)?.u32(1)?;
        e.u8(10)?.str("later")?.ok()
    });
    reads(
        "unknown_key",
        "a key of the future is passed over",
        "reads",
        &wider,
        &told(0, 1, chunk),
    );
    let mut refused =
        |name: &str, note: &str, body: &[u8]| reads(name, note, "malformed", body, &[]);
    refused(
        "number_is_the_count",
        "numbers run from nothing: the count itself is one too many",
        &body(chunk, &id, 3, 3),
    );
    refused(
        "count_of_nothing",
        "a piece of no pieces",
        &body(chunk, &id, 0, 0),
    );
    refused(
        "number_beyond_32_bits",
        "a number that no count can exceed",
        &written(|e| {
            e.map(5)?
                .u8(0)?
                .u8(1)?
                .u8(1)?
                .bytes(chunk)?
                .u8(7)?
                .bytes(&id)?;
            e.u8(8)?.u64(1 << 32)?.u8(9)?.u64((1 << 32) + 1)?.ok()
        }),
    );
    refused(
        "file_id_of_15_bytes",
        "a file id that lost a byte",
        &body(chunk, &id[..15], 0, 1),
    );
    refused(
        "without_a_chunk",
        "padding says so with an empty chunk, never with none",
        &written(|e| {
            e.map(4)?
                .u8(0)?
                .u8(1)?
                .u8(7)?
                .bytes(&id)?
                .u8(8)?
                .u8(0)?
                .u8(9)?
                .u8(1)?
                .ok()
        }),
    );
    refused(
        "without_a_file",
        "a chunk of no file",
        &written(|e| {
            e.map(4)?
                .u8(0)?
                .u8(1)?
                .u8(1)?
                .bytes(chunk)?
                .u8(8)?
                .u8(0)?
                .u8(9)?
                .u8(1)?
                .ok()
        }),
    );
    let cut = body(chunk, &id, 0, 1);
    refused("cut", "the last byte is missing", &cut[..cut.len() - 1]);
    refused(
        "a_report",
        "a body of kind 0 is a report, and no piece",
        &written(|e| {
            e.map(5)?.u8(0)?.u8(0)?.u8(1)?.bytes(chunk)?;
            e.u8(7)?.bytes(&id)?.u8(8)?.u8(0)?.u8(9)?.u8(1)?.ok()
        }),
    );
}

fn announced(content: &[u8], file: FileId) -> Attachment {
    let mut hash = ContentHash::new();
    hash.take(content);
    Attachment::of(hash, file, Some(MediaKind::Jpeg)).unwrap()
}

/// Pieces as the vectors write them: `file:number:count:byte:length`, the chunk being that byte
/// over and over.
type GivenPiece = ([u8; 16], u32, u32, u8, usize);

fn attachments(out: &mut Vec<VectorFile>) {
    const WHOLE: usize = seal::CHUNK_BYTES;
    let id = [0x31; 16];
    let content = [vec![b'a'; WHOLE], vec![b'b'; WHOLE], vec![b'c'; 9]].concat();
    let three = announced(&content, FileId(id));
    let large: Vec<u8> = (0..9).flat_map(|n| vec![b'a' + n; WHOLE]).collect();
    let nine = announced(&large, FileId(id));
    let good: [GivenPiece; 3] = [
        (id, 0, 3, b'a', WHOLE),
        (id, 1, 3, b'b', WHOLE),
        (id, 2, 3, b'c', 9),
    ];
    let [a, b, c] = good;
    let mut one =
        |name: &str, expect: &str, note: &str, bytes: &[u8], came: &[GivenPiece], arrived: &str| {
            let items: Vec<String> = came
                .iter()
                .map(|(file, number, count, byte, length)| {
                    format!("{}:{number}:{count}:{byte}:{length}", hex(file))
                })
                .collect();
            let mut lines = vec![("announced", hex(bytes)), ("pieces", items.join(","))];
            if !arrived.is_empty() {
                lines.push(("arrived", arrived.to_owned()));
            }
            file(out, "attachment", name, expect, note, &lines);
        };
    let bytes = three.encode();
    one(
        "in_order",
        "complete",
        "three pieces in order",
        &bytes,
        &good,
        "3 of 3",
    );
    one(
        "in_any_order",
        "complete",
        "the last piece first",
        &bytes,
        &[c, a, b],
        "3 of 3",
    );
    one(
        "repeated",
        "complete",
        "a piece that came twice counts once",
        &bytes,
        &[a, b, a, c, c],
        "3 of 3",
    );
    one(
        "truncated",
        "incomplete",
        "the last piece has not come",
        &bytes,
        &[a, b],
        "2 of 3",
    );
    one(
        "nothing_yet",
        "incomplete",
        "no piece has come",
        &bytes,
        &[],
        "0 of 3",
    );
    let swapped = [(id, 0, 3, b'b', WHOLE), (id, 1, 3, b'a', WHOLE), c];
    one(
        "swapped",
        "other-content",
        "two chunks in each other's place",
        &bytes,
        &swapped,
        "3 of 3",
    );
    let altered = [a, (id, 1, 3, b'x', WHOLE), c];
    one(
        "altered",
        "other-content",
        "a chunk of the right length and another content",
        &bytes,
        &altered,
        "3 of 3",
    );
    let second = [a, b, c, (id, 1, 3, b'x', WHOLE)];
    one(
        "second_of_a_place",
        "complete",
        "the first piece that belongs in a place stays there",
        &bytes,
        &second,
        "3 of 3",
    );
    let other = [a, b, ([0x32; 16], 2, 3, b'c', 9)];
    one(
        "unknown_file_id",
        "incomplete",
        "a piece of a file nobody announced is none of this one",
        &bytes,
        &other,
        "2 of 3",
    );
    let counted = [a, b, (id, 2, 4, b'c', 9)];
    one(
        "wrong_count",
        "incomplete",
        "a piece that counts four is none of a file of three",
        &bytes,
        &counted,
        "2 of 3",
    );
    let many = [a, b, c, (id, 3, 4, b'd', 9)];
    one(
        "too_many",
        "complete",
        "a fourth piece of three changes nothing",
        &bytes,
        &many,
        "3 of 3",
    );
    let short = [a, (id, 1, 3, b'b', WHOLE - 1), c];
    one(
        "short_chunk",
        "incomplete",
        "a chunk that lost a byte is none of this file",
        &bytes,
        &short,
        "2 of 3",
    );
    let all: Vec<GivenPiece> = (0..9_u8)
        .map(|n| (id, n.into(), 10, b'a' + n, WHOLE))
        .collect();
    one(
        "without_its_padding",
        "complete",
        "nine full pieces are the file; the tenth is padding",
        &nine.encode(),
        &all,
        "9 of 9",
    );
    let padded = [&all[..], &[(id, 9, 10, b'x', 4)]].concat();
    one(
        "padding_that_carries",
        "complete",
        "a piece of padding that carries something is none",
        &nine.encode(),
        &padded,
        "9 of 9",
    );
    let unrounded = Attachment { pieces: 9, ..nine };
    one(
        "count_not_rounded",
        "wrong-count",
        "nine pieces are announced where Padmé has ten",
        &unrounded.encode(),
        &all,
        "",
    );
    let short = Attachment { pieces: 1, ..three };
    one(
        "fewer_than_its_size",
        "wrong-count",
        "one piece cannot hold so many bytes",
        &short.encode(),
        &good,
        "",
    );
    let nothing = Attachment {
        size: 0,
        pieces: 0,
        ..three
    };
    one(
        "of_no_bytes",
        "empty",
        "a file of nothing is not announced",
        &nothing.encode(),
        &[],
        "",
    );
    let endless = Attachment {
        size: u64::MAX >> 11,
        pieces: 1,
        ..three
    };
    one(
        "of_no_end",
        "too-large",
        "more bytes than any count is for",
        &endless.encode(),
        &[],
        "",
    );
    let strange = written(|e| {
        e.map(5)?
            .u8(0)?
            .bytes(&three.content)?
            .u8(1)?
            .u64(three.size)?;
        e.u8(2)?
            .u32(3)?
            .u8(3)?
            .bytes(&id)?
            .u8(4)?
            .str("text/html")?
            .ok()
    });
    one(
        "media_type_of_no_list",
        "complete",
        "a media type that is not in the list is passed over",
        &strange,
        &good,
        "3 of 3",
    );
    let without = written(|e| {
        e.map(3)?
            .u8(0)?
            .bytes(&three.content)?
            .u8(1)?
            .u64(three.size)?;
        e.u8(2)?.u32(3)?.ok()
    });
    one(
        "without_a_file_id",
        "malformed",
        "its pieces could not be known",
        &without,
        &good,
        "",
    );
}

fn cells(out: &mut Vec<VectorFile>) {
    let office = office();
    let reply_seed = [0x44; 32];
    let secret = IntakeSecret::from_seed(Period::Week(0), &reply_seed);
    let reply_key = ReplyKey(secret.public());
    let key = ConversationKey::from_letter([0x5a; 32], Period::of(TODAY, 7));
    let correspondent = |voice| Correspondent {
        mailbox: &MAILBOX,
        period_days: 7,
        reply_key: &reply_key,
        conversation_key: &key,
        voice,
    };
    let voices = |spans: &[VoiceSpan]| {
        let spans: Vec<String> = spans
            .iter()
            .map(|v| format!("{}:{}:{}", hex(&v.key.0), v.first_day.0, v.last_day.0))
            .collect();
        spans.join(",")
    };
    let current = VoiceSpan {
        key: office.voice.public(),
        first_day: TODAY.minus(7),
        last_day: TODAY.plus(35),
    };
    let given = |day: Day, slot: u16, spans: &[VoiceSpan], cell: &[u8]| {
        vec![
            ("mailbox", hex(&MAILBOX.0)),
            ("reply-seed", hex(&reply_seed)),
            ("conversation-key", hex(key.bytes())),
            ("day", day.0.to_string()),
            ("slot", slot.to_string()),
            ("voices", voices(spans)),
            ("cell", hex(cell)),
        ]
    };
    let to = correspondent(&office.voice);
    let token = Token([0xa7; 16]);
    let mut opens =
        |name: &str, note: &str, slot: u16, cell: &Cell, said: (u8, u16, u16, u32, &str)| {
            let mut lines = given(TODAY, slot, &[current], cell.bytes());
            let with_token = name.ends_with("with_token");
            lines.extend([
                (
                    "token",
                    if with_token {
                        hex(&token.0)
                    } else {
                        String::new()
                    },
                ),
                ("cell-kind", said.0.to_string()),
                ("part", said.1.to_string()),
                ("parts", said.2.to_string()),
                ("answer", said.3.to_string()),
                ("text-utf8", hex(said.4.as_bytes())),
            ]);
            file(out, "cell", name, "opens", note, &lines);
        };
    opens(
        "opened",
        "the office opened the letter",
        0,
        &open::opened(&to, 0, TODAY, 0, &mut rng(21)).unwrap(),
        (0, 0, 1, 0, ""),
    );
    let short = "Nous avons bien reçu votre message.";
    let answer = open::answer(&to, 1, short, None, (TODAY, 3), &mut rng(22)).unwrap();
    opens(
        "answer",
        "an answer in one cell",
        3,
        &answer[0],
        (1, 0, 1, 1, short),
    );
    let introduced = open::answer(&to, 3, short, Some(&token), (TODAY, 5), &mut rng(30)).unwrap();
    opens(
        "answer_with_token",
        "an answer that brings a posting token, signed with it",
        5,
        &introduced[0],
        (1, 0, 1, 3, short),
    );
    let long = "é".repeat(2_000);
    let parts = open::answer(&to, 2, &long, None, (TODAY, 14), &mut rng(23)).unwrap();
    opens(
        "second_part",
        "the second part of a long answer, in the last slot of the day",
        15,
        &parts[1],
        (1, 1, 2, 2, &long[2_800..]),
    );

    let whole = answer[0].bytes();
    let mut refused = |name: &str,
                       expect: &str,
                       note: &str,
                       day: Day,
                       slot: u16,
                       spans: &[VoiceSpan],
                       cell: &[u8]| {
        file(
            out,
            "cell",
            name,
            expect,
            note,
            &given(day, slot, spans, cell),
        );
    };
    let bent = |at: usize| {
        let mut cell = *whole;
        cell[at] ^= 1;
        cell
    };
    refused(
        "bit_in_tag",
        "not-for-us",
        "one bit of the tag changed",
        TODAY,
        3,
        &[current],
        &bent(5),
    );
    refused(
        "bit_in_body",
        "not-for-us",
        "one bit of the body changed",
        TODAY,
        3,
        &[current],
        &bent(2_000),
    );
    refused(
        "another_day",
        "not-for-us",
        "moved to another day",
        TODAY.plus(1),
        3,
        &[current],
        whole,
    );
    refused(
        "another_slot",
        "not-for-us",
        "moved to another slot",
        TODAY,
        4,
        &[current],
        whole,
    );
    refused(
        "dummy",
        "not-for-us",
        "a dummy is sealed to nobody",
        TODAY,
        3,
        &[current],
        envelope::dummy::cell(&mut rng(24)).bytes(),
    );
    let mut other = *whole;
    for (version, name, expect, note) in [
        (2, "version_2", "too-new", "a version of the future"),
        (0, "version_0", "malformed", "a version that never was"),
    ] {
        other[0] = version;
        refused(name, expect, note, TODAY, 3, &[current], &other);
    }
    refused(
        "cut",
        "malformed",
        "the last byte is missing",
        TODAY,
        3,
        &[current],
        &whole[..CELL_BYTES - 1],
    );
    let former = VoiceSecret::draw(&mut rng(25));
    let span = VoiceSpan {
        key: former.public(),
        first_day: TODAY.minus(60),
        last_day: TODAY.minus(1),
    };
    let by_former = open::answer(
        &correspondent(&former),
        1,
        short,
        None,
        (TODAY, 3),
        &mut rng(26),
    )
    .unwrap();
    refused(
        "former_voice",
        "not-the-office",
        "signed by a voice that ended yesterday",
        TODAY,
        3,
        &[span, current],
        by_former[0].bytes(),
    );
    let stranger = VoiceSecret::draw(&mut rng(27));
    let by_stranger = open::answer(
        &correspondent(&stranger),
        1,
        short,
        None,
        (TODAY, 3),
        &mut rng(28),
    )
    .unwrap();
    refused(
        "forged_voice",
        "not-the-office",
        "signed by a key the office never named",
        TODAY,
        3,
        &[current],
        by_stranger[0].bytes(),
    );
    refused(
        "no_voice_that_day",
        "not-the-office",
        "the notice names no voice for that day",
        TODAY,
        3,
        &[span],
        whole,
    );
    let of_stranger = VoiceSpan {
        key: stranger.public(),
        ..current
    };
    refused(
        "two_voices_one_day",
        "not-the-office",
        "of two voices in force on a day the one listed last speaks",
        TODAY,
        3,
        &[current, of_stranger],
        whole,
    );

    let tag = key.tag(TODAY, 3);
    let signed_body = |part: u16, parts: u16| {
        let body = seal::CellBody {
            kind: seal::CellKind::Answer,
            part,
            parts,
            answer: 1,
            text: short.to_owned(),
            token: None,
        };
        let message = seal::cell_signed_bytes(&MAILBOX, &reply_key.hash(), TODAY, 3, &body);
        let voice = SigningKey::from_bytes(&office.voice.seed());
        voice.sign(&message).to_bytes()
    };
    let said = |part: u32, parts: u32, signature: [u8; 64]| {
        written(|e| {
            e.map(6)?
                .u8(0)?
                .u8(1)?
                .u8(1)?
                .u32(part)?
                .u8(2)?
                .u32(parts)?;
            e.u8(3)?
                .str(short)?
                .u8(4)?
                .bytes(&signature)?
                .u8(5)?
                .u8(1)?
                .ok()
        })
    };
    let sound = said(0, 1, signed_body(0, 1));
    let sealed = |cbor: &[u8], last: u8, tag: [u8; 16]| {
        let mut plain = u32::try_from(cbor.len()).unwrap().to_be_bytes().to_vec();
        plain.extend_from_slice(cbor);
        plain.resize(envelope::dummy::CELL_PLAIN_BYTES, 0);
        *plain.last_mut().unwrap() = last;
        sealed_cell(&plain, tag, (TODAY, 3), &key, &reply_key)
    };
    assert!(
        seal::open_cell(
            &Cell::parse(&sealed(&sound, 0, tag)).unwrap(),
            &MAILBOX,
            TODAY,
            3,
            &key,
            &seal::ReplySecret::from_seed(&reply_seed),
            &reply_key,
            Some(office.voice.public()),
        )
        .is_ok(),
        "but for what each file bends, these cells are sound"
    );
    let mut half = tag;
    half[15] ^= 1;
    let mut again = |name: &str, expect: &str, note: &str, cell: &[u8]| {
        refused(name, expect, note, TODAY, 3, &[current], cell);
    };
    again(
        "second_half_of_tag",
        "not-for-us",
        "sealed under a tag that begins like ours and ends otherwise",
        &sealed(&sound, 0, half),
    );
    again(
        "padding_not_zeros",
        "malformed",
        "something hides in the padding",
        &sealed(&sound, 1, tag),
    );
    again(
        "part_beyond_parts",
        "malformed",
        "the second part of one, and signed",
        &sealed(&said(1, 1, signed_body(1, 1)), 0, tag),
    );
    again(
        "part_beyond_two_bytes",
        "malformed",
        "part 65,536 has the two signed bytes of part 0",
        &sealed(&said(65_536, 65_537, signed_body(0, 1)), 0, tag),
    );
    let mut slipped = sound.clone();
    slipped[0] = 0xa7;
    slipped.extend_from_slice(&[&[0x06, 0x50][..], &[0xa7; 16]].concat());
    again(
        "token_not_signed",
        "not-the-office",
        "somebody slipped a token of their own into a signed answer, to know its reader by it",
        &sealed(&slipped, 0, tag),
    );
    let mut short_token = sound.clone();
    short_token[0] = 0xa7;
    short_token.extend_from_slice(&[&[0x06, 0x4f][..], &[0xa7; 15]].concat());
    again(
        "token_of_fifteen_bytes",
        "malformed",
        "a token one byte short",
        &sealed(&short_token, 0, tag),
    );
    let mut twice = sound.clone();
    twice[0] = 0xa7;
    twice.splice(1..1, [0x00, 0x00]);
    again(
        "key_twice",
        "malformed",
        "of two kinds, the signed one stands second",
        &sealed(&twice, 0, tag),
    );

    let nobody: VoiceKey = former.public();
    let misdated = VoiceSpan {
        key: nobody,
        first_day: TODAY,
        last_day: TODAY,
    };
    refused(
        "voice_of_another",
        "not-the-office",
        "that day's voice is another's",
        TODAY,
        3,
        &[misdated],
        whole,
    );
}

/// A cell whose plaintext and tag are given: for what no office would seal.
fn sealed_cell(
    plain: &[u8],
    tag: [u8; 16],
    (day, slot): (Day, u16),
    key: &ConversationKey,
    reply_key: &ReplyKey,
) -> Vec<u8> {
    let public = <XWing as Kem>::PublicKey::from_bytes(reply_key.0.as_ref()).unwrap();
    let psk = key.psk();
    let psk = PskBundle::new(psk.as_ref(), labels::CELL_PSK.as_bytes()).unwrap();
    let (enc, ciphertext) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, XWing>(
        &OpModeS::Psk(psk),
        &public,
        &seal::cell_info(&MAILBOX, day, slot),
        plain,
        &tag,
        &mut rng(29),
    )
    .unwrap();
    [&[1][..], &tag, &enc.to_bytes(), &ciphertext].concat()
}

fn receipts(out: &mut Vec<VectorFile>) {
    let (leaf, mailbox) = (Leaf([0xab; 32]), MAILBOX);
    let company: Vec<Leaf> = (0u8..7).map(|n| Leaf([n; 32])).chain([leaf]).collect();
    let together = Receipt::sign_together(&company, Epoch(41), &mailbox, &relay(), &mut rng(31));
    let receipt = together.last().unwrap().to_bytes();
    let alone = Receipt::sign(leaf, Epoch(41), &mailbox, &relay(), &mut rng(32)).to_bytes();
    let mut one =
        |name: &str, expect: &str, note: &str, posted: Leaf, mailbox: MailboxId, receipt: &[u8]| {
            let mut lines = vec![
                ("relay-key", hex(&relay().public().0)),
                ("mailbox", hex(&mailbox.0)),
                ("leaf", hex(&posted.0)),
                ("receipt", hex(receipt)),
            ];
            if expect == "holds" {
                lines.push(("epoch", "41".to_owned()));
            }
            file(out, "receipt", name, expect, note, &lines);
        };
    one(
        "holds",
        "holds",
        "a receipt for the posted letter, one of eight under one signature",
        leaf,
        mailbox,
        &receipt,
    );
    one(
        "alone",
        "holds",
        "a receipt for a letter that came alone",
        leaf,
        mailbox,
        &alone,
    );
    let mut bent = receipt;
    bent[41] ^= 1;
    one(
        "another_place",
        "unsigned",
        "the place was moved to its neighbour's",
        leaf,
        mailbox,
        &bent,
    );
    let mut bent = receipt;
    bent[41] |= 64;
    one(
        "place_64",
        "malformed",
        "the tree has 64 places, counted from 0",
        leaf,
        mailbox,
        &bent,
    );
    let mut bent = receipt;
    bent[42 + 5 * 32] ^= 1;
    one(
        "sibling_bent",
        "unsigned",
        "one bit of the highest sibling was changed",
        leaf,
        mailbox,
        &bent,
    );
    let mut bent = receipt;
    let (first, second) = bent[42..42 + 64].split_at_mut(32);
    first.swap_with_slice(second);
    one(
        "siblings_swapped",
        "unsigned",
        "the two lowest siblings changed places",
        leaf,
        mailbox,
        &bent,
    );
    let mut bent = receipt;
    bent[42..234].copy_from_slice(&together.first().unwrap().to_bytes()[42..234]);
    one(
        "siblings_of_another",
        "unsigned",
        "the way to the root is another letter's of the same signature",
        leaf,
        mailbox,
        &bent,
    );
    one(
        "of_the_old_length",
        "malformed",
        "a leaf and an epoch, signed alone: 105 bytes",
        leaf,
        mailbox,
        &[&receipt[..41], &receipt[234..]].concat(),
    );
    one(
        "for_another_letter",
        "other-letter",
        "a receipt for a letter that was not posted",
        Leaf([1; 32]),
        mailbox,
        &receipt,
    );
    one(
        "of_another_office",
        "unsigned",
        "a receipt of another office",
        leaf,
        MailboxId([0; 16]),
        &receipt,
    );
    let mut later = receipt;
    later[40] ^= 1;
    one(
        "epoch_changed",
        "unsigned",
        "the promised epoch was moved",
        leaf,
        mailbox,
        &later,
    );
    one(
        "cut",
        "malformed",
        "the last byte is missing",
        leaf,
        mailbox,
        &receipt[..297],
    );
    let mut newer = receipt;
    newer[0] = 2;
    one(
        "version_2",
        "malformed",
        "a receipt of another version",
        leaf,
        mailbox,
        &newer,
    );
    newer[0] = 0;
    one(
        "version_0",
        "malformed",
        "a receipt of a version that never was",
        leaf,
        mailbox,
        &newer,
    );
}

/// A board of four epochs on three days, and what else somebody could show of it.
fn days(out: &mut Vec<VectorFile>) {
    let (mut days, mut files, mut manifests) = (DaysHash::NONE, Vec::new(), Vec::new());
    let mut before = DaysHash::NONE;
    for (epoch, day) in (0..).map(Epoch).zip([20_700, 20_701, 20_701, 20_703]) {
        let day = Day(day);
        let today = match files.last() {
            Some((there, file)) if *there == day => Vec::clone(file),
            _ => {
                before = days;
                files.push((day, Vec::new()));
                Vec::new()
            }
        };
        let closing = Closing {
            mailbox: MAILBOX,
            epoch,
            now: day.first_second() + epoch.0,
            previous: ManifestHash::NONE,
            days_before: before,
            day_file: &today,
            restarts: &Restarts::default(),
            kept_from: Epoch(0),
        };
        let shape = EpochShape {
            leaves: 1,
            cells: 2,
        };
        let closed = close_epoch(&closing, shape, &[], &[], &relay(), &mut rng(40 + epoch.0));
        days = closed.manifest.manifest().days;
        if let Some((_, file)) = files.last_mut() {
            file.extend_from_slice(&closed.day_entry);
        }
        manifests.push(closed.manifest.to_file());
    }
    let list = |lists: &[(Day, Vec<u8>)]| {
        let lists = lists
            .iter()
            .map(|(day, file)| format!("{}:{}", day.0, hex(file)));
        lists.collect::<Vec<_>>().join(",")
    };
    let mut one =
        |name: &str, note: &str, newest: usize, first: u32, lists: String, leads: &str| {
            let before = if first > 20_700 {
                &manifests[0][..]
            } else {
                &[]
            };
            let mut lines = vec![
                ("relay-key", hex(&relay().public().0)),
                ("mailbox", hex(&MAILBOX.0)),
                ("newest", hex(&manifests[newest])),
                ("before", hex(before)),
                ("first", first.to_string()),
                ("lists", lists),
            ];
            let refused = leads.is_empty();
            if !refused {
                lines.push(("epochs", leads.to_owned()));
            }
            let expect = if refused { "lists" } else { "leads" };
            file(out, "days", name, expect, note, &lines);
        };
    let whole = "the lists of the whole board";
    one("whole", whole, 3, 20_600, list(&files), "0,1,2,3");
    let later = "a window that begins after the first day, from the manifest before it";
    one("later_window", later, 3, 20_701, list(&files[1..]), "1,2,3");
    let grown = "the board grew after the manifest: what came later is left out";
    one("grown", grown, 1, 20_600, list(&files), "0,1");
    let mut bent = files.clone();
    bent[1].1[13] ^= 1;
    one(
        "bent",
        "one bit of a tag was changed",
        3,
        20_600,
        list(&bent),
        "",
    );
    let mut cut = files.clone();
    cut[1].1.truncate(28);
    one(
        "epoch_hidden",
        "the second epoch of a day is missing",
        3,
        20_600,
        list(&cut),
        "",
    );
    let hidden = [files[0].clone(), files[2].clone()];
    one(
        "day_hidden",
        "the list of a day is missing",
        3,
        20_600,
        list(&hidden),
        "",
    );
    let begin = "the first list of the window is missing, and a manifest of that day stands before";
    one("beginning_hidden", begin, 3, 20_701, list(&files[2..]), "");
    if let Some((_, text)) = out.last_mut() {
        // What a relay would hand out that hides the window's first day.
        *text = text.replace(&hex(&manifests[0]), &hex(&manifests[2]));
    }
}

/// Lists that a relay signs and that lack an epoch, or hold one twice; and what a clock that was set
/// back leaves, which is no such thing.
fn days_signed_all_the_same(out: &mut Vec<VectorFile>) {
    // Epoch 2 closed on a day to come; epoch 4 when it came.
    let mut closed: Vec<(Manifest, Vec<u8>, Vec<u8>)> = Vec::new();
    for (epoch, day) in (0..)
        .map(Epoch)
        .zip([20_700, 20_701, 20_703, 20_702, 20_703])
    {
        let day = Day(day);
        let before = closed.iter().rev().find(|(m, _, _)| m.day < day);
        let today = closed.iter().rev().find(|(m, _, _)| m.day == day);
        let closing = Closing {
            mailbox: MAILBOX,
            epoch,
            now: day.first_second() + epoch.0,
            previous: ManifestHash::NONE,
            days_before: before.map_or(DaysHash::NONE, |(m, _, _)| m.days),
            day_file: today.map_or(&[], |(_, _, file)| file),
            restarts: &Restarts::default(),
            kept_from: Epoch(0),
        };
        let shape = EpochShape {
            leaves: 1,
            cells: 2,
        };
        let one = close_epoch(&closing, shape, &[], &[], &relay(), &mut rng(60 + epoch.0));
        let file = [closing.day_file, &one.day_entry].concat();
        closed.push((one.manifest.manifest().clone(), file, one.day_entry));
    }
    let signed = |m: &Manifest| hex(&SignedManifest::sign(m.clone(), &relay()).to_file());
    let before: Vec<String> = closed.iter().map(|(m, _, _)| signed(m)).collect();
    let mut one = |name: &str,
                   note: &str,
                   newest: &Manifest,
                   first,
                   lists: &[(u32, Vec<u8>)],
                   leads: &str| {
        let lists = lists
            .iter()
            .map(|(day, file)| format!("{day}:{}", hex(file)));
        let mut lines = vec![
            ("relay-key", hex(&relay().public().0)),
            ("mailbox", hex(&MAILBOX.0)),
            ("newest", signed(newest)),
            ("before", before.join(",")),
            ("first", u32::to_string(&first)),
            ("lists", lists.collect::<Vec<_>>().join(",")),
        ];
        let refused = leads.is_empty();
        if !refused {
            lines.push(("epochs", leads.to_owned()));
        }
        let expect = if refused { "lists" } else { "leads" };
        file(out, "days", name, expect, note, &lines);
    };
    let list = |day: u32, epochs: &[usize]| {
        let entries = epochs.iter().flat_map(|at| closed[*at].2.clone());
        (day, entries.collect::<Vec<u8>>())
    };
    let whole = [
        list(20_700, &[0]),
        list(20_701, &[1]),
        list(20_702, &[3]),
        list(20_703, &[2, 4]),
    ];
    let (ahead, newest) = (&closed[3].0, &closed[4].0);
    let note = "a clock was set back: an epoch of a day to come is not missing";
    one("clock_set_back", note, ahead, 20_600, &whole, "0,1,3");
    let note = "a window that begins on the day to which a clock was set back";
    one(
        "clock_set_back_window",
        note,
        ahead,
        20_702,
        &whole[2..],
        "3",
    );
    let note = "the day has come, and its list has both";
    one(
        "clock_set_back_come",
        note,
        newest,
        20_600,
        &whole,
        "0,1,3,2,4",
    );
    let mut hiding = |name: &str, note: &str, lists: &[(u32, Vec<u8>)]| {
        let days = lists.iter().fold(DaysHash::NONE, |days, (day, file)| {
            days.then(Day(*day), file)
        });
        let newest = Manifest {
            days,
            ..newest.clone()
        };
        one(name, note, &newest, 20_600, lists, "");
    };
    let [first, second, third, last] = whole.clone();
    let note = "lists without an epoch, and a manifest that signs them";
    let short = list(20_703, &[4]);
    hiding(
        "signed_epoch_hidden",
        note,
        &[first.clone(), second.clone(), third.clone(), short],
    );
    let note = "lists without a day, and a manifest that signs them";
    hiding(
        "signed_day_hidden",
        note,
        &[first.clone(), third.clone(), last.clone()],
    );
    let note = "lists without the newest epoch, and a manifest that signs them";
    let short = list(20_703, &[2]);
    hiding(
        "signed_newest_hidden",
        note,
        &[first.clone(), second.clone(), third.clone(), short],
    );
    let note = "lists that hold an epoch twice, and a manifest that signs them";
    let twice = list(20_702, &[3, 1]);
    hiding("signed_twice", note, &[first, second, twice, last]);
}

/// What a clock leaves that went back before the day of an earlier epoch, and one that was far ahead.
fn days_of_a_clock_that_went_back(out: &mut Vec<VectorFile>) {
    let mut one = |name: &str, note: &str, days: [u32; 3], first: u32, leads: &str| {
        let mut files: BTreeMap<Day, Vec<u8>> = BTreeMap::new();
        let mut manifests = Vec::new();
        for (epoch, day) in (0..).map(Epoch).zip(days.map(Day)) {
            let before = files.iter().filter(|(before, _)| **before < day);
            let closing = Closing {
                mailbox: MAILBOX,
                epoch,
                now: day.first_second() + epoch.0,
                previous: ManifestHash::NONE,
                days_before: before.fold(DaysHash::NONE, |days, (day, file)| days.then(*day, file)),
                day_file: &[],
                restarts: &Restarts::default(),
                kept_from: Epoch(0),
            };
            let shape = EpochShape {
                leaves: 1,
                cells: 2,
            };
            let closed = close_epoch(&closing, shape, &[], &[], &relay(), &mut rng(70 + epoch.0));
            manifests.push(hex(&closed.manifest.to_file()));
            files.insert(day, closed.day_entry);
        }
        let window = files.iter().filter(|(day, _)| day.0 >= first);
        let lists = window.map(|(day, file)| format!("{}:{}", day.0, hex(file)));
        let mut lines = vec![
            ("relay-key", hex(&relay().public().0)),
            ("mailbox", hex(&MAILBOX.0)),
            ("newest", manifests[2].clone()),
            ("before", manifests.join(",")),
            ("first", first.to_string()),
            ("lists", lists.collect::<Vec<_>>().join(",")),
        ];
        if !leads.is_empty() {
            lines.push(("epochs", leads.to_owned()));
        }
        let expect = if leads.is_empty() { "lists" } else { "leads" };
        file(out, "days", name, expect, note, &lines);
    };
    let behind = [20_699, 20_698, 20_700];
    let note = "a clock went back a day: the next manifest signs the day between too";
    one("clock_behind", note, behind, 20_600, "1,0,2");
    let note = "a window that begins on the day between";
    one("clock_behind_between", note, behind, 20_699, "0,2");
    let note = "a window that begins after it: to be asked for again from 35 days earlier";
    one("clock_behind_later", note, behind, 20_700, "");
    let note = "a clock was years ahead for one epoch";
    let ahead = [20_699, 22_618, 20_700];
    one("clock_far_ahead", note, ahead, 20_600, "0,2");
}

/// A board that goes on after a restore: the window begins with the epoch that says so.
fn days_after_a_restart(out: &mut Vec<VectorFile>) {
    let close = |number: u64, day: u32, before: Option<&SignedManifest>, restarts: &Restarts| {
        let closing = Closing {
            mailbox: MAILBOX,
            epoch: Epoch(number),
            now: Day(day).first_second(),
            previous: before.map_or(ManifestHash::NONE, SignedManifest::hash),
            days_before: before.map_or(DaysHash::NONE, |before| before.manifest().days),
            day_file: &[],
            restarts,
            kept_from: Epoch(if number == 902 { 901 } else { 0 }),
        };
        let shape = EpochShape {
            leaves: 1,
            cells: 2,
        };
        close_epoch(&closing, shape, &[], &[], &relay(), &mut rng(50 + number))
    };
    let kept = close(0, 20_700, None, &Restarts::default());
    let restart = Restart {
        epoch: Epoch(900),
        after: Epoch(0),
        hash: kept.manifest.hash(),
    };
    let restarts = Restarts::of(vec![restart]).unwrap();
    let first = close(900, 20_702, Some(&kept.manifest), &restarts);
    let newest = close(901, 20_703, Some(&first.manifest), &restarts);
    let lists = [(20_702, &first), (20_703, &newest)]
        .map(|(day, closed)| format!("{day}:{}", hex(&closed.day_entry)));
    let before = hex(&kept.manifest.to_file());
    let lines = vec![
        ("relay-key", hex(&relay().public().0)),
        ("mailbox", hex(&MAILBOX.0)),
        ("newest", hex(&newest.manifest.to_file())),
        ("before", before),
        ("first", "20701".to_owned()),
        ("lists", lists.join(",")),
        ("epochs", "900,901".to_owned()),
    ];
    let note =
        "a window that begins with the first epoch after a restart, from the one it continues";
    file(out, "days", "after_restart", "leads", note, &lines);
    // Signed for the number, and not what the restart says it continues from.
    let other = Manifest {
        second: 1,
        ..kept.manifest.manifest().clone()
    };
    let mut forked = lines.clone();
    forked[3].1 = hex(&SignedManifest::sign(other, &relay()).to_file());
    forked.truncate(6);
    let note = "the manifest before the window is another than the one the restart names";
    file(out, "days", "restart_from_another", "lists", note, &forked);
    // Fetched before the restart: it lists an epoch that was lost since.
    let lost = close(1, 20_701, Some(&kept.manifest), &Restarts::default());
    let kept_list = format!("20701:{}", hex(&lost.day_entry));
    let mut cached = lines.clone();
    cached[5].1 = format!("{kept_list},{}", lines[5].1);
    let note = "a list fetched before a restart, with an epoch that is lost since";
    file(out, "days", "cached_restart", "leads", note, &cached);
    // Beyond 400 days an epoch may be given up, within them it may not.
    for (name, day, expect) in [
        ("given_up", 21_103, "leads"),
        ("given_up_too_soon", 21_102, "lists"),
    ] {
        let third = close(902, day, Some(&newest.manifest), &restarts);
        let mut lines = lines.clone();
        lines[2].1 = hex(&third.manifest.to_file());
        lines[5].1 = format!("{},{day}:{}", lines[5].1, hex(&third.day_entry));
        lines[6].1 = "900,901,902".to_owned();
        let note = if expect == "lists" {
            lines.truncate(6);
            "a manifest that gives up an epoch of 400 days ago"
        } else {
            "a manifest that gives up an epoch of 401 days ago"
        };
        file(out, "days", name, expect, note, &lines);
    }
}

/// From where a manifest says that its board is kept.
fn kept_from(out: &mut Vec<VectorFile>, manifest: &SignedManifest) {
    let body = minicbor::Decoder::new(&manifest.to_file()[1..])
        .bytes()
        .unwrap()
        .to_vec();
    let relay = SigningKey::from_bytes(&[0x11; 32]);
    for (name, expect, note, kept) in [
        ("kept_from", "holds", "keeps from its own epoch on", 41),
        (
            "kept_from_to_come",
            "malformed",
            "keeps from an epoch after its own",
            42,
        ),
        (
            "kept_from_nothing",
            "malformed",
            "keeps from the beginning, and says so",
            0,
        ),
    ] {
        let mut body = body.clone();
        minicbor::Encoder::new(&mut body)
            .u8(12)
            .unwrap()
            .u64(kept)
            .unwrap();
        body[0] += 1;
        let lines = manifest_lines(&relay, &body, expect);
        file(out, "manifest", name, expect, note, &lines);
    }
}

/// A manifest of a body, and what there is to compare where it holds.
fn manifest_lines(relay: &SigningKey, body: &[u8], expect: &str) -> Vec<(&'static str, String)> {
    let message = [labels::MANIFEST.as_bytes(), body].concat();
    let mut signature = relay.sign(&message).to_bytes();
    if expect == "unsigned" {
        signature[3] ^= 1;
    }
    let mut lines = vec![
        ("relay-key", hex(&relay.verifying_key().to_bytes())),
        ("mailbox", hex(&MAILBOX.0)),
        ("manifest", hex(&inside(body, Some(&signature)))),
    ];
    if expect == "holds" {
        lines.extend([
            ("epoch", "41".to_owned()),
            ("hash", hex(&envelope::hash(body))),
        ]);
    }
    lines
}

/// What a manifest says of restarts, each refused in one way but the first.
fn restarts(out: &mut Vec<VectorFile>, manifest: &SignedManifest) {
    let body = minicbor::Decoder::new(&manifest.to_file()[1..])
        .bytes()
        .unwrap()
        .to_vec();
    let relay = SigningKey::from_bytes(&[0x11; 32]);
    let five = [5; 32];
    let mut one = |name: &str, expect: &str, note: &str, said: &[(u64, u64, [u8; 32])]| {
        let mut list = Vec::new();
        let mut e = minicbor::Encoder::new(&mut list);
        e.u8(11).unwrap().array(said.len() as u64).unwrap();
        for (epoch, after, hash) in said {
            e.array(3).unwrap().u64(*epoch).unwrap();
            e.u64(*after).unwrap().bytes(hash).unwrap();
        }
        let mut body = [&body[..], &list].concat();
        body[0] += 1;
        let lines = manifest_lines(&relay, &body, expect);
        file(out, "manifest", name, expect, note, &lines);
    };
    let then = "goes on after a restore from the manifest it follows, and tells an earlier one";
    let earlier = (9, 4, [7; 32]);
    one("restart", "holds", then, &[earlier, (41, 30, five)]);
    let since = "follows an epoch after a restart, and still tells it";
    one("since_restart", "holds", since, &[earlier]);
    let unsigned = "a restart that the relay did not sign";
    one("restart_unsigned", "unsigned", unsigned, &[(41, 30, five)]);
    let nothing = "a restart that continues from nothing";
    one(
        "restart_from_nothing",
        "malformed",
        nothing,
        &[(9, 4, [0; 32])],
    );
    let same = "a restart whose number is not beyond the one it continues from";
    one("restart_not_beyond", "malformed", same, &[(9, 9, [7; 32])]);
    let lost = "a restart that continues from an epoch an earlier one says is lost";
    let list = [earlier, (12, 8, [7; 32])];
    one("restart_from_a_lost_one", "malformed", lost, &list);
    let ahead = "tells a restart of an epoch after its own";
    one("restart_to_come", "malformed", ahead, &[(42, 30, five)]);
    let other = "says that it continues from another manifest than the one it follows";
    one(
        "restart_from_another",
        "malformed",
        other,
        &[(41, 30, [7; 32])],
    );
    one(
        "restarts_none",
        "malformed",
        "an empty list of restarts",
        &[],
    );
}

fn manifests(out: &mut Vec<VectorFile>) {
    let closing = Closing {
        mailbox: MAILBOX,
        epoch: Epoch(41),
        now: 1_795_344_000,
        previous: ManifestHash([5; 32]),
        days_before: DaysHash([6; 32]),
        day_file: &[],
        restarts: &Restarts::default(),
        kept_from: Epoch(0),
    };
    let closed = close_epoch(
        &closing,
        EpochShape {
            leaves: 64,
            cells: 2,
        },
        &[],
        &[],
        &relay(),
        &mut rng(31),
    );
    let manifest = closed.manifest.to_file();
    let mut one = |name: &str, expect: &str, note: &str, mailbox: MailboxId, manifest: &[u8]| {
        let mut lines = vec![
            ("relay-key", hex(&relay().public().0)),
            ("mailbox", hex(&mailbox.0)),
            ("manifest", hex(manifest)),
        ];
        if expect == "holds" {
            lines.extend([
                ("epoch", "41".to_owned()),
                ("hash", hex(&closed.manifest.hash().0)),
            ]);
        }
        file(out, "manifest", name, expect, note, &lines);
    };
    one(
        "holds",
        "holds",
        "a manifest as the relay signed it",
        MAILBOX,
        &manifest,
    );
    one(
        "of_another_office",
        "other-office",
        "signed by the relay, for another office",
        MailboxId([0; 16]),
        &manifest,
    );
    let mut bent = manifest.clone();
    bent[30] ^= 1;
    one(
        "bit_changed",
        "unsigned",
        "one bit of what is signed changed",
        MAILBOX,
        &bent,
    );
    one(
        "cut",
        "malformed",
        "the last byte is missing",
        MAILBOX,
        &manifest[..manifest.len() - 1],
    );
    let relay = SigningKey::from_bytes(&[0x11; 32]);
    let future = [0xa1, 0x00, 0x02];
    let signature = relay
        .sign(&[labels::MANIFEST.as_bytes(), &future].concat())
        .to_bytes();
    one(
        "version_2",
        "too-new",
        "a manifest of the future, signed by the relay",
        MAILBOX,
        &inside(&future, Some(&signature)),
    );
    let body = minicbor::Decoder::new(&manifest[1..])
        .bytes()
        .unwrap()
        .to_vec();
    let signed = |body: &[u8]| {
        let message = [labels::MANIFEST.as_bytes(), body].concat();
        inside(body, Some(&relay.sign(&message).to_bytes()))
    };
    assert_eq!(signed(&body), manifest);
    let mut never = body.clone();
    never[2] = 0;
    one(
        "version_0",
        "malformed",
        "a version that never was, signed by the relay",
        MAILBOX,
        &signed(&never),
    );
    let mut twice = body.clone();
    twice[0] += 1;
    twice.splice(1..1, [0x00, 0x01]);
    one(
        "key_twice",
        "malformed",
        "one key twice, signed by the relay",
        MAILBOX,
        &signed(&twice),
    );
    one(
        "trailing",
        "malformed",
        "goes on after its end, signed by the relay",
        MAILBOX,
        &signed(&[&body[..], &[0]].concat()),
    );
    let long = [&[0x98, 0x02][..], &manifest[1..]].concat();
    one(
        "written_longer",
        "malformed",
        "the same file, its number of parts written in two bytes",
        MAILBOX,
        &long,
    );
    restarts(out, &closed.manifest);
    kept_from(out, &closed.manifest);
}

fn notices(out: &mut Vec<VectorFile>) {
    let office = office();
    let file_of = |body: &NoticeBody| open::sign_notice(body, &office.root, &[&office.desk]);
    let good = file_of(&office.body);
    let root = office.root.public();
    let mut one = |name: &str,
                   expect: &str,
                   note: &str,
                   day: Day,
                   notice: &[u8],
                   root: &envelope::keys::RootKey| {
        let mut lines = vec![
            ("root", hex(&root.0)),
            ("day", day.0.to_string()),
            ("notice", hex(notice)),
        ];
        if expect == "holds" {
            lines.push(("name-utf8", hex(office.body.name.as_bytes())));
            let notice = envelope::notice::Notice::verify(notice, root, day).unwrap();
            lines.push((
                "period",
                notice.period_for(day).unwrap().number().to_string(),
            ));
        }
        file(out, "notice", name, expect, note, &lines);
    };
    one(
        "holds",
        "holds",
        "a notice of one desk, signed by desk and root",
        TODAY,
        &good,
        &root,
    );
    one(
        "week_over",
        "holds",
        "no week is in force: the carry quarter is used",
        TODAY.plus(20),
        &good,
        &root,
    );
    one(
        "expired",
        "expired",
        "its last day is over: the relay froze an old notice",
        TODAY.plus(32),
        &good,
        &root,
    );
    one(
        "not_yet",
        "not-yet",
        "its first day is to come",
        TODAY.minus(4),
        &good,
        &root,
    );
    one(
        "other_root",
        "other-root",
        "another root than the pinned one",
        TODAY,
        &good,
        &office_root_of(7),
    );
    let by_other = open::sign_notice(
        &office.body,
        &RootSecret::draw(&mut rng(7)),
        &[&office.desk],
    );
    one(
        "unsigned_by_root",
        "unsigned",
        "names the pinned root, signed by another",
        TODAY,
        &by_other,
        &root,
    );
    // A version is read before a signature: what a newer release signs may be signed otherwise.
    for (version, name, expect, note) in [
        (2, "version_2", "too-new", "a notice of the future"),
        (0, "version_0", "malformed", "a version that never was"),
    ] {
        let body = office.body.encode();
        let at = good.windows(body.len()).position(|part| part == body);
        let mut other = good.clone();
        // The head of the map, the key 0, its value.
        other[at.unwrap() + 2] = version;
        one(name, expect, note, TODAY, &other, &root);
    }
    let no_desk = open::sign_notice(&office.body, &office.root, &[]);
    one(
        "no_desk",
        "not-vouched",
        "no desk vouches for the keys",
        TODAY,
        &no_desk,
        &root,
    );
    let stranger = open::sign_notice(&office.body, &office.root, &[&office.other_desk]);
    one(
        "unknown_desk",
        "not-vouched",
        "a desk vouches that the list does not name",
        TODAY,
        &stranger,
        &root,
    );
    let mut two = office.body.clone();
    two.keys.desks.push(office.other_desk.public());
    let once = open::sign_notice(&two, &office.root, &[&office.desk, &office.desk]);
    one(
        "one_desk_twice",
        "not-vouched",
        "two desks are needed, one signed twice",
        TODAY,
        &once,
        &root,
    );
    let both = open::sign_notice(&two, &office.root, &[&office.desk, &office.other_desk]);
    one("two_desks", "holds", "two desks vouch", TODAY, &both, &root);
    let long = NoticeBody {
        last_day: office.body.first_day.plus(35),
        ..office.body.clone()
    };
    one(
        "thirty_six_days",
        "wrong-span",
        "longer than a notice may hold",
        TODAY,
        &file_of(&long),
        &root,
    );
    let last = NoticeBody {
        last_day: office.body.first_day.plus(34),
        ..office.body.clone()
    };
    one(
        "thirty_five_days",
        "holds",
        "as long as a notice may hold",
        TODAY,
        &file_of(&last),
        &root,
    );
    one(
        "cut",
        "malformed",
        "the last byte is missing",
        TODAY,
        &good[..good.len() - 1],
        &root,
    );
    one("empty", "malformed", "nothing at all", TODAY, &[], &root);
    let long = [&[0x98, 0x03][..], &good[1..]].concat();
    one(
        "written_longer",
        "malformed",
        "the same file, its number of parts written in two bytes",
        TODAY,
        &long,
        &root,
    );
    let mut unsorted = office.body.encode();
    assert_eq!(unsorted[1..5], [0, 1, 1, 3]);
    unsorted[1..5].copy_from_slice(&[1, 3, 0, 1]);
    let root_key = SigningKey::from_bytes(&office.root.seed());
    let desk_key = SigningKey::from_bytes(&office.desk.seed());
    let message = envelope::notice::root_signed_bytes(&unsorted);
    let vouched = envelope::notice::desk_signed_bytes(&MAILBOX, 3, &office.body.keys.encode());
    let unsorted = envelope::notice::to_file(
        &unsorted,
        &root_key.sign(&message).to_bytes(),
        &[(office.desk.public(), desk_key.sign(&vouched).to_bytes())],
    );
    one(
        "keys_unsorted",
        "malformed",
        "signed by desk and root, with keys out of order",
        TODAY,
        &unsorted,
        &root,
    );
    let changed = |change: &dyn Fn(&mut NoticeBody)| {
        let mut body = office.body.clone();
        change(&mut body);
        file_of(&body)
    };
    one(
        "desk_named_twice",
        "holds",
        "a desk named twice is one desk, and vouches alone",
        TODAY,
        &changed(&|b| b.keys.desks.push(office.desk.public())),
        &root,
    );
    one(
        "epoch_of_no_length",
        "malformed",
        "an epoch that lasts no second",
        TODAY,
        &changed(&|b| b.epoch_seconds = 0),
        &root,
    );
    one(
        "board_without_end",
        "malformed",
        "more cells an epoch than anyone could fetch",
        TODAY,
        &changed(&|b| b.shape.cells = u32::MAX),
        &root,
    );
    let shape = |cells: u32| {
        changed(&|b| {
            b.epoch_seconds = 60;
            b.shape.cells = cells;
        })
    };
    one(
        "longest_day",
        "holds",
        "the list of a day is as long as any reader takes it",
        TODAY,
        &shape(1_454),
        &root,
    );
    one(
        "day_too_long",
        "malformed",
        "the list of a day is longer than any reader takes it",
        TODAY,
        &shape(1_455),
        &root,
    );
    one(
        "begins_in_the_future",
        "malformed",
        "the office's first period is after the notice's last day",
        TODAY,
        &changed(&|b| b.first_period = Period::of(b.last_day, 7).number() + 1),
        &root,
    );
}

fn office_root_of(seed: u64) -> envelope::keys::RootKey {
    RootSecret::draw(&mut rng(seed)).public()
}

fn reports(out: &mut Vec<VectorFile>) {
    let mut one = |name: &str, expect: &str, note: &str, report: &[u8], narrative: Option<&str>| {
        let mut lines = vec![("report", hex(report))];
        if let Some(text) = narrative {
            lines.push(("narrative-utf8", hex(text.as_bytes())));
        }
        file(out, "report", name, expect, note, &lines);
    };
    one(
        "smallest",
        "reads",
        "a version and nothing else",
        &[0xa1, 0x00, 0x01],
        Some(""),
    );
    one(
        "narrative",
        "reads",
        "a version and a narrative",
        &[0xa2, 0x00, 0x01, 0x02, 0x62, 0x68, 0x69],
        Some("hi"),
    );
    one(
        "unknown_key",
        "reads",
        "a key of the future is kept",
        &[0xa2, 0x00, 0x01, 0x18, 0x63, 0xf5],
        Some(""),
    );
    let nested = |lists: usize| {
        [
            &[0xa2, 0x00, 0x01, 0x18, 0x63][..],
            &vec![0x81; lists],
            &[0x00],
        ]
        .concat()
    };
    one(
        "eight_deep",
        "reads",
        "eight lists and maps inside one another",
        &nested(7),
        Some(""),
    );
    one(
        "nine_deep",
        "malformed",
        "nine lists and maps inside one another",
        &nested(8),
        None,
    );
    one(
        "version_2",
        "too-new",
        "a report of the future",
        &[0xa1, 0x00, 0x02],
        None,
    );
    one(
        "version_0",
        "malformed",
        "a report of a version that never was",
        &[0xa1, 0x00, 0x00],
        None,
    );
    one(
        "keys_unsorted",
        "malformed",
        "keys out of order",
        &[0xa2, 0x02, 0x60, 0x00, 0x01],
        None,
    );
    one(
        "key_twice",
        "malformed",
        "one key twice",
        &[0xa2, 0x00, 0x01, 0x00, 0x01],
        None,
    );
    one(
        "long_integer",
        "malformed",
        "an integer longer than it needs to be",
        &[0xa1, 0x00, 0x18, 0x01],
        None,
    );
    one(
        "indefinite",
        "malformed",
        "a map without a length",
        &[0xbf, 0x00, 0x01, 0xff],
        None,
    );
    one(
        "cut",
        "malformed",
        "ends in the middle",
        &[0xa2, 0x00, 0x01],
        None,
    );
    one(
        "trailing",
        "malformed",
        "goes on after its end",
        &[0xa1, 0x00, 0x01, 0x00],
        None,
    );
}
