//! The attribute macro of the `differentiable` crate, which re-exports it.

mod analysis;
mod configure;
mod derive;
mod diagnostics;
mod emit;
mod expand;
#[cfg(test)]
mod golden;
mod hygiene;
mod ir;
mod options;
mod owner;
mod parse;
mod rules;
mod transform;

use proc_macro::TokenStream;

/// Generates the derivatives of a function at compile time, as plain Rust.
///
/// The function stays as it is. Beside it appears its *companion*, a type of the same name whose associated functions
/// are the derivatives: `f::grad`, `f::value_and_grad`, `f::value_and_grad_into`, `f::vjp`, `f::jvp`, and the constant
/// `f::GRAPH`.
///
/// | option | meaning |
/// | --- | --- |
/// | `wrt(a, b)` | differentiate with respect to these parameters only |
/// | `companion = name` | another name for the companion, where the function's own is taken by a module or type |
/// | `crate = path` | where the crate `differentiable` is found |
/// | `boxed` | the pullback is a `Box<dyn Fn>`: for functions that call each other recursively |
#[proc_macro_attribute]
pub fn differentiable(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let (attribute, item) = (attribute.into(), item.into());
    configure::split(&attribute, &item).unwrap_or_else(|| expand::expand(attribute, item)).into()
}

/// Gives a struct or an enum a tangent type: where derivatives with respect to its fields are kept.
#[proc_macro_derive(Differentiable, attributes(nograd, differentiable))]
pub fn derive_differentiable(item: TokenStream) -> TokenStream {
    derive::expand(item.into()).into()
}
