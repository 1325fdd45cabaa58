"""References of what changes levels.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys

import albumentations as A
import numpy as np

from support.cases import Cases
from support.tone import SHAPES, add, add_light

FEW = [(1, 1, 1), (1, 9, 3), (5, 4, 4), (28, 28, 1), (40, 33, 3)]


def degenerate(cases: Cases, transform, name: str, shapes, ours: dict, theirs: dict | None = None, **case) -> None:
    """Cases whose ranges leave nothing to draw."""
    add(cases, name, shapes, ours, transform(p=1, **(ours if theirs is None else theirs)), **case)


def brightness_contrast(root: pathlib.Path) -> None:
    with Cases(root, "RandomBrightnessContrast") as cases:
        for index, (brightness, contrast, by_max, safe) in enumerate(
            [
                (0.2, 0.2, True, False),
                (-0.2, 0.13, True, False),
                (0.1, -0.2, False, False),
                (-0.37, 1.7, True, False),
                (0.3, -1.4, True, False),
                (0.2, 0.3, True, True),
                (0.0, 0.0, True, False),
            ]
        ):
            ours = {
                "brightness_limit": (brightness, brightness),
                "contrast_limit": (contrast, contrast),
                "brightness_by_max": by_max,
                "ensure_safe_range": safe,
            }
            shapes = SHAPES if index == 0 else FEW
            if not by_max:
                shapes = [shape for shape in shapes if shape[2] < 4]
            degenerate(cases, A.RandomBrightnessContrast, f"{index}", shapes, ours)


def gamma(root: pathlib.Path) -> None:
    with Cases(root, "RandomGamma") as cases:
        for limit in [80, 100, 120, 37, 400]:
            degenerate(cases, A.RandomGamma, f"{limit}", FEW, {"gamma_limit": (limit, limit)})


def curve(root: pathlib.Path) -> None:
    with Cases(root, "RandomToneCurve") as cases:
        one, each = A.RandomToneCurve(p=1), A.RandomToneCurve(per_channel=True, p=1)
        for index, (low, high) in enumerate([(0.25, 0.75), (0.1, 0.95), (1.0, 0.0)]):
            for shape in FEW:
                pixels = cases.input(*shape)
                expected = one.apply(pixels[..., :3], low_y=low, high_y=high)
                add_light(cases, f"{index}-", shape, {}, expected, {"low_y": [low], "high_y": [high]})
        low, high = [0.3, 0.2, 0.1], [0.6, 0.9, 0.8]
        for shape in [(5, 4, 4), (40, 33, 3)]:
            pixels = cases.input(*shape)
            expected = each.apply(pixels[..., :3], low_y=np.array(low), high_y=np.array(high))
            add_light(cases, "each-", shape, {"per_channel": True}, expected, {"low_y": low, "high_y": high})


def clahe(root: pathlib.Path) -> None:
    shapes = [(1, 1, 1), (1, 9, 3), (5, 4, 4), (28, 28, 1), (28, 28, 3), (40, 33, 3), (17, 13, 1)]
    with Cases(root, "CLAHE") as cases:
        for limit, tiles in [(4.0, (8, 8)), (1.0, (2, 3)), (40.0, (1, 1)), (2.5, (7, 4))]:
            ours = {"clip_limit": (limit, limit), "tile_grid_size": tiles}
            degenerate(cases, A.CLAHE, f"{limit}-{tiles[0]}x{tiles[1]}-", shapes, ours)


def equalize(root: pathlib.Path) -> None:
    with Cases(root, "Equalize") as cases:
        for mode in ["cv", "pil"]:
            for by_channels in [True, False]:
                ours = {"mode": mode, "by_channels": by_channels}
                degenerate(cases, A.Equalize, f"{mode}-{by_channels}-", [*FEW, (17, 13, 3)], ours)


def auto_contrast(root: pathlib.Path) -> None:
    with Cases(root, "AutoContrast") as cases:
        for method in ["cdf", "pil"]:
            for cutoff in [0, 7.5, 30, 60]:
                ours = {"method": method, "cutoff": cutoff}
                degenerate(cases, A.AutoContrast, f"{method}-{cutoff}-", FEW, ours)


def inverts(root: pathlib.Path) -> None:
    with Cases(root, "InvertImg") as cases:
        degenerate(cases, A.InvertImg, "", SHAPES, {})
    with Cases(root, "Posterize") as cases:
        for bits in [1, 4, 7]:
            degenerate(cases, A.Posterize, f"{bits}-", FEW, {"num_bits": bits})
        colours = [shape for shape in FEW if shape[2] > 1]
        degenerate(cases, A.Posterize, "each-", colours, {"num_bits": [(1, 1), (7, 7), (3, 3)]})
    with Cases(root, "Solarize") as cases:
        for threshold in [0.0, 0.3, 0.5, 1.0]:
            ours = {"threshold_range": (threshold, threshold)}
            degenerate(cases, A.Solarize, f"{threshold}-", FEW, ours)


def main(root: pathlib.Path) -> None:
    brightness_contrast(root)
    gamma(root)
    curve(root)
    clahe(root)
    equalize(root)
    auto_contrast(root)
    inverts(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
