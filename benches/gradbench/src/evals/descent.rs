//! Gradient descent, as GradBench specifies it for `particle` and `saddle`.

use differentiable::differentiable;

#[differentiable]
fn magnitude<const N: usize>(v: &[f64; N]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Where a function is smallest, from `start` on.
///
/// The steps become longer after ten that were successful, and shorter after one that was not, which ends where the
/// function is not a number.
#[differentiable]
pub fn argmin<const N: usize>(
    f: impl Fn([f64; N]) -> f64,
    gradient: impl Fn([f64; N]) -> [f64; N],
    start: [f64; N],
) -> [f64; N] {
    let mut x = start;
    let mut value = f(x);
    let mut slope = gradient(x);
    let mut successes = 0;
    let mut length = 1e-5;
    loop {
        if magnitude(&slope) <= 1e-5 || length == 0.0 {
            return x;
        }
        if successes == 10 {
            length *= 2.0;
            successes = 0;
            continue;
        }
        let mut next = x;
        let mut step = [0.0; N];
        for i in 0..N {
            next[i] -= length * slope[i];
            step[i] = x[i] - next[i];
        }
        if magnitude(&step) <= 1e-5 {
            return x;
        }
        let next_value = f(next);
        if next_value < value {
            x = next;
            value = next_value;
            slope = gradient(x);
            successes += 1;
        } else {
            length /= 2.0;
            successes = 0;
        }
    }
}
