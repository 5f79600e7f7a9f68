//! Tangents of the types of the standard library, and the neutral tangent.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::marker::PhantomData;
use std::num::{NonZero, Wrapping};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use autodiff_runtime::{
    Differentiable, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut, NoGradField, OptionTangent,
    Tangent, accumulate, zero, zero_sized, zero_tangent,
};
use ndarray::{Array0, Array1, Array2, ArrayD, arr0, array};

fn neutral_adds_nothing<T: Tangent>(tangent: T) {
    let mut sum = T::neutral();
    sum.accumulate(&tangent);
    assert_eq!(sum, tangent, "what is added to the neutral tangent");
    let mut sum = tangent.clone();
    sum.accumulate(&T::neutral());
    assert_eq!(sum, tangent, "what the neutral tangent is added to");
    assert_eq!(tangent.inner_product(&T::neutral()), 0.0);
    assert_eq!(T::neutral().inner_product(&tangent), 0.0);
    let mut doubled = tangent.clone();
    doubled.scale(2.0);
    let mut twice = tangent.clone();
    twice.accumulate(&tangent);
    assert_eq!(twice, doubled);
    doubled.fill_zero();
    assert_eq!(doubled.inner_product(&tangent), 0.0);
}

#[test]
fn neutral_tangents() {
    neutral_adds_nothing(2.5_f32);
    neutral_adds_nothing(2.5_f64);
    neutral_adds_nothing(());
    neutral_adds_nothing([1.0, 2.0]);
    neutral_adds_nothing([0.0; 0]);
    neutral_adds_nothing(vec![1.0, 2.0]);
    neutral_adds_nothing(vec![vec![1.0], vec![], vec![2.0, 3.0]]);
    neutral_adds_nothing([vec![1.0], vec![2.0, 3.0]]);
    neutral_adds_nothing(VecDeque::from([1.0, 2.0]));
    neutral_adds_nothing((1.0, vec![2.0], ()));
    neutral_adds_nothing(Some(vec![1.0]));
    neutral_adds_nothing(Some(Some(1.0)));
    neutral_adds_nothing(Box::new(3.0));
    neutral_adds_nothing(BTreeMap::from([("a", 1.0), ("b", 2.0)]));
    neutral_adds_nothing(HashMap::<_, _>::from([("a", vec![1.0]), ("b", vec![])]));
    neutral_adds_nothing(arr0(3.0));
    neutral_adds_nothing(array![1.0]);
    neutral_adds_nothing(array![1.0, 2.0]);
    neutral_adds_nothing(array![[1.0, 2.0, 3.0]]);
    neutral_adds_nothing(Array2::<f64>::zeros((0, 3)));
    neutral_adds_nothing(array![[1.0_f32, 2.0], [3.0, 4.0]].into_dyn());
    neutral_adds_nothing(arr0(1.0).into_dyn());
    neutral_adds_nothing(NoGradField);
}

#[test]
fn accumulating_to_and_from_nothing() {
    let mut empty: Vec<f64> = Vec::new();
    accumulate(&mut empty, &[1.0, 2.0]);
    accumulate(&mut empty, &Vec::<f64>::new());
    accumulate(&mut empty, [1.0, 1.0]);
    assert_eq!(empty, [2.0, 3.0]);
    let mut rows: Vec<Vec<f64>> = Vec::new();
    accumulate(&mut rows, vec![vec![1.0], vec![2.0, 3.0]]);
    assert_eq!(rows, [vec![1.0], vec![2.0, 3.0]]);
    let mut arrays: Vec<Array1<f64>> = Vec::new();
    accumulate(&mut arrays, &vec![array![1.0], array![2.0, 3.0]]);
    assert_eq!(arrays, [array![1.0], array![2.0, 3.0]]);
    let mut fixed = [1.0, 2.0];
    accumulate(&mut fixed, &Vec::<f64>::new());
    assert_eq!(fixed, [1.0, 2.0]);

    let mut array = Array1::<f64>::neutral();
    accumulate(&mut array, &array![1.0]);
    accumulate(&mut array, Array1::<f64>::neutral());
    accumulate(&mut array, array![2.0]);
    assert_eq!(array, array![3.0]);
    let mut matrix = Array2::<f64>::neutral();
    accumulate(&mut matrix, array![[1.0, 2.0], [3.0, 4.0]].t());
    assert_eq!(matrix, array![[1.0, 3.0], [2.0, 4.0]]);
    let mut dynamic = ArrayD::<f64>::neutral();
    accumulate(&mut dynamic, &matrix);
    assert_eq!(dynamic, matrix.into_dyn());
    let mut number = Array0::<f64>::neutral();
    accumulate(&mut number, 2.0);
    assert_eq!(number, arr0(2.0));
}

#[test]
#[should_panic(expected = "a tangent of length 1 does not fit one of length 2")]
fn lengths_that_do_not_fit() {
    vec![1.0, 2.0].accumulate(&vec![1.0]);
}

#[test]
#[should_panic(expected = "a tangent of shape [1, 2] does not fit one of shape [2, 1]")]
fn shapes_that_do_not_fit() {
    array![[1.0], [2.0]].accumulate(&array![[1.0, 2.0]]);
}

#[test]
fn values_of_the_standard_library() {
    assert_eq!(Ok::<_, std::fmt::Error>(vec![1.0]).zero_tangent(), Some(vec![0.0]));
    assert_eq!(Err::<f64, _>("message").zero_tangent(), None);
    assert_eq!(Rc::new((1.0, 2_u8)).zero_tangent(), (0.0, ()));
    assert_eq!(Arc::<[f64]>::from([1.0, 2.0]).zero_tangent(), [0.0, 0.0]);
    assert_eq!(Cow::Borrowed(&[1.0, 2.0][..]).zero_tangent(), [0.0, 0.0]);
    assert_eq!(Cow::Borrowed("text").zero_tangent(), ());
    assert_eq!(VecDeque::from([1.0, 2.0]).zero_tangent(), [0.0, 0.0]);
    assert_eq!(BTreeMap::from([(3, 1.0)]).zero_tangent(), BTreeMap::from([(3, 0.0)]));
    assert_eq!(HashMap::<_, _>::from([("k", [1.0])]).zero_tangent(), HashMap::from([("k", [0.0])]));
    let twelve = (1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.0);
    assert_eq!(twelve.zero_tangent(), (0.0, (), (), (), (), (), (), (), (), (), (), 0.0));
}

#[test]
fn values_without_numbers() {
    fn inactive<T: Differentiable<Tangent = ()> + LeavesMut + ?Sized>(value: &T) {
        zero_tangent(value);
    }
    inactive(&PhantomData::<f64>);
    inactive(&Duration::from_secs(1));
    inactive(&Instant::now());
    inactive(&(0..3));
    inactive(&(0..=3_u8));
    inactive(&(1_i64..));
    inactive(&..);
    inactive(&std::cmp::Ordering::Less);
    inactive(&Wrapping(1_u32));
    inactive(&NonZero::<u32>::MIN);
    inactive(&(f64::sin as fn(f64) -> f64));
    inactive(&(f64::atan2 as fn(f64, f64) -> f64));
    inactive(&HashSet::from([1, 2]));
    inactive(&std::cell::Cell::new(1));
    inactive(std::path::Path::new("x"));
}

#[test]
fn payloads_of_options() {
    let mut option_bar: Option<Vec<f64>> = None;
    accumulate(option_bar.some_0_mut(), &[1.0, 2.0]);
    accumulate(option_bar.ok_0_mut(), &[1.0, 2.0]);
    let () = *option_bar.err_0_mut();
    assert_eq!(option_bar, Some(vec![2.0, 4.0]));
    let () = *().some_0_mut();
    assert_eq!(NoGradField.some_0_mut(), &mut NoGradField);
}

#[test]
fn nothing_is_kept_of_what_is_added_to_an_inert_tangent() {
    let inert: &'static mut NoGradField = zero_sized();
    *inert += 2.0;
    *inert -= vec![1.0];
    inert[3] += 1.0;
    inert[[1, 2]][0] += 1.0;
    accumulate(inert, array![1.0]);
    assert_eq!(*inert, NoGradField);
}

struct Names(Vec<String>);

impl<'v> LeafVisitor<'v> for Names {
    fn leaf(&mut self, path: &LeafPath<'_>, _: &[usize], values: LeafValues<'v>) {
        self.0.push(format!("{path}: {:?}", values.to_f64()));
    }
}

fn names(value: &impl Leaves) -> Vec<String> {
    let mut names = Names(Vec::new());
    value.visit_leaves(&LeafPath::root(), &mut names);
    names.0
}

#[test]
fn leaves_of_collections() {
    let map: HashMap<&str, f64> = [("c", 3.0), ("a", 1.0), ("b", 2.0)].into();
    assert_eq!(names(&map), ["0: [1.0]", "1: [2.0]", "2: [3.0]"]);
    let map = BTreeMap::from([(2, vec![3.0]), (1, vec![1.0, 2.0])]);
    assert_eq!(names(&map), ["0: [1.0, 2.0]", "1: [3.0]"]);
    assert_eq!(names(&VecDeque::from([1.0, 2.0])), ["0: [1.0]", "1: [2.0]"]);
    assert_eq!(names(&(Ok::<_, String>(1.0), Rc::new(2.0), Cow::Borrowed(&3.0))), ["0: [1.0]", "1: [2.0]", "2: [3.0]"]);
}

#[test]
fn leaves_of_collections_are_changed() {
    let mut map: HashMap<&str, f64> = [("a", 1.0), ("b", 2.0)].into();
    let mut deque = VecDeque::from([1.0, 2.0]);
    let mut result = Ok::<_, String>(1.0);
    let mut cow = Cow::Borrowed(&[1.0][..]);
    let mut owned = Rc::new(1.0);
    zero((&mut map, &mut deque, &mut result, &mut cow, &mut owned));
    assert_eq!(
        (map["a"], map["b"], deque, result, cow, *owned),
        (0.0, 0.0, VecDeque::from([0.0, 0.0]), Ok(0.0), Cow::Borrowed(&[0.0][..]), 0.0)
    );
}

#[test]
#[should_panic(expected = "the numbers in `1` cannot be changed: the `Rc` has other owners")]
fn leaves_of_shared_values_are_not_changed() {
    struct Nothing;
    impl LeafVisitorMut for Nothing {
        fn leaf<A: autodiff_runtime::Float>(&mut self, _: &LeafPath<'_>, _: &[usize], _: &mut [A]) {}
    }
    let shared = Rc::new(1.0);
    (1.0, Rc::clone(&shared)).visit_leaves_mut(&LeafPath::root(), &mut Nothing);
}
