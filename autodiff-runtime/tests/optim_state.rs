//! What is around an optimizer's step: its state, groups, clipping, means of parameters.

use autodiff_runtime::files::{Error, Tensor, Tensors, Values};
use autodiff_runtime::optim::schedule::Plateau;
use autodiff_runtime::optim::{
    Adadelta, Adagrad, Adam, AdamW, Ema, Groups, Lbfgs, Lion, NAdam, Optimizer, RmsProp, Sgd, clip_norm, clip_value,
    norm,
};
use ndarray::{Array1, Array2, array};

type Model = (Array2<f32>, Vec<f64>, f64);

fn model() -> Model {
    (array![[1.0, -2.0], [0.5, 3.0]], vec![2.0, -1.0, 0.25], -0.75)
}

/// Some gradients that differ from step to step.
fn gradient(model: &Model, step: usize) -> Model {
    let wave = |x: f64| (3.0 * x + step as f64).sin();
    (model.0.mapv(|x| wave(f64::from(x)) as f32), model.1.iter().map(|&x| wave(x)).collect(), wave(model.2))
}

fn run<O: Optimizer>(optimizer: &mut O, model: &mut Model, steps: std::ops::Range<usize>) {
    for step in steps {
        let gradient = gradient(model, step);
        optimizer.step(&mut *model, &gradient);
    }
}

/// A run that is interrupted goes on as if it had not been.
fn check_resumes<O: Optimizer + Clone>(name: &str, fresh: O) {
    let (mut whole, mut optimizer) = (model(), fresh.clone());
    run(&mut optimizer, &mut whole, 0..7);
    let (mut first, mut optimizer) = (model(), fresh.clone());
    run(&mut optimizer, &mut first, 0..3);
    let mut saved = Tensors::of(&first);
    optimizer.save(&mut saved, "state");

    let mut resumed = (Array2::zeros((2, 2)), vec![0.0; 3], 0.0);
    let mut parameters = saved.clone();
    parameters.retain(|tensor| !tensor.starts_with("state"));
    parameters.load(&mut resumed).unwrap();
    let mut other = fresh.clone();
    other.load(&saved, "state", &resumed).unwrap();
    run(&mut other, &mut resumed, 3..7);
    assert_eq!(resumed, whole, "{name}");

    check_refusals(name, &saved.part("state"), &fresh, &resumed);
}

/// A table in which a tensor is missing, superfluous or different is refused.
fn check_refusals<O: Optimizer + Clone>(name: &str, saved: &Tensors, fresh: &O, model: &Model) {
    let refused = |tensors: &Tensors, what: &str| {
        let mut optimizer = fresh.clone();
        let error = optimizer.load(tensors, "", model).expect_err(&format!("{name}: {what}"));
        assert!(matches!(error, Error::Mismatch { .. }), "{name}: {error}");
        let mut state = Tensors::new();
        optimizer.save(&mut state, "");
        let mut before = Tensors::new();
        fresh.save(&mut before, "");
        assert_eq!(state, before, "{name}: {what} has changed the state");
    };
    for (tensor, _) in saved.iter() {
        let mut damaged = saved.clone();
        damaged.retain(|name| name != tensor);
        refused(&damaged, &format!("{tensor} missing"));
        damaged.insert(tensor, Tensor::new([7], Values::F64(vec![0.0; 7])).unwrap());
        refused(&damaged, &format!("{tensor} of another shape"));
    }
    let mut more = saved.clone();
    more.insert("surprise.0", Tensor::number(1.0));
    refused(&more, "a tensor too many");
}

#[test]
fn interrupted_runs_go_on() {
    check_resumes("sgd", Sgd::new(0.1));
    check_resumes("momentum", Sgd::new(0.1).momentum(0.9).dampening(0.5));
    check_resumes("adam", Adam::new(0.1));
    check_resumes("amsgrad", AdamW::new(0.1).amsgrad());
    check_resumes("nadam", NAdam::new(0.1));
    check_resumes("rmsprop", RmsProp::new(0.1));
    check_resumes("centered", RmsProp { centered: true, momentum: 0.5, ..RmsProp::new(0.1) });
    check_resumes("adagrad", Adagrad { initial_accumulator: 0.5, learning_rate_decay: 0.1, ..Adagrad::new(0.1) });
    check_resumes("adadelta", Adadelta::default());
    check_resumes("lion", Lion::new(0.1));
}

#[test]
fn groups_resume_too() {
    let groups = || Groups::new(Adam::new(0.1)).group("1", Adam::new(0.2)).freeze("2");
    let (mut whole, mut optimizer) = (model(), groups());
    run(&mut optimizer, &mut whole, 0..6);
    let (mut first, mut optimizer) = (model(), groups());
    run(&mut optimizer, &mut first, 0..2);
    let mut saved = Tensors::new();
    optimizer.save(&mut saved, "optimizer");
    assert!(saved.get("optimizer.0.exp_avg.1").is_some() && saved.get("optimizer.2.exp_avg.0").is_some());
    assert_eq!(saved.len(), 6);
    let mut other = groups();
    other.load(&saved, "optimizer", &first).unwrap();
    run(&mut other, &mut first, 2..6);
    assert_eq!(first, whole);
    assert_eq!(whole.2, model().2);
    saved.retain(|name| name != "optimizer.2.exp_avg.0");
    let mut other = groups();
    let error = other.load(&saved, "optimizer", &first).unwrap_err();
    assert_eq!(error.to_string(), "tensor `optimizer.2.exp_avg.0` is missing");
    assert!(other.optimizers().all(|optimizer| optimizer.state.steps() == 0));
}

#[test]
fn groups_have_their_own_hyper_parameters() {
    let mut groups = Groups::new(Sgd::new(0.5))
        .group_by(|_, shape| shape.is_empty(), Sgd::new(0.25))
        .group("0", Sgd::new(1.0).weight_decay(1.0));
    let mut values = (vec![1.0], vec![1.0], 1.0);
    groups.step((&mut values.0, &mut values.1, &mut values.2), (&[0.0], &[1.0], 1.0));
    assert_eq!(values, (vec![0.0], vec![0.5], 0.75));
    groups.set_learning_rate(0.25);
    assert_eq!(groups.learning_rate(), 0.25);
    assert_eq!(groups.optimizers().map(|optimizer| optimizer.learning_rate).collect::<Vec<_>>(), [0.125, 0.5, 0.25]);
}

/// More leaves than are looked at together.
#[test]
fn many_leaves() {
    let mut parameters: Vec<Vec<f64>> = (0..150).map(|i| vec![f64::from(i); 1 + i as usize % 3]).collect();
    let gradients: Vec<Vec<f64>> = parameters.iter().map(|leaf| leaf.iter().map(|x| -x).collect()).collect();
    let mut optimizer = Sgd::new(1.0).momentum(0.5);
    optimizer.step(&mut parameters, &gradients);
    optimizer.step(&mut parameters, &gradients);
    for (i, leaf) in (0..).zip(&parameters) {
        assert!(leaf.iter().all(|&x| x == f64::from(i) * 3.5));
    }
}

#[test]
fn a_gradient_that_does_not_fit_changes_nothing() {
    let mut parameters = (vec![1.0; 3], vec![1.0; 2]);
    let mut optimizer = Adam::new(0.1);
    let step = std::panic::AssertUnwindSafe(|| optimizer.step(&mut parameters, (vec![1.0; 3], vec![1.0; 3])));
    assert!(std::panic::catch_unwind(step).is_err());
    assert_eq!(parameters, (vec![1.0; 3], vec![1.0; 2]));
    assert_eq!(optimizer.state, Adam::default().state);
}

#[test]
fn momentum_that_is_turned_on_begins_with_the_gradient() {
    let mut x = 1.0;
    let mut optimizer = Sgd::new(1.0).dampening(0.5);
    optimizer.step(&mut x, 1.0);
    optimizer.momentum = 0.5;
    optimizer.step(&mut x, 1.0);
    assert_eq!(x, -1.0);
    optimizer.step(&mut x, 1.0);
    assert_eq!(x, -2.0);
}

#[test]
fn clipping() {
    let mut gradients = (array![[3.0_f32, 0.0]], vec![4.0_f64]);
    assert_eq!(clip_norm((&mut gradients.0, &mut gradients.1), 10.0), 5.0);
    assert_eq!(gradients, (array![[3.0, 0.0]], vec![4.0]));
    assert_eq!(clip_norm((&mut gradients.0, &mut gradients.1), 2.5), 5.0);
    assert!((norm((&gradients.0, &gradients.1)) - 2.5).abs() < 1e-6);
    clip_value((&mut gradients.0, &mut gradients.1), 1.75);
    assert!((gradients.0[[0, 0]] - 1.5).abs() < 1e-5 && gradients.0[[0, 1]] == 0.0);
    assert_eq!(gradients.1, [1.75]);
    let long: Array1<f32> = Array1::from_elem(1003, -2.0);
    assert_eq!(norm(&long), (4.0_f64 * 1003.0).sqrt());
    let mut wrong = [f64::INFINITY, 1.0];
    assert_eq!(clip_norm(&mut wrong, 1.0), f64::INFINITY);
    assert!(wrong[0].is_nan());
}

#[test]
fn means_of_parameters() {
    let mut weights = model();
    let mut ema = Ema::new(0.5);
    ema.update(&weights);
    weights.2 = 1.25;
    ema.update(&weights);
    let mut saved = Tensors::new();
    ema.save(&mut saved, "ema");
    let mut other = Ema::new(0.5);
    other.load(&saved, "ema", &weights).unwrap();
    assert_eq!(other.state, ema.state);
    assert!(other.load(&saved, "emu", &weights).is_err());
    other.swap(&mut weights);
    assert_eq!(weights.2, 0.25);
    other.swap(&mut weights);
    assert_eq!(weights.2, 1.25);
}

#[test]
fn lbfgs_resumes() {
    let loss = |&[x, y]: &[f64; 2]| {
        let (a, b) = (1.0 - x, y - x * x);
        (a * a + 100.0 * b * b, [-2.0 * a - 400.0 * x * b, 200.0 * b])
    };
    let fresh = Lbfgs { max_iterations: 3, history: 3, ..Lbfgs::default() };
    let (mut point, mut optimizer) = ([-1.2, 1.0], fresh.clone());
    for _ in 0..3 {
        optimizer.step(&mut point, loss);
    }
    let mut saved = Tensors::new();
    optimizer.save(&mut saved, "");
    let (mut resumed, mut other) = (point, fresh.clone());
    other.load(&saved, "", resumed).unwrap();
    assert_eq!(other.state, optimizer.state);
    optimizer.step(&mut point, loss);
    other.step(&mut resumed, loss);
    assert_eq!(resumed, point);
    for (tensor, _) in saved.iter() {
        let mut damaged = saved.clone();
        damaged.insert(tensor, Tensor::new([7, 1], Values::F64(vec![0.0; 7])).unwrap());
        let mut third = fresh.clone();
        assert!(third.load(&damaged, "", resumed).is_err(), "{tensor}");
        assert_eq!(third.state, fresh.state);
    }
}

/// A loss that is not a number, or whose gradient vanishes, ends a step.
#[test]
fn lbfgs_with_strange_losses() {
    let mut point = [1.0_f32, 2.0];
    let mut optimizer = Lbfgs::default();
    assert_eq!(optimizer.step(&mut point, |_| (3.0_f32, [0.0_f32; 2])), 3.0);
    assert_eq!((point, optimizer.counts()), ([1.0, 2.0], (0, 1)));
    let walled = |&[x, y]: &[f32; 2]| {
        let loss = if x > 3.0 { f32::INFINITY } else { (x - 2.5).powi(2) + y * y };
        (loss, [2.0 * (x - 2.5), 2.0 * y])
    };
    let mut steep = Lbfgs::new(100.0);
    for _ in 0..5 {
        steep.step(&mut point, walled);
    }
    assert!((point[0] - 2.5).abs() < 1e-3 && point[1].abs() < 1e-3, "{point:?}");
    optimizer.step(&mut point, |_| (f32::NAN, [f32::NAN; 2]));
}

#[test]
fn plateaus_resume() {
    let mut plateau = Plateau::new(0.1).patience(1);
    plateau.observe(1.0);
    plateau.observe(1.0);
    let mut saved = Tensors::new();
    plateau.save(&mut saved, "plateau");
    let mut other = Plateau::new(7.0).patience(1);
    other.load(&saved, "plateau").unwrap();
    assert_eq!(other, plateau);
    assert!(other.load(&saved, "").is_err());
    assert_eq!(other, plateau);
}
