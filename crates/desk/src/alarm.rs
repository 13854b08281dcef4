//! What a desk must say aloud. An alarm is a value: where it came from, and words in both
//! languages that say what happened and what to do.

use envelope::{Day, Epoch};
use record::Language;

/// Something is wrong, or soon will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Alarm {
    /// The relay listed a letter and never handed it over.
    LostLetter {
        /// Which epoch listed it.
        epoch: Epoch,
    },
    /// A letter's bytes are not those of its leaf.
    AlteredLetter {
        /// When it was collected.
        day: Day,
    },
    /// Two boards: an epoch follows another past than the one this desk saw.
    Fork {
        /// The first epoch that does not follow.
        epoch: Epoch,
    },
    /// An epoch closed before the one it follows.
    BackDated {
        /// Which.
        epoch: Epoch,
    },
    /// The relay answers, and its newest epoch is old.
    StandsStill {
        /// The day that epoch closed.
        day: Day,
    },
    /// A letter names a board that this desk was never shown.
    TwoBoards {
        /// Day of the epoch up to which this desk's board is whole.
        day: Day,
    },
    /// An epoch is missing from the board.
    Gap {
        /// Which.
        epoch: Epoch,
    },
    /// The relay says, signed, that it was restored from a copy, and goes on under another number.
    Restarted {
        /// The last epoch of the copy.
        after: Epoch,
        /// The first epoch since.
        epoch: Epoch,
    },
    /// The relay gave up, signed, an epoch that people still look for or that this desk had not
    /// looked at.
    GaveUp {
        /// Which.
        epoch: Epoch,
    },
    /// The newest epoch is older than one this desk saw before.
    WentBack {
        /// What the relay now calls the newest.
        epoch: Epoch,
    },
    /// A manifest is not signed by the relay's key, or is another office's.
    Unsigned {
        /// Day it was seen.
        day: Day,
    },
    /// The leaves of an epoch are not those that were signed, or one of them does not open.
    LeavesAltered {
        /// Which epoch.
        epoch: Epoch,
    },
    /// The relay signed a list of a day that is not what its epochs show: people look there for answers.
    AlteredDay {
        /// Which.
        day: Day,
    },
    /// The relay acknowledged an answer and did not list it.
    AnswerDropped {
        /// The epoch that should have listed it.
        epoch: Epoch,
    },
    /// The relay shows an older notice than the one it acknowledged.
    OldNotice {
        /// The number it shows.
        sequence: u64,
    },
    /// The relay shows a notice this office did not sign, or none.
    ForeignNotice {
        /// Day it was seen.
        day: Day,
    },
    /// A key will be destroyed, and letters may still wait for it.
    KeyDue {
        /// Days left.
        days: u32,
    },
    /// The notice ends, and with it every page stops sealing.
    NoticeEnds {
        /// Days left; 0 is today or before.
        days: u32,
    },
    /// No notice was ever published.
    NoNotice,
    /// By these settings the list of a day is longer than anybody reads.
    DayTooLong {
        /// Seconds of an epoch.
        seconds: u32,
        /// Cells of an epoch.
        cells: u32,
    },
    /// The log on this desk was altered.
    BrokenLog {
        /// The first entry that does not fit.
        position: u64,
    },
    /// Entries of the log break a rule and decide nothing.
    Misfits {
        /// How many.
        count: u64,
    },
    /// The relay was not reached.
    Unreachable {
        /// Second of the first try that failed.
        since: u64,
    },
    /// The relay answers, but not to this office.
    NotTaken,
    /// The vault could not be written during a visit.
    VaultFails,
    /// This machine's clock and the relay's differ by more than a day.
    Clocks {
        /// The relay's day.
        relay: Day,
    },
    /// A letter was signed by known words but brings another reply key.
    OtherReplyKey {
        /// When it was collected.
        day: Day,
    },
}

impl Alarm {
    /// Whether it is kept until a person has seen it; the others come and go with their cause.
    #[must_use]
    pub fn is_kept(self) -> bool {
        !matches!(
            self,
            Self::KeyDue { .. }
                | Self::NoticeEnds { .. }
                | Self::NoNotice
                | Self::DayTooLong { .. }
                | Self::BrokenLog { .. }
                | Self::Misfits { .. }
                | Self::Unreachable { .. }
                | Self::NotTaken
                | Self::VaultFails
                | Self::StandsStill { .. }
                | Self::Clocks { .. }
        )
    }

    /// What happened.
    #[must_use]
    pub fn what(self, language: Language) -> String {
        let (en, fr) = match self {
            Self::LostLetter { epoch } => (
                format!(
                    "A letter was listed and never handed over (list {}).",
                    epoch.0
                ),
                format!(
                    "Une lettre a été annoncée et jamais remise (liste {}).",
                    epoch.0
                ),
            ),
            Self::AlteredLetter { day } => (
                format!("A letter was altered on its way or on the relay ({day})."),
                format!("Une lettre a été modifiée en chemin ou sur le relais ({day})."),
            ),
            Self::Fork { epoch } => (
                format!("The relay’s board was rewritten before list {}.", epoch.0),
                format!(
                    "Le tableau du relais a été réécrit avant la liste {}.",
                    epoch.0
                ),
            ),
            Self::GaveUp { epoch } => (
                format!(
                    "The relay removed list {} from its board before its time.",
                    epoch.0
                ),
                format!(
                    "Le relais a retiré la liste {} de son tableau avant l’heure.",
                    epoch.0
                ),
            ),
            Self::BackDated { epoch } => (
                format!("List {} is dated before the one it follows.", epoch.0),
                format!("La liste {} est datée d’avant celle qu’elle suit.", epoch.0),
            ),
            Self::StandsStill { day } => (
                format!("The relay’s board stands still: its newest list is of {day}."),
                format!("Le tableau du relais n’avance plus : sa dernière liste est du {day}."),
            ),
            Self::TwoBoards { day } => (
                format!("A letter names a board that this desk was never shown ({day})."),
                format!("Une lettre cite un tableau qui n’a jamais été montré à ce poste ({day})."),
            ),
            Self::Gap { epoch } => (
                format!("List {} is missing from the relay’s board.", epoch.0),
                format!("La liste {} manque au tableau du relais.", epoch.0),
            ),
            Self::Restarted { after, epoch } => (
                format!(
                    "The relay was restored from a backup, and says so. Its board went on after list {} with list {}; what it listed between is gone there.",
                    after.0, epoch.0
                ),
                format!(
                    "Le relais a été restauré d’une sauvegarde, et le déclare. Son tableau a repris après la liste {}, avec la liste {} ; ce qu’il avait annoncé entre les deux n’y est plus.",
                    after.0, epoch.0
                ),
            ),
            Self::WentBack { epoch } => (
                format!(
                    "The relay’s board went back to list {}. What came after it is gone there.",
                    epoch.0
                ),
                format!(
                    "Le tableau du relais est revenu à la liste {}. Ce qui est venu après n’y est plus.",
                    epoch.0
                ),
            ),
            Self::Unsigned { day } => (
                format!("The relay’s board is not signed by the relay’s key ({day})."),
                format!("Le tableau du relais n’est pas signé par la clé du relais ({day})."),
            ),
            Self::LeavesAltered { epoch } => (
                format!(
                    "List {} of letters is not the one the relay signed.",
                    epoch.0
                ),
                format!(
                    "La liste {} des lettres n’est pas celle que le relais a signée.",
                    epoch.0
                ),
            ),
            Self::AnswerDropped { epoch } => (
                format!(
                    "An answer was accepted and not shown with list {}.",
                    epoch.0
                ),
                format!(
                    "Une réponse acceptée n’a pas été affichée avec la liste {}.",
                    epoch.0
                ),
            ),
            Self::AlteredDay { day } => (
                format!(
                    "The relay signed a list of {day} that does not fit its board: people may not find your answers of that day."
                ),
                format!(
                    "Le relais a signé pour le {day} une liste qui ne correspond pas à son tableau : vos réponses de ce jour peuvent rester introuvables."
                ),
            ),
            Self::OldNotice { sequence } => (
                format!("The relay shows an old notice (number {sequence})."),
                format!("Le relais montre un ancien avis (numéro {sequence})."),
            ),
            Self::ForeignNotice { day } => (
                format!("The relay shows no notice of this office ({day})."),
                format!("Le relais ne montre aucun avis de ce bureau ({day})."),
            ),
            Self::KeyDue { days } => (
                format!(
                    "The oldest key is destroyed in {days} days, and letters were not collected."
                ),
                format!(
                    "La plus ancienne clé sera détruite dans {days} jours, et des lettres n’ont pas été relevées."
                ),
            ),
            Self::NoticeEnds { days: 0 } => (
                "The office’s notice has ended: no page seals letters any more.".to_owned(),
                "L’avis du bureau a expiré : aucune page ne scelle plus de lettres.".to_owned(),
            ),
            Self::NoticeEnds { days } => (
                format!("The office’s notice ends in {days} days."),
                format!("L’avis du bureau expire dans {days} jours."),
            ),
            Self::NoNotice => (
                "The office has not published a notice yet.".to_owned(),
                "Le bureau n’a pas encore publié d’avis.".to_owned(),
            ),
            Self::DayTooLong { seconds, cells } => (
                format!(
                    "By the settings, {cells} cells are listed every {seconds} seconds: more than 16 MiB a day, and nobody reads such a list."
                ),
                format!(
                    "D’après les réglages, {cells} cellules sont listées toutes les {seconds} secondes : plus de 16 Mio par jour, et personne ne lit une telle liste."
                ),
            ),
            Self::BrokenLog { position } => (
                format!("The log on this desk was altered at entry {position}."),
                format!("Le journal de ce poste a été modifié à l’entrée {position}."),
            ),
            Self::Misfits { count } => (
                format!("{count} entries of the log break a rule and count for nothing."),
                format!("{count} entrées du journal enfreignent une règle et restent sans effet."),
            ),
            Self::Unreachable { .. } => (
                "The relay cannot be reached.".to_owned(),
                "Le relais est injoignable.".to_owned(),
            ),
            Self::NotTaken => (
                "The relay does not take this office’s requests.".to_owned(),
                "Le relais n’accepte pas les demandes de ce bureau.".to_owned(),
            ),
            Self::VaultFails => (
                "The vault could not be written during the last visit.".to_owned(),
                "Le coffre n’a pas pu être écrit lors de la dernière visite.".to_owned(),
            ),
            Self::Clocks { relay } => (
                format!("This machine’s clock and the relay’s differ: the relay says {relay}."),
                format!(
                    "L’horloge de cet appareil et celle du relais diffèrent : le relais indique le {relay}."
                ),
            ),
            Self::OtherReplyKey { day } => (
                format!("A letter is signed by known words but brings another reply key ({day})."),
                format!(
                    "Une lettre est signée par des mots connus mais porte une autre clé de réponse ({day})."
                ),
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(self, language: Language) -> &'static str {
        let (en, fr) = match self {
            Self::LostLetter { .. } => (
                "The relay keeps something back, or lost it. Ask its operator; if it does not arrive, tell people on another channel to write again.",
                "Le relais retient une lettre ou l’a perdue. Interrogez son exploitant ; si elle n’arrive pas, demandez par un autre moyen aux personnes d’écrire de nouveau.",
            ),
            Self::AlteredLetter { .. } => (
                "It was not taken in. Do not trust this relay before you know why; think of moving to another.",
                "Elle n’a pas été enregistrée. Ne vous fiez pas à ce relais avant d’en connaître la cause ; envisagez d’en changer.",
            ),
            Self::Restarted { .. } => (
                "Ask the operator whether and why this was done. Letters that came in that time and that this desk had not collected are lost, although their senders hold receipts: they see no “opened” and can send them again, so ask for it where you can. Your answers of that time are posted again by themselves. If nobody restored anything, the relay lies: move to another.",
                "Demandez à l’exploitant si cela a été fait, et pourquoi. Les lettres arrivées entre-temps et que ce poste n’avait pas relevées sont perdues, même si leurs auteurs ont un reçu : ils ne voient pas « ouverte » et peuvent les renvoyer ; demandez-le là où vous le pouvez. Vos réponses de cette période sont publiées de nouveau d’elles-mêmes. Si personne n’a rien restauré, le relais ment : changez-en.",
            ),
            Self::WentBack { .. } => (
                "Ask the operator. If the relay was restored from a backup: publish once more. Letters that came after that list and that this desk had not collected are missing; their senders see no “opened” and can send them again. If nothing was restored, someone may hide letters: move to another relay.",
                "Interrogez l’exploitant. Si le relais a été restauré d’une sauvegarde : publiez de nouveau. Les lettres venues après cette liste et que ce poste n’avait pas relevées manquent ; leurs auteurs ne voient pas « ouverte » et peuvent les renvoyer. Si rien n’a été restauré, quelqu’un cache peut-être des lettres : changez de relais.",
            ),
            Self::GaveUp { .. } => (
                "A board keeps 400 days, and what this desk has not looked at. Letters or answers of that list may have been removed unseen: ask the operator; if there is no good answer, move to another relay.",
                "Un tableau garde 400 jours, ainsi que ce que ce poste n’a pas encore examiné. Des lettres ou des réponses de cette liste ont peut-être été retirées à votre insu : interrogez l’exploitant ; sans réponse convaincante, changez de relais.",
            ),
            Self::BackDated { .. } => (
                "The relay’s clock was set back, or its board was written afterwards. Ask the operator; if there is no good answer, move to another relay.",
                "L’horloge du relais a été reculée, ou son tableau a été écrit après coup. Interrogez l’exploitant ; sans réponse convaincante, changez de relais.",
            ),
            Self::StandsStill { .. } => (
                "Nobody can find your answers meanwhile. The relay was off, or waits for a notice after being restored, or shows you an old board. Ask the operator; if it was restored, publish.",
                "Pendant ce temps, personne ne trouve vos réponses. Le relais était arrêté, attend un avis après une restauration, ou vous montre un ancien tableau. Interrogez l’exploitant ; s’il a été restauré, publiez.",
            ),
            Self::TwoBoards { .. } => (
                "The relay may show other people another board than yours, without your answers, or the writer made it up. Read your board from another network and compare; if they differ, move to another relay.",
                "Le relais montre peut-être à d’autres un tableau différent du vôtre, sans vos réponses, ou l’auteur de la lettre l’a inventé. Lisez votre tableau depuis un autre réseau et comparez ; s’ils diffèrent, changez de relais.",
            ),
            Self::Fork { .. } | Self::Gap { .. } => (
                "Whoever runs the relay showed you another board before. If it was not just restored from a backup, someone may hide letters: move to another relay.",
                "Le relais vous a montré auparavant un autre tableau. S’il ne vient pas d’être restauré d’une sauvegarde, quelqu’un cache peut-être des lettres : changez de relais.",
            ),
            Self::Unsigned { .. } => (
                "This is not your relay, or its key was changed. Check the address, and the relay’s key in the settings.",
                "Ce n’est pas votre relais, ou sa clé a changé. Vérifiez l’adresse et la clé du relais dans les réglages.",
            ),
            Self::LeavesAltered { .. } => (
                "Letters of this list may be missing. Ask the operator; if there is no good answer, move to another relay.",
                "Des lettres de cette liste manquent peut-être. Interrogez l’exploitant ; sans réponse convaincante, changez de relais.",
            ),
            Self::AnswerDropped { .. } => (
                "The desk posts it again by itself. If this comes back, the relay hides your answers: move to another.",
                "Le poste la publie de nouveau de lui-même. Si cela se répète, le relais cache vos réponses : changez-en.",
            ),
            Self::AlteredDay { .. } => (
                "The relay shows your answers to this desk and may hide them from those they are for. Ask its operator; if there is no good answer, move to another relay and answer again there.",
                "Le relais montre vos réponses à ce poste et les cache peut-être à leurs destinataires. Interrogez son exploitant ; sans réponse convaincante, changez de relais et répondez-y de nouveau.",
            ),
            Self::OldNotice { .. } => (
                "People who write now use old keys. Publish again; if it stays, move to another relay.",
                "Les personnes qui écrivent utilisent d’anciennes clés. Publiez de nouveau ; si cela persiste, changez de relais.",
            ),
            Self::ForeignNotice { .. } => (
                "Nobody can write to you through this relay. Publish your notice; if it stays, move to another relay.",
                "Personne ne peut vous écrire par ce relais. Publiez votre avis ; si cela persiste, changez de relais.",
            ),
            Self::KeyDue { .. } => (
                "Let this desk reach the relay before then: what it does not collect in time, nobody can open ever again.",
                "Connectez ce poste au relais d’ici là : ce qui n’est pas relevé à temps ne pourra plus jamais être ouvert.",
            ),
            Self::DayTooLong { .. } => (
                "No page believes a notice with these settings, and no answer is found. Raise “epoch_seconds” or lower “cells_per_epoch” in office.toml, take the file over with “temoin office settings”, and publish.",
                "Aucune page ne croit un avis avec ces réglages, et aucune réponse n’est trouvée. Augmentez « epoch_seconds » ou diminuez « cells_per_epoch » dans office.toml, reprenez le fichier avec « temoin office settings », puis publiez.",
            ),
            Self::NoticeEnds { .. } | Self::NoNotice => (
                "Bring the root and publish: on the page “Office”, or with “temoin office publish”.",
                "Apportez la racine et publiez : à la page « Bureau », ou avec « temoin office publish ».",
            ),
            Self::BrokenLog { .. } => (
                "Somebody changed the file. Stop working here, keep it as evidence, and restore the newest backup elsewhere.",
                "Quelqu’un a modifié le fichier. Cessez de travailler ici, conservez-le comme preuve et restaurez ailleurs la dernière sauvegarde.",
            ),
            Self::Misfits { .. } => (
                "Another program wrote without asking. Note what is missing and report it.",
                "Un autre programme a écrit sans vérifier. Notez ce qui manque et signalez-le.",
            ),
            Self::Unreachable { .. } => (
                "The desk tries again by itself. If it lasts, check the network and the relay’s address.",
                "Le poste réessaie de lui-même. Si cela dure, vérifiez le réseau et l’adresse du relais.",
            ),
            Self::NotTaken => (
                "Publish the notice again, and compare this machine’s clock with the relay’s: they may be ten minutes apart at most.",
                "Publiez de nouveau l’avis et comparez l’horloge de cet appareil à celle du relais : dix minutes d’écart au plus.",
            ),
            Self::VaultFails => (
                "Make room on the disk. Nothing was half-written, and the next visit goes on from there.",
                "Libérez de la place sur le disque. Rien n’a été écrit à moitié, et la prochaine visite reprendra de là.",
            ),
            Self::Clocks { .. } => (
                "Set this machine’s clock: keys and days of answers depend on it. If it is right, tell the relay’s operator: nobody finds answers that are listed on a day to come. Once the relay’s clock is set, the desk posts them again.",
                "Réglez l’horloge de cet appareil : les clés et les jours des réponses en dépendent. Si elle est juste, prévenez l’exploitant du relais : personne ne trouve les réponses listées à un jour à venir. Une fois l’horloge du relais réglée, le poste les publie de nouveau.",
            ),
            Self::OtherReplyKey { .. } => (
                "It was put into a case of its own, without a conversation. Do not answer it as if it came from the same person.",
                "Elle a reçu un dossier à part, sans conversation. Ne répondez pas comme si elle venait de la même personne.",
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }

    /// A line to keep it by.
    pub(crate) fn line(self) -> Option<String> {
        if let Self::Restarted { after, epoch } = self {
            return Some(format!("restarted {} {}", after.0, epoch.0));
        }
        let (code, number) = match self {
            Self::LostLetter { epoch } => ("lost-letter", epoch.0),
            Self::AlteredLetter { day } => ("altered-letter", day.0.into()),
            Self::Fork { epoch } => ("fork", epoch.0),
            Self::BackDated { epoch } => ("back-dated", epoch.0),
            Self::GaveUp { epoch } => ("gave-up", epoch.0),
            Self::TwoBoards { day } => ("two-boards", day.0.into()),
            Self::Gap { epoch } => ("gap", epoch.0),
            Self::WentBack { epoch } => ("went-back", epoch.0),
            Self::Unsigned { day } => ("unsigned", day.0.into()),
            Self::LeavesAltered { epoch } => ("leaves-altered", epoch.0),
            Self::AlteredDay { day } => ("altered-day", day.0.into()),
            Self::AnswerDropped { epoch } => ("answer-dropped", epoch.0),
            Self::OldNotice { sequence } => ("old-notice", sequence),
            Self::ForeignNotice { day } => ("foreign-notice", day.0.into()),
            Self::OtherReplyKey { day } => ("other-reply-key", day.0.into()),
            _ => return None,
        };
        Some(format!("{code} {number}"))
    }

    /// Reads a kept line.
    pub(crate) fn of_line(line: &str) -> Option<Self> {
        let (code, number) = line.split_once(' ')?;
        if code == "restarted" {
            let (after, epoch) = number.split_once(' ')?;
            return Some(Self::Restarted {
                after: Epoch(after.parse().ok()?),
                epoch: Epoch(epoch.parse().ok()?),
            });
        }
        let number: u64 = number.parse().ok()?;
        let (epoch, day) = (Epoch(number), Day(u32::try_from(number).ok().unwrap_or(0)));
        Some(match code {
            "lost-letter" => Self::LostLetter { epoch },
            "altered-letter" => Self::AlteredLetter { day },
            "fork" => Self::Fork { epoch },
            "back-dated" => Self::BackDated { epoch },
            "gave-up" => Self::GaveUp { epoch },
            "two-boards" => Self::TwoBoards { day },
            "gap" => Self::Gap { epoch },
            "went-back" => Self::WentBack { epoch },
            "unsigned" => Self::Unsigned { day },
            "leaves-altered" => Self::LeavesAltered { epoch },
            "altered-day" => Self::AlteredDay { day },
            "answer-dropped" => Self::AnswerDropped { epoch },
            "old-notice" => Self::OldNotice { sequence: number },
            "foreign-notice" => Self::ForeignNotice { day },
            "other-reply-key" => Self::OtherReplyKey { day },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alarm_that_is_kept_reads_back_and_speaks_two_languages() {
        let (epoch, day) = (Epoch(7), Day(20_779));
        for alarm in [
            Alarm::LostLetter { epoch },
            Alarm::AlteredLetter { day },
            Alarm::Fork { epoch },
            Alarm::BackDated { epoch },
            Alarm::GaveUp { epoch },
            Alarm::StandsStill { day },
            Alarm::TwoBoards { day },
            Alarm::Gap { epoch },
            Alarm::Restarted {
                after: Epoch(5),
                epoch,
            },
            Alarm::WentBack { epoch },
            Alarm::Unsigned { day },
            Alarm::LeavesAltered { epoch },
            Alarm::AlteredDay { day },
            Alarm::AnswerDropped { epoch },
            Alarm::OldNotice { sequence: 7 },
            Alarm::ForeignNotice { day },
            Alarm::OtherReplyKey { day },
            Alarm::KeyDue { days: 7 },
            Alarm::NoticeEnds { days: 0 },
            Alarm::NoticeEnds { days: 3 },
            Alarm::NoNotice,
            Alarm::DayTooLong {
                seconds: 10,
                cells: 1_024,
            },
            Alarm::BrokenLog { position: 1 },
            Alarm::Misfits { count: 2 },
            Alarm::Unreachable { since: 1 },
            Alarm::NotTaken,
            Alarm::VaultFails,
            Alarm::Clocks { relay: day },
        ] {
            assert_eq!(alarm.line().is_some(), alarm.is_kept(), "{alarm:?}");
            if let Some(line) = alarm.line() {
                assert_eq!(Alarm::of_line(&line), Some(alarm));
            }
            let (en, fr) = (Language::English, Language::French);
            assert_ne!(alarm.what(en), alarm.what(fr));
            assert_ne!(alarm.advice(en), alarm.advice(fr));
        }
    }
}
