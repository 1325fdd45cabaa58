"""The peer of data sets: what an engineer with numpy and Pillow would write, with a process for each core.

Usage: datasets.py FOLDER WIDTH OUT

FOLDER holds the four original MNIST files, unpacked. The program starts a process for each core, each with the digits loaded,
and says which versions it runs with, in one line of JSON. Then, for each line of standard input, an object with `count` and
`level`, it writes that many pictures of six digits, WIDTH columns wide, into the zip file OUT: PNG at that level of
compression (null: as Pillow does it when nothing is said), stored, with a `labels.csv`. It answers with one line of JSON: the
seconds it took and the bytes of the file.
"""

import io
import json
import os
import platform
import sys
import threading
import time
import zipfile
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import PIL
from PIL import Image

from sequences import HEIGHT, MARGIN, SPACING_MAX, SPACING_MIN, blank, load

DIGITS = 6
# Pictures that a process makes at a time: enough that handing them over costs little.
BATCH = 500


def leave_with(parent):
    # Processes of a pool outlive a parent that is killed.
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def begin(parent, folder, width):
    global pools, sizes, gaps, margin, size
    threading.Thread(target=leave_with, args=(parent,), daemon=True).start()
    pools = load(folder)
    sizes = np.array([len(pool) for pool in pools])
    gaps = [blank(columns) for columns in range(SPACING_MAX + 1)]
    margin = blank(MARGIN)
    size = (width, HEIGHT)


def make(task):
    """Labelled pictures as PNG; the seed is the batch's own, so that no two are alike."""
    seed, count, options = task
    rng = np.random.default_rng(seed)
    # Drawing all numbers at once is several times faster than one by one.
    digits = rng.integers(0, 10, (count, DIGITS))
    picks = rng.integers(0, sizes[digits])
    spaces = rng.integers(SPACING_MIN, SPACING_MAX, (count, DIGITS - 1), endpoint=True)
    made = []
    for number, picked, gap in zip(digits.tolist(), picks.tolist(), spaces.tolist()):
        parts = [margin, pools[number[0]][picked[0]]]
        for digit, pick, columns in zip(number[1:], picked[1:], gap):
            parts += [gaps[columns], pools[digit][pick]]
        parts.append(margin)
        natural = np.concatenate(parts, axis=1)
        # Sharing the array's memory saves the copy that Image.fromarray makes.
        image = Image.frombuffer("L", natural.shape[::-1], natural, "raw", "L", 0, 1)
        file = io.BytesIO()
        image.resize(size, Image.Resampling.BICUBIC).save(file, "PNG", **options)
        made.append(("".join(map(str, number)), file.getvalue()))
    return made


def write(processes, out, count, level):
    options = {} if level is None else {"compress_level": level}
    tasks = [((7, first), min(BATCH, count - first), options) for first in range(0, count, BATCH)]
    rows = ["file,label\n"]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for made in processes.imap(make, tasks):
            for label, png in made:
                name = f"images/{len(rows) - 1:09}.png"
                archive.writestr(name, png)
                rows.append(f"{name},{label}\n")
        archive.writestr("labels.csv", "".join(rows))


def main():
    folder, width, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with Pool(cores, begin, (os.getpid(), folder, width)) as processes:
        write(processes, out, cores * BATCH, None)
        versions = {"python": platform.python_version(), "numpy": np.__version__, "Pillow": PIL.__version__}
        print(json.dumps(versions | {"processes": cores}), flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            start = time.perf_counter()
            write(processes, out, asked["count"], asked["level"])
            seconds = time.perf_counter() - start
            print(json.dumps({"seconds": seconds, "bytes": out.stat().st_size}), flush=True)
            out.unlink()


if __name__ == "__main__":
    main()
