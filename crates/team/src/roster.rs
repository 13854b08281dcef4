//! Who belongs, what they may, and which keys are in force: a fold of the log, the same on every
//! desk. (protocol §12.2)

use std::collections::{BTreeMap, BTreeSet};

use envelope::keys::DeskKey;
use envelope::{Day, Period};

use crate::body::{Act, Body, CaseId, CircleId, Content, Founding, PersonId, Renewal, Role};
use crate::body::{SealingKey, Vouch};
use crate::place::TeamId;
use crate::told::{Told, told};

/// How many periods ahead a desk gives sealing keys at most.
pub(crate) const MOST_PERIODS_AHEAD: u32 = 12;

/// Why an entry has no effect. It keeps its position; every desk finds the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// Its content does not read.
    Malformed,
    /// Of a desk that is no member, or not any more.
    NotAMember,
    /// Not signed by the desk it names.
    Unsigned,
    /// Not the next entry of its desk, or one that had seen less than the one before.
    OutOfOrder,
    /// Its author may not do this.
    NoRight,
    /// Sealing keys that are none.
    NotAKey,
    /// Another desk for a person who neither wrote this nor vouched for it.
    NotVouched,
    /// Under a key that is not the one in force.
    OldKey,
    /// A new key that goes to others than those who may have it, or in the wrong turn.
    WrongRenewal,
    /// A new key of a period that nobody else has dated an entry near.
    FarAhead,
    /// The founding is the first entry and no other.
    NotTheFounding,
    /// No administrator would be left.
    NobodyLeft,
    /// That desk is known already, or was removed: a desk has a key of its own, once.
    DeskKnown,
    /// No such person, desk or proposal.
    Unknown,
    /// An auditor has no other role and is in no circle.
    Auditor,
    /// The case was erased.
    Erased,
}

impl Refused {
    /// In words.
    #[must_use]
    pub fn told(&self) -> Told {
        match self {
            Self::Malformed => told(
                "An entry of the log could not be read. It changed nothing.",
                "Une entrée du journal est illisible. Elle n’a rien changé.",
            ),
            Self::NotAMember => told(
                "An entry came from a desk that does not belong to the team. It changed nothing. If somebody left or lost a desk, find out who wrote it.",
                "Une entrée vient d’un poste qui n’appartient pas à l’équipe. Elle n’a rien changé. Si quelqu’un est parti ou a perdu un poste, cherchez qui l’a écrite.",
            ),
            Self::Unsigned => told(
                "An entry carries the name of a desk that did not sign it. It changed nothing. Somebody in the team may be writing as somebody else.",
                "Une entrée porte le nom d’un poste qui ne l’a pas signée. Elle n’a rien changé. Quelqu’un de l’équipe écrit peut-être au nom d’un autre.",
            ),
            Self::OutOfOrder => told(
                "An entry of a desk is missing or came twice. The second changed nothing. Ask whether that desk was restored from a backup.",
                "Une entrée d’un poste manque ou est venue deux fois. La seconde n’a rien changé. Demandez si ce poste a été rétabli depuis une sauvegarde.",
            ),
            Self::NoRight => told(
                "Somebody did what their role does not allow. It changed nothing.",
                "Quelqu’un a fait ce que son rôle ne permet pas. Cela n’a rien changé.",
            ),
            Self::NotAKey => told(
                "A desk gave keys that are none. They are not used: nobody could seal to them.",
                "Un poste a donné des clés qui n’en sont pas. Elles ne servent pas : personne ne pourrait rien sceller pour elles.",
            ),
            Self::NotVouched => told(
                "Somebody was to get another desk who did not ask for it. It was not admitted. If it was meant, that person vouches for it on the desk they have.",
                "Quelqu’un devait recevoir un autre poste sans l’avoir demandé. Il n’a pas été admis. Si c’était voulu, cette personne s’en porte garante depuis le poste qu’elle a.",
            ),
            Self::OldKey => told(
                "An entry was written under a key that had been replaced. It changed nothing; its author writes it again.",
                "Une entrée a été écrite sous une clé déjà remplacée. Elle n’a rien changé ; son auteur la récrit.",
            ),
            Self::WrongRenewal => told(
                "A new key was to go to others than those who may have it. It is not used.",
                "Une nouvelle clé devait aller à d’autres qu’à ceux qui y ont droit. Elle n’est pas utilisée.",
            ),
            Self::FarAhead => told(
                "The date of the desk that made a new key is more than a period ahead of what was signed before. Look at the clock. If the date is right, a colleague writes something first, or this desk gives its keys again.",
                "La date du poste qui a créé une nouvelle clé dépasse de plus d’une période ce qui a été signé avant. Vérifiez l’horloge. Si la date est juste, un collègue écrit d’abord quelque chose, ou ce poste redonne ses clés.",
            ),
            Self::NotTheFounding => told(
                "A second founding stands in the log. It changed nothing.",
                "Une seconde fondation figure dans le journal. Elle n’a rien changé.",
            ),
            Self::NobodyLeft => told(
                "The team would have no administrator left. Name another one first.",
                "L’équipe n’aurait plus d’administrateur. Nommez-en d’abord un autre.",
            ),
            Self::DeskKnown => told(
                "This desk is in the team already, or was removed from it. A desk that comes back begins with a new key.",
                "Ce poste est déjà dans l’équipe, ou en a été retiré. Un poste qui revient commence avec une nouvelle clé.",
            ),
            Self::Unknown => told(
                "The entry speaks of a person, a desk or a proposal that is not there. It changed nothing.",
                "L’entrée parle d’une personne, d’un poste ou d’une proposition qui n’existe pas. Elle n’a rien changé.",
            ),
            Self::Auditor => told(
                "An auditor has no other role and belongs to no circle.",
                "Un auditeur n’a pas d’autre rôle et n’appartient à aucun cercle.",
            ),
            Self::Erased => told(
                "An entry belongs to a case that was erased. It is not taken up.",
                "Une entrée concerne un dossier effacé. Elle n’est pas reprise.",
            ),
        }
    }
}

/// What an entry that is not casework's changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// The team began.
    Founded,
    /// A desk came.
    Admitted(DeskKey),
    /// Desks went.
    Removed(Vec<DeskKey>),
    /// A person has other roles.
    RolesChanged(PersonId),
    /// A circle has other members.
    CircleChanged(CircleId),
    /// Somebody is proposed as administrator, at this position.
    Proposed(u64),
    /// Somebody agreed; with the last one needed there is a new administrator.
    Agreed {
        /// Whether this was the last one needed.
        done: bool,
    },
    /// The team has a new key.
    TeamRenewed,
    /// A circle has a new key.
    CircleRenewed(CircleId),
    /// The same, but its author did not give it to all alike: any member renews it again.
    WrongCircleKey(CircleId),
    /// A desk gave keys for coming periods.
    SealingGiven,
    /// Keys of cases were handed to a circle.
    CaseKeysGiven(CircleId),
    /// Somebody asked that a case be erased; a second person has to agree.
    ErasureAsked(CircleId, CaseId),
    /// A case of a circle was erased.
    Erased(CircleId, CaseId),
    /// Something of casework's was written.
    Written,
    /// Of a newer release: update.
    OfANewerRelease,
}

#[derive(Clone, Debug)]
struct Desk {
    person: PersonId,
    removed: bool,
    number: u64,
    seen: u64,
    sealing: BTreeMap<u32, SealingKey>,
}

#[derive(Clone, Debug, Default)]
struct Circle {
    /// Members of a circle that is not a role's.
    named: BTreeSet<PersonId>,
    generation: u64,
    period: u32,
    /// Somebody went: nothing is sealed to it before its key is renewed.
    must_renew: bool,
    /// Somebody came and has no key yet.
    wants_renewal: bool,
    /// Keys of cases drawn before this generation are known to somebody who went.
    since: u64,
}

#[derive(Clone, Debug)]
struct Proposal {
    person: PersonId,
    by: PersonId,
    agreed: BTreeSet<PersonId>,
}

/// A person whom so far only the one who admitted them vouches for.
#[derive(Clone, Debug)]
struct Newcome {
    at: u64,
    /// Who was there before and did not admit them: an entry of one of these that saw the admission
    /// makes them known.
    by: BTreeSet<PersonId>,
}

/// A desk that is to be admitted.
pub(crate) struct Newcomer<'a> {
    pub(crate) person: &'a PersonId,
    pub(crate) roles: &'a [Role],
    pub(crate) desk: DeskKey,
    pub(crate) sealing: &'a [SealingKey],
    pub(crate) vouch: Option<&'a Vouch>,
}

/// The team as the log says.
#[derive(Clone, Debug)]
pub struct Roster {
    team: TeamId,
    period_days: u32,
    grace_days: u32,
    quorum: u32,
    founded: bool,
    generation: u64,
    period: u32,
    persons: BTreeMap<PersonId, BTreeSet<Role>>,
    desks: BTreeMap<DeskKey, Desk>,
    circles: BTreeMap<CircleId, Circle>,
    proposals: BTreeMap<u64, Proposal>,
    erased: BTreeMap<(CircleId, CaseId), u64>,
    /// Who asked that a case be erased.
    asked: BTreeMap<(CircleId, CaseId), BTreeSet<PersonId>>,
    /// Persons whom nobody but their administrator has seen come.
    newcome: BTreeMap<PersonId, Newcome>,
    /// The newest day each person has signed.
    days: BTreeMap<PersonId, u32>,
}

impl Roster {
    pub(crate) fn before_founding(team: TeamId) -> Self {
        Self {
            team,
            period_days: 1,
            grace_days: 0,
            quorum: 2,
            founded: false,
            generation: 1,
            period: 0,
            persons: BTreeMap::new(),
            desks: BTreeMap::new(),
            circles: BTreeMap::new(),
            proposals: BTreeMap::new(),
            erased: BTreeMap::new(),
            asked: BTreeMap::new(),
            newcome: BTreeMap::new(),
            days: BTreeMap::new(),
        }
    }

    /// The team.
    #[must_use]
    pub fn team(&self) -> TeamId {
        self.team
    }

    /// Days of a week period.
    #[must_use]
    pub fn period_days(&self) -> u32 {
        self.period_days
    }

    /// Days a period's keys outlive it.
    #[must_use]
    pub fn grace_days(&self) -> u32 {
        self.grace_days
    }

    /// Generation and period of the team key in force.
    #[must_use]
    pub fn team_key(&self) -> (u64, u32) {
        (self.generation, self.period)
    }

    /// Generation and period of a circle's key in force, if it has one and nobody went since.
    #[must_use]
    pub fn circle_key(&self, circle: CircleId) -> Option<(u64, u32)> {
        let circle = self.circles.get(&circle)?;
        let usable = circle.generation > 0 && !circle.must_renew;
        usable.then_some((circle.generation, circle.period))
    }

    /// Circles of a person whose key is to be renewed in a period: somebody came or went, there is
    /// none yet, or it is of another period.
    pub fn circles_to_renew(&self, person: &PersonId, period: u32) -> Vec<CircleId> {
        let due = |circle: &CircleId| {
            self.circles.get(circle).is_none_or(|c| {
                c.generation == 0 || c.must_renew || c.wants_renewal || c.period != period
            })
        };
        self.circles_of(person).into_iter().filter(due).collect()
    }

    /// The generation that the next key of a circle has, or of the team.
    #[must_use]
    pub fn next_generation(&self, circle: Option<CircleId>) -> u64 {
        let now = match circle {
            None => self.generation,
            Some(circle) => self.circles.get(&circle).map_or(0, |c| c.generation),
        };
        now.saturating_add(1)
    }

    /// Generation of its circle since which a case's key counts for new entries.
    pub(crate) fn cases_since(&self, circle: CircleId) -> u64 {
        self.circles.get(&circle).map_or(0, |c| c.since)
    }

    /// The persons who belong, and their roles.
    pub fn persons(&self) -> impl Iterator<Item = (&PersonId, &BTreeSet<Role>)> {
        self.persons.iter()
    }

    /// The desks that belong, and whose they are.
    pub fn desks(&self) -> impl Iterator<Item = (DeskKey, &PersonId)> {
        let here = self.desks.iter().filter(|(_, desk)| !desk.removed);
        here.map(|(key, desk)| (*key, &desk.person))
    }

    /// Whose desk this is, if it belongs.
    #[must_use]
    pub fn person_of(&self, desk: &DeskKey) -> Option<&PersonId> {
        let desk = self.desks.get(desk).filter(|desk| !desk.removed)?;
        Some(&desk.person)
    }

    /// Whether a person has a role.
    #[must_use]
    pub fn has_role(&self, person: &PersonId, role: Role) -> bool {
        self.persons.get(person).is_some_and(|r| r.contains(&role))
    }

    /// Members of a circle: who can read it, for the line at the top of each page.
    #[must_use]
    pub fn members(&self, circle: CircleId) -> BTreeSet<&PersonId> {
        let role = self.role_of(circle);
        match role {
            Some(role) => {
                let with = self.persons.iter().filter(|(_, r)| r.contains(&role));
                with.map(|(person, _)| person).collect()
            }
            None => self
                .circles
                .get(&circle)
                .map(|c| c.named.iter().collect())
                .unwrap_or_default(),
        }
    }

    /// Whether a person is in a circle.
    #[must_use]
    pub fn is_in(&self, person: &PersonId, circle: CircleId) -> bool {
        self.members(circle).contains(person)
    }

    /// All circles of a person.
    #[must_use]
    pub fn circles_of(&self, person: &PersonId) -> Vec<CircleId> {
        let roles = self.persons.get(person).into_iter().flatten();
        let of_roles = roles.filter_map(|role| role.circle(&self.team));
        let named = self.circles.iter();
        let named = named.filter(|(_, c)| c.named.contains(person));
        of_roles.chain(named.map(|(circle, _)| *circle)).collect()
    }

    /// How many entries a desk has made: the number of its next.
    #[must_use]
    pub fn next_number(&self, desk: &DeskKey) -> u64 {
        self.desks.get(desk).map_or(0, |desk| desk.number)
    }

    /// Desks that belong and have not confirmed an erasure: none of their entries saw it. After the
    /// grace these are told by name. `None` if the case was not erased.
    #[must_use]
    pub fn unconfirmed(&self, circle: CircleId, case: CaseId) -> Option<Vec<DeskKey>> {
        let erased = self.erased.get(&(circle, case))?;
        let open = self.desks.iter();
        let open = open.filter(|(_, desk)| !desk.removed && desk.seen <= *erased);
        Some(open.map(|(key, _)| *key).collect())
    }

    /// Cases that somebody wants erased and nobody else has agreed to yet, and who asked.
    pub fn erasures_asked(&self) -> impl Iterator<Item = (CircleId, CaseId, &BTreeSet<PersonId>)> {
        let asked = self.asked.iter();
        asked.map(|((circle, case), persons)| (*circle, *case, persons))
    }

    /// The sealing keys that a desk has given and that still count.
    pub fn sealing_keys(&self, desk: &DeskKey) -> impl Iterator<Item = &SealingKey> {
        let desk = self.desks.get(desk).filter(|desk| !desk.removed);
        desk.into_iter().flat_map(|desk| desk.sealing.values())
    }

    /// Whether a desk was ever admitted, removed since or not.
    pub(crate) fn knew(&self, desk: &DeskKey) -> bool {
        self.desks.contains_key(desk)
    }

    /// Desks a new key goes to, each with its sealing key of the period.
    pub(crate) fn recipients(
        &self,
        circle: Option<CircleId>,
        period: u32,
    ) -> Vec<(DeskKey, SealingKey)> {
        let members = circle.map(|circle| self.members(circle));
        let here = self.desks.iter().filter(|(_, desk)| !desk.removed);
        let may = here.filter(|(_, desk)| {
            members
                .as_ref()
                .is_none_or(|members| members.contains(&desk.person))
        });
        let with = may.filter_map(|(key, desk)| Some((*key, desk.sealing.get(&period)?.clone())));
        with.collect()
    }

    /// Desks that belong and gave no sealing key of a period: away too long, or new keys are due.
    #[must_use]
    pub fn without_key_of(&self, period: u32) -> Vec<DeskKey> {
        let here = self.desks.iter().filter(|(_, desk)| !desk.removed);
        let without = here.filter(|(_, desk)| !desk.sealing.contains_key(&period));
        without.map(|(key, _)| *key).collect()
    }

    /// The team with one more desk, to whom a new key would go.
    pub(crate) fn with(
        &self,
        author: &PersonId,
        newcomer: &Newcomer<'_>,
        period: u32,
    ) -> Result<Self, Refused> {
        let mut next = self.clone();
        next.admit(author, newcomer, period)?;
        Ok(next)
    }

    /// The team without some desks.
    pub(crate) fn without(&self, desks: &[DeskKey]) -> Self {
        let mut next = self.clone();
        desks.iter().for_each(|desk| next.take_desk(desk));
        next
    }

    fn role_of(&self, circle: CircleId) -> Option<Role> {
        let mut roles = Role::ALL.into_iter();
        roles.find(|role| role.circle(&self.team) == Some(circle))
    }

    pub(crate) fn found(&mut self, founding: &Founding, body: &Body) -> Result<Effect, Refused> {
        let auditor = founding.roles.contains(&Role::Auditor);
        let sound = Founding::team_of(&body.content) == self.team
            && founding.desk == body.desk
            && founding.quorum >= 2
            && (1..=envelope::notice::MOST_PERIOD_DAYS).contains(&founding.period_days)
            && founding.roles.contains(&Role::Administrator)
            && founding.sealing.iter().all(SealingKey::is_a_key)
            && !auditor;
        if self.founded || !sound {
            return Err(Refused::NotTheFounding);
        }
        self.founded = true;
        self.period_days = founding.period_days;
        self.grace_days = founding.grace_days;
        self.quorum = founding.quorum;
        self.period = founding.period;
        let roles = founding.roles.iter().copied().collect();
        self.persons.insert(founding.person.clone(), roles);
        let desk = Desk::new(&founding.person, &founding.sealing, founding.period);
        self.desks.insert(founding.desk, desk);
        self.mark_roles(&founding.person, &BTreeSet::new());
        self.count(body);
        Ok(Effect::Founded)
    }

    /// Whether this is the next entry of its desk. What its author had seen may be less than
    /// before: a draft of a vault that was restored, or one that waited.
    pub(crate) fn is_next(&self, body: &Body) -> bool {
        self.desks
            .get(&body.desk)
            .is_some_and(|desk| desk.number == body.number)
    }

    /// Counts an entry that is its desk's, whether or not it has an effect.
    pub(crate) fn count(&mut self, body: &Body) {
        if let Some(desk) = self.desks.get_mut(&body.desk) {
            desk.number = desk.number.saturating_add(1);
            desk.seen = desk.seen.max(body.seen.count);
            let day = self.days.entry(desk.person.clone()).or_default();
            *day = body.day.max(*day);
            let (person, seen) = (&desk.person, body.seen.count);
            self.newcome
                .retain(|_, new| seen <= new.at || !new.by.contains(person));
        }
    }

    /// Lets an entry take effect.
    pub(crate) fn apply(
        &mut self,
        body: &Body,
        position: u64,
        content: &Content,
    ) -> Result<Effect, Refused> {
        let person = self.person_of(&body.desk).ok_or(Refused::NotAMember)?;
        let person = person.clone();
        let in_circle = |roster: &Self, circle: CircleId| {
            let is_in = roster.is_in(&person, circle);
            is_in.then_some(()).ok_or(Refused::NoRight)
        };
        match content {
            Content::Founding(_) => Err(Refused::NotTheFounding),
            Content::Act(act) => {
                // All of it or nothing.
                let mut next = self.clone();
                let effect = next.act(&person, body, position, act)?;
                *self = next;
                Ok(effect)
            }
            Content::Renewal(renewal) => {
                self.check_turn(renewal, body)?;
                match renewal.circle {
                    None => {
                        if self.has_role(&person, Role::Auditor) {
                            return Err(Refused::NoRight);
                        }
                        self.renew_team(renewal)?;
                        Ok(Effect::TeamRenewed)
                    }
                    Some(circle) => {
                        in_circle(self, circle)?;
                        self.renew_circle(circle, renewal)?;
                        Ok(Effect::CircleRenewed(circle))
                    }
                }
            }
            Content::Sealing(keys) => {
                all_are_keys(keys)?;
                let now = self.period_of(body.day);
                if let Some(desk) = self.desks.get_mut(&body.desk) {
                    for key in keys {
                        // What others have wrapped to stays; of a period to come a restored vault
                        // may have lost the secret.
                        if key.period > now || !desk.sealing.contains_key(&key.period) {
                            desk.sealing.insert(key.period, key.clone());
                        }
                    }
                    desk.keep_near(now);
                }
                Ok(Effect::SealingGiven)
            }
            Content::CaseKeys(circle, _) => {
                in_circle(self, *circle)?;
                self.circle_key(*circle).ok_or(Refused::OldKey)?;
                Ok(Effect::CaseKeysGiven(*circle))
            }
            Content::Erased(circle, case) => {
                if self.ask_erasure(&person, *circle, *case)? {
                    self.erased.entry((*circle, *case)).or_insert(position);
                    Ok(Effect::Erased(*circle, *case))
                } else {
                    Ok(Effect::ErasureAsked(*circle, *case))
                }
            }
            Content::Closed(closed) => {
                in_circle(self, closed.circle)?;
                self.circle_key(closed.circle).ok_or(Refused::OldKey)?;
                let case = closed.case.map(|case| (closed.circle, case));
                if case.is_some_and(|case| self.erased.contains_key(&case)) {
                    return Err(Refused::Erased);
                }
                Ok(Effect::Written)
            }
            Content::ForAll(_) => Ok(Effect::Written),
            Content::Unknown => Ok(Effect::OfANewerRelease),
            // An administrator's stops the desk before it comes here.
            Content::Newer => Err(Refused::NoRight),
        }
    }

    /// Whether a case goes now: two persons said so, or there is one person in all.
    fn ask_erasure(
        &mut self,
        person: &PersonId,
        circle: CircleId,
        case: CaseId,
    ) -> Result<bool, Refused> {
        let members: BTreeSet<PersonId> = self.members(circle).into_iter().cloned().collect();
        let case = (circle, case);
        // Whoever shares a circle with nobody finds the second one in the team.
        let may = |roster: &Self, who: &PersonId| {
            members.contains(who)
                || members.len() == 1
                    && roster.persons.contains_key(who)
                    && !roster.has_role(who, Role::Auditor)
        };
        let mut said = self.asked.get(&case).cloned().unwrap_or_default();
        said.retain(|who| may(self, who));
        let begun = said.iter().any(|who| members.contains(who));
        if !(members.contains(person) || begun && may(self, person)) {
            return Err(Refused::NoRight);
        }
        said.insert(person.clone());
        // Else an administrator and a stranger they admit a moment before are two.
        let known = said.iter().filter(|who| !self.newcome.contains_key(*who));
        let done = known.count() >= 2 || self.persons.len() == 1 || self.erased.contains_key(&case);
        if done {
            self.asked.remove(&case);
        } else {
            self.asked.insert(case, said);
        }
        Ok(done)
    }

    fn act(
        &mut self,
        author: &PersonId,
        body: &Body,
        position: u64,
        act: &Act,
    ) -> Result<Effect, Refused> {
        let administrator = self.has_role(author, Role::Administrator);
        let needs_one = |administrator: bool| administrator.then_some(()).ok_or(Refused::NoRight);
        match act {
            Act::Admit {
                person,
                roles,
                desk,
                sealing,
                renewal,
                vouch,
            } => {
                needs_one(administrator)?;
                let newcomer = Newcomer {
                    person,
                    roles,
                    desk: *desk,
                    sealing,
                    vouch: vouch.as_ref(),
                };
                let new = !self.persons.contains_key(person);
                self.admit(author, &newcomer, self.period_of(body.day))?;
                if new {
                    self.came(author, person, position);
                }
                self.check_turn(renewal, body)?;
                self.renew_team(renewal)?;
                Ok(Effect::Admitted(*desk))
            }
            Act::RemoveDesk { desk, renewal } => {
                needs_one(administrator)?;
                let person = self.person_of(desk).ok_or(Refused::Unknown)?.clone();
                self.take_desk(desk);
                if !self
                    .desks
                    .values()
                    .any(|d| !d.removed && d.person == person)
                {
                    self.take_person(&person);
                }
                self.somebody_stays()?;
                self.check_turn(renewal, body)?;
                self.renew_team(renewal)?;
                Ok(Effect::Removed(vec![*desk]))
            }
            Act::RemovePerson { person, renewal } => {
                needs_one(administrator)?;
                let theirs: Vec<DeskKey> = self
                    .desks()
                    .filter(|(_, whose)| *whose == person)
                    .map(|(key, _)| key)
                    .collect();
                if !self.persons.contains_key(person) {
                    return Err(Refused::Unknown);
                }
                theirs.iter().for_each(|desk| self.take_desk(desk));
                self.take_person(person);
                self.somebody_stays()?;
                self.check_turn(renewal, body)?;
                self.renew_team(renewal)?;
                Ok(Effect::Removed(theirs))
            }
            Act::Roles { person, roles } => {
                needs_one(administrator)?;
                self.give_roles(person, roles)?;
                self.somebody_stays()?;
                Ok(Effect::RolesChanged(person.clone()))
            }
            Act::Circle { circle, persons } => {
                self.set_circle(author, administrator, *circle, persons)?;
                Ok(Effect::CircleChanged(*circle))
            }
            Act::Propose { person } => {
                if !self.persons.contains_key(person) {
                    return Err(Refused::Unknown);
                }
                let proposal = Proposal {
                    person: person.clone(),
                    by: author.clone(),
                    agreed: BTreeSet::from([author.clone()]),
                };
                self.proposals.insert(position, proposal);
                Ok(Effect::Proposed(position))
            }
            Act::Agree { proposal: at } => {
                let proposal = self.proposals.get_mut(at).ok_or(Refused::Unknown)?;
                proposal.agreed.insert(author.clone());
                let here = |p: &&PersonId| self.persons.contains_key(*p);
                let agreed = proposal.agreed.iter().filter(here).count();
                let done = u32::try_from(agreed).unwrap_or(u32::MAX) >= self.quorum;
                if done {
                    let person = proposal.person.clone();
                    self.proposals.remove(at);
                    let mut roles = self.persons.get(&person).cloned().ok_or(Refused::Unknown)?;
                    roles.remove(&Role::Auditor);
                    roles.insert(Role::Administrator);
                    let roles: Vec<Role> = roles.into_iter().collect();
                    self.give_roles(&person, &roles)?;
                }
                Ok(Effect::Agreed { done })
            }
        }
    }

    fn admit(
        &mut self,
        author: &PersonId,
        newcomer: &Newcomer<'_>,
        period: u32,
    ) -> Result<(), Refused> {
        let (person, desk, sealing) = (newcomer.person, newcomer.desk, newcomer.sealing);
        all_are_keys(sealing)?;
        if self.desks.contains_key(&desk) {
            return Err(Refused::DeskKnown);
        }
        if self.persons.contains_key(person) {
            // Else an administrator reads every circle of a person, and speaks as they.
            if author != person && !self.is_vouched(newcomer) {
                return Err(Refused::NotVouched);
            }
        } else {
            alone_if_auditor(newcomer.roles)?;
            let roles = newcomer.roles.iter().copied().collect();
            self.persons.insert(person.clone(), roles);
        }
        // A number that goes on where the person's last desk ended would say nothing; it is the
        // desk's own.
        self.desks.insert(desk, Desk::new(person, sealing, period));
        for circle in self.circles_of(person) {
            self.circles.entry(circle).or_default().wants_renewal = true;
        }
        Ok(())
    }

    /// Notes a new person. With nobody else there who could see them come, they are known at once;
    /// who is not known yet makes nobody known.
    fn came(&mut self, author: &PersonId, person: &PersonId, position: u64) {
        let others = self
            .persons
            .keys()
            .filter(|who| *who != author && *who != person && !self.newcome.contains_key(*who));
        let by: BTreeSet<PersonId> = others.cloned().collect();
        if !by.is_empty() {
            self.newcome
                .insert(person.clone(), Newcome { at: position, by });
        }
    }

    fn is_vouched(&self, newcomer: &Newcomer<'_>) -> bool {
        newcomer.vouch.is_some_and(|vouch| {
            self.person_of(&vouch.desk) == Some(newcomer.person)
                && vouch.holds(&self.team, &newcomer.desk, newcomer.sealing)
        })
    }

    fn take_desk(&mut self, desk: &DeskKey) {
        let Some(desk) = self.desks.get_mut(desk) else {
            return;
        };
        desk.removed = true;
        desk.sealing.clear();
        let person = desk.person.clone();
        for circle in self.circles_of(&person) {
            self.somebody_went(circle);
        }
    }

    fn take_person(&mut self, person: &PersonId) {
        for circle in self.circles_of(person) {
            self.somebody_went(circle);
        }
        self.persons.remove(person);
        for circle in self.circles.values_mut() {
            circle.named.remove(person);
        }
        // Else who is admitted under the same name later has agreed already.
        self.proposals
            .retain(|_, proposal| proposal.person != *person && proposal.by != *person);
        for proposal in self.proposals.values_mut() {
            proposal.agreed.remove(person);
        }
        for said in self.asked.values_mut() {
            said.remove(person);
        }
        self.newcome.remove(person);
        for new in self.newcome.values_mut() {
            new.by.remove(person);
        }
        self.newcome.retain(|_, new| !new.by.is_empty());
        self.asked.retain(|_, said| !said.is_empty());
    }

    fn somebody_went(&mut self, circle: CircleId) {
        let circle = self.circles.entry(circle).or_default();
        circle.must_renew = true;
        circle.since = circle.generation.saturating_add(1);
    }

    fn give_roles(&mut self, person: &PersonId, roles: &[Role]) -> Result<(), Refused> {
        alone_if_auditor(roles)?;
        let in_named = self.circles.values().any(|c| c.named.contains(person));
        if roles.contains(&Role::Auditor) && in_named {
            return Err(Refused::Auditor);
        }
        let now = self.persons.get_mut(person).ok_or(Refused::Unknown)?;
        let before = std::mem::replace(now, roles.iter().copied().collect());
        self.mark_roles(person, &before);
        Ok(())
    }

    /// Marks the circles of roles that a person got or gave up.
    fn mark_roles(&mut self, person: &PersonId, before: &BTreeSet<Role>) {
        let now = self.persons.get(person).cloned().unwrap_or_default();
        for role in Role::ALL {
            let Some(circle) = role.circle(&self.team) else {
                continue;
            };
            match (before.contains(&role), now.contains(&role)) {
                (true, false) => self.somebody_went(circle),
                (false, true) => self.circles.entry(circle).or_default().wants_renewal = true,
                _ => {}
            }
        }
    }

    fn set_circle(
        &mut self,
        author: &PersonId,
        administrator: bool,
        circle: CircleId,
        persons: &[PersonId],
    ) -> Result<(), Refused> {
        if circle == CircleId([0; 16]) {
            // So a team's own key is named where it is wrapped.
            return Err(Refused::Malformed);
        }
        if self.role_of(circle).is_some() || persons.is_empty() {
            return Err(Refused::NoRight);
        }
        let persons: BTreeSet<PersonId> = persons.iter().cloned().collect();
        let known = self.circles.get(&circle);
        let may = match known {
            None => persons.contains(author),
            Some(there) => administrator || there.named.contains(author),
        };
        if !may {
            return Err(Refused::NoRight);
        }
        for person in &persons {
            let roles = self.persons.get(person).ok_or(Refused::Unknown)?;
            if roles.contains(&Role::Auditor) {
                return Err(Refused::Auditor);
            }
        }
        let before = known.map(|c| c.named.clone()).unwrap_or_default();
        if !before.is_subset(&persons) {
            self.somebody_went(circle);
        }
        let there = self.circles.entry(circle).or_default();
        there.wants_renewal = true;
        there.named = persons;
        Ok(())
    }

    fn somebody_stays(&self) -> Result<(), Refused> {
        let mut desks = self.desks();
        let here = desks.any(|(_, person)| self.has_role(person, Role::Administrator));
        here.then_some(()).ok_or(Refused::NobodyLeft)
    }

    fn period_of(&self, day: u32) -> u32 {
        Period::of(Day(day), self.period_days).number()
    }

    /// The newest period that a renewal by `author` may be of: one after the key in force, or after
    /// what anybody signed before. One wrong clock makes no key that outlives the others by months;
    /// who is alone after a long silence signs something first.
    fn newest_period(&self, author: &DeskKey) -> u32 {
        let others = self.desks().any(|(desk, _)| desk != *author);
        if !others {
            return u32::MAX;
        }
        let signed = self.days.values().max().copied().unwrap_or_default();
        self.period.max(self.period_of(signed)).saturating_add(1)
    }

    /// A renewal is of the day it is made on and of the next generation; of an earlier period than
    /// the key in force too, for that one may have been dated ahead.
    fn check_turn(&self, renewal: &Renewal, body: &Body) -> Result<(), Refused> {
        if renewal.period > self.newest_period(&body.desk) {
            return Err(Refused::FarAhead);
        }
        let in_turn = renewal.period == self.period_of(body.day)
            && renewal.generation == self.next_generation(renewal.circle);
        in_turn.then_some(()).ok_or(Refused::WrongRenewal)
    }

    /// It goes to exactly those who may have it.
    fn check_recipients(&self, renewal: &Renewal) -> Result<(), Refused> {
        let right = self.recipients(renewal.circle, renewal.period);
        let right: Vec<DeskKey> = right.iter().map(|(key, _)| *key).collect();
        let named: Vec<DeskKey> = renewal.wraps.iter().map(|wrap| wrap.desk).collect();
        // Both ascend by desk.
        if right == named && !named.is_empty() {
            Ok(())
        } else {
            Err(Refused::WrongRenewal)
        }
    }

    fn renew_team(&mut self, renewal: &Renewal) -> Result<(), Refused> {
        if renewal.circle.is_some() {
            return Err(Refused::WrongRenewal);
        }
        self.check_recipients(renewal)?;
        self.generation = renewal.generation;
        self.period = renewal.period;
        Ok(())
    }

    fn renew_circle(&mut self, circle: CircleId, renewal: &Renewal) -> Result<(), Refused> {
        self.check_recipients(renewal)?;
        let there = self.circles.entry(circle).or_default();
        there.generation = renewal.generation;
        there.period = renewal.period;
        there.must_renew = false;
        there.wants_renewal = false;
        Ok(())
    }
}

impl Desk {
    fn new(person: &PersonId, sealing: &[SealingKey], period: u32) -> Self {
        let keys = sealing.iter().map(|key| (key.period, key.clone()));
        let mut desk = Self {
            person: person.clone(),
            removed: false,
            number: 0,
            seen: 0,
            sealing: keys.collect(),
        };
        desk.keep_near(period);
        desk
    }

    /// Keys of periods that are over wrap nothing any more, and none is given for years ahead. By
    /// the day of who gave them: nobody else's date makes a desk's keys forgotten.
    fn keep_near(&mut self, period: u32) {
        let near = period..=period.saturating_add(MOST_PERIODS_AHEAD);
        self.sealing.retain(|of, _| near.contains(of));
    }
}

fn all_are_keys(sealing: &[SealingKey]) -> Result<(), Refused> {
    let all = sealing.iter().all(SealingKey::is_a_key);
    all.then_some(()).ok_or(Refused::NotAKey)
}

fn alone_if_auditor(roles: &[Role]) -> Result<(), Refused> {
    if roles.contains(&Role::Auditor) && roles.len() > 1 {
        Err(Refused::Auditor)
    } else {
        Ok(())
    }
}
