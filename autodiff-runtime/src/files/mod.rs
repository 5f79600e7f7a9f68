//! Parameters and the state of optimizers by name, as they are written to files and read from them.
//!
//! [`Tensors`] is what PyTorch calls a `state_dict`: a table of arrays with the names of the leaves they come from, such as
//! `layer1.0.conv1.weight`. It is taken from parameters and optimizers, and put back into them. Putting back checks
//! everything before it changes anything: names, shapes and types all fit, or an [`Error`] says what does not and
//! nothing has changed.
//!
//! ```
//! use autodiff_runtime::files::Tensors;
//! use autodiff_runtime::optim::{Adam, Optimizer};
//!
//! let mut weights = vec![1.0_f64, 2.0];
//! let mut optimizer = Adam::new(0.1);
//! optimizer.step(&mut weights, [0.5, -0.5]);
//!
//! let mut checkpoint = Tensors::new();
//! checkpoint.add("model", &weights);
//! optimizer.save(&mut checkpoint, "optimizer");
//!
//! let mut resumed = vec![0.0_f64; 2];
//! let mut its_optimizer = Adam::new(0.1);
//! checkpoint.part("model").load(&mut resumed)?;
//! its_optimizer.load(&checkpoint, "optimizer", &resumed)?;
//! assert_eq!(resumed, weights);
//! assert_eq!(its_optimizer.state, optimizer.state);
//! # Ok::<(), autodiff_runtime::files::Error>(())
//! ```
//!
//! Files are `safetensors` and NumPy's `npz` (behind the features of these names) and `npy`. They are written whole or not
//! at all: a program that is stopped while it writes leaves the file that was there before.

mod bytes;
mod error;
mod npy;
#[cfg(feature = "npz")]
mod npz;
#[cfg(feature = "safetensors")]
mod safetensors;
mod tensors;
mod write;

pub use error::Error;
pub(crate) use tensors::joined;
pub use tensors::{Tensor, Tensors, Values};
