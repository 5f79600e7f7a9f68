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

/// A polynomial, whose gradient is computed by the compiler.
#[differentiable(no_alloc)]
pub const fn poly(x: f64) -> f64 {
    x * x * x - 2.0 * x
}

/// The slope of the polynomial at 2.
pub const SLOPE: f64 = poly::grad(2.0);

#[cfg(test)]
mod tests {
    use super::*;

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
