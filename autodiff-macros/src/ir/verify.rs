//! Checks the invariants of the IR, in tests and after every pass:
//!
//! 1. an operand names a value that is in scope;
//! 2. a place's root is in scope, and so are its indices;
//! 3. a variable is not defined where it is in scope already (the reverse sweep runs loops again, in scopes of its own);
//! 4. only memory is written, or what a mutable reference refers to; what the transforms add ([`Origin::Derived`]) is
//!    free in this respect;
//! 5. exits lead to loops and blocks that enclose them; a value is carried only where a destination takes it;
//! 6. a block that owes a result to a destination has one, unless it ends in an exit;
//! 7. the body of an element-wise statement has no exits, and that of `map` writes nothing outside itself;
//! 8. in tail form there is no `continue`, no `return`, no scope, and a `break` is the last statement of its block,
//!    leaves the innermost loop and carries no value.

use super::{
    Arg, Block, Callee, Function, Iter, MapInput, Op, Operand, Origin, Place, Proj, ScopeId, Stmt, Storage, Type, VarId,
};

/// All violations in a function.
pub(crate) fn verify(function: &Function) -> Result<(), Vec<String>> {
    let scope: Vec<VarId> = function.params.iter().map(|param| param.var).collect();
    verify_block(function, &function.body, &scope)
}

/// All violations in a block that sees the variables in `scope`, as the body of a pullback does.
pub(crate) fn verify_block(function: &Function, block: &Block, scope: &[VarId]) -> Result<(), Vec<String>> {
    let mut verifier = Verifier::new(function);
    verifier.scopes.push(scope.to_vec());
    verifier.block(block);
    verifier.finish()
}

/// The violations of tail form.
pub(crate) fn verify_tail_form(function: &Function) -> Result<(), Vec<String>> {
    let mut errors = Vec::new();
    tail_form(&function.body, None, &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

struct Target {
    id: ScopeId,
    takes_value: bool,
    is_loop: bool,
}

struct Verifier<'f> {
    function: &'f Function,
    scopes: Vec<Vec<VarId>>,
    targets: Vec<Target>,
    /// How many targets were open when the innermost element-wise body began, and how many scopes it must not write.
    element_wise: Option<(usize, usize)>,
    errors: Vec<String>,
}

impl<'f> Verifier<'f> {
    fn new(function: &'f Function) -> Self {
        Verifier { function, scopes: Vec::new(), targets: Vec::new(), element_wise: None, errors: Vec::new() }
    }

    fn finish(self) -> Result<(), Vec<String>> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    fn fail(&mut self, message: String) {
        self.errors.push(message);
    }

    fn name(&self, var: VarId) -> String {
        match self.function.vars.get(var.0 as usize) {
            Some(known) => format!("{} (#{})", known.name, var.0),
            None => format!("#{}", var.0),
        }
    }

    // Definitions

    fn define(&mut self, var: VarId) {
        if self.function.vars.get(var.0 as usize).is_none() {
            self.fail(format!("variable #{} does not exist", var.0));
            return;
        }
        if self.scopes.iter().any(|scope| scope.contains(&var)) {
            self.fail(format!("{} is defined where it is in scope", self.name(var)));
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(var);
        }
    }

    fn define_value(&mut self, var: VarId) {
        if self.storage(var) == Some(Storage::Memory) {
            self.fail(format!("{} is memory, but defined as a value", self.name(var)));
        }
        self.define(var);
    }

    /// How the variable is stored, where that is checked.
    fn storage(&self, var: VarId) -> Option<Storage> {
        let var = self.function.vars.get(var.0 as usize)?;
        (var.origin != Origin::Derived).then_some(var.storage)
    }

    fn visible(&mut self, var: VarId) {
        if !self.scopes.iter().any(|scope| scope.contains(&var)) {
            self.fail(format!("{} is not in scope", self.name(var)));
        }
    }

    // Uses

    fn operand(&mut self, operand: &Operand) {
        if let Operand::Var(var) = operand {
            if self.storage(*var) == Some(Storage::Memory) {
                self.fail(format!("{} is memory, but used as an operand", self.name(*var)));
            }
            self.visible(*var);
        }
    }

    fn operands<'o>(&mut self, operands: impl IntoIterator<Item = &'o Operand>) {
        operands.into_iter().for_each(|operand| self.operand(operand));
    }

    fn place(&mut self, place: &Place) {
        self.visible(place.root);
        for step in &place.path {
            match step {
                Proj::Deref | Proj::Field(_) | Proj::Payload(_) | Proj::Part(_) => {}
                Proj::Index(index) => self.operand(index),
                Proj::IndexNd(indices) => self.operands(indices),
                Proj::Range { lo, hi, .. } => {
                    self.operands(lo);
                    self.operands(hi);
                }
            }
        }
    }

    fn written(&mut self, place: &Place) {
        self.place(place);
        let Some(root) = self.function.vars.get(place.root.0 as usize) else { return };
        // A value may refer to what can be written; whether it does is known only where its type is.
        let refers = match &root.ty {
            Type::Ref { mutable, .. } => *mutable,
            Type::Slot(_) | Type::Unknown | Type::Tape(_) => true,
            _ => place.path.contains_deref(),
        };
        if self.storage(place.root) == Some(Storage::Value) && !refers {
            self.fail(format!("{} is a value, but written", self.name(place.root)));
        }
        if let Some((_, scopes)) = self.element_wise
            && self.scopes[..scopes].iter().any(|scope| scope.contains(&place.root))
        {
            self.fail(format!("{} is written inside an element-wise statement", self.name(place.root)));
        }
    }

    fn args(&mut self, args: &[Arg]) {
        for arg in args {
            match arg {
                Arg::Value(operand) => self.operand(operand),
                Arg::Shared(place) => self.place(place),
                Arg::Mut(place) => self.written(place),
            }
        }
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::Use(operand) | Op::Unary(_, operand) | Op::Cast(operand, _) => self.operand(operand),
            Op::Read(place) | Op::Move(place) | Op::Borrow(place) | Op::CloneOf(place) | Op::ZeroOf(place) => {
                self.place(place);
            }
            Op::TakeCotangent(place) => self.written(place),
            Op::Binary(_, left, right) => self.operands([left, right]),
            Op::Intrinsic(intrinsic) => {
                if intrinsic.row.args.len() != intrinsic.args.len() {
                    self.fail(format!("`{}` has the wrong number of arguments", intrinsic.row.name));
                }
                self.args(&intrinsic.args);
            }
            Op::Call(_, args) | Op::Helper { args, .. } => self.args(args),
            Op::Edit(edit) => {
                self.operands(edit.kind.operands());
                edit.kind.source().into_iter().for_each(|source| self.place(source));
                self.written(&edit.list);
            }
            Op::Aggregate(_, items) => self.operands(items),
            Op::Repeat { item, len, .. } => self.operands([item, len]),
            Op::Opaque(opaque) => opaque.uses.iter().for_each(|var| self.visible(*var)),
            Op::NewTape => {}
            Op::Rewind(var) | Op::Pop(var) => self.visible(*var),
        }
    }

    // Statements

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
        self.operands(&block.result);
    }

    /// A block that owes its result to `dest`.
    fn nested(&mut self, block: &Block, dest: Option<VarId>) {
        self.scopes.push(Vec::new());
        self.block(block);
        self.scopes.pop();
        self.owed(block, dest);
    }

    fn owed(&mut self, block: &Block, dest: Option<VarId>) {
        match (dest, &block.result) {
            (Some(dest), None) if !diverges(block) => {
                self.fail(format!("a block yields nothing to {}", self.name(dest)));
            }
            (None, Some(_)) => self.fail("a block yields a result that nobody takes".to_string()),
            _ => {}
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op } => {
                self.op(op);
                self.define_value(*var);
            }
            Stmt::Declare { var, init } => {
                self.operands(init);
                if self.storage(*var) == Some(Storage::Value) {
                    self.fail(format!("{} is a value, but declared as memory", self.name(*var)));
                }
                self.define(*var);
            }
            Stmt::Assign { place, value }
            | Stmt::Accumulate { place, value, .. }
            | Stmt::AccumulateInto { place, value } => {
                self.operand(value);
                self.written(place);
            }
            Stmt::Eval(op) => self.op(op),
            Stmt::If { dest, cond, then, els } => {
                self.operand(cond);
                self.nested(then, *dest);
                self.nested(els, *dest);
                self.dest(*dest);
            }
            Stmt::Match { dest, scrutinee, arms } => {
                self.operand(scrutinee);
                arms.iter().for_each(|arm| self.arm(arm, *dest));
                self.dest(*dest);
            }
            Stmt::For { .. } | Stmt::While { .. } | Stmt::Loop { .. } | Stmt::Scope { .. } => self.scope_stmt(stmt),
            Stmt::Break { target, value } => self.exit(*target, value.as_ref(), false),
            Stmt::Continue { target } => self.exit(*target, None, true),
            Stmt::Return { value } => {
                self.operands(value);
                if self.element_wise.is_some() {
                    self.fail("`return` inside an element-wise statement".to_string());
                }
            }
            Stmt::Map { dest, inputs, body } => {
                self.element_wise_body(None, inputs, body);
                if body.result.is_none() {
                    self.fail(format!("the element-wise body yields nothing to {}", self.name(*dest)));
                }
                self.define_value(*dest);
            }
            Stmt::ForEach { outputs, inputs, body } => self.element_wise_body(Some(outputs), inputs, body),
            Stmt::Push { tape, value } => {
                self.visible(*tape);
                self.operand(value);
            }
            Stmt::CallVjp { dest, pullback, callee, args } => {
                self.call(callee, args);
                self.define_value(*dest);
                self.define_value(*pullback);
            }
            Stmt::Pull { pullback, again, tangents, seed, slots, in_out: _ } => {
                self.visible(*pullback);
                again.iter().chain(tangents.iter().flatten()).chain(seed).for_each(|place| self.place(place));
                slots.iter().flatten().for_each(|slot| self.place(slot));
            }
            Stmt::CallJvp { dest, dot, callee, args, dots } => {
                self.call(callee, args);
                dots.iter().flatten().for_each(|dot| self.args(std::slice::from_ref(dot)));
                self.define_value(*dest);
                self.define_value(*dot);
            }
            Stmt::Comment(_) => {}
        }
    }

    fn call(&mut self, _callee: &Callee, args: &[Arg]) {
        self.args(args);
    }

    fn dest(&mut self, dest: Option<VarId>) {
        if let Some(dest) = dest {
            self.define_value(dest);
        }
    }

    fn arm(&mut self, arm: &super::Arm, dest: Option<VarId>) {
        self.scopes.push(Vec::new());
        arm.bindings.iter().for_each(|(var, _)| self.define_value(*var));
        if let Some(guard) = &arm.guard {
            self.scopes.push(Vec::new());
            self.block(guard);
            self.scopes.pop();
            if guard.result.is_none() {
                self.fail("a guard yields no condition".to_string());
            }
        }
        self.block(&arm.body);
        self.scopes.pop();
        self.owed(&arm.body, dest);
    }

    /// Loops and blocks that exits can leave.
    fn scope_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::For { id, iter, body } => {
                self.scopes.push(Vec::new());
                self.iter(iter);
                self.target(*id, false, true, body);
                self.scopes.pop();
                self.owed(body, None);
            }
            Stmt::While { id, header, body } => {
                self.scopes.push(Vec::new());
                self.block(header);
                if header.result.is_none() {
                    self.fail("a loop header yields no condition".to_string());
                }
                self.target(*id, false, true, body);
                self.scopes.pop();
                self.owed(body, None);
            }
            Stmt::Loop { dest, id, body } => {
                self.target(*id, dest.is_some(), true, body);
                self.owed(body, None);
                self.dest(*dest);
            }
            Stmt::Scope { dest, id, body } => {
                self.target(*id, dest.is_some(), false, body);
                self.owed(body, *dest);
                self.dest(*dest);
            }
            _ => unreachable!("only loops and scopes come here"),
        }
    }

    fn target(&mut self, id: ScopeId, takes_value: bool, is_loop: bool, body: &Block) {
        if self.function.scopes.get(id.0 as usize).is_none() {
            self.fail(format!("scope '{} does not exist", id.0));
        }
        self.targets.push(Target { id, takes_value, is_loop });
        self.scopes.push(Vec::new());
        self.block(body);
        self.scopes.pop();
        self.targets.pop();
    }

    fn exit(&mut self, id: ScopeId, value: Option<&Operand>, continues: bool) {
        self.operands(value);
        let Some(position) = self.targets.iter().rposition(|target| target.id == id) else {
            self.fail(format!("an exit to '{} that does not enclose it", id.0));
            return;
        };
        let (takes_value, is_loop) = (self.targets[position].takes_value, self.targets[position].is_loop);
        if takes_value != value.is_some() && !continues {
            self.fail(format!("an exit to '{} carries a value or not, unlike its destination", id.0));
        }
        if continues && !is_loop {
            self.fail(format!("`continue` to '{}, which is no loop", id.0));
        }
        if self.element_wise.is_some_and(|(targets, _)| position < targets) {
            self.fail(format!("an exit to '{} out of an element-wise statement", id.0));
        }
    }

    /// `outputs`: of a statement that runs for its effect.
    fn element_wise_body(&mut self, outputs: Option<&[MapInput]>, inputs: &[MapInput], body: &Block) {
        let protected = if outputs.is_some() { 0 } else { self.scopes.len() };
        let outputs = outputs.unwrap_or_default();
        for input in inputs.iter().chain(outputs) {
            self.place(&input.of);
        }
        let outer = self.element_wise.replace((self.targets.len(), protected));
        self.scopes.push(Vec::new());
        for input in inputs.iter().chain(outputs) {
            self.define_value(input.elem);
        }
        self.block(body);
        self.scopes.pop();
        self.element_wise = outer;
    }

    fn iter(&mut self, iter: &Iter) {
        match iter {
            Iter::Range { var, lo, hi, .. } => {
                self.operands([lo, hi]);
                self.define_value(*var);
            }
            Iter::From { var, lo } => {
                self.operand(lo);
                self.define_value(*var);
            }
            Iter::Elements { var, of, mutable } => {
                if *mutable {
                    self.written(of)
                } else {
                    self.place(of)
                }
                self.define_value(*var);
            }
            Iter::Enumerate { var, inner } => {
                self.iter(inner);
                self.define_value(*var);
            }
            Iter::Zip(left, right) => {
                self.iter(left);
                self.iter(right);
            }
            Iter::Rev(inner) => self.iter(inner),
            Iter::StepBy(inner, count) | Iter::Skip(inner, count) | Iter::Take(inner, count) => {
                self.operand(count);
                self.iter(inner);
            }
            Iter::Opaque { vars, iter, .. } => {
                iter.uses.iter().for_each(|var| self.visible(*var));
                vars.iter().for_each(|var| self.define_value(*var));
            }
        }
    }
}

trait Path {
    fn contains_deref(&self) -> bool;
}

impl Path for Vec<Proj> {
    fn contains_deref(&self) -> bool {
        self.iter().any(|step| matches!(step, Proj::Deref))
    }
}

/// The block never reaches its end, as far as its statements tell.
fn diverges(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| match stmt {
        Stmt::Break { .. } | Stmt::Continue { .. } | Stmt::Return { .. } => true,
        // A macro such as `panic!` or a call of `exit`: only rustc knows.
        Stmt::Eval(Op::Opaque(_)) => true,
        Stmt::Loop { dest: None, body, id } => !breaks_to(body, *id),
        Stmt::If { dest: None, then, els, .. } => diverges(then) && diverges(els),
        Stmt::Match { dest: None, arms, .. } => arms.iter().all(|arm| diverges(&arm.body)),
        Stmt::Scope { dest: None, body, .. } => diverges(body),
        _ => false,
    })
}

fn breaks_to(block: &Block, id: ScopeId) -> bool {
    block.stmts.iter().any(|stmt| match stmt {
        Stmt::Break { target, .. } => *target == id,
        other => super::walk::blocks(other).into_iter().any(|inner| breaks_to(inner, id)),
    })
}

fn tail_form(block: &Block, innermost: Option<ScopeId>, errors: &mut Vec<String>) {
    for (position, stmt) in block.stmts.iter().enumerate() {
        match stmt {
            Stmt::Continue { .. } => errors.push("`continue` in tail form".to_string()),
            Stmt::Return { .. } => errors.push("`return` in tail form".to_string()),
            Stmt::Scope { .. } => errors.push("a scope in tail form".to_string()),
            Stmt::Break { target, value } => {
                if Some(*target) != innermost || value.is_some() {
                    errors.push(format!("a break to '{} that is not plain and innermost", target.0));
                }
                if position + 1 != block.stmts.len() {
                    errors.push("statements after a break".to_string());
                }
            }
            _ => {}
        }
        let inner = match stmt {
            Stmt::For { id, .. } | Stmt::While { id, .. } | Stmt::Loop { id, .. } => Some(*id),
            _ => innermost,
        };
        super::walk::blocks(stmt).into_iter().for_each(|block| tail_form(block, inner, errors));
    }
}
