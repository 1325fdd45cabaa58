/** Turns up to this many degrees leave a digit what it is. */
const MOST_DEGREES = 30;
/** The least part of each side that a crop must leave. */
const LEAST_SIDE = 0.75;
const LEAST_AREA = 0.5;

const TURNED = `Turned beyond about ${MOST_DEGREES} degrees, a 6 looks like a 9 and a 7 like a 2: the label may no longer be right.`;
const CROPPED = "So much is cut off that a digit may no longer be told: the label may no longer be right.";

/** @type {Record<string, string>} */
const ALWAYS = {
  HorizontalFlip: "A mirrored digit is often none at all, or another one (2 and 5): the label may no longer be right.",
  VerticalFlip: "A digit upside down is often none at all, or another one (2 and 5): the label may no longer be right.",
  Transpose: "A digit mirrored at its diagonal is rarely one: the label may no longer be right.",
  RandomRotate90: TURNED,
};

/** What each transform turns by when nothing is said, and the field that says it. @type {Record<string, { field: string, usual: number }>} */
const TURNS = {
  Rotate: { field: "limit", usual: 90 },
  SafeRotate: { field: "limit", usual: 90 },
  ShiftScaleRotate: { field: "rotate_limit", usual: 45 },
  Affine: { field: "rotate", usual: 0 },
};

/**
 * Why a step may make a handwritten digit another one; empty when it does not.
 *
 * @param {Record<string, unknown>} step
 * @param {{ width: number, height: number }} size the picture's
 */
export function digitNote(step, size) {
  const name = String(step.transform);
  if (Object.hasOwn(ALWAYS, name)) return ALWAYS[name] ?? "";
  const turn = Object.hasOwn(TURNS, name) ? TURNS[name] : undefined;
  if (turn && largest(step[turn.field], turn.usual) > MOST_DEGREES) return TURNED;
  return cropsMuch(name, step, size) ? CROPPED : "";
}

/**
 * @param {string} name
 * @param {Record<string, unknown>} step
 * @param {{ width: number, height: number }} size
 */
function cropsMuch(name, step, { width, height }) {
  const least = 1 - LEAST_SIDE;
  switch (name) {
    case "CenterCrop":
    case "RandomCrop":
      return Number(step.height) < LEAST_SIDE * height || Number(step.width) < LEAST_SIDE * width;
    case "RandomResizedCrop":
      return smallest(step.scale, 0.08) < LEAST_AREA;
    case "CropAndPad":
      // Of each of two sides.
      return smallest(step.percent, 0) < -least / 2 || smallest(step.px, 0) < (-least / 2) * Math.min(width, height);
    default:
      return false;
  }
}

/**
 * @param {unknown} value
 * @param {number} usual
 */
function largest(value, usual) {
  return Math.max(...numbers(value, usual).map(Math.abs));
}

/**
 * @param {unknown} value
 * @param {number} usual
 */
function smallest(value, usual) {
  return Math.min(...numbers(value, usual));
}

/**
 * @param {unknown} value
 * @param {number} usual
 */
function numbers(value, usual) {
  const found = [value].flat().filter((number) => typeof number === "number");
  return found.length > 0 ? found : [usual];
}
