//! Free functions that give out a place of one of their arguments.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code)]

use differentiable::{Differentiable, differentiable, gradcheck};

mod places {
    use super::*;
    #[derive(Clone, Debug, Differentiable)]
    pub struct Grid {
        w: usize,
        cells: Vec<f64>,
    }
    #[differentiable]
    fn cell(g: &mut Grid, i: usize, j: usize) -> &mut f64 {
        let w = g.w;
        &mut g.cells[i * w + j]
    }
    #[differentiable]
    fn first_mut<T>(xs: &mut [T]) -> &mut T {
        &mut xs[0]
    }
    #[differentiable]
    fn larger<'a>(a: &'a f64, b: &'a f64) -> &'a f64 {
        if a > b { a } else { b }
    }
    #[differentiable]
    fn drive(x: f64, y: f64) -> f64 {
        let mut g = Grid { w: 2, cells: vec![x, y, x * y, 1.0] };
        *cell(&mut g, 0, 1) *= x;
        *cell(&mut g, 1, 1) += y * x;
        let mut v = [x, y];
        *first_mut(&mut v) *= 3.0;
        g.cells.iter().sum::<f64>() + v[0] * v[1] + *larger(&x, &y)
    }
    #[test]
    fn derivatives() {
        gradcheck!(drive(0.3, 0.8)).unwrap();
    }
}
