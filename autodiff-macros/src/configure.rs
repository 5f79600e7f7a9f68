//! Conditional compilation inside the item.
//!
//! A macro cannot tell which `#[cfg(..)]` hold. It can let the compiler decide: the item is written twice, once for each
//! outcome of its first condition, under that condition and under its opposite. The compiler drops one of the two
//! before the attribute on it is expanded, so the work is linear in the number of conditions.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, Meta};

use crate::options::Options;

type List<T> = syn::punctuated::Punctuated<T, syn::Token![,]>;

/// The item for either outcome of the first condition in it; nothing if it holds no condition.
pub(crate) fn split(attribute: &TokenStream, item: &TokenStream) -> Option<TokenStream> {
    if !mentions_cfg(item) {
        return None;
    }
    let parsed = Configured::parse(item)?;
    let condition = first_condition(parsed.clone())?;
    let options = syn::parse2::<Options>(attribute.clone()).unwrap_or_default();
    let root = options.root();
    let (with, without) = (parsed.clone().resolved(&condition, true), parsed.resolved(&condition, false));
    let with = with.map(|item| quote!(#[cfg(#condition)] #[#root::differentiable(#attribute)] #item));
    let without = without.map(|item| quote!(#[cfg(not(#condition))] #[#root::differentiable(#attribute)] #item));
    Some(quote!(#with #without))
}

/// Most items hold no condition, and are not parsed a second time.
fn mentions_cfg(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        proc_macro2::TokenTree::Ident(ident) => ident == "cfg",
        proc_macro2::TokenTree::Group(group) => mentions_cfg(&group.stream()),
        proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => false,
    })
}

/// What the attribute may stand before.
#[derive(Clone)]
enum Configured {
    Item(Box<syn::Item>),
    TraitFunction(Box<syn::TraitItemFn>),
}

impl Configured {
    fn parse(item: &TokenStream) -> Option<Self> {
        match syn::parse2::<syn::Item>(item.clone()) {
            Ok(syn::Item::Verbatim(_)) | Err(_) => {
                syn::parse2(item.clone()).ok().map(|method| Configured::TraitFunction(Box::new(method)))
            }
            Ok(item) => Some(Configured::Item(Box::new(item))),
        }
    }

    /// Whether the item itself stays.
    fn visit(&mut self, visitor: &mut Conditions<'_>) -> bool {
        match self {
            Configured::Item(item) => {
                visitor.visit_item_mut(item);
                item_attributes(item).is_none_or(|attributes| visitor.stays(attributes))
            }
            Configured::TraitFunction(method) => {
                visitor.visit_trait_item_fn_mut(method);
                visitor.stays(&mut method.attrs)
            }
        }
    }

    /// The item as it is when `condition` has the given outcome, if it exists then.
    fn resolved(mut self, condition: &TokenStream, holds: bool) -> Option<TokenStream> {
        let text = condition.to_string();
        let stays = self.visit(&mut Conditions(&mut |found| (found.to_string() == text).then_some(holds)));
        stays.then(|| match self {
            Configured::Item(item) => item.into_token_stream(),
            Configured::TraitFunction(method) => method.into_token_stream(),
        })
    }
}

fn first_condition(mut item: Configured) -> Option<TokenStream> {
    let mut first = None;
    item.visit(&mut Conditions(&mut |found| {
        first.get_or_insert_with(|| found.clone());
        None
    }));
    first
}

/// Visits whatever a condition can stand before. The function is asked for the outcome of each condition: what holds
/// loses its attribute, what does not hold is removed.
struct Conditions<'a>(&'a mut dyn FnMut(&TokenStream) -> Option<bool>);

impl Conditions<'_> {
    /// Whether what the attributes stand before stays.
    fn stays(&mut self, attributes: &mut Vec<Attribute>) -> bool {
        let mut stays = true;
        attributes.retain(|attribute| {
            let Some((condition, positive)) = condition(attribute) else { return true };
            match (self.0)(&condition) {
                Some(holds) => {
                    stays &= holds == positive;
                    false
                }
                None => true,
            }
        });
        stays
    }

    fn statement_stays(&mut self, stmt: &mut syn::Stmt) -> bool {
        match stmt {
            syn::Stmt::Local(local) => self.stays(&mut local.attrs),
            syn::Stmt::Macro(mac) => self.stays(&mut mac.attrs),
            syn::Stmt::Expr(expr, _) => expr_attributes(expr).is_none_or(|attributes| self.stays(attributes)),
            syn::Stmt::Item(item) => item_attributes(item).is_none_or(|attributes| self.stays(attributes)),
        }
    }

    fn staying(&mut self, list: List<Expr>) -> List<Expr> {
        retain(list, |expr| expr_attributes(expr).is_none_or(|attributes| self.stays(attributes)))
    }
}

impl VisitMut for Conditions<'_> {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        block.stmts.retain_mut(|stmt| self.statement_stays(stmt));
        syn::visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_match_mut(&mut self, matching: &mut syn::ExprMatch) {
        matching.arms.retain_mut(|arm| self.stays(&mut arm.attrs));
        syn::visit_mut::visit_expr_match_mut(self, matching);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        item.items.retain_mut(|item| match item {
            syn::ImplItem::Fn(method) => self.stays(&mut method.attrs),
            syn::ImplItem::Const(constant) => self.stays(&mut constant.attrs),
            syn::ImplItem::Type(alias) => self.stays(&mut alias.attrs),
            _ => true,
        });
        syn::visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_item_trait_mut(&mut self, item: &mut syn::ItemTrait) {
        item.items.retain_mut(|item| match item {
            syn::TraitItem::Fn(method) => self.stays(&mut method.attrs),
            syn::TraitItem::Const(constant) => self.stays(&mut constant.attrs),
            syn::TraitItem::Type(alias) => self.stays(&mut alias.attrs),
            _ => true,
        });
        syn::visit_mut::visit_item_trait_mut(self, item);
    }

    fn visit_item_mod_mut(&mut self, item: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut item.content {
            items.retain_mut(|item| item_attributes(item).is_none_or(|attributes| self.stays(attributes)));
        }
        syn::visit_mut::visit_item_mod_mut(self, item);
    }

    fn visit_signature_mut(&mut self, signature: &mut syn::Signature) {
        signature.inputs = retain(std::mem::take(&mut signature.inputs), |parameter| match parameter {
            syn::FnArg::Typed(typed) => self.stays(&mut typed.attrs),
            syn::FnArg::Receiver(_) => true,
        });
    }

    fn visit_expr_array_mut(&mut self, array: &mut syn::ExprArray) {
        array.elems = self.staying(std::mem::take(&mut array.elems));
        syn::visit_mut::visit_expr_array_mut(self, array);
    }

    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        call.args = self.staying(std::mem::take(&mut call.args));
        syn::visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        call.args = self.staying(std::mem::take(&mut call.args));
        syn::visit_mut::visit_expr_method_call_mut(self, call);
    }

    fn visit_expr_struct_mut(&mut self, literal: &mut syn::ExprStruct) {
        literal.fields = retain(std::mem::take(&mut literal.fields), |field| self.stays(&mut field.attrs));
        syn::visit_mut::visit_expr_struct_mut(self, literal);
    }
}

/// The elements that stay, with their commas.
fn retain<T>(list: List<T>, mut stays: impl FnMut(&mut T) -> bool) -> List<T> {
    list.into_pairs()
        .filter_map(|pair| {
            let (mut value, comma) = pair.into_tuple();
            stays(&mut value).then(|| syn::punctuated::Pair::new(value, comma))
        })
        .collect()
}

/// The condition of a `#[cfg(..)]` without the `not`s around it, and whether their number is even.
fn condition(attribute: &Attribute) -> Option<(TokenStream, bool)> {
    let Meta::List(list) = &attribute.meta else { return None };
    if !list.path.is_ident("cfg") {
        return None;
    }
    let (mut condition, mut positive) = (list.tokens.clone(), true);
    while let Ok(Meta::List(inner)) = syn::parse2::<Meta>(condition.clone()) {
        if !inner.path.is_ident("not") {
            break;
        }
        (condition, positive) = (inner.tokens, !positive);
    }
    Some((condition, positive))
}

/// The attributes before an expression. Before an operator they belong to its left side.
fn expr_attributes(expr: &mut Expr) -> Option<&mut Vec<Attribute>> {
    match expr {
        Expr::Assign(assign) => expr_attributes(&mut assign.left),
        Expr::Binary(binary) => expr_attributes(&mut binary.left),
        Expr::Cast(cast) => expr_attributes(&mut cast.expr),
        Expr::Array(array) => Some(&mut array.attrs),
        Expr::Block(block) => Some(&mut block.attrs),
        Expr::Break(exit) => Some(&mut exit.attrs),
        Expr::Call(call) => Some(&mut call.attrs),
        Expr::Continue(exit) => Some(&mut exit.attrs),
        Expr::Field(field) => Some(&mut field.attrs),
        Expr::ForLoop(looping) => Some(&mut looping.attrs),
        Expr::If(branch) => Some(&mut branch.attrs),
        Expr::Index(index) => Some(&mut index.attrs),
        Expr::Lit(literal) => Some(&mut literal.attrs),
        Expr::Loop(looping) => Some(&mut looping.attrs),
        Expr::Macro(mac) => Some(&mut mac.attrs),
        Expr::Match(matching) => Some(&mut matching.attrs),
        Expr::MethodCall(call) => Some(&mut call.attrs),
        Expr::Paren(paren) => Some(&mut paren.attrs),
        Expr::Path(path) => Some(&mut path.attrs),
        Expr::Reference(reference) => Some(&mut reference.attrs),
        Expr::Return(exit) => Some(&mut exit.attrs),
        Expr::Struct(literal) => Some(&mut literal.attrs),
        Expr::Try(attempt) => Some(&mut attempt.attrs),
        Expr::Tuple(tuple) => Some(&mut tuple.attrs),
        Expr::Unary(unary) => Some(&mut unary.attrs),
        Expr::While(looping) => Some(&mut looping.attrs),
        _ => None,
    }
}

fn item_attributes(item: &mut syn::Item) -> Option<&mut Vec<Attribute>> {
    match item {
        syn::Item::Const(item) => Some(&mut item.attrs),
        syn::Item::Enum(item) => Some(&mut item.attrs),
        syn::Item::Fn(item) => Some(&mut item.attrs),
        syn::Item::Impl(item) => Some(&mut item.attrs),
        syn::Item::Macro(item) => Some(&mut item.attrs),
        syn::Item::Mod(item) => Some(&mut item.attrs),
        syn::Item::Static(item) => Some(&mut item.attrs),
        syn::Item::Struct(item) => Some(&mut item.attrs),
        syn::Item::Trait(item) => Some(&mut item.attrs),
        syn::Item::Type(item) => Some(&mut item.attrs),
        syn::Item::Use(item) => Some(&mut item.attrs),
        _ => None,
    }
}
