//! Optimizers and what stands around them, step by step, against PyTorch's, which `data/optimizers.py` wrote to
//! `data/optimizers.txt`.

use autodiff_runtime::optim::schedule::{Cosine, MultiStep, OneCycle, Plateau, Schedule, Step};
use autodiff_runtime::optim::{
    Adadelta, Adagrad, Adam, AdamW, Ema, Lbfgs, Lion, NAdam, Optimizer, RmsProp, Sgd, clip_norm, clip_value,
};

const START: [f64; 2] = [3.0, -2.0];
const GRADIENTS: [[f64; 2]; 10] = [
    [1.0, -0.5],
    [-0.5, 0.25],
    [2.0, 0.0],
    [0.125, -3.0],
    [-1.5, 1.0],
    [0.75, 0.5],
    [0.0, 0.125],
    [-4.0, 2.5],
    [1e-3, -1e-4],
    [3.0, -0.75],
];

/// The rows of a name.
fn rows(name: &str) -> Vec<Vec<f64>> {
    let rows = include_str!("data/optimizers.txt").lines().filter_map(|line| {
        let mut words = line.split(' ');
        (words.next() == Some(name)).then(|| words.map(|word| word.parse().unwrap()).collect())
    });
    let rows: Vec<Vec<f64>> = rows.collect();
    assert!(!rows.is_empty(), "no reference for {name}");
    rows
}

#[track_caller]
fn close(name: &str, found: f64, expected: f64, tolerance: f64) {
    let error = (found - expected).abs() / expected.abs().max(1.0);
    assert!(error <= tolerance, "{name}: {found} instead of {expected}");
}

/// In `f64`, and in `f32` as a part of an array of odd length.
#[track_caller]
fn check<O: Optimizer + Clone>(name: &str, mut optimizer: O) {
    let mut single = optimizer.clone();
    let (mut theta, mut many) = (START, vec![START[0] as f32; 21]);
    let expected = rows(name);
    assert_eq!(expected.len(), GRADIENTS.len());
    for (gradient, expected) in GRADIENTS.into_iter().zip(expected) {
        optimizer.step(&mut theta, gradient);
        single.step(&mut many, vec![gradient[0] as f32; 21]);
        for (&found, &expected) in theta.iter().zip(&expected) {
            close(name, found, expected, 2e-15);
        }
        many.iter().for_each(|&found| close(name, f64::from(found), expected[0], 1e-6));
    }
}

#[test]
fn sgd() {
    check("sgd", Sgd::new(0.1));
    check("sgd_decay", Sgd::new(0.1).weight_decay(0.01));
    check("sgd_momentum", Sgd::new(0.1).momentum(0.9));
    check("sgd_dampening", Sgd::new(0.1).momentum(0.9).dampening(0.3).weight_decay(0.02));
    check("sgd_nesterov", Sgd::new(0.1).momentum(0.9).weight_decay(0.2).nesterov());
}

#[test]
fn adam() {
    check("adam", Adam::new(0.05));
    check("adam_penalty", Adam::new(0.05).betas(0.8, 0.95).epsilon(1e-3).weight_decay(0.1));
    check("adam_amsgrad", Adam::new(0.05).betas(0.8, 0.5).amsgrad());
    check("adamw", AdamW::new(0.05));
    check("adamw_amsgrad", AdamW::new(0.05).betas(0.8, 0.5).weight_decay(0.1).amsgrad());
}

#[test]
fn nadam() {
    let other = NAdam { beta1: 0.8, beta2: 0.95, epsilon: 1e-3, ..NAdam::new(0.05) };
    check("nadam", NAdam::new(0.05));
    check("nadam_penalty", NAdam { weight_decay: 0.1, momentum_decay: 0.1, ..other });
    check("nadam_decoupled", NAdam { weight_decay: 0.1, decoupled: true, ..NAdam::new(0.05) });
}

#[test]
fn rmsprop() {
    check("rmsprop", RmsProp::new(0.01));
    check("rmsprop_penalty", RmsProp { alpha: 0.9, epsilon: 1e-3, weight_decay: 0.1, ..RmsProp::new(0.01) });
    check("rmsprop_momentum", RmsProp { momentum: 0.9, ..RmsProp::new(0.01) });
    check("rmsprop_centered", RmsProp { centered: true, ..RmsProp::new(0.01) });
    let both = RmsProp { alpha: 0.8, momentum: 0.5, centered: true, ..RmsProp::new(0.01) };
    check("rmsprop_centered_momentum", both);
}

#[test]
fn adagrad_and_adadelta() {
    check("adagrad", Adagrad::new(0.1));
    let all = Adagrad { learning_rate_decay: 0.2, weight_decay: 0.1, initial_accumulator: 0.5, ..Adagrad::new(0.1) };
    check("adagrad_all", Adagrad { epsilon: 1e-3, ..all });
    check("adadelta", Adadelta::default());
    check("adadelta_penalty", Adadelta { rho: 0.8, epsilon: 1e-4, weight_decay: 0.1, ..Adadelta::new(0.5) });
}

#[test]
fn lion() {
    check("lion", Lion::new(0.1));
    check("lion_decay", Lion { beta1: 0.8, beta2: 0.5, weight_decay: 0.1, ..Lion::new(0.1) });
}

#[test]
fn schedules() {
    let one_cycle = OneCycle::new(0.5, 20);
    for (step, expected) in (0..).zip(rows("one_cycle")) {
        close("one_cycle", one_cycle.rate(step), expected[0], 1e-15);
        close("one_cycle", one_cycle.momentum(step), expected[1], 1e-15);
    }
    let every_third = Step { initial: 0.5, every: 3, factor: 0.5 };
    let milestones = MultiStep { initial: 0.5, milestones: vec![2, 5], factor: 0.1 };
    for (step, (one, other)) in (0..).zip(rows("step").into_iter().zip(rows("multi_step"))) {
        close("step", every_third.rate(step), one[0], 1e-15);
        close("multi_step", milestones.rate(step), other[0], 1e-15);
    }
    let cosine = Cosine::new(0.5, 10).lowest(0.02);
    let risen = Cosine { warm_up: 4, total: 14, ..cosine };
    for (step, expected) in (0..).zip(rows("cosine")) {
        close("cosine", cosine.rate(step), expected[0], 1e-15);
        close("cosine", risen.rate(step + 4), expected[0], 1e-15);
    }
    assert_eq!([0, 1, 2, 3].map(|step| risen.rate(step)), [0.125, 0.25, 0.375, 0.5]);
    assert_eq!(risen.rate(1000), 0.02);
    let mut plateau =
        Plateau { factor: 0.25, threshold: 1e-3, cooldown: 1, lowest: 0.002, ..Plateau::new(0.1).patience(2) };
    let losses = [5.0, 4.0, 4.0, 4.0, 3.9999, 3.0, 3.1, 3.2].into_iter().chain([3.0; 11]);
    for (loss, expected) in losses.zip(rows("plateau")) {
        assert_eq!(plateau.observe(loss), expected[0]);
    }
}

#[test]
fn clipping() {
    for (limit, expected) in [1.0, 100.0].into_iter().zip(rows("clip_norm")) {
        let mut gradient = [30.0, -40.0];
        let norm = clip_norm(&mut gradient, limit);
        assert_eq!([norm, gradient[0], gradient[1]], expected[..]);
    }
    let mut gradient = [30.0, -0.5];
    clip_value(&mut gradient, 2.0);
    assert_eq!(gradient, rows("clip_value")[0][..]);
}

#[test]
fn means_of_parameters() {
    let mut ema = Ema::new(0.9);
    for (mut parameters, expected) in GRADIENTS.into_iter().zip(rows("ema")) {
        ema.update(parameters);
        ema.swap(&mut parameters);
        parameters.into_iter().zip(expected).for_each(|(found, expected)| close("ema", found, expected, 1e-15));
        ema.swap(&mut parameters);
    }
}

type Loss = fn(&[f64; 2]) -> (f64, [f64; 2]);

fn rosenbrock(&[x, y]: &[f64; 2]) -> (f64, [f64; 2]) {
    let (a, b) = (1.0 - x, y - x * x);
    (a * a + 100.0 * b * b, [-2.0 * a - 400.0 * x * b, 200.0 * b])
}

fn wavy(&[x, y]: &[f64; 2]) -> (f64, [f64; 2]) {
    let loss = (3.0 * x).sin() + 0.1 * x * x + 2.0 * y.powi(4) + x * y;
    (loss, [3.0 * (3.0 * x).cos() + 0.2 * x + y, 8.0 * y.powi(3) + x])
}

#[test]
fn lbfgs() {
    let four = Lbfgs { max_iterations: 4, ..Lbfgs::default() };
    let cases: [(&str, Loss, [f64; 2], Lbfgs); 4] = [
        ("lbfgs_rosenbrock", rosenbrock, [-1.2, 1.0], four.clone()),
        ("lbfgs_short_history", rosenbrock, [-1.2, 1.0], Lbfgs { history: 2, ..four }),
        ("lbfgs_long_steps", wavy, [3.0, 2.0], Lbfgs { max_iterations: 3, ..Lbfgs::new(8.0) }),
        ("lbfgs_short_steps", wavy, [-3.0, 1.0], Lbfgs { max_iterations: 3, ..Lbfgs::new(0.01) }),
    ];
    for (name, function, mut point, mut optimizer) in cases {
        for expected in rows(name) {
            let before = function(&point).0;
            assert_eq!(optimizer.step(&mut point, function), before);
            close(name, point[0], expected[0], 1e-9);
            close(name, point[1], expected[1], 1e-9);
            assert_eq!(optimizer.counts(), (expected[2] as u64, expected[3] as u64), "{name}");
        }
    }
}
