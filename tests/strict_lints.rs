//! Generated code is clean under strict lints, used or not, whatever the function does.

#![deny(
    warnings,
    missing_docs,
    unused,
    unreachable_pub,
    nonstandard_style,
    future_incompatible,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    let_underscore_drop,
    trivial_casts,
    trivial_numeric_casts,
    unused_lifetimes,
    unused_qualifications,
    missing_debug_implementations,
    missing_copy_implementations,
    clippy::all,
    clippy::pedantic
)]
#![forbid(unsafe_code)]
#![allow(clippy::many_single_char_names)]

use differentiable::ndarray::{Array1, Array2, Axis, array};
use differentiable::{Differentiable, Tangent, differentiable};

/// Called, but never differentiated.
#[differentiable]
fn only_called(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
pub(crate) fn loops(x: f64, v: &[f64], n: usize) -> f64 {
    let mut y = x;
    for a in v {
        y = y * a + 1.0;
    }
    let mut trips = 0;
    while y < 10.0 {
        if trips > n {
            break;
        }
        trips += 1;
        if trips % 2 == 0 {
            continue;
        }
        y *= 1.5;
    }
    'outer: for i in 0..n {
        for j in 0..i {
            if y > 100.0 {
                break 'outer;
            }
            if y < -100.0 {
                return x;
            }
            y += v[j % v.len()];
        }
    }
    y
}

#[differentiable]
fn branches(x: f64, n: i32, _unused: f64) -> f64 {
    let y = match n {
        0 => x.sin(),
        1..=3 => x.powi(n),
        _ if x > 0.0 => {
            let z = x.sqrt();
            z * z
        }
        _ => return 0.0,
    };
    let [a, b] = if y > 1.0 { [y, x] } else { [x, 2.0] };
    a * b
}

#[differentiable]
fn in_place(v: &mut [f64], total: &mut f64, k: f64) {
    for x in v.iter_mut() {
        *x *= k;
        *total += *x;
    }
}

#[differentiable]
fn buffers(x: f64) -> (f64, [f64; 3]) {
    let mut a = [x; 3];
    let mut b = vec![0.0; 3];
    for i in 0..3 {
        a[i] *= x;
        b[i] = a[i] + a[0];
    }
    let mut total = 0.0;
    in_place(&mut b, &mut total, x);
    (total * b[2], a)
}

#[differentiable(wrt(w, b))]
fn tensors(w: &Array2<f64>, b: Array1<f64>, x: &Array1<f64>, scale: f64) -> f64 {
    let z = (w.dot(x) + b).mapv(|v| (v * scale).tanh());
    let columns = w.sum_axis(Axis(1));
    (&z * &columns).mean().unwrap()
}

#[differentiable]
fn calls(x: f64, v: &[f64]) -> f64 {
    let (y, [a, _, _]) = buffers(x);
    square(y) + loops(a, v, 3) + differentiable::stop_gradient(x) * x
}

#[differentiable]
fn constant(_x: f64) -> f64 {
    1.0
}

#[differentiable]
fn recursive(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { x * recursive(x * 0.5, n - 1) }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Point {
    x: f64,
    y: f64,
    id: u32,
    #[nograd]
    weight: f64,
}

/// Derived, but nothing of the tangent is used.
#[derive(Clone, Debug, Differentiable)]
struct Unused<'a, T: Copy, const N: usize> {
    values: [T; N],
    text: &'a str,
    big: Option<Box<Unused<'a, T, N>>>,
}

#[derive(Clone, Debug, Differentiable)]
#[allow(clippy::large_enum_variant, reason = "the tangent is as large")]
pub(crate) enum Shape {
    Nothing,
    Circle(f64, usize),
    Samples { all: [f64; 64], first: Point },
}

fn near(actual: f64, expected: f64) -> bool {
    (actual - expected).abs() < 1e-6 * expected.abs().max(1.0)
}

fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
}

#[test]
fn scalars() {
    let v = [0.5, -0.3];
    let (x_bar, v_bar) = loops::grad(0.7, &v, 4);
    assert!(near(x_bar, slope(|x| loops(x, &v, 4), 0.7)));
    assert!(near(v_bar[1], slope(|a| loops(0.7, &[0.5, a], 4), -0.3)));
    for n in 0..5 {
        let (x_bar, unused_bar) = branches::grad(1.3, n, 9.0);
        assert!(near(x_bar, slope(|x| branches(x, n, 9.0), 1.3)));
        assert!(near(unused_bar, 0.0));
    }
    assert!(near(constant::grad(2.0), 0.0));
    assert!(near(only_called(3.0), 9.0));
    // x · x/2 · x/4.
    assert!(near(recursive::grad(2.0, 2), 3.0 * 4.0 / 8.0));
}

#[test]
fn arrays() {
    let (_, pullback) = buffers::vjp(1.2);
    // The total is 6 x³ and the last element 2 x³.
    assert!(near(pullback((1.0, [0.0; 3])), 72.0 * 1.2_f64.powi(5)));
    assert!(near(pullback((0.0, [1.0; 3])), 7.2));
    // Only part of the gradient passes: the last product is held constant.
    let (x_bar, _) = calls::grad(1.2, &[0.5, -0.3]);
    let without = |x: f64| calls(x, &[0.5, -0.3]) - x * x;
    assert!(near(x_bar, slope(without, 1.2) + 1.2));
    let (w, b, x) = (array![[0.5, -1.0], [0.75, 0.25]], array![0.1, -0.2], array![0.3, 0.7]);
    let (w_bar, b_bar) = tensors::grad(&w, b.clone(), &x, 1.5);
    assert!(near(b_bar[1], slope(|v| tensors(&w, array![0.1, v], &x, 1.5), -0.2)));
    let moved = |v: f64| tensors(&array![[0.5, v], [0.75, 0.25]], b.clone(), &x, 1.5);
    assert!(near(w_bar[[0, 1]], slope(moved, -1.0)));
}

#[test]
fn tangents() {
    let point = Point { x: 1.0, y: 2.0, id: 3, weight: 4.0 };
    let mut bar = point.zero_tangent();
    bar.x += point.y;
    bar.weight += 1.0;
    let () = bar.id;
    assert!(near(bar.inner_product(&PointTangent { x: point.x, y: point.weight }), 2.0));
    assert_eq!(point.id, 3);
    let unused = Unused { values: [1.0], text: "t", big: None };
    assert!(unused.big.is_none() && unused.text == "t" && near(unused.values[0], 1.0));
    for shape in [Shape::Nothing, Shape::Circle(1.0, 2), Shape::Samples { all: [0.0; 64], first: point }] {
        let size = match &shape {
            Shape::Nothing => 0.0,
            Shape::Circle(r, n) => r * f64::from(u8::try_from(*n).unwrap_or(0)),
            Shape::Samples { all, first } => all[0] + first.x,
        };
        assert!(size >= 0.0);
        assert!(near(shape.zero_tangent().inner_product(&ShapeTangent::Zero), 0.0));
    }
}
