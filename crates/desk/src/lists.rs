//! The lists of days, in which people look for answers: what the relay signs of them has to be what
//! its epochs show. Nobody but the office knows which cells are its own. (protocol §6)

use std::collections::BTreeMap;

use envelope::Epoch;
use envelope::board::{DayLists, Manifest, NotTheSignedDays, SHORT_TAG_BYTES, SignedManifest};

/// Tags as listed, in their order.
pub(crate) type Tags = Vec<[u8; SHORT_TAG_BYTES]>;

/// The manifest of another epoch has to be at hand first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Needs(pub(crate) Epoch);

enum Stopped {
    Hidden,
    At(Epoch),
}

impl From<NotTheSignedDays> for Stopped {
    fn from(_: NotTheSignedDays) -> Self {
        Self::Hidden
    }
}

/// Whether the file of an epoch's day leads, from a day before it, to what the epoch's manifest
/// signs, and lists this epoch with as many tags as it has cells: those of its cells, where they are
/// known.
pub(crate) fn fits(
    signed: &SignedManifest,
    file: &[u8],
    tags: Option<&Tags>,
    shown: &BTreeMap<Epoch, SignedManifest>,
) -> Result<bool, Needs> {
    // That it gives up an epoch too soon is told as that.
    let manifest = &Manifest {
        kept_from: Epoch(0),
        ..signed.manifest().clone()
    };
    let mut lists = DayLists::of(manifest, manifest.day);
    if lists.add(manifest.day, file).is_err() {
        return Ok(false);
    }
    match lists.verify(|epoch| shown.get(&epoch).cloned().ok_or(Stopped::At(epoch))) {
        Err(Stopped::Hidden) => Ok(false),
        Err(Stopped::At(epoch)) if epoch == manifest.epoch => Ok(false),
        Err(Stopped::At(epoch)) => Err(Needs(epoch)),
        Ok(entries) => Ok(entries.iter().any(|entry| {
            entry.epoch == manifest.epoch
                && entry.tags.len() as u64 == manifest.cells
                && tags.is_none_or(|tags| *tags == entry.tags)
        })),
    }
}
