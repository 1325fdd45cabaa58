"""The peer of the sequence benchmark: what an engineer with numpy and Pillow would write.

Usage: sequences.py FOLDER NUMBER WIDTH [PIPELINE]

FOLDER holds the four original MNIST files, unpacked. With PIPELINE, what `A.to_dict` gives as JSON, each digit is augmented
by Albumentations first. The program says which versions it runs with, in one line of JSON.
Then, for each line of standard input with a count, it makes that many sequences of NUMBER, WIDTH columns wide, and
answers with one line of JSON: the seconds it took and the mean of all values.
"""

import json
import platform
import sys
import time
from pathlib import Path

import numpy as np
import PIL
from PIL import Image

HEIGHT = 28
MARGIN = 4
SPACING_MIN, SPACING_MAX = 5, 10


def read_idx(path):
    data = path.read_bytes()
    axes = data[3]
    shape = np.frombuffer(data, ">i4", axes, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def crop(picture):
    columns = np.flatnonzero(picture.any(axis=0))
    if columns.size == 0:
        return picture
    return np.ascontiguousarray(picture[:, columns[0] : columns[-1] + 1])


def load(folder, prepare=crop):
    """All pictures by digit, blank columns cropped: done once, as a generator of a data set would."""
    pools = [[] for _ in range(10)]
    for split in "train", "t10k":
        images = read_idx(folder / f"{split}-images-idx3-ubyte")
        labels = read_idx(folder / f"{split}-labels-idx1-ubyte")
        for picture, label in zip(images, labels.tolist()):
            pools[label].append(prepare(picture))
    return pools


def blank(columns):
    return np.zeros((HEIGHT, columns), np.uint8)


class Generator:
    def __init__(self, pools, number, width, rng, change=lambda picture: picture):
        self.change = change
        self.pools = [pools[int(digit)] for digit in number]
        self.gaps = [blank(columns) for columns in range(SPACING_MAX + 1)]
        self.margin = blank(MARGIN)
        self.size = (width, HEIGHT)
        self.rng = rng

    def sequences(self, count):
        """`count` pictures as one array of float32 from 0 to 1."""
        # Drawing all numbers at once is several times faster than one by one.
        picks = self.rng.integers(0, [len(pool) for pool in self.pools], (count, len(self.pools)))
        gaps = self.rng.integers(SPACING_MIN, SPACING_MAX, (count, len(self.pools) - 1), endpoint=True)
        out = np.empty((count, HEIGHT, self.size[0]), np.float32)
        scale = np.float32(1 / 255)
        for picture, picked, gap in zip(out, picks.tolist(), gaps.tolist()):
            parts = [self.margin, self.change(self.pools[0][picked[0]])]
            for pool, pick, columns in zip(self.pools[1:], picked[1:], gap):
                parts.append(self.gaps[columns])
                parts.append(self.change(pool[pick]))
            parts.append(self.margin)
            natural = np.concatenate(parts, axis=1)
            # Sharing the array's memory saves the copy that Image.fromarray makes.
            image = Image.frombuffer("L", natural.shape[::-1], natural, "raw", "L", 0, 1)
            image = image.resize(self.size, Image.Resampling.BICUBIC)
            np.multiply(np.asarray(image), scale, out=picture)
        return out


def main():
    folder, number, width = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    versions = {"python": platform.python_version(), "numpy": np.__version__, "Pillow": PIL.__version__}
    rng = np.random.default_rng(7)
    if len(sys.argv) > 4:
        import albumentations as A
        import cv2

        cv2.setNumThreads(1)
        pipeline = A.from_dict(json.loads(sys.argv[4]))
        versions |= {"albumentations": A.__version__, "OpenCV": cv2.__version__}
        pools = load(folder, np.ascontiguousarray)
        generator = Generator(pools, number, width, rng, lambda picture: crop(pipeline(image=picture)["image"]))
    else:
        generator = Generator(load(folder), number, width, rng)
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        pictures = generator.sequences(int(line))
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "mean": float(pictures.mean())}), flush=True)


if __name__ == "__main__":
    main()
