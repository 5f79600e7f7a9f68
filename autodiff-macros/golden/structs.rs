#[differentiable]
fn swing(mut state: State, spring: &Spring, dt: f64, steps: usize) -> f64 {
    for _ in 0..steps {
        let Spring { k, rest, .. } = spring;
        state.v -= k * (state.x - rest) * dt;
        state.x += state.v * dt;
    }
    let last = State { x: state.x.sin(), ..state };
    last.x * last.v
}
