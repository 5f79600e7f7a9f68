"""Writes optimizers.txt: parameters after each of several steps of each optimizer.

The equations are those of PyTorch's documentation (Lion: those of its paper), one parameter at a time in plain numbers,
independently of the crate. Run with `python3 optimizers.py > optimizers.txt`.
"""

from math import copysign, cos, pi, sqrt

START = [3.0, -2.0]
GRADIENTS = [(1.0, -0.5), (-0.5, 0.25), (2.0, 0.0), (0.125, -3.0), (-1.5, 1.0), (0.75, 0.5)]


def sgd(lr, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False):
    def steps(theta, gradients):
        b = None
        for g in gradients:
            g = g + weight_decay * theta
            if momentum:
                b = g if b is None else momentum * b + (1 - dampening) * g
                g = g + momentum * b if nesterov else b
            theta = theta - lr * g
            yield theta
    return steps


def adam(lr, beta1=0.9, beta2=0.999, eps=1e-8, penalty=0.0, decay=0.0, amsgrad=False):
    def steps(theta, gradients):
        m = v = largest = 0.0
        for t, g in enumerate(gradients, 1):
            theta = theta - lr * decay * theta
            g = g + penalty * theta
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            largest = max(largest, v)
            v_hat = (largest if amsgrad else v) / (1 - beta2**t)
            theta = theta - lr * m / (1 - beta1**t) / (sqrt(v_hat) + eps)
            yield theta
    return steps


def nadam(lr, beta1=0.9, beta2=0.999, eps=1e-8, penalty=0.0, decay=0.0, psi=0.004):
    def steps(theta, gradients):
        m = v = 0.0
        product = 1.0
        for t, g in enumerate(gradients, 1):
            theta = theta - lr * decay * theta
            g = g + penalty * theta
            mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
            mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
            product *= mu
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            m_hat = mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)
            theta = theta - lr * m_hat / (sqrt(v / (1 - beta2**t)) + eps)
            yield theta
    return steps


def rmsprop(lr, alpha=0.99, eps=1e-8, penalty=0.0, momentum=0.0, centered=False):
    def steps(theta, gradients):
        v = average = b = 0.0
        for g in gradients:
            g = g + penalty * theta
            v = alpha * v + (1 - alpha) * g * g
            v_tilde = v
            if centered:
                average = alpha * average + (1 - alpha) * g
                v_tilde = v - average * average
            if momentum:
                b = momentum * b + g / (sqrt(v_tilde) + eps)
                theta = theta - lr * b
            else:
                theta = theta - lr * g / (sqrt(v_tilde) + eps)
            yield theta
    return steps


def adagrad(lr, lr_decay=0.0, penalty=0.0, initial=0.0, eps=1e-10):
    def steps(theta, gradients):
        total = initial
        for t, g in enumerate(gradients, 1):
            rate = lr / (1 + (t - 1) * lr_decay)
            g = g + penalty * theta
            total += g * g
            theta = theta - rate * g / (sqrt(total) + eps)
            yield theta
    return steps


def adadelta(lr, rho=0.9, eps=1e-6, penalty=0.0):
    def steps(theta, gradients):
        v = u = 0.0
        for g in gradients:
            g = g + penalty * theta
            v = v * rho + g * g * (1 - rho)
            delta = sqrt(u + eps) / sqrt(v + eps) * g
            u = u * rho + delta * delta * (1 - rho)
            theta = theta - lr * delta
            yield theta
    return steps


def lion(lr, beta1=0.9, beta2=0.99, decay=0.0):
    def steps(theta, gradients):
        m = 0.0
        for g in gradients:
            c = beta1 * m + (1 - beta1) * g
            theta = theta - lr * ((copysign(1.0, c) if c else 0.0) + decay * theta)
            m = beta2 * m + (1 - beta2) * g
            yield theta
    return steps


OPTIMIZERS = {
    "sgd": sgd(0.1),
    "sgd_decay": sgd(0.1, weight_decay=0.01),
    "sgd_momentum": sgd(0.1, momentum=0.9),
    "sgd_dampening": sgd(0.1, momentum=0.9, dampening=0.3, weight_decay=0.02),
    "sgd_nesterov": sgd(0.1, momentum=0.9, weight_decay=0.2, nesterov=True),
    "adam": adam(0.05),
    "adam_penalty": adam(0.05, 0.8, 0.95, 1e-3, penalty=0.1),
    "adam_amsgrad": adam(0.05, 0.8, 0.5, amsgrad=True),
    "adamw": adam(0.05, decay=0.01),
    "adamw_amsgrad": adam(0.05, 0.8, 0.5, decay=0.1, amsgrad=True),
    "nadam": nadam(0.05),
    "nadam_penalty": nadam(0.05, 0.8, 0.95, 1e-3, penalty=0.1, psi=0.1),
    "nadam_decoupled": nadam(0.05, decay=0.1),
    "rmsprop": rmsprop(0.01),
    "rmsprop_penalty": rmsprop(0.01, 0.9, 1e-3, penalty=0.1),
    "rmsprop_momentum": rmsprop(0.01, momentum=0.9),
    "rmsprop_centered": rmsprop(0.01, centered=True),
    "rmsprop_centered_momentum": rmsprop(0.01, 0.8, momentum=0.5, centered=True),
    "adagrad": adagrad(0.1),
    "adagrad_all": adagrad(0.1, 0.2, 0.1, 0.5, 1e-3),
    "adadelta": adadelta(1.0),
    "adadelta_penalty": adadelta(0.5, 0.8, 1e-4, 0.1),
    "lion": lion(0.1),
    "lion_decay": lion(0.1, 0.8, 0.5, 0.1),
}


def show(name, rows):
    for row in rows:
        print(name, *(repr(value) for value in row))


for name, steps in OPTIMIZERS.items():
    per_parameter = [steps(theta, [row[i] for row in GRADIENTS]) for i, theta in enumerate(START)]
    show(name, zip(*per_parameter))


def annealed(start, end, part):
    return end + (start - end) / 2 * (cos(pi * part) + 1)


def one_cycle(step, total, top, start_part=0.3, div=25.0, final_div=1e4, low=0.85, high=0.95):
    first = top / div
    up = float(start_part * total) - 1
    down = total - 1
    if step <= up:
        return annealed(first, top, step / up), annealed(high, low, step / up)
    part = (step - up) / (down - up)
    return annealed(top, first / final_div, part), annealed(low, high, part)


show("one_cycle", (one_cycle(step, 20, 0.5) for step in range(20)))
show("cosine", ([0.02 + (0.5 - 0.02) * (1 + cos(pi * step / 10)) / 2] for step in range(11)))


def plateau(losses, rate, factor, patience, threshold, cooldown, least):
    best, bad, cooling = float("inf"), 0, 0
    for loss in losses:
        if loss < best * (1 - threshold):
            best, bad = loss, 0
        else:
            bad += 1
        if cooling > 0:
            cooling -= 1
            bad = 0
        if bad > patience:
            new = max(rate * factor, least)
            if rate - new > 1e-8:
                rate = new
            cooling, bad = cooldown, 0
        yield [rate]


LOSSES = [5, 4, 4, 4, 3.9999, 3, 3.1, 3.2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]
show("plateau", plateau(LOSSES, 0.1, 0.25, 2, 1e-3, 1, 0.002))


class LBFGS:
    """Two parameters as lists, the criteria and the line search as in `torch.optim.LBFGS(line_search_fn="strong_wolfe")`."""

    def __init__(self, lr=1.0, max_iter=20, history=100, tol_grad=1e-7, tol_change=1e-9):
        self.lr, self.max_iter, self.history = lr, max_iter, history
        self.tol_grad, self.tol_change = tol_grad, tol_change
        self.n_iter = self.evals = 0
        self.y, self.s = [], []

    def step(self, x, f):
        loss, g = f(x)
        self.evals += 1
        used = 1
        if max(map(abs, g)) <= self.tol_grad:
            return x
        for n in range(1, self.max_iter + 1):
            self.n_iter += 1
            if self.n_iter == 1:
                d = [-a for a in g]
                self.h = 1.0
            else:
                y = [a - b for a, b in zip(g, self.old_g)]
                s = [a * self.t for a in self.d]
                ys = dot(y, s)
                if ys > 1e-10:
                    if len(self.y) == self.history:
                        del self.y[0], self.s[0]
                    self.y.append(y)
                    self.s.append(s)
                    self.h = ys / dot(y, y)
                d = [-a for a in g]
                alphas = []
                for y, s in reversed(list(zip(self.y, self.s))):
                    alphas.insert(0, dot(s, d) / dot(y, s))
                    d = [a - alphas[0] * b for a, b in zip(d, y)]
                d = [self.h * a for a in d]
                for y, s, alpha in zip(self.y, self.s, alphas):
                    beta = dot(y, d) / dot(y, s)
                    d = [a + (alpha - beta) * b for a, b in zip(d, s)]
            self.d, self.old_g, old_loss = d, g, loss
            t = self.lr * min(1.0, 1.0 / sum(map(abs, g))) if self.n_iter == 1 else self.lr
            slope = dot(g, d)
            self.t = t
            if slope > -self.tol_change:
                break
            loss, g, t, count = wolfe(f, x, t, d, loss, g, slope, self.tol_change)
            self.t = t
            x = [a + t * b for a, b in zip(x, d)]
            used += count
            self.evals += count
            if used >= self.max_iter * 5 // 4 or max(map(abs, g)) <= self.tol_grad:
                break
            if max(abs(a * t) for a in d) <= self.tol_change or abs(loss - old_loss) < self.tol_change:
                break
        return x


def dot(a, b):
    return sum(p * q for p, q in zip(a, b))


def cubic(x1, f1, g1, x2, f2, g2, least=None, most=None):
    if least is None:
        least, most = min(x1, x2), max(x1, x2)
    d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2)
    if d1 * d1 < g1 * g2:
        return (least + most) / 2
    d2 = sqrt(d1 * d1 - g1 * g2)
    if x1 <= x2:
        at = x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2))
    else:
        at = x1 - (x1 - x2) * ((g1 + d2 - d1) / (g1 - g2 + 2 * d2))
    return min(max(at, least), most)


def wolfe(f, x, t, d, f0, g0, slope0, tolerance, c1=1e-4, c2=0.9, limit=25):
    def at(t):
        loss, g = f([a + t * b for a, b in zip(x, d)])
        return t, loss, g, dot(g, d)

    before, now = (0.0, f0, g0, slope0), at(t)
    count, trials, ends = 1, 0, None
    while trials < limit:
        if now[1] > f0 + c1 * now[0] * slope0 or (trials > 1 and now[1] >= before[1]):
            ends = [before, now]
            break
        if abs(now[3]) <= -c2 * slope0:
            return now[1], now[2], now[0], count
        if now[3] >= 0:
            ends = [before, now]
            break
        next_t = cubic(before[0], before[1], before[3], now[0], now[1], now[3],
                       now[0] + 0.01 * (now[0] - before[0]), now[0] * 10)
        before, now = now, at(next_t)
        count += 1
        trials += 1
    if ends is None:
        ends = [(0.0, f0, g0, slope0), now]
    low, high = (0, 1) if ends[0][1] <= ends[1][1] else (1, 0)
    stuck = False
    while trials < limit and abs(ends[1][0] - ends[0][0]) * max(map(abs, d)) >= tolerance:
        t = cubic(ends[0][0], ends[0][1], ends[0][3], ends[1][0], ends[1][1], ends[1][3])
        left, right = min(ends[0][0], ends[1][0]), max(ends[0][0], ends[1][0])
        margin = 0.1 * (right - left)
        if min(right - t, t - left) < margin:
            if stuck or t >= right or t <= left:
                t = right - margin if abs(t - right) < abs(t - left) else left + margin
                stuck = False
            else:
                stuck = True
        else:
            stuck = False
        now = at(t)
        count += 1
        trials += 1
        if now[1] > f0 + c1 * t * slope0 or now[1] >= ends[low][1]:
            ends[high] = now
            low, high = (0, 1) if ends[0][1] <= ends[1][1] else (1, 0)
        else:
            if abs(now[3]) <= -c2 * slope0:
                return now[1], now[2], now[0], count
            if now[3] * (ends[high][0] - ends[low][0]) >= 0:
                ends[high] = ends[low]
            ends[low] = now
    return ends[low][1], ends[low][2], ends[low][0], count


def rosenbrock(p):
    x, y = p
    a, b = 1 - x, y - x * x
    return a * a + 100 * b * b, [-2 * a - 400 * x * b, 200 * b]


def wavy(p):
    """Slopes of changing sign, so that the line search has to zoom."""
    from math import sin
    x, y = p
    return sin(3 * x) + 0.1 * x * x + 2 * y**4 + x * y, [3 * cos(3 * x) + 0.2 * x + y, 8 * y**3 + x]


for name, function, start, optimizer in [
    ("lbfgs_rosenbrock", rosenbrock, [-1.2, 1.0], LBFGS(max_iter=4)),
    ("lbfgs_short_history", rosenbrock, [-1.2, 1.0], LBFGS(max_iter=4, history=2)),
    ("lbfgs_long_steps", wavy, [3.0, 2.0], LBFGS(lr=8.0, max_iter=3)),
    ("lbfgs_short_steps", wavy, [-3.0, 1.0], LBFGS(lr=0.01, max_iter=3)),
]:
    point = start
    for _ in range(8):
        point = optimizer.step(point, function)
        show(name, [[*point, optimizer.n_iter, optimizer.evals]])
