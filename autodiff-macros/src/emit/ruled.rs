//! The companion of a function whose derivatives are given: by rules of the user, or by the equation that its result solves.
//!
//! What the function computes is not looked at. A rule has the signature of the derivative that it gives, `f::vjp` or `f::jvp`;
//! where only one of the two is given, the other one is made of it, by one sweep for each number of the result or of the
//! parameters.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::body::Body;
use super::equations::{Equation, takes_value};
use super::items::{self, Bodies};
use super::second::{again, tangent_again};
use super::signature::{Locals, Parameter, Signature, gather};
use super::{directions, dispatch, forms, jacobian, ruled_twice};
use crate::analysis::types;
use crate::ir::{Function, Passing, Type, literals};
use crate::options::{Options, Rules};
use crate::transform::vjp::Saved;

/// The companion of a function, or the derivatives beside a method, by what is given.
pub(super) fn companion(
    item: &syn::ItemFn,
    options: &Options,
    signature: &Signature<'_>,
    primal: &Function,
    rules: &Rules,
    doc: &str,
) -> TokenStream {
    let name = &item.sig.ident;
    let function = if signature.owner.is_some() { quote!(Self::#name) } else { quote!(#name) };
    let by_value = match rules {
        Rules::Root { equation, .. } => takes_value(equation, options),
        Rules::Vjp(_) | Rules::Jvp(_) | Rules::Both { .. } => false,
    };
    let ruled = Ruled { signature, primal, function, by_value };
    let (split, jvp) = match rules {
        Rules::Vjp(vjp) => (ruled.split_by_vjp(vjp), ruled.forward_by_vjp(vjp)),
        Rules::Jvp(jvp) => (ruled.split_by_jvp(jvp), ruled.forward_by_jvp(jvp)),
        Rules::Both { vjp, jvp } => (ruled.split_by_vjp(vjp), ruled.forward_by_jvp(jvp)),
        Rules::Root { equation, shown } => {
            let equation = Equation::new(equation, shown, signature);
            (ruled.split_of_root(&equation), ruled.forward_of_root(&equation))
        }
    };
    let twice = match rules {
        Rules::Jvp(jvp) | Rules::Both { jvp, .. } if options.order() > 1 => {
            ruled_twice::members(item, options, signature, jvp)
        }
        Rules::Root { .. } if options.order() > 1 => {
            let rule = ruled_twice::rule_of_root(&item.sig.ident);
            ruled_twice::members(item, options, signature, &rule.into())
        }
        Rules::Jvp(_) | Rules::Both { .. } | Rules::Vjp(_) | Rules::Root { .. } => None,
    };
    let joint = literals::seed(&primal.result).is_some().then(|| ruled.joint());
    let bodies = Bodies {
        joint,
        split,
        jvp,
        graph: super::graph::constant(signature, primal, &Saved::default()),
        jacobian: options.jacobian.and_then(|_| jacobian::members(signature, &primal.result, false)),
        lanes: None,
        second: twice,
        requirements: None,
    };
    let given = signature.owner.is_none().then(|| given(signature, item, options, rules.paths()));
    let all = items::assemble(item, options, signature, &bodies, doc);
    quote!(#all #given)
}

/// Names the rules to whoever checks them.
pub(super) fn given<'r>(
    signature: &Signature<'_>,
    item: &syn::ItemFn,
    options: &Options,
    rules: impl Iterator<Item = &'r syn::Path>,
) -> TokenStream {
    let shown = rules.map(|path| format!("`{}`", path.to_token_stream().to_string().replace(' ', "")));
    let shown = shown.collect::<Vec<_>>().join(" and ");
    let (rt, name) = (signature.paths.full(), options.companion.as_ref().unwrap_or(&item.sig.ident));
    let cfg = item.attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
    quote! {
        #(#cfg)*
        impl #rt::check::GivenByRules for #name {
            const RULES: &'static str = #shown;
        }
    }
}

struct Ruled<'a> {
    signature: &'a Signature<'a>,
    primal: &'a Function,
    /// The function itself.
    function: TokenStream,
    /// The equation takes the solution by value.
    by_value: bool,
}

/// A pullback under construction.
struct Pullback<'a> {
    /// The parameters as they are called in the closure.
    parameters: Vec<Parameter>,
    /// The places for the gradients, `None` where there is no gradient.
    slots: Vec<Option<Ident>>,
    seed: Ident,
    signature: &'a Signature<'a>,
}

impl Pullback<'_> {
    /// `move |again.., seed, slots..| { body }`
    fn closure(&self, body: &TokenStream) -> TokenStream {
        let types = forms::pullback_types(self.signature).all();
        let shared = self.parameters.iter().filter(|parameter| parameter.passing == Passing::Shared);
        let again = shared.map(|parameter| parameter.name.to_token_stream());
        let slots = self.slots.iter().map(|slot| slot.as_ref().map_or_else(|| quote!(_), ToTokens::to_token_stream));
        let names = again.chain([self.seed.to_token_stream()]).chain(slots);
        let closure = quote!(move |#(#names: #types),*| { #body });
        if self.signature.boxed { quote!(Box::new(#closure)) } else { closure }
    }

    /// Adds the gradients to their places.
    fn add(&self, gradients: &[Option<Ident>]) -> TokenStream {
        let rt = &self.signature.paths.rt;
        let adds = self.slots.iter().zip(gradients).filter_map(|(slot, gradient)| {
            let (slot, gradient) = (slot.as_ref()?, gradient.as_ref()?);
            Some(quote! {
                if let Some(#slot) = #slot {
                    #rt::Slot::add_gradient(#slot, &#gradient);
                }
            })
        });
        adds.collect()
    }

    fn arguments(&self) -> Vec<TokenStream> {
        self.parameters.iter().map(repeated).collect()
    }
}

impl Ruled<'_> {
    fn pullback(&self, locals: &mut Locals) -> Pullback<'_> {
        let this = locals.name("this");
        let parameters = self.signature.parameters.iter().map(|parameter| {
            let name = if parameter.receiver { this.clone() } else { parameter.name.clone() };
            Parameter { name, ..parameter.clone() }
        });
        let slots = self.signature.parameters.iter();
        let slots = slots.map(|parameter| parameter.differentiated.then(|| locals.suffixed(parameter, "bar")));
        Pullback {
            parameters: parameters.collect(),
            slots: slots.collect(),
            seed: locals.name("value_bar"),
            signature: self.signature,
        }
    }

    fn names(&self) -> Vec<TokenStream> {
        forms::arguments(self.signature).into_iter().map(ToTokens::to_token_stream).collect()
    }

    fn repeated(&self) -> Vec<TokenStream> {
        self.signature.parameters.iter().map(repeated).collect()
    }

    fn body(&self, more: impl IntoIterator<Item = Ident>, body: TokenStream) -> Body {
        Body::new(self.names().into_iter().chain(more.into_iter().map(Ident::into_token_stream)).collect(), body)
    }

    /// One name for each parameter that has a gradient.
    fn gradients(&self, locals: &mut Locals) -> Vec<Option<Ident>> {
        let parameters = self.signature.parameters.iter();
        parameters.map(|p| p.differentiated.then(|| locals.suffixed(p, "gradient"))).collect()
    }

    /// `value_and_grad_into` by the pullback.
    fn joint(&self) -> Body {
        let mut locals = self.signature.locals();
        let bars: Vec<Ident> = self.signature.with_derivative().map(|p| locals.suffixed(p, "bar")).collect();
        let outline = self.body(bars, TokenStream::new());
        let body = dispatch::through_pullback(self.signature, &outline);
        Body { body, ..outline }
    }

    fn split_by_vjp(&self, rule: &syn::Path) -> Body {
        let mut locals = self.signature.locals();
        let (value, pullback) = (locals.name("value"), locals.name("pullback"));
        let (inner, gradients) = (self.pullback(&mut locals), self.gradients(&mut locals));
        let (names, seed, add) = (self.names(), &inner.seed, inner.add(&gradients));
        let parts = gather(gradients.iter().flatten());
        let closure = inner.closure(&quote! {
            let #parts = #pullback(#seed.clone());
            #add
        });
        let body = quote! {
            let (#value, #pullback) = #rule(#(#names),*);
            let #pullback = #closure;
            (#value, #pullback)
        };
        self.body([], body)
    }

    fn forward_by_vjp(&self, rule: &syn::Path) -> Body {
        let (rt, mut locals) = (&self.signature.paths.rt, self.signature.locals());
        let dots: Vec<Ident> = self.signature.with_derivative().map(|p| locals.suffixed(p, "dot")).collect();
        let (value, pullback, seed) = (locals.name("value"), locals.name("pullback"), locals.name("value_bar"));
        let gradients: Vec<Ident> = self.gradients(&mut locals).into_iter().flatten().collect();
        let (names, parts) = (self.names(), gather(&gradients));
        let products = self.signature.with_derivative().zip(gradients.iter().zip(&dots));
        let products = products.map(|(parameter, (gradient, dot))| match parameter.passing {
            Passing::Value => quote!(#rt::Tangent::inner_product(&#gradient, &#dot)),
            Passing::Shared | Passing::Mut if is_slice(parameter) => {
                quote!(#rt::Tangent::inner_product(&#gradient, &#dot.to_vec()))
            }
            Passing::Shared | Passing::Mut => quote!(#rt::Tangent::inner_product(&#gradient, #dot)),
        });
        let body = quote! {
            let (#value, #pullback) = #rule(#(#names),*);
            let value_dot = #rt::by_units(#rt::zero_tangent(&#value), |#seed| {
                let #parts = #pullback(#seed.clone());
                #(#products)+*
            });
            (#value, value_dot)
        };
        self.body(dots, body)
    }

    fn forward_by_jvp(&self, rule: &syn::Path) -> Body {
        let mut locals = self.signature.locals();
        let dots: Vec<Ident> = self.signature.with_derivative().map(|p| locals.suffixed(p, "dot")).collect();
        let names = self.names();
        let body = quote!(#rule(#(#names,)* #(#dots),*));
        self.body(dots, body)
    }

    fn split_by_jvp(&self, rule: &syn::Path) -> Body {
        let (rt, mut locals) = (&self.signature.paths.rt, self.signature.locals());
        let (value, pullback) = (locals.name("value"), locals.name("pullback"));
        let (inner, gradients) = (self.pullback(&mut locals), self.gradients(&mut locals));
        let zeros = self.zeros(&inner.parameters, &mut locals);
        let arguments = inner.arguments();
        let (seed, of_zeros) = (&inner.seed, &zeros.lines);
        let each = gradients.iter().enumerate().filter_map(|(at, gradient)| {
            let (gradient, zero) = (gradient.as_ref()?, zeros.names[at].as_ref()?);
            let direction = locals.suffixed(&inner.parameters[at], "dot");
            let dots = inner.parameters.iter().zip(&zeros.names).enumerate().filter_map(|(position, (p, zero))| {
                Some(tangent_again(p, if position == at { &direction } else { zero.as_ref()? }))
            });
            Some(quote! {
                let #gradient = #rt::by_units(#zero.clone(), |#direction| {
                    let (_, value_dot) = #rule(#(#arguments,)* #(#dots),*);
                    #rt::Tangent::inner_product(&value_dot, #seed)
                });
            })
        });
        let each: Vec<TokenStream> = each.collect();
        let add = inner.add(&gradients);
        let closure = inner.closure(&quote!(#of_zeros #(#each)* #add));
        let (function, repeated) = (&self.function, self.repeated());
        let body = quote! {
            let #value = #function(#(#repeated),*);
            let #pullback = #closure;
            (#value, #pullback)
        };
        self.body([], body)
    }

    /// The zero tangents of the parameters that have one, as references.
    fn zeros(&self, parameters: &[Parameter], locals: &mut Locals) -> Zeros {
        let mut zeros = Zeros { names: Vec::new(), lines: TokenStream::new() };
        for parameter in parameters {
            let name = types::may_carry_derivative(&parameter.known).then(|| locals.suffixed(parameter, "zero"));
            if let Some(name) = &name {
                let zero = forms::zero(self.signature, parameter);
                zeros.lines.extend(quote!(let #name = &#zero;));
            }
            zeros.names.push(name);
        }
        zeros
    }

    fn split_of_root(&self, equation: &Equation<'_>) -> Body {
        let (rt, mut locals) = (&self.signature.paths.rt, self.signature.locals());
        let (value, pullback, solution) = (locals.name("value"), locals.name("pullback"), locals.name("solution"));
        let (residual, adjoint) = (locals.name("residual"), locals.name("adjoint"));
        let (inner, gradients) = (self.pullback(&mut locals), self.gradients(&mut locals));
        let carrying = inner.parameters.iter().zip(&gradients);
        let carrying = carrying.filter(|(parameter, _)| types::may_carry_derivative(&parameter.known));
        let parts: Vec<TokenStream> =
            carrying.map(|(_, name)| name.as_ref().map_or_else(|| quote!(_), ToTokens::to_token_stream)).collect();
        let (parts, position) = (equation.with_solution(quote!(_), parts), syn::Index::from(equation.position));
        let arguments = equation.with_solution(self.solution(&solution), inner.arguments());
        let (implicit, add, number) = (self.implicit(equation.shown), inner.add(&gradients), self.number());
        let (vjp, seed) = (equation.form("vjp"), &inner.seed);
        let closure = inner.closure(&quote! {
            let (#residual, #pullback) = #vjp(#(#arguments),*);
            let #adjoint = #implicit.adjoint::<#number, _, _>(
                #seed,
                (&#rt::zero_tangent(&#solution), #rt::zero_tangent(&#residual)),
                |cotangent| #pullback(cotangent.clone()).#position,
            );
            let (#(#parts),*) = #pullback(#adjoint);
            #add
        });
        let (function, repeated) = (&self.function, self.repeated());
        let body = quote! {
            let #value = #function(#(#repeated),*);
            let #solution = #value.clone();
            let #pullback = #closure;
            (#value, #pullback)
        };
        self.body([], body)
    }

    fn forward_of_root(&self, equation: &Equation<'_>) -> Body {
        let (rt, mut locals) = (&self.signature.paths.rt, self.signature.locals());
        let dots: Vec<Ident> = self.signature.with_derivative().map(|p| locals.suffixed(p, "dot")).collect();
        let (value, zero, slope) = (locals.name("value"), locals.name("zero"), locals.name("slope"));
        let zeros = self.zeros(&self.signature.parameters, &mut locals);
        let (lines, arguments) = (&zeros.lines, self.repeated());
        let given = equation.with_solution(self.solution(&value), arguments.clone());
        let with_zero = self.signature.parameters.iter().zip(&zeros.names);
        let with_zero: Vec<(&Parameter, &Ident)> =
            with_zero.filter_map(|(parameter, zero)| Some((parameter, zero.as_ref()?))).collect();
        let none = with_zero.iter().map(|(parameter, zero)| tangent_again(parameter, zero)).collect();
        let mut own = dots.iter();
        let all =
            with_zero.iter().map(|(parameter, zero)| match parameter.differentiated.then(|| own.next()).flatten() {
                Some(dot) => dot.to_token_stream(),
                None => tangent_again(parameter, zero),
            });
        let all = equation.with_solution(self.solution(&zero), all.collect());
        let none = equation.with_solution(self.direction(), none);
        let (function, implicit) = (&self.function, self.implicit(equation.shown));
        let (number, jvp) = (self.number(), equation.form("jvp"));
        let body = quote! {
            let #value = #function(#(#arguments),*);
            let #zero = #rt::zero_tangent(&#value);
            #lines
            let (residual, #slope) = #jvp(#(#given,)* #(#all),*);
            let still = &#rt::zero_tangent(&residual);
            let value_dot = #implicit.tangent::<#number, _, _>(#zero.clone(), (still, &#slope), |x_dot| {
                #jvp(#(#given,)* #(#none),*).1
            });
            (#value, value_dot)
        };
        self.body(dots, body)
    }

    /// The solution as the equation takes it.
    fn solution(&self, name: &Ident) -> TokenStream {
        match (&self.primal.result, self.by_value) {
            (Type::Float(_), _) => quote!(#name),
            (_, true) => quote!(#name.clone()),
            (_, false) => quote!(&#name),
        }
    }

    /// A direction of it, to which there is a reference.
    fn direction(&self) -> TokenStream {
        match (&self.primal.result, self.by_value) {
            (Type::Float(_), _) => quote!(*x_dot),
            (_, true) => quote!(x_dot.clone()),
            (_, false) => quote!(x_dot),
        }
    }

    /// The type of the numbers that equations are solved in.
    fn number(&self) -> TokenStream {
        let (rt, number) = (&self.signature.paths.rt, directions::number(self.signature, &self.primal.result));
        if self.signature.is_parameter(&number) { quote!(<#number as #rt::Scalar>::Native) } else { number }
    }

    fn implicit(&self, equation: &syn::Path) -> TokenStream {
        let (rt, function) = (&self.signature.paths.rt, &self.signature.function);
        let equation = equation.to_token_stream().to_string().replace(' ', "");
        quote!(#rt::Implicit { function: #function, equation: #equation })
    }
}

struct Zeros {
    names: Vec<Option<Ident>>,
    lines: TokenStream,
}

/// The tangent argument is a slice.
fn is_slice(parameter: &Parameter) -> bool {
    matches!(types::strip_refs(&parameter.known), Type::Slice(_))
}

/// A parameter as an argument that is given more than once.
fn repeated(parameter: &Parameter) -> TokenStream {
    if types::is_copy(&parameter.known) { parameter.name.to_token_stream() } else { again(parameter) }
}
