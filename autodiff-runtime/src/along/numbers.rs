//! The arithmetic of numbers with tangents.

use std::fmt;
use std::iter::Sum;
use std::num::FpCategory;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

use num_traits::{Float as Numeric, FromPrimitive, Num, NumCast, One, ToPrimitive, Zero};

use super::Along;

impl<A: fmt::Display> fmt::Display for Along<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<A: Numeric> Add for Along<A> {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, tangent: self.tangent + other.tangent }
    }
}

impl<A: Numeric> Sub for Along<A> {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self { value: self.value - other.value, tangent: self.tangent - other.tangent }
    }
}

impl<A: Numeric> Mul for Along<A> {
    type Output = Self;
    #[inline]
    fn mul(self, other: Self) -> Self {
        let tangent = self.tangent * other.value + self.value * other.tangent;
        Self { value: self.value * other.value, tangent }
    }
}

impl<A: Numeric> Div for Along<A> {
    type Output = Self;
    #[inline]
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Self { value, tangent: (self.tangent - value * other.tangent) / other.value }
    }
}

impl<A: Numeric> Rem for Along<A> {
    type Output = Self;
    #[inline]
    fn rem(self, other: Self) -> Self {
        let quotient = (self.value / other.value).trunc();
        Self { value: self.value % other.value, tangent: self.tangent - quotient * other.tangent }
    }
}

impl<A: Numeric> Neg for Along<A> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self { value: -self.value, tangent: -self.tangent }
    }
}

macro_rules! assigned {
    ($($Trait:ident $method:ident $op:tt)*) => {$(
        impl<A: Numeric> $Trait for Along<A> {
            #[inline]
            fn $method(&mut self, other: Self) {
                *self = *self $op other;
            }
        }
    )*};
}

assigned!(AddAssign add_assign + SubAssign sub_assign - MulAssign mul_assign * DivAssign div_assign / RemAssign rem_assign %);

impl<A: Numeric> Zero for Along<A> {
    fn zero() -> Self {
        Self::constant(A::zero())
    }

    fn is_zero(&self) -> bool {
        self.value.is_zero() && self.tangent.is_zero()
    }
}

impl<A: Numeric> One for Along<A> {
    fn one() -> Self {
        Self::constant(A::one())
    }
}

impl<A: Numeric> Sum for Along<A> {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::zero(), |sum, number| sum + number)
    }
}

impl<A: Numeric> Num for Along<A> {
    type FromStrRadixErr = A::FromStrRadixErr;

    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        A::from_str_radix(text, radix).map(Self::constant)
    }
}

impl<A: Numeric> ToPrimitive for Along<A> {
    fn to_i64(&self) -> Option<i64> {
        self.value.to_i64()
    }

    fn to_u64(&self) -> Option<u64> {
        self.value.to_u64()
    }

    fn to_f64(&self) -> Option<f64> {
        self.value.to_f64()
    }
}

impl<A: Numeric> NumCast for Along<A> {
    fn from<T: ToPrimitive>(number: T) -> Option<Self> {
        A::from(number).map(Self::constant)
    }
}

impl<A: Numeric + FromPrimitive> FromPrimitive for Along<A> {
    fn from_i64(number: i64) -> Option<Self> {
        A::from_i64(number).map(Self::constant)
    }

    fn from_u64(number: u64) -> Option<Self> {
        A::from_u64(number).map(Self::constant)
    }

    fn from_f64(number: f64) -> Option<Self> {
        A::from_f64(number).map(Self::constant)
    }
}

macro_rules! constants {
    ($($name:ident)*) => { $(fn $name() -> Self { Self::constant(A::$name()) })* };
}

macro_rules! asked {
    ($($name:ident)*) => { $(fn $name(self) -> bool { self.value.$name() })* };
}

macro_rules! steps {
    ($($name:ident)*) => { $(fn $name(self) -> Self { Self::constant(self.value.$name()) })* };
}

/// Functions with their slopes.
macro_rules! functions {
    ($($name:ident |$x:ident, $y:ident| $slope:expr;)*) => {$(
        #[inline]
        fn $name(self) -> Self {
            let $x = self.value;
            let $y = $x.$name();
            self.through($y, $slope)
        }
    )*};
}

fn of<A: Numeric>(number: f64) -> A {
    A::from(number).expect("a float can be made of any `f64`")
}

impl<A: Numeric> Numeric for Along<A> {
    constants!(nan infinity neg_infinity neg_zero min_value min_positive_value max_value);
    asked!(is_nan is_infinite is_finite is_normal is_sign_positive is_sign_negative);
    steps!(floor ceil round trunc signum);

    functions! {
        fract |_x, _y| A::one();
        abs |x, _y| autodiff_core::abs_sign(x);
        recip |_x, y| -y * y;
        sqrt |_x, y| of::<A>(0.5) / y;
        exp |_x, y| y;
        exp2 |_x, y| y * of(std::f64::consts::LN_2);
        exp_m1 |x, _y| x.exp();
        ln |x, _y| x.recip();
        log2 |x, _y| (x * of(std::f64::consts::LN_2)).recip();
        log10 |x, _y| (x * of(std::f64::consts::LN_10)).recip();
        ln_1p |x, _y| (A::one() + x).recip();
        cbrt |_x, y| (of::<A>(3.0) * y * y).recip();
        sin |x, _y| x.cos();
        cos |x, _y| -x.sin();
        tan |_x, y| A::one() + y * y;
        asin |x, _y| (A::one() - x * x).sqrt().recip();
        acos |x, _y| -(A::one() - x * x).sqrt().recip();
        atan |x, _y| (A::one() + x * x).recip();
        sinh |x, _y| x.cosh();
        cosh |x, _y| x.sinh();
        tanh |_x, y| A::one() - y * y;
        asinh |x, _y| (A::one() + x * x).sqrt().recip();
        acosh |x, _y| (x * x - A::one()).sqrt().recip();
        atanh |x, _y| (A::one() - x * x).recip();
    }

    fn classify(self) -> FpCategory {
        self.value.classify()
    }

    fn mul_add(self, a: Self, b: Self) -> Self {
        self * a + b
    }

    fn powi(self, n: i32) -> Self {
        self.through(self.value.powi(n), autodiff_core::powi_partial(self.value, n))
    }

    fn powf(self, n: Self) -> Self {
        let (x, p) = (self.value, n.value);
        let tangent = autodiff_core::powf_partial_base(x, p) * self.tangent;
        let of_exponent =
            if n.tangent.is_zero() { A::zero() } else { autodiff_core::powf_partial_exponent(x, p) * n.tangent };
        Self { value: x.powf(p), tangent: tangent + of_exponent }
    }

    fn log(self, base: Self) -> Self {
        self.ln() / base.ln()
    }

    fn max(self, other: Self) -> Self {
        if self.value >= other.value || other.value.is_nan() { self } else { other }
    }

    fn min(self, other: Self) -> Self {
        if self.value <= other.value || other.value.is_nan() { self } else { other }
    }

    fn abs_sub(self, other: Self) -> Self {
        if self.value > other.value { self - other } else { Self::zero() }
    }

    fn hypot(self, other: Self) -> Self {
        let (x, y) = (self.value, other.value);
        let along = |x, y, dot: A| autodiff_core::hypot_partial(x, y) * dot;
        Self { value: x.hypot(y), tangent: along(x, y, self.tangent) + along(y, x, other.tangent) }
    }

    fn atan2(self, other: Self) -> Self {
        let (y, x) = (self.value, other.value);
        let (of_y, of_x) = (autodiff_core::atan2_partial_y(y, x), autodiff_core::atan2_partial_x(y, x));
        Self { value: y.atan2(x), tangent: of_y * self.tangent + of_x * other.tangent }
    }

    fn sin_cos(self) -> (Self, Self) {
        (self.sin(), self.cos())
    }

    fn integer_decode(self) -> (u64, i16, i8) {
        self.value.integer_decode()
    }
}
