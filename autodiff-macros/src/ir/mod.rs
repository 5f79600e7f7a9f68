//! The intermediate representation: one language, before and after differentiation.
//!
//! This page is its specification; [`verify`] checks what is stated here, [`display`] prints the text form.
//!
//! # Shape
//!
//! A [`Function`] is a tree of statements: control flow stays structured, as it was in the source and as it will be
//! in the expansion. There is no control-flow graph. All surface sugar (patterns, aliases, method chains, compound
//! assignments other than `+=` and `-=`) ends in `parse`, which produces this form, and `emit` prints it back as Rust,
//! folding temporaries into expressions where that does not change the meaning.
//!
//! # Variables: values and memory
//!
//! Every variable has a [`Storage`]:
//!
//! * [`Storage::Value`]: defined exactly once each time its scope runs, by [`Stmt::Let`], as a block's `dest`, as a
//!   loop's or a match arm's binding, or as a parameter; never written afterwards. Only values appear as [`Operand`]s,
//!   so an operand always means what it meant where it was defined. A value may be an aggregate (array, tuple,
//!   tensor, reference); its elements are read through a [`Place`] rooted at it.
//! * [`Storage::Memory`]: a `let mut` variable, a deferred `let`, a `mut` parameter or a `&mut` parameter. It is never
//!   an operand. It is read by [`Op::Read`], written by [`Stmt::Assign`], [`Stmt::Accumulate`] and through
//!   [`Arg::Mut`] or an [`Op::Opaque`] that mentions it.
//!
//! A value's content is thus available for as long as it is in scope, while what memory holds depends on the moment.
//! All analyses rest on this distinction.
//!
//! # Evaluation
//!
//! Statements run in order; the operands of an [`Op`] are variables or constants (A-normal form), so the order of
//! evaluation is the order of the statements. The operands of `a && b` and `a || b` whose right side cannot be
//! evaluated eagerly are an [`Stmt::If`] with a `dest`. A [`Block`] yields its `result`, if it has one, to the `dest`
//! of the statement that owns it (to the caller for the function's body).
//!
//! # Places
//!
//! A [`Place`] is a root variable and a path of [`Proj`]ections. Its indices are operands, hence evaluated before. A
//! reference that only renames a place (`let r = &mut a[i]`) does not exist in the IR: `parse` puts the place in its
//! stead. `Deref` is explicit, although `emit` omits it where Rust derefs by itself.
//! The cotangent and the tangent of a variable have the same shape as the variable, so `a.0[i]` has the cotangent
//! `a_bar.0[i]`: same path, other root.
//!
//! # Exits
//!
//! [`Stmt::Break`], [`Stmt::Continue`] and [`Stmt::Return`] may stand anywhere in what `parse` produces. Reverse mode
//! first brings a function into *tail form* (`transform::exits`): no `Continue`, no `Return`, no [`Stmt::Scope`]; a
//! `Break` leaves the innermost loop, carries no value and is the last thing that its loop body does on that path.

pub(crate) mod display;
pub(crate) mod literals;
#[cfg(test)]
pub(crate) mod verify;
pub(crate) mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// Names a variable of one [`Function`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct VarId(pub(crate) u32);

/// Names a loop or a labelled block of one [`Function`], as the target of exits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ScopeId(pub(crate) u32);

/// Where a variable's content lives; see the module's specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    Value,
    Memory,
}

/// Who introduced a variable: decides whether `emit` may fold it away and how it is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Written by the user: keeps its name and its `let`.
    User,
    /// An intermediate result named by `parse` or a transform: folded into its use where possible.
    Temp,
    /// A cotangent, tangent, tape or bookkeeping variable. The name is a wish; folded when used once.
    Derived,
}

#[derive(Clone, Debug)]
pub(crate) struct Var {
    /// The user's name, or a readable wish (`sin_x`, `y_bar`); `emit` makes names unique.
    pub(crate) name: String,
    pub(crate) span: Span,
    /// The first token of the expression that it was made for, for messages.
    pub(crate) source: Span,
    pub(crate) ty: Type,
    pub(crate) storage: Storage,
    pub(crate) origin: Origin,
    /// The user's type ascription, printed again where present.
    pub(crate) ascription: Option<TokenStream>,
    /// It is an element of one of several inputs of an element-wise statement that are broadcast together.
    pub(crate) broadcast: bool,
    /// It stands for the elements of an array that the element-wise statement makes, rather than adds to.
    pub(crate) made: bool,
}

/// What is known of a type without asking rustc. A wrong guess cannot give a wrong derivative, only a type error.
#[derive(Clone, Debug)]
pub(crate) enum Type {
    /// Not known here (the result of a call, say). Treated as differentiable and as `Copy` only where Rust proves it;
    /// operations on it go through the runtime's traits.
    Unknown,
    Float(Float),
    /// An unsuffixed float literal or what was computed from such: becomes the float it meets.
    FloatLiteral,
    /// Any integer; the suffix name where known (`usize`, `i32`).
    Int(Option<&'static str>),
    Bool,
    Unit,
    /// Carries no derivative for another reason: `char`, strings, ranges, results of opaque inactive expressions.
    Inactive,
    Array(Box<Type>, TokenStream),
    Slice(Box<Type>),
    Vec(Box<Type>),
    /// `VecDeque<T>`: a list that is not one piece of memory.
    Deque(Box<Type>),
    Tuple(Vec<Type>),
    Tensor(Tensor),
    Ref {
        mutable: bool,
        inner: Box<Type>,
    },
    /// `Option<T>` with differentiable content.
    Option(Box<Type>),
    /// `Result<T, E>` with differentiable content; what `Err` holds carries no derivative.
    Result(Box<Type>, Box<Type>),
    /// A type with a name that this crate does not look into (a struct, a generic parameter).
    Named(TokenStream),
    /// A `Tape` of the runtime holding values of the inner type.
    Tape(Box<Type>),
    /// `Option<&mut inner>`: where a pullback adds a cotangent, if the caller wants it. `emit` prints the statement that
    /// accumulates into a place rooted at it under `if let Some(..)`.
    Slot(Box<Type>),
    /// What `g::call_vjp` returned beside the value: a pullback closure.
    Pullback,
    /// A diverging expression.
    Never,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Float {
    F32,
    F64,
    /// A name that stands for a float: a type parameter (`T: Float`) or an alias (`type Real = f64`).
    Named(Rc<str>),
    /// The tangent of a float in several directions at once. Only in what forward mode produces.
    Lane,
}

/// An `ndarray` array or view.
#[derive(Clone, Debug)]
pub(crate) struct Tensor {
    /// `Float`, `FloatLiteral`, `Int`, .. or `Unknown`.
    pub(crate) elem: Box<Type>,
    /// `None`: dynamic or not known here.
    pub(crate) rank: Option<usize>,
    pub(crate) view: bool,
}

/// A constant operand: a literal or a path (`K`, `f64::MAX`, `std::f64::consts::PI`, `T::ZERO`, a static).
#[derive(Clone, Debug)]
pub(crate) struct Const {
    pub(crate) tokens: TokenStream,
    pub(crate) ty: Type,
}

#[derive(Clone, Debug)]
pub(crate) enum Operand {
    /// A variable of [`Storage::Value`].
    Var(VarId),
    Const(Const),
}

/// One step into a value.
#[derive(Clone, Debug)]
pub(crate) enum Proj {
    /// `*p`
    Deref,
    /// `p.0`, `p.name`
    Field(syn::Member),
    /// Into a part of an enum's variant, by the method of the enum's tangent that leads there (`some_0_mut`). It occurs in
    /// the bindings of match arms and in places of cotangents and tangents, where it is printed `(*p.some_0_mut())`.
    Payload(Ident),
    /// Into a part of the variant that an enum certainly is. It occurs in places of the value itself that are written,
    /// where it is printed `(*p.some_0_part_mut())`; in places of cotangents and tangents a [`Proj::Payload`] with the
    /// same name stands for it.
    Part(Ident),
    /// `p[i]`
    Index(Operand),
    /// ndarray's `p[[i, j]]`
    IndexNd(Vec<Operand>),
    /// `p[lo..hi]`; always used by reference
    Range { lo: Option<Operand>, hi: Option<Operand>, inclusive: bool },
}

#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) root: VarId,
    pub(crate) path: Vec<Proj>,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub(crate) enum Arg {
    /// By value: copied, or moved if its type is not `Copy`.
    Value(Operand),
    /// `&place`
    Shared(Place),
    /// `&mut place`
    Mut(Place),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnOp {
    Neg,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl BinOp {
    /// The trait of an arithmetic operator, and its method.
    pub(crate) fn arithmetic(self) -> Option<(&'static str, &'static str)> {
        match self {
            BinOp::Add => Some(("Add", "add")),
            BinOp::Sub => Some(("Sub", "sub")),
            BinOp::Mul => Some(("Mul", "mul")),
            BinOp::Div => Some(("Div", "div")),
            BinOp::Rem => Some(("Rem", "rem")),
            BinOp::And
            | BinOp::Or
            | BinOp::BitAnd
            | BinOp::BitOr
            | BinOp::BitXor
            | BinOp::Shl
            | BinOp::Shr
            | BinOp::Eq
            | BinOp::Ne
            | BinOp::Lt
            | BinOp::Le
            | BinOp::Gt
            | BinOp::Ge => None,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum AggregateKind {
    /// `(a, b)`
    Tuple,
    /// `[a, b]`
    Array,
    /// `vec![a, b]`
    VecMacro,
    /// `Point { x: a, ..p }`, `Point(a, b)`, `Shape::Circle(r)`, `Some(x)`: one operand per part, and, with a base, one
    /// more at the end.
    Constructor(Rc<Constructor>),
}

/// How a value of a struct, or of one variant of an enum, is written.
#[derive(Clone, Debug)]
pub(crate) struct Constructor {
    pub(crate) path: TokenStream,
    /// The fields as they are written, and the step into the value's tangent that leads to each.
    pub(crate) parts: Vec<(syn::Member, Proj)>,
    /// `Point { .. }` rather than `Point(..)`.
    pub(crate) braces: bool,
}

impl Constructor {
    /// `Some(x)`
    pub(crate) fn some() -> Constructor {
        let proj = Proj::Payload(Ident::new("some_0_mut", Span::call_site()));
        Constructor { path: quote!(Some), parts: vec![(syn::Member::from(0), proj)], braces: false }
    }

    /// `Some(x)`, or `Ok(x)`
    pub(crate) fn is_present(&self) -> bool {
        let method = match self.parts.as_slice() {
            [(_, Proj::Payload(method))] => method.to_string(),
            _ => String::new(),
        };
        method == "some_0_mut" || method == "ok_0_mut"
    }
}

/// How an operation that has a row in the table is written in Rust.
#[derive(Clone, Debug)]
pub(crate) struct Intrinsic {
    /// The row, `crate::rules::row(name)`.
    pub(crate) row: &'static crate::rules::Row,
    pub(crate) args: Vec<Arg>,
    /// The path that it was called by, `T::sqrt`: what methods a type with a name has, only its bounds tell.
    pub(crate) path: Option<TokenStream>,
    /// The operation's own token (method name, operator), for messages.
    pub(crate) span: Span,
}

/// Where the derivatives of a callee are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CalleeKind {
    /// A free function: in its companion, `m::g::call_vjp`.
    Function,
    /// An associated function: beside it, `Spring::new_call_vjp`.
    Associated,
    /// A method: beside it, `spring.energy_call_vjp`, the receiver being the first argument.
    Method,
    /// A function that was given as a parameter: `f_vjp`, what `f` captured being the first argument.
    Parameter,
}

/// A function that is given to a call. The argument itself is what the function captured; this tells where its
/// derivatives are.
#[derive(Clone, Debug)]
pub(crate) enum FunctionValue {
    /// An annotated function, which captures nothing: in its companion.
    Named(TokenStream),
    /// A parameter of the function that is differentiated, by its name: beside it. It is handed on by reference.
    Parameter(String),
    /// A closure: one of [`Function::closures`], whose first parameter is the tuple of what it captured.
    Closure(usize),
}

/// The runtime's name for `from` of what is borrowed: it has no receiver.
pub(crate) const FROM_REFERENCE: &str = "from_ref";

/// A function that has derivatives: annotated by the user, or one of the runtime's.
#[derive(Clone, Debug)]
pub(crate) struct Callee {
    pub(crate) kind: CalleeKind,
    /// Path tokens without generic arguments of the last segment, e.g. `m::g`. Of a method, what its derivatives are named
    /// after, where that is not its own name.
    pub(crate) path: TokenStream,
    /// Turbofish arguments of the last segment, `T, 3`.
    pub(crate) generics: Option<TokenStream>,
    /// Last segment: a readable name.
    pub(crate) name: String,
    pub(crate) span: Span,
    /// This call is to the function being differentiated (recursion).
    pub(crate) recursive: bool,
    /// The arguments that are functions, by their positions.
    pub(crate) functions: Vec<(usize, FunctionValue)>,
    /// The positions of the arguments by value that the pullback takes once more, by reference.
    pub(crate) again: Vec<usize>,
    /// How many times it is differentiated in forward mode: the call is one of `g::call_jvp` if once. Each time, the
    /// arguments are followed by as many tangents of theirs, of which those that are [`Const::none`] are not given.
    pub(crate) order: usize,
    /// Where its derivatives are, if that is not its own path: beside the rule for a function of another crate.
    pub(crate) companion: Option<TokenStream>,
}

/// The derivatives of a function that a differentiated function may call, by their names.
pub(crate) const DERIVATIVES: [&str; 5] = ["grad", "value_and_grad", "jvp", "pulled", "hvp"];

impl Callee {
    /// The path that leads to its derivatives.
    pub(crate) fn companion(&self) -> &TokenStream {
        self.companion.as_ref().unwrap_or(&self.path)
    }

    /// Whether what stands at this position of the arguments is a tangent, and not an argument of the function itself.
    pub(crate) fn is_tangent(&self, position: usize, count: usize) -> bool {
        position >= count >> self.order
    }

    /// The function whose derivative is called, as in `g::grad(x)`.
    pub(crate) fn derivative_of(&self) -> Option<syn::Path> {
        if self.kind != CalleeKind::Associated || !DERIVATIVES.contains(&self.name.as_str()) {
            return None;
        }
        let mut path = syn::parse2::<syn::Path>(self.path.clone()).ok()?;
        path.segments.pop();
        path.segments.pop_punct();
        let owner = path.segments.last()?.ident.to_string();
        owner
            .trim_start_matches("r#")
            .starts_with(|letter: char| letter.is_lowercase() || letter == '_')
            .then_some(path)
    }

    /// The function that the argument at this position is.
    pub(crate) fn function_at(&self, position: usize) -> Option<&FunctionValue> {
        self.functions.iter().find(|(at, _)| *at == position).map(|(_, function)| function)
    }
}

/// A change of a list (a `Vec`, a slice, a `VecDeque`) as a whole. All other changes of lengths are made of these.
///
/// The cotangent of a list goes through the inverse changes in reverse order, so that it always has as many elements as
/// the list had at that point: what was pushed is popped, and what was popped is pushed.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(crate) list: Place,
    pub(crate) kind: EditKind,
}

#[derive(Clone, Debug)]
pub(crate) enum EditKind {
    /// `list.push(value)`
    Push(Operand),
    /// `list.push_front(value)`
    PushFront(Operand),
    /// `list.pop().unwrap()`
    Pop,
    /// `list.pop_front().unwrap()`
    PopFront,
    /// `list.insert(at, value)`
    Insert(Operand, Operand),
    /// `list.remove(at)`
    Remove(Operand),
    /// `list.truncate(len)`
    Truncate(Operand),
    /// `list.resize(len, value)`
    Resize(Operand, Operand),
    /// `list.extend_from_slice(&items)`
    Extend(Place),
    /// `list.swap(a, b)`
    Swap(Operand, Operand),
    /// `std::mem::swap(&mut list, &mut other)`, of anything
    Exchange(Place),
    /// `std::mem::replace(&mut list, value)`, of anything
    Replace(Operand),
    /// `list.reverse()`
    Reverse,
    /// `list.rotate_left(count)`
    RotateLeft(Operand),
    /// `list.rotate_right(count)`
    RotateRight(Operand),
    /// `rt::permute(&mut list, &order)`: the element at position `order[i]` moves to position `i`.
    Permute(Place),
    /// Its inverse.
    Unpermute(Place),
}

/// Tokens that are kept as they are, with the variables they mention. They carry no derivative.
#[derive(Clone, Debug)]
pub(crate) struct Opaque {
    pub(crate) tokens: TokenStream,
    /// Every variable that the tokens mention, with the ident that names it there.
    pub(crate) uses: Vec<VarId>,
    /// May be evaluated again in the reverse sweep: no side effects, no allocation to speak of.
    pub(crate) pure: bool,
    /// A statement-like macro (`println!`, `assert!`) that may look at active values without losing a derivative.
    pub(crate) observer: bool,
    /// The user asked for a constant: a derivative may be lost here (`no_grad!`).
    pub(crate) constant: bool,
}

impl Opaque {
    /// The list that this is the length of: `name.len()`.
    pub(crate) fn list(&self) -> Option<VarId> {
        match self.uses[..] {
            [list] if self.pure && is_length(&self.tokens) => Some(list),
            _ => None,
        }
    }

    /// `Err(..)`
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self.tokens.clone().into_iter().next(), Some(TokenTree::Ident(variant)) if variant == "Err")
    }
}

/// `name.len()`
pub(crate) fn is_length(tokens: &TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    matches!(&trees[..], [TokenTree::Ident(_), TokenTree::Punct(_), TokenTree::Ident(len), TokenTree::Group(_)] if len == "len")
}

/// What a [`Stmt::Let`] computes.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// A copy of, or a move from, an operand.
    Use(Operand),
    /// Reads (copies) a place: memory, or an element of an aggregate value.
    Read(Place),
    /// Takes the content out of memory or a value, leaving it unusable: `let b = a;` for a `Vec` in memory.
    Move(Place),
    /// `&place` as a value of reference type, where it cannot be resolved to an alias.
    Borrow(Place),
    /// `place.clone()`, also `.to_vec()`, `.to_owned()`.
    CloneOf(Place),
    Unary(UnOp, Operand),
    Binary(BinOp, Operand, Operand),
    /// `x as T`; the target's type is the variable's, the tokens are `T`.
    Cast(Operand, TokenStream),
    Intrinsic(Intrinsic),
    Call(Callee, Vec<Arg>),
    Aggregate(AggregateKind, Vec<Operand>),
    /// `[x; N]` or `vec![x; n]`; the length is kept as an operand for `vec!` and as tokens for an array.
    Repeat {
        vec: bool,
        item: Operand,
        len: Operand,
    },
    Opaque(Opaque),
    /// A call of a function of the runtime that has no derivative of its own: `rt::name(args)`.
    Helper {
        name: &'static str,
        args: Vec<Arg>,
    },
    /// Changes the length or the order of a list, and gives what it takes out of it.
    Edit(Edit),

    // Only in what the transforms produce:
    /// The zero tangent of what the place holds (the place itself is read for its shape only).
    ZeroOf(Place),
    /// A new, empty tape.
    NewTape,
    /// A reader over a tape, from the last entry to the first.
    Rewind(VarId),
    /// The next entry of a reader: a value for `Copy` types, a reference otherwise (as the variable's type says).
    Pop(VarId),
    /// `std::mem::take`-like: the place's content, leaving zero of the same shape.
    TakeCotangent(Place),
}

/// What an iterator expression of a `for` yields. The leaves are sources, the rest adaptors.
#[derive(Clone, Debug)]
pub(crate) enum Iter {
    /// `lo..hi`, `lo..=hi`; binds an integer value.
    Range {
        var: VarId,
        lo: Operand,
        hi: Operand,
        inclusive: bool,
    },
    /// `lo..`; only zipped.
    From {
        var: VarId,
        lo: Operand,
    },
    /// `.iter()`, `.iter_mut()` of an array, a slice or a `Vec`; binds a reference to the element.
    Elements {
        var: VarId,
        of: Place,
        mutable: bool,
    },
    /// `.enumerate()`; binds a `usize`.
    Enumerate {
        var: VarId,
        inner: Box<Iter>,
    },
    Zip(Box<Iter>, Box<Iter>),
    Rev(Box<Iter>),
    StepBy(Box<Iter>, Operand),
    Skip(Box<Iter>, Operand),
    Take(Box<Iter>, Operand),
    /// Any other iterator over inactive items; binds by the pattern tokens, whose variables are `vars`.
    Opaque {
        pattern: TokenStream,
        vars: Vec<VarId>,
        iter: Opaque,
    },
}

/// A pattern arm of a [`Stmt::Match`].
#[derive(Clone, Debug)]
pub(crate) struct Arm {
    /// The pattern as written; its bindings are `bindings`.
    pub(crate) pattern: TokenStream,
    /// Values bound by the pattern, with the path into the scrutinee where it is known. A binding of a differentiable
    /// part is a copy of that part of the scrutinee.
    pub(crate) bindings: Vec<(VarId, Option<Vec<Proj>>)>,
    /// Runs before the arm is taken; has a boolean result and no effect on memory.
    pub(crate) guard: Option<Block>,
    pub(crate) body: Block,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub(crate) stmts: Vec<Stmt>,
    pub(crate) result: Option<Operand>,
}

#[derive(Clone, Debug)]
pub(crate) enum Stmt {
    /// Defines a value.
    Let {
        var: VarId,
        op: Op,
    },
    /// Brings memory into scope, initialised or not.
    Declare {
        var: VarId,
        init: Option<Operand>,
    },
    Assign {
        place: Place,
        value: Operand,
    },
    /// `place += value` (`place -= value` if `negative`): linear, so that reverse mode needs no value of the place.
    Accumulate {
        place: Place,
        negative: bool,
        value: Operand,
    },
    /// An operation run for its effect: opaque statements, calls that return nothing.
    Eval(Op),
    If {
        dest: Option<VarId>,
        cond: Operand,
        then: Block,
        els: Block,
    },
    Match {
        dest: Option<VarId>,
        scrutinee: Operand,
        arms: Vec<Arm>,
    },
    For {
        id: ScopeId,
        iter: Iter,
        body: Block,
    },
    /// The header runs before each trip; its result is the condition.
    While {
        id: ScopeId,
        header: Block,
        body: Block,
    },
    Loop {
        dest: Option<VarId>,
        id: ScopeId,
        body: Block,
    },
    /// A labelled or plain block as a value.
    Scope {
        dest: Option<VarId>,
        id: ScopeId,
        body: Block,
    },
    Break {
        target: ScopeId,
        value: Option<Operand>,
    },
    Continue {
        target: ScopeId,
    },
    Return {
        value: Option<Operand>,
    },
    /// A tensor computed element by element: `dest = f(inputs..)`, the body's result being the element, or, if `dest` is a
    /// number, the sum of these. All inputs have the same shape, unless they are marked as [`Var::broadcast`]: these are
    /// broadcast together, numbers among them. The body has no exits and writes no memory outside itself.
    Map {
        dest: VarId,
        inputs: Vec<MapInput>,
        body: Block,
    },

    // Only in what the transforms produce:
    /// Element-wise loop over tensors for its effect; `outputs` bind mutable references to elements.
    ForEach {
        outputs: Vec<MapInput>,
        inputs: Vec<MapInput>,
        body: Block,
    },
    /// `tape.push(value)`
    Push {
        tape: VarId,
        value: Operand,
    },
    /// `let (dest, pullback) = callee::call_vjp(args)`
    CallVjp {
        dest: VarId,
        pullback: VarId,
        callee: Callee,
        args: Vec<Arg>,
    },
    /// `pullback(again.., tangents.., &seed, slots..)`
    Pull {
        pullback: VarId,
        again: Vec<Place>,
        /// The tangents of what is taken again, where the call is one of a forward derivative.
        tangents: Vec<Option<Place>>,
        seed: Option<Place>,
        slots: Vec<Option<Place>>,
        /// Which of the slots are of what the callee writes: their contents are read and replaced.
        in_out: Vec<bool>,
    },
    /// `let (dest, dest_dot) = callee::call_jvp(args, dots)`
    CallJvp {
        dest: VarId,
        dot: VarId,
        callee: Callee,
        args: Vec<Arg>,
        dots: Vec<Option<Arg>>,
    },
    /// `rt::accumulate(&mut place, value)`: adds with broadcasting and un-broadcasting, for tensors and unknown types.
    AccumulateInto {
        place: Place,
        value: Operand,
    },
    /// A comment printed above the next statement where Rust allows one.
    Comment(String),
}

/// One tensor that an element-wise statement runs over.
#[derive(Clone, Debug)]
pub(crate) struct MapInput {
    /// Bound to the element (by value for inputs, by mutable reference for outputs).
    pub(crate) elem: VarId,
    pub(crate) of: Place,
}

/// How a parameter is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passing {
    Value,
    Shared,
    Mut,
}

#[derive(Clone, Debug)]
pub(crate) struct Param {
    pub(crate) var: VarId,
    pub(crate) passing: Passing,
    /// A derivative with respect to it is produced: its type has one and `wrt` does not leave it out.
    pub(crate) differentiated: bool,
    /// Its type could carry a derivative, but `wrt` leaves it out.
    pub(crate) frozen: bool,
    /// It is a function; the variable holds what this captured.
    pub(crate) function: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) vars: Vec<Var>,
    pub(crate) params: Vec<Param>,
    pub(crate) result: Type,
    pub(crate) body: Block,
    pub(crate) scopes: Vec<Option<String>>,
    /// What inference found out about parts of values whose type it does not look into, by [`Function::part_key`]: one
    /// use of `spring.k` as a float tells of all the others.
    pub(crate) parts: BTreeMap<String, Type>,
    /// The fields of structs and the parts of variants that `#[nograd]` declares constant, by `Type.field`.
    pub(crate) constant_parts: BTreeSet<String>,
    /// The closures that are given to functions, each as a function of its own.
    pub(crate) closures: Vec<Rc<Function>>,
    /// Where the loops that are written as such begin.
    pub(crate) loops: BTreeMap<ScopeId, Span>,
    /// The loops of which reverse mode holds some states and computes the others again.
    pub(crate) checkpoints: BTreeMap<ScopeId, Checkpoint>,
}

/// Which states of a loop are held.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checkpoint {
    pub(crate) plan: Plan,
    /// Where it was asked for, for messages.
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// About twice the square root of the number of trips.
    Sqrt,
    /// As many as this.
    Binomial { slots: usize },
}

/// The method of an enum that leads to a part of a variant: `some_0_part`, `some_0_part_mut` for `some_0_mut`.
pub(crate) fn step_into(payload: &Ident, mutable: bool) -> Ident {
    let name = payload.to_string();
    let suffix = if mutable { "part_mut" } else { "part" };
    Ident::new(&format!("{}_{suffix}", name.trim_end_matches("_mut")), Span::call_site())
}

impl Const {
    /// `None`: a tangent that is not given.
    pub(crate) fn none() -> Self {
        Const { tokens: quote::quote!(None), ty: Type::Option(Box::new(Type::Unknown)) }
    }

    pub(crate) fn is_none(&self) -> bool {
        matches!(self.ty, Type::Option(_)) && self.tokens.to_string() == "None"
    }
}

impl Place {
    pub(crate) fn var(root: VarId) -> Self {
        Place { root, path: Vec::new() }
    }
}

impl std::ops::Index<VarId> for Function {
    type Output = Var;
    fn index(&self, id: VarId) -> &Var {
        &self.vars[id.0 as usize]
    }
}

impl std::ops::IndexMut<VarId> for Function {
    fn index_mut(&mut self, id: VarId) -> &mut Var {
        &mut self.vars[id.0 as usize]
    }
}

impl Function {
    /// Adds a variable.
    pub(crate) fn fresh(&mut self, name: impl Into<String>, ty: Type, storage: Storage, origin: Origin) -> VarId {
        let id = VarId(u32::try_from(self.vars.len()).expect("fewer than 2^32 variables"));
        let (name, span) = (name.into(), Span::call_site());
        self.vars.push(Var {
            name,
            span,
            source: span,
            ty,
            storage,
            origin,
            ascription: None,
            broadcast: false,
            made: false,
        });
        id
    }

    /// The only parameter that the function is differentiated with respect to, and its type without references.
    pub(crate) fn sole_differentiated(&self) -> Option<(&Param, &Type)> {
        let mut params = self.params.iter().filter(|param| param.differentiated);
        match (params.next(), params.next()) {
            (Some(param), None) => Some((param, crate::analysis::types::strip_refs(&self[param.var].ty))),
            _ => None,
        }
    }

    /// Adds a target for exits, with the user's label.
    pub(crate) fn fresh_scope(&mut self, label: Option<String>) -> ScopeId {
        let id = ScopeId(u32::try_from(self.scopes.len()).expect("fewer than 2^32 scopes"));
        self.scopes.push(label);
        id
    }

    pub(crate) fn type_of(&self, operand: &Operand) -> Type {
        match operand {
            Operand::Var(var) => self[*var].ty.clone(),
            Operand::Const(constant) => constant.ty.clone(),
        }
    }
}

impl EditKind {
    /// The method of the list, or the function of the runtime.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            EditKind::Push(_) => "push",
            EditKind::PushFront(_) => "push_front",
            EditKind::Pop => "pop",
            EditKind::PopFront => "pop_front",
            EditKind::Insert(..) => "insert",
            EditKind::Remove(_) => "remove",
            EditKind::Truncate(_) => "truncate",
            EditKind::Resize(..) => "resize",
            EditKind::Extend(_) => "extend_from_slice",
            EditKind::Swap(..) | EditKind::Exchange(_) => "swap",
            EditKind::Replace(_) => "replace",
            EditKind::Reverse => "reverse",
            EditKind::RotateLeft(_) => "rotate_left",
            EditKind::RotateRight(_) => "rotate_right",
            EditKind::Permute(_) => "permute",
            EditKind::Unpermute(_) => "unpermute",
        }
    }

    /// The operands in the order in which they are written, and the place that is read or written beside the list.
    fn parts(&self) -> (Vec<&Operand>, Option<&Place>) {
        match self {
            EditKind::Push(operand)
            | EditKind::PushFront(operand)
            | EditKind::Replace(operand)
            | EditKind::Remove(operand)
            | EditKind::Truncate(operand)
            | EditKind::RotateLeft(operand)
            | EditKind::RotateRight(operand) => (vec![operand], None),
            EditKind::Insert(first, second) | EditKind::Resize(first, second) | EditKind::Swap(first, second) => {
                (vec![first, second], None)
            }
            EditKind::Extend(place)
            | EditKind::Permute(place)
            | EditKind::Unpermute(place)
            | EditKind::Exchange(place) => (Vec::new(), Some(place)),
            EditKind::Pop | EditKind::PopFront | EditKind::Reverse => (Vec::new(), None),
        }
    }

    pub(crate) fn parts_mut(&mut self) -> (Vec<&mut Operand>, Option<&mut Place>) {
        match self {
            EditKind::Push(operand)
            | EditKind::PushFront(operand)
            | EditKind::Replace(operand)
            | EditKind::Remove(operand)
            | EditKind::Truncate(operand)
            | EditKind::RotateLeft(operand)
            | EditKind::RotateRight(operand) => (vec![operand], None),
            EditKind::Insert(first, second) | EditKind::Resize(first, second) | EditKind::Swap(first, second) => {
                (vec![first, second], None)
            }
            EditKind::Extend(place)
            | EditKind::Permute(place)
            | EditKind::Unpermute(place)
            | EditKind::Exchange(place) => (Vec::new(), Some(place)),
            EditKind::Pop | EditKind::PopFront | EditKind::Reverse => (Vec::new(), None),
        }
    }

    pub(crate) fn operands(&self) -> Vec<&Operand> {
        self.parts().0
    }

    /// The place beside the list: read, except by an exchange, which writes it as well.
    pub(crate) fn source(&self) -> Option<&Place> {
        self.parts().1
    }

    /// What is put into the list.
    pub(crate) fn put(&self) -> Option<&Operand> {
        match self {
            EditKind::Push(value)
            | EditKind::PushFront(value)
            | EditKind::Insert(_, value)
            | EditKind::Replace(value)
            | EditKind::Resize(_, value) => Some(value),
            EditKind::Pop
            | EditKind::PopFront
            | EditKind::Remove(_)
            | EditKind::Truncate(_)
            | EditKind::Extend(_)
            | EditKind::Swap(..)
            | EditKind::Exchange(_)
            | EditKind::Reverse
            | EditKind::RotateLeft(_)
            | EditKind::RotateRight(_)
            | EditKind::Permute(_)
            | EditKind::Unpermute(_) => None,
        }
    }
}

impl BinOp {
    /// The operator as it is written in Rust.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            BinOp::Add => "+",
            BinOp::Sub => "-",
            BinOp::Mul => "*",
            BinOp::Div => "/",
            BinOp::Rem => "%",
            BinOp::And => "&&",
            BinOp::Or => "||",
            BinOp::BitAnd => "&",
            BinOp::BitOr => "|",
            BinOp::BitXor => "^",
            BinOp::Shl => "<<",
            BinOp::Shr => ">>",
            BinOp::Eq => "==",
            BinOp::Ne => "!=",
            BinOp::Lt => "<",
            BinOp::Le => "<=",
            BinOp::Gt => ">",
            BinOp::Ge => ">=",
        }
    }
}
