//! Surface tree to tokens, with parentheses only where Rust's precedence asks for them.

use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use super::names::Names;
use super::paths::Paths;
use super::prec::{Prec, binary_prec, ends_with_cast, prec, tokens_prec};
use super::tree::{Arm, Block, Expr, Line, Pattern};
use crate::ir::{BinOp, Constructor, ScopeId, UnOp, VarId};

/// Writes tokens, given the variables' names.
pub(super) struct Printer<'a> {
    pub(super) names: &'a Names,
    pub(super) paths: &'a Paths,
}

fn symbol(op: BinOp) -> TokenStream {
    match op {
        BinOp::Add => quote!(+),
        BinOp::Sub => quote!(-),
        BinOp::Mul => quote!(*),
        BinOp::Div => quote!(/),
        BinOp::Rem => quote!(%),
        BinOp::And => quote!(&&),
        BinOp::Or => quote!(||),
        BinOp::BitAnd => quote!(&),
        BinOp::BitOr => quote!(|),
        BinOp::BitXor => quote!(^),
        BinOp::Shl => quote!(<<),
        BinOp::Shr => quote!(>>),
        BinOp::Eq => quote!(==),
        BinOp::Ne => quote!(!=),
        BinOp::Lt => quote!(<),
        BinOp::Le => quote!(<=),
        BinOp::Gt => quote!(>),
        BinOp::Ge => quote!(>=),
    }
}

/// Whether the expression holds braces that the head of an `if`, `while`, `match` or `for` would misread.
fn has_struct_literal(expr: &Expr) -> bool {
    let is_brace = |tree: TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let mut found = false;
    expr.visit(&mut |part| {
        if let Expr::Opaque(opaque) = part {
            found |= opaque.tokens.clone().into_iter().any(is_brace);
        }
    });
    found
}

impl Printer<'_> {
    fn var(&self, var: VarId) -> Ident {
        self.names.ident(var)
    }

    fn label(&self, label: &Option<ScopeId>) -> Option<syn::Lifetime> {
        label.map(|id| self.names.label(id))
    }

    /// The expression, in parentheses if its operator binds more loosely than `least`.
    fn at_least(&self, expr: &Expr, least: Prec) -> TokenStream {
        let tokens = self.expr(expr);
        if prec(expr) < least { quote!((#tokens)) } else { tokens }
    }

    fn list(&self, items: &[Expr]) -> TokenStream {
        let items = items.iter().map(|item| self.expr(item));
        quote!(#(#items),*)
    }

    pub(super) fn expr(&self, expr: &Expr) -> TokenStream {
        match expr {
            Expr::Var(var) => self.var(*var).into_token_stream(),
            Expr::Tokens(tokens) => tokens.clone(),
            Expr::Opaque(opaque) => self.names.rename(&opaque.tokens, &opaque.uses),
            Expr::Unary(op, inner) => self.unary(*op, inner),
            Expr::Binary(op, left, right) => self.binary(*op, left, right),
            Expr::Cast(inner, ty) => {
                let inner = self.at_least(inner, Prec::Cast);
                quote!(#inner as #ty)
            }
            Expr::Deref(inner) => {
                let inner = self.at_least(inner, Prec::Prefix);
                quote!(*#inner)
            }
            Expr::Ref { mutable, inner } => {
                let mutable = mutable.then(|| quote!(mut));
                let inner = self.at_least(inner, Prec::Prefix);
                quote!(&#mutable #inner)
            }
            Expr::Field(inner, member) => {
                let inner = self.at_least(inner, Prec::Postfix);
                quote!(#inner.#member)
            }
            Expr::Index(inner, index) => {
                let (inner, index) = (self.at_least(inner, Prec::Postfix), self.expr(index));
                quote!(#inner[#index])
            }
            Expr::Range { lo, hi, inclusive } => self.range(lo.as_deref(), hi.as_deref(), *inclusive),
            Expr::Method { receiver, name, generics, span, args } => {
                let (receiver, args) = (self.at_least(receiver, Prec::Postfix), self.list(args));
                let (name, generics) = (ident(name, *span), generics.iter());
                quote!(#receiver.#name #(::<#generics>)* (#args))
            }
            Expr::Payload { receiver, name } => {
                let (receiver, name) = (self.at_least(receiver, Prec::Postfix), ident(name, Span::call_site()));
                quote!(#receiver.#name())
            }
            Expr::Call { function, args } => {
                let (function, args) = (self.at_least(function, Prec::Postfix), self.list(args));
                quote!(#function(#args))
            }
            Expr::Tuple(_) | Expr::Array(_) | Expr::VecList(_) | Expr::Repeat { .. } | Expr::Constructor(..) => {
                self.aggregate(expr)
            }
            Expr::If { .. } | Expr::Match { .. } | Expr::Loop { .. } | Expr::Block { .. } => self.control(expr),
            Expr::Closure { moves, params, body } => {
                let moves = moves.then(|| quote!(move));
                let params = params.iter().map(|param| self.pattern(param));
                let body = self.expr(body);
                quote!(#moves |#(#params),*| #body)
            }
        }
    }

    fn unary(&self, op: UnOp, inner: &Expr) -> TokenStream {
        // `--x` and `-1.0` behind a minus would be legal but hard to read.
        let nested = matches!(inner, Expr::Unary(..))
            || matches!(inner, Expr::Tokens(tokens) if tokens_prec(tokens) == Prec::Prefix);
        let inner = self.at_least(inner, if nested { Prec::Postfix } else { Prec::Prefix });
        match op {
            UnOp::Neg => quote!(-#inner),
            UnOp::Not => quote!(!#inner),
        }
    }

    fn binary(&self, op: BinOp, left: &Expr, right: &Expr) -> TokenStream {
        let own = binary_prec(op);
        let tighter = match own {
            Prec::Or => Prec::And,
            Prec::And => Prec::Compare,
            Prec::Compare => Prec::BitOr,
            Prec::BitOr => Prec::BitXor,
            Prec::BitXor => Prec::BitAnd,
            Prec::BitAnd => Prec::Shift,
            Prec::Shift => Prec::Sum,
            Prec::Sum => Prec::Product,
            Prec::Loose | Prec::Range | Prec::Product | Prec::Cast | Prec::Prefix | Prec::Postfix => Prec::Cast,
        };
        // Comparisons do not chain; everything else groups to the left.
        let generic = matches!(op, BinOp::Lt | BinOp::Shl) && ends_with_cast(left);
        let left_least = if generic {
            Prec::Postfix
        } else if own == Prec::Compare {
            tighter
        } else {
            own
        };
        let (left, right) = (self.at_least(left, left_least), self.at_least(right, tighter));
        let op = symbol(op);
        quote!(#left #op #right)
    }

    fn range(&self, lo: Option<&Expr>, hi: Option<&Expr>, inclusive: bool) -> TokenStream {
        let bound = |bound: Option<&Expr>| bound.map(|bound| self.at_least(bound, Prec::Or));
        let (lo, hi) = (bound(lo), bound(hi));
        if inclusive { quote!(#lo..=#hi) } else { quote!(#lo..#hi) }
    }

    fn aggregate(&self, expr: &Expr) -> TokenStream {
        match expr {
            Expr::Tuple(items) if items.len() == 1 => {
                let item = self.expr(&items[0]);
                quote!((#item,))
            }
            Expr::Tuple(items) => {
                let items = self.list(items);
                quote!((#items))
            }
            Expr::VecList(items) => {
                let items = self.list(items);
                {
                    let vec = &self.paths.vec;
                    quote!(#vec![#items])
                }
            }
            Expr::Repeat { vec, item, len } => {
                let (item, len) = (self.expr(item), self.expr(len));
                if *vec {
                    let vec = &self.paths.vec;
                    quote!(#vec![#item; #len])
                } else {
                    quote!([#item; #len])
                }
            }
            Expr::Array(items) => {
                let items = self.list(items);
                quote!([#items])
            }
            Expr::Constructor(constructor, items) => self.constructor(constructor, items),
            _ => unreachable!("only aggregates are printed here"),
        }
    }

    fn constructor(&self, constructor: &Constructor, items: &[Expr]) -> TokenStream {
        let path = &constructor.path;
        if !constructor.braces {
            let items = self.list(items);
            return quote!(#path(#items));
        }
        let parts = constructor.parts.iter().zip(items).map(|((member, _), item)| {
            let value = self.expr(item);
            match member {
                // `Point { x: x }` is written `Point { x }`.
                syn::Member::Named(name) if *name == value.to_string() => value,
                member => quote!(#member: #value),
            }
        });
        let base = items.get(constructor.parts.len()).map(|base| {
            let base = self.expr(base);
            quote!(..#base)
        });
        let (parts, base) = (parts.collect::<Vec<_>>(), base.into_iter());
        quote!(#path { #(#parts,)* #(#base)* })
    }

    fn head(&self, expr: &Expr) -> TokenStream {
        let tokens = self.expr(expr);
        if has_struct_literal(expr) { quote!((#tokens)) } else { tokens }
    }

    fn control(&self, expr: &Expr) -> TokenStream {
        match expr {
            Expr::If { cond, then, els } => {
                let (cond, then) = (self.head(cond), self.block(then));
                let els = els.as_ref().map(|els| match els.as_expr() {
                    Some(chained @ Expr::If { .. }) => {
                        let chained = self.control(chained);
                        quote!(else #chained)
                    }
                    _ => {
                        let els = self.block(els);
                        quote!(else #els)
                    }
                });
                quote!(if #cond #then #els)
            }
            Expr::Match { scrutinee, arms } => {
                let scrutinee = self.head(scrutinee);
                let arms = arms.iter().map(|arm| self.arm(arm));
                quote!(match #scrutinee { #(#arms)* })
            }
            Expr::Loop { label, body } => {
                let (label, body) = (self.label(label).into_iter(), self.block(body));
                quote!(#(#label:)* loop #body)
            }
            Expr::Block { label, body } => {
                let (label, body) = (self.label(label).into_iter(), self.block(body));
                quote!(#(#label:)* #body)
            }
            _ => unreachable!("only control flow is printed here"),
        }
    }

    fn arm(&self, arm: &Arm) -> TokenStream {
        let pattern = self.pattern(&arm.pattern);
        let guard = arm.guard.as_ref().map(|guard| {
            let guard = self.expr(guard);
            quote!(if #guard)
        });
        match arm.body.as_expr() {
            Some(body) => {
                let body = self.expr(body);
                quote!(#pattern #guard => #body,)
            }
            None => {
                let body = self.block(&arm.body);
                quote!(#pattern #guard => #body)
            }
        }
    }

    pub(super) fn pattern(&self, pattern: &Pattern) -> TokenStream {
        match pattern {
            Pattern::Var { var, mutable } => {
                let (name, mutable) = (self.var(*var), mutable.then(|| quote!(mut)));
                quote!(#mutable #name)
            }
            Pattern::Ref(inner) => {
                let mutable = matches!(**inner, Pattern::Var { mutable: true, .. });
                let inner = self.pattern(inner);
                // `&mut x` would be another pattern.
                if mutable { quote!(&(#inner)) } else { quote!(&#inner) }
            }
            Pattern::Tuple(items) => {
                let items = items.iter().map(|item| self.pattern(item));
                quote!((#(#items),*))
            }
            Pattern::Array(items) => {
                let items = items.iter().map(|item| self.pattern(item));
                quote!([#(#items),*])
            }
            Pattern::Some(var) => {
                let name = self.var(*var);
                quote!(Some(#name))
            }
            Pattern::Wild => quote!(_),
            Pattern::Tokens(tokens, vars) => self.names.rename(tokens, vars),
            Pattern::Typed(inner, ty) => {
                let inner = self.pattern(inner);
                quote!(#inner: #ty)
            }
        }
    }

    pub(super) fn block(&self, block: &Block) -> TokenStream {
        let body = self.body(block);
        quote!({ #body })
    }

    /// A block's content without the braces.
    pub(super) fn body(&self, block: &Block) -> TokenStream {
        let mut tokens = TokenStream::new();
        let mut comment = None;
        for line in &block.lines {
            if let Line::Comment(text) = line {
                comment = Some(format!(" {text}"));
                continue;
            }
            if let Some(text) = comment.take().filter(|_| takes_comment(line)) {
                let text = Literal::string(&text);
                tokens.extend(quote!(#[doc = #text]));
            }
            tokens.extend(self.line(line));
        }
        tokens.extend(block.result.as_ref().map(|result| self.expr(result)));
        tokens
    }

    fn line(&self, line: &Line) -> TokenStream {
        match line {
            Line::Let { pattern, ascription, value } => {
                let pattern = self.pattern(pattern);
                let ascription = ascription.as_ref().map(|ty| quote!(: #ty));
                let value = value.as_ref().map(|value| self.expr(value)).map(|value| quote!(= #value));
                quote!(let #pattern #ascription #value;)
            }
            Line::Assign(place, value) => {
                let (place, value) = (self.expr(place), self.expr(value));
                quote!(#place = #value;)
            }
            Line::Compound(op, place, value) => {
                let (place, value) = (self.expr(place), self.expr(value));
                let op = compound_symbol(*op);
                quote!(#place #op #value;)
            }
            Line::Expr(expr @ (Expr::If { .. } | Expr::Match { .. } | Expr::Loop { .. } | Expr::Block { .. })) => {
                self.control(expr)
            }
            Line::Expr(expr) => {
                let tokens = self.expr(expr);
                quote!(#tokens;)
            }
            Line::For { label, pattern, iter, body } => {
                let label = self.label(label).into_iter();
                let (pattern, iter, body) = (self.pattern(pattern), self.head(iter), self.block(body));
                quote!(#(#label:)* for #pattern in #iter #body)
            }
            Line::While { label, cond, body } => {
                let label = self.label(label).into_iter();
                let (cond, body) = (self.head(cond), self.block(body));
                quote!(#(#label:)* while #cond #body)
            }
            Line::IfSlot { slot, body } => {
                let (name, body) = (self.var(*slot), self.block(body));
                quote!(if let Some(#name) = #name.as_deref_mut() #body)
            }
            Line::Break { label, value } => {
                let (label, value) = (self.label(label), value.as_ref().map(|value| self.expr(value)));
                quote!(break #label #value;)
            }
            Line::Continue { label } => {
                let label = self.label(label);
                quote!(continue #label;)
            }
            Line::Return(value) => {
                let value = value.as_ref().map(|value| self.expr(value));
                quote!(return #value;)
            }
            Line::Comment(_) => TokenStream::new(),
        }
    }
}

fn compound_symbol(op: BinOp) -> TokenStream {
    let symbol = format!("{}=", symbol(op));
    symbol.parse().unwrap_or_else(|_| unreachable!("`{symbol}` is a token"))
}

/// Whether Rust allows a documentation comment on the statement.
fn takes_comment(line: &Line) -> bool {
    match line {
        Line::Let { .. } | Line::For { .. } | Line::While { .. } | Line::IfSlot { .. } => true,
        Line::Expr(Expr::If { .. } | Expr::Match { .. } | Expr::Loop { .. } | Expr::Block { .. }) => true,
        Line::Expr(_)
        | Line::Assign(..)
        | Line::Compound(..)
        | Line::Break { .. }
        | Line::Continue { .. }
        | Line::Return(_)
        | Line::Comment(_) => false,
    }
}

/// An identifier with this name, raw where the name is a keyword.
pub(super) fn identifier(name: &str, span: Span) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, span),
        None if name == "self" || syn::parse_str::<Ident>(name).is_ok() => Ident::new(name, span),
        None if syn::parse_str::<Ident>(&format!("r#{name}")).is_ok() => Ident::new_raw(name, span),
        None => format_ident!("v_{name}", span = span),
    }
}

/// An identifier, raw where the name is a keyword.
fn ident(name: &str, span: Span) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, span),
        None => Ident::new(name, span),
    }
}
