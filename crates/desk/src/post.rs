//! How a desk reaches its relay: one question, one answer. The running desk asks over HTTP, a
//! rehearsal asks a relay in memory.

/// A question to the relay (protocol §6–8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `PUT` or `POST`.
    pub method: &'static str,
    /// Path with query, as signed.
    pub path: String,
    /// The value of the header `Temoin-Office`, when the relay is to answer only the office.
    pub signed: Option<String>,
    /// Sealed bytes, a notice or a public key; empty for a question.
    pub body: Vec<u8>,
}

/// The relay's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// The relay could not be reached: try again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreachable;

impl std::fmt::Display for Unreachable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "the relay cannot be reached; check its address and the network, then try again",
        )
    }
}

impl std::error::Error for Unreachable {}

/// Something that carries questions to a relay.
pub trait Post {
    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// [`Unreachable`]: no answer came.
    fn ask(&mut self, request: &Request) -> Result<Response, Unreachable>;
}
