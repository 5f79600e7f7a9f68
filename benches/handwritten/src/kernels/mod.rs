//! One file for each kernel: the function, its derivative by hand, and the inputs.
//!
//! The functions of GradBench's evals are those of the tool in `benches/gradbench`.

mod ba;
mod bilinear;
mod black_scholes;
mod cholesky;
mod convolution;
mod det;
mod dot;
mod gmm;
mod hello;
mod hmm;
mod horner;
mod ht;
mod kmeans;
mod llsq;
mod logistic;
mod lorenz;
mod lse;
mod lstm;
mod moving_average;
mod nbody;
mod ode;
mod particle;
mod polynomial;
mod rosenbrock;
mod saddle;
mod tridiagonal;

use crate::{Kernel, Size};

/// All kernels, in the order of the table.
pub fn kernels(size: Size) -> Vec<Kernel> {
    let kernels: [fn(Size) -> Kernel; 26] = [
        hello::kernel,
        ba::kernel,
        gmm::kernel,
        ht::kernel,
        kmeans::kernel,
        llsq::kernel,
        lse::kernel,
        lstm::kernel,
        ode::kernel,
        det::kernel,
        particle::kernel,
        saddle::kernel,
        dot::kernel,
        logistic::kernel,
        rosenbrock::kernel,
        polynomial::kernel,
        horner::kernel,
        lorenz::kernel,
        nbody::kernel,
        tridiagonal::kernel,
        cholesky::kernel,
        convolution::kernel,
        moving_average::kernel,
        black_scholes::kernel,
        hmm::kernel,
        bilinear::kernel,
    ];
    kernels.iter().map(|kernel| kernel(size)).collect()
}
