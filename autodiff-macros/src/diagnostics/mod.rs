//! Errors: collected, never thrown, each at the token it is about.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects the errors of one expansion. All of them are reported, at their tokens.
#[derive(Default)]
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
    /// The function is wrong in a way that rustc reports by itself.
    left_to_rustc: bool,
}

impl Diagnostics {
    /// Reports `message` at the whole of `tokens`; `help` says what to write instead.
    pub(crate) fn error(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display, help: &str) {
        self.errors.push(syn::Error::new_spanned(tokens, with_help(&message, help)));
    }

    /// Reports `message` at one span.
    pub(crate) fn error_at(&mut self, span: Span, message: impl std::fmt::Display, help: &str) {
        self.errors.push(syn::Error::new(span, with_help(&message, help)));
    }

    /// Takes over an error of the syntax parser.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// The user's own function does not compile. Nothing is added to what rustc says about it, and no code is
    /// generated that would repeat the mistake.
    pub(crate) fn leave_to_rustc(&mut self) {
        self.left_to_rustc = true;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty() && !self.left_to_rustc
    }

    /// All errors as `compile_error!` items.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.errors.iter().map(syn::Error::to_compile_error).collect()
    }
}

fn with_help(message: &impl std::fmt::Display, help: &str) -> String {
    if help.is_empty() { message.to_string() } else { format!("{message}\n  = help: {help}") }
}
