//! Which type the operators of the crate's own types give: what its `impl`s of `std::ops` say.
//!
//! The types have no arguments here, since their names are enough to tell what a method or a field belongs to. What stands
//! in macros is not seen.

use crate::analysis::types;
use crate::declarations;
use crate::ir::{BinOp, Float, Type};
use crate::site::{Site, item_at};
use crate::source::{self, Source};

/// An implementation of an operator with two operands.
#[derive(Debug)]
pub(crate) struct Implementation {
    of_trait: String,
    left: Side,
    right: Side,
    output: Side,
}

/// What is known of an operand.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Side {
    /// A type of this name.
    Type(String),
    Number(Option<&'static str>),
    Unknown,
}

/// What the operator gives for operands of these types, if all implementations that may be meant agree.
pub(crate) fn result(site: &Site, op: BinOp, left: &Type, right: &Type) -> Option<Type> {
    let (of_trait, _) = op.arithmetic()?;
    let (left, right) = (side(left), side(right));
    if ![&left, &right].into_iter().any(|side| matches!(side, Side::Type(_))) {
        return None;
    }
    let mut outputs = Vec::new();
    for file in declarations::files(&site.path) {
        let Some(text) = source::read(&file) else { continue };
        let fitting = text
            .operators()
            .iter()
            .filter(|found| found.of_trait == of_trait && may_be(&left, &found.left) && may_be(&right, &found.right));
        outputs.extend(fitting.map(|found| found.output.clone()));
    }
    let first = outputs.pop()?;
    if outputs.iter().any(|other| *other != first) {
        return None;
    }
    match first {
        Side::Type(name) => syn::parse_str(&name).ok().map(|name: syn::Ident| Type::Named(quote::quote!(#name))),
        Side::Number(Some(float)) => types::float(float).map(Type::Float),
        Side::Number(None) | Side::Unknown => None,
    }
}

/// The implementations of operators in a file.
pub(crate) fn of_file(text: &Source) -> Vec<Implementation> {
    let starts = text.places("type", "Output").filter_map(|at| text.open_items(at).pop());
    let items = starts.filter_map(|start| syn::parse_str::<syn::ItemImpl>(item_at(text, start)).ok());
    items.filter_map(|item| implementation(&item)).collect()
}

fn implementation(item: &syn::ItemImpl) -> Option<Implementation> {
    let last = item.trait_.as_ref()?.0.segments.last()?;
    let output = item.items.iter().find_map(|item| match item {
        syn::ImplItem::Type(ty) if ty.ident == "Output" => Some(&ty.ty),
        _ => None,
    })?;
    let this = &*item.self_ty;
    let named = |ty: &syn::Type| match types::strip(ty) {
        syn::Type::Path(path) if path.path.is_ident("Self") => written(types::strip(this), &item.generics),
        other => written(other, &item.generics),
    };
    let right = types::type_arguments(&last.arguments).into_iter().next();
    let right = right.map_or_else(|| named(this), |right| named(&right));
    Some(Implementation { of_trait: last.ident.to_string(), left: named(this), right, output: named(output) })
}

/// A type as it is written in an `impl` with these type parameters, of which each may be a number.
fn written(ty: &syn::Type, generics: &syn::Generics) -> Side {
    let syn::Type::Path(path) = ty else { return Side::Unknown };
    let (Some(last), None) = (path.path.segments.last(), &path.qself) else { return Side::Unknown };
    let name = last.ident.to_string();
    if generics.type_params().any(|param| path.path.is_ident(&param.ident)) {
        return Side::Number(None);
    }
    match name.as_str() {
        "f32" => Side::Number(Some("f32")),
        "f64" => Side::Number(Some("f64")),
        _ if path.path.segments.len() > 1 && path.path.segments[0].ident == "Self" => Side::Unknown,
        _ => Side::Type(name),
    }
}

/// What a type of the IR says.
fn side(ty: &Type) -> Side {
    match types::strip_refs(ty) {
        named @ Type::Named(_) => types::type_name(named).map_or(Side::Unknown, Side::Type),
        Type::Float(Float::F32) => Side::Number(Some("f32")),
        Type::Float(Float::F64) => Side::Number(Some("f64")),
        Type::Float(Float::Named(_) | Float::Lane) | Type::FloatLiteral => Side::Number(None),
        _ => Side::Unknown,
    }
}

/// An operand of which the first is known may be what the second says.
fn may_be(known: &Side, written: &Side) -> bool {
    match (known, written) {
        (Side::Unknown, _) => true,
        (Side::Type(known), Side::Type(written)) => known == written,
        (Side::Number(Some(known)), Side::Number(Some(written))) => known == written,
        (Side::Number(_), Side::Number(_)) => true,
        (Side::Type(_) | Side::Number(_), Side::Type(_) | Side::Number(_) | Side::Unknown) => false,
    }
}
