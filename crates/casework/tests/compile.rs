//! Claims the compiler keeps: what cannot be written down cannot happen.

#[test]
fn evidence_cannot_be_made_up() {
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}
