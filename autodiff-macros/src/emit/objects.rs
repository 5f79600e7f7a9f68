//! Trait objects: what `dyn Trait` needs to be differentiated like a type.
//!
//! A hidden supertrait, implemented for every type that implements the trait, has boxed twins of the derivatives. The
//! derivatives that `dyn Trait` has are its own functions and call these. Only here pullbacks are boxed.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::forms;
use super::signature::{Parameter, Signature};
use crate::ir::Passing;

/// The name of the hidden supertrait.
pub(crate) fn supertrait(name: &Ident) -> Ident {
    format_ident!("{name}Object", span = Span::call_site())
}

/// The supertrait, and the functions of the trait object; `second` are derivatives of the second order.
pub(super) fn trait_object<'s>(
    item: &syn::ItemTrait,
    signatures: &'s [Signature<'s>],
    second: Vec<Twins<'s>>,
) -> TokenStream {
    let Some(first) = signatures.first() else { return TokenStream::new() };
    let (vis, name, hidden, rt) = (&item.vis, &item.ident, supertrait(&item.ident), first.paths.full());
    let imports = first.paths.imports(&TokenStream::new());
    let twice = (!second.is_empty()).then(|| quote!(+ #rt::Twice));
    let methods: Vec<Twins<'_>> = signatures.iter().map(of_first_order).chain(second).collect();
    let declared = methods.iter().map(Twins::declared);
    let implemented = methods.iter().map(|method| method.implemented(name));
    let inherent = methods.iter().map(|method| method.inherent(vis, &hidden));
    let made = made(vis, name, &rt, &twice);
    let doc = format!(" What `dyn {name}` needs to be differentiated.");
    let message = format!("`{{Self}}` cannot be a `dyn {name}` that is differentiated");
    let note = format!(
        "add `#[derive(Differentiable)]`; a type that borrows has no derivatives as a `dyn {name}`: write `#[differentiable(sized)]` before the trait if it needs no trait objects"
    );
    quote! {
        #[doc = #doc]
        #[doc(hidden)]
        #[allow(warnings, clippy::all, clippy::pedantic)]
        #[diagnostic::on_unimplemented(message = #message, note = #note)]
        #vis trait #hidden: #rt::AsAny + #rt::ErasedLeaves {
            fn object_zero_tangent(&self) -> #rt::DynTangent;
            #(#declared)*
        }

        #[allow(warnings, unused, nonstandard_style, unreachable_pub, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            #imports

            impl<T: #name + #rt::LeavesMut #twice + #rt::Differentiable<Tangent: #rt::LeavesMut + 'static> + 'static> #hidden for T {
                fn object_zero_tangent(&self) -> #rt::DynTangent {
                    #rt::DynTangent::new(#rt::zero_tangent(self))
                }

                #(#implemented)*
            }

            /// The value behind the object, or behind a pointer to it.
            fn receiver<T: 'static>(value: &dyn #rt::AsAny) -> &T {
                #rt::concrete_receiver(value, |any| {
                    let boxed = any.downcast_ref::<Box<dyn #name>>().map(|object| &**object);
                    let shared = || any.downcast_ref::<::std::rc::Rc<dyn #name>>().map(|object| &**object);
                    let counted = || any.downcast_ref::<::std::sync::Arc<dyn #name>>().map(|object| &**object);
                    boxed.or_else(shared).or_else(counted).map(|object| object as &dyn #rt::AsAny)
                })
            }

            impl<'object> dyn #name + 'object {
                #(#inherent)*
            }

            #made

            impl<'object> #rt::Leaves for dyn #name + 'object {
                fn visit_leaves<'v, V: #rt::LeafVisitor<'v>>(&'v self, path: &#rt::LeafPath<'_>, visitor: &mut V) {
                    #rt::visit_erased(self, path, visitor);
                }
            }

            impl<'object> #rt::LeavesMut for dyn #name + 'object {
                fn visit_leaves_mut<V: #rt::LeafVisitorMut>(&mut self, path: &#rt::LeafPath<'_>, visitor: &mut V) {
                    #rt::visit_erased_mut(self, path, visitor);
                }
            }

            impl<'object> #rt::Differentiable for dyn #name + 'object {
                type Tangent = #rt::DynTangent;

                fn zero_tangent(&self) -> #rt::DynTangent {
                    #hidden::object_zero_tangent(self)
                }
            }
        };
    }
}

/// The function of a trait object that puts a value behind a pointer to it; `pointer` is the one that only does that.
pub(crate) fn object_function(pointer: &str) -> String {
    format!("{pointer}_object")
}

/// These functions and their derivatives: the tangent's type is forgotten, and known again.
fn made(vis: &syn::Visibility, name: &Ident, rt: &TokenStream, twice: &Option<TokenStream>) -> TokenStream {
    let std = quote!(::std);
    let pointers =
        [("boxed", quote!(#std::boxed::Box)), ("counted", quote!(#std::rc::Rc)), ("shared", quote!(#std::sync::Arc))];
    let bounds = quote! {
        #name + #rt::LeavesMut #twice + #rt::Differentiable<Tangent: #rt::LeavesMut + 'static> + 'static
    };
    let functions = pointers.iter().map(|(function, pointer)| {
        let function = object_function(function);
        let [vjp, jvp] = ["call_vjp", "call_jvp"].map(|form| format_ident!("{function}_{form}"));
        let function = format_ident!("{function}");
        quote! {
            #[doc(hidden)]
            #vis fn #function<T: #bounds>(value: T) -> #pointer<dyn #name> {
                #pointer::new(value)
            }

            #[doc(hidden)]
            #vis fn #vjp<T: #bounds>(
                value: T,
            ) -> (#pointer<dyn #name>, impl Fn(&#rt::DynTangent, Option<&mut T::Tangent>) + use<T>) {
                let pullback = |object_bar: &#rt::DynTangent, value_bar: Option<&mut T::Tangent>| {
                    if let (Some(value_bar), Some(object_bar)) = (value_bar, object_bar.downcast_ref::<T::Tangent>()) {
                        #rt::Tangent::accumulate(value_bar, object_bar);
                    }
                };
                (#pointer::new(value), pullback)
            }

            #[doc(hidden)]
            #vis fn #jvp<T: #bounds>(value: T, value_dot: Option<T::Tangent>) -> (#pointer<dyn #name>, #rt::DynTangent) {
                let value_dot = value_dot.unwrap_or_else(|| #rt::zero_tangent(&value));
                (#pointer::new(value), #rt::DynTangent::new(value_dot))
            }
        }
    });
    quote!(impl dyn #name { #(#functions)* })
}

/// Two derivatives of one method in their boxed forms: a value with its pullback, and a value with its tangent.
pub(super) struct Twins<'s> {
    pub(super) signature: &'s Signature<'s>,
    /// What their names in the trait are, and in the supertrait.
    pub(super) names: [&'static str; 2],
    pub(super) hidden: [&'static str; 2],
    pub(super) lifetime: Option<syn::Lifetime>,
    /// The parameters of both, as they are declared; the receiver comes first.
    pub(super) params: [Vec<TokenStream>; 2],
    /// The same as arguments of the derivatives of a type, without the receiver.
    pub(super) arguments: [Vec<(Ident, Role)>; 2],
    /// The types of the pullback's parameters.
    pub(super) pullback: Vec<(TokenStream, Role)>,
    /// The results of both; the first one stands beside the pullback.
    pub(super) results: [TokenStream; 2],
}

/// What something stands for where the type of the receiver is forgotten.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What it is.
    Plain,
    /// The receiver.
    Receiver,
    /// A tangent of the receiver, or what takes its cotangent.
    Tangent,
    Slot,
}

impl Role {
    /// That of a parameter's tangent, or of what takes its cotangent.
    pub(super) fn of(self, parameter: &Parameter) -> Role {
        // A receiver that `wrt(..)` leaves out has no tangent.
        let erased = parameter.receiver && (self == Role::Receiver || parameter.differentiated);
        if erased { self } else { Role::Plain }
    }

    /// The type in the place of what it is.
    pub(super) fn ty(self, ty: TokenStream, rt: &TokenStream) -> TokenStream {
        match self {
            Role::Plain => ty,
            Role::Receiver => quote!(&dyn #rt::AsAny),
            Role::Tangent => quote!(Option<&#rt::DynTangent>),
            Role::Slot => quote!(Option<&mut #rt::DynTangent>),
        }
    }
}

/// The derivatives of the first order.
fn of_first_order<'s>(signature: &'s Signature<'s>) -> Twins<'s> {
    let types = forms::pullback_types(signature);
    let (_, lifetime) = signature.captured_params(|parameter| parameter.passing == Passing::Value);
    let rt = signature.paths.full();
    let mut locals = signature.locals();
    let dots = signature.parameters.iter().map(|parameter| {
        let ty = &parameter.call_dot;
        let role = Role::Tangent.of(parameter);
        (locals.suffixed(parameter, "dot"), role, role.ty(quote!(Option<#ty>), &rt))
    });
    let dots: Vec<(Ident, Role, TokenStream)> = dots.collect();
    let declared = dots.iter().map(|(dot, _, ty)| quote!(#dot: #ty));
    let own = signature.parameters.iter().skip(1).map(|parameter| (parameter.name.clone(), Role::Plain));
    let shared = signature.parameters.iter().filter(|parameter| parameter.passing == Passing::Shared);
    let again = shared.zip(types.again).map(|(parameter, ty)| (ty, Role::Receiver.of(parameter)));
    let slots = signature.parameters.iter().zip(types.slots);
    let slots = slots.map(|(parameter, ty)| (ty, Role::Slot.of(parameter)));
    let (result, tangent) = (&signature.result, &signature.result_tangent);
    Twins {
        names: ["call_vjp", "call_jvp"],
        hidden: ["object_vjp", "object_jvp"],
        lifetime,
        params: [signature.held_params(), signature.primal_params().into_iter().chain(declared).collect()],
        arguments: [own.clone().collect(), own.chain(dots.iter().map(|(dot, role, _)| (dot.clone(), *role))).collect()],
        pullback: again.chain([(types.seed, Role::Plain)]).chain(slots).collect(),
        results: [result.clone(), quote!((#result, #tangent))],
        signature,
    }
}

impl Twins<'_> {
    /// `fn name(params) -> (R, Box<dyn Fn(..)>)` and `fn name(params, dots) -> (R, R_dot)`.
    fn headers(&self, names: [&str; 2]) -> [TokenStream; 2] {
        let [vjp, jvp] = names.map(|name| self.signature.name(name));
        let ([of_vjp, of_jvp], [result, pair]) = (&self.params, &self.results);
        let (types, lifetime) = (self.types(), self.lifetime.iter());
        let (held, own) = (self.signature.generic_params(self.lifetime.as_ref()), self.signature.generic_params(None));
        let bounds = &self.signature.generics.where_clause;
        [
            quote!(fn #vjp #held(#(#of_vjp),*) -> (#result, Box<dyn Fn(#(#types),*) #(+ #lifetime)*>) #bounds),
            quote!(fn #jvp #own(#(#of_jvp),*) -> #pair #bounds),
        ]
    }

    fn types(&self) -> Vec<TokenStream> {
        let rt = self.signature.paths.full();
        self.pullback.iter().map(|(ty, role)| role.ty(ty.clone(), &rt)).collect()
    }

    fn declared(&self) -> TokenStream {
        let [vjp, jvp] = self.headers(self.hidden);
        quote!(#vjp; #jvp;)
    }

    /// The functions of the supertrait for a type `T`.
    fn implemented(&self, of_trait: &Ident) -> TokenStream {
        let [vjp, jvp] = self.headers(self.hidden);
        let [call_vjp, call_jvp] = self.names.map(|name| self.signature.name(name));
        let [of_vjp, of_jvp] = &self.arguments;
        let concrete = |arguments: &[(Ident, Role)]| {
            let each = arguments.iter().map(|(name, role)| self.concrete(name, *role));
            each.collect::<Vec<TokenStream>>()
        };
        let (of_vjp, of_jvp) = (concrete(of_vjp), concrete(of_jvp));
        let given: Vec<Ident> = (0..self.pullback.len()).map(|at| format_ident!("p{at}")).collect();
        let handed_on = given.iter().zip(&self.pullback).map(|(name, (_, role))| self.concrete(name, *role));
        let types = self.types();
        quote! {
            #vjp {
                let (value, pullback) = <T as #of_trait>::#call_vjp(&self, #(#of_vjp),*);
                let pullback = move |#(#given: #types),*| {
                    let this: &T = receiver(p0);
                    pullback(#(#handed_on),*);
                };
                (value, Box::new(pullback))
            }

            #jvp {
                <T as #of_trait>::#call_jvp(&self, #(#of_jvp),*)
            }
        }
    }

    /// What is handed on to the derivatives of the type behind the object.
    fn concrete(&self, name: &Ident, role: Role) -> TokenStream {
        let rt = self.signature.paths.full();
        match role {
            Role::Plain => name.to_token_stream(),
            Role::Receiver => quote!(this),
            Role::Tangent => quote!(#name.and_then(#rt::DynTangent::downcast_ref)),
            Role::Slot => quote!(#name.map(|slot| slot.get_or_insert_with(|| #rt::zero_tangent(this)))),
        }
    }

    /// The functions of the trait object, under the names that every method's derivatives have.
    fn inherent(&self, vis: &syn::Visibility, hidden: &Ident) -> TokenStream {
        let [vjp, jvp] = self.headers(self.names);
        let [vjp_name, jvp_name] = self.hidden.map(|name| self.signature.name(name));
        let names = self.arguments.each_ref().map(|arguments| arguments.iter().map(|(name, _)| name));
        let [of_vjp, of_jvp] = names;
        quote! {
            #[doc(hidden)]
            #[track_caller]
            #vis #vjp {
                #hidden::#vjp_name(self, #(#of_vjp),*)
            }

            #[doc(hidden)]
            #[track_caller]
            #vis #jvp {
                #hidden::#jvp_name(self, #(#of_jvp),*)
            }
        }
    }
}
