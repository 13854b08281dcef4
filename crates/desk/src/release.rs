//! Figures: the facts that may be counted today, a release of them, and its files.
//!
//! What counts is `casework::countable`'s to say, what is shown is `figures::protect`'s. Here the
//! cases are walked, the office's terms put in, and the files written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use casework::{NotCountable, NotCovered, countable};
use figures::{
    Earlier, NotPublishable, PeriodSize, PlaceNames, PlaceSize, Published, ReleaseId, Terms, count,
    protect,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use record::{Code, Date, Fact, Language};
use vault::Failed;

use crate::desk::Desk;
use crate::readable::{Holds, will_be_written};

/// What may be counted, and why the rest is not.
#[derive(Clone, Debug, Default)]
pub struct Countable {
    /// The facts.
    pub facts: Vec<Fact>,
    /// Cases they come from.
    pub cases: usize,
    /// How many cases are not counted, by the reason.
    pub left_out: BTreeMap<LeftOut, usize>,
}

/// Why a case is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Nothing of it is verified.
    NotVerified,
    /// Counting is not covered by consent or another ground.
    NotCovered,
    /// A duplicate, unfounded, or erased.
    NotACaseOfItsOwn,
}

impl LeftOut {
    /// The reason in a language.
    #[must_use]
    pub fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::NotVerified, Language::English) => "nothing is verified yet",
            (Self::NotVerified, Language::French) => "rien n’est encore vérifié",
            (Self::NotCovered, Language::English) => {
                "counting is not covered by consent or another ground"
            }
            (Self::NotCovered, Language::French) => {
                "le comptage n’est couvert ni par un consentement ni par un autre fondement"
            }
            (Self::NotACaseOfItsOwn, Language::English) => "a duplicate, unfounded, or erased",
            (Self::NotACaseOfItsOwn, Language::French) => "doublon, non fondé ou effacé",
        }
    }
}

/// How a release is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseTerms {
    /// Its name.
    pub release: ReleaseId,
    /// How finely time is shown.
    pub period: PeriodSize,
    /// How finely place is shown.
    pub place: PlaceSize,
}

/// Why no release was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotRelease {
    /// It would reveal somebody, or is too small.
    NotPublishable(NotPublishable),
    /// A release of this name was published: choose another name.
    NameTaken,
    /// The folder cannot be written.
    Disk(std::io::ErrorKind),
    /// The vault cannot be read or written.
    Store(Failed),
}

impl CannotRelease {
    /// The sentence for the caseworker.
    #[must_use]
    pub fn sentence(self, language: Language) -> String {
        let (en, fr) = match self {
            Self::NotPublishable(why) => (
                why.to_string(),
                match why {
                    NotPublishable::TooFew => "trop peu d’actes pour publier un chiffre qui ne révèle personne ; attendez, ou ne réduisez le délai que si personne n’est mis en danger",
                    NotPublishable::TooLittleChanged => "si peu a changé depuis la dernière publication que la différence révélerait quelqu’un ; attendez d’en compter davantage",
                    NotPublishable::Revealing => "le contrôle a trouvé un nombre masqué qui pourrait être calculé ; rien n’a été publié, merci de le signaler",
                }
                .to_owned(),
            ),
            Self::NameTaken => (
                "a release of this name was published already; choose another name".to_owned(),
                "une publication porte déjà ce nom ; choisissez-en un autre".to_owned(),
            ),
            Self::Disk(kind) => (
                format!("the folder cannot be written: {kind}"),
                "le dossier ne peut pas être écrit ; vérifiez le chemin et la place libre".to_owned(),
            ),
            Self::Store(failed) => (
                failed.to_string(),
                "le coffre n’a pas pu être lu ou écrit ; rien n’a été publié".to_owned(),
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }
}

impl std::fmt::Display for CannotRelease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl std::error::Error for CannotRelease {}

impl From<Failed> for CannotRelease {
    fn from(failed: Failed) -> Self {
        Self::Store(failed)
    }
}

impl From<NotPublishable> for CannotRelease {
    fn from(why: NotPublishable) -> Self {
        Self::NotPublishable(why)
    }
}

impl Desk {
    /// Today in the office's zone.
    #[must_use]
    pub fn today(&self, now: u64) -> Option<Date> {
        let zone = TimeZone::get(&self.settings().zone).unwrap_or(TimeZone::UTC);
        let stamp = Timestamp::from_second(i64::try_from(now).ok()?).ok()?;
        let local = stamp.to_zoned(zone);
        Date::new(
            u16::try_from(local.year()).ok()?,
            u8::try_from(local.month()).ok()?,
            u8::try_from(local.day()).ok()?,
        )
    }

    /// Everything that may be counted today.
    #[must_use]
    pub fn countable(&self, now: u64) -> Countable {
        let mut found = Countable::default();
        let (Some(purpose), Some(identity), Some(today)) =
            (Code::of("statistics"), Code::of("none"), self.today(now))
        else {
            return found;
        };
        let places = self.settings().places();
        for (_, case) in self.cases() {
            let counted = case
                .covers_acts(purpose, "", identity, today)
                .map_err(|why| match why {
                    NotCovered::CaseErased => LeftOut::NotACaseOfItsOwn,
                    _ => LeftOut::NotCovered,
                })
                .and_then(|covered| {
                    countable(case, &covered, &places).map_err(|why| match why {
                        NotCountable::NotCounted => LeftOut::NotACaseOfItsOwn,
                        _ => LeftOut::NotVerified,
                    })
                });
            match counted {
                Ok(facts) => {
                    found.cases += 1;
                    found.facts.extend(facts);
                }
                // What is not verified yet is said first: it comes before any use.
                Err(_) if case.verified_acts().next().is_none() => {
                    *found.left_out.entry(LeftOut::NotVerified).or_default() += 1;
                }
                Err(why) => *found.left_out.entry(why).or_default() += 1,
            }
        }
        found
    }

    /// A release as it would be published now. Nothing is written.
    ///
    /// # Errors
    /// [`CannotRelease`].
    pub fn preview(&self, terms: &ReleaseTerms, now: u64) -> Result<Published, CannotRelease> {
        let earlier = self.last_release()?;
        let terms = Terms {
            release: terms.release.clone(),
            today: self
                .today(now)
                .ok_or(CannotRelease::Store(Failed::Refused))?,
            delay_days: self.settings().publication_delay_days,
            threshold: self.settings().smallest_cell,
            period: terms.period,
            place: terms.place,
        };
        let mut names = PlaceNames::default();
        for region in &self.settings().regions {
            if let Some(name) = region.names.first() {
                names.add(region.country, region.number, name, name);
            }
        }
        let counted = count(&self.countable(now).facts, &terms, &names);
        Ok(protect(counted, earlier.as_ref())?)
    }

    /// Writes a release: into a folder of its own, and once more as the newest. Remembers it, so
    /// that the next one is compared with it.
    ///
    /// # Errors
    /// [`CannotRelease`].
    pub fn release(
        &mut self,
        terms: &ReleaseTerms,
        to: &Path,
        now: u64,
    ) -> Result<Published, CannotRelease> {
        if let Some(earlier) = self.last_release()?
            && *earlier.release() == terms.release
        {
            return Err(CannotRelease::NameTaken);
        }
        let own = to.join(terms.release.as_str());
        if own.exists() {
            return Err(CannotRelease::NameTaken);
        }
        let published = self.preview(terms, now)?;
        let languages = self.settings().page_languages();
        let files = pages::figures::files(&self.settings().name, &published, &languages);
        let write = |folder: &Path| -> std::io::Result<()> {
            fs::create_dir_all(folder)?;
            for (name, bytes) in &files {
                fs::write(folder.join(name), bytes)?;
            }
            Ok(())
        };
        self.change(|ledger, w| {
            for folder in [own.as_path(), to] {
                will_be_written(ledger, w, Holds::Figures, folder, &files, now)?;
            }
            Ok(())
        })?;
        write(&own)
            .and_then(|()| write(to))
            .map_err(|e| CannotRelease::Disk(e.kind()))?;
        self.change(|_, w| w.set("last-release", published.to_json().as_bytes()))?;
        Ok(published)
    }

    /// Where releases are written when nothing else is said.
    #[must_use]
    pub fn figures_folder(&self) -> PathBuf {
        self.vault().folder().join("figures")
    }

    fn last_release(&self) -> Result<Option<Earlier>, Failed> {
        match self.vault().read().setting("last-release")? {
            None => Ok(None),
            Some(json) => Earlier::from_json(&json)
                .map(Some)
                .map_err(|_| Failed::Damaged),
        }
    }
}
