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


COLOURED = [(1, 1, 3), (1, 9, 3), (7, 1, 3), (5, 4, 4), (17, 13, 3), (28, 28, 3), (40, 33, 3), (40, 33, 4)]


def fog(root: pathlib.Path) -> None:
    with Cases(root, "RandomFog") as cases:
        for alpha, intensity, shapes in [(0.08, 0.4, COLOURED), (0.31, 0.93, COLOURED), (0.7, 0.06, [(40, 33, 3)]), (1, 1, [(17, 13, 3)])]:
            transform = A.RandomFog(alpha_coef=alpha, fog_coef_range=(intensity, intensity), p=1)
            for shape in shapes:
                pixels = cases.input(*shape)[..., :3].copy()
                transform.set_random_seed(3)
                params = transform.get_params_dependent_on_data({"shape": pixels.shape}, {})
                patches = [[*place, radius] for place, radius in zip(params["particle_positions"], params["radiuses"])]
                drawn = {"intensity": intensity, "patches": np.array(patches, int).ravel().tolist()}
                light = transform.apply(pixels, **params)
                add_light(cases, f"{alpha}-{intensity}-", shape, {"alpha_coef": alpha}, light, drawn)
        # Patches of all sizes, some of them partly or wholly outside.
        transform = A.RandomFog(alpha_coef=0.5, p=1)
        for shape in COLOURED:
            rng = np.random.default_rng(shape)
            patches = [[int(n) for n in rng.integers(-3, 43, 2)] + [int(rng.integers(0, 31))] for _ in range(12)]
            light = transform.apply(
                cases.input(*shape)[..., :3].copy(),
                particle_positions=[tuple(patch[:2]) for patch in patches],
                radiuses=[patch[2] for patch in patches],
                intensity=0.7,
            )
            longest = max(shape[:2])
            if max(abs(n) for patch in patches for n in patch) > longest:
                continue
            drawn = {"intensity": 0.7, "patches": np.array(patches).ravel().tolist()}
            add_light(cases, "large-", shape, {"alpha_coef": 0.5}, light, drawn)
        # The blur grows with the picture.
        shape = (151, 155, 3)
        transform = A.RandomFog(alpha_coef=0.08, p=1)
        patches = [[70, 80, 25], [30, 150, 7], [140, 5, 14]]
        light = transform.apply(
            cases.input(*shape),
            particle_positions=[tuple(patch[:2]) for patch in patches],
            radiuses=[patch[2] for patch in patches],
            intensity=1.0,
        )
        add_light(cases, "blur-", shape, {}, light, {"intensity": 1, "patches": np.array(patches).ravel().tolist()})


def rain(root: pathlib.Path) -> None:
    with Cases(root, "RandomRain") as cases:

        def case(prefix, shape, options, slant):
            transform = A.RandomRain(slant_range=(slant, slant), p=1, **options)
            pixels = cases.input(*shape)[..., :3].copy()
            transform.set_random_seed(5)
            params = transform.get_params_dependent_on_data({"shape": pixels.shape}, {})
            drawn = {"drop_length": params["drop_length"], "slant": slant, "rain_drops": params["rain_drops"].ravel().tolist()}
            add_light(cases, prefix, shape, options, transform.apply(pixels, **params), drawn)

        for shape in COLOURED:
            case("", shape, {}, 4.7)
        for kind in ["drizzle", "heavy", "torrential"]:
            case(f"{kind}-", (40, 33, 3), {"rain_type": kind}, -10)
        for blur in [1, 2, 3, 4, 8, 9, 16, 18, 34, 64]:
            case(f"blur{blur}-", (40, 33, 3), {"blur_value": blur, "drop_length": 9, "drop_color": (180, 200, 255)}, -7.9)
        for width in [2, 3, 4, 7, 12]:
            options = {"drop_width": width, "drop_color": (1, 2, 3), "blur_value": 1, "rain_type": "drizzle"}
            case(f"width{width}-", (151, 155, 3), {**options, "brightness_coefficient": 1}, 13.2)
            case(f"width{width}-", (28, 28, 3), {**options, "drop_length": 25}, -18.6)
            case(f"width{width}-upright-", (28, 28, 3), {**options, "drop_length": 6}, 0)
        for light in [0.01, 0.35, 0.5, 1]:
            case(f"light{light}-", (28, 28, 3), {"brightness_coefficient": light}, 20)


def main(root: pathlib.Path) -> None:
    shadow(root)
    fog(root)
    rain(root)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
