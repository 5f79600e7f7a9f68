//! `#[derive(Differentiable)]`: tangent types of structs and enums.

#![allow(dead_code)]

use differentiable::{Differentiable, Tangent, accumulate};

#[derive(Clone, Debug, Differentiable)]
struct Spring {
    k: f64,
    x0: f64,
    name: String,
    n: usize,
    #[nograd]
    w: f64,
}

#[derive(Differentiable)]
enum Shape {
    Point,
    Circle(f64),
    Rect { w: f64, h: f64, id: usize },
    Tagged(u8, f32),
}

#[test]
fn a_named_struct() {
    let spring = Spring { k: 2.0, x0: 1.0, name: "s".into(), n: 3, w: 4.0 };
    let mut bar = spring.zero_tangent();
    assert_eq!(bar, SpringTangent { k: 0.0, x0: 0.0 });
    bar.k += 2.0;
    accumulate(&mut bar, &SpringTangent { k: 1.0, x0: 3.0 });
    assert_eq!(bar, SpringTangent { k: 3.0, x0: 3.0 });
    let () = bar.n;
}
#[test]
fn an_enum() {
    let mut bar = ShapeTangent::neutral();
    *bar.circle_0_mut() += 2.0;
    assert_eq!(bar, ShapeTangent::Circle(2.0));
    let () = *ShapeTangent::Zero.rect_id_mut();
    assert_eq!(Shape::Tagged(1, 2.0).zero_tangent(), ShapeTangent::Tagged((), 0.0));
}
