//! Lists whose length or order changes.
//!
//! At every point of the reverse sweep the cotangent of a list has as many elements as the list had at that point of the
//! forward sweep. A change of the list is mirrored by the inverse change of its cotangent, and where a cotangent begins
//! (nothing after this point has contributed to it) it is made as long as the list is there.

use super::Reverse;
use super::bars::{Bar, Contribution};
use crate::analysis::types;
use crate::ir::literals;
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Arg, Block, Edit, EditKind, Function, Op, Operand, Origin, Place, Proj, Stmt, Storage, Type, VarId};
use std::collections::HashSet;

/// Statements that the adjoint of a forward statement needs beside it in the forward sweep.
#[derive(Default)]
pub(super) struct Beside {
    before: Vec<Stmt>,
    after: Vec<Stmt>,
}

/// What a statement takes out of variables, and what it changes.
#[derive(Default)]
struct Moves {
    moved: HashSet<VarId>,
    written: HashSet<VarId>,
}

impl Moves {
    fn only_moved(&self, var: VarId) -> bool {
        self.moved.contains(&var) && !self.written.contains(&var)
    }
}

impl Visit for Moves {
    fn place(&mut self, place: &Place, access: Access) {
        match access {
            Access::Read => {}
            Access::Write => {
                self.written.insert(place.root);
            }
            Access::Move => {
                self.moved.insert(place.root);
            }
        }
    }
}

impl Reverse<'_> {
    /// Notes which variables hold lists of different lengths over time.
    pub(super) fn find_reshaped(&mut self, body: &Block) {
        let mut reshaped = Reshaped { function: &self.function, roots: HashSet::new(), deferred: HashSet::new() };
        walk::block(&mut reshaped, body);
        let Reshaped { roots, .. } = reshaped;
        self.reshaped = roots.into_iter().map(|root| self.stability.owner(root)).collect();
    }

    pub(super) fn open_beside(&mut self) {
        self.beside.push(Beside::default());
    }

    /// What is left belongs to the start of the block that ends here.
    pub(super) fn close_beside(&mut self) -> Vec<Stmt> {
        self.beside.pop().map(|beside| beside.after).unwrap_or_default()
    }

    /// Puts what belongs beside `stmt` into the forward sweep, which is built from its end, around what `keep` puts there.
    pub(super) fn with_beside(&mut self, forward: &mut Vec<Stmt>, keep: impl FnOnce(&mut Self, &mut Vec<Stmt>)) {
        let Beside { before, after } = std::mem::take(&mut self.beside[self.level]);
        forward.extend(after.into_iter().rev());
        keep(self, forward);
        forward.extend(before.into_iter().rev());
    }

    /// What a statement moves out of a variable and does not change is looked at before it: there is nothing left after it.
    pub(super) fn before_moves(&mut self, stmt: &Stmt) {
        let beside = &mut self.beside[self.level];
        if beside.after.is_empty() {
            return;
        }
        let mut moves = Moves::default();
        walk::stmt(&mut moves, stmt);
        let (before, after): (Vec<Stmt>, Vec<Stmt>) =
            std::mem::take(&mut beside.after).into_iter().partition(|keep| match keep {
                Stmt::Let { op: Op::Helper { args, .. }, .. } => match args.as_slice() {
                    [Arg::Shared(place)] => moves.only_moved(place.root),
                    _ => false,
                },
                Stmt::Let { op: Op::ZeroOf(place), .. } => moves.only_moved(place.root),
                _ => false,
            });
        beside.before.extend(before);
        beside.after = after;
    }

    /// Puts a statement before the current one of the forward sweep.
    pub(super) fn keep_before(&mut self, stmt: Stmt) {
        self.beside[self.level].before.push(stmt);
    }

    /// What belongs to the start of the current block.
    pub(super) fn at_start(&mut self) -> Vec<Stmt> {
        std::mem::take(&mut self.beside[self.level].after)
    }

    /// The zero of what `var` holds after the current statement of the block at depth `level`.
    pub(super) fn zero_after(&mut self, var: VarId, level: usize) -> Op {
        let (zero, keep) = self.zero_of_shape(&Place::var(var), level);
        self.beside[level].after.push(keep);
        zero
    }

    /// The same for what a reference refers to.
    pub(super) fn zero_behind(&mut self, reference: VarId, level: usize) -> Op {
        let (zero, keep) = self.zero_of_shape(&Place { root: reference, path: vec![Proj::Deref] }, level);
        self.beside[level].after.push(keep);
        zero
    }

    /// The same before the current statement.
    fn zero_before(&mut self, place: &Place) -> Op {
        let (zero, keep) = self.zero_of_shape(place, self.level);
        self.beside[self.level].before.push(keep);
        zero
    }

    /// How a zero is made, and the statement that keeps the length or the zero that it is made of.
    fn zero_of_shape(&mut self, place: &Place, level: usize) -> (Op, Stmt) {
        let ty = self.function.place_type(place);
        if let Some(item) = element_zero(&ty) {
            let (len, keep) = self.length_of(place, level);
            return (Op::Repeat { vec: true, item, len }, keep);
        }
        let zero = self.derived(format!("{}_bar", self.function[place.root].name), types::owned(&ty));
        self.depth.insert(zero, level);
        (Op::CloneOf(Place::var(zero)), Stmt::Let { var: zero, op: Op::ZeroOf(place.clone()) })
    }

    fn length_of(&mut self, place: &Place, level: usize) -> (Operand, Stmt) {
        let len = self.derived(format!("{}_len", self.function[place.root].name), Type::Int(Some("usize")));
        self.depth.insert(len, level);
        let op = Op::Helper { name: "len", args: vec![Arg::Shared(place.clone())] };
        (Operand::Var(len), Stmt::Let { var: len, op })
    }

    fn length_before(&mut self, place: &Place) -> Operand {
        let (len, keep) = self.length_of(place, self.level);
        self.beside[self.level].before.push(keep);
        len
    }

    /// Takes the cotangent of a list that was replaced by another one: before, it had the length of the old one.
    pub(super) fn replace_part(&mut self, place: &Place, out: &mut Vec<Stmt>) -> Operand {
        let bar = self.bar_place(place, out);
        let (name, ty) = (self.bar_name(place.root), types::owned(&self.function.place_type(place)));
        let zero = self.zero_before(place);
        let zero = self.define(name.clone(), ty.clone(), zero, out);
        self.define(name, ty, Op::Helper { name: "replace", args: vec![Arg::Mut(bar), Arg::Value(zero)] }, out)
    }

    /// The adjoint of a change of a list.
    pub(super) fn edit(&mut self, dest: Option<VarId>, edit: &Edit, out: &mut Vec<Stmt>) {
        if !self.activity.place(&edit.list) {
            return;
        }
        let dest_bar = dest.filter(|dest| self.activity.is_active(*dest)).and_then(|dest| self.take_all(dest, out));
        let other = match &edit.kind {
            EditKind::Exchange(other) => Some(other),
            _ => None,
        };
        let untouched = |place: &Place| place.path.is_empty() && self.is_untouched(place.root);
        if dest_bar.is_none() && untouched(&edit.list) && other.is_none_or(untouched) {
            return;
        }
        match &edit.kind {
            EditKind::Push(value) => self.unput(&edit.list, EditKind::Pop, value, out),
            EditKind::PushFront(value) => self.unput(&edit.list, EditKind::PopFront, value, out),
            EditKind::Insert(at, value) => self.unput(&edit.list, EditKind::Remove(at.clone()), value, out),
            EditKind::Pop => self.untake(&edit.list, dest, dest_bar, EditKind::Push, out),
            EditKind::PopFront => self.untake(&edit.list, dest, dest_bar, EditKind::PushFront, out),
            EditKind::Remove(at) => {
                self.untake(&edit.list, dest, dest_bar, |value| EditKind::Insert(at.clone(), value), out);
            }
            EditKind::Truncate(len) => self.untruncate(&edit.list, len, out),
            EditKind::Resize(_, value) => self.unresize(&edit.list, value, out),
            EditKind::Extend(items) => self.unextend(&edit.list, items, out),
            EditKind::Swap(..) | EditKind::Reverse => self.apply(&edit.list, edit.kind.clone(), out),
            EditKind::Exchange(other) => {
                let other = self.bar_place(other, out);
                self.apply(&edit.list, EditKind::Exchange(other), out);
            }
            EditKind::Replace(value) => self.unreplace(&edit.list, dest, dest_bar, value, out),
            EditKind::RotateLeft(count) => self.apply(&edit.list, EditKind::RotateRight(count.clone()), out),
            EditKind::RotateRight(count) => self.apply(&edit.list, EditKind::RotateLeft(count.clone()), out),
            EditKind::Permute(order) => self.apply(&edit.list, EditKind::Unpermute(order.clone()), out),
            EditKind::Unpermute(order) => self.apply(&edit.list, EditKind::Permute(order.clone()), out),
        }
    }

    /// Whether nothing after this point contributes to the cotangent, so that it need not exist yet.
    fn is_untouched(&self, var: VarId) -> bool {
        self.at_home(var) && matches!(self.bar(var), Bar::Zero | Bar::Stale(_))
    }

    /// Changes the cotangent of a list.
    fn apply(&mut self, list: &Place, kind: EditKind, out: &mut Vec<Stmt>) {
        let list = self.bar_place(list, out);
        out.push(Stmt::Eval(Op::Edit(Edit { list, kind })));
    }

    /// What was put into the list gets the cotangent that is taken out.
    fn unput(&mut self, list: &Place, kind: EditKind, value: &Operand, out: &mut Vec<Stmt>) {
        let Operand::Var(value) = value else { return self.apply(list, kind, out) };
        if !self.activity.is_active(*value) {
            return self.apply(list, kind, out);
        }
        let list = self.bar_place(list, out);
        let (name, ty) = (self.bar_name(*value), types::owned(&self.function[*value].ty));
        let total = self.define(name, ty, Op::Edit(Edit { list, kind }), out);
        self.contribute(*value, Contribution::new(total), out);
    }

    /// The cotangent of what was taken out of the list is put back in.
    fn untake(
        &mut self,
        list: &Place,
        dest: Option<VarId>,
        dest_bar: Option<Operand>,
        kind: impl FnOnce(Operand) -> EditKind,
        out: &mut Vec<Stmt>,
    ) {
        let value = self.taken_bar(dest, dest_bar, out);
        self.apply(list, kind(value), out);
    }

    /// The cotangent of what was taken out, which is zero if nothing used it.
    fn taken_bar(&mut self, dest: Option<VarId>, dest_bar: Option<Operand>, out: &mut Vec<Stmt>) -> Operand {
        match (dest_bar, dest) {
            (Some(value), _) => value,
            (None, Some(dest)) => self.zero_like(dest, out),
            (None, None) => unreachable!("what is taken out of a differentiable list has a name"),
        }
    }

    /// What was put in the place of something else gets the cotangent there, and the old content that of what came out.
    fn unreplace(
        &mut self,
        place: &Place,
        dest: Option<VarId>,
        dest_bar: Option<Operand>,
        value: &Operand,
        out: &mut Vec<Stmt>,
    ) {
        let before = self.taken_bar(dest, dest_bar, out);
        let bar = self.bar_place(place, out);
        let (name, ty) = (self.bar_name(place.root), types::owned(&self.function.place_type(place)));
        let op = Op::Helper { name: "replace", args: vec![Arg::Mut(bar), Arg::Value(before)] };
        match value {
            Operand::Var(value) if self.activity.is_active(*value) => {
                let total = self.define(name, ty, op, out);
                self.contribute(*value, Contribution::new(total), out);
            }
            Operand::Var(_) | Operand::Const(_) => out.push(Stmt::Eval(op)),
        }
    }

    /// What was cut off has the cotangent zero.
    fn untruncate(&mut self, list: &Place, len: &Operand, out: &mut Vec<Stmt>) {
        if let Some(zero) = element_zero(&self.function.place_type(list)) {
            let len = self.length_before(list);
            return self.apply(list, EditKind::Resize(len, zero), out);
        }
        let mut rest = list.clone();
        rest.path.push(Proj::Range { lo: Some(len.clone()), hi: None, inclusive: false });
        let zeros = self.derived("rest_bar", types::owned(&self.function.place_type(&rest)));
        self.depth.insert(zeros, self.level);
        self.beside[self.level].before.push(Stmt::Let { var: zeros, op: Op::ZeroOf(rest) });
        self.apply(list, EditKind::Extend(Place::var(zeros)), out);
    }

    fn unresize(&mut self, list: &Place, value: &Operand, out: &mut Vec<Stmt>) {
        let len = self.length_before(list);
        let ty = self.function.type_of(value);
        let zero = literals::zero(&ty).unwrap_or_else(|| literals::index(0));
        let Operand::Var(value) = value else { return self.apply(list, EditKind::Resize(len, zero), out) };
        if !self.activity.is_active(*value) {
            return self.apply(list, EditKind::Resize(len, zero), out);
        }
        let bar = self.bar_place(list, out);
        let op = Op::Helper { name: "unresize", args: vec![Arg::Mut(bar), Arg::Value(len)] };
        let total = self.define(self.bar_name(*value), ty, op, out);
        self.contribute(*value, Contribution::new(total), out);
    }

    /// What was copied to the end of the list gets the cotangents there.
    fn unextend(&mut self, list: &Place, items: &Place, out: &mut Vec<Stmt>) {
        let len = self.length_before(list);
        if self.activity.place(items) {
            let mut tail = self.bar_place(list, out);
            tail.path.push(Proj::Range { lo: Some(len.clone()), hi: None, inclusive: false });
            let inner = Box::new(self.function.place_type(&tail));
            let ty = Type::Ref { mutable: false, inner };
            let value = self.define("tail_bar", ty, Op::Borrow(tail), out);
            self.contribute_to_place(items, Contribution { value, negative: false, shaped: false }, out);
        }
        self.apply(list, EditKind::Truncate(len), out);
    }
}

/// The zero of the elements of a list whose length says all about its shape.
fn element_zero(ty: &Type) -> Option<Operand> {
    match types::strip_refs(ty) {
        Type::Vec(elem) | Type::Deque(elem) => literals::zero(elem),
        _ => None,
    }
}

/// The lists that are replaced as a whole, or that get longer or shorter.
struct Reshaped<'a> {
    function: &'a Function,
    roots: HashSet<VarId>,
    /// Declared without a value: there is no length before the first assignment.
    deferred: HashSet<VarId>,
}

impl Reshaped<'_> {
    fn is_list(&self, place: &Place) -> bool {
        self.function.holds_lists(&self.function.place_type(place))
    }
}

impl Visit for Reshaped<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Declare { var, init: None } => {
                self.deferred.insert(*var);
            }
            Stmt::Assign { place, .. }
                if place.path.is_empty() && self.is_list(place) && !self.deferred.contains(&place.root) =>
            {
                self.roots.insert(place.root);
            }
            Stmt::Let { op: Op::Edit(edit), .. } | Stmt::Eval(Op::Edit(edit)) => {
                self.roots.insert(edit.list.root);
                self.roots.extend(
                    edit.kind.source().filter(|_| matches!(edit.kind, EditKind::Exchange(_))).map(|place| place.root),
                );
            }
            Stmt::Let { op: Op::Call(_, args), .. } | Stmt::Eval(Op::Call(_, args)) => {
                let lists = args.iter().filter_map(|arg| match arg {
                    Arg::Mut(place) if self.is_list(place) => Some(place.root),
                    Arg::Mut(_) | Arg::Value(_) | Arg::Shared(_) => None,
                });
                let lists: Vec<VarId> = lists.collect();
                self.roots.extend(lists);
            }
            _ => {}
        }
    }

    fn place(&mut self, _: &Place, _: Access) {}
}

/// Whether the variable is a list that owns its memory.
pub(super) fn is_owned_list(function: &Function, var: VarId) -> bool {
    function[var].storage == Storage::Memory && !function.is_ref(var) && function.holds_lists(&function[var].ty)
}

/// Whether what the place holds is a list that another one may take the place of.
pub(super) fn is_list_part(function: &Function, place: &Place) -> bool {
    function[place.root].origin != Origin::Derived && function.holds_lists(&function.place_type(place))
}
