//! Second derivatives of programs as users write them, against differences of the gradient.
#![allow(clippy::all, clippy::pedantic)]

#[macro_use]
mod common;

use std::collections::VecDeque;

use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, Axis, s};

#[differentiable(hvp)]
fn collatz(x: &[f64]) -> f64 {
    let mut y = x[0];
    let mut n = 0;
    while y.abs() < 10.0 && n < 30 {
        y = y * y * 0.9 + x[1] * y + 0.7;
        n += 1;
        if n == 4 {
            y -= x[1];
            continue;
        }
    }
    y.ln()
}

#[differentiable(hessian)]
fn broken(x: &[f64]) -> f64 {
    let mut i = 0;
    let mut a = x[0];
    let r = loop {
        a = a * x[i % x.len()].cos() + 0.1;
        i += 1;
        if i > 5 {
            break a * a;
        }
        if a < -3.0 {
            break a;
        }
    };
    r * x[1]
}

#[differentiable(hvp)]
fn labels(x: &[f64]) -> f64 {
    let mut total = 0.0;
    'outer: for i in 0..x.len() {
        for j in 0..x.len() {
            if i == j {
                continue 'outer;
            }
            total += x[i] * x[j].exp();
            if total > 4.0 {
                break 'outer;
            }
        }
    }
    total * total
}

#[differentiable(hvp)]
fn table(x: &[f64]) -> f64 {
    let n = x.len();
    let mut m = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..n {
            m[i][j] = x[i] * x[j] + if i == j { 1.0 } else { 0.0 };
        }
    }
    let mut d = 1.0;
    for k in 0..n {
        let p = m[k][k];
        d *= p;
        for i in k + 1..n {
            let f = m[i][k] / p;
            for j in k..n {
                let t = m[k][j];
                m[i][j] -= f * t;
            }
        }
    }
    d
}

#[differentiable(order = 2)]
fn safe_div(a: f64, b: f64) -> Option<f64> {
    if b == 0.0 { None } else { Some(a / b) }
}

#[differentiable(hvp)]
fn options(x: &[f64]) -> f64 {
    let a = safe_div(x[0], x[1]).unwrap_or(0.0);
    let b = match safe_div(x[1], 0.0) {
        Some(v) => v,
        None => x[0].sin(),
    };
    if let Some(v) = safe_div(a, b).map(|v| v * v) { v + a } else { a }
}

#[differentiable(order = 2)]
fn checked_ln(x: f64) -> Result<f64, String> {
    if x <= 0.0 {
        return Err(format!("bad {x}"));
    }
    Ok(x.ln())
}

#[differentiable(order = 2)]
fn sum_ln(x: &[f64]) -> Result<f64, String> {
    let mut s = 0.0;
    for v in x {
        s += checked_ln(v * v)?;
    }
    Ok(s * s)
}

#[differentiable(hvp)]
fn results(x: &[f64]) -> f64 {
    match sum_ln(x) {
        Ok(v) => v * x[0],
        Err(_) => 0.0,
    }
}

#[differentiable(hessian)]
fn windows(x: &[f64]) -> f64 {
    x.windows(3).map(|w| w[0] * w[1] * w[2]).sum::<f64>()
        + x.chunks(2).map(|c| c.iter().product::<f64>()).fold(0.0, |a, b| a + b * b)
}

#[differentiable(hvp)]
fn deque(x: &[f64]) -> f64 {
    let mut q = VecDeque::new();
    for v in x {
        q.push_back(v * v);
        if q.len() > 2 {
            let f = q.pop_front().unwrap();
            q.push_back(f * v.sin());
        }
    }
    q.iter().sum()
}

#[differentiable(hvp)]
fn closures(x: &[f64]) -> f64 {
    let mut total = 1.0;
    let k = x[0];
    let mut add = |v: f64| {
        total = total * v + k;
    };
    for v in x {
        add(*v);
    }
    let sq = |a: f64| a * a * k;
    sq(total) + sq(x[1])
}

#[differentiable(hvp)]
fn sorted(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    v[0] * v[1] + v[v.len() - 1].powi(3) + x.iter().cloned().fold(f64::NEG_INFINITY, f64::max) * x[0]
}

#[differentiable(hvp)]
fn iters(x: &[f64]) -> f64 {
    let c: Vec<f64> = x
        .iter()
        .scan(1.0, |s, v| {
            *s *= v;
            Some(*s)
        })
        .collect();
    let t: f64 = c.iter().zip(x).take_while(|(a, _)| a.abs() < 10.0).map(|(a, b)| a * b.exp()).sum();
    t + c.iter().enumerate().filter(|(i, _)| i % 2 == 0).map(|(i, v)| v * v * i as f64).sum::<f64>()
        + x.iter().skip(1).rev().step_by(2).map(|v| v.tanh()).sum::<f64>()
}

#[differentiable(hvp)]
fn places(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.swap(0, 1);
    {
        let (a, b) = v.split_at_mut(1);
        a[0] *= b[0];
        b[1] += a[0] * a[0];
    }
    let r = &mut v[2];
    *r *= *r;
    *r += x[0];
    std::mem::swap(&mut v[0..1][0], &mut 0.0f64.clone());
    v.iter().map(|a| a * a * x[1]).sum()
}

#[differentiable(hvp)]
fn legendre(x: &[f64]) -> f64 {
    fn p(n: usize, t: f64) -> f64 {
        if n == 0 {
            1.0
        } else if n == 1 {
            t
        } else {
            ((2 * n - 1) as f64 * t * p(n - 1, t) - (n - 1) as f64 * p(n - 2, t)) / n as f64
        }
    }
    p(3, x[0]) * p(2, x[1])
}

#[differentiable(order = 2)]
fn dotn<const N: usize>(a: [f64; N], b: &[f64; N]) -> f64 {
    let mut s = 0.0;
    for i in 0..N {
        s += a[i] * b[i];
    }
    s
}

#[differentiable(hessian)]
fn const_generic(x: [f64; 3]) -> f64 {
    dotn([x[0], x[1] * x[2], 2.0], &x).powi(2)
}

#[differentiable(order = 2)]
fn advance(pos: &mut f64, vel: &mut f64, k: f64, dt: f64) -> f64 {
    let a = -k * pos.sin();
    *vel += a * dt;
    *pos += *vel * dt;
    0.5 * *vel * *vel
}

#[differentiable(hvp)]
fn pendulum(x: &[f64]) -> f64 {
    let mut p = x[0];
    let mut v = x[1];
    let mut e = 0.0;
    for _ in 0..5 {
        e += advance(&mut p, &mut v, x[2], 0.1);
    }
    e * p
}

#[differentiable(hvp)]
fn arrays(x: &[f64]) -> f64 {
    let a = Array2::from_shape_fn((2, 2), |(i, j)| x[i] * x[j] + (i + j) as f64);
    let v = Array1::from_vec(vec![x[0], x[1].sin()]);
    let w = a.dot(&v);
    let b = &a * &w + a.t();
    b.sum() + w.iter().map(|v| v * v).sum::<f64>() + b.slice(s![.., 0]).sum().powi(2) + b.sum_axis(Axis(0))[1]
}

#[differentiable(order = 2)]
fn polar(x: f64, y: f64) -> (f64, f64) {
    ((x * x + y * y).sqrt(), y.atan2(x))
}

#[differentiable(hvp)]
fn tuples(x: &[f64]) -> f64 {
    let (r, t) = polar(x[0], x[1]);
    let (a, (b, c)) = (r * t, (t, r.ln()));
    a * b + c.exp() * a
}

const K: f64 = 2.5;

#[differentiable(hvp)]
fn casts(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let mut s = 0.0;
    for (i, v) in x.iter().enumerate() {
        let w = (i as f64 + 1.0) / n;
        s += w * (v * K).sin().powi(3) * f64::from(i as u8).sqrt().max(0.5);
    }
    s / n + std::f64::consts::PI * x[0].cbrt() * x[1].recip()
}

#[test]
fn against_differences_of_the_gradient() {
    check_slice! {
        collatz at [0.4, 0.6];
        broken at [0.4, 0.6, -0.3];
        labels at [0.4, 0.6, -0.3];
        table at [0.4, 0.6, -0.3];
        options at [0.4, 0.6];
        results at [0.4, 0.6];
        windows at [0.4, 0.6, -0.3, 0.2, 1.1];
        deque at [0.4, 0.6, -0.3, 0.2];
        closures at [0.4, 0.6, -0.3];
        sorted at [0.4, 0.6, -0.3];
        iters at [0.4, 0.6, -0.3, 0.9];
        places at [0.4, 0.6, -0.3];
        legendre at [0.4, 0.6];
        pendulum at [0.4, 0.6, 1.3];
        arrays at [0.4, 0.6];
        tuples at [0.4, 0.6];
        casts at [0.4, 0.6, 0.2];
    }
    // (a·b)² with a = (x, y z, 2) and b = (x, y, z).
    let [x, y, z] = [0.1, 0.2, 0.3];
    let (product, slopes) = (x * x + y * y * z + 2.0 * z, [2.0 * x, 2.0 * y * z, y * y + 2.0]);
    let second = [[2.0, 0.0, 0.0], [0.0, 2.0 * z, 2.0 * y], [0.0, 2.0 * y, 0.0]];
    let hessian = const_generic::hessian([x, y, z]);
    for ((i, j), entry) in hessian.indexed_iter() {
        let expected = 2.0 * (slopes[i] * slopes[j] + product * second[i][j]);
        assert!((entry - expected).abs() < 1e-14, "({i}, {j}): {entry} instead of {expected}");
    }
}
