//! Where a function stands: free, or in an `impl` or a `trait`, with what is known of its surroundings.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::TokenStream;

use crate::analysis::types;
use crate::ir::{Passing, Type};

/// The `impl` or `trait` that a function is a member of.
#[derive(Clone, Default)]
pub(crate) struct Owner {
    pub(crate) place: Place,
    /// A trait of numbers, by the traits above it.
    pub(crate) of_numbers: bool,
    /// The type parameters of a trait for which its implementations give numbers.
    pub(crate) numbers: Vec<String>,
    /// The name of the trait.
    pub(crate) name: Option<String>,
    /// Generic parameters of the `impl` or `trait`, where they are known.
    pub(crate) generics: syn::Generics,
    /// The type parameters of which the type holds values, as far as its file shows.
    pub(crate) held: Vec<String>,
    /// What the `impl` gives for the type parameters of its trait.
    pub(crate) given: Vec<syn::Type>,
    /// The type of the `impl`, where it is known.
    pub(crate) self_type: Option<syn::Type>,
    /// The other members, by name.
    pub(crate) members: HashMap<String, Member>,
    /// The types of the associated constants, by name.
    pub(crate) constants: HashMap<String, syn::Type>,
    /// The whole `impl` or `trait`, where the attribute stands before it.
    pub(crate) whole: Option<TokenStream>,
    /// How the trait declares the function, with the types that its parameters stand for here, where tangents have to be
    /// spelled as the trait spells them.
    pub(crate) declared: Option<syn::Signature>,
    /// The derivatives are put beside the function, into an `impl` that is not ours: each brings its own imports.
    pub(crate) in_place: bool,
    /// What implements the trait beside types of a known size.
    pub(crate) implementors: Implementors,
    /// The trait declares the form that adds gradients to buffers, which its implementation may give as well.
    pub(crate) joint: bool,
}

/// What may implement a trait beside types of a known size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Implementors {
    /// Its objects, which have derivatives of their own.
    #[default]
    Objects,
    /// A type of unknown size, which its functions without receivers may be called on: the trait has no objects.
    Unsized,
    /// Slices. The crate names no object of the trait.
    Slices,
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

/// What a type parameter of an implementation stands for in the trait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    /// For `Self`: `impl<T: Float> Smooth for T`.
    Itself,
    /// For a type parameter of the trait.
    Parameter,
}

/// What a member's signature says to its callers.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// How the receiver is passed; nothing for a function without receiver or a constant.
    pub(crate) receiver: Option<Passing>,
    pub(crate) output: syn::ReturnType,
    /// It has derivatives: it is annotated, or something in its signature is differentiable.
    pub(crate) differentiable: bool,
}

/// What a module says about its items.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    /// The types of fields, by `Type.field`.
    pub(crate) fields: BTreeMap<String, syn::Type>,
    /// The fields that are declared constant.
    pub(crate) constants: BTreeSet<String>,
    /// Free functions, by name.
    pub(crate) functions: HashMap<String, Member>,
    /// Methods and associated functions, by the name of the type and their own.
    pub(crate) methods: HashMap<String, HashMap<String, Member>>,
}

impl Member {
    /// The type of the result, as the type parameters in force have it.
    pub(crate) fn result(&self) -> Type {
        match &self.output {
            syn::ReturnType::Default => Type::Unit,
            syn::ReturnType::Type(_, ty) => types::parse_type(ty),
        }
    }
}

impl Owner {
    /// What is known of a function where only its own tokens are seen: nothing but that it is a member.
    pub(crate) fn unknown() -> Owner {
        Owner { in_place: true, ..Owner::default() }
    }

    /// What a type parameter of the implementation stands for, if that is a whole type.
    pub(crate) fn stands_for(&self, param: &syn::Ident) -> Option<Stands> {
        let is_param = |ty: &syn::Type| matches!(ty, syn::Type::Path(path) if path.path.is_ident(param));
        if self.self_type.as_ref().is_some_and(is_param) {
            Some(Stands::Itself)
        } else {
            self.given.iter().any(is_param).then_some(Stands::Parameter)
        }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.get(name)
    }
}

/// Traits of std and of well-known crates, which nobody can annotate.
pub(crate) fn is_foreign_trait(name: &str) -> bool {
    const NAMES: [&str; 58] = [
        "From",
        "Into",
        "TryFrom",
        "TryInto",
        "Default",
        "Deref",
        "DerefMut",
        "Index",
        "IndexMut",
        "Iterator",
        "DoubleEndedIterator",
        "ExactSizeIterator",
        "IntoIterator",
        "FromIterator",
        "Extend",
        "Sum",
        "Product",
        "Display",
        "Debug",
        "LowerExp",
        "UpperExp",
        "Write",
        "Read",
        "Clone",
        "Copy",
        "PartialEq",
        "Eq",
        "PartialOrd",
        "Ord",
        "Hash",
        "Hasher",
        "Drop",
        "AsRef",
        "AsMut",
        "Borrow",
        "BorrowMut",
        "ToOwned",
        "ToString",
        "FromStr",
        "Error",
        "Any",
        "Fn",
        "FnMut",
        "FnOnce",
        "Serialize",
        "Deserialize",
        "Zero",
        "One",
        "Num",
        "NumCast",
        "Bounded",
        "Signed",
        "Distribution",
        "Continuous",
        "ContinuousCDF",
        "Discrete",
        "RngCore",
        "Inv",
    ];
    NAMES.contains(&name)
}

/// Traits of std whose methods have nothing to do with numbers.
pub(crate) fn is_not_numeric(name: &str) -> bool {
    const NAMES: [&str; 26] = [
        "Display",
        "Debug",
        "LowerExp",
        "UpperExp",
        "Write",
        "Read",
        "Clone",
        "Copy",
        "PartialEq",
        "Eq",
        "PartialOrd",
        "Ord",
        "Hash",
        "Hasher",
        "Drop",
        "Borrow",
        "BorrowMut",
        "ToString",
        "FromStr",
        "Error",
        "Any",
        "Serialize",
        "Deserialize",
        "IntoIterator",
        "FromIterator",
        "Extend",
    ];
    NAMES.contains(&name)
}

/// Traits of std whose methods are differentiated where they are called: they give out places, or take iterators.
pub(crate) fn is_inlined_trait(name: &str) -> bool {
    matches!(name, "Index" | "IndexMut" | "Sum" | "Product")
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
