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
mod axes;
mod choice;
mod classes;
mod contraction;
mod conv;
mod definitions;
mod factor;
mod heads;
mod lookup;
mod loss;
mod norm;
mod norm_rows;
mod norm_twice;
mod pool;
mod pool_lines;
mod pool_max;
mod recurrent;
mod rows;
mod rule;
mod second;
mod terms;
mod twice;

pub use activation::{
    elu, gelu, gelu_tanh, hardtanh, leaky_relu, log_sigmoid, mish, relu, selu, sigmoid, silu, softplus, tanh,
};
pub use affine::linear;
pub(crate) use axes::bent_products;
pub use axes::{cumsum, max_axis, min_axis, norm_axis, prod_axis};
pub use choice::{choose, gather, scatter_add, sort, tril, triu};
pub use classes::{CrossEntropy, cross_entropy_terms, cross_entropy_with, huber, smooth_l1, soft_cross_entropy};
pub use contraction::{einsum, einsum1, einsum2, einsum3, einsum4};
pub use conv::{Conv, add_bias, conv_transpose1d, conv_transpose2d, conv1d, conv2d};
pub use factor::{cholesky, determinant, inverse, log_determinant, outer, solve};
pub use heads::{attention, batch_matmul};
pub use lookup::{Generator, dropout, embedding};
pub use loss::{
    binary_cross_entropy, binary_cross_entropy_with_logits, cross_entropy, hinge_loss, huber_loss, kl_div, l1_loss,
    mse, nll_loss,
};
pub use norm::{RunningStatistics, batch_norm};
pub use norm_rows::{group_norm, layer_norm, rms_norm};
pub use pool::{Pool, adaptive_avg_pool2d, avg_pool2d, flatten};
pub use pool_lines::{avg_pool1d, max_pool1d};
pub use pool_max::{adaptive_max_pool2d, max_pool2d};
pub use recurrent::{gru_cell, lstm_cell};
pub use rows::{log_softmax, softmax};
pub use terms::{
    absolute_error, binary_cross_entropy_with_logits_error, cosine_similarity, huber_error, squared_error,
};
