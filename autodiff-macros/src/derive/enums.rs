//! Enums: the tangent has the variants with a derivative inside, and `Zero`, which stands for the zero of every variant.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::fields::Field;
use super::generics::Generics;
use super::impls::Parts;
use super::input::{Fields, Input, Style, Variant};
use super::leaves;
use super::names::{local, member_text, payload_method, step_into};
use super::structs::{any_or, lints};

pub(super) fn parts(input: &Input, variants: &[Variant]) -> Parts {
    let writer = Writer { input, zero: zero_name(variants), variants };
    let (rt, zero) = (&input.rt, &writer.zero);
    let this = |field: &Field| local("this", &field.member);
    Parts {
        definition: writer.definition(),
        access: {
            let (tangent, value) = (writer.payload_methods(), writer.part_methods());
            quote!(#tangent #value)
        },
        zero_tangent: writer.zero_tangent(),
        neutral: quote!(Self::#zero),
        accumulate: writer.accumulate(),
        scale: writer.each_field(|field| {
            let this = this(field);
            quote!(#rt::Tangent::scale(#this, factor))
        }),
        inner_product: writer.inner_product(),
        fill_zero: writer.each_field(|field| {
            let this = this(field);
            quote!(#rt::Tangent::fill_zero(#this))
        }),
        clone: writer.clone_body(),
        debug: writer.debug(),
        eq: writer.eq(),
        leaves: leaves::of_enum(input, variants, |variant| pattern(&quote!(Self), variant, "this", false)),
        tangent_leaves: leaves::of_enum(input, variants, |variant| pattern(&quote!(Self), variant, "this", true)),
        is_copy: variants.iter().all(|variant| variant.fields.active().all(leaves::is_plain)),
    }
}

/// `Zero`, unless the enum has an own variant of this name with a derivative.
fn zero_name(variants: &[Variant]) -> Ident {
    let taken = variants.iter().any(|variant| variant.name == "Zero" && variant.has_tangent());
    Ident::new(if taken { "NeutralZero" } else { "Zero" }, Span::call_site())
}

impl Variant {
    /// Whether the tangent has this variant.
    fn has_tangent(&self) -> bool {
        self.fields.active().next().is_some()
    }
}

/// `Rect { w: this_w, .. }`: binds the active fields of a variant. `tangent` says that it is the tangent's variant, which
/// has only part of the fields.
fn pattern(of: &TokenStream, variant: &Variant, prefix: &str, tangent: bool) -> TokenStream {
    let Variant { name, fields } = variant;
    let bound = fields.active().map(|field| {
        let (member, local) = (&field.member, local(prefix, &field.member));
        quote!(#member: #local)
    });
    let rest = (!tangent && fields.active().count() < fields.list.len()).then(|| quote!(..));
    match fields.style {
        Style::Named => quote!(#of::#name { #(#bound,)* #rest }),
        Style::Tuple => {
            let bound = fields.list.iter().map(|field| {
                if field.is_active() { local(prefix, &field.member).into_token_stream() } else { quote!(_) }
            });
            quote!(#of::#name(#(#bound),*))
        }
        Style::Unit => quote!(#of::#name),
    }
}

struct Writer<'a> {
    input: &'a Input,
    /// The name of the neutral variant.
    zero: Ident,
    variants: &'a [Variant],
}

impl Writer<'_> {
    /// The variants of the tangent beside the neutral one.
    fn active(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|variant| variant.has_tangent())
    }

    fn definition(&self) -> TokenStream {
        let Input { name, tangent, vis, .. } = self.input;
        let generics = Generics::of(self.input).tangent;
        let (_, _, clause) = generics.split_for_impl();
        let doc =
            format!(" The tangent of [`{name}`]: derivatives with respect to the fields of the variant that is there.");
        let (zero, lints) = (&self.zero, lints());
        let variants = self.active().map(|Variant { name: variant, fields }| {
            let doc = format!(" The derivatives with respect to the fields of [`{name}::{variant}`].");
            let list = definition_fields(fields);
            quote!(#[doc = #doc] #variant #list)
        });
        quote! {
            #[doc = #doc]
            #lints
            #vis enum #tangent #generics #clause {
                /// The zero of every variant.
                #zero,
                #(#variants,)*
            }
        }
    }

    /// `circle_0_mut(&mut self) -> &mut f64` for every field of every variant.
    fn payload_methods(&self) -> TokenStream {
        let generics = Generics::of(self.input).tangent;
        let (params, arguments, clause) = generics.split_for_impl();
        let tangent = &self.input.tangent;
        let methods = self
            .variants
            .iter()
            .flat_map(|variant| variant.fields.list.iter().map(move |field| self.payload_method(variant, field)));
        quote!(impl #params #tangent #arguments #clause { #(#methods)* })
    }

    fn payload_method(&self, variant: &Variant, field: &Field) -> TokenStream {
        let rt = &self.input.rt;
        let name = payload_method(&variant.name, &field.member);
        let tangent = &field.unboxed;
        if !field.is_active() {
            return quote! {
                #[doc(hidden)]
                #[inline]
                pub fn #name(&mut self) -> &mut #tangent {
                    #rt::zero_sized()
                }
            };
        }
        let (zero, member, variant_name) = (&self.zero, &field.member, &variant.name);
        let neutral = variant.construct(&quote!(Self), |_| quote!(#rt::Tangent::neutral()));
        let message = format!("the tangent is of another variant than `{}::{}`", self.input.name, variant.name);
        quote! {
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            pub fn #name(&mut self) -> &mut #tangent {
                if let Self::#zero = self {
                    *self = #neutral;
                } else if !::core::matches!(self, Self::#variant_name { .. }) {
                    // A value that was overwritten by another variant leaves the zero of that one.
                    ::core::assert!(#rt::Tangent::inner_product(self, self) == 0.0, #message);
                    *self = #neutral;
                }
                match self {
                    Self::#variant_name { #member: this, .. } => this,
                    _ => ::core::unreachable!(),
                }
            }
        }
    }

    /// `circle_0_part(&self) -> &f64` and `circle_0_part_mut(&mut self) -> &mut f64` of the value, for every field of every
    /// variant: what generated code writes through where the user wrote through a reference that a pattern bound.
    fn part_methods(&self) -> TokenStream {
        let (params, arguments, clause) = self.input.generics.split_for_impl();
        let name = &self.input.name;
        let methods = self.variants.iter().flat_map(|variant| {
            variant.fields.list.iter().map(move |field| {
                let payload = payload_method(&variant.name, &field.member);
                let (shared, mutable) = (step_into(&payload, false), step_into(&payload, true));
                let (ty, member, variant) = (&field.ty, &field.member, &variant.name);
                let rest = (self.variants.len() > 1).then(|| quote!(_ => ::core::unreachable!(),));
                let body = quote!(match self { Self::#variant { #member: this, .. } => this, #rest });
                quote! {
                    #[doc(hidden)]
                    #[inline]
                    #[track_caller]
                    pub fn #shared(&self) -> &#ty {
                        #body
                    }

                    #[doc(hidden)]
                    #[inline]
                    #[track_caller]
                    pub fn #mutable(&mut self) -> &mut #ty {
                        #body
                    }
                }
            })
        });
        quote!(#[allow(dead_code, clippy::all, private_interfaces)] impl #params #name #arguments #clause { #(#methods)* })
    }

    fn zero_tangent(&self) -> TokenStream {
        let (tangent, rt, zero) = (&self.input.tangent, &self.input.rt, &self.zero);
        let arms = self.active().map(|variant| {
            let pattern = pattern(&quote!(Self), variant, "this", false);
            let value = variant.construct(&tangent.to_token_stream(), |field| {
                field.zero_tangent(rt, &local("this", &field.member).into_token_stream())
            });
            quote!(#pattern => #value,)
        });
        let rest = (self.active().count() < self.variants.len()).then(|| quote!(_ => #tangent::#zero,));
        quote!(match self { #(#arms)* #rest })
    }

    /// An arm for each pair of the same variant, with an operand for each active field.
    fn pairs(&self, body: impl Fn(&Variant) -> TokenStream) -> TokenStream {
        let arms = self.active().map(|variant| {
            let this = pattern(&quote!(Self), variant, "this", true);
            let other = pattern(&quote!(Self), variant, "other", true);
            let body = body(variant);
            quote!((#this, #other) => #body,)
        });
        arms.collect()
    }

    /// The arm for tangents of two variants, where there can be two.
    fn mismatch(&self) -> Option<TokenStream> {
        let message = format!("tangents of different variants of `{}` do not fit", self.input.name);
        (self.active().count() > 1).then(|| quote!(_ => ::core::panic!(#message),))
    }

    fn accumulate(&self) -> TokenStream {
        let (rt, zero) = (&self.input.rt, &self.zero);
        let pairs = self.pairs(|variant| {
            let added = variant.fields.active().map(|field| {
                let (this, other) = (local("this", &field.member), local("other", &field.member));
                quote!(#rt::Tangent::accumulate(#this, #other);)
            });
            quote!({ #(#added)* })
        });
        // The zero of another variant is a zero all the same.
        let message = format!("tangents of different variants of `{}` do not fit", self.input.name);
        let mismatch = (self.active().count() > 1).then(|| {
            quote! {
                _ => {
                    if #rt::Tangent::inner_product(other, other) != 0.0 {
                        ::core::assert!(#rt::Tangent::inner_product(self, self) == 0.0, #message);
                        *self = ::core::clone::Clone::clone(other);
                    }
                }
            }
        });
        quote! {
            match (&mut *self, other) {
                (_, Self::#zero) => {}
                (Self::#zero, _) => *self = ::core::clone::Clone::clone(other),
                #pairs
                #mismatch
            }
        }
    }

    fn inner_product(&self) -> TokenStream {
        let (rt, zero) = (&self.input.rt, &self.zero);
        let pairs = self.pairs(|variant| {
            let fields: Vec<&Field> = variant.fields.active().collect();
            let product = |field: &&Field| {
                let (this, other) = (local("this", &field.member), local("other", &field.member));
                quote!(#rt::Tangent::inner_product(#this, #other))
            };
            any_or(&fields, product, quote!(+), quote!(0.0))
        });
        let mismatch = self.mismatch();
        quote! {
            match (self, other) {
                (_, Self::#zero) | (Self::#zero, _) => 0.0,
                #pairs
                #mismatch
            }
        }
    }

    /// Does the same with each active field of the variant that is there.
    fn each_field(&self, action: impl Fn(&Field) -> TokenStream) -> TokenStream {
        let zero = &self.zero;
        let arms = self.active().map(|variant| {
            let pattern = pattern(&quote!(Self), variant, "this", true);
            let actions = variant.fields.active().map(&action);
            quote!(#pattern => { #(#actions;)* })
        });
        quote!(match self { Self::#zero => {} #(#arms)* })
    }

    fn clone_body(&self) -> TokenStream {
        let zero = &self.zero;
        let arms = self.active().map(|variant| {
            let pattern = pattern(&quote!(Self), variant, "this", true);
            let value = variant.construct(&quote!(Self), |field| {
                let this = local("this", &field.member);
                quote!(::core::clone::Clone::clone(#this))
            });
            quote!(#pattern => #value,)
        });
        quote!(match self { Self::#zero => Self::#zero, #(#arms)* })
    }

    fn debug(&self) -> TokenStream {
        let zero = &self.zero;
        let zero_text = zero.to_string();
        let arms = self.active().map(|variant| {
            let pattern = pattern(&quote!(Self), variant, "this", true);
            let text = variant.name.to_string();
            let named = variant.fields.style == Style::Named;
            let list = variant.fields.active().map(|field| {
                let (this, text) = (local("this", &field.member), member_text(&field.member));
                if named { quote!(.field(#text, #this)) } else { quote!(.field(#this)) }
            });
            let kind = if named { quote!(debug_struct) } else { quote!(debug_tuple) };
            quote!(#pattern => f.#kind(#text) #(#list)* .finish(),)
        });
        quote!(match self { Self::#zero => f.write_str(#zero_text), #(#arms)* })
    }

    fn eq(&self) -> TokenStream {
        let zero = &self.zero;
        let pairs = self.pairs(|variant| {
            let fields: Vec<&Field> = variant.fields.active().collect();
            let equal = |field: &&Field| {
                let (this, other) = (local("this", &field.member), local("other", &field.member));
                quote!(#this == #other)
            };
            any_or(&fields, equal, quote!(&&), quote!(true))
        });
        let rest = self.active().next().map(|_| quote!(_ => false,));
        quote!(match (self, other) { (Self::#zero, Self::#zero) => true, #pairs #rest })
    }
}

/// The fields of a variant of the tangent, as they are declared.
fn definition_fields(fields: &Fields) -> TokenStream {
    let list = fields.present().map(|field| {
        let Field { member, tangent, .. } = field;
        let doc = format!(" The derivative with respect to `{}`.", member_text(member));
        match member {
            syn::Member::Named(name) => quote!(#[doc = #doc] #name: #tangent),
            syn::Member::Unnamed(_) => quote!(#[doc = #doc] #tangent),
        }
    });
    match fields.style {
        Style::Named => quote!({ #(#list,)* }),
        Style::Tuple => quote!((#(#list,)*)),
        Style::Unit => TokenStream::new(),
    }
}
