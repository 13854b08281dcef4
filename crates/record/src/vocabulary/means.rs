//! By what means, and how it is known: technologies and detection, sources, how far they can be
//! relied on, and the standard of proof that was reached.

use super::{Entry, near, same};

#[rustfmt::skip]
pub(super) const TECHNOLOGIES: &[Entry] = &[
    Entry::new(1, "spyware", "Spyware", "Logiciel espion").cited(&["HRD58 PP19", "HRD58 OP9(m)"]),
    Entry::new(2, "malware", "Other malicious software", "Autre logiciel malveillant").cited(&["HRD58 PP19"]),
    Entry::new(3, "phishing", "Phishing", "Hameçonnage").cited(&["HRD58 PP27"]),
    Entry::new(4, "zero-click", "Attack without any click", "Attaque sans clic").cited(&["HRD58 PP19"]),
    Entry::new(5, "forensic-extractor", "Tool that copies a phone", "Outil d’extraction de téléphone").cited(&["HRD58 OP9(l)"]),
    Entry::new(6, "lawful-intercept", "Interception through the operator", "Interception par l’opérateur").cited(&["HRD58 PP20"]),
    Entry::new(7, "signalling-attack", "Attack on phone signalling (SS7, Diameter)", "Attaque de la signalisation téléphonique (SS7, Diameter)").cited(&["HRD58 PP19"]),
    Entry::new(8, "imsi-catcher", "Fake phone mast (IMSI catcher)", "Fausse antenne (intercepteur IMSI)").cited(&["HRD58 PP21"]),
    Entry::new(9, "cctv", "Video surveillance", "Vidéosurveillance").cited(&["HRD58 PP21"]),
    Entry::new(10, "aerial", "Drone or other aircraft", "Drone ou autre aéronef").cited(&["HRD58 PP21"]),
    Entry::new(11, "facial-recognition", "Facial recognition", "Reconnaissance faciale").cited(&["HRD58 PP21", "HRD58 PP23"]),
    Entry::new(12, "emotion-recognition", "Emotion recognition", "Reconnaissance des émotions").cited(&["HRD58 PP21"]),
    Entry::new(13, "gait-other-biometric", "Gait or other biometrics", "Démarche ou autre biométrie").cited(&["HRD58 PP21"]),
    Entry::new(14, "geolocation", "Location tracking", "Géolocalisation").cited(&["HRD58 PP23"]),
    Entry::new(15, "dpi", "Deep packet inspection", "Inspection approfondie des paquets").cited(&["HRD58 OP9(j)"]),
    Entry::new(16, "throttle-box", "Equipment that slows connections", "Équipement qui ralentit les connexions").cited(&["HRD58 OP9(j)"]),
    Entry::new(17, "bgp-withdrawal", "Network routes withdrawn (BGP)", "Retrait de routes réseau (BGP)").cited(&["HRD58 OP9(j)"]),
    Entry::new(18, "dns-tamper", "Altered name lookups (DNS)", "Altération du DNS").cited(&["HRD58 OP9(j)"]),
    Entry::new(19, "ip-block", "Address blocking", "Blocage d’adresses IP").cited(&["HRD58 OP9(j)"]),
    Entry::new(20, "vpn-block", "Blocking of VPNs or Tor", "Blocage des VPN ou de Tor").cited(&["HRD58 OP9(j)", "GA78 OP15"]),
    Entry::new(21, "jamming", "Jamming", "Brouillage").cited(&["HRD58 PP19", "HRD58 OP9(j)"]),
    Entry::new(22, "deepfake", "Deepfake", "Hypertrucage").cited(&["HRD58 PP23", "HRD58 PP27"]),
    Entry::new(23, "generative-text", "Generated text", "Texte généré").cited(&["HRD58 PP23"]),
    Entry::new(24, "botnet", "Network of automated accounts", "Réseau de comptes automatisés").cited(&["HRD58 PP13"]),
    Entry::new(25, "predictive-system", "Prediction system", "Système prédictif").cited(&["HRD58 PP23", "PRIV48 PP17"]),
    Entry::new(26, "social-scoring", "Social scoring", "Notation sociale").cited(&["HRD58 PP23", "PRIV48 PP17"]),
    Entry::new(27, "content-moderation-ai", "Automated moderation", "Modération automatisée").cited(&["TECH53 OP3(f)"]),
    Entry::new(28, "ranking-algorithm", "Ranking algorithm", "Algorithme de classement").cited(&["GA78 OP7"]),
    Entry::new(29, "data-broker-feed", "Bought data", "Données achetées").cited(&["GA78 PP23", "PRIV48 OP6(p)"]),
    Entry::new(30, "digital-id", "Digital identity", "Identité numérique").cited(&["PRIV48 OP6(q)", "GA78 OP20(d)"]),
    Entry::new(31, "contact-tracing", "Contact tracing", "Recherche de contacts").cited(&["PRIV48 PP33"]),
    Entry::new(32, "ddos", "Denial of service", "Déni de service").cited(&["HRD58 PP28"]),
    Entry::new(33, "account-takeover", "Account takeover", "Prise de contrôle d’un compte").cited(&["HRD58 PP27"]),
    Entry::new(34, "physical-tracker", "Tracking device", "Balise de suivi").cited(&["HRD58 PP21"]),
    Entry::new(35, "unknown-tech", "Unknown technology", "Technologie inconnue").cited(&["HRD58 OP9(r)"]),
];

#[rustfmt::skip]
pub(super) const DETECTIONS: &[Entry] = &[
    Entry::new(1, "forensic-lab", "Examined by a laboratory", "Analyse en laboratoire").cited(&["COOP48 OP9"]),
    Entry::new(2, "vendor-notification", "Notice from the manufacturer", "Notification du fabricant").cited(&["COOP48 OP9", "PRIV48 OP8(f)"]),
    Entry::new(3, "platform-warning", "Warning from a platform", "Avertissement d’une plateforme").cited(&["COOP48 OP9"]),
    Entry::new(4, "leak", "Leaked documents", "Documents divulgués").cited(&["COOP48 OP9"]),
    Entry::new(5, "network-measurement", "Network measurement", "Mesure de réseau").cited(&["COOP48 OP9"]),
    Entry::new(6, "self-observed", "Noticed by the person", "Constat personnel").cited(&["COOP48 OP9"]),
    Entry::new(7, "court-record", "Court document", "Pièce de justice").cited(&["COOP48 OP9"]),
    Entry::new(8, "inferred", "Inferred", "Déduit").cited(&["COOP48 OP9"]),
];

#[rustfmt::skip]
pub(super) const SOURCE_TYPES: &[Entry] = &[
    Entry::new(1, "victim", "Victim", "Victime").cited(&["COOP48 OP9"]).esf(&[near(19, "")]),
    Entry::new(2, "family", "Family", "Famille").cited(&["COOP48 OP9"]).esf(&[near(19, "")]),
    Entry::new(3, "witness", "Witness", "Témoin").cited(&["COOP48 OP9"]).esf(&[near(19, "")]),
    Entry::new(4, "colleague", "Colleague", "Collègue").cited(&["COOP48 OP9"]).esf(&[near(19, "")]),
    Entry::new(5, "lawyer", "Lawyer", "Avocat ou avocate").cited(&["COOP48 OP9"]).esf(&[near(19, "")]),
    Entry::new(6, "medical", "Medical professional or record", "Personnel ou dossier médical").cited(&["COOP48 OP9"]).esf(&[near(16, "")]),
    Entry::new(7, "ngo-local", "Local organisation", "ONG locale").cited(&["COOP48 OP9", "HRD58 OP9(r)"]).esf(&[near(19, "")]),
    Entry::new(8, "ngo-international", "International organisation", "ONG internationale").cited(&["COOP48 OP9", "HRD58 OP9(r)"]).esf(&[near(19, "")]),
    Entry::new(9, "nhri", "National human rights institution", "Institution nationale des droits de l’homme").cited(&["COOP48 OP9", "HRD58 OP9(r)"]).esf(&[near(24, "")]),
    Entry::new(10, "media", "Media", "Média").cited(&["COOP48 OP9", "HRD58 OP9(r)"]).esf(&[near(16, "")]),
    Entry::new(11, "open-source-online", "Open source online", "Source ouverte en ligne").cited(&["COOP48 OP9"]).esf(&[near(16, "")]),
    Entry::new(12, "official-document", "Official document", "Document officiel").cited(&["COOP48 OP9"]).esf(&[near(16, "")]),
    Entry::new(13, "court-record", "Court decision or record", "Décision ou pièce de justice").cited(&["COOP48 OP9"]).esf(&[near(16, "")]),
    Entry::new(14, "forensic-report", "Expert report", "Expertise technique").cited(&["COOP48 OP9"]).esf(&[near(16, "")]),
    Entry::new(15, "network-measurement", "Network measurement", "Mesure de réseau").cited(&["COOP48 OP9"]),
    Entry::new(16, "satellite", "Satellite image", "Image satellite").cited(&["COOP48 OP9"]),
    Entry::new(17, "un-body", "UN body", "Organe de l’ONU").cited(&["COOP48 OP9", "COOP48 OP14"]).esf(&[near(24, "")]),
    Entry::new(18, "company-notice", "Notice from a company", "Notification d’une entreprise").cited(&["COOP48 OP9", "PRIV48 OP8(f)"]),
    Entry::new(19, "state-statement", "Statement by a State", "Déclaration d’un État").cited(&["COOP48 OP9", "COOP48 OP14"]),
    Entry::new(20, "perpetrator-statement", "Statement by the alleged perpetrator", "Déclaration de l’auteur présumé").cited(&["COOP48 OP9"]),
];

/// How far the source can be relied on, as a source (Admiralty scale A to F).
#[rustfmt::skip]
pub(super) const RELIABILITIES: &[Entry] = &[
    Entry::new(1, "a", "A · Reliable", "A · Fiable").cited(&["COOP48 OP9"]).esf(&[near(42, "")]),
    Entry::new(2, "b", "B · Usually reliable", "B · Généralement fiable").cited(&["COOP48 OP9"]).esf(&[near(42, "")]),
    Entry::new(3, "c", "C · Fairly reliable", "C · Assez fiable").cited(&["COOP48 OP9"]).esf(&[near(42, "")]),
    Entry::new(4, "d", "D · Not usually reliable", "D · Peu fiable").cited(&["COOP48 OP9"]).esf(&[near(42, "")]),
    Entry::new(5, "e", "E · Unreliable", "E · Non fiable").cited(&["COOP48 OP9"]).esf(&[near(42, "")]),
    Entry::new(6, "f", "F · Cannot be judged", "F · Non évaluable").cited(&["COOP48 OP9"]).esf(&[near(42, "")]),
];

/// How believable this piece of information is, whoever gave it (Admiralty scale 1 to 6).
// The thesaurus' own French and Spanish labels for "likely" and "unlikely" are swapped: only its
// number is named here, and never its labels.
#[rustfmt::skip]
pub(super) const CREDIBILITIES: &[Entry] = &[
    Entry::new(1, "1", "1 · Confirmed", "1 · Confirmée").cited(&["COOP48 OP9"]).esf(&[near(41, "")]),
    Entry::new(2, "2", "2 · Probably true", "2 · Probable").cited(&["COOP48 OP9"]).esf(&[near(41, "")]),
    Entry::new(3, "3", "3 · Possibly true", "3 · Possible").cited(&["COOP48 OP9"]).esf(&[near(41, "")]),
    Entry::new(4, "4", "4 · Doubtful", "4 · Douteuse").cited(&["COOP48 OP9"]).esf(&[near(41, "")]),
    Entry::new(5, "5", "5 · Improbable", "5 · Improbable").cited(&["COOP48 OP9"]).esf(&[near(41, "")]),
    Entry::new(6, "6", "6 · Cannot be judged", "6 · Non évaluable").cited(&["COOP48 OP9"]).esf(&[near(41, "")]),
];

#[rustfmt::skip]
pub(super) const CORROBORATIONS: &[Entry] = &[
    Entry::new(1, "c0", "C0 · A single source", "C0 · Source unique").cited(&["COOP48 OP9", "COOP48 PP10"]),
    Entry::new(2, "c1", "C1 · One direct source and a document", "C1 · Une source directe et un document").cited(&["COOP48 OP9", "COOP48 PP10"]),
    Entry::new(3, "c2", "C2 · Two independent sources", "C2 · Deux sources indépendantes").cited(&["COOP48 OP9", "COOP48 PP10"]),
    Entry::new(4, "c3", "C3 · Two independent sources and physical or digital evidence", "C3 · Deux sources indépendantes et une preuve matérielle ou numérique").cited(&["COOP48 OP9", "COOP48 PP10"]),
    Entry::new(5, "c4", "C4 · Three or more independent sources, one of them direct, contradictions resolved", "C4 · Trois sources indépendantes ou plus, dont une directe, contradictions levées").cited(&["COOP48 OP9", "COOP48 PP10"]),
];

#[rustfmt::skip]
pub(super) const STANDARDS: &[Entry] = &[
    Entry::new(1, "unassessed", "Not assessed", "Non évalué").cited(&["COOP48 OP9"]),
    Entry::new(2, "grounds-to-suspect", "Reasonable grounds to suspect", "Motifs raisonnables de soupçonner").cited(&["COOP48 OP9"]),
    Entry::new(3, "grounds-to-believe", "Reasonable grounds to believe", "Motifs raisonnables de croire").cited(&["COOP48 OP9"]),
    Entry::new(4, "balance-of-probabilities", "Balance of probabilities", "Prépondérance des probabilités").cited(&["COOP48 OP9"]),
    Entry::new(5, "judicially-established", "Established by a court", "Établi par un tribunal").cited(&["COOP48 OP9"]),
    Entry::new(6, "not-established", "Not established", "Non établi").cited(&["COOP48 OP9"]),
    Entry::new(7, "disproved", "Disproved", "Infirmé").cited(&["COOP48 OP9"]),
];

#[rustfmt::skip]
pub(super) const URGENCIES: &[Entry] = &[
    Entry::new(1, "now", "It is happening now", "Cela se passe en ce moment").cited(&["HRD58 PP15"]),
    Entry::new(2, "soon", "It may happen soon", "Cela risque d’arriver bientôt").cited(&["HRD58 PP15"]),
    Entry::new(3, "past", "It is over", "C’est passé").cited(&["HRD58 PP15"]),
    Entry::new(4, "unknown", "I do not know", "Je ne sais pas").cited(&["HRD58 PP15"]),
];

#[rustfmt::skip]
pub(super) const DATE_PRECISIONS: &[Entry] = &[
    Entry::new(1, "hour", "To the hour", "À l’heure près").cited(&["HRD58 OP9(r)"]).esf(&[near(48, "")]),
    Entry::new(2, "day", "To the day", "Au jour près").cited(&["HRD58 OP9(r)"]).esf(&[near(48, "")]),
    Entry::new(3, "month", "To the month", "Au mois près").cited(&["HRD58 OP9(r)"]).esf(&[near(48, "")]),
    Entry::new(4, "year", "To the year", "À l’année près").cited(&["HRD58 OP9(r)"]).esf(&[near(48, "")]),
    Entry::new(5, "about", "Roughly", "Environ").cited(&["HRD58 OP9(r)"]).esf(&[near(48, "")]),
    Entry::new(6, "unknown", "Not known", "Inconnue").cited(&["HRD58 OP9(r)"]).esf(&[near(48, "")]),
];

#[rustfmt::skip]
pub(super) const PLACE_TIERS: &[Entry] = &[
    Entry::new(1, "exact", "Exact place", "Lieu exact").cited(&["PRIV48 PP24"]),
    Entry::new(2, "admin2", "District or town", "District ou ville").cited(&["PRIV48 PP24"]),
    Entry::new(3, "admin1", "Province or region", "Province ou région").cited(&["PRIV48 PP24"]),
    Entry::new(4, "country", "Country", "Pays").cited(&["PRIV48 PP24"]),
    Entry::new(5, "unknown", "Unknown", "Inconnu").cited(&["PRIV48 PP24"]),
];

#[rustfmt::skip]
pub(super) const CHANNELS: &[Entry] = &[
    Entry::new(1, "page", "The office’s page", "Page du bureau").cited(&["HRD58 OP9(h)"]),
    Entry::new(2, "kit", "The kit, without a connection", "Trousse hors connexion").cited(&["HRD58 OP9(h)"]),
    Entry::new(3, "doorstep", "The page without script", "Page sans script").cited(&["HRD58 OP9(h)"]),
    Entry::new(4, "native", "The native program", "Programme natif").cited(&["HRD58 OP9(h)"]),
    Entry::new(5, "import", "Imported from a file", "Import d’un fichier").cited(&["HRD58 OP9(r)"]),
    Entry::new(6, "courier", "Brought by a courier", "Apporté par un messager ou une messagère").cited(&["HRD58 OP9(h)"]),
    Entry::new(7, "walk-in", "In person", "En personne").cited(&["HRD58 OP9(h)"]),
    Entry::new(8, "call", "By telephone", "Par téléphone").cited(&["HRD58 OP9(h)"]),
    Entry::new(9, "paper", "On paper", "Sur papier").cited(&["HRD58 OP9(h)"]),
    Entry::new(10, "email", "By e-mail", "Par courriel").cited(&["HRD58 OP9(h)"]),
    Entry::new(11, "chat", "By instant message", "Par messagerie instantanée").cited(&["HRD58 OP9(h)"]),
];
// `same` is the exact term of the Events Standard Formats, `near` the nearest one.
#[rustfmt::skip]
pub(super) const IMPACTS: &[Entry] = &[
    Entry::new(1, "strong-positive", "Strongly positive", "Très positif").cited(&["COOP48 OP6"]).esf(&[same(44, "")]),
    Entry::new(2, "moderate-positive", "Fairly positive", "Plutôt positif").cited(&["COOP48 OP6"]).esf(&[same(44, "")]),
    Entry::new(3, "minor", "Slight", "Faible").cited(&["COOP48 OP6"]).esf(&[same(44, "")]),
    Entry::new(4, "none", "None", "Nul").cited(&["COOP48 OP6"]).esf(&[same(44, "")]),
    Entry::new(5, "moderate-negative", "Fairly negative", "Plutôt négatif").cited(&["COOP48 OP6"]).esf(&[same(44, "")]),
    Entry::new(6, "strong-negative", "Strongly negative", "Très négatif").cited(&["COOP48 OP6"]).esf(&[same(44, "")]),
];
