//! Small strictness around the CBOR library: bounded lists, fixed lengths, encoding into memory.

use minicbor::Encoder;
use minicbor::decode::Error;

pub(crate) type Writer = Encoder<Vec<u8>>;
pub(crate) type WriteResult = Result<(), minicbor::encode::Error<std::convert::Infallible>>;
pub(crate) type ReadResult<T> = Result<T, Error>;

/// Encodes into memory, which cannot fail.
pub(crate) fn write(with: impl FnOnce(&mut Writer) -> WriteResult) -> Vec<u8> {
    let mut e = Encoder::new(Vec::new());
    match with(&mut e) {
        Ok(()) => e.into_writer(),
        Err(_) => Vec::new(),
    }
}

/// A definite count of at most 1,000; nothing is allocated from a count alone.
pub(crate) fn bounded(count: Option<u64>) -> ReadResult<u64> {
    count
        .filter(|n| *n <= 1_000)
        .ok_or_else(|| Error::message("a definite, bounded list"))
}

/// An array of exactly this many parts.
pub(crate) fn tuple(d: &mut minicbor::Decoder<'_>, parts: u64) -> ReadResult<()> {
    if d.array()? == Some(parts) {
        Ok(())
    } else {
        Err(Error::message("another number of parts"))
    }
}

/// Bytes of exactly the length asked for.
pub(crate) fn fixed<const N: usize>(bytes: &[u8]) -> ReadResult<[u8; N]> {
    bytes
        .try_into()
        .map_err(|_| Error::message("another length"))
}
