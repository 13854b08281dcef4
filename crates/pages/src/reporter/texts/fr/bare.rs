//! French: what the script says that brings cryptography to a browser without any.

use super::super::Bare;

pub(super) const BARE: Bare = Bare {
    pure_warning: "Cette adresse n’est pas protégée. Quiconque se trouve sur la ligne entre cet appareil et le serveur pourrait changer cette page, et lire ce que vous tapez, sans que vous le voyiez. Mieux : une adresse qui commence par https, le navigateur Tor, ou le kit du bureau ci-dessous. Si vous n’avez rien de cela, et que vous faites confiance à ce réseau, vous pouvez continuer ici.",
    pure_go_on: "Continuer ici malgré tout",
};
