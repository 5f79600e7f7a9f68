//! Long and deeply nested sources: what the macro does with them ends, and does not exhaust its stack.

#![allow(clippy::all, unused_parens)]

mod common;

use common::{assert_near, difference};
use differentiable::{Differentiable, differentiable};

/// The tokens in front of the function's are repeated ten times, three times over.
macro_rules! long_sum {
    (@1 $f:ident $x:ident [$($t:tt)*]) => { long_sum!(@2 $f $x [$($t)* $($t)* $($t)* $($t)* $($t)* $($t)* $($t)* $($t)* $($t)* $($t)*]); };
    (@2 $f:ident $x:ident [$($t:tt)*]) => { long_sum!(@3 $f $x [$($t)* $($t)* $($t)* $($t)* $($t)* $($t)* $($t)* $($t)* $($t)* $($t)*]); };
    (@3 $f:ident $x:ident [$($t:tt)*]) => {
        #[differentiable]
        fn $f($x: f64) -> f64 {
            $x.sin() $($t)*
        }
    };
}

long_sum!(@1 thousand_terms x [+ x * x + x * 0.5 - x + 2.0 * x * x + x - x * x + x + x * x + x - x]);

#[test]
fn a_sum_of_a_thousand_terms() {
    assert_near("x", &thousand_terms::grad(0.7), &difference(thousand_terms, 0.7), 1e-6);
    assert_near("dot", &thousand_terms::jvp(0.7, 1.0).1, &difference(thousand_terms, 0.7), 1e-6);
}

/// Each level is an `if` inside of parentheses inside of a call.
macro_rules! nested {
    ($f:ident $x:ident [] $($inner:tt)*) => {
        #[differentiable]
        fn $f($x: f64) -> f64 {
            $($inner)*
        }
    };
    ($f:ident $x:ident [$first:tt $($level:tt)*] $($inner:tt)*) => {
        nested!($f $x [$($level)*] f64::sin((if $x < 2.0 { $x * ($($inner)*) } else { $x.cos() })));
    };
}

nested!(deep x [1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1] x);

#[test]
fn sixty_branches_inside_of_each_other() {
    for x in [0.3, 2.1] {
        assert_near("x", &deep::grad(x), &difference(deep, x), 1e-6);
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Market {
    spot: f64,
    volatility: Option<f64>,
}

/// Only the name of the method tells that the field is an `Option`.
#[differentiable]
fn quoted(market: &Market) -> Result<(f64, f64), String> {
    let sigma = market.volatility.ok_or("no volatility")?;
    let d = market.spot.ln() + sigma.powi(2) / 2.0;
    Ok((d, d * sigma))
}

#[differentiable]
fn product(spot: f64, volatility: f64) -> f64 {
    let market = Market { spot, volatility: Some(volatility) };
    let (a, b) = quoted(&market).unwrap();
    a * b
}

#[test]
fn a_field_of_which_only_a_method_tells_the_type() {
    let (by_spot, by_volatility) = product::grad(3.0, 0.4);
    assert_near("spot", &by_spot, &difference(|x| product(x, 0.4), 3.0), 1e-8);
    assert_near("volatility", &by_volatility, &difference(|x| product(3.0, x), 0.4), 1e-8);
    let (_, pullback) = quoted::vjp(&Market { spot: 3.0, volatility: Some(0.4) }).unwrap();
    assert_eq!(pullback((1.0, 0.0)).volatility, Some(0.4));
    assert!(quoted::vjp(&Market { spot: 3.0, volatility: None }).is_err());
}
