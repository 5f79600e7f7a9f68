//! Programs of introductions to PyTorch, as people write them in Rust, against the values and gradients that PyTorch
//! computed: `tests/data/programs.py` wrote them to `tests/data/programs.json`. Tensors, regression, classifiers, sequences.

#![allow(clippy::all)]

use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, Array3, Array4, Axis, Ix0, Ix1, Ix2, Ix3, Ix4, array, concatenate, s};
use differentiable::nn::{self, Conv, CrossEntropy, Pool};
use std::f64::consts::PI;

#[macro_use]
#[path = "common/recorded.rs"]
mod recorded;

cases_of!("data/programs.json");

#[differentiable]
fn tensors(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    let t = concatenate(Axis(0), &[a.view(), b.view(), a.slice(s![1.., ..])]).unwrap();
    let gram = t.dot(&t.t());
    let totals = t.sum_axis(Axis(1)).insert_axis(Axis(1));
    &gram.slice(s![.., 1..]) * &t.slice(s![.., ..1]) + totals.mapv(|x| 1.0 / (1.0 + (-x).exp()))
}

#[differentiable]
fn linear_regression(x: &Array2<f64>, y: &Array1<f64>, w: &Array1<f64>, b: &Array1<f64>) -> f64 {
    let prediction = x.dot(w) + b;
    (prediction - y).pow2().mean().unwrap()
}

#[differentiable]
fn logistic_regression(x: &Array2<f64>, w: &Array1<f64>, b: &Array1<f64>) -> f64 {
    let y = array![1.0, 0.0, 1.0, 1.0];
    let loss = nn::binary_cross_entropy_with_logits(&(x.dot(w) + b), &y);
    loss + 0.01 * w.dot(w) + 0.1 * w.abs().sum()
}

/// A function with a derivative written by hand, as in "Defining new autograd functions".
#[differentiable(vjp = legendre_vjp)]
fn legendre(x: f64) -> f64 {
    0.5 * (5.0 * x.powi(3) - 3.0 * x)
}

fn legendre_vjp(x: f64) -> (f64, impl Fn(f64) -> f64) {
    (legendre(x), move |y_bar| y_bar * 1.5 * (5.0 * x * x - 1.0))
}

#[differentiable]
fn polynomial(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let mut loss = 0.0;
    for x in Array1::linspace(-PI, PI, 20).iter() {
        let y = a + b * legendre(c + d * x);
        loss += (y - x.sin()).powi(2);
    }
    loss
}

#[differentiable]
fn powers(w: &Array2<f64>, b: &Array1<f64>) -> f64 {
    let x = Array1::<f64>::linspace(-1.0, 1.0, 7);
    let features = Array2::from_shape_fn((7, 3), |(i, j)| x[i].powi(j as i32 + 1));
    let y = x.mapv(|x| (3.0 * x).sin());
    let prediction = features.dot(w).flatten().to_owned() + b;
    (prediction - y).mapv(|e| e.powi(2)).mean().unwrap()
}

#[differentiable]
fn classifier(
    x: &Array3<f64>,
    w1: &Array2<f64>,
    b1: &Array1<f64>,
    w2: &Array2<f64>,
    b2: &Array1<f64>,
    w3: &Array2<f64>,
    b3: &Array1<f64>,
) -> f64 {
    let h = nn::relu(&nn::linear(&nn::flatten(x), w1, b1));
    let h = nn::relu(&nn::linear(&h, w2, b2));
    let logits = nn::linear(&h, w3, b3);
    nn::cross_entropy_with(&logits, &[2, 0, 1], CrossEntropy::new().label_smoothing(0.1))
}

#[differentiable]
fn digits(
    x: &Array4<f64>,
    w1: &Array4<f64>,
    b1: &Array1<f64>,
    w2: &Array4<f64>,
    b2: &Array1<f64>,
    w3: &Array2<f64>,
    b3: &Array1<f64>,
) -> f64 {
    let h = nn::relu(&nn::add_bias(&nn::conv2d(x, w1, Conv::new()), b1));
    let h = nn::max_pool2d(&h, Pool::new(2));
    let h = nn::relu(&nn::add_bias(&nn::conv2d(&h, w2, Conv::new().padding(1)), b2));
    let h = nn::flatten(&nn::max_pool2d(&h, Pool::new(2)));
    nn::nll_loss(&nn::log_softmax(&nn::linear(&h, w3, b3)), &[1, 0])
}

#[test]
fn introductions() {
    cases! {
        "tensors": tensors(a: Ix2, b: Ix2);
        "linear regression": linear_regression(x: Ix2, y: Ix1, w: Ix1, b: Ix1);
        "logistic regression": logistic_regression(x: Ix2, w: Ix1, b: Ix1);
        "powers": powers(w: Ix2, b: Ix1);
        "classifier": classifier(x: Ix3, w1: Ix2, b1: Ix1, w2: Ix2, b2: Ix1, w3: Ix2, b3: Ix1);
        "digits": digits(x: Ix4, w1: Ix4, b1: Ix1, w2: Ix4, b2: Ix1, w3: Ix2, b3: Ix1);
    }
    let case = case("polynomial");
    let numbers = [0, 1, 2, 3].map(|index| case.input::<Ix0>(index).into_scalar());
    let [a, b, c, d] = numbers;
    case.compare_vjp(polynomial::vjp(a, b, c, d));
}

#[differentiable]
fn names(
    xs: &Array3<f64>,
    w_hidden: &Array2<f64>,
    b_hidden: &Array1<f64>,
    w_out: &Array2<f64>,
    b_out: &Array1<f64>,
) -> f64 {
    let mut hidden = Array2::zeros((1, b_hidden.len()));
    for x in xs.outer_iter() {
        let combined = concatenate![Axis(1), x, hidden];
        hidden = nn::linear(&combined, w_hidden, b_hidden).tanh();
    }
    nn::nll_loss(&nn::log_softmax(&nn::linear(&hidden, w_out, b_out)), &[1])
}

#[differentiable]
fn tagger(
    table: &Array2<f64>,
    w_input: &Array2<f64>,
    w_hidden: &Array2<f64>,
    b_input: &Array1<f64>,
    b_hidden: &Array1<f64>,
    w_tag: &Array2<f64>,
    b_tag: &Array1<f64>,
    sentence: &[(usize, usize)],
) -> f64 {
    let size = w_hidden.ncols();
    let (mut h, mut c) = (Array2::zeros((1, size)), Array2::zeros((1, size)));
    let mut loss = 0.0;
    for &(word, tag) in sentence {
        let x = nn::embedding(table, &[word]);
        (h, c) = nn::lstm_cell(&x, &h, &c, w_input, w_hidden, b_input, b_hidden);
        loss += nn::cross_entropy(&nn::linear(&h, w_tag, b_tag), &[tag]);
    }
    loss / sentence.len() as f64
}

#[differentiable]
fn translation(
    source: &Array3<f64>,
    start: &Array2<f64>,
    w_input: &Array2<f64>,
    w_hidden: &Array2<f64>,
    b_input: &Array1<f64>,
    b_hidden: &Array1<f64>,
    w_key: &Array2<f64>,
    w_query: &Array2<f64>,
    v: &Array1<f64>,
) -> Array2<f64> {
    let (steps, batch, size) = (source.shape()[0], source.shape()[1], w_hidden.ncols());
    let mut states = Array3::zeros((batch, steps, size));
    let mut h = Array2::zeros((batch, size));
    for t in 0..steps {
        let x = source.index_axis(Axis(0), t);
        h = nn::gru_cell(&x, &h, w_input, w_hidden, b_input, b_hidden);
        states.slice_mut(s![.., t, ..]).assign(&h);
    }
    let query = start.dot(w_query).insert_axis(Axis(1));
    let keys = nn::einsum3(&states, w_key, "bth,hk->btk");
    let scores = nn::einsum2(&(keys + query).tanh(), v, "btk,k->bt");
    nn::einsum2(&nn::softmax(&scores), &states, "bt,bth->bh")
}

#[differentiable]
fn split_heads(x: &Array3<f64>, heads: usize) -> Array4<f64> {
    let (n, t, d) = x.dim();
    let x = x.to_shape((n, t, heads, d / heads)).unwrap();
    x.to_owned().permuted_axes([0, 2, 1, 3])
}

#[differentiable]
fn transformer_block(
    x: &Array3<f64>,
    w_qkv: &Array2<f64>,
    w_out: &Array2<f64>,
    g1: &Array1<f64>,
    b1: &Array1<f64>,
    g2: &Array1<f64>,
    b2: &Array1<f64>,
    w1: &Array2<f64>,
    c1: &Array1<f64>,
    w2: &Array2<f64>,
    c2: &Array1<f64>,
) -> Array3<f64> {
    let (n, t, d) = x.dim();
    let rows = n * t;
    let h = nn::layer_norm(x, g1, b1, 1e-5);
    let qkv = h.into_shape_with_order((rows, d)).unwrap().dot(w_qkv);
    let part = |k: usize| qkv.slice(s![.., k * d..(k + 1) * d]).to_owned().into_shape_with_order((n, t, d)).unwrap();
    let (q, k, v) = (split_heads(&part(0), 2), split_heads(&part(1), 2), split_heads(&part(2), 2));
    let a = nn::attention(&q, &k, &v, true).permuted_axes([0, 2, 1, 3]);
    let a = a.into_shape_clone((rows, d)).unwrap().dot(w_out);
    let x = x + &a.into_shape_with_order((n, t, d)).unwrap();
    let h = nn::layer_norm(&x, g2, b2, 1e-5).into_shape_with_order((rows, d)).unwrap();
    let h = nn::gelu_tanh(&(h.dot(w1) + c1)).dot(w2) + c2;
    x + h.into_shape_with_order((n, t, d)).unwrap()
}

#[differentiable]
fn masked_attention(q: &Array2<f64>, k: &Array2<f64>, v: &Array2<f64>, mask: &Array2<bool>) -> Array2<f64> {
    let scores = q.dot(&k.t()) / (q.ncols() as f64).sqrt();
    let hidden = Array2::from_elem(scores.dim(), f64::NEG_INFINITY);
    nn::softmax(&nn::choose(&hidden, &scores, mask)).dot(v)
}

#[differentiable]
fn llama_block(
    x: &Array2<f64>,
    g: &Array1<f64>,
    w_gate: &Array2<f64>,
    w_up: &Array2<f64>,
    w_down: &Array2<f64>,
) -> Array2<f64> {
    let h = nn::rms_norm(x, g, 1e-6);
    let frequencies = [1.0, 0.1];
    let angles = Array2::from_shape_fn((h.nrows(), 2), |(t, i)| t as f64 * frequencies[i]);
    let (cos, sin) = (angles.mapv(f64::cos), angles.mapv(f64::sin));
    let (even, odd) = (h.slice(s![.., ..;2]), h.slice(s![.., 1..;2]));
    let turned = concatenate![Axis(1), &even * &cos - &odd * &sin, &even * &sin + &odd * &cos];
    x + (nn::silu(&turned.dot(w_gate)) * turned.dot(w_up)).dot(w_down)
}

#[differentiable]
fn log_sum_exp(x: &Array1<f64>) -> f64 {
    let largest = x.iter().fold(f64::NEG_INFINITY, |m, &x| m.max(x));
    largest + x.mapv(|x| (x - largest).exp()).sum().ln()
}

#[differentiable]
fn random_field(emissions: &Array2<f64>, transitions: &Array2<f64>, start: &Array1<f64>, tags: &[usize]) -> f64 {
    let mut alpha = start + &emissions.row(0);
    let mut score = start[tags[0]] + emissions[[0, tags[0]]];
    for t in 1..tags.len() {
        let paths = alpha.view().insert_axis(Axis(1)).to_owned() + transitions;
        alpha = paths.map_axis(Axis(0), |column| log_sum_exp(&column.to_owned())) + emissions.row(t);
        score += transitions[[tags[t - 1], tags[t]]] + emissions[[t, tags[t]]];
    }
    log_sum_exp(&alpha) - score
}

#[differentiable]
fn embedding_bag(table: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>, bags: &[Vec<usize>]) -> f64 {
    let mut means = Array2::zeros((bags.len(), table.ncols()));
    for (i, bag) in bags.iter().enumerate() {
        let rows = table.select(Axis(0), bag);
        means.row_mut(i).assign(&rows.mean_axis(Axis(0)).unwrap());
    }
    nn::cross_entropy(&nn::linear(&means, w, b), &[1, 0])
}

#[differentiable]
fn ngrams(table: &Array2<f64>, w1: &Array2<f64>, b1: &Array1<f64>, w2: &Array2<f64>, b2: &Array1<f64>) -> f64 {
    let context = nn::embedding(table, &[2, 0]);
    let context = context.to_shape((1, context.len())).unwrap().to_owned();
    let hidden = nn::relu(&nn::linear(&context, w1, b1));
    nn::nll_loss(&nn::log_softmax(&nn::linear(&hidden, w2, b2)), &[3])
}

#[differentiable]
fn skip_gram(words: &Array2<f64>, contexts: &Array2<f64>, samples: &[(usize, usize, [usize; 2])]) -> f64 {
    let mut loss = 0.0;
    for (word, context, negatives) in samples {
        let word = words.row(*word);
        let positive = word.dot(&contexts.row(*context));
        loss += (1.0 + (-positive).exp()).ln();
        for &negative in negatives {
            loss += word.dot(&contexts.row(negative)).exp().ln_1p();
        }
    }
    loss / samples.len() as f64
}

#[test]
fn sequences() {
    let mask = array![[false, false, true], [false, true, false]];
    let samples = [(0, 1, [2, 3]), (2, 1, [0, 2]), (1, 3, [0, 1])];
    let bags = [vec![0, 2], vec![1, 1, 3]];
    cases! {
        "names": names(xs: Ix3, w_hidden: Ix2, b_hidden: Ix1, w_out: Ix2, b_out: Ix1);
        "tagger": tagger(table: Ix2, wi: Ix2, wh: Ix2, bi: Ix1, bh: Ix1, wt: Ix2, bt: Ix1; &[(0, 1), (2, 0), (1, 2), (2, 1)]);
        "translation": translation(source: Ix3, start: Ix2, wi: Ix2, wh: Ix2, bi: Ix1, bh: Ix1, wk: Ix2, wq: Ix2, v: Ix1);
        "transformer block": transformer_block(x: Ix3, qkv: Ix2, out: Ix2, g1: Ix1, b1: Ix1, g2: Ix1, b2: Ix1, w1: Ix2, c1: Ix1, w2: Ix2, c2: Ix1);
        "masked attention": masked_attention(q: Ix2, k: Ix2, v: Ix2; &mask);
        "llama block": llama_block(x: Ix2, g: Ix1, w_gate: Ix2, w_up: Ix2, w_down: Ix2);
        "conditional random field": random_field(emissions: Ix2, transitions: Ix2, start: Ix1; &[1, 0, 2, 2]);
        "embedding bag": embedding_bag(table: Ix2, w: Ix2, b: Ix1; &bags);
        "n-grams": ngrams(table: Ix2, w1: Ix2, b1: Ix1, w2: Ix2, b2: Ix1);
        "skip-gram": skip_gram(words: Ix2, contexts: Ix2; &samples);
    }
}
