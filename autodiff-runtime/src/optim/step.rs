//! An optimizer's step for one leaf, with the widest vectors of the processor.

use super::state::Update;
use crate::Float;
use crate::kernel::Loop;

/// What a formula does to a leaf.
pub(super) struct Step<'s, const N: usize, U, A> {
    pub(super) formula: &'s U,
    pub(super) values: &'s mut [A],
    pub(super) gradient: &'s [A],
    pub(super) state: [&'s mut [A]; N],
    pub(super) fresh: bool,
}

impl<const N: usize, U: Update<N>, A: Float> Loop for Step<'_, N, U, A> {
    type Result = ();

    #[inline(always)]
    fn run<const WIDE: bool>(self) {
        if self.fresh {
            self.formula.start(self.values, self.gradient, self.state);
        } else {
            self.formula.update(self.values, self.gradient, self.state);
        }
    }
}
