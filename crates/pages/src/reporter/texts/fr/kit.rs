//! The kit in French.

use super::super::{Kit, KitSpoken};

pub(super) const KIT: Kit = Kit {
    lead: "Ce fichier fonctionne sans réseau. Il scelle votre lettre sur cet appareil. Ensuite, c’est vous qui transportez la lettre scellée : en fichier, de cet écran à une caméra, ou en lignes de texte.",
    good_until: "Valable jusqu’au {date}. Après ce jour, il ne scelle plus rien : prenez un nouveau kit auprès de {office}.",
    openable_longer: "Une lettre scellée ici peut rester des mois en route. C’est pourquoi le bureau garde sa clé environ un an de plus que pour une lettre envoyée depuis sa page.",
    needs_script: "Enregistrez ce fichier sur l’appareil et ouvrez-le de là, dans un navigateur qui exécute les scripts : il en faut pour sceller.",
    seal: "Sceller",
    seal_1: "Quand vous appuierez sur « Sceller », cet appareil scellera votre lettre. Dès lors, personne ne pourra plus l’ouvrir ici, pas même vous. Elle ne partira que quand vous l’emporterez.",
    carried_heading: "Scellée. Elle n’est pas encore partie.",
    carried_1: "La lettre scellée n’existe que dans cette fenêtre. Transportez-la d’une de ces façons, ou de plusieurs : si elle arrive deux fois, elle compte une fois.",
    save: "L’enregistrer dans un fichier",
    save_note: "Apportez le fichier à un point de dépôt, ou à un ordinateur qui a un réseau. Qui le trouve ne peut pas le lire, mais voit qu’il est là.",
    codes: "La montrer à une caméra",
    codes_note: "Le code change trois fois par seconde. Si des images qui changent vous font mal, à vous ou à quelqu’un près de vous, prenez les codes fixes.",
    pause: "Suspendre",
    go_on: "Continuer",
    slower: "Plus lentement",
    still: "Codes fixes, tous ensemble",
    hide_codes: "Cacher les codes",
    lines: "La montrer en texte",
    lines_note: "Copiez ces lignes dans n’importe quel message. Chaque ligne se vérifie seule ; l’ordre ne compte pas.",
    carried_close: "Je l’ai transportée : vider cette fenêtre",
    board_label: "Dossier du tableau copié",
    board_hint: "Choisissez le dossier de la clé qui contient « board » et « office ». Rien n’en sort de cet appareil.",
    change: "Pour prendre de nouveaux mots, passez par la page du bureau.",
    sheet_heading: "Le kit de {office}",
    sheet_1: "Voici l’empreinte du bureau, en texte et en code. Elle doit être la même dans le kit.",
    sheet_digest: "SHA-256 du fichier du kit, à comparer avant de s’en servir",
};

pub(super) const SPOKEN: KitSpoken = KitSpoken {
    clock: "Cet appareil dit {here} ; ce kit a été fait le {there}. L’horloge de cet appareil est donc fausse. Réglez-la, ou continuez si vous le savez.",
    no_notice: "Choisissez d’abord le dossier du tableau copié. Si c’est fait, il y manque des fichiers : refaites la copie.",
    old_notice: "Ce kit a pris fin le {date}. Il ne scelle plus rien : prenez-en un nouveau auprès du bureau.",
    sending: "Scellement …",
    kit_over: "Ce kit a pris fin le {date}. Il ne scelle plus rien : prenez-en un nouveau auprès du bureau. Vous pouvez encore y lire une réponse.",
    board_taken: "Le plus récent dans cette copie date du {date}. Ce qui est venu après n’y est pas.",
    board_nothing: "Il n’y a pas de tableau de ce bureau dans ce dossier. Choisissez le dossier qui contient « board » et « office ».",
    saved: "Le navigateur l’a enregistrée sous {name}. Vérifiez qu’elle y est avant de fermer cette fenêtre.",
    code: "Code {n}. La lettre en a {of} ; il suffit d’en filmer quelques-uns de plus.",
};
