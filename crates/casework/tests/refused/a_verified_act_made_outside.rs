//! Only `Case::verified_acts` makes the proof that an act was verified.
use casework::{Case, VerifiedAct, Verification};
use record::Act;

fn verify<'a>(case: &'a Case, act: &'a Act, verification: &'a Verification) -> VerifiedAct<'a> {
    VerifiedAct { case, act, verification }
}

fn main() {}
