//! Fitting a model of a hand to measured points.

use differentiable::differentiable;
use differentiable::rt::Lanes;
use serde::Deserialize;

use super::{expect, parse, unknown};
use crate::{Evaluation, Runs};

type Matrix3 = [[f64; 3]; 3];
type Matrix4 = [[f64; 4]; 4];

/// Bones, and the vertices that they move.
#[derive(Clone, Debug, Deserialize)]
pub struct Model {
    /// The names of the bones.
    pub bone_names: Vec<String>,
    /// The bone that each bone hangs on, which comes before it; -1 where there is none.
    pub parents: Vec<i64>,
    /// The position of each bone relative to its parent.
    pub base_relatives: Vec<Matrix4>,
    /// The inverse of the absolute position of each bone.
    pub inverse_base_absolutes: Vec<Matrix4>,
    /// The vertices in homogeneous coordinates.
    pub base_positions: Vec<[f64; 4]>,
    /// For each vertex the weights of the bones.
    pub weights: Vec<Vec<f64>>,
    /// Three vertices each.
    pub triangles: Vec<[usize; 3]>,
    /// Whether it is the other hand.
    pub is_mirrored: bool,
}

/// A model, and the points that it is fitted to.
#[derive(Clone, Debug, Deserialize)]
pub struct Data {
    /// The model.
    pub model: Model,
    /// The vertex or the triangle of each point.
    pub correspondences: Vec<usize>,
    /// The measured points.
    pub points: Vec<[f64; 3]>,
}

#[differentiable(lanes(forward))]
fn product3(a: &Matrix3, b: &Matrix3) -> Matrix3 {
    let mut product = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            for k in 0..3 {
                product[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    product
}

#[differentiable(lanes(forward))]
fn product4(a: &Matrix4, b: &Matrix4) -> Matrix4 {
    let mut product = [[0.0; 4]; 4];
    for i in 0..4 {
        for j in 0..4 {
            for k in 0..4 {
                product[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    product
}

/// The rotation around an axis by its length.
#[differentiable(lanes(forward))]
fn axis_rotation(axis: &[f64; 3]) -> Matrix3 {
    let norm = (axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]).sqrt();
    if norm < 0.0001 {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    let (x, y, z) = (axis[0] / norm, axis[1] / norm, axis[2] / norm);
    let (s, c) = norm.sin_cos();
    [
        [x * x + (1.0 - x * x) * c, x * y * (1.0 - c) - z * s, x * z * (1.0 - c) + y * s],
        [x * y * (1.0 - c) + z * s, y * y + (1.0 - y * y) * c, y * z * (1.0 - c) - x * s],
        [x * z * (1.0 - c) - y * s, z * y * (1.0 - c) + x * s, z * z + (1.0 - z * z) * c],
    ]
}

/// The rotation by angles around the axes x, z and y.
#[differentiable(lanes(forward))]
fn euler_rotation(angles: &[f64; 3]) -> Matrix3 {
    let (sin_x, cos_x) = angles[0].sin_cos();
    let (sin_z, cos_z) = angles[1].sin_cos();
    let (sin_y, cos_y) = angles[2].sin_cos();
    let around_x = [[1.0, 0.0, 0.0], [0.0, cos_x, -sin_x], [0.0, sin_x, cos_x]];
    let around_y = [[cos_y, 0.0, sin_y], [0.0, 1.0, 0.0], [-sin_y, 0.0, cos_y]];
    let around_z = [[cos_z, -sin_z, 0.0], [sin_z, cos_z, 0.0], [0.0, 0.0, 1.0]];
    product3(&product3(&around_z, &around_y), &around_x)
}

/// The angles of each bone: one angle for most bones of a finger, two for its first one.
#[differentiable(lanes(forward))]
fn bone_angles(theta: &[f64], bones: usize) -> Vec<[f64; 3]> {
    let mut angles = vec![[0.0; 3]; bones];
    let mut next = 6;
    for finger in 0..5 {
        for joint in 0..3 {
            let bone = 2 + 4 * finger + joint;
            angles[bone][0] = theta[next];
            next += 1;
            if joint == 0 {
                angles[bone][1] = theta[next];
                next += 1;
            }
        }
    }
    angles
}

/// What each bone does to the vertices.
#[differentiable(lanes(forward), wrt(angles))]
fn bone_transforms(model: &Model, angles: &[[f64; 3]]) -> Vec<Matrix4> {
    let mut absolutes = vec![[[0.0; 4]; 4]; angles.len()];
    for i in 0..angles.len() {
        let r = euler_rotation(&angles[i]);
        let turn = [
            [r[0][0], r[0][1], r[0][2], 0.0],
            [r[1][0], r[1][1], r[1][2], 0.0],
            [r[2][0], r[2][1], r[2][2], 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ];
        let relative = product4(&model.base_relatives[i], &turn);
        let parent = model.parents[i];
        absolutes[i] = if parent == -1 { relative } else { product4(&absolutes[parent as usize], &relative) };
    }
    let mut transforms = vec![[[0.0; 4]; 4]; angles.len()];
    for i in 0..angles.len() {
        transforms[i] = product4(&absolutes[i], &model.inverse_base_absolutes[i]);
    }
    transforms
}

/// Where the vertices are in a pose.
#[differentiable(lanes(forward), wrt(theta))]
fn vertex_positions(theta: &[f64], model: &Model) -> Vec<[f64; 3]> {
    let transforms = bone_transforms(model, &bone_angles(theta, model.bone_names.len()));
    let rotation = axis_rotation(&[theta[0], theta[1], theta[2]]);
    let mut positions = vec![[0.0; 3]; model.base_positions.len()];
    for v in 0..positions.len() {
        let base = &model.base_positions[v];
        let mut p = [0.0; 3];
        for bone in 0..transforms.len() {
            let weight = model.weights[v][bone];
            for i in 0..3 {
                let row = &transforms[bone][i];
                p[i] += weight * (row[0] * base[0] + row[1] * base[1] + row[2] * base[2] + row[3] * base[3]);
            }
        }
        if model.is_mirrored {
            p[0] = -p[0];
        }
        for i in 0..3 {
            positions[v][i] = rotation[i][0] * p[0] + rotation[i][1] * p[1] + rotation[i][2] * p[2] + theta[3 + i];
        }
    }
    positions
}

/// The distances of the points from the vertices that they correspond to.
#[differentiable(lanes(forward), wrt(theta))]
pub fn simple(theta: &[f64], data: &Data) -> Vec<f64> {
    let positions = vertex_positions(theta, &data.model);
    let mut errors = vec![0.0; 3 * data.points.len()];
    for i in 0..data.points.len() {
        let vertex = data.correspondences[i];
        for j in 0..3 {
            errors[3 * i + j] = data.points[i][j] - positions[vertex][j];
        }
    }
    errors
}

/// The distances of the points from points of the triangles that they correspond to, which `us` selects.
#[differentiable(lanes(forward), wrt(theta, us))]
pub fn complicated(theta: &[f64], us: &[[f64; 2]], data: &Data) -> Vec<f64> {
    let positions = vertex_positions(theta, &data.model);
    let mut errors = vec![0.0; 3 * data.points.len()];
    for i in 0..data.points.len() {
        let [a, b, c] = data.model.triangles[data.correspondences[i]];
        let u = us[i];
        for j in 0..3 {
            let on_hand = u[0] * positions[a][j] + u[1] * positions[b][j] + (1.0 - u[0] - u[1]) * positions[c][j];
            errors[3 * i + j] = data.points[i][j] - on_hand;
        }
    }
    errors
}

/// So many columns of the Jacobian are computed at once.
const WIDTH: usize = 14;

/// The columns of the Jacobian: where there are `us`, first those of all first and all second coordinates, as no two
/// points depend on the same.
pub fn jacobian(theta: &[f64], us: &[[f64; 2]], data: &Data) -> Vec<Vec<f64>> {
    let of_us = if us.is_empty() { 0 } else { 2 };
    let mut columns = Vec::with_capacity(of_us + theta.len());
    for first in (0..of_us + theta.len()).step_by(WIDTH) {
        let direction = |column: usize| match column.checked_sub(first) {
            Some(lane) if lane < WIDTH => Lanes::unit(lane),
            _ => Lanes([0.0; WIDTH]),
        };
        let theta_dot: Vec<Lanes<f64, WIDTH>> = (0..theta.len()).map(|i| direction(of_us + i)).collect();
        let errors_dot = if us.is_empty() {
            simple::lanes_jvp(theta, data, &theta_dot).1
        } else {
            let us_dot = vec![[direction(0), direction(1)]; us.len()];
            complicated::lanes_jvp(theta, us, data, &theta_dot, &us_dot).1
        };
        let width = WIDTH.min(of_us + theta.len() - first);
        columns.extend((0..width).map(|lane| errors_dot.iter().map(|dot| dot[lane]).collect::<Vec<f64>>()));
    }
    columns
}

#[derive(Deserialize)]
struct Input {
    theta: Vec<f64>,
    us: Vec<[f64; 2]>,
    data: Data,
    #[serde(flatten)]
    runs: Runs,
}

impl Input {
    fn check(&self) -> Result<(), String> {
        let Data { model, correspondences, points } = &self.data;
        let bones = model.bone_names.len();
        let vertices = model.base_positions.len();
        expect(self.theta.len() == 26, "`theta` has 26 numbers")?;
        expect(bones == 22, "there are 22 bones")?;
        let lengths = [model.parents.len(), model.base_relatives.len(), model.inverse_base_absolutes.len()];
        expect(lengths == [bones; 3], "the lists of the model have an element for each bone")?;
        let before = |(i, &parent): (usize, &i64)| (-1..i as i64).contains(&parent);
        expect(model.parents.iter().enumerate().all(before), "a bone's parent comes before it")?;
        expect(model.weights.len() == vertices, "there are weights for each vertex")?;
        expect(model.weights.iter().all(|row| row.len() == bones), "a vertex has a weight for each bone")?;
        expect(model.triangles.iter().flatten().all(|&v| v < vertices), "the vertices of the triangles exist")?;
        expect(points.len() == correspondences.len(), "each point has a correspondence")?;
        let most = if self.us.is_empty() { vertices } else { model.triangles.len() };
        expect(correspondences.iter().all(|&at| at < most), "the correspondences exist")?;
        expect(self.us.is_empty() || self.us.len() == points.len(), "`us` has a pair for each point")
    }
}

/// Evaluates a function of this eval.
///
/// # Errors
///
/// If there is no such function, or the input is none of this eval's.
pub fn evaluate(function: &str, input: &str) -> Result<Evaluation, String> {
    let input: Input = parse(input)?;
    input.check()?;
    let Input { theta, us, data, runs } = input;
    match function {
        "objective" if us.is_empty() => Evaluation::plain(runs, || simple(&theta, &data)),
        "objective" => Evaluation::plain(runs, || complicated(&theta, &us, &data)),
        "jacobian" => Evaluation::of(
            runs,
            || jacobian(&theta, &us, &data),
            |columns| {
                let rows = 0..3 * data.points.len();
                rows.map(|row| columns.iter().map(|column| column[row]).collect()).collect::<Vec<Vec<f64>>>()
            },
        ),
        _ => unknown(function),
    }
}
