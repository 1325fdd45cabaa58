import { PIXELS, coveredPictures, placesWithInk, saliencyOf } from "./occlusion.js";

/** @typedef {import("./recognition_input.js").RecognitionInput} RecognitionInput */
/** @typedef {import("./recognition.js").GreyPicture} GreyPicture */
/** @typedef {import("./digitlab.js").CallOptions & { model?: string }} SaliencyOptions */
/** @typedef {import("./occlusion.js").Saliency & { digit: number, probability: number, model: string, elapsed: number, seen: GreyPicture }} SaliencyMap */

/**
 * Which parts of a digit a model's answer hangs on.
 * @param {import("./digitlab.js").Digitlab} lab
 * @param {RecognitionInput} input
 * @param {SaliencyOptions} [options]
 * @returns {Promise<SaliencyMap>}
 */
export async function saliency(lab, input, options = {}) {
  const begun = performance.now();
  const { model = "default", onProgress, ...rest } = options;
  // While the model is being loaded, its bytes are told.
  const { seen } = await lab.classify(input, { ...rest, model, onProgress });
  const levels = seen.data.subarray(0, PIXELS);
  const places = placesWithInk(levels);
  const { probabilities } = await lab.classifyMany(coveredPictures(levels, places), { ...rest, model, onProgress });
  return { ...saliencyOf(places, probabilities), model, seen, elapsed: performance.now() - begun };
}
