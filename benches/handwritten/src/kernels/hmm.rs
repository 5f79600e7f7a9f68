//! The forward algorithm of hidden Markov models.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

/// The log-likelihood of what was seen; `emission` has a row of probabilities for each thing that can be seen.
#[differentiable]
fn log_likelihood(initial: &[f64], transition: &[f64], emission: &[f64], seen: &[usize]) -> f64 {
    let n = initial.len();
    let mut alpha = vec![0.0; n];
    let mut next = vec![0.0; n];
    let mut likelihood = 0.0;
    for (t, &symbol) in seen.iter().enumerate() {
        let mut total = 0.0;
        for j in 0..n {
            let mut arrival = 0.0;
            if t == 0 {
                arrival = initial[j];
            } else {
                for i in 0..n {
                    arrival += alpha[i] * transition[i * n + j];
                }
            }
            next[j] = arrival * emission[symbol * n + j];
            total += next[j];
        }
        for j in 0..n {
            alpha[j] = next[j] / total;
        }
        likelihood += total.ln();
    }
    likelihood
}

/// Keeps the normalised probabilities and the totals of each step.
fn by_hand(initial: &[f64], transition: &[f64], emission: &[f64], seen: &[usize], out: &mut [f64]) -> f64 {
    let n = initial.len();
    out.fill(0.0);
    let (initial_bar, rest) = out.split_at_mut(n);
    let (transition_bar, emission_bar) = rest.split_at_mut(n * n);
    // Row `t` is what arrives in step `t`, and then the normalised probabilities.
    let mut arrivals = vec![0.0; seen.len() * n];
    let mut alphas = vec![0.0; seen.len() * n];
    let mut inverses = Vec::with_capacity(seen.len());
    let mut likelihood = 0.0;
    for (t, &symbol) in seen.iter().enumerate() {
        let arrival = &mut arrivals[t * n..(t + 1) * n];
        let (before, now) = alphas.split_at_mut(t * n);
        if t == 0 {
            arrival.copy_from_slice(initial);
        } else {
            for (alpha, row) in before[(t - 1) * n..].iter().zip(transition.chunks_exact(n)) {
                for (arrival, p) in arrival.iter_mut().zip(row) {
                    *arrival += alpha * p;
                }
            }
        }
        let chances = &emission[symbol * n..(symbol + 1) * n];
        let total: f64 = arrival.iter().zip(chances).map(|(a, e)| a * e).sum();
        let inverse = 1.0 / total;
        for ((now, arrival), e) in now.iter_mut().zip(&*arrival).zip(chances) {
            *now = arrival * e * inverse;
        }
        inverses.push(inverse);
        likelihood += total.ln();
    }
    let mut alpha_bar = vec![0.0; n];
    let mut arrival_bar = vec![0.0; n];
    for (t, &symbol) in seen.iter().enumerate().rev() {
        let alpha = &alphas[t * n..(t + 1) * n];
        let shift: f64 = 1.0 - alpha.iter().zip(&alpha_bar).map(|(a, bar)| a * bar).sum::<f64>();
        let chances = &emission[symbol * n..(symbol + 1) * n];
        let chances_bar = &mut emission_bar[symbol * n..(symbol + 1) * n];
        let arrival = &arrivals[t * n..(t + 1) * n];
        for j in 0..n {
            let next_bar = (alpha_bar[j] + shift) * inverses[t];
            chances_bar[j] += next_bar * arrival[j];
            arrival_bar[j] = next_bar * chances[j];
        }
        if t == 0 {
            initial_bar.copy_from_slice(&arrival_bar);
        } else {
            let before = &alphas[(t - 1) * n..t * n];
            for i in 0..n {
                let (row, row_bar) = (&transition[i * n..(i + 1) * n], &mut transition_bar[i * n..(i + 1) * n]);
                let mut bar = 0.0;
                for j in 0..n {
                    bar += arrival_bar[j] * row[j];
                    row_bar[j] += arrival_bar[j] * before[i];
                }
                alpha_bar[i] = bar;
            }
        }
    }
    likelihood
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, symbols, steps) = (size.choose(3, 16), size.choose(2, 8), size.choose(6, 500));
    let mut random = Random::new();
    let mut distribution = |length: usize| {
        let list = random.list(length, 0.1, 1.0);
        let sum: f64 = list.iter().sum();
        list.into_iter().map(move |v| v / sum)
    };
    let initial: Vec<f64> = distribution(n).collect();
    let transition: Vec<f64> = (0..n).flat_map(|_| distribution(n)).collect();
    let emission: Vec<f64> = (0..symbols).flat_map(|_| distribution(n)).collect();
    let seen: Vec<usize> = (0..steps).map(|t| (t * t + t / 3) % symbols).collect();
    Kernel::gradient(
        "hmm_forward",
        n + n * n + symbols * n,
        (initial, transition, emission, seen),
        |(initial, transition, emission, seen)| log_likelihood(initial, transition, emission, seen),
        |(initial, transition, emission, seen), out| {
            let (initial_bar, rest) = out.split_at_mut(initial.len());
            let (transition_bar, emission_bar) = rest.split_at_mut(transition.len());
            log_likelihood::value_and_grad_into(
                initial,
                transition,
                emission,
                seen,
                initial_bar,
                transition_bar,
                emission_bar,
            )
        },
        |(initial, transition, emission, seen), out| by_hand(initial, transition, emission, seen, out),
    )
}
