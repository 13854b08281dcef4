//! A case made public, and what the State or the company says to it.
//!
//! What is published about a case carries the reply of those it accuses, or why there is none: a
//! [`PublicPage`] cannot be built without a [`ResponseBlock`], and only [`Case::response_block`]
//! makes one. (HRC 48/17, paragraph 14)

use crate::case::Case;
use crate::clock::awaits_answer;
use crate::cover::Covered;
use crate::field::refusals;
use crate::follow::{RecordedResponse, has_substance};
use crate::state::State;
use crate::text::Text;

/// What stands on a public page in the place of the reply.
#[derive(Debug)]
pub struct ResponseBlock<'a> {
    case: &'a Case,
    reply: StatesReply<'a>,
}

/// The reply, or why there is none.
#[derive(Debug)]
pub enum StatesReply<'a> {
    /// They answered: every answer with substance, in its order, to be shown as it came. A late
    /// one stands here as well.
    Answered(Vec<&'a RecordedResponse>),
    /// They did not answer in time.
    NoneByDeadline {
        /// The last day they had.
        due: u32,
    },
    /// They were not asked, because that would put someone in danger.
    NotTransmitted(&'a Text),
}

refusals! {
    /// Why a case is not made public.
    CannotPublish {
        /// They still have time.
        ReplyAwaited
            "the State or the company still has time to answer; wait for the answer or the last day"
            "l’État ou l’entreprise peut encore répondre ; attendez la réponse ou la fin du délai",
        /// The day is over, and nobody wrote that down.
        NotRecorded
            "the last day for an answer is over; record the answer, or that none came in time"
            "le délai de réponse est écoulé ; enregistrez la réponse, ou qu’aucune n’est arrivée à temps",
        /// Nobody was asked.
        NeverAsked
            "those accused were never asked; send them the allegation, or record why that is too dangerous"
            "les personnes mises en cause n’ont pas été interrogées ; transmettez-leur l’allégation, ou indiquez pourquoi c’est trop dangereux",
        /// Covered for something else.
        NotForPublication
            "the consent does not cover publishing; ask for it"
            "le consentement ne couvre pas la publication ; demandez-le",
        /// The proof or the reply is of another case.
        OtherCase
            "consent and reply must be of this case; look them up again"
            "le consentement et la réponse doivent être ceux de ce dossier ; vérifiez-les de nouveau",
        /// No act is verified.
        NothingVerified
            "no act of this case is verified; assess, have it reviewed, then verify"
            "aucun acte de ce dossier n’est vérifié ; évaluez, faites relire, puis vérifiez",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
    }
}

impl Case {
    /// What stands on its public page in the place of the reply, on a day.
    ///
    /// Every letter that awaits an answer must have one, or the record that none came in time.
    pub fn response_block(&self, today: u32) -> Result<ResponseBlock<'_>, CannotPublish> {
        if self.state() == State::Erased {
            return Err(CannotPublish::CaseErased);
        }
        let answers: Vec<&RecordedResponse> = self
            .responses()
            .iter()
            .filter(|recorded| has_substance(&recorded.response))
            .collect();
        let mut due = None;
        for letter in self
            .outgoing()
            .iter()
            .filter(|letter| awaits_answer(letter))
        {
            let mut to_it = self
                .responses()
                .iter()
                .filter(|recorded| recorded.letter == Some(letter.number));
            let settled = to_it.any(|recorded| {
                let kinds = &recorded.response.kinds;
                has_substance(&recorded.response)
                    || kinds.iter().any(|kind| kind.is("none-by-deadline"))
            });
            let last = self.reply_due(letter);
            match settled {
                true => due = due.max(Some(last)),
                false if today <= last => return Err(CannotPublish::ReplyAwaited),
                false => return Err(CannotPublish::NotRecorded),
            }
        }
        let reply = match (due, self.not_transmitted()) {
            _ if !answers.is_empty() => StatesReply::Answered(answers),
            (Some(due), _) => StatesReply::NoneByDeadline { due },
            (None, Some(why)) => StatesReply::NotTransmitted(why),
            (None, None) => return Err(CannotPublish::NeverAsked),
        };
        Ok(ResponseBlock { case: self, reply })
    }
}

impl<'a> ResponseBlock<'a> {
    /// The reply, or why there is none.
    pub fn reply(&self) -> &StatesReply<'a> {
        &self.reply
    }
}

/// A case that may be made public, with the reply of those it accuses.
#[derive(Debug)]
pub struct PublicPage<'a> {
    covered: Covered<'a>,
    response: ResponseBlock<'a>,
}

impl<'a> PublicPage<'a> {
    /// Puts consent and reply of one case together.
    pub fn new(covered: Covered<'a>, response: ResponseBlock<'a>) -> Result<Self, CannotPublish> {
        if !std::ptr::eq(covered.case(), response.case) {
            return Err(CannotPublish::OtherCase);
        }
        if !matches!(
            covered.purpose().as_str(),
            "public-anonymous" | "public-named"
        ) {
            return Err(CannotPublish::NotForPublication);
        }
        if response.case.verified_acts().next().is_none() {
            return Err(CannotPublish::NothingVerified);
        }
        Ok(Self { covered, response })
    }

    /// The case.
    pub fn case(&self) -> &'a Case {
        self.response.case
    }

    /// What covers publishing it.
    pub fn covered(&self) -> &Covered<'a> {
        &self.covered
    }

    /// The reply of those it accuses, or why there is none. To be shown beside the finding.
    pub fn response(&self) -> &ResponseBlock<'a> {
        &self.response
    }
}
