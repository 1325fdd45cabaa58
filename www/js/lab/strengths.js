/**
 * From nothing to too much: for each transform a path of one parameter along which it grows stronger, with the value at
 * each strength. What a parameter is called, its unit and how its value is written come from the engine's own
 * description; this table adds where a path begins and ends, and what else is held still on the way.
 */
import { DigitlabError } from "./errors.js";

/** @typedef {import("./digitlab.js").TransformInfo} TransformInfo */
/** @typedef {TransformInfo["fields"][number]} FieldInfo */

/**
 * @typedef {object} Path A row of the table.
 * @property {string} name The transform's name, and a word of its own where it has several paths.
 * @property {string} title
 * @property {string} field The parameter that grows; `p`, the share of pictures that are changed, where there is none.
 * @property {number} none Where the transform does nothing.
 * @property {number} strong
 * @property {number} [step] Values are so many apart, counted from `none`.
 * @property {"even" | "factors"} [spaced] Whether strengths are equal steps (left out) or equal factors apart.
 * @property {"both" | "about"} [drawn] Left out, the value itself is taken. `both`: each picture draws from minus to plus
 *   the value; `about`: from 1 minus to 1 plus the value.
 * @property {boolean} [share] Whether the value is a part of a whole, told in percent.
 * @property {string} [label] What the parameter is called, where its own name says too little.
 * @property {Record<string, unknown>} [still] What the other parameters are.
 */

/**
 * @typedef {object} Strengths A path as it is handed out.
 * @property {string} name
 * @property {string} title
 * @property {string} transform
 * @property {string} family
 * @property {string} field
 * @property {string} axis What the values are, with their unit: `Angle, degrees`.
 * @property {string} unit As it follows a value: `°`, ` px`, ` %`, or nothing.
 * @property {number} factor What a value is multiplied with to be told in this unit.
 * @property {number} none
 * @property {number} strong
 * @property {"even" | "factors"} spaced
 */

const SHIFT = { shift_limit: [0, 0], scale_limit: [0, 0], rotate_limit: [0, 0] };
const TONE = { brightness_limit: [0, 0], contrast_limit: [0, 0] };

/** @type {readonly Path[]} */
const PATHS = [
  { name: "Rotate", title: "Rotation", field: "limit", none: 0, strong: 90 },
  { name: "ShiftScaleRotate.right", title: "Shift to the right", field: "shift_limit_x", none: 0, strong: 0.5, still: { ...SHIFT, shift_limit_y: [0, 0] } },
  { name: "ShiftScaleRotate.down", title: "Shift downwards", field: "shift_limit_y", none: 0, strong: 0.5, still: { ...SHIFT, shift_limit_x: [0, 0] } },
  { name: "ShiftScaleRotate.smaller", title: "Smaller", field: "scale_limit", none: 0, strong: -0.8, share: true, still: SHIFT },
  { name: "ShiftScaleRotate.larger", title: "Larger", field: "scale_limit", none: 0, strong: 1.5, share: true, still: SHIFT },
  { name: "Affine.shear", title: "Shear", field: "shear", none: 0, strong: 60 },
  { name: "Perspective", title: "Perspective", field: "scale", none: 0, strong: 0.25 },
  { name: "CropAndPad", title: "Crop at the edges", field: "percent", none: 0, strong: -0.3, share: true, still: { sample_independently: false } },
  { name: "Morphological.thicker", title: "Thicker strokes", field: "scale", none: 1, strong: 9, step: 1, still: { operation: "dilation" } },
  { name: "Morphological.thinner", title: "Thinner strokes", field: "scale", none: 1, strong: 6, step: 1, still: { operation: "erosion" } },
  { name: "HorizontalFlip", title: "Mirrored left and right", field: "p", none: 0, strong: 1 },
  { name: "VerticalFlip", title: "Mirrored up and down", field: "p", none: 0, strong: 1 },
  { name: "Transpose", title: "Transposed", field: "p", none: 0, strong: 1 },
  { name: "RandomRotate90", title: "Quarter turns", field: "p", none: 0, strong: 1 },
  { name: "ElasticTransform", title: "Elastic distortion", field: "alpha", none: 0, strong: 100, still: { sigma: 4 } },
  { name: "GridDistortion", title: "Grid distortion", field: "distort_limit", none: 0, strong: 1, share: true, drawn: "both" },
  { name: "OpticalDistortion", title: "Lens distortion", field: "distort_limit", none: 0, strong: 2 },
  { name: "PiecewiseAffine", title: "Piecewise distortion", field: "scale", none: 0, strong: 0.2, share: true },
  { name: "ThinPlateSpline", title: "Bent like a thin plate", field: "scale_range", none: 0, strong: 0.6 },
  { name: "Blur", title: "Box blur", field: "blur_limit", none: 1, strong: 21, step: 2 },
  { name: "GaussianBlur", title: "Gaussian blur", field: "sigma_limit", none: 0, strong: 6 },
  { name: "MedianBlur", title: "Median blur", field: "blur_limit", none: 1, strong: 21, step: 2 },
  { name: "MotionBlur", title: "Motion blur", field: "blur_limit", none: 1, strong: 21, step: 2 },
  { name: "Defocus", title: "Defocus", field: "radius", none: 0, strong: 10, step: 1 },
  { name: "GlassBlur", title: "Glass blur", field: "max_delta", none: 0, strong: 10, step: 1 },
  { name: "ZoomBlur", title: "Zoom blur", field: "max_factor", none: 1, strong: 2 },
  { name: "GaussNoise", title: "Gaussian noise", field: "std_range", none: 0, strong: 1, share: true },
  { name: "SaltAndPepper", title: "Salt and pepper", field: "amount", none: 0, strong: 0.8, share: true },
  { name: "ShotNoise", title: "Shot noise", field: "scale_range", none: 0, strong: 5 },
  { name: "MultiplicativeNoise", title: "Multiplied noise", field: "multiplier", none: 0, strong: 1, share: true, drawn: "about", label: "Deviation of the factor", still: { elementwise: true } },
  { name: "RandomBrightnessContrast.brighter", title: "Brighter", field: "brightness_limit", none: 0, strong: 1, share: true, still: TONE },
  { name: "RandomBrightnessContrast.darker", title: "Darker", field: "brightness_limit", none: 0, strong: -1, share: true, still: TONE },
  { name: "RandomBrightnessContrast.flatter", title: "Less contrast", field: "contrast_limit", none: 0, strong: -1, share: true, still: TONE },
  { name: "RandomBrightnessContrast.harder", title: "More contrast", field: "contrast_limit", none: 0, strong: 4, share: true, still: TONE },
  { name: "RandomGamma.darker", title: "Higher gamma", field: "gamma_limit", none: 100, strong: 1_000, spaced: "factors" },
  { name: "RandomGamma.brighter", title: "Lower gamma", field: "gamma_limit", none: 100, strong: 5, spaced: "factors" },
  { name: "RandomToneCurve", title: "Tone curve", field: "scale", none: 0, strong: 1, share: true },
  { name: "CLAHE", title: "Local equalisation", field: "clip_limit", none: 1, strong: 40, spaced: "factors" },
  { name: "Equalize", title: "Equalised", field: "p", none: 0, strong: 1 },
  { name: "AutoContrast", title: "Automatic contrast", field: "cutoff", none: 0, strong: 45 },
  { name: "InvertImg", title: "Inverted", field: "p", none: 0, strong: 1 },
  { name: "Posterize", title: "Fewer levels", field: "num_bits", none: 8, strong: 1, step: 1 },
  { name: "Solarize", title: "Solarised", field: "threshold_range", none: 1, strong: 0, share: true },
  { name: "Emboss", title: "Embossed", field: "alpha", none: 0, strong: 1, share: true, still: { strength: [1, 1] } },
  { name: "Sharpen", title: "Sharpened", field: "alpha", none: 0, strong: 1, share: true, still: { lightness: [1, 1] } },
  { name: "UnsharpMask", title: "Unsharp mask", field: "alpha", none: 0, strong: 1, share: true, still: { blur_limit: [5, 5] } },
  { name: "ImageCompression", title: "JPEG compression", field: "quality_range", none: 100, strong: 1, step: 1 },
  { name: "Downscale", title: "Coarser pixels", field: "scale_range", none: 1, strong: 0.1, share: true },
  { name: "CoarseDropout", title: "A square hole", field: "hole_height_range", none: 0, strong: 0.8, share: true, label: "Side", still: { num_holes_range: [1, 1] } },
  { name: "GridDropout", title: "A grid of holes", field: "ratio", none: 0, strong: 0.9, share: true, still: { unit_size_range: [7, 7] } },
  { name: "PixelDropout", title: "Lost pixels", field: "dropout_prob", none: 0, strong: 0.95, share: true },
  { name: "RandomShadow", title: "Shadow", field: "shadow_intensity_range", none: 0, strong: 1, share: true, still: { shadow_roi: [0, 0, 1, 1] } },
];

/** What has no effect in a parameter that has no path; where the field has one, its `none` is taken. @type {Record<string, Record<string, number>>} */
const NEUTRAL = {
  Affine: { scale: 1, translate_percent: 0, translate_px: 0, rotate: 0, shear: 0 },
  ShiftScaleRotate: { shift_limit: 0, shift_limit_x: 0, shift_limit_y: 0, scale_limit: 0, rotate_limit: 0 },
  SafeRotate: { limit: 0 },
  MultiplicativeNoise: { multiplier: 1 },
  CoarseDropout: { hole_height_range: 0, hole_width_range: 0 },
  Sharpen: { alpha: 0 },
};

/** What follows a value in the engine's units. @type {Record<string, [string, number]>} */
const UNITS = {
  degrees: ["°", 1],
  pixels: [" px", 1],
  px: [" px", 1],
  "%": [" %", 1],
  bits: ["", 1],
  "of the size": [" %", 100],
};

const MOST = 100;

/**
 * The paths along which transforms can be tried on digits, with what the engine says of their parameters.
 * @param {readonly TransformInfo[]} transforms
 * @returns {Strengths[]}
 */
export function describeStrengths(transforms) {
  return PATHS.flatMap((path) => {
    const info = transforms.find(({ name }) => name === transformOf(path));
    return info ? [described(path, info)] : [];
  });
}

/**
 * The values along a path, from the first that does something to the strongest.
 * @param {string} name
 * @param {readonly number[]} shares Of the way to the strong end, above 0 and at most 1.
 * @returns {{ strength: number, value: number }[]} each value once
 */
export function valuesOf(name, shares) {
  const path = pathOf(name);
  /** @type {Map<number, number>} */
  const found = new Map();
  for (const strength of shares) {
    const value = valueAt(path, strength);
    if (value !== path.none && !found.has(value)) found.set(value, strength);
  }
  return [...found].map(([value, strength]) => ({ strength, value }));
}

/**
 * The pipeline that does what a path says at a value.
 * @param {string} name
 * @param {number} value
 * @param {readonly TransformInfo[]} transforms
 * @returns {object[]}
 */
export function pipelineAt(name, value, transforms) {
  const path = pathOf(name);
  const transform = transformOf(path);
  const info = transforms.find((info) => info.name === transform);
  const { field, drawn, still = {} } = path;
  if (field === "p") return [{ transform, p: value, ...still }];
  const kind = info?.fields.find(({ name }) => name === field)?.kind ?? "range";
  /** @type {Record<string, unknown>} */
  const options = { ...still, [field]: parameter(kind, value, drawn) };
  if (transform === "CoarseDropout") options.hole_width_range = options[field];
  return [{ transform, p: 1, ...options }];
}

/**
 * A whole pipeline at a part of its strength: parameters lie that far between what has no effect and what the pipeline
 * says; steps without such parameters run that often.
 * @param {any} pipeline As JSON, with defaults filled in.
 * @param {number} share From 0 to 1.
 * @param {readonly TransformInfo[]} transforms
 * @returns {any}
 */
export function weakened(pipeline, share, transforms) {
  if (share >= 1) return pipeline;
  const weaken = (/** @type {any} */ node, /** @type {string} */ group) => {
    if (Array.isArray(node.transforms)) {
      const kind = node.transform ?? "Compose";
      return { ...node, transforms: node.transforms.map((/** @type {any} */ member) => weaken(member, kind)) };
    }
    const weaker = weakerStep(node, share, transforms);
    if (weaker) return weaker;
    // Where one of several is chosen, its probability is a weight: the step is put into a group that keeps the weight.
    if (group === "OneOf") return { transform: "Sequential", p: node.p, transforms: [{ ...node, p: share }] };
    return { ...node, p: node.p * share };
  };
  return weaken(pipeline, "");
}

/**
 * Whole parts of 1, as many as are asked for; or those that are given, checked.
 * @param {number | readonly number[]} strengths
 */
export function sharesOf(strengths) {
  if (typeof strengths === "number" && Number.isInteger(strengths) && strengths >= 1 && strengths <= MOST) {
    return Array.from({ length: strengths }, (_, k) => (k + 1) / strengths);
  }
  const right = (/** @type {unknown} */ share) => typeof share === "number" && share > 0 && share <= 1;
  if (Array.isArray(strengths) && strengths.length > 0 && strengths.length <= MOST && strengths.every(right)) {
    return [...strengths].sort((a, b) => a - b);
  }
  const allowed = `a whole number from 1 to ${MOST}, or a list of numbers above 0 and at most 1`;
  const value = String(strengths).slice(0, 60);
  throw DigitlabError.invalid("strengths", value, allowed);
}

/**
 * The names of paths: each as it is given, or all of a transform.
 * @param {unknown} names
 */
export function pathNames(names) {
  const allowed = [...new Set(PATHS.flatMap((path) => [transformOf(path), path.name]))].join(", ");
  if (!Array.isArray(names)) throw refused("transforms", names, `a list of these: ${allowed}`);
  const found = names.flatMap((name) => {
    const paths = PATHS.filter((path) => path.name === name || transformOf(path) === name).map((path) => path.name);
    if (paths.length === 0) throw refused("transforms", name, allowed);
    return paths;
  });
  return [...new Set(found)];
}

/**
 * @param {string} field
 * @param {unknown} given
 * @param {string} allowed
 */
function refused(field, given, allowed) {
  const value = String(given).slice(0, 60);
  return DigitlabError.invalid(field, value, allowed);
}

/** @param {string} name */
function pathOf(name) {
  const path = PATHS.find((path) => path.name === name);
  if (!path) throw refused("transforms", name, PATHS.map(({ name }) => name).join(", "));
  return path;
}

/** @param {Path} path */
const transformOf = ({ name }) => name.split(".")[0] ?? name;

/**
 * @param {Path} path
 * @param {TransformInfo} info
 * @returns {Strengths}
 */
function described(path, info) {
  const { name, title, field, none, strong, share, label: own } = path;
  const found = info.fields.find((each) => each.name === field);
  const label = own ?? (field === "p" ? "Share of the pictures" : (found?.label ?? field));
  const [unit, factor] = share || field === "p" ? [" %", 100] : (UNITS[found?.unit ?? ""] ?? ["", 1]);
  const said = found?.unit === "of the size" || field.startsWith("hole") ? "% of the size" : ({ "°": "degrees" }[unit] ?? unit.trim());
  return { name, title, transform: info.name, family: info.family, field, axis: said ? `${label}, ${said}` : label, unit, factor, none, strong, spaced: path.spaced ?? "even" };
}

/**
 * @param {Path} path
 * @param {number} strength
 */
function valueAt({ none, strong, step, spaced }, strength) {
  const free = spaced === "factors" ? none * (strong / none) ** strength : none + (strong - none) * strength;
  const value = step ? none + Math.round((free - none) / step) * step : free;
  return Number(value.toPrecision(3));
}

/**
 * @param {string} kind
 * @param {number} value
 * @param {Path["drawn"]} drawn
 */
function parameter(kind, value, drawn) {
  if (kind === "number" || kind === "integer") return value;
  const range = drawn === "both" ? [-value, value] : drawn === "about" ? [1 - value, 1 + value] : [value, value];
  // Along the first axis alone: along both it would be another shape.
  return kind === "axes" ? { x: range, y: [0, 0] } : range;
}

/**
 * A step at a part of its strength, or null where it has no parameters that grow evenly.
 * @param {any} step
 * @param {number} share
 * @param {readonly TransformInfo[]} transforms
 */
function weakerStep(step, share, transforms) {
  const { transform } = step;
  const info = transforms.find(({ name }) => name === transform);
  const paths = PATHS.filter((path) => transformOf(path) === transform && path.field !== "p" && !path.step);
  const neutral = { ...Object.fromEntries(paths.map(({ field, none }) => [field, none])), ...NEUTRAL[transform] };
  const fields = Object.entries(neutral).filter(([field]) => step[field] !== null && step[field] !== undefined);
  if (!info || fields.length === 0) return null;
  const weaker = { ...step };
  for (const [field, none] of fields) {
    const whole = info.fields.find(({ name }) => name === field)?.whole === true;
    weaker[field] = between(none, step[field], share, whole);
  }
  return weaker;
}

/**
 * A value so far on the way from where it does nothing; of lists and objects, all their numbers.
 * @param {number} none
 * @param {any} value
 * @param {number} share
 * @param {boolean} whole Whether it must be a whole number.
 * @returns {any}
 */
function between(none, value, share, whole) {
  if (typeof value === "number") {
    const weaker = none + (value - none) * share;
    return whole ? Math.round(weaker) : Number(weaker.toPrecision(6));
  }
  if (Array.isArray(value)) return value.map((each) => between(none, each, share, whole));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, between(none, each, share, whole)]));
}
