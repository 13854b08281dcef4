//! What the relay answers, before it is HTTP.

use std::borrow::Cow;
use std::sync::Arc;

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Media {
    /// Sealed or signed bytes.
    Bytes,
    /// A sentence.
    Text,
    /// A page.
    Html,
    /// Styles of a page.
    Css,
    /// Script of a page.
    Script,
    /// A picture.
    Svg,
    /// A picture.
    Png,
    /// Structured data.
    Json,
}

impl Media {
    /// The value of `Content-Type`.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Bytes => "application/octet-stream",
            Self::Text => "text/plain; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Css => "text/css; charset=utf-8",
            Self::Script => "text/javascript; charset=utf-8",
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Json => "application/json",
        }
    }
}

/// How long a copy of an answer may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Not kept at all.
    NoStore,
    /// Kept, but asked for anew each time.
    Ask,
    /// These bytes never change under this name.
    Immutable,
}

/// A body that may be shared without copying.
#[derive(Clone, Debug)]
pub enum Body {
    /// Made for this answer, or part of the program.
    Own(Cow<'static, [u8]>),
    /// Held in memory for every answer.
    Shared(Arc<[u8]>),
}

impl Body {
    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// What the body is.
    pub media: Media,
    /// The body.
    pub body: Body,
    /// Whether a copy may be kept.
    pub freshness: Freshness,
    /// Seconds after which to come again.
    pub retry_after: Option<u64>,
    /// Bits of a puzzle whose answer lets the same letter in at once.
    pub puzzle: Option<u8>,
    /// Whether a kit opened from a file may read it too.
    pub readable_elsewhere: bool,
    /// Whether the body is gzip.
    pub gzip: bool,
    /// Whether the browser is asked to forget what this origin left in it.
    pub clears: bool,
    /// Whether it is to be saved and never shown from here.
    pub saved: bool,
}

impl Answer {
    /// Bytes that are not to be kept.
    pub(crate) fn bytes(status: u16, body: Vec<u8>) -> Self {
        Self::new(status, Media::Bytes, Body::Own(Cow::Owned(body)))
    }

    /// A sentence.
    pub(crate) fn text(status: u16, body: &'static str) -> Self {
        Self::new(
            status,
            Media::Text,
            Body::Own(Cow::Borrowed(body.as_bytes())),
        )
    }

    /// Done, and nothing to say.
    pub(crate) fn nothing() -> Self {
        Self::text(204, "")
    }

    /// The one answer to everything unknown, and to an office request by anyone else.
    pub(crate) fn not_found() -> Self {
        Self::text(404, "not found")
    }

    /// Of a status, a kind and a body.
    pub(crate) fn new(status: u16, media: Media, body: Body) -> Self {
        Self {
            status,
            media,
            body,
            freshness: Freshness::NoStore,
            retry_after: None,
            puzzle: None,
            readable_elsewhere: false,
            gzip: false,
            clears: false,
            saved: false,
        }
    }

    /// What whoever leaves fetches last: an empty page that says nothing, and takes the rest along.
    pub(crate) fn blank() -> Self {
        let page = b"<!doctype html><meta charset=\"utf-8\"><title></title>\n";
        Self {
            clears: true,
            ..Self::new(200, Media::Html, Body::Own(Cow::Borrowed(page)))
        }
    }

    pub(crate) fn elsewhere(mut self) -> Self {
        self.readable_elsewhere = true;
        self
    }

    pub(crate) fn kept(mut self, freshness: Freshness) -> Self {
        self.freshness = freshness;
        self
    }

    pub(crate) fn later(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(crate) fn asking(mut self, bits: u8) -> Self {
        self.puzzle = Some(bits);
        self
    }
}
