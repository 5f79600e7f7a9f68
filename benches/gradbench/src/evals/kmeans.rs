//! One step of Newton's method for k-means clustering.

use differentiable::{differentiable, no_grad};
use serde::Deserialize;

use super::{expect, flat, nested, parse, unknown};
use crate::{Evaluation, Runs};

#[differentiable(order = 2)]
fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Which centroid is closest to a point.
fn closest(point: &[f64], centroids: &[f64]) -> usize {
    let (mut least, mut closest) = (f64::INFINITY, 0);
    for (i, centroid) in centroids.chunks_exact(point.len()).enumerate() {
        let distance = squared_distance(point, centroid);
        if distance < least {
            (least, closest) = (distance, i);
        }
    }
    closest
}

/// The sum of the squared distances of points with `d` coordinates from the closest centroid.
#[differentiable(wrt(centroids), order = 2)]
pub fn cost(points: &[f64], centroids: &[f64], d: usize) -> f64 {
    let mut cost = 0.0;
    for point in points.chunks_exact(d) {
        let own: usize = no_grad! { closest(point, centroids) };
        cost += squared_distance(point, &centroids[own * d..(own + 1) * d]);
    }
    cost
}

/// The cost, and its gradient divided by the diagonal of the Hessian, which has no other elements.
///
/// The product of the Hessian with a vector of ones is that diagonal.
pub fn direction(points: &[f64], centroids: &[f64], d: usize) -> (f64, Vec<f64>) {
    let ones = vec![1.0; centroids.len()];
    let ((cost, gradient), (_, hessian)) = cost::value_and_grad_jvp(points, centroids, d, &ones);
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
