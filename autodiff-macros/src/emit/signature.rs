//! The signatures of the companion's functions.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;

use super::body::Body;
use super::functions;
use super::paths::Paths;
use super::print::identifier;
use super::tangents::{self, Types};
use crate::analysis::scalars::Scalars;
use crate::analysis::types::{self, strip, with_lanes};
use crate::ir::{Function, Origin, Passing, Type};
use crate::options::Options;
use crate::owner::{self, Implementors, Owner, Place};

/// One parameter of the user's function, with everything that the companion's signatures say about it.
#[derive(Clone)]
pub(super) struct Parameter {
    pub(super) name: Ident,
    /// As the user wrote it.
    pub(super) ty: syn::Type,
    pub(super) known: Type,
    pub(super) passing: Passing,
    pub(super) differentiated: bool,
    /// The owned tangent.
    pub(super) tangent: TokenStream,
    /// What the pullback's slot points to.
    pub(super) slot: TokenStream,
    /// The type of the tangent argument of `jvp`.
    pub(super) dot: TokenStream,
    /// The type of the tangent argument of `call_jvp`, inside the `Option`.
    pub(super) call_dot: TokenStream,
    /// It is the receiver of a method.
    pub(super) receiver: bool,
    /// The type of what it captured, if it is a function.
    pub(super) function: Option<Ident>,
}

impl Parameter {
    /// Whether the public forms give a derivative with respect to it.
    pub(super) fn is_public(&self) -> bool {
        self.differentiated && self.function.is_none()
    }

    /// Whether a pullback of the function as an argument takes this parameter again.
    pub(super) fn is_again(&self, generics: &syn::Generics) -> bool {
        crate::callable::is_again(&self.ty, &[generics])
    }

    /// `name: Type`, or the receiver as it is usually written.
    pub(super) fn declare(&self, name: &TokenStream, ty: &syn::Type) -> TokenStream {
        match ty {
            syn::Type::Reference(reference) if self.receiver => {
                let (lifetime, mutability) = (&reference.lifetime, &reference.mutability);
                quote!(&#lifetime #mutability #name)
            }
            _ => quote!(#name: #ty),
        }
    }
}

/// What the signatures are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    /// The function was refused, so that its types may have no tangents.
    Stub,
    /// Tangents are those in several directions at once.
    Lanes,
}

/// What all the companion's functions have in common.
pub(super) struct Signature<'a> {
    /// What the derivatives are members of, unless they form a companion.
    pub(super) owner: Option<&'a Owner>,
    /// The visibility of what users call.
    pub(super) vis: TokenStream,
    /// What the names of its derivatives begin with: nothing in a companion, the method's name beside a method.
    pub(super) prefix: String,
    /// The function's own name, for documentation and messages.
    pub(super) function: String,
    pub(super) paths: Paths,
    pub(super) parameters: Vec<Parameter>,
    pub(super) generics: &'a syn::Generics,
    /// What derivatives need of type parameters, beside the function's own bounds.
    pub(super) bounds: Vec<TokenStream>,
    /// Type parameters of an `impl` that is not seen, as far as the function mentions them.
    unseen: Vec<TokenStream>,
    pub(super) result: TokenStream,
    /// What the function returns, or may return: the content of its `Result` or `Option`.
    pub(super) known_content: Type,
    /// The function returns a `Result` or an `Option`, whose type this is.
    fallible: Option<syn::TypePath>,
    /// The tangent of the result.
    pub(super) result_tangent: TokenStream,
    /// The tangent of what the function returns or may return.
    pub(super) content_tangent: TokenStream,
    /// The pullback is a `Box<dyn Fn>`.
    pub(super) boxed: bool,
    /// The tangent of the type itself occurs in the signatures.
    names_self: bool,
    /// A trait declares the function and leaves it to its implementations.
    pub(super) required: bool,
    /// They are those of second derivatives.
    twice: bool,
    /// It is a `const fn`.
    pub(super) constant: bool,
    /// Its gradient can be a `const fn` as well.
    pub(super) constant_gradient: bool,
    /// The joint form takes the cotangent of the result.
    pub(super) called: bool,
    /// The function was refused: the bodies are never run.
    pub(super) stub: bool,
}

impl<'a> Signature<'a> {
    pub(super) fn new(
        item: &'a syn::ItemFn,
        paths: Paths,
        owner: Option<&'a Owner>,
        primal: &Function,
        boxed: bool,
    ) -> Signature<'a> {
        Signature::with(item, owner, primal, boxed, paths, Kind::Plain)
    }

    /// The signatures of the derivatives in several directions at once.
    pub(super) fn with_lanes(item: &'a syn::ItemFn, plain: &Signature<'a>, primal: &Function) -> Signature<'a> {
        let mut laned = Signature::with(item, plain.owner, primal, plain.boxed, plain.paths.clone(), Kind::Lanes);
        laned.prefix = format!("{}lanes_", plain.prefix);
        for parameter in laned.parameters.iter_mut().filter(|parameter| parameter.differentiated) {
            if let Some(known) = with_lanes(&parameter.known) {
                parameter.known = known;
            }
        }
        laned
    }

    /// The signatures of a function that was refused, whose types may have no tangents.
    pub(super) fn of_stub(
        item: &'a syn::ItemFn,
        paths: Paths,
        owner: Option<&'a Owner>,
        primal: &Function,
        boxed: bool,
    ) -> Signature<'a> {
        Signature::with(item, owner, primal, boxed, paths, Kind::Stub)
    }

    fn with(
        item: &'a syn::ItemFn,
        owner: Option<&'a Owner>,
        primal: &Function,
        boxed: bool,
        paths: Paths,
        kind: Kind,
    ) -> Signature<'a> {
        let stub = kind == Kind::Stub;
        let in_place = owner.is_some_and(|owner| owner.in_place);
        let (vis, rt) = (&item.vis, if in_place { paths.full() } else { paths.rt.clone() });
        let of_trait = owner.is_some_and(|owner| owner.place != Place::Type);
        let plain = |name: &str| of_trait && !super::bounds::is_declared(name, item, owner);
        let types = Types { rt: &rt, stub, plain: &plain, lanes: kind == Kind::Lanes };
        let declared = owner.and_then(|owner| owner.declared.as_ref());
        let spelled = |position: usize| declared.and_then(|sig| sig.inputs.get(position)).map(|input| typed(input).1);
        let typed = item.sig.inputs.iter().map(typed);
        let parameters = primal.params.iter().zip(typed).enumerate();
        let parameters = parameters.map(|(position, (param, (receiver, ty)))| {
            parameter(primal, param, ty, receiver, spelled(position), &types)
        });
        let parameters = parameters.collect();
        let result = returned(&item.sig);
        let result_tangent = match declared.map(returned) {
            Some(spelled) => types.owned(&spelled, &known_to_trait(&spelled)),
            None => types.owned(&result, &primal.result),
        };
        let fallible = fallible(&result, &primal.result);
        Signature {
            vis: match owner.map(|owner| owner.place) {
                None => quote!(pub),
                Some(Place::Type) => quote!(#vis),
                Some(Place::Implementation | Place::Trait) => TokenStream::new(),
            },
            owner,
            prefix: owner.map_or_else(String::new, |_| format!("{}_", item.sig.ident.unraw())),
            function: item.sig.ident.to_string(),
            parameters,
            generics: &item.sig.generics,
            bounds: super::bounds::needed(item, owner, primal, &rt, false),
            unseen: super::bounds::unseen(item, owner, primal),
            content_tangent: match (&fallible, &primal.result) {
                (Some(path), Type::Option(content) | Type::Result(content, _)) => {
                    tangents::first_argument(path).map_or_else(TokenStream::new, |ty| types.owned(ty, content))
                }
                _ => result_tangent.clone(),
            },
            result_tangent,
            result: result.to_token_stream(),
            known_content: match &primal.result {
                Type::Option(content) | Type::Result(content, _) => (**content).clone(),
                other => other.clone(),
            },
            fallible,
            boxed,
            paths,
            required: false,
            twice: false,
            constant: item.sig.constness.is_some() && item.sig.generics.params.is_empty(),
            called: false,
            constant_gradient: false,
            names_self: mentions_self(item),
            stub,
        }
    }

    /// The signatures of another function in the same place.
    pub(super) fn again(&self, item: &'a syn::ItemFn, primal: &Function) -> Signature<'a> {
        Signature::new(item, self.paths.clone(), self.owner, primal, self.boxed)
    }

    /// The same for second derivatives, which ask for tangents that are their own.
    pub(super) fn twice(mut self, item: &syn::ItemFn, primal: &Function) -> Signature<'a> {
        self.bounds = super::bounds::needed(item, self.owner, primal, &self.full_rt(), true);
        self.twice = true;
        self
    }

    /// They are those of second derivatives.
    pub(super) fn is_twice(&self) -> bool {
        self.twice
    }

    /// What the derivatives are members of, if they are.
    pub(super) fn place(&self) -> Option<Place> {
        self.owner.map(|owner| owner.place)
    }

    /// They are members of a trait or of its implementation.
    pub(super) fn is_of_trait(&self) -> bool {
        matches!(self.place(), Some(Place::Trait | Place::Implementation))
    }

    /// The name of one of the derivatives: `grad` in a companion, `energy_grad` beside the method `energy`.
    pub(super) fn name(&self, form: &str) -> Ident {
        Ident::new(&format!("{}{form}", self.prefix), Span::call_site())
    }

    /// The name of the constant that holds the graph.
    pub(super) fn graph_name(&self) -> Ident {
        Ident::new(&format!("{}GRAPH", self.prefix.to_uppercase()), Span::call_site())
    }

    /// What a call of another one of the derivatives begins with.
    pub(super) fn call(&self, form: &str) -> TokenStream {
        let (this, name, turbofish) = (self.this(), self.name(form), self.turbofish());
        quote!(#this::#name #turbofish)
    }

    /// `Self`, in a trait with parameters as what implements just this one: it may implement it with others as well.
    pub(super) fn this(&self) -> TokenStream {
        let generic = |owner: &&Owner| owner.place == Place::Trait && !owner.generics.params.is_empty();
        let Some(owner) = self.owner.filter(generic) else { return quote!(Self) };
        let name = owner.name.as_ref().map(|name| Ident::new(name, Span::call_site()));
        let (_, arguments, _) = owner.generics.split_for_impl();
        name.map_or_else(|| quote!(Self), |name| quote!(<Self as #name #arguments>))
    }

    /// What a function's body imports where nothing around it does.
    pub(super) fn imports(&self, body: &TokenStream) -> Option<TokenStream> {
        self.in_place().then(|| self.paths.imports(body))
    }

    /// Whether nothing around a function imports anything.
    pub(super) fn in_place(&self) -> bool {
        self.owner.is_some_and(|owner| owner.in_place)
    }

    /// The body, or one that is never run.
    pub(super) fn stub(&self, body: TokenStream) -> TokenStream {
        if self.stub { never() } else { body }
    }

    /// The body, or one that is never run and has the type of a pair of a value and a closure.
    pub(super) fn stub_pair(
        &self,
        closure: &[TokenStream],
        result: Option<&TokenStream>,
        body: TokenStream,
    ) -> TokenStream {
        if !self.stub {
            return body;
        }
        let pair = self.never_pair(closure, result);
        let may_fail = self.fallible.as_ref().filter(|_| result.is_some()).and_then(|path| path.path.segments.last());
        match may_fail {
            // The public form is inside of what may fail.
            Some(last) if last.ident == "Option" => quote!(Some(#pair)),
            Some(_) => quote!(Ok(#pair)),
            None => pair,
        }
    }

    /// What is never run, and has the type of a pair of a value and a closure.
    pub(super) fn never_pair(&self, closure: &[TokenStream], result: Option<&TokenStream>) -> TokenStream {
        let (never, result) = (never(), result.map(|result| quote!(-> #result)));
        let closure = quote!(move |#(_: #closure),*| #result { #never });
        let closure = if self.boxed && result.is_none() { quote!(Box::new(#closure)) } else { closure };
        quote!((#never, #closure))
    }

    /// The parameters with respect to which the public forms give derivatives.
    pub(super) fn differentiated(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.is_public())
    }

    /// The only one of them.
    pub(super) fn sole_differentiated(&self) -> Option<&Parameter> {
        let mut parameters = self.differentiated();
        parameters.next().filter(|_| parameters.next().is_none())
    }

    /// The parameters that derivatives flow to: also functions, by what they captured.
    pub(super) fn with_derivative(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.differentiated)
    }

    /// The type of all gradients together: bare for one parameter, a tuple otherwise.
    pub(super) fn gradients(&self) -> TokenStream {
        gather(self.differentiated().map(|parameter| &parameter.tangent))
    }

    /// `name: Type` for every parameter of the user's function.
    pub(super) fn primal_params(&self) -> Vec<TokenStream> {
        self.parameters
            .iter()
            .map(|parameter| parameter.declare(&parameter.name.to_token_stream(), &parameter.ty))
            .collect()
    }

    /// Whether the derivatives that are called by other derivatives take their receiver behind one more reference: those
    /// of a trait do, so that the ones that its trait objects have come first.
    pub(super) fn doubles_receiver(&self) -> bool {
        self.is_of_trait()
            && self.parameters.first().is_some_and(|first| first.receiver && first.passing == Passing::Shared)
    }

    /// A parameter of a form that other derivatives call.
    pub(super) fn declare_hidden(&self, parameter: &Parameter, name: &TokenStream, ty: &syn::Type) -> TokenStream {
        if parameter.receiver && self.doubles_receiver() {
            let own = &parameter.name;
            return quote!(#own: &#ty);
        }
        parameter.declare(name, ty)
    }

    pub(super) fn hidden_params(&self) -> Vec<TokenStream> {
        let declare = |p: &Parameter| self.declare_hidden(p, &p.name.to_token_stream(), &p.ty);
        self.parameters.iter().map(declare).collect()
    }

    /// The arguments for such a form, where they have the names of the parameters.
    pub(super) fn hidden_arguments(&self) -> Vec<TokenStream> {
        let doubled = |parameter: &Parameter| parameter.receiver && self.doubles_receiver();
        let argument = |parameter: &Parameter| {
            let name = &parameter.name;
            if doubled(parameter) { quote!(&#name) } else { quote!(#name) }
        };
        self.parameters.iter().map(argument).collect()
    }

    /// The parameters with a name for each lifetime that a pullback with what is passed by value holds on to.
    pub(super) fn held_params(&self) -> Vec<TokenStream> {
        let (types, _) = self.captured_params(|parameter| parameter.passing == Passing::Value);
        let declare = |(p, ty): (&Parameter, syn::Type)| p.declare(&p.name.to_token_stream(), &ty);
        self.parameters.iter().zip(types).map(declare).collect()
    }

    /// The body of a split form, with the name that it has for a receiver behind two references.
    pub(super) fn behind_receiver(&self, split: &Body) -> TokenStream {
        let body = &split.body;
        match split.params.first() {
            Some(name) if self.doubles_receiver() && !self.stub => quote!(let #name: &Self = self; #body),
            _ => body.clone(),
        }
    }

    /// The user's parameters under the given names, and one more for each of the given types.
    pub(super) fn declare(&self, names: &[TokenStream], more: impl Iterator<Item = TokenStream>) -> Vec<TokenStream> {
        let own = names.iter().zip(&self.parameters).map(|(name, parameter)| parameter.declare(name, &parameter.ty));
        let more = names.iter().skip(self.parameters.len()).zip(more).map(|(name, ty)| quote!(#name: #ty));
        own.chain(more).collect()
    }

    pub(super) fn takes_functions(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.function.is_some())
    }

    /// Takes the parameters that are functions apart.
    pub(super) fn unpack_functions(&self) -> TokenStream {
        let functions = self.parameters.iter().filter(|parameter| parameter.function.is_some());
        let lines = functions.map(|Parameter { name, .. }| {
            let own = name.to_string();
            let (vjp, jvp) = (functions::form(&own, "vjp"), functions::form(&own, "jvp"));
            quote!(let (#name, #vjp, #jvp) = #name;)
        });
        lines.collect()
    }

    /// The derivative as messages name it.
    pub(super) fn shown(&self, form: &str) -> String {
        match self.owner {
            Some(_) => self.name(form).to_string(),
            None => format!("{}::{form}", self.function),
        }
    }

    /// What a matrix needs of its numbers, where their type is a parameter.
    pub(super) fn number_of_matrix(&self, number: &TokenStream) -> Option<TokenStream> {
        let rt = self.full_rt();
        self.is_parameter(number).then(|| quote!(#number: #rt::Float))
    }

    /// Whether the function has a type parameter of this name.
    pub(super) fn is_parameter(&self, name: &TokenStream) -> bool {
        let name = name.to_string();
        self.generics.type_params().any(|parameter| parameter.ident == name)
    }

    /// The function's `where` clause and what derivatives need, with one more bound if there is one.
    pub(super) fn where_clause(&self, more: Option<TokenStream>) -> TokenStream {
        let own = self.generics.where_clause.iter().flat_map(|clause| clause.predicates.iter());
        let sized = (self.place() == Some(Place::Trait)).then(|| self.implementor()).flatten();
        let all = own.map(ToTokens::to_token_stream).chain(self.bounds.iter().cloned()).chain(sized).chain(more);
        let all: Vec<TokenStream> = all.collect();
        if all.is_empty() { TokenStream::new() } else { quote!(where #(#all),*) }
    }

    /// The path of the runtime in the signature, where a function's own imports do not hold.
    pub(super) fn full_rt(&self) -> TokenStream {
        if self.in_place() { self.paths.full() } else { self.paths.rt.clone() }
    }

    /// The type is one that the trait leaves open: its type parameter or its associated type.
    pub(super) fn is_open(&self, ty: &TokenStream) -> bool {
        let Ok(syn::Type::Path(path)) = syn::parse2::<syn::Type>(ty.clone()) else { return false };
        let parameter = |name: &Ident| {
            self.owner.is_some_and(|owner| owner.generics.type_params().any(|param| param.ident == *name))
        };
        let first = path.path.segments.first().map(|first| first.ident.clone());
        let associated =
            path.qself.is_none() && path.path.segments.len() == 2 && first.is_some_and(|first| first == "Self");
        associated || path.path.get_ident().is_some_and(parameter)
    }

    /// What a trait asks of the types whose derivatives are called: they are no trait objects, which have their own.
    fn implementor(&self) -> Option<TokenStream> {
        let rt = self.full_rt();
        let takes_self = self.names_self || self.parameters.iter().any(|parameter| parameter.receiver);
        let sized = match self.owner.map(|owner| owner.implementors).unwrap_or_default() {
            Implementors::Objects => true,
            Implementors::Unsized => takes_self,
            Implementors::Slices => false,
        };
        let tangent =
            self.names_self.then(|| if self.twice { quote!(#rt::Twice) } else { quote!(#rt::Differentiable) });
        match (sized, tangent) {
            (true, Some(tangent)) => Some(quote!(Self: Sized + #tangent)),
            (true, None) => Some(quote!(Self: Sized)),
            (false, Some(tangent)) => Some(quote!(Self: #tangent)),
            (false, None) => None,
        }
    }

    /// The receiver can be kept. The lifetime lets rustc ask for it where the function is called, and not before.
    pub(super) fn keeps_receiver(&self) -> TokenStream {
        let rt = self.full_rt();
        quote!(for<'kept> Self: #rt::Keep<'kept>)
    }

    /// The parameters with a name for each lifetime that a returned closure holds on to, and that name if there is one.
    pub(super) fn captured_params(
        &self,
        holds: impl Fn(&Parameter) -> bool,
    ) -> (Vec<syn::Type>, Option<syn::Lifetime>) {
        let taken = lifetimes(self.generics);
        let free = ["a", "b", "c", "pullback"].into_iter().find(|name| !taken.contains(*name)).unwrap_or("borrowed");
        let name = syn::Lifetime::new(&format!("'{free}"), Span::call_site());
        let mut used = false;
        let types = self.parameters.iter().map(|parameter| {
            if !holds(parameter) {
                return parameter.ty.clone();
            }
            let view = matches!(&parameter.known, Type::Tensor(tensor) if tensor.view);
            let (ty, found) = tangents::with_lifetime(&parameter.ty, view, &name);
            used |= found;
            ty
        });
        let types = types.collect();
        (types, used.then_some(name))
    }

    /// `<'a, T, const N: usize>`, with one lifetime more if given.
    pub(super) fn generic_params(&self, lifetime: Option<&syn::Lifetime>) -> TokenStream {
        let params = &self.generics.params;
        match (lifetime, params.is_empty()) {
            (None, true) => TokenStream::new(),
            (None, false) => quote!(<#params>),
            (Some(lifetime), true) => quote!(<#lifetime>),
            (Some(lifetime), false) => quote!(<#lifetime, #params>),
        }
    }

    /// `use<'a, T, N>` with the given lifetimes and all type and constant parameters.
    pub(super) fn capture(&self, lifetimes: &[syn::Lifetime]) -> TokenStream {
        let lifetimes = lifetimes.iter().map(ToTokens::to_token_stream);
        let owned = self.owner.into_iter().flat_map(|owner| arguments_of(&owner.generics));
        let own = (self.place() == Some(Place::Trait)).then(|| quote!(Self)).into_iter();
        let all = lifetimes.chain(own).chain(owned).chain(self.unseen.clone()).chain(self.argument_names());
        quote!(use<#(#all),*>)
    }

    /// The names of the type and constant parameters.
    fn argument_names(&self) -> impl Iterator<Item = TokenStream> + use<'_> {
        arguments_of(self.generics)
    }

    /// `::<T, N>` for a call of one companion function by another.
    pub(super) fn turbofish(&self) -> TokenStream {
        let names: Vec<TokenStream> = self.argument_names().collect();
        if names.is_empty() { TokenStream::new() } else { quote!(::<#(#names),*>) }
    }

    /// Names for local variables that no parameter has.
    pub(super) fn locals(&self) -> Locals {
        let parameters = self.parameters.iter().map(|parameter| parameter.name.to_string());
        let constants = self.generics.const_params().map(|param| param.ident.to_string());
        Locals { taken: parameters.chain(constants).collect() }
    }

    pub(super) fn is_unit(&self) -> bool {
        matches!(self.known_content, Type::Unit)
    }

    pub(super) fn is_fallible(&self) -> bool {
        self.fallible.is_some()
    }

    /// The type of what the function returns or may return.
    pub(super) fn content(&self) -> TokenStream {
        let content = self.fallible.as_ref().and_then(tangents::first_argument);
        content.map_or_else(|| self.result.clone(), ToTokens::to_token_stream)
    }

    /// The function's result with something else in the place of what it may return.
    pub(super) fn wrapped(&self, content: TokenStream) -> TokenStream {
        let Some(mut wrapper) = self.fallible.clone() else { return content };
        if let Some(last) = wrapper.path.segments.last_mut()
            && let syn::PathArguments::AngleBracketed(arguments) = &mut last.arguments
            && let Some(first) = arguments.args.iter_mut().find(|arg| matches!(arg, syn::GenericArgument::Type(_)))
        {
            *first = syn::GenericArgument::Type(syn::Type::Verbatim(content));
        }
        wrapper.to_token_stream()
    }
}

/// The names of type and constant parameters.
fn arguments_of(generics: &syn::Generics) -> impl Iterator<Item = TokenStream> + use<'_> {
    generics.params.iter().filter_map(|param| match param {
        syn::GenericParam::Type(param) => Some(param.ident.to_token_stream()),
        syn::GenericParam::Const(param) => Some(param.ident.to_token_stream()),
        syn::GenericParam::Lifetime(_) => None,
    })
}

/// The type itself is that of a parameter or of the result.
pub(crate) fn mentions_self(item: &syn::ItemFn) -> bool {
    struct Names(bool);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            self.0 |= path.is_ident("Self");
            syn::visit::visit_path(self, path);
        }
        fn visit_receiver(&mut self, _: &'ast syn::Receiver) {
            self.0 = true;
        }
    }
    let mut names = Names(false);
    syn::visit::Visit::visit_signature(&mut names, &item.sig);
    names.0
}

/// The paths where the derivatives of the function are put.
pub(super) fn paths_of(item: &syn::ItemFn, options: &Options, owner: Option<&Owner>) -> Paths {
    match owner.and_then(|owner| owner.whole.as_ref()) {
        Some(whole) => Paths::new(options, whole),
        None => Paths::new(options, &item.to_token_stream()),
    }
}

/// The type under which the derivatives take a receiver: by reference.
fn borrowed_receiver(receiver: &syn::Receiver) -> syn::Type {
    let ty = owner::receiver_type(receiver);
    if owner::takes_self(receiver) { syn::parse_quote!(&#ty) } else { ty }
}

/// Chooses local names.
pub(super) struct Locals {
    taken: HashSet<String>,
}

impl Locals {
    pub(super) fn name(&mut self, wish: &str) -> Ident {
        let mut name = wish.to_owned();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{wish}_{count}");
        }
        identifier(&name, Span::call_site())
    }

    /// `x_bar` for the parameter `x`.
    pub(super) fn suffixed(&mut self, parameter: &Parameter, suffix: &str) -> Ident {
        let name = parameter.name.to_string();
        self.name(&format!("{}_{suffix}", name.trim_start_matches("r#")))
    }
}

/// The written type of a result that is a `Result` or an `Option`.
fn fallible(result: &syn::Type, known: &Type) -> Option<syn::TypePath> {
    match (known, strip(result)) {
        (Type::Option(_) | Type::Result(..), syn::Type::Path(path)) => Some(path.clone()),
        _ => None,
    }
}

/// A body that is never run, since the mistake beside it stops the compilation. It adds no error of its own.
fn never() -> TokenStream {
    quote!(::core::panic!("the function was not differentiated"))
}

fn parameter(
    primal: &Function,
    param: &crate::ir::Param,
    ty: syn::Type,
    receiver: bool,
    spelled: Option<syn::Type>,
    types: &Types<'_>,
) -> Parameter {
    let var = &primal[param.var];
    let span = if var.origin == Origin::User { var.span } else { Span::call_site() };
    let rt = types.rt;
    let known = spelled.as_ref().map_or_else(|| var.ty.clone(), known_to_trait);
    let spelled = spelled.as_ref().unwrap_or(&ty);
    let (tangent, slot) = (types.owned(spelled, &known), types.slot(spelled, &known));
    let dot = types.dot(spelled, &known, param.passing);
    let function = functions::captured(&ty).filter(|_| param.function);
    let (tangent, slot, dot) = match &function {
        None => (tangent, slot, dot),
        Some(captures) => {
            let tangent = quote!(<#captures as #rt::Differentiable>::Tangent);
            (tangent.clone(), tangent.clone(), tangent)
        }
    };
    let frozen = quote!(#rt::Frozen);
    let (slot, call_dot) = if param.frozen { (frozen.clone(), frozen) } else { (slot, dot.clone()) };
    Parameter {
        name: if receiver { Ident::new("self", span) } else { identifier(&var.name, span) },
        receiver,
        ty,
        known: var.ty.clone(),
        passing: param.passing,
        differentiated: param.differentiated,
        tangent,
        slot,
        dot,
        call_dot,
        function,
    }
}

/// The names of all lifetimes that generic parameters and their bounds mention, also those of `for<'a>`.
fn lifetimes(generics: &syn::Generics) -> HashSet<String> {
    struct Names(HashSet<String>);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_lifetime(&mut self, lifetime: &'ast syn::Lifetime) {
            self.0.insert(lifetime.ident.to_string());
        }
    }
    let mut names = Names(HashSet::new());
    syn::visit::Visit::visit_generics(&mut names, generics);
    names.0
}

/// A parameter's type, and whether it is the receiver.
fn typed(input: &syn::FnArg) -> (bool, syn::Type) {
    match input {
        syn::FnArg::Typed(typed) => (false, (*typed.ty).clone()),
        syn::FnArg::Receiver(receiver) => (true, borrowed_receiver(receiver)),
    }
}

fn returned(signature: &syn::Signature) -> syn::Type {
    match &signature.output {
        syn::ReturnType::Default => syn::parse_quote!(()),
        syn::ReturnType::Type(_, ty) => (**ty).clone(),
    }
}

/// What a trait knows of a type, which does not know what `Self` is.
fn known_to_trait(ty: &syn::Type) -> Type {
    let _open = Scalars::with_open_self().enter();
    types::parse_type(ty)
}

/// One thing bare, several as a tuple.
pub(super) fn gather(items: impl IntoIterator<Item = impl ToTokens>) -> TokenStream {
    let items: Vec<TokenStream> = items.into_iter().map(ToTokens::into_token_stream).collect();
    match &items[..] {
        [single] => single.clone(),
        several => quote!((#(#several),*)),
    }
}
