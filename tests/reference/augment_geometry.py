"""References of the flips, turns by right angles, crops, pads and sizes.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys

import albumentations as A

from support.cases import CHANNELS, SIZES, Cases


def flips(root: pathlib.Path) -> None:
    for transform in [A.HorizontalFlip]:
        with Cases(root, transform.__name__) as cases:
            for width, height in SIZES:
                for channels in CHANNELS:
                    pixels = cases.input(width, height, channels)
                    size = (width, height, channels)
                    expected = transform(p=1)(image=pixels)["image"]
                    cases.add(f"{width}x{height}x{channels}", size, {}, expected)


def main(root: pathlib.Path) -> None:
    flips(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
