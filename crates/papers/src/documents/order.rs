//! In which order a recipient asks.
//!
//! The special procedures ask who is concerned, who is said to be responsible, who submits, then when,
//! where and how; the mandate forms add consent, what may be made public, and the steps taken in the
//! country. A reprisal is taken up only with the consent of the person, so that stands first. The
//! working group on disappearances has six elements without which it does not begin. A complaint to a
//! treaty body asks for the remedies that were tried before it asks for the facts. Whatever has no
//! form of its own is written in a general order.

use record::Code;
use record::vocabulary::Communications;

/// A part of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Who submits it.
    Submitter,
    /// The persons concerned.
    Victims,
    /// Consent, and what may be shown to whom.
    Consent,
    /// Who is said to have done it.
    Perpetrators,
    /// Dates, places, acts.
    Facts,
    /// What the office wrote.
    Circumstances,
    /// What the person told.
    Account,
    /// Cooperation with the UN or another body that an act was aimed at.
    Cooperation,
    /// Technologies that were used.
    Technology,
    /// Whether the measures could be lawful.
    Law,
    /// Steps taken in the country.
    Remedies,
    /// How sure the office is, and what was not verified.
    Verification,
    /// Files that go along.
    Attachments,
}

use Section::{
    Account, Attachments, Circumstances, Consent, Cooperation, Facts, Law, Perpetrators, Remedies,
    Submitter, Technology, Verification, Victims,
};

impl Section {
    /// Whether it is left out where there is nothing to say. The others say that there is nothing.
    pub(crate) fn may_be_missing(self, kind: Option<Code<Communications>>) -> bool {
        let asked = kind.map_or("", Code::as_str);
        match self {
            Cooperation => asked != "reprisals-submission",
            Law => !matches!(
                asked,
                "wgad-opinion" | "individual-complaint" | "other-letter"
            ),
            Technology => asked != "export-control-notice",
            Circumstances | Account => true,
            _ => false,
        }
    }
}

/// Whether the recipient is asked to keep the submitter's name to itself, and asks what of the
/// identity may be shown to the authorities and in public.
pub(crate) fn is_confidential(kind: Option<Code<Communications>>) -> bool {
    matches!(
        kind.map_or("", Code::as_str),
        "urgent-appeal"
            | "allegation-letter"
            | "other-letter"
            | "joint-letter"
            | "wgeid-humanitarian"
            | "wgad-opinion"
            | "reprisals-submission"
            | "presidency-good-offices"
    )
}

/// The parts of a form, in its order. Every part is in every form.
#[rustfmt::skip]
pub(crate) fn order(kind: Option<Code<Communications>>) -> &'static [Section; 13] {
    match kind.map_or("", Code::as_str) {
        "urgent-appeal" | "allegation-letter" | "joint-letter" => &[
            Victims, Perpetrators, Submitter, Facts, Circumstances, Account, Consent, Remedies,
            Cooperation, Technology, Law, Verification, Attachments,
        ],
        "other-letter" => &[
            Submitter, Law, Circumstances, Facts, Victims, Perpetrators, Account, Consent, Remedies,
            Cooperation, Technology, Verification, Attachments,
        ],
        "company-letter" | "platform-escalation" | "export-control-notice" => &[
            Submitter, Facts, Circumstances, Technology, Perpetrators, Victims, Account, Law,
            Remedies, Cooperation, Consent, Verification, Attachments,
        ],
        "reprisals-submission" | "presidency-good-offices" => &[
            Consent, Submitter, Victims, Cooperation, Facts, Circumstances, Account, Perpetrators,
            Remedies, Technology, Law, Verification, Attachments,
        ],
        "individual-complaint" | "regional-complaint" => &[
            Submitter, Victims, Consent, Perpetrators, Law, Remedies, Facts, Circumstances, Account,
            Cooperation, Technology, Verification, Attachments,
        ],
        "wgeid-humanitarian" => &[
            Victims, Facts, Perpetrators, Remedies, Submitter, Consent, Circumstances, Account,
            Cooperation, Technology, Law, Verification, Attachments,
        ],
        "wgad-opinion" => &[
            Victims, Facts, Perpetrators, Circumstances, Account, Law, Remedies, Submitter, Consent,
            Cooperation, Technology, Verification, Attachments,
        ],
        _ => &[
            Submitter, Victims, Perpetrators, Facts, Circumstances, Account, Cooperation, Technology,
            Law, Remedies, Consent, Verification, Attachments,
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_form_leaves_out_a_part_and_none_asks_twice() {
        let kinds = record::vocabulary::communications().iter();
        for kind in kinds.map(|kind| Code::of(kind.code)).chain([None]) {
            let asked: BTreeSet<Section> = order(kind).iter().copied().collect();
            assert_eq!(asked.len(), 13, "{kind:?}");
        }
    }

    #[test]
    fn what_is_not_verified_is_left_out_of_no_form() {
        let kinds = record::vocabulary::communications().iter();
        for kind in kinds.map(|kind| Code::of(kind.code)).chain([None]) {
            assert!(!Verification.may_be_missing(kind));
            assert!(!Consent.may_be_missing(kind));
        }
    }
}
