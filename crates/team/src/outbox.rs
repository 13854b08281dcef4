//! Writing: drafts wait here, offline for weeks if need be, and are sealed anew for whatever
//! position comes next. (protocol §12.1, §12.3)
//!
//! A draft leaves only when its own entry was read back from the log. So nothing is lost when the
//! relay's answer is, and nothing stands twice.

use std::collections::VecDeque;

use envelope::{Day, Period};
use open::DeskSecret;
use rand_core::CryptoRng;

use crate::body::{self, Act, Body, CaseId, CircleId, Closed, Content, DraftId, Founding};
use crate::body::{PersonId, Renewal, Role, Scope, SealingKey};
use crate::item;
use crate::keys::{self, CaseKey, CircleKey, Keyring, TeamKey, content_aad};
use crate::log::{Log, Read};
use crate::place::Head;
use crate::roster::{Refused, Roster};
use crate::told::{Told, told};

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The keys of a circle's cases, for members who came later.
    GiveCaseKeys(CircleId),
    /// A case is erased.
    Erase(CircleId, CaseId),
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
    /// The newest entry is older than a period: the relay may be hiding what came since.
    HeadTooOld,
    /// The team key is not on the ring.
    KeyMissing,
    /// No key of today's period was given by this desk: give it first.
    NoSealingKey,
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
                "The relay has shown nothing new for longer than a period. It may be hiding what colleagues wrote. Compare the four words with one of them by voice; what you wrote is kept until then.",
                "Le relais n’a rien montré de nouveau depuis plus d’une période. Il cache peut-être ce que des collègues ont écrit. Comparez les quatre mots avec l’un d’eux, de vive voix ; ce que vous avez écrit est gardé jusque-là.",
            ),
            Self::KeyMissing => told(
                "This desk has no key to the log. Take a colleague’s copy of the log first; if that does not help, ask an administrator to admit it again. What you wrote is kept here.",
                "Ce poste n’a pas de clé pour le journal. Prenez d’abord la copie du journal d’un collègue ; si cela ne suffit pas, demandez à un administrateur de l’admettre à nouveau. Ce que vous avez écrit est gardé ici.",
            ),
            Self::NoSealingKey => told(
                "This desk has not given its keys for this period yet. It does so first.",
                "Ce poste n’a pas encore donné ses clés pour cette période. Il le fait d’abord.",
            ),
            Self::TooLong => told(
                "This is too long for one entry. Shorten it or divide it.",
                "C’est trop long pour une seule entrée. Raccourcissez ou partagez.",
            ),
        }
    }
}

/// What waits on one desk. The vault keeps it.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    drafts: VecDeque<Draft>,
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

    /// Takes a draft back, because its author says so.
    pub fn take_back(&mut self, id: DraftId) -> Option<Draft> {
        let at = self.drafts.iter().position(|draft| draft.id == id)?;
        self.drafts.remove(at)
    }

    /// Lets a draft go whose entry was read; says whether there was one.
    pub fn read(&mut self, read: &Read, desk: &envelope::keys::DeskKey) -> bool {
        let own = |draft: &Draft| read.is_of(desk, draft.id);
        match self.drafts.iter().position(own) {
            Some(at) => self.drafts.remove(at).is_some(),
            None => false,
        }
    }

    /// Seals what comes next: the first draft, or a new key that it needs first. `None` if nothing
    /// waits. Nothing changes here: what counts is what is read back.
    ///
    /// # Errors
    /// [`CannotSeal`].
    pub fn seal(
        &self,
        log: &Log,
        hand: &Hand<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<Sealed>, CannotSeal> {
        let roster = log.roster();
        let me = hand.desk.public();
        let (generation, of) = roster.team_key();
        let period = Period::of(hand.today, roster.period_days()).number();
        let held = hand.ring.team(generation);
        // Also of a period to come: a key dated ahead is replaced, not waited for.
        let renewal_due = of != period || held.is_none();
        let front = match (self.drafts.front(), roster.person_of(&me)) {
            (Some(front), _) => front.clone(),
            // Nothing waits, and still each period has its key: else the last one dies unrenewed.
            (None, Some(person)) if renewal_due && !roster.has_role(person, Role::Auditor) => {
                Draft {
                    id: draw_id(rng),
                    seen: log.head(),
                    what: What::RenewTeam,
                }
            }
            (None, _) => return Ok(None),
        };
        let person = roster.person_of(&me).ok_or(CannotSeal::NotAMember)?;
        fresh(log, hand)?;
        let bridge = hand.ring.bridge(generation);
        let team_key = held.or(bridge.as_ref()).ok_or(CannotSeal::KeyMissing)?;
        let first = |what: What, rng: &mut _| Draft {
            id: draw_id(rng),
            seen: front.seen,
            what,
        };
        let draft = if matches!(front.what, What::GiveSealing(_) | What::RenewTeam)
            || front.what.brings_team_key()
        {
            front.clone()
        } else if renewal_due {
            first(What::RenewTeam, rng)
        } else if let Some(circle) = front.what.circle() {
            if !roster.is_in(person, circle) {
                return Err(CannotSeal::NotInCircle);
            }
            let due = roster.circles_to_renew(person, period).contains(&circle);
            let generation = roster.circle_key(circle).map(|(g, _)| g);
            let held = generation.is_some_and(|g| hand.ring.circle(circle, g).is_some());
            if due || !held {
                first(What::RenewCircle(circle), rng)
            } else {
                front.clone()
            }
        } else {
            front.clone()
        };
        let content = content(log, hand, &draft.what, period, rng)?;
        let number = roster.next_number(&me);
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
        Ok(Some(Sealed { position, item }))
    }
}

impl What {
    fn brings_team_key(&self) -> bool {
        matches!(
            self,
            Self::Admit { .. } | Self::RemoveDesk(_) | Self::RemovePerson(_)
        )
    }

    /// The circle whose key it is sealed under or speaks of.
    fn circle(&self) -> Option<CircleId> {
        match self {
            Self::Words {
                scope: Scope::Circle(circle) | Scope::Case(circle, _),
                ..
            }
            | Self::GiveCaseKeys(circle) => Some(*circle),
            _ => None,
        }
    }
}

/// Nothing is sealed to a head that may be an old one.
fn fresh(log: &Log, hand: &Hand<'_>) -> Result<(), CannotSeal> {
    let days = log.roster().period_days();
    let young = |day: Day| hand.today <= day.plus(days);
    let alone = log.roster().desks().count() == 1;
    let compared = hand.compared.filter(|c| c.head == log.head());
    if alone || log.newest().is_some_and(young) || compared.is_some_and(|c| young(c.day)) {
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
    let roster = log.roster();
    let act = |act: Act| Ok(Content::Act(Box::new(act)));
    match what {
        What::Words { scope, bytes } => words(log, hand.ring, *scope, bytes, rng),
        What::Admit {
            person,
            roles,
            desk,
            sealing,
        } => {
            let with = roster.with(person, roles, *desk, sealing, period);
            let with = with.map_err(CannotSeal::Refused)?;
            let (person, roles) = (person.clone(), roles.clone());
            let renewal = renewal(&with, hand, None, period, rng)?;
            let (desk, sealing) = (*desk, sealing.clone());
            act(Act::Admit {
                person,
                roles,
                desk,
                sealing,
                renewal,
            })
        }
        What::RemoveDesk(desk) => {
            let renewal = renewal(&roster.without(&[*desk]), hand, None, period, rng)?;
            let desk = *desk;
            act(Act::RemoveDesk { desk, renewal })
        }
        What::RemovePerson(person) => {
            let desks = roster.desks().filter(|(_, whose)| *whose == person);
            let desks: Vec<_> = desks.map(|(key, _)| key).collect();
            let renewal = renewal(&roster.without(&desks), hand, None, period, rng)?;
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
        What::RenewTeam => Ok(Content::Renewal(renewal(roster, hand, None, period, rng)?)),
        What::RenewCircle(circle) => {
            let renewal = renewal(roster, hand, Some(*circle), period, rng)?;
            Ok(Content::Renewal(renewal))
        }
        What::GiveSealing(keys) => Ok(Content::Sealing(keys.clone())),
        What::GiveCaseKeys(circle) => {
            let (_, key) = circle_key(log, hand.ring, *circle)?;
            let keys = hand.ring.cases_of(*circle).into_iter().map(|(case, of)| {
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
    period: u32,
    rng: &mut impl CryptoRng,
) -> Result<Renewal, CannotSeal> {
    let to = roster.recipients(circle, period);
    if !to.iter().any(|(desk, _)| *desk == hand.desk.public()) {
        // A desk that removes itself gives the key to the others.
        let stays = roster.person_of(&hand.desk.public()).is_some();
        if stays {
            return Err(CannotSeal::NoSealingKey);
        }
    }
    let generation = roster.next_generation(circle);
    let key = TeamKey::draw(rng);
    let wraps = to.iter().map(|(desk, sealing)| {
        let to = (desk, sealing);
        keys::wrap(to, &roster.team(), circle, generation, key.bytes(), rng)
    });
    let wraps: Option<Vec<_>> = wraps.collect();
    Ok(Renewal {
        circle,
        period,
        generation,
        // Somebody's key is no key: that desk is admitted anew.
        wraps: wraps.ok_or(CannotSeal::Refused(Refused::WrongRenewal))?,
    })
}

#[cfg(test)]
pub(crate) use changed_programs::{inside_as, seal_as, wrong_renewals};

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
        seal_content(log, hand, draft, &content, name)
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
        let right = renewal(roster, hand, None, period, &mut rng).unwrap();
        let (mut short, mut other, mut old, mut early) =
            (right.clone(), right.clone(), right.clone(), right);
        short.wraps.pop();
        if let Some(last) = other.wraps.last_mut() {
            last.desk = DeskKey([0xff; 32]);
        }
        old.generation -= 1;
        early.period += 1;
        let draft = outbox.drafts.front().unwrap();
        let me = hand.desk.public();
        [short, other, old, early]
            .into_iter()
            .map(|wrong| seal_content(log, hand, draft, &Content::Renewal(wrong), me).unwrap())
            .collect()
    }

    fn seal_content(
        log: &Log,
        hand: &Hand<'_>,
        draft: &Draft,
        content: &Content,
        name: DeskKey,
    ) -> Option<Sealed> {
        let roster = log.roster();
        let number = roster.next_number(&name);
        let inside = signed(log, hand.desk, draft, number, hand.today, content);
        let (bytes, _) = body::split(&inside)?;
        let mut body = Body::decode(bytes)?;
        body.desk = name;
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
