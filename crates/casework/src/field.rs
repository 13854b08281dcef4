//! How a decision becomes a map of CBOR, and a map a decision: one table per kind of decision, so
//! that what is written and what is read cannot drift apart.
//!
//! Absent: keeping what is not understood. An entry whose bytes say more than this release reads
//! keeps those bytes whole (see [`Entry`](crate::Entry)).

use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder};
use record::vocabulary::{List, Term};
use record::{Country, Date};
use std::convert::Infallible;

/// Writes into memory, which cannot fail for want of room or a broken disk.
pub(crate) type Writer = Encoder<Vec<u8>>;
/// The result of a step of writing.
pub(crate) type Written = Result<(), encode::Error<Infallible>>;

/// A value that stands under a key of a decision.
pub(crate) trait Field: Sized {
    /// What an absent key means; `None` if the key must be there.
    fn absent() -> Option<Self>;
    /// Whether it is left out.
    fn is_absent(&self) -> bool;
    fn write(&self, to: &mut Writer) -> Written;
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error>;
}

impl<T: Field> Field for Option<T> {
    fn absent() -> Option<Self> {
        Some(None)
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
    fn write(&self, to: &mut Writer) -> Written {
        match self {
            Some(value) => value.write(to),
            None => to.null().map(drop),
        }
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        T::read(from).map(Some)
    }
}

// A large content is kept apart, so that a small decision does not take its room.
impl<T: Field> Field for Box<T> {
    fn absent() -> Option<Self> {
        T::absent().map(Self::new)
    }
    fn is_absent(&self) -> bool {
        T::is_absent(self)
    }
    fn write(&self, to: &mut Writer) -> Written {
        T::write(self, to)
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        T::read(from).map(Self::new)
    }
}

impl<T: Field> Field for Vec<T> {
    fn absent() -> Option<Self> {
        Some(Self::new())
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
    fn write(&self, to: &mut Writer) -> Written {
        to.array(self.len() as u64)?;
        self.iter().try_for_each(|value| value.write(to))
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        let length = from
            .array()?
            .ok_or_else(|| decode::Error::message("a list without a length"))?;
        // Grows as entries are really there: the length is only a claim.
        let mut values = Self::new();
        for _ in 0..length {
            values.push(T::read(from)?);
        }
        Ok(values)
    }
}

impl<L: List> Field for Term<L> {
    fn absent() -> Option<Self> {
        Some(Self::default())
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
    fn write(&self, to: &mut Writer) -> Written {
        to.str(self.as_str()).map(drop)
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        from.str().map(Self::told)
    }
}

impl Field for bool {
    fn absent() -> Option<Self> {
        Some(false)
    }
    fn is_absent(&self) -> bool {
        !*self
    }
    fn write(&self, to: &mut Writer) -> Written {
        to.bool(*self).map(drop)
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        from.bool()
    }
}

macro_rules! numbers {
    ($($number:ident)*) => {
        $(
            impl Field for $number {
                fn absent() -> Option<Self> {
                    None
                }
                fn is_absent(&self) -> bool {
                    false
                }
                fn write(&self, to: &mut Writer) -> Written {
                    to.$number(*self).map(drop)
                }
                fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                    from.$number()
                }
            }
        )*
    };
}
numbers!(u16 u32 u64);

impl Field for Date {
    fn absent() -> Option<Self> {
        None
    }
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self, to: &mut Writer) -> Written {
        to.str(&self.to_string()).map(drop)
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        Self::read(from.str()?).ok_or_else(|| decode::Error::message("not a day of the calendar"))
    }
}

impl Field for Country {
    fn absent() -> Option<Self> {
        None
    }
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self, to: &mut Writer) -> Written {
        to.str(self.code()).map(drop)
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        Self::read(from.str()?).ok_or_else(|| decode::Error::message("not the code of a country"))
    }
}

/// Bytes of a fixed length, or none.
pub(crate) fn fixed<const N: usize>(from: &mut Decoder<'_>) -> Result<[u8; N], decode::Error> {
    from.bytes()?
        .try_into()
        .map_err(|_| decode::Error::message("bytes of another length"))
}

/// Declares a decision's content: its fields, their keys, how it is written and read.
///
/// Every field of free text is a [`Text`](crate::Text), which shows nothing in `Debug`: so the
/// whole shows nothing a person told.
macro_rules! content {
    ($(
        $(#[$about:meta])*
        $name:ident { $($(#[$told:meta])* $key:literal $field:ident: $kind:ty,)* }
    )*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub struct $name {
                $($(#[$told])* pub $field: $kind,)*
            }

            impl $crate::field::Field for $name {
                fn absent() -> Option<Self> {
                    None
                }
                fn is_absent(&self) -> bool {
                    false
                }
                fn write(&self, to: &mut $crate::field::Writer) -> $crate::field::Written {
                    let present = 0_u64 $(+ u64::from(!$crate::field::Field::is_absent(&self.$field)))*;
                    to.map(present)?;
                    $(
                        if !$crate::field::Field::is_absent(&self.$field) {
                            to.u32($key)?;
                            $crate::field::Field::write(&self.$field, to)?;
                        }
                    )*
                    Ok(())
                }
                fn read(from: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
                    $(let mut $field: Option<$kind> = None;)*
                    let length = from
                        .map()?
                        .ok_or_else(|| minicbor::decode::Error::message("a map without a length"))?;
                    for _ in 0..length {
                        match from.u32()? {
                            $($key => $field = Some($crate::field::Field::read(from)?),)*
                            _ => from.skip()?,
                        }
                    }
                    Ok(Self {
                        $($field: match $field.or_else(<$kind as $crate::field::Field>::absent) {
                            Some(value) => value,
                            None => return Err(minicbor::decode::Error::message(concat!("without ", stringify!($field)))),
                        },)*
                    })
                }
            }
        )*
    };
}
pub(crate) use content;

/// Declares a small set of named choices that are written as numbers which never change.
macro_rules! choices {
    ($(
        $(#[$about:meta])*
        $name:ident { $($(#[$told:meta])* $number:literal $choice:ident $code:literal $en:literal $fr:literal,)* }
    )*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum $name {
                $($(#[$told])* $choice,)*
            }

            impl $name {
                /// All of them.
                pub const ALL: &'static [Self] = &[$(Self::$choice),*];

                /// The stable code.
                pub const fn code(self) -> &'static str {
                    match self { $(Self::$choice => $code,)* }
                }

                /// The choice of a code.
                pub fn of(code: &str) -> Option<Self> {
                    match code { $($code => Some(Self::$choice),)* _ => None }
                }

                /// The label in a language.
                pub const fn label(self, language: record::Language) -> &'static str {
                    let (en, fr) = match self { $(Self::$choice => ($en, $fr),)* };
                    match language {
                        record::Language::English => en,
                        record::Language::French => fr,
                    }
                }
            }

            impl $crate::field::Field for $name {
                fn absent() -> Option<Self> {
                    None
                }
                fn is_absent(&self) -> bool {
                    false
                }
                fn write(&self, to: &mut $crate::field::Writer) -> $crate::field::Written {
                    to.u32(match self { $(Self::$choice => $number,)* }).map(drop)
                }
                fn read(from: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
                    match from.u32()? {
                        $($number => Ok(Self::$choice),)*
                        _ => Err(minicbor::decode::Error::message("a choice of a newer release")),
                    }
                }
            }
        )*
    };
}
pub(crate) use choices;

/// Declares why a decision is refused: each variant a sentence that says what to do next, in
/// English and French.
macro_rules! refusals {
    ($(
        $(#[$about:meta])*
        $name:ident { $($(#[$told:meta])* $refusal:ident $en:literal $fr:literal,)* }
    )*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum $name {
                $($(#[$told])* $refusal,)*
            }

            impl $name {
                /// The sentence for the caseworker.
                pub const fn sentence(self, language: record::Language) -> &'static str {
                    let (en, fr) = match self { $(Self::$refusal => ($en, $fr),)* };
                    match language {
                        record::Language::English => en,
                        record::Language::French => fr,
                    }
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(self.sentence(record::Language::English))
                }
            }

            impl std::error::Error for $name {}
        )*
    };
}
pub(crate) use refusals;

impl Field for record::Item {
    fn absent() -> Option<Self> {
        None
    }
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self, to: &mut Writer) -> Written {
        to.str(&self.to_string()).map(drop)
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        from.str().map(Self::read)
    }
}

/// The parts of a record write and read themselves, with their version and what they keep.
macro_rules! parts {
    ($($part:ident)*) => {
        $(
            impl Field for record::$part {
                fn absent() -> Option<Self> {
                    None
                }
                fn is_absent(&self) -> bool {
                    false
                }
                fn write(&self, to: &mut Writer) -> Written {
                    to.encode(self).map(drop)
                }
                fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                    from.decode()
                }
            }
        )*
    };
}
parts!(Person Event Act Source Consent Ground Assessment Response Step Remedy Help Commitment Law);

/// Numbers that name a thing within its case.
macro_rules! names {
    ($($name:ident)*) => {
        $(
            impl Field for record::$name {
                fn absent() -> Option<Self> {
                    None
                }
                fn is_absent(&self) -> bool {
                    false
                }
                fn write(&self, to: &mut Writer) -> Written {
                    to.u32(self.0).map(drop)
                }
                fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                    from.u32().map(Self)
                }
            }
        )*
    };
}
names!(PersonId EventId ActId SourceId);
