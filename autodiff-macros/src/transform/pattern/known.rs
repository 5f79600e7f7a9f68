//! What a number depends on: positions of the argument, under the loops and branches in which they come about.

use std::collections::HashSet;
use std::rc::Rc;

use crate::ir::walk::{self, Visit};
use crate::ir::{
    AggregateKind, Block, Edit, EditKind, Iter, Op, Operand, Origin, Place, ScopeId, Stmt, Storage, Type, VarId,
};

use super::Reader;

/// More positions than are put down one by one.
const MOST: usize = 128;

/// The positions that a number depends on, and the pairs of them that meet in an operation which is not linear.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Known {
    pub(super) first: Vec<Item>,
    pub(super) second: Vec<Item>,
}

#[derive(Clone, Debug)]
pub(super) enum Item {
    /// A position.
    At(Operand),
    /// Each of the first ones with each of the second ones.
    Pairs(Rc<Vec<Item>>, Rc<Vec<Item>>),
    Under(Rc<Under>),
    /// What the variable depended on before this trip of the loop.
    Before(VarId),
    /// Not known.
    Lost,
}

/// What comes about in a loop, or on the sides of a branch: each with the integers that it needs.
#[derive(Debug)]
pub(super) struct Under {
    pub(super) head: Head,
    pub(super) arms: Vec<(Vec<Stmt>, Vec<Item>)>,
}

#[derive(Clone, Debug)]
pub(super) enum Head {
    For(ScopeId, Iter),
    If(Operand),
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Item::At(a), Item::At(b)) => key(a) == key(b),
            (Item::Pairs(a, b), Item::Pairs(c, d)) => a == c && b == d,
            (Item::Under(a), Item::Under(b)) => Rc::ptr_eq(a, b),
            (Item::Before(a), Item::Before(b)) => a == b,
            (Item::Lost, Item::Lost) => true,
            _ => false,
        }
    }
}

/// Tells operands apart.
pub(super) fn key(operand: &Operand) -> String {
    match operand {
        Operand::Var(var) => format!("#{}", var.0),
        Operand::Const(constant) => constant.tokens.to_string(),
    }
}

impl Known {
    pub(super) fn at(position: Operand) -> Self {
        Known { first: vec![Item::At(position)], second: Vec::new() }
    }

    pub(super) fn before(var: VarId) -> Self {
        Known { first: vec![Item::Before(var)], second: vec![Item::Before(var)] }
    }

    pub(super) fn lost() -> Self {
        Known { first: vec![Item::Lost], second: vec![Item::Lost] }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.first.is_empty() && self.second.is_empty()
    }

    /// What a sum depends on.
    pub(super) fn and(mut self, other: Known) -> Self {
        join(&mut self.first, other.first);
        join(&mut self.second, other.second);
        if self.first.len() + self.second.len() > MOST { Known::lost() } else { self }
    }

    /// The same with all pairs of positions of two numbers.
    pub(super) fn meeting(mut self, a: &[Item], b: &[Item]) -> Self {
        if !a.is_empty() && !b.is_empty() {
            join(&mut self.second, vec![Item::Pairs(Rc::new(a.to_vec()), Rc::new(b.to_vec()))]);
        }
        self
    }

    /// What a loop adds to a variable; what it takes from earlier trips of others is lost.
    pub(super) fn without(mut self, var: VarId, written: &HashSet<VarId>) -> Self {
        for items in [&mut self.first, &mut self.second] {
            items.retain(|item| *item != Item::Before(var));
            if items.iter().any(|item| item.mentions(written)) {
                *items = vec![Item::Lost];
            }
        }
        self
    }
}

fn join(items: &mut Vec<Item>, more: Vec<Item>) {
    for item in more {
        if !items.contains(&item) {
            items.push(item);
        }
    }
}

impl Item {
    fn parts(&self) -> Vec<&Item> {
        match self {
            Item::Pairs(a, b) => a.iter().chain(b.iter()).collect(),
            Item::Under(under) => under.arms.iter().flat_map(|(_, items)| items).collect(),
            Item::At(_) | Item::Before(_) | Item::Lost => Vec::new(),
        }
    }

    /// It needs what earlier trips left in one of these variables.
    fn mentions(&self, written: &HashSet<VarId>) -> bool {
        match self {
            Item::Before(var) => written.contains(var),
            other => other.parts().into_iter().any(|part| part.mentions(written)),
        }
    }

    /// It stands on one of these integers.
    fn stands_on(&self, vars: &HashSet<VarId>) -> bool {
        match self {
            Item::At(Operand::Var(var)) => vars.contains(var),
            other => other.parts().into_iter().any(|part| part.stands_on(vars)),
        }
    }
}

/// The variables that a block writes to.
pub(super) fn written(block: &Block) -> HashSet<VarId> {
    struct Written(HashSet<VarId>);
    impl Visit for Written {
        fn place(&mut self, place: &Place, access: walk::Access) {
            if access != walk::Access::Read {
                self.0.insert(place.root);
            }
        }
        fn define(&mut self, var: VarId) {
            self.0.insert(var);
        }
    }
    let mut written = Written(HashSet::new());
    walk::block(&mut written, block);
    written.0
}

/// One side of a branch: its integers, and what depends on them.
pub(super) type Side<'a> = (&'a [Stmt], Known);

/// Puts down what is in a loop or on one side of a branch.
type Inside<'a, R> = dyn FnMut(&mut R, &[Item], &mut Vec<Stmt>) -> Option<()> + 'a;

impl Reader<'_> {
    /// What a loop or a branch gives may be put down again later: nothing of it stands on what memory held.
    fn under(&self, head: &Head, arms: Vec<(Vec<Stmt>, Vec<Item>)>) -> Option<Vec<Item>> {
        if arms.iter().all(|(_, items)| items.is_empty()) {
            return Some(Vec::new());
        }
        let passing = arms.iter().any(|(_, items)| items.iter().any(|item| item.stands_on(&self.passing)));
        let mut of_head = Vec::new();
        match head {
            Head::If(cond) => of_head.extend(crate::ir::Function::var_of(cond)),
            Head::For(id, iter) => {
                let empty = Stmt::For { id: *id, iter: iter.clone(), body: Block::default() };
                of_head = walk::mentioned_by(&empty);
            }
        }
        if passing || of_head.iter().any(|var| self.passing.contains(var)) {
            return None;
        }
        Some(vec![Item::Under(Rc::new(Under { head: head.clone(), arms }))])
    }

    pub(super) fn under_loop(&self, head: &Head, pure: &[Stmt], known: Known) -> Option<Known> {
        let of = |items: Vec<Item>| self.under(head, vec![(pure.to_vec(), items)]);
        Some(Known { first: of(known.first)?, second: of(known.second)? })
    }

    /// What a variable depends on behind a branch; `base` is what it did before.
    pub(super) fn under_branch(&self, cond: &Operand, then: Side<'_>, els: Side<'_>, base: &Known) -> Option<Known> {
        let head = Head::If(cond.clone());
        let of = |first: Vec<Item>, second: Vec<Item>, base: &[Item]| {
            let kept = base.iter().filter(|item| first.contains(item) || second.contains(item));
            let mut all: Vec<Item> = kept.cloned().collect();
            let rest = |items: Vec<Item>| items.into_iter().filter(|item| !base.contains(item)).collect::<Vec<_>>();
            let (first, second) = (rest(first), rest(second));
            let arms = vec![(then.0.to_vec(), first), (els.0.to_vec(), second)];
            all.extend(self.under(&head, arms)?);
            Some(all)
        };
        Some(Known {
            first: of(then.1.first, els.1.first, &base.first)?,
            second: of(then.1.second, els.1.second, &base.second)?,
        })
    }

    /// Puts down an entry.
    pub(super) fn put(&mut self, row: &Operand, column: &Operand, stmts: &mut Vec<Stmt>) {
        let ty = Type::Tuple(vec![Type::Int(Some("usize")); 2]);
        let entry = self.function.fresh("entry", ty, Storage::Value, Origin::Temp);
        let op = Op::Aggregate(AggregateKind::Tuple, vec![row.clone(), column.clone()]);
        stmts.push(Stmt::Let { var: entry, op });
        let edit = Edit { list: Place::var(self.entries), kind: EditKind::Push(Operand::Var(entry)) };
        stmts.push(Stmt::Eval(Op::Edit(edit)));
    }

    /// Puts down a row of a Jacobian.
    pub(super) fn put_row(&mut self, row: &Operand, known: &Known, stmts: &mut Vec<Stmt>) -> Option<()> {
        self.row(row, &known.first, stmts)
    }

    fn row(&mut self, row: &Operand, items: &[Item], stmts: &mut Vec<Stmt>) -> Option<()> {
        for item in items {
            match item {
                Item::At(column) => self.put(row, column, stmts),
                Item::Under(under) => {
                    let inner =
                        self.wrapped(under, &mut |reader: &mut Self, items, stmts| reader.row(row, items, stmts))?;
                    stmts.push(inner);
                }
                Item::Pairs(..) | Item::Before(_) | Item::Lost => return None,
            }
        }
        Some(())
    }

    /// Puts down the pairs of a Hessian.
    pub(super) fn pairs(
        &mut self,
        items: &[Item],
        seen: &mut HashSet<[String; 2]>,
        stmts: &mut Vec<Stmt>,
    ) -> Option<()> {
        for item in items {
            match item {
                Item::Pairs(a, b) => self.product(a, b, seen, stmts)?,
                Item::Under(under) => {
                    let inner = self.wrapped(under, &mut |reader: &mut Self, items, stmts| {
                        reader.pairs(items, &mut HashSet::new(), stmts)
                    })?;
                    stmts.push(inner);
                }
                Item::At(_) | Item::Before(_) | Item::Lost => return None,
            }
        }
        Some(())
    }

    fn product(
        &mut self,
        a: &[Item],
        b: &[Item],
        seen: &mut HashSet<[String; 2]>,
        stmts: &mut Vec<Stmt>,
    ) -> Option<()> {
        for item in a {
            match item {
                Item::At(row) => self.meet(row, b, seen, stmts)?,
                Item::Under(under) => {
                    let inner = self.wrapped(under, &mut |reader: &mut Self, items, stmts| {
                        reader.product(items, b, &mut HashSet::new(), stmts)
                    })?;
                    stmts.push(inner);
                }
                Item::Pairs(..) | Item::Before(_) | Item::Lost => return None,
            }
        }
        Some(())
    }

    /// A position with each of others. The matrix is symmetric: a pair counts once.
    fn meet(
        &mut self,
        row: &Operand,
        items: &[Item],
        seen: &mut HashSet<[String; 2]>,
        stmts: &mut Vec<Stmt>,
    ) -> Option<()> {
        let (plain, others): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| matches!(item, Item::At(_)));
        for item in plain {
            let Item::At(column) = item else { continue };
            let mut pair = [key(row), key(column)];
            pair.sort();
            if seen.insert(pair) {
                self.put(row, column, stmts);
            }
        }
        if others.is_empty() {
            return Some(());
        }
        // The loops may be the same as those around: what they define gets names of its own.
        let outer = self.usize_named("row", Storage::Value);
        let others: Vec<Item> = others.into_iter().cloned().collect();
        let mut inner = Vec::new();
        self.row(&Operand::Var(outer), &others, &mut inner)?;
        let source = self.function.clone();
        let inner = super::super::rename::imported(&mut self.function, &source, Block { stmts: inner, result: None });
        stmts.push(Stmt::Let { var: outer, op: Op::Use(row.clone()) });
        stmts.extend(inner.stmts);
        Some(())
    }

    /// The loop or the branch around what `inside` puts down.
    fn wrapped(&mut self, under: &Under, inside: &mut Inside<'_, Self>) -> Option<Stmt> {
        let mut blocks = Vec::new();
        for (integers, items) in &under.arms {
            let mut stmts = integers.clone();
            inside(self, items, &mut stmts)?;
            blocks.push(Block { stmts, result: None });
        }
        let mut blocks = blocks.into_iter();
        let first = blocks.next()?;
        Some(match &under.head {
            Head::For(_, iter) => Stmt::For { id: self.function.fresh_scope(None), iter: iter.clone(), body: first },
            Head::If(cond) => Stmt::If { dest: None, cond: cond.clone(), then: first, els: blocks.next()? },
        })
    }
}
