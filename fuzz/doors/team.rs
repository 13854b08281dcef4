//! Doors of the log between desks: what a relay hands over, what a colleague's copy holds, and what
//! a member's changed program signs.

use std::sync::OnceLock;

use envelope::{Day, MailboxId, Period};
use open::DeskSecret;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use team::{
    Alarm, Founding, Keyring, Log, PersonId, Role, SealingSecret, Snapshot, TeamId, TeamKey, found,
};

const TODAY: Day = Day(20_780);

fn founder() -> DeskSecret {
    DeskSecret::from_seed(&[1; 32])
}

/// A log that holds its founding, and the founder's keys; founded once a process.
fn begun() -> Option<(Log, Keyring)> {
    static BEGUN: OnceLock<Option<(Log, Keyring)>> = OnceLock::new();
    BEGUN.get_or_init(founded).clone()
}

fn founded() -> Option<(Log, Keyring)> {
    let (desk, week) = (founder(), Period::of(TODAY, 7).number());
    let sealing = SealingSecret::from_seed(week, &[2; 32]);
    let founding = Founding {
        mailbox: MailboxId([0; 16]),
        period_days: 7,
        grace_days: 28,
        quorum: 2,
        person: PersonId::new("founder").ok()?,
        roles: vec![Role::Intake, Role::Administrator],
        desk: desk.public(),
        sealing: vec![sealing.public()],
        period: week,
        random: [0; 16],
    };
    let key = TeamKey::from_bytes(&[3; 32]);
    let mut rng = ChaCha20Rng::from_seed([4; 32]);
    let item = found(&founding, &desk, &key, TODAY, &mut rng)?;
    let mut ring = Keyring::new(desk.public());
    ring.add_sealing(sealing);
    ring.add_team(1, week, key);
    let mut log = Log::of(founding.team());
    log.read(&mut ring, &item).ok()?;
    Some((log, ring))
}

/// An item as a relay hands it over.
pub fn item(bytes: &[u8]) {
    let Some((mut log, mut ring)) = begun() else {
        panic!("a team is founded");
    };
    let before = log.head();
    let read = log.read(&mut ring, bytes);
    assert!(read.is_err(), "nobody sealed this");
    assert_eq!(log.head(), before, "it was taken in");
}

/// What stood inside an item, as a colleague's copy holds it, and the content of an entry that a
/// member signed: the first byte is its kind.
pub fn inside(bytes: &[u8]) {
    let Some((mut log, mut ring)) = begun() else {
        panic!("a team is founded");
    };
    let (before, roster) = (log.head(), log.roster().persons().count());
    let _copy = log.replay(&mut ring, bytes);
    assert!(log.head().count <= before.count + 1, "more than one item");
    assert_eq!(log.roster().persons().count(), roster, "nobody signed this");
    let Some((kind, content)) = bytes.split_first() else {
        return;
    };
    let Some((mut log, mut ring)) = begun() else {
        return;
    };
    if let Some(signed) = signed(&log, u64::from(*kind), content) {
        match log.replay(&mut ring, &signed) {
            Ok(_) => assert_eq!(log.head().count, before.count + 1),
            // An administrator's act that is not known here, or a key that is not what it says.
            Err(Alarm::TooNew | Alarm::WrongKey { .. }) => assert_eq!(log.head(), before),
            Err(_) => panic!("a signed entry keeps its place"),
        }
    }
}

/// An entry of the founder's, put together as docs/protocol.md §12.1 says.
fn signed(log: &Log, kind: u64, content: &[u8]) -> Option<Vec<u8>> {
    let (desk, head) = (founder(), log.head());
    let mut body = minicbor::Encoder::new(Vec::new());
    body.map(9).ok()?.u8(0).ok()?.bytes(&head.hash).ok()?;
    body.u8(1).ok()?.u64(head.count).ok()?;
    body.u8(2).ok()?.bytes(&head.hash).ok()?;
    body.u8(3).ok()?.bytes(&desk.public().0).ok()?;
    body.u8(4)
        .ok()?
        .u64(1)
        .ok()?
        .u8(5)
        .ok()?
        .bytes(&[6; 16])
        .ok()?;
    body.u8(6)
        .ok()?
        .u32(TODAY.0)
        .ok()?
        .u8(7)
        .ok()?
        .u64(kind)
        .ok()?;
    body.u8(8).ok()?.bytes(content).ok()?;
    let body = body.into_writer();
    let position = head.count.to_be_bytes();
    let label = envelope::labels::TEAM_SIGNATURE.as_bytes();
    let team = log.roster().team();
    let message = [label, &team.0, &position, &envelope::hash(&body)].concat();
    let mut out = minicbor::Encoder::new(Vec::new());
    out.array(2).ok()?.bytes(&body).ok()?;
    out.bytes(&desk.sign_for_team(&message)).ok()?;
    Some(out.into_writer())
}

/// A snapshot.
pub fn snapshot(bytes: &[u8]) {
    let (Ok(one), Ok(two)) = (PersonId::new("founder"), PersonId::new("second")) else {
        panic!("persons");
    };
    let other = DeskSecret::from_seed(&[9; 32]).public();
    let vouched = [(founder().public(), one), (other, two)];
    let believed = Snapshot::verify(bytes, &TeamId([0; 32]), &vouched);
    assert!(believed.is_err(), "nobody signed this");
}
