//! Ends of chains that are shorter written as a loop with exits: the loop is built as syntax and lowered like the user's own.

use super::chain::Given;
use super::env::Lowered;
use super::lowerer::Lowerer;
use super::optional::Optional;
use crate::ir::Type;
use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

/// Which of the two enums the items are.
#[derive(Clone, Copy)]
enum Kind {
    Option,
    Result,
}

impl Kind {
    fn variant(self) -> TokenStream {
        match self {
            Kind::Option => quote!(Some),
            Kind::Result => quote!(Ok),
        }
    }

    fn of(self, content: &TokenStream) -> TokenStream {
        match self {
            Kind::Option => quote!(::core::option::Option<#content>),
            Kind::Result => quote!(::core::result::Result<#content, _>),
        }
    }

    /// The arm for an item without a value, which is what the whole gives. There is no conversion of errors, as in `?`.
    fn absent(self) -> TokenStream {
        match self {
            Kind::Option => quote!(None => return None,),
            Kind::Result => quote!(Err(error) => return Err(error),),
        }
    }
}

impl Lowerer<'_> {
    /// `.collect::<Option<Vec<_>>>()`, `.collect::<Result<Vec<_>, _>>()`: ends with the first item that has no value.
    pub(super) fn collect_all(&mut self, call: &ExprMethodCall, ty: &Type) -> Option<Lowered> {
        let (kind, content) = match ty {
            Type::Option(content) => (Kind::Option, content),
            Type::Result(content, _) => (Kind::Result, content),
            _ => return None,
        };
        if !matches!(**content, Type::Vec(_) | Type::Unknown) {
            let help = "collect into a `Vec`, or write the loop";
            return Some(self.refuse(
                &call.method,
                "this `collect` of differentiable values is not supported yet",
                help,
            ));
        }
        let (items, absent, present) = (&call.receiver, kind.absent(), kind.variant());
        let ty = kind.of(&quote!(::std::vec::Vec<_>));
        Some(self.block_with_exits(
            call,
            &ty,
            &quote! {
                let mut __collected = ::std::vec::Vec::new();
                for __item in #items {
                    match __item {
                        #present(item) => __collected.push(item),
                        #absent
                    }
                }
                #present(__collected)
            },
        ))
    }

    /// `.try_fold(start, |acc, x| ..)`
    pub(super) fn try_fold(&mut self, call: &ExprMethodCall, ty: Option<&Type>) -> Lowered {
        let (items, start, function) = (&call.receiver, &call.args[0], &call.args[1]);
        let kind = match ty {
            Some(Type::Option(_)) => Kind::Option,
            Some(Type::Result(..)) => Kind::Result,
            _ => self.kind_given(&quote!(#function).to_string()),
        };
        let (absent, present) = (kind.absent(), kind.variant());
        self.block_with_exits(
            call,
            &kind.of(&quote!(_)),
            &quote! {
                let mut __folded = #start;
                for __item in #items {
                    match (#function)(__folded, __item) {
                        #present(next) => __folded = next,
                        #absent
                    }
                }
                #present(__folded)
            },
        )
    }

    /// `.sum::<Option<f64>>()`, `.product::<Result<f64, _>>()`: ends with the first item that has no value.
    pub(super) fn total_of_all(&mut self, call: &ExprMethodCall, ty: &Type) -> Option<Lowered> {
        let (kind, content) = match ty {
            Type::Option(content) => (Kind::Option, content),
            Type::Result(content, _) => (Kind::Result, content),
            _ => return None,
        };
        let adds = call.method == "sum";
        let start = match (&**content, adds) {
            (Type::Int(_), true) => quote!(0),
            (Type::Int(_), false) => quote!(1),
            (_, true) => quote!(0.0),
            (_, false) => quote!(1.0),
        };
        let (items, absent, present) = (&call.receiver, kind.absent(), kind.variant());
        let step = if adds { quote!(__total += item) } else { quote!(__total *= item) };
        Some(self.block_with_exits(
            call,
            &kind.of(&quote!(_)),
            &quote! {
                let mut __total = #start;
                for __item in #items {
                    match __item {
                        #present(item) => #step,
                        #absent
                    }
                }
                #present(__total)
            },
        ))
    }

    /// `.try_for_each(|x| ..)`
    pub(super) fn try_for_each(&mut self, call: &ExprMethodCall, ty: Option<&Type>) -> Lowered {
        let (items, function) = (&call.receiver, &call.args[0]);
        let kind = match ty {
            Some(Type::Result(..)) => Kind::Result,
            _ => self.kind_given(&quote!(#function).to_string()),
        };
        let (absent, present) = (kind.absent(), kind.variant());
        self.block_with_exits(
            call,
            &kind.of(&quote!(())),
            &quote! {
                for __item in #items {
                    match (#function)(__item) {
                        #present(_) => {}
                        #absent
                    }
                }
                #present(())
            },
        )
    }

    /// What the text of a closure gives. Where it only hands on what another function gave, the function's own result tells:
    /// `?` follows.
    fn kind_given(&self, closure: &str) -> Kind {
        // How many spaces there are depends on who made the text.
        let closure: String = closure.chars().filter(|letter| !letter.is_whitespace()).collect();
        let gives = |names: &[&str]| names.iter().any(|name| closure.contains(name));
        match &self.function.result {
            _ if gives(&["Ok(", "Ok::", "Err(", "Err::"]) => Kind::Result,
            _ if gives(&["Some(", "None"]) => Kind::Option,
            Type::Result(..) => Kind::Result,
            _ => Kind::Option,
        }
    }

    /// Statements as the body of a closure that is called at once: `return` leaves them.
    fn block_with_exits(&mut self, call: &ExprMethodCall, ty: &TokenStream, stmts: &TokenStream) -> Lowered {
        match syn::parse2::<Expr>(quote!((|| -> #ty { #stmts })())) {
            Ok(expr) => self.value(&expr),
            Err(_) => self.refuse(&call.method, "this is not understood", "write the loop"),
        }
    }

    /// `.find_map(f)` is `.filter_map(f).next()`.
    pub(super) fn find_map(&mut self, call: &ExprMethodCall) -> Option<Optional> {
        let (items, function) = (&call.receiver, call.args.first()?);
        let first: Expr = syn::parse_quote_spanned!(call.span()=> #items.filter_map(#function).next());
        self.optional(&first)
    }

    /// A function without arguments, as one that is given something.
    pub(super) fn ignoring(&self, function: &Expr) -> Given {
        self.given(&syn::parse_quote!(|_| (#function)()))
    }
}
