use super::*;
use crate::ir::{Const, UnOp};

fn boolean(value: bool) -> Operand {
    Operand::Const(Const { tokens: if value { quote!(true) } else { quote!(false) }, ty: Type::Bool })
}

fn lit(tokens: TokenStream) -> Operand {
    constant(tokens)
}

#[test]
fn lazy_operators_come_back() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let positive = b.binary(BinOp::Gt, var(x), lit(quote!(0.0)));
    let both = b.fresh("both", Type::Bool, Origin::Temp);
    let then = b.block(|b| {
        let small = b.binary(BinOp::Lt, var(x), lit(quote!(1.0)));
        Some(var(small))
    });
    let els = Block { stmts: Vec::new(), result: Some(boolean(false)) };
    b.push(Stmt::If { dest: Some(both), cond: var(positive), then, els });
    let y = b.fresh("y", float(), Origin::User);
    let then = Block { stmts: Vec::new(), result: Some(var(x)) };
    let els = b.block(|b| {
        let negative = b.temp("negative", Op::Unary(UnOp::Neg, var(x)));
        Some(var(negative))
    });
    b.push(Stmt::If { dest: Some(y), cond: var(both), then, els });
    check(&b.finish(Some(var(y))), "fn f(x: P) { let y = if x > 0.0 && x < 1.0 { x } else { -x }; y }");
}

#[test]
fn empty_branches_are_left_out() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let y = b.memory("y", Some(var(x)), Origin::User);
    for (has_then, has_else) in [(true, false), (false, true), (false, false)] {
        let cond = b.binary(BinOp::Gt, var(x), lit(quote!(0.0)));
        let set = |b: &mut Build, does: bool| {
            b.block(|b| {
                if does {
                    b.push(Stmt::Assign { place: Place::var(y), value: lit(quote!(1.0)) });
                }
                None
            })
        };
        let (then, els) = (set(&mut b, has_then), set(&mut b, has_else));
        b.push(Stmt::If { dest: None, cond: var(cond), then, els });
    }
    let y = b.read("y", Place::var(y));
    check(
        &b.finish(Some(var(y))),
        "fn f(x: P) { let mut y = x; if x > 0.0 { y = 1.0; } if !(x > 0.0) { y = 1.0; } y }",
    );
}

#[test]
fn iterators_mirror_their_patterns() {
    let mut b = Build::new();
    let xs = b.param("xs", slice(false), Passing::Shared);
    let xs_bar = b.param("xs_bar", slice(true), Passing::Mut);
    let n = b.param("n", int(), Passing::Value);
    let reference = |mutable| Type::Ref { mutable, inner: Box::new(float()) };
    let i = b.fresh("i", int(), Origin::User);
    let element = b.fresh("element", reference(false), Origin::Temp);
    let v_bar = b.fresh("v_bar", reference(true), Origin::Derived);
    let lo = Operand::Const(Const { tokens: quote!(0), ty: Type::Int(None) });
    let range = Iter::Range { var: i, lo, hi: var(n), inclusive: false };
    let of = |root| at(root, vec![Proj::Deref]);
    let elements = Iter::Elements { var: element, of: of(xs), mutable: false };
    let cotangents = Iter::Elements { var: v_bar, of: of(xs_bar), mutable: true };
    let pairs = Iter::Zip(Box::new(range), Box::new(elements));
    let iter = Iter::Rev(Box::new(Iter::Zip(Box::new(pairs), Box::new(cotangents))));
    let id = b.scope();
    let body = b.block(|b| {
        let v = b.user("v", Op::Read(of(element)));
        let factor = b.temp("factor", Op::Cast(var(i), quote!(f64)));
        let product = b.binary(BinOp::Mul, var(v), var(factor));
        b.accumulate(of(v_bar), product);
        None
    });
    b.push(Stmt::For { id, iter, body });
    check(
        &b.finish(None),
        "fn f(xs: P, xs_bar: P, n: P) {
            for ((i, &v), v_bar) in (0..n).zip(xs.iter()).zip(xs_bar.iter_mut()).rev() {
                *v_bar += v * i as f64;
            }
        }",
    );
}

#[test]
fn labels_appear_where_an_inner_exit_needs_them() {
    let mut b = Build::new();
    let n = b.param("n", int(), Passing::Value);
    let (outer, inner) = (b.function.fresh_scope(Some("rows".into())), b.scope());
    let header = |b: &mut Build| {
        b.block(|b| {
            let more = b.binary(BinOp::Gt, var(n), lit(quote!(0)));
            Some(var(more))
        })
    };
    let outer_header = header(&mut b);
    let inner_header = header(&mut b);
    let inner_body = b.block(|b| {
        b.push(Stmt::Continue { target: outer });
        None
    });
    let outer_body = b.block(|b| {
        b.push(Stmt::While { id: inner, header: inner_header, body: inner_body });
        b.push(Stmt::Break { target: outer, value: None });
        None
    });
    b.push(Stmt::While { id: outer, header: outer_header, body: outer_body });
    check(&b.finish(None), "fn f(n: P) { 'rows: while n > 0 { while n > 0 { continue 'rows; } break; } }");
}

#[test]
fn tape_and_reader() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let tape_ty = || Type::Tape(Box::new(float()));
    let tape = b.fresh("tape", tape_ty(), Origin::Derived);
    b.push(Stmt::Let { var: tape, op: Op::NewTape });
    let y = b.memory("y", Some(var(x)), Origin::User);
    let old = b.read("old", Place::var(y));
    b.push(Stmt::Push { tape, value: var(old) });
    b.push(Stmt::Assign { place: Place::var(y), value: lit(quote!(2.0)) });
    let reader = b.fresh("reader", tape_ty(), Origin::Derived);
    b.push(Stmt::Let { var: reader, op: Op::Rewind(tape) });
    let popped = b.temp("popped", Op::Pop(reader));
    let again = b.temp("again", Op::Pop(reader));
    let difference = b.binary(BinOp::Sub, var(again), var(popped));
    check(
        &b.finish(Some(var(difference))),
        "fn f(x: P) {
            let mut tape = rt::NumberTape::new();
            let mut y = x;
            tape.push(y);
            y = 2.0;
            let reader = &mut tape.reader();
            let popped = *reader.pop();
            *reader.pop() - popped
        }",
    );
}

#[test]
fn a_slot_is_filled_only_if_it_is_there() {
    let mut b = Build::new();
    let x = b.param("x", float(), Passing::Value);
    let n = b.param("n", int(), Passing::Value);
    let scalar_slot = b.param("x_bar", Type::Slot(Box::new(float())), Passing::Value);
    let slice_slot = b.param("v_bar", Type::Slot(Box::new(Type::Slice(Box::new(float())))), Passing::Value);
    let reader = b.param("reader", Type::Unknown, Passing::Value);
    let double = b.binary(BinOp::Mul, var(x), lit(quote!(2.0)));
    b.accumulate(Place::var(scalar_slot), double);
    b.accumulate(Place::var(scalar_slot), x);
    b.count("i", var(n), false, |b, i| {
        let saved = b.temp("saved", Op::Pop(reader));
        b.accumulate(at(slice_slot, vec![Proj::Index(var(i))]), saved);
    });
    b.count("i", var(n), false, |b, i| b.accumulate(at(slice_slot, vec![Proj::Index(var(i))]), x));
    check(
        &b.finish(None),
        "fn f(x: P, n: P, mut x_bar: P, mut v_bar: P, mut reader: P) {
            if let Some(x_bar) = x_bar.as_deref_mut() {
                *x_bar += x * 2.0;
                *x_bar += x;
            }
            for i in 0..n {
                let saved = *reader.pop();
                if let Some(v_bar) = v_bar.as_deref_mut() {
                    v_bar[i] += saved;
                }
            }
            if let Some(v_bar) = v_bar.as_deref_mut() {
                for i in 0..n {
                    v_bar[i] += x;
                }
            }
        }",
    );
}

#[test]
fn a_header_sees_what_pends_outside() {
    let mut b = Build::new();
    let n = b.param("n", int(), Passing::Value);
    let limit = b.temp("limit", Op::Use(var(n)));
    let header = b.block(|b| {
        let more = b.binary(BinOp::Gt, var(limit), lit(quote!(0)));
        Some(var(more))
    });
    let body = b.block(|b| {
        b.push(Stmt::Return { value: Some(var(limit)) });
        None
    });
    let id = b.scope();
    b.push(Stmt::While { id, header, body });
    check(&b.finish(None), "fn f(n: P) { while n > 0 { return n; } }");
}
