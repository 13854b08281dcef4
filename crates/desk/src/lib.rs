//! The desk: a caseworker's own machine. It collects and opens what came through the relay, keeps
//! the log in its vault, answers, and shows the office's local pages on loopback.
//!
//! It joins the rooms and decides nothing: what decides is in `casework`, what knows SQL in
//! `vault`, what knows a format in `papers`. Time and randomness are handed in everywhere but in
//! the running server.

mod alarm;
pub mod apart;
mod by_hand;
mod desk;
mod drafts;
mod evidence;
pub mod hex;
mod http;
mod intake;
mod lists;
mod office_keys;
mod phrases;
pub mod pictures;
mod post;
mod publish;
mod readable;
mod release;
mod reply;
mod round;
mod saved;
mod serve;
pub mod settings;
mod tokens;
mod web;

pub use alarm::Alarm;
pub use apart::Apart;
pub use desk::{CannotDecide, CannotFound, CannotUnlock, Desk, Founded};
pub use evidence::{Evidence, HandOut, Stray};
pub use http::HttpPost;
pub use intake::Became;
pub use office_keys::Identity;
pub use post::{Post, Request, Response, Unreachable};
pub use publish::{CannotPublish, Carried, Published};
pub use readable::{CannotRemove, Holds, Lies, ReadableFile, Removed, WrittenFile};
pub use release::{CannotRelease, Countable, LeftOut, ReleaseTerms};
pub use reply::{Consequence, WayBack, cells_for};
pub use round::{CannotCollect, Collected, Visit};
pub use saved::{CannotSave, SavedSearch};
pub use serve::{CannotServe, Serving, serve};
pub use vault::{Cost, Passphrase};
pub use web::{Answered, Asked, House};
