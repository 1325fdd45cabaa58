"""References of masks and boxes: what the real library's Compose makes of those that go along with a picture.

Run by `cargo xtask references` with the repository's root as its argument. `companions/cases.json` holds all cases;
beside it are the masks that go in, `<size>.png`, and those that come out, `<transform>-<name>.png`. The picture itself
does not matter: it is black.
"""

import json
import pathlib
import shutil
import sys
import warnings

import albumentations as A
import albumentations.augmentations.geometric.functional as F
import cv2
import numpy as np
from albumentations.core.bbox_utils import bboxes_from_masks, masks_from_bboxes

from augment_distortion import Handed
from augment_warp import BORDERS, codes
from support.cases import write_picture

SIZES = [(32, 24, 1), (17, 13, 3), (28, 28, 4)]
ONE = SIZES[0]

# Left, top, right and bottom as shares of the sides.
SHARES = [
    (0.11, 0.12, 0.41, 0.42),
    (0.0, 0.0, 0.16, 0.28),
    (0.63, 0.45, 0.998, 0.99),
    (0.45, 0.14, 0.52, 0.91),
    (0.29, 0.52, 0.35, 0.58),
    (0.0, 0.0, 1.0, 1.0),
]

# The reference keeps boxes without an area, and then refuses them itself.
LEAST = 1e-5


def mask_of(width: int, height: int, channels: int) -> np.ndarray:
    """Regions of class numbers, of shape (height, width) or (height, width, channels)."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [(x // (3 + c) + 5 * (y // (2 + c)) + (x + y) // 7) % 11 * 20 + 7 for c in range(channels)]
    mask = np.stack(planes, axis=-1).astype(np.uint8)
    return mask[..., 0] if channels == 1 else mask


def boxes_of(width: int, height: int, _: int) -> list:
    """Boxes in tenths of pixels. But for the picture's own ends none is whole or half a pixel: there, the single
    precision in which the reference keeps boxes would decide how it cuts off and rounds."""

    def place(share: float, side: int) -> float:
        tenths = round(share * side * 10)
        return (tenths if share in (0.0, 1.0) or tenths % 5 else tenths - 1) / 10

    return [[place(share, (width, height)[at % 2]) for at, share in enumerate(shares)] for shares in SHARES]


class Companions:
    """All cases. Use it as a context; leaving it writes them."""

    def __init__(self, root: pathlib.Path):
        self.folder = root / "tests/reference/companions"
        self.cases = []

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for size in SIZES:
            write_picture(self.folder / f"{'x'.join(map(str, size))}.png", mask_of(*size).reshape(size[1], size[0], size[2]))
        return self

    def add(self, transform, name, size, options, drawn, params=None, rules=None, share=0.0, why=None, expected=None):
        """A case. `params` are what the reference is told to have drawn, if its options do not say it all; `share` is
        how much of the mask may differ, for which there is a `why`; `expected` stands in for the reference's boxes."""
        width, height, channels = size
        rules = rules or {}
        boxes = boxes_of(*size)
        if params is not None:
            transform.get_params_dependent_on_data = lambda params, data, fixed=params: fixed
        least = {"min_visibility": 0.0, **rules, "min_area": max(rules.get("min_area", 0), LEAST)}
        compose = A.Compose([transform], bbox_params=A.BboxParams("pascal_voc", label_fields=["places"], **least))
        made = compose(
            image=np.zeros((height, width, 3), np.uint8),
            mask=mask_of(*size),
            bboxes=boxes,
            places=list(range(len(boxes))),
        )
        kind = type(transform).__name__
        mask = made["mask"]
        write_picture(self.folder / f"{kind}-{name}.png", mask.reshape(*mask.shape[:2], channels))
        found = zip(made["bboxes"], made["places"]) if expected is None else expected
        case = {
            "transform": kind,
            "name": name,
            "size": list(size),
            "options": options,
            "drawn": drawn or {},
            "boxes": boxes,
            "rules": rules,
            "expected": [[round(float(end), 6) for end in box] + [int(place)] for box, place in found],
        }
        if share:
            case["share"], case["why"] = share, why
        self.cases.append(case)

    def __exit__(self, failure, *_):
        if failure is None:
            lines = ",\n".join(json.dumps(case) for case in self.cases)
            (self.folder / "cases.json").write_text(f"[\n{lines}\n]\n")


def flips_and_turns(cases: Companions) -> None:
    for size in SIZES:
        name = "x".join(map(str, size))
        for transform in [A.HorizontalFlip, A.VerticalFlip, A.Transpose]:
            cases.add(transform(p=1), name, size, {}, {})
    for factor in range(4):
        transform = A.RandomRotate90(p=1)
        cases.add(transform, f"{factor}", ONE, {}, {"factor": factor}, {"factor": factor})


def sizes(cases: Companions) -> None:
    for width, height in [(50, 40), (11, 30), (16, 12)]:
        options = {"height": height, "width": width}
        cases.add(A.Resize(**options, p=1), f"{width}x{height}", ONE, options, {})
    cases.add(A.Resize(9, 9, interpolation=2, p=1), "cubic", SIZES[1], {"height": 9, "width": 9, "interpolation": "cubic"}, {})
    for scale in [0.61, 1.7]:
        options = {"scale_limit": [scale - 1, scale - 1]}
        transform = A.RandomScale(scale_limit=(scale - 1,) * 2, p=1)
        transform.get_params = lambda scale=scale: {"scale": scale}
        cases.add(transform, f"{scale}", SIZES[1], options, {"scale": scale})


def pads_and_crops(cases: Companions) -> None:
    for border in BORDERS:
        options = {"min_height": 31, "min_width": 80, "border_mode": border, "fill": 99}
        drawn = {"pad_params": [3, 4, 24, 24]}
        cases.add(A.PadIfNeeded(**codes(options), p=1), border, ONE, options, drawn)
    options = {"min_height": 60, "min_width": 60, "border_mode": "reflect_101", "position": "bottom_right"}
    drawn = {"pad_params": [47, 0, 43, 0]}
    cases.add(A.PadIfNeeded(**codes(options), p=1), "corner", SIZES[1], options, drawn)
    options = {"height": 10, "width": 15}
    drawn = {"crop_coords": [8, 7, 23, 17]}
    cases.add(A.CenterCrop(**options, p=1), "plain", ONE, options, drawn)
    for border in ["constant", "reflect"]:
        options = {"height": 10, "width": 44, "pad_if_needed": True, "border_mode": border}
        drawn = {"pad_params": [0, 0, 6, 6], "crop_coords": [0, 7, 44, 17]}
        cases.add(A.CenterCrop(**codes(options), p=1), f"padded-{border}", ONE, options, drawn)
    for name, rules in [("all", {}), ("area", {"min_area": 30}), ("visible", {"min_visibility": 0.5})]:
        options = {"height": 14, "width": 11}
        crop = (13, 6, 24, 20)
        params = {"crop_coords": crop, "pad_params": None}
        cases.add(A.RandomCrop(**options, p=1), name, ONE, options, {"crop_coords": crop}, params, rules)
    for size, to in [((32, 24, 1), (20, 45)), ((17, 13, 3), (7, 6))]:
        options = {"size": list(to), "interpolation": "area"}
        crop = (3, 2, 15, 11)
        transform = A.RandomResizedCrop(size=to, interpolation=3, p=1)
        cases.add(transform, f"{to[0]}x{to[1]}", size, options, {"crop_coords": crop}, {"crop_coords": crop})
    for name, options, amounts in [
        ("cut", {"px": -3, "keep_size": False}, [-3] * 4),
        ("kept", {"px": -4}, [-4] * 4),
        ("pad", {"px": 5, "fill": 9, "border_mode": "reflect"}, [5] * 4),
        ("pad-only", {"px": 5, "fill": 9, "keep_size": False}, [5] * 4),
    ]:
        cut, add = max(-amounts[0], 0), max(amounts[0], 0)
        drawn = {"crop_coords": [cut, cut, 32 - cut, 24 - cut], "pad_params": [add] * 4, "fill": 9}
        cases.add(A.CropAndPad(**codes(options), p=1), name, ONE, options, drawn)


def morphology(cases: Companions) -> None:
    """The reference hands its list of box masks to OpenCV as if it were one picture, so that boxes grow into those
    before and after them in the list. Here each mask is handed over by itself."""
    for scale in [(2, 3), (5, 5), (1, 4), (2, 7), (1, 1)]:
        for operation in ["dilation", "erosion"]:
            width, height, _ = ONE
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, scale)
            expected = []
            for place, mask in enumerate(masks_from_bboxes(np.array(boxes_of(*ONE)), (height, width))):
                box = bboxes_from_masks(F.morphology(mask, kernel, operation))[0]
                if box[2] > box[0]:
                    expected.append((box, place))
            options = {"scale": list(scale), "operation": operation}
            transform = A.Morphological(scale=scale, operation=operation, p=1)
            name = f"{operation}-{scale[0]}x{scale[1]}"
            cases.add(transform, name, ONE, options, {}, expected=expected)


def warps(cases: Companions) -> None:
    for border in BORDERS:
        options = {"border_mode": border, "fill": 77}
        cases.add(A.Rotate(limit=(-33.3, -33.3), p=1, **codes(options)), border, ONE, options, {"angle": -33.3})
        cases.add(A.SafeRotate(limit=(27.5, 27.5), p=1, **codes(options)), border, ONE, options, {"angle": 27.5})
    for angle in [0, 90, 180]:
        cases.add(A.Rotate(limit=(angle, angle), p=1), f"{angle}", SIZES[2], {}, {"angle": angle})
    for angle in [13, -70]:
        transform = A.Rotate(limit=(angle, angle), crop_border=True, p=1)
        cases.add(transform, f"crop{angle}", ONE, {"crop_border": True}, {"angle": angle})
    rules = {"min_visibility": 0.8, "min_area": 20}
    cases.add(A.Rotate(limit=(45, 45), p=1), "rules", ONE, {}, {"angle": 45}, rules=rules)
    for border in BORDERS:
        options = {"border_mode": border, "interpolation": "cubic"}
        transform = A.ShiftScaleRotate(
            shift_limit_x=(0.3, 0.3), shift_limit_y=(-0.25, -0.25), scale_limit=(-0.6, -0.6), rotate_limit=(30, 30), p=1, **codes(options)
        )
        drawn = {"x": 9, "y": -6, "scale_x": 0.4, "scale_y": 0.4, "angle": 30}
        cases.add(transform, border, ONE, options, drawn)
    for name, size, options, translate, shear, scale, angle in [
        ("nothing", ONE, {}, (0, 0), (0, 0), (1, 1), 0),
        ("all", ONE, {}, (3, -2), (10, -5), (1.2, 0.8), 20),
        ("colours", SIZES[1], {}, (1, -2), (10, -5), (1.2, 0.8), 20),
        ("fitted", ONE, {"fit_output": True}, (3, 4), (12, -7), (0.9, 1.4), 31),
        ("mirrored", ONE, {"border_mode": "reflect_101"}, (4, 3), (0, 25), (0.45, 0.6), -40),
        ("gone", ONE, {}, (40, 0), (0, 0), (1, 1), 0),
    ]:
        transform = A.Affine(
            translate_px={"x": translate[0], "y": translate[1]},
            scale={"x": float(scale[0]), "y": float(scale[1])},
            shear={"x": float(shear[0]), "y": float(shear[1])},
            rotate=(angle, angle),
            p=1,
            **codes(options),
        )
        drawn = {"x": translate[0], "y": translate[1], "shear_x": -shear[0], "shear_y": -shear[1]}
        drawn |= {"scale_x": scale[0], "scale_y": scale[1], "angle": angle}
        cases.add(transform, name, size, options, drawn)


def perspective(cases: Companions) -> None:
    mild = [(0.05, 0.08), (0.1, 0.02), (0.07, 0.11), (0.01, 0.09)]
    strong = [(0.31, 0.02), (0.05, 0.3), (0.2, 0.28), (0.01, 0.15)]
    for name, size, options, shares in [
        ("mild", ONE, {}, mild),
        ("strong", ONE, {}, strong),
        ("own", ONE, {"keep_size": False}, strong),
        ("fitted", ONE, {"fit_output": True, "fill": 8}, strong),
        ("fitted-own", SIZES[1], {"fit_output": True, "keep_size": False, "border_mode": "reflect"}, mild),
    ]:
        width, height, _ = size
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
        params = {"matrix": matrix, "matrix_bbox": matrix, "max_width": columns, "max_height": rows}
        cases.add(transform, name, size, options, drawn, params)


def distortions(cases: Companions) -> None:
    rounds = "Places that are nearly between two pixels may round to the other one."
    for name, options, k in [("camera", {}, 0.5), ("back", {"border_mode": "reflect"}, -0.4), ("fisheye", {"mode": "fisheye"}, 0.7)]:
        transform = A.OpticalDistortion(distort_limit=(k, k), p=1, **codes(options))
        cases.add(transform, name, ONE, options, {"k": k})
    steps = [0.8, 1.25, 1.1, 0.7, 1.3, 0.95]
    other = [1.3, 0.71, 0.9, 1.2, 1.01, 1.15]
    for name, size, normalized in [("whole", ONE, True), ("own", ONE, False), ("colours", SIZES[1], False)]:
        width, height, _ = size
        transform = A.GridDistortion(normalized=normalized, p=1)
        drawn = {"steps_x": steps, "steps_y": other}
        steps_x, steps_y = steps, other
        if normalized:
            made = F.normalize_grid_distortion_steps((height, width), 5, list(steps), list(other))
            steps_x, steps_y = made["steps_x"], made["steps_y"]
        map_x, map_y = F.generate_grid((height, width), steps_x, steps_y, 5)
        cases.add(transform, name, size, {"normalized": normalized}, drawn, {"map_x": map_x, "map_y": map_y})
    for name, options in [("mild", {"alpha": 30, "sigma": 2}), ("strong", {"alpha": 3000, "sigma": 20, "border_mode": "wrap"})]:
        width, height, _ = size = SIZES[1]
        transform = A.ElasticTransform(p=1, **codes(options))
        field = np.round(np.random.default_rng(len(name)).standard_normal((2, height, width)), 1)
        transform.random_generator = Handed(field)
        maps = transform.get_params_dependent_on_data({"shape": (height, width)}, {})
        cases.add(transform, name, size, options, {"field": [float(n) for n in field.ravel()]}, maps)
    for name, deviation in [("mild", 0.6), ("wild", 12.0)]:
        width, height, _ = ONE
        transform = A.PiecewiseAffine(p=1)
        jitter = np.round(np.random.default_rng(len(name)).standard_normal((4, 4, 2)) * deviation, 3)
        map_x, map_y = F.create_piecewise_affine_maps((height, width), (4, 4), 3.0, True, Handed(jitter))
        drawn = {"rows": 4, "columns": 4, "jitter": [float(number) for number in jitter.ravel()]}
        cases.add(transform, name, ONE, {}, drawn, {"map_x": map_x, "map_y": map_y}, share=0.01, why=rounds)
    for count, deviation in [(4, 0.05), (2, 0.1)]:
        width, height, _ = ONE
        transform = A.ThinPlateSpline(p=1, scale_range=(1, 1), num_control_points=count)
        points = len(F.generate_control_points(count))
        jitter = np.round(np.random.default_rng(count).standard_normal((points, 2)) * deviation, 4)
        transform.random_generator = Handed(jitter * 10)
        maps = transform.get_params_dependent_on_data({"shape": (height, width)}, {})
        drawn = {"jitter": [float(number) for number in jitter.ravel()]}
        cases.add(transform, f"points{count}", ONE, {"num_control_points": count}, drawn, maps, share=0.01, why=rounds)


def dropouts(cases: Companions) -> None:
    holes = [[0, 0, 7, 5], [2, 4, 11, 8], [20, 10, 32, 15], [14, 0, 20, 24], [9, 12, 11, 14]]
    for name, rules in [("all", {}), ("rules", {"min_area": 20, "min_visibility": 0.4})]:
        for transform in [A.CoarseDropout(p=1), A.GridDropout(p=1)]:
            params = {"holes": np.array(holes), "seed": 1}
            drawn = {"holes": [end for hole in holes for end in hole]}
            cases.add(transform, name, ONE, {}, drawn, params, rules)
    cases.add(A.CoarseDropout(p=1), "none", ONE, {}, {"holes": []}, {"holes": np.empty((0, 4), int), "seed": 1})
    drop = np.random.default_rng(5).random((24, 32)) < 0.4
    for name, rules in [("all", {}), ("area", {"min_area": 18}), ("visible", {"min_visibility": 0.65})]:
        transform = A.PixelDropout(dropout_prob=0.4, p=1)
        params = {"drop_mask": drop[..., None], "drop_values": np.zeros((24, 32, 3), np.uint8)}
        params |= {"mask_drop_mask": None, "mask_drop_values": None}
        drawn = {"drop_mask": drop.ravel().astype(int).tolist()}
        cases.add(transform, name, ONE, {"dropout_prob": 0.4}, drawn, params, rules)


def others(cases: Companions) -> None:
    """What moves no pixels leaves both alone."""
    cases.add(A.InvertImg(p=1), "plain", ONE, {}, {})
    cases.add(A.Blur(blur_limit=(5, 5), p=1), "plain", SIZES[1], {"blur_limit": [5, 5]}, {"size": 5})


def main(root: pathlib.Path) -> None:
    warnings.filterwarnings("ignore", category=UserWarning)
    assert cv2.__version__.startswith("4.12"), cv2.__version__
    with Companions(root) as cases:
        flips_and_turns(cases)
        sizes(cases)
        pads_and_crops(cases)
        morphology(cases)
        warps(cases)
        perspective(cases)
        distortions(cases)
        dropouts(cases)
        others(cases)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
