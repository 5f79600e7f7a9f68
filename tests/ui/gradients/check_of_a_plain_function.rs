use differentiable::gradcheck;

fn plain(x: f64) -> f64 {
    x * x
}

fn main() {
    gradcheck!(plain(2.0)).unwrap();
}
