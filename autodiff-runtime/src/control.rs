//! Controls over what is differentiated. All of them are identities when the function is evaluated.

/// Returns its argument; a differentiated function takes the derivative of this call as zero.
///
/// ```
/// use autodiff_runtime::stop_gradient;
///
/// fn straight_through(x: f64) -> f64 {
///     x + stop_gradient(x.round() - x)
/// }
/// assert_eq!(straight_through(1.7), 2.0);
/// ```
#[inline(always)]
pub fn stop_gradient<T>(x: T) -> T {
    x
}

/// Evaluates a block; a differentiated function takes the derivative of everything in it as zero.
///
/// ```
/// let x = 3.0_f64;
/// let norm = autodiff_runtime::no_grad! { let square = x * x; square.sqrt() };
/// assert_eq!(norm, 3.0);
/// ```
#[macro_export]
macro_rules! no_grad {
    ($($body:tt)*) => {
        { $($body)* }
    };
}

/// What a closure captured that carries no derivative, of whatever type.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Constant<T>(pub T);

impl<T> crate::Differentiable for Constant<T> {
    type Tangent = ();

    #[inline]
    fn zero_tangent(&self) {}
}
