//! The languages a reporter is met in.

use crate::vocabulary::Language;

/// A language of the pages a stranger reads and writes on: the six of the United Nations.
///
/// Every text of those pages and every word the form offers stands in each of them. The lists an
/// office works with have labels in English and French only, and [`Language`] says so: what is
/// never shown to a reporter cannot be asked for in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormLanguage {
    /// Arabic.
    Arabic,
    /// Chinese, simplified.
    Chinese,
    /// English.
    English,
    /// French.
    French,
    /// Russian.
    Russian,
    /// Spanish.
    Spanish,
}

impl FormLanguage {
    /// All, in the order the United Nations list them.
    pub const ALL: [Self; 6] = [
        Self::Arabic,
        Self::Chinese,
        Self::English,
        Self::French,
        Self::Russian,
        Self::Spanish,
    ];

    /// The short tag: names folders and settings.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::Chinese => "zh",
            Self::English => "en",
            Self::French => "fr",
            Self::Russian => "ru",
            Self::Spanish => "es",
        }
    }

    /// The BCP 47 tag to write into a page: says which Chinese script, so that the right forms of
    /// the characters are shown.
    pub const fn lang(self) -> &'static str {
        match self {
            Self::Chinese => "zh-Hans",
            other => other.tag(),
        }
    }

    /// The language of a tag as it stands in settings or an address, exactly.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The same language among those every list has labels in, if it is one of them.
    pub const fn of_lists(self) -> Option<Language> {
        match self {
            Self::English => Some(Language::English),
            Self::French => Some(Language::French),
            _ => None,
        }
    }
}

impl From<Language> for FormLanguage {
    fn from(language: Language) -> Self {
        match language {
            Language::English => Self::English,
            Language::French => Self::French,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FormLanguage;

    #[test]
    fn every_tag_leads_back_to_its_language_and_nothing_else_does() {
        for language in FormLanguage::ALL {
            assert_eq!(FormLanguage::of_tag(language.tag()), Some(language));
            assert!(language.lang().starts_with(language.tag()));
        }
        for tag in ["", "EN", "en-GB", "de", "zh-Hans"] {
            assert_eq!(FormLanguage::of_tag(tag), None, "{tag}");
        }
    }
}
