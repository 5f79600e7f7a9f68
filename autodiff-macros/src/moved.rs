//! Types of the crate that are not `Clone`.
//!
//! Derivatives copy what they keep, also of a type whose values the function only moves. `#[derive(Differentiable)]` gives
//! such a type the runtime's `Keep`, and generated code copies it by that. A type counts only where its file shows for
//! certain that nothing implements `Clone` for it.

use std::cell::RefCell;
use std::sync::Arc;

use quote::ToTokens;

use crate::ir::Type;
use crate::nearby;
use crate::options::Options;
use crate::owner::Owner;
use crate::source::Source;

/// The file around what is being expanded.
#[derive(Clone, Default)]
pub(crate) struct Moved {
    text: Option<Arc<Source>>,
    /// What `Self` stands for.
    this: Option<String>,
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
    pub(crate) fn of(options: &Options, owner: Option<&Owner>) -> Moved {
        let text = options.site.as_ref().and_then(|site| site.text());
        let this = owner.and_then(|owner| owner.self_type.as_ref()).map(|ty| ty.to_token_stream().to_string());
        Moved { text, this }
    }

    /// Lets this hold until the result is dropped.
    pub(crate) fn enter(self) -> Entered {
        IN_FORCE.with(|moved| Entered(moved.replace(self)))
    }
}

/// A value of this type can be moved only.
pub(crate) fn is_moved_only(ty: &Type) -> bool {
    let Type::Named(name) = ty else { return false };
    IN_FORCE.with(|moved| {
        let moved = moved.borrow();
        let name = name.to_string();
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
