//! What the words of the lists are called in Spanish.
//!
//! English and French stand beside every word. Spanish is the third language in which the special
//! procedures read what is sent to them, so the lists that documents show have it too; the reporter's
//! page takes from here what it shows. A list without Spanish cannot be written into a document:
//! [`InSpanish`] is missing. A word without its label, or out of its place, does not compile.

use super::{Entry, List, Vocabulary};

/// Code and label of each word, in the list's own order.
pub type Labels = &'static [(&'static str, &'static str)];

/// A list every word of which has a Spanish label.
pub trait InSpanish: List {
    /// The labels.
    const LABELS: Labels;

    /// The label of a word of the list.
    fn spanish(entry: &Entry) -> &'static str {
        let mut labels = Self::LABELS.iter();
        labels
            .find(|(code, _)| *code == entry.code)
            .map_or("", |(_, label)| label)
    }
}

/// Countries, a line each: two letters of ISO 3166-1, a blank, the name; in the order in which they
/// are shown. From the Unicode Common Locale Data Repository.
pub const COUNTRIES: &str = include_str!("countries.es.txt");

/// The name of a country of ISO 3166-1.
pub fn country(code: &str) -> Option<&'static str> {
    let mut countries = COUNTRIES.lines().filter_map(|line| line.split_once(' '));
    countries
        .find(|(letters, _)| *letters == code)
        .map(|(_, name)| name)
}

macro_rules! spanish {
    ($($list:ident $function:ident $labels:ident { $($code:literal $label:literal)* })*) => {
        $(
            #[doc = concat!("The list `", stringify!($function), "` in Spanish.")]
            pub const $labels: Labels = whole(super::$function(), &[$(($code, $label)),*]);

            impl InSpanish for super::$list {
                const LABELS: Labels = $labels;
            }
        )*

        /// Every list that has Spanish labels, for whoever walks them.
        #[cfg(test)]
        const ALL: &[Labels] = &[$($labels),*];
    };
}

spanish! {
    Acts acts ACTS {
        "killing" "Asesinato"
        "attempted-killing" "Intento de asesinato"
        "death-in-custody" "Muerte bajo custodia"
        "enforced-disappearance" "Desaparición forzada"
        "abduction" "Secuestro"
        "torture" "Tortura"
        "ill-treatment" "Trato cruel, inhumano o degradante"
        "arbitrary-arrest" "Arresto arbitrario"
        "arbitrary-detention" "Detención arbitraria"
        "beating" "Golpes o agresión física"
        "sexual-violence" "Violencia sexual o de género"
        "sexual-exploitation-abuse" "Explotación o abuso sexual"
        "sexual-harassment" "Acoso sexual"
        "sexual-violence-threat" "Amenaza de violencia sexual o de género"
        "death-threat" "Amenaza de muerte"
        "threat" "Amenaza"
        "threat-family" "Amenaza a la familia"
        "threat-associates" "Amenaza a colegas o personas cercanas"
        "harassment" "Hostigamiento"
        "intimidation" "Intimidación"
        "stalking" "Acecho, seguimiento repetido"
        "reprisal" "Represalia por cooperar (se suma a otro acto)"
        "trafficking" "Trata de personas"
        "extortion" "Extorsión"
        "discrimination" "Discriminación, también por varios motivos a la vez"
        "economic-marginalisation" "Marginación económica"
        "criminalisation" "Criminalización"
        "judicial-harassment" "Hostigamiento judicial"
        "slapp" "Demanda abusiva para silenciar (SLAPP)"
        "law-misuse-security" "Abuso de una ley de seguridad o antiterrorista"
        "law-misuse-cyber" "Abuso de una ley de ciberdelitos"
        "law-misuse-defamation" "Abuso de una ley de difamación o calumnia"
        "law-misuse-cso" "Abuso de la ley de asociaciones"
        "emergency-measure-misuse" "Abuso de una medida de emergencia"
        "stigmatisation" "Estigmatización o deslegitimación"
        "smear-campaign" "Campaña de desprestigio"
        "defamation-of-defender" "Difamación de la persona defensora"
        "hate-speech" "Discurso de odio o incitación"
        "disinformation" "Desinformación"
        "misinformation" "Información errónea"
        "malicious-propaganda" "Propaganda malintencionada"
        "racist-abuse" "Insultos racistas, xenófobos o con estereotipos"
        "political-violence" "Violencia política"
        "child-abuse-online" "Violencia, abuso, abandono o explotación sexual contra un menor"
        "access-obstruction" "Obstáculos para acceder a la ONU o a otro órgano"
        "accreditation-denial" "Acreditación denegada"
        "self-censorship" "No cooperó, por miedo"
        "travel-ban" "Restricción de viajar"
        "funding-restriction" "Acceso restringido a fondos o recursos"
        "administrative-restriction" "Restricción legal o administrativa de la actividad"
        "assembly-restriction" "Restricción de reunión o asociación"
        "lawyer-access-denial" "Acceso a un abogado denegado"
        "equipment-seizure" "Incautación arbitraria de equipos"
        "premises-raid" "Allanamiento o registro de casa u oficina"
        "online-violence" "Violencia en línea (en general)"
        "online-harassment" "Acoso en línea"
        "online-intimidation" "Intimidación en línea"
        "online-threat" "Amenaza en línea"
        "online-smear" "Campaña de desprestigio en línea"
        "online-stalking" "Acecho en línea"
        "doxing" "Datos personales expuestos para hacer daño"
        "ncii" "Contenido íntimo o sexual difundido sin consentimiento"
        "deepfake-abuse" "Imagen falsa o íntima hecha con IA"
        "hacking" "Ataque informático a un aparato o sistema"
        "state-hacking" "Ataque informático patrocinado por un Estado"
        "spyware-targeting" "Ataque con programas espía o maliciosos"
        "account-intrusion" "Acceso ilegal a cuentas"
        "device-intrusion" "Acceso ilegal a un teléfono u otro aparato"
        "interception" "Interceptación de comunicaciones"
        "comms-disruption" "Perturbación de comunicaciones"
        "dos-attack" "Ataque que paraliza un servicio"
        "surveillance-physical" "Vigilancia física arbitraria"
        "surveillance-digital" "Vigilancia o rastreo digital arbitrario"
        "surveillance-mass" "Vigilancia masiva"
        "biometric-abuse" "Identificación biométrica ilegal"
        "misidentification" "Identificación errónea por biometría o IA"
        "ai-profiling" "Perfil, puntuación o predicción sobre una persona"
        "ai-harm" "Otro daño causado por un sistema de IA"
        "data-collection-unlawful" "Recogida ilegal de datos personales"
        "data-trade" "Datos personales vendidos o cedidos sin consentimiento"
        "data-leak" "Filtración de datos personales"
        "privacy-interference" "Injerencia arbitraria en la vida privada, el domicilio, la familia o la correspondencia"
        "digital-id-abuse" "Abuso de la identidad digital o biométrica"
        "censorship" "Censura"
        "encryption-restriction" "Restricción del cifrado o de herramientas de anonimato"
        "shutdown-full" "Corte general de internet"
        "shutdown-platform" "Plataforma o servicio bloqueado"
        "throttling" "Conexión ralentizada a propósito"
        "content-filtering" "Filtrado o bloqueo de contenidos"
        "network-restriction" "Otra restricción de la red"
        "transnational-repression" "Represión transnacional (se suma a otro acto)"
        "online-session-interference" "Obstáculos para participar en línea"
        "impunity-failure" "Falta de investigación o de reparación"
        "other-act" "Otro acto"
    }
    Victims victims VICTIMS {
        "hrd" "Persona defensora de derechos humanos"
        "whrd" "Mujer defensora de derechos humanos"
        "env-hrd" "Persona defensora del medio ambiente"
        "indigenous-hrd" "Persona defensora indígena"
        "activist" "Activista"
        "journalist" "Periodista"
        "media-worker" "Otra persona que trabaja en medios"
        "trade-unionist" "Sindicalista"
        "legal-representative" "Abogada, abogado o representante legal"
        "family-member" "Familiar"
        "associate" "Colega o persona cercana"
        "victim-of-violation" "Víctima que coopera con un órgano"
        "witness" "Testigo o persona que dio información"
        "procedure-user" "Persona que usa un procedimiento de la ONU"
        "complainant" "Persona que presentó una queja ante un órgano de la ONU"
        "assister" "Persona que dio ayuda jurídica u otra"
        "relative-of-victim" "Familiar de una víctima"
        "relative-of-assister" "Familiar de alguien que ayudó"
        "nhri-staff" "Miembro o personal de una institución nacional de derechos humanos"
        "cso" "Organización de la sociedad civil"
        "womens-org" "Organización de mujeres"
        "community" "Comunidad o grupo"
    }
    Perpetrators perpetrators PERPETRATORS {
        "state-executive-national" "Gobierno nacional"
        "state-local" "Autoridad local"
        "state-armed-forces" "Fuerzas armadas"
        "state-police" "Policía"
        "state-prison" "Administración penitenciaria"
        "state-intelligence" "Servicio de inteligencia"
        "state-legislature" "Parlamento"
        "state-judiciary" "Tribunales o fiscalía"
        "state-regulator" "Regulador de telecomunicaciones o medios"
        "foreign-state" "Estado extranjero"
        "occupying-power" "Fuerza de ocupación"
        "paramilitary" "Grupo progubernamental o paramilitar"
        "vigilante" "Vigilantes o escuadrón de la muerte"
        "armed-group" "Grupo armado"
        "criminal-group" "Grupo criminal"
        "company-surveillance" "Empresa de vigilancia"
        "company-platform" "Plataforma o red social"
        "company-telecom" "Operador de telecomunicaciones o de internet"
        "company-data-broker" "Vendedor de datos"
        "company-other" "Otra empresa"
        "private-security" "Seguridad privada"
        "landowner" "Terrateniente"
        "private-individual" "Particular"
        "online-mob" "Cuentas coordinadas en línea"
        "unknown" "No se sabe"
    }
    Spheres spheres SPHERES {
        "offline" "Fuera de línea"
        "online" "En línea"
        "both" "Ambas cosas"
    }
    Stages stages STAGES {
        "threatened" "Amenaza"
        "attempted" "Intento"
        "completed" "Consumado"
        "ongoing" "Continúa"
    }
    Scales scales SCALES {
        "individual" "Una persona"
        "group" "Un grupo"
        "mass" "Toda una población"
    }
    Contexts contexts CONTEXTS {
        "protest" "Manifestación"
        "election" "Elecciones"
        "armed-conflict" "Conflicto armado"
        "occupation" "Ocupación"
        "crisis" "Crisis"
        "emergency-health" "Emergencia sanitaria"
        "assembly" "Reunión pacífica"
        "un-session" "Período de sesiones de un órgano de la ONU"
        "none" "Ninguno de estos"
    }
    Reasons reasons REASONS {
        "defender-work" "Labor en favor de los derechos humanos"
        "documentation-work" "Documentación de violaciones"
        "cooperation" "Cooperación con un órgano de derechos humanos"
        "expression" "Expresión o publicación"
        "association" "Reunión u organización"
        "legal-aid" "Asistencia jurídica prestada"
        "unknown" "No se sabe"
    }
    CountingUnits counting_units COUNTING_UNITS {
        "individual" "Una persona"
        "family" "Familia"
        "group" "Grupo"
        "organisation" "Organización"
        "community" "Comunidad"
        "public" "El público en general"
    }
    AgeBands age_bands AGE_BANDS {
        "0-17" "Menos de 18 años"
        "18-24" "De 18 a 24 años"
        "25-34" "De 25 a 34 años"
        "35-59" "De 35 a 59 años"
        "60-plus" "60 años o más"
        "not-said" "Prefirió no decirlo"
        "not-asked" "No se preguntó"
        "unknown" "No se sabe"
    }
    Attributions attributions ATTRIBUTIONS {
        "state-committed" "Cometido por el Estado"
        "state-ordered" "Ordenado por el Estado"
        "state-tolerated" "Tolerado por el Estado"
        "state-acquiesced" "El Estado lo sabía y lo permitió"
        "non-state" "Ajeno al Estado"
        "undetermined" "Sin determinar"
    }
    CompanyLinks company_links COMPANY_LINKS {
        "caused" "Causó el daño"
        "contributed" "Contribuyó al daño"
        "directly-linked" "Directamente vinculada al daño"
        "none-found" "No se encontró vínculo"
    }
    Technologies technologies TECHNOLOGIES {
        "spyware" "Programa espía"
        "malware" "Otro programa malicioso"
        "phishing" "Suplantación para robar datos (phishing)"
        "zero-click" "Ataque sin ningún clic"
        "forensic-extractor" "Herramienta que copia un teléfono"
        "lawful-intercept" "Interceptación a través del operador"
        "signalling-attack" "Ataque a la señalización telefónica (SS7, Diameter)"
        "imsi-catcher" "Antena falsa (interceptor de IMSI)"
        "cctv" "Videovigilancia"
        "aerial" "Dron u otra aeronave"
        "facial-recognition" "Reconocimiento facial"
        "emotion-recognition" "Reconocimiento de emociones"
        "gait-other-biometric" "Forma de andar u otra biometría"
        "geolocation" "Geolocalización"
        "dpi" "Inspección profunda de paquetes"
        "throttle-box" "Equipo que ralentiza las conexiones"
        "bgp-withdrawal" "Retirada de rutas de red (BGP)"
        "dns-tamper" "Alteración de la resolución de nombres (DNS)"
        "ip-block" "Bloqueo de direcciones IP"
        "vpn-block" "Bloqueo de VPN o de Tor"
        "jamming" "Interferencia de señales"
        "deepfake" "Contenido falso hecho con IA (deepfake)"
        "generative-text" "Texto generado"
        "botnet" "Red de cuentas automatizadas"
        "predictive-system" "Sistema de predicción"
        "social-scoring" "Puntuación social"
        "content-moderation-ai" "Moderación automatizada"
        "ranking-algorithm" "Algoritmo de clasificación"
        "data-broker-feed" "Datos comprados"
        "digital-id" "Identidad digital"
        "contact-tracing" "Rastreo de contactos"
        "ddos" "Denegación de servicio"
        "account-takeover" "Toma de control de una cuenta"
        "physical-tracker" "Dispositivo de seguimiento"
        "unknown-tech" "Tecnología desconocida"
    }
    Detections detections DETECTIONS {
        "forensic-lab" "Examen de un laboratorio"
        "vendor-notification" "Aviso del fabricante"
        "platform-warning" "Aviso de una plataforma"
        "leak" "Documentos filtrados"
        "network-measurement" "Medición de la red"
        "self-observed" "Lo notó la propia persona"
        "court-record" "Documento judicial"
        "inferred" "Deducido"
    }
    Credibilities credibilities CREDIBILITIES {
        "1" "1 · Confirmada"
        "2" "2 · Probablemente cierta"
        "3" "3 · Posiblemente cierta"
        "4" "4 · Dudosa"
        "5" "5 · Improbable"
        "6" "6 · No se puede valorar"
    }
    Corroborations corroborations CORROBORATIONS {
        "c0" "C0 · Una sola fuente"
        "c1" "C1 · Una fuente directa y un documento"
        "c2" "C2 · Dos fuentes independientes"
        "c3" "C3 · Dos fuentes independientes y una prueba material o digital"
        "c4" "C4 · Tres o más fuentes independientes, una de ellas directa, con las contradicciones resueltas"
    }
    Standards standards STANDARDS {
        "unassessed" "Sin valorar"
        "grounds-to-suspect" "Motivos razonables para sospechar"
        "grounds-to-believe" "Motivos razonables para creer"
        "balance-of-probabilities" "Preponderancia de la prueba"
        "judicially-established" "Establecido por un tribunal"
        "not-established" "No establecido"
        "disproved" "Desmentido"
    }
    IdentityLevels identity_levels IDENTITY_LEVELS {
        "none" "Ningún dato de identidad"
        "pseudonym" "Un seudónimo"
        "initials" "Las iniciales"
        "full-name" "El nombre completo"
        "full-name-and-contact" "El nombre completo y los datos de contacto"
    }
    Purposes purposes PURPOSES {
        "documentation-internal" "Conservación en esta oficina para documentar los hechos"
        "protection-help" "Búsqueda de ayuda o protección"
        "statistics" "Recuento en cifras que no nombran a nadie"
        "public-anonymous" "Publicación sin el nombre"
        "public-named" "Publicación con el nombre"
        "un-confidential" "Transmisión confidencial a la ONU"
        "un-special-procedures" "Transmisión a los procedimientos especiales de la ONU"
        "state-transmission" "Transmisión al Estado en cuestión"
        "company-transmission" "Transmisión a la empresa en cuestión"
        "un-public-report" "Mención en un informe público de la ONU"
        "reprisals-sg-report" "Mención en el informe del Secretario General sobre represalias"
        "regional-mechanism" "Transmisión a un órgano regional de derechos humanos"
        "nhri" "Transmisión a la institución nacional de derechos humanos"
        "court-or-prosecutor" "Transmisión a un tribunal o a la fiscalía"
        "media" "Entrega a periodistas"
        "research" "Uso para la investigación académica"
        "share-partner-org" "Intercambio con una organización aliada"
    }
    ConsentGivers consent_givers CONSENT_GIVERS {
        "self" "La propia persona"
        "guardian" "La madre, el padre o quien ejerce la tutela"
        "next-of-kin" "Un familiar cercano"
        "lawyer" "La abogada o el abogado de la persona"
        "office" "Esta oficina, porque no se puede preguntar a nadie más"
    }
    Grounds grounds GROUNDS {
        "public-source" "Información ya pública"
        "deceased" "La persona ha fallecido"
        "disappeared" "La persona está desaparecida y no se le puede preguntar"
        "vital-interest" "Una vida corre peligro y no se puede preguntar a tiempo"
        "legal-duty" "La ley lo exige"
    }
    Communications communications COMMUNICATIONS {
        "urgent-appeal" "Llamamiento urgente"
        "allegation-letter" "Carta de denuncia"
        "other-letter" "Otra carta, sobre una ley o una política"
        "joint-letter" "Carta conjunta"
        "company-letter" "Carta a una empresa"
        "individual-complaint" "Denuncia individual"
        "wgeid-humanitarian" "Procedimiento humanitario para personas desaparecidas"
        "wgad-opinion" "Solicitud de opinión sobre detención arbitraria"
        "reprisals-submission" "Comunicación sobre represalias"
        "presidency-good-offices" "Buenos oficios de la Presidencia del Consejo"
        "upr-submission" "Contribución al examen periódico universal"
        "shadow-report" "Informe alternativo a un órgano de tratado"
        "nhri-complaint" "Queja ante la institución nacional de derechos humanos"
        "regional-complaint" "Petición ante un órgano regional"
        "prosecutor-complaint" "Denuncia penal"
        "export-control-notice" "Aviso a una autoridad de control de exportaciones"
        "platform-escalation" "Aviso prioritario a una plataforma"
        "press-release" "Comunicado de prensa"
        "sdg-data-return" "Datos para los Objetivos de Desarrollo Sostenible"
    }
    AccountabilitySteps accountability_steps ACCOUNTABILITY_STEPS {
        "complaint-filed" "Denuncia presentada"
        "investigation" "Investigación"
        "charge" "Imputación"
        "trial" "Juicio"
        "verdict" "Sentencia dictada"
        "sentence" "Pena impuesta"
        "appeal" "Recurso"
        "enforced" "Pena cumplida"
    }
    Degrees degrees DEGREES {
        "ordered" "Lo ordenó"
        "carried-out" "Lo cometió"
        "took-part" "Participó"
        "incited" "Incitó a otros"
        "supplied-means" "Proporcionó los medios"
        "stood-by" "Podía impedirlo y no lo hizo"
        "covered-up" "Lo encubrió después"
        "unknown" "No se sabe"
    }
    Aftermaths aftermaths AFTERMATHS {
        "safe" "A salvo, que se sepa"
        "threatened" "Sigue bajo amenaza"
        "injured" "Con lesiones"
        "detained" "Bajo detención"
        "missing" "En paradero desconocido"
        "in-hiding" "En la clandestinidad"
        "displaced" "Tuvo que dejar su hogar"
        "in-exile" "En el exilio"
        "dead" "Ha muerto"
        "unknown" "No se sabe"
    }
    Chains chains CHAINS {
        "led-to" "Condujo a esto"
        "announced" "Lo anunciaba, como hace una amenaza"
        "answered" "Esto fue la respuesta"
        "repeated" "Lo mismo, una vez más"
        "one-campaign" "Parte de una misma campaña"
        "only-later" "Ocurrió después; no se ha demostrado ningún vínculo"
    }
    LinkStrengths link_strengths LINK_STRENGTHS {
        "said-so" "El autor lo dijo"
        "documented" "Un documento lo demuestra"
        "likely" "El momento y las circunstancias apuntan a ello"
        "possible" "Posible"
    }
    Bodies bodies BODIES {
        "human-rights-council" "Consejo de Derechos Humanos"
        "special-procedures" "Procedimientos especiales"
        "upr" "Examen periódico universal"
        "treaty-body" "Órgano de tratado"
        "general-assembly" "Asamblea General y sus comisiones"
        "security-council" "Consejo de Seguridad"
        "ohchr" "Oficina del Alto Comisionado para los Derechos Humanos"
        "peace-operation" "Operación de paz"
        "inquiry" "Comisión de investigación o misión de determinación de los hechos"
        "other-un" "Otro órgano de la ONU"
        "regional-body" "Órgano regional de derechos humanos"
        "nhri" "Institución nacional de derechos humanos"
    }
    Cooperations cooperations COOPERATIONS {
        "testimony" "Prestó testimonio"
        "information" "Dio información"
        "meeting" "Se reunió con el órgano"
        "session" "Participó en un período de sesiones"
        "procedure" "Recurrió a un procedimiento de la ONU"
        "complaint" "Presentó una comunicación en virtud de un tratado"
        "legal-help" "Prestó asistencia jurídica para ello"
        "other-help" "Prestó otra ayuda para ello"
        "kinship" "Es familiar de alguien que lo hizo"
    }
    CooperationPhases cooperation_phases COOPERATION_PHASES {
        "sought" "Quería cooperar"
        "cooperating" "Estaba cooperando"
        "cooperated" "Había cooperado"
    }
    RestrictionScopes restriction_scopes RESTRICTION_SCOPES {
        "national" "Todo el país"
        "regional" "Varias ciudades o distritos"
        "local" "Una ciudad, un distrito o un campamento"
    }
}

#[allow(
    clippy::indexing_slicing,
    reason = "runs while it compiles: a place that is not there is an error of the build"
)]
const fn whole(list: &Vocabulary, said: Labels) -> Labels {
    let entries = list.entries();
    assert!(entries.len() == said.len(), "a word without its label");
    let mut at = 0;
    while at < entries.len() {
        let (code, label) = said[at];
        assert!(equal(entries[at].code, code), "a label out of its place");
        assert!(!label.is_empty(), "a label that says nothing");
        at += 1;
    }
    said
}

#[allow(clippy::indexing_slicing, reason = "as above")]
const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Country;

    #[test]
    fn two_words_of_one_list_are_not_called_the_same() {
        for labels in ALL {
            let called: BTreeSet<&str> = labels.iter().map(|(_, label)| *label).collect();
            assert_eq!(called.len(), labels.len());
        }
    }

    #[test]
    fn every_country_has_a_name() {
        for known in Country::all() {
            assert!(country(known.code()).is_some(), "{}", known.code());
        }
    }
}
