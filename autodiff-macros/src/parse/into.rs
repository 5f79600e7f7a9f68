//! Conversions between types: `x.into()`, `Point::from(&x)`.
//!
//! The derivatives of `From` are found by the two types: `FromRule` of the runtime has those of values, `FromRefRule` those
//! of references.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

use super::call::Called;
use super::env::{Lowered, Mutability};
use super::lowerer::Lowerer;
use crate::analysis::types;
use crate::definitions;
use crate::ir::literals;
use crate::ir::{Arg, Callee, CalleeKind, Op, Type};
use syn::spanned::Spanned;

impl Lowerer<'_> {
    /// `x.into()` of what is no number: the types tell rustc which conversion that is.
    pub(super) fn other_conversion(&mut self, receiver: Lowered, span: Span, hint: Option<&Type>) -> Lowered {
        let arg = match receiver {
            shared @ Lowered::Ref(_, Mutability::Shared) => self.lowered_arg(shared, span),
            other => Arg::Value(self.read(other, span)),
        };
        let bounded = match self.arg_type(&arg) {
            Type::Named(name) => {
                self.type_parameters.get(&name.to_string()).and_then(|bounds| crate::converted::target(bounds.iter()))
            }
            _ => None,
        };
        let target = hint.filter(|hint| !matches!(hint, Type::Unknown)).cloned();
        let written = bounded.as_ref().map(|ty| ty.to_token_stream()).or_else(|| target.as_ref().map(written_type));
        let target = target.or_else(|| bounded.as_ref().map(types::parse_type)).unwrap_or(Type::Unknown);
        self.conversion_by_rule(arg, target, written, span)
    }

    /// `Point::from(p)` where a bound promises that conversion: the type of `p` tells whose it is.
    pub(super) fn promised_conversion(&mut self, called: &Called<'_>, args: &[Arg]) -> Option<Lowered> {
        let (owner, [arg]) = (called.owner_type()?, args) else { return None };
        let promised = called.last == "from" && self.promised.contains(&owner.to_token_stream().to_string());
        let target = types::parse_type(&owner);
        promised
            .then(|| self.conversion_by_rule(arg.clone(), target, Some(owner.to_token_stream()), called.last.span()))
    }

    /// A conversion whose rule the types tell.
    fn conversion_by_rule(&mut self, arg: Arg, target: Type, written: Option<TokenStream>, span: Span) -> Lowered {
        let root = &self.root;
        let function = if matches!(arg, Arg::Shared(_)) { quote!(into_ref) } else { quote!(into) };
        let callee = Callee {
            kind: CalleeKind::Function,
            path: quote!(#root::rt::convert::#function),
            generics: written.map(|ty| quote!(_, #ty)),
            name: "into".to_owned(),
            span,
            recursive: false,
            functions: Vec::new(),
            again: Vec::new(),
            order: 0,
            companion: None,
        };
        let op = Op::Call(callee, vec![arg]);
        Lowered::Operand(self.temp("converted", target, op, span))
    }

    /// `Into::<f64>::into(x)`, `From::from(x)`, `<f64 as From<T>>::from(x)`: what the methods do.
    pub(super) fn conversion_by_trait(&mut self, called: &Called<'_>, hint: Option<&Type>) -> Option<Lowered> {
        let of_trait = called.path.segments.iter().rev().nth(1)?;
        let target = match (of_trait.ident.to_string().as_str(), called.last.to_string().as_str()) {
            ("Into", "into") => types::type_arguments(&of_trait.arguments).into_iter().next(),
            ("From", "from") => called.qself.map(|qself| (*qself.ty).clone()),
            _ => return None,
        };
        let [value] = called.call.args.iter().collect::<Vec<_>>()[..] else { return None };
        let method: syn::ExprMethodCall = syn::parse_quote_spanned!(called.call.span()=> (#value).into());
        let target = target.as_ref().map(types::parse_type);
        Some(self.method_call(&method, target.as_ref().or(hint)))
    }

    /// The function is one of `From`: another call of `from` is one of another conversion.
    pub(super) fn is_one_of_conversions(&self) -> bool {
        self.owner.and_then(|owner| owner.name.as_ref()).is_some_and(|name| name == "From")
    }

    /// `Point::from(&x)` is a conversion of a reference, by an implementation of `From` in the crate.
    pub(super) fn converts_reference(&self, owner: &str, name: &str, args: &[Arg]) -> bool {
        let (Some(site), "from", [Arg::Shared(_)]) = (&self.site, name, args) else { return false };
        let own = self.owner.and_then(|owner| owner.self_type.as_ref()).filter(|_| owner == "Self");
        let own = own.and_then(|ty| types::type_name(&types::parse_type(ty)));
        let owner = own.as_deref().unwrap_or(owner);
        definitions::named(site, name).iter().any(|found| {
            let of_trait = found.implementation().and_then(|item| item.trait_.as_ref());
            let takes = found.signature.inputs.first().is_some_and(|input| match input {
                syn::FnArg::Typed(typed) => matches!(&*typed.ty, syn::Type::Reference(_)),
                syn::FnArg::Receiver(_) => false,
            });
            of_trait.is_some() && takes && found.owner().as_deref() == Some(owner)
        })
    }
}

/// A type as it is written, as far as it is known.
fn written_type(ty: &Type) -> TokenStream {
    match ty {
        Type::Named(name) => name.clone(),
        Type::Tuple(items) => {
            let items = items.iter().map(written_type);
            quote!((#(#items,)*))
        }
        other => literals::type_name(other).unwrap_or_else(|| quote!(_)),
    }
}
