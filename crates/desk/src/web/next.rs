//! What a case waits for, in the order a caseworker would do it. Nothing is decided here: it reads
//! what casework recorded and points at the place on the page.

use casework::{Case, State};
use record::{Code, Date, Language};

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    ReadTheLetter,
    SetUrgency,
    RecordConsent,
    CodeWhatHappened,
    RecordASource,
    Assess,
    Review,
    Verify,
    Decide,
    Write,
    SafeAgain,
}

impl Next {
    pub(crate) fn text(self, language: Language) -> &'static str {
        let (en, fr) = match self {
            Self::ReadTheLetter => ("Read the new letter", "Lire la nouvelle lettre"),
            Self::SetUrgency => ("Set the urgency", "Évaluer l’urgence"),
            Self::RecordConsent => (
                "Record consent or another ground",
                "Enregistrer le consentement ou un autre fondement",
            ),
            Self::CodeWhatHappened => ("Set out what happened", "Décrire les faits"),
            Self::RecordASource => ("Record a source", "Enregistrer une source"),
            Self::Assess => ("Assess how sure it is", "Évaluer la solidité des faits"),
            Self::Review => ("Have the assessment reviewed", "Faire relire l’évaluation"),
            Self::Verify => ("Mark as verified", "Marquer comme vérifié"),
            Self::Decide => ("Decide what to do", "Décider de la suite"),
            Self::Write => (
                "Write to those who can act, or close it",
                "Écrire à qui peut agir, ou clore le dossier",
            ),
            Self::SafeAgain => (
                "See whether it is safe to go on",
                "Voir s’il est possible de reprendre sans danger",
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }

    /// Where on the page of the case it is done.
    pub(crate) fn anchor(self) -> &'static str {
        match self {
            Self::ReadTheLetter => "letters",
            Self::SetUrgency => "progress",
            Self::RecordConsent => "consents",
            Self::CodeWhatHappened => "acts",
            Self::RecordASource => "sources",
            Self::Assess | Self::Review | Self::Verify => "findings",
            Self::Write => "sent",
            Self::Decide | Self::SafeAgain => "progress",
        }
    }
}

/// Everything a case waits for, most pressing first.
pub(crate) fn next_steps(case: &Case) -> Vec<Next> {
    let mut steps = Vec::new();
    if case.state().is_ended() {
        if case.has_news() {
            steps.push(Next::ReadTheLetter);
        }
        return steps;
    }
    if case.has_news() {
        steps.push(Next::ReadTheLetter);
    }
    if case.urgency().is_empty() {
        steps.push(Next::SetUrgency);
    }
    if case.consents().is_empty() && case.grounds().is_empty() {
        steps.push(Next::RecordConsent);
    }
    if case.acts().next().is_none() {
        steps.push(Next::CodeWhatHappened);
    }
    if case.sources().next().is_none() {
        steps.push(Next::RecordASource);
    }
    let (mut assess, mut review, mut verify) = (false, false, false);
    for act in case.acts() {
        if case.verification(act.id).is_some() {
            continue;
        }
        match case.finding_about(act.id) {
            None => assess = true,
            Some(finding) if !finding.assessment.standard.is_verified() => {}
            Some(finding) => match finding.reviews.last() {
                None => review = true,
                Some(last) => verify |= last.agrees,
            },
        }
    }
    for (wanted, step) in [
        (assess, Next::Assess),
        (review, Next::Review),
        (verify, Next::Verify),
    ] {
        if wanted {
            steps.push(step);
        }
    }
    if steps.is_empty() && matches!(case.state(), State::Assessed | State::Documenting) {
        steps.push(Next::Decide);
    }
    // What was decided and not done must not vanish from the list.
    match case.state() {
        State::Decision => steps.push(Next::Write),
        State::OnHoldSafety => steps.push(Next::SafeAgain),
        _ => {}
    }
    steps
}

/// The one form that stands open on the page: that of the first step that has one.
pub(crate) fn first_form(steps: &[Next]) -> Option<Next> {
    steps
        .iter()
        .copied()
        .find(|step| *step != Next::ReadTheLetter)
}

/// Whether counting is covered today: what the figures page asks, said on the case as well.
pub(crate) fn counted_today(case: &Case, today: Option<Date>) -> Result<(), casework::NotCovered> {
    let (Some(purpose), Some(identity), Some(today)) =
        (Code::of("statistics"), Code::of("none"), today)
    else {
        return Err(casework::NotCovered::NotToday);
    };
    case.covers_acts(purpose, "", identity, today).map(drop)
}
