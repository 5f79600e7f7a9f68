use super::*;
use crate::ir::Opaque;
use crate::options::Options;
use crate::transform::{Derivatives, Pullback, Split};

/// `w.len()`
fn len(b: &mut Build, w: VarId) -> Operand {
    let opaque = Opaque { tokens: quote!(w.len()), uses: vec![w], pure: true, observer: false, constant: false };
    let n = b.fresh("n", int(), Origin::Temp);
    b.push(Stmt::Let { var: n, op: Op::Opaque(opaque) });
    var(n)
}

fn forward(b: &mut Build, w: VarId, x: VarId) -> VarId {
    let s = b.memory("s", Some(constant(quote!(0.0))), Origin::User);
    let n = len(b, w);
    b.count("i", n, false, |b, i| {
        let w_i = b.read("w_i", elem(w, i));
        let x_i = b.read("x_i", elem(x, i));
        let product = b.binary(BinOp::Mul, var(w_i), var(x_i));
        b.accumulate(Place::var(s), product);
    });
    s
}

fn sources(b: &mut Build) -> (VarId, VarId) {
    (b.param("w", slice(false), Passing::Shared), b.param("x", slice(false), Passing::Shared))
}

fn primal() -> Function {
    let mut b = Build::new();
    let (w, x) = sources(&mut b);
    let s = forward(&mut b, w, x);
    let value = b.read("s", Place::var(s));
    let mut function = b.finish(Some(var(value)));
    function.name = "dot".into();
    function
}

fn joint() -> Function {
    let mut b = Build::new();
    let (w, x) = sources(&mut b);
    let w_bar = b.param("w_bar", slice(true), Passing::Mut);
    let x_bar = b.param("x_bar", slice(true), Passing::Mut);
    let s = forward(&mut b, w, x);
    let n = len(&mut b, w);
    b.count("i", n, true, |b, i| {
        let w_i = b.read("w_i", elem(w, i));
        let x_i = b.read("x_i", elem(x, i));
        b.accumulate(elem(w_bar, i), x_i);
        b.accumulate(elem(x_bar, i), w_i);
    });
    let value = b.read("s", Place::var(s));
    b.finish(Some(var(value)))
}

fn split() -> Split {
    let mut b = Build::new();
    let (w, x) = sources(&mut b);
    let s = forward(&mut b, w, x);
    let value = b.read("s", Place::var(s));
    let seed = b.fresh("s_bar", Type::Ref { mutable: false, inner: Box::new(float()) }, Origin::Derived);
    let slot =
        |b: &mut Build, name| b.fresh(name, Type::Slot(Box::new(Type::Slice(Box::new(float())))), Origin::Derived);
    let (w_bar, x_bar) = (slot(&mut b, "w_bar"), slot(&mut b, "x_bar"));
    let body = b.block(|b| {
        let n = len(b, w);
        b.count("i", n, true, |b, i| {
            for (bar, other) in [(w_bar, x), (x_bar, w)] {
                let factor = b.read("factor", elem(other, i));
                let s_bar = b.read("s_bar", at(seed, vec![Proj::Deref]));
                let product = b.binary(BinOp::Mul, var(s_bar), var(factor));
                b.accumulate(at(bar, vec![Proj::Index(var(i))]), product);
            }
        });
        None
    });
    let forward = b.finish(Some(var(value)));
    Split { forward, pullback: Pullback { again: vec![w, x], seed, slots: vec![Some(w_bar), Some(x_bar)], body } }
}

fn jvp() -> Function {
    let mut b = Build::new();
    let (w, x) = sources(&mut b);
    let w_dot = b.param("w_dot", slice(false), Passing::Shared);
    let x_dot = b.param("x_dot", slice(false), Passing::Shared);
    let s = b.memory("s", Some(constant(quote!(0.0))), Origin::User);
    let s_dot = b.memory("s_dot", Some(constant(quote!(0.0))), Origin::Derived);
    let n = len(&mut b, w);
    b.count("i", n, false, |b, i| {
        let mut read = |name: &str, from| b.read(name, elem(from, i));
        let (w_i, x_i, w_i_dot, x_i_dot) =
            (read("w_i", w), read("x_i", x), read("w_dot_i", w_dot), read("x_dot_i", x_dot));
        let product = b.binary(BinOp::Mul, var(w_i), var(x_i));
        let left = b.binary(BinOp::Mul, var(w_i_dot), var(x_i));
        let right = b.binary(BinOp::Mul, var(w_i), var(x_i_dot));
        let product_dot = b.binary(BinOp::Add, var(left), var(right));
        b.accumulate(Place::var(s_dot), product_dot);
        b.accumulate(Place::var(s), product);
    });
    let (value, tangent) = (b.read("s", Place::var(s)), b.read("s_dot", Place::var(s_dot)));
    let pair = b.temp("pair", Op::Aggregate(crate::ir::AggregateKind::Tuple, vec![var(value), var(tangent)]));
    b.finish(Some(var(pair)))
}

fn expanded(source: &str, stub: bool) -> String {
    let item: syn::ItemFn = syn::parse_str(source).expect("the source is a function");
    let (options, primal) = (Options::default(), primal());
    let tokens = if stub {
        super::super::stub(&item, &options, None)
    } else {
        let derivatives = Derivatives {
            forward: false,
            joint: Some(joint()),
            split: split(),
            jvp: jvp(),
            saved: crate::transform::vjp::Saved::default(),
            closures: Vec::new(),
            second: None,
            lanes: None,
            pattern: None,
            anew: None,
        };
        super::super::companion(&item, &options, None, &primal, &derivatives)
    };
    prettyplease::unparse(&syn::parse2(tokens).expect("the companion is Rust"))
}

const DOT: &str =
    "pub fn dot(w: &[f64], x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..w.len() { s += w[i] * x[i]; } s }";

/// The text of one function of an expansion.
fn function(expansion: &str, name: &str) -> String {
    let start = expansion.find(&format!("pub fn {name}(")).expect("the function is there");
    let text = &expansion[start..];
    text[..text.find("\n        }\n").expect("the function ends")].to_owned()
}

#[test]
fn the_joint_function_reads_as_if_written() {
    let expansion = expanded(DOT, false);
    let expected = r#"pub fn value_and_grad_into(
            w: &[f64],
            x: &[f64],
            w_bar: &mut [f64],
            x_bar: &mut [f64],
        ) -> f64 {
            rt::check_cotangent("dot::value_and_grad_into", "w", w, w_bar);
            rt::check_cotangent("dot::value_and_grad_into", "x", x, x_bar);
            let mut s = 0.0;
            for i in 0..w.len() {
                s += w[i] * x[i];
            }
            for i in (0..w.len()).rev() {
                w_bar[i] += x[i];
                x_bar[i] += w[i];
            }
            s"#;
    assert_eq!(function(&expansion, "value_and_grad_into"), expected);
}

#[test]
fn the_stub_has_the_same_signatures() {
    let signatures = |expansion: &str| -> Vec<String> {
        let file = syn::parse_file(expansion).expect("the companion is Rust");
        let mut found = Vec::new();
        for item in file.items {
            let syn::Item::Const(block) = item else { continue };
            let syn::Expr::Block(block) = *block.expr else { continue };
            for stmt in block.block.stmts {
                let syn::Stmt::Item(syn::Item::Impl(block)) = stmt else { continue };
                found.extend(block.items.iter().filter_map(|item| match item {
                    syn::ImplItem::Fn(function) => Some(quote::ToTokens::to_token_stream(&function.sig).to_string()),
                    _ => None,
                }));
            }
        }
        found
    };
    let (full, stub) = (signatures(&expanded(DOT, false)), signatures(&expanded(DOT, true)));
    assert_eq!(full.len(), 9);
    assert_eq!(full, stub);
}
