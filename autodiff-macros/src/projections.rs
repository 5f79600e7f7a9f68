//! `T::Output` of a type parameter with an operator: derivatives ask for the rule of the operator as well, which has an
//! `Output` too, so that they say whose it is: `<T as Mul<U>>::Output`.

use std::collections::BTreeMap;

use syn::TypeParamBound;
use syn::visit_mut::{self, VisitMut};

use crate::analysis::scalars;
use crate::owner::Owner;

/// The function with whole names for these types; `None` if it has none.
pub(crate) fn with_whole_names(function: &syn::ItemFn, owner: Option<&Owner>) -> Option<syn::ItemFn> {
    let mut whole = Whole::of([&function.sig.generics].into_iter().chain(owner.map(|owner| &owner.generics)))?;
    let mut own = function.clone();
    whole.visit_item_fn_mut(&mut own);
    whole.found.then_some(own)
}

/// The same for an `impl`.
pub(crate) fn in_implementation(item: &syn::ItemImpl) -> Option<syn::ItemImpl> {
    let mut whole = Whole::of([&item.generics])?;
    let mut own = item.clone();
    whole.visit_item_impl_mut(&mut own);
    whole.found.then_some(own)
}

/// The operator among the bounds that gives something, if there is only one.
fn sole_operator(bounds: &[TypeParamBound]) -> Option<syn::Path> {
    let mut found = bounds.iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last()?;
            scalars::GIVING.contains(&last.ident.to_string().as_str()).then(|| scalars::without_output(&bound.path))
        }
        _ => None,
    });
    found.next().filter(|_| found.next().is_none())
}

struct Whole {
    /// The operator of each type parameter.
    operators: BTreeMap<String, syn::Path>,
    found: bool,
}

impl Whole {
    /// Nothing if no type parameter has an operator.
    fn of<'g>(generics: impl IntoIterator<Item = &'g syn::Generics>) -> Option<Whole> {
        let bounds = generics.into_iter().flat_map(scalars::bounds);
        let operators: BTreeMap<String, syn::Path> =
            bounds.filter_map(|(name, bounds)| Some((name, sole_operator(&bounds)?))).collect();
        (!operators.is_empty()).then_some(Whole { operators, found: false })
    }
}

impl VisitMut for Whole {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        visit_mut::visit_type_mut(self, ty);
        let syn::Type::Path(path) = &*ty else { return };
        let segments: Vec<_> = path.path.segments.iter().collect();
        if let (None, [owner, last]) = (&path.qself, &segments[..])
            && last.ident == "Output"
            && let Some(of_trait) = self.operators.get(&owner.ident.to_string())
        {
            let owner = &owner.ident;
            *ty = syn::parse_quote!(<#owner as #of_trait>::Output);
            self.found = true;
        }
    }
}
