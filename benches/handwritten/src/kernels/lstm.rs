//! GradBench's `lstm`: a recurrent network.

use differentiable_gradbench::evals::lstm::objective;

use crate::random::Random;
use crate::{Kernel, Size};

struct Network {
    main: Vec<f64>,
    extra: Vec<f64>,
    state: Vec<f64>,
    sequence: Vec<f64>,
    b: usize,
}

/// What the sweep back needs of one cell in one step.
#[derive(Clone, Copy)]
struct Kept {
    forget: f64,
    ingate: f64,
    outgate: f64,
    change: f64,
    /// The cell's content before the step.
    before: f64,
    /// The hyperbolic tangent of its content after the step.
    bent: f64,
}

impl Kept {
    fn hidden(&self) -> f64 {
        self.outgate * self.bent
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The loss; the cells of all steps are kept, and the cotangents of the predictions.
fn forward(network: &Network, kept: &mut Vec<Kept>, predicted_bar: &mut Vec<f64>) -> f64 {
    let Network { main, extra, state, sequence, b } = network;
    let (b, layers) = (*b, state.len() / (2 * b));
    let steps = sequence.len() / b - 1;
    let (mut state, mut signal, mut powers) = (state.clone(), vec![0.0; b], vec![0.0; b]);
    let scale = 1.0 / (steps * b) as f64;
    let mut total = 0.0;
    for t in 0..steps {
        for (i, signal) in signal.iter_mut().enumerate() {
            *signal = sequence[t * b + i] * extra[i];
        }
        for layer in 0..layers {
            let (weight, bias) = main[8 * b * layer..8 * b * (layer + 1)].split_at(4 * b);
            let (hidden, cell) = state[2 * b * layer..2 * b * (layer + 1)].split_at_mut(b);
            for i in 0..b {
                let forget = sigmoid(signal[i] * weight[i] + bias[i]);
                let ingate = sigmoid(hidden[i] * weight[b + i] + bias[b + i]);
                let outgate = sigmoid(signal[i] * weight[2 * b + i] + bias[2 * b + i]);
                let change = (hidden[i] * weight[3 * b + i] + bias[3 * b + i]).tanh();
                let before = cell[i];
                cell[i] = before * forget + ingate * change;
                let bent = cell[i].tanh();
                hidden[i] = outgate * bent;
                signal[i] = hidden[i];
                kept.push(Kept { forget, ingate, outgate, change, before, bent });
            }
        }
        let mut sum = 2.0;
        for i in 0..b {
            signal[i] = signal[i] * extra[b + i] + extra[2 * b + i];
            powers[i] = signal[i].exp();
            sum += powers[i];
        }
        let (normalizer, truth) = (sum.ln(), &sequence[(t + 1) * b..(t + 2) * b]);
        let mut whole = 0.0;
        for i in 0..b {
            total += truth[i] * (signal[i] - normalizer);
            whole += truth[i];
        }
        predicted_bar.extend((0..b).map(|i| scale * (whole * powers[i] / sum - truth[i])));
    }
    -total * scale
}

fn by_hand(network: &Network, out: &mut [f64]) -> f64 {
    let Network { main, extra, state, sequence, b } = network;
    let (b, layers) = (*b, state.len() / (2 * b));
    let steps = sequence.len() / b - 1;
    let mut kept = Vec::with_capacity(steps * layers * b);
    let mut predicted_bars = Vec::with_capacity(steps * b);
    let loss = forward(network, &mut kept, &mut predicted_bars);
    out.fill(0.0);
    let (main_bar, extra_bar) = out.split_at_mut(main.len());
    let mut signal_bar = vec![0.0; b];
    let (mut hidden_bars, mut cell_bars) = (vec![0.0; layers * b], vec![0.0; layers * b]);
    let row = |t: usize, layer: usize| &kept[(t * layers + layer) * b..(t * layers + layer + 1) * b];
    for t in (0..steps).rev() {
        for (i, top) in row(t, layers - 1).iter().enumerate() {
            let bar = predicted_bars[t * b + i];
            extra_bar[b + i] += bar * top.hidden();
            extra_bar[2 * b + i] += bar;
            signal_bar[i] = bar * extra[b + i];
        }
        for layer in (0..layers).rev() {
            let weight = &main[8 * b * layer..8 * b * layer + 4 * b];
            let (weight_bar, bias_bar) = main_bar[8 * b * layer..8 * b * (layer + 1)].split_at_mut(4 * b);
            for (i, k) in row(t, layer).iter().enumerate() {
                let signal = if layer == 0 { sequence[t * b + i] * extra[i] } else { row(t, layer - 1)[i].hidden() };
                let hidden = if t == 0 { state[2 * b * layer + i] } else { row(t - 1, layer)[i].hidden() };
                let (hidden_bar, cell_bar) = (&mut hidden_bars[layer * b + i], &mut cell_bars[layer * b + i]);
                let bar = *hidden_bar + signal_bar[i];
                let content = *cell_bar + bar * k.outgate * (1.0 - k.bent * k.bent);
                let forget = content * k.before * k.forget * (1.0 - k.forget);
                let ingate = content * k.change * k.ingate * (1.0 - k.ingate);
                let outgate = bar * k.bent * k.outgate * (1.0 - k.outgate);
                let change = content * k.ingate * (1.0 - k.change * k.change);
                weight_bar[i] += forget * signal;
                weight_bar[b + i] += ingate * hidden;
                weight_bar[2 * b + i] += outgate * signal;
                weight_bar[3 * b + i] += change * hidden;
                bias_bar[i] += forget;
                bias_bar[b + i] += ingate;
                bias_bar[2 * b + i] += outgate;
                bias_bar[3 * b + i] += change;
                signal_bar[i] = forget * weight[i] + outgate * weight[2 * b + i];
                *hidden_bar = ingate * weight[b + i] + change * weight[3 * b + i];
                *cell_bar = content * k.forget;
            }
        }
        for i in 0..b {
            extra_bar[i] += signal_bar[i] * sequence[t * b + i];
        }
    }
    loss
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (layers, b, steps, mut random) = (size.choose(2, 2), size.choose(3, 14), size.choose(5, 200), Random::new());
    let network = Network {
        main: random.list(8 * layers * b, -1.0, 1.0),
        extra: random.list(3 * b, -1.0, 1.0),
        state: random.list(2 * layers * b, -1.0, 1.0),
        sequence: random.list(steps * b, 0.0, 1.0),
        b,
    };
    Kernel::gradient(
        "lstm",
        8 * layers * b + 3 * b,
        network,
        |n| objective(&n.main, &n.extra, &n.state, &n.sequence, n.b),
        |n, out| {
            let (main_bar, extra_bar) = out.split_at_mut(n.main.len());
            objective::value_and_grad_into(&n.main, &n.extra, &n.state, &n.sequence, n.b, main_bar, extra_bar)
        },
        by_hand,
    )
}
