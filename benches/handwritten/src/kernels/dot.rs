//! A dot product.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

#[differentiable]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn by_hand(a: &[f64], b: &[f64], a_bar: &mut [f64], b_bar: &mut [f64]) -> f64 {
    a_bar.copy_from_slice(b);
    b_bar.copy_from_slice(a);
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(10, 10_000), Random::new());
    Kernel::gradient(
        "dot",
        2 * n,
        (random.list(n, -1.0, 1.0), random.list(n, -1.0, 1.0)),
        |(a, b)| dot(a, b),
        |(a, b), out| {
            let (a_bar, b_bar) = out.split_at_mut(a.len());
            dot::value_and_grad_into(a, b, a_bar, b_bar)
        },
        |(a, b), out| {
            let (a_bar, b_bar) = out.split_at_mut(a.len());
            by_hand(a, b, a_bar, b_bar)
        },
    )
}
