/** Options that make each transform visible on a small picture, as plainly as it can be without hiding what was there. @type {Record<string, Record<string, unknown>>} */
const EXAMPLES = {
  Affine: { scale: [0.8, 0.8], rotate: [15, 15], shear: [12, 12] },
  ShiftScaleRotate: { shift_limit: [0.08, 0.08], scale_limit: [-0.15, -0.15], rotate_limit: [20, 20] },
  Rotate: { limit: [25, 25] },
  SafeRotate: { limit: [25, 25] },
  Perspective: { scale: [0.15, 0.15] },
  RandomScale: { scale_limit: [-0.4, -0.4] },
  PadIfNeeded: { pad_height_divisor: 96, pad_width_divisor: 128 },
  RandomResizedCrop: { scale: [0.3, 0.4] },
  CropAndPad: { percent: [-0.15, -0.15], sample_independently: false },
  Morphological: { scale: [3, 3] },
  OpticalDistortion: { distort_limit: [0.6, 0.6] },
  GridDistortion: { distort_limit: [-0.5, 0.5] },
  ElasticTransform: { alpha: 40, sigma: 5 },
  PiecewiseAffine: { scale: [0.05, 0.05] },
  ThinPlateSpline: { scale_range: [0.3, 0.3] },
  Blur: { blur_limit: [5, 5] },
  MedianBlur: { blur_limit: [5, 5] },
  GaussianBlur: { sigma_limit: [2, 2] },
  MotionBlur: { blur_limit: [9, 9], angle_range: [45, 45] },
  Defocus: { radius: [3, 3] },
  GlassBlur: { max_delta: 3 },
  ZoomBlur: { max_factor: [1.3, 1.3] },
  GaussNoise: { std_range: [0.12, 0.12] },
  ISONoise: { color_shift: [0.5, 0.5], intensity: [0.8, 0.8] },
  MultiplicativeNoise: { multiplier: [0.6, 1.4], elementwise: true },
  SaltAndPepper: { amount: [0.08, 0.08] },
  ShotNoise: { scale_range: [0.1, 0.1] },
  RandomBrightnessContrast: { brightness_limit: [0.25, 0.25], contrast_limit: [0.3, 0.3] },
  RandomGamma: { gamma_limit: [220, 220] },
  RandomToneCurve: { scale: 0.5 },
  CLAHE: { clip_limit: [6, 6] },
  Posterize: { num_bits: [2, 2] },
  HueSaturationValue: { hue_shift_limit: [40, 40], sat_shift_limit: [30, 30] },
  ColorJitter: { brightness: [1.2, 1.2], saturation: [1.8, 1.8], hue: [0.15, 0.15] },
  RGBShift: { r_shift_limit: [60, 60], g_shift_limit: [-20, -20], b_shift_limit: [-40, -40] },
  Emboss: { alpha: [0.8, 0.8], strength: [1, 1] },
  Sharpen: { alpha: [0.7, 0.7] },
  UnsharpMask: { blur_limit: [7, 7], alpha: [1, 1], threshold: 0 },
  ImageCompression: { quality_range: [8, 8] },
  Downscale: { scale_range: [0.3, 0.3] },
  CoarseDropout: { num_holes_range: [3, 3], hole_height_range: [0.15, 0.25], hole_width_range: [0.15, 0.25] },
  GridDropout: { ratio: 0.4 },
  PixelDropout: { dropout_prob: 0.15 },
  RandomShadow: { num_shadows_limit: [2, 2], shadow_roi: [0, 0, 1, 1] },
};

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
 * @param {string} transform
 * @param {Size} size the picture's
 * @returns {Record<string, unknown> & { transform: string }}
 */
export function exampleStep(transform, size) {
  const half = { height: Math.max(1, Math.round(size.height / 2)), width: size.width };
  const needed = transform === "Resize" ? half : transform === "CropAndPad" ? {} : neededOptions(transform, size);
  return { transform, p: 1, ...needed, ...EXAMPLES[transform] };
}
