//! The table of named arrays between parameters and files.

use std::collections::BTreeMap;

use super::Error;
use crate::{Float, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};

/// The numbers of a tensor in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Single precision.
    F32(Vec<f32>),
    /// Double precision.
    F64(Vec<f64>),
    /// Integers, such as the number of a step; no leaf of parameters has this type.
    I64(Vec<i64>),
}

impl Values {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
            Self::I64(values) => values.len(),
        }
    }

    /// Whether there are no numbers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of the type of the numbers.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::F32(_) => "f32",
            Self::F64(_) => "f64",
            Self::I64(_) => "i64",
        }
    }

    /// Whether all values can be had in type `A` without rounding.
    fn fits<A: Float>(&self) -> bool {
        match self {
            Self::F32(_) => true,
            Self::F64(_) => std::mem::size_of::<A>() == std::mem::size_of::<f64>(),
            Self::I64(_) => false,
        }
    }

    /// Writes the values; only what [`fits`](Self::fits) is written without rounding.
    fn copy_to<A: Float>(&self, target: &mut [A]) {
        match self {
            Self::F32(values) => target.iter_mut().zip(values).for_each(|(t, &v)| *t = A::of(f64::from(v))),
            Self::F64(values) => target.iter_mut().zip(values).for_each(|(t, &v)| *t = A::of(v)),
            Self::I64(values) => target.iter_mut().zip(values).for_each(|(t, &v)| *t = A::of(v as f64)),
        }
    }
}

impl From<&LeafValues<'_>> for Values {
    fn from(values: &LeafValues<'_>) -> Self {
        match values {
            LeafValues::F32(values) => Self::F32(values.to_vec()),
            LeafValues::F64(values) => Self::F64(values.to_vec()),
        }
    }
}

/// How many axes a tensor has at most.
const MAX_AXES: usize = 64;

/// An array of any rank: a shape and as many numbers as it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    shape: Vec<usize>,
    values: Values,
}

impl Tensor {
    /// A tensor of the given shape (empty for a single number), with its numbers in row-major order.
    ///
    /// # Errors
    ///
    /// If there are not as many numbers as the shape says, or more axes than the 64 that NumPy and PyTorch allow.
    pub fn new(shape: impl Into<Vec<usize>>, values: Values) -> Result<Self, Error> {
        let shape = shape.into();
        if shape.len() > MAX_AXES {
            return Err(Error::damaged(format!("{} axes are more than {MAX_AXES}", shape.len())));
        }
        let count = shape.iter().try_fold(1_usize, |count, &len| count.checked_mul(len));
        if count == Some(values.len()) {
            Ok(Self { shape, values })
        } else {
            Err(Error::damaged(format!("{} numbers for a tensor of shape {shape:?}", values.len())))
        }
    }

    /// A single integer.
    pub fn integer(value: i64) -> Self {
        Self { shape: Vec::new(), values: Values::I64(vec![value]) }
    }

    /// A single number in double precision.
    pub fn number(value: f64) -> Self {
        Self { shape: Vec::new(), values: Values::F64(vec![value]) }
    }

    /// The integer of a tensor that is a single one.
    pub fn as_integer(&self) -> Option<i64> {
        match &self.values {
            Values::I64(values) if self.shape.is_empty() => values.first().copied(),
            Values::I64(_) | Values::F32(_) | Values::F64(_) => None,
        }
    }

    /// The number of a tensor that is a single one in double precision.
    pub fn as_number(&self) -> Option<f64> {
        match &self.values {
            Values::F64(values) if self.shape.is_empty() => values.first().copied(),
            Values::F64(_) | Values::F32(_) | Values::I64(_) => None,
        }
    }

    /// The extents of the axes, empty for a single number.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The numbers in row-major order.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The same with the numbers rounded to single precision; integers stay.
    #[must_use]
    pub fn to_f32(&self) -> Self {
        let values = match &self.values {
            Values::F64(values) => Values::F32(values.iter().map(|&value| value as f32).collect()),
            values @ (Values::F32(_) | Values::I64(_)) => values.clone(),
        };
        Self { shape: self.shape.clone(), values }
    }
}

/// Named tensors in the order of their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tensors {
    table: BTreeMap<String, Tensor>,
}

impl Tensors {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// The leaves of parameters by their names, as PyTorch's `state_dict()` gives them.
    ///
    /// Parameters that are a single leaf have the empty name.
    pub fn of<P: Leaves>(parameters: P) -> Self {
        let mut tensors = Self::new();
        tensors.add("", parameters);
        tensors
    }

    /// Adds the leaves of parameters, with `prefix` and a dot before their names.
    pub fn add<P: Leaves>(&mut self, prefix: &str, parameters: P) {
        struct Add<'t> {
            prefix: &'t str,
            table: &'t mut BTreeMap<String, Tensor>,
        }

        impl<'v> LeafVisitor<'v> for Add<'_> {
            fn leaf(&mut self, path: &LeafPath<'_>, shape: &[usize], values: LeafValues<'v>) {
                let tensor = Tensor { shape: shape.to_vec(), values: Values::from(&values) };
                self.table.insert(joined(self.prefix, &path.to_string()), tensor);
            }
        }

        parameters.visit_leaves(&LeafPath::root_with_buffers(), &mut Add { prefix, table: &mut self.table });
    }

    /// Adds a tensor, and gives back the one that had the name.
    pub fn insert(&mut self, name: impl Into<String>, tensor: Tensor) -> Option<Tensor> {
        self.table.insert(name.into(), tensor)
    }

    /// The tensor of a name.
    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.table.get(name)
    }

    /// The tensors with their names, in the order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Tensor)> {
        self.table.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }

    /// How many tensors there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there are no tensors.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Leaves only the tensors for whose names `keep` holds, as in
    /// `tensors.retain(|name| !name.ends_with("num_batches_tracked"))`.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.table.retain(|name, _| keep(name));
    }

    /// The tensors that were added with a prefix, without it.
    #[must_use]
    pub fn part(&self, prefix: &str) -> Self {
        let inside = self.table.iter().filter_map(|(name, tensor)| {
            let rest = name.strip_prefix(prefix)?;
            Some((if rest.is_empty() { rest } else { rest.strip_prefix('.')? }.to_owned(), tensor.clone()))
        });
        Self { table: inside.collect() }
    }

    /// All numbers rounded to single precision, for parameters of type `f32`; integers stay.
    #[must_use]
    pub fn to_f32(&self) -> Self {
        Self { table: self.table.iter().map(|(name, tensor)| (name.clone(), tensor.to_f32())).collect() }
    }

    /// Changes the parameters to the numbers of this table.
    ///
    /// Every leaf has a tensor of its name and shape, and every tensor has a leaf. Single precision is put into double
    /// precision exactly; the other way needs [`Tensors::to_f32`].
    ///
    /// # Errors
    ///
    /// If a tensor is missing, superfluous, or of another shape or type. The parameters are then as they were.
    pub fn load<P: LeavesMut>(&self, mut parameters: P) -> Result<(), Error> {
        let mut check = Check { tensors: self, found: 0, error: None };
        parameters.visit_leaves(&LeafPath::root_with_buffers(), &mut check);
        if let Some(error) = check.error {
            return Err(error);
        }
        if check.found != self.len() {
            return Err(self.superfluous(&parameters));
        }
        parameters.visit_leaves_mut(&LeafPath::root_with_buffers(), &mut Put(self));
        Ok(())
    }

    /// The error for a table with more tensors than the parameters have leaves.
    fn superfluous<P: Leaves>(&self, parameters: &P) -> Error {
        let known = Self::of(parameters);
        let name = self.table.keys().find(|name| !known.table.contains_key(*name)).map_or("", String::as_str);
        Error::mismatch(name, "has no place in the parameters")
    }
}

/// A name below a prefix.
pub(crate) fn joined(prefix: &str, name: &str) -> String {
    match (prefix, name) {
        ("", name) => name.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, name) => format!("{prefix}.{name}"),
    }
}

/// Compares every leaf with its tensor, and keeps the first difference.
struct Check<'t> {
    tensors: &'t Tensors,
    found: usize,
    error: Option<Error>,
}

impl Check<'_> {
    fn compare(&self, name: &str, shape: &[usize], values: &LeafValues<'_>) -> Result<(), Error> {
        let Some(tensor) = self.tensors.get(name) else {
            return Err(Error::mismatch(name, "is missing"));
        };
        if tensor.shape != shape {
            return Err(Error::mismatch(name, format!("has shape {:?} instead of {shape:?}", tensor.shape)));
        }
        let fits = match values {
            LeafValues::F32(_) => tensor.values.fits::<f32>(),
            LeafValues::F64(_) => tensor.values.fits::<f64>(),
        };
        if !fits {
            let (its, other) = (tensor.values.type_name(), values.type_name());
            return Err(Error::mismatch(name, format!("has type {its}, which does not fit into {other}")));
        }
        Ok(())
    }
}

impl<'v> LeafVisitor<'v> for Check<'_> {
    fn leaf(&mut self, path: &LeafPath<'_>, shape: &[usize], values: LeafValues<'v>) {
        if self.error.is_none() {
            self.error = self.compare(&path.to_string(), shape, &values).err();
            self.found += 1;
        }
    }
}

/// Writes every tensor into its leaf.
struct Put<'t>(&'t Tensors);

impl LeafVisitorMut for Put<'_> {
    fn leaf<A: Float>(&mut self, path: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
        if let Some(tensor) = self.0.get(&path.to_string()) {
            tensor.values.copy_to(values);
        }
    }
}
