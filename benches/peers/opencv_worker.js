// Runs the operations that OpenCV.js has, in a worker: `{ operation, options, width, height, channels, seconds }` comes in, and
// `{ calls, seconds }` goes out, or `{ missing: true }`. Matrices are made once, as a good program does.
importScripts("./opencv.js");

// Its module has a `then` of its own that gives the module again: waiting for it as for a promise would never end.
const ready = new Promise((resolve) => {
  if (cv.Mat) resolve();
  else cv.onRuntimeInitialized = () => resolve();
});

const odd = (range) => range[0];

/** Each operation gives a function that runs it once. */
const OPERATIONS = {
  HorizontalFlip: (from, to) => () => cv.flip(from, to, 1),
  VerticalFlip: (from, to) => () => cv.flip(from, to, 0),
  Transpose: (from, to) => () => cv.transpose(from, to),
  Rotate: (from, to, { limit }) => warp(from, to, limit[0], 1),
  ShiftScaleRotate: (from, to, { rotate_limit, scale_limit }) => warp(from, to, rotate_limit[0], 1 + scale_limit[0]),
  Affine: (from, to, { rotate, scale }) => warp(from, to, rotate[0], scale[0]),
  Blur: (from, to, { blur_limit }) => {
    const size = new cv.Size(odd(blur_limit), odd(blur_limit));
    return () => cv.blur(from, to, size);
  },
  MedianBlur: (from, to, { blur_limit }) => () => cv.medianBlur(from, to, odd(blur_limit)),
  GaussianBlur: (from, to, { sigma_limit }) => {
    const taps = Math.trunc(3.5 * sigma_limit[0]) * 2 + 1;
    const size = new cv.Size(taps, taps);
    return () => cv.GaussianBlur(from, to, size, sigma_limit[0]);
  },
  Emboss: (from, to, { alpha, strength }) => {
    const [a, s] = [alpha[0], strength[0]];
    const kernel = cv.matFromArray(3, 3, cv.CV_32F, [-1 - s, -s, 0, -s, 1, s, 0, s, 1 + s].map((k, at) => a * k + (at === 4 ? 1 - a : 0)));
    return () => cv.filter2D(from, to, -1, kernel);
  },
  RandomBrightnessContrast: (from, to, { brightness_limit, contrast_limit }) => {
    const alpha = 1 + contrast_limit[0];
    const beta = brightness_limit[0] * 255;
    return () => from.convertTo(to, -1, alpha, beta);
  },
  ToGray: (from, to) => {
    if (from.channels() < 3) return undefined;
    const grey = new cv.Mat();
    return () => {
      cv.cvtColor(from, grey, cv.COLOR_RGB2GRAY);
      cv.cvtColor(grey, to, cv.COLOR_GRAY2RGB);
    };
  },
  OpticalDistortion: (from, to) => remap(from, to),
  GridDistortion: (from, to) => remap(from, to),
  Resize: (from, to, { width, height }) => {
    const size = new cv.Size(width, height);
    return () => cv.resize(from, to, size, 0, 0, cv.INTER_LINEAR);
  },
  Morphological: (from, to, { scale }) => {
    const kernel = cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(scale[0], scale[0]));
    return () => cv.dilate(from, to, kernel);
  },
  InvertImg: (from, to) => () => cv.bitwise_not(from, to),
};

function warp(from, to, angle, scale) {
  const matrix = cv.getRotationMatrix2D(new cv.Point((from.cols - 1) / 2, (from.rows - 1) / 2), angle, scale);
  const size = from.size();
  return () => cv.warpAffine(from, to, matrix, size, cv.INTER_LINEAR, cv.BORDER_CONSTANT);
}

/** With maps that are there already: less than what the transform has to do. */
function remap(from, to) {
  const [mapX, mapY] = [0, 1].map(() => new cv.Mat(from.rows, from.cols, cv.CV_32F));
  for (let y = 0; y < from.rows; y += 1) {
    for (let x = 0; x < from.cols; x += 1) {
      mapX.data32F[y * from.cols + x] = x + 3 * Math.sin(y / 9);
      mapY.data32F[y * from.cols + x] = y + 3 * Math.sin(x / 9);
    }
  }
  return () => cv.remap(from, to, mapX, mapY, cv.INTER_LINEAR, cv.BORDER_CONSTANT);
}

onmessage = async ({ data: { operation, options, width, height, channels, seconds } }) => {
  await ready;
  try {
    const from = new cv.Mat(height, width, channels === 1 ? cv.CV_8UC1 : cv.CV_8UC3);
    from.data.set(Uint8Array.from({ length: from.data.length }, (_, at) => (Math.imul(at, 2654435761) >>> 24) & 255));
    const to = new cv.Mat();
    const call = OPERATIONS[operation]?.(from, to, options);
    if (!call) {
      postMessage({ missing: true });
      return;
    }
    call();
    let calls = 0;
    const start = performance.now();
    let now = start;
    while (now - start < seconds * 1000) {
      for (let k = 0; k < (width < 100 ? 50 : 1); k += 1) call();
      calls += width < 100 ? 50 : 1;
      now = performance.now();
    }
    from.delete();
    to.delete();
    postMessage({ calls, seconds: (now - start) / 1000 });
  } catch (error) {
    postMessage({ error: String(error.message ?? error) });
  }
};
