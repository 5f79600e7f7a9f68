//! What a closure makes of the lanes of an array: `map_axis`, `fold_axis`, `accumulate_axis_inplace`.

use super::arrays::shape_tokens;
use super::env::{Lowered, Mutability};
use super::lowerer::Lowerer;
use super::rows::literal_axis;
use super::views::View;
use crate::ir::{Operand, Type, literals};
use syn::ExprMethodCall;
use syn::spanned::Spanned;

impl Lowerer<'_> {
    /// `m.map_axis(Axis(1), |row| ..)`, `m.fold_axis(Axis(1), start, |acc, x| ..)`
    pub(super) fn by_lanes(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Option<Lowered> {
        let (folds, span) = (call.method == "fold_axis", call.span());
        let along = literal_axis(call.args.first()?)?;
        let array = self.as_view(receiver, span).filter(|array| array.rank() > 1 && along < array.rank())?;
        let array = self.measured(&array, span);
        let others = (0..array.rank()).filter(|axis| *axis != along);
        let lens: Vec<Operand> = others.map(|axis| self.view_len(&array, axis, span)).collect();
        let zeros = self.zeros(&lens, lens.len(), span, shape_tokens);
        let made = self.new_array(zeros, lens.len(), span);
        let start = folds.then(|| self.number(&call.args[1]));
        let function = call.args.last()?;
        self.each_position(&made, span, |this, positions| {
            let Some(lane) = this.lane_at(&array, along, positions, span) else { return };
            let Some(start) = &start else {
                let value = this.apply(function, vec![Lowered::View(Box::new(lane))]);
                return this.set(&made, positions, value, span);
            };
            let acc = this.accumulator(&Lowered::Operand(start.clone()), span);
            this.ascribe_element(&acc, &array);
            this.each_position(&lane, span, |this, inner| {
                let element = this.view_element(&lane, inner, span);
                let element = this.place_value(element).shared();
                let current = this.load(&acc, span);
                let next = this.apply(function, vec![current.shared(), element]);
                this.store_parts(&acc, next, span);
            });
            let value = this.load(&acc, span);
            this.set(&made, positions, value, span);
        });
        Some(self.made(&made, span))
    }

    /// A literal that what is gathered starts from does not say its type where methods are called on it.
    fn ascribe_element(&mut self, acc: &Lowered, array: &View) {
        let Type::Tensor(tensor) = self.view_type(array) else { return };
        if let Lowered::Place(place) = acc
            && matches!(self.function[place.root].ty, Type::FloatLiteral)
            && let Type::Float(_) = *tensor.elem
        {
            self.function[place.root].ascription = literals::float_name(&tensor.elem);
            self.function[place.root].ty = *tensor.elem;
        }
    }

    /// `a.accumulate_axis_inplace(Axis(0), |before, x| ..)`: from each position to the next one.
    pub(super) fn accumulated(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Option<Lowered> {
        let span = call.span();
        let along = literal_axis(call.args.first()?)?;
        let function = call.args.last()?;
        let array = self.as_view(receiver, span).filter(|array| along < array.rank())?;
        let [before, after] = self.neighbours(&array, along, span)?;
        self.each_position(&after, span, |this, positions| {
            let place = this.view_element(&before, positions, span);
            let earlier = this.place_value(place).shared();
            let place = this.view_element(&after, positions, span);
            let later = Lowered::Ref(Box::new(this.place_value(place)), Mutability::Mutable);
            let at = this.position();
            this.apply(function, vec![earlier, later]);
            this.discard(at);
        });
        Some(Lowered::Unit)
    }
}
