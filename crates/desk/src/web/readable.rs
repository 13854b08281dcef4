//! Readable files that left this desk, each with the way to remove it.

use casework::Case;
use maud::{Markup, html};
use record::Language;

use super::asked::{Answered, Asked, Fields};
use super::show::{Part, View, frame};
use super::{House, held, language};
use crate::desk::Desk;
use crate::readable::{Holds, Lies, ReadableFile, Removed};

/// Where the list is shown.
pub(super) const PATH: &str = "/readable-files";

impl House {
    /// Lets a file leave only when it stands on the list. All that a browser saves passes here.
    pub(super) fn listed(&self, asked: &Asked, session: usize, answered: Answered) -> Answered {
        let name = answered.file.as_ref().map(crate::evidence::HandOut::name);
        let Some(name) = name.or(answered.save_as) else {
            return answered;
        };
        let holds = match answered.file {
            Some(_) => Holds::File,
            None => Holds::Document,
        };
        let mut path = asked.path.split('/').skip(1);
        let case = match (path.next(), path.next()) {
            (Some("case"), Some(number)) => number.parse().ok(),
            _ => None,
        };
        let now = (self.clock)();
        match self.with_desk(|desk| desk.lets_out(holds, name, case, now)) {
            Some(Ok(())) => answered,
            _ => {
                let tongue = language(asked, held(&self.room).language);
                self.say(session, false, not_listed(tongue));
                Answered::see(PATH)
            }
        }
    }

    /// Says what still lies outside to whoever opened the desk: a locked one tells nobody.
    pub(super) fn tell_outside(&self, asked: &Asked, session: usize) {
        let tongue = language(asked, held(&self.room).language);
        let outside = self.with_desk(|desk| outside(desk, &[]));
        if let Some(files) = outside.flatten().filter(|files| *files > 0) {
            self.say(session, false, still_outside(files, tongue));
        }
    }
}

/// How many files lie outside that hold something of a case, or of one of these; `None` where the
/// list cannot be read. Figures were made to be read.
pub(crate) fn outside(desk: &Desk, of: &[u64]) -> Option<usize> {
    let files = desk.readable_files().ok()?;
    let of_cases = files.iter().filter(|file| file.holds != Holds::Figures);
    let wanted =
        of_cases.filter(|file| of.is_empty() || file.case.is_some_and(|case| of.contains(&case)));
    Some(wanted.count())
}

/// What still lies outside of a case and of those that are erased with it, before and after.
pub(crate) fn of_case(view: &View<'_>, desk: &Desk, case: &Case) -> Markup {
    let mut goes = desk.office().joined_with(case.id());
    goes.push(case.id());
    let numbers: Vec<u64> = goes.iter().filter_map(|id| desk.number_of(*id)).collect();
    let files = outside(desk, &numbers);
    html! {
        @if files != Some(0) {
            p.care id="readable-of-case" {
                (view.say("Readable files of this case that were saved outside the vault stay where they are", "Les fichiers lisibles de ce dossier enregistrés hors du coffre restent où ils sont"))
                (view.colon())
                a href=(PATH) { @match files {
                    Some(n) => { (n) " " (view.say("on the list", "sur la liste")) }
                    None => { (view.say("the list", "la liste")) }
                } } "."
            }
        }
    }
}

/// Removes one of the list, and says what that means.
pub(crate) fn remove(desk: &mut Desk, fields: &Fields, language: Language) -> (bool, String) {
    let number = fields.text("number").parse().unwrap_or(0);
    let (en, fr) = match desk.remove_readable(number, fields.text("said_so") == "yes") {
        Ok(Removed::Deleted(left)) if left > 0 => (
            "Deleted, but for files of these names that are no longer as the desk wrote them: they stay, and are off the list. Look at them where they lie.",
            "Supprimé, sauf des fichiers de ces noms qui ne sont plus tels que le poste les a écrits : ils restent, et ne sont plus sur la liste. Regardez-les là où ils se trouvent.",
        ),
        Ok(Removed::Deleted(_)) => (
            "Deleted. A flash disk, a snapshot or a copy in a cloud may keep it still: look there, too.",
            "Supprimé. Un disque flash, un instantané ou une copie dans un nuage peuvent encore le garder : vérifiez-y aussi.",
        ),
        Ok(Removed::SaidSo) => (
            "Off the list, by your word. The desk cannot look where the browser saved it.",
            "Retiré de la liste, sur votre parole. Le poste ne peut pas voir où le navigateur l’a enregistré.",
        ),
        Err(why) => return (false, why.sentence(language)),
    };
    let text = match language {
        Language::English => en,
        Language::French => fr,
    };
    (true, text.to_owned())
}

pub(crate) fn page(view: &View<'_>, desk: &Desk) -> Markup {
    let heading = view.say("Readable files", "Fichiers lisibles");
    let files = desk.readable_files();
    let body = html! {
        h1 { (heading) }
        p { (view.say(
            "What was saved or written outside the vault, and lies open to whoever gets at it. Remove what is no longer needed.",
            "Ce qui a été enregistré ou écrit hors du coffre, et que peut lire quiconque y accède. Retirez ce qui ne sert plus.",
        )) }
        p.soft { (view.say(
            "Not on this list, because they are sealed: the vault and its backups. Nor what was printed, copied elsewhere, or saved before this list began.",
            "N’y figurent pas, car scellés : le coffre et ses sauvegardes. Ni ce qui a été imprimé, copié ailleurs, ou enregistré avant le début de cette liste.",
        )) }
        @match &files {
            Err(_) => p.care id="unread" { (view.say("The list cannot be read, and so no file can be saved. Bring the office back from its last backup.", "La liste ne peut pas être lue ; aucun fichier ne peut donc être enregistré. Restaurez le bureau à partir de sa dernière sauvegarde.")) },
            Ok(files) if files.is_empty() => p.note id="no-readable" { (view.say("No readable file is known to lie outside.", "Aucun fichier lisible n’est connu hors du coffre.")) },
            Ok(files) => ul.dates id="readable" {
                @for file in files { (one(view, file)) }
            },
        }
    };
    frame(view, Part::Office, heading, &body)
}

fn one(view: &View<'_>, file: &ReadableFile) -> Markup {
    let id = format!("remove-{}", file.number);
    let is_saved = matches!(file.lies, Lies::Saved(_));
    html! {
        li id={ "readable-" (file.number) } {
            h2 { (holds(view, file.holds)) " " (view.say("no. ", "n° ")) (file.number) }
            dl.facts {
                @if let Some(case) = file.case {
                    dt { (view.say("Of", "De")) }
                    dd { a href={ "/case/" (case) } { (view.say("case ", "dossier ")) (case) } }
                }
                dt { (view.say("Where", "Où")) }
                dd {
                    @match &file.lies {
                        Lies::Saved(name) => {
                            (view.say("saved by the browser, at first under the name ", "enregistré par le navigateur, d’abord sous le nom ")) code { (name) }
                        }
                        Lies::Written(folder, files) => {
                            @let names: Vec<&str> = files.iter().map(|one| one.name.as_str()).collect();
                            (view.say("written by the desk into ", "écrit par le poste dans ")) code { (folder.display()) }
                            (view.colon()) (names.join(", "))
                        }
                    }
                }
                dt { (view.say("Left", "Sorti")) }
                dd { (view.time_of(file.at)) ", " code { (file.by) } }
            }
            @if is_saved {
                p.hint { (view.say(
                    "Delete it where it was saved, then empty the bin. Flash disks and copies in a cloud may keep it.",
                    "Supprimez-le là où il a été enregistré, puis videz la corbeille. Les disques flash et les copies dans un nuage peuvent le garder.",
                )) }
            }
            form id=(id) method="post" action=(PATH) autocomplete="off" {
                input type="hidden" name="token" value=(view.token);
                input type="hidden" name="number" value=(file.number);
                button.quiet type="submit" {
                    @if is_saved { (view.say("I have removed it", "Je l’ai supprimé")) }
                    @else { (view.say("Delete it", "Le supprimer")) }
                    span.unseen { " (" (view.say("no. ", "n° ")) (file.number) ")" }
                }
                @if !is_saved {
                    " "
                    button.plain type="submit" name="said_so" value="yes" {
                        (view.say("I have removed it", "Je l’ai supprimé"))
                        span.unseen { " (" (view.say("no. ", "n° ")) (file.number) ")" }
                    }
                }
            }
        }
    }
}

fn holds<'t>(view: &View<'_>, holds: Holds) -> &'t str {
    match holds {
        Holds::Document => view.say("Document", "Document"),
        Holds::File => view.say("File of a letter", "Fichier d’une lettre"),
        Holds::Figures => view.say("Published figures", "Statistiques publiées"),
    }
}

/// The way to the list, with how many are on it.
pub(crate) fn way(view: &View<'_>, desk: &Desk) -> Markup {
    html! {
        p { a id="to-readable" href=(PATH) {
            (view.say("Readable files outside the vault", "Fichiers lisibles hors du coffre")) (view.colon())
            @match outside(desk, &[]) { Some(n) => (n), None => "?" }
        } }
    }
}

fn still_outside(files: usize, language: Language) -> String {
    match (files, language) {
        (1, Language::English) => "One readable file still lies outside the vault: see “Office”, “Readable files”.".to_owned(),
        (1, Language::French) => "Un fichier lisible se trouve encore hors du coffre : voir « Bureau », « Fichiers lisibles ».".to_owned(),
        (n, Language::English) => format!("{n} readable files still lie outside the vault: see “Office”, “Readable files”."),
        (n, Language::French) => format!("{n} fichiers lisibles se trouvent encore hors du coffre : voir « Bureau », « Fichiers lisibles »."),
    }
}

fn not_listed(language: Language) -> String {
    match language {
        Language::English => "Nothing was saved: the vault could not note that a file leaves. Make room on the disk and try again.",
        Language::French => "Rien n’a été enregistré : le coffre n’a pas pu noter qu’un fichier sort. Libérez de la place sur le disque et réessayez.",
    }
    .to_owned()
}
