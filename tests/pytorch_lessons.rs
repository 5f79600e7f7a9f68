//! Further programs of introductions to PyTorch, as people write them in Rust, against the values and gradients that PyTorch
//! computed: first steps, networks and recurrent cells by hand, objectives.

#![allow(clippy::all)]

use differentiable::ndarray::{
    Array0, Array1, Array2, Array3, ArrayView1, Axis, Ix0, Ix1, Ix2, Ix3, Zip, array, concatenate, s, stack,
};
use differentiable::nn;
use differentiable::{differentiable, stop_gradient};

#[macro_use]
#[path = "common/recorded.rs"]
mod recorded;

cases_of!("data/lessons.json");

#[differentiable]
fn regularised_covariance(a: &Array2<f64>, b: &Array1<f64>) -> f64 {
    let mut m = a.dot(&a.t());
    for (i, b) in b.iter().enumerate() {
        m[[i, i]] += b * b + 0.5;
    }
    nn::log_determinant(&m) + m.diag().product() * 0.1
}

#[differentiable]
fn ends(x: &Array1<f64>) -> f64 {
    let n = x.len();
    let steps = &x.slice(s![1..]) - &x.slice(s![..n - 1]);
    let scaled = steps / x.slice(s![..-1]).mapv(|v| 1.0 + v.powi(2));
    let mut sum = 0.0;
    let mut total = 0.0;
    for step in &scaled {
        sum += step;
        total += sum.powi(3);
    }
    (x.last().unwrap() - x.first().unwrap()).powi(2) + total
}

#[differentiable]
fn chunks(x: &Array1<f64>, w: &Array1<f64>) -> f64 {
    let means: Vec<f64> = x.exact_chunks(3).into_iter().map(|chunk| (&chunk * w).mean().unwrap()).collect();
    let p = nn::softmax(&Array1::from(means));
    p.dot(&array![0.0, 1.0, 2.0])
}

#[differentiable]
fn softmax_regression(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> f64 {
    let labels = [1, 0, 2, 1];
    let mut logits = x.dot(&w.t()) + b;
    for mut row in logits.rows_mut() {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row -= largest;
    }
    let e = logits.exp();
    let p = &e / &e.sum_axis(Axis(1)).insert_axis(Axis(1));
    let mut y = Array2::<f64>::zeros((4, 3));
    for (i, &label) in labels.iter().enumerate() {
        y[[i, label]] = 1.0;
    }
    let loss = -(&y * &p.ln()).sum_axis(Axis(1)).mean().unwrap();
    loss + 0.05 * w.pow2().sum()
}

#[differentiable]
fn ridge(x: &Array2<f64>, y: &Array1<f64>, k: f64) -> f64 {
    let gram = x.t().dot(x) + Array2::<f64>::eye(2) * k.exp();
    let right = x.t().dot(y).insert_axis(Axis(1));
    let w = nn::solve(&gram, &right).remove_axis(Axis(1));
    (x.dot(&w) - y).mapv(|e| e * e).sum() + w.dot(&w)
}

#[differentiable]
fn ridge_of(x: &Array2<f64>, y: &Array1<f64>, k: &Array0<f64>) -> f64 {
    ridge(x, y, k[[]])
}

#[differentiable]
fn poisson(x: &Array2<f64>, w: &Array1<f64>, b: &Array0<f64>) -> f64 {
    let counts = array![1.0, 0.0, 3.0, 2.0];
    let rate = (x.dot(w) + b[()]).exp();
    (&rate - &counts * &rate.ln()).mean().unwrap()
}

#[differentiable]
fn power_iteration(a: &Array2<f64>, v: &Array1<f64>) -> f64 {
    let mut v = v.clone();
    for _ in 0..6 {
        v = a.dot(&v);
        v /= v.dot(&v).sqrt();
    }
    v.dot(&a.dot(&v))
}

#[test]
fn first_steps() {
    cases! {
        "regularised covariance": regularised_covariance(a: Ix2, b: Ix1);
        "ends": ends(x: Ix1);
        "chunks": chunks(x: Ix1, w: Ix1);
        "softmax regression": softmax_regression(x: Ix2, w: Ix2, b: Ix1);
        "ridge regression": ridge_of(x: Ix2, y: Ix1, k: Ix0);
        "poisson regression": poisson(x: Ix2, w: Ix1, b: Ix0);
        "power iteration": power_iteration(a: Ix2, v: Ix1);
    }
}

#[differentiable]
fn residual_layers(x: &Array2<f64>, w: &Array3<f64>, b: &Array2<f64>, v: &Array1<f64>) -> f64 {
    let mut h = x.to_owned();
    for (w, b) in w.outer_iter().zip(b.outer_iter()) {
        h = &h + &(h.dot(&w) + &b).mapv(f64::tanh);
    }
    nn::sigmoid(&h.dot(v)).mapv(f64::ln).mean().unwrap()
}

#[differentiable]
fn dropout(x: &Array2<f64>, w1: &Array2<f64>, w2: &Array2<f64>) -> f64 {
    let keep = array![[true, false, true, true], [false, true, true, false]];
    let mut h = x.dot(w1).mapv(|v| if v > 0.0 { v } else { v.exp_m1() });
    Zip::from(&mut h).and(&keep).for_each(|h, &keep| *h = if keep { *h / 0.75 } else { 0.0 });
    let error = h.dot(w2) - x;
    error.iter().map(|e| e * e).sum::<f64>() / error.len() as f64
}

#[differentiable]
fn tied_autoencoder(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> f64 {
    let code = (x.dot(w) + b).mapv(|v| v.max(0.0));
    (code.dot(&w.t()) - x).powi(2).mean().unwrap()
}

#[differentiable]
fn batch_norm(x: &Array2<f64>, w: &Array2<f64>, gamma: &Array1<f64>, beta: &Array1<f64>) -> f64 {
    let h = x.dot(w);
    let mean = h.mean_axis(Axis(0)).unwrap();
    let variance = h.var_axis(Axis(0), 0.0);
    let h = (h - &mean) / (variance + 1e-5).sqrt() * gamma + beta;
    nn::gelu(&h).pow2().mean().unwrap()
}

#[differentiable]
fn frozen_layer(x: &Array2<f64>, w1: &Array2<f64>, w2: &Array2<f64>) -> f64 {
    let h = x.dot(stop_gradient(w1)).tanh();
    nn::cross_entropy(&h.dot(w2), &[0, 1, 1])
}

#[differentiable]
fn mixture_of_experts(x: &Array2<f64>, gate: &Array2<f64>, experts: &Array3<f64>) -> f64 {
    let weights = nn::softmax(&x.dot(gate));
    let mut outputs = Vec::new();
    for expert in experts.outer_iter() {
        outputs.push(x.dot(&expert).tanh());
    }
    let views: Vec<_> = outputs.iter().map(|y| y.view()).collect();
    let outputs = stack(Axis(1), &views).unwrap();
    let mixed = (outputs * weights.insert_axis(Axis(2))).sum_axis(Axis(1));
    mixed.iter().map(|v| v.powi(2)).sum()
}

#[differentiable]
fn convolution(x: &Array2<f64>, k: &Array2<f64>, b: &Array0<f64>) -> f64 {
    let bias = b[()];
    let mut out = Array2::<f64>::zeros((3, 3));
    for ((i, j), y) in out.indexed_iter_mut() {
        *y = (&x.slice(s![i..i + 2, j..j + 2]) * k).sum() + bias;
    }
    let out = out.mapv(|v| v.exp().ln_1p());
    out.map_axis(Axis(1), |row| row.iter().copied().fold(f64::MIN, f64::max)).sum()
}

#[differentiable]
fn pooling(x: &Array1<f64>, w: &Array2<f64>) -> f64 {
    let pairs = x.to_shape((4, 2)).unwrap();
    let h = nn::relu(&pairs.dot(w));
    let mean = h.mean_axis(Axis(0)).unwrap();
    let max = h.fold_axis(Axis(0), f64::NEG_INFINITY, |&a, &b| if a > b { a } else { b });
    let all = concatenate(Axis(0), &[mean.view(), max.view()]).unwrap();
    all.dot(&all)
}

#[test]
fn networks() {
    cases! {
        "residual layers": residual_layers(x: Ix2, w: Ix3, b: Ix2, v: Ix1);
        "dropout by hand": dropout(x: Ix2, w1: Ix2, w2: Ix2);
        "tied autoencoder": tied_autoencoder(x: Ix2, w: Ix2, b: Ix1);
        "batch norm by hand": batch_norm(x: Ix2, w: Ix2, gamma: Ix1, beta: Ix1);
        "frozen layer": frozen_layer(x: Ix2, w1: Ix2, w2: Ix2);
        "mixture of experts": mixture_of_experts(x: Ix2, gate: Ix2, experts: Ix3);
        "convolution by hand": convolution(x: Ix2, k: Ix2, b: Ix0);
        "pooling": pooling(x: Ix1, w: Ix2);
    }
}

#[differentiable]
fn rnn(x: &Array2<f64>, wx: &Array2<f64>, wh: &Array2<f64>, b: &Array1<f64>, wo: &Array2<f64>) -> Array2<f64> {
    let mut h = Array1::<f64>::zeros(3);
    let mut outputs = Vec::with_capacity(x.nrows());
    for x in x.rows() {
        h = (wx.dot(&x) + wh.dot(&h) + b).tanh();
        outputs.push(wo.dot(&h));
    }
    stack(Axis(0), &outputs.iter().map(|y| y.view()).collect::<Vec<_>>()).unwrap()
}

#[differentiable]
fn gru(x: &Array2<f64>, wz: &Array2<f64>, wr: &Array2<f64>, wh: &Array2<f64>) -> f64 {
    let sigmoid = |v: f64| 1.0 / (1.0 + (-v).exp());
    let mut h = Array1::<f64>::zeros(2);
    let mut loss = 0.0;
    for x in x.outer_iter() {
        let xh = concatenate![Axis(0), x, h];
        let z = wz.dot(&xh).mapv(sigmoid);
        let r = wr.dot(&xh).mapv(sigmoid);
        let new = wh.dot(&concatenate![Axis(0), x, &r * &h]).tanh();
        h = (1.0 - &z) * &h + &z * &new;
        loss += (&h - &x).mapv(|e| e.powi(2)).mean().unwrap();
    }
    loss / x.nrows() as f64
}

#[differentiable]
fn causal_attention(x: &Array2<f64>, wq: &Array2<f64>, wk: &Array2<f64>, wv: &Array2<f64>) -> Array2<f64> {
    let (q, k, v) = (x.dot(wq), x.dot(wk), x.dot(wv));
    let mut scores = q.dot(&k.t()) / 2f64.sqrt();
    for ((i, j), score) in scores.indexed_iter_mut() {
        if j > i {
            *score = f64::NEG_INFINITY;
        }
    }
    nn::softmax(&scores).dot(&v)
}

#[differentiable]
fn mean_of_embeddings(table: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> f64 {
    let sentences = vec![vec![0, 2, 2], vec![1], vec![3, 0]];
    let mut pooled = Array2::<f64>::zeros((3, table.ncols()));
    for (mut row, sentence) in pooled.rows_mut().into_iter().zip(&sentences) {
        for &word in sentence {
            row += &table.row(word);
        }
        row /= sentence.len() as f64;
    }
    nn::cross_entropy(&(pooled.dot(w) + b), &[1, 0, 1])
}

#[differentiable]
fn positions(x: &Array2<f64>, table: &Array1<f64>) -> f64 {
    let rates = [1.0, 0.1];
    let waves = Array2::from_shape_fn((4, 4), |(t, i)| {
        let angle = t as f64 * rates[i % 2];
        if i < 2 { angle.sin() } else { angle.cos() }
    });
    let h = x + &waves + table;
    let centred = &h - &h.mean_axis(Axis(1)).unwrap().insert_axis(Axis(1));
    let squares = centred.map_axis(Axis(1), |row: ArrayView1<f64>| row.dot(&row));
    squares.mapv(|s| (s + 1e-3).sqrt().recip()).sum()
}

#[differentiable]
fn log_sum_exp(x: &Array1<f64>) -> f64 {
    let largest = *x.iter().max_by(|a, b| a.total_cmp(b)).unwrap();
    largest + x.mapv(|v| (v - largest).exp()).sum().ln()
}

#[differentiable]
fn random_field(emissions: &Array2<f64>, transitions: &Array2<f64>) -> f64 {
    let tags = [0, 2, 1, 1];
    let mut alpha = emissions.row(0).to_owned();
    for t in 1..emissions.nrows() {
        let mut next = Array1::<f64>::zeros(3);
        for (j, next) in next.iter_mut().enumerate() {
            *next = log_sum_exp(&(&alpha + &transitions.column(j))) + emissions[(t, j)];
        }
        alpha = next;
    }
    let mut score = emissions[[0, tags[0]]];
    for (t, pair) in tags.windows(2).enumerate() {
        score += transitions[[pair[0], pair[1]]] + emissions[[t + 1, pair[1]]];
    }
    log_sum_exp(&alpha) - score
}

#[test]
fn sequences() {
    cases! {
        "rnn by hand": rnn(x: Ix2, wx: Ix2, wh: Ix2, b: Ix1, wo: Ix2);
        "gru by hand": gru(x: Ix2, wz: Ix2, wr: Ix2, wh: Ix2);
        "causal attention by hand": causal_attention(x: Ix2, wq: Ix2, wk: Ix2, wv: Ix2);
        "mean of embeddings": mean_of_embeddings(table: Ix2, w: Ix2, b: Ix1);
        "positions": positions(x: Ix2, table: Ix1);
        "conditional random field": random_field(emissions: Ix2, transitions: Ix2);
    }
}

#[differentiable]
fn normalised(x: &Array2<f64>) -> Array2<f64> {
    let norms = x.map_axis(Axis(1), |row| row.dot(&row).sqrt().max(1e-12));
    x / &norms.insert_axis(Axis(1))
}

#[differentiable]
fn contrastive(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let (a, b) = (normalised(a), normalised(b));
    let logits = a.dot(&b.t()) / 0.5;
    let labels: Vec<usize> = (0..logits.nrows()).collect();
    (nn::cross_entropy(&logits, &labels) + nn::cross_entropy(&logits.t(), &labels)) / 2.0
}

#[differentiable]
fn soft_k_means(x: &Array2<f64>, centres: &Array2<f64>) -> f64 {
    let distances = Array2::from_shape_fn((x.nrows(), centres.nrows()), |(i, k)| {
        let d = &x.row(i) - &centres.row(k);
        d.dot(&d)
    });
    let weights = nn::softmax(&(&distances * -2.0));
    (weights * distances).sum() / x.nrows() as f64
}

#[differentiable]
fn gaussian_mixture(x: &Array1<f64>, logits: &Array1<f64>, means: &Array1<f64>, spreads: &Array1<f64>) -> f64 {
    let logs = logits - log_sum_exp(logits);
    let mut loss = 0.0;
    for &x in x {
        let z = means.mapv(|m| x - m) / spreads.exp();
        loss -= log_sum_exp(&(&logs - 0.5 * z.pow2() - spreads));
    }
    loss
}

#[differentiable]
fn factorisation(u: &Array2<f64>, v: &Array2<f64>, bu: &Array1<f64>) -> f64 {
    let seen = [(0usize, 1usize, 4.0), (2, 0, 1.0), (1, 1, 3.0), (0, 0, 5.0)];
    let error: f64 = seen.iter().map(|&(i, j, r)| (u.row(i).dot(&v.row(j)) + bu[i] - r).powi(2)).sum();
    error / seen.len() as f64 + 0.1 * (u.iter().chain(v.iter()).map(|w| w * w).sum::<f64>())
}

#[differentiable]
fn two_players(real: &Array2<f64>, noise: &Array2<f64>, g: &Array2<f64>, d: &Array1<f64>) -> (f64, f64) {
    let fake = noise.dot(g).tanh();
    let score = |x: &Array2<f64>| nn::sigmoid(&x.dot(d));
    let kept = stop_gradient(&fake);
    let d_loss = -(score(real).ln() + (1.0 - score(&kept)).ln()).mean().unwrap();
    let g_loss = -score(&fake).ln().mean().unwrap();
    (d_loss, g_loss)
}

#[differentiable]
fn distillation(x: &Array2<f64>, student: &Array2<f64>, teacher: &Array2<f64>) -> f64 {
    let t = 2.0;
    let soft = stop_gradient(nn::softmax(&(x.dot(teacher) / t)));
    let logs = nn::log_softmax(&(x.dot(student) / t));
    let divergence = (&soft * (soft.ln() - logs)).sum() / x.nrows() as f64;
    divergence * t * t + nn::cross_entropy(&x.dot(student), &[2, 0])
}

#[differentiable]
fn focal(x: &Array2<f64>, w: &Array1<f64>) -> f64 {
    let y = array![1.0, 0.0, 0.0, 1.0];
    let p = nn::sigmoid(&x.dot(w));
    let pt = Zip::from(&p).and(&y).map_collect(|&p, &y| if y == 1.0 { p } else { 1.0 - p });
    -pt.mapv(|p| (1.0 - p).powi(2) * p.ln()).mean().unwrap()
}

#[differentiable]
fn quantiles(x: &Array2<f64>, w: &Array2<f64>) -> f64 {
    let (y, q) = (array![[0.5], [-1.0], [2.0]], array![0.1, 0.5, 0.9]);
    let error = y - x.dot(w);
    let losses = Zip::from(&(&error * &q)).and(&(&error * &(&q - 1.0))).map_collect(|&a, &b| f64::max(a, b));
    losses.sum_axis(Axis(1)).mean().unwrap()
}

#[differentiable(order = 2)]
fn solution(x: &Array1<f64>, t: &Array1<f64>, w1: &Array2<f64>, w2: &Array1<f64>) -> Array1<f64> {
    stack![Axis(1), *x, *t].dot(w1).tanh().dot(w2)
}

#[differentiable(order = 2)]
fn total(x: &Array1<f64>, t: &Array1<f64>, w1: &Array2<f64>, w2: &Array1<f64>) -> f64 {
    solution(x, t, w1, w2).sum()
}

#[differentiable]
fn burgers(x: &Array1<f64>, t: &Array1<f64>, w1: &Array2<f64>, w2: &Array1<f64>) -> f64 {
    let u = solution(x, t, w1, w2);
    let (ux, ut, _, _) = total::grad(x, t, w1, w2);
    (ut + u * ux).pow2().mean().unwrap()
}

#[test]
fn objectives() {
    cases! {
        "contrastive loss": contrastive(a: Ix2, b: Ix2);
        "soft k-means": soft_k_means(x: Ix2, centres: Ix2);
        "gaussian mixture": gaussian_mixture(x: Ix1, logits: Ix1, means: Ix1, spreads: Ix1);
        "factorisation": factorisation(u: Ix2, v: Ix2, bu: Ix1);
        "two players": two_players(real: Ix2, noise: Ix2, g: Ix2, d: Ix1);
        "distillation": distillation(x: Ix2, student: Ix2, teacher: Ix2);
        "focal loss": focal(x: Ix2, w: Ix1);
        "quantile regression": quantiles(x: Ix2, w: Ix2);
        "burgers equation": burgers(x: Ix1, t: Ix1, w1: Ix2, w2: Ix1);
    }
}
