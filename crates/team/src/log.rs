//! Reading the log, from a relay that may reorder, drop, replay, fork or hide. (protocol §12.3)

use std::collections::{BTreeMap, BTreeSet};

use envelope::Day;
use envelope::keys::DeskKey;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::body::{self, Body, Closed, Content, DraftId, Founding, PersonId, Role, Scope};
use crate::item;
use crate::keys::{Keyring, Opened, TeamKey, content_aad};
use crate::outbox::Sealed;
use crate::place::{Head, Place, TeamId};
use crate::roster::{Effect, Refused, Roster};
use crate::told::{Told, told};

/// How far an item is looked for at another position, to say in words what happened to it.
const FAR: u64 = 512;

/// What is wrong with what the relay handed over. Nothing that was read is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Alarm {
    /// Not an item.
    NotAnItem,
    /// An administrator's act of a newer release: update.
    TooNew,
    /// Sealed under no key that was ever in force here.
    Foreign,
    /// Sealed under a key that was replaced: of a former member, or kept back since.
    FormerKey,
    /// It belongs at another position: items were dropped, reordered or replayed.
    Moved {
        /// Where it belongs.
        belongs: u64,
    },
    /// Its author was shown another log, or says so.
    Forked {
        /// Whose signature it carries.
        desk: DeskKey,
    },
    /// A new team key that its author did not give to all alike.
    WrongKey {
        /// Who made it.
        desk: DeskKey,
    },
    /// The log is shorter than it was, or holds something else.
    CutBack,
    /// The key in force is not on this ring: away too long, or removed.
    KeyMissing,
}

impl Alarm {
    /// In words.
    #[must_use]
    pub fn told(&self) -> Told {
        match self {
            Self::NotAnItem => told(
                "The relay handed over something that is no entry of the log. Nothing was taken in. Ask whoever keeps the relay.",
                "Le relais a remis quelque chose qui n’est pas une entrée du journal. Rien n’a été repris. Demandez à qui tient le relais.",
            ),
            Self::TooNew => told(
                "An administrator works with a newer release. Update this desk, then go on.",
                "Un administrateur travaille avec une version plus récente. Mettez ce poste à jour, puis continuez.",
            ),
            Self::Foreign => told(
                "An entry was written by nobody in the team. Nothing was taken in. Compare the four words with a colleague before you pass over it.",
                "Une entrée n’a été écrite par personne de l’équipe. Rien n’a été repris. Comparez les quatre mots avec un collègue avant de passer outre.",
            ),
            Self::FormerKey => told(
                "An entry was written with a key that is no longer used: by somebody who left, or the relay kept it back. Nothing was taken in. Compare the four words with a colleague before you pass over it.",
                "Une entrée a été écrite avec une clé qui n’a plus cours : par quelqu’un qui est parti, ou le relais l’a retenue. Rien n’a été repris. Comparez les quatre mots avec un collègue avant de passer outre.",
            ),
            Self::Moved { .. } => told(
                "The relay left out entries of the log, or hands them over in another order or a second time. Nothing was taken in. Compare the four words with a colleague.",
                "Le relais a omis des entrées du journal, ou les remet dans un autre ordre ou une seconde fois. Rien n’a été repris. Comparez les quatre mots avec un collègue.",
            ),
            Self::Forked { .. } => told(
                "The relay shows this desk another log than it showed the colleague who signed this entry. Do not go on: compare the four words with every colleague, by voice. If all have the same, that colleague’s desk is wrong: pass over the entry.",
                "Le relais montre à ce poste un autre journal qu’au collègue qui a signé cette entrée. Ne continuez pas : comparez les quatre mots avec chaque collègue, de vive voix. Si tous ont les mêmes, c’est le poste de ce collègue qui se trompe : passez outre.",
            ),
            Self::WrongKey { .. } => told(
                "A colleague’s desk made a new key and did not give it to all alike. It was not taken in. Compare the four words with the others by voice, pass over the entry, and find out what happened on that desk.",
                "Le poste d’un collègue a créé une nouvelle clé sans la donner à tous de la même façon. Elle n’a pas été reprise. Comparez les quatre mots avec les autres, de vive voix, passez outre, et cherchez ce qui s’est passé sur ce poste.",
            ),
            Self::CutBack => told(
                "The relay no longer shows entries that this desk has read, or shows others in their place. It was restored from a backup, or it hides them. What was read here is kept.",
                "Le relais ne montre plus des entrées que ce poste a lues, ou en montre d’autres à leur place. Il a été rétabli depuis une sauvegarde, ou il les cache. Ce qui a été lu ici est gardé.",
            ),
            Self::KeyMissing => told(
                "This desk has no key to what comes now. Take a colleague’s copy of the log first. If no colleague can read what comes either, compare the four words with them and pass over it. Else the desk was away too long or was removed: ask an administrator to admit it again. What it holds is kept.",
                "Ce poste n’a pas de clé pour la suite. Prenez d’abord la copie du journal d’un collègue. Si aucun collègue ne peut lire la suite non plus, comparez avec eux les quatre mots et passez outre. Sinon, le poste a été absent trop longtemps ou retiré : demandez à un administrateur de l’admettre à nouveau. Ce qu’il contient est gardé.",
            ),
        }
    }
}

/// An item that is an entry of the log, or that only a newer release or another key can judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CannotPassOver;

impl CannotPassOver {
    /// In words.
    #[must_use]
    pub fn told(&self) -> Told {
        told(
            "This entry cannot be passed over: colleagues can read it, and this desk would part from theirs.",
            "Cette entrée ne peut pas être passée : des collègues peuvent la lire, et ce poste se séparerait des leurs.",
        )
    }
}

/// One entry that was read.
pub struct Read {
    /// Its place, and what its author knew. None if it has no author one can believe.
    pub place: Option<Place>,
    /// Which draft it is.
    pub draft: DraftId,
    /// Day its author named.
    pub day: Day,
    /// Its author, as the roster says.
    pub person: Option<PersonId>,
    /// What it is.
    pub what: ReadWhat,
    /// What stood inside the item, for the vault: [`Log::replay`] reads it again when the team key
    /// of that time is gone.
    pub inside: Zeroizing<Vec<u8>>,
}

/// What an entry is.
pub enum ReadWhat {
    /// Something casework wrote.
    Words {
        /// For whom.
        scope: Scope,
        /// Its bytes; none if this desk is outside the circle, or the key is gone.
        content: Option<Zeroizing<Vec<u8>>>,
    },
    /// Something that changed the team.
    Changed(Effect),
    /// It has no effect.
    Refused(Refused),
}

/// The log as one desk has read it.
#[derive(Clone)]
pub struct Log {
    head: Head,
    /// The chain after each item; the first is that of nothing.
    chain: Vec<[u8; 32]>,
    /// Generation of the team key in force at each position.
    generations: Vec<u64>,
    /// Days that each desk has signed, and where it did last.
    signed: BTreeMap<DeskKey, (BTreeSet<u32>, u64)>,
    roster: Roster,
}

impl Log {
    /// Nothing read yet. The team's id comes by another way than the relay.
    #[must_use]
    pub fn of(team: TeamId) -> Self {
        Self {
            head: Head::NOTHING,
            chain: vec![Head::NOTHING.hash],
            generations: vec![],
            signed: BTreeMap::new(),
            roster: Roster::before_founding(team),
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// The newest day that another desk than this one has signed; what is dated after tomorrow does
    /// not count.
    #[must_use]
    pub fn newest_of_others(&self, me: &DeskKey, today: Day) -> Option<Day> {
        let others = self.signed.iter().filter(|(desk, _)| *desk != me);
        let days = others.filter_map(|(_, (days, _))| days.range(..=today.plus(1).0).next_back());
        days.max().copied().map(Day)
    }

    /// Whether a head is one of this log, after which no other desk has signed anything.
    pub(crate) fn only_own_since(&self, me: &DeskKey, head: &Head) -> bool {
        let mut others = self.signed.iter().filter(|(desk, _)| *desk != me);
        self.chain_at(head.count) == Some(&head.hash)
            && others.all(|(_, (_, last))| *last < head.count)
    }

    /// The team so far.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The chain after so many items.
    fn chain_at(&self, count: u64) -> Option<&[u8; 32]> {
        self.chain.get(usize::try_from(count).ok()?)
    }

    /// Checks how many items the relay says it holds.
    ///
    /// # Errors
    /// [`Alarm::CutBack`].
    pub fn offered(&self, count: u64) -> Result<(), Alarm> {
        if count < self.head.count {
            return Err(Alarm::CutBack);
        }
        Ok(())
    }

    /// Checks an item handed over once more for a position that was read: that it says the same.
    ///
    /// # Errors
    /// [`Alarm::CutBack`] if it is another one; [`Alarm::KeyMissing`] if the key of that time is
    /// destroyed, so that nobody can say.
    pub fn recheck(&self, ring: &Keyring, position: u64, item: &[u8]) -> Result<(), Alarm> {
        let before = self.chain_at(position).ok_or(Alarm::CutBack)?;
        let head = Head {
            count: position,
            hash: *before,
        };
        let after = self.chain_at(position.saturating_add(1));
        let after = after.ok_or(Alarm::CutBack)?;
        if head.after_nothing().hash == *after {
            return Ok(());
        }
        let (commitment, sealed) = item::split(item).ok_or(Alarm::CutBack)?;
        let bridge = self.bridge_at(ring, position).ok_or(Alarm::KeyMissing)?;
        let bridged = bridge.is_committed(position, commitment);
        let key = if bridged {
            &bridge
        } else {
            self.key_at(ring, position).ok_or(Alarm::KeyMissing)?
        };
        let inside = item::open(&self.roster.team(), position, key, sealed);
        match inside {
            Some(inside) if head.after(&inside).hash == *after => Ok(()),
            _ => Err(Alarm::CutBack),
        }
    }

    /// Seals once more what was read at a position, for a relay that was restored from a backup
    /// and lost it: every desk finds the same head again. `None` if it is not what stood there, or
    /// the key of that time is destroyed.
    pub fn put_back(
        &self,
        ring: &Keyring,
        position: u64,
        inside: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Option<Sealed> {
        let head = Head {
            count: position,
            hash: *self.chain_at(position)?,
        };
        let stood = self.chain_at(position.checked_add(1)?)?;
        if head.after(inside).hash != *stood {
            return None;
        }
        let bridge = self.bridge_at(ring, position);
        let bridge = bridge.filter(|_| body::is_bridging(inside));
        let key = self.key_at(ring, position).or(bridge.as_ref())?;
        let item = item::seal(&self.roster.team(), position, key, inside, rng)?;
        Some(Sealed { position, item })
    }

    /// Its bridge.
    fn bridge_at(&self, ring: &Keyring, position: u64) -> Option<TeamKey> {
        let at = usize::try_from(position).ok()?;
        ring.bridge(*self.generations.get(at)?)
    }

    /// The team key that was in force at a position.
    fn key_at<'a>(&self, ring: &'a Keyring, position: u64) -> Option<&'a TeamKey> {
        let at = usize::try_from(position).ok()?;
        ring.team(*self.generations.get(at)?)
    }

    /// Reads the next item.
    ///
    /// # Errors
    /// An [`Alarm`]; then nothing was taken in.
    pub fn read(&mut self, ring: &mut Keyring, item: &[u8]) -> Result<Read, Alarm> {
        let inside = self.open(ring, item)?;
        self.take(ring, inside)
    }

    /// Reads once more what a vault kept of an item: what stood inside. Signatures, chain and
    /// rights are checked as they were; a newcomer reads a colleague's copy so.
    ///
    /// # Errors
    /// An [`Alarm`]; then nothing was taken in.
    pub fn replay(&mut self, ring: &mut Keyring, inside: &[u8]) -> Result<Read, Alarm> {
        self.take(ring, Zeroizing::new(inside.to_vec()))
    }

    /// Passes over an item that [`Log::read`] refused, because a person who compared heads says so.
    /// One that every desk can read is not passed over: the desk would part from its colleagues.
    ///
    /// # Errors
    /// [`CannotPassOver`].
    pub fn pass_over(&mut self, ring: &Keyring, item: &[u8]) -> Result<(), CannotPassOver> {
        let read = self.open(ring, item).and_then(|inside| {
            self.check(ring, &inside)?;
            Ok(())
        });
        match read {
            // What a member signed too: else one could stop everybody for good.
            Err(
                Alarm::NotAnItem
                | Alarm::Foreign
                | Alarm::FormerKey
                | Alarm::Forked { .. }
                | Alarm::WrongKey { .. },
            ) => {
                self.replay_passed_over();
                Ok(())
            }
            // Nobody can read it any more: else whoever keeps the relay ends the log of an office
            // that was quiet for weeks with one item.
            Err(Alarm::KeyMissing) if self.holds_no_more_than_the_bridge(ring) => {
                self.replay_passed_over();
                Ok(())
            }
            _ => Err(CannotPassOver),
        }
    }

    fn holds_no_more_than_the_bridge(&self, ring: &Keyring) -> bool {
        let (generation, _) = self.roster.team_key();
        ring.team(generation).is_none() && ring.bridge(generation).is_some()
    }

    /// What a vault or a colleague's copy says was passed over. If it was not, the next entry
    /// tells: it names another head.
    pub fn replay_passed_over(&mut self) {
        self.advance(self.head.after_nothing());
    }

    fn advance(&mut self, head: Head) {
        self.generations.push(self.roster.team_key().0);
        self.head = head;
        self.chain.push(head.hash);
    }

    fn open(&self, ring: &Keyring, item: &[u8]) -> Result<Zeroizing<Vec<u8>>, Alarm> {
        let (commitment, sealed) = item::split(item).ok_or(Alarm::NotAnItem)?;
        let (team, at) = (self.roster.team(), self.head.count);
        let (generation, _) = self.roster.team_key();
        let bridge = ring.bridge(generation).ok_or(Alarm::KeyMissing)?;
        if bridge.is_committed(at, commitment) {
            let inside = item::open(&team, at, &bridge, sealed).ok_or(Alarm::Foreign)?;
            // A bridge outlives the period: nothing else goes under it.
            return if body::is_bridging(&inside) {
                Ok(inside)
            } else {
                Err(Alarm::FormerKey)
            };
        }
        let key = ring.team(generation).ok_or(Alarm::KeyMissing)?;
        // The commitment first: AES-GCM alone opens one ciphertext under two keys.
        if key.is_committed(at, commitment) {
            return item::open(&team, at, key, sealed).ok_or(Alarm::Foreign);
        }
        let near = at.saturating_sub(FAR)..at.saturating_add(FAR);
        if let Some(belongs) = near.clone().find(|at| key.is_committed(*at, commitment)) {
            return Err(Alarm::Moved { belongs });
        }
        for former in ring.other_team_keys(generation) {
            if let Some(belongs) = near.clone().find(|at| former.is_committed(*at, commitment)) {
                return Err(if belongs == at {
                    Alarm::FormerKey
                } else {
                    Alarm::Moved { belongs }
                });
            }
        }
        Err(Alarm::Foreign)
    }

    /// Who says it, and to which log. Nothing is changed.
    fn check(&self, ring: &Keyring, inside: &[u8]) -> Result<Checked, Alarm> {
        let at = self.head.count;
        let split = body::split(inside);
        let read = split.and_then(|(bytes, signature)| {
            let message = body::signed_bytes(&self.roster.team(), at, bytes);
            Some((Body::decode(bytes)?, message, signature))
        });
        let Some((body, message, signature)) = read else {
            return Ok(Checked::Nobody(Refused::Malformed));
        };
        let content = Content::decode(body.kind, &body.content);
        let person = self.roster.person_of(&body.desk).cloned();
        // Another desk than the founding's own is no member yet.
        let founding = at == 0 && body.kind == 0 && content.is_some();
        if !founding && person.is_none() {
            return Ok(Checked::Nobody(Refused::NotAMember));
        }
        if body.desk.verify(&message, &signature).is_err() {
            return Ok(Checked::Nobody(Refused::Unsigned));
        }
        // The signature before the chain, so that an alarm names whose entry it is.
        let seen = self.chain_at(body.seen.count);
        if body.after != self.head.hash || body.seen.count > at || seen != Some(&body.seen.hash) {
            return Err(Alarm::Forked { desk: body.desk });
        }
        let administrator = |person| self.roster.has_role(person, Role::Administrator);
        let ours = founding && Founding::team_of(&body.content) == self.roster.team();
        if matches!(content, Some(Content::Newer))
            && (ours || person.as_ref().is_some_and(administrator))
        {
            return Err(Alarm::TooNew);
        }
        if let Some(content) = &content
            && self.is_wrong_key(ring, &body, content)
        {
            return Err(Alarm::WrongKey { desk: body.desk });
        }
        Ok(Checked::Signed {
            body: Box::new(body),
            content,
            person,
        })
    }

    /// Whether an entry would bring a team key that is not the same for all, as far as this desk can
    /// say. Those it goes to all find so, and pass it over; it cannot be left to the fold, since
    /// later nobody holds the secrets to see it again.
    fn is_wrong_key(&self, ring: &Keyring, body: &Body, content: &Content) -> bool {
        let Some(renewal) = content.team_renewal() else {
            return false;
        };
        let (mut would, at) = (self.roster.clone(), self.head.count);
        self.roster.is_next(body)
            && would.apply(body, at, content).is_ok()
            && matches!(ring.opened(&would, renewal, at), Opened::Wrong(_))
    }

    fn take(&mut self, ring: &mut Keyring, inside: Zeroizing<Vec<u8>>) -> Result<Read, Alarm> {
        let (at, after) = (self.head.count, self.head.after(&inside));
        let checked = self.check(ring, &inside)?;
        self.advance(after);
        let (body, content, person) = match checked {
            Checked::Nobody(why) => return Ok(refused(why, inside)),
            Checked::Signed {
                body,
                content,
                person,
            } => (body, content, person),
        };
        let founding = match &content {
            Some(Content::Founding(founding)) if at == 0 => Some(founding),
            _ => None,
        };
        let effect = if let Some(founding) = founding {
            self.roster.found(founding, &body)
        } else if !self.roster.is_next(&body) {
            Err(Refused::OutOfOrder)
        } else {
            // Counted after: what an entry says of its own day vouches for nothing in it.
            let effect = match &content {
                Some(content) => self.roster.apply(&body, at, content),
                None => Err(Refused::Malformed),
            };
            self.roster.count(&body);
            effect
        };
        if matches!(content, Some(Content::Act(_))) {
            ring.mark_left(&self.roster);
        }
        if effect != Err(Refused::OutOfOrder) {
            self.count_day(body.desk, body.day, at);
        }
        // As if the newcomer had signed: else whoever admits the second desk could go no further.
        if let Ok(Effect::Admitted(desk)) = effect {
            self.count_day(desk, body.day, at);
        }
        let what = match (effect, content) {
            (Err(why), _) => ReadWhat::Refused(why),
            (Ok(effect), Some(content)) => self.told(ring, at, effect, content),
            (Ok(effect), None) => ReadWhat::Changed(effect),
        };
        Ok(Read {
            place: Some(Place {
                position: at,
                seen: body.seen.count,
                desk: body.desk,
                number: body.number,
            }),
            draft: body.draft,
            day: Day(body.day),
            person: person.or_else(|| self.roster.person_of(&body.desk).cloned()),
            what,
            inside,
        })
    }

    fn count_day(&mut self, desk: DeskKey, day: u32, at: u64) {
        let (days, last) = self.signed.entry(desk).or_default();
        days.insert(day);
        *last = at;
    }

    /// What an entry says to this desk, and the keys it brings.
    fn told(&self, ring: &mut Keyring, at: u64, effect: Effect, content: Content) -> ReadWhat {
        let team = self.roster.team();
        match content {
            Content::ForAll(bytes) => ReadWhat::Words {
                scope: Scope::Team,
                content: Some(Zeroizing::new(bytes)),
            },
            Content::Closed(closed) => self.closed(ring, at, &closed),
            Content::Renewal(renewal) => {
                let wrong = ring.take_renewal(&self.roster, &renewal, at);
                ReadWhat::Changed(match renewal.circle {
                    Some(circle) if wrong => Effect::WrongCircleKey(circle),
                    _ => effect,
                })
            }
            Content::Act(act) => {
                if let Some(renewal) = act.renewal() {
                    ring.take_renewal(&self.roster, renewal, at);
                }
                ReadWhat::Changed(effect)
            }
            Content::CaseKeys(circle, keys) => {
                if let Some((generation, _)) = self.roster.circle_key(circle) {
                    // A key that somebody who went may know does not count as drawn today.
                    for (case, wrapped) in &keys {
                        ring.take_case(&team, (circle, generation), *case, wrapped, 0);
                    }
                }
                ReadWhat::Changed(effect)
            }
            Content::Erased(circle, case) => {
                // Not yet, if a second person has to agree.
                if matches!(effect, Effect::Erased(..)) {
                    ring.erase(circle, case);
                }
                ReadWhat::Changed(effect)
            }
            _ => ReadWhat::Changed(effect),
        }
    }

    fn closed(&self, ring: &mut Keyring, at: u64, closed: &Closed) -> ReadWhat {
        let team = self.roster.team();
        let aad = content_aad(&team, at, closed.circle, closed.case);
        let (commitment, sealed) = (&closed.commitment, &closed.sealed);
        let generation = self.roster.circle_key(closed.circle).map_or(0, |(g, _)| g);
        let scope = match closed.case {
            None => Scope::Circle(closed.circle),
            Some(case) => Scope::Case(closed.circle, case),
        };
        let content = match closed.case {
            None => ring
                .circle(closed.circle, generation)
                .filter(|key| key.is_committed(at, commitment))
                .and_then(|key| key.open_content(at, &aad, sealed)),
            Some(case) => {
                if let Some(wrapped) = &closed.wrapped {
                    let circle = (closed.circle, generation);
                    ring.take_case(&team, circle, case, wrapped, generation);
                }
                ring.case_committed(closed.circle, case, at, commitment)
                    .and_then(|key| key.open_content(at, &aad, sealed))
            }
        };
        ReadWhat::Words { scope, content }
    }
}

/// What stood inside an item, once it is known who says it.
enum Checked {
    /// Nobody one could name.
    Nobody(Refused),
    /// A member, or the founder.
    Signed {
        body: Box<Body>,
        content: Option<Content>,
        person: Option<PersonId>,
    },
}

/// An entry that nobody's name stands on.
fn refused(why: Refused, inside: Zeroizing<Vec<u8>>) -> Read {
    Read {
        place: None,
        draft: DraftId([0; 16]),
        day: Day(0),
        person: None,
        what: ReadWhat::Refused(why),
        inside,
    }
}

impl Read {
    /// Whether this is the draft of a person, on whichever of their desks.
    #[must_use]
    pub fn is_of(&self, person: &PersonId, draft: DraftId) -> bool {
        self.person.as_ref() == Some(person) && self.draft == draft
    }
}
