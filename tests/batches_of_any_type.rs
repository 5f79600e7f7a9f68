//! Batches of structs, tuples and matrices.

use differentiable::ndarray::{Array1, Array2, ArrayView1, Axis, array};
use differentiable::{Differentiable, batch, differentiable};

#[derive(Clone, Debug, Differentiable)]
struct W {
    a: Vec<f64>,
    b: f64,
}
#[differentiable]
fn loss(w: &W, x: &[f64], y: f64) -> f64 {
    let p: f64 = w.a.iter().zip(x).map(|(a, x)| a * x).sum();
    (p + w.b - y).powi(2)
}
#[test]
fn gradients_of_structs_are_summed() {
    let w = W { a: vec![0.5, -0.2], b: 0.1 };
    let data: Vec<(Vec<f64>, f64)> =
        (0..100).map(|i| (vec![(i as f64).sin(), (i as f64).cos()], i as f64 * 0.01)).collect();
    let (value, w_bar): (f64, WTangent) = batch::sum(&data, |(x, y)| {
        let (v, (w_bar, _, _)) = loss::value_and_grad(&w, x, *y);
        (v, w_bar)
    })
    .unwrap();
    let mut want = 0.0;
    let mut g = 0.0;
    for (x, y) in &data {
        want += loss(&w, x, *y);
        g += loss::grad(&w, x, *y).0.b;
    }
    assert!((value - want).abs() < 1e-9 && (w_bar.b - g).abs() < 1e-9);
    let all: Vec<(WTangent, Vec<f64>, f64)> = batch::map(&data, |(x, y)| loss::grad(&w, x, *y));
    assert_eq!(all.len(), 100);
}
#[differentiable(jacobian)]
fn polar(x: &[f64]) -> [f64; 2] {
    [x[0] * x[1].cos(), x[0] * x[1].sin()]
}
#[differentiable(jacobian)]
fn polar1(x: ArrayView1<f64>) -> Array1<f64> {
    array![x[0] * x[1].cos(), x[0] * x[1].sin()]
}
#[test]
fn jacobians_of_items_and_of_rows() {
    let xs: Vec<[f64; 2]> = (0..10).map(|i| [i as f64, 0.1 * i as f64]).collect();
    let js: Vec<Array2<f64>> = batch::map(&xs, |x| polar::jacobian(x));
    assert_eq!(js[3][[0, 0]], (0.3f64).cos());
    let m = Array2::from_shape_fn((10, 2), |(i, j)| if j == 0 { i as f64 } else { 0.1 * i as f64 });
    let js2 = batch::over_axis(&m, Axis(0), |row| polar1::jacobian(row));
    assert_eq!(js2.len(), 10);
    let r = batch::rows(&m, |row| polar1::jacobian(row).row(0).to_owned());
    assert_eq!(r.dim(), (10, 2));
    assert_eq!(batch::rows(&m, |row| polar1(row)).row(0), polar1(m.row(0)));
}
#[differentiable]
fn tuple_out(x: (f64, f64)) -> f64 {
    x.0 * x.1
}
#[test]
fn tuples_and_matrices_are_summed() {
    let g = batch::map(&[(1.0, 2.0), (3.0, 4.0)], |x| tuple_out::grad(*x));
    assert_eq!(g, [(2.0, 1.0), (4.0, 3.0)]);
    let s: Option<(f64, (f64, f64))> = batch::sum(&[(1.0, 2.0), (3.0, 4.0)], |x| tuple_out::value_and_grad(*x));
    assert_eq!(s, Some((14.0, (6.0, 4.0))));
    let e: Option<f64> = batch::sum(&[] as &[f64], |x| *x);
    assert_eq!(e, None);
    let j: Option<Array2<f64>> = batch::sum(&[[1.0, 2.0], [3.0, 4.0]], |x| polar::jacobian(x));
    assert!(j.is_some());
}
