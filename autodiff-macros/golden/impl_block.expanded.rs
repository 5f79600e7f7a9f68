struct Spring {
    k: f64,
    x0: f64,
}
impl Spring {
    const HALF: f64 = 0.5;
    #[allow(dead_code)]
    fn stretch(self, x: f64) -> f64 {
        x - self.x0
    }
    #[allow(dead_code)]
    fn energy(&self, x: f64) -> f64 {
        let d = self.stretch(x);
        Self::HALF * self.k * d * d
    }
}
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
const _: () = {
    use ::differentiable::rt::{self, prelude::*};
    impl Spring {
        /// The value of `stretch`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        fn stretch_value_and_grad_into(
            &self,
            x: f64,
            self_bar: &mut <Self as rt::Differentiable>::Tangent,
            x_bar: &mut f64,
        ) -> f64 {
            *x_bar += 1.0;
            self_bar.x0 -= 1.0;
            x - self.x0
        }
        /// The value of `stretch` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        fn stretch_value_and_grad(
            &self,
            x: f64,
        ) -> (f64, (<Self as rt::Differentiable>::Tangent, f64)) {
            let mut self_bar = rt::zero_tangent(self);
            let mut x_bar = 0.0;
            let value = Self::stretch_value_and_grad_into(
                self,
                x,
                &mut self_bar,
                &mut x_bar,
            );
            (value, (self_bar, x_bar))
        }
        /// The gradients of `stretch`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        fn stretch_grad(&self, x: f64) -> (<Self as rt::Differentiable>::Tangent, f64) {
            Self::stretch_value_and_grad(self, x).1
        }
        /// The value of `stretch` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        fn stretch_vjp<'a>(
            &'a self,
            x: f64,
        ) -> (
            f64,
            impl Fn(f64) -> (<Self as rt::Differentiable>::Tangent, f64) + use<'a>,
        ) {
            let (value, pullback) = Self::stretch_call_vjp(self, x);
            let pullback = move |value_bar: f64| {
                let mut self_bar = rt::zero_tangent(self);
                let mut x_bar = 0.0;
                pullback(self, &value_bar, Some(&mut self_bar), Some(&mut x_bar));
                (self_bar, x_bar)
            };
            (value, pullback)
        }
        /// The value of `stretch` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        fn stretch_jvp(
            &self,
            x: f64,
            self_dot: &<Self as rt::Differentiable>::Tangent,
            x_dot: f64,
        ) -> (f64, f64) {
            (x - self.x0, x_dot - rt::tangent_of(&self.x0, &self_dot.x0))
        }
        /// The value of `stretch` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        fn stretch_call_vjp(
            &self,
            x: f64,
        ) -> (
            f64,
            impl Fn(
                &Self,
                &f64,
                Option<&mut <Self as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let value = x - self.x0;
            let pullback = move |
                _: &Self,
                &value_bar: &f64,
                mut self_bar: Option<&mut <Self as rt::Differentiable>::Tangent>,
                mut x_bar: Option<&mut f64>|
            {
                if let Some(self_bar) = self_bar.as_deref_mut() {
                    self_bar.x0 -= value_bar;
                }
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += value_bar;
                }
            };
            (value, pullback)
        }
        /// The value of `stretch` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        fn stretch_call_jvp(
            &self,
            x: f64,
            self_dot: Option<&<Self as rt::Differentiable>::Tangent>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            let self_zero;
            let self_dot = match self_dot {
                Some(self_dot) => self_dot,
                None => {
                    self_zero = rt::zero_tangent(self);
                    &self_zero
                }
            };
            let x_dot = x_dot.unwrap_or(0.0);
            Self::stretch_jvp(self, x, self_dot, x_dot)
        }
        /// Like `stretch_call_vjp`, for a receiver that may be changed later.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        fn stretch_call_mut_vjp(
            &self,
            x: f64,
        ) -> (
            f64,
            impl Fn(
                &f64,
                Option<&mut <Self as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ) + use<>,
        )
        where
            for<'kept> Self: rt::Keep<'kept>,
        {
            let this = rt::Keep::keep(self);
            let (value, pullback) = Self::stretch_call_vjp(self, x);
            (
                value,
                move |
                    p0: &f64,
                    p1: Option<&mut <Self as rt::Differentiable>::Tangent>,
                    p2: Option<&mut f64>|
                pullback(&this, p0, p1, p2),
            )
        }
        /// Like `stretch_call_jvp`, for a receiver that may be changed later.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        fn stretch_call_mut_jvp(
            &self,
            x: f64,
            self_dot: Option<&mut <Self as rt::Differentiable>::Tangent>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::stretch_call_jvp(self, x, self_dot.map(|dot| &*dot), x_dot)
        }
        /// The static graph of `stretch`.
        const STRETCH_GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "stretch",
            ::core::file!(),
            &[],
            &[
                "input differentiated | self | &Self | 10:16",
                "input differentiated | x | f64 | 10:22",
                "operation sub %1 %0 |  | f64 | 11:9 | x - self.x0",
                "output %2 |  | f64 |  | x - self.x0",
            ],
        );
        /// The value of `energy`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        fn energy_value_and_grad_into(
            &self,
            x: f64,
            self_bar: &mut <Self as rt::Differentiable>::Tangent,
            x_bar: &mut f64,
        ) -> f64 {
            let (d, stretch_pullback) = self.stretch_call_vjp(x);
            let product = Self::HALF * self.k;
            let product_2 = product * d;
            self_bar.k += d * d * Self::HALF;
            stretch_pullback(
                self,
                &(product_2 + d * product),
                Some(&mut *self_bar),
                Some(&mut *x_bar),
            );
            product_2 * d
        }
        /// The value of `energy` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        fn energy_value_and_grad(
            &self,
            x: f64,
        ) -> (f64, (<Self as rt::Differentiable>::Tangent, f64)) {
            let mut self_bar = rt::zero_tangent(self);
            let mut x_bar = 0.0;
            let value = Self::energy_value_and_grad_into(
                self,
                x,
                &mut self_bar,
                &mut x_bar,
            );
            (value, (self_bar, x_bar))
        }
        /// The gradients of `energy`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        fn energy_grad(&self, x: f64) -> (<Self as rt::Differentiable>::Tangent, f64) {
            Self::energy_value_and_grad(self, x).1
        }
        /// The value of `energy` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        fn energy_vjp<'a>(
            &'a self,
            x: f64,
        ) -> (
            f64,
            impl Fn(f64) -> (<Self as rt::Differentiable>::Tangent, f64) + use<'a>,
        ) {
            let (value, pullback) = Self::energy_call_vjp(self, x);
            let pullback = move |value_bar: f64| {
                let mut self_bar = rt::zero_tangent(self);
                let mut x_bar = 0.0;
                pullback(self, &value_bar, Some(&mut self_bar), Some(&mut x_bar));
                (self_bar, x_bar)
            };
            (value, pullback)
        }
        /// The value of `energy` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        fn energy_jvp(
            &self,
            x: f64,
            self_dot: &<Self as rt::Differentiable>::Tangent,
            x_dot: f64,
        ) -> (f64, f64) {
            let (d, d_dot) = self.stretch_call_jvp(x, Some(self_dot), Some(x_dot));
            let product = Self::HALF * self.k;
            let product_2 = product * d;
            (
                product_2 * d,
                (Self::HALF * rt::tangent_of(&self.k, &self_dot.k) * d + product * d_dot)
                    * d + product_2 * d_dot,
            )
        }
        /// The value of `energy` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        fn energy_call_vjp(
            &self,
            x: f64,
        ) -> (
            f64,
            impl Fn(
                &Self,
                &f64,
                Option<&mut <Self as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let (d, stretch_pullback) = self.stretch_call_vjp(x);
            let product = Self::HALF * self.k;
            let product_2 = product * d;
            let value = product_2 * d;
            let pullback = move |
                this: &Self,
                &value_bar: &f64,
                mut self_bar: Option<&mut <Self as rt::Differentiable>::Tangent>,
                mut x_bar: Option<&mut f64>|
            {
                let product_3 = value_bar * d;
                if let Some(self_bar) = self_bar.as_deref_mut() {
                    self_bar.k += product_3 * d * Self::HALF;
                }
                let mut x_bar_2 = 0.0;
                stretch_pullback(
                    this,
                    &(value_bar * product_2 + product_3 * product),
                    self_bar.as_deref_mut(),
                    Some(&mut x_bar_2),
                );
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `energy` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        fn energy_call_jvp(
            &self,
            x: f64,
            self_dot: Option<&<Self as rt::Differentiable>::Tangent>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            let self_zero;
            let self_dot = match self_dot {
                Some(self_dot) => self_dot,
                None => {
                    self_zero = rt::zero_tangent(self);
                    &self_zero
                }
            };
            let x_dot = x_dot.unwrap_or(0.0);
            Self::energy_jvp(self, x, self_dot, x_dot)
        }
        /// Like `energy_call_vjp`, for a receiver that may be changed later.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        fn energy_call_mut_vjp(
            &self,
            x: f64,
        ) -> (
            f64,
            impl Fn(
                &f64,
                Option<&mut <Self as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ) + use<>,
        )
        where
            for<'kept> Self: rt::Keep<'kept>,
        {
            let this = rt::Keep::keep(self);
            let (value, pullback) = Self::energy_call_vjp(self, x);
            (
                value,
                move |
                    p0: &f64,
                    p1: Option<&mut <Self as rt::Differentiable>::Tangent>,
                    p2: Option<&mut f64>|
                pullback(&this, p0, p1, p2),
            )
        }
        /// Like `energy_call_jvp`, for a receiver that may be changed later.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        fn energy_call_mut_jvp(
            &self,
            x: f64,
            self_dot: Option<&mut <Self as rt::Differentiable>::Tangent>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::energy_call_jvp(self, x, self_dot.map(|dot| &*dot), x_dot)
        }
        /// The static graph of `energy`.
        const ENERGY_GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "energy",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | self | &Self | 14:16",
                "input differentiated | x | f64 | 14:22",
                "operation stretch %0 %1 | d | f64 | 15:13 | stretch(self, x)",
                "keeps #0 | stretch(self, x)",
                "operation mul %0 |  | f64 | 16:9 | Self::HALF * self.k",
                "keeps #0 | Self::HALF * self.k",
                "operation mul %3 %2 |  | f64 | 16:9 | (Self::HALF * self.k) * d",
                "keeps #0 | (Self::HALF * self.k) * d",
                "operation mul %4 %2 |  | f64 | 16:9 | ((Self::HALF * self.k) * d) * d",
                "output %5 |  | f64 |  | ((Self::HALF * self.k) * d) * d",
            ],
        );
    }
};
