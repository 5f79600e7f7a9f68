//! Element-wise statements: `mapv` and `Zip`.

use quote::quote;

use super::fold::{Env, Folder};
use super::tree::{Expr, Line, Pattern};
use crate::ir::{self, MapInput, Stmt, VarId};

impl Folder<'_> {
    pub(super) fn map(&mut self, env: &mut Env, stmt: &Stmt, dest: VarId, inputs: &[MapInput], body: &ir::Block) {
        let mut plan = self.plan(stmt);
        self.settle(env, &plan);
        let sources: Vec<Expr> = match inputs {
            [single] => vec![self.receiver(env, &single.of)],
            several => several.iter().map(|input| self.borrow(env, &input.of, false)).collect(),
        };
        let taken = self.taken(env);
        let body = self.closure_body(env, body);
        self.prune(env);
        let expr = match (<[Expr; 1]>::try_from(sources), inputs) {
            (Ok([source]), [input]) => {
                let params = vec![self.binding(input.elem)];
                source.method("mapv", vec![Expr::Closure { moves: false, params, body }])
            }
            (Ok(single), _) => self.zip(single.into(), inputs, &[], "map_collect", body),
            (Err(sources), _) => self.zip(sources, inputs, &[], "map_collect", body),
        };
        plan.effects.join(&taken);
        self.define(env, dest, expr, plan.effects, None);
    }

    pub(super) fn for_each(
        &mut self,
        env: &mut Env,
        stmt: &Stmt,
        outputs: &[MapInput],
        inputs: &[MapInput],
        body: &ir::Block,
    ) {
        let slot = outputs.iter().find_map(|output| self.slot_of(&output.of));
        let plan = self.plan_in(stmt, slot);
        self.settle(env, &plan);
        let mut sources: Vec<Expr> = outputs.iter().map(|output| self.exclusive(env, &output.of)).collect();
        sources.extend(inputs.iter().map(|input| self.borrow(env, &input.of, false)));
        let body = self.closure_body(env, body);
        self.prune(env);
        let call = self.zip(sources, inputs, outputs, "for_each", body);
        self.push_in_slot(env, slot, Line::Expr(call));
    }

    fn closure_body(&mut self, env: &Env, body: &ir::Block) -> Box<Expr> {
        let body = self.inner(env, body);
        Box::new(match body.as_expr() {
            Some(expr) => expr.clone(),
            None => Expr::Block { label: None, body },
        })
    }

    /// `Zip::from(first).and(second).method(|first, &second| body)`
    fn zip(
        &self,
        sources: Vec<Expr>,
        inputs: &[MapInput],
        outputs: &[MapInput],
        method: &'static str,
        body: Box<Expr>,
    ) -> Expr {
        let rt = &self.paths.rt;
        let mut sources = sources.into_iter();
        let first = Expr::call(quote!(#rt::ndarray::Zip::from), sources.next().into_iter().collect());
        let zipped = sources.fold(first, |zipped, source| zipped.method("and", vec![source]));
        let by_value = |input: &MapInput| match self.binding(input.elem) {
            Pattern::Wild => Pattern::Wild,
            bound => Pattern::Ref(Box::new(bound)),
        };
        let params =
            outputs.iter().map(|output| self.binding(output.elem)).chain(inputs.iter().map(by_value)).collect();
        zipped.method(method, vec![Expr::Closure { moves: false, params, body }])
    }
}
