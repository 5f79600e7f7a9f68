use differentiable::differentiable;

mod model {
    use differentiable::differentiable;

    #[differentiable]
    pub fn failing(x: f64, v: &[f64], n: usize) -> f64 {
        x * v[n] * ((x as i32) as f64)
    }
}

use model::failing;

#[differentiable]
fn caller(x: f64, v: &[f64]) -> f64 {
    failing(x, v, 0) + model::failing(x, v, 1)
}

fn main() {
    let v = [1.0, 2.0];
    let (x_bar, v_bar): (f64, Vec<f64>) = failing::grad(2.0, &v, 1);
    let (value, (mut a, mut b)) = failing::value_and_grad(2.0, &v, 0);
    let _: f64 = failing::value_and_grad_into(2.0, &v, 0, &mut a, &mut b);
    let (_, pullback) = failing::vjp(2.0, &v, 0);
    let (_, tangent): (f64, f64) = failing::jvp(2.0, &v, 0, 1.0, &v);
    println!("{x_bar} {v_bar:?} {value} {tangent} {} {:?}", failing::GRAPH, pullback(1.0));
    println!("{:?}", caller::grad(2.0, &v));
}
