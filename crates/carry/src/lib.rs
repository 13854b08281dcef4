//! How sealed bytes travel: over HTTP to a relay, or as files in a folder on a stick.
//!
//! This room sees the outside of letters alone. It makes no seal, keeps no key, and believes
//! nothing it fetched: notices, receipts and manifests are checked by whoever asked for them.

pub mod folder;
pub mod http;
