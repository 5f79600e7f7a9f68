//! Functions as values: closures that change what they capture given to functions, functions that give functions,
//! closures that take and give closures, functions chosen by a condition.

#![allow(missing_docs)]

use differentiable::{Differentiable, differentiable, gradcheck};

mod changing {
    use super::*;

    /// Gives nothing, so that it has no derivatives of its own.
    #[differentiable]
    pub(super) fn at_both<F: FnMut(f64)>(mut f: F, x: f64) {
        f(x);
        f(x * 2.0);
    }

    #[differentiable]
    pub(super) fn sum_of_squares(x: f64) -> f64 {
        let mut total = 0.0;
        at_both(|v| total += v * v, x);
        total
    }

    #[differentiable]
    pub(super) fn lent_and_called(x: f64) -> f64 {
        let mut total = x;
        let mut add = |v: f64| total += v * v * x;
        at_both(&mut add, x);
        add(3.0);
        for k in 0..3 {
            add(x + k as f64);
        }
        total
    }

    /// A `move` closure that holds numbers only is copied where it is given by value.
    #[differentiable]
    pub(super) fn given_by_value(x: f64) -> f64 {
        let mut total = x;
        let mut seen = 0.0;
        let mut add = move |v: f64| {
            total += v * v;
            seen += total;
            seen * v
        };
        at_both(
            |v| {
                add(v);
            },
            x,
        );
        repeated(add, x) + add(2.0 * x)
    }

    #[differentiable]
    fn repeated(mut f: impl FnMut(f64) -> f64, x: f64) -> f64 {
        f(x);
        f(x) * x
    }

    #[differentiable]
    fn riemann(f: &mut dyn FnMut(f64) -> f64, lo: f64, hi: f64) -> f64 {
        let step = (hi - lo) / 4.0;
        let mut sum = 0.0;
        for i in 0..4 {
            sum += f(lo + step * i as f64) * step;
            if sum > 1e9 {
                return sum;
            }
        }
        sum
    }

    #[differentiable]
    pub(super) fn counts_its_calls(k: f64) -> f64 {
        let mut calls = 0;
        let mut last = 0.0;
        let area = riemann(
            &mut |x| {
                calls += 1;
                last = (k * x).sin();
                last
            },
            0.0,
            k,
        );
        area * calls as f64 + last
    }

    #[derive(Clone, Differentiable)]
    pub(super) struct Grid {
        pub(super) xs: Vec<f64>,
        pub(super) width: f64,
    }

    #[differentiable]
    impl Grid {
        fn each<F: FnMut(usize, f64)>(&self, mut f: F) {
            for (i, x) in self.xs.iter().enumerate() {
                f(i, *x * self.width);
            }
        }

        fn force(&self) -> impl Fn(f64) -> f64 + '_ {
            move |x| x * self.width * self.xs[0]
        }
    }

    #[differentiable]
    pub(super) fn weighted(grid: &Grid, k: f64) -> f64 {
        let mut total = k;
        grid.each(|i, v| total += v * k * (i as f64 + 1.0));
        total
    }

    #[differentiable]
    pub(super) fn forced(grid: &Grid, k: f64) -> f64 {
        let force = grid.force();
        force(k) * force(2.0) + grid.force()(k)
    }
}

mod given {
    use super::*;

    #[differentiable]
    fn line(slope: f64) -> impl Fn(f64) -> f64 {
        let offset = slope * slope;
        move |x| offset + slope * x
    }

    fn running(start: f64) -> impl FnMut(f64) -> f64 {
        let mut sum = start;
        move |x| {
            sum += x * x;
            sum
        }
    }

    fn boxed(a: f64, steep: bool) -> Box<dyn Fn(f64) -> f64> {
        if steep { Box::new(move |x| x * a) } else { Box::new(move |x| x.sin() * a) }
    }

    fn compose<A: Fn(f64) -> f64, B: Fn(f64) -> f64>(a: A, b: B) -> impl Fn(f64) -> f64 {
        move |x| b(a(x))
    }

    #[differentiable]
    pub(super) fn lines(a: f64, x: f64) -> f64 {
        let f = line(a);
        f(x) * f(2.0 * x) + line(x)(a)
    }

    #[differentiable]
    pub(super) fn runs(a: f64, x: f64) -> f64 {
        let mut f = running(a);
        f(x);
        let second = f(2.0 * x);
        let mut g = running(second);
        second * f(1.0) * g(a)
    }

    #[differentiable]
    pub(super) fn boxes(a: f64, x: f64, steep: bool) -> f64 {
        let f = boxed(a, steep);
        f(x) * f(a)
    }

    #[differentiable]
    pub(super) fn composed(k: f64, x: f64) -> f64 {
        let f = compose(|t| t * k, f64::sin);
        let g = compose(&f, |t| t * t);
        f(x) + g(k)
    }

    /// What a returned closure captured does not change with the variable that it came from.
    #[differentiable]
    pub(super) fn keeps_its_own(x: f64) -> f64 {
        let mut k = x;
        let f = line(k);
        k = k * k;
        f(k) + line(k)(x)
    }
}

mod local {
    use super::*;

    #[differentiable]
    pub(super) fn makes_closures(a: f64, x: f64) -> f64 {
        let make = |k: f64| move |t: f64| k * t + a;
        let f = make(x);
        f(2.0) + make(3.0)(x)
    }

    #[differentiable]
    pub(super) fn takes_closures(a: f64, x: f64) -> f64 {
        let twice = |f: &dyn Fn(f64) -> f64, t: f64| f(f(t));
        let g = |t: f64| a * t * t;
        twice(&g, x) + twice(&|t| t.sin(), x)
    }

    #[differentiable]
    fn square(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    pub(super) fn chosen(x: f64, up: bool) -> f64 {
        let f: fn(f64) -> f64 = if up { f64::sin } else { f64::cos };
        f(x) * f(2.0 * x)
    }

    #[differentiable]
    pub(super) fn selected(x: f64, kind: usize) -> f64 {
        let f: fn(f64) -> f64 = match kind {
            0 => f64::sin,
            1 => square,
            _ => |t| t * 3.0,
        };
        f(x) * f(2.0 * x)
    }
}

#[test]
fn closures_that_change_what_they_capture() {
    for x in [0.7, -1.2] {
        gradcheck!(changing::sum_of_squares(x)).unwrap();
        gradcheck!(changing::lent_and_called(x)).unwrap();
        gradcheck!(changing::given_by_value(x)).unwrap();
        gradcheck!(changing::counts_its_calls(x)).unwrap();
    }
    assert_eq!(changing::sum_of_squares::grad(3.0), 30.0);
    let grid = changing::Grid { xs: vec![0.3, 1.2], width: 0.5 };
    gradcheck!(changing::weighted(&grid, 0.8)).unwrap();
    gradcheck!(changing::forced(&grid, 0.8)).unwrap();
}

#[test]
fn functions_that_give_functions() {
    gradcheck!(given::lines(0.7, 1.3)).unwrap();
    gradcheck!(given::runs(0.7, 1.3)).unwrap();
    gradcheck!(given::boxes(0.7, 1.3, true)).unwrap();
    gradcheck!(given::boxes(0.7, 1.3, false)).unwrap();
    gradcheck!(given::composed(0.7, 1.1)).unwrap();
    gradcheck!(given::keeps_its_own(1.1)).unwrap();
}

#[test]
fn closures_of_closures() {
    gradcheck!(local::makes_closures(0.7, 1.3)).unwrap();
    gradcheck!(local::takes_closures(0.7, 1.3)).unwrap();
    gradcheck!(local::chosen(0.7, true)).unwrap();
    gradcheck!(local::chosen(0.7, false)).unwrap();
    for kind in 0..3 {
        gradcheck!(local::selected(0.7, kind)).unwrap();
    }
}
