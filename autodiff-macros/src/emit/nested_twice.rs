//! The second derivatives of `grad`, of `value_and_grad` and of what the pullback of `vjp` gives, and the first ones of `hvp`:
//! all from the pullback of `jvp` of `jvp`.
//!
//! For the directions `x_dot`, `x_b` and a change `x_a` of the first one, that function gives `y_dot_b`, the derivative of
//! `y_dot` in the directions `x_b` and `x_a`. With the seed 1 for `y_dot_b` its cotangents are: of `x_a` the gradient, of
//! `x_b` the Hessian times `x_dot`, of `x_dot` the Hessian times `x_b`, and of `x` the third derivative in the directions
//! `x_dot` and `x_b` plus the Hessian times `x_a`. So one sweep gives a gradient, both its derivatives and the mixed one.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::body::Body;
use super::forms;
use super::nested::{Derived, again_or_copied, one, zero};
use super::second::tangent_again;
use super::signature::{Parameter, Signature, gather};
use crate::analysis::types::strip_refs;
use crate::ir::{Float, Passing, Type};

/// One of these functions, whose derivatives are to be written.
pub(super) struct Twice<'a> {
    pub(super) derived: Derived,
    /// The function whose derivative it is.
    pub(super) signature: &'a Signature<'a>,
    /// `jvp` of it; for `hvp` the function itself.
    pub(super) of: &'a Signature<'a>,
    /// `jvp` of `jvp` of the function.
    pub(super) of_both: &'a Signature<'a>,
    /// Names that no parameter has: by what they are for, and for each parameter that is differentiated.
    names: HashMap<&'static str, Ident>,
    more: HashMap<&'static str, Vec<Ident>>,
}

/// What the cotangents of the four results of `jvp` of `jvp` are.
type Seeds = [TokenStream; 4];

const NAMES: [&str; 13] = [
    "value",
    "pullback",
    "seed",
    "slot",
    "y",
    "y_dot",
    "y_b",
    "y_dot_b",
    "y_bar",
    "y_dot_bar",
    "of_both",
    "seed_b",
    "seed_a",
];

impl<'a> Twice<'a> {
    pub(super) fn new(
        derived: Derived,
        signature: &'a Signature<'a>,
        of: &'a Signature<'a>,
        of_both: &'a Signature<'a>,
    ) -> Twice<'a> {
        let mut locals = of.locals();
        let names = NAMES.into_iter().map(|name| (name, locals.name(name))).collect();
        let public = || of.parameters.iter().take(signature.parameters.len()).filter(|parameter| parameter.is_public());
        let words = ["a", "b", "bar", "dot_bar", "b_bar", "a_bar"].into_iter();
        let more = words.map(|word| (word, public().map(|parameter| locals.suffixed(parameter, word)).collect()));
        let more = more.collect();
        Twice { derived, signature, of, of_both, names, more }
    }

    fn name(&self, word: &str) -> &Ident {
        &self.names[word]
    }

    /// One name for each parameter that is differentiated.
    fn names(&self, word: &str) -> &[Ident] {
        &self.more[word]
    }

    /// That of what takes the cotangent of a parameter.
    fn slot(parameter: &Parameter) -> Ident {
        format_ident!("{}_slot", parameter.name)
    }

    fn pulled(&self) -> bool {
        self.derived == Derived::Pulled
    }

    /// The parameters of the function itself.
    fn own(&self) -> &[Parameter] {
        &self.of.parameters[..self.signature.parameters.len()]
    }

    /// The directions, one for each parameter that is differentiated.
    fn dots(&self) -> &[Parameter] {
        let before = self.own().len() + usize::from(self.pulled());
        &self.of.parameters[before..before + self.public().count()]
    }

    fn public(&self) -> impl Iterator<Item = &Parameter> {
        self.own().iter().filter(|parameter| parameter.is_public())
    }

    /// The cotangent that a pullback is given, and its tangent.
    fn seed_and_tangent(&self) -> Option<[&Parameter; 2]> {
        let last = self.of.parameters.last().filter(|_| self.pulled())?;
        Some([&self.of.parameters[self.own().len()], last])
    }

    /// The split form.
    pub(super) fn split(&self) -> Body {
        let types = forms::pullback_types(self.of).all();
        let seed = self.name("seed");
        let again = self.of.parameters.iter().filter(|parameter| parameter.passing == Passing::Shared);
        let slots = self.of.parameters.iter().map(|parameter| match parameter.is_public() {
            true => Self::slot(parameter).into_token_stream(),
            false => quote!(_),
        });
        let again = again.map(|parameter| parameter.name.to_token_stream());
        let taken: Vec<TokenStream> = again.chain([seed.to_token_stream()]).chain(slots).collect();
        let call = self.signature.call(match self.derived {
            Derived::Product => "hvp",
            Derived::Gradient => "grad_jvp",
            Derived::ValueAndGradient => "value_and_grad_jvp",
            Derived::Pulled => "pulled_jvp",
        });
        let arguments = self.of.parameters.iter().map(again_or_copied);
        let (given, swept) = (self.given(), self.swept());
        let closure = quote!(move |#(#taken: #types),*| { #given #swept });
        let closure = if self.of.boxed { quote!(Box::new(#closure)) } else { closure };
        let names = self.of.parameters.iter().map(|parameter| parameter.name.to_token_stream());
        let (value, pullback) = (self.name("value"), self.name("pullback"));
        let body = quote! {
            let #value = #call(#(#arguments),*);
            let #pullback = #closure;
            (#value, #pullback)
        };
        Body::new(names.collect(), body)
    }

    /// Binds what the cotangent of the split form consists of.
    fn given(&self) -> TokenStream {
        let (a, b, seed) = (gather(self.names("a")), gather(self.names("b")), self.name("seed"));
        let (y_bar, y_dot_bar) = (self.name("y_bar"), self.name("y_dot_bar"));
        match self.derived {
            Derived::Product => {
                let zeros = self.public().map(|parameter| forms::zero(self.signature, parameter));
                let names = self.names("a");
                quote!(let #b = #seed; #(let #names = #zeros;)*)
            }
            Derived::Gradient | Derived::Pulled => quote!(let (#a, #b) = #seed;),
            Derived::ValueAndGradient => quote!(let ((#y_bar, #a), (#y_dot_bar, #b)) = #seed;),
        }
    }

    /// What the pullback of the split form does.
    fn swept(&self) -> TokenStream {
        let pairs = self.public().zip(self.names("b")).map(|(parameter, name)| handed(parameter, name));
        let second = self.public().zip(self.names("a")).map(|(parameter, name)| match self.derived {
            Derived::Product if parameter.passing == Passing::Shared => quote!(&#name),
            Derived::Product => tangent_again(parameter, name),
            Derived::Gradient | Derived::ValueAndGradient | Derived::Pulled => handed(parameter, name),
        });
        let directions: Vec<TokenStream> = pairs.chain(second).collect();
        let slot = |parameter: &Parameter| match parameter.is_public() {
            true => Self::slot(parameter).into_token_stream(),
            false => quote!(None),
        };
        let none = directions.iter().map(|_| quote!(None));
        let slots: Vec<TokenStream> = self.own().iter().chain(self.dots()).map(slot).chain(none).collect();
        let own: Vec<TokenStream> = self.own().iter().chain(self.dots()).map(again_or_copied).collect();
        let sweep = self.sweep(&own, &directions, &self.seeds_of_pullback(), &slots);
        let (rt, slot) = (&self.signature.paths.rt, self.name("slot"));
        let (y_b, y_dot_b) = (self.name("y_b"), self.name("y_dot_b"));
        let changes = self.seed_and_tangent().map(|given| {
            let [seed, tangent] = given.map(Self::slot);
            quote! {
                if let Some(#slot) = #seed { #rt::accumulate(#slot, &#y_dot_b); }
                if let Some(#slot) = #tangent { #rt::accumulate(#slot, &#y_b); }
            }
        });
        quote!(#sweep #changes)
    }

    fn seeds_of_pullback(&self) -> Seeds {
        let (y_bar, y_dot_bar) = (self.name("y_bar"), self.name("y_dot_bar"));
        match self.seed_and_tangent() {
            Some([Parameter { name: seed, .. }, Parameter { name: tangent, .. }]) => {
                [self.zero(), self.zero(), quote!(#tangent.clone()), quote!(#seed.clone())]
            }
            None if self.derived == Derived::ValueAndGradient => {
                [quote!(#y_bar.clone()), quote!(#y_dot_bar.clone()), self.zero(), one(self.signature)]
            }
            None => [self.zero(), self.zero(), self.zero(), one(self.signature)],
        }
    }

    fn zero(&self) -> TokenStream {
        zero(self.signature, self.name("y"))
    }

    /// Both sweeps over `jvp` of `jvp`: they bind its results.
    fn sweep(
        &self,
        own: &[TokenStream],
        directions: &[TokenStream],
        seeds: &Seeds,
        slots: &[TokenStream],
    ) -> TokenStream {
        let call = self.of_both.call("call_vjp");
        let all = || own.iter().chain(directions);
        let parameters = self.own().iter().chain(self.dots()).chain(self.dots()).chain(self.dots());
        let again = all().zip(parameters).filter(|(_, parameter)| parameter.passing == Passing::Shared);
        let (all, again) = (all(), again.map(|(argument, _)| argument));
        let [y, y_dot, y_b, y_dot_b] = ["y", "y_dot", "y_b", "y_dot_b"].map(|word| self.name(word));
        let ([of_y, of_y_dot, of_y_b, of_y_dot_b], of_both) = (seeds, self.name("of_both"));
        quote! {
            let (((#y, #y_dot), (#y_b, #y_dot_b)), #of_both) = #call(#(#all),*);
            #of_both(#(#again,)* &((#of_y, #of_y_dot), (#of_y_b, #of_y_dot_b)), #(#slots),*);
        }
    }

    /// The forward derivative.
    pub(super) fn forward(&self) -> Body {
        let named = |parameters: &[Parameter]| {
            let names = parameters.iter().map(|parameter| parameter.name.to_token_stream());
            names.collect::<Vec<TokenStream>>()
        };
        let directions = ["b", "a"].map(|word| {
            let names = self.names(word).iter();
            names.map(ToTokens::to_token_stream).collect::<Vec<TokenStream>>()
        });
        let (seed_a, seed_b) = (self.name("seed_a"), self.name("seed_b"));
        let [mut tangents, more] = directions.clone();
        tangents.extend(self.seed_and_tangent().map(|_| quote!(#seed_b)));
        tangents.extend(more);
        tangents.extend(self.seed_and_tangent().map(|_| quote!(#seed_a)));
        let params = named(&self.of.parameters).into_iter().chain(tangents).collect();
        let bars = ["bar", "dot_bar", "b_bar", "a_bar"].map(|word| self.names(word));
        let zeros = bars.iter().map(|bars| {
            let zeros = self.public().map(|parameter| forms::zero(self.signature, parameter));
            quote!(#(let mut #bars = #zeros;)*)
        });
        let zeros: TokenStream = zeros.collect();
        let seeds = match self.seed_and_tangent() {
            Some([Parameter { name: seed, .. }, Parameter { name: tangent, .. }]) => {
                [seed_a, seed_b, tangent, seed].map(ToTokens::to_token_stream)
            }
            None => [self.zero(), self.zero(), self.zero(), one(self.signature)],
        };
        let mut first = bars[0].iter();
        let slots = self.own().iter().map(|parameter| match parameter.is_public().then(|| first.next()).flatten() {
            Some(bar) => quote!(Some(&mut #bar)),
            None => quote!(None),
        });
        let others = bars[1..].iter().copied().flatten().map(|bar| quote!(Some(&mut #bar)));
        let slots: Vec<TokenStream> = slots.chain(others).collect();
        let own = [named(self.own()), named(self.dots())].concat();
        let sweep = self.sweep(&own, &directions.concat(), &seeds, &slots);
        let result = self.result(bars.map(gather));
        Body::new(params, quote!(#zeros #sweep #result))
    }

    /// What the forward derivative gives, made of the cotangents.
    fn result(&self, [third, by_b, by_dot, gradient]: [TokenStream; 4]) -> TokenStream {
        let [y, y_dot, y_b, y_dot_b] = ["y", "y_dot", "y_b", "y_dot_b"].map(|word| self.name(word));
        match self.derived {
            Derived::Product => quote!((#by_dot, #third)),
            Derived::Gradient | Derived::Pulled => quote!(((#gradient, #by_dot), (#by_b, #third))),
            Derived::ValueAndGradient => {
                quote!((((#y, #gradient), (#y_dot, #by_dot)), ((#y_b, #by_b), (#y_dot_b, #third))))
            }
        }
    }
}

/// A direction, to which there is a reference, as an argument.
fn handed(parameter: &Parameter, direction: &Ident) -> TokenStream {
    match strip_refs(&parameter.known) {
        Type::Float(Float::F32 | Float::F64) if parameter.passing == Passing::Value => quote!(*#direction),
        _ => tangent_again(parameter, direction),
    }
}
