//! GradBench's `saddle`: the derivative of a maximum that gradient descent finds.

use differentiable_gradbench::evals::descent::argmin;
use differentiable_gradbench::evals::saddle::maximum_reverse;

use crate::{Kernel, Size};

/// At a maximum the derivative is that of the objective alone; here nothing on the way there depends on `x` besides.
fn by_hand(x: [f64; 2], start: [f64; 2]) -> (f64, [f64; 2]) {
    let height = x[0] * x[0] + x[1] * x[1];
    let depth = |y: [f64; 2]| y[0] * y[0] + y[1] * y[1];
    let y = argmin(|y| depth(y) - height, |y| [2.0 * y[0], 2.0 * y[1]], start);
    (height - depth(y), [2.0 * x[0], 2.0 * x[1]])
}

pub(crate) fn kernel(_: Size) -> Kernel {
    Kernel::gradient(
        "saddle",
        2,
        ([0.3, -0.7], [1.0, 1.0]),
        |&(x, start)| maximum_reverse(x, start),
        |&(x, start), out| {
            let (value, x_bar) = maximum_reverse::value_and_grad(x, start);
            out.copy_from_slice(&x_bar);
            value
        },
        |&(x, start), out| {
            let (value, x_bar) = by_hand(x, start);
            out.copy_from_slice(&x_bar);
            value
        },
    )
}
