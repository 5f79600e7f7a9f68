//! One step of Newton's method for k-means clustering.

use differentiable::differentiable;
use serde::Deserialize;

use super::{expect, flat, nested, parse, unknown};
use crate::{Evaluation, Runs};

#[differentiable(order = 2)]
fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The sum of the squared distances of points with `d` coordinates from the closest centroid.
#[differentiable(hvp, wrt(centroids))]
pub fn cost(points: &[f64], centroids: &[f64], d: usize) -> f64 {
    let mut cost = 0.0;
    for point in points.chunks_exact(d) {
        let mut closest = f64::INFINITY;
        for centroid in centroids.chunks_exact(d) {
            closest = closest.min(squared_distance(point, centroid));
        }
        cost += closest;
    }
    cost
}

/// The cost, and its gradient divided by the diagonal of the Hessian, which has no other elements.
pub fn direction(points: &[f64], centroids: &[f64], d: usize) -> (f64, Vec<f64>) {
    let ones = vec![1.0; centroids.len()];
    let (cost, gradient) = cost::value_and_grad(points, centroids, d);
    let hessian = cost::hvp(points, centroids, d, &ones);
    (cost, gradient.iter().zip(&hessian).map(|(gradient, hessian)| gradient / hessian).collect())
}

#[derive(Deserialize)]
struct Input {
    points: Vec<Vec<f64>>,
    centroids: Vec<Vec<f64>>,
    #[serde(flatten)]
    runs: Runs,
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let Input { points, centroids, runs } = parse(input)?;
    let (d, k) = (centroids.first().map_or(0, Vec::len), centroids.len());
    expect(d > 0, "there is a centroid, and it has coordinates")?;
    let (points, centroids) = (flat(&points, d, "points")?, flat(&centroids, d, "centroids")?);
    match function {
        "cost" => Evaluation::plain(runs, || cost(&points, &centroids, d)),
        "dir" => {
            let run = || direction(&points, &centroids, d);
            Evaluation::of(runs, run, |(_, direction)| to_owned(&nested(&direction, k)))
        }
        _ => unknown(function),
    }
}

fn to_owned(rows: &[&[f64]]) -> Vec<Vec<f64>> {
    rows.iter().map(|row| row.to_vec()).collect()
}
