//! What a generic function gives, by its signature and the types of what it is given.

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::scalars::Scalars;
use super::types;
use crate::ir::{Tensor, Type};

/// The type of a call's result. `arguments` are the types of what is given, `turbofish` the types that are written out.
/// Nothing where it depends on what is not known.
pub(crate) fn result(signature: &syn::Signature, arguments: &[Type], turbofish: Option<&TokenStream>) -> Option<Type> {
    let syn::ReturnType::Type(_, written) = &signature.output else { return Some(Type::Unit) };
    let mut found = Instance::of(&signature.generics);
    found.written(&signature.generics, turbofish);
    let inputs = signature.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => Some(&*typed.ty),
        syn::FnArg::Receiver(_) => None,
    });
    let mut open: Vec<String> = Vec::new();
    for (ty, given) in inputs.zip(arguments) {
        found.unify(ty, given);
        open.extend(found.types.keys().filter(|name| mentions(&ty.to_token_stream(), name)).cloned());
    }
    found.open_numbers(&signature.generics, &open);
    found.apply(written)
}

/// What is known of the parameters of a generic function.
struct Instance {
    types: HashMap<String, Type>,
    constants: HashMap<String, Option<TokenStream>>,
}

impl Instance {
    fn of(generics: &syn::Generics) -> Instance {
        Instance {
            types: generics.type_params().map(|param| (param.ident.to_string(), Type::Unknown)).collect(),
            constants: generics.const_params().map(|param| (param.ident.to_string(), None)).collect(),
        }
    }

    /// `f::<f64, 3>(..)`
    fn written(&mut self, generics: &syn::Generics, turbofish: Option<&TokenStream>) {
        let Some(written) = turbofish else { return };
        let Ok(arguments) = syn::parse2::<syn::AngleBracketedGenericArguments>(quote!(<#written>)) else { return };
        let params = generics.params.iter().filter(|param| !matches!(param, syn::GenericParam::Lifetime(_)));
        let arguments = arguments.args.iter().filter(|arg| !matches!(arg, syn::GenericArgument::Lifetime(_)));
        for (param, argument) in params.zip(arguments) {
            match (param, argument) {
                (syn::GenericParam::Type(param), syn::GenericArgument::Type(ty)) => {
                    self.types.insert(param.ident.to_string(), types::parse_type(ty));
                }
                (syn::GenericParam::Const(param), argument) => {
                    self.constants.insert(param.ident.to_string(), Some(argument.to_token_stream()));
                }
                _ => {}
            }
        }
    }

    /// Learns from one argument.
    fn unify(&mut self, ty: &syn::Type, given: &Type) {
        match ty {
            syn::Type::Reference(reference) => self.unify(&reference.elem, types::strip_refs(given)),
            syn::Type::Paren(inner) => self.unify(&inner.elem, given),
            syn::Type::Group(inner) => self.unify(&inner.elem, given),
            syn::Type::Array(array) => {
                if let (Type::Array(_, len), Some(name)) = (given, name_of(&array.len)) {
                    self.constants.entry(name).and_modify(|known| *known = Some(len.clone()));
                }
                self.unify_element(&array.elem, given);
            }
            syn::Type::Slice(slice) => self.unify_element(&slice.elem, given),
            syn::Type::Tuple(tuple) => {
                if let Type::Tuple(items) = given {
                    tuple.elems.iter().zip(items).for_each(|(ty, item)| self.unify(ty, item));
                }
            }
            syn::Type::Path(path) => match path.path.get_ident().and_then(|name| self.types.get_mut(&name.to_string()))
            {
                Some(Type::Unknown) if matches!(given, Type::Ref { .. }) => {}
                Some(known) => drop(types::merge(known, given)),
                None => self.unify_content(path, given),
            },
            _ => {}
        }
    }

    fn unify_element(&mut self, ty: &syn::Type, given: &Type) {
        if let Some(element) = types::element(given) {
            self.unify(ty, &element);
        }
    }

    /// `Vec<T>`, `Option<T>`, `Array1<T>`
    fn unify_content(&mut self, path: &syn::TypePath, given: &Type) {
        let Some(last) = path.path.segments.last() else { return };
        let arguments = types::type_arguments(&last.arguments);
        let Some(content) = arguments.first() else { return };
        match given {
            Type::Option(inner) if last.ident == "Option" => self.unify(content, inner),
            Type::Result(inner, _) if last.ident == "Result" => self.unify(content, inner),
            Type::Vec(inner) if last.ident == "Vec" => self.unify(content, inner),
            Type::Tensor(Tensor { elem, .. }) if last.ident.to_string().starts_with("Array") => {
                self.unify(content, elem);
            }
            _ => {}
        }
    }

    /// A number whose type nothing says that is given is most likely the one that the caller computes with.
    fn open_numbers(&mut self, generics: &syn::Generics, open: &[String]) {
        let Some(likely) = super::scalars::open_number() else { return };
        let _own = Scalars::of_generics(generics, None).enter();
        for (name, ty) in &mut self.types {
            let number = super::scalars::named(&syn::Ident::new(name, proc_macro2::Span::call_site()));
            if matches!((&*ty, number), (Type::Unknown, Some(Type::Float(_)))) && !open.contains(name) {
                *ty = likely.clone();
            }
        }
    }

    /// The result with everything put in.
    fn apply(&self, written: &syn::Type) -> Option<Type> {
        let _own = Scalars::given(self.types.clone()).enter();
        self.put_in(types::parse_type(written))
    }

    fn put_in(&self, ty: Type) -> Option<Type> {
        let inner = |ty: Box<Type>| self.put_in(*ty).map(Box::new);
        Some(match ty {
            Type::Array(item, len) => {
                let known = self.constants.get(&len.to_string());
                let len = known.map_or(Some(len.clone()), Clone::clone)?;
                if self.constants.keys().any(|name| known.is_none() && mentions(&len, name)) {
                    return None;
                }
                Type::Array(inner(item)?, len)
            }
            Type::Slice(item) => Type::Slice(inner(item)?),
            Type::Vec(item) => Type::Vec(inner(item)?),
            Type::Deque(item) => Type::Deque(inner(item)?),
            Type::Option(content) => Type::Option(inner(content)?),
            Type::Result(content, error) => Type::Result(inner(content)?, inner(error)?),
            Type::Ref { mutable, inner: content } => Type::Ref { mutable, inner: inner(content)? },
            Type::Tuple(items) => {
                Type::Tuple(items.into_iter().map(|item| self.put_in(item)).collect::<Option<Vec<_>>>()?)
            }
            Type::Named(name) => {
                let params = self.types.keys().chain(self.constants.keys());
                if params.into_iter().any(|param| mentions(&name, param)) {
                    return None;
                }
                Type::Named(name)
            }
            other => other,
        })
    }
}

/// The name that an expression consists of.
fn name_of(expr: &syn::Expr) -> Option<String> {
    match expr {
        syn::Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

/// Whether the word occurs in the tokens.
pub(crate) fn mentions(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(&group.stream(), word),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
