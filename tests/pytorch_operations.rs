//! Programs with the operations that people know from PyTorch's tensors, written with `ndarray`'s, against the values and
//! gradients that PyTorch computed: places in arrays, reductions, matrices, layers and losses.

#![allow(clippy::all)]

use differentiable::ndarray::{
    Array0, Array1, Array2, Array3, Array4, ArrayView1, Axis, Ix0, Ix1, Ix2, Ix3, Ix4, Zip, array, azip, concatenate,
    s, stack,
};
use differentiable::nn::{self, Conv, CrossEntropy, Pool};
use differentiable::{differentiable, stop_gradient};

#[macro_use]
#[path = "common/recorded.rs"]
mod recorded;

cases_of!("data/operations.json");

#[differentiable]
fn laplacian(w: &Array2<f64>) -> f64 {
    let mut a = w.dot(&w.t());
    let sums = a.sum_axis(Axis(1)).mapv(|sum| sum.abs() + 1.0);
    a.diag_mut().assign(&sums);
    nn::inverse(&a).diag().sum() + nn::log_determinant(&a)
}

#[differentiable]
fn pyramid(x: &Array2<f64>) -> Array1<f64> {
    let mut parts = Vec::new();
    for i in 0..3 {
        let mut part = x.slice(s![.., i..i + 2]).to_owned();
        part.accumulate_axis_inplace(Axis(1), |&before, current| *current += before);
        parts.push(part * (i + 1) as f64);
    }
    let views: Vec<_> = parts.iter().map(|part| part.view()).collect();
    let joined = concatenate(Axis(1), &views).unwrap();
    joined.mapv(f64::tanh).sum_axis(Axis(0))
}

#[differentiable]
fn selected_rows(x: &Array2<f64>, w: &Array2<f64>) -> Array1<f64> {
    let y = x.select(Axis(0), &[2, 0, 2, 3, 1]);
    let z = y.dot(w).mapv(|v| v.max(0.0)).insert_axis(Axis(1));
    let wide = z.broadcast((5, 3, 2)).unwrap();
    wide.mapv(|v| v.powi(2)).mean_axis(Axis(2)).unwrap().mean_axis(Axis(0)).unwrap()
}

#[differentiable]
fn soft_histogram(x: &Array1<f64>, v: &Array1<f64>) -> f64 {
    let index = [0usize, 2, 1, 2, 2, 0];
    let mut sums = Array1::<f64>::zeros(3);
    for (i, &bin) in index.iter().enumerate() {
        sums[bin] += v[i] * x[i].exp();
    }
    (sums.select(Axis(0), &index) * v).sum()
}

#[differentiable]
fn soft_histogram_by_scatter(x: &Array1<f64>, v: &Array1<f64>) -> f64 {
    let index = array![0usize, 2, 1, 2, 2, 0];
    let sums = nn::scatter_add(&Array1::zeros(3), &(v * &x.exp()), &index, Axis(0));
    nn::gather(&sums, &index, Axis(0)).dot(v)
}

#[differentiable]
fn picked_scores(x: &Array2<f64>) -> Array1<f64> {
    let index = array![[0usize, 1, 1], [3, 2, 0]];
    nn::gather(&nn::log_softmax(x), &index, Axis(1)).mean_axis(Axis(1)).unwrap()
}

#[differentiable]
fn picked_one_by_one(x: &Array2<f64>) -> Array1<f64> {
    let index = [[0, 1, 1], [3, 2, 0]];
    x.outer_iter()
        .zip(&index)
        .map(|(row, columns)| {
            let largest = row.fold(f64::NEG_INFINITY, |m, &v| m.max(v));
            let total = row.iter().map(|v| (v - largest).exp()).sum::<f64>().ln() + largest;
            columns.iter().map(|&c| row[c] - total).sum::<f64>() / columns.len() as f64
        })
        .collect()
}

#[differentiable]
fn banded(x: &Array2<f64>) -> Array1<f64> {
    let band = Array2::from_shape_fn((4, 4), |(i, j)| i.abs_diff(j) <= 1);
    let a = Zip::from(x).and(&band).map_collect(|&v, &inside| if inside { v } else { 0.0 });
    (a.dot(&a) + x.tril(-1).exp()).sum_axis(Axis(1))
}

#[differentiable]
fn banded_by_loops(x: &Array2<f64>) -> Array1<f64> {
    let mut a = x.clone();
    a.indexed_iter_mut().for_each(|((i, j), v)| {
        if i + 1 < j || j + 1 < i {
            *v = 0.0;
        }
    });
    let mut below = Array2::<f64>::ones(x.dim());
    for ((i, j), v) in below.indexed_iter_mut() {
        if i > j {
            *v = x[[i, j]].exp();
        }
    }
    (&a.dot(&a) + &below).sum_axis(Axis(1))
}

#[differentiable]
fn order_statistics(x: &Array2<f64>, w: &Array1<f64>) -> Array1<f64> {
    let largest = x.fold_axis(Axis(0), 0.0, |&m: &f64, v: &f64| m.max(v.abs())).sum();
    (nn::sort(x, Axis(1)) * w).sum_axis(Axis(1)) + largest
}

#[differentiable]
fn order_statistics_by_value(x: &Array2<f64>, w: &Array1<f64>) -> Array1<f64> {
    let largest: f64 = x.columns().into_iter().map(|c| c.iter().fold(0.0, |m: f64, v| m.max(v.abs()))).sum();
    x.map_axis(Axis(1), |row| {
        let mut values = row.to_vec();
        values.sort_by(|a, b| a.partial_cmp(b).unwrap());
        values.iter().zip(w).map(|(v, w)| v * w).sum::<f64>()
    }) + largest
}

#[differentiable]
fn moved_axes(x: &Array3<f64>) -> Array1<f64> {
    let y = x.view().permuted_axes([2, 0, 1]).to_shape((4, 6)).unwrap().to_owned();
    let product = &y.row(2) * &y.row(1);
    let turned = y.slice(s![3, ..;-1]);
    let z = stack(Axis(1), &[y.row(0), product.view(), turned]).unwrap();
    let rolled = concatenate![Axis(0), z.slice(s![5.., ..]), z.slice(s![..5, ..])];
    rolled.map_axis(Axis(1), |row| row.product())
}

#[test]
fn places() {
    cases! {
        "laplacian": laplacian(w: Ix2);
        "pyramid": pyramid(x: Ix2);
        "selected rows": selected_rows(x: Ix2, w: Ix2);
        "soft histogram": soft_histogram(x: Ix1, v: Ix1);
        "soft histogram": soft_histogram_by_scatter(x: Ix1, v: Ix1);
        "picked scores": picked_scores(x: Ix2);
        "picked scores": picked_one_by_one(x: Ix2);
        "banded": banded(x: Ix2);
        "banded": banded_by_loops(x: Ix2);
        "order statistics": order_statistics(x: Ix2, w: Ix1);
        "order statistics": order_statistics_by_value(x: Ix2, w: Ix1);
        "moved axes": moved_axes(x: Ix3);
    }
}

#[differentiable]
fn folded(x: &Array2<f64>) -> Array1<f64> {
    x.fold_axis(Axis(1), 0.0, |y, v| 0.5 * y + v * v)
}

#[differentiable]
fn spread(x: &Array2<f64>) -> f64 {
    let s = x.std_axis(Axis(0), 1.0);
    let v = x.var_axis(Axis(1), 0.0);
    let high = x.map_axis(Axis(0), |column| column.fold(f64::MIN, |m, &v| f64::max(m, v)));
    let low = x.map_axis(Axis(0), |column| column.iter().copied().fold(f64::INFINITY, f64::min));
    let largest = x.iter().map(|v| v.abs()).fold(0.0, f64::max);
    s.dot(&(high - low)) * v.mean().unwrap() + largest + x.iter().map(|v| v * v).sum::<f64>().sqrt()
}

#[differentiable]
fn standardised(x: &Array2<f64>) -> Array1<f64> {
    let mean = x.mean_axis(Axis(1)).unwrap().insert_axis(Axis(1));
    let scale = (x.var_axis(Axis(1), 0.0) + 1e-5).sqrt().insert_axis(Axis(1));
    let z = (x - &mean) / &scale;
    z.clamp(-1.0, 1.0).mapv_into(|v| v.powi(3)).sum_axis(Axis(0))
}

#[differentiable]
fn standardised_in_place(x: &Array2<f64>) -> Array1<f64> {
    let mut z = x.to_owned();
    for mut row in z.rows_mut() {
        let mean = row.mean().unwrap();
        row -= mean;
        let scale = (row.mapv(|v| v * v).mean().unwrap() + 1e-5).sqrt();
        row.mapv_inplace(|v| (v / scale).clamp(-1.0, 1.0));
    }
    let mut total = Array1::zeros(z.ncols());
    for row in z.rows() {
        azip!((t in &mut total, &v in row) *t += v * v * v);
    }
    total
}

#[differentiable]
fn generalised_mean(x: &Array3<f64>, p: f64) -> Array1<f64> {
    x.outer_iter().map(|plane| plane.mapv(|v| (v.abs() + 0.1).powf(p)).mean().unwrap().powf(1.0 / p)).collect()
}

#[differentiable]
fn generalised_mean_of(x: &Array3<f64>, p: &Array0<f64>) -> Array1<f64> {
    generalised_mean(x, p[()])
}

#[differentiable]
fn softened(x: &Array2<f64>, t: &Array0<f64>) -> Array1<f64> {
    let t = t[()];
    let m = x.fold_axis(Axis(0), f64::NEG_INFINITY, |m, v| m.max(*v));
    let e = ((x - &m) / t).exp();
    let sums = e.sum_axis(Axis(0));
    let w = &e / &sums;
    let log_sum_exp = sums.ln() + &m / t;
    let product = w.map_axis(Axis(0), |c| c.iter().map(|v| v + 0.5).product::<f64>());
    (&w * x).sum_axis(Axis(0)) - t * log_sum_exp + product
}

#[differentiable]
fn energies(q: &Array3<f64>, k: &Array3<f64>) -> Array2<f64> {
    let e = nn::einsum3(q, k, "bid,bjd->bij");
    nn::einsum2(&nn::softmax(&e), k, "bij,bjd->id")
}

#[differentiable]
fn energies_by_loops(q: &Array3<f64>, k: &Array3<f64>) -> Array2<f64> {
    let mut total = Array2::<f64>::zeros((3, 2));
    for (q, k) in q.axis_iter(Axis(0)).zip(k.axis_iter(Axis(0))) {
        let mut e = q.dot(&k.t());
        for mut row in e.axis_iter_mut(Axis(0)) {
            row.mapv_inplace(f64::exp);
            let sum = row.sum();
            row.map_inplace(|v| *v /= sum);
        }
        total += &e.dot(&k);
    }
    total
}

#[differentiable]
fn outer(u: &Array1<f64>, v: &Array1<f64>) -> f64 {
    let m = &u.view().insert_axis(Axis(1)) * &v.view().insert_axis(Axis(0));
    let skew = &m - &m.t();
    (&m * &m).sum().sqrt() + m.diag().sum() + skew.iter().map(|v| v.powi(2)).sum::<f64>().sqrt()
}

#[test]
fn reductions() {
    cases! {
        "folded": folded(x: Ix2);
        "spread": spread(x: Ix2);
        "standardised": standardised(x: Ix2);
        "standardised": standardised_in_place(x: Ix2);
        "generalised mean": generalised_mean_of(x: Ix3, p: Ix0);
        "softened": softened(x: Ix2, t: Ix0);
        "energies": energies(q: Ix3, k: Ix3);
        "energies": energies_by_loops(q: Ix3, k: Ix3);
        "outer": outer(u: Ix1, v: Ix1);
    }
}

#[differentiable]
fn mahalanobis(x: &Array2<f64>, m: &Array1<f64>, a: &Array2<f64>) -> Array1<f64> {
    let cov = a.dot(&a.t()) + Array2::<f64>::eye(3);
    let d = x - m;
    let l = nn::cholesky(&cov);
    let z = nn::solve(&l, &d.t());
    z.mapv(|v| v * v).sum_axis(Axis(0)).sqrt() + l.diag().ln().sum()
}

#[differentiable]
fn mahalanobis_by_substitution(x: &Array2<f64>, m: &Array1<f64>, a: &Array2<f64>) -> Array1<f64> {
    let n = m.len();
    let mut l = Array2::<f64>::zeros((n, n));
    let cov = a.dot(&a.t());
    for i in 0..n {
        for j in 0..=i {
            let known = l.slice(s![i, ..j]).dot(&l.slice(s![j, ..j]));
            let entry = cov[(i, j)] + if i == j { 1.0 } else { 0.0 } - known;
            l[(i, j)] = if i == j { entry.sqrt() } else { entry / l[(j, j)] };
        }
    }
    let log_scale = l.diag().iter().map(|v| v.ln()).sum::<f64>();
    let mut distances = Vec::with_capacity(x.nrows());
    for row in x.rows() {
        let mut z = Array1::zeros(n);
        for i in 0..n {
            let known: f64 = (0..i).map(|j| l[[i, j]] * z[j]).sum();
            z[i] = (row[i] - m[i] - known) / l[[i, i]];
        }
        distances.push(z.dot(&z).sqrt() + log_scale);
    }
    Array1::from_vec(distances)
}

#[differentiable]
fn newton(a: &Array2<f64>, b: &Array1<f64>) -> Array1<f64> {
    let mut x = b.clone();
    for _ in 0..3 {
        let f = a.dot(&x) + x.powi(3) - b;
        let mut j = a.clone();
        j.diag_mut().zip_mut_with(&x, |d, x| *d += 3.0 * x * x);
        x -= &nn::solve(&j, &f);
    }
    x
}

#[differentiable]
fn orthogonal(w: &Array2<f64>) -> f64 {
    let mut q: Vec<Array1<f64>> = Vec::new();
    for column in w.columns() {
        let mut v = column.to_owned();
        for u in &q {
            let along = u.dot(&v);
            v.scaled_add(-along, u);
        }
        let norm = v.dot(&v).sqrt();
        q.push(v / norm);
    }
    let views: Vec<ArrayView1<f64>> = q.iter().map(|v| v.view()).collect();
    let q = stack(Axis(1), &views).unwrap();
    let weights = Array1::range(0.0, 9.0, 1.0).into_shape_with_order((3, 3)).unwrap();
    (q * weights).sum()
}

#[differentiable]
fn exponential_series(a: &Array2<f64>) -> f64 {
    let mut term = Array2::<f64>::eye(3);
    let mut total = term.clone();
    for k in 1..7 {
        term = term.dot(a) / k as f64;
        total += &term;
    }
    nn::determinant(&total) + total[[0, 2]]
}

#[test]
fn matrices() {
    cases! {
        "mahalanobis": mahalanobis(x: Ix2, m: Ix1, a: Ix2);
        "mahalanobis": mahalanobis_by_substitution(x: Ix2, m: Ix1, a: Ix2);
        "newton": newton(a: Ix2, b: Ix1);
        "orthogonal": orthogonal(w: Ix2);
        "exponential series": exponential_series(a: Ix2);
    }
}

#[differentiable]
fn separable(x: &Array4<f64>, depth: &Array4<f64>, point: &Array4<f64>, bias: &Array1<f64>) -> Array4<f64> {
    let y = nn::conv2d(x, depth, Conv { stride: [2, 2], padding: [1, 1], groups: 2, ..Conv::default() });
    let y = nn::add_bias(&nn::conv2d(&nn::hardtanh(&y), point, Conv::default()), bias);
    nn::adaptive_avg_pool2d(&y, [2, 1])
}

#[differentiable]
fn dilated(x: &Array4<f64>, w1: &Array4<f64>, w2: &Array4<f64>) -> Array2<f64> {
    let options = Conv { dilation: [2, 2], padding: [2, 2], ..Default::default() };
    let y = nn::mish(&nn::conv2d(x, w1, options));
    let up = Conv { stride: [2, 2], padding: [1, 1], output_padding: [1, 1], ..Default::default() };
    nn::conv_transpose2d(&y, w2, up).sum_axis(Axis(3)).sum_axis(Axis(2))
}

#[differentiable]
fn gated(x: &Array3<f64>, w: &Array2<f64>, u: &Array2<f64>, b: &Array1<f64>, c: &Array1<f64>) -> Array2<f64> {
    let mut h = Array2::zeros((2, 2));
    for x in x.outer_iter() {
        h = nn::gru_cell(&x, &h, w, u, b, c);
    }
    h
}

#[differentiable]
fn gated_by_hand(x: &Array3<f64>, w: &Array2<f64>, u: &Array2<f64>, b: &Array1<f64>, c: &Array1<f64>) -> Array2<f64> {
    let sigmoid = |v: f64| 1.0 / (1.0 + (-v).exp());
    let mut h = Array2::<f64>::zeros((2, 2));
    for t in 0..x.len_of(Axis(0)) {
        let gx = x.index_axis(Axis(0), t).dot(&w.t()) + b;
        let gh = h.dot(&u.t()) + c;
        let r = (&gx.slice(s![.., ..2]) + &gh.slice(s![.., ..2])).mapv(sigmoid);
        let z = (&gx.slice(s![.., 2..4]) + &gh.slice(s![.., 2..4])).mapv(sigmoid);
        let n = (&gx.slice(s![.., 4..]) + &(&r * &gh.slice(s![.., 4..]))).mapv(f64::tanh);
        h = (1.0 - &z) * &n + &z * &h;
    }
    h
}

#[differentiable]
fn padded(x: &Array3<f64>, left: usize) -> Array3<f64> {
    let (batch, channels, length) = x.dim();
    let mut y = Array3::zeros((batch, channels, length + left));
    y.slice_mut(s![.., .., left..]).assign(x);
    y
}

#[differentiable]
fn wavenet(x: &Array3<f64>, w: &Array3<f64>, v: &Array3<f64>) -> Array2<f64> {
    let mut x = x.clone();
    for d in [1, 2] {
        let options = Conv { dilation: [d, d], ..Conv::default() };
        let p = padded(&x, d);
        x += &(nn::conv1d(&p, w, options).tanh() * nn::sigmoid(&nn::conv1d(&p, v, options)));
    }
    nn::max_pool1d(&x, Pool { window: [2, 2], stride: [2, 2], padding: [0, 0] }).mean_axis(Axis(2)).unwrap()
}

#[differentiable]
fn norms(x: &Array3<f64>, w: &Array1<f64>, b: &Array1<f64>) -> Array2<f64> {
    let y = nn::selu(&nn::group_norm(x, w, b, 2, 1e-5));
    let y = nn::layer_norm(&y, &Array1::ones(3), &Array1::zeros(3), 1e-5);
    let largest = nn::softplus(x).map_axis(Axis(2), |row| row.iter().cloned().reduce(f64::max).unwrap());
    y.powi(2).mean_axis(Axis(2)).unwrap() + largest
}

#[test]
fn layers() {
    cases! {
        "separable": separable(x: Ix4, depth: Ix4, point: Ix4, bias: Ix1);
        "dilated": dilated(x: Ix4, w1: Ix4, w2: Ix4);
        "gated": gated(x: Ix3, w: Ix2, u: Ix2, b: Ix1, c: Ix1);
        "gated": gated_by_hand(x: Ix3, w: Ix2, u: Ix2, b: Ix1, c: Ix1);
        "wavenet": wavenet(x: Ix3, w: Ix3, v: Ix3);
        "norms": norms(x: Ix3, w: Ix1, b: Ix1);
    }
}

#[differentiable]
fn classes(x: &Array2<f64>) -> f64 {
    let labels = [0, 2, 1, 2];
    let smooth = nn::cross_entropy_with(x, &labels, CrossEntropy { label_smoothing: 0.1, ..CrossEntropy::default() });
    let options = CrossEntropy { ignored: Some(9), averaged: false, ..CrossEntropy::default() };
    let ignored = nn::cross_entropy_with(x, &[0, 9, 1, 2], options);
    smooth + ignored + nn::nll_loss(&nn::log_softmax(x), &labels)
}

#[differentiable]
fn distances(x: &Array2<f64>, y: &Array2<f64>) -> f64 {
    let sign = stop_gradient(y.mapv(f64::signum));
    let margins = (-(x * &sign)).exp().mapv(f64::ln_1p).mean().unwrap();
    nn::smooth_l1(x, y, 0.5).mean().unwrap()
        + nn::huber(x, y, 0.7).mean().unwrap()
        + (x - y).abs().sum()
        + nn::kl_div(&nn::log_softmax(x), &nn::softmax(y)) * x.len() as f64 / x.nrows() as f64
        + (1.0 - nn::cosine_similarity(x, y)).mean().unwrap()
        + margins
}

#[differentiable]
fn weighted_labels(x: &Array2<f64>, w: &Array1<f64>) -> f64 {
    let target = array![[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]];
    let weights = array![1.0, 2.0, 3.0];
    let mut weighted = 0.0;
    Zip::from(x).and(&target).and_broadcast(&weights).for_each(|&x, &t, &p| {
        weighted += (1.0 - t) * x + (1.0 + (p - 1.0) * t) * ((-x.abs()).exp().ln_1p() + (-x).max(0.0));
    });
    let p = nn::sigmoid(&(x * w));
    weighted / x.len() as f64 + nn::binary_cross_entropy(&p, &target) * x.len() as f64
}

#[differentiable]
fn margins(x: &Array2<f64>, y: &Array2<f64>) -> f64 {
    let d = (x - y).map_axis(Axis(1), |row| row.dot(&row).sqrt());
    let sorted = nn::sort(&d, Axis(0));
    d.iter().map(|&d| if d < 0.5 { (0.5 - d).powi(2) } else { 0.0 }).sum::<f64>() + sorted.slice(s![-2..]).sum()
}

#[differentiable]
fn margins_by_selection(x: &Array2<f64>, y: &Array2<f64>) -> f64 {
    let mut d: Vec<f64> =
        Zip::from(x.rows()).and(y.rows()).map_collect(|x, y| (&x - &y).mapv(|v| v.powi(2)).sum().sqrt()).to_vec();
    let near = d.iter().filter(|d| **d < 0.5).map(|d| (0.5 - d).powi(2)).sum::<f64>();
    d.sort_by(|a, b| b.total_cmp(a));
    near + d[..2].iter().sum::<f64>()
}

#[test]
fn losses() {
    cases! {
        "classes": classes(x: Ix2);
        "distances": distances(x: Ix2, y: Ix2);
        "weighted labels": weighted_labels(x: Ix2, w: Ix1);
        "margins": margins(x: Ix2, y: Ix2);
        "margins": margins_by_selection(x: Ix2, y: Ix2);
    }
}

#[differentiable]
fn all_close(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    if Zip::from(a).and(b).all(|a, b| (a - b).abs() < 1.0) { a.dot(b) } else { a.sum() - b.sum() }
}

#[test]
fn conditions_on_all_elements() {
    let (a, b) = (array![1.0, 2.0], array![1.5, 2.5]);
    assert_eq!(all_close::grad(&a, &b), (b.clone(), a.clone()));
    assert_eq!(all_close::grad(&a, &(b * 4.0)), (array![1.0, 1.0], array![-1.0, -1.0]));
}
