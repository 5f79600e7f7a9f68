//! GradBench's `ht`: the Jacobian of fitting a hand.

use differentiable_gradbench::evals::ht::{Data, Model, complicated, jacobian};

use crate::random::Random;
use crate::{Kernel, Size};

type Matrix3 = [[f64; 3]; 3];
type Matrix4 = [[f64; 4]; 4];

struct Hand {
    theta: Vec<f64>,
    us: Vec<[f64; 2]>,
    data: Data,
}

fn product3(a: &Matrix3, b: &Matrix3) -> Matrix3 {
    a.map(|row| [0, 1, 2].map(|j| row[0] * b[0][j] + row[1] * b[1][j] + row[2] * b[2][j]))
}

fn product4(a: &Matrix4, b: &Matrix4) -> Matrix4 {
    a.map(|row| [0, 1, 2, 3].map(|j| row[0] * b[0][j] + row[1] * b[1][j] + row[2] * b[2][j] + row[3] * b[3][j]))
}

fn apply3(a: &Matrix3, v: [f64; 3]) -> [f64; 3] {
    a.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

/// A rotation as a transformation of homogeneous coordinates, or, with 0 in the corner, the derivative of one.
fn widened(r: &Matrix3, corner: f64) -> Matrix4 {
    let row = |i: usize| [r[i][0], r[i][1], r[i][2], 0.0];
    [row(0), row(1), row(2), [0.0, 0.0, 0.0, corner]]
}

/// The rotation by the angles around x and z (the one around y is always zero), and its derivatives.
fn joint_rotation(x: f64, z: f64) -> (Matrix3, Matrix3, Matrix3) {
    let ((sx, cx), (sz, cz)) = (x.sin_cos(), z.sin_cos());
    (
        [[cz, -sz * cx, sz * sx], [sz, cz * cx, -cz * sx], [0.0, sx, cx]],
        [[0.0, sz * sx, sz * cx], [0.0, -cz * sx, -cz * cx], [0.0, cx, -sx]],
        [[-sz, -cz * cx, cz * sx], [cz, -sz * cx, sz * sx], [0.0; 3]],
    )
}

/// The rotation around an axis by its length, and its derivatives with respect to the axis.
fn axis_rotation(axis: [f64; 3]) -> (Matrix3, [Matrix3; 3]) {
    let norm = (axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]).sqrt();
    if norm < 0.0001 {
        return ([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [[[0.0; 3]; 3]; 3]);
    }
    let w = axis.map(|a| a / norm);
    let (s, c) = norm.sin_cos();
    let cross = |v: [f64; 3]| [[0.0, -v[2], v[1]], [v[2], 0.0, -v[0]], [-v[1], v[0], 0.0]];
    let mut turn = cross(w.map(|w| w * s));
    for i in 0..3 {
        for j in 0..3 {
            turn[i][j] += (1.0 - c) * w[i] * w[j];
        }
        turn[i][i] += c;
    }
    // With `v = (1 - R) e_k`: `(axis_k [axis]ₓ + [axis × v]ₓ) R / norm²`.
    let derivative = |k: usize| {
        let v = [0, 1, 2].map(|i| f64::from(u8::from(i == k)) - turn[i][k]);
        let crossed =
            [axis[1] * v[2] - axis[2] * v[1], axis[2] * v[0] - axis[0] * v[2], axis[0] * v[1] - axis[1] * v[0]];
        let generator = [0, 1, 2].map(|i| (axis[k] * axis[i] + crossed[i]) / (norm * norm));
        product3(&cross(generator), &turn)
    };
    (turn, [derivative(0), derivative(1), derivative(2)])
}

/// The bones' absolute transformations and, for each of the twenty angles, the derivatives of those that it moves.
struct Bones {
    transforms: Vec<Matrix4>,
    moved: Vec<Vec<(usize, Matrix4)>>,
}

fn bones(theta: &[f64], model: &Model) -> Bones {
    let count = model.bone_names.len();
    let mut angles = vec![[0.0; 2]; count];
    let mut steered = Vec::with_capacity(20);
    let mut next = theta[6..].iter();
    for bone in (0..5).flat_map(|finger| [2 + 4 * finger, 3 + 4 * finger, 4 + 4 * finger]) {
        for axis in 0..if bone % 4 == 2 { 2 } else { 1 } {
            angles[bone][axis] = *next.next().unwrap_or(&0.0);
            steered.push((bone, axis));
        }
    }
    let turns: Vec<_> = angles.iter().map(|[x, z]| joint_rotation(*x, *z)).collect();
    let relatives: Vec<Matrix4> =
        (0..count).map(|i| product4(&model.base_relatives[i], &widened(&turns[i].0, 1.0))).collect();
    let mut absolutes: Vec<Matrix4> = Vec::with_capacity(count);
    for (i, relative) in relatives.iter().enumerate() {
        let parent = usize::try_from(model.parents[i]).ok();
        absolutes.push(parent.map_or(*relative, |parent| product4(&absolutes[parent], relative)));
    }
    let moved = steered.iter().map(|&(bone, axis)| {
        let turn = if axis == 0 { &turns[bone].1 } else { &turns[bone].2 };
        let relative = product4(&model.base_relatives[bone], &widened(turn, 0.0));
        let parent = usize::try_from(model.parents[bone]).ok();
        let first = parent.map_or(relative, |parent| product4(&absolutes[parent], &relative));
        let mut all = vec![(bone, first)];
        for i in bone + 1..count {
            let of_parent = all.iter().find(|(moved, _)| *moved as i64 == model.parents[i]);
            if let Some(absolute) = of_parent.map(|(_, parent)| product4(parent, &relatives[i])) {
                all.push((i, absolute));
            }
        }
        all.iter().map(|(i, absolute)| (*i, product4(absolute, &model.inverse_base_absolutes[*i]))).collect()
    });
    let moved = moved.collect();
    let transforms = absolutes.iter().zip(&model.inverse_base_absolutes).map(|(a, b)| product4(a, b)).collect();
    Bones { transforms, moved }
}

/// Adds to the vertices what one bone does to them, by its weights, most of which are zero.
fn skin(model: &Model, bone: usize, transform: &Matrix4, vertices: &mut [[f64; 3]]) {
    let mirror = if model.is_mirrored { -1.0 } else { 1.0 };
    for ((vertex, base), weights) in vertices.iter_mut().zip(&model.base_positions).zip(&model.weights) {
        let weight = weights[bone];
        if weight != 0.0 {
            for (i, row) in transform[..3].iter().enumerate() {
                let moved = row[0] * base[0] + row[1] * base[1] + row[2] * base[2] + row[3] * base[3];
                vertex[i] += if i == 0 { mirror * weight * moved } else { weight * moved };
            }
        }
    }
}

/// The point of a triangle that `u` selects.
fn on_triangle(vertices: &[[f64; 3]], [a, b, c]: [usize; 3], u: [f64; 2]) -> [f64; 3] {
    [0, 1, 2].map(|j| u[0] * vertices[a][j] + u[1] * vertices[b][j] + (1.0 - u[0] - u[1]) * vertices[c][j])
}

/// Column by column; each point is rotated after the interpolation, and an angle moves only the vertices of its bones.
fn by_hand(hand: &Hand, out: &mut [f64]) -> f64 {
    let Hand { theta, us, data } = hand;
    let model = &data.model;
    let Bones { transforms, moved } = bones(theta, model);
    let (turn, turns) = axis_rotation([theta[0], theta[1], theta[2]]);
    let mut vertices = vec![[0.0; 3]; model.base_positions.len()];
    for (bone, transform) in transforms.iter().enumerate() {
        skin(model, bone, transform, &mut vertices);
    }
    let triangles: Vec<[usize; 3]> = data.correspondences.iter().map(|&at| model.triangles[at]).collect();
    let rows = 3 * us.len();
    let mut columns = out.chunks_exact_mut(rows);
    let mut column = || columns.next().unwrap_or_default().as_chunks_mut::<3>().0;
    let write = |out: &mut [f64; 3], turn: &Matrix3, v: [f64; 3]| *out = apply3(turn, v).map(|v| -v);
    for corner in 0..2 {
        for (out, triangle) in column().iter_mut().zip(&triangles) {
            let (tip, base) = (vertices[triangle[corner]], vertices[triangle[2]]);
            write(out, &turn, [tip[0] - base[0], tip[1] - base[1], tip[2] - base[2]]);
        }
    }
    for turn in &turns {
        for ((out, triangle), u) in column().iter_mut().zip(&triangles).zip(us) {
            write(out, turn, on_triangle(&vertices, *triangle, *u));
        }
    }
    for axis in 0..3 {
        for out in column() {
            *out = [0.0; 3];
            out[axis] = -1.0;
        }
    }
    let mut derivatives = vec![[0.0; 3]; vertices.len()];
    for moved in &moved {
        derivatives.fill([0.0; 3]);
        for (bone, transform) in moved {
            skin(model, *bone, transform, &mut derivatives);
        }
        for ((out, triangle), u) in column().iter_mut().zip(&triangles).zip(us) {
            write(out, &turn, on_triangle(&derivatives, *triangle, *u));
        }
    }
    out[0]
}

fn model(random: &mut Random, vertices: usize) -> Model {
    const BONES: usize = 22;
    let mut matrices = || {
        let mut matrix = || {
            let mut entries = random.list(16, -0.6, 0.6);
            entries[12..].copy_from_slice(&[0.0, 0.0, 0.0, 1.0]);
            let row = |i: usize| [entries[4 * i], entries[4 * i + 1], entries[4 * i + 2], entries[4 * i + 3]];
            [row(0), row(1), row(2), row(3)]
        };
        (0..BONES).map(|_| matrix()).collect::<Vec<Matrix4>>()
    };
    let (base_relatives, inverse_base_absolutes) = (matrices(), matrices());
    // The wrist, four bones for each finger, and the forearm.
    let parent = |bone: usize| match bone {
        0 => -1,
        21 => 0,
        bone if bone % 4 == 1 => 0,
        bone => bone as i64 - 1,
    };
    let mut index = |below: usize| (random.next() * below as f64) as usize;
    let triangles = (0..2 * vertices).map(|_| [index(vertices), index(vertices), index(vertices)]).collect();
    let mut weights = vec![vec![0.0; BONES]; vertices];
    for row in &mut weights {
        for _ in 0..3 {
            row[index(BONES)] += 1.0 / 3.0;
        }
    }
    Model {
        bone_names: (0..BONES).map(|bone| format!("bone{bone}")).collect(),
        parents: (0..BONES).map(parent).collect(),
        base_relatives,
        inverse_base_absolutes,
        base_positions: (0..vertices).map(|_| [random.next(), random.next(), random.next(), 1.0]).collect(),
        weights,
        triangles,
        is_mirrored: false,
    }
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (vertices, points, mut random) = (size.choose(12, 500), size.choose(4, 100), Random::new());
    let model = model(&mut random, vertices);
    let triangles = model.triangles.len();
    let hand = Hand {
        theta: random.list(26, -1.0, 1.0),
        us: (0..points).map(|_| [random.next(), random.next()]).collect(),
        data: Data {
            model,
            correspondences: (0..points).map(|_| (random.next() * triangles as f64) as usize).collect(),
            points: (0..points).map(|_| [random.next(), random.next(), random.next()]).collect(),
        },
    };
    Kernel::matrix(
        "ht",
        28 * 3 * points,
        hand,
        |hand| complicated(&hand.theta, &hand.us, &hand.data).iter().sum(),
        |hand, out| {
            let columns = jacobian(&hand.theta, &hand.us, &hand.data);
            for (out, column) in out.chunks_exact_mut(3 * hand.us.len()).zip(&columns) {
                out.copy_from_slice(column);
            }
            out[0]
        },
        by_hand,
    )
}
