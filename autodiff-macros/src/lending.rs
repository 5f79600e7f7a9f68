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

/// The function returns what its references refer to, as far as its derivatives go.
pub(crate) fn own_result(signature: &mut syn::Signature) {
    if let Some(owned) = owned(signature)
        && let syn::ReturnType::Type(_, written) = &mut signature.output
    {
        **written = owned;
    }
}

/// The same with a body that copies what it returns a reference to.
pub(crate) fn own(signature: &mut syn::Signature, body: &mut syn::Block) {
    let before = signature.output.clone();
    own_result(signature);
    if let (syn::ReturnType::Type(_, written), true) = (&before, before != signature.output)
        && let syn::Type::Reference(reference) = &**written
    {
        Copies { slice: matches!(&*reference.elem, syn::Type::Slice(_)) }.visit_block_mut(body);
    }
}

/// Copies what the ends of a body give references to.
struct Copies {
    slice: bool,
}

impl Copies {
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
            other if self.slice => *other = syn::parse_quote!((#other)[..].to_vec()),
            other => *other = syn::parse_quote!((#other).clone()),
        }
    }

    fn copy_tail(&self, block: &mut syn::Block) {
        if let Some(syn::Stmt::Expr(tail, None)) = block.stmts.last_mut() {
            self.copy(tail);
        }
    }
}

impl VisitMut for Copies {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        self.copy_tail(block);
        Returns(self).visit_block_mut(block);
    }
}

/// Copies what `return` gives.
struct Returns<'c>(&'c Copies);

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

/// `f64` for `&f64`, `Vec<f64>` for `&[f64]`.
pub(crate) fn owned_type(written: &syn::Type) -> Option<syn::Type> {
    let syn::Type::Reference(reference) = written else { return None };
    if reference.mutability.is_some() {
        return None;
    }
    match &*reference.elem {
        syn::Type::Slice(slice) if is_of_numbers(&types::parse_type(&slice.elem)) => {
            let item = &slice.elem;
            Some(syn::parse_quote!(::std::vec::Vec<#item>))
        }
        other if is_of_numbers(&types::parse_type(other)) => Some(other.clone()),
        _ => None,
    }
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
