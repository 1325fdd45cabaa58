"""References of pretended weather.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys

import albumentations as A
import numpy as np

from support.cases import Cases
from support.tone import add_light

SHAPES = [(1, 1, 1), (1, 9, 3), (7, 1, 3), (5, 4, 4), (17, 13, 1), (28, 28, 3), (40, 33, 3)]


def shadow(root: pathlib.Path) -> None:
    transform = A.RandomShadow(p=1)
    with Cases(root, "RandomShadow") as cases:
        for corners, darkness in [(3, [0.5]), (5, [0.5, 0.31]), (9, [0.0, 1.0, 0.77])]:
            for shape in SHAPES:
                rng = np.random.default_rng([corners, *shape])
                x = rng.integers(0, shape[0], (len(darkness), corners), dtype=np.int32)
                y = rng.integers(0, shape[1], (len(darkness), corners), dtype=np.int32)
                light = transform.apply(
                    cases.input(*shape)[..., :3].copy(),
                    vertices_list=[np.stack(pair, axis=1) for pair in zip(x, y)],
                    intensities=np.array(darkness),
                )
                drawn = {"intensities": darkness, "x": x.ravel().tolist(), "y": y.ravel().tolist()}
                add_light(cases, f"{corners}-", shape, {"shadow_dimension": corners}, light, drawn)


def main(root: pathlib.Path) -> None:
    shadow(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
