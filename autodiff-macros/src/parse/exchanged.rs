//! Methods of an `Option` in memory that change it, and `Option`s of `Result`s.

use super::combinators::Kind;
use super::env::{Lowered, Mutability};
use super::lowerer::{Lowerer, constant, poison};
use super::variants::payload_method;
use crate::ir::{Place, Proj, Type};
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

impl Lowerer<'_> {
    /// `take`, `replace` and `insert` of an `Option` in memory.
    pub(super) fn exchanged(&mut self, receiver: Lowered, call: &ExprMethodCall, args: &[&Expr]) -> Option<Lowered> {
        let span = call.span();
        let new = match args {
            [] => Lowered::Operand(constant(quote!(None), Kind::Option.open())),
            [new] => {
                let new = self.value(new);
                self.present_value(Kind::Option, new, span)
            }
            _ => return None,
        };
        let place = self.place_of(receiver, span);
        if !self.is_written_by_user(&place) {
            self.refuse_write(&call.receiver, &place);
            return Some(poison());
        }
        let old = (call.method != "insert").then(|| self.take_out(&place, span));
        let new = self.read(new, span);
        self.write(place.clone(), new);
        Some(old.map_or_else(|| self.lent_content(place, span), Lowered::Operand))
    }

    /// `option.get_or_insert(x)`, `option.get_or_insert_with(f)`: fills the place if it is empty, and lends what is there.
    pub(super) fn filled(&mut self, receiver: Lowered, call: &ExprMethodCall, args: &[&Expr]) -> Option<Lowered> {
        let span = call.span();
        let place = self.place_of(receiver, span);
        if !self.is_written_by_user(&place) {
            self.refuse_write(&call.receiver, &place);
            return Some(poison());
        }
        let eager = match args {
            [new] if call.method == "get_or_insert" => Some(self.eager(new, None)),
            _ => None,
        };
        let empty = self.observe("empty", &place, Type::Bool, span, |place| quote!(#place.is_none()));
        self.when(empty, |this| {
            let new = match (eager, args) {
                (Some(new), _) => new,
                (None, [make]) => this.apply(make, Vec::new()),
                (None, _) => {
                    this.refuse_at(span, "the default of this type is not known here", "write `get_or_insert(..)`")
                }
            };
            let new = this.present_value(Kind::Option, new, span);
            let new = this.read(new, span);
            this.write(place.clone(), new);
        });
        Some(self.lent_content(place, span))
    }

    /// A reference to what an `Option` in memory holds, through which it may be written.
    fn lent_content(&mut self, mut place: Place, span: Span) -> Lowered {
        place.push(Proj::Part(payload_method(&Ident::new("Some", span), &syn::Member::from(0))));
        Lowered::Ref(Box::new(self.place_value(place)), Mutability::Mutable)
    }

    /// An `Option` of a `Result` as a `Result` of an `Option`, and the other way round.
    pub(super) fn transposed(&mut self, kind: Kind, receiver: Lowered, span: Span) -> Lowered {
        let mut present = |this: &mut Self, inner: Lowered| match kind {
            Kind::Option => {
                let mut ok = |this: &mut Self, value: Lowered| {
                    let some = this.present_value(Kind::Option, value, span);
                    this.present_value(Kind::Result, some, span)
                };
                this.cases(Kind::Result, inner, span, &mut ok, &mut |this, error| {
                    this.absent(Kind::Result, error, span)
                })
            }
            Kind::Result => {
                let mut some = |this: &mut Self, value: Lowered| {
                    let ok = this.present_value(Kind::Result, value, span);
                    this.present_value(Kind::Option, ok, span)
                };
                this.cases(Kind::Option, inner, span, &mut some, &mut |this, _| {
                    this.absent(Kind::Option, Lowered::Unit, span)
                })
            }
        };
        let mut absent = |this: &mut Self, error: Lowered| match kind {
            Kind::Option => {
                let none = this.absent(Kind::Option, Lowered::Unit, span);
                this.present_value(Kind::Result, none, span)
            }
            Kind::Result => {
                let failed = this.failed(error, span);
                this.present_value(Kind::Option, failed, span)
            }
        };
        self.cases(kind, receiver, span, &mut present, &mut absent)
    }
}
