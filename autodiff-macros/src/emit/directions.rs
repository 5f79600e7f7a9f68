//! What matrices of derivatives are made of: all differentiated parameters as one list of numbers.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::forms;
use super::second::tangent_again;
use super::signature::{Signature, gather};
use crate::analysis::types;
use crate::ir::{Float, Type, literals};

/// Tangents of all parameters that are differentiated: one, or a tuple of several.
pub(super) struct Directions {
    /// The zeros.
    pub(super) zero: TokenStream,
    /// The names that a direction's parts are bound to.
    pub(super) names: TokenStream,
    /// These parts as arguments of one of several calls.
    pub(super) given: Vec<TokenStream>,
    /// Names for what products are added to, alike.
    pub(super) rows: Vec<Ident>,
}

impl Directions {
    /// Those of a function that has a parameter to differentiate with respect to.
    pub(super) fn of(signature: &Signature<'_>) -> Option<Directions> {
        let mut locals = signature.locals();
        let zeros = signature.differentiated().map(|parameter| forms::zero(signature, parameter));
        let names: Vec<Ident> = signature.differentiated().map(|parameter| locals.suffixed(parameter, "dot")).collect();
        let rows = signature.differentiated().map(|parameter| locals.suffixed(parameter, "bar")).collect();
        let given = signature.differentiated().zip(&names).map(|(parameter, name)| tangent_again(parameter, name));
        let directions = Directions { zero: gather(zeros), names: gather(&names), given: given.collect(), rows };
        (!names.is_empty()).then_some(directions)
    }
}

/// The type of the numbers in a function's matrices: that of the first number which its differentiated parameters or its
/// result are known to hold.
pub(super) fn number(signature: &Signature<'_>, result: &Type) -> TokenStream {
    let mut floats = Vec::new();
    let known = signature.differentiated().map(|parameter| &parameter.known);
    known.chain([result]).for_each(|ty| types::floats(ty, &mut floats));
    let first = floats.into_iter().next().unwrap_or(Float::F64);
    literals::float_name(&Type::Float(first)).unwrap_or_else(|| quote!(f64))
}
