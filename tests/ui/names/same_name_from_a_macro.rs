use differentiable::differentiable;

macro_rules! doubled {
    ($name:ident($x:ident)) => {
        #[differentiable]
        fn $name($x: f64) -> f64 {
            let x = $x * 2.0;
            x + $x
        }
    };
}

doubled!(different(y));
doubled!(same(x));

fn main() {
    assert_eq!(different::grad(1.0), 3.0);
    assert_eq!(same::grad(1.0), 3.0);
}
