//! Functions of numbers, tuples and arrays, differentiated where there is neither `std` nor `alloc`.
#![cfg_attr(not(test), no_std)]

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

use differentiable::{differentiable, grad_hook, stop_gradient};
#[cfg(not(test))]
use num_traits::Float as _;

/// A scalar function with a branch.
#[differentiable(no_alloc)]
pub fn bump(x: f64, width: f64) -> f64 {
    let z = x / width;
    if z.abs() < 1.0 { (1.0 - z * z).sqrt() * z.sin() } else { 0.0 }
}

/// Newton's method for the square root, with a number of trips that is known.
#[differentiable(no_alloc)]
pub fn root(x: f32) -> f32 {
    let mut y = x;
    for _ in 0..12 {
        y = 0.5 * (y + x / y);
    }
    y
}

/// Loops over arrays, nested, and a call.
#[differentiable(no_alloc)]
pub fn energy(place: &[[f64; 3]; 4], charge: [f64; 4]) -> f64 {
    let mut sum = 0.0;
    for i in 0..4 {
        for j in 0..4 {
            let mut square = 0.1;
            for axis in 0..3 {
                let d = place[i][axis] - place[j][axis];
                square += d * d;
            }
            if j < i {
                sum += charge[i] * charge[j] / square.sqrt();
            }
        }
    }
    sum + bump(sum, 100.0)
}

/// Tuples, arrays in place, a hook and a constant.
#[differentiable(no_alloc)]
pub fn filter(state: (f64, f64), samples: [f64; 5]) -> (f64, [f64; 2]) {
    let (mut low, mut band) = state;
    let mut energy = [0.0; 2];
    for k in 0..5 {
        low += 0.1 * band;
        band += 0.1 * (samples[k] - low - 0.5 * band);
        energy[k % 2] += low * band;
    }
    let low = grad_hook(low, |g| g.clamp(-10.0, 10.0));
    (low * stop_gradient(band), energy)
}

/// As many trips as a parameter says, which the compiler knows.
#[differentiable(no_alloc)]
pub fn smoothed<const N: usize>(samples: [f64; N], rate: f64) -> f64 {
    let mut level = samples[0];
    for i in 0..N {
        level = (level * rate + samples[i]).sin();
    }
    level
}

/// The trips of a constant.
pub const STEPS: usize = 6;

/// Loops in loops whose trips are parameters and constants, and loops over arrays.
#[differentiable(no_alloc)]
pub fn layers<const M: usize, const N: usize>(weights: &[[f64; N]; M], x: [f64; N]) -> f64 {
    let mut state = 0.5;
    for row in weights {
        for (w, x) in row.iter().zip(x) {
            state = state * (w * x).cos() + *w;
        }
    }
    let mut pair = (state, 0.1);
    for _ in 0..STEPS {
        let (a, b) = pair;
        pair = (a * b + 0.3, a.sin());
        for k in 0..N {
            pair.0 *= 1.0 + 0.1 * x[k] * pair.1;
        }
    }
    pair.0 + pair.1
}

/// A polynomial, whose gradient is computed by the compiler.
#[differentiable(no_alloc)]
pub const fn poly(x: f64) -> f64 {
    x * x * x - 2.0 * x
}

/// The slope of the polynomial at 2.
pub const SLOPE: f64 = poly::grad(2.0);

/// A generic function whose loop keeps numbers of its type.
#[differentiable(no_alloc)]
pub fn iterated<T: num_traits::Float>(x: T, k: T) -> T {
    let mut y = x;
    for _ in 0..8 {
        y = y * y.sin() + k.powi(2) * y.hypot(x);
    }
    y.sqrt()
}

/// A loop that keeps the pullbacks of what it calls.
#[differentiable(no_alloc)]
pub fn repeated(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..3 {
        y = iterated(y, x) * bump(y, 2.0);
    }
    y
}

/// The value and three derivatives.
#[differentiable(order = 3)]
pub fn quartic(x: f64) -> f64 {
    x * x * x * x
}

/// Products with the Hessian.
#[differentiable(hvp)]
pub fn cubic(x: [f64; 2]) -> f64 {
    x[0] * x[0] * x[1]
}

/// A constant gradient of several arguments, one of which is an array.
#[differentiable]
pub const fn mixed(x: [f64; 3], pair: (f64, f64), k: f64) -> f64 {
    let (a, b) = pair;
    if k > 0.0 { x[0] * x[1] * k + x[2] * a } else { b * b * x[0] }
}

/// It is computed by the compiler.
pub const MIXED: ([f64; 3], (f64, f64), f64) = mixed::grad([1.0, 2.0, 3.0], (5.0, 6.0), 4.0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_functions_pullbacks_and_second_derivatives() {
        let (_, (x_bar, _)) = iterated::value_and_grad(0.4, 0.3);
        assert!((x_bar - difference(|x| iterated(x, 0.3), 0.4)).abs() < 1e-7);
        assert!((iterated::grad(0.4_f32, 0.3).0 - x_bar as f32).abs() < 1e-3);
        assert!((repeated::grad(0.4) - difference(repeated, 0.4)).abs() < 1e-7);
        assert_eq!(quartic::derivatives(2.0), [16.0, 32.0, 48.0, 48.0]);
        assert_eq!(cubic::hvp([2.0, 3.0], [1.0, 0.0]), [6.0, 4.0]);
        assert_eq!(MIXED, ([8.0, 4.0, 5.0], (3.0, 0.0), 2.0));
    }

    fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
        (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
    }

    #[test]
    fn numbers() {
        let (x_bar, width_bar) = bump::grad(0.3, 0.8);
        assert!((x_bar - difference(|x| bump(x, 0.8), 0.3)).abs() < 1e-8);
        assert!((width_bar - difference(|width| bump(0.3, width), 0.8)).abs() < 1e-8);
        assert!((root::grad(2.0) - 0.5 / 2.0_f32.sqrt()).abs() < 1e-6);
        assert_eq!(SLOPE, 10.0);
    }

    #[test]
    fn arrays() {
        let place = [[0.1, 0.5, -0.3], [1.0, 0.2, 0.4], [-0.6, 0.9, 0.8], [0.3, -0.7, 0.2]];
        let charge = [1.0, -0.5, 0.25, 2.0];
        let (value, (place_bar, charge_bar)) = energy::value_and_grad(&place, charge);
        assert_eq!(value, energy(&place, charge));
        for i in 0..4 {
            for axis in 0..3 {
                let moved = |x| {
                    let mut place = place;
                    place[i][axis] = x;
                    energy(&place, charge)
                };
                assert!((place_bar[i][axis] - difference(moved, place[i][axis])).abs() < 1e-7);
            }
        }
        let (_, tangent) = energy::jvp(&place, charge, &[[0.0; 3]; 4], [1.0, 0.0, 0.0, 0.0]);
        assert!((tangent - charge_bar[0]).abs() < 1e-14);
    }

    #[test]
    fn trips_of_parameters_and_constants() {
        let samples = [0.5, 1.0, -0.25, 0.75, 2.0];
        let (samples_bar, rate_bar) = smoothed::grad(samples, 0.7);
        assert!((rate_bar - difference(|rate| smoothed(samples, rate), 0.7)).abs() < 1e-8);
        assert!((samples_bar[1] - difference(|x| smoothed([0.5, x, -0.25, 0.75, 2.0], 0.7), 1.0)).abs() < 1e-8);
        let (_, pullback) = smoothed::vjp(samples, 0.7);
        assert_eq!(pullback(1.0), (samples_bar, rate_bar));

        let (weights, x) = ([[0.3, -0.4, 0.9], [1.1, 0.2, -0.7]], [0.6, 1.4, -0.2]);
        let (weights_bar, x_bar) = layers::grad(&weights, x);
        for k in 0..3 {
            let moved = |value| {
                let mut x = x;
                x[k] = value;
                layers(&weights, x)
            };
            assert!((x_bar[k] - difference(moved, x[k])).abs() < 1e-7);
            let moved = |value| {
                let mut weights = weights;
                weights[1][k] = value;
                layers(&weights, x)
            };
            assert!((weights_bar[1][k] - difference(moved, weights[1][k])).abs() < 1e-7);
        }
        let (_, pullback) = layers::vjp(&weights, x);
        assert_eq!(pullback(1.0), (weights_bar, x_bar));
    }

    #[test]
    fn tuples() {
        let samples = [0.5, 1.0, -0.25, 0.75, 2.0];
        let (_, pullback) = filter::vjp((0.1, 0.2), samples);
        let ((low_bar, _), samples_bar) = pullback((0.0, [1.0, 1.0]));
        let total = |low| {
            let (_, energy) = filter((low, 0.2), samples);
            energy[0] + energy[1]
        };
        assert!((low_bar - difference(total, 0.1)).abs() < 1e-8);
        assert_eq!(samples_bar.len(), 5);
    }
}
