"""References of the blurs.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import random
import sys

import albumentations as A
import numpy as np
from albumentations.augmentations.blur import functional as F

from support.cases import SIZES, Cases

SPECTRA = "OpenCV multiplies spectra, so that a sum half way between two levels becomes either."


def plain(pixels: np.ndarray) -> np.ndarray:
    """Grey pictures in the shape in which every function of the library takes them."""
    return pixels[..., 0] if pixels.shape[2] == 1 else pixels


def squares(root: pathlib.Path) -> None:
    for transform in [A.Blur, A.MedianBlur]:
        with Cases(root, transform.__name__) as cases:
            for index, (width, height) in enumerate(SIZES):
                for channels in [1, 3, 4]:
                    pixels = cases.input(width, height, channels)
                    size = [3, 5, 7, 3, 9, 5, 11, 7, 23, 99][(3 * index + channels) % 10]
                    expected = transform(blur_limit=(size, size), p=1)(image=plain(pixels))["image"]
                    options = {"blur_limit": [size, size]}
                    cases.add(f"{width}x{height}x{channels}-{size}", (width, height, channels), options, expected)
            for size in [3, 5, 7, 9, 11, 13]:
                pixels = cases.input(40, 33, 3)
                expected = transform(p=1).apply(pixels, kernel=size)
                cases.add(f"drawn-{size}", (40, 33, 3), {}, expected, drawn={"size": size})


def gaussian(root: pathlib.Path) -> None:
    with Cases(root, "GaussianBlur") as cases:
        shapes = [(*size, channels) for size in SIZES for channels in [1, 3, 4]]
        for index, shape in enumerate(shapes):
            pixels = cases.input(*shape)
            sigma = [0.5, 1.0, 2.2, 0.2, 3.0, 8.0][index % 6]
            size = [0, 0, 5, 0, 4, 0, 31][index % 7]
            if size == 31 and sigma == 0.2:
                size = 3
            transform = A.GaussianBlur(blur_limit=(size, size), sigma_limit=(sigma, sigma), p=1)
            options = {"blur_limit": [size, size], "sigma_limit": [sigma, sigma]}
            expected = transform(image=plain(pixels))["image"]
            name = f"{shape[0]}x{shape[1]}x{shape[2]}-{size}-{sigma}"
            cases.add(name, shape, options, expected, levels=1, share=0.005)
        for sigma in [0.5, 1.0, 3.0, 20.0]:
            pixels = cases.input(40, 33, 3)
            transform = A.GaussianBlur(sigma_limit=(sigma, sigma), p=1)
            expected = transform(image=pixels)["image"]
            options = {"sigma_limit": [sigma, sigma]}
            cases.add(f"sigma-{sigma}", (40, 33, 3), options, expected, levels=1, share=0.005)


class Listed(random.Random):
    """Draws what it is told."""

    def __init__(self, values):
        super().__init__()
        self.values = list(values)

    def uniform(self, low, high):
        return low + (high - low) * (self.values.pop(0) + 1) / 2


def motion(root: pathlib.Path) -> None:
    with Cases(root, "MotionBlur") as cases:
        transform = A.MotionBlur(p=1)
        rng = np.random.default_rng(3)
        shapes = [(*size, channels) for size in SIZES for channels in [1, 3, 4]]
        angles = [0, 90, 45, 30, 60, 135, 180, 270]
        for index, shape in enumerate(shapes):
            pixels = cases.input(*shape)
            size = [3, 5, 7, 9, 11, 21][index % 6]
            angle = float(angles[index % 8] if index % 2 else rng.integers(0, 3601) / 10)
            direction = float([0, 1, -1, 0.3, -0.7][index % 5])
            shift = [0.0, 0.0] if index % 3 == 0 else [float(round(value, 3)) for value in rng.uniform(-1, 1, 2)]
            kernel = F.create_motion_kernel(size, angle, direction, index % 3 != 0, Listed(shift))
            kernel = kernel.astype(np.float32) / np.sum(kernel)
            expected = transform.apply(plain(pixels), kernel=kernel)
            drawn = {"size": size, "angle": angle, "direction": direction, "shift": shift}
            tolerance = {"levels": 1, "share": 0.06, "why": SPECTRA} if size > 11 else {}
            cases.add(f"{shape[0]}x{shape[1]}x{shape[2]}-{size}", shape, {}, expected, drawn=drawn, **tolerance)
        # Six points: a sixth of all sums is half way between two levels.
        for name, points in [("six", [0, 8, 16, 24, 32, 48]), ("ten", [0, 1, 2, 3, 4, 5, 6, 46, 47, 48])]:
            kernel = np.zeros(49, np.float32)
            kernel[points] = 1
            kernel = kernel.reshape(7, 7) / np.sum(kernel)
            for channels in [1, 3]:
                pixels = cases.input(40, 33, channels)
                expected = transform.apply(plain(pixels), kernel=kernel)
                drawn = {"kernel": [float(weight) for weight in kernel.ravel()]}
                cases.add(f"{name}-{channels}", (40, 33, channels), {}, expected, drawn=drawn)


def defocus(root: pathlib.Path) -> None:
    with Cases(root, "Defocus") as cases:
        shapes = [(*size, channels) for size in SIZES for channels in [1, 3, 4]]
        for index, shape in enumerate(shapes):
            pixels = cases.input(*shape)
            radius = [1, 3, 5, 8, 9, 10, 15][index % 7]
            soft = [0.1, 0.5, 0.0, 1.3][index % 4]
            options = {"radius": [radius, radius], "alias_blur": [soft, soft]}
            transform = A.Defocus(radius=(radius, radius), alias_blur=(soft, soft), p=1)
            expected = transform(image=plain(pixels))["image"]
            name = f"{shape[0]}x{shape[1]}x{shape[2]}-{radius}-{soft}"
            tolerance = {"share": 0.02, "why": SPECTRA} if pixels.size < 200 else {"share": 0.005}
            cases.add(name, shape, options, expected, levels=1, **tolerance)


def glass(root: pathlib.Path) -> None:
    with Cases(root, "GlassBlur") as cases:
        rng = np.random.default_rng(5)
        sizes = [(5, 4, 1), (17, 13, 4), (28, 28, 2), (17, 13, 1), (28, 28, 4)]
        for index, (width, height, reach) in enumerate(sizes):
            for channels in [1, 3, 4]:
                for mode in ["fast", "exact"]:
                    pixels = cases.input(width, height, channels)
                    rounds = 1 + (index + channels) % 3
                    sigma = [0.7, 0.3, 2.0][index % 3]
                    count = (width - 2 * reach) * (height - 2 * reach)
                    dxy = rng.integers(-reach, reach, size=(count, rounds, 2))
                    expected = F.glass_blur(plain(pixels), sigma, reach, rounds, dxy, mode)
                    options = {"sigma": sigma, "max_delta": reach, "iterations": rounds, "mode": mode}
                    drawn = {"dxy": [int(step) for step in dxy.ravel()]}
                    name = f"{width}x{height}x{channels}-{reach}-{mode}"
                    cases.add(name, (width, height, channels), options, expected, drawn=drawn)


def main(root: pathlib.Path) -> None:
    squares(root)
    gaussian(root)
    motion(root)
    defocus(root)
    glass(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
