//! `ndarray`: operators with broadcasting, products, reductions, element-wise methods, indexing.

#![allow(clippy::all)]

mod common;
use common::{assert_near, check, check_vjp};
use differentiable::differentiable;
use differentiable::ndarray::{Array, Array1, Array2, Array3, ArrayD, ArrayView1, ArrayView2, Axis, IxDyn, array};

#[differentiable]
fn external(a: &Array1<f64>, b: &Array1<f64>) -> Array1<f64> {
    3.0 * a.mapv(|v| v.powi(3)) - b * b
}

#[differentiable]
fn adds_row(m: &Array2<f64>, row: &Array1<f64>, weights: &Array2<f64>) -> f64 {
    ((m + row) * weights).sum()
}

#[differentiable]
fn column_times_row(column: &Array2<f64>, row: &Array2<f64>) -> Array2<f64> {
    column * row
}

#[differentiable]
fn operators(a: &Array2<f64>, b: &Array2<f64>, x: f64) -> f64 {
    let c = a + b;
    let d = &c * a - b / 2.0;
    let e = -(d * x) + 1.5 * &c;
    let f = &e / (a * a + 1.0);
    let g = (2.0 - f) * (1.0 / (x * b));
    (g + x).sum()
}

#[differentiable]
fn assigns(a: &Array2<f64>, row: &Array1<f64>, x: f64) -> f64 {
    let mut m = a.clone();
    m += row;
    m *= x;
    m -= a;
    m *= &m.clone();
    m /= 3.0;
    m.sum()
}

#[differentiable]
fn owned(a: Array1<f64>, b: Array1<f64>) -> f64 {
    let c = a * &b;
    let d = c + b;
    d.sum()
}

#[differentiable]
fn shadowed_arrays(x: Array2<f64>) -> f64 {
    let x = &x * 2.0;
    let x = x + 1.0;
    let y = &x * &x;
    y.mean().unwrap()
}

#[differentiable]
fn products(a: &Array2<f64>, b: &Array2<f64>, v: &Array1<f64>, w: &Array1<f64>) -> f64 {
    let ab = a.dot(b);
    let abv = ab.dot(v);
    let left = w.dot(&a.dot(&b.t()));
    abv.dot(w) + left.dot(w) * v.dot(v)
}

#[differentiable]
fn transposed(a: &Array2<f64>, x: &Array2<f64>) -> Array2<f64> {
    let y = a.t().dot(x);
    y.t().to_owned() + x.t()
}

#[differentiable]
fn reductions(a: &Array2<f64>) -> f64 {
    let rows = a.sum_axis(Axis(0));
    let columns = a.mean_axis(Axis(1)).unwrap();
    let square = (a * a).mean().unwrap();
    (&rows * &rows).sum() + columns.dot(&columns) * square + a.sum()
}

#[differentiable]
fn centred(a: &Array2<f64>) -> Array2<f64> {
    let mean = a.mean_axis(Axis(0)).unwrap();
    a - &mean
}

#[differentiable]
fn closure_captures(a: &Array1<f64>, k: f64, b: &[f64]) -> f64 {
    let shift = b[0] * k;
    let y = a.mapv(|v| {
        let t = k * v + shift;
        if t > 0.0 { t.sin() } else { t * t }
    });
    y.sum()
}

#[differentiable]
fn maps(a: &Array1<f64>) -> f64 {
    let y = a.mapv(f64::exp) + a.map(|v| v * v);
    y.mapv(|v| v.ln()).sum()
}

#[differentiable]
fn elementwise_methods(a: &Array1<f64>) -> Array1<f64> {
    let y = a.exp() + a.sin() * a.cos() + a.tanh() - a.powi(3);
    let z = (y.powi(2) + 1.0).sqrt().ln();
    z + a.abs() + a.powf(2.0)
}

#[differentiable]
fn constructors(x: f64, n: usize) -> f64 {
    let mut a = Array2::<f64>::zeros((n, 2));
    let b: Array1<f64> = Array1::ones(2);
    let c = Array1::from_elem(n, x * x);
    for i in 0..n {
        a[[i, 0]] = c[i] * x;
        a[[i, 1]] += x * i as f64;
    }
    a.dot(&b).sum() + Array::from_elem((2, 3), x).sum()
}

#[differentiable]
fn indexing(a: &Array2<f64>, v: &mut Array1<f64>, k: usize) -> f64 {
    for i in 0..v.len() {
        v[i] = v[i] * a[[i, k]] + a[(i, 0)];
    }
    v[0] *= v[1];
    let (rows, columns) = a.dim();
    v[0] + a[[rows - 1, columns - 1]] * a.len() as f64 + a.nrows() as f64
}

#[differentiable]
fn views(a: ArrayView2<'_, f64>, b: ArrayView1<f64>) -> f64 {
    let y = a.dot(&b);
    (&y * &b).sum() + a.sum()
}

#[differentiable]
fn dynamic(a: &ArrayD<f64>, b: &ArrayD<f64>) -> f64 {
    let c = a * b + a;
    (&c * &c).sum()
}

#[differentiable]
fn recurrent(w: &Array2<f64>, h0: &Array1<f64>, xs: &[Array1<f64>], n: usize) -> f64 {
    let mut h = h0.clone();
    let mut total = 0.0;
    for t in 0..n {
        let z = w.dot(&h) + &xs[t];
        h = z.mapv(|v| v.tanh());
        total += h.sum();
    }
    total
}

#[differentiable]
fn doubled_until_large(x: &Array1<f64>) -> Array1<f64> {
    let mut y = x * 2.0;
    while (&y * &y).sum().sqrt() < 1000.0 {
        y = y * 2.0;
    }
    y
}

#[differentiable]
fn chain_of_eight(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    let y = ((a * b + a).mapv(|v| v.tanh()) * 2.0 - b).mapv(f64::exp) / (b * b + 1.0);
    y.sum()
}

#[differentiable]
fn three_dimensions(t: &Array3<f64>, m: &Array2<f64>) -> f64 {
    let y = t * m;
    let s = y.sum_axis(Axis(1));
    (&s * &s).sum()
}

/// Checks against central differences over all entries of one matrix.
#[track_caller]
fn assert_matrix_gradient(gradient: &Array2<f64>, a: &Array2<f64>, f: impl Fn(&Array2<f64>) -> f64) {
    let flat = |v: &[f64]| f(&Array2::from_shape_vec(a.dim(), v.to_vec()).unwrap());
    let expected = common::differences(flat, &a.iter().copied().collect::<Vec<_>>());
    assert_eq!(gradient.dim(), a.dim());
    assert_near("differences", gradient, &expected, 1e-7);
}

fn matrix() -> Array2<f64> {
    array![[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]
}

#[test]
fn external_gradient_of_a_vector() {
    let (a, b) = (array![2.0, 3.0], array![6.0, 4.0]);
    let (q, pullback) = external::vjp(&a, &b);
    assert_eq!(q, array![-12.0, 65.0]);
    assert_eq!(pullback(Array1::ones(2)), (array![36.0, 81.0], array![-12.0, -8.0]));
    check_vjp!(external(&a, &b), array![1.0, -2.0], (array![36.0, -162.0], array![-12.0, 16.0]));
    let start = array![-0.8920, -1.5091, 0.3704];
    let y = doubled_until_large::vjp(&start);
    let scale = 1024.0;
    assert_near("doubled", &y.0, &[-0.8920 * scale, -1.5091 * scale, 0.3704 * scale], 1e-12);
    assert_near("pullback", &y.1(array![0.1, 1.0, 0.0001]), &[102.4, 1024.0, 0.1024], 1e-12);
}

#[test]
fn broadcast_operands_are_summed_over() {
    let m = matrix();
    let w = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let row = array![7.0, 8.0, 9.0];
    check!(adds_row(&m, &row, &w), (w.clone(), array![5.0, 7.0, 9.0], &m + &row));
    let (column, row) = (array![[2.0], [3.0]], array![[5.0, 7.0, 11.0]]);
    let c_bar = array![[1.0, 10.0, 100.0], [2.0, 20.0, 200.0]];
    let expected = (array![[1175.0], [2350.0]], array![[8.0, 80.0, 800.0]]);
    check_vjp!(column_times_row(&column, &row), c_bar.clone(), expected);
    let t = Array3::from_shape_fn((2, 2, 3), |(i, j, k)| 0.1 * (i + 2 * j + k) as f64 - 0.2);
    let (t_bar, m_bar) = three_dimensions::grad(&t, &m);
    assert_eq!(t_bar.dim(), (2, 2, 3));
    assert_matrix_gradient(&m_bar, &m, |m| three_dimensions(&t, m));
    check!(three_dimensions(&t, &m), (t_bar, m_bar));
}

#[test]
fn operators_between_arrays_scalars_and_references() {
    let (a, b, x) = (matrix(), matrix().mapv(|v| 1.0 - 0.3 * v), 0.8);
    let (a_bar, b_bar, x_bar) = operators::grad(&a, &b, x);
    assert_matrix_gradient(&a_bar, &a, |a| operators(a, &b, x));
    assert_matrix_gradient(&b_bar, &b, |b| operators(&a, b, x));
    assert_near("x", &x_bar, &common::difference(|x| operators(&a, &b, x), x), 1e-7);
    check!(operators(&a, &b, x), (a_bar, b_bar, x_bar));

    let row = array![1.0, -2.0, 0.5];
    let (a_bar, row_bar, x_bar) = assigns::grad(&a, &row, x);
    assert_matrix_gradient(&a_bar, &a, |a| assigns(a, &row, x));
    let m = (&a + &row) * x - &a;
    assert_near("row", &row_bar, &(&m * (2.0 / 3.0 * x)).sum_axis(Axis(0)), 1e-13);
    assert_near("x", &x_bar, &((&m * (2.0 / 3.0)) * (&a + &row)).sum(), 1e-13);
    check!(assigns(&a, &row, x), (a_bar, row_bar, x_bar));

    let (a, b) = (array![2.0, 3.0], array![5.0, 7.0]);
    check!(owned(a.clone(), b.clone()), (array![5.0, 7.0], array![3.0, 4.0]));
    check!(shadowed_arrays(array![[1.0, 2.0], [3.0, 4.0]]), array![[3.0, 5.0], [7.0, 9.0]]);
}

#[test]
fn products_and_transposes() {
    let a = array![[0.5, -1.0], [2.0, 0.25]];
    let b = array![[1.5, 0.5], [-0.5, 1.0]];
    let (v, w) = (array![0.3, 0.7], array![-1.0, 0.4]);
    let (a_bar, b_bar, v_bar, w_bar) = products::grad(&a, &b, &v, &w);
    assert_matrix_gradient(&a_bar, &a, |a| products(a, &b, &v, &w));
    assert_matrix_gradient(&b_bar, &b, |b| products(&a, b, &v, &w));
    let quadratic = w.dot(&a.dot(&b.t()).dot(&w));
    assert_near("v", &v_bar, &(a.dot(&b).t().dot(&w) + 2.0 * quadratic * &v), 1e-13);
    check!(products(&a, &b, &v, &w), (a_bar, b_bar, v_bar, w_bar));

    let (a, x) = (matrix(), array![[1.0, 2.0, -1.0], [0.5, 3.0, 4.0]]);
    let square = array![[1.0, 2.0], [0.5, -1.0]];
    let y_bar = array![[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]];
    // y = xᵀ square + xᵀ.
    check_vjp!(transposed(&square, &x), y_bar.clone(), (x.dot(&y_bar), square.dot(&y_bar.t()) + y_bar.t()));
    assert_eq!(a.dim(), (2, 3));
}

#[test]
fn sums_and_means() {
    let a = matrix();
    let gradient = reductions::grad(&a);
    let rows = a.sum_axis(Axis(0));
    let columns = a.mean_axis(Axis(1)).unwrap();
    let (square, norm) = ((&a * &a).mean().unwrap(), columns.dot(&columns));
    let expected = Array2::from_shape_fn((2, 3), |(i, j)| {
        2.0 * rows[j] + 2.0 / 3.0 * columns[i] * square + norm * 2.0 * a[[i, j]] / 6.0 + 1.0
    });
    assert_near("reductions", &gradient, &expected, 1e-13);
    check!(reductions(&a), expected);
    let c_bar = array![[1.0, 0.0, 2.0], [3.0, -1.0, 0.0]];
    check_vjp!(centred(&a), c_bar.clone(), array![[-1.0, 0.5, 1.0], [1.0, -0.5, -1.0]]);
}

#[test]
fn closures_and_elementwise_methods() {
    let a = array![0.5, -1.5, 2.0];
    let (k, b) = (0.7, [0.4, 9.0]);
    let slope = |v: f64| {
        let t: f64 = k * v + b[0] * k;
        if t > 0.0 { t.cos() } else { 2.0 * t }
    };
    let a_bar = a.mapv(|v| slope(v) * k);
    let k_bar = a.mapv(|v| slope(v) * (v + b[0])).sum();
    check!(closure_captures(&a, k, &b[..]), (a_bar, k_bar, vec![a.mapv(|v| slope(v) * k).sum(), 0.0]));
    let expected = a.mapv(|v| (v.exp() + 2.0 * v) / (v.exp() + v * v));
    check!(maps(&a), expected);
    let (value, pullback) = elementwise_methods::vjp(&a);
    for (i, v) in a.iter().enumerate() {
        let mut cotangent = Array1::zeros(3);
        cotangent[i] = 1.0;
        let alone = |v: f64| elementwise_methods(&array![v])[0];
        assert_near("value", &value[i], &alone(*v), 1e-14);
        assert_near("row", &pullback(cotangent)[i], &common::difference(alone, *v), 1e-7);
    }
    let b = array![0.25, 1.0, -0.5];
    let (a_bar, b_bar) = chain_of_eight::grad(&a, &b);
    let alone = |a: f64, b: f64| ((a * b + a).tanh() * 2.0 - b).exp() / (b * b + 1.0);
    for i in 0..3 {
        assert_near("a", &a_bar[i], &common::difference(|a| alone(a, b[i]), a[i]), 1e-7);
        assert_near("b", &b_bar[i], &common::difference(|b| alone(a[i], b), b[i]), 1e-7);
    }
    check!(chain_of_eight(&a, &b), (a_bar, b_bar));
}

#[test]
fn constructors_and_indexing() {
    // Σ x³ + Σ i x + 6 x.
    check!(constructors(1.5, 3), 9.0 * 1.5 * 1.5 + 3.0 + 6.0);
    check!(constructors(1.5, 0), 6.0);
    let a = matrix();
    let mut v = array![2.0, 3.0];
    let (value, pullback) = indexing::vjp(&a, &mut v, 2);
    // v = [(2 a02 + a00) (3 a12 + a10), 3 a12 + a10].
    let (p, q) = (2.0 * 2.0 + 0.5, 3.0 * -0.75 + 1.5);
    assert_eq!((value, v), (p * q - 0.75 * 6.0 + 2.0, array![p * q, q]));
    let (a_bar, v_bar) = pullback(1.0, array![0.0, 10.0]);
    let q_bar = p + 10.0;
    assert_near("a", &a_bar, &array![[q, 0.0, 2.0 * q], [q_bar, 0.0, 3.0 * q_bar + 6.0]], 1e-13);
    assert_near("v", &v_bar, &array![2.0 * q, -0.75 * q_bar], 1e-13);
}

#[test]
fn views_and_arrays_of_dynamic_dimension() {
    let a = array![[0.5, -1.0], [2.0, 0.25]];
    let b = array![0.3, 0.7];
    let gradient: (Array2<f64>, Array1<f64>) = views::grad(a.view(), b.view());
    let expected = (Array2::from_shape_fn((2, 2), |(i, j)| b[i] * b[j] + 1.0), (&a + &a.t()).dot(&b));
    assert_near("views", &gradient, &expected, 1e-13);
    // A transposed view is not contiguous in memory.
    let gradient = views::grad(a.t(), b.view());
    assert_near("transposed view", &gradient, &expected, 1e-13);
    let (c, d) = (matrix().into_dyn(), array![2.0, 3.0, -1.0].into_dyn());
    let factor = (&d + 1.0).broadcast(IxDyn(&[2, 3])).unwrap().to_owned();
    let c_bar = &c * &factor * &factor * 2.0;
    let d_bar = (&c * &c * &factor * 2.0).sum_axis(Axis(0));
    check!(dynamic(&c, &d), (c_bar, d_bar));
}

#[test]
fn a_recurrent_network_overwrites_its_state() {
    let w = array![[0.5, -1.0], [0.75, 0.25]];
    let h0 = array![0.1, -0.2];
    let xs = [array![0.3, 0.4], array![-0.5, 0.6], array![0.7, -0.8]];
    let (w_bar, h0_bar, xs_bar): (Array2<f64>, Array1<f64>, Vec<Array1<f64>>) = recurrent::grad(&w, &h0, &xs, 3);
    assert_matrix_gradient(&w_bar, &w, |w| recurrent(w, &h0, &xs, 3));
    let h0_only = |v: &[f64]| recurrent(&w, &array![v[0], v[1]], &xs, 3);
    assert_near("h0", &h0_bar, &common::differences(h0_only, &[0.1, -0.2]), 1e-7);
    let last = |v: &[f64]| recurrent(&w, &h0, &[xs[0].clone(), xs[1].clone(), array![v[0], v[1]]], 3);
    assert_near("x", &xs_bar[2], &common::differences(last, &[0.7, -0.8]), 1e-7);
}

#[differentiable]
fn on_a_grid(x: f64, n: usize) -> f64 {
    let grid = Array1::linspace(0.0, 1.0, n);
    let mut total = grid.mapv(|t: f64| (t * x).sin()).sum();
    for t in grid.iter() {
        total += t * x;
    }
    for i in 0..n {
        total += grid[i] * x * x;
    }
    total
}

#[test]
fn the_elements_of_a_grid_are_numbers() {
    differentiable::gradcheck!(on_a_grid(0.7, 5)).unwrap();
}
