//! Who: the people attacked and how they are counted, the alleged perpetrators, who is writing,
//! and what may be told about a person without naming them.

use super::{Entry, SdgGroup, near, same};

#[rustfmt::skip]
pub(super) const VICTIMS: &[Entry] = &[
    Entry::new(1, "hrd", "Human rights defender", "Défenseur ou défenseuse des droits humains").cited(&["HRD58 OP1", "HRD58 OP9(r)"]).group(SdgGroup::Defender),
    Entry::new(2, "whrd", "Woman human rights defender", "Femme défenseuse des droits humains").cited(&["HRD58 OP10", "HRD58 OP11"]).group(SdgGroup::Defender),
    Entry::new(3, "env-hrd", "Environmental defender", "Défenseur ou défenseuse de l’environnement").cited(&["HRD58 PP26", "HRD58 OP3"]).group(SdgGroup::Defender),
    Entry::new(4, "indigenous-hrd", "Indigenous defender", "Défenseur ou défenseuse autochtone").cited(&["HRD58 PP26", "HRD58 OP3"]).group(SdgGroup::Defender),
    Entry::new(5, "activist", "Activist", "Militant ou militante").cited(&["COOP48 PP5"]).group(SdgGroup::Defender),
    Entry::new(6, "journalist", "Journalist", "Journaliste").cited(&["PRIV48 PP29", "GA78 OP17"]).group(SdgGroup::Journalist),
    Entry::new(7, "media-worker", "Other media worker", "Autre professionnel ou professionnelle des médias").cited(&["PRIV48 PP29"]).group(SdgGroup::Journalist),
    Entry::new(8, "trade-unionist", "Trade unionist", "Syndicaliste").cited(&["SDG 16.10.1"]).group(SdgGroup::TradeUnionist),
    Entry::new(9, "legal-representative", "Lawyer or legal representative", "Avocat, avocate ou autre représentant légal").cited(&["HRD58 PP26", "HRD58 OP3"]).group(SdgGroup::Defender),
    Entry::new(10, "family-member", "Family member", "Membre de la famille").cited(&["HRD58 PP26", "HRD58 OP7"]),
    Entry::new(11, "associate", "Colleague or associate", "Collègue ou proche").cited(&["HRD58 PP26", "HRD58 OP7"]),
    Entry::new(12, "victim-of-violation", "Victim who cooperates with a body", "Victime qui coopère avec un organe").cited(&["COOP48 PP5"]),
    Entry::new(13, "witness", "Witness or person who gave information", "Témoin ou personne ayant donné des informations").cited(&["COOP48 OP4(a)"]),
    Entry::new(14, "procedure-user", "Person who uses a UN procedure", "Personne qui recourt à une procédure de l’ONU").cited(&["COOP48 OP4(b)"]),
    Entry::new(15, "complainant", "Author of a complaint to a UN body", "Personne qui a déposé une plainte devant un organe de l’ONU").cited(&["COOP48 OP4(c)"]),
    Entry::new(16, "assister", "Person who gave legal or other help", "Personne qui a apporté une aide juridique ou autre").cited(&["COOP48 OP4(b)", "COOP48 OP4(c)", "COOP48 OP4(d)"]),
    Entry::new(17, "relative-of-victim", "Relative of a victim", "Proche d’une victime").cited(&["COOP48 OP4(d)"]),
    Entry::new(18, "relative-of-assister", "Relative of someone who helped", "Proche d’une personne qui a aidé").cited(&["COOP48 OP4(d)"]),
    Entry::new(19, "nhri-staff", "Member or staff of a national human rights institution", "Membre ou personnel d’une institution nationale des droits de l’homme").cited(&["COOP48 PP12"]).group(SdgGroup::Defender),
    Entry::new(20, "cso", "Civil society organisation", "Organisation de la société civile").cited(&["HRD58 OP9(q)"]),
    Entry::new(21, "womens-org", "Women’s organisation", "Organisation de femmes").cited(&["HRD58 OP12"]),
    Entry::new(22, "community", "Community or group", "Communauté ou groupe").cited(&["COOP48 OP2"]),
];

#[rustfmt::skip]
pub(super) const COUNTING_UNITS: &[Entry] = &[
    Entry::new(1, "individual", "One person", "Une personne").cited(&["HRD58 OP9(r)"]).esf(&[near(7, "")]),
    Entry::new(2, "family", "Family", "Famille").cited(&["HRD58 OP9(r)"]).esf(&[near(7, "")]),
    Entry::new(3, "group", "Group", "Groupe").cited(&["HRD58 OP9(r)"]).esf(&[near(7, "")]),
    Entry::new(4, "organisation", "Organisation", "Organisation").cited(&["HRD58 OP9(r)"]).esf(&[near(7, "")]),
    Entry::new(5, "community", "Community", "Communauté").cited(&["HRD58 OP9(r)"]).esf(&[near(7, "")]),
    Entry::new(6, "public", "The public at large", "Le public en général").cited(&["HRD58 OP9(r)"]).esf(&[near(7, "")]),
];

/// What a count may be divided by. The values of the coded ones have lists of their own.
#[rustfmt::skip]
pub(super) const DIMENSIONS: &[Entry] = &[
    Entry::new(1, "sex", "Sex", "Sexe").cited(&["TECH53 OP3(b)"]),
    Entry::new(2, "gender", "Gender", "Genre").cited(&["HRD58 OP10", "GA78 OP11"]),
    Entry::new(3, "age", "Age", "Âge").cited(&["TECH53 PP15", "TECH53 OP3(b)"]),
    Entry::new(4, "race-ethnicity", "Race or ethnic origin", "Race ou origine ethnique").cited(&["TECH53 OP3(b)"]),
    Entry::new(5, "national-minority", "National minority", "Minorité nationale").cited(&["TECH53 OP3(b)"]),
    Entry::new(6, "linguistic-minority", "Linguistic minority", "Minorité linguistique").cited(&["TECH53 OP3(b)"]),
    Entry::new(7, "religious-minority", "Religious minority", "Minorité religieuse").cited(&["TECH53 OP3(b)"]),
    Entry::new(8, "indigenous", "Indigenous people", "Peuple autochtone").cited(&["HRD58 PP26", "TECH53 OP3(b)"]),
    Entry::new(9, "nationality", "Nationality", "Nationalité").cited(&["TECH53 OP3(b)"]),
    Entry::new(10, "religion", "Religion or belief", "Religion ou conviction").cited(&["TECH53 OP3(b)"]),
    Entry::new(11, "language", "Language", "Langue").cited(&["TECH53 OP3(b)"]),
    Entry::new(12, "disability", "Disability", "Handicap").cited(&["PRIV48 PP13", "TECH53 PP16", "TECH53 OP3(b)"]),
    Entry::new(13, "area", "Urban or rural area", "Milieu urbain ou rural").cited(&["HRD58 PP16", "TECH53 PP15"]),
    Entry::new(14, "economic", "Economic situation", "Situation économique").cited(&["TECH53 OP3(b)"]),
    Entry::new(15, "vulnerable-situation", "Situation of vulnerability", "Situation de vulnérabilité").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(16, "defender-work", "What the person defends", "Cause défendue").cited(&["HRD58 OP9(r)"]),
    Entry::new(17, "sphere", "Online or offline", "En ligne ou hors ligne").cited(&["HRD58 OP9(r)"]),
    Entry::new(18, "place", "Place", "Lieu").cited(&["HRD58 OP9(r)"]),
    Entry::new(19, "period", "Period", "Période").cited(&["HRD58 OP9(r)"]),
    Entry::new(20, "perpetrator-type", "Type of alleged perpetrator", "Type d’auteur présumé").cited(&["HRD58 OP9(r)"]),
    Entry::new(21, "act", "Type of act", "Type d’acte").cited(&["HRD58 OP9(r)"]),
    Entry::new(22, "body-cooperated-with", "Body the person cooperated with", "Organe avec lequel la personne a coopéré").cited(&["HRD58 OP9(r)"]),
    Entry::new(23, "sexual-orientation", "Sexual orientation", "Orientation sexuelle").cited(&["HRD58 OP5"]),
    Entry::new(24, "political-opinion", "Political opinion", "Opinion politique").cited(&["HRD58 OP5"]),
];

// In every list below "not asked", "not said" and "unknown" are three different answers,
// and none of them is "no".

#[rustfmt::skip]
pub(super) const SEXES: &[Entry] = &[
    Entry::new(1, "female", "Female", "Féminin").cited(&["TECH53 OP3(b)"]),
    Entry::new(2, "male", "Male", "Masculin").cited(&["TECH53 OP3(b)"]),
    Entry::new(3, "intersex", "Intersex", "Intersexe").cited(&["TECH53 OP3(b)"]),
    Entry::new(4, "not-said", "Preferred not to say", "N’a pas souhaité répondre").cited(&["TECH53 OP3(b)"]),
    Entry::new(5, "not-asked", "Not asked", "Non demandé").cited(&["TECH53 OP3(b)"]),
    Entry::new(6, "unknown", "Unknown", "Inconnu").cited(&["TECH53 OP3(b)"]),
];

#[rustfmt::skip]
pub(super) const GENDERS: &[Entry] = &[
    Entry::new(1, "woman", "Woman", "Femme").cited(&["HRD58 OP10", "GA78 OP11"]),
    Entry::new(2, "man", "Man", "Homme").cited(&["HRD58 OP10", "GA78 OP11"]),
    Entry::new(3, "non-binary", "Non-binary", "Non binaire").cited(&["HRD58 OP10", "GA78 OP11"]),
    Entry::new(4, "other", "Other, in the person’s own words", "Autre, avec les mots de la personne").cited(&["HRD58 OP10", "GA78 OP11"]),
    Entry::new(5, "not-said", "Preferred not to say", "N’a pas souhaité répondre").cited(&["HRD58 OP10", "GA78 OP11"]),
    Entry::new(6, "not-asked", "Not asked", "Non demandé").cited(&["HRD58 OP10", "GA78 OP11"]),
    Entry::new(7, "unknown", "Unknown", "Inconnu").cited(&["HRD58 OP10", "GA78 OP11"]),
];

#[rustfmt::skip]
pub(super) const AGE_BANDS: &[Entry] = &[
    Entry::new(1, "0-17", "Under 18", "Moins de 18 ans").cited(&["TECH53 PP15", "HRD58 PP29"]),
    Entry::new(2, "18-24", "18 to 24", "De 18 à 24 ans").cited(&["TECH53 PP15"]),
    Entry::new(3, "25-34", "25 to 34", "De 25 à 34 ans").cited(&["TECH53 PP15"]),
    Entry::new(4, "35-59", "35 to 59", "De 35 à 59 ans").cited(&["TECH53 PP15"]),
    Entry::new(5, "60-plus", "60 and over", "60 ans et plus").cited(&["TECH53 PP15"]),
    Entry::new(6, "not-said", "Preferred not to say", "N’a pas souhaité répondre").cited(&["TECH53 PP15"]),
    Entry::new(7, "not-asked", "Not asked", "Non demandé").cited(&["TECH53 PP15"]),
    Entry::new(8, "unknown", "Unknown", "Inconnu").cited(&["TECH53 PP15"]),
];

/// For the dimensions that are a plain question: minorities, indigenous people, economic situation.
#[rustfmt::skip]
pub(super) const TRAIT_ANSWERS: &[Entry] = &[
    Entry::new(1, "yes", "Yes", "Oui").cited(&["TECH53 OP3(b)"]),
    Entry::new(2, "no", "No", "Non").cited(&["TECH53 OP3(b)"]),
    Entry::new(3, "not-said", "Preferred not to say", "N’a pas souhaité répondre").cited(&["TECH53 OP3(b)"]),
    Entry::new(4, "not-asked", "Not asked", "Non demandé").cited(&["TECH53 OP3(b)"]),
    Entry::new(5, "unknown", "Unknown", "Inconnu").cited(&["TECH53 OP3(b)"]),
];

/// The six questions of the Washington Group's short set, and the plain answers.
#[rustfmt::skip]
pub(super) const DISABILITIES: &[Entry] = &[
    Entry::new(1, "seeing", "Difficulty seeing", "Difficulté à voir").cited(&["PRIV48 PP13", "TECH53 PP16"]),
    Entry::new(2, "hearing", "Difficulty hearing", "Difficulté à entendre").cited(&["PRIV48 PP13", "TECH53 PP16"]),
    Entry::new(3, "walking", "Difficulty walking or climbing steps", "Difficulté à marcher ou à monter des marches").cited(&["PRIV48 PP13", "TECH53 PP16"]),
    Entry::new(4, "remembering", "Difficulty remembering or concentrating", "Difficulté à se souvenir ou à se concentrer").cited(&["PRIV48 PP13", "TECH53 PP16"]),
    Entry::new(5, "self-care", "Difficulty washing or dressing", "Difficulté à se laver ou à s’habiller").cited(&["PRIV48 PP13", "TECH53 PP16"]),
    Entry::new(6, "communicating", "Difficulty communicating", "Difficulté à communiquer").cited(&["PRIV48 PP13", "TECH53 PP16"]),
    Entry::new(7, "yes", "Yes, not detailed", "Oui, sans précision").cited(&["PRIV48 PP13", "TECH53 PP16"]),
    Entry::new(8, "no", "No", "Non").cited(&["PRIV48 PP13", "TECH53 PP16"]),
    Entry::new(9, "not-said", "Preferred not to say", "N’a pas souhaité répondre").cited(&["PRIV48 PP13", "TECH53 PP16"]),
    Entry::new(10, "not-asked", "Not asked", "Non demandé").cited(&["PRIV48 PP13", "TECH53 PP16"]),
    Entry::new(11, "unknown", "Unknown", "Inconnu").cited(&["PRIV48 PP13", "TECH53 PP16"]),
];

#[rustfmt::skip]
pub(super) const AREAS: &[Entry] = &[
    Entry::new(1, "urban", "Town or city", "Ville").cited(&["HRD58 PP16", "TECH53 PP15"]),
    Entry::new(2, "rural", "Countryside", "Campagne").cited(&["HRD58 PP16", "TECH53 PP15"]),
    Entry::new(3, "remote", "Remote area", "Zone isolée").cited(&["HRD58 PP16", "TECH53 PP15"]),
    Entry::new(4, "not-said", "Preferred not to say", "N’a pas souhaité répondre").cited(&["HRD58 PP16", "TECH53 PP15"]),
    Entry::new(5, "not-asked", "Not asked", "Non demandé").cited(&["HRD58 PP16", "TECH53 PP15"]),
    Entry::new(6, "unknown", "Unknown", "Inconnu").cited(&["HRD58 PP16", "TECH53 PP15"]),
];

#[rustfmt::skip]
pub(super) const VULNERABLE_SITUATIONS: &[Entry] = &[
    Entry::new(1, "refugee", "Refugee or asylum seeker", "Personne réfugiée ou demandeuse d’asile").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(2, "displaced", "Displaced inside the country", "Personne déplacée dans son pays").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(3, "migrant", "Migrant", "Personne migrante").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(4, "stateless", "Stateless", "Personne apatride").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(5, "detained", "Deprived of liberty", "Personne privée de liberté").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(6, "exile", "In exile", "Personne en exil").cited(&["HRD58 PP22", "COOP48 PP5"]),
    Entry::new(7, "homeless", "Without a home", "Personne sans logement").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(8, "ill", "Seriously ill", "Personne gravement malade").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(9, "pregnant", "Pregnant", "Personne enceinte").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(10, "child-alone", "Child without a guardian", "Enfant sans personne pour s’en occuper").cited(&["PRIV48 PP13", "GA78 PP26"]),
    Entry::new(11, "older-person", "Older person", "Personne âgée").cited(&["PRIV48 PP13"]),
    Entry::new(12, "other", "Other", "Autre").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(13, "none", "None", "Aucune").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(14, "not-said", "Preferred not to say", "N’a pas souhaité répondre").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(15, "not-asked", "Not asked", "Non demandé").cited(&["PRIV48 PP13", "COOP48 PP5"]),
    Entry::new(16, "unknown", "Unknown", "Inconnu").cited(&["PRIV48 PP13", "COOP48 PP5"]),
];

#[rustfmt::skip]
pub(super) const DEFENDER_WORK: &[Entry] = &[
    Entry::new(1, "environment", "Environment and climate", "Environnement et climat").cited(&["HRD58 PP26"]),
    Entry::new(2, "land", "Land and housing", "Terre et logement").cited(&["HRD58 PP26"]),
    Entry::new(3, "women", "Women’s rights", "Droits des femmes").cited(&["HRD58 OP10"]),
    Entry::new(4, "indigenous", "Rights of indigenous peoples", "Droits des peuples autochtones").cited(&["HRD58 PP26"]),
    Entry::new(5, "labour", "Labour rights", "Droits du travail").cited(&["SDG 16.10.1"]),
    Entry::new(6, "lgbti", "Rights of LGBTI people", "Droits des personnes LGBTI").cited(&["HRD58 OP5"]),
    Entry::new(7, "minorities", "Rights of minorities", "Droits des minorités").cited(&["TECH53 OP3(b)"]),
    Entry::new(8, "corruption", "Against corruption", "Lutte contre la corruption").cited(&["HRD58 OP1"]),
    Entry::new(9, "democracy", "Democracy and rule of law", "Démocratie et État de droit").cited(&["HRD58 OP4"]),
    Entry::new(10, "health", "Health", "Santé").cited(&["PRIV48 PP33"]),
    Entry::new(11, "digital", "Digital rights", "Droits numériques").cited(&["HRD58 OP9(k)"]),
    Entry::new(12, "other", "Other", "Autre").cited(&["HRD58 OP9(r)"]),
    Entry::new(13, "unknown", "Unknown", "Inconnue").cited(&["HRD58 OP9(r)"]),
];

#[rustfmt::skip]
pub(super) const HOW_KNOWN: &[Entry] = &[
    Entry::new(1, "self", "The person said so", "Dit par la personne elle-même").cited(&["PRIV48 OP8(c)", "COOP48 OP9"]),
    Entry::new(2, "observed", "Seen by the caseworker", "Constaté par la personne chargée du dossier").cited(&["PRIV48 OP8(c)", "COOP48 OP9"]),
    Entry::new(3, "third-party", "Told by someone else", "Dit par une autre personne").cited(&["PRIV48 OP8(c)", "COOP48 OP9"]),
    Entry::new(4, "record", "From a document", "Tiré d’un document").cited(&["PRIV48 OP8(c)", "COOP48 OP9"]),
];

#[rustfmt::skip]
pub(super) const PERPETRATORS: &[Entry] = &[
    Entry::new(1, "state-executive-national", "National government", "Gouvernement national").cited(&["HRD58 OP3"]).esf(&[same(24, "010101000000")]),
    Entry::new(2, "state-local", "Local authority", "Autorité locale").cited(&["HRD58 OP3"]).esf(&[same(24, "010102000000")]),
    Entry::new(3, "state-armed-forces", "Armed forces", "Forces armées").cited(&["HRD58 OP3"]).esf(&[same(24, "010103000000")]),
    Entry::new(4, "state-police", "Police", "Police").cited(&["HRD58 OP3"]).esf(&[same(24, "010104000000")]),
    Entry::new(5, "state-prison", "Prison service", "Administration pénitentiaire").cited(&["HRD58 OP3"]).esf(&[same(24, "010105000000")]),
    Entry::new(6, "state-intelligence", "Intelligence service", "Service de renseignement").cited(&["HRD58 PP14", "HRD58 OP3"]).esf(&[same(24, "010106000000")]),
    Entry::new(7, "state-legislature", "Parliament", "Parlement").cited(&["HRD58 PP31", "HRD58 OP3"]).esf(&[same(24, "010200000000")]),
    Entry::new(8, "state-judiciary", "Courts or prosecution", "Justice ou parquet").cited(&["HRD58 PP26", "HRD58 OP3"]).esf(&[same(24, "010300000000")]),
    Entry::new(9, "state-regulator", "Telecom or media regulator", "Régulateur des télécoms ou des médias").cited(&["HRD58 PP18", "HRD58 OP9(j)"]),
    Entry::new(10, "foreign-state", "Foreign State", "État étranger").cited(&["HRD58 PP22"]),
    Entry::new(11, "occupying-power", "Occupying force", "Force d’occupation").cited(&["HRD58 PP16"]).esf(&[same(24, "030000000000")]),
    Entry::new(12, "paramilitary", "Pro-government or paramilitary group", "Groupe progouvernemental ou paramilitaire").cited(&["HRD58 OP3"]).esf(&[same(24, "020101000000")]),
    Entry::new(13, "vigilante", "Vigilantes or death squad", "Milice d’autodéfense ou escadron de la mort").cited(&["HRD58 OP3"]).esf(&[same(24, "020102000000")]),
    Entry::new(14, "armed-group", "Armed group", "Groupe armé").cited(&["HRD58 OP3", "HRD58 OP9(i)"]).esf(&[same(24, "020201000000")]),
    Entry::new(15, "criminal-group", "Criminal group", "Groupe criminel").cited(&["HRD58 OP3"]),
    Entry::new(16, "company-surveillance", "Surveillance company", "Entreprise de surveillance").cited(&["HRD58 PP19", "GA78 PP19", "PRIV48 PP30"]),
    Entry::new(17, "company-platform", "Platform or social network", "Plateforme ou réseau social").cited(&["GA78 OP7"]),
    Entry::new(18, "company-telecom", "Telecom operator or internet provider", "Opérateur télécom ou fournisseur d’accès").cited(&["HRD58 PP18", "HRD58 OP13"]),
    Entry::new(19, "company-data-broker", "Data broker", "Courtier en données").cited(&["GA78 PP23", "PRIV48 OP6(p)"]),
    Entry::new(20, "company-other", "Other company", "Autre entreprise").cited(&["HRD58 PP33", "HRD58 OP13"]).esf(&[same(24, "210100000000")]),
    Entry::new(21, "private-security", "Private security", "Sécurité privée").cited(&["HRD58 OP3"]).esf(&[same(24, "020400000000")]),
    Entry::new(22, "landowner", "Landowner", "Propriétaire terrien").cited(&["HRD58 OP3"]).esf(&[same(24, "210200000000")]),
    Entry::new(23, "private-individual", "Private individual", "Particulier").cited(&["HRD58 OP3"]).esf(&[same(24, "110000000000")]),
    Entry::new(24, "online-mob", "Coordinated online accounts", "Comptes coordonnés en ligne").cited(&["HRD58 PP13", "HRD58 PP14"]).esf(&[near(24, "020500000000")]),
    Entry::new(25, "unknown", "Unknown", "Inconnu").cited(&["HRD58 OP3"]).esf(&[same(24, "990000000000")]),
];

#[rustfmt::skip]
pub(super) const ATTRIBUTIONS: &[Entry] = &[
    Entry::new(1, "state-committed", "Committed by the State", "Commis par l’État").cited(&["COOP48 PP15"]),
    Entry::new(2, "state-ordered", "Ordered by the State", "Ordonné par l’État").cited(&["COOP48 PP15"]),
    Entry::new(3, "state-tolerated", "Tolerated by the State", "Toléré par l’État").cited(&["COOP48 PP15"]),
    Entry::new(4, "state-acquiesced", "The State knew and let it happen", "L’État savait et a laissé faire").cited(&["COOP48 PP15"]),
    Entry::new(5, "non-state", "Not the State", "Acteur non étatique").cited(&["HRD58 OP3", "COOP48 OP2"]),
    Entry::new(6, "undetermined", "Not determined", "Indéterminé").cited(&["COOP48 PP15"]),
];

#[rustfmt::skip]
pub(super) const COMPANY_LINKS: &[Entry] = &[
    Entry::new(1, "caused", "Caused the harm", "A causé le préjudice").cited(&["GA78 OP6"]),
    Entry::new(2, "contributed", "Contributed to the harm", "A contribué au préjudice").cited(&["GA78 OP6"]),
    Entry::new(3, "directly-linked", "Directly linked to the harm", "Directement liée au préjudice").cited(&["GA78 OP6"]),
    Entry::new(4, "none-found", "No link found", "Aucun lien établi").cited(&["GA78 OP6"]),
];

#[rustfmt::skip]
pub(super) const REPORTER_RELATIONS: &[Entry] = &[
    Entry::new(1, "self", "It happened to me", "Cela m’est arrivé").cited(&["HRD58 OP9(h)"]).esf(&[near(19, "")]),
    Entry::new(2, "family", "It happened to someone in my family", "C’est arrivé à une personne de ma famille").cited(&["HRD58 OP9(h)", "COOP48 OP4(d)"]).esf(&[near(19, "")]),
    Entry::new(3, "colleague", "It happened to someone I work with", "C’est arrivé à une personne avec qui je travaille").cited(&["HRD58 OP9(h)"]).esf(&[near(19, "")]),
    Entry::new(4, "witness", "I saw it or heard it", "Je l’ai vu ou entendu").cited(&["HRD58 OP9(h)", "COOP48 OP4(a)"]).esf(&[near(19, "")]),
    Entry::new(5, "lawyer", "I am the person’s lawyer", "Je suis l’avocat ou l’avocate de la personne").cited(&["HRD58 OP9(h)", "COOP48 OP4(b)"]).esf(&[near(19, "")]),
    Entry::new(6, "organisation", "I write for an organisation", "J’écris au nom d’une organisation").cited(&["HRD58 OP9(h)", "HRD58 OP9(r)"]).esf(&[near(19, "")]),
    Entry::new(7, "helper", "I am helping someone write", "J’aide quelqu’un à écrire").cited(&["HRD58 OP9(h)", "COOP48 OP4(b)"]).esf(&[near(19, "")]),
    Entry::new(8, "other", "Something else", "Autre situation").cited(&["HRD58 OP9(h)"]).esf(&[near(19, "")]),
];

/// Whether the person concerned knows that someone else is writing for them.
/// What a person says about the words of their own conversation.
#[rustfmt::skip]
pub(super) const WORDS_STATES: &[Entry] = &[
    Entry::new(1, "exposed", "They may be in other hands: send nothing more to them", "Ils sont peut-être entre d’autres mains : ne plus rien y envoyer").cited(&["PRIV48 PP26"]),
];

#[rustfmt::skip]
pub(super) const HELPING: &[Entry] = &[
    Entry::new(1, "yes", "Yes; whether they agree, I cannot say", "Oui ; je ne sais pas si elle est d’accord").cited(&["PRIV48 PP26"]),
    Entry::new(2, "no", "No, the person does not know", "Non, la personne n’est pas au courant").cited(&["PRIV48 PP26"]),
    Entry::new(3, "cannot-ask", "The person cannot be asked", "Impossible de le lui demander").cited(&["PRIV48 PP26"]),
    Entry::new(4, "agrees", "Yes, the person knows and agrees", "Oui, la personne le sait et est d’accord").cited(&["PRIV48 PP26"]),
];
