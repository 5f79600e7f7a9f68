//! Integrators, linear algebra on nested arrays and vectors, dynamic programs.

#![allow(clippy::all)]

mod common;
use common::assert_near;
use differentiable::{differentiable, gradcheck};

#[differentiable]
fn lorenz(s: [f64; 3], sigma: f64, rho: f64, beta: f64) -> [f64; 3] {
    let [x, y, z] = s;
    [sigma * (y - x), x * (rho - z) - y, x * y - beta * z]
}

#[differentiable]
fn axpy(a: [f64; 3], h: f64, b: [f64; 3]) -> [f64; 3] {
    let mut out = a;
    for i in 0..3 {
        out[i] += h * b[i];
    }
    out
}

#[differentiable]
fn rk4(s0: [f64; 3], params: (f64, f64, f64), h: f64, steps: usize) -> [f64; 3] {
    let mut s = s0;
    let (sigma, rho, beta) = params;
    for _ in 0..steps {
        let k1 = lorenz(s, sigma, rho, beta);
        let k2 = lorenz(axpy(s, 0.5 * h, k1), sigma, rho, beta);
        let k3 = lorenz(axpy(s, h / 2.0, k2), sigma, rho, beta);
        let k4 = lorenz(axpy(s, h, k3), sigma, rho, beta);
        for i in 0..3 {
            s[i] = s[i] + h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    s
}

#[differentiable]
fn pendulum_rhs(t: f64, y: &[f64], dy: &mut [f64], length: f64) {
    dy[0] = y[1];
    dy[1] = -9.81 / length * y[0].sin() + 0.1 * t.cos();
}

#[differentiable]
fn pendulum(theta0: f64, length: f64, n: usize) -> f64 {
    let mut y = [theta0, 0.0];
    let mut dy = [0.0; 2];
    let dt = 0.01;
    let mut t = 0.0;
    for _ in 0..n {
        pendulum_rhs(t, &y, &mut dy, length);
        y[1] += dt * dy[1];
        y[0] += dt * y[1];
        t += dt;
    }
    y[0]
}

#[differentiable]
fn energy(pos: &[[f64; 3]], vel: &[[f64; 3]], mass: &[f64]) -> f64 {
    let n = mass.len();
    let mut e = 0.0;
    for i in 0..n {
        let v = &vel[i];
        e += 0.5 * mass[i] * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
        for j in (i + 1)..n {
            let mut r2 = 0.0;
            for k in 0..3 {
                let d = pos[i][k] - pos[j][k];
                r2 += d * d;
            }
            e -= mass[i] * mass[j] / r2.sqrt();
        }
    }
    e
}

#[differentiable]
fn nbody(mut pos: Vec<[f64; 2]>, mut vel: Vec<[f64; 2]>, mass: &[f64], dt: f64, steps: usize) -> f64 {
    for _ in 0..steps {
        let mut acc = vec![[0.0; 2]; pos.len()];
        for i in 0..pos.len() {
            for j in 0..pos.len() {
                if i == j {
                    continue;
                }
                let dx = pos[j][0] - pos[i][0];
                let dy = pos[j][1] - pos[i][1];
                let r2 = dx * dx + dy * dy + 0.01;
                let inv = mass[j] / (r2 * r2.sqrt());
                acc[i][0] += dx * inv;
                acc[i][1] += dy * inv;
            }
        }
        for i in 0..pos.len() {
            for d in 0..2 {
                vel[i][d] += dt * acc[i][d];
                pos[i][d] += dt * vel[i][d];
            }
        }
    }
    pos[0][0] * pos[1][1] - pos[0][1] * pos[1][0]
}

#[differentiable]
fn newton_root(c: f64, guess: f64) -> f64 {
    let mut x = guess;
    let mut iter = 0;
    while iter < 50 {
        let f = x * x * x - c;
        let df = 3.0 * x * x;
        let next = x - f / df;
        if (next - x).abs() < 1e-13 {
            return next;
        }
        x = next;
        iter += 1;
    }
    f64::NAN
}

#[differentiable]
fn bisect(c: f64) -> f64 {
    let (mut lo, mut hi) = (0.0, c.max(1.0));
    for _ in 0..20 {
        let mid = 0.5 * (lo + hi);
        if mid * mid > c { hi = mid } else { lo = mid }
    }
    let x = (lo + hi) / 2.0;
    (x + c / x) / 2.0
}

#[differentiable]
fn horner(coefficients: &[f64], x: f64) -> f64 {
    let mut acc = 0.0;
    for i in (0..coefficients.len()).rev() {
        acc = acc * x + coefficients[i];
    }
    acc
}

#[differentiable]
fn horner_by_iter(coefficients: &[f64], x: f64) -> f64 {
    let mut acc = 0.0_f64;
    for &c in coefficients.iter().rev() {
        acc = acc.mul_add(x, c);
    }
    acc
}

#[differentiable]
fn hmm_forward(start: &[f64], trans: &[Vec<f64>], emit: &[Vec<f64>], obs: &[usize]) -> f64 {
    let n = start.len();
    let mut alpha: Vec<f64> = vec![0.0; n];
    for i in 0..n {
        alpha[i] = start[i] * emit[i][obs[0]];
    }
    let mut log_likelihood = 0.0;
    for t in 1..obs.len() {
        let mut next = vec![0.0; n];
        for j in 0..n {
            let mut s = 0.0;
            for i in 0..n {
                s += alpha[i] * trans[i][j];
            }
            next[j] = s * emit[j][obs[t]];
        }
        let mut scale = 0.0;
        for a in &next {
            scale += a;
        }
        for a in next.iter_mut() {
            *a /= scale;
        }
        log_likelihood += scale.ln();
        alpha = next;
    }
    let mut sum = 0.0;
    for a in alpha.iter() {
        sum += *a;
    }
    log_likelihood + sum.ln()
}

#[differentiable]
fn cholesky_log_det(a: &Vec<Vec<f64>>) -> f64 {
    let n = a.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let mut sum = a[i][j];
            for k in 0..j {
                sum -= l[i][k] * l[j][k];
            }
            if i == j {
                l[i][j] = sum.sqrt();
            } else {
                l[i][j] = sum / l[j][j];
            }
        }
    }
    let mut log_det = 0.0;
    for i in 0..n {
        log_det += 2.0 * l[i][i].ln();
    }
    log_det
}

#[differentiable]
fn thomas(a: &[f64], b: &[f64], c: &[f64], d: &[f64]) -> Vec<f64> {
    let n = d.len();
    let mut cp = vec![0.0; n];
    let mut dp = vec![0.0; n];
    cp[0] = c[0] / b[0];
    dp[0] = d[0] / b[0];
    for i in 1..n {
        let m = b[i] - a[i] * cp[i - 1];
        cp[i] = c[i] / m;
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m;
    }
    let mut x = vec![0.0; n];
    x[n - 1] = dp[n - 1];
    for i in (0..n - 1).rev() {
        x[i] = dp[i] - cp[i] * x[i + 1];
    }
    x
}

#[differentiable]
fn gauss_solve(mut a: [[f64; 3]; 3], mut b: [f64; 3]) -> [f64; 3] {
    for col in 0..3 {
        let mut pivot = col;
        for row in col + 1..3 {
            if a[row][col].abs() > a[pivot][col].abs() {
                pivot = row;
            }
        }
        a.swap(col, pivot);
        b.swap(col, pivot);
        for row in col + 1..3 {
            let factor = a[row][col] / a[col][col];
            for k in col..3 {
                a[row][k] -= factor * a[col][k];
            }
            b[row] -= factor * b[col];
        }
    }
    let mut x = [0.0; 3];
    for row in (0..3).rev() {
        let mut sum = b[row];
        for k in row + 1..3 {
            sum -= a[row][k] * x[k];
        }
        x[row] = sum / a[row][row];
    }
    x
}

#[differentiable]
fn det3(m: &[[f64; 3]; 3]) -> f64 {
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
}

#[differentiable]
fn rotation(angle: f64, axis: usize) -> [[f64; 3]; 3] {
    let (s, c) = angle.sin_cos();
    match axis {
        0 => [[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]],
        1 => [[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]],
        2 => [[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]],
        _ => panic!("no axis {axis}"),
    }
}

#[differentiable]
fn matmul(a: &[[f64; 3]; 3], b: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let mut c = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            for k in 0..3 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

#[differentiable]
fn forward_kinematics(angles: &[f64], lengths: &[f64]) -> [f64; 3] {
    let mut r = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let mut p = [0.0f64; 3];
    for (i, (&angle, &length)) in angles.iter().zip(lengths.iter()).enumerate() {
        r = matmul(&r, &rotation(angle, i % 3));
        for k in 0..3 {
            p[k] += r[k][0] * length;
        }
    }
    p
}

#[differentiable]
fn soft_dtw(x: &[f64], y: &[f64], gamma: f64) -> f64 {
    let (n, m) = (x.len(), y.len());
    let mut d = vec![vec![1e6_f64; m + 1]; n + 1];
    d[0][0] = 0.0;
    for i in 1..=n {
        for j in 1..=m {
            let cost = (x[i - 1] - y[j - 1]).powi(2);
            let (a, b, c) = (d[i - 1][j], d[i][j - 1], d[i - 1][j - 1]);
            let lowest = a.min(b).min(c);
            let z = (-(a - lowest) / gamma).exp() + (-(b - lowest) / gamma).exp() + (-(c - lowest) / gamma).exp();
            d[i][j] = cost + lowest - gamma * z.ln();
        }
    }
    d[n][m]
}

#[test]
fn integrators() {
    gradcheck!(rk4([1.0, 0.5, 2.0], (10.0, 28.0, 8.0 / 3.0), 0.01, 12)).unwrap();
    gradcheck!(pendulum(0.5, 1.3, 20)).unwrap();
    let pos = [[0.0, 0.1, 0.2], [1.0, 0.3, -0.5], [-0.7, 0.9, 0.4]];
    let vel = [[0.3, 0.1, 0.0], [0.2, -0.6, 0.5], [0.1, 0.8, -0.9]];
    gradcheck!(energy(&pos[..], &vel[..], &[1.0, 2.0, 0.5][..])).unwrap();
    let (pos, vel) = (vec![[0.0, 0.1], [1.0, 0.3], [-0.7, 0.9]], vec![[0.3, 0.1], [0.2, -0.6], [0.1, 0.8]]);
    gradcheck!(nbody(pos, vel, &[1.0, 2.0, 0.5][..], 0.05, 6)).unwrap();
}

#[test]
fn roots_and_polynomials() {
    gradcheck!(newton_root(5.0, 1.5)).unwrap();
    let (slope, _) = newton_root::grad(8.0, 1.5);
    assert_near("cube root", &slope, &(1.0 / 12.0), 1e-9);
    assert_near("square root", &bisect::grad(9.0), &(1.0 / 6.0), 1e-6);
    gradcheck!(horner(&[1.0, -2.0, 0.5, 3.0][..], 0.7)).unwrap();
    gradcheck!(horner_by_iter(&[1.0, -2.0, 0.5, 3.0][..], 0.7)).unwrap();
}

#[test]
fn linear_algebra() {
    let a = vec![vec![4.0, 0.0, 0.0], vec![1.0, 3.0, 0.0], vec![0.5, -0.2, 2.0]];
    gradcheck!(cholesky_log_det(&a)).unwrap();
    gradcheck!(thomas(&[0.0, 1.0, 0.5][..], &[4.0, 3.0, 5.0][..], &[1.0, 0.3, 0.0][..], &[1.0, 2.0, 3.0][..])).unwrap();
    gradcheck!(gauss_solve([[0.1, 2.0, 1.0], [3.0, 0.5, -1.0], [1.0, 1.0, 4.0]], [1.0, 2.0, 3.0])).unwrap();
    let m = [[0.1, 2.0, 1.0], [3.0, 0.5, -1.0], [1.0, 1.0, 4.0]];
    gradcheck!(det3(&m)).unwrap();
    let det_bar = det3::grad(&m);
    assert_near("cofactor", &det_bar[0][0], &(0.5 * 4.0 + 1.0), 1e-12);
    gradcheck!(forward_kinematics(&[0.3, -0.5, 1.2, 0.1][..], &[1.0, 0.8, 0.5, 0.2][..])).unwrap();
}

#[test]
fn dynamic_programs() {
    let trans = vec![vec![0.7, 0.3], vec![0.4, 0.6]];
    let emit = vec![vec![0.5, 0.4, 0.1], vec![0.1, 0.3, 0.6]];
    gradcheck!(hmm_forward(&[0.6, 0.4][..], &trans[..], &emit[..], &[0, 1, 2, 2, 0][..])).unwrap();
    gradcheck!(soft_dtw(&[0.1, 0.5, 0.9][..], &[0.2, 0.4, 1.0, 0.8][..], 0.3)).unwrap();
}
