//! The attribute macro of the `differentiable` crate, which re-exports it.

mod aliases;
mod analysis;
mod bits;
mod borrowed;
mod by_example;
mod callable;
mod configure;
mod converted;
mod declarations;
mod definitions;
mod derive;
mod diagnostics;
mod emit;
mod expand;
mod foreign;
#[cfg(test)]
mod golden;
mod groups;
mod hygiene;
mod inert;
mod ir;
mod lending;
mod moved;
mod nearby;
mod operator_types;
mod options;
mod owner;
mod parse;
mod projections;
mod reach;
mod referents;
mod rules;
mod sequences;
mod site;
mod sized;
mod source;
mod transform;

use proc_macro::TokenStream;

/// Generates the derivatives of a function at compile time, as plain Rust.
///
/// The function stays as it is. Beside it appears its *companion*, a type of the same name whose associated functions
/// are the derivatives: `f::grad`, `f::value_and_grad`, `f::value_and_grad_into`, `f::vjp`, `f::jvp`, and the constant
/// `f::GRAPH`.
///
/// | option | meaning |
/// | --- | --- |
/// | `wrt(a, b)` | differentiate with respect to these parameters only |
/// | `wrt(model.head)` | of a parameter `&Model`, the field only: the rest is taken as constant |
/// | `hvp` | `f::hvp(x, v)`, the Hessian times a vector |
/// | `hessian` | the same and `f::hessian(x)`, a matrix over all numbers of the parameters |
/// | `jacobian` | `f::jacobian(x)`, a matrix of all numbers of the result by all numbers of the parameters |
/// | `lanes` | `f::lanes_jvp(x, x_dot)` and `f::lanes_vjp(x)`: several directions at once, for numbers and lists of them |
/// | `sparse` | `f::sparsity(x)` and `f::sparse_jacobian(x, &pattern)`; of a number `f::hessian_sparsity(x)` and `f::sparse_hessian(x, &pattern)` |
/// | `order = n` | derivatives up to this order: `f::derivatives(x)` for a function of one number, and what functions with `hvp` need that call this one |
/// | `vjp = rule`, `jvp = rule` | the derivatives are those of the rule, a function with the signature of `f::vjp` or `f::jvp` |
/// | `root_of = equation` | the result is the solution `x` of `equation(x, parameters..) = 0`, an annotated function: derivatives by the implicit function theorem |
/// | `no_alloc` | an error where the derivatives would need an allocator |
/// | `gradcheck`, `gradcheck(x = 2.0..3.0, n = 5)` | a test named `f_gradcheck`, which calls `gradcheck!` with sampled or given arguments |
/// | `anomaly` | the first number that is not finite panics with the operation, the variable and the place in the source; the feature `anomaly` does so for all functions. Numbers whose type is a type parameter are not looked at |
/// | `checkpoint` | a call in another function keeps the arguments only, and its pullback runs the function again |
/// | `checkpoint(sqrt)`, `checkpoint(binomial, slots = n)` | the function's only loop holds few of its states; also as an attribute before a loop, `#[checkpoint(sqrt)]` |
/// | `companion = name` | another name for the companion, where the function's own is taken by a module or type |
/// | `crate = path` | where the crate `differentiable` is found |
/// | `boxed` | the pullback is a `Box<dyn Fn>`: for functions that call each other recursively |
/// | `trait` | on an `impl`: its trait is annotated in another crate, so that the derivatives are members of it |
/// | `inherent` | on an `impl` of a trait: the derivatives are functions of the type all the same |
/// | `sized` | on a trait: there are no derivatives through `dyn Trait` |
///
/// Before an `impl` of a trait the macro reads in the crate's source files whether the trait is annotated: then the
/// derivatives are further members of the trait, and otherwise functions of the type.
#[proc_macro_attribute]
pub fn differentiable(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let site = site(&item);
    let (attribute, item) = (attribute.into(), groups::made_visible(item.into()));
    configure::split(&attribute, &item).unwrap_or_else(|| expand::expand(attribute, item, site)).into()
}

/// Gives derivatives to a function that cannot be annotated, since its source belongs to others.
///
/// The annotated function is the *rule*: it takes the parameters of the function that the path names, and returns its
/// value and its partial derivatives. One parameter has its derivative bare, `(f64, f64)`; several have a tuple,
/// `(f64, (f64, f64))`. Integers and `bool`s among the parameters have none.
///
/// Beside the rule appears the companion of the function, under the last name of the path. Import the companion
/// together with the function, and calls of it are differentiated as if it were annotated. In the file of the rule, calls
/// by the path that the rule names find it as well. The function itself is
/// called as before; that the rule returns the same value can be checked with `gradcheck!`, as can its derivatives.
///
/// | option | meaning |
/// | --- | --- |
/// | `order = 2` | second derivatives as well: the rule is annotated itself, with `#[differentiable]` below this attribute |
/// | `companion = name` | another name for the companion: the one by which the function is imported |
/// | `crate = path` | where the crate `differentiable` is found |
#[proc_macro_attribute]
pub fn derivative_of(attribute: TokenStream, item: TokenStream) -> TokenStream {
    foreign::expand(attribute.into(), groups::made_visible(item.into())).into()
}

/// Where the item stands in its file.
fn site(item: &TokenStream) -> Option<site::Site> {
    let span = item.clone().into_iter().next()?.span();
    Some(site::Site { path: span.local_file()?, line: span.line(), column: span.column() })
}

/// Gives a struct or an enum a tangent type: where derivatives with respect to its fields are kept.
///
/// For `struct Spring` it writes `struct SpringTangent` with the same visibility and the fields that may carry a
/// derivative, under the same names. It implements
///
/// - `Differentiable` for the type: `spring.zero_tangent()`;
/// - `Tangent` for the tangent: `neutral`, `accumulate`, `scale`, `inner_product`, `fill_zero`, and with it `Clone`,
///   `Debug`, `PartialEq` and `Default`;
/// - `Leaves` for both, with which optimizers change structs of parameters, and which names every number
///   (`layer1.0.weight`).
///
/// | field | in the tangent |
/// | --- | --- |
/// | `f32`, `f64`, arrays, `Vec`s, tuples and `Option`s of them, arrays of `ndarray` | the same type |
/// | another type `F` | `<F as Differentiable>::Tangent` |
/// | integers, `bool`, `char`, `String`, `&str`, `PhantomData`, function pointers, containers of them | left out |
/// | `#[nograd]` before it | left out: it counts as constant |
/// | `#[buffer]` before it | left out too, but saved in files under its name, like running statistics |
///
/// In a tuple struct, what is left out keeps its position as `()`. The tangent of a type without any field is `()`.
///
/// An enum `Shape` gets `enum ShapeTangent` with the variants that hold a derivative, and `Zero`, the zero of every
/// variant. Adding tangents of different variants panics.
///
/// A generic type is differentiable where the types of its fields are. A type may contain itself.
///
/// `#[differentiable(crate = path)]` below the derive says where the crate `differentiable` is found.
#[proc_macro_derive(Differentiable, attributes(nograd, buffer, differentiable))]
pub fn derive_differentiable(item: TokenStream) -> TokenStream {
    let site = site(&item);
    derive::expand(item.into(), site.as_ref()).into()
}
