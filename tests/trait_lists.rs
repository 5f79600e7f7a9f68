//! Traits that give methods to arrays, tuples and numbers, and functions that are generic over what has them.

#![allow(missing_docs, unreachable_pub)]

mod common;
use common::{assert_near, check};
use differentiable::differentiable;
use num_traits::Float;

type Triple<T> = [T; 3];
type Dual<T> = (T, Triple<T>);

#[differentiable]
pub trait Space<T>: Copy {
    fn total(self) -> T;
    fn stretched(self, by: T) -> Self;
    fn plus(self, other: Self) -> Self;
    fn mirrored(self) -> Self;
    fn length(self) -> T;
    fn paired(self, other: Self) -> Dual<T>;
}

#[differentiable]
impl<T: Float> Space<T> for Triple<T> {
    fn total(self) -> T {
        self[0] + self[1] + self[2]
    }

    fn stretched(self, by: T) -> Triple<T> {
        self.map(|x| x * by)
    }

    fn plus(self, other: Triple<T>) -> Triple<T> {
        [self[0] + other[0], self[1] + other[1], self[2] + other[2]]
    }

    fn mirrored(self) -> Triple<T> {
        [-self[0], -self[1], -self[2]]
    }

    fn length(self) -> T {
        let mut length = self[0];
        for x in self.iter().skip(1) {
            length = length.hypot(*x);
        }
        length
    }

    fn paired(self, other: Triple<T>) -> Dual<T> {
        (self.plus(other).length(), self.mirrored())
    }
}

#[differentiable]
impl<T: Float> Space<T> for Dual<T> {
    fn total(self) -> T {
        self.0 + self.1.total()
    }

    fn stretched(self, by: T) -> Self {
        (self.0 * by, self.1.stretched(by))
    }

    fn plus(self, other: Dual<T>) -> Self {
        (self.0 + other.0, self.1.plus(other.1))
    }

    fn mirrored(self) -> Dual<T> {
        (-self.0, self.1.mirrored())
    }

    fn length(self) -> T {
        self.0.hypot(self.1.length())
    }

    fn paired(self, other: Dual<T>) -> Dual<T> {
        let sum = self.plus(other);
        (sum.0, sum.1.stretched(self.0))
    }
}

#[differentiable]
pub fn stretched<T, S>(space: S, by: T) -> S
where
    T: Float,
    S: Space<T>,
{
    space.stretched(by)
}

#[differentiable]
pub fn length<T: Float, S: Space<T>>(space: S) -> T {
    space.length()
}

/// The number occurs in the bounds only.
#[differentiable]
pub fn unit<T, S>(space: S) -> S
where
    T: Float,
    S: Space<T>,
{
    stretched(space, length(space).recip())
}

#[differentiable]
pub fn constant<T: Float>(value: f64) -> T {
    T::from(value).unwrap()
}

#[differentiable]
pub fn blended<T: Float>(a: Dual<T>, b: Dual<T>, at: T) -> Dual<T> {
    let two = constant(2.0);
    let (first, [x, y, z]): Dual<T>;
    let (u, v) = (unit(a.plus(b)), unit(a.paired(b)));
    if at > T::zero() {
        first = u.0 * two + at;
        [x, y, z] = v.1;
    } else {
        first = v.total();
        x = at * two;
        [y, z] = [u.1[0], u.1[2] * at];
    }
    (first, [x, y, z])
}

#[differentiable]
fn whole(x: f64, y: f64, at: f64) -> f64 {
    let (s, v) = blended((x, [y, x * y, 1.0]), (0.5, [x, 2.0, y]), at);
    s * v.total() + v[0].sin() * v[2]
}

#[differentiable]
fn whole_f32(x: f32, y: f32, at: f32) -> f32 {
    let (s, v) = blended((x, [y, x * y, 1.0]), (0.5, [x, 2.0, y]), at);
    s * v.total() + v[0].sin() * v[2]
}

#[test]
fn arrays_and_tuples_have_methods_of_traits() {
    for at in [0.3, -0.6] {
        differentiable::gradcheck!(whole(0.7, 1.4, at)).unwrap();
        let (single, double) = (whole_f32::grad(0.7, 1.4, at as f32), whole::grad(0.7, 1.4, at));
        assert_near("f32", &single, &double, 1e-4);
    }
}

#[differentiable]
trait Widened {
    fn widened(self) -> Self;
    fn above(self, least: f64) -> f64;
}

#[differentiable]
impl Widened for f64 {
    fn widened(self) -> f64 {
        self.abs().sqrt() * self.signum()
    }

    fn above(self, least: f64) -> f64 {
        if self > least { self * self } else { least }
    }
}

#[differentiable]
fn widened(x: f64, y: f64) -> f64 {
    x.widened() * (y * 2.0).above(1.0) + 3.0.above(x)
}

#[test]
fn numbers_have_methods_of_traits() {
    check!(widened(4.0, 1.5), (13.0 / 4.0, 24.0));
}

/// The file declares types named like ones of std that hold no numbers: they are its own.
mod names {
    use differentiable::{Differentiable, differentiable};

    #[derive(Clone, Copy, Debug, Differentiable)]
    pub struct Path {
        pub length: f64,
    }

    #[differentiable]
    fn longer(path: Path, by: f64) -> Path {
        Path { length: path.length * by }
    }

    #[differentiable]
    pub fn doubled(length: f64, by: f64) -> f64 {
        let path = longer(Path { length }, by);
        longer(path, by).length
    }
}

#[test]
fn types_named_like_others_keep_their_derivatives() {
    check!(names::doubled(3.0, 2.0), (4.0, 12.0));
}
