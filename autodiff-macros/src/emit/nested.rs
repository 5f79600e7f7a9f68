//! The derivatives of `grad`, of `value_and_grad` and of the pullback that `vjp` gives, so that a differentiated function may
//! call them: all from the pullback of `jvp`.
//!
//! With `y_dot = J(x) x_dot`, the pullback of `jvp` at the cotangents `(y_bar, y_dot_bar)` gives `J(x)ᵀ y_dot_bar` as
//! cotangent of `x_dot`: the gradient for the seed `y_dot_bar`. The cotangent of `x` is the derivative of that gradient in the
//! direction `x_dot`, plus `J(x)ᵀ y_bar`. As the gradient's own derivative is symmetric, it serves both modes.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::body::Body;
use super::forms;
use super::nested_twice::Twice;
use super::second::{self, again, tangent_again};
use super::signature::{Locals, Parameter, Signature, gather};
use crate::analysis::types::{self, strip_refs};
use crate::ir::{Block, Float, Function, Origin, Param, Passing, Storage, Type, literals};
use crate::transform::{Second, outline_of_jvp};

/// What is differentiated once more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Derived {
    /// `grad`
    Gradient,
    /// `value_and_grad`
    ValueAndGradient,
    /// `pulled(x.., value_bar)`: what the pullback of `vjp` gives.
    Pulled,
    /// `hvp(x.., x_dot..)`
    Product,
}

impl Derived {
    fn name(self) -> &'static str {
        match self {
            Derived::Gradient => "grad",
            Derived::ValueAndGradient => "value_and_grad",
            Derived::Pulled => "pulled",
            Derived::Product => "hvp",
        }
    }
}

/// The derivatives of all of them, for the function with the given signature; `pushforward` is its `jvp`. Where `jvp` of `jvp`
/// has a reverse mode, also their second ones.
pub(super) fn members(
    item: &syn::ItemFn,
    signature: &Signature<'_>,
    second: &Second,
    of_jvp: &Signature<'_>,
    of_both: Option<&Signature<'_>>,
) -> TokenStream {
    let pushforward = &second.primal;
    let writes = signature.parameters.iter().any(|parameter| parameter.passing == Passing::Mut);
    if writes || signature.is_unit() || signature.is_fallible() || signature.takes_functions() {
        return TokenStream::new();
    }
    let result = match &pushforward.result {
        Type::Tuple(items) => items.clone(),
        _ => return TokenStream::new(),
    };
    let number = result.first().is_some_and(|ty| literals::seed(ty).is_some());
    let all = [Derived::Gradient, Derived::ValueAndGradient, Derived::Pulled];
    let all = all.into_iter().filter(|derived| number || *derived == Derived::Pulled);
    let joint = second.joint.is_some();
    let nested = |derived| Nested { derived, signature, of_jvp, joint };
    let forms = all.map(|derived| nested(derived).members(item, pushforward, &result, of_both));
    let pulled = pulled(signature);
    let product = of_both.filter(|_| second.hvp.is_some());
    let product =
        product.map(|of_both| nested(Derived::Product).product_of_hessian(item, pushforward, &result, of_both));
    quote!(#pulled #(#forms)* #product)
}

/// `pulled` itself.
fn pulled(signature: &Signature<'_>) -> TokenStream {
    let mut locals = signature.locals();
    let (seed, pullback) = (locals.name("value_bar"), locals.name("pullback"));
    let (names, call, tangent) = (forms::arguments(signature), signature.call("vjp"), &signature.content_tangent);
    let mut params = signature.primal_params();
    params.push(quote!(#seed: #tangent));
    let form = forms::Form {
        name: "pulled",
        doc: format!("What the pullback of `{}` gives.", signature.shown("vjp")),
        hidden: true,
        bounds: None,
        generics: signature.generic_params(None),
        params,
        result: signature.gradients(),
        body: quote! {
            let (_, #pullback) = #call(#(#names),*);
            #pullback(#seed)
        },
    };
    forms::form(signature, form)
}

struct Nested<'a> {
    derived: Derived,
    signature: &'a Signature<'a>,
    of_jvp: &'a Signature<'a>,
    /// There are the joint forms of the tangent, which keep nothing between the two sweeps.
    joint: bool,
}

/// The names of what belongs to one parameter.
struct Given<'a> {
    parameter: &'a Parameter,
    /// What the parameter is called; in a closure a receiver needs another name.
    name: Ident,
    dot: Ident,
    bar: Ident,
    dot_bar: Ident,
}

impl Nested<'_> {
    fn members(
        &self,
        item: &syn::ItemFn,
        pushforward: &Function,
        result: &[Type],
        of_both: Option<&Signature<'_>>,
    ) -> TokenStream {
        let (item, primal) = (self.item(item), self.outline(pushforward, result));
        let name = self.derived.name();
        let mut own = self.signature.again(&item, &primal).twice(&item, &primal);
        own.prefix = format!("{}_", self.signature.name(name));
        own.function = self.signature.shown(name);
        let (split, forward) = (self.split(&own), self.forward());
        let (call_vjp, jvp, call_jvp) =
            (forms::call_vjp(&own, &split), forms::jvp(&own, &forward), forms::call_jvp(&own, &forward));
        let twice = of_both.map(|of_both| {
            let (of_item, outline) = (second::pushforward(&item, &own), outline_of_jvp(&primal));
            own.bounds.clone_from(&of_both.bounds);
            let mut of_own = second::of_jvp(&of_item, &own, &outline);
            of_own.bounds.clone_from(&of_both.bounds);
            let twice = Twice::new(self.derived, self.signature, &of_own, of_both);
            let (split, forward) = (twice.split(), twice.forward());
            let (call_vjp, jvp, call_jvp) =
                (forms::call_vjp(&of_own, &split), forms::jvp(&of_own, &forward), forms::call_jvp(&of_own, &forward));
            let called = second::optional_forms(&own, &of_own);
            quote!(#call_vjp #jvp #call_jvp #called)
        });
        quote!(#call_vjp #jvp #call_jvp #twice)
    }

    /// The derivatives of `hvp`, for the same reason.
    fn product_of_hessian(
        &self,
        item: &syn::ItemFn,
        pushforward: &Function,
        result: &[Type],
        of_both: &Signature<'_>,
    ) -> TokenStream {
        let mut of_item = second::pushforward(item, self.signature);
        let gradients = self.signature.gradients();
        of_item.sig.output = syn::parse_quote!(-> #gradients);
        let mut outline = self.outline(pushforward, result);
        outline.params.clone_from(&pushforward.params);
        let mut own = self.signature.again(&of_item, &outline).twice(&of_item, &outline);
        own.prefix = format!("{}_", self.signature.name(self.derived.name()));
        own.function = self.signature.shown(self.derived.name());
        own.bounds.clone_from(&of_both.bounds);
        let twice = Twice::new(self.derived, self.signature, &own, of_both);
        let (split, forward) = (twice.split(), twice.forward());
        let (call_vjp, jvp, call_jvp) =
            (forms::call_vjp(&own, &split), forms::jvp(&own, &forward), forms::call_jvp(&own, &forward));
        quote!(#call_vjp #jvp #call_jvp)
    }

    /// The signature, as its users see it.
    fn item(&self, item: &syn::ItemFn) -> syn::ItemFn {
        let mut item = item.clone();
        let (content, tangent) = (self.signature.content(), &self.signature.content_tangent);
        let gradients = self.signature.gradients();
        if self.derived == Derived::Pulled {
            item.sig.inputs.push(syn::parse_quote!(_: #tangent));
        }
        item.sig.output = match self.derived {
            Derived::ValueAndGradient => syn::parse_quote!(-> (#content, #gradients)),
            Derived::Gradient | Derived::Pulled | Derived::Product => syn::parse_quote!(-> #gradients),
        };
        item
    }

    /// The parameters and the result of the function.
    fn outline(&self, pushforward: &Function, result: &[Type]) -> Function {
        let count = self.signature.parameters.len();
        let dots = pushforward.params.iter().skip(count);
        let gradients = dots.map(|dot| match types::owned(&pushforward[dot.var].ty) {
            Type::Option(_) | Type::Result(..) => Type::Unknown,
            ty => ty,
        });
        let mut gradients: Vec<Type> = gradients.collect();
        let gradients = match gradients.len() {
            1 => gradients.remove(0),
            _ => Type::Tuple(gradients),
        };
        let mut function = pushforward.clone();
        function.body = Block::default();
        function.params.truncate(count);
        if self.derived == Derived::Pulled {
            let ty = result[1].clone();
            let var = function.fresh("value_bar", ty, Storage::Value, Origin::Derived);
            function.params.push(Param {
                var,
                passing: Passing::Value,
                differentiated: true,
                frozen: false,
                function: false,
            });
        }
        function.result = match self.derived {
            Derived::ValueAndGradient => Type::Tuple(vec![result[0].clone(), gradients]),
            Derived::Gradient | Derived::Pulled | Derived::Product => gradients,
        };
        function
    }

    fn given(&self, locals: &mut Locals) -> Vec<Given<'_>> {
        let parameters = self.signature.parameters.iter();
        let given = parameters.map(|parameter| Given {
            dot: locals.suffixed(parameter, "dot"),
            bar: locals.suffixed(parameter, "bar"),
            dot_bar: locals.suffixed(parameter, "dot_bar"),
            name: parameter.name.clone(),
            parameter,
        });
        given.collect()
    }

    /// The call of `jvp`'s pullback.
    fn pull(&self, given: &[Given<'_>], pullback: &Ident, seed: &TokenStream, slots: &Slots) -> TokenStream {
        let shared = |given: &&Given<'_>| given.parameter.passing == Passing::Shared;
        let names = given.iter().filter(shared).map(|given| &given.name);
        let dots = given.iter().filter(shared).filter(|given| given.parameter.is_public()).map(|given| &given.dot);
        let (own, of_dots) = (&slots.own, &slots.of_dots);
        quote!(#pullback(#(#names,)* #(#dots,)* #seed, #(#own,)* #(#of_dots),*))
    }

    /// The call of the split form of `jvp`.
    fn call(&self, given: &[Given<'_>]) -> TokenStream {
        let (call, arguments) = (self.of_jvp.call("call_vjp"), self.repeated(given));
        quote!(#call(#arguments))
    }

    /// The arguments and the directions where both are needed again.
    fn repeated(&self, given: &[Given<'_>]) -> TokenStream {
        let arguments = given.iter().map(|given| {
            let argument = Parameter { name: given.name.clone(), ..given.parameter.clone() };
            if types::is_copy(&argument.known) { argument.name.to_token_stream() } else { again(&argument) }
        });
        let dots = given.iter().filter(|given| given.parameter.is_public());
        let dots = dots.map(|given| match strip_refs(&given.parameter.known) {
            Type::Float(Float::F32 | Float::F64) if given.parameter.passing == Passing::Value => {
                let dot = &given.dot;
                quote!(*#dot)
            }
            _ => tangent_again(given.parameter, &given.dot),
        });
        quote!(#(#arguments,)* #(#dots),*)
    }

    /// What the pullback of the gradient does: the product of the Hessian and the directions, in one body.
    fn product(&self, given: &[Given<'_>]) -> TokenStream {
        let (call, arguments) = (self.signature.call("hvp_into"), self.repeated(given));
        let public = || given.iter().filter(|given| given.parameter.is_public());
        let unwanted = public().map(|given| {
            let (bar, kept) = (&given.bar, &given.dot_bar);
            let named = Parameter { name: given.name.clone(), ..given.parameter.clone() };
            let zero = forms::zero(self.signature, &named);
            quote! {
                let mut #kept;
                let #bar = match #bar { Some(#bar) => #bar, None => { #kept = #zero; &mut #kept } };
            }
        });
        let bars = public().map(|given| &given.bar);
        quote!(#(#unwanted)* #call(#arguments, #(#bars),*);)
    }

    fn split(&self, own: &Signature<'_>) -> Body {
        let signature = self.signature;
        let mut locals = own.locals();
        let mut given = self.given(&mut locals);
        let (value, pullback, inner) = (locals.name("value"), locals.name("pullback"), locals.name("of_jvp"));
        let (seed, dot) = (locals.name("seed"), locals.name("value_dot"));
        let value_bar = Ident::new("value_bar", proc_macro2::Span::call_site());
        let (slot, this) = (locals.name("value_bar_bar"), locals.name("this"));
        let mut params: Vec<TokenStream> = given.iter().map(|given| given.name.to_token_stream()).collect();
        let extra = own.parameters.get(params.len()).map(|parameter| &parameter.name);
        params.extend(extra.map(ToTokens::to_token_stream));
        let primal = signature.call(self.derived.name());
        let arguments = own.parameters.iter().map(again_or_copied);
        let primal = quote!(#primal(#(#arguments),*));
        for given in given.iter_mut().filter(|given| given.parameter.receiver) {
            given.name = this.clone();
        }
        let types = forms::pullback_types(own);
        let again = given.iter().filter(|given| given.parameter.passing == Passing::Shared).map(|given| &given.name);
        let closure = again.map(ToTokens::to_token_stream).chain([seed.to_token_stream()]);
        let mut slots = given.iter().map(|given| match given.parameter.is_public() {
            true => given.bar.to_token_stream(),
            false => quote!(_),
        });
        let slots: Vec<TokenStream> = slots.by_ref().chain(extra.map(|_| quote!(#slot))).collect();
        let closure: Vec<TokenStream> = closure.chain(slots).collect();
        let all = types.all();
        let (directions, value_seed) = self.directions(&given, &seed);
        let moved = quote!(move |#(#closure: #all),*|);
        let content = if self.joint && self.derived == Derived::Gradient {
            self.product(&given)
        } else {
            let of_value = match self.derived {
                Derived::ValueAndGradient => quote!(#value_seed.clone()),
                Derived::Gradient | Derived::Pulled | Derived::Product => zero(signature, &value),
            };
            let of_dot = extra.map_or(one(signature), |_| quote!(#value_bar.clone()));
            let seeds = quote!(&(#of_value, #of_dot));
            self.pull_directions(&given, &[value.clone(), dot, inner], &seeds, extra.map(|_| &slot))
        };
        let closure = quote!(#moved {
            #directions
            #content
        });
        let closure = if signature.boxed { quote!(Box::new(#closure)) } else { closure };
        let body = quote! {
            let #value = #primal;
            let #pullback = #closure;
            (#value, #pullback)
        };
        Body::new(params, body)
    }

    /// The same by the pullback of `jvp`, for given cotangents of the value and its tangent; the tangent is what is added to
    /// the slot of the cotangent that a pullback was given.
    fn pull_directions(
        &self,
        given: &[Given<'_>],
        [value, dot, inner]: &[Ident; 3],
        seeds: &TokenStream,
        slot: Option<&Ident>,
    ) -> TokenStream {
        let none = |_: &Given<'_>| quote!(None);
        let own = given.iter().map(|given| {
            let bar = &given.bar;
            if given.parameter.is_public() { quote!(#bar) } else { quote!(None) }
        });
        let public = given.iter().filter(|given| given.parameter.is_public());
        let slots = Slots { own: own.collect(), of_dots: public.map(none).collect() };
        let (call, pull) = (self.call(given), self.pull(given, inner, seeds, &slots));
        let rt = &self.signature.paths.rt;
        let accumulate = slot.map(|slot| {
            quote! {
                if let Some(#slot) = #slot {
                    #rt::accumulate(#slot, &#dot);
                }
            }
        });
        quote! {
            let ((#value, #dot), #inner) = #call;
            #accumulate
            #pull;
        }
    }

    /// Binds the parts of the cotangent of the gradients, which are directions; what stands for that of the value.
    fn directions(&self, given: &[Given<'_>], seed: &Ident) -> (TokenStream, TokenStream) {
        let whole = match self.derived {
            Derived::ValueAndGradient => quote!(#seed.1),
            Derived::Gradient | Derived::Pulled | Derived::Product => quote!((*#seed)),
        };
        let dots: Vec<&Ident> =
            given.iter().filter(|given| given.parameter.is_public()).map(|given| &given.dot).collect();
        let parts = match dots.as_slice() {
            [single] => quote!(let #single = &#whole;),
            several => quote!(let (#(#several),*) = &#whole;),
        };
        (parts, quote!(#seed.0))
    }

    fn forward(&self) -> Body {
        let signature = self.signature;
        let mut locals = signature.locals();
        let given = self.given(&mut locals);
        let (value, dot, inner) = (locals.name("value"), locals.name("value_dot"), locals.name("of_jvp"));
        let (value_bar, value_bar_dot) = (locals.name("value_bar"), locals.name("value_bar_dot"));
        let pulled = self.derived == Derived::Pulled;
        let public = || given.iter().filter(|given| given.parameter.is_public());
        let own = given.iter().map(|given| given.name.to_token_stream()).chain(pulled.then(|| quote!(#value_bar)));
        let dots = public().map(|given| given.dot.to_token_stream()).chain(pulled.then(|| quote!(#value_bar_dot)));
        let params = own.chain(dots).collect();
        let zeros = public().map(|given| {
            let (zero, bar, dot_bar) = (forms::zero(signature, given.parameter), &given.bar, &given.dot_bar);
            quote! {
                let mut #bar = #zero;
                let mut #dot_bar = #zero;
            }
        });
        let zeros: Vec<TokenStream> = zeros.collect();
        let pulled_back = if pulled { quote!(&(#value_bar_dot, #value_bar)) } else { self.seeds(&value) };
        let sweeps = self.sweeps(&given, &[value.clone(), dot.clone(), inner], &pulled_back);
        let (gradients, dots) =
            (gather(public().map(|given| &given.dot_bar)), gather(public().map(|given| &given.bar)));
        let pair = match self.derived {
            Derived::ValueAndGradient => quote!(((#value, #gradients), (#dot, #dots))),
            Derived::Gradient | Derived::Pulled | Derived::Product => quote!((#gradients, #dots)),
        };
        let body = quote! {
            #(#zeros)*
            #sweeps
            #pair
        };
        Body::new(params, body)
    }

    /// Both sweeps over `jvp`: they bind the value and its tangent, and leave cotangents in what is called after them.
    fn sweeps(&self, given: &[Given<'_>], [value, dot, inner]: &[Ident; 3], seeds: &TokenStream) -> TokenStream {
        let public = || given.iter().filter(|given| given.parameter.is_public());
        let names: Vec<&Ident> =
            given.iter().map(|given| &given.name).chain(public().map(|given| &given.dot)).collect();
        let (bars, of_dots) = (public().map(|given| &given.bar), public().map(|given| &given.dot_bar));
        if self.joint && self.derived != Derived::Pulled {
            let call = self.of_jvp.call("joint");
            return quote!(let (#value, #dot) = #call(#(#names,)* #(&mut #bars,)* #(&mut #of_dots),*););
        }
        let own = given.iter().map(|given| {
            let bar = &given.bar;
            if given.parameter.is_public() { quote!(Some(&mut #bar)) } else { quote!(None) }
        });
        let slots = Slots { own: own.collect(), of_dots: of_dots.map(|bar| quote!(Some(&mut #bar))).collect() };
        let (call, pull) = (self.of_jvp.call("call_vjp"), self.pull(given, inner, seeds, &slots));
        quote! {
            let ((#value, #dot), #inner) = #call(#(#names),*);
            #pull;
        }
    }

    /// The cotangents of the value and of its tangent, for the gradient.
    fn seeds(&self, value: &Ident) -> TokenStream {
        let (zero, one) = (zero(self.signature, value), one(self.signature));
        quote!(&(#zero, #one))
    }
}

/// The cotangent one of the value.
pub(super) fn one(signature: &Signature<'_>) -> TokenStream {
    let (rt, content) = (&signature.paths.rt, signature.content());
    match &signature.known_content {
        Type::Float(Float::F32 | Float::F64) => quote!(1.0),
        _ => quote!(#rt::of::<#content>(1.0)),
    }
}

/// The cotangent zero of the value.
pub(super) fn zero(signature: &Signature<'_>, value: &Ident) -> TokenStream {
    let rt = &signature.paths.rt;
    match &signature.known_content {
        Type::Float(Float::F32 | Float::F64) => quote!(0.0),
        _ => quote!(#rt::zero_tangent(&#value)),
    }
}

/// What the pullback of `jvp` gets for cotangents.
struct Slots {
    own: Vec<TokenStream>,
    of_dots: Vec<TokenStream>,
}

/// A parameter that is used again later as an argument.
pub(super) fn again_or_copied(parameter: &Parameter) -> TokenStream {
    if types::is_copy(&parameter.known) { parameter.name.to_token_stream() } else { again(parameter) }
}
