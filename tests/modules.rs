//! Whole modules.

#![allow(dead_code, missing_docs, unreachable_pub, unused_variables)]

mod common;

use common::{assert_near, difference};
use differentiable::{Tangent, differentiable};

#[differentiable]
mod model {
    //! A point mass in a field.
    use std::fmt;

    const G: f64 = 9.81;

    #[derive(Clone, Debug, PartialEq)]
    pub struct Body {
        pub position: [f64; 2],
        pub velocity: [f64; 2],
        pub mass: f64,
        pub name: String,
    }

    #[nograd]
    #[derive(Debug)]
    pub struct Log(pub Vec<f64>);

    impl fmt::Display for Body {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} at {:?}", self.name, self.position)
        }
    }

    pub trait Energy {
        fn energy(&self) -> f64;
    }

    impl Energy for Body {
        fn energy(&self) -> f64 {
            let [vx, vy] = self.velocity;
            0.5 * self.mass * (vx * vx + vy * vy) + self.mass * G * self.height()
        }
    }

    impl Default for Body {
        fn default() -> Self {
            Body { position: [0.0; 2], velocity: [1.0, 2.0], mass: 1.0, name: String::new() }
        }
    }

    impl Body {
        pub fn new(mass: f64) -> Self {
            Body { mass, ..Body::default() }
        }

        fn height(&self) -> f64 {
            self.position[1]
        }

        pub fn step(&mut self, dt: f64) {
            for k in 0..2 {
                self.position[k] += self.velocity[k] * dt;
            }
            self.velocity[1] -= G * dt;
        }

        pub fn axes(&self) -> usize {
            self.position.len()
        }
    }

    pub fn flight(body: &Body, time: f64, steps: usize) -> f64 {
        let mut moving = body.clone();
        for _ in 0..steps {
            moving.step(time / steps as f64);
        }
        weight(moving.position[0]) * moving.energy() + moving.axes() as f64
    }

    fn weight(x: f64) -> f64 {
        inner::squared(x) + 1.0
    }

    mod inner {
        pub fn squared(x: f64) -> f64 {
            x * x
        }
    }

    #[nograd]
    pub fn log(body: &Body, log: &mut Log) -> f64 {
        log.0.push(body.mass);
        body.mass
    }

    pub fn label(body: &Body) -> String {
        format!("{body}")
    }
}

use model::{Body, BodyTangent, Energy};

fn body() -> Body {
    Body { position: [0.3, 0.7], velocity: [1.5, -0.4], mass: 2.0, name: "b".into() }
}

#[test]
fn everything_inside_is_differentiated() {
    let (value, (bar, time_bar)) = model::flight::value_and_grad(&body(), 0.6, 5);
    assert_near("value", &value, &model::flight(&body(), 0.6, 5), 1e-15);
    assert_near("time", &time_bar, &difference(|time| model::flight(&body(), time, 5), 0.6), 1e-7);
    let f = |mass| model::flight(&Body { mass, ..body() }, 0.6, 5);
    assert_near("mass", &bar.mass, &difference(f, 2.0), 1e-7);
    let f = |v: f64| model::flight(&Body { velocity: [1.5, v], ..body() }, 0.6, 5);
    assert_near("velocity", &bar.velocity[1], &difference(f, -0.4), 1e-7);
    let (_, slope) = model::flight::jvp(&body(), 0.6, 5, &bar, 0.5);
    assert_near("dot product", &slope, &(bar.inner_product(&bar) + 0.5 * time_bar), 1e-11);
    let energy: BodyTangent = body().energy_grad();
    assert_near("energy", &energy.position, &[0.0, 2.0 * 9.81], 1e-14);
    assert_eq!(model::label(&body()), "b at [0.3, 0.7]");
    assert_near("left out", &model::log(&body(), &mut model::Log(Vec::new())), &2.0, 0.0);
}
