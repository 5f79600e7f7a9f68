//! Parts of an enum's variant as arguments.

use super::lowerer::Lowerer;
use crate::analysis::types;
use crate::ir::{Arg, Op, Operand, Place, Proj, Stmt, VarId};
use proc_macro2::Span;

impl Lowerer<'_> {
    /// Two parts of one variant cannot be lent at once by the methods of the enum: all but the first that is written to
    /// are lent as copies, which are put back.
    pub(super) fn separate_parts(&mut self, args: &mut [Arg], span: Span) -> Vec<(Place, VarId)> {
        let is_part = |place: &Place| place.path.iter().any(|step| matches!(step, Proj::Part(_)));
        let first = args.iter().position(|arg| matches!(arg, Arg::Mut(place) if is_part(place)));
        let Some((first, Arg::Mut(lent))) = first.map(|first| (first, args[first].clone())) else { return Vec::new() };
        let mut copies = Vec::new();
        for (at, arg) in args.iter_mut().enumerate() {
            let written = matches!(arg, Arg::Mut(_));
            match arg {
                Arg::Shared(place) | Arg::Mut(place) if at != first && place.root == lent.root && is_part(place) => {
                    let ty = self.function.place_type(place);
                    let op = if types::is_copy(&ty) { Op::Read(place.clone()) } else { Op::CloneOf(place.clone()) };
                    let name = self.place_name(place);
                    let copy = self.temp_var(&name, types::owned(&ty), op, span);
                    if !written {
                        *arg = Arg::Shared(Place::var(copy));
                        continue;
                    }
                    let memory = self.temp_memory(&name, types::owned(&ty), Some(Operand::Var(copy)), span);
                    copies.push((place.clone(), memory));
                    *arg = Arg::Mut(Place::var(memory));
                }
                Arg::Shared(_) | Arg::Mut(_) | Arg::Value(_) => {}
            }
        }
        copies
    }

    pub(super) fn put_back(&mut self, copies: Vec<(Place, VarId)>, span: Span) {
        for (place, copy) in copies {
            let value = self.take_out(&Place::var(copy), span);
            self.emit(Stmt::Assign { place, value });
        }
    }
}
