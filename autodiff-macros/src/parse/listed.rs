//! Methods that traits of the crate give to lists: `impl Stats for [f64]`, `impl<T: AsRef<[f64]>> Stats for T`.
//!
//! Which implementation is called Rust tells by the type behind as many references as it takes: a `Vec` has the methods of
//! slices unless it has its own. What the crate's files show of the implementation is lowered where it is called, so that a
//! list of any type needs neither a known size nor a tangent of its own.

use super::env::{Binding, Closure, Env, Lowered};
use super::lent;
use super::lowerer::Lowerer;
use super::place::strip_parens;
use crate::analysis::types;
use crate::declarations;
use crate::definitions::{self, Definition};
use crate::emit;
use crate::ir::{Type, literals};
use crate::owner;
use crate::site::Site;
use std::collections::BTreeSet;

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

/// What an implementation is for, in the order in which Rust looks for methods of a `Vec` or an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// The list's own type.
    Itself,
    /// All that lend a list, `T: AsRef<[f64]>`.
    Lending,
    Slice,
    /// `&[f64]`
    Reference,
}

/// Whether the methods of an implementation are differentiated where they are called only: it is for references to lists, or for
/// all types that lend one.
pub(crate) fn is_called_only(item: &syn::ItemImpl, options: &crate::options::Options) -> bool {
    let declared = options.site.as_ref().and_then(|site| declarations::trait_of(site, item));
    declared.is_some() && matches!(kind_of(item), Some((Kind::Lending | Kind::Reference, _)))
}

/// Whether an implementation is for slices, references to them, or all types that lend one.
pub(crate) fn is_for_lists_of_unknown_length(item: &syn::ItemImpl) -> bool {
    matches!(kind_of(item), Some((Kind::Lending | Kind::Slice | Kind::Reference, _)))
}

/// What an implementation is for, if that is a list, and its elements as they are written.
fn kind_of(item: &syn::ItemImpl) -> Option<(Kind, syn::Type)> {
    match &*item.self_ty {
        syn::Type::Slice(slice) => Some((Kind::Slice, (*slice.elem).clone())),
        syn::Type::Array(array) => Some((Kind::Itself, (*array.elem).clone())),
        syn::Type::Reference(reference) => match &*reference.elem {
            syn::Type::Slice(slice) => Some((Kind::Reference, (*slice.elem).clone())),
            _ => None,
        },
        syn::Type::Path(path) => {
            let last = path.path.segments.last()?;
            if last.ident == "Vec" {
                return Some((Kind::Itself, types::type_arguments(&last.arguments).into_iter().next()?));
            }
            let param = path.path.get_ident().filter(|name| item.generics.type_params().any(|p| p.ident == **name))?;
            Some((Kind::Lending, lent_elements(&item.generics, param)?))
        }
        _ => None,
    }
}

/// `f64` for `T: AsRef<[f64]>`.
fn lent_elements(generics: &syn::Generics, param: &Ident) -> Option<syn::Type> {
    let bounds = crate::analysis::scalars::bounds(generics);
    bounds.get(&param.to_string())?.iter().find_map(|bound| {
        let syn::TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|last| last.ident == "AsRef" || last.ident == "Borrow")?;
        match types::type_arguments(&last.arguments).into_iter().next()? {
            syn::Type::Slice(slice) => Some((*slice.elem).clone()),
            _ => None,
        }
    })
}

/// `v.as_slice().mean()` is a call of the slice's method, whatever `v` has itself.
fn is_made_a_slice(receiver: &Expr) -> bool {
    match strip_parens(receiver) {
        Expr::MethodCall(call) => {
            ["as_slice", "as_mut_slice", "as_ref", "as_mut", "borrow", "deref"].iter().any(|name| call.method == name)
        }
        _ => false,
    }
}

/// The method with the elements' type in the place of the parameter of its implementation that stands for it.
fn with_elements(mut found: Definition, elem: &Type) -> Option<Definition> {
    let definitions::Around::Impl(item) = &mut found.around else { return Some(found) };
    let Some((_, written)) = kind_of(item) else { return Some(found) };
    let param = item
        .generics
        .type_params()
        .map(|param| param.ident.clone())
        .find(|param| *param == written.to_token_stream().to_string());
    let number = match elem {
        Type::Float(float) => literals::type_name(&Type::Float(float.clone())),
        _ => None,
    };
    let (Some(param), Some(number)) = (param, number) else { return Some(found) };
    let replaced = |tokens: TokenStream| replaced(tokens, &param, &number);
    found.signature = syn::parse2(replaced(found.signature.to_token_stream())).ok()?;
    found.body = Some(syn::parse2(replaced(found.body?.to_token_stream())).ok()?);
    item.generics.params = item
        .generics
        .params
        .clone()
        .into_iter()
        .filter(|other| match other {
            syn::GenericParam::Type(other) => other.ident != param,
            syn::GenericParam::Lifetime(_) | syn::GenericParam::Const(_) => true,
        })
        .collect();
    Some(found)
}

/// The name of the trait that a method is of.
fn of_trait(found: &Definition) -> String {
    match &found.around {
        definitions::Around::Impl(item) => {
            let last = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last());
            last.map(|last| last.ident.to_string()).unwrap_or_default()
        }
        definitions::Around::Trait(item) => item.ident.to_string(),
        definitions::Around::Nothing => String::new(),
    }
}

fn replaced(tokens: TokenStream, name: &Ident, by: &TokenStream) -> TokenStream {
    let each = tokens.into_iter().map(|tree| match tree {
        TokenTree::Ident(ident) if ident == *name => by.clone(),
        TokenTree::Group(group) => {
            let mut new = Group::new(group.delimiter(), replaced(group.stream(), name, by));
            new.set_span(group.span());
            TokenTree::Group(new).into()
        }
        other => other.into(),
    });
    each.collect()
}

impl Lowerer<'_> {
    /// The call of a method that a trait of the crate gives to a list.
    pub(super) fn method_of_list(&mut self, receiver: &Lowered, ty: &Type, call: &ExprMethodCall) -> Option<Lowered> {
        let elem = match ty {
            Type::Array(elem, _) | Type::Slice(elem) | Type::Vec(elem) => &**elem,
            _ => return None,
        };
        let seen = if is_made_a_slice(&call.receiver) { &Type::Slice(Box::new(elem.clone())) } else { ty };
        let body = self.body_for_list(receiver, seen, elem, call)?;
        Some(self.run_body(&body, &call.args, call.span()))
    }

    fn body_for_list(&self, receiver: &Lowered, ty: &Type, elem: &Type, call: &ExprMethodCall) -> Option<Closure> {
        let site = self.site.as_ref()?;
        let all = definitions::named(site, &call.method.to_string()).into_iter();
        let usable =
            all.filter(|found| found.annotated && found.body.is_some() && found.signature.receiver().is_some());
        let (given, declared): (Vec<Definition>, Vec<Definition>) = usable.partition(|found| !found.is_of_trait());
        let fitting =
            given.into_iter().filter_map(|found| Some((self.gives_to(found.implementation()?, ty, elem)?, found)));
        let mut fitting: Vec<(Kind, Definition)> = fitting.collect();
        fitting.sort_by_key(|(kind, _)| *kind);
        // Which of several traits is in scope here is not known.
        let traits = fitting.iter().map(|(_, found)| of_trait(found)).chain(declared.iter().map(of_trait));
        if traits.collect::<BTreeSet<String>>().len() > 1 {
            return None;
        }
        let found = match fitting.as_slice() {
            [] => crate::nearby::only(declared.into_iter().filter(|found| self.is_for_lists(site, found)))?,
            [(first, _), (second, _), ..] if first == second => return None,
            [..] => fitting.swap_remove(0).1,
        };
        let found = with_elements(found, elem)?;
        // `Self` is the type of the list there, and another one here.
        let signature = &found.signature;
        let of_itself = |tokens| emit::mentions(tokens, "Self");
        if of_itself(found.body.to_token_stream())
            || of_itself(signature.inputs.iter().skip(1).map(ToTokens::to_token_stream).collect())
            || of_itself(signature.output.to_token_stream())
        {
            return None;
        }
        let mutable = owner::passing(found.signature.receiver()?) == crate::ir::Passing::Mut;
        let mut env = Env::within(&self.env);
        env.push();
        let itself = Binding::Alias(lent::lent_receiver(receiver, mutable));
        env.bind(&Ident::new("self", call.method.span()), itself);
        let of = found.implementation().map(|item| item.self_ty.to_token_stream().to_string()).unwrap_or_default();
        self.body_of(&found, format!("{of}::{}", call.method), env, call.method.span())
    }

    /// What an implementation is for, if the list has its methods.
    fn gives_to(&self, item: &syn::ItemImpl, ty: &Type, elem: &Type) -> Option<Kind> {
        item.trait_.as_ref()?;
        let (kind, written) = kind_of(item)?;
        let of = types::parse_type(&written);
        let open = item.generics.type_params().any(|param| param.ident == written.to_token_stream().to_string());
        let same_elements = open
            || match (&of, elem) {
                (Type::Float(of), Type::Float(elem)) => of == elem,
                (Type::Float(_), Type::FloatLiteral | Type::Unknown) => true,
                (of, elem) => !types::conflict(of, elem) && std::mem::discriminant(of) == std::mem::discriminant(elem),
            };
        let same_list = match (kind, &*item.self_ty) {
            (Kind::Itself, syn::Type::Array(_)) => matches!(ty, Type::Array(..)),
            (Kind::Itself, _) => matches!(ty, Type::Vec(_)),
            (Kind::Slice | Kind::Lending | Kind::Reference, _) => true,
        };
        (same_elements && same_list).then_some(kind)
    }

    /// The default method of a trait that lists have.
    fn is_for_lists(&self, site: &Site, found: &Definition) -> bool {
        let definitions::Around::Trait(item) = &found.around else { return false };
        let all = declarations::implementations_for(site, &item.ident.to_string(), None);
        all.iter().any(|item| kind_of(item).is_some())
    }
}
