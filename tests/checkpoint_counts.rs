//! How often the trips of a checkpointed loop run: as often as the binomial schedule has to, and no more.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use differentiable::differentiable;

static TRIPS: AtomicUsize = AtomicUsize::new(0);
/// The counter is one for all tests.
static COUNTING: Mutex<()> = Mutex::new(());

#[differentiable(checkpoint(binomial, slots = 4))]
fn few(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        TRIPS.fetch_add(1, Ordering::Relaxed);
        y = y.sin() * 1.1;
    }
    y
}

#[differentiable(checkpoint(binomial, slots = 4))]
fn over_signed_numbers(x: f64, n: i64) -> f64 {
    let mut y = x;
    for i in -2..=n {
        TRIPS.fetch_add(1, Ordering::Relaxed);
        y = (y + i as f64).sin() * 1.1;
    }
    y
}

#[differentiable(checkpoint(binomial, slots = 4))]
fn over_lists(x: f64, a: &[f64], b: &[f64]) -> f64 {
    let mut y = x;
    for (i, (a, b)) in a.iter().zip(b).enumerate().skip(1).step_by(2) {
        TRIPS.fetch_add(1, Ordering::Relaxed);
        y = (y * a + b * i as f64).sin();
    }
    y
}

#[differentiable(checkpoint(sqrt))]
fn roots(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        TRIPS.fetch_add(1, Ordering::Relaxed);
        y = y.sin() * 1.1;
    }
    y
}

#[differentiable(checkpoint(binomial, slots = 4))]
fn unknown_beforehand(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut k = 0;
    while k < n {
        TRIPS.fetch_add(1, Ordering::Relaxed);
        y = y.sin() * 1.1;
        k += 1;
    }
    y
}

/// The trips that `run` makes.
fn trips<R>(run: impl FnOnce() -> R) -> usize {
    let before = TRIPS.load(Ordering::Relaxed);
    run();
    TRIPS.load(Ordering::Relaxed) - before
}

/// The fewest steps that reverse `trips` trips with so many states, one of them at the start: A. Griewank and A. Walther,
/// Algorithm 799: revolve (2000). The first way to the last trip is among them, the adjoint's own trips are not.
fn fewest(trips: usize, slots: usize, table: &mut HashMap<(usize, usize), usize>) -> usize {
    if trips <= 1 {
        return 0;
    }
    if slots == 1 {
        return trips * (trips - 1) / 2;
    }
    if let Some(known) = table.get(&(trips, slots)) {
        return *known;
    }
    let parts = |at: usize, table: &mut _| at + fewest(trips - at, slots - 1, table) + fewest(at, slots, table);
    let best = (1..trips).map(|at| parts(at, table)).min().expect("there is a position");
    table.insert((trips, slots), best);
    best
}

#[test]
fn gradients_run_the_fewest_trips() {
    let _alone = COUNTING.lock();
    let mut table = HashMap::new();
    for n in [1_usize, 2, 3, 5, 17, 40] {
        // The last trip runs once more than in the schedule, since the function gives a value; each runs once beside its adjoint.
        let expected = fewest(n, 4, &mut table) + 1 + n;
        assert_eq!(trips(|| few::grad(0.3, n)), expected, "{n} trips");
        assert_eq!(trips(|| over_signed_numbers::grad(0.3, n as i64 - 3)), expected, "{n} trips");
        let list = vec![0.7; 2 * n];
        assert_eq!(trips(|| over_lists::grad(0.3, &list, &list)), expected, "{n} trips");
        // A pullback may be called again, and a loop may end anywhere: the states are placed by a second run.
        assert_eq!(trips(|| few::vjp(0.3, n).1(1.0)), expected + n - 1, "{n} trips");
        assert_eq!(trips(|| unknown_beforehand::grad(0.3, n)), expected + n - 1, "{n} trips");
        assert!(trips(|| roots::grad(0.3, n)) <= 3 * n, "{n} trips");
    }
}

#[test]
fn gradients_are_those_of_the_plain_loop() {
    let _alone = COUNTING.lock();
    for n in [0_usize, 1, 2, 3, 17] {
        // d/dx of y -> 1.1 sin y, n times.
        let (mut y, mut slope) = (0.3_f64, 1.0);
        for _ in 0..n {
            slope *= 1.1 * y.cos();
            y = 1.1 * y.sin();
        }
        for (value, gradient) in
            [few::value_and_grad(0.3, n), roots::value_and_grad(0.3, n), unknown_beforehand::value_and_grad(0.3, n)]
        {
            assert_eq!(value, y);
            assert!((gradient - slope).abs() <= 1e-15, "{gradient} instead of {slope}");
        }
    }
}
