//! An office for tests, its keys from fixed seeds.
#![allow(dead_code, reason = "each test needs some of it")]

use envelope::board::EpochShape;
use envelope::keys::RelaySecret;
use envelope::notice::{IntakeKey, KeyList, Notice, NoticeBody, VoiceSpan, next_root_hash};
use envelope::{Day, MailboxId, Period, hash};
use open::{CannotOpen, DeskSecret, IntakeSecret, RootSecret, VoiceSecret};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

pub(crate) const TODAY: Day = Day(20_779);
pub(crate) const MAILBOX: MailboxId = MailboxId([7; 16]);

pub(crate) struct Office {
    pub(crate) body: NoticeBody,
    pub(crate) root: RootSecret,
    pub(crate) desk: DeskSecret,
    pub(crate) voice: VoiceSecret,
    pub(crate) intake: Vec<IntakeSecret>,
}

impl Office {
    pub(crate) fn new() -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let (root, desk) = (RootSecret::draw(&mut rng), DeskSecret::draw(&mut rng));
        let voice = VoiceSecret::draw(&mut rng);
        let intake = vec![
            IntakeSecret::draw(Period::of(TODAY, 7), &mut rng),
            IntakeSecret::draw(Period::carry_of(TODAY), &mut rng),
        ];
        let body = NoticeBody {
            sequence: 1,
            mailbox: MAILBOX,
            name: "Office".to_owned(),
            languages: vec!["en".to_owned()],
            relays: vec!["http://127.0.0.1/".to_owned()],
            root: root.public(),
            next_root: next_root_hash(&RootSecret::draw(&mut rng).public()),
            first_day: TODAY,
            last_day: TODAY.plus(34),
            first_period: 2_960,
            period_days: 7,
            grace_days: 28,
            relay_key: RelaySecret::from_seed(&[1; 32]).public(),
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
        Self {
            body,
            root,
            desk,
            voice,
            intake,
        }
    }

    pub(crate) fn file(&self) -> Vec<u8> {
        open::sign_notice(&self.body, &self.root, &[&self.desk])
    }

    pub(crate) fn notice(&self) -> Notice {
        Notice::verify(&self.file(), &self.root.public(), TODAY).unwrap()
    }

    pub(crate) fn open(&self, letter: &[u8]) -> Result<open::OpenedLetter, CannotOpen> {
        open::letter(letter, &MAILBOX, &self.intake)
    }

    /// The week's key, vouched for.
    pub(crate) fn key(&self) -> IntakeKey {
        let key = &self.intake[0];
        self.notice()
            .intake_key(key.period(), key.public().as_ref())
            .unwrap()
    }
}
