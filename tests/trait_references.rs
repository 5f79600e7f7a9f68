//! Several implementations of a trait for one type, some of them for references: `Next<f64>` and `Next<&T>`.

mod common;

use common::{assert_near, differences};
use differentiable::{Differentiable, differentiable};

#[differentiable]
trait Close {
    fn close(&self) -> f64;
}

#[differentiable]
trait High {
    fn high(&self) -> f64;
}

#[differentiable]
trait Next<T> {
    type Output;
    fn next(&mut self, input: T) -> Self::Output;
}

#[derive(Clone, Debug, Differentiable)]
struct Bar {
    close: f64,
    high: f64,
}

#[differentiable]
impl Close for Bar {
    fn close(&self) -> f64 {
        self.close
    }
}

#[differentiable]
impl High for Bar {
    fn high(&self) -> f64 {
        self.close + self.high * self.high
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Ema {
    k: f64,
    current: f64,
    is_new: bool,
}

#[differentiable]
impl Next<f64> for Ema {
    type Output = f64;

    fn next(&mut self, input: f64) -> Self::Output {
        if self.is_new {
            self.is_new = false;
            self.current = input;
        } else {
            self.current = self.k * input + (1.0 - self.k) * self.current;
        }
        self.current
    }
}

#[differentiable]
impl<T: Close> Next<&T> for Ema {
    type Output = f64;

    fn next(&mut self, input: &T) -> Self::Output {
        self.next(input.close())
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Channel {
    middle: Ema,
    top: Ema,
    width: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Edges {
    low: f64,
    high: f64,
}

#[differentiable]
impl Next<f64> for Channel {
    type Output = Edges;

    fn next(&mut self, input: f64) -> Self::Output {
        let (middle, top) = (self.middle.next(input), self.top.next(2.0 * input));
        Edges { low: middle - self.width * top, high: middle + self.width * top }
    }
}

#[differentiable]
impl<T: Close + High> Next<&T> for Channel {
    type Output = Edges;

    fn next(&mut self, input: &T) -> Self::Output {
        let middle = self.middle.next(input);
        let top = self.top.next(input.high());
        Self::Output { low: middle - self.width * top, high: middle * self.width + top }
    }
}

fn ema(k: f64) -> Ema {
    Ema { k, current: 0.0, is_new: true }
}

#[differentiable]
fn of_numbers(k: f64, prices: &[f64]) -> f64 {
    let mut ema = Ema { k, current: 0.0, is_new: true };
    let mut total = 0.0;
    for price in prices {
        total += ema.next(*price).sin();
    }
    total
}

#[differentiable]
fn of_bars(k: f64, prices: &[f64]) -> f64 {
    let mut ema = Ema { k, current: 0.0, is_new: true };
    let mut total = 0.0;
    for price in prices {
        let bar = Bar { close: price * price, high: 1.0 };
        total += ema.next(&bar).sin();
        total += ema.next(*price);
    }
    total
}

#[differentiable]
fn of_channels(v: &[f64]) -> f64 {
    let (middle, top) = (Ema { k: v[0], current: 0.0, is_new: true }, Ema { k: v[1], current: 0.0, is_new: true });
    let mut channel = Channel { middle, top, width: v[2] };
    let bars = vec![Bar { close: v[3], high: v[4] }, Bar { close: v[5], high: v[6] }];
    let mut total = 0.0;
    for bar in &bars {
        let edges = channel.next(bar);
        total += edges.low * edges.high;
    }
    total + channel.next(v[3]).high
}

fn check(
    name: &str,
    f: impl Fn(&[f64]) -> f64,
    reverse: &[f64],
    pulled: &[f64],
    forward: impl Fn(&[f64]) -> f64,
    at: &[f64],
) {
    let expected = differences(&f, at);
    assert_near(name, &reverse.to_vec(), &expected, 1e-7);
    assert_near(name, &pulled.to_vec(), &reverse.to_vec(), 1e-14);
    let square: f64 = reverse.iter().map(|x| x * x).sum();
    assert_near(name, &forward(reverse), &square, 1e-11);
}

#[test]
fn each_call_finds_its_implementation() {
    let prices = [1.1, 0.7, 1.9];
    differentiable::gradcheck!(of_numbers(0.3, &prices[..])).unwrap();
    differentiable::gradcheck!(of_bars(0.3, &prices[..])).unwrap();
    let at = [0.3, 0.6, 1.7, 0.8, 1.2, 0.9, 0.4];
    let (_, pullback) = of_channels::vjp(&at);
    let gradient = pullback(1.0);
    let forward = |dot: &[f64]| of_channels::jvp(&at, dot).1;
    check("channels", of_channels, &gradient, &pullback(1.0), forward, &at);
}

#[test]
fn derivatives_of_both_have_names() {
    let bar = Bar { close: 1.5, high: 0.3 };
    let mut state = Ema { is_new: false, ..ema(0.25) };
    state.current = 2.0;
    let (value, (ema_bar, input_bar)) = {
        let mut own = state.clone();
        let (value, pullback) = own.next_vjp(1.5);
        (value, pullback(1.0, EmaTangent { k: 0.0, current: 0.0 }))
    };
    assert_near("number", &(value, ema_bar.k, ema_bar.current, input_bar), &(1.875, -0.5, 0.75, 0.25), 1e-14);
    let mut own = state.clone();
    let (value, pullback) = own.next_by_ref_vjp(&bar);
    let (ema_bar, bar_bar) = pullback(1.0, EmaTangent { k: 0.0, current: 0.0 });
    let found = (value, ema_bar.k, ema_bar.current, bar_bar.close);
    assert_near("reference", &found, &(1.875, -0.5, 0.75, 0.25), 1e-14);
}

/// The parameter may be a number, a value and a reference.
#[differentiable]
trait Times<R> {
    type Result;
    fn times(&self, other: R) -> Self::Result;
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct V {
    x: f64,
    y: f64,
}

#[differentiable]
impl Times<f64> for V {
    type Result = V;

    fn times(&self, other: f64) -> V {
        V { x: self.x * other, y: self.y * other * other }
    }
}

#[differentiable]
impl Times<V> for V {
    type Result = f64;

    fn times(&self, other: V) -> f64 {
        self.x * other.x + self.y * other.y
    }
}

#[differentiable]
impl<'a> Times<&'a [f64]> for V {
    type Result = f64;

    fn times(&self, other: &'a [f64]) -> f64 {
        other.iter().map(|c| self.x * c * c + self.y).sum()
    }
}

#[differentiable]
fn products(a: f64, b: f64, c: &[f64]) -> f64 {
    let v = V { x: a, y: b };
    let scaled: V = v.times(a);
    v.times(scaled) + scaled.times(c) + v.times(c)
}

#[test]
fn parameters_of_three_types() {
    differentiable::gradcheck!(products(0.7, 1.3, &[0.2, 0.9][..])).unwrap();
}
