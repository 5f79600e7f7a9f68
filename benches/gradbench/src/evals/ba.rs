//! Bundle adjustment.

use differentiable::differentiable;
use serde::{Deserialize, Serialize};

use super::{expect, parse, unknown};
use crate::{Evaluation, Runs};

/// Three numbers for the rotation, three for the centre, the focal length, two for the principal point and two for the
/// radial distortion.
pub type Camera = [f64; 11];

#[differentiable]
fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[differentiable]
fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Rotates a point around an axis by its length.
#[differentiable]
fn rotate(axis: &[f64; 3], point: &[f64; 3]) -> [f64; 3] {
    let squared_angle = dot(axis, axis);
    if squared_angle == 0.0 {
        let turned = cross(axis, point);
        return [point[0] + turned[0], point[1] + turned[1], point[2] + turned[2]];
    }
    let angle = squared_angle.sqrt();
    let (sine, cosine) = angle.sin_cos();
    let inverse = 1.0 / angle;
    let axis = [axis[0] * inverse, axis[1] * inverse, axis[2] * inverse];
    let turned = cross(&axis, point);
    let along = dot(&axis, point) * (1.0 - cosine);
    [
        point[0] * cosine + turned[0] * sine + axis[0] * along,
        point[1] * cosine + turned[1] * sine + axis[1] * along,
        point[2] * cosine + turned[2] * sine + axis[2] * along,
    ]
}

/// Where a camera sees a point.
#[differentiable]
fn project(camera: &Camera, point: &[f64; 3]) -> [f64; 2] {
    let [r1, r2, r3, c1, c2, c3, focus, x0, y0, k1, k2] = *camera;
    let seen = rotate(&[r1, r2, r3], &[point[0] - c1, point[1] - c2, point[2] - c3]);
    let (x, y) = (seen[0] / seen[2], seen[1] / seen[2]);
    let squared_radius = x * x + y * y;
    let distortion = 1.0 + k1 * squared_radius + k2 * squared_radius * squared_radius;
    [x * distortion * focus + x0, y * distortion * focus + y0]
}

/// The weighted distance of what a camera sees from what was measured.
#[differentiable(wrt(camera, point, weight))]
pub fn reprojection_error(camera: &Camera, point: &[f64; 3], weight: f64, feature: &[f64; 2]) -> [f64; 2] {
    let projected = project(camera, point);
    [weight * (projected[0] - feature[0]), weight * (projected[1] - feature[1])]
}

/// How far a weight is from one.
#[differentiable]
pub fn weight_error(weight: f64) -> f64 {
    1.0 - weight * weight
}

/// Cameras, points, and observations of points by cameras.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The parameters of each camera.
    pub cameras: Vec<Camera>,
    /// The coordinates of each point.
    pub points: Vec<[f64; 3]>,
    /// The weight of each observation.
    pub weights: Vec<f64>,
    /// The camera and the point of each observation.
    pub observations: Vec<(usize, usize)>,
    /// Where each observation saw its point.
    pub features: Vec<[f64; 2]>,
}

/// A matrix with few elements, in compressed rows.
#[derive(Clone, Debug, Default)]
pub struct SparseMatrix {
    /// Where the elements of each row begin, and where the last end.
    pub rows: Vec<usize>,
    /// The column of each element.
    pub columns: Vec<usize>,
    /// The elements.
    pub values: Vec<f64>,
}

impl Scene {
    /// The errors of the reprojections and of the weights.
    pub fn errors(&self) -> (Vec<[f64; 2]>, Vec<f64>) {
        let observations = self.observations.iter().zip(&self.weights).zip(&self.features);
        let reprojection = observations.map(|((&(camera, point), &weight), feature)| {
            reprojection_error(&self.cameras[camera], &self.points[point], weight, feature)
        });
        (reprojection.collect(), self.weights.iter().map(|&weight| weight_error(weight)).collect())
    }

    /// The derivatives of all errors with respect to cameras, points and weights.
    pub fn jacobian(&self) -> SparseMatrix {
        self.assemble(
            |camera, point, weight, feature| {
                let (_, pullback) = reprojection_error::vjp(camera, point, weight, feature);
                [pullback([1.0, 0.0]), pullback([0.0, 1.0])]
            },
            weight_error::grad,
        )
    }

    /// The matrix of the derivatives from those of one reprojection, two rows with respect to camera, point and weight,
    /// and those of one weight.
    pub fn assemble(
        &self,
        reprojection: impl Fn(&Camera, &[f64; 3], f64, &[f64; 2]) -> [(Camera, [f64; 3], f64); 2],
        weight: impl Fn(f64) -> f64,
    ) -> SparseMatrix {
        let count = self.observations.len();
        let first_point = 11 * self.cameras.len();
        let first_weight = first_point + 3 * self.points.len();
        let mut jacobian = SparseMatrix {
            rows: Vec::with_capacity(3 * count + 1),
            columns: Vec::with_capacity(31 * count),
            values: Vec::with_capacity(31 * count),
        };
        jacobian.rows.push(0);
        for (i, &(camera, point)) in self.observations.iter().enumerate() {
            let (of_camera, of_point) = (11 * camera, first_point + 3 * point);
            let rows = reprojection(&self.cameras[camera], &self.points[point], self.weights[i], &self.features[i]);
            for (of_camera_values, of_point_values, of_weight) in rows {
                jacobian.columns.extend(of_camera..of_camera + 11);
                jacobian.columns.extend(of_point..of_point + 3);
                jacobian.columns.push(first_weight + i);
                jacobian.values.extend(of_camera_values);
                jacobian.values.extend(of_point_values);
                jacobian.values.push(of_weight);
                jacobian.rows.push(jacobian.values.len());
            }
        }
        for (i, &value) in self.weights.iter().enumerate() {
            jacobian.columns.push(first_weight + i);
            jacobian.values.push(weight(value));
            jacobian.rows.push(jacobian.values.len());
        }
        jacobian
    }
}

#[derive(Deserialize)]
struct Input {
    n: usize,
    m: usize,
    p: usize,
    cam: Camera,
    x: [f64; 3],
    w: f64,
    feat: [f64; 2],
    #[serde(flatten)]
    runs: Runs,
}

impl Input {
    /// The same camera, point and observation again and again.
    fn scene(&self) -> Result<Scene, String> {
        const MOST: usize = 50_000_000;
        expect(self.n > 0 && self.m > 0 && self.p > 0, "`n`, `m` and `p` are positive")?;
        expect(self.n.max(self.m).max(self.p) <= MOST, "`n`, `m` or `p` is too large")?;
        Ok(Scene {
            cameras: vec![self.cam; self.n],
            points: vec![self.x; self.m],
            weights: vec![self.w; self.p],
            observations: (0..self.p).map(|i| (i % self.n, i % self.m)).collect(),
            features: vec![self.feat; self.p],
        })
    }
}

#[derive(Serialize)]
struct Objective {
    reproj_error: Reprojection,
    w_err: Weight,
}

#[derive(Serialize)]
struct Reprojection {
    elements: [f64; 2],
    repeated: usize,
}

#[derive(Serialize)]
struct Weight {
    element: f64,
    repeated: usize,
}

#[derive(Serialize)]
struct Jacobian {
    rows: Vec<usize>,
    cols: Vec<usize>,
    vals: Vec<f64>,
}

/// The first thirty and the last, as the eval wants it.
fn excerpt<T: Copy>(all: &[T]) -> Vec<T> {
    all.iter().take(30).chain(all.last()).copied().collect()
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let input: Input = parse(input)?;
    let scene = input.scene()?;
    match function {
        "objective" => Evaluation::of(
            input.runs,
            || scene.errors(),
            |(reprojection, weight)| Objective {
                reproj_error: Reprojection { elements: reprojection[0], repeated: reprojection.len() },
                w_err: Weight { element: weight[0], repeated: weight.len() },
            },
        ),
        "jacobian" => Evaluation::of(
            input.runs,
            || scene.jacobian(),
            |SparseMatrix { rows, columns, values }| Jacobian {
                rows: excerpt(&rows),
                cols: excerpt(&columns),
                vals: excerpt(&values),
            },
        ),
        _ => unknown(function),
    }
}
