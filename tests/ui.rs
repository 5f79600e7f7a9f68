//! What is refused: every message stands at the token it is about and says what to write instead.

#[test]
fn refusals() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}
