trait Density<K, T> {
    fn ln_at(&self, x: K) -> T;
    /// The value of `ln_at`; its gradients are added to the given buffers.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_value_and_grad_into(
        &self,
        x: K,
        self_bar: &mut <Self as ::differentiable::rt::Differentiable>::Tangent,
        x_bar: &mut <K as ::differentiable::rt::Differentiable>::Tangent,
    ) -> T
    where
        K: ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Differentiable,
        Self: Sized + ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Scalar,
    {
        use ::differentiable::rt::{self, prelude::*};
        let (value, pullback) = <Self as Density<K, T>>::ln_at_call_vjp(&self, x);
        pullback(self, &rt::of::<T>(1.0), Some(&mut *self_bar), Some(&mut *x_bar));
        value
    }
    /// The value of `ln_at` and its gradients, one for each differentiated parameter.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_value_and_grad(
        &self,
        x: K,
    ) -> (
        T,
        (
            <Self as ::differentiable::rt::Differentiable>::Tangent,
            <K as ::differentiable::rt::Differentiable>::Tangent,
        ),
    )
    where
        K: ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Differentiable,
        Self: Sized + ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Scalar,
    {
        use ::differentiable::rt::{self, prelude::*};
        let mut self_bar = rt::zero_tangent(self);
        let mut x_bar = rt::zero_tangent(&x);
        let value = <Self as Density<
            K,
            T,
        >>::ln_at_value_and_grad_into(self, x, &mut self_bar, &mut x_bar);
        (value, (self_bar, x_bar))
    }
    /// The gradients of `ln_at`, one for each differentiated parameter.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_grad(
        &self,
        x: K,
    ) -> (
        <Self as ::differentiable::rt::Differentiable>::Tangent,
        <K as ::differentiable::rt::Differentiable>::Tangent,
    )
    where
        K: ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Differentiable,
        Self: Sized + ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Scalar,
    {
        use ::differentiable::rt::{self, prelude::*};
        <Self as Density<K, T>>::ln_at_value_and_grad(self, x).1
    }
    /// The value of `ln_at` and its pullback, which turns cotangents of the results into gradients as often as it is called.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_vjp<'a>(
        &'a self,
        x: K,
    ) -> (
        T,
        impl Fn(
            <T as ::differentiable::rt::Differentiable>::Tangent,
        ) -> (
                <Self as ::differentiable::rt::Differentiable>::Tangent,
                <K as ::differentiable::rt::Differentiable>::Tangent,
            ) + use<'a, Self, K, T>,
    )
    where
        K: ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Differentiable,
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let x_zero = rt::zero_tangent(&x);
        let (value, pullback) = <Self as Density<K, T>>::ln_at_call_vjp(&self, x);
        let pullback = move |
            value_bar: <T as ::differentiable::rt::Differentiable>::Tangent|
        {
            let mut self_bar = rt::zero_tangent(self);
            let mut x_bar = x_zero.clone();
            pullback(self, &value_bar, Some(&mut self_bar), Some(&mut x_bar));
            (self_bar, x_bar)
        };
        (value, pullback)
    }
    /// The value of `ln_at` and its derivative in the direction of the given tangents.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_jvp(
        &self,
        x: K,
        self_dot: &<Self as ::differentiable::rt::Differentiable>::Tangent,
        x_dot: <K as ::differentiable::rt::Differentiable>::Tangent,
    ) -> (T, <T as ::differentiable::rt::Differentiable>::Tangent)
    where
        K: ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Differentiable,
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        <Self as Density<K, T>>::ln_at_call_jvp(&self, x, Some(self_dot), Some(x_dot))
    }
    /// The value of `ln_at` and its pullback, as other derivatives call it.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_call_vjp(
        self: &&Self,
        x: K,
    ) -> (
        T,
        impl Fn(
            &Self,
            &<T as ::differentiable::rt::Differentiable>::Tangent,
            Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
            Option<&mut <K as ::differentiable::rt::Differentiable>::Tangent>,
        ) + use<Self, K, T>,
    )
    where
        K: ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Differentiable,
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let () = const {
            ::core::panic!(
                "the implementation of `Density` for this type gives no derivative of `ln_at`: write `#[differentiable]` before the `impl`, or `#[differentiable(trait)]` if the trait is annotated in another crate"
            )
        };
        (
            ::core::panic!("the function was not differentiated"),
            move |
                _: &Self,
                _: &<T as ::differentiable::rt::Differentiable>::Tangent,
                _: Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
                _: Option<&mut <K as ::differentiable::rt::Differentiable>::Tangent>|
            { ::core::panic!("the function was not differentiated") },
        )
    }
    /// The value of `ln_at` and its tangent, as other derivatives call it.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_call_jvp(
        self: &&Self,
        x: K,
        self_dot: Option<&<Self as ::differentiable::rt::Differentiable>::Tangent>,
        x_dot: Option<<K as ::differentiable::rt::Differentiable>::Tangent>,
    ) -> (T, <T as ::differentiable::rt::Differentiable>::Tangent)
    where
        K: ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Differentiable,
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let () = const {
            ::core::panic!(
                "the implementation of `Density` for this type gives no derivative of `ln_at`: write `#[differentiable]` before the `impl`, or `#[differentiable(trait)]` if the trait is annotated in another crate"
            )
        };
        ::core::unreachable!()
    }
    /// Like `ln_at_call_vjp`, for a receiver that may be changed later.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_call_mut_vjp(
        &self,
        x: K,
    ) -> (
        T,
        impl Fn(
            &<T as ::differentiable::rt::Differentiable>::Tangent,
            Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
            Option<&mut <K as ::differentiable::rt::Differentiable>::Tangent>,
        ) + use<Self, K, T>,
    )
    where
        K: ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Differentiable,
        Self: Sized + ::differentiable::rt::Differentiable,
        for<'kept> Self: ::differentiable::rt::Keep<'kept>,
    {
        use ::differentiable::rt::{self, prelude::*};
        let this = rt::Keep::keep(self);
        let (value, pullback) = <Self as Density<K, T>>::ln_at_call_vjp(&self, x);
        (
            value,
            move |
                p0: &<T as ::differentiable::rt::Differentiable>::Tangent,
                p1: Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
                p2: Option<&mut <K as ::differentiable::rt::Differentiable>::Tangent>|
            pullback(&this, p0, p1, p2),
        )
    }
    /// Like `ln_at_call_jvp`, for a receiver that may be changed later.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_call_mut_jvp(
        &self,
        x: K,
        self_dot: Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
        x_dot: Option<<K as ::differentiable::rt::Differentiable>::Tangent>,
    ) -> (T, <T as ::differentiable::rt::Differentiable>::Tangent)
    where
        K: ::differentiable::rt::Differentiable,
        T: ::differentiable::rt::Differentiable,
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        <Self as Density<
            K,
            T,
        >>::ln_at_call_jvp(&self, x, self_dot.map(|dot| &*dot), x_dot)
    }
    #[doc(hidden)]
    #[allow(warnings, unused, clippy::all, clippy::pedantic)]
    fn density_is_annotated()
    where
        Self: Sized,
    {
        let () = const {
            ::core::panic!(
                "an implementation of `Density` is used that may replace a method without its derivative: write `#[differentiable]` before the `impl`, or `#[differentiable(trait)]` if the trait is annotated in another crate"
            )
        };
    }
}
/// The tangent of [`Exponential`]: derivatives with respect to its fields.
#[allow(
    dead_code,
    nonstandard_style,
    unreachable_pub,
    private_interfaces,
    private_bounds,
    missing_copy_implementations,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction
)]
struct ExponentialTangent {
    /// The derivative with respect to `rate`.
    rate: f64,
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
    use ::differentiable::rt;
    impl rt::Differentiable for Exponential {
        type Tangent = ExponentialTangent;
        #[inline]
        fn zero_tangent(&self) -> ExponentialTangent {
            ExponentialTangent {
                rate: rt::zero_tangent(&self.rate),
            }
        }
    }
    impl rt::Differentiable for ExponentialTangent {
        type Tangent = Self;
        #[inline]
        fn zero_tangent(&self) -> Self {
            let mut zero = ::core::clone::Clone::clone(self);
            rt::Tangent::fill_zero(&mut zero);
            zero
        }
    }
    impl rt::Tangent for ExponentialTangent {
        #[inline]
        fn neutral() -> Self {
            ExponentialTangent {
                rate: rt::Tangent::neutral(),
            }
        }
        #[inline]
        #[track_caller]
        fn accumulate(&mut self, other: &Self) {
            rt::Tangent::accumulate(&mut self.rate, &other.rate);
        }
        #[inline]
        fn scale(&mut self, factor: f64) {
            rt::Tangent::scale(&mut self.rate, factor);
        }
        #[inline]
        #[track_caller]
        fn inner_product(&self, other: &Self) -> f64 {
            rt::Tangent::inner_product(&self.rate, &other.rate)
        }
        #[inline]
        fn fill_zero(&mut self) {
            rt::Tangent::fill_zero(&mut self.rate);
        }
    }
    impl rt::AccumulateFrom<Self> for ExponentialTangent {
        #[inline]
        fn accumulate_from(&mut self, contribution: Self) {
            rt::Tangent::accumulate(self, &contribution);
        }
    }
    impl rt::AccumulateFrom<&Self> for ExponentialTangent {
        #[inline]
        fn accumulate_from(&mut self, contribution: &Self) {
            rt::Tangent::accumulate(self, contribution);
        }
    }
    impl ::core::clone::Clone for ExponentialTangent {
        #[inline]
        fn clone(&self) -> Self {
            ExponentialTangent {
                rate: ::core::clone::Clone::clone(&self.rate),
            }
        }
    }
    impl ::core::marker::Copy for ExponentialTangent {}
    impl ::core::fmt::Debug for ExponentialTangent {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("ExponentialTangent").field("rate", &self.rate).finish()
        }
    }
    impl ::core::cmp::PartialEq for ExponentialTangent {
        fn eq(&self, other: &Self) -> bool {
            self.rate == other.rate
        }
    }
    impl ::core::default::Default for ExponentialTangent {
        #[inline]
        fn default() -> Self {
            rt::Tangent::neutral()
        }
    }
    impl rt::Leaves for Exponential {
        fn visit_leaves<'leaves, EachLeaf: rt::LeafVisitor<'leaves>>(
            &'leaves self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::Leaves::visit_leaves(&self.rate, &path.field("rate"), visitor);
        }
    }
    impl rt::LeavesMut for Exponential {
        fn visit_leaves_mut<EachLeaf: rt::LeafVisitorMut>(
            &mut self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::LeavesMut::visit_leaves_mut(
                &mut self.rate,
                &path.field("rate"),
                visitor,
            );
        }
    }
    impl rt::Leaves for ExponentialTangent {
        fn visit_leaves<'leaves, EachLeaf: rt::LeafVisitor<'leaves>>(
            &'leaves self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::Leaves::visit_leaves(&self.rate, &path.field("rate"), visitor);
        }
    }
    impl rt::LeavesMut for ExponentialTangent {
        fn visit_leaves_mut<EachLeaf: rt::LeafVisitorMut>(
            &mut self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::LeavesMut::visit_leaves_mut(
                &mut self.rate,
                &path.field("rate"),
                visitor,
            );
        }
    }
    #[cfg(test)]
    impl rt::check::Sample for Exponential {
        fn sample(
            samples: &mut rt::check::Samples,
            range: ::core::ops::Range<f64>,
        ) -> Self {
            use rt::check::{NoSample as _, Sampled as _};
            Self {
                rate: (&rt::check::SampleOf::<f64>::new()).made(samples, &range),
            }
        }
    }
};
impl Density<f64, f64> for Exponential {
    #[allow(dead_code)]
    fn ln_at(&self, x: f64) -> f64 {
        self.rate.ln() - self.rate * x
    }
    /// The value of `ln_at`; its gradients are added to the given buffers.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_value_and_grad_into(
        &self,
        x: f64,
        self_bar: &mut <Self as ::differentiable::rt::Differentiable>::Tangent,
        x_bar: &mut f64,
    ) -> f64 {
        use ::differentiable::rt::{self, prelude::*};
        *x_bar -= 1.0 * self.rate;
        self_bar.rate += -1.0 * x + 1.0 / self.rate;
        self.rate.ln() - self.rate * x
    }
    /// The value of `ln_at` and its pullback, as other derivatives call it.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_call_vjp(
        self: &&Self,
        x: f64,
    ) -> (
        f64,
        impl Fn(
            &Self,
            &f64,
            Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
            Option<&mut f64>,
        ) + use<>,
    ) {
        use ::differentiable::rt::{self, prelude::*};
        let this: &Self = self;
        let self_rate = this.rate;
        let value = this.rate.ln() - this.rate * x;
        let pullback = move |
            _: &Self,
            &value_bar: &f64,
            mut self_bar: Option<
                &mut <Self as ::differentiable::rt::Differentiable>::Tangent,
            >,
            mut x_bar: Option<&mut f64>|
        {
            let negated = -value_bar;
            if let Some(self_bar) = self_bar.as_deref_mut() {
                self_bar.rate += negated * x + value_bar / self_rate;
            }
            if let Some(x_bar) = x_bar.as_deref_mut() {
                *x_bar += negated * self_rate;
            }
        };
        (value, pullback)
    }
    /// The value of `ln_at` and its tangent, as other derivatives call it.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn ln_at_call_jvp(
        self: &&Self,
        x: f64,
        self_dot: Option<&<Self as ::differentiable::rt::Differentiable>::Tangent>,
        x_dot: Option<f64>,
    ) -> (f64, f64) {
        use ::differentiable::rt::{self, prelude::*};
        let self_zero;
        let self_dot = match self_dot {
            Some(self_dot) => self_dot,
            None => {
                self_zero = rt::zero_tangent(self);
                &self_zero
            }
        };
        let x_dot = x_dot.unwrap_or(0.0);
        let this: &Self = self;
        (
            this.rate.ln() - this.rate * x,
            rt::tangent_of(&this.rate, &self_dot.rate) / this.rate
                - (rt::tangent_of(&this.rate, &self_dot.rate) * x + this.rate * x_dot),
        )
    }
    #[doc(hidden)]
    fn density_is_annotated() {}
}
