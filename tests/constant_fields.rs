//! Fields that `#[nograd]` declares constant: read, iterated over, lent and changed, and what lies beside them.

#![allow(clippy::all)]

use differentiable::{Differentiable, differentiable, gradcheck, stop_gradient};

#[derive(Differentiable, Clone, Debug, Default)]
struct Settings {
    rate: f64,
    steps: usize,
}

/// A name that is spelled like a type parameter.
#[derive(Differentiable, Clone, Debug, Default)]
struct P {
    x: f64,
    y: f64,
}

#[derive(Differentiable, Clone, Debug, Default)]
struct Model {
    w: Vec<f64>,
    at: P,
    #[nograd]
    grid: Vec<f64>,
    #[nograd]
    dt: f64,
    #[nograd]
    settings: Settings,
    #[nograd]
    table: [f64; 3],
}

fn plain() -> Model {
    let settings = Settings { rate: 0.1, steps: 2 };
    Model {
        w: vec![0.3, 0.4],
        at: P { x: 0.2, y: 0.9 },
        grid: vec![1.0, 2.0],
        dt: 0.5,
        settings,
        table: [1.0, 2.0, 3.0],
    }
}

#[differentiable]
fn model(x: f64, y: f64) -> Model {
    let settings = Settings { rate: 0.1, steps: 2 };
    Model { w: vec![x, y], at: P { x: y, y: x * y }, grid: vec![1.0, 2.0], dt: 0.5, settings, table: [1.0, 2.0, 3.0] }
}

#[differentiable]
fn scaled(x: f64, k: f64) -> f64 {
    x * k
}

#[differentiable]
fn weighed(x: f64, list: &[f64]) -> f64 {
    x * list[0]
}

#[differentiable]
fn shifted(x: &mut f64, by: f64) {
    *x += by;
}

#[differentiable]
fn read(m: &Model, x: f64) -> f64 {
    let mut s = 0.0;
    for (w, g) in m.w.iter().zip(&m.grid) {
        s += w * g * m.dt;
    }
    let Model { w, grid, at: P { x: a, .. }, .. } = m;
    s * x * m.settings.rate * m.table[1] + w[0] * grid[1] * a
}

#[differentiable]
fn lists(m: &Model, x: f64) -> f64 {
    let settings = m.settings.clone();
    m.grid.iter().map(|g| g * x).sum::<f64>() + m.grid[1] * m.w[0] + m.table.iter().sum::<f64>() * x * settings.rate
}

#[differentiable]
fn lent(m: &Model, x: f64) -> f64 {
    scaled(x, m.dt) + weighed(m.w[0], &m.grid)
}

#[differentiable]
impl Model {
    fn step(&mut self, x: f64) {
        for w in self.w.iter_mut() {
            *w -= self.settings.rate * x * *w + self.at.x * self.dt;
        }
        for (w, g) in self.w.iter_mut().zip(&self.grid) {
            *w *= self.at.y * *g;
        }
        self.dt += 0.5;
        shifted(&mut self.dt, 0.25);
        self.w[0] *= self.dt;
        self.grid.push(2.0);
        self.table[1] = stop_gradient(x);
    }

    fn value(&self) -> f64 {
        self.w.iter().enumerate().map(|(i, w)| w * self.grid[i] + self.dt * self.at.x).sum()
    }
}

#[differentiable]
fn changed(x: f64, y: f64) -> f64 {
    let mut m = model(x, y);
    for i in 0..m.settings.steps {
        m.w[i] += m.dt * x * m.grid[i];
        m.dt += 0.1;
    }
    m.step(x);
    m.step(y);
    m.value() * m.table[2]
}

#[differentiable(analyses = off)]
fn without_analyses(x: f64, y: f64) -> f64 {
    let mut m = model(x, y);
    m.dt = 0.5 * 2.0;
    for (w, g) in m.w.iter_mut().zip(&m.grid) {
        *w *= g * m.dt;
    }
    m.dt *= 2.0;
    m.w[0] * m.w[1] * m.dt
}

#[test]
fn constant_fields_are_read() {
    let m = plain();
    gradcheck!(read(&m, 1.5)).unwrap();
    gradcheck!(lists(&m, 1.5)).unwrap();
    gradcheck!(lent(&m, 1.5)).unwrap();
}

#[test]
fn constant_fields_are_changed() {
    gradcheck!(changed(0.7, 1.5)).unwrap();
    gradcheck!(without_analyses(0.7, 1.5)).unwrap();
}

#[derive(Differentiable, Clone, Debug, Default)]
struct Grid {
    rows: Vec<Vec<f64>>,
    points: Vec<[f64; 2]>,
    counts: Vec<usize>,
    g: f64,
    n: usize,
}

#[differentiable]
fn grid(x: f64, y: f64) -> Grid {
    Grid { rows: vec![vec![x, y], vec![x * y]], points: vec![[x, y], [y, 2.0 * x]], counts: vec![1, 2], g: x + y, n: 1 }
}

/// Loops over a list in what a function was lent, beside reads and writes of what else is in it.
#[differentiable]
impl Grid {
    fn squares(&mut self) {
        for row in self.rows.iter_mut() {
            for v in row.iter_mut() {
                *v *= self.g * *v;
            }
        }
    }

    fn numbered(&mut self, h: f64) {
        for (i, p) in self.points.iter_mut().enumerate() {
            p[0] *= self.g * i as f64;
            p[1] += p[0] * h * self.g;
        }
        self.g *= h;
    }

    fn counted(&mut self, h: f64) {
        for (p, n) in self.points.iter_mut().zip(&self.counts) {
            if *n > 1 {
                p[0] *= self.g * *n as f64 * h;
            }
        }
        for n in &self.counts {
            self.g *= *n as f64 * h;
        }
        for n in self.counts.iter_mut() {
            *n += 1;
        }
    }

    fn relaxed(&mut self, k: f64) {
        for row in &mut self.rows {
            let m = row.iter().sum::<f64>() * self.g;
            for v in row {
                *v -= k * m;
            }
        }
        for p in self.points.iter_mut().rev() {
            p[1] = p[1] * self.g + p[0];
            self.n += 1;
        }
    }
}

#[differentiable]
fn loops(x: f64, y: f64) -> f64 {
    let mut g = grid(x, y);
    g.squares();
    g.numbered(y);
    g.counted(x);
    g.relaxed(0.1 * x);
    g.rows[0][0] * g.rows[1][0] + g.rows[0][1] + g.points[0][0] * g.points[1][1] + g.points[1][0] + g.g * g.n as f64
}

#[test]
fn loops_read_beside_what_they_change() {
    gradcheck!(loops(0.7, 1.3)).unwrap();
    gradcheck!(loops(1.1, 0.3)).unwrap();
}
