"""References of the warps: Affine, ShiftScaleRotate, Rotate, SafeRotate and Perspective.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys
import warnings

import albumentations as A
import albumentations.augmentations.geometric.functional as F
import cv2
import numpy as np

from support.cases import CHANNELS, SIZES, Cases

INTERPOLATIONS = ["nearest", "linear", "cubic", "area", "lanczos4"]
BORDERS = ["constant", "replicate", "reflect", "wrap", "reflect_101"]

# Every size in one number of channels, and all numbers of channels in one size.
SOME = [(*size, CHANNELS[index % 3]) for index, size in enumerate(SIZES)] + [(17, 13, 1), (17, 13, 3), (17, 13, 4)]
# One picture, for what does not hang on the size.
ONE = (28, 28, 3)


def codes(options: dict) -> dict:
    """Our words as OpenCV's numbers."""
    codes = dict(options)
    if "interpolation" in codes:
        codes["interpolation"] = INTERPOLATIONS.index(codes["interpolation"])
    if "border_mode" in codes:
        codes["border_mode"] = BORDERS.index(codes["border_mode"])
    return codes


def sampling_options(grey_fill, colour_fill):
    """All ways of reading pixels."""
    for interpolation in INTERPOLATIONS:
        yield f"{interpolation}", {"interpolation": interpolation}
    for border in BORDERS[1:]:
        yield f"{border}", {"border_mode": border}
    yield "cubic-wrap", {"interpolation": "cubic", "border_mode": "wrap"}
    yield "nearest-reflect", {"interpolation": "nearest", "border_mode": "reflect"}
    yield "grey-fill", {"fill": grey_fill}
    yield "first-fill", {"fill": [grey_fill]}
    yield "colour-fill", {"fill": colour_fill, "interpolation": "cubic"}


def rotate(root: pathlib.Path) -> None:
    with Cases(root, "Rotate") as cases:

        def case(name, size, options, angle):
            pixels = cases.input(*size)
            expected = A.Rotate(limit=(angle, angle), p=1, **codes(options))(image=pixels)["image"]
            cases.add(name, size, options, expected, {"angle": angle})

        for size in SOME:
            case("x".join(map(str, size)), size, {}, 27.5)
        for angle in [0, 1e-4, 45, 90, -90, 180, 359]:
            case(f"angle{angle}", (40, 33, 1), {}, angle)
        for name, options in sampling_options(77, [10, 200.4, 255]):
            case(name, ONE, options, -33.3)
        for angle in [0, 13, 45, -70]:
            case(f"crop{angle}", (40, 33, 3), {"crop_border": True}, angle)
        case("crop-upright", (17, 13, 4), {"crop_border": True}, 100)


def safe_rotate(root: pathlib.Path) -> None:
    with Cases(root, "SafeRotate") as cases:

        def case(name, size, options, angle):
            pixels = cases.input(*size)
            expected = A.SafeRotate(limit=(angle, angle), p=1, **codes(options))(image=pixels)["image"]
            cases.add(name, size, options, expected, {"angle": angle})

        for size in SOME:
            case("x".join(map(str, size)), size, {}, 27.5)
        for angle in [0, 45, -60, 200]:
            case(f"angle{angle}", (40, 33, 1), {}, angle)
        for name, options in sampling_options(77, [10, 200.4, 255]):
            case(name, ONE, options, -33.3)


def shift_scale_rotate(root: pathlib.Path) -> None:
    with Cases(root, "ShiftScaleRotate") as cases:

        def case(name, size, options, shift, scale, angle):
            pixels = cases.input(*size)
            width, height, _ = size
            transform = A.ShiftScaleRotate(
                shift_limit_x=(shift[0],) * 2,
                shift_limit_y=(shift[1],) * 2,
                scale_limit=(scale,) * 2,
                rotate_limit=(angle,) * 2,
                p=1,
                **codes(options),
            )
            drawn = {
                "x": int(shift[0] * width),
                "y": int(shift[1] * height),
                "scale_x": 1.0 + scale,
                "scale_y": 1.0 + scale,
                "angle": angle,
            }
            cases.add(name, size, options, transform(image=pixels)["image"], drawn)

        for size in SOME:
            case("x".join(map(str, size)), size, {}, (0.06, -0.05), 0.1, 30)
        case("nothing", ONE, {}, (0, 0), 0, 0)
        case("shift", ONE, {}, (0.3, -0.25), 0, 0)
        case("grow", ONE, {}, (0, 0), 3.5, 0)
        case("shrink", ONE, {}, (0, 0), -0.7, 0)
        case("vanish", ONE, {}, (0, 0), -0.9999, 0)
        case("gone", ONE, {"fill": 9}, (1, 1), 0, 5)
        for name, options in sampling_options(77, [10, 200.4, 255]):
            case(name, ONE, options, (-0.1, 0.2), -0.3, 66)


def affine(root: pathlib.Path) -> None:
    with Cases(root, "Affine") as cases:

        def case(name, size, options, translate=(0, 0), shear=(0, 0), scale=(1, 1), angle=0):
            pixels = cases.input(*size)
            transform = A.Affine(
                translate_px={"x": translate[0], "y": translate[1]},
                # A whole number would not be taken for a factor.
                scale={"x": float(scale[0]), "y": float(scale[1])},
                shear={"x": float(shear[0]), "y": float(shear[1])},
                rotate=(angle, angle),
                p=1,
                **codes(options),
            )
            drawn = {
                "x": translate[0],
                "y": translate[1],
                "shear_x": -shear[0],
                "shear_y": -shear[1],
                "scale_x": scale[0],
                "scale_y": scale[1],
                "angle": angle,
            }
            cases.add(name, size, options, transform(image=pixels)["image"], drawn)

        for size in SOME:
            case("x".join(map(str, size)), size, {}, (1, -2), (10, -5), (1.2, 0.8), 20)
        case("nothing", ONE, {})
        case("nothing-fitted", ONE, {"fit_output": True})
        case("zoom", ONE, {}, scale=(1.5, 1.5))
        case("shear", ONE, {}, shear=(45, 0))
        case("lean", ONE, {}, shear=(0, -120))
        case("fitted", ONE, {"fit_output": True}, (3, 4), (12, -7), (0.9, 1.4), 31)
        case("fitted-grey", (17, 13, 1), {"fit_output": True, "fill": 200}, angle=77)
        case("fitted-alpha", (7, 1, 4), {"fit_output": True}, scale=(2.5, 3.5), angle=10)
        for name, options in sampling_options(77, [10, 200.4, 255]):
            case(name, ONE, options, (2, 1), (0, 25), (0.7, 0.9), -40)


def perspective(root: pathlib.Path) -> None:
    with Cases(root, "Perspective") as cases:

        def case(name, size, options, shares):
            pixels = cases.input(*size)
            width, height, channels = size
            points = np.array(shares, float)
            points[1, 0] = 1 - points[1, 0]
            points[2] = 1 - points[2]
            points[3, 1] = 1 - points[3, 1]
            points *= [width, height]
            drawn = {"points": [float(number) for number in points.ravel()]}
            transform = A.Perspective(p=1, **codes(options))
            matrix, columns, rows = F.compute_perspective_params(F.order_points(points), (height, width))
            if transform.fit_output:
                matrix, columns, rows = F.expand_transform(matrix, (height, width))
            expected = transform.apply(pixels, matrix=matrix, max_width=columns, max_height=rows)
            cases.add(name, size, options, expected, drawn)

        mild = [(0.05, 0.08), (0.1, 0.02), (0.07, 0.11), (0.01, 0.09)]
        strong = [(0.31, 0.02), (0.05, 0.3), (0.2, 0.28), (0.01, 0.15)]
        for size in SOME:
            case("x".join(map(str, size)), size, {}, mild)
        case("nothing", ONE, {}, [(0, 0)] * 4)
        for name, keep, fit in [("keep", True, True), ("own", False, False), ("fit", False, True)]:
            case(f"{name}-mild", (40, 33, 3), {"keep_size": keep, "fit_output": fit, "fill": 90}, mild)
            case(f"{name}-strong", (40, 33, 1), {"keep_size": keep, "fit_output": fit, "fill": 90}, strong)
        for name, options in sampling_options(77, [10, 200.4, 255]):
            case(name, ONE, {"fit_output": True, **options}, strong)


def main(root: pathlib.Path) -> None:
    warnings.filterwarnings("ignore", category=UserWarning)
    assert cv2.__version__.startswith("4.12"), cv2.__version__
    rotate(root)
    safe_rotate(root)
    shift_scale_rotate(root)
    affine(root)
    perspective(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
