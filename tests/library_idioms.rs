//! Idioms of published libraries: accumulators that are merged, tables, types without bounds.

mod common;

use common::{assert_near, difference, dot};
use differentiable::{Differentiable, differentiable};

/// A mean of samples that came one by one.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Running {
    mean: f64,
    spread: f64,
    count: u32,
}

#[differentiable]
trait Absorb {
    fn absorb(&mut self, other: &Self);
}

#[differentiable]
impl Absorb for Running {
    fn absorb(&mut self, other: &Running) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = other.clone();
            return;
        }
        let (a, b) = (f64::from(self.count), f64::from(other.count));
        let shift = other.mean - self.mean;
        self.count += other.count;
        self.mean += shift * b / (a + b);
        self.spread += other.spread + shift * shift * a * b / (a + b);
    }
}

#[differentiable]
fn absorbed(x: [f64; 4], counts: [u32; 2]) -> f64 {
    let mut left = Running { mean: x[0], spread: x[1], count: counts[0] };
    let right = Running { mean: x[2], spread: x[3], count: counts[1] };
    left.absorb(&right);
    left.mean * left.mean + 2.0 * left.spread
}

/// A function is given, and the call may be over before it is used.
#[differentiable]
fn applied<F: Fn(f64) -> f64>(f: F, x: &mut f64, times: usize) {
    if times == 0 {
        return;
    }
    *x = f(*x);
    if times == 1 {
        return;
    }
    *x += f(*x);
}

#[differentiable]
fn cubed(mut x: f64, k: f64, times: usize) -> f64 {
    applied(|y| k * y * y * y, &mut x, times);
    x
}

#[test]
fn methods_without_a_result_are_left_early_in_both_modes() {
    let x = [0.7, 0.4, 1.3, 0.2];
    for counts in [[3, 5], [0, 2], [4, 0], [0, 0]] {
        let gradient = absorbed::grad(x, counts);
        let mut slopes = [0.0; 4];
        for (i, slope) in slopes.iter_mut().enumerate() {
            let along = |t: f64| {
                let mut moved = x;
                moved[i] = t;
                absorbed(moved, counts)
            };
            *slope = difference(along, x[i]);
        }
        assert_near("slopes", &gradient, &slopes, 1e-7);
        let direction = [0.3, -0.8, 0.5, 1.1];
        let (_, forward) = absorbed::jvp(x, counts, direction);
        assert_near("forward", &forward, &dot(&gradient, &direction), 1e-12);
    }
    for times in 0..3 {
        let (x, k) = (0.8, 0.6);
        let gradient = cubed::grad(x, k, times);
        let slopes = (difference(|x| cubed(x, k, times), x), difference(|k| cubed(x, k, times), k));
        assert_near("slopes", &gradient, &slopes, 1e-7);
        let (_, forward) = cubed::jvp(x, k, times, 0.4, -0.7);
        assert_near("forward", &forward, &dot(&gradient, &(0.4, -0.7)), 1e-12);
    }
}
