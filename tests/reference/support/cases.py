"""Writes the cases that our transforms are compared with: what the real library makes of a few small pictures.

A folder of `tests/reference/augment/` per transform holds `cases.json` and an expected picture per case. The pictures
that go in are shared, in `tests/reference/augment/pictures/`.
"""

import json
import pathlib
import shutil

import cv2
import numpy as np

# Odd and even sizes, single pixels, rows and columns; smaller and larger than any kernel.
SIZES = [(1, 1), (1, 9), (7, 1), (2, 3), (5, 4), (17, 13), (28, 28), (40, 33)]
CHANNELS = [1, 3, 4]


def picture(width: int, height: int, channels: int) -> np.ndarray:
    """Ramps, edges, strokes and noise, of shape (height, width, channels)."""
    rng = np.random.default_rng([width, height, channels])
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for channel in range(channels):
        plane = 127.5 + 127.5 * np.sin(x / (2.0 + channel) + y / 3.0)
        plane[(x + 2 * y + channel) % 11 < 2] = 255
        plane[(2 * x - y + channel) % 13 < 2] = 0
        noise = rng.integers(0, 256, plane.shape)
        planes.append(np.where((x // 4 + y // 3) % 5 == 4, noise, plane))
    return np.stack(planes, axis=-1).astype(np.uint8)


def write_picture(path: pathlib.Path, pixels: np.ndarray) -> None:
    """As PNG. OpenCV expects blue first; our arrays have red first."""
    if pixels.ndim == 3 and pixels.shape[2] == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    elif pixels.ndim == 3 and pixels.shape[2] == 4:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA)
    if not cv2.imwrite(str(path), pixels, [cv2.IMWRITE_PNG_COMPRESSION, 9]):
        raise OSError(f"cannot write {path}")


class Cases:
    """The cases of one transform. Use it as a context; leaving it writes them all."""

    def __init__(self, root: pathlib.Path, transform: str):
        self.base = root / "tests/reference/augment"
        self.folder = self.base / transform
        self.cases = []

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        (self.base / "pictures").mkdir(exist_ok=True)
        return self

    def input(self, width: int, height: int, channels: int) -> np.ndarray:
        """The shared picture of a size."""
        pixels = picture(width, height, channels)
        write_picture(self.base / "pictures" / f"{width}x{height}x{channels}.png", pixels)
        return pixels

    def add(self, name, size, options, expected, drawn=None, levels=0, share=0.0, why=None):
        """A case: our options, what was drawn (None: our own draw, which must not matter), and the expected picture.

        `levels` is by how much a value may differ, and `share` which share of the values may differ at all; a case
        that needs more than 1 level and 0.005 says `why`.
        """
        width, height, channels = size
        expected = np.asarray(expected)
        if expected.ndim == 2:
            expected = expected[..., None]
        write_picture(self.folder / f"{name}.png", expected)
        case = {"name": name, "picture": f"{width}x{height}x{channels}", "options": options}
        if drawn is not None:
            case["drawn"] = drawn
        if levels:
            case["levels"], case["share"] = levels, share
        if why:
            case["why"] = why
        self.cases.append(case)

    def __exit__(self, failure, *_):
        if failure is None:
            text = json.dumps(self.cases, indent=1)
            (self.folder / "cases.json").write_text(text + "\n")
