use differentiable::Differentiable;

#[derive(Differentiable)]
struct Norm {
    weight: f64,
    #[buffer]
    count: usize,
    #[buffer(mean)]
    mean: f64,
}

#[derive(Differentiable)]
enum Layer {
    Norm {
        weight: f64,
        #[buffer]
        mean: f64,
    },
}

fn main() {}
