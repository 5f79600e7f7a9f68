//! Second derivatives of the functions that `rule!` defines: the derivatives of their `call_jvp`.
//!
//! There are four kinds of functions, and a rule names its own after `second`:
//!
//! - `linear`: the value is linear in all arrays together, or selects among their elements. The derivative of the forward
//!   rule is then the forward rule, and its reverse is the reverse rule.
//! - `product a, b`: the value is also linear in each of the two alone. The same, and each factor in the direction of the
//!   other.
//! - `lanes Op`: each element of the value depends on one lane along an axis; the operation tells how its partial derivatives
//!   change in a direction.
//! - `definition name(shapes; constants) -> shape`: a function in [`definitions`](super::definitions) that the attribute
//!   differentiates twice computes the same of the arrays in these shapes.
//! - `forward name`: a function there, which is the forward rule and is differentiated once.
//! - `rows(value and scales)`: a normalisation of [rows](super::norm_rows), which are differentiated twice by hand.

use std::ops::Deref;

use ndarray::{Array, ArrayRef, Dimension, Ix1, Ix2, Ix3};

use super::{Generator, RunningStatistics};
use crate::Float;

/// Something without a derivative that a function is called with several times, as if it were once.
pub(crate) trait Again {
    type Held<'h>: Deref<Target = Self>
    where
        Self: 'h;

    fn again(&self) -> Self::Held<'_>;
}

macro_rules! unchanged {
    ($([$($generics:tt)*] $ty:ty),*) => {$(
        impl<$($generics)*> Again for $ty {
            type Held<'h> = &'h $ty where Self: 'h;

            fn again(&self) -> &$ty {
                self
            }
        }
    )*};
}

unchanged!([] str, [] [usize], [D: Dimension] ArrayRef<usize, D>, [D: Dimension] ArrayRef<bool, D>, [A: Float] RunningStatistics<A>);

/// The copy draws the same numbers.
impl Again for Generator {
    type Held<'h> = Box<Self>;

    fn again(&self) -> Box<Self> {
        Box::new(self.clone())
    }
}

/// The shape in which a definition has an array.
pub(crate) trait Seen<D: Dimension> {
    type Dim: Dimension;

    fn shape(shape: &[usize]) -> Self::Dim;

    /// The shape of an array that has the given one in a definition, beside one of the shape `like` outside.
    fn unseen(_: &[usize], like: &[usize]) -> D {
        dim(like)
    }

    /// The array in this shape. One without elements, which stands for zero, has none in this shape either.
    fn of<A: Float>(array: &ArrayRef<A, D>) -> Array<A, Self::Dim> {
        let array = crate::buffers::copy_in_rows(array.view());
        let shape = Self::shape(array.shape());
        array.into_shape_with_order(shape).expect("the elements are the same")
    }

    /// The array in the shape that a function has it in.
    fn back<A: Float>(array: Array<A, Self::Dim>, shape: D) -> Array<A, D> {
        let array = in_order(array);
        array.into_shape_with_order(shape).expect("the elements are the same")
    }
}

/// The array with its elements in row-major order.
fn in_order<A: Float, D: Dimension>(array: Array<A, D>) -> Array<A, D> {
    if array.is_standard_layout() { array } else { crate::buffers::copy_in_rows(array.view()) }
}

/// As it is.
pub(crate) struct Itself;

impl<D: Dimension> Seen<D> for Itself {
    type Dim = D;

    fn shape(shape: &[usize]) -> D {
        dim(shape)
    }
}

fn dim<D: Dimension>(shape: &[usize]) -> D {
    let mut dim = D::zeros(shape.len());
    dim.slice_mut().copy_from_slice(shape);
    dim
}

/// All elements in a row.
pub(crate) struct Flat;

impl<D: Dimension> Seen<D> for Flat {
    type Dim = Ix1;

    fn shape(shape: &[usize]) -> Ix1 {
        Ix1(shape.iter().product())
    }
}

/// A vector or a stack of columns, as a matrix.
pub(crate) struct Columns;

impl<D: Dimension> Seen<D> for Columns {
    type Dim = Ix2;

    fn shape(shape: &[usize]) -> Ix2 {
        let rows = shape.first().copied().unwrap_or(1);
        Ix2(rows, shape.iter().skip(1).product())
    }
}

/// A stack of matrices, which are the last two axes.
pub(crate) struct Matrices;

impl<D: Dimension> Seen<D> for Matrices {
    type Dim = Ix3;

    fn shape(shape: &[usize]) -> Ix3 {
        let (stack, matrix) = shape.split_at(shape.len().saturating_sub(2));
        let at = |axis: usize| matrix.get(axis).copied().unwrap_or(1);
        Ix3(stack.iter().product(), at(0), at(1))
    }

    fn unseen(shape: &[usize], like: &[usize]) -> D {
        let mut dim: D = dim(like);
        for (to, from) in dim.slice_mut().iter_mut().rev().zip(shape.iter().rev()).take(2) {
            *to = *from;
        }
        dim
    }
}

/// The shape in which a definition has its value.
pub(crate) trait Given<Y: Filled> {
    type Value;

    fn given(value: Y) -> Self::Value;

    /// The value of a function whose last array has the given shape.
    fn taken(value: Self::Value, like: &[usize]) -> Y;
}

impl<Y: Filled> Given<Y> for Itself {
    type Value = Y;

    fn given(value: Y) -> Y {
        value
    }

    fn taken(value: Y, _: &[usize]) -> Y {
        value
    }
}

macro_rules! given {
    ($($ty:ident)*) => {$(
        impl<A: Float, D: Dimension> Given<Array<A, D>> for $ty {
            type Value = Array<A, <Self as Seen<D>>::Dim>;

            fn given(value: Array<A, D>) -> Self::Value {
                let shape = <Self as Seen<D>>::shape(value.shape());
                in_order(value).into_shape_with_order(shape).expect("the elements are the same")
            }

            fn taken(value: Self::Value, like: &[usize]) -> Array<A, D> {
                let shape = <Self as Seen<D>>::unseen(value.shape(), like);
                Self::back(value, shape)
            }
        }
    )*};
}

given!(Flat Columns Matrices);

/// Adds what a definition gives for an array to the cotangent that is wanted.
pub(crate) fn add<S: Seen<D>, A: Float, D: Dimension>(
    bar: Option<&mut Array<A, D>>,
    total: Array<A, S::Dim>,
    shape: D,
) {
    if let Some(bar) = bar {
        crate::accumulate(bar, S::back(total, shape));
    }
}

/// A value whose cotangent may lack its elements, which means that it is zero.
pub(crate) trait Filled {
    type Shape;

    fn size(&self) -> Self::Shape;

    fn filled(&self, size: &Self::Shape) -> Self;
}

impl<A: Float> Filled for A {
    type Shape = ();

    fn size(&self) {}

    fn filled(&self, (): &()) -> A {
        *self
    }
}

impl<A: Float, D: Dimension> Filled for Array<A, D> {
    type Shape = D;

    fn size(&self) -> D {
        self.raw_dim()
    }

    fn filled(&self, size: &D) -> Self {
        if self.is_empty() { Array::zeros(size.clone()) } else { self.clone() }
    }
}

impl<T: Filled, U: Filled> Filled for (T, U) {
    type Shape = (T::Shape, U::Shape);

    fn size(&self) -> Self::Shape {
        (self.0.size(), self.1.size())
    }

    fn filled(&self, size: &Self::Shape) -> Self {
        (self.0.filled(&size.0), self.1.filled(&size.1))
    }
}

/// The tangent, unless it has no elements where there are some: then it is zero.
pub(crate) fn given<'t, A: Float, D: Dimension, E: Dimension>(
    x: &ArrayRef<A, D>,
    tangent: Option<&'t Array<A, E>>,
) -> Option<&'t Array<A, E>> {
    tangent.filter(|tangent| tangent.len() == x.len())
}

/// Defines the derivatives of `call_jvp` of a function, if its rule says of which kind it is.
macro_rules! twice {
    ([] $($function:tt)*) => {};
    // The forward rule, which has no tangents of what has no derivative.
    (@forward ($($argument:expr,)*) ($($dot:expr,)+) [$($r:ident)*] [$($o:ident)*]) => {
        Self::call_jvp(
            $($argument,)* $($dot,)+
            $(crate::nn::rule::no_cotangent!($r),)* $(crate::nn::rule::no_cotangent!($o),)*
        )
    };
    // The tangent or the cotangent of a constant.
    (@none $constant:expr) => { None };
    // Gives each array one more name, for the cotangent of its tangent.
    (
        [$($kind:tt)+] $name:ident[$($generics:tt)*](
            $($x:ident $x_bar:ident $x_dot:ident: $X:ty => $T:ty),+;
            $($constants:tt)*
        ) $($rest:tt)*
    ) => {
        crate::nn::twice::twice! {
            @names [$($kind)+] {} [$($x $x_bar $x_dot: $X => $T,)+] [bar_1 bar_2 bar_3 bar_4 bar_5 bar_6 bar_7 bar_8]
            $name[$($generics)*]($($constants)*) $($rest)*
        }
    };
    (
        @names $kind:tt {$($named:tt)*} [$x:ident $x_bar:ident $x_dot:ident: $X:ty => $T:ty, $($arrays:tt)*]
        [$dot_bar:ident $($names:ident)*] $($rest:tt)*
    ) => {
        crate::nn::twice::twice! {
            @names $kind {$($named)* ($x $x_bar $x_dot $dot_bar: $X => $T)} [$($arrays)*] [$($names)*] $($rest)*
        }
    };
    (
        @names $kind:tt {$(($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty))+} [] $names:tt
        $name:ident[$($generics:tt)*](
            $($r:ident: $R:ty => $RT:ty),*;
            $($o:ident: $O:ty => $OT:ty),*
        ) -> $Y:ty, captures [$($captured:tt)*]
    ) => {
        impl crate::TwiceDifferentiable for $name {}

        #[allow(clippy::type_complexity, clippy::too_many_arguments, clippy::clone_on_copy, unused_mut, unused_variables)]
        impl $name {
            #[doc(hidden)]
            #[track_caller]
            pub fn call_jvp_call_vjp<$($generics)*>(
                $($x: &$X,)+ $($r: &$R,)* $($o: $O,)*
                $($x_dot: Option<&$T>,)+
                $(crate::nn::rule::no_cotangent!(@name $r): Option<&$RT>,)*
                $(crate::nn::rule::no_cotangent!(@name $o): Option<$OT>,)*
            ) -> (
                ($Y, $Y),
                impl Fn(
                    $(&$X,)+ $(&$R,)* $(Option<&$T>,)+ $(Option<&$RT>,)*
                    &($Y, $Y),
                    $(Option<&mut $T>,)+ $(Option<&mut $RT>,)* $(Option<&mut $OT>,)*
                    $(Option<&mut $T>,)+ $(Option<&mut $RT>,)* $(Option<&mut $OT>,)*
                ) + use<$($captured)*>,
            ) {
                $(let $x_dot = crate::nn::twice::given($x, $x_dot);)+
                let (both, run) = crate::nn::twice::twice! {
                    @run $kind {$(($x $x_bar $x_dot $dot_bar: $X => $T))+} [$($r)*] [$($o)*] $Y
                };
                let pullback = move |
                    $($x: &$X,)+ $($r: &$R,)* $($x_dot: Option<&$T>,)+
                    $(crate::nn::rule::no_cotangent!(@name $r): Option<&$RT>,)*
                    bars: &($Y, $Y),
                    $(mut $x_bar: Option<&mut $T>,)+
                    $(crate::nn::rule::no_cotangent!(@name $r): Option<&mut $RT>,)*
                    $(crate::nn::rule::no_cotangent!(@name $o): Option<&mut $OT>,)*
                    $(mut $dot_bar: Option<&mut $T>,)+
                    $(crate::nn::rule::no_cotangent!(@name $r): Option<&mut $RT>,)*
                    $(crate::nn::rule::no_cotangent!(@name $o): Option<&mut $OT>,)*
                | {
                    $(let $x_dot = crate::nn::twice::given($x, $x_dot);)+
                    crate::nn::twice::twice! {
                        @pull $kind {$(($x $x_bar $x_dot $dot_bar: $X => $T))+} [$($r)*] [$($o)*] run bars
                    }
                };
                (both, pullback)
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn call_jvp_call_jvp<$($generics)*>(
                $($x: &$X,)+ $($r: &$R,)* $($o: $O,)*
                $($x_dot: Option<&$T>,)+
                $(crate::nn::rule::no_cotangent!(@name $r): Option<&$RT>,)*
                $(crate::nn::rule::no_cotangent!(@name $o): Option<$OT>,)*
                $($x_bar: Option<&$T>,)+
                $(crate::nn::rule::no_cotangent!(@name $r): Option<&$RT>,)*
                $(crate::nn::rule::no_cotangent!(@name $o): Option<$OT>,)*
                $($dot_bar: Option<&$T>,)+
                $(crate::nn::rule::no_cotangent!(@name $r): Option<&$RT>,)*
                $(crate::nn::rule::no_cotangent!(@name $o): Option<$OT>,)*
            ) -> (($Y, $Y), ($Y, $Y)) {
                $(let ($x_dot, $x_bar, $dot_bar) = (
                    crate::nn::twice::given($x, $x_dot),
                    crate::nn::twice::given($x, $x_bar),
                    crate::nn::twice::given($x, $dot_bar),
                );)+
                crate::nn::twice::twice! {
                    @push $kind {$(($x $x_bar $x_dot $dot_bar: $X => $T))+} [$($r)*] [$($o)*] $Y
                }
            }
        }
    };

    // Functions that are linear, or linear in each of two factors.
    (@run [linear] $($function:tt)*) => { crate::nn::twice::twice! { @run_linear $($function)* } };
    (@run [product $($factors:tt)*] $($function:tt)*) => { crate::nn::twice::twice! { @run_linear $($function)* } };
    (
        @run_linear {$(($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty))+} [$($r:ident)*] [$($o:ident)*] $Y:ty
    ) => {
        Self::call_both($($x,)+ $($r,)* $($o.clone(),)* $($x_dot,)+)
    };
    (@run [lanes $Op:ident] $($function:tt)*) => {{
        let (both, run) = crate::nn::twice::twice! { @run_linear $($function)* };
        let y = both.0.clone();
        (both, (y, run))
    }};
    (
        @pull [lanes $Op:ident] {($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty)}
        [] [$axis:ident] $run:ident $bars:ident
    ) => {
        if let (Some(dot), Some(bar)) = ($x_dot, $x_bar.as_deref_mut().filter(|_| !$bars.1.is_empty())) {
            let mut bent = crate::nn::axes::bent::<$Op, _, _>($x, &$run.0, dot, $axis);
            bent *= &$bars.1.view().insert_axis($axis);
            crate::accumulate(bar, bent);
        }
        let run = &$run.1;
        crate::nn::twice::twice! {
            @pull_linear [] {($x $x_bar $x_dot $dot_bar: $X => $T)} [] [$axis] run $bars
        }
    };
    (
        @push [lanes $Op:ident] {($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty)}
        [] [$axis:ident] $Y:ty
    ) => {{
        let (both, (tangent, mut second)) = crate::nn::twice::twice! {
            @push_linear [] {($x $x_bar $x_dot $dot_bar: $X => $T)} [] [$axis] $Y
        };
        if let (Some(dot), Some(along)) = ($x_dot, $x_bar) {
            let bent = crate::nn::axes::bent::<$Op, _, _>($x, &both.0, dot, $axis);
            crate::accumulate(&mut second, (bent * along).sum_axis($axis));
        }
        (both, (tangent, second))
    }};
    (@pull [linear] $($function:tt)*) => { crate::nn::twice::twice! { @pull_linear [] $($function)* } };
    (
        @pull [product $a:ident $a_bar:ident $a_dot:ident, $b:ident $b_bar:ident $b_dot:ident] $($function:tt)*
    ) => {
        crate::nn::twice::twice! {
            @pull_linear [($a $a_dot $b_bar) ($b $b_dot $a_bar)] $($function)*
        }
    };
    (
        @pull_linear [$($pair:tt)*] {$(($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty))+}
        [$($r:ident)*] [$($o:ident)*] $run:ident $bars:ident
    ) => {
        $run(
            $($x,)+ $($r,)* &$bars.1, $($dot_bar.as_deref_mut(),)+
            $(crate::nn::rule::no_cotangent!($r),)* $(crate::nn::rule::no_cotangent!($o),)*
        );
        $run(
            $($x,)+ $($r,)* &$bars.0, $($x_bar.as_deref_mut(),)+
            $(crate::nn::rule::no_cotangent!($r),)* $(crate::nn::rule::no_cotangent!($o),)*
        );
        crate::nn::twice::twice! {
            @pull_pairs [$($pair)*] {$(($x $x_bar: $T))+} [$($r)*] [$($o)*] $run $bars
        }
    };
    (@pull_pairs [] $($function:tt)*) => {};
    // One factor in its direction, for the cotangent of the other: what the pullback keeps does not depend on the numbers.
    (
        @pull_pairs [($a:ident $a_dot:ident $b_bar:ident) $($pair:tt)*] {$(($x:ident $x_bar:ident: $T:ty))+}
        [$($r:ident)*] [$($o:ident)*] $run:ident $bars:ident
    ) => {
        if let (Some($a), Some(bar)) = ($a_dot, $b_bar.as_deref_mut()) {
            $(let $x_bar: Option<&mut $T> = None;)+
            let $b_bar = Some(bar);
            $run(
                $($x,)+ $($r,)* &$bars.1, $($x_bar,)+
                $(crate::nn::rule::no_cotangent!($r),)* $(crate::nn::rule::no_cotangent!($o),)*
            );
        }
        crate::nn::twice::twice! { @pull_pairs [$($pair)*] {$(($x $x_bar: $T))+} [$($r)*] [$($o)*] $run $bars }
    };
    (@push [linear] $($function:tt)*) => { crate::nn::twice::twice! { @push_linear [] $($function)* } };
    (
        @push [product $a:ident $a_bar:ident $a_dot:ident, $b:ident $b_bar:ident $b_dot:ident] $($function:tt)*
    ) => {
        crate::nn::twice::twice! {
            @push_linear [($a $a_bar $b_dot) ($b $b_bar $a_dot)] $($function)*
        }
    };
    (
        @push_linear [$($pair:tt)*] {$(($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty))+}
        [$($r:ident)*] [$($o:ident)*] $Y:ty
    ) => {{
        let own = ($(crate::nn::twice::Again::again($r),)*);
        let other = ($(crate::nn::twice::Again::again($r),)*);
        let (_, y_tangent) = {
            let ($($r,)*) = &own;
            crate::nn::twice::twice! { @forward ($($x,)+ $($r,)* $($o.clone(),)*) ($($x_bar,)+) [$($r)*] [$($o)*] }
        };
        let (_, mut second) = {
            let ($($r,)*) = &other;
            crate::nn::twice::twice! { @forward ($($x,)+ $($r,)* $($o.clone(),)*) ($($dot_bar,)+) [$($r)*] [$($o)*] }
        };
        let both = crate::nn::twice::twice! { @forward ($($x,)+ $($r,)* $($o.clone(),)*) ($($x_dot,)+) [$($r)*] [$($o)*] };
        crate::nn::twice::twice! {
            @push_pairs [$($pair)*] {$(($x $x_dot: $T))+} [$($r)*] [$($o)*] second
        }
        (both, (y_tangent, second))
    }};
    (@push_pairs [] $($function:tt)*) => {};
    (
        @push_pairs [($a:ident $a_tangent:ident $b_dot:ident) $($pair:tt)*] {$(($x:ident $x_dot:ident: $T:ty))+}
        [$($r:ident)*] [$($o:ident)*] $second:ident
    ) => {
        if let (Some($a), Some(dot)) = ($a_tangent, $b_dot) {
            $(let $x_dot: Option<&$T> = None;)+
            let $b_dot = Some(dot);
            let (_, change) = crate::nn::twice::twice! { @forward ($($x,)+ $($r,)* $($o.clone(),)*) ($($x_dot,)+) [$($r)*] [$($o)*] };
            crate::accumulate(&mut $second, change);
        }
        crate::nn::twice::twice! { @push_pairs [$($pair)*] {$(($x $x_dot: $T))+} [$($r)*] [$($o)*] $second }
    };

    // Functions that have a definition.
    (
        @run [definition $definition:ident($($Seen:ident),+ $(; $($constant:expr),+)?) -> $Given:ident]
        {$(($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty))+} [$($r:ident)*] [$($o:ident)*] $Y:ty
    ) => {{
        use crate::nn::twice::{Given, Seen};
        let [.., like] = [$($x.shape().to_vec()),+];
        let copies = (
            ($(<crate::nn::twice::$Seen as Seen<_>>::of($x),)+),
            ($($x_dot.map(|dot| <crate::nn::twice::$Seen as Seen<_>>::of(dot)),)+),
        );
        let (($($x,)+), ($($x_dot,)+)) = &copies;
        let ((y, y_dot), run) = crate::nn::definitions::$definition::call_jvp_call_vjp(
            $($x,)+ $($($constant,)+)? $($x_dot.as_ref(),)+ $($(crate::nn::twice::twice!(@none $constant),)+)?
        );
        let [y, y_dot] = [y, y_dot].map(|part| <crate::nn::twice::$Given as Given<$Y>>::taken(part, &like));
        let size = crate::nn::twice::Filled::size(&y);
        ((y, y_dot), (size, run, copies))
    }};
    (
        @pull [definition $definition:ident($($Seen:ident),+ $(; $($constant:expr),+)?) -> $Given:ident]
        {$(($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty))+} [$($r:ident)*] [$($o:ident)*]
        $run:ident $bars:ident
    ) => {
        use crate::nn::twice::{Filled as _, Given};
        let shapes = ($($x.raw_dim(),)+);
        let (($($x,)+), ($($x_dot,)+)) = &$run.2;
        $(let (mut $x_bar, mut $dot_bar) =
            (($x_bar, crate::zero_tangent($x)), ($dot_bar, crate::zero_tangent($x)));)+
        let bars = (
            <crate::nn::twice::$Given as Given<_>>::given($bars.0.filled(&$run.0)),
            <crate::nn::twice::$Given as Given<_>>::given($bars.1.filled(&$run.0)),
        );
        ($run.1)(
            $($x,)+ $($x_dot.as_ref(),)+ &bars,
            $($x_bar.0.is_some().then_some(&mut $x_bar.1),)+ $($(crate::nn::twice::twice!(@none $constant),)+)?
            $($dot_bar.0.is_some().then_some(&mut $dot_bar.1),)+ $($(crate::nn::twice::twice!(@none $constant),)+)?
        );
        let ($($x,)+) = shapes;
        $(
            crate::nn::twice::add::<crate::nn::twice::$Seen, _, _>($x_bar.0, $x_bar.1, $x.clone());
            crate::nn::twice::add::<crate::nn::twice::$Seen, _, _>($dot_bar.0, $dot_bar.1, $x);
        )+
    };
    (
        @push [definition $definition:ident($($Seen:ident),+ $(; $($constant:expr),+)?) -> $Given:ident]
        {$(($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty))+} [$($r:ident)*] [$($o:ident)*] $Y:ty
    ) => {{
        use crate::nn::twice::{Given, Seen};
        let [.., like] = [$($x.shape().to_vec()),+];
        $(let ($x, $x_dot, $x_bar, $dot_bar) = (
            <crate::nn::twice::$Seen as Seen<_>>::of($x),
            $x_dot.map(|dot| <crate::nn::twice::$Seen as Seen<_>>::of(dot)),
            $x_bar.map(|dot| <crate::nn::twice::$Seen as Seen<_>>::of(dot)),
            $dot_bar.map(|dot| <crate::nn::twice::$Seen as Seen<_>>::of(dot)),
        );)+
        let ((y, y_dot), (y_tangent, second)) = crate::nn::definitions::$definition::call_jvp_call_jvp(
            $(&$x,)+ $($($constant,)+)?
            $($x_dot.as_ref(),)+ $($(crate::nn::twice::twice!(@none $constant),)+)?
            $($x_bar.as_ref(),)+ $($(crate::nn::twice::twice!(@none $constant),)+)?
            $($dot_bar.as_ref(),)+ $($(crate::nn::twice::twice!(@none $constant),)+)?
        );
        let [y, y_dot, y_tangent, second] = [y, y_dot, y_tangent, second]
            .map(|part| <crate::nn::twice::$Given as Given<$Y>>::taken(part, &like));
        ((y, y_dot), (y_tangent, second))
    }};

    // Normalisations of rows.
    (
        @run [rows($both:expr)]
        {($x:ident $x_bar:ident $x_dot:ident $x2:ident: $X:ty => $T:ty)
        ($w:ident $w_bar:ident $w_dot:ident $w2:ident: $W:ty => $V:ty)
        $(($b:ident $b_bar:ident $b_dot:ident $b2:ident: $B:ty => $U:ty))?} $r:tt $o:tt $Y:ty
    ) => {{
        let (y, scales) = $both;
        let y_dot = crate::nn::norm_rows::push(&scales, $x, $w, $x_dot, [$w_dot, None$(.or($b_dot))?]);
        ((y, y_dot), scales)
    }};
    (
        @pull [rows($both:expr)]
        {($x:ident $x_bar:ident $x_dot:ident $x2:ident: $X:ty => $T:ty)
        ($w:ident $w_bar:ident $w_dot:ident $w2:ident: $W:ty => $V:ty)
        $(($b:ident $b_bar:ident $b_dot:ident $b2:ident: $B:ty => $U:ty))?} $r:tt $o:tt $run:ident $bars:ident
    ) => {
        crate::nn::norm_twice::pull(
            &$run, ($x, $x_dot), ($w, $w_dot), $bars, [$x_bar, $x2],
            [[$w_bar, None$(.or($b_bar))?], [$w2, None$(.or($b2))?]],
        )
    };
    (
        @push [rows($both:expr)]
        {($x:ident $x_bar:ident $x_dot:ident $x2:ident: $X:ty => $T:ty)
        ($w:ident $w_bar:ident $w_dot:ident $w2:ident: $W:ty => $V:ty)
        $(($b:ident $b_bar:ident $b_dot:ident $b2:ident: $B:ty => $U:ty))?} $r:tt $o:tt $Y:ty
    ) => {{
        use crate::nn::{norm_rows, norm_twice};
        let (y, scales) = $both;
        let y_dot = norm_rows::push(&scales, $x, $w, $x_dot, [$w_dot, None$(.or($b_dot))?]);
        let y_tangent = norm_rows::push(&scales, $x, $w, $x_bar, [$w_bar, None$(.or($b_bar))?]);
        let second = norm_twice::push(
            &scales, $x, $w, [$x_dot, $x_bar, $x2], [$w_dot, $w_bar, $w2], None$(.or($b2))?,
        );
        ((y, y_dot), (y_tangent, second))
    }};

    // Functions whose forward rule is differentiated.
    (
        @run [forward $definition:ident] {$(($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty))+}
        [] [] $Y:ty
    ) => {{
        $(let $x_dot = $x_dot.cloned().unwrap_or_else(|| crate::zero_tangent($x));)+
        crate::nn::definitions::$definition::call_vjp($(&$x.to_owned(),)+ $(&$x_dot,)+)
    }};
    (
        @pull [forward $definition:ident] {$(($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty))+}
        [] [] $run:ident $bars:ident
    ) => {
        $(let $x_dot = $x_dot.cloned().unwrap_or_else(|| crate::zero_tangent($x));)+
        $run($(&$x.to_owned(),)+ $(&$x_dot,)+ $bars, $($x_bar,)+ $($dot_bar,)+);
    };
    (
        @push [forward $definition:ident] {$(($x:ident $x_bar:ident $x_dot:ident $dot_bar:ident: $X:ty => $T:ty))+}
        [] [] $Y:ty
    ) => {{
        $(let $x_dot = $x_dot.cloned().unwrap_or_else(|| crate::zero_tangent($x));)+
        crate::nn::definitions::$definition::call_jvp($(&$x.to_owned(),)+ $(&$x_dot,)+ $($x_bar,)+ $($dot_bar,)+)
    }};
}

pub(crate) use twice;
