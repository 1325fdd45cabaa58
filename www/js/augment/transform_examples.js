/** @typedef {{ width: number, height: number }} Size */

/**
 * Options that a transform cannot do without, because there is no size or share that suits every picture.
 *
 * @param {string} transform
 * @param {Size} size the picture's
 * @returns {Record<string, unknown>}
 */
export function neededOptions(transform, { width, height }) {
  const most = (/** @type {number} */ side) => Math.max(1, Math.round(side * 0.75));
  switch (transform) {
    case "Resize":
      return { height, width };
    case "CenterCrop":
    case "RandomCrop":
      return { height: most(height), width: most(width) };
    case "RandomResizedCrop":
      return { size: [height, width] };
    case "CropAndPad":
      return { percent: [-0.1, 0.1] };
    default:
      return {};
  }
}

/** The transforms of which a field must always be given. @type {Record<string, string[]>} */
const NEEDED = { Resize: ["height", "width"], CenterCrop: ["height", "width"], RandomCrop: ["height", "width"], RandomResizedCrop: ["size"] };

/**
 * Whether a transform does nothing without this field.
 *
 * @param {string} transform
 * @param {string} field
 */
export function isNeeded(transform, field) {
  return NEEDED[transform]?.includes(field) ?? false;
}

/**
 * A step that shows what the transform does.
 *
 * @param {import("../lab/digitlab.js").TransformInfo} info
 * @param {Size} size the picture's
 * @returns {Record<string, unknown> & { transform: string }}
 */
export function exampleStep({ name, example }, size) {
  const half = { height: Math.max(1, Math.round(size.height / 2)), width: size.width };
  const needed = name === "Resize" ? half : name === "CropAndPad" ? {} : neededOptions(name, size);
  return { transform: name, p: 1, ...example, ...needed };
}
