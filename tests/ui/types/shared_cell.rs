use differentiable::differentiable;
use std::cell::RefCell;
use std::rc::Rc;

#[differentiable]
fn f(total: Rc<RefCell<f64>>, x: f64) -> f64 {
    *total.borrow_mut() += x;
    *total.borrow() * x
}

fn main() {}
