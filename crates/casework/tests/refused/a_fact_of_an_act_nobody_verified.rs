//! An act is counted only through the case that verified it, and with the proof of consent.
use casework::{Case, Places, VerifiedAct, Verification, countable};
use record::Act;

fn count(case: &Case, act: &Act, verification: &Verification) {
    let _ = countable(case, &Places::default());
    let _ = countable(case, &None, &Places::default());
    let _ = VerifiedAct { case, act, verification };
}

fn main() {}
