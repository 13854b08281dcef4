//! What the form's words are called in Spanish.

use record::vocabulary::spanish;

use crate::reporter::texts::labels::{Labels, Own};

pub(super) const LABELS: Labels = Labels::Own(&OWN);

static OWN: Own = Own {
    acts: spanish::ACTS,
    families: &[
        ("life", "Muerte, desaparición"),
        ("liberty", "Arresto, detención, secuestro"),
        ("body", "Golpes, tortura, violencia"),
        ("threats", "Amenazas, presiones, seguimientos"),
        ("law", "La ley usada contra la persona"),
        ("speech", "Desprestigio, insultos, discriminación"),
        ("work", "Trabajo obstaculizado, bienes incautados"),
        ("online", "Ataques en línea"),
        ("intrusion", "Intrusión en aparatos o cuentas"),
        ("surveillance", "Vigilancia, abuso de datos personales"),
        ("network", "Redes cortadas, contenidos bloqueados"),
        ("other", "Otra cosa"),
    ],
    victims: spanish::VICTIMS,
    perpetrators: spanish::PERPETRATORS,
    relations: &[
        ("self", "Me pasó a mí"),
        ("family", "Le pasó a alguien de mi familia"),
        ("colleague", "Le pasó a alguien con quien trabajo"),
        ("witness", "Lo vi o lo oí"),
        ("lawyer", "Soy la abogada o el abogado de la persona"),
        ("organisation", "Escribo por una organización"),
        ("helper", "Ayudo a alguien a escribir"),
        ("other", "Otra situación"),
    ],
    helping: &[
        ("yes", "Lo sabe; no sé si está de acuerdo"),
        ("no", "No lo sabe"),
        ("cannot-ask", "No se le puede preguntar"),
        ("agrees", "Lo sabe y está de acuerdo"),
    ],
    urgencies: &[
        ("now", "Está pasando ahora"),
        ("soon", "Puede pasar pronto"),
        ("past", "Ya pasó"),
        ("unknown", "No lo sé"),
    ],
    purposes: &[
        (
            "documentation-internal",
            "Guardarlo en esta oficina para documentar lo que pasó",
        ),
        ("protection-help", "Usarlo para buscar ayuda o protección"),
        ("statistics", "Contarlo en cifras que no nombran a nadie"),
        ("public-anonymous", "Hacerlo público sin el nombre"),
        ("public-named", "Hacerlo público con el nombre"),
        (
            "un-confidential",
            "Enviarlo a la ONU, de forma confidencial",
        ),
        (
            "un-special-procedures",
            "Enviarlo a los procedimientos especiales de la ONU",
        ),
        ("state-transmission", "Enviarlo al Estado en cuestión"),
        ("company-transmission", "Enviarlo a la empresa en cuestión"),
        (
            "un-public-report",
            "Nombrar a la persona en un informe público de la ONU",
        ),
        (
            "reprisals-sg-report",
            "Incluirlo en el informe del Secretario General sobre represalias",
        ),
        (
            "regional-mechanism",
            "Enviarlo a un órgano regional de derechos humanos",
        ),
        (
            "nhri",
            "Enviarlo a la institución nacional de derechos humanos",
        ),
        (
            "court-or-prosecutor",
            "Enviarlo a un tribunal o a la fiscalía",
        ),
        ("media", "Darlo a periodistas"),
        ("research", "Usarlo para la investigación académica"),
        (
            "share-partner-org",
            "Compartirlo con una organización aliada",
        ),
    ],
    answers: &[
        ("yes", "Sí"),
        ("no", "No"),
        ("not-asked", "No se preguntó"),
        ("ask-again", "Pregúntenme más tarde"),
        ("cannot-ask", "No se puede preguntar a la persona"),
    ],
    identity_levels: &[
        ("none", "Nada de la identidad"),
        ("pseudonym", "Un seudónimo"),
        ("initials", "Las iniciales"),
        ("full-name", "El nombre completo"),
        (
            "full-name-and-contact",
            "El nombre completo y cómo localizarle",
        ),
    ],
    countries: spanish::COUNTRIES,
}
.checked();
