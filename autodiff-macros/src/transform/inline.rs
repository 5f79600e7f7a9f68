//! Small functions of the same file, whose bodies take the place of calls of them.
//!
//! A call keeps a pullback, which holds what the reverse sweep of its body needs. Where the body stands in the place of the
//! call, its values are values like others: they are computed again where that is cheap, invariants leave the loops around
//! the call, and loops are fused with their mirrors through it. The split form keeps its calls, so that a function that
//! is called from many places is not written out in all of them twice.
//!
//! Bodies are taken in that are short and made of plain statements; there is a limit for each body, and one for all that
//! one function takes in.

use std::collections::HashMap;
use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use super::rename;
use crate::aliases::Aliases;
use crate::analysis::types;
use crate::diagnostics::Diagnostics;
use crate::ir::walk::{self, VisitMut};
use crate::ir::{
    AggregateKind, Arg, Block, Callee, CalleeKind, Float, Function, Iter, Op, Operand, Passing, Place, Proj, Stmt,
    Storage, Type, VarId,
};
use crate::nearby::Nearby;
use crate::options::{Analysis, Options};
use crate::parse;

/// The most statements of a body that is taken in.
const LONGEST: usize = 48;

/// The most statements that one function takes in.
const MOST: usize = 400;

/// How deep calls are nested that are taken in.
const DEEPEST: usize = 3;

/// The function with the bodies of small functions in the place of calls, if there are such calls.
pub(super) fn calls(function: &Function, options: &Options) -> Option<Function> {
    if options.anomaly() || options.checkpoint.is_some() || !options.analyses.run(Analysis::Inlining) {
        return None;
    }
    let mut inlined = function.clone();
    let mut body = std::mem::take(&mut inlined.body);
    let mut inliner = Inliner {
        function: &mut inlined,
        options,
        nearby: None,
        sources: HashMap::new(),
        told: HashMap::new(),
        taken: 0,
    };
    inliner.block(&mut body, 0);
    if inliner.taken == 0 {
        return None;
    }
    let mut told = std::mem::take(&mut inliner.told);
    tell_sources(&body, &mut told);
    say_types(&mut inlined, &body, &told);
    read_parts(&mut body);
    inlined.body = body;
    Some(inlined)
}

struct Inliner<'a> {
    function: &'a mut Function,
    options: &'a Options,
    /// The file, once it was asked for.
    nearby: Option<Option<Nearby>>,
    /// The functions that were looked for, those that are plain.
    sources: HashMap<String, Option<Rc<Function>>>,
    /// The floats that the parameters of functions say their arguments to be.
    told: HashMap<VarId, Float>,
    /// How many statements were taken in.
    taken: usize,
}

impl Inliner<'_> {
    fn block(&mut self, block: &mut Block, depth: usize) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self.block(inner, depth));
            match self.body(&stmt, depth) {
                Some(stmts) => block.stmts.extend(stmts),
                None => block.stmts.push(stmt),
            }
        }
    }

    /// What takes the place of a statement that calls a small function.
    fn body(&mut self, stmt: &Stmt, depth: usize) -> Option<Vec<Stmt>> {
        let (dest, callee, args) = match stmt {
            Stmt::Let { var, op: Op::Call(callee, args) } => (Some(*var), callee, args),
            Stmt::Eval(Op::Call(callee, args)) => (None, callee, args),
            _ => return None,
        };
        if depth >= DEEPEST {
            return None;
        }
        let source = self.source(callee)?;
        let size = size(&source.body);
        let gives = dest.is_none() || source.body.result.is_some();
        if size > LONGEST || self.taken + size > MOST || !gives || !self.fits(&source, args) {
            return None;
        }
        self.taken += size.max(1);
        let first = self.function.vars.len();
        let mut body = rename::shifted(self.function, &source);
        for (key, ty) in &source.parts {
            self.function.parts.entry(key.clone()).or_insert_with(|| ty.clone());
        }
        self.function.constant_parts.extend(source.constant_parts.iter().cloned());
        let mut stmts = Vec::new();
        let (mut lent, mut given) = (Vec::new(), HashMap::new());
        for (param, arg) in source.params.iter().zip(args) {
            let var = VarId(param.var.0 + u32::try_from(first).expect("fewer than 2^32 variables"));
            if let (Some(root), Some(float)) = (root(arg), float(&source[param.var].ty)) {
                self.told.insert(root, float);
            }
            match arg {
                Arg::Value(value) if self.function[var].storage == Storage::Memory => {
                    stmts.push(Stmt::Declare { var, init: Some(value.clone()) });
                }
                Arg::Value(Operand::Var(value)) if !asks_for_length(&body, var) => {
                    given.insert(var, *value);
                }
                Arg::Value(value) => stmts.push(Stmt::Let { var, op: Op::Use(value.clone()) }),
                Arg::Shared(place) | Arg::Mut(place) => lent.push((var, place.clone())),
            }
        }
        let names = lent.iter().map(|(_, place)| name(&self.function[place.root].name)).collect::<Option<_>>()?;
        Lent { places: lent, names }.block(&mut body);
        rename::block(&mut body, &given);
        self.block(&mut body, depth + 1);
        stmts.append(&mut body.stmts);
        if let (Some(var), Some(result)) = (dest, body.result) {
            self.function[var].ty = source.result.clone();
            stmts.push(Stmt::Let { var, op: Op::Use(result) });
        }
        Some(stmts)
    }

    /// The function that is called, if the file shows it and it is made of plain statements.
    fn source(&mut self, callee: &Callee) -> Option<Rc<Function>> {
        let plain = callee.kind == CalleeKind::Function && callee.generics.is_none() && callee.order == 0;
        let own = callee.recursive || callee.name == self.function.name;
        if !plain || own || !callee.functions.is_empty() || callee.path.to_string() != callee.name {
            return None;
        }
        if let Some(source) = self.sources.get(&callee.name) {
            return source.clone();
        }
        let source = self.lowered(&callee.name).filter(|source| is_plain(source, &self.function.vars)).map(Rc::new);
        self.sources.insert(callee.name.clone(), source.clone());
        source
    }

    /// A function of the file as `parse` sees it.
    fn lowered(&mut self, name: &str) -> Option<Function> {
        let options = self.options;
        let nearby = self.nearby.get_or_insert_with(|| Nearby::of(options)).as_ref()?;
        let item = nearby.plain_function(name, &self.function.name, options.site.as_ref()?)?;
        let item = Aliases::of(options).function(&item, &syn::Generics::default());
        let own = Options { site: options.site.clone(), krate: options.krate.clone(), ..Options::default() };
        let mut unsaid = Diagnostics::default();
        let source = parse::lower(&item, &own, None, &mut unsaid);
        unsaid.is_empty().then_some(source)
    }

    /// Whether the arguments can stand for the parameters.
    fn fits(&self, source: &Function, args: &[Arg]) -> bool {
        let fits = |(param, arg): (&crate::ir::Param, &Arg)| {
            let wanted = &source[param.var].ty;
            match (param.passing, arg) {
                (Passing::Value, Arg::Value(value)) => {
                    let given = self.function.type_of(value);
                    types::is_copy(wanted) && !matches!(given, Type::Unknown | Type::Named(_) | Type::Ref { .. })
                }
                (Passing::Shared, Arg::Shared(place)) | (Passing::Mut, Arg::Mut(place)) => {
                    place.path.iter().all(|step| matches!(step, Proj::Deref | Proj::Field(_) | Proj::Index(_)))
                        && !self.function.is_slot(place.root)
                }
                (_, _) => false,
            }
        };
        source.params.len() == args.len() && source.params.iter().zip(args).all(fits)
    }
}

/// The variable that an argument is, or lies in.
fn root(arg: &Arg) -> Option<VarId> {
    match arg {
        Arg::Value(Operand::Var(var)) => Some(*var),
        Arg::Value(Operand::Const(_)) => None,
        Arg::Shared(place) | Arg::Mut(place) => Some(place.root),
    }
}

/// The float that a value or the elements of a list are.
fn float(ty: &Type) -> Option<Float> {
    match types::strip_refs(ty) {
        Type::Float(float) => Some(float.clone()),
        Type::Array(item, _) | Type::Slice(item) | Type::Vec(item) => float(item),
        _ => None,
    }
}

/// Hands what is told of a value on to the variable that it was read from.
fn tell_sources(block: &Block, told: &mut HashMap<VarId, Float>) {
    for stmt in block.stmts.iter().rev() {
        walk::blocks(stmt).into_iter().rev().for_each(|inner| tell_sources(inner, told));
        if let Stmt::Let { var, op } = stmt
            && let Some(float) = told.get(var).cloned()
        {
            match op {
                Op::Read(place) => _ = told.entry(place.root).or_insert(float),
                Op::Use(Operand::Var(source)) => _ = told.entry(*source).or_insert(float),
                _ => {}
            }
        }
    }
}

/// Says the types of variables that begin with literals, which a call told and methods of literals do not tell.
fn say_types(function: &mut Function, block: &Block, told: &HashMap<VarId, Float>) {
    for stmt in &block.stmts {
        if let Stmt::Declare { var, init: Some(_) } = stmt
            && let Some(float) = told.get(var)
            && function[*var].ascription.is_none()
        {
            function[*var].ascription = written(&function[*var].ty, float);
        }
        walk::blocks(stmt).into_iter().for_each(|inner| say_types(function, inner, told));
    }
}

/// The type as it is written, if it is a float or a list of floats.
fn written(ty: &Type, float: &Float) -> Option<TokenStream> {
    match ty {
        Type::Float(_) | Type::FloatLiteral => match float {
            Float::F32 => Some(quote!(f32)),
            Float::F64 => Some(quote!(f64)),
            Float::Named(_) | Float::Lane => None,
        },
        Type::Array(item, len) => written(item, float).map(|item| quote!([#item; #len])),
        Type::Vec(item) => written(item, float).map(|item| quote!(Vec<#item>)),
        _ => None,
    }
}

/// The variable's name as an identifier.
fn name(name: &str) -> Option<Ident> {
    syn::parse_str::<Ident>(name).ok().map(|name| Ident::new(&name.to_string(), Span::call_site()))
}

/// Whether a function is made of nothing but plain statements, which mean the same between variables of these names.
fn is_plain(source: &Function, others: &[crate::ir::Var]) -> bool {
    let known = |ty: &Type| matches!(ty, Type::Float(_) | Type::Int(Some(_)) | Type::Bool | Type::Unit);
    let result = match &source.result {
        Type::Tuple(items) => items.iter().all(known),
        Type::Array(item, _) => known(item),
        ty => known(ty),
    };
    let simple = source.closures.is_empty() && source.checkpoints.is_empty();
    simple
        && result
        && source.params.iter().all(|param| !param.function)
        && Plain { source, others }.block(&source.body)
}

struct Plain<'a> {
    source: &'a Function,
    others: &'a [crate::ir::Var],
}

impl Plain<'_> {
    fn block(&self, block: &Block) -> bool {
        block.stmts.iter().all(|stmt| self.stmt(stmt)) && block.result.iter().all(|result| self.operand(result))
    }

    fn stmt(&self, stmt: &Stmt) -> bool {
        let own = match stmt {
            Stmt::Let { var: _, op } => self.op(op),
            Stmt::Eval(op) => matches!(op, Op::Call(..)) && self.op(op),
            Stmt::Declare { var: _, init } => init.iter().all(|init| self.operand(init)),
            Stmt::Assign { place, value } | Stmt::Accumulate { place, value, negative: _ } => {
                self.place(place) && self.operand(value)
            }
            Stmt::If { cond, .. } => self.operand(cond),
            Stmt::For { iter, .. } => self.iter(iter),
            Stmt::Comment(_) => true,
            Stmt::AccumulateInto { .. }
            | Stmt::Match { .. }
            | Stmt::While { .. }
            | Stmt::Loop { .. }
            | Stmt::Scope { .. }
            | Stmt::Break { .. }
            | Stmt::Continue { .. }
            | Stmt::Return { .. }
            | Stmt::Map { .. }
            | Stmt::ForEach { .. }
            | Stmt::Push { .. }
            | Stmt::CallVjp { .. }
            | Stmt::Pull { .. }
            | Stmt::CallJvp { .. } => false,
        };
        own && walk::blocks(stmt).into_iter().all(|inner| self.block(inner))
    }

    fn op(&self, op: &Op) -> bool {
        match op {
            Op::Use(value) | Op::Unary(_, value) | Op::Cast(value, _) => self.operand(value),
            Op::Read(place) => self.place(place),
            Op::Binary(_, left, right) => self.operand(left) && self.operand(right),
            Op::Intrinsic(intrinsic) => intrinsic.args.iter().all(|arg| self.arg(arg)),
            Op::Call(callee, args) => {
                !callee.recursive && callee.functions.is_empty() && args.iter().all(|arg| self.arg(arg))
            }
            Op::Aggregate(kind, items) => {
                matches!(kind, AggregateKind::Tuple | AggregateKind::Array)
                    && items.iter().all(|item| self.operand(item))
            }
            // Its tokens name nothing but the list.
            Op::Opaque(opaque) => opaque.list().is_some(),
            Op::Move(_)
            | Op::Borrow(_)
            | Op::CloneOf(_)
            | Op::Repeat { .. }
            | Op::Helper { .. }
            | Op::Edit(_)
            | Op::ZeroOf(_)
            | Op::NewTape
            | Op::Rewind(_)
            | Op::Pop(_)
            | Op::TakeCotangent(_) => false,
        }
    }

    fn iter(&self, iter: &Iter) -> bool {
        match iter {
            Iter::Range { lo, hi, .. } => self.operand(lo) && self.operand(hi),
            Iter::From { lo, .. } => self.operand(lo),
            Iter::Elements { of, .. } => self.place(of),
            Iter::Enumerate { inner, .. } | Iter::Rev(inner) => self.iter(inner),
            Iter::Zip(left, right) => self.iter(left) && self.iter(right),
            Iter::StepBy(inner, count) | Iter::Skip(inner, count) | Iter::Take(inner, count) => {
                self.iter(inner) && self.operand(count)
            }
            Iter::Opaque { .. } => false,
        }
    }

    fn arg(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Value(value) => self.operand(value),
            Arg::Shared(place) | Arg::Mut(place) => self.place(place),
        }
    }

    fn place(&self, place: &Place) -> bool {
        let operands = |step: &Proj| match step {
            Proj::Deref | Proj::Field(_) => true,
            Proj::Index(index) => self.operand(index),
            Proj::Payload(_) | Proj::Part(_) | Proj::IndexNd(_) | Proj::Range { .. } => false,
        };
        place.path.iter().all(operands)
    }

    /// A constant that is named means the same where no variable has the name.
    fn operand(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Var(var) => !matches!(self.source[*var].ty, Type::Unknown),
            Operand::Const(constant) => !self.is_hidden(&constant.tokens),
        }
    }

    fn is_hidden(&self, tokens: &TokenStream) -> bool {
        tokens.clone().into_iter().any(|tree| match tree {
            TokenTree::Ident(ident) => self.others.iter().any(|var| ident == var.name.as_str()),
            TokenTree::Group(group) => self.is_hidden(&group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
}

/// Whether tokens of the body name the list.
fn asks_for_length(body: &Block, list: VarId) -> bool {
    body.stmts.iter().any(|stmt| {
        matches!(stmt, Stmt::Let { op: Op::Opaque(opaque), .. } if opaque.uses.contains(&list))
            || walk::blocks(stmt).into_iter().any(|inner| asks_for_length(inner, list))
    })
}

/// How many statements there are.
fn size(block: &Block) -> usize {
    let of = |stmt: &Stmt| 1 + walk::blocks(stmt).into_iter().map(size).sum::<usize>();
    block.stmts.iter().map(of).sum()
}

/// Puts what is lent to a function into the place of its parameters.
struct Lent {
    places: Vec<(VarId, Place)>,
    /// What the lent variables are called.
    names: Vec<Ident>,
}

impl Lent {
    fn block(&mut self, block: &mut Block) {
        self.lengths(block);
        walk::block_mut(self, block);
    }

    /// The lengths of lists are told by tokens, which name the list.
    fn lengths(&self, block: &mut Block) {
        for stmt in &mut block.stmts {
            walk::blocks_mut(stmt).into_iter().for_each(|inner| self.lengths(inner));
            let Stmt::Let { op, .. } = stmt else { continue };
            let Op::Opaque(opaque) = op else { continue };
            let Some(at) = self.places.iter().position(|(var, _)| opaque.list() == Some(*var)) else { continue };
            let place = &self.places[at].1;
            if place.path.iter().all(|step| matches!(step, Proj::Deref)) {
                let name = &self.names[at];
                opaque.tokens = quote!(#name.len());
                opaque.uses = vec![place.root];
            } else {
                *op = Op::Helper { name: "len", args: vec![Arg::Shared(place.clone())] };
            }
        }
    }
}

impl VisitMut for Lent {
    fn place(&mut self, place: &mut Place) {
        if let Some((_, lent)) = self.places.iter().find(|(var, _)| *var == place.root) {
            let rest = place.path.drain(..).skip_while(|step| matches!(step, Proj::Deref)).collect::<Vec<_>>();
            *place = lent.clone();
            place.path.extend(rest);
        }
    }
}

/// Reads the parts of tuples and arrays that never change where they were computed.
fn read_parts(body: &mut Block) {
    fn block(block_of: &mut Block, parts: &mut HashMap<VarId, Vec<Operand>>) {
        for stmt in &mut block_of.stmts {
            if let Stmt::Let { var, op } = stmt {
                if let Op::Read(place) = op
                    && let Some(part) = parts.get(&place.root).and_then(|items| part(place, items))
                {
                    *op = Op::Use(part);
                }
                match op {
                    Op::Aggregate(AggregateKind::Tuple | AggregateKind::Array, items) => {
                        parts.insert(*var, items.clone());
                    }
                    Op::Use(Operand::Var(same)) => {
                        if let Some(items) = parts.get(same).cloned() {
                            parts.insert(*var, items);
                        }
                    }
                    _ => {}
                }
            }
            walk::blocks_mut(stmt).into_iter().for_each(|inner| block(inner, parts));
        }
    }
    block(body, &mut HashMap::new());
}

/// The item that a place is, if that is certain.
fn part(place: &Place, items: &[Operand]) -> Option<Operand> {
    let at = match place.path.as_slice() {
        [Proj::Field(syn::Member::Unnamed(index))] => usize::try_from(index.index).ok()?,
        [Proj::Index(index)] => crate::ir::literals::integer(index)?,
        _ => return None,
    };
    items.get(at).cloned()
}
