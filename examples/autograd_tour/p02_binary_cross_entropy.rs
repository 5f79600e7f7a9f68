//! P2: one linear layer under a binary cross-entropy with logits.

use differentiable::ndarray::{Array1, Array2, array};
use differentiable::{differentiable, nn};

use crate::report::Report;

#[differentiable(wrt(w, b))]
pub(crate) fn loss(w: &Array2<f64>, b: &Array1<f64>, x: &Array1<f64>, y: &Array1<f64>) -> f64 {
    let z = x.dot(w) + b;
    nn::binary_cross_entropy_with_logits(&z, y)
}

pub(crate) fn run(report: &mut Report) {
    report.program("P2  loss = binary_cross_entropy_with_logits(x @ w + b, y)");
    let w = array![[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9], [-0.1, -0.2, -0.3], [-0.4, -0.5, -0.6]];
    let b = array![0.1, -0.2, 0.3];
    let (x, y) = (Array1::ones(5), Array1::zeros(3));

    report.check("z", &(x.dot(&w) + &b), &[0.8, 0.6, 1.2]);
    let (value, (w_bar, b_bar)) = loss::value_and_grad(&w, &b, &x, &y);
    report.check("loss", &[value], &[1.223_957_06]);
    let expected = [0.229_991_50, 0.215_218_77, 0.256_174_95];
    report.check("gradient of b", &b_bar, &expected);
    for row in w_bar.rows() {
        report.check("gradient of a row of w", row, &expected);
    }
}
