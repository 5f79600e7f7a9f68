//! Kinematics and control: arms, rotations, vehicles, controllers.
//!
//! Sources: Siciliano et al., *Robotics: Modelling, Planning and Control* (Denavit-Hartenberg, inverse kinematics);
//! Shoemake (1985) (quaternions); Åström and Murray, *Feedback Systems* (controllers).

#![allow(clippy::all, missing_docs)]

mod common;
use common::{assert_near, programs};
use differentiable::{Differentiable, differentiable};
use std::f64::consts::{FRAC_PI_2, PI, TAU};
use std::ops::Mul;

// Idiom 10: rotations with operators.

#[derive(Clone, Copy, Debug, Differentiable)]
struct Quaternion {
    w: f64,
    x: f64,
    y: f64,
    z: f64,
}

#[differentiable]
impl Mul for Quaternion {
    type Output = Quaternion;
    fn mul(self, q: Quaternion) -> Quaternion {
        Quaternion {
            w: self.w * q.w - self.x * q.x - self.y * q.y - self.z * q.z,
            x: self.w * q.x + self.x * q.w + self.y * q.z - self.z * q.y,
            y: self.w * q.y - self.x * q.z + self.y * q.w + self.z * q.x,
            z: self.w * q.z + self.x * q.y - self.y * q.x + self.z * q.w,
        }
    }
}

#[differentiable]
impl Quaternion {
    fn from_axis_angle(axis: [f64; 3], angle: f64) -> Self {
        let (s, w) = (angle / 2.0).sin_cos();
        let norm = axis.iter().map(|a| a * a).sum::<f64>().sqrt();
        let [x, y, z] = axis.map(|a| s * a / norm);
        Quaternion { w, x, y, z }
    }

    fn conjugate(&self) -> Self {
        Quaternion { w: self.w, x: -self.x, y: -self.y, z: -self.z }
    }

    fn norm_squared(&self) -> f64 {
        let Quaternion { w, x, y, z } = *self;
        w * w + x * x + y * y + z * z
    }

    fn rotate(&self, v: [f64; 3]) -> [f64; 3] {
        let p = Quaternion { w: 0.0, x: v[0], y: v[1], z: v[2] };
        let r = *self * p * self.conjugate();
        [r.x, r.y, r.z]
    }

    /// Roll, pitch and yaw.
    fn euler(&self) -> (f64, f64, f64) {
        let Self { w, x, y, z } = *self;
        let roll = (2.0 * (w * x + y * z)).atan2(1.0 - 2.0 * (x * x + y * y));
        let sin_pitch = 2.0 * (w * y - z * x);
        let pitch = if sin_pitch.abs() >= 1.0 { FRAC_PI_2.copysign(sin_pitch) } else { sin_pitch.asin() };
        let yaw = (2.0 * (w * z + x * y)).atan2(1.0 - 2.0 * (y * y + z * z));
        (roll, pitch, yaw)
    }

    fn slerp(self, other: Self, t: f64) -> Self {
        let mut cos = self.w * other.w + self.x * other.x + self.y * other.y + self.z * other.z;
        let mut sign = 1.0;
        if cos < 0.0 {
            cos = -cos;
            sign = -1.0;
        }
        let (a, b) = if cos > 0.9995 {
            (1.0 - t, t)
        } else {
            let theta = cos.acos();
            (((1.0 - t) * theta).sin() / theta.sin(), (t * theta).sin() / theta.sin())
        };
        let b = sign * b;
        Self {
            w: a * self.w + b * other.w,
            x: a * self.x + b * other.x,
            y: a * self.y + b * other.y,
            z: a * self.z + b * other.z,
        }
    }
}

programs! {
    rotated(ax: f64 = 0.3, ay: f64 = -0.5, angle: f64 = 0.8, v: f64 = 1.2) {
        let [a, b, c] = Quaternion::from_axis_angle([ax, ay, 1.0], angle).rotate([v, 0.5, -0.3]);
        a + 2.0 * b - c
    }
    attitude(a: f64 = 0.4, b: f64 = 0.3) {
        let q = Quaternion::from_axis_angle([1.0, 0.0, 0.0], a) * Quaternion::from_axis_angle([0.0, 1.0, 0.0], b);
        let (roll, pitch, yaw) = q.euler();
        roll + 2.0 * pitch + yaw * q.norm_squared()
    }
    interpolated(a: f64 = 0.4, b: f64 = 2.3, t: f64 = 0.3) {
        let q = Quaternion::from_axis_angle([1.0, 0.2, 0.0], a).slerp(Quaternion::from_axis_angle([0.0, 1.0, 0.5], b), t);
        q.w * q.x + q.y - q.z
    }
    interpolated_the_short_way(a: f64 = 0.4, t: f64 = 0.3) {
        let q = Quaternion::from_axis_angle([1.0, 0.0, 0.0], a).slerp(Quaternion::from_axis_angle([1.0, 0.0, 0.0], a + 6.0), t);
        q.w + q.x
    }
}

#[test]
fn a_rotation_keeps_lengths() {
    let q = Quaternion::from_axis_angle([0.0, 0.0, 1.0], 0.7);
    let (v, pullback) = q.rotate_vjp([1.0, 2.0, 3.0]);
    let (_, v_bar) = pullback([2.0 * v[0], 2.0 * v[1], 2.0 * v[2]]);
    assert_near("length", &v_bar, &[2.0, 4.0, 6.0], 1e-12);
}

// Idiom 2: tuples and shadowing; idiom 9: nested arrays.

type Matrix4 = [[f64; 4]; 4];

/// One joint: the parameters of Denavit and Hartenberg.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Joint {
    d: f64,
    a: f64,
    alpha: f64,
    offset: f64,
}

#[differentiable]
impl Joint {
    fn transform(&self, theta: f64) -> Matrix4 {
        let (st, ct) = (theta + self.offset).sin_cos();
        let (sa, ca) = self.alpha.sin_cos();
        [
            [ct, -st * ca, st * sa, self.a * ct],
            [st, ct * ca, -ct * sa, self.a * st],
            [0.0, sa, ca, self.d],
            [0.0, 0.0, 0.0, 1.0],
        ]
    }
}

#[differentiable]
fn multiply(a: &[[f64; 4]; 4], b: &[[f64; 4]; 4]) -> [[f64; 4]; 4] {
    let mut c = [[0.0; 4]; 4];
    for i in 0..4 {
        for j in 0..4 {
            for k in 0..4 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

#[derive(Clone, Debug, Differentiable)]
struct Arm {
    joints: Vec<Joint>,
}

#[differentiable]
impl Arm {
    fn forward(&self, angles: &[f64]) -> [f64; 3] {
        let mut t = [[0.0; 4]; 4];
        for i in 0..4 {
            t[i][i] = 1.0;
        }
        for (joint, &theta) in self.joints.iter().zip(angles) {
            t = multiply(&t, &joint.transform(theta));
        }
        [t[0][3], t[1][3], t[2][3]]
    }

    fn distance_to(&self, angles: &[f64], target: &[f64; 3]) -> f64 {
        let position = self.forward(angles);
        position.iter().zip(target).map(|(p, t)| (p - t).powi(2)).sum::<f64>().sqrt()
    }
}

#[differentiable]
fn planar_forward(l1: f64, l2: f64, q1: f64, q2: f64) -> (f64, f64) {
    let (s1, c1) = q1.sin_cos();
    let (s12, c12) = (q1 + q2).sin_cos();
    (l1 * c1 + l2 * c12, l1 * s1 + l2 * s12)
}

/// The angles that reach a point, if it can be reached.
#[differentiable]
fn planar_inverse(l1: f64, l2: f64, x: f64, y: f64, elbow_up: bool) -> Option<(f64, f64)> {
    let cos = (x * x + y * y - l1 * l1 - l2 * l2) / (2.0 * l1 * l2);
    if cos.abs() > 1.0 {
        return None;
    }
    let q2 = if elbow_up { -cos.acos() } else { cos.acos() };
    let q1 = y.atan2(x) - (l2 * q2.sin()).atan2(l1 + l2 * q2.cos());
    Some((q1, q2))
}

#[differentiable]
fn manipulability(l1: f64, l2: f64, q1: f64, q2: f64) -> f64 {
    let jacobian = [
        [-l1 * q1.sin() - l2 * (q1 + q2).sin(), -l2 * (q1 + q2).sin()],
        [l1 * q1.cos() + l2 * (q1 + q2).cos(), l2 * (q1 + q2).cos()],
    ];
    (jacobian[0][0] * jacobian[1][1] - jacobian[0][1] * jacobian[1][0]).abs()
}

programs! {
    arm_position(q: Vec<f64> = vec![0.3, -0.5, 0.9], a: f64 = 0.4) {
        let joints = vec![
            Joint { d: 0.3, a: 0.0, alpha: FRAC_PI_2, offset: 0.0 },
            Joint { d: 0.0, a, alpha: 0.0, offset: 0.1 },
            Joint { d: 0.0, a: 0.3, alpha: 0.2, offset: 0.0 },
        ];
        let [x, y, z] = Arm { joints }.forward(&q);
        x + 2.0 * y - z
    }
    arm_error(q: Vec<f64> = vec![0.3, -0.5], a: f64 = 0.4) {
        let joint = Joint { d: 0.1, a, alpha: 0.3, offset: 0.0 };
        Arm { joints: vec![joint; 2] }.distance_to(&q, &[0.5, 0.5, 0.0])
    }
    planar_round_trip(x: f64 = 0.7, y: f64 = 0.4, l1: f64 = 0.6, l2: f64 = 0.5) {
        match planar_inverse(l1, l2, x, y, true) {
            Some((q1, q2)) => {
                let (x, y) = planar_forward(l1, l2 * 1.1, q1, q2);
                x - y
            }
            None => f64::NAN,
        }
    }
    planar_angles(x: f64 = 0.7, y: f64 = 0.4) {
        if let Some((q1, q2)) = planar_inverse(0.6, 0.5, x, y, false) { q1 * q2 } else { 0.0 }
    }
    manipulable(l1: f64 = 0.6, l2: f64 = 0.5, q1: f64 = 0.2, q2: f64 = 0.9) { manipulability(l1, l2, q1, q2) }
}

#[test]
fn manipulability_is_the_product_of_lengths_and_a_sine() {
    let (l1, l2, q1, q2) = (0.6, 0.5, 0.2, 0.9_f64);
    let expected = (l2 * q2.sin(), l1 * q2.sin(), 0.0, l1 * l2 * q2.cos());
    assert_near("manipulability", &manipulability::grad(l1, l2, q1, q2), &expected, 1e-12);
}

// Idiom 9: state machines with `&mut self`.

#[derive(Clone, Debug, Differentiable)]
struct Pid {
    kp: f64,
    ki: f64,
    kd: f64,
    limit: f64,
    integral: f64,
    previous: Option<f64>,
}

#[differentiable]
impl Pid {
    fn new(kp: f64, ki: f64, kd: f64) -> Self {
        Pid { kp, ki, kd, limit: 2.0, integral: 0.0, previous: None }
    }

    fn update(&mut self, error: f64, dt: f64) -> f64 {
        let derivative = match self.previous {
            Some(previous) => (error - previous) / dt,
            None => 0.0,
        };
        self.integral = (self.integral + error * dt).clamp(-self.limit, self.limit);
        self.previous = Some(error);
        self.kp * error + self.ki * self.integral + self.kd * derivative
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Pose {
    x: f64,
    y: f64,
    heading: f64,
}

#[differentiable]
impl Pose {
    /// Moves on an arc, or straight ahead.
    fn advance(&mut self, speed: f64, turn: f64, dt: f64) {
        if turn.abs() < 1e-9 {
            self.x += speed * dt * self.heading.cos();
            self.y += speed * dt * self.heading.sin();
        } else {
            let heading = self.heading + turn * dt;
            self.x += speed / turn * (heading.sin() - self.heading.sin());
            self.y -= speed / turn * (heading.cos() - self.heading.cos());
            self.heading = heading;
        }
    }

    fn compose(&self, other: &Pose) -> Pose {
        let (s, c) = self.heading.sin_cos();
        Pose {
            x: self.x + c * other.x - s * other.y,
            y: self.y + s * other.x + c * other.y,
            heading: wrap(self.heading + other.heading),
        }
    }
}

#[differentiable]
fn wrap(angle: f64) -> f64 {
    let mut angle = angle;
    while angle > PI {
        angle -= TAU;
    }
    while angle <= -PI {
        angle += TAU;
    }
    angle
}

programs! {
    pid_loop(kp: f64 = 2.0, ki: f64 = 0.5, kd: f64 = 0.1, target: f64 = 1.0) {
        let mut pid = Pid::new(kp, ki, kd);
        let (mut x, mut v) = (0.0, 0.0);
        for _ in 0..6 {
            let force = pid.update(target - x, 0.1);
            v += 0.1 * (force - 0.3 * v);
            x += 0.1 * v;
        }
        x + v
    }
    saturated_pid(kp: f64 = 2.0, ki: f64 = 0.5, target: f64 = 30.0) {
        let mut pid = Pid::new(kp, ki, 0.0);
        pid.update(target, 0.1);
        pid.update(target * 0.5, 0.1)
    }
    odometry(left: f64 = 0.9, right: f64 = 1.1, base: f64 = 0.4) {
        let mut pose = Pose { x: 0.0, y: 0.0, heading: 0.2 };
        for k in 0..4 {
            let scale = 1.0 + 0.1 * k as f64;
            pose.advance(scale * (left + right) / 2.0, (right - left) / base, 0.5);
        }
        pose.x + 2.0 * pose.y + pose.heading
    }
    straight_ahead(speed: f64 = 0.9, heading: f64 = 0.4) {
        let mut pose = Pose { x: 0.0, y: 0.0, heading };
        pose.advance(speed, 0.0, 0.5);
        pose.x * pose.y
    }
    chained_poses(h: f64 = 2.5, x: f64 = 0.3) {
        let step = Pose { x, y: 0.1, heading: h };
        let p = step.compose(&step).compose(&step);
        p.x + p.y * p.heading
    }
}

// Idioms 3 and 4: profiles in pieces.

/// The position on a trapezoidal velocity profile.
#[differentiable]
fn trapezoid(distance: f64, speed: f64, acceleration: f64, t: f64) -> f64 {
    let ramp = speed / acceleration;
    let (ramp, speed) = if distance < speed * ramp {
        let ramp = (distance / acceleration).sqrt();
        (ramp, acceleration * ramp)
    } else {
        (ramp, speed)
    };
    let cruise = distance / speed - ramp;
    match t {
        t if t <= 0.0 => 0.0,
        t if t < ramp => 0.5 * acceleration * t * t,
        t if t < ramp + cruise => 0.5 * speed * ramp + speed * (t - ramp),
        t if t < 2.0 * ramp + cruise => distance - 0.5 * acceleration * (2.0 * ramp + cruise - t).powi(2),
        _ => distance,
    }
}

/// A polynomial of degree five with given ends: position, velocity, acceleration.
#[differentiable]
fn quintic(start: (f64, f64, f64), end: (f64, f64, f64), duration: f64, t: f64) -> f64 {
    let (p0, v0, a0) = start;
    let (p1, v1, a1) = end;
    let h = p1 - p0;
    let d = duration;
    let coefficients = [
        p0,
        v0,
        a0 / 2.0,
        (20.0 * h - (8.0 * v1 + 12.0 * v0) * d - (3.0 * a0 - a1) * d.powi(2)) / (2.0 * d.powi(3)),
        (-30.0 * h + (14.0 * v1 + 16.0 * v0) * d + (3.0 * a0 - 2.0 * a1) * d.powi(2)) / (2.0 * d.powi(4)),
        (12.0 * h - 6.0 * (v1 + v0) * d + (a1 - a0) * d.powi(2)) / (2.0 * d.powi(5)),
    ];
    coefficients.iter().rev().fold(0.0, |acc, c| acc * t + c)
}

/// The mass matrix of a pendulum on a cart, and its accelerations.
#[differentiable]
fn cart_pole(state: &[f64; 4], force: f64, masses: (f64, f64), length: f64) -> [f64; 2] {
    let [_, _, theta, omega] = *state;
    let (m_cart, m_pole) = masses;
    let (s, c) = theta.sin_cos();
    let total = m_cart + m_pole;
    let temp = (force + m_pole * length * omega.powi(2) * s) / total;
    let alpha = (9.81 * s - c * temp) / (length * (4.0 / 3.0 - m_pole * c.powi(2) / total));
    [temp - m_pole * length * alpha * c / total, alpha]
}

programs! {
    trapezoid_ramp(d: f64 = 2.0, v: f64 = 0.8, a: f64 = 1.5, t: f64 = 0.3) { trapezoid(d, v, a, t) }
    trapezoid_cruise(d: f64 = 2.0, v: f64 = 0.8, a: f64 = 1.5, t: f64 = 1.3) { trapezoid(d, v, a, t) }
    trapezoid_brake(d: f64 = 2.0, v: f64 = 0.8, a: f64 = 1.5, t: f64 = 2.8) { trapezoid(d, v, a, t) }
    triangle_profile(d: f64 = 0.2, v: f64 = 0.8, a: f64 = 1.5, t: f64 = 0.5) { trapezoid(d, v, a, t) }
    smooth_motion(p: f64 = 0.3, v: f64 = 0.1, q: f64 = 1.2, d: f64 = 2.0, t: f64 = 0.7) { quintic((p, v, 0.0), (q, 0.0, 0.1), d, t) }
    balancing(theta: f64 = 0.2, omega: f64 = -0.4, force: f64 = 1.0, m: f64 = 0.1, l: f64 = 0.5) {
        let [x, alpha] = cart_pole(&[0.0, 0.0, theta, omega], force, (1.0, m), l);
        x * alpha
    }
    legs(heights: Vec<f64> = vec![0.1, -0.2, 0.3, 0.05], k: f64 = 2.0) {
        heights.chunks(2).map(|pair| 0.5 * k * (pair[0] - pair[1]).powi(2)).sum::<f64>()
            + heights.iter().step_by(2).map(|h| k * h).sum::<f64>()
    }
}
