//! What the script for new words says, in French.

use super::super::NewWords;

pub(super) const NEW_WORDS: NewWords = NewWords {
    new_1: "Les anciens mots ouvrent toujours ce qui a été envoyé avant : les réponses déjà lues et celles qui sont en route. Personne ne peut revenir là-dessus.",
    new_2: "Quand le bureau aura ouvert et accepté ce changement, tout ce qu’il enverra ira aux nouveaux mots, et à eux seuls.",
    new_3: "Si quelqu’un surveille cet appareil, cela ne sert à rien : il verra aussi les nouveaux mots. Prenez-les alors sur un autre appareil.",
    new_4: "Le bureau apprend que les mots ont changé. Il ne voit pas qui l’a fait : si quelqu’un les a changés avant vous, il pourra poser la question.",
    new_draw: "Tirer de nouveaux mots",
    new_not: "Garder les anciens mots",
    new_shown: "Vos nouveaux mots, dans cet ordre",
    new_keep: "Gardez aussi les anciens mots. Ne les barrez qu’une fois le premier signe du bureau reçu avec les nouveaux. Cela peut prendre des jours ; d’ici là, cherchez avec les deux.",
    new_box: "Nom de la boîte des nouveaux mots, à comparer",
    new_learned: "Je sais les nouveaux mots",
    new_rehearsal: "Les nouveaux mots, une fois, de mémoire",
    new_known: "C’est bien cela : ce sont vos nouveaux mots.",
    new_see: "Revoir les nouveaux mots",
    new_ready: "Dernière étape : le bureau est prévenu par une lettre scellée, signée par les anciens mots et par les nouveaux. Tant qu’elle n’est pas arrivée, rien n’a changé.",
    new_seal: "Changer les mots maintenant",
    new_no_keys: "Les clés du bureau n’ont pas pu être chargées. Réessayez avec une meilleure connexion.",
    new_not_yet: "Gardez les deux : les anciens mots et les nouveaux.",
    new_done: "Votre changement de mots est arrivé",
    new_done_1: "Le serveur du bureau l’a attesté par sa signature. Quand le bureau l’aura ouvert et accepté, les réponses n’iront plus qu’aux nouveaux mots.",
};
