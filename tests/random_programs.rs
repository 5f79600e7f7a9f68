// Printed by an earlier version of `random-programs`, which wrote numbers, lists, branches and loops only; not edited by hand.

//! Random programs: reverse mode, forward mode and central differences agree, with all analyses on and off.

#![allow(warnings)]
#![allow(clippy::all)]

use differentiable::{differentiable, stop_gradient};
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

twice! {
// What the random programs call.
    fn blend(x: f64, y: f64) -> f64 {
        if x > y { (x * 0.5).sin() + 0.2 * y } else { x * 0.1 - (y * 0.7).cos() }
    }

    fn polar(x: f64) -> (f64, f64) {
        (x.cos(), x.sin() * 0.9)
    }

    fn weigh(v: &[f64], x: f64) -> f64 {
        let mut sum = 0.0;
        for i in 0..v.len() {
            sum += v[i] * (x + i as f64).sin();
        }
        sum.tanh() * 2.0
    }

    fn stir(v: &mut [f64], x: f64) -> f64 {
        let last = v.len() - 1;
        let before = v[last];
        for i in 0..last {
            v[i + 1] = (v[i] * v[i + 1]).sin() + 0.3 * x;
        }
        before * 0.5 + v[0]
    }

    fn soften(v: &mut [f64], x: f64) -> () {
        for e in v.iter_mut() {
            *e = (*e * x).tanh();
        }
    }

    fn turned(w: [f64; 3], x: f64) -> [f64; 3] {
        [w[1] * x.cos(), w[2] + 0.1 * x, w[0] * w[1] * 0.3]
    }

    fn scaled(z: Vec<f64>, x: f64) -> Vec<f64> {
        let mut z = z;
        for i in 0..z.len() {
            z[i] *= x.sin() + 0.2;
        }
        z
    }

fn program_0(x: f64, y: f64, n: usize, v: &[f64], mut w: [f64; 3], mut z: Vec<f64>) -> f64 {
let p = ((((match (n) % 4 { 0 => { x } 1 | 2 if (n < n) && ((z[((stop_gradient(weigh(&w[..], v[0])).abs() * 3.0) as usize) % 4]) > w[(n) % 3]) => { 0.7_f64 } _ => { w[1] } })).max((w[((n + n)) % 3] - y)) + (x) as f64)) * 0.267;
soften(&mut w[..], (((y).powi(2) + stir(&mut z[..], v[2]))).tanh());
if ((stir(&mut w[..], v[((stop_gradient(z[3]).abs() * 3.0) as usize) % 4])) as f64) > x {
w[(n) % 3] *= ((({ w[(n) % 3] = ((z[1] + p)).sin();
 y } + { z[3] -= 1.5_f64;
 0.4_f64 })).sin()).cos();
} else if ((z[((n * 3 + 1)) % 4]) > x) && ((p) > 0.6_f64) {
let mut a = [{ let t = (w[0]) * (x); t / (1.0 + t * t) }; 4];
} else {
if (((z[2]) * (v[((n + 3_usize)) % 4])) * 0.320) > { w[1] = (z[1]).cos();
 y } {
return (y) as f64;
}
}
if n < n {
z[0] *= (weigh(&z[..], z[(0_usize) % 4])).cos();
w = [(w[1]).abs(), (if (x) <= 0.8_f64 { x } else { 1.3_f64 }), ((v[0]).powi(2)) * 0.320];
w[(n) % 3] = ((p) * ((1.1_f64) * (z[((n + n)) % 4]))).tanh();
}
(z[1]) + (((n) % 5) as f64 * 0.3) + (((y).powi(2)) * 0.320)
}

fn program_1(x: f64, mut y: f64, n: usize, v: &[f64], mut w: [f64; 3]) -> f64 {
let mut p = ((-(v[0])) / { let t = (w[1] - x); 1.0 + t * t }) / { let t = -(stir(&mut w[..], y)); 1.0 + t * t };
p = (((y) * (w[(n) % 3]) + w[(n) % 3])).clamp(-1.0, 1.0);
let mut a = (-(({ let t = x; (1.0 + t * t).sqrt() }) * 0.571)).tanh();
let r = (if ((stir(&mut w[..], v[0])).atan()) > (((0_usize + 2_usize)) % 5) as f64 * 0.3 { { let t = ((y) * (y) + (y).sin()); t / (1.0 + t * t) } } else { if ({ soften(&mut w[..], polar(x).1);
 (0.9_f64) as f64 }) > x {
if (((v[(n) % 4]) * (v[3])) * 0.320) > (a).abs() {
return blend(v[((n + n)) % 4], v[(n) % 4]);
}
let mut c = (match (n) % 4 { 0 => { return { y -= 0.5_f64;
 p } } 1 | 2 if (w[(n) % 3]) > ((a + w[2])).tanh() => { ((match ((n + n)) % 4 { 0 => { x } 1 | 2 if n < n => { (a, y) = (y, a);
y -= ((y) * (y)) * 0.320;
y /= 1.5 + (stir(&mut w[..], a)).sin();
v[(n) % 4] } _ => { p = (((match (0_usize) % 4 { 0 => { 0.9_f64 } 1 | 2 if ((a) <= v[2]) || ((v[2]) > x) => { y = stir(&mut w[1..], ((x) * (x)) * 0.320);
w.swap(0, (n) % 3);
w.swap((n) % 3, (3_usize) % 3);
w[(2_usize) % 3] } _ => { a /= 1.5 + (((3_usize) % 5) as f64 * 0.3).sin();
a *= ((v[(n) % 4]).clamp(-1.0, 1.0)).cos();
w[0] } })) * ((x) * (y))) * 0.128;
w[0] = (match (n) % 4 { 0 => { return a } 1 | 2 if ((1_usize + n)) % 3 == 1 => { { y *= (x).cos();
 v[(1_usize) % 4] } } _ => { a = (v[0]).sin();
(p, a) = (a, p);
(match (n) % 4 { 0 => { return stir(&mut w[..], v[2]) } 1 | 2 if (p) > blend(y, v[(n) % 4]) => { x } _ => { w[2] } }) } });
p } })).sin() } _ => { (f64::min(w[(n) % 3], w[0])) as f64 } });
} else if ((a) > p) && (n < n) {
y = (((p + a)) * ((a).sin())) * 0.400;
p = ((((n) % 5) as f64 * 0.3 + weigh(&w[..], a))) * 0.625;
y *= (((3_usize) % 5) as f64 * 0.3).cos();
} else {
a = ((n) % 5) as f64 * 0.3;
a += ((n) % 5) as f64 * 0.3;
a = y;
}
w[((n + 0_usize)) % 3] });
((match (n) % 4 { 0 => { v[((0_usize * 3 + 1)) % 4] } 1 | 2 if (n < n) && ((x) <= y) => { a -= ((y + a)) * 0.400;
y += r;
a } _ => { v[0] } })) + (r) + (((r).powi(2)) * 0.320)
}

fn program_2(mut x: f64, y: f64, n: usize, mut z: Vec<f64>) -> f64 {
'loop_1: for (i_2, e_3) in z.iter_mut().enumerate() {
x = blend((x).tanh(), (((*e_3)) * (0.5_f64)).sin());
}
if ((match (n) % 4 { 0 => { return { z.swap((n) % 4, 1);
 x } } 1 | 2 if 3_usize < 0_usize => { ({ let t = y; (1.0 + t * t).sqrt() }) * 0.571 } _ => { ((0.1_f64 + z[(n) % 4])) * 0.769 } })) > polar(((z[3]) * (x)).sin()).1 {
'loop_4: for i_5 in (0..5).step_by(2) {
z[(n) % 4] -= ((1_usize) % 5) as f64 * 0.3;
}
} else if !((z[(n) % 4]) > 0.5_f64) {
x /= 1.5 + (((y - x)) * 0.400).sin();
x = (f64::min((y + z[0]), (y + z[2]))).sin();
} else {
z[1] = -((x).cos());
z[(n) % 4] += { let t = (y) * (y); t / (1.0 + t * t) };
x += (z[((n * 3 + 1)) % 4]).max(z[1]);
}
(y) + (({ let t = z[0]; (1.0 + t * t).sqrt() }).sin()) + ((x) / { let t = z[1]; 1.0 + t * t })
}

fn program_3(x: f64, mut y: f64, n: usize) -> f64 {
if ((y) as f64) > ((y - y)).sin() {
return ((y - y)).sin();
}
if (n) % 3 == 0 {
if ((match (1_usize) % 4 { 0 => { ((y + x)).tanh() } 1 | 2 if ((match ((n + n)) % 4 { 0 => { x } 1 | 2 if (x) > (y).max(1.4_f64) => { y } _ => { x } })) > ((y + x)) * 0.400 => { ((n) % 5) as f64 * 0.3 } _ => { (if (x) > x { 0.3_f64 } else { return (0.6_f64 + 0.9_f64) }) } })) > (((if (x) <= x { if (y) > ((x + y)) * 0.400 {
return ({ let t = x; (1.0 + t * t).sqrt() }).tanh();
}
0.5_f64 } else { y }) - (match (n) % 4 { 0 => { x } 1 | 2 if (((1_usize) % 5) as f64 * 0.3) > { let t = (x + y); t / (1.0 + t * t) } => { x } _ => { x } }))).sin() {
'loop_1: for i_2 in (0..5).step_by(2) {
if ((((3_usize + i_2)) % 3 == 2) || ((x) > y)) && (!((x) <= 0.9_f64)) {
y = { let t = (1.2_f64 - (polar(y).0) as f64); t / (1.0 + t * t) };
} else if ((x) as f64) > 1.2_f64 {
'loop_3: for i_4 in 0..((stop_gradient((x).tanh()).abs() * 3.0) as usize) % 5 {
match ((i_4 + i_2)) % 3 {
0 => {
y += ((y + (y).clamp(-1.0, 1.0))) * 0.571;
match (i_2) % 3 {
0 => {
if ((((y + y)) * (x)) * 0.160) > (((y - y) - (y) * (y))) * 0.178 {
match (i_2) % 3 {
0 => {
y /= 1.5 + ((x).tanh()).sin();
}
m if (i_2) % 3 == 2 && m < 2 => {
if (((-(y)) * ((if (x) <= y { 0.5_f64 } else { x }))).tanh()) > y {
let mut p = ((3_usize) % 5) as f64 * 0.3;
if ((((x).sin() - (x) * (p))).tanh()) > { let t = blend(0.9_f64, y); (-t * t).exp() } {
y = (((p).max(x) + (match ((i_4 + n)) % 4 { 0 => { p } 1 | 2 if ((p).sin()) > blend(y, p) => { y } _ => { y } }))) * 0.400;
(y, p) = ({ p += p;
 y }, (0.1_f64) as f64);
} else {
y = { let t = ({ let t = y; (-t * t).exp() } - (x) as f64); t / (1.0 + t * t) };
}
y *= (x).cos();
} else if !((x) > y) {
y = -((x).tanh());
y -= ((1.5_f64 - y)) * 0.500;
} else {
y -= blend(x, y);
y /= 1.5 + (0.2_f64).sin();
}
}
_ => {
y = (x) as f64;
y *= ({ let t = (x) * (x); t / (1.0 + t * t) }).cos();
}
}
y += (x) * (0.6_f64);
} else {
y -= ((i_4) % 5) as f64 * 0.3;
y = (polar(x).0) as f64;
y = ((y - x)).cos();
}
y *= ((y).clamp(-1.0, 1.0)).cos();
}
m if (blend(x, 0.4_f64)) > polar(y).0 && m < 2 => {
y -= { y = x;
 x };
}
_ => {
y *= (y).cos();
}
}
}
m if (i_2 < n) || (0_usize < 2_usize) && m < 2 => {
y -= y;
}
_ => {
y = (match (i_4) % 4 { 0 => { (x) as f64 } 1 | 2 if ((0_usize + i_2)) % 3 == 0 => { continue 'loop_3 } _ => { (x) as f64 } });
y = ((if (0.2_f64) > x { x } else { x })).tanh();
}
}
}
y = { let t = (y + (y).sin()); t / (1.0 + t * t) };
y -= blend(y, y);
} else {
y = -((0.7_f64).sin());
y = (((y - x)) * (x)) * 0.160;
}
y = (polar(x).0).sin();
}
y += (match ((2_usize * 3 + 1)) % 4 { 0 => { y *= ((x) as f64).cos();
y = polar((if (x) <= y { x } else { y })).0;
y *= (x).cos();
y } 1 | 2 if ((x) / { let t = y; 1.0 + t * t }) > -(x) => { x } _ => { y } });
y = (y).tanh();
}
} else if !((y) > x) {
y *= (x).cos();
y = (polar(x).0).sin();
} else {
y *= ((if (x) > 1.3_f64 { x } else { return (x) / { let t = x; 1.0 + t * t } })).cos();
y /= 1.5 + ((y) * (0.6_f64)).sin();
}
(x) + (-(0.1_f64)) + (y)
}

fn program_4(x: f64, y: f64, n: usize, v: &[f64], w: [f64; 3]) -> f64 {
'loop_1: for i_2 in 0..=(1_usize) % 3 {
'loop_3: for i_4 in (0..5).step_by(2) {
let p = y;
if ((((match ((i_4 + 3_usize)) % 4 { 0 => { y } 1 | 2 if ((match (i_2) % 4 { 0 => { x } 1 | 2 if !((w[(i_4) % 3]) > p) => { w[(n) % 3] } _ => { v[3] } })) > (if (y) <= 0.8_f64 { x } else { 0.1_f64 }) => { if ((w[2]) as f64) > (match ((i_4 + n)) % 4 { 0 => { p } 1 | 2 if ((1.3_f64) > y) && ((p) <= p) => { break 'loop_1 } _ => { x } }) {
continue 'loop_3;
}
y } _ => { y } })) * (v[0])) * 0.320) > (((y).powi(2)).powi(2)) * 0.051 {
if ((i_4 + 0_usize)) % 3 == 2 {
if (i_2 < n) && (((p).tanh()) > ((w[(i_2) % 3] - w[(n) % 3])) * 0.400) {
let u = (((if ((x) > v[((stop_gradient(((x + p)).tanh()).abs() * 3.0) as usize) % 4]) && ((x) > y) { ((y) * (v[0])) * 0.320 } else { x }) + (((i_4) % 5) as f64 * 0.3 - v[(i_2) % 4]))).sin();
let mut p = [[((w[(n) % 3] + v[3])) * 0.400, (match (i_4) % 4 { 0 => { p } 1 | 2 if ((match (n) % 4 { 0 => { y } 1 | 2 if i_4 < i_4 => { x } _ => { u } })) > { let t = (p + u); t / (1.0 + t * t) } => { let mut c = ((((if (y) > y { y } else { v[3] })) / { let t = (match (i_4) % 4 { 0 => { y } 1 | 2 if i_2 < 0_usize => { y } _ => { p } }); 1.0 + t * t } + ((y - v[((i_4 * 3 + 1)) % 4])) / { let t = (y).tanh(); 1.0 + t * t })) * 0.267;
p } _ => { let u = 'block_5: {
(((y) * (w[(i_2) % 3]) - polar(w[0]).0)) * 0.276
};
v[2] } })], [-(y), (x).sin()]];
} else {
}
} else if (1_usize) % 3 == 0 {
} else {
}
} else if (blend(x, 1.0_f64)) > ((v[2]) * (y)).sin() {
} else {
}
}
}
((x) / { let t = x; 1.0 + t * t }) + (((w[0]) * (x)).tanh()) + ((x) / { let t = v[(1_usize) % 4]; 1.0 + t * t })
}

fn program_5(x: f64, mut y: f64, n: usize, w: [f64; 3], z: Vec<f64>) -> f64 {
if (((z[2]) > 0.6_f64) && ((w[(n) % 3]) > x)) && (((if n < n { 'loop_1: for i_2 in 0..=(3_usize) % 3 {
let mut p = (({ y = weigh(&w[1..], (x) / { let t = 0.2_f64; 1.0 + t * t });
 (z[3]).abs() } - -((y).cos()))).sin();
}
'loop_3: for i_4 in (0..5).step_by(2) {
let mut u = x;
}
if ((((if (0.8_f64) <= y { 0.8_f64 } else { z[(n) % 4] }) + (1.2_f64) * (w[((n * 3 + 1)) % 3]))).tanh()) > weigh(&z[1..], -(w[((1_usize * 3 + 1)) % 3])) {
y -= { let t = (-(0.2_f64) - (w[1] + w[2])); t / (1.0 + t * t) };
y *= (((y) * ((0.9_f64) * (w[(n) % 3]))) * 0.356).cos();
} else {
y = { let t = blend({ y = (z[(n) % 4]).cos();
 z[((n * 3 + 1)) % 4] }, (match ((n * 3 + 1)) % 4 { 0 => { z[1] } 1 | 2 if ((match (n) % 4 { 0 => { z[0] } 1 | 2 if (x) > ((0.6_f64 - x)) * 0.645 => { x } _ => { y } })) > z[((n + n)) % 4] => { let s = (f64::min(((x).powi(2)) * (program_3(z[1], z[((n * 3 + 1)) % 4], (n) % 4)), { y = (((z[1] + w[1]) + y)).sin();
 w[0] })).sin();
if (((w[((2_usize * 3 + 1)) % 3]).sin()) > ((x) * (y)).tanh()) && (n < 1_usize) {
let u = (((y).cos() + -(y))).cos();
} else {
y = ({ let t = w[((stop_gradient(-(0.7_f64)).abs() * 3.0) as usize) % 3]; (-t * t).exp() }) * ((z[((stop_gradient((0.7_f64).atan()).abs() * 3.0) as usize) % 4]) as f64);
}
s } _ => { y += z[2];
y = { let t = (y - (x).tanh()); t / (1.0 + t * t) };
y = ((w[2]).sin() + (x).clamp(-1.0, 1.0));
z[(n) % 4] } })); (-t * t).exp() };
}
z[1] } else { return (0.7_f64).sin() })) > y) {
y = (match (3_usize) % 4 { 0 => { { let t = 0.3_f64; (1.0 + t * t).sqrt() } } 1 | 2 if (weigh(&w[1..], x)) > blend(y, w[(n) % 3]) => { weigh(&w[..], z[2]) } _ => { program_3(x, w[(0_usize) % 3], (n) % 4) } });
y = (((y) * (x)) * ((match (n) % 4 { 0 => { z[((stop_gradient((w[2]).tanh()).abs() * 3.0) as usize) % 4] } 1 | 2 if (w[((n * 3 + 1)) % 3]) > (match (n) % 4 { 0 => { z[1] } 1 | 2 if ((x).abs()) > -(w[0]) => { y } _ => { z[(n) % 4] } }) => { y = (((w[((n + n)) % 3]) * (w[(n) % 3]) + { let t = x; (1.0 + t * t).sqrt() })) * 0.205;
y = (((if (w[1]) > y { y /= 1.5 + (polar(z[2]).0).sin();
y += f64::min(z[1], w[2]);
y += ((w[((stop_gradient(((n) % 5) as f64 * 0.3).abs() * 3.0) as usize) % 3] + y)) * 0.400;
w[((stop_gradient(((z[((n + 0_usize)) % 4]) * (w[(1_usize) % 3])).sin()).abs() * 3.0) as usize) % 3] } else { z[3] }) + (w[2] + w[((n + n)) % 3]))) * 0.267;
y -= { let t = (x) * (y); t / (1.0 + t * t) };
w[2] } _ => { y } }))) * 0.128;
y = x;
}
(blend(w[0], w[1])) + ((x) * (0.4_f64)) + ((z[(n) % 4]).abs())
}

fn program_6(x: f64, mut y: f64, n: usize, v: &[f64], mut w: [f64; 3]) -> f64 {
if (y) > ((weigh(v, 0.6_f64) + (x + x))) * 0.286 {
let c = &v[1..];
} else {
w[1] /= 1.5 + (((w[2]).clamp(-1.0, 1.0)).sin()).sin();
}
w[((0_usize * 3 + 1)) % 3] += { let t = ((match ((3_usize + n)) % 4 { 0 => { w[((1_usize * 3 + 1)) % 3] } 1 | 2 if !((1.5_f64) <= x) => { w[((n + 1_usize)) % 3] } _ => { x } }) + y); t / (1.0 + t * t) };
((if (y) <= x { y = (((n) % 5) as f64 * 0.3) / { let t = (y + y); 1.0 + t * t };
w = [blend(x, v[0]), stir(&mut w[..], 0.8_f64), ((w[2] - w[((n * 3 + 1)) % 3])) * 0.400];
y *= ((v[2]).cos()).cos();
y } else { x })) + (((x) * (w[(n) % 3])) * 0.320) + (((y + y)) * 0.400)
}

fn program_7(mut x: f64, y: f64, n: usize, v: &[f64], w: [f64; 3]) -> f64 {
let mut s = [((y + (x).abs())).sin(), ({ let t = (y).atan(); (1.0 + t * t).sqrt() }).tanh(), v[0]];
let r = (if !((((w[((n + 2_usize)) % 3] + y)).tanh()) > { let t = (s[((n + n)) % 3] + 0.6_f64); t / (1.0 + t * t) }) { -((y) as f64) } else { ((w[((n + 2_usize)) % 3] + v[2])).sin() });
let mut p = (((1_usize + 1_usize)) % 5) as f64 * 0.3;
let mut q = vec![(s[1]).sin(); 4];
x = (((((n) % 5) as f64 * 0.3) * (-(y))) * 0.667) as f64;
if ((x).abs()) > ((w[(n) % 3]) * (p)) * 0.320 {
return stir(&mut q[..], x);
}
let mut p = (s[1], (match ((1_usize * 3 + 1)) % 4 { 0 => { let mut trips_2 = 0;
let a = 'loop_1: loop {
trips_2 += 1;
if trips_2 > 4 {
break ((trips_2) % 5) as f64 * 0.3;
}
q[3] = { (p, x) = (x, p);
 (polar(q[0]).0) * ({ q[2] += p;
 x }) };
let mut r = (f64::min(-(0.2_f64), (if (p) > p { let mut d = (((if (n) % 3 == 0 { { q[((stop_gradient({ s[2] -= w[0];
 y }).abs() * 3.0) as usize) % 4] += 1.1_f64;
 x } } else { return (r).sin() })) * (-(stir(&mut s[1..], 1.5_f64)))).sin();
q[(1_usize) % 4] = polar((-(1.0_f64)) as f64).1;
let mut trips_4 = 0;
let s = 'loop_3: loop {
trips_4 += 1;
if trips_4 > 4 {
break (if (s[2]) <= 1.5_f64 { x = ((weigh(v, 0.4_f64) - (x) * (v[2]))).tanh();
q[1] = { let t = { let t = { p /= 1.5 + (d).sin();
 v[(trips_4) % 4] }; (1.0 + t * t).sqrt() }; t / (1.0 + t * t) };
p *= (((d - r)) * 0.400).cos();
x } else { w[1] });
}
p += y;
};
r } else { s.swap(1, (n) % 3);
p = (match (trips_2) % 4 { 0 => { (v[((n + n)) % 4]).atan() } 1 | 2 if 2_usize < trips_2 => { stir(&mut s[..], x) } _ => { s[(2_usize) % 3] } });
v[0] }))).cos();
r = ((r) * ((s[((trips_2 * 3 + 1)) % 3]) * (v[2]))) * 0.128;
};
p = ((r - r)).sin();
((y - s[0])).tanh() } 1 | 2 if (((w[((n + n)) % 3]).powi(2)) * 0.320) > x => { ((r - s[(n) % 3])).tanh() } _ => { x += stir(&mut s[1..], x);
p += f64::min(r, p);
(1.5_f64).cos() } }));
(p.0) + ((y) as f64) + ((match (n) % 4 { 0 => { s[0] } 1 | 2 if ((v[(n) % 4]) as f64) > p.0 => { q.swap(3, (1_usize) % 4);
p.1 } _ => { s[0] += (if (p.1) > x { r } else { s[(n) % 3] = (w[2]) * ({ let t = 1.3_f64; (-t * t).exp() });
y });
p.0 } }))
}

fn program_8(x: f64, y: f64, n: usize) -> f64 {
if 2_usize < n {
return (y).atan();
}
let mut u = [[program_3(x, y, (n) % 4), x], [(if (n) % 3 == 1 { 0.2_f64 } else { x }), (match ((stop_gradient(-(y)).abs() * 3.0) as usize) % 4 { 0 => { y } 1 | 2 if n < n => { let mut b = (-(((1.4_f64 + x)) * 0.513)).abs();
'loop_1: for i_2 in 0..4 {
'loop_3: for i_4 in 0..=((stop_gradient((y) as f64).abs() * 3.0) as usize) % 3 {
if (blend((b).cos(), (y).max(x))) > blend({ let t = 1.2_f64; (1.0 + t * t).sqrt() }, y) {
match ((2_usize * 3 + 1)) % 3 {
0 => {
b *= (blend(blend(b, 0.2_f64), ((x) * (b)) * 0.320)).cos();
}
m if !((y) <= 0.6_f64) && m < 2 => {
let mut a = [blend(((y) * (y)) * 0.320, (1.1_f64) / { let t = y; 1.0 + t * t }), (match (i_4) % 4 { 0 => { (match ((i_2 + i_2)) % 4 { 0 => { y } 1 | 2 if i_2 < i_2 => { b } _ => { let mut d = ((((x) * (b)) * (x)) * ((b) * (1.4_f64))) * 0.037;
x } }) } 1 | 2 if (2_usize) % 3 == 1 => { ((y - b)) * 0.400 } _ => { if (-(((x - 1.3_f64)) * 0.526)) > (((match ((n * 3 + 1)) % 4 { 0 => { b } 1 | 2 if n < 0_usize => { continue 'loop_1 } _ => { x } })) * ((if (b) > x { b += ((b + x)) * 0.400;
x } else { continue 'loop_3 }))).tanh() {
b = { b += (match (1_usize) % 4 { 0 => { x } 1 | 2 if ((match ((i_4 * 3 + 1)) % 4 { 0 => { x } 1 | 2 if ((x) <= y) && ((y) > b) => { y } _ => { b } })) > (b) / { let t = 1.4_f64; 1.0 + t * t } => { y } _ => { x } });
 0.8_f64 };
b -= (y).max(b);
b = (b).tanh();
}
(y) as f64 } }), ((i_4) % 5) as f64 * 0.3];
a[((i_2 * 3 + 1)) % 3] *= (a[0]).cos();
}
_ => {
b = ((0_usize) % 5) as f64 * 0.3;
}
}
b *= (((x + x)) * 0.400).cos();
b -= ((y + 0.7_f64)) * 0.625;
} else if (((b + x)) * 0.400) > (1.1_f64) * (0.5_f64) {
b += b;
b += y;
} else {
b = (((n) % 5) as f64 * 0.3).clamp(-1.0, 1.0);
}
b += ({ let t = x; (1.0 + t * t).sqrt() }) * 0.571;
}
b = { let t = y; (-t * t).exp() };
b += ((y) * (y)).sin();
}
b *= ({ b = polar(b).1;
 0.6_f64 }).cos();
x } _ => { x } })]];
(((u[(1_usize) % 2][(1_usize) % 2] - y)) * 0.400) + (blend(u[1][1], u[((n + 2_usize)) % 2][((1_usize + 1_usize)) % 2])) + ({ let t = (u[((n + n)) % 2][1]) * (x); t / (1.0 + t * t) })
}

fn program_9(x: f64, y: f64, n: usize, v: &[f64], mut z: Vec<f64>) -> f64 {
if !((0_usize) % 3 == 2) {
z[((2_usize + n)) % 4] = { let t = ((x + (x - y))) / { let t = ((y) / { let t = y; 1.0 + t * t }) * (0.3_f64); 1.0 + t * t }; t / (1.0 + t * t) };
let p = &v[1..];
let a = z[2];
} else if (((x) * (y)) * 0.320) > x {
let mut a = ((y) * (((x + v[((stop_gradient(((y + v[((n + n)) % 4])) * 0.400).abs() * 3.0) as usize) % 4])) * (stir(&mut z[..], v[3])))).tanh();
a *= ((a).abs()).cos();
a = (((n * 3 + 1)) % 5) as f64 * 0.3;
} else {
z[((n + n)) % 4] = v[1];
}
(((v[(n) % 4]) * (y)).tanh()) + (((z[3] - y)) * 0.400) + ((v[3]) as f64)
}

fn program_10(x: f64, y: f64, n: usize, v: &[f64], mut z: Vec<f64>) -> f64 {
let p = ((polar(y).1).sin()) * (((v[2]) as f64).abs());
match (n) % 3 {
0 => {
'loop_1: for e_3 in z.iter_mut() {
if ((((v[2]) / { let t = (*e_3); 1.0 + t * t }) * (v[(n) % 4])).sin()) > ((0.2_f64) / { let t = p; 1.0 + t * t }) * (p) {
if (((p - p)).sin()) > polar(y).0 {
*e_3 = v[((stop_gradient((x).max(x)).abs() * 3.0) as usize) % 4];
break 'loop_1;
}
let mut b = (y, ((x).sin()) * ((y) as f64));
let mut trips_5 = 0;
let d = 'loop_4: loop {
trips_5 += 1;
if trips_5 > 1 {
break ((x + (*e_3))) * 0.400;
}
let mut a = ((((*e_3)).sin()).abs()) * ((*e_3));
*e_3 = (((weigh(&v[1..], b.1) - (y).sin()) - ((a) / { let t = p; 1.0 + t * t }).sin())) * 0.500;
let d = (match ((n + n)) % 4 { 0 => { continue 'loop_4 } 1 | 2 if ((y).abs()) > ((v[(n) % 4] - v[((n + 1_usize)) % 4])) * 0.400 => { (match (trips_5) % 4 { 0 => { let mut b = [((trips_5) % 5) as f64 * 0.3, (-(p)).cos(), x];
let mut r = (*e_3);
-(v[3]) } 1 | 2 if ((b.1) / { let t = p; 1.0 + t * t }) > { let t = v[((n + 2_usize)) % 4]; (-t * t).exp() } => { continue 'loop_1 } _ => { let p = (((*e_3)).atan()) as f64;
{ a /= 1.5 + (y).sin();
 v[1] } } }) } _ => { program_8(((n) % 5) as f64 * 0.3, ((a - p)) * 0.400, (3_usize) % 4) } });
};
} else {
*e_3 -= (if 0_usize < n { *e_3 -= (if (1.1_f64) > y { (*e_3) } else { *e_3 += ((n) % 5) as f64 * 0.3;
*e_3 -= x;
*e_3 = ((weigh(&v[1..], x) + (v[(1_usize) % 4] - 1.5_f64))) * 0.333;
v[((3_usize + n)) % 4] });
*e_3 += (v[(n) % 4]).sin();
*e_3 = (((*e_3) + x)).sin();
(v[(n) % 4]).sin() } else { *e_3 = { let t = ((p).powi(2)) * ((y + (*e_3))); t / (1.0 + t * t) };
*e_3 = blend((((*e_3) + y)) * 0.400, 0.4_f64);
*e_3 *= (((y) * (y)) * 0.320).cos();
(x).cos() });
*e_3 -= (p).cos();
*e_3 = { *e_3 += (match ((3_usize + n)) % 4 { 0 => { x } 1 | 2 if (((*e_3)) > (*e_3)) || ((n) % 3 == 0) => { 0.4_f64 } _ => { v[(2_usize) % 4] } });
 v[1] };
}
*e_3 = (if ({ let t = (p - v[(1_usize) % 4]); t / (1.0 + t * t) }) > { let t = (0.9_f64 + (*e_3)); t / (1.0 + t * t) } { -(x) } else { ((2_usize) % 5) as f64 * 0.3 });
}
z[2] = (((y - z[2]) - (p - v[3]))) * 0.200;
z[(n) % 4] -= ((v[2] - z[2])) * 0.400;
}
m if (((y - z[((n + n)) % 4])).sin()) > (1.3_f64).clamp(-1.0, 1.0) && m < 2 => {
z[1] = (((p) * (0.6_f64)) * ((y) * (v[0]))).tanh();
z[0] *= ((v[(3_usize) % 4]) / { let t = x; 1.0 + t * t }).cos();
z[1] /= 1.5 + (stir(&mut z[..], p)).sin();
}
_ => {
z[(0_usize) % 4] /= 1.5 + ((x).abs()).sin();
}
}
((y).tanh()) + (-(y)) + (weigh(&z[1..], p))
}

fn program_11(x: f64, y: f64, n: usize, v: &[f64], mut w: [f64; 3], mut z: Vec<f64>) -> f64 {
let mut trips_2 = 0;
'loop_1: while trips_2 < 2 && ((n) % 3 == 0) {
trips_2 += 1;
let b = (match (1_usize) % 4 { 0 => { let mut u = z[3];
({ u = { w[2] = (w[1]).sin();
 x };
 x }).cos() } 1 | 2 if (((v[1] - 0.4_f64)) * 0.690) > ((w[(n) % 3]) * (1.1_f64)).sin() => { x } _ => { ((trips_2) % 5) as f64 * 0.3 } });
}
'loop_3: for i_4 in ((3_usize) % 3..4).rev() {
z[(2_usize) % 4] -= (((n * 3 + 1)) % 5) as f64 * 0.3;
}
'loop_5: for (i_6, e_7) in z.iter_mut().enumerate() {
'loop_8: for i_9 in 1..=3 {
*e_7 = (({ w[0] = (if (stir(&mut w[..], x)) > (w[1]).atan() { if ((n + 3_usize)) % 3 == 2 {
let mut a = w.to_vec();
}
-(1.3_f64) } else { break 'loop_8 });
 ((w[(n) % 3]) * (w[2])) * 0.320 }) * ((if (((*e_7)) > x) && ((x) <= y) { { let t = ((*e_7) - (*e_7)); t / (1.0 + t * t) } } else { if !((0.7_f64) > w[2]) {
w[1] -= v[(i_6) % 4];
break 'loop_5;
}
if (-(v[((2_usize + i_9)) % 4])) > ((v[3] - (*e_7))).tanh() {
break 'loop_8;
}
if n < n {
let mut s = [x, { let t = ((if (0_usize) % 3 == 0 { match ((i_6 + 0_usize)) % 3 {
0 => {
*e_7 = x;
}
m if ((1.3_f64) as f64) > (match (n) % 4 { 0 => { x } 1 | 2 if (n) % 3 == 2 => { (*e_7) } _ => { v[1] } }) && m < 2 => {
*e_7 = ((match (i_9) % 4 { 0 => { 1.1_f64 } 1 | 2 if 3_usize < i_6 => { x } _ => { *e_7 += { let t = (x - (*e_7)); t / (1.0 + t * t) };
w[(i_6) % 3] } })) / { let t = (y).sin(); 1.0 + t * t };
w[2] = (((n) % 5) as f64 * 0.3) / { let t = (x).sin(); 1.0 + t * t };
}
_ => {
*e_7 *= (-(x)).cos();
*e_7 /= 1.5 + ((((*e_7) + y)).sin()).sin();
*e_7 *= (stir(&mut w[1..], x)).cos();
}
}
w[1] } else { 0.2_f64 }) + ((*e_7)).sin()); t / (1.0 + t * t) }, { *e_7 = w[0];
 -(y) }];
*e_7 -= (v[2]) as f64;
} else {
w[0] += (w[(1_usize) % 3]).cos();
w[(i_6) % 3] -= ((y + y)) * 0.400;
}
{ let t = (w[1] - x); t / (1.0 + t * t) } }))).tanh();
}
*e_7 += ((v[(n) % 4] + (*e_7))).sin();
w[(n) % 3] += ((x + y)) * 0.400;
}
((0.4_f64) * (1.0_f64)) + ((0.6_f64) * (w[2])) + (stir(&mut w[..], v[1]))
}

fn program_12(x: f64, mut y: f64, n: usize, mut w: [f64; 3], z: Vec<f64>) -> f64 {
let mut trips_2 = 0;
let d = 'loop_1: loop {
trips_2 += 1;
if trips_2 > 3 {
break (if (x) <= x { z[0] } else { let r = { let t = (weigh(&z[1..], ((z[(0_usize) % 4]) * (z[(2_usize) % 4])).tanh()) + ((x) as f64 + program_3(z[((trips_2 + 2_usize)) % 4], x, (n) % 4))); t / (1.0 + t * t) };
match (trips_2) % 3 {
0 => {
let b = x;
}
m if ((n + n)) % 3 == 1 && m < 2 => {
let mut q = r;
q = ((weigh(&z[1..], { w.swap(2, 1);
 z[2] }) + z[(trips_2) % 4])) * 0.444;
let mut trips_4 = 0;
let s = 'loop_3: loop {
trips_4 += 1;
if trips_4 > 2 {
break ((2_usize) % 5) as f64 * 0.3;
}
w.swap((1_usize) % 3, 0);
};
}
_ => {
if ({ w[(n) % 3] = (((1.5_f64 - r) - ((n) % 5) as f64 * 0.3)) * 0.385;
 x }) > (((r).max(r) + (y).tanh())).sin() {
let mut u_6 = vec![0.0; 3];
for i_5 in 0..3 {
u_6[i_5] = ((program_8(x, z[1], (n) % 4)).powi(2)) * 0.320;
}
let mut s = w.to_vec();
} else if (({ let t = x; (1.0 + t * t).sqrt() }).sin()) > (w[1]).atan() {
let b = 'block_7: {
let mut p = weigh(&w[1..], (((x - w[((2_usize * 3 + 1)) % 3])) * 0.400) as f64);
((r).tanh()).sin()
};
y = ((((0.2_f64).powi(2)) as f64 - (y) / { let t = (b + r); 1.0 + t * t })).sin();
} else {
let d = z[3];
let mut q = d;
w[0] -= ((x + z[1])) * 0.400;
}
w[2] = weigh(&w[1..], (w[(n) % 3]).abs());
}
}
y /= 1.5 + ((z[((n + 1_usize)) % 4]) as f64).sin();
y });
}
w[((trips_2 * 3 + 1)) % 3] -= (match ((trips_2 * 3 + 1)) % 4 { 0 => { z[((trips_2 * 3 + 1)) % 4] } 1 | 2 if ({ let t = (w[(n) % 3] - y); t / (1.0 + t * t) }) > { let t = z[((n * 3 + 1)) % 4]; (-t * t).exp() } => { w[0] } _ => { x } });
y = w[1];
};
({ let t = (d - y); t / (1.0 + t * t) }) + ((match (n) % 4 { 0 => { y *= (((y - w[0])) * 0.400).cos();
w[0] = (({ y += w[(0_usize) % 3];
 x }) * ((z[0]) as f64)).tanh();
w[1] /= 1.5 + ((y) as f64).sin();
y } 1 | 2 if n < n => { w[0] /= 1.5 + ((0.6_f64).max(x)).sin();
y } _ => { w[2] } })) + ({ w[0] = ((y + y)) * 0.400;
 z[((n + n)) % 4] })
}

fn program_13(x: f64, y: f64, n: usize, v: &[f64], w: [f64; 3], z: Vec<f64>) -> f64 {
if n < n {
return z[1];
}
let (mut p, r) = ((1.1_f64).sin(), {  (0.4_f64) as f64 });
match ((n + n)) % 3 {
0 => {
p /= 1.5 + (((1.4_f64) * (v[3])) * 0.571).sin();
p *= ((z[0]) / { let t = 0.3_f64; 1.0 + t * t }).cos();
}
m if (((v[(2_usize) % 4]) * (v[((n + 1_usize)) % 4])).tanh()) > (match (1_usize) % 4 { 0 => { x } 1 | 2 if (((0.8_f64 + z[0])).tanh()) > ((r + w[1])) * 0.400 => { r } _ => { y } }) && m < 2 => {
p = { let t = w[(n) % 3]; (-t * t).exp() };
p -= weigh(&v[1..], p);
}
_ => {
p = ((-(0.4_f64) - (r - z[1]))) * 0.267;
p = { p *= ((p) as f64).cos();
 -(v[2]) };
}
}
((0.7_f64) as f64) + ({ p /= 1.5 + (r).sin();
 z[3] }) + (((2_usize) % 5) as f64 * 0.3)
}

fn program_14(x: f64, y: f64, n: usize, v: &[f64], mut w: [f64; 3], mut z: Vec<f64>) -> f64 {
w = [((w[(n) % 3] - w[((n + n)) % 3])).tanh(), ((1_usize) % 5) as f64 * 0.3, ((x + w[(n) % 3])) * 0.400];
let mut q_2 = vec![0.0; 3];
for i_1 in 0..3 {
q_2[i_1] = (((w[(i_1) % 3]).sin() + (w[(n) % 3]) as f64)) * 0.571;
}
let mut c = stir(&mut z[..], ({ q_2[(1_usize) % 3] = q_2[1];
 0.8_f64 }).abs());
c = -(((v[1]) * ((y - c))) * 0.160);
if ((x) <= w[((3_usize + 2_usize)) % 3]) && ((y) > q_2[0]) {
return (c) / { let t = q_2[((n + n)) % 3]; 1.0 + t * t };
}
'loop_3: for e_5 in v.iter().rev() {
if (((c) / { let t = q_2[(n) % 3]; 1.0 + t * t }).sin()) > q_2[((3_usize + n)) % 3] {
let mut r = stir(&mut w[..], (({ c = { c /= 1.5 + (v[3]).sin();
 c };
 c } - (0.5_f64) * (0.5_f64))).tanh());
z[3] = program_8((if (w[0]) > c { q_2[0] } else { v[(n) % 4] }), (c).tanh(), (0_usize) % 4);
} else {
soften(&mut z[..], weigh(v, w[0]));
z[(n) % 4] = (((z[2]).abs()) * ((x - (*e_5)))).sin();
}
z[((3_usize * 3 + 1)) % 4] = (((*e_5)) as f64) / { let t = (w[(n) % 3]) * ((*e_5)); 1.0 + t * t };
}
(x) + ((if (q_2[1]) > z[1] { c } else { w[2] })) + ((w[0]).abs())
}

fn program_15(x: f64, y: f64, n: usize, v: &[f64], w: [f64; 3], mut z: Vec<f64>) -> f64 {
'loop_1: for i_2 in (0..4).rev() {
'loop_3: for (e_5, e_6) in z.iter_mut().zip(w.iter()) {
*e_5 = (((weigh(&v[1..], x) + (*e_6)) - ((2_usize) % 5) as f64 * 0.3)) * 0.351;
let mut a = (*e_6);
}
let mut trips_8 = 0;
let p = 'loop_7: loop {
trips_8 += 1;
if trips_8 > 1 {
break { let t = (w[(n) % 3] + y); t / (1.0 + t * t) };
}
let b = 'block_9: {
z[((stop_gradient(((i_2) % 5) as f64 * 0.3).abs() * 3.0) as usize) % 4] = { let t = ((-(y)) * (stir(&mut z[..], w[(1_usize) % 3]))).powi(2); t / (1.0 + t * t) };
(((z[(i_2) % 4]).sin() - y)) * 0.571
};
if ((1.1_f64) <= z[(3_usize) % 4]) && ((b) > v[0]) {
return (0.2_f64 + 0.6_f64);
}
};
}
if (((n) % 5) as f64 * 0.3) > ((3_usize) % 5) as f64 * 0.3 {
z[1] = ({ z[0] /= 1.5 + (x).sin();
 x }) / { let t = polar(w[1]).1; 1.0 + t * t };
return polar(v[1]).0;
}
if (3_usize) % 3 == 1 {
return (w[0]).cos();
}
(x) + (((3_usize) % 5) as f64 * 0.3) + (((x) * (v[((n + n)) % 4])).tanh())
}

fn program_16(x: f64, y: f64, n: usize) -> f64 {
let mut c = ((((x).max(x)).abs() + (if (blend(x, x)) > ((x) * (x)) * 0.320 { (1.3_f64) as f64 } else { (if (1_usize) % 3 == 1 { 'loop_1: for i_2 in (0..4).rev() {
'loop_3: for i_4 in 0..4 {
if (!((x) <= y)) || ((((1.4_f64) * (y)).tanh()) > (x).clamp(-1.0, 1.0)) {
let mut b = (((match (i_2) % 4 { 0 => { let (d, mut b) = polar(((y).sin()).clamp(-1.0, 1.0));
b -= ((3_usize) % 5) as f64 * 0.3;
f64::min(d, 0.7_f64) } 1 | 2 if (((x - x)).sin()) > (y) / { let t = x; 1.0 + t * t } => { (0.6_f64) * (y) } _ => { -(1.5_f64) } }) + (match (i_2) % 4 { 0 => { ((n) % 5) as f64 * 0.3 } 1 | 2 if !((y) > 1.4_f64) => { ((y + x)).tanh() } _ => { (match (i_4) % 4 { 0 => { y } 1 | 2 if ((i_4 + i_4)) % 3 == 1 => { x } _ => { if !(n < i_4) {
}
0.8_f64 } }) } }))) * 0.400;
}
}
}
1.3_f64 } else { y }) }))).sin();
(f64::min(y, x)) + (((n) % 5) as f64 * 0.3) + (-(y))
}

fn program_17(x: f64, y: f64, n: usize, w: [f64; 3], mut z: Vec<f64>) -> f64 {
if (({ z[(n) % 4] = (1.5_f64) / { let t = x; 1.0 + t * t };
 z[(0_usize) % 4] }) > x) && ((((2_usize) % 5) as f64 * 0.3) > ((n) % 5) as f64 * 0.3) {
z[((stop_gradient({ let t = (w[(2_usize) % 3] - y); t / (1.0 + t * t) }).abs() * 3.0) as usize) % 4] += (((n * 3 + 1)) % 5) as f64 * 0.3;
let a = (((n * 3 + 1)) % 5) as f64 * 0.3;
if ({ let t = ({ z.swap(1, 3);
 z[2] } + -(w[1])); t / (1.0 + t * t) }) > 0.9_f64 {
z[(n) % 4] = ((a) * (program_16((a).abs(), ((3_usize) % 5) as f64 * 0.3, (n) % 4))) * 0.320;
let mut trips_2 = 0;
'loop_1: while trips_2 < 4 && ((0.1_f64) > (a).max(z[1])) {
trips_2 += 1;
let mut trips_4 = 0;
let s = 'loop_3: loop {
trips_4 += 1;
if trips_4 > 4 {
break ((z[3] - y)) * 0.400;
}
if (!((y) > 1.3_f64)) && (!((n) % 3 == 0)) {
match (trips_2) % 3 {
0 => {
if (y) > (weigh(&w[..], 0.7_f64) - (0.1_f64).abs()) {
z[((trips_2 + 2_usize)) % 4] = ((((w[1]) * (y) + (x) * (x)) + ((0.3_f64) * (a)) * (((3_usize) % 5) as f64 * 0.3))) * 0.149;
z[(0_usize) % 4] = { z[(trips_2) % 4] = z[(trips_2) % 4];
 (f64::min((y) * (x), (if (z[0]) <= 0.4_f64 { z[((trips_2 + trips_2)) % 4] += ((blend(w[(n) % 3], y) - { z[(trips_4) % 4] += x;
 y })) * 0.500;
if !((trips_2) % 3 == 1) {
if ({ z[3] = -((y).cos());
 ((x - 1.5_f64)) * 0.500 }) > (((match (trips_4) % 4 { 0 => { z[(n) % 4] /= 1.5 + ({ z[((trips_2 + n)) % 4] -= 0.6_f64;
 y }).sin();
soften(&mut z[..], (x).tanh());
z[(trips_4) % 4] -= ({ let t = x; (1.0 + t * t).sqrt() }) * 0.571;
w[1] } 1 | 2 if ((z[3]).atan()) > (0.5_f64).abs() => { 0.9_f64 } _ => { z[3] } }) + stir(&mut z[..], w[(3_usize) % 3]))).sin() {
z[((trips_2 + trips_2)) % 4] = ((match (1_usize) % 4 { 0 => { y } 1 | 2 if (trips_4 < 3_usize) || ((x) > z[((trips_2 + trips_2)) % 4]) => { a } _ => { a } })).sin();
} else {
z.swap((trips_2) % 4, (3_usize) % 4);
soften(&mut z[..], ((x) * (y)).sin());
}
z[((trips_4 * 3 + 1)) % 4] = (((x + 1.4_f64)).powi(2)) * 0.131;
} else if ({ let t = (x + a); t / (1.0 + t * t) }) > z[3] {
z[((n * 3 + 1)) % 4] /= 1.5 + (((w[2]).powi(2)) * 0.320).sin();
} else {
soften(&mut z[..], (0.2_f64) * (x));
}
z[(trips_4) % 4] += (if (a) <= a { z[1] } else { soften(&mut z[..], (if (x) > y { w[(trips_4) % 3] } else { 1.1_f64 }));
w[0] });
a } else { z[1] = (((y - y) + (a) * (y))) * 0.178;
z[((n + trips_4)) % 4] = (((2_usize) % 5) as f64 * 0.3).powi(2);
0.1_f64 }))).sin() };
} else {
z[1] /= 1.5 + ((z[(trips_4) % 4]).sin()).sin();
z[(trips_2) % 4] += ((x - 0.6_f64)) * 0.645;
}
z[((trips_4 + trips_4)) % 4] /= 1.5 + (((x + x)).tanh()).sin();
z[1] -= { let t = (x + w[0]); t / (1.0 + t * t) };
}
m if !((y) <= x) && m < 2 => {
z[3] = { let t = ((a).powi(2)) * ((a + y)); t / (1.0 + t * t) };
z[(1_usize) % 4] += (match (trips_4) % 4 { 0 => { z[1] /= 1.5 + (x).sin();
z.swap(2, ((trips_4 + trips_4)) % 4);
1.0_f64 } 1 | 2 if (z[((3_usize + trips_4)) % 4]) > (x).tanh() => { z[(trips_4) % 4] = (((z[0] + z[(trips_2) % 4])) * (blend(a, w[(trips_4) % 3]))).tanh();
w[0] } _ => { a } });
z[1] = { z[(n) % 4] = y;
 ((trips_4) % 5) as f64 * 0.3 };
}
_ => {
z[((n * 3 + 1)) % 4] = (({ let t = y; (1.0 + t * t).sqrt() }) * (w[2])) * 0.229;
z[2] /= 1.5 + ((x) / { let t = a; 1.0 + t * t }).sin();
z[(trips_2) % 4] *= (((n) % 5) as f64 * 0.3).cos();
}
}
z[0] = ({ let t = w[((trips_2 + n)) % 3]; (1.0 + t * t).sqrt() }).atan();
z[((stop_gradient(w[2]).abs() * 3.0) as usize) % 4] += (y).sin();
}
z[((3_usize + trips_4)) % 4] /= 1.5 + ({ let t = (x) * (a); t / (1.0 + t * t) }).sin();
};
}
} else {
z[(n) % 4] /= 1.5 + ({ z[((n + 0_usize)) % 4] = a;
 x }).sin();
z[2] /= 1.5 + (({ let t = x; (1.0 + t * t).sqrt() }).sin()).sin();
z[(n) % 4] = (((w[((3_usize + n)) % 3] + w[0]) + (z[3] - 0.7_f64))).sin();
}
}
((x).max(y)) + ((0.2_f64) * (x)) + (z[((2_usize * 3 + 1)) % 4])
}

fn program_18(x: f64, y: f64, n: usize, v: &[f64], mut w: [f64; 3], z: Vec<f64>) -> f64 {
let mut trips_2 = 0;
let c = 'loop_1: loop {
trips_2 += 1;
if trips_2 > 1 {
break (if (v[(1_usize) % 4]) > x { y } else { return x });
}
let mut b = ((((v[0]).sin()) as f64 + y)) * 0.400;
if ({ let t = (w[2] + z[0]); t / (1.0 + t * t) }) > -(b) {
continue 'loop_1;
}
};
let b = (((x) as f64) * (stir(&mut w[..], y))) * 0.320;
let mut r = [(((1.1_f64 - c) - (x) * (y))).tanh(), ((c).sin() + ((n) % 5) as f64 * 0.3), { w[((n + 3_usize)) % 3] = ((n) % 5) as f64 * 0.3;
 (match ((stop_gradient({ let t = (v[((n + n)) % 4]) * (c); t / (1.0 + t * t) }).abs() * 3.0) as usize) % 4 { 0 => { c } 1 | 2 if ((y).max(y)) > ((2_usize) % 5) as f64 * 0.3 => { z[(n) % 4] } _ => { v[2] } }) }];
match ((n * 3 + 1)) % 3 {
0 => {
soften(&mut r[..], ((n) % 5) as f64 * 0.3);
r[2] /= 1.5 + (v[3]).sin();
r[1] = (((y) * (y) + weigh(&v[1..], y))).tanh();
}
m if (((b + b)).tanh()) > (z[((n * 3 + 1)) % 4]).atan() && m < 2 => {
soften(&mut r[..], (v[1]) * (0.3_f64));
r = [((c) * (b)).tanh(), (y).sin(), (1.0_f64).max(b)];
r[(n) % 3] -= ((y + v[0])).tanh();
}
_ => {
r[((n + n)) % 3] *= (stir(&mut r[..], z[(n) % 4])).cos();
r = [((x) * (r[((0_usize + n)) % 3])) * 0.320, weigh(&v[..], c), v[(n) % 4]];
}
}
((c).sin()) + (({ let t = w[((3_usize * 3 + 1)) % 3]; (1.0 + t * t).sqrt() }).sin()) + ((0.3_f64) * (r[((n + 0_usize)) % 3]))
}

fn program_19(mut x: f64, y: f64, n: usize) -> f64 {
let (mut c, u) = (((if (x) > y { x } else { x })).cos(), x);
'loop_1: for i_2 in 1..=3 {
let mut s = (({ x = c;
 u }) * ((0.1_f64) * (1.0_f64))) as f64;
x = (u) / { let t = { let t = (u) / { let t = u; 1.0 + t * t }; (1.0 + t * t).sqrt() }; 1.0 + t * t };
x /= 1.5 + ((((n * 3 + 1)) % 5) as f64 * 0.3).sin();
}
(((x - u)) * 0.400) + (((c) * (x)) * 0.320) + (((n) % 5) as f64 * 0.3)
}

fn program_20(x: f64, mut y: f64, n: usize) -> f64 {
if ({ let t = ((x - y)) / { let t = (match ((n + 3_usize)) % 4 { 0 => { y } 1 | 2 if ((x) * (0.2_f64)) > (if (y) > y { 1.5_f64 } else { y }) => { x } _ => { x } }); 1.0 + t * t }; t / (1.0 + t * t) }) > ((y).clamp(-1.0, 1.0)) * (blend(x, 0.2_f64)) {
match (n) % 3 {
0 => {
let q = ((x) * (((1.4_f64).sin()) * (x))) * 0.320;
y /= 1.5 + (((-(x) + polar(x).1)).sin()).sin();
let mut a = (((-(x)) / { let t = (q).clamp(-1.0, 1.0); 1.0 + t * t } + y)).sin();
}
m if (blend(y, y)) > ((y + y)) * 0.400 && m < 2 => {
'loop_1: for i_2 in 1..=3 {
y /= 1.5 + (((polar(x).1 - y)) * 0.571).sin();
if (!((x) <= x)) && (((x) <= 1.2_f64) && ((x) > y)) {
y *= (((polar(y).0 - -(x))) * 0.571).cos();
'loop_3: for i_4 in 0..((i_2 + 0_usize)) % 5 {
y += { let t = { let t = y; (1.0 + t * t).sqrt() }; t / (1.0 + t * t) };
y = { y /= 1.5 + ((match (3_usize) % 4 { 0 => { break 'loop_1 } 1 | 2 if ((i_2 + i_4)) % 3 == 2 => { 0.5_f64 } _ => { y = 0.6_f64;
y = { let t = { let t = y; (1.0 + t * t).sqrt() }; (-t * t).exp() };
y } })).sin();
 (0.1_f64) as f64 };
}
y -= { let t = (y - x); t / (1.0 + t * t) };
} else if ((if (y) > y { y = (((x - y)).sin()) as f64;
y /= 1.5 + ((match (n) % 4 { 0 => { y = y;
y } 1 | 2 if !((x) > x) => { y = x;
x } _ => { y } })).sin();
y } else { y += -(y);
y *= ({ y += x;
 x }).cos();
y = 1.2_f64;
x })) > { let t = y; (-t * t).exp() } {
y *= (blend(x, x)).cos();
y -= ((x) * (1.4_f64)) * 0.571;
y = (y) as f64;
} else {
y = program_16(x, (y).sin(), (i_2) % 4);
}
y = 1.1_f64;
}
y += (if (x) <= 1.3_f64 { y += ((3_usize) % 5) as f64 * 0.3;
y *= (((x + x)) * 0.400).cos();
y = { y = { let t = ((x + x)).abs(); t / (1.0 + t * t) };
 { y += 0.1_f64;
 x } };
x } else { y *= (blend(x, y)).cos();
y += { let t = (y).powi(2); t / (1.0 + t * t) };
x });
}
_ => {
y = polar((match (n) % 4 { 0 => { y = y;
x } 1 | 2 if (n) % 3 == 0 => { x } _ => { y = (if n < n { blend(x, y) } else { { let t = (x + x); t / (1.0 + t * t) } });
y += (if (y) <= x { y } else { x });
y } })).1;
y = ((x) as f64).atan();
y = -(polar(x).1);
}
}
y *= ((match ((n + 0_usize)) % 4 { 0 => { return ((n) % 5) as f64 * 0.3 } 1 | 2 if (((y + 1.0_f64)) * 0.571) > y => { return ((x) * (y)) * 0.320 } _ => { y = blend(x, { let t = (x).powi(2); t / (1.0 + t * t) });
y -= polar(x).1;
y = ((n) % 5) as f64 * 0.3;
x } })).cos();
} else {
y = (((n * 3 + 1)) % 5) as f64 * 0.3;
}
(-(y)) + ({ let t = { let t = x; (1.0 + t * t).sqrt() }; t / (1.0 + t * t) }) + (program_16(x, y, (3_usize) % 4))
}

fn program_21(x: f64, y: f64, n: usize, v: &[f64], w: [f64; 3]) -> f64 {
'loop_1: for e_3 in v.iter().rev() {
if ((if (y) > v[2] { if (((if (1.5_f64) <= y { x } else { w[0] })) > {  x }) && ((1_usize < 1_usize) && ((y) > x)) {
if !((((*e_3)) <= y) && ((y) > y)) {
let mut d = (((if ({ let t = (*e_3); (-t * t).exp() }) > (if (y) <= x { let s = ((((x) as f64) * (v[(3_usize) % 4]) + (weigh(&v[..], w[((n * 3 + 1)) % 3])) * (polar(y).0))).sin();
let mut a = (n) % 6;
a = (a) % 7;
s } else { 0.1_f64 }) { -(1.2_f64) } else { 'loop_4: for e_6 in w.iter() {
match (n) % 3 {
0 => {
}
m if !((v[1]) <= v[(n) % 4]) && m < 2 => {
}
_ => {
}
}
}
w[(0_usize) % 3] }) + (if (x) > w[(n) % 3] { {  0.4_f64 } } else { (0.1_f64) as f64 }))).sin();
d = (((d) * (x) - d)).tanh();
} else {
}
} else {
}
(*e_3) } else { continue 'loop_1 })) > {  y } {
continue 'loop_1;
}
}
((match (n) % 4 { 0 => { 1.3_f64 } 1 | 2 if ((n) % 3 == 0) || ((v[1]) > v[3]) => { v[3] } _ => { w[0] } })) + ((0.2_f64) as f64) + (program_20(w[(3_usize) % 3], y, (n) % 4))
}

fn program_22(x: f64, mut y: f64, n: usize, z: Vec<f64>) -> f64 {
y = (0.1_f64) * ((((y).powi(2)).sin()) as f64);
if ((y).tanh()) > 1.1_f64 {
return (match (n) % 4 { 0 => { y } 1 | 2 if ((z[((2_usize * 3 + 1)) % 4]) <= z[(n) % 4]) && (((n + 1_usize)) % 3 == 1) => { x } _ => { z[0] } });
}
if n < n {
if ((0.4_f64) <= z[0]) || (1_usize < n) {
y += { let t = (z[(n) % 4] + y); t / (1.0 + t * t) };
return program_20(z[3], y, (n) % 4);
}
let mut d = 1.2_f64;
}
y = (match (n) % 4 { 0 => { weigh(&z[..], (if (z[(n) % 4]) <= y { 0.5_f64 } else { if (((1_usize) % 5) as f64 * 0.3) > (((match (n) % 4 { 0 => { return (x) as f64 } 1 | 2 if ((if (x) > y { z[(n) % 4] } else { y })) > (match ((n * 3 + 1)) % 4 { 0 => { y } 1 | 2 if n < n => { x } _ => { 1.5_f64 } }) => { y } _ => { x } }) - { let t = z[(n) % 4]; (1.0 + t * t).sqrt() })).tanh() {
let mut s = { let t = ({ y = (match ((n * 3 + 1)) % 4 { 0 => { return polar(z[2]).0 } 1 | 2 if (0.3_f64) > weigh(&z[1..], z[((n + n)) % 4]) => { y = ((((y - x)) * (-(y))) * (y)) * 0.064;
let mut trips_2 = 0;
'loop_1: while trips_2 < 4 && ((1_usize < n) || (0_usize < n)) {
trips_2 += 1;
y = (((match (1_usize) % 4 { 0 => { y -= { let t = 0.8_f64; (-t * t).exp() };
y += (y).atan();
y } 1 | 2 if (x) > z[(trips_2) % 4] => { y } _ => { y } })) * ((y + z[(1_usize) % 4]))).tanh();
y = { y += y;
 ((x + x)) * 0.400 };
y *= (z[(1_usize) % 4]).cos();
}
y += { y = { let t = (x) * (z[1]); t / (1.0 + t * t) };
 y };
y } _ => { y += (z[1]) as f64;
y -= (1.0_f64).cos();
y = -(((y) * (z[((n + n)) % 4])) * 0.320);
x } });
 z[((stop_gradient((y) as f64).abs() * 3.0) as usize) % 4] }) * (x); (-t * t).exp() };
} else if (n < 3_usize) && ((3_usize) % 3 == 2) {
y += z[0];
y = ((1.5_f64).sin() + (0.2_f64) / { let t = y; 1.0 + t * t });
y *= ((x).atan()).cos();
} else {
y = ((x) * (((3_usize) % 5) as f64 * 0.3)) * 0.667;
y += ((0_usize) % 5) as f64 * 0.3;
}
y = (((y) as f64 + (if (y) > y { y = (((y) / { let t = x; 1.0 + t * t } + ((n) % 5) as f64 * 0.3)) * 0.541;
y += y;
y *= (((x) * (x)) * 0.320).cos();
y } else { z[2] }))) * 0.400;
y += (z[1]).cos();
y })) } 1 | 2 if ({ let t = 1.5_f64; (1.0 + t * t).sqrt() }) > ((x) * (1.4_f64)).sin() => { (((0.9_f64 + x) + z[(n) % 4])).sin() } _ => { y -= y;
(((y + z[((n + n)) % 4])) * (weigh(&z[1..], x))) * 0.200 } });
(weigh(&z[..], z[3])) + (z[3]) + (((x) * (y)).tanh())
}

fn program_23(x: f64, y: f64, n: usize, v: &[f64], z: Vec<f64>) -> f64 {
if ({  (v[3]).max(v[((2_usize + 1_usize)) % 4]) }) > y {
let mut r = ((((if (v[(1_usize) % 4]) > 0.8_f64 { y } else { return program_20(x, x, (3_usize) % 4) })) * (weigh(&z[1..], v[0])) + ((z[0]).max(z[((2_usize * 3 + 1)) % 4])).tanh())) * 0.333;
} else {
'loop_1: for i_2 in (0..5).step_by(2) {
let mut trips_4 = 0;
'loop_3: while trips_4 < 2 && (((z[1]) > y) && ((x) > z[2])) {
trips_4 += 1;
}
}
}
(y) + ((z[((n + 1_usize)) % 4]).clamp(-1.0, 1.0)) + ((z[(n) % 4]).clamp(-1.0, 1.0))
}

}

#[test]
fn random_programs() {
    let mut report = Report::default();
    check!(report, program_0(v, w, z));
    check!(report, program_1(v, w));
    check!(report, program_2(z));
    check!(report, program_3());
    check!(report, program_4(v, w));
    check!(report, program_5(w, z));
    check!(report, program_6(v, w));
    check!(report, program_7(v, w));
    check!(report, program_8());
    check!(report, program_9(v, z));
    check!(report, program_10(v, z));
    check!(report, program_11(v, w, z));
    check!(report, program_12(w, z));
    check!(report, program_13(v, w, z));
    check!(report, program_14(v, w, z));
    check!(report, program_15(v, w, z));
    check!(report, program_16());
    check!(report, program_17(w, z));
    check!(report, program_18(v, w, z));
    check!(report, program_19());
    check!(report, program_20());
    check!(report, program_21(v, w));
    check!(report, program_22(z));
    check!(report, program_23(v, z));
    report.finish();
}
