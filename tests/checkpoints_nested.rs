//! Checkpointed loops inside of others, in branches, over states of all kinds.
#![allow(unused, clippy::all)]
#![allow(clippy::needless_range_loop)]

#[macro_use]
mod common;

use common::{assert_near, assert_same};
use differentiable::ndarray::{Array1, Array2};
use differentiable::{Differentiable, differentiable};

impl common::Floats for BodyTangent {
    fn append_to(&self, out: &mut Vec<f64>) {
        (self.place, self.speed, self.mass).append_to(out);
    }
}

#[derive(Differentiable, Clone)]
struct Body {
    place: [f64; 2],
    speed: [f64; 2],
    mass: f64,
}

#[differentiable]
fn force(x: f64, k: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..3 {
        s += (x * i as f64).sin();
    }
    -k * x * s.cos()
}

/// A generator of random numbers that can be cloned.
#[derive(Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

mod plain {
    use super::*;

    #[differentiable]
    pub(crate) fn both(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            let mut t = y;
            for j in 0..i {
                t = (t * y + j as f64).sin();
            }
            y = y * 0.7 + t;
        }
        y
    }

    #[differentiable]
    pub(crate) fn in_a_branch(x: &[f64], long: bool) -> f64 {
        let mut total = 0.0;
        for x in x {
            if *x > 0.0 || long {
                let mut list = vec![*x; 3];
                let mut k = 0;
                while list[0] < 3.0 && k < 9 {
                    list[k % 3] += list[(k + 1) % 3] * x + 0.3;
                    k += 1;
                }
                total += list[0] * list[1] - list[2];
            } else {
                total -= x * x;
            }
        }
        total
    }

    #[differentiable]
    pub(crate) fn through_a_parameter(a: &mut [f64], speed: &mut f64, k: f64) {
        for step in 0..7 {
            *speed *= 1.0 + 0.1 * k;
            for i in 0..a.len() {
                a[i] += *speed * a[(i + step) % a.len()];
            }
        }
    }

    #[differentiable]
    pub(crate) fn of_structs(body: Body, k: f64, n: usize) -> f64 {
        let mut body = body;
        for _ in 0..n {
            for axis in 0..2 {
                body.speed[axis] += 0.1 * force(body.place[axis], k) / body.mass;
                body.place[axis] += 0.1 * body.speed[axis];
            }
        }
        body.place[0] * body.place[1] + body.speed[0]
    }

    #[differentiable]
    pub(crate) fn of_tensors(w: &Array2<f64>, x: &Array1<f64>, n: usize) -> f64 {
        let mut h = x.clone();
        for _ in 0..n {
            let z = w.dot(&h) + x;
            h = z.mapv(|z| z.tanh());
        }
        h.sum()
    }

    #[differentiable(wrt(x))]
    pub(crate) fn with_noise(x: f64, rng: Random, n: usize) -> f64 {
        let mut rng = rng;
        let mut y = x;
        for _ in 0..n {
            let noise: f64 = rng.next();
            y = y.sin() * 1.3 + noise * x;
        }
        y
    }

    #[differentiable]
    pub(crate) fn of_elements(x: &[f64], k: f64) -> f64 {
        let mut x = x.to_vec();
        let mut last = 1.0;
        for (i, v) in x.iter_mut().enumerate() {
            *v = *v * last + k * i as f64;
            last = v.sin();
        }
        x.iter().sum::<f64>() * last
    }
}

mod held {
    use super::*;

    #[differentiable]
    pub(crate) fn both(x: f64, n: usize) -> f64 {
        let mut y = x;
        #[checkpoint(binomial, slots = 2)]
        for i in 0..n {
            let mut t = y;
            #[checkpoint(sqrt)]
            for j in 0..i {
                t = (t * y + j as f64).sin();
            }
            y = y * 0.7 + t;
        }
        y
    }

    #[differentiable]
    pub(crate) fn in_a_branch(x: &[f64], long: bool) -> f64 {
        let mut total = 0.0;
        for x in x {
            if *x > 0.0 || long {
                let mut list = vec![*x; 3];
                let mut k = 0;
                #[checkpoint(binomial, slots = 3)]
                while list[0] < 3.0 && k < 9 {
                    list[k % 3] += list[(k + 1) % 3] * x + 0.3;
                    k += 1;
                }
                total += list[0] * list[1] - list[2];
            } else {
                total -= x * x;
            }
        }
        total
    }

    #[differentiable]
    pub(crate) fn through_a_parameter(a: &mut [f64], speed: &mut f64, k: f64) {
        #[checkpoint(sqrt)]
        for step in 0..7 {
            *speed *= 1.0 + 0.1 * k;
            for i in 0..a.len() {
                a[i] += *speed * a[(i + step) % a.len()];
            }
        }
    }

    #[differentiable]
    pub(crate) fn of_structs(body: Body, k: f64, n: usize) -> f64 {
        let mut body = body;
        #[checkpoint(binomial, slots = 2)]
        for _ in 0..n {
            for axis in 0..2 {
                body.speed[axis] += 0.1 * force(body.place[axis], k) / body.mass;
                body.place[axis] += 0.1 * body.speed[axis];
            }
        }
        body.place[0] * body.place[1] + body.speed[0]
    }

    #[differentiable]
    pub(crate) fn of_tensors(w: &Array2<f64>, x: &Array1<f64>, n: usize) -> f64 {
        let mut h = x.clone();
        #[checkpoint(binomial, slots = 2)]
        for _ in 0..n {
            let z = w.dot(&h) + x;
            h = z.mapv(|z| z.tanh());
        }
        h.sum()
    }

    #[differentiable(wrt(x))]
    pub(crate) fn with_noise(x: f64, rng: Random, n: usize) -> f64 {
        let mut rng = rng;
        let mut y = x;
        #[checkpoint(sqrt)]
        for _ in 0..n {
            let noise: f64 = rng.next();
            y = y.sin() * 1.3 + noise * x;
        }
        y
    }

    #[differentiable]
    pub(crate) fn of_elements(x: &[f64], k: f64) -> f64 {
        let mut x = x.to_vec();
        let mut last = 1.0;
        #[checkpoint(sqrt)]
        for (i, v) in x.iter_mut().enumerate() {
            *v = *v * last + k * i as f64;
            last = v.sin();
        }
        x.iter().sum::<f64>() * last
    }
}
macro_rules! same {
    ($name:ident($($arg:expr),*)) => {{
        let plain = plain::$name::value_and_grad($($arg),*);
        assert_same("joint", &held::$name::value_and_grad($($arg),*), &plain);
        let (value, pullback) = held::$name::vjp($($arg),*);
        assert_same("split", &(value, pullback(1.0)), &plain);
        assert_same("split, once more", &(value, pullback(1.0)), &plain);
    }};
}

#[test]
fn gradients_are_the_same() {
    let body = Body { place: [0.4, -0.3], speed: [0.1, 0.9], mass: 1.3 };
    for n in 0..9 {
        same!(both(0.3, n));
        same!(of_structs(body.clone(), 2.0, n));
        same!(with_noise(0.3, Random(7), n));
        let x: Vec<f64> = (0..n).map(|i| (i as f64).sin()).collect();
        same!(in_a_branch(&x, false));
        same!(in_a_branch(&x, true));
        same!(of_elements(&x, 0.3));
        let w = Array2::from_shape_fn((4, 4), |(i, j)| (i as f64 - 1.5 * j as f64).sin());
        let x = Array1::from(vec![0.1, 0.5, -0.3, 0.8]);
        same!(of_tensors(&w, &x, n));
    }
}

#[test]
fn states_behind_parameters() {
    let run = |held: bool| {
        let (mut a, mut speed) = ([0.5, -1.0, 0.25], 0.7);
        let seed = (vec![1.0, -2.0, 0.5], 0.3);
        let bars = if held {
            let (_, pullback) = held::through_a_parameter::vjp(&mut a, &mut speed, 0.4);
            assert_same("once more", &pullback(seed.0.clone(), seed.1), &pullback(seed.0.clone(), seed.1));
            pullback(seed.0, seed.1)
        } else {
            let (_, pullback) = plain::through_a_parameter::vjp(&mut a, &mut speed, 0.4);
            pullback(seed.0, seed.1)
        };
        (a, speed, bars)
    };
    let ((a, speed, bars), expected) = (run(true), run(false));
    assert_same("content", &(a, speed), &(expected.0, expected.1));
    assert_near("cotangents", &bars, &expected.2, 1e-14);
}

#[differentiable(hvp, hessian)]
fn twice(x: &[f64]) -> f64 {
    let mut y = 1.0;
    for x in x {
        y = (y * x).sin() + x;
    }
    y
}

#[differentiable(hvp, hessian, checkpoint(binomial, slots = 2))]
fn twice_held(x: &[f64]) -> f64 {
    let mut y = 1.0;
    for x in x {
        y = (y * x).sin() + x;
    }
    y
}

#[test]
fn second_derivatives_hold_few_states() {
    let x = [0.3, -0.7, 1.1, 0.4, 0.9];
    assert_same("Hessian", &twice_held::hessian(&x), &twice::hessian(&x));
    assert_same("product", &twice_held::hvp(&x, &x), &twice::hvp(&x, &x));
}
