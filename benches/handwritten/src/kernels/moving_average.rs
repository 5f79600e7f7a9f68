//! A moving average that overwrites the signal, several times.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

/// The squared norm of the smoothed signal.
#[differentiable]
fn smoothed_norm(signal: &[f64], weight: f64, passes: usize) -> f64 {
    let mut x = signal.to_vec();
    for _ in 0..passes {
        for i in 1..x.len() {
            x[i] = weight * x[i - 1] + (1.0 - weight) * x[i];
        }
    }
    x.iter().map(|v| v * v).sum()
}

/// What was in `x[i]` before is `(x[i] - weight * x[i - 1]) / (1 - weight)`, but dividing loses digits: the signal
/// before each pass is kept.
fn by_hand(signal: &[f64], weight: f64, passes: usize, signal_bar: &mut [f64], weight_bar: &mut f64) -> f64 {
    let n = signal.len();
    let rest = 1.0 - weight;
    let mut rows = Vec::with_capacity((passes + 1) * n);
    rows.extend_from_slice(signal);
    for pass in 0..passes {
        let mut last = rows[pass * n];
        rows.push(last);
        for i in 1..n {
            last = weight * last + rest * rows[pass * n + i];
            rows.push(last);
        }
    }
    let mut norm = 0.0;
    for (bar, v) in signal_bar.iter_mut().zip(&rows[passes * n..]) {
        norm += v * v;
        *bar = 2.0 * v;
    }
    *weight_bar = 0.0;
    for pass in (0..passes).rev() {
        let (before, after) = rows[pass * n..(pass + 2) * n].split_at(n);
        let mut bar = signal_bar[n - 1];
        for i in (1..n).rev() {
            *weight_bar += bar * (after[i - 1] - before[i]);
            signal_bar[i] = rest * bar;
            bar = signal_bar[i - 1] + weight * bar;
        }
        signal_bar[0] = bar;
    }
    norm
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, passes, mut random) = (size.choose(10, 2_000), size.choose(2, 10), Random::new());
    Kernel::gradient(
        "moving_average",
        n + 1,
        (random.list(n, -1.0, 1.0), 0.3, passes),
        |(signal, weight, passes)| smoothed_norm(signal, *weight, *passes),
        |(signal, weight, passes), out| {
            let (signal_bar, weight_bar) = out.split_at_mut(signal.len());
            smoothed_norm::value_and_grad_into(signal, *weight, *passes, signal_bar, &mut weight_bar[0])
        },
        |(signal, weight, passes), out| {
            let (signal_bar, weight_bar) = out.split_at_mut(signal.len());
            by_hand(signal, *weight, *passes, signal_bar, &mut weight_bar[0])
        },
    )
}
