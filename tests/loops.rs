//! Loops: counted, over slices, with a trip count that depends on the data.

#![allow(clippy::all)]

mod common;
use common::{check, check_gradient, check_vjp, difference};
use differentiable::differentiable;

#[differentiable]
fn power(x: f64, y0: f64, n: usize) -> f64 {
    let mut y = y0;
    for _ in 0..n {
        y = y * x
    }
    y
}

#[differentiable]
fn weighted_sum(w: &[f64], x: &[f64], n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        s += w[i] * x[i];
    }
    s
}

#[differentiable]
fn until_hundred(x: f64) -> f64 {
    let mut y = 1.0;
    while y < 100.0 {
        y = y * x + 1.0
    }
    y
}

#[differentiable]
fn newton(x: f64) -> f64 {
    let mut y = x;
    while (y * y - x).abs() > 1e-12 {
        y = 0.5 * (y + x / y)
    }
    y
}

#[differentiable]
fn loop_with_value(x: f64) -> f64 {
    let mut y = x;
    loop {
        if y > 10.0 {
            break y * x;
        }
        y *= 2.0;
    }
}

#[differentiable]
fn backwards_by_two(x: f64, n: usize) -> f64 {
    let mut y = 1.0;
    for i in (0..n).rev().step_by(2) {
        y = y * x + i as f64;
    }
    y
}

#[differentiable]
fn inclusive(x: f64, n: i32) -> f64 {
    let mut y = 0.0;
    for i in 1..=n {
        y = y * x + x / i as f64;
    }
    y
}

#[differentiable]
fn strides(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (1..n).step_by(3) {
        y += y * y * i as f64;
    }
    for i in (0..=n).rev() {
        y = y / (x + i as f64);
    }
    y
}

#[differentiable]
fn ranges_of_integers(x: f64) -> f64 {
    let mut y = 0.0;
    for i in -2i64..3 {
        y = y * x + (i * i) as f64;
    }
    for i in 0u8..2 {
        y *= x + f64::from(i);
    }
    y
}

#[differentiable]
fn by_element(xs: &[f64], x: f64) -> f64 {
    let mut p = x;
    for v in xs.iter() {
        p = p * *v + v;
    }
    for v in xs {
        p += v * v;
    }
    p
}

#[differentiable]
fn enumerated(xs: &[f64]) -> f64 {
    let mut s = 1.0;
    for (i, v) in xs.iter().enumerate() {
        s = s * v + i as f64 * v;
    }
    s
}

#[differentiable]
fn zipped(xs: &[f64], ys: &[f64; 3]) -> f64 {
    let mut s = 0.0;
    for (a, b) in xs.iter().zip(ys) {
        s += a * b * b;
    }
    for (a, b) in xs.iter().zip(ys.iter()).rev() {
        s = s * a + b;
    }
    s
}

#[differentiable]
fn zipped_and_enumerated(xs: &[f64], ys: &[f64], zs: &[f64]) -> f64 {
    let mut s = 1.0;
    for (i, (a, (b, &c))) in xs.iter().zip(ys.iter().zip(zs)).enumerate() {
        s = s * a + b * c * (i + 1) as f64;
    }
    s
}

#[differentiable]
fn by_array(v: [f64; 4]) -> f64 {
    let mut p = 1.0;
    for x in &v {
        p *= x;
    }
    p
}

#[differentiable]
fn elements_in_place(mut v: [f64; 3], x: f64) -> f64 {
    for (i, a) in v.iter_mut().enumerate() {
        *a = *a * *a + x;
        *a *= (i + 1) as f64;
    }
    let mut s = 0.0;
    for a in v.iter().rev() {
        s = s * x + a;
    }
    s
}

#[differentiable]
fn active_loop_variable(lower: f64, upper: f64, h: f64) -> f64 {
    let mut t = lower;
    let mut s = 0.0;
    while t < upper {
        s += t * h;
        t += h;
    }
    s
}

#[differentiable]
fn header_with_effect(x: f64) -> f64 {
    let mut y = 1.0;
    let mut c = 0.0;
    while {
        y = y * x;
        y < 10.0
    } {
        c += y;
    }
    c * y
}

#[differentiable]
fn inline_divisor(a: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..2 {
        s += 1.0 / (i as f64 + 1.0 + a * a)
    }
    s
}

#[differentiable]
fn swapped(x: f64, a0: f64, b0: f64, n: usize) -> f64 {
    let mut a = a0;
    let mut b = b0;
    for _ in 0..n {
        let t = a;
        a = b;
        b = t + a * x;
    }
    std::mem::swap(&mut a, &mut b);
    a - 2.0 * b
}

#[differentiable]
fn inner_name_shadows(x: f64) -> f64 {
    let mut y = x;
    for i in 0..3 {
        y = y * x;
        let y = y + 1.0;
        let _ = y * i as f64;
    }
    y
}

#[differentiable]
fn carried_and_local(x: f64, n: usize) -> f64 {
    let mut total = 0.0;
    let mut carried = x;
    for i in 0..n {
        let mut local = carried * x;
        local += i as f64;
        for _ in 0..i {
            local = local.sin() + carried;
            carried = 0.5 * carried + 0.1 * local;
        }
        total += local * carried;
    }
    total
}

#[differentiable]
fn triangle(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        let mut p = 1.0;
        for j in 0..=i {
            p = p * x / (j + 1) as f64;
        }
        s += p;
    }
    s
}

#[differentiable]
fn branch_in_loop(xs: &[f64]) -> f64 {
    let mut y = 1.0;
    for i in 0..xs.len() {
        if xs[i] > 0.0 {
            y = y * xs[i];
        } else if y > 0.5 {
            let old = y;
            y = xs[i] - y;
            y *= old;
        } else {
            y += xs[i] * xs[i];
        }
    }
    y
}

#[differentiable]
fn integer_state(x: f64, n: u64) -> f64 {
    let mut k = n;
    let mut y = x;
    while k != 1 {
        if k % 2 == 0 {
            k /= 2;
            y *= x;
        } else {
            k = 3 * k + 1;
            y += x;
        }
    }
    y
}

/// Closed form of `sum`, differentiated by differences.
#[track_caller]
fn near_difference(actual: f64, f: impl Fn(f64) -> f64, x: f64) {
    common::assert_near("difference", &actual, &difference(f, x), 1e-7);
}

#[test]
fn counted_loops() {
    let x = 1.3f64;
    check!(power(x, 1.0, 5), (5.0 * x.powi(4), x.powi(5)));
    check!(power(x, x, 5), (5.0 * x.powi(5), x.powi(5)));
    check!(power(0.0, 2.0, 3), (0.0, 0.0));
    check!(backwards_by_two(x, 6), 2.0 * x * 1.0 + 2.0 * (5.0 * x) - 2.0 * x + 3.0 + 3.0 * x * x - 0.0);
    let (half, third) = (1.0 / 2.0, 1.0 / 3.0);
    check!(inclusive(x, 3), 3.0 * x * x + 2.0 * half * x + third);
    near_difference(strides::grad(x, 8), |x| strides(x, 8), x);
    check!(strides(x, 8), strides::grad(x, 8));
    // The first loop is 4 x^4 + x^3 + x + 4, the second multiplies by x (x + 1).
    let p = 4.0 * x.powi(4) + x.powi(3) + x + 4.0;
    check!(ranges_of_integers(x), (16.0 * x.powi(3) + 3.0 * x * x + 1.0) * x * (x + 1.0) + p * (2.0 * x + 1.0));
    check!(inline_divisor(0.7), -2.0 * 0.7 / (1.49f64 * 1.49) - 2.0 * 0.7 / (2.49f64 * 2.49));
    check!(inner_name_shadows(x), 4.0 * x.powi(3));
    check!(triangle(x, 4), 1.0 + x + x * x / 2.0 + x.powi(3) / 6.0);
}

#[test]
fn loops_that_do_not_run() {
    check!(power(1.3, 2.0, 0), (0.0, 1.0));
    check!(inclusive(1.3, 0), 0.0);
    check!(inclusive(1.3, -4), 0.0);
    check!(by_element(&Vec::new()[..], 2.0), (Vec::<f64>::new(), 1.0));
    check!(enumerated(&Vec::new()[..]), Vec::<f64>::new());
    check!(triangle(1.3, 0), 0.0);
    check!(until_hundred(1e3), 1.0);
    check!(header_with_effect(20.0), 0.0);
    check!(active_loop_variable(2.0, 1.0, 0.5), (0.0, 0.0, 0.0));
    check!(weighted_sum(&[1.0][..], &[2.0][..], 0), (vec![0.0], vec![0.0]));
}

#[test]
fn loops_over_slices_and_arrays() {
    check!(weighted_sum(&[1.0, 2.0, 3.0][..], &[4.0, 5.0, 6.0][..], 2), (vec![4.0, 5.0, 0.0], vec![1.0, 2.0, 0.0]));
    let (a, b, x) = (2.0, 3.0, 0.5);
    // ((x a + a) b + b) + a² + b².
    check!(by_element(&[a, b][..], x), (vec![(x + 1.0) * b + 2.0 * a, x * a + a + 1.0 + 2.0 * b], a * b));
    // (a b) + b.
    check!(enumerated(&[a, b][..]), vec![b, a + 1.0]);
    let (xs, ys) = ([0.5, -1.5, 2.0], [1.0, 0.25, -2.0]);
    let flat = |v: &[f64]| zipped(&v[..3], &[v[3], v[4], v[5]]);
    let expected = common::differences(flat, &[0.5, -1.5, 2.0, 1.0, 0.25, -2.0]);
    let gradient: (Vec<f64>, [f64; 3]) = zipped::grad(&xs, &ys);
    common::assert_near("zipped", &gradient, &expected, 1e-7);
    check!(zipped(&xs[..], &ys), gradient);
    // The zip stops with its shortest member.
    check!(
        zipped_and_enumerated(&[2.0, 3.0][..], &[5.0, 7.0, 11.0][..], &[13.0, 17.0][..]),
        (vec![3.0, 2.0 + 65.0], vec![39.0, 34.0, 0.0], vec![15.0, 14.0])
    );
    check!(by_array([2.0, 3.0, 5.0, 7.0]), [105.0, 70.0, 42.0, 30.0]);
    check!(by_array([2.0, 0.0, 5.0, 7.0]), [0.0, 70.0, 0.0, 0.0]);
    let x = 0.5;
    // 3 (c² + x) x² + 2 (b² + x) x + a² + x.
    let x_bar = 3.0 * (25.0 * 2.0 * x + 3.0 * x * x) + 2.0 * (9.0 + 2.0 * x) + 1.0;
    check!(elements_in_place([2.0, 3.0, 5.0], x), ([4.0, 12.0 * x, 30.0 * x * x], x_bar));
    for xs in [[0.6, -1.0, 2.0, -0.25], [-0.5, -1.0, -2.0, 0.25], [0.25, -1.5, 0.5, 3.0]] {
        let gradient = branch_in_loop::grad(&xs);
        common::assert_near("branch_in_loop", &gradient, &common::differences(branch_in_loop, &xs), 1e-7);
        check!(branch_in_loop(&xs[..]), gradient);
    }
}

#[test]
fn trip_counts_that_depend_on_the_data() {
    let x = 1.7;
    near_difference(until_hundred::grad(x), until_hundred, x);
    check!(until_hundred(x), until_hundred::grad(x));
    // The while loop's condition cuts off at 1e-12, which is what the tolerance allows for.
    for x in [0.1f64, 2.0, 30.0] {
        common::assert_near("newton", &newton::grad(x), &(0.5 / x.sqrt()), 1e-9);
        differentiable::gradcheck!(newton(x)).unwrap();
    }
    check!(loop_with_value(3.0), 4.0 * 2.0 * 3.0);
    check!(loop_with_value(11.0), 22.0);
    // Four trips at lower, lower + h, ...: s = h (4 lower + 6 h).
    check!(active_loop_variable(0.1, 1.0, 0.25), (1.0, 0.0, 0.4 + 12.0 * 0.25));
    let x = 2.5f64;
    // Trips at x and x²: c = x + x², and y = x³.
    check!(header_with_effect(x), 4.0 * x.powi(3) + 5.0 * x.powi(4));
    // 6, 3, 10, 5, 16, 8, 4, 2, 1.
    let x = 1.1f64;
    near_difference(integer_state::grad(x, 6), |x| integer_state(x, 6), x);
    check!(integer_state(x, 6), integer_state::grad(x, 6));
}

#[test]
fn values_carried_from_trip_to_trip() {
    let (x, a, b) = (0.7, 1.5, -0.5);
    // After two trips a = a0 + b0 x and b = b0 + a x; swapped, the result is b - 2 a.
    let a_last = a + b * x;
    check!(swapped(x, a, b, 2), (a_last + b * x - 2.0 * b, x - 2.0, 1.0 + x * x - 2.0 * x));
    check!(swapped(x, a, b, 0), (0.0, -2.0, 1.0));
    near_difference(carried_and_local::grad(x, 5), |x| carried_and_local(x, 5), x);
    check!(carried_and_local(x, 5), carried_and_local::grad(x, 5));
    check_vjp!(power(2.0, 1.0, 10), 0.5, (2560.0, 512.0));
}

#[test]
fn not_a_number_in_the_condition_ends_the_loop_as_in_the_function() {
    // One trip: the condition holds for 1 and not for what comes of it.
    let (value, gradient) = until_hundred::value_and_grad(f64::NAN);
    assert!(value.is_nan());
    assert_eq!(gradient, 1.0);
    let (value, gradient) = newton::value_and_grad(f64::NAN);
    assert!(value.is_nan());
    assert_eq!(gradient, 1.0);
    check_gradient!(header_with_effect(0.0f64.max(11.0)), 0.0);
}
