//! What an optimizer keeps between its steps, and how a formula is applied to every leaf.

use std::fmt;
use std::mem;

use super::step::Step;
use crate::files::{Error, Tensor, Tensors, Values, joined};
use crate::kernel::widest;
use crate::{Float, LeafBuffer, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};

/// The formula of an optimizer for one leaf, with `N` numbers of state for each number of the leaf.
pub trait Update<const N: usize> {
    /// The names of the numbers of state, as PyTorch's optimizers name them in their `state_dict`.
    const STATE: [&'static str; N];

    /// Changes the values of a leaf and the state, given the gradient. One pass over memory.
    fn update<A: Float>(&self, values: &mut [A], gradient: &[A], state: [&mut [A]; N]);

    /// The first step of a leaf, whose state is zeros, for formulas whose first step differs.
    #[inline(always)]
    fn start<A: Float>(&self, values: &mut [A], gradient: &[A], state: [&mut [A]; N]) {
        self.update(values, gradient, state);
    }
}

/// What an optimizer keeps between its steps: the number of steps, and for every leaf some buffers of its length.
///
/// It is empty before the first step, and belongs to the leaves by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    steps: u64,
    numbers: Vec<(&'static str, f64)>,
    leaves: Vec<LeafState>,
}

/// The buffers of a leaf by their names.
#[derive(Clone, Debug, PartialEq)]
struct LeafState {
    name: String,
    shape: Vec<usize>,
    buffers: Vec<(&'static str, LeafBuffer)>,
}

impl State {
    /// How many steps have been taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Counts a step and gives its number, 1 for the first.
    pub fn next_step(&mut self) -> u64 {
        self.steps += 1;
        self.steps
    }

    /// A number that belongs to all leaves, `initial` before the first step.
    pub fn number(&mut self, name: &'static str, initial: f64) -> &mut f64 {
        let at = self.numbers.iter().position(|&(known, _)| known == name).unwrap_or_else(|| {
            self.numbers.push((name, initial));
            self.numbers.len() - 1
        });
        &mut self.numbers[at].1
    }

    /// Applies a formula to every leaf of the parameters.
    ///
    /// # Panics
    ///
    /// If the gradients do not fit the parameters, or the parameters do not fit those of the step before. Nothing has
    /// changed then.
    #[track_caller]
    pub fn update<const N: usize, U, P, G>(&mut self, formula: &U, mut parameters: P, gradients: G)
    where
        U: Update<N>,
        P: LeavesMut,
        G: Leaves,
    {
        let root = LeafPath::root();
        let mut checked = 0;
        for_each_round(&gradients, |round| {
            let mut check = Check { state: self, round: Some(round), next: 0 };
            parameters.visit_leaves(&root, &mut check);
            checked = check.next;
        });
        let given = count(&gradients);
        assert!(checked == given, "optimizer: {given} leaves of gradients for {checked} leaves of parameters");
        for_each_round(&gradients, |round| {
            let mut stepper = Stepper { formula, state: self, round, next: 0 };
            parameters.visit_leaves_mut(&root, &mut stepper);
        });
    }

    /// Applies a formula that changes its state only, and reads the parameters in place of gradients.
    #[track_caller]
    pub(crate) fn observe<const N: usize, U: Update<N>, P: Leaves>(&mut self, formula: &U, parameters: P) {
        let mut check = Check { state: self, round: None, next: 0 };
        parameters.visit_leaves(&LeafPath::root(), &mut check);
        parameters.visit_leaves(&LeafPath::root(), &mut Observer { formula, state: self, next: 0 });
    }

    /// A buffer of the leaf of a name, if there is one.
    pub(crate) fn buffer<A: Float>(&mut self, path: &LeafPath<'_>, name: &str) -> Option<&mut [A]> {
        let leaf = self.leaves.iter_mut().find(|leaf| path.is(&leaf.name))?;
        let (_, buffer) = leaf.buffers.iter_mut().find(|(known, _)| *known == name)?;
        A::filled_buffer(buffer)
    }

    /// The state of the leaf of a name, which is expected at a position.
    fn known(&self, position: usize, path: &LeafPath<'_>) -> Option<&LeafState> {
        let expected = self.leaves.get(position).filter(|leaf| path.is(&leaf.name));
        expected.or_else(|| self.leaves.iter().find(|leaf| path.is(&leaf.name)))
    }

    /// The state of the leaf of a name, which is expected at a position, made if there is none.
    fn leaf(&mut self, position: usize, path: &LeafPath<'_>, shape: &[usize]) -> &mut LeafState {
        if !self.leaves.get(position).is_some_and(|leaf| path.is(&leaf.name)) {
            match self.leaves.iter().position(|leaf| path.is(&leaf.name)) {
                Some(found) => self.leaves.swap(position, found),
                None => {
                    let leaf = LeafState { name: path.to_string(), shape: shape.to_vec(), buffers: Vec::new() };
                    self.leaves.insert(position.min(self.leaves.len()), leaf);
                }
            }
        }
        &mut self.leaves[position]
    }

    /// Adds the state to a table: `prefix.step`, and `prefix.buffer.leaf` for the buffers of each leaf.
    pub fn save(&self, tensors: &mut Tensors, prefix: &str) {
        tensors.insert(joined(prefix, "step"), Tensor::integer(self.steps.try_into().unwrap_or(i64::MAX)));
        for &(name, value) in &self.numbers {
            tensors.insert(joined(prefix, name), Tensor::number(value));
        }
        for leaf in &self.leaves {
            for (buffer, values) in &leaf.buffers {
                let values = match values {
                    LeafBuffer::F32(values) => Values::F32(values.clone()),
                    LeafBuffer::F64(values) => Values::F64(values.clone()),
                };
                let tensor = Tensor::new(leaf.shape.clone(), values).expect("a buffer is as long as its leaf");
                tensors.insert(joined(&joined(prefix, buffer), &leaf.name), tensor);
            }
        }
    }

    /// The state that [`State::save`] wrote, for the given parameters.
    ///
    /// `buffers` and `numbers` are the names of what the optimizer keeps.
    ///
    /// # Errors
    ///
    /// If the table does not hold exactly such a state.
    pub fn saved<P: Leaves>(
        tensors: &Tensors,
        prefix: &str,
        [buffers, numbers]: [&[&'static str]; 2],
        parameters: P,
    ) -> Result<Self, Error> {
        let part = tensors.part(prefix);
        let full = |name: &str| joined(prefix, name);
        let steps = match part.get("step").map(Tensor::as_integer) {
            Some(Some(steps @ 0..)) => steps as u64,
            Some(_) => return Err(Error::mismatch(&full("step"), "is not the number of a step")),
            None => return Err(Error::mismatch(&full("step"), "is missing")),
        };
        let mut state = Self { steps, ..Self::default() };
        if steps > 0 {
            for &name in numbers {
                match part.get(name).and_then(Tensor::as_number) {
                    Some(value) => state.numbers.push((name, value)),
                    None => return Err(Error::mismatch(&full(name), "is missing or is not a number of type f64")),
                }
            }
            let mut read = Read { part: &part, prefix, buffers, leaves: Vec::new(), error: None };
            parameters.visit_leaves(&LeafPath::root(), &mut read);
            if let Some(error) = read.error {
                return Err(error);
            }
            state.leaves = read.leaves;
        }
        let mut expected = Tensors::new();
        state.save(&mut expected, "");
        match part.iter().find(|(name, _)| expected.get(name).is_none()) {
            Some((name, _)) => Err(Error::mismatch(&full(name), "has no place in the state of the optimizer")),
            None => Ok(state),
        }
    }
}

/// Reads the buffers of every leaf from a table.
struct Read<'t> {
    part: &'t Tensors,
    prefix: &'t str,
    buffers: &'t [&'static str],
    leaves: Vec<LeafState>,
    error: Option<Error>,
}

impl Read<'_> {
    fn buffer(&self, name: &str, shape: &[usize], values: &LeafValues<'_>) -> Result<LeafBuffer, Error> {
        let full = || joined(self.prefix, name);
        let Some(tensor) = self.part.get(name) else {
            return Err(Error::mismatch(&full(), "is missing"));
        };
        if tensor.shape() != shape {
            return Err(Error::mismatch(&full(), format!("has shape {:?} instead of {shape:?}", tensor.shape())));
        }
        match (tensor.values(), values) {
            (Values::F32(buffer), LeafValues::F32(_)) => Ok(LeafBuffer::F32(buffer.clone())),
            (Values::F64(buffer), LeafValues::F64(_)) => Ok(LeafBuffer::F64(buffer.clone())),
            (other, values) => Err(Error::mismatch(
                &full(),
                format!("has type {} instead of {}", other.type_name(), values.type_name()),
            )),
        }
    }
}

impl<'v> LeafVisitor<'v> for Read<'_> {
    fn leaf(&mut self, path: &LeafPath<'_>, shape: &[usize], values: LeafValues<'v>) {
        let mut leaf = LeafState { name: path.to_string(), shape: shape.to_vec(), buffers: Vec::new() };
        for &buffer in self.buffers {
            match self.buffer(&joined(buffer, &leaf.name), shape, &values) {
                Ok(values) => leaf.buffers.push((buffer, values)),
                Err(error) => {
                    self.error.get_or_insert(error);
                }
            }
        }
        self.leaves.push(leaf);
    }
}

/// How many leaves of gradients are looked at while the parameters are walked once.
///
/// They are held on the stack, so that a step allocates nothing.
const ROUND: usize = 64;

/// Some consecutive leaves of the gradients.
struct Round<'v> {
    first: usize,
    leaves: [Option<LeafValues<'v>>; ROUND],
    next: usize,
}

impl Round<'_> {
    /// The leaf of a number, or `Err` if it belongs to another round.
    fn get(&self, number: usize) -> Result<Option<&LeafValues<'_>>, ()> {
        let inside = number.checked_sub(self.first).filter(|&at| at < ROUND).ok_or(())?;
        Ok(self.leaves[inside].as_ref())
    }
}

impl<'v> LeafVisitor<'v> for Round<'v> {
    fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], values: LeafValues<'v>) {
        if let Some(at) = self.next.checked_sub(self.first).filter(|&at| at < ROUND) {
            self.leaves[at] = Some(values);
        }
        self.next += 1;
    }
}

/// Goes through the gradients, some leaves at a time; at least once, so that missing ones are noticed.
fn for_each_round<G: Leaves>(gradients: &G, mut action: impl FnMut(&Round<'_>)) {
    let mut first = 0;
    loop {
        let mut round = Round { first, leaves: [const { None }; ROUND], next: 0 };
        gradients.visit_leaves(&LeafPath::root(), &mut round);
        action(&round);
        first += ROUND;
        if round.next <= first {
            break;
        }
    }
}

/// How many leaves a value has.
fn count<G: Leaves>(value: &G) -> usize {
    struct Count(usize);

    impl<'v> LeafVisitor<'v> for Count {
        fn leaf(&mut self, _: &LeafPath<'_>, _: &[usize], _: LeafValues<'v>) {
            self.0 += 1;
        }
    }

    let mut counter = Count(0);
    value.visit_leaves(&LeafPath::root(), &mut counter);
    counter.0
}

/// Compares parameters with gradients and state before anything is changed.
struct Check<'s, 'v> {
    state: &'s State,
    /// None if there are no gradients.
    round: Option<&'s Round<'v>>,
    next: usize,
}

impl<'p> LeafVisitor<'p> for Check<'_, '_> {
    #[track_caller]
    fn leaf(&mut self, path: &LeafPath<'_>, shape: &[usize], values: LeafValues<'p>) {
        let name = Name(path);
        let number = self.next;
        self.next += 1;
        match self.round.map(|round| round.get(number)) {
            Some(Ok(gradient)) => compare(&name, shape, &values, gradient),
            Some(Err(())) => return,
            None => {}
        }
        if let Some(leaf) = self.state.known(number, path) {
            let (len, before) = (values.len(), leaf.shape.iter().product::<usize>());
            assert!(len == before, "optimizer: {name} has {len} elements, but had {before} in the step before");
        }
    }
}

/// Panics if a leaf and its gradient do not fit.
#[track_caller]
fn compare(name: &Name<'_>, shape: &[usize], values: &LeafValues<'_>, gradient: Option<&LeafValues<'_>>) {
    let Some(gradient) = gradient else {
        panic!("optimizer: {name} of shape {shape:?} has no gradient");
    };
    let (its_type, other_type) = (values.type_name(), gradient.type_name());
    assert!(its_type == other_type, "optimizer: {name} has type {its_type}, but its gradient has type {other_type}");
    assert!(
        gradient.len() == values.len(),
        "optimizer: {name} has shape {shape:?}, but its gradient has {} elements",
        gradient.len()
    );
}

/// Changes the parameters that belong to a round of gradients.
struct Stepper<'s, 'v, const N: usize, U> {
    formula: &'s U,
    state: &'s mut State,
    round: &'s Round<'v>,
    next: usize,
}

impl<const N: usize, U: Update<N>> LeafVisitorMut for Stepper<'_, '_, N, U> {
    fn leaf<A: Float>(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [A]) {
        let number = self.next;
        self.next += 1;
        let Ok(Some(gradient)) = self.round.get(number) else {
            return;
        };
        let gradient = A::leaf_values(gradient).expect("types were compared before");
        apply(self.formula, self.state, (number, path, shape), values, gradient);
    }
}

/// Shows the parameters to a formula.
struct Observer<'s, const N: usize, U> {
    formula: &'s U,
    state: &'s mut State,
    next: usize,
}

impl<'v, const N: usize, U: Update<N>> LeafVisitor<'v> for Observer<'_, N, U> {
    fn leaf(&mut self, path: &LeafPath<'_>, shape: &[usize], values: LeafValues<'v>) {
        let leaf = (self.next, path, shape);
        self.next += 1;
        match values {
            LeafValues::F32(values) => apply(self.formula, self.state, leaf, &mut [], &values),
            LeafValues::F64(values) => apply(self.formula, self.state, leaf, &mut [], &values),
        }
    }
}

/// Applies a formula to a leaf of the given number, path and shape; the state is as long as the gradient.
fn apply<const N: usize, U: Update<N>, A: Float>(
    formula: &U,
    state: &mut State,
    (number, path, shape): (usize, &LeafPath<'_>, &[usize]),
    values: &mut [A],
    gradient: &[A],
) {
    let (mut buffers, fresh) = state.leaf(number, path, shape).take(U::STATE, gradient.len());
    let ready = buffers.each_mut().map(|buffer| ready(A::leaf_buffer(buffer), gradient.len()));
    widest(Step { formula, values, gradient, state: ready, fresh });
    state.leaves[number].put_back(U::STATE, buffers);
}

/// The numbers of a buffer, zeros before the first step.
fn ready<A: Float>(buffer: &mut Vec<A>, len: usize) -> &mut [A] {
    buffer.resize(len, A::zero());
    buffer
}

impl LeafState {
    /// Moves the buffers of the given names out, and says whether one of them has not been filled yet.
    fn take<const N: usize>(&mut self, names: [&'static str; N], len: usize) -> ([LeafBuffer; N], bool) {
        let taken = names.map(|name| {
            let at = self.buffers.iter().position(|&(known, _)| known == name).unwrap_or_else(|| {
                self.buffers.push((name, LeafBuffer::default()));
                self.buffers.len() - 1
            });
            mem::take(&mut self.buffers[at].1)
        });
        let fresh = taken.iter().any(|buffer| buffer.len() != len);
        (taken, fresh)
    }

    /// Moves the buffers back to where they were.
    fn put_back<const N: usize>(&mut self, names: [&'static str; N], buffers: [LeafBuffer; N]) {
        for (name, buffer) in names.into_iter().zip(buffers) {
            if let Some((_, place)) = self.buffers.iter_mut().find(|(known, _)| *known == name) {
                *place = buffer;
            }
        }
    }
}

/// A leaf in a message; a parameter that is a single leaf has no name.
struct Name<'p>(&'p LeafPath<'p>);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.to_string().as_str() {
            "" => f.write_str("the parameter"),
            path => write!(f, "parameter `{path}`"),
        }
    }
}
