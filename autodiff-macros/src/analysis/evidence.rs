//! How a function uses the types that it names: whether their values are computed with like numbers.

use std::collections::{HashMap, HashSet};

use quote::ToTokens;
use syn::Expr;
use syn::visit::{self, Visit};

use super::types;

/// How a function uses the types that it names.
#[derive(Default)]
pub(super) struct Uses {
    /// The types of its parameters and variables, without references and brackets.
    pub(super) named: HashSet<String>,
    /// The type of the result.
    result: Option<String>,
    /// The type of each variable, or of its elements: then it is an array of some kind.
    variables: HashMap<String, (String, bool)>,
    /// Types whose values are computed with like numbers.
    pub(super) like_number: HashSet<String>,
    /// Types whose values are operands of arithmetic.
    pub(super) arithmetic: HashSet<String>,
    /// Types whose values have fields or are written as a struct.
    pub(super) apart: HashSet<String>,
}

impl Uses {
    pub(super) fn of(function: &syn::ItemFn) -> Uses {
        let mut uses = Uses::default();
        for input in &function.sig.inputs {
            if let syn::FnArg::Typed(typed) = input {
                uses.declare(&typed.pat, &typed.ty);
            }
        }
        if let syn::ReturnType::Type(_, ty) = &function.sig.output {
            uses.name(ty);
            uses.result = match &**ty {
                syn::Type::Path(path) => plain(path),
                _ => None,
            };
        }
        uses.visit_block(&function.block);
        uses
    }

    fn declare(&mut self, pat: &syn::Pat, ty: &syn::Type) {
        self.name(ty);
        if let (syn::Pat::Ident(pat), Some(found)) = (pat, element(ty)) {
            self.variables.insert(pat.ident.to_string(), found);
        }
    }

    fn name(&mut self, ty: &syn::Type) {
        struct Paths<'a>(&'a mut HashSet<String>);
        impl<'ast> Visit<'ast> for Paths<'_> {
            fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
                if let Some(name) = plain(path) {
                    self.0.insert(name);
                }
                visit::visit_type_path(self, path);
            }
        }
        Paths(&mut self.named).visit_type(ty);
    }

    /// The type of the variable that an expression is a part of, or points to.
    fn type_of(&self, expr: &Expr) -> Option<&String> {
        match expr {
            Expr::Path(_) => self.variable(expr, false),
            Expr::Paren(paren) => self.type_of(&paren.expr),
            Expr::Index(index) => self.variable(&index.expr, true),
            Expr::Reference(reference) => self.type_of(&reference.expr),
            Expr::Unary(unary) => self.type_of(&unary.expr),
            Expr::Binary(binary) if is_arithmetic(&binary.op) => {
                let name = self.type_of(&binary.left).or_else(|| self.type_of(&binary.right))?;
                // The product of two vectors may be a number.
                let returned = self.result.as_ref() == Some(name);
                (is_sum(&binary.op) || returned || super::scalars::is_likely(name)).then_some(name)
            }
            _ => None,
        }
    }

    /// The type of a variable, or of the elements of one that is an array.
    fn variable(&self, expr: &Expr, indexed: bool) -> Option<&String> {
        let Expr::Path(path) = expr else { return None };
        let (name, array) = self.variables.get(&path.path.get_ident()?.to_string())?;
        (*array == indexed).then_some(name)
    }

    fn like_number(&mut self, name: Option<&String>) {
        self.like_number.extend(name.cloned());
    }

    /// A block or a `return` gives a literal: so the function's result is a number.
    fn gives(&mut self, expr: &Expr) {
        if is_float_literal(expr) {
            self.like_number.extend(self.result.clone());
        }
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let init = local.init.as_ref().map(|init| &*init.expr);
        match &local.pat {
            syn::Pat::Type(typed) => {
                self.declare(&typed.pat, &typed.ty);
                if let (syn::Type::Path(path), true) = (&*typed.ty, init.is_some_and(is_float_literal)) {
                    self.like_number.extend(plain(path));
                }
            }
            syn::Pat::Ident(pat) => {
                let ty = init.and_then(|init| self.type_of(init)).cloned();
                self.variables.extend(ty.map(|ty| (pat.ident.to_string(), (ty, false))));
            }
            _ => {}
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        let (left, right) = (self.type_of(&binary.left).cloned(), self.type_of(&binary.right).cloned());
        let literal = is_float_literal(&binary.left) || is_float_literal(&binary.right);
        let sums = matches!(
            binary.op,
            syn::BinOp::Add(_)
                | syn::BinOp::Sub(_)
                | syn::BinOp::Lt(_)
                | syn::BinOp::Le(_)
                | syn::BinOp::Gt(_)
                | syn::BinOp::Ge(_)
        );
        // A vector may be multiplied by a number, but hardly be added to one or compared with one.
        if literal && sums {
            self.like_number(left.as_ref().or(right.as_ref()));
        }
        self.arithmetic.extend(left.into_iter().chain(right));
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_return(&mut self, exit: &'ast syn::ExprReturn) {
        exit.expr.iter().for_each(|expr| self.gives(expr));
        visit::visit_expr_return(self, exit);
    }

    /// Only primitive types can be cast to.
    fn visit_expr_cast(&mut self, cast: &'ast syn::ExprCast) {
        if let syn::Type::Path(path) = &*cast.ty {
            self.like_number.extend(plain(path));
        }
        visit::visit_expr_cast(self, cast);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        /// Neither complex numbers nor vectors have these.
        const OF_NUMBERS: [&str; 12] = [
            "atan2",
            "hypot",
            "to_radians",
            "to_degrees",
            "floor",
            "ceil",
            "round",
            "signum",
            "rem_euclid",
            "sin_cos",
            "exp_m1",
            "ln_1p",
        ];
        if OF_NUMBERS.contains(&call.method.to_string().as_str()) {
            let name = self.type_of(&call.receiver).cloned();
            self.like_number(name.as_ref());
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        const OF_TYPES: [&str; 11] =
            ["one", "zero", "pi", "from_f64", "from_f32", "from_i32", "from_usize", "epsilon", "infinity", "PI", "E"];
        if let Expr::Path(path) = &*call.func
            && path.path.segments.len() == 2
            && OF_TYPES.contains(&path.path.segments[1].ident.to_string().as_str())
        {
            self.like_number.insert(path.path.segments[0].ident.to_string());
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
        if let Some(name) = self.type_of(&field.base) {
            self.apart.insert(name.clone());
        }
        visit::visit_expr_field(self, field);
    }

    fn visit_expr_struct(&mut self, literal: &'ast syn::ExprStruct) {
        self.apart.insert(literal.path.to_token_stream().to_string());
        visit::visit_expr_struct(self, literal);
    }
}

/// The path of a type that may be declared elsewhere: it has no arguments and is none of std's.
fn plain(path: &syn::TypePath) -> Option<String> {
    let last = path.path.segments.last()?;
    let name = last.ident.to_string();
    let primitive = types::float(&name).is_some() || types::integer(&name).is_some() || name == "bool";
    (!primitive && last.arguments.is_none() && name.starts_with(char::is_uppercase) && name != "Self")
        .then(|| path.to_token_stream().to_string())
}

/// The innermost element of references, slices, arrays and `Vec`s, and whether there are any of the latter.
fn element(ty: &syn::Type) -> Option<(String, bool)> {
    let array = |ty| Some((element(ty)?.0, true));
    match ty {
        syn::Type::Reference(reference) => element(&reference.elem),
        syn::Type::Slice(slice) => array(&slice.elem),
        syn::Type::Array(list) => array(&list.elem),
        syn::Type::Paren(paren) => element(&paren.elem),
        syn::Type::Group(group) => element(&group.elem),
        syn::Type::Path(path) => match &path.path.segments.last()?.arguments {
            syn::PathArguments::AngleBracketed(arguments) if path.path.segments.last()?.ident == "Vec" => {
                arguments.args.iter().find_map(|argument| match argument {
                    syn::GenericArgument::Type(ty) => array(ty),
                    _ => None,
                })
            }
            _ => Some((plain(path)?, false)),
        },
        _ => None,
    }
}

fn is_arithmetic(op: &syn::BinOp) -> bool {
    matches!(op, syn::BinOp::Add(_) | syn::BinOp::Sub(_) | syn::BinOp::Mul(_) | syn::BinOp::Div(_) | syn::BinOp::Rem(_))
}

fn is_sum(op: &syn::BinOp) -> bool {
    matches!(op, syn::BinOp::Add(_) | syn::BinOp::Sub(_))
}

fn is_float_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(literal) => matches!(literal.lit, syn::Lit::Float(_)),
        Expr::Paren(paren) => is_float_literal(&paren.expr),
        Expr::Unary(unary) => is_float_literal(&unary.expr),
        _ => false,
    }
}
