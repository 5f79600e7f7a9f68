use differentiable::Differentiable;

struct Material {
    stiffness: f64,
}

#[derive(Differentiable)]
struct Spring {
    material: Material,
    length: f64,
}

fn main() {}
