"""The peer of the transform benchmark: the real Albumentations, one thread, full call.

Usage: transforms.py

The program says which versions it runs with, in one line of JSON. Then, for each line of standard input, an object with
`pipeline` (what `A.to_dict` gives), `width`, `height`, `channels` and `seconds`, it runs the pipeline on a picture for about
that long, and answers with one line of JSON: the calls, the seconds they took, or why it cannot.
"""

import json
import platform
import sys
import time
import warnings

import albumentations as A
import cv2
import numpy as np


def measure(question):
    shape = (question["height"], question["width"], question["channels"])
    picture = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    pipeline = A.from_dict(question["pipeline"])
    pipeline(image=picture)
    calls = 0
    start = time.perf_counter()
    while (seconds := time.perf_counter() - start) < question["seconds"]:
        pipeline(image=picture)
        calls += 1
    return {"calls": calls, "seconds": seconds}


def main():
    cv2.setNumThreads(1)
    warnings.simplefilter("ignore")
    versions = {"python": platform.python_version(), "albumentations": A.__version__, "OpenCV": cv2.__version__}
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        try:
            answer = measure(json.loads(line))
        except Exception as error:  # Some transforms refuse grey pictures.
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
