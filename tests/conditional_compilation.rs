//! `#[cfg(..)]` inside a differentiable function: the derivative is that of what was compiled.

#![allow(clippy::all, dead_code, unused)]

mod common;
use common::{check, check_gradient};
use differentiable::differentiable;

#[differentiable]
fn statements(x: f64) -> f64 {
    let mut y = x;
    #[cfg(all())]
    let factor = 3.0 * x;
    #[cfg(any())]
    let factor = does_not_exist(x);
    #[cfg(any())]
    y += 1.0;
    #[cfg(not(any()))]
    {
        y *= factor;
    }
    #[cfg(not(all()))]
    return 0.0;
    y
}

#[test]
fn statements_that_are_not_compiled_have_no_derivative() {
    check!(statements(1.5), 9.0);
}

#[differentiable]
fn tails(x: f64) -> f64 {
    let y = x * x;
    #[cfg(all())]
    {
        y.sin()
    }
    #[cfg(not(all()))]
    {
        missing::sin(y)
    }
}

#[test]
fn the_block_that_is_compiled_is_the_value() {
    check!(tails(0.7), 1.4 * 0.49_f64.cos());
}

#[differentiable]
fn arms(x: f64, n: u8) -> f64 {
    match n {
        #[cfg(any())]
        0 => 7.0 * x,
        #[cfg(all())]
        0 => x * x,
        _ => x,
    }
}

#[test]
fn arms_of_a_match() {
    check!(arms(3.0, 0), 6.0);
    check!(arms(3.0, 1), 1.0);
}

#[differentiable]
fn nested(x: f64) -> f64 {
    #[cfg(all())]
    {
        let mut y = x;
        for _ in 0..2 {
            #[cfg(any())]
            break;
            #[cfg(not(any()))]
            y *= x;
        }
        #[cfg(all(not(any()), all()))]
        let y = y + x;
        return y;
    }
    #[cfg(not(all()))]
    x
}

#[test]
fn conditions_within_conditions() {
    check!(nested(2.0), 13.0);
}

#[differentiable]
fn elements(x: f64) -> f64 {
    let table = [
        1.0,
        #[cfg(any())]
        2.0,
        4.0,
    ];
    #[cfg(all())]
    fn scale() -> f64 {
        10.0
    }
    #[cfg(not(all()))]
    fn scale() -> f64 {
        20.0
    }
    table[1] * x * scale()
}

#[test]
fn elements_of_arrays_and_inner_functions() {
    check!(elements(2.0), 40.0);
}

#[differentiable]
#[cfg(all())]
fn under_a_condition(x: f64) -> f64 {
    x * x
}

#[differentiable]
#[cfg(any())]
fn under_a_condition(x: f64) -> f64 {
    x * x * x
}

#[test]
fn the_function_itself_may_have_a_condition_below_the_attribute() {
    check!(under_a_condition(2.0), 4.0);
}

mod renamed {
    pub(crate) use ::differentiable as ad;
}

#[renamed::ad::differentiable(crate = crate::renamed::ad, wrt(x))]
fn with_options(x: f64, y: f64) -> f64 {
    #[cfg(all())]
    let x = x * y;
    x
}

#[test]
fn options_are_kept() {
    check_gradient!(with_options(2.0, 5.0), 5.0);
}
