//! Local type inference over a finished function: a fixpoint in which variables learn from what they meet.

use super::types::{self, binary_type, is_float, strip_refs};
use crate::ir::{
    AggregateKind, Arg, BinOp, Block, Callee, CalleeKind, Edit, EditKind, Float, Function, Iter, MapInput, Op, Operand,
    Place, Proj, Stmt, Tensor, Type, UnOp, VarId, literals,
};
use crate::rules::Derivative;
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use std::collections::{BTreeMap, HashSet};

/// More rounds than any chain of dependent guesses needs; each round is linear in the function.
const ROUNDS: usize = 16;

/// Refines the types of variables that are unknown or that are float literals so far.
pub(crate) fn infer(function: &mut Function) {
    let body = std::mem::take(&mut function.body);
    let mut pass =
        Pass { function, changed: true, breaks: Vec::new(), returned: HashSet::new(), computed: HashSet::new() };
    for _ in 0..ROUNDS {
        if !std::mem::take(&mut pass.changed) {
            break;
        }
        pass.block(&body);
        pass.result(&body.result);
    }
    let default = default_float(function);
    for var in &mut function.vars {
        default_literals(&mut var.ty, &default);
    }
    function.body = body;
    name_open_types(function);
}

/// Variables of which nothing is known but what their parts are get a type of their own, so that their cotangents and
/// tangents, which have the same parts, have it too.
fn name_open_types(function: &mut Function) {
    let mut names = BTreeMap::new();
    for key in function.parts.keys() {
        let id: String = key.strip_prefix('#').unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
        if let Ok(id) = id.parse() {
            names.insert(VarId(id), format!("_{id}"));
        }
    }
    for (var, name) in &names {
        let ident = Ident::new(name, Span::call_site());
        let mut ty = &mut function[*var].ty;
        while let Type::Ref { inner, .. } = ty {
            ty = inner;
        }
        types::merge(ty, &Type::Named(ident.to_token_stream()));
    }
    let parts = std::mem::take(&mut function.parts);
    let renamed = parts.into_iter().map(|(key, ty)| match key.strip_prefix('#') {
        Some(rest) => (format!("_{rest}"), ty),
        None => (key, ty),
    });
    function.parts = renamed.collect();
}

/// The type of literals that nothing else tells: `f32`, if the signature names no other float.
fn default_float(function: &Function) -> Float {
    fn collect(ty: &Type, found: &mut Vec<Float>) {
        match ty {
            Type::Float(float) => found.push(float.clone()),
            Type::Array(inner, _)
            | Type::Slice(inner)
            | Type::Vec(inner)
            | Type::Deque(inner)
            | Type::Ref { inner, .. } => collect(inner, found),
            Type::Option(content) | Type::Result(content, _) => collect(content, found),
            Type::Tuple(items) => items.iter().for_each(|item| collect(item, found)),
            Type::Tensor(tensor) => collect(&tensor.elem, found),
            Type::Unknown
            | Type::FloatLiteral
            | Type::Int(_)
            | Type::Bool
            | Type::Unit
            | Type::Inactive
            | Type::Named(_)
            | Type::Tape(_)
            | Type::Slot(_)
            | Type::Pullback
            | Type::Never => {}
        }
    }
    let mut found = Vec::new();
    function.params.iter().for_each(|param| collect(&function[param.var].ty, &mut found));
    collect(&function.result, &mut found);
    let single = !found.is_empty() && found.iter().all(|float| *float == Float::F32);
    if single { Float::F32 } else { Float::F64 }
}

/// A float that met nothing that says otherwise is what the function computes with, an `f64` if it says nothing.
fn default_literals(ty: &mut Type, default: &Float) {
    match ty {
        Type::FloatLiteral => *ty = Type::Float(default.clone()),
        Type::Array(inner, _)
        | Type::Slice(inner)
        | Type::Vec(inner)
        | Type::Deque(inner)
        | Type::Ref { inner, .. } => default_literals(inner, default),
        Type::Option(content) | Type::Result(content, _) => default_literals(content, default),
        Type::Tuple(items) => items.iter_mut().for_each(|item| default_literals(item, default)),
        Type::Tensor(tensor) => default_literals(&mut tensor.elem, default),
        Type::Unknown
        | Type::Float(_)
        | Type::Int(_)
        | Type::Bool
        | Type::Unit
        | Type::Inactive
        | Type::Named(_)
        | Type::Tape(_)
        | Type::Slot(_)
        | Type::Pullback
        | Type::Never => {}
    }
}

struct Pass<'f> {
    function: &'f mut Function,
    changed: bool,
    /// The destinations of the loops and blocks that are open.
    breaks: Vec<(crate::ir::ScopeId, Option<VarId>)>,
    /// What calls of other functions returned.
    returned: HashSet<VarId>,
    /// What may be of a type of the user's: what its functions and operators gave. A product of two vectors may be a number.
    computed: HashSet<VarId>,
}

impl Pass<'_> {
    // Learning

    fn var(&mut self, var: VarId, ty: &Type) {
        self.changed |= types::merge(&mut self.function[var].ty, ty);
    }

    fn operand(&mut self, operand: &Operand, ty: &Type) {
        if let Operand::Var(var) = operand {
            self.var(*var, ty);
        }
    }

    fn type_of(&self, operand: &Operand) -> Type {
        self.function.type_of(operand)
    }

    /// A variable and an operand have the same type.
    fn same(&mut self, var: VarId, operand: &Operand) {
        let ty = self.type_of(operand);
        self.var(var, &ty);
        let ty = self.function[var].ty.clone();
        self.operand(operand, &ty);
    }

    /// What a place holds has this type.
    fn place(&mut self, place: &Place, ty: &Type) {
        if let Some(key) = self.function.part_key(place) {
            let known = self.function.parts.entry(key).or_insert(Type::Unknown);
            self.changed |= types::merge(known, strip_refs(ty));
            self.indices(place);
            return;
        }
        if let Some((key, rest)) = self.known_part(place) {
            let known = self.function.parts.entry(key).or_insert(Type::Unknown);
            self.changed |= refine(known, rest, ty);
            self.indices(place);
            return;
        }
        let mut root = self.function[place.root].ty.clone();
        if refine(&mut root, &place.path, ty) {
            self.function[place.root].ty = root;
            self.changed = true;
        }
        self.indices(place);
    }

    /// The longest part of the place that has a name of its own, and what leads from there to the place: the content of
    /// a field that is an `Option`, an element of a field that is an array.
    fn known_part<'p>(&self, place: &'p Place) -> Option<(String, &'p [Proj])> {
        (1..place.path.len()).rev().find_map(|at| {
            let (before, rest) = place.path.split_at(at);
            let key = self.function.part_key(&Place { root: place.root, path: before.to_vec() })?;
            Some((key, rest))
        })
    }

    fn indices(&mut self, place: &Place) {
        let index_type = Type::Int(Some("usize"));
        for step in &place.path {
            match step {
                Proj::Index(index) => self.operand(index, &index_type),
                Proj::IndexNd(indices) => indices.iter().for_each(|index| self.operand(index, &index_type)),
                Proj::Range { lo, hi, .. } => {
                    lo.iter().chain(hi).for_each(|bound| self.operand(bound, &index_type));
                }
                Proj::Deref | Proj::Field(_) | Proj::Payload(_) | Proj::Part(_) => {}
            }
        }
    }

    fn same_place(&mut self, var: VarId, place: &Place) {
        let ty = self.function.place_type(place);
        self.var(var, &ty);
        let ty = self.function[var].ty.clone();
        self.place(place, &ty);
    }

    /// A pattern binds a variable to a part of a value, or to a reference to it where the value is behind a reference.
    fn bound(&mut self, var: VarId, place: &Place) {
        let by_ref = self.function.is_ref(var) && place.path.iter().any(|step| matches!(step, Proj::Deref));
        if !by_ref {
            self.same_place(var, place);
            return;
        }
        let inner = Box::new(self.function.place_type(place));
        self.var(var, &Type::Ref { mutable: false, inner });
        if let Type::Ref { inner, .. } = self.function[var].ty.clone() {
            self.place(place, &inner);
        }
    }

    // Statements

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
    }

    fn result(&mut self, result: &Option<Operand>) {
        if let Some(result) = result {
            let ty = self.function.result.clone();
            self.operand(result, &ty);
        }
    }

    fn yields(&mut self, dest: Option<VarId>, block: &Block) {
        self.block(block);
        if let (Some(dest), Some(result)) = (dest, &block.result) {
            self.same(dest, result);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, op } => self.op(*var, op),
            Stmt::Declare { var, init: Some(init) } => {
                self.follow(*var, &Op::Use(init.clone()));
                self.same(*var, init);
            }
            Stmt::Assign { place, value } => {
                let ty = self.type_of(value);
                self.place(place, &ty);
                let ty = self.function.place_type(place);
                self.operand(value, &ty);
            }
            Stmt::Accumulate { place, value, .. } => self.accumulate(place, value),
            Stmt::If { dest, cond, then, els } => {
                self.operand(cond, &Type::Bool);
                self.yields(*dest, then);
                self.yields(*dest, els);
            }
            Stmt::Match { dest, scrutinee, arms } => {
                for arm in arms {
                    for (var, path) in &arm.bindings {
                        if let Some(path) = path {
                            let Operand::Var(root) = scrutinee else { continue };
                            self.bound(*var, &Place { root: *root, path: path.clone() });
                        }
                    }
                    if let Some(guard) = &arm.guard {
                        self.block(guard);
                    }
                    self.yields(*dest, &arm.body);
                }
            }
            Stmt::For { id, iter, body } => {
                self.iter(iter);
                self.scope(*id, None, body);
            }
            Stmt::While { id, header, body } => {
                self.block(header);
                self.scope(*id, None, body);
            }
            Stmt::Loop { dest, id, body } | Stmt::Scope { dest, id, body } => self.scope(*id, *dest, body),
            Stmt::Break { target, value: Some(value) } => {
                let dest = self.breaks.iter().rev().find(|(id, _)| id == target).and_then(|(_, dest)| *dest);
                if let Some(dest) = dest {
                    self.same(dest, value);
                }
            }
            Stmt::Return { value } => self.result(value),
            Stmt::Map { dest, inputs, body } => self.map(*dest, inputs, body),
            Stmt::Eval(Op::Edit(edit)) => self.edit(None, edit),
            Stmt::Declare { init: None, .. }
            | Stmt::Eval(_)
            | Stmt::Break { value: None, .. }
            | Stmt::Continue { .. }
            | Stmt::ForEach { .. }
            | Stmt::Push { .. }
            | Stmt::CallVjp { .. }
            | Stmt::Pull { .. }
            | Stmt::CallJvp { .. }
            | Stmt::AccumulateInto { .. }
            | Stmt::Comment(_) => {}
        }
    }

    fn scope(&mut self, id: crate::ir::ScopeId, dest: Option<VarId>, body: &Block) {
        self.breaks.push((id, dest));
        self.yields(dest, body);
        self.breaks.pop();
    }

    fn accumulate(&mut self, place: &Place, value: &Operand) {
        let ty = self.function.place_type(place);
        let value_ty = strip_refs(&self.type_of(value)).clone();
        if is_float(&ty) && is_float(&value_ty) {
            self.place(place, &value_ty);
        }
        let ty = self.function.place_type(place);
        if is_float(&ty) || matches!(ty, Type::Int(_)) {
            self.operand(value, &ty);
        } else {
            self.indices(place);
        }
    }

    fn map(&mut self, dest: VarId, inputs: &[MapInput], body: &Block) {
        let mut rank = None;
        for input in inputs {
            let ty = self.function.place_type(&input.of);
            if let Some(elem) = types::element(&ty) {
                self.var(input.elem, &elem);
            }
            if let Type::Tensor(tensor) = strip_refs(&ty) {
                rank = rank.or(tensor.rank);
            }
        }
        self.block(body);
        if let Some(result) = &body.result {
            let elem = Box::new(strip_refs(&self.type_of(result)).clone());
            self.var(dest, &Type::Tensor(Tensor { elem, rank, view: false }));
            if let Some(elem) = types::element(&self.function[dest].ty) {
                self.operand(result, &elem);
            }
        }
    }

    fn iter(&mut self, iter: &Iter) {
        match iter {
            Iter::Range { var, lo, hi, .. } => {
                self.same(*var, lo);
                self.same(*var, hi);
            }
            Iter::From { var, lo } => self.same(*var, lo),
            Iter::Elements { var, of, mutable } => {
                if let Some(elem) = types::element(&self.function.place_type(of)) {
                    self.var(*var, &Type::Ref { mutable: *mutable, inner: Box::new(elem) });
                }
                let known = !matches!(self.function.place_type(of), Type::Unknown);
                if let (true, Type::Ref { inner, .. }) = (known, self.function[*var].ty.clone()) {
                    self.place(of, &Type::Slice(inner));
                }
            }
            Iter::Enumerate { inner, .. } | Iter::Rev(inner) => self.iter(inner),
            Iter::Zip(left, right) => {
                self.iter(left);
                self.iter(right);
            }
            Iter::StepBy(inner, count) | Iter::Skip(inner, count) | Iter::Take(inner, count) => {
                self.operand(count, &Type::Int(Some("usize")));
                self.iter(inner);
            }
            Iter::Opaque { .. } => {}
        }
    }

    // Operations

    fn op(&mut self, var: VarId, op: &Op) {
        self.follow(var, op);
        match op {
            Op::Use(operand) => {
                if matches!(operand, Operand::Var(from) if self.returned.contains(from)) {
                    self.returned.insert(var);
                }
                self.same(var, operand);
            }
            Op::Read(place) | Op::Move(place) => self.same_place(var, place),
            Op::CloneOf(place) => {
                let ty = types::owned(&self.function.place_type(place));
                self.var(var, &ty);
                let ty = self.function[var].ty.clone();
                if types::is_scalar(&ty) {
                    self.place(place, &ty);
                }
            }
            Op::Borrow(place) => {
                let inner = Box::new(self.function.place_type(place));
                self.var(var, &Type::Ref { mutable: false, inner });
                if let Type::Ref { inner, .. } = self.function[var].ty.clone() {
                    self.place(place, &inner);
                }
            }
            Op::Unary(UnOp::Neg | UnOp::Not, operand) => {
                let ty = strip_refs(&self.type_of(operand)).clone();
                self.var(var, &ty);
                let ty = self.function[var].ty.clone();
                self.operand(operand, &ty);
            }
            Op::Binary(binary, left, right) => self.binary(var, *binary, left, right),
            Op::Intrinsic(intrinsic) => self.intrinsic(var, intrinsic),
            Op::Aggregate(kind, items) => self.aggregate(var, kind, items),
            Op::Repeat { item, .. } => {
                let elem = self.type_of(item);
                if let Type::Array(inner, _) | Type::Vec(inner) = &mut self.function[var].ty {
                    self.changed |= types::merge(inner, &elem);
                }
                if let Some(elem) = types::element(&self.function[var].ty) {
                    self.operand(item, &elem);
                }
            }
            Op::Edit(edit) => self.edit(Some(var), edit),
            Op::Call(..) => {
                self.returned.insert(var);
            }
            Op::Cast(..)
            | Op::Opaque(_)
            | Op::Helper { .. }
            | Op::ZeroOf(_)
            | Op::NewTape
            | Op::Rewind(_)
            | Op::Pop(_)
            | Op::TakeCotangent(_) => {}
        }
    }

    /// A copy, or a reference, is a value of the user's type as well; and a function of a type most likely gives one.
    fn follow(&mut self, var: VarId, op: &Op) {
        let from = match op {
            Op::Use(Operand::Var(from)) => *from,
            Op::Read(place) | Op::Move(place) | Op::CloneOf(place) | Op::Borrow(place)
                if place.path.iter().all(|step| matches!(step, Proj::Deref)) =>
            {
                place.root
            }
            Op::Unary(UnOp::Neg, Operand::Var(from)) => *from,
            Op::Call(Callee { kind: CalleeKind::Associated, .. }, _) => var,
            _ => return,
        };
        let given = from == var && matches!(self.function[var].ty, Type::Unknown);
        if given || self.computed.contains(&from) {
            self.computed.insert(var);
        }
    }

    /// What is put into a list, and what is taken out of it, has the type of its elements.
    fn edit(&mut self, dest: Option<VarId>, edit: &Edit) {
        let mut element = edit.list.clone();
        element.path.push(Proj::Index(literals::index(0)));
        let whole = match &edit.kind {
            EditKind::Exchange(other) => {
                let ty = self.function.place_type(other);
                self.place(&edit.list, &ty);
                let ty = self.function.place_type(&edit.list);
                return self.place(other, &ty);
            }
            EditKind::Replace(_) => &edit.list,
            EditKind::Extend(items) => {
                if let Some(ty) = types::element(&self.function.place_type(items)) {
                    self.place(&element, &ty);
                }
                return;
            }
            EditKind::Permute(_) | EditKind::Unpermute(_) => return,
            _ => &element,
        };
        if let Some(value) = edit.kind.put() {
            let ty = self.type_of(value);
            self.place(whole, &ty);
            let ty = self.function.place_type(whole);
            self.operand(value, &ty);
        }
        if let Some(dest) = dest.filter(|dest| !matches!(self.function[*dest].ty, Type::Unit)) {
            self.same_place(dest, whole);
        }
    }

    fn binary(&mut self, var: VarId, op: BinOp, left: &Operand, right: &Operand) {
        let (left_ty, right_ty) = (self.type_of(left), self.type_of(right));
        let ty = binary_type(op, &left_ty, &right_ty);
        self.var(var, &ty);
        let (left_ty, right_ty) = (strip_refs(&left_ty).clone(), strip_refs(&right_ty).clone());
        if self.is_of_users(left) || self.is_of_users(right) {
            self.computed.insert(var);
            // The product of a value with a number has the value's type.
            if !is_float(&left_ty) && !is_float(&right_ty) {
                return;
            }
        }
        match op {
            BinOp::Add | BinOp::Sub | BinOp::Mul | BinOp::Div | BinOp::Rem => {
                let ty = self.function[var].ty.clone();
                // A float result has float operands: an array would make it an array.
                if is_float(&ty) {
                    self.scalar_operands(&ty, left, &left_ty, right, &right_ty);
                } else if matches!(ty, Type::Int(_)) {
                    self.integers(&ty, left, &left_ty, right, &right_ty);
                }
            }
            BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge => {
                if is_float(&left_ty) || is_float(&right_ty) {
                    let (a, b) = (right_ty.clone(), left_ty.clone());
                    self.compared(left, &a);
                    self.compared(right, &b);
                }
                self.integers(&left_ty, left, &left_ty, right, &right_ty);
                self.integers(&right_ty, left, &left_ty, right, &right_ty);
            }
            BinOp::And | BinOp::Or | BinOp::BitAnd | BinOp::BitOr | BinOp::BitXor | BinOp::Shl | BinOp::Shr => {}
        }
    }

    fn is_of_users(&self, operand: &Operand) -> bool {
        let computed = matches!(operand, Operand::Var(var) if self.computed.contains(var));
        match strip_refs(&self.type_of(operand)) {
            Type::Named(_) => true,
            Type::Unknown => computed,
            _ => false,
        }
    }

    fn scalar_operands(&mut self, ty: &Type, left: &Operand, left_ty: &Type, right: &Operand, right_ty: &Type) {
        for (operand, operand_ty) in [(left, left_ty), (right, right_ty)] {
            if matches!(operand_ty, Type::Unknown | Type::FloatLiteral) {
                self.operand(operand, ty);
            }
        }
    }

    /// Integers that meet have the same type.
    fn integers(&mut self, ty: &Type, left: &Operand, left_ty: &Type, right: &Operand, right_ty: &Type) {
        if matches!((left_ty, right_ty, ty), (Type::Int(_), Type::Int(_), Type::Int(Some(_)))) {
            self.operand(left, ty);
            self.operand(right, ty);
        }
    }

    /// One side of a comparison learns the other's precision.
    fn compared(&mut self, operand: &Operand, other: &Type) {
        let open = matches!(self.type_of(operand), Type::Unknown | Type::FloatLiteral);
        if open && matches!(other, Type::Float(_)) {
            self.operand(operand, other);
        }
    }

    fn intrinsic(&mut self, var: VarId, intrinsic: &crate::ir::Intrinsic) {
        let Derivative::Partials(partials) = &intrinsic.row.derivative else { return };
        if self.is_anything(intrinsic) {
            return;
        }
        let mut ty = self.function[var].ty.clone();
        let floats =
            intrinsic.args.iter().zip(*partials).enumerate().filter_map(|(position, (arg, partial))| match arg {
                Arg::Value(operand) if partial.is_some() || position == 0 => Some(operand),
                _ => None,
            });
        let floats: Vec<&Operand> = floats.collect();
        for operand in &floats {
            let other = strip_refs(&self.type_of(operand)).clone();
            if is_float(&other) {
                types::merge(&mut ty, &other);
            }
        }
        if is_float(&ty) {
            self.var(var, &ty);
            floats.into_iter().for_each(|operand| self.operand(operand, &ty));
        }
    }

    /// What another function returned may be of a type of the user's that has a method of this name: its result, or what
    /// it is given, tells nothing about the receiver.
    fn is_anything(&self, intrinsic: &crate::ir::Intrinsic) -> bool {
        let Some(Arg::Value(Operand::Var(receiver))) = intrinsic.args.first() else { return false };
        self.returned.contains(receiver) && matches!(self.function[*receiver].ty, Type::Unknown)
    }

    fn aggregate(&mut self, var: VarId, kind: &AggregateKind, items: &[Operand]) {
        let tys: Vec<Type> = items.iter().map(|item| self.type_of(item)).collect();
        match kind {
            AggregateKind::Tuple => {
                self.var(var, &Type::Tuple(tys));
                if let Type::Tuple(parts) = self.function[var].ty.clone() {
                    items.iter().zip(parts).for_each(|(item, ty)| self.operand(item, &ty));
                }
            }
            AggregateKind::Constructor(constructor) => {
                for ((_, proj), item) in constructor.parts.iter().zip(items) {
                    let part = Place { root: var, path: vec![proj.clone()] };
                    let ty = self.type_of(item);
                    self.place(&part, &ty);
                    let ty = self.function.place_type(&part);
                    self.operand(item, &ty);
                }
            }
            AggregateKind::Array | AggregateKind::VecMacro => {
                for ty in tys {
                    if let Type::Array(elem, _) | Type::Vec(elem) = &mut self.function[var].ty {
                        self.changed |= types::merge(elem, &ty);
                    }
                }
                if let Some(elem) = types::element(&self.function[var].ty) {
                    items.iter().for_each(|item| self.operand(item, &elem));
                }
            }
        }
    }
}

/// Refines the part of a type that a path leads to. Returns whether it changed.
fn refine(ty: &mut Type, path: &[Proj], part: &Type) -> bool {
    let Some((step, rest)) = path.split_first() else { return types::merge(ty, part) };
    match (ty, step) {
        (Type::Ref { inner, .. }, Proj::Deref) => refine(inner, rest, part),
        (Type::Ref { inner, .. }, _) => refine(inner, path, part),
        (Type::Tuple(items), Proj::Field(syn::Member::Unnamed(index))) => {
            items.get_mut(index.index as usize).is_some_and(|item| refine(item, rest, part))
        }
        (Type::Array(elem, _) | Type::Slice(elem) | Type::Vec(elem) | Type::Deque(elem), Proj::Index(_)) => {
            refine(elem, rest, part)
        }
        (Type::Option(content), Proj::Payload(_) | Proj::Part(_)) => refine(content, rest, part),
        (Type::Result(content, _), Proj::Payload(method) | Proj::Part(method)) if method == "ok_0_mut" => {
            refine(content, rest, part)
        }
        (Type::Result(_, error), Proj::Payload(_) | Proj::Part(_)) => refine(error, rest, part),
        (Type::Tensor(tensor), Proj::Index(_) | Proj::IndexNd(_)) => refine(&mut tensor.elem, rest, part),
        (Type::Array(elem, _) | Type::Slice(elem) | Type::Vec(elem), Proj::Range { .. }) => match part {
            Type::Slice(part) if rest.is_empty() => types::merge(elem, part),
            _ => false,
        },
        _ => false,
    }
}
