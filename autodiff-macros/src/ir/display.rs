//! The text form of the IR, for tests and for people who debug a transform.
//!
//! One statement per line, blocks indented. `let` defines a value, `mem` declares memory, `=> x` is a block's result.
//! Variables that share a name are told apart by a number: `x`, `x.2`.

use super::step_into;
use super::{
    AggregateKind, Arg, Block, Callee, Float, Function, Iter, MapInput, Op, Operand, Passing, Place, Proj, Stmt,
    Storage, Type, UnOp, VarId,
};
use std::collections::HashMap;
use std::fmt::{self, Display, Write};

impl Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer::new(self);
        let params: Vec<String> = self.params.iter().map(|param| printer.param(param)).collect();
        let _ = write!(printer.out, "fn {}({})", self.name, params.join(", "));
        let _ = writeln!(printer.out, " -> {} {{", self.result);
        printer.block(&self.body);
        printer.out.push_str("}\n");
        f.write_str(&printer.out)
    }
}

impl Function {
    /// The text form of a block whose variables are this function's.
    #[cfg(test)]
    pub(crate) fn display_block(&self, block: &Block) -> String {
        let mut printer = Printer::new(self);
        printer.block(block);
        printer.out
    }
}

struct Printer<'a> {
    function: &'a Function,
    names: Vec<String>,
    out: String,
    depth: usize,
}

impl<'a> Printer<'a> {
    fn new(function: &'a Function) -> Self {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let names = function.vars.iter().map(|var| {
            let count = seen.entry(&var.name).or_default();
            *count += 1;
            if *count == 1 { var.name.clone() } else { format!("{}.{count}", var.name) }
        });
        Printer { function, names: names.collect(), out: String::new(), depth: 0 }
    }

    fn param(&self, param: &super::Param) -> String {
        let var = &self.function[param.var];
        let memory = if var.storage == Storage::Memory { "mem " } else { "" };
        let mode = match (param.passing, param.differentiated, param.frozen) {
            (_, true, _) => " diff",
            (_, false, true) => " frozen",
            (Passing::Value | Passing::Shared | Passing::Mut, false, false) => "",
        };
        format!("{memory}{}: {}{mode}", self.var(param.var), var.ty)
    }

    fn var(&self, id: VarId) -> &str {
        self.names.get(id.0 as usize).map_or("?", String::as_str)
    }

    fn vars(&self, ids: &[VarId]) -> String {
        ids.iter().map(|id| self.var(*id)).collect::<Vec<_>>().join(", ")
    }

    fn typed(&self, id: VarId) -> String {
        format!("{}: {}", self.var(id), self.function[id].ty)
    }

    fn line(&mut self, text: impl Display) {
        let _ = writeln!(self.out, "{:1$}{text}", "", (self.depth + 1) * 4);
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
        if let Some(result) = &block.result {
            let result = format!("=> {}", self.operand(result));
            self.line(result);
        }
    }

    /// A header, the indented block, a closing brace.
    fn braced(&mut self, header: impl Display, block: &Block) {
        self.line(format!("{header} {{"));
        self.nested(block);
        self.line("}");
    }

    fn nested(&mut self, block: &Block) {
        self.depth += 1;
        self.block(block);
        self.depth -= 1;
    }

    fn dest(&self, dest: Option<VarId>) -> String {
        dest.map_or(String::new(), |dest| format!("let {} = ", self.typed(dest)))
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::If { dest, cond, then, els } => {
                self.line(format!("{}if {} {{", self.dest(*dest), self.operand(cond)));
                self.nested(then);
                if !els.stmts.is_empty() || els.result.is_some() {
                    self.line("} else {");
                    self.nested(els);
                }
                self.line("}");
            }
            Stmt::Match { dest, scrutinee, arms } => {
                self.line(format!("{}match {} {{", self.dest(*dest), self.operand(scrutinee)));
                self.depth += 1;
                arms.iter().for_each(|arm| self.arm(arm));
                self.depth -= 1;
                self.line("}");
            }
            Stmt::For { id, iter, body } => self.braced(format!("for '{} {}", id.0, self.iter(iter)), body),
            Stmt::While { id, header, body } => {
                self.line(format!("while '{} {{", id.0));
                self.nested(header);
                self.line("} do {");
                self.nested(body);
                self.line("}");
            }
            Stmt::Loop { dest, id, body } => self.braced(format!("{}loop '{}", self.dest(*dest), id.0), body),
            Stmt::Scope { dest, id, body } => self.braced(format!("{}scope '{}", self.dest(*dest), id.0), body),
            Stmt::Map { dest, inputs, body } => {
                self.braced(format!("let {} = map {}", self.typed(*dest), self.map_inputs(inputs)), body);
            }
            Stmt::ForEach { outputs, inputs, body } => {
                let (outputs, inputs) = (self.map_inputs(outputs), self.map_inputs(inputs));
                self.braced(format!("for_each {outputs} from {inputs}"), body);
            }
            simple => {
                let text = self.simple(simple);
                self.line(text);
            }
        }
    }

    fn arm(&mut self, arm: &super::Arm) {
        let bindings = arm.bindings.iter().map(|(var, path)| match path {
            Some(path) => {
                format!("{} = _{}", self.typed(*var), path.iter().map(|step| self.proj(step)).collect::<String>())
            }
            None => self.typed(*var),
        });
        let bindings = bindings.collect::<Vec<_>>().join(", ");
        let header = format!("{} [{bindings}]", arm.pattern);
        if let Some(guard) = &arm.guard {
            self.line(format!("{header} if {{"));
            self.nested(guard);
            self.line("} => {");
        } else {
            self.line(format!("{header} => {{"));
        }
        self.nested(&arm.body);
        self.line("}");
    }

    /// Statements without blocks.
    fn simple(&self, stmt: &Stmt) -> String {
        match stmt {
            Stmt::Let { var, op } => format!("let {} = {}", self.typed(*var), self.op(op)),
            Stmt::Declare { var, init: Some(init) } => format!("mem {} = {}", self.typed(*var), self.operand(init)),
            Stmt::Declare { var, init: None } => format!("mem {}", self.typed(*var)),
            Stmt::Assign { place, value } => format!("{} = {}", self.place(place), self.operand(value)),
            Stmt::Accumulate { place, negative, value } => {
                let sign = if *negative { '-' } else { '+' };
                format!("{} {sign}= {}", self.place(place), self.operand(value))
            }
            Stmt::Eval(op) => format!("eval {}", self.op(op)),
            Stmt::Break { target, value: Some(value) } => format!("break '{} {}", target.0, self.operand(value)),
            Stmt::Break { target, value: None } => format!("break '{}", target.0),
            Stmt::Continue { target } => format!("continue '{}", target.0),
            Stmt::Return { value: Some(value) } => format!("return {}", self.operand(value)),
            Stmt::Return { value: None } => "return".to_string(),
            Stmt::Push { tape, value } => format!("push {} {}", self.var(*tape), self.operand(value)),
            Stmt::CallVjp { dest, pullback, callee, args } => {
                let (dest, pullback) = (self.typed(*dest), self.var(*pullback));
                format!("let ({dest}, {pullback}) = vjp {}", self.call(callee, args))
            }
            Stmt::Pull { pullback, again, tangents, seed, slots, in_out: _ } => {
                let again: Vec<&Place> = again.iter().chain(tangents.iter().flatten()).collect();
                self.pull(*pullback, &again, seed.as_ref(), slots)
            }
            Stmt::CallJvp { dest, dot, callee, args, dots } => {
                let dots: Vec<String> =
                    dots.iter().map(|dot| dot.as_ref().map_or("_".to_string(), |dot| self.arg(dot))).collect();
                let (dest, dot) = (self.typed(*dest), self.typed(*dot));
                format!("let ({dest}, {dot}) = jvp {} dots ({})", self.call(callee, args), dots.join(", "))
            }
            Stmt::AccumulateInto { place, value } => {
                format!("{} +=~ {}", self.place(place), self.operand(value))
            }
            Stmt::Comment(text) => format!("// {text}"),
            Stmt::If { .. }
            | Stmt::Match { .. }
            | Stmt::For { .. }
            | Stmt::While { .. }
            | Stmt::Loop { .. }
            | Stmt::Scope { .. }
            | Stmt::Map { .. }
            | Stmt::ForEach { .. } => unreachable!("printed with their blocks"),
        }
    }

    fn pull(&self, pullback: VarId, again: &[&Place], seed: Option<&Place>, slots: &[Option<Place>]) -> String {
        let again: Vec<String> = again.iter().map(|place| self.place(place)).collect();
        let seed = seed.map_or("_".to_string(), |seed| self.place(seed));
        let slots = slots.iter().map(|slot| slot.as_ref().map_or("_".to_string(), |slot| self.place(slot)));
        let slots = slots.collect::<Vec<_>>().join(", ");
        format!("pull {} again ({}) seed {seed} slots ({slots})", self.var(pullback), again.join(", "))
    }

    fn op(&self, op: &Op) -> String {
        match op {
            Op::Use(operand) => self.operand(operand),
            Op::Read(place) => format!("read {}", self.place(place)),
            Op::Move(place) => format!("move {}", self.place(place)),
            Op::Borrow(place) => format!("&{}", self.place(place)),
            Op::CloneOf(place) => format!("clone {}", self.place(place)),
            Op::Unary(UnOp::Neg, operand) => format!("-{}", self.operand(operand)),
            Op::Unary(UnOp::Not, operand) => format!("!{}", self.operand(operand)),
            Op::Binary(op, left, right) => format!("{} {} {}", self.operand(left), op.symbol(), self.operand(right)),
            Op::Cast(operand, ty) => format!("{} as {ty}", self.operand(operand)),
            Op::Intrinsic(intrinsic) => format!("{}({})", intrinsic.row.name, self.args(&intrinsic.args)),
            Op::Call(callee, args) => self.call(callee, args),
            Op::Aggregate(kind, items) => {
                let items: Vec<String> = items.iter().map(|item| self.operand(item)).collect();
                let items = items.join(", ");
                match kind {
                    AggregateKind::Constructor(constructor) => format!("{} {{{items}}}", constructor.path),
                    AggregateKind::Tuple => format!("({items})"),
                    AggregateKind::Array => format!("[{items}]"),
                    AggregateKind::VecMacro => format!("vec![{items}]"),
                }
            }
            Op::Repeat { vec, item, len } => {
                let vec = if *vec { "vec!" } else { "" };
                format!("{vec}[{}; {}]", self.operand(item), self.operand(len))
            }
            Op::Opaque(opaque) => self.opaque(opaque),
            Op::Helper { name, args } => format!("rt::{name}({})", self.args(args)),
            Op::Edit(edit) => {
                let args = edit.kind.operands().into_iter().map(|operand| self.operand(operand));
                let source = edit.kind.source().map(|source| format!("&{}", self.place(source)));
                let args: Vec<String> = args.chain(source).collect();
                format!("{}.{}({})", self.place(&edit.list), edit.kind.name(), args.join(", "))
            }
            Op::ZeroOf(place) => format!("zero_of {}", self.place(place)),
            Op::NewTape => "new_tape".to_string(),
            Op::Rewind(tape) => format!("rewind {}", self.var(*tape)),
            Op::Pop(reader) => format!("pop {}", self.var(*reader)),
            Op::TakeCotangent(place) => format!("take {}", self.place(place)),
            #[allow(unreachable_patterns, reason = "operations that the transforms add have a readable debug form")]
            other => format!("{other:?}"),
        }
    }

    fn opaque(&self, opaque: &super::Opaque) -> String {
        let kind = match (opaque.observer, opaque.pure) {
            (true, true) => "observer pure ",
            (true, false) => "observer ",
            (false, true) => "pure ",
            (false, false) => "",
        };
        let constant = if opaque.constant { "constant " } else { "" };
        format!("opaque {constant}{kind}`{}` uses ({})", opaque.tokens, self.vars(&opaque.uses))
    }

    fn call(&self, callee: &Callee, args: &[Arg]) -> String {
        let generics = callee.generics.as_ref().map_or(String::new(), |generics| format!("::<{generics}>"));
        let recursive = if callee.recursive { "recursive " } else { "" };
        let path = callee.path.to_string().replace(' ', "");
        let kind = match callee.kind {
            super::CalleeKind::Function => "",
            super::CalleeKind::Associated => "associated ",
            super::CalleeKind::Method => "method ",
            super::CalleeKind::Parameter => "parameter ",
        };
        format!("call {recursive}{kind}{path}{generics}({})", self.args(args))
    }

    fn args(&self, args: &[Arg]) -> String {
        args.iter().map(|arg| self.arg(arg)).collect::<Vec<_>>().join(", ")
    }

    fn arg(&self, arg: &Arg) -> String {
        match arg {
            Arg::Value(operand) => self.operand(operand),
            Arg::Shared(place) => format!("&{}", self.place(place)),
            Arg::Mut(place) => format!("&mut {}", self.place(place)),
        }
    }

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Var(var) => self.var(*var).to_string(),
            Operand::Const(constant) => constant.tokens.to_string(),
        }
    }

    fn place(&self, place: &Place) -> String {
        let path: String = place.path.iter().map(|step| self.proj(step)).collect();
        format!("{}{path}", self.var(place.root))
    }

    fn proj(&self, step: &Proj) -> String {
        match step {
            Proj::Deref => ".*".to_string(),
            Proj::Field(syn::Member::Named(name)) => format!(".{name}"),
            Proj::Field(syn::Member::Unnamed(index)) => format!(".{}", index.index),
            Proj::Payload(method) => format!(".{method}()"),
            Proj::Part(method) => format!(".{}()", step_into(method, false)),
            Proj::Index(index) => format!("[{}]", self.operand(index)),
            Proj::IndexNd(indices) => {
                let indices: Vec<String> = indices.iter().map(|index| self.operand(index)).collect();
                format!("[[{}]]", indices.join(", "))
            }
            Proj::Range { lo, hi, inclusive } => {
                let bound = |bound: &Option<Operand>| bound.as_ref().map_or(String::new(), |bound| self.operand(bound));
                format!("[{}{}{}]", bound(lo), if *inclusive { "..=" } else { ".." }, bound(hi))
            }
        }
    }

    fn iter(&self, iter: &Iter) -> String {
        match iter {
            Iter::Range { var, lo, hi, inclusive } => {
                let dots = if *inclusive { "..=" } else { ".." };
                format!("{} in {}{dots}{}", self.typed(*var), self.operand(lo), self.operand(hi))
            }
            Iter::From { var, lo } => format!("{} in {}..", self.typed(*var), self.operand(lo)),
            Iter::Elements { var, of, mutable } => {
                let mutable = if *mutable { "mut " } else { "" };
                format!("{} in &{mutable}{}", self.typed(*var), self.place(of))
            }
            Iter::Enumerate { var, inner } => format!("({}, {}) in enumerate", self.typed(*var), self.iter(inner)),
            Iter::Zip(left, right) => format!("({}) zip ({})", self.iter(left), self.iter(right)),
            Iter::Rev(inner) => format!("({}) rev", self.iter(inner)),
            Iter::StepBy(inner, step) => format!("({}) step_by {}", self.iter(inner), self.operand(step)),
            Iter::Skip(inner, count) => format!("({}) skip {}", self.iter(inner), self.operand(count)),
            Iter::Take(inner, count) => format!("({}) take {}", self.iter(inner), self.operand(count)),
            Iter::Opaque { pattern, vars, iter } => {
                format!("{pattern} [{}] in {}", self.vars(vars), self.opaque(iter))
            }
        }
    }

    fn map_inputs(&self, inputs: &[MapInput]) -> String {
        let inputs = inputs.iter().map(|input| format!("{} in {}", self.typed(input.elem), self.place(&input.of)));
        format!("({})", inputs.collect::<Vec<_>>().join(", "))
    }
}

impl Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Unknown => f.write_str("?"),
            Type::Float(Float::F32) => f.write_str("f32"),
            Type::Float(Float::F64) => f.write_str("f64"),
            Type::Float(Float::Named(name)) => f.write_str(name),
            Type::Float(Float::Lane) => f.write_str("Lane"),
            Type::FloatLiteral => f.write_str("{float}"),
            Type::Int(name) => f.write_str(name.unwrap_or("{int}")),
            Type::Bool => f.write_str("bool"),
            Type::Unit => f.write_str("()"),
            Type::Inactive => f.write_str("inactive"),
            Type::Array(inner, len) => write!(f, "[{inner}; {len}]"),
            Type::Slice(inner) => write!(f, "[{inner}]"),
            Type::Vec(inner) => write!(f, "Vec<{inner}>"),
            Type::Deque(inner) => write!(f, "VecDeque<{inner}>"),
            Type::Tuple(items) => {
                let items: Vec<String> = items.iter().map(Type::to_string).collect();
                write!(f, "({})", items.join(", "))
            }
            Type::Tensor(tensor) => {
                let rank = tensor.rank.map_or("?".to_string(), |rank| rank.to_string());
                write!(f, "{}{rank}<{}>", if tensor.view { "View" } else { "Array" }, tensor.elem)
            }
            Type::Ref { mutable, inner } => write!(f, "&{}{inner}", if *mutable { "mut " } else { "" }),
            Type::Option(content) => write!(f, "Option<{content}>"),
            Type::Result(content, error) => write!(f, "Result<{content}, {error}>"),
            Type::Named(tokens) => write!(f, "{tokens}"),
            Type::Tape(inner) => write!(f, "Tape<{inner}>"),
            Type::Slot(inner) => write!(f, "Slot<{inner}>"),
            Type::Pullback => f.write_str("pullback"),
            Type::Never => f.write_str("!"),
        }
    }
}
