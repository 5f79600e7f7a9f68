//! Macros of the crate's own with differentiable arguments: each is differentiated as what it expands to.

#![allow(clippy::all)]

mod common;
use common::programs;
use differentiable::{Differentiable, differentiable, gradcheck};

macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

macro_rules! poly {
    ($x:expr; $($c:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut s = 0.0;
        $( s = s * $x + $c; )*
        s
    }};
}

/// Calls itself, and has a variable that its arguments may have, too.
macro_rules! largest {
    ($x:expr) => { $x };
    ($x:expr, $($rest:expr),+) => {{
        let a = $x;
        let b = largest!($($rest),+);
        if a > b { a } else { b }
    }};
}

macro_rules! named {
    ($name:ident = $e:expr) => {
        let t = $e;
        let $name = t * t;
    };
}

macro_rules! at_least {
    ($x:expr, $low:expr) => {
        if $x < $low {
            return $x * $low;
        }
    };
}

macro_rules! add_to {
    ($acc:ident[$i:expr] += $($x:expr),+) => { $( $acc[$i] += $x; )+ };
}

macro_rules! select {
    ($x:expr, { $($pattern:pat $(if $test:expr)? => $value:expr),* $(,)? }) => { match $x { $($pattern $(if $test)? => $value),* } };
}

macro_rules! of_field {
    ($value:ident . $field:ident) => {
        $value.$field * 2.0
    };
}

macro_rules! sum_of {
    ($($f:path)|+ , $x:expr) => { 0.0 $(+ $f($x))+ };
}

#[differentiable]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[derive(Clone, Differentiable)]
struct Spring {
    k: f64,
    length: f64,
}

programs! {
    operators_bind_less_than_arguments(x: f64 = 1.2) { square!(x + 1.0) * square!(2.0) }
    repetitions(x: f64 = 1.2) { poly!(x; 1.0, x, 3.0,) + poly!(x;) }
    /// The macro's `a` is not the caller's.
    recursion_and_hygiene(a: f64 = 0.8, b: f64 = 0.7) { largest!(a * b, a + b, a * a + b * b) + largest!(b, a) * a }
    declares_a_variable(t: f64 = 1.3) {
        named!(y = t + 1.0);
        named!(z = y * t);
        y * z + t
    }
    leaves_the_function(x: f64 = 1.3, y: f64 = 0.4) {
        at_least!(x, y);
        at_least!(y, x * 2.0);
        x
    }
    writes_to_a_list(x: f64 = 1.3) {
        let mut v = vec![x; 3];
        for i in 0..3 {
            add_to!(v[i] += x * i as f64, v[0]);
        }
        v[0] * v[1] + v[2]
    }
    takes_patterns(x: f64 = 1.3, n: i32 = 3) { select!(n, { 0 => x, 1 | 2 => x * x, k if k > 2 => x.sin(), _ => 1.0 }) }
    takes_fields(x: f64 = 1.3) {
        let spring = Spring { k: x * x, length: 2.0 };
        of_field!(spring.k) * x + of_field!(spring.length)
    }
    takes_paths(x: f64 = 0.7) { sum_of!(cube | f64::sin | f64::exp, x * 2.0) }
    in_loops_and_closures(x: f64 = 0.7) {
        let f = |t: f64| square!(t + x);
        let mut s = 0.0;
        for i in 0..4 {
            s += f(i as f64) * largest!(x, i as f64);
        }
        (0..3).map(|i| square!(x * i as f64)).sum::<f64>() + s
    }
    in_other_macros(x: f64 = 0.7) {
        assert!(square!(x) > 0.0, "{}", square!(x));
        let v = vec![square!(x); 2];
        let w = vec![square!(x), largest!(x, v[0])];
        v[1] * w[0] * w[1]
    }
    defined_in_the_function(x: f64 = 0.7, k: f64 = 1.4) {
        macro_rules! scaled { ($e:expr) => { k * $e }; () => { k * 3.0 } }
        macro_rules! twice { ($e:expr) => { scaled!($e) + scaled!($e) } }
        let y = scaled!(x) + scaled!();
        let list = vec![twice!(x); 2];
        y * twice!(y + 1.0) + list[1] * scaled!(2.0)
    }
    defined_in_a_block(x: f64 = 0.7) {
        macro_rules! pick { ($e:expr) => { $e * 2.0 } }
        let y = {
            macro_rules! pick { ($e:expr) => { $e * 5.0 } }
            let z = pick!(x);
            z * pick!(z)
        };
        y * pick!(x)
    }
}

/// A whole module with a macro of its own.
#[differentiable]
mod model {
    macro_rules! lerp {
        ($a:expr, $b:expr, $t:expr) => {
            $a + ($b - $a) * $t
        };
    }

    pub(crate) struct Curve {
        pub(crate) points: [f64; 3],
    }

    impl Curve {
        pub(crate) fn at(&self, t: f64) -> f64 {
            let [a, b, c] = self.points;
            lerp!(lerp!(a, b, t), lerp!(b, c, t), t)
        }
    }
}

#[differentiable]
fn along(a: f64, t: f64) -> f64 {
    let curve = model::Curve { points: [a, 2.0 * a, t] };
    curve.at(t)
}

#[test]
fn in_modules_and_methods() {
    gradcheck!(along(0.7, 0.4)).unwrap();
}
