//! What came after: answers of authorities and companies, steps of accountability, remedies, help,
//! commitments.
//!
//! Absent: any judgement of the whole. How long nothing was done, and whether a case may be closed,
//! is casework's to say.

use crate::date::Date;
use crate::event::ActId;
use crate::part::{Kept, keys, number, stored};
use crate::person::PersonId;
use crate::vocabulary::{
    AccountabilitySteps, AnswerWays, Authenticities, CommitmentStatuses, Impacts, ImpunityStatuses,
    Remedies, RemedyStatuses, Responses, Term,
};

number! {
    /// The number of an answer within its case.
    ResponseId
}
number! {
    /// The number of a step of accountability within its case.
    StepId
}
number! {
    /// The number of a remedy within its case.
    RemedyId
}
number! {
    /// The number of a help within its case.
    HelpId
}
number! {
    /// The number of a commitment within its case.
    CommitmentId
}

/// What an authority or a company answered, unedited.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The number in the case.
    pub id: ResponseId,
    /// By whom.
    pub by: String,
    /// The day on it.
    pub day: Option<Date>,
    /// The day it reached the office.
    pub received: Option<Date>,
    /// How it came.
    pub way: Term<AnswerWays>,
    /// What it amounts to; an answer may be several things.
    pub kinds: Vec<Term<Responses>>,
    /// Every word of it, as it came.
    pub text: String,
    /// The language it came in, as a BCP 47 tag.
    pub language: String,
    /// The points it answers.
    pub answered: Vec<String>,
    /// The points it leaves without an answer.
    pub unanswered: Vec<String>,
    /// What it says that the office did not know.
    pub new_facts: String,
    /// How it was checked that it is from whom it says.
    pub authenticity: Term<Authenticities>,
    /// What that check was, and what it showed.
    pub checked: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// One step towards those responsible.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// The number in the case.
    pub id: StepId,
    /// Which step.
    pub kind: Term<AccountabilitySteps>,
    /// The acts it is about; empty means the whole case.
    pub acts: Vec<ActId>,
    /// The day.
    pub day: Option<Date>,
    /// By which court, prosecutor or body.
    pub by: String,
    /// Of an investigation: whether it was prompt.
    pub prompt: Option<bool>,
    /// Whether it was impartial.
    pub impartial: Option<bool>,
    /// Whether it was independent of those it is about.
    pub independent: Option<bool>,
    /// What the three answers rest on.
    pub grounds: String,
    /// What came of it.
    pub outcome: String,
    /// How far those responsible go free, judged at this step.
    pub impunity: Term<ImpunityStatuses>,
    /// What this release could not read.
    pub kept: Kept,
}

/// What was done, or promised, to repair the harm.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Remedy {
    /// The number in the case.
    pub id: RemedyId,
    /// For whom; none means for all victims of the case.
    pub person: Option<PersonId>,
    /// What kind.
    pub kind: Term<Remedies>,
    /// Where it stands.
    pub status: Term<RemedyStatuses>,
    /// Who decided or promised it.
    pub by: String,
    /// The day of that status.
    pub day: Option<Date>,
    /// How much, in the words of the decision.
    pub amount: String,
    /// Whether the victim was asked what they think of it.
    pub asked: Option<bool>,
    /// What the victim thinks of it, in their own words.
    pub own_view: String,
    /// What else is to be said.
    pub note: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// Help that someone was given.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Help {
    /// The number in the case.
    pub id: HelpId,
    /// For whom; none means for all victims of the case.
    pub person: Option<PersonId>,
    /// What kind.
    pub kind: Term<crate::vocabulary::Help>,
    /// By whom.
    pub provider: String,
    /// The first day.
    pub first_day: Option<Date>,
    /// The last day.
    pub last_day: Option<Date>,
    /// What it did.
    pub effect: Term<Impacts>,
    /// The outcome in words.
    pub outcome: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// What a State or a company said it would do.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Commitment {
    /// The number in the case.
    pub id: CommitmentId,
    /// By whom.
    pub by: String,
    /// What was said.
    pub text: String,
    /// Where it was said.
    pub source: String,
    /// When it was made.
    pub day: Option<Date>,
    /// By when it is to be kept.
    pub due: Option<Date>,
    /// Where it stands.
    pub status: Term<CommitmentStatuses>,
    /// What that rests on.
    pub grounds: String,
    /// What this release could not read.
    pub kept: Kept,
}

keys!(Response {
    1 id 2 by 3 day 4 received 5 way 6 kinds 7 text 8 language 9 answered 10 unanswered
    11 new_facts 12 authenticity 13 checked
});
keys!(Step {
    1 id 2 kind 3 acts 4 day 5 by 6 prompt 7 impartial 8 independent 9 grounds 10 outcome
    11 impunity
});
keys!(Remedy {
    1 id 2 person 3 kind 4 status 5 by 6 day 7 amount 8 asked 9 own_view 10 note
});
keys!(Help {
    1 id 2 person 3 kind 4 provider 5 first_day 6 last_day 7 effect 8 outcome
});
keys!(Commitment { 1 id 2 by 3 text 4 source 5 day 6 due 7 status 8 grounds });
stored!(Response Step Remedy Help Commitment);
