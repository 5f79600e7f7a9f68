#!/usr/bin/env python3
"""Writes nn.json: values and gradients of the functions of `nn`, computed by PyTorch in double precision.

Usage: python3 nn.py > nn.json
"""

import torch
import torch.nn.functional as F
from recording import CASES, case, normal, positive, tensor, write


def activations():
    x = torch.tensor([-800.0, -30, -5, -1, -0.25, 0, 0.25, 0.75, 1, 3, 20, 30, 800])
    functions = {
        "relu": F.relu,
        "sigmoid": F.sigmoid,
        "tanh": F.tanh,
        # PyTorch is the identity above a threshold, 20 by default, where that is not yet exact.
        "softplus": lambda x: F.softplus(x, threshold=40),
        "gelu": F.gelu,
        "silu": F.silu,
        "elu": F.elu,
        "selu": F.selu,
        "mish": F.mish,
        "hardtanh": F.hardtanh,
        "log_sigmoid": F.logsigmoid,
    }
    for name, function in functions.items():
        case(name, function, x)
    case("leaky_relu", lambda x, s: torch.where(x > 0, x, s * x), x, torch.tensor(0.125))
    for name, function in {"softmax": F.softmax, "log_softmax": F.log_softmax}.items():
        case(f"{name} of rows", lambda x: function(x, dim=-1), normal(3, 4))
        case(f"{name} of stacks", lambda x: function(x, dim=-1), 300 * normal(2, 3, 4))


def along_axes():
    x = normal(3, 4, 2)
    for axis in range(3):
        case(f"cumsum {axis}", lambda x: x.cumsum(axis), x)
        case(f"norm_axis {axis}", lambda x: torch.linalg.vector_norm(x, dim=axis), x)
        # Equal numbers share the gradient.
        ties = torch.tensor([1.0, 2, 2, 0, 2, 1, 0, 0, 1, 1, 1, 2] * 2).reshape(3, 4, 2)
        case(f"max_axis {axis}", lambda x: x.amax(axis), ties)
        case(f"min_axis {axis}", lambda x: x.amin(axis), ties)


def layers():
    case("linear", F.linear, normal(3, 4), normal(2, 4), normal(2))
    rows = torch.tensor([1, 4, 1, 0, 1])
    case("embedding", lambda table: F.embedding(rows, table), normal(5, 3))
    case("batch_matmul", torch.matmul, normal(2, 2, 3, 4), normal(2, 2, 4, 2))
    q, k, v = normal(2, 2, 3, 4), normal(2, 2, 5, 4), normal(2, 2, 5, 3)
    attention = F.scaled_dot_product_attention
    case("attention", attention, q, k, v)
    case("attention causal", lambda q, k, v: attention(q, k, v, is_causal=True), q, k, v)
    case("attention causal of many queries", lambda q, k, v: attention(q, k, v, is_causal=True), 40 * normal(1, 5, 2), normal(1, 3, 2), normal(1, 3, 2))
    n, i, h = 3, 2, 4
    def cell(gates, *states):
        return [normal(n, i), *states, normal(gates * h, i), normal(gates * h, h), normal(gates * h), normal(gates * h)]
    case("lstm_cell", lambda x, h, c, *w: torch.lstm_cell(x, (h, c), *w), *cell(4, normal(n, h), normal(n, h)))
    case("gru_cell", torch.gru_cell, *cell(3, normal(n, h)))


def norms():
    x, weight, bias = normal(3, 4, 2, 3), positive(4), normal(4)
    case("batch_norm training", lambda x, w, b: F.batch_norm(x, None, None, w, b, True), x, weight, bias)
    case("batch_norm of rows", lambda x, w, b: F.batch_norm(x, None, None, w, b, True), normal(5, 4), weight, bias)
    mean, variance = torch.tensor([0.5, -1, 0, 2]), torch.tensor([1.0, 0.5, 2, 4])
    case("batch_norm evaluation", lambda x, w, b: F.batch_norm(x, mean, variance, w, b, False), x, weight, bias)
    F.batch_norm(x, mean, variance, weight, bias, True)
    CASES["batch_norm running"] = {"outputs": [tensor(mean), tensor(variance)]}
    case("group_norm", lambda x, w, b: F.group_norm(x, 2, w, b, 1e-5), x, weight, bias)
    case("group_norm of channels", lambda x, w, b: F.group_norm(x, 4, w, b, 1e-3), x, weight, bias)
    case("layer_norm", lambda x, w, b: F.layer_norm(x, [3], w, b, 1e-5), x, positive(3), normal(3))
    case("rms_norm", lambda x, w: F.rms_norm(x, [3], w, 1e-6), x, positive(3))


def convolutions():
    conv = lambda **options: lambda x, w: F.conv2d(x, w, **options)
    case("conv2d", conv(), normal(2, 3, 5, 4), normal(4, 3, 3, 2))
    case("conv2d pixels", conv(stride=2), normal(2, 3, 5, 4), normal(4, 3, 1, 1))
    case("conv2d padding", conv(padding=1), normal(1, 2, 4, 5), normal(3, 2, 3, 3))
    case("conv2d stride", conv(stride=2, padding=1), normal(2, 2, 5, 6), normal(3, 2, 3, 3))
    case("conv2d dilation", conv(dilation=2, padding=2), normal(1, 2, 6, 5), normal(2, 2, 3, 3))
    case("conv2d groups", conv(groups=2, padding=1), normal(1, 4, 4, 4), normal(6, 2, 3, 3))
    case("conv2d depthwise", conv(groups=3, stride=2), normal(2, 3, 5, 5), normal(3, 1, 3, 3))
    case("conv2d uneven", conv(stride=(2, 1), padding=(0, 2), dilation=(1, 2)), normal(1, 2, 6, 4), normal(2, 2, 2, 3))
    case("conv1d", lambda x, w: F.conv1d(x, w, stride=2, padding=1, dilation=2), normal(2, 3, 9), normal(4, 3, 3))
    case("conv1d groups", lambda x, w: F.conv1d(x, w, groups=2), normal(2, 4, 6), normal(4, 2, 2))
    back = lambda **options: lambda x, w: F.conv_transpose2d(x, w, **options)
    case("conv_transpose2d", back(), normal(2, 3, 3, 4), normal(3, 2, 2, 3))
    case("conv_transpose2d stride", back(stride=2, padding=1, output_padding=1), normal(1, 3, 3, 3), normal(3, 2, 3, 3))
    case("conv_transpose2d groups", back(stride=2, groups=2, dilation=2), normal(1, 4, 3, 2), normal(4, 2, 2, 2))
    back1 = lambda x, w: F.conv_transpose1d(x, w, stride=3, padding=1, output_padding=2)
    case("conv_transpose1d", back1, normal(2, 3, 4), normal(3, 2, 4))
    case("add_bias", lambda x, b: x + b[:, None, None], normal(2, 3, 2, 2), normal(3))


def pools():
    # With equal numbers, of which the first is the largest.
    x = (normal(2, 2, 6, 5) * 2).round()
    case("max_pool2d", lambda x: F.max_pool2d(x, 2), x)
    case("max_pool2d overlapping", lambda x: F.max_pool2d(x, 3, stride=2, padding=1), x)
    case("avg_pool2d", lambda x: F.avg_pool2d(x, 2), x)
    case("avg_pool2d overlapping", lambda x: F.avg_pool2d(x, 3, stride=2, padding=1), x)
    case("adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, 1), x)
    case("adaptive_avg_pool2d uneven", lambda x: F.adaptive_avg_pool2d(x, (4, 3)), x)
    case("flatten", lambda x: x.flatten(1), x)


def losses():
    x, t = 2 * normal(3, 4), 2 * normal(3, 4)
    t[0, 0] = x[0, 0]
    for suffix, reduction in {"loss": "mean", "error": "none"}.items():
        case(f"squared_{suffix}", lambda x, t: F.mse_loss(x, t, reduction=reduction), x, t)
        case(f"absolute_{suffix}", lambda x, t: F.l1_loss(x, t, reduction=reduction), x, t)
        case(f"huber_{suffix}", lambda x, t: F.huber_loss(x, t, reduction=reduction), x, t)
        case(
            f"binary_cross_entropy_with_logits_{suffix}",
            lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction=reduction),
            20 * x,
            torch.rand(3, 4),
        )
    case("smooth_l1_loss", F.smooth_l1_loss, x, t)
    p = torch.tensor([0.0, 0.25, 0.5, 1e-3, 0.75, 1.0])
    # With respect to the target only inside, where PyTorch's formula has a derivative.
    case("binary_cross_entropy", F.binary_cross_entropy, p[1:5], torch.rand(4))
    q = torch.tensor([0.0, 0.25, 0.5, 0.0, 1.0, 1.0])
    case("binary_cross_entropy at the ends", lambda p: F.binary_cross_entropy(p, q), p)
    case("kl_div", lambda x, t: F.kl_div(x, t, reduction="mean"), normal(3, 4), positive(3, 4))
    signs = torch.tensor([[1.0, -1, 1, -1]] * 3)
    case("hinge_loss", lambda x: torch.clamp(1 - signs * x, min=0).mean(), x)
    case("cosine_similarity", lambda a, b: F.cosine_similarity(a, b, dim=1), normal(3, 4), normal(3, 4))
    labels = torch.tensor([2, 0, 3])
    case("cross_entropy", lambda x: F.cross_entropy(x, labels), 300 * x)
    case("nll_loss", lambda x: F.nll_loss(x, labels), x)


def options_of_losses():
    x, labels = normal(4, 5), torch.tensor([1, 4, 0, 1])
    loss = lambda **options: lambda x: F.cross_entropy(x, labels, **options)
    case("cross_entropy smoothed", loss(label_smoothing=0.2), x)
    case("cross_entropy ignoring", loss(ignore_index=1, label_smoothing=0.1), x)
    case("cross_entropy sum", loss(reduction="sum", label_smoothing=0.1), x)
    case("cross_entropy none", loss(reduction="none", ignore_index=0), x)
    case("cross_entropy of probabilities", F.cross_entropy, x, F.softmax(normal(4, 5), dim=1))
    a, b = normal(3, 4) * 2, normal(3, 4)
    case("huber", lambda a, b: F.huber_loss(a, b, delta=0.75, reduction="none"), a, b)
    case("smooth_l1", lambda a, b: F.smooth_l1_loss(a, b, beta=0.5, reduction="none"), a, b)


def choices():
    x, indices = normal(3, 4), torch.tensor([[2, 0], [1, 1], [3, 2]])
    case("gather 1", lambda x: x.gather(1, indices), x)
    case("gather 0", lambda x: x.gather(0, torch.tensor([[2, 0, 1, 1]])), x)
    case("scatter_add", lambda x, s: x.scatter_add(1, indices, s), x, normal(3, 2))
    mask = torch.tensor([[1, 0, 0, 1], [0, 1, 0, 1], [1, 1, 0, 0]]) > 0
    case("choose", lambda a, b: torch.where(mask, a, b), x, normal(3, 4))
    case("sort 0", lambda x: x.sort(0).values, x)
    case("sort 1", lambda x: x.sort(1).values, x)
    case("tril", lambda x: x.tril(1), x)
    case("triu", lambda x: x.triu(-1), x)
    case("prod_axis", lambda x: x.prod(1), torch.tensor([[1.0, 2, 3], [0, 4, 5], [0, 0, 2]]))
    case("einsum1", lambda a, b: torch.einsum("ij,ji->i", a, b), x, normal(4, 3))
    case("einsum2", lambda a, b: torch.einsum("bij,kj->bk", a, b), normal(2, 3, 4), normal(5, 4))
    case("einsum3", lambda a, b: torch.einsum("bij,bkj->bik", a, b), normal(2, 3, 4), normal(2, 5, 4))
    case("outer", torch.outer, normal(3), normal(4))


def factorisations():
    a = normal(3, 3)
    spd = a @ a.T + torch.eye(3)
    case("cholesky", torch.linalg.cholesky, spd)
    case("solve", torch.linalg.solve, a, normal(3, 2))
    case("solve a vector", torch.linalg.solve, a, normal(3))
    case("inverse", torch.linalg.inv, a)
    case("determinant", torch.linalg.det, a)
    case("log_determinant", lambda a: torch.linalg.slogdet(a).logabsdet, a)


def approximations_and_pools():
    case("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), torch.tensor([-30.0, -3, -1, -0.25, 0, 0.5, 2, 30]))
    x = (normal(2, 2, 5, 7) * 2).round()
    case("adaptive_max_pool2d", lambda x: F.adaptive_max_pool2d(x, (2, 3)), x)
    case("max_pool1d", lambda x: F.max_pool1d(x, 3, stride=2, padding=1), normal(2, 3, 7))
    case("avg_pool1d", lambda x: F.avg_pool1d(x, 3, stride=2, padding=1), normal(2, 3, 7))


groups = [activations, along_axes, layers, norms, convolutions, pools, losses, options_of_losses, choices]
groups += [factorisations, approximations_and_pools]
for group in groups:
    group()
write()
