//! Code that is kept as the user wrote it, because it carries no derivative.

use super::env::{Binding, Callable, Closure, Lowered, Mutability};
use super::lowerer::Lowerer;
use crate::by_example;
use crate::ir::{AggregateKind, Op, Opaque, Operand, Origin, Place, Proj, Storage, Type, VarId};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

/// Whether opaque code may look at differentiable values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    /// No: it must mention nothing that may carry a derivative.
    Inactive,
    /// Yes: it only prints or checks.
    Observer,
}

impl Lowerer<'_> {
    /// Keeps an expression as it is if it mentions nothing that may carry a derivative.
    pub(super) fn try_opaque(&mut self, tokens: &impl ToTokens, ty: Type) -> Option<Operand> {
        let tokens = tokens.to_token_stream();
        if !self.is_inactive(&tokens) {
            return None;
        }
        let span = tokens.span();
        let opaque = self.opaque(tokens, Looks::Inactive)?;
        let name = called_name(&opaque.tokens).unwrap_or_else(|| "value".to_string());
        Some(self.temp(&name, ty, Op::Opaque(opaque), span))
    }

    /// The tokens with the variables that they mention. Names that have no variable get one.
    pub(super) fn opaque(&mut self, tokens: TokenStream, looks: Looks) -> Option<Opaque> {
        let mut uses = Vec::new();
        for ident in mentions(&tokens) {
            let Some(binding) = self.env.get(&ident).cloned() else { continue };
            let var = match binding {
                Binding::Var(var) => var,
                // Rust dereferences by itself in most of the places where a receiver can stand.
                Binding::Alias(Lowered::Place(place)) if self.is_borrowed_self(&place) => place.root,
                Binding::Alias(lowered) => self.named_alias(&ident, lowered, looks)?,
                Binding::Closure(closure) => self.named_closure(&ident, &closure, looks)?,
                Binding::Iterator(_) | Binding::Cursor(_) => {
                    self.refuse(&ident, "this iterator cannot be used here", "write it out where it is used");
                    return None;
                }
                Binding::Callable(callable) => self.named_callable(&ident, &callable),
                Binding::Function | Binding::Const(_) => continue,
            };
            self.mentioned.insert(var);
            if !uses.contains(&var) {
                uses.push(var);
            }
        }
        Some(Opaque { tokens, uses, pure: false, observer: looks == Looks::Observer, constant: false })
    }

    /// A variable for a name that stands for a place.
    fn named_alias(&mut self, ident: &Ident, lowered: Lowered, looks: Looks) -> Option<VarId> {
        let ty = self.lowered_type(&lowered);
        let lent = lowered.lends_a_part() || matches!(lowered, Lowered::Ref(_, Mutability::Mutable));
        let op = match lowered {
            _ if lent && looks == Looks::Inactive => {
                let help = "write through the reference with an assignment, or name the element itself";
                self.refuse(ident, format!("the mutable reference `{ident}` cannot be used here"), help);
                return None;
            }
            Lowered::Ref(inner, _) => Op::Borrow(self.place_of(*inner, ident.span())),
            Lowered::Place(place) => Op::Read(place),
            Lowered::Operand(operand) => Op::Use(operand),
            tuple => {
                let operand = self.read(tuple, ident.span());
                match operand {
                    Operand::Var(var) => return Some(var),
                    other => Op::Aggregate(AggregateKind::Tuple, vec![other]),
                }
            }
        };
        Some(self.temp_var(&ident.to_string(), ty, op, ident.span()))
    }

    fn named_closure(&mut self, ident: &Ident, closure: &Closure, looks: Looks) -> Option<VarId> {
        let env = std::mem::replace(&mut self.env, closure.env.clone());
        let opaque = self.opaque(closure.expr.to_token_stream(), looks);
        self.env = env;
        let opaque = Opaque { pure: true, ..opaque? };
        Some(self.temp_var(&ident.to_string(), Type::Inactive, Op::Opaque(opaque), ident.span()))
    }

    /// A closure that computes what a function given as a parameter does.
    fn named_callable(&mut self, ident: &Ident, callable: &Callable) -> VarId {
        let mut uses = Vec::new();
        let captures = self.place_tokens(&callable.captures, &mut uses);
        let vjp = callable.form("vjp");
        let arguments: Vec<Ident> =
            (0..callable.again.len()).map(|index| quote::format_ident!("argument_{index}")).collect();
        let tokens = quote!(|#(#arguments),*| #vjp(&#captures, #(#arguments),*).0);
        let opaque = Opaque { tokens, uses, pure: true, observer: true, constant: false };
        self.temp_var(&ident.to_string(), Type::Inactive, Op::Opaque(opaque), ident.span())
    }

    /// Nothing that the tokens mention may carry a derivative.
    pub(super) fn is_inactive(&self, tokens: &TokenStream) -> bool {
        // A macro of the function's own may look at anything.
        let hidden = !self.local_macros.is_empty() && by_example::calls_one_of(tokens, &self.local_macros);
        !hidden && self.mentions_no_derivative(tokens)
    }

    fn mentions_no_derivative(&self, tokens: &TokenStream) -> bool {
        mentions(tokens).iter().all(|ident| match self.env.get(ident) {
            None | Some(Binding::Function | Binding::Const(_)) => true,
            Some(Binding::Var(var)) => self.var_is_constant(*var),
            Some(Binding::Alias(lowered)) => self.lowered_is_constant(lowered),
            Some(Binding::Closure(closure)) => self.closure_is_inactive(closure),
            Some(Binding::Iterator(_) | Binding::Cursor(_)) => false,
            Some(Binding::Callable(_)) => false,
        })
    }

    pub(super) fn closure_is_inactive(&self, closure: &Closure) -> bool {
        mentions(&closure.expr.body.to_token_stream()).iter().all(|ident| match closure.env.get(ident) {
            None | Some(Binding::Function | Binding::Const(_)) => true,
            Some(Binding::Var(var)) => self.var_is_constant(*var),
            Some(Binding::Alias(lowered)) => self.lowered_is_constant(lowered),
            Some(Binding::Closure(inner)) => self.closure_is_inactive(inner),
            Some(Binding::Iterator(_) | Binding::Cursor(_)) => false,
            Some(Binding::Callable(_)) => false,
        })
    }

    /// Opaque code made of operands: `build` gets the tokens that name them. It is pure.
    pub(super) fn opaque_parts(
        &mut self,
        name: &str,
        operands: &[Operand],
        ty: Type,
        span: Span,
        build: impl FnOnce(&[TokenStream]) -> TokenStream,
    ) -> Operand {
        let mut uses = Vec::new();
        let parts: Vec<TokenStream> = operands.iter().map(|operand| self.mention(operand, &mut uses)).collect();
        let opaque = Opaque { tokens: build(&parts), uses, pure: true, observer: false, constant: false };
        self.temp(name, ty, Op::Opaque(opaque), span)
    }

    /// A property of what a place holds that its derivative does not depend on, such as a length.
    pub(super) fn observe(
        &mut self,
        name: &str,
        place: &Place,
        ty: Type,
        span: Span,
        build: impl FnOnce(&TokenStream) -> TokenStream,
    ) -> Operand {
        let mut uses = Vec::new();
        let tokens = self.place_tokens(place, &mut uses);
        let opaque = Opaque { tokens: build(&tokens), uses, pure: true, observer: true, constant: false };
        self.temp(name, ty, Op::Opaque(opaque), span)
    }

    pub(super) fn mention(&mut self, operand: &Operand, uses: &mut Vec<VarId>) -> TokenStream {
        match operand {
            Operand::Const(constant) => constant.tokens.clone(),
            Operand::Var(var) => self.mention_var(*var, uses),
        }
    }

    /// The identifier that names a variable in opaque code; no two variables there have the same name.
    fn mention_var(&mut self, var: VarId, uses: &mut Vec<VarId>) -> TokenStream {
        let mut var = var;
        if !uses.contains(&var) {
            let name = self.function[var].name.clone();
            if uses.iter().any(|other| self.function[*other].name == name) {
                if self.function[var].origin != Origin::Temp || self.mentioned.contains(&var) {
                    let (ty, span) = (self.function[var].ty.clone(), self.function[var].span);
                    let op = match self.function[var].storage {
                        Storage::Value => Op::Use(Operand::Var(var)),
                        Storage::Memory => Op::Borrow(Place::var(var)),
                    };
                    var = self.temp_var(&name, ty, op, span);
                }
                self.function[var].name = format!("{name}_{}", uses.len() + 1);
            }
            uses.push(var);
            self.mentioned.insert(var);
        }
        identifier(&self.function[var].name, self.function[var].span).into_token_stream()
    }

    pub(super) fn place_tokens(&mut self, place: &Place, uses: &mut Vec<VarId>) -> TokenStream {
        let root = self.mention_var(place.root, uses);
        let last = place.path.iter().rposition(|step| !matches!(step, Proj::Deref)).map_or(0, |last| last + 1);
        place.path[..last].iter().fold(root, |base, step| match step {
            Proj::Deref => quote!((*#base)),
            Proj::Field(member) => quote!(#base.#member),
            Proj::Part(method) => {
                let method = crate::ir::step_into(method, false);
                quote!((*#base.#method()))
            }
            Proj::Payload(_) => unreachable!("a part of a variant is bound by a pattern before it is used"),
            Proj::Index(index) => {
                let index = self.mention(index, uses);
                quote!(#base[#index])
            }
            Proj::IndexNd(indices) => {
                let indices: Vec<TokenStream> = indices.iter().map(|index| self.mention(index, uses)).collect();
                quote!(#base[[#(#indices),*]])
            }
            Proj::Range { lo, hi, inclusive } => {
                let lo = lo.as_ref().map(|lo| self.mention(lo, uses));
                let hi = hi.as_ref().map(|hi| self.mention(hi, uses));
                let dots = if *inclusive { quote!(..=) } else { quote!(..) };
                quote!(#base[#lo #dots #hi])
            }
        })
    }
}

/// The function or method that the tokens end with a call of.
fn called_name(tokens: &TokenStream) -> Option<String> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let [.., TokenTree::Ident(name), TokenTree::Group(group)] = trees.as_slice() else { return None };
    let name = name.to_string();
    let plain = group.delimiter() == Delimiter::Parenthesis && name.len() > 1 && name.starts_with(char::is_lowercase);
    plain.then_some(name).filter(|name| syn::parse_str::<Ident>(name).is_ok())
}

/// An identifier for a variable's name.
pub(super) fn identifier(name: &str, span: Span) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, span),
        None => Ident::new(name, span),
    }
}

/// The identifiers in the tokens that may name variables: not fields, methods, paths, labels or macros.
/// Format strings name variables too.
pub(crate) fn mentions(tokens: &TokenStream) -> Vec<Ident> {
    let mut found = Vec::new();
    collect_mentions(tokens, &mut found);
    found
}

fn collect_mentions(tokens: &TokenStream, found: &mut Vec<Ident>) {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (position, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Ident(ident) if names_variable(&trees, position) => add(found, ident.clone()),
            TokenTree::Group(group) => collect_mentions(&group.stream(), found),
            TokenTree::Literal(literal) => format_arguments(literal, found),
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

fn add(found: &mut Vec<Ident>, ident: Ident) {
    if !found.contains(&ident) {
        found.push(ident);
    }
}

fn names_variable(trees: &[TokenTree], position: usize) -> bool {
    let punct = |at: Option<usize>| match at.and_then(|at| trees.get(at)) {
        Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
        _ => None,
    };
    let before = punct(position.checked_sub(1));
    let earlier = punct(position.checked_sub(2));
    let (after, later) = (punct(Some(position + 1)), punct(Some(position + 2)));
    let is_member = before == Some('.') && earlier != Some('.');
    let in_path = (before == Some(':') && earlier == Some(':')) || (after == Some(':') && later == Some(':'));
    let is_label = before == Some('\'');
    let is_field_name = after == Some(':') && later != Some(':');
    let is_macro = after == Some('!')
        && matches!(trees.get(position + 2), Some(TokenTree::Group(group)) if group.delimiter() != Delimiter::None);
    !(is_member || in_path || is_label || is_field_name || is_macro)
}

/// `{name}`, `{name:?}` in a string.
fn format_arguments(literal: &proc_macro2::Literal, found: &mut Vec<Ident>) {
    let text = literal.to_string();
    if !text.contains('"') {
        return;
    }
    for part in text.replace("{{", "").split('{').skip(1) {
        let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let closes = part[name.len()..].starts_with([':', '}']);
        if closes && let Ok(ident) = syn::parse_str::<Ident>(&name) {
            add(found, Ident::new(&ident.to_string(), literal.span()));
        }
    }
}
