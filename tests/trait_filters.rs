//! State machines behind traits: filters over any number, chains of them, mutable receivers of unknown types.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{Differentiable, differentiable, gradcheck};

/// State machines over any number, and chains of them.
mod filt {
    use super::*;
    use num_traits::Float;
    #[differentiable]
    pub trait Filter<T> {
        fn update(&mut self, x: T) -> T;
        fn reset(&mut self);
        fn run(&mut self, xs: &[T]) -> T
        where
            T: Copy + Default,
        {
            let mut y = T::default();
            for &x in xs {
                y = self.update(x);
            }
            y
        }
    }
    #[derive(Clone, Debug, Differentiable)]
    pub struct Ema<T> {
        a: T,
        y: T,
    }
    #[derive(Clone, Debug, Differentiable)]
    pub struct Biq<T> {
        b: [T; 3],
        a: [T; 2],
        z: [T; 2],
    }
    #[derive(Clone, Debug, Differentiable)]
    pub struct Chain<A, B> {
        first: A,
        second: B,
    }
    #[differentiable]
    impl<T: Float> Filter<T> for Ema<T> {
        fn update(&mut self, x: T) -> T {
            self.y = self.y + self.a * (x - self.y);
            self.y
        }
        fn reset(&mut self) {
            self.y = T::zero();
        }
    }
    #[differentiable]
    impl<T: Float> Filter<T> for Biq<T> {
        fn update(&mut self, x: T) -> T {
            let y = self.b[0] * x + self.z[0];
            self.z[0] = self.b[1] * x - self.a[0] * y + self.z[1];
            self.z[1] = self.b[2] * x - self.a[1] * y;
            y
        }
        fn reset(&mut self) {
            self.z = [T::zero(); 2];
        }
    }
    #[differentiable]
    impl<T, A: Filter<T>, B: Filter<T>> Filter<T> for Chain<A, B> {
        fn update(&mut self, x: T) -> T {
            let y = self.first.update(x);
            self.second.update(y)
        }
        fn reset(&mut self) {
            self.first.reset();
            self.second.reset();
        }
    }
    #[differentiable]
    fn energy(f: &mut Ema<f64>, xs: &[f64]) -> f64 {
        let mut e = 0.0;
        for &x in xs {
            let y = f.update(x);
            e += y * y;
        }
        f.reset();
        e + f.update(1.0)
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let mut e = Ema { a: x, y: 0.0 };
        let mut b = Biq { b: [x, y, 0.1], a: [0.2, y], z: [0.0; 2] };
        let mut c = Chain { first: Ema { a: y, y: x }, second: Biq { b: [x, 0.3, 0.1], a: [0.2, 0.1], z: [0.0; 2] } };
        energy(&mut e, &[x, y, 0.4]) + b.update(x) + b.update(y) + b.update(0.5) + c.update(x) + c.update(y)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}

/// Mutable receivers of any type that may be unsized.
mod dynm {
    use super::*;
    #[differentiable]
    pub trait Osc {
        fn tick(&mut self, dt: f64) -> f64;
        fn gain(&self) -> f64;
    }
    #[derive(Clone, Debug, Differentiable)]
    pub struct Sine {
        ph: f64,
        f: f64,
    }
    #[derive(Clone, Debug, Differentiable)]
    pub struct Saw {
        ph: f64,
        f: f64,
        g: f64,
    }
    #[differentiable]
    impl Osc for Sine {
        fn tick(&mut self, dt: f64) -> f64 {
            self.ph += self.f * dt;
            self.ph.sin()
        }
        fn gain(&self) -> f64 {
            self.f
        }
    }
    #[differentiable]
    impl Osc for Saw {
        fn tick(&mut self, dt: f64) -> f64 {
            self.ph += self.f * dt;
            self.g * self.ph
        }
        fn gain(&self) -> f64 {
            self.g
        }
    }
    #[differentiable]
    fn play<O: Osc + ?Sized>(o: &mut O, dt: f64, n: usize) -> f64 {
        let mut s = 0.0;
        for _ in 0..n {
            s += o.tick(dt);
        }
        s * o.gain()
    }
    #[differentiable]
    fn gains(os: &[Box<dyn Osc>]) -> f64 {
        os.iter().map(|o| o.gain().powi(2)).sum()
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let mut s = Sine { ph: x, f: y };
        let mut w = Saw { ph: 0.0, f: x, g: y };
        play(&mut s, 0.1, 3) + play(&mut w, x, 4)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}
