//! P9: fine-tuning of the last layer. `wrt` names what is trained; for the rest there is no derivative code at all.

use differentiable::ndarray::{Array1, Array2, array};
use differentiable::optim::Sgd;
use differentiable::{differentiable, nn};

use crate::report::Report;

#[differentiable(wrt(w2, b2))]
fn fine_tune(
    w1: &Array2<f64>,
    b1: &Array1<f64>,
    w2: &Array2<f64>,
    b2: &Array1<f64>,
    x: &Array2<f64>,
    y: &Array2<f64>,
) -> f64 {
    let hidden = nn::tanh(&(x.dot(w1) + b1));
    let prediction = hidden.dot(w2) + b2;
    nn::mse(&prediction, y)
}

pub(crate) fn run(report: &mut Report) {
    report.program("P9  frozen first layer");
    let (w1, b1) = (array![[0.5, -0.3, 0.8], [0.2, 0.7, -0.4]], array![0.1, 0.0, -0.1]);
    let frozen = (w1.clone(), b1.clone());
    let (mut w2, mut b2) = (array![[0.3], [-0.2], [0.5]], array![0.0]);
    let x = array![[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.5, -1.0]];
    let y = array![[1.0], [-1.0], [0.5], [0.0]];

    let leaves: Vec<&str> = fine_tune::GRAPH.leaves().map(|leaf| leaf.name).collect();
    report.holds("only w2 and b2 have a gradient", leaves == ["w2", "b2"]);
    let first = fine_tune(&w1, &b1, &w2, &b2, &x, &y);
    let mut sgd = Sgd::new(0.1);
    for _ in 0..200 {
        let gradient = fine_tune::grad(&w1, &b1, &w2, &b2, &x, &y);
        sgd.step((&mut w2, &mut b2), gradient);
    }
    let last = fine_tune(&w1, &b1, &w2, &b2, &x, &y);
    println!("    loss {first:.6} before, {last:.6} after 200 steps on w2 and b2");
    report.holds("the loss has fallen", last < first);
    report.holds("the frozen layer has not changed", frozen == (w1, b1));
}
