//! Iteration over the rows, the columns and the elements of ndarray's arrays.

#![allow(clippy::all)]

use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, Array3, Axis, array};

/// One test for each call.
macro_rules! agree { ($($name:ident ($($args:tt)*);)*) => { $( #[test] fn $name() { differentiable::gradcheck!(super::$name($($args)*)).unwrap(); } )* } }

#[differentiable]
fn rows_by_index(m: &Array2<f64>) -> f64 {
    let mut s = 0.0;
    for row in m.rows() {
        s += row[0] * row[1];
    }
    s
}

#[differentiable]
fn rows_sums(m: &Array2<f64>) -> f64 {
    let mut s = 1.0;
    for row in m.outer_iter() {
        s *= row.sum();
    }
    s
}

#[differentiable]
fn rows_dot(m: &Array2<f64>, v: &Array1<f64>) -> f64 {
    let mut s = 0.0;
    for row in m.axis_iter(Axis(0)) {
        s += row.dot(v).sin();
    }
    s
}

#[differentiable]
fn columns_elements(m: &Array2<f64>) -> f64 {
    let mut s = 0.0;
    for column in m.columns() {
        let mut p = 1.0;
        for x in column.iter() {
            p *= x;
        }
        s += p / column.len() as f64;
    }
    s
}

#[differentiable]
fn columns_by_axis(m: &Array2<f64>, v: &[f64]) -> f64 {
    let mut s = 0.0;
    for (j, column) in m.axis_iter(Axis(1)).enumerate() {
        s += column.dot(&column) * v[j];
    }
    s
}

#[differentiable]
fn zipped(m: &Array2<f64>, y: &[f64]) -> f64 {
    let mut s = 0.0;
    for (row, y) in m.rows().into_iter().zip(y.iter()) {
        let e = row.sum() - y;
        s += e * e;
    }
    s
}

#[differentiable]
fn zipped_rows(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let mut s = 0.0;
    for (i, (x, y)) in a.outer_iter().zip(b.outer_iter()).enumerate() {
        s += x.dot(&y) * (i + 1) as f64;
    }
    s
}

#[differentiable]
fn chained(m: &Array2<f64>) -> f64 {
    m.rows().into_iter().map(|row| row.iter().map(|x| x * x).sum::<f64>().sqrt()).sum()
}

#[differentiable]
fn collected(m: &Array2<f64>, v: &Array1<f64>) -> f64 {
    let scores: Vec<f64> = m.outer_iter().map(|row| (&row - v).mapv(|x| x * x).sum()).collect();
    scores.iter().map(|s| (-s).exp()).sum()
}

#[differentiable]
fn folded(m: &Array2<f64>) -> f64 {
    m.outer_iter().fold(1.0, |acc, row| acc * row[0] + row.sum())
}

#[differentiable]
fn nested_rows(m: &Array2<f64>) -> f64 {
    let mut s = 0.0;
    for a in m.rows() {
        for b in m.rows() {
            let d = &a - &b;
            s += (-d.dot(&d)).exp();
        }
    }
    s
}

#[differentiable]
fn local_array(m: &Array2<f64>, x: f64) -> f64 {
    let scaled = m * x;
    let mut s = 0.0;
    for row in scaled.rows() {
        s += row[0].sin() * row[1];
    }
    s
}

#[differentiable]
fn changing_array(m: &Array2<f64>, x: f64) -> f64 {
    let mut a = m.clone();
    let mut s = 0.0;
    for k in 0..3 {
        for row in a.rows() {
            s += row.dot(&row) * x;
        }
        a = &a * x + k as f64;
    }
    s
}

#[differentiable]
fn slabs(m: &Array3<f64>) -> f64 {
    let mut s = 0.0;
    for slab in m.outer_iter() {
        s += slab.dot(&slab.t()).sum();
    }
    for slab in m.axis_iter(Axis(2)) {
        for row in slab.rows() {
            s += row.sum().powi(2);
        }
    }
    s
}

#[differentiable]
fn parts_by_number(m: &Array2<f64>, i: usize) -> f64 {
    let last = m.index_axis(Axis(0), 1);
    m.row(i).dot(&last) * m.column(i)[0] + m.row(0).sum()
}

#[differentiable]
fn elements(m: &Array2<f64>) -> f64 {
    let mut s = 0.0;
    for x in m.iter() {
        s += x.sin() * x;
    }
    s
}

#[differentiable]
fn element_chain(m: &Array2<f64>) -> f64 {
    m.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[differentiable]
fn indexed(m: &Array2<f64>) -> f64 {
    let mut s = 0.0;
    for ((i, j), x) in m.indexed_iter() {
        s += x * x * (i + 2 * j) as f64;
    }
    s
}

#[differentiable]
fn constant_rows(w: &Array1<f64>) -> f64 {
    let data = Array2::from_elem((2, 3), 0.25);
    let mut s = 0.0;
    for row in data.rows() {
        s += row.dot(w).tanh();
    }
    s
}

mod agrees {
    use super::*;

    fn m() -> Array2<f64> {
        array![[0.3, -1.2, 0.7], [1.1, 0.4, -0.6]]
    }
    fn v() -> Array1<f64> {
        array![0.5, -0.3, 1.3]
    }
    fn cube() -> Array3<f64> {
        Array3::from_shape_fn((2, 3, 2), |(i, j, k)| (i as f64 + 1.3 * j as f64 - 0.7 * k as f64).sin())
    }

    agree! {
        rows_by_index(&m());
        rows_sums(&m());
        rows_dot(&m(), &v());
        columns_elements(&m());
        columns_by_axis(&m(), &[0.3, 0.4, -0.5]);
        zipped(&m(), &[0.3, 0.4]);
        zipped_rows(&m(), &(m() * 2.0 + 1.0));
        chained(&m());
        collected(&m(), &v());
        folded(&m());
        nested_rows(&m());
        local_array(&m(), 0.7);
        changing_array(&m(), 0.7);
        slabs(&cube());
        parts_by_number(&m(), 1);
        elements(&m());
        element_chain(&m());
        indexed(&m());
        constant_rows(&v());
    }
}
