"""The peer of the frames benchmark: pandas reads the log, Pillow draws it.

Usage: frames.py LOG LARGE_LOG

The program says which versions it runs with, in one line of JSON. Then, for each line of standard input, an object with
`work`, it answers with one line of JSON: the seconds that it took.

- `read`, `read_large`: `pandas.read_csv` of the file
- `jpeg`, `jpeg_default`: pixels as float32, truncated, coloured, and saved as JPEG of quality 100, without colour
  subsampling or with what Pillow does when nothing is said
"""

import io
import json
import platform
import sys
import time

import numpy as np
import pandas as pd
import PIL
from PIL import Image


def colours():
    anchors = np.array([(0, 0, 255), (255, 0, 0), (255, 255, 0), (128, 128, 128), (0, 0, 0)], np.int64)
    way = np.arange(256) * 4
    at, part = np.minimum(way // 255, 3), way - 255 * np.minimum(way // 255, 3)
    return ((anchors[at] * (255 - part)[:, None] + anchors[at + 1] * part[:, None]) // 255).astype(np.uint8)


def main():
    small, large = sys.argv[1:]
    table = colours()
    kept = (np.arange(150) * 4 + 2) // 3
    pixels = pd.read_csv(small).dropna().to_numpy(np.float32)[:, 1:][:, kept].copy()

    def save(**options):
        file = io.BytesIO()
        Image.fromarray(table[pixels.astype(np.uint8)]).save(file, "JPEG", quality=100, **options)

    works = {
        "read": lambda: pd.read_csv(small),
        "read_large": lambda: pd.read_csv(large),
        "jpeg": lambda: save(subsampling=0),
        "jpeg_default": save,
    }
    versions = {"python": platform.python_version(), "pandas": pd.__version__, "Pillow": PIL.__version__}
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        work = works[json.loads(line)["work"]]
        start = time.perf_counter()
        work()
        print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
