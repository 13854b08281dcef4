//! The running desk: the local pages on loopback, visits to the relay, the idle lock.
//!
//! Everything that decides is in [`House::answer`]; here are a socket, two threads and a clock.
//! No request is logged.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use hyper::body::{Frame, SizeHint};
use open::Reassembly;

use crate::apart::Apart;
use crate::desk::Desk;
use crate::evidence::HandOut;
use crate::http::HttpPost;
use crate::post::Post;
use crate::web::{Answered, Asked, House, MOST_BYTES, MOST_UPLOAD, randomness};

/// How a desk is served.
#[derive(Clone, Debug)]
pub struct Serving {
    /// Where to listen. Only loopback is taken; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether the desk visits the relay by itself.
    pub collects: bool,
    /// What reads pictures of codes, apart from the desk.
    pub reads_pictures: Option<Apart>,
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            collects: true,
            reads_pictures: None,
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
    // Every epoch gets its cells only if the desk comes by in every epoch.
    let settings = desk.settings();
    let seconds = if settings.cover {
        settings.collect_seconds.min(settings.epoch_seconds / 3)
    } else {
        settings.collect_seconds
    };
    let every = Duration::from_secs(seconds.max(1).into());
    let post = HttpPost::of(settings).map_err(|_| CannotServe::NoRelayAddress)?;

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(listening)?;
    let socket = runtime
        .block_on(tokio::net::TcpListener::bind(serving.listen))
        .map_err(listening)?;
    let at = socket.local_addr().map_err(listening)?;
    let mut house = House::new(desk, at.to_string(), now);
    if let Some(apart) = serving.reads_pictures {
        house = house.with_lens(move |picture| apart.codes_in(picture));
    }
    let house = Arc::new(house);
    let told = {
        let _inside = runtime.enter();
        told_to_stop()
    };
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
            .with_graceful_shutdown(told)
            .await
    });
    stop.store(true, Ordering::Relaxed);
    house.lock();
    // The worker only waits between visits; a panic in it was printed already.
    drop(work.join());
    served.map_err(listening)
}

/// Ends when the program is told to stop. The signal is watched from the call on, not from the
/// first wait: whoever was given the link and stops the desk at once finds it listening. To be
/// called inside the runtime.
fn told_to_stop() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    async move {
        #[cfg(unix)]
        if let Ok(mut term) = term {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = term.recv() => {}
            }
            return;
        }
        // Without signals the program ends as the system ends it.
        drop(tokio::signal::ctrl_c().await);
    }
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
    let mut asked = Asked {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        host: said(header::HOST),
        origin: said(header::ORIGIN),
        fetch_site: said(HeaderName::from_static("sec-fetch-site")),
        cookie: said(header::COOKIE),
        ..Asked::default()
    };
    if house.takes_files(&asked) {
        let kind = said(header::CONTENT_TYPE).unwrap_or_default();
        let form = uploaded(&kind, body).await.unwrap_or_default();
        (asked.body, asked.files, asked.cut) = (form.fields, form.files, !form.whole);
    } else {
        let Ok(body) = to_bytes(body, MOST_BYTES).await else {
            return send(Answered::nothing_here(), &house);
        };
        asked.body = body.to_vec();
    }
    // Unlocking takes its time on purpose; it must not stop the other worker.
    let answered = tokio::task::block_in_place(|| house.answer_browser(&asked));
    send(answered, &house)
}

/// A form with files.
#[derive(Default)]
struct Uploaded {
    /// Its fields, as a form without files would send them.
    fields: Vec<u8>,
    /// Its files; none of a form that is not whole.
    files: Vec<Vec<u8>>,
    /// Whether all of it was read.
    whole: bool,
}

/// Reads a form with files; `None` for what is no such form. What is too much is read to its end all
/// the same, up to a bound: a browser that is cut off while it sends shows no answer. Of such a form
/// the fields that stand before its files are kept, so that nobody types them again.
async fn uploaded(kind: &str, body: Body) -> Option<Uploaded> {
    let boundary = multer::parse_boundary(kind).ok()?;
    let (mut bytes, mut length) = (Vec::new(), 0_usize);
    let mut body = std::pin::pin!(body);
    let mut next =
        async || std::future::poll_fn(|cx| hyper::body::Body::poll_frame(body.as_mut(), cx)).await;
    while let Some(frame) = next().await {
        let Ok(chunk) = frame.ok()?.into_data() else {
            continue;
        };
        length = length.saturating_add(chunk.len());
        if length > 8 * MOST_UPLOAD {
            return None;
        } else if length > MOST_UPLOAD {
            let room = MOST_BYTES.saturating_sub(bytes.len());
            bytes.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
            bytes.truncate(MOST_BYTES);
            bytes.shrink_to_fit();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    if boundary.is_empty() {
        return None;
    }
    let mut form = Uploaded {
        whole: length <= MOST_UPLOAD,
        ..Uploaded::default()
    };
    let mut parts = multer::Multipart::new(Body::from(bytes).into_data_stream(), boundary);
    loop {
        let part = match parts.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(_) => {
                form.whole = false;
                break;
            }
        };
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let Ok(bytes) = part.bytes().await else {
            form.whole = false;
            break;
        };
        if is_file && !bytes.is_empty() {
            form.files.push(bytes.to_vec());
        } else if !is_file && form.fields.len() < MOST_BYTES {
            form.field(&name, &bytes);
        }
    }
    if !form.whole {
        form.files.clear();
    }
    Some(form)
}

impl Uploaded {
    /// Writes a field down as a form without files would send it.
    fn field(&mut self, name: &str, value: &[u8]) {
        if !self.fields.is_empty() {
            self.fields.push(b'&');
        }
        self.escape(name.as_bytes());
        self.fields.push(b'=');
        self.escape(value);
    }

    fn escape(&mut self, bytes: &[u8]) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        for byte in bytes {
            if byte.is_ascii_alphanumeric() {
                self.fields.push(*byte);
            } else {
                let digit = |of: u8| DIGITS.get(usize::from(of)).copied().unwrap_or(b'0');
                self.fields
                    .extend([b'%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
}

/// A file on its way out: one piece is read from the vault at a time, when the browser has taken
/// the one before. The last one leaves only if all of them together are the file that was
/// announced; otherwise the answer ends too short, and the browser says that it failed.
struct Outgoing {
    house: Arc<House>,
    file: HandOut,
    next: u32,
    whole: Option<Reassembly>,
}

/// The file could not be read to its end.
#[derive(Debug)]
struct CutShort;

impl std::fmt::Display for CutShort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the file could not be read to its end")
    }
}

impl std::error::Error for CutShort {}

impl Outgoing {
    fn read(&mut self) -> Result<Option<Bytes>, CutShort> {
        let of = *self.file.announced();
        if self.next >= of.full_pieces() {
            return Ok(None);
        }
        let chunk = self.house.chunk(&self.file, self.next).ok_or(CutShort)?;
        let mut whole = self.whole.take().ok_or(CutShort)?;
        whole.take(&chunk).map_err(|_| CutShort)?;
        self.next += 1;
        if self.next == of.full_pieces() {
            whole.end().map_err(|_| CutShort)?;
        } else {
            self.whole = Some(whole);
        }
        Ok(Some(Bytes::copy_from_slice(&chunk)))
    }
}

impl hyper::body::Body for Outgoing {
    type Data = Bytes;
    type Error = CutShort;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutShort>>> {
        // The vault is read at once; it must not stop the other worker.
        let read = tokio::task::block_in_place(|| self.read());
        Poll::Ready(read.map(|chunk| chunk.map(Frame::data)).transpose())
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.file.announced().size)
    }
}

/// Every answer carries the same protection, whatever it is.
fn send(answered: Answered, house: &Arc<House>) -> Response<Body> {
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
    let name = answered.file.as_ref().map(crate::evidence::HandOut::name);
    // The desk's own name: letters, digits, hyphens and a dot, nothing to escape.
    let name = name
        .or(answered.save_as)
        .map(|name| format!("attachment; filename=\"{name}\""));
    let body = match answered.file {
        Some(file) => Body::new(Outgoing {
            house: Arc::clone(house),
            whole: Some(Reassembly::of(file.announced())),
            file,
            next: 0,
        }),
        None => Body::from(answered.body),
    };
    let mut response = Response::new(body);
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
    if let Some(name) = name
        && let Ok(name) = HeaderValue::from_str(&name)
    {
        headers.insert(header::CONTENT_DISPOSITION, name);
        // Whatever a browser makes of it, it may do nothing.
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"),
        );
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::intake::tests::Scene;
    use seal::{Attachment, CHUNK_BYTES, ContentHash, FileId};

    const FORM: &str = "multipart/form-data; boundary=b";

    fn part(head: &str, body: &[u8]) -> Vec<u8> {
        let head = format!("--b\r\ncontent-disposition: form-data; {head}\r\n\r\n");
        [head.as_bytes(), body, b"\r\n"].concat()
    }

    fn read(kind: &str, form: Vec<u8>) -> Option<Uploaded> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(uploaded(kind, Body::from(form)))
    }

    #[test]
    fn a_form_with_files_reads_as_its_fields_and_its_files() {
        let form = [
            part("name=\"token\"", b"ab12"),
            part(
                "name=\"narrative\"",
                "Venus la nuit & partis\r\nà 5 %".as_bytes(),
            ),
            part("name=\"files\"; filename=\"juma.jpg\"", b"\xff\xd8"),
            part("name=\"files\"; filename=\"\"", b""),
            b"--b--\r\n".to_vec(),
        ];
        let read = read(FORM, form.concat()).unwrap();
        assert!(read.whole);
        assert_eq!(read.files, [b"\xff\xd8"]);
        let fields = String::from_utf8(read.fields).unwrap();
        assert_eq!(
            fields,
            "token=ab12&narrative=Venus%20la%20nuit%20%26%20partis%0D%0A%C3%A0%205%20%25"
        );
    }

    #[test]
    fn of_a_form_that_is_too_large_the_fields_are_kept_and_no_file() {
        let form = [
            part("name=\"token\"", b"ab12"),
            part("name=\"narrative\"", b"Walikuja"),
            part("name=\"files\"; filename=\"a\"", b"one that fits"),
            part("name=\"files\"; filename=\"b\"", &vec![7; MOST_UPLOAD]),
            b"--b--\r\n".to_vec(),
        ];
        let read = read(FORM, form.concat()).unwrap();
        assert!(!read.whole && read.files.is_empty());
        assert_eq!(read.fields, b"token=ab12&narrative=Walikuja");
    }

    #[test]
    fn what_is_no_form_with_files_gives_nothing() {
        let form = part("name=\"token\"", b"ab12");
        for kind in ["", "text/plain", "multipart/form-data"] {
            assert!(read(kind, form.clone()).is_none(), "{kind}");
        }
        assert!(!read(FORM, b"no part at all".to_vec()).unwrap().whole);
        assert!(!read(FORM, form).unwrap().whole, "it breaks off");
    }

    /// A house whose first case has one complete file of two pieces.
    fn house(kind: Option<record::MediaKind>) -> (Arc<House>, Vec<u8>, tempfile::TempDir) {
        let mut scene = Scene::new();
        let file: Vec<u8> = (0..=250).cycle().take(CHUNK_BYTES + 9).collect();
        let mut hash = ContentHash::new();
        hash.take(&file);
        let of = Attachment::of(hash, FileId([3; 16]), kind).unwrap();
        let letter = scene.with_files(&[of]);
        scene.takes(&letter, 1);
        for (number, chunk) in (0..).zip(file.chunks(CHUNK_BYTES)) {
            let piece = seal::piece(&of, number, chunk, &scene.key, &mut scene.rng).unwrap();
            scene.takes(&piece, 2 + u64::from(number));
        }
        let (desk, folder) = scene.into_desk();
        (
            Arc::new(House::new(desk, "h".to_owned(), || 0)),
            file,
            folder,
        )
    }

    fn collected(response: Response<Body>) -> Result<Vec<u8>, axum::Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let task = runtime.spawn(to_bytes(response.into_body(), usize::MAX));
        runtime.block_on(task).unwrap().map(|bytes| bytes.to_vec())
    }

    fn handed(house: &Arc<House>) -> HandOut {
        let file = house.with_desk(|desk| desk.hand_out(1, 1).unwrap());
        file.unwrap().unwrap()
    }

    #[test]
    fn a_file_goes_out_whole_under_the_desks_own_name_and_can_do_nothing() {
        let (house, file, _folder) = house(None);
        let response = send(Answered::file(handed(&house)), &house);
        let said = |name: &str| {
            response
                .headers()
                .get(name)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(
            said("content-disposition"),
            "attachment; filename=\"case-1-file-1.bin\""
        );
        assert_eq!(said("content-type"), "application/octet-stream");
        assert_eq!(said("x-content-type-options"), "nosniff");
        assert!(said("content-security-policy").starts_with("sandbox; default-src 'none'"));
        assert_eq!(collected(response).unwrap(), file);
    }

    #[test]
    fn a_desk_that_locks_in_the_middle_cuts_the_file_short_and_says_nothing_more() {
        let (house, _, _folder) = house(Some(record::MediaKind::Png));
        let out = handed(&house);
        assert_eq!(out.name(), "case-1-file-1.png");
        let response = send(Answered::file(out), &house);
        house.lock();
        assert!(collected(response).is_err());
    }

    #[test]
    fn the_last_piece_of_a_file_that_changed_in_the_vault_does_not_leave() {
        let (house, _, _folder) = house(None);
        let response = send(Answered::file(handed(&house)), &house);
        let changed = house.with_desk(|desk| {
            desk.change(|_, w| {
                let piece = *w.pieces_of(&[3; 16])?.last().unwrap();
                w.remove_piece(&[3; 16], &piece)?;
                w.put_piece(&[3; 16], &piece, &[0; 9])
            })
        });
        assert!(changed.unwrap().unwrap());
        assert!(collected(response).is_err());
    }
}
