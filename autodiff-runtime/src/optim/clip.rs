//! Gradients that are made smaller before a step.

use crate::{Float, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};

/// The Euclidean norm of all numbers in a value.
///
/// ```
/// use autodiff_runtime::optim::norm;
///
/// assert_eq!(norm((&[3.0_f64, 0.0], 4.0_f64)), 5.0);
/// ```
pub fn norm<G: Leaves>(gradients: G) -> f64 {
    struct Squares(f64);

    impl<'v> LeafVisitor<'v> for Squares {
        fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], values: LeafValues<'v>) {
            self.0 += match values {
                LeafValues::F32(values) => square_sum(&values),
                LeafValues::F64(values) => square_sum(&values),
            };
        }
    }

    let mut squares = Squares(0.0);
    gradients.visit_leaves(&LeafPath::root(), &mut squares);
    squares.0.sqrt()
}

/// The sum of squares, in `f64` so that no square of an `f32` overflows; in lanes, so that the sum is vectorised.
fn square_sum<A: Float>(values: &[A]) -> f64 {
    const LANES: usize = 16;
    let mut lanes = [0.0; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f64 = chunks.remainder().iter().map(|&value| value.as_f64() * value.as_f64()).sum();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane += value.as_f64() * value.as_f64();
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// Scales the gradients so that their norm is at most `max_norm`, and gives the norm that they had.
///
/// This is PyTorch's `clip_grad_norm_`: the factor is `max_norm / (norm + 1e-6)`, at most 1.
///
/// ```
/// use autodiff_runtime::optim::clip_norm;
///
/// let mut gradient = [30.0_f64, 40.0];
/// assert_eq!(clip_norm(&mut gradient, 5.0), 50.0);
/// assert!((gradient[0] - 3.0).abs() < 1e-6 && (gradient[1] - 4.0).abs() < 1e-6);
/// ```
pub fn clip_norm<G: LeavesMut>(mut gradients: G, max_norm: f64) -> f64 {
    struct Scale(f64);

    impl LeafVisitorMut for Scale {
        fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
            let factor = A::of(self.0);
            values.iter_mut().for_each(|value| *value *= factor);
        }
    }

    let norm = norm(&gradients);
    let factor = max_norm / (norm + 1e-6);
    // A norm that is not a number is not hidden: it makes all gradients NaN, as in PyTorch.
    if factor < 1.0 || factor.is_nan() {
        gradients.visit_leaves_mut(&LeafPath::root(), &mut Scale(factor));
    }
    norm
}

/// Brings every number of the gradients between `-limit` and `limit`, as PyTorch's `clip_grad_value_`.
///
/// # Panics
///
/// If the limit is negative or NaN.
#[track_caller]
pub fn clip_value<G: LeavesMut>(mut gradients: G, limit: f64) {
    struct Clamp(f64);

    impl LeafVisitorMut for Clamp {
        fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
            let limit = A::of(self.0);
            values.iter_mut().for_each(|value| *value = num_traits::clamp(*value, -limit, limit));
        }
    }

    assert!(limit >= 0.0, "`clip_value`: {limit} is not a limit");
    gradients.visit_leaves_mut(&LeafPath::root(), &mut Clamp(limit));
}
