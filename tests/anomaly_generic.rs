//! What is looked at operation by operation has the derivatives of the plain function: generic arrays of the second order.
#![allow(clippy::all, clippy::pedantic, unreachable_pub)]

use differentiable::differentiable;
use differentiable::ndarray::{Array1, ArrayView1, NdFloat, array};
use num_traits::Float;

/// A function as it is, with its operations looked at, and without analyses.
macro_rules! watched {
    ($name:ident: $($function:tt)*) => {
        mod $name {
            use super::*;

            pub mod plain {
                use super::*;
                #[differentiable(hvp)]
                pub $($function)*
            }
            pub mod looked_at {
                use super::*;
                #[differentiable(hvp, anomaly)]
                pub $($function)*
            }
            pub mod without_analyses {
                use super::*;
                #[differentiable(hvp, analyses = off)]
                pub $($function)*
            }
        }
    };
}

watched! { negated: fn f<A: NdFloat>(x: &Array1<A>) -> A {
    let y = x.mapv(|v| -v);
    let z = y.mapv(|v| v * v * v);
    (-z).sum()
} }

watched! { products: fn f<A: NdFloat>(x: &Array1<A>) -> A {
    let y = -(x * A::one());
    let z = &y * &y * x;
    let e = z.mapv(|v| v.exp());
    (-(&e / &(&y + A::one()))).sum() - x.dot(&(x * A::one())).sqrt()
} }

watched! { numbers: fn f<T: Float>(x: &Array1<T>) -> T {
    let mut sum = T::zero();
    for v in x {
        sum = sum + -*v * v.exp();
    }
    sum
} }

watched! { fixed: fn f(x: &Array1<f64>) -> f64 {
    let y = -x;
    let z = -&y;
    let sines = x.map(|v| v.sin());
    (&y * &z * &sines).sum()
} }

watched! { views: fn f(x: ArrayView1<f64>) -> f64 {
    let y = -&x;
    let z = &y * &x;
    z.mapv(f64::exp).sum() / x.sum()
} }

#[test]
fn second_derivatives_are_the_same() {
    let (x, v) = (array![0.3, 0.5, 0.7], array![1.0, -0.2, 0.4]);
    let near = |a: &Array1<f64>, b: &Array1<f64>| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
    macro_rules! same {
        ($name:ident, $x:expr, $v:expr) => {
            let expected = ($name::plain::f::grad($x), $name::plain::f::hvp($x, $v));
            for (grad, hvp) in [
                ($name::looked_at::f::grad($x), $name::looked_at::f::hvp($x, $v)),
                ($name::without_analyses::f::grad($x), $name::without_analyses::f::hvp($x, $v)),
            ] {
                assert!(near(&grad, &expected.0) && near(&hvp, &expected.1), stringify!($name));
            }
            let h = 1e-5;
            let (above, below) = (&x + &(&v * h), &x - &(&v * h));
            let slopes = (at!($name, &above) - at!($name, &below)) / (2.0 * h);
            assert!((slopes - &expected.1).iter().all(|d| d.abs() < 1e-6), stringify!($name));
        };
    }
    macro_rules! at {
        (views, $x:expr) => {
            views::plain::f::grad($x.view())
        };
        ($name:ident, $x:expr) => {
            $name::plain::f::grad($x)
        };
    }
    same!(negated, &x, &v);
    same!(products, &x, &v);
    same!(numbers, &x, &v);
    same!(fixed, &x, &v);
    same!(views, x.view(), v.view());
}
