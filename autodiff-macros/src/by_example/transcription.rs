//! The right side of a rule, with the arguments in it.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use super::is_punct;
use super::matching::{Bound, Value};
use super::pattern;

/// What a macro's own names begin with until it is clear what they mean.
const MARK: &str = "__of_a_macro_";

/// The tokens, in which the macro's own names are marked. They stand where the macro is called.
pub(super) fn transcribe(body: &TokenStream, bound: &Bound, span: Span) -> Option<TokenStream> {
    let trees: Vec<TokenTree> = body.clone().into_iter().collect();
    let (mut rest, mut tokens) = (trees.as_slice(), TokenStream::new());
    while let [first, after @ ..] = rest {
        rest = match first {
            dollar if is_punct(dollar, '$') => variable(after, bound, span, &mut tokens)?,
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), transcribe(&group.stream(), bound, span)?);
                inner.set_span(span);
                tokens.extend([TokenTree::Group(inner)]);
                after
            }
            TokenTree::Ident(ident) => {
                tokens.extend([TokenTree::Ident(marked(ident, span))]);
                after
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {
                let mut token = first.clone();
                token.set_span(span);
                tokens.extend([token]);
                after
            }
        };
    }
    Some(tokens)
}

/// What follows a `$`; gives the trees behind it.
fn variable<'t>(
    trees: &'t [TokenTree],
    bound: &Bound,
    span: Span,
    tokens: &mut TokenStream,
) -> Option<&'t [TokenTree]> {
    match trees {
        [TokenTree::Ident(name), rest @ ..] if name == "crate" => {
            tokens.extend([TokenTree::Ident(Ident::new("crate", span))]);
            Some(rest)
        }
        [TokenTree::Ident(name), rest @ ..] => match bound.get(&name.to_string())? {
            Value::One(value) => {
                tokens.extend(value.clone());
                Some(rest)
            }
            Value::Many(_) => None,
        },
        [TokenTree::Group(group), rest @ ..] if group.delimiter() == Delimiter::Parenthesis => {
            let (separator, _, _, rest) = pattern::repetition(rest)?;
            for (position, bound) in repetitions(&group.stream(), bound)?.iter().enumerate() {
                if position > 0 {
                    tokens.extend(separator.iter().cloned());
                }
                tokens.extend(transcribe(&group.stream(), bound, span)?);
            }
            Some(rest)
        }
        _ => None,
    }
}

/// What the names stand for in each repetition: those that are repeated and mentioned tell how often there is one.
fn repetitions(body: &TokenStream, bound: &Bound) -> Option<Vec<Bound>> {
    let mentioned = variables(body);
    let repeated: Vec<(&String, &Vec<Value>)> = bound
        .iter()
        .filter_map(|(name, value)| match value {
            Value::Many(values) if mentioned.contains(name) => Some((name, values)),
            Value::Many(_) | Value::One(_) => None,
        })
        .collect();
    let count = repeated.first()?.1.len();
    if repeated.iter().any(|(_, values)| values.len() != count) {
        return None;
    }
    let one = |position: usize| {
        let mut inner = bound.clone();
        inner.extend(repeated.iter().map(|(name, values)| ((*name).clone(), values[position].clone())));
        inner
    };
    Some((0..count).map(one).collect())
}

/// The names behind a `$`, however deep.
fn variables(tokens: &TokenStream) -> Vec<String> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut names = Vec::new();
    for (position, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => names.extend(variables(&group.stream())),
            TokenTree::Ident(name) if position > 0 && is_punct(&trees[position - 1], '$') => {
                names.push(name.to_string())
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    names
}

/// A name with the mark, unless it is a keyword or raw.
fn marked(ident: &Ident, span: Span) -> Ident {
    let name = ident.to_string();
    match syn::parse_str::<Ident>(&name) {
        Ok(_) if !name.starts_with("r#") => Ident::new(&format!("{MARK}{name}"), span),
        _ => Ident::new(&name, span),
    }
}

/// What a marked name is called.
pub(super) fn unmarked(name: &str) -> Option<&str> {
    name.strip_prefix(MARK)
}
