//! Fields: which may carry a derivative, and what their tangents are.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;

use super::family::{Family, LISTS};
use super::input::mentions;
use crate::analysis::scalars;
use crate::analysis::types::{self, strip};
use crate::ir::Type;

/// What a field is to a derivative.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    /// It has a tangent; `boxed` says that the field's type contains the item itself, so that its tangent needs a place
    /// of its own.
    Active { boxed: bool },
    /// It holds no floating-point number.
    Inactive,
    /// It is declared constant.
    Constant,
}

/// A field of a struct or of a variant.
pub(super) struct Field {
    pub(super) member: syn::Member,
    pub(super) vis: syn::Visibility,
    pub(super) ty: syn::Type,
    pub(super) role: Role,
    /// Whether it is constant but saved with what is not: `#[buffer]`.
    pub(super) buffer: bool,
    /// The type of the field's tangent.
    pub(super) tangent: TokenStream,
    /// The same without the box that it may have.
    pub(super) unboxed: TokenStream,
}

impl Field {
    pub(super) fn new(
        member: syn::Member,
        field: &syn::Field,
        (role, buffer): (Role, bool),
        generics: &syn::Generics,
        root: &TokenStream,
    ) -> Field {
        let unboxed = match role {
            Role::Active { .. } => tangent(&without_lifetimes(&field.ty, generics), generics, root),
            Role::Inactive => without_numbers(&field.ty, root),
            Role::Constant => quote!(#root::rt::NoGradField),
        };
        let boxed = role == Role::Active { boxed: true };
        let tangent = if boxed { quote!(::std::boxed::Box<#unboxed>) } else { unboxed.clone() };
        Field { member, vis: field.vis.clone(), ty: field.ty.clone(), role, buffer, tangent, unboxed }
    }

    pub(super) fn is_active(&self) -> bool {
        matches!(self.role, Role::Active { .. })
    }

    /// The zero tangent of a place that holds the field.
    pub(super) fn zero_tangent(&self, rt: &TokenStream, place: &TokenStream) -> TokenStream {
        let zero = quote!(#rt::zero_tangent(#place));
        let boxed = self.role == Role::Active { boxed: true };
        if boxed { quote!(::std::boxed::Box::new(#zero)) } else { zero }
    }
}

impl Role {
    /// The role of a field of an item of the family; `constant` says that it is declared so.
    pub(super) fn of(ty: &syn::Type, family: &Family, constant: bool) -> Role {
        if is_inactive(ty) {
            Role::Inactive
        } else if constant {
            Role::Constant
        } else {
            Role::Active { boxed: contains_directly(ty, family) }
        }
    }
}

/// The tangent of a type without numbers: of size zero, with the type's structure.
fn without_numbers(ty: &syn::Type, root: &TokenStream) -> TokenStream {
    if is_unit(ty) {
        return quote!(());
    }
    let element = match strip(ty) {
        syn::Type::Tuple(tuple) => {
            let items = tuple.elems.iter().map(|item| without_numbers(item, root));
            return quote!((#(#items,)*));
        }
        syn::Type::Array(array) => without_numbers(&array.elem, root),
        syn::Type::Slice(slice) => without_numbers(&slice.elem, root),
        syn::Type::Path(path) => match last_segment(path) {
            Some((_, arguments)) if arguments.len() == 1 => without_numbers(arguments[0], root),
            _ => quote!(()),
        },
        _ => quote!(()),
    };
    quote!(#root::rt::NoNumbers<#element>)
}

/// `Fn(f64) -> f64`
fn is_function_bound(bound: &syn::TypeParamBound) -> bool {
    match bound {
        syn::TypeParamBound::Trait(bound) => bound
            .path
            .segments
            .last()
            .is_some_and(|last| matches!(last.ident.to_string().as_str(), "Fn" | "FnMut" | "FnOnce")),
        _ => false,
    }
}

/// Whether the type is certainly one whose tangent is `()`. Names that a user's own type might have are not in the list.
fn is_unit(ty: &syn::Type) -> bool {
    match strip(ty) {
        syn::Type::FnPtr(_) => true,
        // What a function computes has derivatives, the function itself has none.
        syn::Type::TraitObject(object) => object.bounds.iter().any(is_function_bound),
        syn::Type::Tuple(tuple) => tuple.elems.is_empty(),
        syn::Type::Path(path) if matches!(scalars::named(path), Some(Type::Inactive)) => true,
        syn::Type::Path(path) => {
            let Some((name, arguments)) = last_segment(path) else { return false };
            match name.as_str() {
                "bool" | "char" | "str" | "String" | "PhantomData" => true,
                "Box" | "Rc" | "Arc" => arguments.len() == 1 && arguments.iter().all(|ty| is_unit(ty)),
                other => types::integer(other).is_some(),
            }
        }
        _ => false,
    }
}

/// Whether the type certainly holds no floating-point number.
fn is_inactive(ty: &syn::Type) -> bool {
    if is_unit(ty) {
        return true;
    }
    match strip(ty) {
        syn::Type::Array(array) => is_inactive(&array.elem),
        syn::Type::Slice(slice) => is_inactive(&slice.elem),
        syn::Type::Tuple(tuple) => tuple.elems.iter().all(is_inactive),
        syn::Type::Path(path) => last_segment(path).is_some_and(|(name, arguments)| {
            ["Vec", "Option", "Box"].contains(&name.as_str())
                && arguments.len() == 1
                && arguments.iter().all(|ty| is_inactive(ty))
        }),
        _ => false,
    }
}

/// The last segment of a plain path, with its type arguments.
fn last_segment(path: &syn::TypePath) -> Option<(String, Vec<&syn::Type>)> {
    let segment = path.path.segments.last().filter(|_| path.qself.is_none())?;
    let arguments = match &segment.arguments {
        syn::PathArguments::AngleBracketed(list) => list.args.iter().filter_map(as_type).collect(),
        syn::PathArguments::None | syn::PathArguments::Parenthesized(_) => Vec::new(),
    };
    Some((segment.ident.to_string(), arguments))
}

fn as_type(argument: &syn::GenericArgument) -> Option<&syn::Type> {
    match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// The tangent of a type: written out for numbers and sequences of them, by the trait otherwise.
fn tangent(ty: &syn::Type, generics: &syn::Generics, root: &TokenStream) -> TokenStream {
    let ty = strip(ty);
    let associated = || quote!(<#ty as #root::rt::Differentiable>::Tangent);
    if is_unit(ty) {
        return quote!(());
    }
    match ty {
        syn::Type::Array(array) => {
            let (item, len) = (tangent(&array.elem, generics, root), &array.len);
            quote!([#item; #len])
        }
        syn::Type::Slice(slice) => {
            let item = tangent(&slice.elem, generics, root);
            quote!(::std::vec::Vec<#item>)
        }
        syn::Type::Tuple(tuple) => {
            let items = tuple.elems.iter().map(|item| tangent(item, generics, root));
            quote!((#(#items,)*))
        }
        syn::Type::Path(path) => tangent_of_path(path, generics, root).unwrap_or_else(associated),
        _ => associated(),
    }
}

/// The tangent of a number, an owned array of numbers, a `Vec` or an `Option`, as far as the name tells.
fn tangent_of_path(path: &syn::TypePath, generics: &syn::Generics, root: &TokenStream) -> Option<TokenStream> {
    let (name, arguments) = last_segment(path)?;
    match (name.as_str(), &arguments[..]) {
        ("f32" | "f64", []) => Some(path.to_token_stream()),
        ("Vec" | "Option", [item]) => {
            let item = tangent(item, generics, root);
            let mut path = path.clone();
            let last = path.path.segments.last_mut()?;
            last.arguments = syn::PathArguments::AngleBracketed(syn::parse_quote!(<#item>));
            Some(path.to_token_stream())
        }
        _ if is_array_of_numbers(path) || array_of_parameter(path, generics).is_some() => Some(path.to_token_stream()),
        _ => None,
    }
}

/// Whether the type is one of `ndarray`'s owned arrays of numbers, which are their own tangents.
pub(super) fn is_array_of_numbers(path: &syn::TypePath) -> bool {
    let Some((name, arguments)) = last_segment(path) else { return false };
    let arguments: Vec<syn::Type> = arguments.into_iter().cloned().collect();
    types::parse_tensor(&name, &arguments).is_some_and(|tensor| !tensor.view && types::is_float(&tensor.elem))
}

/// The type parameter whose values the type, one of `ndarray`'s owned arrays, consists of, if it is bounded by `Float`: such
/// an array is its own tangent as well.
pub(super) fn array_of_parameter<'g>(path: &syn::TypePath, generics: &'g syn::Generics) -> Option<&'g Ident> {
    let (name, arguments) = last_segment(path)?;
    let arguments: Vec<syn::Type> = arguments.into_iter().cloned().collect();
    let owned = types::parse_tensor(&name, &arguments).is_some_and(|tensor| !tensor.view);
    let Some(syn::Type::Path(element)) = arguments.first().filter(|_| owned) else { return None };
    let name = element.path.get_ident()?;
    let is_float = |bound: &syn::TypeParamBound| match bound {
        syn::TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| last.ident == "Float"),
        _ => false,
    };
    let in_clause = |predicate: &syn::WherePredicate| match predicate {
        syn::WherePredicate::Type(predicate) => {
            let about = matches!(&predicate.bounded_ty, syn::Type::Path(path) if path.path.is_ident(name));
            about && predicate.bounds.iter().any(is_float)
        }
        _ => false,
    };
    let clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let bounded = clause.into_iter().any(in_clause);
    let param = generics.type_params().find(|param| param.ident == *name)?;
    (bounded || param.bounds.iter().any(is_float)).then_some(&param.ident)
}

/// Whether a value of the type may hold one of the family without a `Vec`, a slice or a map in between, all of which
/// keep their tangents elsewhere.
fn contains_directly(ty: &syn::Type, family: &Family) -> bool {
    match strip(ty) {
        syn::Type::Slice(_) => false,
        syn::Type::Path(path) => match last_segment(path) {
            Some((name, _)) if LISTS.contains(&name.as_str()) => false,
            _ => family.is_pointed_to(path),
        },
        other => family.is_pointed_to(other),
    }
}

/// The type with `'static` for all the item's lifetimes, since a tangent borrows nothing. A type that depends on type
/// parameters keeps its lifetimes: those parameters need not live as long.
fn without_lifetimes(ty: &syn::Type, generics: &syn::Generics) -> syn::Type {
    struct Static;
    impl VisitMut for Static {
        fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
            *lifetime = syn::Lifetime::new("'static", lifetime.span());
        }
        /// Lifetimes of their own.
        fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
        fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut syn::ParenthesizedGenericArguments) {}
    }
    let mut ty = strip(ty).clone();
    if !mentions_type_parameter(&ty, generics) {
        Static.visit_type_mut(&mut ty);
    }
    ty
}

/// Whether the type depends on a type parameter.
pub(super) fn mentions_type_parameter(ty: &syn::Type, generics: &syn::Generics) -> bool {
    generics.type_params().any(|param| mentions(ty.to_token_stream(), &param.ident.to_string()))
}

/// Whether the leaves of the type can certainly be visited and changed.
pub(super) fn has_leaves(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Group(group) => has_leaves(&group.elem),
        syn::Type::Paren(paren) => has_leaves(&paren.elem),
        syn::Type::Array(array) => has_leaves(&array.elem),
        syn::Type::Slice(slice) => has_leaves(&slice.elem),
        syn::Type::Tuple(tuple) => tuple.elems.iter().all(has_leaves),
        syn::Type::Path(path) => last_segment(path).is_some_and(|(name, arguments)| {
            let standard = ["f32", "f64", "Vec", "VecDeque", "Option", "Box"].contains(&name.as_str());
            is_unit(ty) || is_array_of_numbers(path) || standard && arguments.iter().all(|ty| has_leaves(ty))
        }),
        _ => false,
    }
}
