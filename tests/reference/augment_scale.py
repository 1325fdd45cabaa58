"""References of what a smaller or larger size does to detail.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys

import albumentations as A
import numpy as np

from support.cases import Cases

WORDS = {"nearest": 0, "linear": 1, "cubic": 2, "area": 3, "lanczos4": 4, "linear_exact": 5, "nearest_exact": 6}


def downscale(root: pathlib.Path) -> None:
    with Cases(root, "Downscale") as cases:
        pairs = [("nearest", "nearest"), ("area", "linear"), ("linear", "cubic"), ("cubic", "lanczos4"), ("lanczos4", "area")]
        for down, up in [*pairs, ("linear_exact", "nearest_exact"), ("nearest_exact", "linear_exact")]:
            for size, scale in [
                ((5, 4, 4), 0.5),
                ((17, 13, 3), 0.25),
                ((17, 13, 3), 0.5),
                ((28, 28, 1), 0.37),
                ((40, 33, 3), 0.8),
                ((40, 33, 3), 0.25),
            ]:
                options = {"scale_range": [scale, scale], "interpolation_pair": {"downscale": down, "upscale": up}}
                pair = {"downscale": WORDS[down], "upscale": WORDS[up]}
                reference = A.Downscale(scale_range=(scale, scale), interpolation_pair=pair, p=1)
                expected = reference(image=cases.input(*size))["image"]
                name = f"{down}-{up}-{size[0]}x{size[1]}x{size[2]}-{scale}"
                inexact = {"levels": 1, "share": 0.005} if "cubic" in (down, up) else {}
                cases.add(name, size, options, expected, **inexact)


def zoom(root: pathlib.Path) -> None:
    with Cases(root, "ZoomBlur") as cases:
        for size in [(1, 1, 3), (1, 9, 4), (7, 1, 1), (5, 4, 3), (17, 13, 3), (28, 28, 1), (40, 33, 4)]:
            for largest, step in [(1.31, 0.02), (1.1, 0.05), (2.0, 0.13)]:
                factors = np.arange(1.0, max(1 + step, largest), step)
                options = {"max_factor": [largest, largest], "step_factor": [step, step]}
                expected = A.ZoomBlur(max_factor=(largest, largest), step_factor=(step, step), p=1).apply(
                    cases.input(*size), zoom_factors=factors
                )
                name = f"{size[0]}x{size[1]}x{size[2]}-{largest}-{step}"
                drawn = {"zoom_factors": factors.tolist()}
                cases.add(name, size, options, expected, drawn, levels=1, share=0.005)


def main(root: pathlib.Path) -> None:
    downscale(root)
    zoom(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
