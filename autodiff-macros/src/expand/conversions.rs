//! `impl From<A> for B`: its derivatives are the runtime's rule for the two types, beside functions of the type `B` where it
//! can have them. So several conversions into one type have derivatives, and `into` finds them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::Visit;

use super::derivatives;
use super::operators::Header;
use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::options::Options;

/// The type that is converted from, if the `impl` is one of `From` that the runtime can have a rule for: what is borrowed
/// has no tangent of its own.
pub(super) fn converted(item: &syn::ItemImpl) -> Option<syn::Type> {
    struct Borrows(bool);
    impl<'ast> Visit<'ast> for Borrows {
        fn visit_type_reference(&mut self, _: &'ast syn::TypeReference) {
            self.0 = true;
        }
        fn visit_lifetime(&mut self, _: &'ast syn::Lifetime) {
            self.0 = true;
        }
    }
    let (path, _) = item.trait_.as_ref()?;
    let from =
        super::operators::sole_type(path).filter(|_| path.segments.last().is_some_and(|last| last.ident == "From"))?;
    let mut borrows = Borrows(false);
    borrows.visit_type(&from);
    borrows.visit_type(&item.self_ty);
    (!borrows.0).then_some(from)
}

/// The rule of a conversion whose derivatives are functions of the type.
pub(super) fn by_functions(item: &syn::ItemImpl, from: &syn::Type, options: &Options) -> TokenStream {
    let (root, this) = (options.root(), &item.self_ty);
    let rt = quote!(#root::rt);
    let (vjp, jvp) = (quote!(<#this>::from_call_vjp), quote!(<#this>::from_call_jvp));
    rule(&item.generics, this, from, &rt, &vjp, &jvp)
}

/// The rule of any other conversion: the method becomes a free function that is differentiated like any other.
pub(super) fn by_itself(
    item: &syn::ItemImpl,
    method: &syn::ImplItemFn,
    from: &syn::Type,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let mut header = Header::new(item);
    header.numbers(&header.function(method), options);
    let function = header.function(method);
    let derivatives = match derivatives(&function, options, None, diagnostics) {
        Some((primal, derivatives)) => emit::hidden_companion(&function, options, &primal, &derivatives),
        // The mistake stands beside it.
        None => return TokenStream::new(),
    };
    let root = options.root();
    let rt = quote!(#root::rt);
    let header = header.bounded(&function, options, &rt);
    let (vjp, jvp) = (quote!(operator::call_vjp), quote!(operator::call_jvp));
    let rule = rule(&header.generics, &item.self_ty, from, &rt, &vjp, &jvp);
    quote! {
        const _: () = {
            #derivatives
            #rule
        };
    }
}

fn rule(
    generics: &syn::Generics,
    this: &syn::Type,
    from: &syn::Type,
    rt: &TokenStream,
    vjp: &TokenStream,
    jvp: &TokenStream,
) -> TokenStream {
    let (parameters, _, bounds) = generics.split_for_impl();
    let tangent = |ty: &syn::Type| quote!(<#ty as #rt::Differentiable>::Tangent);
    let (of_this, of_from) = (tangent(this), tangent(from));
    quote! {
        #[allow(warnings, unused, clippy::all, clippy::pedantic)]
        impl #parameters #rt::convert::FromRule<#from> for #this #bounds {
            #[inline]
            fn from_call_vjp(value: #from) -> (Self, impl Fn(&#of_this, Option<&mut #of_from>)) {
                #vjp(value)
            }

            #[inline]
            fn from_call_jvp(value: #from, value_dot: Option<#of_from>) -> (Self, #of_this) {
                #jvp(value, value_dot)
            }
        }
    }
}
