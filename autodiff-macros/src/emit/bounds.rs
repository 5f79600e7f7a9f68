//! What the companion of a generic function asks of its type parameters, beside the bounds of the function itself.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::visit::Visit;

use crate::analysis::scalars::{self, Operator, Scalars};
use crate::analysis::types;
use crate::ir::walk::{self, Access};
use crate::ir::{self, Float, Function, Type};
use crate::owner::{Owner, Place, Stands};

/// The bounds of the derivatives. A name that a free function does not declare is an alias and needs none; that of a
/// member may be a parameter of an `impl` that is not seen.
pub(super) fn needed(
    item: &syn::ItemFn,
    owner: Option<&Owner>,
    primal: &Function,
    rt: &TokenStream,
    twice: bool,
) -> Vec<TokenStream> {
    let tangents = if twice { quote!(#rt::Twice) } else { quote!(#rt::Differentiable) };
    let own = item.sig.generics.type_params().map(|param| &param.ident);
    let place = owner.map(|owner| owner.place);
    let outer = owner.into_iter().flat_map(|owner| owner.generics.type_params()).map(|param| &param.ident);
    let declared: Vec<&Ident> = own.chain(outer.filter(|_| place == Some(Place::Trait))).collect();
    let mut numbers = numbers(primal);
    for name in declared_numbers(item, owner) {
        numbers.entry(name).or_insert(Use::Alone);
    }
    let of_numbers = numbers.iter().filter(|(name, _)| place == Some(Place::Type) || is_declared(name, item, owner));
    let of_numbers = of_numbers.map(|(name, at)| {
        let name: TokenStream = name.parse().expect("the name of a type was printed from tokens");
        match at {
            // What arrays consist of must have the methods of numbers.
            Use::Element => quote!(#name: #rt::Float),
            Use::Alone => quote!(#name: #rt::Scalar),
        }
    });
    let others = declared.iter().filter(|name| !numbers.contains_key(&name.to_string()));
    let others = others.filter(|name| has_tangent(item, primal, name) || is_receiver(primal, name));
    let parts =
        owner.filter(|_| place == Some(Place::Type)).map(|owner| parts_of_type(item, owner)).unwrap_or_default();
    let parts = parts.into_iter().filter(|(name, _)| !numbers.contains_key(&name.to_string()));
    let parts: Vec<TokenStream> = parts
        .map(|(name, demand)| match demand {
            // What only moves cannot be taken out of a receiver that derivatives borrow.
            Demand::Tangent if is_unbounded(item, owner, name) => {
                quote!(#name: #tangents + ::core::marker::Copy)
            }
            Demand::Tangent => quote!(#name: #tangents),
            Demand::Number | Demand::Element => quote!(#name: #rt::Scalar),
        })
        .collect();
    let associated = associated_types(item, primal, place == Some(Place::Trait), &declared);
    let given = owner.filter(|_| place == Some(Place::Implementation)).map(|owner| given(item, owner, primal));
    let given = given.unwrap_or_default().into_iter().filter(|name| !numbers.contains_key(&name.to_string()));
    let others = others.map(ToTokens::to_token_stream).chain(associated).chain(given.map(ToTokens::to_token_stream));
    let others = others.map(|name| quote!(#name: #tangents));
    let of_type = owner.is_none() || place == Some(Place::Type);
    let kept = if of_type { kept(item, primal, rt) } else { Vec::new() };
    of_numbers.chain(parts).chain(others).chain(rules(item, owner, rt)).chain(kept).collect()
}

/// Annotated methods of the type parameter are called. Their derivatives are there for types that have a tangent, also where
/// `wrt(..)` leaves out all that is of this type.
fn is_receiver(primal: &Function, name: &Ident) -> bool {
    struct Receivers<'f>(&'f Function, &'f Ident, bool);
    impl walk::Visit for Receivers<'_> {
        fn enter(&mut self, stmt: &ir::Stmt) {
            let (ir::Stmt::Let { op, .. } | ir::Stmt::Eval(op)) = stmt else { return };
            let ir::Op::Call(callee, args) = op else { return };
            if callee.kind != ir::CalleeKind::Method {
                return;
            }
            let receiver = match args.first() {
                Some(ir::Arg::Value(operand)) => self.0.type_of(operand),
                Some(ir::Arg::Shared(place) | ir::Arg::Mut(place)) => self.0.place_type(place),
                None => return,
            };
            self.2 |= matches!(types::strip_refs(&receiver), Type::Named(ty) if *self.1 == ty.to_string());
        }
    }
    let mut receivers = Receivers(primal, name, false);
    walk::block(&mut receivers, &primal.body);
    receivers.2
}

/// The type parameters of which the function reads values behind mutable references, which their owners may change before the
/// reverse sweep reads them again.
fn kept(item: &syn::ItemFn, primal: &Function, rt: &TokenStream) -> Vec<TokenStream> {
    struct Reads<'f>(&'f Function, Vec<String>);
    impl walk::Visit for Reads<'_> {
        fn place(&mut self, place: &ir::Place, access: Access) {
            if access == Access::Read
                && let Type::Ref { mutable: true, inner } = &self.0[place.root].ty
                && let Type::Named(name) = &**inner
            {
                self.1.push(name.to_string());
            }
        }
    }
    let lent = crate::moved::lent(item);
    if lent.is_empty() {
        return Vec::new();
    }
    let mut reads = Reads(primal, Vec::new());
    walk::block(&mut reads, &primal.body);
    let read = lent.iter().filter(|name| reads.1.contains(name));
    let names = read.map(|name| Ident::new(name, Span::call_site()));
    names.map(|name| quote!(for<'kept> #name: #rt::Keep<'kept>)).collect()
}

/// The type parameters of an `impl` that stand for its trait's, or for `Self`, of which the trait asks for a tangent: what a
/// trait asks for, its implementations have to repeat.
fn given<'o>(item: &syn::ItemFn, owner: &'o Owner, primal: &Function) -> Vec<&'o Ident> {
    let params = owner.generics.type_params().map(|param| &param.ident);
    let asked = params.filter(|name| match owner.stands_for(name) {
        Some(Stands::Itself) => super::signature::mentions_self(item),
        Some(Stands::Parameter) => has_tangent(item, primal, name),
        None => false,
    });
    asked.collect()
}

/// The rules of the operators of type parameters that may be vectors: `V: Mul<T, Output = V>`.
pub(super) fn rules(item: &syn::ItemFn, owner: Option<&Owner>, rt: &TokenStream) -> Vec<TokenStream> {
    let outer = owner.filter(|owner| owner.place == Place::Type).map(|owner| &owner.generics);
    let mut all = Vec::new();
    for generics in [&item.sig.generics].into_iter().chain(outer) {
        for (name, bounds) in scalars::bounds(generics) {
            let ident = Ident::new(&name, Span::call_site());
            let number = matches!(scalars::named(&ident), Some(Type::Float(_)));
            let operators = if number { Vec::new() } else { scalars::operators(&name, &bounds) };
            all.extend(operators.iter().map(|operator| rule(&ident, operator, rt)));
            all.extend(copied(item, &ident, &bounds, !operators.is_empty()).filter(|_| !number));
        }
    }
    all
}

/// How values of a type parameter are copied that operators move, or of which nothing is known but that they are taken by
/// value: a reverse sweep reads them again.
fn copied(
    item: &syn::ItemFn,
    name: &Ident,
    bounds: &[syn::TypeParamBound],
    has_operators: bool,
) -> Option<TokenStream> {
    let (mut whole, mut parts) = (has_operators, false);
    let typed = item.sig.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) if bounds.is_empty() => Some(&*typed.ty),
        _ => None,
    });
    for ty in typed {
        match ty {
            syn::Type::Reference(_) | syn::Type::ImplTrait(_) => {}
            syn::Type::Path(path) if path.path.is_ident(name) => whole = true,
            ty => parts |= super::paths::mentions(ty.to_token_stream(), &name.to_string()),
        }
    }
    match (parts, whole) {
        _ if scalars::are_copied(bounds) => None,
        (true, _) => Some(quote!(#name: ::core::marker::Copy)),
        (false, true) => Some(quote!(#name: ::core::clone::Clone)),
        (false, false) => None,
    }
}

fn rule(name: &Ident, operator: &Operator, rt: &TokenStream) -> TokenStream {
    let operation = Ident::new(operator.name.trim_end_matches("Assign"), Span::call_site());
    let operation = quote!(#rt::elementwise::#operation);
    let output = operator.output();
    match &operator.other {
        None => quote!(#name: #rt::rules::UnaryRule<#operation, Output = #output>),
        Some(other) if operator.name.ends_with("Assign") => quote!(#name: #rt::rules::AssignRule<#operation, #other>),
        Some(other) => quote!(#name: #rt::rules::BinaryRule<#operation, #other, Output = #output>),
    }
}

/// What derivatives ask of the type parameters of an `impl` that are parts of the type whose method is differentiated: of
/// numbers, and where the `impl` is one of a trait, of what is bounded by traits.
fn parts_of_type<'o>(item: &syn::ItemFn, owner: &'o Owner) -> Vec<(&'o Ident, Demand)> {
    let this = owner.self_type.to_token_stream();
    let params = owner.generics.type_params().map(|param| &param.ident);
    let params: Vec<&Ident> = params.filter(|name| super::paths::mentions(this.clone(), &name.to_string())).collect();
    if params.is_empty() {
        return Vec::new();
    }
    let _scalars = Scalars::of(item, Some(owner), None).enter();
    let bounds = scalars::bounds(&owner.generics);
    let bounded = |name: &Ident| bounds.get(&name.to_string()).is_some_and(|bounds| !bounds.is_empty());
    let demand = |name: &Ident| match scalars::named(name) {
        Some(Type::Float(_)) => Some(Demand::Number),
        None if owner.held.contains(&name.to_string()) => Some(Demand::Tangent),
        None if owner.name.is_some() && bounded(name) => Some(Demand::Tangent),
        _ => None,
    };
    params.into_iter().filter_map(|name| Some((name, demand(name)?))).collect()
}

/// Nothing is said of a type parameter of an `impl`.
fn is_unbounded(item: &syn::ItemFn, owner: Option<&Owner>, name: &Ident) -> bool {
    let all = owner.map(|owner| scalars::bounds(&owner.generics)).unwrap_or_default();
    let mut further = item.sig.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let bounds_it = |predicate: &syn::WherePredicate| match predicate {
        syn::WherePredicate::Type(typed) => {
            matches!(&typed.bounded_ty, syn::Type::Path(path) if path.path.is_ident(name))
        }
        _ => false,
    };
    all.get(&name.to_string()).is_some_and(Vec::is_empty) && !further.any(bounds_it)
}

/// The type parameters that are numbers wherever the function is, also if only the bounds of others name them: those of the
/// function itself, and those of a trait or of its implementation.
fn declared_numbers(item: &syn::ItemFn, owner: Option<&Owner>) -> impl Iterator<Item = String> {
    let outer = owner.filter(|owner| owner.place == Place::Implementation).map(|owner| &owner.generics);
    let numbers = |generics: &syn::Generics| {
        let _own = Scalars::of_generics(generics, None).enter();
        let names = generics.type_params().map(|param| &param.ident);
        let names = names.filter(|name| matches!(scalars::named(name), Some(Type::Float(_)))).map(Ident::to_string);
        names.collect::<Vec<_>>()
    };
    let names: Vec<String> = [&item.sig.generics].into_iter().chain(outer).flat_map(numbers).collect();
    let itself = owner.filter(|owner| owner.place == Place::Trait && owner.of_numbers).map(|_| "Self".to_owned());
    names.into_iter().chain(itself).chain(owner.into_iter().flat_map(|owner| owner.numbers.iter().cloned()))
}

/// What derivatives ask of a type parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Demand {
    /// It has a tangent.
    Tangent,
    /// It is a number.
    Number,
    /// It is a number that arrays consist of.
    Element,
}

/// What the derivatives ask of the type parameters of a function and of its trait or `impl`; of the latter's, everything
/// that is a number counts, since its body may use it.
pub(super) fn demands(item: &syn::ItemFn, owner: &Owner, primal: &Function) -> BTreeMap<String, Demand> {
    let params = || item.sig.generics.type_params().chain(owner.generics.type_params()).map(|param| &param.ident);
    let tangents = params().filter(|name| has_tangent(item, primal, name)).map(|name| (name, Demand::Tangent));
    let implements = owner.place == Place::Implementation;
    let used = params().filter(|name| implements && matches!(scalars::named(name), Some(Type::Float(_))));
    let used = used.map(|name| (name, Demand::Number));
    let mut found: BTreeMap<String, Demand> =
        tangents.chain(used).map(|(name, demand)| (name.to_string(), demand)).collect();
    for name in declared_numbers(item, Some(owner)) {
        found.insert(name, Demand::Number);
    }
    for (name, at) in numbers(primal) {
        found.insert(name, if at == Use::Element { Demand::Element } else { Demand::Number });
    }
    found
}

/// The name is that of a type parameter of the function, or of its trait or `impl`.
pub(super) fn is_declared(name: &str, item: &syn::ItemFn, owner: Option<&Owner>) -> bool {
    let outer = owner.into_iter().flat_map(|owner| owner.generics.type_params());
    let this = owner.is_some_and(|owner| owner.of_numbers) && name == "Self";
    this || item.sig.generics.type_params().chain(outer).any(|param| param.ident == name)
}

/// The associated types whose tangents the signatures name: those of type parameters, and in a trait its own.
fn associated_types(item: &syn::ItemFn, primal: &Function, of_trait: bool, declared: &[&Ident]) -> Vec<TokenStream> {
    struct Found<'d>(&'d dyn Fn(&syn::Path) -> bool, BTreeMap<String, TokenStream>);
    impl<'ast> Visit<'ast> for Found<'_> {
        fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
            let owner: Option<syn::Path> = match &path.qself {
                None if path.path.segments.len() == 2 => Some(path.path.segments[0].clone().into()),
                None => None,
                Some(qself) => match &*qself.ty {
                    syn::Type::Path(owner) if owner.qself.is_none() => Some(owner.path.clone()),
                    _ => None,
                },
            };
            if owner.is_some_and(|owner| (self.0)(&owner)) && !super::tangents::is_tangent(path) {
                let tokens = path.to_token_stream();
                self.1.insert(tokens.to_string(), tokens);
            }
            syn::visit::visit_type_path(self, path);
        }
    }
    let open = |owner: &syn::Path| {
        of_trait && owner.is_ident("Self") || declared.iter().any(|name| owner.get_ident() == Some(name))
    };
    let mut found = Found(&open, BTreeMap::new());
    differentiated_types(item, primal).into_iter().for_each(|ty| found.visit_type(ty));
    found.1.into_values().collect()
}

/// The type parameters of an `impl` that is not seen: numbers with names of one letter.
pub(super) fn unseen(item: &syn::ItemFn, owner: Option<&Owner>, primal: &Function) -> Vec<TokenStream> {
    let Some(owner) = owner.filter(|owner| owner.in_place) else { return Vec::new() };
    let declared = |name: &String| {
        let all = item.sig.generics.type_params().chain(owner.generics.type_params());
        all.into_iter().any(|param| param.ident == name)
    };
    let names = numbers(primal).into_keys().filter(|name| name.len() == 1 && !declared(name));
    names.filter_map(|name| name.parse().ok()).collect()
}

/// Where values of a type occur.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Alone,
    Element,
}

/// The names of types that stand for numbers in a function.
fn numbers(function: &Function) -> BTreeMap<String, Use> {
    let mut found = BTreeMap::new();
    function.vars.iter().for_each(|var| collect(&var.ty, Use::Alone, &mut found));
    collect(&function.result, Use::Alone, &mut found);
    found
}

fn collect(ty: &Type, at: Use, found: &mut BTreeMap<String, Use>) {
    match ty {
        Type::Float(Float::Named(name)) => {
            let known = found.entry(name.to_string()).or_insert(at);
            *known = at.max(*known);
        }
        Type::Array(inner, _)
        | Type::Slice(inner)
        | Type::Vec(inner)
        | Type::Deque(inner)
        | Type::Tape(inner)
        | Type::Slot(inner) => collect(inner, at, found),
        Type::Ref { mutable: _, inner } | Type::Option(inner) => collect(inner, at, found),
        Type::Result(content, error) => {
            collect(content, at, found);
            collect(error, at, found);
        }
        Type::Tuple(items) => items.iter().for_each(|item| collect(item, at, found)),
        Type::Tensor(tensor) => collect(&tensor.elem, Use::Element, found),
        Type::Unknown
        | Type::Float(Float::F32 | Float::F64 | Float::Lane)
        | Type::FloatLiteral
        | Type::Int(_)
        | Type::Bool
        | Type::Unit
        | Type::Inactive
        | Type::Named(_)
        | Type::Pullback
        | Type::Never => {}
    }
}

/// The type parameter is a part of a type whose tangent the signatures name.
fn has_tangent(item: &syn::ItemFn, primal: &Function, name: &Ident) -> bool {
    let name = name.to_string();
    differentiated_types(item, primal).into_iter().any(|ty| super::paths::mentions(ty.to_token_stream(), &name))
}

/// The types of the result and of the parameters that have derivatives.
fn differentiated_types<'i>(item: &'i syn::ItemFn, primal: &Function) -> Vec<&'i syn::Type> {
    let inputs =
        primal.params.iter().zip(&item.sig.inputs).filter(|(param, _)| param.differentiated && !param.function);
    let parameters = inputs.filter_map(|(_, input)| match input {
        syn::FnArg::Typed(typed) => Some(&*typed.ty),
        syn::FnArg::Receiver(_) => None,
    });
    let result = match &item.sig.output {
        syn::ReturnType::Default => None,
        syn::ReturnType::Type(_, ty) => Some(&**ty),
    };
    parameters.chain(result).collect()
}
