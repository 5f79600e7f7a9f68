//! The companion of a function whose derivative is a rule written by hand.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::body::Body;
use super::forms;
use super::items::{self, Bodies};
use super::ruled_twice;
use super::signature::{self, Parameter, Signature};
use crate::ir::Function;
use crate::options::Options;

/// The companion of `item`, a call of the function at `path`. The function `rule` returns the value and the partial
/// derivatives with respect to the parameters that are differentiated.
pub(crate) fn of_rule(
    item: &syn::ItemFn,
    options: &Options,
    primal: &Function,
    (rule, direction): (&Ident, Option<&syn::Path>),
    path: &syn::Path,
) -> TokenStream {
    let paths = signature::paths_of(item, options, None);
    let signature = Signature::new(item, paths, None, primal, false);
    let bodies = Bodies {
        joint: Some(joint(&signature, rule)),
        split: split(&signature, rule),
        jvp: jvp(&signature, rule),
        graph: super::graph::constant(&signature, primal, &crate::transform::vjp::Saved::default()),
        jacobian: None,
        lanes: None,
        second: direction.and_then(|direction| ruled_twice::members(item, options, &signature, direction)),
        requirements: None,
    };
    let shown = path.to_token_stream().to_string().replace(' ', "");
    let doc = format!(" Derivatives of the function [`{shown}`](fn@{shown}), by the rule [`{rule}`](fn@{rule}).");
    let given = super::ruled::given(&signature, item, options, [&syn::Path::from(rule.clone())].into_iter());
    let all = items::assemble(item, options, &signature, &bodies, &doc);
    quote!(#all #given)
}

/// The names for one call of the rule, and that call.
struct Call<'a> {
    value: Ident,
    /// The parameters that are differentiated, with the names of their partial derivatives and of what stands in `suffix`.
    parts: Vec<(&'a Parameter, Ident, Ident)>,
    line: TokenStream,
    bar: Ident,
}

impl<'a> Call<'a> {
    fn new(signature: &'a Signature<'_>, rule: &Ident, suffix: &str) -> Call<'a> {
        let mut locals = signature.locals();
        let (value, bar) = (locals.name("value"), locals.name("value_bar"));
        let parts = signature.differentiated().map(|parameter| {
            let partial = locals.suffixed(parameter, "partial");
            (parameter, partial, locals.suffixed(parameter, suffix))
        });
        let parts: Vec<_> = parts.collect();
        let partials = signature::gather(parts.iter().map(|(_, partial, _)| partial));
        let names = forms::arguments(signature);
        let line = quote!(let (#value, #partials) = #rule(#(#names),*););
        Call { value, parts, line, bar }
    }

    /// The parameters of the function, and those of its derivative that `suffix` names.
    fn body(&self, signature: &Signature<'_>, body: TokenStream) -> Body {
        let own = forms::arguments(signature).into_iter().map(ToTokens::to_token_stream);
        let derived = self.parts.iter().map(|(_, _, name)| name.to_token_stream());
        Body::new(own.chain(derived).collect(), body)
    }
}

fn joint(signature: &Signature<'_>, rule: &Ident) -> Body {
    let call = Call::new(signature, rule, "bar");
    let Call { value, parts, line, bar: _ } = &call;
    let adds = parts.iter().map(|(_, partial, slot)| quote!(*#slot += #partial;));
    call.body(signature, quote!(#line #(#adds)* #value))
}

fn jvp(signature: &Signature<'_>, rule: &Ident) -> Body {
    let call = Call::new(signature, rule, "dot");
    let Call { value, parts, line, bar: _ } = &call;
    let terms = parts.iter().map(|(_, partial, dot)| quote!(#partial * #dot));
    call.body(signature, quote!(#line (#value, #(#terms)+*)))
}

fn split(signature: &Signature<'_>, rule: &Ident) -> Body {
    let call = Call::new(signature, rule, "bar");
    let Call { value, parts, line, bar } = &call;
    let types = forms::pullback_types(signature);
    let mut given = parts.iter().peekable();
    let slots = signature.parameters.iter().zip(&types.slots).map(|(parameter, ty)| {
        match given.next_if(|(own, _, _)| std::ptr::eq(*own, parameter)) {
            Some((_, _, slot)) => quote!(#slot: #ty),
            None => quote!(_: #ty),
        }
    });
    let slots: Vec<TokenStream> = slots.collect();
    let seed = &types.seed;
    let adds = parts.iter().map(|(_, partial, slot)| quote!(if let Some(#slot) = #slot { *#slot += #bar * #partial; }));
    let pullback = signature.locals().name("pullback");
    call.body(
        signature,
        quote! {
            #line
            let #pullback = move |&#bar: #seed, #(#slots),*| { #(#adds)* };
            (#value, #pullback)
        },
    )
}
