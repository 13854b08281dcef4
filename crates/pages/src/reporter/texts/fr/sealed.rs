//! French: handing in a letter that was sealed elsewhere.

use super::super::Sealed;

pub(super) const SEALED: Sealed = Sealed {
    link: "Envoyer une lettre déjà scellée",
    heading: "Envoyer une lettre scellée",
    lead: "Cette voie marche sans script, et la lettre reste scellée de bout en bout : elle l’a été ailleurs, ici on ne fait que la remettre.",
    how_heading: "Comment en sceller une",
    how_kit: "Sur un autre appareil, dans un navigateur qui exécute les scripts : ouvrez le kit du bureau et enregistrez la lettre comme fichier.",
    how_program: "Sur un ordinateur : avec le programme temoin-report.",
    how_carry: "Apportez le fichier ici, sur une clé ou une carte mémoire. Son nom finit par .BIN.",
    files: "Lettres scellées (fichiers finissant par .BIN)",
    files_hint: "Seize au plus à la fois. Leurs noms n’ont pas d’importance.",
    send: "Envoyer",
    after: "La page suivante dit de chaque fichier s’il est arrivé. Un fichier envoyé deux fois compte une fois.",
    stays: "Le fichier reste où il est sur cet appareil : dans les téléchargements, dans la liste des fichiers récents, dans la corbeille après que vous l’avez supprimé. Personne ici ne peut l’ouvrir, mais il montre que vous vouliez envoyer quelque chose.",
};
