//! Arrays of ndarray that are made, taken apart and filled inside of functions.

#![allow(clippy::all, missing_docs)]

mod common;
use common::programs_at;
use differentiable::ndarray::{Array1, Array2, ArrayView1, Axis, Zip, array, azip, s};

programs_at! {
    from_vec(x: Vec<f64>) at (vec![0.4, 0.8, 1.2]) {
        let a = Array1::from_vec(x.iter().map(|v| v * v).collect());
        a.sum() * a[0]
    }
    from_vec2(x: Vec<f64>) at (vec![0.4, 0.8, 1.2]) {
        let a = Array1::from(x);
        (&a * &a).sum() * a[0]
    }
    array_mac(x: f64) at (0.4) {
        let a = array![x, x * x, 1.0];
        a.dot(&a)
    }
    array_mac2(x: f64, v: &Array1<f64>) at (0.4, &array![0.3, 0.7]) {
        let m = array![[x, x * x], [1.0, x.sin()]];
        m.dot(v).sum()
    }
    from_shape_fn1(x: f64) at (0.4) {
        let a = Array1::from_shape_fn(4, |i| x * i as f64);
        a.dot(&a)
    }
    from_shape_fn2(x: &[f64]) at (&[0.4, 0.7][..]) {
        let a = Array2::from_shape_fn((2, 2), |(i, j)| x[i] * x[j] + x[0]);
        a.sum() * a[[0, 1]]
    }
    from_shape_vec(x: Vec<f64>) at (vec![0.4, 0.8, 1.2, 0.1]) {
        let a = Array2::from_shape_vec((2, 2), x).unwrap();
        a.dot(&a).sum()
    }
    from_iter(x: Vec<f64>) at (vec![0.4, 0.8, 1.2, 0.1]) {
        let a = Array1::from_iter(x.iter().map(|v| v.sin()));
        let b: Array1<f64> = x.iter().copied().collect();
        a.dot(&b)
    }
    zip_map(a: &Array1<f64>, b: &Array1<f64>) at (&array![0.3, 0.7], &array![0.1, 0.5]) {
        let c = Zip::from(a).and(b).map_collect(|x, y| x * y + x.sin());
        c.sum()
    }
    zip_for_each(a: &Array1<f64>, b: &Array1<f64>) at (&array![0.3, 0.7], &array![0.1, 0.5]) {
        let mut c = Array1::zeros(a.len());
        Zip::from(&mut c).and(a).and(b).for_each(|c, &x, &y| *c = x * y);
        c.dot(a)
    }
    zip_fold(a: &Array1<f64>, b: &Array1<f64>) at (&array![0.3, 0.7], &array![0.1, 0.5]) {
        Zip::from(a).and(b).fold(0.0, |acc, x, y| acc + x * y)
    }
    azip_mac(a: &Array1<f64>, b: &Array1<f64>) at (&array![0.3, 0.7], &array![0.1, 0.5]) {
        let mut c = Array1::zeros(a.len());
        azip!((c in &mut c, &x in a, &y in b) *c = x * y);
        c.dot(a)
    }
    map_axis(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let n = a.map_axis(Axis(1), |r| r.dot(&r).sqrt());
        n.sum()
    }
    map_axis_iter(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let n = a.map_axis(Axis(0), |r| r.iter().map(|v| v * v).sum::<f64>());
        n[0] * n[1]
    }
    fold_axis(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let n = a.fold_axis(Axis(1), 0.0, |acc, x| acc + x * x);
        n[0] * n[1]
    }
    fold(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        a.fold(0.0, |acc, x| acc + x * x) * a.fold(f64::NEG_INFINITY, |m, &x| m.max(x))
    }
    slice1(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.5]) {
        let p = a.slice(s![1..]);
        let q = a.slice(s![..-1]);
        (&p - &q).mapv(|d| d * d).sum()
    }
    slice2(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let c: ArrayView1<f64> = a.slice(s![.., 0]);
        let d: ArrayView1<f64> = a.slice(s![1, ..]);
        c.dot(&d) + a.slice(s![0..1, ..]).sum()
    }
    slice_step(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.5]) {
        a.slice(s![..;2]).sum() * a.slice(s![1..;2]).sum()
    }
    slice_mut(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.5]) {
        let mut b = a.clone();
        b.slice_mut(s![1..]).mapv_inplace(|v| v * v);
        b.dot(a)
    }
    slice_mut_assign(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.5]) {
        let mut b = Array1::zeros(6);
        b.slice_mut(s![1..5]).assign(a);
        b.slice_mut(s![..4]).assign(&(a * 2.0));
        b.dot(&b)
    }
    slice_mut_add(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.5]) {
        let mut b = a * 2.0;
        let mut part = b.slice_mut(s![..2]);
        part += &a.slice(s![2..]);
        b.dot(&b)
    }
    row_mut(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        b.row_mut(0).assign(&(&a.row(1) * 2.0));
        b.dot(a).sum()
    }
    row_mut_index(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        let mut r = b.row_mut(1);
        r[0] *= r[1];
        b.dot(a).sum()
    }
    column_mut(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        b.column_mut(0).mapv_inplace(f64::sin);
        b.column_mut(1).fill(a[[0, 0]]);
        b.dot(a).sum()
    }
    axis_iter_mut(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        for mut row in b.axis_iter_mut(Axis(0)) {
            let s = row.sum();
            row /= s;
        }
        b.dot(a).sum()
    }
    outer_iter_mut(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        for (i, mut row) in b.outer_iter_mut().enumerate() { row[0] *= a[[i, 1]]; }
        b.dot(a).sum()
    }
    rows_mut(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        for mut row in b.rows_mut() {
            let m = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            row.mapv_inplace(|v| (v - m).exp());
            let s = row.sum();
            row.mapv_inplace(|v| v / s);
        }
        b.dot(a).sum()
    }
    rows_mut_iter(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        for mut row in b.rows_mut() { for v in row.iter_mut() { *v = v.exp(); } }
        b.dot(a).sum()
    }
    indexed_iter(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        a.indexed_iter().map(|((i, j), v)| v * v * (i + 2 * j) as f64).sum()
    }
    indexed_iter_mut(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        for ((i, j), v) in b.indexed_iter_mut() { *v *= a[[j, i]]; }
        b.sum()
    }
    iter_mut(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        for v in b.iter_mut() { *v = *v * *v; }
        b.iter_mut().for_each(|v| *v += 1.0);
        b.dot(a).sum()
    }
    iter_mut1(a: &Array1<f64>) at (&array![0.3, 0.7]) {
        let mut b = a.clone();
        for (v, w) in b.iter_mut().zip(a.iter()) { *v *= w; }
        for (i, v) in b.iter_mut().enumerate() { *v *= i as f64; }
        b.dot(a)
    }
    for_ref(a: &Array1<f64>) at (&array![0.3, 0.7]) {
        let mut b = a.clone();
        for v in &mut b { *v *= 2.0; }
        let mut s = 0.0;
        for v in a { s += v * v; }
        for v in &b { s += v.sin(); }
        s
    }
    assign(a: &Array1<f64>) at (&array![0.3, 0.7]) {
        let mut b = Array1::zeros(2);
        b.assign(a);
        b.sum()
    }
    scaled_add(a: &Array1<f64>, k: f64) at (&array![0.3, 0.7], 0.4) {
        let mut b = a.mapv(f64::sin);
        b.scaled_add(k, a);
        b.dot(a)
    }
    into_shape(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.9]) {
        let m = a.clone().into_shape_with_order((2, 2)).unwrap();
        m.dot(&m).sum()
    }
    to_shape(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.9]) {
        let m = a.to_shape((2, 2)).unwrap();
        m.dot(&m).sum()
    }
    eye(a: &Array2<f64>, k: f64) at (&array![[0.3, 0.7], [0.1, 0.5]], 0.3) {
        let m = a.dot(&a.t()) + Array2::<f64>::eye(2) * k;
        m.diag().product() - m[[0, 1]] * m[[1, 0]]
    }
    linspace(k: f64) at (0.3) {
        let t = Array1::linspace(0.0, 1.0, 5);
        t.mapv(|t| (k * t).exp()).sum()
    }
    softmax(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1]) {
        let m = a.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
        let e = a.mapv(|v| (v - m).exp());
        let p = &e / e.sum();
        -p[0].ln()
    }
    norm_rows(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let norms = a.rows().into_iter().map(|r| r.dot(&r).sqrt()).collect::<Vec<_>>();
        norms[0] * norms[1]
    }
    outer_zip(a: &Array2<f64>, b: &Array1<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]], &array![0.1, 0.2]) {
        a.outer_iter().zip(b.iter()).map(|(r, y)| { let d = r.sum() - y; d * d }).sum()
    }
    columns_axis(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut s = 0.0;
        for c in a.axis_iter(Axis(1)) { s += c[0] * c[1]; }
        for c in a.columns() { s *= c.sum(); }
        s
    }
    mapv_inplace(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        b.mapv_inplace(|v| v * v);
        b += a;
        b *= 2.0;
        b -= &(a * 0.5);
        b.dot(a).sum()
    }
    map_inplace(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut b = a.clone();
        b.map_inplace(|v| *v = v.sin());
        let c = a.map(|v| v * 2.0);
        b.dot(&c).sum()
    }
    swap_rows(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let mut m = a.clone();
        m.swap([0, 0], [1, 0]);
        m.dot(a).sum()
    }
    uninit_index(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let (n, m) = a.dim();
        let mut out = Array2::<f64>::zeros((n, m));
        for i in 0..n { for j in 0..m { out[[i, j]] = a[[j, i]] * a[(i, j)]; } }
        out.sum()
    }
    shape_index(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let n = a.shape()[0];
        let mut s = 0.0;
        for i in 0..n { s += a.row(i).dot(&a.column(i)) * a[[i, i]]; }
        s / a.len_of(Axis(0)) as f64
    }
    index_axis(a: &Array2<f64>) at (&array![[0.3, 0.7], [0.1, 0.5]]) {
        let r = a.index_axis(Axis(0), 1);
        r.dot(&r)
    }
    split_at(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.2]) {
        let (p, q) = a.view().split_at(Axis(0), 2);
        p.dot(&q)
    }
    windows(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.2]) {
        a.windows(2).into_iter().map(|w| w[0] * w[1]).sum()
    }
    var_std(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.2]) {
        a.var(0.0) + a.std(1.0) * a.mean().unwrap()
    }
    rev_slice(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.2]) {
        let r = a.slice(s![..;-1]);
        r.dot(a)
    }
    powi(a: &Array1<f64>) at (&array![0.3, 0.7, 0.1, 0.2]) {
        a.powi(2).sum().sqrt() * a.exp().sum() + a.abs().ln().sum()
    }
}
