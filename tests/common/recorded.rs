//! Values and gradients that PyTorch computed, and how a function is compared with them, in both modes.
#![allow(dead_code)]

use differentiable::ndarray::{Array, ArrayD, Dimension};
use differentiable::{Float, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};
use serde_json::Value;

/// The largest error relative to the largest number of a tensor, or to 1.
const TOLERANCE: f64 = 1e-12;

/// What is known of a function.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) known: Value,
}

impl Case {
    /// The inputs, the outputs, the cotangents or the gradients.
    pub(crate) fn tensors(&self, kind: &str) -> Vec<ArrayD<f64>> {
        let list = |tensor: &Value, field: &str| tensor[field].as_array().unwrap().clone();
        let tensors = self.known[kind].as_array().unwrap().iter().map(|tensor| {
            let shape: Vec<usize> = list(tensor, "shape").iter().map(|len| len.as_u64().unwrap() as usize).collect();
            let values = list(tensor, "values").iter().map(|value| value.as_f64().unwrap()).collect();
            ArrayD::from_shape_vec(shape, values).unwrap()
        });
        tensors.collect()
    }

    pub(crate) fn input<D: Dimension>(&self, index: usize) -> Array<f64, D> {
        self.tensors("inputs").swap_remove(index).into_dimensionality().unwrap()
    }

    /// Compares all numbers of a value.
    #[track_caller]
    pub(crate) fn compare(&self, kind: &str, found: &impl Leaves) {
        let expected: Vec<Vec<f64>> =
            self.tensors(kind).into_iter().map(|tensor| tensor.into_iter().collect()).collect();
        let found = numbers(found);
        assert_eq!(found.len(), expected.len(), "{} of `{}`", kind, self.name);
        for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(found.len(), expected.len(), "{} {index} of `{}`", kind, self.name);
            let scale = expected.iter().fold(1.0, |scale: f64, value| scale.max(value.abs()));
            for (found, expected) in found.iter().zip(expected) {
                let error = (found - expected).abs() / scale;
                assert!(error <= TOLERANCE, "{kind} {index} of `{}`: {found} instead of {expected}", self.name);
            }
        }
    }

    /// Compares a value and what its pullback makes of the cotangents, and gives these.
    #[track_caller]
    pub(crate) fn compare_vjp<Y: Leaves + LeavesMut + Clone, G: Leaves>(
        &self,
        (y, pullback): (Y, impl Fn(Y) -> G),
    ) -> Y {
        self.compare("outputs", &y);
        let mut y_bar = y;
        y_bar.visit_leaves_mut(&LeafPath::root(), &mut Put(self.tensors("cotangents")));
        self.compare("gradients", &pullback(y_bar.clone()));
        y_bar
    }

    /// Compares a value and its derivative in a direction of the inputs, for which the gradients give it as well.
    #[track_caller]
    pub(crate) fn compare_jvp<Y: Leaves>(&self, (y, y_dot): (Y, Y), y_bar: &Y, directions: &[ArrayD<f64>]) {
        self.compare("outputs", &y);
        let products = |a: &[Vec<f64>], b: &[Vec<f64>]| -> f64 {
            a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| a * b).sum()
        };
        let directions: Vec<Vec<f64>> =
            directions.iter().map(|direction| direction.iter().copied().collect()).collect();
        let gradients: Vec<Vec<f64>> = numbers(&self.tensors("gradients"));
        let (forward, reverse) = (products(&numbers(y_bar), &numbers(&y_dot)), products(&gradients, &directions));
        let error = (forward - reverse).abs() / reverse.abs().max(1.0);
        assert!(error <= 1e-10, "`{}`: {forward} forward, {reverse} in reverse", self.name);
    }
}

/// The numbers of a value, leaf by leaf.
fn numbers(value: &impl Leaves) -> Vec<Vec<f64>> {
    struct All(Vec<Vec<f64>>);
    impl<'v> LeafVisitor<'v> for All {
        fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], values: LeafValues<'v>) {
            self.0.push(values.to_f64());
        }
    }
    let mut all = All(Vec::new());
    value.visit_leaves(&LeafPath::root(), &mut all);
    all.0
}

/// Writes tensors into leaves, beginning with the first.
struct Put(Vec<ArrayD<f64>>);

impl LeafVisitorMut for Put {
    fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
        let tensor = self.0.remove(0);
        values.iter_mut().zip(tensor).for_each(|(value, new)| *value = A::of(new));
    }
}

/// A direction with the shape of an array.
pub(crate) fn direction<D: Dimension>(like: &Array<f64, D>, name: &str) -> Array<f64, D> {
    let mut at = name.bytes().map(usize::from).sum::<usize>()..;
    like.mapv(|_| at.next().map_or(0.0, |at| (at * 37 % 23) as f64 / 11.0 - 1.0))
}

/// Defines `case`, which finds a case of a file by its name.
macro_rules! cases_of {
    ($file:literal) => {
        fn case(name: &'static str) -> recorded::Case {
            thread_local! {
                static CASES: serde_json::Value = serde_json::from_str(include_str!($file)).unwrap();
            }
            let known = CASES.with(|cases| cases.get(name).cloned());
            recorded::Case { name, known: known.unwrap_or_else(|| panic!("no case {name}")) }
        }
    };
}

/// Compares all derivatives of functions: the case's name, the function, arrays with their dimensions, other arguments.
macro_rules! cases {
    ($($name:literal: $($f:ident)::+($($x:ident: $D:ty),+ $(; $($o:expr),+)?);)+) => {$({
        let case = case($name);
        let mut index = 0..;
        $(let $x: differentiable::ndarray::Array<f64, $D> = case.input(index.next().unwrap());)+
        let y_bar = case.compare_vjp($($f)::+::vjp($(&$x,)+ $($($o),+)?));
        let dots = [$(recorded::direction(&$x, stringify!($x)).into_dyn()),+];
        let y = $($f)::+::jvp($(&$x,)+ $($($o,)+)? $(&recorded::direction(&$x, stringify!($x)),)+);
        case.compare_jvp(y, &y_bar, &dots);
    })+};
}
