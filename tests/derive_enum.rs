//! `#[derive(Differentiable)]` on enums: the tangent type and its payloads.

#![allow(dead_code)]

mod common;

use common::leaves;
use differentiable::{Differentiable, Tangent, accumulate, rt};

#[derive(Clone, Debug, Differentiable)]
enum Shape {
    Point,
    Circle(f64),
    Rect {
        w: f64,
        h: f64,
        id: usize,
    },
    Tagged(u8, f32, #[nograd] f64),
    #[nograd]
    Constant(f64),
    Count(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
enum Kind {
    First,
    Second,
}

#[test]
fn zero_has_the_variant_of_the_value() {
    assert_eq!(Shape::Point.zero_tangent(), ShapeTangent::Zero);
    assert_eq!(Shape::Circle(2.0).zero_tangent(), ShapeTangent::Circle(0.0));
    assert_eq!(Shape::Rect { w: 1.0, h: 2.0, id: 3 }.zero_tangent(), ShapeTangent::Rect { w: 0.0, h: 0.0 });
    assert_eq!(Shape::Tagged(1, 2.0, 3.0).zero_tangent(), ShapeTangent::Tagged((), 0.0, rt::NoGradField));
    assert_eq!(Shape::Constant(1.0).zero_tangent(), ShapeTangent::Zero);
    assert_eq!(Shape::Count(1).zero_tangent(), ShapeTangent::Zero);
    let () = Kind::First.zero_tangent();
    assert_ne!(Kind::First, Kind::Second);
}

#[test]
fn payloads() {
    let mut bar = ShapeTangent::neutral();
    *bar.rect_w_mut() += 2.0;
    let () = *bar.rect_id_mut();
    *bar.rect_h_mut() += 3.0;
    assert_eq!(bar, ShapeTangent::Rect { w: 2.0, h: 3.0 });
    let mut bar = ShapeTangent::default();
    // A payload without derivative does not decide the variant.
    let () = *bar.count_0_mut();
    *bar.constant_0_mut() += 2.0;
    assert_eq!(bar, ShapeTangent::Zero);
    *bar.circle_0_mut() += 1.0;
    assert_eq!(bar, ShapeTangent::Circle(1.0));
}

#[test]
#[should_panic(expected = "the tangent is of another variant than `Shape::Circle`")]
fn a_payload_of_another_variant() {
    ShapeTangent::Rect { w: 1.0, h: 0.0 }.circle_0_mut();
}

#[test]
fn arithmetic() {
    let mut bar = ShapeTangent::Zero;
    bar.accumulate(&ShapeTangent::Rect { w: 1.0, h: 2.0 });
    accumulate(&mut bar, ShapeTangent::Rect { w: 1.0, h: 1.0 });
    accumulate(&mut bar, &ShapeTangent::Zero);
    assert_eq!(bar, ShapeTangent::Rect { w: 2.0, h: 3.0 });
    bar.scale(2.0);
    assert_eq!(bar.inner_product(&ShapeTangent::Rect { w: 1.0, h: 10.0 }), 64.0);
    assert_eq!(bar.inner_product(&ShapeTangent::Zero), 0.0);
    assert_eq!(ShapeTangent::Zero.inner_product(&bar), 0.0);
    assert_ne!(bar, ShapeTangent::Circle(1.0));
    assert_eq!(format!("{bar:?} {:?}", ShapeTangent::Zero), "Rect { w: 4.0, h: 6.0 } Zero");
    bar.fill_zero();
    assert_eq!(bar.zero_tangent(), ShapeTangent::Rect { w: 0.0, h: 0.0 });
}

#[test]
#[should_panic(expected = "tangents of different variants of `Shape` do not fit")]
fn tangents_of_different_variants() {
    ShapeTangent::Circle(1.0).accumulate(&ShapeTangent::Rect { w: 1.0, h: 2.0 });
}

#[test]
fn names_of_leaves() {
    assert_eq!(leaves(&Shape::Rect { w: 1.0, h: 2.0, id: 3 }), ["w [1.0]", "h [2.0]"]);
    assert_eq!(leaves(&ShapeTangent::Circle(2.0)), ["0 [2.0]"]);
    assert_eq!(leaves(&Shape::Point), [""; 0]);
    assert_eq!(leaves(&ShapeTangent::Zero), [""; 0]);
}

#[derive(Clone, Differentiable)]
enum Expr {
    Number(f64),
    Input,
    Negative(Box<Expr>),
    Product(Box<Expr>, Box<Self>),
    Sum(Vec<Expr>),
}

#[test]
fn enums_that_contain_themselves() {
    let product = Expr::Product(Box::new(Expr::Number(2.0)), Box::new(Expr::Negative(Box::new(Expr::Input))));
    let value = Expr::Sum(vec![product, Expr::Input]);
    let mut bar = value.zero_tangent();
    let product_bar = &mut bar.sum_0_mut()[0];
    *product_bar.product_0_mut().number_0_mut() += 3.0;
    product_bar.product_1_mut().negative_0_mut().accumulate(&ExprTangent::Zero);
    assert_eq!(leaves(&value), ["0.0.0.0 [2.0]"]);
    assert_eq!(leaves(&bar), ["0.0.0.0 [3.0]"]);
    let mut neutral = ExprTangent::default();
    neutral.accumulate(&bar);
    assert_eq!(neutral.inner_product(&bar), 9.0);
}

#[derive(Differentiable)]
enum Activation<T, F, const N: usize>
where
    F: Fn(f64) -> f64,
{
    Linear {
        weights: [T; N],
        shift: T,
    },
    #[nograd]
    Custom(F),
    TwoWords(Vec<T>),
}

#[test]
fn generic_enums() {
    let mut linear = Activation::<f64, fn(f64) -> f64, 2>::Linear { weights: [1.0, 2.0], shift: 3.0 };
    if let Activation::Linear { shift, .. } = &mut linear {
        *shift += 1.0;
    }
    let mut bar: ActivationTangent<f64, 2> = linear.zero_tangent();
    bar.linear_weights_mut()[1] += 2.0;
    assert_eq!(bar, ActivationTangent::Linear { weights: [0.0, 2.0], shift: 0.0 });
    let custom = Activation::<f64, _, 2>::Custom(f64::sin);
    assert!(matches!(&custom, Activation::Custom(f) if f(0.0) == 0.0));
    assert_eq!(custom.zero_tangent(), ActivationTangent::Zero);
    let words = Activation::<f64, fn(f64) -> f64, 0>::TwoWords(vec![1.0]).zero_tangent();
    assert_eq!(*words.clone().two_words_0_mut(), [0.0]);
}

#[derive(Differentiable)]
enum Taken {
    Zero(f64),
    r#Type { r#fn: f64 },
}

#[derive(Differentiable)]
enum Never {}

#[derive(Differentiable)]
enum Command {
    Move(usize),
    Stop,
}

#[test]
fn unusual_names() {
    let mut bar = Taken::Zero(1.0).zero_tangent();
    assert_eq!(bar, TakenTangent::Zero(0.0));
    *bar.zero_0_mut() += 1.0;
    assert_eq!(TakenTangent::default(), TakenTangent::NeutralZero);
    let mut bar = Taken::Type { r#fn: 1.0 }.zero_tangent();
    *bar.type_fn_mut() += 1.0;
    assert_eq!(bar, TakenTangent::Type { r#fn: 1.0 });
    assert_eq!(None::<Never>.zero_tangent(), None);
    let mut bar = Command::Move(1).zero_tangent();
    let () = *bar.move_0_mut();
    assert_eq!(bar, Command::Stop.zero_tangent());
}

#[test]
fn enums_in_structs_and_containers() {
    #[derive(Differentiable)]
    struct Scene {
        shapes: Vec<Shape>,
        main: Option<Shape>,
        kind: Kind,
    }
    let scene = Scene { shapes: vec![Shape::Point, Shape::Circle(1.0)], main: Some(Shape::Point), kind: Kind::Second };
    let mut bar = scene.zero_tangent();
    *bar.shapes[1].circle_0_mut() += 1.0;
    let () = bar.kind;
    assert_eq!(bar.main, Some(ShapeTangent::Zero));
    assert_eq!(leaves(&scene), ["shapes.1.0 [1.0]"]);
    assert_eq!(scene.kind, Kind::Second);
    let mut sum = SceneTangent::default();
    sum.accumulate(&bar);
    assert_eq!(sum, bar);
}
