#!/usr/bin/env python3
"""Writes optimizers.txt: what PyTorch's optimizers and schedules give, step by step, in double precision.

Usage: python3 optimizers.py > optimizers.txt

Lion, which PyTorch does not have, has the equations of its paper (arXiv:2302.06675).
"""

import torch
from torch.optim import NAdam, RMSprop, SGD, Adadelta, Adagrad, Adam, AdamW, LBFGS
from torch.optim.lr_scheduler import CosineAnnealingLR, MultiStepLR, OneCycleLR, ReduceLROnPlateau, StepLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

torch.set_default_dtype(torch.float64)

START = [3.0, -2.0]
GRADIENTS = [
    [1.0, -0.5], [-0.5, 0.25], [2.0, 0.0], [0.125, -3.0], [-1.5, 1.0],
    [0.75, 0.5], [0.0, 0.125], [-4.0, 2.5], [1e-3, -1e-4], [3.0, -0.75],
]


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                direction = (beta1 * m + (1 - beta1) * p.grad).sign()
                p -= group["lr"] * (direction + group["weight_decay"] * p)
                m.mul_(beta2).add_(p.grad, alpha=1 - beta2)


OPTIMIZERS = {
    "sgd": lambda p: SGD(p, 0.1),
    "sgd_decay": lambda p: SGD(p, 0.1, weight_decay=0.01),
    "sgd_momentum": lambda p: SGD(p, 0.1, momentum=0.9),
    "sgd_dampening": lambda p: SGD(p, 0.1, momentum=0.9, dampening=0.3, weight_decay=0.02),
    "sgd_nesterov": lambda p: SGD(p, 0.1, momentum=0.9, weight_decay=0.2, nesterov=True),
    "adam": lambda p: Adam(p, 0.05),
    "adam_penalty": lambda p: Adam(p, 0.05, (0.8, 0.95), 1e-3, weight_decay=0.1),
    "adam_amsgrad": lambda p: Adam(p, 0.05, (0.8, 0.5), amsgrad=True),
    "adamw": lambda p: AdamW(p, 0.05),
    "adamw_amsgrad": lambda p: AdamW(p, 0.05, (0.8, 0.5), weight_decay=0.1, amsgrad=True),
    "nadam": lambda p: NAdam(p, 0.05),
    "nadam_penalty": lambda p: NAdam(p, 0.05, (0.8, 0.95), 1e-3, weight_decay=0.1, momentum_decay=0.1),
    "nadam_decoupled": lambda p: NAdam(p, 0.05, weight_decay=0.1, decoupled_weight_decay=True),
    "rmsprop": lambda p: RMSprop(p, 0.01),
    "rmsprop_penalty": lambda p: RMSprop(p, 0.01, 0.9, 1e-3, weight_decay=0.1),
    "rmsprop_momentum": lambda p: RMSprop(p, 0.01, momentum=0.9),
    "rmsprop_centered": lambda p: RMSprop(p, 0.01, centered=True),
    "rmsprop_centered_momentum": lambda p: RMSprop(p, 0.01, 0.8, momentum=0.5, centered=True),
    "adagrad": lambda p: Adagrad(p, 0.1),
    "adagrad_all": lambda p: Adagrad(p, 0.1, 0.2, 0.1, 0.5, 1e-3),
    "adadelta": lambda p: Adadelta(p, 1.0),
    "adadelta_penalty": lambda p: Adadelta(p, 0.5, 0.8, 1e-4, 0.1),
    "lion": lambda p: Lion(p, 0.1),
    "lion_decay": lambda p: Lion(p, 0.1, (0.8, 0.5), 0.1),
}


def show(name, *values):
    print(name, *(repr(value) for value in values))


def parameter(values):
    return torch.nn.Parameter(torch.tensor(values))


for name, make in OPTIMIZERS.items():
    theta = parameter(START)
    optimizer = make([theta])
    for gradient in GRADIENTS:
        theta.grad = torch.tensor(gradient)
        optimizer.step()
        show(name, *theta.tolist())


def schedule(name, make, count, values):
    optimizer = SGD([parameter(START)], 0.5, momentum=0.9)
    scheduler = make(optimizer)
    for step in range(count):
        show(name, *(optimizer.param_groups[0][value] for value in values))
        optimizer.step()
        if step + 1 < count:
            scheduler.step()


schedule("step", lambda o: StepLR(o, 3, 0.5), 10, ["lr"])
schedule("multi_step", lambda o: MultiStepLR(o, [2, 5], 0.1), 10, ["lr"])
schedule("one_cycle", lambda o: OneCycleLR(o, 0.5, total_steps=20), 20, ["lr", "momentum"])
schedule("cosine", lambda o: CosineAnnealingLR(o, 10, 0.02), 11, ["lr"])

LOSSES = [5, 4, 4, 4, 3.9999, 3, 3.1, 3.2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]
optimizer = SGD([parameter(START)], 0.1)
plateau = ReduceLROnPlateau(optimizer, "min", 0.25, 2, 1e-3, cooldown=1, min_lr=0.002)
for loss in LOSSES:
    plateau.step(loss)
    show("plateau", optimizer.param_groups[0]["lr"])

for limit in [1.0, 100.0]:
    theta = parameter(START)
    theta.grad = torch.tensor([30.0, -40.0])
    norm = torch.nn.utils.clip_grad_norm_([theta], limit)
    show("clip_norm", norm.item(), *theta.grad.tolist())
theta.grad = torch.tensor([30.0, -0.5])
torch.nn.utils.clip_grad_value_([theta], 2.0)
show("clip_value", *theta.grad.tolist())

module = torch.nn.Linear(2, 1, bias=False)
mean = AveragedModel(module, multi_avg_fn=get_ema_multi_avg_fn(0.9))
for values in GRADIENTS:
    module.weight.data = torch.tensor([values])
    mean.update_parameters(module)
    show("ema", *mean.module.weight.flatten().tolist())


def rosenbrock(p):
    a, b = 1 - p[0], p[1] - p[0] * p[0]
    return a * a + 100 * b * b


def wavy(p):
    """Slopes of changing sign, so that the line search has to zoom."""
    return torch.sin(3 * p[0]) + 0.1 * p[0] * p[0] + 2 * p[1] ** 4 + p[0] * p[1]


for name, function, start, options in [
    ("lbfgs_rosenbrock", rosenbrock, [-1.2, 1.0], {"max_iter": 4}),
    ("lbfgs_short_history", rosenbrock, [-1.2, 1.0], {"max_iter": 4, "history_size": 2}),
    ("lbfgs_long_steps", wavy, [3.0, 2.0], {"lr": 8.0, "max_iter": 3}),
    ("lbfgs_short_steps", wavy, [-3.0, 1.0], {"lr": 0.01, "max_iter": 3}),
]:
    point = parameter(start)
    optimizer = LBFGS([point], line_search_fn="strong_wolfe", **options)

    def closure():
        optimizer.zero_grad()
        loss = function(point)
        loss.backward()
        return loss

    for _ in range(10):
        optimizer.step(closure)
        state = optimizer.state[point]
        show(name, *point.tolist(), state["n_iter"], state["func_evals"])
