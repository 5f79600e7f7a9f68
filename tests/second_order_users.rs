//! Hessians of programs as users write them, against differences of the gradient.
#![allow(clippy::all, clippy::pedantic)]

use differentiable::ndarray::{Array1, Array2};
use differentiable::{Differentiable, differentiable, rt};

#[derive(Differentiable, Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiable(hvp)]
impl Point {
    fn norm2(&self) -> f64 {
        self.x * self.x + self.y.powi(4)
    }

    fn scaled(self, k: f64) -> Point {
        Point { x: self.x * k, y: self.y * k * k }
    }

    fn push(&mut self, k: f64) {
        self.x *= k;
        self.y += self.x * k;
    }
}

#[derive(Differentiable, Clone)]
enum Shape {
    Circle(f64),
    Rect { w: f64, h: f64 },
}

#[differentiable(order = 2)]
impl Shape {
    fn area(&self) -> f64 {
        match self {
            Shape::Circle(r) => r * r * 3.0,
            Shape::Rect { w, h } => w * h * w,
        }
    }
}

#[differentiable(hvp, hessian, jacobian)]
fn structs(x: f64, y: f64) -> f64 {
    let mut p = Point { x, y: y.sin() };
    p.push(x * y);
    p.scaled(y).norm2() + p.norm2()
}

#[differentiable(hvp, hessian, jacobian)]
fn enums(x: f64, y: f64) -> f64 {
    let shapes = vec![Shape::Circle(x * y), Shape::Rect { w: x, h: y.exp() }];
    shapes.iter().map(|s| s.area()).sum::<f64>() * x
}

#[differentiable(hvp, hessian, jacobian)]
fn iterators(x: &[f64], k: f64) -> f64 {
    x.windows(2).map(|w| (w[1] - w[0] * k).powi(2)).sum::<f64>()
        + x.iter().enumerate().filter(|(i, _)| i % 2 == 0).map(|(i, v)| v.powi(3) * i as f64 * k).sum::<f64>()
        + x.iter().fold(1.0, |product, v| product * (v + k))
}

#[differentiable(hvp, hessian, jacobian)]
fn closures(x: f64, y: f64) -> f64 {
    let scale = |t: f64| t * x.sin();
    let twice = |t: f64| scale(scale(t)) + y;
    twice(y) * twice(x)
}

#[differentiable(order = 2)]
fn advance(state: &mut [f64; 2], h: f64) {
    let [q, p] = *state;
    state[1] = p - h * q.sin();
    state[0] = q + h * state[1];
}

#[differentiable(hvp, hessian, jacobian)]
fn in_place(x: f64, y: f64) -> f64 {
    let mut state = [x, y];
    for _ in 0..5 {
        advance(&mut state, 0.1 * y);
    }
    state[0] * state[1]
}

#[differentiable(hvp, hessian, jacobian)]
fn returns(x: f64, y: f64) -> f64 {
    if x > 10.0 {
        return y;
    }
    let mut sum = x;
    for i in 0..10 {
        sum += (x * y).powi(i);
        if sum > 2.0 {
            return sum * y;
        }
    }
    sum
}

#[differentiable(order = 2)]
fn root(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}

#[differentiable(hvp)]
fn options(x: f64, y: f64) -> Option<f64> {
    let a = root(x * y)?;
    let b = root(y)?;
    Some(a * b * b * x)
}

#[differentiable(hvp, hessian, jacobian)]
fn loops(x: f64, y: f64) -> f64 {
    let (mut a, mut b, mut n) = (x, y, 0);
    while (a - b).abs() > 1e-3 && n < 50 {
        let mean = 0.5 * (a + b);
        b = (a * b).sqrt();
        a = mean;
        n += 1;
    }
    a * x
}

#[differentiable(hvp, hessian, jacobian)]
fn recursion(x: f64, y: f64) -> f64 {
    fib(6, x, y)
}

#[differentiable(order = 2)]
fn fib(n: usize, x: f64, y: f64) -> f64 {
    if n == 0 {
        x
    } else if n == 1 {
        y * x
    } else {
        fib(n - 1, x, y) * 0.5 + fib(n - 2, x, y).sin()
    }
}

#[differentiable(hvp, hessian)]
fn generic<T: rt::Float>(x: T, y: T) -> T {
    let two = T::from(2.0).unwrap();
    (x * y).sin() * two + x.powi(3) / y
}

#[differentiable(order = 2)]
fn dot<const N: usize>(a: [f64; N], b: &[f64; N]) -> f64 {
    let mut sum = 0.0;
    for i in 0..N {
        sum += a[i] * b[i] * b[i];
    }
    sum
}

#[differentiable(hvp, hessian, jacobian)]
fn const_generic(x: [f64; 3], y: f64) -> f64 {
    dot(x, &[x[1], y, x[0] * y])
}

#[differentiable(hvp, hessian, jacobian)]
fn tuples(x: (f64, f64), y: f64) -> f64 {
    let (a, b) = x;
    let swapped = (b * y, a);
    swapped.0 * swapped.1 * swapped.1 + y.ln() * b
}

#[differentiable(hvp, hessian, jacobian)]
fn arrays(w: &Array2<f64>, x: &Array1<f64>) -> f64 {
    let h = w.dot(x).mapv(f64::tanh);
    (&h * &h * x).sum() + h.mapv(|t| t * t * t).sum()
}

mod other {
    use differentiable::differentiable;

    #[differentiable(order = 2)]
    pub(super) fn softplus(x: f64) -> f64 {
        (1.0 + x.exp()).ln()
    }
}

#[differentiable(hvp, hessian, jacobian)]
fn modules(x: f64, y: f64) -> f64 {
    use other::softplus;
    softplus(x * y) * other::softplus(y)
}

#[differentiable(hvp, hessian)]
fn lists(x: Vec<f64>, k: f64) -> f64 {
    let mut grown = x.clone();
    grown.push(k * k);
    grown.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let halves = grown.chunks(2).map(|c| c.iter().sum::<f64>()).collect::<Vec<_>>();
    halves.iter().rev().zip(&x).map(|(h, v)| h * v * v).sum()
}

#[differentiable(hvp)]
fn of_struct(p: &Point, list: &[Point]) -> f64 {
    list.iter().map(|q| (q.x - p.x).powi(2) * q.y + p.y.powi(3)).sum()
}

fn close(a: f64, b: f64, what: &str) {
    assert!((a - b).abs() < 2e-5 * (1.0 + a.abs()), "{what}: {a} {b}");
}

fn check(what: &str, x: &[f64], hessian: &Array2<f64>, gradient: impl Fn(&[f64]) -> Vec<f64>) {
    let h = 1e-5;
    for column in 0..x.len() {
        let at = |step: f64| {
            let mut x = x.to_vec();
            x[column] += step;
            gradient(&x)
        };
        for (row, (left, right)) in at(-h).iter().zip(at(h)).enumerate() {
            close(hessian[[row, column]], (right - left) / (2.0 * h), what);
            close(hessian[[row, column]], hessian[[column, row]], what);
        }
    }
}

macro_rules! of_two {
    ($($f:ident),*) => {$(
        let x = [0.7, 1.3];
        let pair = |(a, b): (f64, f64)| vec![a, b];
        check(stringify!($f), &x, &$f::hessian(x[0], x[1]), |x| pair($f::grad(x[0], x[1])));
        let (jacobian, gradient) = ($f::jacobian(x[0], x[1]), pair($f::grad(x[0], x[1])));
        for (a, b) in jacobian.iter().zip(gradient) {
            close(*a, b, stringify!($f));
        }
    )*};
}

#[test]
fn of_two_numbers() {
    of_two!(structs, enums, closures, in_place, returns, loops, recursion, modules);
    let pair = |(a, b): (f64, f64)| vec![a, b];
    check("generic", &[0.7, 1.3], &generic::hessian(0.7, 1.3), |x| pair(generic::grad(x[0], x[1])));
    let h = 1e-5;
    let at = |h: f64| options::grad(0.7 + 0.3 * h, 1.3 - h).unwrap();
    let (of_x, of_y) = options::hvp(0.7, 1.3, 0.3, -1.0).unwrap();
    close(of_x, (at(h).0 - at(-h).0) / (2.0 * h), "options");
    close(of_y, (at(h).1 - at(-h).1) / (2.0 * h), "options");
    assert!(options::hvp(-0.7, 1.3, 0.3, -1.0).is_none());
}

#[test]
fn of_lists() {
    let x = [0.4, -0.3, 0.8, 1.1];
    let joined = |(mut x, k): (Vec<f64>, f64)| {
        x.push(k);
        x
    };
    check("iterators", &x, &iterators::hessian(&x[..3], x[3]), |x| joined(iterators::grad(&x[..3], x[3])));
    check("lists", &x, &lists::hessian(x[..3].to_vec(), x[3]), |x| joined(lists::grad(x[..3].to_vec(), x[3])));
    let array = |x: &[f64]| [x[0], x[1], x[2]];
    let of_array = |(x, k): ([f64; 3], f64)| vec![x[0], x[1], x[2], k];
    check("const_generic", &x, &const_generic::hessian(array(&x), x[3]), |x| {
        of_array(const_generic::grad(array(x), x[3]))
    });
    let x = [0.4, -0.3, 0.8];
    let of_tuple = |((a, b), y): ((f64, f64), f64)| vec![a, b, y];
    check("tuples", &x, &tuples::hessian((x[0], x[1]), x[2]), |x| of_tuple(tuples::grad((x[0], x[1]), x[2])));
    let x = [0.4, -0.3, 0.8, 1.1, 0.5, -0.9];
    let split = |x: &[f64]| (Array2::from_shape_vec((2, 2), x[..4].to_vec()).unwrap(), Array1::from(x[4..].to_vec()));
    let (w, v) = split(&x);
    check("arrays", &x, &arrays::hessian(&w, &v), |x| {
        let (w, v) = split(x);
        let (w, v) = arrays::grad(&w, &v);
        w.into_iter().chain(v).collect()
    });
}

#[test]
fn of_structs() {
    let h = 1e-5;
    let list = [Point { x: 0.3, y: 0.9 }, Point { x: -0.5, y: 0.2 }];
    let dots = [PointTangent { x: 0.1, y: 0.4 }, PointTangent { x: 1.0, y: -0.7 }];
    let dot = PointTangent { x: 0.5, y: -0.3 };
    let at = |h: f64| {
        let list: Vec<Point> =
            list.iter().zip(&dots).map(|(p, d)| Point { x: p.x + h * d.x, y: p.y + h * d.y }).collect();
        of_struct::grad(&Point { x: 0.7 + h * dot.x, y: 0.2 + h * dot.y }, &list)
    };
    let (p, all) = of_struct::hvp(&Point { x: 0.7, y: 0.2 }, &list, &dot, &dots);
    let ((left, l), (right, r)) = (at(-h), at(h));
    close(p.x, (right.x - left.x) / (2.0 * h), "of_struct");
    close(p.y, (right.y - left.y) / (2.0 * h), "of_struct");
    for ((p, l), r) in all.iter().zip(&l).zip(&r) {
        close(p.x, (r.x - l.x) / (2.0 * h), "of_struct");
        close(p.y, (r.y - l.y) / (2.0 * h), "of_struct");
    }
    let p = Point { x: 0.7, y: 0.2 };
    let product = p.norm2_hvp(&dot);
    close(product.x, 2.0 * dot.x, "norm2");
    close(product.y, 12.0 * 0.04 * dot.y, "norm2");
}
