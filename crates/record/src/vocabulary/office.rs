//! What the office asks, sends, receives and follows: consent and the other grounds, letters to
//! authorities and their answers, accountability, remedies and help.

use super::{Entry, near};

/// What a person may agree to, one by one.
#[rustfmt::skip]
pub(super) const PURPOSES: &[Entry] = &[
    Entry::new(1, "documentation-internal", "Kept by this office to document what happened", "Conservation par ce bureau pour documenter les faits").cited(&["PRIV48 PP26", "PRIV48 OP8(b)"]),
    Entry::new(2, "protection-help", "Used to find help or protection", "Recherche d’aide ou de protection").cited(&["PRIV48 PP26", "PRIV48 OP8(b)"]),
    Entry::new(3, "statistics", "Counted in figures that name nobody", "Prise en compte dans des statistiques qui ne nomment personne").cited(&["PRIV48 PP26", "PRIV48 OP8(b)", "HRD58 OP9(r)"]),
    Entry::new(4, "public-anonymous", "Made public without a name", "Publication sans le nom").cited(&["PRIV48 PP26", "PRIV48 OP8(b)"]),
    Entry::new(5, "public-named", "Made public with the name", "Publication avec le nom").cited(&["PRIV48 PP26", "PRIV48 OP8(b)"]),
    Entry::new(6, "un-confidential", "Sent to the UN, kept confidential there", "Transmission confidentielle à l’ONU").cited(&["PRIV48 PP26", "COOP48 OP1"]),
    Entry::new(7, "un-special-procedures", "Sent to the UN special procedures", "Transmission aux procédures spéciales de l’ONU").cited(&["PRIV48 PP26", "HRD58 OP6"]),
    Entry::new(8, "state-transmission", "Sent to the State concerned", "Transmission à l’État concerné").cited(&["PRIV48 PP26", "COOP48 OP14"]),
    Entry::new(9, "company-transmission", "Sent to the company concerned", "Transmission à l’entreprise concernée").cited(&["PRIV48 PP26", "HRD58 OP13"]),
    Entry::new(10, "un-public-report", "Named in a public UN report", "Mention dans un rapport public de l’ONU").cited(&["PRIV48 PP26", "COOP48 OP14"]),
    Entry::new(11, "reprisals-sg-report", "Included in the Secretary-General’s report on reprisals", "Mention dans le rapport du Secrétaire général sur les représailles").cited(&["PRIV48 PP26", "COOP48 OP15"]),
    Entry::new(12, "regional-mechanism", "Sent to a regional human rights body", "Transmission à un mécanisme régional").cited(&["PRIV48 PP26", "COOP48 OP1"]),
    Entry::new(13, "nhri", "Sent to the national human rights institution", "Transmission à l’institution nationale des droits de l’homme").cited(&["PRIV48 PP26", "COOP48 PP12"]),
    Entry::new(14, "court-or-prosecutor", "Sent to a court or a prosecutor", "Transmission à un tribunal ou au parquet").cited(&["PRIV48 PP26", "HRD58 OP5"]),
    Entry::new(15, "media", "Given to journalists", "Transmission à des journalistes").cited(&["PRIV48 PP26", "TECH53 PP27"]),
    Entry::new(16, "research", "Used for research", "Utilisation pour la recherche").cited(&["PRIV48 PP26", "PRIV48 OP8(b)"]),
    Entry::new(17, "share-partner-org", "Shared with a partner organisation", "Partage avec une organisation partenaire").cited(&["PRIV48 PP26", "COOP48 OP12"]),
];

#[rustfmt::skip]
pub(super) const IDENTITY_LEVELS: &[Entry] = &[
    Entry::new(1, "none", "No identity at all", "Aucune identité").cited(&["PRIV48 PP26", "PRIV48 PP32"]),
    Entry::new(2, "pseudonym", "A pseudonym", "Un pseudonyme").cited(&["PRIV48 PP26", "PRIV48 PP32"]),
    Entry::new(3, "initials", "Initials", "Les initiales").cited(&["PRIV48 PP26", "PRIV48 PP32"]),
    Entry::new(4, "full-name", "Full name", "Le nom complet").cited(&["PRIV48 PP26"]),
    Entry::new(5, "full-name-and-contact", "Full name and contact details", "Le nom complet et les coordonnées").cited(&["PRIV48 PP26"]),
];

#[rustfmt::skip]
pub(super) const ANSWERS: &[Entry] = &[
    Entry::new(1, "yes", "Yes", "Oui").cited(&["PRIV48 PP26"]),
    Entry::new(2, "no", "No", "Non").cited(&["PRIV48 PP26"]),
    Entry::new(3, "not-asked", "Not asked", "Non demandé").cited(&["PRIV48 PP26"]),
    Entry::new(4, "ask-again", "Ask me again later", "Me redemander plus tard").cited(&["PRIV48 PP26"]),
    Entry::new(5, "cannot-ask", "The person cannot be asked", "Impossible de consulter la personne").cited(&["PRIV48 PP26"]),
];

#[rustfmt::skip]
pub(super) const CONSENT_FORMS: &[Entry] = &[
    Entry::new(1, "written", "In writing", "Par écrit").cited(&["PRIV48 PP26"]),
    Entry::new(2, "oral-recorded", "Spoken and recorded", "Oral, enregistré").cited(&["PRIV48 PP26"]),
    Entry::new(3, "oral-noted", "Spoken and noted down", "Oral, noté par écrit").cited(&["PRIV48 PP26"]),
    Entry::new(4, "in-app", "In the letter itself", "Dans la lettre elle-même").cited(&["PRIV48 PP26"]),
];

/// Who gave the consent. For a child both a guardian and the child's own view are recorded; a lawyer
/// or the office speaks only for someone who cannot be asked.
#[rustfmt::skip]
pub(super) const CONSENT_GIVERS: &[Entry] = &[
    Entry::new(1, "self", "The person", "La personne elle-même").cited(&["PRIV48 PP26"]),
    Entry::new(2, "guardian", "A parent or guardian", "Un parent, un tuteur ou une tutrice").cited(&["PRIV48 PP26", "HRD58 PP29"]),
    Entry::new(3, "next-of-kin", "Next of kin", "Un ou une proche").cited(&["PRIV48 PP26"]),
    Entry::new(4, "lawyer", "The person’s lawyer", "L’avocat ou l’avocate de la personne").cited(&["PRIV48 PP26", "HRD58 PP26"]),
    Entry::new(5, "office", "This office, because nobody else can be asked", "Ce bureau, faute de pouvoir demander à quiconque").cited(&["PRIV48 PP26"]),
];

/// Grounds other than consent on which an office may use what it holds; each needs a reason.
#[rustfmt::skip]
pub(super) const GROUNDS: &[Entry] = &[
    Entry::new(1, "public-source", "Already public", "Information déjà publique").cited(&["PRIV48 OP8(b)"]),
    Entry::new(2, "deceased", "The person has died", "Personne décédée").cited(&["PRIV48 OP8(b)"]),
    Entry::new(3, "disappeared", "The person has disappeared and cannot be asked", "Personne disparue, impossible à consulter").cited(&["PRIV48 OP8(b)"]),
    Entry::new(4, "vital-interest", "A life is in danger and the person cannot be asked in time", "Vie en danger, sans pouvoir demander à temps").cited(&["PRIV48 OP8(b)"]),
    Entry::new(5, "legal-duty", "The law requires it", "Obligation légale").cited(&["PRIV48 OP8(b)"]),
];

#[rustfmt::skip]
pub(super) const COMMUNICATIONS: &[Entry] = &[
    Entry::new(1, "urgent-appeal", "Urgent appeal", "Appel urgent").cited(&["HRD58 OP6"]),
    Entry::new(2, "allegation-letter", "Allegation letter", "Lettre d’allégation").cited(&["HRD58 OP6"]),
    Entry::new(3, "other-letter", "Other letter, on a law or policy", "Autre lettre, sur une loi ou une politique").cited(&["HRD58 OP6", "HRD58 PP32"]),
    Entry::new(4, "joint-letter", "Joint letter", "Lettre conjointe").cited(&["HRD58 OP6"]),
    Entry::new(5, "company-letter", "Letter to a company", "Lettre à une entreprise").cited(&["HRD58 OP9(e)", "HRD58 OP13"]),
    Entry::new(6, "individual-complaint", "Individual complaint", "Plainte individuelle").cited(&["COOP48 OP4(c)"]),
    Entry::new(7, "wgeid-humanitarian", "Humanitarian procedure for the disappeared", "Procédure humanitaire pour les personnes disparues").cited(&["HRD58 OP3"]),
    Entry::new(8, "wgad-opinion", "Request for an opinion on arbitrary detention", "Demande d’avis sur la détention arbitraire").cited(&["HRD58 OP9(q)"]),
    Entry::new(9, "reprisals-submission", "Submission on reprisals", "Signalement de représailles").cited(&["COOP48 OP12"]),
    Entry::new(10, "presidency-good-offices", "Good offices of the Council’s President", "Bons offices de la présidence du Conseil").cited(&["COOP48 OP13"]),
    Entry::new(11, "upr-submission", "Contribution to the universal periodic review", "Contribution à l’examen périodique universel").cited(&["HRD58 OP8"]),
    Entry::new(12, "shadow-report", "Alternative report to a treaty body", "Rapport parallèle à un organe de traité").cited(&["HRD58 OP8"]),
    Entry::new(13, "nhri-complaint", "Complaint to the national human rights institution", "Plainte à l’institution nationale des droits de l’homme").cited(&["GA78 OP14"]),
    Entry::new(14, "regional-complaint", "Complaint to a regional body", "Plainte devant un organe régional").cited(&["HRD58 OP8"]),
    Entry::new(15, "prosecutor-complaint", "Criminal complaint", "Plainte pénale").cited(&["HRD58 OP5"]),
    Entry::new(16, "export-control-notice", "Notice to an export control authority", "Signalement à une autorité de contrôle des exportations").cited(&["PRIV48 OP6(k)"]),
    Entry::new(17, "platform-escalation", "Escalation to a platform", "Signalement prioritaire à une plateforme").cited(&["GA78 OP7", "TECH53 OP3(f)"]),
    Entry::new(18, "press-release", "Press release", "Communiqué de presse").cited(&["HRD58 OP9(f)"]),
    Entry::new(19, "sdg-data-return", "Data for the Sustainable Development Goals", "Données pour les objectifs de développement durable").cited(&["HRD58 OP9(r)", "SDG 16.10.1"]),
];

#[rustfmt::skip]
pub(super) const RESPONSES: &[Entry] = &[
    Entry::new(1, "none-by-deadline", "No answer by the deadline", "Aucune réponse à l’échéance").cited(&["COOP48 OP14"]).esf(&[near(27, "")]),
    Entry::new(2, "acknowledged", "Receipt acknowledged", "Accusé de réception").cited(&["COOP48 OP14"]).esf(&[near(27, "")]),
    Entry::new(3, "requests-more-info", "More information requested", "Demande de précisions").cited(&["COOP48 OP14"]).esf(&[near(27, "")]),
    Entry::new(4, "denied-facts", "Facts denied", "Faits niés").cited(&["COOP48 OP14"]).esf(&[near(28, "")]),
    Entry::new(5, "admitted-facts", "Facts admitted", "Faits admis").cited(&["COOP48 OP14"]).esf(&[near(28, "")]),
    Entry::new(6, "admitted-denied-responsibility", "Facts admitted, responsibility denied", "Faits admis, responsabilité niée").cited(&["COOP48 OP14"]).esf(&[near(28, "")]),
    Entry::new(7, "alternative-explanation", "Another explanation given", "Autre explication donnée").cited(&["COOP48 OP14"]).esf(&[near(28, "")]),
    Entry::new(8, "accepted-responsibility", "Responsibility accepted", "Responsabilité acceptée").cited(&["COOP48 OP14"]).esf(&[near(28, "")]),
    Entry::new(9, "investigation-opened", "Investigation opened", "Enquête ouverte").cited(&["HRD58 OP5", "COOP48 OP6"]).esf(&[near(28, "")]),
    Entry::new(10, "investigation-closed-no-action", "Investigation closed without action", "Enquête classée sans suite").cited(&["HRD58 OP5", "COOP48 OP6"]).esf(&[near(28, "")]),
    Entry::new(11, "prosecution", "Prosecution", "Poursuites").cited(&["HRD58 OP5", "COOP48 OP6"]).esf(&[near(28, "")]),
    Entry::new(12, "conviction", "Conviction", "Condamnation").cited(&["HRD58 OP5", "COOP48 OP6"]).esf(&[near(28, "")]),
    Entry::new(13, "acquittal", "Acquittal", "Acquittement").cited(&["HRD58 OP5", "COOP48 OP6"]).esf(&[near(28, "")]),
    Entry::new(14, "measure-lifted", "Measure lifted", "Mesure levée").cited(&["COOP48 OP6"]).esf(&[near(28, "")]),
    Entry::new(15, "release", "Release", "Libération").cited(&["COOP48 OP6"]).esf(&[near(28, "")]),
    Entry::new(16, "public-condemnation", "Attack publicly condemned", "Condamnation publique de l’attaque").cited(&["HRD58 OP5", "COOP48 OP6"]),
    Entry::new(17, "law-amended", "Law amended", "Loi modifiée").cited(&["HRD58 OP9(o)", "PRIV48 OP6(b)"]),
    Entry::new(18, "commitment", "Commitment made", "Engagement pris").cited(&["COOP48 PP7"]),
    Entry::new(19, "token", "Answer for form’s sake", "Réponse de pure forme").cited(&["COOP48 OP14"]),
    Entry::new(20, "hostile", "Hostile answer or counter-attack", "Réponse hostile ou contre-attaque").cited(&["COOP48 OP2"]),
    Entry::new(21, "content-restored", "Content restored", "Contenu rétabli").cited(&["TECH53 OP3(f)"]),
    Entry::new(22, "content-removed", "Content removed", "Contenu retiré").cited(&["TECH53 OP3(f)"]),
    Entry::new(23, "account-secured", "Account secured", "Compte sécurisé").cited(&["GA78 OP6"]),
    Entry::new(24, "contract-terminated", "Contract ended by the vendor", "Contrat résilié par le fournisseur").cited(&["HRD58 OP14", "PRIV48 OP8(f)"]),
    Entry::new(25, "access-revoked", "Access to the product withdrawn", "Accès au produit révoqué").cited(&["HRD58 OP14", "PRIV48 OP8(f)"]),
    Entry::new(26, "response-not-substantive", "Answer without substance", "Réponse sans substance").cited(&["COOP48 OP14"]),
];

#[rustfmt::skip]
pub(super) const ACCOUNTABILITY_STEPS: &[Entry] = &[
    Entry::new(1, "complaint-filed", "Complaint filed", "Plainte déposée").cited(&["HRD58 OP5"]),
    Entry::new(2, "investigation", "Investigation", "Enquête").cited(&["HRD58 OP3", "HRD58 OP5"]),
    Entry::new(3, "charge", "Charge", "Inculpation").cited(&["HRD58 OP5"]),
    Entry::new(4, "trial", "Trial", "Procès").cited(&["HRD58 OP5"]),
    Entry::new(5, "verdict", "Verdict", "Jugement").cited(&["HRD58 OP5"]),
    Entry::new(6, "sentence", "Sentence", "Peine").cited(&["HRD58 OP5"]),
    Entry::new(7, "appeal", "Appeal", "Recours").cited(&["HRD58 OP5"]),
    Entry::new(8, "enforced", "Sentence carried out", "Exécution de la peine").cited(&["HRD58 OP5"]),
];

/// The three questions asked of every investigation.
#[rustfmt::skip]
pub(super) const INVESTIGATION_CHECKS: &[Entry] = &[
    Entry::new(1, "prompt", "Prompt", "Rapide").cited(&["HRD58 OP3", "HRD58 OP5", "COOP48 OP6"]),
    Entry::new(2, "impartial", "Impartial", "Impartiale").cited(&["HRD58 OP3", "HRD58 OP5", "COOP48 OP6"]),
    Entry::new(3, "independent", "Independent", "Indépendante").cited(&["HRD58 OP3", "HRD58 OP5", "COOP48 OP6"]),
];

#[rustfmt::skip]
pub(super) const IMPUNITY_STATUSES: &[Entry] = &[
    Entry::new(1, "none", "No impunity", "Pas d’impunité").cited(&["HRD58 PP30", "HRD58 OP9(q)"]),
    Entry::new(2, "partial", "Partial impunity", "Impunité partielle").cited(&["HRD58 PP30", "HRD58 OP9(q)"]),
    Entry::new(3, "total", "Total impunity", "Impunité totale").cited(&["HRD58 PP30", "HRD58 OP9(q)"]),
    Entry::new(4, "unknown", "Unknown", "Inconnue").cited(&["HRD58 PP30", "HRD58 OP9(q)"]),
];

#[rustfmt::skip]
pub(super) const REMEDIES: &[Entry] = &[
    Entry::new(1, "restitution", "Restitution", "Restitution").cited(&["PRIV48 OP6(g)", "COOP48 OP6"]),
    Entry::new(2, "release", "Release", "Libération").cited(&["COOP48 OP6"]),
    Entry::new(3, "compensation", "Compensation", "Indemnisation").cited(&["PRIV48 OP8(e)", "COOP48 OP6"]).esf(&[near(47, "")]),
    Entry::new(4, "rehabilitation", "Rehabilitation", "Réadaptation").cited(&["COOP48 OP6"]),
    Entry::new(5, "satisfaction", "Apology, truth or public acknowledgement", "Excuses, vérité ou reconnaissance publique").cited(&["COOP48 OP6"]),
    Entry::new(6, "guarantee-non-repetition", "Guarantee that it will not happen again", "Garantie de non-répétition").cited(&["PRIV48 OP6(g)", "HRD58 OP3"]),
    Entry::new(7, "law-reform", "Law reform", "Réforme de la loi").cited(&["PRIV48 OP6(b)"]),
    Entry::new(8, "policy-reform", "Policy reform", "Réforme d’une politique").cited(&["PRIV48 OP6(b)", "COOP48 OP5"]),
    Entry::new(9, "disciplinary", "Disciplinary measure", "Mesure disciplinaire").cited(&["COOP48 OP6"]),
    Entry::new(10, "prosecution", "Prosecution", "Poursuites").cited(&["COOP48 OP6"]),
    Entry::new(11, "protection-measure", "Protection measure", "Mesure de protection").cited(&["COOP48 OP5"]),
    Entry::new(12, "record-corrected", "Record corrected", "Dossier rectifié").cited(&["PRIV48 OP8(d)"]),
    Entry::new(13, "content-removed", "Content removed", "Contenu retiré").cited(&["GA78 OP6"]),
    Entry::new(14, "device-replaced", "Device replaced", "Appareil remplacé").cited(&["HRD58 OP9(m)"]),
    Entry::new(15, "data-erased", "Data erased", "Données effacées").cited(&["PRIV48 OP8(d)"]),
    Entry::new(16, "export-licence-revoked", "Export licence withdrawn", "Licence d’exportation retirée").cited(&["PRIV48 OP6(k)"]),
    Entry::new(17, "none", "None", "Aucune").cited(&["COOP48 OP6"]),
];

#[rustfmt::skip]
pub(super) const REMEDY_STATUSES: &[Entry] = &[
    Entry::new(1, "sought", "Sought", "Demandée").cited(&["GA78 OP3(c)"]),
    Entry::new(2, "promised", "Promised", "Promise").cited(&["GA78 OP3(c)"]),
    Entry::new(3, "awarded", "Awarded", "Accordée").cited(&["GA78 OP3(c)"]),
    Entry::new(4, "delivered", "Delivered", "Exécutée").cited(&["GA78 OP3(c)"]),
    Entry::new(5, "refused", "Refused", "Refusée").cited(&["GA78 OP3(c)"]),
    Entry::new(6, "inadequate", "Inadequate", "Insuffisante").cited(&["GA78 OP3(c)"]),
];

#[rustfmt::skip]
pub(super) const HELP: &[Entry] = &[
    Entry::new(1, "legal-aid", "Legal aid", "Aide juridique").cited(&["HRD58 OP9(p)"]).esf(&[near(20, "")]),
    Entry::new(2, "medical", "Medical care", "Soins médicaux").cited(&["GA78 PP26"]).esf(&[near(20, "")]),
    Entry::new(3, "psychosocial", "Psychosocial support", "Soutien psychosocial").cited(&["GA78 PP26"]).esf(&[near(20, "")]),
    Entry::new(4, "digital-security", "Digital security", "Sécurité numérique").cited(&["HRD58 OP9(c)", "HRD58 OP9(h)"]).esf(&[near(20, "")]),
    Entry::new(5, "relocation", "Relocation", "Mise à l’abri dans un autre lieu").cited(&["COOP48 PP7"]).esf(&[near(20, "")]),
    Entry::new(6, "financial", "Financial help", "Aide financière").cited(&["COOP48 PP7"]).esf(&[near(20, "")]),
    Entry::new(7, "accompaniment", "Accompaniment", "Accompagnement").cited(&["COOP48 PP7"]).esf(&[near(20, "")]),
    Entry::new(8, "media-support", "Media support", "Soutien médiatique").cited(&["COOP48 PP7"]).esf(&[near(20, "")]),
    Entry::new(9, "shelter", "Shelter", "Hébergement").cited(&["COOP48 PP7"]).esf(&[near(20, "")]),
    Entry::new(10, "family-support", "Support for the family", "Soutien à la famille").cited(&["COOP48 PP7"]).esf(&[near(20, "")]),
];
