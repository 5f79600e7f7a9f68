//! Which types have lists in them, as far as their fields are known.

use super::types::{short_name, strip_refs};
use crate::ir::{Function, Type};
use proc_macro2::{TokenStream, TokenTree};

/// How many types inside of one another are looked through for lists.
const DEEPEST: usize = 4;

/// `Tree` for `Box<Tree>`: what a pointer points to.
pub(crate) fn pointee(name: &TokenStream) -> TokenStream {
    let trees: Vec<TokenTree> = name.clone().into_iter().collect();
    match trees.as_slice() {
        [TokenTree::Ident(pointer), open, inner @ .., close]
            if ["Box", "Rc", "Arc"].iter().any(|known| pointer == known)
                && open.to_string() == "<"
                && close.to_string() == ">" =>
        {
            inner.iter().cloned().collect()
        }
        _ => name.clone(),
    }
}

impl Function {
    /// Whether values of this type have lists in them, so that another value may have another shape.
    pub(crate) fn holds_lists(&self, ty: &Type) -> bool {
        self.holds_lists_within(ty, DEEPEST)
    }

    fn holds_lists_within(&self, ty: &Type, depth: usize) -> bool {
        match strip_refs(ty) {
            Type::Vec(_) | Type::Deque(_) => true,
            Type::Named(name) if depth > 0 => {
                let owner = format!("{}.", short_name(&pointee(name)));
                let parts = self.parts.range(owner.clone()..).take_while(|(key, _)| key.starts_with(&owner));
                let mut parts = parts.map(|(_, part)| part);
                parts.any(|part| self.holds_lists_within(part, depth - 1))
            }
            Type::Array(inner, _) | Type::Option(inner) | Type::Result(inner, _) => {
                self.holds_lists_within(inner, depth)
            }
            Type::Tuple(items) => items.iter().any(|item| self.holds_lists_within(item, depth)),
            Type::Unknown
            | Type::Named(_)
            | Type::Float(_)
            | Type::FloatLiteral
            | Type::Int(_)
            | Type::Bool
            | Type::Unit
            | Type::Inactive
            | Type::Slice(_)
            | Type::Tensor(_)
            | Type::Ref { .. }
            | Type::Tape(_)
            | Type::Slot(_)
            | Type::Pullback
            | Type::Never => false,
        }
    }
}
