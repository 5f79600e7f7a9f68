//! What the acceptance tests share: comparison of nested values, and checks of one program at one point.
#![allow(dead_code, unused_macros, unused_imports)]

#[macro_use]
pub(crate) mod hessians;
#[macro_use]
pub(crate) mod variants;

use differentiable::ndarray::{ArrayBase, Data, Dimension};

/// Relative tolerance for comparisons with closed forms in `f64`.
pub(crate) const TOLERANCE: f64 = 1e-11;

/// A value that consists of floats: what functions return and what gradients are made of.
pub(crate) trait Floats {
    fn append_to(&self, out: &mut Vec<f64>);

    fn floats(&self) -> Vec<f64> {
        let mut out = Vec::new();
        self.append_to(&mut out);
        out
    }
}

impl Floats for f64 {
    fn append_to(&self, out: &mut Vec<f64>) {
        out.push(*self);
    }
}

impl Floats for f32 {
    fn append_to(&self, out: &mut Vec<f64>) {
        out.push(f64::from(*self));
    }
}

macro_rules! no_floats {
    ($($ty:ty),*) => { $(impl Floats for $ty { fn append_to(&self, _: &mut Vec<f64>) {} })* };
}

no_floats!((), bool, usize, i32, i64, u8, u32, u64);

impl<T: Floats + ?Sized> Floats for &T {
    fn append_to(&self, out: &mut Vec<f64>) {
        (**self).append_to(out);
    }
}

impl<T: Floats> Floats for [T] {
    fn append_to(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|x| x.append_to(out));
    }
}

impl<T: Floats> Floats for Vec<T> {
    fn append_to(&self, out: &mut Vec<f64>) {
        self.as_slice().append_to(out);
    }
}

impl<T: Floats, const N: usize> Floats for [T; N] {
    fn append_to(&self, out: &mut Vec<f64>) {
        self.as_slice().append_to(out);
    }
}

impl<S: Data<Elem: Floats>, D: Dimension> Floats for ArrayBase<S, D> {
    fn append_to(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|x| x.append_to(out));
    }
}

macro_rules! tuple_floats {
    ($($name:ident $index:tt),*) => {
        impl<$($name: Floats),*> Floats for ($($name,)*) {
            fn append_to(&self, out: &mut Vec<f64>) {
                $(self.$index.append_to(out);)*
            }
        }
    };
}

tuple_floats!(A 0, B 1);
tuple_floats!(A 0, B 1, C 2);
tuple_floats!(A 0, B 1, C 2, D 3);
tuple_floats!(A 0, B 1, C 2, D 3, E 4);

/// Panics unless both values hold the same floats, up to a relative error of `tolerance`.
#[track_caller]
pub(crate) fn assert_near(what: &str, actual: &impl Floats, expected: &impl Floats, tolerance: f64) {
    let (actual, expected) = (actual.floats(), expected.floats());
    assert_eq!(actual.len(), expected.len(), "{what}: number of floats in {actual:?} and {expected:?}");
    for (i, (a, e)) in actual.iter().zip(&expected).enumerate() {
        let near = a == e || (a.is_nan() && e.is_nan()) || (a - e).abs() <= tolerance * e.abs().max(1.0);
        assert!(near, "{what}: number {i} is {a}, expected {e}\n  actual: {actual:?}\nexpected: {expected:?}");
    }
}

/// Panics unless both values hold the same floats, bit for bit.
#[track_caller]
pub(crate) fn assert_same(what: &str, actual: &impl Floats, expected: &impl Floats) {
    let bits = |x: Vec<f64>| x.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    let (actual, expected) = (actual.floats(), expected.floats());
    assert_eq!(bits(actual.clone()), bits(expected.clone()), "{what}: {actual:?} and {expected:?} differ");
}

/// The inner product of everything in `a` with everything in `b`.
pub(crate) fn dot(a: &impl Floats, b: &impl Floats) -> f64 {
    let (a, b) = (a.floats(), b.floats());
    assert_eq!(a.len(), b.len());
    a.iter().zip(&b).map(|(a, b)| a * b).sum()
}

/// The derivative of `f` at `x` by central differences, extrapolated once.
pub(crate) fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-4 * x.abs().max(1.0);
    let slope = |h: f64| (f(x + h) - f(x - h)) / (2.0 * h);
    (4.0 * slope(h / 2.0) - slope(h)) / 3.0
}

/// Compares `derivative` with difference quotients of `f` at `x`. A point near a jump, where two quotients disagree, tells
/// nothing: then the answer is `false`.
#[track_caller]
pub(crate) fn slope_agrees(f: impl Fn(f64) -> f64, x: f64, derivative: f64) -> bool {
    let slope = |h: f64| (f(x + h) - f(x - h)) / (2.0 * h);
    let (coarse, fine) = (slope(1e-5), slope(5e-6));
    if (coarse - fine).abs() > 1e-5 * fine.abs().max(1.0) {
        return false;
    }
    assert_near(&format!("slope at {x}"), &derivative, &fine, 1e-4);
    true
}

/// The gradient of `f` at `x` by central differences.
pub(crate) fn differences(f: impl Fn(&[f64]) -> f64, x: &[f64]) -> Vec<f64> {
    let with = |i: usize, value: f64| {
        let mut x = x.to_vec();
        x[i] = value;
        x
    };
    (0..x.len()).map(|i| difference(|value| f(&with(i, value)), x[i])).collect()
}

/// A deterministic sequence of numbers in -1..1.
pub(crate) fn noise(seed: u64, len: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

/// `check!(f(args), expected)`: the gradient is the expected one, the value is the function's, and reverse mode, forward
/// mode and central differences agree.
macro_rules! check {
    ($($f:ident)::+ ($($args:tt)*), $expected:expr $(,)?) => {{
        $crate::common::check_gradient!($($f)::+($($args)*), $expected);
        differentiable::gradcheck!($($f)::+($($args)*)).unwrap();
    }};
}

/// Like `check!` for points where differences do not tell: kinks, ties, the border of the domain.
macro_rules! check_gradient {
    ($($f:ident)::+ ($($args:tt)*), $expected:expr $(,)?) => {{
        let expected = $expected;
        let (value, gradient) = $($f)::+::value_and_grad($($args)*);
        $crate::common::assert_near("value", &value, &$($f)::+($($args)*), $crate::common::TOLERANCE);
        $crate::common::assert_near("value_and_grad", &gradient, &expected, $crate::common::TOLERANCE);
        $crate::common::assert_near("grad", &$($f)::+::grad($($args)*), &expected, $crate::common::TOLERANCE);
    }};
}

/// `check_vjp!(f(args), cotangent, expected)`: the pullback, called twice, gives the expected gradient, the value is the
/// function's, and reverse mode, forward mode and central differences agree.
macro_rules! check_vjp {
    ($($f:ident)::+ ($($args:tt)*), $cotangent:expr, $expected:expr $(,)?) => {{
        let expected = $expected;
        let (value, pullback) = $($f)::+::vjp($($args)*);
        $crate::common::assert_near("value", &value, &$($f)::+($($args)*), $crate::common::TOLERANCE);
        $crate::common::assert_near("pullback", &pullback($cotangent), &expected, $crate::common::TOLERANCE);
        $crate::common::assert_near("pullback again", &pullback($cotangent), &expected, $crate::common::TOLERANCE);
        differentiable::gradcheck!($($f)::+($($args)*)).unwrap();
    }};
}

/// `programs_at! { name(x: &[f64], n: usize) at (&[1.0, 2.0][..], 3) { body } }`: like `programs!`, with parameters of any kind.
macro_rules! programs_at {
    ($($name:ident($($parameters:tt)*) at ($($at:tt)*) { $($body:tt)* })*) => { $(
        mod $name {
            #[allow(unused_imports, reason = "a program may need no name from outside")]
            use super::*;

            #[differentiable::differentiable]
            fn program($($parameters)*) -> f64 {
                $($body)*
            }

            #[test]
            fn derivatives() {
                differentiable::gradcheck!(program($($at)*)).unwrap();
            }
        }
    )* };
}

/// `programs! { name(x: f64 = 1.5, n: usize = 3) { body } }`: the body is a differentiated function of the parameters, and a
/// test compares its gradient at the given arguments, in both modes, with central differences.
macro_rules! programs {
    ($($(#[$meta:meta])* $name:ident($($parameter:ident: $ty:ty = $at:expr),* $(,)?) { $($body:tt)* })*) => { $(
        mod $name {
            #[allow(unused_imports, reason = "a program may need no name from outside")]
            use super::*;

            $(#[$meta])*
            #[differentiable::differentiable]
            fn program($($parameter: $ty),*) -> f64 {
                $($body)*
            }

            #[test]
            fn derivatives() {
                differentiable::gradcheck!(program($($at),*)).unwrap();
            }
        }
    )* };
}

pub(crate) use {check, check_gradient, check_vjp, programs, programs_at};

/// The names of the leaves and their values.
pub(crate) fn leaves(value: &impl differentiable::Leaves) -> Vec<String> {
    struct Names(Vec<String>);
    impl<'v> differentiable::rt::LeafVisitor<'v> for Names {
        fn leaf(
            &mut self,
            path: &differentiable::rt::LeafPath<'_>,
            _: &[usize],
            values: differentiable::rt::LeafValues<'v>,
        ) {
            self.0.push(format!("{path} {:?}", values.to_f64()));
        }
    }
    let mut names = Names(Vec::new());
    value.visit_leaves(&differentiable::rt::LeafPath::root(), &mut names);
    names.0
}
