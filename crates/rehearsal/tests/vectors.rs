//! Walks `vectors/` and checks every claim in it. The script walks the same folder.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::collections::BTreeMap;
use std::path::Path;

use envelope::board::{DayLists, ManifestRefused, NotTheSignedDays, SignedManifest};
use envelope::keys::{DeskKey, RelayKey, RootKey, VoiceKey};
use envelope::notice::{Notice, NoticeRefused};
use envelope::{
    Cell, Day, Leaf, LetterHash, MailboxId, NotACell, Period, Receipt, ReceiptRefused, hash,
};
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, Serializable};
use open::{CannotOpen, Held, IntakeSecret, NotTheFile, Opened, Reassembly, Reporter};
use record::{NotAReport, Report};
use rehearsal::vectors::hex;
use seal::words::{NotTheWords, WordList, Words};
use seal::{
    Attachment, CannotAttach, CannotRead, CellKind, ConversationKey, FileId, MalformedLetter,
    Master, PieceBody, SealedBy,
};

struct Vector(BTreeMap<String, String>);

impl Vector {
    fn read(text: &str) -> Self {
        let line = |l: &str| {
            let (k, v) = l.split_once(':').unwrap();
            (k.to_owned(), v.trim().to_owned())
        };
        Self(text.lines().map(line).collect())
    }
    fn text(&self, name: &str) -> &str {
        self.0
            .get(name)
            .unwrap_or_else(|| panic!("no line '{name}'"))
    }
    fn bytes(&self, name: &str) -> Vec<u8> {
        unhex(self.text(name))
    }
    fn fixed<const N: usize>(&self, name: &str) -> [u8; N] {
        self.bytes(name).try_into().unwrap()
    }
    fn number(&self, name: &str) -> u32 {
        self.text(name).parse().unwrap()
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// What this implementation finds: the expectation's name, and what came out.
fn found(v: &Vector) -> (String, Vec<(&'static str, String)>) {
    match v.text("kind") {
        "kem" => kem(v),
        "words" => words(v),
        "typed" => typed(v),
        "tag" => tag(v),
        "leaf" => leaf(v),
        "token" => token(v),
        "puzzle" => puzzle(v),
        "letter" => letter(v),
        "handover" => handover(v),
        "piece" => piece(v),
        "piece-body" => piece_body(v),
        "attachment" => attachment(v),
        "cell" => cell(v),
        "receipt" => receipt(v),
        "manifest" => manifest(v),
        "days" => days(v),
        "notice" => notice(v),
        "report" => report(v),
        "team-log" => team_log(v),
        "team-words" => team_words(v),
        "team-snapshot" => team_snapshot(v),
        other => panic!("a kind nobody knows: {other}"),
    }
}

type Found = (String, Vec<(&'static str, String)>);

fn kem(v: &Vector) -> Found {
    let private = <XWing as Kem>::PrivateKey::from_bytes(&v.bytes("seed")).unwrap();
    let encapsulated = <XWing as Kem>::EncappedKey::from_bytes(&v.bytes("ct")).unwrap();
    let shared = XWing::decap(&private, None, &encapsulated).unwrap();
    let public = XWing::sk_to_pk(&private);
    (
        "agrees".to_owned(),
        vec![("pk", hex(&public.to_bytes())), ("ss", hex(&shared.0))],
    )
}

fn words(v: &Vector) -> Found {
    let list = WordList::ALL
        .into_iter()
        .find(|l| u32::from(l.number()) == v.number("list"))
        .unwrap();
    let indices = v
        .bytes("indices")
        .chunks(2)
        .map(|p| u16::from_be_bytes([p[0], p[1]]))
        .collect();
    let master = Master::of(
        &Words::from_indices(list, indices).unwrap(),
        &MailboxId(v.fixed("mailbox")),
    );
    let period = Period::from_number(v.number("period"));
    let generation = v.number("generation").try_into().unwrap();
    let name = master.mailbox_name();
    let key = master.conversation_key(period, generation, v.number("first-period"));
    (
        "derives".to_owned(),
        vec![
            ("signing-key", hex(&master.signing_secret().public().0)),
            (
                "reply-key-hash",
                hex(&master.reply_secret().public().hash()),
            ),
            ("conversation-key", hex(key.bytes())),
            ("mailbox-name", format!("{} {}", name.0, name.1)),
        ],
    )
}

fn typed(v: &Vector) -> Found {
    let list = WordList::ALL
        .into_iter()
        .find(|l| u32::from(l.number()) == v.number("list"))
        .unwrap();
    let typed = String::from_utf8(v.bytes("typed-utf8")).unwrap();
    let (outcome, told) = match Words::read(list, &typed) {
        Ok(words) => {
            let words = words.shown().collect::<Vec<_>>().join(" ");
            ("reads", ("words-utf8", hex(words.as_bytes())))
        }
        Err(NotTheWords::Unknown { position, .. }) => {
            ("not-in-list", ("place", position.to_string()))
        }
        Err(NotTheWords::Count { expected, .. }) => {
            ("other-count", ("expected", expected.to_string()))
        }
        Err(other) => panic!("{other:?}"),
    };
    (outcome.to_owned(), vec![told])
}

fn tag(v: &Vector) -> Found {
    let key = ConversationKey::from_letter(v.fixed("conversation-key"), Period::Week(0));
    let slot = v.number("slot").try_into().unwrap();
    let tag = key.tag(Day(v.number("day")), slot);
    (
        "derives".to_owned(),
        vec![("tag", hex(&tag)), ("psk", hex(key.psk().as_ref()))],
    )
}

fn token(v: &Vector) -> Found {
    let typed = String::from_utf8(v.bytes("typed-utf8")).unwrap();
    match envelope::Token::of_code(&typed) {
        None => ("refused".to_owned(), vec![]),
        Some(token) => (
            "reads".to_owned(),
            vec![
                ("token", hex(&token.0)),
                ("token-hash", hex(&token.hash().0)),
            ],
        ),
    }
}

fn puzzle(v: &Vector) -> Found {
    let (mailbox, leaf) = (MailboxId(v.fixed("mailbox")), Leaf(v.fixed("leaf")));
    match envelope::puzzle::bits_of_header(v.text("demand")) {
        None => ("refused".to_owned(), vec![]),
        Some(bits) => {
            let answer = envelope::puzzle::solve(&mailbox, &leaf, bits).unwrap();
            assert!(answer.bits(&mailbox, &leaf) >= bits);
            ("solved".to_owned(), vec![("answer", answer.header_value())])
        }
    }
}

fn leaf(v: &Vector) -> Found {
    let nonce = v.fixed("nonce");
    let leaf = Leaf::of(LetterHash(v.fixed("letter-hash")), &nonce);
    (
        "derives".to_owned(),
        vec![
            ("leaf", hex(&leaf.0)),
            ("dummy", hex(&Leaf::dummy(&nonce).0)),
        ],
    )
}

fn letter(v: &Vector) -> Found {
    let mailbox = MailboxId(v.fixed("mailbox"));
    match open::letter(&v.bytes("letter"), &mailbox, &keys(v)) {
        Err(why) => refused(why),
        Ok(opened) => {
            let (signing, reply, conversation) = match opened.reporter() {
                Reporter::NoWords => Default::default(),
                Reporter::Words {
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
            (
                "opens".to_owned(),
                vec![
                    ("report", hex(&opened.report().encode())),
                    ("sealed-by", by.to_string()),
                    ("signing-key", signing),
                    ("reply-key-hash", reply),
                    ("conversation-key", conversation),
                ],
            )
        }
    }
}

/// `number:index:index…` as a vector names words.
fn named_words(text: &str) -> Words {
    let mut parts = text.split(':').map(|part| part.parse::<u16>().unwrap());
    let number = parts.next().unwrap();
    let list = WordList::ALL
        .into_iter()
        .find(|l| u16::from(l.number()) == number)
        .unwrap();
    Words::from_indices(list, parts.collect()).unwrap()
}

fn handover(v: &Vector) -> Found {
    let mailbox = MailboxId(v.fixed("mailbox"));
    let letter = v.bytes("letter");
    let opened = match open::letter(&letter, &mailbox, &keys(v)) {
        Err(why) => return refused(why),
        Ok(opened) => opened,
    };
    let Some(handed) = opened.handover() else {
        panic!("no handover");
    };
    let Reporter::Words {
        signing_key,
        reply_key,
        conversation_key,
        generation,
    } = opened.reporter()
    else {
        panic!("no words");
    };
    // The words themselves give what the letter says of them.
    let first_period = v.number("first-period");
    let old = Master::of(&named_words(v.text("old-words")), &mailbox);
    let new = Master::of(&named_words(v.text("new-words")), &mailbox);
    assert_eq!(old.signing_secret().public(), *signing_key);
    assert_eq!(new.signing_secret().public(), handed.to_pin().signing_key);
    let key = new.conversation_key(opened.period(), 0, first_period);
    assert_eq!(key.bytes(), handed.conversation_key().bytes());
    let talk = seal::Conversation {
        signing_key: *signing_key,
        reply_key: reply_key.clone(),
        key: conversation_key.clone(),
        generation: *generation,
    };
    let new = seal::Handover {
        signing_key: handed.to_pin().signing_key,
        reply_key: handed.to_pin().reply_key.clone(),
        key,
        signature: [0; 64],
    };
    let signed = new.signed_bytes(&mailbox, opened.period(), &talk);
    (
        "opens".to_owned(),
        vec![
            ("report", hex(&opened.report().encode())),
            ("signing-key", hex(&signing_key.0)),
            ("reply-key-hash", hex(&reply_key.hash())),
            ("conversation-key", hex(conversation_key.bytes())),
            ("generation", generation.to_string()),
            ("new-signing-key", hex(&new.signing_key.0)),
            ("new-reply-key-hash", hex(&new.reply_key.hash())),
            ("new-conversation-key", hex(new.key.bytes())),
            ("signed-by-the-new", hex(&signed)),
            ("letter-bytes", letter.len().to_string()),
        ],
    )
}

fn refused(why: CannotOpen) -> Found {
    let name = match why {
        CannotOpen::NoKey { .. } => "no-key",
        CannotOpen::Damaged => "damaged",
        CannotOpen::Forged => "forged",
        CannotOpen::TooNew => "too-new",
        CannotOpen::Malformed => "malformed",
        other => panic!("{other:?}"),
    };
    (name.to_owned(), vec![])
}

fn keys(v: &Vector) -> Vec<IntakeSecret> {
    let pairs = v.text("keys").split(',');
    pairs
        .map(|pair| {
            let (period, seed) = pair.split_once(':').unwrap();
            let period = Period::from_number(period.parse().unwrap());
            IntakeSecret::from_seed(period, &unhex(seed).try_into().unwrap())
        })
        .collect()
}

fn piece(v: &Vector) -> Found {
    let mailbox = MailboxId(v.fixed("mailbox"));
    match open::posted(&v.bytes("letter"), &mailbox, &keys(v)) {
        Err(why) => refused(why),
        Ok(Opened::Letter(_)) => panic!("a report"),
        Ok(Opened::Piece(piece)) => (
            "opens".to_owned(),
            vec![
                ("file", hex(&piece.file().0)),
                ("number", piece.number().to_string()),
                ("count", piece.count().to_string()),
                ("chunk-hash", hex(&hash(piece.chunk()))),
            ],
        ),
    }
}

fn piece_body(v: &Vector) -> Found {
    match PieceBody::decode(&v.bytes("body")) {
        Err(MalformedLetter) => ("malformed".to_owned(), vec![]),
        Ok(piece) => (
            "reads".to_owned(),
            vec![
                ("file", hex(&piece.file.0)),
                ("number", piece.number.to_string()),
                ("count", piece.count.to_string()),
                ("chunk-hash", hex(&hash(&piece.chunk))),
            ],
        ),
    }
}

/// Puts a file together from pieces as they come, as a desk does.
fn attachment(v: &Vector) -> Found {
    let no = |name: &str| (name.to_owned(), vec![]);
    let Ok(announced) = Attachment::decode(&v.bytes("announced")) else {
        return no("malformed");
    };
    match announced.check() {
        Ok(()) => {}
        Err(CannotAttach::WrongCount) => return no("wrong-count"),
        Err(CannotAttach::Empty) => return no("empty"),
        Err(CannotAttach::TooLarge) => return no("too-large"),
        Err(other) => panic!("{other:?}"),
    }
    let mut came: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    for item in v.text("pieces").split(',').filter(|item| !item.is_empty()) {
        let parts: Vec<&str> = item.split(':').collect();
        let number = |at: usize| parts[at].parse::<u32>().unwrap();
        let chunk = vec![u8::try_from(number(3)).unwrap(); number(4) as usize];
        let file = FileId(unhex(parts[0]).try_into().unwrap());
        let piece = Held {
            file,
            number: number(1),
            count: number(2),
            bytes: chunk.len(),
        };
        if piece.fits(&announced).is_ok() && number(1) < announced.full_pieces() {
            came.entry(number(1)).or_insert(chunk);
        }
    }
    let mut whole = Reassembly::of(&announced);
    let taken: Result<Vec<()>, _> = came.values().map(|chunk| whole.take(chunk)).collect();
    let name = match taken.and_then(|_| whole.end().map(drop)) {
        Ok(()) => "complete",
        Err(_) if came.len() < announced.full_pieces() as usize => "incomplete",
        Err(NotTheFile::OtherContent) => "other-content",
        Err(other) => panic!("{other:?}"),
    };
    let arrived = format!("{} of {}", came.len(), announced.full_pieces());
    (name.to_owned(), vec![("arrived", arrived)])
}

fn cell(v: &Vector) -> Found {
    let master_free_reply = seal::ReplySecret::from_seed(&v.fixed("reply-seed"));
    let public = master_free_reply.public();
    let day = Day(v.number("day"));
    let key = ConversationKey::from_letter(v.fixed("conversation-key"), Period::Week(0));
    let voice = v
        .text("voices")
        .split(',')
        .filter_map(|span| {
            let mut parts = span.split(':');
            let key = VoiceKey(unhex(parts.next().unwrap()).try_into().unwrap());
            let (first, last): (u32, u32) = (
                parts.next().unwrap().parse().unwrap(),
                parts.next().unwrap().parse().unwrap(),
            );
            (first <= day.0 && day.0 <= last).then_some(key)
        })
        .next_back();
    let slot = v.number("slot").try_into().unwrap();
    let mailbox = MailboxId(v.fixed("mailbox"));
    let cell = match Cell::parse(&v.bytes("cell")) {
        Ok(cell) => cell,
        Err(NotACell::Malformed) => return ("malformed".to_owned(), vec![]),
        Err(NotACell::TooNew) => return ("too-new".to_owned(), vec![]),
    };
    match seal::open_cell(
        &cell,
        &mailbox,
        day,
        slot,
        &key,
        &master_free_reply,
        &public,
        voice,
    ) {
        Err(CannotRead::NotForUs) => ("not-for-us".to_owned(), vec![]),
        Err(CannotRead::Malformed) => ("malformed".to_owned(), vec![]),
        Err(CannotRead::NotTheOffice) => ("not-the-office".to_owned(), vec![]),
        Err(other) => panic!("{other:?}"),
        Ok(body) => {
            let kind = match body.kind {
                CellKind::Opened => 0,
                CellKind::Answer => 1,
                CellKind::Other(n) => n,
            };
            (
                "opens".to_owned(),
                vec![
                    (
                        "token",
                        body.token.as_ref().map_or(String::new(), |t| hex(&t.0)),
                    ),
                    ("cell-kind", kind.to_string()),
                    ("part", body.part.to_string()),
                    ("parts", body.parts.to_string()),
                    ("answer", body.answer.to_string()),
                    ("text-utf8", hex(body.text.as_bytes())),
                ],
            )
        }
    }
}

fn receipt(v: &Vector) -> Found {
    let (leaf, mailbox) = (Leaf(v.fixed("leaf")), MailboxId(v.fixed("mailbox")));
    match Receipt::verify(
        &v.bytes("receipt"),
        leaf,
        &mailbox,
        &RelayKey(v.fixed("relay-key")),
    ) {
        Ok(receipt) => (
            "holds".to_owned(),
            vec![("epoch", receipt.epoch().0.to_string())],
        ),
        Err(ReceiptRefused::Malformed) => ("malformed".to_owned(), vec![]),
        Err(ReceiptRefused::OtherLetter) => ("other-letter".to_owned(), vec![]),
        Err(ReceiptRefused::Unsigned) => ("unsigned".to_owned(), vec![]),
        Err(other) => panic!("{other:?}"),
    }
}

fn manifest(v: &Vector) -> Found {
    let (mailbox, key) = (
        MailboxId(v.fixed("mailbox")),
        RelayKey(v.fixed("relay-key")),
    );
    match SignedManifest::verify(&v.bytes("manifest"), &mailbox, &key) {
        Ok(m) => {
            let epoch = m.manifest().epoch.0.to_string();
            (
                "holds".to_owned(),
                vec![("epoch", epoch), ("hash", hex(&m.hash().0))],
            )
        }
        Err(ManifestRefused::Malformed) => ("malformed".to_owned(), vec![]),
        Err(ManifestRefused::TooNew) => ("too-new".to_owned(), vec![]),
        Err(ManifestRefused::Unsigned) => ("unsigned".to_owned(), vec![]),
        Err(ManifestRefused::OtherOffice) => ("other-office".to_owned(), vec![]),
        Err(other) => panic!("{other:?}"),
    }
}

fn days(v: &Vector) -> Found {
    let (mailbox, key) = (
        MailboxId(v.fixed("mailbox")),
        RelayKey(v.fixed("relay-key")),
    );
    let signed = |file: &[u8]| SignedManifest::verify(file, &mailbox, &key).unwrap();
    let newest = signed(&v.bytes("newest"));
    let before: Vec<SignedManifest> = match v.text("before") {
        "" => Vec::new(),
        files => files.split(',').map(|file| signed(&unhex(file))).collect(),
    };
    let mut lists = DayLists::of(newest.manifest(), Day(v.number("first")));
    for item in v.text("lists").split(',') {
        let (day, file) = item.split_once(':').unwrap();
        lists.add(Day(day.parse().unwrap()), &unhex(file)).unwrap();
    }
    let read = lists.verify(|epoch| {
        let there = before.iter().find(|m| m.manifest().epoch == epoch);
        there.cloned().ok_or(NotTheSignedDays)
    });
    match read {
        Ok(entries) => {
            let epochs: Vec<String> = entries.iter().map(|e| e.epoch.0.to_string()).collect();
            ("leads".to_owned(), vec![("epochs", epochs.join(","))])
        }
        Err(NotTheSignedDays) => ("lists".to_owned(), vec![]),
    }
}

fn notice(v: &Vector) -> Found {
    let day = Day(v.number("day"));
    match Notice::verify(&v.bytes("notice"), &RootKey(v.fixed("root")), day) {
        Ok(notice) => {
            let period = notice.period_for(day).unwrap().number().to_string();
            let name = hex(notice.body().name.as_bytes());
            (
                "holds".to_owned(),
                vec![("name-utf8", name), ("period", period)],
            )
        }
        Err(refused) => {
            let name = match refused {
                NoticeRefused::Malformed => "malformed",
                NoticeRefused::TooNew => "too-new",
                NoticeRefused::OtherRoot => "other-root",
                NoticeRefused::Unsigned => "unsigned",
                NoticeRefused::KeysNotVouched => "not-vouched",
                NoticeRefused::WrongSpan => "wrong-span",
                NoticeRefused::Expired { .. } => "expired",
                NoticeRefused::NotYet { .. } => "not-yet",
                other => panic!("{other:?}"),
            };
            (name.to_owned(), vec![])
        }
    }
}

/// Items of a line's list, each in its parts.
fn parts<'v>(v: &'v Vector, name: &str) -> Vec<Vec<&'v str>> {
    let all = v.text(name).split(',').filter(|one| !one.is_empty());
    all.map(|one| one.split(':').collect()).collect()
}

fn team_log(v: &Vector) -> Found {
    let mut log = team::Log::of(team::TeamId(v.fixed("team")));
    let mut ring = team::Keyring::new(DeskKey(v.fixed("desk")));
    for one in parts(v, "sealing") {
        let (period, seed) = (one[0].parse().unwrap(), unhex(one[1]).try_into().unwrap());
        ring.add_sealing(team::SealingSecret::from_seed(period, &seed));
    }
    for one in parts(v, "team-keys") {
        let (generation, period) = (one[0].parse().unwrap(), one[1].parse().unwrap());
        let key = team::TeamKey::from_bytes(&unhex(one[2]).try_into().unwrap());
        ring.add_team(generation, period, key);
    }
    for one in parts(v, "bridge") {
        let bridge = team::TeamKey::from_bytes(&unhex(one[1]).try_into().unwrap());
        ring.add_bridge(one[0].parse().unwrap(), bridge);
    }
    for one in parts(v, "before") {
        log.replay(&mut ring, &unhex(one[0])).unwrap();
    }
    let read = log.read(&mut ring, &v.bytes("item"));
    rehearsal::team_vectors::told(&read, &log.head())
}

fn team_words(v: &Vector) -> Found {
    let list: Vec<String> = (0..v.number("list")).map(|n| n.to_string()).collect();
    let list: Vec<&str> = list.iter().map(String::as_str).collect();
    let head = team::Head {
        count: v.number("count").into(),
        hash: v.fixed("head"),
    };
    let said: Vec<&str> = v.text("challenge").split(',').collect();
    let challenge = team::Challenge::heard([said[0], said[1]], &list).unwrap();
    let team = team::TeamId(v.fixed("team"));
    let words = head.words(&challenge, &team, &list).unwrap();
    ("derives".to_owned(), vec![("indices", words.join(","))])
}

fn team_snapshot(v: &Vector) -> Found {
    let vouched = parts(v, "vouched").into_iter();
    let vouched: Vec<(DeskKey, team::PersonId)> = vouched
        .map(|one| {
            let desk = DeskKey(unhex(one[0]).try_into().unwrap());
            (desk, team::PersonId::new(one[1]).unwrap())
        })
        .collect();
    let team = team::TeamId(v.fixed("team"));
    match team::Snapshot::verify(&v.bytes("snapshot"), &team, &vouched) {
        Ok(snapshot) => {
            let told = vec![
                ("count", snapshot.head().count.to_string()),
                ("head", hex(&snapshot.head().hash)),
                ("content", hex(snapshot.content())),
            ];
            ("holds".to_owned(), told)
        }
        Err(refused) => {
            let name = match refused {
                team::SnapshotRefused::Malformed => "malformed",
                team::SnapshotRefused::OtherTeam => "other-team",
                team::SnapshotRefused::Unsigned => "unsigned",
                team::SnapshotRefused::OnePerson => "one-person",
                other => panic!("{other:?}"),
            };
            (name.to_owned(), vec![])
        }
    }
}

fn report(v: &Vector) -> Found {
    match Report::decode(&v.bytes("report")) {
        Ok(report) => {
            assert_eq!(
                report.encode(),
                v.bytes("report"),
                "what was read is written back the same"
            );
            (
                "reads".to_owned(),
                vec![("narrative-utf8", hex(report.narrative.as_bytes()))],
            )
        }
        Err(NotAReport::TooNew { .. }) => ("too-new".to_owned(), vec![]),
        Err(_) => ("malformed".to_owned(), vec![]),
    }
}

fn walk(folder: &Path, check: &mut impl FnMut(&Path, &str)) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, check);
        } else if path.extension().is_some_and(|e| e == "txt") {
            check(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors")
}

#[test]
fn every_vector_holds() {
    let mut count = 0;
    // Letters and cells that the script sealed a moment ago, when `cargo xtask vectors` asks.
    let fresh = std::env::var_os("TEMOIN_VECTORS").map(std::path::PathBuf::from);
    let mut check = |path: &Path, text: &str| {
        let v = Vector::read(text);
        let (expectation, outputs) = found(&v);
        assert_eq!(
            expectation,
            v.text("expect"),
            "{} ({})",
            path.display(),
            v.text("note")
        );
        for (name, value) in outputs {
            assert_eq!(value, v.text(name), "{name} of {}", path.display());
        }
        count += 1;
    };
    walk(&folder(), &mut check);
    if let Some(fresh) = fresh {
        walk(&fresh, &mut check);
    }
    assert!(count > 70, "only {count} vectors were found");
}

#[test]
fn the_rust_vectors_are_the_ones_this_code_makes() {
    for (name, text) in rehearsal::vectors::all() {
        let path = folder().join("rust").join(&name);
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == text,
            "vectors/rust/{name} differs: run `cargo xtask vectors` and look at the change"
        );
    }
}

#[test]
fn refused_letters_are_refused_in_at_least_fifteen_ways_and_all_kinds_are_there() {
    let (mut kinds, mut refused) = (BTreeMap::new(), 0);
    walk(&folder(), &mut |_, text| {
        let v = Vector::read(text);
        *kinds.entry(v.text("kind").to_owned()).or_insert(0) += 1;
        refused += usize::from(v.text("kind") == "letter" && v.text("expect") != "opens");
    });
    assert!(refused >= 15, "{refused}");
    assert_eq!(kinds.len(), 21, "{kinds:?}");
}
