//! The surface tree: what is printed, before variables have names.
//!
//! `fold` turns the IR's statements into this tree, `names` decides what each variable is called, `print` writes tokens.
//! Variables stay [`VarId`]s throughout, so that no step before `names` has to think about shadowing.

use std::borrow::Cow;
use std::rc::Rc;

use proc_macro2::{Span, TokenStream};

use crate::ir::{BinOp, Constructor, Opaque, ScopeId, UnOp, VarId};

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Expr {
    Var(VarId),
    /// A literal or a path.
    Tokens(TokenStream),
    /// The user's own tokens, in which variables may have to be renamed.
    Opaque(Opaque),
    Unary(UnOp, Box<Expr>),
    Binary(BinOp, Box<Expr>, Box<Expr>),
    Cast(Box<Expr>, TokenStream),
    Deref(Box<Expr>),
    Ref {
        mutable: bool,
        inner: Box<Expr>,
    },
    Field(Box<Expr>, syn::Member),
    Index(Box<Expr>, Box<Expr>),
    Range {
        lo: Option<Box<Expr>>,
        hi: Option<Box<Expr>>,
        inclusive: bool,
    },
    Method {
        receiver: Box<Expr>,
        name: Cow<'static, str>,
        generics: Option<TokenStream>,
        span: Span,
        args: Vec<Expr>,
    },
    /// `receiver.name()`, a reference to a part of an enum's variant.
    Payload {
        receiver: Box<Expr>,
        name: Cow<'static, str>,
    },
    Call {
        function: Box<Expr>,
        args: Vec<Expr>,
    },
    Tuple(Vec<Expr>),
    Array(Vec<Expr>),
    VecList(Vec<Expr>),
    /// `Point { x: a, ..base }`, `Some(a)`
    Constructor(Rc<Constructor>, Vec<Expr>),
    Repeat {
        vec: bool,
        item: Box<Expr>,
        len: Box<Expr>,
    },
    If {
        cond: Box<Expr>,
        then: Block,
        els: Option<Block>,
    },
    Match {
        scrutinee: Box<Expr>,
        arms: Vec<Arm>,
    },
    Loop {
        label: Option<ScopeId>,
        body: Block,
    },
    /// A block, labelled where something breaks out of it.
    Block {
        label: Option<ScopeId>,
        body: Block,
    },
    Closure {
        moves: bool,
        params: Vec<Pattern>,
        body: Box<Expr>,
    },
}

/// A statement.
#[derive(Clone, Debug)]
pub(super) enum Line {
    Let {
        pattern: Pattern,
        ascription: Option<TokenStream>,
        value: Option<Expr>,
    },
    Assign(Expr, Expr),
    /// `place op= value`
    Compound(BinOp, Expr, Expr),
    Expr(Expr),
    For {
        label: Option<ScopeId>,
        pattern: Pattern,
        iter: Expr,
        body: Block,
    },
    While {
        label: Option<ScopeId>,
        cond: Expr,
        body: Block,
    },
    /// `if let Some(slot) = slot.as_deref_mut() { .. }`: inside, the slot's variable is the reference in it.
    IfSlot {
        slot: VarId,
        body: Block,
    },
    Break {
        label: Option<ScopeId>,
        value: Option<Expr>,
    },
    Continue {
        label: Option<ScopeId>,
    },
    Return(Option<Expr>),
    /// A documentation comment on the next statement, where one is legal.
    Comment(String),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) lines: Vec<Line>,
    pub(super) result: Option<Box<Expr>>,
}

#[derive(Clone, Debug)]
pub(super) struct Arm {
    pub(super) pattern: Pattern,
    pub(super) guard: Option<Expr>,
    pub(super) body: Block,
}

#[derive(Clone, Debug)]
pub(super) enum Pattern {
    Var {
        var: VarId,
        mutable: bool,
    },
    Ref(Box<Pattern>),
    Tuple(Vec<Pattern>),
    /// `[a, b]`
    Array(Vec<Pattern>),
    /// `Some(var)`
    Some(VarId),
    Wild,
    /// The user's pattern, with the variables that it binds.
    Tokens(TokenStream, Vec<VarId>),
    /// A closure's parameter with its type.
    Typed(Box<Pattern>, TokenStream),
}

impl Expr {
    pub(super) fn method(self, name: &'static str, args: Vec<Expr>) -> Expr {
        Expr::Method { receiver: Box::new(self), name: name.into(), generics: None, span: Span::call_site(), args }
    }

    pub(super) fn call(function: TokenStream, args: Vec<Expr>) -> Expr {
        Expr::Call { function: Box::new(Expr::Tokens(function)), args }
    }

    pub(super) fn reference(self, mutable: bool) -> Expr {
        Expr::Ref { mutable, inner: Box::new(self) }
    }

    pub(super) fn binary(op: BinOp, left: Expr, right: Expr) -> Expr {
        Expr::Binary(op, Box::new(left), Box::new(right))
    }

    /// A variable, or a path of fields, elements and dereferences from one: what may stand left of `=`.
    pub(super) fn is_place(&self) -> bool {
        match self {
            Expr::Var(_) => true,
            Expr::Deref(inner) | Expr::Field(inner, _) | Expr::Index(inner, _) => inner.is_place(),
            Expr::Payload { receiver, .. } => receiver.is_place(),
            Expr::Tokens(_)
            | Expr::Opaque(_)
            | Expr::Unary(..)
            | Expr::Binary(..)
            | Expr::Cast(..)
            | Expr::Ref { .. }
            | Expr::Range { .. }
            | Expr::Method { .. }
            | Expr::Call { .. }
            | Expr::Tuple(_)
            | Expr::Array(_)
            | Expr::VecList(_)
            | Expr::Constructor(..)
            | Expr::Repeat { .. }
            | Expr::If { .. }
            | Expr::Match { .. }
            | Expr::Loop { .. }
            | Expr::Block { .. }
            | Expr::Closure { .. } => false,
        }
    }

    /// A place as it is written where it is written to: by the methods of an enum that lend what they lead to for that.
    pub(super) fn writable(self) -> Expr {
        match self {
            Expr::Deref(inner) => Expr::Deref(Box::new(inner.writable())),
            Expr::Field(inner, member) => Expr::Field(Box::new(inner.writable()), member),
            Expr::Index(inner, index) => Expr::Index(Box::new(inner.writable()), index),
            Expr::Payload { receiver, name } => {
                let name = if name.ends_with("_part") { format!("{name}_mut").into() } else { name };
                Expr::Payload { receiver: Box::new(receiver.writable()), name }
            }
            other => other,
        }
    }

    /// Whether two places are written alike and so name the same memory, when evaluated at the same moment.
    pub(super) fn same_place(&self, other: &Expr) -> bool {
        match (self, other) {
            (Expr::Var(a), Expr::Var(b)) => a == b,
            (Expr::Tokens(a), Expr::Tokens(b)) => a.to_string() == b.to_string(),
            (Expr::Deref(a), Expr::Deref(b)) => a.same_place(b),
            (Expr::Payload { receiver: a, name: x }, Expr::Payload { receiver: b, name: y }) => {
                x.trim_end_matches("_mut") == y.trim_end_matches("_mut") && a.same_place(b)
            }
            (Expr::Field(a, x), Expr::Field(b, y)) => x == y && a.same_place(b),
            (Expr::Index(a, i), Expr::Index(b, j)) => a.same_place(b) && i.same_place(j),
            (Expr::Binary(f, a, b), Expr::Binary(g, c, d)) => f == g && a.same_place(c) && b.same_place(d),
            (Expr::Array(a), Expr::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.same_place(y)),
            _ => false,
        }
    }

    /// Whether this mentions the variable that a place is part of.
    pub(super) fn mentions_root_of(&self, place: &Expr) -> bool {
        let root = match place {
            Expr::Var(root) => *root,
            Expr::Deref(inner)
            | Expr::Field(inner, _)
            | Expr::Index(inner, _)
            | Expr::Payload { receiver: inner, .. } => {
                return self.mentions_root_of(inner);
            }
            _ => return true,
        };
        let mut found = false;
        self.visit(&mut |part| {
            found |= match part {
                Expr::Var(var) => *var == root,
                Expr::Opaque(opaque) => opaque.uses.contains(&root),
                Expr::Closure { .. }
                | Expr::Block { .. }
                | Expr::Loop { .. }
                | Expr::Match { .. }
                | Expr::If { .. } => true,
                _ => false,
            };
        });
        found
    }

    /// The number of nodes, as a measure of how long the expression is when printed.
    pub(super) fn size(&self) -> usize {
        let mut size = 0;
        self.visit(&mut |_| size += 1);
        size
    }

    /// Calls `f` on this expression and on all expressions in it outside nested statements.
    pub(super) fn visit(&self, f: &mut impl FnMut(&Expr)) {
        f(self);
        for child in self.children() {
            child.visit(f);
        }
    }

    /// The direct subexpressions, in order of evaluation, without those inside nested blocks.
    pub(super) fn children(&self) -> Vec<&Expr> {
        match self {
            Expr::Var(_) | Expr::Tokens(_) | Expr::Opaque(_) | Expr::Loop { .. } | Expr::Block { .. } => Vec::new(),
            Expr::Unary(_, inner) | Expr::Cast(inner, _) | Expr::Deref(inner) | Expr::Field(inner, _) => vec![inner],
            Expr::Ref { inner, .. } | Expr::Payload { receiver: inner, .. } => vec![inner],
            Expr::Binary(_, a, b) | Expr::Index(a, b) | Expr::Repeat { item: a, len: b, .. } => vec![a, b],
            Expr::Range { lo, hi, .. } => lo.iter().chain(hi).map(|bound| &**bound).collect(),
            Expr::Method { receiver, args, .. } => std::iter::once(&**receiver).chain(args).collect(),
            Expr::Call { function, args } => std::iter::once(&**function).chain(args).collect(),
            Expr::Tuple(items) | Expr::Array(items) | Expr::VecList(items) | Expr::Constructor(_, items) => {
                items.iter().collect()
            }
            Expr::If { cond, then, els } => {
                let arms = then.result.iter().chain(els.iter().flat_map(|block| &block.result));
                std::iter::once(cond).chain(arms).map(|child| &**child).collect()
            }
            Expr::Match { scrutinee, .. } => vec![scrutinee],
            Expr::Closure { body, .. } => vec![body],
        }
    }

    /// The same, to be changed.
    pub(super) fn children_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Expr::Var(_) | Expr::Tokens(_) | Expr::Opaque(_) | Expr::Loop { .. } | Expr::Block { .. } => Vec::new(),
            Expr::Unary(_, inner) | Expr::Cast(inner, _) | Expr::Deref(inner) | Expr::Field(inner, _) => vec![inner],
            Expr::Ref { inner, .. } | Expr::Payload { receiver: inner, .. } => vec![inner],
            Expr::Binary(_, a, b) | Expr::Index(a, b) | Expr::Repeat { item: a, len: b, .. } => vec![a, b],
            Expr::Range { lo, hi, .. } => lo.iter_mut().chain(hi).map(|bound| &mut **bound).collect(),
            Expr::Method { receiver, args, .. } => std::iter::once(&mut **receiver).chain(args).collect(),
            Expr::Call { function, args } => std::iter::once(&mut **function).chain(args).collect(),
            Expr::Tuple(items) | Expr::Array(items) | Expr::VecList(items) | Expr::Constructor(_, items) => {
                items.iter_mut().collect()
            }
            Expr::If { cond, then, els } => {
                let arms = then.result.iter_mut().chain(els.iter_mut().flat_map(|block| &mut block.result));
                std::iter::once(cond).chain(arms).map(|child| &mut **child).collect()
            }
            Expr::Match { scrutinee, .. } => vec![scrutinee],
            Expr::Closure { body, .. } => vec![body],
        }
    }
}

impl Block {
    pub(super) fn of(result: Expr) -> Block {
        Block { lines: Vec::new(), result: Some(Box::new(result)) }
    }

    pub(super) fn lines(lines: Vec<Line>) -> Block {
        Block { lines, result: None }
    }

    /// The expression that the block is, if it has no statements.
    pub(super) fn as_expr(&self) -> Option<&Expr> {
        if self.lines.is_empty() { self.result.as_deref() } else { None }
    }
}
