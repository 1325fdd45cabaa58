"""The peer of the import of image logs: `pandas.read_csv`, as it is.

Usage: frames.py FILE...

The program says which versions it runs with, in one line of JSON. Then, for each line of standard input with the number of
a file, it reads that file, and answers with one line of JSON: the seconds it took, and the shape and sum of what it read.
"""

import json
import platform
import sys
import time

import numpy as np
import pandas as pd


def main():
    versions = {"python": platform.python_version(), "numpy": np.__version__, "pandas": pd.__version__}
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        path = sys.argv[1 + int(line)]
        start = time.perf_counter()
        frame = pd.read_csv(path)
        seconds = time.perf_counter() - start
        total = float(np.nansum(frame.to_numpy()[:, 1:]))
        print(json.dumps({"seconds": seconds, "shape": frame.shape, "sum": total}), flush=True)
        del frame


if __name__ == "__main__":
    main()
