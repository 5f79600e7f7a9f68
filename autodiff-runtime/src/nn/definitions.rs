//! What some functions of `nn` compute, in operations of arrays: the attribute differentiates these definitions twice.
//!
//! The functions themselves have rules and loops of their own, which are faster. Numbers that are not finite are reported
//! where these functions are called.

use autodiff_macros::differentiable;
use ndarray::{Array1, Array2, Array3, Axis};

use crate::{Float, nn};

/// A step of a long short-term memory.
#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn lstm_cell<A: Float>(
    x: &Array2<A>,
    h: &Array2<A>,
    c: &Array2<A>,
    w_input: &Array2<A>,
    w_hidden: &Array2<A>,
    b_input: &Array1<A>,
    b_hidden: &Array1<A>,
) -> (Array2<A>, Array2<A>) {
    let (rows, size) = h.dim();
    let gates: Array2<A> = nn::linear(x, w_input, b_input) + nn::linear(h, w_hidden, b_hidden);
    let (mut hidden, mut next): (Array2<A>, Array2<A>) = (Array2::zeros((rows, size)), Array2::zeros((rows, size)));
    for row in 0..rows {
        for at in 0..size {
            let [entered, remembered] = [logistic(gates[[row, at]]), logistic(gates[[row, size + at]])];
            let cell = remembered * c[[row, at]] + entered * gates[[row, 2 * size + at]].tanh();
            next[[row, at]] = cell;
            hidden[[row, at]] = logistic(gates[[row, 3 * size + at]]) * cell.tanh();
        }
    }
    (hidden, next)
}

/// The logistic function, whose derivatives do not overflow in this form.
#[differentiable(order = 2, crate = crate, anomaly = off)]
fn logistic<A: Float>(x: A) -> A {
    let half = A::from(0.5).unwrap();
    half + half * (half * x).tanh()
}

/// A step of a gated recurrent unit.
#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn gru_cell<A: Float>(
    x: &Array2<A>,
    h: &Array2<A>,
    w_input: &Array2<A>,
    w_hidden: &Array2<A>,
    b_input: &Array1<A>,
    b_hidden: &Array1<A>,
) -> Array2<A> {
    let (rows, size) = h.dim();
    let inputs: Array2<A> = nn::linear(x, w_input, b_input);
    let states: Array2<A> = nn::linear(h, w_hidden, b_hidden);
    let mut next: Array2<A> = Array2::zeros((rows, size));
    for row in 0..rows {
        for at in 0..size {
            let reset = logistic(inputs[[row, at]] + states[[row, at]]);
            let update = logistic(inputs[[row, size + at]] + states[[row, size + at]]);
            let bent = inputs[[row, 2 * size + at]] + reset * states[[row, 2 * size + at]];
            let candidate = bent.tanh();
            next[[row, at]] = candidate + update * (h[[row, at]] - candidate);
        }
    }
    next
}

/// Attention of stacks of matrices, to whose scores a mask is added.
#[differentiable(order = 2, wrt(q, k, v), crate = crate, anomaly = off)]
pub(super) fn attention<A: Float>(q: &Array3<A>, k: &Array3<A>, v: &Array3<A>, mask: Array2<A>) -> Array3<A> {
    let scale = A::from(q.len_of(Axis(2))).unwrap().sqrt().recip();
    let transposed = k.view().permuted_axes([0, 2, 1]).to_owned();
    let scores: Array3<A> = nn::batch_matmul(q, &transposed) * scale + &mask;
    let weights: Array3<A> = nn::softmax(&scores);
    nn::batch_matmul(&weights, v)
}

/// The cross-entropy of each row for the weights of its classes.
#[differentiable(order = 2, wrt(logits), crate = crate, anomaly = off)]
pub(super) fn cross_entropy_terms<A: Float>(logits: &Array2<A>, weights: Array2<A>) -> Array1<A> {
    let logarithms: Array2<A> = nn::log_softmax(logits);
    -(logarithms * &weights).sum_axis(Axis(1))
}

#[differentiable(order = 2, wrt(logits), crate = crate, anomaly = off)]
pub(super) fn cross_entropy<A: Float>(logits: &Array2<A>, weights: Array2<A>) -> A {
    let logarithms: Array2<A> = nn::log_softmax(logits);
    -(logarithms * &weights).sum()
}

#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn soft_cross_entropy<A: Float>(logits: &Array2<A>, targets: &Array2<A>) -> A {
    let logarithms: Array2<A> = nn::log_softmax(logits);
    -(logarithms * targets).sum() / A::from(logits.nrows()).unwrap()
}

/// The cosine of the angle between rows.
#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn cosine_similarity<A: Float>(a: &Array2<A>, b: &Array2<A>) -> Array1<A> {
    let least = A::from(1e-8).unwrap();
    let lengths = (a * a).sum_axis(Axis(1)).mapv(|square| if square.sqrt() > least { square.sqrt() } else { least });
    let others = (b * b).sum_axis(Axis(1)).mapv(|square| if square.sqrt() > least { square.sqrt() } else { least });
    (a * b).sum_axis(Axis(1)) / (lengths * others)
}

/// Huber's function of the differences with a width, and with the slope beyond it.
#[differentiable(order = 2, wrt(a, b), crate = crate, anomaly = off)]
pub(super) fn huber<A: Float>(a: &Array1<A>, b: &Array1<A>, width: A, slope: A) -> Array1<A> {
    let half = A::from(0.5).unwrap();
    (a - b).mapv(|d| if d.abs() <= width { half * d * d * slope / width } else { slope * (d.abs() - half * width) })
}

#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn huber_loss<A: Float>(a: &Array1<A>, b: &Array1<A>) -> A {
    huber(a, b, A::one(), A::one()).sum() / A::from(a.len()).unwrap()
}

#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn l1_loss<A: Float>(a: &Array1<A>, b: &Array1<A>) -> A {
    (a - b).mapv(|d| d.abs()).sum() / A::from(a.len()).unwrap()
}

#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn hinge_loss<A: Float>(scores: &Array1<A>, targets: &Array1<A>) -> A {
    let products = scores * targets;
    let costs = products.mapv(|product| if product < A::one() { A::one() - product } else { A::zero() });
    costs.sum() / A::from(scores.len()).unwrap()
}

#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn kl_div<A: Float>(logarithms: &Array1<A>, targets: &Array1<A>) -> A {
    let entropies = targets.mapv(|t| if t > A::zero() { t * t.ln() } else { A::zero() });
    (entropies - targets * logarithms).sum() / A::from(targets.len()).unwrap()
}

#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn binary_cross_entropy<A: Float>(probabilities: &Array1<A>, targets: &Array1<A>) -> A {
    let least = A::from(-100.0).unwrap();
    let of_one = probabilities.mapv(|p| if p.ln() > least { p.ln() } else { least });
    let of_zero = probabilities.mapv(|p| if (A::one() - p).ln() > least { (A::one() - p).ln() } else { least });
    let others = targets.mapv(|t| A::one() - t);
    -(targets * &of_one + others * &of_zero).sum() / A::from(targets.len()).unwrap()
}

#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn squared_error<A: Float>(a: &Array1<A>, b: &Array1<A>) -> Array1<A> {
    (a - b).mapv(|d| d * d)
}

#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn binary_cross_entropy_with_logits_error<A: Float>(logits: &Array1<A>, targets: &Array1<A>) -> Array1<A> {
    let costs: Array1<A> = nn::softplus(logits);
    costs - logits * targets
}

#[differentiable(order = 2, crate = crate, anomaly = off)]
pub(super) fn solve<A: Float>(a: &Array2<A>, b: &Array2<A>) -> Array2<A> {
    let inverse: Array2<A> = nn::inverse(a);
    inverse.dot(b)
}

/// The forward rule of the inverse, whose own derivatives are the second ones.
#[differentiable(crate = crate, anomaly = off)]
pub(super) fn inverse_forward<A: Float>(a: &Array2<A>, dot: &Array2<A>) -> (Array2<A>, Array2<A>) {
    let y: Array2<A> = nn::inverse(a);
    let change = -y.dot(dot).dot(&y);
    (y, change)
}

/// The forward rule of the logarithm of the determinant.
#[differentiable(crate = crate, anomaly = off)]
pub(super) fn log_determinant_forward<A: Float>(a: &Array2<A>, dot: &Array2<A>) -> (A, A) {
    let inverse: Array2<A> = nn::inverse(a);
    let y: A = nn::log_determinant(a);
    (y, (inverse * dot.t()).sum())
}

/// The forward rule of the determinant.
#[differentiable(crate = crate, anomaly = off)]
pub(super) fn determinant_forward<A: Float>(a: &Array2<A>, dot: &Array2<A>) -> (A, A) {
    let inverse: Array2<A> = nn::inverse(a);
    let y: A = nn::determinant(a);
    (y, y * (inverse * dot.t()).sum())
}

/// The forward rule of the Cholesky factor: `l Φ(l⁻¹ ȧ l⁻ᵀ)`, where `Φ` takes the lower triangle with half of the diagonal.
#[differentiable(crate = crate, anomaly = off)]
pub(super) fn cholesky_forward<A: Float>(a: &Array2<A>, dot: &Array2<A>) -> (Array2<A>, Array2<A>) {
    let half = A::from(0.5).unwrap();
    let factor: Array2<A> = nn::cholesky(a);
    let inverse: Array2<A> = nn::inverse(&factor);
    let symmetric = (dot + &dot.t()) * half;
    let inner: Array2<A> = inverse.dot(&symmetric).dot(&inverse.t());
    let triangle: Array2<A> = nn::tril(&inner, 0) + nn::tril(&inner, -1);
    let change = factor.dot(&triangle) * half;
    (factor, change)
}
