#[derive(Clone, Differentiable)]
enum Shape<T> {
    Empty,
    Circle(T),
    Rect { id: usize, sides: Vec<T> },
}
