//! HTTP/1.1 as plain as it gets, over loopback: enough to speak to our own binaries and to notice
//! every byte they answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::broken::{Try, While, stop};
use crate::interrupt;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value, by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// One request on a connection of its own.
pub(crate) fn ask(
    to: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&to, Duration::from_secs(10))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    stream.write_all(&request(to, method, path, headers, body))?;
    read_answer(&mut stream)
}

/// The head of a request; its body is sent after it.
pub(crate) fn head(
    to: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {to}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method == "POST" || method == "PUT" {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// A request whole, in one piece.
pub(crate) fn request(
    to: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Vec<u8> {
    [&head(to, method, path, headers, body)[..], body].concat()
}

/// Reads one answer with a `Content-Length`; the connection may be used again.
pub(crate) fn read_answer(stream: &mut impl Read) -> std::io::Result<Answer> {
    let mut bytes = Vec::with_capacity(1_024);
    let mut chunk = [0; 16 * 1_024];
    loop {
        if let Some((answer, _used)) = parse(&bytes) {
            return Ok(answer);
        }
        let n = stream.read(&mut chunk)?;
        if n == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(chunk.get(..n).unwrap_or_default());
    }
}

/// A whole answer at the beginning of these bytes, and how many of them it took.
pub(crate) fn parse(bytes: &[u8]) -> Option<(Answer, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut answer = Answer {
        status,
        head,
        body: Vec::new(),
    };
    let length = match answer.header("content-length") {
        Some(length) => length.parse().ok()?,
        None => 0,
    };
    let begin = end + 4;
    answer.body = bytes.get(begin..begin + length)?.to_vec();
    Some((answer, begin + length))
}

/// The socket address of `http://127.0.0.1:port/…`.
pub(crate) fn address_of(url: &str) -> Try<SocketAddr> {
    let rest = url.strip_prefix("http://").unwrap_or(url);
    let host = rest.split('/').next().unwrap_or(rest);
    host.parse().doing(|| format!("reading the address {url}"))
}

/// A port of loopback nobody listens on now.
pub(crate) fn free_port() -> Try<u16> {
    let listener =
        TcpListener::bind(("127.0.0.1", 0)).doing(|| "finding a free port".to_owned())?;
    let address = listener
        .local_addr()
        .doing(|| "finding a free port".to_owned())?;
    Ok(address.port())
}

/// Waits until something holds, asking every few milliseconds.
pub(crate) fn until(what: &str, within: Duration, mut holds: impl FnMut() -> Try<bool>) -> Try<()> {
    let end = Instant::now() + within;
    while !holds()? {
        if interrupt::asked() {
            return stop("asked to end");
        }
        if Instant::now() > end {
            return stop(format!("{what}: not within {} s", within.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
