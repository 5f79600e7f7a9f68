#[allow(dead_code)]
fn swing(mut state: State, spring: &Spring, dt: f64, steps: usize) -> f64 {
    for _ in 0..steps {
        let Spring { k, rest, .. } = spring;
        state.v -= k * (state.x - rest) * dt;
        state.x += state.v * dt;
    }
    let last = State { x: state.x.sin(), ..state };
    last.x * last.v
}
/// Derivatives of the function [`swing`](fn@swing).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum swing {}
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
    impl swing {
        /// The value of `swing`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            mut state: State,
            spring: &Spring,
            dt: f64,
            steps: usize,
            state_bar: &mut <State as rt::Differentiable>::Tangent,
            spring_bar: &mut <Spring as rt::Differentiable>::Tangent,
            dt_bar: &mut f64,
        ) -> f64 {
            let mut difference_tape = rt::NumberTape::new();
            let mut state_v_tape = rt::NumberTape::new();
            let difference_row = difference_tape.row(steps);
            let state_v_row = state_v_tape.row(steps);
            let spring_k = spring.k;
            let spring_rest = spring.rest;
            for ((_, difference_saved), state_v_saved) in (0..steps)
                .zip(difference_row.iter_mut())
                .zip(state_v_row.iter_mut())
            {
                let difference = state.x - spring_rest;
                *difference_saved = difference;
                state.v -= spring_k * difference * dt;
                *state_v_saved = state.v;
                state.x += state.v * dt;
            }
            let last = State { x: state.x.sin(), ..state };
            /// Reverse sweep.
            let mut last_bar = rt::zero_tangent(&last);
            last_bar.v += last.x;
            last_bar.x += last.v;
            let sin_state_x_bar = last_bar.x;
            rt::fill_zero(&mut last_bar.x);
            let mut state_bar_2 = last_bar.clone();
            state_bar_2.x += sin_state_x_bar * state.x.cos();
            let mut spring_k_bar = 0.0;
            let mut spring_rest_bar = 0.0;
            let difference_saved = &mut difference_tape.reader();
            let state_v_saved = &mut state_v_tape.reader();
            let mut dt_bar_sum = 0.0;
            for ((_, &difference), state_v_saved) in (0..steps)
                .zip(difference_saved.row(steps).iter())
                .zip(state_v_saved.row(steps).iter())
                .rev()
            {
                dt_bar_sum += state_bar_2.x * *state_v_saved;
                state_bar_2.v += state_bar_2.x * dt;
                let negated = -state_bar_2.v;
                let product = negated * dt;
                dt_bar_sum += negated * (spring_k * difference);
                spring_k_bar += product * difference;
                let product = product * spring_k;
                spring_rest_bar -= product;
                state_bar_2.x += product;
            }
            *dt_bar += dt_bar_sum;
            spring_bar.rest += spring_rest_bar;
            spring_bar.k += spring_k_bar;
            rt::accumulate(state_bar, &state_bar_2);
            last.x * last.v
        }
        /// The value of `swing` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(
            state: State,
            spring: &Spring,
            dt: f64,
            steps: usize,
        ) -> (
            f64,
            (
                <State as rt::Differentiable>::Tangent,
                <Spring as rt::Differentiable>::Tangent,
                f64,
            ),
        ) {
            let mut state_bar = rt::zero_tangent(&state);
            let mut spring_bar = rt::zero_tangent(spring);
            let mut dt_bar = 0.0;
            let value = Self::value_and_grad_into(
                state,
                spring,
                dt,
                steps,
                &mut state_bar,
                &mut spring_bar,
                &mut dt_bar,
            );
            (value, (state_bar, spring_bar, dt_bar))
        }
        /// The gradients of `swing`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(
            state: State,
            spring: &Spring,
            dt: f64,
            steps: usize,
        ) -> (
            <State as rt::Differentiable>::Tangent,
            <Spring as rt::Differentiable>::Tangent,
            f64,
        ) {
            Self::value_and_grad(state, spring, dt, steps).1
        }
        /// The value of `swing` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            state: State,
            spring: &'a Spring,
            dt: f64,
            steps: usize,
        ) -> (
            f64,
            impl Fn(
                f64,
            ) -> (
                    <State as rt::Differentiable>::Tangent,
                    <Spring as rt::Differentiable>::Tangent,
                    f64,
                ) + use<'a>,
        ) {
            let state_zero = rt::zero_tangent(&state);
            let (value, pullback) = Self::call_vjp(state, spring, dt, steps);
            let pullback = move |value_bar: f64| {
                let mut state_bar = state_zero.clone();
                let mut spring_bar = rt::zero_tangent(spring);
                let mut dt_bar = 0.0;
                pullback(
                    spring,
                    &value_bar,
                    Some(&mut state_bar),
                    Some(&mut spring_bar),
                    Some(&mut dt_bar),
                    None,
                );
                (state_bar, spring_bar, dt_bar)
            };
            (value, pullback)
        }
        /// The value of `swing` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            mut state: State,
            spring: &Spring,
            dt: f64,
            steps: usize,
            mut state_dot: <State as rt::Differentiable>::Tangent,
            spring_dot: &<Spring as rt::Differentiable>::Tangent,
            dt_dot: f64,
        ) -> (f64, f64) {
            for _ in 0..steps {
                let difference = state.x - spring.rest;
                let product = spring.k * difference;
                state_dot.v
                    -= (rt::tangent_of(&spring.k, &spring_dot.k) * difference
                        + spring.k
                            * (rt::tangent_of(&state.x, &state_dot.x)
                                - rt::tangent_of(&spring.rest, &spring_dot.rest))) * dt
                        + product * dt_dot;
                state.v -= product * dt;
                state_dot.x
                    += rt::tangent_of(&state.v, &state_dot.v) * dt + state.v * dt_dot;
                state.x += state.v * dt;
            }
            let last = State { x: state.x.sin(), ..state };
            let mut last_dot = state_dot.clone();
            last_dot.x = state.x.cos() * rt::tangent_of(&state.x, &state_dot.x);
            (
                last.x * last.v,
                rt::tangent_of(&last.x, &last_dot.x) * last.v
                    + last.x * rt::tangent_of(&last.v, &last_dot.v),
            )
        }
        /// The value of `swing` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            mut state: State,
            spring: &Spring,
            dt: f64,
            steps: usize,
        ) -> (
            f64,
            impl Fn(
                &Spring,
                &f64,
                Option<&mut <State as rt::Differentiable>::Tangent>,
                Option<&mut <Spring as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
                Option<&mut ()>,
            ) + use<>,
        ) {
            let mut difference_tape = rt::NumberTape::new();
            let mut state_v_tape = rt::NumberTape::new();
            let difference_row = difference_tape.row(steps);
            let state_v_row = state_v_tape.row(steps);
            let spring_k = spring.k;
            let spring_rest = spring.rest;
            for ((_, difference_saved), state_v_saved) in (0..steps)
                .zip(difference_row.iter_mut())
                .zip(state_v_row.iter_mut())
            {
                let difference = state.x - spring_rest;
                *difference_saved = difference;
                state.v -= spring_k * difference * dt;
                *state_v_saved = state.v;
                state.x += state.v * dt;
            }
            let last = State { x: state.x.sin(), ..state };
            let state_x = state.x;
            let last_x = last.x;
            let last_v = last.v;
            let value = last.x * last.v;
            let pullback = move |
                _: &Spring,
                &value_bar: &f64,
                mut state_bar: Option<&mut <State as rt::Differentiable>::Tangent>,
                mut spring_bar: Option<&mut <Spring as rt::Differentiable>::Tangent>,
                mut dt_bar: Option<&mut f64>,
                _: Option<&mut ()>|
            {
                let mut last_bar = rt::zero_tangent(&last);
                last_bar.v += value_bar * last_x;
                last_bar.x += value_bar * last_v;
                let sin_state_x_bar = last_bar.x;
                rt::fill_zero(&mut last_bar.x);
                let mut state_bar_2 = last_bar.clone();
                state_bar_2.x += sin_state_x_bar * state_x.cos();
                let mut dt_bar_2 = 0.0;
                let mut spring_k_bar = 0.0;
                let mut spring_rest_bar = 0.0;
                let difference_saved = &mut difference_tape.reader();
                let state_v_saved = &mut state_v_tape.reader();
                for ((_, &difference), state_v_saved) in (0..steps)
                    .zip(difference_saved.row(steps).iter())
                    .zip(state_v_saved.row(steps).iter())
                    .rev()
                {
                    dt_bar_2 += state_bar_2.x * *state_v_saved;
                    state_bar_2.v += state_bar_2.x * dt;
                    let negated = -state_bar_2.v;
                    let product = negated * dt;
                    dt_bar_2 += negated * (spring_k * difference);
                    spring_k_bar += product * difference;
                    let product = product * spring_k;
                    spring_rest_bar -= product;
                    state_bar_2.x += product;
                }
                if let Some(spring_bar) = spring_bar.as_deref_mut() {
                    spring_bar.rest += spring_rest_bar;
                    spring_bar.k += spring_k_bar;
                }
                if let Some(state_bar) = state_bar.as_deref_mut() {
                    rt::accumulate(state_bar, &state_bar_2);
                }
                if let Some(dt_bar) = dt_bar.as_deref_mut() {
                    *dt_bar += dt_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `swing` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            state: State,
            spring: &Spring,
            dt: f64,
            steps: usize,
            state_dot: Option<<State as rt::Differentiable>::Tangent>,
            spring_dot: Option<&<Spring as rt::Differentiable>::Tangent>,
            dt_dot: Option<f64>,
            _: Option<()>,
        ) -> (f64, f64) {
            let state_dot = match state_dot {
                Some(state_dot) => state_dot,
                None => rt::zero_tangent(&state),
            };
            let spring_zero;
            let spring_dot = match spring_dot {
                Some(spring_dot) => spring_dot,
                None => {
                    spring_zero = rt::zero_tangent(spring);
                    &spring_zero
                }
            };
            let dt_dot = dt_dot.unwrap_or(0.0);
            Self::jvp(state, spring, dt, steps, state_dot, spring_dot, dt_dot)
        }
        /// `call_vjp` of `swing` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            state: State,
            spring: &Spring,
            dt: f64,
            steps: usize,
        ) -> (
            f64,
            impl Fn(
                &(),
                &State,
                &Spring,
                &f64,
                Option<&mut ()>,
                Option<&mut <State as rt::Differentiable>::Tangent>,
                Option<&mut <Spring as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
                Option<&mut ()>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(state, spring, dt, steps);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &State,
                    argument_2: &Spring,
                    argument_3: &f64,
                    argument_4: Option<&mut ()>,
                    argument_5: Option<&mut <State as rt::Differentiable>::Tangent>,
                    argument_6: Option<&mut <Spring as rt::Differentiable>::Tangent>,
                    argument_7: Option<&mut f64>,
                    argument_8: Option<&mut ()>|
                pullback(
                    argument_2,
                    argument_3,
                    argument_5,
                    argument_6,
                    argument_7,
                    argument_8,
                ),
            )
        }
        /// `call_jvp` of `swing` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            state: State,
            spring: &Spring,
            dt: f64,
            steps: usize,
            _: Option<&()>,
            state_dot: Option<&<State as rt::Differentiable>::Tangent>,
            spring_dot: Option<&<Spring as rt::Differentiable>::Tangent>,
            dt_dot: Option<f64>,
            steps_dot: Option<()>,
        ) -> (f64, f64) {
            Self::call_jvp(
                state,
                spring,
                dt,
                steps,
                state_dot.cloned(),
                spring_dot,
                dt_dot,
                steps_dot,
            )
        }
        /// The static graph of `swing`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "swing",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | state | State | 2:10",
                "input differentiated | spring | &Spring | 2:28",
                "keeps #0 | spring.k",
                "input differentiated | dt | f64 | 2:45",
                "input | steps | usize | 2:54",
                "control for %3 %0 %10 |  |  | 3:14 | 0..steps",
                "keeps #0 | state.x",
                "operation sub %4 %1 |  | f64 | 5:25 | state.x - spring.rest",
                "keeps #0 %4 | state.x - spring.rest",
                "operation mul %1 %5 again |  | f64 | 5:20 | spring.k * (state.x - spring.rest)",
                "operation mul %6 %2 |  | f64 | 5:20 | (spring.k * (state.x - spring.rest)) * dt",
                "operation sub %4 %7 | state | State | 2:10 | state.v -= (spring.k * (state.x - spring.rest)) * dt",
                "keeps #0 %4 | state.v",
                "operation mul %8 %2 |  | f64 | 6:20 | state.v * dt",
                "operation add %8 %9 | state | State | 2:10 | state.x += state.v * dt",
                "operation sin %4 |  | f64 | 8:35 | state.x.sin()",
                "operation constructor %11 %4 | last | State | 8:9 | State(state.x.sin(), state)",
                "keeps | State(state.x.sin(), state)",
                "keeps #0 | last.x",
                "keeps #0 | last.v",
                "operation mul %12 |  | f64 | 9:5 | last.x * last.v",
                "output %13 |  | f64 |  | last.x * last.v",
            ],
        );
    }
};
