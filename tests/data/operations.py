#!/usr/bin/env python3
"""Writes operations.json: values and gradients of programs that use arrays the way people do who come from PyTorch.

Usage: python3 operations.py > operations.json
"""

import torch
import torch.nn.functional as F
from recording import case, normal, positive, write


def places():
    def laplacian(w):
        a = w @ w.T
        a = a - torch.diag(torch.diagonal(a)) + torch.diag(a.sum(dim=1).abs() + 1)
        return torch.linalg.inv(a).diagonal().sum() + torch.logdet(a)

    case("laplacian", laplacian, normal(4, 3))

    def pyramid(x):
        parts = [x[:, i : i + 2].cumsum(1) * (i + 1) for i in range(3)]
        return torch.cat(parts, dim=1).tanh().sum(0)

    case("pyramid", pyramid, normal(3, 4))

    def shuffled(x, w):
        y = torch.index_select(x, 0, torch.tensor([2, 0, 2, 3, 1]))
        return (y @ w).relu().unsqueeze(1).expand(5, 3, 2).pow(2).mean(dim=(0, 2))

    case("selected rows", shuffled, normal(4, 3), normal(3, 2))

    def histogram(x, v):
        index = torch.tensor([0, 2, 1, 2, 2, 0])
        sums = torch.zeros(3).scatter_add(0, index, v * x.exp())
        return (sums.index_select(0, index) * v).sum()

    case("soft histogram", histogram, normal(6), normal(6))

    def picked(x):
        index = torch.tensor([[0, 1, 1], [3, 2, 0]])
        return x.log_softmax(1).gather(1, index).mean(1)

    case("picked scores", picked, normal(2, 4))

    def banded(x):
        mask = (torch.triu(torch.ones(4, 4), -1) * torch.tril(torch.ones(4, 4), 1)).bool()
        a = torch.where(mask, x, torch.zeros(()))
        return (a @ a + torch.tril(x, -1).exp()).sum(1)

    case("banded", banded, normal(4, 4))

    def sorted_(x, w):
        return (torch.sort(x, dim=1).values * w).sum(1) + torch.sort(x.abs(), dim=0, descending=True).values[0].sum()

    case("order statistics", sorted_, normal(3, 5), normal(5))

    def moved(x):
        y = x.permute(2, 0, 1).reshape(4, 6)
        z = torch.stack([y[0], y[2] * y[1], y[3].flip(0)], dim=1)
        return z.roll(1, 0).prod(dim=1)

    case("moved axes", moved, normal(2, 3, 4))


def reductions():
    def folded(x):
        y = torch.zeros(3)
        for i in range(x.shape[1]):
            y = 0.5 * y + x[:, i] ** 2
        return y

    case("folded", folded, normal(3, 4))

    def spread(x):
        s = x.std(dim=0)
        v = x.var(dim=1, unbiased=False)
        r = x.max(dim=0).values - x.min(dim=0).values
        return (s * r).sum() * v.mean() + x.abs().amax() + x.norm()

    case("spread", spread, normal(4, 3))

    def standard(x):
        z = (x - x.mean(1, keepdim=True)) / (x.var(1, keepdim=True, unbiased=False) + 1e-5).sqrt()
        return z.clamp(-1, 1).pow(3).sum(0)

    case("standardised", standard, normal(3, 5))

    def generalised(x, p):
        return (x.abs() + 0.1).pow(p).mean(dim=(1, 2)).pow(1 / p)

    case("generalised mean", generalised, normal(2, 3, 3), torch.tensor(2.5))

    def softened(x, t):
        w = (x / t).softmax(0)
        return (w * x).sum(0) - t * torch.logsumexp(x / t, 0) + torch.prod(w + 0.5, 0)

    case("softened", softened, normal(4, 3), torch.tensor(0.75))

    def energies(q, k):
        e = torch.einsum("bid,bjd->bij", q, k)
        return torch.einsum("bij,bjd->id", e.softmax(-1), k)

    case("energies", energies, normal(2, 3, 2), normal(2, 4, 2))

    def outer(u, v):
        m = torch.outer(u, v)
        return torch.linalg.norm(m) + torch.trace(m) + (m - m.T).pow(2).sum().sqrt()

    case("outer", outer, normal(3), normal(3))


def matrices():
    def mahalanobis(x, m, a):
        cov = a @ a.T + torch.eye(3)
        d = x - m
        l = torch.linalg.cholesky(cov)
        z = torch.linalg.solve_triangular(l, d.T, upper=False)
        return (z * z).sum(0).sqrt() + l.diagonal().log().sum()

    case("mahalanobis", mahalanobis, normal(4, 3), normal(3), normal(3, 3))

    def newton(a, b):
        x = b
        for _ in range(3):
            f = a @ x + x**3 - b
            j = a + torch.diag(3 * x**2)
            x = x - torch.linalg.solve(j, f)
        return x

    case("newton", newton, normal(3, 3) + 4 * torch.eye(3), normal(3))

    def orthogonal(w):
        q = []
        for i in range(3):
            v = w[:, i]
            for u in q:
                v = v - (u @ v) * u
            q.append(v / v.norm())
        q = torch.stack(q, dim=1)
        return (q * torch.arange(9.0).reshape(3, 3)).sum()

    case("orthogonal", orthogonal, normal(3, 3) + torch.eye(3))

    def series(a):
        term = torch.eye(3)
        total = torch.eye(3)
        for k in range(1, 7):
            term = term @ a / k
            total = total + term
        return total.det() + total[0, 2]

    case("exponential series", series, normal(3, 3) / 2)


def layers():
    def separable(x, depth, point, bias):
        y = F.conv2d(x, depth, stride=2, padding=1, groups=2)
        y = F.conv2d(F.hardtanh(y), point, bias)
        return F.adaptive_avg_pool2d(y, (2, 1))

    case("separable", separable, normal(2, 2, 5, 5), normal(2, 1, 3, 3), normal(3, 2, 1, 1), normal(3))

    def dilated(x, w1, w2):
        y = F.mish(F.conv2d(x, w1, dilation=2, padding=2))
        return F.conv_transpose2d(y, w2, stride=2, padding=1, output_padding=1).sum((2, 3))

    case("dilated", dilated, normal(1, 2, 4, 4), normal(3, 2, 3, 3), normal(3, 2, 3, 3))

    def gru(x, w, u, b, c):
        h = torch.zeros(2, 2)
        for t in range(3):
            gx, gh = x[t] @ w.T + b, h @ u.T + c
            r = (gx[:, :2] + gh[:, :2]).sigmoid()
            z = (gx[:, 2:4] + gh[:, 2:4]).sigmoid()
            n = (gx[:, 4:] + r * gh[:, 4:]).tanh()
            h = (1 - z) * n + z * h
        return h

    case("gated", gru, normal(3, 2, 3), normal(6, 3), normal(6, 2), normal(6), normal(6))

    def wavenet(x, w, v):
        for d in (1, 2):
            a, g = F.conv1d(F.pad(x, (d, 0)), w, dilation=d), F.conv1d(F.pad(x, (d, 0)), v, dilation=d)
            x = x + a.tanh() * g.sigmoid()
        return F.max_pool1d(x, 2).mean(2)

    case("wavenet", wavenet, normal(1, 2, 6), normal(2, 2, 2), normal(2, 2, 2))

    def norms(x, w, b):
        y = F.group_norm(x, 2, w, b)
        return F.layer_norm(F.selu(y), (3,)).pow(2).mean(2) + F.softplus(x).amax(2)

    case("norms", norms, normal(2, 4, 3), normal(4), normal(4))


def losses():
    def classes(x):
        labels = torch.tensor([0, 2, 1, 2])
        smooth = F.cross_entropy(x, labels, label_smoothing=0.1)
        ignored = F.cross_entropy(x, torch.tensor([0, -100, 1, 2]), ignore_index=-100, reduction="sum")
        nll = F.nll_loss(x.log_softmax(1), labels)
        return smooth + ignored + nll

    case("classes", classes, normal(4, 3))

    def distances(x, y):
        return (
            F.smooth_l1_loss(x, y, beta=0.5)
            + F.huber_loss(x, y, delta=0.7)
            + F.l1_loss(x, y, reduction="sum")
            + F.kl_div(x.log_softmax(1), y.softmax(1), reduction="batchmean")
            + (1 - F.cosine_similarity(x, y)).mean()
            + F.soft_margin_loss(x, torch.sign(y.detach()))
        )

    case("distances", distances, normal(3, 4), normal(3, 4))

    def bce(x, w):
        target = torch.tensor([[1.0, 0, 1], [0, 0, 1]])
        weighted = F.binary_cross_entropy_with_logits(x, target, pos_weight=torch.tensor([1.0, 2, 3]))
        return weighted + F.binary_cross_entropy((x * w).sigmoid(), target, reduction="sum")

    case("weighted labels", bce, normal(2, 3), normal(3))

    def margin(x, y):
        d = F.pairwise_distance(x, y, eps=0)
        return F.relu(0.5 - d).pow(2).sum() + d.topk(2).values.sum()

    case("margins", margin, normal(4, 2), normal(4, 2))


places()
reductions()
matrices()
layers()
losses()
write()
