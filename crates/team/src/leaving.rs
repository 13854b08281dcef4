//! Somebody leaves: all of it in one list, so that nothing is forgotten and nothing is lost.
//!
//! Only what has to be done, by whom and in which order; the desk does it. What belongs to other
//! rooms (the office's voice, its notice, a case's handing over) stands in the list by name.

use std::collections::BTreeSet;

use crate::body::{CircleId, PersonId, Role};
use crate::outbox::What;
use crate::roster::Roster;
use crate::told::{Told, told};

/// One step, and who takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// On whose desk.
    pub by: PersonId,
    /// What.
    pub what: ToDo,
}

/// What a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToDo {
    /// Something for the log.
    Write(What),
    /// Keys of a circle's cases, with [`crate::Outbox::give_case_keys`].
    GiveCaseKeys(CircleId),
    /// What waits on the leaving desk goes, or is taken back.
    EmptyQueue,
    /// Cases, tasks and conversations are put into the successor's hands, in casework.
    HandOverCases,
    /// The successor opens what was handed over, before the keys of the other are gone.
    ReadWhatWasHandedOver,
    /// The office speaks with a new voice.
    RenewVoice,
    /// A notice without the desks of who left.
    PublishNotice,
    /// The vault of who left is destroyed, sheets and backups with it.
    SurrenderVault,
}

/// Why somebody cannot leave yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotLeave {
    /// Who leaves is no member.
    NotAMember,
    /// The successor is no other member, or an auditor.
    NoSuccessor,
    /// Nobody may give roles or remove anybody.
    NoAdministrator,
}

impl CannotLeave {
    /// In words.
    #[must_use]
    pub fn told(&self) -> Told {
        match self {
            Self::NotAMember => told(
                "This person does not belong to the team.",
                "Cette personne n’appartient pas à l’équipe.",
            ),
            Self::NoSuccessor => told(
                "Choose another member to take over. An auditor reads no cases and cannot.",
                "Choisissez un autre membre pour prendre la suite. Un auditeur ne lit aucun dossier et ne le peut pas.",
            ),
            Self::NoAdministrator => told(
                "The team has no administrator. Propose one first.",
                "L’équipe n’a pas d’administrateur. Proposez-en d’abord un.",
            ),
        }
    }
}

/// All that is to be done so that a person can go and another takes over, in order. It changes with
/// the log: each step is looked up again before it is taken.
///
/// # Errors
/// [`CannotLeave`].
pub fn leaving(
    roster: &Roster,
    who: &PersonId,
    successor: &PersonId,
) -> Result<Vec<Step>, CannotLeave> {
    let roles_of = |person: &PersonId| -> Option<BTreeSet<Role>> {
        let mut persons = roster.persons();
        persons.find(|(p, _)| *p == person).map(|(_, r)| r.clone())
    };
    let theirs = roles_of(who).ok_or(CannotLeave::NotAMember)?;
    let now = roles_of(successor).filter(|roles| !roles.contains(&Role::Auditor));
    let now = now.filter(|_| who != successor);
    let now = now.ok_or(CannotLeave::NoSuccessor)?;
    let administrator = |but: Option<&PersonId>| {
        let mut persons = roster.persons();
        persons
            .find(|(p, roles)| roles.contains(&Role::Administrator) && Some(*p) != but)
            .map(|(p, _)| p.clone())
    };
    let mut steps = Vec::new();
    let mut step = |by: &PersonId, what: ToDo| {
        let by = by.clone();
        steps.push(Step { by, what });
    };
    // Roles that nobody else has, the administrator's among them.
    let alone = |role: &Role| {
        let others = roster.persons().filter(|(p, _)| *p != who);
        *role != Role::Auditor && !others.into_iter().any(|(_, roles)| roles.contains(role))
    };
    let then: BTreeSet<Role> = now
        .iter()
        .copied()
        .chain(theirs.iter().copied().filter(alone))
        .collect();
    if then != now {
        let by = administrator(None).ok_or(CannotLeave::NoAdministrator)?;
        let roles = then.iter().copied().collect();
        step(&by, ToDo::Write(What::Roles(successor.clone(), roles)));
    }
    let circles = roster.circles_of(who);
    let of_roles: BTreeSet<CircleId> = Role::ALL
        .iter()
        .filter_map(|role| role.circle(&roster.team()))
        .collect();
    for circle in &circles {
        if !of_roles.contains(circle) && roster.members(*circle).len() == 1 {
            let both = vec![who.clone(), successor.clone()];
            step(who, ToDo::Write(What::Circle(*circle, both)));
        }
    }
    // Of every circle: a colleague who came later may lack some.
    for circle in &circles {
        step(who, ToDo::GiveCaseKeys(*circle));
    }
    step(who, ToDo::HandOverCases);
    step(who, ToDo::EmptyQueue);
    step(successor, ToDo::ReadWhatWasHandedOver);
    // Somebody who stays removes them: who removes themselves does not see that it went.
    let stays = then
        .contains(&Role::Administrator)
        .then(|| successor.clone());
    let stays = stays.or_else(|| administrator(Some(who)));
    let stays = stays.ok_or(CannotLeave::NoAdministrator)?;
    step(&stays, ToDo::Write(What::RemovePerson(who.clone())));
    for circle in &circles {
        let role = Role::ALL.into_iter();
        let mut role = role.filter(|role| role.circle(&roster.team()) == Some(*circle));
        let gets = role.next().is_some_and(|role| then.contains(&role));
        let mut others = roster.members(*circle).into_iter().filter(|p| *p != who);
        let by = if gets || roster.is_in(successor, *circle) {
            Some(successor)
        } else {
            others.next()
        };
        // Nobody else yet: the successor was put in above.
        let by = by.unwrap_or(successor);
        step(by, ToDo::Write(What::RenewCircle(*circle)));
    }
    step(&stays, ToDo::RenewVoice);
    step(&stays, ToDo::PublishNotice);
    step(&stays, ToDo::SurrenderVault);
    Ok(steps)
}
