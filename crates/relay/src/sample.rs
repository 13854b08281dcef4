//! Prepared inputs of this crate's tests: an office with fixed keys, its notice, letters of fixed
//! bytes. Nothing here seals: to the relay a letter is a length, a version and a period.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "shared by tests that use different parts of it, and may fail by panicking"
)]

use ed25519_dalek::{Signer, SigningKey};
use envelope::board::EpochShape;
use envelope::keys::{CredentialKey, DeskKey, RelayKey, RelaySecret, RootKey};
use envelope::notice::{self, KeyList, NoticeBody};
use envelope::office_request;
use envelope::{CELL_BYTES, Day, MailboxId, NONCE_BYTES, Period, SizeClass, hash};

/// Noon of a day in the notice.
pub(crate) const NOW: u64 = 20_780 * 86_400 + 43_200;
pub(crate) const EPOCH_SECONDS: u32 = 100;
pub(crate) const MAILBOX: MailboxId = MailboxId([2; 16]);
pub(crate) const RELAY_SEED: [u8; 32] = [1; 32];
pub(crate) const CELLS: u32 = 4;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn public(seed: u8) -> [u8; 32] {
    key(seed).verifying_key().to_bytes()
}

pub(crate) fn root() -> RootKey {
    RootKey(public(10))
}

pub(crate) fn secret() -> RelaySecret {
    RelaySecret::from_seed(&RELAY_SEED)
}

/// The week of a second.
pub(crate) fn week_of(now: u64) -> Period {
    Period::of(Day::of_unix_seconds(now), 7)
}

pub(crate) fn week() -> Period {
    week_of(NOW)
}

pub(crate) fn intake_key() -> Vec<u8> {
    vec![9; 1_216]
}

pub(crate) fn body(sequence: u64) -> NoticeBody {
    body_on(sequence, NOW, secret().public())
}

/// A notice in force on a day, naming a relay.
pub(crate) fn body_on(sequence: u64, now: u64, relay_key: RelayKey) -> NoticeBody {
    let today = Day::of_unix_seconds(now);
    NoticeBody {
        sequence,
        mailbox: MAILBOX,
        name: "Invented Office".to_owned(),
        languages: vec!["en".to_owned()],
        relays: vec!["http://127.0.0.1".to_owned()],
        root: root(),
        next_root: [3; 32],
        first_day: today.minus(1),
        last_day: today.plus(20),
        first_period: 2_900,
        period_days: 7,
        grace_days: 28,
        relay_key,
        epoch_seconds: EPOCH_SECONDS,
        shape: EpochShape {
            leaves: 8,
            cells: CELLS,
        },
        keys: KeyList {
            intake: vec![(week_of(now), hash(&intake_key()))],
            voice: vec![],
            desks: vec![DeskKey(public(11))],
            credentials: vec![(week_of(now), CredentialKey(public(12)))],
        },
        site: [0; 32],
    }
}

pub(crate) fn sign(body: &NoticeBody) -> Vec<u8> {
    let bytes = body.encode();
    let by_root = key(10).sign(&notice::root_signed_bytes(&bytes)).to_bytes();
    let keys = body.keys.encode();
    let message = notice::desk_signed_bytes(&body.mailbox, body.sequence, &keys);
    let by_desk = key(11).sign(&message).to_bytes();
    notice::to_file(&bytes, &by_root, &[(DeskKey(public(11)), by_desk)])
}

/// The value of the office's header for a request.
pub(crate) fn header(method: &str, path: &str, body: &[u8], now: u64) -> String {
    let signed = office_request::signed_bytes(&MAILBOX, now, method, path, body);
    office_request::header_value(week_of(now), now, &key(12).sign(&signed).to_bytes())
}

/// A posting of a class under the current period; `n` tells it from others.
pub(crate) fn posting_of(class: SizeClass, n: u32) -> Vec<u8> {
    posting_in(week(), class, n)
}

/// The same under any period.
pub(crate) fn posting_in(period: Period, class: SizeClass, n: u32) -> Vec<u8> {
    let mut bytes = vec![0xa5; NONCE_BYTES + class.bytes()];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    bytes[NONCE_BYTES] = 1;
    bytes[NONCE_BYTES + 1..NONCE_BYTES + 5].copy_from_slice(&period.number().to_be_bytes());
    bytes
}

pub(crate) fn posting(n: u32) -> Vec<u8> {
    posting_of(SizeClass::FourKiB, n)
}

pub(crate) fn cell(n: u8) -> Vec<u8> {
    let mut bytes = vec![n; CELL_BYTES];
    bytes[0] = 1;
    bytes
}

/// One token of a list; `n` below 1,024.
pub(crate) fn token(list: u32, n: u16) -> envelope::Token {
    let mut token = [0x5a; 16];
    token[..4].copy_from_slice(&list.to_be_bytes());
    token[4..6].copy_from_slice(&n.to_be_bytes());
    envelope::Token(token)
}

/// What an office puts: a list's number and its hashes.
pub(crate) fn token_list(list: u32) -> Vec<u8> {
    let tokens: Vec<_> = (0..1_024).map(|n| token(list, n)).collect();
    let hashes = envelope::TokenList::of(&tokens).unwrap();
    [&list.to_be_bytes()[..], &hashes.to_bytes()].concat()
}
