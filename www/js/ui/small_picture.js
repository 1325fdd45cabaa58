/** @typedef {import("../lab/reduced.js").SmallPicture} SmallPicture */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {SmallPicture} picture
 */
export function paintPicture(canvas, { width, height, channels, data }) {
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 4; channel++) {
      const grey = channels === 1 && channel < 3;
      const opaque = channel === 3 && channels < 4;
      image.data[4 * pixel + channel] = opaque ? 255 : (data[pixel * channels + (grey ? 0 : channel)] ?? 255);
    }
  }
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
