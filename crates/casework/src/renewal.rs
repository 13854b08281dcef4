//! When an answer runs out, and when a person is to be asked again: days of the calendar, for
//! whoever has a clock. (decision 0054)

use std::collections::BTreeMap;

use record::Date;

use crate::case::{Case, RecordedConsent};
use crate::consent::is_yes;
use crate::field::choices;
use crate::stand_in::{OF_AGE, giver, stand_in_ends};

choices! {
    /// What an answer waits for.
    AnswerWaits {
        /// Its last day comes.
        1 RunsOut "runs-out" "Runs out; ask again" "Expire ; à redemander",
        /// The person wanted to be asked again.
        2 AskAgain "ask-again" "The person wanted to be asked again" "La personne souhaitait être consultée de nouveau",
        /// The fourteen days for someone who cannot be asked.
        3 StandInEnds "stand-in-ends" "Fourteen days; try again to reach the person" "Quatorze jours ; essayer de nouveau de joindre la personne",
        /// A child comes of age.
        4 OfAge "of-age" "The person comes of age; ask the person" "La personne devient majeure ; lui demander",
        /// A second person of the office.
        5 Second "second" "A second person of the office must agree" "Une deuxième personne du bureau doit donner son accord",
        /// Whether to erase or keep after a withdrawal.
        6 Erasure "erasure" "Ask whether to erase or to keep" "Demander s’il faut effacer ou conserver",
    }
}

/// An answer that waits for something, and from which day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerDue {
    /// The first day on which it no longer holds, or on which something is to be done; since
    /// 1970-01-01.
    pub day: u32,
    /// For what.
    pub waits: AnswerWaits,
    /// The number of the answer.
    pub number: u32,
}

impl Case {
    /// What the answers of a case wait for, the nearest day first. An answer that was given anew by
    /// the same voice, about the same use, waits for nothing any more.
    pub fn answers_due(&self) -> Vec<AnswerDue> {
        let mut newest = BTreeMap::new();
        for recorded in self.consents() {
            let consent = &recorded.consent;
            let own = consent.giver.is("self");
            newest.insert(
                (
                    consent.subject,
                    consent.purpose.as_str(),
                    consent.recipient.trim().to_lowercase(),
                    &consent.items,
                    (!own).then(|| giver(recorded)),
                ),
                recorded,
            );
        }
        let mut due: Vec<AnswerDue> = newest
            .values()
            .filter(|recorded| recorded.withdrawn.is_none() && recorded.ended.is_none())
            .flat_map(|recorded| self.answer_due(recorded))
            .collect();
        due.extend(self.erasure_to_choose().filter_map(|recorded| {
            let (at, _) = recorded.withdrawn.as_ref()?;
            Some(AnswerDue {
                day: at.day,
                waits: AnswerWaits::Erasure,
                number: recorded.number,
            })
        }));
        due.sort();
        due
    }

    fn answer_due(&self, recorded: &RecordedConsent) -> Vec<AnswerDue> {
        let consent = &recorded.consent;
        let mut due = Vec::new();
        let mut at = |day: u32, waits| {
            due.push(AnswerDue {
                day,
                waits,
                number: recorded.number,
            });
        };
        if consent.answer.is("ask-again") {
            let wanted = consent.ask_again.and_then(number_of);
            at(wanted.unwrap_or(recorded.at.day), AnswerWaits::AskAgain);
        }
        if !is_yes(consent) || self.was_reached(recorded) && consent.answer.is("cannot-ask") {
            return due;
        }
        if let Some(last) = consent.last_day.and_then(number_of) {
            at(last.saturating_add(1), AnswerWaits::RunsOut);
        }
        if consent.answer.is("cannot-ask") {
            at(stand_in_ends(recorded), AnswerWaits::StandInEnds);
            if recorded.seconded.is_none() {
                at(recorded.at.day, AnswerWaits::Second);
            }
        }
        let born = self.person(consent.subject).and_then(|who| who.birth_year);
        if let Some(born) = born.filter(|_| consent.giver.is("guardian")) {
            let first = Date::new(born.saturating_add(OF_AGE).saturating_add(1), 1, 1);
            if let Some(day) = first.and_then(number_of) {
                at(day, AnswerWaits::OfAge);
            }
        }
        due
    }
}

fn number_of(day: Date) -> Option<u32> {
    day.day_number().try_into().ok()
}
