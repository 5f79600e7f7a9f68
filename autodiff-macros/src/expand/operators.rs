//! `#[differentiable]` on an `impl` of an operator: `impl Mul<Quat> for Quat`.
//!
//! The method becomes a free function that is differentiated like any other; its derivatives are the rule that the runtime
//! finds by the types of the operands. A rule knows the operands of its operator when it runs backwards, so that nothing
//! is kept: the function's forward sweep runs again.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};

use super::derivatives;
use super::references::Operands;
use super::rules::{Bodies, Curved, Rule};
use crate::aliases::Aliases;
use crate::analysis::scalars::Scalars;
use crate::analysis::types;
use crate::diagnostics::Diagnostics;
use crate::emit::{self, Demand};
use crate::ir::Type;
use crate::options::Options;
use crate::owner::{Owner, Place};
use crate::projections;

/// How many operands an operator has, and where its result goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Unary,
    Binary,
    Assign,
}

/// A trait of `core::ops`: its name, its method, and the name of the operation among the runtime's rules.
struct Operator {
    shape: Shape,
    name: &'static str,
    method: &'static str,
    rule: &'static str,
}

const OPERATORS: [Operator; 11] = [
    Operator { shape: Shape::Binary, name: "Add", method: "add", rule: "Add" },
    Operator { shape: Shape::Binary, name: "Sub", method: "sub", rule: "Sub" },
    Operator { shape: Shape::Binary, name: "Mul", method: "mul", rule: "Mul" },
    Operator { shape: Shape::Binary, name: "Div", method: "div", rule: "Div" },
    Operator { shape: Shape::Binary, name: "Rem", method: "rem", rule: "Rem" },
    Operator { shape: Shape::Unary, name: "Neg", method: "neg", rule: "Neg" },
    Operator { shape: Shape::Assign, name: "AddAssign", method: "add_assign", rule: "Add" },
    Operator { shape: Shape::Assign, name: "SubAssign", method: "sub_assign", rule: "Sub" },
    Operator { shape: Shape::Assign, name: "MulAssign", method: "mul_assign", rule: "Mul" },
    Operator { shape: Shape::Assign, name: "DivAssign", method: "div_assign", rule: "Div" },
    Operator { shape: Shape::Assign, name: "RemAssign", method: "rem_assign", rule: "Rem" },
];

/// The operator that an `impl` is of, by the name of its trait.
fn operator(item: &syn::ItemImpl) -> Option<&'static Operator> {
    let (path, _) = item.trait_.as_ref()?;
    let last = path.segments.last()?;
    OPERATORS.iter().find(|operator| last.ident == operator.name)
}

/// Whether the item is an `impl` of an operator.
pub(crate) fn is_operator_impl(item: &syn::ItemImpl) -> bool {
    operator(item).is_some()
}

/// The operator's rule, which stands beside the `impl`.
pub(crate) fn expand_operator_impl(
    item: &syn::ItemImpl,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let written = Aliases::of(options).implementation(item);
    operator(item).and_then(|operator| rule(operator, &written, options, diagnostics)).unwrap_or_default()
}

fn rule(
    operator: &Operator,
    item: &syn::ItemImpl,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<TokenStream> {
    if let Some(name) = options.wrt.iter().flatten().chain(&options.companion).next() {
        diagnostics.error(name, "an operator has no options", "write `#[differentiable]` alone");
        return None;
    }
    let with_outputs = projections::in_implementation(item);
    let item = with_outputs.as_ref().unwrap_or(item);
    let mut header = Header::new(item);
    let method = item.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(method) if method.sig.ident == operator.method => Some(method),
        _ => None,
    })?;
    header.numbers(&header.function(method), options);
    let function = header.function(method);
    let derivatives = match derivatives(&function, options, None, diagnostics) {
        Some((primal, derivatives)) => emit::hidden_companion(&function, options, &primal, &derivatives),
        // The mistake stands beside it; the rule is there all the same, so that its uses are no errors of their own.
        None => emit::stub(&function, options, None),
    };
    let rt = options.root();
    let rt = quote!(#rt::rt);
    let header = header.bounded(&function, options, &rt);
    let twice = options.order() > 1;
    let rule = header.rule(operator, twice, &rt);
    let of_values =
        header.operands(operator).stand_for_values(item, options).then(|| header.of_values(operator, twice, &rt));
    Some(quote! {
        const _: () = {
            #derivatives
            #rule
            #of_values
        };
    })
}

/// The types and parameters of an `impl`, with a name for every lifetime.
pub(super) struct Header {
    pub(super) generics: syn::Generics,
    this: syn::Type,
    rhs: syn::Type,
    output: syn::Type,
}

impl Header {
    pub(super) fn new(item: &syn::ItemImpl) -> Self {
        let mut generics = item.generics.clone();
        let named = |ty: &syn::Type, name: &str, generics: &mut syn::Generics| {
            let lifetime = syn::Lifetime::new(name, Span::call_site());
            let (ty, found) = emit::with_lifetime(ty, &lifetime);
            if found {
                generics.params.insert(0, syn::parse_quote!(#lifetime));
            }
            ty
        };
        let this = named(&item.self_ty, "'lhs", &mut generics);
        let rhs = item.trait_.as_ref().and_then(|(path, _)| sole_type(path));
        let mut rhs = rhs.map_or_else(|| this.clone(), |rhs| named(&rhs, "'rhs", &mut generics));
        let output = item.items.iter().find_map(|item| match item {
            syn::ImplItem::Type(ty) if ty.ident == "Output" => Some(ty.ty.clone()),
            _ => None,
        });
        let mut output = output.unwrap_or_else(|| syn::parse_quote!(()));
        let mut free = Free { this: this.clone(), output: None, receiver: None };
        free.visit_type_mut(&mut rhs);
        free.visit_type_mut(&mut output);
        Header { generics, this, rhs, output }
    }

    /// The same with what the derivatives of the operator, as a function, ask of type parameters.
    pub(super) fn bounded(mut self, function: &syn::ItemFn, options: &Options, rt: &TokenStream) -> Header {
        let owner = Owner { place: Place::Implementation, ..Owner::default() };
        for (name, demand) in emit::demands(function, options, &owner) {
            let name = Ident::new(&name, Span::call_site());
            if !self.generics.type_params().any(|param| param.ident == name) {
                continue;
            }
            let bound: syn::WherePredicate = match demand {
                Demand::Tangent => syn::parse_quote!(#name: #rt::Differentiable),
                Demand::Number => syn::parse_quote!(#name: #rt::Scalar),
                Demand::Element => syn::parse_quote!(#name: #rt::Float),
            };
            self.generics.make_where_clause().predicates.push(bound);
        }
        let rules = emit::rules_of_parameters(function, options, rt);
        if !rules.is_empty() {
            self.generics.make_where_clause().predicates.extend(rules);
        }
        self
    }

    /// Derivatives ask more of a number than the operator, also where it only occurs in another type.
    pub(super) fn numbers(&mut self, function: &syn::ItemFn, options: &Options) {
        let _scalars = Scalars::of(function, None, options.site.as_deref()).enter();
        let root = options.root();
        let params: Vec<Ident> = self.generics.type_params().map(|param| param.ident.clone()).collect();
        for param in params {
            if matches!(types::parse_type(&syn::parse_quote!(#param)), Type::Float(_)) {
                self.generics.make_where_clause().predicates.push(syn::parse_quote!(#param: #root::rt::Scalar));
            }
        }
    }

    /// The method as a free function.
    pub(super) fn function(&self, method: &syn::ImplItemFn) -> syn::ItemFn {
        let receiver = unused_name("this", &method.to_token_stream());
        let mut signature = method.sig.clone();
        let mut block = method.block.clone();
        let mut free =
            Free { this: self.this.clone(), output: Some(self.output.clone()), receiver: Some(receiver.clone()) };
        free.visit_block_mut(&mut block);
        free.visit_return_type_mut(&mut signature.output);
        let this = &self.this;
        for (position, input) in signature.inputs.iter_mut().enumerate() {
            match input {
                syn::FnArg::Receiver(found) => {
                    let reference = match &found.kind {
                        syn::ReceiverKind::Reference(and, lifetime, mutable) => Some(quote!(#and #lifetime #mutable)),
                        _ => None,
                    };
                    let (mutability, span) = (&found.mutability, found.self_token.span);
                    let receiver = Ident::new(&receiver.to_string(), span);
                    *input = syn::parse_quote!(#mutability #receiver: #reference #this);
                }
                syn::FnArg::Typed(typed) => {
                    free.visit_pat_mut(&mut typed.pat);
                    // The operand as the header spells it, with its lifetimes.
                    *typed.ty = if position == 1 { self.rhs.clone() } else { (*typed.ty).clone() };
                }
            }
        }
        signature.ident = Ident::new("operator", method.sig.ident.span());
        signature.generics = self.generics.clone();
        let (attrs, vis, modifiers) = (Vec::new(), syn::Visibility::Inherited, syn::FnModifiers::default());
        syn::ItemFn { attrs, vis, modifiers, sig: signature, block: Box::new(block) }
    }

    fn rule(&self, operator: &Operator, twice: bool, rt: &TokenStream) -> TokenStream {
        match operator.shape {
            Shape::Unary => self.unary(operator, twice, rt),
            Shape::Binary => self.binary(operator, twice, rt),
            Shape::Assign => self.assign(operator, twice, rt),
        }
    }

    fn operands(&self, operator: &Operator) -> Operands<'_> {
        Operands { this: &self.this, rhs: (operator.shape != Shape::Unary).then_some(&self.rhs) }
    }

    /// The rule of references, for values.
    fn of_values(&self, operator: &Operator, twice: bool, rt: &TokenStream) -> TokenStream {
        let (rule, ..) = operator.names();
        let operands = self.operands(operator);
        match operator.shape {
            Shape::Unary => operands.unary(&rule, &self.output, (&self.generics, twice), rt),
            Shape::Binary => operands.binary(&rule, &self.output, (&self.generics, twice), rt),
            Shape::Assign => operands.assign(&rule, (&self.generics, twice), rt),
        }
    }

    fn unary(&self, operator: &Operator, twice: bool, rt: &TokenStream) -> TokenStream {
        let (operation, name, method) = operator.names();
        let (value, again) = operand(&self.this, &quote!(self));
        let dot = tangent_argument(&self.this, &quote!(Some(dot)));
        let bodies = Bodies {
            value: quote!(::core::ops::#name::#method(#value)),
            pull: quote! {
                let (_, pullback) = operator::call_vjp(#value);
                pullback(#again value_bar, Some(bar));
            },
            push: quote!(operator::call_jvp(#value, #dot).1),
            given: quote!(_),
            curved: twice.then(|| self.unary_curve(rt)),
        };
        self.of(&operation, rt).unary(&self.output, &bodies)
    }

    fn binary(&self, operator: &Operator, twice: bool, rt: &TokenStream) -> TokenStream {
        let (this, rhs) = (&self.this, &self.rhs);
        let (operation, name, method) = operator.names();
        let ((a, again_a), (b, again_b)) = (operand(this, &quote!(self)), operand(rhs, &quote!(b)));
        let (a_dot, b_dot) = (tangent_argument(this, &quote!(a_dot)), tangent_argument(rhs, &quote!(b_dot)));
        let bodies = Bodies {
            value: quote!(::core::ops::#name::#method(#a, #b)),
            pull: quote! {
                let (_, pullback) = operator::call_vjp(#a, #b);
                pullback(#again_a #again_b value_bar, a_bar, b_bar);
            },
            push: quote!(operator::call_jvp(#a, #b, #a_dot, #b_dot).1),
            given: quote!(_),
            curved: twice.then(|| self.binary_curve(rt)),
        };
        self.of(&operation, rt).binary(rhs, &self.output, &bodies)
    }

    fn assign(&self, operator: &Operator, twice: bool, rt: &TokenStream) -> TokenStream {
        let (operation, name, method) = operator.names();
        let (b, again_b) = operand(&self.rhs, &quote!(b));
        let b_dot = tangent_argument(&self.rhs, &quote!(b_dot));
        let bodies = Bodies {
            value: quote!(::core::ops::#name::#method(self, #b);),
            pull: quote! {
                let mut before = ::core::clone::Clone::clone(kept);
                let (_, pullback) = operator::call_vjp(&mut before, #b);
                pullback(#again_b &(), Some(bar), b_bar);
            },
            push: quote!(operator::call_jvp(self, #b, Some(dot), #b_dot);),
            given: TokenStream::new(),
            curved: twice.then(|| self.assign_curve(rt)),
        };
        self.of(&operation, rt).assign(&self.rhs, &bodies)
    }

    fn unary_curve(&self, rt: &TokenStream) -> Curved {
        let (value, again) = operand(&self.this, &quote!(self));
        let (dot, again_dot) = tangent_again(&self.this, &quote!(Some(dot)));
        let along = tangent_argument(&self.this, &quote!(Some(along)));
        Curved {
            bend: quote! {
                let ((value, _), pullback) = operator::call_jvp_call_vjp(#value, #dot);
                let seed = (#rt::zero_tangent(&value), ::core::clone::Clone::clone(seed));
                pullback(#again #again_dot &seed, Some(bar), None);
            },
            curve: quote!(operator::call_jvp_call_jvp(#value, #dot, #along, None).1.1),
        }
    }

    fn binary_curve(&self, rt: &TokenStream) -> Curved {
        let (this, rhs) = (&self.this, &self.rhs);
        let ((a, again_a), (b, again_b)) = (operand(this, &quote!(self)), operand(rhs, &quote!(b)));
        let (a_dot, again_a_dot) = tangent_again(this, &quote!(a_dot));
        let (b_dot, again_b_dot) = tangent_again(rhs, &quote!(b_dot));
        let (a_along, b_along) = (tangent_argument(this, &quote!(a_along)), tangent_argument(rhs, &quote!(b_along)));
        Curved {
            bend: quote! {
                let ((value, _), pullback) = operator::call_jvp_call_vjp(#a, #b, #a_dot, #b_dot);
                let seed = (#rt::zero_tangent(&value), ::core::clone::Clone::clone(seed));
                pullback(#again_a #again_b #again_a_dot #again_b_dot &seed, a_bar, b_bar, None, None);
            },
            curve: quote! {
                operator::call_jvp_call_jvp(#a, #b, #a_dot, #b_dot, #a_along, #b_along, None, None).1.1
            },
        }
    }

    fn assign_curve(&self, rt: &TokenStream) -> Curved {
        let (b, again_b) = operand(&self.rhs, &quote!(b));
        let (b_dot, again_b_dot) = tangent_again(&self.rhs, &quote!(b_dot));
        let b_along = tangent_argument(&self.rhs, &quote!(b_along));
        let before = quote! {
            let (mut before, mut before_dot) = (::core::clone::Clone::clone(kept), ::core::clone::Clone::clone(dot));
        };
        Curved {
            bend: quote! {
                #before
                let (_, pullback) = operator::call_jvp_call_vjp(&mut before, #b, Some(&mut before_dot), #b_dot);
                let (mut own, mut seed) = (#rt::zero_tangent(kept), ::core::clone::Clone::clone(seed));
                pullback(#again_b #again_b_dot &((), ()), Some(&mut own), b_bar, Some(&mut seed), None);
                #rt::Tangent::accumulate(bar, &own);
            },
            curve: quote! {
                #before
                let (mut tangent, mut moved) = (::core::clone::Clone::clone(along), #rt::zero_tangent(kept));
                operator::call_jvp_call_jvp(
                    &mut before, #b, Some(&mut before_dot), #b_dot, Some(&mut tangent), #b_along, Some(&mut moved), None,
                );
                #rt::Tangent::accumulate(to, &moved);
            },
        }
    }

    /// The rule of an operation.
    fn of<'a>(&'a self, operation: &'a Ident, rt: &'a TokenStream) -> Rule<'a> {
        Rule { rt, operation, this: &self.this, generics: &self.generics }
    }
}

impl Operator {
    /// The operation among the rules, the trait and its method.
    fn names(&self) -> (Ident, Ident, Ident) {
        let ident = |name: &str| Ident::new(name, Span::call_site());
        (ident(self.rule), ident(self.name), ident(self.method))
    }
}

/// An operand that a rule has by reference, as the operator takes it; and once more for the pullback, if that wants it.
fn operand(ty: &syn::Type, name: &TokenStream) -> (TokenStream, TokenStream) {
    match ty {
        syn::Type::Reference(_) => (quote!(*#name), quote!(*#name,)),
        _ => (quote!(::core::clone::Clone::clone(#name)), TokenStream::new()),
    }
}

/// The tangent of an operand, passed like the operand.
fn tangent_argument(ty: &syn::Type, dot: &TokenStream) -> TokenStream {
    match ty {
        syn::Type::Reference(_) => dot.clone(),
        _ => quote!(#dot.cloned()),
    }
}

/// The same, and once more for the pullback, if that wants it.
fn tangent_again(ty: &syn::Type, dot: &TokenStream) -> (TokenStream, TokenStream) {
    let again = match ty {
        syn::Type::Reference(_) => quote!(#dot,),
        _ => TokenStream::new(),
    };
    (tangent_argument(ty, dot), again)
}

/// The type argument of the trait's path.
pub(super) fn sole_type(path: &syn::Path) -> Option<syn::Type> {
    let syn::PathArguments::AngleBracketed(list) = &path.segments.last()?.arguments else { return None };
    list.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    })
}

/// A name that does not occur in the tokens.
fn unused_name(wish: &str, tokens: &TokenStream) -> Ident {
    let mut name = wish.to_owned();
    while emit::mentions(tokens.clone(), &name) {
        name.push('_');
    }
    Ident::new(&name, Span::call_site())
}

/// Frees code of an `impl` from its `self`, `Self` and `Self::Output`.
struct Free {
    this: syn::Type,
    output: Option<syn::Type>,
    receiver: Option<Ident>,
}

impl Free {
    /// `self` and `Self` in tokens that nobody has parsed.
    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let replace = |tree| match tree {
            TokenTree::Ident(ident) if ident == "Self" => self.constructor().to_token_stream(),
            TokenTree::Ident(ident) if ident == "self" => match &self.receiver {
                Some(receiver) => Ident::new(&receiver.to_string(), ident.span()).into_token_stream(),
                None => ident.into_token_stream(),
            },
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self.tokens(group.stream()));
                inner.set_span(group.span());
                inner.into_token_stream()
            }
            other => other.into_token_stream(),
        };
        tokens.into_iter().map(replace).collect()
    }

    /// The type as it stands in expressions and patterns, where its arguments are inferred.
    fn constructor(&self) -> syn::Type {
        open(&self.this)
    }
}

/// A type as it stands in expressions and patterns, where its arguments are inferred.
fn open(ty: &syn::Type) -> syn::Type {
    let mut ty = ty.clone();
    if let syn::Type::Path(path) = &mut ty
        && let Some(last) = path.path.segments.last_mut()
    {
        last.arguments = syn::PathArguments::None;
    }
    ty
}

impl VisitMut for Free {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        if let syn::Type::Path(path) = ty
            && path.qself.is_none()
        {
            let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            match (&names.iter().map(String::as_str).collect::<Vec<_>>()[..], &self.output) {
                (["Self"], _) => return *ty = self.this.clone(),
                (["Self", "Output"], Some(output)) => return *ty = output.clone(),
                _ => {}
            }
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let begins = |position: usize, name: &str| path.segments.get(position).is_some_and(|own| own.ident == name);
        let output = self.output.as_ref().filter(|_| begins(1, "Output") && path.segments.len() > 2).map(open);
        let (owner, skipped) = output.map_or_else(|| (self.constructor(), 1), |output| (output, 2));
        if begins(0, "Self")
            && let syn::Type::Path(owner) = owner
        {
            let rest = path.segments.iter().skip(skipped).cloned();
            path.segments = owner.path.segments.iter().cloned().chain(rest).collect();
        }
        if let (true, Some(receiver)) = (path.is_ident("self"), &self.receiver) {
            *path = Ident::new(&receiver.to_string(), path.segments[0].ident.span()).into();
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = self.tokens(std::mem::take(&mut mac.tokens));
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
