//! Patterns of slices with a rest, `[first, .., last]`, `[head, tail @ ..]`: each arm is taken by the length, and its names
//! stand for elements and parts counted from both ends.

use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, block_of, constant};
use super::stmt::{Arm, Wanted};
use crate::analysis::types;
use crate::ir::{BinOp, Block, Op, Operand, Place, Stmt, Type, UnOp};
use proc_macro2::{Literal, Span};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, Pat};

/// A slice that is matched, and how its parts are bound.
struct Matched {
    list: Place,
    len: Operand,
    /// Names are references to the elements.
    by_reference: Option<Mutability>,
}

/// An arm of a `match` on a slice.
struct SliceArm<'m> {
    pat: &'m Pat,
    guard: Option<&'m Expr>,
    body: &'m Expr,
}

impl<'m> SliceArm<'m> {
    fn new(pat: &'m Pat, body: &'m Expr) -> Self {
        let (pat, guard) = match pat {
            Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            pat => (pat, None),
        };
        SliceArm { pat, guard, body }
    }
}

/// The parts of the pattern before and behind the rest, and the name of the rest.
struct Parts<'p> {
    before: Vec<&'p Pat>,
    behind: Vec<&'p Pat>,
    /// `None` for a pattern of fixed length; otherwise the name of what is between, if it has one.
    rest: Option<Option<syn::PatIdent>>,
    /// `&[a, b]`: elements are copied.
    by_value: bool,
}

/// Whether the pattern matches lists of several lengths.
pub(super) fn has_rest(pat: &Pat) -> bool {
    parts_of(pat).is_some_and(|parts| parts.rest.is_some())
}

impl Lowerer<'_> {
    /// `match xs { [] => .., [x] => .., [first, .., last] => .. }`
    pub(super) fn match_slice(&mut self, matching: &syn::ExprMatch, wanted: Wanted<'_>) -> Option<Lowered> {
        let cases = |arm: &syn::Arm| super::refutable::alternatives(&arm.pat);
        let cases: Vec<Vec<Pat>> = matching.arms.iter().map(cases).collect();
        let arms = cases.iter().zip(&matching.arms).flat_map(|(cases, arm)| {
            let body = &*arm.body;
            cases.iter().map(move |pat| SliceArm::new(pat, body))
        });
        let arms: Vec<SliceArm<'_>> = arms.collect();
        if arms.iter().any(|arm| !is_slice_or_rest(arm.pat)) {
            return None;
        }
        let patterns = arms.iter().flat_map(|arm| alternatives_of(arm.pat));
        let matched = self.matched(patterns, &matching.expr)?;
        let span = matching.match_token.span;
        Some(self.slice_arms(&matched, &arms, wanted, span))
    }

    /// `if let [first, .., last] = xs { .. } else { .. }`
    pub(super) fn if_slice(
        &mut self,
        condition: &syn::ExprLet,
        then: &syn::Block,
        otherwise: Option<&Expr>,
        wanted: Wanted<'_>,
    ) -> Option<Lowered> {
        let matched = self.matched(std::iter::once(&*condition.pat), &condition.expr)?;
        let span = condition.let_token.span;
        let parts = parts_of(&condition.pat)?;
        let cond = self.fits(&matched, &parts, span);
        let mut taken = self.arm(span, |this| {
            this.bind_parts(&matched, &parts);
            this.stmts(&then.stmts, wanted)
        });
        let mut els = self.otherwise(otherwise, wanted, span);
        let (dest, lowered) = self.join(&mut [&mut taken, &mut els], span);
        self.emit(Stmt::If { dest, cond, then: taken.block, els: els.block });
        Some(lowered)
    }

    /// `let [first, .., last] = xs else { .. };`
    pub(super) fn else_slice(&mut self, pat: &Pat, value: &Expr, diverge: &Expr) -> bool {
        let Some(matched) = self.matched(std::iter::once(pat), value) else { return false };
        let Some(parts) = parts_of(pat) else { return false };
        let fits = self.fits(&matched, &parts, pat.span());
        let els = self.arm(diverge.span(), |this| this.effect(diverge));
        let cond = self.temp("differs", Type::Bool, Op::Unary(UnOp::Not, fits), pat.span());
        self.emit(Stmt::If { dest: None, cond, then: els.block, els: block_of(Vec::new(), None) });
        self.bind_parts(&matched, &parts);
        true
    }

    /// What is matched, if it is a list that the patterns tell apart by its length.
    fn matched<'p>(&mut self, pats: impl Iterator<Item = &'p Pat>, value: &Expr) -> Option<Matched> {
        let pats: Vec<&Pat> = pats.collect();
        if pats.iter().flat_map(|pat| super::matching::bound_names(pat)).any(|name| self.names_a_constant(&name)) {
            return None;
        }
        if !pats.iter().any(|pat| parts_of(pat).is_some()) {
            return None;
        }
        let several = pats.iter().any(|pat| has_rest(pat));
        let checkpoint = self.checkpoint();
        let lowered = self.value(value);
        let ty = self.lowered_type(&lowered);
        // Arrays have one length: patterns without a rest are those of rustc.
        let is_list = match types::strip_refs(&ty) {
            Type::Array(..) => several,
            Type::Slice(_) | Type::Vec(_) => true,
            _ => false,
        };
        if !is_list {
            self.rollback(&checkpoint);
            return None;
        }
        let by_reference = match &ty {
            Type::Ref { mutable: true, .. } => Some(Mutability::Mutable),
            Type::Ref { mutable: false, .. } => Some(Mutability::Shared),
            _ => None,
        };
        let list = self.place_of(lowered, value.span());
        let len = self.length(&list, value.span());
        Some(Matched { list, len, by_reference })
    }

    fn slice_arms(&mut self, matched: &Matched, arms: &[SliceArm<'_>], wanted: Wanted<'_>, span: Span) -> Lowered {
        let [arm, rest @ ..] = arms else { return Lowered::Never };
        let lower = |this: &mut Self| {
            this.bind_arm(matched, arm);
            match wanted {
                Wanted::Value(hint) => this.value_as(arm.body, hint),
                Wanted::Effect => this.effect(arm.body),
            }
        };
        if rest.is_empty() {
            // rustc has checked that the arms cover all lengths.
            return self.scope(lower);
        }
        let cond = self.slice_condition(matched, arm, span);
        let mut taken = self.arm(span, lower);
        let mut els: Arm = self.arm(span, |this| this.slice_arms(matched, rest, wanted, span));
        let (dest, lowered) = self.join(&mut [&mut taken, &mut els], span);
        let (then, els): (Block, Block) = (taken.block, els.block);
        self.emit(Stmt::If { dest, cond, then, els });
        lowered
    }

    /// Whether an arm is taken: one of its patterns fits, and the guard holds of what it binds.
    fn slice_condition(&mut self, matched: &Matched, arm: &SliceArm<'_>, span: Span) -> Operand {
        let fits = alternatives_of(arm.pat).iter().filter_map(|case| parts_of(case)).fold(None, |cond, parts| {
            let fits = self.fits(matched, &parts, span);
            Some(match cond {
                Some(cond) => self.binary_op(BinOp::Or, cond, fits, span),
                None => fits,
            })
        });
        let fits = fits.unwrap_or_else(|| constant(quote!(true), Type::Bool));
        let Some(guard) = arm.guard else { return fits };
        let mut holds = self.arm(span, |this| {
            this.bind_arm(matched, arm);
            Lowered::Operand(this.condition(guard))
        });
        let mut differs = self.arm(span, |_| Lowered::Operand(constant(quote!(false), Type::Bool)));
        let (dest, lowered) = self.join(&mut [&mut holds, &mut differs], span);
        self.emit(Stmt::If { dest, cond: fits, then: holds.block, els: differs.block });
        self.read(lowered, span)
    }

    /// Binds the names of an arm, which has none in alternatives.
    fn bind_arm(&mut self, matched: &Matched, arm: &SliceArm<'_>) {
        match (arm.pat, parts_of(arm.pat)) {
            (Pat::Or(_), _) => (),
            (_, Some(parts)) => self.bind_parts(matched, &parts),
            (pat, None) => self.bind_whole(matched, pat),
        }
    }

    /// Whether the length is one that the pattern matches.
    fn fits(&mut self, matched: &Matched, parts: &Parts<'_>, span: Span) -> Operand {
        let op = if parts.rest.is_some() { BinOp::Ge } else { BinOp::Eq };
        let least = Literal::usize_unsuffixed(parts.before.len() + parts.behind.len());
        let least = constant(least.to_token_stream(), Type::Int(Some("usize")));
        self.binary_op(op, matched.len.clone(), least, span)
    }

    fn bind_whole(&mut self, matched: &Matched, pat: &Pat) {
        let whole = Lowered::Place(matched.list.clone());
        let whole = match matched.by_reference {
            Some(mutability) => Lowered::Ref(Box::new(whole), mutability),
            None => whole,
        };
        self.bind(pat, whole, None);
    }

    fn bind_parts(&mut self, matched: &Matched, parts: &Parts<'_>) {
        let by_reference = matched.by_reference.filter(|_| !parts.by_value);
        let reference = |part| match by_reference {
            Some(mutability) => Lowered::Ref(Box::new(part), mutability),
            None => part,
        };
        for (position, pat) in parts.before.iter().enumerate() {
            let index = Literal::usize_unsuffixed(position).to_token_stream();
            self.bind_element(matched, constant(index, Type::Int(None)), pat, &reference);
        }
        let behind = parts.behind.len();
        for (position, pat) in parts.behind.iter().enumerate() {
            let index = self.index_behind(matched, behind - position, pat.span());
            self.bind_element(matched, index, pat, &reference);
        }
        let Some(Some(name)) = parts.rest.clone() else { return };
        let lo = Literal::usize_unsuffixed(parts.before.len()).to_token_stream();
        let lo = (!parts.before.is_empty()).then(|| constant(lo, Type::Int(None)));
        let hi = (behind > 0).then(|| self.index_behind(matched, behind, name.span()));
        let mut rest = matched.list.clone();
        self.push_range(&mut rest, lo, hi, false, name.span());
        // A part of a slice has no size: it is always behind a reference.
        let rest = Lowered::Ref(Box::new(Lowered::Place(rest)), by_reference.unwrap_or(Mutability::Shared));
        self.bind(&Pat::Ident(name), rest, None);
    }

    fn bind_element(&mut self, matched: &Matched, index: Operand, pat: &Pat, reference: &dyn Fn(Lowered) -> Lowered) {
        if matches!(pat, Pat::Wild(_)) {
            return;
        }
        let mut element = matched.list.clone();
        self.push_index(&mut element, index, pat.span());
        let element = self.place_value(element);
        self.bind(pat, reference(element), None);
    }

    /// `len - count`
    fn index_behind(&mut self, matched: &Matched, count: usize, span: Span) -> Operand {
        let count = Literal::usize_unsuffixed(count);
        self.opaque_parts("at", std::slice::from_ref(&matched.len), Type::Int(Some("usize")), span, |parts| {
            let len = &parts[0];
            quote!(#len - #count)
        })
    }
}

/// The parts of a slice pattern that always matches where the length fits.
fn parts_of(pat: &Pat) -> Option<Parts<'_>> {
    let (slice, by_value) = match pat {
        Pat::Slice(slice) => (slice, false),
        Pat::Reference(reference) => match &*reference.pat {
            Pat::Slice(slice) => (slice, true),
            _ => return None,
        },
        _ => return None,
    };
    let mut parts = Parts { before: Vec::new(), behind: Vec::new(), rest: None, by_value };
    for elem in &slice.elems {
        match (elem, rest_name(elem)) {
            (_, Some(name)) if parts.rest.is_none() => parts.rest = Some(name),
            (_, Some(_)) => return None,
            (Pat::Ident(_) | Pat::Wild(_) | Pat::Reference(_) | Pat::Tuple(_), None) => match parts.rest {
                None => parts.before.push(elem),
                Some(_) => parts.behind.push(elem),
            },
            _ => return None,
        }
    }
    Some(parts)
}

/// `..` or `name @ ..`
fn rest_name(pat: &Pat) -> Option<Option<syn::PatIdent>> {
    match pat {
        Pat::Rest(_) => Some(None),
        Pat::Ident(ident) => match &ident.subpat {
            Some((_, inner)) if matches!(**inner, Pat::Rest(_)) => {
                Some(Some(syn::PatIdent { subpat: None, ..ident.clone() }))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The cases of a pattern that may have several.
fn alternatives_of(pat: &Pat) -> Vec<&Pat> {
    match pat {
        Pat::Or(or) => or.cases.iter().collect(),
        other => vec![other],
    }
}

fn is_slice_or_rest(pat: &Pat) -> bool {
    match pat {
        Pat::Or(or) => {
            or.cases.iter().all(|case| parts_of(case).is_some()) && super::matching::bound_names(pat).is_empty()
        }
        Pat::Wild(_) => true,
        Pat::Ident(ident) if ident.subpat.is_none() => true,
        other => parts_of(other).is_some(),
    }
}
