//! Activations: functions of one number, applied to every element of an array.

use ndarray::{Array, ArrayRef, Dimension, Zip};

use crate::elementwise::{
    self, Elu, Gelu, GeluTanh, Hardtanh, LogSigmoid, Mish, Relu, Selu, Sigmoid, Silu, Softplus, Tanh,
};
use crate::{Float, zero_tangent};

/// Defines an elementwise function of an array and its companion from a row of the table in [`elementwise`].
macro_rules! activation {
    ($(#[$doc:meta])* $name:ident, $Op:ident) => {
        $(#[$doc])*
        pub fn $name<A: Float, D: Dimension>(x: &ArrayRef<A, D>) -> Array<A, D> {
            elementwise::map::<$Op, A, D>(x.view())
        }

        #[doc = concat!("Derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub enum $name {}

        impl $name {
            /// The value, and a pullback from the cotangent of the value to that of `x`.
            pub fn vjp<'x, A: Float, D: Dimension>(
                x: &'x ArrayRef<A, D>,
            ) -> (Array<A, D>, impl Fn(Array<A, D>) -> Array<A, D> + use<'x, A, D>) {
                let (y, pullback) = Self::call_vjp(x);
                let pullback = move |y_bar: Array<A, D>| {
                    let mut x_bar = zero_tangent(x);
                    pullback(x, &y_bar, Some(&mut x_bar));
                    x_bar
                };
                (y, pullback)
            }

            /// The value, and the directional derivative along `x_dot`.
            pub fn jvp<A: Float, D: Dimension>(
                x: &ArrayRef<A, D>,
                x_dot: &Array<A, D>,
            ) -> (Array<A, D>, Array<A, D>) {
                Self::call_jvp(x, Some(x_dot))
            }

            #[doc(hidden)]
            pub fn call_vjp<A: Float, D: Dimension>(
                x: &ArrayRef<A, D>,
            ) -> (Array<A, D>, impl Fn(&ArrayRef<A, D>, &Array<A, D>, Option<&mut Array<A, D>>) + use<A, D>)
            {
                let y = $name(x);
                let kept = elementwise::keep::<$Op, A, D>(&y);
                let pullback =
                    move |x: &ArrayRef<A, D>, y_bar: &Array<A, D>, x_bar: Option<&mut Array<A, D>>| {
                        if let Some(x_bar) = x_bar {
                            elementwise::pull_into::<$Op, A, D>(x.view(), kept.as_ref(), y_bar, x_bar);
                        }
                    };
                (y, pullback)
            }

            #[doc(hidden)]
            pub fn call_jvp<A: Float, D: Dimension>(
                x: &ArrayRef<A, D>,
                x_dot: Option<&Array<A, D>>,
            ) -> (Array<A, D>, Array<A, D>) {
                let y = $name(x);
                let y_dot = match x_dot {
                    Some(x_dot) => elementwise::push::<$Op, A, D>(x.view(), &y, x_dot),
                    None => zero_tangent(&y),
                };
                (y, y_dot)
            }
        }
    };
}

activation! {
    /// The rectifier `max(x, 0)`. Its derivative at 0 is 0, and a NaN stays a NaN.
    relu, Relu
}

activation! {
    /// The logistic function `1 / (1 + exp(-x))`, without overflow.
    sigmoid, Sigmoid
}

activation! {
    /// The hyperbolic tangent.
    tanh, Tanh
}

activation! {
    /// The smooth rectifier `ln(1 + exp(x))`, without overflow.
    softplus, Softplus
}

activation! {
    /// The Gaussian error linear unit `x Φ(x)`, with the exact distribution function `Φ` of the normal distribution
    /// (Hendrycks and Gimpel, [arXiv:1606.08415](https://arxiv.org/abs/1606.08415)).
    gelu, Gelu
}

activation! {
    /// The approximation `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2` of [`gelu`](fn@gelu), PyTorch's `gelu` with
    /// `approximate="tanh"`.
    gelu_tanh, GeluTanh
}

activation! {
    /// The sigmoid linear unit `x sigmoid(x)`, also called swish
    /// (Hendrycks and Gimpel, [arXiv:1606.08415](https://arxiv.org/abs/1606.08415)).
    silu, Silu
}

activation! {
    /// The exponential linear unit: `x` where `x` is positive and `exp(x) - 1` elsewhere
    /// (Clevert, Unterthiner and Hochreiter, [arXiv:1511.07289](https://arxiv.org/abs/1511.07289)).
    elu, Elu
}

activation! {
    /// The exponential linear unit scaled so that activations keep mean 0 and variance 1
    /// (Klambauer and others, [arXiv:1706.02515](https://arxiv.org/abs/1706.02515)).
    selu, Selu
}

activation! {
    /// `x tanh(softplus(x))` (Misra, [arXiv:1908.08681](https://arxiv.org/abs/1908.08681)).
    mish, Mish
}

activation! {
    /// `x`, cut off at -1 and 1. Its derivative is 0 at both, as in PyTorch.
    hardtanh, Hardtanh
}

activation! {
    /// The logarithm of the logistic function, without overflow.
    log_sigmoid, LogSigmoid
}

/// The leaky rectifier: `x` where `x` is positive and `slope x` elsewhere. Its derivative at 0 is `slope`.
///
/// ```
/// use autodiff_runtime::nn::leaky_relu;
/// use ndarray::array;
///
/// assert_eq!(leaky_relu(&array![-2.0, 3.0], 0.5), array![-1.0, 3.0]);
/// ```
pub fn leaky_relu<A: Float, D: Dimension>(x: &ArrayRef<A, D>, slope: A) -> Array<A, D> {
    x.mapv(|x| if x > A::zero() { x } else { slope * x })
}

/// Derivatives of the function [`leaky_relu`](fn@leaky_relu).
#[allow(non_camel_case_types)]
pub enum leaky_relu {}

impl leaky_relu {
    /// The value, and a pullback from the cotangent of the value to those of `x` and `slope`.
    #[allow(clippy::type_complexity)]
    pub fn vjp<'x, A: Float, D: Dimension>(
        x: &'x ArrayRef<A, D>,
        slope: A,
    ) -> (Array<A, D>, impl Fn(Array<A, D>) -> (Array<A, D>, A) + use<'x, A, D>) {
        let (y, pullback) = Self::call_vjp(x, slope);
        let pullback = move |y_bar: Array<A, D>| {
            let (mut x_bar, mut slope_bar) = (zero_tangent(x), A::zero());
            pullback(x, &y_bar, Some(&mut x_bar), Some(&mut slope_bar));
            (x_bar, slope_bar)
        };
        (y, pullback)
    }

    /// The value, and the directional derivative along `(x_dot, slope_dot)`.
    pub fn jvp<A: Float, D: Dimension>(
        x: &ArrayRef<A, D>,
        slope: A,
        x_dot: &Array<A, D>,
        slope_dot: A,
    ) -> (Array<A, D>, Array<A, D>) {
        Self::call_jvp(x, slope, Some(x_dot), Some(slope_dot))
    }

    #[doc(hidden)]
    #[allow(clippy::type_complexity)]
    pub fn call_vjp<A: Float, D: Dimension>(
        x: &ArrayRef<A, D>,
        slope: A,
    ) -> (Array<A, D>, impl Fn(&ArrayRef<A, D>, &Array<A, D>, Option<&mut Array<A, D>>, Option<&mut A>) + use<A, D>)
    {
        let pullback = move |x: &ArrayRef<A, D>,
                             y_bar: &Array<A, D>,
                             x_bar: Option<&mut Array<A, D>>,
                             slope_bar: Option<&mut A>| {
            if let Some(x_bar) = x_bar {
                Zip::from(x_bar)
                    .and(y_bar)
                    .and(x)
                    .for_each(|acc, &g, &x| *acc += if x > A::zero() { g } else { slope * g });
            }
            if let Some(slope_bar) = slope_bar {
                *slope_bar += Zip::from(y_bar)
                    .and(x)
                    .fold(A::zero(), |sum, &g, &x| if x > A::zero() { sum } else { sum + g * x });
            }
        };
        (leaky_relu(x, slope), pullback)
    }

    #[doc(hidden)]
    pub fn call_jvp<A: Float, D: Dimension>(
        x: &ArrayRef<A, D>,
        slope: A,
        x_dot: Option<&Array<A, D>>,
        slope_dot: Option<A>,
    ) -> (Array<A, D>, Array<A, D>) {
        let y = leaky_relu(x, slope);
        let mut y_dot = zero_tangent(&y);
        if let Some(x_dot) = x_dot {
            Zip::from(&mut y_dot)
                .and(x_dot)
                .and(x)
                .for_each(|acc, &dot, &x| *acc = if x > A::zero() { dot } else { slope * dot });
        }
        if let Some(slope_dot) = slope_dot {
            Zip::from(&mut y_dot).and(x).for_each(|acc, &x| {
                if x <= A::zero() {
                    *acc += slope_dot * x;
                }
            });
        }
        (y, y_dot)
    }
}

impl crate::TwiceDifferentiable for leaky_relu {}

/// The derivatives of `call_jvp`: where a number is not positive, the value is the product of it and the slope.
#[allow(clippy::type_complexity, clippy::too_many_arguments)]
impl leaky_relu {
    #[doc(hidden)]
    pub fn call_jvp_call_vjp<A: Float, D: Dimension>(
        x: &ArrayRef<A, D>,
        slope: A,
        x_dot: Option<&Array<A, D>>,
        slope_dot: Option<A>,
    ) -> (
        (Array<A, D>, Array<A, D>),
        impl Fn(
            &ArrayRef<A, D>,
            Option<&Array<A, D>>,
            &(Array<A, D>, Array<A, D>),
            Option<&mut Array<A, D>>,
            Option<&mut A>,
            Option<&mut Array<A, D>>,
            Option<&mut A>,
        ) + use<A, D>,
    ) {
        let (_, run) = Self::call_vjp(x, slope);
        let pullback = move |x: &ArrayRef<A, D>,
                             x_dot: Option<&Array<A, D>>,
                             (y_bar, y_dot_bar): &(Array<A, D>, Array<A, D>),
                             mut x_bar: Option<&mut Array<A, D>>,
                             mut slope_bar: Option<&mut A>,
                             x_dot_bar: Option<&mut Array<A, D>>,
                             slope_dot_bar: Option<&mut A>| {
            run(x, y_dot_bar, x_dot_bar, slope_dot_bar);
            run(x, y_bar, x_bar.as_deref_mut(), slope_bar.as_deref_mut());
            if y_dot_bar.is_empty() {
                return;
            }
            if let (Some(x_bar), Some(slope_dot)) = (x_bar, slope_dot) {
                let zero = A::zero();
                Zip::from(x_bar).and(x).and(y_dot_bar).for_each(|bar, &x, &dot_bar| {
                    *bar += if x > zero { zero } else { slope_dot * dot_bar };
                });
            }
            if let (Some(slope_bar), Some(x_dot)) = (slope_bar, x_dot.filter(|x_dot| !x_dot.is_empty())) {
                let total = Zip::from(x).and(x_dot).and(y_dot_bar);
                *slope_bar +=
                    total.fold(A::zero(), |sum, &x, &dot, &bar| if x > A::zero() { sum } else { sum + dot * bar });
            }
        };
        (Self::call_jvp(x, slope, x_dot, slope_dot), pullback)
    }

    #[doc(hidden)]
    pub fn call_jvp_call_jvp<A: Float, D: Dimension>(
        x: &ArrayRef<A, D>,
        slope: A,
        x_dot: Option<&Array<A, D>>,
        slope_dot: Option<A>,
        x_tangent: Option<&Array<A, D>>,
        slope_tangent: Option<A>,
        x_dot_tangent: Option<&Array<A, D>>,
        slope_dot_tangent: Option<A>,
    ) -> ((Array<A, D>, Array<A, D>), (Array<A, D>, Array<A, D>)) {
        let (_, y_tangent) = Self::call_jvp(x, slope, x_tangent, slope_tangent);
        let (_, mut second) = Self::call_jvp(x, slope, x_dot_tangent, slope_dot_tangent);
        for (dot, slope) in [(x_dot, slope_tangent), (x_tangent, slope_dot)] {
            if let (Some(dot), Some(slope)) = (dot, slope) {
                Zip::from(&mut second).and(x).and(dot).for_each(|second, &x, &dot| {
                    *second += if x > A::zero() { A::zero() } else { slope * dot };
                });
            }
        }
        (Self::call_jvp(x, slope, x_dot, slope_dot), (y_tangent, second))
    }
}
