//! Control flow, calls, bindings and constants in many forms.

#![allow(clippy::all, unreachable_pub)]

mod common;
use common::assert_near;
use differentiable::{differentiable, gradcheck, no_grad, stop_gradient};

mod physics {
    use differentiable::differentiable;

    pub const G: f64 = 9.81;
    pub static TABLE: [f64; 4] = [0.5, 1.5, -2.0, 0.25];

    #[differentiable]
    pub fn height(v: f64, t: f64) -> f64 {
        v * t - G / 2.0 * t * t
    }

    pub mod deeper {
        #[differentiable::differentiable]
        pub(crate) fn drag(v: f64) -> f64 {
            0.1 * v * v.abs() + super::height(v, 0.1)
        }
    }
}

use physics::deeper::{self, drag as resistance};
use physics::*;

#[differentiable]
fn through_modules(v: f64, t: f64) -> f64 {
    let h = height(v, t);
    let d = resistance(h) + deeper::drag(v) + self::physics::height(t, v) + crate::later(h);
    d * G - TABLE[1] * v + TABLE[TABLE.len() - 1] * physics::TABLE[2] * t
}

#[differentiable]
fn later(x: f64) -> f64 {
    #[differentiable]
    fn inner(y: f64) -> f64 {
        const K: f64 = 1.0 / 3.0;
        y.powi(2) * K
    }
    static SHIFT: f64 = 2.5;
    inner(x) + inner(SHIFT * x)
}

#[differentiable]
fn power(x: f64, n: u32) -> f64 {
    match n {
        0 => 1.0,
        n if n % 2 == 0 => {
            let half = power(x, n / 2);
            half * half
        }
        _ => x * power(x, n - 1),
    }
}

#[differentiable]
fn legendre(n: usize, x: f64) -> f64 {
    if n == 0 {
        return 1.0;
    }
    if n == 1 {
        return x;
    }
    let k = n as f64;
    ((2.0 * k - 1.0) * x * legendre(n - 1, x) - (k - 1.0) * legendre(n - 2, x)) / k
}

#[differentiable]
fn accumulate(v: &[f64], acc: f64, depth: usize) -> f64 {
    if v.is_empty() {
        return acc;
    }
    let (x, rest) = (v[0], &v[1..]);
    accumulate(rest, acc * 0.5 + x.sin() * depth as f64, depth + 1)
}

#[differentiable]
fn even(x: f64, n: usize) -> f64 {
    let mut value = x;
    'outer: for i in 0..n {
        for j in 0.. {
            if j > i {
                continue 'outer;
            }
            if value > 50.0 {
                break 'outer;
            }
            value += value * 0.1 / (j + 1) as f64;
        }
    }
    value
}

#[differentiable]
fn first_above(v: &[f64], threshold: f64) -> (f64, f64, [f64; 2]) {
    for (i, &x) in v.iter().enumerate() {
        if x > threshold {
            return (x * threshold, i as f64 * x, [x; 2]);
        }
    }
    (threshold, 0.0, [0.0; 2])
}

#[differentiable]
fn pair_from_a_loop(v: &[f64], threshold: f64) -> (f64, f64) {
    let mut total = 0.0;
    for x in v {
        total += x * x;
        if total > threshold {
            return (total, x - threshold);
        }
    }
    (total, 0.0)
}

#[differentiable]
fn vector_from_a_loop(v: &[f64], k: usize) -> Vec<f64> {
    let mut out = v.to_vec();
    for i in 0..v.len() {
        if i == k {
            return out;
        }
        out[i] = v[i].exp();
    }
    vec![0.0; v.len()]
}

#[differentiable]
fn deferred_values(x: f64, y: f64) -> f64 {
    let (a, b);
    let c: f64;
    if x > y {
        a = x * x;
        b = y;
    } else {
        a = x;
        b = y * y;
    }
    c = a - b;
    let d;
    {
        let t = c.tanh();
        d = t * t;
    }
    a * b + c + d
}

#[differentiable]
fn block_values(x: f64) -> f64 {
    let y = {
        let x = x.sin();
        let z = if x > 0.0 { x } else { x * 2.0 };
        z + 1.0
    };
    let w = 'search: {
        if y > 1.5 {
            break 'search y.ln();
        }
        y * y
    };
    let v = loop {
        break w * 3.0;
    };
    let u = if let true = v > 0.0 { v } else { -v };
    u + x
}

#[differentiable]
fn piecewise(x: f64, kind: u8, fine: bool) -> f64 {
    let (a, b) = match (kind, fine) {
        (0, true) => (x, 1.0),
        (0, false) => (2.0 * x, x),
        (1..=3, _) if x > 1.0 => (x.ln(), 0.5),
        (1 | 2, flag) => (x.exp(), if flag { 3.0 } else { x }),
        (n @ 4..=9, _) => (x * n as f64, x * x),
        _ => (0.0, -x),
    };
    a * b + a
}

#[differentiable]
fn strings(mode: &str, x: f64, label: &String, sign: char) -> f64 {
    let s = match sign {
        '+' => 1.0,
        '-' => -1.0,
        _ => 0.0,
    };
    let y = match mode {
        "square" => x * x,
        "cube" => x.powi(3),
        other if other.starts_with("neg") => -x,
        _ => x,
    };
    assert!(label.len() < 100, "too long: {label}");
    s * y * label.len() as f64
}

#[differentiable]
fn casts(x: f32, k: i8, n: u64) -> f64 {
    let wide = x as f64 * f64::from(k) + n as f64;
    let narrow = (wide * 0.5) as f32;
    f64::from(narrow * x) + wide.rem_euclid(7.0) + wide % 3.0
}

#[differentiable]
fn functions_by_path(x: f64, y: f64) -> f64 {
    f64::max(f64::sin(x), y) + f64::hypot(x, y) - f64::powi(y, 3)
        + f64::atan2(x, y)
        + f64::mul_add(x, y, 1.0)
        + std::f64::consts::PI * core::f64::consts::E * f64::EPSILON.sqrt() * x
}

#[differentiable]
fn detached(x: f64, y: f64) -> f64 {
    let baseline = no_grad! {
        let t = x * 2.0;
        t + y
    };
    (x - baseline) * y + stop_gradient(x * y) * x
}

#[differentiable(wrt(b))]
fn frozen(a: &[f64], b: f64) -> f64 {
    let mut s = 0.0;
    for x in a.iter().rev().skip(1).step_by(2) {
        s += x * b;
    }
    s * s
}

#[differentiable]
fn collatz_like(x: f64) -> f64 {
    let mut y = x;
    let mut steps = 0u32;
    while y < 100.0 && steps < 40 {
        y = if steps % 2 == 0 { y * 1.5 } else { y + x.sqrt() };
        steps += 1;
    }
    y / steps as f64
}

#[differentiable]
fn agm(a: f64, b: f64) -> f64 {
    let (mut a, mut g) = (a, b);
    loop {
        let next = (a + g) / 2.0;
        g = (a * g).sqrt();
        if (next - a).abs() < 1e-15 * next {
            return next;
        }
        a = next;
    }
}

#[test]
fn calls() {
    gradcheck!(through_modules(0.7, 0.4)).unwrap();
    gradcheck!(power(1.3, 11)).unwrap();
    assert_near("power", &power::grad(1.3, 11), &(11.0 * 1.3_f64.powi(10)), 1e-12);
    gradcheck!(legendre(5, 0.3)).unwrap();
    gradcheck!(accumulate(&[0.3, 0.1, 0.7][..], 0.5, 1)).unwrap();
}

#[test]
fn exits() {
    gradcheck!(even(3.0, 6)).unwrap();
    gradcheck!(even(40.0, 6)).unwrap();
    gradcheck!(first_above(&[0.1, 0.5, 0.9][..], 0.3)).unwrap();
    gradcheck!(first_above(&[0.1, 0.5, 0.9][..], 3.0)).unwrap();
    gradcheck!(pair_from_a_loop(&[0.1, 0.5, 0.9][..], 0.2)).unwrap();
    gradcheck!(vector_from_a_loop(&[0.1, 0.5, 0.9][..], 2)).unwrap();
    gradcheck!(agm(1.0, 2.0)).unwrap();
    gradcheck!(collatz_like(2.3)).unwrap();
}

#[test]
fn bindings_and_branches() {
    gradcheck!(deferred_values(0.3, 0.7)).unwrap();
    gradcheck!(deferred_values(0.9, 0.7)).unwrap();
    gradcheck!(block_values(0.3)).unwrap();
    gradcheck!(block_values(1.3)).unwrap();
    for (kind, fine) in [(0, true), (0, false), (1, true), (2, false), (3, true), (5, true), (10, false)] {
        gradcheck!(piecewise(0.7, kind, fine)).unwrap();
        gradcheck!(piecewise(1.7, kind, fine)).unwrap();
    }
    let label = String::from("abc");
    for mode in ["square", "cube", "negative", "same"] {
        assert_near(
            mode,
            &strings::grad(mode, 2.0, &label, '-'),
            &common::difference(|x| strings(mode, x, &label, '-'), 2.0),
            1e-8,
        );
    }
}

#[test]
fn numbers() {
    let (grad, x) = (casts::grad(1.25, 3, 2), 1.25_f64);
    assert_near("casts", &f64::from(grad), &(0.5 * (2.0 * 3.0 * x + 2.0) + 3.0 + 3.0), 1e-6);
    gradcheck!(functions_by_path(0.3, 0.8)).unwrap();
    assert_eq!(detached::grad(2.0, 3.0), (3.0 + 6.0, 2.0 - 7.0));
    assert_eq!(frozen::grad(&[1.0, 2.0, 3.0, 4.0], 0.5), 2.0 * 4.0 * 4.0 * 0.5);
}
