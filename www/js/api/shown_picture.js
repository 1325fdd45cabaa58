import { count } from "../ui/format.js";
import { make } from "../ui/make.js";

/** Pictures that are smaller are shown larger, pixel by pixel. */
const SMALL = 160;

/**
 * The picture of a file; null when the browser cannot read it.
 *
 * @param {Blob} blob
 * @param {AbortSignal} signal ends the address that the picture has
 * @returns {Promise<HTMLElement | null>}
 */
export async function pictureOfFile(blob, signal) {
  const image = make("img", { class: "api-picture__image", alt: "The picture of the answer" });
  const address = URL.createObjectURL(blob);
  signal.addEventListener("abort", () => URL.revokeObjectURL(address), { once: true });
  image.src = address;
  try {
    await image.decode();
  } catch {
    return null;
  }
  return figure(image, image.naturalWidth, image.naturalHeight, "");
}

/**
 * A picture of levels, of 1, 3 or 4 channels.
 *
 * @param {{ width: number, height: number, channels?: number, data: ArrayLike<number> }} picture
 * @param {string} words
 */
export function pictureOfLevels({ width, height, channels = 4, data }, words) {
  const image = new ImageData(width, height);
  for (let at = 0; at < width * height; at += 1) {
    for (let channel = 0; channel < 4; channel += 1) {
      const from = channel === 3 ? (channels === 4 ? 3 : -1) : channels === 1 ? 0 : channel;
      image.data[4 * at + channel] = from < 0 ? 255 : Number(data[at * channels + from]);
    }
  }
  const canvas = make("canvas", { class: "api-picture__image", width, height, role: "img", "aria-label": words || "The picture" });
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return figure(canvas, width, height, words);
}

/**
 * @param {HTMLElement} image
 * @param {number} width
 * @param {number} height
 * @param {string} words
 */
function figure(image, width, height, words) {
  const times = Math.max(1, Math.min(4, Math.floor((2 * SMALL) / Math.max(width, height))));
  const small = Math.max(width, height) <= SMALL;
  if (small) image.classList.add("pixels");
  image.style.setProperty("--width", `${width * (small ? times : 1)}px`);
  const size = `${count(width)} × ${count(height)} pixels${small && times > 1 ? `, shown ${times} times as large` : ""}`;
  return make(
    "figure",
    { class: "api-picture" },
    make("div", { class: "api-picture__frame" }, image),
    make("figcaption", {}, [words, size].filter(Boolean).join(" · ")),
  );
}
