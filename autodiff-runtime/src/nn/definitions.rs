//! What some functions of `nn` compute, in operations of arrays: the attribute differentiates these definitions twice.
//!
//! The functions themselves have rules and loops of their own, which are faster. Numbers that are not finite are reported
//! where these functions are called.

use autodiff_macros::differentiable;
use ndarray::{Array1, Array2, Array3, Axis, s};

use crate::{Float, nn};

/// Each row has mean 0, if it is centred, and a mean square of 1.
#[differentiable(order = 2, wrt(x), crate = crate, anomaly = off)]
pub(super) fn normalised_rows<A: Float>(x: &Array2<A>, epsilon: A, centred: bool) -> Array2<A> {
    let length = A::from(x.ncols()).unwrap();
    let mut moved = x.clone();
    if centred {
        moved = moved - x.sum_axis(Axis(1)).insert_axis(Axis(1)) / length;
    }
    let squares = (&moved * &moved).sum_axis(Axis(1)).insert_axis(Axis(1)) / length;
    let scales = squares.mapv(|square| (square + epsilon).sqrt().recip());
    &moved * &scales
}

#[differentiable(order = 2, wrt(x, weight, bias), crate = crate, anomaly = off)]
pub(super) fn layer_norm<A: Float>(x: &Array2<A>, weight: &Array1<A>, bias: &Array1<A>, epsilon: A) -> Array2<A> {
    normalised_rows(x, epsilon, true) * weight + bias
}

#[differentiable(order = 2, wrt(x, weight), crate = crate, anomaly = off)]
pub(super) fn rms_norm<A: Float>(x: &Array2<A>, weight: &Array1<A>, epsilon: A) -> Array2<A> {
    normalised_rows(x, epsilon, false) * weight
}

/// Of samples, channels, and what each channel of a sample has.
#[differentiable(order = 2, wrt(x, weight, bias), crate = crate, anomaly = off)]
pub(super) fn group_norm<A: Float>(
    x: &Array3<A>,
    weight: &Array1<A>,
    bias: &Array1<A>,
    groups: usize,
    epsilon: A,
) -> Array3<A> {
    let (samples, channels, numbers) = x.dim();
    let rows: Array2<A> = x.to_shape((samples * groups, channels / groups * numbers)).unwrap().to_owned();
    let normalised: Array2<A> = normalised_rows(&rows, epsilon, true);
    let normalised = normalised.into_shape_with_order((samples, channels, numbers)).unwrap();
    let weight = weight.to_shape((channels, 1)).unwrap().to_owned();
    let bias = bias.to_shape((channels, 1)).unwrap().to_owned();
    normalised * &weight + &bias
}

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
    let size = h.ncols();
    let gates: Array2<A> = nn::linear(x, w_input, b_input) + nn::linear(h, w_hidden, b_hidden);
    let entered = nn::sigmoid(&gates.slice(s![.., ..size]).to_owned());
    let remembered = nn::sigmoid(&gates.slice(s![.., size..2 * size]).to_owned());
    let candidate = nn::tanh(&gates.slice(s![.., 2 * size..3 * size]).to_owned());
    let shown = nn::sigmoid(&gates.slice(s![.., 3 * size..]).to_owned());
    let next: Array2<A> = &remembered * c + &entered * &candidate;
    let hidden = &shown * &nn::tanh(&next);
    (hidden, next)
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
    let size = h.ncols();
    let inputs: Array2<A> = nn::linear(x, w_input, b_input);
    let states: Array2<A> = nn::linear(h, w_hidden, b_hidden);
    let both: Array2<A> = &inputs + &states;
    let reset = nn::sigmoid(&both.slice(s![.., ..size]).to_owned());
    let update = nn::sigmoid(&both.slice(s![.., size..2 * size]).to_owned());
    let bent: Array2<A> = &inputs.slice(s![.., 2 * size..]) + &reset * &states.slice(s![.., 2 * size..]);
    let candidate: Array2<A> = nn::tanh(&bent);
    &candidate + &update * &(h - &candidate)
}

/// Attention of stacks of matrices.
#[differentiable(order = 2, wrt(q, k, v), crate = crate, anomaly = off)]
pub(super) fn attention<A: Float>(q: &Array3<A>, k: &Array3<A>, v: &Array3<A>, causal: bool) -> Array3<A> {
    let (stack, queries, depth) = q.dim();
    let scale = A::from(depth).unwrap().sqrt().recip();
    let transposed = k.view().permuted_axes([0, 2, 1]).to_owned();
    let mut scores: Array3<A> = nn::batch_matmul(q, &transposed) * scale;
    if causal {
        let keys = scores.len_of(Axis(2));
        for head in 0..stack {
            for query in 0..queries {
                for key in query + 1..keys {
                    scores[[head, query, key]] = A::neg_infinity();
                }
            }
        }
    }
    let weights: Array3<A> = nn::softmax(&scores);
    nn::batch_matmul(&weights, v)
}

/// Batch normalisation of samples, channels, and what each channel of a sample has; outside of training with the means
/// and the reciprocal deviations, which are columns.
#[differentiable(order = 2, wrt(x, weight, bias), crate = crate, anomaly = off)]
pub(super) fn batch_norm<A: Float>(
    x: &Array3<A>,
    weight: &Array1<A>,
    bias: &Array1<A>,
    means: Array2<A>,
    scales: Array2<A>,
    epsilon: A,
    training: bool,
) -> Array3<A> {
    let (samples, channels, numbers) = x.dim();
    let weight = weight.to_shape((channels, 1)).unwrap().to_owned();
    let bias = bias.to_shape((channels, 1)).unwrap().to_owned();
    if training {
        let rows = x.view().permuted_axes([1, 0, 2]).to_owned();
        let rows: Array2<A> = rows.into_shape_with_order((channels, samples * numbers)).unwrap();
        let normalised: Array2<A> = normalised_rows(&rows, epsilon, true);
        let normalised = normalised.into_shape_with_order((channels, samples, numbers)).unwrap();
        normalised.permuted_axes([1, 0, 2]).to_owned() * &weight + &bias
    } else {
        (x - &means) * &(weight * &scales) + &bias
    }
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
