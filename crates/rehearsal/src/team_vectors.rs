//! Vectors of the log between desks. What no honest desk would seal is put together here by hand,
//! from docs/protocol.md §12 and not from the room it tries.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use envelope::keys::DeskKey;
use envelope::{Day, Period, hash, labels};
use hkdf::Hkdf;
use open::DeskSecret;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use sha2::Sha256;
use team::{
    Alarm, CaseId, Challenge, CircleId, Effect, Founding, Hand, Head, Keyring, Log, Outbox,
    PersonId, Read, ReadWhat, Role, Scope, SealingSecret, Snapshot, TeamId, TeamKey, Vouch, What,
    found,
};

use crate::vectors::{MAILBOX, VectorFile, file, hex};

const TODAY: Day = Day(20_779);
const CASE: CaseId = CaseId([0xca; 16]);
const OURS: CircleId = CircleId([0xc1; 16]);

fn week() -> u32 {
    Period::of(TODAY, 7).number()
}

/// What came of an item: the expectation's name, and its lines.
#[must_use]
pub fn told(read: &Result<Read, Alarm>, head: &Head) -> (String, Vec<(&'static str, String)>) {
    let read = match read {
        Ok(read) => read,
        Err(alarm) => return (format!("alarm-{}", kebab(&format!("{alarm:?}"))), vec![]),
    };
    let mut lines = vec![("head", hex(&head.hash))];
    let expect = match &read.what {
        ReadWhat::Refused(why) => format!("refused-{}", kebab(&format!("{why:?}"))),
        ReadWhat::Changed(effect) => {
            lines.push(("effect", told_effect(effect)));
            "changed".to_owned()
        }
        ReadWhat::Words { scope, content } => {
            lines.push(("scope", told_scope(scope)));
            lines.push((
                "content",
                content.as_ref().map_or(String::new(), |c| hex(c)),
            ));
            "words".to_owned()
        }
    };
    if let (Some(place), false) = (read.place, expect.starts_with("refused")) {
        lines.extend([
            ("position", place.position.to_string()),
            ("seen", place.seen.to_string()),
            ("author", hex(&place.desk.0)),
            ("number", place.number.to_string()),
        ]);
        let person = read.person.as_ref().map_or("", |person| person.code());
        lines.push(("person", person.to_owned()));
    }
    (expect, lines)
}

/// `NotAMember` as `not-a-member`, without what stands in brackets.
fn kebab(name: &str) -> String {
    let name = name.split([' ', '(', '{']).next().unwrap();
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn told_scope(scope: &Scope) -> String {
    match scope {
        Scope::Team => "all".to_owned(),
        Scope::Circle(circle) => format!("circle:{}", hex(&circle.0)),
        Scope::Case(circle, case) => format!("case:{}:{}", hex(&circle.0), hex(&case.0)),
    }
}

fn told_effect(effect: &Effect) -> String {
    match effect {
        Effect::Agreed { done: true } => "agreed-and-done".to_owned(),
        other => kebab(&format!("{other:?}")),
    }
}

struct Desk {
    person: PersonId,
    secret: DeskSecret,
    sealing: [u8; 32],
    ring: Keyring,
    log: Log,
    outbox: Outbox,
}

impl Desk {
    fn new(rng: &mut ChaCha20Rng, code: &str, team: TeamId) -> Self {
        let (secret, mut sealing) = (DeskSecret::draw(rng), [0; 32]);
        rng.fill_bytes(&mut sealing);
        let mut ring = Keyring::new(secret.public());
        ring.add_sealing(SealingSecret::from_seed(week(), &sealing));
        Self {
            person: person(code),
            log: Log::of(team),
            outbox: Outbox::default(),
            secret,
            sealing,
            ring,
        }
    }
}

/// The office of the vectors: two desks, what the relay has, what stood inside.
struct Office<'a> {
    out: &'a mut Vec<VectorFile>,
    rng: ChaCha20Rng,
    amal: Desk,
    bo: Desk,
    first_key: TeamKey,
    /// All that amal's desk holds, if it was quiet until the team key was destroyed.
    bridge: Option<TeamKey>,
    kept: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Office<'_> {
    fn before(&self, count: usize) -> String {
        let kept = self.kept.iter().take(count);
        let lines = kept.map(|(_, inside)| hex(inside));
        lines.collect::<Vec<_>>().join(",")
    }

    /// Writes one file: what a desk, bo or amal, makes of an item after `count` others.
    fn claim(
        &mut self,
        name: &str,
        expect: &str,
        note: &str,
        by_bo: bool,
        count: usize,
        item: &[u8],
    ) {
        let desk = if by_bo { &self.bo } else { &self.amal };
        let mut log = Log::of(desk.log.roster().team());
        let mut ring = Keyring::new(desk.secret.public());
        let (mut sealing, mut keys, mut bridged) = (String::new(), String::new(), String::new());
        if let Some(bridge) = &self.bridge {
            let (generation, _) = desk.log.roster().team_key();
            ring.add_bridge(generation, bridge.clone());
            bridged = format!("{generation}:{}", hex(bridge.bytes()));
        } else {
            ring.add_sealing(SealingSecret::from_seed(week(), &desk.sealing));
            sealing = format!("{}:{}", week(), hex(&desk.sealing));
        }
        if !by_bo && self.bridge.is_none() {
            ring.add_team(1, week(), self.first_key.clone());
            keys = format!("1:{}:{}", week(), hex(self.first_key.bytes()));
        }
        for (_, inside) in self.kept.iter().take(count) {
            log.replay(&mut ring, inside).unwrap();
        }
        let read = log.read(&mut ring, item);
        let (found, lines) = told(&read, &log.head());
        assert_eq!(found, expect, "{name}");
        let mut all = vec![
            ("team", hex(&log.roster().team().0)),
            ("desk", hex(&desk.secret.public().0)),
            ("sealing", sealing),
            ("team-keys", keys),
            ("bridge", bridged),
            ("before", self.before(count)),
            ("item", hex(item)),
        ];
        all.extend(lines);
        file(self.out, "team-log", name, expect, note, &all);
    }

    /// Takes an item into the log of every desk that can read it.
    fn append(&mut self, item: Vec<u8>) {
        let read = self.amal.log.read(&mut self.amal.ring, &item).unwrap();
        self.amal.outbox.read(&read, &self.amal.person);
        let inside = read.inside.to_vec();
        let known = self.bo.log.replay(&mut self.bo.ring, &inside);
        self.bo.outbox.read(&known.unwrap(), &self.bo.person);
        self.kept.push((item, inside));
    }

    /// One desk writes; each item that this takes becomes a file, as amal or bo reads it.
    fn step(&mut self, bo_writes: bool, what: What, files: &[(&str, &str, &str, bool)]) {
        let desk = if bo_writes {
            &mut self.bo
        } else {
            &mut self.amal
        };
        desk.outbox.write(&desk.log, what, &mut self.rng);
        for (name, expect, note, by_bo) in files {
            let desk = if bo_writes { &self.bo } else { &self.amal };
            let hand = Hand {
                desk: &desk.secret,
                ring: &desk.ring,
                today: TODAY,
                compared: None,
            };
            let sealed = desk.outbox.seal(&desk.log, &hand, &mut self.rng).unwrap();
            let item = sealed.unwrap().item;
            self.claim(name, expect, note, *by_bo, self.kept.len(), &item);
            self.append(item);
        }
        let desk = if bo_writes { &self.bo } else { &self.amal };
        assert_eq!(desk.outbox.drafts().count(), 0);
    }

    /// The content that a desk would seal next.
    fn content_of_the_first(&self, desk: &Desk) -> Vec<u8> {
        let hand = Hand {
            desk: &desk.secret,
            ring: &desk.ring,
            today: TODAY,
            compared: None,
        };
        let mut rng = ChaCha20Rng::seed_from_u64(13);
        let sealed = desk.outbox.seal(&desk.log, &hand, &mut rng).unwrap();
        let item = sealed.unwrap().item;
        let (mut log, mut ring) = (self.amal.log.clone(), self.amal.ring.clone());
        let inside = log.read(&mut ring, &item).unwrap().inside;
        let mut from = minicbor::Decoder::new(&inside);
        from.array().unwrap();
        let mut body = minicbor::Decoder::new(from.bytes().unwrap());
        for _ in 0..body.map().unwrap().unwrap() {
            if body.u64().unwrap() == 8 {
                return body.bytes().unwrap().to_vec();
            }
            body.skip().unwrap();
        }
        panic!("a body has a content");
    }

    /// An item put together by hand, read by amal.
    fn forged(&mut self, name: &str, expect: &str, note: &str, forgery: &Forgery<'_>) {
        let item = self.forge(forgery);
        self.claim(name, expect, note, false, self.kept.len(), &item);
    }

    fn forge(&self, forgery: &Forgery<'_>) -> Vec<u8> {
        let head = self.amal.log.head();
        let roster = self.amal.log.roster();
        let team = roster.team();
        let author = forgery.author.unwrap_or(&self.amal.secret);
        let name = forgery.name.unwrap_or(author.public());
        let number = roster.next_number(&name) + forgery.ahead;
        let mut body = minicbor::Encoder::new(Vec::new());
        let after = forgery.after.unwrap_or(head.hash);
        body.map(9).unwrap().u8(0).unwrap().bytes(&after).unwrap();
        body.u8(1).unwrap().u64(head.count).unwrap();
        body.u8(2).unwrap().bytes(&head.hash).unwrap();
        body.u8(3).unwrap().bytes(&name.0).unwrap();
        body.u8(4).unwrap().u64(number).unwrap();
        body.u8(5).unwrap().bytes(&[0xdd; 16]).unwrap();
        body.u8(6).unwrap().u32(TODAY.0).unwrap();
        body.u8(7).unwrap().u64(forgery.kind).unwrap();
        body.u8(8).unwrap().bytes(forgery.content).unwrap();
        let body = body.into_writer();
        let position = head.count.to_be_bytes();
        let label = labels::TEAM_SIGNATURE.as_bytes();
        let message = [label, &team.0, &position, &hash(&body)].concat();
        let mut inside = minicbor::Encoder::new(Vec::new());
        inside.array(2).unwrap().bytes(&body).unwrap();
        inside.bytes(&author.sign_for_team(&message)).unwrap();
        let (generation, _) = roster.team_key();
        let key = forgery.key.or(self.amal.ring.team(generation)).unwrap();
        by_hand(&team, head.count, key.bytes(), &inside.into_writer())
    }
}

/// What is wrong with an item that is put together by hand.
#[derive(Clone, Copy, Default)]
struct Forgery<'a> {
    author: Option<&'a DeskSecret>,
    name: Option<DeskKey>,
    ahead: u64,
    after: Option<[u8; 32]>,
    key: Option<&'a TeamKey>,
    kind: u64,
    content: &'a [u8],
}

/// An item of 1, 4 or 16 KiB. (protocol §12.1)
fn by_hand(team: &TeamId, position: u64, key: &[u8; 32], inside: &[u8]) -> Vec<u8> {
    let derive = |label: &str| {
        let mut out = [0; 32];
        let info = [label.as_bytes(), &position.to_be_bytes()].concat();
        Hkdf::<Sha256>::new(None, key)
            .expand(&info, &mut out)
            .unwrap();
        out
    };
    let mut sizes = [1_024, 4_096, 16_384].into_iter();
    let size = sizes.find(|size| inside.len() + 65 <= *size).unwrap();
    let length = u32::try_from(inside.len()).unwrap();
    let mut plain = [&length.to_be_bytes()[..], inside].concat();
    plain.resize(size - 1 - 32 - 12 - 16, 0);
    let aad = [&[1][..], &team.0, &position.to_be_bytes()].concat();
    let payload = Payload {
        msg: &plain,
        aad: &aad,
    };
    let cipher = Aes256Gcm::new(&derive(labels::TEAM_ITEM).into());
    let sealed = cipher.encrypt(&Nonce::from([5; 12]), payload).unwrap();
    [&[1][..], &derive(labels::TEAM_COMMIT), &[5; 12], &sealed].concat()
}

fn person(code: &str) -> PersonId {
    PersonId::new(code).unwrap()
}

fn cbor(with: impl FnOnce(&mut minicbor::Encoder<Vec<u8>>)) -> Vec<u8> {
    let mut to = minicbor::Encoder::new(Vec::new());
    with(&mut to);
    to.into_writer()
}

fn begin(out: &mut Vec<VectorFile>) -> Office<'_> {
    let mut rng = ChaCha20Rng::seed_from_u64(12);
    let mut amal = Desk::new(&mut rng, "amal", TeamId([0; 32]));
    let founding = Founding {
        mailbox: MAILBOX,
        period_days: 7,
        grace_days: 28,
        quorum: 2,
        person: person("amal"),
        roles: vec![Role::Intake, Role::Verifier, Role::Administrator],
        desk: amal.secret.public(),
        sealing: amal.ring.sealing_public(week()),
        period: week(),
        random: [7; 16],
    };
    let team = founding.team();
    let first_key = TeamKey::draw(&mut rng);
    let item = found(&founding, &amal.secret, &first_key, TODAY, &mut rng).unwrap();
    amal.log = Log::of(team);
    amal.ring.add_team(1, week(), first_key.clone());
    let bo = Desk::new(&mut rng, "bo", team);
    let mut office = Office {
        out,
        rng,
        amal,
        bo,
        first_key,
        bridge: None,
        kept: vec![],
    };
    let note = "a team begins with its founding, under its first key";
    office.claim("founding", "changed", note, false, 0, &item);
    office.append(item);
    office
}

/// Every kind of entry, and what is wrong with some.
pub(crate) fn logs(out: &mut Vec<VectorFile>) {
    let mut office = begin(out);
    let team = office.amal.log.roster().team();
    let intake = Role::Intake.circle(&team).unwrap();
    let words = |scope: Scope, text: &str| What::Words {
        scope,
        bytes: text.as_bytes().to_vec(),
    };
    let early = words(Scope::Team, "before bo came");
    office.step(
        false,
        early,
        &[(
            "words_of_the_founder",
            "words",
            "what is for all stands under the team key alone",
            false,
        )],
    );
    let admit = What::Admit {
        person: person("bo"),
        roles: vec![Role::Intake],
        desk: office.bo.secret.public(),
        sealing: office.bo.ring.sealing_public(week()),
        vouch: None,
    };
    office.step(
        false,
        admit,
        &[(
            "admission",
            "changed",
            "an admission brings the team's next key",
            false,
        )],
    );
    let text = words(Scope::Team, "for all");
    office.step(
        false,
        text,
        &[(
            "words_for_all",
            "words",
            "a newcomer reads what is for all",
            true,
        )],
    );
    let text = words(Scope::Case(intake, CASE), "what happened");
    office.step(
        false,
        text,
        &[
            (
                "circle_key",
                "changed",
                "a circle's first key comes before its first entry",
                true,
            ),
            (
                "words_for_a_case",
                "words",
                "the first entry of a case brings the case's key",
                true,
            ),
        ],
    );
    let text = words(Scope::Case(intake, CASE), "and then");
    office.step(
        true,
        text,
        &[(
            "words_again_for_a_case",
            "words",
            "the second entry of a case brings none",
            false,
        )],
    );
    let text = words(Scope::Circle(intake), "a key of this week");
    office.step(
        false,
        text,
        &[(
            "words_for_a_circle",
            "words",
            "what dies with the period stands under the circle key",
            true,
        )],
    );
    let keys = What::GiveCaseKeys(intake, [CASE].into());
    office.step(
        false,
        keys,
        &[(
            "case_keys",
            "changed",
            "keys of cases are handed to the circle",
            true,
        )],
    );
    let roles = What::Roles(person("bo"), vec![Role::Intake, Role::Figures]);
    office.step(
        false,
        roles,
        &[("roles", "changed", "an administrator gives roles", true)],
    );
    let circle = What::Circle(OURS, vec![person("amal")]);
    office.step(
        false,
        circle,
        &[("circle", "changed", "a member makes a circle", true)],
    );
    let text = words(Scope::Case(OURS, CASE), "closed");
    office.step(
        false,
        text,
        &[
            (
                "circle_key_of_others",
                "changed",
                "a key of a circle one is not in is seen and not held",
                true,
            ),
            (
                "words_closed_to_the_reader",
                "words",
                "who is outside the circle reads the shape and no content",
                true,
            ),
        ],
    );
    let renewal = What::RenewTeam;
    office.step(
        true,
        renewal,
        &[(
            "team_key",
            "changed",
            "any member renews the team's key",
            false,
        )],
    );
    let next = SealingSecret::from_seed(week() + 1, &[0x5e; 32]);
    let give = What::GiveSealing(vec![next.public()]);
    office.step(
        true,
        give,
        &[(
            "sealing_keys",
            "changed",
            "a desk gives keys of coming periods",
            false,
        )],
    );
    let propose = What::Propose(person("bo"));
    let proposal = u64::try_from(office.kept.len()).unwrap();
    office.step(
        true,
        propose,
        &[(
            "proposal",
            "changed",
            "a new administrator is proposed",
            false,
        )],
    );
    let agree = What::Agree(proposal);
    office.step(
        false,
        agree,
        &[(
            "agreement",
            "changed",
            "as many as the founding says make an administrator",
            true,
        )],
    );
    for (by_bo, name, note) in [
        (
            true,
            "erasure_asked",
            "a member of its circle asks that a case be erased",
        ),
        (
            false,
            "erasure",
            "a case is erased when a second person agrees",
        ),
    ] {
        let erase = What::Erase(intake, CASE);
        office.step(by_bo, erase, &[(name, "changed", note, !by_bo)]);
    }
    further_desks(&mut office);
    refusals(&mut office);
    alarms(&mut office);
    let remove = What::RemovePerson(person("bo"));
    office.step(
        false,
        remove,
        &[(
            "removal",
            "changed",
            "a removal brings a key that the removed desk is not given",
            true,
        )],
    );
    after_the_removal(&mut office);
}

/// A desk that bo vouches for, and one that nobody does.
fn further_desks(office: &mut Office<'_>) {
    let team = office.amal.log.roster().team();
    let next = DeskSecret::from_seed(&[0x62; 32]).public();
    let sealing = vec![SealingSecret::from_seed(week(), &[0x63; 32]).public()];
    let admit = |code: &str, vouch: Option<Vouch>| What::Admit {
        person: person(code),
        roles: vec![Role::Intake],
        desk: next,
        sealing: sealing.clone(),
        vouch,
    };
    // A stranger's admission with bo's name written over theirs: both are two letters long.
    office
        .amal
        .outbox
        .write(&office.amal.log, admit("zz", None), &mut office.rng);
    let content = office.content_of_the_first(&office.amal);
    let draft = office.amal.outbox.drafts().next().unwrap().id;
    office.amal.outbox.take_back(draft).unwrap();
    let at = content.windows(3).position(|w| w == b"\x62zz").unwrap();
    let mut content = content;
    content[at + 1..at + 3].copy_from_slice(b"bo");
    let ghost = Forgery {
        kind: 4,
        content: &content,
        ..Forgery::default()
    };
    office.forged(
        "desk_that_nobody_vouches_for",
        "refused-not-vouched",
        "an administrator gives nobody else a further desk alone",
        &ghost,
    );
    let vouch = Vouch::sign(&team, &next, &sealing, &office.bo.secret);
    office.step(
        false,
        admit("bo", Some(vouch)),
        &[(
            "desk_that_is_vouched_for",
            "changed",
            "a desk vouches for its person's next one and for that one's keys",
            true,
        )],
    );
}

fn refusals(office: &mut Office<'_>) {
    let stranger = DeskSecret::from_seed(&[0x51; 32]);
    let bo = DeskSecret::from_seed(&office.bo.secret.seed());
    let bo_key = bo.public();
    let said = Forgery {
        kind: 1,
        content: b"said",
        ..Forgery::default()
    };
    office.forged(
        "by_hand",
        "words",
        "an item put together from the text alone is read",
        &said,
    );
    let by_stranger = Forgery {
        author: Some(&stranger),
        kind: 1,
        ..Forgery::default()
    };
    office.forged(
        "by_a_stranger",
        "refused-not-a-member",
        "a desk that was never admitted has no say",
        &by_stranger,
    );
    let as_bo = Forgery {
        name: Some(bo_key),
        kind: 1,
        ..Forgery::default()
    };
    office.forged(
        "in_anothers_name",
        "refused-unsigned",
        "one desk does not sign for another",
        &as_bo,
    );
    let skipped = Forgery {
        ahead: 1,
        kind: 1,
        ..Forgery::default()
    };
    office.forged(
        "out_of_turn",
        "refused-out-of-order",
        "a desk's entries are numbered without a gap",
        &skipped,
    );
    let broken = Forgery {
        kind: 9,
        content: b"\xa0",
        ..Forgery::default()
    };
    office.forged(
        "malformed_content",
        "refused-malformed",
        "an erasure names a circle and a case",
        &broken,
    );
    let newer = Forgery {
        kind: 77,
        ..Forgery::default()
    };
    office.forged(
        "kind_of_a_newer_release",
        "changed",
        "an unknown kind keeps its place and changes nothing",
        &newer,
    );
    let act = cbor(|to| {
        to.map(2)
            .unwrap()
            .u8(0)
            .unwrap()
            .u8(6)
            .unwrap()
            .u8(7)
            .unwrap()
            .u64(3)
            .unwrap();
    });
    let agree = Forgery {
        kind: 4,
        content: &act,
        ..Forgery::default()
    };
    office.forged(
        "agreement_with_nothing",
        "refused-unknown",
        "only a proposal can be agreed with",
        &agree,
    );
    let team = office.amal.log.roster().team();
    let outside = Role::Figures.circle(&team).unwrap();
    let erase = |circle: CircleId| {
        cbor(|to| {
            to.map(2)
                .unwrap()
                .u8(0)
                .unwrap()
                .bytes(&circle.0)
                .unwrap()
                .u8(1)
                .unwrap()
                .bytes(&CASE.0)
                .unwrap();
        })
    };
    let content = erase(outside);
    let erased = Forgery {
        kind: 9,
        content: &content,
        ..Forgery::default()
    };
    office.forged(
        "erasure_from_outside",
        "refused-no-right",
        "nobody erases a case of a circle they are not in",
        &erased,
    );
    let (_, period) = office.amal.log.roster().team_key();
    let to_nobody = cbor(|to| {
        to.map(4)
            .unwrap()
            .u8(1)
            .unwrap()
            .u32(period)
            .unwrap()
            .u8(2)
            .unwrap();
        to.u64(office.amal.log.roster().next_generation(None))
            .unwrap();
        to.u8(3).unwrap().array(0).unwrap();
        to.u8(4).unwrap().bytes(&[0; 32]).unwrap();
    });
    let renewal = Forgery {
        kind: 6,
        content: &to_nobody,
        ..Forgery::default()
    };
    office.forged(
        "key_to_nobody",
        "refused-wrong-renewal",
        "a new key goes to exactly those who may have it",
        &renewal,
    );
    let intake = Role::Intake.circle(&team).unwrap();
    let closed = closed(intake);
    let words = Forgery {
        kind: 3,
        content: &closed,
        ..Forgery::default()
    };
    office.forged(
        "words_of_an_erased_case",
        "refused-erased",
        "an erased case takes no entry",
        &words,
    );
    let second = cbor(|to| {
        to.map(0).unwrap();
    });
    let founding = Forgery {
        kind: 0,
        content: &second,
        ..Forgery::default()
    };
    office.forged(
        "no_founding",
        "refused-malformed",
        "a founding has all of its parts",
        &founding,
    );
}

/// A content for a case that nobody sealed.
fn closed(circle: CircleId) -> Vec<u8> {
    cbor(|to| {
        to.map(4).unwrap().u8(0).unwrap().bytes(&circle.0).unwrap();
        to.u8(1).unwrap().bytes(&[1; 32]).unwrap();
        to.u8(2).unwrap().bytes(&[2; 40]).unwrap();
        to.u8(3).unwrap().bytes(&CASE.0).unwrap();
    })
}

fn alarms(office: &mut Office<'_>) {
    let count = office.kept.len();
    let last = office.kept[count - 1].0.clone();
    office.claim(
        "replayed",
        "alarm-moved",
        "an item of an earlier position is told",
        false,
        count,
        &last,
    );
    office.claim(
        "dropped",
        "alarm-moved",
        "an item of a later position is told",
        false,
        count - 2,
        &last,
    );
    let first = office.first_key.clone();
    let former = Forgery {
        key: Some(&first),
        kind: 1,
        ..Forgery::default()
    };
    office.forged(
        "former_key",
        "alarm-former-key",
        "what a replaced key seals is not taken in",
        &former,
    );
    let other = TeamKey::from_bytes(&[0x66; 32]);
    let foreign = Forgery {
        key: Some(&other),
        kind: 1,
        ..Forgery::default()
    };
    office.forged(
        "foreign",
        "alarm-foreign",
        "what no key of the team seals is not taken in",
        &foreign,
    );
    let forked = Forgery {
        after: Some([3; 32]),
        kind: 1,
        ..Forgery::default()
    };
    office.forged(
        "forked",
        "alarm-forked",
        "an author who was shown another log is told",
        &forked,
    );
    let as_bo = Forgery {
        name: Some(office.bo.secret.public()),
        ..forked
    };
    office.forged(
        "forked_in_anothers_name",
        "refused-unsigned",
        "the signature is looked at before the chain",
        &as_bo,
    );
    of_newer_releases(office);
    wrong_key(office);
    bridged(office);
    let mut bent = office.forge(&Forgery {
        kind: 1,
        ..Forgery::default()
    });
    bent[500] ^= 1;
    office.claim(
        "bent",
        "alarm-foreign",
        "a bit that was bent is told",
        false,
        count,
        &bent,
    );
    let mut newer = bent.clone();
    newer[0] = 2;
    office.claim(
        "newer_version",
        "alarm-not-an-item",
        "no version is known before an act announced it",
        false,
        count,
        &newer,
    );
    let short = &bent[..bent.len() - 1];
    office.claim(
        "of_no_size",
        "alarm-not-an-item",
        "an item has one of five sizes",
        false,
        count,
        short,
    );
}

fn of_newer_releases(office: &mut Office<'_>) {
    let unknown_act = cbor(|to| {
        to.map(1).unwrap().u8(0).unwrap().u8(7).unwrap();
    });
    let unknown_key = cbor(|to| {
        to.map(3).unwrap().u8(0).unwrap().u8(5).unwrap();
        to.u8(1).unwrap().str("bo").unwrap();
        to.u8(10).unwrap().u8(0).unwrap();
    });
    let unknown_role = cbor(|to| {
        to.map(3).unwrap().u8(0).unwrap().u8(3).unwrap();
        to.u8(1).unwrap().str("bo").unwrap();
        to.u8(2).unwrap().array(1).unwrap().u8(6).unwrap();
    });
    for (name, content, note) in [
        (
            "act_of_a_newer_release",
            &unknown_act,
            "an administrator's unknown act asks for an update",
        ),
        (
            "key_of_a_newer_release",
            &unknown_key,
            "so does an unknown key of an act",
        ),
        (
            "role_of_a_newer_release",
            &unknown_role,
            "so does an unknown role",
        ),
    ] {
        let newer = Forgery {
            kind: 4,
            content,
            ..Forgery::default()
        };
        office.forged(name, "alarm-too-new", note, &newer);
    }
    // bo was made administrator; the desk of somebody who is none says it here.
    let cy = DeskSecret::from_seed(&[0x63; 32]);
    let by_cy = Forgery {
        author: Some(&cy),
        kind: 4,
        content: &unknown_act,
        ..Forgery::default()
    };
    office.forged(
        "act_of_a_newer_release_by_a_stranger",
        "refused-not-a-member",
        "nobody else stops a desk",
        &by_cy,
    );
    let zeros = cbor(|to| {
        to.map(3).unwrap().u8(0).unwrap().u8(4).unwrap();
        to.u8(5).unwrap().bytes(&[0; 16]).unwrap();
        to.u8(6).unwrap().array(1).unwrap().str("amal").unwrap();
    });
    let zeros = Forgery {
        kind: 4,
        content: &zeros,
        ..Forgery::default()
    };
    office.forged(
        "circle_of_zeros",
        "refused-malformed",
        "zeros stand for the team and name no circle",
        &zeros,
    );
    let none = cbor(|to| {
        to.array(1)
            .unwrap()
            .array(2)
            .unwrap()
            .u32(week() + 1)
            .unwrap();
        to.bytes(&[0xff; 1_216]).unwrap();
    });
    let none = Forgery {
        kind: 7,
        content: &none,
        ..Forgery::default()
    };
    office.forged(
        "sealing_key_that_is_none",
        "refused-not-a-key",
        "a sealing key is one",
        &none,
    );
}

/// A renewal in which one bit of bo's wrap is another.
fn wrong_key(office: &mut Office<'_>) {
    let amal = &mut office.amal;
    amal.outbox
        .write(&amal.log, What::RenewTeam, &mut office.rng);
    let mut content = office.content_of_the_first(&office.amal);
    let draft = office.amal.outbox.drafts().next().unwrap().id;
    office.amal.outbox.take_back(draft).unwrap();
    let bo = office.bo.secret.public();
    let at = content.windows(32).position(|w| w == bo.0).unwrap();
    content[at + 1_200] ^= 1;
    let wrong = Forgery {
        kind: 6,
        content: &content,
        ..Forgery::default()
    };
    office.forged(
        "key_that_is_not_the_same_for_all",
        "alarm-wrong-key",
        "whoever is given a new key sees whether all were",
        &wrong,
    );
}

/// What goes under the bridge, and what does not.
fn bridged(office: &mut Office<'_>) {
    let (generation, _) = office.amal.log.roster().team_key();
    let key = office.amal.ring.team(generation).unwrap();
    let mut bridge = [0; 32];
    Hkdf::<Sha256>::new(None, key.bytes())
        .expand(labels::TEAM_BRIDGE.as_bytes(), &mut bridge)
        .unwrap();
    let bridge = TeamKey::from_bytes(&bridge);
    let amal = &mut office.amal;
    amal.outbox
        .write(&amal.log, What::RenewTeam, &mut office.rng);
    let renewal = office.content_of_the_first(&office.amal);
    let draft = office.amal.outbox.drafts().next().unwrap().id;
    office.amal.outbox.take_back(draft).unwrap();
    let next = SealingSecret::from_seed(week() + 2, &[0x5f; 32]).public();
    let give = cbor(|to| {
        to.array(1)
            .unwrap()
            .array(2)
            .unwrap()
            .u32(next.period)
            .unwrap();
        to.bytes(next.key.as_ref()).unwrap();
    });
    let under = |kind: u64, content| Forgery {
        key: Some(&bridge),
        kind,
        content,
        ..Forgery::default()
    };
    let renewal = under(6, &renewal[..]);
    office.forged(
        "renewal_under_the_bridge",
        "changed",
        "whoever holds the team key reads what comes under its bridge",
        &renewal,
    );
    office.forged(
        "words_under_the_bridge",
        "alarm-former-key",
        "a bridge carries a new team key and sealing keys, nothing else",
        &under(1, b"said"),
    );
    office.bridge = Some(bridge.clone());
    office.forged(
        "renewal_read_with_the_bridge_alone",
        "changed",
        "a desk that was quiet until its key was destroyed reads the renewal",
        &renewal,
    );
    office.forged(
        "sealing_keys_read_with_the_bridge_alone",
        "changed",
        "and the sealing keys that a renewal needs",
        &under(7, &give),
    );
    let said = Forgery {
        kind: 1,
        content: b"said",
        ..Forgery::default()
    };
    office.forged(
        "words_with_the_bridge_alone",
        "alarm-key-missing",
        "a bridge opens nothing that was sealed under the key itself",
        &said,
    );
    office.bridge = None;
}

fn after_the_removal(office: &mut Office<'_>) {
    let bo = DeskSecret::from_seed(&office.bo.secret.seed());
    let team = office.amal.log.roster().team();
    let intake = Role::Intake.circle(&team).unwrap();
    let said = Forgery {
        author: Some(&bo),
        kind: 1,
        ..Forgery::default()
    };
    office.forged(
        "by_a_former_member",
        "refused-not-a-member",
        "a removed desk has no say, whoever lends it the key",
        &said,
    );
    let closed = closed(intake);
    let stale = Forgery {
        kind: 3,
        content: &closed,
        ..Forgery::default()
    };
    office.forged(
        "circle_not_renewed",
        "refused-old-key",
        "a circle that lost somebody takes nothing before its key is renewed",
        &stale,
    );
    let item = office.forge(&Forgery {
        kind: 1,
        content: b"newer",
        ..Forgery::default()
    });
    let count = office.kept.len();
    office.claim(
        "after_the_removal",
        "alarm-key-missing",
        "a removed desk opens nothing that came after",
        true,
        count,
        &item,
    );
}

/// The four words of a head.
pub(crate) fn words(out: &mut Vec<VectorFile>) {
    let team = TeamId([0x7e; 32]);
    for (name, note, head, length) in [
        (
            "of_nothing",
            "the words of a log that holds nothing",
            Head::NOTHING,
            2_048_u16,
        ),
        (
            "of_an_item",
            "the words of a log that holds one item",
            Head::NOTHING.after(b"item"),
            2_048,
        ),
        (
            "english",
            "another list, other indices",
            Head::NOTHING.after(b"item"),
            1_296,
        ),
    ] {
        let list: Vec<String> = (0..length).map(|n| n.to_string()).collect();
        let list: Vec<&str> = list.iter().map(String::as_str).collect();
        let said = ["7", "1200"];
        let challenge = Challenge::heard(said, &list).unwrap();
        let words = head.words(&challenge, &team, &list).unwrap();
        file(
            out,
            "team-words",
            name,
            "derives",
            note,
            &[
                ("team", hex(&team.0)),
                ("count", head.count.to_string()),
                ("head", hex(&head.hash)),
                ("list", length.to_string()),
                ("challenge", said.join(",")),
                ("indices", words.join(",")),
            ],
        );
    }
}

/// Snapshots.
pub(crate) fn snapshots(out: &mut Vec<VectorFile>) {
    let (a, b) = (
        DeskSecret::from_seed(&[1; 32]),
        DeskSecret::from_seed(&[2; 32]),
    );
    let (c, d) = (
        DeskSecret::from_seed(&[3; 32]),
        DeskSecret::from_seed(&[4; 32]),
    );
    let team = TeamId([0x7e; 32]);
    let head = Head {
        count: 1_000,
        hash: [4; 32],
    };
    let statement = Snapshot::statement(&team, head, &[5; 32]);
    let other = Snapshot::statement(&TeamId([0; 32]), head, &[5; 32]);
    let sign = |statement: &[u8], desks: &[&DeskSecret]| {
        let signed: Vec<_> = desks.iter().map(|d| Snapshot::sign(statement, d)).collect();
        Snapshot::to_file(statement, &signed)
    };
    let mut cut = sign(&statement, &[&a, &b]);
    cut.pop();
    for (name, expect, note, snapshot) in [
        (
            "two_desks",
            "holds",
            "two persons of the team vouch for a head on their desks",
            sign(&statement, &[&a, &b]),
        ),
        (
            "one_desk",
            "one-person",
            "one desk is not enough",
            sign(&statement, &[&a]),
        ),
        (
            "one_desk_twice",
            "one-person",
            "one desk twice is one desk",
            sign(&statement, &[&a, &a]),
        ),
        (
            "two_desks_of_one_person",
            "one-person",
            "two desks of one person are one person",
            sign(&statement, &[&a, &d]),
        ),
        (
            "a_stranger",
            "unsigned",
            "a desk that nobody vouches for",
            sign(&statement, &[&a, &c]),
        ),
        (
            "another_team",
            "other-team",
            "a snapshot of another team",
            sign(&other, &[&a, &b]),
        ),
        ("cut", "malformed", "a byte is missing", cut),
    ] {
        let mut lines = vec![
            ("team", hex(&team.0)),
            (
                "vouched",
                format!(
                    "{}:amal,{}:bo,{}:amal",
                    hex(&a.public().0),
                    hex(&b.public().0),
                    hex(&d.public().0)
                ),
            ),
            ("snapshot", hex(&snapshot)),
        ];
        if expect == "holds" {
            lines.extend([
                ("count", head.count.to_string()),
                ("head", hex(&head.hash)),
                ("content", hex(&[5; 32])),
            ]);
        }
        file(out, "team-snapshot", name, expect, note, &lines);
    }
}
