//! How a command ends: a line, and a number a script can ask for.

use std::fmt::Display;
use std::process::ExitCode;

use desk::{CannotCollect, CannotFound, CannotPublish, CannotUnlock};
use vault::{CannotBackUp, CannotCreate, CannotOpen, CannotRestore};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ending {
    /// Done.
    Done = 0,
    /// Tried, and it failed.
    Failed = 1,
    /// Asked for in a way the program does not know.
    Usage = 2,
    /// What was handed in was refused: a file, a passphrase, a vault.
    Refused = 3,
    /// The relay could not be reached.
    Unreachable = 4,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending as u8)
    }
}

/// A command that did not do what it was asked: how it ends, and the line that says why.
#[derive(Debug)]
pub(crate) struct Unfinished {
    pub(crate) ending: Ending,
    pub(crate) line: String,
}

impl Unfinished {
    pub(crate) fn refused(why: impl Display) -> Self {
        Self {
            ending: Ending::Refused,
            line: why.to_string(),
        }
    }

    pub(crate) fn failed(why: impl Display) -> Self {
        Self {
            ending: Ending::Failed,
            line: why.to_string(),
        }
    }
}

/// Which errors are whose fault.
macro_rules! endings {
    ($($error:ty => |$e:ident| $ending:expr;)*) => {
        $(
            impl From<$error> for Unfinished {
                fn from($e: $error) -> Self {
                    Self {
                        ending: $ending,
                        line: $e.to_string(),
                    }
                }
            }
        )*
    };
}
endings! {
    CannotFound => |e| match &e {
        CannotFound::Vault(CannotCreate::Disk(_)) | CannotFound::Store(_) => Ending::Failed,
        _ => Ending::Refused,
    };
    CannotUnlock => |e| match &e {
        CannotUnlock::Vault(CannotOpen::Disk(_) | CannotOpen::Store(_)) | CannotUnlock::Store(_) => Ending::Failed,
        _ => Ending::Refused,
    };
    CannotCollect => |e| match &e {
        CannotCollect::Unreachable | CannotCollect::NotNow => Ending::Unreachable,
        CannotCollect::Store(_) => Ending::Failed,
        _ => Ending::Refused,
    };
    CannotPublish => |e| match &e {
        CannotPublish::Relay(CannotCollect::Unreachable | CannotCollect::NotNow) => Ending::Unreachable,
        CannotPublish::Refused { status: 500.., .. } => Ending::Unreachable,
        CannotPublish::Store(_) => Ending::Failed,
        _ => Ending::Refused,
    };
    CannotBackUp => |e| match &e {
        CannotBackUp::AlreadyThere => Ending::Refused,
        _ => Ending::Failed,
    };
    CannotRestore => |e| match &e {
        CannotRestore::Disk(_) | CannotRestore::Store(_) => Ending::Failed,
        _ => Ending::Refused,
    };
    desk::CannotServe => |e| match e {
        desk::CannotServe::CannotListen(_) => Ending::Failed,
        _ => Ending::Refused,
    };
    vault::CannotUnlock => |_e| Ending::Refused;
    vault::MistypedSheet => |_e| Ending::Refused;
    vault::Failed => |_e| Ending::Failed;
}
