"""A process of its own that times PyTorch on the LeNet-5 problem, as bench/evenkeel/lenet5.mjs times evenkeel.

python3 bench/pytorch/lenet5.py WARM_UP STEPS EVALUATIONS FORMAT prints one line of JSON: `losses` of the first steps,
`probabilities` of the first ten images under the starting weights, and the times `steps` and `evaluations` in ms.
FORMAT is the order of images and filters in memory: contiguous_format (what PyTorch does unasked) or channels_last.
One thread; pixels are floats from the start (evenkeel casts its bytes in every step). bench/problem.mjs says what the
problem is.
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

BATCH, BATCHES, EVALUATED, CHECKED = 64, 8, 1000, 10
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 0.01, 0.9, 5e-4
WARM_UP, STEPS, EVALUATIONS = (int(argument) for argument in sys.argv[1:4])
FORMAT = getattr(torch, sys.argv[4])
SHAPES = [(20, 1, 5, 5), (20,), (50, 20, 5, 5), (50,), (500, 800), (500,), (10, 500), (10,)]


def hashed(i, salt):
    """Well mixed integers in [0, 2^32) for an array of indices."""
    i = i.astype(np.uint32)
    h = (i + np.uint32(1)) * np.uint32(0x9E3779B1) ^ np.uint32((salt + 1) * 0x85EBCA6B & 0xFFFFFFFF)
    h = (h ^ (h >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    return h ^ (h >> np.uint32(13))


def boxes(count):
    """Pixels [count, 1, 28, 28] in 0 to 255 and labels [count]."""
    labels = (hashed(np.arange(count), 100) % 10).astype(np.int64)
    noise = (hashed(np.arange(count * 784), 101) >> np.uint32(24)).reshape(count, 28, 28)
    pixels = np.zeros((count, 1, 28, 28), np.float32)
    for n, label in enumerate(labels):
        top, left = 4 + 10 * (label // 5), 2 + 4 * (label % 5)
        box = slice(top, top + 9), slice(left, left + 7)
        pixels[n, 0][box] = noise[n][box]
    return torch.tensor(pixels / np.float32(256)).to(memory_format=FORMAT), torch.tensor(labels)


def starting_weights():
    """Biases of 0, weights uniform in +-sqrt(3 / fan-in)."""
    tensors = []
    for salt, shape in enumerate(SHAPES):
        size = int(np.prod(shape))
        values = np.zeros(size)
        if len(shape) > 1:
            values = (2 * (hashed(np.arange(size), salt) / 2**32) - 1) * np.sqrt(3 / (size / shape[0]))
        tensor = torch.tensor(values.astype(np.float32).reshape(shape))
        if len(shape) == 4:
            tensor = tensor.to(memory_format=FORMAT)
        tensors.append(tensor.requires_grad_())
    return tensors


def lenet5(x, weights):
    """Logits [N, 10]."""
    w1, b1, w2, b2, w3, b3, w4, b4 = weights
    h = F.max_pool2d(F.conv2d(x, w1, b1), 2)
    h = F.max_pool2d(F.conv2d(h, w2, b2), 2).flatten(1)
    return F.linear(F.relu(F.linear(h, w3, b3)), w4, b4)


def train():
    weights = starting_weights()
    groups = [{"params": weights[0::2]}, {"params": weights[1::2], "lr": 2 * LEARNING_RATE}]
    optimiser = torch.optim.SGD(groups, lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    pixels, labels = boxes(BATCH * BATCHES)
    batches = list(zip(pixels.split(BATCH), labels.split(BATCH)))
    losses, times = [], []
    for step in range(WARM_UP + STEPS):
        x, y = batches[step % BATCHES]
        since = time.perf_counter()
        optimiser.zero_grad()
        loss = F.cross_entropy(lenet5(x, weights), y)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        times.append((time.perf_counter() - since) * 1000)
    return {"losses": losses[:CHECKED], "steps": times[WARM_UP:]}


@torch.no_grad()
def evaluate():
    weights = starting_weights()
    pixels, _ = boxes(EVALUATED)

    def run():
        return torch.cat([F.softmax(lenet5(x, weights), 1) for x in pixels.split(100)])

    probabilities, times = run(), []
    for _ in range(EVALUATIONS):
        since = time.perf_counter()
        run()
        times.append((time.perf_counter() - since) * 1000)
    return {"probabilities": probabilities[:10].flatten().tolist(), "evaluations": times}


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    print(json.dumps({"version": torch.__version__, **train(), **evaluate()}))
