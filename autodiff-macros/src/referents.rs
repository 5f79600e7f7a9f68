//! Parameters that are borrowed as something else: `xs: impl AsRef<[f64]>`, `x: B` with `B: Borrow<f64>`, `xs: &V` with
//! `V: Index<usize, Output = f64>`.
//!
//! The derivatives take a reference to what they are borrowed as, whose gradient has a type. In the body the parameter is that
//! already.

use proc_macro2::Ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Pat, Type, TypeParamBound};

use crate::analysis::{scalars, types};
use crate::sequences;

/// The function with references in place of such parameters; `None` if it has none.
pub(crate) fn with_referents(function: &syn::ItemFn) -> Option<syn::ItemFn> {
    let found: Vec<Option<Referent>> = function.sig.inputs.iter().map(|input| referent(input, function)).collect();
    let mut own = function.clone();
    let mut bare = Bare { names: Vec::new() };
    let mut replaced: Vec<Ident> = Vec::new();
    for (input, found) in own.sig.inputs.iter_mut().zip(found) {
        let (syn::FnArg::Typed(typed), Some(found)) = (input, found) else { continue };
        if let Pat::Ident(pat) = &mut *typed.pat {
            pat.mutability = None;
            bare.names.push(pat.ident.clone());
        }
        let (ty, mutability) = (found.ty, found.mutability);
        *typed.ty = syn::parse_quote!(&#mutability #ty);
        replaced.extend(found.parameter);
    }
    if bare.names.is_empty() {
        return None;
    }
    sequences::forget(&mut own.sig.generics, &replaced);
    bare.visit_block_mut(&mut own.block);
    Some(own)
}

/// Which parameters behind the receiver are borrowed as something else.
pub(crate) fn taken(function: &syn::ItemFn) -> Vec<bool> {
    let typed = function.sig.inputs.iter().filter(|input| matches!(input, syn::FnArg::Typed(_)));
    typed.map(|input| referent(input, function).is_some()).collect()
}

/// What a parameter is borrowed as.
struct Referent {
    ty: Type,
    mutability: Option<syn::Token![mut]>,
    /// The type parameter that its type is.
    parameter: Option<Ident>,
}

fn referent(input: &syn::FnArg, function: &syn::ItemFn) -> Option<Referent> {
    let syn::FnArg::Typed(typed) = input else { return None };
    let Pat::Ident(_) = &*typed.pat else { return None };
    let (ty, mutability) = match &*typed.ty {
        Type::Reference(reference) => (&*reference.elem, reference.mutability),
        other => (other, None),
    };
    match ty {
        Type::ImplTrait(opaque) => Some(Referent { ty: borrowed(&opaque.bounds)?, mutability, parameter: None }),
        Type::Path(path) => {
            let name = path.path.get_ident()?;
            let ty = borrowed(scalars::bounds(&function.sig.generics).get(&name.to_string())?)?;
            is_only_borrowed(function, name).then(|| Referent { ty, mutability, parameter: Some(name.clone()) })
        }
        _ => None,
    }
}

/// The type parameter occurs as the whole type of parameters only, or behind their references.
fn is_only_borrowed(function: &syn::ItemFn, name: &Ident) -> bool {
    let whole = function.sig.inputs.iter().filter(|input| match input {
        syn::FnArg::Typed(typed) => {
            matches!(&*typed.pat, Pat::Ident(_))
                && matches!(types::strip(&typed.ty), Type::Path(path) if path.path.is_ident(name))
        }
        syn::FnArg::Receiver(_) => false,
    });
    whole.count() == sequences::uses(function, name)
}

/// `[f64]` in `AsRef<[f64]>`, as far as it may carry a derivative.
pub(crate) fn borrowed<'b>(bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> Option<Type> {
    let ty = bounds.into_iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last()?;
        match last.ident.to_string().as_str() {
            "AsRef" | "AsMut" | "Borrow" | "BorrowMut" => types::type_arguments(&last.arguments).into_iter().next(),
            "Deref" | "DerefMut" => scalars::associated(last, "Target"),
            "Index" | "IndexMut" => {
                let index = types::type_arguments(&last.arguments).into_iter().next()?;
                let item = scalars::associated(last, "Output")?;
                matches!(&index, Type::Path(path) if path.path.is_ident("usize")).then(|| syn::parse_quote!([#item]))
            }
            _ => None,
        }
    })?;
    types::may_carry_derivative(&types::parse_type(&ty)).then_some(ty)
}

/// `xs` in the place of `xs.as_ref()`.
struct Bare {
    names: Vec<Ident>,
}

impl VisitMut for Bare {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        const BORROWING: [&str; 6] = ["as_ref", "as_mut", "borrow", "borrow_mut", "deref", "deref_mut"];
        if let Expr::MethodCall(call) = &*expr
            && call.args.is_empty()
            && BORROWING.iter().any(|name| call.method == name)
            && let Expr::Path(path) = &*call.receiver
            && self.names.iter().any(|name| path.path.is_ident(name))
        {
            *expr = (*call.receiver).clone();
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}
