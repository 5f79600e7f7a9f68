//! The derivatives of a trait's method, whose implementation is not known here.
//!
//! An implementation gives two of them: `call_vjp`, a value and its pullback, and `call_jvp`, a value and its tangent. The
//! trait has all the others, in terms of these two. It has these two as well, so that an implementation may leave them
//! out: then using them is an error of the compiler, and not one of the implementation.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::body::Body;
use super::forms::{bare, pullback_types};
use super::signature::Signature;
use crate::ir::{Float, Passing, Type};
use crate::owner::{self, Implementors, Place};

impl Signature<'_> {
    /// What stands for a derivative that an implementation has to give: an error of the compiler where it is used.
    pub(super) fn missing(&self, never: TokenStream) -> TokenStream {
        let owner = self.owner.and_then(|owner| owner.name.as_deref()).unwrap_or("its trait");
        let (which, option) = if self.is_twice() { ("second derivative", "order = 2") } else { ("derivative", "") };
        let attribute =
            if option.is_empty() { "differentiable".to_owned() } else { format!("differentiable({option})") };
        let elsewhere: Vec<&str> = ["trait", option].into_iter().filter(|word| !word.is_empty()).collect();
        let message = format!(
            "the implementation of `{owner}` for this type gives no {which} of `{}`: write `#[{attribute}]` before the `impl`, or `#[differentiable({})]` if the trait is annotated in another crate",
            self.function,
            elsewhere.join(", ")
        );
        quote! {
            let () = const { ::core::panic!(#message) };
            #never
        }
    }

    /// What is returned, or may be, is of a type that the trait leaves open: if that is a number, the function has gradients.
    pub(super) fn open_result(&self) -> Option<TokenStream> {
        let open = self.place() == Some(Place::Trait) && matches!(self.known_content, Type::Named(_));
        let content = self.content();
        (open && self.is_open(&content)).then_some(content)
    }

    /// The bound that makes such a result a number.
    pub(super) fn seeded(&self) -> Option<TokenStream> {
        let rt = self.full_rt();
        self.open_result().map(|result| quote!(#result: #rt::Scalar))
    }

    /// The cotangent one of the result.
    pub(super) fn one(&self) -> TokenStream {
        let rt = &self.paths.rt;
        let content = self.content();
        let one = match &self.known_content {
            Type::Float(Float::F32 | Float::F64) | Type::FloatLiteral => quote!(1.0),
            _ => quote!(#rt::of::<#content>(1.0)),
        };
        if self.is_fallible() { quote!(Some(#one)) } else { one }
    }
}

/// The name of the function by which an implementation says that it is annotated: only then the derivative of a default
/// method is that of the method, which an implementation may replace.
fn marker(name: &str) -> Ident {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    format_ident!("{snake}_is_annotated")
}

/// That function in the trait.
pub(crate) fn required_marker(name: &str, implementors: Implementors) -> TokenStream {
    let sized = (implementors == Implementors::Objects).then(|| quote!(where Self: Sized));
    let marker = marker(name);
    let message = format!(
        "an implementation of `{name}` is used that may replace a method without its derivative: write `#[differentiable]` before the `impl`, or `#[differentiable(trait)]` if the trait is annotated in another crate"
    );
    quote! {
        #[doc(hidden)]
        #[allow(warnings, unused, clippy::all, clippy::pedantic)]
        fn #marker() #sized {
            let () = const { ::core::panic!(#message) };
        }
    }
}

/// The function in an implementation whose methods have the derivatives that the trait asks for.
pub(crate) fn given_marker(name: &str) -> TokenStream {
    let marker = marker(name);
    quote! {
        #[doc(hidden)]
        fn #marker() {}
    }
}

impl Signature<'_> {
    /// In a trait, where the body of a default method is differentiated: makes sure that this is the method in force.
    pub(super) fn check_default(&self) -> TokenStream {
        let default = self.place() == Some(Place::Trait) && !self.required && !self.stub;
        let name = self.owner.filter(|_| default).and_then(|owner| owner.name.as_deref());
        name.map_or_else(TokenStream::new, |name| {
            let (this, marker) = (self.this(), marker(name));
            quote!(#this::#marker();)
        })
    }
}

/// `value_and_grad_into` by the pullback.
pub(super) fn through_pullback(signature: &Signature<'_>, joint: &Body) -> TokenStream {
    let mut locals = signature.locals();
    let (value, pullback) = (locals.name("value"), locals.name("pullback"));
    let mut buffers = joint.params.iter().skip(signature.parameters.len());
    let slots = signature.parameters.iter().map(|parameter| {
        let buffer = parameter.differentiated.then(|| buffers.next()).flatten();
        // What a function captured has no buffer here.
        let buffer = buffer.filter(|_| parameter.function.is_none());
        buffer.map_or_else(|| quote!(None), |buffer| quote!(Some(&mut *#buffer)))
    });
    let slots: Vec<TokenStream> = slots.collect();
    let again = signature.parameters.iter().filter(|p| p.passing == Passing::Shared).map(|p| &p.name);
    let (names, call) = (signature.hidden_arguments(), signature.call("call_vjp"));
    let seed = signature.one();
    quote! {
        let (#value, #pullback) = #call(#(#names),*);
        #pullback(#(#again,)* &#seed, #(#slots),*);
        #value
    }
}

/// `jvp` by the form in which a tangent may be missing.
pub(super) fn through_tangents(signature: &Signature<'_>, forward: &Body) -> TokenStream {
    let call = signature.call("call_jvp");
    let names = signature.hidden_arguments();
    let mut dots = forward.params.iter().skip(names.len()).map(bare);
    let given = signature.parameters.iter().map(|parameter| {
        let dot = parameter.differentiated.then(|| dots.next()).flatten().filter(|_| parameter.is_public());
        dot.map_or_else(|| quote!(None), |dot| quote!(Some(#dot)))
    });
    let end = signature.is_unit().then(|| quote!(;)).into_token_stream();
    quote!(#call(#(#names,)* #(#given),*) #end)
}

/// The bodies of the split form and of forward mode for a function whose result has no derivative: its value alone.
pub(super) fn constant(signature: &Signature<'_>, item: &syn::ItemFn, function: &TokenStream) -> [Body; 2] {
    let by_value = item.sig.receiver().is_some_and(owner::takes_self);
    let doubled = signature.doubles_receiver();
    let names = signature.parameters.iter().map(|parameter| {
        let name = &parameter.name;
        if parameter.receiver && doubled { quote!(this) } else { quote!(#name) }
    });
    let names: Vec<TokenStream> = names.collect();
    let rt = &signature.paths.rt;
    let given = signature.parameters.iter().zip(&names).map(|(parameter, name)| match parameter.receiver && by_value {
        true => quote!(::core::clone::Clone::clone(#name)),
        false => name.clone(),
    });
    let value = quote!(let value = #function(#(#given),*););
    let types = pullback_types(signature).all();
    let split = quote!(#value (value, move |#(_: #types),*| {}));
    let dots = signature.with_derivative().map(|parameter| signature.locals().suffixed(parameter, "dot"));
    let params = names.iter().cloned().chain(dots.map(ToTokens::into_token_stream)).collect();
    let jvp = quote!(#value let dot = #rt::zero_tangent(&value); (value, dot));
    [Body::new(names, split), Body::new(params, jvp)]
}
