//! The states a case goes through.
//!
//! Absent: what moves it. See [`change_state`](crate::change_state) and the fold.

use crate::field::choices;

choices! {
    /// Where a case stands.
    State {
        /// A report came in.
        1 Received "received" "Received" "Reçu",
        /// The reporter was told.
        2 Acknowledged "acknowledged" "Receipt sent" "Accusé de réception envoyé",
        /// A person judged how urgent it is.
        3 Triaged "triaged" "Urgency set" "Urgence évaluée",
        /// Waiting for an answer about consent.
        4 ConsentPending "consent-pending" "Waiting for consent" "En attente de consentement",
        /// Facts are being gathered.
        5 Documenting "documenting" "Documenting" "En cours de documentation",
        /// A finding was recorded.
        6 Assessed "assessed" "Assessed" "Évalué",
        /// What to do is being decided, or was.
        7 Decision "decision" "Decision" "Décision",
        /// A letter went to an authority or a company.
        8 Transmitted "transmitted" "Transmitted" "Transmis",
        /// An answer is awaited.
        9 AwaitingResponse "awaiting-response" "Awaiting a response" "En attente de réponse",
        /// An answer came.
        10 ResponseReceived "response-received" "Response received" "Réponse reçue",
        /// None came in time.
        11 NoResponse "no-response" "No response" "Sans réponse",
        /// What followed is being watched.
        12 FollowUp "follow-up" "Follow-up" "Suivi",
        /// The harm was repaired.
        13 Remedied "remedied" "Remedied" "Réparé",
        /// It was not.
        14 Unremedied "unremedied" "Not remedied" "Non réparé",
        /// The office's work is done.
        15 Closed "closed" "Closed" "Clos",
        /// Not for this office; sent elsewhere.
        16 OutOfMandate "out-of-mandate" "Outside the mandate" "Hors mandat",
        /// The same as another case: linked, never deleted.
        17 Duplicate "duplicate" "Duplicate" "Doublon",
        /// Held back for someone's safety.
        18 OnHoldSafety "on-hold-safety" "On hold for safety" "Suspendu pour raison de sécurité",
        /// The person took consent back.
        19 Withdrawn "withdrawn" "Withdrawn" "Retiré",
        /// It did not hold.
        20 Unfounded "unfounded" "Unfounded" "Non fondé",
        /// Nothing is left of it.
        22 Erased "erased" "Erased" "Effacé",
    }
}

impl State {
    /// Whether the main line of the journey has it, and how far along.
    fn step(self) -> Option<u8> {
        Some(match self {
            Self::Received => 0,
            Self::Acknowledged => 1,
            Self::Triaged => 2,
            Self::ConsentPending => 3,
            Self::Documenting => 4,
            Self::Assessed => 5,
            Self::Decision => 6,
            Self::Transmitted => 7,
            Self::AwaitingResponse => 8,
            Self::ResponseReceived | Self::NoResponse => 9,
            Self::FollowUp => 10,
            Self::Remedied | Self::Unremedied => 11,
            Self::Closed => 12,
            _ => return None,
        })
    }

    /// Whether the case is out of the line and must be taken back into it by a person.
    pub fn is_aside(self) -> bool {
        self.step().is_none()
    }

    /// Whether nothing is left to do.
    pub fn is_ended(self) -> bool {
        matches!(
            self,
            Self::Closed | Self::OutOfMandate | Self::Duplicate | Self::Unfounded | Self::Erased
        )
    }

    /// The later of two states of the main line; a case aside stays where a person put it.
    pub(crate) fn forward(self, to: Self) -> Self {
        match (self.step(), to.step()) {
            (Some(now), Some(then)) if then > now && self != Self::Closed => to,
            _ => self,
        }
    }
}
