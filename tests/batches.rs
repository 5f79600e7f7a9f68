//! Derivatives over a batch: the same bits whatever runs in parallel.
#![allow(unused, clippy::all)]

use differentiable::ndarray::{Array1, Array2, ArrayView1, Axis};
use differentiable::{batch, differentiable};

#[differentiable]
fn loss(w: &Array1<f64>, b: f64, x: ArrayView1<'_, f64>, y: f64) -> f64 {
    let z = w.dot(&x) + b;
    let p = 1.0 / (1.0 + (-z).exp());
    (p - y) * (p - y)
}

fn data(n: usize) -> (Array1<f64>, Array2<f64>, Vec<f64>) {
    let w = Array1::from(vec![0.3, -0.7, 1.1]);
    let x = Array2::from_shape_fn((n, 3), |(i, j)| (1.7 * i as f64 - 0.9 * j as f64).sin());
    (w, x, (0..n).map(|i| (i % 2) as f64).collect())
}

/// The sum of values and gradients as it is defined: stretches of 32, in their order.
fn by_hand(w: &Array1<f64>, x: &Array2<f64>, y: &[f64]) -> (f64, Array1<f64>) {
    let mut total = (0.0, Array1::<f64>::zeros(3));
    for stretch in (0..y.len()).collect::<Vec<_>>().chunks(batch::STRETCH) {
        let mut part = (0.0, Array1::<f64>::zeros(3));
        for &i in stretch {
            let (value, (w_bar, ..)) = loss::value_and_grad(w, 0.1, x.row(i), y[i]);
            part = (part.0 + value, part.1 + w_bar);
        }
        total = (total.0 + part.0, total.1 + part.1);
    }
    total
}

#[test]
fn sums_are_the_same_for_any_number_of_threads() {
    for n in [1, 31, 32, 33, 500] {
        let (w, x, y) = data(n);
        let samples: Vec<usize> = (0..n).collect();
        let of_sample = |i: &usize| {
            let (value, (w_bar, ..)) = loss::value_and_grad(&w, 0.1, x.row(*i), y[*i]);
            (value, w_bar)
        };
        let total = batch::sum(&samples, of_sample).unwrap();
        assert_eq!(total, by_hand(&w, &x, &y));
        #[cfg(feature = "rayon")]
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(pool.install(|| batch::sum(&samples, of_sample)).unwrap(), total);
        }
    }
    assert!(batch::sum(&[0.0; 0], |x: &f64| *x).is_none());
}

#[test]
fn a_gradient_for_each_sample() {
    let (w, x, y) = data(7);
    let gradients = batch::rows(&x, |row| loss::grad(&w, 0.1, row, 1.0).2);
    let values = batch::over_axis(&x, Axis(0), |row| loss(&w, 0.1, row, 1.0));
    for i in 0..y.len() {
        assert_eq!(gradients.row(i), loss::grad(&w, 0.1, x.row(i), 1.0).2);
        assert_eq!(values[i], loss(&w, 0.1, x.row(i), 1.0));
    }
    assert_eq!(batch::map(&[1.0, 2.0], |x: &f64| x * x), [1.0, 4.0]);
}
