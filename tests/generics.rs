//! Generic functions: type parameters that stand for numbers, at `f64` and `f32`.

#![allow(clippy::all)]

mod common;
use common::{TOLERANCE, assert_near, check, check_vjp};
use differentiable::differentiable;
use num_traits::{Float, FloatConst, FromPrimitive, Num, NumAssign, NumCast, One, Signed, ToPrimitive, Zero, cast};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

#[differentiable]
fn square<T: Float>(x: T) -> T {
    x * x
}

#[differentiable]
fn elementary<T: Float>(x: T, y: T) -> T {
    (x.sin() + y.exp()) * x.sqrt() / y.ln() - x.powi(3).tanh() + x.powf(y)
}

#[test]
fn numbers_of_num_traits() {
    check!(square(3.0), 6.0);
    assert_eq!(square::grad(3.0_f32), 6.0_f32);
    let (value, gradient) = elementary::value_and_grad(1.5_f32, 2.5_f32);
    let (exact, expected) = elementary::value_and_grad(1.5, 2.5);
    assert_near("value", &value, &exact, 1e-6);
    assert_near("gradient", &gradient, &expected, 1e-5);
    differentiable::gradcheck!(elementary(1.5, 2.5)).unwrap();
    differentiable::gradcheck!(elementary(0.3, 7.5)).unwrap();
}

#[differentiable]
fn every_method<T: Float + FloatConst>(x: T, y: T) -> T {
    let (s, c) = x.sin_cos();
    let a = x.abs() + x.recip() + x.mul_add(y, x) + x.max(y) + x.min(y) + x.hypot(y) + x.atan2(y);
    let b = x.exp_m1() + x.ln_1p() + x.log10() + x.log2() + x.exp2() + x.cbrt() + x.tan() + x.sinh() + x.cosh();
    let d = (x / (y * y)).asin() + (x / (y * y)).acos() + x.atan() + x.asinh() + (x + T::one()).acosh();
    let e = (x / (y * y)).atanh() + x.to_degrees() + x.to_radians() + x.fract() + x.log(y) + x.signum() + x.floor();
    a + b * s - d * c + e + T::PI() * x + x.powi(-2) + x % y
}

#[test]
fn every_method_has_a_derivative() {
    differentiable::gradcheck!(every_method(0.7, 1.9)).unwrap();
    let (_, gradient) = every_method::value_and_grad(0.7_f32, 1.9_f32);
    assert_near("gradient", &gradient, &every_method::grad(0.7, 1.9), 1e-4);
}

#[differentiable]
fn by_path<T: Float>(x: T, y: T) -> T {
    T::max(T::sqrt(x), y) + Float::sin(x) * <T as Float>::cos(y) + num_traits::Float::exp(x) + T::powi(x, 2)
}

#[test]
fn methods_by_path() {
    differentiable::gradcheck!(by_path(0.7, 1.9)).unwrap();
    differentiable::gradcheck!(by_path(1.7, 0.9)).unwrap();
}

#[differentiable]
fn operators<T>(a: T, b: T) -> T
where
    T: Copy + Add<Output = T> + Mul<Output = T> + Sub<Output = T> + Div<Output = T> + Neg<Output = T>,
{
    let c = a * b + a / b;
    -c * c - (b - a) * a
}

#[differentiable]
fn dot<T: Copy + Default + Add<Output = T> + Mul<Output = T>>(a: &[T], b: &[T]) -> T {
    let mut s = T::default();
    for i in 0..a.len() {
        s = s + a[i] * b[i];
    }
    s
}

#[differentiable]
fn accumulated<T: Copy + AddAssign + Mul<Output = T> + Zero>(a: &[T], b: &[T]) -> T {
    let mut s = T::zero();
    for (x, y) in a.iter().zip(b) {
        s += *x * *y * *x;
    }
    s
}

#[test]
fn operators_alone() {
    differentiable::gradcheck!(operators(1.3, -0.4)).unwrap();
    check!(dot(&[1.0, 2.0], &[3.0, 4.0]), (vec![3.0, 4.0], vec![1.0, 2.0]));
    check!(accumulated(&[1.0, 2.0], &[3.0, 4.0]), (vec![6.0, 16.0], vec![1.0, 4.0]));
    assert_eq!(dot::grad(&[1.0_f32, 2.0], &[3.0, 4.0]), (vec![3.0_f32, 4.0], vec![1.0, 2.0]));
}

// Constants and conversions

#[differentiable]
fn constants<T: Float + FromPrimitive>(x: T) -> T {
    let two = T::from(2.0).unwrap();
    let three = T::one() + T::one() + T::one();
    let half = T::from_f64(0.5).unwrap();
    x * two + x * x * half - three / x + T::from_usize(7).unwrap() * x + T::epsilon() * x + T::zero()
}

#[differentiable]
fn expected_constants<T: NumCast + Num + Copy>(x: T, n: usize) -> T {
    let n_t: T = NumCast::from(n).expect("a length fits");
    let third: T = cast(1.0 / 3.0).unwrap();
    let quarter = cast::<f64, T>(0.25).unwrap();
    n_t * x * third + quarter * x * x
}

#[differentiable]
fn indices<T: Float>(xs: &[T]) -> T {
    let mut s = T::zero();
    for (i, &x) in xs.iter().enumerate() {
        s = s + T::from(i + 1).unwrap() * x * x;
    }
    s / T::from(xs.len()).unwrap()
}

#[differentiable]
fn neutral<T: Copy + Num + Zero + One>(x: T) -> T {
    let mut p: T = num_traits::one();
    let z: T = num_traits::zero();
    for _ in 0..3 {
        p = p * x;
    }
    p + z
}

#[test]
fn constants_of_a_type_parameter() {
    let x = 1.7;
    check!(constants(x), 2.0 + x + 3.0 / (x * x) + 7.0 + f64::EPSILON);
    check!(expected_constants(x, 4), 4.0 / 3.0 + x / 2.0);
    check!(indices(&[1.0, 2.0, 3.0]), vec![2.0 / 3.0, 8.0 / 3.0, 6.0]);
    check!(neutral(x), 3.0 * x * x);
    assert_near("f32", &constants::grad(1.7_f32), &constants::grad(1.7), 1e-6);
}

#[differentiable]
fn from_other_number<T: Float>(x: f64, y: T) -> T {
    T::from(x).unwrap() * y
}

#[differentiable]
fn to_other_number<T: Float + ToPrimitive>(y: T) -> f64 {
    let z = y.to_f64().unwrap();
    z * z + y.sin().to_f64().unwrap_or_else(|| 0.0)
}

#[differentiable]
fn between<A: Float, B: Float>(x: A) -> B {
    B::from(x * x).unwrap() + B::one()
}

#[differentiable]
fn there_and_back<T: Float + FromPrimitive>(x: T) -> T {
    let y = x.to_f64().unwrap().exp();
    let z = (y as f32) as f64;
    T::from_f64(y).unwrap() + x * T::from_f64(z).unwrap()
}

#[differentiable]
fn into_f64<T: Into<f64> + Copy>(x: T, y: f64) -> f64 {
    let a: f64 = x.into();
    a * y + y
}

#[differentiable]
fn from_f32<T: From<f32> + Copy + Mul<Output = T>>(x: T) -> T {
    T::from(2.5) * x * x
}

#[test]
fn conversions_of_active_values() {
    check!(from_other_number(1.5, 2.0), (2.0, 1.5));
    let (x_bar, y_bar): (f64, f32) = from_other_number::grad(1.5, 2.0_f32);
    assert_eq!((x_bar, y_bar), (2.0, 1.5));
    check!(to_other_number(0.4), 0.8 + 0.4_f64.cos());
    assert_near("f32", &to_other_number::grad(0.4_f32), &(0.8 + 0.4_f64.cos()), 1e-6);
    let gradient: f64 = between::grad::<f64, f32>(3.0);
    assert_eq!(gradient, 6.0);
    let (value, dot) = between::jvp::<f32, f64>(3.0, 1.0);
    assert_eq!((value, dot), (10.0, 6.0));
    let x = 0.3_f64;
    assert_near("there and back", &there_and_back::grad(x), &(x.exp() + x.exp() + x * x.exp()), 1e-6);
    check!(into_f64(2.0, 3.0), (3.0, 3.0));
    assert_eq!(into_f64::grad(2.0_f32, 3.0), (3.0_f32, 3.0));
    check!(from_f32(2.0), 10.0);
}

// Containers

#[differentiable]
fn norm<T: Float, const N: usize>(v: [T; N]) -> T {
    let mut s = T::zero();
    for i in 0..N {
        s = s + v[i] * v[i];
    }
    s.sqrt()
}

#[differentiable]
fn scaled<T, const N: usize>(v: &[T; N], k: T) -> [T; N]
where
    T: Float,
{
    let mut out = [T::zero(); N];
    for i in 0..N {
        out[i] = v[i] * k;
    }
    out
}

#[differentiable]
fn pair<T: Float>(p: (T, T), q: &(T, usize)) -> (T, T) {
    let (a, b) = p;
    (a * b + q.0, a / q.0 * T::from(q.1).unwrap())
}

#[differentiable]
fn borrowed<'a, T: Float + 'a>(xs: &'a [T], k: &'a T) -> T {
    xs[0] * *k + xs[1].powi(2)
}

#[differentiable]
fn in_place<T: NumAssign + Copy>(xs: &mut [T], k: T) {
    for x in xs.iter_mut() {
        *x *= k;
        *x += k;
    }
}

#[differentiable]
fn vector<T: Float>(xs: Vec<T>) -> Vec<T> {
    let mut out = xs.clone();
    for i in 1..xs.len() {
        out[i] = out[i - 1] * xs[i];
    }
    out
}

#[test]
fn arrays_slices_vectors_and_tuples() {
    check!(norm([3.0, 4.0]), [0.6, 0.8]);
    assert_eq!(norm::grad([3.0_f32, 4.0]), [0.6, 0.8]);
    check_vjp!(scaled(&[1.0, 2.0], 3.0), [1.0, 10.0], ([3.0, 30.0], 21.0));
    check_vjp!(pair((2.0, 3.0), &(4.0, 5)), (1.0, 10.0), ((3.0 + 12.5, 2.0), (1.0 - 10.0 * 2.0 / 16.0 * 5.0, ())));
    check!(borrowed(&[2.0, 3.0], &5.0), (vec![5.0, 6.0], 2.0));
    check_vjp!(vector(vec![2.0, 3.0, 5.0]), vec![0.0, 0.0, 1.0], vec![15.0, 10.0, 6.0]);
    let mut xs = [1.0_f32, 2.0];
    let ((), pullback) = in_place::vjp(&mut xs, 3.0);
    assert_eq!(pullback(vec![1.0, 10.0]), (vec![3.0, 30.0], 21.0 + 11.0));
    assert_eq!(xs, [6.0, 9.0]);
}

// Iterators

#[differentiable]
fn mean<T: Float + Sum>(xs: &[T]) -> T {
    xs.iter().copied().sum::<T>() / T::from(xs.len()).unwrap()
}

#[differentiable]
fn sum_of_squares<T: Float>(xs: &[T]) -> T {
    xs.iter().fold(T::zero(), |a, &x| a + x * x)
}

#[differentiable]
fn variance<T: Float + Sum>(xs: &[T]) -> T {
    let n = T::from(xs.len()).unwrap();
    let m = xs.iter().copied().sum::<T>() / n;
    xs.iter().map(|&x| (x - m).powi(2)).sum::<T>() / n
}

#[test]
fn iterators_over_numbers() {
    check!(mean(&[1.0, 2.0]), vec![0.5, 0.5]);
    check!(sum_of_squares(&[1.0, 2.0]), vec![2.0, 4.0]);
    differentiable::gradcheck!(variance(&[1.0, 2.0, 5.0])).unwrap();
    assert_eq!(mean::grad(&[1.0_f32, 2.0]), vec![0.5, 0.5]);
}

// Control flow

#[differentiable]
fn branches<T: Float>(x: T, y: T) -> T {
    if x > y && x > T::zero() {
        return x * y;
    }
    let z = if x.is_nan() || y < T::zero() { y.powi(2) } else { x - y };
    match z.partial_cmp(&T::one()) {
        Some(std::cmp::Ordering::Less) => z * x,
        _ => z,
    }
}

#[differentiable]
fn newton<T: Float>(a: T) -> T {
    let half = T::from(0.5).unwrap();
    let mut x = a;
    for _ in 0..20 {
        let next = half * (x + a / x);
        if (next - x).abs() < T::epsilon() {
            break;
        }
        x = next;
    }
    x
}

#[differentiable]
fn signed<T: Signed + Copy + PartialOrd>(x: T) -> T {
    let y = if x.is_negative() { -x * x } else { x.abs() };
    if y.is_zero() { y } else { y * x }
}

#[differentiable]
fn early<T: Float>(xs: &[T], limit: T) -> T {
    let mut s = T::zero();
    for &x in xs {
        s = s + x * x;
        if s > limit {
            return s * limit;
        }
    }
    s
}

#[test]
fn control_flow_over_numbers() {
    for (x, y) in [(2.0, 1.0), (0.5, 1.0), (-1.0, -0.5), (3.0, 4.0)] {
        differentiable::gradcheck!(branches(x, y)).unwrap();
    }
    check!(newton(2.0), 0.5 / 2.0_f64.sqrt());
    check!(signed(-2.0), -12.0);
    check!(signed(2.0), 4.0);
    check!(early(&[1.0, 2.0], 3.0), (vec![6.0, 12.0], 5.0));
    check!(early(&[1.0, 2.0], 30.0), (vec![2.0, 4.0], 0.0));
}

// Calls

#[differentiable]
fn calls<T: Float + FloatConst>(x: T, y: T) -> T {
    let a = square(x);
    let b = square::<T>(y) * a;
    let c = elementary(x, y);
    a * b + c * T::PI() + square(a).sin() - square(x + y) / y
}

#[differentiable]
fn concrete(x: f64, y: f32) -> f64 {
    square(x) + square(y) as f64 + norm([x, x * x, 1.0]) + dot(&[x, 2.0], &[3.0, x])
}

#[differentiable]
fn helper(x: f64) -> f64 {
    x.sin()
}

#[differentiable]
fn generic_over_concrete<T: Float + FromPrimitive>(x: T) -> T {
    let y = helper(x.to_f64().unwrap());
    T::from_f64(y).unwrap() * x
}

#[differentiable]
fn recursive<T: Float>(x: T, n: usize) -> T {
    if n == 0 { T::one() } else { x * recursive(x, n - 1) }
}

#[test]
fn calls_between_generic_functions() {
    differentiable::gradcheck!(calls(1.3, 1.9)).unwrap();
    differentiable::gradcheck!(concrete(0.7, 1.5)).unwrap();
    let x = 0.7_f64;
    check!(generic_over_concrete(x), x.sin() + x * x.cos());
    check!(recursive(2.0, 3), 12.0);
    assert_eq!(recursive::grad(2.0_f32, 3), 12.0);
}

#[test]
fn pullbacks_of_generic_functions() {
    let (value, pullback) = elementary::vjp(1.5, 2.5);
    assert_near("value", &value, &elementary(1.5, 2.5), TOLERANCE);
    let (once, again) = (pullback(2.0), pullback(2.0));
    assert_eq!(once, again);
    let (_, dot) = elementary::jvp(1.5, 2.5, 1.0, -3.0);
    assert_near("dot-product test", &(2.0 * dot), &(once.0 - 3.0 * once.1), TOLERANCE);
}
