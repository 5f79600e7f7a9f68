//! L-BFGS.

use std::collections::VecDeque;

use super::line_search::{Point, Search};
use crate::files::{Error, Tensor, Tensors, Values, joined};
use crate::{Float, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};

/// L-BFGS: Newton steps with an inverse Hessian from the last changes of the gradient, and a line search with the strong
/// Wolfe conditions (Nocedal and Wright, "Numerical Optimization", algorithm 7.4).
///
/// It evaluates the loss several times in a step, so that a step takes a function instead of a gradient. It needs losses
/// without noise. Iterations, line search and criteria are those of PyTorch's `LBFGS` with `strong_wolfe`; it computes
/// in `f64`, whatever the type of the parameters.
///
/// ```
/// use autodiff_runtime::optim::Lbfgs;
///
/// let rosenbrock = |&[x, y]: &[f64; 2]| {
///     let (a, b) = (1.0 - x, y - x * x);
///     (a * a + 100.0 * b * b, [-2.0 * a - 400.0 * b * x, 200.0 * b])
/// };
/// let mut point = [-1.2, 1.0];
/// let mut optimizer = Lbfgs { max_iterations: 100, ..Lbfgs::default() };
/// optimizer.step(&mut point, rosenbrock);
/// assert!((point[0] - 1.0).abs() < 1e-3 && (point[1] - 1.0).abs() < 1e-3);
/// ```
#[derive(Clone, Debug)]
pub struct Lbfgs {
    /// The length that is tried first, as a part of the Newton step. The default is 1.
    pub learning_rate: f64,
    /// How many directions are searched in a step at most. The default is 20.
    pub max_iterations: usize,
    /// After how many evaluations of the loss a step ends. The default is 5/4 of the iterations.
    pub max_evaluations: Option<usize>,
    /// The largest component of a gradient that counts as zero. The default is 1e-7.
    pub gradient_tolerance: f64,
    /// The change of the loss or of a parameter that counts as none. The default is 1e-9.
    pub change_tolerance: f64,
    /// How many changes of the gradient are remembered. The default is 100.
    pub history: usize,
    /// The last changes of gradients and parameters.
    pub state: LbfgsState,
}

impl Default for Lbfgs {
    fn default() -> Self {
        Self {
            learning_rate: 1.0,
            max_iterations: 20,
            max_evaluations: None,
            gradient_tolerance: 1e-7,
            change_tolerance: 1e-9,
            history: 100,
            state: LbfgsState::default(),
        }
    }
}

/// What [`Lbfgs`] keeps from one iteration to the next; empty before the first step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LbfgsState {
    iterations: u64,
    evaluations: u64,
    /// The last changes of the gradient and of the parameters, oldest first.
    changes: VecDeque<[Vec<f64>; 2]>,
    /// The inverse Hessian that the changes improve, a multiple of one.
    scale: f64,
    /// The direction and length of the last iteration, and the gradient at its start.
    direction: Vec<f64>,
    length: f64,
    gradient: Vec<f64>,
}

impl Lbfgs {
    /// L-BFGS with the given learning rate.
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, ..Self::default() }
    }

    /// How many directions have been searched, and how many times the loss has been evaluated, in all steps.
    pub fn counts(&self) -> (u64, u64) {
        (self.state.iterations, self.state.evaluations)
    }

    /// Improves the parameters by some iterations, and gives the loss before them.
    ///
    /// `evaluate` gives loss and gradient, as the function `value_and_grad` of an annotated function does.
    ///
    /// # Panics
    ///
    /// If the gradients do not fit the parameters, or the parameters those of the step before.
    #[track_caller]
    pub fn step<P: LeavesMut, L: Float, G: Leaves>(
        &mut self,
        parameters: &mut P,
        mut evaluate: impl FnMut(&P) -> (L, G),
    ) -> L {
        let mut place = flat(&*parameters);
        let count = place.len();
        let known = self.state.direction.len();
        assert!(known == 0 || known == count, "`Lbfgs`: {count} parameters, but {known} in the step before");
        let mut at = |place: &[f64]| {
            put(parameters, place);
            let (loss, gradient) = evaluate(parameters);
            let gradient = flat(&gradient);
            assert!(
                gradient.len() == count,
                "`Lbfgs`: {} elements of gradients for {count} parameters",
                gradient.len()
            );
            (loss, gradient)
        };
        let (first_loss, gradient) = at(&place);
        self.state.evaluations += 1;
        if largest(&gradient) > self.gradient_tolerance {
            self.iterate(&mut place, Point { at: 0.0, loss: first_loss.as_f64(), slope: 0.0, gradient }, |place| {
                let (loss, gradient) = at(place);
                (loss.as_f64(), gradient)
            });
        }
        put(parameters, &place);
        first_loss
    }

    /// Searches one direction after the other.
    fn iterate(&mut self, place: &mut [f64], start: Point, mut at: impl FnMut(&[f64]) -> (f64, Vec<f64>)) {
        let max_evaluations = self.max_evaluations.unwrap_or(self.max_iterations * 5 / 4);
        let mut point = start;
        let mut evaluations = 1;
        let mut trial = place.to_vec();
        for _ in 0..self.max_iterations {
            self.state.turn(&point.gradient, self.history);
            let first = match self.state.iterations {
                1 => self.learning_rate * (1.0 / point.gradient.iter().map(|g| g.abs()).sum::<f64>()).min(1.0),
                _ => self.learning_rate,
            };
            let direction = &self.state.direction;
            let slope = dot(&point.gradient, direction);
            self.state.length = first;
            if slope > -self.change_tolerance {
                break;
            }
            let start = Point { at: 0.0, slope, ..point };
            let mut search = Search {
                evaluate: |distance: f64| {
                    move_along(&mut trial, place, distance, direction);
                    let (loss, gradient) = at(&trial);
                    Point { at: distance, loss, slope: dot(&gradient, direction), gradient }
                },
                extent: largest(direction),
                tolerance: self.change_tolerance,
                evaluations: 0,
            };
            point = search.run(&start, first);
            evaluations += search.evaluations;
            self.state.evaluations += search.evaluations as u64;
            move_along(&mut trial, place, point.at, direction);
            place.copy_from_slice(&trial);
            self.state.length = point.at;
            let change = largest(direction) * point.at.abs();
            if evaluations >= max_evaluations
                || largest(&point.gradient) <= self.gradient_tolerance
                || change <= self.change_tolerance
                || (point.loss - start.loss).abs() < self.change_tolerance
            {
                break;
            }
        }
    }

    /// Adds the state to a table of tensors, below the given name.
    pub fn save(&self, tensors: &mut Tensors, name: &str) {
        let LbfgsState { iterations, evaluations, changes, scale, direction, length, gradient } = &self.state;
        for (field, count) in [("n_iter", *iterations), ("func_evals", *evaluations)] {
            tensors.insert(joined(name, field), Tensor::integer(count.try_into().unwrap_or(i64::MAX)));
        }
        tensors.insert(joined(name, "H_diag"), Tensor::number(*scale));
        tensors.insert(joined(name, "t"), Tensor::number(*length));
        let mut rows = |field: &str, rows: Vec<&Vec<f64>>| {
            let shape = [rows.len(), direction.len()];
            let values = Values::F64(rows.into_iter().flatten().copied().collect());
            let tensor = Tensor::new(shape, values).expect("all rows are as long as the direction");
            tensors.insert(joined(name, field), tensor);
        };
        rows("d", vec![direction]);
        rows("prev_flat_grad", vec![gradient]);
        rows("old_dirs", changes.iter().map(|[gradient, _]| gradient).collect());
        rows("old_stps", changes.iter().map(|[_, step]| step).collect());
    }

    /// Takes the state from a table that [`Lbfgs::save`] has filled, for the given parameters.
    ///
    /// # Errors
    ///
    /// If the table has no such state. Nothing has changed then.
    pub fn load<P: Leaves>(&mut self, tensors: &Tensors, name: &str, parameters: P) -> Result<(), Error> {
        let wrong = |field: &str| Error::mismatch(&joined(name, field), "is missing or has another type or shape");
        let count = |field: &str| {
            let value = tensors.get(&joined(name, field)).and_then(Tensor::as_integer);
            value.and_then(|value| u64::try_from(value).ok()).ok_or_else(|| wrong(field))
        };
        let numbers = |field: &str, shape: &[Option<usize>]| match tensors.get(&joined(name, field)) {
            Some(tensor) if fits(tensor.shape(), shape) => match tensor.values() {
                Values::F64(values) => Ok(values.clone()),
                Values::F32(_) | Values::I64(_) => Err(wrong(field)),
            },
            _ => Err(wrong(field)),
        };
        let iterations = count("n_iter")?;
        let len = if iterations == 0 { 0 } else { flat(&parameters).len() };
        let old = numbers("old_dirs", &[None, Some(len)])?;
        let stored = old.len().checked_div(len).unwrap_or(0);
        let steps = numbers("old_stps", &[Some(stored), Some(len)])?;
        let [scale, length] = [numbers("H_diag", &[])?, numbers("t", &[])?].map(|values| values[0]);
        let rows = |values: &[f64]| values.chunks_exact(len.max(1)).map(<[f64]>::to_vec).collect::<Vec<_>>();
        self.state = LbfgsState {
            iterations,
            evaluations: count("func_evals")?,
            changes: rows(&old).into_iter().zip(rows(&steps)).map(|(gradient, step)| [gradient, step]).collect(),
            scale,
            direction: numbers("d", &[Some(1), Some(len)])?,
            length,
            gradient: numbers("prev_flat_grad", &[Some(1), Some(len)])?,
        };
        Ok(())
    }
}

/// Whether a shape is as given, where `None` stands for any length.
fn fits(shape: &[usize], expected: &[Option<usize>]) -> bool {
    shape.len() == expected.len()
        && shape.iter().zip(expected).all(|(len, expected)| expected.is_none_or(|e| e == *len))
}

impl LbfgsState {
    /// Takes note of the gradient at the end of the last iteration, and finds the direction of the next.
    fn turn(&mut self, gradient: &[f64], history: usize) {
        self.iterations += 1;
        if self.iterations == 1 {
            self.direction = gradient.iter().map(|g| -g).collect();
            self.scale = 1.0;
        } else {
            self.remember(gradient, history);
            self.direction = self.newton(gradient);
        }
        self.gradient.clear();
        self.gradient.extend_from_slice(gradient);
    }

    /// Keeps the last change, if the loss is convex along it.
    fn remember(&mut self, gradient: &[f64], history: usize) {
        let change: Vec<f64> = gradient.iter().zip(&self.gradient).map(|(new, old)| new - old).collect();
        let step: Vec<f64> = self.direction.iter().map(|d| d * self.length).collect();
        let curvature = dot(&change, &step);
        if curvature > 1e-10 {
            self.scale = curvature / dot(&change, &change);
            self.changes.push_back([change, step]);
            while self.changes.len() > history {
                self.changes.pop_front();
            }
        }
    }

    /// The negative gradient times the inverse Hessian, in two loops over the changes.
    fn newton(&self, gradient: &[f64]) -> Vec<f64> {
        let mut direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut parts = Vec::with_capacity(self.changes.len());
        for [change, step] in self.changes.iter().rev() {
            let part = dot(step, &direction) / dot(change, step);
            add(&mut direction, -part, change);
            parts.push(part);
        }
        direction.iter_mut().for_each(|d| *d *= self.scale);
        for ([change, step], part) in self.changes.iter().zip(parts.into_iter().rev()) {
            let other = dot(change, &direction) / dot(change, step);
            add(&mut direction, part - other, step);
        }
        direction
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(sum: &mut [f64], factor: f64, b: &[f64]) {
    sum.iter_mut().zip(b).for_each(|(sum, b)| *sum += factor * b);
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| value.abs().max(largest))
}

/// `target = place + distance * direction`.
fn move_along(target: &mut [f64], place: &[f64], distance: f64, direction: &[f64]) {
    target.copy_from_slice(place);
    add(target, distance, direction);
}

/// All numbers of a value.
fn flat<P: Leaves>(value: &P) -> Vec<f64> {
    struct Flatten(Vec<f64>);

    impl<'v> LeafVisitor<'v> for Flatten {
        fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], values: LeafValues<'v>) {
            match values {
                LeafValues::F32(values) => self.0.extend(values.iter().map(|&value| f64::from(value))),
                LeafValues::F64(values) => self.0.extend_from_slice(&values),
            }
        }
    }

    let mut flat = Flatten(Vec::new());
    value.visit_leaves(&LeafPath::root(), &mut flat);
    flat.0
}

/// Writes all numbers of a value.
fn put<P: LeavesMut>(value: &mut P, flat: &[f64]) {
    struct Put<'f>(&'f [f64]);

    impl LeafVisitorMut for Put<'_> {
        fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
            let (these, rest) = self.0.split_at(values.len());
            values.iter_mut().zip(these).for_each(|(value, &flat)| *value = A::of(flat));
            self.0 = rest;
        }
    }

    value.visit_leaves_mut(&LeafPath::root(), &mut Put(flat));
}
