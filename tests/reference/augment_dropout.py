"""References of the dropouts.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import pathlib
import sys

import albumentations as A
import numpy as np

from support.cases import Cases


def translated(options: dict) -> dict:
    """Our options as the constructor wants them."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}


def with_holes(cases: Cases, transform: type, name: str, size: tuple, options: dict, seed: int) -> None:
    """What the reference drew, handed over as it is; random fills value by value."""
    reference = transform(**translated(options), p=1)
    reference.set_random_seed(seed)
    pixels = cases.input(*size)
    params = reference.get_params_dependent_on_data({"shape": pixels.shape}, {"image": pixels})
    expected = reference.apply(pixels, **params)
    rng = np.random.default_rng(params["seed"])
    drawn, values = {"holes": []}, []
    for left, top, right, bottom in params["holes"].tolist():
        empty = left >= right or top >= bottom
        # An empty hole has a random colour, too, and may end before it begins.
        if options.get("fill") == "random_uniform":
            colour = rng.integers(0, 256, size=(1, size[2]), dtype=np.uint8)
            values += [] if empty else colour.ravel().tolist()
        elif options.get("fill") == "random" and not empty:
            shape = (bottom - top, right - left, size[2])
            values += rng.integers(0, 256, size=shape, dtype=np.uint8).ravel().tolist()
        if not empty:
            drawn["holes"] += [left, top, right, bottom]
    if str(options.get("fill")).startswith("random"):
        drawn["fill_values"] = values
    cases.add(name, size, options, expected, drawn)


FILLS = [{}, {"fill": 200.7}, {"fill": "random_uniform"}, {"fill": "random"}]


def holes(root: pathlib.Path) -> None:
    with Cases(root, "CoarseDropout") as cases:
        number = 0
        for size in [(7, 1, 1), (5, 4, 4), (17, 13, 3), (28, 28, 1), (40, 33, 3)]:
            for fill in FILLS:
                options = dict(fill, num_holes_range=[1, 4])
                if number % 2:
                    options |= {"hole_height_range": [1, 3], "hole_width_range": [2, 6]}
                else:
                    options |= {"hole_height_range": [0.3, 0.5], "hole_width_range": [0.2, 0.5]}
                if size[0] > 6 or not number % 2:
                    with_holes(cases, A.CoarseDropout, f"{number}", size, options, number)
                number += 1
        options = {"fill": [10, 20, 30], "hole_height_range": [0.4, 0.4], "hole_width_range": [0.4, 0.4]}
        with_holes(cases, A.CoarseDropout, "colour", (17, 13, 3), options, 1)
        for fill in ["inpaint_telea", "inpaint_ns"]:
            for size in [(2, 3, 3), (5, 4, 3), (17, 13, 1), (17, 13, 3), (28, 28, 3), (40, 33, 3), (40, 33, 1)]:
                options = {"fill": fill, "num_holes_range": [2, 5], "hole_height_range": [0.2, 0.5], "hole_width_range": [0.2, 0.5]}
                with_holes(cases, A.CoarseDropout, f"{fill}-{'x'.join(map(str, size))}", size, options, size[0])
    with Cases(root, "GridDropout") as cases:
        number = 0
        for size in [(5, 4, 4), (17, 13, 3), (28, 28, 1), (40, 33, 3)]:
            for fill in FILLS:
                kinds = [{}, {"unit_size_range": [2, 4]}, {"holes_number_xy": [2, 3]}, {"ratio": 0.3}]
                options = dict(fill, **kinds[(number + number // 4) % 4])
                if number % 3 == 1:
                    options |= {"random_offset": False, "shift_xy": [1, 2]}
                with_holes(cases, A.GridDropout, f"{number}", size, options, number)
                number += 1


def pixels(root: pathlib.Path) -> None:
    with Cases(root, "PixelDropout") as cases:
        number = 0
        for size in [(1, 1, 1), (7, 1, 3), (17, 13, 4), (28, 28, 1), (40, 33, 3)]:
            for options in [
                {},
                {"dropout_prob": 0.4, "drop_value": 77.9},
                {"dropout_prob": 0.4, "drop_value": None},
                {"dropout_prob": 0.3, "per_channel": True, "drop_value": list(range(10, 10 + size[2]))},
            ]:
                reference = A.PixelDropout(**translated(options), p=1)
                reference.set_random_seed(number)
                picture = cases.input(*size)
                params = reference.get_params_dependent_on_data({"shape": picture.shape}, {"image": picture})
                mask = params["drop_mask"] if options.get("per_channel") else params["drop_mask"][..., 0]
                drawn = {"drop_mask": mask.ravel().astype(int).tolist()}
                if options.get("drop_value", 0) is None:
                    drawn["drop_values"] = params["drop_values"][0, 0].tolist()
                expected = reference.apply(picture, params["drop_mask"], params["drop_values"])
                cases.add(f"{number}", size, options, expected, drawn)
                number += 1


def channels(root: pathlib.Path) -> None:
    with Cases(root, "ChannelDropout") as cases:
        for size in [(1, 9, 3), (5, 4, 4), (17, 13, 3), (40, 33, 4)]:
            for dropped in [[0], [2, 1]]:
                options = {"channel_drop_range": [len(dropped)] * 2, "fill": 33.3}
                expected = A.ChannelDropout(**translated(options), p=1).apply(cases.input(*size), dropped)
                name = f"{size[0]}x{size[1]}x{size[2]}-{len(dropped)}"
                cases.add(name, size, options, expected, {"channels_to_drop": dropped})


def main(root: pathlib.Path) -> None:
    holes(root)
    pixels(root)
    channels(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
