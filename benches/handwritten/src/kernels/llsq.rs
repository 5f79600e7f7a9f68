//! GradBench's `llsq`: fitting a polynomial by least squares.

use differentiable_gradbench::evals::llsq::squares;

use crate::random::Random;
use crate::{Kernel, Size};

/// Keeps the powers of one point, which the residual and its derivatives have in common.
fn by_hand(x: &[f64], n: usize, x_bar: &mut [f64]) -> f64 {
    x_bar.fill(0.0);
    let mut powers = vec![0.0; x.len()];
    let mut sum = 0.0;
    for i in 0..n {
        let t = -1.0 + i as f64 * 2.0 / (n as f64 - 1.0);
        let mut residual = if t == 0.0 { 0.0 } else { t.signum() };
        let mut power = 1.0;
        for (c, kept) in x.iter().zip(&mut powers) {
            residual -= c * power;
            *kept = power;
            power *= t;
        }
        sum += residual * residual;
        for (bar, power) in x_bar.iter_mut().zip(&powers) {
            *bar -= residual * power;
        }
    }
    sum / 2.0
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, m, mut random) = (size.choose(5, 512), size.choose(4, 128), Random::new());
    Kernel::gradient(
        "llsq",
        m,
        (random.list(m, -1.0, 1.0), n),
        |(x, n)| squares(x, *n),
        |(x, n), out| squares::value_and_grad_into(x, *n, out),
        |(x, n), out| by_hand(x, *n, out),
    )
}
