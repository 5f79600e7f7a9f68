//! What `parse` reads and `emit` prints is the function again.

use super::*;
use crate::diagnostics::Diagnostics;
use crate::options::Options;

/// Lowers each function and prints it; the text has to be the source.
#[track_caller]
fn same(source: &str) {
    let item: syn::ItemFn = syn::parse_str(source).expect("the source is a function");
    let mut diagnostics = Diagnostics::default();
    let function = crate::parse::lower(&item, &Options::default(), None, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}", diagnostics.into_tokens());
    let paths = super::super::paths::Paths {
        root: quote!(::differentiable),
        rt: quote!(rt),
        vec: quote!(vec),
        closures: Vec::new(),
    };
    let body = body::function(&function, &paths, false).body;
    let printed = syn::ItemFn { block: syn::parse2(quote!({ #body })).expect("the body is Rust"), ..item.clone() };
    let text = |item: syn::ItemFn| {
        let attrs = Vec::new();
        prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs, items: vec![syn::Item::Fn(item)] })
    };
    assert_eq!(text(printed), text(item));
}

#[test]
fn straight_line() {
    same(
        "fn f(x: f64, y: f64) -> f64 { let a = x * y - (x + 1.0) / y; let b = -a.sin().powi(2); (a - b) * (a - (b - x)) }",
    );
    same("fn f(x: f64, n: usize) -> f64 { let k = n as f64; x.mul_add(k, 2.0).max(-x) % 3.0 }");
    same("fn f(a: [f64; 2], t: (f64, f64)) -> f64 { let s = a[0] * t.1; s + a[1] * t.0 }");
}

#[test]
fn memory() {
    same("fn f(x: f64) -> f64 { let mut y = x; y *= x + 1.0; y -= x; y = x - y; y /= 2.0; y }");
    same("fn f(x: &[f64], y: &mut [f64]) { y[0] = x[1] * y[0]; y[1] += x[0]; }");
}

#[test]
fn control_flow() {
    same(
        "fn f(x: f64, n: usize) -> f64 { let mut s = 0.0; for i in 0..n { if i % 2 == 0 { s += x; } else { s *= x; } } s }",
    );
    same(
        "fn f(x: f64) -> f64 { let mut y = x; while y < 10.0 && x > 0.0 { y = y * y + 1.0; if y > 5.0 { break; } } y }",
    );
    same(
        "fn f(x: f64, n: usize) -> f64 {
            let mut s = x;
            'rows: for i in 0..n {
                for j in (0..i).rev() {
                    if j > 3 { continue 'rows; }
                    if s > 100.0 { return s; }
                    s += x * j as f64;
                }
            }
            s
        }",
    );
    same(
        "fn f(x: &[f64], w: &[f64]) -> f64 { let mut s = 0.0; for (a, b) in x.iter().zip(w.iter()) { s += *a * *b; } s }",
    );
    same("fn f(k: i32, x: f64) -> f64 { match k { 0 => x, 1 | 2 => x * x, n if n > 9 => 3.0 * x, _ => 0.0 } }");
}
