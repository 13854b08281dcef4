//! What was done: the types of violation or abuse, and the attributes of an act.
//!
//! The first list is the heart of the house: every figure counts one of these.

use super::{Entry, Sdg, near, same};

#[rustfmt::skip]
pub(super) const ACTS: &[Entry] = &[
    Entry::new(1, "killing", "Killing", "Meurtre").cited(&["HRD58 PP15", "HRD58 PP26", "HRD58 OP3"]).esf(&[same(4, "010101020000"), same(4, "010101040000")]).sdg(Sdg::Killing).family("life"),
    Entry::new(2, "attempted-killing", "Attempted killing", "Tentative de meurtre").cited(&["HRD58 OP3"]).esf(&[same(4, "010109000000")]).sdg(Sdg::OtherHarmful).family("life"),
    Entry::new(3, "death-in-custody", "Death in custody", "Mort en détention").cited(&["COOP48 PP14"]).esf(&[same(4, "010106010000")]).sdg(Sdg::Killing).family("life"),
    Entry::new(4, "enforced-disappearance", "Enforced disappearance", "Disparition forcée").cited(&["HRD58 PP15", "HRD58 PP26", "HRD58 OP3"]).esf(&[same(4, "030103000000")]).sdg(Sdg::EnforcedDisappearance).family("life"),
    Entry::new(5, "abduction", "Abduction or kidnapping", "Enlèvement").cited(&["HRD58 PP26"]).esf(&[same(4, "030104000000")]).sdg(Sdg::Kidnapping).family("liberty"),
    Entry::new(6, "torture", "Torture", "Torture").cited(&["HRD58 PP26", "HRD58 OP3", "COOP48 PP14"]).esf(&[same(4, "020111110000")]).sdg(Sdg::Torture).family("body"),
    Entry::new(7, "ill-treatment", "Cruel, inhuman or degrading treatment", "Traitement cruel, inhumain ou dégradant").cited(&["COOP48 PP14", "PRIV48 PP15"]).esf(&[same(4, "360102010000")]).sdg(Sdg::OtherHarmful).family("body"),
    Entry::new(8, "arbitrary-arrest", "Arbitrary arrest", "Arrestation arbitraire").cited(&["HRD58 OP9(q)"]).esf(&[same(4, "030101000000")]).sdg(Sdg::ArbitraryDetention).family("liberty"),
    Entry::new(9, "arbitrary-detention", "Arbitrary detention", "Détention arbitraire").cited(&["HRD58 PP15", "HRD58 PP26", "HRD58 OP9(q)"]).esf(&[same(4, "030102000000"), near(29, "")]).sdg(Sdg::ArbitraryDetention).family("liberty"),
    Entry::new(10, "beating", "Beating or physical attack", "Coups ou agression physique").cited(&["HRD58 PP15", "HRD58 OP3", "COOP48 PP16"]).esf(&[same(4, "020101000000")]).sdg(Sdg::OtherHarmful).family("body"),
    Entry::new(11, "sexual-violence", "Sexual or gender-based violence", "Violence sexuelle ou fondée sur le genre").cited(&["HRD58 PP26", "HRD58 PP27", "HRD58 OP10", "HRD58 OP11", "GA78 OP5"]).esf(&[same(4, "020102000000"), same(4, "020111010000")]).sdg(Sdg::OtherHarmful).family("body"),
    Entry::new(12, "sexual-exploitation-abuse", "Sexual exploitation or abuse", "Exploitation ou abus sexuels").cited(&["HRD58 PP27", "GA78 OP5"]).esf(&[same(4, "020102000000")]).sdg(Sdg::OtherHarmful).family("body"),
    Entry::new(13, "sexual-harassment", "Sexual harassment", "Harcèlement sexuel").cited(&["PRIV48 PP15"]).esf(&[same(4, "020103050000")]).sdg(Sdg::OtherHarmful).family("body"),
    Entry::new(14, "sexual-violence-threat", "Threat of sexual or gender-based violence", "Menace de violence sexuelle ou fondée sur le genre").cited(&["HRD58 PP27", "GA78 OP5"]).esf(&[same(4, "020103010000")]).sdg(Sdg::OtherHarmful).family("threats"),
    Entry::new(15, "death-threat", "Death threat", "Menace de mort").cited(&["HRD58 PP27", "GA78 OP5"]).esf(&[same(4, "020103020000")]).sdg(Sdg::OtherHarmful).family("threats"),
    Entry::new(16, "threat", "Threat", "Menace").cited(&["HRD58 PP26", "PRIV48 PP29"]).esf(&[same(4, "020103010000")]).sdg(Sdg::OtherHarmful).family("threats"),
    Entry::new(17, "threat-family", "Threat to the family", "Menace contre la famille").cited(&["HRD58 PP26"]).esf(&[same(4, "020103010200")]).sdg(Sdg::OtherHarmful).family("threats"),
    Entry::new(18, "threat-associates", "Threat to colleagues or associates", "Menace contre des collègues ou des proches").cited(&["HRD58 PP26"]).esf(&[same(4, "020103010300")]).sdg(Sdg::OtherHarmful).family("threats"),
    Entry::new(19, "harassment", "Harassment", "Harcèlement").cited(&["HRD58 PP26", "HRD58 PP27", "GA78 OP5"]).esf(&[same(4, "020103000000")]).sdg(Sdg::OtherHarmful).family("threats"),
    Entry::new(20, "intimidation", "Intimidation", "Intimidation").cited(&["HRD58 PP26", "HRD58 PP27", "HRD58 OP3", "HRD58 OP5", "GA78 OP5", "COOP48 OP2"]).esf(&[same(4, "020103000000"), near(38, "02")]).sdg(Sdg::OtherHarmful).family("threats"),
    Entry::new(21, "stalking", "Stalking", "Traque, filature répétée").cited(&["HRD58 PP27", "GA78 OP5"]).esf(&[same(4, "020103040000")]).sdg(Sdg::OtherHarmful).family("threats"),
    Entry::new(22, "reprisal", "Reprisal for cooperation (added to another act)", "Représailles pour avoir coopéré (s’ajoute à un autre acte)").cited(&["HRD58 OP7", "COOP48 OP2"]).sdg(Sdg::WithAnotherAct).family("threats"),
    Entry::new(23, "trafficking", "Trafficking in persons", "Traite des personnes").cited(&["HRD58 PP27", "GA78 OP5"]).esf(&[near(4, "030106000000")]).sdg(Sdg::OtherHarmful).family("liberty"),
    Entry::new(24, "extortion", "Extortion", "Extorsion").cited(&["HRD58 PP27", "GA78 OP5"]).esf(&[same(4, "130104000000")]).sdg(Sdg::OtherHarmful).family("threats"),
    Entry::new(25, "discrimination", "Discrimination, also on several grounds at once", "Discrimination, y compris multiple ou croisée").cited(&["HRD58 OP5", "HRD58 OP9(q)", "HRD58 OP10"]).esf(&[near(2, "04")]).family("speech"),
    Entry::new(26, "economic-marginalisation", "Economic marginalisation", "Marginalisation économique").cited(&["HRD58 OP10"]).family("speech"),
    Entry::new(27, "criminalisation", "Criminalisation", "Criminalisation").cited(&["HRD58 PP26", "HRD58 OP3", "HRD58 OP9(i)", "HRD58 OP9(o)"]).sdg(Sdg::DetentionIfHeld).family("law"),
    Entry::new(28, "judicial-harassment", "Judicial harassment", "Harcèlement judiciaire").cited(&["HRD58 PP26"]).esf(&[near(4, "350114000000")]).sdg(Sdg::OtherHarmful).family("law"),
    Entry::new(29, "slapp", "Abusive lawsuit meant to silence (SLAPP)", "Procès-bâillon").cited(&["HRD58 PP33", "HRD58 OP9(p)"]).family("law"),
    Entry::new(30, "law-misuse-security", "Misuse of security or counter-terrorism law", "Usage abusif d’une loi de sécurité ou antiterroriste").cited(&["HRD58 PP31", "COOP48 PP5"]).esf(&[near(2, "0106")]).family("law"),
    Entry::new(31, "law-misuse-cyber", "Misuse of cybercrime law", "Usage abusif d’une loi sur la cybercriminalité").cited(&["HRD58 PP31", "HRD58 OP9(o)"]).esf(&[near(2, "0106")]).family("law"),
    Entry::new(32, "law-misuse-defamation", "Misuse of defamation or slander law", "Usage abusif d’une loi sur la diffamation").cited(&["HRD58 PP31"]).esf(&[near(2, "0106")]).family("law"),
    Entry::new(33, "law-misuse-cso", "Misuse of the law on associations", "Usage abusif de la loi sur les associations").cited(&["HRD58 PP31"]).esf(&[same(4, "122101000000")]).family("law"),
    Entry::new(34, "emergency-measure-misuse", "Misuse of an emergency measure", "Usage abusif d’une mesure d’urgence").cited(&["COOP48 OP7"]).esf(&[near(2, "0106")]).family("law"),
    Entry::new(35, "stigmatisation", "Stigmatisation or delegitimisation", "Stigmatisation ou délégitimation").cited(&["HRD58 PP32", "HRD58 OP9(i)"]).esf(&[same(4, "140101000000")]).family("speech"),
    Entry::new(36, "smear-campaign", "Smear campaign", "Campagne de dénigrement").cited(&["HRD58 PP14", "HRD58 PP26", "HRD58 OP10", "COOP48 PP16"]).esf(&[same(4, "140101000000")]).sdg(Sdg::OtherHarmful).family("speech"),
    Entry::new(37, "defamation-of-defender", "Defamation of the defender", "Diffamation de la personne défenseuse").cited(&["HRD58 PP13", "HRD58 OP10"]).esf(&[same(4, "140101000000")]).sdg(Sdg::OtherHarmful).family("speech"),
    Entry::new(38, "hate-speech", "Hate speech or incitement", "Discours de haine ou incitation").cited(&["HRD58 PP13", "HRD58 OP9(i)", "TECH53 PP20", "GA78 OP7", "GA78 OP13", "COOP48 PP16"]).sdg(Sdg::OtherHarmful).family("speech"),
    Entry::new(39, "disinformation", "Disinformation", "Désinformation").cited(&["HRD58 PP13", "HRD58 OP9(i)", "HRD58 OP10", "GA78 OP13"]).family("speech"),
    Entry::new(40, "misinformation", "Misinformation", "Mésinformation").cited(&["HRD58 PP13", "TECH53 PP20", "GA78 OP13"]).family("speech"),
    Entry::new(41, "malicious-propaganda", "Malicious propaganda", "Propagande malveillante").cited(&["HRD58 PP13"]).family("speech"),
    Entry::new(42, "racist-abuse", "Racist, xenophobic or stereotyping abuse", "Injures ou propos racistes, xénophobes ou stéréotypés").cited(&["TECH53 PP20", "GA78 PP28", "GA78 OP13"]).sdg(Sdg::OtherHarmful).family("speech"),
    Entry::new(43, "political-violence", "Political violence", "Violence politique").cited(&["TECH53 PP22"]).esf(&[near(4, "020101000000")]).sdg(Sdg::OtherHarmful).family("body"),
    Entry::new(44, "child-abuse-online", "Violence, abuse, neglect or sexual exploitation of a child", "Violence, maltraitance, négligence ou exploitation sexuelle visant un enfant").cited(&["TECH53 PP12", "HRD58 PP29", "HRD58 OP9(g)"]).esf(&[near(4, "310100000000")]).sdg(Sdg::OtherHarmful).family("body"),
    Entry::new(45, "access-obstruction", "Obstructed access to the UN or another body", "Entrave à l’accès à l’ONU ou à un autre organe").cited(&["COOP48 OP1", "COOP48 PP5", "HRD58 OP8"]).family("work"),
    Entry::new(46, "accreditation-denial", "Accreditation denied", "Refus d’accréditation").cited(&["COOP48 PP16"]).family("work"),
    Entry::new(47, "self-censorship", "Did not cooperate, out of fear", "Renoncement à coopérer, par crainte").cited(&["COOP48 PP5"]).family("work"),
    Entry::new(48, "travel-ban", "Restriction on travel", "Restriction de déplacement").cited(&["COOP48 OP1"]).esf(&[same(4, "050106000000")]).family("liberty"),
    Entry::new(49, "funding-restriction", "Restricted access to funding or resources", "Accès restreint aux financements ou aux ressources").cited(&["HRD58 OP9(a)", "COOP48 PP16"]).family("work"),
    Entry::new(50, "administrative-restriction", "Legal or administrative restriction of activity", "Restriction légale ou administrative d’activité").cited(&["COOP48 PP16"]).esf(&[same(4, "120103000000")]).family("work"),
    Entry::new(51, "assembly-restriction", "Restriction of assembly or association", "Restriction de réunion ou d’association").cited(&["COOP48 PP16", "GA78 PP20"]).esf(&[same(4, "120105000000")]).family("work"),
    Entry::new(52, "lawyer-access-denial", "Access to a lawyer denied", "Accès à un avocat refusé").cited(&["COOP48 PP16"]).esf(&[same(4, "350113000000")]).family("liberty"),
    Entry::new(53, "equipment-seizure", "Arbitrary seizure of equipment", "Saisie arbitraire de matériel").cited(&["HRD58 OP9(l)"]).esf(&[same(4, "130107000000")]).sdg(Sdg::OtherHarmful).family("work"),
    Entry::new(54, "premises-raid", "Raid or search of home or office", "Perquisition ou descente au domicile ou au bureau").cited(&["HRD58 OP9(l)"]).esf(&[same(4, "040101000000"), same(4, "120102000000")]).sdg(Sdg::OtherHarmful).family("work"),
    Entry::new(55, "online-violence", "Online violence (in general)", "Violence en ligne (en général)").cited(&["HRD58 PP14"]).sdg(Sdg::OtherHarmful).family("online"),
    Entry::new(56, "online-harassment", "Online harassment", "Cyberharcèlement").cited(&["HRD58 PP14", "PRIV48 PP15"]).esf(&[near(4, "020103000000")]).sdg(Sdg::OtherHarmful).family("online"),
    Entry::new(57, "online-intimidation", "Online bullying or intimidation", "Intimidation en ligne").cited(&["HRD58 PP14", "PRIV48 PP15"]).esf(&[near(4, "020103000000")]).sdg(Sdg::OtherHarmful).family("online"),
    Entry::new(58, "online-threat", "Online threat", "Menace en ligne").cited(&["HRD58 PP14"]).esf(&[near(4, "020103010000")]).sdg(Sdg::OtherHarmful).family("online"),
    Entry::new(59, "online-smear", "Online smear campaign", "Campagne de dénigrement en ligne").cited(&["HRD58 PP14", "COOP48 PP18"]).esf(&[near(4, "140101000000")]).sdg(Sdg::OtherHarmful).family("online"),
    Entry::new(60, "online-stalking", "Online stalking", "Traque en ligne").cited(&["HRD58 OP11", "PRIV48 PP15"]).esf(&[near(4, "020103040000")]).sdg(Sdg::OtherHarmful).family("online"),
    Entry::new(61, "doxing", "Doxing: personal details exposed to do harm", "Divulgation malveillante d’informations personnelles").cited(&["HRD58 PP14", "HRD58 PP27", "HRD58 OP11"]).sdg(Sdg::OtherHarmful).family("online"),
    Entry::new(62, "ncii", "Intimate or sexual content shared without consent", "Contenus intimes ou sexuels diffusés sans consentement").cited(&["HRD58 PP27", "HRD58 OP11", "GA78 OP5"]).sdg(Sdg::OtherHarmful).family("online"),
    Entry::new(63, "deepfake-abuse", "Deepfake or faked intimate image", "Hypertrucage ou fausse image intime").cited(&["HRD58 PP23", "HRD58 PP27", "HRD58 OP11"]).sdg(Sdg::OtherHarmful).family("online"),
    Entry::new(64, "hacking", "Hacking of a device or system", "Piratage d’un appareil ou d’un système").cited(&["HRD58 PP14", "HRD58 PP19", "PRIV48 PP12", "PRIV48 PP28", "GA78 OP15"]).sdg(Sdg::OtherHarmful).family("intrusion"),
    Entry::new(65, "state-hacking", "State-sponsored hacking", "Piratage commandité par un État").cited(&["HRD58 PP14"]).sdg(Sdg::OtherHarmful).family("intrusion"),
    Entry::new(66, "spyware-targeting", "Targeting with spyware or malware", "Ciblage par un logiciel espion ou malveillant").cited(&["HRD58 PP19", "HRD58 PP22", "HRD58 OP9(m)"]).sdg(Sdg::OtherHarmful).family("intrusion"),
    Entry::new(67, "account-intrusion", "Illegal access to accounts", "Accès illégal à des comptes").cited(&["HRD58 PP27", "GA78 OP5"]).sdg(Sdg::OtherHarmful).family("intrusion"),
    Entry::new(68, "device-intrusion", "Illegal access to a phone or other device", "Accès illégal à un téléphone ou à un autre appareil").cited(&["HRD58 PP27", "GA78 OP5"]).sdg(Sdg::OtherHarmful).family("intrusion"),
    Entry::new(69, "interception", "Interception of communications", "Interception des communications").cited(&["HRD58 PP14", "HRD58 PP19", "HRD58 PP20", "PRIV48 PP28"]).esf(&[near(4, "040100000000")]).sdg(Sdg::OtherHarmful).family("intrusion"),
    Entry::new(70, "comms-disruption", "Disruption of communications", "Perturbation des communications").cited(&["HRD58 PP14", "HRD58 PP19"]).sdg(Sdg::OtherHarmful).family("network"),
    Entry::new(71, "dos-attack", "Attack that paralyses a service", "Attaque paralysant un service").cited(&["HRD58 PP28"]).family("intrusion"),
    Entry::new(72, "surveillance-physical", "Arbitrary physical surveillance", "Surveillance physique arbitraire").cited(&["HRD58 PP21"]).esf(&[same(4, "020103030000")]).sdg(Sdg::OtherHarmful).family("surveillance"),
    Entry::new(73, "surveillance-digital", "Arbitrary digital surveillance or tracking", "Surveillance ou traçage numérique arbitraire").cited(&["HRD58 PP14", "HRD58 PP27", "GA78 OP5", "GA78 OP18"]).esf(&[near(4, "020103030000")]).sdg(Sdg::OtherHarmful).family("surveillance"),
    Entry::new(74, "surveillance-mass", "Mass surveillance", "Surveillance de masse").cited(&["HRD58 OP9(n)", "HRD58 PP20", "PRIV48 PP28"]).esf(&[same(4, "042101000000")]).family("surveillance"),
    Entry::new(75, "biometric-abuse", "Unlawful biometric identification", "Identification biométrique illicite").cited(&["HRD58 PP21", "HRD58 OP9(n)", "PRIV48 OP6(e)"]).family("surveillance"),
    Entry::new(76, "misidentification", "Biometric or AI misidentification", "Erreur d’identification biométrique ou par IA").cited(&["HRD58 PP24", "PRIV48 PP23"]).family("surveillance"),
    Entry::new(77, "ai-profiling", "Profiling, scoring or prediction about a person", "Profilage, notation ou prédiction visant une personne").cited(&["HRD58 PP23", "PRIV48 PP17", "TECH53 PP22"]).family("surveillance"),
    Entry::new(78, "ai-harm", "Other harm done by an AI system", "Autre préjudice causé par un système d’IA").cited(&["TECH53 OP3(a)", "GA78 OP20(b)"]).family("surveillance"),
    Entry::new(79, "data-collection-unlawful", "Unlawful collection of personal data", "Collecte illicite de données personnelles").cited(&["HRD58 PP20", "PRIV48 PP28", "PRIV48 OP6(f)"]).esf(&[same(4, "040100000000")]).family("surveillance"),
    Entry::new(80, "data-trade", "Personal data sold or shared without consent", "Données personnelles vendues ou partagées sans consentement").cited(&["PRIV48 PP26", "PRIV48 OP6(p)", "GA78 PP23"]).family("surveillance"),
    Entry::new(81, "data-leak", "Leak of personal data", "Fuite de données personnelles").cited(&["HRD58 OP9(l)"]).family("surveillance"),
    Entry::new(82, "privacy-interference", "Arbitrary interference with privacy, home, family or correspondence", "Immixtion arbitraire dans la vie privée, le domicile, la famille ou la correspondance").cited(&["PRIV48 OP1", "HRD58 PP14"]).esf(&[same(4, "040100000000")]).sdg(Sdg::OtherHarmful).family("surveillance"),
    Entry::new(83, "digital-id-abuse", "Abuse of digital or biometric identity", "Usage abusif de l’identité numérique ou biométrique").cited(&["PRIV48 OP6(q)", "GA78 OP20(d)"]).family("surveillance"),
    Entry::new(84, "censorship", "Censorship", "Censure").cited(&["HRD58 PP27", "GA78 OP5", "GA78 OP18"]).esf(&[same(4, "100101000000")]).family("network"),
    Entry::new(85, "encryption-restriction", "Restriction of encryption or anonymity tools", "Entrave au chiffrement ou aux outils d’anonymat").cited(&["HRD58 OP9(j)", "HRD58 OP9(k)", "GA78 OP15", "GA78 OP17"]).family("network"),
    Entry::new(86, "shutdown-full", "General internet shutdown", "Coupure générale d’internet").cited(&["HRD58 PP14", "HRD58 PP18", "HRD58 OP9(j)", "GA78 PP21", "GA78 OP18"]).esf(&[near(4, "090100000000")]).family("network"),
    Entry::new(87, "shutdown-platform", "Platform or service blocked", "Blocage d’une plateforme ou d’un service").cited(&["HRD58 PP18"]).family("network"),
    Entry::new(88, "throttling", "Connection slowed down on purpose", "Ralentissement volontaire de la connexion").cited(&["HRD58 OP9(j)"]).family("network"),
    Entry::new(89, "content-filtering", "Filtering or blocking of content", "Filtrage ou blocage de contenus").cited(&["HRD58 OP9(j)"]).family("network"),
    Entry::new(90, "network-restriction", "Other network restriction", "Autre restriction du réseau").cited(&["HRD58 OP9(j)"]).family("network"),
    Entry::new(91, "transnational-repression", "Transnational repression (added to another act)", "Répression transnationale (s’ajoute à un autre acte)").cited(&["HRD58 PP22"]).sdg(Sdg::WithAnotherAct).family("threats"),
    Entry::new(92, "online-session-interference", "Interference with taking part online", "Entrave à la participation en ligne").cited(&["COOP48 PP17", "COOP48 PP18"]).family("work"),
    Entry::new(93, "impunity-failure", "Failure to investigate or remedy", "Absence d’enquête ou de réparation").cited(&["HRD58 PP30", "HRD58 OP3", "COOP48 PP15"]).esf(&[near(18, "05")]).family("law"),
    Entry::new(94, "other-act", "Another act", "Autre acte").cited(&["HRD58 OP9(r)"]).esf(&[same(4, "900000000000")]).sdg(Sdg::OtherHarmful).family("other"),
];

/// Groups of acts, so that a person need not read ninety lines to find one.
#[rustfmt::skip]
pub(super) const FAMILIES: &[Entry] = &[
    Entry::new(1, "life", "Killed, disappeared", "Mort, disparition").cited(&["HRD58 OP3"]),
    Entry::new(2, "liberty", "Arrested, held, taken", "Arrestation, détention, enlèvement").cited(&["HRD58 OP9(q)"]),
    Entry::new(3, "body", "Hurt or ill-treated", "Coups, torture, violences").cited(&["HRD58 OP3"]),
    Entry::new(4, "threats", "Threatened or followed", "Menaces, pressions, filatures").cited(&["HRD58 PP26"]),
    Entry::new(5, "law", "The law used against the person", "La loi détournée contre la personne").cited(&["HRD58 PP31"]),
    Entry::new(6, "speech", "Smeared, insulted, discriminated against", "Dénigrement, haine, discrimination").cited(&["HRD58 OP9(i)"]),
    Entry::new(7, "work", "Work obstructed, things seized", "Travail entravé, biens saisis").cited(&["HRD58 OP9(a)", "HRD58 OP9(l)"]),
    Entry::new(8, "online", "Attacked online", "Attaques en ligne").cited(&["HRD58 PP14"]),
    Entry::new(9, "intrusion", "Devices or accounts broken into", "Intrusion dans des appareils ou des comptes").cited(&["HRD58 PP19"]),
    Entry::new(10, "surveillance", "Watched, personal data misused", "Surveillance, données détournées").cited(&["HRD58 PP21"]),
    Entry::new(11, "network", "Networks cut, content blocked", "Réseaux coupés, contenus bloqués").cited(&["HRD58 OP9(j)"]),
    Entry::new(12, "other", "Something else", "Autre chose").cited(&["HRD58 OP9(r)"]),
];

#[rustfmt::skip]
pub(super) const SPHERES: &[Entry] = &[
    Entry::new(1, "offline", "Offline", "Hors ligne").cited(&["HRD58 PP5"]),
    Entry::new(2, "online", "Online", "En ligne").cited(&["HRD58 PP5"]),
    Entry::new(3, "both", "Both", "Les deux").cited(&["HRD58 PP5"]),
];

#[rustfmt::skip]
pub(super) const STAGES: &[Entry] = &[
    Entry::new(1, "threatened", "Threatened", "Menacé").cited(&["HRD58 OP9(r)"]),
    Entry::new(2, "attempted", "Attempted", "Tenté").cited(&["HRD58 OP9(r)"]),
    Entry::new(3, "completed", "Carried out", "Accompli").cited(&["HRD58 OP9(r)"]),
    Entry::new(4, "ongoing", "Still going on", "En cours").cited(&["HRD58 OP9(r)"]),
];

#[rustfmt::skip]
pub(super) const SCALES: &[Entry] = &[
    Entry::new(1, "individual", "One person", "Une personne").cited(&["PRIV48 PP28"]),
    Entry::new(2, "group", "A group", "Un groupe").cited(&["PRIV48 PP28"]),
    Entry::new(3, "mass", "A whole population", "Une population entière").cited(&["PRIV48 PP28"]),
];

#[rustfmt::skip]
pub(super) const CONTEXTS: &[Entry] = &[
    Entry::new(1, "protest", "Protest", "Manifestation").cited(&["HRD58 PP16"]),
    Entry::new(2, "election", "Election", "Élection").cited(&["HRD58 PP16"]),
    Entry::new(3, "armed-conflict", "Armed conflict", "Conflit armé").cited(&["HRD58 PP16", "HRD58 OP16"]),
    Entry::new(4, "occupation", "Occupation", "Occupation").cited(&["HRD58 PP16"]),
    Entry::new(5, "crisis", "Crisis", "Crise").cited(&["HRD58 PP16"]),
    Entry::new(6, "emergency-health", "Health emergency", "Urgence sanitaire").cited(&["COOP48 PP16", "COOP48 OP7"]),
    Entry::new(7, "assembly", "Peaceful assembly", "Rassemblement pacifique").cited(&["PRIV48 OP6(e)", "GA78 PP20"]),
    Entry::new(8, "un-session", "Session of a UN body", "Session d’un organe de l’ONU").cited(&["COOP48 PP17"]),
    Entry::new(9, "none", "None of these", "Aucun").cited(&["HRD58 PP16"]),
];

/// Why the person was attacked, as far as it is known.
#[rustfmt::skip]
pub(super) const REASONS: &[Entry] = &[
    Entry::new(1, "defender-work", "Work for human rights", "Action pour les droits humains").cited(&["HRD58 OP1"]),
    Entry::new(2, "documentation-work", "Documenting violations", "Documentation de violations").cited(&["HRD58 OP9(i)"]),
    Entry::new(3, "cooperation", "Cooperating with a human rights body", "Coopération avec un organe de droits humains").cited(&["HRD58 OP7", "COOP48 OP2"]),
    Entry::new(4, "expression", "Speaking or publishing", "Prise de parole ou publication").cited(&["HRD58 OP9(f)"]),
    Entry::new(5, "association", "Meeting or organising", "Réunion ou association").cited(&["COOP48 PP16"]),
    Entry::new(6, "legal-aid", "Giving legal help", "Aide juridique apportée").cited(&["COOP48 OP4(b)"]),
    Entry::new(7, "unknown", "Unknown", "Inconnu").cited(&["HRD58 OP9(r)"]),
];
