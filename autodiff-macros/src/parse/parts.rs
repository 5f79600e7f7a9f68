//! Several parts of one value as arguments of one call: what the user's program holds as references of their own, like both
//! halves of `split_at_mut`, are places of one variable here, which cannot be lent twice.

use super::lowerer::Lowerer;
use crate::analysis::types;
use crate::ir::{Arg, Op, Operand, Place, Proj, Stmt, Type, VarId};
use proc_macro2::Span;
use quote::quote;

impl Lowerer<'_> {
    /// Two parts of one variant or of one list cannot be lent at once: all but the first that is written to are lent as
    /// copies, which are put back.
    pub(super) fn separate_parts(&mut self, args: &mut [Arg], span: Span) -> Vec<(Place, VarId)> {
        let is_part = |place: &Place| place.path.iter().any(|step| matches!(step, Proj::Part(_) | Proj::Range { .. }));
        let first = args.iter().position(|arg| matches!(arg, Arg::Mut(place) if is_part(place)));
        let Some((first, Arg::Mut(lent))) = first.map(|first| (first, args[first].clone())) else { return Vec::new() };
        let mut copies = Vec::new();
        for (at, arg) in args.iter_mut().enumerate() {
            let written = matches!(arg, Arg::Mut(_));
            match arg {
                Arg::Shared(place) | Arg::Mut(place) if at != first && is_part(place) && is_beside(place, &lent) => {
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
            if let Type::Slice(_) = self.function.place_type(&place) {
                self.copy_elements(&place, &Place::var(copy), span);
                continue;
            }
            let value = self.take_out(&Place::var(copy), span);
            self.emit(Stmt::Assign { place, value });
        }
    }
}

/// Whether Rust would take one of the places for a part of the other, or for another part of the same list: different
/// fields it tells apart.
fn is_beside(place: &Place, other: &Place) -> bool {
    let fields = |place: &Place| -> Vec<String> {
        let steps = place.path.iter().filter(|step| !matches!(step, Proj::Deref));
        let fields = steps.map_while(|step| match step {
            Proj::Field(member) => Some(quote!(#member).to_string()),
            Proj::Deref | Proj::Payload(_) | Proj::Part(_) | Proj::Index(_) | Proj::IndexNd(_) | Proj::Range { .. } => {
                None
            }
        });
        fields.collect()
    };
    place.root == other.root && fields(place).iter().zip(&fields(other)).all(|(a, b)| a == b)
}
