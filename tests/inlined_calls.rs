//! The bodies of small functions take the place of calls of them: with and without that the derivatives are the same.

#![allow(clippy::all)]

#[macro_use]
mod common;
use common::assert_near;
use differentiable::differentiable;

const STIFFNESS: f64 = 1.3;

#[differentiable]
fn velocity(s: [f64; 2], p: [f64; 2]) -> [f64; 2] {
    [s[1], -p[0] * s[0].sin() - p[1] * s[1] * STIFFNESS]
}

#[differentiable]
fn moved(s: [f64; 2], v: [f64; 2], h: f64) -> [f64; 2] {
    [s[0] + h * v[0], s[1] + h * v[1]]
}

/// Changes one list and reads another, and calls a function itself.
#[differentiable]
fn spread(from: &[f64], to: &mut [f64], rate: f64) {
    to[0] = bent(from[0], rate);
    for i in 1..from.len() {
        if from[i] > 0.1 {
            to[i] = from[i] + rate * (from[i - 1] - from[i]);
        } else {
            to[i] = bent(from[i], rate);
        }
    }
}

#[differentiable]
fn bent(mut x: f64, rate: f64) -> f64 {
    x *= 1.0 + rate;
    x.sin()
}

#[differentiable]
fn split(x: f64, y: f64) -> (f64, f64) {
    let sum = x + y;
    (sum * x, sum / (2.0 + y * y))
}

#[derive(Clone, Debug, differentiable::Differentiable)]
struct Weights {
    w: f64,
    b: f64,
}

#[differentiable]
fn predicted(weights: &Weights, x: f64) -> f64 {
    (weights.w * x + weights.b).tanh()
}

/// It names parameters: its calls stay.
#[differentiable(wrt(x))]
fn frozen(x: f64, scale: f64) -> f64 {
    x * scale * scale
}

#[differentiable]
fn midpoint(start: [f64; 2], p: [f64; 2], h: f64, steps: usize) -> f64 {
    let mut s = start;
    for _ in 0..steps {
        let k1 = velocity(s, p);
        let k2 = velocity(moved(s, k1, 0.5 * h), p);
        for i in 0..2 {
            s[i] += h * k2[i];
        }
    }
    s[0] * s[0] + s[1]
}

#[differentiable(analyses = without(inlining))]
fn midpoint_called(start: [f64; 2], p: [f64; 2], h: f64, steps: usize) -> f64 {
    let mut s = start;
    for _ in 0..steps {
        let k1 = velocity(s, p);
        let k2 = velocity(moved(s, k1, 0.5 * h), p);
        for i in 0..2 {
            s[i] += h * k2[i];
        }
    }
    s[0] * s[0] + s[1]
}

#[differentiable]
fn spreads(x: &[f64], rate: f64, steps: usize) -> f64 {
    let mut from = x.to_vec();
    let mut to = vec![0.0; x.len()];
    for _ in 0..steps {
        spread(&from, &mut to, rate);
        spread(&to, &mut from, 0.5 * rate);
    }
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += from[i] * to[i];
    }
    sum
}

#[differentiable(analyses = without(inlining))]
fn spreads_called(x: &[f64], rate: f64, steps: usize) -> f64 {
    let mut from = x.to_vec();
    let mut to = vec![0.0; x.len()];
    for _ in 0..steps {
        spread(&from, &mut to, rate);
        spread(&to, &mut from, 0.5 * rate);
    }
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += from[i] * to[i];
    }
    sum
}

#[differentiable]
fn splits(x: f64, y: f64, n: usize) -> f64 {
    let (mut a, mut b) = (x, y);
    let mut i = 0;
    while i < n {
        let both = split(a, b);
        a = both.0 - b;
        b = if both.1 > 0.4 { bent(both.1, 0.1) } else { split(both.1, a).1 };
        i += 1;
    }
    a * b
}

#[differentiable(analyses = without(inlining))]
fn splits_called(x: f64, y: f64, n: usize) -> f64 {
    let (mut a, mut b) = (x, y);
    let mut i = 0;
    while i < n {
        let both = split(a, b);
        a = both.0 - b;
        b = if both.1 > 0.4 { bent(both.1, 0.1) } else { split(both.1, a).1 };
        i += 1;
    }
    a * b
}

#[differentiable]
fn fitted(weights: &Weights, x: &[f64], y: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() {
        let r = predicted(weights, x[i]) - y[i];
        loss += r * r + frozen(r, 0.3);
    }
    loss
}

#[differentiable(analyses = without(inlining))]
fn fitted_called(weights: &Weights, x: &[f64], y: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() {
        let r = predicted(weights, x[i]) - y[i];
        loss += r * r + frozen(r, 0.3);
    }
    loss
}

#[differentiable]
fn with_a_constant_of_its_own(x: f64, y: f64) -> f64 {
    const STIFFNESS: f64 = 2.0;
    let v = velocity([x, y], [y, x]);
    v[0] * v[1] * STIFFNESS
}

#[differentiable(analyses = without(inlining))]
fn with_a_constant_of_its_own_called(x: f64, y: f64) -> f64 {
    const STIFFNESS: f64 = 2.0;
    let v = velocity([x, y], [y, x]);
    v[0] * v[1] * STIFFNESS
}

/// Changes a part of a list in place.
#[differentiable]
fn shifted(w: &[f64], part: &mut [f64]) {
    let n = part.len();
    for i in 1..n {
        part[i] = bent(part[i] * w[i], 0.2) + 0.5 * part[i - 1];
    }
    part[0] *= w[n];
}

/// Makes a list.
#[differentiable]
fn mixed(state: &[f64], w: &[f64]) -> Vec<f64> {
    let n = state.len();
    let mut next = vec![0.0; n];
    for i in 0..n {
        next[i] = state[i] * w[0] + (state[n - 1 - i] * w[1]).sin();
    }
    next
}

#[differentiable]
fn unrolled(x: &[f64], w: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut state = x.to_vec();
    let mut loss = 0.0;
    for t in 0..steps {
        for part in 0..2 {
            shifted(&w[part * n..(part + 1) * n], &mut state[part..n - 1 + part]);
        }
        let next = mixed(&state, &w[t..t + 2]);
        for i in 0..n {
            loss += next[i] * next[i] * state[n - 1 - i];
        }
        state = next;
    }
    loss
}

#[differentiable(analyses = without(inlining))]
fn unrolled_called(x: &[f64], w: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut state = x.to_vec();
    let mut loss = 0.0;
    for t in 0..steps {
        for part in 0..2 {
            shifted(&w[part * n..(part + 1) * n], &mut state[part..n - 1 + part]);
        }
        let next = mixed(&state, &w[t..t + 2]);
        for i in 0..n {
            loss += next[i] * next[i] * state[n - 1 - i];
        }
        state = next;
    }
    loss
}

/// Gives a list itself, so that it has the split form alone.
#[differentiable]
fn evolved(x: &[f64], w: &[f64], steps: usize) -> Vec<f64> {
    let n = x.len();
    let mut state = x.to_vec();
    for t in 0..steps {
        shifted(&w[t..t + n + 1], &mut state);
        for i in 0..n {
            state[i] += bent(state[n - 1 - i], 0.1) * w[i];
        }
    }
    state
}

#[differentiable]
fn last_evolved(x: &[f64], w: &[f64], steps: usize) -> f64 {
    let state = evolved(x, w, steps);
    state[0] * state[x.len() - 1]
}

#[differentiable(analyses = without(inlining))]
fn last_evolved_called(x: &[f64], w: &[f64], steps: usize) -> f64 {
    let state = evolved(x, w, steps);
    state[0] * state[x.len() - 1]
}

/// Runs over whole chunks of two lists, of which it changes one, and hands parts of parts on.
#[differentiable]
fn layers(w: &[f64], state: &mut [f64], input: &[f64]) -> Vec<f64> {
    let b = input.len();
    let mut signal = vec![0.0; b];
    for i in 0..b {
        signal[i] = input[i] * w[i];
    }
    for (w, state) in w.chunks_exact(2 * b).zip(state.chunks_exact_mut(b)) {
        for i in 0..b {
            let gate = bent(state[i] * w[b + i], 0.3);
            state[i] = gate + 0.5 * signal[i] * w[i];
            signal[i] = state[i];
        }
        for (s, w) in signal[1..].iter_mut().zip(w[b + 1..].iter()) {
            *s += 0.2 * *w;
        }
    }
    signal
}

#[differentiable]
fn rolled(x: &[f64], w: &[f64], b: usize) -> f64 {
    let mut state = x.to_vec();
    let mut loss = 0.0;
    for t in 0..2 {
        let out = layers(&w[t..], &mut state, &x[t * b..(t + 1) * b]);
        for i in 0..b {
            loss += out[i] * state[b + i];
        }
    }
    loss
}

#[differentiable(analyses = without(inlining))]
fn rolled_called(x: &[f64], w: &[f64], b: usize) -> f64 {
    let mut state = x.to_vec();
    let mut loss = 0.0;
    for t in 0..2 {
        let out = layers(&w[t..], &mut state, &x[t * b..(t + 1) * b]);
        for i in 0..b {
            loss += out[i] * state[b + i];
        }
    }
    loss
}

macro_rules! check_both {
    ($name:ident, $called:ident ($($args:tt)*)) => {{
        check_function!($name($($args)*));
        let (value, gradient) = $name::value_and_grad($($args)*);
        let (called, gradient_called) = $called::value_and_grad($($args)*);
        assert_near(stringify!($name), &value, &called, 1e-13);
        assert_near(stringify!($name), &gradient, &gradient_called, 1e-12);
    }};
}

#[test]
fn arrays_by_value() {
    check_both!(midpoint, midpoint_called([0.3, -0.2], [1.1, 0.4], 0.05, 7));
    check_both!(with_a_constant_of_its_own, with_a_constant_of_its_own_called(0.7, 0.6));
}

#[test]
fn lists_that_are_changed() {
    check_both!(spreads, spreads_called(&[0.5, -0.3, 0.8, 0.05], 0.2, 3));
}

#[test]
fn parts_of_lists_and_new_lists() {
    let w = [0.4, -0.7, 0.9, 0.3, 1.1, 0.8, -0.2, 0.6];
    check_both!(unrolled, unrolled_called(&[0.5, -0.3, 0.8, 0.25], &w, 3));
    let longer = [w, w.map(|w| 0.3 - w)].concat();
    check_both!(rolled, rolled_called(&[0.5, -0.3, 0.8, 0.25], &longer, 2));
    check_both!(last_evolved, last_evolved_called(&[0.5, -0.3, 0.8], &w, 4));
}

#[test]
fn pairs() {
    check_both!(splits, splits_called(0.7, 0.6, 4));
}

/// A function that names its variables is called.
#[test]
fn structs_and_constants() {
    let weights = Weights { w: 0.4, b: -0.3 };
    let (x, y) = ([0.5, -0.3, 0.8], [0.1, 0.2, 0.3]);
    let (value, (bar, ..)) = fitted::value_and_grad(&weights, &x, &y);
    let (called, (bar_called, ..)) = fitted_called::value_and_grad(&weights, &x, &y);
    assert_near("value", &value, &called, 1e-13);
    assert_near("bars", &[bar.w, bar.b], &[bar_called.w, bar_called.b], 1e-12);
    let loss = |w: f64, b: f64| {
        let r = |i: usize| (w * x[i] + b).tanh() - y[i];
        (0..3).map(|i| r(i) * r(i) + r(i) * 0.09).sum::<f64>()
    };
    let slope = |f: &dyn Fn(f64) -> f64| (f(1e-6) - f(-1e-6)) / 2e-6;
    assert_near("w", &bar.w, &slope(&|h| loss(0.4 + h, -0.3)), 1e-7);
    assert_near("b", &bar.b, &slope(&|h| loss(0.4, -0.3 + h)), 1e-7);
}

#[differentiable]
fn first_and_third(part: &[f64]) -> f64 {
    part[0] * part[2]
}

#[differentiable]
fn of_starts(x: &[f64], n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..2 {
        sum += first_and_third(&x[i..i + n]);
    }
    sum
}

/// An index that lies in the list, but not in the part that was lent, fails as in the function itself.
#[test]
fn indices_behind_a_lent_part() {
    let x = [0.3, 1.2, -0.4, 0.7];
    differentiable::gradcheck!(of_starts(&x, 3)).unwrap();
    for n in [2, 5] {
        assert!(std::panic::catch_unwind(|| of_starts(&x, n)).is_err());
        assert!(std::panic::catch_unwind(|| of_starts::grad(&x, n)).is_err());
        assert!(std::panic::catch_unwind(|| of_starts::vjp(&x, n).0).is_err());
        assert!(std::panic::catch_unwind(|| of_starts::jvp(&x, n, &x)).is_err());
    }
}

#[differentiable]
fn weighted(part: &[f64], weights: &[f64]) -> f64 {
    let mut sum = 0.0;
    let mut at = 0;
    for i in 0..weights.len() {
        sum += weights[i] * part[i] * part[at];
        if weights[i] > 0.5 {
            at += 1;
        }
    }
    sum * part[at]
}

#[differentiable]
fn of_windows(x: &[f64], weights: &[f64], n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..2 {
        sum += weighted(&x[i..i + n], weights);
    }
    sum
}

/// The same for loops that count along another list, and for positions that change.
#[test]
fn counters_behind_a_lent_part() {
    let (x, weights) = ([0.3, 1.2, -0.4, 0.7, 1.6], [0.6, 0.2, 0.9]);
    differentiable::gradcheck!(of_windows(&x, &weights, 3)).unwrap();
    differentiable::gradcheck!(of_windows(&x, &weights, 4)).unwrap();
    for n in [2, 5] {
        assert!(std::panic::catch_unwind(|| of_windows(&x, &weights, n)).is_err());
        assert!(std::panic::catch_unwind(|| of_windows::grad(&x, &weights, n)).is_err());
        assert!(std::panic::catch_unwind(|| of_windows::vjp(&x, &weights, n).0).is_err());
        assert!(std::panic::catch_unwind(|| of_windows::jvp(&x, &weights, n, &x, &weights)).is_err());
    }
    // Where the loops have no trips, nothing is looked at but the last element.
    assert_eq!(of_windows(&x, &[], 1), 0.0);
    assert_eq!(of_windows::grad(&x, &[], 1).0, [0.0; 5]);
}
