//! Rules and equations for values of any type: solutions that are lists, arrays, tuples and structs, rules of generic functions
//! and of methods, residuals of any type.

use differentiable::ndarray::{Array1, Array2, array};
use differentiable::{Differentiable, differentiable, gradcheck};

#[differentiable]
fn circle_eq(x: [f64; 2], r: f64, k: f64) -> [f64; 2] {
    [x[0] * x[0] + x[1] * x[1] - r * r, x[1] - k * x[0]]
}
#[differentiable(root_of = circle_eq)]
fn circle(r: f64, k: f64) -> [f64; 2] {
    let x = r / (1.0 + k * k).sqrt();
    [x, k * x]
}
#[differentiable]
fn use_circle(r: f64, k: f64) -> f64 {
    let p = circle(r, k);
    p[0] * p[1]
}
#[test]
fn a_solution_that_is_an_array() {
    // xy = k r^2/(1+k^2)
    let (r, k) = (2.0, 0.5);
    let g = use_circle::grad(r, k);
    assert!((g.0 - 2.0 * r * k / (1.0 + k * k)).abs() < 1e-12);
    assert!((g.1 - r * r * (1.0 - k * k) / (1.0 + k * k).powi(2)).abs() < 1e-12);
    gradcheck!(use_circle(r, k)).unwrap();
}

#[derive(Clone, Debug, Differentiable)]
struct State {
    v: f64,
    t: f64,
}
#[differentiable]
fn state_eq(s: &State, a: f64) -> State {
    State { v: s.v * s.v - a, t: s.t * s.v - 1.0 }
}
#[differentiable(root_of = state_eq)]
fn state(a: f64) -> State {
    State { v: a.sqrt(), t: 1.0 / a.sqrt() }
}
#[differentiable]
fn use_state(a: f64) -> f64 {
    let s = state(a);
    s.v + 3.0 * s.t
}
#[test]
fn a_solution_that_is_a_struct() {
    let a = 4.0f64;
    assert!((use_state::grad(a) - (0.5 / a.sqrt() - 1.5 * a.powf(-1.5))).abs() < 1e-12);
    assert!((use_state::jvp(a, 1.0).1 - (0.5 / a.sqrt() - 1.5 * a.powf(-1.5))).abs() < 1e-12);
}

#[differentiable]
fn tup_eq(s: (f64, f64), a: f64) -> (f64, f64) {
    (s.0 * s.0 - a, s.1 - s.0 * a)
}
#[differentiable(root_of = tup_eq)]
fn tup(a: f64) -> (f64, f64) {
    (a.sqrt(), a * a.sqrt())
}
#[differentiable]
fn use_tup(a: f64) -> f64 {
    let (x, y) = tup(a);
    x * y
}
#[test]
fn a_solution_that_is_a_tuple() {
    assert!((use_tup::grad(3.0) - 6.0).abs() < 1e-12);
}

#[differentiable]
fn inv_eq(x: &Array2<f64>, a: &Array2<f64>) -> Array2<f64> {
    a.dot(x) - Array2::<f64>::eye(2)
}
#[differentiable(root_of = inv_eq)]
fn inv(a: &Array2<f64>) -> Array2<f64> {
    let d = a[[0, 0]] * a[[1, 1]] - a[[0, 1]] * a[[1, 0]];
    array![[a[[1, 1]] / d, -a[[0, 1]] / d], [-a[[1, 0]] / d, a[[0, 0]] / d]]
}
#[differentiable]
fn use_inv(a: &Array2<f64>) -> f64 {
    inv(a).sum()
}
#[test]
fn a_solution_that_is_a_matrix() {
    let a = array![[2.0, 0.3], [0.1, 1.5]];
    gradcheck!(use_inv(&a)).unwrap();
}

#[differentiable]
fn vec_eq(x: Vec<f64>, a: &[f64]) -> Vec<f64> {
    x.iter().zip(a).map(|(x, a)| x * x - a).collect()
}
#[differentiable(root_of = vec_eq)]
fn vec_root(a: &[f64]) -> Vec<f64> {
    a.iter().map(|a| a.sqrt()).collect()
}
#[differentiable]
fn use_vec(a: &[f64]) -> f64 {
    vec_root(a).iter().sum()
}
#[test]
fn a_solution_that_is_taken_by_value() {
    gradcheck!(use_vec(&[2.0, 3.0][..])).unwrap();
}

#[derive(Clone, Debug, Differentiable)]
struct Params {
    a: f64,
    b: f64,
    power: i32,
}
#[differentiable]
fn par_eq(x: f64, p: &Params) -> f64 {
    x.powi(p.power) + p.a * x - p.b
}
#[differentiable(root_of = par_eq)]
fn par_root(p: &Params) -> f64 {
    let mut x = 1.0;
    for _ in 0..50 {
        x -= (x * x * x + p.a * x - p.b) / (3.0 * x * x + p.a);
    }
    x
}
#[differentiable]
fn use_par(p: &Params, k: f64) -> f64 {
    k * par_root(p)
}
#[test]
fn parameters_in_a_struct() {
    let p = Params { a: 1.0, b: 3.0, power: 3 };
    gradcheck!(use_par(&p, 2.0)).unwrap();
}

#[differentiable]
fn gen_eq<T: num_traits::Float>(x: T, a: T) -> T {
    x * x - a
}
#[differentiable(root_of = gen_eq)]
fn gen_root<T: num_traits::Float>(a: T) -> T {
    a.sqrt()
}
#[differentiable]
fn use_gen(a: f64) -> f64 {
    gen_root(a) * 2.0
}
#[test]
fn the_root_of_a_generic_equation() {
    assert!((use_gen::grad(4.0) - 0.5).abs() < 1e-12);
    assert!((gen_root::grad(4.0f32) - 0.25).abs() < 1e-6);
}

#[differentiable(vjp = clamp_rule)]
fn gclamp<T: num_traits::Float + 'static>(x: T, lo: T) -> T {
    if x < lo { lo } else { x }
}
fn clamp_rule<T: num_traits::Float + 'static>(x: T, lo: T) -> (T, impl Fn(T) -> (T, T) + use<T>) {
    (if x < lo { lo } else { x }, move |y_bar| if x < lo { (T::zero(), y_bar) } else { (y_bar, T::zero()) })
}
#[differentiable]
fn use_gclamp(x: f64) -> f64 {
    gclamp(x, 1.0) * x
}
#[test]
fn a_rule_of_a_generic_function() {
    assert_eq!(use_gclamp::grad(2.0), 4.0);
    assert_eq!(use_gclamp::grad(0.5), 1.0);
}

#[derive(Clone, Debug)]
struct Residual {
    cache: Vec<f64>,
    which: Option<usize>,
}
#[differentiable(vjp = maxrule)]
fn maxi(p: &[f64]) -> f64 {
    p.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
fn maxrule(p: &[f64]) -> (f64, impl Fn(f64) -> Vec<f64> + use<>) {
    let which = p.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(i, _)| i);
    let r = Residual { cache: p.to_vec(), which };
    (which.map_or(f64::NEG_INFINITY, |i| p[i]), move |y_bar| {
        let mut g = vec![0.0; r.cache.len()];
        if let Some(i) = r.which {
            g[i] = y_bar;
        }
        g
    })
}
#[differentiable]
fn use_max(p: &[f64]) -> f64 {
    maxi(p).exp()
}
#[test]
fn a_residual_with_an_option() {
    gradcheck!(use_max(&[1.0, 0.3, 0.2][..])).unwrap();
}

#[differentiable(vjp = turn_rule)]
fn turn(s: &State) -> State {
    State { v: s.v * s.t, t: -s.v }
}
fn turn_rule(s: &State) -> (State, impl Fn(StateTangent) -> StateTangent + use<>) {
    let k = s.clone();
    (turn(s), move |b| StateTangent { v: b.v * k.t - b.t, t: b.v * k.v })
}
#[differentiable]
fn use_turn(a: f64, b: f64) -> f64 {
    let s = State { v: a, t: b };
    let r = turn(&s);
    r.v + 2.0 * r.t
}
#[test]
fn a_reverse_rule_between_structs() {
    gradcheck!(use_turn(2.0, 3.0)).unwrap();
    assert_eq!(use_turn::grad(2.0, 3.0), (1.0, 2.0));
}

#[differentiable(jvp = turn2_rule)]
fn turn2(s: &State) -> State {
    State { v: s.v * s.t, t: -s.v }
}
fn turn2_rule(s: &State, d: &StateTangent) -> (State, StateTangent) {
    (turn2(s), StateTangent { v: d.v * s.t + s.v * d.t, t: -d.v })
}
#[differentiable]
fn use_turn2(a: f64, b: f64) -> f64 {
    let s = State { v: a, t: b };
    let r = turn2(&s);
    r.v + 2.0 * r.t
}
#[test]
fn a_forward_rule_between_structs() {
    gradcheck!(use_turn2(2.0, 3.0)).unwrap();
}

impl State {
    #[differentiable(vjp = Self::kin_rule)]
    fn kin(&self, m: f64) -> f64 {
        0.5 * m * self.v * self.v
    }
    fn kin_rule(&self, m: f64) -> (f64, impl Fn(f64) -> (StateTangent, f64) + use<>) {
        let v = self.v;
        (0.5 * m * v * v, move |b| (StateTangent { v: b * m * v, t: 0.0 }, b * 0.5 * v * v))
    }
    #[differentiable(jvp = State::pot_rule)]
    fn pot(&self, m: f64) -> f64 {
        m * self.t
    }
    fn pot_rule(&self, m: f64, d: &StateTangent, md: f64) -> (f64, f64) {
        (m * self.t, md * self.t + m * d.t)
    }
}
#[differentiable]
fn use_kin(a: f64, m: f64) -> f64 {
    let s = State { v: a, t: 1.5 * a };
    s.kin(m) + s.pot(m)
}
#[test]
fn rules_of_methods_by_path() {
    gradcheck!(use_kin(2.0, 3.0)).unwrap();
}

mod rules {
    pub(super) fn sq_vjp(x: f64) -> (f64, impl Fn(f64) -> f64) {
        (x * x, move |b| 2.0 * x * b)
    }
    pub(super) mod deep {
        pub(crate) fn cube_jvp(x: f64, d: f64) -> (f64, f64) {
            (x.powi(3), 3.0 * x * x * d)
        }
    }
}
#[differentiable(vjp = rules::sq_vjp)]
fn sq(x: f64) -> f64 {
    x * x
}
#[differentiable(jvp = rules::deep::cube_jvp, vjp = self::cube_vjp)]
fn cube(x: f64) -> f64 {
    x.powi(3)
}
fn cube_vjp(x: f64) -> (f64, Box<dyn Fn(f64) -> f64>) {
    (x.powi(3), Box::new(move |b| 3.0 * x * x * b))
}
#[differentiable]
fn use_mod(x: f64) -> f64 {
    sq(cube(x))
}
#[test]
fn rules_in_modules_and_boxed() {
    gradcheck!(use_mod(1.3)).unwrap();
}

#[differentiable(order = 2)]
fn energy(x: &Array1<f64>, b: &Array1<f64>, k: f64) -> f64 {
    0.5 * k * x.dot(x) - x.dot(b)
}
#[differentiable(root_of = energy::grad)]
fn argmin(b: &Array1<f64>, k: f64) -> Array1<f64> {
    b / k
}
#[differentiable]
fn of_argmin(b: &Array1<f64>, k: f64) -> f64 {
    let x = argmin(b, k);
    x.dot(&x)
}
#[differentiable(order = 2)]
fn well(x: f64, a: f64) -> f64 {
    x.powi(4) - a * x
}
#[differentiable(root_of = well::grad)]
fn bottom(a: f64) -> f64 {
    (a / 4.0).cbrt()
}
#[differentiable(order = 2)]
fn bowl(x: [f64; 2], a: f64, n: usize) -> f64 {
    (x[0] - a).powi(2) + n as f64 * (x[1] - x[0] * a).powi(2)
}
#[differentiable(root_of = bowl::grad)]
fn deepest(a: f64, n: usize) -> [f64; 2] {
    assert!(n > 0);
    [a, a * a]
}
#[differentiable]
fn of_deepest(a: f64) -> f64 {
    let x = deepest(a, 3);
    x[0] + x[1]
}
#[test]
fn the_minimum_of_a_function() {
    gradcheck!(of_argmin(&array![1.0, 2.0], 3.0)).unwrap();
    assert!((bottom::grad(4.0) - 1.0 / 12.0).abs() < 1e-12);
    assert!((of_deepest::grad(3.0) - 7.0).abs() < 1e-12);
    assert!((of_deepest::jvp(3.0, 1.0).1 - 7.0).abs() < 1e-12);
}

#[differentiable(jvp = wrong_jvp)]
fn wrongsin(x: f64) -> f64 {
    x.sin()
}
fn wrong_jvp(x: f64, d: f64) -> (f64, f64) {
    (x.sin(), -x.cos() * d)
}
#[test]
fn wrong_rules_are_named() {
    let e = gradcheck!(wrongsin(0.4)).unwrap_err().to_string();
    assert!(e.contains("wrong_jvp"), "{e}");
}
