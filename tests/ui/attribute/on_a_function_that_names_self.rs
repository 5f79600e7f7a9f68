use differentiable::differentiable;

struct Spring {
    k: f64,
}

impl Spring {
    #[differentiable]
    fn of(k: f64) -> Self {
        Self { k: 2.0 * k }
    }
}

fn main() {
    let _ = Spring::of(1.0).k;
}
