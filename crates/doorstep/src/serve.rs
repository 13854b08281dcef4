//! The HTTP skin: one address, one form. It writes down nothing and reads no header but the
//! languages a browser asks for and the length of a body.
//!
//! A few workers seal; beyond them the answer is "too many at once", at once, with what was typed
//! given back so that it can be sent again. Buffers that this program owns are wiped; those inside
//! the HTTP library are dropped without being wiped, and the system could have swapped any of
//! them: the page says what whoever runs this server can do.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use pages::reporter::{
    OfficePage, Own, Unsent, doorstep_busy, doorstep_done, doorstep_form, doorstep_unsent,
};
use record::FormLanguage;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::cli::{Ending, say, tell};
use crate::form::{MOST_BYTES, Typed};
use crate::sealing::{Outcome, Sealing, Shown};
use crate::settings::Settings;

const HEAD_BYTES: usize = 8 * 1_024;
/// What is read and thrown away of a body that is too long, so that its sender hears why.
const DRAINED_BYTES: usize = 1_024 * 1_024;
/// A connection is let go after this long.
const CONNECTION_LIFE: Duration = Duration::from_secs(900);
/// What is under way at the end has this long.
const PARTING: Duration = Duration::from_secs(5);
/// When a visitor may come again.
const COME_AGAIN_SECONDS: u64 = 30;

/// On every answer. The page's own policy forbids more: it allows its style by hash.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// What every connection shares.
struct Serving {
    sealing: Sealing,
    workers: Arc<Semaphore>,
    askers: Arc<Semaphore>,
    languages: Vec<FormLanguage>,
    exit: Option<String>,
    body_time: Duration,
}

/// Runs a doorstep until a signal stops it. Prints one line once it listens.
pub fn run(settings: &Settings) -> Ending {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        // The workers, and as many who only ask who the office is.
        .max_blocking_threads(settings.workers.saturating_mul(2))
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(listen(settings)),
        Err(error) => tell(Ending::Failed, &format!("no threads: {}", error.kind())),
    }
}

async fn listen(settings: &Settings) -> Ending {
    let to = settings.listen;
    let bound = async {
        let listener = TcpListener::bind(to).await?;
        let at = listener.local_addr()?;
        let (terminated, interrupted) = (
            signal(SignalKind::terminate())?,
            signal(SignalKind::interrupt())?,
        );
        Ok::<_, std::io::Error>((listener, at, terminated, interrupted))
    };
    let (listener, at, mut terminated, mut interrupted) = match bound.await {
        Ok(bound) => bound,
        Err(error) => {
            let kind = error.kind();
            return tell(
                Ending::Failed,
                &format!(
                    "cannot listen on {to} ({kind}): choose another address in the settings, or stop what listens there"
                ),
            );
        }
    };
    let serving = Arc::new(Serving {
        sealing: Sealing::new(settings.relay.clone(), settings.office_root),
        workers: Arc::new(Semaphore::new(settings.workers.min(Semaphore::MAX_PERMITS))),
        askers: Arc::new(Semaphore::new(settings.workers.min(Semaphore::MAX_PERMITS))),
        languages: settings.languages.clone(),
        exit: settings.exit.clone(),
        body_time: Duration::from_secs(settings.body_seconds),
    });
    if say(&format!("listening on http://{at}")) != Ending::Done {
        return Ending::Failed;
    }
    let (stop, stopped) = watch::channel(());
    let header_time = Duration::from_secs(settings.header_seconds);
    let room = Arc::new(Semaphore::new(
        settings.connections.min(Semaphore::MAX_PERMITS),
    ));
    let accepting = tokio::spawn(accept(
        listener,
        serving,
        header_time,
        Arc::clone(&room),
        stopped,
    ));
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
    accepting.abort();
    stop.send_replace(());
    // Letters under way are sent or answered before the end.
    let all = u32::try_from(settings.connections).unwrap_or(u32::MAX);
    drop(timeout(PARTING, room.acquire_many(all)).await);
    Ending::Done
}

async fn accept(
    listener: TcpListener,
    serving: Arc<Serving>,
    header_time: Duration,
    room: Arc<Semaphore>,
    stopped: watch::Receiver<()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .max_header_size(HEAD_BYTES)
        .max_buf_size(64 * 1_024)
        .auto_date_header(false)
        .keep_alive(false)
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

/// Why a body was not read.
enum Unread {
    TooLarge,
    Gone,
}

impl Serving {
    async fn respond(self: Arc<Self>, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let language = self.language_of(&request);
        let (status, page) = match (request.method(), request.uri().path()) {
            (&Method::GET | &Method::HEAD, "/") => self.form(language).await,
            (&Method::POST, "/") => self.take(request, language).await,
            (&Method::GET | &Method::HEAD, "/health") => (200, Zeroizing::new(b"ok".to_vec())),
            _ => (404, Zeroizing::new(Vec::new())),
        };
        answer(status, page)
    }

    /// The form, once it is known whose it is.
    async fn form(self: Arc<Self>, language: FormLanguage) -> (u16, Zeroizing<Vec<u8>>) {
        // Visitors who only look take no worker from who sends; too many of them are told so.
        let Ok(seat) = Arc::clone(&self.askers).try_acquire_owned() else {
            return (
                503,
                Zeroizing::new(doorstep_busy(language, &self.office_page(), &[])),
            );
        };
        let asked = tokio::task::spawn_blocking(move || {
            let known = self.sealing.office().is_some();
            drop(seat);
            (self.office_page(), known)
        });
        match asked.await {
            Ok((office, true)) => (200, Zeroizing::new(doorstep_form(language, &office))),
            Ok((office, false)) => (
                503,
                Zeroizing::new(doorstep_unsent(language, &office, Unsent::Relay, &[])),
            ),
            Err(_) => (503, Zeroizing::new(Vec::new())),
        }
    }

    async fn take(
        self: Arc<Self>,
        request: Request<Incoming>,
        language: FormLanguage,
    ) -> (u16, Zeroizing<Vec<u8>>) {
        let mut body = request.into_body();
        let typed = match timeout(self.body_time, read(&mut body)).await {
            Ok(Ok(bytes)) => Typed::read(&bytes),
            Ok(Err(Unread::TooLarge)) => {
                drain(&mut body).await;
                let page = doorstep_unsent(language, &self.office_page(), Unsent::TooLarge, &[]);
                return (413, Zeroizing::new(page));
            }
            Ok(Err(Unread::Gone)) | Err(_) => return (408, Zeroizing::new(Vec::new())),
        };
        let Ok(seat) = Arc::clone(&self.workers).try_acquire_owned() else {
            return (503, busy(language, &self.office_page(), &typed));
        };
        let sealed = tokio::task::spawn_blocking(move || {
            let outcome = self.sealing.send(&typed, language);
            drop(seat);
            let office = self.office_page();
            told(language, &office, &outcome, &typed)
        });
        sealed
            .await
            .unwrap_or_else(|_| (503, Zeroizing::new(Vec::new())))
    }

    /// The office as its pages show it; nameless while it is not known.
    fn office_page(&self) -> OfficePage {
        let office = self.sealing.known_office();
        let body = office.as_ref().map(|office| office.notice.body());
        OfficePage {
            name: body.map(|body| body.name.clone()).unwrap_or_default(),
            languages: self.languages.clone(),
            mailbox: body.map_or(envelope::MailboxId([0; 16]), |body| body.mailbox),
            root: body.map_or(envelope::keys::RootKey([0; 32]), |body| body.root),
            doorstep: None,
            exit: self.exit.clone(),
            figures: None,
            own: Own::default(),
        }
    }

    /// The language of the address, else the first the browser asks for, else the usual one.
    fn language_of(&self, request: &Request<Incoming>) -> FormLanguage {
        let spoken = |tag: &str| self.languages.iter().copied().find(|l| l.tag() == tag);
        let asked = request.headers().get(header::ACCEPT_LANGUAGE);
        let asked = asked.and_then(|value| value.to_str().ok()).unwrap_or("");
        let wanted = asked
            .split(',')
            .filter_map(|part| spoken(part.split([';', '-']).next().unwrap_or("").trim()));
        let named = request.uri().query().and_then(spoken);
        let usual = self
            .languages
            .first()
            .copied()
            .unwrap_or(FormLanguage::English);
        named.or_else(|| wanted.into_iter().next()).unwrap_or(usual)
    }
}

/// The page for what became of a letter, with its status.
fn told(
    language: FormLanguage,
    office: &OfficePage,
    outcome: &Outcome,
    typed: &Typed,
) -> (u16, Zeroizing<Vec<u8>>) {
    let unsent =
        |why, typed: &[(&str, &str)]| Zeroizing::new(doorstep_unsent(language, office, why, typed));
    match outcome {
        Outcome::Sent { words } => {
            let shown = words
                .as_ref()
                .map(|Shown { words, mailbox }| (words.as_slice(), mailbox.as_str()));
            (200, Zeroizing::new(doorstep_done(language, office, shown)))
        }
        Outcome::Empty => (400, unsent(Unsent::Empty, &[])),
        Outcome::TooLarge => (413, unsent(Unsent::TooLarge, &typed.pairs())),
        Outcome::Busy => (503, busy(language, office, typed)),
        Outcome::Unsent => (502, unsent(Unsent::Relay, &typed.pairs())),
    }
}

fn busy(language: FormLanguage, office: &OfficePage, typed: &Typed) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(doorstep_busy(language, office, &typed.pairs()))
}

/// An answer whose body is wiped once it was sent.
fn answer(status: u16, page: Zeroizing<Vec<u8>>) -> Response<Full<Bytes>> {
    let html = page.first() == Some(&b'<');
    let mut response = Response::new(Full::new(Bytes::from_owner(page)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_FOUND);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let media = if html {
        "text/html; charset=utf-8"
    } else {
        "text/plain; charset=utf-8"
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    if status == 503 {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(COME_AGAIN_SECONDS));
    }
    response
}

/// Reads a body of at most [`MOST_BYTES`] into memory that is wiped.
async fn read(body: &mut Incoming) -> Result<Zeroizing<Vec<u8>>, Unread> {
    if body.size_hint().lower() > MOST_BYTES as u64 {
        return Err(Unread::TooLarge);
    }
    // All of it at once: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MOST_BYTES));
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Gone)?.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > MOST_BYTES {
            return Err(Unread::TooLarge);
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
