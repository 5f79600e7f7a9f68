#[allow(dead_code)]
/// Every value and every contribution is checked.
fn root(x: f64, k: f64) -> f64 {
    let y = x.sqrt();
    y * k
}
/// Derivatives of the function [`root`](fn@root).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum root {}
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
    impl root {
        /// The value of `root`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            x: f64,
            k: f64,
            x_bar: &mut f64,
            k_bar: &mut f64,
        ) -> f64 {
            rt::check_value(&x, "", "x", ::core::file!(), 3, 9);
            rt::check_value(&k, "", "k", ::core::file!(), 3, 17);
            let y = x.sqrt();
            rt::check_value(&y, "`.sqrt()`", "y", ::core::file!(), 4, 15);
            let product = y * k;
            rt::check_value(&product, "`*`", "product", ::core::file!(), 5, 5);
            rt::check_adjoint(&k, "`*`", "product", ::core::file!(), 5, 5);
            rt::check_adjoint(&y, "`*`", "product", ::core::file!(), 5, 5);
            *k_bar += y;
            let product_2 = k * (0.5 / y);
            rt::check_adjoint(&product_2, "`.sqrt()`", "y", ::core::file!(), 4, 15);
            *x_bar += product_2;
            product
        }
        /// The value of `root` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64, k: f64) -> (f64, (f64, f64)) {
            let mut x_bar = 0.0;
            let mut k_bar = 0.0;
            let value = Self::value_and_grad_into(x, k, &mut x_bar, &mut k_bar);
            (value, (x_bar, k_bar))
        }
        /// The gradients of `root`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64, k: f64) -> (f64, f64) {
            Self::value_and_grad(x, k).1
        }
        /// The value of `root` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(x: f64, k: f64) -> (f64, impl Fn(f64) -> (f64, f64) + use<>) {
            let (value, pullback) = Self::call_vjp(x, k);
            let pullback = move |value_bar: f64| {
                let mut x_bar = 0.0;
                let mut k_bar = 0.0;
                pullback(&value_bar, Some(&mut x_bar), Some(&mut k_bar));
                (x_bar, k_bar)
            };
            (value, pullback)
        }
        /// The value of `root` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, k: f64, x_dot: f64, k_dot: f64) -> (f64, f64) {
            rt::check_value(&x, "", "x", ::core::file!(), 3, 9);
            rt::check_value(&k, "", "k", ::core::file!(), 3, 17);
            let y = x.sqrt();
            rt::check_value(&y, "`.sqrt()`", "y", ::core::file!(), 4, 15);
            let product = y * k;
            rt::check_value(&product, "`*`", "product", ::core::file!(), 5, 5);
            (product, 0.5 / y * x_dot * k + y * k_dot)
        }
        /// The value of `root` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: f64,
            k: f64,
        ) -> (f64, impl Fn(&f64, Option<&mut f64>, Option<&mut f64>) + use<>) {
            rt::check_value(&x, "", "x", ::core::file!(), 3, 9);
            rt::check_value(&k, "", "k", ::core::file!(), 3, 17);
            let y = x.sqrt();
            rt::check_value(&y, "`.sqrt()`", "y", ::core::file!(), 4, 15);
            let product = y * k;
            rt::check_value(&product, "`*`", "product", ::core::file!(), 5, 5);
            let pullback = move |
                &value_bar: &f64,
                mut x_bar: Option<&mut f64>,
                mut k_bar: Option<&mut f64>|
            {
                let product = value_bar * k;
                rt::check_adjoint(&product, "`*`", "product", ::core::file!(), 5, 5);
                let product_2 = value_bar * y;
                rt::check_adjoint(&product_2, "`*`", "product", ::core::file!(), 5, 5);
                let product = product * (0.5 / y);
                rt::check_adjoint(&product, "`.sqrt()`", "y", ::core::file!(), 4, 15);
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += product;
                }
                if let Some(k_bar) = k_bar.as_deref_mut() {
                    *k_bar += product_2;
                }
            };
            (product, pullback)
        }
        /// The value of `root` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: f64,
            k: f64,
            x_dot: Option<f64>,
            k_dot: Option<f64>,
        ) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            let k_dot = k_dot.unwrap_or(0.0);
            Self::jvp(x, k, x_dot, k_dot)
        }
        /// `call_vjp` of `root` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: f64,
            k: f64,
        ) -> (
            f64,
            impl Fn(
                &(),
                &f64,
                Option<&mut ()>,
                Option<&mut f64>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, k);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &f64,
                    argument_2: Option<&mut ()>,
                    argument_3: Option<&mut f64>,
                    argument_4: Option<&mut f64>|
                pullback(argument_1, argument_3, argument_4),
            )
        }
        /// `call_jvp` of `root` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: f64,
            k: f64,
            _: Option<&()>,
            x_dot: Option<f64>,
            k_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::call_jvp(x, k, x_dot, k_dot)
        }
        /// The static graph of `root`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "root",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | f64 | 3:9",
                "input differentiated | k | f64 | 3:17",
                "operation sqrt %0 | y | f64 | 4:9 | x.sqrt()",
                "keeps #0 | x.sqrt()",
                "operation mul %2 %1 |  | f64 | 5:5 | y * k",
                "output %3 |  | f64 |  | y * k",
            ],
        );
    }
};
