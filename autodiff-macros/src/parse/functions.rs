//! Functions as values: parameters that are functions, and what is given for them.

use super::called_here::Arguments;
use super::env::{Binding, Callable, Lowered};
use super::lowerer::{Lowerer, constant};
use super::place::strip_parens;
use crate::analysis::types::{self, parse_type};
use crate::callable::{self, Shape};
use crate::definitions::Definition;
use crate::ir::{
    Arg, Callee, CalleeKind, FunctionValue, Op, Operand, Origin, Param, Passing, Place, Proj, Storage, Type,
};
use crate::rules;
use proc_macro2::{Ident, Span};
use quote::{ToTokens, format_ident, quote};
use std::rc::Rc;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Token};

impl Callable {
    /// The function that computes the value and what `form` needs.
    pub(super) fn form(&self, form: &str) -> Ident {
        Ident::new(&format!("{}_{form}", self.name.trim_start_matches("r#")), Span::call_site())
    }
}

impl Lowerer<'_> {
    /// Declares a parameter that is a function: the variable holds what the function captured.
    pub(super) fn function_parameter(&mut self, typed: &syn::PatType, shape: &Shape, generics: &syn::Generics) {
        let syn::Pat::Ident(pat) = &*typed.pat else {
            self.refuse(&*typed.pat, "a function as a parameter needs a name", "bind it as `f`");
            return;
        };
        let name = pat.ident.to_string();
        let ty = Type::Named(typed.ty.to_token_stream());
        let var = self.fresh(&name, ty, Storage::Value, Origin::User, pat.ident.span());
        let differentiated = self.wrt.as_ref().is_none_or(|names| names.contains(&name));
        let passing = Passing::Value;
        self.function.params.push(Param { var, passing, differentiated, frozen: !differentiated, function: true });
        if matches!(parse_type(&shape.output), Type::Ref { .. }) {
            self.refuse(&shape.output, "a returned reference has no derivative", "return an owned value");
        }
        let around: Vec<&syn::Generics> =
            [generics].into_iter().chain(self.owner.map(|owner| &owner.generics)).collect();
        let by_value = |ty: &syn::Type| !matches!(parse_type(ty), Type::Ref { .. });
        let again = shape.inputs.iter().map(|ty| by_value(ty) && callable::is_again(ty, &around)).collect();
        let shared = shape.inputs.iter().map(|ty| matches!(parse_type(ty), Type::Ref { mutable: false, .. })).collect();
        let (captures, output) = (Place::var(var), parse_type(&shape.output));
        self.env.bind(&pat.ident, Binding::Callable(Rc::new(Callable { captures, name, again, shared, output })));
    }

    /// `f(x)` for a parameter `f`.
    pub(super) fn call_parameter(&mut self, callable: &Callable, call: &syn::ExprCall) -> Lowered {
        let span = call.func.span();
        let (mut args, mut functions) = self.arguments(&call.args, &[]);
        let mut again = Vec::new();
        for (position, arg) in args.iter_mut().enumerate() {
            if let (Arg::Mut(place), Some(true)) = (&*arg, callable.shared.get(position)) {
                *arg = Arg::Shared(place.clone());
            }
            let Arg::Value(operand) = arg else { continue };
            if callable.again.get(position) != Some(&true) {
                continue;
            }
            if matches!(operand, Operand::Const(_)) {
                *operand = self.temp("argument", self.ty(operand), Op::Use(operand.clone()), span);
            }
            again.push(position + 1);
        }
        args.insert(0, Arg::Shared(callable.captures.clone()));
        functions.iter_mut().for_each(|(position, _)| *position += 1);
        let name = Ident::new(&callable.name, span);
        let callee = Callee {
            kind: CalleeKind::Parameter,
            path: name.to_token_stream(),
            generics: None,
            name: callable.name.trim_start_matches("r#").to_string(),
            span,
            recursive: false,
            functions,
            again,
            order: 0,
            companion: None,
        };
        let wish = format!("{}_value", callee.name);
        Lowered::Operand(self.temp(&wish, callable.output.clone(), Op::Call(callee, args), call.span()))
    }

    /// The arguments of a call, and which of them are functions.
    pub(super) fn arguments(&mut self, args: &Punctuated<Expr, Token![,]>, wanted: &[Type]) -> Arguments {
        let mut functions = Vec::new();
        let lowered = args.iter().enumerate().map(|(position, expr)| match self.function_argument(expr) {
            Some((captures, function)) => {
                functions.push((position, function));
                captures
            }
            None => self.iterator_argument(expr).unwrap_or_else(|| {
                let wanted = wanted.get(position);
                // An array that is made here may take its length from the parameter, a pointer its object.
                let hint = wanted.filter(|ty| matches!(ty, Type::Array(..)) || types::is_object(ty));
                let lowered = self.value_as(expr, hint);
                if wanted.is_some_and(is_optional_reference) && !self.outlives_the_call(&lowered) {
                    let message = "a reference to a differentiated value cannot be given to a function in an `Option` here";
                    let help = "let the function take the value (`Option<f64>`, `Option<Vec<f64>>`), or its parts in two calls";
                    self.refuse(expr, message, help);
                    return Arg::Value(constant(quote!(()), Type::Unknown));
                }
                let arg = self.lowered_arg(lowered, expr.span());
                self.lent_object(arg, wanted, expr.span())
            }),
        });
        (lowered.collect(), functions)
    }

    /// An argument that is an iterator: the derivatives of its callee take a slice of the items.
    fn iterator_argument(&mut self, expr: &Expr) -> Option<Arg> {
        let tokens = expr.to_token_stream();
        if matches!(strip_parens(expr), Expr::Range(_)) || !self.is_chain_here(expr) || self.is_inactive(&tokens) {
            return None;
        }
        if let Some(list) = self.list_behind(expr) {
            return Some(Arg::Shared(list));
        }
        let checkpoint = self.checkpoint();
        let Some(chain) = self.chain(expr) else {
            self.rollback(&checkpoint);
            return None;
        };
        let items = self.collect(chain, None, None, &Ident::new("items", expr.span()));
        Some(Arg::Shared(self.place_of(items, expr.span())))
    }

    /// Whether this is a parameter, or holds nothing with a derivative: other references in an `Option` refer to what the
    /// pullback, which is given them again, outlives.
    fn outlives_the_call(&self, lowered: &Lowered) -> bool {
        let is_parameter = |root| self.function.params.iter().any(|param| param.var == root);
        match lowered {
            Lowered::Place(place) => place.path.is_empty() && is_parameter(place.root),
            _ => self.lowered_is_constant(lowered),
        }
    }

    /// A list that is given for an iterator is lent: the derivatives of the callee take a slice of the items. So is what is given
    /// for something that is only borrowed.
    pub(super) fn lend_lists(
        &mut self,
        args: &mut [Arg],
        span: Span,
        callee: impl FnOnce(&Self) -> Option<Definition>,
    ) {
        // Numbers are lent where they are borrowed by that name only.
        let borrows = || self.site.as_ref().and_then(|site| site.text()).is_some_and(|text| text.mentions("Borrow"));
        let may_be_lent = |arg: &Arg| match arg {
            Arg::Value(operand) => match self.ty(operand) {
                Type::Ref { .. } | Type::Int(_) | Type::Bool | Type::Unit | Type::Inactive => false,
                Type::Float(_) | Type::FloatLiteral => borrows(),
                _ => true,
            },
            Arg::Shared(place) => matches!(self.function.place_type(place), Type::Array(..)),
            Arg::Mut(_) => false,
        };
        if !args.iter().any(may_be_lent) {
            return;
        }
        let Some(callee) = callee(self) else { return };
        self.lend_array(args.first_mut(), &callee);
        let (iterators, referents) = (callee.iterators(), callee.referents());
        for ((arg, is_iterator), is_referent) in args.iter_mut().zip(iterators).zip(referents) {
            let Arg::Value(list) = &*arg else { continue };
            let is_list = matches!(self.ty(list), Type::Vec(_) | Type::Array(..));
            if is_referent && !is_list && !matches!(self.ty(list), Type::Ref { .. }) {
                *arg = Arg::Shared(self.place_of(Lowered::Operand(list.clone()), span));
            } else if is_list && (is_iterator || is_referent) {
                let mut items = self.place_of(Lowered::Operand(list.clone()), span);
                // What may be a receiver is given behind two references, which Rust does not take for one to a slice.
                if callee.owner().is_some() {
                    items.path.push(Proj::Range { lo: None, hi: None, inclusive: false });
                }
                *arg = Arg::Shared(items);
            }
        }
    }

    /// An array that an associated function takes as a slice: what may be a receiver is given behind two references, which Rust
    /// does not take for one to a slice.
    fn lend_array(&self, first: Option<&mut Arg>, callee: &Definition) {
        let takes_slice = match callee.signature.inputs.first() {
            Some(syn::FnArg::Typed(typed)) => matches!(types::strip(&typed.ty), syn::Type::Slice(_)),
            Some(syn::FnArg::Receiver(_)) | None => false,
        };
        if let Some(Arg::Shared(place)) = first
            && takes_slice
            && callee.owner().is_some()
            && matches!(self.function.place_type(place), Type::Array(..))
        {
            place.path.push(Proj::Range { lo: None, hi: None, inclusive: false });
        }
    }

    /// Whether one of the arguments is a function.
    pub(super) fn has_function(&self, args: &Punctuated<Expr, Token![,]>) -> bool {
        args.iter().any(|arg| match strip(arg) {
            Expr::Closure(_) => true,
            Expr::Path(path) => {
                self.is_float_function(path).is_some()
                    || self.is_named_function(path)
                    || self.named_value(path).is_some()
            }
            _ => false,
        })
    }

    /// An argument that is a function: what it captured, and where its derivatives are.
    fn function_argument(&mut self, expr: &Expr) -> Option<(Arg, FunctionValue)> {
        match strip(expr) {
            Expr::Closure(closure) => {
                let closure = super::env::Closure::here(closure, &self.env);
                Some(self.lift(&closure))
            }
            Expr::Path(path) => {
                if let Some(binding) = self.named_value(path) {
                    return match binding {
                        Binding::Closure(closure) => Some(self.lift(&closure)),
                        Binding::Callable(callable) => {
                            let function = FunctionValue::Parameter(callable.name.clone());
                            Some((Arg::Shared(callable.captures.clone()), function))
                        }
                        Binding::Var(_)
                        | Binding::Alias(_)
                        | Binding::Iterator(_)
                        | Binding::Cursor(_)
                        | Binding::Function
                        | Binding::Const(_) => None,
                    };
                }
                if let Some(arity) = self.is_float_function(path) {
                    let owner = &path.path.segments[0].ident;
                    let names: Vec<Ident> = (0..arity).map(|index| format_ident!("argument_{index}")).collect();
                    let types = names.iter().map(|_| owner);
                    let expr: syn::ExprClosure = syn::parse_quote!(|#(#names: #types),*| #path(#(#names),*));
                    return Some(self.lift(&super::env::Closure::here(&expr, &self.env)));
                }
                if self.is_method_path(path) {
                    let help =
                        "write a closure: `|x| x.norm()` for `Point::norm`, `|x| Point::new(x)` for `Point::new`";
                    self.refuse(path, "a method cannot be given to a function by its path here", help);
                    return Some((Arg::Value(constant(quote!(()), Type::Unknown)), FunctionValue::Named(quote!(()))));
                }
                let named = self.is_named_function(path);
                named.then(|| {
                    let nothing = constant(quote!(()), Type::Unit);
                    (Arg::Value(nothing), FunctionValue::Named(path.to_token_stream()))
                })
            }
            _ => None,
        }
    }

    /// `let f = g;`, `let f: fn(f64) -> f64 = sin;`, `let f: Box<dyn Fn(f64) -> f64> = Box::new(|x| ..);`: a name for a
    /// function. Tells whether it was one.
    pub(super) fn keep_function(&mut self, pat: &syn::Pat, ty: Option<&syn::Type>, init: &Expr) -> bool {
        let syn::Pat::Ident(ident) = pat else { return false };
        let binding = match strip(init) {
            Expr::Closure(closure) => {
                Binding::Closure(Rc::new(self.define_closure(closure, ident.mutability.is_some())))
            }
            Expr::Path(path) if self.named_value(path).is_none() => match self.as_closure(path, ty) {
                Some(binding) => binding,
                None => return false,
            },
            other if self.gives_function(other, ty) => match self.function_given(init, ident.mutability.is_some()) {
                Some(binding) => binding,
                None => Binding::Alias(super::lowerer::poison()),
            },
            _ => return false,
        };
        self.env.bind(&ident.ident, binding);
        true
    }

    /// A closure that calls the function that a path names, where its arguments are known.
    pub(super) fn as_closure(&self, path: &syn::ExprPath, ty: Option<&syn::Type>) -> Option<Binding> {
        let float = || {
            let owner = path.path.segments[0].ident.clone();
            let float: syn::Type = syn::parse_quote!(#owner);
            self.is_float_function(path).map(|arity| vec![float; arity])
        };
        let shape = ty.and_then(|ty| callable::shape(ty, &syn::Generics::default()));
        let inputs = shape.filter(|_| self.is_function_path(path)).map(|shape| shape.inputs).or_else(float)?;
        let names: Vec<Ident> = (0..inputs.len()).map(|index| format_ident!("argument_{index}")).collect();
        let closure: syn::ExprClosure = syn::parse_quote!(|#(#names: #inputs),*| #path(#(#names),*));
        Some(Binding::Closure(Rc::new(super::env::Closure::here(&closure, &self.env))))
    }

    /// A path that names a function or a method, where a function is expected.
    fn is_function_path(&self, path: &syn::ExprPath) -> bool {
        self.is_named_function(path) || path.qself.is_some() || path.path.segments.len() > 1
    }

    /// The closure or parameter that a path names.
    pub(super) fn named_value(&self, path: &syn::ExprPath) -> Option<Binding> {
        let binding = self.env.get(path.path.get_ident()?)?;
        matches!(binding, Binding::Closure(_) | Binding::Callable(_)).then(|| binding.clone())
    }

    /// `f64::sin`: the number of arguments.
    pub(super) fn is_float_function(&self, path: &syn::ExprPath) -> Option<usize> {
        let segments = &path.path.segments;
        let [owner, name] = [segments.first()?, segments.last()?].map(|segment| segment.ident.to_string());
        let float = segments.len() == 2 && matches!(owner.as_str(), "f32" | "f64");
        let row = rules::scalar::row(&name).filter(|_| float && path.qself.is_none())?;
        Some(row.args.len())
    }

    /// `Point::norm`, `Self::norm`: a path that names a member of a type and is spelled like a function.
    fn is_method_path(&self, path: &syn::ExprPath) -> bool {
        let names: Vec<String> = path.path.segments.iter().rev().map(|segment| segment.ident.to_string()).collect();
        let [last, owner, ..] = names.as_slice() else { return false };
        last.starts_with(char::is_lowercase) && super::expr::is_type_name(owner)
    }

    /// A path that certainly names a function: it is spelled like one and is no variable.
    fn is_named_function(&self, path: &syn::ExprPath) -> bool {
        let Some(last) = path.path.segments.last() else { return false };
        let name = last.ident.to_string();
        let owner = path.path.segments.iter().rev().nth(1).map(|segment| segment.ident.to_string());
        let free = owner.is_none_or(|owner| !super::expr::begins_like_a_type(&owner));
        let unbound = match path.path.get_ident() {
            Some(ident) => matches!(self.env.get(ident), None | Some(Binding::Function)),
            None => true,
        };
        let lower = name.trim_start_matches("r#").starts_with(|c: char| c.is_lowercase() || c == '_');
        path.qself.is_none() && free && unbound && lower && name != "self"
    }
}

/// `Option<&T>`
fn is_optional_reference(ty: &Type) -> bool {
    matches!(ty, Type::Option(content) if matches!(**content, Type::Ref { .. }))
}

/// The argument without what only passes a function on: `&f`, `&mut f`, `Box::new(f)`.
pub(super) fn strip(expr: &Expr) -> &Expr {
    match strip_parens(expr) {
        Expr::Reference(reference) => strip(&reference.expr),
        Expr::Call(call) if call.args.len() == 1 && call.func.to_token_stream().to_string() == "Box :: new" => {
            strip(&call.args[0])
        }
        other => other,
    }
}

/// What a call calls: `f` in `(*f)(x)` and in `(&f)(x)`.
pub(super) fn callee(expr: &Expr) -> &Expr {
    match strip_parens(expr) {
        Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) => callee(expr),
        Expr::Reference(reference) => callee(&reference.expr),
        other => other,
    }
}
