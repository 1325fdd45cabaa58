"""What Albumentations itself saves, for our import to read: every transform with its defaults, and some with other values.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import inspect
import json
import pathlib
import sys

import albumentations as A

# What has no defaults, and what differs from the defaults in kind.
ARGUMENTS = {
    "Resize": {"height": 20, "width": 30},
    "CenterCrop": {"height": 5, "width": 4},
    "RandomCrop": {"height": 5, "width": 4},
    "RandomResizedCrop": {"size": (20, 30)},
    "CropAndPad": {"px": (1, 3)},
}
OTHERS = [
    ("Rotate", {"limit": 30, "border_mode": 4, "interpolation": 0, "p": 0.3}),
    ("Affine", {"scale": (0.8, 1.2), "rotate": (-10, 10), "shear": (-5, 5), "translate_percent": (-0.1, 0.1)}),
    ("Affine", {"scale": {"x": (0.8, 1.2), "y": 0.5}, "shear": {"x": (-5, 5)}, "translate_px": {"y": (-3, 4)}}),
    ("Affine", {"translate_percent": {"x": (-0.1, 0.1), "y": (0.0, 0.3)}, "keep_ratio": True, "balanced_scale": True}),
    ("CropAndPad", {"px": (1, -2, 3, -4), "interpolation": 5}),
    ("CropAndPad", {"px": ((1, 3), (-4, -1), (0, 9), (-2, 2)), "fill": (20, 200, 7)}),
    ("CropAndPad", {"percent": ([0.1, 0.3, 0.2], [-0.4], [0.0], [-0.2, 0.2, 0.25]), "fill": (9,), "interpolation": 6}),
    ("Downscale", {"interpolation_pair": {"downscale": 5, "upscale": 6}}),
    ("PadIfNeeded", {"fill": (9,)}),
    ("Posterize", {"num_bits": [(1, 3), (2, 7), (4, 4)]}),
    ("RandomRain", {"drop_color": (1, 20, 255), "drop_length": 9, "rain_type": "heavy"}),
    ("ToGray", {"method": "pca", "num_output_channels": 1}),
    ("Blur", {"blur_limit": 5}),
    ("ElasticTransform", {"alpha": 30, "sigma": 5, "approximate": True}),
    ("RandomBrightnessContrast", {"brightness_limit": 0.4, "contrast_limit": (0, 0.3)}),
    ("ShiftScaleRotate", {"shift_limit": 0.1, "scale_limit": 0.2, "rotate_limit": 30, "fill": 128}),
]


def main(root: pathlib.Path) -> None:
    folder = root / "tests/reference/exchange"
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(entry.name for entry in (root / "tests/reference/augment").iterdir() if (entry / "cases.json").exists())
    # Each alone, so that one that cannot be read is named by its file.
    saved = {}
    for name in names:
        transform = getattr(A, name)
        assert inspect.isclass(transform), name
        saved[name] = A.to_dict(A.Compose([transform(**ARGUMENTS.get(name, {}))]))
    for name, arguments in OTHERS:
        saved[f"{name} with {arguments}"] = A.to_dict(A.Compose([getattr(A, name)(**arguments)]))
    (folder / "saved.json").write_text(json.dumps(saved, indent=1) + "\n")
    nested = A.Compose(
        [
            A.OneOf([A.Blur(p=0.2), A.Sequential([A.MedianBlur(), A.HorizontalFlip(p=1)], p=0.6)], p=0.7),
            A.SomeOf([A.Rotate(limit=20), A.VerticalFlip(), A.InvertImg()], n=2, replace=True, p=0.9),
        ],
        p=0.8,
    )
    A.save(nested, folder / "nested.json")
    A.save(nested, folder / "nested.yaml", data_format="yaml")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
