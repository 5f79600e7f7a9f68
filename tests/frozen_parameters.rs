//! Parameters, and parts of them, that derivatives leave out.
#![allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub)]
use differentiable::ndarray::{Array1, Array2, array};
use differentiable::{Differentiable, differentiable, gradcheck};

#[derive(Clone, Debug, Differentiable)]
struct Lin {
    w: f64,
    b: f64,
}
#[derive(Clone, Debug, Differentiable)]
struct Head {
    w: Array1<f64>,
    b: f64,
}
#[derive(Clone, Debug, Differentiable)]
struct Model {
    layers: Vec<Lin>,
    head: Head,
    pair: (f64, f64),
    arr: [Lin; 2],
}

macro_rules! versions {
    ($($name:ident [$($what:tt)*])*) => {$(
        #[differentiable($($what)*)]
        fn $name(model: &Model, x: f64) -> f64 {
            let mut y = x;
            for l in &model.layers { y = (l.w * y + l.b).tanh(); }
            y * model.head.w.sum() + model.head.b * model.pair.0 + model.arr[1].w * model.pair.1
        }
    )*};
}
versions! {
    all [gradcheck]
    layers [wrt(model.layers)]
    head [wrt(model.head)]
    head_b [wrt(model.head.b)]
    pair0 [wrt(model.pair.0)]
    arr [wrt(model.arr, x)]
    several [wrt(model.layers, model.pair)]
}
impl Model {
    #[differentiable(wrt(self.layers))]
    fn body(&self, x: f64) -> f64 {
        let mut y = x;
        for l in &self.layers {
            y = (l.w * y + l.b).tanh();
        }
        y * self.head.b
    }
    #[differentiable(wrt(self.head.b, x), hvp)]
    fn body2(&self, x: f64) -> f64 {
        let mut y = x;
        for l in &self.layers {
            y = (l.w * y + l.b).tanh();
        }
        y * self.head.b * self.head.b
    }
}
#[differentiable(wrt(k))]
fn frozen_mut(a: &mut [f64], k: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len() {
        a[i] *= 2.0;
        s += a[i] * k * k;
        a[i] = s;
    }
    a[0] * s
}
#[differentiable(wrt(w))]
fn generic<T: num_traits::Float>(w: &[T], x: &[T]) -> T {
    let mut s = T::zero();
    for i in 0..w.len() {
        s = s + w[i] * w[i] * x[i];
    }
    s
}
#[differentiable(wrt(w), hvp)]
fn tens(w: &Array2<f64>, x: &Array1<f64>) -> f64 {
    w.dot(x).mapv(|v| v * v * v).sum()
}

#[test]
fn what_is_named_has_the_derivatives_of_the_whole() {
    let m = Model {
        layers: vec![Lin { w: 0.3, b: 0.1 }, Lin { w: -0.7, b: 0.2 }],
        head: Head { w: array![0.5, 1.5], b: 0.4 },
        pair: (1.1, -0.3),
        arr: [Lin { w: 1.0, b: 2.0 }, Lin { w: 3.0, b: 4.0 }],
    };
    let (g, gx) = all::grad(&m, 0.8);
    let a = layers::grad(&m, 0.8);
    assert_eq!(a.layers[0].w, g.layers[0].w);
    assert_eq!(a.head.b, 0.0);
    let b = head::grad(&m, 0.8);
    assert_eq!(b.head.w, g.head.w);
    assert_eq!(b.head.b, g.head.b);
    assert_eq!(head_b::grad(&m, 0.8).head.b, g.head.b);
    assert_eq!(pair0::grad(&m, 0.8).pair.0, g.pair.0);
    assert_eq!(pair0::grad(&m, 0.8).pair.1, 0.0);
    let (c, cx) = arr::grad(&m, 0.8);
    assert_eq!((c.arr[1].w, cx), (g.arr[1].w, gx));
    let d = several::grad(&m, 0.8);
    assert_eq!((d.layers[1].b, d.pair.1, d.head.b), (g.layers[1].b, g.pair.1, 0.0));
    let s = m.body_grad(0.8);
    assert!((s.layers[0].w * 1.0 - g.layers[0].w * 0.4 / 2.0).abs() < 1e-14);
    let k = frozen_mut::value_and_grad(&mut [1.0, 2.0], 1.5);
    let h = 1e-6;
    let f = |k| frozen_mut(&mut [1.0, 2.0], k);
    assert_eq!(k.0, frozen_mut(&mut [1.0, 2.0], 1.5));
    assert_eq!(frozen_mut::vjp(&mut [1.0, 2.0], 1.5).1(1.0), k.1);
    assert!((k.1 - (f(1.5 + h) - f(1.5 - h)) / 2.0 / h).abs() < 1e-5);
    gradcheck!(generic(&[1.0, 2.0][..], &[0.5, 0.7][..])).unwrap();
    gradcheck!(tens(&array![[1.0, 2.0]], &array![0.5, 0.7])).unwrap();
    gradcheck!(layers(&m, 0.8)).unwrap();
    gradcheck!(head_b(&m, 0.8)).unwrap();
    gradcheck!(arr(&m, 0.8)).unwrap();
}

mod of_traits {
    use super::*;
    use differentiable::stop_gradient;
    #[differentiable]
    trait Layer {
        #[differentiable(wrt(self, y))]
        fn some(&self, x: &[f64], y: f64) -> f64 {
            self.forward(x[0]) * y
        }
        #[differentiable(wrt(self))]
        fn forward(&self, x: f64) -> f64;
        #[differentiable(wrt(x))]
        fn input_only(&self, x: f64) -> f64;
    }
    #[derive(Clone, Debug, Differentiable)]
    struct Dense {
        w: f64,
        b: f64,
    }
    #[differentiable]
    impl Layer for Dense {
        fn forward(&self, input: f64) -> f64 {
            self.w * input * input + self.b
        }
        fn input_only(&self, x: f64) -> f64 {
            self.w * x * x + self.b
        }
    }
    #[differentiable]
    fn use_layer<L: Layer>(l: &L, x: f64) -> f64 {
        l.forward(stop_gradient(x)) * x
    }
    #[differentiable(wrt(x))]
    fn use_input<L: Layer>(l: &L, x: f64) -> f64 {
        l.input_only(x) * x
    }
    #[differentiable]
    fn use_dyn(l: &dyn Layer, x: f64) -> f64 {
        l.forward(stop_gradient(x)) * x + l.some(&[3.0], x)
    }
    #[differentiable(wrt(x))]
    fn use_dyn_input(l: &[Box<dyn Layer>], x: f64) -> f64 {
        let mut s = 0.0;
        for l in l {
            s += l.input_only(x) * x;
        }
        s
    }

    #[test]
    fn parameters_of_methods_of_traits() {
        let l = Dense { w: 2.0, b: 1.0 };
        let (lb, xb) = use_layer::grad(&l, 3.0);
        assert_eq!((lb.w, lb.b, xb), (27.0, 3.0, 19.0));
        assert_eq!(use_input::grad(&l, 3.0), 19.0 + 3.0 * 12.0);
        let (lb, yb) = l.some_grad(&[3.0], 2.0);
        assert_eq!((lb.w, yb), (18.0, 19.0));
        assert_eq!(use_dyn::grad(&l, 3.0).1, 19.0 + 19.0);
        assert_eq!(use_dyn_input::grad(&[Box::new(l)], 3.0), 19.0 + 3.0 * 12.0);
    }
}
