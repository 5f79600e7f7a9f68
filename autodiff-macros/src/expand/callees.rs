//! Calls of functions that stand in the same file without derivatives: rustc would miss something that nobody wrote.

use proc_macro2::TokenTree;
use quote::ToTokens;

use crate::analysis::activity::{self, Activity};
use crate::analysis::types;
use crate::declarations;
use crate::diagnostics::Diagnostics;
use crate::ir::walk::{self, Visit};
use crate::ir::{Arg, Callee, CalleeKind, Function, Op, Operand, Stmt, Type};
use crate::nearby::Nearby;
use crate::options::Options;
use crate::owner::Owner;
use crate::site::Site;
use crate::transform;

/// Reports calls of functions that stand in the file without derivatives, where a derivative would be asked for.
pub(super) fn check_callees(
    function: &Function,
    owner: Option<&Owner>,
    options: &Options,
    diagnostics: &mut Diagnostics,
) {
    if !walk::has_calls(function) {
        return;
    }
    let Some(nearby) = Nearby::of(options) else { return };
    let activity = activity::analyse(function, false);
    let own = owner.and_then(|owner| owner.self_type.as_ref()).and_then(|ty| types::type_name(&types::parse_type(ty)));
    let (order, lanes, site) = (options.order(), needs_lanes(function, options), options.site.as_deref());
    walk::block(&mut Callees { function, activity, nearby, site, own, order, lanes, diagnostics }, &function.body);
}

struct Callees<'a> {
    function: &'a Function,
    activity: Activity,
    nearby: Nearby,
    site: Option<&'a Site>,
    /// The name of the type that the function belongs to.
    own: Option<String>,
    /// Derivatives up to this order are asked for.
    order: usize,
    /// Derivatives in several directions at once are asked for.
    lanes: bool,
    diagnostics: &'a mut Diagnostics,
}

/// Whether the derivatives of callees have several directions. Hessians, and Jacobians of what is no list, do without.
fn needs_lanes(function: &Function, options: &Options) -> bool {
    let jacobian = options.sparse.is_some() && !matches!(function.result, Type::Float(_));
    options.lanes.is_some() || jacobian && transform::is_of_lists(function)
}

impl Visit for Callees<'_> {
    fn enter(&mut self, stmt: &Stmt) {
        let (callee, args, result) = match stmt {
            Stmt::Let { var, op: Op::Call(callee, args) } => (callee, args, self.activity.is_active(*var)),
            Stmt::Eval(Op::Call(callee, args)) => (callee, args, false),
            _ => return,
        };
        // What gives nothing that matters, like a check of what it is given, is only called.
        let written = |arg: &Arg| matches!(arg, Arg::Mut(_));
        if !result && !args.iter().any(written) && callee.kind == CalleeKind::Function {
            return;
        }
        let active = args.iter().any(|arg| self.is_active(arg));
        if !active || callee.recursive {
            return;
        }
        if let Some(function) = callee.derivative_of() {
            let called = format!("`{}::{}`", function.to_token_stream(), callee.name);
            let order = self.order + if callee.name == "hvp" { 2 } else { 1 };
            let asking = match order {
                2 => format!("which are those of {called}"),
                _ => format!("which derivatives of {called} need"),
            };
            // Above the third order there is nothing to ask for.
            if order <= 3 {
                self.check_order(&function, callee, order, &asking);
            }
            return;
        }
        if self.order > 1
            && callee.kind == CalleeKind::Function
            && let Ok(path) = syn::parse2::<syn::Path>(callee.path.clone())
            && self.nearby.function(&callee.name).is_some_and(|found| found.annotated)
        {
            self.check_order(&path, callee, self.order, "which are needed here");
        }
        if self.order > 1 && matches!(callee.kind, CalleeKind::Method | CalleeKind::Associated) {
            self.check_method(callee, self.owner(callee, args));
        }
        self.check_frozen(callee, args);
        let name = callee.name.as_str();
        let plain = callee.kind == CalleeKind::Function && callee.companion().to_string() == name;
        if self.lanes && plain && self.nearby.function(name).is_some_and(|found| found.annotated && !found.lanes) {
            let message = format!("`{name}` has no derivatives in several directions at once, which are needed here");
            let help = format!("write `#[differentiable(lanes)]` before `fn {name}`");
            self.diagnostics.error_at(callee.span, message, &help);
        }
        let rule = match callee.kind {
            CalleeKind::Function if callee.path.to_string() == name => {
                let lacking = self.nearby.function(name).is_some_and(|found| !found.annotated);
                lacking.then(|| format!(", give it a rule with `#[derivative_of({name})]`"))
            }
            CalleeKind::Method | CalleeKind::Associated => {
                let owner = self.owner(callee, args);
                owner.filter(|owner| self.nearby.lacks_derivatives(owner, name)).map(|_| String::new())
            }
            CalleeKind::Function | CalleeKind::Parameter => None,
        };
        if let Some(rule) = rule {
            let help = format!("write `#[differentiable]` before `fn {name}`{rule}, or put the call into `no_grad!`");
            self.diagnostics.error_at(callee.span, format!("`{name}` has no derivative"), &help);
        }
    }
}

impl Callees<'_> {
    fn is_active(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Value(Operand::Var(var)) => self.activity.is_active(*var),
            Arg::Value(Operand::Const(_)) => false,
            Arg::Shared(place) | Arg::Mut(place) => self.activity.place(place),
        }
    }

    /// What has a derivative is given for a parameter that the function is not differentiated with respect to.
    fn check_frozen(&mut self, callee: &Callee, args: &[Arg]) {
        let name = callee.name.as_str();
        if callee.kind != CalleeKind::Function || callee.path.to_string() != name {
            return;
        }
        let Some(found) = self.nearby.function(name) else { return };
        let Some(wrt) = found.wrt else { return };
        for (arg, input) in args.iter().zip(&found.signature.inputs) {
            let syn::FnArg::Typed(typed) = input else { continue };
            let syn::Pat::Ident(pat) = &*typed.pat else { continue };
            let parameter = pat.ident.to_string();
            if wrt.contains(&parameter)
                || !types::may_carry_derivative(&types::parse_type(&typed.ty))
                || !self.is_active(arg)
            {
                continue;
            }
            let (message, help) = match arg {
                Arg::Mut(_) => (
                    format!(
                        "`{name}` changes `{parameter}`, which its `wrt(..)` leaves out: the derivative of what it writes would be lost"
                    ),
                    format!("name it before `fn {name}` too, `wrt({}, {parameter})`", wrt.join(", ")),
                ),
                Arg::Value(_) | Arg::Shared(_) => (
                    format!(
                        "`{name}` is not differentiated with respect to `{parameter}`: the derivative of what it is given here would be lost"
                    ),
                    format!(
                        "name the parameter before `fn {name}` too, `wrt({}, {parameter})`, or pass a constant, `stop_gradient(..)`",
                        wrt.join(", ")
                    ),
                ),
            };
            self.diagnostics.error_at(callee.span, message, &help);
        }
    }

    /// The function needs derivatives of an order, because what is called is a derivative, or because those are asked for.
    fn check_order(&mut self, function: &syn::Path, callee: &Callee, order: usize, asking: &str) {
        let Some(name) = function.get_ident().map(ToString::to_string) else { return };
        if self.nearby.function(&name).is_some_and(|found| found.order < order) {
            let which = if order == 2 {
                "no second derivatives".to_owned()
            } else {
                format!("no derivatives of the order {order}")
            };
            let message = format!("`{name}` has {which}, {asking}");
            let help = format!("write `#[differentiable(order = {order})]` before `fn {name}`");
            self.diagnostics.error_at(callee.span, message, &help);
        }
    }

    /// The same of a method. Where its type is not one of the crate's, it may be one of a trait.
    fn check_method(&mut self, callee: &Callee, owner: Option<String>) {
        let Some(site) = self.site else { return };
        let (name, order) = (&callee.name, self.order);
        let [of_traits, of_types] = declarations::orders_of_methods(site, name);
        let known = owner.is_some_and(|owner| declarations::declares_type(site, &owner));
        let (found, place) = match of_traits.filter(|_| !known || of_types.is_none()) {
            Some(found) => (Some(found), "the trait and its `impl`s".to_owned()),
            None => (of_types.max(of_traits), format!("the `impl` with `fn {name}`")),
        };
        if found.is_some_and(|found| found < order) {
            let which =
                if order == 2 { "second derivatives".to_owned() } else { format!("derivatives of the order {order}") };
            let message = format!("the method `{name}` has no {which}, which are needed here");
            let help = format!("write `#[differentiable(order = {order})]` before {place}");
            self.diagnostics.error_at(callee.span, message, &help);
        }
    }

    /// The name of the type whose method is called, where it is known.
    fn owner(&self, callee: &Callee, args: &[Arg]) -> Option<String> {
        let named = match (callee.kind, args.first()) {
            (CalleeKind::Method, Some(Arg::Value(operand))) => types::type_name(&self.function.type_of(operand)),
            (CalleeKind::Method, Some(Arg::Shared(place) | Arg::Mut(place))) => {
                types::type_name(&self.function.place_type(place))
            }
            (CalleeKind::Associated, _) => {
                let words = callee.path.clone().into_iter().filter(|tree| matches!(tree, TokenTree::Ident(_)));
                let words: Vec<String> = words.map(|word| word.to_string()).collect();
                words.len().checked_sub(2).map(|at| words[at].clone())
            }
            _ => None,
        };
        if named.as_deref() == Some("Self") { self.own.clone() } else { named }
    }
}
