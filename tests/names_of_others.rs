//! Names that a crate gives itself or takes from others: its own `Result`, the functions of `libm`, tuples of values whose
//! type only the compiler knows.

use differentiable::{Differentiable, differentiable, gradcheck};

#[derive(Clone, Debug, PartialEq)]
enum Failure {
    Negative,
}

type Result<T> = core::result::Result<T, Failure>;

type CheckedResult<T> = core::result::Result<T, Failure>;

fn require_positive(x: f64) -> CheckedResult<()> {
    if x < 0.0 { Err(Failure::Negative) } else { Ok(()) }
}

#[differentiable]
fn root(x: f64) -> Result<f64> {
    if x < 0.0 {
        return Err(Failure::Negative);
    }
    Ok(x.sqrt())
}

#[differentiable]
fn fourth_root(x: f64) -> Result<(f64, f64)> {
    let y = root(x)?;
    Ok((y, root(y)?))
}

#[differentiable]
fn checked(x: f64, y: f64) -> CheckedResult<f64> {
    require_positive(x)?;
    let z = root(x)?;
    if y > 3.0 { Err(Failure::Negative) } else { Ok(z * y * y) }
}

#[differentiable]
fn through(x: f64) -> Result<f64> {
    require_positive(x)?;
    Ok(checked(x, 2.0)? + checked(2.0, x)?)
}

/// Only `?` tells that the result is one that may fail.
#[differentiable]
fn handed_on(x: f64, y: f64) -> CheckedResult<f64> {
    require_positive(y)?;
    checked(x * y, y)
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Account {
    balance: f64,
}

#[differentiable]
impl Account {
    fn open(balance: f64) -> CheckedResult<Self> {
        require_positive(balance)?;
        Ok(Self { balance })
    }

    fn grown(self, rate: f64) -> CheckedResult<f64> {
        require_positive(rate)?;
        Ok(self.balance * (1.0 + rate).powi(2))
    }
}

#[differentiable]
fn saved(balance: f64, rate: f64) -> f64 {
    match Account::open(balance) {
        Ok(account) => account.grown(rate).unwrap_or(0.0),
        Err(_) => 0.0,
    }
}

#[test]
fn a_crates_own_result_fails_as_the_function_does() {
    let half = 0.5 / 2.0_f64.sqrt();
    assert_eq!(root::grad(2.0), Ok(half));
    assert_eq!(root::grad(-2.0), Err(Failure::Negative));
    let (_, pullback) = fourth_root::vjp(16.0).unwrap();
    assert_eq!(pullback((1.0, 0.0)), 0.125);
    assert_eq!(pullback((0.0, 1.0)), 0.03125);
    assert_eq!(pullback((1.0, 1.0)), 0.15625);
    assert_eq!(fourth_root::jvp(-1.0, 1.0), Err(Failure::Negative));
}

#[test]
fn a_result_under_any_name_is_one() {
    assert_eq!(checked::grad(4.0, 3.0), Ok((2.25, 12.0)));
    assert_eq!(checked::grad(4.0, 5.0), Err(Failure::Negative));
    assert_eq!(checked::jvp(4.0, 3.0, 1.0, 0.0), Ok((18.0, 2.25)));
    let (value, gradient) = through::value_and_grad(1.5).unwrap();
    let expected = 4.0 * 1.5_f64.sqrt() + 2.0_f64.sqrt() * 2.25;
    assert!((value - expected).abs() < 1e-12);
    assert!((gradient - (2.0 / 1.5_f64.sqrt() + 2.0_f64.sqrt() * 3.0)).abs() < 1e-12);
    let root = 2.0_f64.sqrt();
    let (x_bar, y_bar) = handed_on::grad(2.0, 1.0).unwrap();
    assert!((x_bar - 0.5 / root).abs() < 1e-15 && (y_bar - 2.5 * root).abs() < 1e-14);
    assert_eq!(handed_on::grad(2.0, -1.0), Err(Failure::Negative));
    gradcheck!(saved(2.0, 0.3)).unwrap();
    gradcheck!(saved(2.0, -0.3)).unwrap();
    assert_eq!(Account { balance: 2.0 }.grown_grad(0.5).unwrap().1, 6.0);
}

#[differentiable]
fn without_std(x: f64, y: f64) -> f64 {
    let a = libm::sqrt(x * y) + libm::pow(x, y) + libm::fmod(x, y) + libm::log1p(libm::fabs(x - y));
    let b = libm::hypot(x, libm::sin(y)).max(libm::fmin(x, 0.3)) * libm::atan2(y, x);
    a * b + libm::floor(x) * libm::cbrt(y) + libm::exp(-libm::expm1(x * 0.1)) + libm::fma(x, y, libm::log(x))
}

#[differentiable]
fn single(x: f32) -> f32 {
    libm::sinf(x) * libm::powf(x, 2.5)
}

#[test]
fn functions_of_libm_have_the_rules_of_the_methods() {
    gradcheck!(without_std(1.3, 0.7)).unwrap();
    gradcheck!(without_std(0.4, 2.7)).unwrap();
    assert_eq!(without_std::value_and_grad(1.3, 0.7).0, without_std(1.3, 0.7));
    let expected = libm::cosf(1.3) * 1.3_f32.powf(2.5) + libm::sinf(1.3) * 2.5 * 1.3_f32.powf(1.5);
    assert!((single::grad(1.3) - expected).abs() < 1e-5);
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Span {
    from: f64,
    to: f64,
}

#[differentiable]
impl Span {
    fn new(from: f64, to: f64) -> Span {
        Span { from, to }
    }

    /// Both parts have no derivative, and their type is what the fields' is.
    fn expanded(self) -> Span {
        let (from, to) =
            if self.from < self.to { (self.from.floor(), self.to.ceil()) } else { (self.from.ceil(), self.to.floor()) };
        Span::new(from, to)
    }

    fn scaled(self, by: f64) -> Span {
        let (from, to) = if by > 0.0 { (self.from * by, self.to) } else { (self.to, self.from * by) };
        Span::new(from, to)
    }
}

#[differentiable]
fn length(from: f64, to: f64, by: f64) -> f64 {
    let whole = Span::new(from, to).expanded();
    let part = Span::new(from, to).scaled(by);
    whole.to - whole.from + part.to * part.to - part.from
}

#[test]
fn tuples_of_values_without_a_known_type() {
    gradcheck!(length(0.3, 2.6, 1.5)).unwrap();
    gradcheck!(length(2.6, 0.3, -1.5)).unwrap();
    let span = Span { from: 0.3, to: 2.6 };
    assert_eq!(span.expanded(), Span { from: 0.0, to: 3.0 });
}

#[derive(Differentiable, Clone)]
struct Window {
    weighted: Option<f64>,
    ring: Vec<f64>,
    period: usize,
}

#[differentiable]
impl Window {
    /// An exit in one arm of a branch that is the method's value.
    fn push(&mut self, close: f64) -> Option<f64> {
        if let Some(weighted) = self.weighted {
            self.weighted = Some(weighted * close);
            Some(weighted)
        } else {
            self.ring.push(close);
            if self.ring.len() < self.period {
                return None;
            }
            self.weighted = Some(close * self.ring[0]);
            Some(close)
        }
    }
}

#[differentiable]
fn windowed(closes: &[f64]) -> f64 {
    let mut window = Window { weighted: None, ring: Vec::new(), period: 2 };
    let mut total = 0.0;
    for close in closes {
        if let Some(value) = window.push(*close) {
            total += value * value;
        }
    }
    total
}

#[test]
fn an_exit_before_the_last_value_of_a_branch() {
    gradcheck!(windowed(&[0.5, 0.3, 0.7, 0.2, 0.4][..])).unwrap();
}
