//! Enums without content that have no derive, ranges of floats as values, and patterns that bind a value and its parts.

mod common;

use std::ops::Range;

use differentiable::{Differentiable, differentiable, gradcheck};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Long,
    Short,
}

/// The name of a type of ndarray.
#[derive(Clone, Copy)]
enum Axis {
    Horizontal,
    Vertical,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair {
    x: f64,
    y: f64,
}

#[derive(Clone, Differentiable)]
struct Trade {
    price: f64,
    side: Side,
    history: Vec<Side>,
}

#[derive(Clone, Differentiable)]
struct Piece {
    domain: Range<f64>,
    slope: f64,
}

#[differentiable]
impl Axis {
    fn pack(self, along: f64, across: f64) -> Pair {
        match self {
            Axis::Horizontal => Pair { x: along, y: across },
            Self::Vertical => Pair { x: across, y: along },
        }
    }

    fn pick(&self, p: Pair) -> f64 {
        if let Axis::Horizontal = self { p.x } else { p.y }
    }
}

#[differentiable]
impl Pair {
    fn along(self, axis: Axis) -> f64 {
        axis.pick(self)
    }

    fn area(&self) -> f64 {
        self.x * self.y
    }
}

#[differentiable]
fn payoff(spot: f64, strike: f64, side: Side) -> f64 {
    let text = format!("{side:?} at {spot}");
    assert!(text.starts_with(if side == Side::Long { "Long" } else { "Short" }));
    match side {
        Side::Long => (spot - strike).powi(2),
        Side::Short => (strike - spot).exp(),
    }
}

#[differentiable]
fn payoffs(spot: f64, strike: f64) -> f64 {
    payoff(spot, strike, Side::Long) + spot * payoff(strike, spot, Side::Short)
}

#[differentiable]
fn packed_both(a: f64) -> f64 {
    let axis = Axis::Horizontal;
    packed(a, axis) * packed(a, Axis::Vertical)
}

#[differentiable]
fn of_trade(trade: &Trade, strike: f64) -> f64 {
    let both = payoff(trade.price, strike, trade.side) * payoff(strike, trade.price, Side::Short);
    trade.history.iter().map(|side| if *side == Side::Short { both } else { trade.price }).sum()
}

#[differentiable]
fn packed(a: f64, axis: Axis) -> f64 {
    let p = axis.pack(a, a * a);
    p.along(axis) * axis.pick(p) * p.area() + Axis::Vertical.pack(a, 1.0).y
}

#[differentiable]
impl Piece {
    fn length(&self) -> f64 {
        self.domain.end - self.domain.start
    }

    fn part(&self, of: Range<f64>) -> Piece {
        let start = self.domain.start + of.start * self.length();
        Piece { domain: start..self.domain.start + of.end * self.length(), slope: self.slope }
    }

    fn halves(&self) -> (Piece, Piece) {
        (self.part(0.0..0.5), self.part(0.5..1.0))
    }

    fn at(&self, x: f64) -> f64 {
        if self.domain.contains(&x) { self.slope * x } else { self.domain.end * x }
    }
}

#[differentiable]
fn width(range: Range<f64>) -> f64 {
    range.end - range.start
}

#[differentiable]
fn ranges(x: f64, y: f64) -> f64 {
    let piece = Piece { domain: x..2.0 * y, slope: x * y };
    let (left, right) = piece.halves();
    let of_products = (x * y)..(x + y);
    width(0.5..x) * left.length() * right.at(1.0) + right.at(9.0) + of_products.end * of_products.start
        - width(of_products)
}

#[differentiable]
fn whole_and_parts(x: f64, y: f64) -> f64 {
    let whole @ Pair { x: a, y: b } = Pair { x: x * y, y };
    let list @ [first, .., last] = [a, b, a * b];
    whole.area() + a * last + list[1] * first + list.iter().sum::<f64>()
}

#[differentiable]
fn initialised_later(x: f64, n: usize) -> f64 {
    let (a, [b, c]): (f64, [f64; 2]);
    if n > 2 {
        (a, [b, c]) = (x, [x * x, 1.0]);
    } else {
        a = 1.0;
        b = x.sin();
        c = x;
    }
    a * b + c
}

#[test]
fn enums_without_content_need_no_derive() {
    for side in [Side::Long, Side::Short] {
        assert_eq!(payoff::grad(1.3, 1.3, side), if side == Side::Long { (0.0, 0.0) } else { (-1.0, 1.0) });
        let trade = Trade { price: 1.3, side, history: vec![Side::Long, Side::Short, side] };
        let (by, strike) = of_trade::grad(&trade, 0.4);
        let with = |price: f64| of_trade(&Trade { price, ..trade.clone() }, 0.4);
        common::assert_near("price", &by.price, &common::difference(with, 1.3), 1e-8);
        common::assert_near("strike", &strike, &common::difference(|k| of_trade(&trade, k), 0.4), 1e-8);
    }
    gradcheck!(payoffs(1.3, 0.4)).unwrap();
    gradcheck!(packed_both(1.3)).unwrap();
    let (along, across) = Axis::Vertical.pack_jvp(1.0, 2.0, 3.0, 4.0).1.into_parts();
    assert_eq!((along, across), (4.0, 3.0));
}

impl PairTangent {
    fn into_parts(self) -> (f64, f64) {
        (self.x, self.y)
    }
}

#[test]
fn ranges_of_floats_have_derivatives() {
    gradcheck!(ranges(0.7, 1.2)).unwrap();
    assert_eq!(width::grad(1.0..3.0), -1.0..1.0);
    let (_, pullback) = width::vjp(1.0..3.0);
    assert_eq!((pullback(2.0), pullback(2.0)), (-2.0..2.0, -2.0..2.0));
    let piece = Piece { domain: 1.0..2.0, slope: 3.0 };
    assert_eq!(common::leaves(&piece), ["domain.start [1.0]", "domain.end [2.0]", "slope [3.0]"]);
}

#[test]
fn patterns_bind_wholes_and_parts() {
    gradcheck!(whole_and_parts(0.7, 1.2)).unwrap();
    gradcheck!(initialised_later(0.7, 1)).unwrap();
    gradcheck!(initialised_later(0.7, 3)).unwrap();
}
