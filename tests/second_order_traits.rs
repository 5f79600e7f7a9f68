//! Second derivatives through the methods of traits: by type parameter, `impl Trait`, and as objects.

use differentiable::{Differentiable, differentiable, rt};

#[differentiable(hvp)]
trait Potential {
    fn energy(&self, x: f64) -> f64;

    fn twice(&self, x: f64) -> f64 {
        self.energy(x) * x.cos() + self.energy(2.0 * x)
    }
}

#[derive(Differentiable, Clone)]
struct Spring {
    k: f64,
}

#[derive(Differentiable, Clone)]
struct Quartic {
    a: f64,
    b: f64,
}

#[differentiable(hvp)]
impl Potential for Spring {
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.k * self.k * x * x * x
    }
}

#[differentiable(hvp)]
impl Potential for Quartic {
    fn energy(&self, x: f64) -> f64 {
        self.a * x.powi(4) + (self.b * x).sin()
    }

    fn twice(&self, x: f64) -> f64 {
        self.energy(x) * self.a
    }
}

#[differentiable(hvp)]
fn by_param<P: Potential>(p: &P, x: f64) -> f64 {
    p.energy(x) * x + p.twice(x)
}

#[differentiable(hvp)]
fn by_impl(p: &impl Potential, x: f64) -> f64 {
    p.energy(x) * x + p.twice(x)
}

#[differentiable(hvp)]
fn by_object(p: &dyn Potential, x: f64) -> f64 {
    p.energy(x) * x + p.twice(x)
}

#[differentiable(hvp)]
fn by_list(ps: &[Box<dyn Potential>], x: f64) -> f64 {
    let mut sum = 0.0;
    for p in ps {
        sum += p.energy(x) * x + p.twice(x);
    }
    sum
}

#[differentiable(hvp, hessian, wrt(x))]
fn of_numbers(springs: &[Spring], x: &[f64]) -> f64 {
    springs.iter().zip(x).map(|(spring, x)| total(spring, *x)).sum::<f64>() * x[0]
}

#[differentiable(order = 2)]
fn total<P: Potential>(p: &P, x: f64) -> f64 {
    p.energy(x)
}

/// The derivative of the gradient in a direction, by differences.
fn slope<G>(gradient: impl Fn(f64) -> G, inner: impl Fn(&G) -> Vec<f64>) -> Vec<f64> {
    let h = 1e-5;
    let (left, right) = (inner(&gradient(-h)), inner(&gradient(h)));
    left.iter().zip(&right).map(|(l, r)| (r - l) / (2.0 * h)).collect()
}

fn close(a: &[f64], b: &[f64]) {
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6 * (1.0 + a.abs())), "{a:?} {b:?}");
}

#[test]
fn of_the_type_behind_a_parameter() {
    let (x, x_dot) = (1.2, -0.7);
    let (q, q_dot) = (Quartic { a: 0.3, b: 0.7 }, QuarticTangent { a: 0.4, b: -1.1 });
    let at = |h: f64| (Quartic { a: 0.3 + h * 0.4, b: 0.7 - h * 1.1 }, x + h * x_dot);
    let numbers = |(q, x): &(QuarticTangent, f64)| vec![q.a, q.b, *x];
    let expected = slope(
        |h| {
            let (q, x) = at(h);
            by_param::grad(&q, x)
        },
        numbers,
    );
    close(&numbers(&by_param::hvp(&q, x, &q_dot, x_dot)), &expected);
    close(&numbers(&by_impl::hvp(&q, x, &q_dot, x_dot)), &expected);
    let (s, s_dot) = (Spring { k: 0.9 }, SpringTangent { k: 0.3 });
    let of_spring = |(s, x): &(SpringTangent, f64)| vec![s.k, *x];
    let expected = slope(|h| by_param::grad(&Spring { k: 0.9 + h * 0.3 }, x + h * x_dot), of_spring);
    close(&of_spring(&by_param::hvp(&s, x, &s_dot, x_dot)), &expected);
    close(
        &of_spring(&s.twice_hvp(x, &s_dot, x_dot)),
        &slope(|h| Spring { k: 0.9 + h * 0.3 }.twice_grad(x + h * x_dot), of_spring),
    );
}

#[test]
fn of_objects() {
    let (x, x_dot) = (1.2, -0.7);
    let at = |h: f64| Quartic { a: 0.3 + h * 0.4, b: 0.7 - h * 1.1 };
    let numbers = |(q, x): &(rt::DynTangent, f64)| {
        let q = q.downcast_ref::<QuarticTangent>().expect("a tangent of the object");
        vec![q.a, q.b, *x]
    };
    let expected = slope(|h| by_object::grad(&at(h), x + h * x_dot), numbers);
    let dot = rt::DynTangent::new(QuarticTangent { a: 0.4, b: -1.1 });
    close(&numbers(&by_object::hvp(&at(0.0), x, &dot, x_dot)), &expected);

    let list = |h: f64| -> Vec<Box<dyn Potential>> { vec![Box::new(at(h)), Box::new(Spring { k: 0.9 + h * 0.3 })] };
    let numbers = |(list, x): &(Vec<rt::DynTangent>, f64)| {
        let q = list[0].downcast_ref::<QuarticTangent>().expect("a tangent of the object");
        let s = list[1].downcast_ref::<SpringTangent>().expect("a tangent of the object");
        vec![q.a, q.b, s.k, *x]
    };
    let expected = slope(|h| by_list::grad(&list(h), x + h * x_dot), numbers);
    let dots = vec![dot, rt::DynTangent::new(SpringTangent { k: 0.3 })];
    close(&numbers(&by_list::hvp(&list(0.0), x, &dots, x_dot)), &expected);
}

#[test]
fn of_callees_with_parameters() {
    let springs = [Spring { k: 0.9 }, Spring { k: 1.3 }];
    let x = [1.1, -0.4];
    let h = of_numbers::hessian(&springs, &x);
    for (column, direction) in [[1.0, 0.0], [0.0, 1.0]].iter().enumerate() {
        let expected =
            slope(|h| of_numbers::grad(&springs, &[x[0] + h * direction[0], x[1] + h * direction[1]]), Vec::clone);
        close(&[h[[0, column]], h[[1, column]]], &expected);
    }
}
