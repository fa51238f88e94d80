"""What the PyTorch sides share: the networks, start values, images and update that bench/problem.mjs says.

Parameters are registered in the order in which evenkeel lists them, so that both engines start from the same numbers.
"""

import gzip
import itertools
import math
import os

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def lenet5():
    """Caffe's LeNet-5."""
    return nn.Sequential(
        nn.Conv2d(1, 20, 5),
        nn.MaxPool2d(2),
        nn.Conv2d(20, 50, 5),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(800, 500),
        nn.ReLU(),
        nn.Linear(500, 10),
    )


def all_cnn():
    """All-CNN-C (Springenberg et al. 2015), with a ReLU after every convolution."""

    def convolution(inputs, outputs, side, stride, pad):
        return nn.Conv2d(inputs, outputs, side, stride, pad), nn.ReLU()

    return nn.Sequential(
        nn.Dropout(0.2),
        *convolution(3, 96, 3, 1, 1),
        *convolution(96, 96, 3, 1, 1),
        *convolution(96, 96, 3, 2, 1),
        nn.Dropout(0.5),
        *convolution(96, 192, 3, 1, 1),
        *convolution(192, 192, 3, 1, 1),
        *convolution(192, 192, 3, 2, 1),
        nn.Dropout(0.5),
        *convolution(192, 192, 3, 1, 0),
        *convolution(192, 192, 1, 1, 0),
        *convolution(192, 10, 1, 1, 0),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )


class PreActivationUnit(nn.Module):
    """Two 3x3 convolutions around an identity; with a stride, a projection of the activated input around them."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first_norm = nn.BatchNorm2d(inputs) if stride > 1 else None
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.projection = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if stride > 1 else None

    def forward(self, x):
        active = F.relu(self.first_norm(x)) if self.first_norm else x
        residual = self.second(F.relu(self.second_norm(self.first(active))))
        return residual + (self.projection(active) if self.projection else x)


def resnet10():
    """The pre-activation ResNet-10 of Simon, Rodner and Denzler 2016, which Buda et al. used."""
    return nn.Sequential(
        nn.BatchNorm2d(3),
        nn.Conv2d(3, 64, 7, 2, 3),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, ceil_mode=True),
        PreActivationUnit(64, 64, 1),
        PreActivationUnit(64, 128, 2),
        PreActivationUnit(128, 256, 2),
        PreActivationUnit(256, 512, 2),
        nn.BatchNorm2d(512),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(512, 1000),
    )


BUILDERS = {"lenet5": lenet5, "all-cnn": all_cnn, "resnet10": resnet10}


def one_thread():
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)


def hashed(i, salt):
    """Well mixed integers in [0, 2^32) for an array of indices."""
    i = i.astype(np.uint32)
    h = (i + np.uint32(1)) * np.uint32(0x9E3779B1) ^ np.uint32((salt + 1) * 0x85EBCA6B & 0xFFFFFFFF)
    h = (h ^ (h >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    return h ^ (h >> np.uint32(13))


@torch.no_grad()
def build(spec):
    """The network of a spec: weights uniform in +-sqrt(6 / fan-in), biases 0, batch normalisation's scales 1."""
    network = BUILDERS[spec["model"]]()
    salts = itertools.count()
    for name, parameter in network.named_parameters():
        if parameter.ndim > 1:
            size, bound = parameter.numel(), math.sqrt(6 / parameter[0].numel())
            values = (2 * (hashed(np.arange(size), next(salts)) / 2**32) - 1) * bound
            parameter.copy_(torch.from_numpy(values.astype(np.float32)).view(parameter.shape))
        elif name.endswith("bias"):
            parameter.zero_()
    return network.to(memory_format=getattr(torch, spec["format"]))


def noise(spec):
    """Pixels in 0 to 255 [N, C, H, W] and labels [N] of noise, for `batches` batches."""
    count = spec["batch"] * spec["batches"]
    pixels = hashed(np.arange(count * math.prod(spec["input"])), 101) >> np.uint32(24)
    labels = hashed(np.arange(count), 100) % spec["classes"]
    return pixels.astype(np.uint8).reshape(count, *spec["input"]), labels.astype(np.int64)


def read_images(directory, part):
    """Pixels uint8 [N, 1, H, W] and labels [N] of one part, 'train' or 't10k', of a directory like MNIST's."""
    pixels = read_idx(directory, f"{part}-images-idx3-ubyte")
    return pixels[:, None], read_idx(directory, f"{part}-labels-idx1-ubyte").astype(np.int64)


def read_idx(directory, name):
    path = os.path.join(directory, name)
    packed = not os.path.exists(path)
    with gzip.open(path + ".gz") if packed else open(path, "rb") as file:
        content = file.read()
    sizes = np.frombuffer(content, ">u4", content[3], 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(sizes)).reshape(sizes).copy()


def as_input(pixels, spec):
    """What the network takes: float32, divided by `pixelDivisor`, in the order of `format`."""
    return (pixels.float() / spec["pixelDivisor"]).to(memory_format=getattr(torch, spec["format"]))


def sgd(network, spec):
    """SGD with momentum; biases learn at `biasLearningRate` times the rate, which each group keeps as `factor`."""
    biases = [parameter for name, parameter in network.named_parameters() if name.endswith("bias")]
    others = [parameter for name, parameter in network.named_parameters() if not name.endswith("bias")]
    factors = (1, others), (spec["biasLearningRate"], biases)
    groups = [{"params": params, "factor": factor, "lr": factor * spec["learningRate"]} for factor, params in factors]
    return torch.optim.SGD(groups, lr=spec["learningRate"], momentum=spec["momentum"], weight_decay=spec["weightDecay"])


def update(optimiser, loss):
    """The second half of a step. Gradients are dropped, not zeroed: a pass over them less."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    return loss.item()
