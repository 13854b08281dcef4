//! An office of several desks around a relay in memory. Fixed seeds, no clock.
use crate::{
    Alarm, CannotSeal, CaseId, CircleId, Compared, Effect, Founding, Hand, Keyring, Log, Outbox,
    PersonId, Place, Read, ReadWhat, Refused, Role, Scope, SealingSecret, TeamId, TeamKey, What,
    found,
};
use envelope::keys::DeskKey;
use envelope::{Day, MailboxId, Period};
use open::DeskSecret;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

pub(crate) const DAYS: u32 = 7;
pub(crate) const GRACE: u32 = 28;
pub(crate) const TODAY: Day = Day(20_776);
pub(crate) const CASE: CaseId = CaseId([0xca; 16]);

/// What an honest relay does: append at the position that comes next.
#[derive(Clone, Default)]
pub(crate) struct Relay(pub(crate) Vec<Vec<u8>>);

impl Relay {
    pub(crate) fn append(&mut self, position: u64, item: &[u8]) -> bool {
        let next = u64::try_from(self.0.len()).unwrap() == position;
        if next {
            self.0.push(item.to_vec());
        }
        next
    }
}

/// What a desk has read of casework: where, for whom, and what if it could.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) place: Place,
    pub(crate) scope: Scope,
    pub(crate) text: Option<Vec<u8>>,
}

pub(crate) struct Desk {
    pub(crate) secret: DeskSecret,
    pub(crate) person: PersonId,
    pub(crate) ring: Keyring,
    pub(crate) log: Log,
    pub(crate) outbox: Outbox,
    pub(crate) lines: Vec<Line>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) kept: Vec<Option<Vec<u8>>>,
    pub(crate) today: Day,
    pub(crate) compared: Option<Compared>,
    pub(crate) rng: ChaCha20Rng,
}

pub(crate) fn person(code: &str) -> PersonId {
    PersonId::new(code).unwrap()
}

pub(crate) fn week(day: Day) -> u32 {
    Period::of(day, DAYS).number()
}

impl Desk {
    /// A desk with keys for this week and the eleven to come; it belongs to nobody yet.
    pub(crate) fn new(seed: u64, code: &str, team: TeamId, today: Day) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let secret = DeskSecret::draw(&mut rng);
        let mut ring = Keyring::new(secret.public());
        for period in week(today)..week(today) + 12 {
            ring.add_sealing(SealingSecret::draw(period, &mut rng));
        }
        Self {
            person: person(code),
            log: Log::of(team),
            outbox: Outbox::default(),
            lines: vec![],
            refused: vec![],
            effects: vec![],
            kept: vec![],
            today,
            compared: None,
            ring,
            secret,
            rng,
        }
    }

    pub(crate) fn key(&self) -> DeskKey {
        self.secret.public()
    }

    pub(crate) fn sealing(&self) -> Vec<crate::SealingKey> {
        self.ring.sealing_public(week(self.today))
    }

    pub(crate) fn write(&mut self, what: What) {
        self.outbox.write(&self.log, what, &mut self.rng);
    }

    pub(crate) fn say(&mut self, scope: Scope, text: &str) {
        let bytes = text.as_bytes().to_vec();
        self.write(What::Words { scope, bytes });
    }

    fn take(&mut self, read: Read) {
        self.outbox.read(&read, &self.person);
        match &read.what {
            ReadWhat::Words { scope, content } => self.lines.push(Line {
                place: read.place.unwrap(),
                scope: *scope,
                text: content.as_ref().map(|text| text.to_vec()),
            }),
            ReadWhat::Changed(effect) => self.effects.push(effect.clone()),
            ReadWhat::Refused(why) => self.refused.push(*why),
        }
        self.kept.push(Some(read.inside.to_vec()));
    }

    /// Reads whatever the relay has more.
    pub(crate) fn read(&mut self, relay: &Relay) -> Result<(), Alarm> {
        self.log.offered(u64::try_from(relay.0.len()).unwrap())?;
        while let Some(item) = relay.0.get(usize::try_from(self.log.head().count).unwrap()) {
            let read = self.log.read(&mut self.ring, item)?;
            self.take(read);
        }
        Ok(())
    }

    pub(crate) fn hand(&self) -> Hand<'_> {
        Hand {
            desk: &self.secret,
            ring: &self.ring,
            today: self.today,
            compared: self.compared,
        }
    }

    pub(crate) fn seal(&mut self) -> Result<Option<crate::Sealed>, CannotSeal> {
        let mut rng = self.rng.clone();
        let sealed = self.outbox.seal(&self.log, &self.hand(), &mut rng);
        self.rng = rng;
        sealed
    }

    /// The first draft with something else in it, signed and appended all the same.
    pub(crate) fn append_changed(
        &self,
        relay: &mut Relay,
        change: impl FnOnce(&mut crate::body::Content),
        body: impl FnOnce(&mut crate::body::Body),
    ) {
        let sealed =
            crate::outbox::seal_changed(&self.outbox, &self.log, &self.hand(), change, body);
        assert!(relay.append(sealed.position, &sealed.item));
    }

    /// Takes the first draft back.
    pub(crate) fn take_back(&mut self) {
        let id = self.outbox.drafts().next().unwrap().id;
        self.outbox.take_back(id).unwrap();
    }

    /// What a changed program would seal: no rule is kept, everything is signed.
    pub(crate) fn seal_anyway(&mut self) -> crate::Sealed {
        let me = self.key();
        crate::outbox::seal_as(&self.outbox, &self.log, &self.hand(), me).unwrap()
    }

    /// What the first draft would have inside, whatever is due before it.
    pub(crate) fn seal_inside(&mut self) -> Vec<u8> {
        let me = self.key();
        crate::outbox::inside_as(&self.outbox, &self.log, &self.hand(), me).unwrap()
    }

    /// Reads and appends until nothing waits.
    pub(crate) fn sync(&mut self, relay: &mut Relay) -> Result<(), Stopped> {
        loop {
            self.read(relay).map_err(Stopped::Alarm)?;
            let Some(sealed) = self.seal().map_err(Stopped::Cannot)? else {
                return Ok(());
            };
            relay.append(sealed.position, &sealed.item);
        }
    }

    /// Passes over the item that comes next.
    pub(crate) fn pass_over(&mut self, relay: &Relay) -> Result<(), crate::CannotPassOver> {
        let at = usize::try_from(self.log.head().count).unwrap();
        self.log.pass_over(&self.ring, &relay.0[at])?;
        self.kept.push(None);
        Ok(())
    }

    /// A colleague's copy of the log, as a newcomer takes it.
    pub(crate) fn take_copy(&mut self, of: &Self) -> Result<(), Alarm> {
        for inside in &of.kept {
            if let Some(inside) = inside {
                let read = self.log.replay(&mut self.ring, inside)?;
                self.take(read);
            } else {
                self.log.replay_passed_over();
                self.kept.push(None);
            }
        }
        Ok(())
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        let told = self.lines.iter().filter_map(|line| line.text.clone());
        told.map(|text| String::from_utf8(text).unwrap()).collect()
    }

    pub(crate) fn pass_day(&mut self, day: Day) {
        self.today = day;
        let terms = open::lifetimes::Terms {
            period_days: DAYS,
            grace_days: GRACE,
            carry_grace_days: 0,
            hold_days: 0,
        };
        self.ring.destroy_due(day, &terms, true).unwrap();
    }
}

#[derive(Debug, PartialEq)]
pub(crate) enum Stopped {
    Alarm(Alarm),
    Cannot(CannotSeal),
}

/// An office: the founder with every role, and a relay that holds the founding.
pub(crate) fn office() -> (Desk, Relay) {
    let mut desk = Desk::new(1, "amal", TeamId([0; 32]), TODAY);
    let founding = Founding {
        mailbox: MailboxId([9; 16]),
        period_days: DAYS,
        grace_days: GRACE,
        quorum: 2,
        person: desk.person.clone(),
        roles: vec![Role::Intake, Role::Verifier, Role::Administrator],
        desk: desk.key(),
        sealing: desk.sealing(),
        period: week(TODAY),
        random: [7; 16],
    };
    desk.log = Log::of(founding.team());
    let key = TeamKey::draw(&mut desk.rng);
    let item = found(&founding, &desk.secret, &key, TODAY, &mut desk.rng).unwrap();
    desk.ring.add_team(1, week(TODAY), key);
    let mut relay = Relay::default();
    assert!(relay.append(0, &item));
    desk.sync(&mut relay).unwrap();
    (desk, relay)
}

/// Admits a new desk and lets it read a copy.
pub(crate) fn admit(
    by: &mut Desk,
    relay: &mut Relay,
    seed: u64,
    code: &str,
    roles: &[Role],
) -> Desk {
    let mut desk = Desk::new(seed, code, by.log.roster().team(), by.today);
    by.write(What::Admit {
        person: desk.person.clone(),
        roles: roles.to_vec(),
        desk: desk.key(),
        sealing: desk.sealing(),
        vouch: None,
    });
    by.sync(relay).unwrap();
    desk.take_copy(by).unwrap();
    desk.sync(relay).unwrap();
    desk
}

/// The desk as a copy of its vault would be.
pub(crate) fn copy(of: &Desk) -> Desk {
    let mut copy = Desk::new(0, of.person.code(), of.log.roster().team(), of.today);
    copy.secret = DeskSecret::from_seed(&of.secret.seed());
    copy.ring = of.ring.clone();
    copy.log = of.log.clone();
    copy.lines = of.lines.clone();
    copy.outbox = of.outbox.clone();
    copy.kept = of.kept.clone();
    copy
}

pub(crate) fn circle(desk: &Desk, role: Role) -> CircleId {
    role.circle(&desk.log.roster().team()).unwrap()
}

pub(crate) fn case(desk: &Desk, role: Role) -> Scope {
    Scope::Case(circle(desk, role), CASE)
}
