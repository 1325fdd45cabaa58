import { readParts } from "../ui/address_parts.js";
import { depthText } from "./depth_text.js";
import { depthOf } from "./range_boxes.js";

/** @typedef {import("./types.js").Scale} Scale */

/**
 * @typedef {object} FramesState What the address of the Frames view says; null where it says nothing.
 * @property {number | null} image
 * @property {number | null} depth_min
 * @property {number | null} depth_max
 * @property {string | null} colormap A name, or CSS colours with commas between them.
 * @property {boolean | null} reverse
 * @property {Scale | null} scale
 */

/** @param {FramesState} state */
export function toQuery({ image, depth_min, depth_max, colormap, reverse, scale }) {
  const query = new URLSearchParams();
  if (image !== null) query.set("image", String(image));
  if (depth_min !== null) query.set("depth_min", depthText(depth_min));
  if (depth_max !== null) query.set("depth_max", depthText(depth_max));
  if (colormap) query.set("colormap", colormap);
  if (reverse) query.set("reverse", "1");
  if (scale === "own") query.set("scale", scale);
  return query.toString();
}

/**
 * @param {string} query
 * @returns {{ state: FramesState, wrong: string[] }} `wrong` has a sentence for each part that cannot be read.
 */
export function fromQuery(query) {
  const { given, wrong, part } = readParts(query);
  return {
    state: {
      image: part("image", (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null), "the number of a stored log, such as 1"),
      depth_min: part("depth_min", depthOf, "a depth, such as 9000.5"),
      depth_max: part("depth_max", depthOf, "a depth, such as 9500"),
      colormap: given.get("colormap") || null,
      reverse: part("reverse", (text) => (/^(1|true)$/.test(text) ? true : /^(0|false)$/.test(text) ? false : null), "1, 0"),
      scale: part("scale", (text) => (text === "fixed" || text === "own" ? text : null), "fixed, own"),
    },
    wrong,
  };
}
