/** What a worker can be asked to do with pipelines of transforms. */
import * as engine from "../../engine.js";
import { filesMethods } from "./files_methods.js";

/** @typedef {{ width: number, height: number, channels: number, data: Uint8Array }} PictureArgs */

/** @typedef {{ picture: number, pipeline: string, seed: bigint, index: bigint, fit: number | null, memory?: ArrayBuffer }} VariantArgs */

/** Pictures that are kept for many calls, by their numbers. @type {Map<number, engine.Picture>} */
const held = new Map();

/** @param {number} number */
function kept(number) {
  const picture = held.get(number);
  if (!picture) throw { code: "crashed", message: `The worker has lost the picture ${number}; trying again sends it anew.` };
  return picture;
}

/**
 * @param {engine.Augmented} augmented
 * @param {number} fit
 * @param {ArrayBuffer} [memory] Used when its size is right.
 */
function previewOf(augmented, fit, memory) {
  const preview = augmented.preview(fit);
  try {
    const { width, height } = preview;
    const bytes = 4 * width * height;
    const data = new Uint8ClampedArray(memory?.byteLength === bytes ? memory : new ArrayBuffer(bytes));
    preview.copyTo(new Uint8Array(data.buffer));
    return { width, height, data };
  } finally {
    preview.free();
  }
}
/** @typedef {import("./companions.js").CompanionArgs} Companions */

/** The pipeline that was run last: slider after slider asks for the same one. @type {{ text: string, augmenter: engine.Augmenter } | undefined} */
let latest;

/** @param {string} text */
function augmenterOf(text) {
  if (latest?.text !== text) {
    const augmenter = new engine.Augmenter(text);
    latest?.augmenter.free();
    latest = { text, augmenter };
  }
  return latest.augmenter;
}

/**
 * @param {PictureArgs} picture
 * @param {Companions} companions
 * @param {(picture: engine.Picture) => engine.Augmented} run
 */
function changed({ width, height, channels, data }, { mask, boxes }, run) {
  const picture = new engine.Picture(width, height, channels, data);
  try {
    if (mask) picture.attachMask(mask.width, mask.height, mask.channels, mask.data);
    if (boxes) picture.attachBoxes(boxes.format, boxes.numbers, boxes.minArea, boxes.minVisibility, boxes.clip);
    const augmented = run(picture);
    const result = {
      width: augmented.width,
      height: augmented.height,
      channels: augmented.channels,
      data: /** @type {Uint8Array<ArrayBuffer>} */ (augmented.data),
      record: JSON.parse(augmented.record),
    };
    const along = companionsOf(augmented);
    augmented.free();
    return { result: { ...result, ...along.result }, transfer: [result.data.buffer, ...along.transfer] };
  } finally {
    picture.free();
  }
}

/**
 * @param {engine.Augmented} augmented
 */
function companionsOf({ width, height, maskChannels, mask, boxes, boxesFrom }) {
  /** @type {import("./companions.js").CompanionsAnswered} */
  const result = {};
  const transfer = [];
  if (mask) {
    const data = /** @type {Uint8Array<ArrayBuffer>} */ (mask);
    result.mask = { width, height, channels: /** @type {1 | 3 | 4} */ (maskChannels), data };
    transfer.push(data.buffer);
  }
  if (boxes) result.boxes = { numbers: boxes, from: boxesFrom };
  return { result, transfer };
}

export const augmentMethods = {
  transforms() {
    return { result: { transforms: engine.transforms(), presets: engine.presets() } };
  },

  pipelineSchema() {
    return { result: JSON.parse(engine.pipelineSchema()) };
  },

  /** @param {{ picture: PictureArgs, companions?: Companions, pipeline: string, seed: bigint, index: bigint }} args */
  augment({ picture, companions = {}, pipeline, seed, index }) {
    const augmenter = augmenterOf(pipeline);
    return changed(picture, companions, (within) => augmenter.run(within, seed, index));
  },

  /** @param {{ picture: PictureArgs, companions?: Companions, record: string }} args */
  replay({ picture, companions = {}, record }) {
    return changed(picture, companions, (within) => engine.replay(within, record));
  },

  /** @param {{ number: number, picture: PictureArgs, keep: number[] }} args */
  holdPicture({ number, picture: { width, height, channels, data }, keep }) {
    for (const [old, picture] of held) {
      if (keep.includes(old) && old !== number) continue;
      held.delete(old);
      picture.free();
    }
    held.set(number, new engine.Picture(width, height, channels, data));
    return { result: null };
  },

  /** @param {VariantArgs & { file?: { format: string, quality?: number } }} args */
  async variant({ picture, pipeline, seed, index, fit, memory, file }) {
    const augmented = augmenterOf(pipeline).run(kept(picture), seed, index);
    const transfer = [];
    let preview, plain;
    const { width, height, channels } = augmented;
    const record = JSON.parse(augmented.record);
    try {
      if (fit !== null) {
        preview = previewOf(augmented, fit, memory);
        transfer.push(preview.data.buffer);
      }
      if (file) plain = augmented.data;
    } finally {
      augmented.free();
    }
    /** @type {Record<string, unknown>} */
    const result = { width, height, record, preview };
    if (file && plain) {
      const data = /** @type {Uint8Array<ArrayBuffer>} */ (plain);
      const encoded = await filesMethods.encodePicture({ data, width, height, channels, ...file });
      result.file = encoded.result;
      transfer.push(encoded.result.buffer);
    }
    return { result, transfer };
  },

  /** @param {{ text: string }} args */
  importPipeline({ text }) {
    return { result: engine.importPipeline(text) };
  },

  /** @param {{ pipeline: string, format: string }} args */
  exportPipeline({ pipeline, format }) {
    return { result: engine.exportPipeline(pipeline, format) };
  },
};
