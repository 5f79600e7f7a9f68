//! Exponentials and what is made of them, and logarithms, without branches and calls: in a loop, the compiler computes as
//! many at once as a vector holds.
//!
//! `x = n ln 2 + r` with an integer `n` and `|r| ≤ ln 2 / 2`; a polynomial gives `exp(r) - 1`. A logarithm is that of
//! `x = 2ⁿ (1 + f)`, with `1 + f` between `√½` and `√2`; the polynomial and its coefficients are those of FreeBSD's library.
//! The results are within two units in the last place of the exact ones; infinities, numbers too small to be normal and NaN
//! are as in the standard library.

/// The functions for one type of number. With `FUSED`, products and sums are rounded once, which is fast only where the
/// processor has instructions for it.
macro_rules! exponentials {
    (
        $module:ident, $float:ident, $int:ident, bits $mantissa:literal, bias $bias:literal, $log2_e:expr, ln 2 [$high:expr, $low:expr],
        range $least:literal..$most:literal, largest $flat:literal, $($coefficient:expr),+;
        logarithm ln 2 [$ln_high:expr, $ln_low:expr], $root:literal, $($even:literal),+; $($odd:literal),+
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

            #[inline(always)]
            pub(in super::super) fn ln(x: $float) -> $float {
                const ONE: $int = $bias << $mantissa;
                const PART: $int = (1 << $mantissa) - 1;
                const WHOLE: $float = (1_u64 << $mantissa) as $float;
                let small = x < $float::MIN_POSITIVE;
                let normal = if small { x * WHOLE } else { x };
                let shifted = (normal.to_bits() as $int).wrapping_add(ONE - $root);
                // An integer below 2 to the power of the mantissa's bits, as a number.
                let exponent = (shifted >> $mantissa) & (2 * $bias + 1);
                let n = $float::from_bits((exponent | WHOLE.to_bits() as $int) as _) - WHOLE - $bias as $float;
                let n = if small { n - $mantissa as $float } else { n };
                let f = $float::from_bits(((shifted & PART) + $root) as _) - 1.0;
                let s = f / (2.0 + f);
                let (z, w) = (s * s, s * s * s * s);
                let (mut even, mut odd): ($float, $float) = (0.0, 0.0);
                $(even = even * w + $even;)+
                $(odd = odd * w + $odd;)+
                let square = 0.5 * f * f;
                let result = s * (square + w * even + z * odd) + n * $ln_low - square + f + n * $ln_high;
                let result = if x == 0.0 { $float::NEG_INFINITY } else { result };
                // Infinity, and NaN, which is not larger than any number.
                let result = if x < $float::INFINITY { result } else { x };
                if x < 0.0 { $float::NAN } else { result }
            }
        }
    };
}

exponentials! {
    of_f32, f32, i32, bits 23, bias 127, std::f32::consts::LOG2_E, ln 2 [355.0 / 512.0, -2.121_944_4e-4],
    range -104.0..89.0, largest 20.0, 5040.0, 720.0, 120.0, 24.0, 6.0, 2.0;
    logarithm ln 2 [0.693_138_1, 9.058_001e-06], 0x3f35_04f3,
    0.242_790_79, 0.400_009_72; 0.284_987_87, 0.666_666_6
}

exponentials! {
    of_f64, f64, i64, bits 52, bias 1023, std::f64::consts::LOG2_E,
    ln 2 [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10],
    range -746.0..710.0, largest 40.0,
    6_227_020_800.0, 479_001_600.0, 39_916_800.0, 3_628_800.0, 362_880.0, 40_320.0, 5040.0, 720.0, 120.0, 24.0, 6.0, 2.0;
    logarithm ln 2 [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10], 0x3fe6_a09e_0000_0000,
    0.153_138_376_992_093_73, 0.222_221_984_321_497_84, 0.399_999_999_994_094_2;
    0.147_981_986_051_165_86, 0.181_835_721_616_180_5, 0.285_714_287_436_623_9, 0.666_666_666_666_673_5
}

#[cfg(test)]
mod tests {
    use crate::kernel::Lanes;

    fn check<A: Lanes + crate::Float>(tolerance: f64) {
        let points: Vec<A> = (-4000..4000).map(|i| A::of(f64::from(i) * 0.021_7)).collect();
        let small = (-300..10).map(|i| A::of(10_f64.powi(i / 10)));
        let points: Vec<A> = points.into_iter().chain(small.clone()).chain(small.map(|x| -x)).collect();
        let all = |each: &dyn Fn(&mut [A]), exact: fn(f64) -> f64| {
            let mut values = points.clone();
            each(&mut values);
            for (&x, &value) in points.iter().zip(&values) {
                let (exact, value) = (A::of(exact(x.as_f64())).as_f64(), value.as_f64());
                let least = A::min_positive_value().as_f64();
                let close = (exact - value).abs() <= tolerance * exact.abs() + 2.0 * least * tolerance;
                assert!(close || exact == value, "{x}: {value} instead of {exact}");
            }
        };
        all(&A::exp_each, f64::exp);
        all(&A::tanh_each, f64::tanh);
        all(&A::sigmoid_each, |x| 1.0 / (1.0 + (-x).exp()));
        let one_by_one = |numbers: &mut [A], f: fn(A) -> A| numbers.iter_mut().for_each(|number| *number = f(*number));
        all(&|numbers| one_by_one(numbers, A::exp_in_lanes), f64::exp);
        all(&|numbers| one_by_one(numbers, A::tanh_in_lanes), f64::tanh);
        all(&|numbers| one_by_one(numbers, |x| A::ln_in_lanes(x.abs())), |x| x.abs().ln());
        let near_one = (-1000..1000).map(|i| A::one() + A::of(f64::from(i) * 1e-6));
        for x in near_one.chain([A::infinity(), A::zero(), A::min_positive_value() / A::of(1024.0)]) {
            let (exact, value) = (A::of(x.as_f64().ln()), x.ln_in_lanes());
            assert!(
                exact == value || ((exact - value) / exact).abs().as_f64() <= tolerance,
                "{x}: {value} instead of {exact}"
            );
        }
        assert!(A::nan().ln_in_lanes().is_nan() && (-A::one()).ln_in_lanes().is_nan());
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
