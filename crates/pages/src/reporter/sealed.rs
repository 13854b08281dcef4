//! The page that takes a letter sealed elsewhere, by a plain form and without script. What became of
//! it is said by the relay, which alone knows. (protocol §4.2, decision 0038)

use maud::html;
use record::FormLanguage;

use super::texts;
use super::{OfficePage, foot, head, top};
use crate::shell::{self, Reach};

/// The page. It stands in a folder of its language (`en/sealed.html`), and its form goes to the relay
/// that serves it.
#[must_use]
pub fn sealed(language: FormLanguage, office: &OfficePage) -> Vec<u8> {
    let texts = texts::of(language);
    let t = &texts.sealed;
    let body = html! {
        body {
            (top(language, office, texts, &|other| format!("../{}/sealed.html", other.tag())))
            main id="main" tabindex="-1" {
                h1 { (t.heading) }
                p { (t.lead) }
                h2 { (t.how_heading) }
                ul {
                    li { (t.how_kit) " " a href="../kit.html" download { (texts.form.kit_link) } }
                    li { (t.how_program) }
                    li { (t.how_carry) }
                }
                form method="post" action={ "../letters/" (language.tag()) } enctype="multipart/form-data" {
                    div class="field" {
                        label for="letter" { (t.files) }
                        span class="hint" id="files-hint" { (t.files_hint) }
                        input type="file" id="letter" name="letter" accept=".bin,.BIN" multiple required aria-describedby="files-hint";
                    }
                    p class="row" { button type="submit" id="hand-in" { (t.send) } }
                }
                p { (t.after) }
                p class="care" { (t.stays) }
            }
            (foot(texts))
        }
    };
    shell::page(&head(language, texts, Reach::Form), &body)
}
