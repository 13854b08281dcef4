//! The reporter's pages: the one they arrive on, the one they write and read on, and those of the
//! doorstep, which work without script.
//!
//! The page to write and to read on is one response. Its script (`reporter/` in this repository)
//! finds controls by their ids, and its sentences in a JSON block of the page; `reporter/README.md`
//! lists both. Nothing of the page is sent anywhere before the script has sealed it.

mod doorstep;
mod form;
mod kit;
mod landing;
mod own;
mod questions;
mod sealed;
pub(crate) mod texts;

use envelope::MailboxId;
use envelope::keys::RootKey;
use maud::{Markup, html};
use record::FormLanguage;

use crate::shell::{Head, Reach};
use texts::{Texts, filled};

pub use doorstep::{Unsent, doorstep_busy, doorstep_done, doorstep_form, doorstep_unsent, field};
pub use form::{Sentences, form};
pub use kit::{Kit, kit, sheet};
pub use landing::landing;
pub use own::{OPTIONAL, Own, OwnQuestion, Spoken};
pub use sealed::sealed;

/// The office as its pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficePage {
    /// The name people know it by.
    pub name: String,
    /// The languages its pages are offered in; the first is what a visitor meets.
    pub languages: Vec<FormLanguage>,
    /// Its mailbox: the script checks that a notice is of this office.
    pub mailbox: MailboxId,
    /// Its root: the script believes only a notice signed by it.
    pub root: RootKey,
    /// Address of the page without script, if the office runs one.
    pub doorstep: Option<String>,
    /// Where "leave now" leads; an encyclopaedia if the office names nothing better.
    pub exit: Option<String>,
    /// Address of the office's published figures, relative to the site, if it has any.
    pub figures: Option<String>,
    /// What it sets of the pages.
    pub own: Own,
}

/// The page's script: bytes built from `reporter/`, and what follows from them.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    bytes: &'a [u8],
    sha256: [u8; 32],
    files: Option<&'a [u8]>,
    new_words: Option<&'a [u8]>,
    pure: Option<&'a [u8]>,
}

impl<'a> Script<'a> {
    /// From the built file.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Self {
        use sha2::Digest;
        Self {
            bytes,
            sha256: sha2::Sha256::digest(bytes).into(),
            files: None,
            new_words: None,
            pure: None,
        }
    }

    /// With the second script, which those fetch who add files; without it no page offers that.
    #[must_use]
    pub fn with_files(self, files: &'a [u8]) -> Self {
        Self {
            files: Some(files),
            ..self
        }
    }

    /// With the script for new words, which those fetch who change theirs; without it no page offers
    /// that.
    #[must_use]
    pub fn with_new_words(self, new_words: &'a [u8]) -> Self {
        Self {
            new_words: Some(new_words),
            ..self
        }
    }

    /// With the script for browsers without cryptography of their own, which those fetch alone;
    /// without it such a browser is told that nothing can be sent from here.
    #[must_use]
    pub fn with_pure(self, pure: &'a [u8]) -> Self {
        Self {
            pure: Some(pure),
            ..self
        }
    }

    /// That script with what it says in a language, if there is one.
    #[must_use]
    pub fn pure(&self, language: FormLanguage) -> Option<Sentences> {
        self.pure.map(|code| Sentences::of_pure(language, code))
    }

    /// The script for new words with what it says in a language, if there is one.
    #[must_use]
    pub fn new_words(&self, language: FormLanguage) -> Option<Sentences> {
        self.new_words
            .map(|code| Sentences::of_new_words(language, code))
    }

    /// The second script with what it says in a language, if there is one.
    #[must_use]
    pub fn files(&self, language: FormLanguage) -> Option<Sentences> {
        self.files.map(|code| Sentences::of_files(language, code))
    }

    /// Its file name in the site: changes with its bytes, so that it may be cached for ever.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("page-{}.js", hex(self.sha256.get(..8).unwrap_or_default()))
    }

    /// The built file.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Its SHA-256.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }
}

impl OfficePage {
    /// The office as it is called in a language.
    fn spoken_in(&self, language: FormLanguage) -> Self {
        let own = self.own.names.iter().find(|(l, _)| *l == language);
        Self {
            name: own.map_or_else(|| self.name.clone(), |(_, name)| name.clone()),
            ..self.clone()
        }
    }

    /// Its sentence of greeting, if it has one.
    fn greeting(&self, language: FormLanguage) -> Markup {
        let said = own::found(&self.own.greeting, language, &self.languages);
        html! { @if let Some(said) = said { p class="note" id="greeting" dir="auto" { (own::sentence(language, said)) } } }
    }

    fn exit(&self, language: FormLanguage) -> String {
        self.exit
            .clone()
            .unwrap_or_else(|| format!("https://{}.wikipedia.org/", language.tag()))
    }

    fn fill(&self, text: &str) -> String {
        filled(text, &self.name)
    }
}

/// What a language calls itself.
fn own_name(language: FormLanguage) -> &'static str {
    match language {
        FormLanguage::Arabic => "العربية",
        FormLanguage::Chinese => "中文",
        FormLanguage::English => "English",
        FormLanguage::French => "Français",
        FormLanguage::Russian => "Русский",
        FormLanguage::Spanish => "Español",
    }
}

/// The number of the word list a page in this language draws from. (protocol §3)
fn word_list(language: FormLanguage) -> u8 {
    match language {
        FormLanguage::English => 1,
        FormLanguage::French => 2,
        FormLanguage::Spanish => 3,
        FormLanguage::Chinese => 4,
        FormLanguage::Arabic | FormLanguage::Russian => 5,
    }
}

fn head<'a>(language: FormLanguage, texts: &'static Texts, reach: Reach) -> Head<'a> {
    Head {
        lang: language.lang(),
        direction: texts.frame.dir,
        title: texts.frame.title,
        reach,
        indexed: false,
        scripts: &[],
        style: "",
    }
}

/// The strip on top of every page: languages, and the way out, which never scrolls away.
fn top(
    language: FormLanguage,
    office: &OfficePage,
    texts: &Texts,
    link: &dyn Fn(FormLanguage) -> String,
) -> Markup {
    html! {
        a class="skip" href="#main" { (texts.frame.skip_to_content) }
        header class="top" {
            @if office.languages.len() > 1 {
                nav aria-label=(texts.frame.languages) {
                    ul {
                        @for other in &office.languages {
                            li {
                                @if *other == language { span aria-current="true" { (own_name(*other)) } }
                                @else { a href=(link(*other)) lang=(other.lang()) hreflang=(other.lang()) { (own_name(*other)) } }
                            }
                        }
                    }
                }
            }
            div class="out" { a id="leave" class="leave" href=(office.exit(language)) rel="noreferrer" { (texts.frame.leave) } }
        }
    }
}

fn foot(texts: &Texts) -> Markup {
    html! { footer { p { (texts.frame.leave_note) } p { (texts.frame.made_with) } } }
}

fn fingerprint(office: &OfficePage) -> Markup {
    html! { p class="code" dir="ltr" { (envelope::notice::fingerprint(&office.root)) } }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
