"""References of what changes fine detail.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys

import albumentations as A
import numpy as np

from support.cases import SIZES, Cases

SHAPES = [(*size, channels) for size in SIZES for channels in [1, 3, 4]]


def name(shape: tuple, *more) -> str:
    return "-".join(["x".join(map(str, shape)), *map(str, more)])


def colours(transform, pixels: np.ndarray) -> np.ndarray:
    """What becomes of all but alpha, which stays."""
    channels = pixels.shape[2]
    if channels == 1:
        return transform(image=pixels[..., 0])["image"]
    changed = transform(image=np.ascontiguousarray(pixels[..., :3]))["image"]
    return np.concatenate([changed, pixels[..., 3:]], axis=-1)


def emboss(root: pathlib.Path) -> None:
    with Cases(root, "Emboss") as cases:
        for index, shape in enumerate(SHAPES):
            pixels = cases.input(*shape)
            alpha = [0.2, 0.5, 1.0, 0.37, 0.0][index % 5]
            strength = [0.2, 0.7, 0.5, 0.0, 3.0, 100.0, 0.613][index % 7]
            options = {"alpha": [alpha, alpha], "strength": [strength, strength]}
            transform = A.Emboss(alpha=(alpha, alpha), strength=(strength, strength), p=1)
            cases.add(name(shape, alpha, strength), shape, options, colours(transform, pixels))
        for alpha, strength in [(0.2, 0.7), (0.3, 0.3), (0.4567, 0.3456)]:
            shape = (40, 33, 3)
            options = {"alpha": [alpha, alpha], "strength": [strength, strength]}
            transform = A.Emboss(alpha=(alpha, alpha), strength=(strength, strength), p=1)
            cases.add(name(("more",), alpha, strength), shape, options, colours(transform, cases.input(*shape)))


def sharpen(root: pathlib.Path) -> None:
    with Cases(root, "Sharpen") as cases:
        for index, shape in enumerate(SHAPES):
            pixels = cases.input(*shape)
            alpha = [0.2, 0.5, 1.0, 0.37, 0.0][index % 5]
            light = [0.5, 1.0, 0.77, 0.0, 4.0, 100.0][index % 6]
            options = {"alpha": [alpha, alpha], "lightness": [light, light]}
            transform = A.Sharpen(alpha=(alpha, alpha), lightness=(light, light), p=1)
            cases.add(name(shape, alpha, light), shape, options, colours(transform, pixels))
        for index, shape in enumerate(SHAPES[9:]):
            pixels = cases.input(*shape)
            alpha = [0.2, 0.5, 1.0, 0.37, 0.0][index % 5]
            size = [5, 3, 7, 31][index % 4]
            sigma = [1.0, 0.5, 2.5][index % 3]
            options = {"alpha": [alpha, alpha], "method": "gaussian", "kernel_size": size, "sigma": sigma}
            transform = A.Sharpen(alpha=(alpha, alpha), method="gaussian", kernel_size=size, sigma=sigma, p=1)
            cases.add(name(shape, "gaussian", size), shape, options, colours(transform, pixels))


def unsharp(root: pathlib.Path) -> None:
    with Cases(root, "UnsharpMask") as cases:
        for index, shape in enumerate(SHAPES):
            pixels = cases.input(*shape)
            size = [3, 5, 7, 9, 21][index % 5]
            sigma = [0.0, 0.0, 1.3, 0.4][index % 4]
            alpha = [0.2, 0.5, 1.0, 0.37][(index // 2) % 4]
            threshold = [10, 0, 40][index % 3]
            given = {"blur_limit": (size, size), "sigma_limit": (sigma, sigma), "alpha": (alpha, alpha)}
            transform = A.UnsharpMask(**given, threshold=threshold, p=1)
            options = {key: list(value) for key, value in given.items()} | {"threshold": threshold}
            expected = colours(transform, pixels)
            cases.add(name(shape, size, sigma), shape, options, expected, levels=1, share=0.005)


def main(root: pathlib.Path) -> None:
    emboss(root)
    sharpen(root)
    unsharp(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
