//! How a part of a record becomes a map, and a map a part: one table per type, so that what is
//! written and what is read cannot drift apart.
//!
//! Absent, empty text, empty list and empty map are one and the same, and are not written. What a
//! reader does not know, or finds to be of another kind than it expects, it keeps byte for byte
//! and writes again in its place: a newer release's words survive an older desk.

use std::collections::BTreeMap;
use std::fmt;

use crate::cbor::{self, Item};
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
