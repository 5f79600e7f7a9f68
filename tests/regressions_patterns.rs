//! Programs with patterns, options and references that random testing found not to compile, or that differ from them in
//! little, each as small as it gets.

#![allow(unused, clippy::all)]

use differentiable::{differentiable, gradcheck};

#[differentiable]
fn tried(x: f64) -> Result<f64, String> {
    if x > 1.3 {
        return Err(format!("{x} is too large"));
    }
    Ok((x * 0.6).sin())
}

/// A result whose type depends on that of the arguments.
#[differentiable]
fn twin<T: num_traits::Float>(x: T, c: T) -> T {
    (x * x + c).sin()
}

/// Alternatives without names, behind an arm with a rest.
#[differentiable]
fn ends_of_a_slice(x: f64, v: &[f64]) -> f64 {
    match &v[..] {
        [t, .., s] => t * s * x,
        [] | [_] => x,
    }
}

/// An array is matched as a slice of several lengths.
#[differentiable]
fn slices_of_fixed_lengths(x: f64, w: [f64; 3]) -> f64 {
    match &w[..] {
        [t] => t * x,
        [_, t, s] => t * s,
        _ => x,
    }
}

/// Guards, and names in alternatives, of slices with a rest.
#[differentiable]
fn guards_on_slices(x: f64, v: &[f64]) -> f64 {
    match v {
        [t, ..] if *t > x => t * x,
        [t, s] | [_, t, s] if t > s => t * s,
        [a, .., b] => a * b * x,
        _ => x,
    }
}

/// A list is matched by patterns that have no rest.
#[differentiable]
fn lists_of_fixed_lengths(x: f64, v: &[f64]) -> f64 {
    let u: Vec<f64> = v.iter().map(|t| t * x).collect();
    match &u[..] {
        [t] => *t,
        [_, t, s] => t * s,
        _ => x,
    }
}

/// What a constant lacks is computed by a closure.
#[differentiable]
fn default_by_a_closure(x: f64) -> f64 {
    (tried(x).ok()).unwrap_or_else(|| (x * x).abs())
}

/// An inclusive range does not know its length, reversed or not.
#[differentiable]
fn reversed_and_skipped(x: f64) -> f64 {
    (1..=4).rev().map(|i| i as f64 * x).skip(1).fold(0.5, |s, t| (s * t).sin())
}

/// The same in loops.
#[differentiable]
fn inclusive_ranges_from_the_end(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in (1..=n).rev().skip(1) {
        s = (s * i as f64).sin();
    }
    for i in (0..=n).rev().take(3) {
        s = (s * i as f64 + x).sin();
    }
    s
}

/// What is matched is chosen by a condition.
#[differentiable]
fn chosen_option(x: f64, y: f64) -> f64 {
    (match (if x > y { Some(x * y) } else { None }) {
        Some(t) if t > 0.5 => t * t,
        Some(s) => s * x,
        None => y,
    })
}

/// The same where nothing ends the function.
#[differentiable]
fn chosen_option_or_exit(x: f64, y: f64) -> f64 {
    let Some(q) = (if (y + x) > 0.3 { Some((x - y).sin()) } else { None }) else {
        return x;
    };
    q * x
}

/// What a constant option holds is a part of it, also where all is taken to be active.
#[differentiable(analyses = off)]
fn constant_in_an_option(x: f64, y: f64) -> f64 {
    let mut r: Option<f64> = tried((y) as f64).ok();
    r = Some({
        let t = 0.9_f64;
        (-t * t).exp()
    })
    .filter(|t| y > *t);
    r.map_or(x, |t| t * 2.0)
}

/// What a constant lacks has a derivative.
#[differentiable]
fn default_of_a_constant(x: f64, y: f64) -> f64 {
    if (tried(tried(0.4_f64).unwrap_or(0.3)).ok()).unwrap_or(y) > x { x * x } else { y }
}

/// A default is computed in any case.
#[differentiable]
fn default_with_an_effect(x: f64, y: f64, v: &[f64]) -> f64 {
    let mut x = x;
    let a = v.first().copied().unwrap_or({
        x = x * y;
        y
    });
    a * x
}

/// What is there is read before the default changes it.
#[differentiable]
fn defaults_with_effects(x: f64, y: f64, v: &[f64]) -> f64 {
    let mut x = x;
    let mut v = v.to_vec();
    let a = v.get(1).copied().map_or(
        {
            v[1] = x * y;
            x *= 2.0;
            y
        },
        |t| t * y,
    );
    let b = v.last().map_or(
        {
            x *= 1.5;
            y
        },
        |t| t * y,
    );
    a * x + v[1] * b
}

/// The same behind chains.
#[differentiable]
fn defaults_of_chains_with_effects(x: f64, y: f64, v: &[f64]) -> f64 {
    let mut x = x;
    let a = v.iter().map(|t| t * 0.5).last().unwrap_or({
        x = x * y;
        y
    });
    let b = v.iter().copied().find(|t| *t > 100.0).unwrap_or({
        x = x * y + 0.1;
        y
    });
    let c = v.iter().map(|t| t * y).reduce(|s, t| s * t).map_or(
        {
            x = x * y + 0.1;
            y
        },
        |t| t.sin(),
    );
    let d = v.iter().map(|t| t * y).max_by(|s, t| s.total_cmp(t)).map_or(
        {
            x = x * y + 0.1;
            y
        },
        |t| t.sin(),
    );
    a * x + b * c + d
}

/// A reference to what a branch gives is made again from what is kept.
#[differentiable]
fn referred_option_in_a_loop(x: f64, y: f64) -> f64 {
    let mut s = x;
    for i in 0..3 {
        let Some(q) = (if x + y > i as f64 * 0.3 { Some(twin(x, s)) } else { None }) else {
            break;
        };
        s = s * q + y;
    }
    s
}

/// The same in a `match` with guards.
#[differentiable]
fn matched_option_in_a_loop(x: f64, y: f64) -> f64 {
    let mut s = x;
    for i in 0..3 {
        s *= (match (if x + s > i as f64 * 0.3 { Some(twin(x, s)) } else { None }) {
            Some(t) if t > 0.2 => t * s,
            Some(r) => r + s,
            None => 0.7,
        });
    }
    s
}

/// The same in a method.
#[differentiable]
fn mapped_option_in_a_loop(x: f64, y: f64) -> f64 {
    let mut s = x;
    for i in 0..3 {
        s = Some(twin(s, y)).map_or(y, |t| (t * s).sin());
    }
    s
}

/// The same in a chain.
#[differentiable]
fn mapped_option_in_a_chain(x: f64, y: f64) -> f64 {
    (0..3).map(|i| Some(twin(y, x * i as f64)).map_or(y, |t| (t * x).sin())).fold(x, |s, t| (s * t).cos())
}

/// Loops are left from inside of an argument.
#[differentiable(analyses = off)]
fn exits_in_what_is_matched(x: f64, y: f64, n: usize) -> f64 {
    let mut y = y;
    let mut i = 0;
    let q = 'l: loop {
        i += 1;
        if i > 3 {
            break x;
        }
        if tried(
            (if x <= 0.3 {
                let Some(a) = (if y > 0.1 {
                    Some(
                        tried({
                            y = x;
                            0.7
                        })
                        .unwrap_or(0.3),
                    )
                } else {
                    None
                }) else {
                    break 'l x * y;
                };
                y
            } else {
                y * x
            }),
        )
        .ok()
        .unwrap_or_else(|| y.max(x))
            > 0.2
        {
            y *= x;
        }
    };
    q * y
}

/// The same from an arm whose value is used.
#[differentiable(analyses = off)]
fn exit_from_an_arm(x: f64, y: f64, n: usize) -> f64 {
    let mut y = y;
    let mut i = 0;
    let q = 'l: loop {
        i += 1;
        if i > 3 {
            break x;
        }
        y *= x;
        let w = match 1_usize % 4 {
            0 => x,
            1 | 2 if x > 9.0 => y,
            _ => {
                y -= (if i % 3 == 1 { x } else { break 'l (x).sin() });
                y
            }
        };
        y += w * w;
    };
    q * y
}

/// The length of a chain over literals is a literal.
#[differentiable]
fn strides_of_literals(x: f64, n: usize) -> f64 {
    let v: Vec<f64> = (0..6).map(|i| x * i as f64).skip(1).step_by(2).collect();
    v.iter().sum::<f64>() * x
}

#[test]
fn patterns_and_defaults() {
    gradcheck!(ends_of_a_slice(0.7, &[0.3, 0.9, 0.5][..])).unwrap();
    gradcheck!(slices_of_fixed_lengths(0.7, [0.3, 0.9, 0.5])).unwrap();
    gradcheck!(guards_on_slices(0.7, &[0.3, 0.9, 0.5][..])).unwrap();
    gradcheck!(lists_of_fixed_lengths(0.7, &[0.3, 0.9, 0.5][..])).unwrap();
    gradcheck!(default_by_a_closure(0.7)).unwrap();
    gradcheck!(reversed_and_skipped(0.7)).unwrap();
    gradcheck!(inclusive_ranges_from_the_end(0.7, 4)).unwrap();
    gradcheck!(chosen_option(0.7, 0.4)).unwrap();
    gradcheck!(chosen_option_or_exit(0.7, 0.4)).unwrap();
    gradcheck!(constant_in_an_option(0.7, 0.4)).unwrap();
    gradcheck!(default_of_a_constant(0.7, 0.4)).unwrap();
    gradcheck!(default_with_an_effect(0.7, 0.4, &[0.3, 0.9, 0.5][..])).unwrap();
    gradcheck!(defaults_with_effects(0.7, 0.4, &[0.3, 0.9, 0.5][..])).unwrap();
    gradcheck!(defaults_of_chains_with_effects(0.7, 0.4, &[0.3, 0.9, 0.5][..])).unwrap();
}

#[test]
fn references_to_options() {
    for (x, y) in [(0.7, 0.4), (0.2, 1.1), (1.3, -0.4)] {
        gradcheck!(referred_option_in_a_loop(x, y)).unwrap();
        gradcheck!(matched_option_in_a_loop(x, y)).unwrap();
        gradcheck!(mapped_option_in_a_loop(x, y)).unwrap();
        gradcheck!(mapped_option_in_a_chain(x, y)).unwrap();
    }
}

#[test]
fn exits_and_lengths() {
    gradcheck!(exits_in_what_is_matched(0.7, 0.4, 2)).unwrap();
    gradcheck!(exits_in_what_is_matched(0.2, 0.4, 2)).unwrap();
    gradcheck!(exit_from_an_arm(0.7, 0.4, 2)).unwrap();
    gradcheck!(strides_of_literals(0.7, 2)).unwrap();
}
