//! Programs over `ndarray` as people write them: regressions, networks, filters, statistics.

#![allow(clippy::all)]

mod common;
use common::assert_near;
use differentiable::ndarray::{
    Array, Array0, Array1, Array2, Array3, Array4, ArrayD, ArrayView1, ArrayView2, Axis, IxDyn, arr0, array, s,
};
use differentiable::nn::{cross_entropy, mse, relu, sigmoid, softmax};
use differentiable::{differentiable, gradcheck, nn};

#[differentiable]
fn linear_regression(w: &Array1<f64>, b: f64, x: &Array2<f64>, y: &Array1<f64>) -> f64 {
    let residual = x.dot(w) + b - y;
    residual.mapv(|r| r * r).mean().unwrap()
}

#[differentiable]
fn ridge(w: &Array1<f64>, x: &Array2<f64>, y: &Array1<f64>, lambda: f64) -> f64 {
    let r = &x.dot(w) - y;
    0.5 * r.dot(&r) + 0.5 * lambda * w.dot(w)
}

#[differentiable]
fn logistic(w: &Array1<f64>, x: &Array2<f64>, y: &Array1<f64>) -> f64 {
    let z = x.dot(w);
    let p = z.mapv(|v| 1.0 / (1.0 + (-v).exp()));
    let ones = Array1::<f64>::ones(y.len());
    let loss = -(y * &p.mapv(f64::ln) + (&ones - y) * (&ones - &p).mapv(|q| q.ln()));
    loss.sum() / y.len() as f64
}

#[differentiable]
fn mlp(
    x: &Array2<f64>,
    w1: &Array2<f64>,
    b1: &Array1<f64>,
    w2: &Array2<f64>,
    b2: &Array1<f64>,
    t: &Array2<f64>,
) -> f64 {
    let h = (x.dot(w1) + b1).mapv(|v| v.tanh());
    let out = h.dot(w2) + b2;
    let d = out - t;
    (&d * &d).sum() * 0.5
}

#[differentiable]
fn deep(x: &Array2<f64>, layers: (&Array2<f64>, &Array2<f64>), labels: &[usize]) -> f64 {
    let (w1, w2) = layers;
    let h = relu(&x.dot(w1));
    let logits = h.dot(w2);
    cross_entropy(&logits, labels)
}

#[differentiable]
fn many_layers(x: &Array2<f64>, weights: &[Array2<f64>], biases: &Vec<Array1<f64>>) -> f64 {
    let mut h = x.clone();
    for (w, b) in weights.iter().zip(biases.iter()) {
        h = h.dot(w) + b;
        h = h.mapv(|v| if v > 0.0 { v } else { 0.1 * v });
    }
    h.sum()
}

#[differentiable]
fn elman(xs: &Array2<f64>, wx: &Array2<f64>, wh: &Array2<f64>, b: &Array1<f64>) -> Array1<f64> {
    let mut h = Array1::zeros(b.len());
    for t in 0..xs.nrows() {
        let mut x = Array1::zeros(xs.ncols());
        for j in 0..xs.ncols() {
            x[j] = xs[[t, j]];
        }
        h = (wx.dot(&x) + wh.dot(&h) + b).mapv(f64::tanh);
    }
    h
}

#[differentiable]
fn gru_step(x: &Array1<f64>, h: &Array1<f64>, wz: &Array2<f64>, wr: &Array2<f64>, wh: &Array2<f64>) -> Array1<f64> {
    let z = sigmoid(&(wz.dot(x) + h));
    let r = sigmoid(&(wr.dot(x) + h));
    let candidate = (wh.dot(x) + &r * h).mapv(|v| v.tanh());
    (1.0 - &z) * h + &z * &candidate
}

#[differentiable]
fn attention(q: &Array2<f64>, k: &Array2<f64>, v: &Array2<f64>) -> Array2<f64> {
    let d = q.ncols() as f64;
    let scores = q.dot(&k.t()) / d.sqrt();
    let weights = softmax(&scores);
    weights.dot(v)
}

#[differentiable]
fn attention_by_hand(q: &Array2<f64>, k: &Array2<f64>, v: &Array2<f64>) -> f64 {
    let scores = q.dot(&k.t());
    let e = scores.mapv(|s| s.exp());
    let norm = e.t().sum_axis(Axis(0));
    let weights = (&e.t() / &norm).t().to_owned();
    weights.dot(v).sum()
}

#[differentiable]
fn layer_norm(x: &Array2<f64>, gamma: &Array1<f64>, beta: &Array1<f64>) -> Array2<f64> {
    let mean = x.mean_axis(Axis(1)).unwrap();
    let centred = &x.t() - &mean;
    let var = (&centred * &centred).mean_axis(Axis(0)).unwrap();
    let normed = &centred / &(var + 1e-5).mapv(f64::sqrt);
    &normed.t() * gamma + beta
}

#[differentiable]
fn batch_stats(x: &Array2<f64>) -> (Array1<f64>, Array1<f64>) {
    let mean = x.mean_axis(Axis(0)).unwrap();
    let var = (x - &mean).powi(2).mean_axis(Axis(0)).unwrap();
    (mean, var)
}

#[differentiable]
fn rows_by_index(m: &Array2<f64>, w: &Array1<f64>) -> f64 {
    let mut total = 0.0;
    for i in 0..m.nrows() {
        let mut acc = 0.0;
        for j in 0..m.ncols() {
            acc += m[[i, j]] * w[j];
        }
        total += acc.powi(2);
    }
    total
}

#[differentiable]
fn filled_by_index(x: &Array1<f64>, n: usize) -> Array2<f64> {
    let mut m = Array2::<f64>::zeros((n, n));
    for i in 0..n {
        for j in 0..n {
            m[[i, j]] = (x[i] - x[j]).powi(2);
            if i == j {
                m[(i, j)] += x[i].exp();
            }
        }
    }
    m
}

#[differentiable]
fn rbf_kernel(x: &Array2<f64>, gamma: f64) -> f64 {
    let (n, d) = x.dim();
    let mut k = 0.0;
    for i in 0..n {
        for j in 0..n {
            let mut dist = 0.0;
            for c in 0..d {
                let diff = x[[i, c]] - x[[j, c]];
                dist += diff * diff;
            }
            k += (-gamma * dist).exp();
        }
    }
    k
}

#[differentiable]
fn power_iteration(a: &Array2<f64>, steps: usize) -> f64 {
    let n = a.nrows();
    let mut v: Array1<f64> = Array1::from_elem(n, 1.0);
    for _ in 0..steps {
        let w = a.dot(&v);
        let norm = w.dot(&w).sqrt();
        v = w / norm;
    }
    v.dot(&a.dot(&v))
}

#[differentiable]
fn gradient_descent_inside(a: &Array2<f64>, b: &Array1<f64>, lr: f64) -> f64 {
    let mut x = Array1::<f64>::zeros(b.raw_dim());
    for _ in 0..5 {
        let g = a.dot(&x) - b;
        x = &x - &(lr * &g);
        x -= &(&g * 0.01);
    }
    x.dot(&x)
}

#[differentiable]
fn compound(a: &Array1<f64>, b: &Array1<f64>, c: f64) -> Array1<f64> {
    let mut y = a.to_owned();
    y += b;
    y *= 2.0;
    y -= &(b * c);
    y /= b;
    y += c;
    y *= a;
    y
}

#[differentiable]
fn methods(a: &Array1<f64>) -> f64 {
    let p = a.exp() + a.sin() * a.cos() - a.tanh() + a.abs().sqrt();
    let q = a.powi(3) + a.abs().powf(1.5) + a.abs().ln() + a.recip();
    (p * q).sum()
}

#[differentiable]
fn scalars_around(a: &Array2<f64>, s: f64) -> f64 {
    let b = 1.0 - a;
    let c = s / (a + 3.0);
    let d = s * &b - 2.0 * a / s;
    let e = -d + c;
    (e / 2.0 + s).sum()
}

#[differentiable]
fn zero_dimensional(a: &Array0<f64>, b: &Array1<f64>) -> f64 {
    (a * b).sum() + a[[]]
}

#[differentiable]
fn four_dimensions(x: &Array4<f64>, scale: &Array1<f64>) -> f64 {
    let y = x * scale;
    let z = y.sum_axis(Axis(3)).sum_axis(Axis(0));
    z.mapv(|v| v * v).sum()
}

#[differentiable]
fn dynamic_rank(x: &ArrayD<f64>, y: &ArrayD<f64>) -> f64 {
    let z = x * y + x.mapv(|v| v.powi(2));
    z.sum_axis(Axis(0)).sum() + z[[0, 1]]
}

#[differentiable]
fn by_views(a: ArrayView2<f64>, v: ArrayView1<'_, f64>) -> f64 {
    let w = a.dot(&v);
    w.dot(&w) + a.t().dot(&w).sum()
}

#[differentiable]
fn images(x: &Array3<f64>, k: &Array2<f64>) -> f64 {
    let (channels, h, w) = x.dim();
    let mut out = Array2::zeros((h - 1, w - 1));
    for c in 0..channels {
        for i in 0..h - 1 {
            for j in 0..w - 1 {
                let mut acc = 0.0;
                for di in 0..2 {
                    for dj in 0..2 {
                        acc += x[[c, i + di, j + dj]] * k[[di, dj]];
                    }
                }
                out[[i, j]] += acc;
            }
        }
    }
    nn::relu(&out).sum()
}

#[differentiable]
fn single_precision(w: &Array2<f32>, x: &Array1<f32>, t: &Array1<f32>) -> f32 {
    let y = w.dot(x).mapv(|v| v.max(0.0));
    mse(&y, t)
}

#[differentiable]
fn captures(a: &Array2<f64>, lo: f64, weights: &[f64], k: usize) -> f64 {
    let scale = weights[k] * 2.0;
    let b = a.mapv(|v| {
        let shifted = v - lo;
        if shifted > 0.0 { shifted * scale } else { shifted.exp() + weights[0] }
    });
    b.sum()
}

#[differentiable]
fn owned_arrays(x: Array1<f64>, y: Array1<f64>) -> Array1<f64> {
    let z = x + &y;
    let w = z * 2.0 - y;
    w.mapv_into(|v| v.sin())
}

#[differentiable]
fn copy_in_a_branch(a: &Array1<f64>, flip: bool) -> f64 {
    let mut s = 0.0;
    if flip {
        let mut b = a.clone();
        b *= 2.0;
        b[0] = a[1];
        s += b.dot(a);
    }
    s
}

#[differentiable]
fn dense(h: &Array1<f64>, w: &Array2<f64>) -> Array1<f64> {
    w.dot(h).mapv(f64::tanh)
}

#[differentiable]
fn layers_of_different_widths(x: &Array1<f64>, ws: &[Array2<f64>]) -> Array1<f64> {
    let mut h = x.clone();
    for i in 0..ws.len() {
        h = dense(&h, &ws[i]);
    }
    h
}

#[differentiable]
fn slices_of_slices(rows: &[&[f64]], pair: (&[f64], &f64)) -> f64 {
    let mut s = 0.0;
    for row in rows {
        s += row[0] * *pair.1;
    }
    s * pair.0[1]
}

#[test]
fn memory_and_references() {
    gradcheck!(copy_in_a_branch(&array![1.0, 2.0, 3.0], true)).unwrap();
    gradcheck!(layers_of_different_widths(&v(2, 1), &[m(3, 2, 2), m(1, 3, 3)][..])).unwrap();
    let (rows_bar, (first_bar, factor_bar)) = slices_of_slices::grad(&[&[1.0, 2.0], &[3.0]], (&[1.0, 2.0], &3.0));
    assert_eq!(rows_bar, [vec![6.0, 0.0], vec![6.0]]);
    assert_eq!((first_bar, factor_bar), (vec![0.0, 12.0], 8.0));
}

fn m(rows: usize, cols: usize, seed: u64) -> Array2<f64> {
    Array::from_shape_vec((rows, cols), common::noise(seed, rows * cols)).unwrap()
}

fn v(n: usize, seed: u64) -> Array1<f64> {
    Array1::from_vec(common::noise(seed, n))
}

#[test]
fn regressions() {
    gradcheck!(linear_regression(&v(3, 1), 0.3, &m(4, 3, 2), &v(4, 3))).unwrap();
    gradcheck!(ridge(&v(3, 1), &m(4, 3, 2), &v(4, 3), 0.1)).unwrap();
    gradcheck!(logistic(&v(3, 1), &m(4, 3, 2), &array![0.0, 1.0, 1.0, 0.0])).unwrap();
    let (w, x, y) = (v(3, 1), m(4, 3, 2), v(4, 3));
    let expected = x.t().dot(&(x.dot(&w) - &y)) + 0.1 * &w;
    assert_near("ridge", &ridge::grad(&w, &x, &y, 0.1).0, &expected, 1e-12);
}

#[test]
fn networks() {
    gradcheck!(mlp(&m(2, 3, 1), &m(3, 4, 2), &v(4, 3), &m(4, 2, 4), &v(2, 5), &m(2, 2, 6))).unwrap();
    gradcheck!(many_layers(&m(2, 3, 1), &[m(3, 4, 2), m(4, 2, 3)][..], &vec![v(4, 4), v(2, 5)])).unwrap();
    gradcheck!(elman(&m(4, 3, 1), &m(2, 3, 2), &m(2, 2, 3), &v(2, 4))).unwrap();
    gradcheck!(gru_step(&v(3, 1), &v(2, 2), &m(2, 3, 3), &m(2, 3, 4), &m(2, 3, 5))).unwrap();
    gradcheck!(attention(&m(3, 2, 1), &m(4, 2, 2), &m(4, 2, 3))).unwrap();
    gradcheck!(attention_by_hand(&m(3, 2, 1), &m(4, 2, 2), &m(4, 2, 3))).unwrap();
    gradcheck!(layer_norm(&m(3, 4, 1), &v(4, 2), &v(4, 3))).unwrap();
    gradcheck!(batch_stats(&m(3, 4, 1))).unwrap();
    gradcheck!(images(&Array3::from_shape_vec((2, 3, 4), common::noise(1, 24)).unwrap(), &m(2, 2, 2))).unwrap();
    let (w, x) = (array![[0.5_f32, 0.3], [-0.2, 0.9]], array![1.0_f32, 2.0]);
    gradcheck!(single_precision(&w, &x, &array![0.3_f32, 0.1])).unwrap();
    let (w1, w2) = (m(3, 4, 2), m(4, 3, 3));
    let (x_bar, (w1_bar, w2_bar)) = deep::grad(&m(2, 3, 1), (&w1, &w2), &[0, 2]);
    assert_eq!((x_bar.dim(), w1_bar.dim(), w2_bar.dim()), ((2, 3), (3, 4), (4, 3)));
}

#[test]
fn elements() {
    gradcheck!(rows_by_index(&m(3, 4, 1), &v(4, 2))).unwrap();
    gradcheck!(filled_by_index(&v(3, 1), 3)).unwrap();
    gradcheck!(rbf_kernel(&m(3, 2, 1), 0.7)).unwrap();
    gradcheck!(captures(&m(3, 2, 1), 0.1, &[0.3, 0.5][..], 1)).unwrap();
    gradcheck!(methods(&array![0.3, -0.8, 1.2])).unwrap();
}

#[test]
fn iterations() {
    let a = array![[2.0, 0.3, 0.1], [0.3, 1.0, -0.2], [0.1, -0.2, 0.5]];
    gradcheck!(power_iteration(&a, 12)).unwrap();
    gradcheck!(gradient_descent_inside(&a, &v(3, 1), 0.1)).unwrap();
}

#[test]
fn operators() {
    gradcheck!(compound(&array![1.0, 2.0], &array![0.5, -0.4], 0.3)).unwrap();
    gradcheck!(scalars_around(&m(2, 3, 1), 0.7)).unwrap();
    gradcheck!(owned_arrays(v(3, 1), v(3, 2))).unwrap();
}

#[test]
fn ranks_and_views() {
    gradcheck!(zero_dimensional(&arr0(0.7), &v(3, 1))).unwrap();
    gradcheck!(four_dimensions(&Array4::from_shape_vec((2, 1, 2, 3), common::noise(1, 12)).unwrap(), &v(3, 2)))
        .unwrap();
    let d = |seed| ArrayD::from_shape_vec(IxDyn(&[2, 3]), common::noise(seed, 6)).unwrap();
    gradcheck!(dynamic_rank(&d(1), &d(2))).unwrap();
    let (a, x) = (m(3, 4, 1), v(6, 2));
    let (a_bar, x_bar) = by_views::grad(a.slice(s![.., 1..3]), x.slice(s![..;3]));
    assert_eq!((a_bar.dim(), x_bar.len()), ((3, 2), 2));
}
