//! Changes to a program that do not change what it computes do not change its gradient.

#![allow(clippy::all)]

mod common;
use common::assert_near;
use differentiable::differentiable;

#[differentiable]
fn original(x: f64, v: &[f64], n: usize) -> f64 {
    let mut y = x;
    let mut s = 0.0;
    for i in 0..n {
        y = y * v[i] + x;
        if y > 2.0 {
            y = y / 3.0;
        }
        s += y.sin() * v[i];
    }
    s * y
}

#[differentiable]
fn dummy_loops(x: f64, v: &[f64], n: usize) -> f64 {
    let mut y = x;
    for _ in 0..1 {
        y = x;
    }
    let mut s = 0.0;
    let mut once = true;
    while once {
        once = false;
        for i in 0..n {
            for _ in 0..1 {
                y = y * v[i] + x;
            }
            loop {
                if y > 2.0 {
                    for _ in i..i + 1 {
                        y = y / 3.0;
                    }
                }
                break;
            }
            let mut left = 1;
            while left > 0 {
                s += y.sin() * v[i];
                left -= 1;
            }
        }
    }
    loop {
        break s * y;
    }
}

#[differentiable]
fn renamed(s: f64, y_bar: &[f64], x: usize) -> f64 {
    let mut n = s;
    let mut v = 0.0;
    for y in 0..x {
        n = n * y_bar[y] + s;
        if n > 2.0 {
            n = n / 3.0;
        }
        v += n.sin() * y_bar[y];
    }
    v * n
}

#[differentiable]
fn other_words(x: f64, v: &[f64], n: usize) -> f64 {
    let (mut y, mut s) = (x, 0.0);
    let mut i = 0;
    loop {
        if !(i < n) {
            return s * y;
        }
        let w = v[i];
        i += 1;
        y *= w;
        y += x;
        y = match y > 2.0 {
            true => y / 3.0,
            false => y,
        };
        s = s + {
            let sine = f64::sin(y);
            sine * w
        };
    }
}

#[differentiable]
fn with_blocks_and_temporaries(x: f64, v: &[f64], n: usize) -> f64 {
    let y = {
        let x = x;
        x
    };
    let mut state = [y, 0.0];
    for (i, w) in v.iter().enumerate() {
        if i >= n {
            break;
        }
        let next = {
            let product = { state[0] } * *w;
            product + x
        };
        let reduced = if next <= 2.0 { next } else { next / 3.0 };
        state = [reduced, state[1] + reduced.sin() * w];
    }
    let [y, s] = state;
    s * y
}

#[differentiable]
fn split_into_functions(x: f64, v: &[f64], n: usize) -> f64 {
    #[differentiable]
    fn step(y: &mut f64, x: f64, w: f64) {
        *y = *y * w + x;
        *y = reduce(*y);
    }

    #[differentiable]
    fn reduce(y: f64) -> f64 {
        if y > 2.0 {
            return y / 3.0;
        }
        y
    }

    #[differentiable]
    fn term(y: f64, v: &[f64], i: usize) -> f64 {
        y.sin() * v[i]
    }

    let mut y = x;
    let mut s = 0.0;
    for i in 0..n {
        step(&mut y, x, v[i]);
        s += term(y, v, i);
    }
    s * y
}

#[test]
fn rewritten_programs_have_the_same_gradient() {
    let v = [0.9, -1.4, 2.2, 0.3, 1.7, -0.6];
    for x in [-1.7, 0.4, 1.1, 2.6] {
        for n in 0..=6 {
            let expected = original::value_and_grad(x, &v, n);
            let flat = |z: &[f64]| original(z[0], &z[1..], n);
            let at: Vec<f64> = [x].into_iter().chain(v).collect();
            assert_near("differences", &expected.1, &common::differences(flat, &at), 1e-6);
            assert_near("dummy loops", &dummy_loops::value_and_grad(x, &v, n), &expected, 1e-13);
            assert_near("renamed", &renamed::value_and_grad(x, &v, n), &expected, 1e-13);
            assert_near("other words", &other_words::value_and_grad(x, &v, n), &expected, 1e-13);
            assert_near("blocks", &with_blocks_and_temporaries::value_and_grad(x, &v, n), &expected, 1e-13);
            assert_near("functions", &split_into_functions::value_and_grad(x, &v, n), &expected, 1e-13);
        }
    }
}
