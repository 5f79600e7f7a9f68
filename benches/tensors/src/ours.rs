//! The steps as users of this project write them.

use std::hint::black_box;

use differentiable::ndarray::{Array, Array1, Array2, Array3, Axis, Dimension, ShapeBuilder};
use differentiable::optim::{AdamW, Optimizer, Sgd};
use differentiable::{Differentiable, Float, LeafPath, LeafVisitorMut, LeavesMut, differentiable, nn};

use crate::gpt::{self, Gpt, Size};
use crate::work::{LSTM, MLP, Step, Work, labels, numbers};
use crate::{formula, model};

/// The step of a work.
pub(crate) fn step(work: Work) -> Step {
    match work {
        Work::Chain(count) => {
            let (a, b) = (array(1, count), array(2, count));
            Box::new(move || drop(black_box(chain::value_and_grad(&a, &b))))
        }
        Work::Mlp(batch) => {
            let network = Mlp { l1: layer(0), l2: layer(1), l3: layer(2) };
            let (x, labels) = (array(1, (batch, MLP[0])), labels(batch, MLP[3]));
            train(network, Sgd::new(1e-3), move |network, gradients| {
                classification::value_and_grad_into(network, &x, &labels, gradients)
            })
        }
        Work::ResNet(batch) => {
            let (images, labels) = (formula::images(batch), formula::labels(batch));
            train(formula::model::<f32>(), formula::optimizer(), move |network, gradients| {
                model::sum_of_differences::value_and_grad_into(network, &images, &labels, gradients)
            })
        }
        Work::Gpt(batch) => {
            let (tokens, following) = (labels(64 * batch, 69), labels(64 * batch, 67));
            train(language_model(), AdamW::new(1e-3), move |network, gradients| {
                gpt::loss::value_and_grad_into(network, &tokens, &following, batch, gradients)
            })
        }
        Work::Lstm(batch) => {
            let [length, inputs, state] = LSTM;
            let network = Lstm {
                w_input: array(1, (4 * state, inputs)) * 0.1,
                w_hidden: array(2, (4 * state, state)) * 0.1,
                b_input: array(3, 4 * state) * 0.1,
                b_hidden: array(4, 4 * state) * 0.1,
            };
            let (x, y) = (array(5, (length, batch, inputs)), array(6, (batch, state)));
            train(network, Sgd::new(1e-3), move |network, gradients| {
                last_state::value_and_grad_into(network, &x, &y, gradients)
            })
        }
    }
}

/// A small GPT-2, with weights that every run has.
pub(crate) fn language_model() -> Gpt<f32> {
    let mut network = Gpt::zeros(Size { layers: 3, heads: 4, width: 96, context: 64, vocabulary: 69 });
    network.visit_leaves_mut(&LeafPath::root(), &mut Fill);
    network
}

/// A step that zeroes the gradients, adds to them, and updates the parameters.
fn train<P, O>(
    mut parameters: P,
    mut optimizer: O,
    mut gradient: impl FnMut(&P, &mut P::Tangent) -> f32 + 'static,
) -> Step
where
    P: Differentiable + LeavesMut + 'static,
    P::Tangent: LeavesMut,
    O: Optimizer + 'static,
{
    let mut gradients = parameters.zero_tangent();
    Box::new(move || {
        differentiable::zero(&mut gradients);
        black_box(gradient(&parameters, &mut gradients));
        optimizer.step(&mut parameters, &gradients);
    })
}

fn array<D: Dimension, S: ShapeBuilder<Dim = D>>(seed: usize, shape: S) -> Array<f32, D> {
    let shape = shape.into_shape_with_order();
    let count = shape.size();
    Array::from_shape_vec(shape, numbers(seed, count)).expect("there are as many numbers")
}

#[differentiable]
fn chain(a: &Array1<f32>, b: &Array1<f32>) -> f32 {
    (a * a * a * 3.0 - b * b).sum()
}

#[derive(Clone, Differentiable)]
struct Linear {
    weight: Array2<f32>,
    bias: Array1<f32>,
}

fn layer(index: usize) -> Linear {
    let scale = (MLP[index] as f32).sqrt().recip();
    Linear { weight: array(index, (MLP[index + 1], MLP[index])) * scale, bias: Array1::zeros(MLP[index + 1]) }
}

#[derive(Clone, Differentiable)]
struct Mlp {
    l1: Linear,
    l2: Linear,
    l3: Linear,
}

#[differentiable(wrt(network))]
fn classification(network: &Mlp, x: &Array2<f32>, labels: &[usize]) -> f32 {
    let x = nn::relu(&nn::linear(x, &network.l1.weight, &network.l1.bias));
    let x = nn::relu(&nn::linear(&x, &network.l2.weight, &network.l2.bias));
    nn::cross_entropy(&nn::linear(&x, &network.l3.weight, &network.l3.bias), labels)
}

#[derive(Clone, Differentiable)]
struct Lstm {
    w_input: Array2<f32>,
    w_hidden: Array2<f32>,
    b_input: Array1<f32>,
    b_hidden: Array1<f32>,
}

#[differentiable(wrt(cell))]
fn last_state(cell: &Lstm, x: &Array3<f32>, y: &Array2<f32>) -> f32 {
    let mut h = Array2::<f32>::zeros((y.nrows(), y.ncols()));
    let mut c = Array2::<f32>::zeros((y.nrows(), y.ncols()));
    for t in 0..x.len_of(Axis(0)) {
        let input = x.index_axis(Axis(0), t);
        (h, c) = nn::lstm_cell(&input, &h, &c, &cell.w_input, &cell.w_hidden, &cell.b_input, &cell.b_hidden);
    }
    nn::mse(&h, y)
}

/// Small weights, and scales of one.
struct Fill;

impl LeafVisitorMut for Fill {
    fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, shape: &[usize], values: &mut [A]) {
        if shape.len() == 2 {
            let numbers = numbers(values.len(), values.len());
            values.iter_mut().zip(numbers).for_each(|(value, number)| *value = A::of(0.03 * f64::from(number)));
        }
    }
}
