//! `cargo xtask soak`.
use crate::broken::Try;
use crate::place::Profile;
pub(crate) fn run(_flags: &[&str]) -> Try<()> { let s = crate::kill::relay(50, Profile::Dev)?; println!("{}", s.told()); s.holds() }
