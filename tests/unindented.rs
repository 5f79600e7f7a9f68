//! Methods that begin their lines, as in code that a program wrote.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(clippy::all, dead_code)]

mod common;

use common::{assert_near, difference};
use differentiable::{Differentiable, differentiable};

#[derive(Differentiable)]
struct Order {
limit: Option<f64>,
filled: f64,
}

impl Order {
fn new() -> Self {
Self { limit: None, filled: 0.5 }
}

#[differentiable]
fn limited(mut self, limit: f64) -> Self {
self.limit = Some(limit);
self
}

#[differentiable]
fn filled(mut self, by: f64) -> Self {
self.filled *= by;
self
}

#[differentiable]
fn open(&self) -> f64 {
self.limit.unwrap_or(1.0) - self.filled
}
}

#[differentiable]
fn ordered(x: f64) -> f64 {
let order = Order::new().limited(x * x).filled(x);
order.open()
}

#[test]
fn methods_that_begin_their_lines() {
    assert_near("ordered", &ordered::grad(1.3), &difference(ordered, 1.3), 1e-7);
    assert_near("ordered", &ordered::jvp(1.3, 1.0).1, &ordered::grad(1.3), 1e-12);
}
