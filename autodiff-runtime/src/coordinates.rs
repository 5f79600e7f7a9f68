//! The numbers of tangents in a row: the coordinates of matrices of derivatives.

use crate::float::Float;
use crate::leaves::{LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};
use crate::{Differentiable, Tangent};

/// A tangent whose numbers are counted from the first to the last: numbers, lists and arrays of them, tuples, and what
/// `#[derive(Differentiable)]` makes, field by field.
#[diagnostic::on_unimplemented(
    message = "the numbers inside `{Self}` cannot be counted",
    note = "a matrix of derivatives has a row or a column for each number; for a struct of your own, add `#[derive(Differentiable)]`"
)]
pub trait Coordinates: Clone + Leaves + LeavesMut {
    /// How many numbers there are.
    fn count(&self) -> usize {
        struct Count(usize);

        impl LeafVisitor<'_> for Count {
            fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], values: LeafValues<'_>) {
                self.0 += values.len();
            }
        }

        let mut count = Count(0);
        self.visit_leaves(&LeafPath::root(), &mut count);
        count.0
    }

    /// The numbers in order.
    fn numbers<F: Float>(&self) -> Vec<F> {
        struct All<F>(Vec<F>);

        impl<F: Float> LeafVisitor<'_> for All<F> {
            fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], values: LeafValues<'_>) {
                match F::leaf_values(&values) {
                    Some(values) => self.0.extend_from_slice(values),
                    None => self.0.extend(values.to_f64().into_iter().map(F::of)),
                }
            }
        }

        let mut all = All(Vec::new());
        self.visit_leaves(&LeafPath::root(), &mut all);
        all.0
    }

    /// Sets every number to what its position tells.
    fn set_all<F: Float>(&mut self, value: impl FnMut(usize) -> F) {
        struct Each<V> {
            value: V,
            position: usize,
        }

        impl<F: Float, V: FnMut(usize) -> F> LeafVisitorMut for Each<V> {
            fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
                for number in values {
                    *number = A::of((self.value)(self.position).as_f64());
                    self.position += 1;
                }
            }
        }

        self.visit_leaves_mut(&LeafPath::root(), &mut Each { value, position: 0 });
    }

    /// Sets the number at a position.
    fn set<F: Float>(&mut self, position: usize, value: F) {
        struct At<F> {
            rest: Option<usize>,
            value: F,
        }

        impl<F: Float> LeafVisitorMut for At<F> {
            fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
                if let Some(rest) = self.rest {
                    self.rest = rest.checked_sub(values.len());
                    if let Some(number) = values.get_mut(rest) {
                        *number = A::of(self.value.as_f64());
                    }
                }
            }
        }

        self.visit_leaves_mut(&LeafPath::root(), &mut At { rest: Some(position), value });
    }
}

impl<T: Clone + Leaves + LeavesMut> Coordinates for T {}

/// The numbers of a tangent, as many as its zero has: what was never written may have no shape.
pub(crate) fn numbers_like<F: Float, T: Coordinates + Tangent>(tangent: &T, zero: &T) -> Vec<F> {
    if tangent.count() == zero.count() {
        return tangent.numbers();
    }
    let mut whole = zero.clone();
    whole.accumulate(tangent);
    whole.numbers()
}

/// The numbers of the tangent of a value.
pub(crate) fn numbers_at<F: Float, V>(value: &V, tangent: &V::Tangent) -> Vec<F>
where
    V: Differentiable<Tangent: Coordinates + Tangent>,
{
    numbers_like(tangent, &value.zero_tangent())
}
