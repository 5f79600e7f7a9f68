//! Functions with and without the transformations that only make derivatives faster.

/// Defines every function with all transformations, without one of them each, and without any.
macro_rules! variants {
    ($(fn $name:ident $params:tt -> $result:ty $body:block)*) => {
        $(#[differentiable] fn $name $params -> $result $body)*

        mod unfused {
            use super::*;
            $(#[differentiable(analyses = without(fusion))] pub(super) fn $name $params -> $result $body)*
        }

        mod in_memory {
            use super::*;
            $(#[differentiable(analyses = without(registers))] pub(super) fn $name $params -> $result $body)*
        }

        mod whole_lists {
            use super::*;
            $(#[differentiable(analyses = without(elements))] pub(super) fn $name $params -> $result $body)*
        }

        mod in_the_loop {
            use super::*;
            $(#[differentiable(analyses = without(invariants))] pub(super) fn $name $params -> $result $body)*
        }

        mod kept {
            use super::*;
            $(#[differentiable(analyses = without(restoration))] pub(super) fn $name $params -> $result $body)*
        }

        mod pushed {
            use super::*;
            $(#[differentiable(analyses = without(rows))] pub(super) fn $name $params -> $result $body)*
        }

        mod backwards_only {
            use super::*;
            $(#[differentiable(analyses = without(direction))] pub(super) fn $name $params -> $result $body)*
        }

        mod divided {
            use super::*;
            $(#[differentiable(analyses = without(reciprocals))] pub(super) fn $name $params -> $result $body)*
        }

        mod tied {
            use super::*;
            $(#[differentiable(analyses = without(progressions))] pub(super) fn $name $params -> $result $body)*
        }

        mod plain {
            use super::*;
            $(#[differentiable(analyses = off)] pub(super) fn $name $params -> $result $body)*
        }
    };
}

/// Checks a function that returns a number: its value, its pullback called twice, and all modes against differences.
macro_rules! check_function {
    ($name:ident ($($args:tt)*)) => {{
        let (value, gradient) = $name::value_and_grad($($args)*);
        assert_near(stringify!($name), &value, &$name($($args)*), 1e-13);
        let (_, pullback) = $name::vjp($($args)*);
        assert_near(stringify!($name), &pullback(1.0), &gradient, 1e-11);
        assert_near(stringify!($name), &pullback(1.0), &gradient, 1e-11);
        differentiable::gradcheck!($name($($args)*)).unwrap();
    }};
}

macro_rules! check_all_variants {
    ($name:ident ($($args:tt)*)) => {{
        check_function!($name($($args)*));
        let (value, gradient) = $name::value_and_grad($($args)*);
        let unfused = unfused::$name::value_and_grad($($args)*);
        let plain = plain::$name::value_and_grad($($args)*);
        let in_memory = in_memory::$name::value_and_grad($($args)*);
        let whole_lists = whole_lists::$name::value_and_grad($($args)*);
        let in_the_loop = in_the_loop::$name::value_and_grad($($args)*);
        let kept = kept::$name::value_and_grad($($args)*);
        let pushed = pushed::$name::value_and_grad($($args)*);
        let backwards = backwards_only::$name::value_and_grad($($args)*);
        let divided = divided::$name::value_and_grad($($args)*);
        let tied = tied::$name::value_and_grad($($args)*);
        let others = [unfused, in_memory, whole_lists, in_the_loop, kept, pushed, backwards, divided, tied, plain];
        for (other, gradient_of) in others {
            assert_near(stringify!($name), &value, &other, 1e-13);
            assert_near(stringify!($name), &gradient, &gradient_of, 1e-11);
        }
    }};
}
