#!/usr/bin/env python3
"""Train the digit classifier and export it as ONNX.

The data are the 1797 handwritten digits (8 x 8 pixels, values 0..16) that scikit-learn's wheel
ships. A fixed, stratified 360 of them are held out. The network is two 3 x 3 convolutions with
batch normalisation (folded into the convolutions' weights before export) and two dense layers.
Written beside this script:

    cnn.onnx         input `images` f32 [batch, 1, 8, 8] in 0..1, output `logits` f32 [batch, 10]
    test_images.npy  float32 [360, 1, 8, 8], the held-out digits
    test_labels.npy  int64 [360]

Every seed is fixed and one thread is used, so a second run on the same kind of machine with the
versions in requirements-train.txt writes the same files. When they change, renew test_logits.npy
with `reference.py --write`. Exits with status 1, writing nothing, if fewer than 97 % of the
held-out digits are recognised.
"""

from __future__ import annotations

import argparse
import copy
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

SEED = 0
HELD_OUT = 360
EPOCHS = 60
BATCH = 64
REQUIRED_ACCURACY = 0.97
OPSET = 18


class DigitClassifier(nn.Module):
    """[batch, 1, 8, 8] -> [batch, 10]"""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=3, padding=1)
        self.norm1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=3, padding=1)
        self.norm2 = nn.BatchNorm2d(32)
        self.dense1 = nn.Linear(32 * 2 * 2, 64)
        self.dense2 = nn.Linear(64, 10)

    def forward(self, images: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.norm1(self.conv1(images))), 2)
        x = F.max_pool2d(F.relu(self.norm2(self.conv2(x))), 2)
        x = F.dropout(x.flatten(1), 0.2, self.training)
        return self.dense2(F.relu(self.dense1(x)))


def load() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Returns the training images, held-out images, training labels and held-out labels."""
    digits = load_digits()
    images = (digits.images / 16.0).astype(np.float32)[:, np.newaxis]
    labels = digits.target.astype(np.int64)
    return train_test_split(images, labels, test_size=HELD_OUT, random_state=SEED, stratify=labels)


def augment(images: Tensor, generator: torch.Generator) -> Tensor:
    """Turns, scales and shifts each image a little: at most 10 degrees, 10 % and 0.75 pixel."""
    count = images.shape[0]

    def uniform(limit: float) -> Tensor:
        return (torch.rand(count, generator=generator) * 2 - 1) * limit

    angle, scale = uniform(np.pi / 18), 1 + uniform(0.1)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    shift = 0.75 * 2 / images.shape[-1]
    matrix = torch.stack([cos, -sin, uniform(shift), sin, cos, uniform(shift)], 1).view(-1, 2, 3)
    grid = F.affine_grid(matrix, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


def train(images: Tensor, labels: Tensor) -> DigitClassifier:
    """Returns a classifier in evaluation mode, trained for `EPOCHS` passes over the data."""
    generator = torch.Generator().manual_seed(SEED)
    model = DigitClassifier()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
    steps = -(-images.shape[0] // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=6e-3, total_steps=EPOCHS * steps
    )
    for _ in range(EPOCHS):
        order = torch.randperm(images.shape[0], generator=generator)
        for chosen in order.split(BATCH):
            logits = model(augment(images[chosen], generator))
            loss = F.cross_entropy(logits, labels[chosen], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def fold_normalisation(model: DigitClassifier) -> DigitClassifier:
    """Returns a copy of `model` whose convolutions do the work of their normalisations."""
    folded = copy.deepcopy(model)
    folded.conv1 = fuse_conv_bn_eval(folded.conv1, folded.norm1)
    folded.conv2 = fuse_conv_bn_eval(folded.conv2, folded.norm2)
    folded.norm1 = folded.norm2 = nn.Identity()
    return folded


def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    with torch.no_grad():
        return (model(images).argmax(1) == labels).float().mean().item()


def export(model: nn.Module, path: Path) -> None:
    """Writes `model` to `path`, weights inside, and checks the file."""
    # The TorchScript exporter is marked as deprecated, but the graph it writes is the plainer one:
    # no metadata, and so no paths of the machine that it ran on.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    torch.onnx.export(
        model,
        (torch.zeros(2, 1, 8, 8),),
        str(path),
        input_names=["images"],
        output_names=["logits"],
        dynamic_axes={"images": {0: "batch"}, "logits": {0: "batch"}},
        opset_version=OPSET,
        do_constant_folding=True,
        dynamo=False,
    )
    onnx.checker.check_model(str(path), full_check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--folder", type=Path, default=Path(__file__).parent, help="where to write the files"
    )
    folder: Path = parser.parse_args().folder

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    train_images, test_images, train_labels, test_labels = load()
    model = train(torch.from_numpy(train_images), torch.from_numpy(train_labels))
    model = fold_normalisation(model)
    reached = accuracy(model, torch.from_numpy(test_images), torch.from_numpy(test_labels))
    print(f"accuracy on {HELD_OUT} held-out digits: {reached:.2%}")
    if reached < REQUIRED_ACCURACY:
        print(f"train.py: below {REQUIRED_ACCURACY:.0%}: nothing written", file=sys.stderr)
        return 1

    folder.mkdir(parents=True, exist_ok=True)
    export(model, folder / "cnn.onnx")
    np.save(folder / "test_images.npy", np.ascontiguousarray(test_images))
    np.save(folder / "test_labels.npy", test_labels)
    return 0


if __name__ == "__main__":
    sys.exit(main())
