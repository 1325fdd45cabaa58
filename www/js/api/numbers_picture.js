import { make } from "../ui/make.js";

const LEAST = 4;
const MOST = 2_048;

/**
 * Rows of numbers from 0 to 1 as the grey picture that they are; null when they are none.
 *
 * @param {unknown[]} rows
 * @returns {HTMLCanvasElement | null}
 */
export function numbersPicture(rows) {
  const [first] = rows;
  if (!Array.isArray(first) || rows.length < LEAST || rows.length > MOST || first.length < LEAST || first.length > MOST) return null;
  const [width, height] = [first.length, rows.length];
  const image = new ImageData(width, height);
  for (const [y, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== width) return null;
    for (const [x, value] of row.entries()) {
      if (typeof value !== "number" || !(value >= 0 && value <= 1)) return null;
      const at = 4 * (y * width + x);
      image.data.fill(Math.round(value * 255), at, at + 3);
      image.data[at + 3] = 255;
    }
  }
  const canvas = make("canvas", {
    class: "pixels json__picture",
    role: "img",
    "aria-label": `The numbers as a picture of ${width} × ${height}`,
    width,
    height,
  });
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}
