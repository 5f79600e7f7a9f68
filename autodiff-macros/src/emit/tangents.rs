//! The types of tangents and cotangents, as they stand in signatures.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};

use crate::analysis::types::strip;
use crate::ir::literals;
use crate::ir::{Float, Passing, Tensor, Type};

/// Where tangent types come from.
pub(super) struct Types<'a> {
    /// The path of the runtime.
    pub(super) rt: &'a TokenStream,
    /// No type needs to have a tangent: each stands for its own.
    pub(super) stub: bool,
    /// Names of numbers that are written as any other type: what a trait and its implementations say of them has to agree,
    /// and only the bodies of these tell that they are numbers.
    pub(super) plain: &'a dyn Fn(&str) -> bool,
    /// Tangents are those in several directions at once.
    pub(super) lanes: bool,
}

impl Types<'_> {
    /// The owned tangent of a type: what `grad` returns for a parameter of the type.
    pub(super) fn owned(&self, ty: &syn::Type, known: &Type) -> TokenStream {
        let stripped = strip(ty);
        match (known, stripped) {
            (Type::Ref { mutable: _, inner }, _) => self.owned(stripped, inner),
            (Type::Float(Float::Named(name)), _) if (self.plain)(name) => self.associated(stripped),
            (Type::Float(_), _) if self.lanes => literals::lane(),
            (Type::Float(_), _) => stripped.to_token_stream(),
            (Type::Int(_) | Type::Bool | Type::Unit | Type::Inactive, _) => quote!(()),
            (Type::Array(item, _), syn::Type::Array(array)) => {
                let (item, len) = (self.owned(&array.elem, item), &array.len);
                quote!([#item; #len])
            }
            (Type::Slice(item), syn::Type::Slice(slice)) => {
                let item = self.owned(&slice.elem, item);
                quote!(Vec<#item>)
            }
            (Type::Vec(item), syn::Type::Path(path)) => match sole_argument(path) {
                Some(elem) => {
                    let item = self.owned(elem, item);
                    quote!(Vec<#item>)
                }
                None => self.associated(stripped),
            },
            (Type::Option(item), syn::Type::Path(path)) => match sole_argument(path) {
                Some(content) => {
                    let item = self.owned(content, item);
                    quote!(Option<#item>)
                }
                None => self.associated(stripped),
            },
            (Type::Result(item, _), syn::Type::Path(path)) => match first_argument(path) {
                Some(content) => {
                    let item = self.owned(content, item);
                    quote!(Option<#item>)
                }
                None => self.associated(stripped),
            },
            (Type::Tuple(items), syn::Type::Tuple(tuple)) if items.len() == tuple.elems.len() => {
                let items = tuple.elems.iter().zip(items).map(|(ty, known)| self.owned(ty, known));
                let comma = (items.len() == 1).then(|| quote!(,));
                quote!((#(#items),* #comma))
            }
            (Type::Tensor(tensor), _) if matches!(*tensor.elem, Type::Float(_)) => {
                array(stripped, tensor, self.rt).unwrap_or_else(|| self.associated(stripped))
            }
            _ => self.associated(stripped),
        }
    }

    /// The tangent as the compiler knows it.
    fn associated(&self, ty: &syn::Type) -> TokenStream {
        let (ty, rt) = (with_static_lifetimes(ty), self.rt);
        match (&ty, self.stub) {
            (syn::Type::Path(_), true) => quote!(#ty),
            (_, true) => quote!(()),
            (syn::Type::Path(path), false) if is_tangent(path) => quote!(#ty),
            (_, false) => quote!(<#ty as #rt::Differentiable>::Tangent),
        }
    }

    /// What a pullback's slot for a parameter of this type points to.
    pub(super) fn slot(&self, ty: &syn::Type, known: &Type) -> TokenStream {
        match (known, strip(ty)) {
            (Type::Ref { mutable: _, inner }, syn::Type::Slice(slice)) => match &**inner {
                Type::Slice(item) => {
                    let item = self.owned(&slice.elem, item);
                    quote!([#item])
                }
                _ => self.owned(ty, known),
            },
            _ => self.owned(ty, known),
        }
    }

    /// The type of the tangent argument of `jvp`: passed like the parameter.
    pub(super) fn dot(&self, ty: &syn::Type, known: &Type, passing: Passing) -> TokenStream {
        if matches!(known, Type::Tensor(tensor) if tensor.view && matches!(*tensor.elem, Type::Float(_))) {
            return ty.to_token_stream();
        }
        match passing {
            Passing::Value => self.owned(ty, known),
            Passing::Shared => {
                let slot = self.slot(ty, known);
                quote!(&#slot)
            }
            Passing::Mut => {
                let slot = self.slot(ty, known);
                quote!(&mut #slot)
            }
        }
    }
}

/// The type is written as the tangent of another one, `<P as rt::Differentiable>::Tangent`: it is its own.
pub(super) fn is_tangent(path: &syn::TypePath) -> bool {
    let of_trait = path.qself.as_ref().and_then(|qself| path.path.segments.iter().nth(qself.position.checked_sub(1)?));
    of_trait.is_some_and(|of_trait| of_trait.ident == "Differentiable")
        && path.path.segments.last().is_some_and(|last| last.ident == "Tangent")
}

/// The owned array with the dimension of an array or of a view.
fn array(ty: &syn::Type, tensor: &Tensor, rt: &TokenStream) -> Option<TokenStream> {
    if !tensor.view {
        return Some(ty.to_token_stream());
    }
    let (syn::Type::Path(path), Some(rank)) = (ty, tensor.rank) else { return None };
    let name = Ident::new(&format!("Array{rank}"), Span::call_site());
    let elem = sole_argument(path)?;
    Some(quote!(#rt::ndarray::#name<#elem>))
}

/// The only type argument of the path's last segment.
fn sole_argument(path: &syn::TypePath) -> Option<&syn::Type> {
    let arguments = type_arguments(path);
    arguments.first().copied().filter(|_| arguments.len() == 1)
}

/// The first type argument of the path's last segment: `T` of `Result<T, E>`.
pub(super) fn first_argument(path: &syn::TypePath) -> Option<&syn::Type> {
    type_arguments(path).first().copied()
}

fn type_arguments(path: &syn::TypePath) -> Vec<&syn::Type> {
    let last = path.path.segments.last().map(|last| &last.arguments);
    let Some(syn::PathArguments::AngleBracketed(arguments)) = last else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// Whether the caller's cotangent can have the wrong length or shape, and every part of it can be checked.
pub(super) fn has_shape(known: &Type) -> bool {
    match known {
        Type::Ref { mutable: _, inner } => has_shape(inner),
        Type::Slice(item) | Type::Vec(item) => is_checkable(item),
        Type::Tensor(tensor) => matches!(*tensor.elem, Type::Float(_)),
        Type::Array(item, _) => has_shape(item),
        Type::Tuple(items) => items.iter().any(has_shape) && items.iter().all(is_checkable),
        Type::Unknown
        | Type::Deque(_)
        | Type::Float(_)
        | Type::FloatLiteral
        | Type::Int(_)
        | Type::Bool
        | Type::Unit
        | Type::Inactive
        | Type::Option(_)
        | Type::Result(..)
        | Type::Named(_)
        | Type::Tape(_)
        | Type::Slot(_)
        | Type::Pullback
        | Type::Never => false,
    }
}

fn is_checkable(known: &Type) -> bool {
    match known {
        Type::Float(_) | Type::Int(_) | Type::Bool | Type::Unit => true,
        Type::Tuple(items) => items.iter().all(is_checkable),
        Type::Array(item, _) => is_checkable(item),
        other => has_shape(other),
    }
}

/// The type with all its lifetimes elided, except `'static`.
pub(super) fn without_lifetimes(ty: &syn::Type) -> syn::Type {
    struct Elide;
    impl VisitMut for Elide {
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            if reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident != "static") {
                reference.lifetime = None;
            }
            visit_mut::visit_type_mut(self, &mut reference.elem);
        }

        fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
            if lifetime.ident != "static" {
                *lifetime = syn::Lifetime::new("'_", lifetime.span());
            }
        }
    }
    let mut ty = ty.clone();
    Elide.visit_type_mut(&mut ty);
    ty
}

/// The type with `'static` for all its lifetimes: a tangent borrows nothing, so that it is the same for all of them.
fn with_static_lifetimes(ty: &syn::Type) -> syn::Type {
    struct Static;
    impl VisitMut for Static {
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            reference.lifetime.get_or_insert_with(|| syn::Lifetime::new("'static", Span::call_site()));
            visit_mut::visit_type_reference_mut(self, reference);
        }

        fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
            *lifetime = syn::Lifetime::new("'static", lifetime.span());
        }
    }
    let mut ty = ty.clone();
    Static.visit_type_mut(&mut ty);
    ty
}

/// The type with `name` for every elided lifetime. `view` says that it is a view of `ndarray`, whose lifetime may be
/// left out altogether. Tells whether there was any.
pub(super) fn with_lifetime(ty: &syn::Type, view: bool, name: &syn::Lifetime) -> (syn::Type, bool) {
    struct Fill<'a> {
        name: &'a syn::Lifetime,
        view: bool,
        found: bool,
    }
    impl VisitMut for Fill<'_> {
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            if reference.lifetime.is_none() {
                reference.lifetime = Some(self.name.clone());
                self.found = true;
            }
            visit_mut::visit_type_reference_mut(self, reference);
        }

        fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
            if lifetime.ident == "_" {
                *lifetime = self.name.clone();
                self.found = true;
            }
        }

        fn visit_path_segment_mut(&mut self, segment: &mut syn::PathSegment) {
            visit_mut::visit_path_segment_mut(self, segment);
            let syn::PathArguments::AngleBracketed(arguments) = &mut segment.arguments else { return };
            let has_lifetime = arguments.args.iter().any(|arg| matches!(arg, syn::GenericArgument::Lifetime(_)));
            if self.view && segment.ident.to_string().starts_with("ArrayView") && !has_lifetime {
                arguments.args.insert(0, syn::GenericArgument::Lifetime(self.name.clone()));
                self.found = true;
            }
        }

        fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}

        fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut syn::ParenthesizedGenericArguments) {}
    }
    let mut fill = Fill { name, view, found: false };
    let mut ty = ty.clone();
    fill.visit_type_mut(&mut ty);
    (ty, fill.found)
}
