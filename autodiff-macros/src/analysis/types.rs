//! What is known of types without asking rustc: reading them from signatures, asking questions about them, merging
//! two views of one type.
//!
//! A wrong guess is a type error in the expansion, never a wrong derivative: hence guesses are optimistic, except that
//! nothing that may be differentiable is ever taken for an integer.

use super::scalars;
use crate::ir::{BinOp, Float, Function, Op, Place, Proj, Tensor, Type, VarId};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

const INTEGERS: [&str; 12] = ["usize", "isize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128"];

/// Types of std and ndarray that hold no float of their own.
const INACTIVE: [&str; 18] = [
    "char",
    "str",
    "String",
    "Duration",
    "Instant",
    "Ordering",
    "PhantomData",
    "Path",
    "PathBuf",
    "OsString",
    "OsStr",
    "Axis",
    "RangeFull",
    "AtomicUsize",
    "Ix1",
    "Ix2",
    "Ix3",
    "IxDyn",
];

/// Types of std that are inactive if all their arguments are.
const CONTAINERS: [&str; 18] = [
    "Option",
    "Result",
    "Box",
    "Rc",
    "Arc",
    "Cow",
    "HashMap",
    "BTreeMap",
    "HashSet",
    "BTreeSet",
    "VecDeque",
    "Range",
    "RangeInclusive",
    "Wrapping",
    "NonZero",
    "Cell",
    "RefCell",
    "Reverse",
];

/// Whether this names a type that certainly holds no float.
pub(crate) fn is_inactive_name(name: &str) -> bool {
    (INACTIVE.contains(&name) || CONTAINERS.contains(&name)) && !is_taken(name)
}

/// Whether the crate has a type of its own under this name of std.
fn is_taken(name: &str) -> bool {
    scalars::is_own(name) && !matches!(name, "Option" | "Result")
}

/// The names of such types.
pub(super) fn inactive_names() -> impl Iterator<Item = &'static str> {
    INACTIVE.into_iter().chain(CONTAINERS)
}

/// Types of std whose associated functions have no derivatives.
pub(crate) fn is_std(name: &str) -> bool {
    is_inactive_name(name) || matches!(name, "Vec" | "BinaryHeap" | "LinkedList")
}

/// The suffix name of an integer type.
pub(crate) fn integer(name: &str) -> Option<&'static str> {
    INTEGERS.iter().copied().find(|known| *known == name)
}

/// The float that a type name or a literal's suffix stands for.
pub(crate) fn float(name: &str) -> Option<Float> {
    match name {
        "f32" => Some(Float::F32),
        "f64" => Some(Float::F64),
        _ => None,
    }
}

/// Reads a type as it is written in a signature or an ascription.
pub(crate) fn parse_type(ty: &syn::Type) -> Type {
    match ty {
        syn::Type::Array(array) => Type::Array(Box::new(parse_type(&array.elem)), array.len.to_token_stream()),
        syn::Type::Slice(slice) => Type::Slice(Box::new(parse_type(&slice.elem))),
        syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Type::Unit,
        syn::Type::Tuple(tuple) => Type::Tuple(tuple.elems.iter().map(parse_type).collect()),
        syn::Type::Reference(reference) => {
            Type::Ref { mutable: reference.mutability.is_some(), inner: Box::new(parse_type(&reference.elem)) }
        }
        syn::Type::Group(group) => parse_type(&group.elem),
        syn::Type::Paren(paren) => parse_type(&paren.elem),
        syn::Type::Never(_) => Type::Never,
        syn::Type::Infer(_) => Type::Unknown,
        syn::Type::Path(path) => parse_path(path),
        other => Type::Named(other.to_token_stream()),
    }
}

fn parse_path(path: &syn::TypePath) -> Type {
    let named = || Type::Named(path.to_token_stream());
    let Some(last) = path.path.segments.last() else { return named() };
    if path.qself.is_some() {
        return named();
    }
    if let Some(ty) = scalars::named(path) {
        return ty;
    }
    let name = last.ident.to_string();
    let arguments = type_arguments(&last.arguments);
    if let Some(float) = float(&name) {
        return Type::Float(float);
    }
    if let Some(int) = integer(&name) {
        return Type::Int(Some(int));
    }
    if name == "bool" {
        return Type::Bool;
    }
    if name == "VecDeque" {
        return Type::Deque(Box::new(arguments.first().map_or(Type::Unknown, parse_type)));
    }
    if name == "Vec" {
        return Type::Vec(Box::new(arguments.first().map_or(Type::Unknown, parse_type)));
    }
    if let Some(tensor) = parse_tensor(&name, &arguments) {
        return Type::Tensor(tensor);
    }
    let is_optional = matches!(name.as_str(), "Option" | "Result");
    // What a `Result` holds as an error carries no derivative.
    let parts = if name == "Result" { &arguments[..arguments.len().min(1)] } else { &arguments[..] };
    let inactive_arguments = parts.iter().all(|argument| !may_carry_derivative(&parse_type(argument)));
    if is_taken(&name) {
        return named();
    }
    if INACTIVE.contains(&name.as_str())
        || (CONTAINERS.contains(&name.as_str()) && !is_optional && !arguments.is_empty() && inactive_arguments)
    {
        return Type::Inactive;
    }
    match (name.as_str(), arguments.as_slice()) {
        ("Option", [content]) => Type::Option(Box::new(parse_type(content))),
        // An alias such as `io::Result<T>` fixes the error.
        ("Result", [content]) => Type::Result(Box::new(parse_type(content)), Box::new(Type::Inactive)),
        ("Result", [content, error]) => Type::Result(Box::new(parse_type(content)), Box::new(parse_type(error))),
        _ => named(),
    }
}

/// The types among the generic arguments of a path's segment.
pub(crate) fn type_arguments(arguments: &syn::PathArguments) -> Vec<syn::Type> {
    let syn::PathArguments::AngleBracketed(list) = arguments else { return Vec::new() };
    let types = list.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    types.collect()
}

/// `Array0`..`Array6`, `ArrayD`, `Array<A, D>` and their views, with or without arguments.
pub(crate) fn parse_tensor(name: &str, arguments: &[syn::Type]) -> Option<Tensor> {
    let rest = name.strip_prefix("Array")?;
    let (rest, view) = if let Some(rest) = rest.strip_prefix("ViewMut") {
        (rest, true)
    } else if let Some(rest) = rest.strip_prefix("View") {
        (rest, true)
    } else {
        (rest, false)
    };
    let elem = Box::new(arguments.first().map_or(Type::Unknown, parse_type));
    let rank = match rest {
        "D" => None,
        "" => arguments.get(1).and_then(dimension_rank),
        _ => Some(rest.parse::<usize>().ok().filter(|rank| *rank <= 6)?),
    };
    Some(Tensor { elem, rank, view })
}

fn dimension_rank(dimension: &syn::Type) -> Option<usize> {
    let text = dimension.to_token_stream().to_string();
    let digits = text.rsplit("Ix").next()?;
    digits.trim().parse().ok()
}

/// The type behind all references.
pub(crate) fn strip_refs(ty: &Type) -> &Type {
    match ty {
        Type::Ref { inner, .. } => strip_refs(inner),
        other => other,
    }
}

/// False only where it is certain that a value of this type holds nothing differentiable.
pub(crate) fn may_carry_derivative(ty: &Type) -> bool {
    match ty {
        Type::Int(_) | Type::Bool | Type::Unit | Type::Inactive | Type::Never => false,
        Type::Array(inner, _)
        | Type::Slice(inner)
        | Type::Vec(inner)
        | Type::Deque(inner)
        | Type::Tape(inner)
        | Type::Slot(inner) => may_carry_derivative(inner),
        Type::Ref { inner, .. } | Type::Option(inner) | Type::Result(inner, _) => may_carry_derivative(inner),
        Type::Tuple(items) => items.iter().any(may_carry_derivative),
        Type::Tensor(tensor) => may_carry_derivative(&tensor.elem),
        Type::Unknown | Type::Float(_) | Type::FloatLiteral | Type::Named(_) | Type::Pullback => true,
    }
}

/// A float, of known or still open precision.
pub(crate) fn is_float(ty: &Type) -> bool {
    matches!(ty, Type::Float(_) | Type::FloatLiteral)
}

/// A number or a truth value that is certainly a machine scalar.
pub(crate) fn is_scalar(ty: &Type) -> bool {
    matches!(ty, Type::Float(_) | Type::FloatLiteral | Type::Int(_) | Type::Bool)
}

/// True only where it is certain that the type is `Copy`.
pub(crate) fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Float(_) | Type::FloatLiteral | Type::Int(_) | Type::Bool | Type::Unit | Type::Never => true,
        Type::Array(inner, _) | Type::Option(inner) => is_copy(inner),
        Type::Result(inner, error) => is_copy(inner) && is_copy(error),
        Type::Tuple(items) => items.iter().all(is_copy),
        Type::Ref { mutable, .. } => !mutable,
        Type::Unknown
        | Type::Inactive
        | Type::Slice(_)
        | Type::Vec(_)
        | Type::Deque(_)
        | Type::Tensor(_)
        | Type::Named(_)
        | Type::Tape(_)
        | Type::Slot(_)
        | Type::Pullback => false,
    }
}

/// A type with a name is in it, of which nothing else is known.
pub(crate) fn mentions_named(ty: &Type) -> bool {
    match ty {
        Type::Named(_) => true,
        Type::Array(inner, _) | Type::Option(inner) => mentions_named(inner),
        Type::Result(inner, error) => mentions_named(inner) || mentions_named(error),
        Type::Tuple(items) => items.iter().any(mentions_named),
        _ => false,
    }
}

/// True only where it is certain that a by-value use moves.
pub(crate) fn is_moved(ty: &Type) -> bool {
    match ty {
        Type::Vec(_)
        | Type::Deque(_)
        | Type::Tensor(_)
        | Type::Slice(_)
        | Type::Tape(_)
        | Type::Slot(_)
        | Type::Pullback => true,
        Type::Array(inner, _) | Type::Option(inner) => is_moved(inner),
        Type::Result(inner, error) => is_moved(inner) || is_moved(error),
        Type::Tuple(items) => items.iter().any(is_moved),
        Type::Ref { mutable, .. } => *mutable,
        Type::Unknown
        | Type::Inactive
        | Type::Named(_)
        | Type::Float(_)
        | Type::FloatLiteral
        | Type::Int(_)
        | Type::Bool
        | Type::Unit
        | Type::Never => false,
    }
}

/// The type of a tangent: references inside the value are owned parts there, see [`owned_path`].
pub(crate) fn owned_parts(ty: &Type) -> Type {
    let part = |part: &Type| owned(&owned_parts(part));
    match ty {
        Type::Ref { mutable, inner } => Type::Ref { mutable: *mutable, inner: Box::new(owned_parts(inner)) },
        Type::Tuple(items) => Type::Tuple(items.iter().map(part).collect()),
        Type::Array(item, len) => Type::Array(Box::new(part(item)), len.clone()),
        Type::Slice(item) => Type::Slice(Box::new(part(item))),
        Type::Vec(item) => Type::Vec(Box::new(part(item))),
        Type::Deque(item) => Type::Deque(Box::new(part(item))),
        Type::Option(content) | Type::Result(content, _) => Type::Option(Box::new(part(content))),
        other => other.clone(),
    }
}

/// The tangent of a box is that of what it holds, and that of what a call returned is owned: in the tangent of such a
/// variable there is nothing to dereference.
pub(crate) fn tangent_path(root: &Type, path: &[Proj]) -> Vec<Proj> {
    match path {
        [Proj::Deref, rest @ ..] if matches!(root, Type::Unknown) || pointee(root).is_some() => owned_path(rest),
        _ => owned_path(path),
    }
}

/// What a `Box`, an `Rc` or an `Arc` holds.
pub(crate) fn pointee(ty: &Type) -> Option<Type> {
    let Type::Named(name) = ty else { return None };
    let content = super::lists::pointee(name);
    let is_pointer = content.to_string() != name.to_string();
    is_pointer.then(|| syn::parse2(content).map_or(Type::Unknown, |content| parse_type(&content)))
}

/// The name of the pointer's type around what it holds, as far as that can be written.
pub(crate) fn pointer_to(pointer: &str, content: &Type) -> Type {
    let pointer = proc_macro2::Ident::new(pointer, proc_macro2::Span::call_site());
    let content = match content {
        Type::Named(name) => name.clone(),
        other => crate::ir::literals::type_name(other).unwrap_or_else(|| quote::quote!(_)),
    };
    Type::Named(quote::quote!(#pointer<#content>))
}

/// `Box<dyn Layer>`, `dyn Layer`
pub(crate) fn is_object(ty: &Type) -> bool {
    let is_dyn = |tree: TokenTree| matches!(tree, TokenTree::Ident(ident) if ident == "dyn");
    let Type::Named(name) = ty else { return false };
    let mut trees = name.clone().into_iter().peekable();
    let begins = trees.peek().cloned().is_some_and(is_dyn);
    let pointer = is_pointer_name(&trees.peek().map(ToString::to_string).unwrap_or_default());
    begins || pointer && trees.nth(2).is_some_and(is_dyn)
}

fn is_pointer_name(name: &str) -> bool {
    matches!(name, "Box" | "Rc" | "Arc")
}

/// The path into a cotangent or tangent that corresponds to a path into the value: references inside the value are
/// owned parts there, and only the variable itself may be a reference.
pub(crate) fn owned_path(path: &[Proj]) -> Vec<Proj> {
    let owned = |(at, step): &(usize, &Proj)| *at == 0 || !matches!(step, Proj::Deref);
    let steps = path.iter().enumerate().filter(owned).map(|(_, step)| match step {
        Proj::Part(method) => Proj::Payload(method.clone()),
        other => other.clone(),
    });
    steps.collect()
}

/// What `.clone()`, `.to_vec()` or `.to_owned()` of something of this type gives.
pub(crate) fn owned(ty: &Type) -> Type {
    match strip_refs(ty) {
        Type::Slice(inner) => Type::Vec(inner.clone()),
        Type::Tensor(tensor) => Type::Tensor(Tensor { view: false, ..tensor.clone() }),
        other => other.clone(),
    }
}

/// The tangent of a value of this type in several directions at once, for numbers and lists of them.
pub(crate) fn with_lanes(ty: &Type) -> Option<Type> {
    Some(match ty {
        Type::Float(_) | Type::FloatLiteral => Type::Float(Float::Lane),
        Type::Int(_) | Type::Bool | Type::Unit | Type::Inactive => Type::Unit,
        Type::Array(item, len) => Type::Array(Box::new(with_lanes(item)?), len.clone()),
        Type::Slice(item) => Type::Slice(Box::new(with_lanes(item)?)),
        Type::Vec(item) => Type::Vec(Box::new(with_lanes(item)?)),
        Type::Deque(item) => Type::Deque(Box::new(with_lanes(item)?)),
        Type::Tuple(items) => Type::Tuple(items.iter().map(with_lanes).collect::<Option<_>>()?),
        Type::Ref { mutable, inner } => Type::Ref { mutable: *mutable, inner: Box::new(with_lanes(inner)?) },
        Type::Option(content) => Type::Option(Box::new(with_lanes(content)?)),
        Type::Slot(content) => Type::Slot(Box::new(with_lanes(content)?)),
        Type::Unknown
        | Type::Tensor(_)
        | Type::Result(..)
        | Type::Named(_)
        | Type::Tape(_)
        | Type::Pullback
        | Type::Never => return None,
    })
}

/// The type is that of such a tangent.
pub(crate) fn has_lanes(ty: &Type) -> bool {
    match ty {
        Type::Float(float) => *float == Float::Lane,
        Type::Array(item, _)
        | Type::Slice(item)
        | Type::Vec(item)
        | Type::Deque(item)
        | Type::Option(item)
        | Type::Slot(item) => has_lanes(item),
        Type::Ref { inner, .. } => has_lanes(inner),
        Type::Tuple(items) => items.iter().any(has_lanes),
        _ => false,
    }
}

/// Whether the value is a view of an array.
pub(crate) fn is_view(ty: &Type) -> bool {
    matches!(strip_refs(ty), Type::Tensor(tensor) if tensor.view)
}

/// The element of an array, a slice, a `Vec` or a tensor.
pub(crate) fn element(ty: &Type) -> Option<Type> {
    match strip_refs(ty) {
        Type::Array(inner, _) | Type::Slice(inner) | Type::Vec(inner) | Type::Deque(inner) => Some((**inner).clone()),
        Type::Tensor(tensor) => Some((*tensor.elem).clone()),
        _ => None,
    }
}

/// The type that one step into a value of type `ty` leads to.
pub(crate) fn project(ty: &Type, step: &Proj) -> Type {
    match step {
        Proj::Deref => match ty {
            Type::Ref { inner, .. } => (**inner).clone(),
            other => pointee(other).unwrap_or_else(|| other.clone()),
        },
        Proj::Field(member) => match (strip_refs(ty), member) {
            (Type::Tuple(items), syn::Member::Unnamed(index)) => {
                items.get(index.index as usize).cloned().unwrap_or(Type::Unknown)
            }
            (Type::Inactive, _) => Type::Inactive,
            _ => Type::Unknown,
        },
        Proj::Payload(method) | Proj::Part(method) => match strip_refs(ty) {
            Type::Option(content) => (**content).clone(),
            Type::Result(content, _) if method == "ok_0_mut" => (**content).clone(),
            Type::Result(_, error) => (**error).clone(),
            Type::Inactive => Type::Inactive,
            _ => Type::Unknown,
        },
        Proj::Index(_) | Proj::IndexNd(_) => match strip_refs(ty) {
            Type::Inactive => Type::Inactive,
            other => element(other).unwrap_or(Type::Unknown),
        },
        Proj::Range { .. } => match strip_refs(ty) {
            Type::Inactive => Type::Inactive,
            other => Type::Slice(Box::new(element(other).unwrap_or(Type::Unknown))),
        },
    }
}

impl Function {
    /// The type of what a place holds.
    pub(crate) fn place_type(&self, place: &Place) -> Type {
        self.resolve(place).0
    }

    /// The type of a part of a value of this type, if it is known.
    pub(crate) fn field_type(&self, whole: &Type, member: &syn::Member) -> Option<Type> {
        let step = Proj::Field(member.clone());
        let found = match project(strip_refs(whole), &step) {
            open if is_open(&open) => self.parts.get(&format!("{}{}", owner(whole)?, step_name(&step)))?.clone(),
            known => known,
        };
        (!is_open(&found)).then_some(found)
    }

    /// Whether a part of a value of this type is declared constant.
    pub(crate) fn is_constant_member(&self, whole: &Type, step: &Proj) -> bool {
        let part = || Some(format!("{}{}", type_name(whole)?, step_name(step)));
        !self.constant_parts.is_empty() && part().is_some_and(|part| self.constant_parts.contains(&part))
    }

    /// How many steps lead to a part that is declared constant, if the place is one or lies in one.
    pub(crate) fn constant_prefix(&self, place: &Place) -> Option<usize> {
        let whole = |at: usize| self.place_type(&Place { root: place.root, path: place.path[..at].to_vec() });
        let known = !self.constant_parts.is_empty();
        let mut steps = place.path.iter().enumerate().filter(|_| known);
        steps.find(|(at, step)| self.is_constant_member(&whole(*at), step)).map(|(at, _)| at + 1)
    }

    /// Whether the place is a part that is declared constant, or lies in one.
    pub(crate) fn is_constant_part(&self, place: &Place) -> bool {
        self.constant_prefix(place).is_some()
    }

    /// The name under which inference keeps what it finds out about a place: set if the place is a part of a value whose
    /// type it does not look into, and its own type does not follow from another type.
    pub(crate) fn part_key(&self, place: &Place) -> Option<String> {
        self.resolve(place).1
    }

    /// The type of what a place holds, and, if that is known from the table of parts only, the key there.
    fn resolve(&self, place: &Place) -> (Type, Option<String>) {
        let root = match self[place.root].ty.clone() {
            Type::Slot(inner) => Type::Ref { mutable: true, inner },
            other => other,
        };
        let mut key = owner(&root).or_else(|| is_open(&root).then(|| format!("#{}", place.root.0)));
        let mut ty = root;
        let mut learned = None;
        for step in &place.path {
            let next = project(&ty, step);
            learned = None;
            if !is_open(&next) || matches!(step, Proj::Deref) {
                key = owner(&next).or(if matches!(step, Proj::Deref) { key } else { None });
                ty = next;
                continue;
            }
            let Some(part) = key.take().map(|key| format!("{key}{}", step_name(step))) else {
                ty = next;
                continue;
            };
            ty = self.parts.get(&part).cloned().unwrap_or(Type::Unknown);
            key = owner(&ty).or_else(|| is_open(&ty).then(|| part.clone()));
            learned = Some(part);
        }
        (ty, learned)
    }
}

/// The name of the type, if it is one that is not looked into.
fn owner(ty: &Type) -> Option<String> {
    match strip_refs(ty) {
        // Rust sees through a box.
        boxed if pointee(boxed).is_some() => owner(&pointee(boxed)?),
        Type::Named(name) => Some(short_name(name)),
        _ => None,
    }
}

/// Whether inference made the name up, for a type of which nothing is known but what its parts are.
pub(crate) fn is_made_up(name: &TokenStream) -> bool {
    name.to_string().starts_with('_')
}

/// The last name in the path of a named type.
pub(crate) fn type_name(ty: &Type) -> Option<String> {
    owner(ty).map(|name| name.split('<').next().unwrap_or_default().to_owned())
}

/// A type's last name with its arguments, without lifetimes, however it is spelled: `Pair<f64>` for
/// `model::Pair::<'a, f64>`.
pub(crate) fn short_name(path: &TokenStream) -> String {
    let mut name = String::new();
    let (mut depth, mut skip) = (0_usize, false);
    for tree in path.clone() {
        let text = tree.to_string();
        match text.as_str() {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            "'" => {
                skip = true;
                continue;
            }
            _ if std::mem::take(&mut skip) => continue,
            ":" => continue,
            "," if name.ends_with('<') => continue,
            _ if depth == 0 => name.clear(),
            _ => {}
        }
        name.push_str(&text);
    }
    name.trim_end_matches("<>").to_owned()
}

fn is_open(ty: &Type) -> bool {
    matches!(strip_refs(ty), Type::Unknown)
}

pub(super) fn step_name(step: &Proj) -> String {
    match step {
        Proj::Deref => String::new(),
        Proj::Field(member) => format!(".{}", member.to_token_stream()),
        Proj::Payload(method) | Proj::Part(method) => format!(".{method}"),
        Proj::Index(_) | Proj::IndexNd(_) => "[]".to_owned(),
        Proj::Range { .. } => "[..]".to_owned(),
    }
}

/// Lets `ty` learn from `other`, another view of the same type. Returns whether it changed.
pub(crate) fn merge(ty: &mut Type, other: &Type) -> bool {
    match (&mut *ty, other) {
        (_, Type::Unknown | Type::Never) => false,
        (Type::Unknown | Type::Never, _) => replace(ty, other),
        (Type::FloatLiteral, Type::Float(_) | Type::Int(Some(_))) => replace(ty, other),
        (Type::Int(name @ None), Type::Int(Some(known))) => {
            *name = Some(known);
            true
        }
        (Type::Array(a, _), Type::Array(b, _) | Type::Slice(b) | Type::Vec(b))
        | (Type::Slice(a) | Type::Vec(a), Type::Array(b, _) | Type::Slice(b) | Type::Vec(b))
        | (Type::Deque(a), Type::Deque(b))
        | (Type::Ref { inner: a, .. }, Type::Ref { inner: b, .. })
        | (Type::Option(a), Type::Option(b)) => merge(a, b),
        (Type::Result(a, a_error), Type::Result(b, b_error)) => merge(a, b) | merge(a_error, b_error),
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            a.iter_mut().zip(b).fold(false, |changed, (a, b)| merge(a, b) | changed)
        }
        (Type::Tensor(a), Type::Tensor(b)) => {
            let learns_rank = a.rank.is_none() && b.rank.is_some();
            if learns_rank {
                a.rank = b.rank;
            }
            merge(&mut a.elem, &b.elem) | learns_rank
        }
        _ => false,
    }
}

fn replace(ty: &mut Type, other: &Type) -> bool {
    *ty = other.clone();
    true
}

/// Both are numbers, certainly of different types: rustc accepts neither an operator between them nor one in place of
/// the other.
pub(crate) fn conflict(left: &Type, right: &Type) -> bool {
    match (strip_refs(left), strip_refs(right)) {
        // A name may stand for any float, and have operators that floats do not have.
        (Type::Float(Float::Named(_) | Float::Lane), _) | (_, Type::Float(Float::Named(_) | Float::Lane)) => false,
        (Type::Float(_), Type::Int(Some(_))) | (Type::Int(Some(_)), Type::Float(_)) => true,
        (Type::Float(left), Type::Float(right)) => left != right,
        _ => false,
    }
}

/// The result type of a binary operator.
pub(crate) fn binary_type(op: BinOp, left: &Type, right: &Type) -> Type {
    let (left, right) = (strip_refs(left), strip_refs(right));
    match op {
        BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge | BinOp::And | BinOp::Or => Type::Bool,
        BinOp::Shl | BinOp::Shr => left.clone(),
        BinOp::Add
        | BinOp::Sub
        | BinOp::Mul
        | BinOp::Div
        | BinOp::Rem
        | BinOp::BitAnd
        | BinOp::BitOr
        | BinOp::BitXor => arithmetic_type(left, right),
    }
}

fn arithmetic_type(left: &Type, right: &Type) -> Type {
    match (left, right) {
        (Type::Tensor(a), Type::Tensor(b)) => {
            let mut elem = (*a.elem).clone();
            merge(&mut elem, &b.elem);
            let rank = a.rank.zip(b.rank).map(|(a, b)| a.max(b));
            Type::Tensor(Tensor { elem: Box::new(elem), rank, view: false })
        }
        (Type::Tensor(tensor), scalar) | (scalar, Type::Tensor(tensor)) => {
            let mut elem = (*tensor.elem).clone();
            if is_float(scalar) && matches!(elem, Type::Int(_)) {
                elem = scalar.clone();
            } else if is_float(scalar) {
                merge(&mut elem, scalar);
            }
            let rank = if is_scalar(scalar) { tensor.rank } else { None };
            Type::Tensor(Tensor { elem: Box::new(elem), rank, view: false })
        }
        (Type::Unknown | Type::Named(_), _) | (_, Type::Unknown | Type::Named(_)) => Type::Unknown,
        (Type::Int(name), Type::Int(other)) => Type::Int(name.or(*other)),
        (Type::Float(Float::F32 | Float::F64), Type::Float(named @ Float::Named(_))) => Type::Float(named.clone()),
        (Type::Float(_), Type::Float(Float::Lane)) => Type::Float(Float::Lane),
        (Type::Float(float), _) | (_, Type::Float(float)) => Type::Float(float.clone()),
        // What is computed from literals so far may carry a derivative later: an accumulator that begins with `0.0`.
        (Type::FloatLiteral, _) | (_, Type::FloatLiteral) => Type::FloatLiteral,
        // Only behind the floats: where an integer meets one, the integer was a wrong guess.
        (Type::Int(name), _) | (_, Type::Int(name)) => Type::Int(*name),
        (Type::Inactive, _) | (_, Type::Inactive) => Type::Inactive,
        (Type::Bool, _) => Type::Bool,
        (other, _) => other.clone(),
    }
}

/// The result type of a function of the runtime that has no derivative of its own, from its arguments' types.
/// Without an entry here it is the type of the first argument.
pub(crate) fn helper_type(name: &str, args: &[Type]) -> Type {
    let first = args.first().map_or(Type::Unknown, |ty| strip_refs(ty).clone());
    match name {
        "dot" => product_type(&first, args.get(1)),
        "dot_lhs_bar" => factor_type(&first, args.get(1)),
        "dot_rhs_bar" => factor_type(args.get(1).map_or(&Type::Unknown, strip_refs), args.first()),
        "mean_axis_bar" => with_rank(&first, |rank| Some(rank + 1)),
        "expand_axis" => match with_rank(&first, |rank| Some(rank + 1)) {
            Type::Tensor(tensor) => Type::Tensor(Tensor { view: true, ..tensor }),
            other => other,
        },
        "mean_axis" | "var_axis_dot" | "without_axis" => with_rank(&first, |rank| rank.checked_sub(1)),
        "insert_axis" => with_rank(&first, |rank| Some(rank + 1)),
        // Something of the runtime's that only can be added to a cotangent.
        "part_bar" | "slice_bar" | "diag_bar" | "listed" => Type::Unknown,
        "array_from" => {
            let elem = element(&first).unwrap_or(Type::Unknown);
            Type::Tensor(Tensor { elem: Box::new(elem), rank: Some(1), view: false })
        }
        "count" | "count_axis" | "mean" | "var_dot" => element(&first).unwrap_or(first),
        _ => first,
    }
}

/// The type of a `dot` of two arrays.
pub(crate) fn product_type(left: &Type, right: Option<&Type>) -> Type {
    let (Type::Tensor(left), Some(Type::Tensor(right))) = (left, right.map(strip_refs)) else { return Type::Unknown };
    let (Some(rows), Some(columns)) = (left.rank, right.rank) else { return Type::Unknown };
    match (rows + columns).checked_sub(2) {
        Some(0) => (*left.elem).clone(),
        rank => Type::Tensor(Tensor { elem: left.elem.clone(), rank, view: false }),
    }
}

/// The type of one factor of a `dot`, from the product and the other factor.
fn factor_type(product: &Type, other: Option<&Type>) -> Type {
    let Some(Type::Tensor(other)) = other.map(strip_refs) else { return Type::Unknown };
    let product_rank = match product {
        Type::Tensor(product) => product.rank,
        Type::Unknown => None,
        _ => Some(0),
    };
    let rank = product_rank.zip(other.rank).and_then(|(product, other)| (product + 2).checked_sub(other));
    Type::Tensor(Tensor { elem: other.elem.clone(), rank, view: false })
}

fn with_rank(ty: &Type, rank: impl FnOnce(usize) -> Option<usize>) -> Type {
    match ty {
        Type::Tensor(tensor) => {
            Type::Tensor(Tensor { elem: tensor.elem.clone(), rank: tensor.rank.and_then(rank), view: false })
        }
        _ => Type::Unknown,
    }
}

/// A read of a place that leaves it as it is.
pub(crate) fn copied(place: Place, ty: &Type) -> Op {
    if is_copy(ty) { Op::Read(place) } else { Op::CloneOf(place) }
}

/// A read of a place that is not used afterwards.
pub(crate) fn taken(place: Place, ty: &Type) -> Op {
    if is_copy(ty) { Op::Read(place) } else { Op::Move(place) }
}

/// A part of a pair that is taken apart.
pub(crate) fn part(pair: VarId, index: usize, ty: &Type) -> Op {
    taken(Place { root: pair, path: vec![Proj::Field(syn::Member::from(index))] }, ty)
}

/// The type of the numbers of what is a number or a list of numbers.
pub(crate) fn numbers(ty: &Type) -> Option<Type> {
    match ty {
        Type::Float(_) => Some(ty.clone()),
        Type::Slice(item) | Type::Vec(item) | Type::Array(item, _) if matches!(**item, Type::Float(_)) => {
            Some((**item).clone())
        }
        Type::Tensor(tensor) if tensor.rank == Some(1) => Some((*tensor.elem).clone()),
        _ => None,
    }
}

/// The floats that a value of this type is known to hold, in order.
pub(crate) fn floats(ty: &Type, found: &mut Vec<Float>) {
    match ty {
        Type::Float(float) => found.push(float.clone()),
        Type::Array(item, _)
        | Type::Slice(item)
        | Type::Vec(item)
        | Type::Deque(item)
        | Type::Option(item)
        | Type::Result(item, _)
        | Type::Slot(item)
        | Type::Tape(item) => floats(item, found),
        Type::Ref { inner, .. } => floats(inner, found),
        Type::Tensor(tensor) => floats(&tensor.elem, found),
        Type::Tuple(items) => items.iter().for_each(|item| floats(item, found)),
        Type::Unknown
        | Type::FloatLiteral
        | Type::Int(_)
        | Type::Bool
        | Type::Unit
        | Type::Inactive
        | Type::Named(_)
        | Type::Pullback
        | Type::Never => {}
    }
}

/// The type without references, parentheses, and the invisible groups of `macro_rules`.
pub(crate) fn strip(ty: &syn::Type) -> &syn::Type {
    match ty {
        syn::Type::Reference(reference) => strip(&reference.elem),
        syn::Type::Group(group) => strip(&group.elem),
        syn::Type::Paren(paren) => strip(&paren.elem),
        other => other,
    }
}
