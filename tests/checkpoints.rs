//! Checkpointed loops and functions have the gradients of plain ones, to the last bit.
#![allow(clippy::needless_range_loop, clippy::explicit_counter_loop)]

#[macro_use]
mod common;

use common::{assert_near, assert_same};
use differentiable::differentiable;

/// Every function as it is, and with its loop checkpointed in several ways.
macro_rules! in_all_ways {
    (@ $way:ident $option:tt $($(#[$attr:meta])* fn $name:ident $args:tt -> $result:ty $body:block)*) => {
        mod $way {
            #[allow(unused_imports)]
            use super::*;
            $(
                #[differentiable $option]
                $(#[$attr])*
                pub(crate) fn $name $args -> $result $body
            )*
        }
    };
    ($($body:tt)*) => {
        in_all_ways! { @ plain () $($body)* }
        in_all_ways! { @ sqrt (checkpoint(sqrt)) $($body)* }
        in_all_ways! { @ one (checkpoint(binomial, slots = 1)) $($body)* }
        in_all_ways! { @ three (checkpoint(binomial, slots = 3)) $($body)* }
        in_all_ways! { @ without_analyses (checkpoint(binomial, slots = 4), analyses = off) $($body)* }
    };
}

in_all_ways! {
    fn logistic(x: f64, r: f64, n: usize) -> f64 {
        let mut y = x;
        for _ in 0..n {
            y = r * y * (1.0 - y);
        }
        y
    }

    fn weighted(x: &[f64], w: &[f64]) -> f64 {
        let mut y = 0.5;
        let mut s = 0.0;
        for (x, w) in x.iter().zip(w) {
            y = (y * w + x).tanh();
            s += y * y * x;
        }
        s * y
    }

    fn until(x: f64, limit: f64) -> f64 {
        let mut y = x;
        let mut s = 1.0;
        while y < limit {
            y = y * y + 0.1;
            s *= y.sin() + 1.5;
        }
        s
    }

    fn leaves(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            if y > 3.0 {
                break;
            }
            if i % 3 == 1 {
                continue;
            }
            if y < -5.0 {
                return y * x;
            }
            y = y * 1.2 + x / (i as f64 + 1.0);
        }
        y * y
    }

    fn in_place(a: &[f64], x: f64) -> f64 {
        let mut a = a.to_vec();
        let n = a.len();
        for i in 1..n {
            a[i] = a[i] * a[i - 1] + x;
            a[i - 1] *= x;
        }
        a.iter().sum()
    }

    fn overwritten_after(x: f64, n: usize) -> f64 {
        let mut k = x * x;
        let mut y = x;
        for _ in 0..n {
            y = (y * k).sin();
        }
        k = y * x;
        k * y
    }

    fn nested(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            let mut t = 0.0;
            for j in 0..i {
                if t > 2.0 {
                    break;
                }
                t += (y * j as f64).cos();
            }
            let mut k = 0;
            while k < 3 {
                y = y * 0.9 + t * 0.1;
                k += 1;
            }
        }
        y
    }

    fn path(x: f64, n: usize) -> f64 {
        let mut path = Vec::new();
        let mut out = vec![0.0; n];
        let mut y = x;
        for i in 0..n {
            y = y + 0.1 * (y * x).sin();
            path.push(y);
            out[i] = y * y;
        }
        path.iter().sum::<f64>() * out.iter().sum::<f64>()
    }

    fn reversed(x: &[f64], n: usize) -> f64 {
        let mut y = 1.0;
        for i in (0..n).rev().step_by(2) {
            y = y * x[i] + 0.5;
        }
        y
    }

    fn signed(x: f64, n: i32) -> f64 {
        let mut y = x;
        for i in -2..n {
            y = y * (i as f64) * 0.3 + x;
        }
        y
    }

    fn matched(x: f64, n: usize) -> f64 {
        let mut y = x;
        let mut count = 0u32;
        loop {
            match count % 4 {
                0 => y *= x,
                1 => y = y.sin() + x,
                2 if y > 1.0 => y -= x,
                _ => {
                    if count as usize > n {
                        break y;
                    }
                    y += 0.25;
                }
            }
            count += 1;
        }
    }
}

/// The program has the same derivatives in all ways, which agree with forward mode.
macro_rules! same_in_all_ways {
    ($name:ident($($arg:expr),*)) => {{
        let plain = plain::$name::value_and_grad($($arg),*);
        assert_same("sqrt", &sqrt::$name::value_and_grad($($arg),*), &plain);
        assert_same("one slot", &one::$name::value_and_grad($($arg),*), &plain);
        assert_same("three slots", &three::$name::value_and_grad($($arg),*), &plain);
        assert_near("analyses off", &without_analyses::$name::value_and_grad($($arg),*), &plain, 1e-12);
        let (value, pullback) = three::$name::vjp($($arg),*);
        assert_same("split", &(value, pullback(1.0)), &plain);
        assert_same("split, once more", &(value, pullback(1.0)), &plain);
    }};
}

#[test]
fn gradients_are_the_same() {
    for n in [0, 1, 2, 3, 7, 50] {
        same_in_all_ways!(logistic(0.3, 3.1, n));
        same_in_all_ways!(leaves(0.7, n));
        same_in_all_ways!(leaves(-3.0, n));
        same_in_all_ways!(leaves(0.01, n));
        same_in_all_ways!(overwritten_after(0.8, n));
        same_in_all_ways!(nested(0.4, n));
        same_in_all_ways!(path(0.4, n));
        same_in_all_ways!(signed(0.4, n as i32));
        same_in_all_ways!(matched(1.1, n));
        let x: Vec<f64> = (0..n).map(|i| (i as f64).sin()).collect();
        let w: Vec<f64> = (0..n).map(|i| (i as f64 + 0.5).cos()).collect();
        same_in_all_ways!(weighted(&x, &w));
        same_in_all_ways!(in_place(&x, 0.7));
        same_in_all_ways!(reversed(&x, n));
    }
    same_in_all_ways!(until(0.95, 50.0));
    same_in_all_ways!(until(90.0, 50.0));
}
