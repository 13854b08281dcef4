//! An invented office with fixed keys, for the tests of the program: its notice, and its half of
//! a conversation.
#![allow(dead_code, reason = "each test file uses its own part of the scene")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "tests may"
)]

use std::path::Path;
use std::process::{Command, Output};

use envelope::board::EpochShape;
use envelope::keys::RelaySecret;
use envelope::notice::{KeyList, NoticeBody, VoiceSpan, next_root_hash};
use envelope::{Day, MailboxId, Period, hash};
use open::{CredentialSecret, DeskSecret, IntakeSecret, RootSecret, VoiceSecret};

pub const MAILBOX: MailboxId = MailboxId([42; 16]);

pub struct Scene {
    pub today: Day,
    pub relay: RelaySecret,
    pub root: RootSecret,
    pub voice: VoiceSecret,
    pub credential: CredentialSecret,
    /// The week's key, then the carry quarter's.
    pub intake: Vec<IntakeSecret>,
    pub body: NoticeBody,
    pub notice: Vec<u8>,
}

impl Scene {
    /// An office on a day, whose relay has this key.
    pub fn on(today: Day, relay: RelaySecret) -> Self {
        let (root, desk) = (
            RootSecret::from_seed(&[1; 32]),
            DeskSecret::from_seed(&[2; 32]),
        );
        let voice = VoiceSecret::from_seed(&[3; 32]);
        let credential = CredentialSecret::from_seed(&[4; 32]);
        let week = Period::of(today, 7);
        let intake = vec![
            IntakeSecret::from_seed(week, &[5; 32]),
            IntakeSecret::from_seed(Period::carry_of(today), &[6; 32]),
        ];
        let span = VoiceSpan {
            key: voice.public(),
            first_day: today.minus(100),
            last_day: today.plus(20),
        };
        let body = NoticeBody {
            sequence: 1,
            mailbox: MAILBOX,
            name: "Invented Office".to_owned(),
            languages: vec!["en".to_owned()],
            relays: vec![],
            root: root.public(),
            next_root: next_root_hash(&RootSecret::from_seed(&[7; 32]).public()),
            first_day: today.minus(1),
            last_day: today.plus(20),
            first_period: week.number() - 20,
            period_days: 7,
            grace_days: 28,
            relay_key: relay.public(),
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
                voice: vec![span],
                desks: vec![desk.public()],
                credentials: vec![(week, credential.public())],
            },
            site: [0; 32],
        };
        let notice = open::sign_notice(&body, &root, &[&desk]);
        Self {
            today,
            relay,
            root,
            voice,
            credential,
            intake,
            body,
            notice,
        }
    }

    pub fn root_hex(&self) -> String {
        self.root
            .public()
            .0
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect()
    }

    /// Writes notice and keys where a courier would have them.
    pub fn write_papers(&self, folder: &Path) {
        std::fs::write(folder.join("notice"), &self.notice).unwrap();
        std::fs::create_dir(folder.join("keys")).unwrap();
        for key in &self.intake {
            let name = key.period().number().to_string();
            std::fs::write(folder.join("keys").join(name), key.public().as_ref()).unwrap();
        }
    }
}

/// Runs the program, in English, with nothing on its standard input.
pub fn temoin_report<'a>(arguments: impl IntoIterator<Item = &'a str>) -> (i32, String, String) {
    temoin_report_in("C", arguments)
}

/// The same, in the language of a system.
pub fn temoin_report_in<'a>(
    system: &str,
    arguments: impl IntoIterator<Item = &'a str>,
) -> (i32, String, String) {
    let out: Output = Command::new(env!("CARGO_BIN_EXE_temoin-report"))
        .args(arguments)
        .env("LC_ALL", system)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        out.status.code().unwrap(),
        text(out.stdout),
        text(out.stderr),
    )
}
