//! Programs that combine what other tests have one by one: each is short, and each was hard for some differentiator.

#![allow(clippy::all)]

mod common;
use common::{assert_near, check, difference};
use differentiable::{Differentiable, differentiable, gradcheck};

#[derive(Clone, Debug, Differentiable)]
struct Spring {
    k: f64,
    x0: f64,
}

#[differentiable]
trait Energy {
    const SCALE: f64;

    fn energy(&self, x: f64) -> f64;

    fn unit(x: f64) -> f64
    where
        Self: Sized;

    fn scaled(&self, x: f64) -> f64 {
        Self::SCALE * self.energy(x)
    }
}

#[differentiable]
impl Energy for Spring {
    const SCALE: f64 = 3.0;

    fn energy(&self, x: f64) -> f64 {
        0.5 * self.k * (x - self.x0).powi(2)
    }

    fn unit(x: f64) -> f64 {
        Spring { k: x, x0: 1.0 }.energy(x * x) * Self::SCALE
    }
}

#[differentiable]
fn a_field_is_overwritten_before_a_call(spring: Spring, x: f64) -> f64 {
    let mut p = spring;
    p.k = p.k * 2.0;
    let first = p.energy(x);
    p.x0 += first;
    first + p.energy(x)
}

#[differentiable]
fn of_any_implementation(p: &impl Energy, q: impl Energy, x: f64) -> f64 {
    p.energy(x) * q.scaled(x + 1.0)
}

#[differentiable]
fn of_two_springs(k: f64, x: f64) -> f64 {
    let spring = Spring { k, x0: 0.2 };
    of_any_implementation(&spring, Spring { k: x, x0: k }, x)
}

#[differentiable]
fn by_the_path_of_a_parameter<T: Energy>(p: &T, x: f64) -> f64 {
    <T as Energy>::unit(x) * T::SCALE + <T as Energy>::energy(p, x) * T::unit(2.0 * x) + Energy::scaled(p, x)
}

#[test]
fn methods_of_values_that_change_and_of_types_that_are_parameters() {
    let spring = Spring { k: 1.3, x0: 0.4 };
    let (x, d) = (0.9, 0.5);
    // With e = k d²: e + k (d - e)².
    let (k, e) = (1.3, 1.3 * d * d);
    let rest: f64 = d - e;
    let (bar, x_bar) = a_field_is_overwritten_before_a_call::grad(spring.clone(), x);
    let slope = 2.0 * k * d + 2.0 * k * rest * (1.0 - 2.0 * k * d);
    let by_k = d * d + rest * rest - 2.0 * k * rest * d * d;
    assert_near("closed form", &(bar.k, bar.x0, x_bar), &(by_k, -slope, slope), 1e-12);
    gradcheck!(a_field_is_overwritten_before_a_call(spring.clone(), x)).unwrap();
    gradcheck!(of_any_implementation(&spring, spring.clone(), x)).unwrap();
    gradcheck!(of_two_springs(1.3, x)).unwrap();
    gradcheck!(by_the_path_of_a_parameter(&spring, x)).unwrap();
}

/// The closure took what `k` was; what `k` is later is another number, and each call has arguments of its own.
#[differentiable]
fn a_closure_called_between_changes(x: f64, y: f64) -> f64 {
    let mut k = x * y;
    let f = move |t: f64| k * t.sin();
    let a = f(x);
    k = a + y;
    let b = f(k);
    k *= b;
    let c = f(k * x);
    a + b * c + k
}

/// The same for a closure that is made anew after every change and borrows.
#[differentiable]
fn closures_that_borrow_between_changes(x: f64, v: &[f64]) -> f64 {
    let mut state = v.to_vec();
    let mut total = 0.0;
    for i in 0..v.len() {
        let at = |j: usize| state[j] * state[i] + x;
        let next = at(0) * at(i);
        total += at(v.len() - 1) * next;
        state[i] = next * 0.1;
    }
    total
}

#[test]
fn captures_that_change_between_calls() {
    gradcheck!(a_closure_called_between_changes(0.7, 1.3)).unwrap();
    gradcheck!(closures_that_borrow_between_changes(0.7, &[0.4, -1.1, 0.8])).unwrap();
}

/// Two early returns inside a match inside a labelled loop inside a closure.
#[differentiable]
fn exits_inside_of_each_other(x: f64, v: &[f64], kinds: &[usize]) -> f64 {
    let search = |start: f64, limit: f64| {
        let mut s = start;
        let mut rounds = 0;
        'rounds: loop {
            rounds += 1;
            if rounds > 9 {
                break;
            }
            for (i, &kind) in kinds.iter().enumerate() {
                match kind {
                    0 => s += v[i] * x,
                    1 if s > limit => return s * s * x,
                    2 => {
                        if s < -limit {
                            return s * v[0];
                        }
                        s *= 1.1;
                        continue 'rounds;
                    }
                    3 => break 'rounds,
                    _ => s = s * 1.5 + v[i],
                }
            }
            s -= x;
        }
        s * limit
    };
    search(x, 2.0) + search(-x, x) * search(v[0], 3.0)
}

#[test]
fn returns_from_a_match_in_a_labelled_loop_of_a_closure() {
    let v = [0.4, 0.7, 0.3, 0.2];
    for kinds in [[0, 1, 4, 1], [0, 4, 1, 3], [4, 0, 3, 1], [1, 0, 4, 0]] {
        for x in [0.7, 1.9] {
            gradcheck!(exits_inside_of_each_other(x, &v[..], &kinds[..])).unwrap();
        }
    }
    // The sums fall until the second return.
    gradcheck!(exits_inside_of_each_other(-1.3, &[-0.4, -0.9][..], &[0, 2][..])).unwrap();
}

/// An interval: neither its sine nor its root is that of a number.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Interval {
    low: f64,
    high: f64,
}

#[differentiable]
impl Interval {
    fn sin(self) -> f64 {
        self.low * self.high
    }

    fn sqrt(&self) -> Interval {
        Interval { low: self.low * 2.0, high: self.high.sqrt() }
    }

    fn max(self, other: Interval) -> f64 {
        self.high - other.low
    }

    fn powi(&self, n: i32) -> f64 {
        self.low.powi(n) + f64::from(n) * self.high
    }
}

#[differentiable]
fn own_methods_with_names_of_others(low: f64, high: f64) -> f64 {
    let i = Interval { low, high };
    let root = i.sqrt();
    let functions = [i.sin(), root.sin(), i.max(root), root.powi(3)];
    functions[0] * functions[1] + functions[2] * functions[3] + low.sin() + high.max(low)
}

#[test]
fn a_sine_that_is_not_the_sine() {
    let (a, b) = (0.7f64, 1.9f64);
    let h = b.sqrt();
    // a b · 2 a h + (b - 2 a) (8 a³ + 3 h) + sin a + b.
    let cubic = 8.0 * a.powi(3) + 3.0 * h;
    let by_a = 4.0 * a * b * h - 2.0 * cubic + (b - 2.0 * a) * 24.0 * a * a + a.cos();
    let by_b = 3.0 * a * a * h + cubic + (b - 2.0 * a) * 1.5 / h + 1.0;
    check!(own_methods_with_names_of_others(a, b), (by_a, by_b));
}

#[differentiable(hessian)]
fn rosenbrock([x, y]: [f64; 2]) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[differentiable(order = 3)]
fn wave(x: f64) -> f64 {
    x.sin() * x.exp()
}

/// The root by Newton's method: a loop whose number of trips depends on the numbers.
#[differentiable(order = 2)]
fn root(a: f64) -> f64 {
    let mut x = a;
    let mut extra = 0;
    while extra < 2 {
        let next = 0.5 * (x + a / x);
        if (next - x).abs() < 1e-13 {
            extra += 1;
        }
        x = next;
    }
    x
}

#[test]
fn higher_orders_in_closed_form() {
    let hessian = rosenbrock::hessian([1.0, 1.0]);
    assert_near("Rosenbrock", &hessian, &[[802.0, -400.0], [-400.0, 200.0]], 1e-13);
    for x in [-1.2f64, 0.0, 0.7, 2.1] {
        let (s, c) = x.sin_cos();
        let expected = [s * x.exp(), (s + c) * x.exp(), 2.0 * c * x.exp(), 2.0 * (c - s) * x.exp()];
        assert_near("sine and exponential", &wave::derivatives(x), &expected, 1e-13);
    }
    for a in [0.3f64, 2.0, 9.0] {
        let expected = [a.sqrt(), 0.5 / a.sqrt(), -0.25 * a.powf(-1.5)];
        assert_near("root", &root::derivatives(a), &expected, 1e-10);
    }
}

/// The value of a branch is the receiver of a method.
#[differentiable]
fn root_of_a_branch(x: f64, y: f64) -> f64 {
    let a = if (0.0..1.0).contains(&x) { x * y } else { y - x }.cbrt();
    let b = match x {
        x if x == 0.0 => y,
        x if x < 1.0 => x * x + y,
        _ => x,
    }
    .sqrt();
    let (p, q) = if x * y < 1.0 { (a, b * y) } else { (b, a) };
    p * q + { x + y }.powi(2)
}

#[test]
fn branches_are_receivers() {
    gradcheck!(root_of_a_branch(0.4, 1.3)).unwrap();
    gradcheck!(root_of_a_branch(1.4, 2.3)).unwrap();
    gradcheck!(root_of_a_branch(0.9, 1.6)).unwrap();
    let slope = difference(|x| root_of_a_branch(x, 1.3), 0.4);
    assert_near("slope", &root_of_a_branch::grad(0.4, 1.3).0, &slope, 1e-8);
}

#[derive(Clone, Differentiable)]
struct Weibull {
    shape: f64,
}

#[differentiable]
impl Weibull {
    fn shape(&self) -> f64 {
        self.shape
    }

    fn floor(&self) -> f64 {
        self.shape
    }
}

#[differentiable]
fn own_getters(x: f64) -> f64 {
    let weibull = Weibull { shape: x };
    let shape = weibull.shape();
    shape * x + weibull.floor() * x
}

#[test]
fn getters_named_like_properties_of_arrays() {
    check!(own_getters(1.5), 6.0);
}
