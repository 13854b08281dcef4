//! Translations beside the original.
//!
//! What was told stays what it is, in its own language, untouched; a translation is somebody's
//! reading of it. It says who made it, a person or a machine; another person looks at it; and a
//! better one is a further version, never a change of one that is there. (decision 0065)
//!
//! Absent: any program that translates, and any way out of the desk.

use crate::case::Case;
use crate::entry::{Author, Entry, Moment, Stamp};
use crate::field::{choices, content, refusals};
use crate::state::State;
use crate::text::Text;

choices! {
    /// Who translated.
    Translator {
        /// Whoever enters it.
        1 Myself "myself" "The person who enters it" "La personne qui la saisit",
        /// Somebody else, who is named as far as that is safe.
        2 Person "person" "Somebody else" "Une autre personne",
        /// A program on a machine of the office.
        3 Machine "machine" "A program" "Un programme",
    }
}

content! {
    /// A report in another language.
    Translated {
        /// Its number in the case, from 1.
        0 number: u32,
        /// Which of the case's letters, from 1.
        1 letter: u32,
        /// The language it is translated into, as a BCP 47 tag.
        2 language: Text,
        /// The translation.
        3 text: Text,
        /// Who translated.
        4 translator: Translator,
        /// The person as the office calls them, or the program with its version.
        5 name: Text,
        /// What could not be translated, or in two ways.
        6 doubts: Text,
    }
    /// Somebody who did not make a translation looked at it.
    TranslationReviewed {
        /// The number of the translation.
        0 translation: u32,
        /// Whether it says what the original says.
        1 agrees: bool,
        /// What is to be changed, or said of it.
        2 remarks: Text,
    }
}

/// A translation of a letter.
#[derive(Debug, PartialEq, Eq)]
pub struct Translation {
    /// Its number in the case, from 1.
    pub number: u32,
    /// Which of the case's letters, from 1.
    pub letter: u32,
    /// The language it is translated into.
    pub language: Text,
    /// The translation.
    pub text: Text,
    /// Who translated.
    pub translator: Translator,
    /// The person as the office calls them, or the program with its version.
    pub name: Text,
    /// What could not be translated, or in two ways.
    pub doubts: Text,
    /// When it was entered.
    pub at: Moment,
    /// By whom.
    pub by: Author,
    /// Those who looked at it, in order.
    pub reviews: Vec<TranslationReview>,
}

/// A look at a translation.
#[derive(Debug, PartialEq, Eq)]
pub struct TranslationReview {
    /// Whether it says what the original says.
    pub agrees: bool,
    /// What is to be changed, or said of it.
    pub remarks: Text,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

impl Translation {
    /// Whether somebody who did not make it says that it holds, and nobody said otherwise since.
    pub fn is_reviewed(&self) -> bool {
        self.reviews.last().is_some_and(|review| review.agrees)
    }
}

refusals! {
    /// Why a translation is not taken.
    CannotTranslate {
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must enter this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit saisir ceci",
        /// Nothing is left.
        CaseErased
            "this case was erased"
            "ce dossier a été effacé",
        /// The letter is not there, or a newer release wrote it.
        NoSuchLetter
            "there is no such letter in this case, or it cannot be read yet"
            "cette lettre n’est pas dans ce dossier, ou n’est pas encore lisible",
        /// No tag of a language.
        NoLanguage
            "name the language of the translation by its short tag, such as “en” or “fr”"
            "indiquez la langue de la traduction par son code court, par exemple « en » ou « fr »",
        /// The language the letter is in.
        SameLanguage
            "this is the language of the original; a translation is in another"
            "c’est la langue de l’original ; une traduction est dans une autre langue",
        /// No text.
        NothingWritten
            "write the translation first"
            "écrivez d’abord la traduction",
        /// Another person or a program, and no name.
        NoName
            "say who translated: a name the office uses, or the program with its version"
            "dites qui a traduit : un nom en usage au bureau, ou le programme avec sa version",
        /// Longer than an entry.
        TooLong
            "this is too long to be stored; divide it"
            "ce texte est trop long ; divisez-le",
    }
    /// Why a look at a translation is not recorded.
    CannotReviewTranslation {
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// There is no translation of this number.
        NoSuchTranslation
            "there is no translation of this number"
            "aucune traduction ne porte ce numéro",
        /// Their own.
        OwnTranslation
            "you made this translation; somebody else must look at it"
            "cette traduction est la vôtre ; une autre personne doit la relire",
        /// Does not agree, and does not say why.
        NoRemarks
            "say what is to be changed"
            "dites ce qu’il faut changer",
        /// Longer than an entry.
        TooLong
            "this is too long to be stored; make it shorter"
            "ce texte est trop long ; raccourcissez-le",
    }
}

/// Adds a translation of a letter: a further version, whatever is there.
pub fn translate(
    case: &Case,
    translated: Translated,
    stamp: Stamp,
) -> Result<Entry, CannotTranslate> {
    if case.state() == State::Erased {
        return Err(CannotTranslate::CaseErased);
    }
    if case.is_recused(&stamp.by) {
        return Err(CannotTranslate::Recused);
    }
    may_translate(case, &translated)?;
    Entry::written(stamp, Some(case.id()), translated.into()).map_err(|_| CannotTranslate::TooLong)
}

/// Records that somebody who did not make a translation looked at it.
pub fn review_translation(
    case: &Case,
    translation: u32,
    agrees: bool,
    remarks: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotReviewTranslation> {
    if case.is_recused(&stamp.by) {
        return Err(CannotReviewTranslation::Recused);
    }
    let reviewed = TranslationReviewed {
        translation,
        agrees,
        remarks: remarks.into(),
    };
    may_review_translation(case, &reviewed, &stamp)?;
    Entry::written(stamp, Some(case.id()), reviewed.into())
        .map_err(|_| CannotReviewTranslation::TooLong)
}

pub(crate) fn may_translate(case: &Case, translated: &Translated) -> Result<(), CannotTranslate> {
    let place = usize::try_from(translated.letter).ok();
    let place = place.and_then(|place| place.checked_sub(1));
    let letter = place.and_then(|place| case.letters().get(place));
    let Some(Ok(original)) = letter.map(|letter| &letter.report) else {
        return Err(CannotTranslate::NoSuchLetter);
    };
    let tag = translated.language.as_str();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !(2..=35).contains(&tag.len()) || !tag.bytes().all(plain) {
        return Err(CannotTranslate::NoLanguage);
    }
    if original.language.trim().eq_ignore_ascii_case(tag) {
        return Err(CannotTranslate::SameLanguage);
    }
    if translated.text.is_blank() {
        return Err(CannotTranslate::NothingWritten);
    }
    if translated.translator != Translator::Myself && translated.name.is_blank() {
        return Err(CannotTranslate::NoName);
    }
    Ok(())
}

pub(crate) fn may_review_translation(
    case: &Case,
    reviewed: &TranslationReviewed,
    stamp: &Stamp,
) -> Result<(), CannotReviewTranslation> {
    let found = case.translation(reviewed.translation);
    let translation = found.ok_or(CannotReviewTranslation::NoSuchTranslation)?;
    let me = stamp.by.person();
    let own = match translation.translator {
        Translator::Myself => translation.by.person() == me,
        _ => translation.name.trim().eq_ignore_ascii_case(me),
    };
    if own {
        return Err(CannotReviewTranslation::OwnTranslation);
    }
    if !reviewed.agrees && reviewed.remarks.is_blank() {
        return Err(CannotReviewTranslation::NoRemarks);
    }
    Ok(())
}

impl Case {
    /// Translations of its letters, in the order they were entered.
    pub fn translations(&self) -> &[Translation] {
        &self.translations
    }

    /// A translation by its number.
    pub fn translation(&self, number: u32) -> Option<&Translation> {
        self.translations.iter().find(|one| one.number == number)
    }

    /// The number for a new translation.
    pub fn next_translation(&self) -> u32 {
        let highest = self.translations.iter().map(|one| one.number).max();
        highest.map_or(1, |highest| highest.saturating_add(1))
    }

    pub(crate) fn take_translation(&mut self, translated: Translated, stamp: &Stamp) {
        // Two desks may have given one number: neither translation is lost.
        let taken = self.translation(translated.number).is_some();
        let number = if taken || translated.number == 0 {
            self.next_translation()
        } else {
            translated.number
        };
        self.translations.push(Translation {
            number,
            letter: translated.letter,
            language: translated.language,
            text: translated.text,
            translator: translated.translator,
            name: translated.name,
            doubts: translated.doubts,
            at: stamp.at,
            by: stamp.by.clone(),
            reviews: Vec::new(),
        });
    }

    pub(crate) fn take_translation_review(&mut self, reviewed: TranslationReviewed, stamp: &Stamp) {
        let mut all = self.translations.iter_mut();
        if let Some(translation) = all.find(|one| one.number == reviewed.translation) {
            translation.reviews.push(TranslationReview {
                agrees: reviewed.agrees,
                remarks: reviewed.remarks,
                at: stamp.at,
                by: stamp.by.clone(),
            });
        }
    }
}
