//! Sources, adaptors and sinks of iterator chains, each against central differences, and forward against reverse mode.

#![allow(clippy::all)]

use differentiable::differentiable;

const TABLE: [(f64, f64); 3] = [(1.0, 2.0), (3.0, -1.0), (0.5, 0.25)];
const COEFFS: [f64; 4] = [1.0, -2.0, 0.5, 3.0];
const MIXED: &[(i32, f64)] = &[(1, 0.5), (2, -0.25), (3, 2.0)];

/// One test for each call.
macro_rules! agree { ($($name:ident ($($args:tt)*);)*) => { $( #[test] fn $name() { differentiable::gradcheck!(super::$name($($args)*)).unwrap(); } )* } }

#[differentiable]
fn into_iter_array(x: f64) -> f64 {
    let a = [x, x * x, 1.0];
    let mut s = 0.0;
    for v in a {
        s += v * v;
    }
    s
}

#[differentiable]
fn into_iter_vec(x: f64) -> f64 {
    let a = vec![x, x * x, 1.0];
    let mut s = 0.0;
    for v in a.into_iter() {
        s += v * v;
    }
    s
}

#[differentiable]
fn vec_into_iter_map(a: Vec<f64>) -> f64 {
    a.into_iter().map(|x| x * x).sum()
}

#[differentiable]
fn array_literal_iter(x: f64, y: f64) -> f64 {
    [x, y, x * y].iter().map(|v| v * v).sum()
}

#[differentiable]
fn array_literal_into_iter(x: f64, y: f64) -> f64 {
    [x, y, x * y].into_iter().map(|v| v.sin()).product::<f64>()
}

#[differentiable]
fn iter_mut_for(a: &[f64], k: f64) -> f64 {
    let mut b = a.to_vec();
    for v in b.iter_mut() {
        *v *= k;
    }
    for v in &mut b {
        *v = *v * *v;
    }
    b.iter().sum()
}

#[differentiable]
fn iter_mut_zip(a: &[f64], k: f64) -> f64 {
    let mut b = a.to_vec();
    let mut c = vec![1.0; a.len()];
    for (v, w) in b.iter_mut().zip(c.iter_mut()) {
        *v *= k;
        *w += *v * *v;
    }
    b.iter().zip(&c).map(|(x, y)| x * y).sum()
}

#[differentiable]
fn iter_mut_enumerate(a: &[f64]) -> f64 {
    let mut b = a.to_vec();
    for (i, v) in b.iter_mut().enumerate() {
        *v *= (i + 1) as f64;
    }
    b.iter().map(|v| v * v).sum()
}

#[differentiable]
fn iter_mut_for_each(a: &[f64]) -> f64 {
    let mut b = a.to_vec();
    b.iter_mut().for_each(|v| *v = v.exp());
    b.iter().map(|v| v * v).sum()
}

#[differentiable]
fn ranges(x: f64) -> f64 {
    (1..=4).rev().map(|k| x.powi(k) / k as f64).sum::<f64>() + (0..10).step_by(3).map(|k| x * f64::from(k)).sum::<f64>()
}

#[differentiable]
fn windows_map(a: &[f64]) -> f64 {
    a.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum()
}

#[differentiable]
fn windows_pattern(a: &[f64]) -> f64 {
    a.windows(3).map(|w| w[0] * w[1] + w[2]).sum::<f64>()
}

#[differentiable]
fn chunks_map(a: &[f64]) -> f64 {
    a.chunks(2).map(|c| c.iter().product::<f64>()).sum()
}

#[differentiable]
fn chunks_exact_map(a: &[f64]) -> f64 {
    a.chunks_exact(2).map(|c| c[0] * c[1]).sum()
}

#[differentiable]
fn chunks_mut_loop(a: &[f64]) -> f64 {
    let mut b = a.to_vec();
    for c in b.chunks_mut(2) {
        c[0] *= 2.0;
        let l = c.len();
        c[l - 1] *= c[0];
    }
    b.iter().sum()
}

#[differentiable]
fn table_loop(x: f64) -> f64 {
    let mut s = 0.0;
    for (k, v) in TABLE.iter().enumerate() {
        s += v.0 * x.powi(k as i32) + v.1;
    }
    s
}

#[differentiable]
fn table_pattern(x: f64) -> f64 {
    let mut s = 0.0;
    for &(a, b) in TABLE.iter() {
        s += a * (b * x).sin();
    }
    s
}

#[differentiable]
fn table_pattern2(x: f64) -> f64 {
    TABLE.iter().map(|&(a, b)| a * (b * x).cos()).sum()
}

#[differentiable]
fn table_pattern3(x: f64) -> f64 {
    TABLE.iter().map(|(a, b)| a * (b * x).cos()).sum::<f64>()
}

#[differentiable]
fn coeffs_horner(x: f64) -> f64 {
    COEFFS.iter().rev().fold(0.0, |acc, c| acc * x + c)
}

#[differentiable]
fn coeffs_horner2(x: f64) -> f64 {
    COEFFS.iter().rev().fold(0.0, |acc, &c| acc * x + c)
}

#[differentiable]
fn coeffs_zip(xs: &[f64]) -> f64 {
    xs.iter().zip(COEFFS.iter()).map(|(x, c)| x * x * c).sum()
}

#[differentiable]
fn coeffs_zip2(xs: &[f64]) -> f64 {
    COEFFS.iter().zip(xs).map(|(c, x)| c * x.sin()).sum()
}

#[differentiable]
fn mixed_table(x: f64) -> f64 {
    MIXED.iter().map(|&(n, c)| c * x.powi(n)).sum()
}

#[differentiable]
fn mixed_table2(x: f64) -> f64 {
    let mut s = 0.0;
    for (n, c) in MIXED {
        s += c * x.powi(*n);
    }
    s
}

#[differentiable]
fn inner_table(x: f64) -> f64 {
    const T: [f64; 3] = [1.0, 2.0, 3.0];
    let mut s = 0.0;
    for (i, t) in T.iter().enumerate() {
        s += t * x.powi(i as i32);
    }
    s
}

#[differentiable]
fn local_table(x: f64) -> f64 {
    let t = [(1, 2.0), (2, 3.0)];
    t.iter().map(|&(n, c)| c * x.powi(n)).sum()
}

#[differentiable]
fn local_table2(x: f64) -> f64 {
    let mut s = 0.0;
    for (n, c) in [(1, 2.0), (2, 3.0)] {
        s += c * x.powi(n);
    }
    s
}

#[differentiable]
fn float_list(x: f64) -> f64 {
    let mut s = 0.0;
    for w in [0.5, 1.5, 2.5] {
        s += (w * x).sin();
    }
    s
}

#[differentiable]
fn drains(x: f64) -> f64 {
    let mut v = vec![x, x * x, x + 1.0];
    let mut s = 0.0;
    for d in v.drain(..) {
        s += d * d;
    }
    s + v.len() as f64
}

#[differentiable]
fn drains_part(x: f64) -> f64 {
    let mut v = vec![x, x * x, x + 1.0, 2.0 * x];
    let d: Vec<f64> = v.drain(1..3).collect();
    d[0] * d[1] + v[0] * v[1]
}

#[differentiable]
fn repeats(x: f64) -> f64 {
    std::iter::repeat(x).take(3).enumerate().map(|(i, v)| v.powi(i as i32)).sum()
}

#[differentiable]
fn once_chain(xs: &[f64], y: f64) -> f64 {
    xs.iter().copied().chain(std::iter::once(y)).map(|v| v * v * v).sum()
}

#[differentiable]
fn chain_two(xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().chain(ys.iter()).map(|v| v.sin()).sum::<f64>()
}

#[differentiable]
fn chain_enumerate(xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().chain(ys).enumerate().map(|(i, v)| v.powi(i as i32 + 1)).sum::<f64>()
}

#[differentiable]
fn chain_for(xs: &[f64], ys: &[f64]) -> f64 {
    let mut p = 1.0;
    for v in xs.iter().chain(ys.iter()) {
        if *v < 0.2 {
            continue;
        }
        if *v > 2.0 {
            break;
        }
        p *= v;
    }
    p
}

#[differentiable]
fn filter_map_some(xs: &[f64]) -> f64 {
    xs.iter().filter_map(|&x| if x > 0.5 { Some(x * x) } else { None }).sum()
}

#[differentiable]
fn filter_map_two(xs: &[f64]) -> f64 {
    xs.iter()
        .filter_map(|&x| {
            if x > 1.0 {
                Some(x * x)
            } else if x > 0.5 {
                Some(3.0 * x)
            } else {
                None
            }
        })
        .sum()
}

#[differentiable]
fn filter_map_then(xs: &[f64]) -> f64 {
    xs.iter().filter_map(|&x| (x > 0.5).then(|| x.ln())).sum()
}

#[differentiable]
fn flat_map_inner(xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().flat_map(|x| ys.iter().map(move |y| x * y * y)).sum()
}

#[differentiable]
fn flat_map_range(x: f64) -> f64 {
    (0..3).flat_map(|i| (0..i).map(move |j| x.powi(i) * j as f64)).sum()
}

#[differentiable]
fn flatten_rows(m: &[Vec<f64>]) -> f64 {
    m.iter().flatten().map(|v| v * v).sum()
}

#[differentiable]
fn flatten_arrays(m: [[f64; 2]; 2]) -> f64 {
    m.iter().flatten().map(|v| v * v * v).sum()
}

#[differentiable]
fn flat_map_rows(m: &[[f64; 2]]) -> f64 {
    m.iter().flat_map(|r| r.iter()).map(|v| v.exp()).sum()
}

#[differentiable]
fn scans(xs: &[f64]) -> f64 {
    xs.iter()
        .scan(1.0, |s, x| {
            *s *= x;
            Some(*s)
        })
        .sum()
}

#[differentiable]
fn scan_stop(xs: &[f64]) -> f64 {
    xs.iter()
        .scan(0.0, |s, &x| {
            *s += x * x;
            if *s > 4.0 { None } else { Some(*s) }
        })
        .sum()
}

#[differentiable]
fn take_whiles(xs: &[f64]) -> f64 {
    xs.iter().take_while(|v| **v < 1.5).map(|v| v * v).sum()
}

#[differentiable]
fn take_whiles2(xs: &[f64]) -> f64 {
    xs.iter().take_while(|&&v| v < 1.5).map(|v| v * v).sum()
}

#[differentiable]
fn skip_whiles(xs: &[f64]) -> f64 {
    xs.iter().skip_while(|v| **v < 1.0).map(|v| v * v).sum()
}

#[differentiable]
fn map_whiles(xs: &[f64]) -> f64 {
    xs.iter().map_while(|&v| if v < 1.5 { Some(v * v) } else { None }).sum()
}

#[differentiable]
fn inspects(xs: &[f64]) -> f64 {
    let mut n = 0;
    xs.iter().inspect(|_| n += 1).map(|v| v * v).sum::<f64>() * n as f64
}

#[differentiable]
fn filter_enumerate(xs: &[f64]) -> f64 {
    xs.iter().filter(|x| **x > 0.5).enumerate().map(|(i, x)| x * (i + 1) as f64).sum()
}

#[differentiable]
fn filter_take(xs: &[f64]) -> f64 {
    xs.iter().filter(|&&x| x > 0.5).take(2).map(|x| x * x).sum()
}

#[differentiable]
fn filter_skip_step(xs: &[f64]) -> f64 {
    xs.iter().filter(|x| **x > 0.5).skip(1).step_by(2).map(|x| x * x).sum()
}

#[differentiable]
fn filter_zip(xs: &[f64], ys: &[f64]) -> f64 {
    xs.iter().filter(|x| **x > 0.5).zip(ys.iter()).map(|(x, y)| x * y * y).sum()
}

#[differentiable]
fn zip_filter(xs: &[f64], ys: &[f64]) -> f64 {
    ys.iter().zip(xs.iter().filter(|x| **x > 0.5)).map(|(y, x)| x * y * y).sum()
}

#[differentiable]
fn filter_rev(xs: &[f64]) -> f64 {
    xs.iter().filter(|x| **x > 0.5).rev().fold(1.0, |a, x| a * 0.5 + x * x)
}

#[differentiable]
fn cycles(xs: &[f64]) -> f64 {
    xs.iter().cycle().take(7).enumerate().map(|(i, x)| x * i as f64).sum()
}

#[differentiable]
fn zip3(a: &[f64], b: &[f64], c: &[f64]) -> f64 {
    a.iter().zip(b.iter()).zip(c.iter()).map(|((x, y), z)| x * y * z).sum()
}

#[differentiable]
fn fold_zip3(a: &[f64], b: &[f64], c: &[f64]) -> f64 {
    a.iter().zip(b).zip(c).fold(1.0, |acc, ((x, y), z)| acc + x * y * z * acc)
}

#[differentiable]
fn fold_tuple(xs: &[f64]) -> f64 {
    let (s, p) = xs.iter().fold((0.0, 1.0), |(s, p), &x| if x > 1.0 { (s + x, p * x) } else { (s, p * (1.0 + x * x)) });
    s * p
}

#[differentiable]
fn fold_tuple2(xs: &[f64]) -> f64 {
    let acc = xs.iter().fold((0.0, 0.0), |acc, x| (acc.0 + x, acc.1 + x * x));
    acc.1 - acc.0 * acc.0 / xs.len() as f64
}

#[differentiable]
fn fold_max(xs: &[f64]) -> f64 {
    xs.iter().cloned().fold(f64::NEG_INFINITY, f64::max) * xs.iter().copied().fold(f64::MAX, f64::min)
}

#[differentiable]
fn fold_max2(xs: &[f64]) -> f64 {
    xs.iter().fold(f64::MIN, |a, &b| a.max(b))
}

#[differentiable]
fn fold_max3(xs: &[f64]) -> f64 {
    xs.iter().fold(0.0f64, |a, b| a.max(b.abs()))
}

#[differentiable]
fn reduces(xs: &[f64]) -> f64 {
    xs.iter().copied().reduce(|a, b| a * b + 1.0).unwrap()
}

#[differentiable]
fn reduce_max(xs: &[f64]) -> f64 {
    xs.iter().copied().reduce(f64::max).unwrap_or(0.0)
}

#[differentiable]
fn reduce_mapped(xs: &[f64]) -> f64 {
    xs.iter().map(|x| x * x).reduce(|a, b| if a > b { a } else { b }).unwrap()
}

#[differentiable]
fn for_each_local(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut p = 1.0;
    xs.iter().for_each(|x| {
        s += x;
        p *= x;
    });
    s * p
}

#[differentiable]
fn for_each_index(xs: &[f64]) -> f64 {
    let mut out = vec![0.0; xs.len()];
    (0..xs.len()).for_each(|i| out[i] = xs[i] * xs[i]);
    out.iter().sum()
}

#[differentiable]
fn collect_filtered(xs: &[f64]) -> f64 {
    let v: Vec<f64> = xs.iter().filter(|x| **x > 0.5).map(|x| x * x).collect();
    v.iter().product()
}

#[differentiable]
fn collect_pairs(xs: &[f64]) -> f64 {
    let v: Vec<(f64, f64)> = xs.iter().map(|x| (x * x, x + 1.0)).collect();
    v.iter().map(|(a, b)| a * b).sum()
}

#[differentiable]
fn collect_pairs2(xs: &[f64], ys: &[f64]) -> f64 {
    let v: Vec<_> = xs.iter().zip(ys.iter()).map(|(x, y)| (*x, *y)).collect();
    v.iter().map(|&(a, b)| a * b).sum()
}

#[differentiable]
fn collect_rows(xs: &[f64]) -> f64 {
    let m: Vec<Vec<f64>> = xs.iter().map(|x| xs.iter().map(|y| x * y).collect()).collect();
    m[0][1] * m[1][1] + m[1][0]
}

#[differentiable]
fn collect_rows2(xs: &[f64]) -> f64 {
    let m: Vec<Vec<f64>> = (0..2).map(|i| (0..3).map(|j| xs[i] * xs[j]).collect::<Vec<f64>>()).collect();
    let mut s = 0.0;
    for row in &m {
        for v in row {
            s += v * v;
        }
    }
    s
}

#[differentiable]
fn collect_arrays(xs: &[f64]) -> f64 {
    let m: Vec<[f64; 2]> = xs.iter().map(|&x| [x, x * x]).collect();
    m.iter().map(|[a, b]| a * b).sum()
}

#[differentiable]
fn min_by_partial(xs: &[f64]) -> f64 {
    let m = xs.iter().min_by(|a, b| a.partial_cmp(b).unwrap()).unwrap();
    m * m
}

#[differentiable]
fn max_by_total(xs: &[f64]) -> f64 {
    let m = xs.iter().copied().max_by(|a, b| a.total_cmp(b)).unwrap();
    m * m * m
}

#[differentiable]
fn max_by_path(xs: &[f64]) -> f64 {
    xs.iter().copied().max_by(f64::total_cmp).unwrap().exp()
}

#[differentiable]
fn max_by_mapped(xs: &[f64]) -> f64 {
    xs.iter().map(|x| x * x - x).max_by(|a, b| a.partial_cmp(b).unwrap()).unwrap()
}

#[differentiable]
fn min_by_enumerate(xs: &[f64]) -> f64 {
    let (i, m) = xs.iter().enumerate().min_by(|a, b| a.1.partial_cmp(b.1).unwrap()).unwrap();
    m * (i + 1) as f64
}

#[differentiable]
fn min_by_key_int(xs: &[f64], k: &[i32]) -> f64 {
    let i = (0..xs.len()).min_by_key(|&i| k[i]).unwrap();
    xs[i] * xs[i]
}

#[differentiable]
fn all_any_count(xs: &[f64]) -> f64 {
    let c = xs.iter().filter(|x| **x > 0.5).count();
    if xs.iter().all(|x| *x > -10.0) && xs.iter().any(|&x| x > 0.1) { xs.iter().sum::<f64>() * c as f64 } else { 0.0 }
}

#[differentiable]
fn lasts(xs: &[f64]) -> f64 {
    let l = xs.iter().last().unwrap();
    let m = xs.iter().map(|x| x * x).last().unwrap_or(0.0);
    l * m
}

#[differentiable]
fn nths(xs: &[f64]) -> f64 {
    let a = xs.iter().nth(1).unwrap();
    let b = xs.iter().next().unwrap();
    a * b * b
}

#[differentiable]
fn position_find(xs: &[f64]) -> f64 {
    let i = xs.iter().position(|&x| x > 1.0).unwrap();
    let f = xs.iter().find(|&&x| x > 1.0).unwrap();
    xs[i] * f
}

#[differentiable]
fn find_if_let(xs: &[f64]) -> f64 {
    if let Some(f) = xs.iter().find(|x| **x > 1.0) { f * f } else { 0.0 }
}

#[differentiable]
fn unzips(xs: &[f64]) -> f64 {
    let (a, b): (Vec<f64>, Vec<f64>) = xs.iter().map(|x| (x.sin(), x.cos())).unzip();
    a.iter().zip(b.iter()).map(|(p, q)| p * q).sum()
}

#[differentiable]
fn partitions(xs: &[f64]) -> f64 {
    let (a, b): (Vec<f64>, Vec<f64>) = xs.iter().partition(|x| **x > 0.6);
    a.iter().sum::<f64>() * b.iter().product::<f64>()
}

#[differentiable]
fn array_maps(a: [f64; 3]) -> f64 {
    let b = a.map(|x| x * x);
    let [p, q, r] = b.map(f64::sqrt);
    p * q * r + b[0]
}

#[differentiable]
fn from_fns(x: f64) -> f64 {
    let a: [f64; 4] = std::array::from_fn(|i| x.powi(i as i32));
    a.iter().sum()
}

#[differentiable]
fn from_fns2(xs: &[f64]) -> f64 {
    let a = core::array::from_fn::<f64, 3, _>(|i| xs[i] * 2.0);
    a[0] * a[1] * a[2]
}

#[differentiable]
fn rev_fold(xs: &[f64]) -> f64 {
    xs.iter().rev().fold(0.0, |acc, x| acc * 0.5 + x * x)
}

#[differentiable]
fn kept_iterator(xs: &[f64], k: f64) -> f64 {
    let scaled = xs.iter().map(|x| x * k);
    scaled.sum::<f64>()
}

#[differentiable]
fn kept_iterator2(xs: &[f64], k: f64) -> f64 {
    let big = xs.iter().filter(|x| **x > 0.5);
    let mut s = 0.0;
    for b in big {
        s += b * k;
    }
    s
}

#[differentiable]
fn untyped_sum(xs: &[f64]) -> f64 {
    let s: f64 = xs.iter().sum();
    let n = xs.len() as f64;
    let m = s / n;
    let v = xs.iter().map(|x| (x - m).powi(2)).sum::<f64>() / (n - 1.0);
    v.sqrt()
}

#[differentiable]
fn closure_return(xs: &[f64]) -> f64 {
    xs.iter()
        .map(|&x| {
            if x > 1.0 {
                return x * x;
            }
            let y = x + 1.0;
            y * y * y
        })
        .sum()
}

#[differentiable]
fn path_map(xs: &[f64]) -> f64 {
    xs.iter().copied().map(f64::sqrt).map(square).sum()
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x + x
}

#[differentiable]
fn enumerate_pattern(xs: &[f64]) -> f64 {
    xs.iter().enumerate().map(|(i, &v)| v.powi(i as i32)).sum()
}

#[differentiable]
fn arrays_pattern(ps: &[[f64; 2]]) -> f64 {
    ps.iter().map(|&[a, b]| (a * a + b * b).sqrt()).sum()
}

#[differentiable]
fn tuple_slice(ps: &[(f64, f64)]) -> f64 {
    ps.iter().map(|&(a, b)| a * b).sum::<f64>() + ps.iter().map(|p| p.0 * p.1 * p.1).sum::<f64>()
}

#[differentiable]
fn nested_sums(m: &[Vec<f64>]) -> f64 {
    m.iter().map(|r| r.iter().map(|x| x * x).sum::<f64>().sqrt()).sum()
}

#[differentiable]
fn zip_ranges(xs: &[f64]) -> f64 {
    xs.iter().zip(1..).map(|(x, k)| x * k as f64).sum::<f64>()
        + (0..).zip(xs.iter()).map(|(k, x)| x.powi(k)).sum::<f64>()
}

#[differentiable]
fn skip_zip(xs: &[f64]) -> f64 {
    xs.iter().zip(xs.iter().skip(1)).map(|(a, b)| (b - a) * (b + a) * a).sum()
}

#[differentiable]
fn slice_iter(xs: &[f64]) -> f64 {
    xs[1..].iter().zip(&xs[..xs.len() - 1]).map(|(a, b)| a * b).sum::<f64>() + xs[1..3].iter().sum::<f64>()
}

#[differentiable]
fn sum_of_ints(x: f64, n: usize) -> f64 {
    let k: usize = (1..=n).sum();
    let p: f64 = (1..=n).map(|i| i as f64).product();
    x * k as f64 + x * x * p
}

#[differentiable]
fn product_of_floats(x: f64, n: i32) -> f64 {
    (0..n).map(|k| (x + k as f64) / (k + 1) as f64).product()
}

#[differentiable]
fn take_rev_skip(xs: &[f64]) -> f64 {
    xs.iter().rev().skip(1).take(2).map(|v| v * v).sum::<f64>()
        + xs.iter().take(3).rev().enumerate().map(|(i, v)| v * i as f64).sum::<f64>()
}

#[differentiable]
fn closure_var(xs: &[f64], k: f64) -> f64 {
    let f = |x: &f64| x * k;
    let g = |a: f64, b: f64| a * b + 1.0;
    xs.iter().map(f).fold(1.0, g)
}

#[differentiable]
fn try_count(xs: &[f64]) -> f64 {
    let n = xs.iter().map(|v| v * 2.0).filter(|v| *v > 1.0).count();
    xs[0] * n as f64
}

#[differentiable]
fn if_let_get(xs: &[f64], i: usize) -> f64 {
    if let Some(v) = xs.get(i) { v * v } else { 0.0 }
}

#[differentiable]
fn get_unwrap_or(xs: &[f64], i: usize) -> f64 {
    xs.get(i).copied().unwrap_or(0.0) * xs.get(i + 1).unwrap_or(&2.0) + xs.get(100).map_or(xs[0], |v| v * v)
}

#[differentiable]
fn first_last(xs: &[f64]) -> f64 {
    let f = xs.first().unwrap();
    let l = *xs.last().unwrap();
    f * l + xs.first().copied().unwrap_or(1.0)
}

#[differentiable]
fn match_get(xs: &[f64], i: usize) -> f64 {
    let a = match xs.get(i) {
        Some(v) => v.exp(),
        None => 1.0,
    };
    let Some(b) = xs.get(1) else { return 0.0 };
    a * b
}

#[differentiable]
fn labelled(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    'outer: for x in xs.iter() {
        for y in xs.iter().filter(|y| **y > 0.2) {
            if x * y > 2.0 {
                break 'outer;
            }
            if *y > 1.8 {
                continue 'outer;
            }
            s += x * y;
        }
    }
    s
}

#[differentiable]
fn flatmap_break(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for v in xs.iter().flat_map(|x| xs.iter().map(move |y| x * y)) {
        if v > 2.0 {
            break;
        }
        if v < 0.3 {
            continue;
        }
        s += v * v;
    }
    s
}

mod tests {
    agree! {
    into_iter_array(1.3); into_iter_vec(1.3); vec_into_iter_map(vec![1.0, 2.0]); array_literal_iter(1.2, 0.7); array_literal_into_iter(1.2, 0.7);
    iter_mut_for(&[0.3, 1.2, 0.9], 1.5); iter_mut_zip(&[0.3, 1.2, 0.9], 1.5); iter_mut_enumerate(&[0.3, 1.2, 0.9]); iter_mut_for_each(&[0.3, 1.2, 0.9]);
    ranges(0.7); windows_map(&[0.3, 1.2, 0.9, 2.0]); windows_pattern(&[0.3, 1.2, 0.9, 2.0]); chunks_map(&[0.3, 1.2, 0.9, 2.0, 1.1]); chunks_exact_map(&[0.3, 1.2, 0.9, 2.0, 1.1]); chunks_mut_loop(&[0.3, 1.2, 0.9, 2.0, 1.1]);
    table_loop(0.7); table_pattern(0.7); table_pattern2(0.7); table_pattern3(0.7); coeffs_horner(0.7); coeffs_horner2(0.7); coeffs_zip(&[0.3, 1.2, 0.9]); coeffs_zip2(&[0.3, 1.2, 0.9]); mixed_table(0.7); mixed_table2(0.7); inner_table(0.7); local_table(0.7); local_table2(0.7); float_list(0.7);
    drains(0.7); drains_part(0.7); repeats(0.7); once_chain(&[0.3, 1.2], 0.9); chain_two(&[0.3, 1.2], &[0.5]); chain_enumerate(&[0.3, 1.2], &[0.5, 1.5]); chain_for(&[0.3, 0.1, 1.2], &[0.5, 3.0, 7.0]);
    filter_map_some(&[0.3, 1.2, 0.9]); filter_map_two(&[0.3, 1.2, 0.9]); filter_map_then(&[0.3, 1.2, 0.9]); flat_map_inner(&[0.3, 1.2], &[0.5, 1.5]); flat_map_range(0.7); flatten_rows(&[vec![0.3], vec![1.2, 0.5]]); flatten_arrays([[0.3, 1.2], [0.5, 1.5]]); flat_map_rows(&[[0.3, 1.2], [0.5, 1.5]]);
    scans(&[0.3, 1.2, 0.9]); scan_stop(&[0.3, 1.2, 0.9, 1.5, 2.0]); take_whiles(&[0.3, 1.2, 1.9, 0.2]); take_whiles2(&[0.3, 1.2, 1.9, 0.2]); skip_whiles(&[0.3, 1.2, 1.9, 0.2]); map_whiles(&[0.3, 1.2, 1.9, 0.2]); inspects(&[0.3, 1.2]);
    filter_enumerate(&[0.3, 1.2, 0.9]); filter_take(&[0.3, 1.2, 0.9, 0.8]); filter_skip_step(&[0.3, 1.2, 0.9, 0.8, 0.7]); filter_zip(&[0.3, 1.2, 0.9, 0.8], &[0.4, 0.6]); zip_filter(&[0.3, 1.2, 0.9, 0.8], &[0.4, 0.6]); filter_rev(&[0.3, 1.2, 0.9]); cycles(&[0.3, 1.2, 0.9]);
    zip3(&[0.3, 1.2], &[0.9, 0.8], &[0.5, 0.1]); fold_zip3(&[0.3, 1.2], &[0.9, 0.8], &[0.5, 0.1]); fold_tuple(&[0.3, 1.2, 0.9, 1.4]); fold_tuple2(&[0.3, 1.2, 0.9, 1.4]); fold_max(&[0.3, 1.2, 0.9]); fold_max2(&[0.3, 1.2, 0.9]); fold_max3(&[0.3, -1.2, 0.9]); reduces(&[0.3, 1.2, 0.9]); reduce_max(&[0.3, 1.2, 0.9]); reduce_mapped(&[0.3, 1.2, 0.9]);
    for_each_local(&[0.3, 1.2]); for_each_index(&[0.3, 1.2]); collect_filtered(&[0.3, 1.2, 0.9]); collect_pairs(&[0.3, 1.2]); collect_pairs2(&[0.3, 1.2], &[0.5, 0.6]); collect_rows(&[0.3, 1.2]); collect_rows2(&[0.3, 1.2, 0.4]); collect_arrays(&[0.3, 1.2]);
    min_by_partial(&[0.3, 1.2]); max_by_total(&[0.3, 1.2]); max_by_path(&[0.3, 1.2]); max_by_mapped(&[0.3, 1.2, 0.2]); min_by_enumerate(&[0.3, 1.2]); min_by_key_int(&[0.3, 1.2], &[3, 1]); all_any_count(&[0.3, 1.2]); lasts(&[0.3, 1.2]); nths(&[0.3, 1.2]); position_find(&[0.3, 1.2, 1.3]); find_if_let(&[0.3, 1.2, 1.3]); unzips(&[0.3, 1.2]); partitions(&[0.3, 1.2, 0.5, 0.9]);
    array_maps([0.3, 1.2, 0.5]); from_fns(0.7); from_fns2(&[0.3, 1.2, 0.5]); rev_fold(&[0.3, 1.2, 0.5]); kept_iterator(&[0.3, 1.2], 0.5); kept_iterator2(&[0.3, 1.2], 0.5); untyped_sum(&[0.3, 1.2, 0.5]); closure_return(&[0.3, 1.2, 0.5]); path_map(&[0.3, 1.2, 0.5]); enumerate_pattern(&[0.3, 1.2, 0.5]); arrays_pattern(&[[0.3, 1.2], [0.5, 0.1]]); tuple_slice(&[(0.3, 1.2), (0.5, 0.1)]); nested_sums(&[vec![0.3, 1.2], vec![0.5]]); zip_ranges(&[0.3, 1.2, 0.5]); skip_zip(&[0.3, 1.2, 0.5]); slice_iter(&[0.3, 1.2, 0.5, 0.7]); sum_of_ints(0.3, 4); product_of_floats(0.3, 3); take_rev_skip(&[0.3, 1.2, 0.5, 0.7]); closure_var(&[0.3, 1.2], 0.7); try_count(&[0.3, 1.2]);
    if_let_get(&[0.3, 1.2], 1); get_unwrap_or(&[0.3, 1.2], 1); first_last(&[0.3, 1.2]); match_get(&[0.3, 1.2], 0); labelled(&[0.3, 1.2, 0.5, 1.9]); flatmap_break(&[0.3, 1.2, 0.5, 1.9]);
    }
}
