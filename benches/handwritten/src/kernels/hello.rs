//! GradBench's `hello`: the square of a number, for many numbers.

use differentiable_gradbench::evals::hello::square;

use crate::random::Random;
use crate::{Kernel, Size};

fn by_hand(x: f64) -> (f64, f64) {
    (x * x, 2.0 * x)
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(10, 1_000), Random::new());
    Kernel::matrix(
        "hello",
        n,
        random.list(n, -1.0, 1.0),
        |x| x.iter().map(|&x| square(x)).sum(),
        |x, out| {
            let mut sum = 0.0;
            for (&x, out) in x.iter().zip(out) {
                let (value, derivative) = square::value_and_grad(x);
                sum += value;
                *out = derivative;
            }
            sum
        },
        |x, out| {
            let mut sum = 0.0;
            for (&x, out) in x.iter().zip(out) {
                let (value, derivative) = by_hand(x);
                sum += value;
                *out = derivative;
            }
            sum
        },
    )
}
