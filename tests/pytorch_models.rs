//! Programs of introductions to PyTorch, as people write them in Rust, against the values and gradients that PyTorch
//! computed: generative models, images, metric learning, decisions.

#![allow(clippy::all)]

use differentiable::ndarray::{Array1, Array2, Array3, Array4, Axis, Ix1, Ix2, Ix4, Zip, array, concatenate, s};
use differentiable::nn::{self, Conv, Pool, RunningStatistics};
use differentiable::{differentiable, no_grad, stop_gradient};
use std::f64::consts::PI;

#[macro_use]
#[path = "common/recorded.rs"]
mod recorded;

cases_of!("data/programs.json");

#[differentiable]
fn variational_autoencoder(
    x: &Array2<f64>,
    w: &Array2<f64>,
    w_mean: &Array2<f64>,
    w_spread: &Array2<f64>,
    w_out: &Array2<f64>,
) -> f64 {
    let noise = array![[0.5, -1.25], [0.25, 0.75]];
    let h = nn::relu(&x.dot(w));
    let (mean, spread) = (h.dot(w_mean), h.dot(w_spread));
    let z = &mean + &noise * (&spread * 0.5).exp();
    let target = nn::sigmoid(&stop_gradient(x));
    let reconstruction = nn::binary_cross_entropy_with_logits_error(&z.dot(w_out), &target).sum();
    let divergence = -0.5 * (1.0 + &spread - mean.pow2() - spread.exp()).sum();
    reconstruction + divergence
}

#[differentiable]
fn judge(x: &Array2<f64>, w1: &Array2<f64>, w2: &Array1<f64>) -> Array1<f64> {
    nn::leaky_relu(&x.dot(w1), 0.2).dot(w2)
}

#[differentiable]
fn adversaries(
    real: &Array2<f64>,
    noise: &Array2<f64>,
    generator: &Array2<f64>,
    w1: &Array2<f64>,
    w2: &Array1<f64>,
) -> (f64, f64) {
    let fake = noise.dot(generator).mapv(f64::tanh);
    let (yes, no) = (Array1::ones(3), Array1::zeros(3));
    let loss = nn::binary_cross_entropy_with_logits(&judge(real, w1, w2), &yes)
        + nn::binary_cross_entropy_with_logits(&judge(stop_gradient(&fake), w1, w2), &no);
    (loss, nn::binary_cross_entropy_with_logits(&judge(&fake, w1, w2), &yes))
}

#[differentiable]
fn gram(x: &Array4<f64>) -> Array2<f64> {
    let (n, c, h, w) = x.dim();
    let features = x.to_shape((n * c, h * w)).unwrap();
    features.dot(&features.t()) / (n * c * h * w) as f64
}

#[differentiable]
fn style(x: &Array4<f64>, target: &Array4<f64>) -> f64 {
    let down = &x.slice(s![.., .., 1.., ..]) - &x.slice(s![.., .., ..-1, ..]);
    let across = &x.slice(s![.., .., .., 1..]) - &x.slice(s![.., .., .., ..-1]);
    let variation = down.abs().mean().unwrap() + across.mapv(f64::abs).mean().unwrap();
    nn::mse(&gram(x), &gram(target)) * 100.0 + nn::mse(x, target) + 0.1 * variation
}

#[differentiable]
fn log_sum_exp(rows: &Array2<f64>) -> Array1<f64> {
    let largest = rows.map_axis(Axis(1), |row| row.fold(f64::NEG_INFINITY, |m, &x| m.max(x)));
    let shifted = rows - &largest.view().insert_axis(Axis(1));
    largest + shifted.exp().sum_axis(Axis(1)).ln()
}

#[differentiable]
fn mixture_density(x: &Array2<f64>, y: &Array1<f64>, w: &Array2<f64>, b: &Array1<f64>) -> f64 {
    let parameters = x.dot(w) + b;
    let logits = parameters.slice(s![.., ..3]);
    let (mean, spread) = (parameters.slice(s![.., 3..6]), parameters.slice(s![.., 6..]));
    let standard = (y.view().insert_axis(Axis(1)).to_owned() - &mean) / spread.exp();
    let terms = standard.pow2() * -0.5 - &spread - 0.5 * (2.0 * PI).ln();
    -log_sum_exp(&(nn::log_softmax(&logits) + terms)).mean().unwrap()
}

#[differentiable]
fn normalising_flow(
    x: &Array2<f64>,
    w_scale: &Array2<f64>,
    w_shift: &Array2<f64>,
    u: &Array1<f64>,
    w: &Array1<f64>,
    b: &Array1<f64>,
) -> f64 {
    let (first, second) = x.view().split_at(Axis(1), 2);
    let scale = first.dot(w_scale).tanh();
    let z = concatenate![Axis(1), first, &second * &scale.exp() + first.dot(w_shift)];
    let log_det = scale.sum_axis(Axis(1));
    let h = (z.dot(w) + b).tanh();
    let slopes = 1.0 + (1.0 - h.pow2()) * w.dot(u);
    let log_det = log_det + slopes.mapv(|s| (s.abs() + 1e-6).ln());
    let z = z + nn::outer(&h, u);
    ((&z * &z).sum_axis(Axis(1)) * 0.5 - log_det).mean().unwrap()
}

#[differentiable]
fn diffusion(x: &Array2<f64>, w_time: &Array2<f64>, w1: &Array2<f64>, w2: &Array2<f64>) -> f64 {
    let noise = array![[0.25, -1.0, 0.5], [1.5, -0.5, 0.0]];
    let beta: Array1<f64> = Array1::linspace(1e-2, 0.3, 5);
    let alphas = (1.0 - beta).cumprod(Axis(0));
    let times = [1, 3];
    let alpha = alphas.select(Axis(0), &times).insert_axis(Axis(1));
    let noisy = x * &alpha.sqrt() + &noise * &(1.0 - &alpha).sqrt();
    let angles = Array2::from_shape_fn((2, 2), |(i, k)| times[i] as f64 * (-(100.0_f64).ln() * k as f64 / 2.0).exp());
    let time = concatenate![Axis(1), angles.sin(), angles.cos()];
    nn::mse(&nn::silu(&(noisy.dot(w1) + time.dot(w_time))).dot(w2), &noise)
}

#[differentiable]
fn autoencoder(x: &Array4<f64>, w1: &Array4<f64>, w2: &Array4<f64>) -> f64 {
    let h = nn::relu(&nn::conv2d(x, w1, Conv::new().stride(2).padding(1)));
    let y = nn::conv_transpose2d(&h, w2, Conv::new().stride(2).padding(1).output_padding(1));
    nn::mse(&nn::sigmoid(&y), x)
}

#[test]
fn generative_models() {
    cases! {
        "variational autoencoder": variational_autoencoder(x: Ix2, w: Ix2, w_mean: Ix2, w_spread: Ix2, w_out: Ix2);
        "adversaries": adversaries(real: Ix2, noise: Ix2, generator: Ix2, w1: Ix2, w2: Ix1);
        "style": style(x: Ix4, target: Ix4);
        "mixture density": mixture_density(x: Ix2, y: Ix1, w: Ix2, b: Ix1);
        "normalising flow": normalising_flow(x: Ix2, w_scale: Ix2, w_shift: Ix2, u: Ix1, w: Ix1, b: Ix1);
        "diffusion": diffusion(x: Ix2, w_time: Ix2, w1: Ix2, w2: Ix2);
        "convolutional autoencoder": autoencoder(x: Ix4, w1: Ix4, w2: Ix4);
    }
}

#[differentiable]
fn residual_block(
    x: &Array4<f64>,
    w1: &Array4<f64>,
    g1: &Array1<f64>,
    b1: &Array1<f64>,
    w2: &Array4<f64>,
    g2: &Array1<f64>,
    b2: &Array1<f64>,
    w_short: &Array4<f64>,
    g3: &Array1<f64>,
    b3: &Array1<f64>,
) -> Array2<f64> {
    let running = RunningStatistics::new(3);
    let h = nn::conv2d(x, w1, Conv::new().stride(2).padding(1));
    let h = nn::relu(&nn::batch_norm(&h, g1, b1, &running, true));
    let h = nn::batch_norm(&nn::conv2d(&h, w2, Conv::new().padding(1)), g2, b2, &running, true);
    let short = nn::batch_norm(&nn::conv2d(x, w_short, Conv::new().stride(2)), g3, b3, &running, true);
    let y = nn::relu(&(h + short));
    y.mean_axis(Axis(3)).unwrap().mean_axis(Axis(2)).unwrap()
}

#[differentiable]
fn squeeze_and_excitation(
    x: &Array4<f64>,
    w_depth: &Array4<f64>,
    w_point: &Array4<f64>,
    w_squeeze: &Array2<f64>,
    w_excite: &Array2<f64>,
) -> Array4<f64> {
    let h = nn::conv2d(&nn::conv2d(x, w_depth, Conv::new().padding(1).groups(2)), w_point, Conv::new());
    let s = nn::flatten(&nn::adaptive_avg_pool2d(&h, [1, 1]));
    let gate = nn::sigmoid(&nn::relu(&s.dot(w_squeeze)).dot(w_excite));
    let gate = gate.insert_axis(Axis(2)).insert_axis(Axis(3));
    nn::hardtanh(&(h * gate))
}

#[differentiable]
fn segmentation(x: &Array4<f64>, w_down: &Array4<f64>, w_up: &Array4<f64>, w_out: &Array4<f64>) -> f64 {
    let skip = nn::relu(&nn::conv2d(x, w_down, Conv::new().padding(1)));
    let h = nn::conv_transpose2d(&nn::avg_pool2d(&skip, Pool::new(2)), w_up, Conv::new().stride(2));
    let p = nn::sigmoid(&nn::conv2d(&concatenate![Axis(1), skip, h], w_out, Conv::new()));
    let target = Array4::from_shape_fn((1, 1, 4, 4), |(_, _, i, j)| if (4 * i + j) % 3 == 0 { 1.0 } else { 0.0 });
    let dice = 1.0 - (2.0 * (&p * &target).sum() + 1.0) / (p.sum() + target.sum() + 1.0);
    let p_t = Zip::from(&p).and(&target).map_collect(|&p, &t| p * t + (1.0 - p) * (1.0 - t));
    let focal = p_t.mapv(|p| (1.0 - p).powi(2) * p.ln()).mean().unwrap();
    dice - focal
}

#[differentiable]
fn conditional_norm(
    x: &Array4<f64>,
    condition: &Array2<f64>,
    w_gamma: &Array2<f64>,
    w_beta: &Array2<f64>,
) -> Array4<f64> {
    let channels = x.shape()[1];
    let normed = nn::group_norm(x, &Array1::ones(channels), &Array1::zeros(channels), channels, 1e-5);
    let gamma = condition.dot(w_gamma).insert_axis(Axis(2)).insert_axis(Axis(3));
    let beta = condition.dot(w_beta).insert_axis(Axis(2)).insert_axis(Axis(3));
    normed * (1.0 + gamma) + beta
}

#[differentiable]
fn adaptive_pooling(x: &Array4<f64>) -> Array3<f64> {
    let (n, c, h, w) = x.dim();
    let rows = x.to_shape((n, c * h, w)).unwrap().to_owned();
    let pooled = nn::max_pool1d(&rows, Pool::new(2));
    nn::adaptive_max_pool2d(x, [2, 3]).sum_axis(Axis(3)) * pooled.slice(s![.., ..2, ..2])
}

#[test]
fn images() {
    cases! {
        "residual block": residual_block(x: Ix4, w1: Ix4, g1: Ix1, b1: Ix1, w2: Ix4, g2: Ix1, b2: Ix1, short: Ix4, g3: Ix1, b3: Ix1);
        "squeeze and excitation": squeeze_and_excitation(x: Ix4, w_depth: Ix4, w_point: Ix4, w_squeeze: Ix2, w_excite: Ix2);
        "segmentation": segmentation(x: Ix4, w_down: Ix4, w_up: Ix4, w_out: Ix4);
        "conditional norm": conditional_norm(x: Ix4, condition: Ix2, w_gamma: Ix2, w_beta: Ix2);
        "adaptive pooling": adaptive_pooling(x: Ix4);
    }
}

#[differentiable]
fn triplets(anchor: &Array2<f64>, positive: &Array2<f64>, negative: &Array2<f64>) -> f64 {
    // PyTorch adds 1e-6 to the differences before it takes their norm.
    let near = nn::norm_axis(&(anchor - positive + 1e-6), Axis(1));
    let far = nn::norm_axis(&(anchor - negative + 1e-6), Axis(1));
    nn::relu(&(near - far + 1.5)).mean().unwrap()
}

#[differentiable]
fn contrastive_pairs(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let z = concatenate![Axis(0), *a, *b];
    let norms = z.map_axis(Axis(1), |row| row.dot(&row).sqrt());
    let z = &z / &norms.insert_axis(Axis(1));
    let mut scores = z.dot(&z.t()) / 0.5;
    for i in 0..scores.nrows() {
        scores[[i, i]] = f64::NEG_INFINITY;
    }
    nn::cross_entropy(&scores, &[3, 4, 5, 0, 1, 2])
}

#[differentiable]
fn siamese_pairs(a: &Array2<f64>, b: &Array2<f64>, same: &[bool]) -> f64 {
    let mut total = 0.0;
    for ((a, b), same) in a.rows().into_iter().zip(b.rows()).zip(same) {
        let distance = (&a - &b).pow2().sum().sqrt();
        total += if *same { distance.powi(2) } else { (2.0 - distance).max(0.0).powi(2) };
    }
    total / same.len() as f64
}

#[differentiable]
fn distillation(student: &Array2<f64>, teacher: &Array2<f64>) -> f64 {
    let temperature = 2.0;
    let target = nn::softmax(&(stop_gradient(teacher) / temperature));
    let guess = nn::log_softmax(&(student / temperature));
    let soft = (&target * &(target.ln() - guess)).sum() / student.nrows() as f64;
    0.7 * temperature * temperature * soft + 0.3 * nn::cross_entropy(student, &[0, 2, 1])
}

#[differentiable]
fn matrix_factors(
    users: &Array2<f64>,
    items: &Array2<f64>,
    user_bias: &Array1<f64>,
    item_bias: &Array1<f64>,
    ratings: &[(usize, usize, f64)],
) -> f64 {
    let mut error = 0.0;
    for &(i, j, rating) in ratings {
        let prediction = users.row(i).dot(&items.row(j)) + user_bias[i] + item_bias[j];
        let e = (prediction - stop_gradient(rating)).abs();
        error += if e <= 1.0 { 0.5 * e * e } else { e - 0.5 };
    }
    error / ratings.len() as f64 + 0.01 * (users.pow2().sum() + items.pow2().sum())
}

#[differentiable]
fn graph_convolution(x: &Array2<f64>, w1: &Array2<f64>, w2: &Array2<f64>) -> f64 {
    let edges: Array2<f64> =
        array![[1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0], [0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0]];
    let d: Array1<f64> = edges.sum_axis(Axis(1)).mapv(|degree| f64::sqrt(degree).recip());
    let a = &edges * &d * &d.view().insert_axis(Axis(1));
    let h = nn::relu(&a.dot(&x.dot(w1)));
    let logits = nn::log_softmax(&a.dot(&h.dot(w2)));
    nn::nll_loss(&logits.select(Axis(0), &[0, 3]), &[1, 0])
}

#[test]
fn metric_learning() {
    let ratings = [(0, 1, 4.0), (1, 0, 1.0), (1, 2, 3.0), (2, 2, 5.0)];
    cases! {
        "triplets": triplets(a: Ix2, p: Ix2, n: Ix2);
        "contrastive pairs": contrastive_pairs(a: Ix2, b: Ix2);
        "siamese pairs": siamese_pairs(a: Ix2, b: Ix2; &[true, false, false, true]);
        "distillation": distillation(student: Ix2, teacher: Ix2);
        "graph convolution": graph_convolution(x: Ix2, w1: Ix2, w2: Ix2);
    }
    let case = case("matrix factors");
    let (users, items, user_bias, item_bias) =
        (case.input::<Ix2>(0), case.input::<Ix2>(1), case.input::<Ix1>(2), case.input::<Ix1>(3));
    let (error, pullback) = matrix_factors::vjp(&users, &items, &user_bias, &item_bias, &ratings);
    case.compare_vjp((error, |error_bar| {
        let (users_bar, items_bar, user_bias_bar, item_bias_bar, _) = pullback(error_bar);
        (users_bar, items_bar, user_bias_bar, item_bias_bar)
    }));
}

#[differentiable]
fn deep_q(states: &Array2<f64>, next_states: &Array2<f64>, w: &Array2<f64>, w_target: &Array2<f64>) -> f64 {
    let q = nn::gather(&states.dot(w), &array![[1], [0], [2]], Axis(1)).remove_axis(Axis(1));
    let rewards = array![1.0, 0.0, -1.0];
    let best = no_grad! { nn::max_axis(&next_states.dot(w_target), Axis(1)) };
    let target = rewards + best * 0.9;
    nn::smooth_l1(&q, &target, 1.0).mean().unwrap()
}

#[differentiable]
fn policy_gradient(states: &Array2<f64>, w: &Array2<f64>, v: &Array1<f64>) -> f64 {
    let (actions, rewards) = ([0, 1, 1], [1.0, 0.5, 2.0]);
    let mut returns = Array1::<f64>::zeros(3);
    let mut total = 0.0;
    for (t, reward) in rewards.iter().enumerate().rev() {
        total = reward + 0.9 * total;
        returns[t] = total;
    }
    let logs = nn::log_softmax(&states.dot(w));
    let values = states.dot(v);
    let advantage = stop_gradient(&returns - &values);
    let mut loss = 0.0;
    for (t, &action) in actions.iter().enumerate() {
        loss -= logs[[t, action]] * advantage[t];
    }
    let entropy = -(logs.exp() * &logs).sum_axis(Axis(1)).mean().unwrap();
    loss + nn::smooth_l1(&values, &returns, 1.0).mean().unwrap() - 0.01 * entropy
}

#[differentiable]
fn clipped_policy(states: &Array2<f64>, w: &Array2<f64>, old: &Array1<f64>) -> f64 {
    let advantage = array![1.0, -0.5, 0.25];
    let logs = nn::log_softmax(&states.dot(w));
    let chosen: Array1<f64> = [0, 1, 1].iter().enumerate().map(|(t, &action)| logs[[t, action]]).collect();
    let ratio = (chosen - stop_gradient(old.clone())).exp();
    let mut total = 0.0;
    for (&ratio, &advantage) in ratio.iter().zip(advantage.iter()) {
        total += (ratio * advantage).min(ratio.clamp(0.8, 1.2) * advantage);
    }
    -total / 3.0
}

#[test]
fn decisions() {
    cases! {
        "deep q-learning": deep_q(states: Ix2, next_states: Ix2, w: Ix2, w_target: Ix2);
        "policy gradient": policy_gradient(states: Ix2, w: Ix2, v: Ix1);
        "clipped policy": clipped_policy(states: Ix2, w: Ix2, old: Ix1);
    }
}
