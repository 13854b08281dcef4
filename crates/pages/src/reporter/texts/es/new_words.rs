//! What the script for new words says, in Spanish.

use super::super::NewWords;

pub(super) const NEW_WORDS: NewWords = NewWords {
    new_1: "Las palabras antiguas siguen abriendo lo que se envió antes: las respuestas que ya leyó y las que están en camino. Eso nadie puede deshacerlo.",
    new_2: "Cuando la oficina haya abierto y aceptado este cambio, todo lo que envíe irá a las palabras nuevas, y solo a ellas.",
    new_3: "Si alguien vigila este dispositivo, no sirve de nada: verá también las palabras nuevas. Tómelas entonces en otro dispositivo.",
    new_4: "La oficina sabrá que las palabras cambiaron. No puede ver quién lo hizo: si otra persona las cambió antes que usted, puede que pregunte.",
    new_draw: "Sacar palabras nuevas",
    new_not: "Conservar las antiguas",
    new_shown: "Sus palabras nuevas, en este orden",
    new_keep: "Conserve también las palabras antiguas. Táchelas solo cuando la primera señal de la oficina haya llegado a las nuevas. Puede tardar días; hasta entonces, busque con las dos series.",
    new_box: "Nombre del buzón de las palabras nuevas, para comparar",
    new_learned: "Ya me sé las palabras nuevas",
    new_rehearsal: "Las palabras nuevas una vez, de memoria",
    new_known: "Muy bien: esas son sus palabras nuevas.",
    new_see: "Ver otra vez las palabras nuevas",
    new_ready: "Último paso: se avisa a la oficina con una carta sellada que firman las palabras antiguas y las nuevas. Mientras no llegue, nada ha cambiado.",
    new_seal: "Cambiar las palabras ahora",
    new_no_keys: "No se pudieron descargar las llaves de la oficina. Inténtelo de nuevo con mejor conexión.",
    new_not_yet: "Conserve las dos series: las palabras antiguas y las nuevas.",
    new_done: "Su cambio de palabras ha llegado",
    new_done_1: "El servidor de la oficina lo ha firmado. Cuando la oficina lo haya abierto y aceptado, las respuestas irán solo a las palabras nuevas.",
};
