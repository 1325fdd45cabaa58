"""References of what changes colours.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys

import albumentations as A
import numpy as np

from support.cases import Cases
from support.tone import SHAPES, add, add_light, name

FEW = [(1, 1, 3), (1, 9, 3), (5, 4, 4), (28, 28, 1), (40, 33, 3), (40, 33, 4)]


def grey(root: pathlib.Path) -> None:
    with Cases(root, "ToGray") as cases:
        add(cases, "default-", SHAPES, {}, A.ToGray(p=1))
        for method in ["from_lab", "desaturation", "average", "max"]:
            add(cases, f"{method}-", FEW, {"method": method}, A.ToGray(method=method, p=1))
        # Sums in another order may change the last bit of a place on the line.
        for shape in [(1, 1, 3), (2, 1, 3), (1, 9, 3), (5, 4, 4), (28, 28, 1), (28, 28, 3), (40, 33, 3), (40, 33, 4)]:
            add(cases, "pca-", [shape], {"method": "pca"}, A.ToGray(method="pca", p=1), levels=1, share=0.005)
        for shape in [(5, 4, 4), (28, 28, 1), (40, 33, 3)]:
            ours = {"num_output_channels": 1}
            light = A.ToGray(**ours, p=1)(image=cases.input(*shape)[..., :3].copy())["image"]
            cases.add(name("one-", shape), shape, ours, light.reshape(shape[1], shape[0]))


def sepia(root: pathlib.Path) -> None:
    with Cases(root, "ToSepia") as cases:
        add(cases, "", SHAPES, {}, A.ToSepia(p=1))


def hue(root: pathlib.Path) -> None:
    with Cases(root, "HueSaturationValue") as cases:
        for shifts in [(20, -30, 10), (-11.6, 25.7, -19.9), (0, 0, 0.3), (90, 200, 0), (0, -255, 0), (0, 0, 0)]:
            keys = ["hue_shift_limit", "sat_shift_limit", "val_shift_limit"]
            ours = {key: (shift, shift) for key, shift in zip(keys, shifts)}
            add(cases, f"{shifts[0]},{shifts[1]},{shifts[2]}-", FEW, ours, A.HueSaturationValue(**ours, p=1))


def jitter(root: pathlib.Path) -> None:
    transform = A.ColorJitter(p=1)
    with Cases(root, "ColorJitter") as cases:
        for index, (factors, order) in enumerate(
            [
                ((1.1, 0.9, 1.2, 0.1), [0, 1, 2, 3]),
                ((0.83, 1.17, 0.81, -0.42), [3, 1, 0, 2]),
                ((1.0, 0.0, 1.0, 0.0), [1, 0, 3, 2]),
                ((2.0, 2.5, 0.0, 0.5), [2, 3, 1, 0]),
                ((0.0, 1.0, 1.7, 0.2), [0, 2, 1, 3]),
                ((1.3, 0.4, 1.7, 0.0), [2, 1, 0, 3]),
            ]
        ):
            values = dict(zip(["brightness", "contrast", "saturation", "hue"], factors))
            for shape in FEW:
                pixels = cases.input(*shape)[..., :3].copy()
                light = transform.apply(pixels, **values, order=order)
                add_light(cases, f"{index}-", shape, {}, light, {**values, "order": order})


def shift(root: pathlib.Path) -> None:
    with Cases(root, "RGBShift") as cases:
        for index, shifts in enumerate([(20, -30, 10), (-11.6, 25.7, -255), (0.5, -0.1, 1), (0.5, 40, 0)]):
            keys = ["r_shift_limit", "g_shift_limit", "b_shift_limit"]
            ours = {key: (shift, shift) for key, shift in zip(keys, shifts)}
            add(cases, f"{index}-", FEW, ours, A.RGBShift(**ours, p=1))


def shuffle(root: pathlib.Path) -> None:
    with Cases(root, "ChannelShuffle") as cases:
        for order in [[0, 1, 2], [1, 2, 0], [2, 1, 0]]:
            for shape in [(1, 1, 3), (5, 4, 4), (40, 33, 3)]:
                pixels = np.ascontiguousarray(cases.input(*shape)[..., :3])
                light = A.ChannelShuffle(p=1).apply(pixels, channels_shuffled=order)
                prefix = "".join(map(str, order)) + "-"
                add_light(cases, prefix, shape, {}, light, {"channels_shuffled": order})
        add(cases, "grey-", [(5, 4, 1)], {}, A.ChannelShuffle(p=1))


def main(root: pathlib.Path) -> None:
    grey(root)
    sepia(root)
    hue(root)
    jitter(root)
    shift(root)
    shuffle(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
