//! The page of published figures: each table with a chart of the same numbers, and in plain words
//! what they are and what they are not.
//!
//! A page is made of a [`Published`] and of nothing else an office holds, so it cannot show what
//! was not protected. No script.

use std::fmt::Write as _;

use figures::{Number, Published, Table};
use maud::{Markup, PreEscaped, html};
use record::Date;
use record::vocabulary::{Language, standards};

use crate::shell::{self, Head, Reach};

/// The rules of this page, beyond those of all pages.
const STYLE: &str = include_str!("figures.css");

/// What a language says here.
struct Words {
    own_name: &'static str,
    skip: &'static str,
    languages: &'static str,
    title: &'static str,
    lead: &'static str,
    what_heading: &'static str,
    what_act: &'static str,
    minimum: &'static str,
    verified: &'static str,
    withheld_heading: &'static str,
    withheld_why: &'static str,
    withheld_one: &'static str,
    withheld_other: &'static str,
    withheld_others: &'static str,
    zero: &'static str,
    held_back: &'static str,
    delay: &'static str,
    no_delay: &'static str,
    about_heading: &'static str,
    release: &'static str,
    made: &'static str,
    cut_off: &'static str,
    standard: &'static str,
    standard_or_more: &'static str,
    counted: &'static str,
    not_shown_count: &'static str,
    previous: &'static str,
    files: &'static str,
    tables_heading: &'static str,
    chart: &'static str,
    one_bar: &'static str,
    key_bar: &'static str,
    key_hidden: &'static str,
    caption: &'static str,
    all: &'static str,
    not_shown: &'static str,
    made_with: &'static str,
}

const ENGLISH: Words = Words {
    own_name: "English",
    skip: "Go to the content",
    languages: "Languages",
    title: "Documented attacks",
    lead: "{office} documents attacks on people who defend human rights. These tables count the acts it has verified. They are made so that nobody can be recognised in them.",
    what_heading: "What is counted",
    what_act: "Acts. One act is one kind of act against one person or group: someone who was threatened and later arrested is counted twice, and an arrest of two people is counted twice.",
    minimum: "These are documented acts: a minimum, never the number of all acts. Much is never reported, and many of those who report do not want to be counted, which is their right. Where a number is low, less may have happened, or less may have been told.",
    verified: "An act counts as verified when there are reasonable grounds to believe that it happened, or more. A person assessed it, gave sources and reasons, and it was reviewed.",
    withheld_heading: "What is not shown",
    withheld_why: "A number from 1 to {below} is not shown: people could recognise someone in it.",
    withheld_one: "The number 1 is not shown: people could recognise someone in it.",
    withheld_other: "Other numbers are not shown either, because the small one could be calculated from them. So “not shown” does not mean “few”: a hidden number may be large.",
    withheld_others: "Kinds, places, periods and groups with fewer than {threshold} acts, or that could not be protected alone, are added up as “other”.",
    zero: "A zero is shown as zero: nothing was documented there.",
    held_back: "A number that changed by fewer than {threshold} since the last release is not shown, because the difference would be a small number too.",
    delay: "Only periods that ended at least {days} days before this release are counted.",
    no_delay: "Every period that ended before this release is counted, even one that ended the day before.",
    about_heading: "This release",
    release: "Release",
    made: "Made on",
    cut_off: "Periods that ended before",
    standard: "Standard of proof",
    standard_or_more: "or more",
    counted: "Acts counted",
    not_shown_count: "Numbers not shown",
    previous: "Compared with release",
    files: "The same tables as files",
    tables_heading: "The tables",
    chart: "Chart of the table below.",
    one_bar: "Each row is one line; each bar is one column of the table, in its order, from “{first}” to “{last}”. The tallest bar stands for {most}.",
    key_bar: "acts",
    key_hidden: "not shown (at least one)",
    caption: "{title}: verified acts, documented",
    all: "All",
    not_shown: "not shown",
    made_with: "Made with Temoin, free software that anyone may examine.",
};

const FRENCH: Words = Words {
    own_name: "Français",
    skip: "Aller au contenu",
    languages: "Langues",
    title: "Attaques documentées",
    lead: "{office} documente les attaques contre les personnes qui défendent les droits humains. Ces tableaux comptent les actes vérifiés. Ils sont faits pour que personne ne puisse y être reconnu.",
    what_heading: "Ce qui est compté",
    what_act: "Des actes. Un acte, c’est un type d’acte contre une personne ou un groupe : une personne menacée puis arrêtée compte deux fois, l’arrestation de deux personnes aussi.",
    minimum: "Ce sont des actes documentés : un minimum, jamais le nombre de tous les actes. Beaucoup ne sont jamais signalés, et parmi les personnes qui signalent, beaucoup ne souhaitent pas être comptées, ce qui est leur droit. Un petit nombre peut vouloir dire que moins d’actes ont eu lieu, ou que moins ont été racontés.",
    verified: "Un acte est vérifié lorsqu’il existe au moins des motifs raisonnables de croire qu’il a eu lieu. Il a été évalué, avec des sources et des raisons, puis relu.",
    withheld_heading: "Ce qui n’est pas publié",
    withheld_why: "Un nombre de 1 à {below} n’est pas publié : on pourrait y reconnaître quelqu’un.",
    withheld_one: "Le nombre 1 n’est pas publié : on pourrait y reconnaître quelqu’un.",
    withheld_other: "D’autres nombres ne le sont pas non plus, parce qu’ils permettraient de calculer le petit. « Non publié » ne veut donc pas dire « peu » : un nombre non publié peut être grand.",
    withheld_others: "Les types, lieux, périodes et groupes de moins de {threshold} actes, ou qui ne pouvaient être protégés seuls, sont réunis sous « autres ».",
    zero: "Un zéro est publié comme zéro : rien n’y a été documenté.",
    held_back: "Un nombre qui a changé de moins de {threshold} depuis la publication précédente n’est pas publié, car la différence serait, elle aussi, un petit nombre.",
    delay: "Seules sont comptées les périodes terminées au moins {days} jours avant cette publication.",
    no_delay: "Toutes les périodes terminées avant cette publication sont comptées, même celles qui se sont achevées la veille.",
    about_heading: "Cette publication",
    release: "Publication",
    made: "Faite le",
    cut_off: "Périodes terminées avant le",
    standard: "Niveau de preuve",
    standard_or_more: "ou davantage",
    counted: "Actes comptés",
    not_shown_count: "Nombres non publiés",
    previous: "Comparée à la publication",
    files: "Les mêmes tableaux en fichiers",
    tables_heading: "Les tableaux",
    chart: "Graphique du tableau ci-dessous.",
    one_bar: "Chaque rangée est une ligne ; chaque barre est une colonne du tableau, dans le même ordre, de « {first} » à « {last} ». La plus haute barre représente {most}.",
    key_bar: "actes",
    key_hidden: "non publié (au moins un)",
    caption: "{title} : actes vérifiés, documentés",
    all: "Ensemble",
    not_shown: "non publié",
    made_with: "Réalisé avec Temoin, logiciel libre que chacun peut examiner.",
};

const fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::French => &FRENCH,
    }
}

/// Every file of a release, to be put into one folder: the page in each language (the first is
/// `index.html`, another is named by its language), the tables as CSV, the release as JSON.
#[must_use]
pub fn files(
    office: &str,
    published: &Published,
    languages: &[Language],
) -> Vec<(String, Vec<u8>)> {
    let english = [Language::English];
    let languages = if languages.is_empty() {
        &english
    } else {
        languages
    };
    let mut files: Vec<(String, Vec<u8>)> = languages
        .iter()
        .map(|language| {
            (
                address(*language, languages),
                page(*language, office, published, languages),
            )
        })
        .collect();
    files.extend(
        published
            .to_csv()
            .into_iter()
            .map(|(name, text)| (name, text.into_bytes())),
    );
    files.push((json_name(published), published.to_json().into_bytes()));
    files
}

fn address(language: Language, languages: &[Language]) -> String {
    if languages.first() == Some(&language) {
        "index.html".to_owned()
    } else {
        format!("{}.html", language.tag())
    }
}

fn json_name(published: &Published) -> String {
    format!("{}.json", published.release())
}

/// The page in one language.
#[must_use]
pub fn page(
    language: Language,
    office: &str,
    published: &Published,
    languages: &[Language],
) -> Vec<u8> {
    let words = words(language);
    let fill = |text: &str| {
        text.replace("{office}", office)
            .replace(
                "{below}",
                &(published.threshold().saturating_sub(1)).to_string(),
            )
            .replace("{threshold}", &published.threshold().to_string())
            .replace("{days}", &published.delay_days().to_string())
    };
    let title = format!("{}, {}", words.title, published.release());
    let head = Head {
        lang: language.tag(),
        direction: "ltr",
        title: &title,
        reach: Reach::Read,
        indexed: true,
        scripts: &[],
        style: STYLE,
    };
    let body = html! {
        body {
            a class="skip" href="#main" { (words.skip) }
            header class="top" {
                span { (office) }
                @if languages.len() > 1 {
                    nav aria-label=(words.languages) {
                        ul {
                            @for other in languages {
                                li {
                                    @if *other == language { span aria-current="true" { (own_name(*other)) } }
                                    @else { a href=(address(*other, languages)) lang=(other.tag()) hreflang=(other.tag()) { (own_name(*other)) } }
                                }
                            }
                        }
                    }
                }
            }
            (hatch())
            main id="main" tabindex="-1" {
                h1 { (words.title) }
                p { (fill(words.lead)) }
                p class="note plainwords" { (words.minimum) }
                h2 { (words.about_heading) }
                (about(language, words, published))
                h2 { (words.what_heading) }
                p { (words.what_act) }
                p { (words.verified) }
                p { @if published.delay_days() == 0 { (words.no_delay) } @else { (fill(words.delay)) } }
                h2 { (words.withheld_heading) }
                ul {
                    li { @if published.threshold() <= 2 { (words.withheld_one) } @else { (fill(words.withheld_why)) } }
                    li { (words.withheld_other) }
                    li { (fill(words.withheld_others)) }
                    @if published.previous().is_some() { li { (fill(words.held_back)) } }
                    li { (words.zero) }
                }
                h2 { (words.tables_heading) }
                nav aria-label=(words.tables_heading) {
                    ul {
                        @for table in published.tables() {
                            li { a href={ "#" (table.name()) } { (table.title(language)) } }
                        }
                    }
                }
                @for table in published.tables() { (section(language, words, table)) }
                h2 { (words.files) }
                ul {
                    @for table in published.tables() {
                        li { a href={ (published.release()) "-" (table.name()) ".csv" } { (table.title(language)) " (CSV)" } }
                    }
                    li { a href=(json_name(published)) { (words.about_heading) " (JSON)" } }
                }
            }
            footer { p { (words.made_with) } }
        }
    };
    shell::page(&head, &body)
}

fn own_name(language: Language) -> &'static str {
    words(language).own_name
}

fn about(language: Language, words: &Words, published: &Published) -> Markup {
    let standard = standards()
        .find(published.standard())
        .map_or("", |entry| entry.label(language));
    html! {
        dl class="facts" {
            dt { (words.release) } dd { (published.release()) }
            dt { (words.made) } dd { (day(language, published.made())) }
            dt { (words.cut_off) } dd { (day(language, published.cut_off())) }
            dt { (words.standard) } dd { (standard) ", " (words.standard_or_more) }
            dt { (words.counted) } dd { (published.total()) }
            dt { (words.not_shown_count) } dd { (published.withheld()) }
            @if let Some(previous) = published.previous() {
                dt { (words.previous) } dd { (previous) }
            }
        }
    }
}

fn section(language: Language, words: &Words, table: &Table) -> Markup {
    let name = table.name();
    let title = table.title(language);
    html! {
        section {
            h3 id=(name) { (title) }
            (chart(language, words, table))
            div class="wide" tabindex="0" role="region" aria-labelledby=(name) {
                table {
                    caption { (words.caption.replace("{title}", title)) }
                    thead {
                        tr {
                            th scope="col" { (table.down().label(language)) }
                            @for column in table.columns() { th scope="col" { (column.label(language)) } }
                            th scope="col" { (words.all) }
                        }
                    }
                    tbody {
                        @for (row, cells, total) in table.rows() {
                            tr {
                                th scope="row" { (row.label(language)) }
                                @for number in cells { (cell(words, *number)) }
                                (cell(words, total))
                            }
                        }
                    }
                    tfoot {
                        tr {
                            th scope="row" { (words.all) }
                            @for total in table.column_totals() { (cell(words, *total)) }
                            td { (table.total()) }
                        }
                    }
                }
            }
        }
    }
}

fn cell(words: &Words, number: Number) -> Markup {
    html! {
        @match number {
            Number::Shown(number) => { td { (number) } }
            Number::Withheld => { td class="w" { (words.not_shown) } }
        }
    }
}

/// One strip of bars for each row. What is not shown has a hatched box of its own height, so that
/// neither colour nor height says anything about the number.
fn chart(language: Language, words: &Words, table: &Table) -> Markup {
    let most = table
        .rows()
        .flat_map(|(_, cells, _)| cells)
        .filter_map(|number| number.shown())
        .max()
        .unwrap_or(0);
    let columns = table.columns();
    let label = |at: Option<&figures::Category>| {
        at.map_or_else(String::new, |column| column.label(language).to_owned())
    };
    let one_bar = words
        .one_bar
        .replace("{first}", &label(columns.first()))
        .replace("{last}", &label(columns.last()))
        .replace("{most}", &most.to_string());
    html! {
        figure {
            figcaption { (words.chart) " " (one_bar) }
            // The table below holds every number of the chart: it is the chart's text.
            div class="strips" aria-hidden="true" {
                @for (row, cells, _) in table.rows() {
                    span { (row.label(language)) }
                    (strip(cells, most))
                }
            }
            ul class="key" aria-hidden="true" {
                li { svg viewBox="0 0 40 30" { path class="bar" d="M0 0h40v30h-40z" {} } (words.key_bar) }
                li { svg viewBox="0 0 40 30" { path class="hid" d="M0 0h40v30h-40z" {} } (words.key_hidden) }
            }
        }
    }
}

/// Bars of one row, each column four units wide, the tallest a hundred high.
fn strip(cells: &[Number], most: u32) -> Markup {
    let (mut bars, mut hidden) = (String::new(), String::new());
    for (place, number) in cells.iter().enumerate() {
        let left = place * 4;
        let drawn = match number {
            Number::Shown(0) => Ok(()),
            Number::Shown(number) => {
                let height = u64::from(*number) * 100 / u64::from(most.max(1));
                write!(bars, "M{left} 100h3v-{}h-3z", height.max(1))
            }
            Number::Withheld => write!(hidden, "M{left} 100h3v-25h-3z"),
        };
        // Writing into a string does not fail.
        if drawn.is_err() {
            continue;
        }
    }
    let width = (cells.len() * 4).max(4);
    html! {
        svg viewBox={ "0 0 " (width) " 100" } preserveAspectRatio="none" {
            @if !bars.is_empty() { path class="bar" d=(PreEscaped(bars)) {} }
            @if !hidden.is_empty() { path class="hid" d=(PreEscaped(hidden)) {} }
        }
    }
}

/// The pattern of what is not shown, once a page.
fn hatch() -> Markup {
    html! {
        svg class="defs" aria-hidden="true" {
            defs {
                pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" {
                    path d="M0 0h8v3h-8z" {}
                }
            }
        }
    }
}

/// A day in words.
fn day(language: Language, date: Date) -> String {
    let (day, year) = (date.day(), date.year());
    let at = usize::from(date.month().saturating_sub(1));
    let month = |names: [&'static str; 12]| names.get(at).copied().unwrap_or_default();
    match language {
        Language::English => format!(
            "{day} {} {year}",
            month([
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ])
        ),
        Language::French => format!(
            "{} {} {year}",
            if day == 1 {
                "1er".to_owned()
            } else {
                day.to_string()
            },
            month([
                "janvier",
                "février",
                "mars",
                "avril",
                "mai",
                "juin",
                "juillet",
                "août",
                "septembre",
                "octobre",
                "novembre",
                "décembre",
            ])
        ),
    }
}
