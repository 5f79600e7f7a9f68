//! Where the derivatives of an implementation's methods are put: into the implementation, as further members of the trait,
//! or beside it, as functions of the type.

use std::collections::BTreeMap;

use proc_macro2::Ident;
use quote::{ToTokens, quote};

use super::members::{selected, take_attributes};
use super::traits::{self, Above};
use crate::aliases::{self, Aliases};
use crate::analysis::types;
use crate::declarations::{self, Declared};
use crate::diagnostics::Diagnostics;
use crate::emit::{self, Demand};
use crate::ir::Type;
use crate::options::Options;
use crate::owner::{self, Owner};

/// The place of the derivatives of one method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// They are members of the trait.
    Member,
    /// They are functions of the type.
    Type,
}

/// What tells the place.
pub(super) enum Homes {
    /// The same for all methods.
    All(Home),
    /// What the trait is that the crate declares.
    Declared(Box<Declared>),
}

impl Homes {
    /// The places of an implementation's methods, by its options and by what can be read of the trait. A trait that the crate
    /// does not declare has no derivatives, unless an option says so.
    pub(super) fn of(item: &syn::ItemImpl, options: &Options) -> Homes {
        let Some(last) = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last()) else {
            return Homes::All(Home::Type);
        };
        if options.inherent {
            return Homes::All(Home::Type);
        }
        let declared = options.site.as_ref().map(|site| declarations::trait_of(site, item));
        match declared {
            Some(Some(declared)) if declared.is_annotated() => Homes::Declared(Box::new(declared)),
            _ if options.of_trait => Homes::All(Home::Member),
            Some(_) => Homes::All(Home::Type),
            None if owner::is_foreign_trait(&last.ident.to_string()) => Homes::All(Home::Type),
            None => Homes::All(Home::Member),
        }
    }

    /// The place of one method, with its `impl` and what is known of that.
    pub(super) fn home(&self, item: &syn::ItemImpl, function: &syn::ItemFn, options: &Options, owner: &Owner) -> Home {
        match self {
            Homes::All(home) => *home,
            Homes::Declared(declared) => {
                let name = function.sig.ident.to_string();
                let member = has_derivatives(declared, &name) && accepts(declared, item, function, options, owner);
                if member { Home::Member } else { Home::Type }
            }
        }
    }

    /// The trait has derivatives of a method that the implementation gives none of.
    pub(super) fn expects(&self, method: &syn::ImplItemFn) -> bool {
        match self {
            Homes::All(Home::Member) => selected(&[], &method.sig),
            Homes::All(Home::Type) => false,
            Homes::Declared(declared) => has_derivatives(declared, &method.sig.ident.to_string()),
        }
    }

    /// The method may replace one that has a body in the trait.
    pub(super) fn replaces(&self, method: &syn::ImplItemFn) -> bool {
        let declared = match self {
            Homes::Declared(declared) => declared.method(&method.sig.ident.to_string()),
            Homes::All(_) => return true,
        };
        declared.is_some_and(|declared| declared.default.is_some())
    }

    /// What the trait wants to be told by an implementation whose methods all have the derivatives that it asks for.
    pub(super) fn marker(&self, item: &syn::ItemImpl) -> proc_macro2::TokenStream {
        let of_trait = !matches!(self, Homes::All(Home::Type));
        let last = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last()).filter(|_| of_trait);
        last.map(|last| emit::given_marker(&last.ident.to_string())).unwrap_or_default()
    }

    /// How the trait declares a method of a type that is made of others, such as `[T; 3]`: the trait only knows of `Self` that it
    /// has a tangent, while its own tokens show what that is.
    pub(super) fn declared(&self, item: &syn::ItemImpl, name: &str, options: &Options) -> Option<syn::Signature> {
        let Homes::Declared(declared) = self else { return None };
        if matches!(types::parse_type(&item.self_ty), Type::Named(_)) || item.generics.params.is_empty() {
            return None;
        }
        let method = traits::function_of(declared.method(name)?);
        let mut signature = Aliases::of(options).function(&method, &declared.item.generics).sig;
        let of_trait = item.trait_.as_ref().and_then(|of_trait| of_trait.0.segments.last())?;
        aliases::put_in(&mut signature, &declared.item.generics, &of_trait.arguments);
        Some(signature)
    }

    /// The options for a method whose derivatives the trait declares: with respect to the same parameters.
    pub(super) fn agreed(&self, function: &syn::ItemFn, options: &Options, diagnostics: &mut Diagnostics) -> Options {
        let name = function.sig.ident.to_string();
        let Homes::Declared(declared) = self else { return options.clone() };
        let Some(method) = declared.method(&name) else { return options.clone() };
        // What is to be said about these options is said of the trait.
        let theirs = take_attributes(&mut method.attrs.clone(), &Options::default(), &mut Diagnostics::default());
        let wanted = theirs.and_then(|theirs| positions(&method.sig, theirs.wrt.as_deref()));
        match (&wanted, options.wrt.as_deref()) {
            (Some(wanted), None) => {
                let wrt = wanted.iter().filter_map(|position| name_of(function.sig.inputs.iter().nth(*position)?));
                Options { wrt: Some(wrt.collect()), ..options.clone() }
            }
            (_, Some(own)) if positions(&function.sig, Some(own)) != wanted => {
                let message =
                    format!("the trait declares the derivatives of `{name}` with respect to other parameters");
                let help =
                    "write the same `wrt(..)` before the method in the trait, `#[differentiable(wrt(..))]`, and here";
                diagnostics.error(own.first().unwrap_or(&function.sig.ident), message, help);
                options.clone()
            }
            (_, _) => options.clone(),
        }
    }

    /// The trait declares the joint form of a method.
    pub(super) fn has_joint(&self, name: &str, options: &Options) -> bool {
        match self {
            // A trait whose file cannot be read is taken for one that says the same as its implementation.
            Homes::All(_) => options.site.is_none(),
            Homes::Declared(declared) => declared.method(name).is_some_and(|method| {
                let function = Aliases::of(options).function(&traits::function_of(method), &declared.item.generics);
                emit::has_joint(&function, options, &traits::owner(&declared.item, declared.whole, options))
            }),
        }
    }
}

/// The parameters of these names, by their positions.
fn positions(signature: &syn::Signature, names: Option<&[Ident]>) -> Option<Vec<usize>> {
    let names = names?;
    let named = |input: &syn::FnArg| name_of(input).is_some_and(|name| names.contains(&name));
    let inputs = signature.inputs.iter().enumerate();
    Some(inputs.filter(|(_, input)| named(input)).map(|(position, _)| position).collect())
}

/// The name of a parameter that is a plain name.
fn name_of(input: &syn::FnArg) -> Option<Ident> {
    match input {
        syn::FnArg::Receiver(receiver) => Some(Ident::new("self", receiver.self_token.span)),
        syn::FnArg::Typed(typed) => match &*typed.pat {
            syn::Pat::Ident(pat) => Some(pat.ident.clone()),
            _ => None,
        },
    }
}

/// The method of the trait has derivatives.
pub(super) fn has_derivatives(declared: &Declared, name: &str) -> bool {
    declared.method(name).is_some_and(|method| {
        selected(&method.attrs, &method.sig) && (declared.whole || declarations::is_annotated(&method.attrs))
    })
}

/// What the derivatives ask of the implementation's type parameters holds wherever the trait's members can be used.
fn accepts(
    declared: &Declared,
    item: &syn::ItemImpl,
    function: &syn::ItemFn,
    options: &Options,
    owner: &Owner,
) -> bool {
    if item.generics.type_params().next().is_none() {
        return true;
    }
    let provided = provided(declared, item, function, options, owner);
    let demanded = emit::demands(function, options, owner);
    let this = item.self_ty.to_token_stream();
    // All of them implement the trait, and with it have tangents.
    let tangents = declared.whole && traits::above(&declared.item, options) == Above::Tangents;
    item.generics.type_params().all(|param| {
        let name = param.ident.to_string();
        let held = emit::mentions(this.clone(), &name).then_some(Demand::Tangent);
        let demand = demanded.get(&name).copied().max(held);
        demand <= provided.get(&name).copied().max(tangents.then_some(Demand::Tangent))
    })
}

/// What the trait's member asks of the types that are given for the trait's parameters, and of what implements it.
fn provided(
    declared: &Declared,
    item: &syn::ItemImpl,
    function: &syn::ItemFn,
    options: &Options,
    owner: &Owner,
) -> BTreeMap<String, Demand> {
    let Some(method) = declared.method(&function.sig.ident.to_string()) else { return BTreeMap::new() };
    let own = Aliases::of(options).function(&traits::function_of(method), &declared.item.generics);
    let outer = traits::owner(&declared.item, declared.whole, options);
    let demands = emit::demands(&own, options, &outer);
    let params = declared.item.generics.type_params().map(|param| param.ident.to_string());
    let given = params.zip(owner.given.iter().map(|ty| quote!(#ty).to_string()));
    let given = given.filter_map(|(param, ty)| Some((ty, *demands.get(&param)?)));
    let itself = item.self_ty.to_token_stream().to_string();
    let of_itself = if outer.of_numbers { Demand::Number } else { Demand::Tangent };
    given.chain(emit::mentions_self(&own).then_some((itself, of_itself))).collect()
}

/// Derivatives of the method of a trait can be functions of its type: that is one of ours, and has no others of these names.
pub(super) fn has_place(item: &syn::ItemImpl, method: &syn::Ident, options: &Options) -> bool {
    !is_foreign_type(item) && !options.site.as_ref().is_some_and(|site| declarations::has_twin(site, item, method))
}

/// Refuses derivatives as functions of a type that can have none of ours, or that has others of these names.
pub(super) fn check_type(
    item: &syn::ItemImpl,
    method: &syn::Ident,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> bool {
    let Some((path, _)) = item.trait_.as_ref().map(|of_trait| (&of_trait.0, ())) else { return true };
    let (name, ty) = (path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(), &item.self_ty);
    if is_foreign_type(item) {
        let shown = quote!(#ty).to_string();
        let message = format!(
            "the derivatives of `{method}` have no place: `{name}` has none, and `{shown}` can have no functions from here"
        );
        let help = "write `#[differentiable]` before the trait as well; if that is done in another crate, `#[differentiable(trait)]` here";
        diagnostics.error(method, message, help);
        return false;
    }
    if has_place(item, method, options) {
        return true;
    }
    let shown = quote!(#ty).to_string();
    let message = format!("two methods `{method}` of `{shown}` would have derivatives of the same names");
    let declared = options.site.as_ref().and_then(|site| declarations::trait_of(site, item));
    let help = match declared.filter(|declared| !declared.is_annotated()) {
        Some(_) => format!("write `#[differentiable]` before `trait {name}` as well, which then tells them apart"),
        None => "write `#[differentiable]` before one of them only, or make one a function of another name that the method calls".to_owned(),
    };
    diagnostics.error(method, message, &help);
    false
}

/// As far as its name tells, the type is not the crate's own.
fn is_foreign_type(item: &syn::ItemImpl) -> bool {
    const NAMES: [&str; 16] = [
        "Vec",
        "Box",
        "Rc",
        "Arc",
        "Option",
        "Result",
        "String",
        "Cow",
        "VecDeque",
        "HashMap",
        "BTreeMap",
        "PhantomData",
        "Array1",
        "Array2",
        "ArrayBase",
        "Complex64",
    ];
    match &*item.self_ty {
        syn::Type::Path(path) => {
            let Some(last) = path.path.segments.last().map(|last| last.ident.to_string()) else { return false };
            let parameter = item.generics.type_params().any(|param| path.path.is_ident(&param.ident));
            let primitive = crate::analysis::types::integer(&last).is_some()
                || crate::analysis::types::float(&last).is_some()
                || ["bool", "char", "str"].contains(&last.as_str());
            parameter || primitive || NAMES.contains(&last.as_str())
        }
        _ => true,
    }
}
