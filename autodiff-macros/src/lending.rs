//! Functions that return references.
//!
//! A method that gives out a place of its receiver is lowered where it is called (`parse::lent`). If what it returns refers to
//! numbers, it also has derivatives: those of what the reference refers to.

use syn::Expr;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;

use crate::analysis::types;
use crate::ir::{Float, Type};
use crate::owner;

/// Whether what a method returns is mutable, if that is a reference into its receiver.
pub(crate) fn lends(signature: &syn::Signature) -> Option<bool> {
    struct References(Option<bool>);
    impl<'ast> Visit<'ast> for References {
        fn visit_type_reference(&mut self, reference: &'ast syn::TypeReference) {
            let text = matches!(&*reference.elem, syn::Type::Path(path) if path.path.is_ident("str"));
            if !text {
                self.0 = Some(self.0.unwrap_or(false) || reference.mutability.is_some());
            }
        }
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {}
        fn visit_type_trait_object(&mut self, _: &'ast syn::TypeTraitObject) {}
    }
    signature.receiver().filter(|receiver| !owner::takes_self(receiver))?;
    let mut references = References(None);
    references.visit_return_type(&signature.output);
    references.0
}

/// Whether what a free function returns is mutable, if that is a reference into one of its arguments which has no derivatives
/// of its own.
pub(crate) fn lends_argument(signature: &syn::Signature) -> Option<bool> {
    let syn::ReturnType::Type(_, written) = &signature.output else { return None };
    let syn::Type::Reference(reference) = &**written else { return None };
    let carries = types::may_carry_derivative(&types::parse_type(&reference.elem));
    let free = signature.receiver().is_none() && owned(signature).is_none();
    (free && carries).then_some(reference.mutability.is_some())
}

/// Whether a function returns an iterator: `fn weights(&self) -> impl Iterator<Item = &f64>`.
pub(crate) fn gives_iterator(signature: &syn::Signature) -> bool {
    let syn::ReturnType::Type(_, ty) = &signature.output else { return false };
    let syn::Type::ImplTrait(given) = &**ty else { return false };
    given.bounds.iter().any(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| {
            ["Iterator", "DoubleEndedIterator", "ExactSizeIterator"].iter().any(|name| last.ident == name)
        }),
        _ => false,
    })
}

/// The function returns what its references refer to, as far as its derivatives go.
pub(crate) fn own_result(signature: &mut syn::Signature) {
    if let Some(owned) = owned(signature)
        && let syn::ReturnType::Type(_, written) = &mut signature.output
    {
        **written = owned;
    }
}

/// The same with a body that copies what it returns references to.
pub(crate) fn own(signature: &mut syn::Signature, body: &mut syn::Block) {
    let before = signature.output.clone();
    own_result(signature);
    if let (syn::ReturnType::Type(_, written), true) = (&before, before != signature.output) {
        Copies(written).visit_block_mut(body);
    }
}

/// Copies what the ends of a body give references to, as the type of the result has them.
struct Copies<'t>(&'t syn::Type);

impl Copies<'_> {
    fn copy(&self, expr: &mut Expr) {
        match expr {
            Expr::Match(select) => select.arms.iter_mut().for_each(|arm| self.copy(&mut arm.body)),
            Expr::If(branch) => {
                self.copy_tail(&mut branch.then_branch);
                if let Some((_, other)) = &mut branch.else_branch {
                    self.copy(other);
                }
            }
            Expr::Block(block) => self.copy_tail(&mut block.block),
            Expr::Return(_) | Expr::Macro(_) => {}
            other => *other = copied(self.0, other),
        }
    }

    fn copy_tail(&self, block: &mut syn::Block) {
        if let Some(syn::Stmt::Expr(tail, None)) = block.stmts.last_mut() {
            self.copy(tail);
        }
    }
}

/// What a reference refers to, as something of its own; of a tuple, what its references refer to.
fn copied(ty: &syn::Type, expr: &Expr) -> Expr {
    match (ty, expr) {
        (syn::Type::Reference(reference), _) => match &*reference.elem {
            syn::Type::Slice(_) => syn::parse_quote!((#expr)[..].to_vec()),
            _ => syn::parse_quote!((#expr).clone()),
        },
        (syn::Type::Tuple(types), Expr::Tuple(tuple)) => {
            let items = types.elems.iter().zip(&tuple.elems).map(|(ty, item)| copied(ty, item));
            let items: Vec<Expr> = items.collect();
            syn::parse_quote!((#(#items),*))
        }
        (syn::Type::Tuple(types), _) => {
            let names: Vec<syn::Ident> =
                (0..types.elems.len()).map(|index| quote::format_ident!("part_{index}")).collect();
            let items = types.elems.iter().zip(&names).map(|(ty, name)| copied(ty, &syn::parse_quote!(#name)));
            let items: Vec<Expr> = items.collect();
            syn::parse_quote!({
                let (#(#names),*) = #expr;
                (#(#items),*)
            })
        }
        _ => expr.clone(),
    }
}

impl VisitMut for Copies<'_> {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        self.copy_tail(block);
        Returns(self).visit_block_mut(block);
    }
}

/// Copies what `return` gives.
struct Returns<'c>(&'c Copies<'c>);

impl VisitMut for Returns<'_> {
    fn visit_expr_return_mut(&mut self, exit: &mut syn::ExprReturn) {
        if let Some(value) = &mut exit.expr {
            self.0.copy(value);
        }
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// The type of what is returned, as something of its own, if that is a shared reference to numbers.
pub(crate) fn owned(signature: &syn::Signature) -> Option<syn::Type> {
    let syn::ReturnType::Type(_, written) = &signature.output else { return None };
    owned_type(written)
}

/// `f64` for `&f64`, `Vec<f64>` for `&[f64]`, `(Vec<f64>, usize)` for `(&[f64], usize)`.
pub(crate) fn owned_type(written: &syn::Type) -> Option<syn::Type> {
    let reference = match written {
        syn::Type::Reference(reference) if reference.mutability.is_none() => reference,
        syn::Type::Tuple(tuple) if tuple.elems.len() > 1 => return owned_parts(tuple),
        _ => return None,
    };
    match &*reference.elem {
        syn::Type::Slice(slice) if is_of_numbers(&types::parse_type(&slice.elem)) => {
            let item = &slice.elem;
            Some(syn::parse_quote!(::std::vec::Vec<#item>))
        }
        other if is_of_numbers(&types::parse_type(other)) => Some(other.clone()),
        _ => None,
    }
}

/// The same of the parts of a tuple, if some are references to numbers and none borrows something else.
fn owned_parts(tuple: &syn::TypeTuple) -> Option<syn::Type> {
    let part = |ty: &syn::Type| match ty {
        syn::Type::Reference(_) => owned_type(ty).map(|owned| (owned, true)),
        other => Some((other.clone(), false)),
    };
    let parts = tuple.elems.iter().map(part).collect::<Option<Vec<_>>>()?;
    let (types, owned): (Vec<syn::Type>, Vec<bool>) = parts.into_iter().unzip();
    owned.contains(&true).then(|| syn::parse_quote!((#(#types),*)))
}

fn is_of_numbers(ty: &Type) -> bool {
    match ty {
        Type::Float(Float::F32 | Float::F64) => true,
        Type::Array(item, _) | Type::Vec(item) => is_of_numbers(item),
        Type::Tuple(items) => items.iter().all(is_of_numbers),
        Type::Tensor(tensor) => !tensor.view,
        _ => false,
    }
}
