//! The kinds of arguments: `$x:expr`, `$name:ident`, ..

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};

/// Whether arguments of this kind are understood.
pub(super) fn is_known(kind: &str) -> bool {
    const KINDS: [&str; 14] = [
        "block",
        "expr",
        "expr_2021",
        "ident",
        "item",
        "lifetime",
        "literal",
        "meta",
        "pat",
        "pat_param",
        "path",
        "tt",
        "ty",
        "vis",
    ];
    KINDS.contains(&kind)
}

/// The argument of a kind that the trees begin with, and how many of them it takes.
pub(super) fn take(kind: &str, trees: &[TokenTree]) -> Option<(TokenStream, usize)> {
    let length = match kind {
        "tt" => {
            // A lifetime is one tree for a macro.
            let quote = matches!(trees.first()?, TokenTree::Punct(punct) if punct.as_char() == '\'');
            if quote { 2 } else { 1 }
        }
        "ident" => prefix(trees, |input| syn::Ident::parse_any(input).map(drop))?,
        "lifetime" => prefix(trees, parsed::<syn::Lifetime>)?,
        "block" => prefix(trees, parsed::<syn::Block>)?,
        "expr" | "expr_2021" => prefix(trees, parsed::<syn::Expr>)?,
        "item" => prefix(trees, parsed::<syn::Item>)?,
        "literal" => prefix(trees, literal)?,
        "meta" => prefix(trees, parsed::<syn::Meta>)?,
        "pat" => prefix(trees, |input| syn::Pat::parse_multi_with_leading_vert(input).map(drop))?,
        "pat_param" => prefix(trees, |input| syn::Pat::parse_single(input).map(drop))?,
        "path" => prefix(trees, parsed::<syn::Path>)?,
        "ty" => prefix(trees, parsed::<syn::Type>)?,
        "vis" => prefix(trees, parsed::<syn::Visibility>)?,
        _ => return None,
    };
    let tokens: TokenStream = trees[..length].iter().cloned().collect();
    let open = matches!(kind, "tt" | "ident" | "lifetime");
    let invisible = matches!(&trees[..length], [TokenTree::Group(group)] if group.delimiter() == super::INVISIBLE);
    if open || invisible || length == 0 {
        return Some((tokens, length));
    }
    // No pattern looks into what has been taken once.
    Some((TokenTree::Group(Group::new(super::INVISIBLE, tokens)).into(), length))
}

fn parsed<T: Parse>(input: ParseStream<'_>) -> syn::Result<()> {
    input.parse::<T>().map(drop)
}

fn literal(input: ParseStream<'_>) -> syn::Result<()> {
    input.parse::<Option<syn::Token![-]>>()?;
    input.parse::<syn::Lit>().map(drop)
}

/// How many of the trees a parser takes.
fn prefix(trees: &[TokenTree], parser: impl Fn(ParseStream<'_>) -> syn::Result<()>) -> Option<usize> {
    let tokens: TokenStream = trees.iter().cloned().collect();
    let left = |input: ParseStream<'_>| {
        parser(input)?;
        input.parse::<TokenStream>()
    };
    let left = left.parse2(tokens).ok()?;
    Some(trees.len() - left.into_iter().count())
}
