//! Functions that an equation defines: methods, parameters and solutions of all kinds, and second derivatives.
#![allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub)]
use differentiable::ndarray::{Array1, array};
use differentiable::{Differentiable, differentiable, gradcheck};

#[derive(Clone, Debug, Differentiable)]
pub struct Model {
    k: f64,
    w: Vec<f64>,
}

impl Model {
    #[differentiable]
    pub fn residual(&self, x: f64, a: f64) -> f64 {
        x * x * x + self.k * x - a * self.w[0]
    }

    #[differentiable(root_of = Self::residual)]
    pub fn solve(&self, a: f64) -> f64 {
        let mut x = 1.0;
        for _ in 0..60 {
            x -= self.residual(x, a) / (3.0 * x * x + self.k);
        }
        x
    }

    #[differentiable(root_of = free_residual)]
    pub fn solve_free(&self, a: f64) -> f64 {
        self.solve(a)
    }

    #[differentiable(root_of = Model::static_residual)]
    pub fn root(a: f64, b: f64) -> f64 {
        let mut x = 1.0;
        for _ in 0..60 {
            x -= Model::static_residual(x, a, b) / (2.0 * x + a);
        }
        x
    }
    #[differentiable]
    pub fn static_residual(x: f64, a: f64, b: f64) -> f64 {
        x * x + a * x - b
    }

    #[differentiable]
    pub fn system(&self, p: &[f64], a: f64) -> Vec<f64> {
        vec![p[0] * p[0] + p[1] - a, p[1] * self.k - p[0] * self.w[1]]
    }
    #[differentiable(root_of = Self::system)]
    pub fn solve_system(&self, a: f64) -> Vec<f64> {
        // p1 = p0 w1/k ; p0^2 + p0 w1/k - a = 0
        let b = self.w[1] / self.k;
        let p = 0.5 * (-b + (b * b + 4.0 * a).sqrt());
        vec![p, p * b]
    }
}

#[differentiable]
fn free_residual(x: f64, model: &Model, a: f64) -> f64 {
    x * x * x + model.k * x - a * model.w[0]
}

#[differentiable]
fn loss(model: &Model, a: f64) -> f64 {
    let x = model.solve(a);
    let y = model.solve_free(a * x);
    let z = Model::root(x, y);
    let p = model.solve_system(z);
    p[0] * p[1] + x
}

#[differentiable(root_of = free_residual)]
fn of_struct(model: &Model, a: f64) -> f64 {
    model.solve(a)
}

#[derive(Clone, Debug, Differentiable)]
pub struct Point {
    x: f64,
    y: f64,
}
#[differentiable]
fn point_eq(p: &Point, m: &Model) -> Point {
    Point { x: p.x * p.x - m.k, y: p.y - p.x * m.w[0] }
}
#[differentiable(root_of = point_eq)]
fn point(m: &Model) -> Point {
    Point { x: m.k.sqrt(), y: m.k.sqrt() * m.w[0] }
}
#[differentiable]
fn of_point(m: &Model) -> f64 {
    let p = point(m);
    p.x * p.y
}

#[differentiable(wrt(a), root_of = cubic)]
fn root_wrt(a: f64, b: f64) -> f64 {
    let mut x = 1.0;
    for _ in 0..100 {
        x -= cubic(x, a, b) / (3.0 * x * x + a);
    }
    x
}
#[differentiable(order = 2)]
fn cubic(x: f64, a: f64, b: f64) -> f64 {
    x * x * x + a * x - b
}

#[differentiable]
fn gcubic<T: num_traits::Float>(x: T, a: T, b: T) -> T {
    x * x * x + a * x - b
}
#[differentiable(root_of = gcubic)]
fn groot<T: num_traits::Float>(a: T, b: T) -> T {
    let mut x = T::one();
    for _ in 0..60 {
        x = x - gcubic(x, a, b) / (x * x + x * x + x * x + a);
    }
    x
}
#[differentiable(order = 2)]
fn energy(x: f64, k: f64) -> f64 {
    (x - k).powi(2) + 0.1 * x.powi(4)
}
#[differentiable(root_of = energy::grad)]
fn argmin(k: f64) -> f64 {
    let mut x = 0.0;
    for _ in 0..400 {
        x -= 0.1 * (2.0 * (x - k) + 0.4 * x * x * x);
    }
    x
}

fn fd(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-5;
    (f(x + h) - f(x - h)) / (2.0 * h)
}

#[test]
fn equations_of_methods_and_structs() {
    let m = Model { k: 1.3, w: vec![0.7, 0.4] };
    let g = loss::grad(&m, 2.0);
    let e = fd(|k| loss(&Model { k, ..m.clone() }, 2.0), 1.3);
    assert!((g.0.k - e).abs() < 1e-7, "{} {e}", g.0.k);
    let e = fd(|w| loss(&Model { w: vec![w, 0.4], ..m.clone() }, 2.0), 0.7);
    assert!((g.0.w[0] - e).abs() < 1e-7);
    let e = fd(|w| loss(&Model { w: vec![0.7, w], ..m.clone() }, 2.0), 0.4);
    assert!((g.0.w[1] - e).abs() < 1e-7);
    assert!((g.1 - fd(|a| loss(&m, a), 2.0)).abs() < 1e-7);
    gradcheck!(loss(&m, 2.0)).unwrap();
    gradcheck!(of_struct(&m, 2.0)).unwrap();
    gradcheck!(of_point(&m)).unwrap();
    gradcheck!(groot(0.7, 2.0)).unwrap();
    gradcheck!(argmin(0.8)).unwrap();
    let (x, a) = root_wrt::value_and_grad(2.0, 5.0);
    assert!((a + x / (3.0 * x * x + 2.0)).abs() < 1e-13);
    let (v, pull) = m.solve_vjp(2.0);
    let (s, a) = pull(1.0);
    let (s2, a2) = pull(1.0);
    assert_eq!((s.k, a), (s2.k, a2));
    assert!((v - m.solve(2.0)).abs() < 1e-15);
    let dot = m.solve_jvp(2.0, &ModelTangent { k: 1.0, w: vec![0.0, 0.0] }, 0.0).1;
    assert!((dot - s.k).abs() < 1e-13);
}

#[differentiable(order = 2)]
fn circles(p: &[f64], centre: [f64; 2], radius: f64) -> Vec<f64> {
    vec![p[0] * p[0] + p[1] * p[1] - 4.0, (p[0] - centre[0]).powi(2) + (p[1] - centre[1]).powi(2) - radius * radius]
}

#[differentiable(order = 2, root_of = circles)]
fn intersection(centre: [f64; 2], radius: f64) -> Vec<f64> {
    let mut p = vec![1.0, 1.5];
    for _ in 0..50 {
        let f = circles(&p, centre, radius);
        let (a, b) = (2.0 * p[0], 2.0 * p[1]);
        let (c, d) = (2.0 * (p[0] - centre[0]), 2.0 * (p[1] - centre[1]));
        let det = a * d - b * c;
        p[0] -= (d * f[0] - b * f[1]) / det;
        p[1] -= (a * f[1] - c * f[0]) / det;
    }
    p
}
#[differentiable(hvp)]
fn of_intersection(x: &[f64]) -> f64 {
    let p = intersection([x[0], x[1] * x[0]], x[2]);
    p[0] * p[1].exp()
}

#[differentiable(order = 2)]
fn fixed(x: &Array1<f64>, w: &Array1<f64>, b: f64) -> Array1<f64> {
    x - &(w * &x.mapv(f64::tanh) + b)
}
#[differentiable(order = 2, root_of = fixed)]
fn equilibrium(w: &Array1<f64>, b: f64) -> Array1<f64> {
    let mut x = Array1::zeros(w.len());
    for _ in 0..500 {
        x = w * &x.mapv(f64::tanh) + b;
    }
    x
}
#[differentiable(hvp)]
fn of_eq(w: &Array1<f64>, b: f64) -> f64 {
    let e = equilibrium(w, b);
    e.dot(&e) * b
}

#[differentiable(order = 2)]
fn pair(p: [f64; 2], k: &[f64]) -> [f64; 2] {
    [p[0] * p[0] - k[0], p[1] - p[0] * k[1] * p[1].cos()]
}
#[differentiable(order = 2, root_of = pair)]
fn pair_root(k: &[f64]) -> [f64; 2] {
    let x = k[0].sqrt();
    let mut y = 0.0;
    for _ in 0..300 {
        y = x * k[1] * f64::cos(y);
    }
    [x, y]
}
#[differentiable(hvp)]
fn of_pair(k: &[f64]) -> f64 {
    let p = pair_root(k);
    p[0] * p[1] * p[1]
}

#[differentiable(order = 2)]
fn stationary(x: f64, k: f64) -> f64 {
    2.0 * (x - k) + 0.4 * x * x * x
}
#[differentiable(order = 2, root_of = stationary)]
fn bottom(k: f64) -> f64 {
    argmin(k)
}
#[differentiable(hessian)]
fn of_bottom(k: f64) -> f64 {
    bottom(k * k) * k
}
fn check(f: impl Fn(&[f64]) -> Vec<f64>, hvp: impl Fn(&[f64], &[f64]) -> Vec<f64>, x: &[f64]) {
    let v: Vec<f64> = (0..x.len()).map(|i| 0.3 + 0.2 * i as f64).collect();
    let h = 1e-5;
    let at = |s: f64| f(&x.iter().zip(&v).map(|(x, v)| x + s * v).collect::<Vec<_>>());
    let (a, b) = (at(h), at(-h));
    let got = hvp(x, &v);
    for i in 0..x.len() {
        let e = (a[i] - b[i]) / (2.0 * h);
        assert!((got[i] - e).abs() < 1e-6 * (1.0 + e.abs()), "{i}: {} {e}", got[i]);
    }
}

#[test]
fn roots_that_are_lists_have_second_derivatives() {
    check(of_intersection::grad, of_intersection::hvp, &[2.0, 0.25, 1.7]);
    check(of_pair::grad, of_pair::hvp, &[2.0, 0.25]);
    check(
        |x| {
            let (a, b) = of_eq::grad(&array![x[0], x[1]], x[2]);
            vec![a[0], a[1], b]
        },
        |x, v| {
            let (a, b) = of_eq::hvp(&array![x[0], x[1]], x[2], &array![v[0], v[1]], v[2]);
            vec![a[0], a[1], b]
        },
        &[0.3, 0.5, 0.7],
    );
    check(|x| vec![of_bottom::grad(x[0])], |x, v| vec![of_bottom::hessian(x[0]) * v[0]], &[0.8]);
    gradcheck!(of_intersection(&[2.0, 0.25, 1.7][..])).unwrap();
}

/// Lists of which only the second is used.
#[differentiable]
fn two_lists(x: f64, n: usize) -> (Vec<f64>, Vec<f64>) {
    (vec![x; n], vec![x * x; n + 1])
}

#[differentiable]
fn of_the_second(x: f64, n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        let (_, second) = two_lists(x * (i as f64 + 1.0), n);
        sum += second[i] * second[i + 1];
    }
    sum
}

#[test]
fn results_of_several_lists_are_kept_once_for_each_trip() {
    gradcheck!(of_the_second(0.7, 3)).unwrap();
}
