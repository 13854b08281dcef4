//! An act is counted only through its case, which knows whether it was verified, and with the
//! proof of consent.
use casework::{Case, Places, countable};
use record::Act;

fn count(case: &Case, act: &Act) {
    let _ = countable(case, &Places::default());
    let _ = countable(case, &None, &Places::default());
    let _ = countable(act, &None, &Places::default());
}

fn main() {}
