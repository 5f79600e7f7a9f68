//! Calls by path.

use super::chosen::Chosen;
use super::env::{Binding, Lowered, Mutability};
use super::expr::begins_like_a_type;
use super::lowerer::{Lowerer, constant, poison};
use crate::analysis::{instances, types};
use crate::ir::{
    AggregateKind, Arg, Callee, CalleeKind, Edit, EditKind, Op, Opaque, Operand, Place, Proj, Stmt, Storage, Type,
};
use crate::lending;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, Ident};

/// A called path, taken apart.
pub(super) struct Called<'c> {
    pub(super) path: &'c syn::Path,
    /// The type in `<T as Trait>::f`.
    pub(super) qself: Option<&'c syn::QSelf>,
    pub(super) last: &'c Ident,
    /// The segment before the last, `f64` in `f64::sin` and in `<f64>::sin`.
    pub(super) owner: Option<String>,
    pub(super) call: &'c syn::ExprCall,
}

impl Called<'_> {
    /// The type before the last `::`, `Point` in `Point::from` and in `<Point as From<_>>::from`.
    pub(super) fn owner_type(&self) -> Option<syn::Type> {
        if let Some(qself) = self.qself {
            return Some((*qself.ty).clone());
        }
        let mut path = self.path.clone();
        path.segments.pop();
        let last = path.segments.pop()?;
        path.segments.push(last);
        Some(syn::Type::Path(syn::TypePath { attrs: Vec::new(), qself: None, path }))
    }
}

impl Lowerer<'_> {
    pub(super) fn call(&mut self, call: &syn::ExprCall, hint: Option<&Type>) -> Lowered {
        let called = super::functions::callee(&call.func);
        let Expr::Path(function) = called else {
            if let Expr::Closure(closure) = called {
                let closure = super::env::Closure::here(closure, &self.env);
                return self.call_closure(&closure, call.args.iter(), call.span());
            }
            if self.gives_function(called, None) {
                return match self.function_given(called, false) {
                    Some(function) => self.call_function(&function, call),
                    None => poison(),
                };
            }
            if let Some(value) = self.constant_of_field(called, call, hint) {
                return value;
            }
            let (message, help) = unseen_function(called);
            return self.opaque_or(call, hint, message, help);
        };
        let segments = &function.path.segments;
        let Some(last) = segments.last() else { return poison() };
        let owner = match &function.qself {
            Some(qself) if segments.len() == 1 || qself.position == 0 => Some(qself.ty.to_token_stream().to_string()),
            Some(_) => Some("Self".to_string()),
            None => segments.iter().rev().nth(1).map(|segment| segment.ident.to_string()),
        };
        let qself = function.qself.as_ref();
        let called = Called { path: &function.path, qself, last: &last.ident, owner, call };
        if called.owner.is_none() {
            match self.env.get(called.last).cloned() {
                Some(Binding::Closure(closure)) => return self.call_closure(&closure, call.args.iter(), call.span()),
                Some(Binding::Callable(callable)) => return self.call_parameter(&callable, call),
                Some(Binding::Function) => return self.named_call(&called, false),
                Some(Binding::Var(var)) if self.is_refused(&Lowered::Place(Place::var(var))) => return poison(),
                Some(Binding::Alias(lowered)) if self.is_refused(&lowered) => return poison(),
                Some(_) => {
                    return self.opaque_or(
                        call,
                        hint,
                        "cannot see which function is called",
                        "call a function by its name",
                    );
                }
                None => {}
            }
        }
        if let Some(lowered) = self.operator_function(&called, function) {
            return lowered;
        }
        if let Some(lowered) = self.number_call(call, function, hint) {
            return lowered;
        }
        if let Some(lowered) = self.conversion_by_trait(&called, hint) {
            return lowered;
        }
        if let Some(lowered) = self.derivative_call(&called, &called.owner.clone().unwrap_or_default()) {
            return lowered;
        }
        self.called(&called, hint)
    }

    /// `(self.rate)(n)` of what has no derivative: neither has the result, since a function in a field is a constant.
    fn constant_of_field(&mut self, called: &Expr, call: &syn::ExprCall, hint: Option<&Type>) -> Option<Lowered> {
        if !matches!(called, Expr::Field(_)) || !call.args.iter().all(|arg| self.is_inactive(&arg.to_token_stream())) {
            return None;
        }
        let opaque = self.opaque(call.to_token_stream(), super::opaque::Looks::Observer)?;
        let ty = hint.cloned().unwrap_or(Type::FloatLiteral);
        Some(Lowered::Operand(self.temp("given", ty, Op::Opaque(opaque), call.span())))
    }

    fn called(&mut self, called: &Called<'_>, hint: Option<&Type>) -> Lowered {
        let name = called.last.to_string();
        let owner = called.owner.clone().unwrap_or_default();
        match (owner.as_str(), name.as_str()) {
            ("rt", _) if self.in_formula => self.helper_call(&name, called.call),
            ("f32" | "f64", _) => self.float_function(called, &owner, hint),
            ("mem", "swap" | "replace" | "take") => self.memory_function(called, &name),
            ("array", "from_fn") if called.call.args.len() == 1 => self.array_from_fn(called, hint),
            ("process", "exit" | "abort") => {
                self.effect_call(called);
                Lowered::Never
            }
            (_, "stop_gradient") => self.stop_gradient(called),
            (_, "grad_hook") if called.call.args.len() == 2 => self.grad_hook(called),
            ("" | "mem", "drop") => Lowered::Unit,
            ("hint", "black_box") | ("", "identity") if called.call.args.len() == 1 => self.value(&called.call.args[0]),
            ("cmp", "max" | "min") => self.inactive_function(called, None),
            (owner, _) if types::integer(owner).is_some() || matches!(owner, "bool" | "char" | "str" | "String") => {
                let ty = types::integer(owner).map(|int| Type::Int(Some(int)));
                self.inactive_function(called, ty.as_ref())
            }
            (owner, "from_shape_fn") if owner.starts_with("Array") && called.call.args.len() == 2 => {
                self.array_by_positions(called.call)
            }
            (owner, "from_vec" | "from" | "from_iter") if owner.starts_with("Array") && called.call.args.len() == 1 => {
                self.array_of_list(called, hint)
            }
            (owner, _) if owner.starts_with("Array") => self.array_function(called.path, called.call, hint),
            ("Vec", "new" | "with_capacity") => self.empty_vec(called, hint),
            ("VecDeque", "new" | "with_capacity" | "from") => {
                self.deque_function(called, hint).unwrap_or_else(|| self.leave_to_rustc())
            }
            ("Vec", "from") if called.call.args.len() == 1 => {
                let span = called.call.span();
                let lowered = self.value(&called.call.args[0]);
                let elem = types::element(&self.bare_type(&lowered)).unwrap_or(Type::Unknown);
                let source = self.numeric(lowered, span);
                self.vec_from(source, elem, span)
            }
            (owner, name) if begins_like_a_type(name) => self.constructor(called, owner, hint),
            (owner, name) if begins_like_a_type(owner) => self.associated_call(called, owner, name, hint),
            _ => {
                // A name by itself is never that of the method which it stands in.
                let free = self.owner.is_none() && called.owner.is_none();
                let recursive = free && *called.last == self.function.name;
                let known = self.libm_function(called).or_else(|| self.lent_by_function(called));
                known.unwrap_or_else(|| self.named_call(called, recursive))
            }
        }
    }

    /// `Array1::from_vec(list)`, `Array1::from(list)`, `Array1::from_iter(items)`
    fn array_of_list(&mut self, called: &Called<'_>, hint: Option<&Type>) -> Lowered {
        let (call, span) = (called.call, called.call.span());
        if self.is_inactive(&call.to_token_stream()) {
            return self.array_function(called.path, call, hint);
        }
        let item = &call.args[0];
        let list = if called.last == "from_iter" || self.is_chain_here(item) {
            let collected = syn::parse_quote!((#item).into_iter().collect::<::std::vec::Vec<_>>());
            self.method_call(&collected, None)
        } else {
            self.value_as(item, None)
        };
        match self.bare_type(&list) {
            Type::Vec(_) | Type::Array(..) | Type::Slice(_) => self.array_from(list, span),
            _ => {
                let help = "write its type: `let list: Vec<f64> = ..`";
                self.refuse(item, "cannot see what list this is", help)
            }
        }
    }

    /// `std::array::from_fn(|i| ..)`: a loop over the positions.
    fn array_from_fn(&mut self, called: &Called<'_>, hint: Option<&Type>) -> Lowered {
        let span = called.call.span();
        let named = match called.path.segments.last().map(|last| &last.arguments) {
            Some(syn::PathArguments::AngleBracketed(list)) => list.args.iter().nth(1).map(ToTokens::to_token_stream),
            _ => None,
        };
        let len = match hint {
            Some(Type::Array(_, len)) => named.unwrap_or_else(|| len.clone()),
            _ => match named.filter(|len| len.to_string() != "_") {
                Some(len) => len,
                None => {
                    return self.refuse(called.path, "the length of this array is not known here", "annotate its type");
                }
            },
        };
        let hi = constant(len.clone(), Type::Int(Some("usize")));
        let chain = self.count_up(constant(quote!(0), Type::Int(None)), hi, span);
        let (function, list) = match hint {
            Some(Type::Array(item, _)) => (giving(&called.call.args[0], item), Some(Type::Vec(item.clone()))),
            _ => (called.call.args[0].clone(), None),
        };
        let given = self.given(&function);
        self.collect(chain.mapped(given), Some(len), list, called.last)
    }

    /// `Vec::new()`, `Vec::with_capacity(n)`.
    fn empty_vec(&mut self, called: &Called<'_>, hint: Option<&Type>) -> Lowered {
        let ty = match hint {
            Some(ty @ Type::Vec(_)) => ty.clone(),
            _ => self.owner_type(called.path),
        };
        let op = match called.call.args.first() {
            Some(capacity) => {
                let args = vec![Arg::Value(self.number(capacity))];
                Op::Helper { name: "with_capacity", args }
            }
            None => Op::Aggregate(AggregateKind::VecMacro, Vec::new()),
        };
        let vector = self.temp_var("vector", ty, op, called.call.span());
        // What it will hold is not known yet.
        self.constants.remove(&vector);
        Lowered::Operand(Operand::Var(vector))
    }

    fn vec_from(&mut self, source: Operand, elem: Type, span: Span) -> Lowered {
        if !self.operand_is_constant(&source) {
            return self.refuse_at(span, "`Vec::from` of differentiable values is not supported", "write `.to_vec()`");
        }
        let ty = Type::Vec(Box::new(elem));
        Lowered::Operand(self.opaque_parts("vector", &[source], ty, span, |parts| {
            let part = &parts[0];
            quote!(::std::vec::Vec::from(#part))
        }))
    }

    /// A call of an annotated function, or of one that gets nothing differentiable: that is known only later.
    fn named_call(&mut self, called: &Called<'_>, recursive: bool) -> Lowered {
        if self.has_function(&called.call.args)
            && let Some(kept) = self.try_opaque(called.call, Type::Unknown)
        {
            return Lowered::Operand(kept);
        }
        let (path, wanted) = (called.path, self.parameter_types(called));
        let (mut args, functions) =
            match self.arguments_or_body(&called.call.args, &wanted, |this| this.body_of_function(path)) {
                Ok(arguments) => arguments,
                Err(body) => return self.run_body(&body, &called.call.args, called.call.span()),
            };
        self.lend_lists(&mut args, called.call.span(), |this| this.function_called(path));
        self.share_what_is_read(called, &mut args);
        self.give_texts(called, &mut args);
        let lent = self.separate_parts(&mut args, called.call.span());
        let foreign = |krate: &str| called.path.segments.len() > 1 && called.path.segments[0].ident == krate;
        if !functions.is_empty() && ["std", "core", "alloc"].into_iter().any(foreign) {
            let message = "no derivative passes through this function of the standard library";
            return self.refuse(called.path, message, "call the closure itself, or write the loop");
        }
        if let Some(refused) = self.refuse_bits(&called.last.to_string(), called.last.span(), &args) {
            return refused;
        }
        let functions_are_none = functions.is_empty();
        let (path, generics) = split_generics(called.path);
        let name = called.last.to_string();
        let kind = CalleeKind::Function;
        let callee = Callee {
            kind,
            path,
            generics,
            name: name.clone(),
            span: called.path.span(),
            recursive,
            functions,
            again: Vec::new(),
            order: 0,
            companion: self.rule_of(called.path),
        };
        let known = self.known_function(called, &args, callee.generics.as_ref());
        if let Some(ty) = known.as_ref().filter(|ty| !recursive && gives_no_derivative(ty))
            && functions_are_none
            && let Some(value) = self.inactive_value(called, &args, ty)
        {
            return Lowered::Operand(value);
        }
        let ty = match known {
            _ if recursive => self.function.result.clone(),
            Some(ty) if !matches!(ty, Type::Ref { .. }) => ty,
            Some(_) | None => self.guess(called, &name, &args),
        };
        let name = format!("{}_value", name.trim_start_matches("r#"));
        let value = self.temp_var(&name, ty, Op::Call(callee, args), called.call.span());
        self.put_back(lent, called.call.span());
        self.as_chosen(Place::var(value), &self.references_given(called))
    }

    /// Which parts of what a function of the file gives are references, of whose content its derivatives give copies.
    fn references_given(&self, called: &Called<'_>) -> Chosen {
        let local = called.path.segments.len() > 1 || self.env.get(called.last).is_some();
        let nearby = self.nearby.as_ref().filter(|_| !local);
        let found = nearby.and_then(|nearby| nearby.function(&called.last.to_string()));
        match found.map(|found| found.signature.output) {
            Some(syn::ReturnType::Type(_, ty)) if lending::owned_type(&ty).is_some() => Chosen::given(&ty),
            Some(_) | None => Chosen::Value,
        }
    }

    /// Where a rule of the file has put the derivatives of a function that is called by its path.
    fn rule_of(&self, path: &syn::Path) -> Option<TokenStream> {
        let (nearby, site) = (self.nearby.as_ref()?, self.site.as_ref()?);
        if path.segments.len() > 1 { nearby.rule_of(path, site) } else { None }
    }

    /// A function that returns an integer or a truth value only looks at what it is given: no derivative goes through it.
    fn inactive_value(&mut self, called: &Called<'_>, args: &[Arg], ty: &Type) -> Option<Operand> {
        let mut uses = Vec::new();
        let mut parts = Vec::new();
        for arg in args {
            parts.push(match arg {
                Arg::Value(operand) if types::is_copy(&self.ty(operand)) => self.mention(operand, &mut uses),
                Arg::Shared(place) => {
                    let place = self.place_tokens(place, &mut uses);
                    quote!(&#place)
                }
                Arg::Value(_) | Arg::Mut(_) => return None,
            });
        }
        let path = called.path;
        let tokens = quote!(#path(#(#parts),*));
        let opaque = Opaque { tokens, uses, pure: false, observer: true, constant: false };
        Some(self.temp(&called.last.to_string(), ty.clone(), Op::Opaque(opaque), called.call.span()))
    }

    /// A mutable reference is turned into a shared one where a function of the same file takes that.
    fn share_what_is_read(&self, called: &Called<'_>, args: &mut [Arg]) {
        let local = called.path.segments.len() > 1 || self.env.get(called.last).is_some();
        if local || !args.iter().any(|arg| matches!(arg, Arg::Mut(_))) {
            return;
        }
        let found = self.nearby.as_ref().and_then(|nearby| nearby.function(&called.last.to_string()));
        for (arg, input) in args.iter_mut().zip(found.iter().flat_map(|found| &found.signature.inputs)) {
            if let (Arg::Mut(place), syn::FnArg::Typed(typed)) = (&*arg, input)
                && matches!(types::parse_type(&typed.ty), Type::Ref { mutable: false, .. })
            {
                *arg = Arg::Shared(place.clone());
            }
        }
    }

    /// A text is the value of a parameter of any type, `label: L` or `label: impl Display`, and no reference that the pullback
    /// takes again.
    fn give_texts(&mut self, called: &Called<'_>, args: &mut [Arg]) {
        let local = called.path.segments.len() > 1 || self.env.get(called.last).is_some();
        let texts: Vec<bool> = called.call.args.iter().map(is_text_literal).collect();
        if local || !texts.contains(&true) {
            return;
        }
        let found = self.nearby.as_ref().and_then(|nearby| nearby.function(&called.last.to_string()));
        let Some(signature) = found.map(|found| found.signature) else { return };
        for ((arg, text), input) in args.iter_mut().zip(texts).zip(&signature.inputs) {
            let (Arg::Shared(place), syn::FnArg::Typed(typed), true) = (&*arg, input, text) else { continue };
            let open = match &*typed.ty {
                syn::Type::ImplTrait(_) => true,
                syn::Type::Path(path) => signature.generics.type_params().any(|param| path.path.is_ident(&param.ident)),
                _ => false,
            };
            if open {
                let op = Op::Borrow(place.clone());
                *arg = Arg::Value(self.temp("text", Type::Inactive, op, called.call.span()));
            }
        }
    }

    /// The types of the parameters of a function of the same file, as they are written.
    fn parameter_types(&self, called: &Called<'_>) -> Vec<Type> {
        if called.path.segments.len() > 1 || self.env.get(called.last).is_some() {
            return Vec::new();
        }
        let found = self.nearby.as_ref().and_then(|nearby| nearby.function(&called.last.to_string()));
        let Some(found) = found.filter(|found| found.signature.generics.params.is_empty()) else { return Vec::new() };
        let inputs = self.aliases.signature(&found.signature).inputs.into_iter();
        let types = inputs.map(|input| match input {
            syn::FnArg::Typed(typed) => types::parse_type(&typed.ty),
            syn::FnArg::Receiver(_) => Type::Unknown,
        });
        types.collect()
    }

    /// What a function of the same module or the same file returns.
    fn known_function(&self, called: &Called<'_>, args: &[Arg], turbofish: Option<&TokenStream>) -> Option<Type> {
        let qualified = called.path.segments.len() > 1;
        let local = qualified || self.env.get(called.last).is_some();
        if let Some(nearby) = &self.nearby
            && (!local || qualified && nearby.is_own_module(called.path))
        {
            let signature = self.aliases.signature(&nearby.function(&called.last.to_string())?.signature);
            let arguments: Vec<Type> = args.iter().map(|arg| self.arg_type(arg)).collect();
            return instances::result(&signature, &arguments, turbofish)
                .filter(|_| nearby.returns_what_is_known(&signature));
        }
        let surroundings = self.surroundings.as_ref()?;
        let function = surroundings.functions.get(&called.last.to_string()).filter(|_| !local)?;
        Some(function.result())
    }

    /// What a function gives that is known by its name only.
    fn guess(&self, called: &Called<'_>, name: &str, args: &[Arg]) -> Type {
        let args: Vec<Type> = args.iter().map(|arg| self.arg_type(arg)).collect();
        let of_module = called.path.segments.iter().rev().nth(1).is_some_and(|module| module.ident == "nn");
        super::networks::result(name, of_module, &args)
    }

    /// The type before the last `::` of a path.
    pub(super) fn owner_type(&self, path: &syn::Path) -> Type {
        let mut owner = path.clone();
        owner.segments.pop();
        if let Some(last) = owner.segments.pop() {
            owner.segments.push(last);
        }
        types::parse_type(&syn::Type::Path(syn::TypePath { attrs: Vec::new(), qself: None, path: owner }))
    }

    // Functions without a derivative

    /// A function whose arguments must be inactive, whatever they mention.
    fn inactive_function(&mut self, called: &Called<'_>, ty: Option<&Type>) -> Lowered {
        let message = "this function carries no derivative, but it is given a differentiable value";
        self.inactive_or_refused(called, ty, message, "give it `stop_gradient(x)`")
    }

    fn inactive_or_refused(&mut self, called: &Called<'_>, ty: Option<&Type>, message: &str, help: &str) -> Lowered {
        if let Some(kept) = self.try_opaque(called.call, ty.cloned().unwrap_or(Type::Inactive)) {
            return Lowered::Operand(kept);
        }
        let args: Vec<Arg> = called.call.args.iter().map(|arg| self.arg(arg)).collect();
        match self.function_by_parts(called.path.to_token_stream(), &args, ty, called.call.span()) {
            Some(operand) => Lowered::Operand(operand),
            None => self.refuse(called.path, message, help),
        }
    }

    /// `path(args)` as opaque code, unless an argument may carry a derivative.
    pub(super) fn function_by_parts(
        &mut self,
        path: TokenStream,
        args: &[Arg],
        ty: Option<&Type>,
        span: Span,
    ) -> Option<Operand> {
        let mut operands = Vec::new();
        for arg in args {
            match arg {
                Arg::Value(operand) if self.operand_is_constant(operand) => operands.push((operand.clone(), false)),
                Arg::Shared(place) if self.place_is_constant(place) => {
                    let operand = self.numeric(Lowered::Place(place.clone()).shared(), span);
                    operands.push((operand, true));
                }
                Arg::Value(_) | Arg::Shared(_) | Arg::Mut(_) => return None,
            }
        }
        let (operands, borrowed): (Vec<Operand>, Vec<bool>) = operands.into_iter().unzip();
        let references: Vec<bool> = operands
            .iter()
            .zip(borrowed)
            .map(|(operand, borrowed)| borrowed && !matches!(self.ty(operand), Type::Ref { .. }))
            .collect();
        Some(self.opaque_parts("value", &operands, ty.cloned().unwrap_or(Type::Inactive), span, |parts| {
            let parts =
                parts.iter().zip(&references).map(|(part, borrow)| if *borrow { quote!(&#part) } else { part.clone() });
            quote!(#path(#(#parts),*))
        }))
    }

    fn effect_call(&mut self, called: &Called<'_>) {
        let at = self.position();
        self.inactive_function(called, None);
        self.discard(at);
    }

    /// `Some(x)`, `Axis(0)`, `Point(x, y)`.
    fn constructor(&mut self, called: &Called<'_>, owner: &str, hint: Option<&Type>) -> Lowered {
        let variant = begins_like_a_type(owner) || super::structs::is_std_variant(called.path);
        if !variant && !types::is_inactive_name(&called.last.to_string()) {
            return self.tuple_struct(called.path, called.call, hint);
        }
        if variant && !types::is_inactive_name(owner) {
            return self.variant_call(called.path, called.call, hint);
        }
        let literal = called.call.args.iter().all(|arg| matches!(arg, Expr::Lit(_)));
        if literal && !owner.is_empty() | (called.last == "Axis") {
            return Lowered::Operand(constant(called.call.to_token_stream(), Type::Inactive));
        }
        let message = "this carries no derivative, but it is given a differentiable value";
        self.inactive_or_refused(called, hint.or(Some(&Type::Inactive)), message, "give it `stop_gradient(x)`")
    }

    // Functions with a meaning of their own

    fn stop_gradient(&mut self, called: &Called<'_>) -> Lowered {
        let span = called.call.span();
        let args: Vec<Arg> = called.call.args.iter().map(|arg| self.arg(arg)).collect();
        let tys: Vec<Type> = args.iter().map(|arg| self.arg_type(arg)).collect();
        let ty = types::helper_type("stop_gradient", &tys);
        let reference = matches!((args.as_slice(), tys.as_slice()), ([Arg::Shared(_)], _) | (_, [Type::Ref { .. }]));
        let behind_reference = reference && matches!(ty, Type::Tensor(_));
        let op = Op::Helper { name: "stop_gradient", args };
        if !behind_reference {
            return Lowered::Operand(self.temp("stopped", ty, op, span));
        }
        // What is behind a reference is copied: a pullback reads it when the reference may be gone.
        let reference = Type::Ref { mutable: false, inner: Box::new(ty.clone()) };
        let reference = self.temp_var("stopped", reference, op, span);
        let copy = Op::CloneOf(Place { root: reference, path: vec![Proj::Deref] });
        let copy = self.temp_var("stopped", types::owned(&ty), copy, span);
        Lowered::Place(Place::var(copy)).shared()
    }

    pub(super) fn arg_type(&self, arg: &Arg) -> Type {
        match arg {
            Arg::Value(operand) => self.ty(operand),
            Arg::Shared(place) | Arg::Mut(place) => self.function.place_type(place),
        }
    }

    /// `f64::sin(x)`, `f64::from(x)`, `f64::max(a, b)`.
    fn float_function(&mut self, called: &Called<'_>, owner: &str, hint: Option<&Type>) -> Lowered {
        let name = called.last.to_string();
        let Some(first) = called.call.args.first() else {
            let float = types::float(owner).map(Type::Float);
            // The traits that have these need not be in scope where a generic method is lowered for numbers.
            if let (Some(value), Some(ty)) = (value_of_trait(&name, owner), &float) {
                return Lowered::Operand(constant(value, ty.clone()));
            }
            return self.opaque_or(called.call, hint.or(float.as_ref()), "", "");
        };
        let float = types::float(owner).map(Type::Float);
        match name.as_str() {
            "from" => {
                let operand = self.number(first);
                self.float_from(operand, owner, called.call.span())
            }
            "from_bits" | "from_str" | "from_be_bytes" | "from_le_bytes" | "from_ne_bytes" | "try_from" => {
                self.inactive_function(called, float.as_ref())
            }
            _ => {
                let receiver = self.value(first);
                // A method of a number whose type rustc does not know yet would be an error.
                let open = matches!(self.lowered_type(&receiver), Type::FloatLiteral);
                let rest: Vec<&Expr> = called.call.args.iter().skip(1).collect();
                let value = self.scalar_method(called.last, receiver, &rest);
                if open {
                    self.called_by_path(called.path);
                }
                value
            }
        }
    }

    /// A conversion that keeps the derivative.
    pub(super) fn float_from(&mut self, operand: Operand, target: &str, span: Span) -> Lowered {
        let float = types::float(target).map_or(Type::Unknown, Type::Float);
        let target = Ident::new(target, span);
        if matches!(self.ty(&operand), Type::Bool | Type::Inactive) {
            return Lowered::Operand(self.opaque_parts("converted", &[operand], float, span, |parts| {
                let part = &parts[0];
                quote!(#target::from(#part))
            }));
        }
        Lowered::Operand(self.temp("converted", float, Op::Cast(operand, target.to_token_stream()), span))
    }

    /// `std::mem::swap`, `replace`, `take`.
    fn memory_function(&mut self, called: &Called<'_>, name: &str) -> Lowered {
        let mut places = Vec::new();
        let span = called.call.span();
        let count = if name == "swap" { 2 } else { 1 };
        for arg in called.call.args.iter().take(count) {
            match self.value(arg) {
                Lowered::Ref(inner, Mutability::Mutable) if !matches!(*inner, Lowered::View(_)) => {
                    places.push(self.place_of(*inner, arg.span()))
                }
                _ => return self.refuse(arg, format!("`{name}` needs a `&mut` here"), "write `&mut x`"),
            }
        }
        if let [left, right] = places.as_slice() {
            self.swap_places(left.clone(), right.clone(), span);
            return Lowered::Unit;
        }
        let Some(place) = places.pop() else { return poison() };
        let new = match (name, called.call.args.iter().nth(1)) {
            ("replace", Some(new)) => self.operand(new),
            _ => return self.take(place, called),
        };
        Lowered::Operand(self.exchange_for(place, new, span))
    }

    /// Puts `new` in the place of what is there, which is given.
    fn exchange_for(&mut self, place: Place, new: Operand, span: Span) -> Operand {
        let ty = self.function.place_type(&place);
        if types::is_copy(&ty) || (place.path.is_empty() && self.function[place.root].storage == Storage::Memory) {
            let old = self.take_out(&place, span);
            self.write(place, new);
            return old;
        }
        let name = self.place_name(&place);
        self.temp(&name, ty, Op::Edit(Edit { list: place, kind: EditKind::Replace(new) }), span)
    }

    fn take(&mut self, place: Place, called: &Called<'_>) -> Lowered {
        let ty = self.function.place_type(&place);
        let zero = match &ty {
            Type::Float(_) | Type::FloatLiteral => constant(quote!(0.0), ty.clone()),
            Type::Int(_) => constant(quote!(0), ty.clone()),
            Type::Vec(_) => constant(quote!(::std::vec::Vec::new()), ty.clone()),
            Type::Deque(_) => constant(quote!(::std::collections::VecDeque::new()), ty.clone()),
            Type::Named(_) | Type::Option(_) | Type::Bool | Type::Tuple(_) | Type::Array(..) => {
                let default = self.default_of(&ty, called.call.span());
                self.read(default, called.call.span())
            }
            _ => {
                let help = "use `std::mem::replace(&mut x, value)`";
                return self.refuse(called.path, "`take` of this type is not supported", help);
            }
        };
        Lowered::Operand(self.exchange_for(place, zero, called.call.span()))
    }

    pub(super) fn take_out(&mut self, place: &Place, span: Span) -> Operand {
        let ty = self.function.place_type(place);
        let name = self.place_name(place);
        let op = if types::is_moved(&ty) { Op::Move(place.clone()) } else { Op::Read(place.clone()) };
        self.temp(&name, ty, op, span)
    }

    pub(super) fn swap_places(&mut self, left: Place, right: Place, span: Span) {
        let whole = |place: &Place| place.path.is_empty() && self.function[place.root].storage == Storage::Memory;
        let copied =
            types::is_copy(&self.function.place_type(&left)) || types::is_copy(&self.function.place_type(&right));
        if !(copied || whole(&left) && whole(&right)) {
            let mut sides = [Arg::Mut(left.clone()), Arg::Mut(right)];
            let lent = self.separate_parts(&mut sides, span);
            if let [_, Arg::Mut(right)] = sides {
                self.emit(Stmt::Eval(Op::Edit(Edit { list: left, kind: EditKind::Exchange(right) })));
            }
            self.put_back(lent, span);
            return;
        }
        let old_left = self.take_out(&left, span);
        let old_right = self.take_out(&right, span);
        self.emit(Stmt::Assign { place: left, value: old_right });
        self.emit(Stmt::Assign { place: right, value: old_left });
    }
}

/// What is said of a call whose function only the running program knows.
fn unseen_function(called: &Expr) -> (&'static str, &'static str) {
    match called {
        Expr::Field(_) => (
            "what a function in a field computes is not seen here, so that it has no derivative",
            "take the function as a parameter (`f: impl Fn(f64) -> f64`), or make it a trait with a method annotated with `#[differentiable]`",
        ),
        _ => ("cannot see which function is called", "call a function by its name"),
    }
}

fn is_text_literal(arg: &Expr) -> bool {
    matches!(arg, Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Str(_)))
}

/// Numbers of these types have no derivative.
fn gives_no_derivative(ty: &Type) -> bool {
    matches!(ty, Type::Int(_) | Type::Bool)
}

/// The path without the generic arguments of its last segment, and these.
pub(super) fn split_generics(path: &syn::Path) -> (TokenStream, Option<TokenStream>) {
    let mut path = path.clone();
    let mut generics = None;
    if let Some(last) = path.segments.last_mut() {
        if let syn::PathArguments::AngleBracketed(list) = &last.arguments {
            generics = Some(list.args.to_token_stream());
        }
        last.arguments = syn::PathArguments::None;
    }
    (path.to_token_stream(), generics)
}

/// The closure with the lengths of the arrays that it gives, where it does not say what it gives.
fn giving(function: &Expr, ty: &Type) -> Expr {
    fn lengths(ty: &Type) -> Option<syn::Type> {
        let Type::Array(item, len) = ty else { return None };
        let item = lengths(item).unwrap_or_else(|| syn::parse_quote!(_));
        Some(syn::parse_quote!([#item; #len]))
    }
    let (Expr::Closure(closure), Some(ty)) = (function, lengths(ty)) else { return function.clone() };
    if !matches!(closure.output, syn::ReturnType::Default) {
        return function.clone();
    }
    let body = &closure.body;
    let (output, body) = (syn::parse_quote!(-> #ty), syn::parse_quote!({ #body }));
    Expr::Closure(syn::ExprClosure { output, body, ..closure.clone() })
}

/// `f64::zero()`, `f64::epsilon()` and other values that traits of numbers give by functions.
fn value_of_trait(name: &str, float: &str) -> Option<TokenStream> {
    let float = Ident::new(float, Span::call_site());
    Some(match name {
        "zero" => quote!(0.0),
        "one" => quote!(1.0),
        "epsilon" => quote!(#float::EPSILON),
        "infinity" => quote!(#float::INFINITY),
        "neg_infinity" => quote!(#float::NEG_INFINITY),
        "max_value" => quote!(#float::MAX),
        "min_value" => quote!(#float::MIN),
        "min_positive_value" => quote!(#float::MIN_POSITIVE),
        _ => return None,
    })
}
