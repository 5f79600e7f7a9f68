//! Implementations of a trait that give a reference for its type parameter: `impl Next<&Bar> for Average`.
//!
//! The trait takes its parameter by value, so that its pullbacks own it; a function that takes a reference has pullbacks that
//! are given it again. The derivatives of such an implementation are therefore functions of its type, under names that tell
//! them from those of other implementations of the trait for the same type. Whoever calls the method sees in the crate's
//! files which of them it calls.

use quote::format_ident;
use syn::ext::IdentExt;

use crate::definitions::{self, Around, Definition};
use crate::site::Site;

/// What the derivatives of such an implementation are named after.
pub(crate) fn name(method: &syn::Ident) -> syn::Ident {
    format_ident!("{}_by_ref", method.unraw(), span = method.span())
}

/// The methods of a name: those that traits declare, and those of implementations.
pub(crate) struct Methods(Vec<Definition>);

impl Methods {
    pub(crate) fn named(site: &Site, name: &str) -> Methods {
        Methods(definitions::named(site, name))
    }

    /// The implementation gives a reference where its trait takes a type parameter by value.
    pub(crate) fn borrows(&self, item: &syn::ItemImpl, method: &syn::Signature) -> bool {
        let Some(last) = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last()) else { return false };
        self.0.iter().any(|found| match &found.around {
            Around::Trait(declared) if declared.ident == last.ident => {
                let mut open = open_positions(declared, &found.signature).into_iter();
                open.any(|position| is_reference(method, position))
            }
            Around::Nothing | Around::Impl(_) | Around::Trait(_) => false,
        })
    }

    /// A call with references at these positions is one of such an implementation. Without the name of the receiver's type
    /// it is if nothing else of the name takes references there.
    pub(crate) fn is_call(&self, owner: Option<&str>, references: &[usize]) -> bool {
        let takes = |found: &Definition| references.iter().any(|position| is_reference(&found.signature, *position));
        let borrows =
            |found: &Definition| found.implementation().is_some_and(|item| self.borrows(item, &found.signature));
        let mut own = self.0.iter().filter(|found| takes(found));
        match owner {
            Some(owner) => own.any(|found| found.owner().as_deref() == Some(owner) && borrows(found)),
            None => own.next().is_some_and(borrows) && own.all(borrows),
        }
    }
}

/// The positions of the parameters that are a type parameter of the trait, by value.
fn open_positions(item: &syn::ItemTrait, method: &syn::Signature) -> Vec<usize> {
    let is_open = |ty: &syn::Type| match ty {
        syn::Type::Path(path) => {
            item.generics.type_params().any(|param| path.qself.is_none() && path.path.is_ident(&param.ident))
        }
        _ => false,
    };
    let open = method.inputs.iter().enumerate().filter(|(_, input)| match input {
        syn::FnArg::Typed(typed) => is_open(&typed.ty),
        syn::FnArg::Receiver(_) => false,
    });
    open.map(|(position, _)| position).collect()
}

fn is_reference(method: &syn::Signature, position: usize) -> bool {
    match method.inputs.iter().nth(position) {
        Some(syn::FnArg::Typed(typed)) => {
            matches!(&*typed.ty, syn::Type::Reference(reference) if reference.mutability.is_none())
        }
        Some(syn::FnArg::Receiver(_)) | None => false,
    }
}
