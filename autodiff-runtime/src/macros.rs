//! Declarative macros that the modules of this crate share.

/// Calls a macro with the type parameters and field indices of every tuple of one to twelve elements.
macro_rules! for_each_tuple {
    ($callback:ident) => {
        $callback!(T0 0);
        $callback!(T0 0 T1 1);
        $callback!(T0 0 T1 1 T2 2);
        $callback!(T0 0 T1 1 T2 2 T3 3);
        $callback!(T0 0 T1 1 T2 2 T3 3 T4 4);
        $callback!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5);
        $callback!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6);
        $callback!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7);
        $callback!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8);
        $callback!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9);
        $callback!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9 T10 10);
        $callback!(T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9 T10 10 T11 11);
    };
}

pub(crate) use for_each_tuple;
