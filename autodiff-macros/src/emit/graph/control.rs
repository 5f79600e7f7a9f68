//! Nodes of control structures.

use std::collections::{BTreeSet, HashMap};

use super::{Graph, Kind, distinct, label};
use crate::ir::walk::{self, Access, Visit};
use crate::ir::{Block, Iter, MapInput, Place, ScopeId, Stmt, Storage, VarId};

impl Graph<'_> {
    /// A branch whose arms have the nodes before it.
    pub(super) fn branch(
        &mut self,
        name: &str,
        label: String,
        mut inputs: Vec<usize>,
        dest: Option<VarId>,
        arms: &[&Block],
    ) {
        let before = self.ids.clone();
        let mut changed: HashMap<VarId, Vec<usize>> = HashMap::new();
        for arm in arms {
            self.ids.clone_from(&before);
            self.block(arm);
            inputs.extend(arm.result.as_ref().and_then(|result| self.operand(result)));
            for (var, id) in &self.ids {
                if self.is_memory(*var) && before.get(var) != Some(id) {
                    changed.entry(*var).or_default().push(*id);
                }
            }
        }
        self.ids = before;
        let mut vars: Vec<VarId> = changed.keys().copied().collect();
        vars.sort_unstable();
        for var in &vars {
            inputs.extend(self.ids.get(var));
            inputs.extend(&changed[var]);
        }
        let span = dest.map(|dest| self.function[dest].span);
        let ty = dest.map_or_else(String::new, |dest| label::ty(&self.function[dest].ty));
        let id = self.push(Kind::Control, name, label, ty, distinct(inputs), span);
        vars.retain(|var| self.is_declared_outside(*var));
        vars.into_iter().chain(dest).for_each(|var| self.assign(var, id));
    }

    fn is_memory(&self, var: VarId) -> bool {
        self.function[var].storage == Storage::Memory
    }

    fn is_declared_outside(&self, var: VarId) -> bool {
        self.ids.contains_key(&var) || self.labels.is_declared(var)
    }

    pub(super) fn for_loop(&mut self, id: ScopeId, iter: &Iter, body: &Block) {
        let stmt = Stmt::For { id, iter: iter.clone(), body: Block::default() };
        let inputs = walk::mentioned_by(&stmt).iter().filter_map(|var| self.ids.get(var).copied()).collect();
        let label = self.labels.iter(iter);
        let bindings = walk::iter_bindings(iter);
        let span = bindings.first().map(|var| self.function[*var].span);
        let node = self.push(Kind::Control, "for", label, String::new(), distinct(inputs), span);
        self.loops.insert(id, node);
        self.ids.extend(bindings.into_iter().map(|var| (var, node)));
        self.carry(node, &[body], None);
    }

    pub(super) fn repeat(&mut self, id: ScopeId, name: &str, blocks: &[&Block], dest: Option<VarId>) {
        let node = self.push(Kind::Control, name, name.to_owned(), String::new(), Vec::new(), None);
        self.loops.insert(id, node);
        self.carry(node, blocks, dest);
    }

    /// The body of a loop: what it writes is, inside and after it, what the loop's node yields.
    fn carry(&mut self, node: usize, blocks: &[&Block], dest: Option<VarId>) {
        let mut written = Written(BTreeSet::new());
        blocks.iter().for_each(|block| walk::block(&mut written, block));
        let carried: Vec<VarId> = written.0.into_iter().filter(|var| self.is_declared_outside(*var)).collect();
        for var in &carried {
            let initial = self.ids.insert(*var, node);
            self.nodes[node].inputs.extend(initial);
        }
        for block in blocks {
            self.block(block);
            if let Some(cond) = block.result.as_ref().and_then(|result| self.operand(result)) {
                self.nodes[node].inputs.push(cond);
            }
        }
        for var in &carried {
            let last = self.ids.insert(*var, node);
            self.nodes[node].inputs.extend(last.filter(|last| *last != node));
        }
        if let Some(dest) = dest {
            let yielded = std::mem::take(&mut self.results);
            self.nodes[node].inputs.extend(yielded);
            self.assign(dest, node);
        }
        self.nodes[node].inputs = distinct(std::mem::take(&mut self.nodes[node].inputs));
    }

    pub(super) fn map(&mut self, dest: VarId, inputs: &[MapInput], body: &Block) {
        let mut sources = Vec::new();
        for input in inputs {
            if let Some(id) = self.ids.get(&input.of.root).copied() {
                sources.push(id);
                self.ids.insert(input.elem, id);
            }
        }
        self.block(body);
        sources.extend(body.result.as_ref().and_then(|result| self.operand(result)));
        let label = self.labels.map(inputs, body);
        self.labels.name(dest, label.clone());
        self.operation(Kind::Operation, "mapv", label, sources, dest);
    }
}

/// The variables that some statement writes.
struct Written(BTreeSet<VarId>);

impl Visit for Written {
    fn place(&mut self, place: &Place, access: Access) {
        if access != Access::Read {
            self.0.insert(place.root);
        }
    }
}
