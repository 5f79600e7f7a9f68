//! The function that is zero at the result of another one.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::signature::Signature;
use crate::analysis::types;
use crate::ir::{DERIVATIVES, Type};
use crate::nearby::Nearby;
use crate::options::Options;

/// The function that is zero at the solution.
pub(super) struct Equation<'a> {
    path: &'a syn::Path,
    /// What the attribute names.
    pub(super) shown: &'a syn::Path,
    /// It is a member of a type: its derivatives stand beside it.
    member: bool,
    /// Where it takes the solution: first, or behind the receiver.
    pub(super) position: usize,
}

impl<'a> Equation<'a> {
    /// A member of a type that is the equation of a method is a method as well.
    pub(super) fn new(path: &'a syn::Path, shown: &'a syn::Path, signature: &Signature<'_>) -> Self {
        let owner = path.segments.iter().rev().nth(1).map(|segment| segment.ident.to_string());
        let member = owner.is_some_and(|owner| owner.starts_with(char::is_uppercase));
        let receives = signature.parameters.first().is_some_and(|parameter| parameter.receiver);
        Equation { path, shown, member, position: usize::from(member && receives) }
    }

    /// The path of one of its derivatives.
    pub(super) fn form(&self, form: &str) -> TokenStream {
        let mut path = self.path.clone();
        match path.segments.last_mut().filter(|_| self.member) {
            Some(last) => {
                let name = last.ident.to_string();
                last.ident = quote::format_ident!("{}_{form}", name.trim_start_matches("r#"), span = last.ident.span());
                path.to_token_stream()
            }
            None => {
                let form = quote::format_ident!("{form}");
                quote!(#path::#form)
            }
        }
    }

    /// What belongs to the solution, among what belongs to the other parameters.
    pub(super) fn with_solution(&self, solution: TokenStream, mut others: Vec<TokenStream>) -> Vec<TokenStream> {
        others.insert(self.position, solution);
        others
    }
}

/// Whether the first parameter of an equation is known to be taken by value: what is no number is taken by reference
/// otherwise.
pub(crate) fn takes_value(equation: &syn::Path, options: &Options) -> bool {
    // The equation may be a gradient, `energy::grad`.
    let names = equation.segments.iter().rev().map(|segment| segment.ident.to_string());
    let name = names.into_iter().find(|name| !DERIVATIVES.contains(&name.as_str()));
    let found = name.and_then(|name| Nearby::of(options)?.function(&name));
    let first = found.as_ref().and_then(|found| found.signature.inputs.first());
    matches!(first, Some(syn::FnArg::Typed(first)) if !matches!(types::parse_type(&first.ty), Type::Ref { .. }))
}
