//! Matrices of derivatives of functions of any signature: columns are the numbers of all differentiated parameters in order,
//! rows those of the result, field by field.

use differentiable::ndarray::{Array1, Array2, ArrayView1, array};
use differentiable::{Differentiable, differentiable};

/// All three forms give this matrix.
macro_rules! is_jacobian {
    ($($f:ident)::+ ($($argument:expr),*), $expected:expr) => {{
        let expected: Array2<f64> = $expected;
        for (form, found) in [
            ("jacobian", $($f)::+::jacobian($($argument),*)),
            ("forward", $($f)::+::jacobian_forward($($argument),*)),
            ("reverse", $($f)::+::jacobian_reverse($($argument),*)),
        ] {
            assert_eq!(found, expected, "{}: {form}", stringify!($($f)::+));
        }
    }};
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Pair {
    a: f64,
    name: String,
    b: f64,
}

fn pair(a: f64, b: f64) -> Pair {
    Pair { a, name: "pair".to_owned(), b }
}

#[derive(Clone, Debug, Differentiable)]
struct Nested {
    first: Pair,
    items: Vec<[f64; 2]>,
    #[nograd]
    rate: f64,
}

#[differentiable(jacobian)]
fn of_two_numbers(x: f64, y: f64) -> [f64; 2] {
    [x * y, x + y * y]
}

#[differentiable(jacobian)]
fn of_lists(x: &[f64], k: f64, y: Vec<f64>) -> Vec<f64> {
    x.iter().zip(&y).map(|(a, b)| a * b * k).collect()
}

#[differentiable(jacobian)]
fn of_struct(p: &Pair) -> [f64; 2] {
    [p.a * p.b, p.a * p.a]
}

#[differentiable(jacobian)]
fn to_struct(x: [f64; 2]) -> Pair {
    Pair { a: x[0] * x[1], name: String::new(), b: 3.0 * x[0] }
}

#[differentiable(jacobian)]
fn of_nested(n: &Nested, scale: f64) -> (f64, Vec<f64>) {
    let sums = n.items.iter().map(|item| scale * item[0] * item[1]).collect();
    (n.first.a * n.rate, sums)
}

#[test]
fn of_any_parameters() {
    is_jacobian!(of_two_numbers(2.0, 3.0), array![[3.0, 2.0], [1.0, 6.0]]);
    let expected = array![[8.0, 0.0, 4.0, 2.0, 0.0], [0.0, 10.0, 10.0, 0.0, 4.0]];
    is_jacobian!(of_lists(&[1.0, 2.0], 2.0, vec![4.0, 5.0]), expected);
    is_jacobian!(of_struct(&pair(2.0, 5.0)), array![[5.0, 2.0], [4.0, 0.0]]);
    is_jacobian!(to_struct([2.0, 5.0]), array![[5.0, 2.0], [3.0, 0.0]]);
    let nested = Nested { first: pair(1.0, 2.0), items: vec![[1.0, 2.0], [3.0, 4.0]], rate: 7.0 };
    let expected = array![
        [7.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 4.0, 2.0, 0.0, 0.0, 2.0],
        [0.0, 0.0, 0.0, 0.0, 8.0, 6.0, 12.0]
    ];
    is_jacobian!(of_nested(&nested, 2.0), expected);
}

#[differentiable(jacobian)]
fn of_tuple(x: (f64, [f64; 2])) -> (f64, f64) {
    (x.0 * x.1[0], x.1[1])
}

#[differentiable(jacobian)]
fn of_points(x: &[[f64; 2]]) -> Vec<f64> {
    x.iter().map(|p| p[0] * p[1]).collect()
}

#[differentiable(jacobian)]
fn of_matrix(m: &Array2<f64>) -> Array1<f64> {
    m.dot(&array![1.0, 2.0])
}

#[differentiable(jacobian)]
fn to_matrix(x: ArrayView1<f64>) -> Array2<f64> {
    let mut m = Array2::zeros((2, 2));
    m[[0, 0]] = x[0] * x[1];
    m[[1, 1]] = x[1];
    m
}

#[differentiable(jacobian)]
fn with_constants(x: &[f64], n: usize, double: bool) -> Vec<f64> {
    (0..n).map(|i| if double { 2.0 * x[i] } else { x[i] }).collect()
}

#[differentiable(jacobian, wrt(x))]
fn only_one(x: &[f64], y: &[f64]) -> Vec<f64> {
    x.iter().zip(y).map(|(a, b)| a * b).collect()
}

#[test]
fn of_nested_lists_and_arrays() {
    is_jacobian!(of_tuple((2.0, [3.0, 4.0])), array![[3.0, 2.0, 0.0], [0.0, 0.0, 1.0]]);
    is_jacobian!(of_points(&[[1.0, 2.0], [3.0, 4.0]]), array![[2.0, 1.0, 0.0, 0.0], [0.0, 0.0, 4.0, 3.0]]);
    is_jacobian!(of_matrix(&array![[1.0, 2.0], [3.0, 4.0]]), array![[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 1.0, 2.0]]);
    let expected = array![[5.0, 2.0], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0]];
    is_jacobian!(to_matrix(array![2.0, 5.0].view()), expected);
    is_jacobian!(with_constants(&[1.0, 1.0, 1.0], 2, true), array![[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]);
    is_jacobian!(only_one(&[1.0, 1.0], &[3.0, 4.0]), array![[3.0, 0.0], [0.0, 4.0]]);
}

impl Pair {
    #[differentiable(jacobian)]
    fn at(&self, x: f64) -> [f64; 2] {
        [self.a * x, self.b * x * x]
    }

    #[differentiable(jacobian, wrt(x))]
    fn by(&self, x: &[f64]) -> Vec<f64> {
        x.iter().map(|v| self.a * v * v).collect()
    }
}

#[differentiable(jacobian)]
fn generic<T: num_traits::Float>(x: &[T], k: T) -> Vec<T> {
    x.iter().map(|v| *v * *v * k).collect()
}

#[differentiable(jacobian)]
fn of_size<const N: usize>(x: [f64; N]) -> [f64; N] {
    x.map(|v| v * v)
}

#[differentiable(jacobian)]
fn single(x: &[f32]) -> Vec<f32> {
    x.iter().map(|v| v * v).collect()
}

#[derive(Clone, Debug, Differentiable)]
enum Shape {
    Circle(f64),
    Rectangle { width: f64, height: f64 },
}

#[differentiable(jacobian)]
fn sizes(shape: &Shape) -> [f64; 2] {
    match shape {
        Shape::Circle(r) => [r * r, 2.0 * r],
        Shape::Rectangle { width, height } => [width * height, 2.0 * (width + height)],
    }
}

#[test]
fn of_methods_generics_and_enums() {
    assert_eq!(pair(2.0, 3.0).at_jacobian(2.0), array![[2.0, 0.0, 2.0], [0.0, 4.0, 12.0]]);
    assert_eq!(pair(2.0, 3.0).at_jacobian_reverse(2.0), pair(2.0, 3.0).at_jacobian_forward(2.0));
    assert_eq!(pair(2.0, 3.0).by_jacobian(&[1.0, 2.0]), array![[4.0, 0.0], [0.0, 8.0]]);
    is_jacobian!(generic(&[1.0, 2.0], 3.0), array![[6.0, 0.0, 1.0], [0.0, 12.0, 4.0]]);
    assert_eq!(generic::jacobian(&[1.0_f32, 2.0], 3.0), array![[6.0_f32, 0.0, 1.0], [0.0, 12.0, 4.0]]);
    is_jacobian!(of_size([1.0, 2.0, 3.0]), array![[2.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 6.0]]);
    assert_eq!(single::jacobian(&[1.5, 2.0]), array![[3.0_f32, 0.0], [0.0, 4.0]]);
    is_jacobian!(sizes(&Shape::Circle(3.0)), array![[6.0], [2.0]]);
    is_jacobian!(sizes(&Shape::Rectangle { width: 3.0, height: 4.0 }), array![[4.0, 3.0], [2.0, 2.0]]);
}

#[differentiable(hessian)]
fn bilinear(x: f64, y: &[f64]) -> f64 {
    x * x * y[0] * y[1]
}

#[differentiable(hessian)]
fn cubes(m: &Array2<f64>) -> f64 {
    m.iter().map(|v| v * v * v).sum()
}

#[differentiable(hessian)]
fn determinant(m: [[f64; 2]; 2]) -> f64 {
    m[0][0] * m[1][1] - m[0][1] * m[1][0]
}

#[differentiable(hessian, sparse)]
fn of_fields(p: &Pair) -> f64 {
    p.a * p.b * p.b
}

impl Pair {
    #[differentiable(hessian)]
    fn energy(&self, x: f64) -> f64 {
        self.a * x * x
    }
}

#[test]
fn hessians_of_any_parameters() {
    let expected = array![[24.0, 16.0, 12.0], [16.0, 0.0, 4.0], [12.0, 4.0, 0.0]];
    assert_eq!(bilinear::hessian(2.0, &[3.0, 4.0]), expected);
    assert_eq!(cubes::hessian(&array![[1.0, 2.0]]), array![[6.0, 0.0], [0.0, 12.0]]);
    let expected = array![[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, -1.0, 0.0], [0.0, -1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]];
    assert_eq!(determinant::hessian([[1.0, 2.0], [3.0, 4.0]]), expected);
    assert_eq!(of_fields::hessian(&pair(2.0, 3.0)), array![[0.0, 6.0], [6.0, 4.0]]);
    let pattern = of_fields::hessian_sparsity(&pair(2.0, 3.0));
    assert_eq!(pattern.entries(), 3);
    assert_eq!(of_fields::sparse_hessian(&pair(5.0, 3.0), &pattern).to_dense(), array![[0.0, 6.0], [6.0, 10.0]]);
    assert_eq!(pair(2.0, 3.0).energy_hessian(5.0), array![[0.0, 0.0, 10.0], [0.0, 0.0, 0.0], [10.0, 0.0, 4.0]]);
}
