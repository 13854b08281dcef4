//! Free text in a case.

use std::fmt;
use std::ops::Deref;

use minicbor::decode::{self, Decoder};

use crate::field::{Field, Writer, Written};

/// Something a person wrote or told. Reads as a string, and shows only its length in `Debug`,
/// because what a person told must not reach a log or the message of a failed assertion.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

impl Text {
    /// Whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The text as it stands, not made safe to show: see [`record::text::shown`].
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.0.len())
    }
}

impl Field for Text {
    fn absent() -> Option<Self> {
        Some(Self::default())
    }
    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
    fn write(&self, to: &mut Writer) -> Written {
        to.str(&self.0).map(drop)
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        from.str().map(Self::from)
    }
}
