"""Opens a data set with the libraries that trainers use, and prints every item.

    python read.py FORMAT FOLDER SCRATCH

FORMAT is the recipe's, coco or yolo for the boxes of a folder of pictures, or npz-large. SCRATCH is an
empty folder for what the libraries keep. Every line is a JSON object: which reader it was, the
subset, the index (null where the format has none), the label, the picture's width and height,
the SHA-256 of its 8-bit pixels row by row, and a box [x, y, width, height] for each digit (null
where the format has none). What contradicts itself within a data set is a failure.
"""

import collections
import contextlib
import csv
import hashlib
import io
import json
import os
import pathlib
import struct
import sys
import zipfile

SUBSETS = ("train", "validation", "test")
HEIGHT = 28


def main():
    form, folder, scratch = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    # The libraries must find all they need here.
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[name] = "1"
    for name in ("HF_HOME", "HF_DATASETS_CACHE", "WDS_CACHE", "XDG_CACHE_HOME", "TMPDIR"):
        place = scratch / name.lower()
        place.mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(place)
    # What libraries tell of their progress does not belong among the items.
    items, sys.stdout = sys.stdout, sys.stderr
    for item in READERS[form](folder, scratch):
        print(json.dumps(item, allow_nan=False), file=items)


def item(reader, subset, index, label, pixels, boxes):
    """A line; `pixels` is an array of 8-bit rows or a grey Pillow picture."""
    import numpy

    if not isinstance(pixels, numpy.ndarray):
        assert pixels.mode == "L", pixels.mode
        pixels = numpy.asarray(pixels)
    assert pixels.dtype == numpy.uint8, pixels.dtype
    height, width = pixels.shape
    return {
        "reader": reader,
        "subset": subset,
        "index": None if index is None else int(index),
        "label": str(label),
        "width": width,
        "height": height,
        "sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
        "boxes": None if boxes is None else [[float(value) for value in box] for box in boxes],
    }


def files(folder, subset, pattern):
    """The files of a subset whose names continue like the pattern, in their order."""
    return sorted(folder.glob(subset + pattern))


# Pictures with a table


def png_folder(folder, _):
    from PIL import Image

    for subset in SUBSETS:
        seen = set()
        for table in files(folder / subset, "labels", "*.csv"):
            with table.open(newline="", encoding="utf-8") as lines:
                for row in csv.DictReader(lines):
                    path = folder / subset / row["file"]
                    with Image.open(path) as picture:
                        assert picture.size == (int(row["width"]), HEIGHT), path
                        boxes = [[float(value) for value in box.split(" ")] for box in row["boxes"].split(";")]
                        yield item("pillow", subset, row["index"], row["label"], picture, boxes)
                    seen.add(path)
        # No picture is without its row.
        assert seen == set((folder / subset).glob("images/*.png")), subset


def png_zip(folder, scratch):
    tree = scratch / "unpacked"
    names = sorted(folder.glob("*.zip"))
    assert names, "no zip file"
    for name in names:
        with zipfile.ZipFile(name) as archive:
            assert archive.testzip() is None, name
            assert "recipe.json" in archive.namelist(), name
            archive.extractall(tree)
    yield from png_folder(tree, scratch)


def coco(folder, _):
    from PIL import Image
    from pycocotools.coco import COCO

    for subset in SUBSETS:
        for path in files(folder / subset, "annotations", "*.json"):
            with contextlib.redirect_stdout(sys.stderr):
                annotations = COCO(str(path))
            names = {category["id"]: category["name"] for category in annotations.loadCats(annotations.getCatIds())}
            assert names == {digit: str(digit) for digit in range(10)}, names
            for image in annotations.loadImgs(annotations.getImgIds()):
                digits = annotations.loadAnns(annotations.getAnnIds(imgIds=image["id"], iscrowd=False))
                digits.sort(key=lambda digit: digit["id"])
                for digit in digits:
                    _, _, width, height = digit["bbox"]
                    assert abs(digit["area"] - width * height) < 1e-6, digit
                label = "".join(names[digit["category_id"]] for digit in digits)
                with Image.open(path.parent / image["file_name"]) as picture:
                    assert picture.size == (image["width"], image["height"]), image
                    boxes = [digit["bbox"] for digit in digits]
                    yield item("pycocotools", subset, image["id"], label, picture, boxes)


def yolo(folder, _):
    """By the rules that YOLO's trainers share: data.yaml names the folders of pictures, and the boxes
    of a/images/b.png stand in a/labels/b.txt, a line for each: class, centre and size, in parts of
    the picture's size."""
    import yaml
    from PIL import Image

    data = yaml.safe_load((folder / "data.yaml").read_text(encoding="utf-8"))
    names = data["names"] if isinstance(data["names"], dict) else dict(enumerate(data["names"]))
    assert data["nc"] == 10 and names == {digit: str(digit) for digit in range(10)}, data
    root = folder / data.get("path", ".")
    # A subset that is lacking has another stand in for it.
    folders = {data[key]: None for key in ("train", "val", "test") if key in data}
    assert {"train", "val"} <= set(data), data
    for pictures in folders:
        subset = pathlib.PurePosixPath(pictures).parent.name
        pictures = sorted((root / pictures).glob("*.png"))
        for path in pictures:
            boxes = path.parent.parent / "labels" / (path.stem + ".txt")
            with Image.open(path) as picture:
                label, found = "", []
                for line in boxes.read_text(encoding="ascii").splitlines():
                    number, *place = line.split(" ")
                    x, y, width, height = (float(value) for value in place)
                    assert all(0 <= value <= 1 for value in (x, y, width, height)), (path, line)
                    label += names[int(number)]
                    wide, high = picture.size
                    found.append([(x - width / 2) * wide, (y - height / 2) * high, width * wide, height * high])
                yield item("yolo", subset, int(path.stem), label, picture, found)


# Shards


def web_dataset(folder, _):
    import webdataset

    for subset in SUBSETS:
        shards = [str(path) for path in files(folder, subset, "*.tar")]
        if not shards:
            continue
        samples = webdataset.WebDataset(shards, shardshuffle=False, empty_check=False).decode("l8")
        for sample in samples:
            about = sample["json"]
            assert sample["__key__"] == f"{about['index']:09}", sample["__key__"]
            assert sample["txt"] == about["label"], about
            assert "".join(str(digit["digit"]) for digit in about["digits"]) == about["label"], about
            yield item("webdataset", subset, about["index"], about["label"], sample["png"], about["boxes"])


def parquet(folder, scratch):
    import datasets
    import pyarrow.parquet
    from PIL import Image

    shards = {subset: [str(path) for path in files(folder, subset, "-*.parquet")] for subset in SUBSETS}
    shards = {subset: paths for subset, paths in shards.items() if paths}
    for subset, paths in shards.items():
        for path in paths:
            for row in pyarrow.parquet.read_table(path).to_pylist():
                assert row["image"]["path"] == f"{row['index']:09}.png", row["image"]["path"]
                assert "".join(str(digit) for digit in row["digits"]) == row["label"], row["digits"]
                with Image.open(io.BytesIO(row["image"]["bytes"])) as picture:
                    yield item("pyarrow", subset, row["index"], row["label"], picture, row["boxes"])
    loaded = datasets.load_dataset("parquet", data_files=shards, cache_dir=str(scratch / "loaded"))
    for subset, rows in loaded.items():
        assert isinstance(rows.features["image"], datasets.Image), rows.features
        assert rows.features["label"] == datasets.Value("string"), rows.features
        assert rows.features["index"] == datasets.Value("int64"), rows.features
        for row in rows:
            assert "".join(str(digit) for digit in row["digits"]) == row["label"], row["digits"]
            yield item("datasets", subset, row["index"], row["label"], row["image"], row["boxes"])


# Arrays


def npz(folder, _):
    import numpy

    for subset in SUBSETS:
        for path in files(folder, subset, "*.npz"):
            with numpy.load(path) as arrays:
                yield from of_arrays(subset, {name: arrays[name] for name in arrays.files})


def npz_large(folder, _):
    """What is known of an archive whose pictures do not fit memory, and are black."""
    import numpy

    (path,) = files(folder, "train", "*.npz")
    with numpy.load(path) as arrays, arrays.zip.open("images.npy") as images:
        assert numpy.lib.format.read_magic(images) == (1, 0)
        shape, fortran, kind = numpy.lib.format.read_array_header_1_0(images)
        assert not fortran and kind == numpy.uint8, kind
        # Reading to the end checks the checksum.
        read = 0
        while pixels := images.read(1 << 24):
            assert not numpy.frombuffer(pixels, numpy.uint8).any(), read
            read += len(pixels)
        index = arrays["index"]
        yield {"images": shape, "read": read, "index": [int(index[0]), int(index[-1])]}


def npy(folder, _):
    import numpy

    for subset in SUBSETS:
        groups = collections.defaultdict(dict)
        for path in files(folder, subset, "*.npy"):
            name, array = path.stem.rsplit("-", 1)
            groups[name][array] = numpy.load(path, mmap_mode="r")
        for _, arrays in sorted(groups.items()):
            yield from of_arrays(subset, arrays)


def of_arrays(subset, arrays):
    import numpy

    assert set(arrays) == {"images", "labels", "lengths", "digits", "boxes", "index"}, set(arrays)
    images, digits, boxes = arrays["images"], arrays["digits"], arrays["boxes"]
    count, longest = digits.shape
    types = {name: (array.dtype.str, array.shape) for name, array in arrays.items()}
    assert types == {
        "images": ("|u1", (count, HEIGHT, images.shape[2])),
        "labels": (f"<U{longest}", (count,)),
        "lengths": ("<u2", (count,)),
        "digits": ("|u1", (count, longest)),
        "boxes": ("<f8", (count, longest, 4)),
        "index": ("<i8", (count,)),
    }, types
    for at in range(count):
        label, length = str(arrays["labels"][at]), int(arrays["lengths"][at])
        assert "".join(str(digit) for digit in digits[at, :length]) == label, label
        assert (digits[at, length:] == 255).all() and numpy.isnan(boxes[at, length:]).all(), label
        pixels = numpy.ascontiguousarray(images[at])
        yield item("numpy", subset, arrays["index"][at], label, pixels, boxes[at, :length])


def idx(folder, _):
    for subset in SUBSETS:
        for path in files(folder, subset, "*-images-idx3-ubyte"):
            images = idx_array(path)
            start = path.name.removesuffix("images-idx3-ubyte")
            labels = [path.with_name(f"{start}labels-idx{sides}-ubyte") for sides in (1, 2)]
            labels = [idx_array(path) for path in labels if path.exists()]
            assert len(labels) == 1 and len(labels[0]) == len(images), path
            for pixels, label in zip(images, labels[0].reshape(len(images), -1)):
                digits = "".join(str(digit) for digit in label if digit != 255)
                yield item("idx", subset, None, digits, pixels, None)


def idx_array(path):
    """As torchvision reads these files."""
    import numpy

    data = path.read_bytes()
    (magic,) = struct.unpack(">I", data[:4])
    kind, sides = divmod(magic, 256)
    assert kind == 8 and 1 <= sides <= 3, magic
    shape = struct.unpack(f">{sides}I", data[4 : 4 + 4 * sides])
    array = numpy.frombuffer(data, dtype=numpy.uint8, offset=4 + 4 * sides)
    return array.reshape(shape)


READERS = {
    "png-folder": png_folder,
    "png-zip": png_zip,
    "coco": coco,
    "yolo": yolo,
    "webdataset": web_dataset,
    "parquet": parquet,
    "npz": npz,
    "npz-large": npz_large,
    "npy": npy,
    "idx": idx,
}

if __name__ == "__main__":
    main()
