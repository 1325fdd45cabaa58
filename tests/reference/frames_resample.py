"""Makes the references of the resampling of image logs with the real scikit-image, Pillow and OpenCV.

Run by `cargo xtask references` with the repository's root as its argument. Each file of
`tests/reference/frames_resample/` is named after the widths: `200-to-150.png` is made of `200.png`. It has 16 bits, 65535
for the level 255, and the rows of the picture once for each method: the orders 0 to 5 of scikit-image's `resize`, then
Lanczos by Pillow, and for fewer columns the area by OpenCV.
"""

import pathlib
import sys

import cv2
import numpy as np
from PIL import Image
from skimage.transform import resize

# Enlarged, shrunk, barely changed; narrower than any kernel; odd and even; ties between two columns.
CASES = {
    2: [3, 7, 57, 4096],
    3: [2, 4, 50],
    4: [2, 3, 9],
    5: [4, 6, 1000],
    7: [2, 5, 8],
    31: [30, 33, 4096],
    64: [32, 48, 63, 96, 128],
    150: [100, 151, 200],
    200: [2, 3, 50, 100, 133, 150, 151, 199, 201, 300, 400],
    360: [150, 200, 361],
    1000: [150, 999],
    4096: [2, 31, 150],
}


def picture(width: int) -> np.ndarray:
    """Noise, ramps, edges and single bright columns from 15 to 237: what overshoot and mirrored edges show in."""
    rng = np.random.default_rng(width)
    columns = np.arange(width)
    rows = [
        rng.integers(15, 238, width),
        rng.integers(0, 2, width) * 222 + 15,
        15 + columns * 222 // (width - 1),
        np.where(columns % 7 < 3, 237, 15),
        np.where(columns == width // 2, 237, 40),
        np.where(columns == 0, 15, 200),
        126 + 100 * np.sin(columns / 3.0),
    ]
    return np.clip(np.stack(rows), 15, 237).astype(np.uint8)


def methods(source: np.ndarray, to: int):
    rows, width = source.shape
    levels = source.astype(np.float64)
    for order in range(6):
        yield resize(levels, (rows, to), order=order, mode="reflect", anti_aliasing=False, preserve_range=True)
    yield np.asarray(Image.fromarray(source.astype(np.float32)).resize((to, rows), Image.Resampling.LANCZOS))
    if to < width:
        yield cv2.resize(source.astype(np.float32), (to, rows), interpolation=cv2.INTER_AREA)


def write(path: pathlib.Path, pixels: np.ndarray) -> None:
    if not cv2.imwrite(str(path), pixels, [cv2.IMWRITE_PNG_COMPRESSION, 9]):
        raise OSError(f"cannot write {path}")


def main(root: pathlib.Path) -> None:
    folder = root / "tests/reference/frames_resample"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for width, targets in CASES.items():
        source = picture(width)
        write(folder / f"{width}.png", source)
        for to in targets:
            made = np.concatenate(list(methods(source, to)))
            # scikit-image clips to the range of the picture; so it is done for all.
            made = np.clip(made, source.min(), source.max())
            write(folder / f"{width}-to-{to}.png", np.rint(made * 257).astype(np.uint16))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
