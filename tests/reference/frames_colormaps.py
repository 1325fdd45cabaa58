"""Colour maps of frames as Matplotlib has them, and `depth` by its rule.

Writes tests/reference/frames_colormaps/tables.json: for each map 256 colours as hexadecimal digits.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import colormaps, colors

MAPS = ["viridis", "magma", "inferno", "plasma", "cividis", "turbo"]
ANCHORS = [(0, 0, 255), (255, 0, 0), (255, 255, 0), (128, 128, 128), (0, 0, 0)]


def depth(level):
    """Exact, where floating point would fall just below whole numbers."""
    way = Fraction(level, 255) * 4
    at = min(int(way), 3)
    part = way - at
    return [int(a + (b - a) * part) for a, b in zip(ANCHORS[at], ANCHORS[at + 1])]


def digits(table):
    return np.asarray(table, dtype=np.uint8).tobytes().hex()


def main(root):
    folder = Path(root) / "tests" / "reference" / "frames_colormaps"
    folder.mkdir(exist_ok=True)
    levels = np.arange(256)
    tables = {name: digits(colormaps[name](levels, bytes=True)[:, :3]) for name in MAPS}
    # Matplotlib's own falls just below whole numbers at some levels.
    tables["gray"] = digits([[level] * 3 for level in levels])
    own = colormaps["gray"](levels, bytes=True)[:, 0].astype(int)
    assert np.abs(own - levels).max() <= 1
    tables["depth"] = digits([depth(level) for level in levels])
    anchors = [tuple(channel / 255 for channel in anchor) for anchor in ANCHORS]
    smooth = colors.LinearSegmentedColormap.from_list("depth", anchors)(levels)[:, :3] * 255
    difference = np.abs(smooth - np.frombuffer(bytes.fromhex(tables["depth"]), np.uint8).reshape(256, 3)).max()
    assert difference < 1.001, difference
    names = {name: value[1:].lower() for name, value in sorted(colors.CSS4_COLORS.items())}
    content = {"matplotlib": matplotlib.__version__, "tables": tables, "names": names}
    (folder / "tables.json").write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
