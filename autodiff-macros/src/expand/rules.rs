//! The `impl`s by which the runtime finds the rule of an operator, whatever the rule does.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What a rule is for.
pub(super) struct Rule<'a> {
    /// The path of the runtime.
    pub(super) rt: &'a TokenStream,
    /// The operation among the runtime's rules.
    pub(super) operation: &'a Ident,
    /// The left operand, or the only one.
    pub(super) this: &'a syn::Type,
    pub(super) generics: &'a syn::Generics,
}

/// What the functions of a rule do.
pub(super) struct Bodies {
    /// `value`, or `assign`.
    pub(super) value: TokenStream,
    pub(super) pull: TokenStream,
    pub(super) push: TokenStream,
    /// How `push` binds the value, where it is given one.
    pub(super) given: TokenStream,
}

impl Rule<'_> {
    pub(super) fn unary(&self, output: &syn::Type, bodies: &Bodies) -> TokenStream {
        let Rule { rt, operation, this, generics } = self;
        let Bodies { value, pull, push, given } = bodies;
        let (parameters, _, bounds) = generics.split_for_impl();
        quote! {
            impl #parameters #rt::rules::UnaryRule<#rt::elementwise::#operation> for #this #bounds {
                type Output = #output;
                type Kept = ();

                #[inline]
                fn value(&self) -> #output {
                    #value
                }

                #[inline]
                fn keep(_: &#output) {}

                #[inline]
                fn pull(
                    &self,
                    (): &(),
                    value_bar: &<#output as #rt::Differentiable>::Tangent,
                    bar: &mut <#this as #rt::Differentiable>::Tangent,
                ) {
                    #pull
                }

                #[inline]
                fn push(
                    &self,
                    #given: &#output,
                    dot: &<#this as #rt::Differentiable>::Tangent,
                ) -> <#output as #rt::Differentiable>::Tangent {
                    #push
                }
            }
        }
    }

    pub(super) fn binary(&self, rhs: &syn::Type, output: &syn::Type, bodies: &Bodies) -> TokenStream {
        let Rule { rt, operation, this, generics } = self;
        let Bodies { value, pull, push, given } = bodies;
        let (parameters, _, bounds) = generics.split_for_impl();
        quote! {
            impl #parameters #rt::rules::BinaryRule<#rt::elementwise::#operation, #rhs> for #this #bounds {
                type Output = #output;

                #[inline]
                fn value(&self, b: &#rhs) -> #output {
                    #value
                }

                #[inline]
                fn pull(
                    &self,
                    b: &#rhs,
                    value_bar: &<#output as #rt::Differentiable>::Tangent,
                    a_bar: Option<&mut <#this as #rt::Differentiable>::Tangent>,
                    b_bar: Option<&mut <#rhs as #rt::Differentiable>::Tangent>,
                ) {
                    #pull
                }

                #[inline]
                fn push(
                    &self,
                    b: &#rhs,
                    #given: &#output,
                    a_dot: Option<&<#this as #rt::Differentiable>::Tangent>,
                    b_dot: Option<&<#rhs as #rt::Differentiable>::Tangent>,
                ) -> <#output as #rt::Differentiable>::Tangent {
                    #push
                }
            }
        }
    }

    pub(super) fn assign(&self, rhs: &syn::Type, bodies: &Bodies) -> TokenStream {
        let Rule { rt, operation, this, generics } = self;
        let Bodies { value, pull, push, given: _ } = bodies;
        let (parameters, _, bounds) = generics.split_for_impl();
        quote! {
            impl #parameters #rt::rules::AssignRule<#rt::elementwise::#operation, #rhs> for #this #bounds {
                type Kept = #this;

                #[inline]
                fn keep(&self) -> #this {
                    ::core::clone::Clone::clone(self)
                }

                #[inline]
                fn assign(&mut self, b: &#rhs) {
                    #value
                }

                #[inline]
                fn pull(
                    kept: &#this,
                    b: &#rhs,
                    bar: &mut <#this as #rt::Differentiable>::Tangent,
                    b_bar: Option<&mut <#rhs as #rt::Differentiable>::Tangent>,
                ) {
                    #pull
                }

                #[inline]
                fn push(
                    &mut self,
                    b: &#rhs,
                    dot: &mut <#this as #rt::Differentiable>::Tangent,
                    b_dot: Option<&<#rhs as #rt::Differentiable>::Tangent>,
                ) {
                    #push
                }
            }
        }
    }
}
