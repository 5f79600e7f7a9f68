//! Invisible groups.
//!
//! What `macro_rules` puts in for `$e:expr` stands in a group without brackets, and `1.0 + 2.0` in it is one operand of
//! `$e * x`. The compiler does not see such a group in what a procedural macro returns: it is given brackets first.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Expr;
use syn::visit_mut::VisitMut;

/// The item with brackets where its invisible groups matter.
pub(crate) fn made_visible(item: TokenStream) -> TokenStream {
    if !has_invisible(&item) {
        return item;
    }
    if let Ok(mut item) = syn::parse2::<syn::Item>(item.clone())
        && !matches!(item, syn::Item::Verbatim(_))
    {
        Brackets.visit_item_mut(&mut item);
        return item.into_token_stream();
    }
    match syn::parse2::<syn::TraitItemFn>(item.clone()) {
        Ok(mut method) => {
            Brackets.visit_trait_item_fn_mut(&mut method);
            method.into_token_stream()
        }
        Err(_) => item,
    }
}

/// The tokens of an expression or of statements with brackets where invisible groups matter.
pub(crate) fn visible_in(tokens: TokenStream) -> TokenStream {
    if !has_invisible(&tokens) {
        return tokens;
    }
    match syn::parse2::<syn::Block>(quote!({ #tokens })) {
        Ok(mut block) => {
            Brackets.visit_block_mut(&mut block);
            block.stmts.iter().map(ToTokens::to_token_stream).collect()
        }
        Err(_) => tokens,
    }
}

fn has_invisible(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::None || has_invisible(&group.stream()),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

struct Brackets;

impl VisitMut for Brackets {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        syn::visit_mut::visit_expr_mut(self, expr);
        if let Expr::Group(group) = expr {
            let inner = (*group.expr).clone();
            let attrs = std::mem::take(&mut group.attrs);
            *expr = if is_one_operand(&inner) && attrs.is_empty() {
                inner
            } else {
                let paren_token = syn::token::Paren(Span::mixed_site());
                Expr::Paren(syn::ExprParen { attrs, paren_token, expr: Box::new(inner) })
            };
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = in_macro(std::mem::take(&mut mac.tokens));
    }
}

/// The expression is one operand wherever it stands.
fn is_one_operand(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Path(_)
            | Expr::Lit(_)
            | Expr::Call(_)
            | Expr::MethodCall(_)
            | Expr::Field(_)
            | Expr::Index(_)
            | Expr::Paren(_)
            | Expr::Tuple(_)
            | Expr::Array(_)
            | Expr::Macro(_)
    )
}

/// In the arguments of a macro, a group that reads as an expression is one.
fn in_macro(tokens: TokenStream) -> TokenStream {
    let visible = |tree| match tree {
        TokenTree::Group(group) => {
            let stream = in_macro(group.stream());
            let needs_brackets = group.delimiter() == Delimiter::None
                && syn::parse2::<Expr>(stream.clone()).is_ok_and(|expr| !is_one_operand(&expr));
            let delimiter = if needs_brackets { Delimiter::Parenthesis } else { group.delimiter() };
            let mut visible = Group::new(delimiter, stream);
            visible.set_span(if needs_brackets { Span::mixed_site() } else { group.span() });
            TokenTree::Group(visible)
        }
        other => other,
    };
    tokens.into_iter().map(visible).collect()
}
