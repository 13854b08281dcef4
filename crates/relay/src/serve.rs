//! The HTTP skin: limits, headers and bodies. It decides nothing and writes down nothing.
//!
//! No access log, no client address, no user agent: the address of a connection is dropped as soon
//! as it is accepted, and no header of a request is read but the few named here.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use envelope::office_request;
use envelope::puzzle::PUZZLE_HEADER;
use envelope::token::TOKEN_HEADER;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::timeout;

use crate::answer::{Answer, Body, Freshness, Media};
use crate::cli::{Ending, ending_of, say, tell};
use crate::form_page::{self, Words};
use crate::forms::{CannotRead, FORM_BYTES, Files};
use crate::plain_files;
use crate::relay::{Beside, Errand, Fate, Relay, Route, not_now, system_randomness, too_large};
use crate::segments::{self, FolderShelf};
use crate::settings::Settings;
use crate::site::Site;

/// Bytes of a request's head.
const HEAD_BYTES: usize = 8 * 1_024;
const HEADERS: usize = 64;
/// Bytes of a posting of the largest class.
const POSTING_BYTES: usize = 262_144 + 16;
/// Bodies above this share a budget, so that slow large letters cannot take the memory.
const SMALL_BYTES: usize = 16_384 + 16;
/// That budget, in KiB.
const LARGE_BODIES_KIB: usize = 64 * 1_024;
/// What unverified bodies of office requests share, in KiB.
const OFFICE_BODIES_KIB: usize = 16 * 1_024;
/// What forms that are being read share, in KiB: they stand in nobody's way but each other's.
const FORMS_KIB: usize = 16 * 1_024;
/// Seconds for a body other than a letter's: they come from an office's desk.
const OFFICE_BODY_TIME: Duration = Duration::from_secs(60);
/// What is read and thrown away of a refused body, so that the sender hears why.
const DRAINED_BYTES: usize = 16 * 1_024 * 1_024;
/// Bytes of a notice or a key.
const NOTICE_BYTES: usize = envelope::notice::MOST_BYTES;
/// A connection is let go after this long, however busy.
const CONNECTION_LIFE: Duration = Duration::from_secs(900);
/// What is under way at the end has this long.
const PARTING: Duration = Duration::from_secs(5);
/// Seconds after which a closing that failed is tried again.
const RETRY_SECONDS: u64 = 5;
/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(200);

/// Seconds since 1970, by the system's clock.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// What root is told who starts a relay by hand. `account` is whose the store is, if not root's.
fn told_to_root(account: Option<(u32, u32)>) -> (Ending, &'static str) {
    match account {
        Some(_) => (
            Ending::Refused,
            "the store belongs to another account than root, which is who asks: what root writes there, that account cannot open any more. Start it with `systemctl start temoin-relay`, or as that account (`runuser -u ACCOUNT -- temoin-relay serve …`); nothing was started",
        ),
        None => (
            Ending::Done,
            "runs as root: whoever breaks into this program has the whole machine. Give the store to an account that owns nothing else (`chown -R temoin-relay:` its folder) and start it with `systemctl start temoin-relay`",
        ),
    }
}

/// Runs a relay until a signal stops it. Prints one line once it listens.
pub fn run(settings: &Settings) -> Ending {
    if rustix::process::geteuid().is_root() {
        // A store that is not there, or not to be looked at, is told below.
        let account = plain_files::account_of(&settings.folder).unwrap_or(None);
        let (ending, says) = told_to_root(account);
        tell(ending, &says);
        if ending != Ending::Done {
            return ending;
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(4)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return tell(Ending::Failed, &format!("no threads: {}", error.kind())),
    };
    // Senders are answered where their connections live, while the writer goes on.
    let there = runtime.handle().clone();
    let elsewhere = Box::new(move |answers: Box<dyn FnOnce() + Send>| {
        drop(there.spawn(async move { answers() }));
    });
    let second = settings.second_folder.as_deref();
    let shelf = match FolderShelf::open_answering(&settings.folder, second, elsewhere) {
        Ok(shelf) => shelf,
        Err(error) => return tell(ending_of(&error), &error),
    };
    let secret = match segments::seed(&settings.folder) {
        Ok(seed) => envelope::keys::RelaySecret::from_seed(&seed),
        Err(error) => return tell(ending_of(&error), &error),
    };
    if shelf.cut() > 0 {
        let cut = shelf.cut();
        tell(
            Ending::Done,
            &format!(
                "{cut} bytes of letters that were never acknowledged were cut; nothing is lost"
            ),
        );
    }
    let opened = Relay::open(
        Arc::new(shelf),
        secret,
        settings.office_root,
        settings.limits,
        now(),
    );
    let relay = match opened {
        Ok(relay) => relay,
        Err(error) => return tell(Ending::Refused, &error),
    };
    if relay.waits_for_the_office() {
        tell(
            Ending::Done,
            &"this store was restored: the board is served; letters are taken again when the office has put a newer notice",
        );
    }
    runtime.block_on(listen(settings, Arc::new(relay)))
}

/// What every connection shares.
struct Serving {
    relay: Arc<Relay>,
    site: Site,
    policy: HeaderValue,
    onion: Option<String>,
    body_time: Duration,
    large: Semaphore,
    office: Semaphore,
    forms: Semaphore,
}

async fn bind(to: SocketAddr) -> Result<(TcpListener, SocketAddr), Ending> {
    let bound = async {
        let listener = TcpListener::bind(to).await?;
        let at = listener.local_addr()?;
        Ok::<_, std::io::Error>((listener, at))
    };
    bound.await.map_err(|error| {
        let kind = error.kind();
        tell(
            Ending::Failed,
            &format!("cannot listen on {to} ({kind}): choose another address in the settings, or stop what listens there"),
        )
    })
}

async fn listen(settings: &Settings, relay: Arc<Relay>) -> Ending {
    let (listener, at) = match bind(settings.listen).await {
        Ok(bound) => bound,
        Err(ending) => return ending,
    };
    let counters = match settings.counters {
        Some(to) => match bind(to).await {
            Ok((listener, _)) => Some(listener),
            Err(ending) => return ending,
        },
        None => None,
    };
    let form = settings.doorstep.as_deref().unwrap_or("");
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; media-src blob:; form-action {}; base-uri 'none'; frame-ancestors 'none'",
        format!("'self' {form}").trim_end()
    );
    let serving = Arc::new(Serving {
        relay,
        site: Site::new(settings.site.clone()),
        policy: HeaderValue::from_str(&policy)
            .unwrap_or(HeaderValue::from_static("default-src 'none'")),
        onion: settings.onion.clone(),
        body_time: Duration::from_secs(settings.body_seconds),
        large: Semaphore::new(LARGE_BODIES_KIB),
        office: Semaphore::new(OFFICE_BODIES_KIB),
        forms: Semaphore::new(FORMS_KIB),
    });
    serving.check_site();
    let ended = Arc::new(AtomicBool::new(false));
    let clock = {
        let (serving, ended) = (Arc::clone(&serving), Arc::clone(&ended));
        std::thread::Builder::new()
            .name("clock".to_owned())
            .spawn(move || keep_time(&serving, &ended))
    };
    let Ok(clock) = clock else {
        return tell(Ending::Failed, &"no thread for the clock");
    };
    let stopping = match Stopping::watch() {
        Ok(stopping) => stopping,
        Err(ending) => return ending,
    };
    if say(&format!("listening on http://{at}")) != Ending::Done {
        return Ending::Failed;
    }
    let (stop, stopped) = watch::channel(());
    if let Some(counters) = counters {
        let relay = Arc::clone(&serving.relay);
        tokio::spawn(show_counters(counters, relay));
    }
    let accepting = tokio::spawn(accept(
        listener,
        Arc::clone(&serving),
        Duration::from_secs(settings.header_seconds),
        settings.connections,
        stopped,
    ));
    stopping.told().await;
    accepting.abort();
    stop.send(()).ok();
    // Every connection holds a receiver; when the last is gone, all have been answered.
    drop(timeout(PARTING, stop.closed()).await);
    ended.store(true, Ordering::Release);
    clock.thread().unpark();
    drop(tokio::task::spawn_blocking(move || clock.join()).await);
    Ending::Done
}

/// The two signals that end a program in peace. Watched from before it says that it listens:
/// whoever stops it a moment later finds it listening to that too.
pub(crate) struct Stopping {
    terminate: Signal,
    interrupt: Signal,
}

impl Stopping {
    /// From now on neither of them ends the program by itself.
    pub(crate) fn watch() -> Result<Self, Ending> {
        let both = || {
            Ok::<_, std::io::Error>(Self {
                terminate: signal(SignalKind::terminate())?,
                interrupt: signal(SignalKind::interrupt())?,
            })
        };
        both().map_err(|error| tell(Ending::Failed, &format!("no signals: {}", error.kind())))
    }

    /// Waits for one, also for one that came since.
    pub(crate) async fn told(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Closes epochs, deletes what was collected long ago, and looks at the site again.
fn keep_time(serving: &Serving, ended: &AtomicBool) {
    let relay = &serving.relay;
    let mut told = None;
    let mut again_at = 0;
    let mut tidied = 0;
    let mut looked = 0;
    while !ended.load(Ordering::Acquire) {
        std::thread::park_timeout(TICK);
        let now = now();
        let pausing = now < again_at && again_at - now <= RETRY_SECONDS;
        if relay.epoch_is_due(now) && !relay.waits_for_the_office() && !pausing {
            let closed = relay.close_epoch_if_due(now, &mut system_randomness());
            // A full disk does not empty in a moment.
            again_at = if closed.is_err() {
                now + RETRY_SECONDS
            } else {
                0
            };
            if let Err(error) = &closed
                && told != Some(*error)
            {
                tell(Ending::Failed, error);
            }
            told = closed.err();
        }
        if now / 3_600 != tidied {
            tidied = now / 3_600;
            if let Err(error) = relay.tidy(now) {
                tell(Ending::Failed, &error);
            }
        }
        if now / 3 != looked {
            looked = now / 3;
            serving.check_site();
        }
    }
}

async fn accept(
    listener: TcpListener,
    serving: Arc<Serving>,
    header_time: Duration,
    connections: usize,
    stopped: watch::Receiver<()>,
) {
    let room = Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .max_header_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .max_buf_size(64 * 1_024)
        .auto_date_header(false)
        .half_close(false);
    loop {
        let Ok(seat) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        // The peer's address is dropped here, unread.
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors: wait for some to come back.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        drop(stream.set_nodelay(true));
        let mut stopped = stopped.clone();
        let (http, serving) = (http.clone(), Arc::clone(&serving));
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let serving = Arc::clone(&serving);
                async move { Ok::<_, Infallible>(serving.respond(request).await) }
            });
            let connection = http.serve_connection(TokioIo::new(stream), service);
            let mut connection = std::pin::pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => Some(ended),
                _ = stopped.changed() => None,
                () = tokio::time::sleep(CONNECTION_LIFE) => None,
            };
            if ended.is_none() {
                connection.as_mut().graceful_shutdown();
                drop(timeout(PARTING, connection).await);
            }
            drop(seat);
        });
    }
}

/// Four numbers for who operates the relay, on loopback.
async fn show_counters(listener: TcpListener, relay: Arc<Relay>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(5))
        .max_header_size(HEAD_BYTES)
        .keep_alive(false);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let relay = Arc::clone(&relay);
        let service = service_fn(move |_: Request<Incoming>| {
            let text = relay.tally().text();
            async move { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(text)))) }
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        // One at a time is enough for a monitoring program.
        drop(timeout(PARTING, connection).await);
    }
}

/// Why a body was not read.
enum Unread {
    TooLarge,
    /// The sender went away or was too slow.
    Gone,
}

impl Serving {
    fn check_site(&self) {
        if let Some(refused) = self.site.check(self.relay.site()) {
            tell(Ending::Failed, &refused);
        }
    }

    async fn respond(self: Arc<Self>, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let method = request.method().as_str();
        let (path, query) = (request.uri().path(), request.uri().query());
        // A head without a body is asked for like the whole; hyper leaves the body out.
        let asked = if method == "HEAD" { "GET" } else { method };
        let onion = self.onion.as_ref().map(|onion| format!("{onion}{path}"));
        let answer = match Route::of(asked, path, query) {
            Route::PostLetter => self.post(request).await,
            Route::PostForm(tag) => match Words::of(tag) {
                Some(words) => self.post_form(words, request).await,
                None => Answer::not_found(),
            },
            Route::Page(path) => {
                let gzip = accepts_gzip(&request);
                self.site.page(path, self.relay.site(), gzip)
            }
            Route::Health | Route::Leave | Route::Notice | Route::Preflight | Route::Unknown => {
                self.relay.answer(asked, path, None, &[], now())
            }
            Route::PutNotice | Route::PutKey(_) => self.with_body(request, NOTICE_BYTES).await,
            Route::Key(_) | Route::Board(_) => self.with_body(request, 0).await,
            Route::Office(errand) => self.errand(request, errand).await,
        };
        let page = answer.media == Media::Html;
        let mut response = self.response(answer);
        if page && let Some(Ok(onion)) = onion.map(HeaderValue::try_from) {
            let name = HeaderName::from_static("onion-location");
            response.headers_mut().insert(name, onion);
        }
        response
    }

    async fn post(&self, request: Request<Incoming>) -> Answer {
        let beside = Beside::read(
            header_of(&request, TOKEN_HEADER),
            header_of(&request, PUZZLE_HEADER),
        );
        let mut body = request.into_body();
        let announced = body.size_hint().exact();
        if let Some(answer) = announced.and_then(|n| self.relay.refuse_length(n)) {
            drain(&mut body).await;
            return answer;
        }
        // A length that is not announced counts as the largest.
        let most = announced
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(POSTING_BYTES);
        let read = timeout(self.body_time, async {
            let _share = if most > SMALL_BYTES {
                let kib = u32::try_from(most / 1_024).unwrap_or(u32::MAX);
                Some(self.large.acquire_many(kib).await)
            } else {
                None
            };
            read(&mut body, most).await
        });
        let posting = match read.await {
            Ok(Ok(posting)) => posting,
            Ok(Err(Unread::TooLarge)) => return too_large().elsewhere(),
            Ok(Err(Unread::Gone)) | Err(_) => return not_now().elsewhere(),
        };
        self.hand_in(posting, beside).await
    }

    /// Waits until it is certain what became of a posting.
    async fn hand_in(&self, posting: Vec<u8>, beside: Beside) -> Answer {
        let (tell, heard) = oneshot::channel();
        let now = now();
        let begun = self.relay.post_then(posting, beside, now, move |fate| {
            // A sender who left does not hear what became of the letter; a repeat tells.
            tell.send(fate).ok();
        });
        match begun {
            Err(refused) => refused,
            Ok(posted) => {
                let fate = heard.await.unwrap_or(Fate::LOST);
                posted.answer(&self.relay, fate, now)
            }
        }
    }

    /// Hands in the files of a form as they come, each once the one before has its answer.
    async fn post_form(&self, words: &'static Words, request: Request<Incoming>) -> Answer {
        let announced = request.body().size_hint().exact();
        let most = announced.map_or(FORM_BYTES, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("");
        let kind = kind.to_owned();
        let mut answers = Vec::new();
        if most > FORM_BYTES {
            drain(&mut request.into_body()).await;
            return form_page::page(words, &answers, Err(CannotRead::TooMany));
        }
        // What arrives while a letter is being synced waits in memory, up to the whole form.
        let kib = u32::try_from(most.div_ceil(1_024)).unwrap_or(u32::MAX);
        let Ok(Ok(_share)) = timeout(self.body_time, self.forms.acquire_many(kib)).await else {
            return form_page::page(words, &[not_now()], Ok(()));
        };
        let Some(mut files) = Files::of(&kind, request.into_body()) else {
            return form_page::page(words, &answers, Err(CannotRead::Broken));
        };
        let ended = loop {
            match timeout(self.body_time, files.next()).await {
                Ok(Ok(Some(file))) => answers.push(match file.posting() {
                    // A form can neither bring a token nor solve a puzzle: it waits for quieter times.
                    Ok(posting) => self.hand_in(posting, Beside::default()).await,
                    Err(refused) => refused,
                }),
                Ok(Ok(None)) => break Ok(()),
                Ok(Err(ended)) => break Err(ended),
                Err(_) => break Err(CannotRead::Broken),
            }
        };
        form_page::page(words, &answers, ended)
    }

    /// Reads a body and lets the relay answer on a thread that may wait for the disk.
    async fn with_body(self: &Arc<Self>, request: Request<Incoming>, most: usize) -> Answer {
        let method = match request.method().as_str() {
            "HEAD" => "GET".to_owned(),
            other => other.to_owned(),
        };
        let target = request
            .uri()
            .path_and_query()
            .map_or(String::new(), |target| target.as_str().to_owned());
        let header = header_of(&request, office_request::HEADER).map(str::to_owned);
        let mut incoming = request.into_body();
        let time = self.body_time.min(OFFICE_BODY_TIME);
        let read = timeout(time, read(&mut incoming, most));
        let body = match read.await {
            Ok(Ok(body)) => body,
            Ok(Err(Unread::TooLarge)) => {
                drain(&mut incoming).await;
                return Answer::text(413, "larger than this ever is");
            }
            Ok(Err(Unread::Gone)) | Err(_) => return not_now(),
        };
        let serving = Arc::clone(self);
        let answered = tokio::task::spawn_blocking(move || {
            let answer = serving
                .relay
                .answer(&method, &target, header.as_deref(), &body, now());
            if method == "PUT" {
                serving.check_site();
            }
            answer
        });
        answered.await.unwrap_or_else(|_| not_now())
    }

    /// An office's request: no byte of its body is read before its header could be true.
    async fn errand(self: &Arc<Self>, request: Request<Incoming>, errand: Errand) -> Answer {
        if !self
            .relay
            .may_be_the_office(header_of(&request, office_request::HEADER))
        {
            let mut body = request.into_body();
            drain(&mut body).await;
            return Answer::not_found();
        }
        // Only cells and tokens have a body. Anyone can name a credential's period, so what is not verified yet
        // shares a small budget of its own, and cannot stand in the way of collecting.
        let most = self.relay.most_office_bytes(errand);
        let announced = request.body().size_hint().exact();
        let share = announced.map_or(most, |n| usize::try_from(n).unwrap_or(most).min(most));
        let kib = u32::try_from(share.div_ceil(1_024)).unwrap_or(u32::MAX);
        let Ok(_share) = self.office.acquire_many(kib).await else {
            return not_now();
        };
        let answer = self.with_body(request, most).await;
        // A body too large is no body of the office's: like anything unknown.
        if answer.status == 413 {
            Answer::not_found()
        } else {
            answer
        }
    }

    fn response(&self, answer: Answer) -> Response<Full<Bytes>> {
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::NOT_FOUND);
        let empty = answer.body.bytes().is_empty();
        let body = match answer.body {
            Body::Own(std::borrow::Cow::Borrowed(bytes)) => Bytes::from_static(bytes),
            Body::Own(std::borrow::Cow::Owned(bytes)) => Bytes::from(bytes),
            Body::Shared(bytes) => Bytes::from_owner(bytes),
        };
        let mut response = Response::new(Full::new(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        let mut say = |name: HeaderName, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        if !empty {
            say(header::CONTENT_TYPE, answer.media.content_type());
        }
        say(
            header::CACHE_CONTROL,
            match answer.freshness {
                Freshness::NoStore => "no-store",
                Freshness::Ask => "no-cache",
                Freshness::Immutable => "max-age=31536000",
            },
        );
        say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        if answer.clears {
            // What this origin left in the browser goes: its pages in the cache, and whatever a
            // later page might have stored. Browsers heed it over TLS and on an onion.
            say(
                HeaderName::from_static("clear-site-data"),
                "\"cache\", \"cookies\", \"storage\"",
            );
        }
        if answer.saved {
            say(header::CONTENT_DISPOSITION, "attachment");
        }
        if answer.gzip {
            say(header::CONTENT_ENCODING, "gzip");
        }
        if answer.readable_elsewhere {
            // Nor a policy for resources: whoever may read it may embed it, and a reader asks for a
            // hundred of these over a slow line.
            say(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            if empty {
                say(header::ACCESS_CONTROL_ALLOW_METHODS, "POST");
                say(
                    header::ACCESS_CONTROL_ALLOW_HEADERS,
                    "content-type, temoin-token, temoin-puzzle",
                );
                say(header::ACCESS_CONTROL_MAX_AGE, "86400");
            }
        } else {
            say(
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            );
            // What a document may do, on whatever can do anything: scripts, styles and lists of words
            // are part of another's document, and on a slow line every header is waited for.
            if matches!(answer.media, Media::Html | Media::Svg) {
                for (name, value) in PAGE_HEADERS {
                    say(HeaderName::from_static(name), value);
                }
                headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
            }
        }
        if matches!(answer.media, Media::Html | Media::Css | Media::Script) {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if let Some(bits) = answer.puzzle {
            let name = HeaderName::from_static(PUZZLE_HEADER);
            headers.insert(name, HeaderValue::from(u16::from(bits)));
        }
        if let Some(seconds) = answer.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            headers.insert(
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static("retry-after, temoin-puzzle"),
            );
        }
        response
    }
}

/// On pages, and on pictures that may hold script.
const PAGE_HEADERS: [(&str, &str); 4] = [
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    (
        "permissions-policy",
        "browsing-topics=(), camera=(self), clipboard-read=(), clipboard-write=(), geolocation=(), microphone=(self)",
    ),
];

fn header_of<'a>(request: &'a Request<Incoming>, name: &str) -> Option<&'a str> {
    let value = request.headers().get(name)?;
    value.to_str().ok()
}

fn accepts_gzip(request: &Request<Incoming>) -> bool {
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |q: &str| matches!(q, "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        parts.next() == Some("gzip") && !parts.any(refused)
    })
}

/// Reads a body of at most `most` bytes.
async fn read(body: &mut Incoming, most: usize) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Gone)?.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > most {
            return Err(Unread::TooLarge);
        }
        if bytes.is_empty() {
            bytes.reserve_exact(most.min(data.len().max(POSTING_BYTES.min(most))));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Reads and throws away a refused body, within bounds.
async fn drain(body: &mut Incoming) {
    let mut left = DRAINED_BYTES;
    let drained = async {
        while let Some(Ok(frame)) = body.frame().await {
            let size = frame.data_ref().map_or(0, Bytes::len);
            match left.checked_sub(size) {
                Some(rest) => left = rest,
                None => return,
            }
        }
    };
    drop(timeout(Duration::from_secs(10), drained).await);
}
