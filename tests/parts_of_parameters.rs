//! `wrt(..)` down to nested fields, elements of tuples, and parameters of methods of traits.
#![allow(dead_code, unused, clippy::all)]
#[macro_use]
mod common;
use common::*;
use differentiable::ndarray::{Array1, Array2, array};
use differentiable::*;

#[derive(Differentiable, Clone, Debug)]
struct Layer {
    weight: Array2<f64>,
    bias: Array1<f64>,
}
#[derive(Differentiable, Clone, Debug)]
struct Net {
    layers: Vec<Layer>,
    head: Layer,
    scale: f64,
    temp: (f64, f64),
    arr: [f64; 3],
}

impl Layer {
    #[differentiable]
    fn forward(&self, x: &Array1<f64>) -> Array1<f64> {
        (self.weight.dot(x) + &self.bias).mapv(|v| v.tanh())
    }
}

impl Net {
    #[differentiable]
    fn all(&self, x: &Array1<f64>) -> f64 {
        let mut h = x.clone();
        for l in &self.layers {
            h = l.forward(&h);
        }
        let out = self.head.weight.dot(&h) + &self.head.bias;
        out.sum() * self.scale + self.temp.0 * self.arr[1]
    }
    #[differentiable(wrt(self.head.weight, self.scale))]
    fn some(&self, x: &Array1<f64>) -> f64 {
        let mut h = x.clone();
        for l in &self.layers {
            h = l.forward(&h);
        }
        let out = self.head.weight.dot(&h) + &self.head.bias;
        out.sum() * self.scale + self.temp.0 * self.arr[1]
    }
    #[differentiable(wrt(self.layers))]
    fn of_layers(&self, x: &Array1<f64>) -> f64 {
        let mut h = x.clone();
        for l in &self.layers {
            h = l.forward(&h);
        }
        let out = self.head.weight.dot(&h) + &self.head.bias;
        out.sum() * self.scale + self.temp.0 * self.arr[1]
    }
    #[differentiable(wrt(self.temp.0, self.arr))]
    fn of_temp(&self, x: &Array1<f64>) -> f64 {
        let mut h = x.clone();
        for l in &self.layers {
            h = l.forward(&h);
        }
        let out = self.head.weight.dot(&h) + &self.head.bias;
        out.sum() * self.scale + self.temp.0 * self.arr[1]
    }
}

#[differentiable(wrt(model.layers))]
fn w_layers(model: &Net, x: &Array1<f64>) -> f64 {
    let mut h = x.clone();
    for i in 0..model.layers.len() {
        h = model.layers[i].weight.dot(&h) + &model.layers[i].bias;
        h.mapv_inplace(f64::tanh);
    }
    (model.head.weight.dot(&h) + &model.head.bias).sum()
}
#[differentiable(wrt(model.head.weight, model.head.bias, x))]
fn w_head(model: &Net, x: &Array1<f64>) -> f64 {
    let mut h = x.clone();
    for l in model.layers.iter() {
        let z = l.weight.dot(&h) + &l.bias;
        h = z.mapv(|v| v.max(0.0));
    }
    let Layer { weight, bias } = &model.head;
    (weight.dot(&h) + bias).sum()
}
// whole passed to a method
#[differentiable(wrt(model.head))]
fn w_whole(model: &Net, x: &Array1<f64>) -> f64 {
    let Net { layers, head, scale, .. } = model;
    let h = layers[0].forward(x);
    head.forward(&h).sum() * scale
}

#[derive(Differentiable, Clone)]
struct L2 {
    k: f64,
    b: f64,
}
trait Eval {
    fn eval(&self, x: f64, y: f64) -> f64;
}
impl Eval for L2 {
    #[differentiable(wrt(self.k, x))]
    fn eval(&self, x: f64, y: f64) -> f64 {
        self.k * x * y + self.b * x * x
    }
}
#[differentiable(wrt(l, x))]
fn use_eval(l: &L2, x: f64, y: f64) -> f64 {
    l.eval(x, y)
}
impl Net {
    #[differentiable(wrt(self.head, x))]
    fn twice(&self, x: &Array1<f64>, y: f64) -> f64 {
        let h = self.layers[0].forward(x);
        (self.head.weight.dot(&h) * y).sum()
    }
}
#[derive(Differentiable, Clone)]
struct Wrapper {
    inner: Inner,
    t: [Inner; 2],
    v: Vec<Inner>,
}
#[derive(Differentiable, Clone)]
struct Inner {
    a: f64,
    b: f64,
}
#[differentiable(wrt(w.inner.a, w.t, w.v))]
fn deep(w: &Wrapper, x: f64) -> f64 {
    let mut s = w.inner.a * w.inner.b * x;
    for i in &w.t {
        s += i.a * i.b * s;
    }
    for (k, i) in w.v.iter().enumerate() {
        s += i.a * (k as f64) + i.b.sin();
    }
    s
}
impl Inner {
    #[differentiable]
    fn v(&self, x: f64) -> f64 {
        self.a * x + self.b * x * x
    }
    #[differentiable(wrt(self.b))]
    fn vb(&self, x: f64) -> f64 {
        self.a * x + self.b * x * x
    }
}
#[differentiable(wrt(w.inner))]
fn deep2(w: &Wrapper, x: f64) -> f64 {
    w.inner.v(x) * w.t[0].v(x) + w.v.iter().map(|i| i.v(x)).sum::<f64>()
}
// generic struct
#[derive(Differentiable, Clone)]
struct Gen<T> {
    a: T,
    b: T,
}
#[differentiable(wrt(g.a))]
fn gen_part<T: num_traits::Float>(g: &Gen<T>, x: T) -> T {
    g.a * g.b * x
}
// frozen slices
#[differentiable(wrt(b))]
fn part_of_loop(a: &[f64], b: &[f64], idx: &[usize]) -> f64 {
    let mut s = 0.0;
    for (&i, v) in idx.iter().zip(a) {
        let q = (v * v).exp();
        s += q * b[i] * b[i];
    }
    s
}
fn net() -> Net {
    let l = |s: f64| Layer {
        weight: Array2::from_shape_fn((2, 2), |(i, j)| (s + i as f64 - 0.5 * j as f64).sin()),
        bias: array![0.1 * s, -0.2],
    };
    Net { layers: vec![l(0.3), l(1.2)], head: l(2.2), scale: 1.5, temp: (0.7, 2.0), arr: [1.0, 2.0, 3.0] }
}

#[test]
fn parts_of_a_network() {
    let n = net();
    let x = array![0.3, -0.9];
    let (all, _) = n.all_grad(&x);
    let s = n.some_grad(&x);

    assert_eq!(s.head.weight, all.head.weight);
    assert_eq!(s.scale, all.scale);
    assert!(s.layers.iter().all(|l| l.weight.iter().all(|v| *v == 0.0)));
    let l = n.of_layers_grad(&x);
    assert_near("a", &l.layers[0].weight, &all.layers[0].weight, 1e-14);
    assert_near("a", &l.layers[1].bias, &all.layers[1].bias, 1e-14);
    let t = n.of_temp_grad(&x);
    assert_eq!((t.temp.0, t.temp.1, t.arr), (all.temp.0, 0.0, all.arr));
}

#[test]
fn parts_of_parts() {
    let w = Wrapper {
        inner: Inner { a: 0.5, b: 0.7 },
        t: [Inner { a: 1.0, b: 2.0 }, Inner { a: -0.3, b: 0.6 }],
        v: vec![Inner { a: 0.1, b: 0.2 }; 3],
    };
    let f = |a: f64| {
        let mut w = w.clone();
        w.inner.a = a;
        deep(&w, 1.3)
    };
    let g = deep::grad(&w, 1.3);
    assert_near("a", &g.inner.a, &difference(f, 0.5), 1e-8);
    assert_eq!(g.inner.b, 0.0);
    let f = |a: f64| {
        let mut w = w.clone();
        w.t[1].b = a;
        deep(&w, 1.3)
    };
    assert_near("t", &g.t[1].b, &difference(f, 0.6), 1e-8);
    let g2 = deep2::grad(&w, 1.3);
    assert_eq!(g2.t[0].a, 0.0);
    assert_eq!(gen_part::grad(&Gen { a: 2.0, b: 3.0 }, 4.0).a, 12.0);
}
