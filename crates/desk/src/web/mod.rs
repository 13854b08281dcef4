//! The caseworker's local pages: one house, one door, no script.
//!
//! [`House::answer`] is the whole server without a socket: a request's parts in, an answer out. A
//! browser is let in by a one-time link (`gate`), every change is a form of our own pages, and a
//! locked house shows one thing only: where to type the passphrase.

mod after;
pub(crate) mod asked;
mod by_hand;
mod case;
mod communications;
mod due;
mod duty;
mod elsewhere;
mod figures;
mod filter;
mod forms;
mod gate;
mod made_public;
mod measures;
mod next;
mod other;
mod papers;
mod photos;
mod queue;
mod readable;
mod rules;
mod show;
mod shown;
mod timeline;
mod translations;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use maud::Markup;
use record::Language;

use zeroize::Zeroizing;

pub use asked::{Answered, Asked};

use crate::alarm::Alarm;
use crate::desk::Desk;
use crate::evidence::HandOut;
use crate::http::HttpPost;
use crate::pictures::{NotAPicture, Pictures};
use crate::publish::{CannotPublish, Published};
use crate::reply::WayBack;
use asked::Fields;
use forms::Outcome;
use gate::{Gate, Passage, Said};
use show::{Draft, View};
use shown::{SHOWN, ShownPages};

const STYLE: &str = include_str!("style.css");
const LANGUAGE_COOKIE: &str = "lang";
/// The most bytes a form may have.
pub(crate) const MOST_BYTES: usize = 2 << 20;
/// The most bytes of files that are brought at once.
pub(crate) const MOST_UPLOAD: usize = 64 << 20;
/// Where pictures are brought: this form and that of reports taken down may be larger.
pub(crate) const UPLOAD_PATH: &str = "/pictures";

/// What reads the codes of a picture.
type Lens = Box<dyn Fn(&[u8]) -> Result<Vec<String>, NotAPicture> + Send + Sync>;

/// The desk behind its door.
pub struct House {
    folder: PathBuf,
    gate: Mutex<Gate>,
    room: Mutex<Room>,
    /// What photographs of codes have brought: sealed bytes, kept until their letter is whole.
    pictures: Mutex<Pictures>,
    lens: Lens,
    clock: Box<dyn Fn() -> u64 + Send + Sync>,
}

struct Room {
    /// `None` while locked: the vault is closed, and its keys are gone from memory.
    desk: Option<Desk>,
    /// What a locked page may show.
    name: String,
    language: Language,
    idle_seconds: u64,
    last_hand: u64,
    /// Pages that forms were answered with.
    shown: ShownPages,
}

/// The system's randomness: the running desk is where it comes from.
pub(crate) fn randomness() -> rand_core::UnwrapErr<getrandom::SysRng> {
    rand_core::UnwrapErr(getrandom::SysRng)
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl House {
    /// Puts a desk behind its door. `host` is what the browser must say it visits: the address
    /// and port the desk listens on.
    #[must_use]
    pub fn new(desk: Desk, host: String, clock: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        let settings = desk.settings();
        let language = settings.page_languages().first().copied();
        let room = Room {
            name: settings.name.clone(),
            language: language.unwrap_or(Language::English),
            idle_seconds: u64::from(settings.idle_minutes) * 60,
            last_hand: clock(),
            shown: ShownPages::default(),
            desk: None,
        };
        Self {
            folder: desk.vault().folder().to_owned(),
            gate: Mutex::new(Gate::new(host)),
            room: Mutex::new(Room {
                desk: Some(desk),
                ..room
            }),
            pictures: Mutex::default(),
            lens: Box::new(|_| Err(NotAPicture::GivenUp)),
            clock: Box::new(clock),
        }
    }

    /// Gives the desk what reads pictures; without it every picture is given up.
    #[must_use]
    pub fn with_lens(
        self,
        lens: impl Fn(&[u8]) -> Result<Vec<String>, NotAPicture> + Send + Sync + 'static,
    ) -> Self {
        Self {
            lens: Box::new(lens),
            ..self
        }
    }

    /// Draws a one-time link. An unused one no longer works.
    pub fn new_link(&self) -> String {
        held(&self.gate).new_link(&mut randomness())
    }

    /// Works with the desk, unless it is locked.
    pub fn with_desk<T>(&self, work: impl FnOnce(&mut Desk) -> T) -> Option<T> {
        held(&self.room).desk.as_mut().map(work)
    }

    /// Locks at once: the vault is closed and its keys leave memory.
    pub fn lock(&self) {
        let mut room = held(&self.room);
        room.desk = None;
        room.shown.let_go();
        drop(room);
        held(&self.gate).forget_said();
    }

    /// Locks when no hand was on the desk for long enough.
    pub fn lock_if_idle(&self) {
        let now = (self.clock)();
        let mut room = held(&self.room);
        if now.saturating_sub(room.last_hand) >= room.idle_seconds {
            room.desk = None;
            room.shown.let_go();
            drop(room);
            held(&self.gate).forget_said();
        }
    }

    /// Whether a browser we know brings files from our own page: asked before they are read, so that
    /// nobody else makes this desk hold them.
    pub(crate) fn takes_files(&self, asked: &Asked) -> bool {
        let mut gate = held(&self.gate);
        asked.method == "POST"
            && [UPLOAD_PATH, by_hand::PATH].contains(&asked.path.as_str())
            && gate.is_from_here(asked)
            && matches!(gate.pass(asked, &mut randomness()), Passage::Known(_))
    }

    /// Answers a browser: as [`answer`](Self::answer) does, but a form is answered with an address,
    /// and the page stands there.
    #[must_use]
    pub fn answer_browser(&self, asked: &Asked) -> Answered {
        let name = asked.path.strip_prefix(SHOWN);
        if let Some(name) = name.filter(|_| asked.method == "GET") {
            let Passage::Known(session) = held(&self.gate).pass(asked, &mut randomness()) else {
                return Answered::nothing_here();
            };
            let mut room = held(&self.room);
            room.last_hand = (self.clock)();
            let shown = room.shown.show(session, name);
            return shown.unwrap_or_else(|| Answered::see("/"));
        }
        let answered = self.answer(asked);
        let is_page = answered.location.is_none()
            && answered.file.is_none()
            && answered.save_as.is_none()
            && answered.kind.starts_with("text/html");
        if asked.method != "POST" || !is_page {
            return answered;
        }
        // Whoever was answered with a page is known.
        let Passage::Known(session) = held(&self.gate).pass(asked, &mut randomness()) else {
            return Answered::nothing_here();
        };
        let mut room = held(&self.room);
        let once = room.desk.is_none();
        let cookies = answered.cookies.clone();
        let to = room.shown.keep(session, answered, once, &mut randomness());
        Answered {
            cookies,
            ..Answered::see(to)
        }
    }

    /// Answers a request.
    #[must_use]
    pub fn answer(&self, asked: &Asked) -> Answered {
        let passage = held(&self.gate).pass(asked, &mut randomness());
        let session = match passage {
            Passage::Nobody => return Answered::nothing_here(),
            Passage::Enters { cookie } => return Answered::see("/").with_cookie(cookie),
            Passage::Known(session) => session,
        };
        let answered = self.answer_known(session, asked);
        self.listed(asked, session, answered)
    }

    fn answer_known(&self, session: usize, asked: &Asked) -> Answered {
        match asked.method.as_str() {
            "GET" if asked.path == "/style.css" => Answered {
                status: 200,
                kind: "text/css; charset=utf-8",
                location: None,
                cookies: Vec::new(),
                body: STYLE.as_bytes().to_vec(),
                file: None,
                save_as: None,
            },
            "GET" => self.look(session, asked),
            // No field was read, so no token either; it changes nothing and is only told.
            "POST" if asked.cut && asked.path == UPLOAD_PATH => {
                self.look_at(session, asked, (self.clock)())
            }
            "POST" => {
                let fields = Fields::read(asked.body.get(..MOST_BYTES).unwrap_or(&asked.body));
                if held(&self.gate).may_change(session, asked, &fields) {
                    self.change(session, asked, &fields)
                } else {
                    Answered::nothing_here()
                }
            }
            _ => Answered::nothing_here(),
        }
    }

    fn look(&self, session: usize, asked: &Asked) -> Answered {
        let mut room = held(&self.room);
        room.last_hand = (self.clock)();
        if room.desk.is_none() {
            drop(room);
            return self.locked(session, asked, 200, None, &Fields::default());
        }
        drop(room);
        let path: Vec<&str> = asked.path.split('/').skip(1).collect();
        if let ["case", case, "file", number] = path.as_slice() {
            return self.hand_out(case, number);
        }
        if let ["case", case, "papers"] = path.as_slice() {
            return self.papers(session, asked, case);
        }
        self.page(session, asked, &asked.path, 200, None)
    }

    /// A complete file of a case; anything else is nothing.
    fn hand_out(&self, case: &str, number: &str) -> Answered {
        let (Ok(case), Ok(number)) = (case.parse(), number.parse()) else {
            return Answered::nothing_here();
        };
        match self.with_desk(|desk| desk.hand_out(case, number)) {
            Some(Ok(Some(file))) => Answered::file(file),
            _ => Answered::nothing_here(),
        }
    }

    /// One chunk of a file on its way out; `None` after the last, when the vault cannot be read,
    /// or when the desk was locked meanwhile. Whoever sends tells the three apart by the size.
    pub fn chunk(&self, of: &HandOut, number: u32) -> Option<Zeroizing<Vec<u8>>> {
        self.with_desk(|desk| desk.chunk(of, number).ok().flatten())?
    }

    /// Shows a page of the open desk; anything that is none is 404.
    fn page(
        &self,
        session: usize,
        asked: &Asked,
        path: &str,
        status: u16,
        draft: Option<Draft>,
    ) -> Answered {
        let nothing = Fields::default();
        self.page_with(session, asked, path, status, draft, &nothing)
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "what a page may depend on, each by name"
    )]
    fn page_with(
        &self,
        session: usize,
        asked: &Asked,
        path: &str,
        status: u16,
        draft: Option<Draft>,
        typed: &Fields,
    ) -> Answered {
        let now = (self.clock)();
        let (token, said) = self.session(session);
        // Before the room: whoever reads pictures holds them and then asks for the room.
        let begun = (path == UPLOAD_PATH).then(|| self.begun());
        let room = held(&self.room);
        let Some(desk) = &room.desk else {
            return Answered::nothing_here();
        };
        let view = View {
            language: language(asked, room.language),
            zone: TimeZone::get(&desk.settings().zone).unwrap_or(TimeZone::UTC),
            office: &desk.settings().name,
            author: desk.author().to_string(),
            token: &token,
            path,
            unread: desk.office().unread().len(),
            said,
            draft,
            now,
        };
        let page = match path.split('/').skip(1).collect::<Vec<_>>().as_slice() {
            [""] => {
                let alarms = desk.alarms(now).unwrap_or_default();
                let asked_for = match typed.is_empty() {
                    true => Fields::read(asked.query.as_bytes()),
                    false => typed.clone(),
                };
                queue::page(&view, desk, &alarms, &asked_for, None)
            }
            ["saved", number] => {
                let saved = desk.saved_searches().unwrap_or_default();
                let mut saved = saved.iter();
                let Some(one) = saved.find(|one| one.number.to_string() == *number) else {
                    return Answered::see("/");
                };
                let asked_for = Fields::read(one.query.as_bytes());
                if asked_for.text("typed").is_empty() {
                    let alarms = desk.alarms(now).unwrap_or_default();
                    queue::page(&view, desk, &alarms, &asked_for, Some(one))
                } else {
                    queue::results(&view, desk, &asked_for, Some(one))
                }
            }
            ["case", number] => {
                let found = number.parse().ok().and_then(|n| Some((n, desk.case(n)?)));
                let Some((number, case)) = found else {
                    return Answered::page(404, other::no_such_case(&view));
                };
                let shown = case::Shown {
                    number,
                    case,
                    way_back: desk.way_back(number, now).unwrap_or(WayBack::NoVoice),
                    desk,
                };
                case::page(&view, &shown)
            }
            ["unread"] => other::unread(&view, desk),
            ["pictures"] => photos::page(&view, &begun.unwrap_or_default()),
            ["by-hand"] => by_hand::page(&view, desk, &asked.query),
            ["case", number, "timeline"] => {
                let found = number.parse().ok().and_then(|n| Some((n, desk.case(n)?)));
                let Some((number, case)) = found else {
                    return Answered::page(404, other::no_such_case(&view));
                };
                timeline::page(&view, number, case)
            }
            ["case", number, "elsewhere", place] => {
                let page =
                    || elsewhere::page(&view, desk, number.parse().ok()?, place.parse().ok()?);
                let Some(page) = page() else {
                    return Answered::page(404, other::no_such_case(&view));
                };
                page
            }
            ["case", number, "slip"] => {
                let found = number.parse().ok().and_then(|n| Some((n, desk.case(n)?)));
                let Some((number, case)) = found else {
                    return Answered::page(404, other::no_such_case(&view));
                };
                by_hand::slip(&view, desk, number, case, &asked.query)
            }
            ["figures"] => figures::page(&view, desk, typed),
            ["readable-files"] => readable::page(&view, desk),
            ["office"] => {
                let alarms = desk.alarms(now).unwrap_or_default();
                other::office(&view, desk, &alarms)
            }
            _ => return Answered::nothing_here(),
        };
        Answered::page(status, page)
    }

    fn change(&self, session: usize, asked: &Asked, fields: &Fields) -> Answered {
        let now = (self.clock)();
        let path: Vec<&str> = asked.path.split('/').skip(1).collect();
        match path.as_slice() {
            ["unlock"] => return self.unlock(session, asked, fields),
            ["language"] => {
                let tag = Language::of_tag(fields.text("language")).tag();
                let back = match fields.text("back") {
                    back if back.starts_with('/') && !back.starts_with("//") => back,
                    _ => "/",
                };
                return Answered::see(back).with_cookie(format!(
                    "{LANGUAGE_COOKIE}={tag}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"
                ));
            }
            ["pictures"] => return self.look_at(session, asked, now),
            ["by-hand"] => return self.take_down(session, asked, fields, now),
            ["case", number, "papers"] => return self.make_papers(session, asked, number, fields),
            ["saved"] => return self.save_search(session, asked, fields),
            ["saved", "forget"] => return self.forget_search(session, asked, fields),
            ["lock"] => {
                self.lock();
                return Answered::see("/");
            }
            _ => {}
        }
        let mut room = held(&self.room);
        room.last_hand = now;
        let tongue = language(asked, room.language);
        let Some(desk) = &mut room.desk else {
            drop(room);
            // What was typed goes back into the page, and nowhere else.
            return self.locked(session, asked, 200, None, fields);
        };
        match path.as_slice() {
            // Back from the look at what is to leave, with what was typed.
            ["case", number, back @ ("change" | "rewrite" | "republish")] => {
                drop(room);
                let why = match tongue {
                    Language::English => "change it, then look at it again",
                    Language::French => "modifiez-la, puis relisez-la",
                };
                let draft = draft(shown_by(back), fields, why.to_owned());
                self.page(session, asked, &format!("/case/{number}"), 200, Some(draft))
            }
            // A sentence was put into an answer that is being written.
            ["case", number, "phrase"] => {
                drop(room);
                let why = match tongue {
                    Language::English => "read it through, then look at it once more",
                    Language::French => "relisez-la, puis continuez",
                };
                let with = translations::with_phrase(fields);
                let draft = draft("reply", with.as_ref().unwrap_or(fields), why.to_owned());
                self.page(session, asked, &format!("/case/{number}"), 200, Some(draft))
            }
            ["case", number, verb] => {
                let Ok(number) = number.parse::<u64>() else {
                    return Answered::nothing_here();
                };
                let page = format!("/case/{number}");
                match forms::take(desk, number, verb, fields, now, &mut randomness()) {
                    Ok(Outcome::Done(at)) => {
                        drop(room);
                        self.say(session, true, said_after(verb, tongue));
                        Answered::see(format!("{page}#{at}"))
                    }
                    Ok(Outcome::LookOver(text, consequences)) => {
                        drop(room);
                        self.before_it_leaves(session, asked, number, |view, shown| {
                            case::preview(view, number, shown.case, &text, &consequences)
                        })
                    }
                    Ok(Outcome::ReadOver(letter)) => {
                        drop(room);
                        self.before_it_leaves(session, asked, number, |view, shown| {
                            communications::read_over(view, shown, &letter)
                        })
                    }
                    Ok(Outcome::LookAtPage(wanted)) => {
                        drop(room);
                        self.before_it_leaves(session, asked, number, |view, shown| {
                            made_public::look_at(view, shown, &wanted)
                        })
                    }
                    Err(refused) => {
                        drop(room);
                        let draft = draft(verb, fields, refused.sentence(tongue));
                        self.page(session, asked, &page, 422, Some(draft))
                    }
                }
            }
            ["alarm"] => {
                if let Some(alarm) = Alarm::of_line(fields.text("alarm")) {
                    // An alarm that cannot be put away is shown again.
                    desk.seen(alarm).ok();
                }
                Answered::see("/")
            }
            ["search"] => {
                drop(room);
                self.results(session, asked, fields)
            }
            ["office", "backup"] => {
                let to = desk.vault().folder().join(fields.text("to"));
                let sealed = desk.back_up(&to, now, &mut randomness());
                drop(room);
                match sealed {
                    Ok(sealed) => self.sheet(session, asked, &to, &sealed),
                    Err(why) => {
                        let draft = draft("backup", fields, other::no_backup(why, tongue));
                        self.page(session, asked, "/office", 422, Some(draft))
                    }
                }
            }
            ["office", "publish"] => {
                let done = publish_notice(desk, fields, now);
                drop(room);
                match done {
                    Ok(published) => {
                        self.say(session, true, other::published(&published, tongue));
                        Answered::see("/office")
                    }
                    Err(why) => {
                        // The passphrase is not put back into the page.
                        let typed = fields.without("passphrase");
                        let draft =
                            draft("publish-notice", &typed, other::not_published(&why, tongue));
                        self.page(session, asked, "/office", 422, Some(draft))
                    }
                }
            }
            ["office", verb @ ("set-grade" | "hand-over-all")] => {
                let done = rules::take(desk, verb, fields, now, tongue);
                drop(room);
                match done {
                    Some(Ok(text)) => {
                        self.say(session, true, text);
                        Answered::see("/office")
                    }
                    Some(Err(refused)) => {
                        let draft = draft(verb, fields, refused.sentence(tongue));
                        self.page(session, asked, "/office", 422, Some(draft))
                    }
                    None => Answered::nothing_here(),
                }
            }
            ["unread", "again"] => {
                let opened = desk
                    .try_unreadable_again(now, &mut randomness())
                    .unwrap_or(0);
                drop(room);
                self.say(session, opened > 0, other::tried_again(opened, tongue));
                Answered::see("/unread")
            }
            ["readable-files"] => {
                let (good, text) = readable::remove(desk, fields, tongue);
                drop(room);
                self.say(session, good, text);
                Answered::see(readable::PATH)
            }
            ["figures"] => {
                drop(room);
                self.page_with(session, asked, "/figures", 200, None, fields)
            }
            ["figures", "publish"] => {
                let (good, text) = figures::publish(desk, fields, now, tongue);
                drop(room);
                self.say(session, good, text);
                Answered::see("/figures")
            }
            _ => Answered::nothing_here(),
        }
    }

    /// Takes down what somebody told or brought.
    fn take_down(&self, session: usize, asked: &Asked, fields: &Fields, now: u64) -> Answered {
        let mut room = held(&self.room);
        room.last_hand = now;
        let tongue = language(asked, room.language);
        let Some(desk) = &mut room.desk else {
            drop(room);
            return self.locked(session, asked, 200, None, fields);
        };
        let done = if asked.cut {
            Err(by_hand::too_much(tongue))
        } else {
            by_hand::told(fields, &asked.files)
                .and_then(|told| desk.take_down(&told, now, &mut randomness()))
                .map_err(|refused| refused.sentence(tongue))
        };
        drop(room);
        match done {
            Ok(taken) => {
                self.say(session, true, by_hand::said(&taken, tongue));
                match taken.new {
                    1 => Answered::see(format!("/case/{}#letters", taken.case)),
                    _ => Answered::see("/"),
                }
            }
            Err(why) => {
                let draft = draft(by_hand::FORM, fields, why);
                self.page(session, asked, by_hand::PATH, 422, Some(draft))
            }
        }
    }

    /// Reads the pictures that were brought, and takes in each letter that became whole. The desk is
    /// not held while they are looked at.
    fn look_at(&self, session: usize, asked: &Asked, now: u64) -> Answered {
        let tongue = {
            let mut room = held(&self.room);
            room.last_hand = now;
            if room.desk.is_none() {
                drop(room);
                return self.locked(session, asked, 200, None, &Fields::default());
            }
            language(asked, room.language)
        };
        let mut told = photos::Told::default();
        if asked.cut || asked.files.is_empty() {
            told.nothing_brought(asked.cut);
        }
        for (number, file) in (1..).zip(&asked.files) {
            // Reading takes its time; nothing is held meanwhile.
            let texts = (self.lens)(file);
            let mut pictures = held(&self.pictures);
            let letters = told.looked(number, texts.map(|texts| pictures.take(&texts)));
            for letter in letters {
                let taken = self.with_desk(|desk| {
                    let posting = envelope::Posting::parse(&letter).ok()?;
                    desk.take_by_hand(&posting, now, &mut randomness()).ok()
                });
                let taken = taken.flatten();
                if taken.is_none() {
                    // The vault is full or was locked meanwhile: the pictures are needed again.
                    pictures.forget(&letter);
                }
                told.whole(taken);
            }
        }
        let (good, text) = told.said(&self.begun(), tongue);
        self.say(session, good, text);
        Answered::see(UPLOAD_PATH)
    }

    fn begun(&self) -> photos::Begun {
        let pictures = held(&self.pictures);
        photos::Begun {
            missing: pictures.missing(),
            spoiled: pictures.spoiled(),
        }
    }

    fn results(&self, session: usize, asked: &Asked, fields: &Fields) -> Answered {
        let (token, said) = self.session(session);
        let room = held(&self.room);
        let Some(desk) = &room.desk else {
            return Answered::nothing_here();
        };
        let view = View {
            language: language(asked, room.language),
            zone: TimeZone::get(&desk.settings().zone).unwrap_or(TimeZone::UTC),
            office: &desk.settings().name,
            author: desk.author().to_string(),
            token: &token,
            path: "/",
            unread: desk.office().unread().len(),
            said,
            draft: None,
            now: (self.clock)(),
        };
        Answered::page(200, queue::results(&view, desk, fields, None))
    }

    /// A page of a case that is shown before something leaves, with what was typed in it.
    fn before_it_leaves(
        &self,
        session: usize,
        asked: &Asked,
        number: u64,
        page: impl FnOnce(&View<'_>, &case::Shown<'_>) -> Markup,
    ) -> Answered {
        let (token, said) = self.session(session);
        let room = held(&self.room);
        let Some((desk, case)) = room
            .desk
            .as_ref()
            .and_then(|desk| Some((desk, desk.case(number)?)))
        else {
            return Answered::nothing_here();
        };
        let now = (self.clock)();
        let view = View {
            language: language(asked, room.language),
            zone: TimeZone::UTC,
            office: &desk.settings().name,
            author: desk.author().to_string(),
            token: &token,
            path: &format!("/case/{number}"),
            unread: desk.office().unread().len(),
            said,
            draft: None,
            now,
        };
        let shown = case::Shown {
            number,
            case,
            way_back: WayBack::NoVoice,
            desk,
        };
        Answered::page(200, page(&view, &shown))
    }

    fn sheet(
        &self,
        session: usize,
        asked: &Asked,
        to: &std::path::Path,
        sealed: &vault::Sealed,
    ) -> Answered {
        let (token, said) = self.session(session);
        let room = held(&self.room);
        let Some(desk) = &room.desk else {
            return Answered::nothing_here();
        };
        let view = View {
            language: language(asked, room.language),
            zone: TimeZone::UTC,
            office: &desk.settings().name,
            author: desk.author().to_string(),
            token: &token,
            path: "/office",
            unread: desk.office().unread().len(),
            said,
            draft: None,
            now: (self.clock)(),
        };
        Answered::page(200, other::sheet(&view, &to.display().to_string(), sealed))
    }

    /// The locked page: a place for the passphrase, and what was being typed, kept in the page.
    fn locked(
        &self,
        session: usize,
        asked: &Asked,
        status: u16,
        why: Option<String>,
        typed: &Fields,
    ) -> Answered {
        // What was to be said is of the open desk, and is not said here.
        let (token, _) = self.session(session);
        let room = held(&self.room);
        let view = View {
            language: language(asked, room.language),
            zone: TimeZone::UTC,
            office: &room.name,
            author: String::new(),
            token: &token,
            path: "/",
            unread: 0,
            said: None,
            draft: None,
            now: (self.clock)(),
        };
        let to = if asked.path == "/unlock" {
            typed.text("to").to_owned()
        } else {
            asked.path.clone()
        };
        let kept = if asked.path == "/unlock" {
            typed.below("kept.")
        } else {
            typed.clone()
        };
        Answered::page(status, other::locked(&view, why.as_deref(), &to, &kept))
    }

    fn unlock(&self, session: usize, asked: &Asked, fields: &Fields) -> Answered {
        let passphrase = vault::Passphrase::new(fields.text("passphrase"));
        let mut room = held(&self.room);
        if room.desk.is_none() {
            match Desk::unlock(&self.folder, &passphrase) {
                Ok(desk) => {
                    room.desk = Some(desk);
                    room.last_hand = (self.clock)();
                }
                Err(refused) => {
                    let tongue = language(asked, room.language);
                    drop(room);
                    let why = other::cannot_unlock(&refused, tongue);
                    return self.locked(session, asked, 403, Some(why), fields);
                }
            }
        }
        let tongue = language(asked, room.language);
        drop(room);
        self.tell_outside(asked, session);
        let kept = fields.below("kept.");
        let to = fields.text("to");
        match to.split('/').skip(1).collect::<Vec<_>>().as_slice() {
            ["case", _, "papers"] => Answered::see(to),
            ["case", number, verb] if !kept.is_empty() => {
                let why = match tongue {
                    Language::English => {
                        "the desk had locked; look at it again, then press once more"
                    }
                    Language::French => {
                        "le poste s’était verrouillé ; relisez, puis appuyez de nouveau"
                    }
                };
                let draft = draft(shown_by(verb), &kept, why.to_owned());
                self.page(session, asked, &format!("/case/{number}"), 200, Some(draft))
            }
            ["case", number] => Answered::see(format!("/case/{number}")),
            ["by-hand"] if !kept.is_empty() => {
                let why = match tongue {
                    Language::English => {
                        "the desk had locked; look at it again, then press once more"
                    }
                    Language::French => {
                        "le poste s’était verrouillé ; relisez, puis appuyez de nouveau"
                    }
                };
                let draft = draft(by_hand::FORM, &kept, why.to_owned());
                self.page(session, asked, by_hand::PATH, 200, Some(draft))
            }
            ["by-hand"] => Answered::see(by_hand::PATH),
            ["pictures"] => Answered::see(UPLOAD_PATH),
            _ => Answered::see("/"),
        }
    }

    fn session(&self, session: usize) -> (String, Option<Said>) {
        let mut gate = held(&self.gate);
        match gate.session(session) {
            Some(session) => (session.form_token.to_string(), session.said.take()),
            None => (String::new(), None),
        }
    }

    fn say(&self, session: usize, good: bool, text: String) {
        if let Some(session) = held(&self.gate).session(session) {
            session.said = Some(Said { good, text });
        }
    }
}

/// Signs and publishes the next notice with the root of a file, as `temoin office publish` does.
fn publish_notice(desk: &mut Desk, fields: &Fields, now: u64) -> Result<Published, NotPublished> {
    let path = desk.vault().folder().join(fields.text("root"));
    let file = std::fs::read(path).map_err(|_| NotPublished::NoRoot)?;
    let passphrase = vault::Passphrase::new(fields.text("passphrase"));
    let seed =
        vault::unseal_under(&passphrase, &file).map_err(|_| NotPublished::WrongPassphrase)?;
    let seed: &[u8; 32] = seed
        .as_slice()
        .try_into()
        .map_err(|_| NotPublished::NoRoot)?;
    let root = open::RootSecret::from_seed(seed);
    let mut post = HttpPost::of(desk.settings()).map_err(|_| NotPublished::NoRelay)?;
    let rng = &mut randomness();
    desk.publish(&root, None, false, now, &mut post, rng)
        .map_err(NotPublished::Cannot)
}

/// Why no notice was published from the page.
pub(crate) enum NotPublished {
    /// The file is not there, or holds no root.
    NoRoot,
    /// The root stays locked.
    WrongPassphrase,
    /// The relay's address is none.
    NoRelay,
    /// As on the command line.
    Cannot(CannotPublish),
}

/// The form on the page of a case that a verb belongs to.
fn shown_by(verb: &str) -> &str {
    match verb {
        "change" => "reply",
        "rewrite" => "write",
        "republish" => "publish",
        own => own,
    }
}

fn draft(verb: &str, fields: &Fields, why: String) -> Draft {
    Draft {
        form: forms::form_of(verb, fields),
        fields: fields.clone(),
        why,
    }
}

fn language(asked: &Asked, otherwise: Language) -> Language {
    asked
        .cookie(LANGUAGE_COOKIE)
        .map_or(otherwise, Language::of_tag)
}

fn said_after(verb: &str, language: Language) -> String {
    let (en, fr) = match verb {
        "reply" => (
            "The answer is sealed and goes out with the relay’s next public list.",
            "La réponse est scellée et partira avec la prochaine liste publique du relais.",
        ),
        "verify" => ("The act is verified.", "L’acte est vérifié."),
        "keep-draft" => (
            "The draft is kept in this desk’s vault. It is no part of the case yet.",
            "Le brouillon est gardé dans le coffre de ce poste. Il ne fait pas encore partie du dossier.",
        ),
        "drop-draft" => ("The draft is thrown away.", "Le brouillon est jeté."),
        "publish" => ("Recorded as public.", "Enregistré comme public."),
        "write" => (
            "The letter is recorded as sent. Its dates begin to run.",
            "La lettre est enregistrée comme envoyée. Ses échéances commencent à courir.",
        ),
        _ => ("Recorded.", "Enregistré."),
    };
    match language {
        Language::English => en,
        Language::French => fr,
    }
    .to_owned()
}

#[cfg(test)]
mod papers_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod work_tests;
