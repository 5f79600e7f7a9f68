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
    /// What the rule of second order does, where there is one.
    pub(super) curved: Option<Curved>,
}

/// What the functions of a rule of second order do.
pub(super) struct Curved {
    pub(super) bend: TokenStream,
    pub(super) curve: TokenStream,
}

impl Rule<'_> {
    pub(super) fn unary(&self, output: &syn::Type, bodies: &Bodies) -> TokenStream {
        let Rule { rt, operation, this, generics } = self;
        let Bodies { value, pull, push, given, curved } = bodies;
        let curved = curved.as_ref().map(|curved| self.unary_curve(output, curved));
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

            #curved
        }
    }

    pub(super) fn binary(&self, rhs: &syn::Type, output: &syn::Type, bodies: &Bodies) -> TokenStream {
        let Rule { rt, operation, this, generics } = self;
        let Bodies { value, pull, push, given, curved } = bodies;
        let curved = curved.as_ref().map(|curved| self.binary_curve(rhs, output, curved));
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

            #curved
        }
    }

    pub(super) fn assign(&self, rhs: &syn::Type, bodies: &Bodies) -> TokenStream {
        let Rule { rt, operation, this, generics } = self;
        let Bodies { value, pull, push, given: _, curved } = bodies;
        let curved = curved.as_ref().map(|curved| self.assign_curve(rhs, curved));
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

            #curved
        }
    }

    fn unary_curve(&self, output: &syn::Type, curved: &Curved) -> TokenStream {
        let Rule { rt, operation, this, generics } = self;
        let Curved { bend, curve } = curved;
        let (parameters, _, bounds) = generics.split_for_impl();
        quote! {
            impl #parameters #rt::rules::UnaryCurve<#rt::elementwise::#operation> for #this #bounds {
                fn bend(
                    &self,
                    dot: &<#this as #rt::Differentiable>::Tangent,
                    seed: &<#output as #rt::Differentiable>::Tangent,
                    bar: &mut <#this as #rt::Differentiable>::Tangent,
                ) {
                    #bend
                }

                fn curve(
                    &self,
                    value: &#output,
                    dot: &<#this as #rt::Differentiable>::Tangent,
                    along: &<#this as #rt::Differentiable>::Tangent,
                ) -> <#output as #rt::Differentiable>::Tangent {
                    #curve
                }
            }
        }
    }

    fn binary_curve(&self, rhs: &syn::Type, output: &syn::Type, curved: &Curved) -> TokenStream {
        let Rule { rt, operation, this, generics } = self;
        let Curved { bend, curve } = curved;
        let (parameters, _, bounds) = generics.split_for_impl();
        let (a, b) = (quote!(<#this as #rt::Differentiable>::Tangent), quote!(<#rhs as #rt::Differentiable>::Tangent));
        quote! {
            impl #parameters #rt::rules::BinaryCurve<#rt::elementwise::#operation, #rhs> for #this #bounds {
                fn bend(
                    &self,
                    b: &#rhs,
                    (a_dot, b_dot): #rt::rules::Two<&#a, &#b>,
                    seed: &<#output as #rt::Differentiable>::Tangent,
                    (a_bar, b_bar): #rt::rules::Two<&mut #a, &mut #b>,
                ) {
                    #bend
                }

                fn curve(
                    &self,
                    b: &#rhs,
                    value: &#output,
                    (a_dot, b_dot): #rt::rules::Two<&#a, &#b>,
                    (a_along, b_along): #rt::rules::Two<&#a, &#b>,
                ) -> <#output as #rt::Differentiable>::Tangent {
                    #curve
                }
            }
        }
    }

    fn assign_curve(&self, rhs: &syn::Type, curved: &Curved) -> TokenStream {
        let Rule { rt, operation, this, generics } = self;
        let Curved { bend, curve } = curved;
        let (parameters, _, bounds) = generics.split_for_impl();
        let (a, b) = (quote!(<#this as #rt::Differentiable>::Tangent), quote!(<#rhs as #rt::Differentiable>::Tangent));
        quote! {
            impl #parameters #rt::rules::AssignCurve<#rt::elementwise::#operation, #rhs> for #this #bounds {
                fn bend(
                    kept: &#this,
                    b: &#rhs,
                    (dot, b_dot): (&#a, Option<&#b>),
                    seed: &#a,
                    (bar, b_bar): (&mut #a, Option<&mut #b>),
                ) {
                    #bend
                }

                fn curve(
                    kept: &#this,
                    b: &#rhs,
                    (dot, b_dot): (&#a, Option<&#b>),
                    (along, b_along): (&#a, Option<&#b>),
                    to: &mut #a,
                ) {
                    #curve
                }
            }
        }
    }
}
