//! The page one arrives on: what this is, what it cannot do, and the way in. No script.

use maud::html;
use record::FormLanguage;

use super::texts;
use super::{OfficePage, fingerprint, foot, head, top};
use crate::shell::{self, Reach};

/// The landing page. `base` leads from where it stands to the root of the site: empty or `../`.
#[must_use]
pub fn landing(language: FormLanguage, office: &OfficePage, base: &str) -> Vec<u8> {
    let texts = texts::of(language);
    let t = &texts.landing;
    let office = &office.spoken_in(language);
    let body = html! {
        body {
            (top(language, office, texts, &|other| format!("{base}{}/index.html", other.tag())))
            main id="main" tabindex="-1" {
                h1 { (office.name) }
                p { (office.fill(t.lead)) }
                (office.greeting(language))
                p { a class="go" id="start" href={ (base) (language.tag()) "/form.html" } { (t.start) } }
                p class="hint" { (t.start_note) }
                noscript { p { a id="sealed" href={ (base) (language.tag()) "/sealed.html" } { (texts.sealed.link) } } }
                h2 { (t.how_heading) }
                ol { li { (t.how_1) } li { (office.fill(t.how_2)) } li { (t.how_3) } li { (t.how_4) } }
                h2 { (t.before_heading) }
                ul { li { (t.before_1) } li { (t.before_2) } li { (t.before_3) } li { b { (t.before_4) } } }
                h2 { (t.limits_heading) }
                ul { li { (t.limits_1) } li { (t.limits_2) } li { (office.fill(t.limits_3)) } }
                h2 { (t.check_heading) }
                p { (office.fill(t.check_1)) }
                (fingerprint(office))
                @if let Some(figures) = &office.figures {
                    p { (t.figures) " " a href={ (base) (figures) } { (t.figures_link) } }
                }
            }
            (foot(texts))
        }
    };
    shell::page(&head(language, texts, Reach::Read), &body)
}
