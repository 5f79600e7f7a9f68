//! Methods of ndarray's arrays that change axes, run along axes, or go over several arrays side by side, in both modes
//! against central differences, with arrays that are not in row-major order.

#![allow(clippy::all)]

use differentiable::ndarray::{
    self, Array, Array1, Array2, Array3, ArrayD, ArrayView1, Axis, Ix2, Zip, array, azip, concatenate, s, stack,
};
use differentiable::{Differentiable, differentiable, gradcheck};

fn numbers(count: usize, seed: usize) -> Vec<f64> {
    (0..count).map(|at| (((at * 7 + seed * 13) % 11) as f64 - 5.2) / 6.0).collect()
}

fn vector(seed: usize) -> Array1<f64> {
    Array1::from_vec(numbers(3, seed))
}

/// Two rows and three columns, column by column in memory.
fn matrix(seed: usize) -> Array2<f64> {
    Array2::from_shape_vec((3, 2), numbers(6, seed)).unwrap().reversed_axes()
}

fn cube(seed: usize) -> Array3<f64> {
    Array3::from_shape_vec((2, 3, 2), numbers(12, seed)).unwrap().permuted_axes([2, 1, 0])
}

#[differentiable]
fn broadcast_to_another(m: &Array2<f64>, row: &Array1<f64>) -> Array2<f64> {
    m * &row.broadcast(m.raw_dim()).unwrap() + row.broadcast(m.dim()).unwrap()
}

#[differentiable]
fn repeated(row: &Array1<f64>, times: usize) -> Array2<f64> {
    row.broadcast((times, row.len())).unwrap().to_owned() * row
}

#[differentiable]
fn broadcast_columns(m: &Array2<f64>, column: &Array2<f64>) -> Array2<f64> {
    let wide = column.broadcast((2, 3)).unwrap();
    &wide * &wide * m
}

#[test]
fn broadcasting() {
    gradcheck!(broadcast_to_another(&matrix(1), &vector(2))).unwrap();
    gradcheck!(repeated(&vector(1), 4)).unwrap();
    gradcheck!(repeated(&vector(1), 0)).unwrap();
    gradcheck!(broadcast_columns(&matrix(1), &array![[0.5], [-2.0]])).unwrap();
}

#[test]
#[should_panic(expected = "`broadcast`: an array of shape [2] does not fit the shape [2, 3]")]
fn broadcasting_to_a_shape_that_does_not_fit() {
    let _ = broadcast_to_another::vjp(&matrix(1), &array![1.0, 2.0]);
}

#[differentiable]
fn turned(a: &Array3<f64>) -> Array3<f64> {
    let mut b = a.clone();
    b.swap_axes(0, 2);
    b.invert_axis(Axis(1));
    let c = b.clone().reversed_axes() * a;
    b.reverse_axes();
    c + b.mapv(|x| x * x)
}

#[differentiable]
fn without_axes(a: &Array3<f64>) -> f64 {
    let first = a.clone().remove_axis(Axis(0));
    let other = a.clone().index_axis_move(Axis(0), 1);
    (first * other).flatten().dot(&a.index_axis(Axis(0), 0).to_owned().into_flat())
}

#[differentiable]
fn of_any_rank(a: &ArrayD<f64>) -> Array2<f64> {
    let m = a.clone().into_dimensionality::<Ix2>().unwrap();
    let n: Array2<f64> = m.clone().into_dyn().into_dimensionality().unwrap();
    m * n
}

#[differentiable]
fn diagonals(a: &Array1<f64>, m: &Array2<f64>) -> Array2<f64> {
    Array2::from_diag(a).dot(&m.t()) + m.tril(0).t() - m.triu(1).t().mapv(|x| x * x)
}

#[test]
fn axes() {
    let square = Array3::from_shape_vec((2, 3, 2), numbers(12, 3)).unwrap();
    gradcheck!(turned(&square)).unwrap();
    gradcheck!(without_axes(&cube(1))).unwrap();
    gradcheck!(of_any_rank(&matrix(1).into_dyn())).unwrap();
    gradcheck!(diagonals(&vector(1), &matrix(2))).unwrap();
}

#[test]
#[should_panic(expected = "`into_dimensionality`: an array of shape [3] has not 2 axes")]
fn a_number_of_axes_that_it_does_not_have() {
    let _ = of_any_rank::vjp(&vector(1).into_dyn());
}

#[differentiable]
fn along(m: &Array2<f64>) -> Array2<f64> {
    m.cumprod(Axis(1)) * m.product_axis(Axis(0)) + m.pow2() * m.diff(1, Axis(0))
}

#[differentiable]
fn differences(x: &Array1<f64>) -> f64 {
    let slopes = x.diff(1, Axis(0));
    let curvatures = x.diff(2, Axis(0));
    slopes.dot(&slopes) + curvatures.dot(&curvatures)
}

#[differentiable]
fn running_sums(m: &Array2<f64>) -> Array2<f64> {
    let mut sums = m.clone();
    sums.accumulate_axis_inplace(Axis(0), |&before, x| *x += before);
    sums.accumulate_axis_inplace(Axis(1), |&before, x| *x = *x * before + before);
    sums
}

#[differentiable]
fn lanes_of_a_cube(a: &Array3<f64>) -> Array2<f64> {
    let lengths = a.map_axis(Axis(1), |lane| lane.dot(&lane).sqrt());
    let products = a.fold_axis(Axis(1), 1.0, |&product, &x| product * (1.0 + x));
    let largest = a.map_axis(Axis(1), |lane| lane.fold(f64::NEG_INFINITY, |largest, &x| largest.max(x)));
    lengths * products + largest
}

#[test]
fn along_axes() {
    gradcheck!(along(&matrix(1))).unwrap();
    // The product of the others where a number is zero.
    gradcheck!(along(&array![[0.0, 2.0, 0.5], [3.0, 0.0, 0.0]])).unwrap();
    gradcheck!(differences(&array![1.0, 4.0, 2.0, 5.0])).unwrap();
    gradcheck!(running_sums(&matrix(1))).unwrap();
    gradcheck!(running_sums(&Array2::zeros((0, 3)))).unwrap();
    gradcheck!(lanes_of_a_cube(&cube(2))).unwrap();
}

#[differentiable]
fn scaled_rows(m: &Array2<f64>, row: &Array1<f64>) -> Array2<f64> {
    let mut out = m.clone();
    Zip::from(&mut out).and_broadcast(row).for_each(|x, &factor| *x *= factor);
    out.zip_mut_with(m, |x, &y| *x += y * y);
    out.zip_mut_with(row, |x, &y| *x *= y.exp());
    out
}

#[differentiable]
fn rows_side_by_side(a: &Array2<f64>, b: &Array2<f64>) -> Array1<f64> {
    let mut dots = Array1::zeros(a.nrows());
    Zip::from(&mut dots).and(a.rows()).and(b.rows()).for_each(|dot, x, y| *dot = x.dot(&y));
    dots * Zip::from(a.axis_iter(Axis(0))).map_collect(|row| row.sum())
}

#[differentiable]
fn rows_that_are_written(a: &Array2<f64>) -> Array2<f64> {
    let mut out = a.clone();
    Zip::from(out.rows_mut()).and(a.rows()).for_each(|mut row, old| {
        let total = old.sum();
        row.mapv_inplace(|x| x * total);
    });
    out
}

#[differentiable]
fn into_another(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    let mut out = Array2::zeros(a.raw_dim());
    Zip::from(a).and(b).map_assign_into(&mut out, |&x, &y| x * y);
    azip!((index (i, j), out in &mut out, &x in a) *out += x * (i + 2 * j) as f64);
    out
}

#[test]
fn side_by_side() {
    gradcheck!(scaled_rows(&matrix(1), &vector(2))).unwrap();
    gradcheck!(rows_side_by_side(&matrix(1), &matrix(2))).unwrap();
    gradcheck!(rows_that_are_written(&matrix(1))).unwrap();
    gradcheck!(into_another(&matrix(1), &matrix(2))).unwrap();
}

#[differentiable]
fn joined(a: &Array2<f64>, b: &Array2<f64>, v: &Array1<f64>) -> f64 {
    let rows = concatenate(Axis(0), &[a.view(), b.view(), a.view()]).unwrap();
    let pair = stack(Axis(1), &[v.view(), rows.slice(s![0, ..])]).unwrap();
    let products = rows.dot(&pair);
    (&products * &products).sum() + ndarray::stack![Axis(0), *v, rows.row(1)].sum()
}

#[differentiable]
fn batches(x: &Array2<f64>, y: &Array1<f64>, w: &Array1<f64>, size: usize) -> f64 {
    let mut worst = 0.0;
    for (x, y) in x.axis_chunks_iter(Axis(0), size).zip(y.axis_chunks_iter(Axis(0), size)) {
        let error = x.dot(w) - &y;
        worst += error.dot(&error) / y.len() as f64;
    }
    worst
}

#[test]
fn parts_behind_each_other() {
    gradcheck!(joined(&matrix(1), &matrix(2), &vector(3))).unwrap();
    let (x, y) = (Array2::from_shape_vec((5, 3), numbers(15, 1)).unwrap(), Array1::from_vec(numbers(5, 2)));
    for size in [1, 2, 3, 5, 7] {
        gradcheck!(batches(&x, &y, &vector(3), size)).unwrap();
    }
}

#[differentiable]
fn remainders(a: &Array2<f64>, b: &Array1<f64>, period: f64) -> Array2<f64> {
    let mut rest = a * 5.0;
    rest %= period;
    rest + a % b + 2.3 % b
}

#[differentiable]
fn chosen(a: &Array2<f64>) -> Array2<f64> {
    a.select(Axis(1), &[2, 0, 2, 1])
}

#[test]
fn operators() {
    gradcheck!(remainders(&matrix(1), &array![0.3, -0.2, 0.7], 0.4)).unwrap();
    gradcheck!(chosen(&matrix(1))).unwrap();
}

/// Arrays behind references, in lists and in structs are not moved out of their places.
#[differentiable]
fn update(w: &mut Array1<f64>, layers: &mut Vec<Array1<f64>>, x: ArrayView1<f64>) {
    w.scaled_add(-0.1, &x);
    *w *= 2.0;
    for layer in layers.iter_mut() {
        *layer *= &*w;
    }
    layers[0] /= 4.0;
}

#[test]
fn arrays_in_their_places() {
    let (mut w, mut layers, x) = (vector(1), vec![vector(2), vector(3)], vector(4));
    let (first, second) = (layers[0].clone(), layers[1].clone());
    let (_, pullback) = update::vjp(&mut w, &mut layers, x.view());
    let expected = (&vector(1) - &(&x * 0.1)) * 2.0;
    assert_eq!(w, expected);
    let ones = Array::ones(3);
    let (w_bar, layers_bar, x_bar) = pullback(Array::zeros(3), vec![ones.clone(), ones]);
    assert_eq!(layers_bar, [&w / 4.0, w]);
    let of_w = first / 4.0 + second;
    assert_eq!((w_bar, x_bar), (&of_w * 2.0, &of_w * 2.0 * -0.1));
}

/// Where the lengths of nested arrays come from: what the function gives, a field, a type that is written.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Grid<S, const R: usize, const C: usize> {
    rows: [[S; C]; R],
}

#[differentiable]
impl<S: num_traits::Float, const R: usize, const C: usize> Grid<S, R, C> {
    fn turned(&self) -> Grid<S, C, R> {
        Grid { rows: core::array::from_fn(|c| core::array::from_fn(|r| self.rows[r][c])) }
    }

    fn scaled(&self, by: S) -> Self {
        Self { rows: core::array::from_fn(|r| core::array::from_fn(|c| self.rows[r][c] * by)) }
    }
}

#[differentiable]
fn grid_product<S: num_traits::Float, const M: usize, const K: usize, const N: usize>(
    a: &Grid<S, M, K>,
    b: &Grid<S, K, N>,
) -> [[S; N]; M] {
    core::array::from_fn(|i| {
        core::array::from_fn(|j| (0..K).fold(S::zero(), |sum, k| sum + a.rows[i][k] * b.rows[k][j]))
    })
}

#[differentiable]
fn applied<S: num_traits::Float, const R: usize, const C: usize>(grid: &Grid<S, R, C>, x: &[S; C]) -> [S; R] {
    core::array::from_fn(|i| (0..C).fold(S::zero(), |sum, k| sum + grid.rows[i][k] * x[k]))
}

#[differentiable]
fn residual<S: num_traits::Float, const R: usize, const C: usize>(
    grid: &Grid<S, R, C>,
    x: &[S; C],
    z: &[S; R],
) -> [S; R] {
    let predicted = applied(grid, x);
    let difference: [S; R] = core::array::from_fn(|i| z[i] - predicted[i]);
    difference
}

#[differentiable]
fn through_grids(v: &[f64; 6]) -> f64 {
    let grid = Grid { rows: [[v[0], v[1], v[2]], [v[3], v[4], v[5]]] };
    let square = grid_product(&grid.scaled(v[0]), &grid.turned());
    let rest = residual(&grid, &[v[1], v[2], v[3]], &[v[4], v[5]]);
    square[0][0] * square[1][0] + square[1][1] + rest[0] * rest[0] - rest[1]
}

#[test]
fn nested_arrays_of_functions_of_positions() {
    let at = [0.4, -0.7, 1.1, 0.3, 0.9, -0.2];
    gradcheck!(through_grids(&at)).unwrap();
}

#[differentiable]
fn squares_as_a_list(x: &[f64], table: &Array2<f64>) -> Vec<f64> {
    let squares = Array1::from_vec(x.to_vec()).mapv(|x| x * x);
    let mut list = squares.to_vec();
    list.extend(table.row(0).to_vec());
    list
}

#[test]
fn lists_of_elements() {
    gradcheck!(squares_as_a_list(&[0.3, -0.2], &matrix(1))).unwrap();
}
