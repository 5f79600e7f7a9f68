//! What there is optionally in a list or an iterator, kept as an `Option`; sums and loops over optional items.

#![allow(clippy::all)]

mod common;
use common::programs_at;
use std::collections::VecDeque;

programs_at! {
    ends_of_a_list(v: &[f64]) at (&[0.4, 0.7, 0.2][..]) {
        match (v.first(), v.last()) {
            (Some(a), Some(b)) => a * b,
            _ => 0.0,
        }
    }
    ends_of_a_deque(v: &[f64], k: f64) at (&[0.4, 0.7, 0.2][..], 1.3) {
        let mut q: VecDeque<f64> = v.iter().map(|x| x * k).collect();
        q.push_back(k);
        match (q.front(), q.back(), q.get(1)) {
            (Some(a), Some(b), Some(c)) => a * b + c,
            _ => 0.0,
        }
    }
    kept_in_variables(v: &[f64], i: usize) at (&[0.4, 0.7, 0.2][..], 1) {
        let (first, second, missing) = (v.first(), v.get(i).copied(), v.get(i + 7));
        let last = v.last().cloned();
        let sum = match (first, second) {
            (Some(a), Some(b)) => a * b * last.unwrap(),
            _ => 0.0,
        };
        sum + missing.copied().unwrap_or(v[0])
    }
    extremes(v: &[f64]) at (&[0.4, 0.7, 0.2][..]) {
        let most = v.iter().copied().max_by(|a, b| a.total_cmp(b));
        let least = v.iter().min_by(|a, b| a.total_cmp(b));
        let product = v.iter().map(|x| x.sin()).reduce(|a, b| a * b);
        most.unwrap() * least.unwrap() + product.unwrap_or(0.0)
    }
    sums_of_options(v: &[f64]) at (&[0.4, 0.7, 0.2][..]) {
        let logs: Option<f64> = v.iter().map(|x| if *x > 0.0 { Some(x.ln()) } else { None }).sum();
        let product: Result<f64, String> = v.iter().map(|x| if *x > 0.0 { Ok(*x) } else { Err("negative".to_string()) }).product();
        let none = v.iter().map(|x| if *x > 0.3 { Some(x.ln()) } else { None }).sum::<Option<f64>>();
        logs.unwrap() * product.unwrap() + none.unwrap_or(v[1])
    }
    loops_that_may_end(v: &[f64], most: f64) at (&[0.4, 0.7, 0.2][..], 0.6) {
        let mut sum = 0.0;
        let all = v.iter().try_for_each(|x| {
            sum += x * x;
            if sum > most { Err(sum) } else { Ok(()) }
        });
        let seen = v.iter().try_for_each(|x| if *x > 0.0 { Some(()) } else { None });
        if all.is_err() && seen.is_some() { sum * most } else { sum }
    }
}
