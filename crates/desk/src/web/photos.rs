//! The page to which photographs of a letter's codes are brought, and what it says of them.

use maud::{Markup, html};
use record::Language;

use super::show::{Part, View, frame};
use crate::intake::Became;
use crate::pictures::{NotAPicture, Seen};

/// Pictures that could not be read, and letters that are not whole, are told one by one up to this
/// many.
const MOST_NAMED: usize = 5;

/// Letters that pictures have begun.
#[derive(Default)]
pub(crate) struct Begun {
    /// For each, how many codes it still needs.
    pub(crate) missing: Vec<usize>,
    /// Those that a false code spoiled.
    pub(crate) spoiled: usize,
}

impl Begun {
    fn lines(&self, language: Language) -> impl Iterator<Item = String> {
        let spoiled = std::iter::repeat_n(spoiled(language).to_owned(), self.spoiled.min(1));
        let missing = self.missing.iter().take(MOST_NAMED);
        let unnamed = self.missing.len().saturating_sub(MOST_NAMED);
        missing
            .map(move |n| lacking(*n, language))
            .chain((unnamed > 0).then(|| others(unnamed, language)))
            .chain(spoiled)
    }
}

pub(crate) fn page(view: &View<'_>, begun: &Begun) -> Markup {
    let heading = view.say("Read codes from pictures", "Lire des codes sur des photos");
    let body = html! {
        h1 { (heading) }
        p { (view.say(
            "A sealed letter can come as codes: on a screen, one after the other, or on paper. Photograph them, or film them and take pictures out of the film, and bring the pictures here. Any of the codes will do, in any order; a few more than the letter has are enough.",
            "Une lettre scellée peut arriver sous forme de codes : l’un après l’autre sur un écran, ou sur papier. Photographiez-les, ou filmez-les puis tirez des images du film, et apportez les images ici. N’importe lesquels, dans n’importe quel ordre ; il suffit d’en avoir quelques-uns de plus que la lettre n’en compte.",
        )) }
        @if begun.lines(view.language).next().is_some() {
            ul.note id="missing" { @for line in begun.lines(view.language) { li { (line) } } }
        }
        form.block id="pictures" method="post" action=(super::UPLOAD_PATH) enctype="multipart/form-data" autocomplete="off" {
            input type="hidden" name="token" value=(view.token);
            div.field {
                label for="pictures-files" { (view.say("Pictures (PNG or JPEG)", "Photos (PNG ou JPEG)")) }
                span.hint id="pictures-files-hint" { (view.say(
                    "Several at once, 60 MB in all. What was read is kept in memory only, until the desk’s program ends: keep the pictures until the letter is a case.",
                    "Plusieurs à la fois, 60 Mo en tout. Ce qui a été lu n’est gardé qu’en mémoire, jusqu’à la fin du programme du poste : gardez les photos jusqu’à ce que la lettre soit un dossier.",
                )) }
                input type="file" id="pictures-files" name="pictures" accept="image/png,image/jpeg" multiple required aria-describedby="pictures-files-hint";
            }
            div.row { button type="submit" { (view.say("Read them", "Les lire")) } }
        }
        p.soft { (view.say(
            "The pictures themselves are not kept here. Delete them from the camera and from this machine when the letter is a case.",
            "Les photos elles-mêmes ne sont pas gardées ici. Effacez-les de l’appareil et de cette machine une fois la lettre devenue un dossier.",
        )) }
    };
    frame(view, Part::Cases, heading, &body)
}

fn lacking(missing: usize, language: Language) -> String {
    match (language, missing) {
        (Language::English, 1) => "One letter is not whole: 1 code is still missing.".to_owned(),
        (Language::English, n) => {
            format!("One letter is not whole: {n} codes are still missing.")
        }
        (Language::French, 1) => {
            "Une lettre n’est pas complète : il manque encore 1 code.".to_owned()
        }
        (Language::French, n) => {
            format!("Une lettre n’est pas complète : il manque encore {n} codes.")
        }
    }
}

fn others(count: usize, language: Language) -> String {
    match language {
        Language::English => format!("Other letters that are not whole: {count}."),
        Language::French => format!("Autres lettres incomplètes : {count}."),
    }
}

fn spoiled(language: Language) -> &'static str {
    match language {
        Language::English => {
            "The codes of a letter do not fit together: one of the pictures shows a code that is not its. Bring a few more of its codes; if that does not help, all of them once more, without pictures whose origin you do not know."
        }
        Language::French => {
            "Les codes d’une lettre ne vont pas ensemble : l’une des photos montre un code qui n’est pas d’elle. Apportez-en quelques autres ; si cela ne suffit pas, apportez-les tous encore une fois, sans les photos dont vous ne connaissez pas l’origine."
        }
    }
}

/// What is to be said about pictures that were brought.
#[derive(Default)]
pub(crate) struct Told {
    cut: Option<bool>,
    pictures: usize,
    codes: usize,
    empty: usize,
    others: usize,
    let_go: usize,
    refused: Vec<(usize, NotAPicture)>,
    whole: Vec<Option<Became>>,
}

impl Told {
    /// No picture came; whether because there was too much.
    pub(crate) fn nothing_brought(&mut self, cut: bool) {
        self.cut = Some(cut);
    }

    /// One picture was looked at; the letters it made whole.
    pub(crate) fn looked(
        &mut self,
        number: usize,
        looked: Result<Seen, NotAPicture>,
    ) -> Vec<Vec<u8>> {
        self.pictures += 1;
        match looked {
            Ok(seen) => {
                self.codes += seen.codes;
                self.others += seen.others;
                self.let_go += seen.let_go;
                self.empty += usize::from(seen.codes + seen.others == 0);
                seen.letters
            }
            Err(why) => {
                self.refused.push((number, why));
                Vec::new()
            }
        }
    }

    /// A letter is whole; `None`: it could not be kept.
    pub(crate) fn whole(&mut self, became: Option<Became>) {
        self.whole.push(became);
    }

    /// All of it in sentences, and whether it is good news.
    pub(crate) fn said(&self, begun: &Begun, language: Language) -> (bool, String) {
        let say = |en: &str, fr: &str| match language {
            Language::English => en.to_owned(),
            Language::French => fr.to_owned(),
        };
        let mut told = Vec::new();
        match self.cut {
            Some(true) => told.push(say(
                "Nothing was read: that was too much at once. Bring fewer pictures at a time, or smaller ones.",
                "Rien n’a été lu : c’était trop à la fois. Apportez moins de photos, ou de plus petites.",
            )),
            Some(false) => told.push(say(
                "No picture was chosen.",
                "Aucune photo n’a été choisie.",
            )),
            None => told.push(say(
                &format!("Pictures: {}. Codes of letters read: {}.", self.pictures, self.codes),
                &format!("Photos : {}. Codes de lettres lus : {}.", self.pictures, self.codes),
            )),
        }
        for became in &self.whole {
            let (en, fr) = whole(*became);
            told.push(say(en, fr));
        }
        told.extend(begun.lines(language));
        if self.empty > 0 {
            told.push(say(
                &format!("Pictures without a code that can be read: {}. Hold the camera closer and straight, without glare.", self.empty),
                &format!("Photos sans code lisible : {}. Tenez l’appareil plus près et bien droit, sans reflet.", self.empty),
            ));
        }
        if self.others > 0 {
            told.push(say(
                &format!("Codes of something else: {}.", self.others),
                &format!("Codes d’autre chose : {}.", self.others),
            ));
        }
        if self.let_go > 0 {
            told.push(say(
                &format!("Letters begun with earlier pictures, of which nothing is held any longer because there were too many at once: {}. Bring the pictures of a few letters at a time.", self.let_go),
                &format!("Lettres commencées avec des photos plus anciennes et dont il ne reste rien, car il y en avait trop à la fois : {}. Apportez les photos de quelques lettres à la fois.", self.let_go),
            ));
        }
        for (number, why) in self.refused.iter().take(MOST_NAMED) {
            let (en, fr) = why.sentences();
            told.push(say(
                &format!("Picture {number}: {en}."),
                &format!("Photo {number} : {fr}."),
            ));
        }
        let unnamed = self.refused.len().saturating_sub(MOST_NAMED);
        if unnamed > 0 {
            told.push(say(
                &format!("More pictures like these: {unnamed}."),
                &format!("Autres photos dans ce cas : {unnamed}."),
            ));
        }
        let good = self.whole.iter().any(Option::is_some) && begun.spoiled == 0;
        (good, told.join(" "))
    }
}

fn whole(became: Option<Became>) -> (&'static str, &'static str) {
    match became {
        Some(Became::NewCase) => (
            "One letter is whole and became a case.",
            "Une lettre est complète : c’est un nouveau dossier.",
        ),
        Some(Became::LetterOfACase) => (
            "One letter is whole and joined its case.",
            "Une lettre est complète : elle a rejoint son dossier.",
        ),
        Some(Became::Piece) => (
            "One letter is whole: it is a piece of a file, and kept.",
            "Une lettre est complète : c’est un fragment de fichier, il est gardé.",
        ),
        Some(Became::KnownBefore) => (
            "One letter is whole: it was here before.",
            "Une lettre est complète : elle était déjà ici.",
        ),
        Some(Became::Unreadable | Became::NotItsLeaf) => (
            "One letter is whole and does not open; its bytes are kept under “Unopened letters”.",
            "Une lettre est complète mais ne s’ouvre pas ; ses octets sont gardés sous « Lettres non ouvertes ».",
        ),
        None => (
            "One letter is whole and could not be kept: check the disk, open the desk again and bring its pictures once more.",
            "Une lettre est complète mais n’a pas pu être gardée : vérifiez le disque, rouvrez le poste et apportez ses photos encore une fois.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoiled_letters_letters_let_go_and_the_many_that_are_not_whole_are_said_in_both_languages() {
        let mut told = Told::default();
        let seen = Seen {
            codes: 3,
            let_go: 2,
            ..Seen::default()
        };
        assert!(told.looked(1, Ok(seen)).is_empty());
        let begun = Begun {
            missing: vec![4; MOST_NAMED + 7],
            spoiled: 1,
        };
        for (language, said) in [
            (
                Language::English,
                [
                    "too many at once: 2.",
                    "that are not whole: 7.",
                    "a code that is not its.",
                ],
            ),
            (
                Language::French,
                [
                    "trop à la fois : 2.",
                    "lettres incomplètes : 7.",
                    "un code qui n’est pas d’elle.",
                ],
            ),
        ] {
            let (good, text) = told.said(&begun, language);
            assert!(!good);
            for one in said {
                assert!(text.contains(one), "{one}: {text}");
            }
        }
        let quiet = Told::default().said(&Begun::default(), Language::English);
        assert!(!quiet.1.contains("too many") && !quiet.1.contains("not its"));
    }
}
