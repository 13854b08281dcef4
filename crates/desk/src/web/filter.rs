//! Which cases a list shows, by what is recorded of them; and searches that are kept under a name.
//!
//! What is chosen stands in the address, so that it can be gone back to and needs no script. It is
//! codes of our lists there and nothing else: no typed word, and a colleague only as a sign that
//! shows no name. A browser writes its addresses down. (decision 0076)

use std::collections::BTreeMap;

use casework::{Case, Clock, State};
use maud::{Markup, html};
use record::vocabulary::{Acts, Technologies, Urgencies};
use record::{Code, Country, Language};

use super::asked::{Answered, Asked, Fields};
use super::case::folded;
use super::show::View;
use super::{House, draft, held, language};
use crate::desk::Desk;
use crate::hex;
use crate::saved::SavedSearch;

/// The form in which it is chosen.
const FORM: &str = "filter";
/// The form in which it is given a name.
pub(super) const SAVE: &str = "save-search";
/// Where saved searches are shown.
pub(super) const PATH: &str = "/saved";
/// What a filter is made of.
const NAMES: [&str; 7] = [
    "state",
    "urgency",
    "lead",
    "country",
    "act",
    "technology",
    "due",
];
/// What is saved under a name: the list a filter is of, the words that were typed, and the filter.
fn saved_names() -> Vec<&'static str> {
    ["show", "typed"].into_iter().chain(NAMES).collect()
}

/// Who leads a case.
#[derive(Clone, PartialEq, Eq)]
enum Lead {
    Me,
    Nobody,
    /// A colleague, by the sign of their code.
    Colleague(String),
}

/// Which cases are wanted: each part that is chosen must fit. What no list knows is not chosen.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    state: Option<State>,
    /// `None` within: nobody judged it yet.
    urgency: Option<Option<Code<Urgencies>>>,
    lead: Option<Lead>,
    country: Option<Country>,
    act: Option<Code<Acts>>,
    technology: Option<Code<Technologies>>,
    /// A date within so many days from today, or late.
    due: Option<Due>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Late,
    Week,
    Month,
}

impl Filter {
    pub(crate) fn read(fields: &Fields) -> Self {
        let is_sign = |lead: &str| lead.len() == 8 && lead.bytes().all(|b| b.is_ascii_hexdigit());
        Self {
            state: State::of(fields.text("state")),
            urgency: match fields.text("urgency") {
                "none" => Some(None),
                code => Code::of(code).map(Some),
            },
            lead: match fields.text("lead") {
                "me" => Some(Lead::Me),
                "nobody" => Some(Lead::Nobody),
                sign if is_sign(sign) => Some(Lead::Colleague(sign.to_owned())),
                _ => None,
            },
            country: Country::read(fields.text("country")),
            act: Code::of(fields.text("act")),
            technology: Code::of(fields.text("technology")),
            due: match fields.text("due") {
                "late" => Some(Due::Late),
                "week" => Some(Due::Week),
                "month" => Some(Due::Month),
                _ => None,
            },
        }
    }

    /// Whether nothing is chosen.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a case is wanted, as far as no clock is asked.
    pub(crate) fn fits(&self, desk: &Desk, case: &Case) -> bool {
        let state = self.state.is_none_or(|state| case.state() == state);
        let urgency = self.urgency.is_none_or(|wanted| match wanted {
            None => case.urgency().is_empty(),
            Some(code) => case.urgency().is(code.as_str()),
        });
        let lead = self.lead.as_ref().is_none_or(|wanted| match wanted {
            Lead::Me => case.lead().is_some_and(|lead| lead.is(desk.author())),
            Lead::Nobody => case.lead().is_none(),
            Lead::Colleague(wanted) => case
                .lead()
                .is_some_and(|lead| sign(desk, lead.as_str()) == *wanted),
        });
        let country = self.country.is_none_or(|wanted| {
            places(case).any(|place| Country::read(&place.country) == Some(wanted))
        });
        let act = self.act.is_none_or(|wanted| {
            let told = reports(case).flat_map(|report| &report.acts);
            let mut kinds = case.acts().map(|act| &act.kind).chain(told);
            kinds.any(|kind| kind.is(wanted.as_str()))
        });
        let technology = self.technology.is_none_or(|wanted| {
            let mut used = case.acts().flat_map(|act| &act.technologies);
            used.any(|one| one.technology.is(wanted.as_str()))
        });
        state && urgency && lead && country && act && technology
    }

    /// Whether one of its dates is among the wanted.
    pub(crate) fn fits_clocks(&self, clocks: &[Clock], today: u32) -> bool {
        let within = |last: u32| clocks.iter().any(|clock| clock.day <= last);
        match self.due {
            None => true,
            Some(Due::Late) => clocks.iter().any(|clock| clock.day < today),
            Some(Due::Week) => within(today.saturating_add(7)),
            Some(Due::Month) => within(today.saturating_add(30)),
        }
    }
}

fn reports(case: &Case) -> impl Iterator<Item = &record::Report> {
    case.letters()
        .iter()
        .filter_map(|letter| letter.report.as_ref().ok())
}

/// Where it happened: as the office recorded it, else as it was told.
fn places(case: &Case) -> impl Iterator<Item = &record::Where> {
    let recorded = case.events().map(|event| &event.place);
    recorded.chain(reports(case).map(|report| &report.place))
}

/// What stands for a colleague in an address.
fn sign(desk: &Desk, code: &str) -> String {
    let mut of = desk.identity().mailbox.0.to_vec();
    of.extend_from_slice(code.as_bytes());
    let hash = envelope::hash(&of);
    hex::show(hash.get(..4).unwrap_or_default())
}

fn is_chosen(fields: &Fields) -> bool {
    !in_an_address(fields).is_empty()
}

/// What is chosen, as it stands in an address.
pub(crate) fn in_an_address(fields: &Fields) -> String {
    fields.encoded(&NAMES)
}

/// The form in which a filter is chosen. With words that were typed it is sent and not asked for:
/// words stand in no address.
pub(crate) fn choosing(
    view: &View<'_>,
    desk: &Desk,
    fields: &Fields,
    of_words: bool,
    open: bool,
) -> Markup {
    let any = view.say("any", "indifférent");
    let text = |name: &str| fields.text(name).to_owned();
    let any_of = || (String::new(), any.to_owned());
    let among = |codes: &[(&str, &str)]| {
        let mut all = vec![any_of()];
        all.extend(
            codes
                .iter()
                .map(|(code, name)| ((*code).to_owned(), (*name).to_owned())),
        );
        all
    };
    let states: Vec<(&str, &str)> = State::ALL
        .iter()
        .map(|state| (state.code(), state.label(view.language)))
        .collect();
    let mut urgencies = vec![("none", view.say("not judged yet", "pas encore évaluée"))];
    let list = <Urgencies as record::vocabulary::List>::vocabulary();
    urgencies.extend(
        list.iter()
            .map(|entry| (entry.code, entry.label(view.language))),
    );
    let mut countries: Vec<Country> = Country::all().collect();
    countries.sort_by_cached_key(|country| folded(country.label(view.language)));
    let countries: Vec<(&str, &str)> = countries
        .iter()
        .map(|country| (country.code(), country.label(view.language)))
        .collect();
    let dues = [
        ("late", view.say("late", "en retard")),
        (
            "week",
            view.say("late or within 7 days", "en retard ou sous 7 jours"),
        ),
        (
            "month",
            view.say("late or within 30 days", "en retard ou sous 30 jours"),
        ),
    ];
    html! {
        details id="add-filter" open[open] {
            summary { (view.say("Choose cases", "Choisir des dossiers")) }
            form id=(FORM) method=(if of_words { "post" } else { "get" }) action=(if of_words { "/search" } else { "/" }) autocomplete="off" {
                @if of_words {
                    input type="hidden" name="token" value=(view.token);
                    (view.line(FORM, "typed", view.say("Words", "Mots"), "", &text("typed")))
                } @else {
                    input type="hidden" name="show" value=(fields.text("show"));
                }
                div.fields {
                    (view.choice_among(FORM, "state", view.say("Where it stands", "État"), &text("state"), &among(&states)))
                    (view.choice_among(FORM, "urgency", view.say("Urgency", "Urgence"), &text("urgency"), &among(&urgencies)))
                    (view.choice_among(FORM, "lead", view.say("Led by", "Responsable"), &text("lead"), &leads(view, desk, any)))
                    (view.choice_among(FORM, "country", view.say("Country", "Pays"), &text("country"), &among(&countries)))
                    (view.choice::<Acts>(FORM, "act", view.say("What was done", "Ce qui a été fait"), &text("act"), Some(any)))
                    (view.choice::<Technologies>(FORM, "technology", view.say("By what technical means", "Moyen technique"), &text("technology"), Some(any)))
                    (view.choice_among(FORM, "due", view.say("A date", "Échéance"), &text("due"), &among(&dues)))
                }
                div.row { button.quiet type="submit" { (view.say("Show these", "Afficher")) } }
            }
        }
    }
}

/// Who may be chosen as leading: you, nobody, and whoever leads or led a case to its end.
fn leads(view: &View<'_>, desk: &Desk, any: &str) -> Vec<(String, String)> {
    let mut leads = vec![
        (String::new(), any.to_owned()),
        ("me".to_owned(), view.say("you", "vous").to_owned()),
        (
            "nobody".to_owned(),
            view.say("nobody", "personne").to_owned(),
        ),
    ];
    let others: BTreeMap<&str, ()> = desk
        .cases()
        .filter_map(|(_, case)| case.lead())
        .filter(|lead| !lead.is(desk.author()))
        .map(|lead| (lead.as_str(), ()))
        .collect();
    leads.extend(
        others
            .keys()
            .map(|code| (sign(desk, code), (*code).to_owned())),
    );
    leads
}

/// The searches that were saved, as ways to them.
pub(crate) fn ways(view: &View<'_>, desk: &Desk) -> Markup {
    let saved = desk.saved_searches().unwrap_or_default();
    html! {
        @if !saved.is_empty() {
            nav aria-label=(view.say("Saved searches", "Recherches gardées")) {
                ul.tabs id="saved" {
                    @for one in &saved {
                        @let path = format!("{PATH}/{}", one.number);
                        li { a href=(path) aria-current=[(path == view.path).then_some("page")] { bdi { (one.name) } } }
                    }
                }
            }
        }
    }
}

/// The form that saves what is shown under a name, or forgets what was saved.
pub(crate) fn keeping(view: &View<'_>, fields: &Fields, saved: Option<&SavedSearch>) -> Markup {
    html! {
        @if let Some(saved) = saved {
            form id="forget-search" method="post" action="/saved/forget" autocomplete="off" {
                input type="hidden" name="token" value=(view.token);
                input type="hidden" name="number" value=(saved.number);
                div.row { button.plain type="submit" { (view.say("Forget this saved search", "Supprimer cette recherche gardée")) } }
            }
        } @else if view.came_back(SAVE) || is_chosen(fields) || !fields.text("typed").is_empty() {
            (view.folded(SAVE, view.say("Save this search", "Garder cette recherche"), false, view.form(
                SAVE, PATH, view.say("Save", "Garder"), html! {
                    @for name in saved_names() {
                        @if !fields.text(name).is_empty() {
                            input type="hidden" name=(name) value=(fields.text(name));
                        }
                    }
                    (view.line(SAVE, "name", view.say("Name", "Nom"), view.say("It is kept in the vault, and only there.", "Il est gardé dans le coffre, et nulle part ailleurs."), ""))
                },
            )))
        }
    }
}

impl House {
    /// Notes that a hand is on the desk, and says in which language.
    fn hand_on_it(&self, asked: &Asked) -> Language {
        let mut room = held(&self.room);
        room.last_hand = (self.clock)();
        language(asked, room.language)
    }

    /// Saves a search under a name.
    pub(super) fn save_search(&self, session: usize, asked: &Asked, fields: &Fields) -> Answered {
        let tongue = self.hand_on_it(asked);
        let looks_for_something = is_chosen(fields) || !fields.text("typed").is_empty();
        let query = match looks_for_something {
            true => fields.encoded(&saved_names()),
            false => String::new(),
        };
        let done = self.with_desk(|desk| desk.save_search(fields.text("name"), &query));
        match done {
            Some(Ok(number)) => Answered::see(format!("{PATH}/{number}")),
            Some(Err(why)) => {
                let draft = draft(SAVE, fields, why.sentence(tongue).to_owned());
                self.page_with(session, asked, "/", 422, Some(draft), fields)
            }
            None => self.locked(session, asked, 200, None, fields),
        }
    }

    /// Forgets one.
    pub(super) fn forget_search(&self, session: usize, asked: &Asked, fields: &Fields) -> Answered {
        let tongue = self.hand_on_it(asked);
        let number = fields.text("number").parse().unwrap_or(0);
        let done = self.with_desk(|desk| desk.forget_search(number));
        let (good, text) = match (done, tongue) {
            (Some(Ok(())), Language::English) => (true, "Forgotten."),
            (Some(Ok(())), Language::French) => (true, "Supprimée."),
            (_, Language::English) => (false, "The vault could not be written; it is still saved."),
            (_, Language::French) => (
                false,
                "Le coffre n’a pas pu être écrit ; elle est toujours gardée.",
            ),
        };
        self.say(session, good, text.to_owned());
        Answered::see("/")
    }
}
