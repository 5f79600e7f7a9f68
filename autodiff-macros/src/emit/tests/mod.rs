//! Small functions in the IR, built by hand, and the Rust that they are printed as.

use proc_macro2::TokenStream;
use quote::quote;

use super::body;
use crate::ir::{
    BinOp, Block, Const, Float, Function, Iter, Op, Operand, Origin, Param, Passing, Place, Proj, ScopeId, Stmt,
    Storage, Type, VarId,
};

mod control;
mod folding;
mod items;
mod naming;
mod roundtrip;
mod tensors;

/// A function under construction.
struct Build {
    function: Function,
    /// The open blocks, innermost last.
    open: Vec<Vec<Stmt>>,
}

fn float() -> Type {
    Type::Float(Float::F64)
}

fn slice(mutable: bool) -> Type {
    Type::Ref { mutable, inner: Box::new(Type::Slice(Box::new(float()))) }
}

fn int() -> Type {
    Type::Int(Some("usize"))
}

fn constant(tokens: TokenStream) -> Operand {
    Operand::Const(Const { tokens, ty: Type::FloatLiteral })
}

fn var(var: VarId) -> Operand {
    Operand::Var(var)
}

fn at(root: VarId, path: Vec<Proj>) -> Place {
    Place { root, path }
}

fn elem(root: VarId, index: VarId) -> Place {
    at(root, vec![Proj::Deref, Proj::Index(var(index))])
}

impl Build {
    fn new() -> Build {
        let body = Block::default();
        let function = Function {
            name: "f".into(),
            vars: Vec::new(),
            params: Vec::new(),
            result: float(),
            body,
            scopes: Vec::new(),
            parts: std::collections::BTreeMap::new(),
            closures: Vec::new(),
            loops: std::collections::BTreeMap::new(),
            checkpoints: std::collections::BTreeMap::new(),
            constant_parts: Default::default(),
        };
        Build { function, open: vec![Vec::new()] }
    }

    fn param(&mut self, name: &str, ty: Type, passing: Passing) -> VarId {
        let storage = if passing == Passing::Mut { Storage::Memory } else { Storage::Value };
        let var = self.function.fresh(name, ty, storage, Origin::User);
        self.function.params.push(Param { var, passing, differentiated: true, frozen: false, function: false });
        var
    }

    fn fresh(&mut self, name: &str, ty: Type, origin: Origin) -> VarId {
        self.function.fresh(name, ty, Storage::Value, origin)
    }

    fn push(&mut self, stmt: Stmt) {
        self.open.last_mut().expect("a block is open").push(stmt);
    }

    fn user(&mut self, name: &str, op: Op) -> VarId {
        let var = self.fresh(name, float(), Origin::User);
        self.push(Stmt::Let { var, op });
        var
    }

    fn temp(&mut self, name: &str, op: Op) -> VarId {
        let var = self.fresh(name, float(), Origin::Temp);
        self.push(Stmt::Let { var, op });
        var
    }

    fn read(&mut self, name: &str, place: Place) -> VarId {
        self.temp(name, Op::Read(place))
    }

    fn binary(&mut self, op: BinOp, left: Operand, right: Operand) -> VarId {
        self.temp("t", Op::Binary(op, left, right))
    }

    fn memory(&mut self, name: &str, init: Option<Operand>, origin: Origin) -> VarId {
        let var = self.function.fresh(name, float(), Storage::Memory, origin);
        self.push(Stmt::Declare { var, init });
        var
    }

    fn accumulate(&mut self, place: Place, value: VarId) {
        self.push(Stmt::Accumulate { place, negative: false, value: var(value) });
    }

    fn block(&mut self, body: impl FnOnce(&mut Build) -> Option<Operand>) -> Block {
        self.open.push(Vec::new());
        let result = body(self);
        Block { stmts: self.open.pop().expect("the block is open"), result }
    }

    fn scope(&mut self) -> ScopeId {
        self.function.fresh_scope(None)
    }

    fn count(&mut self, name: &str, hi: Operand, reversed: bool, body: impl FnOnce(&mut Build, VarId)) {
        let index = self.fresh(name, int(), Origin::User);
        let id = self.scope();
        let lo = Operand::Const(Const { tokens: quote!(0), ty: Type::Int(None) });
        let range = Iter::Range { var: index, lo, hi, inclusive: false };
        let iter = if reversed { Iter::Rev(Box::new(range)) } else { range };
        let body = self.block(|build| {
            body(build, index);
            None
        });
        self.push(Stmt::For { id, iter, body });
    }

    fn finish(mut self, result: Option<Operand>) -> Function {
        self.function.body = Block { stmts: self.open.pop().expect("the body is open"), result };
        self.function
    }
}

fn formatted(function: &Function) -> String {
    let paths =
        super::paths::Paths { root: quote!(::differentiable), rt: quote!(rt), vec: quote!(vec), closures: Vec::new() };
    let body = body::function(function, &paths, false);
    let (params, body) = (body.params, body.body);
    let file = syn::parse2(quote!(fn f(#(#params: P),*) { #body })).unwrap_or_else(|error| panic!("{error}: {body}"));
    prettyplease::unparse(&file)
}

#[track_caller]
fn check(function: &Function, expected: &str) {
    let expected = prettyplease::unparse(&syn::parse_file(expected).expect("the expected text is Rust"));
    let actual = formatted(function);
    assert!(actual == expected, "expected:\n{expected}\nactual:\n{actual}");
}
