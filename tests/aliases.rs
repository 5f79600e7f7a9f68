//! Types that go by another name in the crate: their derivatives are those of what the name stands for.

#![allow(missing_docs, unreachable_pub)]

mod common;
use common::{assert_near, check};
use differentiable::differentiable;
use std::ops::{Add, Mul, Sub};

type Pair<T> = [T; 2];
type Grid<T, const N: usize> = [[T; N]; N];
type Spin<T> = (T, Pair<T>);
type Weighted<T = f64> = (T, usize);
type Real = f64;

#[differentiable]
fn inner<T>(a: Pair<T>, b: Pair<T>) -> T
where
    T: Copy + Add<Output = T> + Mul<Output = T>,
{
    a[0] * b[0] + a[1] * b[1]
}

#[differentiable]
fn turned<T>(spin: Spin<T>, by: Pair<T>) -> Spin<T>
where
    T: Copy + Add<T, Output = T> + Sub<T, Output = T> + Mul<T, Output = T>,
{
    let (angle, axis) = spin;
    let sum: Pair<T> = [axis[0] + by[0], axis[1] - by[1]];
    (angle * inner(sum, by), sum)
}

#[differentiable]
fn column<T: Copy, const N: usize>(grid: Grid<T, N>, at: usize) -> [T; N] {
    let mut column = [grid[0][at]; N];
    for (to, row) in column.iter_mut().zip(&grid) {
        *to = row[at];
    }
    column
}

#[differentiable]
fn trace_of_square<const N: usize>(grid: Grid<Real, N>) -> Real {
    let mut sum = 0.0;
    for i in 0..N {
        let c = column(grid, i);
        for j in 0..N {
            sum += grid[i][j] * c[j];
        }
    }
    sum
}

#[differentiable]
fn weighted((value, count): Weighted) -> Real {
    value.powi(3) * count as Real
}

#[differentiable]
fn whole(x: f64, y: f64) -> f64 {
    let (a, v) = turned((x * y, [x, y]), [y, 0.5 * x]);
    a.sin() + v[0] * v[1]
}

#[differentiable]
fn whole_f32(x: f32, y: f32) -> f32 {
    let (a, v) = turned((x * y, [x, y]), [y, 0.5 * x]);
    a.sin() + v[0] * v[1]
}

#[test]
fn aliases_with_parameters_are_written_out() {
    check!(inner([1.0, 2.0], [3.0, 4.0]), ([3.0, 4.0], [1.0, 2.0]));
    differentiable::gradcheck!(whole(0.7, -1.2)).unwrap();
    let (single, double) = (whole_f32::grad(0.7, -1.2), whole::grad(0.7, -1.2));
    assert_near("f32", &single, &double, 1e-5);
}

#[test]
fn lengths_are_arguments_as_well() {
    let grid = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [0.75, 1.0, 1.25]];
    let transposed = std::array::from_fn(|i| std::array::from_fn(|j| 2.0 * grid[j][i]));
    let transposed: [[f64; 3]; 3] = transposed;
    check!(trace_of_square(grid), transposed);
    check!(weighted((1.5, 4)), (27.0, ()));
}

mod geometry {
    pub type Axis = [f64; 3];

    #[derive(Clone, Copy, Debug, differentiable::Differentiable)]
    pub struct Ray {
        pub from: Axis,
        pub along: Axis,
    }
}

mod optics {
    use super::geometry::{Axis, Ray};
    use differentiable::differentiable;

    #[differentiable]
    pub fn scaled(v: Axis, by: f64) -> Axis {
        v.map(|x| x * by)
    }

    /// The fields of the ray are known to be arrays.
    #[differentiable]
    pub fn point(ray: Ray, at: f64) -> Axis {
        let step = scaled(ray.along, at);
        let mut end = ray.from;
        for (x, d) in end.iter_mut().zip(step) {
            *x += d * d;
        }
        end
    }
}

#[test]
fn aliases_of_other_modules_are_found() {
    let ray = geometry::Ray { from: [0.1, 0.2, 0.3], along: [1.0, -2.0, 0.5] };
    let (_, pullback) = optics::point::vjp(ray, 1.5);
    let (ray_bar, at_bar) = pullback([1.0, 1.0, 1.0]);
    assert_near("from", &ray_bar.from, &[1.0, 1.0, 1.0], 1e-12);
    assert_near("along", &ray_bar.along, &[4.5, -9.0, 2.25], 1e-12);
    assert_near("at", &at_bar, &15.75, 1e-12);
}

mod twice {
    pub mod single {
        pub type Unit = f32;
    }
    pub mod double {
        pub type Unit = f64;

        #[differentiable::differentiable]
        pub fn cube(x: Unit) -> Unit {
            x * x * x
        }
    }
}

#[test]
fn a_name_has_the_meaning_of_its_module() {
    let half: twice::single::Unit = 0.5;
    check!(twice::double::cube(f64::from(half)), 0.75);
}

type Metre = f64;
type Triple = [Metre; 3];

#[differentiable]
fn perpendicular(a: &Triple, b: &Triple) -> Triple {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// What a function returns is an alias of an alias.
#[differentiable]
fn area(a: Triple, b: Triple) -> Metre {
    let length = |v: &Triple| v.iter().map(|c| c * c).sum::<Metre>().sqrt();
    let normal = perpendicular(&a, &b);
    length(&normal) / 2.0
}

#[test]
fn aliases_of_aliases() {
    let (a, b) = ([0.3, 0.5, -0.2], [1.0, 0.1, 0.4]);
    let (a_bar, b_bar) = area::grad(a, b);
    for i in 0..3 {
        let step = 1e-6;
        let moved = |by: f64| std::array::from_fn::<f64, 3, _>(|j| if i == j { a[j] + by } else { a[j] });
        let slope = (area(moved(step), b) - area(moved(-step), b)) / (2.0 * step);
        assert!((a_bar[i] - slope).abs() < 1e-8, "{i}: {} {slope}", a_bar[i]);
        let direction = std::array::from_fn(|j| if i == j { 1.0 } else { 0.0 });
        assert!((area::jvp(a, b, [0.0; 3], direction).1 - b_bar[i]).abs() < 1e-12);
    }
}
