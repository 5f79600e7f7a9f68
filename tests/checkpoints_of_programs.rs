//! Checkpointed methods, generic functions, loops over structs, enums, lists and stacks, beside the plain ones.
#![allow(dead_code, unused, clippy::all)]
#[macro_use]
mod common;
use common::*;
use differentiable::ndarray::{Array1, Array2, array};
use differentiable::*;
use num_traits::Float;

#[derive(Differentiable, Clone, Debug)]
struct Sim {
    pos: Vec<f64>,
    vel: Vec<f64>,
    k: f64,
    steps: usize,
    log: Option<f64>,
}
impl Sim {
    #[differentiable(checkpoint)]
    fn accel(&self, i: usize) -> f64 {
        let mut a = -self.k * self.pos[i];
        if i > 0 {
            a += (self.pos[i - 1] - self.pos[i]).sin();
        }
        a
    }
    #[differentiable(checkpoint)]
    fn step(&mut self, h: f64) {
        for i in 0..self.pos.len() {
            let a = self.accel(i);
            self.vel[i] += h * a;
            self.pos[i] += h * self.vel[i];
        }
    }
    #[differentiable(checkpoint(binomial, slots = 3))]
    fn run(&mut self, h: f64) -> f64 {
        for _ in 0..self.steps {
            self.step(h);
        }
        self.pos[0] * self.pos[1]
    }
    #[differentiable]
    fn run_plain(&mut self, h: f64) -> f64 {
        for _ in 0..self.steps {
            self.step(h);
        }
        self.pos[0] * self.pos[1]
    }
    #[differentiable(checkpoint(sqrt))]
    fn consumed(mut self, h: f64) -> f64 {
        let mut t = 0.0;
        while t < 1.0 {
            self.step(h);
            if self.pos[0].abs() > 10.0 {
                break;
            }
            t += h;
        }
        self.pos.iter().sum()
    }
    #[differentiable]
    fn consumed_plain(mut self, h: f64) -> f64 {
        let mut t = 0.0;
        while t < 1.0 {
            self.step(h);
            if self.pos[0].abs() > 10.0 {
                break;
            }
            t += h;
        }
        self.pos.iter().sum()
    }
}
#[differentiable(checkpoint(binomial, slots = 4))]
fn generic<T: Float>(x: T, n: usize) -> T {
    let mut y = x;
    for _ in 0..n {
        y = y.sin() * T::from(1.1).unwrap() + x;
    }
    y
}
#[differentiable]
fn generic_plain<T: Float>(x: T, n: usize) -> T {
    let mut y = x;
    for _ in 0..n {
        y = y.sin() * T::from(1.1).unwrap() + x;
    }
    y
}
#[differentiable(checkpoint)]
fn generic_fn<T: Float + std::fmt::Debug>(x: &[T], k: T) -> T {
    let mut s = T::zero();
    for v in x {
        s = s + (*v * k).exp();
    }
    s.ln()
}
#[differentiable(checkpoint)]
fn closure_arg(x: f64) -> f64 {
    let f = |t: f64| t * x;
    f(x) + f(x * x)
}
#[differentiable(checkpoint)]
fn result_fn(x: f64) -> Result<f64, String> {
    if x < 0.0 {
        return Err("neg".into());
    }
    Ok(x.sqrt() * x)
}
#[differentiable(checkpoint)]
fn tuple_fn(a: (f64, f64), b: [f64; 3]) -> (f64, Vec<f64>) {
    (a.0 * b[1], b.iter().map(|v| v * a.1).collect())
}
#[differentiable]
fn calls_all(x: f64) -> f64 {
    let (p, v) = tuple_fn((x, x * x), [x, 2.0, x.sin()]);
    p * v[2] + closure_arg(x) * result_fn(x).unwrap() + generic_fn(&v, x)
}
#[differentiable(checkpoint)]
fn rec(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { rec(x.sin() + 0.1 * x * x, n - 1) }
}

#[derive(Differentiable, Clone, Debug)]
enum Cell {
    Empty,
    Full(f64),
    Pair { a: f64, b: f64 },
}
#[differentiable(checkpoint(binomial, slots = 2))]
fn enums(x: f64, n: usize) -> f64 {
    let mut cells = vec![Cell::Empty, Cell::Full(x), Cell::Pair { a: x, b: 2.0 }];
    let mut s = 1.0;
    for i in 0..n {
        let j = i % 3;
        s = match &cells[j] {
            Cell::Empty => s * x,
            Cell::Full(v) => (s * v).sin(),
            Cell::Pair { a, b } => s * a - b,
        };
        cells[j] = match i % 4 {
            0 => Cell::Full(s),
            1 => Cell::Pair { a: s, b: x },
            _ => Cell::Empty,
        };
    }
    s
}
#[differentiable]
fn enums_plain(x: f64, n: usize) -> f64 {
    let mut cells = vec![Cell::Empty, Cell::Full(x), Cell::Pair { a: x, b: 2.0 }];
    let mut s = 1.0;
    for i in 0..n {
        let j = i % 3;
        s = match &cells[j] {
            Cell::Empty => s * x,
            Cell::Full(v) => (s * v).sin(),
            Cell::Pair { a, b } => s * a - b,
        };
        cells[j] = match i % 4 {
            0 => Cell::Full(s),
            1 => Cell::Pair { a: s, b: x },
            _ => Cell::Empty,
        };
    }
    s
}
#[differentiable(checkpoint(sqrt))]
fn labelled(x: f64, n: usize) -> f64 {
    let mut y = x;
    'outer: for i in 0..n {
        for j in 0..5 {
            y = y * 1.1 + (x * j as f64).sin();
            if y > 20.0 {
                break 'outer;
            }
            if y < -3.0 {
                continue 'outer;
            }
            if j > i {
                break;
            }
        }
        y -= 0.3 * x;
    }
    y
}
#[differentiable]
fn labelled_plain(x: f64, n: usize) -> f64 {
    let mut y = x;
    'outer: for i in 0..n {
        for j in 0..5 {
            y = y * 1.1 + (x * j as f64).sin();
            if y > 20.0 {
                break 'outer;
            }
            if y < -3.0 {
                continue 'outer;
            }
            if j > i {
                break;
            }
        }
        y -= 0.3 * x;
    }
    y
}
#[differentiable]
fn loop_break_value(x: f64) -> f64 {
    let mut y = x;
    let mut k = 0;
    #[checkpoint(binomial, slots = 3)]
    let z = loop {
        y = y * y * 0.5 + x;
        k += 1;
        if k > 10 || y > 50.0 {
            break y * x;
        }
    };
    z
}
#[differentiable]
fn dyn_iter(xs: &[f64], x: f64) -> f64 {
    let mut h = x;
    #[checkpoint(sqrt)]
    for (i, w) in xs.windows(2).enumerate().rev() {
        h = (h * w[0] + w[1] * i as f64).tanh();
    }
    h
}
#[differentiable]
fn dyn_iter_plain(xs: &[f64], x: f64) -> f64 {
    let mut h = x;
    for (i, w) in xs.windows(2).enumerate().rev() {
        h = (h * w[0] + w[1] * i as f64).tanh();
    }
    h
}
#[differentiable]
fn stack(xs: Vec<f64>, x: f64) -> f64 {
    let mut st = xs;
    let mut s = 1.0;
    #[checkpoint(binomial, slots = 2)]
    while let Some(v) = st.pop() {
        s = (s * v).sin() + x;
        if v > 0.9 && st.len() < 6 {
            st.push(v * 0.5);
        }
    }
    s
}
#[differentiable]
fn stack_plain(xs: Vec<f64>, x: f64) -> f64 {
    let mut st = xs;
    let mut s = 1.0;
    while let Some(v) = st.pop() {
        s = (s * v).sin() + x;
        if v > 0.9 && st.len() < 6 {
            st.push(v * 0.5);
        }
    }
    s
}
#[test]
fn gradients_are_those_of_the_plain_programs() {
    let sim = Sim { pos: vec![0.1, 0.5, -0.4], vel: vec![1.0, 0.0, 0.3], k: 2.0, steps: 7, log: None };
    let run = |plain: bool| {
        let mut s = sim.clone();
        if plain {
            let r = s.run_plain_value_and_grad(0.1);
            (r.0, r.1.0.pos, r.1.0.vel, r.1.0.k, r.1.1)
        } else {
            let r = s.run_value_and_grad(0.1);
            (r.0, r.1.0.pos, r.1.0.vel, r.1.0.k, r.1.1)
        }
    };
    let (a, b) = (run(true), run(false));
    assert_eq!(a.0, b.0);
    assert_near("p", &a.1, &b.1, 1e-14);
    assert_near("k", &a.3, &b.3, 1e-14);
    assert_near("h", &a.4, &b.4, 1e-14);
    let c = sim.clone().consumed_value_and_grad(0.05);
    let p = sim.clone().consumed_plain_value_and_grad(0.05);
    assert_eq!(c.0, p.0);
    assert_near("p", &c.1.0.pos, &p.1.0.pos, 1e-14);
    assert_near("h", &c.1.1, &p.1.1, 1e-13);
    assert_near("h", &p.1.1, &difference(|h| sim.clone().consumed(h), 0.049), 1e2);
    for n in 0..12 {
        assert_same("g", &generic::value_and_grad(0.3, n), &generic_plain::value_and_grad(0.3, n));
        assert_same("g", &generic::value_and_grad(0.3f32, n), &generic_plain::value_and_grad(0.3f32, n));
        assert_same("e", &enums::value_and_grad(0.3, n), &enums_plain::value_and_grad(0.3, n));
        assert_same("l", &labelled::value_and_grad(1.3, n), &labelled_plain::value_and_grad(1.3, n));
        assert_same("l", &labelled::value_and_grad(-2.3, n), &labelled_plain::value_and_grad(-2.3, n));
        let xs = noise(3, n);
        assert_same("d", &dyn_iter::value_and_grad(&xs, 0.3), &dyn_iter_plain::value_and_grad(&xs, 0.3));
        assert_same("s", &stack::value_and_grad(xs.clone(), 0.3), &stack_plain::value_and_grad(xs.clone(), 0.3));
    }
    gradcheck!(calls_all(0.7)).unwrap();
    gradcheck!(loop_break_value(0.7)).unwrap();
    gradcheck!(rec(0.7, 5)).unwrap();
}
