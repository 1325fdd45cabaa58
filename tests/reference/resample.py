"""Makes the reference pictures of the width resampling with the real Pillow.

Run by `cargo xtask references` with the repository's root as its argument. Each
file of `tests/reference/resample/` is named after the widths: `140-to-168.png`
is what Pillow makes of `140.png`.
"""

import pathlib
import sys

import numpy as np
from PIL import Image

HEIGHT = 28
# Enlarged, shrunk, barely changed, to and from a single column, odd and even.
CASES = {
    1: [1, 2, 90],
    2: [1, 3, 57],
    5: [4, 6, 1000],
    28: [27, 29, 56],
    79: [84, 40, 7],
    140: [168, 141, 139, 90, 1],
    301: [300, 84, 3000],
    4000: [168, 31],
}


def picture(width: int) -> np.ndarray:
    """Hard edges, ramps, strokes and noise: what overshoot and rounding show in."""
    rng = np.random.default_rng(width)
    levels = rng.integers(0, 256, (HEIGHT, width), dtype=np.uint8)
    columns = np.arange(width)
    levels[4:8] = (columns * 255 // max(width - 1, 1)).astype(np.uint8)
    levels[8:12] = np.where(columns % 7 < 3, 255, 0)
    levels[12:16] = np.where(columns == width // 2, 255, 0)
    levels[16:18] = 255
    levels[18:20] = 0
    levels[20:24] = (127.5 + 127.5 * np.sin(columns / 3.0)).astype(np.uint8)
    return levels


def main(root: pathlib.Path) -> None:
    folder = root / "tests/reference/resample"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for width, targets in CASES.items():
        source = Image.fromarray(picture(width))
        source.save(folder / f"{width}.png")
        for target in targets:
            resized = source.resize((target, HEIGHT), Image.Resampling.BICUBIC)
            resized.save(folder / f"{width}-to-{target}.png")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
