//! Doors of the relay: its routes without a socket, forms with sealed files, its settings, its backup.

use std::sync::{Arc, OnceLock};

use ed25519_dalek::{Signer, SigningKey};
use envelope::board::EpochShape;
use envelope::keys::{CredentialKey, DeskKey, RelaySecret, RootKey};
use envelope::notice::{self, KeyList, NoticeBody};
use envelope::{Day, MailboxId, Period, hash, office_request};
use relay::store::MemoryShelf;
use relay::{Limits, Relay};

const NOW: u64 = 20_780 * 86_400 + 43_200;
const MAILBOX: MailboxId = MailboxId([2; 16]);

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn public(seed: u8) -> [u8; 32] {
    key(seed).verifying_key().to_bytes()
}

fn secret() -> RelaySecret {
    RelaySecret::from_seed(&[1; 32])
}

/// A notice in force, signed once a process.
fn standing() -> &'static [u8] {
    static NOTICE: OnceLock<Vec<u8>> = OnceLock::new();
    NOTICE.get_or_init(|| {
        let today = Day::of_unix_seconds(NOW);
        let week = Period::of(today, 7);
        let body = NoticeBody {
            sequence: 1,
            mailbox: MAILBOX,
            name: "Invented Office".to_owned(),
            languages: vec!["en".to_owned()],
            relays: vec!["http://127.0.0.1".to_owned()],
            root: RootKey(public(10)),
            next_root: [3; 32],
            first_day: today.minus(1),
            last_day: today.plus(20),
            first_period: 2_900,
            period_days: 7,
            grace_days: 28,
            relay_key: secret().public(),
            epoch_seconds: 100,
            shape: EpochShape {
                leaves: 8,
                cells: 4,
            },
            keys: KeyList {
                intake: vec![(week, hash(&[9; 1_216]))],
                voice: vec![],
                desks: vec![DeskKey(public(11))],
                credentials: vec![(week, CredentialKey(public(12)))],
            },
            site: [0; 32],
        };
        let bytes = body.encode();
        let by_root = key(10).sign(&notice::root_signed_bytes(&bytes)).to_bytes();
        let list = body.keys.encode();
        let message = notice::desk_signed_bytes(&MAILBOX, body.sequence, &list);
        let by_desk = key(11).sign(&message).to_bytes();
        notice::to_file(&bytes, &by_root, &[(DeskKey(public(11)), by_desk)])
    })
}

/// A request: a line of method and path, a line with the office's header (`sign` for a good one),
/// and a body. Whatever is asked, it is answered, and with a status that HTTP has for it.
pub fn routes(bytes: &[u8]) {
    let shelf = Arc::new(MemoryShelf::default());
    let Ok(relay) = Relay::open(shelf, secret(), RootKey(public(10)), Limits::default(), NOW)
    else {
        panic!("an empty shelf opens");
    };
    assert_eq!(relay.put_notice(standing(), NOW).status, 204);
    let mut lines = bytes.splitn(3, |byte| *byte == b'\n');
    let asked = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let header = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let body = lines.next().unwrap_or_default();
    let (method, path) = asked.split_once(' ').unwrap_or(("GET", &asked));
    let signed = (header == "sign").then(|| {
        let week = Period::of(Day::of_unix_seconds(NOW), 7);
        let message = office_request::signed_bytes(&MAILBOX, NOW, method, path, body);
        office_request::header_value(week, NOW, &key(12).sign(&message).to_bytes())
    });
    let header = signed
        .as_deref()
        .or(Some(&*header).filter(|h| !h.is_empty()));
    // Twice: what was stored the first time is met the second time.
    for _ in 0..2 {
        let answer = relay.answer(method, path, header, body, NOW);
        assert!((200..=503).contains(&answer.status), "{}", answer.status);
        assert!(answer.status != 500, "an answer that tells of an accident");
    }
}

/// A form with sealed files: a line with its content type, and a body. However it ends, no file is
/// larger than a letter and none was made of more bytes than came.
pub fn form(bytes: &[u8]) {
    let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
    let kind = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let body = lines.next().unwrap_or_default();
    let (files, _ended) = relay::forms::files_of(&kind, body.to_vec());
    let length = |file: &relay::forms::File| match file {
        relay::forms::File::Bytes(bytes) => bytes.len(),
        _ => 0,
    };
    assert!(files.len() <= relay::forms::FILES);
    assert!(files.iter().map(length).sum::<usize>() <= body.len());
}

/// `relay.toml`.
pub fn settings(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let base = std::path::Path::new("/");
    let _read = relay::settings::Settings::parse(&text, "relay.toml", base);
}

/// A backup file, restored into an empty folder.
pub fn backup(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let file = folder.path().join("backup");
    if std::fs::write(&file, bytes).is_ok() {
        let _restored =
            relay::backup::restore(&file, &folder.path().join("store"), None, 1_795_000_000);
    }
}
