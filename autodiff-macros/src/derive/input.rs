//! Reading the item under the derive.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::visit_mut::{self, VisitMut};

use super::family::Family;
use super::fields::{Field, Role};
use super::names;
use crate::diagnostics::Diagnostics;
use crate::site::Site;

/// A struct or enum and what the derive knows about it.
pub(super) struct Input {
    pub(super) name: Ident,
    /// The types that contain each other, of which the item is one.
    pub(super) family: Family,
    pub(super) tangent: Ident,
    pub(super) vis: syn::Visibility,
    pub(super) generics: syn::Generics,
    pub(super) data: Data,
    /// The facade crate.
    pub(super) root: TokenStream,
    /// The runtime, as the impls name it.
    pub(super) rt: TokenStream,
}

pub(super) enum Data {
    Struct(Fields),
    Enum(Vec<Variant>),
    /// There is no field at all, and the tangent is `()`.
    Plain,
}

/// The fields of a struct or of a variant.
pub(super) struct Fields {
    pub(super) style: Style,
    pub(super) list: Vec<Field>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Style {
    Named,
    Tuple,
    Unit,
}

pub(super) struct Variant {
    pub(super) name: Ident,
    pub(super) fields: Fields,
}

impl Fields {
    /// The fields that have a tangent.
    pub(super) fn active(&self) -> impl Iterator<Item = &Field> {
        self.list.iter().filter(|field| field.is_active())
    }

    /// The fields that stand in the tangent: the active ones, and in tuples a place holder for each other.
    pub(super) fn present(&self) -> impl Iterator<Item = &Field> {
        self.list.iter().filter(|field| field.is_active() || self.style == Style::Tuple)
    }

    /// The tangent, or its variant, that `path` names, with a value for each active field.
    pub(super) fn construct(&self, path: &TokenStream, value: impl Fn(&Field) -> TokenStream) -> TokenStream {
        let list = self.present().map(|field| {
            let value = if field.is_active() { value(field) } else { quote!(::core::default::Default::default()) };
            match &field.member {
                syn::Member::Named(name) => quote!(#name: #value),
                syn::Member::Unnamed(_) => value,
            }
        });
        match self.style {
            Style::Named => quote!(#path { #(#list,)* }),
            Style::Tuple => quote!(#path(#(#list,)*)),
            Style::Unit => path.clone(),
        }
    }
}

impl Variant {
    /// This variant of the tangent `of` with a value for each active field.
    pub(super) fn construct(&self, of: &TokenStream, value: impl Fn(&Field) -> TokenStream) -> TokenStream {
        let name = &self.name;
        self.fields.construct(&quote!(#of::#name), value)
    }
}

impl Input {
    /// Reads the item; reports what cannot have a tangent.
    pub(super) fn read(item: &syn::DeriveInput, site: Option<&Site>, diagnostics: &mut Diagnostics) -> Option<Input> {
        let krate = options(&item.attrs, diagnostics).krate;
        refuse_packed(&item.attrs, diagnostics);
        let mut named = item.clone();
        SelfType::of(item).visit_derive_input_mut(&mut named);
        let root = crate::options::root(krate.as_ref());
        let rt = if mentions(item.to_token_stream(), "rt") { quote!(#root::rt) } else { quote!(rt) };
        let family = Family::of(&named, site);
        let mut reader = Reader { item: &named, family: &family, root: &root, diagnostics };
        let data = match &named.data {
            syn::Data::Struct(data) if data.fields.is_empty() => Data::Plain,
            syn::Data::Struct(data) => Data::Struct(reader.fields(&data.fields, false)),
            syn::Data::Enum(data) if data.variants.iter().all(|variant| variant.fields.is_empty()) => Data::Plain,
            syn::Data::Enum(data) => Data::Enum(reader.variants(data)),
            syn::Data::Union(data) => {
                let help = "use an enum, which knows which of its fields is there";
                reader.diagnostics.error(data.union_token, "a union has no tangent", help);
                return None;
            }
        };
        let (name, generics, vis) = (item.ident.clone(), named.generics.clone(), item.vis.clone());
        Some(Input { tangent: names::tangent(&name), name, family, vis, generics, data, root, rt })
    }

    /// All fields, of all variants.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        let fields: Vec<&Fields> = match &self.data {
            Data::Struct(fields) => vec![fields],
            Data::Enum(variants) => variants.iter().map(|variant| &variant.fields).collect(),
            Data::Plain => Vec::new(),
        };
        fields.into_iter().flat_map(|fields| &fields.list)
    }

    /// The import that makes the runtime's path short, unless that name is the user's.
    pub(super) fn import(&self) -> TokenStream {
        let root = &self.root;
        if self.rt.to_string() == "rt" { quote!(use #root::rt;) } else { TokenStream::new() }
    }
}

struct Reader<'a> {
    item: &'a syn::DeriveInput,
    family: &'a Family,
    root: &'a TokenStream,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// `constant` says that the whole variant has the attribute `#[nograd]`.
    fn fields(&mut self, fields: &syn::Fields, constant: bool) -> Fields {
        let style = match fields {
            syn::Fields::Named(_) => Style::Named,
            syn::Fields::Unnamed(_) => Style::Tuple,
            syn::Fields::Unit => Style::Unit,
        };
        let members = fields.members().zip(fields);
        let list = members.map(|(member, field)| self.field(member, field, constant)).collect();
        Fields { style, list }
    }

    fn field(&mut self, member: syn::Member, field: &syn::Field, constant: bool) -> Field {
        let buffer = self.buffer(field);
        let constant = flag("nograd", &field.attrs, self.diagnostics) || constant || buffer;
        let role = Role::of(&field.ty, self.family, constant);
        Field::new(member, field, (role, buffer), &self.item.generics, self.root)
    }

    /// Whether a field has the attribute `#[buffer]`, which needs a struct and numbers.
    fn buffer(&mut self, field: &syn::Field) -> bool {
        let buffer = flag("buffer", &field.attrs, self.diagnostics);
        let place = || field.attrs.iter().find(|attr| attr.path().is_ident("buffer"));
        if let Some(attr) = place().filter(|_| buffer && !matches!(self.item.data, syn::Data::Struct(_))) {
            let help = "put the field into a struct of its own, and that into the variant";
            self.diagnostics.error(attr, "only fields of structs can be buffers", help);
        } else if let Some(attr) = place().filter(|_| Role::of(&field.ty, self.family, true) == Role::Inactive) {
            let help = "take the attribute away, or store the number as `f64`";
            self.diagnostics.error(attr, "a buffer holds floating-point numbers, which this type does not", help);
        }
        buffer
    }

    fn variants(&mut self, data: &syn::DataEnum) -> Vec<Variant> {
        let mut methods = HashMap::new();
        let mut variants = Vec::new();
        for variant in &data.variants {
            let constant = flag("nograd", &variant.attrs, self.diagnostics);
            let fields = self.fields(&variant.fields, constant);
            for field in &fields.list {
                let method = names::payload_method(&variant.ident, &field.member).to_string();
                if let Some(other) = methods.insert(method.clone(), variant.ident.to_string()) {
                    let message =
                        format!("the variants `{other}` and `{}` both lead to the name `{method}`", variant.ident);
                    self.diagnostics.error(&variant.ident, message, "give one of the variants another name");
                }
            }
            variants.push(Variant { name: variant.ident.clone(), fields });
        }
        variants
    }
}

/// Whether an attribute without options is there.
fn flag(name: &str, attrs: &[syn::Attribute], diagnostics: &mut Diagnostics) -> bool {
    let mut found = false;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        found = true;
        if !matches!(attr.meta, syn::Meta::Path(_)) {
            diagnostics.error(attr, format!("`#[{name}]` has no options"), &format!("write `#[{name}]`"));
        }
    }
    found
}

/// What `#[differentiable(..)]` on the item says.
#[derive(Default)]
struct Options {
    krate: Option<syn::Path>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let span = input.span();
        let wrong = || syn::Error::new(span, ONE_OPTION);
        let key = input.call(syn::ext::IdentExt::parse_any);
        if !key.is_ok_and(|key: Ident| key == "crate") || input.parse::<syn::Token![=]>().is_err() {
            return Err(wrong());
        }
        let krate = input.call(syn::Path::parse_mod_style).map_err(|_| wrong())?;
        Ok(Options { krate: Some(krate) })
    }
}

const ONE_OPTION: &str = "the derive has one option\n  = help: write `#[differentiable(crate = path)]`";

fn options(attrs: &[syn::Attribute], diagnostics: &mut Diagnostics) -> Options {
    let mut options = Options::default();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("differentiable")) {
        let parsed = match &attr.meta {
            syn::Meta::List(list) => list.parse_args(),
            other => Err(syn::Error::new_spanned(other, ONE_OPTION)),
        };
        match parsed {
            Ok(parsed) => options = parsed,
            Err(error) => diagnostics.push(error),
        }
    }
    options
}

/// The fields of packed structs cannot be borrowed.
fn refuse_packed(attrs: &[syn::Attribute], diagnostics: &mut Diagnostics) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("repr")) {
        if mentions(attr.meta.to_token_stream(), "packed") {
            let help = "leave `packed` out, and convert where the layout matters";
            diagnostics.error(attr, "the fields of a packed struct cannot be borrowed, so it has no tangent", help);
        }
    }
}

/// Whether an identifier occurs in the tokens.
pub(super) fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|tree| match tree {
        proc_macro2::TokenTree::Ident(ident) => ident == name,
        proc_macro2::TokenTree::Group(group) => mentions(group.stream(), name),
        proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => false,
    })
}

/// Replaces `Self`, which means something else in the tangent type.
struct SelfType(syn::Path);

impl SelfType {
    fn of(item: &syn::DeriveInput) -> SelfType {
        let (name, (_, arguments, _)) = (&item.ident, item.generics.split_for_impl());
        SelfType(syn::parse_quote!(#name #arguments))
    }
}

impl VisitMut for SelfType {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if path.is_ident("Self") {
            *path = self.0.clone();
        }
    }
}
