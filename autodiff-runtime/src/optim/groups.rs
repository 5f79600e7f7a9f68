//! Different hyper-parameters for different parameters.

use super::Optimizer;
use crate::files::{Error, Tensors, joined};
use crate::{Float, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};

/// Which leaves belong to a group.
#[derive(Clone, Debug)]
pub enum Selector {
    /// Those whose name has the given pattern, in which `*` stands for any text: `head.*`, `*.bias`, `*`.
    Name(String),
    /// Those for whose name and shape the function holds.
    Leaf(fn(&str, &[usize]) -> bool),
}

impl Selector {
    fn selects(&self, name: &str, shape: &[usize]) -> bool {
        match self {
            Self::Name(pattern) => matches(pattern, name),
            Self::Leaf(function) => function(name, shape),
        }
    }
}

impl From<&str> for Selector {
    fn from(pattern: &str) -> Self {
        Self::Name(pattern.to_owned())
    }
}

impl From<fn(&str, &[usize]) -> bool> for Selector {
    fn from(function: fn(&str, &[usize]) -> bool) -> Self {
        Self::Leaf(function)
    }
}

/// Whether a name has a pattern, in which `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(start) else {
        return false;
    };
    let Some((middle, end)) = rest.rsplit_once('*') else {
        return name.ends_with(rest);
    };
    for part in middle.split('*') {
        let Some(at) = name.find(part) else {
            return false;
        };
        name = &name[at + part.len()..];
    }
    name.ends_with(end)
}

/// An optimizer for each of several groups of parameters, which are told apart by their names.
///
/// A leaf belongs to the first group that selects it; what no group selects belongs to the optimizer that
/// [`Groups::new`] was given, and what is frozen does not change. Every optimizer has its own state.
///
/// ```
/// use autodiff_runtime::optim::{AdamW, Groups, Optimizer};
///
/// let adamw = AdamW::new(1e-3).weight_decay(0.1);
/// let mut optimizer = Groups::new(adamw.clone())
///     .freeze("0")
///     .group_by(|_, shape| shape.len() < 2, adamw.weight_decay(0.0));
/// let (mut frozen, mut bias) = ([1.0_f64], [1.0_f64]);
/// optimizer.step((&mut frozen, &mut bias), (&[1.0], &[0.0]));
/// assert_eq!((frozen, bias), ([1.0], [1.0]));
/// ```
#[derive(Clone, Debug)]
pub struct Groups<O> {
    selectors: Vec<Selector>,
    /// An optimizer for each selector, none for what is frozen; the last is for the rest.
    optimizers: Vec<Option<O>>,
    /// The learning rates of the optimizers, divided by that of the last.
    ratios: Vec<f64>,
}

impl<O: Optimizer + Clone> Groups<O> {
    /// All parameters with one optimizer, to which groups are added.
    pub fn new(rest: O) -> Self {
        Self { selectors: Vec::new(), optimizers: vec![Some(rest)], ratios: vec![1.0] }
    }

    /// Adds a group of parameters with its own optimizer.
    ///
    /// `*` in the pattern stands for any text: `head.*`, `*.bias`.
    #[must_use]
    pub fn group(self, pattern: &str, optimizer: O) -> Self {
        self.with(Selector::from(pattern), Some(optimizer))
    }

    /// Adds the group of the leaves for whose name and shape a function holds.
    #[must_use]
    pub fn group_by(self, selects: fn(&str, &[usize]) -> bool, optimizer: O) -> Self {
        self.with(Selector::Leaf(selects), Some(optimizer))
    }

    /// Adds a group of parameters that do not change.
    #[must_use]
    pub fn freeze(self, pattern: &str) -> Self {
        self.with(Selector::from(pattern), None)
    }

    fn with(mut self, selector: Selector, optimizer: Option<O>) -> Self {
        let ratio = optimizer.as_ref().map_or(1.0, |optimizer| optimizer.learning_rate() / self.learning_rate());
        let rest = self.optimizers.len() - 1;
        self.selectors.push(selector);
        self.optimizers.insert(rest, optimizer);
        self.ratios.insert(rest, ratio);
        self
    }

    /// The optimizers, in the order in which the groups were added; the last is that of the rest.
    pub fn optimizers(&self) -> impl Iterator<Item = &O> {
        self.optimizers.iter().flatten()
    }
}

impl<O: Optimizer + Clone> Optimizer for Groups<O> {
    #[track_caller]
    fn step<P: LeavesMut, G: Leaves>(&mut self, mut parameters: P, gradients: G) {
        let selectors = &self.selectors[..];
        for (index, optimizer) in self.optimizers.iter_mut().enumerate() {
            if let Some(optimizer) = optimizer {
                let parameters = Only { inner: &mut parameters, selectors, index };
                optimizer.step(parameters, Only { inner: &gradients, selectors, index });
            }
        }
    }

    /// The learning rate of the parameters that are in no group.
    fn learning_rate(&self) -> f64 {
        self.optimizers.last().and_then(Option::as_ref).map_or(0.0, O::learning_rate)
    }

    /// Changes the learning rate of the parameters that are in no group, and those of the groups in proportion.
    fn set_learning_rate(&mut self, learning_rate: f64) {
        for (optimizer, ratio) in self.optimizers.iter_mut().zip(&self.ratios) {
            if let Some(optimizer) = optimizer {
                optimizer.set_learning_rate(learning_rate * ratio);
            }
        }
    }

    fn save(&self, tensors: &mut Tensors, name: &str) {
        for (index, optimizer) in self.optimizers.iter().enumerate() {
            if let Some(optimizer) = optimizer {
                optimizer.save(tensors, &joined(name, &index.to_string()));
            }
        }
    }

    fn load<P: Leaves>(&mut self, tensors: &Tensors, name: &str, parameters: P) -> Result<(), Error> {
        let mut loaded = self.optimizers.clone();
        for (index, optimizer) in loaded.iter_mut().enumerate() {
            if let Some(optimizer) = optimizer {
                let parameters = Only { inner: &parameters, selectors: &self.selectors, index };
                optimizer.load(tensors, &joined(name, &index.to_string()), parameters)?;
            }
        }
        self.optimizers = loaded;
        Ok(())
    }
}

/// The leaves of a value that belong to one group.
struct Only<'g, P> {
    inner: P,
    selectors: &'g [Selector],
    index: usize,
}

impl<P: Leaves> Leaves for Only<'_, P> {
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        let mut filter = Filter { visitor, selectors: self.selectors, index: self.index };
        self.inner.visit_leaves(path, &mut filter);
    }
}

impl<P: LeavesMut> LeavesMut for Only<'_, P> {
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        let mut filter = Filter { visitor, selectors: self.selectors, index: self.index };
        self.inner.visit_leaves_mut(path, &mut filter);
    }
}

/// Hands on the leaves of one group.
struct Filter<'f, V> {
    visitor: &'f mut V,
    selectors: &'f [Selector],
    index: usize,
}

impl<V> Filter<'_, V> {
    fn lets_through(&self, path: &LeafPath<'_>, shape: &[usize]) -> bool {
        let name = path.to_string();
        let group = self.selectors.iter().position(|selector| selector.selects(&name, shape));
        group.unwrap_or(self.selectors.len()) == self.index
    }
}

impl<'v, V: LeafVisitor<'v>> LeafVisitor<'v> for Filter<'_, V> {
    #[track_caller]
    fn leaf(&mut self, path: &LeafPath<'_>, shape: &[usize], values: LeafValues<'v>) {
        if self.lets_through(path, shape) {
            self.visitor.leaf(path, shape, values);
        }
    }
}

impl<V: LeafVisitorMut> LeafVisitorMut for Filter<'_, V> {
    #[track_caller]
    fn leaf<A: Float>(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [A]) {
        if self.lets_through(path, shape) {
            self.visitor.leaf(path, shape, values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        for (pattern, name) in [
            ("*", ""),
            ("*", "a.b"),
            ("a.b", "a.b"),
            ("a.*", "a.b.c"),
            ("*.bias", "fc.bias"),
            ("*a*b", "xaab"),
            ("a*a*a", "aaa"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("a", "a.b"), ("a.*", "b.a.c"), ("*.bias", "bias"), ("a*a", "a"), ("a*a*a", "aa"), ("", "a")]
        {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
