//! What the nodes of a graph are called: operations, types, and expressions as text.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::analysis::types;
use crate::ir::literals;
use crate::ir::{
    AggregateKind, Arg, BinOp, Block, Float, Function, Iter, MapInput, Op, Operand, Origin, Place, Proj, Type, UnOp,
    VarId,
};
use crate::rules::Form;

/// Labels longer than this are cut.
const LONGEST: usize = 72;

/// Texts of temporaries: the expressions that define them.
pub(super) struct Labels<'a> {
    function: &'a Function,
    texts: HashMap<VarId, String>,
    declared: HashSet<VarId>,
}

/// The name of an operation; none for what only passes a value on, and for what has no edges.
pub(super) fn operation(op: &Op) -> Option<String> {
    let name = match op {
        Op::Unary(UnOp::Neg, _) => "neg",
        Op::Unary(UnOp::Not, _) => "not",
        Op::Binary(op, _, _) => binary_name(*op),
        Op::Cast(..) => "cast",
        Op::Intrinsic(intrinsic) => intrinsic.row.name,
        Op::Call(callee, _) => return Some(callee.name.clone()),
        Op::Helper { name, args: _ } => name,
        Op::Edit(edit) => edit.kind.name(),
        Op::Aggregate(AggregateKind::Tuple, _) => "tuple",
        Op::Aggregate(AggregateKind::Array, _) => "array",
        Op::Aggregate(AggregateKind::VecMacro, _) => "vec",
        Op::Aggregate(AggregateKind::Constructor(_), _) => "constructor",
        Op::Repeat { .. } => "repeat",
        Op::Read(place) | Op::Move(place) | Op::Borrow(place) | Op::CloneOf(place) => {
            let index = |proj: &Proj| matches!(proj, Proj::Index(_) | Proj::IndexNd(_) | Proj::Range { .. });
            return place.path.iter().any(index).then(|| "index".to_owned());
        }
        Op::Use(_)
        | Op::Opaque(_)
        | Op::ZeroOf(_)
        | Op::NewTape
        | Op::Rewind(_)
        | Op::Pop(_)
        | Op::TakeCotangent(_) => return None,
    };
    Some(name.to_owned())
}

fn binary_name(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "add",
        BinOp::Sub => "sub",
        BinOp::Mul => "mul",
        BinOp::Div => "div",
        BinOp::Rem => "rem",
        BinOp::And => "and",
        BinOp::Or => "or",
        BinOp::BitAnd => "bitand",
        BinOp::BitOr => "bitor",
        BinOp::BitXor => "bitxor",
        BinOp::Shl => "shl",
        BinOp::Shr => "shr",
        BinOp::Eq => "eq",
        BinOp::Ne => "ne",
        BinOp::Lt => "lt",
        BinOp::Le => "le",
        BinOp::Gt => "gt",
        BinOp::Ge => "ge",
    }
}

/// A type as text; empty where it is not known.
pub(super) fn ty(known: &Type) -> String {
    match known {
        Type::Float(Float::F32) => "f32".to_owned(),
        Type::Float(Float::F64) => "f64".to_owned(),
        Type::Float(Float::Named(name)) => name.to_string(),
        Type::Float(Float::Lane) => literals::lane().to_string(),
        Type::FloatLiteral => "float".to_owned(),
        Type::Int(name) => name.unwrap_or("integer").to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Unit => "()".to_owned(),
        Type::Array(item, len) => format!("[{}; {len}]", ty(item)),
        Type::Slice(item) => format!("[{}]", ty(item)),
        Type::Vec(item) => format!("Vec<{}>", ty(item)),
        Type::Deque(item) => format!("VecDeque<{}>", ty(item)),
        Type::Tuple(items) => format!("({})", items.iter().map(ty).collect::<Vec<_>>().join(", ")),
        Type::Tensor(tensor) => {
            let kind = if tensor.view { "ArrayView" } else { "Array" };
            let rank = tensor.rank.map_or_else(|| "D".to_owned(), |rank| rank.to_string());
            format!("{kind}{rank}<{}>", ty(&tensor.elem))
        }
        Type::Ref { mutable: true, inner } => format!("&mut {}", ty(inner)),
        Type::Ref { mutable: false, inner } => format!("&{}", ty(inner)),
        Type::Option(content) => format!("Option<{}>", ty(content)),
        Type::Result(content, error) => format!("Result<{}, {}>", ty(content), ty(error)),
        Type::Named(tokens) if types::is_made_up(tokens) => String::new(),
        Type::Named(tokens) => tidy(tokens),
        Type::Unknown | Type::Inactive | Type::Tape(_) | Type::Slot(_) | Type::Pullback | Type::Never => String::new(),
    }
}

/// How many bytes a value takes, where its type tells that without the names of the function's parameters.
pub(super) fn size(known: &Type) -> Option<TokenStream> {
    /// The type as it is written, if all of it is known and nothing lies elsewhere.
    fn plain(known: &Type) -> Option<TokenStream> {
        match known {
            Type::Float(Float::F32) => Some(quote!(f32)),
            Type::Float(Float::F64) | Type::FloatLiteral => Some(quote!(f64)),
            Type::Int(name) => name.map(|name| Ident::new(name, Span::call_site()).into_token_stream()),
            Type::Bool => Some(quote!(bool)),
            Type::Unit => Some(quote!(())),
            Type::Array(item, len) => {
                let item = plain(item)?;
                syn::parse2::<syn::LitInt>(len.clone()).ok().map(|len| quote!([#item; #len]))
            }
            Type::Tuple(items) => {
                let items = items.iter().map(plain).collect::<Option<Vec<TokenStream>>>()?;
                Some(quote!((#(#items,)*)))
            }
            Type::Option(content) => plain(content).map(|content| quote!(Option<#content>)),
            Type::Float(Float::Named(_) | Float::Lane)
            | Type::Slice(_)
            | Type::Vec(_)
            | Type::Deque(_)
            | Type::Tensor(_)
            | Type::Ref { .. }
            | Type::Result(..)
            | Type::Named(_)
            | Type::Unknown
            | Type::Inactive
            | Type::Tape(_)
            | Type::Slot(_)
            | Type::Pullback
            | Type::Never => None,
        }
    }
    plain(known).map(|ty| quote!(::core::mem::size_of::<#ty>()))
}

/// Tokens without the blanks that people would not write.
fn tidy(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string();
    for (wide, narrow) in
        [(" . ", "."), (" (", "("), ("( ", "("), (" )", ")"), (" ()", "()"), (" [", "["), (" :: ", "::"), (" ,", ",")]
    {
        text = text.replace(wide, narrow);
    }
    text
}

fn cut(text: String) -> String {
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST - 1).chain(['…']).collect() }
}

/// Text with parentheses around what has an operator at its top.
fn atom(text: String) -> String {
    let mut depth = 0_i32;
    let operator = text.char_indices().any(|(at, c)| {
        depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        depth == 0 && (c == ' ' || (at == 0 && matches!(c, '-' | '!')))
    });
    if operator { format!("({text})") } else { text }
}

impl<'a> Labels<'a> {
    pub(super) fn new(function: &'a Function) -> Self {
        Labels { function, texts: HashMap::new(), declared: HashSet::new() }
    }

    pub(super) fn declare(&mut self, var: VarId) {
        self.declared.insert(var);
    }

    pub(super) fn is_declared(&self, var: VarId) -> bool {
        self.declared.contains(&var)
    }

    pub(super) fn define(&mut self, var: VarId, op: &Op) {
        let text = self.op(op);
        self.name(var, text);
    }

    pub(super) fn name(&mut self, var: VarId, text: String) {
        self.texts.insert(var, text);
    }

    /// The expression that defines a variable.
    pub(super) fn of(&self, var: VarId) -> String {
        self.texts.get(&var).cloned().unwrap_or_else(|| self.function[var].name.clone())
    }

    fn var(&self, var: VarId) -> String {
        if self.function[var].origin == Origin::User { self.function[var].name.clone() } else { self.of(var) }
    }

    pub(super) fn text(&self, operand: &Operand) -> String {
        match operand {
            Operand::Var(var) => self.var(*var),
            Operand::Const(constant) => tidy(&constant.tokens),
        }
    }

    fn texts(&self, operands: &[Operand]) -> String {
        operands.iter().map(|operand| self.text(operand)).collect::<Vec<_>>().join(", ")
    }

    fn place(&self, place: &Place) -> String {
        let mut text = self.var(place.root);
        for proj in &place.path {
            match proj {
                Proj::Deref => {}
                Proj::Payload(method) | Proj::Part(method) => text = format!("{text}.{method}()"),
                Proj::Field(member) => text = format!("{text}.{}", quote::ToTokens::to_token_stream(member)),
                Proj::Index(index) => text = format!("{text}[{}]", self.text(index)),
                Proj::IndexNd(indices) => text = format!("{text}[[{}]]", self.texts(indices)),
                Proj::Range { lo, hi, inclusive } => {
                    let bound =
                        |bound: &Option<Operand>| bound.as_ref().map_or_else(String::new, |bound| self.text(bound));
                    text = format!("{text}[{}{}{}]", bound(lo), if *inclusive { "..=" } else { ".." }, bound(hi));
                }
            }
        }
        text
    }

    fn arg(&self, arg: &Arg) -> String {
        match arg {
            Arg::Value(operand) => self.text(operand),
            Arg::Shared(place) => self.place(place),
            Arg::Mut(place) => format!("&mut {}", self.place(place)),
        }
    }

    fn args(&self, args: &[Arg]) -> String {
        args.iter().map(|arg| self.arg(arg)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn op(&self, op: &Op) -> String {
        cut(match op {
            Op::Use(operand) => self.text(operand),
            Op::Read(place) | Op::Move(place) | Op::Borrow(place) | Op::ZeroOf(place) | Op::TakeCotangent(place) => {
                self.place(place)
            }
            Op::CloneOf(place) => format!("{}.clone()", self.place(place)),
            Op::Unary(UnOp::Neg, operand) => format!("-{}", atom(self.text(operand))),
            Op::Unary(UnOp::Not, operand) => format!("!{}", atom(self.text(operand))),
            Op::Binary(op, a, b) => format!("{} {} {}", atom(self.text(a)), op.symbol(), atom(self.text(b))),
            Op::Cast(operand, target) => format!("{} as {target}", atom(self.text(operand))),
            Op::Intrinsic(intrinsic) => match (intrinsic.row.form, intrinsic.args.split_first()) {
                (Form::Method, Some((receiver, args))) => {
                    format!("{}.{}({})", atom(self.arg(receiver)), intrinsic.row.name, self.args(args))
                }
                (Form::Runtime, _) | (Form::Method, None) => {
                    format!("{}({})", intrinsic.row.name, self.args(&intrinsic.args))
                }
            },
            Op::Call(callee, args) => format!("{}({})", callee.name, self.args(args)),
            Op::Helper { name, args } => format!("{name}({})", self.args(args)),
            Op::Edit(edit) => {
                let args: Vec<String> = edit.kind.operands().into_iter().map(|value| self.text(value)).collect();
                format!("{}({})", edit.kind.name(), args.join(", "))
            }
            Op::Aggregate(AggregateKind::Tuple, items) => format!("({})", self.texts(items)),
            Op::Aggregate(AggregateKind::Array, items) => format!("[{}]", self.texts(items)),
            Op::Aggregate(AggregateKind::VecMacro, items) => format!("vec![{}]", self.texts(items)),
            Op::Aggregate(AggregateKind::Constructor(constructor), items) => {
                format!("{}({})", constructor.path.to_string().replace(' ', ""), self.texts(items))
            }
            Op::Repeat { vec, item, len } => {
                format!("{}[{}; {}]", if *vec { "vec!" } else { "" }, self.text(item), self.text(len))
            }
            Op::Opaque(opaque) => tidy(&opaque.tokens),
            Op::NewTape | Op::Rewind(_) | Op::Pop(_) => String::new(),
        })
    }

    pub(super) fn store(&self, place: &Place, name: &str, value: &Operand) -> String {
        let symbol = match name {
            "add" => "+=",
            "sub" => "-=",
            _ => "=",
        };
        cut(format!("{} {symbol} {}", self.place(place), self.text(value)))
    }

    pub(super) fn map(&self, inputs: &[MapInput], body: &Block) -> String {
        let elems: Vec<String> = inputs.iter().map(|input| self.var(input.elem)).collect();
        let sources: Vec<String> = inputs.iter().map(|input| self.place(&input.of)).collect();
        let body = body.result.as_ref().map_or_else(String::new, |result| self.text(result));
        cut(format!("{}.mapv(|{}| {body})", sources.join(", "), elems.join(", ")))
    }

    pub(super) fn iter(&self, iter: &Iter) -> String {
        cut(match iter {
            Iter::Range { var: _, lo, hi, inclusive } => {
                format!("{}{}{}", self.text(lo), if *inclusive { "..=" } else { ".." }, self.text(hi))
            }
            Iter::From { var: _, lo } => format!("{}..", self.text(lo)),
            Iter::Elements { var: _, of, mutable } => {
                format!("{}.{}()", self.place(of), if *mutable { "iter_mut" } else { "iter" })
            }
            Iter::Enumerate { var: _, inner } => format!("{}.enumerate()", self.iter(inner)),
            Iter::Zip(left, right) => format!("{}.zip({})", self.iter(left), self.iter(right)),
            Iter::Rev(inner) => format!("({}).rev()", self.iter(inner)),
            Iter::StepBy(inner, count) => format!("({}).step_by({})", self.iter(inner), self.text(count)),
            Iter::Skip(inner, count) => format!("({}).skip({})", self.iter(inner), self.text(count)),
            Iter::Take(inner, count) => format!("({}).take({})", self.iter(inner), self.text(count)),
            Iter::Opaque { iter, .. } => tidy(&iter.tokens),
        })
    }
}
