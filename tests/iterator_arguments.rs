//! Functions that take iterators: their derivatives take a slice of the items.

#![allow(clippy::all)]

use differentiable::{Differentiable, differentiable, gradcheck};

#[differentiable]
fn mean_square<I: IntoIterator<Item = f64>>(items: I) -> f64 {
    let mut total = 0.0;
    let mut n = 0;
    for x in items {
        total += x * x;
        n += 1;
    }
    total / n as f64
}

#[differentiable]
fn norm<'a>(items: impl Iterator<Item = &'a f64>) -> f64 {
    items.map(|x| x * x).sum::<f64>().sqrt()
}

#[differentiable]
fn variance<'a, I>(items: I) -> Option<f64>
where
    I: IntoIterator<Item = &'a f64>,
    I::IntoIter: Clone,
{
    let items = items.into_iter();
    let n = items.clone().count() as f64;
    if n < 1.0 {
        return None;
    }
    let mean = items.clone().sum::<f64>() / n;
    Some(items.map(|x| (x - mean).powi(2)).sum::<f64>() / n)
}

#[differentiable]
fn span<I: Iterator<Item = f64>>(mut items: I) -> f64 {
    let first = match items.next() {
        Some(x) => x,
        None => return 0.0,
    };
    let (low, high) = items.fold((first, first), |(low, high), x| (f64::min(low, x), f64::max(high, x)));
    high - low
}

#[differentiable]
fn moments(points: impl IntoIterator<Item = (f64, f64)>) -> (f64, f64) {
    let mut moments = (0.0, 0.0);
    for (x, m) in points {
        moments.0 += m;
        moments.1 += m * x;
    }
    moments
}

#[derive(Differentiable, Clone)]
struct Scale {
    factor: f64,
}

#[differentiable]
impl Scale {
    fn total(&self, items: impl Iterator<Item = f64>) -> f64 {
        items.map(|x| (x * self.factor).sin()).sum()
    }
}

#[differentiable]
fn all_together(xs: &[f64], k: f64) -> f64 {
    let (m, mx) = moments(xs.iter().map(|x| (*x, x * k)));
    let scale = Scale { factor: k };
    mean_square(xs.iter().map(|x| x * k)) * norm(xs.iter())
        + mean_square(xs.iter().copied())
        + mean_square(vec![k, k * k].into_iter())
        + variance(xs).unwrap_or(0.0)
        + span(xs.iter().map(|x| x.powi(2) * k))
        + mx / m
        + scale.total(xs.iter().copied())
}

#[test]
fn iterators_as_arguments() {
    gradcheck!(all_together(&[1.0, 2.0, -0.4][..], 0.5)).unwrap();
}

#[test]
fn a_slice_stands_for_the_items() {
    assert_eq!(mean_square::grad(&[1.0, 3.0]), vec![1.0, 3.0]);
    assert_eq!(norm::value_and_grad(&[0.0, 4.0]), (4.0, vec![0.0, 1.0]));
    assert_eq!(variance::grad(&[1.0, 3.0]), Some(vec![-1.0, 1.0]));
    assert_eq!(variance::grad(&[]), None);
    assert_eq!(span::grad(&[2.0, 5.0, -1.0]), vec![0.0, 1.0, -1.0]);
    assert_eq!(moments::jvp(&[(2.0, 3.0)], &[(1.0, 0.0)]), ((3.0, 6.0), (0.0, 3.0)));
}

impl Scale {
    #[differentiable]
    fn of(factors: impl IntoIterator<Item = f64>) -> Scale {
        Scale { factor: factors.into_iter().product() }
    }
}

/// Lists are iterated over where a function takes what can be.
#[differentiable]
fn lists_themselves(x: f64, y: f64) -> f64 {
    let list = vec![x, y];
    let scale = Scale::of([x, y, y]);
    mean_square(vec![x, y, x]) * mean_square([y, x * x]) + moments([(x, y), (y, 2.0)]).1 + scale.total(list.into_iter())
}

#[test]
fn lists_are_taken_for_iterators() {
    gradcheck!(lists_themselves(0.7, 1.3)).unwrap();
    gradcheck!(lists_themselves(-0.4, 2.0)).unwrap();
}
