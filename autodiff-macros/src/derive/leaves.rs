//! `Leaves` and `LeavesMut`: the numbers inside a value or tangent, by the names of its fields.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::fields::{self, Field};
use super::generics::{self, Generics};
use super::impls::Parts;
use super::input::{Fields, Input, Variant, mentions};
use super::names::{local, member_text};
use crate::analysis::types::strip;

/// The bodies of `visit_leaves` and `visit_leaves_mut`.
pub(super) struct Bodies {
    shared: TokenStream,
    mutable: TokenStream,
}

/// Visits each active field under its name.
pub(super) fn of_struct(input: &Input, fields: &Fields) -> Bodies {
    let visit = |mutable: bool| fields.active().map(|field| visit_field(&input.rt, field, mutable)).collect();
    Bodies { shared: visit(false), mutable: visit(true) }
}

/// Visits each active field under its name, and the buffers if they are asked for.
pub(super) fn with_buffers(input: &Input, fields: &Fields) -> Bodies {
    let mut bodies = of_struct(input, fields);
    let buffers: Vec<&Field> = fields.list.iter().filter(|field| field.buffer).collect();
    if !buffers.is_empty() {
        let visit = |mutable| buffers.iter().map(move |field| visit_field(&input.rt, field, mutable));
        let (shared, mutable) = (visit(false), visit(true));
        bodies.shared.extend(quote!(if path.includes_buffers() { #(#shared)* }));
        bodies.mutable.extend(quote!(if path.includes_buffers() { #(#mutable)* }));
    }
    bodies
}

fn visit_field(rt: &TokenStream, field: &Field, mutable: bool) -> TokenStream {
    let member = &field.member;
    let place = if mutable { quote!(&mut self.#member) } else { quote!(&self.#member) };
    visit(rt, field, &place, mutable)
}

/// Visits the active fields of the variant that is there.
pub(super) fn of_enum(input: &Input, variants: &[Variant], pattern: impl Fn(&Variant) -> TokenStream) -> Bodies {
    let body = |mutable: bool| {
        let arms = variants.iter().filter(|variant| variant.fields.active().next().is_some()).map(|variant| {
            let pattern = pattern(variant);
            let visits = variant
                .fields
                .active()
                .map(|field| visit(&input.rt, field, &local("this", &field.member).into_token_stream(), mutable));
            quote!(#pattern => { #(#visits)* })
        });
        quote!(match self { #(#arms)* _ => {} })
    };
    Bodies { shared: body(false), mutable: body(true) }
}

fn visit(rt: &TokenStream, field: &Field, place: &TokenStream, mutable: bool) -> TokenStream {
    let path = match &field.member {
        syn::Member::Named(_) => {
            let text = member_text(&field.member);
            quote!(&path.field(#text))
        }
        syn::Member::Unnamed(index) => quote!(&path.index(#index)),
    };
    if mutable {
        quote!(#rt::LeavesMut::visit_leaves_mut(#place, #path, visitor);)
    } else {
        quote!(#rt::Leaves::visit_leaves(#place, #path, visitor);)
    }
}

/// Whether the tangent of a field is made of numbers that are copied.
pub(super) fn is_plain(field: &Field) -> bool {
    fn copied(ty: &syn::Type) -> bool {
        match strip(ty) {
            syn::Type::Path(path) => path.path.is_ident("f32") || path.path.is_ident("f64"),
            syn::Type::Array(array) => copied(&array.elem),
            syn::Type::Tuple(tuple) => tuple.elems.iter().all(copied),
            _ => false,
        }
    }
    !field.is_active() || copied(&field.ty)
}

/// The impls for a type without numbers.
pub(super) fn none(input: &Input) -> TokenStream {
    let empty = Bodies { shared: TokenStream::new(), mutable: TokenStream::new() };
    both(&input.rt, &input.name.to_token_stream(), [&input.generics, &input.generics], &empty)
}

/// The impls for the value and its tangent.
pub(super) fn impls(input: &Input, generics: &Generics, parts: &Parts) -> TokenStream {
    let root = &input.root;
    let of_param = |name: &Ident| quote!(<#name as #root::rt::Differentiable>::Tangent);
    let of_field = |field: &Field| (field.is_active() || field.buffer).then(|| field.ty.to_token_stream());
    let of_tangent_field = |field: &Field| field.is_active().then(|| field.tangent.clone());
    let value = |bound| with_bounds(input, &generics.value, bound, of_field, |name| quote!(#name));
    let tangent = |bound| with_bounds(input, &generics.tangent, bound, of_tangent_field, of_param);
    let [of_value, of_value_mut] = [value("Leaves"), value("LeavesMut")];
    let [of_tangent, of_tangent_mut] = [tangent("Leaves"), tangent("LeavesMut")];
    let value = both(&input.rt, &input.name.to_token_stream(), [&of_value, &of_value_mut], &parts.leaves);
    let tangent =
        both(&input.rt, &input.tangent.to_token_stream(), [&of_tangent, &of_tangent_mut], &parts.tangent_leaves);
    quote!(#value #tangent)
}

fn both(rt: &TokenStream, name: &TokenStream, generics: [&syn::Generics; 2], bodies: &Bodies) -> TokenStream {
    let Bodies { shared, mutable } = bodies;
    let (params, arguments, clause) = generics[0].split_for_impl();
    let (params_mut, arguments_mut, clause_mut) = generics[1].split_for_impl();
    quote! {
        impl #params #rt::Leaves for #name #arguments #clause {
            fn visit_leaves<'leaves, EachLeaf: #rt::LeafVisitor<'leaves>>(
                &'leaves self,
                path: &#rt::LeafPath<'_>,
                visitor: &mut EachLeaf,
            ) {
                #shared
            }
        }

        impl #params_mut #rt::LeavesMut for #name #arguments_mut #clause_mut {
            fn visit_leaves_mut<EachLeaf: #rt::LeafVisitorMut>(&mut self, path: &#rt::LeafPath<'_>, visitor: &mut EachLeaf) {
                #mutable
            }
        }
    }
}

/// Adds the bounds under which the leaves of the fields can be visited.
///
/// What a field borrows cannot be changed, for one: such a bound need not hold, and the impl then does not apply.
/// `for<'leaf>` keeps rustc from checking that at the definition.
///
/// `ty` is the type to be visited for a field, if there is one. In a field that contains the item itself, the bound is on `param` of each
/// type parameter instead.
fn with_bounds(
    input: &Input,
    base: &syn::Generics,
    bound: &str,
    ty: impl Fn(&Field) -> Option<TokenStream>,
    param: impl Fn(&Ident) -> TokenStream,
) -> syn::Generics {
    let (rt, bound) = (&input.rt, Ident::new(bound, Span::call_site()));
    let mut predicates = Vec::new();
    for field in input.fields() {
        let Some(subject) = ty(field) else { continue };
        let generic = fields::mentions_type_parameter(&field.ty, &input.generics);
        if input.family.is_in(&field.ty) {
            let params = input.generics.type_params().map(|param| &param.ident);
            for name in params.filter(|name| mentions(subject.clone(), &name.to_string())) {
                let subject = param(name);
                predicates.push(quote!(#subject: #rt::#bound));
            }
        } else if generic {
            predicates.push(quote!(#subject: #rt::#bound));
        } else if !fields::has_leaves(&field.ty) {
            predicates.push(quote!(for<'leaf> #subject: #rt::#bound));
        }
    }
    let mut generics = base.clone();
    generics::add(&mut generics, &predicates);
    generics
}
