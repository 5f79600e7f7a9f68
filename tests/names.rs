//! Names that generated code might want for itself, and scopes in which the usual names mean something else.

#![allow(clippy::all)]

mod common;
use common::check;
use differentiable::differentiable;

#[differentiable]
fn derivative_names(x: f64, x_bar: f64, x_dot: f64, tape: f64) -> f64 {
    let y = x * x_bar;
    let y_bar = y * x_dot;
    let y_dot = y_bar.sin() + tape;
    let s_bar = y_dot * tape;
    s_bar + y * y_bar
}

#[differentiable]
fn bookkeeping_names(d_x: f64, slot_0: f64, tape: &[f64], trips: usize) -> f64 {
    let mut value = d_x;
    let mut pullback = slot_0;
    let mut arm = 0;
    for i in 0..trips {
        let progress = value * tape[i];
        if progress > 1.0 {
            arm += 1;
            value = progress.ln();
            continue;
        }
        pullback += progress * value;
        value = value + pullback;
    }
    let gradient = value * pullback;
    let result = gradient + arm as f64;
    result
}

#[differentiable]
fn reserved_words(r#type: f64, r#fn: &[f64]) -> f64 {
    let r#match = r#type * r#fn[0];
    let mut r#loop = r#match;
    for r#in in 0..r#fn.len() {
        r#loop = r#loop * r#fn[r#in] + r#type;
    }
    r#loop
}

#[differentiable]
fn größe(länge: f64, 幅: f64) -> f64 {
    let fläche = länge * 幅;
    let mut δ = fläche;
    for _ in 0..2 {
        δ = δ * fläche + länge;
    }
    δ
}

#[differentiable]
fn underscores(_x: f64, __vjp: f64, __x_bar: f64) -> f64 {
    let _y = _x * __vjp;
    let __y = _y * __x_bar;
    _y + __y
}

#[differentiable]
fn r#type(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn uses_reserved_function(x: f64) -> f64 {
    r#type(x) + self::r#type(x * 2.0)
}

#[differentiable]
fn grad(vjp: f64, jvp: f64) -> f64 {
    let grad = vjp * jvp;
    grad * vjp
}

#[differentiable]
fn vjp(x: f64, value_bar: f64, seed: f64) -> f64 {
    let t = grad(x, value_bar);
    t + seed * value_bar
}

#[differentiable]
fn one_letter(a: f64, b: f64, y: f64, v: f64, s: f64) -> f64 {
    let x = a * b;
    let x0 = x * y;
    let x_1 = x0 + v * s;
    let x = x_1 * x;
    x
}

#[differentiable]
fn names_that_follow_a_pattern(x: f64, n: usize) -> f64 {
    let mut x_tape = x;
    let mut tape_1 = x * 2.0;
    for i in 0..n {
        let sin_x = x_tape.sin();
        let i_bar = i as f64;
        tape_1 = tape_1 * sin_x + i_bar;
        x_tape = x_tape * tape_1;
    }
    x_tape + tape_1
}

mod shadowed_prelude {
    //! Everything that generated code might name without a path.
    #![allow(dead_code, unused_macros, non_camel_case_types)]

    use ::differentiable::differentiable;

    struct Vec;
    struct Option;
    struct Some;
    struct None;
    struct Box;
    struct String;
    struct Result;
    struct Array1;
    struct Array2;
    enum Clone {}
    enum Default {}
    enum Fn {}
    enum Iterator {}
    mod std {}
    mod core {}
    mod alloc {}
    mod differentiable {}
    mod ndarray {}
    mod rt {}

    macro_rules! vec {
        ($($t:tt)*) => {
            compile_error!("not the vector of the standard library")
        };
    }
    macro_rules! assert {
        ($($t:tt)*) => {
            compile_error!("not the assertion of the standard library")
        };
    }
    macro_rules! panic {
        ($($t:tt)*) => {
            compile_error!("not the panic of the standard library")
        };
    }
    macro_rules! unreachable {
        ($($t:tt)*) => {
            compile_error!("not the macro of the standard library")
        };
    }

    fn drop() {}
    fn zero_tangent() {}
    fn accumulate() {}

    #[differentiable]
    pub(super) fn everything(x: f64, v: &[f64], m: &::differentiable::ndarray::Array2<f64>) -> f64 {
        let mut y = x;
        let mut trips = 0;
        while y < 3.0 {
            y = y * y + v[trips % v.len()];
            trips += 1;
            if trips > 4 {
                return y * x;
            }
        }
        let w = m.dot(m) * y;
        w.sum() * y.sqrt()
    }
}

mod hostile_traits {
    //! Methods on every type, with names that generated code may use.

    use differentiable::differentiable;

    #[allow(dead_code)]
    pub(super) trait Everything {
        fn zero_tangent(&self) -> u8 {
            1
        }
        fn accumulate(&mut self, _: u8) {}
        fn inner_product(&self) -> u8 {
            2
        }
        fn scale(&mut self) {}
        fn pop(&self) {}
        fn rewind(&self) {}
        fn take(&mut self) {}
    }

    impl<T: ?Sized> Everything for T {}

    #[differentiable]
    pub(super) fn loops(x: f64, v: &[f64]) -> f64 {
        let mut y = x;
        for a in v {
            y = y.sin() * a + y * y;
        }
        y
    }
}

#[differentiable]
fn cosine(x: f64) -> f64 {
    // The standard library's method, whatever else is called `sin` here.
    x.sin()
}

#[allow(dead_code)]
trait Sine {
    fn sin(&self) -> f64;
}

impl Sine for f64 {
    fn sin(&self) -> f64 {
        7.0
    }
}

#[test]
fn variables() {
    let [x, a, b, c] = [0.7f64, 1.3, -0.4, 2.1];
    // (sin(x a b) + c) c + x² a² b.
    let cosine = (x * a * b).cos() * c;
    check!(
        derivative_names(x, a, b, c),
        (
            cosine * a * b + 2.0 * x * a * a * b,
            cosine * x * b + 2.0 * x * x * a * b,
            cosine * x * a + x * x * a * a,
            (x * a * b).sin() + 2.0 * c
        )
    );
    let tape = [0.9, 1.8, -0.7, 1.4];
    let flat = |z: &[f64]| bookkeeping_names(z[0], z[1], &z[2..], 4);
    let gradient = bookkeeping_names::grad(0.8, 0.3, &tape, 4);
    let expected = common::differences(flat, &[0.8, 0.3, 0.9, 1.8, -0.7, 1.4]);
    common::assert_near("bookkeeping", &gradient, &expected, 1e-6);
    check!(bookkeeping_names(0.8, 0.3, &tape[..], 4), gradient);
    // (t f0² + t) f1 + t.
    check!(reserved_words(2.0, &[3.0, 5.0][..]), (51.0, vec![60.0, 20.0]));
    check!(größe(2.0, 3.0), {
        // (l w)³ + l (l w) + l.
        (3.0 * 36.0 * 3.0 + 2.0 * 2.0 * 3.0 + 1.0, 3.0 * 36.0 * 2.0 + 4.0)
    });
    check!(underscores(2.0, 3.0, 5.0), (18.0, 12.0, 6.0));
    check!(one_letter(2.0, 3.0, 5.0, 7.0, 11.0), {
        // (a b y + v s) a b.
        let (p, q) = (6.0, 77.0);
        ((2.0 * p * 5.0 + q) * 3.0, (2.0 * p * 5.0 + q) * 2.0, p * p, 11.0 * p, 7.0 * p)
    });
    let gradient = names_that_follow_a_pattern::grad(0.9, 4);
    common::assert_near(
        "pattern",
        &gradient,
        &common::difference(|x| names_that_follow_a_pattern(x, 4), 0.9),
        1e-6 * gradient.abs().max(1.0),
    );
    check!(names_that_follow_a_pattern(0.9, 4), gradient);
}

#[test]
fn functions() {
    check!(r#type(3.0), 6.0);
    check!(uses_reserved_function(3.0), 30.0);
    check!(grad(2.0, 3.0), (12.0, 4.0));
    check!(vjp(2.0, 3.0, 5.0), (12.0, 9.0, 3.0));
    check!(cosine(0.7), 0.7f64.cos());
    assert_eq!(Sine::sin(&0.7), 7.0);
}

#[test]
fn scopes() {
    use differentiable::ndarray::{Array2, array};
    let m = array![[0.5, -1.0], [0.75, 0.25]];
    let v = [0.2, -0.4];
    for x in [0.3, 1.1, 1.9, 4.0] {
        let (x_bar, v_bar, m_bar): (f64, Vec<f64>, Array2<f64>) = shadowed_prelude::everything::grad(x, &v, &m);
        let flat = |z: &[f64]| {
            let m = Array2::from_shape_vec((2, 2), z[3..].to_vec()).unwrap();
            shadowed_prelude::everything(z[0], &z[1..3], &m)
        };
        let expected = common::differences(flat, &[x, 0.2, -0.4, 0.5, -1.0, 0.75, 0.25]);
        common::assert_near("gradient", &(x_bar, v_bar, m_bar), &expected, 1e-6);
    }
    use hostile_traits::Everything;
    assert_eq!(0.5.zero_tangent() + 0.5.inner_product(), 3);
    let v = [0.9, -1.2, 0.4];
    let flat = |z: &[f64]| hostile_traits::loops(z[0], &z[1..]);
    let expected = common::differences(flat, &[0.6, 0.9, -1.2, 0.4]);
    let gradient = hostile_traits::loops::grad(0.6, &v);
    common::assert_near("gradient", &gradient, &expected, 1e-7);
    check!(hostile_traits::loops(0.6, &v[..]), gradient);
}
