//! Tensor operations on ndarray's types.
//!
//! `bar` is the contribution to an argument's cotangent, added with `rt::accumulate`, which sums over the axes that
//! the argument was broadcast along; `dot` is the contribution to the result's tangent.

use super::{Derivative, Form, Row, TensorTerm};

/// The row of a method on an ndarray array, by name.
pub(crate) fn row(name: &str) -> Option<&'static Row> {
    METHODS.iter().chain(CONSTRUCTORS).find(|row| row.name == name)
}

/// The row of a function of the runtime that occurs in the forward derivatives of others.
pub(crate) fn helper(name: &str) -> Option<&'static Row> {
    HELPERS.iter().chain([&JOINED]).find(|row| row.name == name)
}

/// The row of an operator between two operands of which at least one is an array.
pub(crate) fn operator(name: &str) -> Option<&'static Row> {
    OPERATORS.iter().find(|row| row.name == name)
}

const fn term(bar: &'static str, dot: &'static str) -> Option<TensorTerm> {
    Some(TensorTerm { bar, into: None, dot, same_shape: false })
}

const fn same_shape(bar: &'static str, dot: &'static str) -> Option<TensorTerm> {
    Some(TensorTerm { bar, into: None, dot, same_shape: true })
}

const fn method(name: &'static str, args: &'static [&'static str], terms: &'static [Option<TensorTerm>]) -> Row {
    Row { name, form: Form::Method, args, cost: 1000, derivative: Derivative::Tensor(terms) }
}

const fn runtime(name: &'static str, args: &'static [&'static str], terms: &'static [Option<TensorTerm>]) -> Row {
    Row { name, form: Form::Runtime, args, cost: 1000, derivative: Derivative::Tensor(terms) }
}

static METHODS: &[Row] = &[
    runtime(
        "dot",
        &["a", "b"],
        &[
            Some(TensorTerm {
                bar: "rt::dot_lhs_bar(&y_bar, &b)",
                into: Some(("accumulate_dot_lhs_bar", ["y_bar", "b"])),
                dot: "rt::dot(&a_dot, &b)",
                same_shape: true,
            }),
            Some(TensorTerm {
                bar: "rt::dot_rhs_bar(&a, &y_bar)",
                into: Some(("accumulate_dot_rhs_bar", ["a", "y_bar"])),
                dot: "rt::dot(&a, &b_dot)",
                same_shape: true,
            }),
        ],
    ),
    method("t", &["a"], &[same_shape("y_bar.t()", "a_dot.t()")]),
    method("view", &["a"], &[same_shape("y_bar", "a_dot.view()")]),
    method("sum", &["a"], &[term("y_bar", "a_dot.sum()")]),
    runtime("mean", &["a"], &[term("y_bar / rt::count(&a)", "rt::mean(&a_dot)")]),
    method("sum_axis", &["a", "axis"], &[term("rt::expand_axis(&y_bar, axis)", "a_dot.sum_axis(axis)"), None]),
    runtime(
        "mean_axis",
        &["a", "axis"],
        &[term("rt::mean_axis_bar(&y_bar, &a, axis)", "rt::mean_axis(&a_dot, axis)"), None],
    ),
    // Views of a part: what is added to the cotangent is added to that part only.
    method("row", &["a", "i"], &[term("rt::part_bar(&y_bar, 0, i)", "a_dot.row(i)"), None]),
    method("column", &["a", "i"], &[term("rt::part_bar(&y_bar, 1, i)", "a_dot.column(i)"), None]),
    method(
        "index_axis",
        &["a", "axis", "i"],
        &[term("rt::part_bar(&y_bar, axis, i)", "a_dot.index_axis(axis, i)"), None, None],
    ),
    runtime("var", &["a", "ddof"], &[term("rt::var_bar(&a, y_bar, ddof)", "rt::var_dot(&a, &a_dot, ddof)"), None]),
    runtime(
        "std",
        &["a", "ddof"],
        &[term("rt::std_bar(&a, y, y_bar, ddof)", "rt::var_dot(&a, &a_dot, ddof) * rt::root_slope(y)"), None],
    ),
    runtime(
        "var_axis",
        &["a", "axis", "ddof"],
        &[
            same_shape("rt::var_axis_bar(&a, &y_bar, axis, ddof)", "rt::var_axis_dot(&a, &a_dot, axis, ddof)"),
            None,
            None,
        ],
    ),
    runtime(
        "std_axis",
        &["a", "axis", "ddof"],
        &[
            same_shape(
                "rt::std_axis_bar(&a, &y, &y_bar, axis, ddof)",
                "rt::var_axis_dot(&a, &a_dot, axis, ddof) * rt::root_slopes(&y)",
            ),
            None,
            None,
        ],
    ),
    runtime(
        "insert_axis",
        &["a", "axis"],
        &[same_shape("rt::without_axis(&y_bar, axis)", "rt::insert_axis(&a_dot, axis)"), None],
    ),
    runtime(
        "permuted_axes",
        &["a", "axes"],
        &[same_shape("rt::permuted_axes_bar(&y_bar, axes)", "rt::permuted_axes(&a_dot, axes)"), None],
    ),
    runtime(
        "select",
        &["a", "axis", "numbers"],
        &[same_shape("rt::select_bar(&y_bar, &a, axis, numbers)", "rt::select(&a_dot, axis, numbers)"), None, None],
    ),
    runtime("broadcast_to", &["a", "shape"], &[term("y_bar", "rt::broadcast_like(&a_dot, &y)"), None]),
    runtime("into_dyn", &["a"], &[same_shape("rt::reshaped_like(&a, &y_bar)", "rt::into_dyn(&a_dot)")]),
    runtime("reversed_axes", &["a"], &[same_shape("y_bar.t()", "rt::reversed_axes(&a_dot)")]),
    runtime(
        "swapped_axes",
        &["a", "i", "j"],
        &[same_shape("rt::swapped_axes(&y_bar, i, j)", "rt::swapped_axes(&a_dot, i, j)"), None, None],
    ),
    runtime(
        "inverted_axis",
        &["a", "axis"],
        &[same_shape("rt::inverted_axis(&y_bar, axis)", "rt::inverted_axis(&a_dot, axis)"), None],
    ),
    runtime(
        "remove_axis",
        &["a", "axis"],
        &[term("rt::part_bar(&y_bar, axis, 0)", "rt::remove_axis(&a_dot, axis)"), None],
    ),
    runtime(
        "index_axis_move",
        &["a", "axis", "i"],
        &[term("rt::part_bar(&y_bar, axis, i)", "rt::index_axis_move(&a_dot, axis, i)"), None, None],
    ),
    runtime("tril", &["a", "k"], &[same_shape("rt::tril(&y_bar, k)", "rt::tril(&a_dot, k)"), None]),
    runtime("triu", &["a", "k"], &[same_shape("rt::triu(&y_bar, k)", "rt::triu(&a_dot, k)"), None]),
    runtime(
        "cumprod",
        &["a", "axis"],
        &[same_shape("rt::cumprod_bar(&a, &y, &y_bar, axis)", "rt::cumprod_dot(&a, &y, &a_dot, axis)"), None],
    ),
    runtime(
        "product_axis",
        &["a", "axis"],
        &[same_shape("rt::product_axis_bar(&a, &y_bar, axis)", "rt::product_axis_dot(&a, &a_dot, axis)"), None],
    ),
    runtime(
        "diff",
        &["a", "n", "axis"],
        &[same_shape("rt::diff_bar(&y_bar, n, axis)", "rt::diff(&a_dot, n, axis)"), None, None],
    ),
    method("diag", &["a"], &[term("rt::diag_bar(&y_bar)", "a_dot.diag()")]),
    method("slice", &["a", "info"], &[term("rt::slice_bar(&y_bar, info)", "a_dot.slice(info)"), None]),
];

/// Functions of the runtime that make arrays.
static CONSTRUCTORS: &[Row] = &[
    runtime("from_elem", &["shape", "x"], &[None, term("y_bar", "rt::filled_like(&y, x_dot)")]),
    runtime("from_diag", &["diagonal"], &[same_shape("rt::diagonal(&y_bar)", "rt::from_diag(&diagonal_dot)")]),
    runtime("array_from", &["list"], &[term("rt::listed(&y_bar)", "rt::array_from(&list_dot)")]),
    runtime("shaped", &["shape", "list"], &[None, term("rt::listed(&y_bar)", "rt::shaped_like(&y, &list_dot)")]),
    runtime(
        "reshaped",
        &["a", "shape"],
        &[same_shape("rt::reshaped_like(&a, &y_bar)", "rt::reshaped_like(&y, &a_dot)"), None],
    ),
];

/// What occurs in the forward derivatives of the others. The tangent of a variance, `sum((a - mean(a)) * u)` times a constant,
/// is symmetric in `a` and `u`.
static HELPERS: &[Row] = &[
    runtime(
        "var_dot",
        &["a", "u", "ddof"],
        &[
            same_shape("rt::var_bar(&u, y_bar, ddof)", "rt::var_dot(&a_dot, &u, ddof)"),
            same_shape("rt::var_bar(&a, y_bar, ddof)", "rt::var_dot(&a, &u_dot, ddof)"),
            None,
        ],
    ),
    runtime(
        "var_axis_dot",
        &["a", "u", "axis", "ddof"],
        &[
            same_shape("rt::var_axis_bar(&u, &y_bar, axis, ddof)", "rt::var_axis_dot(&a_dot, &u, axis, ddof)"),
            same_shape("rt::var_axis_bar(&a, &y_bar, axis, ddof)", "rt::var_axis_dot(&a, &u_dot, axis, ddof)"),
            None,
            None,
        ],
    ),
    runtime(
        "root_slopes",
        &["root"],
        &[same_shape("y_bar * rt::root_slope_slopes(&root)", "root_dot * rt::root_slope_slopes(&root)")],
    ),
    runtime("broadcast_like", &["a", "like"], &[term("y_bar", "rt::broadcast_like(&a_dot, &like)"), None]),
    runtime(
        "cumprod_dot",
        &["a", "products", "u", "axis"],
        &[
            same_shape("rt::cumprod_rest_bar(&a, &y, &y_bar, axis)", "rt::cumprod_rest(&a, &y, &a_dot, axis)"),
            same_shape(
                "rt::cumprod_dot_products_bar(&a, &u, &y_bar, axis)",
                "rt::cumprod_rest(&a, &products_dot, &u, axis)",
            ),
            same_shape("rt::cumprod_bar(&a, &products, &y_bar, axis)", "rt::cumprod_dot(&a, &products, &u_dot, axis)"),
            None,
        ],
    ),
    runtime(
        "product_axis_dot",
        &["a", "u", "axis"],
        &[
            same_shape(
                "rt::product_axis_dot_bar(&a, &u, &y_bar, axis)",
                "rt::product_axis_dot_dot(&a, &u, &a_dot, axis)",
            ),
            same_shape("rt::product_axis_bar(&a, &y_bar, axis)", "rt::product_axis_dot(&a, &u_dot, axis)"),
            None,
        ],
    ),
    runtime("filled_like", &["like", "x"], &[None, term("y_bar", "rt::filled_like(&like, x_dot)")]),
    runtime("shaped_like", &["like", "list"], &[None, term("rt::listed(&y_bar)", "rt::shaped_like(&like, &list_dot)")]),
    runtime(
        "reshaped_like",
        &["like", "a"],
        &[None, same_shape("rt::reshaped_like(&a, &y_bar)", "rt::reshaped_like(&like, &a_dot)")],
    ),
];

/// The two arrays that `concatenate!` puts behind each other.
pub(crate) static JOINED: Row = runtime(
    "joined",
    &["a", "b", "axis"],
    &[
        same_shape("rt::joined_first(&a, &y_bar, axis)", "rt::joined(&a_dot, &rt::zeros_like(&b), axis)"),
        same_shape("rt::joined_second(&b, &y_bar, axis)", "rt::joined(&rt::zeros_like(&a), &b_dot, axis)"),
        None,
    ],
);

static OPERATORS: &[Row] = &[
    method("add", &["a", "b"], &[term("y_bar", "a_dot"), term("y_bar", "b_dot")]),
    method("sub", &["a", "b"], &[term("y_bar", "a_dot"), term("-y_bar", "-b_dot")]),
    method("mul", &["a", "b"], &[term("y_bar * b", "a_dot * b"), term("y_bar * a", "a * b_dot")]),
    method("div", &["a", "b"], &[term("y_bar / b", "a_dot / b"), term("-y_bar * y / b", "-y * b_dot / b")]),
    // `a - y` is a whole multiple of `b`.
    method("rem", &["a", "b"], &[term("y_bar", "a_dot"), term("-y_bar * ((a - y) / b)", "-((a - y) / b) * b_dot")]),
    method("neg", &["a"], &[same_shape("-y_bar", "-a_dot")]),
];
