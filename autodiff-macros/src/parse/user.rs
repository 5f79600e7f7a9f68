//! Methods, associated functions and constants of users' types.
//!
//! The derivatives of a method stand beside it, under names made of its own, so that a call needs to know neither the
//! type nor the trait that it belongs to.

use super::call::{Called, split_generics};
use super::env::Lowered;
use super::lowerer::{Lowerer, poison};
use super::method::property_type;
use super::opaque::Looks;
use crate::analysis::lists;
use crate::analysis::types::{self, strip_refs};
use crate::bits;
use crate::borrowed;
use crate::definitions::{self, Definition};
use crate::ir::{
    Arg, Callee, CalleeKind, FROM_REFERENCE, Float, Op, Opaque, Operand, Passing, Place, Proj, Storage, Type,
};
use crate::owner::{self, Member};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ExprMethodCall;
use syn::spanned::Spanned;

impl Lowerer<'_> {
    /// A call of a method that has derivatives beside it.
    pub(super) fn user_method(&mut self, receiver: Lowered, call: &ExprMethodCall, hint: Option<&Type>) -> Lowered {
        let (mut name, span) = (call.method.to_string(), call.method.span());
        if let Some(extended) = self.extended_by_one_of_several(&receiver, call) {
            return extended;
        }
        if let Some(refused) = self.refuse_changed_object(&receiver, &call.method) {
            return refused;
        }
        let mut member = self.own_member(&receiver, &name).cloned();
        if member.is_none()
            && !hint.is_some_and(types::is_float)
            && let Some(ty) = property_type(&name)
        {
            return self.property_of_user(receiver, call, ty);
        }
        // A method by itself does not know which of those beside it have derivatives.
        let alone = self.owner.is_some_and(|owner| owner.in_place && owner.whole.is_none());
        if let Some(ty) = self.looked_up(&receiver, &name).filter(|_| member.is_none() || alone) {
            return self.property_of_user(receiver, call, ty);
        }
        let (own, owner) = (self.is_own_type(&receiver), self.named_owner(&self.bare_type(&receiver)));
        let defined = owner.as_ref().and_then(|owner| self.method_definition(owner, &name));
        let wanted = defined.map_or_else(Vec::new, |found| Self::objects_wanted(&found.signature));
        let (mut rest, mut functions) =
            match self.arguments_or_body(&call.args, &wanted, |this| this.body_of_method(&receiver, call)) {
                Ok(arguments) => arguments,
                Err(body) => return self.run_body(&body, &call.args, call.span()),
            };
        self.lend_lists(&mut rest, span, |this| this.method_definition(owner.as_ref()?, &call.method.to_string()));
        let place = self.place_of(receiver.clone(), call.receiver.span());
        functions.iter_mut().for_each(|(position, _)| *position += 1);
        let derived = self.instance(&call.method, owner.clone(), &rest);
        if let Some(derived) = &derived {
            name = derived.to_string();
            member = self.own_member(&receiver, &name).cloned();
        }
        let mutable = match &member {
            Some(member) => member.receiver == Some(Passing::Mut),
            None => self.can_be_borrowed_mutably(&place) && !self.is_promised_shared(&place, &name),
        };
        let receiver_place = place.clone();
        let mut args = vec![if mutable { Arg::Mut(place) } else { Arg::Shared(place) }];
        args.extend(rest);
        // Rust would not lend a receiver mutably beside another reference to it.
        if mutable && args[1..].iter().any(|arg| matches!(arg, Arg::Shared(other) if overlaps(other, &receiver_place)))
        {
            args[0] = Arg::Shared(receiver_place.clone());
        }
        if let Some(member) = &member
            && let Some(refused) = self.refuse_member(member, &args, call.method.span())
        {
            return refused;
        }
        // A receiver of unknown type may be another value of the same type, such as a part of a tree.
        let perhaps = name == self.function.name && matches!(self.function.place_type(&receiver_place), Type::Unknown);
        let recursive = own && name == self.function.name || perhaps;
        let generics = call.turbofish.as_ref().map(|turbofish| turbofish.args.to_token_stream());
        let kind = CalleeKind::Method;
        let (path, name, again) = (derived.to_token_stream(), call.method.to_string(), Vec::new());
        let callee =
            Callee { kind, path, generics, name, span, recursive, functions, again, order: 0, companion: None };
        let ty = match (recursive && !perhaps, member) {
            (true, _) => self.function.result.clone(),
            (false, Some(member)) => member.result(),
            (false, None) => {
                let declared = owner.filter(|_| derived.is_none());
                let declared = declared.and_then(|owner| self.method_result(&owner, &call.method.to_string()));
                declared.or_else(|| self.agreed_result(&call.method)).unwrap_or(Type::Unknown)
            }
        };
        self.user_call(callee, args, ty, call.span())
    }

    /// The receiver's type is a parameter, and all traits of the crate that declare the method let it borrow that.
    fn is_promised_shared(&self, place: &Place, name: &str) -> bool {
        let ty = self.function.place_type(place);
        let parameter =
            matches!(strip_refs(&ty), Type::Named(ty) if self.type_parameters.contains_key(&ty.to_string()));
        let Some(site) = self.site.as_ref().filter(|_| parameter) else { return false };
        let mut declared = definitions::named(site, name).into_iter().filter(Definition::is_of_trait).peekable();
        let shared = |found: Definition| {
            found.signature.receiver().is_some_and(|receiver| owner::passing(receiver) == Passing::Shared)
        };
        declared.peek().is_some() && declared.all(shared)
    }

    /// The float that all methods of this name in the crate return.
    fn agreed_result(&self, method: &Ident) -> Option<Type> {
        let all = definitions::named(self.site.as_ref()?, &method.to_string()).into_iter();
        let mut results = all.filter(|found| found.signature.receiver().is_some()).map(|found| found.signature.output);
        let first = results.next()?;
        let syn::ReturnType::Type(_, ty) = &first else { return None };
        let float = Some(types::parse_type(ty)).filter(|ty| matches!(ty, Type::Float(Float::F32 | Float::F64)));
        float.filter(|_| results.all(|other| other == first))
    }

    /// The type of what a method gives that only looks at its receiver: an integer or a truth value.
    fn looked_up(&self, receiver: &Lowered, name: &str) -> Option<Type> {
        let found = self.method_definition(&self.named_owner(&self.bare_type(receiver))?, name)?;
        let syn::ReturnType::Type(_, ty) = &found.signature.output else { return None };
        let looks = found.signature.receiver().is_some_and(|receiver| owner::passing(receiver) == Passing::Shared);
        Some(types::parse_type(ty)).filter(|ty| looks && matches!(ty, Type::Int(_) | Type::Bool))
    }

    /// What the derivatives are named after, if the call is one of an implementation that gives a reference for the type
    /// parameter of its trait.
    fn instance(&self, method: &Ident, owner: Option<String>, args: &[Arg]) -> Option<Ident> {
        let shared = args.iter().enumerate().filter(|(_, arg)| matches!(arg, Arg::Shared(_)));
        let references: Vec<usize> = shared.map(|(position, _)| position + 1).collect();
        let site = self.site.as_ref().filter(|_| !references.is_empty())?;
        let methods = borrowed::Methods::named(site, &method.to_string());
        methods.is_call(owner.as_deref(), &references).then(|| borrowed::name(method))
    }

    /// What carries no derivative, as its name says: `contains`, `is_empty`, `len`. rustc checks that it is no number.
    fn property_of_user(&mut self, receiver: Lowered, call: &ExprMethodCall, ty: Type) -> Lowered {
        let (method, turbofish, args, root) = (&call.method, &call.turbofish, &call.args, self.root.clone());
        let place = self.place_of(receiver, call.receiver.span());
        if let Some(refused) = self.refuse_bits(&method.to_string(), method.span(), &[Arg::Shared(place.clone())]) {
            return refused;
        }
        let Some(given) = self.opaque(quote!(#args), Looks::Observer) else { return poison() };
        self.guessed = Some(method.clone());
        let mut uses = given.uses;
        let receiver = self.place_tokens(&place, &mut uses);
        let at = |tokens| super::dynamic::respanned(tokens, method.span());
        let (receiver, property) = (at(receiver), at(quote!(#root::rt::property)));
        let tokens = quote!(#property(#receiver.#method #turbofish(#args)));
        let opaque = Opaque { tokens, uses, pure: args.is_empty(), observer: true, constant: false };
        Lowered::Operand(self.temp(&method.to_string(), ty, Op::Opaque(opaque), call.span()))
    }

    /// `Type::f(args)`, `Self::f(args)`, `<T as Trait>::f(args)`.
    pub(super) fn associated_call(
        &mut self,
        called: &Called<'_>,
        owner: &str,
        mut name: &str,
        hint: Option<&Type>,
    ) -> Lowered {
        let own = called.qself.is_none() && self.is_own_name(owner);
        let member = self.member_of(owner, name).filter(|_| called.qself.is_none()).cloned();
        let known = member.as_ref().map(Member::result).or_else(|| self.associated_result(owner, name));
        let result = known.clone().or_else(|| hint.cloned()).unwrap_or(Type::Unknown);
        if let Some(object) = self.made_object(called, owner, hint) {
            return object;
        }
        if let Some(kept) = self.try_opaque(called.call, result.clone()) {
            return Lowered::Operand(kept);
        }
        if name == "from_iter"
            && let Some(made) = self.made_by_one_of_several(owner, called.call)
        {
            return made;
        }
        let last = called.last;
        let defined = self.associated_definition(owner, last);
        let wanted = defined.map_or_else(Vec::new, |found| Self::objects_wanted(&found.signature));
        let (mut args, functions) =
            match self.arguments_or_body(&called.call.args, &wanted, |this| this.body_of_associated(owner, last)) {
                Ok(arguments) => arguments,
                Err(body) => return self.run_body(&body, &called.call.args, called.call.span()),
            };
        self.lend_lists(&mut args, called.call.span(), |this| this.associated_definition(owner, last));
        let receiver = member.as_ref().map(|member| member.receiver.is_some());
        let takes_self = receiver.unwrap_or_else(|| self.nearby.as_ref().is_some_and(|nearby| nearby.takes_self(name)));
        if let (true, Some(first)) = (takes_self, args.first_mut())
            && let Arg::Value(value) = first
            && !matches!(self.ty(value), Type::Ref { .. })
        {
            // Derivatives borrow what a method takes by value.
            *first = Arg::Shared(self.place_of(Lowered::Operand(value.clone()), called.call.span()));
        }
        let recursive = own && name == self.function.name && !self.is_one_of_conversions();
        let (mut path, generics) = split_qualified(called);
        if called.qself.is_none() && self.converts_reference(owner, name, &args) {
            path = by_reference(called);
            name = FROM_REFERENCE;
        }
        if !recursive
            && functions.is_empty()
            && let Some(kept) = self.function_by_parts(called_path(called), &args, Some(&result), called.call.span())
        {
            return Lowered::Operand(kept);
        }
        if owner == "Zip" {
            let help = "write a loop over indices, operators on arrays, or `mapv`";
            return self.refuse(called.path, "`Zip` is not supported yet", help);
        }
        if let Some(converted) = self.promised_conversion(called, &args) {
            return converted;
        }
        if let (Some(function), "new", [Arg::Value(value)]) = (pointer(owner), name, args.as_slice()) {
            return self.pointer_to(function, owner, value.clone(), called.last.span());
        }
        if types::is_std(owner) {
            let help = "write it with arrays, `Vec`s and structs, or give it `stop_gradient(x)`";
            return self.refuse(called.path, format!("`{owner}::{name}` has no derivative here"), help);
        }
        let span = called.last.span();
        if let Some(member) = &member
            && let Some(refused) = self.refuse_member(member, &args, span)
        {
            return refused;
        }
        let kind = CalleeKind::Associated;
        let (name_of, again) = (name.to_owned(), Vec::new());
        let callee = Callee {
            kind,
            path,
            generics,
            name: name_of,
            span,
            recursive,
            functions,
            again,
            order: 0,
            companion: None,
        };
        let ty = if recursive { self.function.result.clone() } else { known.unwrap_or(Type::Unknown) };
        self.user_call(callee, args, ty, called.call.span())
    }

    /// `Box::new(value)`, `Rc::new(value)`, `Arc::new(value)`
    fn pointer_to(&mut self, function: &str, owner: &str, value: Operand, span: Span) -> Lowered {
        let ty = types::pointer_to(owner, &self.ty(&value));
        let (root, function) = (&self.root, Ident::new(function, span));
        let callee = Callee {
            kind: CalleeKind::Function,
            path: quote!(#root::rt::pointer::#function),
            generics: None,
            name: function.to_string(),
            span,
            recursive: false,
            functions: Vec::new(),
            again: Vec::new(),
            order: 0,
            companion: None,
        };
        self.user_call(callee, vec![Arg::Value(value)], ty, span)
    }

    /// Refuses to lose the derivative in a member that has none.
    fn refuse_member(&mut self, member: &Member, args: &[Arg], span: Span) -> Option<Lowered> {
        let writes = args.iter().any(|arg| matches!(arg, Arg::Mut(_)) && !self.arg_is_constant(arg));
        let carries = types::may_carry_derivative(&member.result());
        if member.differentiable || !(writes || carries) || args.iter().all(|arg| self.arg_is_constant(arg)) {
            return None;
        }
        let (message, help) = match &member.result() {
            Type::Ref { .. } => (
                "no derivative passes through the reference that this method returns",
                "use the field itself, or return a copy",
            ),
            _ if self.owner.is_some_and(|owner| owner.in_place && owner.whole.is_none()) => (
                "this method has no derivative",
                "write `#[differentiable]` before it as well, or put the call into `no_grad!`",
            ),
            _ => ("this method has no derivative", "take `#[nograd]` off it, or put the call into `no_grad!`"),
        };
        Some(self.refuse_at(span, message, help))
    }

    pub(super) fn user_call(&mut self, callee: Callee, mut args: Vec<Arg>, ty: Type, span: Span) -> Lowered {
        if let Some(refused) = self.refuse_bits(&callee.name, callee.span, &args) {
            return refused;
        }
        let name = format!("{}_value", callee.name.trim_start_matches("r#"));
        let lent = self.separate_parts(&mut args, span);
        let value = self.temp(&name, ty, Op::Call(callee, args), span);
        self.put_back(lent, span);
        Lowered::Operand(value)
    }

    /// Refuses a call that turns differentiable values into bits.
    pub(super) fn refuse_bits(&mut self, name: &str, span: Span, args: &[Arg]) -> Option<Lowered> {
        let site = self.site.as_deref().filter(|site| *self.bits.get_or_init(|| bits::are_taken_in(site)))?;
        if args.iter().all(|arg| self.arg_is_constant(arg)) || !bits::are_given_by(name, site) {
            return None;
        }
        let message = format!("`{name}` turns a value into bits, which carry no derivative");
        Some(self.refuse_at(span, message, "take the bits of `stop_gradient(x)` in it if none is meant"))
    }

    /// The member that the receiver has under this name, where the function's own `impl` or its module says.
    pub(super) fn own_member(&self, receiver: &Lowered, name: &str) -> Option<&Member> {
        let ty = self.lowered_type(receiver);
        if self.is_own_type(receiver) {
            return self.member_of("Self", name);
        }
        self.member_of(&types::type_name(&ty)?, name)
    }

    fn member_of(&self, type_name: &str, name: &str) -> Option<&Member> {
        if self.is_own_name(type_name) {
            return self.owner.and_then(|owner| owner.member(name));
        }
        self.surroundings.as_ref()?.methods.get(type_name)?.get(name)
    }

    pub(super) fn is_own_member(&self, receiver: &Lowered, name: &str) -> bool {
        self.own_member(receiver, name).is_some()
    }

    /// The file has an annotated function of this name: what holds nothing may have a method that takes numbers.
    pub(super) fn is_method_nearby(&self, name: &Ident) -> bool {
        self.nearby.as_ref().is_some_and(|nearby| nearby.has_annotated(&name.to_string()))
    }

    /// The type of an associated constant of the function's own `impl`.
    pub(super) fn own_constant(&self, path: &syn::ExprPath) -> Option<Type> {
        let [owner, name] = path.path.segments.iter().collect::<Vec<_>>()[..] else { return None };
        let own = path.qself.is_none() && self.is_own_name(&owner.ident.to_string());
        let constants = self.owner.filter(|_| own).map(|owner| &owner.constants)?;
        constants.get(&name.ident.to_string()).map(types::parse_type)
    }

    /// The type of a constant of the file, as far as it is known: `SCALE` is taken for a number otherwise.
    pub(super) fn declared_constant(&self, path: &syn::ExprPath) -> Option<Type> {
        let name = path.path.get_ident()?.to_string();
        let nearby = self.nearby.as_ref().filter(|_| super::expr::is_constant_name(&name))?;
        let ty = types::parse_type(&self.aliases.ty(&nearby.constant(&name)?));
        (!matches!(ty, Type::Unknown | Type::Named(_))).then_some(ty)
    }

    fn is_own_type(&self, receiver: &Lowered) -> bool {
        match strip_refs(&self.lowered_type(receiver)) {
            Type::Named(name) => self.is_own_name(&lists::pointee(name).to_string()),
            Type::Float(Float::Named(name)) => &**name == "Self",
            _ => false,
        }
    }

    /// `Self`, or the name of the type that the function belongs to.
    fn is_own_name(&self, name: &str) -> bool {
        let own = self.owner.and_then(|owner| owner.self_type.as_ref());
        let own = own.map(|ty| ty.to_token_stream().to_string());
        name == "Self" || own.is_some_and(|own| own.split(' ').next() == Some(name) || own == name)
    }

    /// As far as the IR tells, the place can be borrowed mutably.
    pub(super) fn can_be_borrowed_mutably(&self, place: &Place) -> bool {
        let root = &self.function[place.root];
        match (&root.ty, root.storage) {
            (Type::Ref { mutable, .. }, _) => *mutable,
            (_, storage) => storage == Storage::Memory,
        }
    }
}

/// Whether one place lies in the other for Rust, which takes all elements of a list for the same.
fn overlaps(one: &Place, other: &Place) -> bool {
    let fields = |place: &Place| -> Option<Vec<String>> {
        let steps = place.path.iter().filter(|step| !matches!(step, Proj::Deref));
        let names = steps.map(|step| match step {
            Proj::Field(member) => Some(member.to_token_stream().to_string()),
            Proj::Index(_) => Some("[]".to_owned()),
            _ => None,
        });
        names.collect()
    };
    match (fields(one), fields(other)) {
        (Some(one_path), Some(other_path)) => {
            one.root == other.root && one_path.iter().zip(&other_path).all(|(one, other)| one == other)
        }
        _ => false,
    }
}

/// The function of the runtime that puts a value behind a pointer of this type.
pub(super) fn pointer(owner: &str) -> Option<&'static str> {
    match owner {
        "Box" => Some("boxed"),
        "Rc" => Some("counted"),
        "Arc" => Some("shared"),
        _ => None,
    }
}

/// The path of a call with everything before it.
fn called_path(called: &Called<'_>) -> TokenStream {
    qualified(called, called.path.clone())
}

fn qualified(called: &Called<'_>, path: syn::Path) -> TokenStream {
    syn::ExprPath { attrs: Vec::new(), qself: called.qself.cloned(), path }.to_token_stream()
}

/// `Point::from_ref` for `Point::from`.
fn by_reference(called: &Called<'_>) -> TokenStream {
    let mut path = called.path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = Ident::new(FROM_REFERENCE, last.ident.span());
    }
    path.to_token_stream()
}

/// The same without the generic arguments of the last segment, and these.
fn split_qualified(called: &Called<'_>) -> (TokenStream, Option<TokenStream>) {
    let (_, generics) = split_generics(called.path);
    let mut path = called.path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.arguments = syn::PathArguments::None;
    }
    (qualified(called, path), generics)
}
