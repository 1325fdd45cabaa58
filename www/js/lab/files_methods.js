/** What a worker can be asked to do with files; their module is loaded with the first of them. */
import { reasonOf } from "./errors.js";

/** @typedef {typeof import("../../files.js")} Files */

/** @type {Files | undefined} */
let files;

/** @returns {Promise<Files>} */
async function loaded() {
  if (files) return files;
  try {
    const module = await import("../../files.js");
    await module.default();
    files = module;
    return module;
  } catch (cause) {
    const reason = reasonOf(cause);
    const message = `The module for files could not be loaded (${reason}). Check the connection and try again.`;
    throw { code: navigator.onLine ? "network" : "offline", message, detail: { reason } };
  }
}

/** The zip file that is being written. @type {import("../../files.js").Archive | undefined} */
let archive;

export const filesMethods = {
  /** @param {{ bytes: Uint8Array, limits: import("./picture.js").PictureLimits }} args */
  async decodePicture({ bytes, limits }) {
    const decoded = (await loaded()).decodePicture(bytes, limits.bytes, limits.pixels);
    const { width, height, channels, found } = decoded;
    const data = /** @type {Uint8Array<ArrayBuffer>} */ (decoded.data);
    decoded.free();
    return { result: { width, height, channels, data, found }, transfer: [data.buffer] };
  },

  /** @param {import("./picture.js").PictureToEncode} args */
  async encodePicture({ data, width, height, channels, format, quality }) {
    return { result: (await loaded()).encodePicture(data, width, height, channels, format, quality) };
  },

  async openArchive() {
    const { Archive } = await loaded();
    archive?.free();
    archive = new Archive();
    return { result: null };
  },

  /** @param {{ name: string, content: Uint8Array }} args */
  addToArchive({ name, content }) {
    if (!archive) throw { code: "invalid_parameter", message: "No zip file is open in this worker." };
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (archive.add(name, content));
    return { result: bytes, transfer: [bytes.buffer] };
  },

  finishArchive() {
    if (!archive) throw { code: "invalid_parameter", message: "No zip file is open in this worker." };
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (archive.finish());
    archive = undefined;
    return { result: bytes, transfer: [bytes.buffer] };
  },

  /** @param {{ text: string }} args */
  async yamlToJson({ text }) {
    return { result: (await loaded()).yamlToJson(text) };
  },

  /** @param {{ text: string }} args */
  async jsonToYaml({ text }) {
    return { result: (await loaded()).jsonToYaml(text) };
  },
};

/** What the module said when it panicked. */
export const lastPanicOfFiles = () => files?.lastPanic() ?? "";
