//! What stands inside an item: the body a desk signs, and its contents by kind. (protocol §12.1)

use std::collections::BTreeSet;
use std::fmt;

use envelope::keys::{DeskKey, SEALING_KEY_BYTES, SIGNATURE_BYTES};
use envelope::{MailboxId, hash, labels};
use hpke::kem::XWing;
use hpke::{Deserializable, Kem};
use minicbor::decode::{Decoder, Error};
use open::DeskSecret;

use crate::cbor::{self, Reading, Writer, Written, fixed, list, missing, tuple};
use crate::keys::{CASE_WRAP_BYTES, COMMITMENT_BYTES, WRAP_BYTES};
use crate::place::{Head, TeamId};

/// Sealing keys that one entry gives at most.
pub const MOST_SEALING_KEYS: usize = 64;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub [u8; 16]);

            // A log line that names a case would betray one.
            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(stringify!($name))
                }
            }
        )*
    };
}
names! {
    /// A case, as casework names it.
    CaseId
    /// A circle: those who share access.
    CircleId
    /// One thing written, however often it is sealed again.
    DraftId
}

/// A person by the short code casework uses.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonId(String);

/// Not 1 to 24 lower-case letters, digits and hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPerson;

impl PersonId {
    /// Reads a code.
    ///
    /// # Errors
    /// [`NotAPerson`].
    pub fn new(code: &str) -> Result<Self, NotAPerson> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=24).contains(&code.len()) && code.bytes().all(plain) {
            Ok(Self(code.to_owned()))
        } else {
            Err(NotAPerson)
        }
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonId")
    }
}

/// What a person does, and with it which circle's keys they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Opens first letters.
    Intake,
    /// Verifies and reviews.
    Verifier,
    /// Writes to authorities and companies.
    Communications,
    /// Counts and publishes.
    Figures,
    /// Admits, removes, changes roles.
    Administrator,
    /// Sees the log's shape and no content.
    Auditor,
}

impl Role {
    /// All, by number.
    pub const ALL: [Self; 6] = [
        Self::Intake,
        Self::Verifier,
        Self::Communications,
        Self::Figures,
        Self::Administrator,
        Self::Auditor,
    ];

    fn number(self) -> u8 {
        match self {
            Self::Intake => 0,
            Self::Verifier => 1,
            Self::Communications => 2,
            Self::Figures => 3,
            Self::Administrator => 4,
            Self::Auditor => 5,
        }
    }

    fn from_number(number: u64) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|role| u64::from(role.number()) == number)
    }

    /// The circle of all persons of this role; an auditor is in none.
    #[must_use]
    pub fn circle(self, team: &TeamId) -> Option<CircleId> {
        if self == Self::Auditor {
            return None;
        }
        let bytes = [labels::TEAM_ROLE.as_bytes(), &team.0, &[self.number()]].concat();
        hash(&bytes).first_chunk::<16>().copied().map(CircleId)
    }
}

/// A desk's public key of one period: team and circle keys are wrapped to it.
#[derive(Clone, PartialEq, Eq)]
pub struct SealingKey {
    /// The week period.
    pub period: u32,
    /// X-Wing.
    pub key: Box<[u8; SEALING_KEY_BYTES]>,
}

impl SealingKey {
    /// Whether anything can be sealed to it.
    pub(crate) fn is_a_key(&self) -> bool {
        <XWing as Kem>::PublicKey::from_bytes(self.key.as_ref()).is_ok()
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey of {}", self.period)
    }
}

/// A key on its way to one desk.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// To whom.
    pub desk: DeskKey,
    /// Encapsulation and ciphertext.
    pub bytes: Box<[u8; WRAP_BYTES]>,
}

impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wrapped")
    }
}

/// That a desk of a person vouches for that person's next one, and for its sealing keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vouch {
    /// The desk that vouches.
    pub desk: DeskKey,
    /// Its signature.
    pub signature: [u8; SIGNATURE_BYTES],
}

impl Vouch {
    /// Signed on a desk of the person, about their next desk.
    #[must_use]
    pub fn sign(team: &TeamId, next: &DeskKey, sealing: &[SealingKey], by: &DeskSecret) -> Self {
        Self {
            desk: by.public(),
            signature: by.sign_for_team(&vouched_bytes(team, next, sealing)),
        }
    }

    /// Whether it is signed so. Whose desk it is, the roster knows.
    pub(crate) fn holds(&self, team: &TeamId, next: &DeskKey, sealing: &[SealingKey]) -> bool {
        let message = vouched_bytes(team, next, sealing);
        self.desk.verify(&message, &self.signature).is_ok()
    }
}

/// Sealing keys are in it: with keys of one's own under another's desk one reads what is wrapped
/// to it.
fn vouched_bytes(team: &TeamId, next: &DeskKey, sealing: &[SealingKey]) -> Vec<u8> {
    let keys = hash(&cbor::write(|to| write_sealing(to, sealing)));
    [labels::TEAM_DESK.as_bytes(), &team.0, &next.0, &keys].concat()
}

/// A new team or circle key, wrapped to each desk that may have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// Whose key; none for the team's.
    pub circle: Option<CircleId>,
    /// The week period it lives with.
    pub period: u32,
    /// One more than the key before.
    pub generation: u64,
    /// Ascending by desk.
    pub wraps: Vec<Wrapped>,
    /// Of the new key, to the position this stands at.
    pub commitment: [u8; COMMITMENT_BYTES],
}

/// How a team begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// The office.
    pub mailbox: MailboxId,
    /// Days of a week period.
    pub period_days: u32,
    /// Days a period's keys outlive it.
    pub grace_days: u32,
    /// How many persons replace an administrator.
    pub quorum: u32,
    /// Who founds.
    pub person: PersonId,
    /// With which roles; an administrator is among them.
    pub roles: Vec<Role>,
    /// On which desk.
    pub desk: DeskKey,
    /// That desk's keys.
    pub sealing: Vec<SealingKey>,
    /// Period of the first team key.
    pub period: u32,
    /// Drawn by chance, so that two teams of one office differ.
    pub random: [u8; 16],
}

impl Founding {
    /// The team's id, to be given to whoever joins.
    #[must_use]
    pub fn team(&self) -> TeamId {
        Self::team_of(&self.encode())
    }

    /// Of the bytes as they came: a newer release may have written more than is read here.
    pub(crate) fn team_of(content: &[u8]) -> TeamId {
        TeamId(hash(&[labels::TEAM_FOUNDING.as_bytes(), content].concat()))
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        cbor::write(|to| {
            to.map(10)?.u8(0)?.bytes(&self.mailbox.0)?;
            to.u8(1)?.u32(self.period_days)?;
            to.u8(2)?.u32(self.grace_days)?.u8(3)?.u32(self.quorum)?;
            to.u8(4)?.str(&self.person.0)?.u8(5)?;
            write_roles(to, &self.roles)?;
            to.u8(6)?.bytes(&self.desk.0)?.u8(7)?;
            write_sealing(to, &self.sealing)?;
            to.u8(8)?.u32(self.period)?.u8(9)?.bytes(&self.random)?;
            Ok(())
        })
    }

    fn decode(bytes: &[u8]) -> Option<Known<Self>> {
        cbor::read(bytes, |from| {
            let mut newer = false;
            let (mut mailbox, mut days, mut grace, mut quorum) = (None, None, None, None);
            let (mut person, mut roles, mut desk, mut sealing) = (None, None, None, None);
            let (mut period, mut random) = (None, None);
            cbor::map(from, |key, from| {
                match key {
                    0 => mailbox = Some(MailboxId(fixed(from)?)),
                    1 => days = Some(from.u32()?),
                    2 => grace = Some(from.u32()?),
                    3 => quorum = Some(from.u32()?),
                    4 => person = Some(read_person(from)?),
                    5 => roles = Some(read_roles(from, &mut newer)?),
                    6 => desk = Some(DeskKey(fixed(from)?)),
                    7 => sealing = Some(read_sealing(from)?),
                    8 => period = Some(from.u32()?),
                    9 => random = Some(fixed(from)?),
                    _ => {
                        newer = true;
                        from.skip()?;
                    }
                }
                Ok(())
            })?;
            if newer {
                return Ok(Known::Newer);
            }
            Ok(Known::Here(Self {
                mailbox: mailbox.ok_or_else(missing)?,
                period_days: days.ok_or_else(missing)?,
                grace_days: grace.ok_or_else(missing)?,
                quorum: quorum.ok_or_else(missing)?,
                person: person.ok_or_else(missing)?,
                roles: roles.ok_or_else(missing)?,
                desk: desk.ok_or_else(missing)?,
                sealing: sealing.ok_or_else(missing)?,
                period: period.ok_or_else(missing)?,
                random: random.ok_or_else(missing)?,
            }))
        })
    }
}

/// What this release reads whole, or what only a newer one can judge.
enum Known<T> {
    Here(T),
    Newer,
}

impl<T> Known<T> {
    fn content(self, of: impl FnOnce(T) -> Content) -> Content {
        match self {
            Self::Here(known) => of(known),
            Self::Newer => Content::Newer,
        }
    }
}

/// What changes who belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// A person with a desk, or one more desk of a person who is there.
    Admit {
        /// Who.
        person: PersonId,
        /// What for.
        roles: Vec<Role>,
        /// The desk.
        desk: DeskKey,
        /// The desk's keys.
        sealing: Vec<SealingKey>,
        /// The team's new key.
        renewal: Renewal,
        /// By a desk of that person, if they are there and somebody else writes.
        vouch: Option<Vouch>,
    },
    /// A desk that is lost or given up.
    RemoveDesk {
        /// Which.
        desk: DeskKey,
        /// The team's new key.
        renewal: Renewal,
    },
    /// A person, with all their desks.
    RemovePerson {
        /// Who.
        person: PersonId,
        /// The team's new key.
        renewal: Renewal,
    },
    /// Other roles.
    Roles {
        /// Who.
        person: PersonId,
        /// All of them from now on.
        roles: Vec<Role>,
    },
    /// A circle, new or changed.
    Circle {
        /// Which.
        circle: CircleId,
        /// All of its members from now on, ascending.
        persons: Vec<PersonId>,
    },
    /// That a person become administrator, because no other is there.
    Propose {
        /// Who.
        person: PersonId,
    },
    /// Agreement with a proposal.
    Agree {
        /// Where it stands.
        proposal: u64,
    },
}

/// Whom a content is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every member, auditors too.
    Team,
    /// A circle, as long as its key of the day lives: keys that die with the period.
    Circle(CircleId),
    /// A case of a circle.
    Case(CircleId, CaseId),
}

/// The content of an entry, by kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Founding(Founding),
    ForAll(Vec<u8>),
    Closed(Closed),
    Act(Box<Act>),
    Renewal(Renewal),
    Sealing(Vec<SealingKey>),
    CaseKeys(CircleId, Vec<(CaseId, [u8; CASE_WRAP_BYTES])>),
    Erased(CircleId, CaseId),
    /// Of a kind of a newer release: kept, without effect here.
    Unknown,
    /// An act or a founding of a newer release: it may change who belongs.
    Newer,
}

/// What stands under a case or circle key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Closed {
    pub(crate) circle: CircleId,
    pub(crate) case: Option<CaseId>,
    pub(crate) commitment: [u8; COMMITMENT_BYTES],
    pub(crate) sealed: Vec<u8>,
    pub(crate) wrapped: Option<[u8; CASE_WRAP_BYTES]>,
}

/// What a desk signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) after: [u8; 32],
    pub(crate) seen: Head,
    pub(crate) desk: DeskKey,
    pub(crate) number: u64,
    pub(crate) draft: DraftId,
    pub(crate) day: u32,
    pub(crate) kind: u64,
    pub(crate) content: Vec<u8>,
}

pub(crate) fn signed_bytes(team: &TeamId, position: u64, body: &[u8]) -> Vec<u8> {
    let label = labels::TEAM_SIGNATURE.as_bytes();
    [label, &team.0, &position.to_be_bytes(), &hash(body)].concat()
}

/// Body and signature, as they stand inside an item.
pub(crate) fn join(body: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> Vec<u8> {
    cbor::write(|to| {
        to.array(2)?.bytes(body)?.bytes(signature)?;
        Ok(())
    })
}

pub(crate) fn split(inside: &[u8]) -> Option<(&[u8], [u8; SIGNATURE_BYTES])> {
    cbor::read(inside, |from| {
        tuple(from, 2)?;
        Ok((from.bytes()?, fixed(from)?))
    })
}

impl Body {
    pub(crate) fn encode(&self) -> Vec<u8> {
        cbor::write(|to| {
            to.map(9)?.u8(0)?.bytes(&self.after)?;
            to.u8(1)?.u64(self.seen.count)?;
            to.u8(2)?.bytes(&self.seen.hash)?;
            to.u8(3)?.bytes(&self.desk.0)?.u8(4)?.u64(self.number)?;
            to.u8(5)?.bytes(&self.draft.0)?.u8(6)?.u32(self.day)?;
            to.u8(7)?.u64(self.kind)?.u8(8)?.bytes(&self.content)?;
            Ok(())
        })
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        cbor::read(bytes, |from| {
            let (mut after, mut count, mut seen, mut desk) = (None, None, None, None);
            let (mut number, mut draft, mut day) = (None, None, None);
            let (mut kind, mut content) = (None, None);
            cbor::map(from, |key, from| {
                match key {
                    0 => after = Some(fixed(from)?),
                    1 => count = Some(from.u64()?),
                    2 => seen = Some(fixed(from)?),
                    3 => desk = Some(DeskKey(fixed(from)?)),
                    4 => number = Some(from.u64()?),
                    5 => draft = Some(DraftId(fixed(from)?)),
                    6 => day = Some(from.u32()?),
                    7 => kind = Some(from.u64()?),
                    8 => content = Some(from.bytes()?.to_vec()),
                    _ => from.skip()?,
                }
                Ok(())
            })?;
            Ok(Self {
                after: after.ok_or_else(missing)?,
                seen: Head {
                    count: count.ok_or_else(missing)?,
                    hash: seen.ok_or_else(missing)?,
                },
                desk: desk.ok_or_else(missing)?,
                number: number.ok_or_else(missing)?,
                draft: draft.ok_or_else(missing)?,
                day: day.ok_or_else(missing)?,
                kind: kind.ok_or_else(missing)?,
                content: content.ok_or_else(missing)?,
            })
        })
    }
}

/// Whether what stands inside may go under a bridge: a new team key, with or without an act, or the
/// sealing keys that it needs.
pub(crate) fn is_bridging(inside: &[u8]) -> bool {
    let body = split(inside).and_then(|(body, _)| Body::decode(body));
    let content = body.and_then(|body| Content::decode(body.kind, &body.content));
    match content {
        Some(Content::Renewal(renewal)) => renewal.circle.is_none(),
        Some(Content::Act(act)) => act.renewal().is_some(),
        Some(Content::Sealing(_)) => true,
        _ => false,
    }
}

impl Content {
    /// The new team key that an entry brings.
    pub(crate) fn team_renewal(&self) -> Option<&Renewal> {
        match self {
            Self::Renewal(renewal) => Some(renewal).filter(|renewal| renewal.circle.is_none()),
            Self::Act(act) => act.renewal(),
            _ => None,
        }
    }

    /// Number of the kind, and the bytes.
    pub(crate) fn encode(&self) -> (u64, Vec<u8>) {
        match self {
            Self::Founding(founding) => (0, founding.encode()),
            Self::ForAll(bytes) => (1, bytes.clone()),
            Self::Closed(closed) => (if closed.case.is_some() { 3 } else { 2 }, closed.encode()),
            Self::Act(act) => (4, act.encode()),
            Self::Renewal(renewal) => {
                let kind = if renewal.circle.is_some() { 5 } else { 6 };
                (kind, cbor::write(|to| write_renewal(to, renewal)))
            }
            Self::Sealing(keys) => (7, cbor::write(|to| write_sealing(to, keys))),
            Self::CaseKeys(circle, keys) => {
                let bytes = cbor::write(|to| {
                    to.map(2)?.u8(0)?.bytes(&circle.0)?.u8(1)?;
                    to.array(count(keys.len()))?;
                    for (case, wrapped) in keys {
                        to.array(2)?.bytes(&case.0)?.bytes(wrapped)?;
                    }
                    Ok(())
                });
                (8, bytes)
            }
            Self::Erased(circle, case) => {
                let bytes = cbor::write(|to| {
                    to.map(2)?.u8(0)?.bytes(&circle.0)?;
                    to.u8(1)?.bytes(&case.0)?;
                    Ok(())
                });
                (9, bytes)
            }
            Self::Unknown | Self::Newer => (u64::MAX, Vec::new()),
        }
    }

    /// Reads the content of a kind; `None` if it is malformed.
    pub(crate) fn decode(kind: u64, bytes: &[u8]) -> Option<Self> {
        match kind {
            0 => Founding::decode(bytes).map(|known| known.content(Self::Founding)),
            1 => Some(Self::ForAll(bytes.to_vec())),
            2 | 3 => Closed::decode(bytes)
                .filter(|closed| closed.case.is_some() == (kind == 3))
                .map(Self::Closed),
            4 => cbor::read(bytes, read_act)
                .map(|known| known.content(|act| Self::Act(Box::new(act)))),
            5 | 6 => cbor::read(bytes, read_renewal)
                .filter(|renewal| renewal.circle.is_some() == (kind == 5))
                .map(Self::Renewal),
            7 => cbor::read(bytes, read_sealing).map(Self::Sealing),
            8 => cbor::read(bytes, |from| {
                let (mut circle, mut keys) = (None, None);
                cbor::map(from, |key, from| {
                    match key {
                        0 => circle = Some(CircleId(fixed(from)?)),
                        1 => {
                            keys = Some(list(from, |from| {
                                tuple(from, 2)?;
                                Ok((CaseId(fixed(from)?), fixed(from)?))
                            })?);
                        }
                        _ => from.skip()?,
                    }
                    Ok(())
                })?;
                Ok(Self::CaseKeys(
                    circle.ok_or_else(missing)?,
                    keys.ok_or_else(missing)?,
                ))
            }),
            9 => cbor::read(bytes, |from| {
                let (mut circle, mut case) = (None, None);
                cbor::map(from, |key, from| {
                    match key {
                        0 => circle = Some(CircleId(fixed(from)?)),
                        1 => case = Some(CaseId(fixed(from)?)),
                        _ => from.skip()?,
                    }
                    Ok(())
                })?;
                Ok(Self::Erased(
                    circle.ok_or_else(missing)?,
                    case.ok_or_else(missing)?,
                ))
            }),
            _ => Some(Self::Unknown),
        }
    }
}

impl Closed {
    fn encode(&self) -> Vec<u8> {
        let more = u64::from(self.case.is_some()) + u64::from(self.wrapped.is_some());
        cbor::write(|to| {
            to.map(3 + more)?.u8(0)?.bytes(&self.circle.0)?;
            to.u8(1)?.bytes(&self.commitment)?;
            to.u8(2)?.bytes(&self.sealed)?;
            if let Some(case) = self.case {
                to.u8(3)?.bytes(&case.0)?;
            }
            if let Some(wrapped) = &self.wrapped {
                to.u8(4)?.bytes(wrapped)?;
            }
            Ok(())
        })
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        cbor::read(bytes, |from| {
            let (mut circle, mut commitment, mut sealed) = (None, None, None);
            let (mut case, mut wrapped) = (None, None);
            cbor::map(from, |key, from| {
                match key {
                    0 => circle = Some(CircleId(fixed(from)?)),
                    1 => commitment = Some(fixed(from)?),
                    2 => sealed = Some(from.bytes()?.to_vec()),
                    3 => case = Some(CaseId(fixed(from)?)),
                    4 => wrapped = Some(fixed(from)?),
                    _ => from.skip()?,
                }
                Ok(())
            })?;
            Ok(Self {
                circle: circle.ok_or_else(missing)?,
                case,
                commitment: commitment.ok_or_else(missing)?,
                sealed: sealed.ok_or_else(missing)?,
                wrapped,
            })
        })
    }
}

impl Act {
    pub(crate) fn renewal(&self) -> Option<&Renewal> {
        match self {
            Self::Admit { renewal, .. }
            | Self::RemoveDesk { renewal, .. }
            | Self::RemovePerson { renewal, .. } => Some(renewal),
            _ => None,
        }
    }

    fn encode(&self) -> Vec<u8> {
        cbor::write(|to| {
            match self {
                Self::Admit {
                    person,
                    roles,
                    desk,
                    sealing,
                    renewal,
                    vouch,
                } => {
                    to.map(6 + u64::from(vouch.is_some()))?
                        .u8(0)?
                        .u8(0)?
                        .u8(1)?
                        .str(&person.0)?
                        .u8(2)?;
                    write_roles(to, roles)?;
                    to.u8(3)?.bytes(&desk.0)?.u8(4)?;
                    write_sealing(to, sealing)?;
                    to.u8(8)?;
                    write_renewal(to, renewal)?;
                    if let Some(vouch) = vouch {
                        to.u8(9)?.array(2)?.bytes(&vouch.desk.0)?;
                        to.bytes(&vouch.signature)?;
                    }
                }
                Self::RemoveDesk { desk, renewal } => {
                    to.map(3)?.u8(0)?.u8(1)?.u8(3)?.bytes(&desk.0)?.u8(8)?;
                    write_renewal(to, renewal)?;
                }
                Self::RemovePerson { person, renewal } => {
                    to.map(3)?.u8(0)?.u8(2)?.u8(1)?.str(&person.0)?.u8(8)?;
                    write_renewal(to, renewal)?;
                }
                Self::Roles { person, roles } => {
                    to.map(3)?.u8(0)?.u8(3)?.u8(1)?.str(&person.0)?.u8(2)?;
                    write_roles(to, roles)?;
                }
                Self::Circle { circle, persons } => {
                    to.map(3)?.u8(0)?.u8(4)?.u8(5)?.bytes(&circle.0)?.u8(6)?;
                    let persons: BTreeSet<&PersonId> = persons.iter().collect();
                    to.array(count(persons.len()))?;
                    for person in persons {
                        to.str(&person.0)?;
                    }
                }
                Self::Propose { person } => {
                    to.map(2)?.u8(0)?.u8(5)?.u8(1)?.str(&person.0)?;
                }
                Self::Agree { proposal } => {
                    to.map(2)?.u8(0)?.u8(6)?.u8(7)?.u64(*proposal)?;
                }
            }
            Ok(())
        })
    }
}

/// Acts of this release are numbered below this.
const ACTS: u64 = 7;

fn read_act(from: &mut Decoder<'_>) -> Reading<Known<Act>> {
    // What stands first: keys of an act of a newer release may mean anything.
    let what = cbor::first(from)?;
    if what >= ACTS {
        return Ok(Known::Newer);
    }
    let mut newer = false;
    let (mut person, mut roles, mut desk) = (None, None, None);
    let (mut sealing, mut circle, mut persons) = (None, None, None);
    let (mut proposal, mut renewal, mut vouch) = (None, None, None);
    cbor::map(from, |key, from| {
        match key {
            0 => from.skip()?,
            1 => person = Some(read_person(from)?),
            2 => roles = Some(read_roles(from, &mut newer)?),
            3 => desk = Some(DeskKey(fixed(from)?)),
            4 => sealing = Some(read_sealing(from)?),
            5 => circle = Some(CircleId(fixed(from)?)),
            6 => persons = Some(ascending(list(from, read_person)?, PersonId::clone)?),
            7 => proposal = Some(from.u64()?),
            8 => renewal = Some(read_renewal(from)?),
            9 => {
                tuple(from, 2)?;
                let desk = DeskKey(fixed(from)?);
                let signature = fixed(from)?;
                vouch = Some(Vouch { desk, signature });
            }
            _ => {
                newer = true;
                from.skip()?;
            }
        }
        Ok(())
    })?;
    if newer {
        return Ok(Known::Newer);
    }
    Ok(Known::Here(match what {
        0 => Act::Admit {
            person: person.ok_or_else(missing)?,
            roles: roles.ok_or_else(missing)?,
            desk: desk.ok_or_else(missing)?,
            sealing: sealing.ok_or_else(missing)?,
            renewal: renewal.ok_or_else(missing)?,
            vouch,
        },
        1 => Act::RemoveDesk {
            desk: desk.ok_or_else(missing)?,
            renewal: renewal.ok_or_else(missing)?,
        },
        2 => Act::RemovePerson {
            person: person.ok_or_else(missing)?,
            renewal: renewal.ok_or_else(missing)?,
        },
        3 => Act::Roles {
            person: person.ok_or_else(missing)?,
            roles: roles.ok_or_else(missing)?,
        },
        4 => Act::Circle {
            circle: circle.ok_or_else(missing)?,
            persons: persons.ok_or_else(missing)?,
        },
        5 => Act::Propose {
            person: person.ok_or_else(missing)?,
        },
        6 => Act::Agree {
            proposal: proposal.ok_or_else(missing)?,
        },
        _ => return Ok(Known::Newer),
    }))
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn read_person(from: &mut Decoder<'_>) -> Reading<PersonId> {
    PersonId::new(from.str()?).map_err(|_| Error::message("not a person"))
}

fn write_roles(to: &mut Writer, roles: &[Role]) -> Written {
    // In the one order that reads, however they were handed in.
    let roles: BTreeSet<Role> = roles.iter().copied().collect();
    to.array(count(roles.len()))?;
    for role in roles {
        to.u8(role.number())?;
    }
    Ok(())
}

fn read_roles(from: &mut Decoder<'_>, newer: &mut bool) -> Reading<Vec<Role>> {
    let numbers = ascending(list(from, |from| from.u64())?, |number| *number)?;
    let known = numbers.iter().map(|number| Role::from_number(*number));
    let roles: Option<Vec<Role>> = known.collect();
    *newer |= roles.is_none();
    Ok(roles.unwrap_or_default())
}

fn write_sealing(to: &mut Writer, keys: &[SealingKey]) -> Written {
    let mut keys: Vec<&SealingKey> = keys.iter().collect();
    keys.sort_by_key(|key| key.period);
    to.array(count(keys.len()))?;
    for key in keys {
        to.array(2)?.u32(key.period)?.bytes(key.key.as_ref())?;
    }
    Ok(())
}

fn read_sealing(from: &mut Decoder<'_>) -> Reading<Vec<SealingKey>> {
    let keys = list(from, |from| {
        tuple(from, 2)?;
        let period = from.u32()?;
        let key = Box::new(fixed(from)?);
        Ok(SealingKey { period, key })
    })?;
    if keys.len() > MOST_SEALING_KEYS {
        return Err(Error::message("too many keys"));
    }
    ascending(keys, |key| key.period)
}

fn write_renewal(to: &mut Writer, renewal: &Renewal) -> Written {
    to.map(4 + u64::from(renewal.circle.is_some()))?;
    if let Some(circle) = renewal.circle {
        to.u8(0)?.bytes(&circle.0)?;
    }
    to.u8(1)?.u32(renewal.period)?;
    to.u8(2)?.u64(renewal.generation)?.u8(3)?;
    to.array(count(renewal.wraps.len()))?;
    for wrap in &renewal.wraps {
        to.array(2)?
            .bytes(&wrap.desk.0)?
            .bytes(wrap.bytes.as_ref())?;
    }
    to.u8(4)?.bytes(&renewal.commitment)?;
    Ok(())
}

fn read_renewal(from: &mut Decoder<'_>) -> Reading<Renewal> {
    let (mut circle, mut period, mut generation, mut wraps) = (None, None, None, None);
    let mut commitment = None;
    cbor::map(from, |key, from| {
        match key {
            0 => circle = Some(CircleId(fixed(from)?)),
            1 => period = Some(from.u32()?),
            2 => generation = Some(from.u64()?),
            3 => {
                let all = list(from, |from| {
                    tuple(from, 2)?;
                    let desk = DeskKey(fixed(from)?);
                    let bytes = Box::new(fixed(from)?);
                    Ok(Wrapped { desk, bytes })
                })?;
                wraps = Some(ascending(all, |wrap| wrap.desk)?);
            }
            4 => commitment = Some(fixed(from)?),
            _ => from.skip()?,
        }
        Ok(())
    })?;
    Ok(Renewal {
        circle,
        period: period.ok_or_else(missing)?,
        generation: generation.ok_or_else(missing)?,
        wraps: wraps.ok_or_else(missing)?,
        commitment: commitment.ok_or_else(missing)?,
    })
}

/// Each once and in order: two forms of one thing would be two hashes of it.
fn ascending<T, K: Ord>(all: Vec<T>, key: impl Fn(&T) -> K) -> Reading<Vec<T>> {
    if all.is_sorted_by(|a, b| key(a) < key(b)) {
        Ok(all)
    } else {
        Err(Error::message("not in order"))
    }
}
