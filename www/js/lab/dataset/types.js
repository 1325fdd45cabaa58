/** What a data set is made of, and what making one tells. */

/** @typedef {import("../batch.js").SequenceRequest} SequenceRequest */
/** @typedef {"png-zip" | "png-folder" | "webdataset" | "parquet" | "npz" | "npy" | "idx"} DatasetFormat */

/**
 * @typedef {{ list: (string | number)[] }
 *   | { range: [number, number], digits?: number }
 *   | { random: number | [number, number] | Record<string, number> }
 *   | { pattern: string }
 *   | { phone: string }
 *   | { file: { name: string, sha256?: string, lines?: number } }} DatasetNumbers
 *   Where the numbers come from; the text of a file is handed in beside the recipe.
 */

/**
 * @typedef {object} RecipeOnly What a recipe says that a request for one picture does not.
 * @property {string} [name] What the files are called: 1 to 40 of a-z, 0-9, _ and -.
 * @property {number} count How many items: 1 to 10,000,000.
 * @property {DatasetNumbers} numbers
 * @property {"in-turn" | "shuffled"} [order] Of a list, a range or a file.
 * @property {"all" | "train" | "test" | "matching"} [split] `matching`: MNIST's test digits for the subset test, its train
 *   digits for the others.
 * @property {{ train?: number, validation?: number, test?: number }} [subsets] Weights.
 * @property {DatasetFormat} [format]
 * @property {"none" | "coco" | "yolo"} [boxes] For png-zip and png-folder.
 * @property {number} [items_per_file]
 *
 * @typedef {RecipeOnly & Omit<SequenceRequest, "number" | "digits" | "index" | "split">} Recipe
 *   A recipe, as people write it; or a whole `recipe.json` of a data set that was made. See `lab.datasets.describe()`.
 *
 * @typedef {{ train: number, validation: number, test: number }} Weights
 * @typedef {Recipe & { name: string, seed: string, format: DatasetFormat, subsets: Weights }} CanonicalRecipe
 *   A recipe with all its defaults.
 */

/**
 * @typedef {object} DatasetProgress
 * @property {number} done Items that are written.
 * @property {number} total
 * @property {"items"} unit
 * @property {number} rate Items per second over the last seconds; 0 while it is not known.
 * @property {number | null} secondsLeft At this rate; null while it is not known.
 * @property {boolean} closing Whether files are being closed, which takes seconds for large ones; the rate is then that of before.
 * @property {number} bytes Bytes that are written.
 * @property {number} memory Bytes that the module has taken in all workers together, at most so far.
 */

/**
 * @typedef {object} DatasetFile A file of a data set.
 * @property {string} name With its folder, such as `train/labels.csv`.
 * @property {number} bytes
 * @property {string} sha256
 * @property {number} items How many items are in it.
 * @property {File} [file] Where it stays in the browser: until the data set is deleted.
 */

/**
 * @typedef {object} MadeDataset
 * @property {string} id
 * @property {CanonicalRecipe} recipe
 * @property {number} items Of this shard.
 * @property {number} seconds Spent on it, without pauses; of an earlier visit, too.
 * @property {DatasetFile[]} files `recipe.json` is the last one.
 */

/**
 * @typedef {(name: string, facts: { bytes: number }) => WritableStream<Uint8Array> | Promise<WritableStream<Uint8Array>>} FileTaker
 *   Gives each finished file a stream of its own.
 * @typedef {FileSystemDirectoryHandle | FileTaker} DatasetSink Where finished files go.
 */

/**
 * @typedef {object} DatasetOptions
 * @property {DatasetSink} [sink] Where finished files go, and then leave the browser's storage. Without one they stay there. The format
 *   png-folder needs a folder.
 * @property {string | { index: number, count: number }} [shard] `"2/8"`: the third of eight parts that together are the whole.
 * @property {Blob | string} [numbers] The text of a file of numbers.
 * @property {number} [workers] As many as the lab has, when left out.
 * @property {(progress: DatasetProgress) => void} [onProgress]
 * @property {AbortSignal} [signal] Pauses it: what was made is kept, and can be resumed.
 *
 * @typedef {Omit<DatasetOptions, "shard" | "numbers">} ResumeOptions
 *   A folder is remembered; a function that gives streams is needed again.
 *
 * @typedef {object} KeptDataset A data set that this browser keeps, finished or not.
 * @property {string} id
 * @property {CanonicalRecipe} recipe
 * @property {string} shard `"0/1"` is the whole.
 * @property {number} done Items.
 * @property {number} total
 * @property {"paused" | "running" | "done" | "failed"} state `running`: this tab, or another, works on it. What a closed tab
 *   left is paused.
 * @property {string} error Why it failed; else empty.
 * @property {"browser" | "folder" | "stream"} sink Where its files go.
 * @property {string} folder The name of that folder; else empty.
 * @property {Omit<DatasetFile, "file">[]} files Of a finished data set; else none.
 * @property {number} bytes What it takes in this browser.
 * @property {number} seconds Spent on it, without pauses.
 * @property {number} changed When it last changed, in milliseconds since 1970.
 */

/** @typedef {import("../digitlab.js").FieldInfo} FieldInfo */
/**
 * @typedef {object} DatasetDescription What recipes may say, as the module describes it.
 * @property {FieldInfo[]} fields
 * @property {{ name: string, label: string, patterns: string[] }[]} phones Kinds of telephone numbers.
 * @property {{ name: DatasetFormat, boxes: boolean, equal_widths: boolean }[]} formats Whether each can have files of boxes,
 *   and takes equally wide pictures alone.
 *
 * @typedef {object} DatasetEstimate
 * @property {number} items Of this shard.
 * @property {number} parts How many times its files begin anew.
 * @property {number} bytes About.
 *
 * @typedef {object} DatasetPreview
 * @property {CanonicalRecipe} recipe
 * @property {number} files How many files there will be, without the single pictures of png-folder.
 * @property {number} bytes About.
 * @property {{ index: number, number: string, subset: "train" | "validation" | "test" }[]} items The first ones.
 */

export {};
