//! GradBench's `ode`: Runge-Kutta steps of a system in which each number drives the next.

use differentiable_gradbench::evals::ode::last;

use crate::random::Random;
use crate::{Kernel, Size};

/// The stages of one step: `y + a * k`, where `k` is the velocity at the stage before.
fn stage(x: &[f64], y: &[f64], before: &[f64], a: f64, out: &mut [f64]) {
    out[0] = y[0] + a * x[0];
    for i in 1..x.len() {
        out[i] = y[i] + a * (x[i] * before[i - 1]);
    }
}

/// Keeps the state before each step, and computes the stages again; the sweep back through a step is one loop, in which
/// each number needs only what the next one left.
fn by_hand(x: &[f64], steps: usize, x_bar: &mut [f64]) -> f64 {
    let n = x.len();
    let h = 2.0 / steps as f64;
    let mut states = vec![0.0; (steps + 1) * n];
    let (mut y2, mut y3, mut y4) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for step in 0..steps {
        let (y, next) = states[step * n..(step + 2) * n].split_at_mut(n);
        stage(x, y, y, h / 2.0, &mut y2);
        stage(x, y, &y2, h / 2.0, &mut y3);
        stage(x, y, &y3, h, &mut y4);
        next[0] = y[0] + h * x[0];
        for i in 1..n {
            next[i] = y[i] + h / 6.0 * x[i] * (y[i - 1] + 2.0 * (y2[i - 1] + y3[i - 1]) + y4[i - 1]);
        }
    }
    x_bar.fill(0.0);
    let mut y_bar = vec![0.0; n];
    y_bar[n - 1] = 1.0;
    for step in (0..steps).rev() {
        let y = &states[step * n..(step + 1) * n];
        stage(x, y, y, h / 2.0, &mut y2);
        stage(x, y, &y2, h / 2.0, &mut y3);
        stage(x, y, &y3, h, &mut y4);
        // What the velocities of the next number say about the stages of this one.
        let (mut from4, mut from3, mut from2, mut from1) = (0.0, 0.0, 0.0, 0.0);
        for i in (1..n).rev() {
            let k4 = h / 6.0 * y_bar[i];
            let k3 = h / 3.0 * y_bar[i] + h * from4;
            let k2 = h / 3.0 * y_bar[i] + h / 2.0 * from3;
            let k1 = h / 6.0 * y_bar[i] + h / 2.0 * from2;
            x_bar[i] += k4 * y4[i - 1] + k3 * y3[i - 1] + k2 * y2[i - 1] + k1 * y[i - 1];
            y_bar[i] += from4 + from3 + from2 + from1;
            (from4, from3, from2, from1) = (k4 * x[i], k3 * x[i], k2 * x[i], k1 * x[i]);
        }
        x_bar[0] += h * y_bar[0] + h * from4 + h / 2.0 * (from3 + from2);
        y_bar[0] += from4 + from3 + from2 + from1;
    }
    states[(steps + 1) * n - 1]
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, steps, mut random) = (size.choose(6, 1_000), size.choose(5, 100), Random::new());
    Kernel::gradient(
        "ode",
        n,
        // Large numbers, so that the last one feels the first in spite of the many between.
        (random.list(n, 0.2 * n as f64, 0.4 * n as f64), steps),
        |(x, steps)| last(x, *steps),
        |(x, steps), out| last::value_and_grad_into(x, *steps, out),
        |(x, steps), out| by_hand(x, *steps, out),
    )
}
