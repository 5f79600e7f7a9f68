//! Weights and tokens that every language can compute: functions of integers.

use differentiable::{Float, LeafPath, LeafVisitorMut, LeavesMut};

use crate::model::{Gpt, Size};
use crate::random::Random;

/// The tiny network of the reference.
pub(crate) const SIZE: Size = Size { layers: 2, heads: 2, width: 8, context: 6, vocabulary: 11 };
/// How many sequences of `SIZE.context` tokens the reference has.
pub(crate) const BATCH: usize = 3;

/// Gives each parameter its values by its position: the numbers of a generator whose seed is the position.
struct Fill(u64);

impl LeafVisitorMut for Fill {
    fn leaf<A: Float>(&mut self, path: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
        let name = path.to_string();
        let centre = if name.contains("ln_") && name.ends_with("weight") { 1.0 } else { 0.0 };
        let mut random = Random::new(self.0);
        for value in values {
            let unit = (random.bits() >> 11) as f64 / (1_u64 << 53) as f64;
            *value = A::of(centre + 0.4 * (2.0 * unit - 1.0));
        }
        self.0 += 1;
    }
}

/// The network with the weights of the formula.
pub(crate) fn model<A: Float>() -> Gpt<A> {
    let mut model = Gpt::zeros(SIZE);
    model.visit_leaves_mut(&LeafPath::root(), &mut Fill(0));
    model
}

/// The tokens of the formula, and the tokens that follow each of them.
pub(crate) fn tokens() -> [Vec<usize>; 2] {
    [1_000, 1_001].map(|seed| {
        let mut random = Random::new(seed);
        (0..BATCH * SIZE.context).map(|_| (random.bits() % SIZE.vocabulary as u64) as usize).collect()
    })
}
