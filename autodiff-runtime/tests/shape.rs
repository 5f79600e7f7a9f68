//! The check of cotangents given by the caller, and tapes.

use autodiff_runtime::{Differentiable, SameShape, Tangent, Tape, check_cotangent, zero_tangent};
use ndarray::{Array, Array1, Array2, array};

fn message(check: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let error = std::panic::catch_unwind(check).unwrap_err();
    error.downcast_ref::<String>().cloned().unwrap()
}

fn fits<T: Differentiable + SameShape<T::Tangent> + ?Sized>(value: &T) {
    check_cotangent("f", "x", value, &zero_tangent(value));
}

#[test]
fn zero_tangents_fit() {
    fits(&1.0_f32);
    fits(&7_usize);
    fits("text");
    fits(&vec![vec![1.0], vec![]]);
    fits(&[[1.0, 2.0], [3.0, 4.0]]);
    fits(&[1.0, 2.0][..]);
    fits(&(1.0, vec![2_u8], Some(array![1.0]), Box::new(2.0)));
    fits(&Array2::<f32>::zeros((2, 3)).view());
    fits(&Array1::<usize>::zeros(3));
    fits(&Array::<f64, _>::zeros((1, 2, 3)).view_mut());
}

#[test]
fn cotangents_may_have_other_containers() {
    let mut buffer = vec![0.0; 3];
    check_cotangent("f", "x", &[1.0, 2.0, 3.0], &buffer);
    check_cotangent("f", "x", &[1.0, 2.0, 3.0][..], &buffer[..]);
    check_cotangent("f", "x", &array![1.0, 2.0, 3.0], &ndarray::ArrayViewMut1::from(&mut buffer));
}

#[test]
fn messages() {
    assert_eq!(
        message(|| {
            let (w, w_bar) = (Array2::<f64>::zeros((2, 3)), Array2::<f64>::zeros((3, 2)));
            check_cotangent("loss::value_and_grad_into", "w", &&w, &w_bar);
        }),
        "`loss::value_and_grad_into`: the cotangent `w_bar` has shape [3, 2], but `w` has shape [2, 3]"
    );
    assert_eq!(
        message(|| check_cotangent("f::vjp", "x", &vec![vec![1.0], vec![1.0]], &vec![vec![1.0], vec![]])),
        "`f::vjp`: the cotangent `x_bar[1]` has length 0, but `x[1]` has length 1"
    );
    assert_eq!(
        message(|| check_cotangent("f", "p", &(1.0, [Some(1.0)]), &(1.0, [None::<f64>]))),
        "`f`: the cotangent `p_bar.1[0]` has none, but `p.1[0]` has a value"
    );
}

#[test]
fn tangent_arithmetic() {
    let value = (array![1.0, 2.0], vec![3.0_f32], 4_i32, [5.0]);
    let mut tangent = (array![1.0, 2.0], vec![3.0_f32], (), [5.0]);
    assert_eq!(tangent.inner_product(&tangent.clone()), 1.0 + 4.0 + 9.0 + 25.0);
    tangent.scale(2.0);
    tangent.accumulate(&(array![1.0, 1.0], vec![1.0], (), [1.0]));
    assert_eq!(tangent, (array![3.0, 5.0], vec![7.0], (), [11.0]));
    tangent.fill_zero();
    assert_eq!(tangent, value.zero_tangent());
}

#[test]
fn tapes() {
    let mut tape = Tape::new();
    assert!(tape.is_empty());
    for trip in 0..4 {
        tape.push(trip);
    }
    for _ in 0..2 {
        let mut reader = tape.reader();
        assert_eq!(reader.remaining(), tape.len());
        let read: Vec<i32> = (0..4).map(|_| *reader.pop()).collect();
        assert_eq!(read, [3, 2, 1, 0]);
    }
    let error = std::panic::catch_unwind(|| {
        Tape::<f64>::new().reader().pop();
    });
    assert!(error.unwrap_err().downcast_ref::<&str>().unwrap().contains("internal error of `differentiable`"));
}
