//! Reductions, running sums and axes of arrays inside annotated functions.

#![allow(clippy::all)]

mod common;
use common::{assert_near, noise};
use differentiable::ndarray::{Array1, Array2, Array3, Axis, array, concatenate, stack};
use differentiable::{differentiable, gradcheck, nn};

fn matrix(seed: u64, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_vec((rows, columns), noise(seed, rows * columns)).unwrap()
}

#[differentiable]
fn spread(x: &Array2<f64>) -> f64 {
    let v = x.var(1.0);
    let s = x.std(0.0);
    v * s + x.product()
}

#[differentiable]
fn spread_of_columns(x: &Array2<f64>) -> f64 {
    let v = x.var_axis(Axis(0), 1.0);
    let s = x.std_axis(Axis(0), 0.0);
    (&v * &s).sum()
}

#[differentiable]
fn standardised(x: &Array2<f64>) -> Array2<f64> {
    let mean = x.mean_axis(Axis(0)).unwrap();
    let deviation = x.std_axis(Axis(0), 0.0);
    (x - &mean) / &deviation
}

#[differentiable]
fn running(x: &Array2<f64>, w: &Array2<f64>) -> f64 {
    let c = nn::cumsum(x, Axis(1));
    (&c * &c * w).sum()
}

#[differentiable]
fn turned(x: &Array3<f64>, w: &Array3<f64>) -> f64 {
    let y = x.clone().permuted_axes([2, 0, 1]);
    (&y * &y * w).sum()
}

#[differentiable]
fn outer(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    let column = a.clone().insert_axis(Axis(1));
    let row = b.clone().insert_axis(Axis(0));
    let product = column.dot(&row);
    (&product * &product * &product).sum()
}

#[differentiable]
fn side_by_side(a: &Array2<f64>, b: &Array2<f64>, w: &Array2<f64>) -> f64 {
    let wide = concatenate![Axis(1), a.view(), *b, *a];
    (&wide * &wide * w).sum()
}

#[differentiable]
fn piled(a: &Array1<f64>, b: &Array1<f64>, w: &Array2<f64>) -> f64 {
    let c = a * b;
    let rows = stack![Axis(0), a.view(), *b, c];
    (&rows * &rows * w).sum()
}

#[test]
fn arrays_behind_each_other() {
    let (a, b) = (matrix(1, 2, 3), matrix(2, 2, 1));
    gradcheck!(side_by_side(&a, &b, &matrix(3, 2, 7))).unwrap();
    gradcheck!(piled(&array![0.5, -1.0], &array![1.5, 0.25], &matrix(1, 3, 2))).unwrap();
}

#[test]
fn variances_and_products() {
    let x = matrix(1, 3, 4);
    gradcheck!(spread(&x)).unwrap();
    gradcheck!(spread_of_columns(&x)).unwrap();
    gradcheck!(standardised(&x)).unwrap();
    assert_near("zero", &spread_of_columns::grad(&Array2::ones((3, 2))), &vec![0.0; 6], 0.0);
    // The product is differentiated exactly where elements are zero.
    #[differentiable]
    fn product(x: &Array1<f64>) -> f64 {
        x.product()
    }
    assert_eq!(product::grad(&array![2.0, 0.0, 3.0]), array![0.0, 6.0, 0.0]);
    assert_eq!(product::grad(&array![0.0, 0.0, 3.0]), array![0.0, 0.0, 0.0]);
}

#[differentiable]
fn extremes(x: &Array2<f64>) -> f64 {
    let largest = nn::max_axis(x, Axis(1));
    let smallest = nn::min_axis(x, Axis(0));
    let length = nn::norm_axis(x, Axis(1));
    (&largest * &length).sum() + (&smallest * &smallest).sum()
}

#[test]
fn extremes_and_lengths() {
    gradcheck!(extremes(&matrix(1, 3, 4))).unwrap();
    let x = array![[3.0, 3.0, -4.0], [0.0, 0.0, 0.0]];
    let (y, pullback) = nn::max_axis::vjp(&x, Axis(1));
    assert_eq!((y, pullback(array![1.0, 3.0])), (array![3.0, 0.0], array![[0.5, 0.5, 0.0], [1.0, 1.0, 1.0]]));
    let (y, pullback) = nn::norm_axis::vjp(&x, Axis(0));
    assert_eq!((y, pullback(array![1.0, 2.0, 3.0])), (array![3.0, 3.0, 4.0], array![[1.0, 2.0, -3.0], [0.0; 3]]));
}

#[test]
fn running_sums_and_axes() {
    gradcheck!(running(&matrix(1, 3, 4), &matrix(2, 3, 4))).unwrap();
    let stack = |seed: u64, shape: [usize; 3]| Array3::from_shape_vec(shape, noise(seed, 24)).unwrap();
    gradcheck!(turned(&stack(1, [2, 3, 4]), &stack(2, [4, 2, 3]))).unwrap();
    gradcheck!(outer(&array![0.5, -1.0, 2.0], &array![1.5, 0.25])).unwrap();
}
