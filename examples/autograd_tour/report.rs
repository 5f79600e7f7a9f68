//! Prints what a program computed beside what it should have computed.

use std::fmt::Display;

/// Counts the checks of all programs.
#[derive(Default)]
pub(crate) struct Report {
    passed: usize,
    failed: usize,
}

impl Report {
    /// Starts the output of one program.
    pub(crate) fn program(&mut self, title: &str) {
        println!("\n{title}");
    }

    /// Compares numbers with the expected ones, with a tolerance of 1e-7 relative to each (absolute below 1).
    pub(crate) fn check<'a>(
        &mut self,
        what: &str,
        actual: impl IntoIterator<Item = &'a f64>,
        expected: impl IntoIterator<Item = &'a f64>,
    ) {
        let actual: Vec<f64> = actual.into_iter().copied().collect();
        let expected: Vec<f64> = expected.into_iter().copied().collect();
        let near = |(a, e): (&f64, &f64)| (a - e).abs() <= 1e-7 * e.abs().max(1.0);
        let passed = actual.len() == expected.len() && actual.iter().zip(&expected).all(near);
        self.line(passed, what, format_args!("{}  expected {}", list(&actual), list(&expected)));
    }

    /// Reports something that holds or does not.
    pub(crate) fn holds(&mut self, what: &str, passed: bool) {
        self.line(passed, what, format_args!("{}", if passed { "yes" } else { "no" }));
    }

    /// Prints the totals; true if nothing failed.
    pub(crate) fn finish(self) -> bool {
        println!("\n{} passed, {} failed", self.passed, self.failed);
        self.failed == 0
    }

    fn line(&mut self, passed: bool, what: &str, result: impl Display) {
        if passed {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
        println!("  {} {what}: {result}", if passed { '✓' } else { '✗' });
    }
}

/// The numbers with at most eight decimals.
fn list(numbers: &[f64]) -> String {
    let short = |number: &f64| {
        let text = format!("{number:.8}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let texts: Vec<String> = numbers.iter().map(short).collect();
    if let [text] = &texts[..] { text.clone() } else { format!("[{}]", texts.join(", ")) }
}
