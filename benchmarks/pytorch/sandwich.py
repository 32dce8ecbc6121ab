#!/usr/bin/env python3
"""The sandwich training step of HwNas in PyTorch: the reference for training throughput.

Each step sums the gradients of the largest subnet (on labels, label smoothing 0.1) and of the smallest and some given
subnets (on the largest one's soft labels), then steps once (SGD, Nesterov momentum 0.9). Weights are shared and
sliced as in BigNAS; images are random, channels-last. Prints images per second, processor time and losses
as JSON.

  sandwich.py --subnets IDS [--space JSON] [--threads 2] [--steps 20] [--batch 64] [--seed 1]

IDS holds architecture ids (r28-c16-w16d1k3e2-...-h128), one a line, two for each step.
"""
import argparse
import json
import re
import time

import torch
import torch.nn.functional as F

RANDOM_SUBNETS = 2
SIDE = 28


def largest(space, pick=max):
    """The architecture of a space that is extreme in everything: resolution, stem, stages, head."""
    stages = [
        dict(width=pick(s["widths"]), kernels=[pick(s["kernels"])] * pick(s["depths"]), expansions=[pick(s["expansions"])] * pick(s["depths"]))
        for s in space["stages"]
    ]
    return dict(resolution=pick(space["resolutions"]), stem=pick(space["stem"]["widths"]), stages=stages, head=pick(space["head"]["widths"]))


def parse(text):
    """Reads an architecture id; kernels and expansions are one number where all blocks agree."""
    first, stem, *stages, head = text.split("-")

    def stage(part):
        width, depth, kernels, expansions = re.fullmatch(r"w(\d+)d(\d+)k([\d.]+)e([\d.]+)", part).groups()
        blocks = [[int(n) for n in values.split(".")] for values in (kernels, expansions)]
        blocks = [values * int(depth) if len(values) == 1 else values for values in blocks]
        return dict(width=int(width), kernels=blocks[0], expansions=blocks[1])

    return dict(resolution=int(first[1:]), stem=int(stem[1:]), stages=[stage(s) for s in stages], head=int(head[1:]))


def divisible(value, divisor):
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded


def convolutions(space, net):
    """Every convolution of a network, in order of execution: name, in, out, kernel, stride, depthwise, activated, block."""
    divisor = space["conventions"]["channel_divisor"]
    yield "stem", space["input_channels"], net["stem"], space["stem"]["kernel"], space["stem"]["stride"], False, True, None
    channels = net["stem"]
    for table, stage in zip(space["stages"], net["stages"]):
        for block, (kernel, expansion) in enumerate(zip(stage["kernels"], stage["expansions"])):
            name, stride = f"{table['name']}.{block}", table["stride"] if block == 0 else 1
            shortcut = stride == 1 and channels == stage["width"]
            middle = channels if expansion == 1 else divisible(channels * expansion, divisor)
            if expansion != 1:
                yield f"{name}.expand", channels, middle, 1, 1, False, True, "start"
            yield f"{name}.depthwise", middle, middle, kernel, stride, True, True, "start" if expansion == 1 else None
            yield f"{name}.project", middle, stage["width"], 1, 1, False, False, "add" if shortcut else None
            channels = stage["width"]
    yield "head", channels, net["head"], 1, 1, False, True, None


class Supernet:
    def __init__(self, space):
        self.space, self.weights = space, {}
        top = largest(space)
        for name, inputs, outputs, kernel, _, depthwise, _, _ in convolutions(space, top):
            fan_out = (1 if depthwise else outputs) * kernel * kernel
            weight = torch.randn(outputs, 1 if depthwise else inputs, kernel, kernel) * (2 / fan_out) ** 0.5
            # Zero-gamma where every subnet has the shortcut: from the second block of a stage on.
            zero = name.endswith(".project") and not name.endswith(".0.project")
            self.add(name, weight, torch.zeros(outputs) if zero else torch.ones(outputs), torch.zeros(outputs))
        self.add("classifier", torch.randn(space["classes"], top["head"]) * 0.01, None, torch.zeros(space["classes"]))

    def add(self, name, weight, gamma, beta):
        self.weights[name] = [None if t is None else t.requires_grad_() for t in (weight, gamma, beta)]

    def __call__(self, images, net):
        x = images
        for name, inputs, outputs, kernel, stride, depthwise, activated, block in convolutions(self.space, net):
            if block == "start":
                shortcut = x
            weight, gamma, beta = self.weights[name]
            crop = (weight.shape[2] - kernel) // 2
            weight = weight[:outputs, : 1 if depthwise else inputs, crop : crop + kernel, crop : crop + kernel]
            x = F.conv2d(x, weight, None, stride, kernel // 2, 1, inputs if depthwise else 1)
            x = F.batch_norm(x, None, None, gamma[:outputs], beta[:outputs], training=True)
            if activated:
                x = F.relu_(x)
            if block == "add":
                x = x + shortcut
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        weight, _, bias = self.weights["classifier"]
        return F.linear(x, weight[:, : net["head"]], bias)


def resize(images, side):
    """Bilinear with antialiasing, as two matrix products with the same cost as in HwNas; channels-last."""
    if side != images.shape[2]:
        matrix = F.interpolate(torch.eye(images.shape[2])[None, None], (side, images.shape[2]), mode="bilinear", antialias=True)[0, 0]
        images = matrix @ images @ matrix.t()
    # contiguous() leaves one-channel images as they are; libtorch takes those for channels-last only by their strides.
    return torch.empty_strided(images.shape, (images[0].numel(), 1, side * images.shape[1], images.shape[1])).copy_(images)


def sandwich(net, optimizer, images, labels, top, others):
    optimizer.zero_grad(set_to_none=False)
    logits = net(resize(images, top["resolution"]), top)
    soft = F.softmax(logits.detach(), 1)
    loss = F.cross_entropy(logits, labels, label_smoothing=0.1)
    loss.backward()
    losses = [loss.item()]
    for other in others:
        logits = net(resize(images, other["resolution"]), other)
        loss = -(F.log_softmax(logits, 1) * soft).sum() / len(images)
        loss.backward()
        losses.append(loss.item())
    optimizer.step()
    return losses


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--space", default="src/HwNas.Core/Spaces/BuiltIn/fashion-mnist.json")
    arguments.add_argument("--subnets", required=True)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--steps", type=int, default=20)
    arguments.add_argument("--warmup", type=int, default=3)
    arguments.add_argument("--batch", type=int, default=64)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    with open(options.space) as file:
        space = json.load(file)
    if any(stage["squeeze_excite"] for stage in space["stages"]) or space["conventions"]["shortcut"] != "identity":
        raise SystemExit("This script knows neither squeeze-and-excitation nor projection shortcuts.")
    with open(options.subnets) as file:
        subnets = [parse(line) for line in file.read().split()]
    top, bottom, net = largest(space), largest(space, min), Supernet(space)
    parameters = [t for triple in net.weights.values() for t in triple if t is not None]
    decayed = [t for t in parameters if t.dim() > 1]
    free = [t for t in parameters if t.dim() == 1]
    optimizer = torch.optim.SGD([dict(params=decayed, weight_decay=1e-5), dict(params=free)], lr=0.05, momentum=0.9, nesterov=True)
    images = torch.randn(options.batch, space["input_channels"], SIDE, SIDE)
    labels = torch.randint(space["classes"], (options.batch,))

    for step in range(options.warmup + options.steps):
        if step == options.warmup:
            start, processor_start = time.perf_counter(), time.process_time()
        at = step * RANDOM_SUBNETS % len(subnets)
        losses = sandwich(net, optimizer, images, labels, top, [bottom, *subnets[at : at + RANDOM_SUBNETS]])
    seconds, processor = time.perf_counter() - start, time.process_time() - processor_start
    print(json.dumps(dict(
        images_per_second=options.steps * options.batch / seconds,
        processor_ms_per_step=1000 * processor / options.steps,
        parameters=sum(t.numel() for t in parameters),
        losses=losses,
    )))


if __name__ == "__main__":
    main()
