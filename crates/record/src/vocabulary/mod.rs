//! Every word the house may use for what happened, as data.
//!
//! A list is a [`Vocabulary`]; a word in it is an [`Entry`] with a stable text code (what travels
//! in a report), a stable number (what a counted [`Fact`](crate::Fact) holds), our own labels in
//! English and French, and the paragraphs that ask for it. Codes and numbers are never reused and
//! never change; labels may be improved at any time.
//!
//! The third-party references are codes only: `HRD58 OP9(r)` is operative paragraph 9 (r) of the
//! resolution of that tag, `esf` is a term of the HURIDOCS Events Standard Formats, and `sdg` the
//! class an act falls into for indicator 16.10.1 of the Sustainable Development Goals.
//!
//! Absent: any decision. That "grounds to believe" suffices to count is [`Term::is_verified`],
//! the one rule kept beside its words; everything else is decided in casework.

mod acts;
mod course;
mod means;
mod office;
mod people;
pub mod spanish;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::text;

/// A language every word of every list has a label in: what an office reads and publishes in.
///
/// A reporter is met in more of them: [`FormLanguage`](crate::FormLanguage).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    English,
    /// French.
    French,
}

impl Language {
    /// The language to answer a BCP 47 tag in: French for `fr` and its regions, else English.
    pub fn of_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some(first) if first.eq_ignore_ascii_case("fr") => Self::French,
            _ => Self::English,
        }
    }

    /// The tag to write into a page or a report.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }
}

/// One word of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The stable text code, lower case with hyphens.
    pub code: &'static str,
    /// The stable number within its list, from 1; a coded fact holds this.
    pub number: u16,
    /// The English label.
    pub en: &'static str,
    /// The French label.
    pub fr: &'static str,
    /// The paragraphs that name it or ask for it.
    pub mandate: &'static [&'static str],
    /// The terms of the Events Standard Formats it corresponds to, if any.
    pub esf: &'static [Esf],
    /// The class of indicator 16.10.1 an act belongs to; `None` is outside the indicator.
    pub sdg: Option<Sdg>,
    /// The group of indicator 16.10.1 a victim belongs to; `None` is outside the indicator.
    pub sdg_group: Option<SdgGroup>,
    /// The code, in [`act_families`], of the family an act is shown under; empty elsewhere.
    pub family: &'static str,
}

impl Entry {
    /// The label in a language.
    pub const fn label(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::French => self.fr,
        }
    }

    const fn new(number: u16, code: &'static str, en: &'static str, fr: &'static str) -> Self {
        Self {
            code,
            number,
            en,
            fr,
            mandate: &[],
            esf: &[],
            sdg: None,
            sdg_group: None,
            family: "",
        }
    }

    const fn cited(self, mandate: &'static [&'static str]) -> Self {
        Self { mandate, ..self }
    }

    const fn esf(self, esf: &'static [Esf]) -> Self {
        Self { esf, ..self }
    }

    const fn sdg(self, class: Sdg) -> Self {
        Self {
            sdg: Some(class),
            ..self
        }
    }

    const fn group(self, group: SdgGroup) -> Self {
        Self {
            sdg_group: Some(group),
            ..self
        }
    }

    const fn family(self, family: &'static str) -> Self {
        Self { family, ..self }
    }
}

/// A reference into the HURIDOCS Events Standard Formats: a mapping, never a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Esf {
    /// The number of the micro-thesaurus.
    pub thesaurus: u8,
    /// The term in it; empty when only the list as a whole corresponds.
    pub term: &'static str,
    /// The term says the same; otherwise it is only the nearest one.
    pub exact: bool,
}

const fn same(thesaurus: u8, term: &'static str) -> Esf {
    Esf {
        thesaurus,
        term,
        exact: true,
    }
}

const fn near(thesaurus: u8, term: &'static str) -> Esf {
    Esf {
        thesaurus,
        term,
        exact: false,
    }
}

/// The class of an act in indicator 16.10.1. A proposal: the custodian decides case by case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sdg {
    /// Killing.
    Killing,
    /// Enforced disappearance.
    EnforcedDisappearance,
    /// Torture.
    Torture,
    /// Arbitrary detention.
    ArbitraryDetention,
    /// Kidnapping.
    Kidnapping,
    /// Another harmful act.
    OtherHarmful,
    /// Arbitrary detention if the person is held, otherwise another harmful act.
    DetentionIfHeld,
    /// Counted by the act it is added to.
    WithAnotherAct,
}

/// The group of a victim in indicator 16.10.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SdgGroup {
    /// Human rights defenders.
    Defender,
    /// Journalists and media workers.
    Journalist,
    /// Trade unionists.
    TradeUnionist,
}

/// One list of words.
#[derive(Debug, PartialEq, Eq)]
pub struct Vocabulary {
    name: &'static str,
    en: &'static str,
    fr: &'static str,
    entries: &'static [Entry],
}

impl Vocabulary {
    /// The stable name of the list.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The heading of the list in a language.
    pub const fn label(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::French => self.fr,
        }
    }

    /// The entries, in the order of their numbers.
    pub fn iter(&self) -> std::slice::Iter<'static, Entry> {
        self.entries.iter()
    }

    /// The same, as a slice: for a check that runs while it compiles.
    pub const fn entries(&self) -> &'static [Entry] {
        self.entries
    }

    /// How many entries the list has.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the list has no entry; none is.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry of a text code.
    pub fn find(&self, code: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.code == code)
    }

    /// The entry of a number.
    pub fn numbered(&self, number: u16) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.number == number)
    }
}

impl IntoIterator for &Vocabulary {
    type Item = &'static Entry;
    type IntoIter = std::slice::Iter<'static, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Names one list in a type, so that the code of one list cannot stand where another's is meant.
pub trait List: Copy + Ord + std::hash::Hash + fmt::Debug + 'static {
    /// The list itself.
    fn vocabulary() -> &'static Vocabulary;
}

/// A code as it stands in a report: of list `L`, or a word this release does not know.
///
/// Unknown words are kept as they came, because a newer form or another office may know them.
/// Such a word may be anything a stranger typed: show it only through [`Term::label`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term<L> {
    code: String,
    list: PhantomData<L>,
}

impl<L: List> Term<L> {
    /// The code as told; it need not be in the list.
    pub fn told(code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            list: PhantomData,
        }
    }

    /// The code of an entry, if the list has it.
    pub fn known(code: &str) -> Option<Self> {
        L::vocabulary()
            .find(code)
            .map(|entry| Self::told(entry.code))
    }

    /// Whether no code stands here at all.
    pub fn is_empty(&self) -> bool {
        self.code.is_empty()
    }

    /// The text of the code. Not safe to show when [`Term::entry`] is `None`.
    pub fn as_str(&self) -> &str {
        &self.code
    }

    /// The entry, if this release knows the code.
    pub fn entry(&self) -> Option<&'static Entry> {
        L::vocabulary().find(&self.code)
    }

    /// The number for a coded fact, if this release knows the code.
    pub fn code(&self) -> Option<Code<L>> {
        self.entry().map(|entry| Code {
            number: entry.number,
            list: PhantomData,
        })
    }

    /// The label, or the unknown word itself made safe to show.
    pub fn label(&self, language: Language) -> Cow<'_, str> {
        self.entry().map_or_else(
            || text::shown(&self.code),
            |entry| Cow::Borrowed(entry.label(language)),
        )
    }

    /// Whether the code is exactly this one.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }
}

/// No code: what stands where nothing was chosen.
impl<L> Default for Term<L> {
    fn default() -> Self {
        Self {
            code: String::new(),
            list: PhantomData,
        }
    }
}

impl<L: List> From<&str> for Term<L> {
    fn from(code: &str) -> Self {
        Self::told(code)
    }
}

impl<L: List> From<Code<L>> for Term<L> {
    fn from(code: Code<L>) -> Self {
        Self::told(code.entry().map_or("", |entry| entry.code))
    }
}

// An unknown code is a stranger's text and must not reach a log through `{:?}`.
impl<L: List> fmt::Debug for Term<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.entry() {
            Some(entry) => entry.code,
            None if self.is_empty() => "(no word)",
            None => "(a word not in the list)",
        })
    }
}

impl Term<Standards> {
    /// Whether public figures may call it verified: reasonable grounds to believe, or above.
    pub fn is_verified(&self) -> bool {
        self.code().is_some_and(Code::<Standards>::is_verified)
    }
}

/// A code of list `L` as a small number: what a coded fact holds, and never a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code<L> {
    number: u16,
    list: PhantomData<L>,
}

impl<L: List> Code<L> {
    /// The number of a text code, if the list has it.
    pub fn of(code: &str) -> Option<Self> {
        L::vocabulary().find(code).map(|entry| Self {
            number: entry.number,
            list: PhantomData,
        })
    }

    /// The code of a number, if the list has it.
    pub fn numbered(number: u16) -> Option<Self> {
        L::vocabulary().numbered(number).map(|entry| Self {
            number: entry.number,
            list: PhantomData,
        })
    }

    /// The number.
    pub const fn number(self) -> u16 {
        self.number
    }

    /// The entry; there is one, since only the list makes codes.
    pub fn entry(self) -> Option<&'static Entry> {
        L::vocabulary().numbered(self.number)
    }

    /// The text code.
    pub fn as_str(self) -> &'static str {
        self.entry().map_or("", |entry| entry.code)
    }

    /// The label in a language.
    pub fn label(self, language: Language) -> &'static str {
        self.entry().map_or("", |entry| entry.label(language))
    }
}

impl Code<Standards> {
    /// Whether public figures may call it verified: reasonable grounds to believe, or above.
    ///
    /// The order of the numbers says nothing here: "not established" and "disproved" come later.
    pub fn is_verified(self) -> bool {
        matches!(
            self.as_str(),
            "grounds-to-believe" | "balance-of-probabilities" | "judicially-established"
        )
    }
}

impl<L: List> fmt::Debug for Code<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The list of values of a dimension that has one; the others are told in the person's own words.
pub fn values_of(dimension: &str) -> Option<&'static Vocabulary> {
    Some(match dimension {
        "sex" => sexes(),
        "gender" => genders(),
        "age" => age_bands(),
        "national-minority"
        | "linguistic-minority"
        | "religious-minority"
        | "indigenous"
        | "economic" => trait_answers(),
        "disability" => disabilities(),
        "area" => areas(),
        "vulnerable-situation" => vulnerable_situations(),
        "defender-work" => defender_work(),
        "sphere" => spheres(),
        "perpetrator-type" => perpetrators(),
        "act" => acts(),
        _ => return None,
    })
}

/// Declares, for each list: the type that names it, the function that hands it out, and its place
/// among [`all`] of them.
macro_rules! lists {
    ($($list:ident $function:ident $name:literal $en:literal $fr:literal $entries:path;)*) => {
        $(
            #[doc = concat!("Names the list `", $name, "`: ", $en, ".")]
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum $list {}

            impl List for $list {
                fn vocabulary() -> &'static Vocabulary {
                    $function()
                }
            }

            #[doc = concat!("The list `", $name, "`: ", $en, ".")]
            pub const fn $function() -> &'static Vocabulary {
                static LIST: Vocabulary = Vocabulary { name: $name, en: $en, fr: $fr, entries: $entries };
                &LIST
            }
        )*

        /// Every list, in the order of the domain notes.
        pub fn all() -> Vec<&'static Vocabulary> {
            vec![$($function()),*]
        }
    };
}

lists! {
    Acts acts "act" "What was done" "Ce qui a été fait" acts::ACTS;
    ActFamilies act_families "act-family" "Kinds of acts" "Familles d’actes" acts::FAMILIES;
    Spheres spheres "sphere" "Online or offline" "En ligne ou hors ligne" acts::SPHERES;
    Stages stages "stage" "How far it went" "Jusqu’où l’acte est allé" acts::STAGES;
    Scales scales "scale" "How many people it touched" "Étendue" acts::SCALES;
    Contexts contexts "context" "During what" "Contexte" acts::CONTEXTS;
    Reasons reasons "because-of" "Because of what" "En raison de quoi" acts::REASONS;

    Victims victims "victim" "Who was attacked" "Personnes visées" people::VICTIMS;
    CountingUnits counting_units "counting-unit" "What one victim stands for" "Unité de compte" people::COUNTING_UNITS;
    Dimensions dimensions "dimension" "What counts may be divided by" "Ventilation" people::DIMENSIONS;
    Sexes sexes "sex" "Sex" "Sexe" people::SEXES;
    Genders genders "gender" "Gender" "Genre" people::GENDERS;
    AgeBands age_bands "age" "Age" "Âge" people::AGE_BANDS;
    TraitAnswers trait_answers "trait-answer" "Answer to a plain question" "Réponse à une question simple" people::TRAIT_ANSWERS;
    Disabilities disabilities "disability" "Disability" "Handicap" people::DISABILITIES;
    Areas areas "area" "Urban or rural area" "Milieu urbain ou rural" people::AREAS;
    VulnerableSituations vulnerable_situations "vulnerable-situation" "Situation of vulnerability" "Situation de vulnérabilité" people::VULNERABLE_SITUATIONS;
    DefenderWork defender_work "defender-work" "What the person defends" "Cause défendue" people::DEFENDER_WORK;
    HowKnown how_known "how-known" "How it is known" "Comment on le sait" people::HOW_KNOWN;

    Perpetrators perpetrators "perpetrator" "Alleged perpetrators" "Auteurs présumés" people::PERPETRATORS;
    Attributions attributions "attribution" "The State’s part" "Part de l’État" people::ATTRIBUTIONS;
    CompanyLinks company_links "company-link" "The company’s part" "Part de l’entreprise" people::COMPANY_LINKS;

    Technologies technologies "technology" "Technologies" "Technologies" means::TECHNOLOGIES;
    Detections detections "detection" "How the technology was found" "Mode de détection" means::DETECTIONS;

    SourceTypes source_types "source-type" "Types of source" "Types de source" means::SOURCE_TYPES;
    Reliabilities reliabilities "reliability" "Reliability of the source" "Fiabilité de la source" means::RELIABILITIES;
    Credibilities credibilities "credibility" "Credibility of the information" "Crédibilité de l’information" means::CREDIBILITIES;
    Corroborations corroborations "corroboration" "Corroboration" "Corroboration" means::CORROBORATIONS;
    Standards standards "standard" "Standard of proof reached" "Niveau de preuve atteint" means::STANDARDS;

    Purposes purposes "purpose" "What it may be used for" "Usages possibles" office::PURPOSES;
    IdentityLevels identity_levels "identity-level" "How much of the identity may be shown" "Part d’identité communiquée" office::IDENTITY_LEVELS;
    Answers answers "answer" "Answer about consent" "Réponse sur le consentement" office::ANSWERS;
    ConsentForms consent_forms "consent-form" "How consent was given" "Forme du consentement" office::CONSENT_FORMS;
    ConsentGivers consent_givers "consent-giver" "Who gave consent" "Qui a donné son accord" office::CONSENT_GIVERS;
    Grounds grounds "ground" "Grounds other than consent" "Autres fondements que le consentement" office::GROUNDS;

    Communications communications "communication" "Letters to authorities and others" "Lettres aux autorités et à d’autres" office::COMMUNICATIONS;
    Responses responses "response" "Responses" "Réponses reçues" office::RESPONSES;
    AccountabilitySteps accountability_steps "accountability-step" "Steps of accountability" "Étapes de la reddition de comptes" office::ACCOUNTABILITY_STEPS;
    InvestigationChecks investigation_checks "investigation-check" "Questions about an investigation" "Questions sur une enquête" office::INVESTIGATION_CHECKS;
    ImpunityStatuses impunity_statuses "impunity-status" "Impunity" "Impunité" office::IMPUNITY_STATUSES;
    Remedies remedies "remedy" "Remedies" "Réparations" office::REMEDIES;
    RemedyStatuses remedy_statuses "remedy-status" "Where the remedy stands" "État de la réparation" office::REMEDY_STATUSES;
    Help help "help" "Help given" "Aide apportée" office::HELP;
    Impacts impacts "impact" "Effect" "Effet" means::IMPACTS;

    ReporterRelations reporter_relations "reporter-relation" "Who is writing" "Qui écrit" people::REPORTER_RELATIONS;
    WordsStates words_states "words-state" "About the reporter’s words" "À propos des mots" people::WORDS_STATES;
    Helping helping "helping" "Does the person know" "La personne est-elle au courant" people::HELPING;
    Urgencies urgencies "urgency" "Urgency" "Urgence" means::URGENCIES;
    DatePrecisions date_precisions "date-precision" "How precise the date is" "Précision de la date" means::DATE_PRECISIONS;
    Channels channels "channel" "How it reached the office" "Voie d’arrivée" means::CHANNELS;
    PlaceTiers place_tiers "place-tier" "How precise the place is" "Précision du lieu" means::PLACE_TIERS;

    Degrees degrees "degree" "Part in the act" "Rôle dans l’acte" course::DEGREES;
    Standings standings "standing" "What became of the alleged perpetrator" "Situation de l’auteur présumé" course::STANDINGS;
    Aftermaths aftermaths "aftermath" "The person after the act" "La personne après l’acte" course::AFTERMATHS;
    Chains chains "chain" "How it is tied to what came before" "Lien avec ce qui a précédé" course::CHAINS;
    LinkStrengths link_strengths "link-strength" "How well the link is shown" "Solidité du lien" course::LINK_STRENGTHS;
    Bodies bodies "body" "Body the person cooperated with" "Organe avec lequel la personne a coopéré" course::BODIES;
    Cooperations cooperations "cooperation" "What the cooperation was" "Forme de la coopération" course::COOPERATIONS;
    CooperationPhases cooperation_phases "cooperation-phase" "Before, during or after" "Avant, pendant ou après" course::COOPERATION_PHASES;
    RestrictionScopes restriction_scopes "restriction-scope" "Reach of the restriction" "Étendue de la restriction" course::RESTRICTION_SCOPES;
    Measures measures "measure" "Kind of law or order" "Type de loi ou de mesure" course::MEASURES;
    MeasureStatuses measure_statuses "measure-status" "Where the law or order stands" "État de la loi ou de la mesure" course::MEASURE_STATUSES;
    AnswerWays answer_ways "answer-way" "How the answer came" "Voie de la réponse" course::ANSWER_WAYS;
    Authenticities authenticities "authenticity" "How it was checked" "Comment elle a été vérifiée" course::AUTHENTICITIES;
    CommitmentStatuses commitment_statuses "commitment-status" "Where the commitment stands" "État de l’engagement" course::COMMITMENT_STATUSES;
}
