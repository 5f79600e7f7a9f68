//! GradBench's `kmeans`: a step of Newton's method.

use differentiable_gradbench::evals::kmeans::{cost, direction};

use crate::random::Random;
use crate::{Kernel, Size};

/// The Hessian is twice the count of a centroid's points, and the gradient twice the distance from their sum.
fn by_hand(points: &[f64], centroids: &[f64], d: usize, direction: &mut [f64]) -> f64 {
    direction.fill(0.0);
    let mut counts = vec![0.0; centroids.len() / d];
    let mut cost = 0.0;
    for point in points.chunks_exact(d) {
        let (mut closest, mut at) = (f64::INFINITY, 0);
        for (i, centroid) in centroids.chunks_exact(d).enumerate() {
            let distance = point.iter().zip(centroid).map(|(a, b)| (a - b) * (a - b)).sum();
            if distance < closest {
                (closest, at) = (distance, i);
            }
        }
        cost += closest;
        counts[at] += 1.0;
        for (sum, p) in direction[at * d..(at + 1) * d].iter_mut().zip(point) {
            *sum += p;
        }
    }
    let centroids = centroids.chunks_exact(d).zip(&counts);
    for (direction, (centroid, count)) in direction.chunks_exact_mut(d).zip(centroids) {
        for (sum, c) in direction.iter_mut().zip(centroid) {
            *sum = c - *sum / count;
        }
    }
    cost
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, k, d, mut random) = (size.choose(20, 1_000), size.choose(2, 20), size.choose(3, 8), Random::new());
    Kernel::matrix(
        "kmeans",
        k * d,
        (random.list(n * d, 0.0, 1.0), random.list(k * d, 0.0, 1.0), d),
        |(points, centroids, d)| cost(points, centroids, *d),
        |(points, centroids, d), out| {
            let (cost, direction) = direction(points, centroids, *d);
            out.copy_from_slice(&direction);
            cost
        },
        |(points, centroids, d), out| by_hand(points, centroids, *d, out),
    )
}
