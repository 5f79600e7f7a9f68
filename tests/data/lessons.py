#!/usr/bin/env python3
"""Writes lessons.json: values and gradients of further programs in the style of PyTorch's introductions.

Usage: python3 lessons.py > lessons.json
"""

import torch
import torch.nn.functional as F
from recording import case, normal, positive, write


def first_steps():
    def diagonal(a, b):
        m = a @ a.T
        m = m + torch.diag(b * b) + 0.5 * torch.eye(3)
        return torch.logdet(m) + torch.diagonal(m).prod() * 0.1

    case("regularised covariance", diagonal, normal(3, 3), normal(3))

    def ends(x):
        steps = x[1:] - x[:-1]
        return (x[-1] - x[0]) ** 2 + (steps / (1 + x[:-1] ** 2)).cumsum(0).pow(3).sum()

    case("ends", ends, normal(6))

    def chunks(x, w):
        means = torch.stack([(chunk * w).mean() for chunk in x.split(3)])
        return means.softmax(0) @ torch.arange(3.0)

    case("chunks", chunks, normal(9), normal(3))

    def softmax_regression(x, w, b):
        logits = x @ w.T + b
        logits = logits - logits.max(dim=1, keepdim=True).values
        p = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
        y = F.one_hot(torch.tensor([1, 0, 2, 1]), 3).double()
        return -(y * p.log()).sum(dim=1).mean() + 0.05 * w.pow(2).sum()

    case("softmax regression", softmax_regression, normal(4, 2), normal(3, 2), normal(3))

    def ridge(x, y, k):
        gram = x.T @ x + k.exp() * torch.eye(2)
        w = torch.linalg.solve(gram, x.T @ y)
        return ((x @ w - y) ** 2).sum() + (w * w).sum()

    case("ridge regression", ridge, normal(5, 2), normal(5), torch.tensor(-0.5))

    def poisson(x, w, b):
        counts = torch.tensor([1.0, 0, 3, 2])
        rate = (x @ w + b).exp()
        return (rate - counts * rate.log()).mean()

    case("poisson regression", poisson, normal(4, 3), normal(3), torch.tensor(0.25))

    def power_iteration(a, v):
        for _ in range(6):
            v = a @ v
            v = v / v.norm()
        return v @ a @ v

    case("power iteration", power_iteration, normal(3, 3) + 2 * torch.eye(3), positive(3))


def networks():
    def deep(x, w, b, v):
        h = x
        for i in range(w.shape[0]):
            h = h + torch.tanh(h @ w[i] + b[i])
        return (h @ v).sigmoid().log().mean()

    case("residual layers", deep, normal(4, 3), normal(3, 3, 3), normal(3, 3), normal(3))

    def dropout(x, w1, w2):
        mask = torch.tensor([[1.0, 0, 1, 1], [0, 1, 1, 0]]) / 0.75
        return F.mse_loss(F.elu(x @ w1) * mask @ w2, x)

    case("dropout by hand", dropout, normal(2, 3), normal(3, 4), normal(4, 3))

    def tied(x, w, b):
        return F.mse_loss(F.relu(x @ w + b) @ w.T, x)

    case("tied autoencoder", tied, normal(4, 3), normal(3, 2), normal(2))

    def normalised(x, w, gamma, beta):
        h = x @ w
        mean, variance = h.mean(0), h.var(0, unbiased=False)
        h = (h - mean) / (variance + 1e-5).sqrt() * gamma + beta
        return F.gelu(h).pow(2).mean()

    case("batch norm by hand", normalised, normal(5, 2), normal(2, 3), normal(3), normal(3))

    def frozen(x, w1, w2):
        h = torch.tanh(x @ w1.detach()) + 0.0 * w1.sum()
        return F.cross_entropy(h @ w2, torch.tensor([0, 1, 1]))

    case("frozen layer", frozen, normal(3, 2), normal(2, 4), normal(4, 2))

    def mixture_of_experts(x, gate, experts):
        weights = (x @ gate).softmax(dim=1)
        outputs = torch.stack([torch.tanh(x @ experts[k]) for k in range(3)], dim=1)
        return (weights.unsqueeze(2) * outputs).sum(dim=1).pow(2).sum()

    case("mixture of experts", mixture_of_experts, normal(4, 2), normal(2, 3), normal(3, 2, 2))

    def convolution(x, k, b):
        out = []
        for i in range(3):
            for j in range(3):
                out.append((x[i : i + 2, j : j + 2] * k).sum() + b)
        return F.softplus(torch.stack(out).reshape(3, 3)).max(dim=1).values.sum()

    case("convolution by hand", convolution, normal(4, 4), normal(2, 2), torch.tensor(0.125))

    def pooled(x, w):
        h = F.relu(x.unfold(0, 2, 2) @ w)
        return torch.cat([h.mean(0), h.max(0).values]).pow(2).sum()

    case("pooling", pooled, normal(8), normal(2, 3))


def sequences():
    def rnn(x, wx, wh, b, wo):
        h = torch.zeros(3)
        outputs = []
        for t in range(x.shape[0]):
            h = torch.tanh(wx @ x[t] + wh @ h + b)
            outputs.append(wo @ h)
        return torch.stack(outputs)

    case("rnn by hand", rnn, normal(5, 2), normal(3, 2), normal(3, 3), normal(3), normal(2, 3))

    def gru(x, wz, wr, wh):
        h = torch.zeros(2)
        loss = 0.0
        for t in range(x.shape[0]):
            xh = torch.cat([x[t], h])
            z, r = torch.sigmoid(wz @ xh), torch.sigmoid(wr @ xh)
            new = torch.tanh(wh @ torch.cat([x[t], r * h]))
            h = (1 - z) * h + z * new
            loss = loss + (h - x[t]).pow(2).mean()
        return loss / x.shape[0]

    case("gru by hand", gru, normal(4, 2), normal(2, 4), normal(2, 4), normal(2, 4))

    def attention(x, wq, wk, wv):
        q, k, v = x @ wq, x @ wk, x @ wv
        scores = q @ k.T / 2**0.5
        mask = torch.ones(4, 4).tril() == 0
        scores = scores.masked_fill(mask, -torch.inf)
        return scores.softmax(dim=1) @ v

    case("causal attention by hand", attention, normal(4, 3), normal(3, 2), normal(3, 2), normal(3, 2))

    def bag(table, w, b):
        sentences = [[0, 2, 2], [1], [3, 0]]
        pooled = torch.stack([table[torch.tensor(s)].mean(0) for s in sentences])
        return F.cross_entropy(pooled @ w + b, torch.tensor([1, 0, 1]))

    case("mean of embeddings", bag, normal(4, 3), normal(3, 2), normal(2))

    def positions(x, table):
        t = torch.arange(4.0)[:, None]
        rates = torch.tensor([1.0, 0.1])
        waves = torch.cat([(t * rates).sin(), (t * rates).cos()], dim=1)
        h = x + waves + table
        return (h - h.mean(1, keepdim=True)).pow(2).sum(1).add(1e-3).rsqrt().sum()

    case("positions", positions, normal(4, 4), normal(4))

    def crf(emissions, transitions):
        tags = [0, 2, 1, 1]
        alpha = emissions[0]
        for t in range(1, 4):
            alpha = torch.logsumexp(alpha[:, None] + transitions, dim=0) + emissions[t]
        score = emissions[0, tags[0]]
        for t in range(1, 4):
            score = score + transitions[tags[t - 1], tags[t]] + emissions[t, tags[t]]
        return torch.logsumexp(alpha, dim=0) - score

    case("conditional random field", crf, normal(4, 3), normal(3, 3))


def objectives():
    def contrastive(a, b):
        a, b = F.normalize(a, dim=1), F.normalize(b, dim=1)
        logits = a @ b.T / 0.5
        labels = torch.arange(3)
        return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2

    case("contrastive loss", contrastive, normal(3, 4), normal(3, 4))

    def soft_k_means(x, centres):
        distances = ((x[:, None, :] - centres[None, :, :]) ** 2).sum(2)
        weights = (-2 * distances).softmax(dim=1)
        return (weights * distances).sum() / x.shape[0]

    case("soft k-means", soft_k_means, normal(5, 2), normal(3, 2))

    def mixture(x, logits, means, spreads):
        z = (x[:, None] - means) / spreads.exp()
        logs = logits.log_softmax(0) - 0.5 * z**2 - spreads
        return -torch.logsumexp(logs, dim=1).sum()

    case("gaussian mixture", mixture, normal(6), normal(3), normal(3), normal(3))

    def factors(u, v, bu):
        seen = [(0, 1, 4.0), (2, 0, 1.0), (1, 1, 3.0), (0, 0, 5.0)]
        loss = 0.0
        for i, j, r in seen:
            loss = loss + (u[i] @ v[j] + bu[i] - r) ** 2
        return loss / len(seen) + 0.1 * (u.pow(2).sum() + v.pow(2).sum())

    case("factorisation", factors, normal(3, 2), normal(2, 2), normal(3))

    def gan(real, noise, g, d):
        fake = torch.tanh(noise @ g)
        score = lambda x: torch.sigmoid(x @ d)
        d_loss = -(score(real).log() + (1 - score(fake.detach())).log()).mean()
        g_loss = -score(fake).log().mean()
        return d_loss, g_loss

    case("two players", gan, normal(3, 2), normal(3, 2), normal(2, 2), normal(2))

    def distillation(x, student, teacher):
        t = 2.0
        soft = (x @ teacher / t).softmax(1).detach()
        loss = F.kl_div((x @ student / t).log_softmax(1), soft, reduction="batchmean") * t * t
        return loss + F.cross_entropy(x @ student, torch.tensor([2, 0])) + 0.0 * teacher.sum()

    case("distillation", distillation, normal(2, 3), normal(3, 3), normal(3, 3))

    def focal(x, w):
        y = torch.tensor([1.0, 0, 0, 1])
        p = (x @ w).sigmoid()
        pt = torch.where(y == 1, p, 1 - p)
        return -((1 - pt) ** 2 * pt.log()).mean()

    case("focal loss", focal, normal(4, 3), normal(3))

    def quantiles(x, w):
        y = torch.tensor([0.5, -1.0, 2.0])
        q = torch.tensor([0.1, 0.5, 0.9])
        error = y[:, None] - x @ w
        return torch.maximum(q * error, (q - 1) * error).sum(1).mean()

    case("quantile regression", quantiles, normal(3, 2), normal(2, 3))

    def wave(x, t, w1, w2):
        def u(x, t):
            return (torch.tanh(torch.stack([x, t], 1) @ w1) @ w2)

        v = u(x, t)
        (ux, ut) = torch.autograd.grad(v.sum(), (x, t), create_graph=True)
        return (ut + v * ux).pow(2).mean()

    case("burgers equation", wave, normal(4), normal(4), normal(2, 3), normal(3))


for group in [first_steps, networks, sequences, objectives]:
    group()
write()
