//! GradBench's `ba`: the sparse Jacobian of bundle adjustment.

use differentiable_gradbench::evals::ba::{Camera, Scene};

use crate::random::Random;
use crate::{Kernel, Size};

type Matrix3 = [[f64; 3]; 3];

fn product(a: &Matrix3, b: &Matrix3) -> Matrix3 {
    a.map(|row| [0, 1, 2].map(|j| row[0] * b[0][j] + row[1] * b[1][j] + row[2] * b[2][j]))
}

/// The matrix of the cross product with `v` from the left.
fn cross(v: [f64; 3]) -> Matrix3 {
    [[0.0, -v[2], v[1]], [v[2], 0.0, -v[0]], [-v[1], v[0], 0.0]]
}

/// The rotation by an axis, and the derivative of the rotated point with respect to the axis:
/// `-R [p]ₓ (r rᵀ + (Rᵀ - 1) [r]ₓ) / |r|²`.
fn rotation(r: [f64; 3], p: [f64; 3]) -> (Matrix3, Matrix3) {
    let squared = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    if squared == 0.0 {
        return ([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], cross(p.map(|p| -p)));
    }
    let angle = squared.sqrt();
    let (sine, cosine) = angle.sin_cos();
    let inverse = 1.0 / angle;
    let w = r.map(|r| r * inverse);
    let rest = 1.0 - cosine;
    let mut turn = cross(w.map(|w| w * sine));
    for i in 0..3 {
        for j in 0..3 {
            turn[i][j] += rest * w[i] * w[j];
        }
        turn[i][i] += cosine;
    }
    let transposed = [0, 1, 2].map(|i| [0, 1, 2].map(|j| turn[j][i] - f64::from(u8::from(i == j))));
    let mut inner = product(&transposed, &cross(r));
    for i in 0..3 {
        for j in 0..3 {
            inner[i][j] = (inner[i][j] + r[i] * r[j]) / squared;
        }
    }
    (turn, product(&product(&turn, &cross(p.map(|p| -p))), &inner))
}

/// The two rows of the derivatives of a reprojection.
fn by_hand(camera: &Camera, point: &[f64; 3], weight: f64, feature: &[f64; 2]) -> [(Camera, [f64; 3], f64); 2] {
    let [r1, r2, r3, c1, c2, c3, focus, x0, y0, k1, k2] = *camera;
    let p = [point[0] - c1, point[1] - c2, point[2] - c3];
    let (turn, by_axis) = rotation([r1, r2, r3], p);
    let seen = turn.map(|row| row[0] * p[0] + row[1] * p[1] + row[2] * p[2]);
    let inverse = 1.0 / seen[2];
    let flat = [seen[0] * inverse, seen[1] * inverse];
    let radius = flat[0] * flat[0] + flat[1] * flat[1];
    let distortion = 1.0 + (k1 + k2 * radius) * radius;
    let slope = 2.0 * (k1 + 2.0 * k2 * radius);
    let scale = weight * focus;
    let principal = [x0, y0];
    [0, 1].map(|i| {
        let by_flat = [0, 1].map(|j| {
            let own = if i == j { distortion } else { 0.0 };
            scale * (own + flat[i] * slope * flat[j])
        });
        let by_seen =
            [by_flat[0] * inverse, by_flat[1] * inverse, -(by_flat[0] * flat[0] + by_flat[1] * flat[1]) * inverse];
        let chain = |matrix: &Matrix3| {
            [0, 1, 2].map(|j| by_seen[0] * matrix[0][j] + by_seen[1] * matrix[1][j] + by_seen[2] * matrix[2][j])
        };
        let (axis, place) = (chain(&by_axis), chain(&turn));
        let distorted = flat[i] * distortion;
        let (of_x0, of_y0) = if i == 0 { (weight, 0.0) } else { (0.0, weight) };
        let by_k1 = scale * flat[i] * radius;
        let camera = [
            axis[0],
            axis[1],
            axis[2],
            -place[0],
            -place[1],
            -place[2],
            weight * distorted,
            of_x0,
            of_y0,
            by_k1,
            by_k1 * radius,
        ];
        (camera, place, distorted * focus + principal[i] - feature[i])
    })
}

fn sum_of_errors(scene: &Scene) -> f64 {
    let (reprojection, weight) = scene.errors();
    reprojection.iter().flatten().sum::<f64>() + weight.iter().sum::<f64>()
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, m, p, mut random) = (size.choose(2, 20), size.choose(3, 500), size.choose(5, 2_000), Random::new());
    let around = [-0.7, -1.1, -0.8, 34.0, 39.0, 53.0, 419.0, 5.8, -8.5, 0.09, 0.003];
    let scene = Scene {
        cameras: (0..n).map(|_| around.map(|v| v * (0.9 + 0.2 * random.next()))).collect(),
        points: (0..m).map(|_| [7.0 + random.next(), random.next(), 3.0 + random.next()]).collect(),
        weights: random.list(p, 0.1, 1.0),
        observations: (0..p).map(|i| (i % n, i % m)).collect(),
        features: (0..p).map(|_| [300.0 * random.next(), 800.0 * random.next()]).collect(),
    };
    Kernel::matrix(
        "ba",
        31 * p,
        scene,
        sum_of_errors,
        |scene, out| {
            out.copy_from_slice(&scene.jacobian().values);
            out[0]
        },
        |scene, out| {
            out.copy_from_slice(&scene.assemble(by_hand, |weight| -2.0 * weight).values);
            out[0]
        },
    )
}
