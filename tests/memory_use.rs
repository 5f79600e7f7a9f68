//! What is allocated: nothing where nothing has to be kept, and little per trip where something has.

use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2};
use differentiable::optim::{self, Optimizer};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

fn grow(bytes: usize) {
    ALLOCATIONS.set(ALLOCATIONS.get() + 1);
    LIVE.set(LIVE.get() + bytes);
    PEAK.set(PEAK.get().max(LIVE.get()));
}

fn shrink(bytes: usize) {
    LIVE.set(LIVE.get().saturating_sub(bytes));
}

// SAFETY: every call is handed on to the system's allocator; the counters do not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        shrink(layout.size());
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The old and the new block may exist at the same time, but a growing vector is counted by what it holds.
        shrink(layout.size());
        grow(size);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The result of `f`, the number of its allocations, and the most bytes that it held at one time.
fn measure<T>(f: impl FnOnce() -> T) -> (T, usize, usize) {
    let (allocations, live) = (ALLOCATIONS.get(), LIVE.get());
    PEAK.set(live);
    let result = f();
    (result, ALLOCATIONS.get() - allocations, PEAK.get() - live)
}

#[differentiable]
fn weighted_sum(w: &[f64], x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += w[i] * x[i];
    }
    s
}

#[differentiable]
fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    let mut s = 0.0;
    for (a, b) in a.iter().zip(b) {
        let d = a - b;
        if d > 0.0 {
            s += d * d;
        } else {
            s -= 2.0 * d;
        }
    }
    s
}

#[differentiable]
fn scaled_in_place(x: &mut [f64], k: f64) {
    for v in x.iter_mut() {
        *v *= 2.0;
        *v += k;
    }
}

#[differentiable]
fn logistic_map(x: f64, r: f64, n: usize) -> f64 {
    let mut y = x;
    let mut i = 0;
    while i < n {
        y = r * y * (1.0 - y);
        i += 1;
    }
    y
}

#[differentiable(wrt(x))]
fn until_small(x: f64, shrinking: f64) -> f64 {
    let mut y = x;
    let mut s = 0.0;
    while y > 1e-3 {
        s += y * y;
        y *= shrinking;
    }
    s
}

#[allow(clippy::needless_range_loop)]
#[differentiable]
fn scalars(x: f64, y: f64, n: usize) -> f64 {
    let mut t = [x, y, x * y];
    if n > 2 {
        t[0] = t[1].sin() * t[2];
        t[2] *= t[0];
    }
    for i in 0..3 {
        t[i] *= x;
    }
    t[0] + t[1] * t[2]
}

#[differentiable]
fn quadratic(w: &Array2<f64>, x: &Array1<f64>) -> f64 {
    w.dot(x).sum()
}

#[test]
fn linear_accumulation_allocates_nothing() {
    let n = 1000;
    let w: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let x: Vec<f64> = (0..n).map(|i| 0.5 * i as f64).collect();
    let (mut w_bar, mut x_bar) = (vec![1.0; n], vec![0.0; n]);
    let (value, allocations, _) = measure(|| weighted_sum::value_and_grad_into(&w, &x, &mut w_bar, &mut x_bar));
    assert_eq!(allocations, 0);
    assert_eq!(value, weighted_sum(&w, &x));
    assert_eq!((w_bar[10], x_bar[10]), (6.0, 10.0));

    let (_, allocations, _) = measure(|| squared_distance::value_and_grad_into(&w, &x, &mut w_bar, &mut x_bar));
    assert_eq!(allocations, 0);
    // d = 5 at index 10; the first pass left 6 and 10.
    assert_eq!((w_bar[10], x_bar[10]), (16.0, 0.0));

    // The gradients themselves are all that `grad` allocates.
    let (_, allocations, peak) = measure(|| weighted_sum::grad(&w, &x));
    assert_eq!((allocations, peak), (2, 16 * n));
}

#[test]
fn scalars_and_arrays_live_on_the_stack() {
    let ((value, gradient), allocations, _) = measure(|| scalars::value_and_grad(0.7, 1.3, 3));
    assert_eq!(allocations, 0);
    assert_eq!(value, scalars(0.7, 1.3, 3));
    let slope = |h: f64| (scalars(0.7 + h, 1.3, 3) - scalars(0.7 - h, 1.3, 3)) / (2.0 * h);
    assert!((gradient.0 - slope(1e-5)).abs() < 1e-8, "{} {}", gradient.0, slope(1e-5));
    let (tangent, allocations, _) = measure(|| scalars::jvp(0.7, 1.3, 3, 1.0, 0.0).1);
    assert_eq!((tangent, allocations), (gradient.0, 0));
}

#[test]
fn linear_changes_in_place_keep_nothing() {
    let mut x = vec![1.0; 1000];
    let (x_bar, k_bar) = {
        let ((_, pullback), allocations, _) = measure(|| scaled_in_place::vjp(&mut x, 3.0));
        assert_eq!(allocations, 0);
        pullback(vec![1.0; 1000])
    };
    assert_eq!((x[0], x_bar[0], k_bar), (5.0, 2.0, 1000.0));
    let mut x_dot = vec![1.0; 1000];
    let (_, allocations, _) = measure(|| scaled_in_place::jvp(&mut x, 3.0, &mut x_dot, 0.0));
    assert_eq!((allocations, x_dot[0]), (0, 2.0));
}

#[test]
fn a_million_trips_keep_one_number_each() {
    let n = 1_000_000;
    let ((value, gradient), _, peak) = measure(|| logistic_map::value_and_grad(0.3, 3.2, n));
    // A growing vector of numbers has at most twice the room that it needs.
    assert!(peak <= 16 * n + 4096, "{} bytes per trip", peak as f64 / n as f64);
    assert_eq!(value, logistic_map(0.3, 3.2, n));
    // The orbit has been attracted to a cycle by then: nothing depends on where it started.
    assert!(gradient.0.abs() < 1e-300, "{}", gradient.0);
    let slope = |h: f64| (logistic_map(0.3, 3.2 + h, n) - logistic_map(0.3, 3.2 - h, n)) / (2.0 * h);
    assert!((gradient.1 - slope(1e-6)).abs() < 1e-6, "{} {}", gradient.1, slope(1e-6));
}

#[test]
fn a_million_trips_that_the_data_decides() {
    let shrinking = 1.0 - 1e-5;
    let ((value, gradient), _, peak) = measure(|| until_small::value_and_grad(25.0, shrinking));
    let trips = (25e3f64.ln() / -shrinking.ln()).ceil();
    assert!(trips > 1e6);
    assert!(peak as f64 <= 16.0 * trips + 4096.0, "{} bytes per trip", peak as f64 / trips);
    // x² (1 - q^(2 n)) / (1 - q²).
    let closed = 2.0 * value / 25.0;
    assert!((gradient - closed).abs() < 1e-9 * closed, "{gradient} {closed}");
    let (_, tangent) = until_small::jvp(25.0, shrinking, 1.0);
    assert!((tangent - closed).abs() < 1e-9 * closed, "{tangent} {closed}");
}

#[test]
fn forward_mode_keeps_nothing() {
    let ((_, tangent), allocations, _) = measure(|| logistic_map::jvp(0.3, 3.2, 1_000_000, 0.0, 1.0));
    assert_eq!(allocations, 0);
    let (_, reverse) = logistic_map::grad(0.3, 3.2, 1_000_000);
    assert!((tangent - reverse).abs() < 1e-9, "{tangent} {reverse}");
}

#[test]
fn calling_the_function_itself_records_nothing() {
    let (value, allocations, _) = measure(|| logistic_map(0.3, 3.2, 1_000_000));
    assert_eq!(allocations, 0);
    assert!(value > 0.0 && value < 1.0);
}

#[test]
fn gradients_of_matrices_are_added_in_place() {
    let (w, x) = (Array2::from_elem((50, 40), 0.5), Array1::from_elem(40, 2.0));
    let (mut w_bar, mut x_bar) = (Array2::from_elem((50, 40), 1.0), Array1::zeros(40));
    // The first product of a thread makes the room in which the kernels work.
    quadratic::value_and_grad(&w, &x);
    let (value, _, peak) = measure(|| quadratic::value_and_grad_into(&w, &x, &mut w_bar, &mut x_bar));
    assert_eq!((value, w_bar[[3, 5]], x_bar[7]), (2000.0, 3.0, 25.0));
    // No second matrix: only vectors are allocated on the way.
    assert!(peak < 50 * 40 * 8, "{peak} bytes");
}

#[differentiable]
fn chained(x: &[f64], w: &[f64]) -> f64 {
    let total: f64 = x.iter().zip(w).skip(1).filter(|(x, _)| **x > 0.0).map(|(x, w)| w * x * x).sum();
    let nested: f64 = x.iter().flat_map(|x| w.iter().map(move |w| x * w)).chain(x.iter().copied()).sum();
    total + nested + x.windows(2).map(|pair| pair[0] - pair[1]).fold(0.0, |sum, step| sum + step * step)
}

#[test]
fn chains_allocate_nothing() {
    let (x, w) = ([0.5, -1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 4.0]);
    let (mut x_bar, mut w_bar) = ([0.0; 4], [0.0; 4]);
    let (value, allocations, _) = measure(|| chained::value_and_grad_into(&x, &w, &mut x_bar, &mut w_bar));
    assert_eq!(value, chained(&x, &w));
    assert_eq!(allocations, 0);
    let (_, allocations, _) = measure(|| chained::jvp(&x, &w, &x, &w));
    assert_eq!(allocations, 0);
}

/// All state is made in the first step.
#[test]
fn a_second_step_of_an_optimizer_allocates_nothing() {
    fn check<O: Optimizer>(mut optimizer: O) {
        let mut parameters: Vec<[f64; 3]> = (0..100).map(|i| [f64::from(i); 3]).collect();
        let gradients = parameters.clone();
        optimizer.step(&mut parameters, &gradients);
        let ((), allocations, _) = measure(|| optimizer.step(&mut parameters, &gradients));
        assert_eq!(allocations, 0);
    }

    check(optim::Sgd::new(0.1).momentum(0.9));
    check(optim::AdamW::new(0.1).amsgrad());
    check(optim::NAdam::new(0.1));
    check(optim::RmsProp { centered: true, momentum: 0.5, ..optim::RmsProp::new(0.1) });
    check(optim::Adagrad::new(0.1));
    check(optim::Adadelta::default());
    check(optim::Lion::new(0.1));
}

#[differentiable]
fn logistic_map_in_few_states(x: f64, r: f64, n: usize) -> f64 {
    let mut y = x;
    #[checkpoint(binomial, slots = 32)]
    for _ in 0..n {
        y = r * y * (1.0 - y);
    }
    y
}

#[differentiable(checkpoint(sqrt))]
fn diffusion(u: &[f64], k: f64, n: usize) -> f64 {
    let mut u = u.to_vec();
    for _ in 0..n {
        let old = u.clone();
        for i in 1..u.len() - 1 {
            u[i] += k * (old[i - 1] - 2.0 * old[i] + old[i + 1]) * old[i];
        }
    }
    u.iter().sum()
}

#[test]
fn ten_million_trips_in_a_few_states() {
    let n = 10_000_000;
    let ((value, gradient), _, peak) = measure(|| logistic_map_in_few_states::value_and_grad(0.3, 3.2, n));
    // The number of a trip and its state, thirty-two times.
    assert!(peak <= 32 * 16, "{peak} bytes");
    assert_eq!((value, gradient), logistic_map::value_and_grad(0.3, 3.2, n));
}

#[test]
fn states_that_are_lists() {
    let (points, n) = (100, 400);
    let u: Vec<f64> = (0..points).map(|i| (i as f64 * 0.2).sin()).collect();
    let (_, _, peak) = measure(|| diffusion::value_and_grad(&u, 0.1, n));
    // Twice the root of the number of trips, and what a single trip and the gradients need.
    assert!(peak <= (2 * 20 + 12) * (points + 4) * 8, "{} states", peak as f64 / (points as f64 * 8.0));
}

#[differentiable]
fn chain_of_arrays(a: &Array1<f64>, b: &Array1<f64>, k: f64) -> f64 {
    let d = (a - b).mapv(|v| v * v * k);
    (3.0 * a * a * d - b * b).mean().unwrap()
}

/// Neither the value nor the gradient of a chain of elementwise operations makes an array.
#[test]
fn chains_of_arrays_make_no_arrays() {
    let (a, b) = (Array1::from_elem(10_000, 0.5), Array1::from_elem(10_000, 2.0));
    let (mut a_bar, mut b_bar, mut k_bar) = (Array1::zeros(10_000), Array1::zeros(10_000), 0.0);
    let into = || chain_of_arrays::value_and_grad_into(&a, &b, 0.3, &mut a_bar, &mut b_bar, &mut k_bar);
    let (_, _, bytes) = measure(into);
    assert!(bytes < 1024, "{bytes} bytes");
    let (_, _, bytes) = measure(|| chain_of_arrays::jvp(&a, &b, 0.3, &a, &b, 1.0));
    assert!(bytes < 1024, "{bytes} bytes");
}
