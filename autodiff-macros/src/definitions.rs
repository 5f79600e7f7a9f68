//! Where the crate's files define the functions of a name.
//!
//! Only the text of the functions is parsed, and the heads of the items around them. What cannot be read, such as the parts
//! of a macro's definition, is not found.

use crate::declarations;
use crate::nearby::Nearby;
use crate::site::{Site, head_at, item_at};
use crate::source::{self, Source};

/// A function of the crate.
pub(crate) struct Definition {
    /// The function with what stands around it.
    pub(crate) around: Around,
    pub(crate) signature: syn::Signature,
    /// Nothing for a method that a trait only declares.
    pub(crate) body: Option<syn::Block>,
    /// The modules of its file in which it stands, the outermost first.
    pub(crate) modules: Vec<String>,
    /// Where it is in the text of its file.
    at: usize,
    /// It stands in the file that was asked from.
    pub(crate) is_near: bool,
    /// It has derivatives, or may have.
    pub(crate) annotated: bool,
    /// Its `#[nograd]` says that it has none.
    pub(crate) left_out: bool,
}

/// What a function stands in, without the other members of that.
pub(crate) enum Around {
    Nothing,
    Impl(Box<syn::ItemImpl>),
    Trait(Box<syn::ItemTrait>),
}

impl Definition {
    /// The `impl` that it is a member of.
    pub(crate) fn implementation(&self) -> Option<&syn::ItemImpl> {
        match &self.around {
            Around::Impl(item) => Some(item),
            Around::Nothing | Around::Trait(_) => None,
        }
    }

    /// A trait declares it.
    pub(crate) fn is_of_trait(&self) -> bool {
        matches!(self.around, Around::Trait(_))
    }

    /// The generic parameters of the `impl` that it is a member of.
    pub(crate) fn around_generics(&self) -> impl Iterator<Item = &syn::Generics> {
        self.implementation().map(|item| &item.generics).into_iter()
    }

    /// Which of its parameters behind the receiver are iterators.
    pub(crate) fn iterators(&self) -> Vec<bool> {
        self.whole().map(|function| crate::sequences::taken(&function)).unwrap_or_default()
    }

    /// Which of its parameters behind the receiver are borrowed as something else.
    pub(crate) fn referents(&self) -> Vec<bool> {
        self.whole().map(|function| crate::referents::taken(&function)).unwrap_or_default()
    }

    /// The function, if it has a body.
    fn whole(&self) -> Option<syn::ItemFn> {
        let (signature, body) = (&self.signature, self.body.as_ref()?);
        Some(syn::parse_quote!(#signature #body))
    }

    /// The name of the type that it is a method or a function of.
    pub(crate) fn owner(&self) -> Option<String> {
        match &*self.implementation()?.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        }
    }
}

/// All functions of a name in the crate's files.
pub(crate) fn named(site: &Site, name: &str) -> Vec<Definition> {
    let mut found = Vec::new();
    for (position, file) in declarations::files(&site.path).enumerate() {
        let Some(text) = source::read(&file) else { continue };
        let definitions = text.places("fn", name).filter_map(|at| definition(&text, at));
        let near = definitions.map(|found| Definition { is_near: position == 0, ..found });
        let mut near: Vec<Definition> = near.collect();
        let file = Nearby::new(text);
        for found in &mut near {
            found.annotated = file.is_annotated(found.at);
            found.left_out = file.is_left_out(found.at);
        }
        found.extend(near);
    }
    found
}

/// The modules around an item in its file.
pub(crate) fn modules_around(site: &Site) -> Option<Vec<String>> {
    let text = site.text()?;
    let heads = text.open_items(site.offset(&text)?).into_iter().map(|start| head_at(&text, start));
    let modules = heads.filter_map(|head| match syn::parse_str(&format!("{head}{{}}")) {
        Ok(syn::Item::Mod(item)) => Some(item.ident.to_string()),
        _ => None,
    });
    Some(modules.collect())
}

fn definition(text: &Source, at: usize) -> Option<Definition> {
    let function = syn::parse_str::<syn::TraitItemFn>(item_at(text, at)).ok()?;
    let mut around = Around::Nothing;
    let mut modules = Vec::new();
    for start in text.open_items(at) {
        match syn::parse_str(&format!("{}{{}}", head_at(text, start))) {
            Ok(syn::Item::Mod(item)) => modules.push(item.ident.to_string()),
            Ok(syn::Item::Impl(item)) => around = Around::Impl(Box::new(item)),
            Ok(syn::Item::Trait(item)) => around = Around::Trait(Box::new(item)),
            // A function in the body of another one cannot be named from elsewhere.
            _ => return None,
        }
    }
    let (signature, body) = (function.sig, function.default);
    Some(Definition { around, signature, body, modules, at, is_near: false, annotated: false, left_out: false })
}
