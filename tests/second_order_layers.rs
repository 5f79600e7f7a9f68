//! Second derivatives of the layers and the losses of `nn`, against differences of the gradient.
#![allow(clippy::all, clippy::pedantic)]

mod common;

use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, Array3, Array4, Axis, array};
use differentiable::nn::{self, Conv, CrossEntropy, Pool, RunningStatistics};

/// Checks `hvp` against differences of the gradient, and against forward mode twice.
macro_rules! check {
    ($($name:ident)*) => {$({
        let w = Array1::from_shape_fn(24, |i| (1.7 * i as f64 + 0.3).sin() * (1.0 + 0.1 * i as f64));
        let v = w.mapv(|w| (7.0 * w).sin() + 0.3);
        let product = $name::hvp(&w, &v);
        let at = |h: f64| {
            let (above, below) = ($name::grad(&(&w + &(&v * h))), $name::grad(&(&w - &(&v * h))));
            (above - below) / (2.0 * h)
        };
        let expected = (at(1e-4) * 4.0 - at(2e-4)) / 3.0;
        let largest = (&product - &expected).iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        let scale = expected.iter().fold(1.0_f64, |most, d| most.max(d.abs()));
        assert!(largest < 1e-7 * scale, "{}: {product} instead of {expected}", stringify!($name));
        let u = v.mapv(|v| v * v - 0.4);
        let ((_, first), (_, second)) = $name::jvp_jvp(&w, &v, &u, &Array1::zeros(24));
        assert!(($name::jvp(&w, &v).1 - first).abs() < 1e-10 * scale, "{}", stringify!($name));
        assert!(((&product * &u).sum() - second).abs() < 1e-9 * scale, "{}: forward mode twice", stringify!($name));
    })*};
}

#[differentiable(order = 2)]
fn images(w: &Array1<f64>) -> Array4<f64> {
    w.to_shape((1, 2, 3, 4)).unwrap().to_owned()
}

#[differentiable(order = 2)]
fn rows(w: &Array1<f64>) -> Array2<f64> {
    w.to_shape((4, 6)).unwrap().to_owned()
}

#[differentiable(order = 2)]
fn blocks(w: &Array1<f64>) -> Array3<f64> {
    w.to_shape((2, 3, 4)).unwrap().to_owned()
}

#[differentiable(hvp)]
fn convolutions(w: &Array1<f64>) -> f64 {
    let x = images(w);
    let kernel = Array4::from_shape_fn((2, 2, 2, 2), |(i, j, k, l)| w[i + 2 * j + 4 * k + 8 * l] + 0.1);
    let y = nn::conv2d(&x, &kernel, Conv::new().padding(1));
    let z = nn::conv_transpose2d(&nn::tanh(&y), &kernel, Conv::new().stride(2));
    nn::add_bias(&z, &array![w[0], w[1]]).mapv(|v| v * v).sum()
}

#[differentiable(hvp)]
fn lines(w: &Array1<f64>) -> f64 {
    let x = blocks(w);
    let kernel = Array3::from_shape_fn((2, 3, 2), |(i, j, k)| w[i + 2 * j + 6 * k]);
    let y = nn::conv1d(&x, &kernel, Conv::new());
    nn::max_pool1d(&y, Pool::new(2)).mapv(|v| v * v * v).sum() + nn::avg_pool1d(&y, Pool::new(2)).mapv(f64::sin).sum()
}

#[differentiable(hvp)]
fn pools(w: &Array1<f64>) -> f64 {
    let x = images(w);
    let largest = nn::max_pool2d(&x, Pool::new(2)).mapv(|v| v * v * v).sum();
    let means = nn::avg_pool2d(&x, Pool::new(2)).mapv(f64::exp).sum();
    let adaptive = nn::flatten(&nn::adaptive_avg_pool2d(&x, [2, 2]));
    largest * means + adaptive.dot(&adaptive.t()).sum()
}

#[differentiable(hvp)]
fn dense(w: &Array1<f64>) -> f64 {
    let x = rows(w);
    let weights = Array2::from_shape_fn((3, 6), |(i, j)| w[i + 3 * j] * 0.7);
    let y = nn::linear(&x, &weights, &array![w[0], w[5], w[9]]);
    nn::cross_entropy(&nn::gelu(&y), &[0, 2, 1, 1])
}

#[differentiable(hvp)]
fn norms(w: &Array1<f64>) -> f64 {
    let x = rows(w);
    let (scale, shift) = (Array1::from_shape_fn(6, |i| w[i] + 1.0), Array1::from_shape_fn(6, |i| w[i + 6]));
    let y = nn::layer_norm(&x, &scale, &shift, 1e-3);
    let z = nn::rms_norm(&(&y * &x), &scale, 1e-3);
    y.mapv(f64::sin).sum() + z.mapv(|z| z * z * z).sum()
}

#[differentiable(hvp)]
fn group_norms(w: &Array1<f64>) -> f64 {
    let x = images(w);
    let y = nn::group_norm(&x, &array![w[0], w[1] + 2.0], &array![w[2], w[3]], 1, 1e-3);
    y.mapv(|y| y * y * y).sum()
}

#[differentiable(hvp)]
fn batch_norms(w: &Array1<f64>) -> f64 {
    let x = blocks(w);
    let y = nn::batch_norm(&x, &array![w[0], 1.0, w[1]], &array![w[2], w[3], 0.5], &RunningStatistics::new(3), true);
    let z = nn::batch_norm(&y, &array![w[0], 1.0, w[1]], &array![w[2], w[3], 0.5], &RunningStatistics::new(3), false);
    (&y * &z * &y).sum()
}

#[differentiable(hvp)]
fn heads(w: &Array1<f64>) -> f64 {
    let x = blocks(w);
    let y = nn::attention(&x, &x.mapv(f64::sin), &(&x * &x), true);
    nn::attention(&y, &x, &y, false).mapv(|y| y * y).sum()
        + nn::batch_matmul(&x, &x.clone().permuted_axes([0, 2, 1])).mapv(f64::tanh).sum()
}

#[differentiable(hvp)]
fn cells(w: &Array1<f64>) -> f64 {
    let x = array![[w[0], w[1]]];
    let (h, c) = (array![[w[2], w[3]]], array![[w[4], w[5]]]);
    let (of_x, of_h) = (
        Array2::from_shape_fn((8, 2), |(i, j)| w[i + 8 * j]),
        Array2::from_shape_fn((8, 2), |(i, j)| w[i + 8 * j + 5]),
    );
    let (b, d) = (Array1::from_shape_fn(8, |i| w[i + 3]), Array1::from_shape_fn(8, |i| w[i + 6] * 0.5));
    let (h, c) = nn::lstm_cell(&x, &h, &c, &of_x, &of_h, &b, &d);
    let (of_x, of_h) = (
        Array2::from_shape_fn((6, 2), |(i, j)| w[i + 6 * j]),
        Array2::from_shape_fn((6, 2), |(i, j)| w[i + 6 * j + 5]),
    );
    let (b, d) = (Array1::from_shape_fn(6, |i| w[i + 3]), Array1::from_shape_fn(6, |i| w[i + 6] * 0.5));
    let g = nn::gru_cell(&c, &h, &of_x, &of_h, &b, &d);
    (&g * &g * &h).sum()
}

#[differentiable(hvp)]
fn losses(w: &Array1<f64>) -> f64 {
    let (x, y) = (rows(w), rows(&w.mapv(|w| (3.0 * w).sin())));
    let p = nn::sigmoid(&y);
    let wide = CrossEntropy::default();
    nn::huber(&x, &y, 0.7).sum()
        + nn::smooth_l1(&(&x * &x), &y, 0.4).sum()
        + nn::soft_cross_entropy(&x, &nn::softmax(&y))
        + nn::cross_entropy_with(&x, &[0, 1, 5, 3], wide.clone())
        + nn::cross_entropy_terms(&y, &[0, 1, 5, 3], wide).mapv(|t| t * t).sum()
        + nn::binary_cross_entropy(&p, &nn::sigmoid(&x))
        + nn::kl_div(&nn::log_softmax(&x), &nn::softmax(&y))
        + nn::huber_loss(&x, &y) * nn::l1_loss(&x, &y)
        + nn::hinge_loss(&x, &y)
        + nn::mse(&x, &y)
}

#[differentiable(hvp)]
fn terms(w: &Array1<f64>) -> f64 {
    let (x, y) = (rows(w), rows(&w.mapv(|w| (3.0 * w).sin())));
    let similar = nn::cosine_similarity(&x, &y);
    similar.mapv(|s| s * s).sum()
        + nn::squared_error(&x, &y).mapv(f64::sin).sum()
        + nn::huber_error(&x, &y).mapv(f64::sin).sum()
        + nn::leaky_relu(&x, w[0]).mapv(|v| v * v * v).sum()
        + nn::binary_cross_entropy_with_logits_error(&x, &y).mapv(f64::sin).sum()
}

#[differentiable(hvp)]
fn algebra(w: &Array1<f64>) -> f64 {
    let mut a = Array2::from_shape_fn((3, 3), |(i, j)| w[i] * w[j + 3] + w[i + j]);
    for i in 0..3 {
        a[[i, i]] += 4.0;
    }
    let spd = a.dot(&a.t());
    let b = array![w[0], w[1], w[2]];
    let solved = nn::solve(&a, &b);
    solved.dot(&solved)
        + nn::inverse(&a).sum()
        + nn::determinant(&a)
        + nn::log_determinant(&spd)
        + nn::cholesky(&spd).mapv(|v| v * v * v).sum()
        + nn::outer(&b, &solved).mapv(f64::sin).sum()
}

#[differentiable(hvp)]
fn choices(w: &Array1<f64>) -> f64 {
    let x = rows(w);
    let y = x.mapv(|x| x * x);
    let sorted = nn::sort(&y, Axis(1));
    let weights = Array2::from_shape_fn((4, 6), |(i, j)| (i * j) as f64 * 0.1);
    let picked = nn::gather(&x, &Array2::from_elem((4, 6), 1), Axis(1));
    let table = nn::embedding(&x, &[0, 2, 2]);
    (&sorted * &weights).sum() * picked.sum()
        + nn::cumsum(&y, Axis(0)).mapv(f64::sin).sum()
        + table.mapv(|t| t * t * t).sum()
        + nn::tril(&x, 0).mapv(|x| x * x).sum()
        + nn::max_axis(&y, Axis(0)).mapv(f64::exp).sum()
        + nn::einsum2(&x, &y, "ij,kj->ik").sum()
}

#[test]
fn layers() {
    check!(convolutions lines pools dense norms group_norms batch_norms heads cells);
}

#[test]
fn losses_and_operations() {
    check!(losses terms algebra choices);
}

#[differentiable(hvp)]
fn lengths_and_products(w: &Array1<f64>) -> f64 {
    let x = blocks(w);
    let norms = nn::norm_axis(&(&x * &x), Axis(1)).mapv(f64::sin).sum() * nn::norm_axis(&x, Axis(2)).sum();
    let products = nn::prod_axis(&x, Axis(1)).mapv(|p| p * p).sum() + nn::prod_axis(&x, Axis(0)).sum();
    norms + products * nn::prod_axis(&rows(w), Axis(0)).sum()
}

#[test]
fn of_lengths_and_products_along_an_axis() {
    check!(lengths_and_products);
}

#[differentiable(hessian)]
fn product_of_columns(x: &Array2<f64>) -> f64 {
    nn::prod_axis(x, Axis(0)).sum()
}

#[differentiable(hessian)]
fn length_of_rows(x: &Array2<f64>) -> f64 {
    nn::norm_axis(x, Axis(1)).sum()
}

#[test]
fn where_numbers_are_zero() {
    // The product of the others, for each pair of a column: one, two and three zeros.
    let x = array![[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [3.0, 5.0, 0.0]];
    let hessian = product_of_columns::hessian(&x);
    assert_eq!((hessian[[0, 3]], hessian[[0, 6]], hessian[[3, 6]]), (3.0, 2.0, 0.0));
    assert_eq!((hessian[[1, 4]], hessian[[1, 7]], hessian[[4, 7]]), (5.0, 0.0, 0.0));
    assert_eq!((hessian[[2, 5]], hessian[[0, 1]], hessian[[0, 0]]), (0.0, 0.0, 0.0));
    assert_eq!(hessian, hessian.t());
    // A row of zeros has the derivatives zero; another one `(1 - n nᵀ) / y`.
    let hessian = length_of_rows::hessian(&array![[0.0, 0.0], [3.0, 4.0]]);
    assert!(hessian.iter().take(8).all(|&h| h == 0.0));
    assert!((hessian[[2, 2]] - 0.128).abs() < 1e-15 && (hessian[[2, 3]] + 0.096).abs() < 1e-15);
}

#[differentiable(hvp)]
fn norms_of_views(w: &Array1<f64>) -> f64 {
    let x = blocks(w).permuted_axes([2, 0, 1]).to_owned();
    let (scale, shift) = (array![w[0], 1.0, w[1]], array![w[2], w[3], 0.5]);
    let y = nn::layer_norm(&x, &scale, &shift, 1e-2);
    let z = nn::group_norm(&blocks(w), &scale, &shift, 3, 1e-2);
    y.mapv(|y| y * y * y).sum() * z.mapv(f64::sin).sum() + nn::rms_norm(&y, &scale, 1e-2).mapv(f64::cos).sum()
}

#[test]
fn of_norms_of_rearranged_arrays() {
    check!(norms_of_views);
}
