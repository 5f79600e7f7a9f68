//! Of which type parameters of an `impl` its type holds values: derivatives ask that these have tangents.

use syn::visit::Visit;

use crate::analysis::types;
use crate::callable;
use crate::declarations;
use crate::nearby;
use crate::site::Site;
use crate::source;

/// The type parameters of which values are in the fields of the type. Where the crate has several types of the name, they
/// count that are in the fields of each.
pub(super) fn parameters(item: &syn::ItemImpl, site: &Site) -> Vec<String> {
    let syn::Type::Path(path) = &*item.self_ty else { return Vec::new() };
    let Some(last) = path.path.segments.last() else { return Vec::new() };
    let name = last.ident.to_string();
    let declared: Vec<Vec<bool>> = declarations::files(&site.path)
        .filter_map(|file| source::read(&file))
        .map(|text| nearby::definitions(&text, &name).iter().map(held).collect::<Vec<_>>())
        .find(|found| !found.is_empty())
        .unwrap_or_default();
    let is_held = |position: usize| {
        !declared.is_empty() && declared.iter().all(|held| held.get(position).copied().unwrap_or(false))
    };
    let given = types::type_arguments(&last.arguments).into_iter().enumerate();
    let given: Vec<syn::Type> = given.filter(|(position, _)| is_held(*position)).map(|(_, ty)| ty).collect();
    let is_given =
        |name: &syn::Ident| given.iter().any(|ty| matches!(ty, syn::Type::Path(path) if path.path.is_ident(name)));
    let names = item.generics.type_params().map(|param| &param.ident);
    let holds = |name: &&syn::Ident| is_given(name) && !callable::is_function(name, &item.generics);
    names.filter(holds).map(ToString::to_string).collect()
}

/// For each type parameter of a struct or an enum, whether values of it are in the fields that have derivatives.
fn held(declared: &syn::Item) -> Vec<bool> {
    let (generics, fields): (_, Vec<&syn::Field>) = match declared {
        syn::Item::Struct(item) => (&item.generics, item.fields.iter().collect()),
        syn::Item::Enum(item) => {
            (&item.generics, item.variants.iter().flat_map(|variant| variant.fields.iter()).collect())
        }
        _ => return Vec::new(),
    };
    let constant = |field: &&syn::Field| field.attrs.iter().any(|attr| attr.path().is_ident("nograd"));
    let fields: Vec<&syn::Field> = fields.into_iter().filter(|field| !constant(field)).collect();
    let is_held = |name: &syn::Ident| {
        let mut mentions = Mentions { name, found: false };
        fields.iter().for_each(|field| mentions.visit_type(&field.ty));
        mentions.found
    };
    generics.type_params().map(|param| is_held(&param.ident)).collect()
}

/// A type mentions another one of which it holds values: markers and functions do not.
struct Mentions<'n> {
    name: &'n syn::Ident,
    found: bool,
}

impl<'ast> Visit<'ast> for Mentions<'_> {
    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        self.found |= path.path.is_ident(self.name);
        if path.path.segments.last().is_none_or(|last| last.ident != "PhantomData") {
            syn::visit::visit_type_path(self, path);
        }
    }

    fn visit_type_fn_ptr(&mut self, _: &'ast syn::TypeFnPtr) {}

    fn visit_type_trait_object(&mut self, _: &'ast syn::TypeTraitObject) {}
}
