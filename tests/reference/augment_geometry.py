"""References of the flips, turns by right angles, crops, pads and sizes.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys

import albumentations as A

from support.cases import CHANNELS, SIZES, Cases

WORDS = {"nearest": 0, "linear": 1, "cubic": 2, "area": 3, "lanczos4": 4, "linear_exact": 5, "nearest_exact": 6}
BORDERS = {"constant": 0, "replicate": 1, "reflect": 2, "wrap": 3, "reflect_101": 4}


def whole(value):
    """Lists as tuples, except for those to choose from."""
    if not isinstance(value, list):
        return value
    nested = any(isinstance(item, list) for item in value)
    return tuple(tuple(item) if len(item) == 2 else item for item in value) if nested else tuple(value)


def translated(options: dict) -> dict:
    """Our options as the constructor wants them."""
    words = {"interpolation": WORDS, "border_mode": BORDERS}
    plain = {key: whole(value) for key, value in options.items()}
    plain.pop("area_for_downscale", None)
    area = options.get("area_for_downscale", "none")
    if area != "none":
        plain["area_for_downscale"] = area
    return {key: words[key][value] if key in words else value for key, value in plain.items()}


def tolerance(options: dict) -> dict:
    """The cubic kernel is computed in floating point, by a library that does not tell how it rounds."""
    return {"levels": 1, "share": 0.005} if options.get("interpolation") == "cubic" else {}


def flips(root: pathlib.Path) -> None:
    for transform in [A.HorizontalFlip, A.VerticalFlip, A.Transpose]:
        with Cases(root, transform.__name__) as cases:
            for width, height in SIZES:
                for channels in CHANNELS:
                    pixels = cases.input(width, height, channels)
                    size = (width, height, channels)
                    expected = transform(p=1)(image=pixels)["image"]
                    cases.add(f"{width}x{height}x{channels}", size, {}, expected)


def turns(root: pathlib.Path) -> None:
    with Cases(root, "RandomRotate90") as cases:
        for width, height, channels in [(1, 9, 3), (5, 4, 1), (17, 13, 3), (40, 33, 4)]:
            pixels = cases.input(width, height, channels)
            for factor in range(4):
                expected = A.RandomRotate90(p=1).apply(pixels, factor=factor)
                name = f"{width}x{height}x{channels}-{factor}"
                cases.add(name, (width, height, channels), {}, expected, {"factor": factor})


def sizes(root: pathlib.Path) -> None:
    with Cases(root, "Resize") as cases:
        for word in WORDS:
            for width, height, channels, to_width, to_height in [
                (1, 1, 3, 3, 2),
                (7, 1, 1, 20, 3),
                (1, 9, 4, 4, 5),
                (17, 13, 3, 26, 19),
                (40, 33, 1, 60, 50),
                (40, 33, 4, 17, 40),
                (40, 33, 3, 13, 11),
                (28, 28, 1, 14, 14),
                (40, 33, 3, 20, 11),
            ]:
                pixels = cases.input(width, height, channels)
                options = {"height": to_height, "width": to_width, "interpolation": word}
                expected = A.Resize(**translated(options), p=1)(image=pixels)["image"]
                name = f"{word}-{width}x{height}x{channels}-{to_width}x{to_height}"
                cases.add(name, (width, height, channels), options, expected, **tolerance(options))
        options = {"height": 11, "width": 50, "area_for_downscale": "image"}
        expected = A.Resize(**translated(options), p=1)(image=cases.input(40, 33, 3))["image"]
        cases.add("area-for-downscale", (40, 33, 3), options, expected)
    with Cases(root, "RandomScale") as cases:
        for word in WORDS:
            for width, height, channels, scale in [
                (17, 13, 3, 1.5),
                (40, 33, 1, 0.61),
                (28, 28, 1, 1.13),
                (5, 4, 4, 2.9),
            ]:
                pixels = cases.input(width, height, channels)
                options = {"scale_limit": [scale - 1, scale - 1], "interpolation": word}
                expected = A.RandomScale(**translated(options), p=1).apply(pixels, scale=scale)
                name = f"{word}-{width}x{height}x{channels}-{scale}"
                drawn = {"scale": scale}
                cases.add(name, (width, height, channels), options, expected, drawn, **tolerance(options))
        options = {"scale_limit": 0.5, "area_for_downscale": "image_mask"}
        expected = A.RandomScale(**translated(options), p=1).apply(cases.input(40, 33, 3), scale=0.7)
        cases.add("area-for-downscale", (40, 33, 3), options, expected, {"scale": 0.7})


def pads(root: pathlib.Path) -> None:
    with Cases(root, "PadIfNeeded") as cases:
        choices = [
            {"min_height": 20, "min_width": 31},
            {"min_height": 3, "min_width": 60, "fill": 130},
            {"min_height": 40, "min_width": None, "pad_width_divisor": 7, "fill": [10, 20, 30.5]},
            {"min_height": None, "min_width": None, "pad_height_divisor": 16, "pad_width_divisor": 5},
        ]
        borders = [{}, {"border_mode": "replicate"}, {"border_mode": "reflect"}]
        borders += [{"border_mode": "wrap"}, {"border_mode": "reflect_101"}]
        places = ["center", "top_left", "top_right", "bottom_left", "bottom_right"]
        number = 0
        for width, height, channels in [(1, 1, 3), (7, 1, 1), (5, 4, 4), (17, 13, 3), (28, 28, 1)]:
            pixels = cases.input(width, height, channels)
            for choice in choices:
                options = dict(choice, **borders[number % 5], position=places[number // 2 % 5])
                expected = A.PadIfNeeded(**translated(options), p=1)(image=pixels)["image"]
                ours = {key: value for key, value in options.items() if value is not None}
                cases.add(f"{number}", (width, height, channels), ours, expected)
                number += 1
        options = {"min_height": 21, "min_width": 32, "fill": [130]}
        expected = A.PadIfNeeded(**translated(options), p=1)(image=cases.input(17, 13, 4))["image"]
        cases.add("first-fill", (17, 13, 4), options, expected)


def crops(root: pathlib.Path) -> None:
    with Cases(root, "CenterCrop") as cases:
        for index, (size, options) in enumerate(
            [
                ((17, 13, 3), {"height": 5, "width": 8}),
                ((17, 13, 3), {"height": 13, "width": 17}),
                ((40, 33, 4), {"height": 10, "width": 1}),
                ((28, 28, 1), {"height": 21, "width": 21}),
                ((5, 4, 4), {"height": 9, "width": 3, "pad_if_needed": True, "fill": 7}),
                ((5, 4, 1), {"height": 3, "width": 12, "pad_if_needed": True, "border_mode": "wrap"}),
                ((5, 4, 3), {"height": 11, "width": 12, "pad_if_needed": True, "pad_position": "top_right"}),
            ]
        ):
            expected = A.CenterCrop(**translated(options), p=1)(image=cases.input(*size))["image"]
            cases.add(f"{index}", size, options, expected)
    with Cases(root, "RandomCrop") as cases:
        for index, (size, options) in enumerate(
            [
                ((17, 13, 3), {"height": 5, "width": 8}),
                ((40, 33, 4), {"height": 33, "width": 1}),
                ((28, 28, 1), {"height": 21, "width": 21}),
                ((5, 4, 4), {"height": 9, "width": 3, "pad_if_needed": True, "fill": 7, "pad_position": "random"}),
                ((5, 4, 3), {"height": 3, "width": 12, "pad_if_needed": True, "border_mode": "reflect"}),
            ]
        ):
            transform = A.RandomCrop(**translated(options), p=1)
            transform.set_random_seed(index)
            pixels = cases.input(*size)
            params = transform.get_params_dependent_on_data({"shape": pixels.shape}, {})
            drawn = {"crop_coords": [int(end) for end in params["crop_coords"]]}
            pad = params["pad_params"] or {}
            if options.get("pad_if_needed"):
                drawn["pad_params"] = [int(pad.get(f"pad_{side}", 0)) for side in ["top", "bottom", "left", "right"]]
            expected = transform.apply(pixels, **params)
            cases.add(f"{index}", size, options, expected, drawn)
    with Cases(root, "RandomResizedCrop") as cases:
        for index, (size, options) in enumerate(
            [
                ((17, 13, 3), {"size": [20, 9]}),
                ((40, 33, 4), {"size": [5, 6], "area_for_downscale": "image"}),
                ((28, 28, 1), {"size": [28, 28], "scale": [0.5, 0.9], "interpolation": "lanczos4"}),
                ((40, 33, 3), {"size": [28, 40], "ratio": [2, 3], "interpolation": "nearest"}),
                ((7, 1, 1), {"size": [3, 9]}),
                ((40, 33, 4), {"size": [15, 51], "interpolation": "linear_exact"}),
                ((40, 33, 3), {"size": [15, 51], "interpolation": "nearest_exact"}),
            ]
        ):
            transform = A.RandomResizedCrop(**translated(options), p=1)
            transform.set_random_seed(index)
            pixels = cases.input(*size)
            params = transform.get_params_dependent_on_data({"shape": pixels.shape}, {})
            drawn = {"crop_coords": [int(end) for end in params["crop_coords"]]}
            cases.add(f"{index}", size, options, transform.apply(pixels, **params), drawn)
    with Cases(root, "CropAndPad") as cases:
        for index, (size, options) in enumerate(
            [
                ((17, 13, 3), {"px": 3}),
                ((17, 13, 3), {"px": -3, "keep_size": False}),
                ((40, 33, 4), {"px": 2, "fill": 99, "keep_size": False}),
                ((28, 28, 1), {"percent": 0.15, "border_mode": "replicate"}),
                ((28, 28, 1), {"percent": -0.2, "interpolation": "nearest"}),
                ((5, 4, 3), {"px": -3, "keep_size": False}),
                ((7, 1, 1), {"percent": -0.9}),
                ((17, 13, 3), {"percent": -1.0, "keep_size": False}),
                ((17, 13, 3), {"px": [1, -2, 3, -4], "keep_size": False, "fill": [30]}),
                ((28, 28, 1), {"percent": [0.1, -0.2, 0.33, 0.0], "interpolation": "linear_exact"}),
                ((40, 33, 4), {"px": [-9, 5, 0, -7], "interpolation": "nearest_exact", "border_mode": "wrap"}),
            ]
        ):
            expected = A.CropAndPad(**translated(options), p=1)(image=cases.input(*size))["image"]
            cases.add(f"{index}", size, options, expected)
        for index, (size, options) in enumerate(
            [
                ((17, 13, 3), {"px": [-4, 5]}),
                ((40, 33, 4), {"percent": [-0.2, 0.3], "border_mode": "reflect_101"}),
                ((28, 28, 1), {"px": [-6, 6], "sample_independently": False, "fill": [20, 200], "keep_size": False}),
                ((17, 13, 3), {"px": [2, 6], "fill": [20, 200], "keep_size": False}),
                ((17, 13, 3), {"px": [[1, 3], [-4, -1], [0, 9], [-2, 2]], "fill": [20, 200, 7], "keep_size": False}),
                ((28, 28, 1), {"px": [[1, 3, 5], [-4], [0, 2, 9, 1], [-2, 4, 2]]}),
                ((40, 33, 4), {"percent": [[0.1, 0.3], [-0.4, -0.1], [0, 0.9], [-0.2, 0.2]]}),
                ((40, 33, 3), {"percent": [[0.1, 0.3, 0.2], [-0.4], [0.0], [-0.2, 0.2, 0.25]]}),
            ]
        ):
            transform = A.CropAndPad(**translated(options), p=1)
            transform.set_random_seed(index)
            pixels = cases.input(*size)
            params = transform.get_params_dependent_on_data({"shape": pixels.shape}, {})
            drawn = {
                "crop_coords": [int(end) for end in params["crop_params"] or [0, 0, size[0], size[1]]],
                "pad_params": [int(end) for end in params["pad_params"] or [0] * 4],
                "fill": params["fill"],
            }
            expected = transform.apply(pixels, **params, shape=pixels.shape)
            cases.add(f"drawn-{index}", size, options, expected, drawn)


def morphology(root: pathlib.Path) -> None:
    with Cases(root, "Morphological") as cases:
        for scale in [[2, 3], [3, 3], [7, 7], [4, 6], [1, 5], 2]:
            for operation in ["dilation", "erosion"]:
                for size in [(1, 9, 3), (5, 4, 4), (17, 13, 1)] + ([(28, 28, 1)] if scale == [3, 3] else []):
                    options = {"scale": scale, "operation": operation}
                    expected = A.Morphological(**translated(options), p=1)(image=cases.input(*size))["image"]
                    name = f"{operation}-{scale}-{size[0]}x{size[1]}x{size[2]}"
                    name = name.replace("[", "").replace("]", "").replace(", ", "x")
                    cases.add(name, size, options, expected)


def main(root: pathlib.Path) -> None:
    flips(root)
    turns(root)
    sizes(root)
    pads(root)
    crops(root)
    morphology(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
