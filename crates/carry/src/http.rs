//! A relay, as its clients see it: the reporter's program, the doorstep and the office's desk.
//!
//! Every answer is read up to a bound, every wait ends, no redirect is followed, no cookie kept,
//! and a request says nothing of the program that sends it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use envelope::board::OPENING_BYTES;
use envelope::keys::SEALING_KEY_BYTES;
use envelope::puzzle::{self, PUZZLE_HEADER};
use envelope::token::TOKEN_HEADER;
use envelope::{CELL_BYTES, Epoch, Leaf, MailboxId, NONCE_BYTES, Period, Posting, RECEIPT_BYTES};
use envelope::{SizeClass, Token, notice};
use ureq::config::AutoHeaderValue;
use ureq::http::{Method, Request};
use ureq::{Proxy, ProxyProtocol};

/// Bytes of a page of the board at most: 32 cells, or a day's tags.
const BOARD_BYTES: u64 = 16 << 20;
/// Bytes of one answer with letters: what a relay sends, and room for one letter more.
const LETTERS_BYTES: u64 = (4 << 20) + (1 << 20);
const SENTENCE_BYTES: u64 = 1_024;
/// Puzzles that are worked on for one letter.
const MOST_PUZZLES: u32 = 3;
/// A slow line takes this long for a large letter.
const WAIT: Duration = Duration::from_secs(300);
const CONNECT: Duration = Duration::from_secs(30);
/// Through Tor: a service's descriptor is looked up and a path to it is built first.
const CONNECT_BY_TOR: Duration = Duration::from_secs(120);
/// Where a Tor that came with the system takes connections; Tor Browser's own is at 9150.
const TOR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9_050);

/// A relay at an address.
#[derive(Clone, Debug)]
pub struct Relay {
    base: String,
    agent: ureq::Agent,
    by_tor: bool,
}

/// The text is no address of a relay: one begins with `http://` or `https://`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

impl std::fmt::Display for NotAnAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "not the address of a relay: write it whole, such as https://relay.example.org"
        )
    }
}

/// A letter that is stored and synced, as the relay says: verify the receipt before believing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostAnswer {
    /// The receipt's bytes, for [`envelope::Receipt::verify`].
    pub receipt: Vec<u8>,
    /// It was there already.
    pub repeat: bool,
}

/// No answer, or none that makes sense. The first is worth another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// The relay cannot be reached.
    Unreachable,
    /// Tor does not answer here, or does not reach the relay.
    UnreachableByTor,
    /// It answered too slowly.
    TooSlow,
    /// It answered with more than it may.
    TooMuch,
    /// Its certificate does not hold.
    Certificate,
    /// It answered with a status that has no meaning here.
    Strange(u16),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable => write!(
                f,
                "the relay cannot be reached: check the line and the address, then try again"
            ),
            Self::UnreachableByTor => write!(
                f,
                "the relay cannot be reached through Tor: see that Tor runs on this machine and which port it takes connections at (9050 as a rule, 9150 for Tor Browser), then check the line and the address"
            ),
            Self::TooSlow => write!(f, "the relay did not answer in time: try again later"),
            Self::TooMuch => write!(
                f,
                "the relay sent more than it may: it is not a relay of this office, or it is broken; try another address of the office"
            ),
            Self::Certificate => write!(
                f,
                "the relay's certificate does not hold: check this machine's clock, or use another address of the office"
            ),
            Self::Strange(status) => write!(
                f,
                "what answers there is not a relay (status {status}): check the address"
            ),
        }
    }
}

/// Why a letter was not taken. Nothing of it was kept, unless nothing was heard at all; the same
/// bytes may always be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotPost {
    /// Its period's key is destroyed or unknown there: seal again with the newest notice.
    SealAgain,
    /// Not a letter of a size class.
    NotALetter,
    /// The relay does not speak this version.
    OtherVersion,
    /// The relay has all the letters it takes in this epoch.
    Full {
        /// Seconds after which it takes letters again.
        seconds: u64,
    },
    /// The relay cannot store now.
    NotNow {
        /// Seconds after which to try again.
        seconds: u64,
    },
    /// No answer that makes sense.
    Trouble(Trouble),
}

impl std::fmt::Display for CannotPost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SealAgain => write!(
                f,
                "the office can no longer open letters sealed with this key: fetch its newest notice, seal again and send that"
            ),
            Self::NotALetter => write!(
                f,
                "the relay does not take it for a letter: the file is damaged or of another kind"
            ),
            Self::OtherVersion => write!(
                f,
                "the relay speaks another version: update this program, or ask the office to update its relay"
            ),
            Self::Full { seconds } => write!(
                f,
                "the relay has all the letters it takes for now: send the same letter again in {seconds} seconds"
            ),
            Self::NotNow { seconds } => write!(
                f,
                "the relay cannot store letters now: send the same letter again in {seconds} seconds"
            ),
            Self::Trouble(trouble) => trouble.fmt(f),
        }
    }
}

impl From<Trouble> for CannotPost {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// Why the office's relay did not do what the office asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotAsk {
    /// The relay does not know the credential, or the clocks are more than ten minutes apart.
    NotKnown,
    /// It is refused; the relay says why.
    Refused {
        /// In the relay's words.
        why: String,
    },
    /// The next epoch has all its cells.
    Full {
        /// Seconds after which there is room again.
        seconds: u64,
    },
    /// The relay cannot store now.
    NotNow {
        /// Seconds after which to try again.
        seconds: u64,
    },
    /// What came is cut or bent.
    Damaged,
    /// No answer that makes sense.
    Trouble(Trouble),
}

impl std::fmt::Display for CannotAsk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotKnown => write!(
                f,
                "the relay does not know this office: put the newest notice there, and check both clocks"
            ),
            Self::Refused { why } => write!(f, "the relay refused it: {why}"),
            Self::Full { seconds } => write!(
                f,
                "the next epoch has all its cells: ask again in {seconds} seconds"
            ),
            Self::NotNow { seconds } => write!(
                f,
                "the relay cannot do it now: ask again in {seconds} seconds"
            ),
            Self::Damaged => write!(
                f,
                "what the relay sent is cut or bent: ask again, and look at the relay if it stays so"
            ),
            Self::Trouble(trouble) => trouble.fmt(f),
        }
    }
}

impl From<Trouble> for CannotAsk {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// A letter as the relay hands it to the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Its place in the order of collecting.
    pub position: u64,
    /// The name the relay lists it by; compute it anew before believing it.
    pub leaf: Leaf,
    /// The sender's nonce.
    pub nonce: [u8; NONCE_BYTES],
    /// The sealed letter.
    pub letter: Vec<u8>,
}

/// Makes the value of the office's header from method, path with query, and body.
/// [`envelope::office_request`] says what is signed.
pub type Sign<'a> = &'a dyn Fn(&str, &str, &[u8]) -> String;

struct Answer {
    status: u16,
    retry_after: u64,
    /// Bits of a puzzle that a crowded relay asks for.
    puzzle: Option<u8>,
    body: Vec<u8>,
}

impl Relay {
    /// A relay at `base`, such as `https://relay.example.org`. Nothing is sent yet.
    ///
    /// An onion address is asked through the Tor of this machine at its usual port and never
    /// otherwise: who looks its name up elsewhere has told whoever runs the line.
    ///
    /// # Errors
    /// [`NotAnAddress`]
    pub fn new(base: &str) -> Result<Self, NotAnAddress> {
        let host = base.trim().split("://").nth(1).unwrap_or_default();
        let host = host.split('/').next().unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let onion = name
            .trim_end_matches('.')
            .to_ascii_lowercase()
            .ends_with(".onion");
        Self::reached(base, onion.then_some(TOR))
    }

    /// The same through Tor, or another SOCKS 5 proxy, at `socks`. Names are looked up there, never
    /// here.
    ///
    /// # Errors
    /// [`NotAnAddress`]
    pub fn through(base: &str, socks: SocketAddr) -> Result<Self, NotAnAddress> {
        Self::reached(base, Some(socks))
    }

    fn reached(base: &str, socks: Option<SocketAddr>) -> Result<Self, NotAnAddress> {
        let base = base.trim().trim_end_matches('/');
        let host = base
            .strip_prefix("https://")
            .or_else(|| base.strip_prefix("http://"));
        let well_formed = |host: &str| {
            !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "@?#".contains(c))
        };
        if !host.is_some_and(well_formed) || Request::get(base).body(()).is_err() {
            return Err(NotAnAddress);
        }
        let proxy = socks
            .map(|at| {
                Proxy::builder(ProxyProtocol::Socks5h)
                    .host(&at.ip().to_string())
                    .port(at.port())
                    .resolve_target(false)
                    .build()
            })
            .transpose()
            .map_err(|_| NotAnAddress)?;
        let connect = match proxy {
            Some(_) => CONNECT_BY_TOR,
            None => CONNECT,
        };
        let by_tor = proxy.is_some();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .accept_encoding(AutoHeaderValue::None)
            // None of the environment's either.
            .proxy(proxy)
            .max_response_header_size(16 * 1_024)
            .timeout_connect(Some(connect))
            .timeout_global(Some(WAIT))
            .build();
        Ok(Self {
            base: base.to_owned(),
            agent: config.new_agent(),
            by_tor,
        })
    }

    /// The address, as it was given.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.base
    }

    // ── Anyone ─────────────────────────────────────────────────────────────────────────────────

    /// Sends a posting (nonce and letter). Sending the same bytes twice does no harm.
    ///
    /// # Errors
    /// [`CannotPost`]
    pub fn post_letter(&self, posting: &[u8]) -> Result<PostAnswer, CannotPost> {
        posted(self.post(posting, None)?)
    }

    /// Sends a posting, and answers a relay that is crowded: with the token, if there is one, or
    /// else by working on its puzzle, which blocks for as long as that takes. `working` hears how
    /// many bits before each piece of work. A token is sent only when it is needed. (protocol §8)
    ///
    /// # Errors
    /// [`CannotPost`]
    pub fn post_through_a_crowd(
        &self,
        posting: &[u8],
        mailbox: &MailboxId,
        token: Option<&Token>,
        working: &mut dyn FnMut(u8),
    ) -> Result<PostAnswer, CannotPost> {
        let mut answer = self.post(posting, None)?;
        if answer.status == 429
            && let Some(token) = token
        {
            answer = self.post(posting, Some((TOKEN_HEADER, &token.header_value())))?;
        }
        for _ in 0..MOST_PUZZLES {
            let asked = answer.puzzle.filter(|_| answer.status == 429);
            let Some((bits, posted)) = asked.zip(Posting::parse(posting).ok()) else {
                break;
            };
            working(bits);
            let Some(found) = puzzle::solve(mailbox, &posted.leaf(), bits) else {
                break;
            };
            answer = self.post(posting, Some((PUZZLE_HEADER, &found.header_value())))?;
        }
        posted(answer)
    }

    fn post(&self, posting: &[u8], beside: Option<(&str, &str)>) -> Result<Answer, Trouble> {
        let most = SENTENCE_BYTES.max(RECEIPT_BYTES as u64);
        let octets = ("content-type", "application/octet-stream");
        let headers: Vec<_> = [octets].into_iter().chain(beside).collect();
        self.ask(Method::POST, "/letters", &headers, posting, most)
    }

    /// The office's notice; `None` if the office has not put one yet. Verify it.
    ///
    /// # Errors
    /// [`Trouble`]
    pub fn notice(&self) -> Result<Option<Vec<u8>>, Trouble> {
        self.fetch("/office/notice", notice::MOST_BYTES as u64)
    }

    /// The public key of a period; `None` if it is not there. The verified notice says whether it
    /// is one to seal to.
    ///
    /// # Errors
    /// [`Trouble`]
    pub fn intake_key(&self, period: Period) -> Result<Option<Vec<u8>>, Trouble> {
        let path = format!("/office/keys/{}", period.number());
        self.fetch(&path, SEALING_KEY_BYTES as u64)
    }

    /// A file of the board, by its path below `/board/`; `None` if it is not there.
    ///
    /// # Errors
    /// [`Trouble`]
    pub fn board_file(&self, path: &str) -> Result<Option<Vec<u8>>, Trouble> {
        self.fetch(&format!("/board/{path}"), BOARD_BYTES)
    }

    // ── The office ─────────────────────────────────────────────────────────────────────────────

    /// Puts a notice. It is signed itself.
    ///
    /// # Errors
    /// [`CannotAsk`]
    pub fn put_notice(&self, file: &[u8]) -> Result<(), CannotAsk> {
        self.put("/office/notice", file)
    }

    /// Puts the public key of a period. The notice vouches for it, so put the notice first.
    ///
    /// # Errors
    /// [`CannotAsk`]
    pub fn put_key(&self, period: Period, key: &[u8]) -> Result<(), CannotAsk> {
        self.put(&format!("/office/keys/{}", period.number()), key)
    }

    /// Letters after a position (0: from the beginning), some 4 MiB at a time; none: no more.
    ///
    /// # Errors
    /// [`CannotAsk`]
    pub fn letters_after(
        &self,
        position: u64,
        sign: Sign<'_>,
    ) -> Result<Vec<Collected>, CannotAsk> {
        let path = format!("/office/letters?after={position}");
        let body = self.errand(Method::GET, &path, &[], sign, LETTERS_BYTES)?;
        read_letters(&body).ok_or(CannotAsk::Damaged)
    }

    /// Says that everything up to a position is collected and safe; the relay deletes the bytes
    /// a fixed time later.
    ///
    /// # Errors
    /// [`CannotAsk`]
    pub fn collected(&self, upto: u64, sign: Sign<'_>) -> Result<(), CannotAsk> {
        let path = format!("/office/collected?upto={upto}");
        self.errand(Method::POST, &path, &[], sign, SENTENCE_BYTES)
            .map(drop)
    }

    /// What the relay says of each leaf of a closed epoch, for [`envelope::board::check_leaves`].
    ///
    /// # Errors
    /// [`CannotAsk`]; an epoch that is not closed answers like an unknown office.
    pub fn openings(&self, epoch: Epoch, sign: Sign<'_>) -> Result<Vec<u8>, CannotAsk> {
        let path = format!("/office/openings/{}", epoch.0);
        let body = self.errand(Method::GET, &path, &[], sign, BOARD_BYTES)?;
        if body.as_chunks::<OPENING_BYTES>().1.is_empty() {
            Ok(body)
        } else {
            Err(CannotAsk::Damaged)
        }
    }

    /// Hands in cells for the next epoch. The same cells again change nothing.
    ///
    /// # Errors
    /// [`CannotAsk`]
    pub fn post_cells(&self, cells: &[envelope::Cell], sign: Sign<'_>) -> Result<(), CannotAsk> {
        let mut body = Vec::with_capacity(cells.len() * CELL_BYTES);
        for cell in cells {
            body.extend_from_slice(cell.bytes());
        }
        self.errand(Method::POST, "/office/cells", &body, sign, SENTENCE_BYTES)
            .map(drop)
    }

    /// Puts a list of hashes of posting tokens: its number and exactly so many hashes as every list
    /// has (protocol §8.1). The same list again changes nothing. `false`: the relay knows a list of
    /// this number or a later one.
    ///
    /// # Errors
    /// [`CannotAsk`]
    pub fn put_tokens(&self, list: &[u8], sign: Sign<'_>) -> Result<bool, CannotAsk> {
        let path = "/office/tokens";
        let value = sign(Method::PUT.as_str(), path, list);
        let header = (envelope::office_request::HEADER, value.as_str());
        let answer = self.ask(Method::PUT, path, &[header], list, SENTENCE_BYTES)?;
        match answer.status {
            409 => Ok(false),
            _ => done(answer).map(|_| true),
        }
    }

    // ── How ────────────────────────────────────────────────────────────────────────────────────

    fn fetch(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, Trouble> {
        let answer = self.ask(Method::GET, path, &[], &[], most)?;
        match answer.status {
            200 => Ok(Some(answer.body)),
            404 => Ok(None),
            other => Err(Trouble::Strange(other)),
        }
    }

    fn put(&self, path: &str, body: &[u8]) -> Result<(), CannotAsk> {
        let answer = self.ask(Method::PUT, path, &[], body, SENTENCE_BYTES)?;
        done(answer).map(drop)
    }

    fn errand(
        &self,
        method: Method,
        path: &str,
        body: &[u8],
        sign: Sign<'_>,
        most: u64,
    ) -> Result<Vec<u8>, CannotAsk> {
        let value = sign(method.as_str(), path, body);
        let header = (envelope::office_request::HEADER, value.as_str());
        done(self.ask(method, path, &[header], body, most)?)
    }

    fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        most: u64,
    ) -> Result<Answer, Trouble> {
        let uri = format!("{}{path}", self.base);
        let mut request = Request::builder().method(method.clone()).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = if method == Method::GET {
            let request = request.body(()).map_err(|_| Trouble::Unreachable)?;
            self.agent.run(request)
        } else {
            let request = request.body(body).map_err(|_| Trouble::Unreachable)?;
            self.agent.run(request)
        };
        let mut answer = sent.map_err(|error| self.trouble(error))?;
        let retry_after = answer.headers().get("retry-after");
        let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
        let puzzle = answer.headers().get(PUZZLE_HEADER);
        let puzzle = puzzle.and_then(|value| puzzle::bits_of_header(value.to_str().ok()?));
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(most).read_to_vec();
        Ok(Answer {
            status,
            retry_after: retry_after.unwrap_or(60),
            puzzle,
            body: match body {
                Ok(body) => body,
                // The sentence beside a refusal may be missing; its status says enough.
                Err(_) if status >= 300 => Vec::new(),
                Err(error) => return Err(self.trouble(error)),
            },
        })
    }

    fn trouble(&self, error: ureq::Error) -> Trouble {
        match error {
            ureq::Error::Timeout(_) => Trouble::TooSlow,
            ureq::Error::BodyExceedsLimit(_) => Trouble::TooMuch,
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) => Trouble::Certificate,
            _ if self.by_tor => Trouble::UnreachableByTor,
            _ => Trouble::Unreachable,
        }
    }
}

/// What a relay's answer to a posting means.
fn posted(answer: Answer) -> Result<PostAnswer, CannotPost> {
    let seconds = answer.retry_after;
    match answer.status {
        201 | 200 => Ok(PostAnswer {
            repeat: answer.status == 200,
            receipt: answer.body,
        }),
        400 | 413 => Err(CannotPost::NotALetter),
        410 => Err(CannotPost::SealAgain),
        415 => Err(CannotPost::OtherVersion),
        429 => Err(CannotPost::Full { seconds }),
        503 => Err(CannotPost::NotNow { seconds }),
        other => Err(Trouble::Strange(other).into()),
    }
}

fn done(answer: Answer) -> Result<Vec<u8>, CannotAsk> {
    let seconds = answer.retry_after;
    match answer.status {
        200 | 204 => Ok(answer.body),
        404 => Err(CannotAsk::NotKnown),
        400 | 409 | 413 => Err(CannotAsk::Refused {
            why: plain(&answer.body),
        }),
        429 => Err(CannotAsk::Full { seconds }),
        503 => Err(CannotAsk::NotNow { seconds }),
        other => Err(Trouble::Strange(other).into()),
    }
}

/// A relay's sentence as a terminal may show it: printable characters, one line.
fn plain(sentence: &[u8]) -> String {
    let text = String::from_utf8_lossy(sentence);
    let shown = |c: &char| c.is_ascii_graphic() || *c == ' ';
    text.chars().filter(shown).take(300).collect()
}

/// Records of protocol §8, believed in nothing but their shape.
fn read_letters(mut body: &[u8]) -> Option<Vec<Collected>> {
    let mut letters = Vec::new();
    while !body.is_empty() {
        let (position, rest) = body.split_first_chunk::<8>()?;
        let (leaf, rest) = rest.split_first_chunk::<32>()?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        SizeClass::of_letter_len(length)?;
        let (letter, rest) = rest.split_at_checked(length)?;
        letters.push(Collected {
            position: u64::from_be_bytes(*position),
            leaf: Leaf(*leaf),
            nonce: *nonce,
            letter: letter.to_vec(),
        });
        body = rest;
    }
    Some(letters)
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// Answers one request with `answer` and gives back what it was asked.
    fn relay_that_says(answer: &'static [u8]) -> (Relay, std::thread::JoinHandle<String>) {
        let (relay, asked) = relay_that_says_in_turn(vec![answer]);
        let only = std::thread::spawn(move || asked.join().unwrap().remove(0));
        (relay, only)
    }

    /// Answers as many requests, one connection or several, and gives back what it was asked.
    fn relay_that_says_in_turn(
        answers: Vec<&'static [u8]>,
    ) -> (Relay, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let relay = Relay::new(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let asked = std::thread::spawn(move || {
            let mut all = Vec::new();
            for answer in answers {
                // One connection for each: the answers say nothing of keeping it.
                let (mut stream, _) = listener.accept().unwrap();
                let mut asked = Vec::new();
                let mut buffer = [0; 4_096];
                loop {
                    let text = String::from_utf8_lossy(&asked).to_lowercase();
                    if let Some((head, body)) = text.split_once("\r\n\r\n") {
                        let length = head.split("content-length: ").nth(1);
                        let length = length.and_then(|l| l.split("\r\n").next()?.parse().ok());
                        if body.len() >= length.unwrap_or(0) {
                            break;
                        }
                    }
                    let n = stream.read(&mut buffer).unwrap();
                    asked.extend_from_slice(&buffer[..n]);
                }
                stream.write_all(answer).unwrap();
                all.push(String::from_utf8_lossy(&asked).into_owned());
            }
            all
        });
        (relay, asked)
    }

    #[test]
    fn each_status_of_a_posting_has_its_own_meaning() {
        let cases: [(&'static [u8], CannotPost); 6] = [
            (
                b"HTTP/1.1 410 x\r\ncontent-length: 0\r\n\r\n",
                CannotPost::SealAgain,
            ),
            (
                b"HTTP/1.1 400 x\r\ncontent-length: 0\r\n\r\n",
                CannotPost::NotALetter,
            ),
            (
                b"HTTP/1.1 415 x\r\ncontent-length: 0\r\n\r\n",
                CannotPost::OtherVersion,
            ),
            (
                b"HTTP/1.1 429 x\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n",
                CannotPost::Full { seconds: 7 },
            ),
            (
                b"HTTP/1.1 503 x\r\ncontent-length: 0\r\n\r\n",
                CannotPost::NotNow { seconds: 60 },
            ),
            (
                b"HTTP/1.1 302 x\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
                CannotPost::Trouble(Trouble::Strange(302)),
            ),
        ];
        for (answer, meaning) in cases {
            let (relay, asked) = relay_that_says(answer);
            assert_eq!(relay.post_letter(b"xyz"), Err(meaning));
            assert!(asked.join().unwrap().ends_with("\r\n\r\nxyz"));
        }
    }

    const TAKEN: &[u8] = b"HTTP/1.1 201 x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    const FULL: &[u8] =
        b"HTTP/1.1 429 x\r\nconnection: close\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n";
    const ASKS: &[u8] = b"HTTP/1.1 429 x\r\nconnection: close\r\nretry-after: 7\r\ntemoin-puzzle: 6\r\ncontent-length: 0\r\n\r\n";
    const ASKS_TOO_MUCH: &[u8] = b"HTTP/1.1 429 x\r\nconnection: close\r\nretry-after: 7\r\ntemoin-puzzle: 23\r\ncontent-length: 0\r\n\r\n";

    #[test]
    fn a_token_and_work_are_given_only_when_they_are_asked_for_and_work_has_an_end() {
        let mailbox = MailboxId([3; 16]);
        let token = Token([4; 16]);
        let mut posting = vec![7; NONCE_BYTES + 4_096];
        posting[NONCE_BYTES] = 1;
        let leaf = Posting::parse(&posting).unwrap().leaf();
        let full = Err(CannotPost::Full { seconds: 7 });
        // The answers, whether there is a token, what each request brought, pieces of work, whether
        // the letter was taken.
        let cases = [
            (vec![TAKEN], true, "-", 0, true),
            (vec![FULL, TAKEN], true, "-t", 0, true),
            (vec![ASKS, TAKEN], true, "-t", 0, true),
            (vec![ASKS, TAKEN], false, "-p", 1, true),
            (vec![ASKS, ASKS, TAKEN], true, "-tp", 1, true),
            (vec![FULL], false, "-", 0, false),
            (vec![ASKS; 4], false, "-ppp", 3, false),
            (vec![ASKS_TOO_MUCH], false, "-", 0, false),
        ];
        for (answers, has_token, brought, works, taken) in cases {
            let (relay, asked) = relay_that_says_in_turn(answers);
            let mut worked = 0;
            let token = has_token.then_some(&token);
            let answer =
                relay.post_through_a_crowd(&posting, &mailbox, token, &mut |_| worked += 1);
            assert_eq!(worked, works, "{brought}");
            match taken {
                true => assert!(answer.is_ok(), "{brought}"),
                false => assert_eq!(answer, full, "{brought}"),
            }
            let kind = |request: &String| {
                let request = request.to_lowercase();
                let value = |name: &str| {
                    let value = request.split_once(name)?.1;
                    Some(value.split("\r\n").next().unwrap_or("").to_owned())
                };
                match (value("temoin-token: "), value("temoin-puzzle: ")) {
                    (None, None) => '-',
                    (Some(sent), None) => {
                        assert_eq!(sent, "04".repeat(16));
                        't'
                    }
                    (None, Some(sent)) => {
                        let found = envelope::PuzzleAnswer::of_header(&sent).unwrap();
                        assert!(found.bits(&mailbox, &leaf) >= 6);
                        'p'
                    }
                    both => panic!("{both:?}"),
                }
            };
            let all: String = asked.join().unwrap().iter().map(kind).collect();
            assert_eq!(all, brought);
        }
    }

    #[test]
    fn a_request_says_nothing_of_the_program() {
        let (relay, asked) = relay_that_says(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
        assert_eq!(relay.notice(), Ok(Some(b"hi".to_vec())));
        let asked = asked.join().unwrap().to_lowercase();
        let names: Vec<&str> = asked
            .lines()
            .skip(1)
            .filter_map(|line| Some(line.split_once(':')?.0))
            .collect();
        assert_eq!(names, ["host"], "{asked}");
    }

    #[test]
    fn through_a_proxy_the_name_itself_is_asked_for_and_looked_up_nowhere_else() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let onion = "temointemointemointemointemointemointemointemointemointe.onion";
        let at = listener.local_addr().unwrap();
        let relay = Relay::through(&format!("http://{onion}"), at).unwrap();
        let tor = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut hello = [0; 2];
            stream.read_exact(&mut hello).unwrap();
            let mut methods = vec![0; usize::from(hello[1])];
            stream.read_exact(&mut methods).unwrap();
            stream.write_all(&[5, 0]).unwrap();
            // Version, connect, reserved, "a name follows", its length.
            let mut head = [0; 5];
            stream.read_exact(&mut head).unwrap();
            let mut name = vec![0; usize::from(head[4])];
            stream.read_exact(&mut name).unwrap();
            // "Host unreachable".
            stream.write_all(&[5, 4, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
            (head, String::from_utf8(name).unwrap())
        });
        assert_eq!(relay.notice(), Err(Trouble::UnreachableByTor));
        let (head, name) = tor.join().unwrap();
        assert_eq!((&head[..4], name.as_str()), (&[5, 1, 0, 3][..], onion));
    }

    #[test]
    fn an_onion_address_goes_through_tor_however_it_is_written() {
        for base in [
            "http://abc.onion",
            " http://ABC.Onion/",
            "https://abc.onion:8443",
            "http://abc.onion.",
        ] {
            assert!(Relay::new(base).unwrap().by_tor, "{base}");
        }
        for base in ["http://onion.example.org", "http://127.0.0.1:80"] {
            assert!(!Relay::new(base).unwrap().by_tor, "{base}");
        }
    }

    #[test]
    fn an_answer_longer_than_its_kind_is_not_read() {
        let long = [
            &b"HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n"[..],
            &[7; 2_000],
        ]
        .concat();
        let (relay, asked) = relay_that_says(long.leak());
        assert_eq!(relay.intake_key(Period::Week(1)), Err(Trouble::TooMuch));
        asked.join().unwrap();
    }

    #[test]
    fn the_offices_header_signs_method_path_with_query_and_body() {
        let (relay, asked) = relay_that_says(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        let sign =
            |method: &str, path: &str, body: &[u8]| format!("{method} {path} {}", body.len());
        assert_eq!(relay.letters_after(5, &sign), Ok(vec![]));
        let asked = asked.join().unwrap();
        assert!(
            asked.contains("temoin-office: GET /office/letters?after=5 0\r\n"),
            "{asked}"
        );
    }

    #[test]
    fn a_list_of_tokens_is_signed_and_a_known_number_is_told_apart() {
        let cases: [(&'static [u8], Result<bool, CannotAsk>); 3] = [
            (b"HTTP/1.1 204 x\r\n\r\n", Ok(true)),
            (b"HTTP/1.1 409 x\r\ncontent-length: 0\r\n\r\n", Ok(false)),
            (
                b"HTTP/1.1 503 x\r\nretry-after: 9\r\ncontent-length: 0\r\n\r\n",
                Err(CannotAsk::NotNow { seconds: 9 }),
            ),
        ];
        let sign =
            |method: &str, path: &str, body: &[u8]| format!("{method} {path} {}", body.len());
        for (answer, meaning) in cases {
            let (relay, asked) = relay_that_says(answer);
            assert_eq!(relay.put_tokens(b"xyz", &sign), meaning);
            let asked = asked.join().unwrap();
            assert!(
                asked.contains("temoin-office: PUT /office/tokens 3\r\n"),
                "{asked}"
            );
        }
    }

    #[test]
    fn a_cut_record_of_a_letter_is_damage() {
        let record = [
            &[0u8; 8][..],
            &[1; 32],
            &[2; 16],
            &4_096u32.to_be_bytes(),
            &[3; 4_096],
        ]
        .concat();
        assert_eq!(read_letters(&record).unwrap().len(), 1);
        for cut in [1, 7, 8, 40, 56, 59, 60, 4_155] {
            assert_eq!(read_letters(&record[..cut]), None, "cut at {cut}");
        }
        let mut other = record.clone();
        other[58] = 1;
        assert_eq!(read_letters(&other), None);
    }

    #[test]
    fn what_is_no_address_is_said_before_anything_is_sent() {
        for text in [
            "",
            "relay.example.org",
            "ftp://x",
            "http://",
            "http://a b",
            "http://u@h",
        ] {
            assert_eq!(Relay::new(text).err(), Some(NotAnAddress), "{text}");
        }
        assert_eq!(Relay::new(" http://h/ ").unwrap().address(), "http://h");
    }

    #[test]
    fn nobody_listening_is_unreachable() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let relay = Relay::new(&address).unwrap();
        assert_eq!(relay.notice(), Err(Trouble::Unreachable));
    }

    #[test]
    fn a_relays_sentence_cannot_move_a_terminals_cursor() {
        assert_eq!(plain(b"no\x1b[2J\nyes"), "no[2Jyes");
    }
}
