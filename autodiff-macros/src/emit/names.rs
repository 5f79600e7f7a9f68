//! What each variable is called.
//!
//! Users' variables keep their names. A user's variable is renamed only where it would hide another variable that is
//! still needed, which Rust's own shadowing makes possible once the reverse sweep follows the forward sweep in the same
//! function. Derived variables take the name they wish for, or the first free one of `x_2`, `x_3`; they never take the
//! name of a user's variable.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

use super::print::identifier;
use super::rename::{format_names, rename};
use super::tree::{Block, Expr, Line, Pattern};
use crate::ir::{Function, Origin, ScopeId, VarId};

/// The names of one emitted function.
pub(super) struct Names {
    idents: HashMap<VarId, Ident>,
    /// What a variable is called in the user's tokens, where it is now called something else.
    renamed: HashMap<VarId, String>,
    labels: HashMap<ScopeId, String>,
}

/// What happens to names, in the order of the printed text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Open,
    Close,
    Define(VarId),
    Use(VarId),
}

impl Names {
    /// Chooses the names for a function with these parameters and this body. `renames_receiver` says that its receiver
    /// must not be called `self`.
    pub(super) fn choose(function: &Function, params: &[VarId], body: &Block, renames_receiver: bool) -> Names {
        let mut trace = Trace { events: vec![Event::Open], reserved: HashSet::new() };
        trace.events.extend(params.iter().map(|var| Event::Define(*var)));
        trace.block(body);
        trace.events.push(Event::Close);
        let mut names = Names::none();
        let receiver = params.first().copied().filter(|_| !renames_receiver);
        Chooser::new(function, trace, receiver).run(&mut names);
        names.choose_labels(function);
        names
    }

    /// For expressions without variables.
    pub(super) fn none() -> Names {
        Names { idents: HashMap::new(), renamed: HashMap::new(), labels: HashMap::new() }
    }

    pub(super) fn ident(&self, var: VarId) -> Ident {
        match self.idents.get(&var) {
            Some(ident) => ident.clone(),
            None => panic!("the emitted function mentions {var:?}, which it does not define"),
        }
    }

    pub(super) fn label(&self, scope: ScopeId) -> syn::Lifetime {
        syn::Lifetime::new(&format!("'{}", self.labels[&scope]), Span::call_site())
    }

    /// The user's labels stay; the others are called after what they do.
    fn choose_labels(&mut self, function: &Function) {
        let strip = |label: &String| label.trim_start_matches('\'').to_owned();
        let user: HashSet<String> = function.scopes.iter().flatten().map(strip).collect();
        let mut taken = user.clone();
        for (index, label) in function.scopes.iter().enumerate() {
            let name = match label {
                Some(label) => strip(label),
                None => {
                    let free = numbered("outer", 0).find(|name| !taken.contains(name)).unwrap_or_default();
                    taken.insert(free.clone());
                    free
                }
            };
            self.labels.insert(ScopeId(u32::try_from(index).unwrap_or(u32::MAX)), name);
        }
    }

    /// The user's tokens with the variables that had to be renamed, or that are not the user's: in what a `macro_rules!`
    /// made, one name at two places may be two.
    pub(super) fn rename(&self, tokens: &TokenStream, uses: &[VarId]) -> TokenStream {
        let changed: HashMap<String, Ident> =
            uses.iter().filter_map(|var| Some((self.renamed.get(var)?.clone(), self.ident(*var)))).collect();
        if changed.is_empty() { tokens.clone() } else { rename(tokens.clone(), &changed) }
    }
}

fn numbered(wish: &str, skipped: usize) -> impl Iterator<Item = String> + '_ {
    (skipped + 1..).map(move |n| if n == 1 { wish.to_owned() } else { format!("{wish}_{n}") })
}

/// From how many variables that wish for the same name on its numbers are not tried from the start.
const CROWD: usize = 16;

struct Chooser<'a> {
    function: &'a Function,
    events: Vec<Event>,
    /// Identifiers in the user's tokens, and all names of users' variables.
    reserved: HashSet<String>,
    /// Where each variable is mentioned.
    mentions: HashMap<VarId, Vec<usize>>,
    /// How often each variable is defined.
    definitions: HashMap<VarId, usize>,
    /// The variables in scope, innermost last.
    scopes: Vec<Vec<(VarId, String)>>,
    /// The same variables by their names.
    visible: HashMap<String, Vec<VarId>>,
    /// How many variables in scope wished for each name.
    wishes: HashMap<String, usize>,
    /// Where the scope ends that each position lies in.
    ends: Vec<usize>,
    /// The first parameter, if it can be called `self`.
    receiver: Option<VarId>,
}

/// Where the scope ends that each position lies in.
fn scope_ends(events: &[Event]) -> Vec<usize> {
    let mut ends = vec![events.len(); events.len()];
    let mut open = vec![events.len()];
    for (position, event) in events.iter().enumerate().rev() {
        match event {
            Event::Close => open.push(position),
            Event::Open => drop(open.pop()),
            Event::Define(_) | Event::Use(_) => {}
        }
        ends[position] = open.last().copied().unwrap_or(events.len());
    }
    ends
}

impl<'a> Chooser<'a> {
    fn new(function: &'a Function, trace: Trace, receiver: Option<VarId>) -> Self {
        let Trace { events, mut reserved } = trace;
        let mut mentions: HashMap<VarId, Vec<usize>> = HashMap::new();
        let mut definitions: HashMap<VarId, usize> = HashMap::new();
        for (position, event) in events.iter().enumerate() {
            match event {
                Event::Use(var) => mentions.entry(*var).or_default().push(position),
                Event::Define(var) => *definitions.entry(*var).or_default() += 1,
                Event::Open | Event::Close => {}
            }
        }
        let user = definitions.keys().filter(|var| function[**var].origin == Origin::User);
        reserved.extend(user.map(|var| function[*var].name.clone()));
        let ends = scope_ends(&events);
        let (visible, wishes) = (HashMap::new(), HashMap::new());
        Chooser {
            function,
            events,
            reserved,
            mentions,
            definitions,
            scopes: Vec::new(),
            visible,
            wishes,
            ends,
            receiver,
        }
    }

    fn run(mut self, names: &mut Names) {
        for position in 0..self.events.len() {
            match self.events[position] {
                Event::Open => self.scopes.push(Vec::new()),
                Event::Close => self.close(),
                Event::Use(_) => {}
                Event::Define(var) => {
                    let known = names.idents.get(&var).map(ToString::to_string);
                    let name = known.unwrap_or_else(|| self.name(var, position));
                    self.define(var, &name, names);
                }
            }
        }
    }

    fn define(&mut self, var: VarId, name: &str, names: &mut Names) {
        let variable = &self.function[var];
        let span = match variable.origin {
            Origin::User => variable.span,
            Origin::Temp | Origin::Derived => Span::call_site().located_at(variable.span),
        };
        names.idents.entry(var).or_insert_with(|| identifier(name, span));
        if name != variable.name || variable.origin != Origin::User {
            names.renamed.insert(var, variable.name.clone());
        }
        // A variable with several definitions must have a name that is free at all of them.
        if self.definitions[&var] > 1 {
            self.reserved.insert(name.to_owned());
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.push((var, name.to_owned()));
            self.visible.entry(name.to_owned()).or_default().push(var);
            *self.wishes.entry(variable.name.clone()).or_default() += 1;
        }
    }

    fn close(&mut self) {
        for (var, name) in self.scopes.pop().into_iter().flatten() {
            self.visible.entry(name).or_default().retain(|other| *other != var);
            *self.wishes.entry(self.function[var].name.clone()).or_default() -= 1;
        }
    }

    fn name(&self, var: VarId, position: usize) -> String {
        let name = &self.function[var].name;
        // Only the method's own receiver can be called `self`; what else stands for it in the user's code cannot.
        let wish = if name == "self" && self.receiver != Some(var) { "this" } else { name.as_str() };
        let end = self.ends[position];
        let taken = |name: &String| match self.function[var].origin {
            Origin::User if name == wish && wish == self.function[var].name => self.hides(var, name, position, end),
            _ => self.reserved.contains(name) || self.hides(var, name, position, end),
        };
        // Where a name is in great demand, the low numbers are not tried again and again.
        let crowd = self.wishes.get(wish).copied().unwrap_or(0);
        let skipped = if crowd > CROWD { crowd } else { 0 };
        numbered(wish, skipped).find(|name| !taken(name)).unwrap_or_default()
    }

    /// Whether a definition with this name would hide a variable that is mentioned before the definition's scope ends.
    fn hides(&self, var: VarId, name: &str, position: usize, end: usize) -> bool {
        self.visible.get(name).into_iter().flatten().any(|other| {
            let mentions = self.mentions.get(other).map_or(&[][..], Vec::as_slice);
            let next = mentions.partition_point(|at| *at < position);
            *other != var && mentions.get(next).is_some_and(|at| *at < end)
        })
    }
}

/// The variables that lines and a result mention.
pub(super) fn mentioned(lines: &[Line], result: Option<&Expr>) -> HashSet<VarId> {
    let mut trace = Trace { events: Vec::new(), reserved: HashSet::new() };
    lines.iter().for_each(|line| trace.line(line));
    result.iter().for_each(|result| trace.expr(result));
    let used = trace.events.iter().filter_map(|event| match event {
        Event::Use(var) => Some(*var),
        Event::Define(_) | Event::Open | Event::Close => None,
    });
    used.collect()
}

/// Walks the tree in the order of the printed text.
struct Trace {
    events: Vec<Event>,
    reserved: HashSet<String>,
}

impl Trace {
    fn scoped(&mut self, body: impl FnOnce(&mut Self)) {
        self.events.push(Event::Open);
        body(self);
        self.events.push(Event::Close);
    }

    fn block(&mut self, block: &Block) {
        self.scoped(|trace| {
            block.lines.iter().for_each(|line| trace.line(line));
            block.result.iter().for_each(|result| trace.expr(result));
        });
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn line(&mut self, line: &Line) {
        match line {
            Line::Let { pattern, ascription, value } => {
                self.exprs(value);
                ascription.iter().for_each(|ty| self.tokens(ty));
                self.pattern(pattern);
            }
            Line::Assign(place, value) | Line::Compound(_, place, value) => self.exprs([place, value]),
            Line::Expr(expr) => self.expr(expr),
            Line::For { label: _, pattern, iter, body } => {
                self.expr(iter);
                self.scoped(|trace| {
                    trace.pattern(pattern);
                    trace.block(body);
                });
            }
            Line::While { label: _, cond, body } => {
                self.expr(cond);
                self.block(body);
            }
            Line::IfSlot { slot, body } => {
                self.events.push(Event::Use(*slot));
                self.scoped(|trace| {
                    trace.events.push(Event::Define(*slot));
                    trace.block(body);
                });
            }
            Line::Break { label: _, value } | Line::Return(value) => self.exprs(value),
            Line::Continue { label: _ } | Line::Comment(_) => {}
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Var(var) => self.events.push(Event::Use(*var)),
            Expr::Tokens(tokens) => self.tokens(tokens),
            Expr::Opaque(opaque) => {
                self.events.extend(opaque.uses.iter().map(|var| Event::Use(*var)));
                self.tokens(&opaque.tokens);
            }
            Expr::Unary(_, inner)
            | Expr::Deref(inner)
            | Expr::Field(inner, _)
            | Expr::Ref { inner, .. }
            | Expr::Payload { receiver: inner, .. } => self.expr(inner),
            Expr::Cast(inner, ty) => {
                self.expr(inner);
                self.tokens(ty);
            }
            Expr::Binary(_, a, b) | Expr::Index(a, b) | Expr::Repeat { item: a, len: b, .. } => {
                self.exprs([&**a, &**b])
            }
            Expr::Range { lo, hi, inclusive: _ } => self.exprs(lo.iter().chain(hi).map(|bound| &**bound)),
            Expr::Method { receiver, args, .. } => {
                self.expr(receiver);
                self.exprs(args);
            }
            Expr::Call { function, args } => {
                self.expr(function);
                self.exprs(args);
            }
            Expr::Tuple(items) | Expr::Array(items) | Expr::VecList(items) => self.exprs(items),
            Expr::Constructor(constructor, items) => {
                self.tokens(&constructor.path);
                self.exprs(items);
            }
            Expr::If { cond, then, els } => {
                self.expr(cond);
                self.block(then);
                els.iter().for_each(|els| self.block(els));
            }
            Expr::Match { scrutinee, arms } => {
                self.expr(scrutinee);
                for arm in arms {
                    self.scoped(|trace| {
                        trace.pattern(&arm.pattern);
                        trace.exprs(&arm.guard);
                        trace.block(&arm.body);
                    });
                }
            }
            Expr::Loop { label: _, body } | Expr::Block { label: _, body } => self.block(body),
            Expr::Closure { moves: _, params, body } => self.scoped(|trace| {
                params.iter().for_each(|param| trace.pattern(param));
                trace.expr(body);
            }),
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Var { var, mutable: _ } | Pattern::Some(var) => self.events.push(Event::Define(*var)),
            Pattern::Ref(inner) => self.pattern(inner),
            Pattern::Tuple(items) | Pattern::Array(items) => items.iter().for_each(|item| self.pattern(item)),
            Pattern::Wild => {}
            Pattern::Tokens(tokens, vars) => {
                self.events.extend(vars.iter().map(|var| Event::Define(*var)));
                self.tokens(tokens);
            }
            Pattern::Typed(inner, ty) => {
                self.pattern(inner);
                self.tokens(ty);
            }
        }
    }

    /// No derived variable may have a name that tokens mention, whatever it means there.
    fn tokens(&mut self, tokens: &TokenStream) {
        let mut path = false;
        for tree in tokens.clone() {
            match &tree {
                TokenTree::Ident(ident) if !path => drop(self.reserved.insert(ident.to_string())),
                TokenTree::Group(group) => self.tokens(&group.stream()),
                TokenTree::Literal(literal) => self.reserved.extend(format_names(literal)),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
            path = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ':' || punct.as_char() == '.');
        }
    }
}
