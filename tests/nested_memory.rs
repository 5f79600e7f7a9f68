//! Lists that belong to a nested block: they are gone when the reverse sweep runs the loops over them again.

// Lists are what this is about.
#![allow(clippy::useless_vec)]

use differentiable::{differentiable, gradcheck};

#[differentiable]
fn mix(v: &mut [f64], x: f64) -> f64 {
    let before = v[0];
    for i in 1..v.len() {
        v[i] = (v[i - 1] * v[i]).sin() + 0.3 * x;
    }
    before + v[1]
}

#[differentiable]
fn pairs(mut x: f64, n: usize) -> f64 {
    if x > 0.2 {
        let mut a = n % 6;
        if a < 5 {
            let mut r = [x, x * x, x.sin()];
            r[0] += 0.5;
            for (e, f) in r.iter().zip(r.iter()) {
                x = x * *e + f.sin();
            }
            a += 1;
            x += r[a % 3].cos();
        }
    }
    x
}

#[differentiable]
fn read_beside(mut x: f64) -> f64 {
    if x > 0.2 {
        let mut r = vec![x, x * x, x.sin()];
        r[0] += 1.0;
        for e in r.iter() {
            x = x * *e * r[1];
        }
        r[1] = x;
        x *= r[1] * r[2];
    }
    x
}

#[differentiable]
fn beside_positions(mut x: f64, n: usize) -> f64 {
    if x > 0.2 {
        let mut positions = vec![2, 3];
        positions.push(n);
        let r = vec![x, x * x, x.sin(), 1.0];
        for (e, i) in r.iter().zip(positions.iter()) {
            x = x * *e * (*i as f64) + r[*i % 4];
        }
    }
    x
}

/// The numbers of a list that is the function's own, in a loop that is left early.
#[differentiable]
fn left_early(x: f64, mut z: Vec<f64>, w: [f64; 3]) -> f64 {
    for (a, b) in z.iter_mut().zip(w.iter()) {
        if x > 0.2 {
            if *a * *b > 1.5 {
                break;
            }
            *a = (b.clamp(-1.0, 1.0) + *a * *b) * 0.571 * x;
        }
    }
    z[0] + z[1] * z[2]
}

/// A parameter that is moved in one branch, and whose length the reverse sweep asks for.
#[differentiable]
fn moved(x: f64, mut z: Vec<f64>) -> f64 {
    z[1] = if x > 0.3 { x.cos() * 0.5 } else { return mix(&mut z, 0.3) };
    let q = mix(&mut z[1..], 0.3);
    let s = z;
    q * x + s[2]
}

#[test]
fn loops_over_lists_of_nested_blocks() {
    for x in [0.1, 0.7, 1.2] {
        for n in 0..6 {
            gradcheck!(pairs(x, n)).unwrap();
            gradcheck!(beside_positions(x, n)).unwrap();
        }
        gradcheck!(read_beside(x)).unwrap();
        gradcheck!(left_early(x, vec![0.3, 0.8, 2.0], [0.4, -0.6, 0.9])).unwrap();
    }
}

#[test]
fn lists_that_are_moved_in_a_branch() {
    for x in [0.1, 0.7] {
        gradcheck!(moved(x, vec![0.3, 0.5, 0.9, -0.4])).unwrap();
    }
}
