//! The loss of logistic regression.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

#[differentiable(wrt(w))]
fn logistic_loss(w: &[f64], x: &[f64], labels: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (row, label) in x.chunks_exact(w.len()).zip(labels) {
        let score: f64 = row.iter().zip(w).map(|(x, w)| x * w).sum();
        loss += (-label * score).exp().ln_1p();
    }
    loss / labels.len() as f64
}

fn by_hand(w: &[f64], x: &[f64], labels: &[f64], w_bar: &mut [f64]) -> f64 {
    w_bar.fill(0.0);
    let mut loss = 0.0;
    let scale = 1.0 / labels.len() as f64;
    for (row, label) in x.chunks_exact(w.len()).zip(labels) {
        let score: f64 = row.iter().zip(w).map(|(x, w)| x * w).sum();
        let odds = (-label * score).exp();
        loss += odds.ln_1p();
        let score_bar = -scale * label * odds / (1.0 + odds);
        for (w_bar, x) in w_bar.iter_mut().zip(row) {
            *w_bar += score_bar * x;
        }
    }
    loss * scale
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, d, mut random) = (size.choose(20, 2_000), size.choose(5, 50), Random::new());
    let labels: Vec<f64> = random.list(n, -1.0, 1.0).iter().map(|v| v.signum()).collect();
    Kernel::gradient(
        "logistic",
        d,
        (random.list(d, -1.0, 1.0), random.list(n * d, -1.0, 1.0), labels),
        |(w, x, labels)| logistic_loss(w, x, labels),
        |(w, x, labels), out| logistic_loss::value_and_grad_into(w, x, labels, out),
        |(w, x, labels), out| by_hand(w, x, labels, out),
    )
}
