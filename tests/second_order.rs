//! Second derivatives: Hessian-vector products and Hessians, against closed forms and against differences of gradients.
#![allow(clippy::all, clippy::pedantic)]

#[macro_use]
mod common;

use differentiable::ndarray::{Array1, Array2, ArrayView1, array};
use differentiable::{Differentiable, differentiable};

#[differentiable(hvp)]
fn product(x: f64, y: f64) -> f64 {
    x * x * y
}

#[differentiable(hessian)]
fn wave(x: f64) -> f64 {
    (x * x).sin()
}

#[differentiable(hessian)]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2);
    }
    sum
}

#[differentiable(hessian)]
fn of_array(x: [f64; 3]) -> f64 {
    x[0] * x[1].exp() + x[2] / x[0]
}

#[differentiable(hessian)]
fn of_vec(x: Vec<f64>) -> f64 {
    x.iter().map(|x| x.powi(3)).sum()
}

#[differentiable(hvp)]
fn of_tensor(x: &Array1<f64>, a: &Array2<f64>) -> f64 {
    0.5 * x.dot(&a.dot(x))
}

#[differentiable(wrt(x), hessian)]
fn quadratic(x: &Array1<f64>, a: &Array2<f64>) -> f64 {
    0.5 * x.dot(&a.dot(x))
}

#[differentiable(wrt(x), hessian)]
fn of_view(x: ArrayView1<f64>, scale: f64) -> f64 {
    scale * x.mapv(|x| x * x * x).sum()
}

#[test]
fn scalars() {
    assert_eq!(product::hvp(2.0, 3.0, 1.0, 0.0), (6.0, 4.0));
    assert_eq!(product::hvp(2.0, 3.0, 0.0, 1.0), (4.0, 0.0));
    let x: f64 = 0.7;
    let expected = 2.0 * (x * x).cos() - 4.0 * x * x * (x * x).sin();
    assert!((wave::hessian(x) - expected).abs() < 1e-14);
}

#[test]
fn rosenbrock_in_closed_form() {
    for x in [vec![1.2, 0.7], vec![0.3, -0.4, 1.1], vec![1.0; 6], vec![-1.2, 1.0, 0.5, 2.0, -0.1]] {
        let n = x.len();
        let mut expected = Array2::<f64>::zeros((n, n));
        for i in 0..n - 1 {
            expected[[i, i]] += 1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0;
            expected[[i + 1, i + 1]] += 200.0;
            expected[[i, i + 1]] -= 400.0 * x[i];
            expected[[i + 1, i]] -= 400.0 * x[i];
        }
        let hessian = rosenbrock::hessian(&x);
        assert!((&hessian - &expected).iter().all(|d| d.abs() < 1e-10), "{hessian} instead of {expected}");
    }
}

#[test]
fn matrices_for_every_kind_of_list() {
    let (x, y): (f64, f64) = (2.0, 0.5);
    let expected = array![[2.0 * 4.0 / 8.0, y.exp(), -0.25], [y.exp(), 2.0 * y.exp(), 0.0], [-0.25, 0.0, 0.0]];
    let hessian = of_array::hessian([x, y, 4.0]);
    assert!((&hessian - &expected).iter().all(|d| d.abs() < 1e-14), "{hessian}");
    assert_eq!(of_vec::hessian(vec![1.0, 2.0]), array![[6.0, 0.0], [0.0, 12.0]]);
    let a = array![[2.0, 1.0], [0.0, 3.0]];
    assert_eq!(quadratic::hessian(&array![0.3, 0.4], &a), array![[2.0, 0.5], [0.5, 3.0]]);
    assert_eq!(of_view::hessian(array![1.0, 2.0].view(), 2.0), array![[12.0, 0.0], [0.0, 24.0]]);
    let (x, v) = (array![0.3, 0.4], array![1.0, -1.0]);
    let (of_x, of_a) = of_tensor::hvp(&x, &a, &v, &Array2::zeros((2, 2)));
    assert_eq!(of_x, array![1.5, -2.5]);
    assert_eq!(of_a, 0.5 * (&array![[0.3, 0.4], [-0.3, -0.4]] + &array![[0.3, -0.3], [0.4, -0.4]]));
}

#[differentiable(hvp)]
fn branches(x: &[f64]) -> f64 {
    let mut y = 1.0;
    for i in 0..x.len() {
        if x[i] > 0.5 {
            y *= x[i];
        } else if x[i] > 0.0 {
            y += x[i].sin() * y;
        } else {
            y = y / (1.0 + x[i] * x[i]);
        }
    }
    y
}

#[differentiable(hvp)]
fn mutation(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    for k in 0..3 {
        for i in 1..v.len() {
            v[i] = v[i] * v[i - 1] + (k as f64) * v[i].sin();
        }
        v[0] *= v[v.len() - 1];
    }
    v.iter().sum::<f64>().tanh()
}

#[differentiable(hvp)]
fn newton_root(x: &[f64]) -> f64 {
    let mut y = x[0];
    let mut count = 0;
    while (y * y - x[0]).abs() > 1e-15 && count < 8 {
        y = 0.5 * (y + x[0] / y);
        count += 1;
    }
    y * x[1]
}

#[differentiable(hvp)]
fn early_exit(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for (i, v) in x.iter().enumerate() {
        if *v < -1.0 {
            return total * total;
        }
        if i == 2 {
            continue;
        }
        total += v * v * v;
        if total > 5.0 {
            break;
        }
    }
    total * x[0]
}

#[differentiable(hvp)]
fn chains(x: &[f64]) -> f64 {
    let squares: f64 = x.windows(2).map(|w| (w[1] - w[0]).powi(2) * w[0]).sum();
    let logs =
        x.iter().zip(x.iter().rev()).filter(|(a, _)| **a > 0.2).fold(0.0, |sum, (a, b)| sum + (1.0 + a * b * b).ln());
    squares + logs
}

#[differentiable(hvp)]
fn lists(x: &[f64]) -> f64 {
    let mut stack = Vec::new();
    for v in x {
        stack.push(v * v);
    }
    let mut total = 1.0;
    while let Some(top) = stack.pop() {
        total *= 1.0 + top.sin();
    }
    total
}

#[differentiable(hvp)]
fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[differentiable(hvp)]
fn softplus(x: f64) -> f64 {
    x.exp().ln_1p()
}

#[differentiable(hvp)]
fn calls(x: &[f64]) -> f64 {
    let mut sum = norm(x);
    for v in x {
        sum += softplus(*v) * softplus(-v * sum);
    }
    sum
}

#[differentiable(order = 2)]
fn scaled_in_place(v: &mut [f64], factor: f64) {
    for v in v.iter_mut() {
        *v *= factor * *v;
    }
}

#[differentiable(hvp)]
fn calls_in_place(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    scaled_in_place(&mut v, x[0]);
    scaled_in_place(&mut v, 2.0);
    v[0] * v[1] + v[2].sin()
}

#[differentiable(hvp)]
fn recursive(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { x.sin() * recursive(x * 1.1, n - 1) }
}

#[differentiable(hvp)]
fn through_recursion(x: &[f64]) -> f64 {
    recursive(x[0], 3) * x[1]
}

#[differentiable(hvp)]
fn matches(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for (i, v) in x.iter().enumerate() {
        total += match i % 3 {
            0 => v * v,
            1 => {
                let w = v.exp();
                w * total
            }
            _ => (v * total).cos(),
        };
    }
    total
}

#[differentiable(hvp)]
fn tensors(x: &[f64]) -> f64 {
    let mut v = Array1::zeros(x.len());
    for i in 0..x.len() {
        v[i] = x[i];
    }
    let w = v.mapv(|x| x.tanh()) * &v + 1.0;
    let total = w.sum();
    (&w / total).mapv(|x| x.ln()).sum() + w.dot(&v)
}

#[differentiable(hvp)]
fn guarded(x: &[f64]) -> f64 {
    let r = (x[0] * x[0] + x[1] * x[1]).sqrt();
    let ratio = if x[1] > 0.0 { r / x[1] } else { 0.0 };
    ratio.max(0.1) + x[0].abs() * r.atan2(x[1]) + x[0].powf(x[1]) + x[1].hypot(x[0])
}

#[test]
fn against_differences_of_the_gradient() {
    check_slice! {
        rosenbrock at [0.3, -0.4, 1.1, 0.2];
        branches at [0.7, 0.2, -0.5, 0.9];
        mutation at [0.4, 0.6, -0.3];
        newton_root at [2.0, 0.7];
        early_exit at [0.4, 0.6, -0.3, 1.2];
        early_exit at [0.4, 0.6, -1.3, 1.2];
        early_exit at [2.4, 0.6, 0.3, 1.2];
        chains at [0.4, 0.6, -0.3, 1.2];
        lists at [0.4, 0.6, -0.3];
        norm at [0.4, 0.6, -0.3];
        calls at [0.4, 0.6, -0.3];
        calls_in_place at [0.4, 0.6, -0.3];
        through_recursion at [0.4, 0.6];
        matches at [0.4, 0.6, -0.3, 0.9];
        tensors at [0.4, 0.6, -0.3, 0.9];
        guarded at [0.4, 0.6];
    }
}

#[derive(Clone, Debug, Differentiable)]
#[allow(dead_code)]
struct Body {
    mass: f64,
    position: [f64; 2],
    #[nograd]
    scale: f64,
    id: usize,
}

#[derive(Clone, Debug, Differentiable)]
#[allow(dead_code)]
enum Force {
    Free,
    Spring { stiffness: f64, rest: f64 },
    Gravity(f64),
}

impl Body {
    #[differentiable(hvp)]
    fn energy(&self, height: f64) -> f64 {
        let [x, y] = self.position;
        self.scale * self.mass * height * (x * x + y).sqrt() + self.potential(x * y)
    }

    #[differentiable(hvp)]
    fn potential(&self, x: f64) -> f64 {
        self.mass * x * x * x
    }
}

#[differentiable(hvp)]
fn moved(x: &[f64]) -> f64 {
    let mut body = Body { mass: x[0] * x[1], position: [x[1], x[2]], scale: 2.0, id: 3 };
    body.position[0] *= x[2];
    let force = if x[0] > 0.0 { Force::Spring { stiffness: x[0], rest: x[1] } } else { Force::Gravity(x[0]) };
    let pull = match &force {
        Force::Free => 0.0,
        Force::Spring { stiffness, rest } => stiffness * (body.position[0] - rest).powi(2),
        Force::Gravity(g) => g * body.mass,
    };
    let other = Body { mass: body.mass.sin(), ..body.clone() };
    pull + body.energy(x[1]) * other.mass
}

#[test]
fn structs_enums_and_methods() {
    check_slice! {
        moved at [0.4, 0.6, 0.3];
        moved at [-0.4, 0.6, 0.3];
    }
    let body = Body { mass: 2.0, position: [0.5, 0.7], scale: 1.5, id: 1 };
    let mut direction = body.zero_tangent();
    direction.mass = 1.0;
    let (of_body, of_height) = body.energy_hvp(0.3, &direction, 0.0);
    let root: f64 = (0.25_f64 + 0.7).sqrt();
    assert!((of_height - 1.5 * root).abs() < 1e-12, "{of_height}");
    assert_eq!(of_body.mass, 0.0);
    let slope = 1.5 * 0.3 * 0.5 / root + 3.0 * 0.35 * 0.35 * 0.7;
    assert!((of_body.position[0] - slope).abs() < 1e-12, "{of_body:?}");
}

#[differentiable(hvp)]
fn generic<T: num_traits::Float>(x: T, y: T) -> T {
    (x * y).sin() + x.powi(3) / y
}

#[differentiable(hvp)]
fn of_generic(x: &[f64]) -> f64 {
    generic(x[0], x[1] * x[1])
}

#[test]
fn generics() {
    check_slice! { of_generic at [0.4, 0.6]; }
    let single = generic::hvp(0.5_f32, 0.25, 1.0, 0.0);
    let double = generic::hvp(0.5_f64, 0.25, 1.0, 0.0);
    assert!((f64::from(single.0) - double.0).abs() < 1e-4, "{single:?} {double:?}");
}

#[differentiable(order = 4)]
fn bell(x: f64) -> f64 {
    (-x * x).exp()
}

#[differentiable(order = 3)]
fn looped(x: f64, n: usize) -> f64 {
    let mut y = x;
    for k in 0..n {
        if k % 2 == 0 {
            y = y * x;
        } else {
            y += x.sin();
        }
    }
    y
}

#[differentiable(order = 3)]
fn generic_power<T: num_traits::Float>(x: T) -> T {
    x.powi(4) / (T::one() + x)
}

#[differentiable(order = 2)]
fn of_softplus(x: f64) -> f64 {
    softplus(x) * x
}

#[test]
fn derivatives_of_higher_order() {
    for x in [-0.7_f64, 0.0, 0.4, 1.3] {
        let g = (-x * x).exp();
        let expected = [
            g,
            -2.0 * x * g,
            (4.0 * x * x - 2.0) * g,
            (-8.0 * x.powi(3) + 12.0 * x) * g,
            (16.0 * x.powi(4) - 48.0 * x * x + 12.0) * g,
        ];
        for (order, (found, expected)) in bell::derivatives(x).into_iter().zip(expected).enumerate() {
            assert!((found - expected).abs() < 1e-13, "order {order} at {x}: {found} instead of {expected}");
        }
    }
    // y = (x² + sin x) x + sin x
    let (x, n) = (0.6_f64, 4);
    let [y, first, second, third] = looped::derivatives(x, n);
    let (s, c) = x.sin_cos();
    assert!((y - (x.powi(3) + x * s + s)).abs() < 1e-14);
    assert!((first - (3.0 * x * x + s + x * c + c)).abs() < 1e-14);
    assert!((second - (6.0 * x + 2.0 * c - x * s - s)).abs() < 1e-14);
    assert!((third - (6.0 - 3.0 * s - x * c - c)).abs() < 1e-14);
    let [single, double] = [generic_power::derivatives(0.5_f32)[3] as f64, generic_power::derivatives(0.5_f64)[3]];
    // x⁴ / (1 + x) = x³ - x² + x - 1 + 1 / (1 + x)
    assert!((double - (6.0 - 6.0 / 1.5_f64.powi(4))).abs() < 1e-12, "{double}");
    assert!((single - double).abs() < 1e-4);
    let x = 0.3_f64;
    let sigmoid = 1.0 / (1.0 + (-x).exp());
    let expected = 2.0 * sigmoid + x * sigmoid * (1.0 - sigmoid);
    assert!((of_softplus::derivatives(x)[2] - expected).abs() < 1e-13);
}

#[differentiable(order = 4)]
fn damped(x: f64, rate: f64) -> f64 {
    (-rate * x * x).exp() * x
}

#[differentiable(order = 4, wrt(x))]
fn of_damped(x: f64, n: usize) -> f64 {
    let mut sum = 0.0;
    for k in 0..n {
        let rate = 0.5 + k as f64;
        if k % 2 == 0 {
            sum += damped(x * x, rate);
        } else {
            sum = damped(sum, 0.3) * x + chained(x, sum);
        }
    }
    sum
}

#[differentiable(order = 4)]
fn chained(x: f64, y: f64) -> f64 {
    x.sin() * y + damped(y, x)
}

/// Derivatives up to the fourth order through calls, against differences of those of the order below.
#[test]
fn derivatives_of_higher_order_through_calls() {
    for (x, n) in [(0.6, 1), (0.4, 3), (-0.8, 4)] {
        let all = of_damped::derivatives(x, n);
        assert_eq!(all[0], of_damped(x, n));
        for order in 1..=4 {
            let at = |h: f64| {
                (of_damped::derivatives(x + h, n)[order - 1] - of_damped::derivatives(x - h, n)[order - 1]) / (2.0 * h)
            };
            let expected = (4.0 * at(1e-4) - at(2e-4)) / 3.0;
            let error = (all[order] - expected).abs();
            assert!(
                error < 1e-8 * (1.0 + expected.abs()),
                "order {order} at {x}: {} instead of {expected}",
                all[order]
            );
        }
    }
}

#[differentiable(jacobian)]
fn polar(x: [f64; 2]) -> (f64, f64) {
    (x[0] * x[1].cos(), x[0] * x[1].sin())
}

#[differentiable(wrt(x), jacobian)]
fn linear(a: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> {
    a.dot(x)
}

#[differentiable(jacobian)]
fn powers(x: f64) -> [f64; 3] {
    [x, x * x, x * x * x]
}

#[differentiable(jacobian)]
fn neighbours(x: &[f64]) -> Vec<f64> {
    x.windows(2).map(|w| w[0] * w[1]).collect()
}

#[test]
fn jacobians() {
    let (r, t): (f64, f64) = (2.0, 0.3);
    let expected = array![[t.cos(), -r * t.sin()], [t.sin(), r * t.cos()]];
    assert_eq!(polar::jacobian([r, t]), expected);
    assert_eq!(polar::jacobian_reverse([r, t]), expected);
    let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let x = array![0.1, 0.2, 0.3];
    assert_eq!(linear::jacobian(&a, &x), a);
    assert_eq!(linear::jacobian_forward(&a, &x), a);
    assert_eq!(powers::jacobian(2.0), array![[1.0], [4.0], [12.0]]);
    let x = [1.0, 2.0, 3.0, 4.0];
    let expected = array![[2.0, 1.0, 0.0, 0.0], [0.0, 3.0, 2.0, 0.0], [0.0, 0.0, 4.0, 3.0]];
    assert_eq!(neighbours::jacobian(&x), expected);
    assert_eq!(neighbours::jacobian_forward(&x), expected);
}
