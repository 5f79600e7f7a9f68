//! Where the crate's files define the functions of a name.
//!
//! Only the text of the functions is parsed, and the heads of the items around them. What cannot be read, such as the parts
//! of a macro's definition, is not found.

use crate::declarations;
use crate::site::{Site, head_at, is_of_word, item_at, open_items};

/// A function of the crate.
#[allow(dead_code)]
pub(crate) struct Definition {
    /// The function with what stands around it.
    pub(crate) around: Around,
    pub(crate) signature: syn::Signature,
    /// Nothing for a method that a trait only declares.
    pub(crate) body: Option<syn::Block>,
    /// The modules of its file in which it stands, the outermost first.
    pub(crate) modules: Vec<String>,
    /// It stands in the file that was asked from.
    pub(crate) is_near: bool,
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
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let places = places(&text, name);
        found.extend(places.into_iter().filter_map(|at| definition(&text, at, position == 0)));
    }
    found
}

/// Where `fn name` stands in a text, in comments as well.
fn places(text: &str, name: &str) -> Vec<usize> {
    let words = format!("fn {name}");
    let whole = |at: &usize| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(|letter| !is_of_word(letter)) && !text[at + words.len()..].starts_with(is_of_word)
    };
    text.match_indices(&words).map(|(at, _)| at).filter(whole).collect()
}

fn definition(text: &str, at: usize, is_near: bool) -> Option<Definition> {
    let function = syn::parse_str::<syn::TraitItemFn>(item_at(text, at)).ok()?;
    let mut around = Around::Nothing;
    let mut modules = Vec::new();
    for start in open_items(text, at) {
        match syn::parse_str(&format!("{}{{}}", head_at(text, start))) {
            Ok(syn::Item::Mod(item)) => modules.push(item.ident.to_string()),
            Ok(syn::Item::Impl(item)) => around = Around::Impl(Box::new(item)),
            Ok(syn::Item::Trait(item)) => around = Around::Trait(Box::new(item)),
            // A function in the body of another one cannot be named from elsewhere.
            _ => return None,
        }
    }
    Some(Definition { around, signature: function.sig, body: function.default, modules, is_near })
}
