//! The generic parameters of the tangent type, and the bounds of the impls.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;

use super::fields;
use super::input::{Input, mentions};
use crate::analysis::types::strip;

/// The parameters of the value and of its tangent, each with the bounds that make the tangent type exist.
pub(super) struct Generics {
    pub(super) value: syn::Generics,
    pub(super) tangent: syn::Generics,
}

impl Generics {
    pub(super) fn of(input: &Input) -> Generics {
        let mut bounds = Bounds { input, predicates: Vec::new() };
        let active: Vec<_> = input.fields().filter(|field| field.is_active()).collect();
        active.iter().for_each(|field| bounds.collect(&field.ty));
        let tangents: TokenStream = active.iter().map(|field| &field.tangent).map(|ty| quote!(#ty,)).collect();
        let mut generics = Generics { value: input.generics.clone(), tangent: kept(&input.generics, &tangents) };
        add(&mut generics.value, &bounds.predicates);
        add(&mut generics.tangent, &bounds.predicates);
        generics
    }
}

/// Adds predicates to the `where` clause.
pub(super) fn add(generics: &mut syn::Generics, predicates: &[TokenStream]) {
    if !predicates.is_empty() {
        let parsed = predicates.iter().map(|predicate| -> syn::WherePredicate { syn::parse_quote!(#predicate) });
        generics.make_where_clause().predicates.extend(parsed);
    }
}

/// Collects the bounds under which the fields' types have tangents.
struct Bounds<'a> {
    input: &'a Input,
    predicates: Vec<TokenStream>,
}

impl Bounds<'_> {
    fn collect(&mut self, ty: &syn::Type) {
        let ty = strip(ty);
        if !fields::mentions_type_parameter(ty, &self.input.generics) {
            return;
        }
        match ty {
            syn::Type::Array(array) => self.collect(&array.elem),
            syn::Type::Slice(slice) => self.collect(&slice.elem),
            syn::Type::Tuple(tuple) => tuple.elems.iter().for_each(|item| self.collect(item)),
            // With a bound, rustc would no longer see what the tangent is.
            syn::Type::Path(path) if fields::is_array_of_numbers(path) => {}
            syn::Type::Path(path) if fields::array_of_parameter(path, &self.input.generics).is_some() => {
                let parameter = fields::array_of_parameter(path, &self.input.generics).to_token_stream();
                self.push_bound(parameter, "Float");
            }
            _ => match standard_arguments(ty) {
                Some(arguments) => arguments.into_iter().for_each(|item| self.collect(item)),
                None if self.input.family.is_in(ty) => self.parameters(ty),
                None => self.push(ty.to_token_stream()),
            },
        }
    }

    /// In a type that contains the item itself, the bound on the type would need itself. The parameters have it instead.
    fn parameters(&mut self, ty: &syn::Type) {
        let generics = &self.input.generics;
        let params: Vec<_> = generics.type_params().map(|param| param.ident.to_token_stream()).collect();
        let mentioned = params.into_iter().filter(|name| mentions(ty.to_token_stream(), &name.to_string()));
        mentioned.for_each(|name| self.push(name));
    }

    fn push(&mut self, ty: TokenStream) {
        self.push_bound(ty, "Differentiable");
    }

    fn push_bound(&mut self, ty: TokenStream, bound: &str) {
        let (root, bound) = (&self.input.root, Ident::new(bound, Span::call_site()));
        let predicate = quote!(#ty: #root::rt::#bound);
        if !self.predicates.iter().any(|known| known.to_string() == predicate.to_string()) {
            self.predicates.push(predicate);
        }
    }
}

/// The arguments of a container of the standard library, which has a tangent where they have.
fn standard_arguments(ty: &syn::Type) -> Option<Vec<&syn::Type>> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(list) = &last.arguments else { return None };
    let standard = ["Vec", "VecDeque", "Option", "Box", "Rc", "Arc"];
    let is_standard = path.qself.is_none() && standard.iter().any(|name| last.ident == name);
    let arguments = list.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    is_standard.then(|| arguments.collect())
}

/// The parameters that occur in the tangent's fields, with those bounds that are about such parameters only.
fn kept(generics: &syn::Generics, tangents: &TokenStream) -> syn::Generics {
    let (kept, dropped): (Vec<_>, Vec<_>) =
        generics.params.iter().cloned().partition(|param| occurs(param, tangents.clone()));
    let about_kept = |tokens: TokenStream| !dropped.iter().any(|param| occurs(param, tokens.clone()));
    let mut tangent = syn::Generics { params: kept.into_iter().collect(), ..generics.clone() };
    for param in &mut tangent.params {
        match param {
            syn::GenericParam::Type(param) => {
                let bounds = std::mem::take(&mut param.bounds).into_iter();
                param.bounds = bounds.filter(|bound| about_kept(bound.to_token_stream())).collect();
                param.default = param.default.take().filter(|(_, default)| about_kept(default.to_token_stream()));
            }
            syn::GenericParam::Lifetime(param) => {
                let bounds = std::mem::take(&mut param.bounds).into_iter();
                param.bounds = bounds.filter(|bound| about_kept(bound.to_token_stream())).collect();
            }
            syn::GenericParam::Const(_) => {}
        }
    }
    if let Some(clause) = &mut tangent.where_clause {
        let predicates = std::mem::take(&mut clause.predicates).into_iter();
        let predicates = predicates.filter(|predicate| about_kept(predicate.to_token_stream()));
        clause.predicates = predicates.collect::<Punctuated<_, _>>();
    }
    tangent
}

/// Whether a parameter occurs in the tokens.
fn occurs(param: &syn::GenericParam, tokens: TokenStream) -> bool {
    match param {
        syn::GenericParam::Type(param) => mentions(tokens, &param.ident.to_string()),
        syn::GenericParam::Const(param) => mentions(tokens, &param.ident.to_string()),
        syn::GenericParam::Lifetime(param) => mentions_lifetime(tokens, &param.lifetime.ident.to_string()),
    }
}

fn mentions_lifetime(tokens: TokenStream, name: &str) -> bool {
    let mut behind_quote = false;
    for tree in tokens {
        match tree {
            TokenTree::Punct(punct) => behind_quote = punct.as_char() == '\'',
            TokenTree::Ident(ident) if behind_quote && ident == name => return true,
            TokenTree::Group(group) if mentions_lifetime(group.stream(), name) => return true,
            TokenTree::Ident(_) | TokenTree::Group(_) | TokenTree::Literal(_) => behind_quote = false,
        }
    }
    false
}
