/// The tangent of [`Shape`]: derivatives with respect to the fields of the variant that is there.
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
enum ShapeTangent<T>
where
    T: ::differentiable::rt::Differentiable,
{
    /// The zero of every variant.
    Zero,
    /// The derivatives with respect to the fields of [`Shape::Circle`].
    Circle(
        /// The derivative with respect to `0`.
        <T as ::differentiable::rt::Differentiable>::Tangent,
    ),
    /// The derivatives with respect to the fields of [`Shape::Rect`].
    Rect {
        /// The derivative with respect to `sides`.
        sides: Vec<<T as ::differentiable::rt::Differentiable>::Tangent>,
    },
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
    impl<T> rt::Differentiable for Shape<T>
    where
        T: ::differentiable::rt::Differentiable,
    {
        type Tangent = ShapeTangent<T>;
        #[inline]
        fn zero_tangent(&self) -> ShapeTangent<T> {
            match self {
                Self::Circle(this_0) => ShapeTangent::Circle(rt::zero_tangent(this_0)),
                Self::Rect { sides: this_sides, .. } => {
                    ShapeTangent::Rect {
                        sides: rt::zero_tangent(this_sides),
                    }
                }
                _ => ShapeTangent::Zero,
            }
        }
    }
    impl<T> rt::Differentiable for ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
    {
        type Tangent = Self;
        #[inline]
        fn zero_tangent(&self) -> Self {
            let mut zero = ::core::clone::Clone::clone(self);
            rt::Tangent::fill_zero(&mut zero);
            zero
        }
    }
    impl<T> rt::Tangent for ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
    {
        #[inline]
        fn neutral() -> Self {
            Self::Zero
        }
        #[inline]
        #[track_caller]
        fn accumulate(&mut self, other: &Self) {
            match (&mut *self, other) {
                (_, Self::Zero) => {}
                (Self::Zero, _) => *self = ::core::clone::Clone::clone(other),
                (Self::Circle(this_0), Self::Circle(other_0)) => {
                    rt::Tangent::accumulate(this_0, other_0);
                }
                (
                    Self::Rect { sides: this_sides },
                    Self::Rect { sides: other_sides },
                ) => {
                    rt::Tangent::accumulate(this_sides, other_sides);
                }
                _ => {
                    if rt::Tangent::inner_product(other, other) != 0.0 {
                        ::core::assert!(
                            rt::Tangent::inner_product(self, self) == 0.0,
                            "tangents of different variants of `Shape` do not fit"
                        );
                        *self = ::core::clone::Clone::clone(other);
                    }
                }
            }
        }
        #[inline]
        fn scale(&mut self, factor: f64) {
            match self {
                Self::Zero => {}
                Self::Circle(this_0) => {
                    rt::Tangent::scale(this_0, factor);
                }
                Self::Rect { sides: this_sides } => {
                    rt::Tangent::scale(this_sides, factor);
                }
            }
        }
        #[inline]
        #[track_caller]
        fn inner_product(&self, other: &Self) -> f64 {
            match (self, other) {
                (_, Self::Zero) | (Self::Zero, _) => 0.0,
                (Self::Circle(this_0), Self::Circle(other_0)) => {
                    rt::Tangent::inner_product(this_0, other_0)
                }
                (Self::Rect { sides: this_sides }, Self::Rect { sides: other_sides }) => {
                    rt::Tangent::inner_product(this_sides, other_sides)
                }
                _ => {
                    ::core::panic!(
                        "tangents of different variants of `Shape` do not fit"
                    )
                }
            }
        }
        #[inline]
        fn fill_zero(&mut self) {
            match self {
                Self::Zero => {}
                Self::Circle(this_0) => {
                    rt::Tangent::fill_zero(this_0);
                }
                Self::Rect { sides: this_sides } => {
                    rt::Tangent::fill_zero(this_sides);
                }
            }
        }
    }
    impl<T> rt::AccumulateFrom<Self> for ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
    {
        #[inline]
        fn accumulate_from(&mut self, contribution: Self) {
            rt::Tangent::accumulate(self, &contribution);
        }
    }
    impl<T> rt::AccumulateFrom<&Self> for ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
    {
        #[inline]
        fn accumulate_from(&mut self, contribution: &Self) {
            rt::Tangent::accumulate(self, contribution);
        }
    }
    impl<T> ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
    {
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn circle_0_mut(
            &mut self,
        ) -> &mut <T as ::differentiable::rt::Differentiable>::Tangent {
            if let Self::Zero = self {
                *self = Self::Circle(rt::Tangent::neutral());
            } else if !::core::matches!(self, Self::Circle { .. }) {
                ::core::assert!(
                    rt::Tangent::inner_product(self, self) == 0.0,
                    "the tangent is of another variant than `Shape::Circle`"
                );
                *self = Self::Circle(rt::Tangent::neutral());
            }
            match self {
                Self::Circle { 0: this, .. } => this,
                _ => ::core::unreachable!(),
            }
        }
        #[doc(hidden)]
        #[inline]
        pub fn rect_id_mut(&mut self) -> &mut () {
            rt::zero_sized()
        }
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn rect_sides_mut(
            &mut self,
        ) -> &mut Vec<<T as ::differentiable::rt::Differentiable>::Tangent> {
            if let Self::Zero = self {
                *self = Self::Rect {
                    sides: rt::Tangent::neutral(),
                };
            } else if !::core::matches!(self, Self::Rect { .. }) {
                ::core::assert!(
                    rt::Tangent::inner_product(self, self) == 0.0,
                    "the tangent is of another variant than `Shape::Rect`"
                );
                *self = Self::Rect {
                    sides: rt::Tangent::neutral(),
                };
            }
            match self {
                Self::Rect { sides: this, .. } => this,
                _ => ::core::unreachable!(),
            }
        }
    }
    #[allow(dead_code, clippy::all, private_interfaces)]
    impl<T> Shape<T> {
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn circle_0_part(&self) -> &T {
            match self {
                Self::Circle { 0: this, .. } => this,
                _ => ::core::unreachable!(),
            }
        }
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn circle_0_part_mut(&mut self) -> &mut T {
            match self {
                Self::Circle { 0: this, .. } => this,
                _ => ::core::unreachable!(),
            }
        }
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn rect_id_part(&self) -> &usize {
            match self {
                Self::Rect { id: this, .. } => this,
                _ => ::core::unreachable!(),
            }
        }
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn rect_id_part_mut(&mut self) -> &mut usize {
            match self {
                Self::Rect { id: this, .. } => this,
                _ => ::core::unreachable!(),
            }
        }
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn rect_sides_part(&self) -> &Vec<T> {
            match self {
                Self::Rect { sides: this, .. } => this,
                _ => ::core::unreachable!(),
            }
        }
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn rect_sides_part_mut(&mut self) -> &mut Vec<T> {
            match self {
                Self::Rect { sides: this, .. } => this,
                _ => ::core::unreachable!(),
            }
        }
    }
    impl<T> ::core::clone::Clone for ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
    {
        #[inline]
        fn clone(&self) -> Self {
            match self {
                Self::Zero => Self::Zero,
                Self::Circle(this_0) => Self::Circle(::core::clone::Clone::clone(this_0)),
                Self::Rect { sides: this_sides } => {
                    Self::Rect {
                        sides: ::core::clone::Clone::clone(this_sides),
                    }
                }
            }
        }
    }
    impl<T> ::core::fmt::Debug for ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
    {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::Zero => f.write_str("Zero"),
                Self::Circle(this_0) => f.debug_tuple("Circle").field(this_0).finish(),
                Self::Rect { sides: this_sides } => {
                    f.debug_struct("Rect").field("sides", this_sides).finish()
                }
            }
        }
    }
    impl<T> ::core::cmp::PartialEq for ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
    {
        fn eq(&self, other: &Self) -> bool {
            match (self, other) {
                (Self::Zero, Self::Zero) => true,
                (Self::Circle(this_0), Self::Circle(other_0)) => this_0 == other_0,
                (Self::Rect { sides: this_sides }, Self::Rect { sides: other_sides }) => {
                    this_sides == other_sides
                }
                _ => false,
            }
        }
    }
    impl<T> ::core::default::Default for ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
    {
        #[inline]
        fn default() -> Self {
            rt::Tangent::neutral()
        }
    }
    impl<T> rt::Leaves for Shape<T>
    where
        T: ::differentiable::rt::Differentiable,
        T: rt::Leaves,
        Vec<T>: rt::Leaves,
    {
        fn visit_leaves<'leaves, EachLeaf: rt::LeafVisitor<'leaves>>(
            &'leaves self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            match self {
                Self::Circle(this_0) => {
                    rt::Leaves::visit_leaves(this_0, &path.index(0), visitor);
                }
                Self::Rect { sides: this_sides, .. } => {
                    rt::Leaves::visit_leaves(this_sides, &path.field("sides"), visitor);
                }
                _ => {}
            }
        }
    }
    impl<T> rt::LeavesMut for Shape<T>
    where
        T: ::differentiable::rt::Differentiable,
        T: rt::LeavesMut,
        Vec<T>: rt::LeavesMut,
    {
        fn visit_leaves_mut<EachLeaf: rt::LeafVisitorMut>(
            &mut self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            match self {
                Self::Circle(this_0) => {
                    rt::LeavesMut::visit_leaves_mut(this_0, &path.index(0), visitor);
                }
                Self::Rect { sides: this_sides, .. } => {
                    rt::LeavesMut::visit_leaves_mut(
                        this_sides,
                        &path.field("sides"),
                        visitor,
                    );
                }
                _ => {}
            }
        }
    }
    impl<T> rt::Leaves for ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
        <T as ::differentiable::rt::Differentiable>::Tangent: rt::Leaves,
        Vec<<T as ::differentiable::rt::Differentiable>::Tangent>: rt::Leaves,
    {
        fn visit_leaves<'leaves, EachLeaf: rt::LeafVisitor<'leaves>>(
            &'leaves self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            match self {
                Self::Circle(this_0) => {
                    rt::Leaves::visit_leaves(this_0, &path.index(0), visitor);
                }
                Self::Rect { sides: this_sides } => {
                    rt::Leaves::visit_leaves(this_sides, &path.field("sides"), visitor);
                }
                _ => {}
            }
        }
    }
    impl<T> rt::LeavesMut for ShapeTangent<T>
    where
        T: ::differentiable::rt::Differentiable,
        <T as ::differentiable::rt::Differentiable>::Tangent: rt::LeavesMut,
        Vec<<T as ::differentiable::rt::Differentiable>::Tangent>: rt::LeavesMut,
    {
        fn visit_leaves_mut<EachLeaf: rt::LeafVisitorMut>(
            &mut self,
            path: &rt::LeafPath<'_>,
            visitor: &mut EachLeaf,
        ) {
            match self {
                Self::Circle(this_0) => {
                    rt::LeavesMut::visit_leaves_mut(this_0, &path.index(0), visitor);
                }
                Self::Rect { sides: this_sides } => {
                    rt::LeavesMut::visit_leaves_mut(
                        this_sides,
                        &path.field("sides"),
                        visitor,
                    );
                }
                _ => {}
            }
        }
    }
    #[cfg(test)]
    impl<T: rt::check::Sample> rt::check::Sample for Shape<T> {
        fn sample(
            samples: &mut rt::check::Samples,
            range: ::core::ops::Range<f64>,
        ) -> Self {
            use rt::check::{NoSample as _, Sampled as _};
            match samples.choice(3usize, 0usize) {
                0usize => Self::Empty,
                1usize => {
                    Self::Circle(
                        (&rt::check::SampleOf::<T>::new()).made(samples, &range),
                    )
                }
                _ => {
                    Self::Rect {
                        id: (&rt::check::SampleOf::<usize>::new()).made(samples, &range),
                        sides: (&rt::check::SampleOf::<Vec<T>>::new())
                            .made(samples, &range),
                    }
                }
            }
        }
    }
};
