//! `temoin-report new-words`: takes new words for a running conversation. (protocol §4.4)

use std::path::PathBuf;

use clap::Args;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use record::{Report, Term};
use seal::words::Words;
use seal::{Master, SealedBy};
use zeroize::Zeroizing;

use super::{
    Ending, Left, List, OfficeArgs, Out, Stop, Way, mailbox_name, not_on_the_terminal, print,
    read_file, remark, tell, typed_words,
};
use crate::reports::{self, ReportFile, WordsInside};
use crate::sending::NotSent;
use crate::texts::Voice;
use crate::{terminal, words};
use carry::http::CannotPost;

/// How often the new words may be typed before it is given up: nothing was sent until then.
const MOST_TRIES: u32 = 5;

#[derive(Args)]
pub(super) struct NewWords {
    #[command(flatten)]
    office: OfficeArgs,
    /// A key of the office as a file, or a folder of such files, to seal without any line
    #[arg(long, alias = "key", value_name = "PATH")]
    keys: Option<PathBuf>,
    /// Write the sealed letter into this folder instead of sending it
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    /// The old words in a file, or `-`; without it they are asked for on the terminal
    #[arg(long, value_name = "FILE")]
    words_file: Option<PathBuf>,
    /// Which list the new words are drawn from; that of the old ones otherwise
    #[arg(long, value_name = "LIST")]
    words: Option<List>,
    /// Take these new words instead of drawing some: those of a try of which it is not known
    /// whether it arrived. They are asked for on the terminal
    #[arg(long)]
    again: bool,
    /// The same, with the new words in a file, or `-`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["again", "words"])]
    again_file: Option<PathBuf>,
    /// Something to say with it, as a text file, or `-`
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// The language it is told in, as a tag such as `fr` or `sw`
    #[arg(long, value_name = "TAG", default_value = "")]
    language: String,
    /// An introduction code of the office; it is used only if the relay is crowded, once
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
}

impl NewWords {
    pub(super) fn run(mut self, voice: Voice) -> Result<(), Stop> {
        let old = typed_words(self.words_file.as_deref(), None, voice)?;
        let new = self.new_words(&old, voice)?;
        let drawn = !self.again && self.again_file.is_none();
        let report = self.report(&old, &new, voice)?;
        let way = Way {
            office: self.office,
            keys: self.keys.take(),
            to: self.to.take(),
            words: None,
            known_words: false,
            words_file: None,
            attach: Vec::new(),
            keep_metadata: false,
            words_inside: false,
            code: self.code.take(),
        };
        let out = way.out(voice)?;
        let mut place = way.meet(voice)?;
        // What was said to the old words is read with them once more, before they are given up.
        let talk = way.go_on(&old, &place.office, voice)?;
        let master = Master::of(&new, &place.office.notice().body().mailbox);
        if drawn {
            show(&new, &master, voice)?;
        } else {
            mailbox_name(&master, voice)?;
        }
        let mut again = false;
        loop {
            let seen = place.office.newest();
            let sealed = seal::handover_letter(
                &report,
                (&talk.master, talk.how(&place.office)),
                &master,
                seen.map(envelope::board::SignedManifest::hash),
                SealedBy::Native,
                &place.key,
                &mut UnwrapErr(SysRng),
            );
            let left = match sealed {
                Ok(letter) => out.take(&letter, &place.office),
                Err(why) => Err(why.into()),
            };
            match left {
                Ok(()) => break,
                // The week turned meanwhile: once, take the new notice.
                Err(Left::NotSent(NotSent::Answer(CannotPost::SealAgain))) if !again => {
                    again = true;
                    place = way.meet(voice)?;
                }
                Err(why) => {
                    let (ending, said) = why.said(voice);
                    let go_on = voice.say(
                        "It is not known whether the change arrived. Keep both, the old words and the new ones, and try again with --again: other new words would be one change more.",
                        "On ne sait pas si le changement est arrivé. Gardez les deux, les anciens mots et les nouveaux, et réessayez avec --again : d’autres nouveaux mots feraient un changement de plus.",
                    );
                    return Err(Stop::of(ending, format!("{said}\n{go_on}")));
                }
            }
        }
        print(&match out {
            Out::Relay { .. } => voice.say(
                "Sent; the office’s relay signed for it. Write with the new words from now on.",
                "Envoyé ; le relais du bureau a signé pour cette lettre. Écrivez désormais avec les nouveaux mots.",
            ),
            Out::Folder(_) => voice.say(
                "Sealed; carry the folder on, or send it with `temoin-report post`. The old words are in force until the office has this letter.",
                "Scellé ; transportez le dossier, ou envoyez-le avec `temoin-report post`. Les anciens mots restent en vigueur jusqu’à ce que le bureau ait cette lettre.",
            ),
        })?;
        print(&voice.say(
            "The old words still open what was sent to them before, for you and for whoever has them; nothing takes that back. Look with both until something comes under the new ones, then destroy the old paper. Once the office’s machine has opened the change, the new words show it. If they show nothing for some days, the change may not have been followed: begin anew, with a first letter under other words.",
            "Les anciens mots ouvrent toujours ce qui leur a été envoyé auparavant, pour vous comme pour quiconque les possède ; rien ne l’annule. Cherchez avec les deux jusqu’à ce que quelque chose arrive sous les nouveaux, puis détruisez l’ancien papier. Une fois le changement ouvert par la machine du bureau, les nouveaux mots le montrent. S’ils ne montrent rien pendant plusieurs jours, le changement n’a peut-être pas été suivi : recommencez par une première lettre sous d’autres mots.",
        ))?;
        print(&voice.say(
            "If somebody else changed the words before you, the office sees that two changes were asked for, and may ask by another way which one was yours.",
            "Si quelqu’un d’autre a changé les mots avant vous, le bureau voit que deux changements ont été demandés, et pourra vous demander par une autre voie lequel était le vôtre.",
        ))
    }

    fn new_words(&self, old: &Words, voice: Voice) -> Result<Words, Stop> {
        let list = self.words.map_or(old.list(), Into::into);
        let new = if self.again || self.again_file.is_some() {
            typed_words(
                self.again_file.as_deref(),
                self.words.map(Into::into),
                voice,
            )?
        } else {
            Words::draw(list, &mut UnwrapErr(SysRng))
        };
        if same(old, &new) {
            let why = voice.say(
                "these new words are the old ones; leave --again away to draw others",
                "ces nouveaux mots sont les anciens ; retirez --again pour en tirer d’autres",
            );
            return Err(Stop::of(Ending::Refused, why));
        }
        Ok(new)
    }

    /// What goes with it; nothing has to.
    fn report(&self, old: &Words, new: &Words, voice: Voice) -> Result<Report, Stop> {
        let Some(path) = &self.text else {
            return Ok(Report {
                language: self.language.clone(),
                channel: Term::told("native"),
                ..Report::default()
            });
        };
        let story = read_file(path, reports::MOST_BYTES, voice)?;
        let story = String::from_utf8_lossy(&story);
        for words in [old, new] {
            let read =
                ReportFile::of_story(&self.language, &story, Some(words), WordsInside::Refuse);
            if remark(&read, voice) > 0 {
                let why = voice.say("Nothing was sent.", "Rien n’a été envoyé.");
                return Err(Stop::of(Ending::Refused, why));
            }
        }
        Ok(Report {
            narrative: story.trim().to_owned(),
            language: self.language.clone(),
            channel: Term::told("native"),
            ..Report::default()
        })
    }
}

fn same(one: &Words, other: &Words) -> bool {
    one.list() == other.list() && one.shown().eq(other.shown())
}

/// Shows the new words, and has them typed once: whoever loses them now loses the conversation.
/// Where no terminal shows them, whoever reads the output sees to it.
fn show(new: &Words, master: &Master, voice: Voice) -> Result<(), Stop> {
    let name = master.mailbox_name();
    let mut page = Zeroizing::new(voice.say(
        "Your new words, in this order. They are shown here alone and stored nowhere.\nNothing is sent before you have typed them once.\n",
        "Vos nouveaux mots, dans cet ordre. Ils ne s’affichent qu’ici et ne sont conservés nulle part.\nRien ne part avant que vous les ayez tapés une fois.\n",
    ));
    for (number, word) in new.shown().enumerate() {
        page.push_str(&format!("\n{:>3}  {word}", number + 1));
    }
    page.push_str(&voice.say("\n\nmailbox: ", "\n\nboîte : "));
    page.push_str(&format!("{} {}", name.0, name.1));
    let prompt = voice.say(
        "Learn them, then press Enter: they leave the screen, and you type them.",
        "Apprenez-les, puis appuyez sur Entrée : ils quittent l’écran, et vous les tapez.",
    );
    for _ in 0..MOST_TRIES {
        let failed = |error: std::io::Error| not_on_the_terminal(error.kind(), voice);
        if !terminal::show_once(&page, &prompt).map_err(failed)? {
            return Ok(());
        }
        let typed = terminal::ask_unseen(&voice.say(
            "Your new words (they are not shown): ",
            "Vos nouveaux mots (ils ne s’affichent pas) : ",
        ))
        .map_err(failed)?;
        match words::read(Some(new.list()), &typed) {
            Ok(typed) if same(&typed, new) => return Ok(()),
            Ok(_) => tell(&voice.say(
                "these are not the new words; they are shown once more",
                "ce ne sont pas les nouveaux mots ; ils s’affichent encore une fois",
            )),
            Err(why) => tell(&voice.not_the_words(&why)),
        }
    }
    Err(Stop::of(
        Ending::Refused,
        voice.say(
            "Nothing was sent and nothing was changed: your old words are in force.",
            "Rien n’a été envoyé ni changé : vos anciens mots restent en vigueur.",
        ),
    ))
}
