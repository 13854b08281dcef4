//! What the script for new words says, in French.

use super::super::NewWords;

pub(super) const NEW_WORDS: NewWords = NewWords {
    new_1: "Les anciens mots ouvrent toujours ce qui a été envoyé avant : les réponses déjà lues et celles qui sont en route. Personne ne peut revenir là-dessus.",
    new_2: "Tout ce que le bureau enverra après avoir ouvert ce changement ira aux nouveaux mots, et à eux seuls.",
    new_3: "Si quelqu’un surveille cet appareil, cela ne sert à rien : il verra aussi les nouveaux mots. Prenez-les alors sur un autre appareil.",
    new_4: "Le bureau apprend que les mots ont changé. Il ne voit pas qui l’a fait : si quelqu’un les a changés avant vous, il pourra poser la question.",
    new_draw: "Tirer de nouveaux mots",
    new_not: "Garder les anciens mots",
    new_ready: "Dernière étape : le bureau est prévenu par une lettre scellée, signée par les anciens mots et par les nouveaux. Tant qu’elle n’est pas arrivée, rien n’a changé.",
    new_seal: "Changer les mots maintenant",
    new_not_yet: "Gardez les deux, les anciens mots et les nouveaux, jusqu’à ce que cette page dise qu’ils ont changé.",
    new_done: "Vos mots ont changé",
    new_done_1: "Le serveur du bureau l’a attesté par sa signature. Désormais, lisez et écrivez avec les nouveaux mots.",
    new_done_2: "La première réponse aux nouveaux mots peut prendre des jours. D’ici là, cherchez avec les deux.",
};
