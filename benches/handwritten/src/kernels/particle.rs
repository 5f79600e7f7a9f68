//! GradBench's `particle`: the derivative of a trajectory in a field that is itself a derivative.

use differentiable_gradbench::evals::particle::miss_reverse;

use crate::random::Random;
use crate::{Kernel, Size};

/// The acceleration by the two charges, and its derivative in the direction in which place and first charge move.
fn acceleration(w: f64, place: [f64; 2], place_dot: [f64; 2]) -> ([f64; 2], [f64; 2]) {
    let (mut sum, mut sum_dot) = ([0.0; 2], [0.0; 2]);
    for (charge, charge_dot) in [([10.0, 10.0 - w], [0.0, -1.0]), ([10.0, 0.0], [0.0, 0.0])] {
        let way = [charge[0] - place[0], charge[1] - place[1]];
        let way_dot = [charge_dot[0] - place_dot[0], charge_dot[1] - place_dot[1]];
        let squared = way[0] * way[0] + way[1] * way[1];
        let inverse = 1.0 / squared;
        let cubed = inverse / squared.sqrt();
        let shrinking = 3.0 * (way[0] * way_dot[0] + way[1] * way_dot[1]) * inverse;
        for i in 0..2 {
            sum[i] -= way[i] * cubed;
            sum_dot[i] -= (way_dot[i] - way[i] * shrinking) * cubed;
        }
    }
    (sum, sum_dot)
}

/// There is one input: tangents go along with the trajectory.
fn by_hand(w: f64) -> (f64, f64) {
    let (mut place, mut velocity) = ([0.0, 8.0], [0.75, 0.0]);
    let (mut place_dot, mut velocity_dot) = ([0.0; 2], [0.0; 2]);
    let step = 0.1;
    loop {
        let (force, force_dot) = acceleration(w, place, place_dot);
        for i in 0..2 {
            place[i] += step * velocity[i];
            place_dot[i] += step * velocity_dot[i];
        }
        if place[1] <= 0.0 {
            let rest = -place[1] / velocity[1];
            let rest_dot = -(place_dot[1] + rest * velocity_dot[1]) / velocity[1];
            let end = place[0] + velocity[0] * rest;
            let end_dot = place_dot[0] + velocity_dot[0] * rest + velocity[0] * rest_dot;
            return (end * end, 2.0 * end * end_dot);
        }
        for i in 0..2 {
            velocity[i] += step * force[i];
            velocity_dot[i] += step * force_dot[i];
        }
    }
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(3, 10), Random::new());
    Kernel::matrix(
        "particle",
        n,
        random.list(n, 0.0, 0.5),
        |controls| controls.iter().map(|&w| miss_reverse(w)).sum(),
        |controls, out| {
            let mut sum = 0.0;
            for (&w, out) in controls.iter().zip(out) {
                let (miss, slope) = miss_reverse::value_and_grad(w);
                sum += miss;
                *out = slope;
            }
            sum
        },
        |controls, out| {
            let mut sum = 0.0;
            for (&w, out) in controls.iter().zip(out) {
                let (miss, slope) = by_hand(w);
                sum += miss;
                *out = slope;
            }
            sum
        },
    )
}
