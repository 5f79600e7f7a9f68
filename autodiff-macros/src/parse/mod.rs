//! From surface Rust to the IR. All sugar ends here: patterns, aliases, method chains, iterators, closures.
//!
//! The accepted syntax is a closed list: what is not understood is kept as opaque tokens if it certainly carries no
//! derivative, and refused at its token otherwise.
//!
//! * [`signature`] parameters and result; [`env`] what names stand for; [`lowerer`] the state, [`values`] its values
//! * [`expr`] expressions, [`place`] the ones that denote memory, [`ops`] operators and casts, [`operators`] operators that
//!   are written as functions of their traits
//! * [`hoist`] items of inner blocks; [`stmt`] statements, [`assign`] assignments, [`held`] references that are assigned, [`pattern`] irrefutable patterns
//! * [`control`] branches and loops, [`checkpoints`] which states of a loop are held, [`matching`] `match`, [`slices`] patterns of slices, [`chain`], [`source`], [`sink`] and [`collect`]
//!   iterators, [`cursor`] those that are advanced step by step, [`generators`] those that compute their items, [`desugar`]
//!   ends that are written as loops
//! * [`functions`] functions as values, [`function_values`] what gives one, [`lift`] closures that are given to functions,
//!   [`called_here`] functions that are lowered where they are called
//! * [`call`] calls, [`method`] method calls by the receiver's type, [`user`] those of users' types, [`lent`] those that give out places, [`tensor`] ndarray,
//!   [`collection`] arrays and `Vec`s, [`structs`] structs
//! * [`newtypes`] what values lend by `Deref`, [`windows`] sizes that patterns tell, [`maps`] maps of constants
//! * [`combinators`] methods of `Option` and `Result`, [`exchanged`] those that change one in memory, [`parts`] parts of variants as
//!   arguments
//! * [`frozen`] the parts of parameters that `wrt(..)` leaves out
//! * [`convert`] conversions between numbers, and what is asked of a number's type; [`into`] conversions between other types
//! * [`macros`] macro calls, [`expansions`] those of the crate's own macros, [`opaque`] what is kept as it is
//! * [`dynamic`] operators between operands whose type stays unknown, [`prune`] what turned out not to be needed,
//!   [`formula`] the formulas of rules

mod alias;
mod along_axes;
mod arrays;
mod assign;
mod bare;
mod call;
mod called_here;
mod chain;
mod checkpoints;
mod chosen;
mod closure;
mod collect;
mod collection;
mod combinators;
mod control;
mod convert;
mod cursor;
mod deque;
mod desugar;
mod dynamic;
mod edits;
mod env;
mod exchanged;
mod expansions;
mod expr;
mod formula;
mod frozen;
mod function_values;
mod functions;
mod generators;
mod held;
mod hoist;
mod hooks;
mod inlined;
mod into;
mod joining;
mod kept_options;
mod lent;
mod libm;
mod lift;
pub(crate) mod listed;
mod lowerer;
mod macros;
mod maps;
mod matching;
mod method;
mod nested;
mod networks;
mod newtypes;
mod objects;
mod opaque;
mod operators;
mod ops;
mod optional;
mod parts;
mod pattern;
mod place;
mod prune;
mod refutable;
mod reshape;
mod rows;
mod signature;
mod sink;
mod slices;
mod source;
mod stages;
mod stmt;
mod structs;
mod taken;
mod tensor;
#[cfg(test)]
mod tests;
mod user;
mod values;
mod variants;
mod views;
mod windows;
mod zip;

pub(crate) use formula::lower_formula;
pub(crate) use opaque::mentions;

use crate::aliases::Aliases;
use crate::analysis::scalars::Scalars;
use crate::analysis::{infer, types};
use crate::by_example;
use crate::diagnostics::Diagnostics;
use crate::ir::{Block, Function, Type};
use crate::nearby::Nearby;
use crate::options::Options;
use crate::owner::Owner;
use lowerer::{Lowerer, Refusals};
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Lowers an annotated function. What had to be refused is reported, and missing from the result.
pub(crate) fn lower(
    item: &syn::ItemFn,
    options: &Options,
    owner: Option<&Owner>,
    diagnostics: &mut Diagnostics,
) -> Function {
    let (function, refusals) = lower_item(item, options, owner);
    if refusals.left_to_rustc {
        diagnostics.leave_to_rustc();
    }
    refusals.errors.into_iter().for_each(|error| diagnostics.push(error));
    function
}

fn lower_item(item: &syn::ItemFn, options: &Options, owner: Option<&Owner>) -> (Function, Refusals) {
    let _scalars = Scalars::of(item, owner, options.site.as_deref()).enter();
    let mut function = Function {
        name: item.sig.ident.to_string(),
        vars: Vec::new(),
        params: Vec::new(),
        result: Type::Unit,
        body: Block::default(),
        scopes: Vec::new(),
        parts: BTreeMap::new(),
        closures: Vec::new(),
        loops: BTreeMap::new(),
        checkpoints: BTreeMap::new(),
        constant_parts: BTreeSet::new(),
    };
    let (expanded, local_macros) = by_example::expand_local(item).unzip();
    let item = expanded.as_ref().unwrap_or(item);
    let nearby = Nearby::of(options).map(Rc::new);
    let whole = nearby.as_ref().map(|nearby| bare::with_paths(item, &nearby.variants()));
    let item = whole.as_ref().unwrap_or(item);
    let sized = windows::with_sizes(item);
    let item = sized.as_ref().unwrap_or(item);
    let fields = nearby.as_ref().map(|nearby| nearby.fields(item, owner)).unwrap_or_default();
    let types: TokenStream = fields.values().map(ToTokens::to_token_stream).collect();
    let without_numbers = Scalars::of_fields(&types, options.site.as_deref()).enter();
    known_fields(&mut function, &fields, options, owner);
    let constants = nearby.as_ref().map(|nearby| nearby.constants(item, owner)).unwrap_or_default();
    known_constants(&mut function, &constants, options, owner);
    let instances = nearby.as_ref().map(|nearby| nearby.instances(item, owner)).unwrap_or_default();
    known_instances(&mut function, &instances, options, owner);
    drop(without_numbers);
    let mut lowerer = Lowerer::new(&mut function, options, owner);
    lowerer.nearby = nearby;
    lowerer.local_macros = local_macros.map(Rc::new).unwrap_or_default();
    lowerer.signature(item, options, owner);
    let body = lowerer.body(&item.block);
    let body = lowerer.freeze_parts(body, options);
    lowerer.checkpoint_main_loop(options);
    let (refusals, written) = lowerer.finish();
    function.body = body;
    infer::infer(&mut function);
    if refusals.is_empty() {
        dynamic::rewrite(&mut function, &options.root(), &written);
        prune::prune(&mut function);
    }
    (function, refusals)
}

/// The types of fields of generic structs, by what is given for their parameters.
fn known_instances(
    function: &mut Function,
    instances: &[(String, String, syn::Type)],
    options: &Options,
    owner: Option<&Owner>,
) {
    let own = owner.and_then(|owner| owner.self_type.as_ref()).map(|ty| types::short_name(&ty.to_token_stream()));
    let aliases = Aliases::everywhere(options);
    for (key, field, ty) in instances {
        let ty = types::parse_type(&aliases.ty(ty));
        if matches!(ty, Type::Ref { .. } | Type::Unknown) {
            continue;
        }
        if own.as_ref() == Some(key) {
            function.parts.insert(format!("Self.{field}"), ty.clone());
        }
        function.parts.insert(format!("{key}.{field}"), ty);
    }
}

/// The fields that their types declare constant.
fn known_constants(function: &mut Function, nearby: &BTreeSet<String>, options: &Options, owner: Option<&Owner>) {
    let told = options.surroundings.iter().flat_map(|surroundings| &surroundings.constants);
    let own = owner.and_then(|owner| owner.self_type.as_ref()).and_then(|ty| types::type_name(&types::parse_type(ty)));
    for key in told.chain(nearby) {
        if let (Some((owner, field)), Some(own)) = (key.split_once('.'), &own)
            && owner == own
        {
            function.constant_parts.insert(format!("Self.{field}"));
        }
        function.constant_parts.insert(key.clone());
    }
}

/// The types of fields that the module tells, or the file.
fn known_fields(
    function: &mut Function,
    nearby: &BTreeMap<String, syn::Type>,
    options: &Options,
    owner: Option<&Owner>,
) {
    let told = options.surroundings.iter().flat_map(|surroundings| &surroundings.fields);
    let own = owner.and_then(|owner| owner.self_type.as_ref()).and_then(|ty| types::type_name(&types::parse_type(ty)));
    let aliases = Aliases::everywhere(options);
    for (key, ty) in told.chain(nearby) {
        let ty = types::parse_type(&aliases.ty(ty));
        if matches!(ty, Type::Ref { .. } | Type::Unknown) {
            continue;
        }
        if let (Some((owner, field)), Some(own)) = (key.split_once('.'), &own)
            && owner == own
        {
            function.parts.insert(format!("Self.{field}"), ty.clone());
        }
        function.parts.insert(key.clone(), ty);
    }
}
