#!/usr/bin/env python3
"""Writes programs.json: values and gradients of programs in the style of PyTorch's introductions.

Usage: python3 programs.py > programs.json
"""

import math

import torch
import torch.nn.functional as F
from recording import case, normal, positive, write


def introductions():
    def tensors(a, b):
        t = torch.cat([a, b, a[1:]], dim=0)
        return (t @ t.T)[:, 1:] * t[:, :1] + t.sum(dim=1, keepdim=True).sigmoid()

    case("tensors", tensors, normal(3, 4), normal(2, 4))

    def regression(x, y, w, b):
        return F.mse_loss(x @ w + b, y)

    case("linear regression", regression, normal(5, 3), normal(5), normal(3), normal(1))

    def logistic(x, w, b):
        y = torch.tensor([1.0, 0, 1, 1])
        return F.binary_cross_entropy_with_logits(x @ w + b, y) + 0.01 * (w * w).sum() + 0.1 * w.abs().sum()

    case("logistic regression", logistic, normal(4, 3), normal(3), normal(1))

    def polynomial(a, b, c, d):
        x = torch.linspace(-math.pi, math.pi, 20)
        legendre = lambda t: 0.5 * (5 * t**3 - 3 * t)
        return (a + b * legendre(c + d * x) - x.sin()).pow(2).sum()

    case("polynomial", polynomial, torch.tensor(0.0), torch.tensor(-1.0), torch.tensor(0.0), torch.tensor(0.3))

    def powers(w, b):
        x = torch.linspace(-1, 1, 7).unsqueeze(-1).pow(torch.tensor([1.0, 2, 3]))
        y = torch.linspace(-1, 1, 7).mul(3).sin()
        return ((x @ w).flatten() + b - y).pow(2).mean()

    case("powers", powers, normal(3, 1), normal(1))

    def classifier(x, w1, b1, w2, b2, w3, b3):
        h = F.relu(F.linear(x.flatten(1), w1, b1))
        h = F.relu(F.linear(h, w2, b2))
        return F.cross_entropy(F.linear(h, w3, b3), torch.tensor([2, 0, 1]), label_smoothing=0.1)

    case("classifier", classifier, normal(3, 2, 3), normal(5, 6), normal(5), normal(4, 5), normal(4), normal(3, 4), normal(3))

    def digits(x, w1, b1, w2, b2, w3, b3):
        h = F.max_pool2d(F.relu(F.conv2d(x, w1, b1)), 2)
        h = F.max_pool2d(F.relu(F.conv2d(h, w2, b2, padding=1)), 2)
        return F.nll_loss(F.log_softmax(F.linear(h.flatten(1), w3, b3), dim=1), torch.tensor([1, 0]))

    case("digits", digits, normal(2, 1, 10, 10), normal(2, 1, 3, 3), normal(2), normal(3, 2, 3, 3), normal(3), normal(4, 12), normal(4))


def sequences():
    def names(xs, w_hidden, b_hidden, w_out, b_out):
        h = torch.zeros(1, 3)
        for x in xs:
            h = torch.tanh(F.linear(torch.cat([x, h], dim=1), w_hidden, b_hidden))
        return F.nll_loss(F.log_softmax(F.linear(h, w_out, b_out), dim=1), torch.tensor([1]))

    case("names", names, normal(4, 1, 2), normal(3, 5), normal(3), normal(4, 3), normal(4))

    def tagger(table, w_input, w_hidden, b_input, b_hidden, w_tag, b_tag):
        h, c, loss = torch.zeros(1, 2), torch.zeros(1, 2), 0.0
        for word, tag in zip([0, 2, 1, 2], [1, 0, 2, 1]):
            h, c = torch.lstm_cell(table[word : word + 1], (h, c), w_input, w_hidden, b_input, b_hidden)
            loss = loss + F.cross_entropy(F.linear(h, w_tag, b_tag), torch.tensor([tag]))
        return loss / 4

    case("tagger", tagger, normal(3, 3), normal(8, 3), normal(8, 2), normal(8), normal(8), normal(3, 2), normal(3))

    def translation(source, start, w_input, w_hidden, b_input, b_hidden, w_key, w_query, v):
        states, h = [], torch.zeros(2, 3)
        for x in source:
            h = torch.gru_cell(x, h, w_input, w_hidden, b_input, b_hidden)
            states.append(h)
        states = torch.stack(states, dim=1)
        scores = torch.tanh(states @ w_key + (start @ w_query).unsqueeze(1)) @ v
        weights = F.softmax(scores, dim=1)
        return torch.einsum("bt,bth->bh", weights, states)

    case("translation", translation, normal(4, 2, 2), normal(2, 3), normal(9, 2), normal(9, 3), normal(9), normal(9), normal(3, 3), normal(3, 3), normal(3))

    def block(x, w_qkv, w_out, g1, b1, g2, b2, w1, c1, w2, c2):
        n, t, d = x.shape
        h = F.layer_norm(x, [d], g1, b1)
        q, k, v = (h @ w_qkv).split(d, dim=2)
        heads = lambda a: a.view(n, t, 2, d // 2).transpose(1, 2)
        a = F.scaled_dot_product_attention(heads(q), heads(k), heads(v), is_causal=True)
        x = x + a.transpose(1, 2).reshape(n, t, d) @ w_out
        h = F.layer_norm(x, [d], g2, b2)
        return x + F.gelu(h @ w1 + c1, approximate="tanh") @ w2 + c2

    d = 4
    case("transformer block", block, normal(2, 3, d), normal(d, 3 * d), normal(d, d), positive(d), normal(d), positive(d), normal(d), normal(d, 6), normal(6), normal(6, d), normal(d))

    def masked(q, k, v):
        mask = torch.tensor([[0.0, 0, 1], [0, 1, 0]]) > 0
        scores = (q @ k.T / math.sqrt(4)).masked_fill(mask, -math.inf)
        return F.softmax(scores, dim=-1) @ v

    case("masked attention", masked, normal(2, 4), normal(3, 4), normal(3, 2))

    def llama(x, g, w_gate, w_up, w_down):
        h = F.rms_norm(x, [4], g, 1e-6)
        angles = torch.arange(3.0)[:, None] * torch.tensor([1.0, 0.1])
        even, odd = h[:, 0::2], h[:, 1::2]
        turned = torch.cat([even * angles.cos() - odd * angles.sin(), even * angles.sin() + odd * angles.cos()], dim=1)
        return x + (F.silu(turned @ w_gate) * (turned @ w_up)) @ w_down

    case("llama block", llama, normal(3, 4), positive(4), normal(4, 5), normal(4, 5), normal(5, 4))

    def crf(emissions, transitions, start):
        tags, alpha = [1, 0, 2, 2], start + emissions[0]
        score = start[tags[0]] + emissions[0, tags[0]]
        for t in range(1, 4):
            alpha = torch.logsumexp(alpha[:, None] + transitions, dim=0) + emissions[t]
            score = score + transitions[tags[t - 1], tags[t]] + emissions[t, tags[t]]
        return torch.logsumexp(alpha, dim=0) - score

    case("conditional random field", crf, normal(4, 3), normal(3, 3), normal(3))

    def bag(table, w, b):
        words, offsets = torch.tensor([0, 2, 1, 1, 3]), torch.tensor([0, 2])
        return F.cross_entropy(F.linear(F.embedding_bag(words, table, offsets, mode="mean"), w, b), torch.tensor([1, 0]))

    case("embedding bag", bag, normal(4, 3), normal(2, 3), normal(2))

    def ngrams(table, w1, b1, w2, b2):
        h = F.relu(F.linear(table[[2, 0]].view(1, -1), w1, b1))
        return F.nll_loss(F.log_softmax(F.linear(h, w2, b2), dim=1), torch.tensor([3]))

    case("n-grams", ngrams, normal(4, 3), normal(5, 6), normal(5), normal(4, 5), normal(4))

    def skip_gram(words, contexts):
        positives = (words[[0, 2, 1]] * contexts[[1, 1, 3]]).sum(1)
        negatives = torch.bmm(contexts[torch.tensor([[2, 3], [0, 2], [0, 1]])], words[[0, 2, 1]].unsqueeze(2)).squeeze(2)
        return -(F.logsigmoid(positives) + F.logsigmoid(-negatives).sum(1)).mean()

    case("skip-gram", skip_gram, normal(3, 4), normal(4, 4))


def generative():
    def vae(x, w, w_mean, w_spread, w_out):
        noise = torch.tensor([[0.5, -1.25], [0.25, 0.75]])
        h = F.relu(x @ w)
        mean, spread = h @ w_mean, h @ w_spread
        z = mean + noise * torch.exp(0.5 * spread)
        loss = F.binary_cross_entropy(torch.sigmoid(z @ w_out), x.detach().sigmoid(), reduction="sum")
        return loss - 0.5 * torch.sum(1 + spread - mean.pow(2) - spread.exp())

    case("variational autoencoder", vae, normal(2, 3), normal(3, 4), normal(4, 2), normal(4, 2), normal(2, 3))

    def adversary(real, noise, w_generator, w1, w2):
        fake = torch.tanh(noise @ w_generator)
        judge = lambda x: F.leaky_relu(x @ w1, 0.2) @ w2
        bce = F.binary_cross_entropy_with_logits
        d_loss = bce(judge(real), torch.ones(3)) + bce(judge(fake.detach()), torch.zeros(3))
        return d_loss, bce(judge(fake), torch.ones(3))

    case("adversaries", adversary, normal(3, 2), normal(3, 2), normal(2, 2), normal(2, 4), normal(4))

    def style(x, target):
        def gram(x):
            n, c, h, w = x.shape
            f = x.view(n * c, h * w)
            return f @ f.T / (n * c * h * w)

        variation = (x[:, :, 1:] - x[:, :, :-1]).abs().mean() + (x[:, :, :, 1:] - x[:, :, :, :-1]).abs().mean()
        return F.mse_loss(gram(x), gram(target)) * 100 + F.mse_loss(x, target) + 0.1 * variation

    case("style", style, normal(1, 3, 4, 5), normal(1, 3, 4, 5))

    def mixture(x, y, w, b):
        logits, mean, spread = (x @ w + b).split(3, dim=1)
        terms = -0.5 * ((y[:, None] - mean) / spread.exp()) ** 2 - spread - 0.5 * math.log(2 * math.pi)
        return -torch.logsumexp(F.log_softmax(logits, dim=1) + terms, dim=1).mean()

    case("mixture density", mixture, normal(4, 2), normal(4), normal(2, 9), normal(9))

    def flow(x, w_scale, w_shift, u, w, b):
        first, second = x[:, :2], x[:, 2:]
        scale = torch.tanh(first @ w_scale)
        z = torch.cat([first, second * scale.exp() + first @ w_shift], dim=1)
        log_det = scale.sum(1)
        h = torch.tanh(z @ w + b)
        log_det = log_det + torch.log(torch.abs(1 + (1 - h**2) * (w @ u)) + 1e-6)
        z = z + torch.outer(h, u)
        return (0.5 * (z**2).sum(1) - log_det).mean()

    case("normalising flow", flow, normal(3, 4), normal(2, 2), normal(2, 2), normal(4), normal(4), normal(1))

    def diffusion(x, w_time, w1, w2):
        noise = torch.tensor([[0.25, -1.0, 0.5], [1.5, -0.5, 0.0]])
        beta = torch.linspace(1e-2, 0.3, 5)
        alpha = torch.cumprod(1 - beta, 0)[torch.tensor([1, 3])][:, None]
        noisy = alpha.sqrt() * x + (1 - alpha).sqrt() * noise
        t = torch.tensor([1.0, 3.0])[:, None] * torch.exp(-math.log(100) * torch.arange(2.0) / 2)
        time = torch.cat([t.sin(), t.cos()], dim=1)
        return F.mse_loss(F.silu(noisy @ w1 + time @ w_time) @ w2, noise)

    case("diffusion", diffusion, normal(2, 3), normal(4, 5), normal(3, 5), normal(5, 3))

    def autoencoder(x, w1, w2):
        h = F.relu(F.conv2d(x, w1, stride=2, padding=1))
        return F.mse_loss(torch.sigmoid(F.conv_transpose2d(h, w2, stride=2, padding=1, output_padding=1)), x)

    case("convolutional autoencoder", autoencoder, normal(2, 1, 4, 4), normal(2, 1, 3, 3), normal(2, 1, 3, 3))


def vision():
    def basic_block(x, w1, g1, b1, w2, g2, b2, w_short, g3, b3):
        norm = lambda x, g, b: F.batch_norm(x, None, None, g, b, True)
        h = F.relu(norm(F.conv2d(x, w1, stride=2, padding=1), g1, b1))
        h = norm(F.conv2d(h, w2, padding=1), g2, b2)
        return F.relu(h + norm(F.conv2d(x, w_short, stride=2), g3, b3)).mean(dim=(2, 3))

    case("residual block", basic_block, normal(2, 2, 4, 4), normal(3, 2, 3, 3), positive(3), normal(3), normal(3, 3, 3, 3), positive(3), normal(3), normal(3, 2, 1, 1), positive(3), normal(3))

    def mobile(x, w_depth, w_point, w_squeeze, w_excite):
        h = F.conv2d(F.conv2d(x, w_depth, padding=1, groups=2), w_point)
        s = F.adaptive_avg_pool2d(h, 1).flatten(1)
        gate = torch.sigmoid(F.relu(s @ w_squeeze) @ w_excite)
        return F.hardtanh(h * gate[:, :, None, None])

    case("squeeze and excitation", mobile, normal(2, 2, 3, 3), normal(2, 1, 3, 3), normal(4, 2, 1, 1), normal(4, 2), normal(2, 4))

    def unet(x, w_down, w_up, w_out):
        skip = F.relu(F.conv2d(x, w_down, padding=1))
        h = F.conv_transpose2d(F.avg_pool2d(skip, 2), w_up, stride=2)
        p = torch.sigmoid(F.conv2d(torch.cat([skip, h], dim=1), w_out))
        target = (torch.arange(16.0).view(1, 1, 4, 4) % 3 == 0).double()
        dice = 1 - (2 * (p * target).sum() + 1) / (p.sum() + target.sum() + 1)
        p_t = p * target + (1 - p) * (1 - target)
        return dice - ((1 - p_t) ** 2 * p_t.log()).mean()

    case("segmentation", unet, normal(1, 2, 4, 4), normal(3, 2, 3, 3), normal(3, 2, 2, 2), normal(1, 5, 1, 1))

    def film(x, condition, w_gamma, w_beta):
        gamma, beta = condition @ w_gamma, condition @ w_beta
        return F.instance_norm(x) * (1 + gamma[:, :, None, None]) + beta[:, :, None, None]

    case("conditional norm", film, normal(2, 3, 2, 3), normal(2, 2), normal(2, 3), normal(2, 3))

    def spatial(x):
        return F.adaptive_max_pool2d(x, (2, 3)).sum(dim=3) * F.max_pool1d(x.flatten(1, 2), 2)[:, :2, :2]

    case("adaptive pooling", spatial, normal(2, 2, 5, 7))


def metrics():
    def triplet(anchor, positive, negative):
        return F.triplet_margin_loss(anchor, positive, negative, margin=1.5)

    case("triplets", triplet, normal(4, 3), normal(4, 3), normal(4, 3))

    def contrastive(a, b):
        z = F.normalize(torch.cat([a, b]), dim=1)
        scores = (z @ z.T / 0.5).masked_fill(torch.eye(6) > 0, -math.inf)
        return F.cross_entropy(scores, torch.tensor([3, 4, 5, 0, 1, 2]))

    case("contrastive pairs", contrastive, normal(3, 4), normal(3, 4))

    def siamese(a, b):
        same = torch.tensor([1.0, 0, 0, 1])
        distance = F.pairwise_distance(a, b, eps=0)
        return (same * distance**2 + (1 - same) * torch.clamp(2.0 - distance, min=0) ** 2).mean()

    case("siamese pairs", siamese, normal(4, 3), normal(4, 3))

    def distillation(student, teacher):
        soft = F.kl_div(F.log_softmax(student / 2, dim=1), F.softmax(teacher.detach() / 2, dim=1), reduction="batchmean")
        return 0.7 * 4 * soft + 0.3 * F.cross_entropy(student, torch.tensor([0, 2, 1])) + 0 * teacher.sum()

    case("distillation", distillation, normal(3, 4), normal(3, 4))

    def factors(users, items, user_bias, item_bias):
        i, j = torch.tensor([0, 1, 1, 2]), torch.tensor([1, 0, 2, 2])
        rating = (users[i] * items[j]).sum(1) + user_bias[i] + item_bias[j]
        error = F.huber_loss(rating, torch.tensor([4.0, 1, 3, 5]))
        return error + 0.01 * (users.norm() ** 2 + items.pow(2).sum())

    case("matrix factors", factors, normal(3, 2), normal(3, 2), normal(3), normal(3))

    def graph(x, w1, w2):
        a = torch.tensor([[1.0, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 1], [0, 0, 1, 1]])
        d = a.sum(1).rsqrt()
        a = d[:, None] * a * d
        h = F.relu(a @ (x @ w1))
        return F.nll_loss(F.log_softmax(a @ (h @ w2), dim=1)[[0, 3]], torch.tensor([1, 0]))

    case("graph convolution", graph, normal(4, 3), normal(3, 4), normal(4, 2))


def decisions():
    def dqn(states, next_states, w, w_target):
        q = (states @ w).gather(1, torch.tensor([[1], [0], [2]])).squeeze(1)
        with torch.no_grad():
            target = torch.tensor([1.0, 0, -1]) + 0.9 * (next_states @ w_target).max(1).values
        return F.smooth_l1_loss(q, target) + 0 * w_target.sum() + 0 * next_states.sum()

    case("deep q-learning", dqn, normal(3, 2), normal(3, 2), normal(2, 3), normal(2, 3))

    def policy(states, w, v):
        actions, rewards = torch.tensor([0, 1, 1]), [1.0, 0.5, 2.0]
        returns, total = [], 0.0
        for r in reversed(rewards):
            total = r + 0.9 * total
            returns.insert(0, total)
        returns = torch.tensor(returns)
        logs = F.log_softmax(states @ w, dim=1)
        chosen = logs.gather(1, actions[:, None]).squeeze(1)
        values = states @ v
        advantage = returns - values
        entropy = -(logs.exp() * logs).sum(1).mean()
        return -(chosen * advantage.detach()).sum() + F.smooth_l1_loss(values, returns) - 0.01 * entropy

    case("policy gradient", policy, normal(3, 4), normal(4, 2), normal(4))

    def clipped(states, w, old):
        advantage = torch.tensor([1.0, -0.5, 0.25])
        logs = F.log_softmax(states @ w, dim=1)[torch.arange(3), [0, 1, 1]]
        ratio = (logs - old.detach()).exp()
        return -torch.min(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage).mean() + 0 * old.sum()

    case("clipped policy", clipped, normal(3, 4), normal(4, 2), normal(3) * 0.5 - 0.7)


def numerics():
    def kalman(ys, transition, noise):
        m, p, loss = torch.zeros(2), torch.eye(2), 0.0
        h = torch.tensor([[1.0, 0.5]])
        for y in ys:
            m, p = transition @ m, transition @ p @ transition.T + noise.exp() * torch.eye(2)
            s = h @ p @ h.T + 0.5
            k = p @ h.T / s
            error = y - h @ m
            loss = loss + 0.5 * (error**2 / s).sum() + 0.5 * s.log().sum()
            m, p = m + k @ error, (torch.eye(2) - k @ h) @ p
        return loss

    case("kalman filter", kalman, normal(4), normal(2, 2), normal(1).squeeze())

    def process(x, y, scale, noise):
        d = (x[:, None] - x[None, :]) ** 2
        k = torch.exp(-0.5 * d / scale.exp() ** 2) + noise.exp() * torch.eye(4)
        l = torch.linalg.cholesky(k)
        alpha = torch.cholesky_solve(y[:, None], l).squeeze(1)
        return 0.5 * y @ alpha + l.diag().log().sum() + 2 * math.log(2 * math.pi)

    case("gaussian process", process, torch.tensor([0.0, 0.5, 1.25, 2.0]), normal(4), normal(1).squeeze(), torch.tensor(-1.5))

    def gaussian(x, mean, factor):
        cov = factor @ factor.T + torch.eye(3)
        e = x - mean
        return 0.5 * (e * torch.linalg.solve(cov, e.T).T).sum() + 2.5 * torch.logdet(cov)

    case("gaussian likelihood", gaussian, normal(5, 3), normal(3), normal(3, 3))

    def ridge(x, y, strength):
        return torch.linalg.inv(x.T @ x + strength.exp() * torch.eye(3)) @ (x.T @ y)

    case("ridge in closed form", ridge, normal(5, 3), normal(5), torch.tensor(-1.0))

    def ode(y, w1, w2):
        f = lambda y: torch.tanh(y @ w1) @ w2
        for _ in range(3):
            k1 = f(y)
            k2 = f(y + 0.05 * k1)
            k3 = f(y + 0.05 * k2)
            k4 = f(y + 0.1 * k3)
            y = y + 0.1 / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return (y**2).sum()

    case("neural differential equation", ode, normal(2, 2), normal(2, 4), normal(4, 2))

    def sinkhorn(cost):
        f, g = torch.zeros(3), torch.zeros(4)
        for _ in range(5):
            f = -0.5 * torch.logsumexp((g[None, :] - cost) / 0.5, dim=1) - 0.5 * math.log(3)
            g = -0.5 * torch.logsumexp((f[:, None] - cost) / 0.5, dim=0) - 0.5 * math.log(4)
        plan = torch.exp((f[:, None] + g[None, :] - cost) / 0.5)
        return (plan * cost).sum()

    case("optimal transport", sinkhorn, positive(3, 4))

    def spectral(w, x):
        u = torch.ones(3) / math.sqrt(3)
        with torch.no_grad():
            for _ in range(3):
                v = F.normalize(w.T @ u, dim=0)
                u = F.normalize(w @ v, dim=0)
        return (w / (u @ w @ v)) @ x

    case("spectral norm", spectral, normal(3, 2), normal(2))


def second_order():
    def physics(x, w1, b1, w2):
        net = lambda t: torch.tanh(t[:, None] * w1 + b1) @ w2
        u = net(x)
        (du,) = torch.autograd.grad(u.sum(), x, create_graph=True)
        return ((du + 2 * u) ** 2).mean() + (net(torch.zeros(1)) - 1).pow(2).sum()

    case("physics-informed network", physics, torch.linspace(0, 1, 4), normal(5), normal(5), normal(5))

    def penalty(x, w1, w2):
        y = F.softplus(x @ w1) @ w2
        (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        return ((slope.norm(dim=1) - 1) ** 2).mean() - y.mean()

    case("gradient penalty", penalty, normal(3, 2), normal(2, 4), normal(4))

    def maml(w1, w2, x, y):
        def loss(w1, w2):
            return F.mse_loss(torch.tanh(x @ w1) @ w2, y)

        g1, g2 = torch.autograd.grad(loss(w1, w2), (w1, w2), create_graph=True)
        return loss(w1 - 0.1 * g1, w2 - 0.1 * g2)

    case("meta-learning", maml, normal(2, 3), normal(3), normal(4, 2), normal(4))

    def hamiltonian(q, p, w1, w2):
        h = lambda q, p: (torch.tanh(torch.cat([q, p], dim=1) @ w1) @ w2).sum()
        dq, dp = torch.autograd.grad(h(q, p), (q, p), create_graph=True)
        return F.mse_loss(dp, p.detach()) + F.mse_loss(-dq, q.detach())

    case("hamiltonian network", hamiltonian, normal(3, 1), normal(3, 1), normal(2, 4), normal(4))


for group in [introductions, sequences, generative, vision, metrics, decisions, numerics, second_order]:
    group()
write()
