//! The companion's functions, `wrt`, `stop_gradient`, `no_grad!`, and how they fit together.

#![allow(clippy::all)]

mod common;
use common::{assert_near, check, check_gradient, dot, noise};
use differentiable::ndarray::{Array1, Array2, array};
use differentiable::{differentiable, no_grad, stop_gradient};

#[differentiable]
fn mixed(a: f64, x: &[f64], m: [f64; 2], n: usize, flag: bool) -> f64 {
    let mut s = if flag { a } else { 1.0 };
    for i in 0..n {
        s = s * x[i] + m[i % 2];
    }
    s
}

#[differentiable]
fn tensors(w: &Array2<f64>, b: Array1<f64>) -> f64 {
    let y = w.dot(&b);
    (&y * &y).sum()
}

#[differentiable]
fn to_plane(x: [f64; 3]) -> [f64; 2] {
    [x[0] * x[1], x[1].sin() + x[2] * x[2]]
}

#[differentiable]
fn elementwise(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut q = vec![0.0; a.len()];
    for i in 0..a.len() {
        q[i] = 3.0 * a[i].powi(3) - b[i] * b[i];
    }
    q
}

#[differentiable]
fn elementwise_sum(a: &[f64], b: &[f64]) -> f64 {
    let q: Vec<f64> = elementwise(a, b);
    let mut s = 0.0;
    for v in &q {
        s += v;
    }
    s
}

#[differentiable]
fn batch_loss(w: &[f64; 2], xs: &[f64], ys: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..xs.len() {
        let error = w[0] * xs[i] + w[1] - ys[i];
        loss += error * error;
    }
    loss
}

#[differentiable(wrt(w, b))]
fn last_layer(frozen: &[f64], w: &[f64], b: f64) -> f64 {
    let mut s = b;
    for i in 0..w.len() {
        s += w[i] * frozen[i].tanh();
    }
    s * s
}

#[differentiable(wrt(x))]
fn one_of_two(x: f64, y: f64) -> f64 {
    let z = y.exp();
    x * x * z + y
}

#[differentiable]
fn stopped(x: f64) -> f64 {
    stop_gradient(x * x) * x
}

#[differentiable]
fn stopped_by_path(x: &[f64]) -> f64 {
    let k = differentiable::stop_gradient(x[0]);
    let index = stop_gradient(x[1]) as usize;
    k * x[0] + x[index]
}

#[differentiable]
fn without_gradient(x: f64) -> f64 {
    let scale = no_grad! {
        let y = x.exp();
        y * y
    };
    let cut = differentiable::no_grad!(x + 1.0);
    scale * x + cut * x
}

fn plain(x: f64) -> f64 {
    x.sqrt()
}

#[differentiable]
fn plain_function_held_constant(x: f64) -> f64 {
    no_grad!(plain(x)) * x + stop_gradient(x).floor()
}

#[differentiable]
fn mixed_results(x: f64, m: &Array2<f64>, n: usize) -> (f64, Array2<f64>, usize) {
    let y = m * x;
    (x * n as f64, y, n + 1)
}

#[test]
fn gradients_have_the_parameters_types_and_order() {
    let x = [0.5, -1.5, 2.0];
    let m = [0.25, 3.0];
    let gradient: (f64, Vec<f64>, [f64; 2]) = mixed::grad(2.0, &x, m, 3, true);
    // ((a x0 + m0) x1 + m1) x2 + m0.
    let inner = 2.0 * 0.5 + 0.25;
    let expected = (-1.5, vec![2.0 * -1.5 * 2.0, inner * 2.0, inner * -1.5 + 3.0], [-1.5 * 2.0 + 1.0, 2.0]);
    assert_near("gradient", &gradient, &expected, 1e-14);
    check!(mixed(2.0, &x[..], m, 3, true), expected);
    check!(mixed(2.0, &x[..], m, 0, false), (0.0, vec![0.0; 3], [0.0; 2]));

    let w = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
    let b = array![0.5, -1.0];
    let (value, (w_bar, b_bar)): (f64, (Array2<f64>, Array1<f64>)) = tensors::value_and_grad(&w, b.clone());
    let y = w.dot(&b);
    assert_eq!(value, y.dot(&y));
    let expected = Array2::from_shape_fn((3, 2), |(i, j)| 2.0 * y[i] * b[j]);
    assert_near("w", &w_bar, &expected, 1e-14);
    assert_near("b", &b_bar, &(w.t().dot(&y) * 2.0), 1e-14);
    let bare: f64 = one_of_two::grad(3.0, 0.5);
    assert_near("bare", &bare, &(6.0 * 0.5f64.exp()), 1e-14);
}

#[test]
fn gradients_are_added_to_the_callers_buffers() {
    let x = [0.5, -1.5, 2.0];
    let (mut a_bar, mut x_bar, mut m_bar) = (100.0, vec![10.0, 20.0, 30.0], [1.0, 2.0]);
    let value = mixed::value_and_grad_into(2.0, &x, [0.25, 3.0], 3, true, &mut a_bar, &mut x_bar, &mut m_bar);
    let gradient = mixed::grad(2.0, &x, [0.25, 3.0], 3, true);
    assert_eq!(value, mixed(2.0, &x, [0.25, 3.0], 3, true));
    assert_near("a", &a_bar, &(100.0 + gradient.0), 1e-14);
    assert_near("x", &x_bar, &[10.0 + gradient.1[0], 20.0 + gradient.1[1], 30.0 + gradient.1[2]], 1e-14);
    assert_near("m", &m_bar, &[1.0 + gradient.2[0], 2.0 + gradient.2[1]], 1e-14);

    let w = array![[1.0, 2.0], [3.0, 4.0]];
    let b = array![0.5, -1.0];
    let (mut w_bar, mut b_bar) = (Array2::from_elem((2, 2), 7.0), Array1::zeros(2));
    tensors::value_and_grad_into(&w, b.clone(), &mut w_bar, &mut b_bar);
    tensors::value_and_grad_into(&w, b.clone(), &mut w_bar, &mut b_bar);
    let gradient = tensors::grad(&w, b);
    assert_near("w", &w_bar, &(gradient.0 * 2.0 + 7.0), 1e-14);
    assert_near("b", &b_bar, &(gradient.1 * 2.0), 1e-14);
}

#[test]
fn micro_batches_accumulate_to_the_whole_batch() {
    let (xs, ys) = (noise(5, 20), noise(6, 20));
    let w = [0.3, -0.7];
    let (whole, ..) = batch_loss::grad(&w, &xs, &ys);
    let mut w_bar = [0.0; 2];
    let mut loss = 0.0;
    for k in (0..20).step_by(5) {
        let (mut xs_bar, mut ys_bar) = ([0.0; 5], [0.0; 5]);
        let (x, y) = (&xs[k..k + 5], &ys[k..k + 5]);
        loss += batch_loss::value_and_grad_into(&w, x, y, &mut w_bar, &mut xs_bar, &mut ys_bar);
    }
    assert_near("loss", &loss, &batch_loss(&w, &xs, &ys), 1e-12);
    assert_near("gradient", &w_bar, &whole, 1e-12);
    let error = |i: usize| w[0] * xs[i] + w[1] - ys[i];
    let expected = [(0..20).map(|i| 2.0 * error(i) * xs[i]).sum::<f64>(), (0..20).map(|i| 2.0 * error(i)).sum()];
    assert_near("closed form", &whole, &expected, 1e-12);
}

#[test]
fn jacobian_by_rows_by_columns_and_by_hand() {
    let x = [1.5, 0.4f64, -2.0];
    let expected = [[x[1], x[0], 0.0], [0.0, x[1].cos(), 2.0 * x[2]]];
    let (value, pullback) = to_plane::vjp(x);
    assert_eq!(value, to_plane(x));
    let rows = [pullback([1.0, 0.0]), pullback([0.0, 1.0])];
    assert_near("rows", &rows, &expected, 1e-15);
    for j in 0..3 {
        let mut direction = [0.0; 3];
        direction[j] = 1.0;
        let (value, column) = to_plane::jvp(x, direction);
        assert_eq!(value, to_plane(x));
        assert_near("column", &column, &[expected[0][j], expected[1][j]], 1e-15);
    }
}

#[test]
fn external_gradients_and_repeated_pullbacks() {
    let (a, b) = ([2.0, 3.0], [6.0, 4.0]);
    let (q, pullback) = elementwise::vjp(&a, &b);
    assert_eq!(q, [-12.0, 65.0]);
    let ones: (Vec<f64>, Vec<f64>) = pullback(vec![1.0, 1.0]);
    assert_eq!(ones, (vec![36.0, 81.0], vec![-12.0, -8.0]));
    assert_eq!(pullback(vec![1.0, 1.0]), ones);
    assert_eq!(pullback(vec![0.0, 2.0]), (vec![0.0, 162.0], vec![0.0, -16.0]));
    assert_eq!(elementwise_sum::grad(&a, &b), ones);
    let direction = (noise(1, 2), noise(2, 2));
    let weights = noise(3, 2);
    let (_, tangent) = elementwise::jvp(&a, &b, &direction.0, &direction.1);
    assert_near("inner product", &dot(&tangent, &weights), &dot(&direction, &pullback(weights.clone())), 1e-13);
}

#[test]
fn pullbacks_outlive_what_they_were_made_from_and_can_be_passed_on() {
    fn jacobian_row(pullback: impl Fn(f64) -> f64, scale: f64) -> f64 {
        pullback(scale)
    }
    let pullback = {
        let (_, pullback) = stopped::vjp(3.0);
        pullback
    };
    assert_eq!(jacobian_row(&pullback, 2.0), 18.0);
    let boxed: Box<dyn Fn(f64) -> f64> = Box::new(pullback);
    assert_eq!(boxed(1.0), 9.0);
}

#[test]
fn only_the_named_parameters_are_differentiated() {
    let frozen = [0.5, -1.0];
    let w = [2.0, 3.0];
    let s = 0.25 + 2.0 * 0.5f64.tanh() + 3.0 * (-1f64).tanh();
    let gradient: (Vec<f64>, f64) = last_layer::grad(&frozen, &w, 0.25);
    let expected = (vec![2.0 * s * 0.5f64.tanh(), 2.0 * s * (-1f64).tanh()], 2.0 * s);
    assert_near("gradient", &gradient, &expected, 1e-14);
    let (mut w_bar, mut b_bar) = ([0.0; 2], 0.0);
    let value = last_layer::value_and_grad_into(&frozen, &w, 0.25, &mut w_bar, &mut b_bar);
    assert_near("value", &value, &(s * s), 1e-14);
    assert_near("into", &(w_bar, b_bar), &expected, 1e-14);
    let (_, tangent) = last_layer::jvp(&frozen, &w, 0.25, &[0.0, 0.0], 1.0);
    assert_near("tangent", &tangent, &(2.0 * s), 1e-14);
    check_gradient!(one_of_two(3.0, 0.5), 6.0 * 0.5f64.exp());
}

#[test]
fn gradients_can_be_stopped() {
    let x = 1.3f64;
    check_gradient!(stopped(x), x * x);
    assert_eq!(stopped::jvp(x, 1.0), (x * x * x, x * x));
    check_gradient!(stopped_by_path(&[3.0, 0.0]), vec![4.0, 0.0]);
    check_gradient!(stopped_by_path(&[3.0, 1.5]), vec![3.0, 1.0]);
    check_gradient!(without_gradient(x), x.exp() * x.exp() + x + 1.0);
    check_gradient!(plain_function_held_constant(4.5), 4.5f64.sqrt());
    let (value, tangent) = without_gradient::jvp(x, 1.0);
    assert_near("jvp", &(value, tangent), &(without_gradient(x), x.exp() * x.exp() + x + 1.0), 1e-14);
}

#[test]
fn results_without_derivative_have_a_unit_cotangent() {
    let m = array![[1.0, 2.0], [3.0, 4.0]];
    let ((a, y, n), pullback) = mixed_results::vjp(1.5, &m, 4);
    assert_eq!((a, n), (6.0, 5));
    assert_eq!(y, &m * 1.5);
    let (x_bar, m_bar): (f64, Array2<f64>) = pullback((1.0, array![[1.0, 0.0], [0.0, 10.0]], ()));
    assert_eq!(x_bar, 4.0 + 1.0 + 40.0);
    assert_eq!(m_bar, array![[1.5, 0.0], [0.0, 15.0]]);
}

#[test]
fn gradcheck_accepts_right_gradients() {
    let x = noise(9, 4);
    differentiable::gradcheck!(mixed(2.0, &x[..], [0.25, 3.0], 4, false)).unwrap();
    differentiable::gradcheck!(to_plane([1.5, 0.4, -2.0])).unwrap();
    differentiable::gradcheck!(elementwise(&x[..], &x[..])).unwrap();
    let w = array![[1.0, 2.0], [3.0, 4.0]];
    assert!(differentiable::gradcheck!(tensors(&w, array![0.5, -1.0])).is_ok());
}

#[test]
fn gradcheck_names_parameter_index_and_both_values() {
    // What is stopped on purpose looks like a wrong gradient.
    let numbers = [3.0, 0.0];
    let error = differentiable::gradcheck!(stopped_by_path(&numbers[..])).unwrap_err();
    let message = error.to_string();
    for part in ["stopped_by_path", "numbers", "[0]", "reverse 4", "forward 4", "difference"] {
        assert!(message.contains(part), "{part} is missing in: {message}");
    }
}
