//! Maps and sets of std: those of constants are constants, and nothing else is put into them.

use super::env::Lowered;
use super::lowerer::Lowerer;
use super::opaque::Looks;
use crate::analysis::types;
use crate::declarations;
use crate::ir::{Op, Opaque, Operand, Place, Proj, Type};
use quote::{ToTokens, quote};
use syn::ExprMethodCall;
use syn::spanned::Spanned;

const HELP: &str = "keep the values in a `Vec`, and their positions in the map";

impl Lowerer<'_> {
    /// A map that is made here holds constants, since nothing else may be put into it.
    pub(super) fn is_map_of_constants(&self, ty: &Type, init: Option<&Operand>) -> bool {
        is_map(ty) && init.is_some_and(|init| self.operand_is_constant(init))
    }

    /// `map.insert(key, x)`, `model.table.get(&key)`.
    pub(super) fn map_method(&mut self, receiver: &Lowered, ty: &Type, call: &ExprMethodCall) -> Option<Lowered> {
        let args = call.args.to_token_stream();
        if !is_map(ty) {
            return None;
        }
        let number = value_type(ty).filter(|ty| call.method == "get" && types::is_scalar(ty));
        if number.is_none() && self.is_inactive(&call.to_token_stream()) {
            return None;
        }
        if !self.is_inactive(&args) {
            let message = format!("`{}` puts differentiable values into a map, which has no derivative", call.method);
            return Some(self.refuse(&call.method, message, HELP));
        }
        let place = self.place_of(receiver.clone(), call.receiver.span());
        if !self.place_is_constant(&place) && !self.is_constant_field(&place) {
            return Some(self.refuse_values(&place, &call.method));
        }
        let Some(given) = self.opaque(args, Looks::Observer) else { return Some(super::lowerer::poison()) };
        let mut uses = given.uses;
        let (receiver, args) = (self.place_tokens(&place, &mut uses), given.tokens);
        let (method, turbofish) = (&call.method, &call.turbofish);
        let copied = number.as_ref().map(|_| quote!(.copied()));
        let tokens = quote!(#receiver.#method #turbofish(#args) #copied);
        let opaque = Opaque { tokens, uses, pure: true, observer: true, constant: true };
        let ty = number.map_or(Type::Inactive, |number| Type::Option(Box::new(number)));
        let found = self.temp_var("found", ty, Op::Opaque(opaque), call.span());
        // What follows sees the number, and not a reference to it.
        self.constants.remove(&found);
        Some(Lowered::Operand(Operand::Var(found)))
    }

    /// `model.table[&key]`
    pub(super) fn map_element(&mut self, base: &Lowered, ty: &Type, index: &syn::ExprIndex) -> Option<Lowered> {
        if !is_map(ty) {
            return None;
        }
        let place = self.place_of(base.clone(), index.expr.span());
        let key = index.index.to_token_stream();
        if !self.is_constant_field(&place) || !self.is_inactive(&key) {
            return Some(self.refuse_values(&place, index));
        }
        let Some(key) = self.opaque(key, Looks::Observer) else { return Some(super::lowerer::poison()) };
        let (mut uses, tokens) = (key.uses, key.tokens);
        let map = self.place_tokens(&place, &mut uses);
        let value = value_type(ty).unwrap_or(Type::FloatLiteral);
        let (tokens, ty) = match types::is_scalar(&value) {
            true => (quote!(#map[#tokens]), value),
            false => (quote!(&#map[#tokens]), Type::Ref { mutable: false, inner: Box::new(value) }),
        };
        let opaque = Opaque { tokens, uses, pure: true, observer: true, constant: true };
        Some(Lowered::Operand(self.temp("entry", ty, Op::Opaque(opaque), index.span())))
    }

    /// A parameter that is a map has been refused already.
    fn refuse_values(&mut self, place: &Place, at: impl ToTokens) -> Lowered {
        let whole = place.path.iter().all(|step| matches!(step, Proj::Deref));
        if whole && self.has_errors() {
            return super::lowerer::poison();
        }
        self.refuse(at, "no derivative passes through the values of a map", HELP)
    }

    /// Whether a place is a field that its struct declares constant.
    fn is_constant_field(&self, place: &Place) -> bool {
        let mut base = place.clone();
        while matches!(base.path.last(), Some(Proj::Deref)) {
            base.path.pop();
        }
        let Some(Proj::Field(member)) = base.path.pop() else { return false };
        let owner = self.named_owner(types::strip_refs(&self.function.place_type(&base)));
        let item = self.site.as_deref().zip(owner).and_then(|(site, owner)| declarations::structure(site, &owner));
        let nograd = |field: &syn::Field| field.attrs.iter().any(|attr| attr.path().is_ident("nograd"));
        item.is_some_and(|item| {
            item.fields.members().zip(&item.fields).any(|(own, field)| own == member && nograd(field))
        })
    }
}

/// `V` in `HashMap<K, V>`
fn value_type(ty: &Type) -> Option<Type> {
    let Type::Named(tokens) = types::strip_refs(ty) else { return None };
    let path = syn::parse2::<syn::TypePath>(tokens.clone()).ok()?.path;
    let value = types::type_arguments(&path.segments.last()?.arguments).into_iter().nth(1)?;
    Some(types::parse_type(&value))
}

fn is_map(ty: &Type) -> bool {
    let name = types::type_name(types::strip_refs(ty));
    name.is_some_and(|name| ["HashMap", "BTreeMap", "HashSet", "BTreeSet"].contains(&name.as_str()))
}
