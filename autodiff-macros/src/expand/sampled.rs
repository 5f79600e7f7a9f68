//! `#[differentiable(gradcheck)]`: a test that compares a function's derivatives with differences.
//!
//! The test makes up arguments, type parameters being `f64` if nothing else is said. A method, and a function that changes
//! what it is given, is checked through a function that is written into the test, calls it on copies, and gives what has
//! changed:
//!
//! ```text
//! #[differentiable]
//! fn step(this: Body, h: f64) -> Body {
//!     let mut this = this;
//!     this.step(h);
//!     this
//! }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::VisitMut;

use crate::diagnostics::Diagnostics;
use crate::options::{Gradcheck, Options};
use crate::owner;

/// The test of a function, named `f_gradcheck`, if it is asked for.
pub(super) fn test(function: &syn::ItemFn, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    let Some(check) = &options.gradcheck else { return TokenStream::new() };
    if function.sig.receiver().is_some() {
        let message = "no test can be written here, inside of the `impl`";
        let help = "write `#[differentiable]` before the `impl` too";
        diagnostics.error_at(check.span, message, help);
        return TokenStream::new();
    }
    let name = format_ident!("{}_gradcheck", function.sig.ident);
    Test { signature: &function.sig, owner: None, check, options, name }.written(diagnostics)
}

/// The test of a method of an annotated `impl`, named after the type and the method.
pub(super) fn of_method(
    method: &syn::ImplItemFn,
    owner: &syn::ItemImpl,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let Some(check) = &options.gradcheck else { return TokenStream::new() };
    let last = match &*owner.self_ty {
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string().to_lowercase()),
        _ => None,
    };
    let name = format_ident!("{}_{}_gradcheck", last.unwrap_or_else(|| "type".to_owned()), method.sig.ident);
    Test { signature: &method.sig, owner: Some(owner), check, options, name }.written(diagnostics)
}

struct Test<'a> {
    signature: &'a syn::Signature,
    /// The `impl` that the function is a member of.
    owner: Option<&'a syn::ItemImpl>,
    check: &'a Gradcheck,
    options: &'a Options,
    name: Ident,
}

/// A parameter of the function.
struct Argument {
    name: Ident,
    /// The type of the variable that holds the argument.
    ty: syn::Type,
    /// The parameter as the checked function declares it, and the argument that it is given.
    declared: TokenStream,
    given: TokenStream,
    /// The argument that a function written into the test hands on, of a parameter of its own and of a constant.
    handed: TokenStream,
    constant: TokenStream,
    receiver: bool,
    /// The function changes what it is given.
    changed: bool,
}

impl Test<'_> {
    fn written(&self, diagnostics: &mut Diagnostics) -> TokenStream {
        let parameters = Parameters::of(self);
        let Some(arguments) = self.arguments(&parameters, diagnostics) else { return TokenStream::new() };
        let names = arguments.iter().map(|argument| argument.name.to_string());
        let known: Vec<String> = names.chain(parameters.names()).collect();
        for (name, _) in self.check.given.iter().filter(|(name, _)| !known.contains(&name.to_string())) {
            diagnostics.error(name, format!("`{name}` is not a parameter of this function"), "name a parameter");
        }
        let root = self.options.root();
        if let Some((name, _)) = self.options.wrt_parts.first() {
            let message =
                format!("the test compares the derivatives by all of `{name}`, of which a part is differentiated");
            diagnostics.error(name, message, "leave out `gradcheck`, and write a test that compares the part");
            return TokenStream::new();
        }
        let free = || arguments.iter().filter(|argument| !self.is_frozen(argument));
        let lets = free().map(|argument| self.sample(argument));
        let through =
            self.owner.is_some() || arguments.iter().any(|argument| argument.changed || self.is_frozen(argument));
        let through = through.then(|| self.through(&arguments, &parameters));
        let (own, given) = (&self.signature.ident, free().map(|argument| &argument.given));
        let (test, constants) = (&self.name, &parameters.constants);
        quote! {
            #[cfg(test)]
            #[test]
            #[allow(non_snake_case, unused_mut, unused_variables)]
            fn #test() {
                #(#constants)*
                #through
                for trial in 0..4 {
                    let mut samples = #root::check::Samples::new(trial);
                    #(#lets)*
                    if let Err(error) = #root::gradcheck!(#own(#(#given),*)) {
                        panic!("{error}");
                    }
                }
            }
        }
    }

    /// `wrt(..)` leaves the parameter out: it is a constant of the function that is checked.
    fn is_frozen(&self, argument: &Argument) -> bool {
        let name = |wanted: &Ident| *wanted == argument.name || argument.receiver && wanted == "self";
        self.options.wrt.as_ref().is_some_and(|names| !names.iter().any(name))
    }

    fn constant(&self, argument: &Argument) -> TokenStream {
        let (root, Argument { name, ty, .. }) = (self.options.root(), argument);
        match self.check.of(name) {
            Some(syn::Expr::Range(range)) => quote!(let #name: #ty = #root::check::constant(#range);),
            Some(value) => quote!(let #name: #ty = #value;),
            None => quote!(let #name: #ty = #root::check::constant(0.2..0.9);),
        }
    }

    fn sample(&self, argument: &Argument) -> TokenStream {
        let (root, Argument { name, ty, .. }) = (self.options.root(), argument);
        match self.check.of(name) {
            Some(syn::Expr::Range(range)) => {
                quote!(let #name: #ty = #root::check::Sample::sample(&mut samples, #range);)
            }
            Some(value) => quote!(let #name: #ty = #value;),
            None => quote!(let #name: #ty = #root::check::sample(&mut samples);),
        }
    }

    fn arguments(&self, parameters: &Parameters, diagnostics: &mut Diagnostics) -> Option<Vec<Argument>> {
        let mut arguments = Vec::new();
        let mut complete = true;
        for (position, input) in self.signature.inputs.iter().enumerate() {
            match argument(input, position, parameters) {
                Some(argument) => arguments.push(argument),
                None => {
                    let message = "the test has no value for this parameter";
                    let help = "leave out `gradcheck`, and write a test that calls `gradcheck!`";
                    diagnostics.error(input, message, help);
                    complete = false;
                }
            }
        }
        complete.then_some(arguments)
    }

    /// The function that is checked in the place of this one.
    fn through(&self, arguments: &[Argument], parameters: &Parameters) -> TokenStream {
        let (root, own) = (self.options.root(), &self.signature.ident);
        let declared = arguments.iter().filter(|argument| !self.is_frozen(argument)).map(|argument| &argument.declared);
        let constants = arguments.iter().filter(|argument| self.is_frozen(argument));
        let constants: TokenStream = constants.map(|argument| self.constant(argument)).collect();
        let mutable = arguments.iter().filter(|argument| argument.changed).map(|argument| &argument.name);
        let mutable = quote!(#(let mut #mutable = #mutable;)*);
        let handed =
            arguments.iter().filter(|argument| !argument.receiver).map(|argument| match self.is_frozen(argument) {
                true => &argument.constant,
                false => &argument.handed,
            });
        let call = match (self.owner, arguments.first().filter(|argument| argument.receiver)) {
            (Some(_), Some(receiver)) => {
                let receiver = &receiver.name;
                quote!(#receiver.#own(#(#handed),*))
            }
            (Some(owner), None) => {
                let of = parameters.written(&owner.self_ty);
                quote!(<#of>::#own(#(#handed),*))
            }
            (None, _) => quote!(self::#own(#(#handed),*)),
        };
        let changed: Vec<&Argument> = arguments.iter().filter(|argument| argument.changed).collect();
        let (names, types): (Vec<_>, Vec<_>) = changed.iter().map(|argument| (&argument.name, &argument.ty)).unzip();
        let result = match &self.signature.output {
            syn::ReturnType::Type(_, ty) => Some(parameters.written(ty)),
            syn::ReturnType::Default => None,
        };
        let (result, body) = match (result, names.as_slice()) {
            (Some(result), []) => (quote!(#result), call),
            (Some(result), _) => (quote!((#result, #(#types),*)), quote!(let value = #call; (value, #(#names),*))),
            (None, [name]) => (quote!(#(#types)*), quote!(#call; #name)),
            (None, _) => (quote!((#(#types),*)), quote!(#call; (#(#names),*))),
        };
        quote! {
            #[#root::differentiable(crate = #root)]
            fn #own(#(#declared),*) -> #result {
                #constants
                #mutable
                #body
            }
        }
    }
}

fn argument(input: &syn::FnArg, position: usize, parameters: &Parameters) -> Option<Argument> {
    let (name, ty, receiver) = match input {
        syn::FnArg::Receiver(receiver) => (format_ident!("this"), owner::receiver_type(receiver), true),
        syn::FnArg::Typed(typed) => {
            let name = match &*typed.pat {
                syn::Pat::Ident(ident) => ident.ident.clone(),
                _ => format_ident!("argument_{position}"),
            };
            (name, (*typed.ty).clone(), false)
        }
    };
    let ty = parameters.written(&ty);
    let syn::Type::Reference(reference) = &ty else {
        let possible = !matches!(ty, syn::Type::ImplTrait(_));
        let declared = quote!(#name: #ty);
        let given = name.to_token_stream();
        let (handed, constant) = (given.clone(), given.clone());
        return possible.then_some(Argument { name, ty, declared, given, handed, constant, receiver, changed: false });
    };
    let (whole, given, constant): (syn::Type, _, _) = match &*reference.elem {
        syn::Type::Slice(slice) => {
            let item = &slice.elem;
            (syn::parse_quote!(::std::vec::Vec<#item>), quote!(&#name[..]), quote!(#name.as_slice()))
        }
        syn::Type::Path(path) if path.path.is_ident("str") => {
            (syn::parse_quote!(::std::string::String), quote!(&#name[..]), quote!(&#name))
        }
        syn::Type::TraitObject(_) | syn::Type::ImplTrait(_) => return None,
        whole => (whole.clone(), quote!(&#name), quote!(&#name)),
    };
    let argument = match reference.mutability {
        Some(_) => Argument {
            declared: quote!(#name: #whole),
            given: name.to_token_stream(),
            handed: quote!(&mut #name),
            constant: quote!(&mut #name),
            changed: true,
            ty: whole,
            name,
            receiver,
        },
        None => Argument {
            declared: quote!(#name: #ty),
            given,
            constant,
            handed: name.to_token_stream(),
            changed: false,
            ty: whole,
            name,
            receiver,
        },
    };
    Some(argument)
}

/// What stands for the parameters of the function, and of the `impl` around it.
struct Parameters {
    types: Vec<(Ident, TokenStream)>,
    /// `const N: usize = 3;`
    constants: Vec<TokenStream>,
    named: Vec<Ident>,
    own: Option<syn::Type>,
}

impl Parameters {
    fn of(test: &Test<'_>) -> Parameters {
        let mut parameters = Parameters { types: Vec::new(), constants: Vec::new(), named: Vec::new(), own: None };
        let outer = test.owner.map(|owner| &owner.generics);
        for param in [Some(&test.signature.generics), outer].into_iter().flatten().flat_map(|all| &all.params) {
            match param {
                syn::GenericParam::Type(param) => {
                    let given = test.check.of(&param.ident).map(ToTokens::to_token_stream);
                    parameters.types.push((param.ident.clone(), given.unwrap_or_else(|| quote!(f64))));
                }
                syn::GenericParam::Const(param) => {
                    let (name, ty) = (&param.ident, &param.ty);
                    let value = match (test.check.of(name), ty.to_token_stream().to_string().as_str()) {
                        (Some(given), _) => given.to_token_stream(),
                        (None, "bool") => quote!(true),
                        (None, "char") => quote!('a'),
                        (None, _) => quote!(3),
                    };
                    parameters.constants.push(quote!(const #name: #ty = #value;));
                    parameters.named.push(name.clone());
                }
                syn::GenericParam::Lifetime(_) => {}
            }
        }
        parameters.own = test.owner.map(|owner| parameters.written(&owner.self_ty));
        parameters
    }

    /// The names that may be given.
    fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.types.iter().map(|(name, _)| name).chain(&self.named).map(ToString::to_string)
    }

    /// A type with what stands for its parameters.
    fn written(&self, ty: &syn::Type) -> syn::Type {
        let mut ty = ty.clone();
        Written(self).visit_type_mut(&mut ty);
        ty
    }
}

struct Written<'a>(&'a Parameters);

impl VisitMut for Written<'_> {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        syn::visit_mut::visit_type_mut(self, ty);
        let syn::Type::Path(syn::TypePath { qself: None, path, .. }) = &*ty else { return };
        if let Some((_, given)) = self.0.types.iter().find(|(name, _)| path.is_ident(name)) {
            *ty = syn::parse_quote!(#given);
        } else if let Some(own) = self.0.own.as_ref().filter(|_| path.is_ident("Self")) {
            *ty = own.clone();
        }
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
        if lifetime.ident != "static" {
            lifetime.ident = format_ident!("_");
        }
    }
}
