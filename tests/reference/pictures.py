"""Writes small picture files of many varieties, and what Pillow reads from them, for the tests of reading pictures.

`tests/reference/pictures/` gets the files, an expected picture of each as PNG, and `cases.json`. Where Pillow itself
would lose something (16-bit colours), the expected picture is computed from the pixels that went in.
"""

import io
import json
import pathlib
import shutil
import struct
import sys
import zlib

import cv2
import numpy as np
from PIL import Image, ImageOps

WIDTH, HEIGHT = 19, 13


def ramps() -> np.ndarray:
    """Smooth, which JPEG keeps well."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), (x + y) * 255 // (WIDTH + HEIGHT - 2)]
    return np.stack(planes, axis=-1).astype(np.uint8)


def colours() -> np.ndarray:
    """Ramps with a hard corner that tells the orientation."""
    pixels = ramps()
    pixels[:4, :6] = (250, 20, 30)
    return pixels


def alpha() -> np.ndarray:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return ((x * 31 + y * 17) % 256).astype(np.uint8)


class Cases:
    def __init__(self, root: pathlib.Path):
        self.folder = root / "tests/reference/pictures"
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "expected").mkdir(parents=True)
        self.cases = []

    def add(self, file: str, content: bytes, expected: np.ndarray, *, levels: int = 0, **found):
        """A file, its pixels, by how many levels ours may differ, and what shall be found in it."""
        (self.folder / file).write_bytes(content)
        expected = np.asarray(expected, np.uint8)
        Image.fromarray(expected).save(self.folder / "expected" / f"{file}.png", optimize=True)
        found = {"width": WIDTH, "height": HEIGHT, "bits": 8, "orientation": 1, "frames": 1, **found}
        self.cases.append({"file": file, "levels": levels, "found": found})

    def write(self):
        text = ",\n".join(json.dumps(case) for case in self.cases)
        (self.folder / "cases.json").write_text(f"[\n{text}\n]\n")


def saved(picture: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def read(content: bytes, mode: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert(mode))


def with_orientation(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


# The stored pixels that are upright after each orientation.
STORED = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.swapaxes(0, 1),
    6: lambda p: np.rot90(p, 1),
    7: lambda p: p[::-1, ::-1].swapaxes(0, 1),
    8: lambda p: np.rot90(p, -1),
}


def interlaced_png(rgb: np.ndarray) -> bytes:
    """Adam7, which neither Pillow nor OpenCV writes."""
    rows = b""
    for x, y, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        for row in rgb[y::dy, x::dx]:
            rows += b"\0" + row.tobytes()
    header = struct.pack(">IIBBBBB", rgb.shape[1], rgb.shape[0], 8, 2, 0, 0, 1)
    file = b"\x89PNG\r\n\x1a\n"
    for name, content in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
        file += struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    return file


def png(cases: Cases, rgb: np.ndarray, grey: np.ndarray, a: np.ndarray):
    picture = Image.fromarray(rgb)
    cases.add("grey.png", saved(Image.fromarray(grey), "PNG"), grey, colours="grey", format="PNG")
    cases.add("rgb.png", saved(picture, "PNG"), rgb, colours="rgb", format="PNG")
    rgba = np.dstack([rgb, a])
    cases.add("rgba.png", saved(Image.fromarray(rgba), "PNG"), rgba, colours="rgba", format="PNG")
    opaque = np.dstack([rgb, np.full_like(a, 255)])
    cases.add("opaque.png", saved(Image.fromarray(opaque), "PNG"), opaque, colours="rgba", format="PNG")
    both = Image.merge("LA", [Image.fromarray(grey), Image.fromarray(a)])
    content = saved(both, "PNG")
    cases.add("grey-alpha.png", content, np.dstack([grey, grey, grey, a]), colours="grey-alpha", format="PNG")

    one = picture.convert("1")
    cases.add("1-bit.png", saved(one, "PNG"), np.asarray(one) * 255, bits=1, colours="grey", format="PNG")
    for colours_used, bits in ((4, 2), (16, 4), (200, 8)):
        palette = picture.quantize(colours_used)
        content = saved(palette, "PNG", bits=bits)
        cases.add(f"palette-{bits}-bit.png", content, palette.convert("RGB"), bits=bits, colours="palette", format="PNG")
    palette = picture.quantize(16)
    content = saved(palette, "PNG", transparency=bytes([0, 100, 200]))
    cases.add("palette-transparent.png", content, read(content, "RGBA"), bits=4, colours="palette", format="PNG")
    content = saved(picture, "PNG", transparency=(250, 20, 30))
    cases.add("rgb-transparent.png", content, read(content, "RGBA"), colours="rgb", format="PNG")

    # 16 bits that 8 do not hold; the expected level is the nearest.
    deep = np.dstack([rgb, a]).astype(np.uint32) * 257
    deep = (deep + np.arange(deep.size, dtype=np.uint32).reshape(deep.shape) * 37 % 300).clip(0, 65535)
    shallow = (deep + 128) // 257
    for name, channels, kind in (("grey", slice(0, 1), "grey"), ("rgb", slice(0, 3), "rgb"), ("rgba", slice(0, 4), "rgba")):
        values = deep[..., channels].astype(np.uint16)
        if values.shape[2] >= 3:
            # OpenCV expects blue first.
            values = values[..., [2, 1, 0, 3][: values.shape[2]]]
        for kind_of_file in ("png", "tiff"):
            done, content = cv2.imencode(f".{kind_of_file}", values)
            assert done
            expected = shallow[..., channels]
            expected = expected[..., 0] if expected.shape[2] == 1 else expected
            cases.add(f"{name}-16-bit.{kind_of_file}", content.tobytes(), expected, bits=16, colours=kind,
                      format=kind_of_file.upper())

    cases.add("interlaced.png", interlaced_png(rgb), rgb, colours="rgb", format="PNG")
    frames = [Image.fromarray(rgb), Image.fromarray(255 - rgb), Image.fromarray(rgb // 2)]
    content = saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    cases.add("animated.png", content, rgb, colours="rgb", frames=3, format="PNG")
    for orientation in (3, 6):
        stored = np.ascontiguousarray(STORED[orientation](rgb))
        content = saved(Image.fromarray(stored), "PNG", exif=with_orientation(orientation))
        height, width = stored.shape[:2]
        cases.add(f"orientation-{orientation}.png", content, rgb, colours="rgb", orientation=orientation,
                  width=width, height=height, format="PNG")


def jpeg(cases: Cases, rgb: np.ndarray, grey: np.ndarray):
    picture = Image.fromarray(rgb)
    same = {"levels": 3, "format": "JPEG"}
    for name, source, options, kind in (
        ("grey", Image.fromarray(grey), {}, "grey"),
        ("rgb", picture, {"subsampling": 0}, "rgb"),
        ("progressive", picture, {"subsampling": 0, "progressive": True}, "rgb"),
        ("grey-progressive", Image.fromarray(grey), {"progressive": True}, "grey"),
    ):
        content = saved(source, "JPEG", quality=92, **options)
        cases.add(f"{name}.jpeg", content, read(content, "L" if kind == "grey" else "RGB"), colours=kind, **same)
    # Decoders enlarge subsampled colours each in their own way, most where a colour ends.
    for name, subsampling in (("4-2-2", 1), ("4-2-0", 2)):
        content = saved(Image.fromarray(ramps()), "JPEG", quality=95, subsampling=subsampling)
        cases.add(f"rgb-{name}.jpeg", content, read(content, "RGB"), colours="rgb", levels=12, format="JPEG")
    restarts = saved(picture, "JPEG", quality=92, subsampling=0, restart_marker_blocks=1)
    cases.add("restarts.jpeg", restarts, read(restarts, "RGB"), colours="rgb", **same)
    inks = picture.convert("CMYK")
    content = saved(inks, "JPEG", quality=95, subsampling=0)
    cases.add("cmyk.jpeg", content, read(content, "RGB"), colours="cmyk", **same)
    for orientation in range(1, 9):
        stored = np.ascontiguousarray(STORED[orientation](rgb))
        content = saved(Image.fromarray(stored), "JPEG", quality=92, subsampling=0, exif=with_orientation(orientation))
        height, width = stored.shape[:2]
        upright = Image.open(io.BytesIO(content))
        assert upright.getexif()[0x0112] == orientation
        expected = np.asarray(ImageOps.exif_transpose(upright))
        assert np.abs(expected.astype(int) - rgb).mean() < 6, orientation
        cases.add(f"orientation-{orientation}.jpeg", content, expected, colours="rgb", orientation=orientation,
                  width=width, height=height, **same)


def gif(cases: Cases, rgb: np.ndarray):
    picture = Image.fromarray(rgb).quantize(32)
    opaque = np.dstack([np.asarray(picture.convert("RGB")), np.full((HEIGHT, WIDTH), 255)])
    for name, options in (("plain", {"interlace": 0}), ("interlaced", {"interlace": 1})):
        content = saved(picture, "GIF", **options)
        cases.add(f"{name}.gif", content, opaque, bits=5, colours="palette", format="GIF")
    content = saved(picture, "GIF", transparency=3)
    cases.add("transparent.gif", content, read(content, "RGBA"), bits=5, colours="palette", format="GIF")
    frames = [Image.fromarray(np.roll(rgb, k, axis=1)).quantize(32) for k in range(4)]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50, loop=0)
    opaque = np.dstack([np.asarray(frames[0].convert("RGB")), np.full((HEIGHT, WIDTH), 255)])
    cases.add("animated.gif", content, opaque, bits=5, colours="palette", frames=4, format="GIF")


def webp(cases: Cases, rgb: np.ndarray, a: np.ndarray):
    rgba = np.dstack([rgb, a])
    for name, pixels in (("rgb", rgb), ("rgba", rgba)):
        content = saved(Image.fromarray(pixels), "WEBP", lossless=True, exact=True)
        cases.add(f"{name}.webp", content, pixels, colours=name, format="WebP")
    content = saved(Image.fromarray(rgb), "WEBP", quality=90)
    cases.add("lossy.webp", content, read(content, "RGB"), levels=8, colours="rgb", format="WebP")
    content = saved(Image.fromarray(rgba), "WEBP", quality=90, exact=True)
    cases.add("lossy-alpha.webp", content, read(content, "RGBA"), levels=8, colours="rgba", format="WebP")
    frames = [Image.fromarray(np.roll(rgb, k, axis=1)) for k in range(3)]
    content = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True, minimize_size=False)
    found = Image.open(io.BytesIO(content))
    kind = "rgba" if found.mode == "RGBA" else "rgb"
    cases.add("animated.webp", content, np.asarray(found), frames=3, colours=kind, format="WebP")
    stored = np.ascontiguousarray(STORED[6](rgb))
    content = saved(Image.fromarray(stored), "WEBP", lossless=True, exif=with_orientation(6))
    cases.add("orientation-6.webp", content, rgb, colours="rgb", orientation=6, width=HEIGHT, height=WIDTH, format="WebP")


def bmp(cases: Cases, rgb: np.ndarray, grey: np.ndarray):
    picture = Image.fromarray(rgb)
    cases.add("rgb.bmp", saved(picture, "BMP"), rgb, colours="rgb", format="BMP")
    coloured = np.dstack([grey] * 3)
    cases.add("grey.bmp", saved(Image.fromarray(grey), "BMP"), coloured, colours="palette", format="BMP")
    one = picture.convert("1")
    expected = np.dstack([np.asarray(one) * 255] * 3)
    cases.add("1-bit.bmp", saved(one, "BMP"), expected, bits=1, colours="palette", format="BMP")
    palette = picture.quantize(200)
    cases.add("palette.bmp", saved(palette, "BMP"), palette.convert("RGB"), colours="palette", format="BMP")


def tiff(cases: Cases, rgb: np.ndarray, grey: np.ndarray, a: np.ndarray):
    picture = Image.fromarray(rgb)
    for name, compression in (("raw", "raw"), ("lzw", "tiff_lzw"), ("deflate", "tiff_adobe_deflate"), ("packbits", "packbits")):
        cases.add(f"rgb-{name}.tiff", saved(picture, "TIFF", compression=compression), rgb, colours="rgb", format="TIFF")
    cases.add("grey.tiff", saved(Image.fromarray(grey), "TIFF"), grey, colours="grey", format="TIFF")
    rgba = np.dstack([rgb, a])
    cases.add("rgba.tiff", saved(Image.fromarray(rgba), "TIFF"), rgba, colours="rgba", format="TIFF")
    one = picture.convert("1")
    cases.add("1-bit.tiff", saved(one, "TIFF"), np.asarray(one) * 255, bits=1, colours="grey", format="TIFF")
    inks = saved(picture.convert("CMYK"), "TIFF")
    cases.add("cmyk.tiff", inks, read(inks, "RGB"), levels=2, colours="cmyk", format="TIFF")
    pages = saved(picture, "TIFF", save_all=True, append_images=[Image.fromarray(255 - rgb)])
    cases.add("pages.tiff", pages, rgb, frames=2, colours="rgb", format="TIFF")
    stored = np.ascontiguousarray(STORED[8](rgb))
    content = saved(Image.fromarray(stored), "TIFF", tiffinfo={274: 8})
    cases.add("orientation-8.tiff", content, rgb, colours="rgb", orientation=8, width=HEIGHT, height=WIDTH, format="TIFF")


def refused(root: pathlib.Path, rgb: np.ndarray, grey: np.ndarray):
    """Files that are whole and of a variety that we refuse."""
    folder = root / "tests/reference/pictures/refused"
    folder.mkdir()
    picture = Image.fromarray(rgb)
    (folder / "palette.tiff").write_bytes(saved(picture.quantize(16), "TIFF"))
    (folder / "lab.tiff").write_bytes(saved(picture.convert("LAB"), "TIFF"))
    (folder / "float.tiff").write_bytes(saved(Image.fromarray(grey.astype(np.float32)), "TIFF"))
    (folder / "signed.tiff").write_bytes(saved(Image.fromarray(grey.astype(np.int32)), "TIFF"))
    (folder / "ycbcr.tiff").write_bytes(saved(picture.convert("YCbCr"), "TIFF"))
    (folder / "icon.ico").write_bytes(saved(picture, "ICO", sizes=[(16, 11)]))
    (folder / "map.ppm").write_bytes(saved(picture, "PPM"))
    (folder / "wavelet.jp2").write_bytes(saved(picture, "JPEG2000"))
    (folder / "picture.avif").write_bytes(saved(picture, "AVIF"))


def main(root: pathlib.Path):
    cases = Cases(root)
    rgb, a = colours(), alpha()
    grey = np.asarray(Image.fromarray(rgb).convert("L"))
    png(cases, rgb, grey, a)
    jpeg(cases, rgb, grey)
    gif(cases, rgb)
    webp(cases, rgb, a)
    bmp(cases, rgb, grey)
    tiff(cases, rgb, grey, a)
    refused(root, rgb, grey)
    cases.write()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
