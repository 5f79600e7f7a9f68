//! What values lend by `Deref`: Rust looks for fields and methods there that a type does not have itself.

use super::env::Lowered;
use super::lowerer::Lowerer;
use crate::analysis::types;
use crate::declarations;
use crate::definitions::{self, Around};
use crate::ir::Type;
use crate::rules::scalar;
use proc_macro2::Span;
use syn::{Ident, Member};

/// How far a type may lend a type that lends another one.
const DEEPEST: usize = 8;

impl Lowerer<'_> {
    /// The field that a value of this type lends by `Deref`.
    pub(super) fn lent_field(&self, ty: &Type) -> Option<Member> {
        let Type::Named(_) = types::strip_refs(ty) else { return None };
        let name = self.named_owner(ty).filter(|_| types::pointee(ty).is_none())?;
        declarations::lent_field(self.site.as_deref()?, &name)
    }

    /// What a value of a type with `Deref` lends, or the value itself.
    pub(super) fn behind_newtype(&mut self, lowered: Lowered, span: Span) -> Lowered {
        match self.lent_field(&self.bare_type(&lowered)) {
            Some(member) => self.member(lowered, member, span),
            None => lowered,
        }
    }

    /// The value that has a field: this one, or one that it lends.
    pub(super) fn with_field(&mut self, lowered: Lowered, member: &Member, span: Span) -> Lowered {
        self.lender(lowered, span, |this, ty| {
            let found = this.site.as_deref().zip(this.named_owner(ty));
            found.is_none_or(|(site, name)| declarations::has_field(site, &name, member))
        })
    }

    /// The value that has a method: this one, or one that it lends.
    pub(super) fn with_method(&mut self, lowered: Lowered, method: &Ident) -> Lowered {
        let name = method.to_string();
        let found = self.lender(lowered.clone(), method.span(), |this, ty| this.has_method(ty, &name));
        match self.bare_type(&found) {
            ty @ Type::Named(_) if !self.has_method(&ty, &name) => lowered,
            Type::Float(_) | Type::FloatLiteral if scalar::row(&name).is_none() => lowered,
            _ => found,
        }
    }

    /// Goes from what lends to what is lent until `has` holds or nothing is lent.
    fn lender(&mut self, mut lowered: Lowered, span: Span, has: impl Fn(&Self, &Type) -> bool) -> Lowered {
        for _ in 0..DEEPEST {
            let ty = self.bare_type(&lowered);
            if self.lent_field(&ty).is_none() || has(self, &ty) {
                break;
            }
            lowered = self.behind_newtype(lowered, span);
        }
        lowered
    }

    /// Whether a type has a method, as far as the crate's files show: every trait may be its own.
    fn has_method(&self, ty: &Type, name: &str) -> bool {
        const DERIVED: [&str; 8] = ["clone", "cmp", "eq", "fmt", "hash", "into", "ne", "partial_cmp"];
        let (Some(site), Some(owner)) = (&self.site, self.named_owner(ty)) else { return true };
        let hidden = || site.text().is_none_or(|text| text.is_given_to_a_macro(name));
        let found = |found: &definitions::Definition| match found.around {
            Around::Trait(_) => true,
            Around::Impl(_) => found.owner().is_none_or(|of| of == owner) && found.signature.receiver().is_some(),
            Around::Nothing => false,
        };
        DERIVED.contains(&name) || hidden() || definitions::named(site, name).iter().any(found)
    }
}
