//! The gradient check finds wrong derivatives and says where they are.

use autodiff_runtime::check::{GradcheckError, Mistake, Options, numeric_gradient};
use autodiff_runtime::gradcheck;

/// `scale Σ xᵢ² / n`, with derivatives that are right.
fn energy(x: &[f64], scale: f64, n: usize) -> f64 {
    scale * x.iter().map(|x| x * x).sum::<f64>() / n as f64
}

#[allow(non_camel_case_types)]
enum energy {}

type Slots<'s> = (Option<&'s mut [f64]>, Option<&'s mut f64>, Option<&'s mut ()>);

impl energy {
    #[allow(clippy::type_complexity)]
    fn call_vjp(
        x: &[f64],
        scale: f64,
        n: usize,
    ) -> (f64, impl Fn(&[f64], &f64, Option<&mut [f64]>, Option<&mut f64>, Option<&mut ()>) + use<>) {
        let pullback =
            move |x: &[f64], bar: &f64, x_bar: Option<&mut [f64]>, scale_bar: Option<&mut f64>, _: Option<&mut ()>| {
                if let Some(x_bar) = x_bar {
                    x_bar.iter_mut().zip(x).for_each(|(acc, x)| *acc += bar * scale * 2.0 * x / n as f64);
                }
                if let Some(scale_bar) = scale_bar {
                    *scale_bar += bar * energy(x, 1.0, n);
                }
            };
        (energy(x, scale, n), pullback)
    }

    fn call_jvp(
        x: &[f64],
        scale: f64,
        n: usize,
        x_dot: Option<&[f64]>,
        scale_dot: Option<f64>,
        _: Option<()>,
    ) -> (f64, f64) {
        let along: f64 = x_dot.map_or(0.0, |x_dot| x.iter().zip(x_dot).map(|(x, dot)| 2.0 * x * dot).sum());
        (energy(x, scale, n), scale * along / n as f64 + scale_dot.unwrap_or(0.0) * energy(x, 1.0, n))
    }
}

/// A function with the value of [`energy`] and something wrong in its derivatives, selected by a constant.
mod wrong {
    use super::Slots;

    macro_rules! wrong {
        ($name:ident, |$x:ident, $bar:ident, $slots:ident| $reverse:block, $value:expr, $forward:expr) => {
            pub(super) fn $name(x: &[f64], scale: f64, n: usize) -> f64 {
                super::energy(x, scale, n)
            }

            #[allow(non_camel_case_types)]
            pub(super) enum $name {}

            impl $name {
                #[allow(clippy::type_complexity)]
                pub(super) fn call_vjp(
                    x: &[f64],
                    scale: f64,
                    n: usize,
                ) -> (f64, impl Fn(&[f64], &f64, Option<&mut [f64]>, Option<&mut f64>, Option<&mut ()>) + use<>) {
                    let (value, right) = super::energy::call_vjp(x, scale, n);
                    let pullback = move |$x: &[f64],
                                         $bar: &f64,
                                         x_bar: Option<&mut [f64]>,
                                         scale_bar: Option<&mut f64>,
                                         n_bar: Option<&mut ()>| {
                        let wanted = x_bar.is_some();
                        let mut x_new = vec![0.0; $x.len()];
                        right($x, $bar, wanted.then_some(&mut x_new[..]), scale_bar, n_bar);
                        if let Some(x_bar) = x_bar {
                            x_bar.iter_mut().zip(&x_new).for_each(|(acc, new)| *acc += new);
                            let mut none = 0.0;
                            let $slots: Slots<'_> = (Some(x_bar), Some(&mut none), None);
                            $reverse
                        }
                    };
                    (value + $value, pullback)
                }

                pub(super) fn call_jvp(
                    x: &[f64],
                    scale: f64,
                    n: usize,
                    x_dot: Option<&[f64]>,
                    scale_dot: Option<f64>,
                    n_dot: Option<()>,
                ) -> (f64, f64) {
                    let (value, dot) = super::energy::call_jvp(x, scale, n, x_dot, scale_dot, n_dot);
                    (value, dot * $forward)
                }
            }
        };
    }

    thread_local! {
        static CALLS: std::cell::Cell<f64> = const { std::cell::Cell::new(0.0) };
    }

    wrong!(
        reverse,
        |_x, _bar, slots| {
            slots.0.unwrap()[2] += 0.75;
        },
        0.0,
        1.0
    );
    wrong!(forward, |_x, _bar, _slots| {}, 0.0, 2.0);
    wrong!(value, |_x, _bar, _slots| {}, 1.0, 1.0);
    wrong!(
        forgetful,
        |_x, _bar, slots| {
            slots.0.unwrap()[0] += CALLS.replace(CALLS.get() + 1.0);
        },
        0.0,
        1.0
    );
    wrong!(
        overwriting,
        |x, _bar, slots| {
            slots.0.unwrap()[1] = x[1];
        },
        0.0,
        1.0
    );
}

const X: [f64; 4] = [1.0, 2.0, 3.0, 4.0];

fn mistakes(error: Result<impl std::fmt::Debug, GradcheckError>) -> Vec<Mistake> {
    error.unwrap_err().mistakes
}

#[test]
fn right_derivatives() {
    let x = X.to_vec();
    let report = gradcheck!(energy(&x, 0.25, 2)).unwrap();
    assert_eq!((&report.function[..], report.elements), ("energy", 5));
    assert!(report.largest_error < 1e-9, "{report}");
    let count = x.len();
    gradcheck!(energy(&x[1..], -0.5 * 3.0, count + 1,)).unwrap();
    gradcheck!(energy(&X, 1e-9, 2)).unwrap();
    gradcheck!(self::energy(&[], 1.0, 2), Options { tolerance: 1e-8, ..Options::default() }).unwrap();
}

#[test]
fn a_wrong_element_in_reverse_mode() {
    let x = X;
    let error = gradcheck!(wrong::reverse(&x, 0.25, 2)).unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with(
            "gradcheck of `wrong::reverse`: parameter 0 (`&x`), element [2]: reverse 1.5, forward 0.75, \
             central difference 0.7"
        ),
        "{message}"
    );
    assert!(error.mistakes.iter().any(|mistake| matches!(
        mistake,
        Mistake::Derivative { at, reverse: 1.5, forward: 0.75, difference }
            if at.parameter == 0 && at.element == "[2]" && (difference - 0.75).abs() < 1e-9
    )));
    assert_eq!(format!("{error:?}"), message);
}

#[test]
fn wrong_forward_mode() {
    let mistakes = mistakes(gradcheck!(wrong::forward(&X[..], 0.25, 2)));
    assert_eq!(mistakes.len(), 5);
    assert!(matches!(&mistakes[4], Mistake::Derivative { at, .. } if at.to_string() == "parameter 1 (`0.25`)"));
}

#[test]
fn a_wrong_value() {
    let mistakes = mistakes(gradcheck!(wrong::value(&X[..], 1.0, 1)));
    assert_eq!(mistakes, [Mistake::Value { mode: "call_vjp", element: 0, expected: 30.0, found: 31.0 }]);
}

#[test]
fn a_pullback_that_changes() {
    let mistakes = mistakes(gradcheck!(wrong::forgetful(&X[..], 1.0, 1)));
    assert!(matches!(&mistakes[0], Mistake::NotRepeatable { at, .. } if at.element == "[0]"), "{mistakes:?}");
}

#[test]
fn a_pullback_that_overwrites() {
    let mistakes = mistakes(gradcheck!(wrong::overwriting(&X[..], 0.5, 1)));
    assert!(matches!(&mistakes[..], [Mistake::NotAdded { at, after: 2.0, .. }] if at.element == "[1]"), "{mistakes:?}");
}

#[test]
fn gradients_of_structures() {
    let mut parameters = (vec![1.0, 2.0], [[3.0_f32], [4.0]], 5_usize);
    let gradient = numeric_gradient(&mut parameters, |(a, b, c)| {
        a[0] * a[1] + f64::from(b[1][0]) * f64::from(b[0][0]) * *c as f64
    });
    let expected = [2.0, 1.0, 20.0, 15.0];
    let found = [gradient.0[0], gradient.0[1], gradient.1[0][0].into(), gradient.1[1][0].into()];
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-4, "{found} instead of {expected}");
    }
    assert_eq!(parameters, (vec![1.0, 2.0], [[3.0], [4.0]], 5));
}
