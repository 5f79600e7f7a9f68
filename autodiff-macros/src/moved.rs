//! Types of the crate that are not `Clone`.
//!
//! Derivatives copy what they keep, also of a type whose values the function only moves. `#[derive(Differentiable)]` gives
//! such a type the runtime's `Keep`, and generated code copies it by that. A type counts only where its file shows for
//! certain that nothing implements `Clone` for it.

use std::cell::RefCell;
use std::sync::Arc;

use quote::ToTokens;

use crate::analysis::scalars;
use crate::ir::Type;
use crate::nearby;
use crate::options::Options;
use crate::owner::{Owner, Place};
use crate::source::Source;

/// The file around what is being expanded.
#[derive(Clone, Default)]
pub(crate) struct Moved {
    text: Option<Arc<Source>>,
    /// What `Self` stands for.
    this: Option<String>,
    /// The type parameters whose values are only known to stand behind mutable references.
    lent: Vec<String>,
}

thread_local! {
    static IN_FORCE: RefCell<Moved> = RefCell::new(Moved::default());
}

/// Restores what held before, when it is dropped.
pub(crate) struct Entered(Moved);

impl Drop for Entered {
    fn drop(&mut self) {
        IN_FORCE.with(|moved| moved.replace(std::mem::take(&mut self.0)));
    }
}

impl Moved {
    pub(crate) fn of(function: &syn::ItemFn, options: &Options, owner: Option<&Owner>) -> Moved {
        let text = options.site.as_ref().and_then(|site| site.text());
        let this = owner.and_then(|owner| owner.self_type.as_ref()).map(|ty| ty.to_token_stream().to_string());
        let of_type = owner.is_none_or(|owner| owner.place == Place::Type);
        let lent = if of_type { lent(function) } else { Vec::new() };
        Moved { text, this, lent }
    }

    /// Lets this hold until the result is dropped.
    pub(crate) fn enter(self) -> Entered {
        IN_FORCE.with(|moved| Entered(moved.replace(self)))
    }
}

/// The type parameters that are not `Clone` by their bounds, of which a function takes mutable references.
pub(crate) fn lent(function: &syn::ItemFn) -> Vec<String> {
    let mut bounds = scalars::bounds(&function.sig.generics);
    let lent = function.sig.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => match &*typed.ty {
            syn::Type::Reference(reference) if reference.mutability.is_some() => Some(&reference.elem),
            _ => None,
        },
        syn::FnArg::Receiver(_) => None,
    });
    let names = lent.map(|ty| ty.to_token_stream().to_string());
    names.filter(|name| bounds.remove(name).is_some_and(|bounds| !scalars::are_copied(&bounds))).collect()
}

/// A value of this type can be moved only.
pub(crate) fn is_moved_only(ty: &Type) -> bool {
    let Type::Named(name) = ty else { return false };
    IN_FORCE.with(|moved| {
        let moved = moved.borrow();
        let name = name.to_string();
        if moved.lent.contains(&name) {
            return true;
        }
        let name = if name == "Self" { moved.this.clone().unwrap_or(name) } else { name };
        let path = name.split('<').next().unwrap_or_default();
        let name = path.rsplit(':').next().unwrap_or_default().trim();
        moved.text.as_deref().is_some_and(|text| lacks_clone(text, name))
    })
}

/// The file declares the type once, without lifetimes, under a derive of ours, and nothing in it implements `Clone` for it.
/// Other attributes than these might.
pub(crate) fn lacks_clone(text: &Source, name: &str) -> bool {
    const KNOWN: [&str; 10] =
        ["derive", "doc", "allow", "expect", "serde", "repr", "must_use", "non_exhaustive", "differentiable", "nograd"];
    let of_macro = || text.word("Clone").iter().any(|at| text[*at..].starts_with("Clone for $"));
    if text.places("Clone for", name).next().is_some() || of_macro() {
        return false;
    }
    let Some(at) = nearby::only(nearby::places(text, name)) else { return false };
    let head: Vec<&str> = nearby::head(text, at).collect();
    let attributes = || head.iter().map(|line| line.trim()).filter_map(|line| line.strip_prefix("#["));
    let known = attributes().all(|line| KNOWN.iter().any(|known| line.starts_with(known)));
    let derived = attributes().any(|line| line.contains("Differentiable"));
    let clones = head.iter().any(|line| !line.trim().starts_with("//") && line.contains("Clone"));
    let borrows = text[at..].split(['{', ';', '(']).next().is_some_and(|header| header.contains("<'"));
    let is_struct = text[at..].starts_with("struct");
    is_struct && derived && known && !clones && !borrows
}
