/// The tangent of [`Spring`]: derivatives with respect to its fields.
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
pub struct SpringTangent {
    /// The derivative with respect to `stiffness`.
    pub stiffness: f64,
    /// The derivative with respect to `rest`.
    pub rest: [f64; 3],
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
    impl rt::Differentiable for Spring {
        type Tangent = SpringTangent;
        #[inline]
        fn zero_tangent(&self) -> SpringTangent {
            SpringTangent {
                stiffness: rt::zero_tangent(&self.stiffness),
                rest: rt::zero_tangent(&self.rest),
            }
        }
    }
    impl rt::Differentiable for SpringTangent {
        type Tangent = Self;
        #[inline]
        fn zero_tangent(&self) -> Self {
            let mut zero = ::core::clone::Clone::clone(self);
            rt::Tangent::fill_zero(&mut zero);
            zero
        }
    }
    impl rt::Tangent for SpringTangent {
        #[inline]
        fn neutral() -> Self {
            SpringTangent {
                stiffness: rt::Tangent::neutral(),
                rest: rt::Tangent::neutral(),
            }
        }
        #[inline]
        #[track_caller]
        fn accumulate(&mut self, other: &Self) {
            rt::Tangent::accumulate(&mut self.stiffness, &other.stiffness);
            rt::Tangent::accumulate(&mut self.rest, &other.rest);
        }
        #[inline]
        fn scale(&mut self, factor: f64) {
            rt::Tangent::scale(&mut self.stiffness, factor);
            rt::Tangent::scale(&mut self.rest, factor);
        }
        #[inline]
        #[track_caller]
        fn inner_product(&self, other: &Self) -> f64 {
            rt::Tangent::inner_product(&self.stiffness, &other.stiffness)
                + rt::Tangent::inner_product(&self.rest, &other.rest)
        }
        #[inline]
        fn fill_zero(&mut self) {
            rt::Tangent::fill_zero(&mut self.stiffness);
            rt::Tangent::fill_zero(&mut self.rest);
        }
    }
    impl rt::AccumulateFrom<Self> for SpringTangent {
        #[inline]
        fn accumulate_from(&mut self, contribution: Self) {
            rt::Tangent::accumulate(self, &contribution);
        }
    }
    impl rt::AccumulateFrom<&Self> for SpringTangent {
        #[inline]
        fn accumulate_from(&mut self, contribution: &Self) {
            rt::Tangent::accumulate(self, contribution);
        }
    }
    /// The fields of [`Spring`] that have no derivative.
    #[doc(hidden)]
    #[derive(::core::default::Default)]
    pub struct SpringTangentConstants {
        pub name: (),
        pub damping: ::differentiable::rt::NoGradField,
    }
    impl ::core::ops::Deref for SpringTangent {
        type Target = SpringTangentConstants;
        #[inline]
        fn deref(&self) -> &SpringTangentConstants {
            rt::zero_sized()
        }
    }
    impl ::core::ops::DerefMut for SpringTangent {
        #[inline]
        fn deref_mut(&mut self) -> &mut SpringTangentConstants {
            rt::zero_sized()
        }
    }
    impl ::core::clone::Clone for SpringTangent {
        #[inline]
        fn clone(&self) -> Self {
            SpringTangent {
                stiffness: ::core::clone::Clone::clone(&self.stiffness),
                rest: ::core::clone::Clone::clone(&self.rest),
            }
        }
    }
    impl ::core::marker::Copy for SpringTangent {}
    impl ::core::fmt::Debug for SpringTangent {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct("SpringTangent")
                .field("stiffness", &self.stiffness)
                .field("rest", &self.rest)
                .finish()
        }
    }
    impl ::core::cmp::PartialEq for SpringTangent {
        fn eq(&self, other: &Self) -> bool {
            self.stiffness == other.stiffness && self.rest == other.rest
        }
    }
    impl ::core::default::Default for SpringTangent {
        #[inline]
        fn default() -> Self {
            rt::Tangent::neutral()
        }
    }
    impl rt::Leaves for Spring {
        fn visit_leaves<'leaves, EachLeaf: rt::LeafVisitor<'leaves>>(
            &'leaves self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::Leaves::visit_leaves(&self.stiffness, &path.field("stiffness"), visitor);
            rt::Leaves::visit_leaves(&self.rest, &path.field("rest"), visitor);
        }
    }
    impl rt::LeavesMut for Spring {
        fn visit_leaves_mut<EachLeaf: rt::LeafVisitorMut>(
            &mut self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::LeavesMut::visit_leaves_mut(
                &mut self.stiffness,
                &path.field("stiffness"),
                visitor,
            );
            rt::LeavesMut::visit_leaves_mut(
                &mut self.rest,
                &path.field("rest"),
                visitor,
            );
        }
    }
    impl rt::Leaves for SpringTangent {
        fn visit_leaves<'leaves, EachLeaf: rt::LeafVisitor<'leaves>>(
            &'leaves self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::Leaves::visit_leaves(&self.stiffness, &path.field("stiffness"), visitor);
            rt::Leaves::visit_leaves(&self.rest, &path.field("rest"), visitor);
        }
    }
    impl rt::LeavesMut for SpringTangent {
        fn visit_leaves_mut<EachLeaf: rt::LeafVisitorMut>(
            &mut self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            rt::LeavesMut::visit_leaves_mut(
                &mut self.stiffness,
                &path.field("stiffness"),
                visitor,
            );
            rt::LeavesMut::visit_leaves_mut(
                &mut self.rest,
                &path.field("rest"),
                visitor,
            );
        }
    }
    #[cfg(test)]
    impl rt::check::Sample for Spring {
        fn sample(
            samples: &mut rt::check::Samples,
            range: ::core::ops::Range<f64>,
        ) -> Self {
            use rt::check::{NoSample as _, Sampled as _};
            Self {
                stiffness: (&rt::check::SampleOf::<f64>::new()).made(samples, &range),
                rest: (&rt::check::SampleOf::<[f64; 3]>::new()).made(samples, &range),
                name: (&rt::check::SampleOf::<String>::new()).made(samples, &range),
                damping: (&rt::check::SampleOf::<f64>::new()).made(samples, &range),
            }
        }
    }
};
