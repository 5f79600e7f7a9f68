//! Variables that hold different references over time: `let mut last = &points[0];`, later `last = point;`.
//!
//! What a shared reference refers to stays as it is while the reference is in use. So the variable holds a copy of it, and
//! its name stands for a reference to the copy. What else refers into the copy would see the next one: it is given a copy of
//! its own where it gets a name.

use super::env::{Binding, Closure, Lowered, Mutability};
use super::lowerer::Lowerer;
use super::opaque::mentions;
use super::place::strip_parens;
use crate::analysis::types;
use crate::ir::{Op, Operand, Origin, Place, Stmt, Storage, VarId};
use proc_macro2::Span;
use quote::ToTokens;
use syn::Expr;

impl Lowerer<'_> {
    /// `let mut name = &value;`
    pub(super) fn hold(&mut self, ident: &syn::Ident, value: Lowered) {
        let copy = self.pointee_copy(value, ident.span());
        let ty = self.ty(&copy);
        let var = self.fresh(&ident.to_string(), ty, Storage::Memory, Origin::User, ident.span());
        self.emit(Stmt::Declare { var, init: Some(copy) });
        self.held.insert(var);
        self.env.bind(ident, Binding::Alias(Lowered::Place(Place::var(var)).shared()));
    }

    /// `name = &value;`; tells whether the name is that of such a variable.
    pub(super) fn hold_again(&mut self, left: &Expr, value: &Lowered, span: Span) -> bool {
        let Expr::Path(path) = strip_parens(left) else { return false };
        let binding = path.path.get_ident().and_then(|ident| self.env.get(ident));
        let Some(Binding::Alias(Lowered::Ref(inner, Mutability::Shared))) = binding else { return false };
        let (Lowered::Place(place), Lowered::Ref(value, Mutability::Shared)) = (&**inner, value) else { return false };
        let var = place.root;
        if !place.path.is_empty() || !self.held.contains(&var) || value.is_ref() {
            return false;
        }
        if self.is_referred_to(var) {
            let help = "clone what it refers to, or write the loop over indices";
            self.refuse(left, "something else still refers to what this reference refers to", help);
            return true;
        }
        let copy = self.pointee_copy((**value).clone(), span);
        self.write(Place::var(var), copy);
        true
    }

    /// What a name stands for: it keeps what it refers to, whatever the variable refers to next.
    pub(super) fn kept(&mut self, lowered: Lowered, span: Span) -> Lowered {
        match lowered {
            Lowered::Ref(inner, Mutability::Shared) => match *inner {
                Lowered::Place(place) if self.held.contains(&place.root) => {
                    let copy = self.pointee_copy(Lowered::Place(place), span);
                    Lowered::Place(self.place_of(Lowered::Operand(copy), span)).shared()
                }
                inner => self.kept(inner, span).shared(),
            },
            Lowered::Tuple(items) => Lowered::Tuple(items.into_iter().map(|item| self.kept(item, span)).collect()),
            other => other,
        }
    }

    pub(super) fn pointee_copy(&mut self, value: Lowered, span: Span) -> Operand {
        let ty = self.lowered_type(&value);
        if types::is_copy(&ty) || types::is_float(&ty) {
            return self.read(value, span);
        }
        let place = self.place_of(value, span);
        let name = self.place_name(&place);
        self.temp(&name, types::owned(&ty), Op::CloneOf(place), span)
    }

    /// Whether a name other than the variable's own stands for something in it.
    fn is_referred_to(&self, var: VarId) -> bool {
        let text = format!("{var:?}");
        let own = format!("{:?}", Lowered::Place(Place::var(var)).shared());
        let refers = |binding: &Binding| match binding {
            Binding::Alias(lowered) => {
                let lowered = format!("{lowered:?}");
                lowered != own && lowered.contains(&text)
            }
            Binding::Closure(closure) => captures(closure, &own),
            Binding::Iterator(_) | Binding::Cursor(_) => format!("{binding:?}").contains(&text),
            Binding::Var(_) | Binding::Callable(_) | Binding::Function | Binding::Const(_) => false,
        };
        self.env.bindings().any(refers)
    }
}

/// Whether a closure's body mentions a name that stands for this.
fn captures(closure: &Closure, lowered: &str) -> bool {
    mentions(&closure.expr.body.to_token_stream()).iter().any(|name| match closure.env.get(name) {
        Some(Binding::Alias(alias)) => format!("{alias:?}") == lowered,
        Some(Binding::Closure(inner)) => captures(inner, lowered),
        _ => false,
    })
}
