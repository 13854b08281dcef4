//! The kit in Spanish.

use super::super::{Kit, KitSpoken};

pub(super) const KIT: Kit = Kit {
    lead: "Este archivo funciona sin red. Sella su carta en este aparato. Después usted lleva la carta sellada: como archivo, de esta pantalla a una cámara, o como líneas de texto.",
    good_until: "Vale hasta el {date}. Después de ese día ya no sella nada: pida un kit nuevo a {office}.",
    openable_longer: "Una carta sellada aquí puede tardar meses en llegar. Por eso la oficina guarda su clave cerca de un año más que la de una carta enviada desde su página.",
    needs_script: "Guarde este archivo en el aparato y ábralo desde ahí, en un navegador que ejecute scripts: hacen falta para sellar.",
    seal: "Sellar",
    seal_1: "Cuando pulse «Sellar», este aparato sellará su carta. Desde entonces nadie podrá abrirla aquí, tampoco usted. Solo saldrá cuando usted la lleve.",
    carried_heading: "Sellada. Todavía no ha salido.",
    carried_1: "La carta sellada está solo en esta ventana. Llévela de una de estas maneras, o de varias: si llega dos veces, cuenta una.",
    save: "Guardarla como archivo",
    save_note: "Lleve el archivo a un punto de entrega o a una computadora con red. Quien lo encuentre no puede leerlo, pero ve que está ahí.",
    codes: "Mostrarla a una cámara",
    codes_note: "El código cambia tres veces por segundo. Si las imágenes que cambian le hacen daño a usted o a alguien cerca, use los códigos fijos.",
    pause: "Pausa",
    go_on: "Seguir",
    slower: "Más despacio",
    still: "Códigos fijos, todos juntos",
    hide_codes: "Ocultar los códigos",
    lines: "Mostrarla como texto",
    lines_note: "Copie estas líneas en cualquier mensaje. Cada línea se comprueba sola; el orden no importa.",
    carried_close: "Ya la he llevado: vaciar esta ventana",
    board_label: "Carpeta del tablero copiado",
    board_hint: "Elija la carpeta de la memoria que contiene «board» y «office». Nada de ella sale de este aparato.",
    change: "Para tomar palabras nuevas, use la página de la oficina.",
    sheet_heading: "El kit de {office}",
    sheet_1: "Esta es la huella de la oficina, como texto y como código. Debe ser la misma en el kit.",
    sheet_digest: "SHA-256 del archivo del kit, para comparar antes de usarlo",
};

pub(super) const SPOKEN: KitSpoken = KitSpoken {
    clock: "Este aparato dice {here}; este kit se hizo el {there}. Por tanto, el reloj de este aparato está mal. Ajústelo, o siga si ya lo sabe.",
    no_notice: "Elija primero la carpeta del tablero copiado. Si ya lo hizo, faltan archivos en ella: haga otra vez la copia.",
    old_notice: "Este kit terminó el {date}. Ya no sella nada: pida uno nuevo a la oficina.",
    sending: "Sellando …",
    kit_over: "Este kit terminó el {date}. Ya no sella nada: pida uno nuevo a la oficina. Aún puede leer aquí una respuesta.",
    board_taken: "Lo más nuevo de esta copia es del {date}. Lo que llegó después no está en ella.",
    board_nothing: "En esta carpeta no hay ningún tablero de esta oficina. Elija la carpeta que contiene «board» y «office».",
    saved: "El navegador la guardó como {name}. Mire si está ahí antes de cerrar esta ventana.",
    code: "Código {n}. La carta tiene {of}; basta con unos pocos más.",
};
