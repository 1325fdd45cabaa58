/** @typedef {{ name: string, title: string, note: string, program: string }} Program */
/**
 * @typedef {object} Made
 * @property {string} format
 * @property {string} boxes
 * @property {string} name
 * @property {string} subset one that has items
 * @property {string} file its first one, or the one with its pictures
 * @property {string} part what stands before the ending of names of a first part of several, such as `-00000`
 * @property {number} shards how many files it has
 */

/**
 * Short programs that read a data set, and the command that makes it again.
 *
 * @param {Made} made
 * @returns {Program[]}
 */
export function programsFor(made) {
  const readers = READERS[made.format]?.(made) ?? [];
  return [...readers, ...boxReaders(made), commandLine(made)];
}

/** @type {Record<string, (made: Made) => Program[]>} */
const READERS = {
  "png-zip": ({ file, subset, part }) => [
    python("zip", "Pillow", "pip install pillow", [
      "import csv, zipfile",
      "from PIL import Image",
      "",
      `archive = zipfile.ZipFile("${file}")`,
      `table = archive.read("${subset}/labels${part}.csv").decode()`,
      "for row in csv.DictReader(table.splitlines()):",
      `    picture = Image.open(archive.open("${subset}/" + row["file"]))`,
      `    print(row["label"], picture.size)`,
    ]),
  ],
  "png-folder": ({ subset, part }) => [
    python("folder", "Pillow", "pip install pillow", [
      "import csv",
      "from PIL import Image",
      "",
      `for row in csv.DictReader(open("${subset}/labels${part}.csv", newline="")):`,
      `    picture = Image.open("${subset}/" + row["file"])`,
      `    print(row["label"], picture.size)`,
    ]),
  ],
  webdataset: ({ file, subset, shards }) => [
    python("webdataset", "webdataset", "pip install webdataset pillow", [
      "import webdataset as wds",
      "",
      `shards = "${shards > 1 ? `${subset}-{00000..${String(shards - 1).padStart(5, "0")}}.tar` : file}"`,
      `dataset = wds.WebDataset(shards, shardshuffle=False).decode("pil")`,
      `for picture, label in dataset.to_tuple("png", "txt"):`,
      "    print(picture.size, label)",
    ]),
  ],
  parquet: ({ subset }) => [
    python("datasets", "datasets", "pip install datasets pillow", [
      "from datasets import load_dataset",
      "",
      `files = "${subset}-*.parquet"`,
      `digits = load_dataset("parquet", data_files=files, split="train")`,
      `for item in digits:`,
      `    print(item["image"].size, item["label"])`,
    ]),
    python("pandas", "pandas", "pip install pandas pyarrow", [
      "import glob",
      "import pandas as pd",
      "",
      `parts = sorted(glob.glob("${subset}-*.parquet"))`,
      "table = pd.concat(pd.read_parquet(part) for part in parts)",
      `print(table[["index", "label"]].head())`,
    ]),
  ],
  npz: ({ file }) => [
    python("numpy", "NumPy", "pip install numpy", [
      "import numpy as np",
      "",
      `data = np.load("${file}")`,
      `images, labels = data["images"], data["labels"]`,
      "print(images.shape, images.dtype, labels[:5])",
    ]),
    python("torch", "PyTorch", "pip install numpy torch", [
      "import numpy as np, torch",
      "",
      `data = np.load("${file}")`,
      `images = torch.from_numpy(data["images"]).unsqueeze(1).float() / 255`,
      `digits = torch.from_numpy(data["digits"]).long()  # 255: no digit`,
      "pairs = torch.utils.data.TensorDataset(images, digits)",
      "loader = torch.utils.data.DataLoader(pairs, batch_size=64, shuffle=True)",
    ]),
  ],
  npy: ({ file }) => [
    python("numpy", "NumPy", "pip install numpy", [
      "import numpy as np",
      "",
      `images = np.load("${file}", mmap_mode="r")  # read from the disk as it is used`,
      `labels = np.load("${file.replace("-images", "-labels")}")`,
      "print(images.shape, images.dtype, labels[:5])",
    ]),
  ],
  idx: ({ file }) => [
    python("numpy", "NumPy", "pip install numpy", [
      "import numpy as np",
      "",
      `raw = open("${file}", "rb").read()`,
      "shape = np.frombuffer(raw, \">u4\", count=3, offset=4)",
      "images = np.frombuffer(raw, np.uint8, offset=16).reshape(shape)",
      "print(images.shape)",
    ]),
  ],
};

/**
 * @param {Made} made
 * @returns {Program[]}
 */
function boxReaders({ format, boxes, file, subset, part }) {
  const unpacked = format === "png-zip" ? [`# unzip ${file} first`] : [];
  if (boxes === "coco") {
    return [
      python("coco", "pycocotools", "pip install pycocotools", [
        ...unpacked,
        "from pycocotools.coco import COCO",
        "",
        `coco = COCO("${subset}/annotations${part}.json")`,
        "for image in coco.loadImgs(coco.getImgIds()):",
        `    boxes = coco.loadAnns(coco.getAnnIds(image["id"]))`,
      `    print(image["file_name"], [box["bbox"] for box in boxes])`,
      ]),
    ];
  }
  if (boxes !== "yolo") return [];
  return [
    python("yolo", "Ultralytics", "pip install ultralytics", [
      ...unpacked,
      "from ultralytics import YOLO",
      "",
      `YOLO("yolo11n.pt").train(data="data.yaml", epochs=10)`,
    ]),
  ];
}

/** @param {Made} made */
function commandLine({ name }) {
  return {
    name: "curl",
    title: "Command line",
    note: "The command makes the same bytes from the recipe. Each of many machines makes its share with --shard.",
    program: [`digitlab dataset --recipe recipe.json --out ${name}`, `digitlab dataset --recipe recipe.json --out ${name} --shard 0/4`].join("\n"),
  };
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} install
 * @param {string[]} lines
 * @returns {Program}
 */
const python = (name, title, install, lines) => ({ name, title, note: install, program: lines.join("\n") });
