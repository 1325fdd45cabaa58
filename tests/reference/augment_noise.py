"""References of noise: the same random field is handed to the library and to us.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys

import albumentations as A
import albumentations.augmentations.geometric.functional as fgeometric
import albumentations.augmentations.pixel.functional as fpixel
import cv2
import numpy as np

from support.cases import Cases
from support.tone import add_light

SHAPES = [(1, 1, 1), (1, 9, 3), (5, 4, 4), (17, 13, 1), (17, 13, 3), (17, 13, 4)]
FLOATS = {"levels": 1, "share": 0.005}


class Given:
    """A random generator whose fields are known beforehand."""

    def __init__(self, poisson=None, normal=None):
        self.fields = {"poisson": poisson, "normal": normal}

    def poisson(self, *_, **__):
        return self.fields["poisson"]

    def normal(self, *_, **__):
        return self.fields["normal"]


def numbers(field: np.ndarray) -> list:
    return np.asarray(field, dtype=np.float64).ravel().tolist()


def gauss(root: pathlib.Path) -> None:
    transform = A.GaussNoise(p=1)
    with Cases(root, "GaussNoise") as cases:
        for index, (mean, deviation, per_channel, size) in enumerate(
            [(0, 51, True, 1), (20, 3, True, 1), (0, 200, False, 1), (-5, 30, True, 0.5), (0, 60, False, 0.3)]
        ):
            for shape in SHAPES:
                pixels = cases.input(*shape)[..., :3].copy()
                rng = np.random.default_rng([index, *shape])
                height, width = (max(1, int(side * size)) for side in pixels.shape[:2])
                planes = pixels.shape[2] if per_channel else 1
                noise = np.round(rng.normal(mean, deviation, (height, width, planes)), 2).astype(np.float32)
                field = np.repeat(noise, pixels.shape[2] // planes, axis=2)
                if size != 1:
                    resized = fgeometric.resize(field, pixels.shape[:2], interpolation=cv2.INTER_LINEAR)
                    field = resized.reshape(pixels.shape)
                light = transform.apply(pixels, noise_map=field)
                ours = {"per_channel": per_channel, "noise_scale_factor": size}
                tolerance = FLOATS if size != 1 else {}
                add_light(cases, f"{index}-", shape, ours, light, {"noise": numbers(noise)}, **tolerance)


def multiplicative(root: pathlib.Path) -> None:
    transform = A.MultiplicativeNoise(p=1)
    with Cases(root, "MultiplicativeNoise") as cases:
        for shape in SHAPES:
            pixels = cases.input(*shape)[..., :3].copy()
            rng = np.random.default_rng([*shape])
            colours = pixels.shape[2]
            for index, factor in enumerate([0.9, 1.1, 0.0, 3.7]):
                multiplier = np.full(colours, factor, np.float32)
                light = transform.apply(pixels, multiplier=multiplier)
                add_light(cases, f"{index}-", shape, {}, light, {"multiplier": [factor]})
            factors = np.round(rng.uniform(0.5, 1.5, colours), 3).astype(np.float32)
            light = transform.apply(pixels, multiplier=factors)
            add_light(cases, "each-", shape, {"per_channel": True}, light, {"multiplier": numbers(factors)})
            for per_channel in [True, False]:
                planes = colours if per_channel else 1
                noise = np.round(rng.uniform(0.5, 1.5, (*pixels.shape[:2], planes)), 3).astype(np.float32)
                light = transform.apply(pixels, multiplier=np.repeat(noise, colours // planes, axis=2))
                ours = {"elementwise": True, "per_channel": per_channel}
                add_light(cases, f"pixels-{per_channel}-", shape, ours, light, {"noise": numbers(noise)})


def salt_and_pepper(root: pathlib.Path) -> None:
    transform = A.SaltAndPepper(p=1)
    with Cases(root, "SaltAndPepper") as cases:
        for shape in SHAPES:
            pixels = cases.input(*shape)[..., :3].copy()
            area = shape[0] * shape[1]
            places = np.random.default_rng([*shape]).permutation(area)
            salt, pepper = places[: area // 4], places[area // 4 : area // 2]
            masks = {}
            for key, at in [("salt_mask", salt), ("pepper_mask", pepper)]:
                mask = np.zeros(area, dtype=bool)
                mask[at] = True
                masks[key] = mask.reshape(pixels.shape[:2])
            light = transform.apply(pixels, **masks).astype(np.uint8)
            add_light(cases, "", shape, {}, light, {"salt_at": numbers(salt), "pepper_at": numbers(pepper)})


def shot(root: pathlib.Path) -> None:
    with Cases(root, "ShotNoise") as cases:
        for scale in [0.1, 0.3, 0.01, 1.7]:
            for shape in SHAPES:
                pixels = cases.input(*shape)[..., :3].copy()
                light = (pixels / 255.0) ** 2.2 / scale
                noise = np.random.default_rng([*shape]).poisson(light)
                made = fpixel.shot_noise(pixels, scale, Given(poisson=noise))
                add_light(cases, f"{scale}-", shape, {}, made, {"scale": scale, "noise": numbers(noise)}, **FLOATS)


def iso(root: pathlib.Path) -> None:
    with Cases(root, "ISONoise") as cases:
        for intensity, turn, mean in [(0.1, 0.01, 0.1), (0.5, 0.05, 0.3), (0.4, 0.3, 1), (2.0, 0.5, 0.5)]:
            for shape in [shape for shape in SHAPES if shape[2] > 1]:
                pixels = cases.input(*shape)[..., :3].copy()
                rng = np.random.default_rng([*shape])
                luminance = rng.poisson(mean, pixels.shape[:2])
                colour = np.round(rng.normal(0, turn, pixels.shape[:2]), 4)
                given = Given(poisson=luminance, normal=colour)
                light = fpixel.iso_noise(pixels, color_shift=turn, intensity=intensity, random_generator=given)
                drawn = {"color_shift": 0.05, "intensity": intensity}
                drawn |= {"luminance": numbers(luminance), "color": numbers(colour)}
                add_light(cases, f"{intensity}-{turn}-", shape, {}, light, drawn)
        # Hues that turn all around.
        for turn in [30, 2000]:
            for shape in [shape for shape in SHAPES if shape[2] > 1]:
                pixels = cases.input(*shape)[..., :3].copy()
                rng = np.random.default_rng([*shape])
                luminance = rng.poisson(0.2, pixels.shape[:2])
                colour = np.round(rng.normal(0, turn, pixels.shape[:2]), 3)
                given = Given(poisson=luminance, normal=colour)
                light = fpixel.iso_noise(pixels, color_shift=turn, intensity=0.4, random_generator=given)
                drawn = {"color_shift": 0.05, "intensity": 0.4, "luminance": numbers(luminance), "color": numbers(colour)}
                add_light(cases, f"around-{turn}-", shape, {}, light, drawn)


def main(root: pathlib.Path) -> None:
    gauss(root)
    multiplicative(root)
    salt_and_pepper(root)
    shot(root)
    iso(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
