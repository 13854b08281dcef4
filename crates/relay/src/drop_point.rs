//! A drop point: a machine near people that keeps sealed letters for an office and passes them on,
//! by a line when there is one, by a stick when there is none. (protocol §11.4, decision 0021)
//!
//! It holds no secret of the office and no key of the relay: it cannot read a letter, and it cannot
//! sign a receipt. Whoever hands a letter in is told in plain words that it is kept here and is not
//! yet with the office. A letter leaves its folder only when a receipt of the office's own relay was
//! verified, or when the relay refused it for good; then it is set aside and not destroyed.
//!
//! [`DropPoint`] is the whole decision over one folder of parcels; [`serve`] the thin HTTP skin.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use carry::folder::{self, CannotCarry, Found};
use carry::http::{self, CannotPost, PostAnswer};
use envelope::keys::RootKey;
use envelope::notice::{self, Notice};
use envelope::pin::Pin;
use envelope::{Leaf, NotAPosting, Posting, Receipt};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rand_core::CryptoRng;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::answer::{Answer, Body, Media};
use crate::cli::{Ending, say, tell};
use crate::forms::{FORM_BYTES, Files};
use crate::relay::{no_size_class, not_now, system_randomness, too_large};
use crate::serve::Stopping;
use crate::store::lock;

/// What whoever hands a letter in is told: neither more nor less than what is true.
pub const KEPT: &str = "kept here, not yet with the office: this place cannot read it and passes it on. \
     Keep your own copy until the office has answered.\n\
     gardée ici, pas encore au bureau : ce lieu ne peut pas la lire et la fera suivre. \
     Conservez votre copie jusqu’à la réponse du bureau.";
/// The page of a drop point: what it is, and a plain form that takes sealed files.
const PAGE: &str = include_str!("drop_point.html");
/// Bodies being read at the same time, in KiB.
const BODIES_KIB: usize = 32 * 1_024;
/// Connections at the same time.
const CONNECTIONS: usize = 256;
/// Seconds a body may take on a slow line.
const BODY_TIME: Duration = Duration::from_secs(300);
/// How often the line to the relay is tried.
const FORWARD_EVERY: Duration = Duration::from_secs(60);
/// Folder for letters that the relay refuses for good.
const SET_ASIDE: &str = "refused";
/// The notice that is carried, in the drop point's folder.
const NOTICE: &str = "notice";

/// Why a drop point does not begin, or a stick was not served.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotDrop {
    /// The folder or the stick.
    Carry(CannotCarry),
    /// No notice was given, and none is in the folder: name one with `--notice`.
    NoNotice,
    /// The notice is not one of the root that was named.
    NotTheNotice,
    /// Its own folder was named as the stick.
    SameFolder,
}

impl std::fmt::Display for CannotDrop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Carry(error) => error.fmt(f),
            Self::NoNotice => f.write_str(
                "there is no notice of the office here yet: name the file of one with --notice",
            ),
            Self::NotTheNotice => f.write_str(
                "this notice does not hold under the root or fingerprint you named: take both again from the office",
            ),
            Self::SameFolder => {
                f.write_str("the stick is the drop point's own folder: name another")
            }
        }
    }
}

impl From<CannotCarry> for CannotDrop {
    fn from(error: CannotCarry) -> Self {
        Self::Carry(error)
    }
}

/// What a drop point holds at most.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Letters.
    pub letters: usize,
    /// Bytes of letters.
    pub bytes: u64,
}

/// What came of a stick or of a try of the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Letters that went on: taken, given, or receipted by the relay.
    pub passed: usize,
    /// Letters that stay where they were; the line or the room may be there later.
    pub stay: usize,
    /// Files that are no letters of this office, left where they lie; or letters the relay refuses
    /// for good, set aside.
    pub refused: usize,
}

/// What is kept, by the name the board will list it under.
#[derive(Default)]
struct Kept {
    files: BTreeMap<Leaf, PathBuf>,
    bytes: u64,
}

/// Letters kept for an office in one folder, which is itself a folder of parcels: pulled out of a
/// dead machine, it can be carried on as it is.
pub struct DropPoint {
    folder: PathBuf,
    root: RootKey,
    notice: RwLock<Arc<Notice>>,
    room: Room,
    kept: Mutex<Kept>,
}

impl DropPoint {
    /// Opens a drop point over a folder, which is made if it is not there. `pin` is what the office
    /// gave to be known by; `notice` is the office's;
    /// it is kept, so that it need not be named again.
    ///
    /// # Errors
    /// [`CannotDrop`]
    pub fn open(
        folder: &Path,
        pin: &Pin,
        notice: Option<&[u8]>,
        room: Room,
    ) -> Result<Self, CannotDrop> {
        fs::create_dir_all(folder).map_err(disk(folder))?;
        let path = folder.join(NOTICE);
        let stored = bounded(&path, notice::MOST_BYTES).map_err(disk(&path))?;
        let file = notice.or(stored.as_deref()).ok_or(CannotDrop::NoNotice)?;
        let root = pin.root(file).map_err(|_| CannotDrop::NotTheNotice)?;
        let believed = Notice::verify_any_day(file, &root).map_err(|_| CannotDrop::NotTheNotice)?;
        let point = Self {
            folder: folder.to_owned(),
            root,
            notice: RwLock::new(Arc::new(believed)),
            room,
            kept: Mutex::default(),
        };
        if notice.is_some() {
            point.keep_notice(file)?;
        }
        let mut kept = lock(&point.kept);
        for found in folder::read_letters(folder)? {
            // A file cut by a power loss was never acknowledged; it is left for a person to look at.
            let Ok(Found { file, posting }) = found else {
                continue;
            };
            if let Ok(read) = Posting::parse(&posting) {
                kept.bytes += posting.len() as u64;
                kept.files.insert(read.leaf(), file);
            }
        }
        drop(kept);
        Ok(point)
    }

    fn keep_notice(&self, file: &[u8]) -> Result<(), CannotDrop> {
        let path = self.folder.join(NOTICE);
        let beside = path.with_extension("TMP");
        fs::write(&beside, file)
            .and_then(|()| File::open(&beside)?.sync_all())
            .and_then(|()| fs::rename(&beside, &path))
            .map_err(disk(&path))
    }

    fn notice(&self) -> Arc<Notice> {
        Arc::clone(
            &self
                .notice
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }

    /// Letters kept now.
    #[must_use]
    pub fn letters(&self) -> usize {
        lock(&self.kept).files.len()
    }

    /// Takes a posting as the relay's front does, and keeps it. The answer is no receipt: `202` and
    /// [`KEPT`], the same again for a repeat. Otherwise the statuses of protocol §4.2.
    pub fn keep(&self, posting: &[u8], rng: &mut impl CryptoRng) -> Answer {
        let read = match Posting::parse(posting) {
            Ok(read) => read,
            Err(NotAPosting::TooLarge) => return too_large(),
            Err(NotAPosting::OtherVersion { .. }) => {
                return Answer::text(
                    415,
                    "this drop point does not speak that version: update the sender, or ask the office",
                );
            }
            Err(_) => return no_size_class(),
        };
        if !self.notice().takes(read.period()) {
            return Answer::text(410, "seal again with the newest notice, or with a new kit");
        }
        // Letters come one at a time: a drop point is no relay, and its disk may be a stick.
        let mut kept = lock(&self.kept);
        if kept.files.contains_key(&read.leaf()) {
            return Answer::text(202, KEPT);
        }
        let bytes = kept.bytes + posting.len() as u64;
        if kept.files.len() >= self.room.letters || bytes > self.room.bytes {
            return Answer::text(
                429,
                "this drop point is full until somebody carries its letters on: nothing was kept",
            )
            .later(3_600);
        }
        match folder::write_letter(&self.folder, posting, rng) {
            Ok(file) => {
                kept.files.insert(read.leaf(), file);
                kept.bytes = bytes;
                Answer::text(202, KEPT)
            }
            Err(_) => not_now(),
        }
    }

    /// Takes the parcels of a stick in. What is kept here is taken off the stick; everything else
    /// on it is left where it lies.
    ///
    /// # Errors
    /// [`CannotDrop`] if the stick cannot be read.
    pub fn take(&self, stick: &Path, rng: &mut impl CryptoRng) -> Result<Passed, CannotDrop> {
        self.is_elsewhere(stick)?;
        let mut passed = Passed::default();
        for found in folder::read_letters(stick)? {
            let Ok(found) = found else {
                passed.refused += 1;
                continue;
            };
            match self.keep(&found.posting, rng).status {
                202 => {
                    folder::remove(&found)?;
                    passed.passed += 1;
                }
                429 | 503 => passed.stay += 1,
                _ => passed.refused += 1,
            }
        }
        Ok(passed)
    }

    /// Writes every letter kept onto a stick, under other names. They stay here too: only a receipt
    /// says that a letter arrived, and one that arrives twice counts once.
    ///
    /// # Errors
    /// [`CannotDrop`] if the stick cannot be written; what was written until then stays on it.
    pub fn give(&self, stick: &Path, rng: &mut impl CryptoRng) -> Result<Passed, CannotDrop> {
        self.is_elsewhere(stick)?;
        fs::create_dir_all(stick).map_err(disk(stick))?;
        let mut passed = Passed::default();
        for found in folder::read_letters(&self.folder)? {
            let Ok(found) = found else {
                passed.refused += 1;
                continue;
            };
            folder::write_letter(stick, &found.posting, rng)?;
            passed.passed += 1;
        }
        Ok(passed)
    }

    fn is_elsewhere(&self, stick: &Path) -> Result<(), CannotDrop> {
        match (stick.canonicalize(), self.folder.canonicalize()) {
            (Ok(stick), Ok(own)) if stick == own => Err(CannotDrop::SameFolder),
            _ => Ok(()),
        }
    }

    /// Takes over a notice of the same root with a higher number; anything else is passed over.
    pub fn renew(&self, file: &[u8]) {
        let Ok(newer) = Notice::verify_any_day(file, &self.root) else {
            return;
        };
        let known = self.notice();
        if newer.body().sequence <= known.body().sequence
            || newer.body().mailbox != known.body().mailbox
            || self.keep_notice(file).is_err()
        {
            return;
        }
        *self
            .notice
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(newer);
    }

    /// Passes every letter on over a line. A letter is taken out of the folder when its receipt
    /// verifies under the relay key of the notice, and never on any other word.
    pub fn forward(
        &self,
        post: &mut impl FnMut(&[u8]) -> Result<PostAnswer, CannotPost>,
    ) -> Result<Passed, CannotDrop> {
        let notice = self.notice();
        let (relay, mailbox) = (&notice.body().relay_key, &notice.body().mailbox);
        let mut passed = Passed::default();
        for found in folder::read_letters(&self.folder)? {
            let Ok(found) = found else { continue };
            let Ok(leaf) = Posting::parse(&found.posting).map(|posting| posting.leaf()) else {
                continue;
            };
            match post(&found.posting) {
                Ok(answer) if Receipt::verify(&answer.receipt, leaf, mailbox, relay).is_ok() => {
                    folder::remove(&found)?;
                    self.forget(leaf, &found);
                    passed.passed += 1;
                }
                Err(CannotPost::SealAgain | CannotPost::NotALetter | CannotPost::OtherVersion) => {
                    self.set_aside(&found)?;
                    self.forget(leaf, &found);
                    passed.refused += 1;
                }
                // Whoever answered did not sign as the office's relay, or could not take it now.
                _ => passed.stay += 1,
            }
        }
        Ok(passed)
    }

    fn forget(&self, leaf: Leaf, found: &Found) {
        let mut kept = lock(&self.kept);
        if kept.files.remove(&leaf).is_some() {
            kept.bytes = kept.bytes.saturating_sub(found.posting.len() as u64);
        }
    }

    fn set_aside(&self, found: &Found) -> Result<(), CannotDrop> {
        let aside = self.folder.join(SET_ASIDE);
        let name = found.file.file_name().unwrap_or_default();
        fs::create_dir_all(&aside)
            .and_then(|()| fs::rename(&found.file, aside.join(name)))
            .map_err(disk(&aside))
    }
}

fn disk(file: &Path) -> impl FnOnce(io::Error) -> CannotDrop {
    let file = file.to_owned();
    move |error| {
        CannotDrop::Carry(CannotCarry::Disk {
            file,
            kind: error.kind(),
        })
    }
}

/// A file of at most so many bytes; `None` where there is none.
fn bounded(path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(most as u64 + 1).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(bytes))
}

/// How many letters of a form are kept now, and how many files are none.
fn told(kept: usize, refused: usize) -> Answer {
    let said = format!(
        "<p class=\"said\" role=\"status\">{kept} kept here, not yet with the office; {refused} not taken. ·\n<span lang=\"fr\">{kept} gardée(s) ici, pas encore au bureau ; {refused} non prise(s).</span></p>"
    );
    page(if refused == 0 { 202 } else { 400 }, &said)
}

fn page(status: u16, said: &str) -> Answer {
    let html = PAGE.replace("<!--said-->", said).into_bytes();
    Answer::new(status, Media::Html, Body::Own(html.into()))
}

/// Serves a drop point until a signal stops it, trying the line to the relay every minute if one is
/// named. Prints one line once it listens.
pub fn serve(point: DropPoint, to: SocketAddr, line: Option<http::Relay>) -> Ending {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(4)
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => {
            let ending = runtime.block_on(listen(Arc::new(point), to, line));
            // A try of the line may wait for minutes; whatever it did not finish is still kept.
            runtime.shutdown_background();
            ending
        }
        Err(error) => tell(Ending::Failed, &format!("no threads: {}", error.kind())),
    }
}

async fn listen(point: Arc<DropPoint>, to: SocketAddr, line: Option<http::Relay>) -> Ending {
    let bound = async {
        let listener = TcpListener::bind(to).await?;
        let at = listener.local_addr()?;
        Ok::<_, io::Error>((listener, at))
    };
    let (listener, at) = match bound.await {
        Ok(bound) => bound,
        Err(error) => {
            let kind = error.kind();
            return tell(
                Ending::Failed,
                &format!("cannot listen on {to} ({kind}): choose another address"),
            );
        }
    };
    let stopping = match Stopping::watch() {
        Ok(stopping) => stopping,
        Err(ending) => return ending,
    };
    if say(&format!("listening on http://{at}")) != Ending::Done {
        return Ending::Failed;
    }
    if line.is_none() {
        // People are told that their letters are not yet with the office: whoever runs this is, too.
        tell(
            Ending::Done,
            &"no line to the office is named (--forward): what is handed in stays here, not yet with the office, until you pass it on with --forward or --give",
        );
    }
    if let Some(line) = line {
        let point = Arc::clone(&point);
        tokio::spawn(async move {
            loop {
                let (point, line) = (Arc::clone(&point), line.clone());
                let tried = tokio::task::spawn_blocking(move || pass_on(&point, &line)).await;
                if let Ok(Err(error)) = tried {
                    tell(Ending::Failed, &error);
                }
                tokio::time::sleep(FORWARD_EVERY).await;
            }
        });
    }
    tokio::spawn(accept(listener, point));
    stopping.told().await;
    Ending::Done
}

/// Tries the line once: the newest notice, then the letters.
///
/// # Errors
/// [`CannotDrop`] if the folder cannot be read or written.
pub fn pass_on(point: &DropPoint, line: &http::Relay) -> Result<Passed, CannotDrop> {
    if let Ok(Some(file)) = line.notice() {
        point.renew(&file);
    }
    let mailbox = point.notice().body().mailbox;
    point.forward(&mut |bytes| line.post_through_a_crowd(bytes, &mailbox, None, &mut |_| {}))
}

async fn accept(listener: TcpListener, point: Arc<DropPoint>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let bodies = Arc::new(Semaphore::new(BODIES_KIB));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(30))
        .max_header_size(8 * 1_024)
        .max_headers(64)
        .auto_date_header(false)
        .half_close(false);
    loop {
        let Ok(seat) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        // The peer's address is dropped here, unread.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (point, bodies, http) = (Arc::clone(&point), Arc::clone(&bodies), http.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let (point, bodies) = (Arc::clone(&point), Arc::clone(&bodies));
                async move { Ok::<_, Infallible>(response(respond(point, bodies, request).await)) }
            });
            let connection = http.serve_connection(TokioIo::new(stream), service);
            // A connection is let go after this long, however busy.
            drop(timeout(BODY_TIME * 2, connection).await);
            drop(seat);
        });
    }
}

async fn respond(
    point: Arc<DropPoint>,
    bodies: Arc<Semaphore>,
    request: Request<Incoming>,
) -> Answer {
    let is_post = match (request.method().as_str(), request.uri().path()) {
        ("GET" | "HEAD", "/") => return page(200, ""),
        ("POST", "/letters") => true,
        _ => false,
    };
    if !is_post {
        return Answer::not_found();
    }
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("")
        .to_owned();
    let form = kind.starts_with("multipart/form-data");
    let most = if form {
        FORM_BYTES
    } else {
        262_144 + envelope::NONCE_BYTES
    };
    let announced = request.body().size_hint().exact();
    if announced.is_some_and(|bytes| bytes > most as u64) {
        return too_large();
    }
    let kib = u32::try_from(most.div_ceil(1_024)).unwrap_or(u32::MAX);
    let Ok(_share) = bodies.acquire_many(kib).await else {
        return not_now();
    };
    if form {
        let taken = timeout(BODY_TIME, take_form(point, &kind, request.into_body()));
        return taken.await.unwrap_or_else(|_| not_now());
    }
    let collected = http_body_util::Limited::new(request.into_body(), most).collect();
    let body = match timeout(BODY_TIME, collected).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => return too_large(),
        Err(_) => return not_now(),
    };
    let kept = tokio::task::spawn_blocking(move || {
        point.keep(&body, &mut system_randomness()).elsewhere()
    });
    kept.await.unwrap_or_else(|_| not_now())
}

/// Keeps the files of a form as they come. One that breaks off has kept those before.
async fn take_form<B>(point: Arc<DropPoint>, kind: &str, body: B) -> Answer
where
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    let Some(mut files) = Files::of(kind, body) else {
        return page(400, "");
    };
    let (mut kept, mut refused) = (0, 0);
    loop {
        let file = match files.next().await {
            Ok(Some(file)) => file,
            Ok(None) if kept + refused == 0 => return page(400, ""),
            Ok(None) => return told(kept, refused),
            // What came no further counts as one that was not taken.
            Err(_) => return told(kept, refused + 1),
        };
        let point = Arc::clone(&point);
        let status = tokio::task::spawn_blocking(move || match file.posting() {
            Ok(posting) => point.keep(&posting, &mut system_randomness()).status,
            Err(answer) => answer.status,
        });
        match status.await {
            Ok(202) => kept += 1,
            _ => refused += 1,
        }
    }
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let body = match answer.body {
        Body::Own(bytes) => Bytes::from(bytes.into_owned()),
        Body::Shared(bytes) => Bytes::from_owner(bytes),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::NOT_FOUND);
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, answer.media.content_type()),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(seconds) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if answer.readable_elsewhere {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
    }
    response
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;
    use crate::sample;
    use envelope::keys::RelaySecret;
    use envelope::{Epoch, MailboxId, Period, SizeClass};
    use rand_core::SeedableRng;

    const ROOMY: Room = Room {
        letters: 100,
        bytes: 100 << 20,
    };

    fn rng() -> rand_chacha::ChaCha20Rng {
        rand_chacha::ChaCha20Rng::seed_from_u64(7)
    }

    fn opened(folder: &Path, room: Room) -> DropPoint {
        let notice = sample::sign(&sample::body(3));
        DropPoint::open(folder, &Pin::Root(sample::root()), Some(&notice), room).unwrap()
    }

    fn count(folder: &Path) -> usize {
        folder::read_letters(folder).unwrap().count()
    }

    fn receipted(posting: &[u8], by: &RelaySecret, mailbox: &MailboxId) -> PostAnswer {
        let leaf = Posting::parse(posting).unwrap().leaf();
        PostAnswer {
            receipt: Receipt::sign(leaf, Epoch(1), mailbox, by, &mut rng())
                .to_bytes()
                .to_vec(),
            repeat: false,
        }
    }

    #[test]
    fn a_letter_is_kept_once_and_nobody_is_given_a_receipt() {
        let folder = tempfile::tempdir().unwrap();
        let point = opened(folder.path(), ROOMY);
        for _ in 0..2 {
            let answer = point.keep(&sample::posting(1), &mut rng());
            assert_eq!((answer.status, answer.body.bytes()), (202, KEPT.as_bytes()));
        }
        assert_eq!(count(folder.path()), 1);
        // A restart finds it again, and needs the notice no more.
        drop(point);
        let again =
            DropPoint::open(folder.path(), &Pin::Root(sample::root()), None, ROOMY).unwrap();
        assert_eq!(again.letters(), 1);
        assert_eq!(again.keep(&sample::posting(1), &mut rng()).status, 202);
        assert_eq!(count(folder.path()), 1);
    }

    #[test]
    fn an_office_is_known_by_its_root_or_its_fingerprint_and_by_no_other() {
        let folder = tempfile::tempdir().unwrap();
        drop(opened(folder.path(), ROOMY));
        let shown = notice::fingerprint(&sample::root());
        let known = |typed: &str| {
            let pin = typed.parse().unwrap();
            DropPoint::open(folder.path(), &pin, None, ROOMY).map(drop)
        };
        assert!(known(&shown).is_ok());
        assert!(known(&shown.replace(' ', "-")).is_ok());
        let other = shown.replace(|c: char| c.is_ascii_digit(), "1");
        assert!(matches!(known(&other), Err(CannotDrop::NotTheNotice)));
        let refused = "the office".parse::<Pin>().unwrap_err().to_string();
        assert!(refused.contains("64 hexadecimal digits") && refused.contains("fingerprint"));
    }

    #[test]
    fn what_the_office_could_never_open_is_refused_like_at_the_relay() {
        let folder = tempfile::tempdir().unwrap();
        let point = opened(folder.path(), ROOMY);
        let other_version = {
            let mut bytes = sample::posting(1);
            bytes[envelope::NONCE_BYTES] = 9;
            bytes
        };
        let dead = sample::posting_in(Period::Week(1), SizeClass::FourKiB, 1);
        for (posting, status) in [
            (vec![], 400),
            (vec![1; 5_000], 400),
            (vec![1; 300_000], 413),
            (other_version, 415),
            (dead, 410),
        ] {
            assert_eq!(point.keep(&posting, &mut rng()).status, status);
        }
        assert_eq!(count(folder.path()), 0);
    }

    #[test]
    fn a_full_drop_point_says_so_and_keeps_what_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let point = opened(
            folder.path(),
            Room {
                letters: 2,
                bytes: 1 << 20,
            },
        );
        let status = |n| point.keep(&sample::posting(n), &mut rng()).status;
        assert_eq!(
            [status(1), status(2), status(3), status(1)],
            [202, 202, 429, 202]
        );
        let small = tempfile::tempdir().unwrap();
        let point = opened(
            small.path(),
            Room {
                letters: 9,
                bytes: 5_000,
            },
        );
        let status = |n| point.keep(&sample::posting(n), &mut rng()).status;
        assert_eq!([status(1), status(2)], [202, 429]);
    }

    #[test]
    fn a_letter_leaves_only_on_the_word_of_the_offices_own_relay() {
        let folder = tempfile::tempdir().unwrap();
        let point = opened(folder.path(), ROOMY);
        for n in 0..4 {
            point.keep(&sample::posting(n), &mut rng());
        }
        let own = RelaySecret::from_seed(&sample::RELAY_SEED);
        let stranger = RelaySecret::from_seed(&[9; 32]);
        let no_receipt = PostAnswer {
            receipt: KEPT.into(),
            repeat: true,
        };
        let mut asked = 0;
        let stayed = point.forward(&mut |posting| {
            asked += 1;
            match asked {
                1 => Ok(receipted(posting, &stranger, &sample::MAILBOX)),
                2 => Ok(receipted(posting, &own, &MailboxId([9; 16]))),
                3 => Ok(no_receipt.clone()),
                _ => Err(CannotPost::NotNow { seconds: 1 }),
            }
        });
        let stayed = stayed.unwrap();
        assert_eq!((stayed.passed, stayed.stay), (0, 4));
        assert_eq!(count(folder.path()), 4);
        let passed = point
            .forward(&mut |p| Ok(receipted(p, &own, &sample::MAILBOX)))
            .unwrap();
        assert_eq!(
            (passed.passed, count(folder.path()), point.letters()),
            (4, 0, 0)
        );
    }

    #[test]
    fn a_letter_the_relay_refuses_for_good_is_set_aside_and_not_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        let point = opened(folder.path(), ROOMY);
        point.keep(&sample::posting(1), &mut rng());
        let passed = point.forward(&mut |_| Err(CannotPost::SealAgain)).unwrap();
        assert_eq!((passed.refused, count(folder.path())), (1, 0));
        assert_eq!(count(&folder.path().join(SET_ASIDE)), 1);
    }

    #[test]
    fn a_stick_is_taken_in_and_what_is_no_letter_stays_on_it() {
        let (folder, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let point = opened(folder.path(), ROOMY);
        let outside = folder.path().join("secret");
        fs::write(&outside, sample::posting(9)).unwrap();
        let put = |name: &str, bytes: &[u8]| fs::write(stick.path().join(name), bytes).unwrap();
        put("ABCDEFGH.BIN", &sample::posting(1));
        put("same again.bin", &sample::posting(1));
        put("HALF2345.BIN", &sample::posting(2)[..2_000]);
        put("HUGE2345.BIN", &vec![1; 2 << 20]);
        put(
            "DEAD2345.BIN",
            &sample::posting_in(Period::Week(1), SizeClass::FourKiB, 3),
        );
        put("photo.jpg", b"jpg");
        std::os::unix::fs::symlink(&outside, stick.path().join("LINK2345.BIN")).unwrap();
        std::os::unix::fs::symlink("/", stick.path().join("ROOT2345.BIN")).unwrap();
        fs::create_dir_all(stick.path().join("DIR23456.BIN/..dots")).unwrap();
        let passed = point.take(stick.path(), &mut rng()).unwrap();
        assert_eq!((passed.passed, passed.stay, passed.refused), (2, 0, 3));
        assert_eq!(count(folder.path()), 1);
        assert_eq!(fs::read_dir(stick.path()).unwrap().count(), 7);
        assert!(outside.exists());
        // Nothing that was found on the stick names anything here.
        for entry in fs::read_dir(folder.path()).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                !name.contains("ABCDEFGH") && !name.contains("again"),
                "{name}"
            );
        }
    }

    #[test]
    fn a_stick_is_given_every_letter_under_another_name_and_none_is_lost_here() {
        let (folder, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let point = opened(folder.path(), ROOMY);
        let mut rng = rng();
        for n in 0..3 {
            point.keep(&sample::posting(n), &mut rng);
        }
        assert_eq!(point.give(stick.path(), &mut rng).unwrap().passed, 3);
        assert_eq!((count(stick.path()), count(folder.path())), (3, 3));
        let names = |folder: &Path| -> Vec<_> {
            let found = folder::read_letters(folder).unwrap();
            found
                .map(|f| f.unwrap().file.file_name().unwrap().to_owned())
                .collect()
        };
        assert!(
            names(stick.path())
                .iter()
                .all(|n| !names(folder.path()).contains(n))
        );
        let own = folder.path().join(".");
        assert_eq!(point.give(&own, &mut rng), Err(CannotDrop::SameFolder));
        assert_eq!(point.take(&own, &mut rng), Err(CannotDrop::SameFolder));
    }

    #[test]
    fn a_newer_notice_of_the_same_root_is_taken_over_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let point = opened(folder.path(), ROOMY);
        let dead = sample::posting_in(Period::Week(1), SizeClass::FourKiB, 1);
        let mut body = sample::body(4);
        body.keys.intake.push((Period::Week(1), [0; 32]));
        let mut older = body.clone();
        older.sequence = 2;
        point.renew(&sample::sign(&older));
        point.renew(b"noise");
        assert_eq!(point.keep(&dead, &mut rng()).status, 410);
        point.renew(&sample::sign(&body));
        assert_eq!(point.keep(&dead, &mut rng()).status, 202);
        let again =
            DropPoint::open(folder.path(), &Pin::Root(sample::root()), None, ROOMY).unwrap();
        assert_eq!(again.notice().body().sequence, 4);
        let other = DropPoint::open(folder.path(), &Pin::Root(RootKey([1; 32])), None, ROOMY);
        assert_eq!(other.err(), Some(CannotDrop::NotTheNotice));
    }

    #[test]
    fn a_form_is_answered_with_a_page_that_counts() {
        let folder = tempfile::tempdir().unwrap();
        let point = Arc::new(opened(folder.path(), ROOMY));
        let letter = sample::posting(1);
        let part = |content: &[u8]| [&b"--b\r\nx: y\r\n\r\n"[..], content, b"\r\n"].concat();
        let end = b"--b--\r\n".to_vec();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let sent = |body: Vec<u8>| {
            let body = Full::new(Bytes::from(body));
            let kind = "multipart/form-data; boundary=b";
            let answer = runtime.block_on(take_form(Arc::clone(&point), kind, body));
            let said = String::from_utf8(answer.body.bytes().to_vec()).unwrap();
            (answer.status, said)
        };
        let (status, said) = sent([part(&letter), part(b"photo"), end.clone()].concat());
        assert_eq!(status, 400);
        assert!(
            said.contains("1 kept here, not yet with the office; 1 not taken"),
            "{said}"
        );
        assert_eq!(sent([part(&letter), end.clone()].concat()).0, 202);
        // A line that breaks behind the first file: that one is kept, and the rest is not claimed.
        let (status, said) = sent([part(&letter), part(&letter)].concat());
        assert_eq!(status, 400);
        assert!(
            said.contains("1 kept here, not yet with the office; 1 not taken"),
            "{said}"
        );
        assert_eq!(sent(end).0, 400);
        assert_eq!((count(folder.path()), point.letters()), (1, 1));
    }
}
