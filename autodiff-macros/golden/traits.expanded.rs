trait Curve: CurveObject {
    fn at(&self, x: f64) -> f64;
    fn chord(&self, x: f64) -> f64 {
        self.at(x) - self.at(0.0)
    }
    /// The value of `at`; its gradients are added to the given buffers.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_value_and_grad_into(
        &self,
        x: f64,
        self_bar: &mut <Self as ::differentiable::rt::Differentiable>::Tangent,
        x_bar: &mut f64,
    ) -> f64
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let (value, pullback) = Self::at_call_vjp(&self, x);
        pullback(self, &1.0, Some(&mut *self_bar), Some(&mut *x_bar));
        value
    }
    /// The value of `at` and its gradients, one for each differentiated parameter.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_value_and_grad(
        &self,
        x: f64,
    ) -> (f64, (<Self as ::differentiable::rt::Differentiable>::Tangent, f64))
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let mut self_bar = rt::zero_tangent(self);
        let mut x_bar = 0.0;
        let value = Self::at_value_and_grad_into(self, x, &mut self_bar, &mut x_bar);
        (value, (self_bar, x_bar))
    }
    /// The gradients of `at`, one for each differentiated parameter.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_grad(
        &self,
        x: f64,
    ) -> (<Self as ::differentiable::rt::Differentiable>::Tangent, f64)
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        Self::at_value_and_grad(self, x).1
    }
    /// The value of `at` and its pullback, which turns cotangents of the results into gradients as often as it is called.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_vjp<'a>(
        &'a self,
        x: f64,
    ) -> (
        f64,
        impl Fn(
            f64,
        ) -> (
                <Self as ::differentiable::rt::Differentiable>::Tangent,
                f64,
            ) + use<'a, Self>,
    )
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let (value, pullback) = Self::at_call_vjp(&self, x);
        let pullback = move |value_bar: f64| {
            let mut self_bar = rt::zero_tangent(self);
            let mut x_bar = 0.0;
            pullback(self, &value_bar, Some(&mut self_bar), Some(&mut x_bar));
            (self_bar, x_bar)
        };
        (value, pullback)
    }
    /// The value of `at` and its derivative in the direction of the given tangents.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_jvp(
        &self,
        x: f64,
        self_dot: &<Self as ::differentiable::rt::Differentiable>::Tangent,
        x_dot: f64,
    ) -> (f64, f64)
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        Self::at_call_jvp(&self, x, Some(self_dot), Some(x_dot))
    }
    /// The value of `at` and its pullback, as other derivatives call it.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_call_vjp(
        self: &&Self,
        x: f64,
    ) -> (
        f64,
        impl Fn(
            &Self,
            &f64,
            Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
            Option<&mut f64>,
        ) + use<Self>,
    )
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let () = const {
            ::core::panic!(
                "the implementation of `Curve` for this type gives no derivative of `at`: write `#[differentiable]` before the `impl`, or `#[differentiable(trait)]` if the trait is annotated in another crate"
            )
        };
        (
            ::core::panic!("the function was not differentiated"),
            move |
                _: &Self,
                _: &f64,
                _: Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
                _: Option<&mut f64>|
            { ::core::panic!("the function was not differentiated") },
        )
    }
    /// The value of `at` and its tangent, as other derivatives call it.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_call_jvp(
        self: &&Self,
        x: f64,
        self_dot: Option<&<Self as ::differentiable::rt::Differentiable>::Tangent>,
        x_dot: Option<f64>,
    ) -> (f64, f64)
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let () = const {
            ::core::panic!(
                "the implementation of `Curve` for this type gives no derivative of `at`: write `#[differentiable]` before the `impl`, or `#[differentiable(trait)]` if the trait is annotated in another crate"
            )
        };
        ::core::unreachable!()
    }
    /// Like `at_call_vjp`, for a receiver that may be changed later.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_call_mut_vjp(
        &self,
        x: f64,
    ) -> (
        f64,
        impl Fn(
            &f64,
            Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
            Option<&mut f64>,
        ) + use<Self>,
    )
    where
        Self: Sized + ::differentiable::rt::Differentiable,
        for<'kept> Self: ::differentiable::rt::Keep<'kept>,
    {
        use ::differentiable::rt::{self, prelude::*};
        let this = rt::Keep::keep(self);
        let (value, pullback) = Self::at_call_vjp(&self, x);
        (
            value,
            move |
                p0: &f64,
                p1: Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
                p2: Option<&mut f64>|
            pullback(&this, p0, p1, p2),
        )
    }
    /// Like `at_call_jvp`, for a receiver that may be changed later.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_call_mut_jvp(
        &self,
        x: f64,
        self_dot: Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
        x_dot: Option<f64>,
    ) -> (f64, f64)
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        Self::at_call_jvp(&self, x, self_dot.map(|dot| &*dot), x_dot)
    }
    /// The value of `chord`; its gradients are added to the given buffers.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn chord_value_and_grad_into(
        &self,
        x: f64,
        self_bar: &mut <Self as ::differentiable::rt::Differentiable>::Tangent,
        x_bar: &mut f64,
    ) -> f64
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let (value, pullback) = Self::chord_call_vjp(&self, x);
        pullback(self, &1.0, Some(&mut *self_bar), Some(&mut *x_bar));
        value
    }
    /// The value of `chord` and its gradients, one for each differentiated parameter.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn chord_value_and_grad(
        &self,
        x: f64,
    ) -> (f64, (<Self as ::differentiable::rt::Differentiable>::Tangent, f64))
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let mut self_bar = rt::zero_tangent(self);
        let mut x_bar = 0.0;
        let value = Self::chord_value_and_grad_into(self, x, &mut self_bar, &mut x_bar);
        (value, (self_bar, x_bar))
    }
    /// The gradients of `chord`, one for each differentiated parameter.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn chord_grad(
        &self,
        x: f64,
    ) -> (<Self as ::differentiable::rt::Differentiable>::Tangent, f64)
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        Self::chord_value_and_grad(self, x).1
    }
    /// The value of `chord` and its pullback, which turns cotangents of the results into gradients as often as it is called.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn chord_vjp<'a>(
        &'a self,
        x: f64,
    ) -> (
        f64,
        impl Fn(
            f64,
        ) -> (
                <Self as ::differentiable::rt::Differentiable>::Tangent,
                f64,
            ) + use<'a, Self>,
    )
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        let (value, pullback) = Self::chord_call_vjp(&self, x);
        let pullback = move |value_bar: f64| {
            let mut self_bar = rt::zero_tangent(self);
            let mut x_bar = 0.0;
            pullback(self, &value_bar, Some(&mut self_bar), Some(&mut x_bar));
            (self_bar, x_bar)
        };
        (value, pullback)
    }
    /// The value of `chord` and its derivative in the direction of the given tangents.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn chord_jvp(
        &self,
        x: f64,
        self_dot: &<Self as ::differentiable::rt::Differentiable>::Tangent,
        x_dot: f64,
    ) -> (f64, f64)
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        Self::chord_call_jvp(&self, x, Some(self_dot), Some(x_dot))
    }
    /// The value of `chord` and its pullback, as other derivatives call it.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn chord_call_vjp(
        self: &&Self,
        x: f64,
    ) -> (
        f64,
        impl Fn(
            &Self,
            &f64,
            Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
            Option<&mut f64>,
        ) + use<Self>,
    )
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        Self::curve_is_annotated();
        let this: &Self = self;
        let (at_value, at_pullback) = this.at_call_vjp(x);
        let (at_value_2, at_pullback_2) = this.at_call_vjp(0.0);
        let value = at_value - at_value_2;
        let pullback = move |
            this: &Self,
            &value_bar: &f64,
            mut self_bar: Option<
                &mut <Self as ::differentiable::rt::Differentiable>::Tangent,
            >,
            mut x_bar: Option<&mut f64>|
        {
            at_pullback_2(this, &-value_bar, self_bar.as_deref_mut(), None);
            let mut x_bar_2 = 0.0;
            at_pullback(this, &value_bar, self_bar.as_deref_mut(), Some(&mut x_bar_2));
            if let Some(x_bar) = x_bar.as_deref_mut() {
                *x_bar += x_bar_2;
            }
        };
        (value, pullback)
    }
    /// The value of `chord` and its tangent, as other derivatives call it.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn chord_call_jvp(
        self: &&Self,
        x: f64,
        self_dot: Option<&<Self as ::differentiable::rt::Differentiable>::Tangent>,
        x_dot: Option<f64>,
    ) -> (f64, f64)
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
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
        Self::curve_is_annotated();
        let this: &Self = self;
        let (at_value, at_value_dot) = this.at_call_jvp(x, Some(self_dot), Some(x_dot));
        let (at_value_2, at_value_dot_2) = this.at_call_jvp(0.0, Some(self_dot), None);
        (at_value - at_value_2, at_value_dot - at_value_dot_2)
    }
    /// Like `chord_call_vjp`, for a receiver that may be changed later.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn chord_call_mut_vjp(
        &self,
        x: f64,
    ) -> (
        f64,
        impl Fn(
            &f64,
            Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
            Option<&mut f64>,
        ) + use<Self>,
    )
    where
        Self: Sized + ::differentiable::rt::Differentiable,
        for<'kept> Self: ::differentiable::rt::Keep<'kept>,
    {
        use ::differentiable::rt::{self, prelude::*};
        let this = rt::Keep::keep(self);
        let (value, pullback) = Self::chord_call_vjp(&self, x);
        (
            value,
            move |
                p0: &f64,
                p1: Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
                p2: Option<&mut f64>|
            pullback(&this, p0, p1, p2),
        )
    }
    /// Like `chord_call_jvp`, for a receiver that may be changed later.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn chord_call_mut_jvp(
        &self,
        x: f64,
        self_dot: Option<&mut <Self as ::differentiable::rt::Differentiable>::Tangent>,
        x_dot: Option<f64>,
    ) -> (f64, f64)
    where
        Self: Sized + ::differentiable::rt::Differentiable,
    {
        use ::differentiable::rt::{self, prelude::*};
        Self::chord_call_jvp(&self, x, self_dot.map(|dot| &*dot), x_dot)
    }
    #[doc(hidden)]
    #[allow(warnings, unused, clippy::all, clippy::pedantic)]
    fn curve_is_annotated()
    where
        Self: Sized,
    {
        let () = const {
            ::core::panic!(
                "an implementation of `Curve` is used that may replace a method without its derivative: write `#[differentiable]` before the `impl`, or `#[differentiable(trait)]` if the trait is annotated in another crate"
            )
        };
    }
}
/// What `dyn Curve` needs to be differentiated.
#[doc(hidden)]
#[allow(warnings, clippy::all, clippy::pedantic)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a `dyn Curve` that is differentiated",
    note = "add `#[derive(Differentiable)]`; a type that borrows has no derivatives as a `dyn Curve`: write `#[differentiable(sized)]` before the trait if it needs no trait objects"
)]
trait CurveObject: ::differentiable::rt::AsAny + ::differentiable::rt::ErasedLeaves {
    fn object_zero_tangent(&self) -> ::differentiable::rt::DynTangent;
    fn at_object_vjp(
        &self,
        x: f64,
    ) -> (
        f64,
        Box<
            dyn Fn(
                &dyn ::differentiable::rt::AsAny,
                &f64,
                Option<&mut ::differentiable::rt::DynTangent>,
                Option<&mut f64>,
            ),
        >,
    );
    fn at_object_jvp(
        &self,
        x: f64,
        self_dot: Option<&::differentiable::rt::DynTangent>,
        x_dot: Option<f64>,
    ) -> (f64, f64);
    fn chord_object_vjp(
        &self,
        x: f64,
    ) -> (
        f64,
        Box<
            dyn Fn(
                &dyn ::differentiable::rt::AsAny,
                &f64,
                Option<&mut ::differentiable::rt::DynTangent>,
                Option<&mut f64>,
            ),
        >,
    );
    fn chord_object_jvp(
        &self,
        x: f64,
        self_dot: Option<&::differentiable::rt::DynTangent>,
        x_dot: Option<f64>,
    ) -> (f64, f64);
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
    impl<
        T: Curve + ::differentiable::rt::LeavesMut
            + ::differentiable::rt::Differentiable<
                Tangent: ::differentiable::rt::LeavesMut + 'static,
            > + 'static,
    > CurveObject for T {
        fn object_zero_tangent(&self) -> ::differentiable::rt::DynTangent {
            ::differentiable::rt::DynTangent::new(
                ::differentiable::rt::zero_tangent(self),
            )
        }
        fn at_object_vjp(
            &self,
            x: f64,
        ) -> (
            f64,
            Box<
                dyn Fn(
                    &dyn ::differentiable::rt::AsAny,
                    &f64,
                    Option<&mut ::differentiable::rt::DynTangent>,
                    Option<&mut f64>,
                ),
            >,
        ) {
            let (value, pullback) = <T as Curve>::at_call_vjp(&self, x);
            let pullback = move |
                p0: &dyn ::differentiable::rt::AsAny,
                p1: &f64,
                p2: Option<&mut ::differentiable::rt::DynTangent>,
                p3: Option<&mut f64>|
            {
                let this: &T = receiver(p0);
                pullback(
                    this,
                    p1,
                    p2
                        .map(|slot| {
                            slot
                                .get_or_insert_with(|| ::differentiable::rt::zero_tangent(
                                    this,
                                ))
                        }),
                    p3,
                );
            };
            (value, Box::new(pullback))
        }
        fn at_object_jvp(
            &self,
            x: f64,
            self_dot: Option<&::differentiable::rt::DynTangent>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            <T as Curve>::at_call_jvp(
                &self,
                x,
                self_dot.and_then(::differentiable::rt::DynTangent::downcast_ref),
                x_dot,
            )
        }
        fn chord_object_vjp(
            &self,
            x: f64,
        ) -> (
            f64,
            Box<
                dyn Fn(
                    &dyn ::differentiable::rt::AsAny,
                    &f64,
                    Option<&mut ::differentiable::rt::DynTangent>,
                    Option<&mut f64>,
                ),
            >,
        ) {
            let (value, pullback) = <T as Curve>::chord_call_vjp(&self, x);
            let pullback = move |
                p0: &dyn ::differentiable::rt::AsAny,
                p1: &f64,
                p2: Option<&mut ::differentiable::rt::DynTangent>,
                p3: Option<&mut f64>|
            {
                let this: &T = receiver(p0);
                pullback(
                    this,
                    p1,
                    p2
                        .map(|slot| {
                            slot
                                .get_or_insert_with(|| ::differentiable::rt::zero_tangent(
                                    this,
                                ))
                        }),
                    p3,
                );
            };
            (value, Box::new(pullback))
        }
        fn chord_object_jvp(
            &self,
            x: f64,
            self_dot: Option<&::differentiable::rt::DynTangent>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            <T as Curve>::chord_call_jvp(
                &self,
                x,
                self_dot.and_then(::differentiable::rt::DynTangent::downcast_ref),
                x_dot,
            )
        }
    }
    /// The value behind the object, or behind a pointer to it.
    fn receiver<T: 'static>(value: &dyn ::differentiable::rt::AsAny) -> &T {
        ::differentiable::rt::concrete_receiver(
            value,
            |any| {
                let boxed = any.downcast_ref::<Box<dyn Curve>>().map(|object| &**object);
                let shared = || {
                    any
                        .downcast_ref::<::std::rc::Rc<dyn Curve>>()
                        .map(|object| &**object)
                };
                let counted = || {
                    any
                        .downcast_ref::<::std::sync::Arc<dyn Curve>>()
                        .map(|object| &**object)
                };
                boxed
                    .or_else(shared)
                    .or_else(counted)
                    .map(|object| object as &dyn ::differentiable::rt::AsAny)
            },
        )
    }
    impl<'object> dyn Curve + 'object {
        #[doc(hidden)]
        #[track_caller]
        fn at_call_vjp(
            &self,
            x: f64,
        ) -> (
            f64,
            Box<
                dyn Fn(
                    &dyn ::differentiable::rt::AsAny,
                    &f64,
                    Option<&mut ::differentiable::rt::DynTangent>,
                    Option<&mut f64>,
                ),
            >,
        ) {
            CurveObject::at_object_vjp(self, x)
        }
        #[doc(hidden)]
        #[track_caller]
        fn at_call_jvp(
            &self,
            x: f64,
            self_dot: Option<&::differentiable::rt::DynTangent>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            CurveObject::at_object_jvp(self, x, self_dot, x_dot)
        }
        #[doc(hidden)]
        #[track_caller]
        fn chord_call_vjp(
            &self,
            x: f64,
        ) -> (
            f64,
            Box<
                dyn Fn(
                    &dyn ::differentiable::rt::AsAny,
                    &f64,
                    Option<&mut ::differentiable::rt::DynTangent>,
                    Option<&mut f64>,
                ),
            >,
        ) {
            CurveObject::chord_object_vjp(self, x)
        }
        #[doc(hidden)]
        #[track_caller]
        fn chord_call_jvp(
            &self,
            x: f64,
            self_dot: Option<&::differentiable::rt::DynTangent>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            CurveObject::chord_object_jvp(self, x, self_dot, x_dot)
        }
    }
    impl dyn Curve {
        #[doc(hidden)]
        fn boxed_object<
            T: Curve + ::differentiable::rt::LeavesMut
                + ::differentiable::rt::Differentiable<
                    Tangent: ::differentiable::rt::LeavesMut + 'static,
                > + 'static,
        >(value: T) -> ::std::boxed::Box<dyn Curve> {
            ::std::boxed::Box::new(value)
        }
        #[doc(hidden)]
        fn boxed_object_call_vjp<
            T: Curve + ::differentiable::rt::LeavesMut
                + ::differentiable::rt::Differentiable<
                    Tangent: ::differentiable::rt::LeavesMut + 'static,
                > + 'static,
        >(
            value: T,
        ) -> (
            ::std::boxed::Box<dyn Curve>,
            impl Fn(&::differentiable::rt::DynTangent, Option<&mut T::Tangent>) + use<T>,
        ) {
            let pullback = |
                object_bar: &::differentiable::rt::DynTangent,
                value_bar: Option<&mut T::Tangent>|
            {
                if let (Some(value_bar), Some(object_bar)) = (
                    value_bar,
                    object_bar.downcast_ref::<T::Tangent>(),
                ) {
                    ::differentiable::rt::Tangent::accumulate(value_bar, object_bar);
                }
            };
            (::std::boxed::Box::new(value), pullback)
        }
        #[doc(hidden)]
        fn boxed_object_call_jvp<
            T: Curve + ::differentiable::rt::LeavesMut
                + ::differentiable::rt::Differentiable<
                    Tangent: ::differentiable::rt::LeavesMut + 'static,
                > + 'static,
        >(
            value: T,
            value_dot: Option<T::Tangent>,
        ) -> (::std::boxed::Box<dyn Curve>, ::differentiable::rt::DynTangent) {
            let value_dot = value_dot
                .unwrap_or_else(|| ::differentiable::rt::zero_tangent(&value));
            (
                ::std::boxed::Box::new(value),
                ::differentiable::rt::DynTangent::new(value_dot),
            )
        }
        #[doc(hidden)]
        fn counted_object<
            T: Curve + ::differentiable::rt::LeavesMut
                + ::differentiable::rt::Differentiable<
                    Tangent: ::differentiable::rt::LeavesMut + 'static,
                > + 'static,
        >(value: T) -> ::std::rc::Rc<dyn Curve> {
            ::std::rc::Rc::new(value)
        }
        #[doc(hidden)]
        fn counted_object_call_vjp<
            T: Curve + ::differentiable::rt::LeavesMut
                + ::differentiable::rt::Differentiable<
                    Tangent: ::differentiable::rt::LeavesMut + 'static,
                > + 'static,
        >(
            value: T,
        ) -> (
            ::std::rc::Rc<dyn Curve>,
            impl Fn(&::differentiable::rt::DynTangent, Option<&mut T::Tangent>) + use<T>,
        ) {
            let pullback = |
                object_bar: &::differentiable::rt::DynTangent,
                value_bar: Option<&mut T::Tangent>|
            {
                if let (Some(value_bar), Some(object_bar)) = (
                    value_bar,
                    object_bar.downcast_ref::<T::Tangent>(),
                ) {
                    ::differentiable::rt::Tangent::accumulate(value_bar, object_bar);
                }
            };
            (::std::rc::Rc::new(value), pullback)
        }
        #[doc(hidden)]
        fn counted_object_call_jvp<
            T: Curve + ::differentiable::rt::LeavesMut
                + ::differentiable::rt::Differentiable<
                    Tangent: ::differentiable::rt::LeavesMut + 'static,
                > + 'static,
        >(
            value: T,
            value_dot: Option<T::Tangent>,
        ) -> (::std::rc::Rc<dyn Curve>, ::differentiable::rt::DynTangent) {
            let value_dot = value_dot
                .unwrap_or_else(|| ::differentiable::rt::zero_tangent(&value));
            (::std::rc::Rc::new(value), ::differentiable::rt::DynTangent::new(value_dot))
        }
        #[doc(hidden)]
        fn shared_object<
            T: Curve + ::differentiable::rt::LeavesMut
                + ::differentiable::rt::Differentiable<
                    Tangent: ::differentiable::rt::LeavesMut + 'static,
                > + 'static,
        >(value: T) -> ::std::sync::Arc<dyn Curve> {
            ::std::sync::Arc::new(value)
        }
        #[doc(hidden)]
        fn shared_object_call_vjp<
            T: Curve + ::differentiable::rt::LeavesMut
                + ::differentiable::rt::Differentiable<
                    Tangent: ::differentiable::rt::LeavesMut + 'static,
                > + 'static,
        >(
            value: T,
        ) -> (
            ::std::sync::Arc<dyn Curve>,
            impl Fn(&::differentiable::rt::DynTangent, Option<&mut T::Tangent>) + use<T>,
        ) {
            let pullback = |
                object_bar: &::differentiable::rt::DynTangent,
                value_bar: Option<&mut T::Tangent>|
            {
                if let (Some(value_bar), Some(object_bar)) = (
                    value_bar,
                    object_bar.downcast_ref::<T::Tangent>(),
                ) {
                    ::differentiable::rt::Tangent::accumulate(value_bar, object_bar);
                }
            };
            (::std::sync::Arc::new(value), pullback)
        }
        #[doc(hidden)]
        fn shared_object_call_jvp<
            T: Curve + ::differentiable::rt::LeavesMut
                + ::differentiable::rt::Differentiable<
                    Tangent: ::differentiable::rt::LeavesMut + 'static,
                > + 'static,
        >(
            value: T,
            value_dot: Option<T::Tangent>,
        ) -> (::std::sync::Arc<dyn Curve>, ::differentiable::rt::DynTangent) {
            let value_dot = value_dot
                .unwrap_or_else(|| ::differentiable::rt::zero_tangent(&value));
            (
                ::std::sync::Arc::new(value),
                ::differentiable::rt::DynTangent::new(value_dot),
            )
        }
    }
    impl<'object> ::differentiable::rt::Leaves for dyn Curve + 'object {
        fn visit_leaves<'v, V: ::differentiable::rt::LeafVisitor<'v>>(
            &'v self,
            path: &::differentiable::rt::LeafPath<'_>,
            visitor: &mut V,
        ) {
            ::differentiable::rt::visit_erased(self, path, visitor);
        }
    }
    impl<'object> ::differentiable::rt::LeavesMut for dyn Curve + 'object {
        fn visit_leaves_mut<V: ::differentiable::rt::LeafVisitorMut>(
            &mut self,
            path: &::differentiable::rt::LeafPath<'_>,
            visitor: &mut V,
        ) {
            ::differentiable::rt::visit_erased_mut(self, path, visitor);
        }
    }
    impl<'object> ::differentiable::rt::Differentiable for dyn Curve + 'object {
        type Tangent = ::differentiable::rt::DynTangent;
        fn zero_tangent(&self) -> ::differentiable::rt::DynTangent {
            CurveObject::object_zero_tangent(self)
        }
    }
};
/// The tangent of [`Line`]: derivatives with respect to its fields.
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
struct LineTangent {
    /// The derivative with respect to `slope`.
    slope: f64,
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
    impl rt::Differentiable for Line {
        type Tangent = LineTangent;
        #[inline]
        fn zero_tangent(&self) -> LineTangent {
            LineTangent {
                slope: rt::zero_tangent(&self.slope),
            }
        }
    }
    impl rt::Differentiable for LineTangent {
        type Tangent = Self;
        #[inline]
        fn zero_tangent(&self) -> Self {
            let mut zero = ::core::clone::Clone::clone(self);
            rt::Tangent::fill_zero(&mut zero);
            zero
        }
    }
    impl rt::Tangent for LineTangent {
        #[inline]
        fn neutral() -> Self {
            LineTangent {
                slope: rt::Tangent::neutral(),
            }
        }
        #[inline]
        #[track_caller]
        fn accumulate(&mut self, other: &Self) {
            rt::Tangent::accumulate(&mut self.slope, &other.slope);
        }
        #[inline]
        fn scale(&mut self, factor: f64) {
            rt::Tangent::scale(&mut self.slope, factor);
        }
        #[inline]
        #[track_caller]
        fn inner_product(&self, other: &Self) -> f64 {
            rt::Tangent::inner_product(&self.slope, &other.slope)
        }
        #[inline]
        fn fill_zero(&mut self) {
            rt::Tangent::fill_zero(&mut self.slope);
        }
    }
    impl rt::AccumulateFrom<Self> for LineTangent {
        #[inline]
        fn accumulate_from(&mut self, contribution: Self) {
            rt::Tangent::accumulate(self, &contribution);
        }
    }
    impl rt::AccumulateFrom<&Self> for LineTangent {
        #[inline]
        fn accumulate_from(&mut self, contribution: &Self) {
            rt::Tangent::accumulate(self, contribution);
        }
    }
    impl ::core::clone::Clone for LineTangent {
        #[inline]
        fn clone(&self) -> Self {
            LineTangent {
                slope: ::core::clone::Clone::clone(&self.slope),
            }
        }
    }
    impl ::core::marker::Copy for LineTangent {}
    impl ::core::fmt::Debug for LineTangent {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("LineTangent").field("slope", &self.slope).finish()
        }
    }
    impl ::core::cmp::PartialEq for LineTangent {
        fn eq(&self, other: &Self) -> bool {
            self.slope == other.slope
        }
    }
    impl ::core::default::Default for LineTangent {
        #[inline]
        fn default() -> Self {
            rt::Tangent::neutral()
        }
    }
    impl rt::Leaves for Line {
        fn visit_leaves<'leaves, EachLeaf: rt::LeafVisitor<'leaves>>(
            &'leaves self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::Leaves::visit_leaves(&self.slope, &path.field("slope"), visitor);
        }
    }
    impl rt::LeavesMut for Line {
        fn visit_leaves_mut<EachLeaf: rt::LeafVisitorMut>(
            &mut self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::LeavesMut::visit_leaves_mut(
                &mut self.slope,
                &path.field("slope"),
                visitor,
            );
        }
    }
    impl rt::Leaves for LineTangent {
        fn visit_leaves<'leaves, EachLeaf: rt::LeafVisitor<'leaves>>(
            &'leaves self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::Leaves::visit_leaves(&self.slope, &path.field("slope"), visitor);
        }
    }
    impl rt::LeavesMut for LineTangent {
        fn visit_leaves_mut<EachLeaf: rt::LeafVisitorMut>(
            &mut self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::LeavesMut::visit_leaves_mut(
                &mut self.slope,
                &path.field("slope"),
                visitor,
            );
        }
    }
    #[cfg(test)]
    impl rt::check::Sample for Line {
        fn sample(
            samples: &mut rt::check::Samples,
            range: ::core::ops::Range<f64>,
        ) -> Self {
            use rt::check::{NoSample as _, Sampled as _};
            Self {
                slope: (&rt::check::SampleOf::<f64>::new()).made(samples, &range),
            }
        }
    }
};
impl Curve for Line {
    #[allow(dead_code)]
    fn at(&self, x: f64) -> f64 {
        self.slope * x
    }
    /// The value of `at`; its gradients are added to the given buffers.
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_value_and_grad_into(
        &self,
        x: f64,
        self_bar: &mut <Self as ::differentiable::rt::Differentiable>::Tangent,
        x_bar: &mut f64,
    ) -> f64 {
        use ::differentiable::rt::{self, prelude::*};
        *x_bar += self.slope;
        self_bar.slope += x;
        self.slope * x
    }
    /// The value of `at` and its pullback, as other derivatives call it.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_call_vjp(
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
        let self_slope = this.slope;
        let value = this.slope * x;
        let pullback = move |
            _: &Self,
            &value_bar: &f64,
            mut self_bar: Option<
                &mut <Self as ::differentiable::rt::Differentiable>::Tangent,
            >,
            mut x_bar: Option<&mut f64>|
        {
            if let Some(self_bar) = self_bar.as_deref_mut() {
                self_bar.slope += value_bar * x;
            }
            if let Some(x_bar) = x_bar.as_deref_mut() {
                *x_bar += value_bar * self_slope;
            }
        };
        (value, pullback)
    }
    /// The value of `at` and its tangent, as other derivatives call it.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(warnings, unused, clippy::all, clippy::pedantic, clippy::nursery)]
    fn at_call_jvp(
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
            this.slope * x,
            rt::tangent_of(&this.slope, &self_dot.slope) * x + this.slope * x_dot,
        )
    }
    #[doc(hidden)]
    fn curve_is_annotated() {}
}
