"""What the references of tone, colour and noise share: there alpha is left alone, and the library sees three channels."""

import numpy as np

# A few sizes with each number of channels.
SHAPES = [
    (width, height, channels)
    for width, height in [(1, 1), (1, 9), (7, 1), (5, 4), (28, 28), (40, 33)]
    for channels in [1, 3, 4]
]


def name(prefix: str, shape) -> str:
    """A case's name."""
    return f"{prefix}{shape[0]}x{shape[1]}x{shape[2]}"


def with_alpha(pixels: np.ndarray, light: np.ndarray) -> np.ndarray:
    """What became of the light of `pixels`, with their alpha."""
    # Some functions of the library drop axes of length 1.
    light = np.asarray(light).reshape(*pixels.shape[:2], -1)
    return np.concatenate([light, pixels[..., 3:]], axis=-1) if pixels.shape[2] == 4 else light


def add_light(cases, prefix, shape, ours, light, drawn=None, **case) -> None:
    """A case whose expected picture has the given light."""
    expected = with_alpha(cases.input(*shape), light)
    cases.add(name(prefix, shape), shape, ours, expected, drawn, **case)


def add(cases, prefix, shapes, ours, transform, **case) -> None:
    """A case per shape for a transform that draws nothing."""
    for shape in shapes:
        light = transform(image=cases.input(*shape)[..., :3].copy())["image"]
        add_light(cases, prefix, shape, ours, light, **case)
