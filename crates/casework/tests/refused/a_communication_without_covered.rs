//! A communication cannot be built from a case alone, nor from a consent.
use casework::{Case, Communication, RecordedConsent};
use record::{Code, Date};

fn send(case: &Case, consent: &RecordedConsent, today: Date) {
    let kind = Code::of("urgent-appeal").unwrap();
    let _ = Communication::new(case, kind, "WGAD", "Please act.", today);
    let _ = Communication::new(consent, kind, "WGAD", "Please act.", today);
}

fn main() {}
