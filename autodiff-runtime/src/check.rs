//! Comparison of derivatives with finite differences.
//!
//! [`gradcheck!`](crate::gradcheck) calls a differentiated function in reverse mode, in forward mode, and at displaced
//! arguments, and reports every number on which the three disagree.

mod checked;
mod frozen;
mod sample;

pub use checked::*;
pub use frozen::*;
pub use sample::*;
use std::fmt;

use crate::{
    Differentiable, Float, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut, zero_tangent,
};

/// Checks the derivatives of a differentiated function against finite differences.
///
/// Write the call as usual: `gradcheck!(f(&w, &x, 3))`. References are written with `&`, also those to slices
/// (`&x[..]`); everything else is passed by value. The result is a [`Report`](crate::check::Report) or a
/// [`GradcheckError`](crate::check::GradcheckError) that lists the mistakes.
///
/// Every floating-point number in the arguments is displaced in turn. A result that is not a single number is weighted
/// with random numbers that are the same in every run. It is also checked that the differentiated function returns the
/// value of the function itself, that the pullback gives the same when it is called twice, and that it adds to its slots.
/// Parameters that the function's `wrt(..)` leaves out are constants.
///
/// [`Options`](crate::check::Options) may follow: `gradcheck!(f(&w), Options { tolerance: 1e-4, ..Options::default() })`.
///
/// ```
/// use autodiff_runtime::{gradcheck, nn::mse};
/// use ndarray::array;
///
/// let (prediction, target) = (array![1.0, 2.0], array![0.5, 4.0]);
/// let report = gradcheck!(mse(&prediction, &target)).unwrap();
/// assert_eq!(report.elements, 4);
/// ```
#[macro_export]
macro_rules! gradcheck {
    ($($f:ident)::+ ( $($arguments:tt)* ) $(,)?) => {
        $crate::gradcheck!($($f)::+ ( $($arguments)* ), $crate::check::Options::default())
    };
    ($($f:ident)::+ ( $($arguments:tt)* ), $options:expr $(,)?) => {
        $crate::gradcheck!(@collect [$($f)::+] [$options] [] [] [] [] $($arguments)* ,)
    };
    // Each argument becomes a group with two fresh names. The pieces of the calls are collected in parallel lists:
    // [parameters] [arguments of the function] [references passed again] [tangents].
    (@collect $f:tt $o:tt [$($p:tt)*] [$($pass:tt)*] [$($again:tt)*] [$($dot:tt)*] & mut $($rest:tt)*) => {
        compile_error!("gradcheck!: parameters of the form `&mut` are not supported")
    };
    (@collect $f:tt $o:tt [$($p:tt)*] [$($pass:tt)*] [$($again:tt)*] [$($dot:tt)*] & $e:expr, $($rest:tt)*) => {
        $crate::gradcheck!(@collect $f $o
            [$($p)* (argument slot (&$e) (argument) (concat!("&", stringify!($e))))]
            [$($pass)* (argument.get())]
            [$($again)* (argument.get())]
            [$($dot)* ($crate::check::Lent::lent(slot))]
            $($rest)*)
    };
    (@collect $f:tt $o:tt [$($p:tt)*] [$($pass:tt)*] [$($again:tt)*] [$($dot:tt)*] $e:expr, $($rest:tt)*) => {
        $crate::gradcheck!(@collect $f $o
            [$($p)* (argument slot ($e) (&argument) (stringify!($e)))]
            [$($pass)* (argument.get().clone())]
            [$($again)*]
            [$($dot)* ($crate::check::Given::given(slot))]
            $($rest)*)
    };
    (@collect [$($f:tt)+] [$options:expr]
        [$(($argument:ident $slot:ident ($e:expr) ($borrow:expr) ($text:expr)))*] [$(($pass:expr))*] [$(($again:expr))*] [$(($dot:expr))*]
        $(,)?
    ) => {{
        $(let $argument = $e;)*
        if false {
            // Never runs: it gives literals the types of the parameters.
            let _ = $($f)+($($argument),*);
            unreachable!()
        }
        $crate::check::run(
            {
                #[allow(unused_imports)]
                use $crate::check::{NoParts as _, NoRules as _};
                $crate::check::Checked {
                    function: stringify!($($f)+).replace(' ', ""),
                    rules: $crate::check::RulesOf::<$($f)+>::NAMES,
                    parts: $crate::check::PartsOf::<$($f)+>::PARTS,
                }
            },
            &[$($text),*],
            &$options,
            ($($crate::check::Held::new($borrow),)*),
            |($($argument,)*)| $($f)+($($pass),*),
            |($($argument,)*), result_bar, slots: &mut [_]| {
                let (result, pullback) = $($f)+::call_vjp($($pass),*);
                pullback($($again,)* result_bar, $({ let _ = $argument; None }),*);
                let mut wanted = [].to_vec();
                for ($($slot,)*) in slots {
                    $(let $slot = $crate::check::Wanted::wanted($slot);)*
                    wanted = [$($slot.is_some()),*].to_vec();
                    pullback($($again,)* result_bar, $($slot),*);
                }
                (result, wanted)
            },
            |($($argument,)*), ($($slot,)*)| $($f)+::call_jvp($($pass,)* $($dot),*),
        )
    }};
}

/// How strictly to check.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The relative error that is allowed for `f64`. The default is 1e-6.
    pub tolerance: f64,
    /// The relative error that is allowed for `f32`. The default is 2e-3.
    pub tolerance_f32: f64,
    /// Where the random weights of the results start.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { tolerance: 1e-6, tolerance_f32: 2e-3, seed: 1 }
    }
}

/// A check that found no mistake.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The path of the function.
    pub function: String,
    /// How many derivatives were compared.
    pub elements: usize,
    /// The largest difference between a derivative and its finite difference, relative to 1 or to their size.
    pub largest_error: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { function, elements, largest_error } = self;
        write!(f, "gradcheck of `{function}`: {elements} derivatives, largest error {largest_error:.1e}")
    }
}

/// A check that found mistakes.
#[derive(Clone, PartialEq)]
pub struct GradcheckError {
    /// The path of the function.
    pub function: String,
    /// The rules that give its derivatives, if there are any.
    pub rules: Option<&'static str>,
    /// The mistakes, in the order of the parameters.
    pub mistakes: Vec<Mistake>,
}

/// Something that is wrong with the derivatives of a function.
#[derive(Clone, Debug, PartialEq)]
pub enum Mistake {
    /// A derivative that differs between reverse mode, forward mode, and finite differences.
    Derivative {
        /// The parameter and the place in it.
        at: Place,
        /// The derivative in reverse mode.
        reverse: f64,
        /// The derivative in forward mode.
        forward: f64,
        /// The central difference.
        difference: f64,
    },
    /// A derivative that was different when the pullback was called again.
    NotRepeatable {
        /// The parameter and the place in it.
        at: Place,
        /// The derivative of the first call.
        first: f64,
        /// The derivative of the second call.
        second: f64,
    },
    /// A derivative that was not added to the number in the slot.
    NotAdded {
        /// The parameter and the place in it.
        at: Place,
        /// The number in the slot before.
        before: f64,
        /// The derivative.
        derivative: f64,
        /// The number in the slot afterwards.
        after: f64,
    },
    /// A mode that returned another value than the function.
    Value {
        /// `call_vjp` or `call_jvp`.
        mode: &'static str,
        /// The number of the element of the result.
        element: usize,
        /// What the function returned.
        expected: f64,
        /// What the mode returned.
        found: f64,
    },
    /// Two values that should have equally many numbers.
    Length {
        /// What was compared.
        what: String,
        /// How many numbers there should be.
        expected: usize,
        /// How many there were.
        found: usize,
    },
}

/// A floating-point number in the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The position of the parameter, counted from 0.
    pub parameter: usize,
    /// The argument as it was written.
    pub argument: &'static str,
    /// The fields and indices that lead to the number; empty if the argument is a number.
    pub element: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parameter {} (`{}`)", self.parameter, self.argument)?;
        if self.element.is_empty() { Ok(()) } else { write!(f, ", element {}", self.element) }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Derivative { at, reverse, forward, difference } => {
                write!(f, "{at}: reverse {reverse}, forward {forward}, central difference {difference}")
            }
            Self::NotRepeatable { at, first, second } => {
                write!(f, "{at}: the pullback gave {first}, and {second} when it was called again")
            }
            Self::NotAdded { at, before, derivative, after } => {
                write!(f, "{at}: the pullback should add {derivative} to {before}, but the slot holds {after}")
            }
            Self::Value { mode, element, expected, found } => {
                write!(f, "element {element} of the result is {expected}, but `{mode}` returned {found}")
            }
            Self::Length { what, expected, found } => write!(f, "{what} has {found} numbers instead of {expected}"),
        }
    }
}

impl fmt::Display for GradcheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 10;
        for (index, mistake) in self.mistakes.iter().take(SHOWN).enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            let rules = self.rules.map(|rules| format!(", whose rule is {rules}")).unwrap_or_default();
            write!(f, "{end}gradcheck of `{}`{rules}: {mistake}", self.function)?;
        }
        match self.mistakes.len().checked_sub(SHOWN) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, "\n... and {more} more"),
        }
    }
}

/// The same as the message, so that `unwrap` prints something readable.
impl fmt::Debug for GradcheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for GradcheckError {}

/// An argument, owned, so that it can be displaced.
#[doc(hidden)]
pub struct Held<T: ToOwned + ?Sized>(T::Owned);

impl<T: ToOwned + ?Sized> Held<T> {
    /// A copy of an argument.
    pub fn new(argument: &T) -> Self {
        Self(argument.to_owned())
    }

    /// The argument.
    pub fn get(&self) -> &T {
        std::borrow::Borrow::borrow(&self.0)
    }
}

impl<T: ToOwned + Differentiable + ?Sized> Differentiable for Held<T> {
    type Tangent = T::Tangent;

    fn zero_tangent(&self) -> T::Tangent {
        self.get().zero_tangent()
    }
}

impl<T: ToOwned<Owned: Leaves> + ?Sized> Leaves for Held<T> {
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        self.0.visit_leaves(path, visitor);
    }
}

impl<T: ToOwned<Owned: LeavesMut> + ?Sized> LeavesMut for Held<T> {
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        self.0.visit_leaves_mut(path, visitor);
    }
}

/// The gradient of a function by central differences with one step of Richardson's extrapolation.
///
/// ```
/// use autodiff_runtime::check::numeric_gradient;
///
/// let gradient = numeric_gradient(&mut [3.0, 2.0], |x| x[0] * x[0] * x[1]);
/// assert!((gradient[0] - 12.0).abs() < 1e-8 && (gradient[1] - 9.0).abs() < 1e-8);
/// ```
pub fn numeric_gradient<P>(parameters: &mut P, f: impl Fn(&P) -> f64) -> P::Tangent
where
    P: LeavesMut + Differentiable<Tangent: LeavesMut>,
{
    let mut gradient = zero_tangent(parameters);
    for index in 0..numbers(parameters).len() {
        let derivative = difference(parameters, index, |parameters| vec![f(parameters)], &[1.0]);
        replace(&mut gradient, index, derivative.value);
    }
    gradient
}

/// What [`gradcheck!`](crate::gradcheck) expands to: the check of a function, given as closures over its arguments.
#[doc(hidden)]
pub fn run<P, R>(
    Checked { function, rules, parts }: Checked,
    arguments: &[&'static str],
    options: &Options,
    mut parameters: P,
    value: impl Fn(&P) -> R,
    reverse: impl Fn(&P, &R::Tangent, &mut [P::Tangent]) -> (R, Vec<bool>),
    forward: impl Fn(&P, &P::Tangent) -> (R, R::Tangent),
) -> Result<Report, GradcheckError>
where
    P: LeavesMut + Differentiable<Tangent: LeavesMut>,
    R: Leaves + Differentiable<Tangent: LeavesMut>,
{
    let result = value(&parameters);
    let expected = numbers(&result);
    let result_bar = weighted(zero_tangent(&result), options.seed);
    let weights = numbers(&result_bar);
    let epsilon = precision(&result);
    let places = places(&parameters, arguments);
    let mut check = Check { options, places, mistakes: Vec::new(), compared: 0, largest_error: 0.0 };
    check.lengths("the tangent of the result", expected.len(), weights.len());

    let mut slots = [zero_tangent(&parameters), zero_tangent(&parameters)];
    let (found, wanted) = reverse(&parameters, &result_bar, &mut slots);
    check.values("call_vjp", epsilon, &expected, &numbers(&found));
    let [first, mut second] = slots;
    let [gradient, again] = [numbers(&first), numbers(&second)];
    check.lengths("the gradient", check.places.len(), gradient.len());
    check.repeatable(&gradient, &again);
    reverse(&parameters, &result_bar, std::slice::from_mut(&mut second));
    check.added(&again, &gradient, &numbers(&second));

    for (index, &reverse) in gradient.iter().enumerate().take(check.places.len()) {
        let place = &check.places[index];
        if !wanted[place.parameter] || !place.is_in(parts) {
            continue;
        }
        let mut direction = zero_tangent(&parameters);
        replace(&mut direction, index, 1.0);
        let (found, result_dot) = forward(&parameters, &direction);
        if index == 0 {
            check.values("call_jvp", epsilon, &expected, &numbers(&found));
        }
        let forward = weights.iter().zip(numbers(&result_dot)).map(|(weight, dot)| weight * dot).sum();
        let estimate = difference(&mut parameters, index, |parameters| numbers(&value(parameters)), &weights);
        check.derivative(index, reverse, forward, &estimate);
    }
    check.finish(function, rules)
}

/// What has been found so far.
struct Check<'o> {
    options: &'o Options,
    places: Vec<Place>,
    mistakes: Vec<Mistake>,
    compared: usize,
    largest_error: f64,
}

impl Check<'_> {
    fn lengths(&mut self, what: &str, expected: usize, found: usize) {
        if expected != found {
            self.mistakes.push(Mistake::Length { what: what.to_owned(), expected, found });
        }
    }

    fn values(&mut self, mode: &'static str, epsilon: f64, expected: &[f64], found: &[f64]) {
        self.lengths(&format!("the result of `{mode}`"), expected.len(), found.len());
        for (element, (&expected, &found)) in expected.iter().zip(found).enumerate() {
            // The order of additions may differ between the modes, so a few roundings are allowed.
            let close = (expected - found).abs() <= 64.0 * epsilon * expected.abs().max(1e-2);
            if !close && !same(expected, found) {
                self.mistakes.push(Mistake::Value { mode, element, expected, found });
            }
        }
    }

    fn repeatable(&mut self, first: &[f64], second: &[f64]) {
        for ((place, &first), &second) in self.places.iter().zip(first).zip(second) {
            if !same(first, second) {
                self.mistakes.push(Mistake::NotRepeatable { at: place.clone(), first, second });
            }
        }
    }

    fn added(&mut self, before: &[f64], derivative: &[f64], after: &[f64]) {
        let numbers = before.iter().zip(derivative).zip(after);
        for (place, ((&before, &derivative), &after)) in self.places.iter().zip(numbers) {
            let sum = before + derivative;
            if (sum - after).abs() > 1e-3 * sum.abs().max(1e-30) && !same(sum, after) {
                self.mistakes.push(Mistake::NotAdded { at: place.clone(), before, derivative, after });
            }
        }
    }

    fn derivative(&mut self, index: usize, reverse: f64, forward: f64, estimate: &Difference) {
        self.compared += 1;
        let difference = estimate.value;
        let scale = reverse.abs().max(forward.abs()).max(difference.abs());
        let relative = if estimate.single { self.options.tolerance_f32 } else { self.options.tolerance };
        let allowed = relative * scale + estimate.noise;
        let error = (reverse - difference).abs().max((forward - difference).abs()).max((forward - reverse).abs());
        // Written so that a NaN is a mistake.
        if error <= allowed {
            self.largest_error = self.largest_error.max(error / scale.max(1.0));
        } else {
            let at = self.places[index].clone();
            self.mistakes.push(Mistake::Derivative { at, reverse, forward, difference });
        }
    }

    fn finish(self, function: String, rules: Option<&'static str>) -> Result<Report, GradcheckError> {
        if self.mistakes.is_empty() {
            Ok(Report { function, elements: self.compared, largest_error: self.largest_error })
        } else {
            Err(GradcheckError { function, rules, mistakes: self.mistakes })
        }
    }
}

/// Whether two numbers are the same, where NaN equals NaN.
fn same(left: f64, right: f64) -> bool {
    left == right || (left.is_nan() && right.is_nan())
}

/// A derivative by finite differences.
struct Difference {
    value: f64,
    /// How far rounding may have moved the value.
    noise: f64,
    /// Whether the number that was displaced has type `f32`.
    single: bool,
}

/// The derivative of the weighted sum of results with respect to one number in the parameters.
fn difference<P: LeavesMut>(
    parameters: &mut P,
    index: usize,
    value: impl Fn(&P) -> Vec<f64>,
    weights: &[f64],
) -> Difference {
    let (center, epsilon) = displace(parameters, index, |center, _| center);
    let step = epsilon.sqrt().sqrt() * center.abs().max(1.0);
    let mut size = 0.0_f64;
    let mut slope = |step: f64| {
        let (right, _) = displace(parameters, index, |_, _| center + step);
        let above = value(parameters);
        let (left, _) = displace(parameters, index, |_, _| center - step);
        let below = value(parameters);
        let rise: f64 = weights.iter().zip(above.iter().zip(&below)).map(|(weight, (a, b))| weight * (a - b)).sum();
        size = size.max(weights.iter().zip(&above).map(|(weight, value)| (weight * value).abs()).sum());
        if above.len() == weights.len() && below.len() == weights.len() { rise / (right - left) } else { f64::NAN }
    };
    let (coarse, fine) = (slope(step), slope(step / 2.0));
    displace(parameters, index, |_, _| center);
    let single = epsilon > 1e-10;
    Difference { value: (4.0 * fine - coarse) / 3.0, noise: 16.0 * epsilon * size.max(1e-2) / step, single }
}

/// The numbers of a value, in the order of its leaves.
fn numbers(value: &impl Leaves) -> Vec<f64> {
    struct Collect(Vec<f64>);

    impl<'v> LeafVisitor<'v> for Collect {
        fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], values: LeafValues<'v>) {
            self.0.extend(values.to_f64());
        }
    }

    let mut collect = Collect(Vec::new());
    value.visit_leaves(&LeafPath::root(), &mut collect);
    collect.0
}

/// The precision of the least precise number in a value.
fn precision(value: &impl Leaves) -> f64 {
    struct Largest(f64);

    impl<'v> LeafVisitor<'v> for Largest {
        fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], values: LeafValues<'v>) {
            self.0 = self.0.max(match values {
                LeafValues::F32(_) => f64::from(f32::EPSILON),
                LeafValues::F64(_) => f64::EPSILON,
            });
        }
    }

    let mut largest = Largest(f64::EPSILON);
    value.visit_leaves(&LeafPath::root(), &mut largest);
    largest.0
}

/// Where every number in the parameters is.
fn places(parameters: &impl Leaves, arguments: &[&'static str]) -> Vec<Place> {
    struct Collect<'a>(Vec<Place>, &'a [&'static str]);

    impl<'v> LeafVisitor<'v> for Collect<'_> {
        fn leaf(&mut self, path: &LeafPath<'_>, shape: &[usize], values: LeafValues<'v>) {
            let path = path.to_string();
            let (parameter, fields) = path.split_once('.').unwrap_or((&path, ""));
            let parameter = parameter.parse().expect("the path in a tuple begins with an index");
            for flat in 0..values.len() {
                let element = format!("{fields}{}", subscript(flat, shape));
                self.0.push(Place { parameter, argument: self.1[parameter], element });
            }
        }
    }

    let mut collect = Collect(Vec::new(), arguments);
    parameters.visit_leaves(&LeafPath::root(), &mut collect);
    collect.0
}

/// The indices of an element of an array, such as `[1, 2]`; nothing for a single number.
fn subscript(mut flat: usize, shape: &[usize]) -> String {
    if shape.is_empty() {
        return String::new();
    }
    let mut indices = vec![0; shape.len()];
    for (index, &length) in indices.iter_mut().zip(shape).rev() {
        *index = flat % length;
        flat /= length;
    }
    format!("{indices:?}")
}

/// Replaces one number; the closure is given the number and the precision of its type.
///
/// Returns the number that is stored now, and the precision.
fn displace(value: &mut impl LeavesMut, index: usize, new: impl Fn(f64, f64) -> f64) -> (f64, f64) {
    struct Displace<F> {
        skip: usize,
        new: F,
        stored: Option<(f64, f64)>,
    }

    impl<F: Fn(f64, f64) -> f64> LeafVisitorMut for Displace<F> {
        fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
            if self.stored.is_some() {
                return;
            }
            match values.get_mut(self.skip) {
                None => self.skip -= values.len(),
                Some(value) => {
                    let epsilon = A::epsilon().as_f64();
                    *value = A::of((self.new)(value.as_f64(), epsilon));
                    self.stored = Some((value.as_f64(), epsilon));
                }
            }
        }
    }

    let mut visitor = Displace { skip: index, new, stored: None };
    value.visit_leaves_mut(&LeafPath::root(), &mut visitor);
    visitor.stored.expect("the index is less than the number of numbers")
}

/// Sets one number.
fn replace(value: &mut impl LeavesMut, index: usize, number: f64) {
    displace(value, index, |_, _| number);
}

/// A cotangent with random weights between ½ and 3/2 of either sign; 1 if there is a single number.
fn weighted<T: LeavesMut>(mut cotangent: T, seed: u64) -> T {
    let count = numbers(&cotangent).len();
    let mut state = seed;
    for index in 0..count {
        let random = split_mix(&mut state);
        let sign = if random & 1 == 0 { 1.0 } else { -1.0 };
        let weight = if count == 1 { 1.0 } else { sign * (0.5 + (random >> 11) as f64 / (1_u64 << 53) as f64) };
        replace(&mut cotangent, index, weight);
    }
    cotangent
}

/// The generator SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
