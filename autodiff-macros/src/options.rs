//! The attribute's grammar: `#[differentiable(wrt(w, b), crate = path, companion = name)]`.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;

/// What stands in the attribute's parentheses.
#[derive(Default)]
pub(crate) struct Options {
    /// `wrt(a, b)`: the parameters to differentiate with respect to; all where absent.
    pub(crate) wrt: Option<Vec<syn::Ident>>,
    /// `crate = path`: where the facade crate is found.
    pub(crate) krate: Option<syn::Path>,
    /// `companion = name`: the companion's name where the function's own is taken.
    pub(crate) companion: Option<syn::Ident>,
    /// `boxed`: mutually recursive functions return boxed pullbacks.
    pub(crate) boxed: bool,
    /// `analyses = off`: hidden, for tests: save everything, recompute nothing, simplify nothing.
    pub(crate) analyses_off: bool,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Options::default();
        while !input.is_empty() {
            let key = input.call(syn::ext::IdentExt::parse_any)?;
            options.entry(&key, input)?;
            if !input.is_empty() {
                input.parse::<syn::Token![,]>()?;
            }
        }
        Ok(options)
    }
}

impl Options {
    fn entry(&mut self, key: &syn::Ident, input: ParseStream<'_>) -> syn::Result<()> {
        match key.to_string().as_str() {
            "wrt" => {
                let content;
                syn::parenthesized!(content in input);
                let names = Punctuated::<syn::Ident, syn::Token![,]>::parse_terminated(&content)?;
                if names.is_empty() {
                    return Err(syn::Error::new(key.span(), "`wrt()` names no parameter\n  = help: write `wrt(x)`, or leave it out"));
                }
                self.wrt = Some(names.into_iter().collect());
            }
            "crate" => {
                input.parse::<syn::Token![=]>()?;
                self.krate = Some(input.call(syn::Path::parse_mod_style)?);
            }
            "companion" => {
                input.parse::<syn::Token![=]>()?;
                self.companion = Some(input.parse()?);
            }
            "boxed" => self.boxed = true,
            "analyses" => {
                input.parse::<syn::Token![=]>()?;
                self.analyses_off = input.parse::<syn::Ident>()? == "off";
            }
            other => {
                let message = format!(
                    "`#[differentiable]` has no option `{other}`\n  = help: the options are `wrt(..)`, `companion = name`, `crate = path` and `boxed`"
                );
                return Err(syn::Error::new(key.span(), message));
            }
        }
        Ok(())
    }
}
