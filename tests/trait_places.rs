//! Where the attribute may stand for a trait's methods: before the trait or not, before the `impl` or one of its methods.

mod common;

use common::{assert_near, difference};
use differentiable::{Differentiable, differentiable};
use std::ops::{AddAssign, Mul, Neg};

/// A trait without derivatives: those of its methods are functions of the types.
trait Price {
    fn price(&self, rate: f64) -> f64;

    fn dearer(&self, rate: f64, by: f64) -> f64 {
        self.price(rate) + by
    }
}

/// A trait in a module, whose methods have the attribute.
mod kernels {
    use differentiable::differentiable;

    pub(super) trait Kernel<T: Copy> {
        #[differentiable]
        fn weight(&self, x: T) -> T;

        #[differentiable]
        fn half(&self, x: T, half: T) -> T {
            self.weight(self.scaled(x, half))
        }

        #[differentiable]
        fn scaled(&self, x: T, by: T) -> T;

        fn label(&self) -> String {
            "a kernel".into()
        }
    }
}

use kernels::Kernel;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Bond {
    face: f64,
    years: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Share {
    value: f64,
}

#[differentiable]
impl Price for Bond {
    fn price(&self, rate: f64) -> f64 {
        self.face * (-rate * self.years).exp()
    }
}

impl Price for Share {
    #[differentiable]
    fn price(&self, rate: f64) -> f64 {
        self.value / rate
    }

    fn dearer(&self, _: f64, by: f64) -> f64 {
        by
    }
}

impl Kernel<f64> for Share {
    #[differentiable]
    fn weight(&self, x: f64) -> f64 {
        (-x * x * self.value).exp()
    }

    #[differentiable]
    fn scaled(&self, x: f64, by: f64) -> f64 {
        x * by
    }
}

impl From<f64> for Share {
    #[differentiable]
    fn from(value: f64) -> Self {
        Share { value: value * value }
    }
}

#[differentiable]
impl Default for Bond {
    fn default() -> Self {
        Bond { face: 1.0, years: 2.0 }
    }
}

impl Mul for Share {
    type Output = f64;

    #[differentiable]
    fn mul(self, other: Share) -> f64 {
        self.value * other.value
    }
}

impl Mul<f64> for Share {
    type Output = Share;

    #[differentiable]
    fn mul(self, factor: f64) -> Self::Output {
        Share { value: self.value * factor.sin() }
    }
}

impl AddAssign for Share {
    #[differentiable]
    fn add_assign(&mut self, other: Share) {
        self.value += other.value;
    }
}

impl Neg for Share {
    type Output = Self;

    #[differentiable]
    fn neg(self) -> Self {
        Share { value: -self.value }
    }
}

#[differentiable]
fn portfolio(v: &[f64]) -> f64 {
    let (bond, share) = (Bond { face: v[0], years: v[1] }, Share { value: v[2] });
    bond.price(v[3]) * share.price(v[3])
}

#[differentiable]
fn converted(x: f64) -> f64 {
    let share = Share::from(x);
    share.price(0.5) * share.weight(x)
}

#[differentiable]
fn operators(x: f64, y: f64) -> f64 {
    let other = Share { value: y };
    let mut share: Share = Share { value: x } * y;
    share += other;
    let negative: Share = -share;
    let double: Share = negative * 2.0;
    let square: f64 = share * share;
    square + double.price(x)
}

#[test]
fn functions_of_types() {
    let at = [3.0, 2.0, 1.4, 0.3];
    let expected = common::differences(portfolio, &at);
    assert_near("gradient", &portfolio::grad(&at), &expected, 1e-7);
    let (_, slope) = portfolio::jvp(&at, &expected);
    assert_near("dot product", &slope, &expected.iter().map(|x| x * x).sum::<f64>(), 1e-6);
    let (bar, rate_bar) = Share { value: 1.4 }.price_grad(0.3);
    assert_near("share", &(bar.value, rate_bar), &(1.0 / 0.3, -1.4 / 0.09), 1e-12);
    assert_near("others", &Share { value: 1.4 }.dearer(0.3, 0.5), &0.5, 0.0);
    assert_near("others", &Bond::default().dearer(0.0, 0.5), &1.5, 0.0);
}

#[test]
fn members_and_functions_together() {
    for x in [0.4, 1.7] {
        assert_near("converted", &converted::grad(x), &difference(converted, x), 1e-7);
        let (value, slope) = converted::jvp(x, 1.0);
        assert_near("forward", &(value, slope), &(converted(x), converted::grad(x)), 1e-12);
    }
    assert_eq!(Share { value: 1.0 }.label(), "a kernel");
    assert_near("scaled", &Share { value: 1.0 }.half(2.0, 0.5), &(-1.0_f64).exp(), 1e-15);
}

#[test]
fn methods_of_operators() {
    let (value, (x_bar, y_bar)) = operators::value_and_grad(0.7, 1.2);
    assert_near("value", &value, &operators(0.7, 1.2), 1e-15);
    assert_near("x", &x_bar, &difference(|x| operators(x, 1.2), 0.7), 1e-7);
    assert_near("y", &y_bar, &difference(|y| operators(0.7, y), 1.2), 1e-7);
    let (_, slope) = operators::jvp(0.7, 1.2, x_bar, y_bar);
    assert_near("dot product", &slope, &(x_bar * x_bar + y_bar * y_bar), 1e-10);
}

/// Methods of a trait that have no derivatives in some of its implementations.
#[differentiable]
trait Gauge {
    fn reading(&self, x: f64) -> f64;

    fn twice(&self, x: f64) -> f64 {
        2.0 * self.reading(x)
    }

    fn raw(&self, x: f64) -> f64;
}

#[derive(Clone, Debug, Differentiable)]
struct Dial {
    offset: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Clock {
    drift: f64,
}

#[differentiable]
impl Gauge for Dial {
    fn reading(&self, x: f64) -> f64 {
        self.offset + x * x
    }

    #[nograd]
    fn raw(&self, x: f64) -> f64 {
        x.to_bits() as f64
    }
}

/// It is never differentiated.
impl Gauge for Clock {
    fn reading(&self, x: f64) -> f64 {
        self.drift * x
    }

    fn twice(&self, x: f64) -> f64 {
        self.drift * x * 3.0
    }

    fn raw(&self, x: f64) -> f64 {
        x
    }
}

#[differentiable]
fn readings(offset: f64, x: f64) -> f64 {
    let dial = Dial { offset };
    dial.twice(x) * dial.reading(x)
}

#[test]
fn methods_without_derivatives() {
    let (value, (offset_bar, x_bar)) = readings::value_and_grad(0.3, 1.1);
    let reading: f64 = 0.3 + 1.1 * 1.1;
    assert_near("value", &value, &(2.0 * reading * reading), 1e-14);
    assert_near("gradient", &(offset_bar, x_bar), &(4.0 * reading, 8.8 * reading), 1e-13);
    assert_eq!(Clock { drift: 2.0 }.twice(1.0), 6.0);
    assert_eq!(Clock { drift: 2.0 }.raw(1.0) + Dial { offset: 0.0 }.raw(0.0), 1.0);
}

/// A vector of numbers of any type, divided by such a number.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair<T> {
    x: T,
    y: T,
}

#[differentiable]
impl<T: num_traits::Float> std::ops::Div<T> for Pair<T> {
    type Output = Pair<T>;

    fn div(self, by: T) -> Pair<T> {
        Pair { x: self.x / by, y: self.y / by }
    }
}

#[differentiable]
fn quotient(x: f64, by: f64) -> f64 {
    let pair = Pair { x, y: x * x };
    let pair: Pair<f64> = pair / by;
    pair.x * pair.y
}

#[test]
fn an_operator_of_a_type_of_numbers() {
    let (value, (x_bar, by_bar)) = quotient::value_and_grad(1.3, 0.7);
    assert_near("value", &value, &(1.3_f64.powi(3) / 0.49), 1e-12);
    assert_near("x", &x_bar, &(3.0 * 1.69 / 0.49), 1e-11);
    assert_near("by", &by_bar, &(-2.0 * 1.3_f64.powi(3) / 0.343), 1e-11);
    assert_near("forward", &quotient::jvp(1.3, 0.7, 1.0, 0.0).1, &x_bar, 1e-11);
}
