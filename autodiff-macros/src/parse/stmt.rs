//! Statements and blocks.

use super::chosen::Ending;
use super::env::{Binding, Lowered};
use super::lowerer::Lowerer;
use super::pattern::Ascription;
use crate::analysis::types;
use crate::ir::{Block, Op, Opaque, Stmt, Type};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, Item, Pat};

impl Lowerer<'_> {
    /// The statements of a block; what its tail yields, if a value is wanted.
    pub(super) fn stmts(&mut self, stmts: &[syn::Stmt], wanted: Wanted<'_>) -> Lowered {
        self.declare_items(stmts);
        let mut diverges = false;
        for (position, stmt) in stmts.iter().enumerate() {
            let last = position + 1 == stmts.len();
            let lowered = match stmt {
                syn::Stmt::Expr(expr, None) if last => return self.tail(expr, wanted, diverges),
                syn::Stmt::Macro(mac) if last && mac.semi_token.is_none() => {
                    let expr = Expr::Macro(syn::ExprMacro { attrs: mac.attrs.clone(), mac: mac.mac.clone() });
                    return self.tail(&expr, wanted, diverges);
                }
                other => self.stmt(other),
            };
            diverges |= matches!(lowered, Lowered::Never);
        }
        if diverges { Lowered::Never } else { Lowered::Unit }
    }

    fn tail(&mut self, expr: &Expr, wanted: Wanted<'_>, diverges: bool) -> Lowered {
        let lowered = match wanted {
            Wanted::Value(hint) => self.value_as(expr, hint),
            Wanted::Effect => match self.effect(expr) {
                Lowered::Never => Lowered::Never,
                _ => Lowered::Unit,
            },
        };
        if diverges { Lowered::Never } else { lowered }
    }

    pub(super) fn stmt(&mut self, stmt: &syn::Stmt) -> Lowered {
        match stmt {
            syn::Stmt::Local(local) => self.local(local),
            syn::Stmt::Item(_) => Lowered::Unit,
            syn::Stmt::Expr(expr, _) => {
                self.check_attributes(attributes(expr));
                self.check_no_loop(expr);
                self.effect(expr)
            }
            syn::Stmt::Macro(mac) => {
                self.check_attributes(&mac.attrs);
                if let Some(lowered) = self.expanded_stmt(&mac.mac) {
                    return lowered;
                }
                self.effect(&Expr::Macro(syn::ExprMacro { attrs: Vec::new(), mac: mac.mac.clone() }))
            }
        }
    }

    /// An expression run for its effect.
    pub(super) fn effect(&mut self, expr: &Expr) -> Lowered {
        match expr {
            Expr::Paren(paren) => self.effect(&paren.expr),
            Expr::Group(group) => self.effect(&group.expr),
            Expr::Assign(assign) => self.assign(assign),
            Expr::If(branch) => self.if_effect(branch),
            Expr::Match(matching) => self.match_effect(matching),
            Expr::Block(block) => self.block_effect(block),
            Expr::While(looping) => self.while_loop(looping),
            Expr::ForLoop(looping) => self.for_loop(looping),
            Expr::Loop(looping) => self.loop_expr(looping),
            Expr::Macro(mac) => self.macro_effect(&mac.mac, expr),
            Expr::MethodCall(call) => self.method_effect(call),
            other => {
                let at = self.position();
                let lowered = self.value(other);
                self.discard(at);
                lowered
            }
        }
    }

    /// A call whose result nobody takes is run for its effect.
    pub(super) fn discard(&mut self, since: usize) {
        if self.position() <= since {
            return;
        }
        match self.pop_stmt() {
            Some(Stmt::Let { op: op @ (Op::Call(..) | Op::Opaque(_) | Op::Helper { .. }), .. }) => {
                self.emit(Stmt::Eval(op))
            }
            Some(other) => self.emit(other),
            None => {}
        }
    }

    fn local(&mut self, local: &syn::Local) -> Lowered {
        self.check_attributes(&local.attrs);
        let (pat, ascription) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(Ascription::new(&typed.ty))),
            other => (other, None),
        };
        let Some(init) = &local.init else {
            return self.deferred(pat, ascription.as_ref());
        };
        if let Some((_, diverge)) = &init.diverge {
            return self.let_else(pat, &init.expr, diverge, ascription.as_ref());
        }
        let none_yet = matches!(&*init.expr, Expr::Path(path) if path.path.is_ident("None"));
        let of_numbers = ascription.as_ref().is_some_and(|ascription| match &ascription.ty {
            Type::Option(content) => types::is_float(types::strip_refs(content)),
            _ => false,
        });
        let is_copied = none_yet && of_numbers
            || !self.is_inactive(&init.expr.to_token_stream())
            || self.collects_references(&init.expr);
        let ascription = if is_copied { ascription.map(Ascription::of_copies) } else { ascription };
        let written = match &local.pat {
            Pat::Type(typed) => Some(&*typed.ty),
            _ => None,
        };
        let kept = self.keep_function(pat, written, &init.expr)
            || self.keep_pullback(pat, &init.expr)
            || self.keep_iterator(pat, &init.expr)
            || self.keep_cursor(pat, &init.expr);
        if kept {
            return Lowered::Unit;
        }
        let shape = taken_apart(pat, &init.expr);
        let hint = ascription.as_ref().map(|ascription| &ascription.ty).or(shape.as_ref());
        let value = self.value_as(&init.expr, hint);
        let diverges = matches!(value, Lowered::Never);
        self.bind(pat, value, ascription.as_ref());
        if diverges { Lowered::Never } else { Lowered::Unit }
    }

    /// `let x;`
    fn deferred(&mut self, pat: &Pat, ascription: Option<&Ascription>) -> Lowered {
        match pat {
            Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none() => {
                self.declare(&ident.ident, Type::Unknown, None, ascription);
                Lowered::Unit
            }
            Pat::Paren(paren) => self.deferred(&paren.pat, ascription),
            Pat::Tuple(tuple) => {
                for (position, elem) in tuple.elems.iter().enumerate() {
                    let ascription = ascription.and_then(|ascription| ascription.part(position));
                    self.deferred(elem, ascription.as_ref());
                }
                Lowered::Unit
            }
            Pat::Slice(slice) if !slice.elems.iter().any(|elem| matches!(elem, Pat::Rest(_))) => {
                let ascription = ascription.and_then(Ascription::element);
                for elem in &slice.elems {
                    self.deferred(elem, ascription.as_ref());
                }
                Lowered::Unit
            }
            Pat::Type(typed) => self.deferred(&typed.pat, Some(&Ascription::new(&typed.ty))),
            Pat::Wild(_) => Lowered::Unit,
            other => {
                self.poison_names(other);
                self.refuse(other, "only plain variables can be initialised later", "declare the variables one by one")
            }
        }
    }

    // Items

    /// Items are visible in the whole block: they come first.
    fn declare_items(&mut self, stmts: &[syn::Stmt]) {
        for stmt in stmts {
            match stmt {
                syn::Stmt::Item(item) => self.declare_item(item),
                syn::Stmt::Local(_) | syn::Stmt::Expr(..) | syn::Stmt::Macro(_) => {}
            }
        }
    }

    fn declare_item(&mut self, item: &Item) {
        match item {
            Item::Fn(function) => {
                self.check_attributes(&function.attrs);
                self.env.bind(&function.sig.ident, Binding::Function);
            }
            Item::Const(constant) => {
                self.check_attributes(&constant.attrs);
                self.env.bind(&constant.ident, Binding::Const(types::parse_type(&constant.ty)));
            }
            Item::Static(global) => {
                self.check_attributes(&global.attrs);
                if let syn::StaticMutability::Mut(token) = &global.mutability {
                    self.refuse(token, "`static mut` cannot be differentiated", "pass the value as a parameter");
                    self.env.bind(&global.ident, Binding::Alias(super::lowerer::poison()));
                    return;
                }
                self.env.bind(&global.ident, Binding::Const(types::parse_type(&global.ty)));
            }
            _ => {}
        }
        let tokens = match item {
            Item::Fn(function) if self.needs_derivatives(function) => {
                let (root, order) = (&self.root, self.order);
                let order = (order > 1).then(|| {
                    let order = proc_macro2::Literal::usize_unsuffixed(order);
                    quote!(, order = #order)
                });
                quote!(#[#root::differentiable(crate = #root #order)] #function)
            }
            _ => item.to_token_stream(),
        };
        let opaque = Opaque { tokens, uses: Vec::new(), pure: true, observer: false, constant: false };
        self.emit(Stmt::Eval(Op::Opaque(opaque)));
    }

    /// A function inside the function: nobody else can call it, so that its derivatives are made with those of the
    /// function around it.
    fn needs_derivatives(&self, function: &syn::ItemFn) -> bool {
        let named = |attribute: &syn::Attribute| {
            let last = attribute.path().segments.last();
            last.is_some_and(|last| last.ident == "differentiable" || last.ident == "derivative_of")
        };
        !function.attrs.iter().any(named) && crate::expand::may_have_derivatives(&function.attrs, &function.sig)
    }

    /// `#[checkpoint(..)]` stands before loops only.
    fn check_no_loop(&mut self, expr: &Expr) {
        let is_loop = matches!(expr, Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_));
        for attribute in attributes(expr).iter().filter(|attribute| !is_loop && attribute.path().is_ident("checkpoint"))
        {
            self.refuse(
                attribute,
                "`#[checkpoint(..)]` stands before a loop",
                "write it before `for`, `while` or `loop`",
            );
        }
    }

    pub(super) fn check_attributes(&mut self, attributes: &[syn::Attribute]) {
        for attribute in attributes {
            if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
                self.refuse(
                    attribute,
                    "this conditional attribute inside a differentiable function is not supported",
                    "write `#[cfg(..)]` before a statement, a block, an item or a match arm, or use `if cfg!(..)`",
                );
            }
        }
    }

    // Blocks

    pub(super) fn block_expr(&mut self, block: &syn::ExprBlock, hint: Option<&Type>) -> Lowered {
        match &block.label {
            Some(label) => self.labelled_block(label, &block.block, Wanted::Value(hint)),
            None => self.scope(|this| {
                let lowered = this.stmts(&block.block.stmts, Wanted::Value(hint));
                // What the block yields is read before its variables go out of scope.
                match lowered {
                    Lowered::Place(place) => Lowered::Operand(this.read(Lowered::Place(place), block.span())),
                    other => other,
                }
            }),
        }
    }

    fn block_effect(&mut self, block: &syn::ExprBlock) -> Lowered {
        match &block.label {
            Some(label) => self.labelled_block(label, &block.block, Wanted::Effect),
            None => self.scope(|this| this.stmts(&block.block.stmts, Wanted::Effect)),
        }
    }

    /// A block of its own in the IR.
    pub(super) fn nested_block(&mut self, block: &syn::Block, wanted: Wanted<'_>) -> Arm {
        self.arm(block.span(), |this| this.stmts(&block.stmts, wanted))
    }

    /// A block of the IR whose statements and value `fill` gives.
    pub(super) fn arm(&mut self, span: proc_macro2::Span, fill: impl FnOnce(&mut Self) -> Lowered) -> Arm {
        let (stmts, (result, ending)) = self.block(|this| match fill(this) {
            Lowered::Unit => (None, Ending::NOTHING),
            Lowered::Never => (None, Ending::DIVERGES),
            value => {
                let (value, chosen) = this.chosen(value, span);
                (Some(this.read(value, span)), Ending { chosen, diverges: false })
            }
        });
        Arm { block: Block { stmts, result }, ending }
    }
}

/// What the pattern tells of the type of a conversion, `let (x, y) = p.into();`.
fn taken_apart(pat: &Pat, init: &Expr) -> Option<Type> {
    match (pat, init) {
        (Pat::Tuple(tuple), Expr::MethodCall(call)) if call.method == "into" => {
            let parts = tuple.elems.iter().map(|_| Type::Unknown).collect();
            (!tuple.elems.iter().any(|elem| matches!(elem, Pat::Rest(_)))).then_some(Type::Tuple(parts))
        }
        _ => None,
    }
}

/// Whether an expression's value is wanted, and of which type as far as is known.
#[derive(Clone, Copy)]
pub(super) enum Wanted<'h> {
    Value(Option<&'h Type>),
    Effect,
}

/// A lowered block.
pub(super) struct Arm {
    pub(super) block: Block,
    pub(super) ending: Ending,
}

fn attributes(expr: &Expr) -> &[syn::Attribute] {
    match expr {
        Expr::If(expr) => &expr.attrs,
        Expr::Match(expr) => &expr.attrs,
        Expr::Block(expr) => &expr.attrs,
        Expr::ForLoop(expr) => &expr.attrs,
        Expr::While(expr) => &expr.attrs,
        Expr::Loop(expr) => &expr.attrs,
        Expr::Assign(expr) => &expr.attrs,
        Expr::Binary(expr) => &expr.attrs,
        Expr::Call(expr) => &expr.attrs,
        Expr::MethodCall(expr) => &expr.attrs,
        Expr::Return(expr) => &expr.attrs,
        _ => &[],
    }
}
