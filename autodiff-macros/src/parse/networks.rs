//! What the functions of the runtime's module `nn` give, by their names. Of other functions nothing is known here; a wrong
//! guess is an error of the compiler, never a wrong derivative.

use crate::analysis::types::{owned, strip_refs};
use crate::ir::{Tensor, Type};

/// The type of a call's value: `of_module` says that the path of the function ends in `nn::name`.
pub(super) fn result(name: &str, of_module: bool, args: &[Type]) -> Type {
    let array = |at: usize| match args.get(at).map(strip_refs) {
        Some(Type::Tensor(tensor)) => Some(tensor),
        _ => None,
    };
    let Some(first) = array(0) else { return Type::Unknown };
    let with_rank = |rank: Option<usize>| Type::Tensor(Tensor { elem: first.elem.clone(), rank, view: false });
    let like = |at: usize| array(at).map_or(Type::Unknown, |tensor| owned(&Type::Tensor(tensor.clone())));
    if keeps_the_axes(name) {
        return like(0);
    }
    if !of_module {
        return Type::Unknown;
    }
    match name {
        "linear" | "dropout" | "embedding" | "attention" | "batch_matmul" | "gather" | "scatter_add" | "choose"
        | "sort" | "tril" | "triu" | "cumsum" | "inverse" | "cholesky" | "huber" | "smooth_l1" => like(0),
        "absolute_error" | "squared_error" | "huber_error" | "binary_cross_entropy_with_logits_error" => like(0),
        "solve" | "gru_cell" => like(1),
        "lstm_cell" => Type::Tuple(vec![like(1), like(2)]),
        "max_axis" | "min_axis" | "norm_axis" | "prod_axis" => {
            with_rank(first.rank.and_then(|rank| rank.checked_sub(1)))
        }
        "flatten" | "outer" | "einsum2" => with_rank(Some(2)),
        "cosine_similarity" | "cross_entropy_terms" | "einsum1" => with_rank(Some(1)),
        "einsum3" => with_rank(Some(3)),
        "einsum4" => with_rank(Some(4)),
        "mse"
        | "l1_loss"
        | "huber_loss"
        | "kl_div"
        | "hinge_loss"
        | "binary_cross_entropy"
        | "cross_entropy"
        | "binary_cross_entropy_with_logits"
        | "nll_loss"
        | "cross_entropy_with"
        | "soft_cross_entropy"
        | "determinant"
        | "log_determinant" => (*first.elem).clone(),
        _ => Type::Unknown,
    }
}

/// Functions of these names give an array with as many axes as their first argument, whosever they are.
fn keeps_the_axes(name: &str) -> bool {
    const ACTIVATIONS: [&str; 15] = [
        "relu",
        "leaky_relu",
        "gelu",
        "gelu_tanh",
        "silu",
        "elu",
        "selu",
        "mish",
        "hardtanh",
        "log_sigmoid",
        "softplus",
        "sigmoid",
        "tanh",
        "softmax",
        "log_softmax",
    ];
    const LAYERS: [&str; 15] = [
        "add_bias",
        "conv1d",
        "conv2d",
        "conv_transpose1d",
        "conv_transpose2d",
        "max_pool1d",
        "max_pool2d",
        "avg_pool1d",
        "avg_pool2d",
        "adaptive_avg_pool2d",
        "adaptive_max_pool2d",
        "batch_norm",
        "layer_norm",
        "group_norm",
        "rms_norm",
    ];
    ACTIVATIONS.contains(&name) || LAYERS.contains(&name)
}
