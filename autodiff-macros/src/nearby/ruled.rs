//! Rules of the file for functions of other crates.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::{Nearby, only};
use crate::foreign;
use crate::site::{Site, is_of_word};

impl Nearby {
    /// The companion that a rule of the file gives to the function at a path, as it is named at the site; nothing if there
    /// are several rules for it.
    pub(crate) fn rule_of(&self, path: &syn::Path, site: &Site) -> Option<TokenStream> {
        let shown = path.to_token_stream().to_string();
        let rules = self.text.word("derivative_of").iter().filter_map(|at| {
            let before = self.text[..*at].trim_end();
            let attribute = before.ends_with('[') || before.ends_with("::");
            let after = self.text[*at..].strip_prefix("derivative_of")?.trim_start();
            let inside = after.strip_prefix('(')?.split_once(')')?.0;
            let (of, companion) = foreign::named(inside).filter(|_| attribute)?;
            (of.to_token_stream().to_string() == shown).then_some((*at, companion))
        });
        let (at, companion) = only(rules)?;
        let (there, here) = (self.modules_around(at), self.modules_around(site.offset(&self.text)?));
        let common = there.iter().zip(&here).take_while(|(there, here)| there == here).count();
        let up = here[common..].iter().map(|_| quote!(super::));
        let down = there[common..].iter().map(|name| format_ident!("{name}"));
        Some(quote!(#(#up)* #(#down::)* #companion))
    }

    /// The names of the modules in whose braces a place is.
    fn modules_around(&self, at: usize) -> Vec<&str> {
        let names = self.text.open_items(at).into_iter().filter_map(|start| {
            let head = self.text[start..at].split('{').next()?;
            let mut words = head.split(|letter| !is_of_word(letter)).skip_while(|word| *word != "mod");
            words.nth(1)
        });
        names.collect()
    }
}
