//! The smaller pages: letters that could not be read, figures, the office, the locked door.

use envelope::{Day, Period};
use maud::{Markup, html};
use record::Language;
use vault::Role;

use super::NotPublished;
use super::asked::Fields;
use super::queue::alarm_list;
use super::rules;
use super::show::{Part, View, frame};
use crate::alarm::Alarm;
use crate::desk::{CannotUnlock, Desk};
use crate::publish::{CannotPublish, Published};

pub(crate) fn no_such_case(view: &View<'_>) -> Markup {
    let body = html! {
        h1 { (view.say("No such case", "Dossier introuvable")) }
        p { a href="/" { (view.say("← All cases", "← Tous les dossiers")) } }
    };
    frame(
        view,
        Part::Cases,
        view.say("No such case", "Dossier introuvable"),
        &body,
    )
}

/// Letters that became no case, and why.
pub(crate) fn unread(view: &View<'_>, desk: &Desk) -> Markup {
    let letters = desk.office().unread();
    let heading = view.say("Unopened letters", "Lettres non ouvertes");
    let body = html! {
        h1 { (heading) }
        p { (view.say("These letters arrived and could not be opened. Their sealed bytes are kept, so that an update or a key from a backup may still open them.", "Ces lettres sont arrivées sans pouvoir être ouvertes. Leurs octets scellés sont conservés : une mise à jour ou une clé de sauvegarde les ouvrira peut-être.")) }
        @if letters.is_empty() {
            p.note { (view.say("There is none.", "Il n’y en a aucune.")) }
        } @else {
            ul.queue id="unread" {
                @for (n, letter) in letters.iter().enumerate() {
                    li id={ "unread-" (n + 1) } {
                        h2 { (letter.why.label(view.language)) }
                        p.meta { span.soft { (view.time(letter.at)) } span.code.soft { (crate::hex::show(letter.leaf.0.get(..6).unwrap_or_default())) "…" } }
                    }
                }
            }
            form id="again" method="post" action="/unread/again" {
                input type="hidden" name="token" value=(view.token);
                div.row { button type="submit" { (view.say("Try to open them again", "Essayer de les ouvrir de nouveau")) } }
            }
        }
    };
    let body = html! { (body) (stray(view, desk)) };
    frame(view, Part::Unread, heading, &body)
}

/// Pieces of files that no report names.
fn stray(view: &View<'_>, desk: &Desk) -> Markup {
    let stray = desk.stray_pieces().unwrap_or_default();
    html! {
        @if stray != crate::evidence::Stray::default() {
            section id="stray" {
                h2 { (view.say("Pieces of files without a report", "Fragments de fichiers sans signalement")) }
                p {
                    (view.say("Pieces waiting for a report that names them: ", "Fragments qui attendent un signalement qui les désigne : "))
                    (stray.waiting.pieces)
                    (view.say(", of files: ", ", de fichiers : ")) (stray.waiting.files) "."
                }
                @if stray.not_kept > 0 {
                    p.care {
                        (view.say("Pieces that were not kept, because too many waited: ", "Fragments qui n’ont pas été gardés, parce que trop d’autres attendaient : "))
                        (stray.not_kept) "."
                    }
                }
                p.soft { (view.say("A report may still be on its way. If none comes, its sender stopped in the middle, or somebody fills your disk.", "Un signalement est peut-être en route. Si aucun n’arrive, la personne s’est arrêtée en chemin, ou quelqu’un remplit votre disque.")) }
            }
        }
    }
}

pub(crate) fn tried_again(opened: usize, language: Language) -> String {
    match (opened, language) {
        (0, Language::English) => "None of them opens.".to_owned(),
        (0, Language::French) => "Aucune ne s’ouvre.".to_owned(),
        (n, Language::English) => format!("{n} of them opened and became cases."),
        (n, Language::French) => format!("{n} se sont ouvertes et sont devenues des dossiers."),
    }
}

/// The office: who it is, its keys and when each is destroyed.
pub(crate) fn office(view: &View<'_>, desk: &Desk, alarms: &[Alarm]) -> Markup {
    let settings = desk.settings();
    let today = Day::of_unix_seconds(view.now);
    let keys: Vec<(Period, Day)> = desk
        .vault()
        .read()
        .secrets(Role::Intake, 0)
        .unwrap_or_default()
        .iter()
        .map(|secret| (Period::from_number(secret.number), Day(secret.last_day)))
        .collect();
    let heading = view.say("Office", "Bureau");
    let body = html! {
        h1 { (settings.name) }
        (alarm_list(view, alarms))
        section.block aria-labelledby="identity-heading" {
            h2 id="identity-heading" { (view.say("How people know it", "À quoi on le reconnaît")) }
            dl.facts {
                dt { (view.say("Fingerprint", "Empreinte")) }
                dd { span.code id="fingerprint" { (desk.fingerprint()) } }
                dt { (view.say("Relay", "Relais")) }
                dd { @for relay in &settings.relays { span.code { (relay) } " " } }
                dt { (view.say("Notice", "Avis")) }
                dd {
                    @match desk.notice() {
                        Some(notice) => {
                            (view.say("number ", "numéro ")) (notice.body().sequence)
                            (view.say(", holds to ", ", valable jusqu’au ")) (view.day(notice.body().last_day))
                        }
                        None => { (view.say("none published yet", "aucun publié")) }
                    }
                }
                dt { (view.say("Languages", "Langues")) }
                dd { (settings.languages.join(", ")) }
                dt { (view.say("Times on screens", "Heures affichées")) }
                dd { (settings.zone) }
                dt { (view.say("Team", "Équipe")) }
                dd { @if settings.one_person { (view.say("one person; reviews by the assessor are marked", "une personne ; les relectures par la personne qui a évalué sont signalées")) } @else { (view.say("several people", "plusieurs personnes")) } }
            }
        }
        (rules::section(view, desk))
        section.block aria-labelledby="keys-heading" {
            h2 id="keys-heading" { (view.say("Keys that open letters", "Clés qui ouvrent les lettres")) }
            p { (view.say("On the day after, a key is destroyed, and what was sealed to it can be opened by nobody, you included.", "Le lendemain, la clé est détruite et ce qui a été scellé avec elle ne peut plus être ouvert par personne, vous y compris.")) }
            div.wide tabindex="0" role="group" aria-labelledby="keys-heading" {
                table id="keys" {
                    thead { tr {
                        th scope="col" { (view.say("Period", "Période")) }
                        th scope="col" { (view.say("From", "Du")) }
                        th scope="col" { (view.say("To", "Au")) }
                        th scope="col" { (view.say("Last day", "Dernier jour")) }
                        th.n scope="col" { (view.say("Days left", "Jours restants")) }
                    } }
                    tbody {
                        @for (period, last) in &keys {
                            tr {
                                th scope="row" { @match period { Period::Week(n) => { (view.say("week ", "semaine ")) (n) } Period::Carry(n) => { (view.say("quarter ", "trimestre ")) (1970 + n / 4) "-" (n % 4 + 1) } } }
                                td { (view.day(period.first_day(settings.period_days))) }
                                td { (view.day(period.last_day(settings.period_days))) }
                                td { (view.day(*last)) }
                                td.n { (last.0.saturating_sub(today.0)) }
                            }
                        }
                    }
                }
            }
        }
        section.block aria-labelledby="publish-heading" {
            h2 id="publish-heading" { (view.say("Notice", "Avis")) }
            p { (view.say("Once a week, sign a new notice: it names the keys people seal to. Bring the root for that moment, then lock it away again.", "Une fois par semaine, signez un nouvel avis : il nomme les clés de scellement. Apportez la racine pour ce moment, puis remettez-la sous clé.")) }
            (view.form("publish-notice", "/office/publish", view.say("Sign and publish", "Signer et publier"), html! {
                (view.line("publish-notice", "root", view.say("File of the root", "Fichier de la racine"), "", &desk.vault().folder().join("root.temoin").display().to_string()))
                div.field {
                    label for="publish-passphrase" { (view.say("Passphrase of the root", "Phrase secrète de la racine")) }
                    input type="password" id="publish-passphrase" name="passphrase" autocomplete="off";
                }
            }))
        }
        section.block aria-labelledby="readable-heading" {
            h2 id="readable-heading" { (view.say("Readable files", "Fichiers lisibles")) }
            (super::readable::way(view, desk))
        }
        section.block aria-labelledby="backup-heading" {
            h2 id="backup-heading" { (view.say("Backup", "Sauvegarde")) }
            p { (view.say("Writes one sealed file, and shows a sheet of eleven groups: its only key. Keep the sheet and the file apart, and destroy both on the day the sheet names.", "Écrit un fichier scellé et affiche une feuille de onze groupes : sa seule clé. Gardez la feuille et le fichier séparés, et détruisez les deux au jour indiqué.")) }
            (view.form("backup", "/office/backup", view.say("Write a backup", "Écrire une sauvegarde"), html! {
                (view.line("backup", "to", view.say("New file", "Nouveau fichier"), "", &desk.vault().folder().join(format!("backup-{today}.temoin")).display().to_string()))
            }))
        }
    };
    frame(view, Part::Office, heading, &body)
}

/// The sheet of a backup: shown this once, for a pen and paper.
pub(crate) fn sheet(view: &View<'_>, file: &str, sealed: &vault::Sealed) -> Markup {
    let heading = view.say("The sheet of this backup", "La feuille de cette sauvegarde");
    let groups = sealed.sheet.groups();
    let body = html! {
        h1 { (heading) }
        p { (view.say("Copy the eleven groups onto paper now. They are shown this once and stand in no file.", "Recopiez maintenant les onze groupes sur papier. Ils ne sont affichés que cette fois et ne figurent dans aucun fichier.")) }
        p.block.code id="sheet" { (groups.as_str()) }
        dl.facts {
            dt { (view.say("File", "Fichier")) }
            dd { code { (file) } }
            dt { (view.say("Destroy both by", "À détruire au plus tard le")) }
            dd id="destroy-by" {
                @match sealed.destroy_by {
                    Some(day) => { (view.day(Day(day))) }
                    None => { (view.say("no day: nothing in it has an end", "aucun jour : rien n’y a de fin")) }
                }
            }
        }
        p.care { (view.say("A key in it is destroyed then, and a sheet that outlives it would keep that key alive.", "Une clé qu’elle contient sera alors détruite ; une feuille gardée plus longtemps la maintiendrait en vie.")) }
        p { a href="/office" { (view.say("It is on paper", "C’est sur papier")) } }
    };
    frame(view, Part::Office, heading, &body)
}

/// The door of a locked desk. What was being typed stays in the page, hidden.
pub(crate) fn locked(view: &View<'_>, why: Option<&str>, to: &str, kept: &Fields) -> Markup {
    let heading = view.say("The desk is locked", "Le poste est verrouillé");
    let body = html! {
        h1 { (heading) }
        p { (view.say("Its keys are gone from memory. Nothing is collected before it is opened again.", "Ses clés ont quitté la mémoire. Rien n’est relevé avant sa réouverture.")) }
        form.block id="unlock" method="post" action="/unlock" autocomplete="off" {
            input type="hidden" name="token" value=(view.token);
            input type="hidden" name="to" value=(to);
            @for (name, value) in kept.iter().filter(|(name, _)| *name != "token") {
                input type="hidden" name={ "kept." (name) } value=(value);
            }
            @if let Some(why) = why { p.care role="alert" id="unlock-refused" { (why) } }
            div.field {
                label for="passphrase" { (view.say("Passphrase", "Phrase secrète")) }
                input type="password" id="passphrase" name="passphrase" autocomplete="off" autofocus required;
            }
            div.row { button type="submit" { (view.say("Open the desk", "Ouvrir le poste")) } }
            @if !kept.is_empty() { p.hint { (view.say("What you were writing is kept in this page.", "Ce que vous écriviez est conservé dans cette page.")) } }
        }
    };
    frame(view, Part::Locked, heading, &body)
}

pub(crate) fn cannot_unlock(refused: &CannotUnlock, language: Language) -> String {
    use vault::CannotOpen;
    let (en, fr) = match refused {
        CannotUnlock::Vault(CannotOpen::Locked(vault::CannotUnlock::WrongOrDamaged)) => (
            "The passphrase is not the one, or the vault is damaged. Type it again.",
            "Ce n’est pas la bonne phrase secrète, ou le coffre est endommagé. Tapez-la de nouveau.",
        ),
        CannotUnlock::Vault(CannotOpen::InUse) => (
            "Another program has this vault open. Close it first.",
            "Un autre programme a ouvert ce coffre. Fermez-le d’abord.",
        ),
        CannotUnlock::TooNew | CannotUnlock::Vault(CannotOpen::TooNew { .. }) => (
            "This vault was written by a newer release. Update first.",
            "Ce coffre a été écrit par une version plus récente. Mettez d’abord à jour.",
        ),
        _ => (
            "The vault cannot be read. Restore a backup.",
            "Le coffre est illisible. Restaurez une sauvegarde.",
        ),
    };
    match language {
        Language::English => en,
        Language::French => fr,
    }
    .to_owned()
}

pub(crate) fn no_backup(why: vault::CannotBackUp, language: Language) -> String {
    use vault::CannotBackUp;
    let (en, fr) = match why {
        CannotBackUp::AlreadyThere => (
            "a file of that name exists; choose another name",
            "un fichier porte déjà ce nom ; choisissez-en un autre",
        ),
        CannotBackUp::Store(_) => (
            "the vault could not be read",
            "le coffre n’a pas pu être lu",
        ),
        _ => (
            "the file could not be written; check the path and the free space",
            "le fichier n’a pas pu être écrit ; vérifiez le chemin et la place libre",
        ),
    };
    match language {
        Language::English => en,
        Language::French => fr,
    }
    .to_owned()
}

pub(crate) fn published(published: &Published, language: Language) -> String {
    let (sequence, last) = (published.sequence, published.last_day);
    match language {
        Language::English => format!(
            "Notice {sequence} is with the relay and holds to {last}. Lock the root away again."
        ),
        Language::French => format!(
            "L’avis {sequence} est au relais, valable jusqu’au {last}. Remettez la racine sous clé."
        ),
    }
}

pub(crate) fn not_published(why: &NotPublished, language: Language) -> String {
    let (en, fr) = match why {
        NotPublished::NoRoot => (
            "no root lies there; put the stick in and name the file".to_owned(),
            "aucune racine à cet endroit ; insérez la clé USB et indiquez le fichier",
        ),
        NotPublished::WrongPassphrase => (
            "the passphrase is not the one, or the file is damaged; type it again".to_owned(),
            "ce n’est pas la bonne phrase secrète, ou le fichier est endommagé ; tapez-la de nouveau",
        ),
        NotPublished::NoRelay => (
            "the relay’s address in the settings is none".to_owned(),
            "l’adresse du relais dans les réglages n’est pas valable",
        ),
        NotPublished::Cannot(CannotPublish::OtherRoot) => (
            "this root key is not this office’s; put the right file in place".to_owned(),
            "cette clé racine n’est pas celle du bureau ; indiquez le bon fichier",
        ),
        NotPublished::Cannot(too_long @ CannotPublish::DayTooLong) => (
            too_long.to_string(),
            "avec ces réglages, la liste d’un jour dépasse 16 Mio et personne ne croit un tel avis ; augmentez « epoch_seconds » ou diminuez « cells_per_epoch » dans office.toml, et reprenez le fichier avec « temoin office settings » ; rien n’a été publié",
        ),
        NotPublished::Cannot(CannotPublish::Relay(_)) => (
            "the relay cannot be reached; check its address and the network, then try again"
                .to_owned(),
            "le relais est injoignable ; vérifiez son adresse et le réseau, puis réessayez",
        ),
        NotPublished::Cannot(why) => (
            why.to_string(),
            "le relais a refusé l’avis ; vérifiez l’horloge de cet appareil et la clé du relais dans les réglages",
        ),
    };
    match language {
        Language::English => en,
        Language::French => fr.to_owned(),
    }
}
