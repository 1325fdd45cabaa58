import { fileName } from "../ui/format.js";

/**
 * @typedef {object} Recipe
 * @property {import("../lab/digitlab.js").Sequence} sequence
 * @property {Record<string, unknown>} request what was asked for
 * @property {Record<string, unknown>} defaults what need not be said
 * @property {import("./address.js").Origin} origin where the digits come from
 */

/**
 * A program that makes the same picture.
 *
 * @param {Recipe} recipe
 */
export function javascript({ sequence, request, defaults, origin: { bucket, own } }) {
  const module = new URL("digitlab.js", document.baseURI).href;
  const fields = Object.entries(request).filter(
    ([name, value]) => ["number", "image_width", "seed"].includes(name) || value !== defaults[name],
  );
  return [
    `import { Digitlab } from ${JSON.stringify(module)};`,
    "",
    `const lab = await Digitlab.open(${bucket !== null ? `{ bucket: ${JSON.stringify(bucket)} }` : ""});`,
    ...(own !== null ? ["// The picture was made from your own IDX files: give them first.", "// await lab.useIdx({ train: { images, labels } });"] : []),
    "const sequence = await lab.generate({",
    ...fields.map(([name, value]) => `  ${name}: ${JSON.stringify(value)},`),
    "});",
    `console.log(sequence.label, sequence.width, sequence.height); // ${sequence.label} ${sequence.width} ${sequence.height}`,
    "console.log(sequence.pixels); // Float32Array, row by row, 0 to 1",
    "lab.close();",
  ].join("\n");
}

/**
 * A program that reads the exported array.
 *
 * @param {Recipe} recipe
 */
export function python({ sequence }) {
  return [
    "# pip install numpy; then download the .npy above",
    "import numpy as np",
    "",
    `picture = np.load("${fileName(sequence, "npy")}")`,
    `label = "${sequence.label}"`,
    "",
    `assert picture.shape == (${sequence.height}, ${sequence.width}), picture.shape`,
    "assert picture.dtype == np.float32, picture.dtype",
    "assert 0.0 <= picture.min() and picture.max() <= 1.0",
    "print(label, picture.shape, picture.dtype)",
  ].join("\n");
}
