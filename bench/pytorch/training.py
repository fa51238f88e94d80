"""A process of its own that trains LeNet-5 by procedures of Buda et al. 2018, one after another, from an image directory.

python3 bench/pytorch/training.py SPEC prints a line of JSON: for each of `procedures` its `seconds` in the training loop and,
with `evaluate`, its `accuracy` on the test images. Half of the classes have `rho` times fewer images than the others.
Over- and undersampled sets are lists of indices; pixels stay bytes until they are in a batch. The second of two phases trains the
last layer alone and runs the body without gradients.
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from networks import as_input, build, one_thread, read_images, sgd, update

PROCEDURES = {
    "baseline": ["natural"],
    "oversampling": ["oversampled"],
    "undersampling": ["undersampled"],
    "two-phase-oversampling": ["oversampled", "natural"],
    "two-phase-undersampling": ["undersampled", "natural"],
}


class Images:
    def __init__(self, spec, part):
        pixels, labels = read_images(spec["directory"], part)
        self.pixels, self.labels, self.spec = torch.from_numpy(pixels), torch.from_numpy(labels), spec

    def batch(self, rows):
        return as_input(self.pixels[rows], self.spec), self.labels[rows]


def index_sets(labels, rho, random):
    """Indices [N] of the imbalanced set as it is, with small classes filled up, and with large ones cut down."""
    classes = [random.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    large = min(len(members) for members in classes)
    small = round(large / rho)
    rare = random.permutation(len(classes))[: len(classes) // 2]
    kept = [members[: small if label in rare else large] for label, members in enumerate(classes)]
    return {
        "natural": np.concatenate(kept),
        "oversampled": np.concatenate([np.append(some, random.choice(some, large - len(some))) for some in kept]),
        "undersampled": np.concatenate([some[:small] for some in kept]),
    }


def batches(indices, spec, random):
    """Rows of each iteration: every epoch visits all in a new order."""
    needed = spec["iterations"] * spec["batch"]
    epochs = [random.permutation(indices) for _ in range(-(-needed // len(indices)))]
    return torch.from_numpy(np.concatenate(epochs)[:needed]).split(spec["batch"])


def train(network, images, indices, spec, random, head_only):
    body, head = network[:-1], network[-1]
    optimiser = sgd(head if head_only else network, spec)
    for iteration, rows in enumerate(batches(indices, spec, random)):
        rate = spec["learningRate"] * (0.1 if head_only else 1) * (1 + 1e-4 * iteration) ** -0.75
        for group in optimiser.param_groups:
            group["lr"] = group["factor"] * rate
        x, y = images.batch(rows)
        with torch.set_grad_enabled(not head_only):
            features = body(x)
        update(optimiser, F.cross_entropy(head(features), y))


@torch.inference_mode()
def accuracy(network, images, spec):
    rows = torch.arange(len(images.labels)).split(spec["evaluationBatch"])
    correct = [(network(x).argmax(1) == y).sum() for x, y in map(images.batch, rows)]
    return sum(correct).item() / len(images.labels)


def main(spec):
    random = np.random.default_rng(2018)
    images = Images(spec, "train")
    test = Images(spec, "t10k") if spec["evaluate"] else None
    sets = index_sets(images.labels.numpy(), spec["rho"], random)
    for name in spec["procedures"]:
        network = build(spec)
        since = time.perf_counter()
        for phase, sampled in enumerate(PROCEDURES[name]):
            train(network, images, sets[sampled], spec, random, head_only=phase > 0)
        trained = {"name": name, "seconds": time.perf_counter() - since}
        yield {**trained, "accuracy": accuracy(network, test, spec)} if test else trained


if __name__ == "__main__":
    one_thread()
    print(json.dumps({"version": torch.__version__, "trainings": list(main(json.loads(sys.argv[1])))}))
