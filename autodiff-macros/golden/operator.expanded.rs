impl Mul for Complex {
    type Output = Self;
    fn mul(self, rhs: Self) -> Self {
        let Complex { re, im } = rhs;
        let norm: f64 = re * re + im * im;
        Self {
            re: self.re * norm.sqrt(),
            im,
        }
    }
}
const _: () = {
    #[allow(unused_imports)]
    use ::differentiable::rt::{self, prelude::*};
    #[allow(non_camel_case_types)]
    enum operator {}
    #[allow(
        warnings,
        unused,
        nonstandard_style,
        unreachable_pub,
        clippy::all,
        clippy::pedantic,
        clippy::nursery,
        clippy::restriction
    )]
    impl operator {
        /// The value of `operator` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            this: Complex,
            rhs: Complex,
            this_dot: <Complex as rt::Differentiable>::Tangent,
            rhs_dot: <Complex as rt::Differentiable>::Tangent,
        ) -> (Complex, <Complex as rt::Differentiable>::Tangent) {
            let re = rhs.re;
            let re_dot = rt::tangent_of(&rhs.re, &rhs_dot.re);
            let im = rhs.im;
            let im_dot = rt::tangent_of(&rhs.im, &rhs_dot.im);
            let norm: f64 = re * re + im * im;
            let sqrt_norm = norm.sqrt();
            let complex = Complex {
                re: this.re * sqrt_norm,
                im,
            };
            let mut complex_dot = rt::zero_tangent(&complex);
            complex_dot.re = rt::tangent_of(&this.re, &this_dot.re) * sqrt_norm
                + this.re
                    * (0.5 / sqrt_norm
                        * (re_dot * re + re * re_dot + (im_dot * im + im * im_dot)));
            complex_dot.im = im_dot;
            (complex, complex_dot)
        }
        /// The value of `operator` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            this: Complex,
            rhs: Complex,
        ) -> (
            Complex,
            impl Fn(
                &<Complex as rt::Differentiable>::Tangent,
                Option<&mut <Complex as rt::Differentiable>::Tangent>,
                Option<&mut <Complex as rt::Differentiable>::Tangent>,
            ) + use<>,
        ) {
            let re = rhs.re;
            let im = rhs.im;
            let norm: f64 = re * re + im * im;
            let sqrt_norm = norm.sqrt();
            let this_re = this.re;
            let value = Complex {
                re: this.re * sqrt_norm,
                im,
            };
            let pullback = move |
                value_bar: &<Complex as rt::Differentiable>::Tangent,
                mut this_bar: Option<&mut <Complex as rt::Differentiable>::Tangent>,
                mut rhs_bar: Option<&mut <Complex as rt::Differentiable>::Tangent>|
            {
                let value_bar = value_bar.clone();
                let product = value_bar.re * this_re * (0.5 / sqrt_norm);
                if let Some(this_bar) = this_bar.as_deref_mut() {
                    this_bar.re += value_bar.re * sqrt_norm;
                }
                if let Some(rhs_bar) = rhs_bar.as_deref_mut() {
                    rhs_bar.im += value_bar.im + product * (2.0 * im);
                    rhs_bar.re += product * (2.0 * re);
                }
            };
            (value, pullback)
        }
        /// The value of `operator` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            this: Complex,
            rhs: Complex,
            this_dot: Option<<Complex as rt::Differentiable>::Tangent>,
            rhs_dot: Option<<Complex as rt::Differentiable>::Tangent>,
        ) -> (Complex, <Complex as rt::Differentiable>::Tangent) {
            let this_dot = match this_dot {
                Some(this_dot) => this_dot,
                None => rt::zero_tangent(&this),
            };
            let rhs_dot = match rhs_dot {
                Some(rhs_dot) => rhs_dot,
                None => rt::zero_tangent(&rhs),
            };
            Self::jvp(this, rhs, this_dot, rhs_dot)
        }
    }
    impl ::differentiable::rt::rules::BinaryRule<
        ::differentiable::rt::elementwise::Mul,
        Complex,
    > for Complex {
        type Output = Complex;
        #[inline]
        fn value(&self, b: &Complex) -> Complex {
            ::core::ops::Mul::mul(
                ::core::clone::Clone::clone(self),
                ::core::clone::Clone::clone(b),
            )
        }
        #[inline]
        fn pull(
            &self,
            b: &Complex,
            value_bar: &<Complex as ::differentiable::rt::Differentiable>::Tangent,
            a_bar: Option<
                &mut <Complex as ::differentiable::rt::Differentiable>::Tangent,
            >,
            b_bar: Option<
                &mut <Complex as ::differentiable::rt::Differentiable>::Tangent,
            >,
        ) {
            let (_, pullback) = operator::call_vjp(
                ::core::clone::Clone::clone(self),
                ::core::clone::Clone::clone(b),
            );
            pullback(value_bar, a_bar, b_bar);
        }
        #[inline]
        fn push(
            &self,
            b: &Complex,
            _: &Complex,
            a_dot: Option<&<Complex as ::differentiable::rt::Differentiable>::Tangent>,
            b_dot: Option<&<Complex as ::differentiable::rt::Differentiable>::Tangent>,
        ) -> <Complex as ::differentiable::rt::Differentiable>::Tangent {
            operator::call_jvp(
                    ::core::clone::Clone::clone(self),
                    ::core::clone::Clone::clone(b),
                    a_dot.cloned(),
                    b_dot.cloned(),
                )
                .1
        }
    }
};
