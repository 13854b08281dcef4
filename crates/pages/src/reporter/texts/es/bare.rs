//! Spanish: what the script says that brings cryptography to a browser without any.

use super::super::Bare;

pub(super) const BARE: Bare = Bare {
    pure_warning: "Esta dirección no está protegida. Quien esté en la línea entre este aparato y el servidor podría cambiar esta página, y leer lo que usted escribe, sin que usted lo vea. Mejor: una dirección que empiece por https, el navegador Tor, o el kit de la oficina, abajo. Si no tiene nada de esto, y confía en esta red, puede seguir aquí.",
    pure_go_on: "Seguir aquí de todos modos",
};
