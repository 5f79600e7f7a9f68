//! Chains of elementwise operations on arrays: fused they give the same as one operation after the other.

mod common;
use common::assert_near;

use differentiable::ndarray::{Array1, Array2, Array3, ArrayD, ArrayView1, ArrayView2, Axis, ShapeBuilder, array};
use differentiable::{Differentiable, differentiable, gradcheck};

/// The same function, its derivatives as they come and with every operation on its own.
macro_rules! both {
    ($(fn $name:ident($($arg:ident: $ty:ty),*) $(-> $result:ty)? $body:block)*) => {
        mod fused {
            use super::*;
            $(#[differentiable] pub(super) fn $name($($arg: $ty),*) $(-> $result)? $body)*
        }
        mod apart {
            use super::*;
            $(#[differentiable(analyses = without(chains))] pub(super) fn $name($($arg: $ty),*) $(-> $result)? $body)*
        }
    };
}

both! {
    fn cubes(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
        (3.0 * a * a * a - b * b).sum()
    }

    fn closures(a: &Array2<f64>, k: f64) -> f64 {
        let scaled = a.mapv(|v| v * k);
        let moved = &scaled + 1.0;
        let squared = moved.mapv(|v| (v * v).tanh());
        (squared / 3.0 - a).mean().unwrap()
    }

    fn rows(x: &Array2<f64>, b: &Array1<f64>, c: &Array2<f64>, k: f64) -> f64 {
        ((x + b) * c * k + x.exp()).sum()
    }

    fn mean_squared(w: &Array2<f64>, x: &Array2<f64>, y: &Array2<f64>) -> f64 {
        let error = x.dot(w) - y;
        (&error * &error).mean().unwrap()
    }

    fn kept(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
        let d = a - b;
        let s = (&d * &d).sum();
        let t = (-&d + 1.0).mapv(|v| v.abs() * 2.0);
        s * t.sum() + t.dot(b)
    }

    fn array_result(x: &Array2<f64>, b: &Array1<f64>) -> Array2<f64> {
        let z = (x + b).mapv(|v| v.max(0.0));
        &z * &z + 0.5 * x
    }

    fn in_loops(x: &Array1<f64>, steps: usize) -> f64 {
        let mut y = x.clone();
        for _ in 0..steps {
            y = (&y * 0.9 + x).mapv(|v| v.sin()) * 1.1;
        }
        (y * x).sum()
    }

    fn overwritten(x: &Array1<f64>, k: f64) -> f64 {
        let mut y = x * 2.0;
        let z = &y * 3.0;
        y[0] = k;
        (z + &y).sum()
    }

    fn layers(x: &Array3<f64>, scale: &Array2<f64>) -> f64 {
        (x.mapv(|v| v.exp()) * scale + scale.mapv(|v| v.sin())).sum()
    }

    fn views(x: ArrayView2<'_, f64>, y: ArrayView1<'_, f64>) -> f64 {
        (&x * &y - &y / 2.0).sum() + (&x.t() * 2.0 + 1.0).sum()
    }

    fn single(x: &Array1<f32>, y: &Array1<f32>, k: f32) -> f32 {
        ((x - y) * (x - y) * k + k).sum() / 7.0
    }

    fn dynamic(x: &ArrayD<f64>, y: &ArrayD<f64>) -> f64 {
        (x * y + x).sum()
    }

    fn branches(x: &Array1<f64>, y: &Array1<f64>, flip: bool) -> f64 {
        let s = if flip { (x * y).mapv(|v| if v > 0.0 { v * v } else { -v }) } else { x - y };
        (s * 2.0).sum()
    }

    fn local_numbers(x: &Array1<f64>, a: f64, b: f64) -> f64 {
        let k = (a * b).sin();
        let near = (x * k + b).mapv(|v| v * v).sum();
        let far = (x / (k + 3.0)).mapv(|v| v.cos() * a).mean().unwrap();
        near * near + 2.0 * far
    }

    fn two_sums(x: &Array1<f64>, y: &Array1<f64>) -> f64 {
        let first = (x * y).sum();
        let second = (x - y).mapv(|v| v * v).sum();
        first * 0.5 + second / 3.0
    }

    fn single_local(x: &Array1<f32>, a: f32) -> f32 {
        let k = a * 2.0;
        (x * k - a).sum() + (k * x * x).mean().unwrap()
    }

    fn constants(x: &Array1<f64>, labels: &Array1<f64>, n: usize) -> f64 {
        let weight = labels * 2.0 + n as f64;
        -(weight * x.mapv(|v| v.ln())).sum() / n as f64
    }
}

/// Elements of any type of floats.
mod generic {
    use super::*;
    use differentiable::Float;

    #[differentiable]
    pub(super) fn fused<A: Float>(x: &Array2<A>, b: &Array1<A>, k: A) -> A {
        let half = A::of(0.5);
        let gates = (x * k + b).mapv(|v| half * v * (A::one() + (v * v * v).tanh()));
        (gates.mapv(|v| (v * v + half).ln()) * x.mapv(|v| v.exp())).sum() / A::of(3.0)
    }

    #[differentiable(analyses = without(chains))]
    pub(super) fn apart<A: Float>(x: &Array2<A>, b: &Array1<A>, k: A) -> A {
        let half = A::of(0.5);
        let gates = (x * k + b).mapv(|v| half * v * (A::one() + (v * v * v).tanh()));
        (gates.mapv(|v| (v * v + half).ln()) * x.mapv(|v| v.exp())).sum() / A::of(3.0)
    }
}

#[test]
fn elements_of_a_type_parameter() {
    let (x, b) = (plane(5, 70), wave(70));
    let (fused, apart) = (generic::fused::value_and_grad(&x, &b, 0.7), generic::apart::value_and_grad(&x, &b, 0.7));
    assert_near("value", &fused.0, &apart.0, 1e-13);
    assert_near("gradients", &fused.1, &apart.1, 1e-13);
    gradcheck!(generic::fused(&x, &b, 0.7)).unwrap();
    let (x, b) = (x.mapv(|v| v as f32), b.mapv(|v| v as f32));
    let (fused, apart) = (generic::fused::grad(&x, &b, 0.7_f32), generic::apart::grad(&x, &b, 0.7_f32));
    for (fused, apart) in [(fused.0, apart.0), (fused.1.insert_axis(Axis(0)), apart.1.insert_axis(Axis(0)))] {
        assert!((fused - apart).iter().all(|error| error.abs() < 1e-4));
    }
    assert!((fused.2 - apart.2).abs() < 1e-3);
}

fn wave(n: usize) -> Array1<f64> {
    Array1::from_shape_fn(n, |i| (1.3 * i as f64 + 0.4).sin())
}

fn plane(n: usize, m: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, m), |(i, j)| (0.7 * i as f64 - 1.1 * j as f64 + 0.2).cos())
}

/// Gradients and directional derivatives agree with those of one operation after the other, and with differences.
macro_rules! agree {
    ($name:ident($($arg:tt)*)) => {{
        let (fused, apart) = (fused::$name::value_and_grad($($arg)*), apart::$name::value_and_grad($($arg)*));
        assert_near(stringify!($name), &fused, &apart, 1e-11);
        for seed in [0.5, -2.0] {
            let (fused, apart) = (fused::$name::vjp($($arg)*).1(seed), apart::$name::vjp($($arg)*).1(seed));
            assert_near(stringify!($name), &fused, &apart, 1e-11);
        }
        gradcheck!(fused::$name($($arg)*)).unwrap();
    }};
}

#[test]
fn chains_agree() {
    for n in [0, 1, 5, 64, 65, 200] {
        agree!(cubes(&wave(n), &wave(n)));
        agree!(kept(&wave(n), &(wave(n) * 0.5)));
        agree!(overwritten(&wave(n + 1), 3.0));
        agree!(local_numbers(&wave(n + 1), 0.6, -0.4));
        agree!(two_sums(&wave(n), &(wave(n) * 0.3)));
        agree!(in_loops(&wave(n), 4));
        agree!(branches(&wave(n), &(wave(n) - 0.3), true));
        agree!(branches(&wave(n), &(wave(n) - 0.3), false));
    }
    agree!(closures(&plane(3, 30), 0.7));
    agree!(mean_squared(&plane(4, 2), &plane(3, 4), &(plane(3, 2) * 0.3)));
    agree!(constants(&wave(9).mapv(|v| v + 2.0), &wave(9), 4));
}

#[test]
fn shapes_are_broadcast() {
    agree!(rows(&plane(3, 30), &wave(30), &plane(3, 1), 0.7));
    agree!(rows(&plane(3, 30), &wave(1), &plane(1, 30), 0.7));
    agree!(rows(&plane(1, 4), &wave(4), &plane(3, 4), 0.7));
    let deep = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| 0.1 * (i + 2 * j) as f64 - 0.2 * k as f64);
    agree!(layers(&deep, &plane(3, 4)));
    agree!(layers(&deep, &plane(3, 1)));
    agree!(layers(&deep, &plane(1, 4)));
    agree!(dynamic(&plane(3, 4).into_dyn(), &wave(4).into_dyn()));
}

#[test]
fn layouts() {
    let (rows, columns) = (plane(5, 7), plane(7, 5).reversed_axes());
    let expected = apart::views::grad(rows.view(), wave(7).view());
    assert_near("rows", &fused::views::grad(rows.view(), wave(7).view()), &expected, 1e-12);
    let expected = apart::views::grad(columns.view(), wave(7).view());
    assert_near("columns", &fused::views::grad(columns.view(), wave(7).view()), &expected, 1e-12);
    let wide = plane(9, 14);
    let part = wide.slice(differentiable::ndarray::s![..;2, ..;2]);
    let expected = apart::views::grad(part, wave(7).view());
    assert_near("every other", &fused::views::grad(part, wave(7).view()), &expected, 1e-12);
    let mut fortran = Array2::zeros((5, 7).f());
    fortran.assign(&rows);
    agree!(rows(&fortran, &wave(7), &fortran, 0.7));
}

#[test]
fn arrays_as_results() {
    let (x, b) = (plane(4, 3), wave(3));
    let seed = plane(4, 3) * 0.3;
    let (value, pullback) = fused::array_result::vjp(&x, &b);
    let (expected, other) = apart::array_result::vjp(&x, &b);
    assert_near("value", &value, &expected, 1e-15);
    assert_near("gradient", &pullback(seed.clone()), &other(seed), 1e-12);
    gradcheck!(fused::array_result(&x, &b)).unwrap();
}

#[test]
fn single_precision() {
    let (x, y) = (wave(100).mapv(|v| v as f32), wave(100).mapv(|v| 0.3 * v as f32));
    let fused = fused::single::value_and_grad(&x, &y, 0.5);
    let apart = apart::single::value_and_grad(&x, &y, 0.5);
    let (one, other) = (fused::single_local::value_and_grad(&x, 0.3), apart::single_local::value_and_grad(&x, 0.3));
    assert!((one.0 - other.0).abs() < 1e-4 && (one.1.1 - other.1.1).abs() < 1e-3);
    assert!((fused.0 - apart.0).abs() < 1e-4 && (fused.1.2 - apart.1.2).abs() < 1e-4);
    assert!((fused.1.0 - apart.1.0).iter().chain(&(fused.1.1 - apart.1.1)).all(|error| error.abs() < 1e-5));
}

#[derive(Clone, Debug, Differentiable)]
struct Affine {
    scale: Array1<f64>,
    shift: Array1<f64>,
    layers: Vec<Array1<f64>>,
}

impl Affine {
    #[differentiable]
    fn loss(&self, x: &Array2<f64>) -> f64 {
        let y = (x * &self.scale + &self.shift).mapv(|v| v.tanh());
        (&y * &self.layers[0] + &self.layers[1] * 2.0).sum()
    }
}

#[test]
fn parts_of_structs() {
    let model = Affine { scale: wave(3), shift: wave(3) * 0.5, layers: vec![wave(3), wave(3)] };
    let gradient = model.loss_grad(&plane(4, 3)).0;
    let step = 1e-6;
    for i in 0..3 {
        let at = |change: f64| {
            let mut model = model.clone();
            model.shift[i] += change;
            model.loss(&plane(4, 3))
        };
        assert!((gradient.shift[i] - (at(step) - at(-step)) / (2.0 * step)).abs() < 1e-8);
    }
    assert_near("added once for each row", &gradient.layers[1], &array![8.0, 8.0, 8.0], 1e-12);
}

#[test]
#[should_panic(expected = "cannot be broadcast together")]
fn shapes_that_do_not_fit() {
    fused::rows::grad(&plane(3, 30), &wave(30), &plane(4, 1), 0.7);
}

#[test]
fn sums_along_an_axis_end_a_chain() {
    #[differentiable]
    fn spread(x: &Array2<f64>) -> f64 {
        let centred = x - &x.mean_axis(Axis(0)).unwrap();
        (&centred * &centred).sum_axis(Axis(0)).mapv(|v| v.sqrt()).sum()
    }

    gradcheck!(spread(&plane(4, 3))).unwrap();
}

/// Gradients that the loop makes are what it adds to zeros, whatever the shapes, also beside numbers.
#[differentiable]
fn scaled(a: &Array2<f64>, row: &Array1<f64>, by_value: Array2<f64>, k: f64) -> f64 {
    (a * row * k - by_value * a).sum()
}

#[test]
fn gradients_made_by_the_loop() {
    let (a, b) = (array![[1.0, -2.0, 0.5], [0.3, 4.0, -1.0]], array![[0.5, 1.0, 2.0], [-3.0, 0.1, 0.7]]);
    for a in [a.clone(), a.t().to_owned().reversed_axes()] {
        let row = array![2.0, -1.0, 0.25];
        let (value, made) = scaled::value_and_grad(&a, &row, b.clone(), 1.5);
        let mut added = (Array2::zeros((2, 3)), Array1::zeros(3), Array2::zeros((2, 3)), 0.0);
        let (to_a, to_row, to_b, to_k) = (&mut added.0, &mut added.1, &mut added.2, &mut added.3);
        assert_eq!(scaled::value_and_grad_into(&a, &row, b.clone(), 1.5, to_a, to_row, to_b, to_k), value);
        assert_eq!(made, added);
        assert_eq!(made.0, &row * 1.5 - &b);
    }
}
