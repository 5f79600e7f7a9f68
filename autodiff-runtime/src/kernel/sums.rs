//! Sums over contiguous numbers, in several lanes at once: faster, and more precise, than one after the other.

use crate::Float;

const LANES: usize = 16;

/// `Σ f(i)` over the positions of slices of one length.
#[inline(always)]
fn in_lanes<A: Float>(len: usize, term: impl Fn(usize) -> A) -> A {
    let mut sums = [A::zero(); LANES];
    let whole = len / LANES * LANES;
    for start in (0..whole).step_by(LANES) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += term(start + lane);
        }
    }
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            let other = sums[lane + half];
            sums[lane] += other;
        }
        half /= 2;
    }
    (whole..len).fold(sums[0], |sum, index| sum + term(index))
}

/// `Σ xᵢ`
pub(crate) fn sum<A: Float>(x: &[A]) -> A {
    in_lanes(x.len(), |index| x[index])
}

/// `Σ (xᵢ - centre)²`
pub(crate) fn sum_of_squares_around<A: Float>(centre: A, x: &[A]) -> A {
    in_lanes(x.len(), |index| (x[index] - centre) * (x[index] - centre))
}

/// `Σ gᵢ (xᵢ - centre)`
pub(crate) fn dot_centred<A: Float>(g: &[A], x: &[A], centre: A) -> A {
    let g = &g[..x.len()];
    in_lanes(x.len(), |index| g[index] * (x[index] - centre))
}
