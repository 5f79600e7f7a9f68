use super::*;
use crate::ir::Opaque;

fn observer(tokens: TokenStream, uses: Vec<VarId>) -> Stmt {
    Stmt::Eval(Op::Opaque(Opaque { tokens, uses, pure: false, observer: true, constant: false }))
}

#[test]
fn shadowing_stays_where_nothing_is_lost() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let second = b.user("x", Op::Binary(BinOp::Mul, var(x), var(x)));
    check(&b.finish(Some(var(second))), "fn f(x: P) { let x = x * x; x }");
}

#[test]
fn a_user_variable_that_would_hide_a_needed_one_is_renamed_everywhere() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let second = b.user("x", Op::Binary(BinOp::Mul, var(x), var(x)));
    b.push(observer(quote!(println!("{x:?} {}", point.x + x, Point { x: x, y: 0.0 }, Point { x })), vec![second]));
    let sum = b.binary(BinOp::Add, var(x), var(second));
    check(
        &b.finish(Some(var(sum))),
        r#"fn f(x: P) {
            let x_2 = x * x;
            println!("{x:?} {}", point.x + x_2, Point { x: x_2, y: 0.0 }, Point { x: x_2 }, x = x_2);
            x + x_2
        }"#,
    );
}

#[test]
fn derived_variables_give_way() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let user = b.param("x_bar", float(), Passing::Value);
    let derived = b.memory("x_bar", Some(constant(quote!(0.0))), Origin::Derived);
    let other = b.memory("tape", Some(constant(quote!(1.0))), Origin::Derived);
    b.push(observer(quote!(println!("{}", tape(0))), Vec::new()));
    b.accumulate(Place::var(derived), x);
    b.accumulate(Place::var(other), user);
    let left = b.read("l", Place::var(derived));
    let right = b.read("r", Place::var(other));
    let sum = b.binary(BinOp::Add, var(left), var(right));
    check(
        &b.finish(Some(var(sum))),
        r#"fn f(x: P, x_bar: P) {
            let mut x_bar_2 = 0.0;
            let mut tape_2 = 1.0;
            println!("{}", tape(0));
            x_bar_2 += x;
            tape_2 += x_bar;
            x_bar_2 + tape_2
        }"#,
    );
}

#[test]
fn raw_and_foreign_names() {
    let mut b = Build::new();
    let raw = b.param("r#type", float(), Passing::Value);
    let size = b.param("größe", float(), Passing::Value);
    let keyword = b.memory("loop", Some(var(raw)), Origin::Derived);
    b.accumulate(Place::var(keyword), size);
    let result = b.read("r", Place::var(keyword));
    check(
        &b.finish(Some(var(result))),
        "fn f(r#type: P, größe: P) { let mut r#loop = r#type; r#loop += größe; r#loop }",
    );
}

#[test]
fn scopes_side_by_side_share_names() {
    let mut b = Build::new();
    let n = b.param("n", int(), Passing::Value);
    let y = b.param("y", Type::Ref { mutable: true, inner: Box::new(float()) }, Passing::Mut);
    for _ in 0..2 {
        b.count("i", var(n), false, |b, i| {
            let scale = b.temp("scale", Op::Cast(var(i), quote!(f64)));
            let square = b.binary(BinOp::Mul, var(scale), var(scale));
            let cube = b.binary(BinOp::Mul, var(square), var(scale));
            b.accumulate(at(y, vec![Proj::Deref]), cube);
        });
    }
    check(
        &b.finish(None),
        "fn f(n: P, y: P) {
            for i in 0..n { let scale = i as f64; *y += scale * scale * scale; }
            for i in 0..n { let scale = i as f64; *y += scale * scale * scale; }
        }",
    );
}
