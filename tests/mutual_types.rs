//! Types that contain each other, by way of lists and of boxes.

use differentiable::{Differentiable, differentiable};

#[derive(Clone, Debug, Differentiable)]
enum Content {
    Number(f64),
    Row(Vec<f64>),
    Items(Vec<Item>),
}

#[derive(Clone, Debug, Differentiable)]
struct Item {
    size: usize,
    content: Content,
}

#[differentiable]
fn total(item: &Item) -> f64 {
    let weight = (item.size + 1) as f64;
    match &item.content {
        Content::Number(x) => weight * x * x,
        Content::Row(row) => row.iter().map(|x| x * weight).sum(),
        Content::Items(items) => {
            let mut sum = 0.0;
            for item in items {
                sum += total(item);
            }
            weight * sum
        }
    }
}

fn nested(v: &[f64]) -> Item {
    let items = vec![
        Item { size: 0, content: Content::Number(v[0]) },
        Item { size: 2, content: Content::Items(vec![Item { size: 1, content: Content::Row(v[1..].to_vec()) }]) },
    ];
    Item { size: 1, content: Content::Items(items) }
}

#[test]
fn a_struct_and_an_enum_that_hold_lists_of_each_other() {
    let at = [0.7, -1.2, 0.4];
    let (value, bar) = total::value_and_grad(&nested(&at));
    assert_eq!(value, 2.0 * (0.49 + 3.0 * 2.0 * (at[1] + at[2])));
    let ContentTangent::Items(items) = &bar.content else { panic!("no items") };
    let ContentTangent::Number(number) = items[0].content else { panic!("no number") };
    assert_eq!(number, 2.0 * 2.0 * at[0]);
    let ContentTangent::Items(inner) = &items[1].content else { panic!("no items") };
    let ContentTangent::Row(row) = &inner[0].content else { panic!("no row") };
    assert_eq!(row, &[12.0, 12.0]);
    let (again, dot) = total::jvp(&nested(&at), &bar);
    assert_eq!(again, value);
    assert!((dot - (number * number + 288.0)).abs() < 1e-12);
}

/// A chain of two kinds of links.
#[derive(Clone, Debug, Differentiable)]
struct Rod<T> {
    length: T,
    next: Option<Box<Joint<T>>>,
}

#[derive(Clone, Debug, Differentiable)]
struct Joint<T> {
    angle: T,
    rod: Rod<T>,
}

#[differentiable]
fn reach(rod: &Rod<f64>, direction: f64) -> f64 {
    let own = rod.length * direction.cos();
    match &rod.next {
        Some(joint) => own + reach(&joint.rod, direction + joint.angle),
        None => own,
    }
}

#[test]
fn structs_that_hold_each_other_in_boxes() {
    let last = Rod { length: 0.5, next: None };
    let rod = Rod { length: 1.5, next: Some(Box::new(Joint { angle: 0.3, rod: last })) };
    let (bar, direction_bar) = reach::grad(&rod, 0.2);
    assert_eq!(bar.length, 0.2f64.cos());
    let joint = bar.next.as_ref().as_ref().unwrap();
    assert!((joint.angle + 0.5 * 0.5f64.sin()).abs() < 1e-15);
    assert!((joint.rod.length - 0.5f64.cos()).abs() < 1e-15);
    assert!((direction_bar + 1.5 * 0.2f64.sin() + 0.5 * 0.5f64.sin()).abs() < 1e-15);
    let (_, dot) = reach::jvp(&rod, 0.2, &bar, 0.0);
    let squares = bar.length.powi(2) + joint.angle.powi(2) + joint.rod.length.powi(2);
    assert!((dot - squares).abs() < 1e-12);
}
