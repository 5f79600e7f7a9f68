//! Macros and attributes inside of differentiated functions.

#![allow(clippy::all, deprecated)]

mod common;
use common::check;
use differentiable::differentiable;

macro_rules! close {
    ($a:expr, $b:expr) => {
        ($a - $b).abs() < 1e-3
    };
}

macro_rules! degree {
    ($n:expr) => {
        $n + 1
    };
}

#[differentiable]
fn checks(x: f64, n: usize) -> f64 {
    assert!(x > 0.0, "x is {x}");
    assert_eq!(n, 2);
    debug_assert!(x < 10.0);
    assert!(!close!(x, 100.0));
    println!("x = {x}, {:?}", x * 2.0);
    eprintln!("{}", x);
    let text = format!("{n}");
    if text.is_empty() {
        unreachable!();
    }
    let y = dbg!(x * x) * 5.0;
    if cfg!(debug_assertions) && n > 100 {
        panic!("{} at {x}", stringify!(checks));
    }
    assert!(concat!("a", "b").len() == 2);
    y
}

#[differentiable]
fn never_ends(x: f64, n: u8) -> f64 {
    match n {
        0 => x * x,
        1 => todo!(),
        2 => unimplemented!("{}", x),
        3 => panic!("three"),
        _ => unreachable!(),
    }
}

#[differentiable]
fn vectors(x: f64, n: usize) -> f64 {
    let mut a = vec![x; n];
    let b = vec![x, 2.0, x * x];
    let mut c: Vec<f64> = vec![];
    c.push(a[0]);
    a[0] = b[2];
    let d = vec![vec![x; 2]; 2];
    a[0] * a[1] + b[0] * c[0] + d[1][0]
}

#[differentiable]
fn a_macro_as_a_condition(x: f64, y: f64) -> f64 {
    if close!(x, 1.0) {
        return y * 2.0 + x;
    }
    let mut s = x;
    let mut n = 0;
    while !close!(s, 0.0) && n < 3 {
        s = s * y;
        n += 1;
    }
    let flat: bool = close!(y, 0.0);
    if (n > 5 || close!(y, 3.0)) && !flat { s * s } else { s * x }
}

#[differentiable]
fn keeps_inactive_macros(x: f64, n: i32) -> f64 {
    let m: i32 = degree!(n);
    x.powi(m)
}

#[differentiable]
fn attributes_inside(x: f64) -> f64 {
    #[allow(unused_variables)]
    let unused = x * 2.0;
    #[cfg(any())]
    let x = x * 100.0;
    #[cfg(all())]
    let x = x * 3.0;
    #[allow(unused_parens)]
    let y = (x * x);
    y
}

macro_rules! powers {
    ($($name:ident = |$x:ident| $body:expr;)*) => {
        $(
            #[differentiable]
            fn $name($x: f64) -> f64 {
                $body
            }
        )*
    };
}

powers! {
    squared = |x| x * x;
    cubed = |y| y * y * y;
}

/// Documented.
#[inline]
#[must_use]
#[track_caller]
#[cfg_attr(all(), allow(dead_code))]
#[deprecated]
#[differentiable]
/// After, too.
fn beside(x: f64) -> f64 {
    x.sin()
}

#[test]
fn standard_macros() {
    check!(checks(1.5, 2), 2.0 * 1.5 * 5.0);
    check!(never_ends(1.5, 0), 3.0);
    // x³ + x² + x.
    check!(vectors(1.5, 2), 3.0 * 1.5 * 1.5 + 2.0 * 1.5 + 1.0);
}

#[test]
fn macros_of_users() {
    check!(a_macro_as_a_condition(1.0, 0.5), (1.0, 2.0));
    // x² y³.
    check!(a_macro_as_a_condition(1.5, 0.5), (2.0 * 1.5 * 0.125, 3.0 * 1.5 * 1.5 * 0.25));
    // x² y⁶.
    let (x, y) = (1.5f64, 3.0f64);
    check!(a_macro_as_a_condition(x, y), (2.0 * x * y.powi(6), 6.0 * x * x * y.powi(5)));
    check!(keeps_inactive_macros(2.0, 2), 12.0);
    check!(attributes_inside(2.0), 36.0);
    check!(squared(3.0), 6.0);
    check!(cubed(3.0), 27.0);
    check!(beside(0.5), 0.5f64.cos());
}

/// What is written into a text has no derivative.
#[differentiable]
fn writes_texts(x: f64) -> f64 {
    use std::fmt::Write;
    let mut text = String::new();
    write!(text, "{x} and {:?}", x * x).unwrap();
    writeln!(&mut text, "{}", stringify!(x)).unwrap();
    if text.is_empty() { x } else { x * x }
}

#[test]
fn texts() {
    check!(writes_texts(1.5), 3.0);
}
