//! `#[derive(Differentiable)]` on structs: the tangent type, its arithmetic, its leaves.

mod common;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::marker::PhantomData;
use std::rc::Rc;

use common::leaves;
use differentiable::ndarray::{Array, Array1, Array2, ArrayView1, Dimension, array};
use differentiable::optim;
use differentiable::{Differentiable, Tangent, accumulate, rt, zero};

/// The laws of a vector space, and the tangent of a tangent.
#[track_caller]
fn check_laws<T: Differentiable>(value: &T, tangent: &T::Tangent)
where
    T::Tangent: Differentiable<Tangent = T::Tangent> + Default + for<'c> rt::AccumulateFrom<&'c T::Tangent>,
{
    let zero = value.zero_tangent();
    let mut sum = tangent.clone();
    sum.accumulate(&zero);
    assert_eq!(sum, *tangent, "zero adds nothing");
    let mut sum = T::Tangent::default();
    accumulate(&mut sum, tangent);
    assert_eq!(sum, *tangent, "the neutral tangent adds nothing");
    sum.accumulate(tangent);
    let mut doubled = tangent.clone();
    doubled.scale(2.0);
    assert_eq!(sum, doubled);
    let square = tangent.inner_product(tangent);
    assert_eq!(doubled.inner_product(tangent), 2.0 * square);
    assert_eq!(zero.inner_product(tangent), 0.0);
    assert_eq!(T::Tangent::neutral().inner_product(tangent), 0.0);
    assert_ne!(doubled, *tangent);
    doubled.fill_zero();
    assert_eq!(doubled, tangent.zero_tangent());
    assert_eq!(doubled.inner_product(tangent), 0.0);
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    k: f64,
    x0: f64,
    name: String,
    n: usize,
    #[nograd]
    w: f64,
}

fn spring() -> Spring {
    Spring { k: 2.0, x0: 1.0, name: "s".into(), n: 3, w: 4.0 }
}

#[test]
fn named_fields() {
    let spring = spring();
    assert_eq!(spring.zero_tangent(), SpringTangent { k: 0.0, x0: 0.0 });
    check_laws(&spring, &SpringTangent { k: 1.0, x0: -3.0 });
    assert_eq!(leaves(&spring), ["k [2.0]", "x0 [1.0]"]);
    assert_eq!(leaves(&SpringTangent { k: 1.5, x0: 0.5 }), ["k [1.5]", "x0 [0.5]"]);
    assert_eq!(format!("{:?}", SpringTangent::default()), "SpringTangent { k: 0.0, x0: 0.0 }");
}

#[test]
fn fields_without_derivative_are_named_but_not_there() {
    let mut bar = spring().zero_tangent();
    assert_eq!(size_of_val(&bar), 16);
    let () = bar.n;
    let () = bar.name;
    accumulate(&mut bar.n, ());
    // What flows into a constant is discarded.
    bar.w += 3.0;
    accumulate(&mut bar.w, 2.0);
    bar.k += 1.0;
    assert_eq!(bar, SpringTangent { k: 1.0, x0: 0.0 });
}

#[derive(Clone, Differentiable)]
struct Constants {
    counts: Vec<usize>,
    flags: [bool; 2],
    pair: (u8, char),
    maybe: Option<i32>,
    text: &'static str,
    marker: PhantomData<f64>,
    f: fn(f64) -> f64,
    scale: f64,
}

#[test]
fn containers_without_numbers() {
    let value = Constants {
        counts: vec![1, 2],
        flags: [true, false],
        pair: (1, 'x'),
        maybe: Some(1),
        text: "t",
        marker: PhantomData,
        f: f64::sin,
        scale: 3.0,
    };
    let mut bar = value.zero_tangent();
    assert_eq!(bar, ConstantsTangent { scale: 0.0 });
    assert_eq!(size_of_val(&bar), 8);
    accumulate(&mut bar.counts[1], ());
    accumulate(&mut bar.counts, vec![(), ()]);
    let () = bar.counts[0];
    let () = bar.pair.1;
    let () = *rt::OptionTangent::some_0_mut(&mut bar.maybe);
    let () = bar.f;
    assert_eq!(value.counts, [1, 2]);
    assert_eq!(leaves(&value), ["scale [3.0]"]);
    assert!(value.flags[0] && value.pair.0 == 1 && value.maybe.is_some() && value.text == "t");
    assert_eq!((value.f)(0.0), 0.0);
    let PhantomData = value.marker;
}

#[derive(Clone, Copy, Differentiable)]
struct Point(f64, u8, #[nograd] f64, [f32; 2]);

#[test]
fn tuple_fields_keep_their_positions() {
    let point = Point(1.0, 2, 3.0, [4.0, 5.0]);
    let mut bar = point.zero_tangent();
    bar.0 += 2.0;
    bar.3[1] -= 1.0;
    assert_eq!(bar, PointTangent(2.0, (), rt::NoGradField, [0.0, -1.0]));
    check_laws(&point, &bar);
    assert_eq!(leaves(&point), ["0 [1.0]", "3 [4.0, 5.0]"]);
    assert_eq!((point.1, point.2), (2, 3.0));
}

#[derive(Differentiable)]
struct Unit;
#[derive(Differentiable)]
struct Empty {}
#[derive(Differentiable)]
struct Id(u64);

#[test]
fn structs_without_numbers() {
    let ((), ()) = (Unit.zero_tangent(), Empty {}.zero_tangent());
    assert_eq!(Id(3).zero_tangent(), IdTangent(()));
    assert_eq!(leaves(&Id(3).0), [""; 0]);
    assert_eq!(leaves(&Unit), [""; 0]);
}

#[derive(Clone, Differentiable)]
struct Layer {
    weight: Array2<f64>,
    bias: Array1<f64>,
}

#[derive(Clone, Differentiable)]
struct Model {
    layer1: Vec<Layer>,
    pair: (Layer, f32),
    last: Option<Layer>,
    fixed: [Spring; 2],
    boxed: Box<Layer>,
    depth: usize,
}

fn layer() -> Layer {
    Layer { weight: array![[1.0, 2.0]], bias: array![3.0] }
}

fn model() -> Model {
    Model {
        layer1: vec![layer(), layer()],
        pair: (layer(), 5.0),
        last: None,
        fixed: [spring(), spring()],
        boxed: Box::new(layer()),
        depth: 2,
    }
}

#[test]
fn nested_structs() {
    let model = model();
    let mut bar = model.zero_tangent();
    bar.layer1[1].weight[[0, 1]] += 2.0;
    bar.pair.0.bias += 1.0;
    bar.fixed[1].k = 4.0;
    bar.boxed.bias[0] = 7.0;
    let () = bar.depth;
    assert_eq!(bar.layer1[1], LayerTangent { weight: array![[0.0, 2.0]], bias: array![0.0] });
    check_laws(&model, &bar);
    assert_eq!(model.depth, 2);
}

#[test]
fn names_of_nested_leaves() {
    let names: Vec<String> = leaves(&model()).iter().map(|leaf| leaf.split(' ').next().unwrap().to_owned()).collect();
    let expected = "layer1.0.weight layer1.0.bias layer1.1.weight layer1.1.bias pair.0.weight pair.0.bias pair.1 \
                    fixed.0.k fixed.0.x0 fixed.1.k fixed.1.x0 boxed.weight boxed.bias";
    assert_eq!(names.join(" "), expected);
    assert_eq!(leaves(&model()).len(), leaves(&model().zero_tangent()).len());
}

#[test]
fn a_missing_part_takes_the_shape_of_what_is_added() {
    let mut bar = LayerTangent::default();
    accumulate(&mut bar, &LayerTangent { weight: array![[1.0, 2.0]], bias: array![3.0] });
    accumulate(&mut bar, LayerTangent { weight: array![[1.0, 2.0]], bias: array![3.0] });
    assert_eq!(bar, LayerTangent { weight: array![[2.0, 4.0]], bias: array![6.0] });
}

#[test]
fn optimizers_over_structs() {
    let mut model = model();
    let mut bar = model.zero_tangent();
    bar.layer1[0].weight.fill(2.0);
    bar.fixed[0].x0 = 4.0;
    let mut sgd = optim::Sgd { learning_rate: 0.5, ..Default::default() };
    sgd.step(&mut model, &bar);
    assert_eq!(model.layer1[0].weight, array![[0.0, 1.0]]);
    assert_eq!(model.layer1[1].weight, array![[1.0, 2.0]]);
    assert_eq!((model.fixed[0].x0, model.fixed[0].w), (-1.0, 4.0));
    zero(&mut bar);
    assert_eq!(bar, model.zero_tangent());
}

#[derive(Clone, Differentiable)]
struct Pair<T, U: Clone = u8> {
    a: T,
    list: Vec<T>,
    #[nograd]
    extra: U,
}

#[derive(Clone, Differentiable)]
struct Bounded<T: Copy + Into<f64>, const N: usize, M>
where
    T: PartialOrd<T>,
    M: From<T> + Clone,
{
    values: [T; N],
    inner: Pair<T, M>,
    _marker: PhantomData<M>,
}

#[test]
fn generic_structs() {
    let pair = Pair { a: 1.0, list: vec![2.0], extra: 1_u8 };
    // The parameter of the field that is left out is not a parameter of the tangent.
    let bar: PairTangent<f64> = PairTangent { a: 2.0, list: vec![3.0] };
    check_laws(&pair, &bar);
    assert_eq!(leaves(&pair), ["a [1.0]", "list [2.0]"]);
    assert_eq!(leaves(&bar), ["a [2.0]", "list [3.0]"]);
    assert_eq!(pair.extra, 1);
    let nested = Pair { a: pair.clone(), list: vec![pair], extra: "text" };
    let bar = PairTangent { a: bar.clone(), list: vec![bar.clone()] };
    check_laws(&nested, &bar);
    assert_eq!(leaves(&bar), ["a.a [2.0]", "a.list [3.0]", "list.0.a [2.0]", "list.0.list [3.0]"]);

    let inner = Pair { a: 1.0_f32, list: vec![], extra: 0.5_f64 };
    let bounded = Bounded { values: [1.0_f32, 2.0], inner, _marker: PhantomData };
    let bar = BoundedTangent { values: [1.0, 0.0], inner: PairTangent { a: 2.0, list: vec![] } };
    check_laws(&bounded, &bar);
    // Parameters without numbers are no obstacle.
    assert_eq!(Pair { a: 1_u8, list: vec![2], extra: () }.zero_tangent(), PairTangent { a: (), list: vec![()] });
}

#[test]
fn tangents_in_generic_functions() {
    fn doubled<T: differentiable::Float>(pair: &Pair<T, ()>) -> PairTangent<T> {
        let mut bar = pair.zero_tangent();
        bar.a += pair.a * T::of(2.0);
        bar.list[0] = bar.a;
        bar
    }
    assert_eq!(doubled(&Pair { a: 3.0_f32, list: vec![1.0], extra: () }), PairTangent { a: 6.0, list: vec![6.0] });
}

trait Scheme {
    type State;
}
struct Euler;
impl Scheme for Euler {
    type State = Vec<f64>;
}

#[derive(Differentiable)]
struct Solver<S: Scheme> {
    state: S::State,
    step: f64,
    _scheme: PhantomData<S>,
}

#[derive(Differentiable)]
struct Tensors<D: Dimension> {
    values: Array<f64, D>,
    grid: Option<Array<f32, D>>,
}

#[test]
fn associated_types_and_dimensions() {
    let solver = Solver::<Euler> { state: vec![1.0], step: 0.1, _scheme: PhantomData };
    check_laws(&solver, &SolverTangent { state: vec![2.0], step: 1.0 });
    let tensors = Tensors { values: array![[1.0, 2.0]], grid: None };
    check_laws(&tensors, &TensorsTangent { values: array![[3.0, 4.0]], grid: Some(array![[1.0]]) });
    assert_eq!(leaves(&tensors), ["values [1.0, 2.0]"]);
}

#[derive(Differentiable)]
struct Borrowed<'a, 'b: 'a, T> {
    data: &'a [f64],
    view: ArrayView1<'b, f64>,
    generic: &'a [T],
    text: &'b str,
    offset: f64,
}

#[derive(Differentiable)]
struct Outer<'a> {
    inner: Borrowed<'a, 'a, f64>,
    cow: Cow<'a, [f64]>,
    scale: f64,
}

#[test]
fn lifetimes() {
    let (data, array) = ([1.0, 2.0], array![3.0]);
    let inner = Borrowed { data: &data, view: array.view(), generic: &[0.5], text: "t", offset: 4.0 };
    assert_eq!(inner.text, "t");
    let outer = Outer { inner, cow: Cow::Borrowed(&[1.0]), scale: 2.0 };
    // A tangent borrows nothing.
    let bar: OuterTangent = outer.zero_tangent();
    let mut inner = BorrowedTangent { data: vec![1.0, 0.0], view: array![2.0], generic: vec![0.0], offset: 1.0 };
    let () = inner.text;
    inner.accumulate(&bar.inner);
    check_laws(&outer, &OuterTangent { inner, ..bar });
    assert_eq!(
        leaves(&outer),
        [
            "inner.data [1.0, 2.0]",
            "inner.view [3.0]",
            "inner.generic [0.5]",
            "inner.offset [4.0]",
            "cow [1.0]",
            "scale [2.0]"
        ]
    );
}

#[derive(Differentiable)]
struct Collections {
    queue: VecDeque<f64>,
    map: HashMap<String, f64>,
    tree: BTreeMap<u8, Vec<f64>>,
    shared: Rc<Layer>,
    result: Result<f64, String>,
}

#[test]
fn collections() {
    let value = Collections {
        queue: [1.0, 2.0].into(),
        map: [("b".to_owned(), 1.0), ("a".to_owned(), 2.0)].into(),
        tree: [(1, vec![3.0])].into(),
        shared: Rc::new(layer()),
        result: Ok(1.0),
    };
    let mut bar = value.zero_tangent();
    bar.queue[1] += 1.0;
    *bar.map.get_mut("a").unwrap() += 2.0;
    bar.shared.bias += 3.0;
    bar.result = Some(2.0);
    check_laws(&value, &bar);
    assert_eq!(leaves(&bar)[2..4], ["map.0 [2.0]", "map.1 [0.0]"]);
}

#[derive(Differentiable)]
struct Node {
    value: f64,
    next: Option<Box<Node>>,
    children: Vec<Self>,
}

#[derive(Differentiable)]
struct Tree<T> {
    value: T,
    left: Option<Box<Tree<T>>>,
    right: Option<Box<Self>>,
}

#[test]
fn structs_that_contain_themselves() {
    let leaf = |value| Node { value, next: None, children: vec![] };
    let node = Node { value: 1.0, next: Some(Box::new(leaf(2.0))), children: vec![leaf(3.0)] };
    let mut bar = node.zero_tangent();
    bar.children[0].value += 1.0;
    rt::OptionTangent::some_0_mut(&mut *bar.next).value += 2.0;
    check_laws(&node, &bar);
    assert_eq!(leaves(&node), ["value [1.0]", "next.value [2.0]", "children.0.value [3.0]"]);
    assert_eq!(leaves(&bar), ["value [0.0]", "next.value [2.0]", "children.0.value [1.0]"]);

    let tree = |value, left| Tree { value, left, right: None };
    let tree = tree(1.0, Some(Box::new(tree(2.0, None))));
    let mut bar = tree.zero_tangent();
    rt::OptionTangent::some_0_mut(&mut *bar.left).value = 3.0;
    check_laws(&tree, &bar);
    assert_eq!(leaves(&bar), ["value [0.0]", "left.value [3.0]"]);
}

#[derive(Differentiable)]
struct Names {
    r#type: f64,
    größe: f64,
    r#fn: usize,
    rt: f64,
}

#[allow(non_camel_case_types)]
#[derive(Differentiable)]
struct r#struct {
    x: f64,
}

#[test]
fn unusual_names() {
    let names = Names { r#type: 1.0, größe: 2.0, r#fn: 3, rt: 4.0 };
    check_laws(&names, &NamesTangent { r#type: 1.0, größe: 2.0, rt: 3.0 });
    let () = names.zero_tangent().r#fn;
    assert_eq!(leaves(&names), ["type [1.0]", "größe [2.0]", "rt [4.0]"]);
    check_laws(&r#struct { x: 1.0 }, &structTangent { x: 2.0 });
    assert_eq!(names.r#fn, 3);
}

#[derive(Differentiable)]
struct Configured {
    #[cfg(not(any()))]
    x: f64,
    #[cfg(any())]
    gone: Missing,
    #[cfg_attr(not(any()), nograd)]
    constant: f64,
}

#[test]
fn configured_fields() {
    let value = Configured { x: 1.0, constant: 2.0 };
    assert_eq!(value.zero_tangent(), ConfiguredTangent { x: 0.0 });
    assert_eq!(leaves(&value), ["x [1.0]"]);
    assert_eq!(value.constant, 2.0);
}

mod elsewhere {
    pub(crate) mod renamed {
        pub(crate) use ::differentiable::*;
    }

    #[derive(differentiable::Differentiable)]
    #[differentiable(crate = crate::elsewhere::renamed)]
    pub(super) struct Account {
        pub(super) balance: f64,
        interest: f64,
        count: u32,
    }

    impl Account {
        pub(super) fn new() -> Self {
            Account { balance: 1.0, interest: 2.0, count: 3 }
        }

        pub(super) fn interest(bar: &AccountTangent) -> f64 {
            let () = bar.count;
            bar.interest
        }

        pub(super) fn count(&self) -> u32 {
            self.count
        }
    }
}

#[test]
fn visibility_and_another_path() {
    let account = elsewhere::Account::new();
    let bar: elsewhere::AccountTangent = account.zero_tangent();
    assert_eq!((bar.balance, elsewhere::Account::interest(&bar)), (0.0, 0.0));
    assert_eq!((account.balance, account.count()), (1.0, 3));
}

macro_rules! vector {
    ($name:ident, $scalar:ty, $($field:ident)*) => {
        #[derive(Clone, Copy, Differentiable)]
        struct $name { $($field: $scalar,)* tag: u8 }
    };
}
vector!(Vec3, f64, x y z);

#[test]
fn structs_that_a_macro_writes() {
    let vector = Vec3 { x: 1.0, y: 2.0, z: 3.0, tag: 1 };
    let bar = Vec3Tangent { x: 1.0, y: 0.0, z: 2.0 };
    let copy = bar;
    check_laws(&vector, &bar);
    assert_eq!(copy.inner_product(&bar), 5.0);
    let () = bar.tag;
    assert_eq!(vector.tag, 1);
}

#[test]
fn structs_in_containers() {
    let list = [spring(), spring()];
    assert_eq!(list.zero_tangent(), [SpringTangent::default(), SpringTangent::default()]);
    let mut bars = vec![SpringTangent::default(); 2];
    accumulate(&mut bars, &list.zero_tangent());
    accumulate(&mut bars, vec![SpringTangent { k: 1.0, x0: 2.0 }; 2]);
    assert_eq!(bars[1].x0, 2.0);
    let mut tuple = (spring(), Some(spring()), 3).zero_tangent();
    accumulate(&mut tuple, (SpringTangent::default(), Some(SpringTangent { k: 1.0, x0: 0.0 }), ()));
    assert_eq!(tuple.1.unwrap().k, 1.0);
}
