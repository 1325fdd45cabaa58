/** The most colours of a map of one's own. */
const MOST = 16;
/** The most characters: no list of so many colours is longer. */
const LONGEST = 1_000;

/**
 * The colours of a list such as `navy, #0af, rgb(255 0 0)`.
 *
 * @param {string} text
 * @returns {{ colours: string[], wrong: string }} as the browser writes them, `#rrggbb`; `wrong` is empty when they are right
 */
export function coloursOf(text) {
  if (text.length > LONGEST) return { colours: [], wrong: `colormap has ${text.length} characters; allowed: at most ${LONGEST}.` };
  // Commas inside of brackets belong to their colour.
  const names = text.split(/,(?![^(]*\))/).map((name) => name.trim()).filter((name) => name !== "");
  const allowed = `1 to ${MOST} CSS colours with commas between them, such as navy, white, #c00`;
  if (names.length === 0) return { colours: [], wrong: `colormap is empty; allowed: ${allowed}.` };
  if (names.length > MOST) return { colours: [], wrong: `colormap has ${names.length} colours; allowed: ${allowed}.` };
  const bad = names.find((name) => hex(name) === null);
  if (bad !== undefined) {
    const said = bad.length > 40 ? `${bad.slice(0, 40)}…` : bad;
    return { colours: [], wrong: `colormap has “${said}”, which is no opaque CSS colour; allowed: ${allowed}.` };
  }
  return { colours: names.map((name) => /** @type {string} */ (hex(name))), wrong: "" };
}

/** @type {CanvasRenderingContext2D | null} */
let context = null;

/**
 * @param {string} colour
 * @returns {string | null} null when it is no colour, or not opaque
 */
function hex(colour) {
  // These mean another colour in every place.
  if (!CSS.supports("color", colour) || /^(currentcolor|inherit|initial|unset|revert|revert-layer)$|var\(/i.test(colour)) return null;
  context ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.fillStyle = "#000";
  context.fillStyle = colour;
  context.clearRect(0, 0, 1, 1);
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, opacity] = context.getImageData(0, 0, 1, 1).data;
  if (opacity !== 255) return null;
  return `#${[red, green, blue].map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}
