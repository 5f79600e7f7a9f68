//! Types that contain each other, as far as the crate's files show them.
//!
//! The impls of a type have bounds on the types of its fields. Where a field leads back to the type itself, directly or by
//! way of other types, such a bound would need itself, and a tangent without a box would have no end.

use std::collections::{BTreeSet, HashSet};

use quote::ToTokens;
use syn::visit::{self, Visit};

use super::input::mentions;
use crate::declarations;
use crate::nearby;
use crate::site::{Site, item_at};
use crate::source;

/// The names of an item and of the types that it contains and that contain it.
pub(super) struct Family {
    own: String,
    names: Vec<String>,
    /// Those of them that lead back to the item without a list in between, which keeps its tangents elsewhere.
    direct: Vec<String>,
}

impl Family {
    pub(super) fn of(item: &syn::DeriveInput, site: Option<&Site>) -> Family {
        let own = item.ident.to_string();
        let parts = TypeNames::of(&item.data, true).into_iter().filter(|name| *name != own);
        let parts: Vec<String> = if site.is_some() { parts.collect() } else { Vec::new() };
        let related = |lists: bool| {
            let leading = |name: &&String| site.is_some_and(|site| leads_to(site, name, &own, lists));
            parts.iter().filter(leading).chain([&own]).cloned().collect()
        };
        let (names, direct) = (related(true), related(false));
        Family { own, names, direct }
    }

    /// Whether a type contains one of the family.
    pub(super) fn is_in(&self, ty: &impl ToTokens) -> bool {
        let tokens = ty.to_token_stream();
        self.names.iter().any(|name| mentions(tokens.clone(), name))
    }

    /// Whether a type points to one whose values hold those of the item without a list in between.
    pub(super) fn is_pointed_to(&self, ty: &impl ToTokens) -> bool {
        let tokens = ty.to_token_stream();
        let points = POINTERS.iter().any(|name| mentions(tokens.clone(), name));
        self.direct.iter().any(|name| (points || *name == self.own) && mentions(tokens.clone(), name))
    }
}

/// Whether a type of this name contains one of the name `own`, by way of others as well; `lists` says whether what lists hold
/// counts.
fn leads_to(site: &Site, name: &str, own: &str, lists: bool) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        let parts = parts(site, &name, lists);
        if parts.iter().any(|part| part == own) {
            return true;
        }
        open.extend(parts.into_iter().filter(|part| seen.insert(part.clone())));
    }
    false
}

/// The types in the fields of the crate's structs and enums of a name.
fn parts(site: &Site, name: &str, lists: bool) -> BTreeSet<String> {
    let texts = declarations::files(&site.path).filter_map(|file| source::read(&file));
    let items = texts.flat_map(|text| {
        let parsed = |at| syn::parse_str::<syn::DeriveInput>(item_at(&text, at)).ok();
        nearby::places(&text, name).filter_map(parsed).collect::<Vec<_>>()
    });
    items.flat_map(|item| TypeNames::of(&item.data, lists)).collect()
}

/// Collects the names of types.
struct TypeNames {
    names: BTreeSet<String>,
    lists: bool,
}

impl TypeNames {
    /// Those in the fields of a struct or an enum; `lists` says whether what lists hold counts.
    fn of(data: &syn::Data, lists: bool) -> BTreeSet<String> {
        let mut collect = TypeNames { names: BTreeSet::new(), lists };
        collect.visit_data(data);
        collect.names
    }
}

impl<'ast> Visit<'ast> for TypeNames {
    /// Attributes and discriminants hold no types.
    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.visit_type(&field.ty);
    }

    fn visit_type_slice(&mut self, slice: &'ast syn::TypeSlice) {
        if self.lists {
            visit::visit_type_slice(self, slice);
        }
    }

    fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
        let name = segment.ident.to_string();
        let list = LISTS.contains(&name.as_str());
        if self.lists || !list {
            visit::visit_path_arguments(self, &segment.arguments);
        }
        if !list && name.starts_with(char::is_uppercase) && !STANDARD.contains(&name.as_str()) {
            self.names.insert(name);
        }
    }
}

/// What keeps its items, and their tangents, elsewhere.
pub(super) const LISTS: [&str; 4] = ["Vec", "VecDeque", "HashMap", "BTreeMap"];

/// What holds one value elsewhere.
const POINTERS: [&str; 3] = ["Box", "Rc", "Arc"];

/// Names that need no search.
const STANDARD: [&str; 5] = ["Option", "Box", "Rc", "Arc", "String"];
