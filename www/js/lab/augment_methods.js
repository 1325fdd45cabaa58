/** What a worker can be asked to do with pipelines of transforms. */
import * as engine from "../../engine.js";

/** @typedef {{ width: number, height: number, channels: number, data: Uint8Array }} PictureArgs */

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

  /** @param {{ text: string }} args */
  importPipeline({ text }) {
    return { result: engine.importPipeline(text) };
  },

  /** @param {{ pipeline: string, format: string }} args */
  exportPipeline({ pipeline, format }) {
    return { result: engine.exportPipeline(pipeline, format) };
  },
};
