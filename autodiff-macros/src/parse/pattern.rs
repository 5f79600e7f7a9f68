//! Irrefutable patterns: `let`, parameters, loops, closures.

use super::env::{Binding, Lowered, Mutability};
use super::lowerer::Lowerer;
use crate::analysis::types;
use crate::ir::{Op, Operand, Origin, Place, Stmt, Storage, Type, VarId};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Pat;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;

/// A type ascription: as written, and what is known of it.
#[derive(Clone)]
pub(super) struct Ascription {
    pub(super) ty: Type,
    pub(super) tokens: TokenStream,
}

impl Ascription {
    pub(super) fn new(ty: &syn::Type) -> Self {
        Ascription { ty: types::parse_type(ty), tokens: ty.to_token_stream() }
    }
}

impl Lowerer<'_> {
    /// Binds the names of a pattern to the parts of a value.
    pub(super) fn bind(&mut self, pat: &Pat, lowered: Lowered, ascription: Option<&Ascription>) {
        match pat {
            Pat::Ident(ident) => self.bind_ident(ident, lowered, ascription),
            Pat::Wild(_) => {}
            Pat::Paren(paren) => self.bind(&paren.pat, lowered, ascription),
            Pat::Type(typed) => {
                let ascription = Ascription::new(&typed.ty);
                self.bind(&typed.pat, lowered, Some(&ascription));
            }
            Pat::Reference(reference) => {
                let inner = match lowered {
                    Lowered::Ref(inner, _) => *inner,
                    other if matches!(self.lowered_type(&other), Type::Inactive) => {
                        let mut place = self.place_of(other, reference.span());
                        place.path.push(crate::ir::Proj::Deref);
                        Lowered::Place(place)
                    }
                    other => other,
                };
                self.bind(&reference.pat, inner, None);
            }
            Pat::Tuple(tuple) => self.bind_tuple(tuple, lowered, ascription),
            Pat::Slice(slice) => self.bind_slice(slice, &lowered),
            Pat::Struct(pattern) => self.bind_struct(pattern, lowered),
            Pat::TupleStruct(pattern) => self.bind_tuple_struct(pattern, lowered),
            other => {
                self.refuse(
                    other,
                    "this pattern is not supported here",
                    "bind a variable and take it apart afterwards",
                );
                self.poison_names(pat);
            }
        }
    }

    fn bind_ident(&mut self, pat: &syn::PatIdent, lowered: Lowered, ascription: Option<&Ascription>) {
        if let Some((_, inner)) = &pat.subpat {
            return self.bind_both(pat, inner, lowered, ascription);
        }
        let lowered = self.kept(lowered, pat.ident.span());
        if pat.by_ref.is_some() {
            let place = self.place_of(lowered, pat.span());
            let mutability = if pat.mutability.is_some() { Mutability::Mutable } else { Mutability::Shared };
            let alias = Lowered::Ref(Box::new(Lowered::Place(place)), mutability);
            self.env.bind(&pat.ident, Binding::Alias(alias));
            return;
        }
        if let Lowered::View(mut view) = lowered {
            view.name = Some(pat.ident.to_string());
            self.env.bind(&pat.ident, Binding::Alias(Lowered::View(view)));
            return;
        }
        if pat.mutability.is_some() {
            self.bind_memory(pat, lowered, ascription);
            return;
        }
        match lowered {
            Lowered::Ref(inner, _) if self.is_unnamed_reference(&inner).is_some() => {
                let var = self.is_unnamed_reference(&inner).expect("asked above");
                self.name_var(var, &pat.ident, None);
                self.env.bind(&pat.ident, Binding::Var(var));
            }
            Lowered::Ref(inner, mutability) => {
                let alias = self.alias(*inner, &pat.ident);
                self.env.bind(&pat.ident, Binding::Alias(Lowered::Ref(Box::new(alias), mutability)));
            }
            Lowered::Tuple(items) if items.iter().any(contains_ref) => {
                self.env.bind(&pat.ident, Binding::Alias(Lowered::Tuple(items)));
            }
            other => {
                let operand = self.read(other, pat.ident.span());
                self.bind_value(&pat.ident, operand, ascription);
            }
        }
    }

    /// `whole @ Size { width, .. }`: the whole, and its parts as copies.
    fn bind_both(&mut self, pat: &syn::PatIdent, inner: &Pat, lowered: Lowered, ascription: Option<&Ascription>) {
        let name = syn::PatIdent { subpat: None, ..pat.clone() };
        self.bind_ident(&name, lowered, ascription);
        let whole = match self.env.get(&pat.ident).cloned() {
            Some(Binding::Var(var)) => self.place_value(Place::var(var)),
            Some(Binding::Alias(lowered)) => lowered,
            _ => super::lowerer::poison(),
        };
        self.bind(inner, whole, ascription);
    }

    /// The names of a pattern that was refused: their uses are not errors of their own.
    pub(super) fn poison_names(&mut self, pat: &Pat) {
        for name in super::matching::bound_names(pat) {
            self.env.bind(&name, Binding::Alias(super::lowerer::poison()));
        }
    }

    /// A reference that a loop binds and that has no name yet.
    fn is_unnamed_reference(&self, inner: &Lowered) -> Option<VarId> {
        let Lowered::Place(place) = inner else { return None };
        let var = &self.function[place.root];
        let is_reference =
            matches!(var.ty, Type::Ref { .. }) && matches!(place.path.as_slice(), [crate::ir::Proj::Deref]);
        (is_reference && var.origin == Origin::Temp && var.storage == Storage::Value).then_some(place.root)
    }

    /// What a reference refers to, with a place if it has none yet.
    fn alias(&mut self, inner: Lowered, name: &syn::Ident) -> Lowered {
        match inner {
            Lowered::Operand(operand) => {
                let ty = self.ty(&operand);
                let var = match operand {
                    Operand::Var(var) => var,
                    constant @ Operand::Const(_) => {
                        self.temp_var(&name.to_string(), ty, Op::Use(constant), name.span())
                    }
                };
                Lowered::Place(crate::ir::Place::var(var))
            }
            other => other,
        }
    }

    /// Gives a value its user's name: an intermediate result takes the name, anything else is copied.
    pub(super) fn bind_value(&mut self, ident: &syn::Ident, operand: Operand, ascription: Option<&Ascription>) {
        let var = match operand {
            Operand::Var(var) if self.function[var].origin == Origin::Temp && !self.mentioned.contains(&var) => var,
            other => {
                let ty = self.ty(&other);
                self.temp_var("value", ty, Op::Use(other), ident.span())
            }
        };
        self.name_var(var, ident, ascription);
        self.env.bind(ident, Binding::Var(var));
    }

    fn name_var(&mut self, var: VarId, ident: &syn::Ident, ascription: Option<&Ascription>) {
        if ascription.is_some_and(|ascription| types::conflict(&self.function[var].ty, &ascription.ty)) {
            self.leave_to_rustc();
        }
        let var = &mut self.function[var];
        var.name = ident.to_string();
        var.span = ident.span();
        var.origin = Origin::User;
        if let Some(ascription) = ascription {
            ascribe(&mut var.ty, &ascription.ty);
            var.ascription = Some(ascription.tokens.clone());
        }
    }

    fn bind_memory(&mut self, pat: &syn::PatIdent, lowered: Lowered, ascription: Option<&Ascription>) {
        if let Lowered::Ref(inner, Mutability::Shared) = &lowered
            && !inner.is_ref()
        {
            return self.hold(&pat.ident, (**inner).clone());
        }
        if lowered.is_ref() {
            self.refuse(
                pat,
                "a variable that holds different mutable references over time is not supported",
                "keep an index instead, or remove the `mut`",
            );
            self.poison_names(&Pat::Ident(pat.clone()));
            return;
        }
        let init = self.read(lowered, pat.ident.span());
        let ty = self.ty(&init);
        self.declare(&pat.ident, ty, Some(init), ascription);
    }

    /// Brings memory with the user's name into scope.
    pub(super) fn declare(
        &mut self,
        ident: &syn::Ident,
        ty: Type,
        init: Option<Operand>,
        ascription: Option<&Ascription>,
    ) {
        let var = self.fresh(&ident.to_string(), ty, Storage::Memory, Origin::User, ident.span());
        self.name_var(var, ident, ascription);
        if self.is_map_of_constants(&self.function[var].ty, init.as_ref()) {
            self.constants.insert(var);
        }
        self.emit(Stmt::Declare { var, init });
        self.env.bind(ident, Binding::Var(var));
    }

    fn bind_tuple(&mut self, tuple: &syn::PatTuple, lowered: Lowered, ascription: Option<&Ascription>) {
        let rest = tuple.elems.iter().position(|elem| matches!(elem, Pat::Rest(_)));
        let lowered = self.settle(lowered, tuple.span());
        let arity = match self.bare_type(&lowered) {
            Type::Tuple(items) => Some(items.len()),
            _ => None,
        };
        for (position, elem) in tuple.elems.iter().enumerate() {
            let index = match (rest, arity) {
                (Some(rest), _) if position == rest => continue,
                (Some(rest), Some(arity)) if position > rest => arity + position - tuple.elems.len(),
                (Some(rest), None) if position > rest => {
                    self.refuse(
                        elem,
                        "the length of this tuple is not known here",
                        "name all its parts, `_` for the rest",
                    );
                    continue;
                }
                _ => position,
            };
            let part = self.part(&lowered, syn::Member::from(index), elem.span());
            let ascription = ascription.and_then(|ascription| ascription.part(index));
            self.bind(elem, part, ascription.as_ref());
        }
    }

    /// A value that several parts are taken of gets a place first.
    pub(super) fn settle(&mut self, lowered: Lowered, span: proc_macro2::Span) -> Lowered {
        match lowered {
            Lowered::Operand(operand) => Lowered::Place(self.place_of(Lowered::Operand(operand), span)),
            other => other,
        }
    }

    /// A part of a tuple or a struct; a reference to the part if the whole is behind a reference.
    pub(super) fn part(&mut self, lowered: &Lowered, member: syn::Member, span: proc_macro2::Span) -> Lowered {
        match lowered {
            Lowered::Ref(inner, mutability) => {
                let inner = self.part(inner, member, span);
                Lowered::Ref(Box::new(inner), *mutability)
            }
            other => self.member(other.clone(), member, span),
        }
    }

    fn bind_slice(&mut self, slice: &syn::PatSlice, lowered: &Lowered) {
        let lowered = match lowered.clone() {
            Lowered::Operand(operand) => Lowered::Place(self.place_of(Lowered::Operand(operand), slice.span())),
            other => other,
        };
        let rest = slice.elems.iter().position(is_rest);
        let after = rest.map_or(0, |rest| slice.elems.len() - rest - 1);
        for (position, elem) in slice.elems.iter().enumerate() {
            match rest {
                Some(rest) if position == rest => self.bind_rest(elem, &lowered, position, after),
                Some(rest) if position > rest => {
                    let from_end = slice.elems.len() - position;
                    let place = self.place_of(lowered.clone(), elem.span());
                    let index = self.position_before_end(&place, from_end, elem.span());
                    let element = self.element_of(&lowered, index, elem.span());
                    self.bind(elem, element, None);
                }
                _ => {
                    let position = proc_macro2::Literal::usize_unsuffixed(position);
                    let index = super::lowerer::constant(position.to_token_stream(), Type::Int(None));
                    let element = self.element_of(&lowered, index, elem.span());
                    self.bind(elem, element, None);
                }
            }
        }
    }

    /// The element at an index; a reference to it if the array is behind a reference.
    fn element_of(&mut self, lowered: &Lowered, index: Operand, span: proc_macro2::Span) -> Lowered {
        let mut place = match lowered.clone().strip() {
            Lowered::Never => return Lowered::Never,
            other => self.place_of(other, span),
        };
        self.push_index(&mut place, index, span);
        let element = self.place_value(place);
        match lowered {
            Lowered::Ref(_, mutability) => Lowered::Ref(Box::new(element), *mutability),
            _ => element,
        }
    }

    /// The position of the element that is `count` before the end.
    fn position_before_end(&mut self, place: &crate::ir::Place, count: usize, span: proc_macro2::Span) -> Operand {
        if let Type::Array(_, len) = types::strip_refs(&self.function.place_type(place))
            && let Ok(len) = len.to_string().trim_end_matches("usize").parse::<usize>()
            && let Some(index) = len.checked_sub(count)
        {
            let index = proc_macro2::Literal::usize_unsuffixed(index);
            return super::lowerer::constant(index.to_token_stream(), Type::Int(None));
        }
        let count = proc_macro2::Literal::usize_unsuffixed(count);
        self.observe("index", place, Type::Int(Some("usize")), span, |place| quote::quote!(#place.len() - #count))
    }

    /// `..` takes nothing; `rest @ ..` is a sub-slice, where the array is behind a reference.
    fn bind_rest(&mut self, pat: &Pat, lowered: &Lowered, before: usize, after: usize) {
        let Pat::Ident(ident) = pat else { return };
        let Lowered::Ref(_, mutability) = lowered else {
            self.refuse(pat, "`@ ..` by value is not supported", "match on a reference, or index the elements");
            self.poison_names(pat);
            return;
        };
        let mut place = self.place_of(lowered.clone(), pat.span());
        let before = proc_macro2::Literal::usize_unsuffixed(before);
        let lo = super::lowerer::constant(before.to_token_stream(), Type::Int(None));
        let hi = if after == 0 { None } else { Some(self.position_before_end(&place.clone(), after, pat.span())) };
        self.push_range(&mut place, Some(lo), hi, false, pat.span());
        let rest = Lowered::Ref(Box::new(Lowered::Place(place)), *mutability);
        self.env.bind(&ident.ident, Binding::Alias(rest));
    }
}

/// Takes references out of the arguments of types.
struct Owned;

impl VisitMut for Owned {
    fn visit_generic_argument_mut(&mut self, argument: &mut syn::GenericArgument) {
        if let syn::GenericArgument::Type(ty) = argument {
            while let syn::Type::Reference(reference) = ty {
                let unsized_type = matches!(&*reference.elem, syn::Type::Slice(_) | syn::Type::TraitObject(_));
                if unsized_type || !types::may_carry_derivative(&types::parse_type(&reference.elem)) {
                    break;
                }
                *ty = (*reference.elem).clone();
            }
        }
        syn::visit_mut::visit_generic_argument_mut(self, argument);
    }
}

impl Ascription {
    /// The same for what holds copies of numbers where the function has references: `Vec<&f64>`, `Option<&f64>`.
    pub(super) fn of_copies(self) -> Ascription {
        match syn::parse2::<syn::Type>(self.tokens.clone()) {
            Ok(mut ty) if !matches!(ty, syn::Type::Reference(_)) => {
                Owned.visit_type_mut(&mut ty);
                Ascription::new(&ty)
            }
            _ => self,
        }
    }

    /// The ascription of each element of an array.
    pub(super) fn element(&self) -> Option<Ascription> {
        let array: syn::TypeArray = syn::parse2(self.tokens.clone()).ok()?;
        Some(Ascription::new(&array.elem))
    }

    /// The ascription of one part of a tuple.
    pub(super) fn part(&self, index: usize) -> Option<Ascription> {
        let tuple: syn::TypeTuple = syn::parse2(self.tokens.clone()).ok()?;
        tuple.elems.iter().nth(index).map(Ascription::new)
    }
}

/// `..` or `rest @ ..`
fn is_rest(pat: &Pat) -> bool {
    match pat {
        Pat::Rest(_) => true,
        Pat::Ident(ident) => ident.subpat.as_ref().is_some_and(|(_, inner)| matches!(&**inner, Pat::Rest(_))),
        _ => false,
    }
}

fn contains_ref(lowered: &Lowered) -> bool {
    match lowered {
        Lowered::Ref(..) => true,
        Lowered::Tuple(items) => items.iter().any(contains_ref),
        Lowered::View(_) => true,
        Lowered::Operand(_) | Lowered::Place(_) | Lowered::Unit | Lowered::Never => false,
    }
}

/// An ascription says more than what was inferred, except where it leaves parts open.
pub(super) fn ascribe(ty: &mut Type, ascribed: &Type) {
    let mut known = ascribed.clone();
    types::merge(&mut known, ty);
    *ty = known;
}
