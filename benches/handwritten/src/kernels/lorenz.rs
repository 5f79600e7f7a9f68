//! The Lorenz system by the classical Runge-Kutta method.

use differentiable::differentiable;

use crate::{Kernel, Size};

/// How the state changes; the parameters are `sigma`, `rho` and `beta`.
#[differentiable]
fn velocity(s: [f64; 3], p: [f64; 3]) -> [f64; 3] {
    [p[0] * (s[1] - s[0]), s[0] * (p[1] - s[2]) - s[1], s[0] * s[1] - p[2] * s[2]]
}

#[differentiable]
fn moved(s: [f64; 3], v: [f64; 3], h: f64) -> [f64; 3] {
    [s[0] + h * v[0], s[1] + h * v[1], s[2] + h * v[2]]
}

/// The squared distance from the origin after some steps.
#[differentiable(wrt(start, p))]
fn lorenz(start: [f64; 3], p: [f64; 3], h: f64, steps: usize) -> f64 {
    let mut s = start;
    for _ in 0..steps {
        let k1 = velocity(s, p);
        let k2 = velocity(moved(s, k1, h / 2.0), p);
        let k3 = velocity(moved(s, k2, h / 2.0), p);
        let k4 = velocity(moved(s, k3, h), p);
        for i in 0..3 {
            s[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    s[0] * s[0] + s[1] * s[1] + s[2] * s[2]
}

/// Adds to the cotangents of the state and the parameters what a cotangent of the velocity says.
#[inline]
fn velocity_back(s: [f64; 3], p: [f64; 3], v_bar: [f64; 3], p_bar: &mut [f64; 3]) -> [f64; 3] {
    p_bar[0] += v_bar[0] * (s[1] - s[0]);
    p_bar[1] += v_bar[1] * s[0];
    p_bar[2] -= v_bar[2] * s[2];
    [
        v_bar[1] * (p[1] - s[2]) - v_bar[0] * p[0] + v_bar[2] * s[1],
        v_bar[0] * p[0] - v_bar[1] + v_bar[2] * s[0],
        -v_bar[1] * s[0] - v_bar[2] * p[2],
    ]
}

/// Keeps the state of each step, and computes the stages again.
fn by_hand(start: [f64; 3], p: [f64; 3], h: f64, steps: usize) -> (f64, [f64; 3], [f64; 3]) {
    let mut states = Vec::with_capacity(steps);
    let mut s = start;
    for _ in 0..steps {
        states.push(s);
        let k1 = velocity(s, p);
        let k2 = velocity(moved(s, k1, h / 2.0), p);
        let k3 = velocity(moved(s, k2, h / 2.0), p);
        let k4 = velocity(moved(s, k3, h), p);
        for i in 0..3 {
            s[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    let mut s_bar = s.map(|s| 2.0 * s);
    let mut p_bar = [0.0; 3];
    for &before in states.iter().rev() {
        let s2 = moved(before, velocity(before, p), h / 2.0);
        let s3 = moved(before, velocity(s2, p), h / 2.0);
        let s4 = moved(before, velocity(s3, p), h);
        let sixth = s_bar.map(|bar| h / 6.0 * bar);
        let third = sixth.map(|bar| 2.0 * bar);
        let s4_bar = velocity_back(s4, p, sixth, &mut p_bar);
        let s3_bar = velocity_back(s3, p, moved(third, s4_bar, h), &mut p_bar);
        let s2_bar = velocity_back(s2, p, moved(third, s3_bar, h / 2.0), &mut p_bar);
        let s1_bar = velocity_back(before, p, moved(sixth, s2_bar, h / 2.0), &mut p_bar);
        for i in 0..3 {
            s_bar[i] += s1_bar[i] + s2_bar[i] + s3_bar[i] + s4_bar[i];
        }
    }
    (s[0] * s[0] + s[1] * s[1] + s[2] * s[2], s_bar, p_bar)
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let steps = size.choose(10, 2_000);
    Kernel::gradient(
        "lorenz_rk4",
        6,
        ([1.0, 2.0, 20.0], [10.0, 28.0, 8.0 / 3.0], 1e-3, steps),
        |&(start, p, h, steps)| lorenz(start, p, h, steps),
        |&(start, p, h, steps), out| {
            let (value, (start_bar, p_bar)) = lorenz::value_and_grad(start, p, h, steps);
            out[..3].copy_from_slice(&start_bar);
            out[3..].copy_from_slice(&p_bar);
            value
        },
        |&(start, p, h, steps), out| {
            let (value, start_bar, p_bar) = by_hand(start, p, h, steps);
            out[..3].copy_from_slice(&start_bar);
            out[3..].copy_from_slice(&p_bar);
            value
        },
    )
}
