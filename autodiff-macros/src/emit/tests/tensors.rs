use super::*;
use crate::ir::{Arg, Intrinsic, MapInput, Tensor, UnOp};

fn tensor(view: bool) -> Type {
    Type::Tensor(Tensor { elem: Box::new(float()), rank: Some(2), view })
}

fn reference(mutable: bool) -> Type {
    Type::Ref { mutable, inner: Box::new(tensor(false)) }
}

fn tensor_temp(b: &mut Build, name: &str, op: Op) -> VarId {
    let var = b.fresh(name, tensor(false), Origin::Temp);
    b.push(Stmt::Let { var, op });
    var
}

fn dot(args: Vec<Arg>) -> Op {
    let row = crate::rules::tensor::row("dot").expect("`dot` has a row");
    Op::Intrinsic(Intrinsic { row, args, path: None, span: proc_macro2::Span::call_site() })
}

#[test]
fn operators_borrow_what_has_a_name() {
    let mut b = Build::new();
    let w = b.param("w", reference(false), Passing::Shared);
    let x = b.param("x", tensor(false), Passing::Value);
    let content = |root| at(root, vec![Proj::Deref]);
    let product = tensor_temp(&mut b, "p", dot(vec![Arg::Shared(content(w)), Arg::Shared(Place::var(x))]));
    let sum = tensor_temp(&mut b, "s", Op::Binary(BinOp::Add, var(product), var(x)));
    let scaled = tensor_temp(&mut b, "t", Op::Binary(BinOp::Mul, constant(quote!(2.0)), var(x)));
    let negated = tensor_temp(&mut b, "n", Op::Unary(UnOp::Neg, var(x)));
    let all = tensor_temp(&mut b, "a", Op::Binary(BinOp::Div, var(scaled), var(negated)));
    let all = tensor_temp(&mut b, "b", Op::Binary(BinOp::Sub, var(sum), var(all)));
    check(&b.finish(Some(var(all))), "fn f(w: P, x: P) { rt::dot(w, &x) + &x - 2.0 * &x / -&x }");
}

#[test]
fn maps_and_element_loops() {
    let mut b = Build::new();
    let a = b.param("a", reference(false), Passing::Shared);
    let c = b.param("c", tensor(false), Passing::Value);
    let a_bar = b.param("a_bar", reference(true), Passing::Mut);
    let c_bar = b.param("c_bar", Type::Slot(Box::new(tensor(false))), Passing::Value);
    let content = |root| at(root, vec![Proj::Deref]);
    let elem = |b: &mut Build, name: &str| b.fresh(name, float(), Origin::User);
    let square = |b: &mut Build, v: VarId| b.block(|b| Some(var(b.binary(BinOp::Mul, var(v), var(v)))));

    let (v, y) = (elem(&mut b, "v"), b.fresh("y", tensor(false), Origin::User));
    let body = square(&mut b, v);
    b.push(Stmt::Map { dest: y, inputs: vec![MapInput { elem: v, of: content(a) }], body });

    let (v, u) = (elem(&mut b, "v"), elem(&mut b, "u"));
    let z = b.fresh("z", tensor(false), Origin::User);
    let body = b.block(|b| Some(var(b.binary(BinOp::Mul, var(v), var(u)))));
    let inputs = vec![MapInput { elem: v, of: Place::var(y) }, MapInput { elem: u, of: content(a) }];
    b.push(Stmt::Map { dest: z, inputs, body });

    for target in [content(a_bar), Place::var(c_bar)] {
        let v = elem(&mut b, "v");
        let out = b.fresh("out", Type::Ref { mutable: true, inner: Box::new(float()) }, Origin::Derived);
        let body = b.block(|b| {
            b.accumulate(at(out, vec![Proj::Deref]), v);
            b.accumulate(at(out, vec![Proj::Deref]), v);
            None
        });
        let inputs = vec![MapInput { elem: v, of: Place::var(c) }];
        b.push(Stmt::ForEach { outputs: vec![MapInput { elem: out, of: target }], inputs, body });
    }
    check(
        &b.finish(Some(var(z))),
        "fn f(a: P, c: P, a_bar: P, mut c_bar: P) {
            let y = rt::kept(a.mapv(|v| v * v));
            let z = rt::ndarray::Zip::from(&*y).and(a).map_collect(|&v, &u| v * u);
            rt::ndarray::Zip::from(&mut *a_bar).and(&c).for_each(|out, &v| { *out += v; *out += v; });
            if let Some(c_bar) = c_bar.as_deref_mut() {
                rt::ndarray::Zip::from(&mut *c_bar).and(&c).for_each(|out, &v| { *out += v; *out += v; });
            }
            z
        }",
    );
}
