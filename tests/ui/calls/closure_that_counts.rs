use differentiable::differentiable;

mod solver {
    use differentiable::differentiable;

    #[differentiable]
    pub fn twice(mut g: impl FnMut(f64) -> f64, x: f64) -> f64 {
        let y = g(x);
        g(y)
    }
}

#[differentiable]
fn f(x: f64) -> f64 {
    let mut total = 0.0;
    let y = solver::twice(
        |t| {
            total += t;
            t * t
        },
        x,
    );
    y + total
}

fn main() {}
