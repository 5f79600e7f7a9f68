//! How many elements a window has that patterns take apart: `xs.array_windows().map(|[a, b]| b - a)`.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Pat};

/// The function with the sizes written out, where it has such windows.
pub(super) fn with_sizes(function: &syn::ItemFn) -> Option<syn::ItemFn> {
    if !crate::emit::mentions(function.block.to_token_stream(), "array_windows") {
        return None;
    }
    let mut function = function.clone();
    Sizes.visit_block_mut(&mut function.block);
    Some(function)
}

struct Sizes;

impl VisitMut for Sizes {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let closure = call.args.iter().find_map(|arg| match arg {
            Expr::Closure(closure) => closure.inputs.last().cloned(),
            _ => None,
        });
        if let Some(pat) = closure {
            write_size(&mut call.receiver, &pat);
        }
    }

    fn visit_expr_for_loop_mut(&mut self, looping: &mut syn::ExprForLoop) {
        visit_mut::visit_expr_for_loop_mut(self, looping);
        let pat = (*looping.pat).clone();
        write_size(&mut looping.expr, &pat);
    }
}

/// Writes the size into the windows that a chain begins with, by the pattern that its items are taken apart with.
fn write_size(chain: &mut Expr, pat: &Pat) {
    let Expr::MethodCall(call) = chain else { return };
    match call.method.to_string().as_str() {
        "array_windows" if call.turbofish.is_none() => {
            if let Some(size) = size(pat) {
                call.turbofish = Some(syn::parse_quote!(::<#size>));
            }
        }
        "rev" | "skip" | "take" | "step_by" | "filter" | "take_while" | "skip_while" | "inspect" => {
            write_size(&mut call.receiver, pat);
        }
        "enumerate" => {
            if let Pat::Tuple(tuple) = pat
                && let Some(item) = tuple.elems.last()
            {
                write_size(&mut call.receiver, item);
            }
        }
        "zip" => {
            if let Pat::Tuple(tuple) = pat
                && let (Some(left), Some(right)) = (tuple.elems.first(), tuple.elems.last())
            {
                write_size(&mut call.receiver, left);
                call.args.iter_mut().for_each(|arg| write_size(arg, right));
            }
        }
        _ => {}
    }
}

/// `[a, b]`, `&[a, b]`, `w: &[f64; 2]`
fn size(pat: &Pat) -> Option<proc_macro2::TokenStream> {
    match pat {
        Pat::Reference(reference) => size(&reference.pat),
        Pat::Paren(paren) => size(&paren.pat),
        Pat::Slice(slice) if !slice.elems.iter().any(|elem| matches!(elem, Pat::Rest(_))) => {
            let named_rest = |elem: &Pat| matches!(elem, Pat::Ident(ident) if ident.subpat.is_some());
            let count = proc_macro2::Literal::usize_unsuffixed(slice.elems.len());
            (!slice.elems.iter().any(named_rest)).then(|| count.to_token_stream())
        }
        Pat::Type(typed) => match &*typed.ty {
            syn::Type::Reference(reference) => match &*reference.elem {
                syn::Type::Array(array) => Some(array.len.to_token_stream()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}
