//! References to numbers in lists and options: the derivatives keep the numbers. Maps of constants.

#![allow(missing_docs)]

use differentiable::{Differentiable, differentiable, gradcheck};
use std::collections::{BTreeMap, HashMap};

#[differentiable]
fn large(xs: &[f64], k: f64) -> f64 {
    let large: Vec<&f64> = xs.iter().filter(|x| **x > 1.0).collect();
    let mut sum = 0.0;
    for x in &large {
        sum += **x * k;
    }
    sum + *large[0] * k * k
}

#[differentiable(wrt(k))]
fn large_constants(xs: &[f64], k: f64) -> f64 {
    let large: Vec<&f64> = xs.iter().filter(|x| **x > 1.0).collect();
    let inferred: Vec<_> = xs.iter().filter(|x| **x < 1.0).collect();
    let first = *large[0];
    let mut sum = first;
    for x in &large {
        sum += **x * k;
    }
    for x in inferred.iter() {
        sum += *x * k;
    }
    sum + *large[0] * k * k + large.len() as f64 * k * first
}

#[differentiable]
fn best(xs: &[f64], k: f64) -> f64 {
    let mut best: Option<&f64> = None;
    for x in xs {
        if best.is_none() || *x > *best.unwrap() {
            best = Some(x);
        }
    }
    best.map_or(0.0, |x| x * k)
}

#[differentiable]
fn ends(xs: &[f64], k: f64) -> f64 {
    let first = xs.first();
    let last: Option<&f64> = xs.last();
    match first {
        Some(x) => x * k + last.unwrap(),
        None => 0.0,
    }
}

#[derive(Clone, Differentiable)]
struct Table {
    #[nograd]
    entries: HashMap<u32, f64>,
    k: f64,
}

#[differentiable]
fn looked_up(table: &Table, key: u32, x: f64) -> f64 {
    let known = if table.entries.contains_key(&key) { x } else { 1.0 };
    let or_one = table.entries.get(&key).copied().unwrap_or(1.0);
    let twice = if let Some(entry) = table.entries.get(&key) { entry * x } else { x };
    table.entries[&key] * x * table.k + known + or_one * x + twice
}

#[differentiable]
fn filled(x: f64) -> f64 {
    let mut weights: HashMap<u32, f64> = HashMap::new();
    weights.insert(1, 2.0);
    weights.insert(2, 3.0);
    let key = 2;
    weights[&1] * x + weights[&key] * x * x + weights.get(&2).map_or(0.0, |weight| weight * x)
}

#[differentiable(wrt(x))]
fn by_key(weights: &BTreeMap<u32, f64>, keys: &[u32], x: f64) -> f64 {
    let mut sum = 0.0;
    for key in keys {
        sum += weights[key] * x;
    }
    sum + weights.values().sum::<f64>() * x
}

#[test]
fn lists_and_options_of_references() {
    let xs = [0.3, 1.2, -0.4, 1.9];
    gradcheck!(large(&xs, 0.7)).unwrap();
    gradcheck!(best(&xs, 0.7)).unwrap();
    gradcheck!(ends(&xs, 0.7)).unwrap();
    assert!((large_constants::grad(&xs, 0.7) - (3.1 - 0.1 + 2.4 * 0.7 + 2.4)).abs() < 1e-12);
}

#[test]
fn maps_of_constants() {
    gradcheck!(filled(0.7)).unwrap();
    let table = Table { entries: [(1, 2.0), (4, 0.5)].into(), k: 0.3 };
    let (bar, x_bar) = looked_up::grad(&table, 4, 0.7);
    assert!((bar.k - 0.35).abs() < 1e-12);
    assert!((x_bar - (0.15 + 1.0 + 0.5 + 0.5)).abs() < 1e-12);
    let weights: BTreeMap<u32, f64> = [(1, 2.0), (4, 0.5)].into();
    assert_eq!(by_key::grad(&weights, &[4, 1], 0.5), 5.0);
}
