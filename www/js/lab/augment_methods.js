/** What a worker can be asked to do with pipelines of transforms. */
import * as engine from "../../engine.js";

/** @typedef {{ width: number, height: number, channels: number, data: Uint8Array }} PictureArgs */

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
 * @param {(picture: engine.Picture) => engine.Augmented} run
 */
function changed({ width, height, channels, data }, run) {
  const picture = new engine.Picture(width, height, channels, data);
  try {
    const augmented = run(picture);
    const result = {
      width: augmented.width,
      height: augmented.height,
      channels: augmented.channels,
      data: /** @type {Uint8Array<ArrayBuffer>} */ (augmented.data),
      record: JSON.parse(augmented.record),
    };
    augmented.free();
    return { result, transfer: [result.data.buffer] };
  } finally {
    picture.free();
  }
}

export const augmentMethods = {
  transforms() {
    return { result: { transforms: engine.transforms(), presets: engine.presets() } };
  },

  pipelineSchema() {
    return { result: JSON.parse(engine.pipelineSchema()) };
  },

  /** @param {{ picture: PictureArgs, pipeline: string, seed: bigint, index: bigint }} args */
  augment({ picture, pipeline, seed, index }) {
    const augmenter = augmenterOf(pipeline);
    return changed(picture, (within) => augmenter.run(within, seed, index));
  },

  /** @param {{ picture: PictureArgs, record: string }} args */
  replay({ picture, record }) {
    return changed(picture, (within) => engine.replay(within, record));
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
