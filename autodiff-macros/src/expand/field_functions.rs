//! Functions in fields that get differentiable values: `(self.f)(x)`.
//!
//! A value of a function type tells nothing of its derivative. So the derivatives of a function that calls one take it as
//! a parameter more, as they do with functions that are parameters: `solver.step_grad(x, function!(f))`. Whoever calls such
//! a function with derivatives hands over what it was given itself.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;
use quote::{ToTokens, format_ident};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Member};

use crate::analysis::types::{self, may_carry_derivative};
use crate::callable::{self, Shape};
use crate::declarations;
use crate::definitions::{self, Around, Definition};
use crate::diagnostics::Diagnostics;
use crate::options::Options;
use crate::owner::{Owner, Place};
use crate::site::Site;

/// A field and how it is reached: `["self", "f"]`, `["solver", "model", "f"]`.
type Path = Vec<String>;

/// The function with the functions in fields that it calls as parameters, if it calls any.
pub(super) fn with_parameters(
    function: &syn::ItemFn,
    options: &Options,
    owner: Option<&Owner>,
    diagnostics: &mut Diagnostics,
) -> Option<syn::ItemFn> {
    let site = options.site.as_deref().filter(|_| owner.is_none_or(|owner| owner.place == Place::Type))?;
    let mentions_functions = |text: &str| text.contains("Fn(") || text.contains("FnMut(") || text.contains(" fn(");
    let mut texts = declarations::files(&site.path).filter_map(|file| crate::source::read(&file));
    if !texts.any(|text| mentions_functions(&text)) {
        return None;
    }
    let own = owner.and_then(|owner| owner.self_type.as_ref()).and_then(|ty| types::type_name(&types::parse_type(ty)));
    let none = syn::Generics::default();
    let outer = owner.map_or(&none, |owner| &owner.generics);
    let scope = Scope { site, own, signature: &function.sig, outer };
    let mut open = BTreeSet::new();
    let found = scope.called(&function.block, &mut open);
    for at in &found.lost {
        let message = format!("`{at}` calls a function in a field of what it is given, which is no parameter here");
        let help = "take the value as a parameter, so that its function is given with it to the derivatives";
        diagnostics.error(at, message, help);
    }
    if found.paths.is_empty() {
        return None;
    }
    let mut function = function.clone();
    for (path, shape) in &found.paths {
        let (name, inputs, output) = (name_of(path), &shape.inputs, &shape.output);
        function.sig.inputs.push(syn::parse_quote!(#name: impl Fn(#(#inputs),*) -> #output));
    }
    let mut rewrite = Rewrite { scope, paths: found.paths.into_keys().collect() };
    rewrite.visit_block_mut(&mut function.block);
    Some(function)
}

/// What the names of a function's parameters stand for.
struct Scope<'s> {
    site: &'s Site,
    /// The type that it is a method of.
    own: Option<String>,
    signature: &'s syn::Signature,
    /// The generic parameters around it.
    outer: &'s syn::Generics,
}

/// The functions in fields that a body calls.
#[derive(Default)]
struct Found {
    paths: BTreeMap<Path, Shape>,
    /// Calls that cannot hand one on.
    lost: Vec<Ident>,
}

impl Scope<'_> {
    fn called(&self, body: &syn::Block, open: &mut BTreeSet<String>) -> Found {
        let mut finds = Finds { scope: self, found: Found::default(), open };
        finds.visit_block(body);
        let mut found = finds.found;
        let mut changes = Changes { scope: self, names: BTreeSet::new(), places: Vec::new() };
        changes.visit_block(body);
        found.paths.retain(|path, _| {
            !changes.names.contains(&path[0]) && !changes.places.iter().any(|place| path.starts_with(place))
        });
        found
    }

    /// The field of a parameter, or of one of its fields, as a path.
    fn path(&self, expr: &Expr) -> Option<Path> {
        match expr {
            Expr::Paren(paren) => self.path(&paren.expr),
            Expr::Group(group) => self.path(&group.expr),
            Expr::Reference(reference) => self.path(&reference.expr),
            Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) => self.path(expr),
            Expr::Path(path) => Some(vec![path.path.get_ident()?.to_string()]),
            Expr::Field(field) => {
                let mut path = self.path(&field.base)?;
                path.push(field.member.to_token_stream().to_string());
                Some(path)
            }
            _ => None,
        }
    }

    /// The name of the type of what a path leads to.
    fn type_at(&self, path: &[String]) -> Option<String> {
        let (last, before) = path.split_last()?;
        let ty = if before.is_empty() { self.parameter(last)? } else { self.field(before, last)?.0 };
        let syn::Type::Path(path) = &ty else { return None };
        let name = path.path.segments.last()?.ident.to_string();
        if name == "Self" { self.own.clone() } else { Some(name) }
    }

    fn parameter(&self, name: &str) -> Option<syn::Type> {
        if name == "self" {
            let own = format_ident!("{}", self.own.as_ref()?);
            return Some(syn::parse_quote!(#own));
        }
        self.signature.inputs.iter().find_map(|input| match input {
            syn::FnArg::Typed(typed) => match &*typed.pat {
                syn::Pat::Ident(pat) if pat.ident == name => Some(without_references(&typed.ty).clone()),
                _ => None,
            },
            syn::FnArg::Receiver(_) => None,
        })
    }

    /// The type of a field, and the generic parameters that it may name.
    fn field(&self, base: &[String], member: &str) -> Option<(syn::Type, syn::Generics)> {
        let item = declarations::structure(self.site, &self.type_at(base)?)?;
        let member = syn::parse_str::<Member>(member).ok()?;
        let field = item.fields.members().zip(&item.fields).find(|(own, _)| *own == member)?.1;
        Some((without_references(&field.ty).clone(), item.generics.clone()))
    }

    /// The signature of the function in a field, if it takes and gives what may carry a derivative.
    fn function(&self, path: &[String]) -> Option<Shape> {
        let (last, base) = path.split_last().filter(|(_, base)| !base.is_empty())?;
        let (ty, generics) = self.field(base, last)?;
        let here = [&generics, self.outer, &self.signature.generics];
        let shape = here.into_iter().find_map(|generics| callable::shape(&ty, generics))?;
        let carries = |ty: &syn::Type| may_carry_derivative(&types::parse_type(ty));
        let writes = |ty: &syn::Type| matches!(ty, syn::Type::Reference(to) if to.mutability.is_some());
        let gives =
            carries(&shape.output) && !matches!(&shape.output, syn::Type::Tuple(tuple) if tuple.elems.is_empty());
        (shape.inputs.iter().any(carries) && (gives || shape.inputs.iter().any(writes))).then_some(shape)
    }

    /// The functions in fields that a method or a function takes beside its arguments: how they are reached from what is
    /// given for its parameters.
    fn of_method(&self, base: &Expr, name: &Ident, open: &mut BTreeSet<String>) -> Vec<(Path, Shape)> {
        let base = self.path(base);
        let owner = base.as_ref().and_then(|base| self.type_at(base));
        // Of a value whose type is not seen, the name of the method tells, where there is one of the name.
        let fits = |found: &Definition| {
            let owned = found.owner();
            found.signature.receiver().is_some() && owned.is_some() && (owner.is_none() || owned == owner)
        };
        let base = base.filter(|_| owner.is_some());
        match self.only(name, fits) {
            Some(found) => self.taken(&found, &[base], format!("{:?}::{name}", found.owner()), open),
            None => Vec::new(),
        }
    }

    fn of_function(&self, call: &syn::ExprCall, open: &mut BTreeSet<String>) -> Vec<(Path, Shape)> {
        let Expr::Path(path) = &*call.func else { return Vec::new() };
        let Some(name) = path.path.get_ident() else { return Vec::new() };
        let free = |found: &Definition| matches!(found.around, Around::Nothing);
        let given: Vec<Option<Path>> = call.args.iter().map(|arg| self.path(arg)).collect();
        match self.only(name, free) {
            Some(found) => self.taken(&found, &given, name.to_string(), open),
            None => Vec::new(),
        }
    }

    fn only(&self, name: &Ident, fits: impl Fn(&Definition) -> bool) -> Option<Definition> {
        let all = definitions::named(self.site, &name.to_string()).into_iter();
        let mut fitting = all.filter(|found| found.annotated && !found.left_out && fits(found));
        let only = fitting.next()?;
        fitting.next().is_none().then_some(only)
    }

    fn taken(
        &self,
        callee: &Definition,
        given: &[Option<Path>],
        key: String,
        open: &mut BTreeSet<String>,
    ) -> Vec<(Path, Shape)> {
        let Some(body) = callee.body.as_ref().filter(|_| open.insert(key.clone())) else { return Vec::new() };
        let none = syn::Generics::default();
        let outer = callee.around_generics().next().unwrap_or(&none);
        let inner = Scope { site: self.site, own: callee.owner(), signature: &callee.signature, outer };
        let found = inner.called(body, open);
        open.remove(&key);
        let names: Vec<String> = callee.signature.inputs.iter().map(parameter_name).collect();
        let outside = |path: &Path| {
            let at = names.iter().position(|name| *name == path[0]);
            let base = at.and_then(|at| given.get(at).cloned().flatten());
            base.map_or_else(|| vec![String::new()], |base| base.into_iter().chain(path[1..].iter().cloned()).collect())
        };
        found.paths.into_iter().map(|(path, shape)| (outside(&path), shape)).collect()
    }
}

/// Collects the functions in fields that a body calls or hands on.
struct Finds<'f, 's> {
    scope: &'f Scope<'s>,
    found: Found,
    open: &'f mut BTreeSet<String>,
}

impl Finds<'_, '_> {
    fn add(&mut self, all: Vec<(Path, Shape)>, at: &Ident) {
        for (path, shape) in all {
            if path.len() > 1 {
                self.found.paths.insert(path, shape);
            } else if !self.found.lost.contains(at) {
                self.found.lost.push(at.clone());
            }
        }
    }
}

impl<'ast> Visit<'ast> for Finds<'_, '_> {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if calls_with_constants(call) {
            return;
        }
        if let Expr::Path(path) = &*call.func
            && let Some(name) = path.path.get_ident()
        {
            let all = self.scope.of_function(call, self.open);
            self.add(all, name);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let all = self.scope.of_method(&call.receiver, &call.method, self.open);
        self.add(all, &call.method);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
        let path = self.scope.path(&Expr::Field(field.clone()));
        if let Some((path, shape)) = path.and_then(|path| Some((path.clone(), self.scope.function(&path)?))) {
            self.found.paths.insert(path, shape);
            return;
        }
        visit::visit_expr_field(self, field);
    }
}

/// What a body puts in the place of a parameter, or of a field of one: a function there may be another one then.
struct Changes<'f, 's> {
    scope: &'f Scope<'s>,
    names: BTreeSet<String>,
    places: Vec<Path>,
}

impl<'ast> Visit<'ast> for Changes<'_, '_> {
    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        self.names.insert(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.places.extend(self.scope.path(&assign.left));
        visit::visit_expr_assign(self, assign);
    }
}

/// Puts the parameters in the places of the fields, and hands them on.
struct Rewrite<'s> {
    scope: Scope<'s>,
    paths: BTreeSet<Path>,
}

impl Rewrite<'_> {
    fn hand_on(&self, args: &mut syn::punctuated::Punctuated<Expr, syn::Token![,]>, all: Vec<(Path, Shape)>) {
        for (path, _) in all.into_iter().filter(|(path, _)| self.paths.contains(path)) {
            let name = name_of(&path);
            args.push(syn::parse_quote!(#name));
        }
    }
}

impl VisitMut for Rewrite<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Field(_) => {
                if let Some(path) = self.scope.path(expr).filter(|path| self.paths.contains(path)) {
                    let name = name_of(&path);
                    *expr = syn::parse_quote!(#name);
                    return;
                }
            }
            Expr::Call(call) if calls_with_constants(call) => return,
            Expr::Call(call) => {
                let all = self.scope.of_function(call, &mut BTreeSet::new());
                visit_mut::visit_expr_call_mut(self, call);
                self.hand_on(&mut call.args, all);
                return;
            }
            Expr::MethodCall(call) => {
                let all = self.scope.of_method(&call.receiver, &call.method, &mut BTreeSet::new());
                visit_mut::visit_expr_method_call_mut(self, call);
                self.hand_on(&mut call.args, all);
                return;
            }
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

/// `(self.window)(3)`: what is called with nothing but constants has no derivative.
fn calls_with_constants(call: &syn::ExprCall) -> bool {
    let of_field = matches!(strip(&call.func), Expr::Field(_));
    let text = call.args.to_token_stream();
    let stopped = crate::emit::mentions(text.clone(), "stop_gradient");
    of_field && (stopped || names(&text).all(|name| !name.starts_with(|c: char| c.is_lowercase() || c == '_')))
}

fn names(tokens: &proc_macro2::TokenStream) -> impl Iterator<Item = String> {
    let mut names = Vec::new();
    let mut open: Vec<_> = tokens.clone().into_iter().collect();
    while let Some(tree) = open.pop() {
        match tree {
            proc_macro2::TokenTree::Ident(ident) => names.push(ident.to_string()),
            proc_macro2::TokenTree::Group(group) => open.extend(group.stream()),
            proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => {}
        }
    }
    names.into_iter()
}

fn strip(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => strip(&paren.expr),
        Expr::Group(group) => strip(&group.expr),
        other => other,
    }
}

fn without_references(ty: &syn::Type) -> &syn::Type {
    match ty {
        syn::Type::Reference(reference) => without_references(&reference.elem),
        other => other,
    }
}

fn parameter_name(input: &syn::FnArg) -> String {
    match input {
        syn::FnArg::Receiver(_) => "self".to_owned(),
        syn::FnArg::Typed(typed) => match &*typed.pat {
            syn::Pat::Ident(pat) => pat.ident.to_string(),
            _ => String::new(),
        },
    }
}

/// The parameter that stands for a field: `f_of_self`.
fn name_of(path: &[String]) -> Ident {
    let spelled = |name: &String| match name.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("field_{name}"),
        false => name.trim_start_matches("r#").to_owned(),
    };
    let names: Vec<String> = path.iter().rev().map(spelled).collect();
    format_ident!("{}", names.join("_of_"))
}
