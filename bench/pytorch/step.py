"""A process of its own that times PyTorch's training step, as bench/evenkeel/step.mjs times evenkeel's.

python3 bench/pytorch/step.py SPEC, with the JSON of bench/problem.mjs and a `format`, the order of images and filters in
memory: contiguous_format (what PyTorch does unasked) or channels_last. It prints a line of JSON: `losses` of the
first `checked` steps with masks that keep everything, and the time in ms of each of the `steps` after `warmUp`.
"""

import itertools
import json
import sys
import time

import torch
import torch.nn.functional as F
from networks import as_input, build, noise, one_thread, read_images, sgd, update


def batches(spec):
    """The batches in turn, without end, ready to be fed: only the step is timed."""
    if "directory" in spec:
        pixels, labels = read_images(spec["directory"], "train")
        count = spec["batch"] * spec["batches"]
        pixels, labels = pixels[:count], labels[:count]
    else:
        pixels, labels = noise(spec)
    inputs = [as_input(part, spec) for part in torch.from_numpy(pixels).split(spec["batch"])]
    return itertools.cycle(list(zip(inputs, torch.from_numpy(labels).split(spec["batch"]))))


def steps(network, spec, count):
    """Loss and milliseconds of each of `count` steps."""
    optimiser = sgd(network, spec)
    for x, y in itertools.islice(batches(spec), count):
        since = time.perf_counter()
        loss = update(optimiser, F.cross_entropy(network(x), y))
        yield loss, (time.perf_counter() - since) * 1000


class FullDropout(torch.nn.Module):
    """Dropout with a mask that keeps everything."""

    def __init__(self, rate):
        super().__init__()
        self.keep = 1 - rate

    def forward(self, x):
        return x / self.keep


def losses(spec):
    network = build(spec)
    for i, layer in enumerate(network):
        if isinstance(layer, torch.nn.Dropout):
            network[i] = FullDropout(layer.p)
    return [loss for loss, _ in steps(network, spec, spec["checked"])]


def times(spec):
    measured = [ms for _, ms in steps(build(spec), spec, spec["warmUp"] + spec["steps"])]
    return measured[spec["warmUp"] :]


if __name__ == "__main__":
    one_thread()
    spec = json.loads(sys.argv[1])
    print(json.dumps({"version": torch.__version__, "losses": losses(spec), "times": times(spec)}))
