//! Claims the compiler keeps: what was not protected cannot be published.

#[test]
fn a_release_cannot_be_made_up() {
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}
