//! Types that go by another name in the crate: `type Vector3<T> = [T; 3]`.
//!
//! The derivatives of a function are written as if the function named what its aliases stand for, so that nothing else has to
//! know of them. Only an alias that certainly means the same at the function is written out: it is the only item of its name
//! in the crate, the function's file does not import the name from elsewhere, and what it stands for has the same
//! meaning everywhere, or is declared in the function's own module.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, GenericParam, PathArguments};

use crate::analysis::types;
use crate::declarations;
use crate::emit;
use crate::lending;
use crate::nearby;
use crate::options::Options;
use crate::site::{Site, is_of_word};
use crate::source::Source;

/// The aliases that hold at an item.
pub(crate) struct Aliases {
    around: Option<Around>,
    known: RefCell<HashMap<String, Option<syn::ItemType>>>,
    /// Names that stand for something else here: type parameters, and aliases that are being written out.
    taken: RefCell<Vec<String>>,
}

/// How many aliases are followed that stand for aliases.
const DEEPEST: usize = 3;

/// The file around the item.
struct Around {
    site: Site,
    text: Arc<Source>,
    /// The modules that the item is in, by where they begin, if there is an item.
    modules: Option<Vec<usize>>,
}

impl Aliases {
    /// Those that the item's file shows; none where it cannot be read.
    pub(crate) fn of(options: &Options) -> Aliases {
        let around = options.site.as_deref().and_then(|site| {
            let text = site.text()?;
            let modules = modules(&text, site.offset(&text)?);
            Some(Around { site: site.clone(), text, modules: Some(modules) })
        });
        Aliases { around, known: RefCell::default(), taken: RefCell::default() }
    }

    /// Those that mean the same wherever the crate names them.
    pub(crate) fn everywhere(options: &Options) -> Aliases {
        let mut aliases = Aliases::of(options);
        if let Some(around) = &mut aliases.around {
            around.modules = None;
        }
        aliases
    }

    /// The function with its aliases written out, and with numbers in the place of references to them that it returns. `outer` are the parameters of what is around it.
    pub(crate) fn function(&self, function: &syn::ItemFn, outer: &syn::Generics) -> syn::ItemFn {
        let mut function = function.clone();
        let parameters = function.sig.generics.params.iter().chain(&outer.params).filter_map(parameter).collect();
        self.within(parameters, |mut this| this.visit_item_fn_mut(&mut function));
        lending::own(&mut function.sig, &mut function.block);
        function
    }

    /// The same of an `impl` with all that is in it.
    pub(crate) fn implementation(&self, item: &syn::ItemImpl) -> syn::ItemImpl {
        let mut item = item.clone();
        let methods = item.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(&method.sig.generics),
            _ => None,
        });
        let parameters = methods.chain([&item.generics]).flat_map(|generics| &generics.params).filter_map(parameter);
        let parameters = parameters.collect();
        self.within(parameters, |mut this| this.visit_item_impl_mut(&mut item));
        for member in &mut item.items {
            if let syn::ImplItem::Fn(method) = member {
                lending::own(&mut method.sig, &mut method.block);
            }
        }
        item
    }

    /// The same of a signature.
    pub(crate) fn signature(&self, signature: &syn::Signature) -> syn::Signature {
        let mut signature = signature.clone();
        let parameters = signature.generics.params.iter().filter_map(parameter).collect();
        self.within(parameters, |mut this| this.visit_signature_mut(&mut signature));
        lending::own_result(&mut signature);
        signature
    }

    /// A type of one of the crate's items.
    pub(crate) fn ty(&self, ty: &syn::Type) -> syn::Type {
        let mut ty = ty.clone();
        let mut this = self;
        this.visit_type_mut(&mut ty);
        ty
    }

    fn within(&self, names: Vec<String>, run: impl FnOnce(&Aliases)) {
        if self.around.is_none() {
            return;
        }
        let count = names.len();
        self.taken.borrow_mut().extend(names);
        run(self);
        let mut taken = self.taken.borrow_mut();
        let rest = taken.len() - count;
        taken.truncate(rest);
    }

    /// What a path stands for, if it is an alias.
    fn target(&self, path: &syn::TypePath) -> Option<syn::Type> {
        let last = path.path.segments.last().filter(|_| path.qself.is_none())?;
        let name = last.ident.to_string();
        let mut qualifiers = path.path.segments.iter().rev().skip(1);
        let of_modules = qualifiers.all(|part| part.ident.to_string().starts_with(char::is_lowercase));
        if !of_modules || self.taken.borrow().contains(&name) {
            return None;
        }
        let alias = self.known.borrow().get(&name).cloned();
        let alias = alias.unwrap_or_else(|| {
            let first = path.path.segments.first().map(|first| first.ident.to_string()).unwrap_or_default();
            let found =
                self.around.as_ref().and_then(|around| around.alias(&name, nearby::is_own(&Source::default(), &first)));
            self.known.borrow_mut().insert(name.clone(), found.clone());
            found
        })?;
        let mut target = (*alias.ty).clone();
        Arguments::of(&alias.generics, &last.arguments)?.visit_type_mut(&mut target);
        self.within(vec![name], |mut this| this.visit_type_mut(&mut target));
        Some(target)
    }
}

impl VisitMut for &Aliases {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        visit_mut::visit_type_mut(self, ty);
        if let syn::Type::Path(path) = ty
            && let Some(target) = self.target(path)
        {
            *ty = target;
        }
    }
}

/// What is given for the parameters of an alias.
struct Arguments(HashMap<String, GenericArgument>);

impl Arguments {
    /// None if they are not all known.
    fn of(generics: &syn::Generics, given: &PathArguments) -> Option<Arguments> {
        let mut given = match given {
            PathArguments::AngleBracketed(list) => list.args.iter().cloned().collect(),
            PathArguments::None => Vec::new(),
            _ => return None,
        }
        .into_iter();
        let mut all = HashMap::new();
        for param in &generics.params {
            let (name, default) = match param {
                GenericParam::Type(param) => {
                    (&param.ident, param.default.clone().map(|(_, ty)| GenericArgument::Type(ty)))
                }
                GenericParam::Const(param) => (&param.ident, None),
                GenericParam::Lifetime(_) => return None,
            };
            all.insert(name.to_string(), given.next().or(default)?);
        }
        given.next().is_none().then_some(Arguments(all))
    }

    fn get(&self, path: &syn::Path) -> Option<&GenericArgument> {
        self.0.get(&path.get_ident()?.to_string())
    }
}

impl VisitMut for Arguments {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        if let syn::Type::Path(path) = ty
            && let Some(GenericArgument::Type(given)) = self.get(&path.path).filter(|_| path.qself.is_none())
        {
            *ty = given.clone();
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }

    /// The length of an array.
    fn visit_expr_mut(&mut self, expr: &mut syn::Expr) {
        if let syn::Expr::Path(path) = expr
            && let Some(given) = self.get(&path.path)
        {
            *expr = match given {
                GenericArgument::Type(syn::Type::Path(name)) => syn::parse_quote!(#name),
                given => syn::parse_quote!({ #given }),
            };
        } else {
            visit_mut::visit_expr_mut(self, expr);
        }
    }

    /// A constant that is handed on is read as a type.
    fn visit_generic_argument_mut(&mut self, argument: &mut GenericArgument) {
        match argument {
            GenericArgument::Type(syn::Type::Path(path)) if self.get(&path.path).is_some() => {
                *argument = self.get(&path.path).expect("it was found just now").clone();
            }
            other => visit_mut::visit_generic_argument_mut(self, other),
        }
    }
}

/// Puts what is given for the parameters of a type into one of its fields. None if that is not known.
pub(crate) fn field(ty: &syn::Type, generics: &syn::Generics, given: &PathArguments) -> Option<syn::Type> {
    let mut ty = ty.clone();
    Arguments::of(generics, given)?.visit_type_mut(&mut ty);
    Some(ty)
}

/// Puts what is given for the parameters of a trait into the signature of one of its methods.
pub(crate) fn put_in(signature: &mut syn::Signature, generics: &syn::Generics, given: &PathArguments) {
    if let Some(mut arguments) = Arguments::of(generics, given) {
        arguments.visit_signature_mut(signature);
    }
}

fn parameter(param: &GenericParam) -> Option<String> {
    match param {
        GenericParam::Type(param) => Some(param.ident.to_string()),
        GenericParam::Const(param) => Some(param.ident.to_string()),
        GenericParam::Lifetime(_) => None,
    }
}

impl Around {
    /// The alias of this name; `whole` says that it is named by its whole path.
    fn alias(&self, name: &str, whole: bool) -> Option<syn::ItemType> {
        let imports = || nearby::imports(&self.text, name);
        if !imports().all(|import| nearby::is_own(&self.text, nearby::first_word(import))) {
            return None;
        }
        let places: Vec<usize> = nearby::places(&self.text, name).collect();
        let beside = |at: &usize| self.modules.as_ref().is_some_and(|modules| self.is_of(*at, modules));
        let own: Vec<usize> = places.iter().copied().filter(beside).collect();
        match if own.is_empty() { &places[..] } else { &own[..] } {
            [] => {
                let mut all = nearby::imports(&self.text, "*");
                if !whole
                    && imports().next().is_none()
                    && !all.all(|import| nearby::is_own(&self.text, nearby::first_word(import)))
                {
                    return None;
                }
                let alias = declarations::alias(&self.site, name)?;
                self.has_fixed_meaning(&alias, DEEPEST).then_some(alias)
            }
            [at] => {
                let alias = nearby::alias_at(&self.text, *at)?;
                let elsewhere =
                    || self.is_of(*at, &modules(&self.text, *at)) && self.has_fixed_meaning(&alias, DEEPEST);
                (!own.is_empty() || elsewhere()).then_some(alias)
            }
            _ => None,
        }
    }

    /// All names in what the alias stands for mean the same in every module, or are aliases of which that is true.
    fn has_fixed_meaning(&self, alias: &syn::ItemType, depth: usize) -> bool {
        const PRELUDE: [&str; 14] =
            ["f32", "f64", "bool", "char", "str", "String", "Vec", "Option", "Box", "fn", "dyn", "Fn", "FnMut", "mut"];
        let target = alias.ty.to_token_stream();
        let parameters: Vec<String> = alias.generics.params.iter().filter_map(parameter).collect();
        let fixed = |word: &String| {
            PRELUDE.contains(&word.as_str())
                || types::integer(word).is_some()
                || parameters.contains(word)
                || depth > 0 && self.only_alias(word).is_some_and(|inner| self.has_fixed_meaning(&inner, depth - 1))
        };
        emit::words(target.clone()).iter().all(fixed) && !target.to_string().contains("::")
    }

    /// The alias of this name, if the crate has no other type of the name.
    fn only_alias(&self, name: &str) -> Option<syn::ItemType> {
        let own =
            nearby::imports(&self.text, name).all(|import| nearby::is_own(&self.text, nearby::first_word(import)));
        match nearby::places(&self.text, name).collect::<Vec<usize>>().as_slice() {
            _ if !own => None,
            [] => declarations::alias(&self.site, name),
            [at] => nearby::alias_at(&self.text, *at),
            _ => None,
        }
    }

    /// What is declared at a place belongs to the module, and not to a function, an `impl` or a trait in it.
    fn is_of(&self, at: usize, module: &[usize]) -> bool {
        self.text.open_items(at) == module
    }
}

/// The modules around a place, by where they begin.
fn modules(text: &Source, offset: usize) -> Vec<usize> {
    let is_module = |start: &usize| {
        let head = text[*start..].split('{').next().unwrap_or_default();
        head.split(|c| !is_of_word(c)).any(|word| word == "mod")
    };
    text.open_items(offset).into_iter().filter(is_module).collect()
}
