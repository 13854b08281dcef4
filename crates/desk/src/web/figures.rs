//! The figures page: what may be counted, the tables as they would be published, and the button
//! that publishes them.

use std::path::PathBuf;

use figures::{NotAReleaseId, Number, PeriodSize, PlaceSize, Published, ReleaseId};
use maud::{Markup, html};
use record::Language;

use super::asked::Fields;
use super::show::{Part, View, frame, sentence};
use crate::desk::Desk;
use crate::release::{CannotRelease, Countable, ReleaseTerms};

/// What was chosen in the form.
pub(crate) struct Chosen {
    pub(crate) terms: ReleaseTerms,
    pub(crate) to: PathBuf,
}

/// What the form says, with today's date as the name of a release nobody named.
pub(crate) fn chosen(desk: &Desk, fields: &Fields, now: u64) -> Result<Chosen, NotAReleaseId> {
    let today = desk.today(now).map(|day| day.to_string());
    let name = match fields.text("release") {
        "" => today.unwrap_or_default(),
        typed => typed.to_owned(),
    };
    let to = match fields.text("to") {
        "" => desk.figures_folder(),
        // A path that does not begin at the root lies in the office's folder.
        typed => desk.vault().folder().join(typed),
    };
    Ok(Chosen {
        terms: ReleaseTerms {
            release: ReleaseId::new(&name)?,
            period: match fields.text("period") {
                "month" => PeriodSize::Month,
                "year" => PeriodSize::Year,
                _ => PeriodSize::Quarter,
            },
            place: match fields.text("place") {
                "country" => PlaceSize::Country,
                _ => PlaceSize::FirstTier,
            },
        },
        to,
    })
}

pub(crate) fn bad_name(language: Language) -> String {
    match language {
        Language::English => "Name the release with lower-case letters, digits and hyphens, such as 2026-q1.",
        Language::French => "Nommez la publication avec des minuscules, des chiffres et des traits d’union, par exemple 2026-t1.",
    }
    .to_owned()
}

pub(crate) fn page(view: &View<'_>, desk: &Desk, typed: &Fields) -> Markup {
    let heading = view.say("Figures", "Statistiques");
    let counted = desk.countable(view.now);
    let settings = desk.settings();
    let chosen = chosen(desk, typed, view.now);
    let preview = chosen
        .as_ref()
        .ok()
        .map(|chosen| desk.preview(&chosen.terms, view.now));
    let (release, to) = match &chosen {
        Ok(chosen) => (
            chosen.terms.release.to_string(),
            chosen.to.display().to_string(),
        ),
        Err(_) => (
            typed.text("release").to_owned(),
            typed.text("to").to_owned(),
        ),
    };
    let body = html! {
        h1 { (heading) }
        (summary(view, &counted))
        p.soft {
            (view.say("A period rests ", "Une période repose ")) (settings.publication_delay_days)
            (view.say(" days before it is published, and no number below ", " jours avant sa publication, et aucun nombre inférieur à ")) (settings.smallest_cell)
            (view.say(" is shown, nor any that would give one away.", " n’est montré, ni aucun de ceux qui le trahiraient."))
        }
        form.block id="figures" method="post" action="/figures" autocomplete="off" {
            input type="hidden" name="token" value=(view.token);
            @if chosen.is_err() { p.care role="alert" { (bad_name(view.language)) } }
            div.fields {
                div.field {
                    label for="figures-release" { (view.say("Name of the release", "Nom de la publication")) }
                    input type="text" id="figures-release" name="release" value=(release) autocomplete="off" spellcheck="false";
                }
                div.field {
                    label for="figures-period" { (view.say("Time by", "Temps par")) }
                    select id="figures-period" name="period" {
                        @for (code, name) in [("quarter", view.say("quarter", "trimestre")), ("month", view.say("month", "mois")), ("year", view.say("year", "année"))] {
                            option value=(code) selected[typed.text("period") == code] { (name) }
                        }
                    }
                }
                div.field {
                    label for="figures-place" { (view.say("Place by", "Lieu par")) }
                    select id="figures-place" name="place" {
                        @for (code, name) in [("admin1", view.say("province or region", "province ou région")), ("country", view.say("country", "pays"))] {
                            option value=(code) selected[typed.text("place") == code] { (name) }
                        }
                    }
                }
            }
            div.field {
                label for="figures-to" { (view.say("Folder on this machine", "Dossier sur cet appareil")) }
                input type="text" id="figures-to" name="to" value=(to) autocomplete="off" spellcheck="false";
            }
            div.row {
                button.quiet type="submit" id="preview" { (view.say("Show what would be published", "Montrer ce qui serait publié")) }
                @if matches!(preview, Some(Ok(_))) {
                    button type="submit" id="publish" formaction="/figures/publish" { (view.say("Publish", "Publier")) }
                }
            }
        }
        @match preview {
            Some(Ok(published)) => { (tables(view, &published)) }
            Some(Err(why)) => p.note id="no-figures" { (sentence(&why.sentence(view.language))) },
            None => {}
        }
    };
    frame(view, Part::Figures, heading, &body)
}

fn summary(view: &View<'_>, counted: &Countable) -> Markup {
    let acts = counted.facts.len();
    html! {
        p id="countable" {
            strong { (counted.cases) } " "
            (if counted.cases == 1 { view.say("case may be counted, with ", "dossier peut être compté, avec ") } else { view.say("cases may be counted, with ", "dossiers peuvent être comptés, avec ") })
            strong { (acts) } " "
            (if acts == 1 { view.say("verified act.", "acte vérifié.") } else { view.say("verified acts.", "actes vérifiés.") })
        }
        @if !counted.left_out.is_empty() {
            ul id="left-out" {
                @for (why, cases) in &counted.left_out {
                    li { (cases) " " (if *cases == 1 { view.say("case is not counted: ", "dossier n’est pas compté : ") } else { view.say("cases are not counted: ", "dossiers ne sont pas comptés : ") }) (why.label(view.language)) "." }
                }
            }
        }
    }
}

fn tables(view: &View<'_>, published: &Published) -> Markup {
    html! {
        section id="tables" aria-labelledby="tables-heading" {
            h2 id="tables-heading" { (view.say("As it would be published", "Tel que ce serait publié")) }
            p.soft {
                (published.total()) " "
                (view.say("acts, of periods that ended before ", "actes, de périodes terminées avant le ")) (published.cut_off()) ". "
                @if published.withheld() > 0 {
                    (published.withheld()) " "
                    (view.say("numbers are withheld (–).", "nombres sont masqués (–)."))
                }
            }
            @for table in published.tables() {
                @let id = format!("table-{}", table.name());
                div.block.wide tabindex="0" role="region" aria-labelledby=(id) {
                    table {
                        caption id=(id) { (table.title(view.language)) }
                        thead {
                            tr {
                                th scope="col" { span.unseen { (table.title(view.language)) } }
                                @for column in table.columns() { th.n scope="col" { (column.label(view.language)) } }
                                th.n scope="col" { (view.say("All", "Ensemble")) }
                            }
                        }
                        tbody {
                            @for (row, cells, total) in table.rows() {
                                tr {
                                    th scope="row" { (row.label(view.language)) }
                                    @for cell in cells { td.n { (number(view, *cell)) } }
                                    td.n { (number(view, total)) }
                                }
                            }
                            tr {
                                th scope="row" { (view.say("All", "Ensemble")) }
                                @for total in table.column_totals() { td.n { (number(view, *total)) } }
                                td.n { (table.total()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn number(view: &View<'_>, number: Number) -> Markup {
    html! {
        @match number.shown() {
            Some(n) => { (n) }
            None => { span aria-hidden="true" { "–" } span.unseen { (view.say("withheld", "masqué")) } }
        }
    }
}

/// Publishes, and says what became of it.
pub(crate) fn publish(
    desk: &mut Desk,
    fields: &Fields,
    now: u64,
    language: Language,
) -> (bool, String) {
    let Ok(chosen) = chosen(desk, fields, now) else {
        return (false, bad_name(language));
    };
    match desk.release(&chosen.terms, &chosen.to, now) {
        Ok(published) => {
            let folder = chosen.to.join(published.release().as_str());
            let text = match language {
                Language::English => format!(
                    "Published: {} acts, in {}. Put the folder beside your pages with “temoin site --figures”.",
                    published.total(),
                    folder.display()
                ),
                Language::French => format!(
                    "Publié : {} actes, dans {}. Placez le dossier à côté de vos pages avec « temoin site --figures ».",
                    published.total(),
                    folder.display()
                ),
            };
            (true, text)
        }
        Err(why) => (false, refused(why, language)),
    }
}

fn refused(why: CannotRelease, language: Language) -> String {
    sentence(&why.sentence(language))
}
