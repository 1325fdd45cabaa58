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

/** The side of a digit's picture. */
const DIGIT = 28;

/**
 * @param {Uint8Array} digit Takes the middle of the picture; around it there is paper.
 * @param {PictureArgs} picture
 */
function setMiddle(digit, { width, height, channels, data }) {
  const [left, top] = [Math.floor((DIGIT - width) / 2), Math.floor((DIGIT - height) / 2)];
  for (let at = 0; at < DIGIT * DIGIT; at++) {
    const [x, y] = [(at % DIGIT) - left, Math.floor(at / DIGIT) - top];
    const inside = x >= 0 && y >= 0 && x < width && y < height;
    const from = (y * width + x) * channels;
    const [red = 0, green = red, blue = red] = inside ? data.subarray(from, from + Math.min(channels, 3)) : [0];
    digit[at] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
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

  /**
   * Many digits by one pipeline in one call: each as picture `positions[k]` of the seed's series. A result of another size
   * is cut or set on paper about its middle, one with colours loses them.
   * @param {{ levels: Uint8Array<ArrayBuffer>, positions: Uint32Array, pipeline: string, seed: bigint }} args
   */
  augmentDigits({ levels, positions, pipeline, seed }) {
    const augmenter = augmenterOf(pipeline);
    positions.forEach((position, k) => {
      const place = levels.subarray(k * DIGIT * DIGIT, (k + 1) * DIGIT * DIGIT);
      const picture = new engine.Picture(DIGIT, DIGIT, 1, place);
      let augmented;
      try {
        augmented = augmenter.run(picture, seed, BigInt(position));
        const { width, height, channels, data } = augmented;
        if (width === DIGIT && height === DIGIT && channels === 1) place.set(data);
        else setMiddle(place, { width, height, channels, data });
      } finally {
        augmented?.free();
        picture.free();
      }
    });
    return { result: levels, transfer: [levels.buffer] };
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
