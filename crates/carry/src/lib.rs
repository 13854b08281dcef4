//! How sealed bytes travel: over HTTP to a relay, as files in a folder on a stick, as pictures from
//! a screen to a camera, as lines of text.
//!
//! This room sees the outside of letters alone. It makes no seal, keeps no key, and believes
//! nothing it fetched: notices, receipts and manifests are checked by whoever asked for them.

pub mod blocks;
pub mod folder;
pub mod http;
pub mod parcel;
pub mod symbols;
