//! Which functions of a file have the form in which both sweeps are one body, for a given cotangent of the value.
//!
//! It is made for a function that another one of the file calls, or that calls itself, and the callers use it. Both sides
//! ask the same question of the same text, so that they agree.

use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;

use super::Nearby;
use crate::analysis::types;
use crate::ir::{Float, Type};
use crate::site::{Site, is_of_word, item_at};

impl Nearby {
    /// Which of the parameters of this function are differentiated, if it has the form, and if it is in scope by its name
    /// alone at the place `site`.
    pub(crate) fn joint_form(&self, name: &str, site: &Site) -> Option<Vec<bool>> {
        let at = self.in_scope(name, site)?;
        if self.calls(name) == 0 {
            return None;
        }
        let wrt = wrt(&attribute(&self.text, at)?)?;
        let signature = syn::parse_str::<syn::ItemFn>(item_at(&self.text, at)).ok()?.sig;
        differentiated(&signature, wrt.as_deref())
    }

    /// The annotated function of this name, if its attribute says nothing else, if it is in scope by its name alone at the
    /// place `site`, and if what is named in it means the same in the function `caller` there.
    pub(crate) fn plain_function(&self, name: &str, caller: &str, site: &Site) -> Option<syn::ItemFn> {
        let at = self.in_scope(name, site)?;
        let item = syn::parse_str::<syn::ItemFn>(item_at(&self.text, at)).ok()?;
        let around = item_at(&self.text, site.offset(&self.text)?);
        // What a macro made is not seen.
        if !around.contains(&format!("fn {caller}("))
            || [around, item_at(&self.text, at)].into_iter().any(has_names_of_its_own)
        {
            return None;
        }
        let plain = item.sig.generics.params.is_empty() && item.sig.asyncness.is_none();
        (plain && attribute(&self.text, at)?.is_empty()).then_some(item)
    }

    /// Where the function of this name is that nothing else in the file can mean at the place `site`.
    fn in_scope(&self, name: &str, site: &Site) -> Option<usize> {
        let at = self.free_function(name)?;
        let same_scope = self.text.open_items(at) == self.text.open_items(site.offset(&self.text)?);
        if self.imports(name) || !same_scope || self.text.is_given_to_a_macro(name) {
            return None;
        }
        let around = self.text.open_items(at).into_iter();
        let mut around = around.map(|start| self.text[start..at].split('{').next().unwrap_or_default());
        let annotated = around.any(|head| head.contains("differentiable"));
        (!annotated).then_some(at)
    }

    /// How often the name stands before arguments, beside where the function is defined.
    fn calls(&self, name: &str) -> usize {
        let places = self.text.word(name).iter().filter(|at| self.text[*at + name.len()..].starts_with('('));
        places.count().saturating_sub(1)
    }
}

/// Whether the text of a function defines more than itself and variables.
fn has_names_of_its_own(text: &str) -> bool {
    let mut words = text.split(|letter| !is_of_word(letter));
    words.any(|word| ["const", "static", "use", "macro_rules", "mod", "enum", "struct", "type"].contains(&word))
        || text.split(|letter| !is_of_word(letter)).filter(|word| *word == "fn").count() > 1
}

/// What the only attribute of this crate says that stands before a function.
fn attribute(text: &str, at: usize) -> Option<String> {
    let lines: Vec<&str> = super::head(text, at).map(str::trim).filter(|line| !line.starts_with("//")).collect();
    if lines.iter().any(|line| ["derivative_of", "cfg", "const", "unsafe"].iter().any(|word| line.contains(word))) {
        return None;
    }
    let mut own = lines.iter().filter_map(|line| line.split_once("#[differentiable")).map(|(_, rest)| rest);
    let (own, None) = (own.next()?, own.next()) else { return None };
    let own = own.rsplit_once(']')?.0;
    Some(own.to_owned())
}

/// The parameters that an attribute names, `None` for all of them; nothing if it says something else that matters.
fn wrt(attribute: &str) -> Option<Option<Vec<String>>> {
    if attribute.is_empty() {
        return Some(None);
    }
    let inner = attribute.strip_prefix('(')?.strip_suffix(')')?;
    let options = Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated.parse_str(inner).ok()?;
    let mut named = None;
    for option in options {
        let path = option.path();
        match &option {
            syn::Meta::List(list) if path.is_ident("wrt") => {
                let names =
                    Punctuated::<syn::Ident, syn::Token![,]>::parse_terminated.parse2(list.tokens.clone()).ok()?;
                named = Some(names.iter().map(ToString::to_string).collect());
            }
            _ if path.is_ident("checkpoint") || path.is_ident("analyses") => {}
            _ => return None,
        }
    }
    Some(named)
}

/// Which parameters are differentiated of a function that returns a number, if their types say it.
fn differentiated(signature: &syn::Signature, wrt: Option<&[String]>) -> Option<Vec<bool>> {
    let syn::ReturnType::Type(_, result) = &signature.output else { return None };
    let number = matches!(types::parse_type(result), Type::Float(Float::F32 | Float::F64));
    if !number || !signature.generics.params.is_empty() || signature.constness.is_some() {
        return None;
    }
    let parameters = signature.inputs.iter().map(|input| {
        let syn::FnArg::Typed(typed) = input else { return None };
        let syn::Pat::Ident(name) = &*typed.pat else { return None };
        let name = name.ident.to_string();
        let ty = types::parse_type(&typed.ty);
        let wanted = wrt.is_none_or(|names| names.contains(&name));
        let carries = wanted && types::may_carry_derivative(&ty);
        let text = typed.ty.to_token_stream().to_string();
        let shown = !text.contains("impl") && !text.contains("mut ") && (!carries || is_known(&ty));
        shown.then_some(carries)
    });
    parameters.collect()
}

/// Whether the type stands for itself.
fn is_known(ty: &Type) -> bool {
    match ty {
        Type::Float(Float::F32 | Float::F64) => true,
        Type::Ref { mutable: false, inner } | Type::Slice(inner) | Type::Vec(inner) | Type::Array(inner, _) => {
            is_known(inner)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Source;

    const FILE: &str = "
#[differentiable]
fn called(x: f64, at: &[f64], n: usize) -> f64 { x }

/// Of [`x`].
#[inline]
#[differentiable(checkpoint, wrt(y))]
pub fn again(x: f64, y: &Vec<f64>, other: Other) -> f64 { again(x, y, other) + called(x, y, 1) }

#[differentiable]
fn alone(x: f64) -> f64 { x }

#[differentiable(hvp)]
fn twice(x: f64) -> f64 { twice(x) }

#[differentiable]
fn opaque(x: Other) -> f64 { opaque(x) }

#[differentiable]
fn changes(x: &mut f64) -> f64 { changes(x) }

mod inner {
    #[differentiable]
    fn inside(x: f64) -> f64 { inside(x) }
}
";

    fn form(name: &str) -> Option<Vec<bool>> {
        let site = Site { path: std::path::PathBuf::new(), line: 1, column: 1 };
        Nearby::new(Arc::new(Source::new(FILE.to_owned()))).joint_form(name, &site)
    }

    #[test]
    fn the_form_is_known_of_functions_that_others_call() {
        assert_eq!(form("called"), Some(vec![true, true, false]));
        assert_eq!(form("again"), Some(vec![false, true, false]));
        for name in ["alone", "twice", "opaque", "changes", "inside", "missing"] {
            assert_eq!(form(name), None, "{name}");
        }
    }
}
