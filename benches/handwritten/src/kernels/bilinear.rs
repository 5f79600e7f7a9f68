//! Bilinear interpolation in a grid.

use differentiable::{differentiable, stop_gradient};

use crate::random::Random;
use crate::{Kernel, Size};

/// The squared norm of the grid's values at some points, which are pairs of a row and a column.
#[differentiable]
fn sampled_norm(grid: &[f64], points: &[f64], width: usize) -> f64 {
    let mut norm = 0.0;
    for point in points.chunks_exact(2) {
        let (row, column) = (stop_gradient(point[0]) as usize, stop_gradient(point[1]) as usize);
        let (down, right) = (point[0] - row as f64, point[1] - column as f64);
        let corner = row * width + column;
        let top = (1.0 - right) * grid[corner] + right * grid[corner + 1];
        let bottom = (1.0 - right) * grid[corner + width] + right * grid[corner + width + 1];
        let value = (1.0 - down) * top + down * bottom;
        norm += value * value;
    }
    norm
}

fn by_hand(grid: &[f64], points: &[f64], width: usize, grid_bar: &mut [f64], points_bar: &mut [f64]) -> f64 {
    grid_bar.fill(0.0);
    let mut norm = 0.0;
    for (point, point_bar) in points.chunks_exact(2).zip(points_bar.chunks_exact_mut(2)) {
        let (row, column) = (point[0] as usize, point[1] as usize);
        let (down, right) = (point[0] - row as f64, point[1] - column as f64);
        let corner = row * width + column;
        let [a, b] = [grid[corner], grid[corner + 1]];
        let [c, d] = [grid[corner + width], grid[corner + width + 1]];
        let top = (1.0 - right) * a + right * b;
        let bottom = (1.0 - right) * c + right * d;
        let value = (1.0 - down) * top + down * bottom;
        norm += value * value;
        let (top_bar, bottom_bar) = (2.0 * value * (1.0 - down), 2.0 * value * down);
        point_bar[0] = 2.0 * value * (bottom - top);
        point_bar[1] = top_bar * (b - a) + bottom_bar * (d - c);
        grid_bar[corner] += top_bar * (1.0 - right);
        grid_bar[corner + 1] += top_bar * right;
        grid_bar[corner + width] += bottom_bar * (1.0 - right);
        grid_bar[corner + width + 1] += bottom_bar * right;
    }
    norm
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (width, count, mut random) = (size.choose(5, 100), size.choose(8, 10_000), Random::new());
    Kernel::gradient(
        "bilinear",
        width * width + 2 * count,
        (random.list(width * width, -1.0, 1.0), random.list(2 * count, 0.0, (width - 1) as f64), width),
        |(grid, points, width)| sampled_norm(grid, points, *width),
        |(grid, points, width), out| {
            let (grid_bar, points_bar) = out.split_at_mut(grid.len());
            sampled_norm::value_and_grad_into(grid, points, *width, grid_bar, points_bar)
        },
        |(grid, points, width), out| {
            let (grid_bar, points_bar) = out.split_at_mut(grid.len());
            by_hand(grid, points, *width, grid_bar, points_bar)
        },
    )
}
