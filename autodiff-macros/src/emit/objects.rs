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

/// The supertrait, and the functions of the trait object.
pub(super) fn trait_object(item: &syn::ItemTrait, signatures: &[Signature<'_>]) -> TokenStream {
    let Some(first) = signatures.first() else { return TokenStream::new() };
    let (vis, name, hidden, rt) = (&item.vis, &item.ident, supertrait(&item.ident), first.paths.full());
    let imports = first.paths.imports(&TokenStream::new());
    let methods: Vec<Method> = signatures.iter().map(|signature| Method::new(signature, item)).collect();
    let declared = methods.iter().map(|method| method.declared(&rt));
    let implemented = methods.iter().map(|method| method.implemented(name, &rt));
    let inherent = methods.iter().map(|method| method.inherent(&hidden, &rt));
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

            impl<T: #name + #rt::LeavesMut + #rt::Differentiable<Tangent: #rt::LeavesMut + 'static> + 'static> #hidden for T {
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

/// One method in its boxed form.
struct Method<'s> {
    signature: &'s Signature<'s>,
    vis: &'s syn::Visibility,
    lifetime: Option<syn::Lifetime>,
    params: Vec<TokenStream>,
    /// The types of the pullback's parameters, in which the receiver is any value and its tangent one of a trait object.
    pullback: Vec<TokenStream>,
    /// How many of them are arguments given again.
    again: usize,
    dots: Vec<TokenStream>,
}

impl<'s> Method<'s> {
    fn new(signature: &'s Signature<'s>, item: &'s syn::ItemTrait) -> Self {
        let mut types = forms::pullback_types(signature);
        let again = types.again.len();
        let rt = signature.paths.full();
        types.again[0] = quote!(&dyn #rt::AsAny);
        types.slots[0] = quote!(Option<&mut #rt::DynTangent>);
        let (_, lifetime) = signature.captured_params(|parameter| parameter.passing == Passing::Value);
        let dots = signature.parameters.iter().map(|parameter| match (parameter.receiver, &parameter.call_dot) {
            (true, _) => quote!(Option<&#rt::DynTangent>),
            (false, ty) => quote!(Option<#ty>),
        });
        Method {
            vis: &item.vis,
            params: signature.held_params(),
            pullback: types.all(),
            dots: dots.collect(),
            signature,
            lifetime,
            again,
        }
    }

    fn dot_names(&self) -> Vec<Ident> {
        let mut locals = self.signature.locals();
        self.signature.parameters.iter().map(|parameter| locals.suffixed(parameter, "dot")).collect()
    }

    /// `fn name(params) -> (R, Box<dyn Fn(..)>)` and `fn name(params, dots) -> (R, R_dot)`.
    fn headers(&self, vjp: &Ident, jvp: &Ident) -> [TokenStream; 2] {
        let (params, pullback, lifetime) = (&self.params, &self.pullback, self.lifetime.iter());
        let (result, tangent) = (&self.signature.result, &self.signature.result_tangent);
        let (generics, dots, dot_names) =
            (self.signature.generic_params(self.lifetime.as_ref()), &self.dots, self.dot_names());
        let plain = self.signature.primal_params();
        let own = self.signature.generic_params(None);
        let bounds = &self.signature.generics.where_clause;
        [
            quote!(fn #vjp #generics(#(#params),*) -> (#result, Box<dyn Fn(#(#pullback),*) #(+ #lifetime)*>) #bounds),
            quote!(fn #jvp #own(#(#plain,)* #(#dot_names: #dots),*) -> (#result, #tangent) #bounds),
        ]
    }

    fn names(&self) -> [Ident; 2] {
        [self.signature.name("object_vjp"), self.signature.name("object_jvp")]
    }

    fn declared(&self, _rt: &TokenStream) -> TokenStream {
        let [vjp, jvp] = self.names();
        let [vjp, jvp] = self.headers(&vjp, &jvp);
        quote!(#vjp; #jvp;)
    }

    /// The functions of the supertrait for a type `T`.
    fn implemented(&self, of_trait: &Ident, rt: &TokenStream) -> TokenStream {
        let [vjp_name, jvp_name] = self.names();
        let [vjp, jvp] = self.headers(&vjp_name, &jvp_name);
        let (call_vjp, call_jvp) = (self.signature.name("call_vjp"), self.signature.name("call_jvp"));
        let arguments = self.signature.hidden_arguments();
        let given: Vec<Ident> = (0..self.pullback.len()).map(|at| format_ident!("p{at}")).collect();
        let types = &self.pullback;
        let handed_on = given.iter().enumerate().map(|(at, name)| match at {
            0 => quote!(this),
            _ if at == self.again + 1 && self.differentiates_receiver() => {
                quote!(#name.map(|slot| slot.get_or_insert_with(|| #rt::zero_tangent(this))))
            }
            _ if at == self.again + 1 => quote!(None),
            _ => name.to_token_stream(),
        });
        let dots = self.dot_names();
        let dots = self.signature.parameters.iter().zip(&dots).map(|(parameter, dot)| match parameter.receiver {
            true if self.differentiates_receiver() => quote!(#dot.and_then(#rt::DynTangent::downcast_ref)),
            true => quote!(None),
            false => quote!(#dot),
        });
        quote! {
            #vjp {
                let (value, pullback) = <T as #of_trait>::#call_vjp(#(#arguments),*);
                let pullback = move |#(#given: #types),*| {
                    let this: &T = receiver(p0);
                    pullback(#(#handed_on),*);
                };
                (value, Box::new(pullback))
            }

            #jvp {
                <T as #of_trait>::#call_jvp(#(#arguments,)* #(#dots),*)
            }
        }
    }

    fn differentiates_receiver(&self) -> bool {
        self.signature.parameters.first().is_some_and(|first: &Parameter| first.differentiated)
    }

    /// The functions of the trait object, under the names that every method's derivatives have.
    fn inherent(&self, hidden: &Ident, _rt: &TokenStream) -> TokenStream {
        let (vis, [vjp_name, jvp_name]) = (self.vis, self.names());
        let [vjp, jvp] = self.headers(&self.signature.name("call_vjp"), &self.signature.name("call_jvp"));
        let (arguments, dots) = (forms::arguments(self.signature), self.dot_names());
        quote! {
            #[doc(hidden)]
            #[track_caller]
            #vis #vjp {
                #hidden::#vjp_name(#(#arguments),*)
            }

            #[doc(hidden)]
            #[track_caller]
            #vis #jvp {
                #hidden::#jvp_name(#(#arguments,)* #(#dots),*)
            }
        }
    }
}
