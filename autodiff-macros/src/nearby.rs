//! What the file around a function says of the types that the function names.
//!
//! Only the text of the items in question is parsed, found by `struct Name` and `enum Name` at the beginning of a line. What
//! is not found, or found more than once, is not known: nothing depends on it but how well types are known.

mod joint;
mod ruled;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::Visit;

use crate::aliases;
use crate::analysis::types;
use crate::derive::names::payload_method;
use crate::options::Options;
use crate::owner::Owner;
use crate::site::{Piece, is_of_word, item_at, piece};
use crate::source::Source;

/// More types than a function and the fields of its parameters mention.
const MOST: usize = 64;

/// The file around a function.
pub(crate) struct Nearby {
    text: Arc<Source>,
}

/// The order of the derivatives that an attribute asks for.
fn order_of(head: impl AsRef<str>) -> usize {
    let head = head.as_ref();
    if let Some((_, after)) = head.split_once("order") {
        let digits: String =
            after.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        return digits.parse().unwrap_or(usize::MAX);
    }
    if ["hvp", "hessian", "sparse"].iter().any(|word| mentions_word(head, word)) { 2 } else { 1 }
}

/// The parameters in `wrt(..)`.
fn named_parameters(head: impl AsRef<str>) -> Option<Vec<String>> {
    let (_, after) = head.as_ref().split_once("wrt")?;
    let (names, _) = after.trim_start().strip_prefix('(')?.split_once(')')?;
    let first = |name: &str| name.split('.').next().unwrap_or_default().trim().to_owned();
    Some(names.split(',').map(first).filter(|name| !name.is_empty()).collect())
}

/// A function of the file.
pub(crate) struct Found {
    pub(crate) signature: syn::Signature,
    /// It has derivatives, or may have.
    pub(crate) annotated: bool,
    /// Its attribute may name the parameters that it is differentiated by.
    pub(crate) limited: bool,
    /// The parameters that its attribute certainly names, where it names some.
    pub(crate) wrt: Option<Vec<String>>,
    /// The order up to which its attribute asks for derivatives; as high as can be where that is not certain.
    pub(crate) order: usize,
    /// It has derivatives in several directions at once, or may have.
    pub(crate) lanes: bool,
}

impl Nearby {
    /// The file, where it can be read.
    pub(crate) fn of(options: &Options) -> Option<Nearby> {
        let site = options.site.as_ref().filter(|_| options.surroundings.is_none())?;
        Some(Nearby { text: site.text()? })
    }

    /// Another file, or the text of one.
    pub(crate) fn new(text: Arc<Source>) -> Nearby {
        Nearby { text }
    }

    /// The types of fields and of the parts of variants, by `Type.field`, of the types that the function names, directly or
    /// in the fields of others.
    pub(crate) fn fields(&self, function: &syn::ItemFn, owner: Option<&Owner>) -> BTreeMap<String, syn::Type> {
        let mut fields = BTreeMap::new();
        let parameters = type_parameters(function, owner);
        let mut open = self.types_named(function, owner);
        let mut done = BTreeSet::new();
        while let Some(name) = open.pop_first() {
            if done.len() == MOST || parameters.contains(&name) || !done.insert(name.clone()) {
                continue;
            }
            let Some(item) = definition(&self.text, &name) else { continue };
            for (key, ty) in parts(&item) {
                open.extend(self.declared(&ty.to_token_stream()));
                fields.insert(key, ty);
            }
        }
        fields.retain(|_, ty| self.is_clear(&ty.to_token_stream()) || self.is_object(ty));
        fields
    }

    /// `Box<dyn Layer>` of a trait of the file.
    fn is_object(&self, ty: &syn::Type) -> bool {
        let tokens = ty.to_token_stream();
        let known = |name: &String| is_clear(&self.text, name) || self.text.places("trait", name).next().is_some();
        mentions_word(&tokens.to_string(), "dyn") && names(&tokens).iter().all(known)
    }

    /// The types that a function and the `impl` around it name, other than by their own parameters.
    fn types_named(&self, function: &syn::ItemFn, owner: Option<&Owner>) -> BTreeSet<String> {
        let tokens = function.to_token_stream();
        let mut open = self.declared(&tokens);
        let mut called = BTreeSet::new();
        calls(&tokens, &mut called);
        open.extend(called.iter().flat_map(|name| self.returned(name)));
        let own = owner.and_then(|owner| owner.self_type.as_ref());
        open.extend(own.map(|ty| self.declared(&ty.to_token_stream())).unwrap_or_default());
        let parameters = type_parameters(function, owner);
        open.retain(|name| !parameters.contains(name));
        open
    }

    /// The names of types in what the functions of a name return.
    fn returned(&self, name: &str) -> BTreeSet<String> {
        let outputs = self.functions(name).filter_map(|at| {
            let text = item_at(&self.text, at).split('{').next().unwrap_or_default();
            Some(syn::parse_str::<syn::Signature>(text.trim_end_matches(';')).ok()?.output.to_token_stream())
        });
        outputs.flat_map(|output| self.declared(&output)).collect()
    }

    /// The names of types in the tokens. What is spelled like a constant or a type parameter is a type if the file declares
    /// one of this name.
    fn declared(&self, tokens: &TokenStream) -> BTreeSet<String> {
        let is_type = |name: &String| name.contains(char::is_lowercase) || places(&self.text, name).next().is_some();
        capitalised(tokens).into_iter().filter(is_type).collect()
    }

    /// The fields and the parts of variants that are declared constant, of the types that the function names, directly or in
    /// the fields of others.
    pub(crate) fn constants(&self, function: &syn::ItemFn, owner: Option<&Owner>) -> BTreeSet<String> {
        let parameters = type_parameters(function, owner);
        let mut open = self.types_named(function, owner);
        let (mut done, mut constants) = (BTreeSet::new(), BTreeSet::new());
        while let Some(name) = open.pop_first() {
            if done.len() == MOST || parameters.contains(&name) || !done.insert(name.clone()) {
                continue;
            }
            if let Some(item) = definition(&self.text, &name) {
                constants.extend(constant_parts(&item));
                open.extend(self.declared(&item.to_token_stream()));
            }
        }
        constants
    }

    /// The types of fields of generic structs, for the types that the function names: what the type is called, the field, and
    /// the field's type.
    pub(crate) fn instances(&self, function: &syn::ItemFn, owner: Option<&Owner>) -> Vec<(String, String, syn::Type)> {
        let mut open = Instances::default();
        open.visit_item_fn(function);
        owner.and_then(|owner| owner.self_type.as_ref()).into_iter().for_each(|ty| open.visit_type(ty));
        let (mut done, mut found) = (BTreeSet::new(), Vec::new());
        while let Some(path) = open.0.pop() {
            let Some(last) = path.path.segments.last() else { continue };
            let key = types::short_name(&path.to_token_stream());
            let known = done.len() == MOST || !done.insert(key.clone());
            let item = if known { None } else { definition(&self.text, &last.ident.to_string()) };
            let Some(syn::Item::Struct(item)) = item else { continue };
            for (at, field) in item.fields.iter().enumerate() {
                let Some(ty) = aliases::field(&field.ty, &item.generics, &last.arguments) else { continue };
                open.visit_type(&ty);
                if self.is_clear(&ty.to_token_stream()) {
                    found.push((key.clone(), member(at, field).to_token_stream().to_string(), ty));
                }
            }
        }
        found
    }

    /// How many parts a variant of an enum has.
    pub(crate) fn arity(&self, owner: &str, variant: &syn::Ident) -> Option<usize> {
        let syn::Item::Enum(item) = definition(&self.text, owner)? else { return None };
        item.variants.iter().find(|known| known.ident == *variant).map(|variant| variant.fields.len())
    }

    /// Whether all names of types in the tokens are known to stand for types, and not for other names of them.
    fn is_clear(&self, tokens: &TokenStream) -> bool {
        names(tokens).iter().all(|name| is_clear(&self.text, name))
    }

    /// The variants of enums that `use Shape::*` and `use Shape::Circle` bring into scope, with their whole paths.
    pub(crate) fn variants(&self) -> BTreeMap<String, syn::Path> {
        let mut found = BTreeMap::new();
        for (_, import) in self.text.uses().filter(|(at, _)| begins_an_item(&self.text, *at)) {
            if let Ok(item) = syn::parse_str::<syn::ItemUse>(import) {
                imported(&item.tree, &mut Vec::new(), &self.text, &mut found);
            }
        }
        found.retain(|name, _| definition(&self.text, name).is_none());
        found
    }

    /// The free function of this name, if there is one function of this name.
    pub(crate) fn function(&self, name: &str) -> Option<Found> {
        let at = self.free_function(name)?;
        let signature = syn::parse_str::<syn::ItemFn>(item_at(&self.text, at)).ok()?.sig;
        if signature.receiver().is_some() {
            return None;
        }
        let mut rules = self.text.word("derivative_of").iter().filter_map(|at| self.text[*at..].lines().next());
        let ruled = rules.any(|line| mentions_word(line, name));
        let companion = ["enum", "struct", "mod"].iter().any(|keyword| self.declares(keyword, name));
        let annotated =
            self.imports(name) || ruled || companion || self.is_annotated(at) || self.text.is_given_to_a_macro(name);
        let limited = self.heads(at).iter().any(|head| mentions_word(head, "wrt"));
        let certain = self.is_annotated(at) && !self.text.is_given_to_a_macro(name);
        let orders = self.heads(at).into_iter().map(order_of);
        let order = if certain { orders.max().unwrap_or(1) } else { usize::MAX };
        let asks = |head: &&str| ["lanes", "sparse"].iter().any(|word| mentions_word(head, word));
        let lanes = !certain || self.heads(at).iter().any(asks);
        let wrt = only(head(&self.text, at).filter(|head| mentions_word(head, "wrt")));
        let wrt = wrt.filter(|_| certain).and_then(named_parameters);
        Some(Found { signature, annotated, limited, wrt, order, lanes })
    }

    /// The type of a constant or a static of the file, if there is only one of the name.
    pub(crate) fn constant(&self, name: &str) -> Option<syn::Type> {
        let declared = ["const", "static"].into_iter().flat_map(|keyword| self.text.places(keyword, name));
        let [at] = declared.collect::<Vec<_>>()[..] else { return None };
        let ty = self.text[at..].split_once(':')?.1.split_once('=')?.0;
        syn::parse_str(ty).ok()
    }

    /// Whether the methods of this name take their receiver by value, all of them.
    pub(crate) fn takes_self(&self, name: &str) -> bool {
        let takes = |at: usize| {
            let text = item_at(&self.text, at).split('{').next().unwrap_or_default();
            let signature = syn::parse_str::<syn::Signature>(text.trim_end_matches(';'));
            signature.is_ok_and(|signature| signature.receiver().is_some_and(crate::owner::takes_self))
        };
        self.declares("fn", name) && self.functions(name).all(takes)
    }

    /// Whether the only function of this name is a method without derivatives of a type of this file.
    pub(crate) fn lacks_derivatives(&self, owner: &str, name: &str) -> bool {
        definition(&self.text, owner).is_some()
            && self.only_function(name).is_some_and(|at| !self.is_annotated(at))
            && !self.text.is_given_to_a_macro(name)
    }

    /// The paths that the file's `use`s may take a name from by `*`, and those that they give the name to.
    pub(crate) fn origins(&self, name: &str) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
        let (mut by_star, mut named) = (Vec::new(), Vec::new());
        let imports = self.text.uses().filter(|(at, _)| begins_an_item(&self.text, *at)).map(|(_, import)| import);
        for import in imports.filter(|import| mentions_word(import, name) || import.contains('*')) {
            if let Ok(item) = syn::parse_str::<syn::ItemUse>(import) {
                origins(&item.tree, &mut Vec::new(), name, &mut by_star, &mut named);
            }
        }
        (by_star, named)
    }

    /// What begins with this name stays inside the crate.
    pub(crate) fn is_own_name(&self, first: &str) -> bool {
        is_own(&self.text, first)
    }

    /// Whether the file declares a function of this name.
    pub(crate) fn declares_function(&self, name: &str) -> bool {
        self.text.places("fn", name).next().is_some()
    }

    /// Whether it is known what the signature says that the function returns.
    pub(crate) fn returns_what_is_known(&self, signature: &syn::Signature) -> bool {
        match &signature.output {
            syn::ReturnType::Type(_, ty) => self.is_clear(&ty.to_token_stream()),
            syn::ReturnType::Default => false,
        }
    }

    /// The path leads to a module of the crate.
    pub(crate) fn is_own_module(&self, path: &syn::Path) -> bool {
        path.segments.first().is_some_and(|first| is_own(&self.text, &first.ident.to_string()))
    }

    /// Some function of this name has derivatives.
    pub(crate) fn has_annotated(&self, name: &str) -> bool {
        self.functions(name).any(|at| self.is_annotated(at))
    }

    /// The file has functions of this name, of which none has derivatives.
    pub(crate) fn has_plain_ones_only(&self, name: &str) -> bool {
        self.declares("fn", name) && !self.has_annotated(name) && !self.text.is_given_to_a_macro(name)
    }

    /// Whether the file has something of this kind and name.
    fn declares(&self, keyword: &str, name: &str) -> bool {
        self.text.places(keyword, name).next().is_some()
    }

    /// Where functions of this name are.
    fn functions(&self, name: &str) -> impl Iterator<Item = usize> {
        self.text.places("fn", name)
    }

    /// Whether a `use` mentions the name.
    fn imports(&self, name: &str) -> bool {
        self.text.uses().any(|(_, import)| mentions_word(import, name))
    }

    /// Where the only `fn name` of the file is.
    fn only_function(&self, name: &str) -> Option<usize> {
        only(self.functions(name))
    }

    /// Where the only `fn name` of the file is that is no method.
    fn free_function(&self, name: &str) -> Option<usize> {
        only(self.functions(name).filter(|at| !matches!(self.around(*at), "impl" | "trait")))
    }

    /// What kind of item the one is in whose braces a place is directly.
    fn around(&self, at: usize) -> &str {
        let start = self.text.open_items(at).pop();
        let head = start.map_or("", |start| self.text[start..at].split('{').next().unwrap_or_default());
        let mut words = without_attributes(head).split(|letter| !is_of_word(letter));
        words.find(|word| ["impl", "trait", "mod", "fn"].contains(word)).unwrap_or_default()
    }

    /// Whether an annotated trait of the file declares a method of this name.
    pub(crate) fn has_trait_method(&self, name: &str) -> bool {
        self.functions(name).any(|at| self.around(at) == "trait" && self.is_annotated(at))
    }

    /// The highest order of the derivatives that methods of this name have in the file, as high as can be where that is not
    /// certain: those of traits, and those of types.
    pub(crate) fn orders_of_methods(&self, name: &str) -> [Option<usize>; 2] {
        let order = |at: usize| match self.text.is_given_to_a_macro(name) {
            true => usize::MAX,
            false => self.heads(at).into_iter().map(order_of).max().unwrap_or(1),
        };
        let of = |place: &str| {
            let methods = self.functions(name).filter(|at| self.around(*at) == place && self.is_annotated(*at));
            methods.map(order).max()
        };
        ["trait", "impl"].map(of)
    }

    /// Whether an attribute of this crate stands before the item, or before one around it.
    pub(crate) fn is_annotated(&self, at: usize) -> bool {
        self.heads(at).iter().any(|head| head.contains("differentiable") || head.contains("derivative_of"))
    }

    /// Whether `#[nograd]` stands before the item.
    pub(crate) fn is_left_out(&self, at: usize) -> bool {
        head(&self.text, at).any(|line| line.contains("nograd"))
    }

    /// What stands before the item, and before those around it.
    fn heads(&self, at: usize) -> Vec<&str> {
        let own = head(&self.text, at);
        let around = self.text.open_items(at).into_iter();
        let around = around.map(|start| self.text[start..at].split('{').next().unwrap_or_default());
        own.chain(around).collect()
    }

    /// The file has a module of this name.
    pub(crate) fn has_module(&self, name: &str) -> bool {
        self.declares("mod", name)
    }
}

/// The types with arguments that an item names.
#[derive(Default)]
struct Instances(Vec<syn::TypePath>);

impl<'ast> Visit<'ast> for Instances {
    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        if path.qself.is_none() && path.path.segments.last().is_some_and(|last| !last.arguments.is_none()) {
            self.0.push(path.clone());
        }
        syn::visit::visit_type_path(self, path);
    }
}

/// The line is the last one of an item or of a block.
fn ends_an_item(line: &str) -> bool {
    let line = line.trim();
    !line.starts_with("//")
        && !line.starts_with('#')
        && (line.ends_with('}') || line.ends_with(';') || line.ends_with('{'))
}

/// Whether the text has this word in it.
fn mentions_word(text: &str, word: &str) -> bool {
    text.split(|letter| !is_of_word(letter)).any(|part| part == word)
}

/// What there is one of.
pub(crate) fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    if all.next().is_some() { None } else { Some(first) }
}

/// The variants that a tree of `use` names.
fn imported(tree: &syn::UseTree, path: &mut Vec<syn::Ident>, text: &Source, found: &mut BTreeMap<String, syn::Path>) {
    let of_enum = |path: &[syn::Ident]| {
        path.last().map(ToString::to_string).filter(|name| name.starts_with(char::is_uppercase) && name != "Self")
    };
    match tree {
        syn::UseTree::Path(step) => {
            path.push(step.ident.clone());
            imported(&step.tree, path, text, found);
            path.pop();
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| imported(tree, path, text, found)),
        syn::UseTree::Name(name) if of_enum(path).is_some() && name.ident != "self" => {
            let variant = &name.ident;
            found.insert(variant.to_string(), syn::parse_quote!(#(#path::)* #variant));
        }
        syn::UseTree::Glob(_) => {
            let Some(syn::Item::Enum(item)) = of_enum(path).and_then(|name| definition(text, &name)) else { return };
            for variant in item.variants.iter().map(|variant| &variant.ident) {
                found.insert(variant.to_string(), syn::parse_quote!(#(#path::)* #variant));
            }
        }
        syn::UseTree::Name(_) | syn::UseTree::Rename(_) => {}
    }
}

/// The paths that a tree of `use` may take the name from by `*`, and those that it gives the name to.
fn origins(
    tree: &syn::UseTree,
    path: &mut Vec<String>,
    name: &str,
    by_star: &mut Vec<Vec<String>>,
    named: &mut Vec<Vec<String>>,
) {
    let with = |last: &str| path.iter().cloned().chain([last.to_owned()]).collect();
    match tree {
        syn::UseTree::Path(step) => {
            path.push(step.ident.to_string());
            origins(&step.tree, path, name, by_star, named);
            path.pop();
        }
        syn::UseTree::Group(group) => {
            group.items.iter().for_each(|tree| origins(tree, path, name, by_star, named));
        }
        syn::UseTree::Name(leaf) if leaf.ident == name => named.push(with(name)),
        syn::UseTree::Rename(leaf) if leaf.rename == name => named.push(with(&leaf.ident.to_string())),
        syn::UseTree::Glob(_) => by_star.push(with("*")),
        syn::UseTree::Name(_) | syn::UseTree::Rename(_) => {}
    }
}

/// The words in the tokens that are spelled like names of types.
pub(crate) fn names(tokens: &TokenStream) -> BTreeSet<String> {
    let mut found = capitalised(tokens);
    found.retain(|name| name.contains(char::is_lowercase));
    found
}

/// The names that stand before parentheses.
fn calls(tokens: &TokenStream, found: &mut BTreeSet<String>) {
    let mut last = None;
    for tree in tokens.clone() {
        if let TokenTree::Group(group) = &tree {
            if group.delimiter() == proc_macro2::Delimiter::Parenthesis {
                found.extend(last.take());
            }
            calls(&group.stream(), found);
        }
        last = match tree {
            TokenTree::Ident(ident) => Some(ident.to_string()),
            TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
        };
    }
}

/// The same with those that constants and type parameters are named like: `P`, `RGB`.
fn capitalised(tokens: &TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for tree in tokens.clone() {
        match tree {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                if name.starts_with(char::is_uppercase) {
                    found.insert(name);
                }
            }
            TokenTree::Group(group) => found.extend(capitalised(&group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}

/// The type parameters of a function and of the `impl` around it.
fn type_parameters(function: &syn::ItemFn, owner: Option<&Owner>) -> BTreeSet<String> {
    let own = owner.map(|owner| &owner.generics).into_iter();
    let all = own.chain([&function.sig.generics]).flat_map(|generics| generics.type_params());
    all.map(|parameter| parameter.ident.to_string()).collect()
}

/// What this name stands for is known: it could be a name for something else otherwise.
fn is_clear(text: &Source, name: &str) -> bool {
    types::is_std(name) || types::parse_tensor(name, &[]).is_some() || definition(text, name).is_some()
}

/// The struct or enum of this name, if there is exactly one.
fn definition(text: &Source, name: &str) -> Option<syn::Item> {
    syn::parse_str(item_at(text, only(places(text, name))?)).ok()
}

/// All structs and enums of this name.
pub(crate) fn definitions(text: &Source, name: &str) -> Vec<syn::Item> {
    places(text, name).filter_map(|at| syn::parse_str(item_at(text, at)).ok()).collect()
}

/// Where types of this name are declared.
pub(crate) fn places(text: &Source, name: &str) -> impl Iterator<Item = usize> {
    let places = ["struct", "enum", "union", "type"].into_iter().flat_map(|keyword| text.places(keyword, name));
    places.filter(|at| begins_an_item(text, *at))
}

/// The text of an item behind its comments and attributes.
fn without_attributes(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        let comment = text.starts_with("//") || text.starts_with("/*");
        let mut length = if comment { piece(text).1 } else { 0 };
        if text.starts_with("#[") {
            let mut depth = 0_usize;
            while length < text.len() {
                let (found, step) = piece(&text[length..]);
                length += step;
                depth = match found {
                    Piece::OpenBracket => depth + 1,
                    Piece::CloseBracket => depth.saturating_sub(1),
                    Piece::Open | Piece::Close | Piece::Semicolon | Piece::Other => depth,
                };
                if depth == 0 && length > 1 {
                    break;
                }
            }
        }
        if length == 0 {
            return text;
        }
        text = text.get(length..).unwrap_or_default();
    }
}

/// Whether the file declares or imports a type of the crate's own by this name.
pub(crate) fn has_own(text: &Source, name: &str) -> bool {
    text.mentions(name)
        && (places(text, name).next().is_some() || imports(text, name).any(|import| is_own(text, first_word(import))))
}

/// The only type of this name is an enum whose variants hold nothing, and that has no tangent type.
pub(crate) fn is_plain_enum(text: &Source, name: &str) -> bool {
    let Some(at) = only(places(text, name)) else { return false };
    match syn::parse_str(item_at(text, at)) {
        Ok(syn::Item::Enum(item)) => {
            item.variants.iter().all(|variant| variant.fields.is_empty())
                && !head(text, at).any(|line| line.contains("ifferentiable"))
        }
        _ => false,
    }
}

/// The lines before an item that belong to it, the last one first.
pub(crate) fn head(text: &str, at: usize) -> impl Iterator<Item = &str> {
    let before = text[..at].rsplit('\n').enumerate();
    before.take_while(|(distance, line)| *distance == 0 || !ends_an_item(line)).map(|(_, line)| line)
}

/// What the path of a `use` begins with.
pub(crate) fn first_word(import: &str) -> &str {
    let path = import.trim_start_matches("use ").trim_start();
    path.split(|letter| !is_of_word(letter)).next().unwrap_or_default()
}

/// The alias that is declared at a place.
pub(crate) fn alias_at(text: &str, at: usize) -> Option<syn::ItemType> {
    syn::parse_str(item_at(text, at)).ok()
}

/// What begins with this name stays inside the crate.
pub(crate) fn is_own(text: &Source, first: &str) -> bool {
    ["crate", "self", "super"].contains(&first) || text.places("mod", first).next().is_some()
}

/// The `use`s that mention a name, or `*`.
pub(crate) fn imports<'t>(text: &'t Source, name: &'t str) -> impl Iterator<Item = &'t str> {
    let imports = text.uses().filter(|(at, _)| begins_an_item(text, *at)).map(|(_, import)| import);
    imports.filter(move |import| mentions_word(import, name) || (name == "*" && import.contains('*')))
}

/// Only the visibility and attributes stand between this place and the item before, on its line.
fn begins_an_item(text: &str, at: usize) -> bool {
    let line = text[..at].rsplit('\n').next().unwrap_or_default();
    let before = line.rsplit(['{', '}', ';']).next().unwrap_or_default().trim();
    !line.contains("//") && (before.is_empty() || before.starts_with("pub") || before.starts_with("#["))
}

/// The fields of a struct and the parts of an enum's variants. Those of generic types depend on their arguments.
fn parts(item: &syn::Item) -> Vec<(String, syn::Type)> {
    match item {
        syn::Item::Struct(item) if item.generics.type_params().next().is_none() => {
            let fields = item.fields.iter().enumerate();
            fields
                .map(|(at, field)| {
                    (format!("{}.{}", item.ident, member(at, field).to_token_stream()), field.ty.clone())
                })
                .collect()
        }
        syn::Item::Enum(item) if item.generics.type_params().next().is_none() => {
            let parts = item.variants.iter().flat_map(|variant| {
                variant.fields.iter().enumerate().map(|(at, field)| {
                    let method = payload_method(&variant.ident, &member(at, field));
                    (format!("{}.{method}", item.ident), field.ty.clone())
                })
            });
            parts.collect()
        }
        _ => Vec::new(),
    }
}

/// The fields of a struct and the parts of an enum's variants that are declared constant.
pub(crate) fn constant_parts(item: &syn::Item) -> Vec<String> {
    let is_constant = |attrs: &[syn::Attribute]| {
        attrs.iter().any(|attr| ["nograd", "buffer"].iter().any(|name| attr.path().is_ident(name)))
    };
    match item {
        syn::Item::Struct(item) => {
            let fields = item.fields.iter().enumerate().filter(|(_, field)| is_constant(&field.attrs));
            fields.map(|(at, field)| format!("{}.{}", item.ident, member(at, field).to_token_stream())).collect()
        }
        syn::Item::Enum(item) => {
            let parts = item.variants.iter().flat_map(|variant| {
                let fields = variant.fields.iter().enumerate();
                let constant = fields.filter(|(_, field)| is_constant(&field.attrs) || is_constant(&variant.attrs));
                constant.map(|(at, field)| payload_method(&variant.ident, &member(at, field)))
            });
            parts.map(|method| format!("{}.{method}", item.ident)).collect()
        }
        _ => Vec::new(),
    }
}

fn member(at: usize, field: &syn::Field) -> syn::Member {
    field.ident.clone().map_or_else(|| syn::Member::from(at), syn::Member::Named)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "
        /// Not this: struct Spring { n: usize }
        #[derive(Clone)] pub struct Spring { k: f64, load: Load, shape: Box<Shape> }
        pub(crate) struct Load(f64, Vec<Unknown>);
        enum Shape { Circle(f64), Both { a: Box<Shape>, b: Box<Shape> } }
        struct Springs { list: Vec<Spring> }
        struct Twice { a: f64 }
        mod other { struct Twice { b: f32 } }
    ";

    #[test]
    fn definitions_are_found_by_name() {
        let item = definition(&source(FILE), "Spring").expect("it is there once");
        let known: Vec<String> = parts(&item).into_iter().map(|(key, _)| key).collect();
        assert_eq!(known, ["Spring.k", "Spring.load", "Spring.shape"]);
        let item = definition(&source(FILE), "Shape").expect("it is there once");
        let known: Vec<String> = parts(&item).into_iter().map(|(key, _)| key).collect();
        assert_eq!(known, ["Shape.circle_0_mut", "Shape.both_a_mut", "Shape.both_b_mut"]);
    }

    fn source(text: &str) -> Source {
        Source::new(text.to_owned())
    }

    fn nearby(text: &str) -> Nearby {
        Nearby::new(Arc::new(source(text)))
    }

    #[test]
    fn functions_are_found_with_their_attributes() {
        let file = nearby(
            "#[differentiable]\n/// Of {x}.\n\npub fn a(x: f64) -> f64 { x }\nfn b(x: f64) -> bool { true }\n
            #[differentiable(boxed)]\nmod inner { fn c() {} }\nfn twice() {}\nmod other { fn twice() {} }
            use library::d; mod x { fn d() {} }\n#[derivative_of(library::e)]\nfn rule() {}\nfn e() {}",
        );
        let annotated = |name: &str| file.function(name).map(|found| found.annotated);
        assert_eq!(annotated("a"), Some(true));
        assert_eq!(annotated("b"), Some(false));
        assert_eq!(annotated("c"), Some(true));
        assert_eq!(annotated("twice"), None);
        assert_eq!(annotated("d"), Some(true));
        assert_eq!(annotated("e"), Some(true));
        assert_eq!(annotated("missing"), None);
        let found = file.function("b").expect("it is there once");
        assert!(file.returns_what_is_known(&found.signature));
    }

    #[test]
    fn variants_in_scope_have_whole_paths() {
        let file = nearby(
            "enum Shape { Circle(f64), Load(Load), Unit }\nstruct Load(f64);\nuse Shape::*;\npub use super::Kind::{A, B};",
        );
        let found = file.variants();
        let found: Vec<String> =
            found.values().map(|path| path.to_token_stream().to_string().replace(' ', "")).collect();
        assert_eq!(found, ["super::Kind::A", "super::Kind::B", "Shape::Circle", "Shape::Unit"]);
    }

    #[test]
    fn what_is_there_twice_or_elsewhere_is_not_known() {
        let file = source(FILE);
        assert!(definition(&file, "Twice").is_none());
        assert!(definition(&file, "Unknown").is_none());
        assert!(!is_clear(&file, "Unknown"));
        assert!(is_clear(&file, "Vec"));
    }
}
