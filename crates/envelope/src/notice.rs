//! The office notice: who the office is, where its relay stands, and which keys to seal to.
//! (protocol §7)
//!
//! Bytes from the network become a [`Notice`] in one way only, [`Notice::verify`]; and a fetched
//! key becomes an [`IntakeKey`] one may seal to only through a verified notice. Signing a notice
//! is the office's affair and lives in `open`.

use std::collections::BTreeSet;

use minicbor::Decoder;

use crate::board::{EpochShape, MOST_DAY_BYTES, SHORT_TAG_BYTES};
use crate::cbor::{self, ReadResult, bounded, fixed, tuple};
use crate::keys::{CredentialKey, DeskKey, RelayKey, RootKey, SEALING_KEY_BYTES, VoiceKey};
use crate::{Day, MailboxId, Period, hash, labels, time::SECONDS_A_DAY};

/// A notice holds at most this many days: a frozen old one dies by itself.
pub const MOST_DAYS: u32 = 35;
/// No notice is longer.
pub const MOST_BYTES: usize = 64 * 1_024;

/// No week period is longer.
pub const MOST_PERIOD_DAYS: u32 = 366;
/// No epoch lists more leaves, before doubling.
pub const MOST_LEAVES: u32 = 1 << 20;
/// No epoch lists more cells.
pub const MOST_CELLS: u32 = 1 << 16;

/// The office's voice in a stretch of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoiceSpan {
    /// Verifies what the office says.
    pub key: VoiceKey,
    /// First day it speaks.
    pub first_day: Day,
    /// Last day it speaks.
    pub last_day: Day,
}

/// The keys of an office, signed by its desks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyList {
    /// Periods a letter may be sealed to, with the hash of the public key.
    pub intake: Vec<(Period, [u8; 32])>,
    /// Who speaks for the office, and when.
    pub voice: Vec<VoiceSpan>,
    /// The office's desks.
    pub desks: Vec<DeskKey>,
    /// What the relay accepts as the office.
    pub credentials: Vec<(Period, CredentialKey)>,
}

/// What a notice says, before or after anyone vouches for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeBody {
    /// Rises by one with each notice; a lower one is an old one.
    pub sequence: u64,
    /// The office's mailbox.
    pub mailbox: MailboxId,
    /// The name people know the office by.
    pub name: String,
    /// BCP 47 tags of the languages it answers in.
    pub languages: Vec<String>,
    /// Addresses of the relay, best first.
    pub relays: Vec<String>,
    /// The office's root.
    pub root: RootKey,
    /// `H("temoin/1/root-to-come" ‖ key)`: the only key that may follow the root.
    pub next_root: [u8; 32],
    /// First day it holds.
    pub first_day: Day,
    /// Last day it holds.
    pub last_day: Day,
    /// The office's first period: where conversation keys begin.
    pub first_period: u32,
    /// Days of a week period.
    pub period_days: u32,
    /// Days a period's key outlives it.
    pub grace_days: u32,
    /// The relay's key.
    pub relay_key: RelayKey,
    /// Seconds of an epoch.
    pub epoch_seconds: u32,
    /// Fixed numbers of an epoch.
    pub shape: EpochShape,
    /// The keys.
    pub keys: KeyList,
    /// Hash of the site's manifest, zeros if the office has none.
    pub site: [u8; 32],
}

/// Why a notice is not believed. Each is told to a person in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoticeRefused {
    /// Not a notice; take it from another address.
    Malformed,
    /// Of a newer version: update.
    TooNew,
    /// Signed by another root than the pinned one: do not use it.
    OtherRoot,
    /// The root's signature is wrong.
    Unsigned,
    /// Too few of its own desks vouch for the keys.
    KeysNotVouched,
    /// Longer than a notice may hold, or of no length.
    WrongSpan,
    /// Its last day is over: an old notice, or a relay that keeps the new one back.
    Expired {
        /// Its last day.
        last_day: Day,
    },
    /// Its first day is to come: this machine's clock may be wrong.
    NotYet {
        /// Its first day.
        first_day: Day,
    },
}

/// A notice that was checked. Nothing else makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    body: NoticeBody,
}

/// A public key one may seal a letter to: the relay served it and the notice vouches for it.
#[derive(Clone, PartialEq, Eq)]
pub struct IntakeKey {
    period: Period,
    mailbox: MailboxId,
    bytes: Box<[u8; SEALING_KEY_BYTES]>,
}

/// The fetched key is not the one of the notice, or the notice names none for that period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRefused;

impl Notice {
    /// Believes a notice: signatures of root and desks, span, and today within it.
    ///
    /// # Errors
    /// [`NoticeRefused`] says which check failed.
    pub fn verify(file: &[u8], pinned: &RootKey, today: Day) -> Result<Self, NoticeRefused> {
        let notice = Self::verify_any_day(file, pinned)?;
        let NoticeBody {
            first_day,
            last_day,
            ..
        } = notice.body;
        if today > last_day {
            return Err(NoticeRefused::Expired { last_day });
        }
        if today < first_day {
            return Err(NoticeRefused::NotYet { first_day });
        }
        Ok(notice)
    }

    /// The same checks without today's. For a relay that goes on serving a board whose notice ran
    /// out; never for sealing.
    ///
    /// # Errors
    /// [`NoticeRefused`] says which check failed.
    pub fn verify_any_day(file: &[u8], pinned: &RootKey) -> Result<Self, NoticeRefused> {
        let signed = SignedParts::read(file)?;
        let (body, key_list) = decode_body(signed.body)?;
        if body.root != *pinned {
            return Err(NoticeRefused::OtherRoot);
        }
        pinned
            .verify(&root_signed_bytes(signed.body), signed.root_signature)
            .map_err(|_| NoticeRefused::Unsigned)?;
        let message = desk_signed_bytes(&body.mailbox, body.sequence, key_list);
        let mut vouching: Vec<DeskKey> = signed
            .desk_signatures
            .iter()
            .filter(|(desk, _)| body.keys.desks.contains(desk))
            .filter(|(desk, signature)| desk.verify(&message, signature).is_ok())
            .map(|(desk, _)| *desk)
            .collect();
        vouching.sort_unstable();
        vouching.dedup();
        let desks: BTreeSet<&DeskKey> = body.keys.desks.iter().collect();
        let needed = if desks.len() > 1 { 2 } else { 1 };
        if vouching.len() < needed {
            return Err(NoticeRefused::KeysNotVouched);
        }
        if body.last_day < body.first_day || body.last_day.0 - body.first_day.0 >= MOST_DAYS {
            return Err(NoticeRefused::WrongSpan);
        }
        Ok(Self { body })
    }

    /// What it says.
    #[must_use]
    pub fn body(&self) -> &NoticeBody {
        &self.body
    }

    /// Takes a fetched key as one to seal to.
    ///
    /// # Errors
    /// [`KeyRefused`] if the notice does not vouch for these bytes in this period.
    pub fn intake_key(&self, period: Period, fetched: &[u8]) -> Result<IntakeKey, KeyRefused> {
        let bytes: &[u8; SEALING_KEY_BYTES] = fetched.try_into().map_err(|_| KeyRefused)?;
        let vouched = self
            .body
            .keys
            .intake
            .iter()
            .any(|(p, h)| *p == period && *h == hash(bytes));
        if !vouched {
            return Err(KeyRefused);
        }
        Ok(IntakeKey {
            period,
            mailbox: self.body.mailbox,
            bytes: Box::new(*bytes),
        })
    }

    /// Which period to seal to on a day: its week, or the carry quarter when no week is in force.
    #[must_use]
    pub fn period_for(&self, today: Day) -> Option<Period> {
        let listed = |p: &Period| self.body.keys.intake.iter().any(|(q, _)| q == p);
        [
            Period::of(today, self.body.period_days),
            Period::carry_of(today),
        ]
        .into_iter()
        .find(listed)
    }

    /// Whether letters of this period can still be opened.
    #[must_use]
    pub fn takes(&self, period: Period) -> bool {
        self.body.keys.intake.iter().any(|(p, _)| *p == period)
    }

    /// The voice in force on a day.
    #[must_use]
    pub fn voice_on(&self, day: Day) -> Option<VoiceKey> {
        let spans = self.body.keys.voice.iter();
        spans
            .filter(|v| v.first_day <= day && day <= v.last_day)
            .map(|v| v.key)
            .next_back()
    }
}

impl IntakeKey {
    /// The period it belongs to.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// The office it belongs to.
    #[must_use]
    pub fn mailbox(&self) -> &MailboxId {
        &self.mailbox
    }

    /// The X-Wing public key.
    #[must_use]
    pub fn bytes(&self) -> &[u8; SEALING_KEY_BYTES] {
        &self.bytes
    }
}

/// The fingerprint people compare: ten groups of four digits.
#[must_use]
pub fn fingerprint(root: &RootKey) -> String {
    let digest = hash(&root.0);
    let groups = digest.as_chunks::<2>().0.iter().take(10);
    groups
        .map(|pair| format!("{:04}", u16::from_be_bytes(*pair) % 10_000))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Hash under which the next root is announced.
#[must_use]
pub fn next_root_hash(next: &RootKey) -> [u8; 32] {
    hash(&[labels::NEXT_ROOT.as_bytes(), &next.0].concat())
}

/// What the root signs.
#[must_use]
pub fn root_signed_bytes(body: &[u8]) -> Vec<u8> {
    [labels::NOTICE.as_bytes(), body].concat()
}

/// What each desk signs.
#[must_use]
pub fn desk_signed_bytes(mailbox: &MailboxId, sequence: u64, key_list: &[u8]) -> Vec<u8> {
    [
        labels::KEY_LIST.as_bytes(),
        &mailbox.0,
        &sequence.to_be_bytes(),
        &hash(key_list),
    ]
    .concat()
}

/// Joins a body and its signatures into the file that is served.
#[must_use]
pub fn to_file(body: &[u8], root_signature: &[u8; 64], desks: &[(DeskKey, [u8; 64])]) -> Vec<u8> {
    cbor::write(|e| {
        e.array(3)?
            .bytes(body)?
            .bytes(root_signature)?
            .array(desks.len() as u64)?;
        for (desk, signature) in desks {
            e.array(2)?.bytes(&desk.0)?.bytes(signature)?;
        }
        Ok(())
    })
}

impl KeyList {
    /// The bytes desks sign.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        cbor::write(|e| {
            e.map(4)?.u8(0)?.array(self.intake.len() as u64)?;
            for (period, key_hash) in &self.intake {
                e.array(2)?.u32(period.number())?.bytes(key_hash)?;
            }
            e.u8(1)?.array(self.voice.len() as u64)?;
            for v in &self.voice {
                e.array(3)?
                    .bytes(&v.key.0)?
                    .u32(v.first_day.0)?
                    .u32(v.last_day.0)?;
            }
            e.u8(2)?.array(self.desks.len() as u64)?;
            for desk in &self.desks {
                e.bytes(&desk.0)?;
            }
            e.u8(3)?.array(self.credentials.len() as u64)?;
            for (period, key) in &self.credentials {
                e.array(2)?.u32(period.number())?.bytes(&key.0)?;
            }
            Ok(())
        })
    }
}

/// Bytes of the list of a whole day, of epochs that last so long and list so many cells.
#[must_use]
pub fn day_bytes(epoch_seconds: u32, cells: u32) -> u64 {
    let epochs = SECONDS_A_DAY.div_ceil(u64::from(epoch_seconds.max(1)));
    epochs.saturating_mul(12 + SHORT_TAG_BYTES as u64 * u64::from(cells))
}

impl NoticeBody {
    /// Whether everyone can work by its numbers: nobody divides by zero, fills a board without
    /// end, has a list of a day that no reader takes, or starts conversation keys in a period that has not come. (protocol §7)
    fn is_workable(&self) -> bool {
        let week = Period::of(self.last_day, self.period_days).number();
        (1..=MOST_PERIOD_DAYS).contains(&self.period_days)
            && self.first_period <= week
            && self.epoch_seconds > 0
            && (1..=MOST_LEAVES).contains(&self.shape.leaves)
            && (1..=MOST_CELLS).contains(&self.shape.cells)
            && day_bytes(self.epoch_seconds, self.shape.cells) <= MOST_DAY_BYTES
    }

    /// The bytes the root signs.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        cbor::write(|e| {
            e.map(19)?
                .u8(0)?
                .u8(1)?
                .u8(1)?
                .u64(self.sequence)?
                .u8(2)?
                .bytes(&self.mailbox.0)?;
            e.u8(3)?
                .str(&self.name)?
                .u8(4)?
                .array(self.languages.len() as u64)?;
            for language in &self.languages {
                e.str(language)?;
            }
            e.u8(5)?.array(self.relays.len() as u64)?;
            for relay in &self.relays {
                e.str(relay)?;
            }
            e.u8(6)?
                .bytes(&self.root.0)?
                .u8(7)?
                .bytes(&self.next_root)?;
            e.u8(8)?
                .u32(self.first_day.0)?
                .u8(9)?
                .u32(self.last_day.0)?;
            e.u8(10)?
                .u32(self.first_period)?
                .u8(11)?
                .u32(self.period_days)?;
            e.u8(12)?
                .u32(self.grace_days)?
                .u8(13)?
                .bytes(&self.relay_key.0)?;
            e.u8(14)?
                .u32(self.epoch_seconds)?
                .u8(15)?
                .u32(self.shape.leaves)?;
            e.u8(16)?
                .u32(self.shape.cells)?
                .u8(17)?
                .bytes(&self.keys.encode())?;
            e.u8(18)?.bytes(&self.site)?;
            Ok(())
        })
    }
}

struct SignedParts<'a> {
    body: &'a [u8],
    root_signature: &'a [u8],
    desk_signatures: Vec<(DeskKey, &'a [u8])>,
}

impl<'a> SignedParts<'a> {
    fn read(file: &'a [u8]) -> Result<Self, NoticeRefused> {
        if file.len() > MOST_BYTES || !cbor::is_deterministic(file) {
            return Err(NoticeRefused::Malformed);
        }
        let mut d = Decoder::new(file);
        let mut read = || {
            tuple(&mut d, 3)?;
            let (body, root_signature) = (d.bytes()?, d.bytes()?);
            let mut desk_signatures = Vec::new();
            for _ in 0..bounded(d.array()?)? {
                tuple(&mut d, 2)?;
                desk_signatures.push((DeskKey(fixed(d.bytes()?)?), d.bytes()?));
            }
            Ok(Self {
                body,
                root_signature,
                desk_signatures,
            })
        };
        read().map_err(|_: minicbor::decode::Error| NoticeRefused::Malformed)
    }
}

fn decode_keys(bytes: &[u8]) -> ReadResult<KeyList> {
    if !cbor::is_deterministic(bytes) {
        return Err(minicbor::decode::Error::message("another form"));
    }
    let mut d = Decoder::new(bytes);
    let mut keys = KeyList::default();
    for _ in 0..bounded(d.map()?)? {
        match d.u64()? {
            0 => {
                for _ in 0..bounded(d.array()?)? {
                    tuple(&mut d, 2)?;
                    keys.intake
                        .push((Period::from_number(d.u32()?), fixed(d.bytes()?)?));
                }
            }
            1 => {
                for _ in 0..bounded(d.array()?)? {
                    tuple(&mut d, 3)?;
                    let key = VoiceKey(fixed(d.bytes()?)?);
                    let (first_day, last_day) = (Day(d.u32()?), Day(d.u32()?));
                    keys.voice.push(VoiceSpan {
                        key,
                        first_day,
                        last_day,
                    });
                }
            }
            2 => {
                for _ in 0..bounded(d.array()?)? {
                    keys.desks.push(DeskKey(fixed(d.bytes()?)?));
                }
            }
            3 => {
                for _ in 0..bounded(d.array()?)? {
                    tuple(&mut d, 2)?;
                    let period = Period::from_number(d.u32()?);
                    keys.credentials
                        .push((period, CredentialKey(fixed(d.bytes()?)?)));
                }
            }
            _ => d.skip()?,
        }
    }
    Ok(keys)
}

fn decode_body(bytes: &[u8]) -> Result<(NoticeBody, &[u8]), NoticeRefused> {
    if !cbor::is_deterministic(bytes) {
        return Err(NoticeRefused::Malformed);
    }
    let mut d = Decoder::new(bytes);
    let mut version = 0;
    let mut key_list: &[u8] = &[];
    let mut body = NoticeBody {
        sequence: 0,
        mailbox: MailboxId([0; 16]),
        name: String::new(),
        languages: Vec::new(),
        relays: Vec::new(),
        root: RootKey([0; 32]),
        next_root: [0; 32],
        first_day: Day(0),
        last_day: Day(0),
        first_period: 0,
        period_days: 0,
        grace_days: 0,
        relay_key: RelayKey([0; 32]),
        epoch_seconds: 0,
        shape: EpochShape {
            leaves: 0,
            cells: 0,
        },
        keys: KeyList::default(),
        site: [0; 32],
    };
    let mut seen: u32 = 0;
    let mut read = || -> ReadResult<()> {
        for _ in 0..bounded(d.map()?)? {
            let key = d.u64()?;
            if key < 32 {
                seen |= 1 << key;
            }
            match key {
                0 => version = d.u64()?,
                1 => body.sequence = d.u64()?,
                2 => body.mailbox = MailboxId(fixed(d.bytes()?)?),
                3 => body.name = d.str()?.to_owned(),
                4 | 5 => {
                    let list = if key == 4 {
                        &mut body.languages
                    } else {
                        &mut body.relays
                    };
                    for _ in 0..bounded(d.array()?)? {
                        list.push(d.str()?.to_owned());
                    }
                }
                6 => body.root = RootKey(fixed(d.bytes()?)?),
                7 => body.next_root = fixed(d.bytes()?)?,
                8 => body.first_day = Day(d.u32()?),
                9 => body.last_day = Day(d.u32()?),
                10 => body.first_period = d.u32()?,
                11 => body.period_days = d.u32()?,
                12 => body.grace_days = d.u32()?,
                13 => body.relay_key = RelayKey(fixed(d.bytes()?)?),
                14 => body.epoch_seconds = d.u32()?,
                15 => body.shape.leaves = d.u32()?,
                16 => body.shape.cells = d.u32()?,
                17 => {
                    key_list = d.bytes()?;
                    body.keys = decode_keys(key_list)?;
                }
                18 => body.site = fixed(d.bytes()?)?,
                _ => d.skip()?,
            }
        }
        Ok(())
    };
    let read = read();
    // The version comes first, so what a newer one says differently is not called malformed.
    if version > 1 {
        return Err(NoticeRefused::TooNew);
    }
    read.map_err(|_| NoticeRefused::Malformed)?;
    // Every key of §7, 0 to 18, must have been there.
    if version != 1 || seen & 0x7_ffff != 0x7_ffff || !body.is_workable() {
        return Err(NoticeRefused::Malformed);
    }
    Ok((body, key_list))
}
