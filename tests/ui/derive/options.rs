use differentiable::Differentiable;

#[derive(Differentiable)]
#[differentiable(wrt(k))]
struct Spring {
    k: f64,
    #[nograd(always)]
    x0: f64,
}

#[derive(Differentiable)]
#[differentiable]
struct Mass(f64);

fn main() {}
