//! The gradient of a function of one number is what forward mode gives where pullbacks would keep values: against
//! reverse mode, and against differences.
#![allow(clippy::all, clippy::pedantic)]

use differentiable::differentiable;

/// The central difference with one step of extrapolation.
fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let at = |h: f64| (f(x + h) - f(x - h)) / (2.0 * h);
    (4.0 * at(1e-4) - at(2e-4)) / 3.0
}

/// Each function twice, with the gradients of forward mode and those of reverse mode.
macro_rules! compared {
    ($forward:ident, $reverse:ident, ($($x:ident: $ty:ty),*) $body:block) => {
        #[differentiable(wrt(x))]
        fn $forward($($x: $ty),*) -> f64 $body

        #[differentiable(wrt(x), analyses = without(forward))]
        fn $reverse($($x: $ty),*) -> f64 $body
    };
}

#[differentiable]
fn pull(x: f64, places: &[f64]) -> f64 {
    let mut sum = 0.0;
    for place in places {
        let way = x - place;
        if way > 0.0 {
            sum -= way / (1.0 + way * way);
        } else {
            sum += way.sin();
        }
    }
    sum
}

compared!(while_it_changes, while_it_changes_back, (x: f64, a: f64) {
    let mut y = 1.0;
    while (y * y - x).abs() > 1e-9 * a {
        y = 0.5 * (y + x / y);
    }
    y * a
});

compared!(fallen, fallen_back, (x: f64, places: &[f64]) {
    let (mut at, mut speed) = (x, 0.0);
    for _ in 0..20 {
        speed += 0.05 * pull(at, places);
        at += 0.05 * speed;
    }
    at * at + speed
});

compared!(lists, lists_back, (x: f64, n: usize) {
    let mut state = vec![x; n];
    let mut power = 1.0;
    for step in 0..3 {
        for i in 1..n {
            state[i] = state[i] * state[i - 1].cos() + step as f64 * x;
        }
        power *= state[n - 1];
        if power > 5.0 {
            return power.ln();
        }
    }
    power
});

#[test]
fn both_modes_agree() {
    let places = [0.3, -1.2, 2.0];
    for x in [0.4, 1.7, 2.9] {
        let pairs = [
            (
                while_it_changes::grad(x, 1.5),
                while_it_changes_back::grad(x, 1.5),
                difference(|x| while_it_changes(x, 1.5), x),
            ),
            (fallen::grad(x, &places), fallen_back::grad(x, &places), difference(|x| fallen(x, &places), x)),
            (lists::grad(x, 4), lists_back::grad(x, 4), difference(|x| lists(x, 4), x)),
        ];
        for (forward, reverse, expected) in pairs {
            assert!((forward - reverse).abs() <= 1e-12 * (1.0 + reverse.abs()), "{forward} instead of {reverse}");
            assert!((forward - expected).abs() <= 1e-7 * (1.0 + expected.abs()), "{forward} instead of {expected}");
        }
    }
}

#[test]
fn what_is_in_the_buffer_stays() {
    let mut x_bar = 10.0;
    let value = lists::value_and_grad_into(0.4, 4, &mut x_bar);
    assert_eq!(value, lists(0.4, 4));
    assert!((x_bar - 10.0 - lists_back::grad(0.4, 4)).abs() < 1e-12);
}

/// A caller of the file has the joint form for any cotangent.
#[differentiable]
fn scaled(x: f64, places: &[f64]) -> f64 {
    let inner = inside(x * x, 3);
    3.0 * inner * places[0]
}

#[differentiable(wrt(x))]
fn inside(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y.sin() * x;
    }
    y
}

#[test]
fn a_caller_scales_the_derivative() {
    let (x_bar, places_bar) = scaled::grad(0.8, &[1.5]);
    assert!((x_bar - difference(|x| scaled(x, &[1.5]), 0.8)).abs() < 1e-8);
    assert!((places_bar[0] - 3.0 * inside(0.64, 3)).abs() < 1e-12);
}
