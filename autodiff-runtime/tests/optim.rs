//! Optimizers against PyTorch's equations, over all kinds of parameters.

use autodiff_runtime::optim::{Adam, AdamW, Optimizer, Sgd};
use ndarray::{Array1, Array2, ShapeBuilder, array};

/// Gradients of three steps.
const GRADIENTS: [f64; 3] = [1.0, -0.5, 2.0];

/// `torch.optim.SGD` as its documentation defines it.
fn sgd_by_definition(optimizer: &Sgd, mut theta: f64) -> Vec<f64> {
    let mut velocity = None;
    let mut trace = Vec::new();
    for gradient in GRADIENTS {
        let mut g = gradient + optimizer.weight_decay * theta;
        if optimizer.momentum != 0.0 {
            let b = velocity.map_or(g, |b| optimizer.momentum * b + (1.0 - optimizer.dampening) * g);
            velocity = Some(b);
            g = if optimizer.nesterov { g + optimizer.momentum * b } else { b };
        }
        theta -= optimizer.learning_rate * g;
        trace.push(theta);
    }
    trace
}

#[test]
fn sgd_follows_the_equations() {
    let variants = [
        Sgd::new(0.1),
        Sgd::new(0.1).weight_decay(0.01),
        Sgd::new(0.1).momentum(0.9),
        Sgd::new(0.1).momentum(0.9).dampening(0.3),
        Sgd::new(0.1).momentum(0.9).nesterov(),
        Sgd::new(0.1).momentum(0.9).nesterov().weight_decay(0.2),
    ];
    for mut optimizer in variants {
        let expected = sgd_by_definition(&optimizer, 3.0);
        let mut theta = array![3.0, 3.0];
        for (gradient, expected) in GRADIENTS.into_iter().zip(expected) {
            optimizer.step(&mut theta, &array![gradient, 0.0]);
            assert!((theta[0] - expected).abs() < 1e-14, "{optimizer:?}: {theta} instead of {expected}");
        }
    }
}

/// The first steps by hand: `v = 1, 0.4, 2.36`.
#[test]
fn sgd_with_momentum_by_hand() {
    let mut optimizer = Sgd { learning_rate: 0.5, ..Sgd::new(1.0).momentum(0.9) };
    let mut theta = [1.0_f32];
    let mut trace = Vec::new();
    for gradient in GRADIENTS {
        optimizer.step(&mut theta[..], [gradient as f32]);
        trace.push(theta[0]);
    }
    assert_eq!(trace, [0.5, 0.3, 0.3 - 1.18]);
}

/// `torch.optim.AdamW` as its documentation defines it.
#[test]
fn adam_follows_the_equations() {
    for decay in [0.0, 0.1] {
        let mut optimizer = AdamW::new(0.05).betas(0.8, 0.95).weight_decay(decay);
        let (mut x, mut theta, mut m, mut s) = (2.0, 2.0_f64, 0.0, 0.0);
        for (step, g) in GRADIENTS.into_iter().enumerate() {
            theta -= 0.05 * decay * theta;
            m = 0.8 * m + (1.0 - 0.8) * g;
            s = 0.95 * s + (1.0 - 0.95) * g * g;
            let t = step as i32 + 1;
            let (m_hat, s_hat): (f64, f64) = (m / (1.0 - 0.8_f64.powi(t)), s / (1.0 - 0.95_f64.powi(t)));
            theta -= 0.05 * m_hat / (s_hat.sqrt() + 1e-8);
            optimizer.step(&mut x, g);
            assert!((x - theta).abs() < 1e-14, "{x} instead of {theta}");
        }
    }
}

#[test]
fn parameters_of_all_kinds() {
    let mut columns = Array2::<f64>::zeros((2, 3).f());
    let gradient = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let mut layers = vec![(Array1::<f32>::ones(2), 1.0), (Array1::ones(1), 2.0)];
    let layer_gradients = vec![(array![1.0_f32, 0.0], 0.5), (array![1.0], 0.0)];
    let mut optimizer = Sgd::new(1.0).momentum(0.5);
    for _ in 0..2 {
        optimizer.step((&mut columns, &mut layers), (&gradient, &layer_gradients));
    }
    assert_eq!(columns, gradient * -2.5);
    assert_eq!(layers, [(array![-1.5, 1.0], -0.25), (array![-1.5], 2.0)]);
}

#[test]
fn a_quadratic_is_minimised() {
    fn minimise(mut optimizer: impl Optimizer) -> f64 {
        let mut x: Array1<f64> = array![3.0, -2.0];
        for _ in 0..2000 {
            let gradient = array![2.0 * x[0], 20.0 * x[1]];
            optimizer.step(&mut x, &gradient);
        }
        optimizer.set_learning_rate(0.0);
        assert_eq!(optimizer.learning_rate(), 0.0);
        x.fold(0.0, |largest, x| x.abs().max(largest))
    }
    assert!(minimise(Sgd::new(0.05)) < 1e-10);
    assert!(minimise(Sgd::new(0.02).momentum(0.9)) < 1e-10);
    assert!(minimise(Sgd::new(0.01).momentum(0.9).nesterov()) < 1e-10);
    assert!(minimise(Adam::new(0.05)) < 1e-2);
}

#[test]
#[should_panic(expected = "optimizer: parameter `1` of shape [2] has no gradient")]
fn a_missing_gradient() {
    Sgd::new(0.1).step((&mut 1.0, &mut [1.0, 2.0]), 1.0);
}

#[test]
#[should_panic(expected = "optimizer: 2 leaves of gradients for 1 leaves of parameters")]
fn a_gradient_too_many() {
    Sgd::new(0.1).step(&mut 1.0, (1.0, 2.0));
}

#[test]
#[should_panic(expected = "optimizer: the parameter has shape [2], but its gradient has 3 elements")]
fn a_gradient_of_another_length() {
    Sgd::new(0.1).step(&mut [1.0, 2.0], [1.0, 2.0, 3.0]);
}

#[test]
#[should_panic(expected = "optimizer: parameter `0` has type f32, but its gradient has type f64")]
fn a_gradient_of_another_type() {
    Sgd::new(0.1).step((&mut 1.0_f32,), (1.0_f64,));
}

#[test]
#[should_panic(expected = "Nesterov's momentum needs a momentum above 0 and no dampening")]
fn nesterov_without_momentum() {
    Sgd::new(0.1).nesterov().step(&mut 1.0, 1.0);
}
