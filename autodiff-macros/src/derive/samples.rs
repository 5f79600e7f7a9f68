//! Values that the tests of `#[differentiable(gradcheck)]` make up.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::input::{Data, Fields, Input, Style, mentions};

/// `Sample`, for tests alone. A field of a type that has no samples makes the test fail that needs one.
pub(super) fn implement(input: &Input) -> TokenStream {
    let Input { name, rt, .. } = input;
    let mut generics = input.generics.clone();
    for param in generics.type_params_mut() {
        param.bounds.push(syn::parse_quote!(#rt::check::Sample));
    }
    let value = match &input.data {
        Data::Plain => return TokenStream::new(),
        Data::Struct(fields) => made(input, fields, &quote!(Self)),
        Data::Enum(variants) => {
            let own = input.name.to_string();
            let closed = |fields: &Fields| !fields.list.iter().any(|field| mentions(field.ty.to_token_stream(), &own));
            let plain = variants.iter().position(|variant| closed(&variant.fields)).unwrap_or_default();
            let count = variants.len();
            let arms = variants.iter().enumerate().map(|(index, variant)| {
                let name = &variant.name;
                let value = made(input, &variant.fields, &quote!(Self::#name));
                let pattern = if index + 1 == count { quote!(_) } else { quote!(#index) };
                quote!(#pattern => #value)
            });
            quote!(match samples.choice(#count, #plain) { #(#arms,)* })
        }
    };
    let ((params, _, bounds), (_, arguments, _)) = (generics.split_for_impl(), input.generics.split_for_impl());
    quote! {
        #[cfg(test)]
        impl #params #rt::check::Sample for #name #arguments #bounds {
            fn sample(samples: &mut #rt::check::Samples, range: ::core::ops::Range<f64>) -> Self {
                use #rt::check::{NoSample as _, Sampled as _};
                #value
            }
        }
    }
}

/// A struct, or a variant, with samples in its fields.
fn made(input: &Input, fields: &Fields, path: &TokenStream) -> TokenStream {
    let rt = &input.rt;
    let list = fields.list.iter().map(|field| {
        let (member, ty) = (&field.member, &field.ty);
        let value = quote!((&#rt::check::SampleOf::<#ty>::new()).made(samples, &range));
        match member {
            syn::Member::Named(name) => quote!(#name: #value),
            syn::Member::Unnamed(_) => value,
        }
    });
    match fields.style {
        Style::Named => quote!(#path { #(#list,)* }),
        Style::Tuple => quote!(#path(#(#list,)*)),
        Style::Unit => path.clone(),
    }
}
