//! Element-wise statements: `mapv` and `Zip`.

use quote::quote;

use super::fold::{Env, Folder};
use super::tree::{Expr, Line, Pattern};
use crate::analysis::types;
use crate::ir::{self, Float, MapInput, Stmt, Tensor, Type, VarId};

/// How many arrays `Zip` runs over at once.
const MOST: usize = 6;

impl Folder<'_> {
    pub(super) fn map(&mut self, env: &mut Env, stmt: &Stmt, dest: VarId, inputs: &[MapInput], body: &ir::Block) {
        let mut plan = self.plan(stmt);
        self.settle(env, &plan);
        let summed = types::is_scalar(&self.function[dest].ty);
        let chain = summed || self.is_broadcast(inputs);
        let sources: Vec<Expr> = match inputs {
            [single] if !chain => vec![self.receiver(env, &single.of)],
            several => several.iter().map(|input| self.borrow(env, &input.of, false)).collect(),
        };
        let taken = self.taken(env);
        let body = self.closure_body(env, body, chain);
        self.prune(env);
        let expr = match (<[Expr; 1]>::try_from(sources), inputs) {
            (Ok(sources), _) if chain => self.chain(dest, sources.into(), inputs, body),
            (Err(sources), _) if chain => self.chain(dest, sources, inputs, body),
            (Ok([source]), [input]) => {
                let params = vec![self.binding(input.elem)];
                source.method("mapv", vec![Expr::Closure { moves: false, params, body }])
            }
            (Ok(single), _) => self.zip(single.into(), inputs, &[], "map_collect", body),
            (Err(sources), _) => self.zip(sources, inputs, &[], "map_collect", body),
        };
        plan.effects.join(&taken);
        // A sum has a loop of its own, which stays where it is.
        self.define(env, dest, expr, plan.effects, summed.then_some(false));
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
        let chain = self.is_broadcast(inputs);
        let mut written = |this: &mut Self, output: &MapInput| match chain {
            true => this.borrow(env, &output.of, true),
            false => this.exclusive(env, &output.of),
        };
        let mut sources: Vec<Expr> = outputs.iter().map(|output| written(self, output)).collect();
        sources.extend(inputs.iter().map(|input| self.borrow(env, &input.of, false)));
        let body = self.closure_body(env, body, chain);
        self.prune(env);
        let call = if chain {
            let read = sources.split_off(outputs.len());
            let written = self.each_mut(outputs, sources);
            let params = [outputs, inputs].map(|sources| self.elements(sources)).into();
            let rt = &self.paths.rt;
            let body = Expr::Closure { moves: false, params, body };
            Expr::call(quote!(#rt::add_each), vec![written, self.each("each", read), body])
        } else {
            self.zip(sources, inputs, outputs, "for_each", body)
        };
        self.push_in_slot(env, slot, Line::Expr(call));
    }

    /// Whether the inputs are broadcast together, which functions of the runtime do.
    fn is_broadcast(&self, inputs: &[MapInput]) -> bool {
        inputs.iter().any(|input| self.function[input.elem].broadcast)
    }

    /// `rt::map_each([rt::each(a), rt::each(b)], |[a, b]| body)`, `rt::sum_each(..)`
    fn chain(&self, dest: VarId, sources: Vec<Expr>, inputs: &[MapInput], body: Box<Expr>) -> Expr {
        let rt = &self.paths.rt;
        let function = match types::strip_refs(&self.function[dest].ty) {
            Type::Tensor(Tensor { rank: Some(rank), .. }) => {
                let dimension = quote::format_ident!("Ix{rank}");
                quote!(#rt::map_each::<#rt::ndarray::#dimension, _, _>)
            }
            Type::Tensor(_) => quote!(#rt::map_each),
            _ => quote!(#rt::sum_each),
        };
        let body = Expr::Closure { moves: false, params: vec![self.elements(inputs)], body };
        Expr::call(function, vec![self.each("each", sources), body])
    }

    /// `[rt::each(a), rt::each(b)]`
    fn each(&self, function: &str, sources: Vec<Expr>) -> Expr {
        let (rt, function) = (&self.paths.rt, quote::format_ident!("{function}"));
        Expr::Array(sources.into_iter().map(|source| Expr::call(quote!(#rt::#function), vec![source])).collect())
    }

    /// `[rt::each_mut(a_bar), rt::each_new(b_bar), rt::each_mut::<f32>(&mut k_bar)]`: the type of a number is not told by its literal.
    fn each_mut(&self, outputs: &[MapInput], sources: Vec<Expr>) -> Expr {
        let rt = &self.paths.rt;
        let each = outputs.iter().zip(sources).map(|(output, source)| {
            let number = match types::strip_refs(&super::types::of_place(self.function, &output.of)) {
                Type::Float(Float::F32) => Some(quote!(::<f32>)),
                Type::Float(Float::F64) => Some(quote!(::<f64>)),
                _ => None,
            };
            match self.function[output.elem].made {
                true => Expr::call(quote!(#rt::each_new), vec![source]),
                false => Expr::call(quote!(#rt::each_mut #number), vec![source]),
            }
        });
        Expr::Array(each.collect())
    }

    /// `[a, b]`
    fn elements(&self, sources: &[MapInput]) -> Pattern {
        Pattern::Array(sources.iter().map(|source| self.binding(source.elem)).collect())
    }

    /// The body of a closure; in a chain, functions are those that the compiler computes for several elements at once.
    fn closure_body(&mut self, env: &Env, body: &ir::Block, chain: bool) -> Box<Expr> {
        let outer = std::mem::replace(&mut self.in_lanes, chain);
        let body = self.inner(env, body);
        self.in_lanes = outer;
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
        let (sources, params) = self.producers(sources, inputs, outputs);
        let mut sources = sources.into_iter();
        let first = Expr::call(quote!(#rt::ndarray::Zip::from), sources.next().into_iter().collect());
        let zipped = sources.fold(first, |zipped, source| zipped.method("and", vec![source]));
        zipped.method(method, vec![Expr::Closure { moves: false, params, body }])
    }

    /// What is zipped, and what its elements are called. What is read and is more than `Zip` takes becomes one array.
    fn producers(
        &self,
        mut sources: Vec<Expr>,
        inputs: &[MapInput],
        outputs: &[MapInput],
    ) -> (Vec<Expr>, Vec<Pattern>) {
        let mut params: Vec<Pattern> = outputs.iter().map(|output| self.binding(output.elem)).collect();
        if sources.len() > MOST {
            let read = sources.split_off(outputs.len()).into_iter().map(|source| source.method("view", Vec::new()));
            let rt = &self.paths.rt;
            let together = Expr::call(quote!(#rt::together), vec![Expr::Array(read.collect())]);
            sources.push(together.reference(false));
            params.push(Pattern::Ref(Box::new(self.elements(inputs))));
            return (sources, params);
        }
        let by_value = |input: &MapInput| match self.binding(input.elem) {
            Pattern::Wild => Pattern::Wild,
            bound => Pattern::Ref(Box::new(bound)),
        };
        params.extend(inputs.iter().map(by_value));
        (sources, params)
    }
}
