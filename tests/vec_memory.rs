//! Vectors that get longer and shorter, that are reordered and exchanged, and references into them.

#![allow(clippy::all, unused_variables)]

mod common;
use common::check;
use differentiable::differentiable;

/// One test for each call.
macro_rules! agree { ($($name:ident ($($args:tt)*);)*) => { $( #[test] fn $name() { differentiable::gradcheck!(super::$name($($args)*)).unwrap(); } )* } }

#[differentiable]
fn ref_place(a: &[f64], x: f64, i: usize) -> f64 {
    let mut b = a.to_vec();
    let r = &mut b[i];
    *r *= x;
    *r += 1.0;
    b.iter().map(|v| v * v).sum()
}

#[differentiable]
fn get_mut_place(a: &[f64], x: f64, i: usize) -> f64 {
    let mut b = a.to_vec();
    if let Some(v) = b.get_mut(i) {
        *v *= x;
    }
    *b.last_mut().unwrap() *= 3.0;
    *b.first_mut().unwrap() += x;
    b.iter().map(|v| v * v).sum()
}

#[differentiable]
fn last_mut_if(a: &[f64], x: f64) -> f64 {
    let mut b = a.to_vec();
    if let Some(l) = b.last_mut() {
        *l = *l * x + 1.0;
    }
    b[a.len() - 1] * b[0]
}

#[differentiable]
fn split_muts(a: &[f64]) -> f64 {
    let mut b = a.to_vec();
    let (l, r) = b.split_at_mut(2);
    for i in 0..2 {
        l[i] *= r[i];
        r[i] += l[i];
    }
    b.iter().map(|v| v * v).sum()
}

#[differentiable]
fn split_muts_zip(a: &[f64]) -> f64 {
    let mut b = a.to_vec();
    let (l, r) = b.split_at_mut(2);
    for (p, q) in l.iter_mut().zip(r.iter()) {
        *p *= q;
    }
    b.iter().map(|v| v * v).sum()
}

#[differentiable]
fn split_at_sum(a: &[f64]) -> f64 {
    let (l, r) = a.split_at(1);
    l.iter().sum::<f64>() * r.iter().product::<f64>()
}

#[differentiable]
fn push_loop(x: f64, n: usize) -> f64 {
    let mut v = Vec::with_capacity(n);
    let mut p = x;
    for _ in 0..n {
        v.push(p);
        p = p * x + 0.5;
    }
    v.iter().enumerate().map(|(i, v)| v * i as f64).sum()
}

#[differentiable]
fn push_indexed(x: f64, n: usize) -> f64 {
    let mut v = vec![x];
    for i in 0..n {
        let l = v[i];
        v.push(l * x + v[i / 2]);
    }
    v[n]
}

#[differentiable]
fn push_last(x: f64, n: usize) -> f64 {
    let mut v: Vec<f64> = vec![1.0];
    for _ in 0..n {
        let l = *v.last().unwrap();
        v.push(l.sin() + x * l);
    }
    v.iter().sum()
}

#[differentiable]
fn stack_machine(x: f64, y: f64) -> f64 {
    let mut s = vec![x, y, x * y];
    while s.len() > 1 {
        let a = s.pop().unwrap();
        let b = s.pop().unwrap();
        s.push(a * b + a);
    }
    s[0]
}

#[differentiable]
fn while_let_pop(x: f64, n: usize) -> f64 {
    let mut s = vec![x];
    let mut t = 0.0;
    let mut c = 0;
    while let Some(v) = s.pop() {
        t += v * v;
        c += 1;
        if c < n {
            s.push(v * 0.5);
            s.push(v + 1.0);
        }
    }
    t
}

#[differentiable]
fn while_let_pop2(a: &[f64]) -> f64 {
    let mut s = a.to_vec();
    let mut t = 1.0;
    while let Some(v) = s.pop() {
        if v > 5.0 {
            break;
        }
        if v < 0.0 {
            continue;
        }
        t *= v;
    }
    t + s.iter().sum::<f64>()
}

#[differentiable]
fn if_let_pop(a: &[f64]) -> f64 {
    let mut s = a.to_vec();
    let mut t = 0.0;
    if let Some(v) = s.pop() {
        t += v * v;
    } else {
        t = 7.0;
    }
    let w = s.pop().unwrap_or(3.0);
    t * w + s.pop().map_or(1.0, |q| q * q)
}

#[differentiable]
fn extends(a: &[f64], x: f64) -> f64 {
    let mut v = vec![x];
    v.extend_from_slice(a);
    v.extend(a.iter().map(|y| y * x));
    v.extend(&[x, 2.0 * x]);
    v.extend(a);
    v.iter().enumerate().map(|(i, v)| v * v * (i + 1) as f64).sum()
}

#[differentiable]
fn appends(a: &[f64], x: f64) -> f64 {
    let mut v = vec![x];
    let mut w = a.to_vec();
    w[0] *= x;
    v.append(&mut w);
    w.push(x);
    v.iter().map(|v| v * v).sum::<f64>() * w[0]
}

#[differentiable]
fn insert_remove(a: &[f64], x: f64) -> f64 {
    let mut v = a.to_vec();
    v.insert(1, x * x);
    let r = v.remove(0);
    let q = v.swap_remove(0);
    r * q * q + v.iter().map(|v| v.sin()).sum::<f64>()
}

#[differentiable]
fn resizes(a: &[f64], x: f64, n: usize) -> f64 {
    let mut v = a.to_vec();
    v.resize(n, x);
    let mut s = v.iter().map(|v| v * v).sum::<f64>();
    v.resize(1, 0.0);
    v.resize(3, 2.0);
    s *= v[0] + v[2];
    s
}

#[differentiable]
fn truncates(a: &[f64], n: usize) -> f64 {
    let mut v = a.to_vec();
    let p = v[2] * v[1];
    v.truncate(n);
    let q: f64 = v.iter().product();
    v.clear();
    v.push(q);
    p * v[0]
}

#[differentiable]
fn clear_loop(a: &[f64], n: usize) -> f64 {
    let mut buf = Vec::new();
    let mut s = 0.0;
    for i in 0..n {
        buf.clear();
        for x in a {
            buf.push(x * (i + 1) as f64);
        }
        s += buf.iter().product::<f64>();
    }
    s
}

#[differentiable]
fn local_vec_loop(a: &[f64], n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        let mut v = Vec::new();
        for x in a {
            if *x > 0.5 {
                v.push(x * x * (i + 1) as f64);
            }
        }
        v.push(a[0]);
        s += v[0] * v[v.len() - 1];
    }
    s
}

#[differentiable]
fn swaps(a: &[f64]) -> f64 {
    let mut v = a.to_vec();
    v.swap(0, 2);
    v[0] *= 2.0;
    for i in 0..v.len() - 1 {
        v.swap(i, i + 1);
        v[i] *= v[i + 1];
    }
    v.iter().enumerate().map(|(i, x)| x * i as f64).sum()
}

#[differentiable]
fn reverse_rotate(a: &[f64]) -> f64 {
    let mut v = a.to_vec();
    v.reverse();
    v[0] *= v[0];
    v.rotate_left(1);
    v[0] *= 3.0;
    v.rotate_right(2);
    v[1..].reverse();
    v.iter().enumerate().map(|(i, x)| x * x * i as f64).sum()
}

#[differentiable]
fn sorts(a: &[f64]) -> f64 {
    let mut v = a.to_vec();
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let m = v[v.len() / 2];
    v.sort_by(|a, b| b.total_cmp(a));
    m * v[0] + v.iter().enumerate().map(|(i, x)| x * i as f64).sum::<f64>()
}

#[differentiable]
fn sorts_path(a: &[f64]) -> f64 {
    let mut v: Vec<f64> = a.iter().map(|x| x * x).collect();
    v.sort_by(f64::total_cmp);
    v.sort_unstable_by(|p, q| q.partial_cmp(p).unwrap());
    v[0] * v[1] + v[2]
}

#[differentiable]
fn sort_pairs(a: &[f64], k: &[i32]) -> f64 {
    let mut v: Vec<(i32, f64)> = k.iter().zip(a).map(|(k, a)| (*k, a * a)).collect();
    v.sort_by_key(|p| p.0);
    v[0].1 * 2.0 + v[1].1 * v[1].1
}

#[differentiable]
fn sort_loop(a: &[f64], n: usize) -> f64 {
    let mut v = a.to_vec();
    let mut s = 0.0;
    for i in 0..n {
        v.sort_by(|a, b| a.total_cmp(b));
        s += v[0] * v[1];
        v[0] = v[0] * 1.5 + 1.0;
    }
    s
}

#[differentiable]
fn retains(a: &[f64], t: f64) -> f64 {
    let mut v = a.to_vec();
    v.retain(|x| *x > 0.5);
    v.iter().map(|x| x * x * t).sum()
}

#[differentiable]
fn mem_swaps(a: &[f64], b: &[f64], n: usize) -> f64 {
    let mut p = a.to_vec();
    let mut q = b.to_vec();
    for _ in 0..n {
        for i in 0..p.len() {
            q[i] = q[i] * 0.5 + p[i] * p[i];
        }
        std::mem::swap(&mut p, &mut q);
    }
    p.iter().sum::<f64>() + q[0] * q[1]
}

#[differentiable]
fn mem_replace_take(a: &[f64], x: f64) -> f64 {
    let mut p = a.to_vec();
    let old = std::mem::replace(&mut p, vec![x, x * x, 1.0, x]);
    let mut q = std::mem::take(&mut p);
    q.push(x);
    p.push(x * 3.0);
    old[0] * old[1] + q.iter().product::<f64>() + p[0]
}

#[differentiable]
fn buffers_assigned(a: &[f64], n: usize) -> f64 {
    let mut cur = a.to_vec();
    for _ in 0..n {
        let mut next = vec![0.0; cur.len()];
        for i in 0..cur.len() {
            next[i] = cur[i] * cur[(i + 1) % cur.len()];
        }
        cur = next;
    }
    cur.iter().sum()
}

#[differentiable]
fn shrinking(a: &[f64]) -> f64 {
    let mut cur = a.to_vec();
    while cur.len() > 1 {
        let mut next = Vec::new();
        for w in cur.windows(2) {
            next.push(w[0] * w[1] + w[0]);
        }
        cur = next;
    }
    cur[0]
}

#[differentiable]
fn shrinking2(a: &[f64]) -> f64 {
    let mut cur = a.to_vec();
    while cur.len() > 1 {
        cur = cur.windows(2).map(|w| w[1] * w[0].sin()).collect();
    }
    cur[0]
}

#[differentiable]
fn divided_differences(xs: &[f64], ys: &[f64]) -> f64 {
    let n = xs.len();
    let mut d = ys.to_vec();
    let mut c = vec![d[0]];
    for k in 1..n {
        d = (0..n - k).map(|i| (d[i + 1] - d[i]) / (xs[i + k] - xs[i])).collect();
        c.push(d[0]);
    }
    c.iter().sum()
}

#[differentiable]
fn matrix_2d(a: &[f64], n: usize) -> f64 {
    let mut m = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..n {
            m[i][j] += a[i] * a[j];
        }
    }
    for i in 0..n {
        let d = m[i][i];
        for j in 0..n {
            m[i][j] /= d + 1.0;
        }
    }
    let mut s = 0.0;
    for row in m.iter() {
        for v in row.iter() {
            s += v * v;
        }
    }
    s
}

#[differentiable]
fn matrix_rows_replaced(a: &[f64]) -> f64 {
    let mut m = vec![vec![0.0; 1]; 2];
    m[0] = a.to_vec();
    m[1] = vec![a[0], a[1] * a[1]];
    m[0][1] *= m[1][1];
    m.swap(0, 1);
    m[0].push(a[0]);
    m[0][2] * m[1][1] + m[0][0]
}

#[differentiable]
fn rows_pushed(a: &[f64]) -> f64 {
    let mut m: Vec<Vec<f64>> = Vec::new();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::new();
        for k in 0..=i {
            row.push(x.powi(k as i32));
        }
        m.push(row);
    }
    let mut s = 0.0;
    for row in &m {
        s += row.iter().product::<f64>() * row.len() as f64;
    }
    let l = m.pop().unwrap();
    s + l[1] * l[0]
}

#[differentiable]
fn rows_mutated(a: &[f64]) -> f64 {
    let mut m = vec![a.to_vec(), a.to_vec()];
    for row in m.iter_mut() {
        row.push(1.0);
        for v in row.iter_mut() {
            *v *= 2.0;
        }
        row[0] *= row[1];
    }
    m[1].reverse();
    m[0].iter().zip(&m[1]).map(|(p, q)| p * q).sum()
}

#[differentiable]
fn flat_index(a: &[f64], n: usize, k: usize) -> f64 {
    let mut m = vec![0.0; n * k];
    for i in 0..n {
        for j in 0..k {
            m[i * k + j] = a[i] * (j + 1) as f64;
        }
    }
    for i in 1..n {
        for j in 0..k {
            m[i * k + j] += m[(i - 1) * k + j] * a[0];
        }
    }
    m[n * k - 1] * m[0]
}

#[differentiable]
fn own_buffer(mut buffer: Vec<f64>, x: f64) -> Vec<f64> {
    for i in 1..buffer.len() {
        buffer[i] += buffer[i - 1] * x;
    }
    buffer.push(x * x);
    buffer
}

#[differentiable]
fn arr2d(m: [[f64; 2]; 2], v: [f64; 2]) -> [f64; 2] {
    let mut r = [0.0; 2];
    for i in 0..2 {
        for j in 0..2 {
            r[i] += m[i][j] * v[j];
        }
    }
    r
}

#[differentiable]
fn matmul(a: [[f64; 2]; 2], b: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let mut c = [[0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..2 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

#[differentiable]
fn copies(a: &[f64], b: &[f64]) -> f64 {
    let mut v = vec![1.0; 4];
    v[..2].copy_from_slice(a);
    v[2..].clone_from_slice(&b[..2]);
    v.copy_within(1..3, 0);
    v[3..].fill(a[0]);
    v.iter().enumerate().map(|(i, x)| x * x * i as f64).sum()
}

#[differentiable]
fn concats(a: &[f64], b: &[f64]) -> f64 {
    let v = [a, b].concat();
    v.iter().enumerate().map(|(i, x)| x * i as f64 * x).sum()
}

#[differentiable]
fn concat_rows(m: &[Vec<f64>]) -> f64 {
    let v = m.concat();
    v.iter().enumerate().map(|(i, x)| x * i as f64 * x).sum()
}

#[differentiable]
fn split_offs(a: &[f64]) -> f64 {
    let mut v = a.to_vec();
    let t = v.split_off(2);
    v[0] * v[1] + t[0] * t[0]
}

#[differentiable]
fn pushes_param(x: f64, v: &mut Vec<f64>) {
    v.push(x * x);
    let n = v.len();
    v[0] *= v[n - 1];
}

#[differentiable]
fn pops_param(v: &mut Vec<f64>) -> f64 {
    let a = v.pop().unwrap();
    let n = v.len();
    v[n - 1] *= a;
    a * 2.0
}

#[differentiable]
fn calls_push(a: &[f64], x: f64) -> f64 {
    let mut v = a.to_vec();
    pushes_param(x, &mut v);
    pushes_param(v[1], &mut v);
    let p = pops_param(&mut v);
    v.iter().sum::<f64>() * p
}

#[differentiable]
fn returns_vec(x: f64, n: usize) -> Vec<f64> {
    let mut v = Vec::new();
    let mut p = 1.0;
    for _ in 0..n {
        v.push(p);
        p *= x;
    }
    v
}

#[differentiable]
fn collatz(x: f64, n: usize) -> Vec<f64> {
    let mut v = vec![];
    for i in 0..n {
        if i % 2 == 0 {
            v.push(x * i as f64);
        } else if let Some(l) = v.last_mut() {
            *l *= x;
        }
    }
    v
}

#[differentiable]
fn branch_push(a: &[f64]) -> f64 {
    let mut v: Vec<f64> = Vec::new();
    for x in a {
        if *x > 1.0 {
            v.push(x * x);
        } else if !v.is_empty() {
            let l = v.pop().unwrap();
            v.push(l * x);
        }
    }
    v.iter().product::<f64>()
}

#[differentiable]
fn early_return_push(a: &[f64]) -> f64 {
    let mut v = Vec::new();
    for x in a {
        v.push(x.exp());
        if v.len() == 2 {
            return v[0] * v[1];
        }
    }
    v[0]
}

#[differentiable]
fn windowed_state(a: &[f64], k: usize) -> f64 {
    let mut w: Vec<f64> = Vec::new();
    let mut s = 0.0;
    for x in a {
        w.push(*x);
        if w.len() > k {
            w.remove(0);
        }
        s += w.iter().sum::<f64>() / w.len() as f64 * x;
    }
    s
}

#[differentiable]
fn vec_of_tuples(a: &[f64]) -> f64 {
    let mut v = Vec::new();
    for (i, x) in a.iter().enumerate() {
        v.push((i, x * x));
    }
    let mut s = 0.0;
    while let Some((i, y)) = v.pop() {
        s += y * (i + 1) as f64;
    }
    s
}

#[differentiable]
fn vec_of_arrays(a: &[f64]) -> f64 {
    let mut v = vec![[0.0; 2]; 2];
    v.push([a[0], a[1]]);
    v[0][1] = a[0] * a[1];
    let l = v.pop().unwrap();
    l[0] * l[1] + v[0][1] * v[0][1]
}

#[differentiable]
fn resize_rows(a: &[f64], n: usize) -> f64 {
    let mut m: Vec<Vec<f64>> = vec![a.to_vec()];
    m.resize(n, vec![a[0], a[1]]);
    m[n - 1][0] * m[0][1]
}

#[differentiable]
fn dyn_prog(a: &[f64]) -> f64 {
    let n = a.len();
    let mut dp = vec![vec![f64::INFINITY; n]; n];
    dp[0][0] = a[0];
    for i in 0..n {
        for j in 0..n {
            if i > 0 {
                dp[i][j] = dp[i][j].min(dp[i - 1][j] + a[i] * a[j]);
            }
            if j > 0 {
                dp[i][j] = dp[i][j].min(dp[i][j - 1] + a[i]);
            }
        }
    }
    dp[n - 1][n - 1]
}

#[differentiable]
fn prefix(a: &[f64]) -> Vec<f64> {
    let mut out = Vec::with_capacity(a.len() + 1);
    out.push(0.0);
    for x in a {
        out.push(out[out.len() - 1] + x * x);
    }
    out
}

#[differentiable]
fn deferred(a: &[f64], c: bool) -> f64 {
    let v;
    if c {
        v = a.iter().map(|x| x * x).collect::<Vec<f64>>();
    } else {
        v = vec![a[0]];
    }
    v.iter().sum()
}

mod tests {
    agree! {
    ref_place(&[0.3, 1.2, 0.9], 1.5, 1); get_mut_place(&[0.3, 1.2, 0.9], 1.5, 1); last_mut_if(&[0.3, 1.2], 0.7); split_muts(&[0.3, 1.2, 0.9, 0.8]); split_muts_zip(&[0.3, 1.2, 0.9, 0.8]); split_at_sum(&[0.3, 1.2, 0.9]);
    push_loop(0.7, 4); push_indexed(0.7, 4); push_last(0.7, 4); stack_machine(0.7, 1.3); while_let_pop(0.7, 5); while_let_pop2(&[0.3, 1.2, -0.9, 0.8]);  if_let_pop(&[0.3, 1.2, 0.9]);
    extends(&[0.3, 1.2], 0.7); appends(&[0.3, 1.2], 0.7); insert_remove(&[0.3, 1.2, 0.9], 0.7); resizes(&[0.3, 1.2], 0.7, 4); truncates(&[0.3, 1.2, 0.9], 2);  clear_loop(&[0.3, 1.2], 3); local_vec_loop(&[0.3, 1.2, 0.9], 3);
    swaps(&[0.3, 1.2, 0.9]); reverse_rotate(&[0.3, 1.2, 0.9, 0.4]); sorts(&[0.3, 1.2, 0.9]); sorts_path(&[0.3, 1.2, 0.9]); sort_pairs(&[0.3, 1.2], &[2, 1]); sort_loop(&[0.3, 1.2, 0.9], 3); retains(&[0.3, 1.2, 0.9], 0.5);
    mem_swaps(&[0.3, 1.2], &[0.9, 0.4], 3); mem_replace_take(&[0.3, 1.2], 0.7); buffers_assigned(&[0.3, 1.2, 0.9], 3); shrinking(&[0.3, 1.2, 0.9, 0.4]); shrinking2(&[0.3, 1.2, 0.9, 0.4]); divided_differences(&[0.3, 1.2, 1.9], &[0.9, 0.4, 0.7]);
    matrix_2d(&[0.3, 1.2], 2); matrix_rows_replaced(&[0.3, 1.2]); rows_pushed(&[0.3, 1.2, 0.9]); rows_mutated(&[0.3, 1.2, 0.9]); flat_index(&[0.3, 1.2, 0.9], 3, 2); own_buffer(vec![0.3, 1.2], 0.5); arr2d([[0.3, 1.2], [0.9, 0.4]], [0.5, 0.6]); matmul([[0.3, 1.2], [0.9, 0.4]], [[0.5, 0.6], [0.1, 0.2]]);
    copies(&[0.3, 1.2], &[0.9, 0.4]); concats(&[0.3, 1.2], &[0.9, 0.4]); concat_rows(&[vec![0.3, 1.2], vec![0.9]]); split_offs(&[0.3, 1.2, 0.9]); calls_push(&[0.3, 1.2], 0.7); returns_vec(0.7, 4); collatz(0.7, 5); branch_push(&[1.3, 0.2, 1.9, 0.4]); early_return_push(&[0.3, 1.2, 0.9]); windowed_state(&[0.3, 1.2, 0.9, 0.4], 2); vec_of_tuples(&[0.3, 1.2, 0.9]); vec_of_arrays(&[0.3, 1.2]); resize_rows(&[0.3, 1.2], 3); dyn_prog(&[0.3, 1.2, 0.9]); prefix(&[0.3, 1.2]); deferred(&[0.3, 1.2], true);
    }
}

#[differentiable]
fn pushes(xs: &[f64]) -> f64 {
    let mut v = Vec::new();
    for x in xs {
        v.push(x * x);
    }
    let mut s = 0.0;
    for i in 0..v.len() {
        s += v[i] * (i + 1) as f64;
    }
    s
}

#[differentiable]
fn pushes_and_pops(x: f64, y: f64) -> f64 {
    let mut stack: Vec<f64> = vec![];
    stack.push(x);
    stack.push(y);
    stack.push(x * y);
    let a = stack.pop().unwrap();
    let b = stack.pop().unwrap();
    stack.push(a * b);
    stack.push(a - b);
    stack[0] * stack[1] + stack[2] * stack[2]
}

#[test]
fn growing() {
    check!(pushes(&[2.0, 3.0][..]), vec![4.0, 12.0]);
    let (x, y) = (2.0, 3.0);
    let (a, b) = (x * y, y);
    // x * a * b + (a - b)^2
    check!(pushes_and_pops(x, y), (2.0 * x * y * y + 2.0 * (a - b) * y, 2.0 * x * x * y + 2.0 * (a - b) * (x - 1.0)));
}
