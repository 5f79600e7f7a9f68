//! The functions of `nn` give the same for arrays of any layout in memory, forwards and in both modes.

#![allow(missing_docs)]

use autodiff_runtime::nn::{self, Conv, CrossEntropy, Pool};
use ndarray::{Array, Array1, Array2, Array3, Array4, Axis, Dimension, Slice, array};

/// What functions take and give.
trait Layouts: Sized {
    /// The same numbers by columns, with gaps, and backwards in memory.
    fn variants(&self) -> [Self; 3];
    /// Other numbers of the same shape.
    fn noise(&self) -> Self;
    fn assert_close(&self, other: &Self, what: &str);
}

impl Layouts for f64 {
    fn variants(&self) -> [f64; 3] {
        [*self; 3]
    }

    fn noise(&self) -> f64 {
        0.7
    }

    fn assert_close(&self, other: &f64, what: &str) {
        assert!((self - other).abs() <= 1e-12 * self.abs().max(1.0), "{what}: {self} and {other}");
    }
}

impl<D: Dimension> Layouts for Array<f64, D> {
    fn variants(&self) -> [Self; 3] {
        let columns = self.t().as_standard_layout().into_owned().reversed_axes();
        let mut doubled = self.raw_dim();
        doubled.slice_mut().iter_mut().for_each(|len| *len *= 2);
        let mut gaps = Array::zeros(doubled);
        gaps.slice_each_axis_mut(|_| Slice::from(..).step_by(2)).assign(self);
        gaps.slice_each_axis_inplace(|_| Slice::from(..).step_by(2));
        let mut backwards = Array::zeros(self.raw_dim());
        backwards.slice_each_axis_mut(|_| Slice::from(..).step_by(-1)).assign(self);
        (0..self.ndim()).for_each(|axis| backwards.invert_axis(Axis(axis)));
        [columns, gaps, backwards]
    }

    fn noise(&self) -> Self {
        let mut state = 1_u32;
        self.mapv(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1 << 23) - 1.0
        })
    }

    fn assert_close(&self, other: &Self, what: &str) {
        assert_eq!(self.shape(), other.shape(), "{what}");
        self.iter().zip(other).for_each(|(left, right)| left.assert_close(right, what));
    }
}

macro_rules! tuple {
    ($($T:ident $index:tt),*) => {
        impl<$($T: Layouts),*> Layouts for ($($T,)*) {
            fn variants(&self) -> [Self; 3] {
                let mut parts = ($(self.$index.variants().map(Some),)*);
                [0, 1, 2].map(|place| ($(parts.$index[place].take().expect("each is taken once"),)*))
            }

            fn noise(&self) -> Self {
                ($(self.$index.noise(),)*)
            }

            fn assert_close(&self, other: &Self, what: &str) {
                $(self.$index.assert_close(&other.$index, what);)*
            }
        }
    };
}

tuple!(T 0, U 1);
tuple!(T 0, U 1, V 2);

/// Compares value, pullback and tangent of a function between the layouts of its arrays, and of the cotangent.
macro_rules! check {
    ($name:ident($($x:ident),+ $(; $($rest:expr),+)?)) => {{
        let (y, pullback) = nn::$name::vjp($(&$x,)+ $($($rest),+)?);
        let bar = y.noise();
        let expected = pullback(bar.clone());
        $(let $x = ($x.clone(), $x.noise());)+
        let (_, y_dot) = nn::$name::jvp($(&$x.0,)+ $($($rest,)+)? $(&$x.1,)+);
        for variant in 0..3 {
            let what = concat!("`", stringify!($name), "` of another layout");
            $(let $x = (&$x.0.variants()[variant], &$x.1.variants()[variant]);)+
            let (value, pullback) = nn::$name::vjp($($x.0,)+ $($($rest),+)?);
            value.assert_close(&y, what);
            for bar in bar.variants() {
                pullback(bar).assert_close(&expected, what);
            }
            let (_, value_dot) = nn::$name::jvp($($x.0,)+ $($($rest,)+)? $($x.1,)+);
            value_dot.assert_close(&y_dot, what);
        }
    }};
}

fn numbers<D: Dimension, S: ndarray::ShapeBuilder<Dim = D>>(shape: S) -> Array<f64, D> {
    Array::zeros(shape).noise()
}

#[test]
fn elementwise_functions() {
    let x: Array3<f64> = numbers((3, 4, 5)) * 3.0;
    check!(relu(x));
    check!(elu(x));
    check!(gelu(x));
    check!(hardtanh(x));
    check!(log_sigmoid(x));
    check!(mish(x));
    check!(selu(x));
    check!(sigmoid(x));
    check!(silu(x));
    check!(softplus(x));
    check!(tanh(x));
    check!(softmax(x));
    check!(log_softmax(x));
    let y: Array3<f64> = numbers((3, 4, 5)).mapv(|y| y * y);
    let mask = y.mapv(|y| y > 0.3);
    check!(choose(x, y; &mask));
    check!(huber(x, y; 0.5));
    check!(smooth_l1(x, y; 0.5));
    check!(squared_error(x, y));
    check!(absolute_error(x, y));
    check!(mse(x, y));
    check!(l1_loss(x, y));
    check!(kl_div(x, y));
    check!(binary_cross_entropy_with_logits(x, y));
}

#[test]
fn functions_along_axes() {
    let x: Array3<f64> = numbers((3, 4, 5));
    for axis in [0, 1, 2].map(Axis) {
        check!(cumsum(x; axis));
        check!(sort(x; axis));
        check!(max_axis(x; axis));
        check!(min_axis(x; axis));
        check!(norm_axis(x; axis));
        check!(prod_axis(x; axis));
    }
    let indices = Array3::from_shape_fn((3, 2, 5), |(i, j, k)| (i + j + k) % 4);
    check!(gather(x; &indices, Axis(1)));
    let source: Array3<f64> = numbers((3, 2, 5));
    check!(scatter_add(x, source; &indices, Axis(1)));
}

#[test]
fn matrices() {
    let (a, b): (Array2<f64>, Array2<f64>) = (numbers((4, 4)) + Array2::<f64>::eye(4) * 3.0, numbers((4, 3)));
    check!(solve(a, b));
    check!(inverse(a));
    check!(determinant(a));
    check!(log_determinant(a));
    check!(tril(a; 1));
    check!(triu(a; -1));
    check!(einsum2(a, b; "ij,jk->ki"));
    let definite = a.dot(&a.t());
    check!(cholesky(definite));
    let (v, w): (Array1<f64>, Array1<f64>) = (numbers(4), numbers(3));
    check!(outer(v, w));
    let (stack, other): (Array3<f64>, Array3<f64>) = (numbers((2, 3, 4)), numbers((2, 4, 5)));
    check!(batch_matmul(stack, other));
    let x: Array2<f64> = numbers((6, 4));
    let weight: Array2<f64> = numbers((3, 4));
    check!(linear(x, weight, w));
    check!(embedding(x; &[2, 0, 2]));
    let other = &x.slice(ndarray::s![..;-1, ..]) + 1.0;
    check!(cosine_similarity(x, other));
    check!(cross_entropy(x; &[0, 1, 2, 3, 0, 1]));
    check!(cross_entropy_with(x; &[0, 1, 2, 3, 9, 1], CrossEntropy::new().label_smoothing(0.2).ignore(9)));
    let targets = nn::softmax(&x);
    check!(soft_cross_entropy(x, targets));
}

#[test]
fn images() {
    let (x, w): (Array4<f64>, Array4<f64>) = (numbers((2, 4, 6, 5)), numbers((6, 2, 3, 2)));
    let options = Conv::new().stride(2).padding(1).groups(2);
    check!(conv2d(x, w; options));
    let turned: Array4<f64> = numbers((4, 3, 3, 2));
    check!(conv_transpose2d(x, turned; options));
    let pointwise: Array4<f64> = numbers((3, 4, 1, 1));
    check!(conv2d(x, pointwise; Conv::new()));
    let (sequence, taps): (Array3<f64>, Array3<f64>) = (numbers((2, 4, 9)), numbers((3, 4, 3)));
    check!(conv1d(sequence, taps; Conv::new().dilation(2)));
    let bias: Array1<f64> = numbers(4);
    check!(add_bias(x, bias));
    check!(max_pool2d(x; Pool::new(2)));
    check!(avg_pool2d(x; Pool::new(3).stride(2).padding(1)));
    check!(adaptive_avg_pool2d(x; [2, 3]));
    check!(flatten(x));
    let weight: Array1<f64> = numbers(4);
    check!(group_norm(x, weight, bias; 2, 1e-5));
    let statistics = nn::RunningStatistics::of(array![0.1, 0.2, 0.3, 0.4], array![1.0, 2.0, 3.0, 4.0]);
    check!(batch_norm(x, weight, bias; &statistics, true));
    let fixed = nn::RunningStatistics::of(array![0.1, 0.2, 0.3, 0.4], array![1.0, 2.0, 3.0, 4.0]);
    check!(batch_norm(x, weight, bias; &fixed, false));
    let (scale, shift): (Array1<f64>, Array1<f64>) = (numbers(5), numbers(5));
    check!(layer_norm(x, scale, shift; 1e-5));
    check!(rms_norm(x, scale; 1e-5));
    let (q, k, v): (Array3<f64>, Array3<f64>, Array3<f64>) =
        (numbers((2, 3, 4)), numbers((2, 5, 4)), numbers((2, 5, 2)));
    check!(attention(q, k, v; true));
    check!(attention(q, k, v; false));
}
