// Printed by `cargo run -p random-programs -- 1 6 | rustfmt`; not edited by hand.

//! Random programs: reverse mode, forward mode and central differences agree, with all analyses on and off.

#![allow(warnings)]
#![allow(clippy::all)]

use differentiable::{Differentiable, differentiable, stop_gradient};
use num_traits::Float;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The places of a point that a parameter stands for.
trait Part: Sized {
    fn append_to(&self, out: &mut Vec<f64>);
}

impl Part for f64 {
    fn append_to(&self, out: &mut Vec<f64>) {
        out.push(*self);
    }
}

impl Part for Vec<f64> {
    fn append_to(&self, out: &mut Vec<f64>) {
        out.extend(self);
    }
}

impl Part for [f64; 3] {
    fn append_to(&self, out: &mut Vec<f64>) {
        out.extend(self);
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),*))*) => {
        $(impl<$($name: Part),*> Part for ($($name,)*) {
            fn append_to(&self, out: &mut Vec<f64>) {
                $(self.$index.append_to(out);)*
            }
        })*
    };
}

tuples! { (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) (A 0, B 1, C 2, D 3, E 4) }

fn flat(part: &impl Part) -> Vec<f64> {
    let mut out = Vec::new();
    part.append_to(&mut out);
    out
}

/// The arguments of every program, or a direction.
#[derive(Clone, Default)]
struct Point {
    x: f64,
    y: f64,
    v: Vec<f64>,
    w: [f64; 3],
    z: Vec<f64>,
}

/// A deterministic sequence of numbers in -1..1.
fn noise(seed: u64, len: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

/// Takes numbers for `x`, `y` and the given parameters, in this order.
fn point(names: &[&str], numbers: &[f64]) -> Point {
    let mut rest = numbers[2..].iter().copied();
    let mut take = |len: usize| rest.by_ref().take(len).collect::<Vec<f64>>();
    let mut point = Point { x: numbers[0], y: numbers[1], v: vec![0.0; 4], w: [0.0; 3], z: vec![0.0; 4] };
    for name in names {
        match *name {
            "v" => point.v = take(4),
            "w" => point.w = take(3).try_into().unwrap(),
            _ => point.z = take(4),
        }
    }
    point
}

fn dimension(names: &[&str]) -> usize {
    2 + names.iter().map(|name| if *name == "w" { 3 } else { 4 }).sum::<usize>()
}

/// What is known of a program: its value, and its derivatives in the versions that have to agree.
struct Subject<'a> {
    name: &'a str,
    names: &'a [&'a str],
    value: &'a dyn Fn(&Point, usize) -> f64,
    gradients: &'a [(&'a str, &'a dyn Fn(&Point, usize) -> (f64, Vec<f64>))],
    tangents: &'a [(&'a str, &'a dyn Fn(&Point, usize, &Point) -> (f64, f64))],
}

#[derive(Default)]
struct Report {
    failures: Vec<String>,
    compared: usize,
    skipped: usize,
    /// Of the bits of all gradients: the same whatever the program is built with.
    digest: u64,
}

fn differ(a: f64, b: f64, tolerance: f64, scale: f64) -> bool {
    !(a == b || (a - b).abs() <= tolerance * scale.max(1.0))
}

impl Report {
    fn run(&mut self, subject: &Subject<'_>) {
        for seed in 0..4 {
            let numbers = noise(17 * seed + 3, dimension(subject.names));
            for n in 0..2 {
                let n = (seed as usize + 2 * n) % 4;
                if let Err(message) = self.run_at(subject, &numbers, n) {
                    self.failures.push(format!("{} at {numbers:?}, {n}: {message}", subject.name));
                    return;
                }
            }
        }
    }

    fn run_at(&mut self, subject: &Subject<'_>, numbers: &[f64], n: usize) -> Result<(), String> {
        let at = point(subject.names, numbers);
        let value = catch_unwind(AssertUnwindSafe(|| (subject.value)(&at, n))).map_err(|_| "the program panics")?;
        if !value.is_finite() || value.abs() > 1e6 {
            self.skipped += 1;
            return Ok(());
        }
        let panics = |name: &str| format!("{name} panics");
        let mut gradients = Vec::new();
        for (name, gradient) in subject.gradients {
            let (own, gradient) = catch_unwind(AssertUnwindSafe(|| gradient(&at, n))).map_err(|_| panics(name))?;
            if differ(own, value, 1e-12, value.abs()) {
                return Err(format!("{name} has the value {own}, not {value}"));
            }
            for slope in &gradient {
                self.digest = (self.digest.rotate_left(5) ^ slope.to_bits()).wrapping_mul(0x517c_c1b7_2722_0a95);
            }
            gradients.push((*name, gradient));
        }
        let scale = gradients[0].1.iter().fold(1.0_f64, |largest, slope| largest.max(slope.abs()));
        if scale > 1e7 {
            self.skipped += 1;
            return Ok(());
        }
        for (name, gradient) in &gradients[1..] {
            let (first, expected) = &gradients[0];
            if gradient.len() != expected.len()
                || gradient.iter().zip(expected).any(|(a, b)| differ(*a, *b, 1e-9, scale))
            {
                return Err(format!("{name} gives {gradient:?}\n{first} gives {expected:?}"));
            }
        }
        self.directions(subject, &at, n, &gradients[0].1, scale)?;
        self.differences(subject, numbers, n, &gradients[0].1)
    }

    fn directions(
        &mut self,
        subject: &Subject<'_>,
        at: &Point,
        n: usize,
        gradient: &[f64],
        scale: f64,
    ) -> Result<(), String> {
        let len = gradient.len();
        for unit in 0..=len {
            let direction: Vec<f64> =
                if unit < len { (0..len).map(|i| f64::from(u8::from(i == unit))).collect() } else { noise(99, len) };
            let expected: f64 = gradient.iter().zip(&direction).map(|(a, b)| a * b).sum();
            let direction = point(subject.names, &direction);
            for (name, tangent) in subject.tangents {
                let (_, slope) = catch_unwind(AssertUnwindSafe(|| tangent(at, n, &direction)))
                    .map_err(|_| format!("{name} panics"))?;
                if differ(slope, expected, 1e-9, scale) {
                    return Err(format!(
                        "{name} in direction {unit} gives {slope}\nreverse mode gives {expected} of {gradient:?}"
                    ));
                }
            }
        }
        Ok(())
    }

    fn differences(
        &mut self,
        subject: &Subject<'_>,
        numbers: &[f64],
        n: usize,
        gradient: &[f64],
    ) -> Result<(), String> {
        let value_at = |i: usize, step: f64| {
            let mut numbers = numbers.to_vec();
            numbers[i] += step;
            (subject.value)(&point(subject.names, &numbers), n)
        };
        for (i, slope) in gradient.iter().enumerate() {
            let (h, here) = (1e-5, value_at(i, 0.0));
            let (right, left) = ((value_at(i, h) - here) / h, (here - value_at(i, -h)) / h);
            let (near_right, near_left) =
                ((value_at(i, h / 8.0) - here) * 8.0 / h, (here - value_at(i, -h / 8.0)) * 8.0 / h);
            let central = (right + left) / 2.0;
            let size = central.abs().max(1.0);
            let spread =
                [right, left, near_right, near_left].iter().fold(0.0_f64, |most, s| most.max((s - central).abs()));
            if spread > 1e-2 * size {
                self.skipped += 1;
                continue;
            }
            self.compared += 1;
            if differ(*slope, central, 1e-3, size) {
                return Err(format!("slope {i} is {slope}, by differences {central}"));
            }
        }
        Ok(())
    }

    fn finish(self) {
        println!("{} slopes compared, {} skipped, digest {:016x}", self.compared, self.skipped, self.digest);
        assert!(self.compared > self.skipped, "most comparisons have to tell something");
        assert!(self.failures.is_empty(), "{}", self.failures.join("\n"));
    }
}

/// An argument as a program takes it, and as the tangent of that argument.
macro_rules! argument {
    ($point:ident, v) => {
        &$point.v[..]
    };
    ($point:ident, w) => {
        $point.w
    };
    ($point:ident, z) => {
        $point.z.clone()
    };
}

macro_rules! check {
    ($report:ident, $name:ident($($part:ident),*)) => {
        $report.run(&Subject {
            name: stringify!($name),
            names: &[$(stringify!($part)),*],
            value: &|p, n| $name(p.x, p.y, n, $(argument!(p, $part)),*),
            gradients: &[
                ("value_and_grad", &|p, n| {
                    let (value, gradient) = $name::value_and_grad(p.x, p.y, n, $(argument!(p, $part)),*);
                    (value, flat(&gradient))
                }),
                ("value_and_grad without analyses", &|p, n| {
                    let (value, gradient) = plain::$name::value_and_grad(p.x, p.y, n, $(argument!(p, $part)),*);
                    (value, flat(&gradient))
                }),
                ("the pullback", &|p, n| {
                    let (value, pullback) = $name::vjp(p.x, p.y, n, $(argument!(p, $part)),*);
                    (value, flat(&pullback(1.0)))
                }),
                ("the second pull", &|p, n| {
                    let (value, pullback) = $name::vjp(p.x, p.y, n, $(argument!(p, $part)),*);
                    pullback(3.0);
                    (value, flat(&pullback(-2.0)).iter().map(|slope| slope / -2.0).collect())
                }),
                ("the second pull without analyses", &|p, n| {
                    let (value, pullback) = plain::$name::vjp(p.x, p.y, n, $(argument!(p, $part)),*);
                    pullback(3.0);
                    (value, flat(&pullback(-2.0)).iter().map(|slope| slope / -2.0).collect())
                }),
            ],
            tangents: &[
                ("jvp", &|p, n, d| {
                    $name::jvp(p.x, p.y, n, $(argument!(p, $part),)* d.x, d.y, $(argument!(d, $part)),*)
                }),
                ("jvp without analyses", &|p, n, d| {
                    plain::$name::jvp(p.x, p.y, n, $(argument!(p, $part),)* d.x, d.y, $(argument!(d, $part)),*)
                }),
            ],
        });
    };
}

// What the random programs call.
#[differentiable]
fn blend(x: f64, y: f64) -> f64 {
    if x > y { (x * 0.5).sin() + 0.2 * y } else { x * 0.1 - (y * 0.7).cos() }
}

#[differentiable]
fn polar(x: f64) -> (f64, f64) {
    (x.cos(), x.sin() * 0.9)
}

#[differentiable]
fn weigh(v: &[f64], x: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..v.len() {
        sum += v[i] * (x + i as f64).sin();
    }
    sum.tanh() * 2.0
}

#[differentiable]
fn stir(v: &mut [f64], x: f64) -> f64 {
    let last = v.len() - 1;
    let before = v[last];
    for i in 0..last {
        v[i + 1] = (v[i] * v[i + 1]).sin() + 0.3 * x;
    }
    before * 0.5 + v[0]
}

#[differentiable]
fn soften(v: &mut [f64], x: f64) {
    for e in v.iter_mut() {
        *e = (*e * x).tanh();
    }
}

#[differentiable]
fn turned(w: [f64; 3], x: f64) -> [f64; 3] {
    [w[1] * x.cos(), w[2] + 0.1 * x, w[0] * w[1] * 0.3]
}

#[differentiable]
fn scaled(z: Vec<f64>, x: f64) -> Vec<f64> {
    let mut z = z;
    for i in 0..z.len() {
        z[i] *= x.sin() + 0.2;
    }
    z
}

#[differentiable]
fn checked(x: f64) -> Option<f64> {
    if x < 1.2 { Some(x * 0.8 + 0.1) } else { None }
}

#[differentiable]
fn tried(x: f64) -> Result<f64, String> {
    if x > 1.3 {
        return Err(format!("{x} is too large"));
    }
    Ok((x * 0.6).sin())
}

#[differentiable]
fn applied<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {
    f(x) * 0.5 + f(0.3 * x)
}

#[differentiable]
fn polynomial<T: Float, const N: usize>(x: T, coefficients: [T; N]) -> T {
    let sum = coefficients.iter().rev().fold(T::zero(), |sum, &c| sum * x + c);
    sum / (T::one() + sum * sum)
}

#[differentiable]
fn spread<T: Float + std::iter::Sum, const N: usize>(v: &[T; N], x: T) -> T {
    let n = T::from(N).unwrap();
    let mean = v.iter().copied().sum::<T>() / n;
    v.iter().map(|&t| (t - mean) * (t - x)).sum::<T>().tanh()
}

#[derive(Clone, Debug, Differentiable)]
enum Shape {
    Point,
    Circle(f64),
    Rect { w: f64, h: f64 },
    Path(Vec<f64>),
}

#[differentiable]
impl Shape {
    fn area(&self) -> f64 {
        match self {
            Shape::Point => 0.2,
            Shape::Circle(r) => (r * r).sin(),
            Shape::Rect { w, h } if w > h => (w * h).tanh(),
            Shape::Rect { w, h } => w.cos() - 0.3 * h,
            Shape::Path(points) => points.windows(2).map(|pair| (pair[1] - pair[0]).tanh()).sum(),
        }
    }
}

#[derive(Clone, Debug, Differentiable)]
struct State {
    level: f64,
    rate: f64,
    memory: Vec<f64>,
    steps: usize,
}

#[differentiable]
impl State {
    fn new(level: f64, rate: f64) -> Self {
        Self { level, rate, memory: vec![0.5 * level, rate, 0.4], steps: 0 }
    }

    fn energy(&self, x: f64) -> f64 {
        (self.level * x + self.memory.iter().sum::<f64>()).sin() + 0.2 * self.rate
    }

    fn step(&mut self, x: f64) -> f64 {
        let before = self.level;
        self.level = (self.level + self.rate * x).tanh();
        let at = self.steps % self.memory.len();
        self.memory[at] = 0.5 * self.memory[at] + before * x.cos();
        self.steps += 1;
        self.energy(before)
    }

    fn moved(&self, x: f64) -> Self {
        Self { level: self.level * x.sin(), steps: self.steps + 1, ..self.clone() }
    }
}

#[differentiable]
fn nudge(state: &mut State, x: f64) {
    let State { level, rate, .. } = state;
    *level = *level * 0.7 + *rate * x.sin();
    *rate -= 0.1 * *level;
}

#[differentiable]
fn part_0(x: f64, y: f64, n: usize) -> (f64, f64) {
    let mut c: Vec<f64> = (0..3)
        .map(|i_3| 0.9_f64)
        .skip(1)
        .filter_map(|t_6| if (0.6_f64) <= 1.3_f64 { Some((y - t_6) * 0.400) } else { None })
        .collect();
    if ((c.last().copied().unwrap_or(0.5)) > 0.7_f64) && ((c.len() as f64 * 0.1) > y) {
        return (
            (if let [t_8, _, r_10 @ ..] = &c[..] {
                if r_10.is_empty() {
                    *t_8
                } else {
                    let mut trips_12 = 0;
                    let p = 'loop_11: loop {
                        trips_12 += 1;
                        if trips_12 > 4 {
                            break (r_10
                                .iter()
                                .enumerate()
                                .map(|(i_15, &t_13)| applied(|t_16| x, r_10[(n) % 1]))
                                .map(|t_17| tried((*t_8)).unwrap_or(0.3))
                                .step_by(2)
                                .fold((0.5_f64, 1.0_f64), |(t_21, s_23), u_22| {
                                    ((t_21).abs(), s_23 * 0.5 + f64::min(y, (*t_8)) * t_21.cos())
                                })
                                .0);
                        }
                        if ((y) > r_10[(n) % 1]) || ((x) > c.first().map_or(0.2, |t| t * 0.7)) {
                            continue 'loop_11;
                        }
                        'loop_24: for e_26 in r_10.iter() {
                            if ((1_usize) % 3 == 0) && ((r_10[(1_usize) % 1]) <= 1.0_f64) {
                                continue 'loop_11;
                            }
                        }
                        let Some(q) = (c.get(n).copied()) else { continue 'loop_11 };
                    };
                    p
                }
            } else {
                x
            }),
            (match (n + n) % 4 {
                0 => 0.7_f64,
                1 | 2 if (y) > ((c.iter().sum::<f64>().tanh()) * (x)).sin() => x,
                _ => {
                    c.insert(0, x);
                    c.push({
                        let t = x;
                        (-t * t).exp()
                    });
                    1.2_f64
                }
            }),
        );
    }
    (
        (blend((c.len() as f64 * 0.1), x))
            + (({
                let t = y;
                (1.0 + t * t).sqrt()
            }) * 0.571)
            + ((0.2_f64 - c.first().map_or(0.2, |t| t * 0.7)).sin()),
        tried(y).unwrap_or(0.3),
    )
}
#[differentiable]
pub(crate) fn program_0(mut x: f64, y: f64, n: usize, w: [f64; 3], mut z: Vec<f64>) -> f64 {
    let p = (match (n) % 4 {
        0 => {
            let mut p = Shape::Circle(((n) % 5) as f64 * 0.3);
            (((n) % 5) as f64 * 0.3).cos()
        }
        1 | 2 if (n) % 3 == 0 => {
            let mut c = vec![vec![-(z[2]); 2]; 3];
            (f64::min(
                (y) * (c[(n) % 3][0]),
                (if let Some(t_12) = (z.iter().copied().find(|t_11| (z[(3_usize * 3 + 1) % 4]) > (*t_11))) {
                    0.8_f64
                } else {
                    w[(n * 3 + 1) % 3]
                }),
            )) * 0.320
        }
        _ => {
            let mut d = State::new(((1.1_f64) * (x)) * 0.727, std::mem::replace(&mut z[1], y));
            w[(n) % 3]
        }
    });
    let mut trips_15 = 0;
    let d = 'loop_14: loop {
        trips_15 += 1;
        if trips_15 > 2 {
            break p;
        }
        let q_16;
        if (n < n) || ((p) > p) {
            let d = (z
                .iter()
                .zip(z.iter())
                .map(|(t_17, u_18)| {
                    ((tried((*u_18)).unwrap_or(0.3)) * ((x) as f64) + (tried(x).unwrap_or(0.3) - ((*t_17) + w[1])))
                        .sin()
                })
                .step_by(2)
                .map(|t_22| applied(|t_24| w[0], x))
                .fold(((n) % 5) as f64 * 0.3, |t_25, u_26| {
                    (match (0_usize) % 4 {
                        0 => z[(n) % 4],
                        1 | 2 if !(3_usize < 2_usize) => ((z[1]) * (z[(n) % 4])) * 0.320,
                        _ => {
                            (x) / {
                                let t = 1.1_f64;
                                1.0 + t * t
                            }
                        }
                    })
                }));
            q_16 = (((trips_15) % 5) as f64 * 0.3 + w[1]).tanh();
        } else {
            if (2_usize) % 3 == 2 {
                let mut r = vec![-(w[2]), -(p)];
                if n < trips_15 {
                    r.push(
                        (match (1_usize) % 4 {
                            0 => {
                                let mut s = -(f64::min(
                                    {
                                        z[1] -= x;
                                        x
                                    },
                                    (match (2_usize) % 4 {
                                        0 => x,
                                        1 | 2 if ((w[(n * 3 + 1) % 3] + p).tanh()) > (z[2]) as f64 => w[(trips_15) % 3],
                                        _ => y,
                                    }),
                                ));
                                x = (((trips_15) % 5) as f64 * 0.3
                                    - (match (n + n) % 4 {
                                        0 => {
                                            s += {
                                                let t = (x) * (x);
                                                t / (1.0 + t * t)
                                            };
                                            z[0] *= (p).cos();
                                            s /= 1.5 + (x).sin();
                                            w[1]
                                        }
                                        1 | 2 if (f64::min(w[(trips_15) % 3], y)) > (y - s) * 0.400 => {
                                            continue 'loop_14;
                                        }
                                        _ => y,
                                    }))
                                    * 0.541;
                                soften(&mut z[..], {
                                    let t = (w[1]) * (x);
                                    t / (1.0 + t * t)
                                });
                                x
                            }
                            1 | 2 if (n * 3 + 1) % 3 == 1 => {
                                x -= (0.6_f64 + 1.4_f64);
                                z.swap(3, (1_usize) % 4);
                                p
                            }
                            _ => p,
                        }),
                    );
                    break 'loop_14 ((r.len() as f64 * 0.1) * (p)) * 0.320;
                }
            } else if (((n) % 5) as f64 * 0.3) > (x + p) * 0.400 {
                z[3] += stir(&mut z[..], p);
                z.swap((1_usize) % 4, (n) % 4);
                z[1] = (match (trips_15) % 4 {
                    0 => z[(n) % 4],
                    1 | 2
                        if ({
                            let t = (p) * (x);
                            t / (1.0 + t * t)
                        }) > ((z[2]) * (x)) * 0.320 =>
                    {
                        z[1] = (({
                            let t = x;
                            (1.0 + t * t).sqrt()
                        }) * (y))
                            .sin();
                        x = ((1_usize) % 5) as f64 * 0.3;
                        w[0]
                    }
                    _ => 0.3_f64,
                })
                .sin();
            } else {
                soften(&mut z[..], ((trips_15) % 5) as f64 * 0.3);
            }
            z[(trips_15) % 4] = (((n) % 5) as f64 * 0.3) / {
                let t = stir(&mut z[..], y);
                1.0 + t * t
            };
            q_16 = (-(w[1])).max((x).abs());
        }
        z[3] *= (match (3_usize) % 4 {
            0 => continue 'loop_14,
            1 | 2 if ((q_16) <= 0.7_f64) && ((trips_15) % 3 == 2) => {
                z[(3_usize + 0_usize) % 4] = p;
                z[0] = z[(3_usize) % 4];
                p
            }
            _ => w[0],
        })
        .cos();
        x -= (z[(trips_15) % 4] - w[0]) * 0.400;
    };
    (z[1])
        + (if (z[(n + n) % 4]) > p { d } else { z[(n * 3 + 1) % 4] })
        + ({
            z[2] = x;
            x
        })
}
#[differentiable]
fn part_1(state: &mut State, x: f64, mut y: f64, n: usize) -> Result<f64, String> {
    let s = |t_1: f64| (blend(1.3_f64, state.memory[0])).clamp(-1.0, 1.0);
    let s = {
        y -= ((1..=4)
            .rev()
            .map(|i_4| s(0.9))
            .step_by(2)
            .flat_map(|t_7| [((n) % 5) as f64 * 0.3, y])
            .last()
            .unwrap_or(0.4));
        s(polar(x).0)
    };
    let a = &mut y;
    *a = (s + ((*a) + state.level)).tanh();
    let b = state.memory[1];
    Ok((polynomial(s, [b, 0.3, state.level]))
        + ({
            *a /= 1.5 + (x).sin();
            0.7_f64
        })
        + ({
            let t = ((*a) + 0.6_f64);
            t / (1.0 + t * t)
        }))
}
#[differentiable]
pub(crate) fn program_1(x: f64, y: f64, n: usize, z: Vec<f64>) -> f64 {
    'loop_1: for i_2 in 1..=3 {
        let mut trips_4 = 0;
        'loop_3: while trips_4 < 2 && (((x) <= x) || ((z[1]) > 0.7_f64)) {
            trips_4 += 1;
            if ((0..6)
                .step_by(2)
                .map(|i_7| {
                    let t = (x - z[(n) % 4]);
                    t / (1.0 + t * t)
                })
                .flat_map(|t_8| [(x).atan(), (z[(trips_4 + n) % 4]).atan()])
                .flat_map(|t_10| [(x).atan(), ((trips_4) % 5) as f64 * 0.3])
                .any(|t_12| n < trips_4))
                || ((z
                    .iter()
                    .skip(1)
                    .map(|t_13| {
                        (z.iter()
                            .map(|t_16| (z[2] + 0.5_f64) * 0.667)
                            .step_by(2)
                            .fold((0.5_f64, 1.0_f64), |(t_21, s_24), u_22| {
                                (
                                    ((*t_13) * (t_21)) * 0.320,
                                    s_24 * 0.5
                                        + applied(
                                            |t_23| {
                                                let t = (x) * (*t_13);
                                                t / (1.0 + t * t)
                                            },
                                            x,
                                        ) * t_21.cos(),
                                )
                            })
                            .0)
                    })
                    .take_while(|t_25| (z[3]) <= (*t_25))
                    .filter_map(|t_27| if (i_2 + i_2) % 3 == 1 { Some(0.8_f64) } else { None })
                    .product::<f64>()
                    .sin())
                    > x)
            {
                let mut s: Option<f64> = Some(
                    (if (0.3_f64) > 0.1_f64 { y } else { x }) / {
                        let t = (if let Some(t_33) = (z.get(n).copied()) { t_33 } else { y });
                        1.0 + t * t
                    },
                );
            }
            if z.chunks(2)
                .map(|t_35| {
                    (match &t_35[..] {
                        [t_38, .., s_39] => z[2],
                        [] | [_] => z[(trips_4 + trips_4) % 4],
                    })
                })
                .take_while(|t_41| (y) <= z[(1_usize) % 4])
                .all(|t_43| n < trips_4)
            {
                if (1_usize) % 3 == 2 {
                    continue 'loop_1;
                }
            } else {
            }
        }
    }
    ((z[2]) as f64) + ((z[(n) % 4] - y).tanh()) + ((x) as f64)
}
#[differentiable]
fn part_2(mut x: f64, mut y: f64, n: usize) -> Option<f64> {
    match (n) % 3 {
        0 => {
            let p = |t_16: f64| ((y) * ((if (x) <= y { t_16 } else { x }).powi(2))) * 0.128;
            'loop_17: for i_18 in 0..(0_usize) % 5 {
                'loop_19: for i_20 in (0..4).rev() {}
            }
        }
        m if (1_usize) % 3 == 1 && m < 2 => {
            y += ((x) * (y)) * 0.320;
            x = y;
            y += 0.9_f64;
        }
        _ => {
            std::mem::swap(&mut x, &mut y);
            y = (if (1..=4).rev().map(|i_23| (x) as f64).any(|t_24| (y) > t_24) {
                ((n) % 5) as f64 * 0.3
            } else {
                (y) as f64
            });
            x += {
                y = {
                    let t = x;
                    (-t * t).exp()
                };
                1.0_f64
            };
        }
    }
    Some(
        ({
            y += x;
            y
        }) + (-(x))
            + ({
                x += 0.1_f64;
                x
            }),
    )
}
#[differentiable]
pub(crate) fn program_2(mut x: f64, y: f64, n: usize, v: &[f64], w: [f64; 3]) -> f64 {
    let mut c = applied(
        |t_1| {
            let t = (0.1_f64
                + (match (n) % 4 {
                    0 => (x) as f64,
                    1 | 2
                        if ({
                            let t = (t_1 + 0.4_f64);
                            t / (1.0 + t * t)
                        }) > (y).atan() =>
                    {
                        let t = (y - v[((stop_gradient({
                            let t = (v[2] - y);
                            t / (1.0 + t * t)
                        })
                        .abs()
                            * 3.0) as usize)
                            % 4]);
                        t / (1.0 + t * t)
                    }
                    _ => polynomial(1.0_f64, [w[1], 0.3, t_1]),
                }));
            t / (1.0 + t * t)
        },
        v[1],
    );
    if !((c) > y) {
        return spread(&w, y);
    }
    'loop_2: for i_3 in (0..4).rev() {
        match (i_3) % 3 {
            0 => {
                if n < n {
                    c = (if (w
                        .chunks_exact(2)
                        .map(|t_4| f64::min(v[(i_3 + 0_usize) % 4], 0.2_f64))
                        .reduce(|t_7, u_8| {
                            (match (i_3 + n) % 4 {
                                0 => w[1],
                                1 | 2
                                    if w.iter()
                                        .zip(v.iter())
                                        .map(|(t_9, u_10)| {
                                            let t = (w[(n + i_3) % 3]) * (v[1]);
                                            t / (1.0 + t * t)
                                        })
                                        .any(|t_12| (n + i_3) % 3 == 1) =>
                                {
                                    y
                                }
                                _ => c,
                            })
                        })
                        .unwrap_or(0.2))
                        > (match (i_3 + n) % 4 {
                            0 => {
                                c = ((x).sin() + (x) as f64) * 0.571;
                                w[(n) % 3]
                            }
                            1 | 2
                                if (({
                                    let t = x;
                                    (1.0 + t * t).sqrt()
                                })
                                .sin())
                                    > (1.4_f64 - y) * 0.513 =>
                            {
                                y
                            }
                            _ => 0.8_f64,
                        }) {
                        ((c) * (x)) * 0.320
                    } else {
                        (match (i_3) % 4 {
                            0 => y,
                            1 | 2 if (n * 3 + 1) % 3 == 0 => {
                                (c, x) = (y, ((c).powi(2)) * 0.320);
                                c = ((v[1]).powi(2) - (y).abs()) * 0.229;
                                c = {
                                    x = (blend(x, v[(i_3) % 4])).cos();
                                    y
                                };
                                x
                            }
                            _ => v[3],
                        })
                    });
                }
                x += (y).atan();
            }
            m if i_3 < 1_usize && m < 2 => {
                x = (blend(c, c)) as f64;
                c += {
                    let t = (w[2] + 0.6_f64);
                    t / (1.0 + t * t)
                };
            }
            _ => {
                x /= 1.5 + (((w[0]).powi(2)) * 0.320).sin();
                c = (match (2_usize * 3 + 1) % 4 {
                    0 => part_0(1.1_f64, x, (2_usize) % 4).0,
                    1 | 2 if (y) > (w[2]).abs() => {
                        x = {
                            x = (if (c) > x { y } else { x }) as f64;
                            (0.3_f64).sin()
                        };
                        x = -(((v[(n + n) % 4]) * (c)) * 0.320);
                        -(w[(n) % 3])
                    }
                    _ => {
                        c = ((x + x) + w[(1_usize) % 3]).sin();
                        (v[(i_3) % 4]).max(0.3_f64)
                    }
                });
            }
        }
        x = (((v[(3_usize + n) % 4]).tanh()) * (v[(i_3 + i_3) % 4] - y)).sin();
    }
    (((c) * (c)) * 0.320)
        + ({
            x /= 1.5 + (v[(n) % 4]).sin();
            0.6_f64
        })
        + (-(x))
}
#[differentiable]
fn part_3(state: &mut State, x: f64, y: f64, n: usize) -> f64 {
    if n < n {
        return polar(state.level).0;
    }
    let p = |t_1: f64| ((3_usize + n) % 5) as f64 * 0.3;
    let Some(d) = (if (p(0.1)) > {
        let t = (0.7_f64 - p(0.6));
        t / (1.0 + t * t)
    } {
        Some(
            ((0..3)
                .map(|i_5| {
                    ((1..=4)
                        .rev()
                        .map(|i_8| p(0.2))
                        .flat_map(|t_9| {
                            [
                                {
                                    let t = state.level;
                                    (-t * t).exp()
                                },
                                tried(state.level).unwrap_or(0.3),
                            ]
                        })
                        .fold((state.level - p(0.2)) * 0.400, |t_11, u_12| {
                            (Some(polynomial(((state.level) * (y)) * 0.320, [x, 0.3, y])))
                                .map_or(y, |t_14| polar((if (u_12) > x { x } else { u_12 })).0)
                        }))
                })
                .scan(0.5_f64, |s_17, t_16| {
                    *s_17 = (0.5_f64 - p(0.5)).tanh();
                    Some(*s_17 + t_16)
                })
                .reduce(|t_18, u_19| (t_18 - x) * 0.400)
                .unwrap_or(0.2)),
        )
    } else {
        None
    }) else {
        return y;
    };
    state.step(
        ((match (2_usize) % 4 {
            0 => {
                let mut b: Vec<f64> = (1..=4)
                    .rev()
                    .map(|i_22| d)
                    .map(|t_23| p(0.5))
                    .flat_map(|t_25| [(if (n) % 3 == 0 { x } else { t_25 }), d])
                    .collect();
                let mut r = vec![
                    vec![
                        {
                            b[(n) % 8] += d;
                            1.3_f64
                        },
                        ((x) * (b[(n) % 8])) * 0.320,
                    ],
                    vec![(b[2] - x).tanh(), (if (b[(n) % 8]) > p(0.8) { 0.3_f64 } else { b[1] })],
                    vec![
                        {
                            let t = (d - p(0.5));
                            t / (1.0 + t * t)
                        },
                        (p(0.5) + p(0.8)) * 0.400,
                    ],
                ];
                x
            }
            1 | 2 if (1_usize) % 3 == 2 => d,
            _ => d,
        }) - { d })
        .tanh(),
    );
    ({
        let t = (x) * (x);
        t / (1.0 + t * t)
    }) + (-(state.level))
        + ((state.level) * (1.0_f64))
}
#[differentiable]
pub(crate) fn program_3(mut x: f64, y: f64, n: usize, mut w: [f64; 3]) -> f64 {
    w[1] = stir(&mut w[1..], ((y).cos()).clamp(-1.0, 1.0));
    let mut b: Option<f64> = if ((w[0]) > 1.2_f64) && ((0.8_f64) <= x) {
        Some(tried(std::mem::replace(&mut x, w[0])).unwrap_or(0.3))
    } else {
        None
    };
    let u = ((w
        .iter()
        .copied()
        .rev()
        .map(|t_2| ((x).sin()).cos())
        .filter_map(|t_5| if (y) <= w[1] { Some(-(t_5)) } else { None })
        .fold((0.5_f64, 1.0_f64), |(t_7, s_9), u_8| {
            (x, s_9 * 0.5 + (if (x) <= b.unwrap_or(0.3) { x } else { w[2] }) * t_7.cos())
        })
        .0)
        .powi(2))
        * 0.320;
    match (n) % 3 {
        0 => {
            let mut s = |t_10: f64| {
                w[2] += (b.unwrap_or(0.3)).abs();
                w[2] * 0.5 + (x).clamp(-1.0, 1.0)
            };
            if ((b.unwrap_or(0.3)) > u) && ((y) > y) {
                s(((y) * (u)).tanh());
                return (1.0_f64) / {
                    let t = y;
                    1.0 + t * t
                };
            }
            s(-(1.4_f64));
        }
        m if 1_usize < n && m < 2 => {
            x *= (spread(&w, 0.7_f64)).cos();
        }
        _ => {
            if let Some(t_11) = b.as_mut() {
                *t_11 = (((y) * (w[0])) * 0.320) as f64;
            }
            x += applied(|t_12| ((t_12) * (t_12)) * 0.320, y);
        }
    }
    ((b.unwrap_or(0.3) - w[(2_usize * 3 + 1) % 3]) * 0.400)
        + ((y) / {
            let t = w[2];
            1.0 + t * t
        })
        + (x)
}
impl State {
    #[differentiable]
    fn part_4(&mut self, mut x: f64, y: f64, n: usize) -> Result<f64, String> {
        match (2_usize) % 3 {
            0 => {
                let mut s = State::new(
                    (self.level).sin(),
                    (if !((n) % 3 == 0) {
                        Some(
                            (match (n) % 4 {
                                0 => return Err("left".to_owned()),
                                1 | 2 if ((self.level) <= self.level) || ((x) > x) => -(x),
                                _ => {
                                    if (1_usize + n) % 3 == 0 {
                                        return Err("left".to_owned());
                                    }
                                    ({
                                        let sum: f64 = (0..6)
                                            .step_by(2)
                                            .map(|i_4| {
                                                let t = (y - 1.0_f64);
                                                t / (1.0 + t * t)
                                            })
                                            .map(|t_5| {
                                                let t = (t_5 - t_5);
                                                t / (1.0 + t * t)
                                            })
                                            .filter(|t_7| (x) > (*t_7))
                                            .sum();
                                        sum / (1.0 + sum * sum)
                                    })
                                }
                            }),
                        )
                    } else {
                        None
                    })
                    .unwrap_or(self.level),
                );
            }
            m if (3_usize) % 3 == 0 && m < 2 => {
                let (d, mut c) = polar(
                    (if ((y) as f64) > self.level {
                        x *= (((self.level) * (self.memory[0]) + (y + self.level)).tanh()).cos();
                        let mut a = ((x).atan()).tanh();
                        x = ((1..=4).rev().map(|i_15| y).step_by(2).fold(
                            std::mem::replace(&mut a, self.level),
                            |t_18, u_19| {
                                applied(
                                    |t_20| {
                                        applied(|t_21| ((y + self.memory[(n) % 3]) - (t_20).sin()).tanh(), {
                                            let t = (a + y);
                                            t / (1.0 + t * t)
                                        })
                                    },
                                    blend(1.0_f64, u_19),
                                )
                            },
                        )) as f64;
                        {
                            a += x;
                            y
                        }
                    } else {
                        return Ok(((x) * (self.level)).tanh());
                    }),
                );
                nudge(self, ((n) % 5) as f64 * 0.3);
            }
            _ => {
                *self = State::new(
                    (match (n) % 4 {
                        0 => return Err("left".to_owned()),
                        1 | 2 if !((1.0_f64) > y) => 0.6_f64,
                        _ => {
                            x /= 1.5 + ((y - y) * 0.400).sin();
                            x
                        }
                    }),
                    self.level,
                );
                *self = State::new((y).atan(), self.level);
                std::mem::swap(&mut self.level, &mut self.rate);
            }
        }
        Ok(((self.level).tanh())
            + (-(y))
            + ((x) / {
                let t = self.level;
                1.0 + t * t
            }))
    }
}
#[differentiable]
pub(crate) fn program_4(x: f64, y: f64, n: usize, mut w: [f64; 3], z: Vec<f64>) -> f64 {
    let mut u: Vec<f64> = w
        .iter()
        .skip(1)
        .map(|t_1| {
            applied(
                |t_4| {
                    (w.get(n).copied()).unwrap_or(
                        (Some(
                            (if !((t_4) <= w[(n) % 3]) {
                                tried((*t_1)).unwrap_or(0.3)
                            } else {
                                (w[(n) % 3] - (*t_1)) * 0.400
                            }),
                        ))
                        .map_or(w[(n) % 3], |t_9| -(z[(n) % 4])),
                    )
                },
                (if (z[0]) > y { z[(1_usize) % 4] } else { (*t_1) }),
            )
        })
        .collect();
    match (n) % 3 {
        0 => {
            if (match &u[..] {
                [t_11] => {
                    (u[1]) / {
                        let t = u[0];
                        1.0 + t * t
                    }
                }
                [_, t_11, s_12] => {
                    let t = {
                        let t = (*t_11);
                        (1.0 + t * t).sqrt()
                    };
                    t / (1.0 + t * t)
                }
                _ => z[(n) % 4],
            }) > (u[(n) % 2]) as f64
            {
                if !(((u[(n) % 2]) > y) && ((y) > y)) {
                    w[((stop_gradient(
                        (u[(n + n) % 2]) / {
                            let t = x;
                            1.0 + t * t
                        },
                    )
                    .abs()
                        * 3.0) as usize)
                        % 3] = {
                        let Some(t_22) = (Some(
                            (u.iter()
                                .zip(z.iter())
                                .map(|(t_15, u_16)| polar(((n) % 5) as f64 * 0.3).0)
                                .filter(|t_18| n < n)
                                .fold(blend(z[0], w[(n) % 3]), |t_20, u_21| ((w[0]) * (0.1_f64 - y)) * 0.308)),
                        )) else {
                            return part_2(y, u[0], (n) % 4).unwrap_or(0.7);
                        };
                        ((t_22) * (z[(n) % 4])) * 0.320
                    };
                    u[(n) % 2] = {
                        soften(&mut w[..], u[(n) % 2]);
                        (if n < n {
                            y
                        } else {
                            return (z[(n) % 4]) / {
                                let t = y;
                                1.0 + t * t
                            };
                        })
                        .max(applied(|t_24| applied(|t_25| weigh(&u[1..], z[(n) % 4]), 0.6_f64), u[(n) % 2]))
                    };
                    u[0] *= (({
                        let t = {
                            w[2] *= (x).cos();
                            z[3]
                        };
                        (1.0 + t * t).sqrt()
                    })
                    .sin())
                    .cos();
                }
            }
            match (2_usize) % 3 {
                0 => {
                    let mut a = vec![(u[(3_usize + n) % 2] + y).sin(); 4];
                    let a = (f64::min(0.5_f64, ((x) as f64) * (a[(n) % 4]))) * 0.320;
                    w[0] = ((if ((z[2]) > y) || ((a) <= u[(n) % 2]) {
                        (x).tanh()
                    } else {
                        w[(n) % 3] = polar(((y) * (w[0])) * 0.320).0;
                        soften(&mut u[..], a);
                        u[((stop_gradient((a).tanh()).abs() * 3.0) as usize) % 2] += a;
                        weigh(&z[1..], x)
                    }) + a)
                        .tanh();
                }
                m if !((x) > z[(n) % 4]) && m < 2 => {
                    soften(&mut w[..], ((x) * (u[0])) * 0.320);
                    u[(n + 1_usize) % 2] += (u[1]).clamp(-1.0, 1.0);
                }
                _ => {
                    w[2] /= 1.5
                        + (match (n) % 4 {
                            0 => y,
                            1 | 2 if !((z[3]) > y) => {
                                soften(&mut w[..], x);
                                u[1] = y;
                                w[(1_usize) % 3] = (part_2(z[0], x, (3_usize) % 4).unwrap_or(0.7)) as f64;
                                w[(n) % 3]
                            }
                            _ => {
                                w[1] = {
                                    let t = (w[(n + 1_usize) % 3]) / {
                                        let t = z[(3_usize) % 4];
                                        1.0 + t * t
                                    };
                                    (-t * t).exp()
                                };
                                w = [
                                    (if (w[(n + n) % 3]) <= z[0] {
                                        soften(&mut w[..], ((x) * (y)) * 0.320);
                                        u[1]
                                    } else {
                                        w[2]
                                    }),
                                    (u[(n + n) % 2]) as f64,
                                    ((n) % 5) as f64 * 0.3,
                                ];
                                w[0]
                            }
                        })
                        .sin();
                }
            }
            soften(&mut w[..], (y - u[0]).sin());
        }
        m if ((y).sin()) > (u[0]).tanh() && m < 2 => {
            w[0] = (((n) % 5) as f64 * 0.3).atan();
            u.swap((n) % 2, (n) % 2);
        }
        _ => {
            u[1] += {
                let t = (u[1] + z[(n) % 4]);
                t / (1.0 + t * t)
            };
        }
    }
    ((w[(1_usize) % 3] - w[(n) % 3]).sin()) + ((y).atan()) + (weigh(&w[..], x))
}
#[differentiable]
fn part_5(mut x: f64, y: f64, n: usize) -> Option<f64> {
    x += (match (n) % 4 {
        0 => {
            let t = (y + y);
            t / (1.0 + t * t)
        }
        1 | 2 if ((y) > x) || ((x) > x) => (1.0_f64 - y).sin(),
        _ => y,
    });
    let s = ((y).clamp(-1.0, 1.0)) / {
        let t = blend(
            (x) / {
                let t = y;
                1.0 + t * t
            },
            (Some(polynomial(y, [y, 0.3, x])).filter(|t_1| n < 1_usize)).unwrap_or(x),
        );
        1.0 + t * t
    };
    if (0..6).step_by(2).map(|i_6| (y + s) * 0.400).all(|t_7| (t_7) > t_7) {
        return None;
    }
    x = (match (n + n) % 4 {
        0 => {
            let t = blend(x, y);
            (-t * t).exp()
        }
        1 | 2 if n < 2_usize => (std::mem::take(&mut x) + (s + x)).tanh(),
        _ => {
            ((0..6)
                .step_by(2)
                .map(|i_10| applied(|t_11| ((n + i_10) % 5) as f64 * 0.3, y))
                .take_while(|t_12| (y) > x)
                .map(|t_14| -(y))
                .fold(0.1_f64, f64::max))
        }
    });
    if ((0..6).step_by(2).map(|i_20| (0.6_f64 + 1.0_f64)).step_by(2).count() > 2) {
        let mut u = if ((0..6).step_by(2).map(|i_29| x).skip(1).take(3).count() > 2) {
            Shape::Circle({
                let t = (x + x);
                t / (1.0 + t * t)
            })
        } else {
            Shape::Rect {
                w: (if !((s) <= x) { Some(((y - y).sin()) as f64) } else { None }).map_or(s, |t_25| {
                    (match (0_usize * 3 + 1) % 4 {
                        0 => 0.1_f64,
                        1 | 2
                            if (-(s))
                                > (match (n + n) % 4 {
                                    0 => s,
                                    1 | 2 if !((x) > y) => x,
                                    _ => t_25,
                                }) =>
                        {
                            x
                        }
                        _ => s,
                    })
                }),
                h: ((x).powi(2)).tanh(),
            }
        };
        'loop_35: for i_36 in ((n * 3 + 1) % 3..4).rev() {
            match &mut u {
                Shape::Circle(t_37) => {
                    *t_37 = x;
                }
                Shape::Rect { w: s_38, h: r_39 } => {
                    *s_38 += (s + s) * 0.400;
                    std::mem::swap(s_38, r_39);
                    *r_39 += *s_38 * 0.5;
                }
                Shape::Path(t_37) => {
                    t_37[1] = (if ((x) <= s) && ((y) > s) { ((x) * (y)) * 0.320 } else { break 'loop_35 });
                }
                Shape::Point => {}
            }
            if let Shape::Circle(t_40) = &mut u {
                *t_40 = -({
                    let t = (s).powi(2);
                    t / (1.0 + t * t)
                });
            }
        }
    } else {
        x = (((s) / {
            let t = 1.3_f64;
            1.0 + t * t
        }) * ((s) * (s)))
            .tanh();
        x = ({
            x = s;
            x
        } - (y).abs())
            * 0.400;
        x += s;
    }
    Some((y) + ((y - y).sin()) + ((s).atan()))
}
#[differentiable]
pub(crate) fn program_5(mut x: f64, y: f64, n: usize, w: [f64; 3]) -> f64 {
    let mut trips_2 = 0;
    'loop_1: while trips_2 < 1 && (!((w[1]) > w[0])) {
        trips_2 += 1;
        let mut b_4 = vec![0.0; 3];
        for i_3 in 0..3 {
            b_4[i_3] = (x + 1.3_f64).tanh();
        }
        match ((stop_gradient(((n) % 5) as f64 * 0.3).abs() * 3.0) as usize) % 3 {
            0 => {
                x = stir(
                    &mut b_4[..],
                    (w.iter()
                        .zip(w.iter())
                        .map(|(t_5, u_6)| ((*u_6) + (*u_6)).sin())
                        .filter(|t_8| trips_2 < trips_2)
                        .filter(|t_10| (w[2]) > (*t_10))
                        .fold(0.1_f64, f64::max)),
                );
                let Some(a) = (w.get(1).copied()) else { break 'loop_1 };
                if (applied(
                    |t_15| {
                        (b_4.iter()
                            .zip(&b_4[..])
                            .enumerate()
                            .map(|(i_18, (t_16, u_17))| {
                                (match &b_4[..] {
                                    [t_19, .., s_20] => applied(|t_22| (*u_17), (*t_19)),
                                    [] | [_] => w[1],
                                })
                            })
                            .fold((0.5_f64, 1.0_f64), |(t_23, s_25), u_24| {
                                ((1.5_f64).sin(), s_25 * 0.5 + -(t_23) * t_23.cos())
                            })
                            .0)
                    },
                    (x).clamp(-1.0, 1.0),
                )) > (applied(
                    |t_26| {
                        (if let [t_27, _, r_29 @ ..] = &w[..] {
                            if r_29.is_empty() { *t_27 } else { b_4[(n) % 3] }
                        } else {
                            0.3_f64
                        })
                    },
                    b_4[(n + n) % 3],
                ))
                .clamp(-1.0, 1.0)
                {
                    let c = (match &w[..] {
                        [t_30, .., s_31] => {
                            x = ((-(((*s_31) + 1.0_f64).sin()))
                                * (if ((*s_31) <= w[2]) || ((b_4[2]) > (*t_30)) {
                                    ((0_usize) % 5) as f64 * 0.3
                                } else {
                                    (if (*t_30) > a { 0.6_f64 } else { continue 'loop_1 })
                                }))
                                * 0.320;
                            {
                                let t = (x + b_4[(trips_2 * 3 + 1) % 3]) * ((a) * (x));
                                t / (1.0 + t * t)
                            }
                        }
                        [] | [_] => w[2],
                    });
                    if (((w[(n) % 3]) * (x)).tanh()) > (a - c) * 0.400 {
                        b_4[(trips_2) % 3] += stir(&mut b_4[1..], a);
                        continue 'loop_1;
                    }
                    b_4[1] = (match (n + 2_usize) % 4 {
                        0 => {
                            return (match (n + 0_usize) % 4 {
                                0 => b_4[1],
                                1 | 2 if trips_2 < n => {
                                    b_4[2] = (b_4[(trips_2 * 3 + 1) % 3] - -(x)) * 0.400;
                                    x
                                }
                                _ => b_4[2],
                            });
                        }
                        1 | 2 if !((x) <= c) => continue 'loop_1,
                        _ => 0.1_f64,
                    }) as f64;
                } else {
                    b_4.swap(1, (trips_2) % 3);
                    x = (f64::min(f64::min(1.4_f64, x), (a) * (y))) * 0.320;
                    x = ((n) % 5) as f64 * 0.3;
                }
            }
            m if ({
                let t = (x - b_4[2]);
                t / (1.0 + t * t)
            }) > blend(0.9_f64, 0.1_f64)
                && m < 2 =>
            {
                x = ((n) % 5) as f64 * 0.3;
                x = {
                    let t = {
                        let t = x;
                        (-t * t).exp()
                    };
                    (1.0 + t * t).sqrt()
                };
            }
            _ => {
                b_4[1] -= -(y);
                x *= (if (x) <= b_4[1] {
                    b_4[0] /= 1.5 + ((w[1]).sin()).sin();
                    y
                } else {
                    b_4[(trips_2) % 3] = ((x - y) - (y) * (b_4[(1_usize) % 3])) * 0.178;
                    x = ((w[(n) % 3]).tanh()) as f64;
                    x
                })
                .cos();
                b_4[(n) % 3] = ((n) % 5) as f64 * 0.3;
            }
        }
        x = ((0.6_f64).cos()) / {
            let t = b_4[1];
            1.0 + t * t
        };
    }
    (-(w[(2_usize) % 3])) + ((w[1]) as f64) + (y)
}

mod plain {
    use super::{Differentiable, Float, differentiable, stop_gradient};
    // What the random programs call.
    #[differentiable(analyses = off)]
    fn blend(x: f64, y: f64) -> f64 {
        if x > y { (x * 0.5).sin() + 0.2 * y } else { x * 0.1 - (y * 0.7).cos() }
    }

    #[differentiable(analyses = off)]
    fn polar(x: f64) -> (f64, f64) {
        (x.cos(), x.sin() * 0.9)
    }

    #[differentiable(analyses = off)]
    fn weigh(v: &[f64], x: f64) -> f64 {
        let mut sum = 0.0;
        for i in 0..v.len() {
            sum += v[i] * (x + i as f64).sin();
        }
        sum.tanh() * 2.0
    }

    #[differentiable(analyses = off)]
    fn stir(v: &mut [f64], x: f64) -> f64 {
        let last = v.len() - 1;
        let before = v[last];
        for i in 0..last {
            v[i + 1] = (v[i] * v[i + 1]).sin() + 0.3 * x;
        }
        before * 0.5 + v[0]
    }

    #[differentiable(analyses = off)]
    fn soften(v: &mut [f64], x: f64) {
        for e in v.iter_mut() {
            *e = (*e * x).tanh();
        }
    }

    #[differentiable(analyses = off)]
    fn turned(w: [f64; 3], x: f64) -> [f64; 3] {
        [w[1] * x.cos(), w[2] + 0.1 * x, w[0] * w[1] * 0.3]
    }

    #[differentiable(analyses = off)]
    fn scaled(z: Vec<f64>, x: f64) -> Vec<f64> {
        let mut z = z;
        for i in 0..z.len() {
            z[i] *= x.sin() + 0.2;
        }
        z
    }

    #[differentiable(analyses = off)]
    fn checked(x: f64) -> Option<f64> {
        if x < 1.2 { Some(x * 0.8 + 0.1) } else { None }
    }

    #[differentiable(analyses = off)]
    fn tried(x: f64) -> Result<f64, String> {
        if x > 1.3 {
            return Err(format!("{x} is too large"));
        }
        Ok((x * 0.6).sin())
    }

    #[differentiable(analyses = off)]
    fn applied<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {
        f(x) * 0.5 + f(0.3 * x)
    }

    #[differentiable(analyses = off)]
    fn polynomial<T: Float, const N: usize>(x: T, coefficients: [T; N]) -> T {
        let sum = coefficients.iter().rev().fold(T::zero(), |sum, &c| sum * x + c);
        sum / (T::one() + sum * sum)
    }

    #[differentiable(analyses = off)]
    fn spread<T: Float + std::iter::Sum, const N: usize>(v: &[T; N], x: T) -> T {
        let n = T::from(N).unwrap();
        let mean = v.iter().copied().sum::<T>() / n;
        v.iter().map(|&t| (t - mean) * (t - x)).sum::<T>().tanh()
    }

    #[derive(Clone, Debug, Differentiable)]
    enum PlainShape {
        Point,
        Circle(f64),
        Rect { w: f64, h: f64 },
        Path(Vec<f64>),
    }

    #[differentiable(analyses = off)]
    impl PlainShape {
        fn area(&self) -> f64 {
            match self {
                PlainShape::Point => 0.2,
                PlainShape::Circle(r) => (r * r).sin(),
                PlainShape::Rect { w, h } if w > h => (w * h).tanh(),
                PlainShape::Rect { w, h } => w.cos() - 0.3 * h,
                PlainShape::Path(points) => points.windows(2).map(|pair| (pair[1] - pair[0]).tanh()).sum(),
            }
        }
    }

    #[derive(Clone, Debug, Differentiable)]
    struct PlainState {
        level: f64,
        rate: f64,
        memory: Vec<f64>,
        steps: usize,
    }

    #[differentiable(analyses = off)]
    impl PlainState {
        fn new(level: f64, rate: f64) -> Self {
            Self { level, rate, memory: vec![0.5 * level, rate, 0.4], steps: 0 }
        }

        fn energy(&self, x: f64) -> f64 {
            (self.level * x + self.memory.iter().sum::<f64>()).sin() + 0.2 * self.rate
        }

        fn step(&mut self, x: f64) -> f64 {
            let before = self.level;
            self.level = (self.level + self.rate * x).tanh();
            let at = self.steps % self.memory.len();
            self.memory[at] = 0.5 * self.memory[at] + before * x.cos();
            self.steps += 1;
            self.energy(before)
        }

        fn moved(&self, x: f64) -> Self {
            Self { level: self.level * x.sin(), steps: self.steps + 1, ..self.clone() }
        }
    }

    #[differentiable(analyses = off)]
    fn nudge(state: &mut PlainState, x: f64) {
        let PlainState { level, rate, .. } = state;
        *level = *level * 0.7 + *rate * x.sin();
        *rate -= 0.1 * *level;
    }

    #[differentiable(analyses = off)]
    fn part_0(x: f64, y: f64, n: usize) -> (f64, f64) {
        let mut c: Vec<f64> = (0..3)
            .map(|i_3| 0.9_f64)
            .skip(1)
            .filter_map(|t_6| if (0.6_f64) <= 1.3_f64 { Some((y - t_6) * 0.400) } else { None })
            .collect();
        if ((c.last().copied().unwrap_or(0.5)) > 0.7_f64) && ((c.len() as f64 * 0.1) > y) {
            return (
                (if let [t_8, _, r_10 @ ..] = &c[..] {
                    if r_10.is_empty() {
                        *t_8
                    } else {
                        let mut trips_12 = 0;
                        let p = 'loop_11: loop {
                            trips_12 += 1;
                            if trips_12 > 4 {
                                break (r_10
                                    .iter()
                                    .enumerate()
                                    .map(|(i_15, &t_13)| applied(|t_16| x, r_10[(n) % 1]))
                                    .map(|t_17| tried((*t_8)).unwrap_or(0.3))
                                    .step_by(2)
                                    .fold((0.5_f64, 1.0_f64), |(t_21, s_23), u_22| {
                                        ((t_21).abs(), s_23 * 0.5 + f64::min(y, (*t_8)) * t_21.cos())
                                    })
                                    .0);
                            }
                            if ((y) > r_10[(n) % 1]) || ((x) > c.first().map_or(0.2, |t| t * 0.7)) {
                                continue 'loop_11;
                            }
                            'loop_24: for e_26 in r_10.iter() {
                                if ((1_usize) % 3 == 0) && ((r_10[(1_usize) % 1]) <= 1.0_f64) {
                                    continue 'loop_11;
                                }
                            }
                            let Some(q) = (c.get(n).copied()) else { continue 'loop_11 };
                        };
                        p
                    }
                } else {
                    x
                }),
                (match (n + n) % 4 {
                    0 => 0.7_f64,
                    1 | 2 if (y) > ((c.iter().sum::<f64>().tanh()) * (x)).sin() => x,
                    _ => {
                        c.insert(0, x);
                        c.push({
                            let t = x;
                            (-t * t).exp()
                        });
                        1.2_f64
                    }
                }),
            );
        }
        (
            (blend((c.len() as f64 * 0.1), x))
                + (({
                    let t = y;
                    (1.0 + t * t).sqrt()
                }) * 0.571)
                + ((0.2_f64 - c.first().map_or(0.2, |t| t * 0.7)).sin()),
            tried(y).unwrap_or(0.3),
        )
    }
    #[differentiable(analyses = off)]
    pub(crate) fn program_0(mut x: f64, y: f64, n: usize, w: [f64; 3], mut z: Vec<f64>) -> f64 {
        let p = (match (n) % 4 {
            0 => {
                let mut p = PlainShape::Circle(((n) % 5) as f64 * 0.3);
                (((n) % 5) as f64 * 0.3).cos()
            }
            1 | 2 if (n) % 3 == 0 => {
                let mut c = vec![vec![-(z[2]); 2]; 3];
                (f64::min(
                    (y) * (c[(n) % 3][0]),
                    (if let Some(t_12) = (z.iter().copied().find(|t_11| (z[(3_usize * 3 + 1) % 4]) > (*t_11))) {
                        0.8_f64
                    } else {
                        w[(n * 3 + 1) % 3]
                    }),
                )) * 0.320
            }
            _ => {
                let mut d = PlainState::new(((1.1_f64) * (x)) * 0.727, std::mem::replace(&mut z[1], y));
                w[(n) % 3]
            }
        });
        let mut trips_15 = 0;
        let d = 'loop_14: loop {
            trips_15 += 1;
            if trips_15 > 2 {
                break p;
            }
            let q_16;
            if (n < n) || ((p) > p) {
                let d = (z
                    .iter()
                    .zip(z.iter())
                    .map(|(t_17, u_18)| {
                        ((tried((*u_18)).unwrap_or(0.3)) * ((x) as f64) + (tried(x).unwrap_or(0.3) - ((*t_17) + w[1])))
                            .sin()
                    })
                    .step_by(2)
                    .map(|t_22| applied(|t_24| w[0], x))
                    .fold(((n) % 5) as f64 * 0.3, |t_25, u_26| {
                        (match (0_usize) % 4 {
                            0 => z[(n) % 4],
                            1 | 2 if !(3_usize < 2_usize) => ((z[1]) * (z[(n) % 4])) * 0.320,
                            _ => {
                                (x) / {
                                    let t = 1.1_f64;
                                    1.0 + t * t
                                }
                            }
                        })
                    }));
                q_16 = (((trips_15) % 5) as f64 * 0.3 + w[1]).tanh();
            } else {
                if (2_usize) % 3 == 2 {
                    let mut r = vec![-(w[2]), -(p)];
                    if n < trips_15 {
                        r.push(
                            (match (1_usize) % 4 {
                                0 => {
                                    let mut s = -(f64::min(
                                        {
                                            z[1] -= x;
                                            x
                                        },
                                        (match (2_usize) % 4 {
                                            0 => x,
                                            1 | 2 if ((w[(n * 3 + 1) % 3] + p).tanh()) > (z[2]) as f64 => {
                                                w[(trips_15) % 3]
                                            }
                                            _ => y,
                                        }),
                                    ));
                                    x = (((trips_15) % 5) as f64 * 0.3
                                        - (match (n + n) % 4 {
                                            0 => {
                                                s += {
                                                    let t = (x) * (x);
                                                    t / (1.0 + t * t)
                                                };
                                                z[0] *= (p).cos();
                                                s /= 1.5 + (x).sin();
                                                w[1]
                                            }
                                            1 | 2 if (f64::min(w[(trips_15) % 3], y)) > (y - s) * 0.400 => {
                                                continue 'loop_14;
                                            }
                                            _ => y,
                                        }))
                                        * 0.541;
                                    soften(&mut z[..], {
                                        let t = (w[1]) * (x);
                                        t / (1.0 + t * t)
                                    });
                                    x
                                }
                                1 | 2 if (n * 3 + 1) % 3 == 1 => {
                                    x -= (0.6_f64 + 1.4_f64);
                                    z.swap(3, (1_usize) % 4);
                                    p
                                }
                                _ => p,
                            }),
                        );
                        break 'loop_14 ((r.len() as f64 * 0.1) * (p)) * 0.320;
                    }
                } else if (((n) % 5) as f64 * 0.3) > (x + p) * 0.400 {
                    z[3] += stir(&mut z[..], p);
                    z.swap((1_usize) % 4, (n) % 4);
                    z[1] = (match (trips_15) % 4 {
                        0 => z[(n) % 4],
                        1 | 2
                            if ({
                                let t = (p) * (x);
                                t / (1.0 + t * t)
                            }) > ((z[2]) * (x)) * 0.320 =>
                        {
                            z[1] = (({
                                let t = x;
                                (1.0 + t * t).sqrt()
                            }) * (y))
                                .sin();
                            x = ((1_usize) % 5) as f64 * 0.3;
                            w[0]
                        }
                        _ => 0.3_f64,
                    })
                    .sin();
                } else {
                    soften(&mut z[..], ((trips_15) % 5) as f64 * 0.3);
                }
                z[(trips_15) % 4] = (((n) % 5) as f64 * 0.3) / {
                    let t = stir(&mut z[..], y);
                    1.0 + t * t
                };
                q_16 = (-(w[1])).max((x).abs());
            }
            z[3] *= (match (3_usize) % 4 {
                0 => continue 'loop_14,
                1 | 2 if ((q_16) <= 0.7_f64) && ((trips_15) % 3 == 2) => {
                    z[(3_usize + 0_usize) % 4] = p;
                    z[0] = z[(3_usize) % 4];
                    p
                }
                _ => w[0],
            })
            .cos();
            x -= (z[(trips_15) % 4] - w[0]) * 0.400;
        };
        (z[1])
            + (if (z[(n + n) % 4]) > p { d } else { z[(n * 3 + 1) % 4] })
            + ({
                z[2] = x;
                x
            })
    }
    #[differentiable(analyses = off)]
    fn part_1(state: &mut PlainState, x: f64, mut y: f64, n: usize) -> Result<f64, String> {
        let s = |t_1: f64| (blend(1.3_f64, state.memory[0])).clamp(-1.0, 1.0);
        let s = {
            y -= ((1..=4)
                .rev()
                .map(|i_4| s(0.9))
                .step_by(2)
                .flat_map(|t_7| [((n) % 5) as f64 * 0.3, y])
                .last()
                .unwrap_or(0.4));
            s(polar(x).0)
        };
        let a = &mut y;
        *a = (s + ((*a) + state.level)).tanh();
        let b = state.memory[1];
        Ok((polynomial(s, [b, 0.3, state.level]))
            + ({
                *a /= 1.5 + (x).sin();
                0.7_f64
            })
            + ({
                let t = ((*a) + 0.6_f64);
                t / (1.0 + t * t)
            }))
    }
    #[differentiable(analyses = off)]
    pub(crate) fn program_1(x: f64, y: f64, n: usize, z: Vec<f64>) -> f64 {
        'loop_1: for i_2 in 1..=3 {
            let mut trips_4 = 0;
            'loop_3: while trips_4 < 2 && (((x) <= x) || ((z[1]) > 0.7_f64)) {
                trips_4 += 1;
                if ((0..6)
                    .step_by(2)
                    .map(|i_7| {
                        let t = (x - z[(n) % 4]);
                        t / (1.0 + t * t)
                    })
                    .flat_map(|t_8| [(x).atan(), (z[(trips_4 + n) % 4]).atan()])
                    .flat_map(|t_10| [(x).atan(), ((trips_4) % 5) as f64 * 0.3])
                    .any(|t_12| n < trips_4))
                    || ((z
                        .iter()
                        .skip(1)
                        .map(|t_13| {
                            (z.iter()
                                .map(|t_16| (z[2] + 0.5_f64) * 0.667)
                                .step_by(2)
                                .fold((0.5_f64, 1.0_f64), |(t_21, s_24), u_22| {
                                    (
                                        ((*t_13) * (t_21)) * 0.320,
                                        s_24 * 0.5
                                            + applied(
                                                |t_23| {
                                                    let t = (x) * (*t_13);
                                                    t / (1.0 + t * t)
                                                },
                                                x,
                                            ) * t_21.cos(),
                                    )
                                })
                                .0)
                        })
                        .take_while(|t_25| (z[3]) <= (*t_25))
                        .filter_map(|t_27| if (i_2 + i_2) % 3 == 1 { Some(0.8_f64) } else { None })
                        .product::<f64>()
                        .sin())
                        > x)
                {
                    let mut s: Option<f64> = Some(
                        (if (0.3_f64) > 0.1_f64 { y } else { x }) / {
                            let t = (if let Some(t_33) = (z.get(n).copied()) { t_33 } else { y });
                            1.0 + t * t
                        },
                    );
                }
                if z.chunks(2)
                    .map(|t_35| {
                        (match &t_35[..] {
                            [t_38, .., s_39] => z[2],
                            [] | [_] => z[(trips_4 + trips_4) % 4],
                        })
                    })
                    .take_while(|t_41| (y) <= z[(1_usize) % 4])
                    .all(|t_43| n < trips_4)
                {
                    if (1_usize) % 3 == 2 {
                        continue 'loop_1;
                    }
                } else {
                }
            }
        }
        ((z[2]) as f64) + ((z[(n) % 4] - y).tanh()) + ((x) as f64)
    }
    #[differentiable(analyses = off)]
    fn part_2(mut x: f64, mut y: f64, n: usize) -> Option<f64> {
        match (n) % 3 {
            0 => {
                let p = |t_16: f64| ((y) * ((if (x) <= y { t_16 } else { x }).powi(2))) * 0.128;
                'loop_17: for i_18 in 0..(0_usize) % 5 {
                    'loop_19: for i_20 in (0..4).rev() {}
                }
            }
            m if (1_usize) % 3 == 1 && m < 2 => {
                y += ((x) * (y)) * 0.320;
                x = y;
                y += 0.9_f64;
            }
            _ => {
                std::mem::swap(&mut x, &mut y);
                y = (if (1..=4).rev().map(|i_23| (x) as f64).any(|t_24| (y) > t_24) {
                    ((n) % 5) as f64 * 0.3
                } else {
                    (y) as f64
                });
                x += {
                    y = {
                        let t = x;
                        (-t * t).exp()
                    };
                    1.0_f64
                };
            }
        }
        Some(
            ({
                y += x;
                y
            }) + (-(x))
                + ({
                    x += 0.1_f64;
                    x
                }),
        )
    }
    #[differentiable(analyses = off)]
    pub(crate) fn program_2(mut x: f64, y: f64, n: usize, v: &[f64], w: [f64; 3]) -> f64 {
        let mut c = applied(
            |t_1| {
                let t = (0.1_f64
                    + (match (n) % 4 {
                        0 => (x) as f64,
                        1 | 2
                            if ({
                                let t = (t_1 + 0.4_f64);
                                t / (1.0 + t * t)
                            }) > (y).atan() =>
                        {
                            let t = (y - v[((stop_gradient({
                                let t = (v[2] - y);
                                t / (1.0 + t * t)
                            })
                            .abs()
                                * 3.0) as usize)
                                % 4]);
                            t / (1.0 + t * t)
                        }
                        _ => polynomial(1.0_f64, [w[1], 0.3, t_1]),
                    }));
                t / (1.0 + t * t)
            },
            v[1],
        );
        if !((c) > y) {
            return spread(&w, y);
        }
        'loop_2: for i_3 in (0..4).rev() {
            match (i_3) % 3 {
                0 => {
                    if n < n {
                        c = (if (w
                            .chunks_exact(2)
                            .map(|t_4| f64::min(v[(i_3 + 0_usize) % 4], 0.2_f64))
                            .reduce(|t_7, u_8| {
                                (match (i_3 + n) % 4 {
                                    0 => w[1],
                                    1 | 2
                                        if w.iter()
                                            .zip(v.iter())
                                            .map(|(t_9, u_10)| {
                                                let t = (w[(n + i_3) % 3]) * (v[1]);
                                                t / (1.0 + t * t)
                                            })
                                            .any(|t_12| (n + i_3) % 3 == 1) =>
                                    {
                                        y
                                    }
                                    _ => c,
                                })
                            })
                            .unwrap_or(0.2))
                            > (match (i_3 + n) % 4 {
                                0 => {
                                    c = ((x).sin() + (x) as f64) * 0.571;
                                    w[(n) % 3]
                                }
                                1 | 2
                                    if (({
                                        let t = x;
                                        (1.0 + t * t).sqrt()
                                    })
                                    .sin())
                                        > (1.4_f64 - y) * 0.513 =>
                                {
                                    y
                                }
                                _ => 0.8_f64,
                            }) {
                            ((c) * (x)) * 0.320
                        } else {
                            (match (i_3) % 4 {
                                0 => y,
                                1 | 2 if (n * 3 + 1) % 3 == 0 => {
                                    (c, x) = (y, ((c).powi(2)) * 0.320);
                                    c = ((v[1]).powi(2) - (y).abs()) * 0.229;
                                    c = {
                                        x = (blend(x, v[(i_3) % 4])).cos();
                                        y
                                    };
                                    x
                                }
                                _ => v[3],
                            })
                        });
                    }
                    x += (y).atan();
                }
                m if i_3 < 1_usize && m < 2 => {
                    x = (blend(c, c)) as f64;
                    c += {
                        let t = (w[2] + 0.6_f64);
                        t / (1.0 + t * t)
                    };
                }
                _ => {
                    x /= 1.5 + (((w[0]).powi(2)) * 0.320).sin();
                    c = (match (2_usize * 3 + 1) % 4 {
                        0 => part_0(1.1_f64, x, (2_usize) % 4).0,
                        1 | 2 if (y) > (w[2]).abs() => {
                            x = {
                                x = (if (c) > x { y } else { x }) as f64;
                                (0.3_f64).sin()
                            };
                            x = -(((v[(n + n) % 4]) * (c)) * 0.320);
                            -(w[(n) % 3])
                        }
                        _ => {
                            c = ((x + x) + w[(1_usize) % 3]).sin();
                            (v[(i_3) % 4]).max(0.3_f64)
                        }
                    });
                }
            }
            x = (((v[(3_usize + n) % 4]).tanh()) * (v[(i_3 + i_3) % 4] - y)).sin();
        }
        (((c) * (c)) * 0.320)
            + ({
                x /= 1.5 + (v[(n) % 4]).sin();
                0.6_f64
            })
            + (-(x))
    }
    #[differentiable(analyses = off)]
    fn part_3(state: &mut PlainState, x: f64, y: f64, n: usize) -> f64 {
        if n < n {
            return polar(state.level).0;
        }
        let p = |t_1: f64| ((3_usize + n) % 5) as f64 * 0.3;
        let Some(d) = (if (p(0.1)) > {
            let t = (0.7_f64 - p(0.6));
            t / (1.0 + t * t)
        } {
            Some(
                ((0..3)
                    .map(|i_5| {
                        ((1..=4)
                            .rev()
                            .map(|i_8| p(0.2))
                            .flat_map(|t_9| {
                                [
                                    {
                                        let t = state.level;
                                        (-t * t).exp()
                                    },
                                    tried(state.level).unwrap_or(0.3),
                                ]
                            })
                            .fold((state.level - p(0.2)) * 0.400, |t_11, u_12| {
                                (Some(polynomial(((state.level) * (y)) * 0.320, [x, 0.3, y])))
                                    .map_or(y, |t_14| polar((if (u_12) > x { x } else { u_12 })).0)
                            }))
                    })
                    .scan(0.5_f64, |s_17, t_16| {
                        *s_17 = (0.5_f64 - p(0.5)).tanh();
                        Some(*s_17 + t_16)
                    })
                    .reduce(|t_18, u_19| (t_18 - x) * 0.400)
                    .unwrap_or(0.2)),
            )
        } else {
            None
        }) else {
            return y;
        };
        state.step(
            ((match (2_usize) % 4 {
                0 => {
                    let mut b: Vec<f64> = (1..=4)
                        .rev()
                        .map(|i_22| d)
                        .map(|t_23| p(0.5))
                        .flat_map(|t_25| [(if (n) % 3 == 0 { x } else { t_25 }), d])
                        .collect();
                    let mut r = vec![
                        vec![
                            {
                                b[(n) % 8] += d;
                                1.3_f64
                            },
                            ((x) * (b[(n) % 8])) * 0.320,
                        ],
                        vec![(b[2] - x).tanh(), (if (b[(n) % 8]) > p(0.8) { 0.3_f64 } else { b[1] })],
                        vec![
                            {
                                let t = (d - p(0.5));
                                t / (1.0 + t * t)
                            },
                            (p(0.5) + p(0.8)) * 0.400,
                        ],
                    ];
                    x
                }
                1 | 2 if (1_usize) % 3 == 2 => d,
                _ => d,
            }) - { d })
            .tanh(),
        );
        ({
            let t = (x) * (x);
            t / (1.0 + t * t)
        }) + (-(state.level))
            + ((state.level) * (1.0_f64))
    }
    #[differentiable(analyses = off)]
    pub(crate) fn program_3(mut x: f64, y: f64, n: usize, mut w: [f64; 3]) -> f64 {
        w[1] = stir(&mut w[1..], ((y).cos()).clamp(-1.0, 1.0));
        let mut b: Option<f64> = if ((w[0]) > 1.2_f64) && ((0.8_f64) <= x) {
            Some(tried(std::mem::replace(&mut x, w[0])).unwrap_or(0.3))
        } else {
            None
        };
        let u = ((w
            .iter()
            .copied()
            .rev()
            .map(|t_2| ((x).sin()).cos())
            .filter_map(|t_5| if (y) <= w[1] { Some(-(t_5)) } else { None })
            .fold((0.5_f64, 1.0_f64), |(t_7, s_9), u_8| {
                (x, s_9 * 0.5 + (if (x) <= b.unwrap_or(0.3) { x } else { w[2] }) * t_7.cos())
            })
            .0)
            .powi(2))
            * 0.320;
        match (n) % 3 {
            0 => {
                let mut s = |t_10: f64| {
                    w[2] += (b.unwrap_or(0.3)).abs();
                    w[2] * 0.5 + (x).clamp(-1.0, 1.0)
                };
                if ((b.unwrap_or(0.3)) > u) && ((y) > y) {
                    s(((y) * (u)).tanh());
                    return (1.0_f64) / {
                        let t = y;
                        1.0 + t * t
                    };
                }
                s(-(1.4_f64));
            }
            m if 1_usize < n && m < 2 => {
                x *= (spread(&w, 0.7_f64)).cos();
            }
            _ => {
                if let Some(t_11) = b.as_mut() {
                    *t_11 = (((y) * (w[0])) * 0.320) as f64;
                }
                x += applied(|t_12| ((t_12) * (t_12)) * 0.320, y);
            }
        }
        ((b.unwrap_or(0.3) - w[(2_usize * 3 + 1) % 3]) * 0.400)
            + ((y) / {
                let t = w[2];
                1.0 + t * t
            })
            + (x)
    }
    impl PlainState {
        #[differentiable(analyses = off)]
        fn part_4(&mut self, mut x: f64, y: f64, n: usize) -> Result<f64, String> {
            match (2_usize) % 3 {
                0 => {
                    let mut s = PlainState::new(
                        (self.level).sin(),
                        (if !((n) % 3 == 0) {
                            Some(
                                (match (n) % 4 {
                                    0 => return Err("left".to_owned()),
                                    1 | 2 if ((self.level) <= self.level) || ((x) > x) => -(x),
                                    _ => {
                                        if (1_usize + n) % 3 == 0 {
                                            return Err("left".to_owned());
                                        }
                                        ({
                                            let sum: f64 = (0..6)
                                                .step_by(2)
                                                .map(|i_4| {
                                                    let t = (y - 1.0_f64);
                                                    t / (1.0 + t * t)
                                                })
                                                .map(|t_5| {
                                                    let t = (t_5 - t_5);
                                                    t / (1.0 + t * t)
                                                })
                                                .filter(|t_7| (x) > (*t_7))
                                                .sum();
                                            sum / (1.0 + sum * sum)
                                        })
                                    }
                                }),
                            )
                        } else {
                            None
                        })
                        .unwrap_or(self.level),
                    );
                }
                m if (3_usize) % 3 == 0 && m < 2 => {
                    let (d, mut c) = polar(
                        (if ((y) as f64) > self.level {
                            x *= (((self.level) * (self.memory[0]) + (y + self.level)).tanh()).cos();
                            let mut a = ((x).atan()).tanh();
                            x = ((1..=4).rev().map(|i_15| y).step_by(2).fold(
                                std::mem::replace(&mut a, self.level),
                                |t_18, u_19| {
                                    applied(
                                        |t_20| {
                                            applied(|t_21| ((y + self.memory[(n) % 3]) - (t_20).sin()).tanh(), {
                                                let t = (a + y);
                                                t / (1.0 + t * t)
                                            })
                                        },
                                        blend(1.0_f64, u_19),
                                    )
                                },
                            )) as f64;
                            {
                                a += x;
                                y
                            }
                        } else {
                            return Ok(((x) * (self.level)).tanh());
                        }),
                    );
                    nudge(self, ((n) % 5) as f64 * 0.3);
                }
                _ => {
                    *self = PlainState::new(
                        (match (n) % 4 {
                            0 => return Err("left".to_owned()),
                            1 | 2 if !((1.0_f64) > y) => 0.6_f64,
                            _ => {
                                x /= 1.5 + ((y - y) * 0.400).sin();
                                x
                            }
                        }),
                        self.level,
                    );
                    *self = PlainState::new((y).atan(), self.level);
                    std::mem::swap(&mut self.level, &mut self.rate);
                }
            }
            Ok(((self.level).tanh())
                + (-(y))
                + ((x) / {
                    let t = self.level;
                    1.0 + t * t
                }))
        }
    }
    #[differentiable(analyses = off)]
    pub(crate) fn program_4(x: f64, y: f64, n: usize, mut w: [f64; 3], z: Vec<f64>) -> f64 {
        let mut u: Vec<f64> = w
            .iter()
            .skip(1)
            .map(|t_1| {
                applied(
                    |t_4| {
                        (w.get(n).copied()).unwrap_or(
                            (Some(
                                (if !((t_4) <= w[(n) % 3]) {
                                    tried((*t_1)).unwrap_or(0.3)
                                } else {
                                    (w[(n) % 3] - (*t_1)) * 0.400
                                }),
                            ))
                            .map_or(w[(n) % 3], |t_9| -(z[(n) % 4])),
                        )
                    },
                    (if (z[0]) > y { z[(1_usize) % 4] } else { (*t_1) }),
                )
            })
            .collect();
        match (n) % 3 {
            0 => {
                if (match &u[..] {
                    [t_11] => {
                        (u[1]) / {
                            let t = u[0];
                            1.0 + t * t
                        }
                    }
                    [_, t_11, s_12] => {
                        let t = {
                            let t = (*t_11);
                            (1.0 + t * t).sqrt()
                        };
                        t / (1.0 + t * t)
                    }
                    _ => z[(n) % 4],
                }) > (u[(n) % 2]) as f64
                {
                    if !(((u[(n) % 2]) > y) && ((y) > y)) {
                        w[((stop_gradient(
                            (u[(n + n) % 2]) / {
                                let t = x;
                                1.0 + t * t
                            },
                        )
                        .abs()
                            * 3.0) as usize)
                            % 3] = {
                            let Some(t_22) = (Some(
                                (u.iter()
                                    .zip(z.iter())
                                    .map(|(t_15, u_16)| polar(((n) % 5) as f64 * 0.3).0)
                                    .filter(|t_18| n < n)
                                    .fold(blend(z[0], w[(n) % 3]), |t_20, u_21| ((w[0]) * (0.1_f64 - y)) * 0.308)),
                            )) else {
                                return part_2(y, u[0], (n) % 4).unwrap_or(0.7);
                            };
                            ((t_22) * (z[(n) % 4])) * 0.320
                        };
                        u[(n) % 2] = {
                            soften(&mut w[..], u[(n) % 2]);
                            (if n < n {
                                y
                            } else {
                                return (z[(n) % 4]) / {
                                    let t = y;
                                    1.0 + t * t
                                };
                            })
                            .max(applied(|t_24| applied(|t_25| weigh(&u[1..], z[(n) % 4]), 0.6_f64), u[(n) % 2]))
                        };
                        u[0] *= (({
                            let t = {
                                w[2] *= (x).cos();
                                z[3]
                            };
                            (1.0 + t * t).sqrt()
                        })
                        .sin())
                        .cos();
                    }
                }
                match (2_usize) % 3 {
                    0 => {
                        let mut a = vec![(u[(3_usize + n) % 2] + y).sin(); 4];
                        let a = (f64::min(0.5_f64, ((x) as f64) * (a[(n) % 4]))) * 0.320;
                        w[0] = ((if ((z[2]) > y) || ((a) <= u[(n) % 2]) {
                            (x).tanh()
                        } else {
                            w[(n) % 3] = polar(((y) * (w[0])) * 0.320).0;
                            soften(&mut u[..], a);
                            u[((stop_gradient((a).tanh()).abs() * 3.0) as usize) % 2] += a;
                            weigh(&z[1..], x)
                        }) + a)
                            .tanh();
                    }
                    m if !((x) > z[(n) % 4]) && m < 2 => {
                        soften(&mut w[..], ((x) * (u[0])) * 0.320);
                        u[(n + 1_usize) % 2] += (u[1]).clamp(-1.0, 1.0);
                    }
                    _ => {
                        w[2] /= 1.5
                            + (match (n) % 4 {
                                0 => y,
                                1 | 2 if !((z[3]) > y) => {
                                    soften(&mut w[..], x);
                                    u[1] = y;
                                    w[(1_usize) % 3] = (part_2(z[0], x, (3_usize) % 4).unwrap_or(0.7)) as f64;
                                    w[(n) % 3]
                                }
                                _ => {
                                    w[1] = {
                                        let t = (w[(n + 1_usize) % 3]) / {
                                            let t = z[(3_usize) % 4];
                                            1.0 + t * t
                                        };
                                        (-t * t).exp()
                                    };
                                    w = [
                                        (if (w[(n + n) % 3]) <= z[0] {
                                            soften(&mut w[..], ((x) * (y)) * 0.320);
                                            u[1]
                                        } else {
                                            w[2]
                                        }),
                                        (u[(n + n) % 2]) as f64,
                                        ((n) % 5) as f64 * 0.3,
                                    ];
                                    w[0]
                                }
                            })
                            .sin();
                    }
                }
                soften(&mut w[..], (y - u[0]).sin());
            }
            m if ((y).sin()) > (u[0]).tanh() && m < 2 => {
                w[0] = (((n) % 5) as f64 * 0.3).atan();
                u.swap((n) % 2, (n) % 2);
            }
            _ => {
                u[1] += {
                    let t = (u[1] + z[(n) % 4]);
                    t / (1.0 + t * t)
                };
            }
        }
        ((w[(1_usize) % 3] - w[(n) % 3]).sin()) + ((y).atan()) + (weigh(&w[..], x))
    }
    #[differentiable(analyses = off)]
    fn part_5(mut x: f64, y: f64, n: usize) -> Option<f64> {
        x += (match (n) % 4 {
            0 => {
                let t = (y + y);
                t / (1.0 + t * t)
            }
            1 | 2 if ((y) > x) || ((x) > x) => (1.0_f64 - y).sin(),
            _ => y,
        });
        let s = ((y).clamp(-1.0, 1.0)) / {
            let t = blend(
                (x) / {
                    let t = y;
                    1.0 + t * t
                },
                (Some(polynomial(y, [y, 0.3, x])).filter(|t_1| n < 1_usize)).unwrap_or(x),
            );
            1.0 + t * t
        };
        if (0..6).step_by(2).map(|i_6| (y + s) * 0.400).all(|t_7| (t_7) > t_7) {
            return None;
        }
        x = (match (n + n) % 4 {
            0 => {
                let t = blend(x, y);
                (-t * t).exp()
            }
            1 | 2 if n < 2_usize => (std::mem::take(&mut x) + (s + x)).tanh(),
            _ => {
                ((0..6)
                    .step_by(2)
                    .map(|i_10| applied(|t_11| ((n + i_10) % 5) as f64 * 0.3, y))
                    .take_while(|t_12| (y) > x)
                    .map(|t_14| -(y))
                    .fold(0.1_f64, f64::max))
            }
        });
        if ((0..6).step_by(2).map(|i_20| (0.6_f64 + 1.0_f64)).step_by(2).count() > 2) {
            let mut u = if ((0..6).step_by(2).map(|i_29| x).skip(1).take(3).count() > 2) {
                PlainShape::Circle({
                    let t = (x + x);
                    t / (1.0 + t * t)
                })
            } else {
                PlainShape::Rect {
                    w: (if !((s) <= x) { Some(((y - y).sin()) as f64) } else { None }).map_or(s, |t_25| {
                        (match (0_usize * 3 + 1) % 4 {
                            0 => 0.1_f64,
                            1 | 2
                                if (-(s))
                                    > (match (n + n) % 4 {
                                        0 => s,
                                        1 | 2 if !((x) > y) => x,
                                        _ => t_25,
                                    }) =>
                            {
                                x
                            }
                            _ => s,
                        })
                    }),
                    h: ((x).powi(2)).tanh(),
                }
            };
            'loop_35: for i_36 in ((n * 3 + 1) % 3..4).rev() {
                match &mut u {
                    PlainShape::Circle(t_37) => {
                        *t_37 = x;
                    }
                    PlainShape::Rect { w: s_38, h: r_39 } => {
                        *s_38 += (s + s) * 0.400;
                        std::mem::swap(s_38, r_39);
                        *r_39 += *s_38 * 0.5;
                    }
                    PlainShape::Path(t_37) => {
                        t_37[1] = (if ((x) <= s) && ((y) > s) { ((x) * (y)) * 0.320 } else { break 'loop_35 });
                    }
                    PlainShape::Point => {}
                }
                if let PlainShape::Circle(t_40) = &mut u {
                    *t_40 = -({
                        let t = (s).powi(2);
                        t / (1.0 + t * t)
                    });
                }
            }
        } else {
            x = (((s) / {
                let t = 1.3_f64;
                1.0 + t * t
            }) * ((s) * (s)))
                .tanh();
            x = ({
                x = s;
                x
            } - (y).abs())
                * 0.400;
            x += s;
        }
        Some((y) + ((y - y).sin()) + ((s).atan()))
    }
    #[differentiable(analyses = off)]
    pub(crate) fn program_5(mut x: f64, y: f64, n: usize, w: [f64; 3]) -> f64 {
        let mut trips_2 = 0;
        'loop_1: while trips_2 < 1 && (!((w[1]) > w[0])) {
            trips_2 += 1;
            let mut b_4 = vec![0.0; 3];
            for i_3 in 0..3 {
                b_4[i_3] = (x + 1.3_f64).tanh();
            }
            match ((stop_gradient(((n) % 5) as f64 * 0.3).abs() * 3.0) as usize) % 3 {
                0 => {
                    x = stir(
                        &mut b_4[..],
                        (w.iter()
                            .zip(w.iter())
                            .map(|(t_5, u_6)| ((*u_6) + (*u_6)).sin())
                            .filter(|t_8| trips_2 < trips_2)
                            .filter(|t_10| (w[2]) > (*t_10))
                            .fold(0.1_f64, f64::max)),
                    );
                    let Some(a) = (w.get(1).copied()) else { break 'loop_1 };
                    if (applied(
                        |t_15| {
                            (b_4.iter()
                                .zip(&b_4[..])
                                .enumerate()
                                .map(|(i_18, (t_16, u_17))| {
                                    (match &b_4[..] {
                                        [t_19, .., s_20] => applied(|t_22| (*u_17), (*t_19)),
                                        [] | [_] => w[1],
                                    })
                                })
                                .fold((0.5_f64, 1.0_f64), |(t_23, s_25), u_24| {
                                    ((1.5_f64).sin(), s_25 * 0.5 + -(t_23) * t_23.cos())
                                })
                                .0)
                        },
                        (x).clamp(-1.0, 1.0),
                    )) > (applied(
                        |t_26| {
                            (if let [t_27, _, r_29 @ ..] = &w[..] {
                                if r_29.is_empty() { *t_27 } else { b_4[(n) % 3] }
                            } else {
                                0.3_f64
                            })
                        },
                        b_4[(n + n) % 3],
                    ))
                    .clamp(-1.0, 1.0)
                    {
                        let c = (match &w[..] {
                            [t_30, .., s_31] => {
                                x = ((-(((*s_31) + 1.0_f64).sin()))
                                    * (if ((*s_31) <= w[2]) || ((b_4[2]) > (*t_30)) {
                                        ((0_usize) % 5) as f64 * 0.3
                                    } else {
                                        (if (*t_30) > a { 0.6_f64 } else { continue 'loop_1 })
                                    }))
                                    * 0.320;
                                {
                                    let t = (x + b_4[(trips_2 * 3 + 1) % 3]) * ((a) * (x));
                                    t / (1.0 + t * t)
                                }
                            }
                            [] | [_] => w[2],
                        });
                        if (((w[(n) % 3]) * (x)).tanh()) > (a - c) * 0.400 {
                            b_4[(trips_2) % 3] += stir(&mut b_4[1..], a);
                            continue 'loop_1;
                        }
                        b_4[1] = (match (n + 2_usize) % 4 {
                            0 => {
                                return (match (n + 0_usize) % 4 {
                                    0 => b_4[1],
                                    1 | 2 if trips_2 < n => {
                                        b_4[2] = (b_4[(trips_2 * 3 + 1) % 3] - -(x)) * 0.400;
                                        x
                                    }
                                    _ => b_4[2],
                                });
                            }
                            1 | 2 if !((x) <= c) => continue 'loop_1,
                            _ => 0.1_f64,
                        }) as f64;
                    } else {
                        b_4.swap(1, (trips_2) % 3);
                        x = (f64::min(f64::min(1.4_f64, x), (a) * (y))) * 0.320;
                        x = ((n) % 5) as f64 * 0.3;
                    }
                }
                m if ({
                    let t = (x - b_4[2]);
                    t / (1.0 + t * t)
                }) > blend(0.9_f64, 0.1_f64)
                    && m < 2 =>
                {
                    x = ((n) % 5) as f64 * 0.3;
                    x = {
                        let t = {
                            let t = x;
                            (-t * t).exp()
                        };
                        (1.0 + t * t).sqrt()
                    };
                }
                _ => {
                    b_4[1] -= -(y);
                    x *= (if (x) <= b_4[1] {
                        b_4[0] /= 1.5 + ((w[1]).sin()).sin();
                        y
                    } else {
                        b_4[(trips_2) % 3] = ((x - y) - (y) * (b_4[(1_usize) % 3])) * 0.178;
                        x = ((w[(n) % 3]).tanh()) as f64;
                        x
                    })
                    .cos();
                    b_4[(n) % 3] = ((n) % 5) as f64 * 0.3;
                }
            }
            x = ((0.6_f64).cos()) / {
                let t = b_4[1];
                1.0 + t * t
            };
        }
        (-(w[(2_usize) % 3])) + ((w[1]) as f64) + (y)
    }
}

#[test]
fn random_programs() {
    let mut report = Report::default();
    check!(report, program_0(w, z));
    check!(report, program_1(z));
    check!(report, program_2(v, w));
    check!(report, program_3(w));
    check!(report, program_4(w, z));
    check!(report, program_5(w));
    report.finish();
}
