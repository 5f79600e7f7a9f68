//! The programs that introductions to `torch.autograd` teach, each as an annotated function:
//! `cargo run --release --example autograd_tour`.
//!
//! Every program prints what it computes, what is expected (values of PyTorch), and whether they agree.
//! The exit code is 1 if anything does not.

mod p01_external_gradient;
mod p02_binary_cross_entropy;
mod p03_scalar_backward;
mod p04_while_loop;
mod p05_scalar;
mod p06_mean;
mod p08_no_gradient;
mod p09_frozen;
mod p10_accumulation;
mod p11_pullback_twice;
mod p12_graph;
mod report;

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use report::Report;

fn main() -> ExitCode {
    let mut report = Report::default();
    p01_external_gradient::run(&mut report);
    p02_binary_cross_entropy::run(&mut report);
    p03_scalar_backward::run(&mut report);
    p04_while_loop::run(&mut report);
    p05_scalar::run(&mut report);
    p06_mean::run(&mut report);
    p08_no_gradient::run(&mut report);
    p09_frozen::run(&mut report);
    p10_accumulation::run(&mut report);
    p11_pullback_twice::run(&mut report);
    p12_graph::run(&mut report);
    if report.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How often memory has been allocated so far, for the programs that promise not to.
pub(crate) fn allocations() -> usize {
    ALLOCATIONS.load(Ordering::Relaxed)
}

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator with a counter.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call is handed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`, and `pointer` comes from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}
