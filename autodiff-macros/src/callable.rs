//! Functions as parameters: `F: Fn(f64) -> f64`, `impl Fn(f64) -> f64`, `&dyn Fn(f64) -> f64`, `fn(f64) -> f64`.
//!
//! In a companion such a parameter is three things: what the function captured, its `call_vjp` and its `call_jvp`.

use crate::analysis::types;
use crate::ir::Type;
use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::{GenericArgument, Generics, PathArguments, TypeParamBound};

/// The signature that calls of the parameter have.
pub(crate) struct Shape {
    /// The type parameter that stands for it, if there is one.
    pub(crate) parameter: Option<Ident>,
    pub(crate) inputs: Vec<syn::Type>,
    pub(crate) output: syn::Type,
}

/// Whether a pullback takes an argument of this type again: all but numbers and what is given by `&mut`. So a closure
/// whose argument is by value and one whose argument is by reference look alike to a macro that sees no types.
pub(crate) fn is_again(ty: &syn::Type, generics: &[&Generics]) -> bool {
    let mut parameters = generics.iter().flat_map(|generics| generics.type_params());
    let generic = parameters.any(|parameter| is_path(ty, &parameter.ident));
    match types::parse_type(ty) {
        Type::Ref { mutable, inner: _ } => !mutable,
        known => !generic && !types::is_scalar(&known) && !matches!(known, Type::Unit),
    }
}

/// The signature of calls of a parameter of this type, if it is a function.
pub(crate) fn shape(ty: &syn::Type, generics: &Generics) -> Option<Shape> {
    match ty {
        syn::Type::Reference(reference) => shape(&reference.elem, generics),
        syn::Type::Group(group) => shape(&group.elem, generics),
        syn::Type::Paren(paren) => shape(&paren.elem, generics),
        syn::Type::ImplTrait(object) => bound(&object.bounds),
        syn::Type::TraitObject(object) => bound(&object.bounds),
        syn::Type::FnPtr(function) => {
            let inputs = function.inputs.iter().map(|input| input.ty.clone()).collect();
            Some(Shape { parameter: None, inputs, output: result(&function.output) })
        }
        syn::Type::Path(path) => match (path.path.get_ident(), path.path.segments.last()) {
            (Some(name), _) => of_parameter(name, generics),
            (None, Some(last)) if last.ident == "Box" => match &last.arguments {
                PathArguments::AngleBracketed(list) => list.args.iter().find_map(|argument| match argument {
                    GenericArgument::Type(inner) => shape(inner, generics),
                    _ => None,
                }),
                PathArguments::None | PathArguments::Parenthesized(_) => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Whether a type parameter stands for functions.
pub(crate) fn is_function(name: &Ident, generics: &Generics) -> bool {
    of_parameter(name, generics).is_some()
}

fn of_parameter(name: &Ident, generics: &Generics) -> Option<Shape> {
    let own = generics.type_params().filter(|parameter| parameter.ident == *name);
    let own = own.map(|parameter| &parameter.bounds);
    let clauses = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let elsewhere = clauses.filter_map(|predicate| match predicate {
        syn::WherePredicate::Type(typed) if is_path(&typed.bounded_ty, name) => Some(&typed.bounds),
        _ => None,
    });
    generics.type_params().find(|parameter| parameter.ident == *name)?;
    let shape = own.chain(elsewhere).find_map(bound)?;
    Some(Shape { parameter: Some(name.clone()), ..shape })
}

/// Whether the type is nothing but this name.
pub(crate) fn is_path(ty: &syn::Type, name: &Ident) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident(name))
}

/// `Fn(f64) -> f64` among the bounds.
fn bound(bounds: &Punctuated<TypeParamBound, syn::Token![+]>) -> Option<Shape> {
    bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last()?;
        let PathArguments::Parenthesized(arguments) = &last.arguments else { return None };
        ["Fn", "FnMut", "FnOnce"].into_iter().find(|name| last.ident == name)?;
        let inputs = arguments.inputs.iter().map(|input| input.ty.clone()).collect();
        Some(Shape { parameter: None, inputs, output: result(&arguments.output) })
    })
}

fn result(output: &syn::ReturnType) -> syn::Type {
    match output {
        syn::ReturnType::Default => syn::parse_quote!(()),
        syn::ReturnType::Type(_, ty) => (**ty).clone(),
    }
}
