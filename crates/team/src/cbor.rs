//! Small strictness around the CBOR library, as in `envelope`: one form only, bounded lists, fixed
//! lengths.

use minicbor::decode::{Decoder, Error};

pub(crate) type Writer = minicbor::Encoder<Vec<u8>>;
pub(crate) type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;
pub(crate) type Reading<T> = Result<T, Error>;

/// No list of the log is longer: no item holds as much.
const MOST: u64 = 8_192;

/// Encodes into memory, which cannot fail.
pub(crate) fn write(with: impl FnOnce(&mut Writer) -> Written) -> Vec<u8> {
    let mut to = Writer::new(Vec::new());
    match with(&mut to) {
        Ok(()) => to.into_writer(),
        Err(_) => Vec::new(),
    }
}

/// Reads the one item that bytes are, in its only form.
pub(crate) fn read<'b, T>(
    bytes: &'b [u8],
    with: impl FnOnce(&mut Decoder<'b>) -> Reading<T>,
) -> Option<T> {
    if !envelope::is_deterministic(bytes) {
        return None;
    }
    with(&mut Decoder::new(bytes)).ok()
}

pub(crate) fn missing() -> Error {
    Error::message("a part is missing")
}

/// Walks a map with whole numbers for keys.
pub(crate) fn map<'b>(
    from: &mut Decoder<'b>,
    mut each: impl FnMut(u64, &mut Decoder<'b>) -> Reading<()>,
) -> Reading<()> {
    for _ in 0..bounded(from.map()?)? {
        let key = from.u64()?;
        each(key, from)?;
    }
    Ok(())
}

/// The number under key 0 of a map that comes next, which is not consumed.
pub(crate) fn first(from: &mut Decoder<'_>) -> Reading<u64> {
    let mut ahead = from.probe();
    bounded(ahead.map()?)?;
    if ahead.u64()? == 0 {
        ahead.u64()
    } else {
        Err(missing())
    }
}

/// Walks a list; nothing is allocated from its count alone.
pub(crate) fn list<'b, T>(
    from: &mut Decoder<'b>,
    mut each: impl FnMut(&mut Decoder<'b>) -> Reading<T>,
) -> Reading<Vec<T>> {
    let mut out = Vec::new();
    for _ in 0..bounded(from.array()?)? {
        out.push(each(from)?);
    }
    Ok(out)
}

fn bounded(count: Option<u64>) -> Reading<u64> {
    count
        .filter(|n| *n <= MOST)
        .ok_or_else(|| Error::message("a definite, bounded list"))
}

/// An array of exactly this many parts.
pub(crate) fn tuple(from: &mut Decoder<'_>, parts: u64) -> Reading<()> {
    if from.array()? == Some(parts) {
        Ok(())
    } else {
        Err(Error::message("another number of parts"))
    }
}

/// Bytes of exactly the length asked for.
pub(crate) fn fixed<const N: usize>(from: &mut Decoder<'_>) -> Reading<[u8; N]> {
    from.bytes()?
        .try_into()
        .map_err(|_| Error::message("another length"))
}
