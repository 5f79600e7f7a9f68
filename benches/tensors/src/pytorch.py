"""Takes a training step for every line of its input, `mlp 64`, and prints the milliseconds that it took."""

import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)


def chain(count):
    a = torch.randn(count, requires_grad=True)
    b = torch.randn(count, requires_grad=True)

    def step():
        a.grad = b.grad = None
        (3 * a**3 - b**2).sum().backward()

    return step


def train(model, optimizer, loss):
    def step():
        optimizer.zero_grad()
        loss(model).backward()
        optimizer.step()

    return step


def mlp(batch):
    model = nn.Sequential(
        nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)
    )
    x, labels = torch.randn(batch, 784), torch.randint(10, (batch,))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    return train(model, optimizer, lambda m: F.cross_entropy(m(x), labels))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Sequential()
        if stride != 1:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(y)) + self.downsample(x), inplace=True)


def resnet(batch):
    blocks = []
    for inputs, outputs, stride in [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)]:
        blocks += [Block(inputs, outputs, stride), Block(outputs, outputs, 1)]
    model = nn.Sequential(
        nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1),
        *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000),
    )
    x, labels = torch.rand(batch, 3, 64, 64), torch.rand(batch, 1000)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9)
    return train(model, optimizer, lambda m: (m(x) - labels).sum())


class GptBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.c_attn, self.attn_proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.c_fc, self.c_proj = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        split = lambda x: x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
        q, k, v = map(split, self.c_attn(self.ln_1(x)).split(width, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.attn_proj(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.c_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, layers, heads, width, context, vocabulary):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.h = nn.Sequential(*(GptBlock(width, heads) for _ in range(layers)))
        self.ln_f = nn.LayerNorm(width)

    def forward(self, tokens):
        x = self.wte(tokens) + self.wpe.weight
        return self.ln_f(self.h(x)) @ self.wte.weight.T


def gpt(batch):
    model = Gpt(3, 4, 96, 64, 69)
    tokens, following = torch.randint(69, (2, batch, 64))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    return train(model, optimizer, lambda m: F.cross_entropy(m(tokens).flatten(0, 1), following.flatten()))


def lstm(batch):
    model = nn.LSTM(64, 128)
    x, y = torch.randn(32, batch, 64), torch.randn(batch, 128)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    return train(model, optimizer, lambda m: F.mse_loss(m(x)[1][0][0], y))


WORK = {"chain": chain, "mlp": mlp, "resnet": resnet, "gpt": gpt, "lstm": lstm}
name = step = None
print(torch.__version__, flush=True)
for line in sys.stdin:
    if line != name:
        name = line
        kind, size = line.split()
        step = WORK[kind](int(size))
    start = time.perf_counter()
    step()
    print((time.perf_counter() - start) * 1e3, flush=True)
