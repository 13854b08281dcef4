//! A package cannot be built from a case alone, nor from a consent, and what was handed over cannot
//! be told without one.
use casework::{Case, Package, PackageSent, RecordedConsent, Stamp, send_package};

fn pack(case: &Case, consent: &RecordedConsent) {
    let _ = Package::new(case, "WGAD");
    let _ = Package::new(consent, "WGAD");
}

fn tell(case: &Case, handed: &PackageSent, stamp: Stamp) {
    let _ = send_package(case, handed, "by hand", stamp);
}

fn main() {}
