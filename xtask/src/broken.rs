//! Why a task stopped, as a sentence for whoever runs it. Nothing branches on it.

/// The sentence.
#[derive(Debug)]
pub(crate) struct Broken(pub(crate) String);

/// What every task yields.
pub(crate) type Try<T> = Result<T, Broken>;

/// Stops with a sentence.
pub(crate) fn stop<T>(why: impl Into<String>) -> Try<T> {
    Err(Broken(why.into()))
}

/// Says what was being done when something below went wrong.
pub(crate) trait While<T> {
    /// `doing` reads after "while": "reading the notice".
    fn doing(self, doing: impl FnOnce() -> String) -> Try<T>;
}

impl<T, E: std::fmt::Display> While<T> for Result<T, E> {
    fn doing(self, doing: impl FnOnce() -> String) -> Try<T> {
        self.map_err(|error| Broken(format!("{}: {error}", doing())))
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
