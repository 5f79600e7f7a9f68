//! ndarray's arrays and views.

use super::env::Lowered;
use super::lowerer::{Checkpoint, Lowerer, block_of, joined};
use super::method::property_type;
use super::place::rank_of;
use crate::analysis::types;
use crate::ir::{Arg, Intrinsic, MapInput, Op, Operand, Origin, Place, Stmt, Storage, Tensor, Type, VarId};
use crate::rules::{Derivative, scalar, tensor};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

/// Methods that only arrays have: a receiver of unknown type that has one of them is an array.
pub(super) fn is_tensor_method(name: &str) -> bool {
    // Types of users have rows and columns too.
    (tensor::row(name).is_some() && !matches!(name, "row" | "column" | "diff"))
        || matches!(
            name,
            "dot"
                | "t"
                | "sum"
                | "sum_axis"
                | "mean"
                | "mean_axis"
                | "mapv"
                | "mapv_inplace"
                | "mapv_into"
                | "view"
                | "nrows"
                | "ncols"
                | "shape"
                | "dim"
                | "raw_dim"
                | "len_of"
                | "assign"
        )
}

/// Shapes and lengths.
pub(super) fn is_property(name: &str) -> bool {
    const NAMES: [&str; 10] =
        ["len", "nrows", "ncols", "shape", "dim", "raw_dim", "len_of", "ndim", "is_empty", "strides"];
    NAMES.contains(&name) || name == "is_standard_layout"
}

impl Lowerer<'_> {
    pub(super) fn tensor_method(
        &mut self,
        receiver: Lowered,
        call: &ExprMethodCall,
        before: &Checkpoint,
        hint: Option<&Type>,
    ) -> Lowered {
        let name = call.method.to_string();
        let span = call.span();
        match name.as_str() {
            name if is_property(name) => self.tensor_property(receiver, call),
            "mapv" | "mapv_into" | "map" if call.args.len() == 1 => self.map_elements(receiver, call),
            "mapv_inplace" | "map_inplace" if call.args.len() == 1 => self.map_in_place(receiver, call),
            "assign" if call.args.len() == 1 => {
                let source = self.value(&call.args[0]);
                let source = self.place_of(source, span);
                let ty = types::owned(&self.function.place_type(&source));
                let value = self.temp("copy", ty, Op::CloneOf(source), span);
                let place = self.place_of(receiver, span);
                self.emit(Stmt::Assign { place, value });
                Lowered::Unit
            }
            "fill" if call.args.len() == 1 => {
                let value = self.number(&call.args[0]);
                let place = self.place_of(receiver, span);
                let dest = self.map("filled", place.clone(), span, |_, _| value);
                self.emit(Stmt::Assign { place, value: Operand::Var(dest) });
                Lowered::Unit
            }
            "mean" | "mean_axis" if tensor::row(&name).is_some() && !self.lowered_is_constant(&receiver) => self
                .refuse(
                    &call.method,
                    format!("`{name}` gives an `Option` here"),
                    "write `.unwrap()` directly after it",
                ),
            _ if tensor::row(&name).is_some() => self.tensor_rule(receiver, call),
            "pow2" if call.args.is_empty() => self.squared_elements(receiver, span),
            _ if self.is_elementwise(&name, call) => self.elementwise(receiver, call),
            _ if self.lowered_is_constant(&receiver) && self.is_inactive(&call.to_token_stream()) => {
                self.rollback(before);
                let ty = hint.cloned().or_else(|| property_type(&name)).unwrap_or(Type::Unknown);
                self.opaque_or(call, Some(&ty), "this is not supported", "write it in simpler steps")
            }
            _ => self.refuse(
                &call.method,
                format!("`{name}` on arrays of differentiable values is not supported yet"),
                "write it with operators, `mapv`, `dot`, `sum`, `sum_axis` or loops over indices",
            ),
        }
    }

    /// Shapes and lengths: they carry no derivative.
    fn tensor_property(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Lowered {
        let name = call.method.to_string();
        let known = matches!(self.bare_type(&receiver), Type::Tensor(_));
        let rank = rank_of(&self.lowered_type(&receiver));
        let place = self.place_of(receiver, call.span());
        let usize_type = Type::Int(Some("usize"));
        let ty = match name.as_str() {
            "shape" | "strides" => Type::Ref { mutable: false, inner: Box::new(Type::Slice(Box::new(usize_type))) },
            "dim" => match rank {
                Some(1) => usize_type,
                Some(rank) if rank > 1 => Type::Tuple(vec![usize_type; rank]),
                _ => Type::Inactive,
            },
            "raw_dim" => Type::Inactive,
            "is_empty" | "is_standard_layout" => Type::Bool,
            _ => usize_type,
        };
        if !known {
            self.guessed = Some(call.method.clone());
        }
        let (method, args, root) = (&call.method, &call.args, self.root.clone());
        Lowered::Operand(self.observe(&name, &place, ty, call.span(), |place| match known {
            true => quote!(#place.#method(#args)),
            // A type of the user's may have a method of this name that gives a number.
            false => quote!(#root::rt::property(#place.#method(#args))),
        }))
    }

    /// An operation with a row in the table.
    pub(super) fn tensor_rule(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Lowered {
        let name = call.method.to_string();
        let span = call.method.span();
        let Some(row) = tensor::row(&name) else {
            return self.refuse(
                &call.method,
                format!("`{name}` on arrays of differentiable values is not supported yet"),
                "write it with operators, `mapv`, `dot`, `sum`, `sum_axis` or loops over indices",
            );
        };
        if let Derivative::Refused(reason) = row.derivative {
            return self.refuse(&call.method, format!("`{name}` {reason}"), "");
        }
        let receiver = self.receiver_arg(receiver, call.receiver.span());
        let mut args = vec![receiver];
        for arg in &call.args {
            let lowered = self.value(arg);
            args.push(match lowered {
                reference @ Lowered::Ref(..) => self.receiver_arg(reference, arg.span()),
                other => Arg::Value(self.read(other, arg.span())),
            });
        }
        let tys: Vec<Type> = args.iter().map(|arg| types::strip_refs(&self.arg_type(arg)).clone()).collect();
        let ty = tensor_type(&name, &tys);
        let wish = match &args[0] {
            Arg::Shared(place) => joined(&name, &self.place_name(place)),
            Arg::Value(_) | Arg::Mut(_) => name,
        };
        Lowered::Operand(self.temp(&wish, ty, Op::Intrinsic(Intrinsic { row, args, path: None, span }), span))
    }

    // Element by element

    fn is_elementwise(&self, name: &str, call: &ExprMethodCall) -> bool {
        scalar::row(name).is_some_and(|row| {
            row.args.len() == call.args.len() + 1 && !matches!(row.derivative, Derivative::Refused(_))
        })
    }

    /// `a.exp()`, `a.powi(2)`
    fn elementwise(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Lowered {
        let span = call.method.span();
        let name = call.method.to_string();
        let place = self.place_of(receiver, span);
        let args: Vec<Operand> = call.args.iter().map(|arg| self.number(arg)).collect();
        if let Some(position) = args.iter().position(|arg| matches!(types::strip_refs(&self.ty(arg)), Type::Tensor(_)))
        {
            return self.refuse(
                &call.args[position],
                format!("`{name}` of two arrays is not supported"),
                "write a loop over the indices",
            );
        }
        let wish = joined(&name, &self.place_name(&place));
        let dest = self.map(&wish, place, span, |this, elem| {
            let mut all = vec![Arg::Value(elem)];
            all.extend(args.into_iter().map(Arg::Value));
            let lowered = this.scalar_intrinsic(&name, all, span);
            this.read(lowered, span)
        });
        Lowered::Operand(Operand::Var(dest))
    }

    /// `a.pow2()`
    fn squared_elements(&mut self, receiver: Lowered, span: Span) -> Lowered {
        let place = self.place_of(receiver, span);
        let wish = joined("pow2", &self.place_name(&place));
        let dest =
            self.map(&wish, place, span, |this, elem| this.binary_op(crate::ir::BinOp::Mul, elem.clone(), elem, span));
        Lowered::Operand(Operand::Var(dest))
    }

    /// `a.mapv(|v| ..)`, `a.map(|v| ..)`
    fn map_elements(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Lowered {
        let span = call.method.span();
        let place = self.place_of(receiver, span);
        let wish = format!("{}_mapped", self.place_name(&place));
        let by_reference = call.method == "map";
        let dest = self.map(&wish, place, span, |this, elem| {
            let elem = Lowered::Operand(elem);
            let elem = if by_reference { elem.shared() } else { elem };
            this.mapped(&call.args[0], elem)
        });
        Lowered::Operand(Operand::Var(dest))
    }

    fn map_in_place(&mut self, receiver: Lowered, call: &ExprMethodCall) -> Lowered {
        let span = call.method.span();
        let place = self.place_of(receiver, span);
        if call.method == "map_inplace" {
            return self.refuse(&call.method, "`map_inplace` is not supported yet", "write `mapv_inplace(|v| ..)`");
        }
        let wish = format!("{}_mapped", self.place_name(&place));
        let dest =
            self.map(&wish, place.clone(), span, |this, elem| this.mapped(&call.args[0], Lowered::Operand(elem)));
        self.emit(Stmt::Assign { place, value: Operand::Var(dest) });
        Lowered::Unit
    }

    fn mapped(&mut self, function: &Expr, elem: Lowered) -> Operand {
        let lowered = self.apply(function, vec![elem]);
        self.numeric(lowered, function.span())
    }

    /// `dest = f(elements of place)`
    fn map(&mut self, name: &str, place: Place, span: Span, body: impl FnOnce(&mut Self, Operand) -> Operand) -> VarId {
        let ty = self.function.place_type(&place);
        let rank = rank_of(&ty);
        let elem_ty = types::element(&ty).unwrap_or(Type::Unknown);
        let elem_name = joined("each", &self.place_name(&place));
        let elem = self.fresh(&elem_name, elem_ty, Storage::Value, Origin::Temp, span);
        if self.place_is_constant(&place) {
            self.constants.insert(elem);
        }
        let (stmts, result) = self.block(|this| body(this, Operand::Var(elem)));
        let result_ty = self.ty(&result);
        let constant = self.operand_is_constant(&result);
        let ty = Type::Tensor(Tensor { elem: Box::new(result_ty), rank, view: false });
        let dest = self.fresh(name, ty, Storage::Value, Origin::Temp, span);
        if constant {
            self.constants.insert(dest);
        }
        let inputs = vec![MapInput { elem, of: place }];
        self.emit(Stmt::Map { dest, inputs, body: block_of(stmts, Some(result)) });
        dest
    }

    // Making arrays

    /// `Array2::<f64>::zeros((n, m))` and its relatives.
    pub(super) fn array_function(&mut self, path: &syn::Path, call: &syn::ExprCall, hint: Option<&Type>) -> Lowered {
        let name = path.segments.last().map_or(String::new(), |segment| segment.ident.to_string());
        let checkpoint = self.checkpoint();
        let args: Vec<Arg> = call.args.iter().map(|arg| self.arg(arg)).collect();
        let mut ty = self.owner_type(path);
        if let Some(hint) = hint {
            types::merge(&mut ty, hint);
        }
        if let Type::Tensor(tensor) = &mut ty {
            if matches!(*tensor.elem, Type::Unknown) {
                *tensor.elem = self.made_element(&name, &args);
            }
            tensor.rank = tensor.rank.or_else(|| self.shape_rank(&name, &args));
        }
        if self.is_inactive(&call.to_token_stream()) {
            self.rollback(&checkpoint);
            if let Some(operand) = self.try_opaque(&call, ty.clone()) {
                return Lowered::Operand(operand);
            }
        }
        if let Some(operand) = self.function_by_parts(path.to_token_stream(), &args, Some(&ty), call.span()) {
            if let Operand::Var(var) = &operand
                && let Some(Stmt::Let { op: Op::Opaque(opaque), .. }) = self.last_stmt()
            {
                // Making an array allocates: that is not repeated in the reverse sweep.
                opaque.pure = false;
                self.function[*var].name = name;
            }
            return Lowered::Operand(operand);
        }
        match tensor::row(&name) {
            Some(row) => {
                let op = Op::Intrinsic(Intrinsic { row, args, path: None, span: path.span() });
                Lowered::Operand(self.temp(&name, ty, op, path.span()))
            }
            None => self.refuse(
                path,
                format!("`{name}` with differentiable arguments is not supported yet"),
                "make a zero array and assign its elements, or use operators and `mapv`",
            ),
        }
    }

    /// The element type that the arguments tell.
    fn made_element(&self, name: &str, args: &[Arg]) -> Type {
        let last = args.last().map(|arg| self.arg_type(arg));
        let first = args.first().map(|arg| self.arg_type(arg));
        match (name, last) {
            // The last argument of `linspace` is the number of elements.
            ("linspace" | "range", _) => first.unwrap_or(Type::FloatLiteral),
            ("from_elem", Some(ty)) => ty,
            ("from_vec" | "from_shape_vec" | "from_iter", Some(ty)) => {
                types::element(&ty).unwrap_or(Type::FloatLiteral)
            }
            _ => Type::FloatLiteral,
        }
    }

    /// The rank that the shape argument tells.
    fn shape_rank(&self, name: &str, args: &[Arg]) -> Option<usize> {
        if matches!(name, "from_vec" | "linspace" | "range" | "from_iter") {
            return Some(1);
        }
        match args.first().map(|arg| self.arg_type(arg)) {
            Some(Type::Int(_)) => Some(1),
            Some(Type::Tuple(items)) => Some(items.len()),
            _ => None,
        }
    }
}

/// The result type of an operation on arrays, from its arguments' types.
pub(super) fn tensor_type(name: &str, args: &[Type]) -> Type {
    let Some(Type::Tensor(receiver)) = args.first() else {
        return Type::Unknown;
    };
    let with_rank = |rank: Option<usize>, view: bool| Type::Tensor(Tensor { elem: receiver.elem.clone(), rank, view });
    let lower = receiver.rank.and_then(|rank| rank.checked_sub(1));
    match name {
        "dot" => types::product_type(&args[0], args.get(1)),
        "sum" | "mean" | "product" | "var" | "std" => (*receiver.elem).clone(),
        "sum_axis" | "mean_axis" | "product_axis" | "var_axis" | "std_axis" | "remove_axis" | "index_axis_move" => {
            with_rank(lower, false)
        }
        "index_axis" | "row" | "column" => with_rank(lower, true),
        "diag" => with_rank(Some(1), true),
        "t" | "view" => with_rank(receiver.rank, true),
        "slice" => with_rank(None, true),
        "permuted_axes" | "reversed_axes" | "joined" | "select" | "cumprod" | "diff" | "tril" | "triu" => {
            with_rank(receiver.rank, false)
        }
        "insert_axis" => with_rank(receiver.rank.map(|rank| rank + 1), false),
        _ => property_type(name).unwrap_or_else(|| with_rank(None, false)),
    }
}
