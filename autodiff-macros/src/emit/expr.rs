//! Operations and places as expressions.

use std::borrow::Cow;

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::copies;
use super::fold::{Env, Folder};
use super::tree::Expr;
use super::types;
use crate::ir::{
    AggregateKind, Arg, BinOp, Callee, CalleeKind, Const, Edit, EditKind, FROM_REFERENCE, Float, Function, Intrinsic,
    Op, Operand, Origin, Place, Proj, Type, UnOp, VarId,
};
use crate::rules::Form;

/// The innermost value type behind references.
pub(super) fn behind_refs(ty: &Type) -> &Type {
    match ty {
        Type::Ref { mutable: _, inner } => behind_refs(inner),
        other => other,
    }
}

/// The form of a function that is called where `form` of its forward derivative of the given order is asked for.
fn derivative_form(order: usize, form: Option<&str>) -> Option<String> {
    let forms: Vec<&str> = std::iter::repeat_n("call_jvp", order).chain(form).collect();
    (!forms.is_empty()).then(|| forms.join("_"))
}

impl Folder<'_> {
    pub(super) fn rt(&self, name: &str) -> TokenStream {
        self.paths.function(name)
    }

    /// The function to call: the user's own, or the derivative of the given form.
    pub(super) fn callee(&self, callee: &Callee, form: Option<&str>) -> TokenStream {
        let generics = callee.generics.iter();
        let path = match (callee.kind, form) {
            // The user may have given the companion another name than the function's.
            (CalleeKind::Function, Some(_)) if callee.recursive => quote!(Self),
            (CalleeKind::Parameter, Some(form)) => {
                return super::functions::form(&callee.name, form).into_token_stream();
            }
            (CalleeKind::Associated, Some(form)) => return suffixed_path(&callee.path, form, callee),
            (_, Some(_)) => self.paths.shorten(callee.companion()),
            (_, None) => self.paths.shorten(&callee.path),
        };
        let form = form.map(|form| Ident::new(form, callee.span)).into_iter();
        quote!(#path #(::#form)* #(::<#generics>)*)
    }

    /// A call of a function, or of one of its derivatives.
    pub(super) fn invoke(
        &mut self,
        env: &mut Env,
        callee: &Callee,
        form: Option<&str>,
        args: &[Arg],
        more: Vec<Expr>,
    ) -> Expr {
        let form = derivative_form(callee.order, form);
        // Functions are given and taken with their derivatives.
        let primal = form.is_none() && (callee.kind == CalleeKind::Parameter || !callee.functions.is_empty());
        if primal {
            let call = self.invoke(env, callee, Some("call_vjp"), args, more);
            return Expr::Field(Box::new(call), syn::Member::from(0));
        }
        if callee.kind != CalleeKind::Method {
            let arguments = args;
            let mut args: Vec<Expr> = self.arguments(env, callee, args, 0).into_iter().chain(more).collect();
            if callee.kind == CalleeKind::Associated && form.is_some() && may_have_receiver(callee) {
                let shared = arguments.first().is_some_and(|first| self.is_shared(first));
                double_receiver(args.first_mut().filter(|_| shared));
            }
            return Expr::call(self.callee(callee, form.as_deref()), args);
        }
        let (receiver, rest) = args.split_first().expect("a method has a receiver");
        let mutable = matches!(receiver, Arg::Mut(_));
        let receiver = match receiver {
            Arg::Value(operand) => self.operand(env, operand),
            Arg::Shared(place) if form.is_some() => self.shared_receiver(env, place),
            Arg::Shared(place) => self.receiver(env, place),
            Arg::Mut(place) => self.changed(env, place),
        };
        let name = derivative_name(callee);
        let name = match form {
            Some(form) if mutable => format!("{name}_{}", form.replace("call_", "call_mut_")),
            Some(form) => format!("{name}_{form}"),
            None => callee.name.clone(),
        };
        let args = self.arguments(env, callee, rest, 1).into_iter().chain(more).collect();
        Expr::Method {
            receiver: Box::new(receiver),
            name: name.into(),
            generics: callee.generics.clone(),
            span: callee.span,
            args,
        }
    }

    fn is_shared(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Shared(_) => true,
            Arg::Value(operand) => matches!(self.function.type_of(operand), Type::Ref { mutable: false, .. }),
            Arg::Mut(_) => false,
        }
    }

    /// The receiver of a derivative. Those that a trait's methods have take it behind two references, of which Rust puts
    /// in one by itself.
    fn shared_receiver(&mut self, env: &mut Env, place: &Place) -> Expr {
        let ty = types::of_place(self.function, place);
        match behind_refs(&ty) {
            Type::Named(name) if is_pointer(name) => {
                let layers = std::iter::successors(Some(&ty), |ty| match ty {
                    Type::Ref { inner, .. } => Some(inner),
                    _ => None,
                });
                let value = (0..layers.count()).fold(self.place(env, place), |expr, _| Expr::Deref(Box::new(expr)));
                value.reference(false)
            }
            _ => self.borrow(env, place, false),
        }
    }

    /// The arguments of a call from the given position on.
    fn arguments(&mut self, env: &mut Env, callee: &Callee, args: &[Arg], from: usize) -> Vec<Expr> {
        let count = from + args.len();
        let args = args.iter().enumerate().map(|(index, arg)| match callee.function_at(from + index) {
            _ if callee.is_tangent(from + index, count) => self.optional(env, arg),
            Some(function) => self.function_argument(env, function, arg),
            None => self.arg(env, arg),
        });
        args.collect()
    }

    pub(super) fn op(&mut self, env: &mut Env, op: &Op, dest: Option<VarId>) -> Expr {
        match op {
            Op::Use(operand) => self.operand(env, operand),
            Op::Read(place) if self.is_slot(place.root) => self.slot_read(env, place),
            Op::Read(place) | Op::Move(place) => self.place(env, place),
            Op::Borrow(place) => self.borrow(env, place, false),
            Op::CloneOf(place) => self.clone_of(env, place),
            Op::Unary(op, operand) => {
                let ty = self.function.type_of(operand);
                let inner = self.operator_side(env, operand, &ty);
                let borrowed = matches!(inner, Expr::Ref { .. }) || matches!(ty, Type::Ref { .. });
                if *op == UnOp::Neg && borrowed && is_array_of_named(&ty) {
                    // `-&a` is known to exist only where `-&a[i]` is.
                    let ops = self.rt("ops");
                    return Expr::call(quote!(#ops::neg), vec![inner]);
                }
                unary(*op, inner)
            }
            Op::Binary(op, left, right) => self.binary(env, *op, left, right),
            Op::Cast(operand, ty) => self.cast(env, operand, ty, dest),
            Op::Intrinsic(intrinsic) => self.intrinsic(env, intrinsic, dest),
            Op::Call(callee, args) => self.invoke(env, callee, None, args, Vec::new()),
            Op::Aggregate(kind, items) => {
                let items = items.iter().map(|item| self.operand(env, item)).collect();
                match kind {
                    AggregateKind::Tuple => Expr::Tuple(items),
                    AggregateKind::Array => Expr::Array(items),
                    AggregateKind::VecMacro => Expr::VecList(items),
                    AggregateKind::Constructor(constructor) => Expr::Constructor(constructor.clone(), items),
                }
            }
            Op::Repeat { vec, item, len } => {
                let list = self.repeat(env, *vec, item, len);
                match dest.map(|dest| &self.function[dest].ty) {
                    Some(Type::Deque(_)) => Expr::call(quote!(::std::collections::VecDeque::from), vec![list]),
                    _ => list,
                }
            }
            Op::Opaque(opaque) => {
                opaque.uses.iter().for_each(|var| drop(self.mention(env, *var)));
                Expr::Opaque(opaque.clone())
            }
            Op::Edit(edit) => self.edit(env, edit),
            Op::Helper { name: "len", args } => match &args[..] {
                [Arg::Shared(place)] => self.receiver(env, place).method("len", Vec::new()),
                other => unreachable!("`len` is asked of one place, not of {other:?}"),
            },
            Op::Helper { name: "empty_tangent", .. } => {
                let rt = &self.paths.rt;
                Expr::call(quote!(#rt::DynTangent::default), Vec::new())
            }
            Op::Helper { name: "with_capacity", args } => {
                let args = args.iter().map(|arg| self.arg(env, arg)).collect();
                Expr::call(quote!(::std::vec::Vec::with_capacity), args)
            }
            Op::Helper { name: "tape_for", args } => {
                let tape = self.tape(dest);
                let args = args.iter().map(|arg| self.arg(env, arg)).collect();
                Expr::call(quote!(#tape::with_capacity), args)
            }
            Op::Helper { name: "entries", args } => {
                let args = args.iter().map(|arg| self.arg(env, arg)).collect();
                Expr::call(quote!(::core::primitive::usize::saturating_mul), args)
            }
            Op::Helper { name: "distance", args } => {
                let args = args.iter().map(|arg| self.arg(env, arg)).collect();
                Expr::call(quote!(::core::primitive::usize::saturating_sub), args)
            }
            Op::Helper { name: "fewer", args } => {
                let args = args.iter().map(|arg| self.arg(env, arg)).collect();
                Expr::call(quote!(::core::cmp::min), args)
            }
            Op::Helper { name: "row", args } => match &args[..] {
                [Arg::Mut(stack), Arg::Value(count)] => {
                    let count = self.operand(env, count);
                    self.mention(env, stack.root).method("row", vec![count])
                }
                other => unreachable!("a row is of one tape, and has one length, not {other:?}"),
            },
            Op::Helper { name: "clear_tape", args } => {
                let tape = args.iter().find_map(|arg| match arg {
                    Arg::Mut(tape) => Some(tape.root),
                    Arg::Value(_) | Arg::Shared(_) => None,
                });
                let fixed = tape.and_then(|tape| self.function[tape].ascription.as_ref());
                let tape = match fixed.map(ToString::to_string) {
                    Some(ty) if ty.contains("GridTape") => self.rt("GridTape"),
                    Some(ty) if ty.contains("StackTape") => self.rt("StackTape"),
                    Some(_) => self.rt("ArrayTape"),
                    None => self.tape(tape),
                };
                let args = args.iter().map(|arg| self.arg(env, arg)).collect();
                Expr::call(quote!(#tape::clear), args)
            }
            Op::Helper { name: "counts", args } => {
                let (counts, lane) = (self.rt("counts"), crate::ir::literals::lane());
                let args = args.iter().map(|arg| self.arg(env, arg)).collect();
                Expr::call(quote!(#counts::<#lane, _>), args)
            }
            Op::Helper { name, args } => {
                let args = args.iter().map(|arg| self.arg(env, arg)).collect();
                Expr::call(self.rt(name), args)
            }
            Op::ZeroOf(place) => self.zero_of(env, place, dest),
            Op::NewTape => {
                let tape = self.tape(dest);
                Expr::call(quote!(#tape::new), Vec::new())
            }
            // A reference, so that the method `pop` is the reader's own, whatever traits are in scope.
            Op::Rewind(tape) => self.mention(env, *tape).method("reader", Vec::new()).reference(true),
            Op::Pop(reader) => self.pop(env, *reader, dest),
            Op::TakeCotangent(place) => self.take(env, place),
        }
    }

    /// The type of a growing tape. That of numbers, whose memory is used again, is named only where the type of the numbers
    /// is certain.
    fn tape(&self, tape: Option<VarId>) -> TokenStream {
        let entry = tape.map(|tape| &self.function[tape].ty);
        let pooled = matches!(entry, Some(Type::Tape(entry)) if matches!(
            **entry,
            Type::Float(Float::F32 | Float::F64) | Type::Bool | Type::Int(Some("usize"))
        ));
        self.rt(if pooled { "NumberTape" } else { "Tape" })
    }

    /// `[item; len]`. The tangent of what can be copied may be one that cannot.
    fn repeat(&mut self, env: &mut Env, vec: bool, item: &Operand, len: &Operand) -> Expr {
        let named = crate::analysis::types::mentions_named(&self.function.type_of(item));
        let derived = Function::var_of(item).is_some_and(|var| self.function[var].origin == Origin::Derived);
        let (value, length) = (self.operand(env, item), self.operand(env, len));
        match len {
            Operand::Const(Const { tokens, .. }) if named && derived && !vec => {
                let repeated = self.rt("repeated");
                Expr::call(quote!(#repeated::<_, { #tokens }>), vec![value])
            }
            _ => Expr::Repeat { vec, item: Box::new(value), len: Box::new(length) },
        }
    }

    /// A change of a list, as a call of the list's own method where it has one.
    fn edit(&mut self, env: &mut Env, edit: &Edit) -> Expr {
        let is_deque =
            matches!(crate::analysis::types::strip_refs(&self.function.place_type(&edit.list)), Type::Deque(_));
        let name = match edit.kind.name() {
            "push" if is_deque => "push_back",
            "pop" if is_deque => "pop_back",
            name => name,
        };
        match &edit.kind {
            EditKind::Permute(order) | EditKind::Unpermute(order) => {
                let (list, order) = (self.borrow(env, &edit.list, true), self.borrow(env, order, false));
                Expr::call(self.rt(name), vec![list, order])
            }
            EditKind::Exchange(other) => {
                let (list, other) = (self.borrow(env, &edit.list, true), self.borrow(env, other, true));
                Expr::call(quote!(::core::mem::swap), vec![list, other])
            }
            EditKind::Replace(value) => {
                let (list, value) = (self.borrow(env, &edit.list, true), self.operand(env, value));
                Expr::call(quote!(::core::mem::replace), vec![list, value])
            }
            EditKind::Extend(items) => {
                let list = self.changed(env, &edit.list);
                let items = self.borrow(env, items, false);
                list.method(name, vec![items])
            }
            kind => {
                let list = self.changed(env, &edit.list);
                let args = kind.operands().into_iter().map(|operand| self.operand(env, operand)).collect();
                let call = list.method(name, args);
                let optional = matches!(kind, EditKind::Pop | EditKind::PopFront)
                    || is_deque && matches!(kind, EditKind::Remove(_));
                if optional { call.method("unwrap", Vec::new()) } else { call }
            }
        }
    }

    /// `x as f64`; between types of which one has a name only, by a function of the runtime.
    fn cast(&mut self, env: &mut Env, operand: &Operand, target: &TokenStream, dest: Option<VarId>) -> Expr {
        let is_named = |ty: &Type| matches!(behind_refs(ty), Type::Float(Float::Named(_)));
        let to_named = dest.is_some_and(|dest| is_named(&self.function[dest].ty));
        let inner = self.operand(env, operand);
        if to_named || is_named(&self.function.type_of(operand)) {
            let cast = self.rt("cast");
            Expr::call(quote!(#cast::<#target>), vec![inner])
        } else {
            Expr::Cast(Box::new(inner), target.clone())
        }
    }

    fn pop(&mut self, env: &mut Env, reader: VarId, dest: Option<VarId>) -> Expr {
        let entry = self.mention(env, reader).method("pop", Vec::new());
        let of_references = matches!(&self.function[reader].ty, Type::Tape(kept) if matches!(**kept, Type::Ref { .. }));
        match dest.map(|dest| &self.function[dest].ty) {
            Some(Type::Ref { .. }) if !of_references => entry,
            Some(ty) if super::effects::is_copy(ty) => Expr::Deref(Box::new(entry)),
            Some(_) => entry.method("clone", Vec::new()),
            None => entry,
        }
    }

    fn take(&mut self, env: &mut Env, place: &Place) -> Expr {
        let ty = types::of_place(self.function, place);
        let slot = self.is_slot(place.root);
        let zeroed = match ty {
            Type::Float(Float::F32 | Float::F64) | Type::FloatLiteral => quote!(::core::mem::take),
            _ => self.rt("take_cotangent"),
        };
        let target = self.borrow(env, place, true);
        let taken = Expr::call(zeroed, vec![target]);
        if slot { self.in_slot(place.root, true, taken, &ty) } else { taken }
    }

    fn zero_of(&mut self, env: &mut Env, place: &Place, dest: Option<VarId>) -> Expr {
        let ty = match dest.map(|dest| &self.function[dest].ty).filter(|ty| crate::analysis::types::has_lanes(ty)) {
            Some(ty) => ty.clone(),
            None => types::of_place(self.function, place),
        };
        let ascribed = dest.is_some_and(|dest| self.function[dest].ascription.is_some());
        let holder = self.receiver(env, place);
        match types::zero(behind_refs(&ty), &holder, !ascribed, self.paths) {
            Some(zero) => zero,
            None => {
                let by_reference = matches!(ty, Type::Ref { mutable: false, .. });
                let argument = if by_reference { holder } else { reborrow(holder) };
                Expr::call(zero_function(behind_refs(&ty), self.paths), vec![argument])
            }
        }
    }

    pub(super) fn clone_of(&mut self, env: &mut Env, place: &Place) -> Expr {
        let ty = types::of_place(self.function, place);
        if crate::moved::is_moved_only(behind_refs(&ty)) {
            let place = self.borrow(env, place, false);
            let rt = &self.paths.rt;
            return Expr::call(quote!(#rt::Keep::keep), vec![place]);
        }
        if matches!(behind_refs(&ty), Type::Tensor(tensor) if matches!(*tensor.elem, Type::Float(_) | Type::FloatLiteral))
        {
            let place = self.borrow(env, place, false);
            return Expr::call(self.rt("copy_of"), vec![place]);
        }
        let receiver = self.receiver(env, place);
        if let Some(copy) = copies::by_parts(&receiver, behind_refs(&ty), &self.paths.rt) {
            return copy;
        }
        let method = match behind_refs(&ty) {
            Type::Slice(_) => "to_vec",
            Type::Tensor(tensor) if tensor.view => "to_owned",
            _ => "clone",
        };
        receiver.method(method, Vec::new())
    }

    fn binary(&mut self, env: &mut Env, op: BinOp, left: &Operand, right: &Operand) -> Expr {
        let (left_ty, right_ty) = (self.function.type_of(left), self.function.type_of(right));
        let mut side = |operand: &Operand, ty: &Type| match op.arithmetic().is_some() {
            true => self.operator_side(env, operand, ty),
            false => self.compared(env, operand, ty),
        };
        let (left, right) = (side(left, &left_ty), side(right, &right_ty));
        let lane = |ty: &Type| matches!(behind_refs(ty), Type::Float(Float::Lane));
        if op == BinOp::Mul && lane(&right_ty) && !lane(&left_ty) {
            // With a bound for the product of a number and a tangent, rustc would take every product for one of these.
            return Expr::binary(op, right, left);
        }
        // `x + -y` reads better, and is exactly, `x - y`.
        match (op, right) {
            (BinOp::Add, Expr::Unary(UnOp::Neg, right)) => Expr::Binary(BinOp::Sub, Box::new(left), right),
            (BinOp::Sub, Expr::Unary(UnOp::Neg, right)) => Expr::Binary(BinOp::Add, Box::new(left), right),
            (_, right) => Expr::binary(op, left, right),
        }
    }

    /// An operand of a comparison: what a tape lends in place of a value is compared as that value.
    fn compared(&mut self, env: &mut Env, operand: &Operand, ty: &Type) -> Expr {
        let derived = |var: VarId| self.function[var].origin == Origin::Derived;
        let lent = matches!(ty, Type::Ref { .. }) && Function::var_of(operand).is_some_and(derived);
        let expr = self.operand(env, operand);
        if lent { Expr::Deref(Box::new(expr)) } else { expr }
    }

    /// An operand of an operator: arrays that have a name are not consumed but borrowed.
    fn operator_side(&mut self, env: &mut Env, operand: &Operand, ty: &Type) -> Expr {
        let total = match operand {
            Operand::Var(var) => self.totals.get(*var),
            Operand::Const(_) => 0,
        };
        let expr = self.operand(env, operand);
        match ty {
            Type::Tensor(tensor) if expr.is_place() || tensor.view => expr.reference(false),
            Type::Unknown if expr.is_place() && total > 1 => expr.reference(false),
            _ => expr,
        }
    }

    fn intrinsic(&mut self, env: &mut Env, intrinsic: &Intrinsic, dest: Option<VarId>) -> Expr {
        if let Some(path) = &intrinsic.path {
            let args = intrinsic.args.iter().map(|arg| self.arg(env, arg)).collect();
            return Expr::call(self.paths.shorten(path), args);
        }
        if let Some(function) = self.in_lanes.then(|| in_lanes(intrinsic.row.name)).flatten() {
            let args = intrinsic.args.iter().map(|arg| self.arg(env, arg)).collect();
            return Expr::call(self.rt(function), args);
        }
        match (intrinsic.row.form, intrinsic.args.split_first()) {
            (Form::Method, Some((receiver, args))) => {
                let receiver = match receiver {
                    Arg::Value(operand) => {
                        let expr = strip(self.operand(env, operand));
                        suffixed(expr, dest.map(|dest| &self.function[dest].ty))
                    }
                    Arg::Shared(place) => self.receiver(env, place),
                    Arg::Mut(place) => self.changed(env, place),
                };
                let args = args.iter().map(|arg| self.arg(env, arg)).collect();
                let name = intrinsic.row.name.into();
                Expr::Method { receiver: Box::new(receiver), name, generics: None, span: intrinsic.span, args }
            }
            (Form::Runtime, _) | (Form::Method, None) => {
                let args = intrinsic.args.iter().map(|arg| self.arg(env, arg)).collect();
                Expr::call(self.rt(intrinsic.row.name), args)
            }
        }
    }

    pub(super) fn arg(&mut self, env: &mut Env, arg: &Arg) -> Expr {
        match arg {
            Arg::Value(operand) => self.operand(env, operand),
            Arg::Shared(place) => self.borrow(env, place, false),
            Arg::Mut(place) => self.borrow(env, place, true),
        }
    }

    pub(super) fn is_slot(&self, var: VarId) -> bool {
        matches!(self.function[var].ty, Type::Slot(_))
    }

    /// A place as an expression that may be read or written.
    pub(super) fn place(&mut self, env: &mut Env, place: &Place) -> Expr {
        let path = self.path(place);
        self.project(env, place.root, &path, true)
    }

    /// A place before a `.method(..)`, which dereferences by itself.
    pub(super) fn receiver(&mut self, env: &mut Env, place: &Place) -> Expr {
        let path = self.path(place);
        self.project(env, place.root, &path, false)
    }

    /// A place that is written.
    pub(super) fn target(&mut self, env: &mut Env, place: &Place) -> Expr {
        self.place(env, place).writable()
    }

    /// A place before a `.method(..)` that changes it.
    fn changed(&mut self, env: &mut Env, place: &Place) -> Expr {
        self.receiver(env, place).writable()
    }

    /// `&place` or `&mut place`; just the reference where the place is what a reference points to.
    pub(super) fn borrow(&mut self, env: &mut Env, place: &Place, mutable: bool) -> Expr {
        let path = self.path(place);
        let (reference, explicit) = match path.split_last() {
            Some((Proj::Deref, front)) => (front, true),
            _ => (&path[..], false),
        };
        let holder = Place { root: place.root, path: reference.to_vec() };
        let ty = types::of_place(self.function, &holder);
        let expr = self.project(env, place.root, reference, true);
        let expr = if mutable { expr.writable() } else { expr };
        match ty {
            Type::Ref { mutable: m, .. } if m == mutable => expr,
            Type::Ref { mutable: true, .. } => Expr::Deref(Box::new(expr)).reference(false),
            Type::Slot(_) if mutable => expr,
            Type::Slot(_) => Expr::Deref(Box::new(expr)).reference(false),
            _ if explicit => self.reference(Expr::Deref(Box::new(expr)), mutable),
            _ => self.reference(expr, mutable),
        }
    }

    /// `&expr`, without the detour of `&*reference`.
    fn reference(&self, expr: Expr, mutable: bool) -> Expr {
        match expr {
            Expr::Deref(inner) => match *inner {
                Expr::Var(var) if !mutable && matches!(self.function[var].ty, Type::Ref { mutable: false, .. }) => {
                    Expr::Var(var)
                }
                inner => Expr::Deref(Box::new(inner)).reference(mutable),
            },
            other => other.reference(mutable),
        }
    }

    /// The path with the dereference of a slot's content made explicit.
    fn path(&self, place: &Place) -> Vec<Proj> {
        let implicit = self.is_slot(place.root) && !matches!(place.path.first(), Some(Proj::Deref));
        implicit.then_some(Proj::Deref).into_iter().chain(place.path.iter().cloned()).collect()
    }

    fn project(&mut self, env: &mut Env, root: VarId, path: &[Proj], last_deref: bool) -> Expr {
        let whole = self.mention(env, root);
        let (mut expr, path) = match (self.unpacked.parts(root), path) {
            (Some(parts), [Proj::Field(syn::Member::Unnamed(index)), rest @ ..]) => {
                (Expr::Var(parts[index.index as usize]), rest)
            }
            _ => (whole, path),
        };
        for (at, proj) in path.iter().enumerate() {
            // Rust dereferences by itself before `.field`, `[index]` and `.method()`.
            let explicit = last_deref && path[at..].iter().all(|rest| matches!(rest, Proj::Deref));
            expr = match proj {
                Proj::Deref if explicit => deref(expr),
                Proj::Deref => expr,
                Proj::Field(member) => Expr::Field(Box::new(strip(expr)), member.clone()),
                Proj::Payload(_) | Proj::Part(_) => {
                    let name = step_method(proj);
                    let receiver = Box::new(strip(expr));
                    Expr::Deref(Box::new(Expr::Payload { receiver, name }))
                }
                Proj::Index(index) => {
                    let index = self.operand(env, index);
                    Expr::Index(Box::new(strip(expr)), Box::new(index))
                }
                Proj::IndexNd(indices) => {
                    let indices = indices.iter().map(|index| self.operand(env, index)).collect();
                    Expr::Index(Box::new(strip(expr)), Box::new(Expr::Array(indices)))
                }
                Proj::Range { lo, hi, inclusive } => {
                    let lo = lo.as_ref().map(|lo| Box::new(self.operand(env, lo)));
                    let hi = hi.as_ref().map(|hi| Box::new(self.operand(env, hi)));
                    let range = Expr::Range { lo, hi, inclusive: *inclusive };
                    Expr::Index(Box::new(strip(expr)), Box::new(range))
                }
            };
        }
        expr
    }
}

/// What the names of a method's derivatives begin with.
fn derivative_name(callee: &Callee) -> String {
    let name = if callee.path.is_empty() { callee.name.clone() } else { callee.path.to_string() };
    name.trim_start_matches("r#").to_owned()
}

/// The method that leads into a variant.
fn step_method(step: &Proj) -> Cow<'static, str> {
    match step {
        Proj::Part(method) => crate::ir::step_into(method, false).to_string().into(),
        Proj::Payload(method) => method.to_string().into(),
        Proj::Deref | Proj::Field(_) | Proj::Index(_) | Proj::IndexNd(_) | Proj::Range { .. } => Cow::Borrowed(""),
    }
}

/// `Box<T>`, `Rc<T>`, `Arc<T>`
fn is_pointer(name: &TokenStream) -> bool {
    let first = name.clone().into_iter().next().map(|tree| tree.to_string());
    first.is_some_and(|first| ["Box", "Rc", "Arc"].contains(&first.as_str()))
}

/// The path may name a trait's method: it does not begin with the type itself. A conversion has no receiver.
fn may_have_receiver(callee: &Callee) -> bool {
    let first = callee.path.clone().into_iter().next();
    callee.name != FROM_REFERENCE && first.is_some_and(|first| first.to_string() != "Self")
}

/// A trait's derivatives take a receiver behind two references. Where one is asked for, Rust takes the other away.
fn double_receiver(receiver: Option<&mut Expr>) {
    if let Some(receiver) = receiver {
        *receiver = receiver.clone().reference(false);
    }
}

/// `Spring::new` with the form as a suffix of its name: `Spring::new_call_vjp`.
fn suffixed_path(path: &TokenStream, form: &str, callee: &Callee) -> TokenStream {
    let name = Ident::new(&format!("{}_{form}", callee.name.trim_start_matches("r#")), callee.span);
    let mut trees: Vec<TokenTree> = path.clone().into_iter().collect();
    trees.pop();
    let (owner, generics) = (TokenStream::from_iter(trees), callee.generics.iter());
    quote!(#owner #name #(::<#generics>)*)
}

/// Arrays of numbers whose type has a name only.
fn is_array_of_named(ty: &Type) -> bool {
    matches!(behind_refs(ty), Type::Tensor(tensor) if matches!(*tensor.elem, Type::Float(Float::Named(_))))
}

pub(super) fn unary(op: UnOp, inner: Expr) -> Expr {
    match (op, inner) {
        (UnOp::Neg, Expr::Unary(UnOp::Neg, inner)) | (UnOp::Not, Expr::Unary(UnOp::Not, inner)) => *inner,
        (UnOp::Not, Expr::Binary(BinOp::Eq, a, b)) => Expr::Binary(BinOp::Ne, a, b),
        (UnOp::Not, Expr::Binary(BinOp::Ne, a, b)) => Expr::Binary(BinOp::Eq, a, b),
        (op, inner) => Expr::Unary(op, Box::new(inner)),
    }
}

/// The expression without its sign, if it has one: `-x`, or a product or quotient with a negated factor.
/// Negation commutes with rounding, so moving the sign changes no result.
pub(super) fn without_sign(expr: Expr) -> Result<Expr, Expr> {
    match expr {
        Expr::Unary(UnOp::Neg, inner) => Ok(*inner),
        Expr::Binary(op @ (BinOp::Mul | BinOp::Div), left, right) => match without_sign(*left) {
            Ok(left) => Ok(Expr::Binary(op, Box::new(left), right)),
            Err(left) => match without_sign(*right) {
                Ok(right) => Ok(Expr::binary(op, left, right)),
                Err(right) => Err(Expr::binary(op, left, right)),
            },
        },
        other => Err(other),
    }
}

fn deref(expr: Expr) -> Expr {
    match expr {
        Expr::Ref { mutable: _, inner } => *inner,
        other => Expr::Deref(Box::new(other)),
    }
}

/// Before `.field`, `[index]` and `.method()` neither `&` nor `*` is needed.
fn strip(expr: Expr) -> Expr {
    match expr {
        Expr::Ref { mutable: _, inner } | Expr::Deref(inner) => strip(*inner),
        other => other,
    }
}

/// The function that makes a zero. That of arrays says by its signature what it makes, so that the result can be indexed
/// where rustc does not know yet what the elements are.
pub(super) fn zero_function(ty: &Type, paths: &super::paths::Paths) -> TokenStream {
    match ty {
        Type::Tensor(_) => paths.function("zeros_like"),
        _ if crate::analysis::types::has_lanes(ty) => {
            let (lane, zero) = (crate::ir::literals::lane(), paths.function("zero_in_directions"));
            quote!(#zero::<#lane, _>)
        }
        _ => paths.function("zero_tangent"),
    }
}

fn reborrow(expr: Expr) -> Expr {
    match expr {
        Expr::Ref { .. } => expr,
        other => other.reference(false),
    }
}

/// The function of the runtime that the compiler computes for several elements at once.
fn in_lanes(function: &str) -> Option<&'static str> {
    match function {
        "exp" => Some("exp_in_lanes"),
        "ln" => Some("ln_in_lanes"),
        "tanh" => Some("tanh_in_lanes"),
        _ => None,
    }
}

/// A float literal before a method call needs a suffix: `2.0.sin()` is ambiguous.
fn suffixed(expr: Expr, ty: Option<&Type>) -> Expr {
    let Expr::Tokens(tokens) = &expr else { return expr };
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let (sign, literal) = match &trees[..] {
        [TokenTree::Literal(literal)] => ("", literal),
        [TokenTree::Punct(minus), TokenTree::Literal(literal)] if minus.as_char() == '-' => ("-", literal),
        _ => return expr,
    };
    let text = literal.to_string();
    if text.ends_with("f32") || text.ends_with("f64") || !text.contains(['.', 'e', 'E']) {
        return expr;
    }
    let suffix = match ty {
        Some(Type::Float(Float::F32)) => "f32",
        Some(Type::Float(Float::Named(_) | Float::Lane)) => return expr,
        _ => "f64",
    };
    let dot = if text.ends_with('.') { "0" } else { "" };
    match format!("{text}{dot}_{suffix}").parse::<Literal>() {
        Ok(mut literal) => {
            literal.set_span(trees[trees.len() - 1].span());
            let positive = Expr::Tokens(TokenStream::from(TokenTree::Literal(literal)));
            if sign.is_empty() { positive } else { unary(UnOp::Neg, positive) }
        }
        Err(_) => expr,
    }
}
