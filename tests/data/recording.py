"""Records values and gradients of functions, computed by PyTorch in double precision.

Every case has its inputs, its outputs, a cotangent for each output and the gradient of each input.
"""

import json
import sys

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)

CASES = {}


def tensor(x):
    return {"shape": list(x.shape), "values": x.detach().reshape(-1).tolist()}


def normal(*shape):
    """Numbers with few digits, so that the file is short."""
    return (torch.randn(shape) * 64).round() / 64


def positive(*shape):
    return normal(*shape).abs() + 0.25


def case(name, function, *inputs):
    inputs = [x.clone().requires_grad_() for x in inputs]
    outputs = function(*inputs)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    cotangents = [normal(*y.shape) for y in outputs]
    gradients = torch.autograd.grad(outputs, inputs, cotangents)
    assert name not in CASES
    CASES[name] = {
        "inputs": [tensor(x) for x in inputs],
        "outputs": [tensor(y) for y in outputs],
        "cotangents": [tensor(y) for y in cotangents],
        "gradients": [tensor(x) for x in gradients],
    }


def write():
    json.dump(CASES, sys.stdout, separators=(",", ":"), allow_nan=False)
    print()
