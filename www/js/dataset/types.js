/** What the parts of the Data set page hand each other. */

/** @typedef {import("../lab/dataset/types.js").Recipe} Recipe */
/** @typedef {import("../lab/dataset/types.js").DatasetNumbers} DatasetNumbers */
/** @typedef {import("../lab/dataset/types.js").DatasetFormat} DatasetFormat */
/** @typedef {import("../lab/dataset/types.js").KeptDataset} KeptDataset */
/** @typedef {import("../lab/dataset/types.js").MadeDataset} MadeDataset */
/** @typedef {import("../lab/dataset/types.js").DatasetFile} DatasetFile */
/** @typedef {import("../lab/dataset/types.js").DatasetProgress} DatasetProgress */
/** @typedef {import("../lab/dataset/types.js").DatasetDescription} DatasetDescription */

/** @typedef {Record<string, string>} RecipeState what stands in each field, as text */
/** @typedef {{ name: string, sha256?: string, lines?: number, longest?: number, text?: Blob }} NumbersFile A file of numbers; without its text while it is only known from a recipe. */

export {};
