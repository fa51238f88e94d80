"""A process of its own that times PyTorch's evaluation of test images, as bench/evenkeel/evaluation.mjs times evenkeel's.

python3 bench/pytorch/evaluation.py SPEC prints a line of JSON: `probabilities` of the first ten images under the start
values, and the time in ms of each of `evaluations` runs over the first `images` test images. They are floats in memory before.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from networks import as_input, build, one_thread, read_images


@torch.inference_mode()
def evaluate(spec):
    network = build(spec).eval()
    pixels, _ = read_images(spec["directory"], "t10k")
    batches = as_input(torch.from_numpy(pixels[: spec["images"]]), spec).split(spec["evaluationBatch"])

    def run():
        return torch.cat([F.softmax(network(x), 1) for x in batches])

    probabilities, times = run(), []
    for _ in range(spec["evaluations"]):
        since = time.perf_counter()
        run()
        times.append((time.perf_counter() - since) * 1000)
    return {"probabilities": probabilities[:10].flatten().tolist(), "times": times}


if __name__ == "__main__":
    one_thread()
    print(json.dumps({"version": torch.__version__, **evaluate(json.loads(sys.argv[1]))}))
