//! What is told to a person, in the two languages of the desk.

/// One sentence or two, in both languages. A missing one does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// English.
    pub en: &'static str,
    /// French.
    pub fr: &'static str,
}

pub(crate) const fn told(en: &'static str, fr: &'static str) -> Told {
    Told { en, fr }
}
