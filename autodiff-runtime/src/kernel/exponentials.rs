//! Exponentials and what is made of them, without branches and calls: in a loop, the compiler computes as many at once as a
//! vector holds.
//!
//! `x = n ln 2 + r` with an integer `n` and `|r| ≤ ln 2 / 2`; a polynomial gives `exp(r) - 1`. The results are within two
//! units in the last place of the exact ones; infinities, numbers too small to be normal and NaN are as in the standard
//! library.

/// The functions for one type of number. With `FUSED`, products and sums are rounded once, which is fast only where the
/// processor has instructions for it.
macro_rules! exponentials {
    (
        $module:ident, $float:ident, $int:ident, bits $mantissa:literal, bias $bias:literal, $log2_e:expr, ln 2 [$high:expr, $low:expr],
        range $least:literal..$most:literal, largest $flat:literal, $($coefficient:expr),+
    ) => {
        pub(super) mod $module {
            /// Added to a number and subtracted again, it rounds: one and a half times the number whose last place is 1.
            const ROUNDING: $float = 1.5 * ((1_u64 << $mantissa) as $float);

            #[inline(always)]
            fn fused<const FUSED: bool>(a: $float, b: $float, c: $float) -> $float {
                if FUSED { a.mul_add(b, c) } else { a * b + c }
            }

            /// `n`, and `exp(r) - 1`.
            #[inline(always)]
            fn parts<const FUSED: bool>(x: $float) -> ($int, $float) {
                let shifted = fused::<FUSED>(x, $log2_e, ROUNDING);
                let n = shifted - ROUNDING;
                let r = fused::<FUSED>(n, -$low, fused::<FUSED>(n, -$high, x));
                let mut sum: $float = 0.0;
                $(sum = fused::<FUSED>(sum, r, 1.0 / $coefficient);)+
                let whole = (shifted.to_bits() as $int).wrapping_sub(ROUNDING.to_bits() as $int);
                (whole, fused::<FUSED>(r * r, sum, r))
            }

            /// `2ⁿ`
            #[inline(always)]
            fn power(n: $int) -> $float {
                $float::from_bits((n.wrapping_add($bias) << $mantissa) as _)
            }

            #[inline(always)]
            pub(in super::super) fn exp<const FUSED: bool>(x: $float) -> $float {
                // A NaN is neither.
                let x = if x > $most { $most } else { x };
                let x = if x < $least { $least } else { x };
                let (n, part) = parts::<FUSED>(x);
                let half = n >> 1;
                (part + 1.0) * power(half) * power(n.wrapping_sub(half))
            }

            #[inline(always)]
            pub(in super::super) fn sigmoid<const FUSED: bool>(x: $float) -> $float {
                1.0 / (1.0 + exp::<FUSED>(-x))
            }

            #[inline(always)]
            pub(in super::super) fn tanh<const FUSED: bool>(x: $float) -> $float {
                let twice = 2.0 * x.abs();
                let twice = if twice > $flat { $flat } else { twice };
                let (n, part) = parts::<FUSED>(twice);
                let power = power(n);
                let minus_one = fused::<FUSED>(power, part, power - 1.0);
                (minus_one / (minus_one + 2.0)).copysign(x)
            }
        }
    };
}

exponentials! {
    of_f32, f32, i32, bits 23, bias 127, std::f32::consts::LOG2_E, ln 2 [355.0 / 512.0, -2.121_944_4e-4],
    range -104.0..89.0, largest 20.0, 5040.0, 720.0, 120.0, 24.0, 6.0, 2.0
}

exponentials! {
    of_f64, f64, i64, bits 52, bias 1023, std::f64::consts::LOG2_E,
    ln 2 [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10],
    range -746.0..710.0, largest 40.0,
    6_227_020_800.0, 479_001_600.0, 39_916_800.0, 3_628_800.0, 362_880.0, 40_320.0, 5040.0, 720.0, 120.0, 24.0, 6.0, 2.0
}

#[cfg(test)]
mod tests {
    use crate::kernel::Lanes;

    fn check<A: Lanes + crate::Float>(tolerance: f64) {
        let points: Vec<A> = (-4000..4000).map(|i| A::of(f64::from(i) * 0.021_7)).collect();
        let small = (-300..10).map(|i| A::of(10_f64.powi(i / 10)));
        let points: Vec<A> = points.into_iter().chain(small.clone()).chain(small.map(|x| -x)).collect();
        let all = |each: fn(&mut [A]), exact: fn(f64) -> f64| {
            let mut values = points.clone();
            each(&mut values);
            for (&x, &value) in points.iter().zip(&values) {
                let (exact, value) = (A::of(exact(x.as_f64())).as_f64(), value.as_f64());
                let least = A::min_positive_value().as_f64();
                let close = (exact - value).abs() <= tolerance * exact.abs() + 2.0 * least * tolerance;
                assert!(close || exact == value, "{x}: {value} instead of {exact}");
            }
        };
        all(A::exp_each, f64::exp);
        all(A::tanh_each, f64::tanh);
        all(A::sigmoid_each, |x| 1.0 / (1.0 + (-x).exp()));
        let mut special = [A::nan(), A::infinity(), A::neg_infinity(), A::zero()];
        A::exp_each(&mut special);
        assert!(
            special[0].is_nan() && special[1] == A::infinity() && special[2] == A::zero() && special[3] == A::one()
        );
        let mut special = [A::nan(), A::infinity(), A::neg_infinity(), A::zero()];
        A::tanh_each(&mut special);
        assert!(special[0].is_nan() && special[1] == A::one() && special[2] == -A::one() && special[3] == A::zero());
    }

    #[test]
    fn the_functions_are_precise() {
        check::<f32>(4e-7);
        check::<f64>(8e-16);
    }
}
