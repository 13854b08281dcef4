//! Writing: drafts wait here, offline for weeks if need be, and are sealed anew for whatever
//! position comes next. (protocol §12.1, §12.3)
//!
//! A draft leaves only when its own entry was read back from the log. So nothing is lost when the
//! relay's answer is, and nothing stands twice.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

use envelope::{Day, Period};
use open::DeskSecret;
use rand_core::CryptoRng;

use crate::body::{self, Act, Body, CaseId, CircleId, Closed, Content, DraftId, Founding};
use crate::body::{PersonId, Renewal, Role, Scope, SealingKey, Vouch};
use crate::item;
use crate::keys::{self, CaseKey, CircleKey, Keyring, TeamKey, content_aad};
use crate::log::{Log, Read, ReadWhat};
use crate::place::Head;
use crate::roster::{Newcomer, Refused, Roster};
use crate::told::{Told, told};

/// What is to be written.
#[derive(Clone, PartialEq, Eq)]
pub enum What {
    /// Something of casework's, as bytes.
    Words {
        /// For whom.
        scope: Scope,
        /// What.
        bytes: Vec<u8>,
    },
    /// A person with a desk, or another desk of a person.
    Admit {
        /// Who.
        person: PersonId,
        /// What for.
        roles: Vec<Role>,
        /// The desk.
        desk: envelope::keys::DeskKey,
        /// Its keys.
        sealing: Vec<SealingKey>,
        /// By a desk of that person, if they are there and another person admits their next desk.
        vouch: Option<Vouch>,
    },
    /// A desk goes.
    RemoveDesk(envelope::keys::DeskKey),
    /// A person goes.
    RemovePerson(PersonId),
    /// Other roles.
    Roles(PersonId, Vec<Role>),
    /// A circle, new or changed.
    Circle(CircleId, Vec<PersonId>),
    /// A new administrator is proposed.
    Propose(PersonId),
    /// Agreement with the proposal at a position.
    Agree(u64),
    /// A new team key.
    RenewTeam,
    /// A new key of a circle.
    RenewCircle(CircleId),
    /// This desk's keys of coming periods; their secrets are on its ring.
    GiveSealing(Vec<SealingKey>),
    /// The keys of some of a circle's cases, for members who came later;
    /// [`Outbox::give_case_keys`] writes as many as it takes.
    GiveCaseKeys(CircleId, BTreeSet<CaseId>),
    /// A case is to be erased, or this person agrees that it be.
    Erase(CircleId, CaseId),
}

// Nothing of what was written, nor of whom: who prints a draft to find a fault prints no words.
impl fmt::Debug for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Words { .. } => "Words",
            Self::Admit { .. } => "Admit",
            Self::RemoveDesk(_) => "RemoveDesk",
            Self::RemovePerson(_) => "RemovePerson",
            Self::Roles(..) => "Roles",
            Self::Circle(..) => "Circle",
            Self::Propose(_) => "Propose",
            Self::Agree(_) => "Agree",
            Self::RenewTeam => "RenewTeam",
            Self::RenewCircle(_) => "RenewCircle",
            Self::GiveSealing(_) => "GiveSealing",
            Self::GiveCaseKeys(..) => "GiveCaseKeys",
            Self::Erase(..) => "Erase",
        })
    }
}

/// What holds up what: drafts of one lane go in their order, a draft that cannot go stops no other
/// lane.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    Members,
    Keys,
    ForAll,
    Circle(CircleId),
    CaseKeys(CircleId),
}

/// Something that waits to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its name, however often it is sealed.
    pub id: DraftId,
    /// What its author had seen.
    pub seen: Head,
    /// What.
    pub what: What,
}

/// An item for a position. If the relay holds another there, read that and seal again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The position it is for, and for no other.
    pub position: u64,
    /// Its bytes.
    pub item: Vec<u8>,
}

/// That a person compared the four words of a head with another desk, by voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Which head.
    pub head: Head,
    /// When.
    pub day: Day,
}

/// Why a draft cannot be sealed. It stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotSeal {
    /// It would have no effect.
    Refused(Refused),
    /// This desk is no member.
    NotAMember,
    /// Its author is not in that circle.
    NotInCircle,
    /// No other desk signed anything for a period: the relay may be hiding what came since.
    HeadTooOld,
    /// The team key is not on the ring.
    KeyMissing,
    /// No key of today's period was given by this desk: give it first.
    NoSealingKey,
    /// The secret of this desk's key of today's period is not on the ring.
    SecretLost,
    /// Longer than any item.
    TooLong,
}

impl CannotSeal {
    /// In words.
    #[must_use]
    pub fn told(&self) -> Told {
        match self {
            Self::Refused(why) => why.told(),
            Self::NotAMember => told(
                "This desk does not belong to the team. What you wrote is kept here.",
                "Ce poste n’appartient pas à l’équipe. Ce que vous avez écrit est gardé ici.",
            ),
            Self::NotInCircle => told(
                "This case belongs to a circle that you are not in. What you wrote is kept here.",
                "Ce dossier appartient à un cercle dont vous ne faites pas partie. Ce que vous avez écrit est gardé ici.",
            ),
            Self::HeadTooOld => told(
                "The relay has shown nothing new of colleagues for longer than a period. It may be hiding what they wrote. Compare the four words with one of them by voice; what you wrote is kept until then.",
                "Le relais n’a rien montré de nouveau de vos collègues depuis plus d’une période. Il cache peut-être ce qu’ils ont écrit. Comparez les quatre mots avec l’un d’eux, de vive voix ; ce que vous avez écrit est gardé jusque-là.",
            ),
            Self::KeyMissing => told(
                "This desk has no key to the log. Take a colleague’s copy of the log first; if that does not help, ask an administrator to admit it again. What you wrote is kept here.",
                "Ce poste n’a pas de clé pour le journal. Prenez d’abord la copie du journal d’un collègue ; si cela ne suffit pas, demandez à un administrateur de l’admettre à nouveau. Ce que vous avez écrit est gardé ici.",
            ),
            Self::NoSealingKey => told(
                "This desk has not given its keys for this period yet. It does so first.",
                "Ce poste n’a pas encore donné ses clés pour cette période. Il le fait d’abord.",
            ),
            Self::SecretLost => told(
                "This desk was restored from a backup and has lost its key of this period. Ask an administrator to admit it again under a new key; what you wrote is kept here.",
                "Ce poste a été rétabli depuis une sauvegarde et a perdu sa clé de cette période. Demandez à un administrateur de l’admettre à nouveau avec une nouvelle clé ; ce que vous avez écrit est gardé ici.",
            ),
            Self::TooLong => told(
                "This is too long for one entry. Shorten it or divide it.",
                "C’est trop long pour une seule entrée. Raccourcissez ou partagez.",
            ),
        }
    }
}

/// Case keys of one entry: what an item of the largest size holds, and room for some drawn while it
/// waits.
const KEYS_OF_ONE_ENTRY: usize = 3_500;

/// What waits on one desk. The vault keeps it.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    drafts: VecDeque<Draft>,
    /// Of which every desk has read that it has no effect.
    parked: Vec<Draft>,
}

/// What sealing needs beside the log.
pub struct Hand<'a> {
    /// The desk that signs.
    pub desk: &'a DeskSecret,
    /// Its keys.
    pub ring: &'a Keyring,
    /// Today.
    pub today: Day,
    /// The last time heads were compared by voice.
    pub compared: Option<Compared>,
}

/// The first item of a team, for position 0, under its first team key.
#[must_use]
pub fn found(
    founding: &Founding,
    desk: &DeskSecret,
    key: &TeamKey,
    today: Day,
    rng: &mut impl CryptoRng,
) -> Option<Vec<u8>> {
    let content = Content::Founding(founding.clone());
    let draft = Draft {
        id: draw_id(rng),
        seen: Head::NOTHING,
        what: What::RenewTeam,
    };
    let log = Log::of(founding.team());
    let (draft, number) = (&draft, 0);
    let inside = signed(&log, desk, draft, number, today, &content);
    item::seal(&founding.team(), 0, key, &inside, rng)
}

impl Outbox {
    /// Puts something into the queue; what its author has seen is the log as it stands.
    pub fn write(&mut self, log: &Log, what: What, rng: &mut impl CryptoRng) -> DraftId {
        let id = draw_id(rng);
        // Keys for coming periods go first: without them nothing else may be sealed. Their author
        // has seen no more than that of what follows.
        if matches!(what, What::GiveSealing(_)) {
            let seen = self.drafts.front().map_or(log.head(), |front| front.seen);
            self.drafts.push_front(Draft { id, seen, what });
        } else {
            let seen = log.head();
            self.drafts.push_back(Draft { id, seen, what });
        }
        id
    }

    /// What waits, in order.
    pub fn drafts(&self) -> impl Iterator<Item = &Draft> {
        self.drafts.iter()
    }

    /// Hands the keys of a circle's cases to members who came later, in as many drafts as they
    /// need.
    pub fn give_case_keys(
        &mut self,
        log: &Log,
        ring: &Keyring,
        circle: CircleId,
        rng: &mut impl CryptoRng,
    ) {
        for cases in ring.cases_in_shares(circle, KEYS_OF_ONE_ENTRY) {
            self.write(log, What::GiveCaseKeys(circle, cases), rng);
        }
    }

    /// Drafts whose entry was read and had no effect: a person looks at them. Nothing is lost, and
    /// nothing is sealed again and again.
    pub fn parked(&self) -> impl Iterator<Item = &Draft> {
        self.parked.iter()
    }

    /// Puts a parked draft into the queue again, under a new name: its old one stands in the log.
    pub fn again(&mut self, id: DraftId, rng: &mut impl CryptoRng) -> Option<DraftId> {
        let at = self.parked.iter().position(|draft| draft.id == id)?;
        let draft = self.parked.remove(at);
        let id = draw_id(rng);
        self.drafts.push_back(Draft { id, ..draft });
        Some(id)
    }

    /// Takes a draft back, because its author says so.
    pub fn take_back(&mut self, id: DraftId) -> Option<Draft> {
        if let Some(at) = self.parked.iter().position(|draft| draft.id == id) {
            return Some(self.parked.remove(at));
        }
        let at = self.drafts.iter().position(|draft| draft.id == id)?;
        self.drafts.remove(at)
    }

    /// Lets a draft go whose entry was read; says whether there was one. By person and not by desk:
    /// who was admitted anew with what was left in their queue wrote it on the desk before.
    pub fn read(&mut self, read: &Read, person: &PersonId) -> bool {
        let own = |draft: &Draft| read.is_of(person, draft.id);
        let at = self.drafts.iter().position(own);
        let Some(draft) = at.and_then(|at| self.drafts.remove(at)) else {
            return false;
        };
        if matches!(read.what, ReadWhat::Refused(_)) {
            self.parked.push(draft);
        }
        true
    }

    /// Seals what comes next: the first draft that can go, or a new key that it needs first. `None`
    /// if nothing waits. Nothing changes here: what counts is what is read back.
    ///
    /// # Errors
    /// [`CannotSeal`] of the first draft, if none can go.
    pub fn seal(
        &self,
        log: &Log,
        hand: &Hand<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<Sealed>, CannotSeal> {
        let Some(turn) = Turn::of(log, hand) else {
            let waits = self.drafts.front().map(|_| CannotSeal::NotAMember);
            return waits.map_or(Ok(None), Err);
        };
        // Nothing waits, and still each period has its key: else the last one dies unrenewed.
        let renewal = Draft {
            id: draw_id(rng),
            seen: log.head(),
            what: What::RenewTeam,
        };
        let due = turn.team_due && self.drafts.is_empty();
        if !due && self.drafts.is_empty() {
            return Ok(None);
        }
        fresh(log, hand)?;
        let waiting = due.then_some(&renewal).into_iter().chain(&self.drafts);
        let (mut held_up, mut first) = (Vec::new(), None);
        for draft in waiting {
            let lane = draft.what.lane();
            if held_up.contains(&lane) {
                continue;
            }
            match turn.seal(draft, rng) {
                Ok(sealed) => return Ok(Some(sealed)),
                Err(why) => {
                    held_up.push(lane);
                    first.get_or_insert(why);
                }
            }
        }
        first.map_or(Ok(None), Err)
    }

    /// Which drafts cannot go as things stand, and why: the first of each kind that holds up others.
    pub fn held_up(
        &self,
        log: &Log,
        hand: &Hand<'_>,
        rng: &mut impl CryptoRng,
    ) -> Vec<(DraftId, CannotSeal)> {
        let Some(turn) = Turn::of(log, hand) else {
            return vec![];
        };
        let (mut lanes, mut out) = (Vec::new(), Vec::new());
        for draft in &self.drafts {
            let lane = draft.what.lane();
            if lanes.contains(&lane) {
                continue;
            }
            lanes.push(lane);
            if let Err(why) = turn.seal(draft, rng) {
                out.push((draft.id, why));
            }
        }
        out
    }
}

/// What a member's desk seals by, at the position that comes next.
struct Turn<'a> {
    log: &'a Log,
    hand: &'a Hand<'a>,
    person: &'a PersonId,
    period: u32,
    team_due: bool,
}

impl<'a> Turn<'a> {
    /// `None` if the desk is no member.
    fn of(log: &'a Log, hand: &'a Hand<'a>) -> Option<Self> {
        let roster = log.roster();
        let person = roster.person_of(&hand.desk.public())?;
        let period = Period::of(hand.today, roster.period_days()).number();
        let (generation, of) = roster.team_key();
        // Also of a period to come: a key dated ahead is replaced, not waited for.
        let old = of != period || hand.ring.team(generation).is_none();
        Some(Self {
            log,
            hand,
            person,
            period,
            team_due: old && !roster.has_role(person, Role::Auditor),
        })
    }

    fn seal(&self, front: &Draft, rng: &mut impl CryptoRng) -> Result<Sealed, CannotSeal> {
        let (log, hand, roster) = (self.log, self.hand, self.log.roster());
        let draft = self.first(front, rng)?;
        let (generation, _) = roster.team_key();
        let bridge = hand.ring.bridge(generation);
        let bridge = bridge.filter(|_| draft.what.goes_under_a_bridge());
        let held = hand.ring.team(generation);
        let team_key = held.or(bridge.as_ref()).ok_or(CannotSeal::KeyMissing)?;
        let content = content(log, hand, &draft.what, self.period, rng)?;
        let number = roster.next_number(&hand.desk.public());
        let inside = signed(log, hand.desk, &draft, number, hand.today, &content);
        if !matches!(draft.what, What::Words { .. }) {
            let body = body::split(&inside).and_then(|(body, _)| Body::decode(body));
            let body = body.ok_or(CannotSeal::TooLong)?;
            let mut would = roster.clone();
            would
                .apply(&body, log.head().count, &content)
                .map_err(CannotSeal::Refused)?;
        }
        let position = log.head().count;
        let item = item::seal(&roster.team(), position, team_key, &inside, rng);
        let item = item.ok_or(CannotSeal::TooLong)?;
        Ok(Sealed { position, item })
    }

    /// The draft, or the new key that it needs first.
    fn first(&self, front: &Draft, rng: &mut impl CryptoRng) -> Result<Draft, CannotSeal> {
        let roster = self.log.roster();
        let instead = |what: What, rng: &mut _| Draft {
            id: draw_id(rng),
            seen: front.seen,
            what,
        };
        if front.what.goes_under_a_bridge() {
            return Ok(front.clone());
        }
        if self.team_due {
            return Ok(instead(What::RenewTeam, rng));
        }
        let Some(circle) = front.what.circle() else {
            return Ok(front.clone());
        };
        if !roster.is_in(self.person, circle) {
            return Err(CannotSeal::NotInCircle);
        }
        let due = roster
            .circles_to_renew(self.person, self.period)
            .contains(&circle);
        let generation = roster.circle_key(circle).map(|(g, _)| g);
        let held = generation.is_some_and(|g| self.hand.ring.circle(circle, g).is_some());
        if due || !held {
            Ok(instead(What::RenewCircle(circle), rng))
        } else {
            Ok(front.clone())
        }
    }
}

impl What {
    /// Brings the team's new key, or what that one needs.
    fn goes_under_a_bridge(&self) -> bool {
        matches!(
            self,
            Self::Admit { .. }
                | Self::RemoveDesk(_)
                | Self::RemovePerson(_)
                | Self::GiveSealing(_)
                | Self::RenewTeam
        )
    }

    fn lane(&self) -> Lane {
        match self {
            Self::Words { scope, .. } => match scope {
                Scope::Team => Lane::ForAll,
                Scope::Circle(circle) | Scope::Case(circle, _) => Lane::Circle(*circle),
            },
            Self::Erase(circle, _) => Lane::Circle(*circle),
            Self::GiveCaseKeys(circle, _) => Lane::CaseKeys(*circle),
            Self::RenewTeam | Self::RenewCircle(_) | Self::GiveSealing(_) => Lane::Keys,
            _ => Lane::Members,
        }
    }

    /// The circle whose key it is sealed under or speaks of.
    fn circle(&self) -> Option<CircleId> {
        match self {
            Self::Words {
                scope: Scope::Circle(circle) | Scope::Case(circle, _),
                ..
            }
            | Self::GiveCaseKeys(circle, _) => Some(*circle),
            _ => None,
        }
    }
}

/// Nothing is sealed to a head that may be an old one. Own entries say nothing: a relay that keeps
/// a desk on a log of its own takes those.
fn fresh(log: &Log, hand: &Hand<'_>) -> Result<(), CannotSeal> {
    let (days, me) = (log.roster().period_days(), hand.desk.public());
    let young = |day: Day| hand.today <= day.plus(days) && day <= hand.today.plus(1);
    let alone = log.roster().desks().count() == 1;
    let others = log.newest_of_others(&me, hand.today);
    let compared = hand.compared.filter(|c| log.only_own_since(&me, &c.head));
    if alone || others.is_some_and(young) || compared.is_some_and(|c| young(c.day)) {
        Ok(())
    } else {
        Err(CannotSeal::HeadTooOld)
    }
}

fn draw_id(rng: &mut impl CryptoRng) -> DraftId {
    let mut id = [0; 16];
    rng.fill_bytes(&mut id);
    DraftId(id)
}

fn signed(
    log: &Log,
    desk: &DeskSecret,
    draft: &Draft,
    number: u64,
    today: Day,
    content: &Content,
) -> Vec<u8> {
    let (kind, content) = content.encode();
    let body = Body {
        after: log.head().hash,
        seen: draft.seen,
        desk: desk.public(),
        number,
        draft: draft.id,
        day: today.0,
        kind,
        content,
    };
    let body = body.encode();
    let message = body::signed_bytes(&log.roster().team(), log.head().count, &body);
    body::join(&body, &desk.sign_for_team(&message))
}

fn content(
    log: &Log,
    hand: &Hand<'_>,
    what: &What,
    period: u32,
    rng: &mut impl CryptoRng,
) -> Result<Content, CannotSeal> {
    let (roster, at) = (log.roster(), log.head().count);
    let act = |act: Act| Ok(Content::Act(Box::new(act)));
    match what {
        What::Words { scope, bytes } => words(log, hand.ring, *scope, bytes, rng),
        What::Admit {
            person,
            roles,
            desk,
            sealing,
            vouch,
        } => {
            let author = roster.person_of(&hand.desk.public());
            let author = author.ok_or(CannotSeal::NotAMember)?;
            let newcomer = Newcomer {
                person,
                roles,
                desk: *desk,
                sealing,
                vouch: vouch.as_ref(),
            };
            let with = roster.with(author, &newcomer, period);
            let with = with.map_err(CannotSeal::Refused)?;
            let (person, roles) = (person.clone(), roles.clone());
            let renewal = renewal(&with, hand, None, (period, at), rng)?;
            let (desk, sealing, vouch) = (*desk, sealing.clone(), *vouch);
            act(Act::Admit {
                person,
                roles,
                desk,
                sealing,
                renewal,
                vouch,
            })
        }
        What::RemoveDesk(desk) => {
            let renewal = renewal(&roster.without(&[*desk]), hand, None, (period, at), rng)?;
            let desk = *desk;
            act(Act::RemoveDesk { desk, renewal })
        }
        What::RemovePerson(person) => {
            let desks = roster.desks().filter(|(_, whose)| *whose == person);
            let desks: Vec<_> = desks.map(|(key, _)| key).collect();
            let renewal = renewal(&roster.without(&desks), hand, None, (period, at), rng)?;
            let person = person.clone();
            act(Act::RemovePerson { person, renewal })
        }
        What::Roles(person, roles) => act(Act::Roles {
            person: person.clone(),
            roles: roles.clone(),
        }),
        What::Circle(circle, persons) => act(Act::Circle {
            circle: *circle,
            persons: persons.clone(),
        }),
        What::Propose(person) => act(Act::Propose {
            person: person.clone(),
        }),
        What::Agree(proposal) => act(Act::Agree {
            proposal: *proposal,
        }),
        What::RenewTeam => {
            let renewal = renewal(roster, hand, None, (period, at), rng)?;
            Ok(Content::Renewal(renewal))
        }
        What::RenewCircle(circle) => {
            let renewal = renewal(roster, hand, Some(*circle), (period, at), rng)?;
            Ok(Content::Renewal(renewal))
        }
        What::GiveSealing(keys) => Ok(Content::Sealing(keys.clone())),
        What::GiveCaseKeys(circle, cases) => {
            let (_, key) = circle_key(log, hand.ring, *circle)?;
            let of_cases = hand.ring.cases_of(*circle).into_iter();
            let of_cases = of_cases.filter(|(case, _)| cases.contains(case));
            let keys = of_cases.map(|(case, of)| {
                let wrapped = key.wrap_case(&roster.team(), *circle, case, &of, rng);
                (case, wrapped)
            });
            Ok(Content::CaseKeys(*circle, keys.collect()))
        }
        What::Erase(circle, case) => Ok(Content::Erased(*circle, *case)),
    }
}

fn circle_key<'a>(
    log: &Log,
    ring: &'a Keyring,
    circle: CircleId,
) -> Result<(u64, &'a CircleKey), CannotSeal> {
    let (generation, _) = log
        .roster()
        .circle_key(circle)
        .ok_or(CannotSeal::KeyMissing)?;
    let key = ring.circle(circle, generation);
    Ok((generation, key.ok_or(CannotSeal::KeyMissing)?))
}

fn words(
    log: &Log,
    ring: &Keyring,
    scope: Scope,
    bytes: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Content, CannotSeal> {
    let (team, at) = (log.roster().team(), log.head().count);
    match scope {
        Scope::Team => Ok(Content::ForAll(bytes.to_vec())),
        Scope::Circle(circle) => {
            let (_, key) = circle_key(log, ring, circle)?;
            let aad = content_aad(&team, at, circle, None);
            Ok(Content::Closed(Closed {
                circle,
                case: None,
                commitment: key.commitment(at),
                sealed: key.seal_content(at, &aad, bytes, rng),
                wrapped: None,
            }))
        }
        Scope::Case(circle, case) => {
            if ring.is_erased(circle, case) {
                return Err(CannotSeal::Refused(Refused::Erased));
            }
            let (_, over) = circle_key(log, ring, circle)?;
            let since = log.roster().cases_since(circle);
            let known = ring.case_since(circle, case, since).cloned();
            let (key, wrapped) = match known {
                Some(key) => (key, None),
                None => {
                    let key = CaseKey::draw(rng);
                    let wrapped = over.wrap_case(&team, circle, case, &key, rng);
                    (key, Some(wrapped))
                }
            };
            let aad = content_aad(&team, at, circle, Some(case));
            Ok(Content::Closed(Closed {
                circle,
                case: Some(case),
                commitment: key.commitment(at),
                sealed: key.seal_content(at, &aad, bytes, rng),
                wrapped,
            }))
        }
    }
}

/// A new key for the team or a circle of `roster`, wrapped to each desk that may have it.
fn renewal(
    roster: &Roster,
    hand: &Hand<'_>,
    circle: Option<CircleId>,
    (period, at): (u32, u64),
    rng: &mut impl CryptoRng,
) -> Result<Renewal, CannotSeal> {
    let (to, me) = (roster.recipients(circle, period), hand.desk.public());
    match to.iter().find(|(desk, _)| *desk == me) {
        // Else this desk would lock itself out.
        Some((_, sealing)) if !hand.ring.holds_secret_of(sealing) => {
            return Err(CannotSeal::SecretLost);
        }
        // A desk that removes itself gives the key to the others.
        None if roster.person_of(&me).is_some() => return Err(CannotSeal::NoSealingKey),
        _ => {}
    }
    let generation = roster.next_generation(circle);
    let key = TeamKey::draw(rng);
    let wraps = to.iter().map(|(desk, sealing)| {
        let to = (desk, sealing);
        keys::wrap(to, &roster.team(), circle, generation, key.bytes())
    });
    let wraps: Option<Vec<_>> = wraps.collect();
    Ok(Renewal {
        circle,
        period,
        generation,
        // Somebody's key is no key: that desk is admitted anew.
        wraps: wraps.ok_or(CannotSeal::Refused(Refused::WrongRenewal))?,
        commitment: key.commitment(at),
    })
}

#[cfg(test)]
pub(crate) use changed_programs::{inside_as, seal_as, seal_changed, wrong_renewals};

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod changed_programs {
    //! What a member's changed program would seal, whatever the rules say.

    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;
    use envelope::keys::DeskKey;

    /// The first draft, in the name of a desk.
    pub(crate) fn seal_as(
        outbox: &Outbox,
        log: &Log,
        hand: &Hand<'_>,
        name: DeskKey,
    ) -> Option<Sealed> {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let (roster, draft) = (log.roster(), outbox.drafts.front()?);
        let period = Period::of(hand.today, roster.period_days()).number();
        let content = content(log, hand, &draft.what, period, &mut rng).ok()?;
        seal_content(log, hand, draft, &content, |body| body.desk = name)
    }

    /// The first draft with something else in it, signed all the same.
    pub(crate) fn seal_changed(
        outbox: &Outbox,
        log: &Log,
        hand: &Hand<'_>,
        change: impl FnOnce(&mut Content),
        body: impl FnOnce(&mut Body),
    ) -> Sealed {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let draft = outbox.drafts.front().unwrap();
        let period = Period::of(hand.today, log.roster().period_days()).number();
        let mut content = content(log, hand, &draft.what, period, &mut rng).unwrap();
        change(&mut content);
        seal_content(log, hand, draft, &content, body).unwrap()
    }

    /// What stands inside it.
    pub(crate) fn inside_as(
        outbox: &Outbox,
        log: &Log,
        hand: &Hand<'_>,
        name: DeskKey,
    ) -> Option<Vec<u8>> {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let draft = outbox.drafts.front()?;
        let period = Period::of(hand.today, log.roster().period_days()).number();
        let content = content(log, hand, &draft.what, period, &mut rng).ok()?;
        let number = log.roster().next_number(&name);
        Some(signed(log, hand.desk, draft, number, hand.today, &content))
    }

    /// New team keys that go to the wrong desks, or come in the wrong turn.
    pub(crate) fn wrong_renewals(outbox: &Outbox, log: &Log, hand: &Hand<'_>) -> Vec<Sealed> {
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        let roster = log.roster();
        let period = Period::of(hand.today, roster.period_days()).number();
        let at = log.head().count;
        let right = renewal(roster, hand, None, (period, at), &mut rng).unwrap();
        let (mut short, mut other, mut old, mut early) =
            (right.clone(), right.clone(), right.clone(), right);
        short.wraps.pop();
        if let Some(last) = other.wraps.last_mut() {
            last.desk = DeskKey([0xff; 32]);
        }
        old.generation -= 1;
        early.period += 1;
        let draft = outbox.drafts.front().unwrap();
        [short, other, old, early]
            .into_iter()
            .map(|wrong| seal_content(log, hand, draft, &Content::Renewal(wrong), |_| ()).unwrap())
            .collect()
    }

    fn seal_content(
        log: &Log,
        hand: &Hand<'_>,
        draft: &Draft,
        content: &Content,
        change: impl FnOnce(&mut Body),
    ) -> Option<Sealed> {
        let roster = log.roster();
        let inside = signed(log, hand.desk, draft, 0, hand.today, content);
        let (bytes, _) = body::split(&inside)?;
        let mut body = Body::decode(bytes)?;
        change(&mut body);
        body.number = roster.next_number(&body.desk);
        let body = body.encode();
        let (position, (generation, _)) = (log.head().count, roster.team_key());
        let message = body::signed_bytes(&roster.team(), position, &body);
        let inside = body::join(&body, &hand.desk.sign_for_team(&message));
        let key = hand.ring.team(generation)?;
        let mut rng = ChaCha20Rng::seed_from_u64(6);
        let item = item::seal(&roster.team(), position, key, &inside, &mut rng)?;
        Some(Sealed { position, item })
    }
}
