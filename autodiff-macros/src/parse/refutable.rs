//! Refutable patterns: the patterns of `match`, `if let` and their kin.
//!
//! A pattern becomes the pattern of an arm of the IR and a list of what it binds. What is matched by reference binds
//! references; names that the source binds by value are then copied out at the start of the arm, so that nothing is
//! moved out of what is matched.

use super::env::{Binding, Lowered, Mutability};
use super::lowerer::Lowerer;
use super::variants::{is_variant, payload_method};
use crate::analysis::types;
use crate::ir::{Op, Operand, Origin, Place, Proj, Storage, Type, VarId};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Member, Pat, Token};

/// What a pattern is compared with.
#[derive(Clone)]
pub(super) struct Position {
    /// Of the value itself, behind the reference through which it is matched.
    pub(super) ty: Type,
    /// What is matched.
    pub(super) root: Option<VarId>,
    /// From what is matched to here, where it is known.
    pub(super) path: Option<Vec<Proj>>,
    /// The place itself, where it has one that may be written.
    pub(super) place: Option<Place>,
    /// Names are bound to references in the IR.
    pub(super) by_ref: bool,
    /// Names are references for the user.
    pub(super) view: Option<Mutability>,
    /// It certainly carries no derivative.
    pub(super) constant: bool,
    /// The parts of a tuple that was written down where it is matched.
    pub(super) parts: Option<Vec<Position>>,
}

impl Position {
    pub(super) fn whole(ty: Type) -> Self {
        Position {
            ty,
            root: None,
            path: Some(Vec::new()),
            place: None,
            by_ref: false,
            view: None,
            constant: false,
            parts: None,
        }
    }

    fn step(&self, step: Proj) -> Position {
        let ty = types::project(&self.ty, &step);
        let place = self.place.clone().map(|mut place| {
            place.push(match &step {
                Proj::Payload(method) => Proj::Part(method.clone()),
                other => other.clone(),
            });
            place
        });
        let path = self.path.clone().map(|mut path| {
            path.push(step);
            path
        });
        Position { ty, path, place, parts: None, ..self.clone() }
    }

    /// A part whose place is not known.
    fn somewhere(&self) -> Position {
        // All parts of what a constant part holds are as constant as that is.
        let path = self.path.clone().filter(|path| self.constant && !path.is_empty());
        Position { ty: Type::Unknown, path, place: None, parts: None, ..self.clone() }
    }

    /// A part of a variant.
    pub(super) fn payload(&self, variant: &syn::Ident, member: &Member) -> Position {
        self.step(Proj::Payload(payload_method(variant, member)))
    }

    /// The place of this part, where the user got a reference to it that may be written through.
    pub(super) fn lent(&self) -> Option<&Place> {
        self.place.as_ref().filter(|_| self.view == Some(Mutability::Mutable) && !self.constant)
    }

    fn field(&self, member: Member) -> Position {
        match (&self.parts, &member) {
            (Some(parts), Member::Unnamed(index)) if (index.index as usize) < parts.len() => {
                parts[index.index as usize].clone()
            }
            _ => self.step(Proj::Field(member)),
        }
    }

    fn arity(&self) -> Option<usize> {
        match (&self.parts, types::strip_refs(&self.ty)) {
            (Some(parts), _) => Some(parts.len()),
            (None, Type::Tuple(items)) => Some(items.len()),
            (None, Type::Array(_, len)) => len.to_string().trim_end_matches("usize").parse().ok(),
            (None, _) => None,
        }
    }
}

/// What a pattern binds.
#[derive(Default)]
pub(super) struct Bound {
    pub(super) bindings: Vec<(VarId, Option<Vec<Proj>>)>,
    /// Names that are copies of what was bound.
    copies: Vec<(syn::PatIdent, VarId)>,
}

type Parts = Punctuated<Pat, Token![,]>;

impl Lowerer<'_> {
    /// The pattern of the arm; its names are in scope from here on, except those that [`Self::copy_out`] brings.
    pub(super) fn refutable(&mut self, pat: &Pat, at: &Position, bound: &mut Bound) -> TokenStream {
        let at = &self.known_position(at);
        match pat {
            Pat::Wild(_) | Pat::Lit(_) | Pat::Range(_) | Pat::Path(_) | Pat::Const(_) | Pat::Rest(_) => {
                pat.to_token_stream()
            }
            Pat::Ident(ident) => self.refutable_name(ident, at, bound),
            Pat::Paren(paren) => {
                let inner = self.refutable(&paren.pat, at, bound);
                quote!((#inner))
            }
            Pat::Or(or) => {
                let cases = or.cases.iter().map(|case| self.refutable(case, at, bound));
                let cases: Vec<TokenStream> = cases.collect();
                quote!(#(#cases)|*)
            }
            Pat::Tuple(tuple) => {
                let parts = self.refutable_parts(&tuple.elems, at.arity(), bound, at, &|index| at.field(index.into()));
                let comma = (tuple.elems.len() == 1).then(|| quote!(,));
                quote!((#parts #comma))
            }
            Pat::Reference(reference) => self.refutable_reference(reference, at, bound),
            Pat::TupleStruct(part) => {
                let path = &part.path;
                let arity = self.variant_arity(path);
                let parts =
                    self.refutable_parts(&part.elems, arity, bound, at, &|index| part_of(path, index.into(), at));
                quote!(#path(#parts))
            }
            Pat::Struct(part) => self.refutable_struct(part, at, bound),
            Pat::Slice(slice) => {
                let step = |index| at.step(Proj::Index(crate::ir::literals::index(index)));
                let parts = self.refutable_parts(&slice.elems, at.arity(), bound, at, &step);
                quote!([#parts])
            }
            other => {
                self.refuse(other, "this pattern is not supported", "match on an integer, or write `if`");
                quote!(_)
            }
        }
    }

    /// How many parts a variant has, where its file tells.
    fn variant_arity(&self, path: &syn::Path) -> Option<usize> {
        let last = path.segments.last()?;
        let owner = path.segments.iter().rev().nth(1)?.ident.to_string();
        let own = self.owner.and_then(|owner| owner.self_type.as_ref()).map(types::parse_type);
        let owner = if owner == "Self" { types::type_name(&own?)? } else { owner };
        self.nearby.as_ref()?.arity(&owner, &last.ident)
    }

    /// The position with its type, where the types of fields and of parts of variants are known.
    fn known_position(&self, at: &Position) -> Position {
        let mut at = at.clone();
        if let (Type::Unknown, Some(root), Some(path)) = (&at.ty, at.root, &at.path) {
            at.ty = self.function.place_type(&Place { root, path: path.clone() });
        }
        at
    }

    /// The parts of a tuple, a variant or a slice; how many it has is not always known.
    fn refutable_parts(
        &mut self,
        parts: &Parts,
        arity: Option<usize>,
        bound: &mut Bound,
        at: &Position,
        step: &dyn Fn(usize) -> Position,
    ) -> TokenStream {
        let rest = parts.iter().position(|part| matches!(part, Pat::Rest(_)) || is_rest_of_slice(part));
        let patterns = parts.iter().enumerate().map(|(index, part)| {
            let position = match (rest, arity) {
                (Some(rest), Some(arity)) if index > rest => step(arity + index - parts.len()),
                (Some(rest), None) if index > rest => at.somewhere(),
                (Some(rest), _) if index == rest => at.somewhere(),
                _ => step(index),
            };
            self.refutable(part, &position, bound)
        });
        let patterns: Vec<TokenStream> = patterns.collect();
        quote!(#(#patterns),*)
    }

    fn refutable_struct(&mut self, pat: &syn::PatStruct, at: &Position, bound: &mut Bound) -> TokenStream {
        let mut fields = Vec::new();
        for field in &pat.fields {
            self.check_attributes(&field.attrs);
            let part = self.refutable(&field.pat, &part_of(&pat.path, field.member.clone(), at), bound);
            let member = &field.member;
            let shorthand = part.to_string() == member.to_token_stream().to_string();
            fields.push(if shorthand { part } else { quote!(#member: #part) });
        }
        let rest = pat.rest.iter();
        let path = &pat.path;
        quote!(#path { #(#fields,)* #(#rest)* })
    }

    /// `&pattern`: where the value is matched through a reference anyway, the pattern says nothing more.
    fn refutable_reference(&mut self, pat: &syn::PatReference, at: &Position, bound: &mut Bound) -> TokenStream {
        if at.view.is_some() && !at.constant {
            return self.refutable(&pat.pat, &Position { view: None, ..at.clone() }, bound);
        }
        if at.by_ref && !at.constant {
            self.refuse(pat, "`&` is not supported here", "bind the reference, and write `*` where it is used");
            return quote!(_);
        }
        let inner = self.refutable(&pat.pat, &at.step(Proj::Deref), bound);
        quote!(&#inner)
    }

    fn refutable_name(&mut self, pat: &syn::PatIdent, at: &Position, bound: &mut Bound) -> TokenStream {
        let subpattern = pat.subpat.as_ref().map(|(_, inner)| self.refutable(inner, at, bound));
        if subpattern.is_none() && pat.by_ref.is_none() && pat.mutability.is_none() && self.names_a_constant(&pat.ident)
        {
            return pat.to_token_stream();
        }
        if at.path.is_none() && !at.constant && types::may_carry_derivative(&at.ty) {
            let help = "name all parts, `_` for the rest, or index the elements";
            self.refuse(pat, "cannot see which part of the value this is", help);
        }
        let name = self.bound_name(pat, at, bound);
        match subpattern {
            Some(inner) if name.to_string() == "_" => inner,
            Some(inner) => quote!(#name @ #inner),
            None => name,
        }
    }

    /// Makes the variable that a name is bound to; gives what binds it.
    fn bound_name(&mut self, pat: &syn::PatIdent, at: &Position, bound: &mut Bound) -> TokenStream {
        let name = pat.ident.to_string();
        if at.constant && bound.bindings.iter().any(|(var, _)| self.function[*var].name == name) {
            // The other side of an or-pattern.
            return pat.ident.to_token_stream();
        }
        let mutable = pat.by_ref.is_none() && pat.mutability.is_some();
        let view = if pat.by_ref.is_some() { Some(borrowed(pat)) } else { at.view };
        if let Some(place) = (Position { view, ..at.clone() }).lent() {
            let part = Lowered::Ref(Box::new(self.place_value(place.clone())), Mutability::Mutable);
            self.env.bind(&pat.ident, Binding::Alias(part));
            return quote!(_);
        }
        let copied = mutable || (at.by_ref && view.is_none());
        let (name, ty) = match (copied, at.by_ref) {
            (_, true) => {
                let ty = Type::Ref { mutable: false, inner: Box::new(at.ty.clone()) };
                (if copied { format!("{name}_ref") } else { name }, ty)
            }
            (true, false) => (format!("{name}_bound"), at.ty.clone()),
            (false, false) => (name, at.ty.clone()),
        };
        let var = self.fresh(&name, ty, Storage::Value, Origin::User, pat.ident.span());
        if at.constant {
            self.constants.insert(var);
        }
        if view == Some(Mutability::Mutable) {
            self.payloads.insert(var);
        }
        if copied {
            bound.copies.push((syn::PatIdent { subpat: None, ..pat.clone() }, var));
        } else if !at.by_ref && view.is_some() && !at.constant {
            self.env.bind(&pat.ident, Binding::Alias(Lowered::Place(Place::var(var)).shared()));
        } else {
            self.env.bind(&pat.ident, Binding::Var(var));
        }
        bound.bindings.push((var, at.path.clone()));
        let ident = super::opaque::identifier(&name, pat.ident.span());
        let by_ref = pat.by_ref.as_ref().filter(|_| at.constant);
        quote!(#by_ref #ident)
    }

    /// Binds the names that are copies of what a pattern bound, at the start of a guard or of an arm.
    pub(super) fn copy_out(&mut self, bound: &Bound) {
        for (pat, var) in &bound.copies {
            let var = *var;
            let content = match self.function[var].ty {
                Type::Ref { .. } => {
                    let place = Place { root: var, path: vec![Proj::Deref] };
                    match self.place_value(place) {
                        Lowered::Place(place) => Lowered::Operand(self.copy_of(place, pat)),
                        reference => reference,
                    }
                }
                _ => Lowered::Operand(Operand::Var(var)),
            };
            self.bind(&Pat::Ident(pat.clone()), content, None);
        }
    }

    /// What lies behind a reference cannot be moved.
    fn copy_of(&mut self, place: Place, pat: &syn::PatIdent) -> Operand {
        let ty = self.function.place_type(&place);
        let op = if types::is_copy(&ty) { Op::Read(place) } else { Op::CloneOf(place) };
        self.temp(&pat.ident.to_string(), types::owned(&ty), op, pat.ident.span())
    }
}

/// A part of a variant or of a struct.
fn part_of(path: &syn::Path, member: Member, at: &Position) -> Position {
    let Some(last) = path.segments.last().filter(|_| is_variant(path)) else { return at.field(member) };
    if at.constant {
        // What is inactive as a whole may hold floats all the same.
        return Position { ty: Type::Unknown, ..at.payload(&last.ident, &member) };
    }
    // What an error holds carries no derivative.
    Position { constant: last.ident == "Err", ..at.payload(&last.ident, &member) }
}

fn borrowed(pat: &syn::PatIdent) -> Mutability {
    if pat.mutability.is_some() { Mutability::Mutable } else { Mutability::Shared }
}

/// `rest @ ..`
fn is_rest_of_slice(pat: &Pat) -> bool {
    matches!(pat, Pat::Ident(ident) if ident.subpat.as_ref().is_some_and(|(_, inner)| matches!(&**inner, Pat::Rest(_))))
}

/// The pattern as several patterns, none of which has names in an alternative.
pub(super) fn alternatives(pat: &Pat) -> Vec<Pat> {
    let each = |inner: &Pat, wrap: &dyn Fn(Box<Pat>) -> Pat| -> Vec<Pat> {
        alternatives(inner).into_iter().map(|inner| wrap(Box::new(inner))).collect()
    };
    match pat {
        Pat::Or(or) if or.cases.iter().any(binds) => or.cases.iter().flat_map(alternatives).collect(),
        Pat::Paren(paren) => each(&paren.pat, &|pat| Pat::Paren(syn::PatParen { pat, ..paren.clone() })),
        Pat::Guard(guard) => each(&guard.pat, &|pat| Pat::Guard(syn::PatGuard { pat, ..guard.clone() })),
        Pat::Reference(outer) => each(&outer.pat, &|pat| Pat::Reference(syn::PatReference { pat, ..outer.clone() })),
        Pat::Tuple(tuple) => combinations(&tuple.elems)
            .into_iter()
            .map(|elems| Pat::Tuple(syn::PatTuple { elems, ..tuple.clone() }))
            .collect(),
        Pat::TupleStruct(outer) => combinations(&outer.elems)
            .into_iter()
            .map(|elems| Pat::TupleStruct(syn::PatTupleStruct { elems, ..outer.clone() }))
            .collect(),
        other => vec![other.clone()],
    }
}

fn combinations(parts: &Parts) -> Vec<Parts> {
    parts.iter().fold(vec![Parts::new()], |done, part| {
        let choices = alternatives(part);
        let extended = done.iter().flat_map(|done| {
            choices.iter().map(move |choice| {
                let mut more = done.clone();
                more.push(choice.clone());
                more
            })
        });
        extended.collect()
    })
}

fn binds(pat: &Pat) -> bool {
    super::matching::bound_names(pat)
        .iter()
        .any(|name| !super::expr::is_constant_name(&name.to_string()) && !super::expr::is_type_name(&name.to_string()))
}
