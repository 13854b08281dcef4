//! What the program says, in English and in French. No sentence holds a word that a person typed.

use carry::folder::CannotCarry;
use carry::http::{CannotPost, Trouble};
use envelope::Day;
use envelope::board::ManifestRefused;
use envelope::notice::NoticeRefused;
use record::draft::NotADraft;
use record::vocabulary::Language;
use seal::CannotAttach;
use seal::words::NotTheWords;

use crate::files::{CannotTake, Told};
use crate::mirror::{CannotMirror, Copied};
use crate::office::CannotMeet;
use crate::reading::Found;
use crate::reports::NotSendable;
use crate::sending::NotSent;

/// Says things in one language.
#[derive(Clone, Copy)]
pub(crate) struct Voice(pub(crate) Language);

impl Voice {
    /// The language of the person's system: French if it says so, else English.
    pub(crate) fn of_system() -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty());
        Self(Language::of_tag(named.as_deref().unwrap_or("en")))
    }

    /// The relay is crowded and asks for work.
    pub(crate) fn working(self) -> String {
        self.say(
            "many letters come to this relay at the moment; it asks this machine to work for yours, which takes some seconds",
            "beaucoup de lettres arrivent en ce moment à ce relais ; il demande à cette machine de travailler pour la vôtre, quelques secondes",
        )
    }

    pub(crate) fn say(self, en: impl Into<String>, fr: impl Into<String>) -> String {
        match self.0 {
            Language::English => en.into(),
            Language::French => fr.into(),
        }
    }

    pub(crate) fn line(self, number: usize) -> String {
        self.say(format!("line {number}"), format!("ligne {number}"))
    }

    pub(crate) fn not_sendable(self, why: &NotSendable) -> String {
        match why {
            NotSendable::NotADraft(NotADraft::TooLong) | NotSendable::TooLarge => self.say(
                "too long for one letter; write it as two reports",
                "trop long pour une seule lettre ; écrivez-en deux",
            ),
            NotSendable::NotADraft(NotADraft::NotJson { column, .. }) => self.say(
                format!("not JSON, at column {column}; correct it there"),
                format!("ce n’est pas du JSON, à la colonne {column} ; corrigez à cet endroit"),
            ),
            NotSendable::NotADraft(_) => self.say(
                "not a report; write one report a line, in { }",
                "ce n’est pas un signalement ; écrivez-en un par ligne, entre { }",
            ),
            NotSendable::WordsInside => self.say(
                "words that open answers seem to stand in the text; take them out, or send it all the same with --words-inside",
                "des mots qui ouvrent les réponses semblent figurer dans le texte ; retirez-les, ou envoyez quand même avec --words-inside",
            ),
        }
    }

    pub(crate) fn not_met(self, why: &CannotMeet) -> String {
        match why {
            CannotMeet::Notice(refused) => self.notice_refused(*refused),
            CannotMeet::Board(ManifestRefused::TooNew) => self.too_new(),
            CannotMeet::Board(_) => self.say(
                "the board at this address is not signed by the office’s relay; take another address of the office",
                "le tableau à cette adresse n’est pas signé par le relais du bureau ; prenez une autre adresse du bureau",
            ),
            CannotMeet::ClocksApart { clock, board } => self.say(
                format!("this machine’s clock says {clock}, the office’s board says {board}: either the clock is wrong, or this is an old board. Set the clock, or say which one to go by with --day-from clock or --day-from board"),
                format!("l’horloge de cette machine dit {clock}, le tableau du bureau dit {board} : soit l’horloge est fausse, soit ce tableau est ancien. Réglez l’horloge, ou dites à quoi se fier avec --day-from clock ou --day-from board"),
            ),
        }
    }

    fn notice_refused(self, why: NoticeRefused) -> String {
        match why {
            NoticeRefused::TooNew => self.too_new(),
            NoticeRefused::OtherRoot => self.say(
                "this is another office’s notice: its root is not the one you named. Do not write here; compare the fingerprint with the office",
                "cet avis est celui d’un autre bureau : sa racine n’est pas celle que vous avez donnée. N’écrivez pas ici ; comparez l’empreinte avec le bureau",
            ),
            NoticeRefused::Expired { last_day } => self.say(
                format!("the office’s notice ended on {last_day}: it is an old one, or the relay keeps the new one back. Try another address of the office, or later"),
                format!("l’avis du bureau a pris fin le {last_day} : il est ancien, ou le relais retient le nouveau. Essayez une autre adresse du bureau, ou plus tard"),
            ),
            NoticeRefused::NotYet { first_day } => self.say(
                format!("the office’s notice begins on {first_day}: this machine’s clock may be wrong"),
                format!("l’avis du bureau commence le {first_day} : l’horloge de cette machine est peut-être fausse"),
            ),
            _ => self.say(
                "the office’s notice does not hold: it is damaged or wrongly signed. Take it from another address of the office",
                "l’avis du bureau n’est pas valable : il est abîmé ou mal signé. Prenez-le à une autre adresse du bureau",
            ),
        }
    }

    pub(crate) fn cannot_take(self, why: CannotTake) -> String {
        match why {
            CannotTake::Disk(kind) => self.say(
                format!("it cannot be read ({kind}); nothing of this report was sent"),
                format!("impossible de le lire ({kind}) ; rien de ce signalement n’a été envoyé"),
            ),
            CannotTake::Attach(CannotAttach::Empty) => self.say(
                "there is nothing in it; leave it out",
                "il est vide ; ne le joignez pas",
            ),
            CannotTake::Attach(_) => self.say(
                "it is too large to be sent; divide it",
                "il est trop grand pour être envoyé ; divisez-le",
            ),
            CannotTake::NotCleaned => self.say(
                "what a camera wrote into this picture cannot be taken out: it is cut, or larger than this program cleans. Nothing of this report was sent. Save it anew as another picture, or send it as it is, with place and time inside if there are any, with --keep-metadata",
                "impossible de retirer ce qu’un appareil a inscrit dans cette image : elle est tronquée, ou plus grande que ce que ce programme nettoie. Rien de ce signalement n’a été envoyé. Enregistrez-la à nouveau sous un autre nom, ou envoyez-la telle quelle, avec le lieu et l’heure s’ils y figurent, avec --keep-metadata",
            ),
            CannotTake::Changed => self.say(
                "a file changed while it was being sent: what arrived is not what was announced, and the office is told so. Send it again with another report",
                "un fichier a changé pendant l’envoi : ce qui est arrivé n’est pas ce qui était annoncé, et le bureau le verra. Renvoyez-le avec un autre signalement",
            ),
        }
    }

    pub(crate) fn told(self, told: Told) -> String {
        match told {
            Told::Cleaned => self.say(
                "what a camera wrote into it was taken out",
                "ce qu’un appareil y avait inscrit a été retiré",
            ),
            Told::MetadataStays => self.say(
                "it is sent as it is: names, places and times that a program wrote into it stay inside",
                "il est envoyé tel quel : les noms, lieux et heures qu’un programme y a inscrits y restent",
            ),
        }
    }

    pub(crate) fn pieces_arrived(self, file: usize, arrived: usize, of: usize) -> String {
        self.say(
            format!("file {file}: {arrived} of {of} pieces have arrived for good"),
            format!("fichier {file} : {arrived} fragments sur {of} sont arrivés pour de bon"),
        )
    }

    pub(crate) fn pieces_missing(self, file: usize, arrived: usize, of: u32) -> String {
        self.say(
            format!("The report arrived; of file {file}, {arrived} of {of} pieces did. This program keeps nothing to send the rest later: on a line that breaks, seal into a folder with --to and send it with `temoin-report post` until it is empty; nothing arrives twice."),
            format!("Le signalement est arrivé ; du fichier {file}, {arrived} fragments sur {of}. Ce programme ne garde rien pour envoyer le reste plus tard : si la connexion est mauvaise, scellez dans un dossier avec --to et envoyez-le avec `temoin-report post` jusqu’à ce qu’il soit vide ; rien n’arrive deux fois."),
        )
    }

    fn too_new(self) -> String {
        self.say(
            "the office uses a newer version of the protocol; update this program",
            "le bureau utilise une version plus récente du protocole ; mettez ce programme à jour",
        )
    }

    pub(crate) fn not_sent(self, why: NotSent) -> String {
        match why {
            NotSent::Answer(CannotPost::SealAgain) => self.say(
                "the office can no longer open letters sealed with this key; seal the report again with its newest notice",
                "le bureau ne peut plus ouvrir de lettres scellées avec cette clé ; scellez à nouveau le signalement avec son avis le plus récent",
            ),
            NotSent::Answer(CannotPost::NotALetter) => self.say(
                "the relay does not take it for a letter: it is damaged or of another kind",
                "le relais ne le reconnaît pas comme une lettre : elle est abîmée, ou c’est autre chose",
            ),
            NotSent::Answer(CannotPost::Full { seconds } | CannotPost::NotNow { seconds }) => {
                self.say(
                    format!("the relay cannot take letters now and kept nothing; send again in {seconds} seconds"),
                    format!("le relais ne peut pas prendre de lettres en ce moment et n’a rien gardé ; renvoyez dans {seconds} secondes"),
                )
            }
            NotSent::Answer(CannotPost::Trouble(why)) => self.trouble(why),
            // Another version, and whatever a newer `carry` may tell apart.
            NotSent::Answer(_) => self.say(
                "the relay speaks another version; update this program",
                "le relais parle une autre version ; mettez ce programme à jour",
            ),
            NotSent::FalseReceipt => self.say(
                "what answered did not sign as the office’s relay does; the letter does not count as sent",
                "ce qui a répondu n’a pas signé comme le relais du bureau ; la lettre ne compte pas comme envoyée",
            ),
        }
    }

    pub(crate) fn trouble(self, why: Trouble) -> String {
        match why {
            Trouble::Certificate => self.say(
                "the relay’s certificate does not hold; check this machine’s clock, or use another address of the office",
                "le certificat du relais n’est pas valable ; vérifiez l’horloge de cette machine, ou prenez une autre adresse du bureau",
            ),
            Trouble::TooMuch | Trouble::Strange(_) => self.say(
                "what answers there is not a relay of this office; check the address",
                "ce qui répond là n’est pas un relais de ce bureau ; vérifiez l’adresse",
            ),
            Trouble::UnreachableByTor => self.say(
                "the relay cannot be reached through Tor; see that Tor runs on this machine and at which port (--socks 127.0.0.1:9150 for Tor Browser), then check the line and the address",
                "le relais est injoignable par Tor ; vérifiez que Tor tourne sur cette machine et sur quel port (--socks 127.0.0.1:9150 pour le Navigateur Tor), puis la connexion et l’adresse",
            ),
            _ => self.say(
                "the relay cannot be reached; check the line and the address, then try again",
                "le relais est injoignable ; vérifiez la connexion et l’adresse, puis réessayez",
            ),
        }
    }

    pub(crate) fn cannot_carry(self, why: &CannotCarry) -> String {
        match why {
            CannotCarry::Disk { file, kind } => {
                let file = file.display();
                self.say(
                    format!("{file} cannot be read or written ({kind}); check that the stick is in and not full"),
                    format!("impossible de lire ou d’écrire {file} ({kind}) ; vérifiez que la clé est en place et n’est pas pleine"),
                )
            }
            CannotCarry::NotALetter { file } => {
                let file = file.display();
                self.say(
                    format!("{file} is no sealed letter: it is damaged or of another kind"),
                    format!("{file} n’est pas une lettre scellée : elle est abîmée, ou c’est autre chose"),
                )
            }
            CannotCarry::TooMany { folder } => {
                let folder = folder.display();
                self.say(
                    format!("{folder} holds more files than can be looked at; move the letters into a folder of their own"),
                    format!("{folder} contient plus de fichiers qu’on n’en peut parcourir ; mettez les lettres dans un dossier à part"),
                )
            }
            _ => self.say("the folder cannot be used", "le dossier est inutilisable"),
        }
    }

    pub(crate) fn not_the_words(self, why: &NotTheWords) -> String {
        match why {
            NotTheWords::Count { typed, expected } => self.say(
                format!("{typed} words were typed; there should be {expected}"),
                format!("{typed} mots ont été tapés ; il en faut {expected}"),
            ),
            NotTheWords::Unknown {
                position,
                neighbours,
            } => {
                let number = position + 1;
                let near = neighbours.join(", ");
                if neighbours.is_empty() {
                    self.say(
                        format!("word {number} is not in the list, and nothing in it is near"),
                        format!(
                            "le mot {number} n’est pas dans la liste, et aucun n’en est proche"
                        ),
                    )
                } else {
                    self.say(
                        format!("word {number} is not in the list; near it stand: {near}"),
                        format!("le mot {number} n’est pas dans la liste ; les plus proches sont : {near}"),
                    )
                }
            }
            _ => self.say("these are not the words", "ce ne sont pas les mots"),
        }
    }

    pub(crate) fn mirrored(self, copied: &Copied) -> String {
        let (epochs, fetched) = (copied.epochs, copied.fetched);
        let day = Day::of_unix_seconds(copied.newest);
        let minutes = copied.newest % 86_400 / 60;
        let at = format!("{day} {:02}:{:02} UTC", minutes / 60, minutes % 60);
        let told = copied.restarted.map_or_else(String::new, |day| self.say(
            format!("The relay was restored from a backup, and says so: what the folder has up to {day} is partly lost there. Whoever wrote around that day and has a receipt should ask the office.\n"),
            format!("Le relais a été restauré d’une sauvegarde, et le déclare : ce que le dossier a jusqu’au {day} y est en partie perdu. Si vous avez écrit vers ce jour et avez un reçu, demandez au bureau.\n"),
        ));
        told + &self.say(
            format!("The newest seen there is of {at}. {epochs} lists are in the folder, checked back to back; {fetched} files were fetched."),
            format!("Le plus récent vu là-bas date du {at}. {epochs} listes sont dans le dossier, vérifiées l’une après l’autre ; {fetched} fichiers ont été pris."),
        )
    }

    pub(crate) fn not_mirrored(self, why: &CannotMirror) -> String {
        match why {
            CannotMirror::Unreachable => self.say(
                "the board gives no answer; what was copied is good, and the next try goes on from it",
                "le tableau ne répond pas ; ce qui est copié est bon, et le prochain essai continue de là",
            ),
            CannotMirror::NoBoard => self.say(
                "there is no board yet: no list has been published",
                "il n’y a pas encore de tableau : aucune liste n’est publiée",
            ),
            CannotMirror::Missing { path } => self.say(
                format!("the place lacks {path}, which its own newest manifest promises; take another address of the office"),
                format!("il manque là-bas {path}, que son manifeste le plus récent promet ; prenez une autre adresse du bureau"),
            ),
            CannotMirror::NotTheSigned { path } => self.say(
                format!("{path} there is not what the relay signed; take another address of the office, and tell the office"),
                format!("{path} n’est pas là-bas ce que le relais a signé ; prenez une autre adresse du bureau, et dites-le au bureau"),
            ),
            CannotMirror::Older { there, here } => self.say(
                format!("newest seen there is of {there}, but the copy in the folder is of {here}: the place serves an old board"),
                format!("le plus récent vu là-bas date du {there}, mais la copie du dossier est du {here} : ce lieu sert un ancien tableau"),
            ),
            CannotMirror::Forked { epoch } => self.say(
                format!("list {epoch} there is another than the one in the folder: somebody shows two boards. Keep the folder, and tell the office"),
                format!("la liste {epoch} n’est pas là-bas celle du dossier : quelqu’un montre deux tableaux. Gardez le dossier, et dites-le au bureau"),
            ),
            CannotMirror::Disk { file, kind } => {
                let file = file.display();
                self.say(
                    format!("{file} cannot be written ({kind}); check that the stick is in and not full"),
                    format!("impossible d’écrire {file} ({kind}) ; vérifiez que la clé est en place et n’est pas pleine"),
                )
            }
        }
    }

    /// What was looked through, with what came of it.
    pub(crate) fn period(self, found: &Found) -> String {
        let (first, last) = (found.first, found.last);
        let mut said = if found.answers.is_empty() {
            self.say(
                format!("Nothing was found from {first} to {last}. It can take days until an answer comes."),
                format!("Rien n’a été trouvé du {first} au {last}. Une réponse peut prendre des jours."),
            )
        } else {
            self.say(
                format!("Searched from {first} to {last}."),
                format!("Recherche faite du {first} au {last}."),
            )
        };
        let mut add = |n: u32, en: &str, fr: &str| {
            if n > 0 {
                said.push('\n');
                said.push_str(&self.say(en, fr).replace("{n}", &n.to_string()));
            }
        };
        add(
            found.days_without_list,
            "{n} daily lists of this time do not exist: nothing was published on those days, or the office had not begun.",
            "{n} listes quotidiennes de cette période n’existent pas : rien n’a été publié ces jours-là, ou le bureau n’avait pas commencé.",
        );
        add(
            found.forged,
            "{n} messages under your words were not signed by the office and are not shown.",
            "{n} messages adressés à vos mots n’étaient pas signés par le bureau et ne sont pas montrés.",
        );
        add(
            found.damaged,
            "{n} messages under your words could not be read; try another copy of the board.",
            "{n} messages adressés à vos mots n’ont pas pu être lus ; essayez une autre copie du tableau.",
        );
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_box_says_which_period_was_searched() {
        let found = Found {
            answers: vec![],
            first: Day(20_000),
            last: Day(20_089),
            days_without_list: 2,
            forged: 0,
            damaged: 0,
            pages: 1,
        };
        for language in [Language::English, Language::French] {
            let said = Voice(language).period(&found);
            assert!(
                said.contains("2024-10-04") && said.contains("2025-01-01"),
                "{said}"
            );
            assert_eq!(said.lines().count(), 2, "{said}");
        }
    }

    #[test]
    fn an_unknown_word_is_named_by_its_place_with_its_neighbours_and_never_repeated() {
        let typed = "acid acorn acrx acts afar affix aged agent agile";
        for language in [Language::English, Language::French] {
            match crate::words::read(None, typed) {
                Err(why) => {
                    let said = Voice(language).not_the_words(&why);
                    assert!(said.contains('3') && said.contains("acre"), "{said}");
                    assert!(!said.contains("acrx"), "{said}");
                }
                Ok(_) => panic!("a word that is not in the list was read"),
            }
        }
    }
}
