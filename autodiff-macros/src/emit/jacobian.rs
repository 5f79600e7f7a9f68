//! The matrix of first derivatives.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::directions::{self, Directions};
use super::forms::{self, Form, form};
use super::second::again;
use super::signature::Signature;
use crate::analysis::types::{self, strip_refs};
use crate::ir::Type;

/// What the matrix of a function is made of.
struct Matrix<'a> {
    signature: &'a Signature<'a>,
    directions: Directions,
    number: TokenStream,
}

/// `jacobian`, `jacobian_forward` and `jacobian_reverse`. The result of the function has this type.
pub(super) fn members(signature: &Signature<'_>, result: &Type, lanes: bool) -> Option<TokenStream> {
    let directions = Directions::of(signature)?;
    let matrix = Matrix { signature, directions, number: directions::number(signature, result) };
    let (either, forward, reverse) = (matrix.either(), matrix.forward(lanes), matrix.reverse());
    Some(quote!(#either #forward #reverse))
}

impl Matrix<'_> {
    /// By rows, unless there are more of these than columns.
    fn either(&self) -> TokenStream {
        let doc = "The matrix of the first derivatives of `{}`, one row for each number of the result: by forward or reverse mode, whichever needs fewer sweeps.";
        let (rt, signature) = (&self.signature.paths.rt, self.signature);
        let (forward, arguments) = (signature.call("jacobian_forward"), forms::arguments(signature));
        let body = self.by_rows(|seed, zero| {
            quote! {
                if #rt::Coordinates::count(&#seed) >= #rt::Coordinates::count(&#zero) {
                    return #forward(#(#arguments),*);
                }
            }
        });
        self.form("jacobian", doc, body)
    }

    fn forward(&self, lanes: bool) -> TokenStream {
        let doc = "The Jacobian of `{}` by forward mode, column by column.";
        if let Some(body) = self.by_lanes().filter(|_| lanes) {
            return self.form("jacobian_forward", doc, body);
        }
        let (rt, jvp, arguments) = (&self.signature.paths.rt, self.signature.call("jvp"), self.arguments());
        let Directions { zero, names, given, .. } = &self.directions;
        let body = quote!(#rt::jacobian_by_columns(#zero, |#names| #jvp(#(#arguments,)* #(#given),*)));
        self.form("jacobian_forward", doc, body)
    }

    /// Several columns in each sweep, for one parameter that is a number or a list of numbers.
    fn by_lanes(&self) -> Option<TokenStream> {
        let parameter = self.signature.sole_differentiated()?;
        match types::numbers(strip_refs(&parameter.known))? {
            Type::Float(float) => super::lanes::jacobian(self.signature, parameter, &float),
            _ => None,
        }
    }

    fn reverse(&self) -> TokenStream {
        let body = self.by_rows(|_, _| TokenStream::new());
        self.form("jacobian_reverse", "The Jacobian of `{}` by reverse mode, row by row.", body)
    }

    /// A pullback for each row; `otherwise` is what stands between the forward sweep and these.
    fn by_rows(&self, otherwise: impl FnOnce(&Ident, &Ident) -> TokenStream) -> TokenStream {
        let (rt, arguments, vjp) = (&self.signature.paths.rt, self.arguments(), self.signature.call("vjp"));
        let mut locals = self.signature.locals();
        let (value, pullback, zero) = (locals.name("value"), locals.name("pullback"), locals.name("zero"));
        let (seed, of_argument) = (locals.name("value_bar"), &self.directions.zero);
        let otherwise = otherwise(&seed, &zero);
        quote! {
            let #zero = #of_argument;
            let (#value, #pullback) = #vjp(#(#arguments),*);
            let #seed = #rt::zero_tangent(&#value);
            #otherwise
            #rt::jacobian_by_rows(#seed, &#zero, |#seed| #pullback(#seed.clone()))
        }
    }

    fn arguments(&self) -> Vec<TokenStream> {
        self.signature.parameters.iter().map(again).collect()
    }

    fn form(&self, name: &str, doc: &str, body: TokenStream) -> TokenStream {
        let Matrix { signature, number, .. } = self;
        let rt = signature.full_rt();
        form(
            signature,
            Form {
                name,
                doc: doc.replace("{}", &signature.function),
                hidden: false,
                bounds: signature.number_of_matrix(number),
                generics: signature.generic_params(None),
                params: signature.primal_params(),
                result: quote!(#rt::ndarray::Array2<#number>),
                body,
            },
        )
    }
}
