//! Iterators that are advanced step by step, items that are computed one after the other, and chains that can fail.

#![allow(clippy::all)]

use differentiable::{differentiable, gradcheck};

#[differentiable]
fn energy(xs: &[f64]) -> f64 {
    let mut it = xs.iter();
    let mut total = 0.0;
    while let Some(x) = it.next() {
        total += x * x;
    }
    total
}

#[differentiable]
fn roughness(xs: &[f64]) -> f64 {
    let mut it = xs.iter().copied();
    let Some(mut previous) = it.next() else {
        return 0.0;
    };
    let mut total = 0.0;
    for x in it {
        total += (x - previous).powi(2);
        previous = x;
    }
    total
}

#[differentiable]
fn neighbours(xs: &[f64]) -> f64 {
    let mut it = xs.iter().peekable();
    let mut total = 0.0;
    while let Some(x) = it.next() {
        if let Some(&&next) = it.peek() {
            total += x * next.sin();
        }
    }
    total
}

#[differentiable]
fn head_and_rest(xs: &[f64], ys: &[f64]) -> f64 {
    let mut pairs = xs.iter().zip(ys);
    let (x, y) = pairs.next().unwrap();
    pairs.next();
    let left = pairs.len() as f64;
    x * y + left * pairs.map(|(x, y)| x - y * y).sum::<f64>()
}

#[differentiable]
fn two_at_a_time(xs: &[f64]) -> f64 {
    let mut it = xs.iter();
    let mut total = 0.0;
    for x in it.by_ref().take(2) {
        total += x * x;
    }
    for x in &mut it {
        total *= *x;
    }
    total + it.len() as f64
}

#[differentiable]
fn chunks_and_remainder(xs: &[f64]) -> f64 {
    let mut chunks = xs.chunks_exact(2);
    let mut total = 0.0;
    for pair in chunks.by_ref() {
        total += pair[0] * pair[1];
    }
    for x in chunks.remainder() {
        total += x.powi(3);
    }
    total
}

#[differentiable]
fn standardised(xs: &[f64]) -> f64 {
    let n = xs.len() as f64;
    let mean = xs.iter().sum::<f64>() / n;
    let deviations = xs.iter().map(|x| x - mean);
    let variance = deviations.clone().map(|d| d * d).sum::<f64>() / n;
    deviations.map(|d| d.powi(3)).sum::<f64>() / variance.powf(1.5)
}

#[test]
fn step_by_step() {
    let (xs, ys) = ([0.7, -0.4, 1.3, 0.9, 0.2], [1.1, 0.3, -0.6, 0.8, 0.5]);
    gradcheck!(energy(&xs[..])).unwrap();
    gradcheck!(roughness(&xs[..])).unwrap();
    gradcheck!(roughness(&xs[..1])).unwrap();
    assert_eq!(roughness::grad(&[]), Vec::<f64>::new());
    gradcheck!(neighbours(&xs[..])).unwrap();
    gradcheck!(head_and_rest(&xs[..], &ys[..])).unwrap();
    gradcheck!(head_and_rest(&xs[..1], &ys[..])).unwrap();
    gradcheck!(two_at_a_time(&xs[..])).unwrap();
    gradcheck!(two_at_a_time(&xs[..1])).unwrap();
    gradcheck!(chunks_and_remainder(&xs[..])).unwrap();
    gradcheck!(chunks_and_remainder(&xs[..4])).unwrap();
    gradcheck!(standardised(&xs[..])).unwrap();
}

#[differentiable]
fn orbit(x: f64, c: f64) -> f64 {
    std::iter::successors(Some(x), |t| Some(t * t + c)).take(5).sum()
}

#[differentiable]
fn until_it_is_large(x: f64) -> f64 {
    std::iter::successors(Some(x), |&t| if t < 10.0 { Some(t * t + 1.0) } else { None }).map(|t| t.ln()).sum()
}

#[differentiable]
fn growing(x: f64, rate: f64) -> f64 {
    let mut t = x;
    std::iter::from_fn(move || {
        t *= rate;
        if t < 10.0 { Some(t) } else { None }
    })
    .fold(1.0, |product, t| product * t)
        + t
}

#[differentiable]
fn repeated(x: f64) -> f64 {
    let mut t = x;
    let total: f64 = std::iter::repeat_with(|| {
        t *= x;
        t
    })
    .take(3)
    .sum();
    total + t + std::iter::repeat_n(x, 4).product::<f64>()
}

#[test]
fn computed_one_after_the_other() {
    gradcheck!(orbit(0.4, -0.3)).unwrap();
    gradcheck!(until_it_is_large(1.1)).unwrap();
    gradcheck!(growing(0.9, 1.7)).unwrap();
    gradcheck!(repeated(1.2)).unwrap();
}

#[differentiable]
fn root(x: f64) -> Option<f64> {
    if x > 0.0 { Some(x.sqrt()) } else { None }
}

#[differentiable]
fn roots(xs: &[f64]) -> f64 {
    xs.iter().copied().filter_map(root).sum::<f64>() + xs.iter().map(|&x| root(x)).flatten().product::<f64>()
}

#[differentiable]
fn roots_in_a_loop(xs: &[f64]) -> f64 {
    let mut total = 0.0;
    for x in xs {
        match root(*x) {
            Some(r) => total += r * x,
            None => {}
        }
    }
    total
}

#[differentiable]
fn first_root(xs: &[f64]) -> f64 {
    xs.iter().find_map(|&x| if x > 0.5 { Some(x.sqrt()) } else { None }).unwrap_or(0.0)
}

#[differentiable]
fn given(xs: &[Option<f64>]) -> f64 {
    xs.iter().filter_map(|x| *x).map(|x| x * x).sum::<f64>() + xs.iter().flatten().sum::<f64>()
}

#[differentiable]
fn all_roots(xs: &[f64]) -> Option<Vec<f64>> {
    xs.iter().map(|&x| root(x)).collect()
}

#[differentiable]
fn logs(xs: &[f64]) -> Result<f64, String> {
    let logs: Result<Vec<f64>, String> =
        xs.iter().map(|&x| if x > 0.0 { Ok(x.ln()) } else { Err(format!("{x} is not positive")) }).collect();
    Ok(logs?.iter().sum())
}

#[differentiable]
fn product_of_positive(xs: &[f64]) -> Option<f64> {
    xs.iter().try_fold(1.0, |product, &x| if x > 0.0 { Some(product * x) } else { None })
}

#[test]
fn items_that_may_be_missing() {
    let xs = [0.3, -1.0, 2.0];
    gradcheck!(roots(&xs[..])).unwrap();
    gradcheck!(roots_in_a_loop(&xs[..])).unwrap();
    gradcheck!(first_root(&xs[..])).unwrap();
    assert_eq!(given::grad(&[Some(1.5), None, Some(-2.0)]), vec![Some(4.0), None, Some(-3.0)]);
    assert!(all_roots::vjp(&xs).is_none());
    let (values, pullback) = all_roots::vjp(&[4.0, 9.0]).unwrap();
    assert_eq!(values, vec![2.0, 3.0]);
    assert_eq!(pullback(vec![1.0, 6.0]), vec![0.25, 1.0]);
    assert_eq!(pullback(vec![1.0, 6.0]), vec![0.25, 1.0]);
    assert_eq!(logs::grad(&[0.5, 2.0]), Ok(vec![2.0, 0.5]));
    assert_eq!(logs::grad(&xs), Err("-1 is not positive".to_owned()));
    assert_eq!(product_of_positive::grad(&[2.0, 3.0]), Some(vec![3.0, 2.0]));
    assert_eq!(product_of_positive::grad(&xs), None);
}

#[differentiable]
fn squares(xs: &[f64], out: &mut [f64]) {
    xs.iter().zip(out.iter_mut()).map(|(&x, o)| *o = x * x).count();
}

#[differentiable]
fn run_for_its_effect(xs: &[f64]) -> f64 {
    let mut out = vec![0.0; xs.len()];
    squares(xs, &mut out);
    out.iter().enumerate().map(|(i, x)| x * (i + 1) as f64).sum()
}

#[differentiable]
fn first_and_rest(xs: &[f64]) -> f64 {
    let (first, rest) = xs.split_first().unwrap();
    let tail = if let Some((last, others)) = rest.split_last() { last * others.iter().sum::<f64>() } else { 1.0 };
    first * tail
}

#[differentiable]
fn interpolated(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let i = xs.partition_point(|&t| t < x).clamp(1, xs.len() - 1);
    let j = match xs.binary_search_by(|t| t.partial_cmp(&x).unwrap()) {
        Ok(j) => j,
        Err(j) => j,
    };
    let w = (x - xs[i - 1]) / (xs[i] - xs[i - 1]);
    ys[i - 1] + w * (ys[i] - ys[i - 1]) + j as f64
}

#[test]
fn parts_and_positions() {
    let xs = [0.7, -0.4, 1.3, 0.9, 0.2];
    gradcheck!(run_for_its_effect(&xs[..])).unwrap();
    gradcheck!(first_and_rest(&xs[..])).unwrap();
    gradcheck!(first_and_rest(&xs[..1])).unwrap();
    gradcheck!(interpolated(&[0.0, 1.0, 2.5][..], &[0.3, 0.5, 0.9][..], 1.3)).unwrap();
}

#[differentiable]
fn product(x: f64, y: f64) -> f64 {
    x * y.sin()
}

/// The items of lists that are copied where the loop begins are values.
#[differentiable]
fn over_copies(pairs: &[(f64, f64)], list: Vec<f64>) -> f64 {
    let mut total = 0.0;
    for (x, y) in pairs.to_vec() {
        total += product(x, y);
    }
    for x in list.clone() {
        total *= product(x, 1.3);
    }
    let scaled = |k: f64| list.iter().map(|x| k * x).collect::<Vec<f64>>();
    for (i, x) in scaled(2.0).clone().into_iter().enumerate() {
        total += product(x, i as f64 + 0.5);
    }
    pairs.to_vec().into_iter().fold(total, |sum, (x, y)| sum + product(y, x))
}

#[test]
fn items_of_copies_are_values() {
    gradcheck!(over_copies(&[(0.3, 0.7), (-0.4, 1.1)], vec![1.2, 0.8])).unwrap();
}
