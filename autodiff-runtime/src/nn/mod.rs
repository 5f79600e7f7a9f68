//!
//! Every name here stands for a function and, in the namespace of types, for its companion with `vjp` and `jvp` (and
//! `grad`, where the result is one number), so that one `use` brings both:
//!
//! ```
//! use autodiff_runtime::nn::relu;
//! use ndarray::array;
//!
//! let x = array![-1.0, 0.0, 2.0];
//! assert_eq!(relu(&x), array![0.0, 0.0, 2.0]);
//! let (_, pullback) = relu::vjp(&x);
//! assert_eq!(pullback(array![10.0, 10.0, 10.0]), array![0.0, 0.0, 10.0]);
//! ```
//!
//! Arrays are taken as `&ArrayRef`, to which references to owned arrays and views of all kinds are coerced.
//! Calls of these functions inside annotated functions are differentiated through the same companions.

mod activation;
mod affine;
mod conv;
mod loss;
mod norm;
mod pool;
mod rows;
mod rule;
mod second;

pub use activation::{gelu, leaky_relu, relu, sigmoid, silu, softplus, tanh};
pub use affine::linear;
pub use conv::{Conv, add_bias, conv_transpose1d, conv_transpose2d, conv1d, conv2d};
pub use loss::{binary_cross_entropy_with_logits, cross_entropy, mse, nll_loss};
pub use norm::{RunningStatistics, batch_norm};
pub use pool::{Pool, adaptive_avg_pool2d, avg_pool2d, flatten, max_pool2d};
pub use rows::{log_softmax, softmax};
