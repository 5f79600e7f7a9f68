//! Times the kernels: `cargo bench --bench handwritten`, with `-- --quick` in less than a minute.
//!
//! The function, the generated derivative and the one by hand take turns, so that what else the machine does troubles
//! all three alike; the medians are printed.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use differentiable_handwritten::{Kernel, Size, deviation, kernels};

struct Counting;

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is handed on to the system's allocator; the counters do not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.set(LIVE.get() + layout.size());
        PEAK.set(PEAK.get().max(LIVE.get()));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get().saturating_sub(layout.size()));
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        LIVE.set(LIVE.get() + layout.size());
        PEAK.set(PEAK.get().max(LIVE.get()));
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // A growing vector is counted by what it holds.
        LIVE.set(LIVE.get().saturating_sub(layout.size()) + size);
        PEAK.set(PEAK.get().max(LIVE.get()));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that were allocated at one time, those included that are kept from one call to the next.
fn peak_bytes(run: impl FnOnce()) -> usize {
    differentiable::rt::free_buffers();
    let live = LIVE.get();
    PEAK.set(live);
    run();
    PEAK.get() - live
}

/// How long each kernel is measured.
struct Effort {
    rounds: usize,
    batch: Duration,
}

/// What was measured of one kernel: seconds per call, and bytes.
struct Row {
    name: &'static str,
    gradient: bool,
    primal: f64,
    generated: f64,
    hand: f64,
    saved: usize,
    saved_by_hand: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let wanted = arguments.iter().find(|argument| !argument.starts_with('-'));
    // Short batches: few of them are interrupted on a busy machine, and these the median leaves out.
    let effort = Effort { rounds: if quick { 201 } else { 2_001 }, batch: Duration::from_millis(1) };
    println!(
        "{:<18} {:>12} {:>12} {:>12} {:>14} {:>16} {:>12}",
        "name", "primal", "generated", "hand", "generated/hand", "generated/primal", "bytes saved"
    );
    let mut rows = Vec::new();
    for mut kernel in kernels(Size::Full) {
        if wanted.is_some_and(|wanted| !kernel.name.contains(wanted.as_str())) {
            continue;
        }
        check(&mut kernel);
        let row = measure(&mut kernel, &effort);
        print(&row);
        rows.push(row);
    }
    summary(&rows);
}

/// Stops where the two derivatives differ.
fn check(kernel: &mut Kernel) {
    let (mut generated, mut hand) = (vec![f64::NAN; kernel.numbers], vec![f64::NAN; kernel.numbers]);
    (kernel.generated)(&mut generated);
    (kernel.hand)(&mut hand);
    let apart = deviation(&generated, &hand);
    assert!(apart < 1e-9, "{}: the derivatives are {apart:e} apart", kernel.name);
}

fn measure(kernel: &mut Kernel, effort: &Effort) -> Row {
    let mut out = vec![0.0; kernel.numbers];
    let of_primal = peak_bytes(|| _ = black_box((kernel.primal)()));
    let of_generated = peak_bytes(|| _ = black_box((kernel.generated)(&mut out)));
    let of_hand = peak_bytes(|| _ = black_box((kernel.hand)(&mut out)));
    let calls = [
        calls_in(effort.batch, || (kernel.primal)()),
        calls_in(effort.batch, || (kernel.generated)(&mut out)),
        calls_in(effort.batch, || (kernel.hand)(&mut out)),
    ];
    let mut times = [const { Vec::new() }; 3];
    for round in 0..effort.rounds {
        // Each goes first in a third of the rounds.
        for which in (0..3).map(|step| (round + step) % 3) {
            let time = match which {
                0 => seconds_per_call(calls[0], || (kernel.primal)()),
                1 => seconds_per_call(calls[1], || (kernel.generated)(&mut out)),
                _ => seconds_per_call(calls[2], || (kernel.hand)(&mut out)),
            };
            times[which].push(time);
        }
    }
    let [primal, generated, hand] = times.map(median);
    Row {
        name: kernel.name,
        gradient: kernel.gradient,
        primal,
        generated,
        hand,
        saved: of_generated.saturating_sub(of_primal),
        saved_by_hand: of_hand.saturating_sub(of_primal),
    }
}

/// How many calls fill the time.
fn calls_in(time: Duration, mut call: impl FnMut() -> f64) -> usize {
    let fastest = |_| {
        let start = Instant::now();
        black_box(call());
        start.elapsed()
    };
    let once = (0..20).map(fastest).min().unwrap_or(time).max(Duration::from_nanos(10));
    (time.as_nanos() / once.as_nanos()).max(1) as usize
}

fn seconds_per_call(calls: usize, mut call: impl FnMut() -> f64) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(call());
    }
    start.elapsed().as_secs_f64() / calls as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A time with a unit.
fn shown(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.1} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} us", s * 1e6),
        s => format!("{:.3} ms", s * 1e3),
    }
}

fn print(row: &Row) {
    println!(
        "{:<18} {:>12} {:>12} {:>12} {:>14.2} {:>16.2} {:>12}",
        row.name,
        shown(row.primal),
        shown(row.generated),
        shown(row.hand),
        row.generated / row.hand,
        row.generated / row.primal,
        row.saved
    );
}

/// The geometric mean.
fn mean(ratios: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = ratios.fold((0.0, 0), |(sum, count), ratio| (sum + ratio.ln(), count + 1));
    (sum / f64::from(count)).exp()
}

fn summary(rows: &[Row]) {
    for row in rows.iter().filter(|row| row.saved as f64 > 1.1 * row.saved_by_hand as f64) {
        println!("memory: {} saves {} bytes, by hand {}", row.name, row.saved, row.saved_by_hand);
    }
    for row in rows.iter().filter(|row| row.gradient && row.generated > 4.0 * row.primal) {
        println!("slow: {} takes {:.2} times the function", row.name, row.generated / row.primal);
    }
    let of_hand = |row: &Row| row.generated / row.hand;
    let Some(worst) = rows.iter().max_by(|a, b| of_hand(a).total_cmp(&of_hand(b))) else {
        println!("no kernel has such a name");
        return;
    };
    println!(
        "geomean generated/hand = {:.3}  max = {:.2} ({})  geomean generated/primal = {:.3}",
        mean(rows.iter().map(of_hand)),
        of_hand(worst),
        worst.name,
        mean(rows.iter().map(|row| row.generated / row.primal))
    );
}
