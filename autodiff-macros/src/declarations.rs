//! What the source files of a crate say of the names in them.
//!
//! An attribute before an `impl` of a trait does not see the trait. Where the files can be read, they tell whether the
//! trait is one of the crate's own, and whether it has derivatives. A change of any file of a crate expands all of it
//! again, so that what is read here is never out of date.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::visit::Visit;

use crate::analysis::{scalars, types};
use crate::borrowed::Methods;
use crate::by_example::Definition;
use crate::ir::Type;
use crate::nearby::{self, Nearby};
use crate::site::{Site, is_of_word, item_at};
use crate::source::{self, Source};

/// A trait that the crate declares.
#[derive(Clone)]
pub(crate) struct Declared {
    pub(crate) item: syn::ItemTrait,
    /// The attribute stands before all of it, or before a module around it.
    pub(crate) whole: bool,
}

/// The trait that an implementation is of, if one of the crate's files declares it: the file of the implementation comes first.
/// Where a file has several of the name, the one counts that has the methods.
pub(crate) fn trait_of(site: &Site, item: &syn::ItemImpl) -> Option<Declared> {
    let path = &item.trait_.as_ref()?.0;
    let (first, last) = (path.segments.first()?, path.segments.last()?);
    let of_std = ["std", "core", "alloc"].iter().any(|krate| first.ident == krate);
    if of_std && path.segments.len() > 1 {
        return None;
    }
    let name = last.ident.to_string();
    let methods: Vec<String> = item.items.iter().filter_map(method_name).collect();
    files(&site.path).find_map(|file| {
        let found = traits(&file, &name);
        let fits = |declared: &&Declared| methods.iter().all(|method| declared.method(method).is_some());
        found.iter().find(fits).or(found.first()).cloned()
    })
}

/// The traits of this name that a file declares.
fn traits(file: &Path, name: &str) -> Vec<Declared> {
    let mut found = Traits { name, whole: false, found: Vec::new() };
    let text = source::read(file).filter(|text| declares(text, "trait", name));
    if let Some(Ok(file)) = text.map(|text| syn::parse_file(&text)) {
        found.visit_file(&file);
    }
    found.found
}

/// Whether the crate declares a trait of this name that has derivatives.
pub(crate) fn annotates_trait(site: &Site, name: &str) -> bool {
    files(&site.path).any(|file| traits(&file, name).iter().any(Declared::is_annotated))
}

/// Whether the crate declares a trait of this name whose types are numbers, by the traits above it.
pub(crate) fn is_trait_of_numbers(site: &Site, name: &str) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let declared = files(&site.path).find_map(|file| traits(&file, &name).into_iter().next());
        let Some(declared) = declared else { continue };
        if scalars::makes_number(&declared.item.supertraits) {
            return true;
        }
        open.extend(scalars::traits(&declared.item.supertraits));
    }
    false
}

/// Whether the crate declares a trait of this name, and implements it for types that it declares, but for no numbers and for no
/// type parameters.
pub(crate) fn is_of_types_only(site: &Site, name: &str) -> bool {
    let declared = files(&site.path).any(|file| source::read(&file).is_some_and(|text| declares(&text, "trait", name)));
    if !declared || is_in_a_macro(site, name) || is_trait_of_numbers(site, name) {
        return false;
    }
    let all = implementations_for(site, name, None);
    let of_a_type = |item: &syn::ItemImpl| match &*item.self_ty {
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let parameter = item.generics.type_params().any(|param| param.ident == last.ident);
            !parameter && declares_type(site, &last.ident.to_string())
        }),
        _ => false,
    };
    !all.is_empty() && all.iter().all(of_a_type)
}

/// The implementations of a trait of std in the crate's files, for a type of this name or for any.
pub(crate) fn implementations_for(site: &Site, of_trait: &str, name: Option<&str>) -> Vec<syn::ItemImpl> {
    struct Found<'n>(&'n str, Option<&'n str>, Vec<syn::ItemImpl>);
    impl<'ast> Visit<'ast> for Found<'_> {
        fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
            let of_trait = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last());
            let ty = match &*item.self_ty {
                syn::Type::Path(path) => path.path.segments.last(),
                _ => None,
            };
            let named = |last: Option<&syn::PathSegment>, name: &str| last.is_some_and(|last| last.ident == name);
            if named(of_trait, self.0) && self.1.is_none_or(|name| named(ty, name)) {
                self.2.push(item.clone());
            }
        }
    }
    let mut found = Found(of_trait, name, Vec::new());
    for file in files(&site.path) {
        let text = source::read(&file).unwrap_or_default();
        if text.mentions(of_trait)
            && name.is_none_or(|name| text.mentions(name))
            && let Ok(file) = syn::parse_file(&text)
        {
            found.visit_file(&file);
        }
    }
    found.2
}

/// The field that a type of the crate lends by `Deref`: `fn deref(&self) -> &f64 { &self.0 }`.
pub(crate) fn lent_field(site: &Site, name: &str) -> Option<syn::Member> {
    let found = implementations_for(site, "Deref", Some(name));
    let [implementation] = found.as_slice() else { return None };
    let body = implementation.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(method) if method.sig.ident == "deref" => Some(&method.block.stmts),
        _ => None,
    })?;
    match body.as_slice() {
        [syn::Stmt::Expr(syn::Expr::Reference(reference), None)] => match &*reference.expr {
            syn::Expr::Field(field) if field.base.to_token_stream().to_string() == "self" => Some(field.member.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a macro's definition or a macro call in one of the crate's files mentions an `impl` of a trait of this name.
pub(crate) fn is_in_a_macro(site: &Site, name: &str) -> bool {
    struct Macros<'n>(&'n str, bool);
    impl<'ast> Visit<'ast> for Macros<'_> {
        fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
            let text = item.mac.tokens.to_string();
            self.1 |= text.contains("impl") && text.split(|c| !is_of_word(c)).any(|word| word == self.0);
        }
    }
    files(&site.path).any(|file| {
        let text = source::read(&file).unwrap_or_default();
        let mut macros = Macros(name, false);
        if text.mentions("macro_rules")
            && let Ok(file) = syn::parse_file(&text)
        {
            macros.visit_file(&file);
        }
        macros.1
    })
}

/// The rules of the macro of this name, if the crate's files define one that is understood.
pub(crate) fn macro_rules(file: &Path, name: &str) -> Option<Definition> {
    struct Macros<'n>(&'n str, Vec<proc_macro2::TokenStream>);
    impl<'ast> Visit<'ast> for Macros<'_> {
        fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
            if item.ident.as_ref().is_some_and(|ident| ident == self.0) {
                self.1.push(item.mac.tokens.clone());
            }
        }

        // Nothing outside of a function calls the macros in it.
        fn visit_block(&mut self, _: &'ast syn::Block) {}
    }
    let definitions = files(file).find_map(|file| {
        let text = source::read(&file).filter(|text| declares(text, "macro_rules!", name))?;
        let mut macros = Macros(name, Vec::new());
        macros.visit_file(&syn::parse_file(&text).ok()?);
        (!macros.1.is_empty()).then_some(macros.1)
    })?;
    match definitions.as_slice() {
        [only] => Definition::parse(only.clone()),
        _ => None,
    }
}

/// Whether one of the crate's files declares a function of this name.
pub(crate) fn declares_function(site: &Site, name: &str) -> bool {
    files(&site.path).any(|file| declares(&source::read(&file).unwrap_or_default(), "fn", name))
}

/// Whether the crate calls another crate by this name, `use libm as math;`, and has no module that is called so.
pub(crate) fn renames(site: &Site, from: &str, name: &str) -> bool {
    let mut found = false;
    for file in files(&site.path) {
        let text = source::read(&file).unwrap_or_default();
        if text.places("mod", name).next().is_some() {
            return false;
        }
        let renaming = format!("use {from} as {name};");
        found |= text.uses().any(|(_, import)| import == renaming);
    }
    found
}

/// Whether one of the crate's files declares a struct or an enum of this name.
pub(crate) fn declares_type(site: &Site, name: &str) -> bool {
    files(&site.path).any(|file| {
        let text = source::read(&file).unwrap_or_default();
        ["struct", "enum"].iter().any(|kind| declares(&text, kind, name))
    })
}

/// Whether a struct of the crate may have a field: only the one struct of a name that has none of this name has not.
pub(crate) fn has_field(site: &Site, owner: &str, member: &syn::Member) -> bool {
    structure(site, owner).is_none_or(|only| only.fields.members().any(|own| own == *member))
}

/// The only type of a name in the crate, if it is a struct.
pub(crate) fn structure(site: &Site, name: &str) -> Option<syn::ItemStruct> {
    let texts = files(&site.path).filter_map(|file| source::read(&file));
    let structs = texts.flat_map(|text| {
        let parsed = |at| syn::parse_str::<syn::ItemStruct>(item_at(&text, at)).ok();
        nearby::places(&text, name).map(parsed).collect::<Vec<_>>()
    });
    nearby::only(structs)?
}

/// The alias of this name in another file of the crate, if there is no other type of this name.
pub(crate) fn alias(site: &Site, name: &str) -> Option<syn::ItemType> {
    let texts = other_files(&site.path).into_iter().filter_map(|file| source::read(&file));
    let found = texts.flat_map(|text| {
        let places = nearby::places(&text, name);
        places.map(|at| nearby::alias_at(&text, at)).collect::<Vec<_>>()
    });
    nearby::only(found)?
}

/// Whether an annotated trait of the crate declares a method of this name.
pub(crate) fn has_trait_method(site: &Site, name: &str) -> bool {
    files(&site.path).any(|file| {
        let text = source::read(&file).unwrap_or_default();
        text.mentions(name) && Nearby::new(text).has_trait_method(name)
    })
}

/// The highest order of the derivatives that methods of this name have in the crate: those of traits, and those of types.
pub(crate) fn orders_of_methods(site: &Site, name: &str) -> [Option<usize>; 2] {
    let mut found = [None, None];
    for file in files(&site.path) {
        let text = source::read(&file).unwrap_or_default();
        if text.mentions(name) {
            let [of_traits, of_types] = Nearby::new(text).orders_of_methods(name);
            found = [found[0].max(of_traits), found[1].max(of_types)];
        }
    }
    found
}

/// What the crate's files say of the implementations of a trait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Implementations {
    /// Some have type parameters or lifetimes.
    pub(crate) generic: bool,
    /// The type parameters of all these implement the trait themselves.
    pub(crate) of_itself: bool,
    /// There are objects of the trait.
    pub(crate) objects: bool,
    /// One is for slices, references to them, or all that lends them.
    pub(crate) of_slices: bool,
    /// The positions of the trait's type parameters for which all give numbers, some of them a type parameter.
    pub(crate) numbers: Vec<usize>,
    /// All are for numbers, some of them for a type parameter.
    pub(crate) of_numbers: bool,
}

/// The implementations of a trait of this name in the crate, as far as its files can be read.
pub(crate) fn implementations(site: &Site, name: &str) -> Implementations {
    let all = Implementations { of_itself: true, ..Implementations::default() };
    let mut found = Implementing { name, all, given: Vec::new(), own: Given { open: false, numbers: true } };
    for file in files(&site.path) {
        let text = source::read(&file).unwrap_or_default();
        found.all.objects |= names_object(&text, name);
        if text.mentions(name)
            && let Ok(file) = syn::parse_file(&text)
        {
            found.visit_file(&file);
        }
    }
    let numbers = found.given.iter().enumerate().filter(|(_, given)| given.open && given.numbers);
    let numbers = numbers.map(|(position, _)| position).collect();
    let of_numbers = found.own.open && found.own.numbers;
    Implementations { of_itself: found.all.generic && found.all.of_itself, numbers, of_numbers, ..found.all }
}

/// `dyn Name` in a text.
fn names_object(text: &Source, name: &str) -> bool {
    text.word(name).iter().any(|at| {
        let before = text[..*at].trim_end_matches(|c| is_of_word(c) || c == ':').trim_end();
        before.strip_suffix("dyn").is_some_and(|before| !before.ends_with(is_of_word))
    })
}

struct Implementing<'n> {
    name: &'n str,
    all: Implementations,
    /// What is given for each type parameter of the trait.
    given: Vec<Given>,
    /// What implements it.
    own: Given,
}

/// What implementations give for one type parameter of their trait, or what they are for.
#[derive(Clone, Copy)]
struct Given {
    /// A type parameter of theirs.
    open: bool,
    /// Numbers only.
    numbers: bool,
}

impl Implementing<'_> {
    /// Notes what an implementation is for, and what it gives for the parameters of the trait.
    fn note(&mut self, item: &syn::ItemImpl, arguments: &syn::PathArguments) {
        let _own = scalars::Scalars::of_generics(&item.generics, None).enter();
        let bounds = scalars::bounds(&item.generics);
        // Of a parameter that is only handed on (`impl<T, A: Filter<T>> Filter<T> for Twice<A>`) other implementations tell.
        let is_handed_on = |name: &str| {
            let handed = |bound: &syn::TypeParamBound| match bound {
                syn::TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| {
                    last.ident == self.name
                        && types::type_arguments(&last.arguments).iter().any(|ty| tokens(ty) == name)
                }),
                _ => false,
            };
            bounds.get(name).is_some_and(Vec::is_empty) && bounds.values().flatten().any(handed)
        };
        let given = |ty: &syn::Type| Given {
            open: item.generics.type_params().any(|param| param.ident == tokens(ty)),
            numbers: matches!(types::parse_type(ty), Type::Float(_)) || is_handed_on(&tokens(ty)),
        };
        let both = |known: Given, given: Given| Given {
            open: known.open || given.open,
            numbers: known.numbers && given.numbers,
        };
        self.own = both(self.own, given(&item.self_ty));
        for (position, ty) in types::type_arguments(arguments).iter().enumerate() {
            match self.given.get_mut(position) {
                Some(known) => *known = both(*known, given(ty)),
                None => self.given.push(given(ty)),
            }
        }
    }
}

impl<'ast> Visit<'ast> for Implementing<'_> {
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let of_trait = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last());
        let open = item.generics.type_params().next().is_some() || item.generics.lifetimes().next().is_some();
        let Some(last) = of_trait.filter(|last| last.ident == self.name) else { return };
        self.note(item, &last.arguments);
        self.all.of_slices |= crate::parse::listed::is_for_lists_of_unknown_length(item);
        if !open {
            return;
        }
        self.all.generic = true;
        let bounds = scalars::bounds(&item.generics);
        let implements = |bound: &syn::TypeParamBound| match bound {
            syn::TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| last.ident == self.name),
            _ => false,
        };
        self.all.of_itself &=
            item.generics.lifetimes().next().is_none() && bounds.values().all(|bounds| bounds.iter().any(implements));
    }
}

/// Whether the file has another annotated implementation for the same type that has a method of this name, whose derivatives
/// have the same names.
pub(crate) fn has_twin(site: &Site, item: &syn::ItemImpl, method: &syn::Ident) -> bool {
    let Some(file) = site.file() else { return false };
    let (ty, methods) = (tokens(&item.self_ty), Methods::named(site, &method.to_string()));
    let mut twins = Twins { ty, methods, method: method.to_string(), whole: false, count: 0 };
    twins.visit_file(&file);
    twins.count > 1
}

fn tokens(of: &impl ToTokens) -> String {
    of.to_token_stream().to_string()
}

/// Counts the annotated methods of a name that a type has.
struct Twins {
    ty: String,
    methods: Methods,
    method: String,
    whole: bool,
    count: usize,
}

impl<'ast> Visit<'ast> for Twins {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let outer = self.whole;
        self.whole |= is_annotated(&module.attrs);
        syn::visit::visit_item_mod(self, module);
        self.whole = outer;
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if tokens(&item.self_ty) != self.ty {
            return;
        }
        let whole = self.whole || is_annotated(&item.attrs);
        let twin = |member: &&syn::ImplItem| match member {
            syn::ImplItem::Fn(method) => {
                method.sig.ident == self.method
                    && (whole || is_annotated(&method.attrs))
                    && !self.methods.borrows(item, &method.sig)
            }
            _ => false,
        };
        self.count += item.items.iter().filter(twin).count();
    }
}

fn method_name(item: &syn::ImplItem) -> Option<String> {
    match item {
        syn::ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
        _ => None,
    }
}

/// Collects the traits of a name.
struct Traits<'n> {
    name: &'n str,
    whole: bool,
    found: Vec<Declared>,
}

impl<'ast> Visit<'ast> for Traits<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let outer = self.whole;
        self.whole |= is_annotated(&module.attrs);
        syn::visit::visit_item_mod(self, module);
        self.whole = outer;
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        if item.ident == self.name {
            let whole = self.whole || is_annotated(&item.attrs);
            self.found.push(Declared { item: item.clone(), whole });
        }
    }
}

impl Declared {
    pub(crate) fn method(&self, name: &str) -> Option<&syn::TraitItemFn> {
        self.item.items.iter().find_map(|item| match item {
            syn::TraitItem::Fn(method) if method.sig.ident == name => Some(method),
            _ => None,
        })
    }

    /// Some of its methods have derivatives.
    pub(crate) fn is_annotated(&self) -> bool {
        let annotated = |item: &syn::TraitItem| match item {
            syn::TraitItem::Fn(method) => is_annotated(&method.attrs),
            _ => false,
        };
        self.whole || self.item.items.iter().any(annotated)
    }
}

/// One of the attributes is ours, perhaps under a condition.
pub(crate) fn is_annotated(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| tokens(attr).contains("differentiable"))
}

/// The text may declare something of this kind and name.
fn declares(text: &Source, kind: &str, name: &str) -> bool {
    text.places(kind, name).next().is_some()
}

/// The file, and after it the other files of its crate.
pub(crate) fn files(own: &Path) -> impl Iterator<Item = PathBuf> {
    let first = own.to_path_buf();
    std::iter::once(first).chain(std::iter::once_with(|| other_files(own)).flatten())
}

fn other_files(own: &Path) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let mut open = roots(own);
    open.push(own.to_path_buf());
    let mut others = Vec::new();
    while let Some(file) = open.pop() {
        if seen.insert(file.clone()) {
            open.extend(modules(&file));
            others.push(file);
        }
    }
    others.retain(|file| file != own);
    others
}

/// The files that crates begin with, in the folders around a file. One in a folder of tests or examples is such a file itself.
fn roots(own: &Path) -> Vec<PathBuf> {
    const OWN: [&str; 4] = ["tests", "examples", "benches", "bin"];
    let folder = own.parent().and_then(Path::file_name).unwrap_or_default();
    if OWN.iter().any(|name| folder == *name) {
        return Vec::new();
    }
    for folder in own.ancestors().skip(1).take(8) {
        let found: Vec<PathBuf> =
            ["lib.rs", "main.rs"].iter().map(|name| folder.join(name)).filter(|path| path.is_file()).collect();
        if !found.is_empty() || folder.join("Cargo.toml").is_file() {
            return found;
        }
    }
    Vec::new()
}

/// The files of the modules that a file declares without their content.
fn modules(file: &Path) -> Vec<PathBuf> {
    let Some((text, folder)) = source::read(file).zip(file.parent()) else { return Vec::new() };
    let stem = file.file_stem().unwrap_or_default();
    let is_root = ["lib", "main", "mod"].iter().any(|name| stem == *name);
    let folders = if is_root { vec![folder.to_path_buf()] } else { vec![folder.join(stem), folder.to_path_buf()] };
    let paths = text.modules().iter().flat_map(|name| {
        let both = |folder: &PathBuf| [folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")];
        folders.iter().flat_map(both).collect::<Vec<_>>()
    });
    paths.filter(|path| path.is_file()).collect()
}
