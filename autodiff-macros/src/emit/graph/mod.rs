//! The constant `GRAPH`: which operation of the function computes what from what, and what the reverse sweep keeps.
//!
//! The graph is read off the function before differentiation. What carries no edge has no node: constants, and opaque
//! expressions without a name. A branch is one node behind its arms, with an edge from all that it may yield; a loop is
//! one node before its body, with an edge back from everything that its next trip reads.

mod control;
mod label;

use std::collections::{BTreeSet, HashMap};

use proc_macro2::{Span, TokenStream};
use quote::quote;

use self::label::Labels;
use super::signature::Signature;
use crate::ir::walk;
use crate::ir::{Arg, Block, Function, Op, Operand, Origin, Place, Plan, ScopeId, Stmt, VarId};
use crate::transform::vjp::{Saved, SavedValue};

/// The constant for a function that could not be read.
pub(super) fn empty(signature: &Signature<'_>) -> TokenStream {
    constant_of(signature, &[])
}

/// The constant; `saved` is what is kept, and what is computed again.
pub(super) fn constant(signature: &Signature<'_>, function: &Function, saved: &Saved) -> TokenStream {
    let mut graph = Graph {
        function,
        nodes: Vec::new(),
        ids: HashMap::new(),
        computed: HashMap::new(),
        results: BTreeSet::new(),
        loops: HashMap::new(),
        labels: Labels::new(function),
    };
    graph.inputs();
    graph.block(&function.body);
    graph.output();
    graph.mark(saved);
    constant_of(signature, &graph.nodes)
}

/// The nodes are lines of text: the compiler passes over these in a tenth of the time that it takes to check values.
fn constant_of(signature: &Signature<'_>, nodes: &[Node]) -> TokenStream {
    let (name, constant, vis) = (&signature.function, signature.graph_name(), &signature.vis);
    let rt = if signature.in_place() { signature.paths.full() } else { signature.paths.rt.clone() };
    let doc = format!(" The static graph of `{name}`.");
    let (mut sizes, mut lines) = (Sizes::default(), Vec::new());
    for node in nodes {
        lines.push(node.line());
        lines.extend(node.saved.iter().map(|kept| kept.line(&mut sizes)));
    }
    let sizes = sizes.0;
    quote! {
        #[doc = #doc]
        #vis const #constant: #rt::graph::Graph =
            #rt::graph::Graph::new(#name, ::core::file!(), &[#(#sizes),*], &[#(#lines),*]);
    }
}

/// How many bytes the types of what is kept take, each once.
#[derive(Default)]
struct Sizes(Vec<TokenStream>);

impl Sizes {
    fn position(&mut self, size: &TokenStream) -> usize {
        let text = size.to_string();
        self.0.iter().position(|known| known.to_string() == text).unwrap_or_else(|| {
            self.0.push(size.clone());
            self.0.len() - 1
        })
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Input { differentiated: bool },
    Constant,
    Operation,
    Control,
    Output,
}

struct Node {
    kind: Kind,
    name: String,
    variable: String,
    label: String,
    ty: String,
    inputs: Vec<usize>,
    saved: Vec<Kept>,
    recomputed: bool,
    span: Option<Span>,
}

impl Node {
    /// What the runtime's `Graph::new` reads.
    fn line(&self) -> String {
        let Node { kind, name, variable, label, ty, inputs, saved: _, recomputed, span } = self;
        let mut head = match kind {
            Kind::Input { differentiated: true } => "input differentiated".to_owned(),
            Kind::Input { differentiated: false } => "input".to_owned(),
            Kind::Constant => "constant".to_owned(),
            Kind::Operation => format!("operation {}", name.replace(' ', "")),
            Kind::Control => format!("control {name}"),
            Kind::Output => "output".to_owned(),
        };
        inputs.iter().for_each(|input| head += &format!(" %{input}"));
        head += if *recomputed { " again" } else { "" };
        let (variable, label) =
            if matches!(kind, Kind::Input { .. }) { (name, "") } else { (variable, label.as_str()) };
        let start = span.map(|span| span.start()).filter(|start| start.line > 0);
        let place = start.map_or_else(String::new, |start| format!("{}:{}", start.line, start.column + 1));
        format!("{head} | {variable} | {ty} | {place} | {label}").trim_end_matches([' ', '|']).to_owned()
    }
}

/// A value that is kept, and the number of the loop for whose trips it is.
struct Kept {
    what: String,
    of_loop: Option<usize>,
    bytes: Option<TokenStream>,
}

impl Kept {
    fn line(&self, sizes: &mut Sizes) -> String {
        let size = self.bytes.as_ref().map_or_else(String::new, |bytes| format!(" #{}", sizes.position(bytes)));
        let of_loop = self.of_loop.map_or_else(String::new, |of_loop| format!(" %{of_loop}"));
        format!("keeps{size}{of_loop} | {}", self.what)
    }
}

struct Graph<'a> {
    function: &'a Function,
    nodes: Vec<Node>,
    /// The node of a value, or of what memory holds at the moment.
    ids: HashMap<VarId, usize>,
    /// The last operation whose result a variable was given.
    computed: HashMap<VarId, usize>,
    /// The nodes of loops.
    loops: HashMap<ScopeId, usize>,
    /// What early exits yield.
    results: BTreeSet<usize>,
    labels: Labels<'a>,
}

impl Graph<'_> {
    fn inputs(&mut self) {
        for param in &self.function.params {
            let var = &self.function[param.var];
            let ty = label::ty(&var.ty);
            let kind = Kind::Input { differentiated: param.differentiated };
            let id = self.push(kind, &var.name, String::new(), ty, Vec::new(), Some(var.span));
            self.ids.insert(param.var, id);
        }
    }

    fn push(
        &mut self,
        kind: Kind,
        name: &str,
        label: String,
        ty: String,
        inputs: Vec<usize>,
        span: Option<Span>,
    ) -> usize {
        let (name, variable) = (name.trim_start_matches("r#").to_owned(), String::new());
        self.nodes.push(Node { kind, name, variable, label, ty, inputs, saved: Vec::new(), recomputed: false, span });
        self.nodes.len() - 1
    }

    /// A node for an operation whose result goes to `var`.
    fn operation(&mut self, kind: Kind, name: &str, label: String, inputs: Vec<usize>, var: VarId) -> usize {
        let variable = &self.function[var];
        let id = self.push(kind, name, label, label::ty(&variable.ty), distinct(inputs), Some(variable.span));
        self.computed.insert(var, id);
        self.assign(var, id);
        id
    }

    /// `var` is given the value of a node, which gets the user's name for it.
    fn assign(&mut self, var: VarId, id: usize) {
        self.ids.insert(var, id);
        self.computed.insert(var, id);
        let node = &mut self.nodes[id];
        if self.function[var].origin == Origin::User && node.variable.is_empty() && node.kind != Kind::Output {
            node.variable = self.function[var].name.trim_start_matches("r#").to_owned();
        }
    }

    fn operand(&self, operand: &Operand) -> Option<usize> {
        Function::var_of(operand).and_then(|var| self.ids.get(&var).copied())
    }

    /// The nodes of all operands and places of an operation, in order.
    fn sources(&self, op: &Op) -> Vec<usize> {
        walk::mentioned_in(op).iter().filter_map(|var| self.ids.get(var).copied()).collect()
    }

    fn block(&mut self, block: &Block) {
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op } => self.define(*var, op),
            Stmt::Declare { var, init } => {
                self.labels.declare(*var);
                if let Some(id) = init.as_ref().and_then(|init| self.operand(init)) {
                    self.assign(*var, id);
                }
            }
            Stmt::Assign { place, value } => self.store(place, value, "store"),
            Stmt::Accumulate { place, negative, value } => {
                self.store(place, value, if *negative { "sub" } else { "add" })
            }
            Stmt::AccumulateInto { place, value } => self.store(place, value, "add"),
            Stmt::Eval(op) => self.effect(op),
            Stmt::If { dest, cond, then, els } => {
                let cond_ids = self.operand(cond).into_iter().collect();
                self.branch("if", self.labels.text(cond), cond_ids, *dest, &[then, els]);
            }
            Stmt::Match { dest, scrutinee, arms } => {
                let ids: Vec<usize> = self.operand(scrutinee).into_iter().collect();
                if let Some(id) = ids.first() {
                    let bound = arms.iter().flat_map(|arm| &arm.bindings);
                    self.ids.extend(bound.map(|(var, _)| (*var, *id)));
                }
                let blocks: Vec<&Block> = arms.iter().flat_map(|arm| arm.guard.iter().chain([&arm.body])).collect();
                self.branch("match", self.labels.text(scrutinee), ids, *dest, &blocks);
            }
            Stmt::For { id, iter, body } => self.for_loop(*id, iter, body),
            Stmt::While { id, header, body } => self.repeat(*id, "while", &[header, body], None),
            Stmt::Loop { id, dest, body } => self.repeat(*id, "loop", &[body], *dest),
            Stmt::Scope { dest, body, .. } => {
                self.block(body);
                if let (Some(dest), Some(id)) = (dest, body.result.as_ref().and_then(|result| self.operand(result))) {
                    self.assign(*dest, id);
                }
            }
            Stmt::Break { value, .. } | Stmt::Return { value } => {
                self.results.extend(value.as_ref().and_then(|value| self.operand(value)));
            }
            Stmt::Map { dest, inputs, body } => self.map(*dest, inputs, body),
            Stmt::Continue { .. }
            | Stmt::Comment(_)
            | Stmt::ForEach { .. }
            | Stmt::Push { .. }
            | Stmt::CallVjp { .. }
            | Stmt::Pull { .. }
            | Stmt::CallJvp { .. } => {}
        }
    }

    fn define(&mut self, var: VarId, op: &Op) {
        let sources = self.sources(op);
        self.labels.define(var, op);
        match (label::operation(op), sources.first()) {
            // A copy, a field or a borrow is the thing itself.
            (None, Some(id)) if !matches!(op, Op::Opaque(_)) => self.assign(var, *id),
            (None, _) if self.function[var].origin == Origin::User => {
                let label = self.labels.of(var);
                self.operation(Kind::Constant, "", label, Vec::new(), var);
            }
            (None, _) => {}
            (Some(_), None) if self.function[var].origin != Origin::User => {}
            (Some(name), _) => {
                let label = self.labels.of(var);
                let id = self.operation(Kind::Operation, &name, label, sources, var);
                self.written_by(op, id);
            }
        }
    }

    fn effect(&mut self, op: &Op) {
        let Some(name) = label::operation(op) else { return };
        let label = self.labels.op(op);
        let id = self.push(Kind::Operation, &name, label, String::new(), distinct(self.sources(op)), None);
        self.written_by(op, id);
    }

    /// What a call writes through `&mut` is from now on what the call computed.
    fn written_by(&mut self, op: &Op, id: usize) {
        if let Op::Edit(edit) = op {
            self.ids.insert(edit.list.root, id);
        }
        let args: &[Arg] = match op {
            Op::Call(_, args) | Op::Helper { name: _, args } => args,
            Op::Intrinsic(intrinsic) => &intrinsic.args,
            _ => &[],
        };
        for arg in args {
            if let Arg::Mut(place) = arg {
                self.ids.insert(place.root, id);
            }
        }
    }

    fn store(&mut self, place: &Place, value: &Operand, name: &str) {
        let whole = name == "store" && place.path.iter().all(|proj| matches!(proj, crate::ir::Proj::Deref));
        let value_id = self.operand(value);
        match (whole, value_id) {
            (true, Some(id)) => self.assign(place.root, id),
            // A constant has no node.
            (true, None) => drop(self.ids.remove(&place.root)),
            (false, _) => {
                let inputs: Vec<usize> = self.ids.get(&place.root).copied().into_iter().chain(value_id).collect();
                let label = self.labels.store(place, name, value);
                self.operation(Kind::Operation, name, label, inputs, place.root);
            }
        }
    }

    fn output(&mut self) {
        let mut inputs: Vec<usize> = std::mem::take(&mut self.results).into_iter().collect();
        let label = self.function.body.result.as_ref().map_or_else(String::new, |result| self.labels.text(result));
        inputs.extend(self.function.body.result.as_ref().and_then(|result| self.operand(result)));
        let written = self.function.params.iter().filter(|param| param.passing == crate::ir::Passing::Mut);
        inputs.extend(written.filter_map(|param| self.ids.get(&param.var).copied()));
        let ty = label::ty(&self.function.result);
        self.push(Kind::Output, "result", label, ty, distinct(inputs), None);
    }

    /// Notes what is kept at the operations that computed it, and what no operation of the source computed at its loop.
    fn mark(&mut self, saved: &Saved) {
        for SavedValue { var, name, ty, of_loop } in &saved.values {
            let of_loop = of_loop.as_ref().and_then(|id| self.loops.get(id).copied());
            let node = self.node_of(*var);
            let what = if node.is_some() { self.labels.of(*var) } else { name.clone() };
            if let Some(id) = node.or(of_loop) {
                self.nodes[id].saved.push(Kept { what, of_loop, bytes: label::size(ty) });
            }
        }
        for var in &saved.again {
            if let Some(id) = self.node_of(*var) {
                self.nodes[id].recomputed = true;
            }
        }
        for (id, plan) in &saved.loops {
            let Some(node) = self.loops.get(id).map(|id| &mut self.nodes[*id]) else { continue };
            let what = match plan {
                Plan::Sqrt => "its state, twice the square root of the number of trips times".to_owned(),
                Plan::Binomial { slots } => format!("its state, at most {slots} times"),
            };
            node.recomputed = true;
            node.saved.push(Kept { what, of_loop: None, bytes: None });
        }
        if saved.whole {
            let computed = |node: &&mut Node| matches!(node.kind, Kind::Operation | Kind::Control);
            self.nodes.iter_mut().filter(computed).for_each(|node| node.recomputed = true);
        }
    }

    /// The node that computed a variable of the source.
    fn node_of(&self, var: VarId) -> Option<usize> {
        let known = (var.0 as usize) < self.function.vars.len();
        known.then(|| self.computed.get(&var).or(self.ids.get(&var)).copied()).flatten()
    }
}

/// The same numbers without repetitions, in order.
fn distinct(ids: Vec<usize>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).collect()
}
