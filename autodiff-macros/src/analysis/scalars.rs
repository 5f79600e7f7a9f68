//! Which names of types stand for numbers: type parameters with numeric bounds, and names that are used like one.
//!
//! What is found holds while one item is expanded, [`Scalars::enter`] says which; reading a type asks for it. A name that
//! is taken for a number by mistake gives a type error, never a wrong derivative.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, TypeParamBound, WherePredicate};

use super::evidence::Uses;
use super::types;
use crate::converted;
use crate::declarations;
use crate::ir::{Float, Type};
use crate::nearby;
use crate::owner::{Owner, Place};
use crate::site::Site;
use crate::source::Source;

/// What the names of types stand for, as far as it is not what their spelling says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scalars {
    known: HashMap<String, Type>,
    /// Names of std's types that the crate gives to types of its own.
    own: HashSet<String>,
    /// What `x.into()` gives, by the bound `T: Into<f64>`.
    into: HashMap<String, Float>,
}

/// What bounds say about a type parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    /// It holds no float: a source of random numbers, something to print to.
    Inactive,
    /// A function, or a type that is not looked into.
    Other,
    /// The bounds say nothing: its use decides.
    Open,
}

/// Traits of numbers, of `num_traits`, `ndarray`, `nalgebra` and `simba`, and the operators.
const NUMBERS: [&str; 45] = [
    "Float",
    "FloatCore",
    "FloatConst",
    "FloatExt",
    "Real",
    "RealField",
    "SimdRealField",
    "ComplexField",
    "NdFloat",
    "LinalgScalar",
    "ScalarOperand",
    "Num",
    "NumCast",
    "NumOps",
    "NumRef",
    "NumAssign",
    "NumAssignOps",
    "NumAssignRef",
    "FromPrimitive",
    "ToPrimitive",
    "AsPrimitive",
    "Signed",
    "Zero",
    "One",
    "Inv",
    "MulAdd",
    "MulAddAssign",
    "Pow",
    "Scalar",
    "Number",
    "Numeric",
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Rem",
    "Neg",
    "AddAssign",
    "SubAssign",
    "MulAssign",
    "DivAssign",
    "RemAssign",
    "Sum",
    "Product",
    "SubsetOf",
];

/// Traits of integers, and of what holds no number at all.
const INACTIVE: [&str; 17] = [
    "PrimInt",
    "Integer",
    "Unsigned",
    "Rng",
    "RngCore",
    "RngExt",
    "SeedableRng",
    "CryptoRng",
    "Read",
    "Write",
    "BufRead",
    "Hasher",
    "BuildHasher",
    "Hash",
    "ToString",
    "Error",
    "Ord",
];

/// Traits that numbers and other values have alike.
const NEUTRAL: [&str; 14] = [
    "Copy",
    "Clone",
    "Debug",
    "Display",
    "LowerExp",
    "Default",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Sync",
    "Sized",
    "Unpin",
    "Any",
    "FromStr",
];

/// Names that numeric code gives to the type of its numbers.
const LIKELY: [&str; 14] =
    ["T", "F", "S", "N", "R", "Real", "Scalar", "Float", "Number", "Num", "Flt", "Fp", "FloatType", "Precision"];

/// Numeric code gives this name to the type of its numbers.
pub(super) fn is_likely(path: &str) -> bool {
    LIKELY.contains(&path.rsplit([':', ' ']).next().unwrap_or_default())
}

thread_local! {
    /// What holds for the item that is being expanded.
    static IN_FORCE: RefCell<Scalars> = RefCell::new(Scalars::default());
}

/// Restores what held before, when it is dropped.
pub(crate) struct Entered(Scalars);

impl Drop for Entered {
    fn drop(&mut self) {
        IN_FORCE.with(|scalars| scalars.swap(&RefCell::new(std::mem::take(&mut self.0))));
    }
}

/// The type that a path stands for, if it is not a type of its own.
pub(crate) fn named(path: &impl ToTokens) -> Option<Type> {
    IN_FORCE.with(|scalars| {
        let known = &scalars.borrow().known;
        if known.is_empty() { None } else { known.get(&path.to_token_stream().to_string()).cloned() }
    })
}

/// What a number is, of which nothing else is known than that the function in force computes with it: the only number that has
/// a name there, or one that a literal may be, if none has. Nothing if there are several.
pub(super) fn open_number() -> Option<Type> {
    IN_FORCE.with(|scalars| {
        let scalars = scalars.borrow();
        let mut named = scalars.known.values().filter(|ty| matches!(ty, Type::Float(Float::Named(_))));
        match (named.next(), named.next()) {
            (None, _) => Some(Type::FloatLiteral),
            (Some(only), None) => Some(only.clone()),
            (Some(_), Some(_)) => None,
        }
    })
}

/// The crate has a type of its own by this name.
pub(crate) fn is_own(name: &str) -> bool {
    IN_FORCE.with(|scalars| scalars.borrow().own.contains(name))
}

/// What `into` makes of a number of this type, if its bounds tell.
pub(crate) fn into_target(ty: &Type) -> Option<Type> {
    let Type::Float(Float::Named(name)) = ty else { return None };
    IN_FORCE.with(|scalars| scalars.borrow().into.get(&**name).cloned().map(Type::Float))
}

/// The name of a trait of numbers.
pub(crate) fn is_trait_of_numbers(name: &str) -> bool {
    NUMBERS.contains(&name)
}

impl Scalars {
    /// The type parameters that are numbers by their bounds, or by how the body uses them.
    pub(crate) fn of_generics(generics: &Generics, body: Option<&syn::ItemFn>) -> Scalars {
        let uses = body.map(Uses::of).unwrap_or_default();
        let mut scalars = Scalars::default();
        for (name, bounds) in bounds(generics) {
            scalars.into.extend(into_float(&bounds).map(|float| (name.clone(), float)));
            let number = match kind(&name, &bounds) {
                Kind::Number => true,
                Kind::Open => uses.like_number.contains(&name) || uses.arithmetic.contains(&name),
                Kind::Inactive => {
                    scalars.known.insert(name, Type::Inactive);
                    continue;
                }
                Kind::Other => false,
            };
            if number {
                scalars.number(name);
            }
        }
        scalars
    }

    /// What holds inside a function: what its generics say, and what its types tell that are declared elsewhere. Those that
    /// the crate declares as structs or enums are no numbers, as far as its files can be read.
    pub(crate) fn of(function: &syn::ItemFn, owner: Option<&Owner>, site: Option<&Site>) -> Scalars {
        let mut scalars = Scalars::of_generics(&function.sig.generics, Some(function));
        if let Some(text) = site.and_then(Site::text) {
            scalars.look_around(function, &text);
            scalars.look_at_owner(owner, &text);
        }
        if let Some(owner) = owner {
            let outer = Scalars::of_generics(&owner.generics, Some(function));
            scalars.known.extend(outer.known);
            scalars.into.extend(outer.into);
            owner.numbers.iter().for_each(|name| scalars.number(name.clone()));
        }
        if let Some(site) = site {
            let generics = [Some(&function.sig.generics), owner.map(|owner| &owner.generics)];
            generics.into_iter().flatten().for_each(|generics| {
                scalars.look_at_traits(generics, site);
                scalars.leave_out_types(generics, site);
            });
        }
        if let Some(float) = owner.and_then(own_float) {
            scalars.known.insert("Self".into(), Type::Float(float));
        } else if let Some(whole) = owner.and_then(|owner| scalars.own_parts(owner)) {
            scalars.known.insert("Self".into(), whole);
        }
        let uses = Uses::of(function);
        let outer = owner.into_iter().flat_map(|owner| owner.generics.type_params());
        let declared: HashSet<String> =
            function.sig.generics.type_params().chain(outer).map(|param| param.ident.to_string()).collect();
        for name in &uses.named {
            let last = name.rsplit(' ').next().unwrap_or(name);
            let likely = LIKELY.contains(&last) && (last.len() > 1 || last == name);
            let number = (likely || uses.like_number.contains(name)) && !uses.apart.contains(name);
            if number && !declared.contains(name) && !site.is_some_and(|site| declarations::declares_type(site, last)) {
                scalars.number(name.clone());
            }
        }
        scalars
    }

    /// The array, the tuple or the number of a type parameter that `Self` is.
    fn own_parts(&self, owner: &Owner) -> Option<Type> {
        let _own = self.clone().enter();
        let ty = types::parse_type(owner.self_type.as_ref()?);
        let known = matches!(ty, Type::Array(..) | Type::Tuple(_) | Type::Vec(_) | Type::Slice(_) | Type::Float(_));
        known.then_some(ty)
    }

    /// Nothing is known of `Self`.
    pub(crate) fn with_open_self() -> Scalars {
        Scalars::given(HashMap::from([("Self".to_owned(), Type::Named(quote::quote!(Self)))]))
    }

    /// What the function's file says of the types that it names.
    fn look_around(&mut self, function: &syn::ItemFn, text: &Source) {
        let own = types::inactive_names().filter(|name| nearby::has_own(text, name));
        self.own.extend(own.filter(|name| !nearby::is_plain_enum(text, name)).map(str::to_owned));
        let names = nearby::names(&function.sig.to_token_stream());
        let plain = names.into_iter().filter(|name| nearby::is_plain_enum(text, name));
        self.known.extend(plain.map(|name| (name, Type::Inactive)));
    }

    /// Type parameters whose bounds are the crate's own traits: what stands above these tells whether they are numbers.
    fn look_at_traits(&mut self, generics: &Generics, site: &Site) {
        for (name, bounds) in bounds(generics) {
            let open = !self.known.contains_key(&name) && kind(&name, &bounds) == Kind::Open;
            let own = |of_trait: &String| !NEUTRAL.contains(&of_trait.as_str());
            if open && traits(&bounds).filter(own).any(|of_trait| declarations::is_trait_of_numbers(site, &of_trait)) {
                self.number(name);
            }
        }
    }

    /// Type parameters whose bounds are traits that the crate gives to types of its own, and to no number, are no numbers, even
    /// if they have a `zero`.
    fn leave_out_types(&mut self, generics: &Generics, site: &Site) {
        for (name, bounds) in bounds(generics) {
            let open = matches!(self.known.get(&name), Some(Type::Float(_))) && kind(&name, &bounds) == Kind::Open;
            let own = |of_trait: &String| !NEUTRAL.contains(&of_trait.as_str());
            if open && traits(&bounds).filter(own).any(|of_trait| declarations::is_of_types_only(site, &of_trait)) {
                self.known.remove(&name);
            }
        }
    }

    /// The type that the function belongs to holds nothing.
    fn look_at_owner(&mut self, owner: Option<&Owner>, text: &Source) {
        let owner = owner.filter(|owner| owner.place == Place::Type);
        let own = owner.and_then(|owner| owner.self_type.as_ref()).map(|ty| ty.to_token_stream().to_string());
        if let Some(own) = own.filter(|own| nearby::is_plain_enum(text, own)) {
            self.known.insert(own, Type::Inactive);
            self.known.insert("Self".into(), Type::Inactive);
        }
    }

    /// What the file of a type says of the types of its fields.
    pub(crate) fn of_fields(item: &proc_macro2::TokenStream, site: Option<&Site>) -> Scalars {
        let mut scalars = Scalars::default();
        let Some(text) = site.and_then(Site::text) else { return scalars };
        let plain = nearby::names(item).into_iter().filter(|name| nearby::is_plain_enum(&text, name));
        scalars.known.extend(plain.map(|name| (name, Type::Inactive)));
        scalars
    }

    /// Names that stand for these types.
    pub(super) fn given(known: HashMap<String, Type>) -> Scalars {
        Scalars { known, ..Scalars::default() }
    }

    fn number(&mut self, name: String) {
        let float = Float::Named(Rc::from(name.as_str()));
        self.known.insert(name, Type::Float(float));
    }

    /// Lets this hold, beside what holds already, until the result is dropped.
    pub(crate) fn enter(self) -> Entered {
        IN_FORCE.with(|scalars| {
            let before = scalars.borrow().clone();
            scalars.borrow_mut().known.extend(self.known);
            scalars.borrow_mut().own.extend(self.own);
            scalars.borrow_mut().into.extend(self.into);
            Entered(before)
        })
    }
}

/// The number that `Self` is: in the implementation of a trait for it, or in a trait of numbers.
fn own_float(owner: &Owner) -> Option<Float> {
    match &owner.self_type {
        Some(ty) => types::float(&ty.to_token_stream().to_string()),
        None => owner.of_numbers.then(|| Float::Named(Rc::from("Self"))),
    }
}

/// Whether the traits above a trait make its types numbers: a trait of numbers, or all the arithmetic of the type with
/// itself. A vector has no quotient.
pub(crate) fn makes_number<'b>(supertraits: impl IntoIterator<Item = &'b TypeParamBound>) -> bool {
    let mut operators = HashSet::new();
    for bound in supertraits {
        let TypeParamBound::Trait(bound) = bound else { continue };
        let Some(last) = bound.path.segments.last() else { continue };
        let name = last.ident.to_string();
        let with_itself = !matches!(&last.arguments, syn::PathArguments::AngleBracketed(arguments)
            if arguments.args.iter().any(|argument| matches!(argument, syn::GenericArgument::Type(_))));
        if ["Float", "FloatCore", "Real", "RealField", "Num", "NumAssign", "NumOps", "NdFloat"].contains(&name.as_str())
        {
            return true;
        }
        if ["Add", "Sub", "Mul", "Div"].contains(&name.as_str()) && with_itself {
            operators.insert(name);
        }
    }
    operators.len() == 4
}

/// The names of the traits among bounds.
pub(crate) fn traits<'b>(bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> impl Iterator<Item = String> {
    bounds.into_iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    })
}

/// The bounds of every type parameter, in its own place and in the `where` clause. `Point: From<P>` says `P: Into<Point>`.
pub(crate) fn bounds(generics: &Generics) -> BTreeMap<String, Vec<TypeParamBound>> {
    let mut all: BTreeMap<String, Vec<TypeParamBound>> = BTreeMap::new();
    for param in &generics.params {
        if let GenericParam::Type(param) = param {
            all.entry(param.ident.to_string()).or_default().extend(param.bounds.iter().cloned());
        }
    }
    for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
        if let WherePredicate::Type(predicate) = predicate
            && let Some(bounds) = all.get_mut(&predicate.bounded_ty.to_token_stream().to_string())
        {
            bounds.extend(predicate.bounds.iter().cloned());
        }
    }
    for (source, target) in converted::by_from(generics) {
        if let Some(bounds) = all.get_mut(&source.to_token_stream().to_string()) {
            bounds.push(syn::parse_quote!(Into<#target>));
        }
    }
    all
}

/// Why a parameter with these bounds has no tangent, and what to write instead. `unnamed`: it is an `impl Trait`.
pub(crate) fn advice<'b>(
    mut bounds: impl Iterator<Item = &'b TypeParamBound>,
    unnamed: bool,
) -> Option<(&'static str, &'static str)> {
    bounds.find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|last| !lends_nothing(last))?;
        Some(match last.ident.to_string().as_str() {
            "Iterator" | "IntoIterator" | "DoubleEndedIterator" | "ExactSizeIterator" => (
                "an iterator has no gradient: what it takes its items from is not seen",
                "take a slice, `&[f64]`, and iterate over it",
            ),
            "AsRef" | "AsMut" | "Borrow" | "BorrowMut" | "Deref" | "DerefMut" | "Index" | "IndexMut" => (
                "the gradient of what can be borrowed as something else has no type",
                "take what it is borrowed as: `&[f64]`; callers write `xs.as_ref()`",
            ),
            _ if unnamed && NUMBERS.contains(&last.ident.to_string().as_str()) => {
                ("the gradient of an `impl Trait` has no type", "give the type a name: `fn f<T: Float>(x: T)`")
            }
            _ => return None,
        })
    })
}

fn kind(name: &str, bounds: &[TypeParamBound]) -> Kind {
    if operators(name, bounds).iter().any(Operator::is_with_another) {
        return Kind::Other;
    }
    let mut kind = Kind::Open;
    for bound in bounds {
        let TypeParamBound::Trait(bound) = bound else { continue };
        let Some(last) = bound.path.segments.last() else { continue };
        let own = last.ident.to_string();
        if NUMBERS.contains(&own.as_str()) || converted_float(last).is_some() {
            return Kind::Number;
        }
        if NEUTRAL.contains(&own.as_str()) {
            continue;
        }
        let numeric = ["Float", "Flt", "Real", "Num", "Scalar", "Field"].iter().any(|part| own.contains(part));
        // It is converted to something that is no number, and most likely is none itself.
        if own == "Into" && !lends_nothing(last) {
            return Kind::Other;
        }
        kind = if INACTIVE.contains(&own.as_str()) || has_inactive_items(last) || lends_nothing(last) {
            Kind::Inactive
        } else if numeric && LIKELY.contains(&name) {
            return Kind::Number;
        } else if own.starts_with("Fn") || matches!(own.as_str(), "AsRef" | "AsMut" | "Iterator" | "IntoIterator") {
            Kind::Other
        } else {
            kind
        };
    }
    kind
}

/// An operator that a type parameter has by its bounds: `V: Mul<T, Output = V>`.
pub(crate) struct Operator {
    pub(crate) name: String,
    /// The other operand; nothing if there is none.
    pub(crate) other: Option<syn::Type>,
    output: Option<syn::Type>,
    this: String,
    /// The trait without what it says of its result: `Mul<T>`.
    of_trait: syn::Path,
}

impl Operator {
    /// What the operator gives.
    pub(crate) fn output(&self) -> TokenStream {
        let this = syn::Ident::new(&self.this, proc_macro2::Span::call_site());
        match &self.output {
            Some(output) if is_self(output) => this.to_token_stream(),
            Some(output) => output.to_token_stream(),
            None => {
                let of_trait = &self.of_trait;
                quote!(<#this as #of_trait>::Output)
            }
        }
    }

    fn is_with_another(&self) -> bool {
        let differs = |ty: &syn::Type| ty.to_token_stream().to_string() != self.this && !is_self(ty);
        self.other.iter().chain(&self.output).any(differs)
    }
}

/// Operators that give something.
pub(crate) const GIVING: [&str; 6] = ["Add", "Sub", "Mul", "Div", "Rem", "Neg"];

/// Operators that change their left operand.
const ASSIGNING: [&str; 5] = ["AddAssign", "SubAssign", "MulAssign", "DivAssign", "RemAssign"];

/// The operators of a type parameter of which nothing else is known: it may be a vector.
pub(crate) fn operators(name: &str, bounds: &[TypeParamBound]) -> Vec<Operator> {
    let mut found = Vec::new();
    for bound in bounds {
        let TypeParamBound::Trait(bound) = bound else { continue };
        let Some(last) = bound.path.segments.last() else { continue };
        let own = last.ident.to_string();
        if GIVING.contains(&own.as_str()) || ASSIGNING.contains(&own.as_str()) {
            let other = (own != "Neg").then(|| {
                let given = types::type_arguments(&last.arguments).into_iter().next();
                let ident = syn::Ident::new(name, proc_macro2::Span::call_site());
                given.filter(|ty| !is_self(ty)).unwrap_or_else(|| syn::parse_quote!(#ident))
            });
            let of_trait = without_output(&bound.path);
            found.push(Operator { name: own, other, output: output(last), this: name.to_owned(), of_trait });
        } else if NUMBERS.contains(&own.as_str()) || converted_float(last).is_some() {
            return Vec::new();
        }
    }
    found
}

/// `Mul<T>` of `Mul<T, Output = V>`
pub(crate) fn without_output(of_trait: &syn::Path) -> syn::Path {
    let mut own = of_trait.clone();
    if let Some(last) = own.segments.last_mut()
        && let syn::PathArguments::AngleBracketed(arguments) = &last.arguments
    {
        let types = arguments.args.iter().filter(|argument| matches!(argument, syn::GenericArgument::Type(_)));
        let types: Vec<_> = types.collect();
        let plain = types.is_empty();
        let others = syn::parse_quote!(<#(#types),*>);
        last.arguments = if plain { syn::PathArguments::None } else { syn::PathArguments::AngleBracketed(others) };
    }
    own
}

/// Values of a type with these bounds are copied, or can be cloned.
pub(crate) fn are_copied(bounds: &[TypeParamBound]) -> bool {
    traits(bounds).any(|name| name == "Copy" || name == "Clone")
}

fn is_self(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident("Self"))
}

/// `T` in `Mul<Output = T>`.
fn output(bound: &syn::PathSegment) -> Option<syn::Type> {
    associated(bound, "Output")
}

/// What a bound says of an associated type of this name.
pub(crate) fn associated(bound: &syn::PathSegment, name: &str) -> Option<syn::Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &bound.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::AssocType(item) if item.ident == name => Some(item.ty.clone()),
        _ => None,
    })
}

/// `Iterator<Item = usize>`
fn has_inactive_items(bound: &syn::PathSegment) -> bool {
    let syn::PathArguments::AngleBracketed(arguments) = &bound.arguments else { return false };
    arguments.args.iter().any(|argument| match argument {
        syn::GenericArgument::AssocType(item) => {
            item.ident == "Item" && !types::may_carry_derivative(&types::parse_type(&item.ty))
        }
        _ => false,
    })
}

/// `AsRef<str>`, `Into<usize>`
fn lends_nothing(bound: &syn::PathSegment) -> bool {
    let lent = types::type_arguments(&bound.arguments);
    matches!(bound.ident.to_string().as_str(), "AsRef" | "Borrow" | "Into")
        && lent.first().is_some_and(|ty| !types::may_carry_derivative(&types::parse_type(ty)))
}

/// The float in `Into<f64>` or `From<f64>`.
fn converted_float(bound: &syn::PathSegment) -> Option<Float> {
    let syn::PathArguments::AngleBracketed(arguments) = &bound.arguments else { return None };
    if bound.ident != "Into" && bound.ident != "From" {
        return None;
    }
    types::float(&arguments.args.first()?.to_token_stream().to_string())
}

/// `f64` in `Into<f64>`.
pub(crate) fn converted_number<'b>(bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> Option<syn::Type> {
    bounds.into_iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last =
                bound.path.segments.last().filter(|last| last.ident == "Into" && converted_float(last).is_some())?;
            types::type_arguments(&last.arguments).into_iter().next()
        }
        _ => None,
    })
}

fn into_float(bounds: &[TypeParamBound]) -> Option<Float> {
    bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            converted_float(bound.path.segments.last().filter(|last| last.ident == "Into")?)
        }
        _ => None,
    })
}
