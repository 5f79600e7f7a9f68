//! Structs that are not `Clone`: derivatives keep copies of them all the same.

mod common;

use differentiable::{Differentiable, differentiable, gradcheck};

/// What is built step by step.
#[derive(Debug, Differentiable)]
pub struct Order {
    limit: Option<f64>,
    name: String,
    fills: Vec<f64>,
}

/// Its fields are its own.
#[derive(Differentiable)]
struct Globe {
    radius: f64,
    flattening: f64,
}

/// Made of another one.
#[derive(Differentiable)]
struct System(Globe, f64);

/// Clone by hand, which nothing may get in the way of.
#[derive(Differentiable)]
struct Counted(f64, u32);

impl Clone for Counted {
    fn clone(&self) -> Self {
        Counted(self.0, self.1 + 1)
    }
}

#[differentiable]
impl Order {
    fn new(name: &str, start: f64) -> Order {
        Order { limit: None, name: name.to_string(), fills: vec![start] }
    }

    fn limit(mut self, limit: f64) -> Self {
        self.limit = Some(limit);
        self
    }

    fn fill(mut self, amount: f64) -> Self {
        self.fills.push(amount * 2.0);
        self
    }

    fn renamed(self, by: f64) -> Self {
        Self { name: format!("{}!", self.name), limit: self.limit, fills: vec![by, by] }
    }

    fn total(&self) -> f64 {
        self.limit.unwrap_or(1.0) * self.fills.iter().sum::<f64>()
    }

    fn finish(self) -> f64 {
        let mut last = self;
        last.fills.push(0.5);
        last.total() + last.fills[0]
    }
}

#[differentiable]
impl Globe {
    fn new(radius: f64, flattening: f64) -> Globe {
        Globe { radius, flattening }
    }

    fn eccentricity(&self) -> f64 {
        (self.flattening * (2.0 - self.flattening)).sqrt()
    }
}

#[differentiable]
fn built(x: f64, y: f64) -> f64 {
    let first = Order::new("first", x).limit(y).fill(x * y).fill(y);
    let second = Order::new("second", y).renamed(x).limit(x * x);
    first.total() * second.finish()
}

#[differentiable]
fn on(x: f64, globe: Globe) -> f64 {
    let k = globe.eccentricity() * x;
    let mut sum = x;
    for i in 0..3 {
        sum += k * globe.radius.powi(i) * sum.sin() + globe.flattening;
    }
    sum
}

#[differentiable]
fn several(x: f64, flattening: f64) -> f64 {
    let globe: Globe = Globe::new(x, flattening);
    let e = globe.eccentricity();
    let other = Globe { radius: flattening, flattening: e * flattening };
    let grown = other.radius * x;
    let system = System(Globe::new(e, 0.5 * flattening), x);
    let (inner, share) = (Globe { ..system.0 }, system.1);
    on(x, globe) + on(e, other) * grown + on(share, inner)
}

#[differentiable]
fn counted(x: f64) -> f64 {
    let first = Counted(x * x, 0);
    let second = first.clone();
    first.0 * second.0 * f64::from(second.1)
}

#[test]
fn what_can_only_be_moved_has_derivatives() {
    gradcheck!(built(1.3, 0.6)).unwrap();
    gradcheck!(several(1.1, 0.3)).unwrap();
    let (x_bar, globe_bar) = on::grad(0.7, Globe::new(1.2, 0.3));
    let expected = common::differences(|p| on(p[0], Globe::new(p[1], p[2])), &[0.7, 1.2, 0.3]);
    common::assert_near("on", &vec![x_bar, globe_bar.radius, globe_bar.flattening], &expected, 1e-9);
    common::check!(counted(2.0), 32.0);
}

/// Where a root may be, which nobody copies.
#[derive(Debug, Differentiable)]
struct Bracket {
    low: f64,
    high: f64,
}

mod around {
    /// Another module names the type by its path.
    #[differentiable::differentiable]
    pub(super) fn widened(bracket: super::Bracket, by: f64) -> (super::Bracket, f64) {
        (super::Bracket { low: bracket.low - by, high: bracket.high * by }, by * by)
    }
}

#[differentiable]
fn halves(bracket: Bracket, at: f64) -> Option<[Bracket; 2]> {
    let Bracket { low, high } = bracket;
    if at > low { Some([Bracket { low, high: at }, Bracket { low: at, high }]) } else { None }
}

#[differentiable]
fn bracket<F: Fn(f64) -> f64>(start: f64, within: Bracket, f: F) -> Option<Bracket> {
    let (low, high) = ((start - 1.0).max(within.low), (start + 1.0).min(within.high));
    if f(low) * f(high) <= 0.0 { Some(Bracket { low, high }) } else { None }
}

#[differentiable]
fn secant<F: Fn(f64) -> f64>(within: Bracket, f: F) -> Option<f64> {
    let (below, above) = (f(within.low), f(within.high));
    Some((within.low * above - within.high * below) / (above - below))
}

#[differentiable]
fn root<F: Fn(f64) -> f64>(start: Option<f64>, f: F) -> Option<f64> {
    let start = start.unwrap_or(0.0);
    let again = |x| f(x);
    if let Some(found) = bracket(start, Bracket { low: 2.0, high: 5.0 }, again) {
        secant(found, again)
    } else if let Some(found) = bracket(start, crate::Bracket { low: -5.0, high: 5.0 }, again) {
        secant(found, again)
    } else {
        None
    }
}

#[differentiable]
fn rooted(start: f64, level: f64) -> f64 {
    root(Some(start), |x| x * x - level).unwrap()
}

#[differentiable]
fn bisected(x: f64) -> f64 {
    let mut total = 0.0;
    for i in 0..4 {
        let both = around::widened(crate::Bracket { low: x, high: 2.0 * x }, 0.5 + f64::from(i));
        total += both.1;
        let (bracket, by) = both;
        match halves(bracket, x * by) {
            Some([lower, upper]) => total += lower.high * upper.low * upper.high - lower.low,
            None => total += x,
        }
        let last = if i > 1 { Some(Bracket { low: x, high: by }) } else { None };
        if let Some(last) = last {
            total += last.low * last.high;
        }
    }
    total
}

#[test]
fn what_holds_values_that_can_only_be_moved_is_copied_by_parts() {
    gradcheck!(rooted(1.2, 2.0)).unwrap();
    gradcheck!(rooted(2.5, 7.0)).unwrap();
    gradcheck!(bisected(0.7)).unwrap();
}

mod pieces {
    #[derive(differentiable::Differentiable)]
    pub(super) struct Piece {
        pub(super) at: f64,
        pub(super) slope: f64,
    }

    #[differentiable::differentiable]
    pub(super) fn piece(x: f64) -> Piece {
        if x < 1.0 { Piece { at: 0.3 * x, slope: 1.2 } } else { Piece { at: 0.9, slope: x } }
    }
}

/// An import in an inner block tells what the call gives, under its own name if that occurs nowhere else.
#[differentiable]
fn imported_inside(x: f64, y: f64) -> f64 {
    let sign = x.signum();
    let far = if x.abs() < y * 5.0 {
        use crate::pieces::piece;
        let part = piece(x.abs());
        let shifted = y + part.at;
        part.slope * shifted + shifted * part.at
    } else {
        const SHARE: f64 = 0.25;
        SHARE * x * y
    };
    let near = if y < 1.0 {
        use crate::pieces::Piece as Part;
        let part = Part { at: x, slope: y };
        part.slope * part.at
    } else {
        y
    };
    sign * far + near
}

#[test]
fn imports_in_inner_blocks_are_followed() {
    gradcheck!(imported_inside(0.4, 0.7)).unwrap();
    gradcheck!(imported_inside(-1.7, 1.9)).unwrap();
    gradcheck!(imported_inside(7.0, 0.9)).unwrap();
}
