//! Trait objects that are made inside of differentiated functions, and values lent as objects; values taken by `mem::take`.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{Differentiable, differentiable, gradcheck};

#[differentiable]
pub trait Layer {
    fn forward(&self, x: f64) -> f64;
    fn twice(&self, x: f64) -> f64 {
        self.forward(self.forward(x))
    }
}
#[derive(Clone, Debug, Differentiable)]
pub struct Line {
    w: f64,
    b: f64,
}
#[derive(Clone, Debug, Differentiable)]
pub struct Tanh;
#[differentiable]
impl Layer for Line {
    fn forward(&self, x: f64) -> f64 {
        self.w * x + self.b
    }
}
#[differentiable]
impl Layer for Tanh {
    fn forward(&self, x: f64) -> f64 {
        x.tanh()
    }
}
#[derive(Differentiable)]
pub struct Neuron {
    w: Vec<f64>,
    last: Box<dyn Layer>,
}
#[differentiable]
impl Neuron {
    fn new(w: Vec<f64>, last: Box<dyn Layer>) -> Neuron {
        Neuron { w, last }
    }
    fn out(&self, x: &[f64]) -> f64 {
        let z: f64 = self.w.iter().zip(x).map(|(a, b)| a * b).sum();
        self.last.forward(z)
    }
}

#[differentiable]
fn in_a_list(a: f64, b: f64, x: f64) -> f64 {
    let layers: Vec<Box<dyn Layer>> =
        vec![Box::new(Line { w: a, b }), Box::new(Tanh), Box::new(Line { w: b, b: a * x })];
    let mut h = x;
    for layer in layers.iter() {
        h = layer.forward(h);
    }
    h
}

#[differentiable]
fn pushed(a: f64, b: f64, x: f64) -> f64 {
    let mut layers: Vec<Box<dyn Layer>> = Vec::new();
    layers.push(Box::new(Line { w: a, b }));
    layers.push(Box::new(Tanh));
    for i in 0..2 {
        layers.push(Box::new(Line { w: b * i as f64, b: a }));
    }
    layers.iter().fold(x, |h, layer| layer.forward(h))
}

#[differentiable]
fn chosen(a: f64, b: f64, x: f64) -> f64 {
    let first: Box<dyn Layer> = if a > b { Box::new(Line { w: a, b }) } else { Box::new(Tanh) };
    first.twice(x) * b
}

#[differentiable]
fn in_fields(a: f64, b: f64) -> f64 {
    let one = Neuron { w: vec![a, -b], last: Box::new(Line { w: a, b }) };
    let other = Neuron::new(vec![b], Box::new(Line { w: b, b: a }));
    one.out(&[a, b]) + other.out(&[a])
}

#[differentiable]
fn of_object(layer: &dyn Layer, xs: &[f64]) -> f64 {
    xs.iter().map(|&x| layer.forward(x)).sum::<f64>() + layer.twice(xs[0])
}

#[differentiable]
fn lent(w: f64, b: f64) -> f64 {
    let line = Line { w, b };
    of_object(&line, &[w * b, 0.3, b]) + line.forward(w)
}

#[test]
fn objects() {
    gradcheck!(in_a_list(0.4, 1.3, 0.6)).unwrap();
    gradcheck!(pushed(0.4, 1.3, 0.6)).unwrap();
    gradcheck!(chosen(1.4, 1.3, 0.6)).unwrap();
    gradcheck!(chosen(0.4, 1.3, 0.6)).unwrap();
    gradcheck!(in_fields(0.4, 1.3)).unwrap();
    gradcheck!(lent(0.4, 1.3)).unwrap();
}

#[derive(Clone, Debug, Default, Differentiable)]
struct Totals {
    sum: f64,
    items: Vec<f64>,
}
#[differentiable]
impl Totals {
    fn add(&mut self, x: f64) {
        self.sum += x;
        self.items.push(x * x);
    }
    fn flush(&mut self) -> Totals {
        std::mem::take(self)
    }
}

#[differentiable]
fn taken(x: f64, y: f64) -> f64 {
    let mut totals = Totals::default();
    totals.add(x);
    totals.add(y);
    let first = std::mem::take(&mut totals);
    totals.add(y * x);
    let second = totals.flush();
    totals.add(x);
    let rest = std::mem::take(&mut totals.items);
    first.sum * second.items[0] + first.items[1] * rest[0] + totals.sum
}

#[test]
fn values_are_taken() {
    gradcheck!(taken(0.4, 1.3)).unwrap();
}
