//! The text of a crate of many functions, for measuring how long it takes to compile.

use std::fmt::Write;

/// How many lines each function has.
pub const LINES: usize = 18;

/// A crate of functions, each with the attribute before it if there is one. Each has a loop, a branch and a dozen
/// operations, which differ from function to function.
pub fn source(functions: usize, attribute: Option<&str>) -> String {
    let mut text = "//! Generated.\n#![allow(missing_docs)]\n".to_owned();
    if attribute.is_some() {
        text += "use differentiable::differentiable;\n";
    }
    for index in 0..functions {
        let attribute = attribute.map_or_else(String::new, |attribute| format!("#[{attribute}]\n"));
        _ = write!(text, "\n{attribute}{}", function(index));
    }
    text
}

fn function(index: usize) -> String {
    let pick = |step: usize, names: &[&'static str]| names[(index / step + step) % names.len()];
    let bent = pick(1, &["sin", "cos", "tanh", "atan"]);
    let grown = pick(4, &["exp", "cosh", "sinh"]);
    let rooted = pick(12, &["sqrt", "ln", "cbrt"]);
    let last = pick(3, &["cos", "sin", "tanh"]);
    let (low, high) = (index % 7, index % 5 + 1);
    format!(
        "pub fn function_{index}(x: &[f64], scale: f64, shift: f64) -> f64 {{
    let mut sum = scale * shift;
    let mut weight = 1.{low};
    for i in 0..x.len() {{
        let moved = x[i] * scale + shift;
        let bent = (moved * 0.{high}).{bent}();
        if bent > 0.{low} {{
            sum += bent * moved - weight;
            weight = 0.5 * weight + (0.1 * moved).{grown}();
        }} else {{
            let squared = bent * bent + {high}.0;
            sum -= squared.{rooted}();
            weight *= 0.9;
        }}
    }}
    let end = sum.tanh() + weight * scale;
    end * end + shift.{last}()
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::{LINES, function, source};

    #[test]
    fn functions_have_the_length_that_is_said() {
        assert!((0..60).all(|index| function(index).lines().count() == LINES));
    }

    #[test]
    fn every_function_has_the_attribute() {
        let text = source(300, Some("differentiable"));
        assert_eq!(text.matches("#[differentiable]").count(), 300);
        assert_eq!(text.matches("pub fn").count(), 300);
        assert!(!source(300, None).contains("differentiable"));
    }
}
