//! One file for each kernel: the function, its derivative by hand, and the inputs.

mod bilinear;
mod black_scholes;
mod cholesky;
mod convolution;
mod dot;
mod hmm;
mod horner;
mod logistic;
mod lorenz;
mod moving_average;
mod nbody;
mod polynomial;
mod rosenbrock;
mod tridiagonal;

use crate::{Kernel, Size};

/// All kernels, in the order of the table.
pub fn kernels(size: Size) -> Vec<Kernel> {
    let kernels: [fn(Size) -> Kernel; 14] = [
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
