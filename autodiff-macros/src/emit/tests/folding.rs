use super::*;
use crate::ir::{Arg, Callee, UnOp};

fn call(args: Vec<Arg>) -> Op {
    let callee = Callee {
        kind: crate::ir::CalleeKind::Function,
        path: quote!(g),
        generics: None,
        name: "g".into(),
        span: proc_macro2::Span::call_site(),
        functions: Vec::new(),
        again: Vec::new(),
        recursive: false,
        order: 0,
        companion: None,
    };
    Op::Call(callee, args)
}

#[test]
fn dot_reads_like_the_source() {
    let mut b = Build::new();
    let w = b.param("w", slice(false), Passing::Shared);
    let x = b.param("x", slice(false), Passing::Shared);
    let w_bar = b.param("w_bar", slice(true), Passing::Mut);
    let x_bar = b.param("x_bar", slice(true), Passing::Mut);
    let s = b.memory("s", Some(constant(quote!(0.0))), Origin::User);
    let len = |b: &mut Build| {
        let len =
            crate::ir::Opaque { tokens: quote!(w.len()), uses: vec![w], pure: true, observer: false, constant: false };
        let n = b.fresh("n", int(), Origin::Temp);
        b.push(Stmt::Let { var: n, op: Op::Opaque(len) });
        n
    };
    let n = len(&mut b);
    b.count("i", var(n), false, |b, i| {
        let x_i = b.read("x_i", elem(x, i));
        let w_i = b.read("w_i", elem(w, i));
        let product = b.binary(BinOp::Mul, var(w_i), var(x_i));
        b.accumulate(Place::var(s), product);
    });
    let n = len(&mut b);
    b.count("i", var(n), true, |b, i| {
        let x_i = b.read("x_i", elem(x, i));
        let w_i = b.read("w_i", elem(w, i));
        b.accumulate(elem(w_bar, i), x_i);
        b.accumulate(elem(x_bar, i), w_i);
    });
    let value = b.read("s", Place::var(s));
    check(
        &b.finish(Some(var(value))),
        "fn f(w: P, x: P, w_bar: P, x_bar: P) {
            let mut s = 0.0;
            for i in 0..w.len() {
                s += w[i] * x[i];
            }
            for i in (0..w.len()).rev() {
                w_bar[i] += x[i];
                x_bar[i] += w[i];
            }
            s
        }",
    );
}

#[test]
fn a_read_does_not_pass_a_write() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let y = b.memory("y", Some(var(x)), Origin::User);
    let old = b.read("old", Place::var(y));
    b.push(Stmt::Assign { place: Place::var(y), value: constant(quote!(2.0)) });
    let product = b.binary(BinOp::Mul, var(old), var(x));
    check(&b.finish(Some(var(product))), "fn f(x: P) { let mut y = x; let old = y; y = 2.0; old * x }");
}

#[test]
fn a_statement_reads_what_it_overwrites() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let y = b.memory("y", Some(var(x)), Origin::User);
    let old = b.read("old", Place::var(y));
    let product = b.binary(BinOp::Mul, var(old), var(x));
    b.push(Stmt::Assign { place: Place::var(y), value: var(product) });
    let old = b.read("old", Place::var(y));
    let sum = b.binary(BinOp::Add, var(x), var(old));
    b.push(Stmt::Assign { place: Place::var(y), value: var(sum) });
    let result = b.read("y", Place::var(y));
    check(&b.finish(Some(var(result))), "fn f(x: P) { let mut y = x; y *= x; y = x + y; y }");
}

#[test]
fn calls_keep_their_order() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let first = b.temp("first", call(vec![Arg::Value(var(x))]));
    let second = b.temp("second", call(vec![Arg::Value(var(x)), Arg::Value(var(x))]));
    let quotient = b.binary(BinOp::Div, var(second), var(first));
    check(&b.finish(Some(var(quotient))), "fn f(x: P) { let first = g(x); g(x, x) / first }");

    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let first = b.temp("first", call(vec![Arg::Value(var(x))]));
    let second = b.temp("second", call(vec![Arg::Value(var(x)), Arg::Value(var(x))]));
    let outer = b.temp("outer", call(vec![Arg::Value(var(first)), Arg::Value(var(second))]));
    check(&b.finish(Some(var(outer))), "fn f(x: P) { g(g(x), g(x, x)) }");
}

#[test]
fn a_call_that_writes_separates_reads() {
    let mut b = Build::new();
    let y = b.param("y", slice(true), Passing::Mut);
    let i = b.param("i", int(), Passing::Value);
    let before = b.read("before", elem(y, i));
    let called = b.temp("called", call(vec![Arg::Mut(at(y, vec![Proj::Deref])), Arg::Value(var(before))]));
    let after = b.read("after", elem(y, i));
    let sum = b.binary(BinOp::Add, var(after), var(called));
    check(
        &b.finish(Some(var(sum))),
        "fn f(y: P, i: P) { let before = y[i]; let called = g(y, before); y[i] + called }",
    );
}

#[test]
fn effects_stay_out_of_lazy_operands_and_loops() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let called = b.temp("called", call(vec![Arg::Value(var(x))]));
    let both = b.binary(BinOp::And, constant(quote!(K)), var(called));
    check(&b.finish(Some(var(both))), "fn f(x: P) { let called = g(x); K && called }");

    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let n = b.param("n", int(), Passing::Value);
    let s = b.memory("s", Some(constant(quote!(0.0))), Origin::User);
    let square = b.temp("square", Op::Binary(BinOp::Mul, var(x), var(x)));
    b.count("i", var(n), false, |b, _| b.accumulate(Place::var(s), square));
    let result = b.read("s", Place::var(s));
    check(
        &b.finish(Some(var(result))),
        "fn f(x: P, n: P) { let mut s = 0.0; let square = x * x; for _ in 0..n { s += square; } s }",
    );
}

#[test]
fn signs_and_parentheses() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let x_bar = b.param("x_bar", Type::Ref { mutable: true, inner: Box::new(float()) }, Passing::Mut);
    let sum = b.binary(BinOp::Add, var(x), constant(quote!(1.0)));
    let difference = b.binary(BinOp::Sub, var(x), var(sum));
    let negated = b.temp("negated", Op::Unary(UnOp::Neg, var(difference)));
    let product = b.binary(BinOp::Mul, var(x), var(negated));
    b.accumulate(at(x_bar, vec![Proj::Deref]), product);
    let sign = b.temp("sign", Op::Unary(UnOp::Neg, var(x)));
    let rest = b.binary(BinOp::Add, var(x), var(sign));
    check(&b.finish(Some(var(rest))), "fn f(x: P, x_bar: P) { *x_bar -= x * (x - (x + 1.0)); x - x }");
}

#[test]
fn repeated_reads_are_repeated_up_to_three_times() {
    for (times, expected) in [
        (3, "fn f(x: P, i: P, y: P) { *y += x[i]; *y += x[i]; *y += x[i]; }"),
        (4, "fn f(x: P, i: P, y: P) { let x_i = x[i]; *y += x_i; *y += x_i; *y += x_i; *y += x_i; }"),
    ] {
        let mut b = Build::new();
        let x = b.param("x", slice(false), Passing::Shared);
        let i = b.param("i", int(), Passing::Value);
        let y = b.param("y", Type::Ref { mutable: true, inner: Box::new(float()) }, Passing::Mut);
        let x_i = b.read("x_i", elem(x, i));
        for _ in 0..times {
            b.accumulate(at(y, vec![Proj::Deref]), x_i);
        }
        check(&b.finish(None), expected);
    }
}

#[test]
fn dead_temporaries_disappear_with_what_only_they_need() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let square = b.binary(BinOp::Mul, var(x), var(x));
    let _dead = b.binary(BinOp::Mul, var(square), var(x));
    check(&b.finish(Some(var(x))), "fn f(x: P) { x }");
}

#[test]
fn a_literal_receiver_gets_a_suffix() {
    let mut b = Build::new();
    let sin = crate::rules::scalar::row("sin").expect("`sin` has a row");
    let intrinsic = |arg| {
        Op::Intrinsic(crate::ir::Intrinsic {
            row: sin,
            args: vec![Arg::Value(arg)],
            path: None,
            span: proc_macro2::Span::call_site(),
        })
    };
    let x = b.param("x", float(), Passing::Value);
    let of_literal = b.temp("a", intrinsic(constant(quote!(2.0))));
    let negated = b.temp("n", Op::Unary(UnOp::Neg, var(x)));
    let of_negated = b.temp("b", intrinsic(var(negated)));
    let sum = b.binary(BinOp::Add, var(of_literal), var(of_negated));
    check(&b.finish(Some(var(sum))), "fn f(x: P) { 2.0_f64.sin() + (-x).sin() }");
}
