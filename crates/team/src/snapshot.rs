//! A snapshot: two persons say what the log came to, so that nobody need replay it. (protocol §12.4)

use std::collections::BTreeSet;

use envelope::keys::{DeskKey, SIGNATURE_BYTES};
use envelope::labels;
use open::DeskSecret;

use crate::body::PersonId;
use crate::cbor::{self, fixed, list, missing, tuple};
use crate::place::{Head, TeamId};
use crate::told::{Told, told};

/// A statement about the log at a head, that two persons signed on their desks. Nothing but [`Snapshot::verify`]
/// makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    head: Head,
    content: [u8; 32],
}

/// Why a snapshot does not count. The log is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SnapshotRefused {
    /// Not a snapshot.
    Malformed,
    /// Of another team.
    OtherTeam,
    /// A signature is wrong, or by a desk that nobody vouches for.
    Unsigned,
    /// Only one person signed.
    OnePerson,
}

impl SnapshotRefused {
    /// In words.
    #[must_use]
    pub fn told(&self) -> Told {
        match self {
            Self::Malformed => told(
                "This is no snapshot. The log is read from its beginning.",
                "Ce n’est pas un instantané. Le journal est relu depuis le début.",
            ),
            Self::OtherTeam => told(
                "This snapshot belongs to another team.",
                "Cet instantané appartient à une autre équipe.",
            ),
            Self::Unsigned => told(
                "This snapshot is signed by a desk that does not belong to the team. The log is read from its beginning.",
                "Cet instantané est signé par un poste qui n’appartient pas à l’équipe. Le journal est relu depuis le début.",
            ),
            Self::OnePerson => told(
                "Only one person signed this snapshot. Ask a second one, or wait while the log is read from its beginning.",
                "Une seule personne a signé cet instantané. Demandez à une autre, ou patientez pendant que le journal est relu depuis le début.",
            ),
        }
    }
}

impl Snapshot {
    /// The bytes desks sign: the team, a head, and the hash of what it stands for.
    #[must_use]
    pub fn statement(team: &TeamId, head: Head, content: &[u8; 32]) -> Vec<u8> {
        cbor::write(|to| {
            to.map(4)?.u8(0)?.bytes(&team.0)?.u8(1)?.u64(head.count)?;
            to.u8(2)?.bytes(&head.hash)?.u8(3)?.bytes(content)?;
            Ok(())
        })
    }

    /// One desk's signature of a statement.
    #[must_use]
    pub fn sign(statement: &[u8], desk: &DeskSecret) -> (DeskKey, [u8; SIGNATURE_BYTES]) {
        let message = [labels::TEAM_SNAPSHOT.as_bytes(), statement].concat();
        (desk.public(), desk.sign_for_team(&message))
    }

    /// The file: a statement and its signatures.
    #[must_use]
    pub fn to_file(statement: &[u8], signatures: &[(DeskKey, [u8; SIGNATURE_BYTES])]) -> Vec<u8> {
        cbor::write(|to| {
            to.array(2)?.bytes(statement)?;
            to.array(u64::try_from(signatures.len()).unwrap_or(u64::MAX))?;
            for (desk, signature) in signatures {
                to.array(2)?.bytes(&desk.0)?.bytes(signature)?;
            }
            Ok(())
        })
    }

    /// Believes a snapshot: every signature is good, by desks of two different persons at least,
    /// each one `vouched` for by what was read of the log or by the verified notice.
    ///
    /// # Errors
    /// [`SnapshotRefused`].
    pub fn verify(
        file: &[u8],
        team: &TeamId,
        vouched: &[(DeskKey, PersonId)],
    ) -> Result<Self, SnapshotRefused> {
        let (statement, signatures) = cbor::read(file, |from| {
            tuple(from, 2)?;
            let statement = from.bytes()?;
            let signatures = list(from, |from| {
                tuple(from, 2)?;
                Ok((DeskKey(fixed(from)?), fixed::<SIGNATURE_BYTES>(from)?))
            })?;
            Ok((statement, signatures))
        })
        .ok_or(SnapshotRefused::Malformed)?;
        let (of, snapshot) = read_statement(statement).ok_or(SnapshotRefused::Malformed)?;
        if of != *team {
            return Err(SnapshotRefused::OtherTeam);
        }
        let message = [labels::TEAM_SNAPSHOT.as_bytes(), statement].concat();
        let mut persons: BTreeSet<&PersonId> = BTreeSet::new();
        for (desk, signature) in &signatures {
            let whose = vouched.iter().find(|(key, _)| key == desk);
            let (_, person) = whose.ok_or(SnapshotRefused::Unsigned)?;
            if desk.verify(&message, signature).is_err() {
                return Err(SnapshotRefused::Unsigned);
            }
            persons.insert(person);
        }
        if persons.len() < 2 {
            return Err(SnapshotRefused::OnePerson);
        }
        Ok(snapshot)
    }

    /// The head it speaks of.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// Hash of what it stands for.
    #[must_use]
    pub fn content(&self) -> &[u8; 32] {
        &self.content
    }
}

fn read_statement(bytes: &[u8]) -> Option<(TeamId, Snapshot)> {
    cbor::read(bytes, |from| {
        let (mut team, mut count, mut hash, mut content) = (None, None, None, None);
        cbor::map(from, |key, from| {
            match key {
                0 => team = Some(TeamId(fixed(from)?)),
                1 => count = Some(from.u64()?),
                2 => hash = Some(fixed(from)?),
                3 => content = Some(fixed(from)?),
                _ => from.skip()?,
            }
            Ok(())
        })?;
        let head = Head {
            count: count.ok_or_else(missing)?,
            hash: hash.ok_or_else(missing)?,
        };
        let content = content.ok_or_else(missing)?;
        Ok((team.ok_or_else(missing)?, Snapshot { head, content }))
    })
}
