//! A convolution in one dimension, and the squared norm of what comes out.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

#[differentiable]
fn filtered_norm(signal: &[f64], filter: &[f64]) -> f64 {
    let mut norm = 0.0;
    for i in 0..signal.len() - filter.len() + 1 {
        let mut y = 0.0;
        for j in 0..filter.len() {
            y += filter[j] * signal[i + j];
        }
        norm += y * y;
    }
    norm
}

fn by_hand(signal: &[f64], filter: &[f64], signal_bar: &mut [f64], filter_bar: &mut [f64]) -> f64 {
    signal_bar.fill(0.0);
    filter_bar.fill(0.0);
    let mut norm = 0.0;
    for (i, window) in signal.windows(filter.len()).enumerate() {
        let y: f64 = window.iter().zip(filter).map(|(s, f)| s * f).sum();
        norm += y * y;
        let y_bar = 2.0 * y;
        let bars = signal_bar[i..i + filter.len()].iter_mut().zip(&mut *filter_bar);
        for ((s_bar, f_bar), (s, f)) in bars.zip(window.iter().zip(filter)) {
            *s_bar += y_bar * f;
            *f_bar += y_bar * s;
        }
    }
    norm
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, k, mut random) = (size.choose(20, 4_000), size.choose(3, 16), Random::new());
    Kernel::gradient(
        "convolution",
        n + k,
        (random.list(n, -1.0, 1.0), random.list(k, -1.0, 1.0)),
        |(signal, filter)| filtered_norm(signal, filter),
        |(signal, filter), out| {
            let (signal_bar, filter_bar) = out.split_at_mut(signal.len());
            filtered_norm::value_and_grad_into(signal, filter, signal_bar, filter_bar)
        },
        |(signal, filter), out| {
            let (signal_bar, filter_bar) = out.split_at_mut(signal.len());
            by_hand(signal, filter, signal_bar, filter_bar)
        },
    )
}
