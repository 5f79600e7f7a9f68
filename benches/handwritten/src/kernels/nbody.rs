//! The energy of bodies that attract each other.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

/// Potential and kinetic energy; a body has three coordinates.
#[differentiable]
fn energy(positions: &[f64], velocities: &[f64], masses: &[f64]) -> f64 {
    let mut energy = 0.0;
    for i in 0..masses.len() {
        let v = &velocities[3 * i..3 * i + 3];
        energy += 0.5 * masses[i] * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
        for j in i + 1..masses.len() {
            let dx = positions[3 * i] - positions[3 * j];
            let dy = positions[3 * i + 1] - positions[3 * j + 1];
            let dz = positions[3 * i + 2] - positions[3 * j + 2];
            energy -= masses[i] * masses[j] / (dx * dx + dy * dy + dz * dz).sqrt();
        }
    }
    energy
}

fn by_hand(positions: &[f64], velocities: &[f64], masses: &[f64], out: &mut [f64]) -> f64 {
    let n = masses.len();
    out.fill(0.0);
    let (positions_bar, rest) = out.split_at_mut(3 * n);
    let (velocities_bar, masses_bar) = rest.split_at_mut(3 * n);
    let (x, v) = (positions.as_chunks::<3>().0, velocities.as_chunks::<3>().0);
    let (x_bar, v_bar) = (positions_bar.as_chunks_mut::<3>().0, velocities_bar.as_chunks_mut::<3>().0);
    let mut energy = 0.0;
    for i in 0..n {
        let kinetic = 0.5 * (v[i][0] * v[i][0] + v[i][1] * v[i][1] + v[i][2] * v[i][2]);
        energy += masses[i] * kinetic;
        v_bar[i] = v[i].map(|v| masses[i] * v);
        let (xi, mut xi_bar, mut mass_bar) = (x[i], x_bar[i], masses_bar[i] + kinetic);
        for j in i + 1..n {
            let d = [xi[0] - x[j][0], xi[1] - x[j][1], xi[2] - x[j][2]];
            let inverse = 1.0 / (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
            energy -= masses[i] * masses[j] * inverse;
            mass_bar -= masses[j] * inverse;
            masses_bar[j] -= masses[i] * inverse;
            let pull = masses[i] * masses[j] * inverse * inverse * inverse;
            for c in 0..3 {
                xi_bar[c] += pull * d[c];
                x_bar[j][c] -= pull * d[c];
            }
        }
        x_bar[i] = xi_bar;
        masses_bar[i] = mass_bar;
    }
    energy
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(4, 100), Random::new());
    Kernel::gradient(
        "nbody_energy",
        7 * n,
        (random.list(3 * n, -1.0, 1.0), random.list(3 * n, -1.0, 1.0), random.list(n, 0.1, 2.0)),
        |(x, v, m)| energy(x, v, m),
        |(x, v, m), out| {
            let (x_bar, rest) = out.split_at_mut(x.len());
            let (v_bar, m_bar) = rest.split_at_mut(v.len());
            energy::value_and_grad_into(x, v, m, x_bar, v_bar, m_bar)
        },
        |(x, v, m), out| by_hand(x, v, m, out),
    )
}
