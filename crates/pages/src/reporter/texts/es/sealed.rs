//! Spanish: handing in a letter that was sealed elsewhere.

use super::super::Sealed;

pub(super) const SEALED: Sealed = Sealed {
    link: "Enviar una carta ya sellada",
    heading: "Enviar una carta sellada",
    lead: "Esta vía funciona sin scripts, y la carta sigue sellada de extremo a extremo: se selló en otro lugar y aquí solo se entrega.",
    how_heading: "Cómo sellar una",
    how_kit: "En otro aparato, con un navegador que ejecute scripts: abra el kit de la oficina y guarde la carta como archivo.",
    how_program: "En una computadora: con el programa temoin-report.",
    how_carry: "Traiga el archivo aquí, en una memoria USB o una tarjeta. Su nombre termina en .BIN.",
    files: "Cartas selladas (archivos que terminan en .BIN)",
    files_hint: "Hasta dieciséis a la vez. Sus nombres no importan.",
    send: "Enviar",
    after: "La página siguiente dice de cada archivo si ha llegado. Un archivo enviado dos veces cuenta una sola vez.",
    stays: "El archivo se queda donde está en este aparato: en las descargas, en la lista de archivos recientes, en la papelera después de borrarlo. Aquí nadie puede abrirlo, pero muestra que usted quería enviar algo.",
};
