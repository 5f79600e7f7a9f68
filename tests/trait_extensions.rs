//! Traits for lists of what has them, traits for all that have another one, and layers made of layers.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

mod common;
use common::{assert_near, differences};
use differentiable::{Differentiable, Tangent, differentiable, gradcheck};

/// A trait that all shapes have, and a list of shapes that is one.
mod blanket {
    use super::*;
    #[differentiable]
    pub trait Shape {
        fn area(&self) -> f64;
        fn scale(&self, k: f64) -> f64;
    }
    #[differentiable]
    pub trait ShapeExt: Shape {
        fn double(&self) -> f64 {
            2.0 * self.area()
        }
        fn mix(&self, o: &Self, t: f64) -> f64 {
            self.area() * t + o.scale(t)
        }
    }
    #[differentiable]
    impl<T: Shape + ?Sized> ShapeExt for T {}
    #[derive(Clone, Debug, Differentiable)]
    pub struct Disc {
        pub r: f64,
    }
    #[derive(Clone, Debug, Differentiable)]
    pub struct Rect(pub f64, pub f64);
    #[differentiable]
    impl Shape for Disc {
        fn area(&self) -> f64 {
            std::f64::consts::PI * self.r * self.r
        }
        fn scale(&self, k: f64) -> f64 {
            self.r * k
        }
    }
    #[differentiable]
    impl Shape for Rect {
        fn area(&self) -> f64 {
            self.0 * self.1
        }
        fn scale(&self, k: f64) -> f64 {
            (self.0 + self.1) * k
        }
    }
    #[differentiable]
    impl<S: Shape> Shape for Vec<S> {
        fn area(&self) -> f64 {
            self.iter().map(|s| s.area()).sum()
        }
        fn scale(&self, k: f64) -> f64 {
            self.iter().map(|s| s.scale(k)).sum()
        }
    }
    #[differentiable]
    fn total<S: Shape>(s: S, t: &impl Shape) -> f64 {
        s.area() + t.scale(0.5)
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let d = Disc { r: x };
        let r = Rect(x, y);
        let many = vec![Disc { r: y }, Disc { r: x * y }];
        d.double() + r.mix(&Rect(y, 2.0), x) + many.area() + total(d.clone(), &r) + many.double() + total(r, &many)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}

/// Networks of boxed layers, some of which are networks.
mod layers {
    use super::*;
    #[differentiable]
    pub trait Layer {
        fn forward(&self, x: &[f64]) -> Vec<f64>;
        fn reg(&self) -> f64 {
            0.0
        }
    }
    #[derive(Clone, Debug, Differentiable)]
    pub struct Dense {
        w: Vec<Vec<f64>>,
        b: Vec<f64>,
    }
    #[derive(Clone, Debug, Differentiable)]
    pub struct Tanh;
    #[derive(Differentiable)]
    pub struct Seq {
        layers: Vec<Box<dyn Layer>>,
        gain: f64,
    }
    #[differentiable]
    impl Layer for Dense {
        fn forward(&self, x: &[f64]) -> Vec<f64> {
            self.w.iter().zip(&self.b).map(|(r, b)| r.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b).collect()
        }
        fn reg(&self) -> f64 {
            self.b.iter().map(|b| b * b).sum()
        }
    }
    #[differentiable]
    impl Layer for Tanh {
        fn forward(&self, x: &[f64]) -> Vec<f64> {
            x.iter().map(|v| v.tanh()).collect()
        }
    }
    #[differentiable]
    impl Layer for Seq {
        fn forward(&self, x: &[f64]) -> Vec<f64> {
            let mut h = x.to_vec();
            for l in &self.layers {
                h = l.forward(&h);
            }
            h.iter().map(|v| v * self.gain).collect()
        }
        fn reg(&self) -> f64 {
            self.layers.iter().map(|l| l.reg()).sum::<f64>() + self.gain
        }
    }
    #[differentiable]
    fn loss(net: &Seq, x: &[f64]) -> f64 {
        net.forward(x).iter().map(|v| v * v).sum::<f64>() + net.reg()
    }
    fn make(v: &[f64]) -> Seq {
        let dense = Dense { w: vec![vec![v[0], v[1]], vec![v[2], 0.2]], b: vec![v[3], 0.1] };
        let inner = Seq { layers: vec![Box::new(dense), Box::new(Tanh)], gain: v[4] };
        let last = Dense { w: vec![vec![v[5], v[6]]], b: vec![v[7]] };
        Seq { layers: vec![Box::new(inner), Box::new(last)], gain: v[8] }
    }

    #[test]
    fn derivatives() {
        let at = [0.3, 0.8, -0.2, 0.5, 1.2, 0.7, 0.1, 0.9, 1.4];
        let x = [0.4, -0.7];
        let (_, (bar, x_bar)) = loss::value_and_grad(&make(&at), &x);
        assert_near("gain", &bar.gain, &differences(|v| loss(&make(v), &x), &at)[8], 1e-7);
        assert_near("x", &x_bar, &differences(|x| loss(&make(&at), x), &x), 1e-7);
        let mut direction = bar.clone();
        direction.scale(0.0);
        direction.gain = 1.0;
        let (_, slope) = loss::jvp(&make(&at), &x, &direction, &x_bar);
        let expected = bar.gain + x_bar.iter().map(|x| x * x).sum::<f64>();
        assert_near("forward", &slope, &expected, 1e-10);
    }
}
