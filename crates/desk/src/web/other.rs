//! The smaller pages: letters that could not be read, figures, the office, the locked door.

use envelope::{Day, Period};
use maud::{Markup, html};
use record::Language;
use vault::Role;

use super::asked::Fields;
use super::queue::alarm_list;
use super::show::{Part, View, frame};
use crate::alarm::Alarm;
use crate::desk::{CannotUnlock, Desk};

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
    let heading = view.say("Unread letters", "Lettres illisibles");
    let body = html! {
        h1 { (heading) }
        p { (view.say("These letters arrived and could not be opened. Their sealed bytes are kept, so that an update or a key from a backup may still open them.", "Ces lettres sont arrivées sans pouvoir être ouvertes. Leurs octets scellés sont conservés : une mise à jour ou une clé de sauvegarde les ouvrira peut-être.")) }
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
    frame(view, Part::Unread, heading, &body)
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
                dd { @if settings.one_person { (view.say("one person; reviews by the assessor are marked", "une personne ; les relectures par la personne qui a évalué sont signalées")) } @else { (view.say("several people", "plusieurs personnes")) } }
            }
        }
        section.block aria-labelledby="keys-heading" {
            h2 id="keys-heading" { (view.say("Keys that open letters", "Clés qui ouvrent les lettres")) }
            p { (view.say("On the day after, a key is destroyed, and what was sealed to it can be opened by nobody, you included.", "Le lendemain, la clé est détruite et ce qui lui était scellé ne peut plus être ouvert par personne, vous y compris.")) }
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
        section.block aria-labelledby="backup-heading" {
            h2 id="backup-heading" { (view.say("Backup", "Sauvegarde")) }
            p { (view.say("On the command line, with this desk closed:", "En ligne de commande, ce poste étant fermé :")) }
            p { code { "temoin backup --folder " (desk.vault().folder().display()) " --to FILE" } }
            p { (view.say("It prints a sheet with eleven groups. Keep the sheet and the file apart, and destroy both on the day the sheet names.", "Elle affiche une feuille de onze groupes. Gardez la feuille et le fichier séparés, et détruisez les deux au jour indiqué.")) }
        }
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
