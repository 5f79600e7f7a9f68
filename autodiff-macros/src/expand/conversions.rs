//! `impl From<A> for B`: its derivatives are the runtime's rule for the two types, beside functions of the type `B` where it
//! can have them. So several conversions into one type have derivatives, and `into` finds them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::Visit;

use super::derivatives;
use super::operators::Header;
use super::references::without_lifetimes;
use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::options::Options;

/// What an `impl` of `From` converts.
pub(super) enum Converted {
    Value(syn::Type),
    /// What stands behind a reference: it stays where it is, and a pullback is given it again.
    Reference(syn::Type),
}

/// What is converted, if the `impl` is one of `From` that the runtime can have a rule for: what is borrowed in other ways has no
/// tangent of its own.
pub(super) fn converted(item: &syn::ItemImpl) -> Option<Converted> {
    let (path, _) = item.trait_.as_ref()?;
    let from =
        super::operators::sole_type(path).filter(|_| path.segments.last().is_some_and(|last| last.ident == "From"))?;
    let found = match from {
        syn::Type::Reference(reference) if reference.mutability.is_none() => Converted::Reference(*reference.elem),
        from => Converted::Value(from),
    };
    let (Converted::Value(inner) | Converted::Reference(inner)) = &found;
    (!borrows(inner) && !borrows(&item.self_ty)).then_some(found)
}

/// The type mentions a reference or a lifetime.
fn borrows(ty: &syn::Type) -> bool {
    struct Borrows(bool);
    impl<'ast> Visit<'ast> for Borrows {
        fn visit_type_reference(&mut self, _: &'ast syn::TypeReference) {
            self.0 = true;
        }
        fn visit_lifetime(&mut self, _: &'ast syn::Lifetime) {
            self.0 = true;
        }
    }
    let mut borrows = Borrows(false);
    borrows.visit_type(ty);
    borrows.0
}

/// The rule of a conversion whose derivatives are functions of the type.
pub(super) fn by_functions(item: &syn::ItemImpl, from: &Converted, options: &Options) -> TokenStream {
    let (root, this) = (options.root(), &item.self_ty);
    let rt = quote!(#root::rt);
    let (vjp, jvp) = (quote!(<#this>::from_call_vjp), quote!(<#this>::from_call_jvp));
    rule(&item.generics, this, from, &rt, &vjp, &jvp)
}

/// The rule of any other conversion: the method becomes a free function that is differentiated like any other.
pub(super) fn by_itself(
    item: &syn::ItemImpl,
    method: &syn::ImplItemFn,
    from: &Converted,
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
    from: &Converted,
    rt: &TokenStream,
    vjp: &TokenStream,
    jvp: &TokenStream,
) -> TokenStream {
    let tangent = |ty: &syn::Type| quote!(<#ty as #rt::Differentiable>::Tangent);
    let of_this = tangent(this);
    match from {
        Converted::Value(from) => {
            let (parameters, _, bounds) = generics.split_for_impl();
            let of_from = tangent(from);
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
        Converted::Reference(from) => {
            let generics = without_lifetimes(generics, &quote!(#this #from));
            let (parameters, _, bounds) = generics.split_for_impl();
            let captured = generics.params.iter().filter_map(|param| match param {
                syn::GenericParam::Type(param) => Some(&param.ident),
                syn::GenericParam::Const(param) => Some(&param.ident),
                syn::GenericParam::Lifetime(_) => None,
            });
            let part = match from {
                syn::Type::Slice(slice) => {
                    let item = tangent(&slice.elem);
                    quote!([#item])
                }
                other => tangent(other),
            };
            quote! {
                #[allow(warnings, unused, clippy::all, clippy::pedantic)]
                impl #parameters #rt::convert::FromRefRule<#from> for #this #bounds {
                    type Part = #part;

                    #[inline]
                    fn from_ref_call_vjp(
                        value: &#from,
                    ) -> (Self, impl Fn(&#from, &#of_this, Option<&mut #part>) + use<#(#captured),*>) {
                        #vjp(value)
                    }

                    #[inline]
                    fn from_ref_call_jvp(value: &#from, value_dot: Option<&#part>) -> (Self, #of_this) {
                        #jvp(value, value_dot)
                    }
                }
            }
        }
    }
}
