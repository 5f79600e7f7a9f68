//! Small functions of the same file, whose bodies take the place of calls of them.
//!
//! A call keeps a pullback, which holds what the reverse sweep of its body needs. Where the body stands in the place of the
//! call, its values are values like others: they are computed again where that is cheap, invariants leave the loops around
//! the call, and loops are fused with their mirrors through it. The split form keeps the calls outside of loops, so that a
//! function that is called from many places is not written out in all of them twice.
//!
//! Bodies are taken in that are short and made of plain statements; there is a limit for each body, and one for all that
//! one function takes in.

mod lent;
mod plain;
mod said;

use std::collections::HashMap;
use std::rc::Rc;

use proc_macro2::{Ident, Span};

use self::lent::{Counters, Lent, is_lendable};
use self::plain::is_plain;
use self::said::{float, root, say_types, tell_sources};
use super::rename;
use crate::aliases::Aliases;
use crate::analysis::types;
use crate::diagnostics::Diagnostics;
use crate::ir::walk;
use crate::ir::{
    AggregateKind, Arg, Block, Callee, CalleeKind, Float, Function, Op, Operand, Passing, Place, Proj, Stmt, Storage,
    Type, VarId,
};
use crate::nearby::Nearby;
use crate::options::{Analysis, Options};
use crate::parse;

/// The most statements of a body that is taken in.
const LONGEST: usize = 160;

/// The most statements that one function takes in.
const MOST: usize = 400;

/// How deep calls are nested that are taken in.
const DEEPEST: usize = 3;

/// Which calls give way to bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Calls {
    All,
    /// Those in loops, each trip of which would keep a pullback.
    InLoops,
}

/// The function with the bodies of small functions in the place of calls, if there are such calls.
pub(super) fn calls(function: &Function, calls: Calls, options: &Options) -> Option<Function> {
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
        kept: calls == Calls::InLoops,
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
    /// Calls in the current block stay as they are.
    kept: bool,
}

impl Inliner<'_> {
    fn block(&mut self, block: &mut Block, depth: usize) {
        for mut stmt in std::mem::take(&mut block.stmts) {
            let kept = self.kept;
            self.kept &= !matches!(stmt, Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. });
            walk::blocks_mut(&mut stmt).into_iter().for_each(|inner| self.block(inner, depth));
            self.kept = kept;
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
        if depth >= DEEPEST || self.kept {
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
        let counters = Counters::of(&body);
        let (positions, known) = (Vec::new(), Vec::new());
        Lent { function: self.function, places: lent, names, counters, positions, known }.block(&mut body);
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
                    is_lendable(&place.path) && !self.function.is_slot(place.root)
                }
                (_, _) => false,
            }
        };
        source.params.len() == args.len() && source.params.iter().zip(args).all(fits)
    }
}

/// The variable's name as an identifier.
fn name(name: &str) -> Option<Ident> {
    syn::parse_str::<Ident>(name).ok().map(|name| Ident::new(&name.to_string(), Span::call_site()))
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
