"""References of the distortions: lenses, grids, rubber and splines.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys
import warnings

import albumentations as A
import albumentations.augmentations.geometric.functional as F
import cv2
import numpy as np

from augment_warp import ONE, SOME, codes, sampling_options
from support.cases import Cases


class Handed:
    """In the place of NumPy's generator: hands out what was drawn before."""

    def __init__(self, numbers: np.ndarray):
        self.numbers = numbers

    def standard_normal(self, size, dtype):
        return self.numbers.reshape(size).astype(dtype)

    def uniform(self, low, high, size):
        return self.numbers.reshape(size)

    def normal(self, mean, deviation, size):
        return mean + deviation * self.numbers.reshape(size)


def optical(root: pathlib.Path) -> None:
    with Cases(root, "OpticalDistortion") as cases:

        def case(name, size, options, k):
            pixels = cases.input(*size)
            transform = A.OpticalDistortion(distort_limit=(k, k), p=1, **codes(options))
            expected = transform(image=pixels)["image"]
            if transform.mode == "fisheye":
                why = "The reference goes by way of angles in single precision: places may round to the next 1/32 pixel."
                cases.add(name, size, options, expected, {"k": k}, levels=8, share=0.005, why=why)
            else:
                cases.add(name, size, options, expected, {"k": k})

        for size in SOME:
            case("x".join(map(str, size)), size, {}, 0.3)
        for k in [0, -0.05, -1, 2]:
            case(f"camera{k}", (40, 33, 3), {}, k)
        for k in [0, 0.05, -0.7, 2]:
            case(f"fisheye{k}", (40, 33, 1), {"mode": "fisheye"}, k)
        for name, options in sampling_options(77, [10, 200.4, 255]):
            case(name, ONE, options, 1.3)


def grid(root: pathlib.Path) -> None:
    with Cases(root, "GridDistortion") as cases:

        def case(name, size, options, steps_x, steps_y):
            pixels = cases.input(*size)
            width, height, _ = size
            transform = A.GridDistortion(p=1, **codes(options))
            drawn = {"steps_x": list(steps_x), "steps_y": list(steps_y)}
            if transform.normalized:
                made = F.normalize_grid_distortion_steps(
                    (height, width), transform.num_steps, list(steps_x), list(steps_y)
                )
                steps_x, steps_y = made["steps_x"], made["steps_y"]
            map_x, map_y = F.generate_grid((height, width), steps_x, steps_y, transform.num_steps)
            expected = transform.apply(pixels, map_x=map_x, map_y=map_y)
            cases.add(name, size, options, expected, drawn)

        steps = [0.8, 1.25, 1.1, 0.7, 1.3, 0.95]
        other = [1.3, 0.71, 0.9, 1.2, 1.01, 1.15]
        for size in SOME:
            cells = min(5, size[0], size[1])
            case("x".join(map(str, size)), size, {"num_steps": cells}, steps[: cells + 1], other[: cells + 1])
            case("x".join(map(str, size)) + "-own", size, {"normalized": False}, steps, other)
        case("even", ONE, {}, [1.0] * 6, [1.0] * 6)
        case("zero", ONE, {"normalized": False}, [0.0] * 6, [2.0] * 6)
        many = list(np.random.default_rng(1).uniform(0.5, 1.5, 14))
        case("many", (40, 33, 3), {"num_steps": 13}, many, many[::-1])
        for name, options in sampling_options(77, [10, 200.4, 255]):
            case(name, ONE, {"normalized": False, **options}, steps, other)


def elastic(root: pathlib.Path) -> None:
    with Cases(root, "ElasticTransform") as cases:

        def case(name, size, options):
            pixels = cases.input(*size)
            width, height, _ = size
            transform = A.ElasticTransform(p=1, **codes(options))
            rng = np.random.default_rng([width, height, len(name)])
            shape = (1 if transform.same_dxdy else 2, height, width)
            # Few digits keep the files small.
            if transform.noise_distribution == "gaussian":
                field = np.round(rng.standard_normal(shape), 2)
            else:
                field = np.round(rng.uniform(-1, 1, shape), 2)
            transform.random_generator = Handed(field)
            maps = transform.get_params_dependent_on_data({"shape": pixels.shape}, {})
            expected = transform.apply(pixels, **maps)
            drawn = {"field": [float(number) for number in field.ravel()]}
            cases.add(name, size, options, expected, drawn, levels=1, share=0.005)

        for size in SOME:
            case("x".join(map(str, size)), size, {"alpha": 30, "sigma": 2})
        case("default", ONE, {})
        case("strong", (17, 13, 3), {"alpha": 3000, "sigma": 50})
        case("rough", (17, 13, 4), {"alpha": 5, "sigma": 1})
        case("approximate", ONE, {"alpha": 300, "sigma": 12, "approximate": True})
        case("same", (17, 13, 3), {"alpha": 50, "sigma": 3.3, "same_dxdy": True})
        case("uniform", (17, 13, 3), {"alpha": 30, "sigma": 4, "noise_distribution": "uniform"})
        for name, options in sampling_options(77, [10, 200.4, 255]):
            case(name, (17, 13, 3), {"alpha": 60, "sigma": 2.5, **options})


def piecewise(root: pathlib.Path) -> None:
    with Cases(root, "PiecewiseAffine") as cases:

        def case(name, size, options, rows=4, columns=4, deviation=0.6):
            pixels = cases.input(*size)
            width, height, _ = size
            transform = A.PiecewiseAffine(p=1, **codes(options))
            jitter = np.random.default_rng([width, height, len(name)]).standard_normal((rows, columns, 2)) * deviation
            map_x, map_y = F.create_piecewise_affine_maps((height, width), (rows, columns), 3.0, True, Handed(jitter))
            expected = transform.apply(pixels, map_x=map_x, map_y=map_y)
            drawn = {"rows": rows, "columns": columns, "jitter": [float(number) for number in jitter.ravel()]}
            cases.add(name, size, options, expected, drawn, levels=1, share=0.005)

        for size in SOME:
            case("x".join(map(str, size)), size, {})
        case("corners", (40, 33, 3), {}, 2, 2)
        case("wide", (40, 33, 1), {}, 2, 7)
        case("many", (40, 33, 3), {}, 16, 13, 2)
        case("wild", (17, 13, 4), {}, 5, 3, 50)
        for name, options in sampling_options(77, [10, 200.4, 255]):
            case(name, (17, 13, 3), options, 3, 3)


def spline(root: pathlib.Path) -> None:
    with Cases(root, "ThinPlateSpline") as cases:

        def case(name, size, options, deviation=0.03):
            pixels = cases.input(*size)
            transform = A.ThinPlateSpline(p=1, scale_range=(1, 1), **codes(options))
            count = len(F.generate_control_points(transform.num_control_points))
            seed = [size[0], size[1], len(name)]
            jitter = np.random.default_rng(seed).standard_normal((count, 2)) * deviation
            # The transform multiplies by a tenth of the scale.
            transform.random_generator = Handed(jitter * 10)
            maps = transform.get_params_dependent_on_data({"shape": pixels.shape}, {})
            drawn = {"jitter": [float(number) for number in jitter.ravel()]}
            expected = transform.apply(pixels, **maps)
            why = "The reference finds logarithms and sums in single precision, by a library of its own: places may round to the next 1/32 pixel, the more so the more points there are."
            share = 0.1 if count > 25 else 0.01
            cases.add(name, size, options, expected, drawn, levels=16, share=share, why=why)

        for size in SOME:
            case("x".join(map(str, size)), size, {})
        case("still", ONE, {}, 0)
        for count in [2, 3, 5, 8]:
            case(f"points{count}", (40, 33, 3), {"num_control_points": count})
        case("wild", (17, 13, 4), {}, 0.2)
        for name, options in sampling_options(77, [10, 200.4, 255]):
            case(name, (17, 13, 3), options, 0.1)


def main(root: pathlib.Path) -> None:
    warnings.filterwarnings("ignore", category=UserWarning)
    assert cv2.__version__.startswith("4.12"), cv2.__version__
    optical(root)
    grid(root)
    elastic(root)
    piecewise(root)
    spline(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
