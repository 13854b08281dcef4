//! The relay over HTTP, for the desk: every question of a visit, asked through `carry`.

use carry::http::{CannotAsk, Collected, NotAnAddress, Relay, Trouble};
use envelope::{CELL_BYTES, Cell, Epoch, Period};

use crate::post::{Post, Request, Response, Unreachable};
use crate::settings::OfficeSettings;

/// A relay at an address.
pub struct HttpPost(Relay);

impl HttpPost {
    /// The relay an office's settings name first, through Tor where they say so. Nothing is sent
    /// yet.
    ///
    /// # Errors
    /// [`NotAnAddress`].
    pub fn of(settings: &OfficeSettings) -> Result<Self, NotAnAddress> {
        let address = settings.relays.first().map_or("", String::as_str);
        match settings.socks {
            Some(at) => Relay::through(address, at),
            None => Relay::new(address),
        }
        .map(Self)
    }
}

impl Post for HttpPost {
    fn ask(&mut self, request: &Request) -> Result<Response, Unreachable> {
        let relay = &self.0;
        let header = request.signed.clone().unwrap_or_default();
        let sign = |_: &str, _: &str, _: &[u8]| header.clone();
        let number = |prefix: &str| request.path.strip_prefix(prefix)?.parse::<u64>().ok();
        match (request.method, request.path.as_str()) {
            ("GET", "/office/notice") => file(relay.notice()),
            ("PUT", "/office/notice") => said(relay.put_notice(&request.body).map(|()| Vec::new())),
            ("POST", "/office/cells") => {
                let (cells, _) = request.body.as_chunks::<CELL_BYTES>();
                let cells: Vec<Cell> = cells.iter().filter_map(|c| Cell::parse(c).ok()).collect();
                said(relay.post_cells(&cells, &sign).map(|()| Vec::new()))
            }
            ("GET", path) if path.starts_with("/board/") => {
                file(relay.board_file(path.strip_prefix("/board/").unwrap_or_default()))
            }
            ("PUT", "/office/tokens") => match relay.put_tokens(&request.body, &sign) {
                Ok(false) => Ok(answer(409, Vec::new())),
                taken => said(taken.map(|_| Vec::new())),
            },
            ("PUT", _) => match number("/office/keys/").and_then(|n| u32::try_from(n).ok()) {
                Some(period) => {
                    let period = Period::from_number(period);
                    said(relay.put_key(period, &request.body).map(|()| Vec::new()))
                }
                None => Ok(not_asked()),
            },
            ("GET", _) => match (
                number("/office/letters?after="),
                number("/office/openings/"),
            ) {
                (Some(after), _) => said(relay.letters_after(after, &sign).map(records)),
                (_, Some(epoch)) => said(relay.openings(Epoch(epoch), &sign)),
                _ => Ok(not_asked()),
            },
            _ => match number("/office/collected?upto=") {
                Some(upto) => said(relay.collected(upto, &sign).map(|()| Vec::new())),
                None => Ok(not_asked()),
            },
        }
    }
}

/// A question the protocol does not have.
fn not_asked() -> Response {
    answer(400, Vec::new())
}

fn answer(status: u16, body: Vec<u8>) -> Response {
    Response { status, body }
}

fn file(fetched: Result<Option<Vec<u8>>, Trouble>) -> Result<Response, Unreachable> {
    match fetched {
        Ok(Some(body)) => Ok(answer(200, body)),
        Ok(None) => Ok(answer(404, Vec::new())),
        Err(trouble) => strange(trouble),
    }
}

fn said(asked: Result<Vec<u8>, CannotAsk>) -> Result<Response, Unreachable> {
    Ok(match asked {
        Ok(body) if body.is_empty() => answer(204, body),
        Ok(body) => answer(200, body),
        Err(CannotAsk::NotKnown) => answer(404, Vec::new()),
        Err(CannotAsk::Refused { why }) => answer(400, why.into_bytes()),
        Err(CannotAsk::Full { .. }) => answer(429, Vec::new()),
        Err(CannotAsk::NotNow { .. }) => answer(503, Vec::new()),
        Err(CannotAsk::Trouble(trouble)) => return strange(trouble),
        // Cut or bent: no answer of this protocol.
        Err(_) => answer(422, Vec::new()),
    })
}

fn strange(trouble: Trouble) -> Result<Response, Unreachable> {
    match trouble {
        Trouble::Strange(status) => Ok(answer(status, Vec::new())),
        _ => Err(Unreachable),
    }
}

/// The records of protocol §8 again: a visit reads them itself, whoever carried them.
fn records(letters: Vec<Collected>) -> Vec<u8> {
    let mut out = Vec::with_capacity(letters.iter().map(|l| 60 + l.letter.len()).sum());
    for letter in letters {
        out.extend_from_slice(&letter.position.to_be_bytes());
        out.extend_from_slice(&letter.leaf.0);
        out.extend_from_slice(&letter.nonce);
        let length = u32::try_from(letter.letter.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&letter.letter);
    }
    out
}
