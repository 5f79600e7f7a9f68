//! `VecDeque`s of differentiable values: windows, delay lines, queues; as locals, fields, parameters and results.

#![allow(clippy::all, missing_docs)]

use differentiable::{Differentiable, differentiable, gradcheck};
use std::collections::VecDeque;
mod window {
    use super::*;
    #[differentiable]
    fn program(x: Vec<f64>, k: f64) -> f64 {
        let mut q: VecDeque<f64> = VecDeque::new();
        let mut s = 0.0;
        for &v in &x {
            q.push_back(v * k);
            if q.len() > 3 {
                q.pop_front();
            }
            let mean = q.iter().sum::<f64>() / q.len() as f64;
            s += mean * mean;
        }
        s
    }
    #[test]
    fn derivatives() {
        gradcheck!(program(vec![0.4, 0.8, 1.2, -0.3, 0.5], 1.3)).unwrap();
    }
}
mod fifo {
    use super::*;
    #[differentiable]
    fn program(x: Vec<f64>) -> f64 {
        let mut q = VecDeque::with_capacity(8);
        for v in x.iter() {
            q.push_back(*v);
        }
        let mut s = 1.0;
        while let Some(v) = q.pop_front() {
            s = s * v + v;
        }
        s
    }
    #[test]
    fn derivatives() {
        gradcheck!(program(vec![0.4, 0.8, 1.2, -0.3, 0.5])).unwrap();
    }
}
mod ends {
    use super::*;
    #[differentiable]
    fn program(x: Vec<f64>) -> f64 {
        let mut q: VecDeque<f64> = x.iter().copied().collect();
        q.push_front(x[1] * x[2]);
        q.rotate_left(2);
        q.front().unwrap() * q.back().unwrap() + q[1] * q[2]
    }
    #[test]
    fn derivatives() {
        gradcheck!(program(vec![0.4, 0.8, 1.2, -0.3, 0.5])).unwrap();
    }
}
mod delay {
    use super::*;
    #[differentiable]
    fn program(x: &[f64], g: f64) -> f64 {
        let mut line: VecDeque<f64> = VecDeque::from(vec![0.0; 3]);
        let mut e = 0.0;
        for &v in x {
            let d = line.pop_front().unwrap();
            let y = v + g * d;
            line.push_back(y);
            e += y * y;
        }
        e
    }
    #[test]
    fn derivatives() {
        gradcheck!(program(&[0.4, 0.8, 1.2, -0.3, 0.5][..], 0.3)).unwrap();
    }
}
mod front_mut {
    use super::*;
    #[differentiable]
    fn program(x: &[f64], g: f64) -> f64 {
        let mut q: VecDeque<f64> = x.iter().cloned().collect();
        if let Some(f) = q.front_mut() {
            *f *= g;
        }
        q[1] += q[0];
        for v in q.iter_mut() {
            *v = *v * *v;
        }
        q.iter().enumerate().map(|(i, v)| v * i as f64).sum::<f64>() + q.into_iter().rev().fold(0.0, |a, v| a * 0.5 + v)
    }
    #[test]
    fn derivatives() {
        gradcheck!(program(&[0.4, 0.8, 1.2][..], 0.3)).unwrap();
    }
}
mod pairs {
    use super::*;
    #[differentiable]
    fn program(x: &[f64]) -> f64 {
        let mut q: VecDeque<(usize, f64)> = VecDeque::new();
        for (i, &v) in x.iter().enumerate() {
            while let Some(&(_, b)) = q.back() {
                if b < v {
                    q.pop_back();
                } else {
                    break;
                }
            }
            q.push_back((i, v));
        }
        q.front().unwrap().1 * x[0]
    }
    #[test]
    fn derivatives() {
        gradcheck!(program(&[0.4, 0.8, 1.2][..])).unwrap();
    }
}
mod literal {
    use super::*;
    #[differentiable]
    fn program(x: f64) -> f64 {
        let mut q = VecDeque::from([x, x * x, 2.0]);
        let a = q.pop_back().unwrap_or(0.0);
        q.push_back(a * x);
        q.truncate(5);
        q.iter().product()
    }
    #[test]
    fn derivatives() {
        gradcheck!(program(0.4)).unwrap();
    }
}
mod vecs {
    use super::*;
    #[differentiable]
    fn program(x: &[f64]) -> f64 {
        let mut q: VecDeque<Vec<f64>> = VecDeque::new();
        q.push_back(x.to_vec());
        q.push_back(x.iter().map(|v| v * v).collect());
        let a = q.pop_front().unwrap();
        a.iter().zip(q[0].iter()).map(|(p, q)| p * q).sum()
    }
    #[test]
    fn derivatives() {
        gradcheck!(program(&[0.4, 0.8, 1.2][..])).unwrap();
    }
}
mod extend {
    use super::*;
    #[differentiable]
    fn program(x: &[f64]) -> f64 {
        let mut q: VecDeque<f64> = VecDeque::new();
        q.extend(x.iter().map(|v| v * 2.0));
        q.extend(x);
        let v: Vec<f64> = q.into_iter().collect();
        v.windows(2).map(|w| w[0] * w[1]).sum()
    }
    #[test]
    fn derivatives() {
        gradcheck!(program(&[0.4, 0.8, 1.2][..])).unwrap();
    }
}
mod get {
    use super::*;
    #[differentiable]
    fn program(x: &[f64]) -> f64 {
        let q: VecDeque<f64> = VecDeque::from(x.to_vec());
        match q.get(1) {
            Some(v) => v * v * q[0],
            None => 0.0,
        }
    }
    #[test]
    fn derivatives() {
        gradcheck!(program(&[0.4, 0.8, 1.2][..])).unwrap();
    }
}
mod stack {
    use super::*;
    #[differentiable]
    fn rising(xs: &[f64]) -> f64 {
        let mut stack: Vec<f64> = Vec::new();
        let mut areas = 0.0;
        for &x in xs {
            while let Some(&top) = stack.last() {
                if top < x {
                    break;
                }
                areas += top * x;
                stack.pop();
            }
            stack.push(x);
        }
        areas + stack.iter().map(|x| x * x).sum::<f64>()
    }
    #[test]
    fn check() {
        gradcheck!(rising(&[0.7, 0.3, 0.9, 0.5, 0.1][..])).unwrap();
    }
}
mod field {
    use super::*;
    #[derive(Clone, Differentiable)]
    struct Moving {
        n: usize,
        buffer: VecDeque<f64>,
        sum: f64,
    }
    #[differentiable]
    impl Moving {
        fn new(n: usize) -> Self {
            Moving { n, buffer: VecDeque::with_capacity(n), sum: 0.0 }
        }
        fn push(&mut self, x: f64) -> f64 {
            self.buffer.push_back(x);
            self.sum += x;
            if self.buffer.len() > self.n {
                self.sum -= self.buffer.pop_front().unwrap();
            }
            self.sum / self.buffer.len() as f64
        }
        fn front(&self) -> f64 {
            self.buffer.front().copied().unwrap_or(0.0)
        }
    }
    #[differentiable]
    fn run(xs: &[f64]) -> f64 {
        let mut m = Moving::new(2);
        let mut s = 0.0;
        for &x in xs {
            let y = m.push(x);
            s += y * y;
        }
        s
    }
    #[test]
    fn check() {
        gradcheck!(run(&[0.4, 0.8, 1.2, -0.3, 0.5][..])).unwrap();
    }
}
mod param {
    use super::*;
    #[differentiable]
    fn sum(q: &VecDeque<f64>, k: f64) -> f64 {
        q.iter().map(|v| v * v * k).sum()
    }
    #[differentiable]
    fn own(q: VecDeque<f64>) -> f64 {
        q.into_iter().product()
    }
    #[differentiable]
    fn push(q: &mut VecDeque<f64>, x: f64) {
        q.push_back(x * x);
        q.pop_front();
    }
    #[differentiable]
    fn make(x: f64) -> VecDeque<f64> {
        let mut q = VecDeque::new();
        q.push_back(x);
        q.push_front(x * x);
        q
    }
    #[differentiable]
    fn all(x: f64) -> f64 {
        let mut q = make(x);
        push(&mut q, x);
        sum(&q, x) * own(q)
    }
    #[test]
    fn check() {
        gradcheck!(all(0.7)).unwrap();
    }
}

mod parts {
    use super::*;

    #[differentiable]
    pub(super) fn grown(x: f64) -> f64 {
        let mut queue: VecDeque<f64> = VecDeque::new();
        queue.push_back(x * x);
        queue.resize(3, x);
        queue[0] *= 2.0;
        queue.iter().sum::<f64>() * queue[2] * queue[0]
    }

    #[differentiable]
    pub(super) fn shrunk(x: f64) -> f64 {
        let mut queue: VecDeque<f64> = VecDeque::from(vec![x, x * x, 1.0]);
        queue.resize(2, x);
        queue.iter().product::<f64>() * queue[1]
    }

    #[differentiable]
    pub(super) fn ranges(xs: &[f64]) -> f64 {
        let mut queue: VecDeque<f64> = xs.iter().copied().collect();
        for x in queue.range_mut(1..) {
            *x *= 2.0;
        }
        let mut sum = 1.0;
        for (i, x) in queue.range(0..2).enumerate() {
            sum = sum * x + i as f64;
        }
        sum * queue[2] + queue.range(..2).sum::<f64>() * queue.range(1..=2).product::<f64>()
    }

    #[differentiable]
    pub(super) fn contiguous(xs: &[f64]) -> f64 {
        let mut queue: VecDeque<f64> = xs.iter().copied().collect();
        queue.push_front(xs[0] * 2.0);
        let all = queue.make_contiguous();
        all[1] *= 3.0;
        all[0] * all[1] + all.iter().sum::<f64>()
    }

    #[differentiable]
    pub(super) fn ends_in_place(xs: &[f64], k: f64) -> f64 {
        let mut queue: VecDeque<f64> = xs.iter().copied().collect();
        queue.push_back(k);
        *queue.front_mut().unwrap() *= 2.0;
        if let Some(last) = queue.back_mut() {
            *last *= k;
        }
        queue.front().unwrap() * queue.back().unwrap()
    }
}

#[test]
fn parts_of_queues() {
    gradcheck!(parts::grown(0.7)).unwrap();
    gradcheck!(parts::shrunk(0.7)).unwrap();
    let xs = [0.3, 1.2, -0.4, 0.9];
    gradcheck!(parts::ranges(&xs)).unwrap();
    gradcheck!(parts::contiguous(&xs)).unwrap();
    gradcheck!(parts::ends_in_place(&xs, 0.7)).unwrap();
}
