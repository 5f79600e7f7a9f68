//! Operators that a type has for references only: `impl Add<&Poly> for &Poly`.
//!
//! The derivatives see operands without their references. Where no operator takes the operands by value, the rule of the
//! references is that of the values as well.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::rules::{Bodies, Curved, Rule};
use crate::analysis::types::strip;
use crate::declarations;
use crate::options::Options;

/// The operands of an operator as its `impl` has them.
pub(super) struct Operands<'t> {
    pub(super) this: &'t syn::Type,
    /// Nothing for an operator with one operand.
    pub(super) rhs: Option<&'t syn::Type>,
}

/// What else the operands of an operator are passed like, of which the first in the crate has the rule for values.
fn rank(this: &syn::Type, rhs: Option<&syn::Type>) -> u8 {
    let is_reference = |ty: &syn::Type| matches!(ty, syn::Type::Reference(_));
    match (is_reference(this), rhs.is_some_and(is_reference)) {
        (false, false) => 0,
        (true, true) => 1,
        (true, false) => 2,
        (false, true) => 3,
    }
}

fn text(ty: &syn::Type) -> String {
    strip(ty).to_token_stream().to_string()
}

impl Operands<'_> {
    /// Whether the rule of these operands is to be that of the values as well: some are references, and no other `impl` of
    /// the operator comes first. What stands in macros is not seen.
    pub(super) fn stand_for_values(&self, item: &syn::ItemImpl, options: &Options) -> bool {
        let (Some(site), Some((path, _))) = (&options.site, &item.trait_) else { return false };
        let own = rank(self.this, self.rhs);
        let Some(name) = path.segments.last().map(|last| last.ident.to_string()).filter(|_| own > 0) else {
            return false;
        };
        let macros = declarations::is_in_a_macro(site, &name);
        let others = declarations::implementations_for(site, &name, None);
        !macros
            && others.iter().all(|other| {
                let this = &*other.self_ty;
                let rhs = other.trait_.as_ref().and_then(|(path, _)| super::operators::sole_type(path));
                let rhs = self.rhs.map(|_| rhs.unwrap_or_else(|| this.clone()));
                let same = text(this) == text(self.this) && rhs.as_ref().map(text) == self.rhs.map(text);
                !same || rank(this, rhs.as_ref()) >= own
            })
    }

    /// The rule for values, which is that of the references.
    pub(super) fn unary(
        &self,
        operation: &syn::Ident,
        output: &syn::Type,
        (generics, twice): (&syn::Generics, bool),
        rt: &TokenStream,
    ) -> TokenStream {
        let (this, reference) = (strip(self.this), anonymous(self.this));
        let generics = without_lifetimes(generics, &quote!(#this #output));
        let as_rule = quote!(<#reference as #rt::rules::UnaryRule<#rt::elementwise::#operation>>);
        let bodies = Bodies {
            value: quote!(#as_rule::value(&self)),
            pull: quote!(#as_rule::pull(&self, &(), value_bar, bar);),
            push: quote!(#as_rule::push(&self, value, dot)),
            given: quote!(value),
            curved: twice.then(|| {
                let as_rule = quote!(<#reference as #rt::rules::UnaryCurve<#rt::elementwise::#operation>>);
                Curved {
                    bend: quote!(#as_rule::bend(&self, dot, seed, bar);),
                    curve: quote!(#as_rule::curve(&self, value, dot, along)),
                }
            }),
        };
        Rule { rt, operation, this, generics: &generics }.unary(output, &bodies)
    }

    pub(super) fn binary(
        &self,
        operation: &syn::Ident,
        output: &syn::Type,
        (generics, twice): (&syn::Generics, bool),
        rt: &TokenStream,
    ) -> TokenStream {
        let rhs_written = self.rhs.unwrap_or(self.this);
        let (this, rhs) = (strip(self.this), strip(rhs_written));
        let generics = without_lifetimes(generics, &quote!(#this #rhs #output));
        let (reference, rhs_reference) = (anonymous(self.this), anonymous(rhs_written));
        let as_rule = quote!(<#reference as #rt::rules::BinaryRule<#rt::elementwise::#operation, #rhs_reference>>);
        let (a, b) = (lent(self.this, &quote!(self)), lent(rhs_written, &quote!(b)));
        let bodies = Bodies {
            value: quote!(#as_rule::value(#a, #b)),
            pull: quote!(#as_rule::pull(#a, #b, value_bar, a_bar, b_bar);),
            push: quote!(#as_rule::push(#a, #b, value, a_dot, b_dot)),
            given: quote!(value),
            curved: twice.then(|| {
                let as_rule =
                    quote!(<#reference as #rt::rules::BinaryCurve<#rt::elementwise::#operation, #rhs_reference>>);
                Curved {
                    bend: quote!(#as_rule::bend(#a, #b, (a_dot, b_dot), seed, (a_bar, b_bar));),
                    curve: quote!(#as_rule::curve(#a, #b, value, (a_dot, b_dot), (a_along, b_along))),
                }
            }),
        };
        Rule { rt, operation, this, generics: &generics }.binary(rhs, output, &bodies)
    }

    pub(super) fn assign(
        &self,
        operation: &syn::Ident,
        (generics, twice): (&syn::Generics, bool),
        rt: &TokenStream,
    ) -> TokenStream {
        let rhs_written = self.rhs.unwrap_or(self.this);
        let (this, rhs, rhs_reference) = (self.this, strip(rhs_written), anonymous(rhs_written));
        let generics = without_lifetimes(generics, &quote!(#this #rhs));
        let as_rule = quote!(<#this as #rt::rules::AssignRule<#rt::elementwise::#operation, #rhs_reference>>);
        let bodies = Bodies {
            value: quote!(#as_rule::assign(self, &b);),
            pull: quote!(#as_rule::pull(kept, &b, bar, b_bar);),
            push: quote!(#as_rule::push(self, &b, dot, b_dot);),
            given: TokenStream::new(),
            curved: twice.then(|| {
                let as_rule = quote!(<#this as #rt::rules::AssignCurve<#rt::elementwise::#operation, #rhs_reference>>);
                Curved {
                    bend: quote!(#as_rule::bend(kept, &b, (dot, b_dot), seed, (bar, b_bar));),
                    curve: quote!(#as_rule::curve(kept, &b, (dot, b_dot), (along, b_along), to);),
                }
            }),
        };
        Rule { rt, operation, this, generics: &generics }.assign(rhs, &bodies)
    }
}

/// An operand that is there by reference, as the rule of the references has it.
fn lent(ty: &syn::Type, name: &TokenStream) -> TokenStream {
    if matches!(ty, syn::Type::Reference(_)) { quote!(&#name) } else { name.clone() }
}

/// The reference with a lifetime that is inferred.
fn anonymous(ty: &syn::Type) -> syn::Type {
    match ty {
        syn::Type::Reference(_) => {
            let inner = strip(ty);
            syn::parse_quote!(&#inner)
        }
        other => other.clone(),
    }
}

/// The parameters of the `impl` without the lifetimes that only its references had.
pub(super) fn without_lifetimes(generics: &syn::Generics, used: &TokenStream) -> syn::Generics {
    let used = used.to_string();
    let mut generics = generics.clone();
    let kept = generics.params.into_iter().filter(|param| match param {
        syn::GenericParam::Lifetime(lifetime) => used.contains(&lifetime.lifetime.to_string()),
        syn::GenericParam::Type(_) | syn::GenericParam::Const(_) => true,
    });
    generics.params = kept.collect();
    generics
}
