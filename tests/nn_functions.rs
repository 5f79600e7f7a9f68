//! Normalisations, attention, look-ups, recurrent cells, activations and losses inside annotated functions.

#![allow(clippy::all)]

mod common;
use common::{assert_near, noise};
use differentiable::ndarray::{Array1, Array2, Array3, Array4, Axis, array, s};
use differentiable::nn::{self, Generator};
use differentiable::{differentiable, gradcheck};

fn vector(seed: u64, len: usize) -> Array1<f64> {
    Array1::from_vec(noise(seed, len))
}

fn matrix(seed: u64, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_vec((rows, columns), noise(seed, rows * columns)).unwrap()
}

fn stack(seed: u64, shape: [usize; 3]) -> Array3<f64> {
    Array3::from_shape_vec(shape, noise(seed, shape.iter().product())).unwrap()
}

#[differentiable]
fn layer_normalised(x: &Array3<f64>, w: &Array1<f64>, b: &Array1<f64>) -> f64 {
    let y = nn::layer_norm(x, w, b, 1e-5);
    (&y * &y * &y).sum()
}

#[differentiable]
fn rms_normalised(x: &Array2<f64>, w: &Array1<f64>) -> f64 {
    let y = nn::rms_norm(x, w, 1e-6);
    (&y * &y * &y).sum()
}

#[differentiable]
fn group_normalised(x: &Array4<f64>, w: &Array1<f64>, b: &Array1<f64>, groups: usize) -> f64 {
    let y = nn::group_norm(x, w, b, groups, 1e-5);
    (&y * &y * &y).sum()
}

#[test]
fn normalisations_of_samples() {
    let x = stack(1, [2, 3, 5]);
    gradcheck!(layer_normalised(&x, &vector(2, 5), &vector(3, 5))).unwrap();
    gradcheck!(rms_normalised(&matrix(1, 3, 4), &vector(2, 4))).unwrap();
    let images = Array4::from_shape_vec((2, 4, 2, 3), noise(4, 48)).unwrap();
    for groups in [1, 2, 4] {
        gradcheck!(group_normalised(&images, &vector(5, 4), &vector(6, 4), groups)).unwrap();
    }
    let y = nn::layer_norm(&x, &Array1::ones(5), &Array1::zeros(5), 0.0);
    assert_near("means", &y.mean_axis(Axis(2)).unwrap(), &vec![0.0; 6], 1e-14);
    assert_near("variances", &y.var_axis(Axis(2), 0.0), &vec![1.0; 6], 1e-13);
    // A group of all channels is a layer norm over all of them.
    let grouped = nn::group_norm(&images, &Array1::ones(4), &Array1::zeros(4), 1, 1e-5);
    let flat = nn::layer_norm(&nn::flatten(&images), &Array1::ones(24), &Array1::zeros(24), 1e-5);
    assert_near("one group", &grouped, &flat, 1e-14);
    let y = nn::rms_norm(&array![[3.0, 4.0]], &array![1.0, 2.0], 0.0);
    assert_near("root mean square", &y, &[3.0 / 12.5_f64.sqrt(), 8.0 / 12.5_f64.sqrt()], 1e-15);
}

#[differentiable]
fn attended(q: &Array3<f64>, k: &Array3<f64>, v: &Array3<f64>, causal: bool) -> f64 {
    let y = nn::attention(q, k, v, causal);
    (&y * &y).sum()
}

#[differentiable]
fn multiplied(a: &Array3<f64>, b: &Array3<f64>) -> f64 {
    let y = nn::batch_matmul(a, b);
    (&y * &y).sum()
}

#[test]
fn attention_and_stacks_of_products() {
    let (q, k, v) = (stack(1, [2, 3, 4]), stack(2, [2, 5, 4]), stack(3, [2, 5, 2]));
    for causal in [false, true] {
        gradcheck!(attended(&q, &k, &v, causal)).unwrap();
        let y = nn::attention(&q, &k, &v, causal);
        for head in 0..2 {
            let scores = q.index_axis(Axis(0), head).dot(&k.index_axis(Axis(0), head).t()) / 2.0;
            for row in 0..3 {
                let seen = if causal { row + 1 } else { 5 };
                let weights: Vec<f64> = (0..seen).map(|key| f64::exp(scores[[row, key]])).collect();
                let total: f64 = weights.iter().sum();
                for column in 0..2 {
                    let expected: f64 = (0..seen).map(|key| weights[key] / total * v[[head, key, column]]).sum();
                    assert_near("attention", &y[[head, row, column]], &expected, 1e-13);
                }
            }
        }
    }
    gradcheck!(multiplied(&stack(1, [3, 2, 4]), &stack(2, [3, 4, 5]))).unwrap();
}

#[differentiable]
fn looked_up(table: &Array2<f64>, ids: &[usize]) -> f64 {
    let rows = nn::embedding(table, ids);
    (&rows * &rows * &rows).sum()
}

#[differentiable]
fn dropped(x: &Array2<f64>, generator: &Generator) -> Array2<f64> {
    nn::dropout(x, generator, 0.25)
}

#[test]
fn lookups_and_masks() {
    gradcheck!(looked_up(&matrix(1, 4, 3), &[2, 0, 2, 2])).unwrap();
    let x = matrix(1, 50, 40);
    let generator = Generator::new(3);
    let (y, pullback) = dropped::vjp(&x, &generator);
    let mask = pullback(Array2::ones((50, 40))).0;
    assert_near("masked", &y, &(&x * &mask), 0.0);
    assert!(mask.iter().all(|&factor| factor == 0.0 || factor == 1.0 / 0.75));
    let share = mask.iter().filter(|&&factor| factor == 0.0).count() as f64 / 2000.0;
    assert!((share - 0.25).abs() < 0.04, "{share}");
    generator.reset(3);
    assert_eq!(nn::dropout(&x, &generator, 0.25), y);
    assert_eq!(nn::dropout(&x, &generator, 0.0), x);
}

#[differentiable]
fn lstm(
    x: &Array2<f64>,
    h: &Array2<f64>,
    c: &Array2<f64>,
    wi: &Array2<f64>,
    wh: &Array2<f64>,
    bi: &Array1<f64>,
    bh: &Array1<f64>,
) -> f64 {
    let (h1, c1) = nn::lstm_cell(x, h, c, wi, wh, bi, bh);
    let (h2, c2) = nn::lstm_cell(x, &h1, &c1, wi, wh, bi, bh);
    (&h2 * &h2).sum() + (&h1 * &c2).sum()
}

#[differentiable]
fn gru(
    x: &Array2<f64>,
    h: &Array2<f64>,
    wi: &Array2<f64>,
    wh: &Array2<f64>,
    bi: &Array1<f64>,
    bh: &Array1<f64>,
) -> f64 {
    let h1 = nn::gru_cell(x, h, wi, wh, bi, bh);
    let h2 = nn::gru_cell(x, &h1, wi, wh, bi, bh);
    (&h2 * &h1).sum()
}

#[test]
fn recurrent_cells() {
    let (x, h, c) = (matrix(1, 2, 3), matrix(2, 2, 4), matrix(3, 2, 4));
    let (wi, wh, bi, bh) = (matrix(4, 16, 3), matrix(5, 16, 4), vector(6, 16), vector(7, 16));
    gradcheck!(lstm(&x, &h, &c, &wi, &wh, &bi, &bh)).unwrap();
    // The equations of PyTorch's documentation.
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let gates = x.dot(&wi.t()) + &bi + h.dot(&wh.t()) + &bh;
    let gate = |index: usize| gates.slice(s![.., index * 4..(index + 1) * 4]).to_owned();
    let next_c = gate(1).mapv(sigmoid) * &c + gate(0).mapv(sigmoid) * gate(2).mapv(f64::tanh);
    let next_h = gate(3).mapv(sigmoid) * next_c.mapv(f64::tanh);
    assert_near("lstm", &nn::lstm_cell(&x, &h, &c, &wi, &wh, &bi, &bh), &(next_h, next_c), 1e-14);

    let (wi, wh, bi, bh) = (matrix(4, 12, 3), matrix(5, 12, 4), vector(6, 12), vector(7, 12));
    gradcheck!(gru(&x, &h, &wi, &wh, &bi, &bh)).unwrap();
    let (a, b) = (x.dot(&wi.t()) + &bi, h.dot(&wh.t()) + &bh);
    let part = |m: &Array2<f64>, index: usize| m.slice(s![.., index * 4..(index + 1) * 4]).to_owned();
    let (r, z) = ((part(&a, 0) + part(&b, 0)).mapv(sigmoid), (part(&a, 1) + part(&b, 1)).mapv(sigmoid));
    let n = (part(&a, 2) + &r * &part(&b, 2)).mapv(f64::tanh);
    assert_near("gru", &nn::gru_cell(&x, &h, &wi, &wh, &bi, &bh), &((1.0 - &z) * n + &z * &h), 1e-14);
}

#[differentiable]
fn activated(x: &Array1<f64>) -> f64 {
    let y = nn::elu(x) + nn::selu(x) * 2.0 + nn::mish(x) * 3.0 + nn::hardtanh(x) * 5.0 + nn::log_sigmoid(x);
    (&y * &y).sum()
}

#[test]
fn more_activations() {
    gradcheck!(activated(&array![-2.5, -0.7, -0.1, 0.2, 0.9, 3.0])).unwrap();
    let x = array![-2.0, 0.5];
    assert_near("elu", &nn::elu(&x), &[-0.8646647167633873, 0.5], 1e-15);
    assert_near("selu", &nn::selu(&x), &[-1.5201664685956948, 0.5253504936777403], 1e-15);
    assert_near(
        "mish",
        &nn::mish(&x),
        &[-2.0 * 0.1269280110429726_f64.tanh(), 0.5 * 0.9740769841801067_f64.tanh()],
        1e-15,
    );
    assert_near("log_sigmoid", &nn::log_sigmoid(&array![-1000.0, 0.0]), &[-1000.0, -(2.0_f64.ln())], 1e-15);
    let kinks = array![-1.0, 0.0, 1.0];
    let (_, pullback) = nn::hardtanh::vjp(&kinks);
    assert_eq!(pullback(Array1::ones(3)), array![0.0, 1.0, 0.0]);
}

#[differentiable]
fn losses(p: &Array1<f64>, t: &Array1<f64>) -> f64 {
    nn::l1_loss(p, t)
        + nn::huber_loss(&(p * 3.0), t) * 2.0
        + nn::kl_div(p, t) * 3.0
        + nn::binary_cross_entropy(p, t) * 4.0
}

#[differentiable]
fn sums(p: &Array1<f64>, t: &Array1<f64>) -> f64 {
    let each = nn::huber_error(p, t) + nn::squared_error(p, t) * 2.0 + nn::absolute_error(p, t) * 3.0;
    let logits = nn::binary_cross_entropy_with_logits_error(p, t);
    each.sum() + (&logits * &logits).sum()
}

#[differentiable]
fn hinge(p: &Array1<f64>, t: &Array1<f64>) -> f64 {
    nn::hinge_loss(p, t)
}

#[differentiable]
fn angle(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let cosine = nn::cosine_similarity(a, b);
    (&cosine * &cosine * &cosine).sum()
}

#[test]
fn more_losses() {
    let (p, t) = (array![0.2, 0.6, 0.9, 0.4], array![0.1, 0.9, 0.3, 0.7]);
    gradcheck!(losses(&p, &t)).unwrap();
    gradcheck!(sums(&(&p * 4.0), &t)).unwrap();
    gradcheck!(hinge(&array![0.3, -0.5, 2.0], &array![1.0, -1.0, 1.0])).unwrap();
    gradcheck!(angle(&matrix(1, 3, 4), &matrix(2, 3, 4))).unwrap();
    assert_near("hinge", &nn::hinge_loss(&array![0.3, -0.5, 2.0], &array![1.0, -1.0, 1.0]), &(1.2 / 3.0), 1e-15);
    assert_near("huber", &nn::huber_loss(&array![0.5, 3.0], &array![0.0, 0.0]), &((0.125 + 2.5) / 2.0), 1e-15);
    let divergence = nn::kl_div(&array![0.5_f64.ln(), 0.5_f64.ln()], &array![0.0, 1.0]);
    assert_near("kl", &divergence, &(2.0_f64.ln() / 2.0), 1e-15);
    assert_near(
        "bce",
        &nn::binary_cross_entropy(&array![0.0, 0.5], &array![1.0, 1.0]),
        &((100.0 + 2.0_f64.ln()) / 2.0),
        1e-15,
    );
    assert_near("cosine", &nn::cosine_similarity(&array![[3.0, 4.0]], &array![[4.0, 3.0]]), &[0.96], 1e-15);
    assert_near("huber, no mean", &nn::huber_error(&array![3.0], &array![0.0]), &[2.5], 0.0);
}
