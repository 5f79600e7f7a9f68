//! Values that become trait objects: `let layers: Vec<Box<dyn Layer>> = vec![Box::new(Dense { w, b }), Box::new(Relu)];`.
//!
//! Rust turns the pointer's type into another one where the type that is asked for says so. The derivative has to know: the
//! tangent of an object is one whose type is forgotten. `dyn Layer` has functions for it (`emit::objects`).

use super::call::Called;
use super::env::Lowered;
use super::lowerer::Lowerer;
use super::user::pointer;
use crate::analysis::types;
use crate::declarations;
use crate::definitions::{self, Definition};
use crate::emit::object_function;
use crate::ir::{Arg, Callee, CalleeKind, Operand, Passing, Proj, Type};
use crate::owner;
use proc_macro2::{Ident, Span};
use quote::quote;

impl Lowerer<'_> {
    /// `Box::new(value)` where a `Box<dyn Trait>` is asked for.
    pub(super) fn made_object(&mut self, called: &Called<'_>, owner: &str, hint: Option<&Type>) -> Option<Lowered> {
        let (asked, span) = (hint?, called.last.span());
        let function = pointer(owner).filter(|_| called.last == "new" && called.call.args.len() == 1)?;
        let object = self.object_behind(asked, owner)?;
        let value = self.operand(&called.call.args[0]);
        Some(self.object_of(&object, function, asked.clone(), value, span))
    }

    /// `dyn Layer` for `Box<dyn Layer>`, if the trait is one of the crate's that has derivatives.
    fn object_behind(&self, asked: &Type, pointer: &str) -> Option<syn::Type> {
        let Type::Named(name) = types::strip_refs(asked) else { return None };
        let syn::Type::Path(path) = syn::parse2(name.clone()).ok()? else { return None };
        let last = path.path.segments.last().filter(|last| last.ident == pointer)?;
        let object = types::type_arguments(&last.arguments).into_iter().next()?;
        let syn::Type::TraitObject(dynamic) = &object else { return None };
        let only = if dynamic.bounds.len() == 1 { dynamic.bounds.first()? } else { return None };
        let syn::TypeParamBound::Trait(bound) = only else { return None };
        let of_trait = &bound.path.segments.last()?.ident;
        declarations::annotates_trait(self.site.as_ref()?, &of_trait.to_string()).then_some(object)
    }

    /// The types of a function's parameters that are trait objects behind pointers: what is given becomes one.
    pub(super) fn objects_wanted(signature: &syn::Signature) -> Vec<Type> {
        let typed = signature.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(typed) => Some(types::parse_type(&typed.ty)),
            syn::FnArg::Receiver(_) => None,
        });
        typed.map(|ty| if types::is_object(&ty) { ty } else { Type::Unknown }).collect()
    }
}

impl Lowerer<'_> {
    /// A value that is lent as `&dyn Trait`: an object of a copy, whose type is forgotten.
    pub(super) fn lent_object(&mut self, arg: Arg, wanted: Option<&Type>, span: Span) -> Arg {
        let (Arg::Shared(place), Some(Type::Ref { mutable: false, inner })) = (&arg, wanted) else { return arg };
        let Type::Named(object) = &**inner else { return arg };
        let given = self.function.place_type(place);
        let concrete = matches!(&given, Type::Named(_)) && !types::is_object(&given);
        let asked = Type::Named(quote!(Box<#object>));
        let object = self.object_behind(&asked, "Box").filter(|_| concrete && !self.place_is_constant(place));
        let Some(object) = object else { return arg };
        let copy = self.pointee_copy(Lowered::Place(place.clone()), span);
        let made = self.object_of(&object, "boxed", asked, copy, span);
        let mut place = self.place_of(made, span);
        place.path.push(Proj::Deref);
        Arg::Shared(place)
    }

    fn object_of(&mut self, object: &syn::Type, function: &str, ty: Type, value: Operand, span: Span) -> Lowered {
        let name = Ident::new(&object_function(function), span);
        let callee = Callee {
            kind: CalleeKind::Associated,
            path: quote!(<#object>::#name),
            generics: None,
            name: name.to_string(),
            span,
            recursive: false,
            functions: Vec::new(),
            again: Vec::new(),
            order: 0,
            companion: None,
        };
        self.user_call(callee, vec![Arg::Value(value)], ty, span)
    }

    /// Refuses the call of a method that changes an object.
    pub(super) fn refuse_changed_object(&mut self, receiver: &Lowered, method: &Ident) -> Option<Lowered> {
        if !types::is_object(&self.bare_type(receiver)) || self.lowered_is_constant(receiver) {
            return None;
        }
        let all = definitions::named(self.site.as_ref()?, &method.to_string());
        let changes = |found: &Definition| {
            found.is_of_trait()
                && found.signature.receiver().is_some_and(|receiver| owner::passing(receiver) == Passing::Mut)
        };
        if !all.iter().any(changes) {
            return None;
        }
        let message = format!("`{method}` changes a trait object, which has no derivative");
        let help = "take a type parameter (`F: Filter`) or an enum in the place of the object, or let the method take `&self` and return the new state";
        Some(self.refuse(method, message, help))
    }
}
