//! The running desk: the local pages on loopback, visits to the relay, the idle lock.
//!
//! Everything that decides is in [`House::answer`]; here are a socket, two threads and a clock.
//! No request is logged.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};

use crate::desk::Desk;
use crate::http::HttpPost;
use crate::post::Post;
use crate::web::{Answered, Asked, House, MOST_BYTES, randomness};

/// How a desk is served.
#[derive(Clone, Copy, Debug)]
pub struct Serving {
    /// Where to listen. Only loopback is taken; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether the desk visits the relay by itself.
    pub collects: bool,
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            collects: true,
        }
    }
}

/// Why the pages are not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotServe {
    /// The address is not loopback: these pages are for this machine alone.
    NotLoopback,
    /// The address is taken, or may not be used.
    CannotListen(std::io::ErrorKind),
    /// The relay's address in the settings is none.
    NoRelayAddress,
}

impl std::fmt::Display for CannotServe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotLoopback => f.write_str("the desk's pages are for this machine alone; listen on 127.0.0.1"),
            Self::CannotListen(kind) => write!(f, "the desk cannot listen there: {kind}; choose another port"),
            Self::NoRelayAddress => f.write_str("the relay's address in the settings is none; write it whole, such as https://relay.example.org"),
        }
    }
}

impl std::error::Error for CannotServe {}

/// Serves a desk until the program is told to stop. `opened` is given the one-time link, and a
/// way to draw another.
///
/// # Errors
/// [`CannotServe`].
pub fn serve(
    desk: Desk,
    serving: Serving,
    opened: impl FnOnce(String, Arc<House>),
) -> Result<(), CannotServe> {
    if serving.listen.ip() != IpAddr::V4(Ipv4Addr::LOCALHOST) {
        return Err(CannotServe::NotLoopback);
    }
    let listening = |e: std::io::Error| CannotServe::CannotListen(e.kind());
    let relay = desk.settings().relays.first().cloned().unwrap_or_default();
    // Every epoch gets its cells only if the desk comes by in every epoch.
    let settings = desk.settings();
    let seconds = if settings.cover {
        settings.collect_seconds.min(settings.epoch_seconds / 3)
    } else {
        settings.collect_seconds
    };
    let every = Duration::from_secs(seconds.max(1).into());
    let post = HttpPost::new(&relay).map_err(|_| CannotServe::NoRelayAddress)?;

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(listening)?;
    let socket = runtime
        .block_on(tokio::net::TcpListener::bind(serving.listen))
        .map_err(listening)?;
    let at = socket.local_addr().map_err(listening)?;
    let house = Arc::new(House::new(desk, at.to_string(), now));
    opened(house.new_link(), Arc::clone(&house));

    let stop = Arc::new(AtomicBool::new(false));
    let work = {
        let (house, stop) = (Arc::clone(&house), Arc::clone(&stop));
        std::thread::spawn(move || keep_visiting(&house, post, serving.collects, every, &stop))
    };
    let pages = Router::new()
        .fallback(respond)
        .with_state(Arc::clone(&house));
    let served = runtime.block_on(async {
        axum::serve(socket, pages)
            .with_graceful_shutdown(told_to_stop())
            .await
    });
    stop.store(true, Ordering::Relaxed);
    house.lock();
    // The worker only waits between visits; a panic in it was printed already.
    drop(work.join());
    served.map_err(listening)
}

async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = term.recv() => {}
            }
            return;
        }
    }
    // Without signals the program ends as the system ends it.
    drop(tokio::signal::ctrl_c().await);
}

/// Visits the relay again and again, and locks an idle desk. Nothing is held while an answer
/// travels.
fn keep_visiting(
    house: &House,
    mut post: HttpPost,
    collects: bool,
    every: Duration,
    stop: &AtomicBool,
) {
    const STEP: Duration = Duration::from_millis(100);
    let mut waited = every;
    while !stop.load(Ordering::Relaxed) {
        if waited >= every {
            waited = Duration::ZERO;
            if collects {
                visit(house, &mut post, stop);
            }
        }
        house.lock_if_idle();
        std::thread::sleep(STEP);
        waited += STEP;
    }
}

/// One visit. It ends quietly when the desk is locked meanwhile; what went wrong is an alarm on the
/// page, not a line in a log.
fn visit(house: &House, post: &mut HttpPost, stop: &AtomicBool) {
    let rng = &mut randomness();
    let failed = |why| {
        house.with_desk(|desk| desk.visit_failed(why, now()));
    };
    let mut visit = match house.with_desk(|desk| desk.set_out(now(), rng)) {
        Some(Ok(visit)) => visit,
        Some(Err(why)) => return failed(why.into()),
        None => return,
    };
    while !stop.load(Ordering::Relaxed) {
        let request = match house.with_desk(|desk| visit.question(desk, now(), rng)) {
            Some(Ok(Some(request))) => request,
            Some(Ok(None)) => {
                house.with_desk(|desk| visit.over(desk, now()));
                return;
            }
            Some(Err(why)) => return failed(why),
            None => return,
        };
        let response = match post.ask(&request) {
            Ok(response) => response,
            Err(why) => return failed(why.into()),
        };
        match house.with_desk(|desk| visit.answer(desk, response, now(), rng)) {
            Some(Ok(())) => {}
            Some(Err(why)) => return failed(why),
            None => return,
        }
    }
}

async fn respond(State(house): State<Arc<House>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let said = |name: HeaderName| {
        let value = parts.headers.get(name)?;
        Some(value.to_str().ok()?.to_owned())
    };
    let Ok(body) = to_bytes(body, MOST_BYTES).await else {
        return send(Answered::nothing_here());
    };
    let asked = Asked {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        host: said(header::HOST),
        origin: said(header::ORIGIN),
        fetch_site: said(HeaderName::from_static("sec-fetch-site")),
        cookie: said(header::COOKIE),
        body: body.to_vec(),
    };
    // Unlocking takes its time on purpose; it must not stop the other worker.
    let answered = tokio::task::block_in_place(|| house.answer(&asked));
    send(answered)
}

/// Every answer carries the same protection, whatever it is.
fn send(answered: Answered) -> Response<Body> {
    const PROTECTION: [(HeaderName, &str); 8] = [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("x-dns-prefetch-control"), "off"),
    ];
    let mut response = Response::new(Body::from(answered.body));
    *response.status_mut() =
        StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(answered.kind),
    );
    for (name, value) in PROTECTION {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(location) = answered.location
        && let Ok(value) = HeaderValue::from_str(&location)
    {
        headers.insert(header::LOCATION, value);
    }
    for cookie in answered.cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    response
}

/// Seconds since 1970, by the system's clock.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
