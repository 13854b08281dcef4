//! What stands between an act and its repair: how one thing led to another, who had which part,
//! laws and restrictions, how an answer came, what was promised.

use super::{Entry, near};

/// The part someone had in an act.
#[rustfmt::skip]
pub(super) const DEGREES: &[Entry] = &[
    Entry::new(1, "ordered", "Ordered it", "L’a ordonné").cited(&["COOP48 PP15"]).esf(&[near(18, "")]),
    Entry::new(2, "carried-out", "Carried it out", "L’a commis").cited(&["COOP48 PP15"]).esf(&[near(18, "")]),
    Entry::new(3, "took-part", "Took part in it", "Y a participé").cited(&["COOP48 PP15"]).esf(&[near(18, "")]),
    Entry::new(4, "incited", "Incited others to it", "Y a incité").cited(&["HRD58 OP9(i)"]).esf(&[near(18, "")]),
    Entry::new(5, "supplied-means", "Supplied the means", "En a fourni les moyens").cited(&["GA78 OP6"]).esf(&[near(18, "")]),
    Entry::new(6, "stood-by", "Could have prevented it and did not", "Pouvait l’empêcher et ne l’a pas fait").cited(&["COOP48 PP15"]).esf(&[near(18, "")]),
    Entry::new(7, "covered-up", "Covered it up afterwards", "L’a dissimulé ensuite").cited(&["HRD58 PP30"]).esf(&[near(18, "")]),
    Entry::new(8, "unknown", "Not known", "Inconnu").cited(&["COOP48 PP15"]).esf(&[near(18, "")]),
];

/// What became of an alleged perpetrator. None of these words says that someone is guilty but one.
#[rustfmt::skip]
pub(super) const STANDINGS: &[Entry] = &[
    Entry::new(1, "not-sought", "Nobody is looking into it", "Personne n’enquête").cited(&["HRD58 PP30"]).esf(&[near(26, "")]),
    Entry::new(2, "under-investigation", "Under investigation", "Visé par une enquête").cited(&["COOP48 OP6"]).esf(&[near(26, "")]),
    Entry::new(3, "suspended", "Suspended from duty", "Suspendu de ses fonctions").cited(&["COOP48 OP6"]).esf(&[near(26, "")]),
    Entry::new(4, "charged", "Charged", "Inculpé").cited(&["COOP48 OP6"]).esf(&[near(26, "")]),
    Entry::new(5, "on-trial", "On trial", "En procès").cited(&["COOP48 OP6"]).esf(&[near(26, "")]),
    Entry::new(6, "convicted", "Convicted", "Condamné").cited(&["COOP48 OP6"]).esf(&[near(26, "")]),
    Entry::new(7, "acquitted", "Acquitted", "Acquitté").cited(&["COOP48 OP6"]).esf(&[near(26, "")]),
    Entry::new(8, "amnestied", "Amnestied or pardoned", "Amnistié ou gracié").cited(&["HRD58 PP30"]).esf(&[near(26, "")]),
    Entry::new(9, "fled", "Fled", "En fuite").cited(&["HRD58 PP30"]).esf(&[near(26, "")]),
    Entry::new(10, "dead", "Dead", "Décédé").cited(&["COOP48 OP6"]).esf(&[near(26, "")]),
    Entry::new(11, "unknown", "Not known", "Inconnu").cited(&["COOP48 OP6"]).esf(&[near(26, "")]),
];

/// How the person was after the act.
#[rustfmt::skip]
pub(super) const AFTERMATHS: &[Entry] = &[
    Entry::new(1, "safe", "Safe, as far as is known", "En sécurité, autant qu’on le sache").cited(&["HRD58 OP9(r)"]).esf(&[near(25, "")]),
    Entry::new(2, "threatened", "Still threatened", "Toujours sous la menace").cited(&["HRD58 OP9(r)"]).esf(&[near(25, "")]),
    Entry::new(3, "injured", "Injured", "Blessée").cited(&["HRD58 OP9(r)"]).esf(&[near(25, "")]),
    Entry::new(4, "detained", "Detained", "Détenue").cited(&["HRD58 OP9(q)"]).esf(&[near(25, "")]),
    Entry::new(5, "missing", "Missing", "Disparue").cited(&["HRD58 OP3"]).esf(&[near(25, "")]),
    Entry::new(6, "in-hiding", "In hiding", "Cachée").cited(&["HRD58 OP9(r)"]).esf(&[near(25, "")]),
    Entry::new(7, "displaced", "Had to leave home", "A dû quitter son domicile").cited(&["HRD58 OP9(r)"]).esf(&[near(25, "")]),
    Entry::new(8, "in-exile", "In exile", "En exil").cited(&["HRD58 OP9(r)"]).esf(&[near(25, "")]),
    Entry::new(9, "dead", "Dead", "Décédée").cited(&["HRD58 OP3"]).esf(&[near(25, "")]),
    Entry::new(10, "unknown", "Not known", "Inconnu").cited(&["HRD58 OP9(r)"]).esf(&[near(25, "")]),
];

/// How one thing is tied to what came before it.
#[rustfmt::skip]
pub(super) const CHAINS: &[Entry] = &[
    Entry::new(1, "led-to", "It led to this", "Cela y a conduit").cited(&["HRD58 PP14"]),
    Entry::new(2, "announced", "It announced this, as a threat does", "Cela l’annonçait, comme une menace").cited(&["HRD58 PP14"]),
    Entry::new(3, "answered", "This was the answer to it", "C’en était la réponse").cited(&["COOP48 OP2"]),
    Entry::new(4, "repeated", "The same, once more", "La même chose, une nouvelle fois").cited(&["COOP48 PP5"]),
    Entry::new(5, "one-campaign", "Part of one campaign", "Fait partie d’une même campagne").cited(&["COOP48 PP5"]),
    Entry::new(6, "only-later", "It came later; no link is shown", "Survenu après ; aucun lien n’est établi").cited(&["COOP48 OP9"]),
];

/// How well it is shown that one thing is the cause of another.
#[rustfmt::skip]
pub(super) const LINK_STRENGTHS: &[Entry] = &[
    Entry::new(1, "said-so", "The perpetrator said so", "L’auteur l’a dit").cited(&["COOP48 OP9"]),
    Entry::new(2, "documented", "A document shows it", "Un document le montre").cited(&["COOP48 OP9"]),
    Entry::new(3, "likely", "Time and circumstances point to it", "Le moment et les circonstances le laissent penser").cited(&["COOP48 OP9"]),
    Entry::new(4, "possible", "Possible", "Possible").cited(&["COOP48 OP9"]),
];

/// Bodies that someone cooperates with.
#[rustfmt::skip]
pub(super) const BODIES: &[Entry] = &[
    Entry::new(1, "human-rights-council", "Human Rights Council", "Conseil des droits de l’homme").cited(&["COOP48 OP1"]),
    Entry::new(2, "special-procedures", "Special procedures", "Procédures spéciales").cited(&["COOP48 OP1"]),
    Entry::new(3, "upr", "Universal periodic review", "Examen périodique universel").cited(&["COOP48 OP1"]),
    Entry::new(4, "treaty-body", "Treaty body", "Organe de traité").cited(&["COOP48 PP11"]),
    Entry::new(5, "general-assembly", "General Assembly and its committees", "Assemblée générale et ses commissions").cited(&["COOP48 OP15"]),
    Entry::new(6, "security-council", "Security Council", "Conseil de sécurité").cited(&["COOP48 OP1"]),
    Entry::new(7, "ohchr", "High Commissioner’s Office", "Haut-Commissariat aux droits de l’homme").cited(&["COOP48 PP10"]),
    Entry::new(8, "peace-operation", "Peace operation", "Opération de paix").cited(&["COOP48 OP1"]),
    Entry::new(9, "inquiry", "Commission of inquiry or fact-finding mission", "Commission d’enquête ou mission d’établissement des faits").cited(&["COOP48 OP1"]),
    Entry::new(10, "other-un", "Another UN body", "Autre organe de l’ONU").cited(&["COOP48 OP1"]),
    Entry::new(11, "regional-body", "Regional human rights body", "Mécanisme régional des droits de l’homme").cited(&["COOP48 OP1"]),
    Entry::new(12, "nhri", "National human rights institution", "Institution nationale des droits de l’homme").cited(&["COOP48 PP12"]),
];

/// What the cooperation was.
#[rustfmt::skip]
pub(super) const COOPERATIONS: &[Entry] = &[
    Entry::new(1, "testimony", "Gave testimony", "Témoignage").cited(&["COOP48 OP4(a)"]),
    Entry::new(2, "information", "Gave information", "Transmission d’informations").cited(&["COOP48 OP4(a)"]),
    Entry::new(3, "meeting", "Met with the body", "Rencontre avec l’organe").cited(&["COOP48 OP4(a)"]),
    Entry::new(4, "session", "Took part in a session", "Participation à une session").cited(&["COOP48 OP4(a)"]),
    Entry::new(5, "procedure", "Used a UN procedure", "Recours à une procédure de l’ONU").cited(&["COOP48 OP4(b)"]),
    Entry::new(6, "complaint", "Submitted a communication under a treaty", "Communication présentée au titre d’un traité").cited(&["COOP48 OP4(c)"]),
    Entry::new(7, "legal-help", "Gave legal help for it", "Aide juridique apportée à cette fin").cited(&["COOP48 OP4(b)"]),
    Entry::new(8, "other-help", "Gave other help for it", "Autre aide apportée à cette fin").cited(&["COOP48 OP4(b)"]),
    Entry::new(9, "kinship", "Is a relative of someone who did", "Proche d’une personne qui l’a fait").cited(&["COOP48 OP4(d)"]),
];

/// Whether someone wanted to cooperate, does, or did.
#[rustfmt::skip]
pub(super) const COOPERATION_PHASES: &[Entry] = &[
    Entry::new(1, "sought", "Wanted to cooperate", "Voulait coopérer").cited(&["COOP48 OP2"]),
    Entry::new(2, "cooperating", "Was cooperating", "Coopérait").cited(&["COOP48 OP2"]),
    Entry::new(3, "cooperated", "Had cooperated", "Avait coopéré").cited(&["COOP48 OP2"]),
];

/// How much of a country a restriction covers.
#[rustfmt::skip]
pub(super) const RESTRICTION_SCOPES: &[Entry] = &[
    Entry::new(1, "national", "The whole country", "Tout le pays").cited(&["GA78 PP21"]),
    Entry::new(2, "regional", "More than one town or district", "Plusieurs villes ou districts").cited(&["GA78 PP21"]),
    Entry::new(3, "local", "One town, district or camp", "Une ville, un district ou un camp").cited(&["GA78 PP21"]),
];

/// Kinds of rules and orders.
#[rustfmt::skip]
pub(super) const MEASURES: &[Entry] = &[
    Entry::new(1, "constitution", "Constitution", "Constitution").cited(&["HRD58 OP9(o)"]),
    Entry::new(2, "law", "Law", "Loi").cited(&["HRD58 OP9(o)"]),
    Entry::new(3, "bill", "Bill", "Projet ou proposition de loi").cited(&["HRD58 OP9(o)"]),
    Entry::new(4, "decree", "Decree or regulation", "Décret ou règlement").cited(&["HRD58 OP9(o)"]),
    Entry::new(5, "emergency-measure", "Emergency measure", "Mesure d’urgence").cited(&["COOP48 OP7"]),
    Entry::new(6, "administrative-order", "Administrative order", "Décision administrative").cited(&["COOP48 PP16"]),
    Entry::new(7, "court-order", "Court order", "Décision de justice").cited(&["COOP48 PP16"]),
    Entry::new(8, "policy", "Policy or plan", "Politique ou plan d’action").cited(&["COOP48 OP5"]),
    Entry::new(9, "practice", "Practice without a text", "Pratique sans texte").cited(&["COOP48 PP16"]),
];

#[rustfmt::skip]
pub(super) const MEASURE_STATUSES: &[Entry] = &[
    Entry::new(1, "proposed", "Proposed", "Proposée").cited(&["HRD58 OP9(o)"]),
    Entry::new(2, "adopted", "Adopted, not yet in force", "Adoptée, pas encore en vigueur").cited(&["HRD58 OP9(o)"]),
    Entry::new(3, "in-force", "In force", "En vigueur").cited(&["HRD58 OP9(o)"]),
    Entry::new(4, "suspended", "Suspended", "Suspendue").cited(&["HRD58 OP9(o)"]),
    Entry::new(5, "amended", "Amended", "Modifiée").cited(&["HRD58 OP9(o)"]),
    Entry::new(6, "repealed", "Repealed", "Abrogée").cited(&["HRD58 OP9(o)"]),
    Entry::new(7, "struck-down", "Struck down by a court", "Annulée par un tribunal").cited(&["HRD58 OP9(o)"]),
];

/// How an answer reached the office.
#[rustfmt::skip]
pub(super) const ANSWER_WAYS: &[Entry] = &[
    Entry::new(1, "respondent-page", "The respondent’s page", "Page de réponse").cited(&["COOP48 OP14"]),
    Entry::new(2, "note-verbale", "Note verbale", "Note verbale").cited(&["COOP48 OP14"]),
    Entry::new(3, "letter", "Letter on paper", "Lettre sur papier").cited(&["COOP48 OP14"]),
    Entry::new(4, "email", "E-mail", "Courriel").cited(&["COOP48 OP14"]),
    Entry::new(5, "meeting", "Spoken, in a meeting or a call", "De vive voix, en réunion ou au téléphone").cited(&["COOP48 OP14"]),
    Entry::new(6, "public-statement", "Public statement", "Déclaration publique").cited(&["COOP48 OP14"]),
    Entry::new(7, "press", "Reported by the press", "Rapportée par la presse").cited(&["COOP48 OP14"]),
    Entry::new(8, "un-report", "Printed in a UN report", "Reproduite dans un rapport de l’ONU").cited(&["COOP48 OP14"]),
    Entry::new(9, "conduct", "By what was done, without a word", "Par les actes, sans un mot").cited(&["COOP48 OP14"]),
];

/// How it was checked that an answer is from whom it says.
#[rustfmt::skip]
pub(super) const AUTHENTICITIES: &[Entry] = &[
    Entry::new(1, "asked-back", "Asked back by another way, and confirmed", "Vérifiée par une autre voie, et confirmée").cited(&["COOP48 OP9", "COOP48 OP14"]),
    Entry::new(2, "signed", "A signature or a seal was checked", "Signature ou sceau vérifié").cited(&["COOP48 OP9", "COOP48 OP14"]),
    Entry::new(3, "access-code", "Given under the code of our letter", "Donnée avec le code de notre lettre").cited(&["COOP48 OP9", "COOP48 OP14"]),
    Entry::new(4, "official-publication", "Found in an official publication", "Trouvée dans une publication officielle").cited(&["COOP48 OP9", "COOP48 OP14"]),
    Entry::new(5, "in-person", "Given in person", "Remise en personne").cited(&["COOP48 OP9", "COOP48 OP14"]),
    Entry::new(6, "not-checked", "Not checked", "Non vérifiée").cited(&["COOP48 OP9", "COOP48 OP14"]),
    Entry::new(7, "doubtful", "Checked, and doubtful", "Vérifiée, et douteuse").cited(&["COOP48 OP9", "COOP48 OP14"]),
];

#[rustfmt::skip]
pub(super) const COMMITMENT_STATUSES: &[Entry] = &[
    Entry::new(1, "made", "Made", "Pris").cited(&["COOP48 PP7"]),
    Entry::new(2, "under-way", "Under way", "En cours").cited(&["COOP48 PP7"]),
    Entry::new(3, "kept", "Kept", "Tenu").cited(&["COOP48 PP7"]),
    Entry::new(4, "partly-kept", "Kept in part", "Tenu en partie").cited(&["COOP48 PP7"]),
    Entry::new(5, "broken", "Broken", "Non tenu").cited(&["COOP48 PP7"]),
    Entry::new(6, "withdrawn", "Withdrawn", "Retiré").cited(&["COOP48 PP7"]),
];
