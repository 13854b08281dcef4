//! A case made public, and what the State or the company says to it.
//!
//! What is published about a case carries the reply of those it accuses, or why there is none: a
//! [`PublicPage`] cannot be built without a [`ResponseBlock`], and only [`Case::response_block`]
//! makes one. (HRC 48/17, paragraph 14)

use record::vocabulary::{IdentityLevels, Purposes};
use record::{Act, Code, Date, Item, Term};

use crate::case::{Case, VerifiedAct};
use crate::clock::awaits_answer;
use crate::contents::as_covered;
use crate::cover::{Covered, same_recipient};
use crate::entry::{Author, Entry, Moment, Stamp};
use crate::field::{content, refusals};
use crate::follow::{RecordedResponse, has_substance};
use crate::state::State;
use crate::text::Text;

content! {
    /// Something of the case was made public.
    Published {
        /// As whose consent allowed it: with names or without.
        0 purpose: Term<Purposes>,
        /// Where: the address of the page, the title of the report.
        1 place: Text,
        /// What of the case; empty means the whole case.
        2 items: Vec<Item>,
        /// How much of the identity it shows.
        3 identity: Term<IdentityLevels>,
        /// The consents it rests on.
        4 consents: Vec<u32>,
        /// The other ground it rests on.
        5 ground: Option<u32>,
        /// The day it was made public.
        6 day: Date,
    }
}

/// Something of a case that was made public.
#[derive(Debug, PartialEq, Eq)]
pub struct PublishedPage {
    /// What.
    pub published: Published,
    /// When that was recorded.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

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
        /// No act is verified, or none of those that are is covered.
        NothingVerified
            "no act that may be published is verified; assess, have it reviewed, then verify"
            "aucun acte que l’on puisse publier n’est vérifié ; évaluez, faites relire, puis vérifiez",
        /// Without names, and yet showing who.
        NotAnonymous
            "anonymous publication shows nothing of who somebody is; show no identity, or ask for publication with names"
            "une publication anonyme ne montre rien de l’identité ; n’en montrez rien, ou demandez l’accord pour une publication nominative",
        /// It doubles another case, or did not hold.
        NotPublished
            "a duplicate or an unfounded case is not published; publish the case it doubles, or reopen it"
            "un doublon ou un dossier non fondé n’est pas publié ; publiez le dossier dont c’est le doublon, ou rouvrez-le",
        /// It does not say where.
        NowhereNamed
            "say where it is published: the address of the page or the title of the report"
            "indiquez où cela est publié : l’adresse de la page ou le titre du rapport",
        /// No longer covered at the moment of publishing.
        NoLongerCovered
            "consent does not cover this at the moment of publishing; nothing may be published"
            "au moment de la publication, le consentement ne couvre pas cet usage ; rien ne doit être publié",
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
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

/// What of a case may be made public, with the reply of those it accuses. It hands out the acts that
/// are covered and verified, and not the case: nothing else of it is for a page.
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
        is_for_the_public(&covered)?;
        Ok(Self { covered, response })
    }

    /// The acts on it: covered, and verified. Where no full names may be shown, they have none, and
    /// what was written freely about an act is left out: it may name anybody.
    pub fn acts(&self) -> impl Iterator<Item = Act> {
        shown(&self.covered).map(|verified| as_covered(&self.covered, verified.act()))
    }

    /// For which purpose it was covered.
    pub fn purpose(&self) -> Code<Purposes> {
        self.covered.purpose()
    }

    /// How much of the identity it may show.
    pub fn identity(&self) -> Code<IdentityLevels> {
        self.covered.identity()
    }

    /// The reply of those it accuses, or why there is none. To be shown beside the finding.
    pub fn response(&self) -> &ResponseBlock<'a> {
        &self.response
    }
}

fn shown<'a>(covered: &Covered<'a>) -> impl Iterator<Item = VerifiedAct<'a>> {
    let verified = covered.case().verified_acts();
    verified.filter(|verified| covered.has(&Item::Act(verified.act().id)))
}

/// Whether something that is covered may stand on a page, whatever the reply.
fn is_for_the_public(covered: &Covered<'_>) -> Result<(), CannotPublish> {
    match covered.purpose().as_str() {
        "public-named" => {}
        "public-anonymous" if covered.identity().as_str() == "none" => {}
        "public-anonymous" => return Err(CannotPublish::NotAnonymous),
        _ => return Err(CannotPublish::NotForPublication),
    }
    // What doubles another case is told there, and what did not hold is not told.
    if matches!(covered.case().state(), State::Duplicate | State::Unfounded) {
        return Err(CannotPublish::NotPublished);
    }
    if shown(covered).next().is_none() {
        return Err(CannotPublish::NothingVerified);
    }
    Ok(())
}

/// Records that a page is made public. `case` is the case as it is now: consent and reply are asked
/// for once more there, on the day of the stamp.
pub fn publish(
    case: &Case,
    page: &PublicPage<'_>,
    place: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotPublish> {
    let covered = &page.covered;
    let place = place.into();
    if covered.case().id() != case.id()
        || !(covered.recipient().trim().is_empty() || same_recipient(covered.recipient(), &place))
    {
        return Err(CannotPublish::OtherCase);
    }
    let mut published = Published {
        purpose: covered.purpose().into(),
        place,
        items: covered.items().to_vec(),
        identity: covered.identity().into(),
        consents: Vec::new(),
        ground: None,
        day: stamp.at.date().ok_or(CannotPublish::NoLongerCovered)?,
    };
    let now = may_publish(case, &published, &stamp)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotPublish::Recused);
    }
    published.consents = now.consents().to_vec();
    published.ground = now.ground();
    Entry::written(stamp, Some(case.id()), published.into()).map_err(|_| CannotPublish::TooLong)
}

pub(crate) fn may_publish<'a>(
    case: &'a Case,
    published: &Published,
    stamp: &Stamp,
) -> Result<Covered<'a>, CannotPublish> {
    if published.place.is_blank() {
        return Err(CannotPublish::NowhereNamed);
    }
    let (Some(purpose), Some(identity), Some(today)) = (
        published.purpose.code(),
        published.identity.code(),
        stamp.at.date(),
    ) else {
        return Err(CannotPublish::NoLongerCovered);
    };
    case.response_block(stamp.at.day)?;
    let now = case
        .covers_items(purpose, &published.place, &published.items, identity, today)
        .map_err(|_| CannotPublish::NoLongerCovered)?;
    is_for_the_public(&now)?;
    Ok(now)
}

impl Case {
    /// What of it was made public, in its order.
    pub fn published(&self) -> &[PublishedPage] {
        &self.after.published
    }
}
