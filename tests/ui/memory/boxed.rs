use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut cell = std::cell::Cell::new(x);
    cell.set(cell.get() * x);
    *cell.get_mut()
}

fn main() {}
