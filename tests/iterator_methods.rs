//! Methods of iterators and lists, as programs use them.

#![allow(clippy::all, missing_docs)]

mod common;
use common::programs_at;

programs_at! {
    rchunks(x: Vec<f64>, k: f64) at (vec![0.4, 0.8, 1.2, -0.3, 0.5], 1.3) {
        let mut s = 0.0;
        for c in x.rchunks(2) { s = s * k + c[0] * c[c.len() - 1]; }
        s
    }
    rchunks_map(x: &[f64]) at (&[0.4, 0.8, 1.2, -0.3, 0.5][..]) {
        x.rchunks(2).map(|c| c.iter().product::<f64>()).sum::<f64>()
    }
    chunks_exact_remainder(x: &[f64]) at (&[0.4, 0.8, 1.2, -0.3, 0.5][..]) {
        let chunks = x.chunks_exact(2);
        let rest = chunks.remainder();
        let mut s: f64 = rest.iter().map(|v| v * v).sum();
        for c in chunks { s += c[0] * c[1]; }
        s
    }
    chunks_exact_remainder2(x: &[f64]) at (&[0.4, 0.8, 1.2, -0.3, 0.5][..]) {
        let mut it = x.chunks_exact(2);
        let mut s = 0.0;
        for c in it.by_ref() { s += c[0] * c[1]; }
        for r in it.remainder() { s += r.powi(3); }
        s
    }
    chunks_exact_remainder3(x: &[f64]) at (&[0.4, 0.8, 1.2, -0.3, 0.5][..]) {
        x.chunks_exact(2).remainder().iter().sum::<f64>() * x[1]
    }
    fold_max(x: &[f64]) at (&[0.4, 0.8, 1.2, -0.3, 0.5][..]) {
        let m = x.iter().copied().fold(0.0, f64::max);
        m * m + x.iter().cloned().fold(f64::INFINITY, f64::min)
    }
    fold_max_ref(x: &[f64]) at (&[0.4, 0.8, 1.2, -0.3, 0.5][..]) {
        x.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b)) * x[0]
    }
    as_slice(x: Vec<f64>) at (vec![0.4, 0.8, 1.2]) {
        let s = x.as_slice();
        let it = s.iter();
        it.as_slice()[1] * s[0]
    }
    as_mut_slice(x: Vec<f64>) at (vec![0.4, 0.8, 1.2]) {
        let mut v = x.clone();
        let s = v.as_mut_slice();
        s[0] *= s[1];
        s.iter().sum::<f64>() * x[0]
    }
    peekable(x: &[f64]) at (&[0.4, 0.8, 1.2, -0.3, 0.5][..]) {
        let mut it = x.iter().peekable();
        let mut s = 0.0;
        while let Some(v) = it.next() {
            if let Some(n) = it.peek() { s += *v * **n; }
        }
        s
    }
    peekable_if(x: &[f64]) at (&[0.4, 0.8, 1.2, -0.3, 0.5][..]) {
        let mut it = x.iter().copied().peekable();
        let mut s = 0.0;
        while let Some(v) = it.next() {
            if let Some(&n) = it.peek() { s += v * n; } else { s += v.exp(); }
        }
        s
    }
    zip3(x: &[f64], y: &[f64], z: &[f64]) at (&[0.4, 0.8, 1.2][..], &[0.4, 0.8, 1.2][..], &[0.4, 0.8, 1.2][..]) {
        x.iter().zip(y.iter()).zip(z.iter()).map(|((a, b), c)| a * b * c).sum()
    }
    zip3for(x: &[f64], y: &[f64], z: &[f64]) at (&[0.4, 0.8, 1.2][..], &[0.4, 0.8, 1.2][..], &[0.4, 0.8, 1.2][..]) {
        let mut s = 0.0;
        for ((a, b), c) in x.iter().zip(y).zip(z) { s += a * b.sin() * c; }
        s
    }
    zip_fn(x: &[f64], y: &[f64]) at (&[0.4, 0.8, 1.2][..], &[0.4, 0.8, 1.2][..]) {
        std::iter::zip(x, y).map(|(a, b)| a * b.sin()).sum()
    }
    unzip(x: &[f64]) at (&[0.4, 0.8, 1.2][..]) {
        let (a, b): (Vec<f64>, Vec<f64>) = x.iter().map(|v| (v.sin(), v.cos())).unzip();
        a.iter().zip(&b).map(|(p, q)| p * q * q).sum()
    }
    unzip_pairs(x: Vec<(f64, f64)>) at (vec![(0.4, 0.8), (1.2, 0.1)]) {
        let (a, b): (Vec<_>, Vec<_>) = x.into_iter().unzip();
        let s: f64 = a.iter().zip(b.iter()).map(|(p, q): (&f64, &f64)| p * q * q).sum();
        s
    }
    partition(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let (a, b): (Vec<f64>, Vec<f64>) = x.iter().partition(|v| **v > 0.5);
        a.iter().sum::<f64>() * b.iter().product::<f64>()
    }
    partition2(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let (a, b): (Vec<f64>, Vec<f64>) = x.iter().copied().partition(|&v| v > 0.5);
        a.iter().sum::<f64>() * b.iter().product::<f64>()
    }
    rposition(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let i = x.iter().rposition(|&v| v > 0.35).unwrap();
        x[i] * x[0]
    }
    position(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        match x.iter().position(|&v| v > 0.45) { Some(i) => x[i] * x[0], None => 0.0 }
    }
    sort_by(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.to_vec();
        v.sort_by(|a, b| a.total_cmp(b));
        v[0] * v[1] + v[3].powi(2)
    }
    sort_by_partial(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.to_vec();
        v.sort_by(|a, b| b.partial_cmp(a).unwrap());
        v[0] * v[1] + v[3].powi(2)
    }
    sort_unstable_by(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.to_vec();
        v.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        (v[1] + v[2]) / 2.0 * v[0]
    }
    sort_total(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.to_vec();
        v.sort_by(f64::total_cmp);
        v[0] * v[1] + v[3].powi(2)
    }
    sort_by_key(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v: Vec<(usize, f64)> = x.iter().copied().enumerate().collect();
        v.sort_by(|a, b| a.1.partial_cmp(&b.1).unwrap());
        v.iter().enumerate().map(|(rank, (i, a))| a * (rank + i) as f64).sum::<f64>() * v[0].1
    }
    sort_pairs(x: Vec<(f64, f64)>) at (vec![(0.4, 0.8), (0.2, 0.1), (0.3, 1.5)]) {
        let mut v = x.clone();
        v.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut s = 0.0;
        for w in v.windows(2) { s += (w[1].0 - w[0].0) * (w[0].1 + w[1].1) * 0.5; }
        s
    }
    sort_indices(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut idx: Vec<usize> = (0..x.len()).collect();
        idx.sort_by(|&i, &j| x[i].partial_cmp(&x[j]).unwrap());
        x[idx[0]] * x[idx[1]] + x[idx[3]].powi(2)
    }
    dedup(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.to_vec();
        v.dedup_by(|a, b| (*a - *b).abs() < 0.5);
        v.iter().map(|a| a * a).sum()
    }
    dedup_plain(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.to_vec();
        v.dedup();
        v.iter().map(|a| a * a).sum()
    }
    retain(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.to_vec();
        v.retain(|a| *a > 0.35);
        v.iter().map(|a| a * a).sum()
    }
    retain2(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.iter().map(|a| a * x[0]).collect::<Vec<_>>();
        v.retain(|&a| a > 0.15);
        v.iter().map(|a| a * a).sum()
    }
    drain_all(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.to_vec();
        let mut s = 1.0;
        for a in v.drain(..) { s *= a; }
        s
    }
    drain_part(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.to_vec();
        let head: Vec<f64> = v.drain(..2).collect();
        head[0] * v[0] + head[1] * v[1] * v[1]
    }
    drain_sum(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut v = x.to_vec();
        let t = v.drain(1..3).map(|a| a * a).sum::<f64>();
        t * v[0] * v[1]
    }
    split_first(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let (first, rest) = x.split_first().unwrap();
        first * rest.iter().sum::<f64>()
    }
    split_first_let_else(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let Some((first, rest)) = x.split_first() else { return 0.0; };
        first * rest.iter().sum::<f64>()
    }
    split_last_if(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        if let Some((last, rest)) = x.split_last() { *last * rest.iter().product::<f64>() } else { 0.0 }
    }
    concat(x: &[f64], y: Vec<f64>) at (&[0.4, 0.8, -1.2, 0.3][..], vec![1.2, 0.3]) {
        let v = [x, &y].concat();
        v.iter().enumerate().map(|(i, a)| a * a * i as f64).sum()
    }
    concat_nested(x: Vec<Vec<f64>>) at (vec![vec![1.2, 0.3], vec![0.4]]) {
        let v = x.concat();
        v.iter().enumerate().map(|(i, a)| a * a * i as f64).sum()
    }
    flatten(x: Vec<Vec<f64>>) at (vec![vec![1.2, 0.3], vec![0.4]]) {
        x.iter().flatten().map(|a| a * a).sum::<f64>() + x.into_iter().flatten().product::<f64>()
    }
    rev_enumerate(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut s = 0.0;
        for (i, v) in x.iter().rev().enumerate() { s = s * 0.5 + v * v * i as f64; }
        s
    }
    enumerate_rev(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.3][..]) {
        let mut s = 0.0;
        for (i, v) in x.iter().enumerate().rev() { s = s * 0.5 + v * v * i as f64; }
        s
    }
    successors(x: f64) at (0.4) {
        std::iter::successors(Some(x), |v| Some(v * v + 0.1)).take(5).sum()
    }
    successors_while(x: f64, r: f64) at (0.4, 0.7) {
        std::iter::successors(Some(x), |&v| if v > 0.05 { Some(v * r) } else { None }).map(|v| v.sin()).sum()
    }
    from_fn(x: f64) at (0.4) {
        let mut t = x;
        let mut n = 0;
        std::iter::from_fn(move || { n += 1; if n < 6 { t *= x + 0.7; Some(t) } else { None } }).sum()
    }
    repeat_take(x: f64) at (0.4) {
        let v: Vec<f64> = std::iter::repeat(x.sin()).take(3).collect();
        v[0] * v[1] + v[2]
    }
    repeat_zip(x: &[f64], k: f64) at (&[0.4, 0.8][..], 0.3) {
        x.iter().zip(std::iter::repeat(k)).map(|(a, b)| a * b).sum()
    }
    once_chain(x: &[f64], k: f64) at (&[0.4, 0.8][..], 0.3) {
        std::iter::once(k).chain(x.iter().copied()).map(|v| v * v).sum()
    }
    once_chain2(x: &[f64], k: f64) at (&[0.4, 0.8][..], 0.3) {
        let v: Vec<f64> = std::iter::once(&k).chain(x.iter()).cloned().chain(std::iter::once(2.0 * k)).collect();
        v.windows(2).map(|w| w[0] * w[1]).sum()
    }
    min_by(x: &[f64]) at (&[0.4, 0.8, -1.2][..]) {
        let m = x.iter().min_by(|a, b| a.partial_cmp(b).unwrap()).unwrap();
        m * m
    }
    max_by_total(x: &[f64]) at (&[0.4, 0.8, -1.2][..]) {
        let m = x.iter().copied().max_by(|a, b| a.total_cmp(b)).unwrap();
        m * m
    }
    max_by_path(x: &[f64]) at (&[0.4, 0.8, -1.2][..]) {
        let m = x.iter().copied().max_by(f64::total_cmp).unwrap_or(0.0);
        m * m
    }
    max_by_enumerate(x: &[f64]) at (&[0.4, 0.8, -1.2][..]) {
        let (i, m) = x.iter().enumerate().max_by(|a, b| a.1.partial_cmp(b.1).unwrap()).unwrap();
        m * m + i as f64 * x[0]
    }
    max_by_key(x: Vec<(usize, f64)>) at (vec![(3, 0.5), (7, 0.8), (1, 0.2)]) {
        let m = x.iter().max_by_key(|p| p.0).unwrap();
        m.1 * m.1
    }
    min_by_key(x: Vec<(usize, f64)>, y: f64) at (vec![(3, 0.5), (7, 0.8), (1, 0.2)], 0.3) {
        let (n, v) = x.iter().min_by_key(|(n, _)| *n).unwrap();
        v * *n as f64 * y
    }
    reduce(x: &[f64]) at (&[0.4, 0.8, -1.2][..]) {
        x.iter().copied().reduce(|a, b| a * b + a).unwrap()
    }
    reduce_max(x: &[f64]) at (&[0.4, 0.8, -1.2][..]) {
        x.iter().copied().reduce(f64::max).unwrap_or(f64::NAN).powi(2)
    }
    flat_map(x: &[f64], y: &[f64]) at (&[0.4, 0.8, -1.1][..], &[0.1, 0.7][..]) {
        x.iter().flat_map(|a| y.iter().map(move |b| a * b * b)).sum::<f64>()
    }
    flat_map3(x: &[f64]) at (&[0.4, 0.8, -1.2][..]) {
        (0..x.len()).flat_map(|i| (0..i).flat_map(move |j| (0..=j).map(move |k| (i, j, k)))).map(|(i, j, k)| x[i] * x[j] * x[k]).sum::<f64>()
    }
    flat_map_array(x: &[f64]) at (&[0.4, 0.8, -1.2][..]) {
        let v: Vec<f64> = x.iter().flat_map(|a| [a.sin(), a * a]).collect();
        v.windows(2).map(|w| w[0] * w[1]).sum()
    }
    flat_map_vec(x: &[f64]) at (&[0.4, 0.8, -1.2][..]) {
        let v: Vec<f64> = x.iter().flat_map(|a| vec![a.sin(); 2]).collect();
        v.windows(2).map(|w| w[0] * w[1]).sum()
    }
    array_windows3(x: &[f64]) at (&[0.4, 0.8, -1.2, 0.7][..]) {
        let mut s = 0.0;
        for [a, b, c] in x.array_windows::<3>() { s += a * b * c; }
        s
    }
    cycle_take(x: &[f64]) at (&[0.4, 0.8][..]) {
        x.iter().cycle().take(5).fold(1.0, |a, v| a * v + v)
    }
    skip_while(x: &[f64]) at (&[0.4, 0.8, 1.2][..]) {
        x.iter().skip_while(|v| **v < 0.5).map(|v| v * v).sum()
    }
    map_while(x: &[f64]) at (&[0.4, 0.8, -1.2][..]) {
        x.iter().map_while(|v| if *v > 0.0 { Some(v.ln()) } else { None }).sum()
    }
    try_fold(x: &[f64]) at (&[0.4, 0.8, 1.2][..]) {
        x.iter().try_fold(1.0, |a, v| if *v > 0.0 { Some(a * v.ln()) } else { None }).unwrap_or(0.0)
    }
    last_nth(x: &[f64]) at (&[0.4, 0.8, 1.2][..]) {
        x.iter().nth(1).unwrap() * x.iter().last().unwrap() * x.first().unwrap()
    }
    rfold(x: &[f64], t: f64) at (&[0.4, 0.8, 1.2][..], 0.3) {
        x.iter().rfold(0.0, |a, c| a * t + c)
    }
    sum_ref(x: &[f64]) at (&[0.4, 0.8, 1.2][..]) {
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        (x.iter().map(|&v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0)).sqrt()
    }
    is_sorted(x: &[f64]) at (&[0.4, 0.8, 1.2][..]) {
        if x.is_sorted() { x[0] * x[1] } else { x[2] }
    }
    partition_point(x: &[f64], at: f64) at (&[0.4, 0.8, 1.2][..], 0.9) {
        let i = x.partition_point(|v| *v < at);
        let t = (at - x[i - 1]) / (x[i] - x[i - 1]);
        t * t
    }
    binary_search(x: &[f64], at: f64) at (&[0.4, 0.8, 1.2][..], 0.9) {
        let i = match x.binary_search_by(|p| p.partial_cmp(&at).unwrap()) { Ok(i) => i, Err(i) => i };
        let t = (at - x[i - 1]) / (x[i] - x[i - 1]);
        t * t
    }
    select_nth(x: &[f64]) at (&[0.4, 0.8, 1.2, 0.1, 0.3][..]) {
        let mut v = x.to_vec();
        let (_, m, _) = v.select_nth_unstable_by(2, |a, b| a.total_cmp(b));
        *m * *m
    }
    split_at(x: &[f64]) at (&[0.4, 0.8, 1.2, 0.1, 0.3][..]) {
        let (a, b) = x.split_at(2);
        a.iter().zip(b.iter()).map(|(a, b)| a * b).sum()
    }
    split_off(x: &[f64]) at (&[0.4, 0.8, 1.2, 0.1, 0.3][..]) {
        let mut v = x.to_vec();
        let w = v.split_off(2);
        v[0] * w[0] + v[1] * w[1] * w[2]
    }
    append(x: &[f64], y: &[f64]) at (&[0.4, 0.8, 1.2][..], &[0.1, 0.3][..]) {
        let mut v = x.to_vec();
        let mut w = y.to_vec();
        v.append(&mut w);
        v.windows(2).map(|w| w[0] * w[1]).sum()
    }
    iter_sum_closure_tuple(x: &[(f64, f64)]) at (&[(0.4, 0.8), (1.2, 0.3)][..]) {
        x.iter().map(|&(a, b)| a * b).sum::<f64>() + x.iter().map(|(a, b)| a / b).product::<f64>()
    }
    fill_with(x: f64) at (0.4) {
        let mut v = vec![0.0; 3];
        let mut t = x;
        v.fill_with(|| { t *= x; t });
        v[0] * v[1] + v[2]
    }
    array_from_fn(x: f64) at (0.4) {
        let v: [f64; 4] = std::array::from_fn(|i| x.powi(i as i32));
        v.iter().sum()
    }
    join(x: Vec<Vec<f64>>) at (vec![vec![1.2, 0.3], vec![0.4]]) {
        let v = x.iter().flat_map(|r| r.iter().copied()).collect::<Vec<f64>>();
        v[0] * v[2]
    }
    copy_within(x: &[f64]) at (&[0.4, 0.8, 1.2, 0.1][..]) {
        let mut v = x.to_vec();
        v.copy_within(0..2, 2);
        v.iter().product()
    }
    swap_remove(x: &[f64]) at (&[0.4, 0.8, 1.2, 0.1][..]) {
        let mut v = x.to_vec();
        let a = v.swap_remove(0);
        a * v[0]
    }
    eq_lengths(x: &[f64]) at (&[0.4, 0.8, 1.2, 0.1][..]) {
        let mut it = x.iter();
        let first = it.next().unwrap();
        it.fold(*first, |a, b| a * 0.5 + b * b)
    }
    max_float_iter(x: &[f64]) at (&[0.4, 0.8, 1.2, 0.1][..]) {
        let max = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
        let e: Vec<f64> = x.iter().map(|v| (v - max).exp()).collect();
        let s: f64 = e.iter().sum();
        e.iter().map(|v| v / s).zip(x).map(|(p, v)| p * v).sum()
    }
    iter_cmp(x: &[f64]) at (&[0.4, 0.8, 1.2, 0.1][..]) {
        x.iter().map(|v| v * v).zip(x.iter().skip(1)).filter(|(a, b)| a < b).map(|(a, b)| a * b).sum()
    }
    scan_collect(x: &[f64]) at (&[0.4, 0.8, 1.2, 0.1][..]) {
        let c: Vec<f64> = x.iter().scan(0.0, |acc, &v| { *acc += v; Some(*acc) }).collect();
        c.iter().map(|v| v * v).sum()
    }
    max_by_ref(x: &[f64]) at (&[0.4, 0.8, 1.2, 0.1][..]) {
        *x.iter().max_by(|a, b| a.total_cmp(b)).unwrap() * x[0]
    }
}
