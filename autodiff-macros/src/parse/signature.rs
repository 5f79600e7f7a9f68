//! The function's signature: parameters, result, and what cannot be differentiated from the outset.

use super::alias;
use super::env::{Binding, Lowered};
use super::lowerer::Lowerer;
use super::stmt::Wanted;
use crate::analysis::scalars;
use crate::analysis::types::{self, may_carry_derivative, strip_refs};
use crate::callable;
use crate::converted;
use crate::ir::{Block, Op, Origin, Param, Passing, Place, Proj, Stmt, Storage, Type, VarId};
use crate::options::Options;
use crate::owner::{self, Owner};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, FnArg, GenericParam, Pat, Signature};

/// Names that a companion of the same name would take from the primitive types.
const PRIMITIVES: [&str; 19] = [
    "bool", "char", "str", "f16", "f32", "f64", "f128", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize",
];

impl Lowerer<'_> {
    /// Declares the parameters and checks the signature.
    pub(super) fn signature(&mut self, item: &syn::ItemFn, options: &Options, owner: Option<&Owner>) {
        let signature = &item.sig;
        self.check_qualifiers(signature, options);
        self.check_generics(signature);
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(receiver) => self.receiver(receiver),
                FnArg::Typed(typed) => match callable::shape(&typed.ty, &signature.generics) {
                    Some(shape) => self.function_parameter(typed, &shape, &signature.generics),
                    None => self.parameter(typed),
                },
            }
        }
        self.check_wrt(options);
        self.name_parts(options);
        self.makes_result = alias::makes_result(&item.block);
        if let syn::ReturnType::Type(_, written) = &signature.output {
            self.result_type(written, alias::result(written, &item.block, owner));
        }
        self.check_differentiable(signature);
    }

    fn check_qualifiers(&mut self, signature: &Signature, options: &Options) {
        if let Some(token) = &signature.asyncness {
            self.refuse(token, "`async` functions cannot be differentiated", "make the function synchronous");
        }
        if let syn::Safety::Unsafe(token) = &signature.safety {
            self.refuse(
                token,
                "`unsafe` functions cannot be differentiated",
                "wrap the unsafe part in a safe function",
            );
        }
        if let Some(abi) = &signature.abi {
            self.refuse(abi, "`extern` functions cannot be differentiated", "wrap it in a Rust function");
        }
        if let Some(variadic) = &signature.variadic {
            self.refuse(variadic, "variadic functions cannot be differentiated", "take a slice");
        }
        let name = options.companion.as_ref().unwrap_or(&signature.ident);
        if PRIMITIVES.contains(&name.to_string().as_str()) {
            let message = format!("a function named `{name}` would hide the primitive type `{name}`");
            self.refuse(name, message, "rename it, or write `#[differentiable(companion = other_name)]`");
        }
    }

    fn check_generics(&mut self, signature: &Signature) {
        self.type_parameters = scalars::bounds(&signature.generics);
        let outer = self.owner.map(|owner| converted::targets(&owner.generics)).unwrap_or_default();
        self.promised = converted::targets(&signature.generics).into_iter().chain(outer).collect();
        for parameter in &signature.generics.params {
            match parameter {
                GenericParam::Lifetime(_) => {}
                GenericParam::Const(constant) => {
                    self.env.bind(&constant.ident, Binding::Const(types::parse_type(&constant.ty)));
                }
                GenericParam::Type(_) => {}
            }
        }
    }

    /// The receiver: the first parameter, named `self`. One that is taken by value is borrowed here, see [`Lowerer::borrowed_self`].
    fn receiver(&mut self, receiver: &syn::Receiver) {
        let ty = types::parse_type(&owner::receiver_type(receiver));
        let known = matches!(
            strip_refs(&ty),
            Type::Float(_) | Type::Array(..) | Type::Slice(_) | Type::Tuple(_) | Type::Vec(_) | Type::Inactive
        );
        if !known && !matches!(strip_refs(&ty), Type::Named(name) if name.to_string() == "Self") {
            let help = "take `self`, `&self` or `&mut self`";
            self.refuse(receiver, "this receiver has no derivative", help);
        }
        let by_value = !matches!(ty, Type::Ref { .. });
        let passing = owner::passing(receiver);
        let ty = if by_value { Type::Ref { mutable: false, inner: Box::new(ty) } } else { ty };
        let carries = may_carry_derivative(&ty);
        let differentiated = carries && self.wrt.as_ref().is_none_or(|names| names.iter().any(|name| name == "self"));
        let storage = if passing == Passing::Mut { Storage::Memory } else { Storage::Value };
        let name = syn::Ident::new("self", receiver.self_token.span);
        let var = self.fresh("self", ty, storage, Origin::User, name.span());
        if !differentiated && passing != Passing::Mut {
            self.constants.insert(var);
        }
        let frozen = carries && !differentiated;
        self.function.params.push(Param { var, passing, differentiated, frozen, function: false });
        let whole = Place { root: var, path: vec![Proj::Deref] };
        let binding = match (by_value, receiver.mutability.is_some()) {
            (false, _) => Binding::Var(var),
            (true, false) => {
                self.borrowed_self = Some(var);
                Binding::Alias(Lowered::Place(whole))
            }
            (true, true) => {
                let ty = self.function.place_type(&whole);
                let copy = self.temp("self", ty.clone(), Op::CloneOf(whole), name.span());
                let own = self.fresh("self", ty, Storage::Memory, Origin::User, name.span());
                self.emit(Stmt::Declare { var: own, init: Some(copy) });
                Binding::Var(own)
            }
        };
        self.env.bind(&name, binding);
    }

    pub(super) fn parameter(&mut self, typed: &syn::PatType) {
        let ty = types::parse_type(&typed.ty);
        let passing = match &ty {
            Type::Ref { mutable: true, .. } => Passing::Mut,
            Type::Ref { mutable: false, .. } => Passing::Shared,
            _ => Passing::Value,
        };
        let mutable = matches!(&*typed.pat, Pat::Ident(ident) if ident.mutability.is_some());
        let memory = passing == Passing::Mut || (mutable && passing == Passing::Value);
        if mutable && passing == Passing::Mut {
            self.refuse(
                &*typed.pat,
                "a reference that is re-assigned is not supported",
                "leave out the `mut`, and index instead",
            );
        }
        let name = parameter_name(&typed.pat, self.function.params.len());
        let storage = if memory { Storage::Memory } else { Storage::Value };
        let var = self.fresh(&name, ty.clone(), storage, Origin::User, typed.pat.span());
        self.function[var].ascription = Some(typed.ty.to_token_stream());
        let carries = may_carry_derivative(&ty);
        let differentiated = carries && self.wrt.as_ref().is_none_or(|names| names.contains(&name));
        if !differentiated && !memory {
            self.constants.insert(var);
        }
        if differentiated && !self.check_parameter_type(typed, &ty) {
            self.mark_refused(var);
        }
        self.function.params.push(Param {
            var,
            passing,
            differentiated,
            frozen: carries && !differentiated,
            function: false,
        });
        self.bind_parameter_names(&typed.pat, var);
    }

    /// What to write instead of a type parameter, or an `impl Trait`, whose bounds say that it has no tangent.
    fn advice(&self, ty: &syn::Type) -> Option<(&'static str, &'static str)> {
        match ty {
            syn::Type::Reference(reference) => self.advice(&reference.elem),
            syn::Type::ImplTrait(bounds) => scalars::advice(bounds.bounds.iter(), true),
            syn::Type::Path(path) => {
                let bounds = self.type_parameters.get(&path.path.get_ident()?.to_string())?;
                scalars::advice(bounds.iter(), false)
            }
            _ => None,
        }
    }

    /// The type is a type parameter.
    fn names_type_parameter(&self, ty: &Type) -> bool {
        matches!(strip_refs(ty), Type::Named(tokens) if self.type_parameters.contains_key(&tokens.to_string()))
    }

    pub(super) fn bind_parameter_names(&mut self, pat: &Pat, var: VarId) {
        match pat {
            Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none() => {
                self.env.bind(&ident.ident, Binding::Var(var));
                let ty = &self.function[var].ty;
                if ident.mutability.is_some() && matches!(ty, Type::Ref { mutable: false, .. }) {
                    self.hold(&ident.ident, Lowered::Place(Place { root: var, path: vec![Proj::Deref] }));
                }
            }
            Pat::Wild(_) => {}
            other => {
                let lowered = self.place_value(Place::var(var));
                self.bind(other, lowered, None);
            }
        }
    }

    /// Whether a derivative with respect to a parameter of this type can be had; reports it if not.
    fn check_parameter_type(&mut self, typed: &syn::PatType, ty: &Type) -> bool {
        let (message, help) = match unsupported(ty) {
            _ if self.advice(&typed.ty).is_some() => self.advice(&typed.ty).unwrap_or_default(),
            None if is_mutable_view(typed, ty) => {
                ("mutable views as parameters are not supported yet", "take `&mut Array..`")
            }
            None | Some(Unsupported::Named) => return true,
            Some(Unsupported::Pointer) => ("raw pointers cannot be differentiated", "take a reference or a slice"),
            Some(Unsupported::Map) => (
                "maps and sets of differentiable values are not supported as parameters",
                "take a slice of the values, or list the differentiated parameters with `wrt(..)`",
            ),
            Some(Unsupported::Impl) => (
                "functions, `impl Trait` and `dyn Trait` as parameters are not supported yet",
                "write a concrete type; call a function by its name instead of taking it as a parameter",
            ),
            Some(Unsupported::Enum) => (
                "`Option`, `Result`, boxes and cells of differentiable values are not supported yet",
                "take the value itself, or list the differentiated parameters with `wrt(..)`",
            ),
        };
        self.refuse(&typed.ty, message, help);
        false
    }

    fn check_wrt(&mut self, options: &Options) {
        let Some(names) = &options.wrt else { return };
        let before = self.error_count();
        for (position, name) in names.iter().enumerate() {
            if names[..position].contains(name) {
                self.refuse(name, format!("`{name}` is named twice in `wrt(..)`"), "name every parameter once");
            }
            let found = self.function.params.iter().find(|param| *name == self.function[param.var].name);
            match found.map(|param| param.differentiated) {
                Some(true) => {}
                Some(false) => {
                    let message = format!("`{name}` has a type that carries no derivative");
                    self.refuse(name, message, "leave it out of `wrt(..)`");
                }
                None => {
                    let message = format!("`{name}` is not a parameter of this function");
                    self.refuse(name, message, "name parameters as they are in the signature");
                }
            }
        }
        if self.error_count() > before {
            self.differentiate_all();
        }
    }

    /// Where `wrt(..)` is wrong, the body is checked as if it were not there.
    fn differentiate_all(&mut self) {
        for param in self.function.params.iter_mut().filter(|param| param.frozen) {
            param.differentiated = true;
            self.constants.remove(&param.var);
        }
    }

    fn result_type(&mut self, written: &syn::Type, ty: Type) {
        let before = self.error_count();
        match &ty {
            Type::Ref { .. } => {
                self.refuse(written, "a returned reference has no derivative", "return an owned value");
            }
            Type::Named(_) if self.names_type_parameter(&ty) => {}
            Type::Named(_) => match unsupported(&ty) {
                Some(Unsupported::Pointer) => {
                    self.refuse(written, "raw pointers cannot be differentiated", "return an owned value");
                }
                Some(Unsupported::Impl) => {
                    self.refuse(
                        written,
                        "functions, `impl Trait` and `dyn Trait` as results are not supported yet",
                        "return a number, a tuple or an array",
                    );
                }
                Some(Unsupported::Map) => {
                    self.refuse(
                        written,
                        "maps and sets of differentiable values are not supported as results",
                        "return a `Vec` of the values",
                    );
                }
                Some(Unsupported::Enum) => {
                    self.refuse(
                        written,
                        "`Option`, `Result`, boxes and cells of differentiable values are not supported yet",
                        "return the value itself, and a flag beside it",
                    );
                }
                Some(Unsupported::Named) | None => {}
            },
            _ => {}
        }
        self.result_is_refused = self.error_count() > before;
        self.function.result = ty;
    }

    fn check_differentiable(&mut self, signature: &Signature) {
        let params = &self.function.params;
        if !params.iter().any(|param| param.differentiated) {
            // With `wrt` the parameters it names have their own errors.
            if self.wrt.is_none() && !self.has_errors() {
                self.refuse(
                    &signature.ident,
                    "no parameter of this function is differentiable",
                    "give it a parameter with floats in it",
                );
            }
            return;
        }
        let returns = may_carry_derivative(&self.function.result);
        let writes = params.iter().any(|param| param.passing == Passing::Mut && param.differentiated);
        if !returns && !writes && !self.has_errors() {
            let help = "return a float, or write to a `&mut` parameter";
            match &signature.output {
                syn::ReturnType::Default => self.refuse(&signature.ident, "nothing differentiable is returned", help),
                syn::ReturnType::Type(_, ty) => self.refuse(ty, "nothing differentiable is returned", help),
            };
        }
    }

    /// The body as a block.
    pub(super) fn body(&mut self, block: &syn::Block) -> Block {
        // Parameter patterns have already emitted statements into the outermost block.
        let mut stmts = self.take_stmts();
        let unit = matches!(self.function.result, Type::Unit) || self.result_is_refused;
        let hint = self.function.result.clone();
        let wanted = if unit { Wanted::Effect } else { Wanted::Value(Some(&hint)) };
        let (mut block, errors) = super::hoist::hoist(block);
        if self.result_is_refused {
            drop_refused_tail(&mut block);
        }
        errors.into_iter().for_each(|error| self.error(error));
        let arm = self.nested_block(&block, wanted);
        let missing = !unit && arm.block.result.is_none() && !arm.ending.diverges;
        if missing || arm.block.result.as_ref().is_some_and(|result| types::conflict(&self.ty(result), &hint)) {
            self.leave_to_rustc();
        }
        stmts.extend(arm.block.stmts);
        let result = if unit { None } else { arm.block.result };
        Block { stmts, result }
    }
}

/// Where the result's type was refused, the expression at the end that makes one would be refused as well.
fn drop_refused_tail(block: &mut syn::Block) {
    let Some(syn::Stmt::Expr(tail, None)) = block.stmts.last_mut() else { return };
    match tail {
        Expr::Closure(_) | Expr::Reference(_) | Expr::Struct(_) => drop(block.stmts.pop()),
        // `Ok(x)`, `Some(x)`: what is inside is still looked at.
        Expr::Call(call) if matches!(&*call.func, Expr::Path(path) if ends_with_type_name(&path.path)) => {
            let args = &call.args;
            *tail = syn::parse_quote!((#args));
        }
        _ => {}
    }
}

fn ends_with_type_name(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|last| super::expr::begins_like_a_type(&last.ident.to_string()))
}

/// `ArrayViewMut..`
fn is_mutable_view(typed: &syn::PatType, ty: &Type) -> bool {
    let syn::Type::Path(path) = &*typed.ty else { return false };
    let mutable = |last: &syn::PathSegment| last.ident.to_string().contains("Mut");
    matches!(ty, Type::Tensor(tensor) if tensor.view) && path.path.segments.last().is_some_and(mutable)
}

enum Unsupported {
    Pointer,
    Impl,
    Enum,
    Map,
    Named,
}

/// Why a type has no derivative here.
fn unsupported(ty: &Type) -> Option<Unsupported> {
    match strip_refs(ty) {
        Type::Named(tokens) => {
            let first = tokens.clone().into_iter().next().map(|token| token.to_string()).unwrap_or_default();
            let starts = |name: &str| first == name;
            let text = tokens.to_string();
            let bare = text.split(" <").next().unwrap_or_default().rsplit(":: ").next().unwrap_or_default().to_owned();
            let is_last = |name: &str| bare == name;
            Some(if starts("*") {
                Unsupported::Pointer
            } else if starts("dyn") || (starts("Box") && is_object(tokens)) {
                return None;
            } else if starts("impl") || starts("fn") {
                Unsupported::Impl
            } else if let Some(content) = types::pointee(strip_refs(ty)) {
                return unsupported(&content);
            } else if ["Option", "Result", "Box", "Rc", "Arc", "Cell", "RefCell"].into_iter().any(starts)
                && text.contains('<')
            {
                // Without arguments, `Cell` is a type of the user's.
                Unsupported::Enum
            } else if ["HashMap", "BTreeMap", "HashSet", "BTreeSet"].into_iter().any(is_last) {
                Unsupported::Map
            } else {
                Unsupported::Named
            })
        }
        Type::Array(inner, _) | Type::Slice(inner) | Type::Vec(inner) | Type::Deque(inner) => unsupported(inner),
        Type::Tuple(items) => items.iter().find_map(unsupported),
        _ => None,
    }
}

/// `Box<dyn Layer>`: a trait object, but no function.
fn is_object(tokens: &proc_macro2::TokenStream) -> bool {
    let text = tokens.to_string();
    text.starts_with("Box < dyn") && !text.contains("Fn")
}

/// The parameter's own name, or one made of the names in its pattern.
pub(super) fn parameter_name(pat: &Pat, position: usize) -> String {
    struct Names(Vec<String>);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
            self.0.push(pat.ident.to_string());
        }
    }
    let mut names = Names(Vec::new());
    syn::visit::Visit::visit_pat(&mut names, pat);
    match (pat, names.0.as_slice()) {
        (_, []) => format!("argument_{position}"),
        (_, [one]) => one.clone(),
        (_, several) => several.iter().map(|name| name.trim_start_matches("r#")).collect::<Vec<_>>().join("_"),
    }
}
