//! What only makes derivatives faster does not change them: every function with all transformations, without each of
//! them, and without any.

#![allow(unused, clippy::all)]

#[macro_use]
mod common;
use common::assert_near;
use differentiable::differentiable;

variants! {
    fn of_neighbours(x: &[f64]) -> f64 {
        let mut s = 0.0;
        for i in 0..x.len() - 1 {
            let a = x[i + 1] - x[i] * x[i];
            s += 100.0 * a * a + (1.0 - x[i]).powi(2);
        }
        s
    }

    fn mean_of_logs(w: &[f64], x: &[f64]) -> f64 {
        let d = w.len();
        let mut loss = 0.0;
        for i in 0..x.len() / d {
            let mut z = 0.0;
            for j in 0..d {
                z += w[j] * x[i * d + j];
            }
            loss += (1.0 + z.exp()).ln();
        }
        loss / (x.len() / d) as f64
    }

    fn seed_known_late(x: &[f64]) -> f64 {
        let mut s = 0.0;
        for v in x {
            s += v * v;
        }
        s.sqrt()
    }

    fn seed_of_another_loop(x: &[f64], y: &[f64]) -> f64 {
        let mut scale = 0.0;
        for v in y {
            scale += v.sin();
        }
        let mut s = 0.0;
        for v in x {
            s += v * v;
        }
        s * scale
    }

    fn positive_parts(x: &[f64], floor: f64) -> f64 {
        let mut s = 0.0;
        for &v in x {
            if v > floor {
                s += (v - floor).sqrt() * v;
            } else {
                s -= v;
            }
        }
        s
    }

    fn nearest(centres: &[f64], points: &[f64]) -> f64 {
        let mut cost = 0.0;
        for &p in points {
            let mut best = 1e9;
            for &c in centres {
                let d = (p - c) * (p - c);
                if d < best {
                    best = d;
                }
            }
            cost += best;
        }
        cost
    }

    fn pairs(q: &[f64], m: &[f64]) -> f64 {
        let mut e = 0.0;
        for i in 0..q.len() {
            for j in i + 1..q.len() {
                let r = (1.0 + (q[i] - q[j]).powi(2)).sqrt();
                e -= m[i] * m[j] / r;
            }
        }
        e
    }

    // What a pair adds to its first member is summed: the same list has the other member, perhaps the same element.
    fn pairs_of_points(q: &[f64], first: usize) -> f64 {
        let mut sum = 0.0;
        for i in 0..q.len() / 2 {
            for j in (i + first)..q.len() / 2 {
                let (dx, dy) = (q[2 * i] - q[2 * j] + 0.3, q[2 * i + 1] * q[2 * j + 1]);
                let r = (dx * dx + dy * dy + 0.1).sqrt();
                if dx > 0.0 {
                    sum += q[2 * i] / r;
                }
                sum -= 1.0 / r + 2.0 / (r * r);
            }
        }
        sum
    }

    fn carried(x: &[f64], a: f64) -> f64 {
        let mut y = 0.5;
        let mut s = 0.0;
        for v in x {
            y = a * y + v;
            s += y * v;
        }
        s
    }

    fn overwritten_later(x: &[f64]) -> f64 {
        let mut y = x.to_vec();
        let mut s = 0.0;
        for v in &y {
            s += v * v;
        }
        for i in 0..y.len() {
            y[i] = y[i] * s;
        }
        let mut t = 0.0;
        for v in &y {
            t += v.sin();
        }
        t + s
    }

    fn differences(x: &[f64], p: [f64; 2]) -> f64 {
        let mut s = 0.0;
        for i in 2..x.len() {
            let d = x[i] - 2.0 * x[i - 1] + x[i - 2];
            s += p[0] * d * d;
            if d > 0.5 {
                s += p[1] * x[i - 2];
            }
        }
        s
    }

    fn backwards(x: &[f64]) -> f64 {
        let mut s = 0.0;
        let mut y = 1.0;
        for i in (0..x.len() - 1).rev() {
            y = y * 0.9 + x[i];
            s += x[i] * x[i + 1] * y;
        }
        s
    }

    fn element_of_rows(x: &[[f64; 2]], k: usize) -> f64 {
        let mut s = 0.0;
        for i in 0..x.len() {
            for j in 0..x.len() {
                s += (x[i][0] * x[j][1] - x[k][1]).sin();
            }
        }
        s
    }

    fn never_reached(x: &[f64], at: usize, trips: usize) -> f64 {
        let mut s = x[0];
        for i in 0..trips {
            s += x[at] * x[i] * x[i + 1];
        }
        s
    }

    fn forward_substitution(x: &[f64]) -> f64 {
        let n = x.len();
        let mut y = vec![0.0; n];
        y[0] = x[0] * x[0];
        for i in 1..n {
            y[i] = (x[i] - y[i - 1] * y[i - 1]) / (2.0 + y[i - 1]);
        }
        y[n - 1] * y[0]
    }

    fn backward_substitution(x: &[f64]) -> f64 {
        let n = x.len();
        let mut y = vec![1.0_f64; n];
        for i in (0..n - 1).rev() {
            y[i] = x[i] * y[i + 1].sin() + y[i + 1];
        }
        y[0]
    }

    fn factor(a: &[f64], n: usize) -> f64 {
        let mut l = vec![0.0; n * n];
        let mut logdet = 0.0;
        for j in 0..n {
            let mut s = 3.0 + a[j * n + j];
            for k in 0..j {
                s -= l[j * n + k] * l[j * n + k];
            }
            let d = s.sqrt();
            l[j * n + j] = d;
            logdet += d.ln();
            for i in j + 1..n {
                let mut s = a[i * n + j];
                for k in 0..j {
                    s -= l[i * n + k] * l[j * n + k];
                }
                l[i * n + j] = s / d;
            }
        }
        logdet
    }

    fn table(x: &[f64], n: usize) -> f64 {
        let mut t = vec![vec![1.0; n]; n];
        for i in 1..n {
            for j in 1..n {
                t[i][j] = t[i - 1][j] * x[i] + t[i][j - 1] * t[i - 1][j - 1] * x[j];
            }
        }
        t[n - 1][n - 1]
    }

    fn overwrites_what_it_read(x: &[f64]) -> f64 {
        let mut y = x.to_vec();
        for i in 0..y.len() - 1 {
            y[i] = y[i] * y[i + 1];
            y[i + 1] = y[i + 1] * y[i];
        }
        y[y.len() - 1]
    }

    fn overlapping_rows(x: &[f64], n: usize) -> f64 {
        let mut y = vec![0.5; n * n + n];
        for i in 0..n {
            for k in 0..n + 1 {
                y[i * n + k] = y[i * n + k] * x[k] + x[i];
            }
        }
        y[n * n - 1] * y[n] * y[n * n]
    }

    fn inclusive(x: &[f64], n: usize) -> f64 {
        let mut y = vec![1.0; n + 1];
        for i in 0..n {
            for k in 0..=i {
                y[i + 1] = y[i + 1] * y[k] * x[k] + 0.1;
            }
        }
        y[n]
    }

    fn twice_over(x: &[f64], rounds: usize) -> f64 {
        let mut y = x.to_vec();
        for r in 0..rounds {
            for i in 1..y.len() {
                y[i] = y[i] * y[i - 1] + x[i];
            }
        }
        y[y.len() - 1]
    }

    fn moving_target(x: &[f64], step: usize) -> f64 {
        let mut y = x.to_vec();
        let mut p = 0;
        for i in 0..x.len() {
            let v = y[p] * y[p];
            p = (p + step) % x.len();
            y[p] = v * x[i] + y[p];
        }
        y[0] + y[1] * y[2]
    }

    fn stored_then_changed(x: &[f64]) -> f64 {
        let mut y = vec![0.0; x.len()];
        for i in 0..x.len() {
            let v = x[i].sin() * x[0].exp();
            y[i] = v;
            if v > 0.2 {
                y[i] = v * v;
            }
        }
        let mut s = 0.0;
        for v in &y {
            s += v * v;
        }
        s
    }

    fn stored_in_a_branch(x: &[f64]) -> f64 {
        let mut y = vec![0.3; x.len()];
        for i in 0..x.len() {
            let v = (x[i].sin() * x[0].exp()).cosh();
            if v > 1.1 {
                y[i] = v;
            }
            y[0] += v * v * x[i];
        }
        y[0] * y[1]
    }

    fn of_paths(p: [f64; 4], z: &[f64]) -> f64 {
        let mut sum = 0.0;
        for z in z {
            let drift = (p[1] - 0.5 * p[2] * p[2]) * p[3];
            let end = p[0] * (drift + p[2] * p[3].sqrt() * z).exp();
            sum += (end - 1.0).max(0.0);
        }
        (-p[1] * p[3]).exp() * sum
    }

    fn filtered(start: &[f64], transition: &[f64], steps: usize) -> f64 {
        let n = start.len();
        let mut alpha = start.to_vec();
        let mut total = 0.0;
        for t in 0..steps {
            let mut s = 0.0;
            for i in 0..n {
                s += alpha[i] * alpha[i];
            }
            let mut next = vec![0.0; n];
            for i in 0..n {
                for j in 0..n {
                    next[j] += alpha[i] / s * transition[i * n + j];
                }
            }
            total += s.ln();
            alpha = next;
        }
        total
    }

    fn changed_on_the_way(x: &[f64], a: f64) -> f64 {
        let mut scale = a;
        let mut s = 0.0;
        for v in x {
            let t = scale.sin() * a.cos();
            s += v * t;
            if *v > 0.5 {
                scale *= 1.1;
            }
        }
        s
    }

    fn scratch(x: &[f64], l: &[f64], rounds: usize) -> f64 {
        let n = x.len();
        let mut centred = vec![0.0; n];
        let mut total = 0.0;
        for r in 0..rounds {
            for i in 0..n {
                centred[i] = x[i] - 0.1 * total;
            }
            let mut square = 0.0;
            for i in 0..n {
                let mut v = centred[i].exp();
                for j in 0..i {
                    v += l[i] * centred[j] * centred[i];
                }
                square += v * v;
            }
            total += square.sqrt();
        }
        total
    }

    fn matrix_powers(a: &[f64], n: usize, rounds: usize) -> f64 {
        let mut v = vec![1.0; n];
        let mut w = vec![0.0; n];
        for r in 0..rounds {
            let mut norm = 0.0;
            for i in 0..n {
                let mut s = 0.0;
                for j in 0..n {
                    s += a[i * n + j] * v[j];
                }
                w[i] = s;
                if s > 0.4 {
                    w[i] += a[i] * s;
                }
                norm += w[i] * w[i];
            }
            for i in 0..n {
                v[i] = w[i] / norm.sqrt();
            }
        }
        v[0]
    }

    fn changed_between_reads(x: &[f64], rounds: usize) -> f64 {
        let n = x.len();
        let mut y = x.to_vec();
        let mut s = 0.0;
        for r in 0..rounds {
            for i in 0..n {
                let before = y[i] * y[0];
                y[i] = before.sin();
                let after = y[i] * y[0];
                y[0] = y[0] * 0.9 + after * x[i];
                for k in 0..i {
                    s += y[k] * y[i] * before * after;
                }
                while y[i] > 0.5 {
                    y[i] *= y[0] * 0.1 + 0.3;
                }
            }
        }
        s + y[n - 1]
    }

    fn smoothed(x: &[f64], w: &[f64]) -> f64 {
        let mut s = 0.0;
        for i in 0..x.len() + 1 - w.len() {
            let mut y = 0.0;
            for k in 0..w.len() {
                y += w[k] * x[i + k];
            }
            s += y * y;
        }
        s
    }
}

const X: [f64; 6] = [0.3, -0.4, 1.2, 0.7, 2.1, -1.3];
const Y: [f64; 6] = [1.3, 0.9, 0.2, -0.7, 0.5, 0.8];

#[test]
fn gradients_are_the_same_without_each_transformation() {
    check_all_variants!(of_neighbours(&X));
    check_all_variants!(mean_of_logs(&Y[..2], &X));
    check_all_variants!(seed_known_late(&X));
    check_all_variants!(seed_of_another_loop(&X, &Y));
    check_all_variants!(positive_parts(&X, 0.1));
    check_all_variants!(nearest(&Y[..3], &X));
    check_all_variants!(pairs(&X, &Y));
    check_all_variants!(pairs_of_points(&X, 1));
    check_all_variants!(pairs_of_points(&X, 0));
    check_all_variants!(carried(&X, 0.6));
    check_all_variants!(overwritten_later(&X));
    check_all_variants!(smoothed(&X, &Y[..3]));
    check_all_variants!(differences(&X, [0.7, 1.3]));
    check_all_variants!(backwards(&X));
    check_all_variants!(element_of_rows(&[[0.3, 0.4], [1.2, -0.7], [0.1, 0.8]], 1));
    check_all_variants!(never_reached(&X, 2, 4));
    check_all_variants!(forward_substitution(&X));
    check_all_variants!(backward_substitution(&X));
    check_all_variants!(factor(&[0.4, 0.1, 0.2, 0.1, 0.5, 0.3, 0.2, 0.3, 0.7], 3));
    check_all_variants!(table(&X, 4));
    check_all_variants!(overwrites_what_it_read(&X));
    check_all_variants!(overlapping_rows(&X, 3));
    check_all_variants!(inclusive(&X, 4));
    check_all_variants!(twice_over(&X, 3));
    check_all_variants!(moving_target(&X, 2));
    check_all_variants!(moving_target(&X, 0));
    check_all_variants!(stored_then_changed(&X));
    check_all_variants!(stored_in_a_branch(&X));
    check_all_variants!(scratch(&X, &Y, 3));
    check_all_variants!(matrix_powers(&[0.4, 0.1, 0.2, 0.1, 0.5, 0.3, 0.2, 0.3, 0.7], 3, 4));
    check_all_variants!(changed_between_reads(&X, 3));
    check_all_variants!(of_paths([1.0, 0.03, 0.2, 1.5], &X));
    check_all_variants!(filtered(&X[..2], &[0.9, 0.1, 0.3, 0.7], 4));
    check_all_variants!(changed_on_the_way(&X, 0.4));
}

#[test]
fn what_is_computed_in_vain_has_no_derivative() {
    let (value, gradient) = of_paths::value_and_grad([1.0, 0.03, 0.2, 0.0], &[]);
    assert_eq!((value, gradient), (0.0, ([0.0; 4], Vec::new())));
}

#[test]
fn loops_without_trips() {
    check_all_variants!(of_neighbours(&X[..1]));
    check_all_variants!(positive_parts(&X[..0], 0.1));
    check_all_variants!(pairs(&X[..0], &Y[..0]));
    check_all_variants!(pairs_of_points(&X[..1], 0));
    check_all_variants!(smoothed(&X[..2], &Y[..3]));
    check_all_variants!(differences(&X[..1], [0.7, 1.3]));
    check_all_variants!(never_reached(&X, 100, 0));
}
