//! Methods of `Option` and `Result`, one by one, with closures of every kind.

#![allow(clippy::all, dead_code)]

mod common;

use common::{assert_near, difference};
use differentiable::{Differentiable, differentiable};

/// Checks the gradient with respect to what the option holds and to `y`, both modes, and the pullback twice.
macro_rules! with_an_option {
    ($($test:ident: $f:ident;)*) => {$(
        #[test]
        fn $test() {
            for y in [0.7, 1.4] {
                for x in [0.4, 1.5] {
                    let (by_x, by_y) = $f::grad(Some(x), y);
                    assert_near("content", &by_x.unwrap_or(0.0), &difference(|x| $f(Some(x), y), x), 1e-7);
                    assert_near("y", &by_y, &difference(|y| $f(Some(x), y), y), 1e-7);
                    let (value, dot) = $f::jvp(Some(x), y, Some(0.3), 0.9);
                    assert_near("value", &value, &$f(Some(x), y), 1e-12);
                    assert_near("dot", &dot, &(0.3 * by_x.unwrap_or(0.0) + 0.9 * by_y), 1e-9);
                    let (_, pullback) = $f::vjp(Some(x), y);
                    assert_eq!(pullback(1.0), (by_x, by_y));
                    assert_eq!(pullback(1.0), (by_x, by_y));
                }
                let (by_x, by_y) = $f::grad(None, y);
                assert_near("nothing", &by_x.unwrap_or(0.0), &0.0, 1e-12);
                assert_near("y without", &by_y, &difference(|y| $f(None, y), y), 1e-7);
            }
        }
    )*};
}

#[differentiable]
fn half(x: f64) -> f64 {
    x / 2.0
}

#[differentiable]
fn root(x: f64) -> Option<f64> {
    if x > 1.0 { Some(x.sqrt()) } else { None }
}

#[differentiable]
fn xor(o: Option<f64>, y: f64) -> f64 {
    o.xor(if y > 1.0 { Some(y * y) } else { None }).unwrap_or(5.0 * y)
}

#[differentiable]
fn and(o: Option<f64>, y: f64) -> f64 {
    o.and(Some(y)).unwrap_or(2.0 * y) * o.unwrap_or(3.0)
}

#[differentiable]
fn or_or_else(o: Option<f64>, y: f64) -> f64 {
    o.or(Some(y * y)).unwrap() * o.or_else(|| Some(y)).unwrap_or_default()
}

#[differentiable]
fn filtered(o: Option<f64>, y: f64) -> f64 {
    o.filter(|x| *x > 1.0).unwrap_or(y) * 2.0 + o.filter(|&x| x < 1.0).unwrap_or_else(|| 3.0 * y)
}

#[differentiable]
fn by_path(o: Option<f64>, y: f64) -> f64 {
    o.map(half).map(f64::sin).map_or(y, f64::exp) + o.and_then(root).map_or_else(|| y, |v| v * y)
}

#[differentiable]
fn inspected(o: Option<f64>, y: f64) -> f64 {
    o.inspect(|x| assert!(x.is_finite())).map(|x| x * y).unwrap_or(y * y)
}

#[differentiable]
fn taken(o: Option<f64>, y: f64) -> f64 {
    let mut o = o;
    let first = o.take();
    let second = o.replace(y * 2.0);
    first.unwrap_or(y) * o.unwrap() + second.unwrap_or(3.0 * y)
}

#[differentiable]
fn filled(o: Option<f64>, y: f64) -> f64 {
    let mut o = o;
    let v = *o.get_or_insert(y * y);
    v * o.unwrap()
}

#[differentiable]
fn filled_lazily_and_changed(o: Option<f64>, y: f64) -> f64 {
    let mut o = o;
    *o.get_or_insert_with(|| y.sin()) *= 3.0;
    o.unwrap() * y
}

#[differentiable]
fn inserted_and_changed(o: Option<f64>, y: f64) -> f64 {
    let mut o = o;
    let before = o.unwrap_or(y);
    let v = o.insert(y * y);
    *v += before;
    o.unwrap() * y
}

#[differentiable]
fn changed_through_as_mut(o: Option<f64>, y: f64) -> f64 {
    let mut o = o;
    if let Some(x) = o.as_mut() {
        *x *= y;
    }
    o.as_mut().map(|x| *x = x.sin());
    o.unwrap_or(y)
}

#[differentiable]
fn borrowed(o: Option<f64>, y: f64) -> f64 {
    o.as_ref().map(|x| x * y).unwrap_or(y) + o.as_ref().copied().unwrap_or(2.0) + o.as_ref().map_or(1.0, |&x| x)
}

#[differentiable]
fn transposed(o: Option<f64>, y: f64) -> f64 {
    let checked: Option<Result<f64, String>> =
        o.map(|x| if x > 1.0 { Ok(x * y) } else { Err("too small".to_string()) });
    match checked.transpose() {
        Ok(Some(x)) => x,
        Ok(None) => 2.0 * y,
        Err(_) => y * y,
    }
}

#[differentiable]
fn truths(o: Option<f64>, y: f64) -> f64 {
    let x = o.unwrap_or(y);
    (x > 1.0).then(|| x * y).unwrap_or(y) + (y > 1.0).then_some(x).unwrap_or(y * y)
}

#[differentiable]
fn pairs(o: Option<f64>, y: f64) -> f64 {
    o.zip(Some(y)).map(|(a, b)| a * b).unwrap_or(y) + o.map(|x| [x, y]).map_or(0.0, |[a, b]| a - b)
}

#[differentiable]
fn flattened(o: Option<f64>, y: f64) -> f64 {
    Some(o).flatten().unwrap_or(y) * y + if o.is_none_or(|x| x > 1.0) { y } else { y * y }
}

with_an_option! {
    exclusive_or: xor;
    and_another: and;
    or_another: or_or_else;
    filters: filtered;
    functions_by_path: by_path;
    inspection: inspected;
    take_and_replace: taken;
    get_or_insert: filled;
    get_or_insert_with: filled_lazily_and_changed;
    insert: inserted_and_changed;
    as_mut: changed_through_as_mut;
    as_ref: borrowed;
    transpose: transposed;
    then_and_then_some: truths;
    zip_and_patterns: pairs;
    flatten: flattened;
}

#[differentiable]
fn of_references(o: Option<&f64>, y: f64) -> f64 {
    o.copied().unwrap_or(y) * o.map(|v| *v).unwrap_or(1.0)
}

#[test]
fn an_option_of_a_reference() {
    let (_, pullback) = of_references::vjp(Some(&1.5), 0.7);
    assert_near("content", &pullback(1.0).0.unwrap(), &3.0, 1e-12);
    assert_near("y", &of_references::grad(None, 0.7).1, &1.0, 1e-12);
}

#[derive(Clone, Debug, Differentiable)]
struct Cache {
    scale: f64,
    norm: Option<f64>,
    row: Option<Vec<f64>>,
}

impl Cache {
    #[differentiable]
    fn norm(&mut self, x: f64) -> f64 {
        let scale = self.scale;
        *self.norm.get_or_insert_with(|| x * scale)
    }

    #[differentiable]
    fn grow(&mut self, x: f64) {
        if let Some(row) = &mut self.row {
            row.push(x * x);
            row[0] *= x;
        }
        let Some(norm) = self.norm.as_mut() else { return };
        *norm += x;
    }
}

#[differentiable]
fn with_a_cache(x: f64, y: f64) -> f64 {
    let mut cache = Cache { scale: y, norm: None, row: Some(vec![x, y]) };
    cache.grow(y);
    let first = cache.norm(x);
    let second = cache.norm(y);
    cache.grow(x);
    let sum: f64 = cache.row.unwrap().iter().sum();
    first * second + cache.norm.unwrap() * sum
}

#[test]
fn caches_in_fields() {
    let (by_x, by_y) = with_a_cache::grad(1.3, 0.8);
    assert_near("x", &by_x, &difference(|x| with_a_cache(x, 0.8), 1.3), 1e-7);
    assert_near("y", &by_y, &difference(|y| with_a_cache(1.3, y), 0.8), 1e-7);
    let (_, dot) = with_a_cache::jvp(1.3, 0.8, 0.3, 0.9);
    assert_near("dot", &dot, &(0.3 * by_x + 0.9 * by_y), 1e-9);
}

/// What a constant lacks is filled in by differentiated values, and what it holds may be given to functions of them.
#[differentiable]
fn of_constants(x: f64, y: f64, limit: Option<f64>, power: Option<usize>) -> f64 {
    let nothing: Option<f64> = None;
    let parsed: Result<f64, std::num::ParseFloatError> = "1.5".parse();
    x.min(limit.unwrap_or(y)) * nothing.map_or(y, |v| v * 2.0)
        + nothing.or(Some(x * y)).unwrap()
        + nothing.xor(Some(x)).unwrap_or_else(|| y * y)
        + parsed.map_or(x, |v| v * x * y)
        + power.map_or(y, |n| x.powi(n as i32))
        + power.map(|n| x * n as f64).unwrap_or(y)
}

#[test]
fn constants_are_filled_in() {
    for power in [None, Some(3)] {
        differentiable::gradcheck!(of_constants(0.7, 1.3, Some(0.9), power)).unwrap();
        differentiable::gradcheck!(of_constants(1.7, 0.3, None, power)).unwrap();
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Sample {
    time: f64,
    values: Vec<f64>,
}

/// `?` behind a list's own methods reads the element in its place.
#[differentiable]
fn span(samples: &[Sample], k: usize) -> Option<f64> {
    let first = samples.first()?;
    let last = samples.last()?.time;
    let inner = samples.get(k)?.values.first()?;
    Some((last - first.time) * inner * first.values.get(1).copied()?)
}

#[differentiable]
fn span_of(v: &[f64; 4], n: usize, k: usize) -> f64 {
    let samples: Vec<Sample> =
        (0..n).map(|i| Sample { time: v[0] * (i as f64 + v[1]).sin(), values: vec![v[2] + i as f64, v[3]] }).collect();
    span(&samples, k).unwrap_or(v[0] * v[3])
}

#[test]
fn question_marks_behind_elements() {
    for (n, k) in [(3, 1), (2, 0), (2, 2), (0, 0)] {
        differentiable::gradcheck!(span_of(&[0.7, 0.3, -0.4, 1.2], n, k)).unwrap();
    }
}

const VALID: std::ops::RangeInclusive<f64> = 0.0..=100.0;

#[derive(Clone, Differentiable)]
struct Weights {
    inner: Vec<f64>,
    outer: Vec<f64>,
}

impl Weights {
    fn count(&self) -> usize {
        self.inner.len() + self.outer.len()
    }

    /// A method by itself may ask one beside it that has no derivatives how many there are.
    #[differentiable]
    fn mean(&self) -> f64 {
        let n = self.count();
        self.inner.iter().map(|x| x * x).sum::<f64>() / n as f64
    }
}

#[differentiable]
fn percentage(x: f64) -> Option<f64> {
    if VALID.contains(&x) { Some(x * x) } else { None }
}

#[test]
fn questions_that_have_no_derivative() {
    assert_eq!(percentage::grad(3.0), Some(6.0));
    assert_eq!(percentage::grad(300.0), None);
    let weights = Weights { inner: vec![1.0, -3.0], outer: vec![0.5, 0.5] };
    assert_eq!(weights.mean_grad().inner, [0.5, -1.5]);
}
