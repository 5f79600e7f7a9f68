//! Numbers that are multiplied by the same factor again and again: every function with all transformations, without each
//! of them, and without any.

#![allow(unused, clippy::all)]

#[macro_use]
mod common;
use common::assert_near;
use differentiable::differentiable;

variants! {
    fn polynomial(coefficients: &[f64], x: f64) -> f64 {
        let mut sum = 0.0;
        let mut power = 1.0;
        for c in coefficients {
            sum += c * power;
            power *= x;
        }
        sum
    }

    fn discounted(flows: &[f64], rate: f64) -> f64 {
        let mut value = 0.0;
        let mut discount = 1.0;
        for flow in flows {
            discount *= 1.0 / (1.0 + rate);
            value += flow * flow * discount;
        }
        value + discount * flows[0]
    }

    fn with_resets(x: &[f64], decay: f64) -> f64 {
        let mut total = 0.0;
        let mut weight = 2.0;
        for (i, v) in x.iter().enumerate() {
            if i % 3 == 2 {
                weight = 0.5;
            }
            total += weight * v.sin();
            if i % 2 == 0 {
                weight = decay * weight;
            }
            total += weight * weight;
        }
        total
    }

    fn twice_in_a_trip(x: &[f64], k: f64) -> f64 {
        let mut total = 0.0;
        let mut p = 3.0;
        for v in x {
            let before = p;
            p *= k;
            total += (p - before) * v;
            p *= k;
        }
        total * p
    }

    fn nested(x: &[f64], k: f64) -> f64 {
        let mut total = 0.0;
        let mut p = 1.0;
        for i in 0..x.len() {
            for j in 0..3 {
                p *= k;
                total += x[i] * p;
            }
        }
        total
    }

    fn reset_in_the_outer_loop(x: &[f64], k: f64) -> f64 {
        let mut total = 0.0;
        for i in 0..x.len() {
            let mut p = 1.0;
            for j in 0..4 {
                total += x[i].powi(2) * p;
                p *= k;
            }
            total += p;
        }
        total
    }

    fn until_it_is_small(x: &[f64], k: f64) -> f64 {
        let mut total = 0.0;
        let mut p = 1.0;
        let mut i = 0;
        while p > 0.1 && i < x.len() {
            total += x[i] * p * p;
            p *= k;
            i += 1;
        }
        total
    }

    fn of_two_factors(x: &[f64], a: f64, b: f64) -> f64 {
        let mut total = 0.0;
        let mut p = 1.0;
        for (i, v) in x.iter().enumerate() {
            total += v * p;
            if i % 2 == 0 { p *= a; } else { p *= b; }
        }
        total
    }

    fn of_a_changing_factor(x: &[f64], a: f64) -> f64 {
        let mut total = 0.0;
        let mut p = 1.0;
        for v in x {
            let factor = a * v;
            total += v * p;
            p *= factor;
        }
        total
    }

    fn from_a_parameter(x: &[f64], a: f64) -> f64 {
        let mut total = 0.0;
        let mut p = a + 1.0;
        for v in x {
            total += v * p;
            p *= a;
        }
        total
    }

    fn with_an_addition(x: &[f64], a: f64) -> f64 {
        let mut total = 0.0;
        let mut p = 1.0;
        for v in x {
            total += v * p;
            p *= a;
            p += 0.25;
        }
        total
    }

    fn squared(x: &[f64], a: f64) -> f64 {
        let mut total = 0.0;
        let mut p = a;
        for v in x {
            total += v * p;
            p *= p;
        }
        total
    }

    fn product_used_twice(x: &[f64], a: f64) -> f64 {
        let mut total = 0.0;
        let mut p = 1.0;
        for v in x {
            let next = p * a;
            total += v * next;
            p = next;
        }
        total
    }

    fn early_exit(x: &[f64], a: f64) -> f64 {
        let mut total = 0.0;
        let mut p = 1.0;
        for v in x {
            if total > 1.5 {
                return total * p;
            }
            total += v * p;
            p *= a;
        }
        total + p
    }
}

#[test]
fn progressions_agree_with_and_without() {
    let x = [0.9, -0.4, 1.3, 0.7, 0.2];
    for a in [0.8, -1.1, 1e-3] {
        check_all_variants!(polynomial(&x, a));
        check_all_variants!(discounted(&x, a));
        check_all_variants!(with_resets(&x, a));
        check_all_variants!(twice_in_a_trip(&x, a));
        check_all_variants!(nested(&x, a));
        check_all_variants!(reset_in_the_outer_loop(&x, a));
        check_all_variants!(until_it_is_small(&x, a));
        check_all_variants!(of_two_factors(&x, a, 0.6));
        check_all_variants!(of_a_changing_factor(&x, a));
        check_all_variants!(from_a_parameter(&x, a));
        check_all_variants!(with_an_addition(&x, a));
        check_all_variants!(squared(&x, a));
        check_all_variants!(product_used_twice(&x, a));
        check_all_variants!(early_exit(&x, a));
    }
}

#[test]
fn the_derivative_at_zero_is_that_of_the_linear_term() {
    let (_, (_, x_bar)) = polynomial::value_and_grad(&[3.0, 5.0, 7.0, 11.0], 0.0);
    assert_eq!(x_bar, 5.0);
    let (_, (_, tied)) = tied::polynomial::value_and_grad(&[3.0, 5.0, 7.0, 11.0], 0.0);
    assert_eq!(tied, 5.0);
}

#[differentiable(hvp)]
fn energy(k: f64) -> f64 {
    let mut total = 0.0;
    let mut p = 1.0;
    for i in 0..5 {
        total += p * p;
        p *= k;
    }
    total
}

#[test]
fn second_derivatives_of_progressions() {
    // 1 + k² + k⁴ + k⁶ + k⁸
    let k: f64 = 0.9;
    let second = 2.0 + 12.0 * k.powi(2) + 30.0 * k.powi(4) + 56.0 * k.powi(6);
    assert_near("hvp", &energy::hvp(k, 1.0), &second, 1e-12);
}
