//! Where a function stands: free, or in an `impl` or a `trait`, with what is known of its surroundings.

use std::collections::HashMap;

use crate::analysis::types;
use crate::ir::{Passing, Type};

/// The `impl` or `trait` that a function is a member of.
#[derive(Clone, Default)]
pub(crate) struct Owner {
    pub(crate) place: Place,
    /// Generic parameters of the `impl` or `trait`, where they are known.
    pub(crate) generics: syn::Generics,
    /// The type of the `impl`, where it is known.
    pub(crate) self_type: Option<syn::Type>,
    /// The other members, by name.
    pub(crate) members: HashMap<String, Member>,
    /// The derivatives are put beside the function, into an `impl` that is not ours: each brings its own imports.
    pub(crate) in_place: bool,
}

/// What the derivatives of a function are members of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// Of a type.
    #[default]
    Type,
    /// Of an implementation of a trait that has them as members.
    Implementation,
    /// Of a trait.
    Trait,
}

/// What a member's signature says to its callers.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// How the receiver is passed; nothing for a function without receiver or a constant.
    pub(crate) receiver: Option<Passing>,
    pub(crate) result: Type,
    /// It has derivatives: it is annotated, or something in its signature is differentiable.
    pub(crate) differentiable: bool,
}

impl Owner {
    /// What is known of a function where only its own tokens are seen: nothing but that it is a member.
    pub(crate) fn unknown() -> Owner {
        Owner { in_place: true, ..Owner::default() }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.get(name)
    }
}

/// How a receiver is passed to the derivatives. They borrow what the function takes by value.
pub(crate) fn passing(receiver: &syn::Receiver) -> Passing {
    match types::parse_type(&receiver_type(receiver)) {
        Type::Ref { mutable: true, .. } => Passing::Mut,
        _ => Passing::Shared,
    }
}

/// The function takes its receiver by value.
pub(crate) fn takes_self(receiver: &syn::Receiver) -> bool {
    !matches!(receiver_type(receiver), syn::Type::Reference(_))
}

/// The receiver's type as it would be written behind `self:`.
pub(crate) fn receiver_type(receiver: &syn::Receiver) -> syn::Type {
    match &receiver.kind {
        syn::ReceiverKind::Reference(_, lifetime, mutability) => syn::parse_quote!(&#lifetime #mutability Self),
        syn::ReceiverKind::Typed(_, ty) => (**ty).clone(),
        _ => syn::parse_quote!(Self),
    }
}
