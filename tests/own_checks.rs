//! Functions that come with a test of their derivatives. The tests stand beside them; here they are called once more.

use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, array};

#[differentiable(gradcheck)]
fn straight(x: f64, k: f32, n: usize) -> f64 {
    let mut y = x * f64::from(k);
    for _ in 0..n {
        y = (y + x).sqrt();
    }
    y
}

#[differentiable(gradcheck(x = -3.0..-2.0, flag = true))]
fn negative(x: &[f64], flag: bool) -> f64 {
    assert!(flag && x.iter().all(|x| (-3.0..-2.0).contains(x)));
    x.iter().map(|x| (-x).ln()).sum()
}

#[differentiable(gradcheck(w = array![[0.5, 1.0], [2.0, -1.0]], b = array![0.3, 0.1]))]
fn dense(w: &Array2<f64>, b: &Array1<f64>, scale: [f64; 2]) -> Array1<f64> {
    let z = w.dot(b) + b;
    z.mapv(|z| z.tanh()) * scale[0] + scale[1]
}

mod wrong {
    use differentiable::differentiable;

    pub(super) fn rule(x: f64) -> (f64, impl Fn(f64) -> f64) {
        (x * x, move |y_bar| y_bar * 3.0 * x * x)
    }

    #[differentiable(vjp = rule)]
    pub(super) fn square(x: f64) -> f64 {
        x * x
    }
}

#[test]
fn the_tests_exist() {
    straight_gradcheck();
    negative_gradcheck();
    dense_gradcheck();
    let error = differentiable::gradcheck!(wrong::square(0.7)).unwrap_err().to_string();
    assert!(error.contains("rule"), "{error}");
}
