"""References of the JPEG round trip.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys

import albumentations as A

from support.cases import Cases
from support.tone import add

SHAPES = [
    (1, 1, 1), (1, 9, 3), (7, 1, 3), (2, 3, 3), (5, 4, 4), (5, 4, 3),
    (17, 13, 1), (17, 13, 3), (28, 28, 1), (28, 28, 3), (40, 33, 3),
]  # fmt: skip


def compression(root: pathlib.Path) -> None:
    with Cases(root, "ImageCompression") as cases:
        for quality in [100, 75, 10]:
            ours = {"quality_range": (quality, quality)}
            add(cases, f"{quality}-", SHAPES, ours, A.ImageCompression(**ours, p=1))


def main(root: pathlib.Path) -> None:
    compression(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
