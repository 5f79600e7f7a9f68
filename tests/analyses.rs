//! The analyses decide what is kept and what is recomputed; with all of them off every gradient is the same.

#![allow(clippy::all)]

mod common;
use common::{assert_near, assert_same, noise};
use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, array};

/// Defines every function twice, with the analyses on and off.
macro_rules! twice {
    ($(fn $name:ident $params:tt -> $result:ty $body:block)*) => {
        $(#[differentiable] fn $name $params -> $result $body)*

        mod plain {
            use super::*;
            $(#[differentiable(analyses = off)] pub(super) fn $name $params -> $result $body)*
        }
    };
}

/// Compares values, gradients, buffers that are added to and repeated pullbacks of both versions.
macro_rules! compare {
    ($name:ident ($($args:tt)*)) => {{
        let (value, gradient) = $name::value_and_grad($($args)*);
        let (plain_value, plain_gradient) = plain::$name::value_and_grad($($args)*);
        assert_same(stringify!($name), &value, &plain_value);
        assert_near(stringify!($name), &value, &$name($($args)*), 1e-13);
        assert_near(stringify!($name), &gradient, &plain_gradient, 1e-12);
        let (_, pullback) = $name::vjp($($args)*);
        let (_, plain_pullback) = plain::$name::vjp($($args)*);
        assert_near(stringify!($name), &pullback(1.0), &gradient, 1e-12);
        assert_near(stringify!($name), &pullback(1.0), &plain_pullback(1.0), 1e-12);
        assert_near(stringify!($name), &plain_pullback(-2.5), &pullback(-2.5), 1e-12);
        differentiable::gradcheck!($name($($args)*)).unwrap();
        differentiable::gradcheck!(plain::$name($($args)*)).unwrap();
    }};
}

twice! {
    fn overwritten(x: f64) -> f64 {
        let mut y = x;
        y = y * y;
        let z = y.sin();
        y = y * z + x;
        y * z
    }

    fn power(x: f64, n: usize) -> f64 {
        let mut y = x;
        for _ in 0..n {
            y = y * x;
        }
        y
    }

    fn weighted_sum(w: &[f64], x: &[f64]) -> f64 {
        let mut s = 0.0;
        for i in 0..x.len() {
            s += w[i] * x[i];
        }
        s
    }

    fn accumulator_that_is_read(w: &[f64]) -> f64 {
        let mut s = 0.0;
        let mut t = 1.0;
        for i in 0..w.len() {
            s += w[i] * t;
            t = s * 0.5 + w[i] * w[i];
        }
        s * t
    }

    fn recomputed_condition(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            let t = y * 0.5 + i as f64;
            if t > 1.0 && i % 2 == 0 {
                y = t.ln() * y;
            } else {
                y += t * t;
            }
            if y > 3.0 {
                y -= 2.0 * x;
            }
        }
        y
    }

    fn while_loop(x: f64, limit: f64) -> f64 {
        let mut y = x;
        let mut c = 0.0;
        while y < limit {
            c += y.sqrt();
            y = y * 1.3 + 0.1 / y;
        }
        c * y
    }

    fn nested_exits(x: f64, n: usize) -> f64 {
        let mut y = x;
        'outer: for i in 0..n {
            let mut k = 0;
            loop {
                k += 1;
                if k > i {
                    continue 'outer;
                }
                y = y * x + 0.3;
                if y > 20.0 {
                    break 'outer;
                }
                if y < -20.0 {
                    return y * x;
                }
            }
        }
        y * y
    }

    fn stencil(a: &[f64], steps: usize) -> f64 {
        let mut u = a.to_vec();
        for _ in 0..steps {
            let mut v = u.clone();
            for i in 1..u.len() - 1 {
                v[i] = u[i] + 0.1 * (u[i - 1] - 2.0 * u[i] + u[i + 1]) * u[i];
            }
            u = v;
        }
        let mut s = 0.0;
        for i in 0..u.len() {
            s += u[i] * u[i];
        }
        s
    }

    fn in_place_stencil(a: &[f64]) -> f64 {
        let mut a = a.to_vec();
        for i in 1..a.len() {
            a[i] = a[i] * a[i - 1] + a[0];
            a[0] *= 0.9;
        }
        a[a.len() - 1] * a[1]
    }

    fn gather_scatter(x: &[f64], idx: &[usize]) -> f64 {
        let mut y = [0.0; 4];
        for &k in idx {
            y[k] += x[k] * y[(k + 1) % 4] + 1.0;
        }
        y[0] * y[1] + y[2] * y[3]
    }

    fn matrix_product(a: &[[f64; 2]; 2], b: [[f64; 2]; 2]) -> f64 {
        let mut c = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                for k in 0..2 {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        c[0][0] * c[1][1] - c[0][1] * c[1][0]
    }

    fn swaps(x: f64, y: f64, n: usize) -> f64 {
        let (mut a, mut b) = (x, y);
        for _ in 0..n {
            std::mem::swap(&mut a, &mut b);
            a = a * b + x;
        }
        a / b
    }

    fn shadows(x: f64, n: usize) -> f64 {
        let mut total = x;
        for i in 0..n {
            let x = x + i as f64;
            let x = x * total;
            total += x.tanh();
        }
        total * x
    }

    fn unused_and_dead(x: f64, y: f64) -> f64 {
        let mut a = x * y;
        let _dead = a.exp().ln();
        a = x + y;
        let b = a * a;
        a = b;
        a *= 0.0;
        b + a
    }

    fn matches(x: f64, n: i32) -> f64 {
        let mut y = x;
        for k in 0..n {
            y = match k % 4 {
                0 => y * x,
                1 if y > 1.0 => y.ln(),
                1 | 2 => y + x * y,
                _ => {
                    let t = y;
                    y = 2.0;
                    t * y
                }
            };
        }
        y
    }

    fn loop_value(x: f64) -> f64 {
        let mut y = x;
        let z = loop {
            y = y * 1.5 + x;
            if y > 50.0 {
                break y.sqrt() * x;
            }
        };
        z * y
    }

    fn invariant_factors(x: f64, y: f64, n: usize) -> f64 {
        let mut s = 0.0;
        for i in 0..n {
            let k = (x * y).exp() / (1.0 + x * x);
            s += k * i as f64;
            s *= 1.0 + 0.1 * k.sin();
        }
        s
    }

    fn side_effects(x: f64, n: usize) -> f64 {
        let mut y = x;
        let mut i = 0;
        while {
            y = y * 1.1;
            i < n && y < 100.0
        } {
            i += 1;
            let z = { y = y + 1.0; y } * y;
            y = z / (1.0 + z.abs());
        }
        y * x
    }

    fn tensors(w: &Array2<f64>, x: &Array1<f64>, b: f64) -> f64 {
        let mut h = x.clone();
        let mut s = 0.0;
        for _ in 0..3 {
            let z = w.dot(&h) * b + x;
            h = z.mapv(|v| v.tanh()) * &h;
            s += (&h * &h).sum();
        }
        s
    }

    fn tensor_chain(x: &Array2<f64>, row: &Array1<f64>) -> f64 {
        let mut y = x + row;
        y = &y * &y - x;
        let z = y.mapv(|v| (v * 0.5).exp()) / (x * x + 2.0);
        y = z * 2.0;
        y.mean().unwrap() + y.sum() * row[0]
    }

    fn calls(x: f64, n: usize) -> f64 {
        let mut y = x;
        for k in 0..n {
            y = power(y * 0.5, k) + overwritten(y) * 0.1;
        }
        y
    }

    fn recursive(x: f64, n: usize) -> f64 {
        if n == 0 {
            return x;
        }
        let y = recursive(x * 0.5, n - 1);
        let z = if n % 2 == 0 { recursive(y, n - 1) } else { y };
        y * z + x
    }

    fn early_return(x: f64, v: &[f64]) -> f64 {
        let mut p = x;
        for (i, a) in v.iter().enumerate() {
            p *= a;
            if p < 0.0 {
                return p * i as f64;
            }
            if i == 4 {
                break;
            }
        }
        p + v[0]
    }

    fn tuples(x: f64, y: f64) -> f64 {
        let mut t = (x, [y, x * y]);
        for i in 0..2 {
            t.0 *= t.1[i];
            t.1[1 - i] += t.0;
            (t.0, t.1[i]) = (t.1[i], t.0);
        }
        t.0 * t.1[0] + t.1[1]
    }
}

#[test]
fn scalar_loops() {
    for n in 0..5 {
        compare!(power(1.3, n));
        compare!(swaps(1.3, 0.8, n));
        compare!(shadows(0.7, n));
        compare!(invariant_factors(0.7, -0.4, n));
        compare!(side_effects(1.4, n));
        compare!(calls(0.9, n));
        compare!(recursive(0.9, n));
    }
    compare!(overwritten(0.9));
    compare!(unused_and_dead(1.3, 0.8));
    compare!(tuples(1.3, 0.8));
}

#[test]
fn branches_and_exits() {
    for x in [-2.1, -0.6, 0.4, 1.2, 2.3] {
        for n in [0, 1, 2, 3, 6] {
            compare!(recomputed_condition(x, n));
            compare!(nested_exits(x, n));
        }
    }
    for n in 0..9 {
        compare!(matches(1.3, n));
    }
    for x in [0.5, 3.0, 80.0] {
        compare!(while_loop(x, 60.5));
        compare!(loop_value(x));
    }
    compare!(early_return(1.3, &[0.5, 2.0, 1.5, 0.7, 3.0, 0.2][..]));
    compare!(early_return(1.3, &[0.5, 2.0, -1.5, 0.7][..]));
}

#[test]
fn arrays_and_tensors() {
    let v = noise(11, 6);
    compare!(weighted_sum(&v[..], &v[..]));
    compare!(accumulator_that_is_read(&v[..]));
    compare!(stencil(&v[..], 4));
    compare!(in_place_stencil(&v[..]));
    compare!(gather_scatter(&v[..4], &[0, 2, 2, 1, 3, 0, 0]));
    compare!(matrix_product(&[[1.0, 2.0], [3.0, 4.5]], [[0.5, -1.0], [2.0, 1.5]]));
    let w = array![[0.5, -1.0], [0.75, 0.25]];
    let x = array![0.3, 0.7];
    compare!(tensors(&w, &x, 1.1));
    compare!(tensor_chain(&w, &x));
}
