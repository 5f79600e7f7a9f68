//! What derivatives that nobody asked for lack, so that rustc says how to ask for them.
//!
//! No type has these traits. A companion has a function with such a bound only where its file mentions the function, and
//! the lifetime lets rustc look at the bound where the function is called, and not before.

macro_rules! asked {
    ($($Name:ident $message:literal $note:literal)*) => {$(
        #[doc = concat!("The function has ", $message)]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "not asked for in the attribute of `{Self}`",
            note = $note
        )]
        pub trait $Name<'asked> {}
    )*};
}

asked! {
    Hvp "`{Self}` has no `hvp`" "write `#[differentiable(hvp)]` before `fn {Self}`"
    Hessian "`{Self}` has no `hessian`" "write `#[differentiable(hessian)]` before `fn {Self}`"
    Jacobian "`{Self}` has no `jacobian`" "write `#[differentiable(jacobian)]` before `fn {Self}`"
    Derivatives "`{Self}` has no `derivatives`" "write `#[differentiable(order = 3)]` before `fn {Self}`, or another order"
    Sparse "`{Self}` has no sparse matrices" "write `#[differentiable(sparse)]` before `fn {Self}`"
    Lanes "`{Self}` has no lanes" "write `#[differentiable(lanes)]` before `fn {Self}`"
}
