//! The attribute's grammar: `#[differentiable(wrt(w, b), crate = path, companion = name)]`.

use std::rc::Rc;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};

use crate::analysis::types;
use crate::ir::{Plan, literals};
use crate::owner::Surroundings;
use crate::site::Site;

/// What stands in the attribute's parentheses.
#[derive(Clone, Default)]
pub(crate) struct Options {
    /// `wrt(a, b)`: the parameters to differentiate with respect to; all where absent.
    pub(crate) wrt: Option<Vec<syn::Ident>>,
    /// `wrt(a.b.c)`: of these parameters, only these parts.
    pub(crate) wrt_parts: Vec<(syn::Ident, Vec<syn::Member>)>,
    /// `crate = path`: where the facade crate is found.
    pub(crate) krate: Option<syn::Path>,
    /// `companion = name`: the companion's name where the function's own is taken.
    pub(crate) companion: Option<syn::Ident>,
    /// `boxed`: mutually recursive functions return boxed pullbacks.
    pub(crate) boxed: bool,
    /// `inherent`: the derivatives of a trait's methods are functions of the type, not members of the trait.
    pub(crate) inherent: bool,
    /// `trait`: the trait that is implemented is annotated in another crate.
    pub(crate) of_trait: bool,
    /// `sized`: a trait whose objects need no derivatives.
    pub(crate) sized: bool,
    /// `order = n`: the order up to which there are derivatives.
    pub(crate) order: Option<usize>,
    /// `hvp`: products of the Hessian with vectors.
    pub(crate) hvp: Option<Span>,
    /// `hessian`: the matrix of second derivatives.
    pub(crate) hessian: Option<Span>,
    /// `jacobian`: the matrix of first derivatives.
    pub(crate) jacobian: Option<Span>,
    /// `lanes`: derivatives in several directions at once.
    pub(crate) lanes: Option<Span>,
    /// `lanes(forward)`: no reverse mode in several directions at once.
    pub(crate) forward_lanes: bool,
    /// `sparse`: patterns, and Jacobians or Hessians with few entries.
    pub(crate) sparse: Option<Span>,
    /// `vjp = path`: the function that is the reverse rule.
    pub(crate) vjp: Option<syn::Path>,
    /// `jvp = path`: the function that is the forward rule.
    pub(crate) jvp: Option<syn::Path>,
    /// `root_of = path`: the function that is zero at the result.
    pub(crate) root_of: Option<syn::Path>,
    /// `no_alloc`: what would allocate is an error.
    pub(crate) no_alloc: Option<Span>,
    /// `gradcheck`: a test checks the derivatives.
    pub(crate) gradcheck: Option<Gradcheck>,
    /// `anomaly`: the first number that is not finite stops the derivative; `anomaly = off`: not in this function.
    pub(crate) anomaly: Option<bool>,
    /// `checkpoint`: what the function computes is computed again; `checkpoint(..)`: most states of its loop are.
    pub(crate) checkpoint: Option<Checkpointing>,
    /// What the module says in which everything is differentiated.
    pub(crate) surroundings: Option<Rc<Surroundings>>,
    /// Where the item stands in its file, if that can be read.
    pub(crate) site: Option<Rc<Site>>,
    /// Another function of the file calls it, which knows that it has the joint form for any cotangent.
    pub(crate) called: bool,
    /// `analyses = ..`: hidden, for tests.
    pub(crate) analyses: Analyses,
}

/// An analysis or a transformation that only makes the derivatives faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Analysis {
    /// Activity: only what lies between a parameter and the result has cotangents and tangents.
    Activity,
    /// Elements of lists are told apart by their indices.
    Elements,
    /// What does not change in a loop is computed before it.
    Invariants,
    /// Cheap values are computed again instead of being saved.
    Recomputation,
    /// What is overwritten is saved and put back instead of what is read.
    Restoration,
    /// The forward and the reverse sweep of a loop become one loop.
    Fusion,
    /// What a loop adds to the same cotangent again and again is summed in a variable.
    Registers,
    /// Chains of elementwise operations on arrays become one loop.
    Chains,
    /// What the trips of a loop save lies in a slice, which the loop runs along.
    Rows,
    /// A callee whose cotangent is known gives its value and adds its derivatives in one call.
    Joints,
    /// The bodies of small functions stand in the place of calls of them.
    Inlining,
    /// Reversed loops whose trips are independent run forwards.
    Direction,
    /// What divides several cotangents is inverted once.
    Reciprocals,
    /// What is multiplied by zero in several directions is not computed.
    Zeros,
    /// What a geometric progression adds to the cotangent of its factor, each of its terms tells.
    Progressions,
    /// The patterns of sparse matrices are told by index expressions.
    Patterns,
    /// The gradient of a function of one number is what forward mode gives, where pullbacks would keep values.
    Forward,
}

const ANALYSES: &[(&str, Analysis)] = &[
    ("activity", Analysis::Activity),
    ("elements", Analysis::Elements),
    ("invariants", Analysis::Invariants),
    ("recomputation", Analysis::Recomputation),
    ("restoration", Analysis::Restoration),
    ("fusion", Analysis::Fusion),
    ("registers", Analysis::Registers),
    ("chains", Analysis::Chains),
    ("rows", Analysis::Rows),
    ("joints", Analysis::Joints),
    ("inlining", Analysis::Inlining),
    ("direction", Analysis::Direction),
    ("reciprocals", Analysis::Reciprocals),
    ("zeros", Analysis::Zeros),
    ("progressions", Analysis::Progressions),
    ("patterns", Analysis::Patterns),
    ("forward", Analysis::Forward),
];

/// `analyses = off` switches all of them off, `analyses = without(fusion, ..)` those that it names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Analyses {
    without: Vec<Analysis>,
}

impl Analyses {
    pub(crate) fn run(&self, analysis: Analysis) -> bool {
        !self.without.contains(&analysis)
    }

    fn join(mut self, outer: &Analyses) -> Self {
        self.without.extend(&outer.without);
        self
    }
}

impl Parse for Analyses {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let word: syn::Ident = input.parse()?;
        if word == "off" {
            return Ok(Analyses { without: ANALYSES.iter().map(|(_, analysis)| *analysis).collect() });
        }
        let content;
        syn::parenthesized!(content in input);
        let names = content.parse_terminated(syn::Ident::parse, syn::Token![,])?;
        let find = |name: &syn::Ident| ANALYSES.iter().find(|(known, _)| name == known).map(|(_, analysis)| *analysis);
        let unknown = |name: &syn::Ident| syn::Error::new(name.span(), "there is no analysis of this name");
        let without = names.iter().map(|name| find(name).ok_or_else(|| unknown(name))).collect::<syn::Result<_>>()?;
        Ok(Analyses { without })
    }
}

/// Where the derivatives of a function come from that is not looked at.
#[derive(Clone)]
pub(crate) enum Rules {
    Vjp(syn::Path),
    Jvp(syn::Path),
    Both {
        vjp: syn::Path,
        jvp: syn::Path,
    },
    /// The result is where this function is zero; `shown` is what the attribute names.
    Root {
        equation: syn::Path,
        shown: syn::Path,
    },
}

impl Rules {
    /// The functions that give the derivatives.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &syn::Path> {
        let (first, second) = match self {
            Rules::Vjp(path) | Rules::Jvp(path) | Rules::Root { shown: path, .. } => (path, None),
            Rules::Both { vjp, jvp } => (vjp, Some(jvp)),
        };
        [first].into_iter().chain(second)
    }
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Options::default();
        while !input.is_empty() {
            let key = input.call(syn::ext::IdentExt::parse_any)?;
            options.entry(&key, input)?;
            if !input.is_empty() {
                input.parse::<syn::Token![,]>()?;
            }
        }
        Ok(options)
    }
}

/// `gradcheck`, `gradcheck(x = 2.0..3.0, n = 5)`
#[derive(Clone)]
pub(crate) struct Gradcheck {
    pub(crate) span: Span,
    /// The values of parameters, or the ranges in which they lie.
    pub(crate) given: Vec<(syn::Ident, syn::Expr)>,
}

impl Gradcheck {
    /// What is given for a parameter.
    pub(crate) fn of(&self, name: &syn::Ident) -> Option<&syn::Expr> {
        self.given.iter().find(|(given, _)| given == name).map(|(_, value)| value)
    }

    fn parse(key: &syn::Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let mut given = Vec::new();
        if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            while !content.is_empty() {
                let name: syn::Ident = content.parse()?;
                given.push((name.clone(), value(&name, &content, "x = 2.0..3.0", syn::Expr::parse)?));
                if !content.is_empty() {
                    content.parse::<syn::Token![,]>()?;
                }
            }
        }
        Ok(Gradcheck { span: key.span(), given })
    }
}

/// `checkpoint`, `checkpoint(sqrt)`, `checkpoint(binomial, slots = n)`
#[derive(Clone, Copy)]
pub(crate) struct Checkpointing {
    pub(crate) span: Span,
    /// Which states of the function's loop are held; without it, nothing but the arguments is.
    pub(crate) plan: Option<Plan>,
}

impl Checkpointing {
    fn parse(key: &syn::Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let mut plan = None;
        if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            plan = Some(Checkpointing::of_loop(&content)?);
        }
        Ok(Checkpointing { span: key.span(), plan })
    }

    /// What stands in the parentheses.
    pub(crate) fn of_loop(input: ParseStream<'_>) -> syn::Result<Plan> {
        let wrong = |span| {
            let message = "this says not which states of the loop are held\n  = help: write `checkpoint(sqrt)` or `checkpoint(binomial, slots = 32)`";
            syn::Error::new(span, message)
        };
        let start = input.span();
        let kind: syn::Ident = input.parse().map_err(|_| wrong(start))?;
        let plan = match kind.to_string().as_str() {
            "sqrt" => Plan::Sqrt,
            "binomial" => {
                input.parse::<syn::Token![,]>().map_err(|_| wrong(kind.span()))?;
                let key: syn::Ident = input.parse().map_err(|_| wrong(kind.span()))?;
                let count: syn::LitInt = value(&key, input, "slots = 32", syn::LitInt::parse)?;
                let slots = count.base10_parse()?;
                if key != "slots" || slots == 0 {
                    return Err(wrong(count.span()));
                }
                Plan::Binomial { slots }
            }
            _ => return Err(wrong(kind.span())),
        };
        input.parse::<Option<syn::Token![,]>>()?;
        if input.is_empty() { Ok(plan) } else { Err(wrong(input.span())) }
    }
}

/// `order = n`
fn order(key: &syn::Ident, input: ParseStream<'_>) -> syn::Result<usize> {
    let number: syn::LitInt = value(key, input, "order = 2", syn::LitInt::parse)?;
    match number.base10_parse::<usize>()? {
        order @ 1..=6 => Ok(order),
        _ => {
            let message = "the order of derivatives is a number from 1 to 6\n  = help: write `order = 2`";
            Err(syn::Error::new(number.span(), message))
        }
    }
}

/// The path of the facade crate: what `crate = path` says, or its own name.
pub(crate) fn root(krate: Option<&syn::Path>) -> TokenStream {
    krate.map_or_else(|| quote!(::differentiable), ToTokens::to_token_stream)
}

impl Options {
    /// The path of the facade crate.
    pub(crate) fn root(&self) -> TokenStream {
        root(self.krate.as_ref())
    }

    /// The options of a member, with those that its `impl` or `trait` has for all.
    pub(crate) fn inside(self, outer: &Options) -> Options {
        Options {
            wrt: self.wrt.or_else(|| outer.wrt.clone()),
            wrt_parts: self.wrt_parts,
            krate: self.krate.or_else(|| outer.krate.clone()),
            companion: self.companion,
            boxed: self.boxed || outer.boxed,
            inherent: self.inherent || outer.inherent,
            of_trait: self.of_trait || outer.of_trait,
            sized: self.sized || outer.sized,
            order: self.order.max(outer.order),
            hvp: self.hvp,
            hessian: self.hessian,
            jacobian: self.jacobian,
            lanes: self.lanes.or(outer.lanes),
            forward_lanes: if self.lanes.is_some() { self.forward_lanes } else { outer.forward_lanes },
            sparse: self.sparse,
            vjp: self.vjp,
            jvp: self.jvp,
            root_of: self.root_of,
            site: outer.site.clone(),
            no_alloc: self.no_alloc.or(outer.no_alloc),
            gradcheck: self.gradcheck,
            anomaly: self.anomaly.or(outer.anomaly),
            checkpoint: self.checkpoint,
            surroundings: outer.surroundings.clone(),
            called: self.called,
            analyses: self.analyses.join(&outer.analyses),
        }
    }

    /// What gives the derivatives, if that is not the function's body.
    pub(crate) fn rules(&self) -> Option<Rules> {
        match (self.vjp.clone(), self.jvp.clone(), self.root_of.clone()) {
            (_, _, Some(path)) => Some(Rules::Root { equation: path.clone(), shown: path }),
            (Some(vjp), Some(jvp), None) => Some(Rules::Both { vjp, jvp }),
            (Some(path), None, None) => Some(Rules::Vjp(path)),
            (None, Some(path), None) => Some(Rules::Jvp(path)),
            (None, None, None) => None,
        }
    }

    /// Whether there is no allocator: it is asked for, or nothing but that is there without the standard library.
    pub(crate) fn no_alloc(&self) -> bool {
        self.no_alloc.is_some() || !cfg!(feature = "std")
    }

    /// Whether numbers that are not finite are reported: in this function, or in all of them.
    pub(crate) fn anomaly(&self) -> bool {
        self.anomaly.unwrap_or(cfg!(feature = "anomaly"))
    }

    /// The options of a whole `impl` or trait for one of its functions: what returns no number has no Hessian of its own, but
    /// second derivatives for those that call it.
    pub(crate) fn for_member(&self, signature: &syn::Signature) -> Options {
        let number = match &signature.output {
            syn::ReturnType::Type(_, ty) => literals::seed(&types::parse_type(ty)).is_some(),
            syn::ReturnType::Default => false,
        };
        if number || self.order() < 2 {
            return self.clone();
        }
        Options { hvp: None, hessian: None, order: Some(self.order()), ..self.clone() }
    }

    /// The order up to which derivatives are generated.
    pub(crate) fn order(&self) -> usize {
        let least = if self.hvp.is_some() || self.hessian.is_some() { 2 } else { 1 };
        self.order.unwrap_or(1).max(least)
    }

    pub(crate) fn entry(&mut self, key: &syn::Ident, input: ParseStream<'_>) -> syn::Result<()> {
        match key.to_string().as_str() {
            "wrt" => {
                let (names, parts) = parameters(key, input)?;
                (self.wrt, self.wrt_parts) = (Some(names), parts);
            }
            "crate" => self.krate = Some(value(key, input, "crate = path", syn::Path::parse_mod_style)?),
            "companion" => self.companion = Some(value(key, input, "companion = name", syn::Ident::parse)?),
            "boxed" => self.boxed = true,
            "inherent" => self.inherent = true,
            "trait" => self.of_trait = true,
            "sized" => self.sized = true,
            "hvp" => self.hvp = Some(key.span()),
            "hessian" => self.hessian = Some(key.span()),
            "jacobian" => self.jacobian = Some(key.span()),
            "lanes" => {
                self.lanes = Some(key.span());
                self.forward_lanes = only_forward(input)?;
            }
            "sparse" => self.sparse = Some(key.span()),
            "vjp" => self.vjp = Some(value(key, input, "vjp = rule", syn::Path::parse_mod_style)?),
            "jvp" => self.jvp = Some(value(key, input, "jvp = rule", syn::Path::parse_mod_style)?),
            "root_of" => self.root_of = Some(value(key, input, "root_of = equation", syn::Path::parse_mod_style)?),
            "gradcheck" => self.gradcheck = Some(Gradcheck::parse(key, input)?),
            "no_alloc" => self.no_alloc = Some(key.span()),
            "anomaly" => self.anomaly = Some(!input.peek(syn::Token![=]) || value(key, input, "anomaly = off", on)?),
            "checkpoint" => self.checkpoint = Some(Checkpointing::parse(key, input)?),
            "order" => self.order = Some(order(key, input)?),
            "analyses" => self.analyses = value(key, input, "analyses = off", Analyses::parse)?,
            other => {
                let message = format!(
                    "`#[differentiable]` has no option `{other}`\n  = help: the options are `wrt(..)`, `hvp`, `hessian`, `jacobian`, `lanes`, `sparse`, `order = n`, `no_alloc`, `gradcheck`, `anomaly`, `checkpoint`, `vjp = rule`, `jvp = rule`, `root_of = equation`, `companion = name`, `crate = path` and `boxed`"
                );
                return Err(syn::Error::new(key.span(), message));
            }
        }
        Ok(())
    }
}

/// `(forward)` behind `lanes`, if it stands there.
fn only_forward(input: ParseStream<'_>) -> syn::Result<bool> {
    if !input.peek(syn::token::Paren) {
        return Ok(false);
    }
    let content;
    syn::parenthesized!(content in input);
    let mode: syn::Ident = content.call(syn::ext::IdentExt::parse_any)?;
    if mode == "forward" && content.is_empty() {
        return Ok(true);
    }
    let message =
        "`lanes` has no such mode\n  = help: write `lanes(forward)` for forward mode alone, or `lanes` for both";
    Err(syn::Error::new(mode.span(), message))
}

/// `wrt(a, b)` behind the word.
fn parameters(key: &syn::Ident, input: ParseStream<'_>) -> syn::Result<(Vec<syn::Ident>, Parts)> {
    let help = "  = help: write the names of parameters, `wrt(x)`, or leave it out";
    if !input.peek(syn::token::Paren) {
        return Err(syn::Error::new(key.span(), format!("`wrt` names no parameter\n{help}")));
    }
    let content;
    syn::parenthesized!(content in input);
    let mut names: Vec<syn::Ident> = Vec::new();
    let mut parts: Parts = Vec::new();
    while !content.is_empty() {
        let wrong =
            |error: syn::Error| syn::Error::new(error.span(), format!("this is not the name of a parameter\n{help}"));
        let name = content.call(parameter).map_err(wrong)?;
        let fields = content.call(fields).map_err(wrong)?;
        let further = !fields.is_empty() && parts.iter().any(|(other, _)| *other == name);
        if !further {
            names.push(name.clone());
        }
        if !fields.is_empty() {
            parts.push((name, fields));
        }
        if !content.is_empty() {
            content.parse::<syn::Token![,]>()?;
        }
    }
    if names.is_empty() {
        return Err(syn::Error::new(key.span(), format!("`wrt()` names no parameter\n{help}")));
    }
    Ok((names, parts))
}

/// The parts of parameters that `wrt(..)` names.
type Parts = Vec<(syn::Ident, Vec<syn::Member>)>;

/// `.a.b` behind the name of a parameter.
fn fields(input: ParseStream<'_>) -> syn::Result<Vec<syn::Member>> {
    let mut fields = Vec::new();
    while input.parse::<Option<syn::Token![.]>>()?.is_some() {
        fields.push(input.parse()?);
    }
    Ok(fields)
}

/// The name of a parameter, also `self`.
fn parameter(input: ParseStream<'_>) -> syn::Result<syn::Ident> {
    if input.peek(syn::Token![self]) { syn::ext::IdentExt::parse_any(input) } else { input.parse() }
}

/// What `off` says.
fn on(input: ParseStream<'_>) -> syn::Result<bool> {
    let word: syn::Ident = input.parse()?;
    if word == "off" { Ok(false) } else { Err(input.error("`off`")) }
}

/// `= value` behind an option's name; `form` shows how it is written.
fn value<T>(
    key: &syn::Ident,
    input: ParseStream<'_>,
    form: &str,
    parse: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    let wrong = |span| syn::Error::new(span, format!("the option `{key}` needs a value\n  = help: write `{form}`"));
    if input.parse::<Option<syn::Token![=]>>()?.is_none() || input.is_empty() {
        return Err(wrong(key.span()));
    }
    let span = input.span();
    parse(input).map_err(|_| wrong(span))
}
