//! An answer is quoted from a page that may be public, and from nowhere else.
use casework::Case;
use papers::redaction::quoted;
use record::ResponseId;

fn from_the_case(case: &Case) {
    let _ = quoted(case, ResponseId(1), &[]);
}

fn main() {}
