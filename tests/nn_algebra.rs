//! Linear systems, contractions, selections, and losses with options inside annotated functions.

#![allow(clippy::all)]

mod common;
use common::{assert_near, noise};
use differentiable::ndarray::{Array1, Array2, Array3, Axis, array, s};
use differentiable::nn::{self, CrossEntropy};
use differentiable::{differentiable, gradcheck};

fn vector(seed: u64, len: usize) -> Array1<f64> {
    Array1::from_vec(noise(seed, len))
}

fn matrix(seed: u64, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_vec((rows, columns), noise(seed, rows * columns)).unwrap()
}

/// Far from singular.
fn regular(seed: u64, n: usize) -> Array2<f64> {
    matrix(seed, n, n) + Array2::<f64>::eye(n) * 3.0
}

#[differentiable]
fn solved(a: &Array2<f64>, b: &Array1<f64>, c: &Array2<f64>) -> f64 {
    let x = nn::solve(a, b);
    let y = nn::solve(a, c);
    (&x * &x).sum() + (&y * &y * &y).sum()
}

#[differentiable]
fn determinants(a: &Array2<f64>) -> f64 {
    let inverse = nn::inverse(a);
    nn::log_determinant(a) * nn::determinant(a) + (&inverse * &inverse).sum()
}

#[differentiable]
fn factored(a: &Array2<f64>, w: &Array2<f64>) -> f64 {
    let l = nn::cholesky(a);
    (&l * w).sum() + (&l * &l * &l).sum()
}

#[test]
fn linear_algebra() {
    let a = regular(1, 4);
    gradcheck!(solved(&a, &vector(2, 4), &matrix(3, 4, 3))).unwrap();
    gradcheck!(determinants(&a)).unwrap();
    // Rows that have to change places, and a negative determinant.
    let exchanged = a.select(Axis(0), &[2, 0, 1, 3]);
    gradcheck!(solved(&exchanged, &vector(2, 4), &matrix(3, 4, 3))).unwrap();
    let swapped = a.select(Axis(0), &[1, 0, 2, 3]);
    gradcheck!(determinants(&swapped)).unwrap();
    let (one, other) = (nn::determinant(&a), nn::determinant(&swapped));
    assert!((one + other).abs() < 1e-12 * one.abs());
    let definite = a.dot(&a.t());
    gradcheck!(factored(&definite, &matrix(4, 4, 4))).unwrap();
    let l = nn::cholesky(&definite);
    assert_near("factor", &l.dot(&l.t()), &definite, 1e-13);
    let identity = a.dot(&nn::inverse(&a));
    assert_near("inverse", &identity, &Array2::<f64>::eye(4), 1e-14);
    let x = nn::solve(&a.t(), &vector(2, 4));
    assert_near("solution", &a.t().dot(&x), &vector(2, 4), 1e-14);
}

#[test]
#[should_panic(expected = "`solve`: the matrix is singular")]
fn singular_matrices_are_refused() {
    nn::solve(&array![[1.0, 2.0], [2.0, 4.0]], &array![1.0, 1.0]);
}

#[test]
#[should_panic(expected = "`cholesky`: the matrix is not positive definite")]
fn indefinite_matrices_are_refused() {
    nn::cholesky(&array![[1.0, 2.0], [2.0, 1.0]]);
}

#[differentiable]
fn contracted(a: &Array3<f64>, b: &Array3<f64>, c: &Array2<f64>) -> f64 {
    let stacked = nn::einsum3(a, b, "bij,bjk->kbi");
    let rows = nn::einsum1(a, c, "bij,jk->i");
    let all = nn::einsum(a, c, "bij,xy->yi");
    (&stacked * &stacked).sum() + (&rows * &rows).sum() + (&all * &all).sum()
}

#[test]
fn contractions() {
    let tensor = |seed, shape: [usize; 3]| Array3::from_shape_vec(shape, noise(seed, shape.iter().product())).unwrap();
    let (a, b, c) = (tensor(1, [2, 3, 4]), tensor(2, [2, 4, 5]), matrix(3, 4, 2));
    gradcheck!(contracted(&a, &b, &c)).unwrap();
    // Views of any layout.
    let turned = a.view().permuted_axes([0, 2, 1]);
    let y = nn::einsum3(&turned, &b.slice(s![..;-1, .., ..;2]), "bji,bjk->bik");
    for batch in 0..2 {
        let expected = a.index_axis(Axis(0), batch).dot(&b.slice(s![1 - batch, .., ..;2]));
        assert_near("product", &y.index_axis(Axis(0), batch).to_owned(), &expected, 1e-14);
    }
}

#[test]
#[should_panic(expected = "`einsum`: the axis `j` of `ij,jk->ik` has the lengths 2 and 3")]
fn contractions_check_lengths() {
    nn::einsum2(&matrix(1, 2, 2), &matrix(2, 3, 2), "ij,jk->ik");
}

#[differentiable]
fn selected(x: &Array2<f64>, y: &Array2<f64>, indices: &Array2<usize>, mask: &Array2<bool>) -> f64 {
    let taken = nn::gather(x, indices, Axis(1));
    let added = nn::scatter_add(x, &taken, indices, Axis(1));
    let chosen = nn::choose(&added, y, mask);
    let sorted = nn::sort(&chosen, Axis(0));
    let triangles = nn::tril(&sorted, 0) + &(nn::triu(&sorted, 1) * 2.0);
    let products = nn::prod_axis(&triangles, Axis(1));
    let outer = nn::outer(&products, &products);
    (&outer * &triangles).sum()
}

#[test]
fn selections() {
    let (x, y) = (matrix(1, 3, 3), matrix(2, 3, 3));
    let indices = array![[2, 0, 0], [1, 1, 1], [0, 2, 1]];
    let mask = array![[true, false, true], [true, true, true], [false, true, true]];
    gradcheck!(selected(&x, &y, &indices, &mask)).unwrap();
    let sorted = nn::sort(&array![2.0, f64::NAN, 1.0], Axis(0));
    assert!(sorted[0] == 1.0 && sorted[1] == 2.0 && sorted[2].is_nan());
    let zeros = array![[2.0, 0.0, 3.0], [0.0, 0.0, 1.0]];
    let (_, pullback) = nn::prod_axis::vjp(&zeros, Axis(1));
    assert_eq!(pullback(array![1.0, 1.0]), array![[0.0, 6.0, 0.0], [0.0, 0.0, 0.0]]);
}

#[differentiable]
fn picked(x: &Array2<f64>, rows: &[usize]) -> f64 {
    let y = x.select(Axis(0), rows);
    (&y * &y * &y).sum()
}

#[test]
fn selections_of_rows() {
    gradcheck!(picked(&matrix(1, 3, 2), &[2, 0, 2][..])).unwrap();
}

#[test]
#[should_panic(expected = "`gather`: an array of shape [2] has no element 2 along axis 0")]
fn numbers_of_missing_elements_are_refused() {
    nn::gather(&array![1.0, 2.0], &array![2], Axis(0));
}

#[differentiable]
fn classified(logits: &Array2<f64>, targets: &Array2<f64>, labels: &[usize]) -> f64 {
    let smoothed = CrossEntropy::new().label_smoothing(0.1).ignore(7);
    let mean = nn::cross_entropy_with(logits, labels, smoothed);
    let sum = nn::cross_entropy_with(logits, labels, smoothed.sum());
    let terms = nn::cross_entropy_terms(logits, labels, smoothed);
    mean + 2.0 * sum + (&terms * &terms).sum() + nn::soft_cross_entropy(logits, targets)
}

#[differentiable]
fn wide(x: &Array1<f64>, y: &Array1<f64>) -> f64 {
    nn::huber(x, y, 0.3).sum() + (nn::smooth_l1(x, y, 0.2) * x).sum()
}

#[test]
fn losses_with_options() {
    let (logits, labels) = (matrix(1, 4, 3), [2, 7, 0, 1]);
    let targets = nn::softmax(&matrix(2, 4, 3));
    gradcheck!(classified(&logits, &targets, &labels[..])).unwrap();
    gradcheck!(wide(&vector(3, 7), &vector(4, 7))).unwrap();
    // Without options it is the plain one; probabilities of 0 and 1 are labels.
    let plain = nn::cross_entropy(&logits, &[2, 1, 0, 1]);
    let same = nn::cross_entropy_with(&logits, &[2, 1, 0, 1], CrossEntropy::new());
    let hot = array![[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
    assert!((plain - same).abs() < 1e-15 && (plain - nn::soft_cross_entropy(&logits, &hot)).abs() < 1e-15);
    // `torch.nn.functional.cross_entropy(torch.tensor([[0., 1., 2.]]), torch.tensor([2]), label_smoothing=0.3)`
    let smoothed = CrossEntropy::new().label_smoothing(0.3);
    let loss = nn::cross_entropy_with(&array![[0.0, 1.0, 2.0]], &[2], smoothed);
    let normaliser = (1.0 + 1_f64.exp() + 2_f64.exp()).ln();
    assert!((loss - (0.1 * normaliser + 0.1 * (normaliser - 1.0) + 0.8 * (normaliser - 2.0))).abs() < 1e-15);
    assert_eq!(nn::huber(&array![0.5, 3.0], &array![0.0, 0.0], 2.0), array![0.125, 4.0]);
    assert_eq!(nn::smooth_l1(&array![0.5, 3.0], &array![0.0, 0.0], 2.0), array![0.0625, 2.0]);
}
