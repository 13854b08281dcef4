//! How a part of a record becomes a map, and a map a part: one table per type, so that what is
//! written and what is read cannot drift apart.
//!
//! Absent, empty text, empty list and empty map are one and the same, and are not written. What a
//! reader does not know, or finds to be of another kind than it expects, it keeps byte for byte
//! and writes again in its place: a newer release's words survive an older desk.

use std::collections::BTreeMap;
use std::fmt;

use crate::cbor::{self, Item, Malformed};
use crate::date::Date;
use crate::vocabulary::{List, Term};

/// A value that stands under a key of a part.
pub(crate) trait Value: Sized {
    /// Whether it is left out.
    fn is_absent(&self) -> bool;
    fn write(&self) -> Vec<u8>;
    /// Reads it, unless the item is of another kind.
    fn read(item: Item<'_>) -> Option<Self>;
}

/// What stood in a map and could not be read: unknown keys, and values of an unexpected kind.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Kept(pub(crate) BTreeMap<Vec<u8>, Vec<u8>>);

impl Kept {
    /// How many entries were kept.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether everything was understood.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn keep(&mut self, key: Item<'_>, value: Item<'_>) {
        self.0.insert(key.bytes().to_vec(), value.bytes().to_vec());
    }

    /// The names of what was kept, for remarks: a number, or a text as it stands.
    pub(crate) fn names(&self) -> impl Iterator<Item = Name> {
        self.0.keys().map(|key| match Item::parse(key) {
            Ok(item) => match (item.uint(), item.text()) {
                (Some(number), _) => Name::Number(number),
                (_, Some(text)) => Name::Text(text.to_owned()),
                _ => Name::Other,
            },
            Err(_) => Name::Other,
        })
    }
}

/// How a kept entry is called.
pub(crate) enum Name {
    Number(u64),
    Text(String),
    Other,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kept", self.0.len())
    }
}

impl Value for String {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
    fn write(&self) -> Vec<u8> {
        cbor::text(self)
    }
    fn read(item: Item<'_>) -> Option<Self> {
        item.text().map(str::to_owned)
    }
}

impl<L: List> Value for Term<L> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
    fn write(&self) -> Vec<u8> {
        cbor::text(self.as_str())
    }
    fn read(item: Item<'_>) -> Option<Self> {
        item.text().map(Self::told)
    }
}

impl Value for u32 {
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self) -> Vec<u8> {
        cbor::uint(u64::from(*self))
    }
    fn read(item: Item<'_>) -> Option<Self> {
        item.uint()?.try_into().ok()
    }
}

impl Value for u16 {
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self) -> Vec<u8> {
        cbor::uint(u64::from(*self))
    }
    fn read(item: Item<'_>) -> Option<Self> {
        item.uint()?.try_into().ok()
    }
}

impl Value for bool {
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self) -> Vec<u8> {
        cbor::bool(*self)
    }
    fn read(item: Item<'_>) -> Option<Self> {
        item.bool()
    }
}

impl Value for Date {
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self) -> Vec<u8> {
        cbor::text(&self.to_string())
    }
    fn read(item: Item<'_>) -> Option<Self> {
        Self::read(item.text()?)
    }
}

impl<T: Value> Value for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
    fn write(&self) -> Vec<u8> {
        self.as_ref().map_or_else(cbor::null, T::write)
    }
    fn read(item: Item<'_>) -> Option<Self> {
        T::read(item).map(Some)
    }
}

impl<T: Value> Value for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
    fn write(&self) -> Vec<u8> {
        cbor::list(&self.iter().map(T::write).collect::<Vec<_>>())
    }
    fn read(item: Item<'_>) -> Option<Self> {
        item.list()?.map(T::read).collect()
    }
}

/// The table of a type: which key each field stands under. The type has a field `kept` too.
///
/// `Debug` prints the length only: a part holds what a person told, and that must not reach a log
/// or the message of a failed assertion.
macro_rules! keys {
    ($part:ident { $($key:literal $field:ident)* }) => {
        impl $part {
            pub(crate) fn entries(&self) -> std::collections::BTreeMap<Vec<u8>, Vec<u8>> {
                let mut entries = self.kept.0.clone();
                $(
                    if !$crate::part::Value::is_absent(&self.$field) {
                        entries.insert($crate::cbor::uint($key), $crate::part::Value::write(&self.$field));
                    }
                )*
                entries
            }

            pub(crate) fn from_map(item: $crate::cbor::Item<'_>) -> Option<Self> {
                let mut part = Self::default();
                for (key, value) in item.map()? {
                    match key.uint() {
                        $(
                            Some($key) => match $crate::part::Value::read(value) {
                                Some(read) => part.$field = read,
                                None => part.kept.keep(key, value),
                            },
                        )*
                        _ => part.kept.keep(key, value),
                    }
                }
                Some(part)
            }

            /// Whether nothing is told here.
            pub fn is_empty(&self) -> bool {
                self.entries().is_empty()
            }
        }

        impl $crate::part::Value for $part {
            fn is_absent(&self) -> bool {
                self.is_empty()
            }
            fn write(&self) -> Vec<u8> {
                $crate::cbor::map(&self.entries())
            }
            fn read(item: $crate::cbor::Item<'_>) -> Option<Self> {
                Self::from_map(item)
            }
        }

        impl std::fmt::Debug for $part {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($part), "({} bytes)"), $crate::part::Value::write(self).len())
            }
        }
    };
}
pub(crate) use keys;

/// The version of every stored part's encoding that this release writes and the newest it reads.
pub(crate) const VERSION: u64 = 1;

/// Why bytes are not a part of a case. Never because of what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotARecord {
    /// Not one deterministic record within the bounds; restore it from a backup.
    Malformed(Malformed),
    /// A sound record, but not one of a case: it does not begin with a version.
    Unversioned,
    /// Written by a newer release: update, then open it again.
    TooNew {
        /// The version it names.
        version: u64,
    },
}

impl fmt::Display for NotARecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(how) => {
                write!(
                    f,
                    "this stored record is damaged: {how}; restore it from a backup"
                )
            }
            Self::Unversioned => {
                f.write_str("this stored record names no version; restore it from a backup")
            }
            Self::TooNew { version } => write!(
                f,
                "this record has version {version} and this release reads up to {VERSION}; \
                 update, then open it again"
            ),
        }
    }
}

impl std::error::Error for NotARecord {}

/// What was to be stored is beyond the bounds, and nobody could read it again; make it shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge(pub Malformed);

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "this is too large to be stored: {}; divide it or make it shorter",
            self.0
        )
    }
}

impl std::error::Error for TooLarge {}

/// Writes the map of a versioned part: key 0 is the version.
pub(crate) fn versioned(mut entries: BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<u8> {
    entries.insert(cbor::uint(0), cbor::uint(VERSION));
    cbor::map(&entries)
}

/// Checks bytes of unknown origin, to the last one, and that they are a map of our version.
pub(crate) fn check_versioned(bytes: &[u8]) -> Result<Item<'_>, NotARecord> {
    let item = Item::parse(bytes).map_err(NotARecord::Malformed)?;
    // The version has the smallest key there is, so it stands first.
    let first = item.map().ok_or(NotARecord::Unversioned)?.next();
    let version = first
        .filter(|(key, _)| key.uint() == Some(0))
        .and_then(|(_, value)| value.uint());
    match version {
        None | Some(0) => Err(NotARecord::Unversioned),
        Some(VERSION) => Ok(item),
        Some(version) => Err(NotARecord::TooNew { version }),
    }
}

/// Gives a part of a case its own bytes, alone or inside another structure of `minicbor`.
macro_rules! stored {
    ($($part:ident)*) => {
        $(
            impl $part {
                /// Writes it: always the same bytes for the same content.
                ///
                /// Refuses what [`Self::decode`] would not take back, so that nothing is stored
                /// that cannot be read again.
                pub fn encode(&self) -> Result<Vec<u8>, $crate::part::TooLarge> {
                    let bytes = $crate::part::versioned(self.entries());
                    match $crate::cbor::Item::parse(&bytes) {
                        Ok(_) => Ok(bytes),
                        Err(how) => Err($crate::part::TooLarge(how)),
                    }
                }

                /// Reads it.
                pub fn decode(bytes: &[u8]) -> Result<Self, $crate::part::NotARecord> {
                    let item = $crate::part::check_versioned(bytes)?;
                    let mut part =
                        Self::from_map(item).ok_or($crate::part::NotARecord::Unversioned)?;
                    part.kept.0.remove(&$crate::cbor::uint(0));
                    Ok(part)
                }
            }

            $crate::part::nested!($part);
        )*
    };
}
pub(crate) use stored;

/// Lets a part stand inside a structure that derives the traits of `minicbor`.
macro_rules! nested {
    ($part:ident) => {
        impl<C> minicbor::Encode<C> for $part {
            fn encode<W: minicbor::encode::Write>(
                &self,
                encoder: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                let bytes = $part::encode(self).map_err(minicbor::encode::Error::message)?;
                encoder
                    .writer_mut()
                    .write_all(&bytes)
                    .map_err(minicbor::encode::Error::write)
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $part {
            fn decode(
                decoder: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                let start = decoder.position();
                decoder.skip()?;
                let bytes = decoder
                    .input()
                    .get(start..decoder.position())
                    .unwrap_or_default();
                $part::decode(bytes).map_err(minicbor::decode::Error::message)
            }
        }
    };
}
pub(crate) use nested;

/// Declares a number that names a thing within its case.
macro_rules! number {
    ($(#[$doc:meta])* $number:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $number(pub u32);

        impl $crate::part::Value for $number {
            fn is_absent(&self) -> bool {
                false
            }
            fn write(&self) -> Vec<u8> {
                $crate::part::Value::write(&self.0)
            }
            fn read(item: $crate::cbor::Item<'_>) -> Option<Self> {
                $crate::part::Value::read(item).map(Self)
            }
        }
    };
}
pub(crate) use number;
