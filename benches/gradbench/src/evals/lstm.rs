//! A recurrent network with long short-term memory.

use differentiable::differentiable;
use serde::Deserialize;

use super::{expect, flat, parse, unknown};
use crate::{Evaluation, Runs};

#[differentiable]
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// One layer in one step: changes its state, and replaces what comes in by what goes out.
#[differentiable]
fn step(params: &[f64], hidden: &mut [f64], cell: &mut [f64], signal: &mut [f64]) {
    let b = signal.len();
    let (weight, bias) = params.split_at(4 * b);
    for i in 0..b {
        let forget = sigmoid(signal[i] * weight[i] + bias[i]);
        let ingate = sigmoid(hidden[i] * weight[b + i] + bias[b + i]);
        let outgate = sigmoid(signal[i] * weight[2 * b + i] + bias[2 * b + i]);
        let change = (hidden[i] * weight[3 * b + i] + bias[3 * b + i]).tanh();
        cell[i] = cell[i] * forget + ingate * change;
        hidden[i] = outgate * cell[i].tanh();
        signal[i] = hidden[i];
    }
}

/// What the network expects to come next; the states are those of all layers.
#[differentiable]
fn predict(main_params: &[f64], extra_params: &[f64], hidden: &mut [f64], cell: &mut [f64], input: &[f64]) -> Vec<f64> {
    let b = input.len();
    let mut signal = vec![0.0; b];
    for i in 0..b {
        signal[i] = input[i] * extra_params[i];
    }
    let states = hidden.chunks_exact_mut(b).zip(cell.chunks_exact_mut(b));
    for (params, (hidden, cell)) in main_params.chunks_exact(8 * b).zip(states) {
        step(params, hidden, cell, &mut signal);
    }
    for i in 0..b {
        signal[i] = signal[i] * extra_params[b + i] + extra_params[2 * b + i];
    }
    signal
}

#[differentiable]
fn log_sum_exp(x: &[f64]) -> f64 {
    let sum: f64 = x.iter().map(|v| v.exp()).sum();
    (sum + 2.0).ln()
}

/// The loss of the predictions for a sequence of rows with `b` bits each.
#[differentiable(wrt(main_params, extra_params))]
pub fn objective(main_params: &[f64], extra_params: &[f64], state: &[f64], sequence: &[f64], b: usize) -> f64 {
    // The state has two rows for each layer, of which the second is the cell's.
    let mut hidden = state.chunks_exact(b).step_by(2).flatten().copied().collect::<Vec<f64>>();
    let mut cell = state.chunks_exact(b).skip(1).step_by(2).flatten().copied().collect::<Vec<f64>>();
    let steps = sequence.len() / b - 1;
    let mut total = 0.0;
    for t in 0..steps {
        let predicted = predict(main_params, extra_params, &mut hidden, &mut cell, &sequence[t * b..(t + 1) * b]);
        let normalizer = log_sum_exp(&predicted);
        let truth = &sequence[(t + 1) * b..(t + 2) * b];
        for i in 0..b {
            total += truth[i] * (predicted[i] - normalizer);
        }
    }
    -total / (steps * b) as f64
}

#[derive(Deserialize)]
struct Input {
    main_params: Vec<Vec<f64>>,
    extra_params: Vec<Vec<f64>>,
    state: Vec<Vec<f64>>,
    sequence: Vec<Vec<f64>>,
    #[serde(flatten)]
    runs: Runs,
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let Input { main_params, extra_params, state, sequence, runs } = parse(input)?;
    let b = sequence.first().map_or(0, Vec::len);
    expect(b > 0, "`sequence` has a row, which is not empty")?;
    expect(main_params.len().is_multiple_of(2), "`main_params` has two rows for each layer")?;
    expect(state.len() == main_params.len(), "`state` has two rows for each layer")?;
    expect(extra_params.len() == 3, "`extra_params` has three rows")?;
    let main_params = flat(&main_params, 4 * b, "main_params")?;
    let (extra_params, state) = (flat(&extra_params, b, "extra_params")?, flat(&state, b, "state")?);
    let sequence = flat(&sequence, b, "sequence")?;
    match function {
        "objective" => Evaluation::plain(runs, || objective(&main_params, &extra_params, &state, &sequence, b)),
        "jacobian" => Evaluation::of(
            runs,
            || objective::grad(&main_params, &extra_params, &state, &sequence, b),
            |(main_bar, extra_bar)| [main_bar, extra_bar].concat(),
        ),
        _ => unknown(function),
    }
}
