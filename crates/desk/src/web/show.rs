//! What all local pages share: the frame, times in the office's zone, fields of forms.

use casework::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, html};
use record::text::shown;
use record::vocabulary::{List, Vocabulary};
use record::{Language, Term};

use super::asked::Fields;
use super::gate::Said;

/// What a page needs to know beside what it shows.
pub(crate) struct View<'a> {
    pub(crate) language: Language,
    pub(crate) zone: TimeZone,
    /// Name of the office.
    pub(crate) office: &'a str,
    /// Who decides here.
    pub(crate) author: String,
    /// Stands in every form.
    pub(crate) token: &'a str,
    /// Path of this page.
    pub(crate) path: &'a str,
    /// Letters that could not be read.
    pub(crate) unread: usize,
    /// What the last change said.
    pub(crate) said: Option<Said>,
    /// A form that was refused: what was typed is shown again.
    pub(crate) draft: Option<Draft>,
    pub(crate) now: u64,
}

/// A form that was not taken, with everything that was typed.
#[derive(Clone)]
pub(crate) struct Draft {
    /// The form's id.
    pub(crate) form: String,
    pub(crate) fields: Fields,
    /// Why, and what to do.
    pub(crate) why: String,
}

/// Which part of the desk a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Cases,
    Unread,
    Figures,
    Office,
    Locked,
}

impl View<'_> {
    /// One of two texts.
    pub(crate) fn say<'t>(&self, en: &'t str, fr: &'t str) -> &'t str {
        match self.language {
            Language::English => en,
            Language::French => fr,
        }
    }

    /// What stands between a name and what it is: French keeps a space before it.
    pub(crate) fn colon(&self) -> &'static str {
        match self.language {
            Language::English => ": ",
            Language::French => "\u{a0}: ",
        }
    }

    /// A moment in the office's zone.
    pub(crate) fn time(&self, at: Moment) -> Markup {
        let seconds = envelope::Day(at.day).first_second() + u64::from(at.second);
        self.time_of(seconds)
    }

    /// Seconds since 1970 in the office's zone; UTC stands in the machine-readable part.
    pub(crate) fn time_of(&self, seconds: u64) -> Markup {
        let Ok(stamp) = Timestamp::from_second(i64::try_from(seconds).unwrap_or(i64::MAX)) else {
            return html! {};
        };
        let local = stamp.to_zoned(self.zone.clone());
        let text = format!(
            "{}, {:02}:{:02}",
            self.day_words(
                i32::from(local.day()),
                usize::from(local.month().unsigned_abs()),
                i32::from(local.year())
            ),
            local.hour(),
            local.minute()
        );
        html! { time datetime=(stamp.to_string()) { (text) } }
    }

    /// A day of the protocol: days are UTC.
    pub(crate) fn day(&self, day: envelope::Day) -> Markup {
        let (year, month, of_month) = day.civil();
        let text = self.day_words(
            i32::try_from(of_month).unwrap_or(0),
            usize::try_from(month).unwrap_or(0),
            i32::try_from(year).unwrap_or(0),
        );
        html! { time datetime=(day.to_string()) { (text) } }
    }

    /// A day of the calendar, in words.
    pub(crate) fn date(&self, date: record::Date) -> String {
        self.day_words(
            i32::from(date.day()),
            usize::from(date.month()),
            i32::from(date.year()),
        )
    }

    fn day_words(&self, day: i32, month: usize, year: i32) -> String {
        const EN: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        const FR: [&str; 12] = [
            "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
            "nov.", "déc.",
        ];
        let names = match self.language {
            Language::English => EN,
            Language::French => FR,
        };
        let month = names
            .get(month.wrapping_sub(1))
            .copied()
            .unwrap_or_default();
        match (self.language, day) {
            // The first of a month is an ordinal in French.
            (Language::French, 1) => format!("1er {month} {year}"),
            _ => format!("{day} {month} {year}"),
        }
    }

    /// What was typed into a field of a form that came back, or a default.
    pub(crate) fn typed<'f>(&'f self, form: &str, name: &str, otherwise: &'f str) -> &'f str {
        match &self.draft {
            Some(draft) if draft.form == form => draft.fields.text(name),
            _ => otherwise,
        }
    }

    /// Whether a box of a form that came back was ticked, or a default.
    pub(crate) fn ticked(&self, form: &str, name: &str, value: &str, otherwise: bool) -> bool {
        match &self.draft {
            Some(draft) if draft.form == form => draft.fields.has(name, value),
            _ => otherwise,
        }
    }

    pub(crate) fn came_back(&self, form: &str) -> bool {
        self.draft.as_ref().is_some_and(|draft| draft.form == form)
    }

    /// The hidden token, and why the form came back.
    pub(crate) fn head_of(&self, form: &str) -> Markup {
        html! {
            input type="hidden" name="token" value=(self.token);
            @if let Some(draft) = self.draft.as_ref().filter(|draft| draft.form == form) {
                p.care role="alert" id={ (form) "-refused" } tabindex="-1" autofocus {
                    @if form == "reply" || form == "write" {
                        strong { (self.say("Not sent yet: ", "Pas encore envoyée : ")) }
                    } @else {
                        strong { (self.say("Not recorded: ", "Non enregistré : ")) }
                    }
                    (sentence(&draft.why))
                }
            }
        }
    }

    /// A form with its one button.
    pub(crate) fn form(&self, id: &str, action: &str, button: &str, fields: Markup) -> Markup {
        html! {
            form id=(id) method="post" action=(action) autocomplete="off" {
                (self.head_of(id))
                (fields)
                div.row { button type="submit" { (button) } }
            }
        }
    }

    /// A form that is folded away until it is wanted.
    pub(crate) fn folded(&self, id: &str, heading: &str, open: bool, form: Markup) -> Markup {
        html! {
            details id={ "add-" (id) } open[open || self.came_back(id)] {
                summary { (heading) }
                (form)
            }
        }
    }

    /// Whether one of these forms came back, or one of them about a numbered thing.
    pub(crate) fn came_back_to(&self, forms: &[&str]) -> bool {
        self.draft.as_ref().is_some_and(|draft| {
            forms.iter().any(|form| {
                let rest = draft.form.strip_prefix(form);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            })
        })
    }

    /// A part of a page that folds away as a whole. `told` says beside its heading what is in it.
    pub(crate) fn part(
        &self,
        id: &str,
        heading: &str,
        told: &str,
        open: bool,
        body: &Markup,
    ) -> Markup {
        html! {
            section.block id=(id) aria-labelledby={ (id) "-heading" } {
                details.part open[open] {
                    summary {
                        h2 id={ (id) "-heading" } { (heading) }
                        " " span.soft { (told) }
                    }
                    (body)
                }
            }
        }
    }

    /// A form of one button about one numbered thing.
    pub(crate) fn one_button(&self, form: &str, action: &str, about: &str, button: &str) -> Markup {
        html! {
            form id=(form) method="post" action=(action) autocomplete="off" {
                (self.head_of(form))
                input type="hidden" name="id" value=(about);
                button.plain type="submit" { (button) }
            }
        }
    }

    /// A choice among what is given, each a value and what it is called.
    pub(crate) fn choice_among(
        &self,
        form: &str,
        name: &str,
        label: &str,
        chosen: &str,
        among: &[(String, String)],
    ) -> Markup {
        let chosen = self.typed(form, name, chosen);
        html! {
            div.field {
                label for={ (form) "-" (name) } { (label) }
                select id={ (form) "-" (name) } name=(name) {
                    @for (value, called) in among {
                        option value=(value) selected[value == chosen] { (called) }
                    }
                }
            }
        }
    }

    /// A question that is answered with yes or no, or not at all.
    pub(crate) fn yes_or_no(
        &self,
        form: &str,
        name: &str,
        label: &str,
        answer: Option<bool>,
    ) -> Markup {
        let chosen = match answer {
            None => "",
            Some(true) => "yes",
            Some(false) => "no",
        };
        let among = [
            ("", self.say("not answered", "sans réponse")),
            ("yes", self.say("yes", "oui")),
            ("no", self.say("no", "non")),
        ]
        .map(|(value, called)| (value.to_owned(), called.to_owned()));
        self.choice_among(form, name, label, chosen, &among)
    }

    /// A day, as it is typed everywhere.
    pub(crate) fn day_line(
        &self,
        form: &str,
        name: &str,
        label: &str,
        value: Option<record::Date>,
    ) -> Markup {
        let value = value.map(|day| day.to_string()).unwrap_or_default();
        let hint = self.say("YYYY-MM-DD", "AAAA-MM-JJ");
        self.line(form, name, label, hint, &value)
    }

    /// Boxes for several words of a list.
    pub(crate) fn ticks<L: List>(
        &self,
        form: &str,
        name: &str,
        legend: &str,
        ticked: &[Term<L>],
        offered: impl Fn(&str) -> bool,
    ) -> Markup {
        html! {
            fieldset {
                legend { (legend) }
                div.ticks {
                    @for entry in L::vocabulary().iter().filter(|entry| offered(entry.code)) {
                        (self.tick(form, name, entry.code, html! { (entry.label(self.language)) }, ticked.iter().any(|one| one.is(entry.code))))
                    }
                }
            }
        }
    }

    /// A choice from a list, by code.
    pub(crate) fn choice<L: List>(
        &self,
        form: &str,
        name: &str,
        label: &str,
        chosen: &str,
        none: Option<&str>,
    ) -> Markup {
        self.choice_of(form, name, label, L::vocabulary(), chosen, none, |_| true)
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "a field of a form has as many parts"
    )]
    pub(crate) fn choice_of(
        &self,
        form: &str,
        name: &str,
        label: &str,
        list: &'static Vocabulary,
        chosen: &str,
        none: Option<&str>,
        offered: impl Fn(&str) -> bool,
    ) -> Markup {
        let chosen = self.typed(form, name, chosen);
        html! {
            div.field {
                label for={ (form) "-" (name) } { (label) }
                select id={ (form) "-" (name) } name=(name) {
                    @if let Some(none) = none {
                        option value="" selected[chosen.is_empty()] { (none) }
                    }
                    @for entry in list.iter().filter(|entry| offered(entry.code)) {
                        option value=(entry.code) selected[entry.code == chosen] {
                            (entry.label(self.language))
                        }
                    }
                }
            }
        }
    }

    /// One line of text.
    pub(crate) fn line(
        &self,
        form: &str,
        name: &str,
        label: &str,
        hint: &str,
        value: &str,
    ) -> Markup {
        let id = format!("{form}-{name}");
        html! {
            div.field {
                label for=(id) { (label) }
                @if !hint.is_empty() { span.hint id={ (id) "-hint" } { (hint) } }
                input type="text" id=(id) name=(name) value=(self.typed(form, name, value))
                    autocomplete="off" spellcheck="false"
                    aria-describedby=[(!hint.is_empty()).then(|| format!("{id}-hint"))];
            }
        }
    }

    /// Several lines of text.
    pub(crate) fn lines(
        &self,
        form: &str,
        name: &str,
        label: &str,
        hint: &str,
        value: &str,
    ) -> Markup {
        let id = format!("{form}-{name}");
        html! {
            div.field {
                label for=(id) { (label) }
                @if !hint.is_empty() { span.hint id={ (id) "-hint" } { (hint) } }
                textarea id=(id) name=(name) rows="4" dir="auto" autocomplete="off"
                    aria-describedby=[(!hint.is_empty()).then(|| format!("{id}-hint"))]
                    { "\n" (self.typed(form, name, value)) }
            }
        }
    }

    /// A box to tick.
    pub(crate) fn tick(
        &self,
        form: &str,
        name: &str,
        value: &str,
        label: Markup,
        ticked: bool,
    ) -> Markup {
        html! {
            label.tick {
                input type="checkbox" name=(name) value=(value)
                    checked[self.ticked(form, name, value, ticked)];
                span { (label) }
            }
        }
    }

    /// A term as a small sign; nothing where nothing was chosen.
    pub(crate) fn chip<L: List>(&self, term: &Term<L>, class: &str) -> Markup {
        html! {
            @if !term.is_empty() { span class={ "chip " (class) } { (term.label(self.language)) } }
        }
    }
}

/// A sentence of casework begins small, because it follows a colon; alone it begins large.
pub(crate) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let mut out: String = match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    };
    if !out.ends_with(['.', '!', '?', ':']) {
        out.push('.');
    }
    out
}

/// Told text, as it reads: what deceives the eye is made visible, lines stay lines.
pub(crate) fn told(text: &str) -> Markup {
    html! { div.told dir="auto" { (shown(text)) } }
}

/// The frame of a page.
pub(crate) fn frame(view: &View<'_>, part: Part, title: &str, body: &Markup) -> Markup {
    let nav = [
        (Part::Cases, "/", view.say("Cases", "Dossiers")),
        (
            Part::Unread,
            "/unread",
            view.say("Unopened letters", "Lettres non ouvertes"),
        ),
        (
            Part::Figures,
            "/figures",
            view.say("Figures", "Statistiques"),
        ),
        (Part::Office, "/office", view.say("Office", "Bureau")),
    ];
    let locked = part == Part::Locked;
    html! {
        (DOCTYPE)
        html lang=(view.language.tag()) translate="no" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · Temoin" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/style.css";
            }
            body {
                a.skip href="#main" { (view.say("Skip to the content", "Aller au contenu")) }
                header.top {
                    div.brand { strong { "Temoin" } span.soft { (shown(view.office)) } }
                    @if !locked {
                        nav aria-label=(view.say("Parts of the desk", "Parties du poste")) {
                            ul {
                                @for (which, path, name) in nav {
                                    li {
                                        a href=(path) aria-current=[(which == part).then_some("page")] {
                                            (name)
                                            @if which == Part::Unread && view.unread > 0 {
                                                " " span.count { (view.unread) }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                        form.search id="search" role="search" method="post" action="/search" autocomplete="off" {
                            input type="hidden" name="token" value=(view.token);
                            label.unseen for="search-typed" { (view.say("Search in all cases", "Rechercher dans tous les dossiers")) }
                            input type="text" id="search-typed" name="typed" autocomplete="off"
                                placeholder=(view.say("Search", "Rechercher"));
                            button.quiet type="submit" { (view.say("Find", "Chercher")) }
                        }
                    }
                    div.tools {
                        form id="language" method="post" action="/language" {
                            input type="hidden" name="token" value=(view.token);
                            input type="hidden" name="back" value=(view.path);
                            @let other = match view.language { Language::English => ("fr", "Français"), Language::French => ("en", "English") };
                            button.plain type="submit" name="language" value=(other.0) lang=(other.0) { (other.1) }
                        }
                        @if !locked {
                            form id="lock" method="post" action="/lock" {
                                input type="hidden" name="token" value=(view.token);
                                button.quiet type="submit" { (view.say("Lock", "Verrouiller")) }
                            }
                        }
                    }
                }
                main id="main" tabindex="-1" {
                    @if let Some(said) = &view.said {
                        p class=(if said.good { "good" } else { "care" }) role="status" id="said" { (said.text) }
                    }
                    (body)
                }
                footer {
                    p {
                        (view.say("Only this desk can read these pages. At the relay, all of it is sealed.", "Seul ce poste peut lire ces pages. Sur le relais, tout est scellé."))
                        @if !locked { " " (view.say("Decisions made here are signed ", "Les décisions prises ici portent la mention ")) code { (view.author) } "." }
                    }
                }
            }
        }
    }
}
