use differentiable::differentiable;

enum Shape {
    Circle(f64),
    Rectangle { w: f64, h: f64 },
}

#[differentiable]
fn area(shape: Shape, scale: f64) -> f64 {
    match shape {
        Shape::Circle(r) => scale * r * r,
        Shape::Rectangle { w, h } => scale * w * h,
    }
}

fn main() {}
