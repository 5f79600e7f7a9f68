//! Activations and losses: derivatives against finite differences, values against PyTorch, extreme arguments, messages.

use autodiff_runtime::gradcheck;
use autodiff_runtime::nn::*;
use ndarray::{Array1, Array2, Array3, ArrayD, array};

const MASKED: f64 = f64::NEG_INFINITY;

fn sample() -> Array3<f64> {
    Array3::from_shape_fn((2, 2, 3), |(i, j, k)| ((i * 6 + j * 3 + k) as f64 * 1.7).sin() * 2.0 + 0.05)
}

fn assert_close(found: &Array1<f64>, expected: &Array1<f64>, tolerance: f64) {
    let close = |(found, expected): (&f64, &f64)| (found - expected).abs() <= tolerance;
    assert!(found.iter().zip(expected).all(close), "{found} instead of {expected}");
}

#[test]
fn derivatives_of_activations() {
    let x = sample();
    gradcheck!(relu(&x)).unwrap();
    gradcheck!(sigmoid(&x)).unwrap();
    gradcheck!(tanh(&x)).unwrap();
    gradcheck!(softplus(&x)).unwrap();
    gradcheck!(gelu(&x)).unwrap();
    gradcheck!(silu(&x)).unwrap();
    gradcheck!(leaky_relu(&x, 0.01)).unwrap();
    gradcheck!(softmax(&x)).unwrap();
    gradcheck!(log_softmax(&x)).unwrap();
    let single: ArrayD<f32> = x.mapv(|x| x as f32).into_dyn();
    gradcheck!(gelu(&single)).unwrap();
    gradcheck!(leaky_relu(&single, 0.5)).unwrap();
    gradcheck!(log_softmax(&single)).unwrap();
}

#[test]
fn derivatives_of_losses() {
    let (x, target) = (sample(), sample().mapv(|x| x * 0.3 + 0.1));
    gradcheck!(mse(&x, &target)).unwrap();
    gradcheck!(binary_cross_entropy_with_logits(&x, &target)).unwrap();
    let logits = array![[0.2, -1.0, 3.0], [1.0, 1.0, 0.0]];
    let labels = vec![2, 0];
    gradcheck!(cross_entropy(&logits, &labels)).unwrap();
    gradcheck!(cross_entropy(&logits, &[2, 0][..])).unwrap();
    gradcheck!(nll_loss(&logits, &labels)).unwrap();
    let single = logits.mapv(|x| x as f32);
    gradcheck!(cross_entropy(&single, &labels)).unwrap();
}

/// The loss of the tutorials, with the numbers of PyTorch 2.15 in single precision.
#[test]
fn binary_cross_entropy_of_the_tutorial() {
    let w = array![[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9], [-0.1, -0.2, -0.3], [-0.4, -0.5, -0.6]];
    let z = Array1::<f64>::ones(5).dot(&w) + array![0.1, -0.2, 0.3];
    let (loss, (z_bar, _)) = binary_cross_entropy_with_logits::value_and_grad(&z, &Array1::zeros(3));
    assert!((loss - 1.22395706).abs() < 1e-7, "{loss}");
    let expected = array![0.22999150, 0.21521877, 0.25617495];
    assert_close(&z_bar, &expected, 1e-7);
}

#[test]
fn values_of_activations() {
    let x = array![-1.5, -0.2, 0.0, 0.7, 2.0];
    let expected_gelu = array![-0.10021080190328714, -0.08414805811217941, 0.0, 0.5306254434438489, 1.9544997361036416];
    assert_close(&gelu(&x), &expected_gelu, 1e-15);
    let expected_silu = x.mapv(|x: f64| x / (1.0 + (-x).exp()));
    assert_close(&silu(&x), &expected_silu, 1e-15);
    let expected_softplus = x.mapv(|x: f64| (1.0 + x.exp()).ln());
    assert_close(&softplus(&x), &expected_softplus, 1e-15);
    assert_eq!(relu(&x), array![0.0, 0.0, 0.0, 0.7, 2.0]);
    assert_eq!(leaky_relu(&x, 0.1), array![-1.5 * 0.1, -0.2 * 0.1, 0.0, 0.7, 2.0]);
}

#[test]
fn extreme_logits() {
    for (logit, target, loss, slope) in [
        (0.0, 1.0, std::f64::consts::LN_2, -0.5),
        (1000.0, 0.0, 1000.0, 1.0),
        (1000.0, 1.0, 0.0, 0.0),
        (-1000.0, 1.0, 1000.0, -1.0),
        (-1000.0, 0.0, 0.0, 0.0),
    ] {
        let (found, (slopes, _)) = binary_cross_entropy_with_logits::value_and_grad(&array![logit], &array![target]);
        assert_eq!((found, slopes[0]), (loss, slope), "logit {logit}, target {target}");
    }
    let (loss, slopes) = cross_entropy::value_and_grad(&array![[1000.0, 0.0, -1000.0]], &[1]);
    assert_eq!((loss, slopes), (1000.0, array![[1.0, -1.0, 0.0]]));
    assert_eq!(log_softmax(&array![1e300, 1e300]), array![-std::f64::consts::LN_2, -std::f64::consts::LN_2]);
}

#[test]
fn masked_entries_have_no_weight_and_no_gradient() {
    let x = array![[1.0, MASKED, 1.0], [MASKED, MASKED, MASKED]];
    assert_eq!(softmax(&x), array![[0.5, 0.0, 0.5], [0.0, 0.0, 0.0]]);
    let (_, pullback) = softmax::vjp(&x);
    assert_eq!(pullback(array![[1.0, 7.0, 0.0], [1.0, 2.0, 3.0]]), array![[0.25, 0.0, -0.25], [0.0, 0.0, 0.0]]);
    let (y, pullback) = log_softmax::vjp(&x);
    assert_eq!(y[[0, 1]], MASKED);
    assert_eq!(pullback(array![[1.0, 7.0, 0.0], [1.0, 2.0, 3.0]]), array![[0.5, 0.0, -0.5], [0.0, 0.0, 0.0]]);
    let (loss, slopes) = cross_entropy::value_and_grad(&array![[1.0, MASKED, 1.0]], &[0]);
    assert_eq!((loss, slopes), (std::f64::consts::LN_2, array![[-0.5, 0.0, 0.5]]));
}

#[test]
fn conventions_at_kinks() {
    let kinks = array![0.0, -1.0, 1.0];
    let (_, pullback) = relu::vjp(&kinks);
    let infinite = f64::INFINITY;
    assert_eq!(pullback(array![infinite, infinite, 1.0]), array![0.0, 0.0, 1.0]);
    assert!(relu(&array![f64::NAN])[0].is_nan());
    let zero = array![0.0];
    let (_, pullback) = leaky_relu::vjp(&zero, 0.5);
    assert_eq!(pullback(array![1.0]), (array![0.5], 0.0));
}

#[test]
fn forward_mode_and_views() {
    let x = array![[1.0, -2.0], [3.0, -4.0]];
    let (y, y_dot) = relu::jvp(&x.t(), &array![[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!((y, y_dot), (array![[1.0, 3.0], [0.0, 0.0]], array![[1.0, 2.0], [0.0, 0.0]]));
    let (loss, loss_dot) = mse::jvp(&array![1.0, 2.0], &array![0.0, 0.0].view(), &array![1.0, 0.0], &array![0.0, 1.0]);
    assert_eq!((loss, loss_dot), (2.5, -1.0));
    let (_, loss_dot) = cross_entropy::jvp(&array![[0.0, 0.0]], &[0], &array![[1.0, 0.0]]);
    assert_eq!(loss_dot, -0.5);
    assert_eq!(relu::call_jvp(&array![1.0], None), (array![1.0], array![0.0]));
}

/// Owned arrays, views and references to references are accepted, and pullbacks borrow none of them.
#[test]
#[allow(clippy::needless_borrow)]
fn arguments_of_all_forms() {
    let mut pullbacks = Vec::new();
    for row in sample().outer_iter() {
        let (_, pullback) = tanh::call_vjp(&row);
        pullbacks.push(pullback);
    }
    let x = &sample();
    let mut mutable = x.clone();
    assert_eq!(relu(&x), relu(&x.view()));
    assert_eq!(relu(&mutable.view_mut()), relu(x));
    for (pullback, row) in pullbacks.iter().zip(x.outer_iter()) {
        let mut x_bar = Array2::zeros((2, 3));
        pullback(&row, &Array2::ones((2, 3)), None);
        pullback(&row, &Array2::ones((2, 3)), Some(&mut x_bar));
        assert!(x_bar.iter().all(|slope| *slope > 0.0));
    }
}

#[test]
fn arrays_without_elements() {
    let empty = Array2::<f64>::zeros((0, 3));
    assert_eq!(relu(&empty), empty);
    assert_eq!(softmax(&empty), empty);
    assert_eq!(softmax(&Array2::<f64>::zeros((3, 0))).dim(), (3, 0));
}

#[test]
#[should_panic(expected = "`cross_entropy`: 5 rows of logits but 4 labels")]
fn too_few_labels() {
    cross_entropy(&Array2::<f64>::zeros((5, 3)), &[0, 1, 2, 0]);
}

#[test]
#[should_panic(expected = "`cross_entropy`: label 3 of row 1 is out of range for 3 classes")]
fn a_label_out_of_range() {
    cross_entropy(&Array2::<f64>::zeros((2, 3)), &[0, 3]);
}

#[test]
#[should_panic(expected = "`nll_loss`: the batch is empty (shape [0, 3])")]
fn an_empty_batch() {
    nll_loss(&Array2::<f64>::zeros((0, 3)), &[]);
}

#[test]
#[should_panic(expected = "`mse`: prediction of shape [2] but target of shape [3]")]
fn shapes_that_differ() {
    mse(&Array1::<f64>::zeros(2), &Array1::zeros(3));
}

#[test]
#[should_panic(expected = "`softmax`: the argument has no axis to normalise over")]
fn softmax_of_a_number() {
    softmax(&ndarray::arr0(1.0));
}
