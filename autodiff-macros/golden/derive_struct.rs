#[derive(Clone, Differentiable)]
pub struct Spring {
    pub stiffness: f64,
    pub rest: [f64; 3],
    name: String,
    #[nograd]
    damping: f64,
}
