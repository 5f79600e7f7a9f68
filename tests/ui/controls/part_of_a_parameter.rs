use differentiable::{Differentiable, differentiable};

#[derive(Differentiable)]
struct Model {
    head: f64,
    body: f64,
}

#[differentiable]
fn score(model: &Model) -> f64 {
    model.head * model.body
}

#[differentiable(wrt(model.haed))]
fn misspelled(model: &Model) -> f64 {
    model.head * model.body
}

#[differentiable(wrt(model.head))]
fn as_a_whole(model: &Model, x: f64) -> f64 {
    score(model) * x
}

#[differentiable(wrt(model.head))]
fn by_value(model: Model) -> f64 {
    model.head * model.body
}

#[differentiable(wrt(model, model.head))]
fn twice(model: &Model) -> f64 {
    model.head * model.body
}

fn main() {}
