//! What the words the form offers are called in each language.
//!
//! English and French are those of `record`, which labels every list it has. The others stand in
//! the folder of their language, for the lists the form shows and no more. A word without its
//! label, or out of its place, does not compile.

use record::vocabulary::{self, Entry, Language, Vocabulary};

/// Code and label of each entry of a list, in the list's own order.
pub(crate) type Said = &'static [(&'static str, &'static str)];

/// Where a language has its labels.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Labels {
    /// In `record`.
    OfLists(Language),
    /// In the folder of the language.
    Own(&'static Own),
}

/// The labels of one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own {
    pub(crate) acts: Said,
    pub(crate) families: Said,
    pub(crate) victims: Said,
    pub(crate) perpetrators: Said,
    pub(crate) relations: Said,
    pub(crate) helping: Said,
    pub(crate) urgencies: Said,
    pub(crate) purposes: Said,
    pub(crate) answers: Said,
    pub(crate) identity_levels: Said,
    /// Countries, a line each: two letters of ISO 3166-1, a blank, the name; in the order they are
    /// shown. From the Unicode Common Locale Data Repository, as in `record`.
    pub(crate) countries: &'static str,
}

impl Own {
    /// The labels themselves, once every list is known to be whole. Runs while it compiles.
    pub(super) const fn checked(self) -> Self {
        says_each(vocabulary::acts(), self.acts);
        says_each(vocabulary::act_families(), self.families);
        says_each(vocabulary::victims(), self.victims);
        says_each(vocabulary::perpetrators(), self.perpetrators);
        says_each(vocabulary::reporter_relations(), self.relations);
        says_each(vocabulary::helping(), self.helping);
        says_each(vocabulary::urgencies(), self.urgencies);
        says_each(vocabulary::purposes(), self.purposes);
        says_each(vocabulary::answers(), self.answers);
        says_each(vocabulary::identity_levels(), self.identity_levels);
        self
    }

    fn of(&self, list: &Vocabulary) -> Said {
        match list.name() {
            "act" => self.acts,
            "act-family" => self.families,
            "victim" => self.victims,
            "perpetrator" => self.perpetrators,
            "reporter-relation" => self.relations,
            "helping" => self.helping,
            "urgency" => self.urgencies,
            "purpose" => self.purposes,
            "answer" => self.answers,
            "identity-level" => self.identity_levels,
            _ => &[],
        }
    }
}

impl Labels {
    /// The label of an entry of a list. Empty for a list the form does not show.
    pub(crate) fn of(self, list: &Vocabulary, entry: &'static Entry) -> &'static str {
        match self {
            Self::OfLists(language) => entry.label(language),
            Self::Own(own) => own
                .of(list)
                .iter()
                .find(|(code, _)| *code == entry.code)
                .map_or("", |(_, label)| label),
        }
    }

    /// Code and name of every country, in the order they are shown.
    pub(crate) fn countries(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::OfLists(language) => record::Country::all()
                .map(|country| (country.code(), country.label(language)))
                .collect(),
            Self::Own(own) => own
                .countries
                .lines()
                .filter_map(|line| line.split_once(' '))
                .collect(),
        }
    }
}

#[allow(
    clippy::indexing_slicing,
    reason = "runs while it compiles: a place that is not there is an error of the build"
)]
const fn says_each(list: &Vocabulary, said: Said) {
    let entries = list.entries();
    assert!(entries.len() == said.len(), "a word without its label");
    let mut at = 0;
    while at < entries.len() {
        let (code, label) = said[at];
        assert!(equal(entries[at].code, code), "a label out of its place");
        assert!(!label.is_empty(), "a label that says nothing");
        at += 1;
    }
}

#[allow(clippy::indexing_slicing, reason = "as above")]
const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests may")]

    use std::collections::BTreeSet;

    use super::super::of;
    use super::*;
    use record::FormLanguage;

    #[test]
    fn every_country_has_one_name_in_every_language() {
        for language in FormLanguage::ALL {
            let countries = of(language).labels.countries();
            let codes: BTreeSet<&str> = countries.iter().map(|(code, _)| *code).collect();
            let all: BTreeSet<&str> = record::Country::all().map(record::Country::code).collect();
            assert_eq!(codes, all, "{}", language.tag());
            let names: BTreeSet<&str> = countries.iter().map(|(_, name)| *name).collect();
            assert_eq!(names.len(), countries.len(), "{}", language.tag());
        }
    }

    #[test]
    fn no_two_words_of_one_list_are_called_alike() {
        let lists = [
            vocabulary::acts(),
            vocabulary::act_families(),
            vocabulary::victims(),
            vocabulary::perpetrators(),
            vocabulary::reporter_relations(),
            vocabulary::helping(),
            vocabulary::urgencies(),
            vocabulary::purposes(),
            vocabulary::answers(),
            vocabulary::identity_levels(),
        ];
        for language in FormLanguage::ALL {
            for list in lists {
                let labels = of(language).labels;
                let said: BTreeSet<&str> = list.iter().map(|e| labels.of(list, e)).collect();
                assert_eq!(
                    said.len(),
                    list.len(),
                    "{} in {}",
                    list.name(),
                    language.tag()
                );
                assert!(!said.contains(""), "{} in {}", list.name(), language.tag());
            }
        }
    }
}
