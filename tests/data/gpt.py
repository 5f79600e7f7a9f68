#!/usr/bin/env python3
"""Writes gpt.json: a training step of a tiny GPT-2, computed by PyTorch in double precision.

Usage: python3 gpt.py > gpt.json

The weights and tokens are those of examples/gpt/formula.rs.
"""

import json
import math

import torch
import torch.nn.functional as F

LAYERS, HEADS, WIDTH, CONTEXT, VOCABULARY, BATCH = 2, 2, 8, 6, 11, 3
MASK = (1 << 64) - 1


class Random:
    """SplitMix64."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)


def shapes():
    yield "wte.weight", [VOCABULARY, WIDTH]
    yield "wpe.weight", [CONTEXT, WIDTH]
    for layer in range(LAYERS):
        for name, shape in [
            ("ln_1.weight", [WIDTH]),
            ("ln_1.bias", [WIDTH]),
            ("attn.c_attn.weight", [WIDTH, 3 * WIDTH]),
            ("attn.c_attn.bias", [3 * WIDTH]),
            ("attn.c_proj.weight", [WIDTH, WIDTH]),
            ("attn.c_proj.bias", [WIDTH]),
            ("ln_2.weight", [WIDTH]),
            ("ln_2.bias", [WIDTH]),
            ("mlp.c_fc.weight", [WIDTH, 4 * WIDTH]),
            ("mlp.c_fc.bias", [4 * WIDTH]),
            ("mlp.c_proj.weight", [4 * WIDTH, WIDTH]),
            ("mlp.c_proj.bias", [WIDTH]),
        ]:
            yield f"h.{layer}.{name}", shape
    yield "ln_f.weight", [WIDTH]
    yield "ln_f.bias", [WIDTH]


def parameter(position, name, shape):
    random = Random(position)
    centre = 1.0 if "ln_" in name and name.endswith("weight") else 0.0
    values = [
        centre + 0.4 * (2 * ((random.bits() >> 11) / 2**53) - 1)
        for _ in range(math.prod(shape))
    ]
    return torch.tensor(values, dtype=torch.float64).reshape(shape).requires_grad_()


def tokens(seed):
    random = Random(seed)
    return torch.tensor(
        [[random.bits() % VOCABULARY for _ in range(CONTEXT)] for _ in range(BATCH)]
    )


def forward(p, tokens):
    def norm(x, name):
        return F.layer_norm(x, [WIDTH], p[f"{name}.weight"], p[f"{name}.bias"])

    def linear(x, name):
        return x @ p[f"{name}.weight"] + p[f"{name}.bias"]

    def heads(x):
        return x.reshape(BATCH, CONTEXT, HEADS, WIDTH // HEADS).transpose(1, 2)

    x = p["wte.weight"][tokens] + p["wpe.weight"]
    for layer in range(LAYERS):
        h = f"h.{layer}"
        q, k, v = linear(norm(x, f"{h}.ln_1"), f"{h}.attn.c_attn").split(WIDTH, dim=2)
        y = F.scaled_dot_product_attention(heads(q), heads(k), heads(v), is_causal=True)
        x = x + linear(y.transpose(1, 2).reshape(BATCH, CONTEXT, WIDTH), f"{h}.attn.c_proj")
        y = F.gelu(linear(norm(x, f"{h}.ln_2"), f"{h}.mlp.c_fc"), approximate="tanh")
        x = x + linear(y, f"{h}.mlp.c_proj")
    return norm(x, "ln_f") @ p["wte.weight"].T


def summary(prefix, tensor):
    """The norm, and all elements of a small tensor or some of a large one."""
    flat = tensor.detach().reshape(-1)
    step = max(1, len(flat) // 32)
    return {
        f"{prefix}norm": flat.norm().item(),
        f"{prefix}at": {str(i): flat[i].item() for i in range(0, len(flat), step)},
    }


def main():
    p = {
        name: parameter(position, name, shape)
        for position, (name, shape) in enumerate(shapes())
    }
    logits = forward(p, tokens(1000))
    loss = F.cross_entropy(logits.reshape(-1, VOCABULARY), tokens(1001).reshape(-1))
    loss.backward()
    # The gradient of the biases of keys is zero, and rounding decides its sign, which a small epsilon would magnify.
    torch.optim.AdamW(p.values(), lr=1e-2, eps=1e-3, weight_decay=0.1).step()
    parameters = [
        {"name": name, **summary("grad_", value.grad), **summary("updated_", value)}
        for name, value in p.items()
    ]
    values = {"loss": loss.item(), "logits": summary("", logits), "parameters": parameters}
    print(json.dumps(values, indent=1))


main()
