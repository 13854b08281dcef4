//! The command line: parse, fetch, call what decides, print.

mod new_words;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use carry::folder::{self, CannotCarry};
use carry::http::{CannotPost, Relay, Trouble};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use envelope::board::SignedManifest;
use envelope::notice::{IntakeKey, MOST_BYTES as NOTICE_BYTES};
use envelope::{Day, Epoch, NONCE_BYTES, Posting, Receipt, SizeClass, Token};
use getrandom::SysRng;
use rand_core::UnwrapErr;
use record::Seen;
use seal::words::{WordList, Words};
use seal::{CannotSeal, CellKind, Master, SealedBy, SealedLetter, WordsUse};
use zeroize::Zeroizing;

use crate::files::{self, CannotTake, Metadata, Ready};
use crate::mirror::{self, CannotMirror};
use crate::office::{CannotMeet, DayFrom, Journey, Office, Pin};
use crate::pieces;
use crate::reading::{self, Board, BoardUnreachable, CannotSearch, CopyOfBoard, Found, Pages};
use crate::reports::{self, NotSendable, ReportFile, WordsInside};
use crate::sending::{NotSent, Signer, deliver};
use crate::texts::Voice;
use crate::{terminal, words};

/// Bytes of the largest posting.
const POSTING_BYTES: u64 = (SizeClass::TwoHundredFiftySixKiB.bytes() + NONCE_BYTES) as u64;
/// A receipt's lines of text, with whatever was copied around them.
const RECEIPT_TEXT_BYTES: u64 = 65_536;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ending {
    /// Done.
    Done = 0,
    /// Tried, and it failed.
    Failed = 1,
    /// Asked for in a way the program does not know.
    Usage = 2,
    /// What was handed in was refused: a file, words, a notice.
    Refused = 3,
    /// What it needed could not be reached.
    Unreachable = 4,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending as u8)
    }
}

/// Seals reports to an office on this machine, sends them, and reads the office's answers.
///
/// Nothing is kept on this machine, and what was sealed cannot be opened here again.
///
/// Exit codes: 0 ok, 1 failed, 2 usage, 3 refused input, 4 unreachable.
#[derive(Parser)]
#[command(name = "temoin-report", version, about, long_about)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Seal and send a file of reports, one JSON object a line
    Send(Send),
    /// Seal and send one report, told in plain text
    Write(Write_),
    /// Read the office's answers with the words
    Read(ReadAnswers),
    /// Take new words for a running conversation, because the old ones may have been seen
    NewWords(new_words::NewWords),
    /// Carry a folder of sealed letters to a relay; a letter sent twice counts once
    Post(Post),
    /// Check the receipt that a page without script gave for a sealed letter
    Receipt(CheckReceipt),
    /// Copy the office's board from its relay or a mirror into a folder or onto a stick, and check
    /// it; any static host serves it, and `read --board` reads it
    Board(Mirror),
}

/// The office, and the one thing about it that must come from its own paper or voice.
#[derive(Args)]
struct OfficeArgs {
    /// The office's root: 64 hexadecimal digits, or its fingerprint of ten groups of four digits
    #[arg(long, value_name = "HEX")]
    root: Pin,
    /// Address of the office's relay
    #[arg(long, value_name = "URL")]
    relay: Option<String>,
    /// Ask the relay through Tor at this address; an onion address always goes through Tor, at
    /// 127.0.0.1:9050 unless another is named here (Tor Browser: 127.0.0.1:9150)
    #[arg(long, value_name = "ADDRESS")]
    socks: Option<std::net::SocketAddr>,
    /// The office's notice as a file, instead of asking the relay
    #[arg(long, value_name = "FILE")]
    notice: Option<PathBuf>,
    /// Whose day counts if this machine's clock and the office's board are far apart
    #[arg(long, value_name = "WHICH")]
    day_from: Option<Whose>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Whose {
    /// The office's board
    Board,
    /// This machine's clock
    Clock,
}

/// How letters leave.
#[derive(Args)]
struct Way {
    #[command(flatten)]
    office: OfficeArgs,
    /// A key of the office as a file, or a folder of such files, to seal without any line
    #[arg(long, alias = "key", value_name = "PATH")]
    keys: Option<PathBuf>,
    /// Write the sealed letters into this folder instead of sending them
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    /// Draw words for one conversation about all of it and show them once; without words the
    /// office cannot answer
    #[arg(long, value_name = "LIST", conflicts_with_all = ["known_words", "words_file"])]
    words: Option<List>,
    /// Go on with a conversation: ask for its words on the terminal
    #[arg(long)]
    known_words: bool,
    /// Go on with a conversation: read its words from a file, or `-`
    #[arg(long, value_name = "FILE", conflicts_with = "known_words")]
    words_file: Option<PathBuf>,
    /// Send this file with the report; may be given several times
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// Leave in pictures what cameras wrote into them: place, time, device
    #[arg(long)]
    keep_metadata: bool,
    /// Send a report although somebody's words seem to stand in its text
    #[arg(long)]
    words_inside: bool,
    /// An introduction code of the office; it is used only if the relay is crowded, once
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum List {
    /// Nine words of the English list
    En,
    /// Nine words of the French list
    Fr,
    /// Nine words of the Spanish list
    Es,
    /// Nine characters of the Chinese list
    Zh,
    /// Seven groups of five digits
    Digits,
}

#[derive(Args)]
struct Send {
    /// The reports, or `-` for the standard input
    file: PathBuf,
    #[command(flatten)]
    way: Way,
    /// Begin at this line of the file
    #[arg(long, value_name = "LINE", default_value_t = 1)]
    from: usize,
    /// Send the others when some lines cannot be sent
    #[arg(long)]
    skip_refused: bool,
}

#[derive(Args)]
struct Write_ {
    /// What happened, as a text file, or `-` for the standard input, which is read where nothing
    /// is named; a file alone, with --attach, is enough
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// The language it is told in, as a tag such as `fr` or `sw`
    #[arg(long, value_name = "TAG", default_value = "")]
    language: String,
    #[command(flatten)]
    way: Way,
}

#[derive(Args)]
struct ReadAnswers {
    #[command(flatten)]
    office: OfficeArgs,
    /// The words in a file, or `-`; without it they are asked for on the terminal
    #[arg(long, value_name = "FILE")]
    words_file: Option<PathBuf>,
    /// Which list the words are of; their number tells it otherwise
    #[arg(long, value_name = "LIST")]
    list: Option<List>,
    /// A copy of the office's board in a folder, instead of asking the relay
    #[arg(long, value_name = "FOLDER")]
    board: Option<PathBuf>,
    /// How many days to look back. Everybody looks through the same 90; another number is your own
    #[arg(long, default_value_t = reading::WINDOW, value_parser = clap::value_parser!(u32).range(1..=400))]
    days: u32,
    /// Fetch every page of these days, so that not even the number of pages tells anything
    #[arg(long)]
    every_page: bool,
}

#[derive(Args)]
struct Post {
    /// The folder
    folder: PathBuf,
    #[command(flatten)]
    office: OfficeArgs,
}

#[derive(Args)]
struct CheckReceipt {
    /// The sealed letter, as it was handed in
    letter: PathBuf,
    /// Its receipt: the file that was saved, or its lines of text in a file, or `-`
    receipt: PathBuf,
    #[command(flatten)]
    office: OfficeArgs,
}

#[derive(Args)]
struct Mirror {
    #[command(flatten)]
    office: OfficeArgs,
    /// The folder; what is good in it is not fetched again
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// How many days to copy. A reader without a line can search these
    #[arg(long, default_value_t = reading::WINDOW, value_parser = clap::value_parser!(u32).range(1..=400))]
    days: u32,
}

impl From<List> for WordList {
    fn from(list: List) -> Self {
        match list {
            List::En => Self::English,
            List::Fr => Self::French,
            List::Es => Self::Spanish,
            List::Zh => Self::Chinese,
            List::Digits => Self::Digits,
        }
    }
}

/// The command line as a value, for completions and manual pages.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the program with these arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Ending {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // If neither output can be written there is nobody to tell.
            drop(error.print());
            return if error.use_stderr() {
                Ending::Usage
            } else {
                Ending::Done
            };
        }
    };
    harden();
    let voice = Voice::of_system();
    let ended = match cli.verb {
        Verb::Send(send) => send.run(voice),
        Verb::Write(write) => write.run(voice),
        Verb::Read(read) => read.run(voice),
        Verb::NewWords(new) => new.run(voice),
        Verb::Post(post) => post.run(voice),
        Verb::Receipt(check) => check.run(voice),
        Verb::Board(mirror) => mirror.run(voice),
    };
    match ended {
        Ok(()) => Ending::Done,
        Err(stop) => {
            tell(&stop.why);
            stop.ending
        }
    }
}

/// No core dump may hold a report or words.
fn harden() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // A system that refuses these has no dumps to switch off; there is no better way to go on.
    rustix::process::setrlimit(Resource::Core, none).ok();
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable).ok();
}

/// Why the program ends early, in words for the person, and with which code.
struct Stop {
    ending: Ending,
    why: String,
}

impl Stop {
    fn of(ending: Ending, why: String) -> Self {
        Self { ending, why }
    }
}

impl Send {
    fn run(self, voice: Voice) -> Result<(), Stop> {
        let known = self.way.known_words(voice)?;
        let file = read_file(&self.file, reports::MOST_BYTES, voice)?;
        let (file, mut named) = files::named_in(&file);
        // What is named in a file lies where the file lies.
        let beside = self.file.parent().unwrap_or(Path::new(""));
        for path in named.iter_mut().flat_map(|(_, paths)| paths) {
            *path = beside.join(&*path);
        }
        let read = ReportFile::read(&file, self.from, known.as_ref(), self.way.inside());
        drop(file);
        if read.is_empty() {
            let why = voice.say(
                "there is no report in it; write one JSON object a line",
                "il n’y a aucun signalement dedans ; écrivez un objet JSON par ligne",
            );
            return Err(Stop::of(Ending::Refused, why));
        }
        let skipped = remark(&read, voice);
        if skipped > 0 && !self.skip_refused {
            let why = voice.say(
                "Nothing was sent. Mend these lines, or send the others with --skip-refused.",
                "Rien n’a été envoyé. Corrigez ces lignes, ou envoyez les autres avec --skip-refused.",
            );
            return Err(Stop::of(Ending::Refused, why));
        }
        if !self.way.attach.is_empty() {
            let [only] = read.reports.as_slice() else {
                let why = voice.say(
                    "--attach goes with one report; in a file of several, name the files in their report: \"attach\": [\"…\"]",
                    "--attach va avec un seul signalement ; dans un fichier qui en compte plusieurs, nommez les fichiers dans leur signalement : \"attach\": [\"…\"]",
                );
                return Err(Stop::of(Ending::Usage, why));
            };
            named.push((only.line, self.way.attach.clone()));
        }
        self.way.send_all(&read, &named, known, voice)
    }
}

impl Write_ {
    fn run(self, voice: Voice) -> Result<(), Stop> {
        let known = self.way.known_words(voice)?;
        let story = match &self.text {
            Some(path) => read_file(path, reports::MOST_BYTES, voice)?,
            // Who sends a voice or a picture may be unable to write: nothing is waited for.
            None if !self.way.attach.is_empty() && io::stdin().is_terminal() => {
                Zeroizing::default()
            }
            None => read_file(Path::new("-"), reports::MOST_BYTES, voice)?,
        };
        let story = String::from_utf8_lossy(&story);
        if story.trim().is_empty() && self.way.attach.is_empty() {
            let why = voice.say("Nothing was written.", "Rien n’était écrit.");
            return Err(Stop::of(Ending::Refused, why));
        }
        let mut read =
            ReportFile::of_story(&self.language, &story, known.as_ref(), self.way.inside());
        if !self.way.attach.is_empty() {
            read.remarks
                .retain(|(_, remark)| remark.seen != Seen::NothingTold);
        }
        if remark(&read, voice) > 0 {
            let why = voice.say("Nothing was sent.", "Rien n’a été envoyé.");
            return Err(Stop::of(Ending::Refused, why));
        }
        let named = [(1, self.way.attach.clone())];
        self.way.send_all(&read, &named, known, voice)
    }
}

/// Tells the remarks and refusals of a file; how many lines cannot be sent.
fn remark(read: &ReportFile, voice: Voice) -> usize {
    for (line, remark) in &read.remarks {
        let (line, code) = (voice.line(*line), remark.seen.code());
        tell(&format!("{line}: {code}: {}", remark.sentence(voice.0)));
    }
    for (line, why) in &read.refused {
        let code = match why {
            NotSendable::WordsInside => "words-inside",
            NotSendable::TooLarge => "too-large",
            NotSendable::NotADraft(_) => "not-a-report",
        };
        tell(&format!(
            "{}: {code}: {}",
            voice.line(*line),
            voice.not_sendable(why)
        ));
    }
    read.refused.len()
}

impl Way {
    fn inside(&self) -> WordsInside {
        if self.words_inside {
            WordsInside::Accept
        } else {
            WordsInside::Refuse
        }
    }

    fn known_words(&self, voice: Voice) -> Result<Option<Words>, Stop> {
        if self.known_words || self.words_file.is_some() {
            typed_words(self.words_file.as_deref(), None, voice).map(Some)
        } else {
            Ok(None)
        }
    }

    /// The files of a report, read once and cleaned: nothing of the report leaves before all of
    /// them can.
    fn files_of(
        &self,
        line: usize,
        named: &[files::Named],
        voice: Voice,
    ) -> Result<Vec<Ready>, Stop> {
        let metadata = if self.keep_metadata {
            Metadata::Keep
        } else {
            Metadata::Strip
        };
        let mut files = Vec::new();
        for path in named
            .iter()
            .filter(|(of, _)| *of == line)
            .flat_map(|(_, p)| p)
        {
            let ready = Ready::take(path, metadata, &mut UnwrapErr(SysRng)).map_err(|why| {
                let said = voice.cannot_take(why);
                Stop::of(Ending::Refused, format!("{}: {said}", path.display()))
            })?;
            tell(&format!("{}: {}", path.display(), voice.told(ready.told)));
            files.push(ready);
        }
        Ok(files)
    }

    /// Sends the pieces of a report's files, once it has arrived itself. What is said to have
    /// arrived is durable.
    fn send_pieces(
        &self,
        files: &[Ready],
        out: &Out,
        place: &mut Place,
        voice: Voice,
    ) -> Result<(), Stop> {
        for (number, ready) in (1_usize..).zip(files) {
            let of = ready.announced().pieces;
            let mut arrived = BTreeSet::new();
            let mut again = false;
            loop {
                let lines = match out {
                    Out::Relay { .. } => pieces::LINES,
                    Out::Folder(_) => 1,
                };
                let sent = pieces::send(
                    ready,
                    &place.key,
                    lines,
                    &mut arrived,
                    || UnwrapErr(SysRng),
                    |letter| out.take(letter, &place.office),
                    |n| {
                        // At every sixteenth and at the end: a line a piece would be thousands.
                        let of = usize::try_from(of).unwrap_or(usize::MAX);
                        if n == of || n % (of / 16).max(1) == 0 {
                            tell(&voice.pieces_arrived(number, n, of));
                        }
                    },
                );
                let why = match sent {
                    Ok(()) => break,
                    // The week turned while the file was being sent: once, take the new notice.
                    Err(Left::NotSent(NotSent::Answer(CannotPost::SealAgain))) if !again => {
                        again = true;
                        *place = self.meet(voice)?;
                        continue;
                    }
                    Err(why) => why,
                };
                let (ending, said) = why.said(voice);
                let go_on = voice.pieces_missing(number, arrived.len(), of);
                return Err(Stop::of(ending, format!("{said}\n{go_on}")));
            }
        }
        Ok(())
    }

    /// Where letters go.
    fn out(&self, voice: Voice) -> Result<Out, Stop> {
        match (&self.to, &self.office.relay) {
            (Some(folder), _) => {
                std::fs::create_dir_all(folder).map_err(|e| unreadable(folder, e.kind(), voice))?;
                Ok(Out::Folder(folder.clone()))
            }
            (None, Some(url)) => Ok(Out::Relay {
                line: relay_at(url, self.office.socks, voice)?,
                code: self
                    .code
                    .as_deref()
                    .map(|code| token_of(code, voice))
                    .transpose()?,
                voice,
            }),
            (None, None) => Err(no_way(voice)),
        }
    }

    fn send_all(
        &self,
        read: &ReportFile,
        named: &[files::Named],
        known: Option<Words>,
        voice: Voice,
    ) -> Result<(), Stop> {
        let out = self.out(voice)?;
        let mut place = self.meet(voice)?;
        let mut talk = match (known, self.words) {
            (Some(words), _) => Some(self.go_on(&words, &place.office, voice)?),
            (None, Some(list)) => Some(begin(list.into(), &place.office, voice)?),
            (None, None) => None,
        };
        let mut sent = 0_usize;
        for listed in &read.reports {
            let files = self.files_of(listed.line, named, voice)?;
            let announced: Vec<_> = files.iter().map(|ready| *ready.announced()).collect();
            let mut again = false;
            loop {
                let how = talk
                    .as_ref()
                    .map(|talk| (&talk.master, talk.how(&place.office)));
                let sealed = seal::letter_with_files(
                    &listed.report,
                    &announced,
                    how,
                    place
                        .office
                        .newest()
                        .map(envelope::board::SignedManifest::hash),
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
                    // The week turned while the file was being sent: once, take the new notice.
                    Err(Left::NotSent(NotSent::Answer(CannotPost::SealAgain))) if !again => {
                        again = true;
                        place = self.meet(voice)?;
                    }
                    Err(why) => {
                        return Err(self.stopped(&why, listed.line, sent, talk.is_some(), voice));
                    }
                }
            }
            sent += 1;
            if let Some(talk) = &mut talk {
                talk.first = false;
            }
            self.send_pieces(&files, &out, &mut place, voice)?;
        }
        let said = match out {
            Out::Relay { .. } => voice.say(
                format!("sent {sent} of {sent}; the office’s relay signed for each"),
                format!("{sent} sur {sent} envoyées ; le relais du bureau a signé pour chacune"),
            ),
            Out::Folder(_) => voice.say(
                format!("sealed {sent} of {sent}; carry the folder on, or send it with `temoin-report post`"),
                format!("{sent} sur {sent} scellées ; transportez le dossier, ou envoyez-le avec `temoin-report post`"),
            ),
        };
        print(&said)
    }

    /// A conversation that began earlier: its answers are read first, so that the office learns
    /// which one arrived.
    fn go_on(&self, words: &Words, office: &Office, voice: Voice) -> Result<Talk, Stop> {
        let master = Master::of(words, &office.notice().body().mailbox);
        mailbox_name(&master, voice)?;
        let mut talk = Talk {
            master,
            first: false,
            acknowledges: None,
        };
        if self.to.is_none()
            && let Some(url) = &self.office.relay
        {
            let relay = relay_at(url, self.office.socks, voice)?;
            let found =
                reading::search(&talk.master, office, reading::WINDOW, Pages::OfHits, &relay)
                    .map_err(|why| not_searched(why, voice))?;
            talk.acknowledges = found.newest_answer();
            answers(&found, voice)?;
        }
        Ok(talk)
    }

    fn stopped(&self, why: &Left, line: usize, sent: usize, words: bool, voice: Voice) -> Stop {
        let (ending, said) = why.said(voice);
        let and_words = if words { " --known-words" } else { "" };
        let go_on = voice.say(
            format!("{sent} letters before it were sent. Go on later with --from {line}{and_words}"),
            format!("{sent} lettres avant elle ont été envoyées. Continuez plus tard avec --from {line}{and_words}"),
        );
        Stop::of(ending, format!("{}: {said}\n{go_on}", voice.line(line)))
    }

    fn meet(&self, voice: Voice) -> Result<Place, Stop> {
        let journey = if self.to.is_some() {
            Journey::ByHand
        } else {
            Journey::Online
        };
        let relay = self.office.relay(voice)?;
        let board = relay.as_ref().map(|relay| relay as &dyn Board);
        let office = self.office.meet(relay.as_ref(), board, voice)?;
        let mut files = Vec::new();
        match (&self.keys, &relay) {
            (Some(path), _) => files = key_files(path, voice)?,
            (None, Some(relay)) => {
                for period in office.periods(journey) {
                    files.extend(
                        relay
                            .intake_key(period)
                            .map_err(|why| trouble(why, voice))?,
                    );
                }
            }
            (None, None) => return Err(no_way(voice)),
        }
        let key = office.key_among(journey, files.iter().map(Vec::as_slice)).ok_or_else(|| {
            Stop::of(Ending::Refused, voice.say(
                "none of these keys is one the office’s notice vouches for today; fetch notice and keys again",
                "aucune de ces clés n’est garantie aujourd’hui par l’avis du bureau ; reprenez l’avis et les clés",
            ))
        })?;
        Ok(Place { office, key })
    }
}

/// An office and the key of it that letters are sealed to now.
struct Place {
    office: Office,
    key: IntakeKey,
}

/// The conversation all letters of one run belong to.
struct Talk {
    master: Master,
    first: bool,
    acknowledges: Option<Day>,
}

impl Talk {
    fn how(&self, office: &Office) -> WordsUse {
        WordsUse {
            first: self.first,
            generation: 0,
            first_period: office.notice().body().first_period,
            acknowledges: self.acknowledges,
        }
    }
}

/// Draws words and shows them once, with the name of their mailbox.
fn begin(list: WordList, office: &Office, voice: Voice) -> Result<Talk, Stop> {
    let words = Words::draw(list, &mut UnwrapErr(SysRng));
    let master = Master::of(&words, &office.notice().body().mailbox);
    let name = master.mailbox_name();
    let mut page = Zeroizing::new(voice.say(
        "Your words, in this order. They are shown this once and stored nowhere.\nWhoever has them can read the answers.\n",
        "Vos mots, dans cet ordre. Ils s’affichent cette seule fois et ne sont conservés nulle part.\nQui les possède peut lire les réponses.\n",
    ));
    for (number, word) in words.shown().enumerate() {
        page.push_str(&format!("\n{:>3}  {word}", number + 1));
    }
    page.push_str(&voice.say("\n\nmailbox: ", "\n\nboîte : "));
    page.push_str(&format!("{} {}", name.0, name.1));
    let prompt = voice.say(
        "Learn them, then press Enter: they leave the screen, and the letters are sent.",
        "Apprenez-les, puis appuyez sur Entrée : ils quittent l’écran, et les lettres partent.",
    );
    terminal::show_once(&page, &prompt)
        .map_err(|error| not_on_the_terminal(error.kind(), voice))?;
    Ok(Talk {
        master,
        first: true,
        acknowledges: None,
    })
}

/// Where sealed letters go.
enum Out {
    Relay {
        line: Relay,
        /// From the office, for the moment when the relay is crowded.
        code: Option<Token>,
        voice: Voice,
    },
    Folder(PathBuf),
}

/// Why a letter did not leave.
enum Left {
    NotSent(NotSent),
    NotWritten(CannotCarry),
    TooLarge,
    TooManyFiles,
    BadKey,
    /// A file that was announced.
    File(CannotTake),
}

impl From<CannotTake> for Left {
    fn from(why: CannotTake) -> Self {
        Self::File(why)
    }
}

impl From<CannotSeal> for Left {
    fn from(why: CannotSeal) -> Self {
        match why {
            CannotSeal::TooLong { .. } => Self::TooLarge,
            CannotSeal::TooManyFiles => Self::TooManyFiles,
            CannotSeal::OtherChunk => Self::File(CannotTake::Changed),
            _ => Self::BadKey,
        }
    }
}

impl Left {
    fn said(&self, voice: Voice) -> (Ending, String) {
        match self {
            Self::NotSent(why) if why.later_may_help() => {
                (Ending::Unreachable, voice.not_sent(*why))
            }
            Self::NotSent(why) => (Ending::Failed, voice.not_sent(*why)),
            Self::NotWritten(why) => (Ending::Failed, voice.cannot_carry(why)),
            Self::TooLarge => (Ending::Refused, voice.not_sendable(&NotSendable::TooLarge)),
            Self::BadKey => (
                Ending::Refused,
                voice.say(
                    "the office’s key is no key; fetch the notice again",
                    "la clé du bureau n’en est pas une ; reprenez l’avis",
                ),
            ),
            Self::TooManyFiles => (
                Ending::Refused,
                voice.say(
                    "more files than one report takes (100); send the others with a second report",
                    "plus de fichiers qu’un signalement n’en prend (100) ; envoyez les autres avec un second signalement",
                ),
            ),
            Self::File(why) => (Ending::Refused, voice.cannot_take(*why)),
        }
    }
}

impl Out {
    fn take(&self, letter: &SealedLetter, office: &Office) -> Result<(), Left> {
        let posting = letter.posting();
        match self {
            Self::Relay { line, code, voice } => {
                let mailbox = &office.notice().body().mailbox;
                let mut post = |bytes: &[u8]| {
                    line.post_through_a_crowd(bytes, mailbox, code.as_ref(), &mut |_| {
                        tell(&voice.working());
                    })
                };
                deliver(
                    posting,
                    letter.leaf(),
                    signer(office, &|| newest_epoch(line, office)),
                    &mut post,
                    &mut pause,
                )
                .map(drop)
                .map_err(Left::NotSent)
            }
            Self::Folder(folder) => folder::write_letter(folder, posting, &mut UnwrapErr(SysRng))
                .map(drop)
                .map_err(Left::NotWritten),
        }
    }
}

fn token_of(code: &str, voice: Voice) -> Result<Token, Stop> {
    Token::of_code(code).ok_or_else(|| {
        Stop::of(
            Ending::Refused,
            voice.say(
                "this is not an introduction code; it has seven groups of four letters and digits: compare each with the paper",
                "ce n’est pas un code d’introduction ; il a sept groupes de quatre lettres et chiffres : comparez chacun avec le papier",
            ),
        )
    })
}

fn signer<'a>(office: &'a Office, ask_newest: &'a dyn Fn() -> Option<Epoch>) -> Signer<'a> {
    let body = office.notice().body();
    Signer {
        relay: &body.relay_key,
        mailbox: &body.mailbox,
        newest: office.newest().map(|newest| newest.manifest().epoch),
        ask_newest,
    }
}

/// The newest epoch as the relay shows it now, if its own key signed it.
fn newest_epoch(relay: &Relay, office: &Office) -> Option<Epoch> {
    let body = office.notice().body();
    let file = relay.board_file("newest").ok()??;
    let newest = SignedManifest::verify(&file, &body.mailbox, &body.relay_key).ok()?;
    Some(newest.manifest().epoch)
}

fn pause(time: Duration) {
    std::thread::sleep(time);
}

impl OfficeArgs {
    fn relay(&self, voice: Voice) -> Result<Option<Relay>, Stop> {
        self.relay
            .as_deref()
            .map(|url| relay_at(url, self.socks, voice))
            .transpose()
    }

    fn notice_file(&self, relay: Option<&Relay>, voice: Voice) -> Result<Vec<u8>, Stop> {
        match (&self.notice, relay) {
            (Some(path), _) => Ok(read_file(path, NOTICE_BYTES as u64, voice)?.to_vec()),
            (None, Some(relay)) => relay
                .notice()
                .map_err(|why| trouble(why, voice))?
                .ok_or_else(|| unreachable(voice)),
            (None, None) => Err(no_way(voice)),
        }
    }

    /// Takes notice and newest manifest, from a file or from afar, and believes them.
    fn meet(
        &self,
        relay: Option<&Relay>,
        board: Option<&dyn Board>,
        voice: Voice,
    ) -> Result<Office, Stop> {
        let notice = self.notice_file(relay, voice)?;
        let newest = match board {
            Some(board) => board
                .file("newest")
                .map_err(|BoardUnreachable| unreachable(voice))?,
            None => None,
        };
        let day_from = self.day_from.map(|whose| match whose {
            Whose::Board => DayFrom::Board,
            Whose::Clock => DayFrom::Clock,
        });
        Office::meet(
            &notice,
            newest.as_deref(),
            &self.root,
            unix_seconds(),
            day_from,
        )
        .map_err(|why: CannotMeet| Stop::of(Ending::Refused, voice.not_met(&why)))
    }
}

impl ReadAnswers {
    fn run(self, voice: Voice) -> Result<(), Stop> {
        let words = typed_words(self.words_file.as_deref(), self.list.map(Into::into), voice)?;
        let relay = self.office.relay(voice)?;
        let mut this = self;
        // A copied board brings the office's notice along; the root vouches for it as for any other.
        if let (Some(folder), None, None) = (&this.board, &relay, &this.office.notice) {
            this.office.notice = Some(folder.join("office").join("notice"));
        }
        this.read(&words, relay.as_ref(), voice)
    }

    fn read(&self, words: &Words, relay: Option<&Relay>, voice: Voice) -> Result<(), Stop> {
        match (&self.board, relay) {
            (Some(folder), _) => {
                let copy = CopyOfBoard::in_folder(folder);
                let office = self.office.meet(relay, Some(&copy), voice)?;
                self.search(words, &office, &copy, voice)
            }
            (None, Some(relay)) => {
                let office = self.office.meet(Some(relay), Some(relay), voice)?;
                self.search(words, &office, relay, voice)
            }
            (None, None) => Err(no_way(voice)),
        }
    }

    fn search(
        &self,
        words: &Words,
        office: &Office,
        board: &impl Board,
        voice: Voice,
    ) -> Result<(), Stop> {
        let master = Master::of(words, &office.notice().body().mailbox);
        mailbox_name(&master, voice)?;
        let pages = if self.every_page {
            Pages::All
        } else {
            Pages::OfHits
        };
        let found = reading::search(&master, office, self.days, pages, board)
            .map_err(|why| not_searched(why, voice))?;
        answers(&found, voice)?;
        if !self.every_page {
            let n = found.pages;
            tell(&voice.say(
                format!("Pages fetched: {n}. Whoever watches the line can count them; --every-page tells nothing."),
                format!("Pages demandées : {n}. Qui observe la connexion peut les compter ; --every-page ne révèle rien."),
            ));
        }
        Ok(())
    }
}

fn mailbox_name(master: &Master, voice: Voice) -> Result<(), Stop> {
    let name = master.mailbox_name();
    print(&voice.say(
        format!(
            "mailbox: {} {} (another name than yours means that a word is wrong)",
            name.0, name.1
        ),
        format!(
            "boîte : {} {} (un autre nom que le vôtre signifie qu’un mot est faux)",
            name.0, name.1
        ),
    ))
}

/// Prints what the office said. Its text came from afar: what could turn the terminal is shown by
/// its number.
fn answers(found: &Found, voice: Voice) -> Result<(), Stop> {
    for answer in &found.answers {
        let day = answer.day;
        let said = match (answer.kind, &answer.text) {
            (CellKind::Opened, _) => voice.say(
                format!("{day}: the office’s machine has opened your letter. Perhaps nobody has read it yet."),
                format!("{day} : la machine du bureau a ouvert votre lettre. Il se peut que personne ne l’ait encore lue."),
            ),
            (CellKind::Answer, Some(text)) => {
                let text = record::text::shown(text);
                voice.say(format!("{day}: the office answers:\n{text}"), format!("{day} : le bureau répond :\n{text}"))
            }
            (_, None) => voice.say(
                format!("{day}: an answer of which parts are still missing; look again later."),
                format!("{day} : une réponse dont des parties manquent encore ; regardez à nouveau plus tard."),
            ),
            (CellKind::Other(_), Some(_)) => voice.say(
                format!("{day}: something this program does not know; update it."),
                format!("{day} : quelque chose que ce programme ne connaît pas ; mettez-le à jour."),
            ),
        };
        print(&said)?;
    }
    // One is enough, and the newest is the likeliest to be good.
    let token = found
        .answers
        .iter()
        .rev()
        .find_map(|answer| answer.token.as_ref());
    if let Some(token) = token {
        let code = token.code();
        print(&voice.say(
            format!(
                "should the relay be crowded, your next letter gets through with --code {code}"
            ),
            format!("si le relais est encombré, votre prochaine lettre passera avec --code {code}"),
        ))?;
    }
    print(&voice.period(found))
}

impl CheckReceipt {
    /// Nothing is asked of the relay about this letter: its notice alone tells whose signature counts.
    fn run(self, voice: Voice) -> Result<(), Stop> {
        let refused = |en: &str, fr: &str| Stop::of(Ending::Refused, voice.say(en, fr));
        let letter = read_file(&self.letter, POSTING_BYTES, voice)?;
        let leaf = Posting::parse(&letter)
            .map_err(|_| {
                refused(
                    "this is no sealed letter, or it was copied only in part; name the file that was handed in",
                    "ce n’est pas une lettre scellée, ou elle n’a été copiée qu’en partie ; nommez le fichier qui a été remis",
                )
            })?
            .leaf();
        let mut receipt = read_file(&self.receipt, RECEIPT_TEXT_BYTES, voice)?;
        if let Ok(text) = std::str::from_utf8(&receipt)
            && let [carry::blocks::Found::Whole(bytes)] = carry::blocks::read(text).as_slice()
        {
            receipt = Zeroizing::new(bytes.clone());
        }
        let relay = self.office.relay(voice)?;
        let office = self.office.meet(relay.as_ref(), None, voice)?;
        let body = office.notice().body();
        let receipt = Receipt::verify(&receipt, leaf, &body.mailbox, &body.relay_key).map_err(|_| {
            refused(
                "this is not the office’s relay’s receipt for this letter: do not count the letter as sent, hand it in again",
                "ce n’est pas le reçu du relais du bureau pour cette lettre : ne comptez pas la lettre comme envoyée, remettez-la",
            )
        })?;
        let epoch = receipt.epoch().0;
        print(&voice.say(
            format!("the office’s relay has signed that it keeps this letter; its public list shows it from number {epoch} on"),
            format!("le relais du bureau a signé qu’il garde cette lettre ; sa liste publique la mentionne à partir du numéro {epoch}"),
        ))
    }
}

impl Post {
    fn run(self, voice: Voice) -> Result<(), Stop> {
        let Some(relay) = self.office.relay(voice)? else {
            return Err(no_way(voice));
        };
        let office = self.office.meet(Some(&relay), Some(&relay), voice)?;
        let failed = |why: &CannotCarry| Stop::of(Ending::Failed, voice.cannot_carry(why));
        let mailbox = &office.notice().body().mailbox;
        let mut post = |bytes: &[u8]| {
            relay.post_through_a_crowd(bytes, mailbox, None, &mut |_| tell(&voice.working()))
        };
        let (mut sent, mut staying) = (0_usize, 0_usize);
        for found in folder::read_letters(&self.folder).map_err(|why| failed(&why))? {
            let found = match found {
                Ok(found) => found,
                Err(why) => {
                    staying += 1;
                    tell(&voice.cannot_carry(&why));
                    continue;
                }
            };
            let Ok(leaf) = Posting::parse(&found.posting).map(|posting| posting.leaf()) else {
                staying += 1;
                continue;
            };
            match deliver(
                &found.posting,
                leaf,
                signer(&office, &|| newest_epoch(&relay, &office)),
                &mut post,
                &mut pause,
            ) {
                Ok(_) => {
                    sent += 1;
                    std::fs::remove_file(&found.file)
                        .map_err(|error| unreadable(&found.file, error.kind(), voice))?;
                }
                Err(why) if why.later_may_help() => {
                    let said = voice.not_sent(why);
                    return Err(Stop::of(
                        Ending::Unreachable,
                        voice.say(
                            format!("{sent} letters were sent; {said}"),
                            format!("{sent} lettres ont été envoyées ; {said}"),
                        ),
                    ));
                }
                Err(why) => {
                    staying += 1;
                    tell(&format!(
                        "{}: {}",
                        found.file.display(),
                        voice.not_sent(why)
                    ));
                }
            }
        }
        print(&voice.say(
            format!("{sent} letters were sent; the office’s relay signed for each, and they were taken out of the folder"),
            format!("{sent} lettres ont été envoyées ; le relais du bureau a signé pour chacune, et elles ont été retirées du dossier"),
        ))?;
        if staying == 0 {
            return Ok(());
        }
        Err(Stop::of(
            Ending::Refused,
            voice.say(
                format!("{staying} files stay in the folder"),
                format!("{staying} fichiers restent dans le dossier"),
            ),
        ))
    }
}

impl Mirror {
    fn run(self, voice: Voice) -> Result<(), Stop> {
        let Some(relay) = self.office.relay(voice)? else {
            return Err(no_way(voice));
        };
        let notice = self.office.notice_file(Some(&relay), voice)?;
        let office = self.office.meet(Some(&relay), Some(&relay), voice)?;
        let mut keys = Vec::new();
        for (period, _) in &office.notice().body().keys.intake {
            let key = relay
                .intake_key(*period)
                .map_err(|why| trouble(why, voice))?;
            keys.extend(key.map(|key| (*period, key)));
        }
        let copied = mirror::mirror(&office, &notice, &keys, &relay, &self.to, self.days)
            .map_err(|why| Stop::of(mirror_ending(&why), voice.not_mirrored(&why)))?;
        print(&voice.mirrored(&copied))
    }
}

fn mirror_ending(why: &CannotMirror) -> Ending {
    match why {
        CannotMirror::Unreachable | CannotMirror::NoBoard | CannotMirror::Missing { .. } => {
            Ending::Unreachable
        }
        CannotMirror::Disk { .. } => Ending::Failed,
        _ => Ending::Refused,
    }
}

fn typed_words(file: Option<&Path>, list: Option<WordList>, voice: Voice) -> Result<Words, Stop> {
    let typed = match file {
        Some(path) if path == Path::new("-") => terminal::read_line(io::stdin()),
        Some(path) => File::open(path).and_then(terminal::read_line),
        None => terminal::ask_unseen(&voice.say(
            "Your words (they are not shown): ",
            "Vos mots (ils ne s’affichent pas) : ",
        )),
    };
    let typed = typed.map_err(|error| match file {
        Some(path) => unreadable(path, error.kind(), voice),
        None => not_on_the_terminal(error.kind(), voice),
    })?;
    words::read(list, &typed).map_err(|why| Stop::of(Ending::Refused, voice.not_the_words(&why)))
}

/// A file, or the standard input for `-`, of at most so many bytes.
fn read_file(path: &Path, most: u64, voice: Voice) -> Result<Zeroizing<Vec<u8>>, Stop> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = if path == Path::new("-") {
        io::stdin().take(most + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
    };
    match read {
        Ok(n) if n as u64 <= most => Ok(bytes),
        Ok(_) => Err(Stop::of(
            Ending::Refused,
            voice.say(
                format!("{} is larger than {most} bytes; divide it", path.display()),
                format!("{} dépasse {most} octets ; divisez-le", path.display()),
            ),
        )),
        Err(error) => Err(unreadable(path, error.kind(), voice)),
    }
}

/// One key file, or every file of a folder that has a key's length.
fn key_files(path: &Path, voice: Voice) -> Result<Vec<Vec<u8>>, Stop> {
    let length = envelope::keys::SEALING_KEY_BYTES as u64;
    let read = || -> io::Result<Vec<Vec<u8>>> {
        if !path.is_dir() {
            return Ok(vec![std::fs::read(path)?]);
        }
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            if entry.metadata()?.len() == length {
                files.push(std::fs::read(entry.path())?);
            }
        }
        Ok(files)
    };
    read().map_err(|error| unreadable(path, error.kind(), voice))
}

fn unreadable(path: &Path, kind: io::ErrorKind, voice: Voice) -> Stop {
    let at = path.display();
    Stop::of(
        Ending::Refused,
        voice.say(
            format!("{at} cannot be read ({kind})"),
            format!("impossible de lire {at} ({kind})"),
        ),
    )
}

fn not_on_the_terminal(kind: io::ErrorKind, voice: Voice) -> Stop {
    Stop::of(
        Ending::Failed,
        voice.say(
            format!("there is no terminal to speak with ({kind})"),
            format!("aucun terminal avec qui parler ({kind})"),
        ),
    )
}

fn relay_at(url: &str, socks: Option<std::net::SocketAddr>, voice: Voice) -> Result<Relay, Stop> {
    let relay = match socks {
        Some(at) => Relay::through(url, at),
        None => Relay::new(url),
    };
    relay.map_err(|_| {
        Stop::of(
            Ending::Usage,
            voice.say(
                "--relay is an address such as https://relay.example.org",
                "--relay attend une adresse comme https://relais.example.org",
            ),
        )
    })
}

fn trouble(why: Trouble, voice: Voice) -> Stop {
    Stop::of(Ending::Unreachable, voice.trouble(why))
}

fn unreachable(voice: Voice) -> Stop {
    Stop::of(
        Ending::Unreachable,
        voice.say(
            "the office’s relay does not answer as it should; check the address and the line",
            "le relais du bureau ne répond pas comme il faut ; vérifiez l’adresse et la connexion",
        ),
    )
}

fn not_searched(why: CannotSearch, voice: Voice) -> Stop {
    match why {
        CannotSearch::Unreachable => unreachable(voice),
        CannotSearch::NotTheSignedLists => Stop::of(
            Ending::Refused,
            voice.say(
                "the board’s lists do not lead to what the office’s relay signed, and nothing in them was used; try again, take another copy of the board, or tell the office",
                "les listes du tableau ne mènent pas à ce que le relais du bureau a signé, et rien n’en a été utilisé ; réessayez, prenez une autre copie du tableau, ou dites-le au bureau",
            ),
        ),
    }
}

fn no_way(voice: Voice) -> Stop {
    Stop::of(Ending::Usage, voice.say(
        "say where to: --relay URL; or --notice FILE, --keys PATH and --to FOLDER to seal without any line",
        "dites où : --relay URL ; ou --notice FICHIER, --keys CHEMIN et --to DOSSIER pour sceller sans connexion",
    ))
}

fn unix_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}

fn print(said: &str) -> Result<(), Stop> {
    let mut out = io::stdout();
    writeln!(out, "{said}")
        .and_then(|()| out.flush())
        .map_err(|error| Stop::of(Ending::Failed, error.kind().to_string()))
}

fn tell(said: &str) {
    // If the error output is closed there is nobody to tell.
    drop(writeln!(io::stderr(), "{said}"));
}
