#[allow(dead_code)]
fn roughness(mut items: impl Iterator<Item = f64>) -> f64 {
    let Some(mut previous) = items.next() else {
        return 0.0;
    };
    let mut total = 0.0;
    while let Some(x) = items.next() {
        total += (x - previous).powi(2);
        previous = x;
    }
    total
}
/// Derivatives of the function [`roughness`](fn@roughness).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum roughness {}
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
    impl roughness {
        /// The value of `roughness`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(items: &[f64], items_bar: &mut [f64]) -> f64 {
            rt::check_cotangent(
                "roughness::value_and_grad_into",
                "items",
                items,
                items_bar,
            );
            let mut items_taken = 0;
            let mut taken_tape = rt::NumberTape::new();
            let mut difference_tape = rt::NumberTape::new();
            let value = if !(items_taken < items.len()) {
                0.0
            } else {
                let taken = items_taken;
                let items_item = &items[items_taken];
                items_taken += 1;
                let mut previous = *items_item;
                let mut total = 0.0;
                let mut trips = 0_usize;
                while items_taken < items.len() {
                    trips += 1;
                    taken_tape.push(items_taken);
                    let items_item = &items[items_taken];
                    items_taken += 1;
                    let x = *items_item;
                    let difference = x - previous;
                    difference_tape.push(difference);
                    total += difference.powi(2);
                    previous = x;
                }
                let taken_saved = &mut taken_tape.reader();
                let difference_saved = &mut difference_tape.reader();
                let mut previous_bar = 0.0;
                for _ in 0..trips {
                    let product = 2.0 * *difference_saved.pop();
                    let x_bar = previous_bar + product;
                    previous_bar = -product;
                    items_bar[*taken_saved.pop()] += x_bar;
                }
                items_bar[taken] += previous_bar;
                total
            };
            value
        }
        /// The value of `roughness` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(items: &[f64]) -> (f64, Vec<f64>) {
            let mut items_bar = rt::vec![0.0; items.len()];
            let value = Self::value_and_grad_into(items, &mut items_bar);
            (value, items_bar)
        }
        /// The gradients of `roughness`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(items: &[f64]) -> Vec<f64> {
            Self::value_and_grad(items).1
        }
        /// The value of `roughness` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(items: &'a [f64]) -> (f64, impl Fn(f64) -> Vec<f64> + use<'a>) {
            let (value, pullback) = Self::call_vjp(items);
            let pullback = move |value_bar: f64| {
                let mut items_bar = rt::vec![0.0; items.len()];
                pullback(items, &value_bar, Some(&mut items_bar));
                items_bar
            };
            (value, pullback)
        }
        /// The value of `roughness` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(items: &[f64], items_dot: &[f64]) -> (f64, f64) {
            rt::check_tangent("roughness::jvp", "items", items, items_dot);
            let mut items_taken = 0;
            if !(items_taken < items.len()) {
                return (0.0, 0.0);
            }
            let items_item = &items[items_taken];
            let items_item_dot = &items_dot[items_taken];
            items_taken += 1;
            let mut previous_dot = *items_item_dot;
            let mut previous = *items_item;
            let mut total_dot = 0.0;
            let mut total = 0.0;
            while items_taken < items.len() {
                let items_item = &items[items_taken];
                let items_item_dot = &items_dot[items_taken];
                items_taken += 1;
                let x = *items_item;
                let difference = x - previous;
                total_dot += 2.0 * difference * (*items_item_dot - previous_dot);
                total += difference.powi(2);
                previous_dot = *items_item_dot;
                previous = x;
            }
            (total, total_dot)
        }
        /// The value of `roughness` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            items: &[f64],
        ) -> (f64, impl Fn(&[f64], &f64, Option<&mut [f64]>) + use<>) {
            let mut items_taken = 0;
            let absent = !(items_taken < items.len());
            let mut taken_tape = rt::NumberTape::new();
            let mut difference_tape = rt::NumberTape::new();
            let mut taken_saved = 0;
            let mut trips_saved = 0;
            let value = if absent {
                0.0
            } else {
                taken_saved = items_taken;
                let items_item = &items[items_taken];
                items_taken += 1;
                let mut previous = *items_item;
                let mut total = 0.0;
                let mut trips = 0_usize;
                while items_taken < items.len() {
                    trips += 1;
                    taken_tape.push(items_taken);
                    let items_item = &items[items_taken];
                    items_taken += 1;
                    let x = *items_item;
                    let difference = x - previous;
                    difference_tape.push(difference);
                    total += difference.powi(2);
                    previous = x;
                }
                trips_saved = trips;
                total
            };
            let pullback = move |
                _: &[f64],
                &value_bar: &f64,
                mut items_bar: Option<&mut [f64]>|
            {
                let taken_saved_2 = &mut taken_tape.reader();
                let difference_saved = &mut difference_tape.reader();
                if !absent {
                    let mut previous_bar = 0.0;
                    let total_bar = value_bar;
                    for _ in 0..trips_saved {
                        let product = total_bar * (2.0 * *difference_saved.pop());
                        let x_bar = previous_bar + product;
                        previous_bar = -product;
                        let taken = *taken_saved_2.pop();
                        if let Some(items_bar) = items_bar.as_deref_mut() {
                            items_bar[taken] += x_bar;
                        }
                    }
                    if let Some(items_bar) = items_bar.as_deref_mut() {
                        items_bar[taken_saved] += previous_bar;
                    }
                }
            };
            (value, pullback)
        }
        /// The value of `roughness` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(items: &[f64], items_dot: Option<&[f64]>) -> (f64, f64) {
            let items_zero;
            let items_dot = match items_dot {
                Some(items_dot) => items_dot,
                None => {
                    items_zero = rt::vec![0.0; items.len()];
                    &items_zero
                }
            };
            Self::jvp(items, items_dot)
        }
        /// `call_vjp` of `roughness` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            items: &[f64],
        ) -> (
            f64,
            impl Fn(&(), &[f64], &f64, Option<&mut ()>, Option<&mut [f64]>) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(items);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64],
                    argument_2: &f64,
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut [f64]>|
                pullback(argument_1, argument_2, argument_4),
            )
        }
        /// `call_jvp` of `roughness` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            items: &[f64],
            _: Option<&()>,
            items_dot: Option<&[f64]>,
        ) -> (f64, f64) {
            Self::call_jvp(items, items_dot)
        }
        /// The static graph of `roughness`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "roughness",
            ::core::file!(),
            &[::core::mem::size_of::<usize>(), ::core::mem::size_of::<f64>()],
            &[
                "input differentiated | items | &[f64] | 2:18",
                "control if |  |  |  | !(items_taken < items.len())",
                "operation index %0 | previous | &f64 | 2:18 | items[items_taken]",
                "operation add |  | usize | 2:18 | items_taken += 1",
                "control while %3 %2 %5 %7 %6 %10 |  |  |  | while",
                "keeps #0 %4 | items_taken",
                "operation lt %4 |  | bool | 7:25 | items_taken < items.len()",
                "operation index %4 %0 | x | &f64 | 2:18 | items[items_taken]",
                "operation add %4 |  | usize | 2:18 | items_taken += 1",
                "operation sub %6 %4 |  | f64 | 8:19 | x - previous",
                "keeps #1 %4 | x - previous",
                "operation powi %8 |  | f64 | 8:33 | (x - previous).powi(2)",
                "operation add %4 %9 | total | f64 | 6:13 | total += (x - previous).powi(2)",
                "output %4 |  | f64 |  | total",
            ],
        );
    }
};
